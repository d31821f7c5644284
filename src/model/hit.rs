//! What matching found: the JSON of `wirewatch match --json`.

use super::{Route, RuleId, Severity, Zone};
use serde::{Deserialize, Serialize};

/// One watch, or one plain query word, found at a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The watch's id; the list's id for a list's name; `None` for a plain query word.
    pub watch: Option<String>,
    /// The row's id, for a list's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What the row's list says of it, OpenSanctions' words: `sanction`, `role.pep`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// How it was found.
    pub kind: HitKind,
    /// The configured name that it is a form of, as typed.
    pub name: String,
    /// The text found, as it stands in the article.
    pub text: String,
    /// The narrowest zone that it stands in.
    pub zone: Zone,
    /// The index in the article's `zones` whose text `start` and `end` count in; given for a caption only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// Where it begins, in Unicode code points of the article's title, text or caption.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The sentence around it.
    pub sentence: String,
}

/// How a hit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HitKind {
    /// A name in one of its forms.
    Name,
    /// As written, case and all.
    Exact,
    /// A weak name that something made count.
    Weak,
    /// A post.
    Post,
    /// A plain word, phrase or wildcard of the query.
    Word,
}

/// A rule that an article meets, with its hits in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The rule.
    pub rule: RuleId,
    /// How loud.
    pub severity: Severity,
    /// Where to, as typed: `desk`, `desk/morning`.
    pub notify: Vec<String>,
    /// What was found: the first mention of each watch and row before further ones, at most [`super::limits::HITS_MAX`].
    pub hits: Vec<Hit>,
    /// Hits beyond those.
    #[serde(default, skip_serializing_if = "none")]
    pub left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn none(count: &usize) -> bool {
    *count == 0
}

impl Match {
    /// The routes of the rule.
    #[must_use]
    pub fn routes(notify: &[Route]) -> Vec<String> {
        notify.iter().map(ToString::to_string).collect()
    }
}
