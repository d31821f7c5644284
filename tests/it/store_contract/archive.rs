//! Facts of articles as they are looked at afterwards.

use super::Place;
use super::desk::{at, due_entries, numbered, reading, waiting};
use jiff::Timestamp;
use wirewatch::store::ArchiveQuery;

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
    let ask = |before, since, max| store.archive(ArchiveQuery { before, since, max });
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
