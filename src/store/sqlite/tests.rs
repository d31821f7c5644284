//! Facts of the file itself: who may open it, and what a fault leaves.

mod care;

use super::*;
use crate::model::{Message, MessageKind};
use futures_util::future::join_all;

fn path(dir: &tempfile::TempDir) -> std::path::PathBuf {
    dir.path().join("wirewatch.db")
}

fn refused<T>(opened: Result<T>) -> String {
    match opened {
        Err(StoreError::Unusable(why) | StoreError::Damaged(why)) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was opened"),
    }
}

fn owed(name: &str) -> Owed {
    let message = Message {
        id: MessageId::of(&[name]),
        channel: ChannelId::new("desk").unwrap(),
        kind: MessageKind::Notice,
        made: Timestamp::UNIX_EPOCH,
        subject: name.into(),
        text: "x".repeat(4096),
        html: String::new(),
        data: serde_json::Value::Null,
        thread: None,
        rule: None,
        urgent: false,
    };
    Owed { message, recipients: vec![Recipient("a".into())], not_before: Timestamp::UNIX_EPOCH, flood: None }
}

#[test]
fn a_second_daemon_is_refused_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let first = Sqlite::open_exclusive(&path(&dir)).unwrap();
    let why = refused(Sqlite::open_exclusive(&path(&dir)));
    assert!(why.contains("another wirewatch runs on"), "{why}");
    Sqlite::open(&path(&dir)).expect("a command may write beside it");
    Sqlite::open_for_reading(&path(&dir)).expect("and read");
    drop(first);
    Sqlite::open_exclusive(&path(&dir)).unwrap();
}

#[test]
fn a_database_of_a_newer_wirewatch_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(Sqlite::open(&path(&dir)).unwrap());
    Connection::open(path(&dir)).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let before = std::fs::read(path(&dir)).unwrap();
    for opened in [Sqlite::open(&path(&dir)), Sqlite::open_for_reading(&path(&dir))] {
        let why = refused(opened);
        assert!(why.contains("newer wirewatch (version 1000"), "{why}");
    }
    assert_eq!(std::fs::read(path(&dir)).unwrap(), before);
}

#[test]
fn another_programs_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    Connection::open(path(&dir)).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let why = refused(Sqlite::open(&path(&dir)));
    assert!(why.contains("another program's"), "{why}");
}

#[test]
fn a_damaged_file_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(path(&dir), "not a database at all, ".repeat(1000)).unwrap();
    let why = refused(Sqlite::open(&path(&dir)));
    assert!(why.contains("damaged") && why.contains("wirewatch restore FILE"), "{why}");
}

#[tokio::test]
async fn damage_in_the_middle_of_the_file_is_named_when_it_is_met() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&path(&dir)).unwrap();
    store.owe((0..200).map(|number| owed(&format!("m{number}"))).collect()).await.unwrap();
    drop(store);
    let mut bytes = std::fs::read(path(&dir)).unwrap();
    let half = bytes.len() / 10;
    bytes[half..].fill(0xAA);
    std::fs::write(path(&dir), bytes).unwrap();
    let met = match Sqlite::open(&path(&dir)) {
        Ok(store) => store.outbox(&[], 1000).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    assert!(matches!(&met, Err(StoreError::Damaged(why)) if why.contains("damaged")), "{met:?}");
}

#[tokio::test]
async fn reading_makes_nothing_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let none = Sqlite::open_for_reading(&path(&dir)).err().unwrap();
    assert!(none.to_string().contains("there is none yet"), "{none}");
    assert!(!path(&dir).exists());
    drop(Sqlite::open(&path(&dir)).unwrap());
    let store = Sqlite::open_for_reading(&path(&dir)).unwrap();
    assert!(store.status().await.unwrap().sources.is_empty());
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let fault = Sqlite::open(&dir.path().join("none/wirewatch.db")).err().unwrap();
    assert!(matches!(&fault, StoreError::Unavailable(why) if why.contains("none/wirewatch.db")), "{fault:?}");
}

