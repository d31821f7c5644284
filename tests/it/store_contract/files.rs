//! Facts of what is kept: across restarts, and of many callers at once.

use super::Place;
use super::desk::{
    adoption, alert, alerting, at, due_entries, due_messages, due_window, message, numbered, owed, probe, read_feed,
    waiting, window,
};
use futures_util::future::join_all;
use wirewatch::store::Adoption;

pub async fn a_store_opened_again_finds_everything(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    store.commit_reading(alerting(&due[0], 1, 0)).await.unwrap();
    let sending = due_messages(&*store, 1).await;
    assert_eq!(sending.len(), 1);
    drop(store);

    let store = place.open();
    let windows = vec![window("desk", "morning", 3)];
    store.adopt(Adoption { windows, release_claims: true, ..adoption(2, &["wire"]) }).await.unwrap();
    let again = due_messages(&*store, 2).await;
    assert_eq!(again[0].message.id, sending[0].message.id, "what may have been sent is sent with the same id");
    assert_eq!(due_entries(&*store, 2).await.len(), 1);
    assert_eq!(due_window(&*store, 3).await.alerts, [alert("https://outlet.example/n0")]);
    assert_eq!(store.near(probe(&["https://outlet.example/n0"], &[])).await.unwrap().stories.len(), 1);
    assert_eq!(read_feed(&*store, "wire", 3, numbered(3)).await.new, 1);
    let status = store.status().await.unwrap();
    assert_eq!((status.sources[0].last_success, status.articles.full), (Some(at(3)), 1));
}

pub async fn turns_of_many_callers_are_all_committed(place: &Place) {
    let store = place.open();
    let callers = (0..700).map(|number| {
        let store = &store;
        async move {
            let message = message(&format!("message {number}"), "desk", 0);
            store.owe(vec![owed(message, &["a"])]).await.unwrap();
            store.ping().await.unwrap();
        }
    });
    join_all(callers).await;
    drop(store);
    assert_eq!(place.open().status().await.unwrap().outbox.pending, 700);
}
