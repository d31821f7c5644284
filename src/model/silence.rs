//! A silence: told to be quiet until.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who asked for quiet, about what, why, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// The store's number of it.
    pub id: i64,
    /// About what.
    pub by: SilenceBy,
    /// The id of the rule, watch, list row or source, or the query.
    pub target: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Who made it.
    pub author: String,
    /// Why.
    pub comment: String,
    /// Of a watch: only in articles that meet this query. Then it is a disposition: the name is somebody else's there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

impl Silence {
    /// Whether it has no end.
    #[must_use]
    pub fn for_good(&self) -> bool {
        self.until.as_millisecond() >= Timestamp::MAX.as_millisecond()
    }
}

/// What a silence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SilenceBy {
    /// All alerts of a rule.
    Rule,
    /// Alerts in which no other watch was found: `wang-yi`, `pep`, `pep/Q7`.
    Watch,
    /// Articles of a source.
    Source,
    /// Articles that meet a query.
    Query,
}

impl SilenceBy {
    /// The name used in JSON and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Watch => "watch",
            Self::Source => "source",
            Self::Query => "query",
        }
    }
}
