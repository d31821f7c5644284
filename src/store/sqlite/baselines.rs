//! First polls: what they would have alerted, kept as suppressed, and told once in one sum.

use super::value::{before, count, json, ms, parsed, size, source_id};
use super::{outbox, stories};
use crate::model::Suppressed;
use crate::store::{BaselineRecord, BaselineSummary, Owed, Result};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// Stores a source's first poll.
pub(super) fn store(conn: &Connection, source: i64, baseline: &BaselineRecord, now: Timestamp) -> Result<()> {
    let stories: HashSet<&str> = baseline.alerts.iter().map(|(alert, _)| alert.story.as_str()).collect();
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for (alert, matched) in &baseline.alerts {
        *by_rule.entry(&alert.rule_title).or_default() += 1;
        stories::suppress(conn, alert, matched, &Suppressed::Baseline, now)?;
    }
    let by_rule: Vec<(&str, usize)> = by_rule.into_iter().collect();
    conn.prepare_cached(
        "INSERT OR REPLACE INTO baselines (source, at, articles, would_alert, by_rule) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![source, ms(now), count(baseline.articles), count(stories.len()), json(&by_rule)?])?;
    Ok(())
}

/// Those that nobody was told of, once they are worth a sum.
pub(super) fn unreported(conn: &Connection, now: Timestamp, patience: Duration) -> Result<Option<BaselineSummary>> {
    let (oldest, new): (Option<i64>, bool) = conn
        .prepare_cached(
            "SELECT (SELECT min(at) FROM baselines WHERE told = 0),
                    EXISTS (SELECT 1 FROM sources WHERE enabled = 1 AND state = 'new')",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(oldest) = oldest else { return Ok(None) };
    if new && oldest > before(now, patience) {
        return Ok(None);
    }
    let mut untold = conn.prepare_cached(
        "SELECT s.typed, b.articles, b.would_alert, b.by_rule FROM baselines b JOIN sources s ON s.id = b.source
         WHERE b.told = 0 ORDER BY s.source",
    )?;
    let mut rows = untold.query([])?;
    let mut summary = BaselineSummary { sources: vec![], articles: 0, would_alert: 0, by_rule: vec![] };
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        summary.sources.push(source_id(&row.get::<_, String>(0)?)?);
        summary.articles += size(row.get(1)?);
        summary.would_alert += size(row.get(2)?);
        for (rule, alerts) in parsed::<Vec<(String, usize)>>(&row.get::<_, String>(3)?)? {
            *rules.entry(rule).or_default() += alerts;
        }
    }
    summary.by_rule = rules.into_iter().collect();
    summary.by_rule.sort_by_key(|(_, alerts)| std::cmp::Reverse(*alerts));
    Ok(Some(summary))
}

/// Marks them as told. Where somebody else was faster, nothing is owed again.
pub(super) fn report(conn: &Connection, summary: &BaselineSummary, owed: &[Owed]) -> Result<()> {
    let sources: Vec<_> = summary.sources.iter().map(crate::model::SourceId::key).collect();
    let told = conn.execute(
        "UPDATE baselines SET told = 1 WHERE told = 0 AND source IN
             (SELECT id FROM sources WHERE source IN (SELECT value FROM json_each(?1)))",
        [json(&sources)?],
    )?;
    if told > 0 {
        outbox::owe(conn, owed, None)?;
    }
    Ok(())
}
