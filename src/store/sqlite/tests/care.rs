//! Backups are whole and overwrite nothing; what is damaged is put aside, and every row that can still be read is saved.

use super::*;
use crate::store::SourceSeed;
use std::fs;

fn now() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

async fn filled(path: &Path, messages: std::ops::Range<usize>) {
    let store = Sqlite::open(path).unwrap();
    store.owe(messages.map(|number| owed(&format!("m{number}"))).collect()).await.unwrap();
}

async fn pending(path: &Path) -> usize {
    Sqlite::open(path).unwrap().status().await.unwrap().outbox.pending
}

fn beside(dir: &tempfile::TempDir, words: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_str().unwrap().contains(words)).collect()
}

/// Fills some of the file's pages, by number, with what no page holds.
fn damage(path: &Path, pages: impl IntoIterator<Item = usize>) {
    let mut bytes = fs::read(path).unwrap();
    for page in pages {
        bytes[page * 4096..(page + 1) * 4096].fill(0xAA);
    }
    fs::write(path, bytes).unwrap();
}

/// The leaf pages of a table, in the order of its rows.
fn leaves(path: &Path, table: &str) -> Vec<usize> {
    // The table's root lists its children: a page's number in the first four bytes of each cell, and the last one in its head.
    let root: i64 = Connection::open(path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0))
        .unwrap();
    let bytes = fs::read(path).unwrap();
    let page = &bytes[(usize::try_from(root).unwrap() - 1) * 4096..][..4096];
    assert_eq!(page[0], 5, "{table} has more than one page, and one page lists them");
    let two = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
    let four = |at: usize| u32::from_be_bytes(page[at..at + 4].try_into().unwrap()) as usize;
    let cells = (0..two(3)).map(|cell| four(two(12 + 2 * cell)));
    cells.chain([four(8)]).map(|number| number - 1).collect()
}

#[tokio::test]
async fn a_backup_of_a_database_that_is_being_written_is_whole_and_of_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(Sqlite::open_exclusive(&path(&dir)).unwrap());
    store.owe((0..200).map(|number| owed(&format!("before {number}"))).collect()).await.unwrap();
    let (file, from) = (dir.path().join("copy"), path(&dir));
    let copying = {
        let file = file.clone();
        tokio::task::spawn_blocking(move || Sqlite::backup(&from, &file))
    };
    let mut meanwhile = 0;
    while !copying.is_finished() {
        store.owe(vec![owed(&format!("meanwhile {meanwhile}"))]).await.unwrap();
        meanwhile += 1;
    }
    let bytes = copying.await.unwrap().unwrap();
    assert_eq!(bytes, fs::metadata(&file).unwrap().len());
    let copied = pending(&file).await;
    assert!((200..=200 + meanwhile).contains(&copied), "{copied} of 200 and {meanwhile}");
    assert_eq!(store.status().await.unwrap().outbox.pending, 200 + meanwhile);
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_no_half_of_one() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..3).await;
    let file = dir.path().join("copy");
    fs::write(&file, "mine").unwrap();
    let why = refused(Sqlite::backup(&path(&dir), &file));
    assert!(why.contains("nothing is overwritten"), "{why}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    let none = Sqlite::backup(&path(&dir), &dir.path().join("none/copy"));
    assert!(matches!(&none, Err(StoreError::Unavailable(why)) if why.contains("none/copy")), "{none:?}");
    assert!(beside(&dir, "partial").is_empty());
}

#[test]
fn only_its_owner_reads_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    drop(Sqlite::open(&path(&dir)).unwrap());
    let file = dir.path().join("copy");
    Sqlite::backup(&path(&dir), &file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_restore_brings_the_backup_back_and_keeps_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..5).await;
    let file = dir.path().join("copy");
    Sqlite::backup(&path(&dir), &file).unwrap();
    filled(&path(&dir), 5..9).await;
    let restored = Sqlite::restore(&path(&dir), &file, now()).unwrap();
    assert_eq!(pending(&path(&dir)).await, 5);
    let aside = restored.aside.unwrap();
    assert!(aside.ends_with("wirewatch.db.before-restore-20260302T080000Z"), "{}", aside.display());
    assert_eq!(pending(&aside).await, 9);
    assert_eq!(pending(&file).await, 5, "the backup is still there");
}

