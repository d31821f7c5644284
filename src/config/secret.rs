//! Secrets from files. In: a path. Out: the secret, and a warning where others can read it. It never shows what it read.

use super::bad::{Bad, Typed};
use super::code::Code;
use crate::model::{Secret, limits};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The secret in a file, without the newline at its end.
pub(super) fn read(path: &Path) -> Typed<(Secret, Option<Bad>)> {
    let shown = path.display();
    let bad = |why: String| Bad::new(Code::BadSecret, format!("the secret in {shown} {why}"));
    let file = File::open(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let about = file.metadata().map_err(|error| bad(format!("cannot be read: {error}")))?;
    if about.is_dir() {
        return Err(bad("cannot be read: it is a directory".into()));
    }
    let mut bytes = vec![];
    let limit = limits::SECRET_BYTES_MAX as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| bad(format!("cannot be read: {error}")))?;
    if bytes.len() > limits::SECRET_BYTES_MAX {
        return Err(bad(format!("is longer than {} KiB", limits::SECRET_BYTES_MAX >> 10)));
    }
    let text = String::from_utf8(bytes).map_err(|_| bad("is not UTF-8".into()))?;
    let secret = Secret::new(&text);
    if secret.reveal().is_empty() {
        return Err(bad("is empty".into()));
    }
    if secret.reveal().contains(['\r', '\n', '\0']) {
        return Err(bad("has more than one line".into()).hint("the file holds the secret and nothing else"));
    }
    Ok((secret, readable_by_all(&about, path)))
}

#[cfg(unix)]
fn readable_by_all(about: &std::fs::Metadata, path: &Path) -> Option<Bad> {
    use std::os::unix::fs::MetadataExt as _;
    (about.mode() & 0o004 != 0).then(|| {
        Bad::new(Code::SecretReadable, format!("every user of this machine can read the secret in {}", path.display()))
            .hint(format!("chmod 600 {}", path.display()))
    })
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::Metadata, _: &Path) -> Option<Bad> {
    None
}
