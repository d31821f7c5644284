//! A watch: an organization, official or keyword with its names; and lists of them.

use super::{Edition, ListId, Rows, WatchId};
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;

/// What kind of thing a watch names; it decides which forms its names take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WatchKind {
    /// A body of people: its head noun inflects.
    Organization,
    /// A person: order, initials, patronymic, cases, romanisations.
    Official,
    /// A word or phrase.
    Keyword,
}

/// One watch, as configured. All texts as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// Its id, for `@id`.
    pub id: WatchId,
    /// Its kind.
    pub kind: WatchKind,
    /// Names; any of them, in any of its forms, is a hit.
    pub names: Vec<String>,
    /// As written, case and all.
    pub exact: Vec<String>,
    /// Mentions that do not count.
    pub not_as: Vec<String>,
    /// Names that count only beside a strong name, a post, a title word or `with`.
    pub weak: Vec<String>,
    /// Posts: a hit as good as a name.
    pub posts: Vec<String>,
    /// Whether the bare family name is a weak name too.
    pub family: Family,
    /// What a weak name may stand near: query primaries.
    pub with: Vec<String>,
    /// Whether the names inflect; `None`: by kind and script.
    pub inflect: Option<bool>,
    /// Whether romanisation and alphabet variants are derived.
    pub variants: bool,
    /// When its user last made sure that the post is still theirs.
    pub checked: Option<Date>,
}

impl Watch {
    /// A watch with an id and a kind and nothing else; variants on.
    #[must_use]
    pub fn empty(id: WatchId, kind: WatchKind) -> Self {
        Self {
            id,
            kind,
            names: vec![],
            exact: vec![],
            not_as: vec![],
            weak: vec![],
            posts: vec![],
            family: Family::No,
            with: vec![],
            inflect: None,
            variants: true,
            checked: None,
        }
    }
}

/// Whether an official's bare family name is a weak name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Family {
    /// It is not.
    #[default]
    No,
    /// It is derived from each of `names`.
    Derived,
    /// It is this.
    Named(String),
}

/// A watch list: a file of people and organizations.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Its id: `@id` is any row, `@id/ROW` one.
    pub id: ListId,
    /// The file, absolute.
    pub file: PathBuf,
    /// How to read it.
    pub format: ListFormat,
    /// A bare name of the list counts only near one of these query primaries; empty: it counts.
    pub with: Vec<String>,
    /// The rows, once read.
    pub rows: Arc<Rows>,
    /// Which edition of the file they are.
    pub edition: Edition,
}

/// How a list file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// CSV with a column for each key of a watch; several names parted by `;`.
    Csv,
    /// FollowTheMoney JSON lines (OpenSanctions).
    FollowTheMoney,
}
