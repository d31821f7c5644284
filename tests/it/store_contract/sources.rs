//! Facts of sources: claims, adoption, health, first polls.

use super::Place;
use super::desk::{
    DAY, adoption, alert, at, attempt, claim, document, due_entries, due_messages, due_source, due_window, entry,
    matched, message, numbered, owed, poll, read_feed, reading, seed, source, waiting, window,
};
use std::time::Duration;
use wirewatch::model::{DeliveryState, SourceState, Validators};
use wirewatch::store::{
    Adopted, Adoption, BaselineRecord, DeliveryRecord, DigestRecord, EntryNext, PollRecord, Polled, ReadingRecord,
    SourceSeed, StoreError,
};

pub async fn claims_on_sources_are_exclusive(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a", "b", "c"])).await.unwrap();
    let first = store.claim_sources(claim(0, 2)).await.unwrap();
    let second = store.claim_sources(claim(0, 2)).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    let mut ids: Vec<_> = first.iter().chain(&second).map(|due| due.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(store.claim_sources(claim(0, 2)).await.unwrap().is_empty());
}

pub async fn an_expired_claim_may_be_taken_and_its_old_token_is_refused(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let slow = due_source(&*store, "a", 0).await;
    assert!(store.claim_sources(claim(4, 10)).await.unwrap().is_empty());
    let quick = due_source(&*store, "a", 5).await;
    let refused = store.commit_poll(poll(&slow, 6)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    store.commit_poll(poll(&quick, 6)).await.unwrap();
    let twice = store.commit_poll(poll(&quick, 6)).await;
    assert!(matches!(twice, Err(StoreError::LeaseLost)), "{twice:?}");
}

pub async fn a_start_makes_all_claims_void(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let before = due_source(&*store, "a", 0).await;
    store.adopt(Adoption { release_claims: true, ..adoption(1, &["a"]) }).await.unwrap();
    let refused = store.commit_poll(poll(&before, 1)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    due_source(&*store, "a", 1).await;
}

pub async fn the_longest_overdue_source_comes_first(place: &Place) {
    let store = place.open();
    let mut wanted = adoption(0, &[]);
    for (id, due) in [("late", -10), ("later", -20), ("latest", -30), ("early", 10)] {
        wanted.sources.push(SourceSeed { first_check_at: at(due), ..seed(id) });
    }
    store.adopt(wanted).await.unwrap();
    let due = store.claim_sources(claim(0, 2)).await.unwrap();
    assert_eq!(due.iter().map(|due| due.id.as_str()).collect::<Vec<_>>(), ["latest", "later"]);
    assert_eq!(due[0].due_at, at(-30));
    assert_eq!(store.claim_sources(claim(0, 10)).await.unwrap().len(), 1);
}

pub async fn a_poll_changes_how_a_source_is(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["daryo_uz"])).await.unwrap();
    let due = due_source(&*store, "daryo-uz", 0).await;
    assert_eq!(due.id.as_str(), "daryo_uz", "it comes back as it was typed");
    assert_eq!((due.state, due.baselined, due.failures), (SourceState::New, false, 0));
    let validators = Validators { etag: Some("\"v1\"".into()), last_modified: Some("Mon, 02 Mar".into()) };
    let polled = Polled::Read {
        validators: validators.clone(),
        title: Some("Daryo".into()),
        language: Some("uz".into()),
        entries: vec![entry("a")],
        baseline: Some(BaselineRecord::default()),
    };
    store.commit_poll(PollRecord { polled, ..poll(&due, 0) }).await.unwrap();

    let due = due_source(&*store, "daryo_uz", 1).await;
    assert_eq!((due.state, due.baselined, &due.validators), (SourceState::Ok, true, &validators));
    assert_eq!((due.since, due.interval), (Some(at(0)), Some(Duration::from_mins(1))));
    store.commit_poll(poll(&due, 1)).await.unwrap();
    for minute in [2, 10] {
        let due = due_source(&*store, "daryo_uz", minute).await;
        let polled = Polled::Failed { error: "connection refused".into() };
        let failed = PollRecord { polled, state: SourceState::Failing, told_failing: true, ..poll(&due, minute) };
        store.commit_poll(failed).await.unwrap();
    }

    let due = due_source(&*store, "daryo_uz", 20).await;
    assert_eq!((due.state, due.since, due.failures), (SourceState::Failing, Some(at(2)), 2));
    assert!(due.told_failing);
    assert_eq!(due.validators, validators, "a fault forgets no validators");
    let status = store.status().await.unwrap();
    assert_eq!(status.sources[0].error.as_deref(), Some("connection refused"));
    assert_eq!(status.sources[0].last_success, Some(at(1)));
    store.commit_poll(poll(&due, 20)).await.unwrap();
    let due = due_source(&*store, "daryo_uz", 30).await;
    assert_eq!((due.state, due.since, due.failures), (SourceState::Ok, Some(at(20)), 0));
    assert_eq!(due.validators, validators);
}

pub async fn a_moved_feed_keeps_its_history(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let due = due_source(&*store, "a", 0).await;
    let validators = Validators { etag: Some("\"v1\"".into()), last_modified: None };
    let entries = vec![entry("a"), entry("b")];
    let baseline = Some(BaselineRecord::default());
    let polled = Polled::Read {
        validators: validators.clone(),
        title: None,
        language: None,
        entries: entries.clone(),
        baseline,
    };
    let far = PollRecord { polled, next_check_at: at(600), ..poll(&due, 0) };
    store.commit_poll(far).await.unwrap();

    let mut wanted = adoption(5, &["a"]);
    wanted.sources[0].url = "https://new.example/feed".into();
    wanted.sources[0].first_check_at = at(5);
    assert_eq!(store.adopt(wanted).await.unwrap(), Adopted { added: 0, removed: 0 });
    let due = due_source(&*store, "a", 5).await;
    assert_eq!(due.url, "https://new.example/feed");
    assert_eq!(due.validators, Validators::default(), "the old address's validators mean nothing at the new one");
    assert!(due.baselined);
    let polled = document(entries, None);
    let committed = store.commit_poll(PollRecord { polled, ..poll(&due, 5) }).await.unwrap();
    assert_eq!((committed.new, committed.gap), (0, false));
}

pub async fn a_source_taken_out_and_put_back_has_no_second_baseline(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a", "b"])).await.unwrap();
    let claimed = store.claim_sources(claim(0, 10)).await.unwrap();
    for due in &claimed {
        let polled = document(vec![entry("known")], Some(BaselineRecord::default()));
        store.commit_poll(PollRecord { polled, ..poll(due, 0) }).await.unwrap();
    }
    assert_eq!(store.adopt(adoption(1, &["b"])).await.unwrap(), Adopted { added: 0, removed: 1 });
    assert_eq!(store.claim_sources(claim(1, 10)).await.unwrap().len(), 1);
    let status = store.status().await.unwrap();
    assert_eq!((status.sources[0].state, status.sources[0].since), (SourceState::Disabled, Some(at(1))));
    assert_eq!(store.adopt(adoption(2, &["a", "b"])).await.unwrap(), Adopted { added: 0, removed: 0 });
    let due = due_source(&*store, "a", 2).await;
    assert!(due.baselined);
    assert_eq!(due.state, SourceState::Ok);
    let polled = document(vec![entry("known"), entry("new")], None);
    let committed = store.commit_poll(PollRecord { polled, ..poll(&due, 2) }).await.unwrap();
    assert_eq!((committed.new, committed.due, committed.gap), (1, 1, false));
}

pub async fn a_restart_resets_no_timer(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let due = due_source(&*store, "a", 0).await;
    store.commit_poll(PollRecord { next_check_at: at(120), ..poll(&due, 0) }).await.unwrap();
    store.adopt(Adoption { release_claims: true, ..adoption(10, &["a"]) }).await.unwrap();
    assert!(store.claim_sources(claim(119, 10)).await.unwrap().is_empty());
    assert_eq!(due_source(&*store, "a", 120).await.due_at, at(120));
}

pub async fn a_shorter_interval_takes_effect_at_once_unless_the_source_fails(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["well", "ill"])).await.unwrap();
    for due in store.claim_sources(claim(0, 10)).await.unwrap() {
        let far = PollRecord { next_check_at: at(600), ..poll(&due, 0) };
        let record = if due.id == source("ill") {
            let polled = Polled::Failed { error: "503, come back in ten hours".into() };
            PollRecord { polled, state: SourceState::Failing, ..far }
        } else {
            far
        };
        store.commit_poll(record).await.unwrap();
    }
    let mut wanted = adoption(10, &["well", "ill"]);
    wanted.sources.iter_mut().for_each(|seed| seed.latest_check_at = Some(at(25)));
    store.adopt(wanted).await.unwrap();
    assert!(store.claim_sources(claim(24, 10)).await.unwrap().is_empty());
    let due = store.claim_sources(claim(25, 10)).await.unwrap();
    assert_eq!(due.iter().map(|due| due.id.as_str()).collect::<Vec<_>>(), ["well"]);
}

