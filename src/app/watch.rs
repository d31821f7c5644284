//! Whether the configuration was changed on the disk. In: its files as they were read, and as they are. Out: that they are others, and
//! have been left alone for a moment since. It reads no content; that is for the reload to judge.
//!
//! It looks rather than be told: what the kernel tells of is lost where an editor replaces a file by another name, on network disks,
//! and where a folder is a link that is turned. A look costs some microseconds.

use super::App;
use crate::model::limits::{CONFIG_FILES_WATCHED_MAX, CONFIG_LOOK_EVERY};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// A file as it looks from outside: it, its length, and when it and what is known of it were changed.
type Stamp = (u64, u64, i64, i64, Option<SystemTime>);

/// Folders of the configuration directory that hold some of it: more settings, and secrets.
const FOLDERS: [&str; 2] = ["conf.d", "secrets"];

/// The files of a configuration, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look(BTreeMap<PathBuf, Stamp>);

/// Looks at the configuration's files again and again.
pub(super) struct Watch {
    path: PathBuf,
    /// Others than those that were read, seen at the last look.
    others: Option<Look>,
    tick: Interval,
}

impl Watch {
    pub(super) fn new(path: &Path) -> Self {
        let mut tick = interval(CONFIG_LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { path: path.into(), others: None, tick }
    }

    /// Waits until the files are others than those that were read, and the same twice in a row: whoever writes has finished.
    /// It may be dropped at any time.
    pub(super) async fn changed(&mut self, app: &App) {
        loop {
            self.tick.tick().await;
            let now = look(self.path.clone(), app.list_files()).await;
            if now == **app.looked.load() {
                self.others = None;
            } else if self.others.as_ref() == Some(&now) {
                self.others = None;
                return;
            } else {
                self.others = Some(now);
            }
        }
    }
}

/// The files of a configuration as they are; a disk that does not answer holds up nobody else.
pub(super) async fn look(path: PathBuf, lists: Vec<PathBuf>) -> Look {
    let looked = tokio::task::spawn_blocking(move || {
        let mut found = Look::at(&path);
        for list in &lists {
            found.add(list);
        }
        found
    });
    looked.await.unwrap_or_default()
}

impl Look {
    /// The configuration's own files.
    pub(super) fn at(path: &Path) -> Self {
        let mut found = Self::default();
        found.add(path);
        // Not all that is in it: `init` puts the database there, too, which is never the same twice.
        found.add(&path.join("wirewatch.toml"));
        for folder in FOLDERS {
            found.folder(&path.join(folder));
        }
        found
    }

    /// One more file.
    pub(super) fn add(&mut self, path: &Path) {
        if self.0.len() < CONFIG_FILES_WATCHED_MAX
            && let Ok(about) = fs::metadata(path)
            && !about.is_dir()
        {
            self.0.insert(path.into(), stamp(&about));
        }
    }

    /// The files of a folder; not what editors keep beside them.
    fn folder(&mut self, path: &Path) {
        let Ok(entries) = fs::read_dir(path) else { return };
        for entry in entries.map_while(Result::ok).take(CONFIG_FILES_WATCHED_MAX) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !name.starts_with(['.', '#']) && !name.ends_with('~') {
                self.add(&entry.path());
            }
        }
    }
}

fn stamp(about: &Metadata) -> Stamp {
    (about.ino(), about.len(), about.ctime(), about.ctime_nsec(), about.modified().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_sees_files_that_are_new_replaced_or_gone_and_none_of_an_editors_own() {
        let dir = tempfile::tempdir().unwrap();
        let (conf, outside) = (dir.path().join("etc"), dir.path().join("pep.csv"));
        fs::create_dir_all(conf.join("conf.d")).unwrap();
        let write = |name: &str, text: &str| fs::write(conf.join(name), text).unwrap();
        write("wirewatch.toml", "one");
        fs::write(&outside, "one").unwrap();
        let look = || look(conf.clone(), vec![outside.clone()]);
        let mut before = look().await;
        assert_eq!(before.0.len(), 2);
        for own in ["conf.d/.10.toml.swp", "conf.d/10.toml~", "conf.d/#10.toml#", "wirewatch.db-wal"] {
            write(own, "");
            assert_eq!(look().await, before, "{own}");
        }
        let mut differs = async |what: &str| {
            let now = look().await;
            assert_ne!(now, before, "{what}");
            before = now;
        };
        write("conf.d/10.toml", "new");
        differs("a new file").await;
        write("conf.d/next~", "new");
        fs::rename(conf.join("conf.d/next~"), conf.join("conf.d/10.toml")).unwrap();
        differs("one that another took the place of").await;
        fs::write(&outside, "two").unwrap();
        differs("a list elsewhere").await;
        fs::remove_file(conf.join("conf.d/10.toml")).unwrap();
        differs("one that is gone").await;
    }

    #[test]
    fn a_folder_of_very_many_files_is_watched_up_to_the_limit() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..=CONFIG_FILES_WATCHED_MAX {
            fs::write(dir.path().join(number.to_string()), "").unwrap();
        }
        let mut found = Look::default();
        found.folder(dir.path());
        assert_eq!(found.0.len(), CONFIG_FILES_WATCHED_MAX);
    }
}
