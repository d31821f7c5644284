//! The ledger of an alert: each decision about it with its reason, and the evidence that it stands on.
//! What is written here is never changed afterwards, only added to.

use super::{Hit, List, ListId, Outlet, Rule, Suppressed, Validators, Watch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// One decision about an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// An article met the rule, and the alert was made.
    Matched {
        /// What it stands on.
        evidence: Box<Evidence>,
    },
    /// It is kept and told to nobody.
    Suppressed {
        /// Why.
        why: Suppressed,
    },
    /// Its message waits.
    Held {
        /// The channel.
        channel: String,
        /// Until then.
        until: Timestamp,
        /// What for.
        why: Hold,
    },
    /// Its message was put into the outbox.
    Queued {
        /// The channel.
        channel: String,
    },
    /// A digest is to tell it.
    ForDigest {
        /// The channel.
        channel: String,
        /// The digest.
        digest: String,
        /// Whether the channel's quiet hours put it there.
        quiet_hours: bool,
    },
    /// The channel had as many alerts as it takes: the summary of the rest is to tell it.
    Flooded {
        /// The channel.
        channel: String,
    },
    /// The channel drops what comes in its quiet hours.
    Dropped {
        /// The channel.
        channel: String,
    },
    /// Another outlet's copy was laid to its story.
    Merged {
        /// The outlet, with its article.
        outlet: Outlet,
        /// How the copy was known.
        likeness: Likeness,
        /// Whether the alert leads with it from now on: the fullest text of the best tier.
        leads: bool,
    },
    /// The page of an alert that was told from a summary came.
    Completed {
        /// What it stands on now.
        evidence: Box<Evidence>,
    },
    /// The story changed in substance, and is told again in its thread.
    Changed {
        /// Names that were not in it before.
        gained: Vec<String>,
        /// Whether an outlet corrects it.
        correction: bool,
        /// What that stands on.
        evidence: Box<Evidence>,
    },
}

/// Why a message waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// For other outlets.
    Settling,
    /// For the end of quiet hours.
    QuietHours,
}

/// How a copy was known as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// Whether it has the same canonical address.
    pub same_url: bool,
    /// Sampled runs of words that both texts have.
    pub shared: usize,
    /// Of so many of the shorter one.
    pub of: usize,
}

/// What an alert stands on, so that it can be proven later what was seen, and by which rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The source.
    pub source: String,
    /// Where the article was read.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When it says that it was published.
    pub published: Option<Timestamp>,
    /// When its text was fetched: the page's, or the feed's where no page came.
    pub fetched: Timestamp,
    /// What the server gave with it.
    pub validators: Validators,
    /// The SHA-256 of its text, in hex.
    pub text_sha256: String,
    /// The version of the rule: see [`rule_version`].
    pub rule_version: String,
    /// The watches that were hit, each with its version.
    pub watches: Vec<(String, String)>,
    /// The lists that were hit, each with its version.
    pub lists: Vec<(String, String)>,
    /// The hits, each in its sentence.
    pub passages: Vec<Hit>,
    /// The version of the program.
    pub program: String,
}

/// The SHA-256 of some bytes, in hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A digest in hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The version of a thing as typed: twelve hex digits that change when anything of it that matters for matching does.
struct Version(Sha256);

impl Version {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn add<'a>(mut self, key: &str, texts: impl IntoIterator<Item = &'a String>) -> Self {
        for text in texts {
            // Ended by what no text has: "a","b" is not "ab".
            self.0.update([key, "\0", text, "\0"].concat());
        }
        self
    }

    fn end(self) -> String {
        let mut hex = hex(&self.0.finalize());
        hex.truncate(12);
        hex
    }
}

/// The version of a rule: of its query, `any`, `all` and `none` as typed.
#[must_use]
pub fn rule_version(rule: &Rule) -> String {
    let inflect = rule.inflect.to_string();
    Version::new()
        .add("query", &rule.query)
        .add("any", &rule.any)
        .add("all", &rule.all)
        .add("none", &rule.none)
        .add("inflect", [&inflect])
        .end()
}

/// The version of a watch: of all its names and what they count beside.
#[must_use]
pub fn watch_version(watch: &Watch) -> String {
    let switches = format!("{:?} {:?} {:?} {}", watch.kind, watch.family, watch.inflect, watch.variants);
    Version::new()
        .add("names", &watch.names)
        .add("exact", &watch.exact)
        .add("not_as", &watch.not_as)
        .add("weak", &watch.weak)
        .add("posts", &watch.posts)
        .add("with", &watch.with)
        .add("switches", [&switches])
        .end()
}

/// A list as it was loaded: what `sha256sum` says of its file, and how old the file was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The SHA-256 of the file, in hex; empty before it was read.
    pub sha256: String,
    /// When the file was last written.
    pub modified: Option<Timestamp>,
}

/// A list, as `status` and coverage show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListLoaded {
    /// Its id.
    pub id: ListId,
    /// Rows that are watched.
    pub rows: usize,
    /// Its version: the SHA-256 of its file.
    pub version: String,
    /// When the file was last written.
    pub modified: Option<Timestamp>,
}

impl From<&List> for ListLoaded {
    fn from(list: &List) -> Self {
        let Edition { sha256, modified } = list.edition.clone();
        Self { id: list.id.clone(), rows: list.rows.len(), version: sha256, modified }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RuleId, Severity, WatchId, WatchKind};

    #[test]
    fn a_version_changes_with_what_matters_for_matching_and_with_nothing_else() {
        let rule = Rule {
            id: RuleId::new("r").unwrap(),
            title: None,
            query: Some("@a AND b".into()),
            any: vec!["x".into(), "y".into()],
            all: vec![],
            none: vec![],
            notify: vec![],
            severity: Severity::Normal,
            settle: std::time::Duration::ZERO,
            inflect: false,
        };
        let version = rule_version(&rule);
        assert_eq!(version.len(), 12);
        assert_eq!(
            version,
            rule_version(&Rule { title: Some("New".into()), severity: Severity::High, ..rule.clone() })
        );
        assert_ne!(version, rule_version(&Rule { any: vec!["xy".into()], ..rule.clone() }));
        assert_ne!(version, rule_version(&Rule { any: vec!["x".into()], all: vec!["y".into()], ..rule.clone() }));
        assert_ne!(version, rule_version(&Rule { inflect: true, ..rule }));
        let watch = Watch::empty(WatchId::new("a").unwrap(), WatchKind::Official);
        assert_ne!(watch_version(&watch), watch_version(&Watch { variants: false, ..watch.clone() }));
    }

    #[test]
    fn a_hash_is_what_sha256sum_says() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
