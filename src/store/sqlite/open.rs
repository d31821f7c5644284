//! Opening the file. In: a path. Out: connections with their settings, the tables brought up to date, the daemon's lock.
//! It never touches a database that is newer, damaged or another program's.

use super::files;
use crate::store::{Result, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the tables came to be as they are; a database's `user_version` counts those it has seen.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_flood.sql"),
    include_str!("migrations/0003_polls.sql"),
    include_str!("migrations/0004_rates.sql"),
    include_str!("migrations/0005_ledger.sql"),
    include_str!("migrations/0006_source_health.sql"),
    include_str!("migrations/0007_silences.sql"),
    include_str!("migrations/0008_keys.sql"),
    include_str!("migrations/0009_proof.sql"),
    include_str!("migrations/0010_renames.sql"),
    include_str!("migrations/0011_unsubscribed.sql"),
    include_str!("migrations/0012_sketches.sql"),
    include_str!("migrations/0013_coverage.sql"),
];
/// The version that this program makes and reads.
pub(super) const VERSION: usize = MIGRATIONS.len();
/// The version that brought the full-text index.
pub(super) const KEYS_VERSION: usize = 8;

/// How long a writer waits for another process (a command beside the daemon).
const BUSY_TIME_MAX: Duration = Duration::from_secs(5);
/// Pages kept in memory by the one writer, in KiB.
const WRITER_CACHE_KIB: i64 = 8 << 10;
/// And by each reader.
const READER_CACHE_KIB: i64 = 2 << 10;
/// The log is cut back to this after a burst.
const LOG_BYTES_MAX: i64 = 16 << 20;
/// Pages of the log (of 4 KiB) that are moved into the file at once: a page that was written often meanwhile is moved once.
const LOG_PAGES: i64 = 4000;
/// Statements kept prepared per connection; there are fewer.
const STATEMENTS_MAX: usize = 128;

/// Takes the lock that only one daemon holds; it is free again when the file is dropped or the process dies.
pub(super) fn lock(path: &Path) -> Result<File> {
    let beside = beside(path, "lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&beside)
        .map_err(|fault| StoreError::Unavailable(format!("{}: {fault}", beside.display())))?;
    files::owned_as_its_folder(&beside)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Unusable(format!(
            "another wirewatch runs on {}: stop it first, or give this one a data_dir of its own",
            path.display()
        ))),
        Err(TryLockError::Error(fault)) => Err(StoreError::Unavailable(format!("{}: {fault}", beside.display()))),
    }
}

/// The connection that writes, to a database that is brought up to date, and made where there is none.
pub(super) fn create(path: &Path, locked: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = || -> Result<Connection> {
        let mut conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY_TIME_MAX)?;
        files::owned_as_its_folder(path)?;
        // Before anything is written, the log's files included.
        version(&conn)?;
        for_writing(&conn)?;
        migrate(path, &mut conn, locked)?;
        Ok(conn)
    };
    opened().map_err(|fault| at(path, fault))
}

/// The writer's connection again, after a fault that the old one may not get over; it creates nothing.
pub(super) fn again(path: &Path) -> Result<Connection> {
    let conn = existing(path)?;
    for_writing(&conn)?;
    Ok(conn)
}

/// A connection that only reads, to a database that is there and of this version.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let opened = || -> Result<Connection> {
        if !path.try_exists().unwrap_or(true) {
            return Err(StoreError::Unavailable("there is none yet: `wirewatch run` makes it".into()));
        }
        let conn = existing(path)?;
        conn.pragma_update(None, "query_only", true)?;
        conn.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        keep_plans(&conn)?;
        let version = version(&conn)?;
        if version < MIGRATIONS.len() {
            return Err(StoreError::Unusable(format!(
                "it is of version {version} and this wirewatch reads {VERSION}: `wirewatch run` brings it up to date"
            )));
        }
        Ok(conn)
    };
    opened().map_err(|fault| at(path, fault))
}

/// A connection to a database that is there, of whatever version.
pub(super) fn existing(path: &Path) -> Result<Connection> {
    // Read and write even for a reader: the log's index is written by readers too.
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY_TIME_MAX)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(conn)
}

fn for_writing(conn: &Connection) -> Result<()> {
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Unusable(
            "its file system has no shared memory (a network share?): put data_dir on a local disk".into(),
        ));
    }
    // Each commit is on the disk before anybody is told of it: NORMAL would lose the last ones at a power cut.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    conn.pragma_update(None, "journal_size_limit", LOG_BYTES_MAX)?;
    conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    // What a turn may have to undo: in a file it would be written as often as the log itself.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    keep_plans(conn)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(())
}

/// A prepared statement stays as it was planned. Else a parameter that a partial index may ask about has it planned anew at each
/// new value, which takes longer than to run it.
fn keep_plans(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The database's version; 0 is an empty file.
pub(super) fn version(conn: &Connection) -> Result<usize> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: bool = conn.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
    match usize::try_from(version) {
        Ok(0) if tables => Err(StoreError::Unusable("it is another program's database".into())),
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        _ => Err(StoreError::Unusable(format!(
            "it was made by a newer wirewatch (version {version}; this one knows {}): \
             install that one again, or restore a backup from before",
            MIGRATIONS.len()
        ))),
    }
}

fn migrate(path: &Path, conn: &mut Connection, locked: bool) -> Result<()> {
    if version(conn)? == MIGRATIONS.len() {
        return Ok(());
    }
    // The tables of a daemon are not changed under it.
    let _held = if locked { None } else { Some(lock(path)?) };
    let changes = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    up_to(&changes, VERSION)?;
    Ok(changes.commit()?)
}

/// Brings the tables up to a version, within the caller's transaction.
pub(super) fn up_to(conn: &Connection, wanted: usize) -> Result<()> {
    for migration in &MIGRATIONS[version(conn)?..wanted] {
        conn.execute_batch(migration)?;
    }
    Ok(conn.pragma_update(None, "user_version", super::value::count(wanted))?)
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

pub(super) fn at(path: &Path, fault: StoreError) -> StoreError {
    let path = path.display();
    match fault {
        StoreError::Unavailable(why) => StoreError::Unavailable(format!("{path}: {why}")),
        StoreError::Unusable(why) => StoreError::Unusable(format!("{path}: {why}")),
        StoreError::Damaged(why) => StoreError::Damaged(format!("{path}: {why}")),
        StoreError::LeaseLost => StoreError::LeaseLost,
    }
}
