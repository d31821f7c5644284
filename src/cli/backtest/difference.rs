//! What two configurations tell differently. In: the alerts of both over the same articles. Out: those that only one has, each
//! with the reason why the other has not.

use super::Side;
use super::tried::{Alert, Tried};
use crate::cli::Failure;
use crate::cli::status::block_on;
use crate::model::RuleId;
use crate::store::{Sqlite, Store};
use serde::Serialize;
use std::collections::HashSet;

/// What only one configuration tells.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    pub(super) gained_total: usize,
    pub(super) lost_total: usize,
    /// Told by the configuration that is tried and not by the other, newest first.
    pub(super) gained: Vec<Changed>,
    /// Told by the other and not by the one that is tried, newest first.
    pub(super) lost: Vec<Changed>,
}

/// An alert that only one configuration has.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    pub(super) rule: RuleId,
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) outlet: String,
    /// Texts that were found by the configuration that tells it.
    pub(super) found: Vec<String>,
    /// Why the other does not tell it, in words.
    pub(super) reason: String,
}

impl Difference {
    /// What each has that the other has not; at most `max` each way are listed.
    pub(super) fn new(
        (ours, one): (&Tried, &Side),
        (theirs, other): (&Tried, &Side),
        store: &Sqlite,
        max: usize,
    ) -> Result<Self, Failure> {
        let (gained, lost) = (only(ours, theirs), only(theirs, ours));
        let changed = |alerts: &[&Alert], silent: &Side| -> Result<Vec<Changed>, Failure> {
            alerts.iter().take(max).map(|alert| Changed::new(alert, silent, store)).collect()
        };
        Ok(Self {
            gained_total: gained.len(),
            lost_total: lost.len(),
            gained: changed(&gained, other)?,
            lost: changed(&lost, one)?,
        })
    }
}

/// The alerts of which the other has none for the same rule and one of the same articles.
fn only<'t>(some: &'t Tried, other: &Tried) -> Vec<&'t Alert> {
    let told: HashSet<(&RuleId, i64)> =
        other.alerts.iter().flat_map(|alert| alert.articles.iter().map(|id| (&alert.rule, *id))).collect();
    let untold = |alert: &&Alert| !alert.articles.iter().any(|id| told.contains(&(&alert.rule, *id)));
    some.alerts.iter().filter(untold).collect()
}

impl Changed {
    fn new(alert: &Alert, silent: &Side, store: &Sqlite) -> Result<Self, Failure> {
        let archived = block_on(store.archived(alert.id))??;
        let reason = match archived {
            Some(archived) => silent.why_not(&archived, &alert.rule),
            None => "its article is no longer kept".into(),
        };
        Ok(Self {
            rule: alert.rule.clone(),
            id: alert.id,
            title: alert.title.clone(),
            url: alert.url.clone(),
            outlet: alert.outlet.clone(),
            found: alert.found.clone(),
            reason,
        })
    }
}
