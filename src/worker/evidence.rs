//! What an alert stands on. In: the article as it was read, the hits, the versions of what is configured. Out: evidence for the
//! ledger. It decides nothing.

use super::Plan;
use crate::model::{
    Article, Evidence, Hit, List, ListLoaded, Rule, RuleId, Validators, Watch, rule_version, sha256, watch_version,
};
use jiff::Timestamp;
use std::collections::HashMap;

/// The versions of all that is configured.
#[derive(Debug, Default)]
pub struct Versions {
    rules: HashMap<RuleId, String>,
    watches: HashMap<String, String>,
    /// The lists as they were loaded.
    pub lists: Vec<ListLoaded>,
}

impl Versions {
    /// Those of a configuration.
    #[must_use]
    pub fn of(watches: &[Watch], lists: &[List], rules: &[Rule]) -> Self {
        Self {
            rules: rules.iter().map(|rule| (rule.id.clone(), rule_version(rule))).collect(),
            watches: watches.iter().map(|watch| (watch.id.to_string(), watch_version(watch))).collect(),
            lists: lists.iter().map(ListLoaded::from).collect(),
        }
    }
}

/// An article and how it came.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) source: &'a str,
    pub(super) article: &'a Article,
    pub(super) fetched: Timestamp,
    pub(super) validators: &'a Validators,
}

impl Seen<'_> {
    /// What an alert of `rule` stands on in this article.
    pub(super) fn evidence(self, plan: &Plan, rule: &RuleId, hits: &[Hit]) -> Box<Evidence> {
        let Versions { rules, watches, lists } = &plan.versions;
        let mut ids: Vec<&String> = hits.iter().filter_map(|hit| hit.watch.as_ref()).collect();
        ids.sort_unstable();
        ids.dedup();
        let of_lists = |id: &&String| {
            let list = lists.iter().find(|list| list.id.as_str() == id.as_str())?;
            Some(((*id).clone(), list.version.clone()))
        };
        Box::new(Evidence {
            source: self.source.into(),
            url: self.article.url.clone(),
            title: self.article.title.clone(),
            published: self.article.published,
            fetched: self.fetched,
            validators: self.validators.clone(),
            text_sha256: sha256(self.article.text.as_bytes()),
            rule_version: rules.get(rule).cloned().unwrap_or_default(),
            watches: ids.iter().filter_map(|id| Some(((*id).clone(), watches.get(*id)?.clone()))).collect(),
            lists: ids.iter().filter_map(of_lists).collect(),
            passages: hits.to_vec(),
            program: env!("CARGO_PKG_VERSION").into(),
        })
    }
}
