//! Alerts, to be looked at. In: a question. Out: alerts with all that is on record about them. It changes nothing.

use super::value::{channel_id, count, ms, rule_id, size, span, time};
use super::{outbox, steps, stories};
use crate::store::{AlertFile, AlertMessage, AlertQuery, AlertTally, Result, StoredAlert, WindowKey};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::time::Duration;

/// Messages that one alert's file names; the newest, if there are more.
const MESSAGES_MAX: usize = 100;

/// The alerts asked for, newest first.
pub(super) fn find(conn: &Connection, query: &AlertQuery) -> Result<Vec<StoredAlert>> {
    let (before, max) = (query.before.unwrap_or(i64::MAX), count(query.max));
    let since = query.since.map_or(i64::MIN, ms);
    match &query.rule {
        Some(rule) => stories::stored(
            conn,
            "SELECT id, data, suppressed FROM alerts WHERE rule = ?1 AND id < ?2 AND made >= ?4 ORDER BY id DESC LIMIT ?3",
            params![rule.key(), before, max, since],
        ),
        None => stories::stored(
            conn,
            "SELECT id, data, suppressed FROM alerts WHERE id < ?1 AND made >= ?3 ORDER BY id DESC LIMIT ?2",
            params![before, max, since],
        ),
    }
}

/// Everything on record about one alert.
pub(super) fn file(conn: &Connection, id: i64) -> Result<Option<AlertFile>> {
    let found = stories::stored(conn, "SELECT id, data, suppressed FROM alerts WHERE id = ?1", [id])?;
    let Some(stored) = found.into_iter().next() else { return Ok(None) };
    Ok(Some(AlertFile {
        stored,
        messages: messages(conn, id)?,
        waiting_digests: waiting_digests(conn, id)?,
        steps: steps::of(conn, id)?,
    }))
}

/// Its own messages, and those of the digests that told it.
fn messages(conn: &Connection, alert: i64) -> Result<Vec<AlertMessage>> {
    let mut all = conn.prepare_cached(
        "SELECT id, owed_at FROM messages WHERE alert = ?1
         UNION
         SELECT m.id, m.owed_at FROM digest_items d JOIN messages m ON m.id = d.told_by WHERE d.alert = ?1
         ORDER BY 1 DESC LIMIT ?2",
    )?;
    let found = all.query_map(params![alert, count(MESSAGES_MAX)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, i64)> = found.collect::<rusqlite::Result<_>>()?;
    let with_history = found.into_iter().rev().map(|(message, owed_at)| {
        let (deliveries, attempts) = outbox::history(conn, message)?;
        Ok(AlertMessage { owed_at: time(owed_at), deliveries, attempts })
    });
    with_history.collect()
}

fn waiting_digests(conn: &Connection, alert: i64) -> Result<Vec<WindowKey>> {
    let mut waiting = conn.prepare_cached(
        "SELECT coalesce(w.typed, d.channel), d.digest FROM digest_items d
         LEFT JOIN windows w ON w.channel = d.channel AND w.digest = d.digest
         WHERE d.alert = ?1 AND d.told_at IS NULL ORDER BY 1, 2",
    )?;
    let mut rows = waiting.query([alert])?;
    let mut keys = vec![];
    while let Some(row) = rows.next()? {
        keys.push(WindowKey { channel: channel_id(&row.get::<_, String>(0)?)?, digest: row.get(1)? });
    }
    Ok(keys)
}

/// Counts alerts by rule and stretch of time.
pub(super) fn tally(conn: &Connection, since: Timestamp, bin: Duration) -> Result<Vec<AlertTally>> {
    let mut grouped = conn.prepare_cached(
        "SELECT rule, (made - ?1) / ?2, count(*) FILTER (WHERE suppressed IS NULL),
                count(*) FILTER (WHERE suppressed IS NOT NULL)
         FROM alerts WHERE made >= ?1 GROUP BY 1, 2 ORDER BY 1, 2",
    )?;
    let mut rows = grouped.query(params![ms(since), span(bin).max(1)])?;
    let mut tallies = vec![];
    while let Some(row) = rows.next()? {
        tallies.push(AlertTally {
            rule: rule_id(&row.get::<_, String>(0)?)?,
            bin: size(row.get(1)?),
            told: size(row.get(2)?),
            not_told: size(row.get(3)?),
        });
    }
    Ok(tallies)
}
