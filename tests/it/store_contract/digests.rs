//! Facts of digests: windows, what they tell, and what they say of the watch.

use super::Place;
use super::desk::{
    DAY, adoption, alert, alerting, at, claim, document, due_entries, due_messages, due_source, due_window, entry, key,
    matched, message, numbered, outlet, owed, poll, probe, read_feed, reading, rule, story, subjects, waiting, window,
};
use wirewatch::model::limits::{DIGEST_ALERTS_MAX, NEAR_MISSES_MAX};
use wirewatch::model::{Alert, SourceState};
use wirewatch::store::{
    Adoption, AlertRecord, BaselineRecord, CopyRecord, DigestRecord, DueWindow, PollRecord, Polled, ReadingRecord,
    Store, StoreError,
};

fn commit(due: &DueWindow, minutes: i64, next: i64) -> DigestRecord {
    DigestRecord {
        key: due.key.clone(),
        lease: due.lease,
        now: at(minutes),
        owed: Some(owed(message(&format!("digest {minutes}"), "desk", minutes), &["a@desk.example"])),
        told: due.told.clone(),
        next_due_at: at(next),
    }
}

async fn open_window(store: &dyn Store, due: i64) {
    store.adopt(Adoption { windows: vec![window("desk", "morning", due)], ..adoption(0, &["wire"]) }).await.unwrap();
}

