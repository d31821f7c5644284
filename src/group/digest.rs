//! What one digest tells: by rule, then story, newest first, cut at a cap with what is left out counted. Stories of one event stand
//! together.

use super::together::lay_together;
use crate::model::{Alert, Coverage, Digest, DigestGroup, NearMiss};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// A digest that leaves this long after it was due says so.
const LATE: Duration = Duration::from_mins(15);

/// Lays out the digest of a window. `alerts` in any order; one told twice (routed, and then a copy) is taken as it was last.
#[must_use]
#[expect(clippy::too_many_arguments, reason = "each is a part of the digest as it is")]
pub fn digest(
    channel: &str,
    name: &str,
    from: Timestamp,
    to: Timestamp,
    alerts: Vec<Alert>,
    stories_max: usize,
    coverage: Coverage,
    near_misses: Vec<NearMiss>,
    now: Timestamp,
) -> Digest {
    let mut newest: HashMap<(String, String), Alert> = HashMap::new();
    for alert in alerts {
        let key = (alert.rule.key().into_owned(), alert.story.as_str().to_string());
        match newest.get(&key) {
            Some(known) if known.outlets.len() > alert.outlets.len() => {}
            _ => {
                newest.insert(key, alert);
            }
        }
    }
    let mut alerts: Vec<Alert> = newest.into_values().collect();
    alerts.sort_by(|a, b| {
        b.matched.cmp(&a.matched).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.story.cmp(&b.story))
    });
    let more = alerts.len().saturating_sub(stories_max);
    alerts.truncate(stories_max);
    let mut groups: Vec<DigestGroup> = vec![];
    for alert in alerts {
        match groups.iter_mut().find(|group| group.rule == alert.rule) {
            Some(group) => group.alerts.push(alert),
            None => groups.push(DigestGroup {
                rule: alert.rule.clone(),
                rule_title: alert.rule_title.clone(),
                alerts: vec![alert],
                together: vec![],
                days: vec![],
            }),
        }
    }
    for group in &mut groups {
        (group.alerts, group.together) = lay_together(std::mem::take(&mut group.alerts));
    }
    // The loudest rules first; the sort is stable, so equal ones stay newest first.
    groups.sort_by_key(|group| std::cmp::Reverse(group.alerts.iter().map(|alert| alert.severity).max()));
    let late = Duration::try_from(now.duration_since(to)).unwrap_or_default() > LATE;
    Digest { channel: channel.into(), name: name.into(), from, to, late, groups, more, coverage, near_misses }
}
