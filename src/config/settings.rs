//! The settings: what the typed configuration means, with every default filled in. They hold nothing that still can be wrong.

use crate::model::{Access, Channel, ChannelId, List, Rename, Route, Rule, Source, Watch};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// A whole configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `[service]`
    pub service: Service,
    /// `[mail]`
    pub mail: Mail,
    /// `[fetch]`
    pub fetch: Fetch,
    /// `[archive] keep`: how long articles are kept.
    pub archive_keep: Duration,
    /// `[ledger] keep`: how long alerts, their evidence and the deliveries are kept.
    pub ledger_keep: Duration,
    /// `[web]`
    pub web: Web,
    /// `[log]`
    pub log: Log,
    /// `[source.ID]`, in the order typed.
    pub sources: Vec<Source>,
    /// `[organization.ID]`, `[official.ID]`, `[keyword.ID]`, in the order typed.
    pub watches: Vec<Watch>,
    /// `[list.ID]`; the rows are not read yet.
    pub lists: Vec<List>,
    /// `[rule.ID]`, and a rule for each watch or list that carries `notify` itself.
    pub rules: Vec<Rule>,
    /// What each `was` says.
    pub renames: Vec<Rename>,
    /// `[channel.ID]`; without any, `stdout` and the maildir `outbox`.
    pub channels: Vec<Channel>,
}

/// The service as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Where it keeps its state.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Database,
    /// The zone of cron patterns, days and times, where nothing nearer names one.
    pub time_zone: TimeZone,
    /// Who is told of failing sources, dead messages, accepted and refused configuration.
    pub notify: Vec<ChannelId>,
    /// Where rules go that name no channel.
    pub channels: Vec<Route>,
}

/// Where the state is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// One file.
    Sqlite(PathBuf),
}

/// What all mail has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Sender of notices and default sender of channels (RFC 5322 mailbox), if one is configured.
    pub from: Option<String>,
    /// The right side of Message-IDs.
    pub domain: String,
}

/// How sources are fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// Where a source without `every` or `cron` starts.
    pub every: Duration,
    /// The longest interval that such a source adapts to.
    pub every_max: Duration,
    /// Whom a site's owner can ask: in the User-Agent.
    pub user_agent_contact: Option<String>,
    /// Networks that may be fetched although private; free of the pace per domain.
    pub allow_private: Vec<IpNet>,
    /// All bodies in flight together, bytes.
    pub bodies_bytes_max: usize,
    /// One body after decompression, bytes.
    pub body_bytes_max: usize,
    /// An entry older than this when first seen is kept, not alerted.
    pub max_age: Duration,
    /// Requests in flight together.
    pub concurrency: usize,
}

/// The status page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Where it listens; `None`: off.
    pub listen: Option<SocketAddr>,
    /// Who may see it; never open to all beyond loopback.
    pub access: Access,
    /// Where it is reached from outside.
    pub public_url: Option<Url>,
}

/// The log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// The least that is logged.
    pub level: LogLevel,
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// The journal under systemd, else text.
    #[default]
    Auto,
    /// Text on standard error.
    Text,
    /// A JSON object per line on standard error.
    Json,
    /// systemd's journal, with fields.
    Journal,
}

/// The least that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the words say it")]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// As `tracing` names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