#[tokio::test]
async fn a_restore_is_refused_while_a_daemon_runs_and_by_what_is_no_backup() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..50).await;
    let file = dir.path().join("copy");
    Sqlite::backup(&path(&dir), &file).unwrap();
    let daemon = Sqlite::open_exclusive(&path(&dir)).unwrap();
    let why = refused(Sqlite::restore(&path(&dir), &file, now()));
    assert!(why.contains("another wirewatch runs on"), "{why}");
    drop(daemon);

    let why = refused(Sqlite::restore(&path(&dir), &path(&dir), now()));
    assert!(why.contains("the database itself"), "{why}");
    fs::write(dir.path().join("text"), "no database, ".repeat(1000)).unwrap();
    refused(Sqlite::restore(&path(&dir), &dir.path().join("text"), now()));
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let why = refused(Sqlite::restore(&path(&dir), &file, now()));
    assert!(why.contains("newer wirewatch"), "{why}");
    let torn = dir.path().join("torn");
    Sqlite::backup(&path(&dir), &torn).unwrap();
    damage(&torn, leaves(&torn, "messages"));
    let why = refused(Sqlite::restore(&path(&dir), &torn, now()));
    assert!(why.contains("damaged"), "{why}");
    assert_eq!(pending(&path(&dir)).await, 50, "nothing of that changed anything");
    assert!(beside(&dir, "before-restore").is_empty());
}

#[test]
fn a_trial_of_a_migration_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let conn = Connection::open(path(&dir)).unwrap();
    conn.execute_batch("BEGIN").unwrap();
    open::up_to(&conn, 1).unwrap();
    conn.execute_batch("COMMIT").unwrap();
    drop(conn);
    let migrated = Migrated { from: 1, to: open::VERSION };
    assert_eq!(Sqlite::migrate(&path(&dir), true).unwrap(), migrated);
    assert_eq!(Sqlite::migrate(&path(&dir), true).unwrap(), migrated, "it is still of the old version");
    assert_eq!(Sqlite::migrate(&path(&dir), false).unwrap(), migrated);
    assert_eq!(Sqlite::migrate(&path(&dir), false).unwrap().from, open::VERSION);
    // Also an old one can be copied: before a new program is let near it.
    let daemon = Sqlite::open_exclusive(&path(&dir)).unwrap();
    let why = refused(Sqlite::migrate(&path(&dir), true));
    assert!(why.contains("another wirewatch runs on"), "{why}");
    drop(daemon);
}

#[tokio::test]
async fn all_rows_but_those_on_the_damaged_pages_are_saved() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..400).await;
    let leaves = leaves(&path(&dir), "messages");
    assert!(leaves.len() > 12, "{leaves:?}");
    // One in the middle, two side by side, the last one.
    let (middle, last) = (leaves.len() / 2, leaves.len() - 1);
    damage(&path(&dir), [leaves[3], leaves[middle], leaves[middle + 1], leaves[last]]);
    let recovered = Sqlite::recover(&path(&dir), now()).unwrap();
    let messages = recovered.tables.iter().find(|table| table.table == "messages").unwrap();
    assert_eq!(messages.gaps, 3, "{recovered:?}");
    assert!(messages.rows < 400 && messages.rows * leaves.len() >= 400 * (leaves.len() - 5), "{recovered:?}");
    assert_eq!(recovered.orphans, 400 - messages.rows, "a delivery without its message is of no use");
    assert_eq!(pending(&path(&dir)).await, messages.rows);
    assert!(recovered.told().iter().any(|line| line.contains("messages")), "{:?}", recovered.told());
    let aside = recovered.aside.unwrap();
    assert!(aside.ends_with("wirewatch.db.damaged-20260302T080000Z"), "{}", aside.display());
    assert!(aside.exists());
    // Numbers are given once, also those of rows that are lost.
    let conn = Connection::open(path(&dir)).unwrap();
    let highest: i64 =
        conn.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'messages'", [], |row| row.get(0)).unwrap();
    assert_eq!(highest, 400);
}

