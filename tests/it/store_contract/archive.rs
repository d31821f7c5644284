//! Facts of articles as they are looked at afterwards.

use super::Place;
use super::desk::{at, due_entries, numbered, reading, waiting};
use jiff::Timestamp;
use wirewatch::model::Wanted;
use wirewatch::store::{ArchiveQuery, ArticleKeys, Kept};

pub async fn articles_are_found_newest_first_and_page_by_page(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(3)).await;
    let mut read = vec![];
    for (due, minutes) in due_entries(&*store, 2).await.iter().zip([2, 3, 4]) {
        let mut record = reading(due, minutes);
        record.article.title = format!("read at {minutes}");
        read.push((record.article.clone(), at(minutes)));
        store.commit_reading(record).await.unwrap();
    }
    let ask = |before, since, max| store.archive(ArchiveQuery { before, since, wanted: None, max });
    let first = ask(None, Timestamp::MIN, 2).await.unwrap();
    let found: Vec<_> = first.iter().map(|found| (found.article.clone(), found.read_at)).collect();
    read.reverse();
    assert_eq!(found, read[..2]);
    let rest = ask(Some(first[1].id), Timestamp::MIN, 2).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!((&rest[0].article, rest[0].source.as_str()), (&read[2].0, "wire"));
    assert_eq!(ask(None, at(4), 9).await.unwrap().len(), 1, "those read since then");
    assert_eq!(store.archive_size(at(3)).await.unwrap(), 2);
    let one = store.archived(rest[0].id).await.unwrap().expect("it is there");
    assert_eq!((one.article, one.read_at), (read[2].0.clone(), at(2)));
    assert!(store.archived(99).await.unwrap().is_none());
}

pub async fn articles_are_found_by_their_keys_and_those_without_are_among_them(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(4)).await;
    let due = due_entries(&*store, 4).await;
    for (due, minutes) in due.iter().zip([2, 3, 4, 5]) {
        store.commit_reading(reading(due, minutes)).await.unwrap();
    }
    let keyed = |id, minutes, keys: &str| ArticleKeys { id, read_at: at(minutes), keys: keys.into() };
    let unkeyed = store.unkeyed(9).await.unwrap();
    let ids: Vec<i64> = unkeyed.iter().map(|article| article.id).collect();
    assert_eq!(
        unkeyed.iter().map(|article| article.read_at).collect::<Vec<_>>(),
        [2, 3, 4, 5].map(at),
        "the oldest first"
    );
    let hostile = r#"tea" OR * NEAR( ^-:"#;
    store.commit_keys(vec![keyed(ids[0], 2, "harvest tea 王毅"), keyed(ids[1], 3, "harvesters rice")]).await.unwrap();
    // As it was when it was read before: these are not its keys any more.
    store.commit_keys(vec![keyed(ids[2], 3, "tea")]).await.unwrap();

    let key = |key: &str| Wanted::Key(key.into());
    let asked = async |wanted: Wanted, before, max| -> Vec<i64> {
        let query = ArchiveQuery { before, since: Timestamp::MIN, wanted: Some(wanted), max };
        store.archive(query).await.unwrap().into_iter().map(|found| found.id).collect()
    };
    let last = ids[3];
    assert_eq!(asked(key("harvest"), None, 9).await, [last, ids[0]], "the last one has no keys yet");
    assert_eq!(asked(key("harvest"), Some(last), 9).await, [ids[0]]);
    assert_eq!(asked(Wanted::Begin("harvest".into()), Some(last), 9).await, [ids[1], ids[0]]);
    assert_eq!(asked(Wanted::Begin("harvest".into()), Some(last), 1).await, [ids[1]]);
    assert_eq!(asked(Wanted::All(vec![key("tea"), key("王毅")]), Some(last), 9).await, [ids[0]]);
    assert_eq!(asked(Wanted::Any(vec![key("tea"), key("rice")]), Some(last), 9).await, [ids[1], ids[0]]);
    assert!(asked(key(hostile), Some(last), 9).await.is_empty(), "a key is never taken for an operator");

    // One that is forgotten is found no more.
    let kept = Kept { articles: std::time::Duration::ZERO, ledger: HOUR, keys: HOUR };
    store.sweep(at(60), kept).await.unwrap();
    assert!(asked(Wanted::Begin("h".into()), None, 9).await.is_empty());
}

const HOUR: std::time::Duration = std::time::Duration::from_hours(1);
