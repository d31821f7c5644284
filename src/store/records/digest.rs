//! Digests. In: the end of a window. Out: windows that have closed, with all that they have to tell.

use super::Owed;
use crate::model::{Alert, ChannelId, Coverage, NearMiss, SourceId};
use jiff::Timestamp;

/// A digest of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WindowKey {
    /// The channel.
    pub channel: ChannelId,
    /// The digest's name.
    pub digest: String,
}

/// A claimed digest window, with what it has to tell.
#[derive(Debug, Clone)]
pub struct DueWindow {
    /// Which digest.
    pub key: WindowKey,
    /// When the window opened: the close of the one before.
    pub from: Timestamp,
    /// When it was due to close.
    pub to: Timestamp,
    /// Alerts routed to it, and alerts that gained copies since they were told, oldest first; the newest
    /// [`crate::model::limits::DIGEST_ALERTS_MAX`] if there are more.
    pub alerts: Vec<Alert>,
    /// The state of the watch between `from` and now.
    pub coverage: Coverage,
    /// In which languages the articles read between `from` and now are, the most frequent first.
    pub languages: Vec<(String, usize)>,
    /// What nearly matched between `from` and now, counted.
    pub near_misses: Vec<NearMiss>,
    /// The claim's token.
    pub lease: i64,
    /// The store's numbers of what it tells, to be marked as told; as many more than `alerts` as were left out.
    pub told: Vec<i64>,
}

/// The end of a window.
#[derive(Debug, Clone)]
pub struct DigestRecord {
    /// Which digest.
    pub key: WindowKey,
    /// The claim's token.
    pub lease: i64,
    /// Now: the next window opens.
    pub now: Timestamp,
    /// The message; `None` for an empty digest that is not sent.
    pub owed: Option<Owed>,
    /// See [`DueWindow::told`].
    pub told: Vec<i64>,
    /// When the next window closes.
    pub next_due_at: Timestamp,
}

/// First polls that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineSummary {
    /// The sources.
    pub sources: Vec<SourceId>,
    /// Articles matched.
    pub articles: usize,
    /// Articles that would have alerted.
    pub would_alert: usize,
    /// By rule: the rule's title, and how many.
    pub by_rule: Vec<(String, usize)>,
}
