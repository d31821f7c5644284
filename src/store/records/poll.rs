//! Polls. In: what one came to. Out: sources whose time has come, and what was new.

use super::Owed;
use crate::model::{Alert, Entry, SourceId, SourceState, Step, Validators};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A claimed source.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as in the table")]
pub struct DueSource {
    /// Its id.
    pub id: SourceId,
    /// Where it is now: the configured URL, or where it has moved to.
    pub url: String,
    /// What the server gave last.
    pub validators: Validators,
    /// How it is.
    pub state: SourceState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Polls that failed in a row.
    pub failures: u32,
    /// Whether somebody was told that it fails.
    pub told_failing: bool,
    /// Whether somebody was told that nothing new comes.
    pub told_stale: bool,
    /// The longest silence that is ordinary for it, as far as is known.
    pub lull: Option<Duration>,
    /// What its documents were so far: `rss20`, `page` …
    pub format: Option<String>,
    /// Whether its URL is that of a feed found on its configured page.
    pub discovered: bool,
    /// The interval decided last.
    pub interval: Option<Duration>,
    /// Whether it had its first good poll.
    pub baselined: bool,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When it was due.
    pub due_at: Timestamp,
    /// Permanent redirects to one and the same place, in a row.
    pub moved_count: u32,
    /// Where they led.
    pub moved_to: Option<String>,
    /// The claim's token, given back by the record.
    pub lease: i64,
}

/// What one poll came to.
#[derive(Debug, Clone)]
pub struct PollRecord {
    /// The source.
    pub source: SourceId,
    /// The claim's token.
    pub lease: i64,
    /// Now.
    pub now: Timestamp,
    /// What came back.
    pub polled: Polled,
    /// How the source is from now on (a gap, which only the store sees, wins over `Ok`).
    pub state: SourceState,
    /// Whether somebody has been told that it fails.
    pub told_failing: bool,
    /// Whether somebody has been told that nothing new comes.
    pub told_stale: bool,
    /// What its status says where the poll itself did not fail: since when nothing came, where it moved.
    pub remark: Option<String>,
    /// The next poll.
    pub next_check_at: Timestamp,
    /// The interval behind it.
    pub interval: Duration,
    /// Both of these instead, where no known entry was left.
    pub after_gap: Option<(Timestamp, Duration)>,
    /// What the document told of the source.
    pub learned: Learned,
    /// The URL to poll from now on, where it moved.
    pub url: Option<String>,
    /// See [`DueSource::moved_count`].
    pub moved_count: u32,
    /// See [`DueSource::moved_to`].
    pub moved_to: Option<String>,
    /// Messages that this poll owes: broken, recovered, moved, gone.
    pub owed: Vec<Owed>,
}

/// What a document tells of its source; what it does not tell stays as it was known.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// What it is: `rss20`, `page` …
    pub format: Option<String>,
    /// The longest silence that is ordinary, by the dates of its entries.
    pub lull: Option<Duration>,
    /// When the newest entry was published.
    pub newest: Option<Timestamp>,
    /// It is a feed that was found on the configured page.
    pub discovered: bool,
}

/// What came back from a poll.
#[derive(Debug, Clone)]
pub enum Polled {
    /// Nothing new: 304.
    Unchanged,
    /// A document.
    Read {
        /// The server's validators.
        validators: Validators,
        /// The feed's title: the outlet's name where the user gave none.
        title: Option<String>,
        /// Its language, as stated.
        language: Option<String>,
        /// Its entries, in its order. Those whose key is not known become due, unless this is a baseline; a known one whose
        /// fingerprint (title, updated) changed becomes due again, at most [`crate::model::limits::REREADS_MAX`] times.
        entries: Vec<Entry>,
        /// Given on the first good poll.
        baseline: Option<BaselineRecord>,
    },
    /// It failed.
    Failed {
        /// The fault in words.
        error: String,
    },
}

/// A source's first good poll.
#[derive(Debug, Clone, Default)]
pub struct BaselineRecord {
    /// Keys of entries that are read and alerted all the same (`backfill`).
    pub read: Vec<String>,
    /// Articles matched on the feed's own text.
    pub articles: usize,
    /// What would have alerted, and what that stands on: kept, suppressed.
    pub alerts: Vec<(Alert, Step)>,
}

/// What a poll stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PollCommitted {
    /// Entries that were not known.
    pub new: usize,
    /// Entries that are due to be read now.
    pub due: usize,
    /// Whether no entry of the document was known although some had been before.
    pub gap: bool,
}

/// What a poll came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PollEnd {
    /// The server said that nothing changed.
    Unchanged,
    /// A document.
    Read,
    /// A document in which nothing known was left.
    Gap,
    /// A fault.
    Failed,
}

impl PollEnd {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Read => "read",
            Self::Gap => "gap",
            Self::Failed => "failed",
        }
    }
}

/// One poll, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PollSeen {
    /// When it ended.
    pub at: Timestamp,
    /// What it came to.
    pub outcome: PollEnd,
    /// Entries that were not known.
    pub new: usize,
    /// The fault in words.
    pub error: Option<String>,
}

/// What came of the wish to poll a source now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollNow {
    /// It is due.
    Due,
    /// It is being polled.
    Running,
    /// It was polled a moment ago; it keeps its time.
    JustPolled,
    /// There is no such source, or it is not configured any more.
    Unknown,
}