pub async fn a_window_is_claimed_when_it_closes(place: &Place) {
    let store = place.open();
    open_window(&*store, 60).await;
    assert!(store.claim_windows(claim(59, 10)).await.unwrap().is_empty());
    let slow = due_window(&*store, 61).await;
    assert_eq!((slow.from, slow.to, slow.key.clone()), (at(0), at(60), key("desk", "morning")));
    assert!(store.claim_windows(claim(62, 10)).await.unwrap().is_empty());
    let quick = due_window(&*store, 66).await;
    let refused = store.commit_digest(commit(&slow, 66, 120)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    assert!(due_messages(&*store, 66).await.is_empty());
    store.commit_digest(commit(&quick, 66, 120)).await.unwrap();
    assert_eq!(subjects(&due_messages(&*store, 66).await), ["digest 66"]);
    assert!(store.claim_windows(claim(119, 10)).await.unwrap().is_empty());
    let next = due_window(&*store, 120).await;
    assert_eq!((next.from, next.to), (at(66), at(120)));
}

pub async fn an_alert_is_told_by_one_digest_once(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    open_window(&*store, 60).await;
    let due = due_entries(&*store, 2).await;
    store.commit_reading(alerting(&due[0], 2, 0)).await.unwrap();
    let digest = due_window(&*store, 60).await;
    assert_eq!(digest.alerts, [alert("https://outlet.example/n0")]);
    // The worker died: the next one finds the same.
    let digest = due_window(&*store, 65).await;
    assert_eq!(digest.alerts.len(), 1);
    store.commit_digest(commit(&digest, 65, 120)).await.unwrap();
    assert!(due_window(&*store, 120).await.alerts.is_empty());
}

fn copy(told: &wirewatch::store::StoredAlert) -> CopyRecord {
    let mut alert = told.alert.clone();
    alert.outlets.push(outlet("other", "https://other.example/1"));
    CopyRecord {
        alert_id: told.id,
        alert,
        rewritten: vec![],
        digests: vec![key("desk", "morning")],
        steps: vec![],
        owed: vec![],
    }
}

pub async fn a_copy_that_comes_while_a_digest_is_made_is_told_by_the_next(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    open_window(&*store, 60).await;
    let due = store.claim_entries(super::desk::claim(2, 64)).await.unwrap();
    store.commit_reading(alerting(&due[0], 2, 0)).await.unwrap();
    let making = due_window(&*store, 60).await;
    let url = "https://outlet.example/n0";
    let near = store.near(probe(&[url], &[])).await.unwrap();
    let copies = vec![copy(&near.stories[0].alerts[0])];
    let record = ReadingRecord { story: Some(story(url, &[], near.seq)), copies, ..reading(&due[1], 4) };
    store.commit_reading(record).await.unwrap();
    assert_eq!(making.alerts[0].outlets.len(), 1);
    store.commit_digest(commit(&making, 60, 120)).await.unwrap();
    let next = due_window(&*store, 120).await;
    assert_eq!(next.alerts.len(), 1);
    assert_eq!(next.alerts[0].outlets.len(), 2);
    store.commit_digest(commit(&next, 120, 180)).await.unwrap();
    assert!(due_window(&*store, 180).await.alerts.is_empty());
}

pub async fn a_digest_says_what_was_watched(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["broken", "gapped", "new", "well"])).await.unwrap();
    for due in store.claim_sources(claim(0, 10)).await.unwrap() {
        let polled = match due.id.as_str() {
            "broken" => Polled::Failed { error: "connection refused".into() },
            "new" => continue,
            _ => {
                let alerts = vec![(alert(&format!("https://{}.example/", due.id)), matched("x"))];
                document(numbered(3), Some(BaselineRecord { read: vec![], articles: 3, alerts }))
            }
        };
        let state = if due.id.as_str() == "broken" { SourceState::Failing } else { SourceState::Ok };
        store.commit_poll(PollRecord { polled, state, next_check_at: at(600), ..poll(&due, 0) }).await.unwrap();
    }
    let mut wanted = adoption(1, &["broken", "gapped", "new", "well"]);
    wanted.windows = vec![window("desk", "morning", 1200)];
    store.adopt(wanted).await.unwrap();

    // A gap, over at the next poll; three new entries, read in full, from the summary, and not yet.
    for minute in [700, 710] {
        for due in store.claim_sources(claim(minute, 10)).await.unwrap() {
            let polled = match due.id.as_str() {
                "gapped" => document(vec![entry("x"), entry("y"), entry("z")], None),
                "well" => document(numbered(3), None),
                _ => continue,
            };
            store.commit_poll(PollRecord { polled, ..poll(&due, minute) }).await.unwrap();
        }
    }
    let due = due_entries(&*store, 710).await;
    assert_eq!(due.len(), 3);
    store.commit_reading(reading(&due[0], 710)).await.unwrap();
    let mut old = reading(&due[1], 710);
    (old.article.complete, old.too_old) = (false, true);
    store.commit_reading(old).await.unwrap();

    let coverage = due_window(&*store, 1200).await.coverage;
    assert_eq!((coverage.sources, coverage.polled), (4, 2));
    let failing: Vec<_> = coverage
        .failing
        .iter()
        .map(|failing| (failing.source.as_str(), failing.state.as_str(), failing.since, failing.error.as_str()))
        .collect();
    let lost = "no known entry was left in the feed: something may have been missed";
    assert_eq!(
        failing,
        [("broken", "failing", Some(at(0)), "connection refused"), ("gapped", "gap", Some(at(700)), lost)]
    );
    assert_eq!((coverage.read_in_full, coverage.summary_only, coverage.unread), (1, 1, 1));
    assert_eq!((coverage.copies, coverage.too_old), (0, 1));
    assert_eq!(coverage.baseline, (0, 0), "the first polls came before the window");
}

pub async fn near_misses_are_counted_once_per_article(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(3)).await;
    open_window(&*store, 60).await;
    let due = due_entries(&*store, 2).await;
    let misses = |whys: &[&str]| whys.iter().map(|why| (rule("sco"), why.to_string())).collect::<Vec<_>>();
    let retry = ReadingRecord {
        near_misses: misses(&["excluded by 'football'", "with 'Wang' but no Wang Yi"]),
        next: wirewatch::store::EntryNext::RetryAt(at(3)),
        ..reading(&due[0], 2)
    };
    store.commit_reading(ReadingRecord { article: summary(&retry), ..retry }).await.unwrap();
    for due in &due[1..] {
        let record = ReadingRecord { near_misses: misses(&["excluded by 'football'"]), ..reading(due, 2) };
        store.commit_reading(record).await.unwrap();
    }
    // The page has the whole name: one near miss of the summary holds, the other does not.
    let again = due_entries(&*store, 8).await;
    let record = ReadingRecord { near_misses: misses(&["excluded by 'football'"]), ..reading(&again[0], 8) };
    store.commit_reading(record).await.unwrap();
    let near_misses = due_window(&*store, 60).await.near_misses;
    let counted: Vec<_> = near_misses.iter().map(|miss| (miss.why.as_str(), miss.count)).collect();
    assert_eq!(counted, [("excluded by 'football'", 3)]);
    assert_eq!(near_misses[0].example, "News of n0");
}

