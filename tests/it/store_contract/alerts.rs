//! Facts of alerts as they are looked at afterwards: which there are, how many, and whom they were told.

use super::Place;
use super::desk::{
    adoption, alert, alerting, at, attempt, channel, due_entries, due_messages, due_window, message, numbered, owed,
    reading, rule, story, waiting, window,
};
use std::time::Duration;
use wirewatch::model::{Alert, DeliveryState, Recipient, Suppressed};
use wirewatch::store::{
    Adoption, AlertQuery, AlertRecord, AlertTally, Attempt, DeliveryRecord, DigestRecord, ReadingRecord, Store,
    WindowKey,
};

/// A reading that makes an alert of this rule, which nobody is told.
fn kept(due: &wirewatch::store::DueEntry, minutes: i64, seq: i64, of: &str) -> ReadingRecord {
    let url = due.entry.link.clone().unwrap();
    let alert = Alert { rule: rule(of), ..alert(&url) };
    let alert =
        AlertRecord { alert, suppressed: Some(Suppressed::Baseline), owed: vec![], digests: vec![], steps: vec![] };
    ReadingRecord { story: Some(story(&url, &[], seq)), alerts: vec![alert], ..reading(due, minutes) }
}

async fn seq(store: &dyn Store) -> i64 {
    store.near(super::desk::probe(&[], &[])).await.unwrap().seq
}

pub async fn an_alert_has_its_whole_record(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    let due = due_entries(&*store, 2).await;
    store.commit_reading(alerting(&due[0], 2, 0)).await.unwrap();
    let id = store.alerts(1).await.unwrap()[0].id;
    let first = due_messages(&*store, 2).await;
    let failed = DeliveryRecord {
        reply: "451 later".into(),
        maybe_sent: true,
        ..attempt(&first[0], "a@desk.example", 3, DeliveryState::Retrying)
    };
    store.record_deliveries(vec![failed], vec![]).await.unwrap();
    let again = due_messages(&*store, 4).await;
    let sent = attempt(&again[0], "a@desk.example", 5, DeliveryState::Sent);
    store.record_deliveries(vec![sent], vec![]).await.unwrap();

    let file = store.alert(id).await.unwrap().expect("it is on record");
    assert_eq!((file.stored.id, &file.stored.alert), (id, &alert("https://outlet.example/n0")));
    assert_eq!(file.waiting_digests, [WindowKey { channel: channel("desk"), digest: "morning".into() }]);
    assert_eq!(file.messages.len(), 1);
    let told = &file.messages[0];
    assert_eq!((told.owed_at, told.deliveries.len(), told.deliveries[0].state), (at(2), 1, DeliveryState::Sent));
    let to = Recipient("a@desk.example".into());
    let expected = [
        Attempt {
            recipient: to.clone(),
            at: at(3),
            state: DeliveryState::Retrying,
            reply: "451 later".into(),
            maybe_sent: true,
        },
        Attempt { recipient: to, at: at(5), state: DeliveryState::Sent, reply: "250 thanks".into(), maybe_sent: false },
    ];
    assert_eq!(told.attempts, expected);
    assert!(store.alert(id + 1).await.unwrap().is_none());
}

pub async fn a_digest_is_on_the_record_of_the_alerts_it_told(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    store.adopt(Adoption { windows: vec![window("desk", "morning", 60)], ..adoption(0, &["wire"]) }).await.unwrap();
    let due = due_entries(&*store, 2).await;
    store.commit_reading(alerting(&due[0], 2, 0)).await.unwrap();
    let told = store.alerts(1).await.unwrap()[0].id;
    let digest = due_window(&*store, 60).await;
    let record = DigestRecord {
        key: digest.key.clone(),
        lease: digest.lease,
        now: at(60),
        owed: Some(owed(message("the digest", "desk", 60), &["a@desk.example"])),
        told: digest.told,
        next_due_at: at(120),
    };
    store.commit_digest(record).await.unwrap();
    store.commit_reading(alerting(&due[1], 61, seq(&*store).await)).await.unwrap();
    let untold = store.alerts(1).await.unwrap()[0].id;

    let file = store.alert(told).await.unwrap().unwrap();
    let subjects: Vec<&str> = file.messages.iter().map(|told| told.deliveries[0].subject.as_str()).collect();
    assert_eq!(subjects, ["alert https://outlet.example/n0", "the digest"]);
    assert!(file.waiting_digests.is_empty());
    let file = store.alert(untold).await.unwrap().unwrap();
    assert_eq!((file.messages.len(), file.waiting_digests.len()), (1, 1));
}

pub async fn alerts_are_found_by_rule_and_page_by_page(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(5)).await;
    for (number, due) in due_entries(&*store, 2).await.iter().enumerate() {
        let of = if number % 2 == 0 { "sco" } else { "other_rule" };
        store.commit_reading(kept(due, 2, seq(&*store).await, of)).await.unwrap();
    }
    let find = |rule: Option<&str>, before, max| {
        let query = AlertQuery { rule: rule.map(super::desk::rule), before, since: None, max };
        let store = &store;
        async move {
            let found = store.find_alerts(query).await.unwrap();
            found.into_iter().map(|stored| (stored.id, stored.alert.rule.to_string())).collect::<Vec<_>>()
        }
    };
    let all = find(None, None, 10).await;
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by(|a, b| a.0 > b.0), "newest first: {all:?}");
    assert_eq!(find(None, None, 2).await, all[..2]);
    assert_eq!(find(None, Some(all[1].0), 10).await, all[2..]);
    let other = find(Some("other-rule"), None, 10).await;
    assert_eq!(other.len(), 2, "{other:?}");
    assert_eq!(find(Some("other-rule"), Some(other[0].0), 10).await, other[1..]);
    assert!(find(Some("nobody"), None, 10).await.is_empty());
}

pub async fn alerts_are_counted_by_rule_and_hour(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(4)).await;
    let due = due_entries(&*store, 2).await;
    store.commit_reading(alerting(&due[0], 30, seq(&*store).await)).await.unwrap();
    store.commit_reading(alerting(&due[1], 59, seq(&*store).await)).await.unwrap();
    store.commit_reading(kept(&due[2], 60, seq(&*store).await, "sco")).await.unwrap();
    store.commit_reading(kept(&due[3], 200, seq(&*store).await, "other")).await.unwrap();
    let tally = |of, bin, told, not_told| AlertTally { rule: rule(of), bin, told, not_told };
    let hours = store.tally_alerts(at(0), Duration::from_hours(1)).await.unwrap();
    assert_eq!(hours, [tally("other", 3, 0, 1), tally("sco", 0, 2, 0), tally("sco", 1, 0, 1)]);
    assert_eq!(store.tally_alerts(at(61), Duration::from_hours(1)).await.unwrap(), [tally("other", 2, 0, 1)]);
}
