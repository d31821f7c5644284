//! Messages. In: what is owed, and what came of an attempt. Out: what is due to be sent.

use crate::model::{DeliveryState, Flood, Message, MessageId, Recipient};
use jiff::Timestamp;

/// A message, whom it is owed to, and from when.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The message.
    pub message: Message,
    /// One delivery each.
    pub recipients: Vec<Recipient>,
    /// Not before this.
    pub not_before: Timestamp,
    /// An alert's channel's limit: beyond it the alert waits for the summary instead.
    pub flood: Option<Flood>,
}

/// A claimed message.
#[derive(Debug, Clone)]
pub struct DueMessage {
    /// The message.
    pub message: Message,
    /// The recipients that are due, each with the attempts made before.
    pub recipients: Vec<(Recipient, u32)>,
    /// When it was first owed.
    pub owed_at: Timestamp,
    /// The claim's token.
    pub lease: i64,
}

/// One attempt for one recipient, recorded.
#[derive(Debug, Clone)]
pub struct DeliveryRecord {
    /// The message.
    pub message: MessageId,
    /// The recipient.
    pub recipient: Recipient,
    /// The claim's token.
    pub lease: i64,
    /// When it ended.
    pub at: Timestamp,
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// When it is tried again.
    pub next_attempt: Option<Timestamp>,
    /// The peer's reply, or the fault in words.
    pub reply: String,
    /// Whether the peer may have taken it although it was not confirmed.
    pub maybe_sent: bool,
}