pub async fn a_first_poll_is_told_once(place: &Place) {
    let store = place.open();
    let patience = Duration::from_hours(1);
    store.adopt(adoption(0, &["a", "b"])).await.unwrap();
    let claimed = store.claim_sources(claim(0, 10)).await.unwrap();
    let a = claimed.iter().find(|due| due.id == source("a")).unwrap();
    let alerts =
        ["https://outlet.example/1", "https://outlet.example/2"].map(|url| (alert(url), matched(url))).to_vec();
    let baseline = BaselineRecord { read: vec![], articles: 40, alerts };
    let polled = document(vec![entry("x")], Some(baseline));
    store.commit_poll(PollRecord { polled, ..poll(a, 0) }).await.unwrap();

    assert!(store.unreported_baselines(at(59), patience).await.unwrap().is_none(), "b is still new");
    let summary = store.unreported_baselines(at(60), patience).await.unwrap().expect("patience has an end");
    assert_eq!((summary.sources.clone(), summary.articles, summary.would_alert), (vec![source("a")], 40, 2));
    assert_eq!(summary.by_rule, [("SCO security".to_string(), 2)]);
    let told = vec![owed(message("before you started", "desk", 60), &["a@desk.example"])];
    store.commit_baseline_report(&summary, told).await.unwrap();
    assert!(store.unreported_baselines(at(60), patience).await.unwrap().is_none());
    let again = vec![owed(message("before you started, again", "desk", 60), &["a@desk.example"])];
    store.commit_baseline_report(&summary, again).await.unwrap();
    assert_eq!(due_messages(&*store, 60).await.len(), 1, "whoever comes second owes nothing");

    read_feed(&*store, "b", 61, vec![entry("y")]).await;
    let summary = store.unreported_baselines(at(61), patience).await.unwrap().expect("no source is new any more");
    assert_eq!((summary.sources, summary.would_alert), (vec![source("b")], 0));
}

