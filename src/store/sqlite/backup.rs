//! Backups, and the change from one version of the tables to the next. In: files. Out: files that are whole, or none.
//! Nothing that was there is overwritten; a database that a daemon has open is only read.

use super::files;
use super::{Sqlite, open};
use crate::store::{Result, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// What a restored database is.
#[derive(Debug, Clone)]
pub struct Restored {
    /// Where the one is that it replaces.
    pub aside: Option<PathBuf>,
    /// Its version; the next start brings it up to date.
    pub version: usize,
}

/// Two versions of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The one they were of.
    pub from: usize,
    /// The one that this program uses.
    pub to: usize,
}

impl Sqlite {
    /// Copies one moment of a database into a new file, whether or not a daemon writes it meanwhile; answers the copy's bytes.
    /// The copy is read through before it gets its name. It blocks.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] where a file of that name is; [`StoreError::Damaged`] if the database is.
    pub fn backup(path: &Path, into: &Path) -> Result<u64> {
        if into.try_exists().map_err(|why| files::fault(into, &why))? {
            return Err(files::taken(into));
        }
        let partial = open::beside(into, "partial");
        let source = opened(path).map_err(|fault| open::at(path, fault))?;
        files::copy(&source, &partial)?;
        let bytes = || -> Result<u64> {
            files::examined(&partial)?;
            let bytes = std::fs::metadata(&partial).map_err(|why| files::fault(&partial, &why))?.len();
            files::named(&partial, into)?;
            Ok(bytes)
        };
        bytes().inspect_err(|_| {
            let _ = std::fs::remove_file(&partial);
        })
    }

    /// Puts a backup in the place of a database, which is put aside. It blocks.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] while a daemon runs on the database, or if the file is no backup of ours or from a newer wirewatch;
    /// [`StoreError::Damaged`] if it is not whole.
    pub fn restore(path: &Path, from: &Path, now: Timestamp) -> Result<Restored> {
        let (source, version) = files::examined(from)?;
        let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if same(path, from) {
            return Err(StoreError::Unusable(format!("{} is the database itself", from.display())));
        }
        let _held = open::lock(path)?;
        let copy = open::beside(path, "restoring");
        // It is ours alone while the lock is held: what is left there is from one that was broken off.
        let _ = std::fs::remove_file(&copy);
        files::copy(&source, &copy)?;
        let aside = files::exchanged(&copy, path, "before-restore", now)?;
        Ok(Restored { aside, version })
    }

    /// Brings a database up to date, as a start does; on trial it does all of it and undoes it again. It blocks.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] while a daemon runs on the database, or if a newer wirewatch made it.
    pub fn migrate(path: &Path, on_trial: bool) -> Result<Migrated> {
        let migrated = || -> Result<Migrated> {
            let mut conn = opened(path)?;
            let _held = open::lock(path)?;
            let from = open::version(&conn)?;
            if from < open::VERSION {
                let changes = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                open::up_to(&changes, open::VERSION)?;
                if on_trial { changes.rollback()? } else { changes.commit()? }
            }
            Ok(Migrated { from, to: open::VERSION })
        };
        migrated().map_err(|fault| open::at(path, fault))
    }
}

/// A database that is there and ours, of this version or an older one.
fn opened(path: &Path) -> Result<Connection> {
    if !path.try_exists().unwrap_or(true) {
        return Err(StoreError::Unavailable("there is none yet: `wirewatch run` makes it".into()));
    }
    let conn = open::existing(path)?;
    if open::version(&conn)? == 0 {
        return Err(StoreError::Unavailable("there is nothing in it yet".into()));
    }
    Ok(conn)
}
