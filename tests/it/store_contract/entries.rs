//! Facts of entries: what is new, what is read again, whose turn it is.

use super::Place;
use super::desk::{
    DAY, adoption, at, claim, document, due_entries, due_entry, due_source, entry, keys, numbered, poll, published,
    read_feed, reading, titled, waiting,
};
use wirewatch::model::SourceState;
use wirewatch::model::limits::REREADS_MAX;
use wirewatch::store::{BaselineRecord, EntryNext, PollCommitted, PollRecord, ReadingRecord, StoreError};

pub async fn a_baseline_is_known_and_not_due(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let committed = read_feed(&*store, "a", 0, numbered(40)).await;
    assert_eq!(committed, PollCommitted { new: 40, due: 0, gap: false });
    assert!(due_entries(&*store, 0).await.is_empty());
    let committed = read_feed(&*store, "a", 1, numbered(41)).await;
    assert_eq!(committed, PollCommitted { new: 1, due: 1, gap: false });
    assert_eq!(keys(&due_entries(&*store, 1).await), ["n40"]);
}

pub async fn a_baseline_of_thousands_is_known_whole(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    assert_eq!(read_feed(&*store, "a", 0, numbered(2500)).await.new, 2500);
    assert_eq!(read_feed(&*store, "a", 1, numbered(2500)).await, PollCommitted::default());
    assert_eq!(read_feed(&*store, "a", 2, numbered(2501)).await.new, 1);
}

pub async fn backfilled_entries_of_a_baseline_are_due(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    let due = due_source(&*store, "a", 0).await;
    let baseline = BaselineRecord { read: vec!["n1".into(), "n3".into()], ..BaselineRecord::default() };
    let polled = document(numbered(5), Some(baseline));
    let committed = store.commit_poll(PollRecord { polled, ..poll(&due, 0) }).await.unwrap();
    assert_eq!(committed, PollCommitted { new: 5, due: 2, gap: false });
    assert_eq!(keys(&due_entries(&*store, 0).await), ["n1", "n3"]);
}

pub async fn a_known_key_is_never_new(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(3)).await;
    let due = due_entries(&*store, 1).await;
    assert_eq!(due.len(), 3);
    for due in &due {
        store.commit_reading(reading(due, 1)).await.unwrap();
    }
    for minute in [2, 3, 40 * DAY] {
        let committed = read_feed(&*store, "wire", minute, numbered(3)).await;
        assert_eq!(committed, PollCommitted::default(), "after {minute} minutes");
    }
}

pub async fn two_entries_with_one_key_are_one(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![titled("same", "First"), titled("same", "Second"), titled("same", "Third")]).await;
    let due = due_entries(&*store, 1).await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].entry.title.as_deref(), Some("First"));
}

pub async fn a_changed_title_is_read_again_three_times_and_no_more(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![titled("a", "Title 0")]).await;
    let due = due_entry(&*store, 1).await;
    store.commit_reading(reading(&due, 1)).await.unwrap();
    let mut reread = 0;
    for change in 1..=i64::from(REREADS_MAX) + 3 {
        let title = format!("Title {change}");
        let committed = read_feed(&*store, "wire", 10 * change, vec![entry("old"), titled("a", &title)]).await;
        assert_eq!(committed.new, 0);
        if committed.due > 0 {
            let due = due_entry(&*store, 10 * change).await;
            assert_eq!(due.entry.title, Some(title));
            assert_eq!(due.first_seen, at(1), "it was first seen when it was first seen");
            store.commit_reading(reading(&due, 10 * change)).await.unwrap();
            reread += 1;
        }
    }
    assert_eq!(reread, REREADS_MAX);
}

pub async fn a_changed_title_is_not_read_again_after_two_days(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![titled("a", "Title")]).await;
    let due = due_entry(&*store, 1).await;
    store.commit_reading(reading(&due, 1)).await.unwrap();
    let late = read_feed(&*store, "wire", 2 * DAY + 2, vec![entry("old"), titled("a", "Another title")]).await;
    assert_eq!(late, PollCommitted::default());
}

pub async fn a_change_takes_the_entry_from_whoever_reads_its_old_text(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![titled("a", "Rumour")]).await;
    let old = due_entry(&*store, 1).await;
    read_feed(&*store, "wire", 2, vec![entry("old"), titled("a", "Denial")]).await;
    let new = due_entry(&*store, 2).await;
    assert_eq!(new.entry.title.as_deref(), Some("Denial"));
    let refused = store.commit_reading(reading(&old, 2)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    store.commit_reading(reading(&new, 2)).await.unwrap();
}