pub async fn a_clock_set_back_holds_up_nothing(place: &Place) {
    const YEAR: i64 = 365 * DAY;
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    store.adopt(Adoption { windows: vec![window("desk", "morning", 60)], ..adoption(0, &["wire"]) }).await.unwrap();
    store.owe(vec![owed(message("hello", "desk", 0), &["a"])]).await.unwrap();
    // For an hour, the clock is a year ahead.
    let source = due_source(&*store, "wire", YEAR).await;
    store.commit_poll(PollRecord { next_check_at: at(YEAR + 15), ..poll(&source, YEAR) }).await.unwrap();
    let entries = due_entries(&*store, YEAR).await;
    let next = EntryNext::RetryAt(at(YEAR + 30));
    store.commit_reading(ReadingRecord { next, ..reading(&entries[0], YEAR) }).await.unwrap();
    let message = due_messages(&*store, YEAR).await;
    let retry = DeliveryRecord {
        next_attempt: Some(at(YEAR + 30)),
        ..attempt(&message[0], "a", YEAR, DeliveryState::Retrying)
    };
    store.record_deliveries(vec![retry], vec![]).await.unwrap();
    let digest = due_window(&*store, YEAR).await;
    let told = DigestRecord {
        key: digest.key,
        lease: digest.lease,
        now: at(YEAR),
        owed: None,
        told: vec![],
        next_due_at: at(YEAR + 30),
    };
    store.commit_digest(told).await.unwrap();

    assert!(store.claim_sources(claim(10, 10)).await.unwrap().is_empty());
    assert_eq!(due_source(&*store, "wire", 25).await.due_at, at(25));
    assert_eq!(due_entries(&*store, 40).await.len(), 2, "one to be tried again, one whose claim ran out");
    assert_eq!(due_messages(&*store, 40).await.len(), 1);
    let digest = due_window(&*store, 40).await;
    assert!(digest.from <= at(10), "the window has not opened in the future");
}
