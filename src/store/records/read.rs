//! Readings. In: an article with its matches, story and alerts. Out: entries that wait, and stories like an article.

use super::{Owed, StoredAlert, WindowKey};
use crate::model::{Alert, Article, Entry, Match, Message, RuleId, SourceId, Step, StoryId, Suppressed};
use jiff::Timestamp;

/// A claimed entry.
#[derive(Debug, Clone)]
pub struct DueEntry {
    /// The store's number for it.
    pub id: i64,
    /// Its source.
    pub source: SourceId,
    /// The source's feed title.
    pub source_title: Option<String>,
    /// The feed's stated language.
    pub source_language: Option<String>,
    /// The entry, as parsed.
    pub entry: Entry,
    /// Attempts to read its page before this one.
    pub attempts: u32,
    /// When it was first seen in the feed.
    pub first_seen: Timestamp,
    /// The claim's token.
    pub lease: i64,
}

/// A question for stories like an article.
#[derive(Debug, Clone)]
pub struct StoryProbe {
    /// The article's canonical addresses.
    pub urls: Vec<String>,
    /// The [`sketch`](crate::text::copy::sketch) of its text.
    pub sketch: Vec<u32>,
    /// Stories older than this are not asked for.
    pub since: Timestamp,
}

/// Stories like an article, and the state of the index they came from.
#[derive(Debug, Clone, Default)]
pub struct Near {
    /// Grows with each story that is made or changed.
    pub seq: i64,
    /// The candidates.
    pub stories: Vec<NearStory>,
}

/// A story that shares something with the article.
#[derive(Debug, Clone)]
pub struct NearStory {
    /// Its id.
    pub id: StoryId,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether one of the URLs is the same.
    pub same_url: bool,
    /// The texts of its articles that share something with the article's text: the likeliest first, none very long in whole.
    pub texts: Vec<String>,
    /// Its alerts, one per rule.
    pub alerts: Vec<StoredAlert>,
}

/// What one reading came to.
#[derive(Debug, Clone)]
pub struct ReadingRecord {
    /// The entry.
    pub entry: i64,
    /// The claim's token.
    pub lease: i64,
    /// Now.
    pub now: Timestamp,
    /// The source.
    pub source: SourceId,
    /// The article, from the page or from the feed's own text.
    pub article: Article,
    /// What matched; empty for most articles.
    pub matches: Vec<Match>,
    /// What nearly matched: rule, why.
    pub near_misses: Vec<(RuleId, String)>,
    /// Its story; `None` where nothing matched.
    pub story: Option<StoryRecord>,
    /// New alerts, told or suppressed.
    pub alerts: Vec<AlertRecord>,
    /// Alerts that the article is a copy of.
    pub copies: Vec<CopyRecord>,
    /// Whether the article was too old to be told.
    pub too_old: bool,
    /// What becomes of the entry.
    pub next: EntryNext,
}

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryNext {
    /// It is read.
    Done,
    /// Its page is tried again then.
    RetryAt(Timestamp),
    /// Its page is not tried again; the feed's text is all there is.
    GaveUp,
}

/// The story of an article.
#[derive(Debug, Clone)]
pub struct StoryRecord {
    /// Its id.
    pub id: StoryId,
    /// The state of the index on which it was decided: [`Near::seq`].
    pub seq: i64,
    /// The article's canonical addresses.
    pub urls: Vec<String>,
    /// The article's sketch.
    pub sketch: Vec<u32>,
}

/// A new alert.
#[derive(Debug, Clone)]
pub struct AlertRecord {
    /// The alert.
    pub alert: Alert,
    /// Why it is not told, if it is not.
    pub suppressed: Option<Suppressed>,
    /// Its messages.
    pub owed: Vec<Owed>,
    /// The digests that will tell it.
    pub digests: Vec<WindowKey>,
    /// What was decided, for the ledger.
    pub steps: Vec<Step>,
}

/// An alert that gained an outlet.
#[derive(Debug, Clone)]
pub struct CopyRecord {
    /// The store's number of the alert.
    pub alert_id: i64,
    /// The alert as it is from now on.
    pub alert: Alert,
    /// Messages that replace those that still wait.
    pub rewritten: Vec<Message>,
    /// Messages that tell it again.
    pub owed: Vec<Owed>,
    /// The digests that will tell of the copy.
    pub digests: Vec<WindowKey>,
    /// What was decided, for the ledger.
    pub steps: Vec<Step>,
}

/// What came of a reading's commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingCommitted {
    /// Stored.
    Done,
    /// Nothing was stored: a story like it was made or changed meanwhile; ask [`crate::store::Store::near`] and group again.
    StoryMoved,
}
