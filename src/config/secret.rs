//! Secrets from files. In: a path. Out: the secret, and a warning where others can read it. It never shows what it read.

use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::quote;
use super::table::Table;
use super::tree::Part;
use crate::model::{Secret, limits};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

impl Table<'_> {
    /// A secret from the file that `file_key` names, or from the systemd credential that `credential_key` names.
    pub(super) fn secret(&self, file_key: &'static str, credential_key: &'static str) -> Option<Secret> {
        let (file, credential) = (self.path(file_key), self.words(credential_key));
        match (file, credential) {
            (Some(_), Some(_)) => {
                let what = format!("`{file_key}` and `{credential_key}` are two places for one secret");
                self.fault_at_key(credential_key, Code::Conflict, what, Some("keep one of them".into()));
                None
            }
            (Some(file), None) => self.secret_file(&self.at(file_key), &file),
            (None, Some(name)) => self.credential(credential_key, &name),
            (None, None) => None,
        }
    }

    fn credential(&self, key: &str, name: &str) -> Option<Secret> {
        if name.contains('/') || name.starts_with('.') {
            let hint = "it is the name of LoadCredential=NAME:… in the unit, not a path";
            self.fault(
                key,
                Code::BadSecret,
                format!("{} is not the name of a credential", quote(name)),
                Some(hint.into()),
            );
            return None;
        }
        let Some(dir) = self.tree.credentials() else {
            let hint = format!("start it by systemd with LoadCredential={name}:/path, or use a file");
            self.fault(
                key,
                Code::BadSecret,
                "no credentials were handed over: CREDENTIALS_DIRECTORY is not set",
                Some(hint),
            );
            return None;
        };
        self.secret_file(&self.at(key), &dir.join(name))
    }

    /// The secret in a file; faults at the path of the configuration that named it.
    pub(super) fn secret_file(&self, at: &str, file: &Path) -> Option<Secret> {
        match read(file) {
            Ok((secret, warning)) => {
                if let Some(bad) = warning {
                    self.tree.fault(at, Part::Value, bad.code, bad.what, bad.hint);
                }
                Some(secret)
            }
            Err(bad) => {
                self.tree.fault(at, Part::Value, bad.code, bad.what, bad.hint);
                None
            }
        }
    }
}

/// The secret in a file, without the newline at its end.
fn read(path: &Path) -> Typed<(Secret, Option<Bad>)> {
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