pub async fn a_document_without_any_known_entry_is_a_gap(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a"])).await.unwrap();
    read_feed(&*store, "a", 0, vec![entry("x"), entry("y")]).await;
    let committed = read_feed(&*store, "a", 1, vec![entry("z")]).await;
    assert_eq!(committed, PollCommitted { new: 1, due: 1, gap: true });
    let status = store.status().await.unwrap();
    assert_eq!(status.sources[0].state, SourceState::Gap);
    assert!(status.sources[0].error.as_deref().unwrap().contains("may have been missed"));
    let committed = read_feed(&*store, "a", 2, vec![entry("z"), entry("w")]).await;
    assert!(!committed.gap);
    assert_eq!(store.status().await.unwrap().sources[0].state, SourceState::Ok);
}

pub async fn an_empty_document_is_no_gap(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["a", "b"])).await.unwrap();
    read_feed(&*store, "a", 0, vec![entry("x")]).await;
    assert!(!read_feed(&*store, "a", 1, vec![]).await.gap);
    // b's first document was empty: what comes then was not missed.
    read_feed(&*store, "b", 10, vec![]).await;
    let committed = read_feed(&*store, "b", 11, vec![entry("y")]).await;
    assert_eq!(committed, PollCommitted { new: 1, due: 1, gap: false });
}

pub async fn claims_on_entries_are_exclusive_and_expire(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let slow = due_entries(&*store, 1).await;
    assert_eq!(slow.len(), 2);
    assert!(due_entries(&*store, 5).await.is_empty());
    let quick = due_entries(&*store, 6).await;
    assert_eq!(quick.len(), 2);
    let old = slow.iter().find(|due| due.id == quick[0].id).unwrap();
    let refused = store.commit_reading(reading(old, 6)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    store.commit_reading(reading(&quick[0], 6)).await.unwrap();
    let twice = store.commit_reading(reading(&quick[0], 6)).await;
    assert!(matches!(twice, Err(StoreError::LeaseLost)), "{twice:?}");
}

pub async fn the_newest_entries_come_first(place: &Place) {
    let store = place.open();
    let undated = entry("undated");
    let future = published("future", 1000 * DAY);
    waiting(&*store, vec![published("old one", -60), published("new", -1), undated, future]).await;
    // A date in the future is no title to be served first: it counts as now, in the document's order.
    assert_eq!(keys(&due_entries(&*store, 1).await), ["undated", "future", "new", "old one"]);
}

pub async fn a_feed_with_many_entries_waits_behind_the_others(place: &Place) {
    let store = place.open();
    let small = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
    let ids: Vec<&str> = small.into_iter().chain(["large"]).collect();
    store.adopt(adoption(0, &ids)).await.unwrap();
    for due in store.claim_sources(claim(0, 100)).await.unwrap() {
        let polled = document(vec![entry("old")], Some(BaselineRecord::default()));
        store.commit_poll(PollRecord { polled, ..poll(&due, 0) }).await.unwrap();
    }
    let later = 60;
    for due in store.claim_sources(claim(later, 100)).await.unwrap() {
        let mut entries = vec![entry("old")];
        if due.id.as_str() == "large" {
            entries.extend((0..2000).map(|number| published(&format!("large {number}"), later)));
        } else {
            entries.extend((0..4).map(|number| published(&format!("{} {number}", due.id), 0)));
        }
        let polled = document(entries, None);
        store.commit_poll(PollRecord { polled, ..poll(&due, later) }).await.unwrap();
    }
    let mut others = 0;
    for batch in 0..4 {
        let due = store.claim_entries(claim(later, 16)).await.unwrap();
        assert_eq!(due.len(), 16);
        let large = due.iter().filter(|due| due.source.as_str() == "large").count();
        if others < 32 - 12 {
            assert_eq!(large, 4, "batch {batch}: its share and no more while others wait");
        }
        others += 16 - large;
    }
    assert_eq!(others, 32, "all others had their turn");
    let rest = store.claim_entries(claim(later, 16)).await.unwrap();
    assert_eq!(rest.len(), 16, "when nobody else waits, it may have the batch");
}

pub async fn a_page_that_failed_comes_back_at_its_time(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![entry("a")]).await;
    let due = due_entry(&*store, 1).await;
    let next = EntryNext::RetryAt(at(6));
    store.commit_reading(ReadingRecord { next, ..reading(&due, 1) }).await.unwrap();
    assert!(due_entries(&*store, 5).await.is_empty());
    let due = due_entry(&*store, 6).await;
    assert_eq!(due.attempts, 1);
    store.commit_reading(ReadingRecord { next: EntryNext::GaveUp, ..reading(&due, 6) }).await.unwrap();
    assert!(due_entries(&*store, 600).await.is_empty());
    assert_eq!(store.status().await.unwrap().articles.unread, 0);
}

pub async fn a_source_taken_out_holds_its_entries(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    store.adopt(adoption(2, &[])).await.unwrap();
    assert!(due_entries(&*store, 600).await.is_empty());
    assert_eq!(store.status().await.unwrap().articles.unread, 0);
    store.adopt(adoption(3, &["wire"])).await.unwrap();
    assert_eq!(due_entries(&*store, 600).await.len(), 2);
}