pub async fn near_misses_beyond_the_limit_are_the_rarest(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    open_window(&*store, 60).await;
    let due = due_entries(&*store, 2).await;
    let rare = (0..NEAR_MISSES_MAX).map(|number| (rule("sco"), format!("excluded by '{number}'")));
    let often = (rule("zeta"), "only in related boxes".to_string());
    let all = ReadingRecord { near_misses: rare.chain([often.clone()]).collect(), ..reading(&due[0], 2) };
    store.commit_reading(all).await.unwrap();
    let again = ReadingRecord { near_misses: vec![often], ..reading(&due[1], 2) };
    store.commit_reading(again).await.unwrap();
    let near_misses = due_window(&*store, 60).await.near_misses;
    assert_eq!(near_misses.len(), NEAR_MISSES_MAX);
    assert_eq!((near_misses[0].rule.as_str(), near_misses[0].count), ("zeta", 2));
}

fn summary(record: &ReadingRecord) -> wirewatch::model::Article {
    wirewatch::model::Article { complete: false, ..record.article.clone() }
}

pub async fn what_waits_for_a_digest_that_is_gone_goes_to_another(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    open_window(&*store, 60).await;
    let due = due_entries(&*store, 2).await;
    store.commit_reading(alerting(&due[0], 2, 0)).await.unwrap();
    let renamed = Adoption { windows: vec![window("desk", "daily", 90)], ..adoption(3, &["wire"]) };
    store.adopt(renamed).await.unwrap();
    assert!(store.claim_windows(claim(60, 10)).await.unwrap().is_empty(), "the old one closes no more");
    let digest = due_window(&*store, 90).await;
    assert_eq!((digest.key.digest.as_str(), digest.alerts.len()), ("daily", 1));
}

pub async fn a_digest_of_very_many_alerts_counts_the_rest(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    open_window(&*store, 60).await;
    let due = due_entries(&*store, 2).await;
    let url = due[0].entry.link.clone().unwrap();
    let alerts = (0..DIGEST_ALERTS_MAX + 7).map(|number| AlertRecord {
        alert: Alert { rule: rule(&format!("r{number}")), ..alert(&url) },
        suppressed: None,
        owed: vec![],
        digests: vec![key("desk", "morning")],
        steps: vec![],
    });
    store.commit_reading(ReadingRecord { alerts: alerts.collect(), ..alerting(&due[0], 2, 0) }).await.unwrap();
    let digest = due_window(&*store, 60).await;
    assert_eq!(digest.alerts.len(), DIGEST_ALERTS_MAX);
    assert_eq!(digest.told.len() - digest.alerts.len(), 7);
    assert_eq!(digest.alerts.last().unwrap().rule, rule(&format!("r{}", DIGEST_ALERTS_MAX + 6)), "the newest are told");
    store.commit_digest(commit(&digest, 60, 120)).await.unwrap();
    assert!(due_window(&*store, 120).await.told.is_empty());
}

pub async fn a_digest_that_closes_sooner_by_new_configuration_closes_sooner(place: &Place) {
    let store = place.open();
    open_window(&*store, DAY).await;
    open_window(&*store, 2 * DAY).await;
    open_window(&*store, 60).await;
    let digest = due_window(&*store, 60).await;
    assert_eq!((digest.from, digest.to), (at(0), at(60)));
    due_source(&*store, "wire", 60).await;
    read_feed(&*store, "wire", 70, vec![]).await;
}
