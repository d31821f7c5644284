//! A maildir. In: a message. Out: a file of its own in `new`, whole and on disk, or none. The name is made of the message's id,
//! so that a resend finds the first copy and writes no second one.

use super::address::BadAddress;
use super::dialogue::Dialogue;
use super::mail;
use super::verdict::{dead, retry, sent};
use crate::model::{Maildir, Message, Verdict};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Two drafts of one mail at once must not be one file.
static COUNT: AtomicU64 = AtomicU64::new(0);

pub(super) async fn send(
    maildir: &Maildir,
    message: &Message,
    domain: &str,
    time: Duration,
    dialogue: &Dialogue,
) -> Verdict {
    let letter = match mail::write(message, &maildir.from, &maildir.to, mail::Ways::default(), domain) {
        Ok(letter) => letter,
        Err(why @ BadAddress::Sender(_)) => return retry(&why.to_string()),
        Err(why @ BadAddress::Recipient(_)) => return dead(&why.to_string()),
    };
    let name = format!("{}.{}.wirewatch", message.made.as_second(), file_name(message.id.as_str()));
    let dir = maildir.path.clone();
    let kept = tokio::task::spawn_blocking(move || keep(&dir, &name, &letter.unix_lines()));
    // A disk that does not answer (NFS) may yet write it; the resend finds it then.
    let kept = tokio::time::timeout(time, kept).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut));
    match kept.and_then(|ended| ended.map_err(io::Error::other)).flatten() {
        Ok(path) => {
            dialogue.note(|| format!("* {}", path.display()));
            sent(&path.display().to_string())
        }
        Err(error) => retry(&format!("{}: {error}", maildir.path.display())),
    }
}

/// Puts the mail into `new`, through `tmp` (<https://cr.yp.to/proto/maildir.html>); where it stands then.
fn keep(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let [tmp, new, cur] = ["tmp", "new", "cur"].map(|sub| dir.join(sub));
    for sub in [&tmp, &new, &cur] {
        fs::create_dir_all(sub)?;
    }
    let path = new.join(name);
    if path.exists() {
        return Ok(path);
    }
    if let Some(read) = seen(&cur, name)? {
        return Ok(read);
    }
    let draft = tmp.join(format!("{name}.{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let moved = write(&draft, bytes).and_then(|()| fs::rename(&draft, &path));
    if moved.is_err() {
        let _ = fs::remove_file(&draft);
    }
    moved?;
    // The rename is on disk when the folder is.
    File::open(&new)?.sync_all()?;
    Ok(path)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The mail where a reader has put it: `NAME:2,FLAGS` in `cur`.
fn seen(cur: &Path, name: &str) -> io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(cur)? {
        let entry = entry?;
        if entry.file_name().to_str().and_then(|found| found.split(':').next()) == Some(name) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

/// An id as part of a file name: no separators, no leading dot.
fn file_name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
