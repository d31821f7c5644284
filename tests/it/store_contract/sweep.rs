//! Facts of forgetting: what goes, and what must stay.

use super::Place;
use super::desk::{
    DAY, adoption, alerting, at, attempt, due_entries, due_messages, due_source, entry, message, numbered, owed, poll,
    probe, read_feed, reading, waiting,
};
use futures_util::future::join_all;
use std::time::Duration;
use wirewatch::model::DeliveryState;
use wirewatch::store::{Kept, PollCommitted, Store, Swept};

const KEPT: Kept = Kept { articles: days(90), ledger: days(1000), keys: days(90) };

const fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

async fn sweep(store: &dyn Store, day: i64) -> Swept {
    store.sweep(at(day * DAY), KEPT).await.unwrap()
}

pub async fn a_sweep_deletes_what_is_old_and_keeps_what_is_owed(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1200)).await;
    for _ in 0..19 {
        let due = due_entries(&*store, 1).await;
        join_all(due.iter().map(|due| store.commit_reading(reading(due, 1)))).await;
    }
    for name in ["sent", "owed"] {
        store.owe(vec![owed(message(name, "desk", 0), &["a"])]).await.unwrap();
    }
    let due = due_messages(&*store, 0).await;
    let sent = due.iter().find(|due| due.message.subject == "sent").unwrap();
    store.record_deliveries(vec![attempt(sent, "a", 0, DeliveryState::Sent)], vec![]).await.unwrap();
    assert_eq!(sweep(&*store, 89).await, Swept::default());
    assert_eq!(sweep(&*store, 91).await, Swept { articles: 1200, ..Swept::default() });
    assert_eq!(sweep(&*store, 1001).await, Swept { messages: 1, ..Swept::default() });
    assert_eq!(due_messages(&*store, 1001 * DAY).await.len(), 1, "what is owed is owed");
}

pub async fn an_alert_keeps_its_article(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    store.commit_reading(alerting(&due[0], 1, 0)).await.unwrap();
    store.commit_reading(reading(&due[1], 1)).await.unwrap();
    let sending = due_messages(&*store, 1).await;
    store
        .record_deliveries(vec![attempt(&sending[0], "a@desk.example", 1, DeliveryState::Sent)], vec![])
        .await
        .unwrap();
    assert_eq!(sweep(&*store, 100).await, Swept { articles: 1, ..Swept::default() });
    assert_eq!(store.status().await.unwrap().articles.full, 1);
    let question = probe(&["https://outlet.example/n0"], &[]);
    assert_eq!(store.near(question.clone()).await.unwrap().stories.len(), 1, "its address is known as long");
    let seq = store.near(question.clone()).await.unwrap().seq;
    // It waits for a digest that was never made.
    assert_eq!(sweep(&*store, 1002).await, Swept { messages: 1, ..Swept::default() });
    let mut wanted = adoption(1002 * DAY, &["wire"]);
    wanted.windows = vec![super::desk::window("desk", "morning", 1002 * DAY)];
    store.adopt(wanted).await.unwrap();
    let digest = super::desk::due_window(&*store, 1002 * DAY).await;
    let told = wirewatch::store::DigestRecord {
        key: digest.key,
        lease: digest.lease,
        now: at(1002 * DAY),
        owed: None,
        told: digest.told,
        next_due_at: at(1003 * DAY),
    };
    store.commit_digest(told).await.unwrap();
    assert_eq!(sweep(&*store, 1003).await, Swept { articles: 1, alerts: 1, ..Swept::default() });
    let near = store.near(question).await.unwrap();
    assert!(near.stories.is_empty());
    assert!(near.seq >= seq, "the index never goes back");
}

pub async fn keys_age_by_documents_and_not_by_the_clock(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["wire"])).await.unwrap();
    read_feed(&*store, "wire", 0, vec![entry("gone"), entry("stays")]).await;
    // A year of 304.
    for day in [100, 365] {
        let due = due_source(&*store, "wire", day * DAY).await;
        store.commit_poll(poll(&due, day * DAY)).await.unwrap();
    }
    assert_eq!(sweep(&*store, 365).await.keys, 0, "it may still show them all");
    read_feed(&*store, "wire", 366 * DAY, vec![entry("stays")]).await;
    assert_eq!(sweep(&*store, 366).await.keys, 1);
    let committed = read_feed(&*store, "wire", 367 * DAY, vec![entry("stays")]).await;
    assert_eq!(committed, PollCommitted::default());
}

pub async fn a_source_long_gone_is_forgotten(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    store.adopt(adoption(2, &[])).await.unwrap();
    assert_eq!(sweep(&*store, 89).await.keys, 0);
    assert_eq!(sweep(&*store, 91).await.keys, 2);
    assert!(store.status().await.unwrap().sources.is_empty());
    store.adopt(adoption(92 * DAY, &["wire"])).await.unwrap();
    assert!(!due_source(&*store, "wire", 92 * DAY).await.baselined, "its return is a first poll");
    assert!(due_entries(&*store, 92 * DAY).await.is_empty());
}
