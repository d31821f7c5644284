//! The database's files as files: made whole before they have their name, put aside rather than overwritten. In: paths.
//! Out: paths. Whoever runs a command as root leaves the daemon files that it can write.

use super::open;
use crate::store::{Result, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

/// A database's rights when only its owner is to read it: it holds what was found and whom it was told.
const PRIVATE: u32 = 0o600;

/// What a system call says of a path.
pub(super) fn fault(path: &Path, fault: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {fault}", path.display()))
}

/// Gives a file to the owner of the folder that it is in, where root made it for a daemon that is not root.
pub(super) fn owned_as_its_folder(path: &Path) -> Result<()> {
    let owned = || -> io::Result<()> {
        let (file, folder) = (fs::metadata(path)?, fs::metadata(folder(path))?);
        if rustix::process::geteuid().is_root() && (file.uid(), file.gid()) != (folder.uid(), folder.gid()) {
            chown(path, Some(folder.uid()), Some(folder.gid()))?;
        }
        Ok(())
    };
    owned().map_err(|why| fault(path, &why))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An empty private file of this name, which must not be there yet.
pub(super) fn empty(path: &Path) -> Result<()> {
    let made = File::options().write(true).create_new(true).mode(PRIVATE).open(path);
    made.map(drop).map_err(|why| match why.kind() {
        io::ErrorKind::AlreadyExists => StoreError::Unusable(format!(
            "{} is there already, from a time when this broke off or from one that is under way: remove it in the first case",
            path.display()
        )),
        _ => fault(path, &why),
    })
}

/// One moment of a database, whole and without gaps, in a new file; it may be written meanwhile.
pub(super) fn copy(conn: &Connection, into: &Path) -> Result<()> {
    let name = into.to_str().ok_or_else(|| StoreError::Unusable(format!("{} is no UTF-8", into.display())))?;
    empty(into)?;
    let copied = || -> Result<()> {
        conn.execute("VACUUM INTO ?1", [name])?;
        synced(into)
    };
    copied().inspect_err(|_| {
        // Half a copy is none.
        let _ = fs::remove_file(into);
    })
}

/// Waits until a file is on the disk: SQLite leaves that to the caller of VACUUM INTO.
pub(super) fn synced(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|why| fault(path, &why))
}

/// Gives a file that is whole its name, at once, where nothing has that name.
pub(super) fn named(file: &Path, name: &Path) -> Result<()> {
    // A link refuses to replace, which a rename does not. Some file systems have none.
    match fs::hard_link(file, name) {
        Ok(()) => fs::remove_file(file).map_err(|why| fault(file, &why))?,
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => return Err(taken(name)),
        Err(_) if name.try_exists().unwrap_or(true) => return Err(taken(name)),
        Err(_) => fs::rename(file, name).map_err(|why| fault(name, &why))?,
    }
    synced(folder(name))
}

/// Why nothing is written there.
pub(super) fn taken(name: &Path) -> StoreError {
    StoreError::Unusable(format!("{} is there already, and nothing is overwritten: give another name", name.display()))
}

/// Puts a whole file in the place of a database; what was there gets a name that says why and when it was put aside, which is
/// answered. At each moment one of the two is there.
pub(super) fn exchanged(file: &Path, path: &Path, why: &str, now: Timestamp) -> Result<Option<PathBuf>> {
    owned_as_its_folder(file)?;
    let aside = open::beside(path, &format!("{why}-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    let there = path.try_exists().map_err(|why| fault(path, &why))?;
    if there {
        // What the log still holds goes into the file, if it can; then the log is gone.
        let _ = open::existing(path).and_then(|conn| Ok(conn.pragma_update(None, "wal_checkpoint", "TRUNCATE")?));
        if fs::hard_link(path, &aside).is_err() {
            fs::rename(path, &aside).map_err(|why| fault(path, &why))?;
        }
        for ending in ["-wal", "-shm"] {
            let (left, kept) = (with(path, ending), with(&aside, ending));
            match fs::rename(&left, kept) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(fault(&left, &why)),
                _ => {}
            }
        }
    }
    fs::rename(file, path).map_err(|why| fault(path, &why))?;
    synced(folder(path))?;
    Ok(there.then_some(aside))
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A database of whatever version that is only looked at, and looked through: all its pages are read.
pub(super) fn examined(path: &Path) -> Result<(Connection, usize)> {
    let looked = || -> Result<(Connection, usize)> {
        if !path.try_exists().unwrap_or(true) {
            return Err(StoreError::Unavailable("there is no such file".into()));
        }
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let version = open::version(&conn)?;
        if version == 0 {
            return Err(StoreError::Unusable("it is empty".into()));
        }
        whole(&conn)?;
        Ok((conn, version))
    };
    looked().map_err(|fault| open::at(path, fault))
}

/// Whether all pages of a database can be read and fit each other.
pub(super) fn whole(conn: &Connection) -> Result<()> {
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Damaged(format!("it is damaged: {verdict}"))),
    }
}
