//! What to do, as configured: made by the application at start and at each reload, read by every turn.

use super::{Reach, Versions};
use crate::group;
use crate::matching;
use crate::model::{Channel, ChannelId, Hit, List, RowKey, Rule, RuleId, Source, SourceId, Watch, WatchKind};
use crate::schedule::Policy;
use crate::store::Kept;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The configuration as the loops need it.
pub struct Plan {
    /// By id.
    pub sources: HashMap<SourceId, Arc<Source>>,
    /// All watches, lists and rules, compiled.
    pub index: Arc<matching::Index>,
    /// By id.
    pub rules: HashMap<RuleId, Rule>,
    /// Whether a rule may ask for the language of an article: see [`Self::asks_language`].
    pub asks_language: bool,
    /// By id.
    pub channels: HashMap<ChannelId, Channel>,
    /// Who is told of failing sources, dead messages and the like.
    pub notify: Vec<ChannelId>,
    /// For a watch's or list's id, its first name in Latin script.
    pub latin_names: HashMap<String, String>,
    /// What is watched for, for coverage.
    pub reach: Reach,
    /// The versions of what is configured, for the evidence of alerts.
    pub versions: Versions,
    /// Bounds of intervals.
    pub policy: Policy,
    /// An article older than this when first seen is not told.
    pub max_age: Duration,
    /// How long things are kept.
    pub kept: Kept,
    /// Sources polled, and pages read, side by side.
    pub concurrency: usize,
    /// Whether alerts wait for other outlets; `run --once` does not wait.
    pub settles: bool,
}

impl Plan {
    /// Whether anything that was typed has `lang` in it. Some of that is no question after a language, and does no harm.
    #[must_use]
    pub fn asks_language(watches: &[Watch], lists: &[List], rules: &[Rule]) -> bool {
        let asks = |typed: &str| typed.to_lowercase().contains("lang");
        let of_rule = |rule: &Rule| {
            rule.query.iter().chain(&rule.any).chain(&rule.all).chain(&rule.none).any(|typed| asks(typed))
        };
        let of_rows = |list: &List| list.rows.iter().any(|row| row.of(RowKey::With).any(asks));
        rules.iter().any(of_rule)
            || watches.iter().any(|watch| watch.with.iter().any(|typed| asks(typed)))
            || lists.iter().any(|list| list.with.iter().any(|typed| asks(typed)) || of_rows(list))
    }

    /// The first Latin name of each organization and official that has one; a keyword's other words do not translate it.
    #[must_use]
    pub fn latin_names(watches: &[Watch]) -> HashMap<String, String> {
        let latin = |name: &&String| {
            name.chars().any(char::is_alphabetic) && !name.chars().any(|c| c > '\u{24f}' && c.is_alphabetic())
        };
        let named = watches.iter().filter(|watch| watch.kind != WatchKind::Keyword);
        named
            .filter_map(|watch| {
                let name = watch.names.iter().chain(&watch.exact).find(latin)?;
                Some((watch.id.as_str().to_string(), name.clone()))
            })
            .collect()
    }
}

impl group::Names for Plan {
    fn rule_title(&self, rule: &RuleId) -> String {
        let typed = self.rules.get(rule).and_then(|rule| rule.title.clone());
        typed.unwrap_or_else(|| in_words(rule.as_str()))
    }

    fn watch_name(&self, hit: &Hit) -> Option<(String, String)> {
        let watch = hit.watch.as_ref()?;
        let name = self.latin_names.get(watch)?;
        Some((watch.clone(), name.clone()))
    }
}

/// An id as a title: `sco-security` is "Sco security" to nobody, so only the hyphens go.
fn in_words(id: &str) -> String {
    id.replace(['-', '_'], " ")
}
