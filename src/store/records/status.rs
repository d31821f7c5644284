//! How everything stands, for people to look at. Never what is decided by.

use super::PollSeen;
use crate::model::{SourceId, SourceState};
use jiff::Timestamp;
use serde::Serialize;

/// Everything `wirewatch status` shows; serialized as it is.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// By id.
    pub sources: Vec<SourceStatus>,
    /// Deliveries.
    pub outbox: OutboxCounts,
    /// Articles.
    pub articles: ArticleCounts,
    /// In which languages those of the last week are, the most frequent first.
    #[serde(skip)]
    pub languages: Vec<(String, usize)>,
}

/// A source, as `status` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// Its id.
    pub id: SourceId,
    /// Where it is polled.
    pub url: String,
    /// How it is.
    pub state: SourceState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Its last good poll.
    pub last_success: Option<Timestamp>,
    /// Its next one.
    pub next_poll: Option<Timestamp>,
    /// The interval behind it, in seconds.
    pub interval_s: Option<u64>,
    /// The fault in words.
    pub error: Option<String>,
}

/// Everything on record about one source.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// How it is.
    pub status: SourceStatus,
    /// Its feed's title.
    pub title: Option<String>,
    /// Its feed's language, as stated.
    pub language: Option<String>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When nothing known was left in it last.
    pub gap_at: Option<Timestamp>,
    /// Polls that failed in a row.
    pub failures: u32,
    /// Its first good poll: articles, and how many of them would have alerted.
    pub baseline: Option<(usize, usize)>,
    /// Its last polls, oldest first, at most [`crate::model::limits::POLLS_KEPT`].
    pub polls: Vec<PollSeen>,
}

/// Deliveries by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OutboxCounts {
    /// Not tried yet.
    pub pending: usize,
    /// To be tried again.
    pub retrying: usize,
    /// Waiting for their time or channel.
    pub held: usize,
    /// Refused for good.
    pub dead: usize,
}

/// Articles by how they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ArticleCounts {
    /// In full.
    pub full: usize,
    /// From the feed's summary only.
    pub summary_only: usize,
    /// Nothing but the title.
    pub unreadable: usize,
    /// Entries that wait.
    pub unread: usize,
}
