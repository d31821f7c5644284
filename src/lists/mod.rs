//! Watch-list files. In: a list as configured. Out: its rows, and every line that could not be read. It matches nothing.

mod csv;
mod ftm;
mod record;

pub use record::{Next, Record, Records};

use crate::model::limits::{LIST_NAMES_MAX, NAME_BYTES_MAX, ROW_NAMES_MAX};
use crate::model::{Edition, List, ListFormat, NotTaken, RowHead, RowKey, Rows, WatchKind, hex};
use jiff::Timestamp;
use rustix::fs::OFlags;
use sha2::{Digest as _, Sha256};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// A line that could not be read, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFault {
    /// From 1.
    pub line: u64,
    /// In words.
    pub what: String,
}

/// What a file held.
#[derive(Debug, Default, PartialEq)]
pub struct ListRead {
    /// Its rows, in its order.
    pub rows: Rows,
    /// The first [`FAULTS_MAX`] lines that could not be read; the others are used all the same.
    pub faults: Vec<ListFault>,
    /// How many more there were.
    pub more_faults: usize,
    /// Which edition of the file it was.
    pub edition: Edition,
    /// Texts of all rows.
    texts: usize,
    /// The line of the first row for which there was no room, and how many there were.
    left_out: Option<(u64, usize)>,
    /// The line and schema of the first entity that is neither a person nor a body.
    other: Option<(u64, String)>,
}

/// Why a file is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The system's word.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// What stands in it.
    #[error("cannot be used: {what}")]
    Unusable {
        /// In words.
        what: String,
        /// What to do.
        hint: String,
    },
}

impl ListError {
    fn unusable(what: &str, hint: &str) -> Self {
        Self::Unusable { what: crate::text::cut(what, 300), hint: crate::text::cut(hint, 300) }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Unusable { hint, .. } => Some(hint),
            Self::Unreadable(fault) => match fault.kind() {
                io::ErrorKind::NotFound => Some("the path is relative to the file that names it"),
                io::ErrorKind::PermissionDenied => Some("the user as whom wirewatch runs must be able to read it"),
                _ => None,
            },
        }
    }
}

/// What to do about a file that has nothing to watch.
const GET_AGAIN: &str = "get the file again: a download that failed looks like this";
/// Likewise about one in another encoding.
const SAVE_AS_UTF8: &str = "save the list as UTF-8; in Excel: CSV UTF-8";

/// Faults of a list that are told; the rest is counted.
pub const FAULTS_MAX: usize = 10;

/// Reads the file of a list. `progress` is told the bytes read and those of the whole file, some times a second.
///
/// # Errors
/// The system's, where the file cannot be read at all; a CSV whose head lacks `id` or `names`; and a file that is empty or in which
/// nothing can be watched: a download that failed must not take the place of a list.
pub fn read(list: &List, progress: &dyn Fn(u64, u64)) -> Result<ListRead, ListError> {
    let (file, about) = open(&list.file)?;
    let mut counted = Counted { input: file, read: 0, total: about.len(), progress, sum: Sha256::new() };
    let mut read = from(&mut counted, list.format)?;
    // What the reader left, it had no use for; it is part of the file all the same.
    io::copy(&mut counted, &mut io::sink())?;
    let modified = about.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    read.edition = Edition { sha256: hex(&counted.sum.finalize()), modified };
    Ok(read)
}

/// Opens what is a file, without waiting for who would write into a pipe: a reload must end.
fn open(path: &Path) -> Result<(File, Metadata), ListError> {
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(nonblocking).open(path)?;
    let about = file.metadata()?;
    if about.is_file() { Ok((file, about)) } else { Err(ListError::unusable("it is not a file", "name a file")) }
}

fn from(input: impl Read, format: ListFormat) -> Result<ListRead, ListError> {
    match format {
        ListFormat::Csv => csv::rows(input),
        ListFormat::FollowTheMoney => ftm::rows(BufReader::with_capacity(256 << 10, input)),
    }
}

