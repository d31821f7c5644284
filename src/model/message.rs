//! A message: a rendered alert or digest; and what became of it.

use super::{ChannelId, MessageId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A rendered alert, digest or notice, complete: no channel needs anything else to send it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The same on every resend.
    pub id: MessageId,
    /// Where it goes.
    pub channel: ChannelId,
    /// What it is.
    pub kind: MessageKind,
    /// When it was made: the Date of the mail, the timestamp of the webhook.
    pub made: Timestamp,
    /// One line, without control characters, under 120 characters.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part; a whole document.
    pub html: String,
    /// `data` of the webhook body.
    pub data: serde_json::Value,
    /// The id of the message that it answers: References and In-Reply-To of the story's thread.
    pub thread: Option<MessageId>,
    /// The rule, for List-Id and for filters at the receiver.
    pub rule: Option<String>,
    /// Whether it is marked as important.
    pub urgent: bool,
}

/// What a message is; `as_str` gives the webhook's `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MessageKind {
    /// One alert.
    #[serde(rename = "alert.matched")]
    Alert,
    /// A digest.
    #[serde(rename = "digest.ready")]
    Digest,
    /// A source broke.
    #[serde(rename = "source.failing")]
    SourceFailing,
    /// A source recovered.
    #[serde(rename = "source.recovered")]
    SourceRecovered,
    /// Something else that the operator must know.
    #[serde(rename = "service.notice")]
    Notice,
    /// A sample, sent by `channel test`.
    #[serde(rename = "channel.test")]
    Test,
}

impl MessageKind {
    /// The name used in webhooks, `outbox list` and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert.matched",
            Self::Digest => "digest.ready",
            Self::SourceFailing => "source.failing",
            Self::SourceRecovered => "source.recovered",
            Self::Notice => "service.notice",
            Self::Test => "channel.test",
        }
    }
}

/// Who gets a message: a mail address, or the channel's one target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recipient(pub String);

/// What the peer said to one recipient's copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted; nothing more to do.
    Sent {
        /// The peer's reply.
        reply: String,
    },
    /// Not now.
    Retry {
        /// The fault in words.
        why: String,
        /// The peer asked for at least this long.
        after: Option<Duration>,
        /// Whether the peer may have taken it all the same (lost after the final dot): the resend may be a second copy.
        maybe_sent: bool,
    },
    /// Never.
    Dead {
        /// The fault in words.
        why: String,
        /// Whether the whole channel is to stop (a webhook's 410).
        disable_channel: bool,
    },
}

/// One recipient's copy of a message, in the outbox: the JSON of `outbox list`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The message's id.
    pub id: MessageId,
    /// The channel.
    pub channel: ChannelId,
    /// Who gets it.
    pub recipient: Recipient,
    /// What it is.
    pub kind: MessageKind,
    /// Its subject.
    pub subject: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_attempt: Option<Timestamp>,
    /// The last fault in words.
    pub error: Option<String>,
    /// Whether a resend may have been a second copy.
    pub maybe_twice: bool,
}

/// A reader who wants no more of a channel, by the link in its mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscribed {
    /// The channel.
    pub channel: ChannelId,
    /// The reader, as configured.
    pub recipient: Recipient,
    /// Since when.
    pub at: Timestamp,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Not tried yet.
    Pending,
    /// Tried, and to be tried again.
    Retrying,
    /// Waits for its time, or for its channel to be enabled.
    Held,
    /// Accepted.
    Sent,
    /// Refused for good.
    Dead,
    /// Given up after the last retry.
    Expired,
}

impl DeliveryState {
    /// The name used in JSON and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Retrying => "retrying",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Expired => "expired",
        }
    }
}
