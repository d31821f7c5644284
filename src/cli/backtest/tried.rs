//! What rules would have told. In: what they found in each article. Out: alerts, a story once per rule, counted by day and rule.

use crate::group::{Replay, Replayed, Would};
use crate::model::{Match, RuleId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// An article that rules match.
pub(super) struct Matched {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) outlet: String,
    pub(super) urls: Vec<String>,
    pub(super) sketch: Vec<u32>,
    pub(super) text: String,
    pub(super) max_age: Duration,
    pub(super) published: Option<Timestamp>,
    pub(super) first_seen: Timestamp,
    pub(super) read_at: Timestamp,
    pub(super) found: Vec<Found>,
}

/// What one rule found.
pub(super) struct Found {
    rule: RuleId,
    /// The texts, each once.
    texts: Vec<String>,
}

/// Days that are counted one by one.
const DAYS_MAX: usize = 3660;
/// Texts named of one match.
const TEXTS_MAX: usize = 8;

impl Found {
    pub(super) fn new(found: Match) -> Self {
        let mut texts: Vec<String> = vec![];
        for hit in found.hits {
            let text = crate::text::one_line(&hit.text);
            if texts.len() < TEXTS_MAX && !texts.contains(&text) {
                texts.push(text);
            }
        }
        Self { rule: found.rule, texts }
    }
}

/// An alert that would have been made.
#[derive(Debug, Serialize)]
pub(super) struct Alert {
    pub(super) rule: RuleId,
    /// The article's id in the archive.
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) outlet: String,
    /// When it was read.
    pub(super) at: Timestamp,
    /// Texts that were found.
    pub(super) found: Vec<String>,
    /// Articles of other outlets that tell the same.
    pub(super) copies: usize,
    /// All its articles.
    #[serde(skip)]
    pub(super) articles: Vec<i64>,
}

/// What one rule would have told.
#[derive(Debug, Serialize)]
pub(super) struct OfRule {
    pub(super) rule: RuleId,
    pub(super) alerts: usize,
    pub(super) copies: usize,
    pub(super) too_old: usize,
    /// Alerts in seven days, on the average of the days in which anything was read.
    pub(super) per_week: f64,
}

/// Alerts of one day in the service's zone.
#[derive(Debug, Serialize)]
pub(super) struct OfDay {
    pub(super) day: Date,
    pub(super) alerts: usize,
}

/// What a configuration would have told.
#[derive(Debug, Serialize)]
pub(super) struct Tried {
    pub(super) rules: Vec<OfRule>,
    /// From the first day with an alert to the last day.
    pub(super) days: Vec<OfDay>,
    /// Newest first.
    pub(super) alerts: Vec<Alert>,
    /// All of them, also where fewer are listed.
    pub(super) alerts_total: usize,
}

impl Tried {
    /// Decides the stories of what was found between two times.
    pub(super) fn new(
        mut matched: Vec<Matched>,
        rules: Vec<RuleId>,
        since: Timestamp,
        until: Timestamp,
        zone: &TimeZone,
    ) -> Self {
        matched.sort_by_key(|article| (article.read_at, article.id));
        let first = matched.first().map_or(until, |article| article.read_at).max(since);
        let mut replay = Replay::default();
        let mut alerts: Vec<Alert> = vec![];
        let (mut copies, mut too_old) = (HashMap::<RuleId, usize>::new(), HashMap::<RuleId, usize>::new());
        for article in matched {
            let ids: Vec<RuleId> = article.found.iter().map(|found| found.rule.clone()).collect();
            let read = Replayed {
                published: article.published,
                urls: &article.urls,
                sketch: &article.sketch,
                text: &article.text,
                first_seen: article.first_seen,
                read_at: article.read_at,
                max_age: article.max_age,
            };
            for (would, found) in replay.add(&read, &ids).into_iter().zip(article.found) {
                match would {
                    Would::Alert => alerts.push(Alert {
                        rule: found.rule,
                        id: article.id,
                        title: article.title.clone(),
                        url: article.url.clone(),
                        outlet: article.outlet.clone(),
                        at: article.read_at,
                        found: found.texts,
                        copies: 0,
                        articles: vec![article.id],
                    }),
                    Would::Copy(of) => {
                        *copies.entry(found.rule).or_default() += 1;
                        if let Some(alert) = alerts.get_mut(of) {
                            alert.copies += 1;
                            alert.articles.push(article.id);
                        }
                    }
                    Would::TooOld => *too_old.entry(found.rule).or_default() += 1,
                }
            }
        }
        let weeks = until.duration_since(first).as_secs_f64() / (7.0 * 86_400.0);
        let of_rule = |rule: RuleId| {
            let count = alerts.iter().filter(|alert| alert.rule == rule).count();
            OfRule {
                alerts: count,
                copies: copies.get(&rule).copied().unwrap_or(0),
                too_old: too_old.get(&rule).copied().unwrap_or(0),
                // Under a day, a week cannot be told from what was seen.
                per_week: (float(count) / weeks.max(1.0 / 7.0) * 10.0).round() / 10.0,
                rule,
            }
        };
        let rules = rules.into_iter().map(of_rule).collect();
        let days = days(&alerts, until, zone);
        alerts.reverse();
        Self { rules, days, alerts_total: alerts.len(), alerts }
    }
}

/// Alerts by day, days without one between them too.
fn days(alerts: &[Alert], until: Timestamp, zone: &TimeZone) -> Vec<OfDay> {
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
    for alert in alerts {
        *counts.entry(day(alert.at)).or_default() += 1;
    }
    let Some(first) = counts.keys().next().copied() else { return vec![] };
    let until = day(until);
    let all = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= until);
    all.take(DAYS_MAX).map(|day| OfDay { day, alerts: counts.get(&day).copied().unwrap_or(0) }).collect()
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
