//! A rule: what must be present, and whom to tell.

use super::{ChannelId, RuleId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One rule. `query`, `any`, `all` and `none` all hold together; at least one of `query`, `any`, `all` is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// How it is named in mails; without one, its id in words.
    pub title: Option<String>,
    /// A query, as typed.
    pub query: Option<String>,
    /// One of these query primaries must hold.
    pub any: Vec<String>,
    /// Each of these must hold.
    pub all: Vec<String>,
    /// None of these may hold.
    pub none: Vec<String>,
    /// Where its alerts go.
    pub notify: Vec<Route>,
    /// How loud.
    pub severity: Severity,
    /// How long to wait for other outlets before telling.
    pub settle: Duration,
    /// Whether plain query words inflect.
    pub inflect: bool,
}

impl Rule {
    /// A rule of a query that was typed by itself: it tells nobody.
    #[must_use]
    pub fn typed(id: RuleId, query: &str) -> Self {
        Self {
            id,
            title: None,
            query: Some(query.to_string()),
            any: vec![],
            all: vec![],
            none: vec![],
            notify: vec![],
            severity: Severity::Normal,
            settle: Duration::ZERO,
            inflect: false,
        }
    }
}

/// A channel, or one of its digests: `desk`, `desk/morning`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// The channel.
    pub channel: ChannelId,
    /// The digest of that channel; `None`: at once.
    pub digest: Option<String>,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.digest {
            Some(digest) => write!(f, "{}/{digest}", self.channel),
            None => write!(f, "{}", self.channel),
        }
    }
}

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Quiet.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// At once: no settling, and marked as important in mail.
    High,
}