#[tokio::test]
async fn damage_to_an_index_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..400).await;
    let root: i64 = Connection::open(path(&dir))
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'messages_owed'", [], |row| row.get(0))
        .unwrap();
    damage(&path(&dir), [usize::try_from(root).unwrap() - 1]);
    let recovered = Sqlite::recover(&path(&dir), now()).unwrap();
    assert_eq!((pending(&path(&dir)).await, recovered.orphans), (400, 0));
    assert!(recovered.told().iter().any(|line| line.contains("No row")), "{:?}", recovered.told());
}

#[tokio::test]
async fn the_state_of_claims_and_stories_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..1).await;
    let store = Sqlite::open(&path(&dir)).unwrap();
    let seed = SourceSeed {
        id: crate::model::SourceId::new("courier").unwrap(),
        url: "https://courier.example/".into(),
        first_check_at: now(),
        latest_check_at: Some(now()),
    };
    store
        .adopt(Adoption {
            now: now(),
            sources: vec![seed],
            windows: vec![],
            rates: vec![],
            renames: vec![],
            release_claims: false,
        })
        .await
        .unwrap();
    let claim = Claim { now: now(), lease: Duration::from_mins(5), max: 64 };
    assert_eq!(store.claim_sources(claim).await.unwrap().len(), 1);
    drop(store);
    let counters = || -> Vec<(String, i64)> {
        let conn = Connection::open(path(&dir)).unwrap();
        let mut all = conn.prepare("SELECT name, value FROM counters ORDER BY name").unwrap();
        all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(|row| row.unwrap()).collect()
    };
    let before = counters();
    assert!(before.iter().any(|(name, value)| name == "lease" && *value > 0), "{before:?}");
    let recovered = Sqlite::recover(&path(&dir), now()).unwrap();
    assert!(recovered.told().iter().any(|line| line.contains("No row")), "{:?}", recovered.told());
    assert_eq!(counters(), before);
}

#[tokio::test]
async fn a_file_without_a_head_is_put_aside_and_a_new_one_begun() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..10).await;
    damage(&path(&dir), [0]);
    let recovered = Sqlite::recover(&path(&dir), now()).unwrap();
    assert_eq!(recovered.rows(), 0);
    assert!(recovered.aside.unwrap().exists());
    assert_eq!(pending(&path(&dir)).await, 0);
}

#[tokio::test]
async fn a_daemon_that_meets_damage_notes_it_and_the_next_start_asks_for_recovery() {
    let dir = tempfile::tempdir().unwrap();
    filled(&path(&dir), 0..400).await;
    damage(&path(&dir), leaves(&path(&dir), "messages"));
    let store = Sqlite::open_exclusive(&path(&dir)).unwrap();
    let damaged = store.damaged();
    assert!(!damaged.is_cancelled());
    assert!(matches!(store.outbox(&[], 1000).await, Err(StoreError::Damaged(_))));
    assert!(damaged.is_cancelled());
    drop(store);
    assert!(matches!(Sqlite::open_exclusive(&path(&dir)), Err(StoreError::Damaged(_))));
    Sqlite::recover(&path(&dir), now()).unwrap();
    Sqlite::open_exclusive(&path(&dir)).unwrap();
}

#[test]
fn a_newer_or_foreign_database_is_not_recovered() {
    let dir = tempfile::tempdir().unwrap();
    drop(Sqlite::open(&path(&dir)).unwrap());
    Connection::open(path(&dir)).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let why = refused(Sqlite::recover(&path(&dir), now()));
    assert!(why.contains("newer wirewatch"), "{why}");
    assert!(beside(&dir, "damaged").is_empty());
}