/// A file that tells how far it was read.
struct Counted<'a, R> {
    input: R,
    read: u64,
    total: u64,
    progress: &'a dyn Fn(u64, u64),
    sum: Sha256,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.input.read(into)?;
        self.read += bytes as u64;
        self.sum.update(&into[..bytes]);
        (self.progress)(self.read, self.total.max(self.read));
        Ok(bytes)
    }
}

impl ListRead {
    fn fault(&mut self, line: u64, what: &str) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(ListFault { line, what: crate::text::cut(what, 300) });
        } else {
            self.more_faults += 1;
        }
    }

    /// The kind of an entity's schema; one that nobody watches is passed by, and one that is misspelt is told.
    fn kind(&mut self, line: u64, schema: &str) -> Option<WatchKind> {
        let kind = ftm::kind(schema);
        if kind.is_none() {
            if let Some(meant) = ftm::meant(schema) {
                self.fault(line, &format!("the schema {schema:?} is unknown; did you mean {meant:?}?"));
            }
            self.other.get_or_insert_with(|| (line, crate::text::cut(schema, 60)));
        }
        kind
    }

    fn faults_at(&mut self, line: u64, id: &str, what: &str) {
        self.fault(line, &format!("row {id}: {what}"));
    }

    /// Takes a row as far as it is usable, keeps what a stranger's file may cost within bounds, and says what was left out.
    fn take<'a>(&mut self, line: u64, head: &RowHead<'_>, texts: impl Iterator<Item = (RowKey, &'a str)> + Clone) {
        let id = head.id;
        if id.is_empty() {
            return self.fault(line, "a row without an id");
        }
        if id.len() > NAME_BYTES_MAX || head.topics.len() > NAME_BYTES_MAX {
            return self.fault(line, &format!("its id or its topics are longer than {NAME_BYTES_MAX} bytes"));
        }
        let fits = |text: &str| text.len() <= NAME_BYTES_MAX;
        let (mut count, mut strong, mut long, mut more) = (0, false, false, 0);
        for (key, text) in texts.clone() {
            if !fits(text) {
                long = true;
            } else if count < ROW_NAMES_MAX {
                count += 1;
                strong |= matches!(key, RowKey::Names | RowKey::Exact | RowKey::Posts);
            } else {
                more += 1;
            }
        }
        if long {
            self.faults_at(line, id, &format!("a name is longer than {NAME_BYTES_MAX} bytes and was left out"));
        }
        if more > 0 {
            self.faults_at(line, id, &format!("it has more than {ROW_NAMES_MAX} names; the last {more} were left out"));
        }
        if !strong {
            return self.faults_at(line, id, "it has no names");
        }
        let full = self.left_out.is_some() || self.texts + count > LIST_NAMES_MAX;
        let taken = if full {
            Err(NotTaken::Full)
        } else {
            self.rows.push(head, texts.filter(|(_, text)| fits(text)).take(ROW_NAMES_MAX))
        };
        match taken {
            Ok(()) => self.texts += count,
            Err(NotTaken::Twice) => self.faults_at(line, id, "it is there twice; the first counts"),
            Err(NotTaken::Full) => self.left_out.get_or_insert((line, 0)).1 += 1,
        }
    }

    /// What was read, of which the first faults concern no row.
    fn finished(mut self, first: usize) -> Result<Self, ListError> {
        self.rows.shrink();
        if self.rows.is_empty() {
            let what = match (self.faults.get(first), &self.other) {
                (Some(fault), _) => format!("no line of it can be used; line {}: {}", fault.line, fault.what),
                (None, Some((line, schema))) => format!(
                    "nobody in it can be watched; line {line} has the schema {schema:?}, and of the schemas Person, Organization, \
                     Company, LegalEntity and PublicBody it has no entity"
                ),
                (None, None) => "there is nothing in it but the names of its columns".to_string(),
            };
            return Err(ListError::unusable(&what, GET_AGAIN));
        }
        if let Some((line, rows)) = self.left_out {
            let what = format!("the list has more than {LIST_NAMES_MAX} names; the last {rows} rows were left out");
            // Of all faults the one that must be told.
            self.more_faults += usize::from(self.faults.len() == FAULTS_MAX);
            self.faults.truncate(FAULTS_MAX - 1);
            self.faults.push(ListFault { line, what });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
