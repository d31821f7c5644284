//! How a source is, and what one poll of it came to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a server gave for conditional requests, sent back verbatim, quotes and all (RFC 9110, section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// How a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Never polled.
    New,
    /// As it should be.
    Ok,
    /// The last polls failed.
    Failing,
    /// Answers, but nothing new for far longer than its rhythm.
    Stale,
    /// No known entry was left in the feed: something may have been missed.
    Gap,
    /// Refused us: robots.txt, 403, a captcha.
    Blocked,
    /// Permanently redirected.
    Moved,
    /// 410.
    Gone,
    /// Taken out of the configuration.
    Disabled,
}

impl SourceState {
    /// The name used in JSON and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Failing => "failing",
            Self::Stale => "stale",
            Self::Gap => "gap",
            Self::Blocked => "blocked",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::Disabled => "disabled",
        }
    }
}

/// What one poll came to, as scheduling sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum PollOutcome {
    /// 304, or the same bytes.
    Unchanged {
        /// The server's own wish: the longest of ttl, max-age and Expires.
        keep: Option<Duration>,
    },
    /// A document with entries.
    Read {
        /// As above.
        keep: Option<Duration>,
        /// When the newest entries were published, newest first.
        published: Vec<Timestamp>,
    },
    /// It failed.
    Failed {
        /// The server's Retry-After.
        retry_after: Option<Duration>,
        /// 410, or a fault that only the user can mend.
        for_good: bool,
    },
}
