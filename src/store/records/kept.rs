//! What is forgotten. In: how long things are kept. Out: what was deleted.

use std::time::Duration;

/// How long things are kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Articles.
    pub articles: Duration,
    /// Alerts and deliveries.
    pub ledger: Duration,
    /// Keys of entries that the feed no longer shows.
    pub keys: Duration,
}

/// What a sweep deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Articles.
    pub articles: usize,
    /// Alerts.
    pub alerts: usize,
    /// Messages.
    pub messages: usize,
    /// Entry keys.
    pub keys: usize,
}
