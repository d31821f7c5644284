//! What was told or kept. In: which alerts are asked for. Out: they, and all that is on record about them.

use super::WindowKey;
use crate::model::{Alert, ChannelId, Delivery, DeliveryState, MessageId, Recipient, RuleId, Step, Suppressed};
use jiff::Timestamp;

/// An alert that a story has already.
#[derive(Debug, Clone)]
pub struct StoredAlert {
    /// The store's number for it.
    pub id: i64,
    /// The alert.
    pub alert: Alert,
    /// Why it was not told, if it was not.
    pub suppressed: Option<Suppressed>,
    /// Its messages that nobody has tried to send yet: they may still be rewritten.
    pub waiting: Vec<(MessageId, ChannelId)>,
    /// Whether anybody has begun to tell it, by a message or in a digest.
    pub begun: bool,
}

/// Which alerts are asked for, newest first.
#[derive(Debug, Clone, Default)]
pub struct AlertQuery {
    /// Of this rule only.
    pub rule: Option<RuleId>,
    /// Made before the one of this number.
    pub before: Option<i64>,
    /// Made since then.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub max: usize,
}

/// Alerts of one rule in one stretch of time, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTally {
    /// The rule.
    pub rule: RuleId,
    /// The stretch, counted from the beginning of the question.
    pub bin: usize,
    /// Told, or to be told by a digest.
    pub told: usize,
    /// Kept and not told.
    pub not_told: usize,
}

/// Everything on record about one alert.
#[derive(Debug, Clone)]
pub struct AlertFile {
    /// The alert.
    pub stored: StoredAlert,
    /// Its own messages, and those of digests that told it; oldest first.
    pub messages: Vec<AlertMessage>,
    /// Digests that have still to tell it.
    pub waiting_digests: Vec<WindowKey>,
    /// Each decision about it, oldest first.
    pub steps: Vec<(Timestamp, Step)>,
}

/// A message that told an alert, and what became of it.
#[derive(Debug, Clone)]
pub struct AlertMessage {
    /// When it was first owed.
    pub owed_at: Timestamp,
    /// The message, per recipient.
    pub deliveries: Vec<Delivery>,
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempt>,
}

/// One attempt to deliver a message to one recipient, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Who was to get it.
    pub recipient: Recipient,
    /// When it ended.
    pub at: Timestamp,
    /// Where the delivery stood after it.
    pub state: DeliveryState,
    /// The peer's reply, or the fault in words.
    pub reply: String,
    /// Whether the peer may have taken it although it was not confirmed.
    pub maybe_sent: bool,
}
