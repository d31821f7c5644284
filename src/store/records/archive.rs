//! What was read. In: which articles are asked for. Out: they, and what became of them.

use super::StoredAlert;
use crate::model::{Article, RuleId, SourceId, Wanted};
use jiff::Timestamp;

/// Which archived articles are asked for, newest first.
#[derive(Debug, Clone)]
pub struct ArchiveQuery {
    /// Read before the one of this number.
    pub before: Option<i64>,
    /// Read then or later.
    pub since: Timestamp,
    /// What they must hold; `None`: all are asked for. Those whose keys are not kept yet are answered, too.
    pub wanted: Option<Wanted>,
    /// At most so many.
    pub max: usize,
}

/// The keys of an article, to be kept for searches.
#[derive(Debug, Clone)]
pub struct ArticleKeys {
    /// The store's number for the article.
    pub id: i64,
    /// When it was read, as it was when its keys were made: of one that was read again since, they are not kept.
    pub read_at: Timestamp,
    /// Its keys, with spaces between them.
    pub keys: String,
}

/// An article that was read.
#[derive(Debug, Clone)]
pub struct Archived {
    /// The store's number for it: the id that people are shown.
    pub id: i64,
    /// The source it came from.
    pub source: SourceId,
    /// When its entry was first seen in the feed.
    pub first_seen: Timestamp,
    /// When it was read, the last time.
    pub read_at: Timestamp,
    /// The article.
    pub article: Article,
}

/// Which articles a list shows, newest first.
#[derive(Debug, Clone, Default)]
pub struct ArticleQuery {
    /// Of this source only.
    pub source: Option<SourceId>,
    /// Read before the one of this number.
    pub before: Option<i64>,
    /// At most so many.
    pub max: usize,
}

/// An article, as a list shows it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "columns of a row, each shown by itself")]
pub struct ArticleLine {
    /// The store's number for it.
    pub id: i64,
    /// Its source.
    pub source: SourceId,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When it was read, the last time.
    pub read_at: Timestamp,
    /// Whether its page was read, not only the feed's text.
    pub complete: bool,
    /// Whether a rule had told its story already.
    pub copy: bool,
    /// Whether it was too old to be told.
    pub too_old: bool,
    /// Whether an alert was made of it.
    pub alerted: bool,
    /// Rules that matched it, and rules that nearly did.
    pub matched: usize,
    /// See `matched`.
    pub nearly: usize,
}

/// What became of an article.
#[derive(Debug, Clone)]
pub struct ArticleFile {
    /// The article.
    pub archived: Archived,
    /// Whether a rule had told its story already.
    pub copy: bool,
    /// Whether it was too old to be told.
    pub too_old: bool,
    /// What nearly matched when it was read: rule, why.
    pub near_misses: Vec<(RuleId, String)>,
    /// The alerts of its story.
    pub alerts: Vec<StoredAlert>,
}