#[tokio::test]
async fn a_turn_that_fails_undoes_itself_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&path(&dir)).unwrap();
    let turns = (0..100).map(|number| {
        store.write(move |conn| {
            outbox::owe(conn, &[owed(&format!("m{number}"))], None)?;
            if number % 2 == 0 { Ok(()) } else { Err(StoreError::LeaseLost) }
        })
    });
    let done = join_all(turns).await;
    assert!(done.iter().skip(1).step_by(2).all(|done| matches!(done, Err(StoreError::LeaseLost))));
    assert!(done.iter().step_by(2).all(Result::is_ok));
    assert_eq!(store.status().await.unwrap().outbox.pending, 50);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_answered_and_is_got_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&path(&dir)).unwrap();
    let full = |conn: &Connection| -> Result<()> {
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        // Holds for this connection, which is given up after the fault: then there is room again.
        conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 40), [], |_| Ok(()))?;
        Ok(())
    };
    store.write(full).await.unwrap();
    let turns = (0..100).map(|number| store.owe(vec![owed(&format!("m{number}"))]));
    let done = join_all(turns).await;
    let refused = done.iter().filter(|done| matches!(done, Err(StoreError::Unavailable(_)))).count();
    let kept = done.iter().filter(|done| done.is_ok()).count();
    assert!(refused > 0, "the disk was never full");
    assert_eq!(refused + kept, 100);
    assert_eq!(store.status().await.unwrap().outbox.pending, kept, "what was answered is there, and nothing else");
    store.owe(vec![owed("after")]).await.unwrap();
}

#[tokio::test]
async fn a_read_only_disk_is_got_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&path(&dir)).unwrap();
    store.write(|conn| Ok(conn.pragma_update(None, "query_only", true)?)).await.unwrap();
    let refused = store.owe(vec![owed("one")]).await;
    assert!(matches!(&refused, Err(StoreError::Unavailable(why)) if why.contains("cannot be written")), "{refused:?}");
    store.owe(vec![owed("two")]).await.unwrap();
}

/// The files as a killed process leaves them: no goodbye, and the log not yet moved into the database.
#[tokio::test]
async fn what_was_answered_is_in_the_files() {
    let (dir, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Sqlite::open_exclusive(&path(&dir)).unwrap();
    for number in 0..30 {
        store.owe(vec![owed(&format!("m{number}"))]).await.unwrap();
    }
    for name in ["wirewatch.db", "wirewatch.db-wal"] {
        std::fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    let found = Sqlite::open_exclusive(&path(&copy)).unwrap().status().await.unwrap();
    assert_eq!(found.outbox.pending, 30);
    let full: i64 = store.write(|conn| Ok(conn.query_row("PRAGMA synchronous", [], |row| row.get(0))?)).await.unwrap();
    assert_eq!(full, 2, "a power cut too finds what was answered (FULL)");
}

#[tokio::test]
async fn whoever_finds_nothing_to_do_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&path(&dir)).unwrap();
    let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    let claim = Claim { now, lease: Duration::from_mins(5), max: 64 };
    store.claim_sources(claim).await.unwrap();
    // Any commit by another connection changes it (https://sqlite.org/pragma.html#pragma_data_version).
    let watch = Connection::open(path(&dir)).unwrap();
    let version = || watch.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = version();
    for _ in 0..3 {
        store.claim_sources(claim).await.unwrap();
        store.claim_entries(claim).await.unwrap();
        store.claim_windows(claim).await.unwrap();
        store.claim_outbox(claim).await.unwrap();
        store.ping().await.unwrap();
    }
    assert_eq!(version(), before);
    store.owe(vec![owed("one")]).await.unwrap();
    assert_ne!(version(), before);
}

/// Each search that runs again and again finds its rows by an index, however large the tables grow.
#[test]
fn no_frequent_question_reads_a_whole_table() {
    let dir = tempfile::tempdir().unwrap();
    drop(Sqlite::open(&path(&dir)).unwrap());
    let conn = Connection::open(path(&dir)).unwrap();
    for question in [
        "SELECT id FROM sources WHERE enabled = 1 AND ready_at <= 1 ORDER BY ready_at LIMIT 1",
        "UPDATE entries SET away_until = NULL, lease = NULL WHERE away_until <= 1",
        "SELECT ready_at, message FROM deliveries WHERE channel = 'x' AND ready_at <= 1 ORDER BY ready_at, message",
        "SELECT min(channel) FROM deliveries WHERE ready_at IS NOT NULL AND channel > 'x'",
        "SELECT message, channel FROM untouched WHERE alert = 1 ORDER BY id",
        "SELECT id, alert FROM digest_items WHERE channel = 'x' AND digest = 'y' AND told_at IS NULL ORDER BY id",
        "SELECT id FROM articles WHERE evidence = 0 AND read_at < 1 LIMIT 1",
        "UPDATE messages SET alert = NULL WHERE alert = 1",
        "SELECT shown, count(*) FROM outbox WHERE state <> 'sent' GROUP BY shown",
    ] {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let steps: Vec<String> =
            plan.query_map([], |row| row.get(3)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
        let scans = steps.iter().any(|step| step.starts_with("SCAN") && !step.contains("INDEX"));
        assert!(!scans, "{question}\n{steps:#?}");
    }
}
