//! A channel: where alerts and digests go, and when.

use super::limits::DELIVERY_RETRIES;
use super::{ChannelId, Secret};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// One configured channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The way out.
    pub kind: ChannelKind,
    /// The zone in which its reader lives: times in mails, digests, quiet hours.
    pub zone: TimeZone,
    /// Its digests, by name.
    pub digests: Vec<DigestPlan>,
    /// Hours in which nothing leaves.
    pub quiet: Option<Quiet>,
    /// More than this becomes one summary; `None`: off.
    pub flood: Option<Flood>,
    /// Attempts begin no faster than this; `None`: as fast as the peer takes them.
    pub rate: Option<Rate>,
    /// How long to wait after the first failed attempt, after the second and so on; after the last one a message has expired.
    pub retries: Arc<[Duration]>,
    /// The user's own mails, where there are such.
    pub templates: MailTemplates,
}

impl Channel {
    /// A channel with nothing set but its way out.
    #[must_use]
    pub fn plain(id: ChannelId, kind: ChannelKind, zone: TimeZone) -> Self {
        Self {
            id,
            kind,
            zone,
            digests: vec![],
            quiet: None,
            flood: None,
            rate: None,
            retries: DELIVERY_RETRIES.into(),
            templates: MailTemplates::default(),
        }
    }
}

/// The ways out.
#[derive(Debug, Clone, PartialEq)]
pub enum ChannelKind {
    /// Mail over SMTP or a local sendmail.
    Email(Email),
    /// HTTP POST.
    Webhook(Webhook),
    /// A program that reads the webhook body on its standard input.
    Command {
        /// Program and arguments; no shell.
        argv: Vec<String>,
        /// It is killed after this.
        timeout: Duration,
    },
    /// A mail file per message.
    Maildir(Maildir),
    /// The daemon's own standard output, as text.
    Stdout,
}

/// An e-mail channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    /// Sender (RFC 5322 mailbox).
    pub from: String,
    /// Recipients, each with a verdict of its own.
    pub to: Vec<String>,
    /// The way to the mail system.
    pub relay: Relay,
    /// Address for List-Unsubscribe; without one, `from`.
    pub unsubscribe: Option<String>,
}

/// The way to the mail system.
#[derive(Debug, Clone, PartialEq)]
pub enum Relay {
    /// SMTP (RFC 5321).
    Smtp {
        /// Host name or address.
        host: String,
        /// TCP port.
        port: u16,
        /// How the connection is made safe.
        tls: Tls,
        /// User name and password.
        login: Option<(String, Secret)>,
    },
    /// A local program with sendmail's arguments.
    Sendmail {
        /// Its path.
        program: PathBuf,
    },
}

/// How an SMTP connection is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the start (RFC 8314).
    Implicit,
    /// STARTTLS or nothing is sent (RFC 3207).
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// Plain.
    None,
}

/// A webhook channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// Where to.
    pub url: Url,
    /// What the body looks like.
    pub format: Format,
    /// The user's own body, with [`Format::Template`].
    pub template: Option<Template>,
    /// Signing secrets (Standard Webhooks, `whsec_`); the first is the newest, all sign.
    pub secrets: Vec<Secret>,
    /// Further headers.
    pub headers: Vec<(String, Secret)>,
    /// Each attempt takes no longer.
    pub timeout: Duration,
    /// Whether it may lead to a private address.
    pub allow_private: bool,
}

/// What a webhook body looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Standard Webhooks.
    #[default]
    Standard,
    /// Slack's incoming webhooks.
    Slack,
    /// Discord's webhooks.
    Discord,
    /// Microsoft Teams workflows (an adaptive card).
    Teams,
    /// Mattermost's incoming webhooks.
    Mattermost,
    /// Telegram's `sendMessage`; the URL carries `chat_id`.
    Telegram,
    /// ntfy, as JSON; the URL's path is the topic.
    Ntfy,
    /// Matrix `m.room.message`; the URL is the room's send address without the transaction id.
    Matrix,
    /// The user's own template.
    Template,
}

/// A text of the user's with places to be filled in (Jinja, as minijinja reads it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its file, for faults; its ending says what is escaped in it.
    pub name: String,
    /// What stands in the file.
    pub text: Arc<str>,
}

/// The user's own parts of a mail; what has no template looks as it always does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailParts {
    /// The subject; white space is folded into one line.
    pub subject: Option<Template>,
    /// The text part.
    pub text: Option<Template>,
    /// The HTML part.
    pub html: Option<Template>,
}

/// The user's own mails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailTemplates {
    /// Of an alert.
    pub alert: MailParts,
    /// Of a digest.
    pub digest: MailParts,
}

/// A maildir channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir {
    /// The folder that holds `tmp`, `new` and `cur`.
    pub path: PathBuf,
    /// Sender.
    pub from: String,
    /// The recipient written into the mail.
    pub to: String,
}

/// A digest of a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPlan {
    /// Its name: `morning` in `desk/morning`.
    pub name: String,
    /// When its windows close.
    pub times: DigestTimes,
    /// Whether an empty one is sent.
    pub send_empty: bool,
    /// At most this many stories; the rest is counted, never silently.
    pub stories_max: usize,
}

/// When the windows of a digest close, in the channel's zone.
#[derive(Debug, Clone, PartialEq)]
pub enum DigestTimes {
    /// Times of day on some days of the week.
    At {
        /// Times of day, in order.
        times: Vec<Time>,
        /// On these days.
        days: Weekdays,
    },
    /// A cron pattern of five fields.
    Cron(String),
    /// Every so long, counted from midnight 1970 in UTC.
    Every(Duration),
}

/// A set of weekdays: bit 0 is Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether the day is in the set.
    #[must_use]
    pub fn has(self, day: jiff::civil::Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }
}

/// Quiet hours, in the channel's zone; `from` after `to` spans midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// Begin.
    pub from: Time,
    /// End, exclusive.
    pub to: Time,
    /// What happens to an alert in between.
    pub mode: QuietMode,
}

/// What happens to an alert in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuietMode {
    /// Sent when they end.
    #[default]
    Hold,
    /// Kept in the ledger, never sent.
    Drop,
    /// Put into the channel's next digest.
    Digest,
}

/// More than `max` alerts in `per` become one summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flood {
    /// Alerts.
    pub max: u32,
    /// Within this long.
    pub per: Duration,
}

/// At most `max` attempts in any `per`; each recipient's copy is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Attempts.
    pub max: u32,
    /// Within this long.
    pub per: Duration,
}
