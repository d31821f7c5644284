//! Digests: their windows, what waits to be told in them, and the state of the watch meanwhile.

use super::value::{after, channel_id, count, json, list, ms, next, parsed, rule_id, size, time};
use super::{entries, flood, outbox};
use crate::model::limits::{DIGEST_ALERTS_MAX, FLOOD_DIGEST, NEAR_MISSES_MAX};
use crate::model::{Alert, Coverage, Failing, NearMiss};
use crate::store::{Adoption, Claim, DigestRecord, DueWindow, Result, StoreError, WindowKey};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Makes the windows those of the configuration. What waits for a digest that is gone goes to another one of its channel.
pub(super) fn adopt(conn: &Connection, adoption: &Adoption) -> Result<()> {
    if adoption.release_claims {
        conn.execute("UPDATE windows SET lease = NULL, ready_at = due_at WHERE lease IS NOT NULL", [])?;
    }
    for seed in &adoption.windows {
        // A digest that had been taken out opens anew.
        conn.prepare_cached(
            "INSERT INTO windows (channel, digest, typed, opened, due_at, ready_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
             ON CONFLICT DO UPDATE SET
                 enabled = 1, typed = excluded.typed,
                 opened = iif(enabled, opened, excluded.opened),
                 due_at = iif(enabled, min(due_at, excluded.due_at), excluded.due_at),
                 ready_at = iif(lease IS NOT NULL, ready_at, iif(enabled, min(due_at, excluded.due_at), excluded.due_at))",
        )?
        .execute(params![
            seed.key.channel.key(),
            seed.key.digest,
            seed.key.channel.as_str(),
            ms(adoption.now),
            ms(seed.due_at)
        ])?;
    }
    let kept: Vec<_> = adoption.windows.iter().map(|seed| (seed.key.channel.key(), &seed.key.digest)).collect();
    conn.execute(
        "UPDATE windows SET enabled = 0, lease = NULL, ready_at = due_at
         WHERE (channel, digest) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))",
        [json(&kept)?],
    )?;
    conn.execute(
        "UPDATE OR REPLACE digest_items SET digest =
             (SELECT w.digest FROM windows w WHERE w.channel = digest_items.channel AND w.enabled = 1
              ORDER BY w.digest = ?1, w.digest LIMIT 1)
         WHERE told_at IS NULL
           AND (channel, digest) NOT IN (SELECT w.channel, w.digest FROM windows w WHERE w.enabled = 1)
           AND channel IN (SELECT w.channel FROM windows w WHERE w.enabled = 1)",
        [FLOOD_DIGEST],
    )?;
    // Where the channel has no digest any more, a summary tells them, and it waits for nothing.
    conn.execute(
        "UPDATE windows SET due_at = ?2, ready_at = ?2 WHERE digest = ?1 AND enabled = 1 AND lease IS NULL AND due_at = ?3
           AND EXISTS (SELECT 1 FROM digest_items d WHERE d.channel = windows.channel AND d.digest = ?1 AND d.told_at IS NULL)",
        params![FLOOD_DIGEST, ms(adoption.now), ms(Timestamp::MAX)],
    )?;
    Ok(())
}

/// Has digests tell an alert, or tell it again since it gained an outlet. A row that waits already is replaced by a new one: a
/// digest that is being made right now tells the alert as it was, and must not mark it as told as it is.
pub(super) fn route(conn: &Connection, alert: i64, digests: &[WindowKey]) -> Result<()> {
    for WindowKey { channel, digest } in digests {
        conn.prepare_cached("INSERT OR REPLACE INTO digest_items (channel, digest, alert) VALUES (?1, ?2, ?3)")?
            .execute(params![channel.key(), digest, alert])?;
    }
    Ok(())
}

/// Claims windows that have closed.
pub(super) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<DueWindow>> {
    let due: Vec<(String, String, String, i64, i64)> = conn
        .prepare_cached(
            "SELECT channel, digest, typed, opened, due_at FROM windows WHERE enabled = 1 AND ready_at <= ?1
             ORDER BY due_at, channel, digest LIMIT ?2",
        )?
        .query_map(params![ms(claim.now), count(claim.max)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut claimed = vec![];
    for (channel, digest, typed, opened, due_at) in due {
        let lease = next(conn, "lease")?;
        conn.prepare_cached("UPDATE windows SET lease = ?3, ready_at = ?4 WHERE channel = ?1 AND digest = ?2")?
            .execute(params![channel, digest, lease, after(claim.now, claim.lease)])?;
        let key = WindowKey { channel: channel_id(&typed)?, digest };
        claimed.push(window(conn, key, (opened, due_at), lease)?);
    }
    Ok(claimed)
}

/// What a window has to tell that is still open; nobody claims it.
pub(super) fn open(conn: &Connection, key: &WindowKey) -> Result<Option<DueWindow>> {
    let times: Option<(i64, i64)> = conn
        .prepare_cached("SELECT opened, due_at FROM windows WHERE channel = ?1 AND digest = ?2 AND enabled = 1")?
        .query_row(params![key.channel.key(), key.digest], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    times.map(|times| window(conn, key.clone(), times, 0)).transpose()
}

fn window(conn: &Connection, key: WindowKey, (opened, due_at): (i64, i64), lease: i64) -> Result<DueWindow> {
    let (alerts, told) = waiting(conn, &key.channel.key(), &key.digest)?;
    let (from, to) = (time(opened), time(due_at));
    let (coverage, near_misses) = (coverage(conn, opened)?, near_misses(conn, opened)?);
    let languages = entries::languages(conn, opened)?;
    Ok(DueWindow { key, from, to, alerts, coverage, languages, near_misses, lease, told })
}

/// What waits for a digest: the newest alerts, oldest first, and the numbers of all.
fn waiting(conn: &Connection, channel: &str, digest: &str) -> Result<(Vec<Alert>, Vec<i64>)> {
    let mut items = conn.prepare_cached(
        "SELECT id, alert FROM digest_items WHERE channel = ?1 AND digest = ?2 AND told_at IS NULL ORDER BY id",
    )?;
    let items: Vec<(i64, i64)> =
        items.query_map([channel, digest], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut alert = conn.prepare_cached("SELECT data FROM alerts WHERE id = ?1")?;
    let newest = items.len().saturating_sub(DIGEST_ALERTS_MAX);
    let alerts = items[newest..].iter().map(|(_, id)| parsed(&alert.query_row([id], |row| row.get::<_, String>(0))?));
    let alerts = alerts.collect::<Result<_>>()?;
    Ok((alerts, items.into_iter().map(|(id, _)| id).collect()))
}

fn coverage(conn: &Connection, from: i64) -> Result<Coverage> {
    let mut coverage = Coverage { unread: entries::unread(conn)?, ..Coverage::default() };
    (coverage.sources, coverage.polled) = conn.query_row(
        "SELECT count(*), count(*) FILTER (WHERE last_success >= ?1) FROM sources WHERE enabled = 1",
        [from],
        |row| Ok((size(row.get(0)?), size(row.get(1)?))),
    )?;
    // A gap is over at the next poll; what it may have lost is still lost.
    let mut failing = conn.prepare_cached(
        "SELECT typed, state, since, error FROM sources WHERE enabled = 1 AND state NOT IN ('new', 'ok', 'disabled')
         UNION ALL
         SELECT typed, 'gap', gap_at, 'no known entry was left in the feed: something may have been missed' FROM sources
         WHERE enabled = 1 AND gap_at >= ?1 AND state <> 'gap'
         ORDER BY 1",
    )?;
    let rows = failing.query_map([from], |row| {
        let state: String = row.get(1)?;
        let error: Option<String> = row.get(3)?;
        Ok(Failing {
            source: row.get(0)?,
            since: row.get::<_, Option<i64>>(2)?.map(time),
            error: error.unwrap_or_else(|| words(&state).into()),
            state,
        })
    })?;
    coverage.failing = rows.collect::<rusqlite::Result<_>>()?;
    let read = conn.query_row(
        "SELECT count(*) FILTER (WHERE complete AND NOT unreadable), count(*) FILTER (WHERE NOT complete AND NOT unreadable),
                count(*) FILTER (WHERE unreadable), count(*) FILTER (WHERE copy), count(*) FILTER (WHERE too_old)
         FROM articles WHERE read_at >= ?1",
        [from],
        |row| (0..5).map(|at| Ok(size(row.get(at)?))).collect::<rusqlite::Result<Vec<_>>>(),
    )?;
    if let [full, summary, unreadable, copies, too_old] = read[..] {
        (coverage.read_in_full, coverage.summary_only, coverage.unreadable) = (full, summary, unreadable);
        (coverage.copies, coverage.too_old) = (copies, too_old);
    }
    coverage.baseline = conn.query_row(
        "SELECT coalesce(sum(articles), 0), coalesce(sum(would_alert), 0) FROM baselines WHERE at >= ?1",
        [from],
        |row| Ok((size(row.get(0)?), size(row.get(1)?))),
    )?;
    Ok(coverage)
}

/// A state in words, where the poll gave none.
fn words(state: &str) -> &'static str {
    match state {
        "stale" => "it answers, but has brought nothing new for far longer than it used to",
        "moved" => "it has moved",
        "gone" => "it is gone",
        _ => "",
    }
}

fn near_misses(conn: &Connection, from: i64) -> Result<Vec<NearMiss>> {
    let mut grouped = conn.prepare_cached(
        "SELECT rule, why, count(*) AS articles, min(title) FROM near_misses WHERE at >= ?1
         GROUP BY rule, why ORDER BY articles DESC, rule, why LIMIT ?2",
    )?;
    let mut rows = grouped.query(params![from, count(NEAR_MISSES_MAX)])?;
    let mut near_misses = vec![];
    while let Some(row) = rows.next()? {
        near_misses.push(NearMiss {
            rule: rule_id(&row.get::<_, String>(0)?)?,
            why: row.get(1)?,
            count: size(row.get(2)?),
            example: row.get(3)?,
        });
    }
    Ok(near_misses)
}

/// Ends a window.
pub(super) fn commit(conn: &Connection, digest: &DigestRecord) -> Result<()> {
    let (channel, name) = (digest.key.channel.key(), &digest.key.digest);
    conn.prepare_cached(
        "UPDATE windows SET lease = NULL, opened = ?4, due_at = ?5, ready_at = ?5
         WHERE channel = ?1 AND digest = ?2 AND lease = ?3 RETURNING 1",
    )?
    .query_row(params![channel, name, digest.lease, ms(digest.now), ms(digest.next_due_at)], |_| Ok(()))
    .optional()?
    .ok_or(StoreError::LeaseLost)?;
    outbox::owe(conn, digest.owed.as_slice(), None)?;
    conn.prepare_cached(
        "UPDATE digest_items SET told_at = ?2, told_by = (SELECT id FROM messages WHERE message = ?3)
         WHERE id IN (SELECT value FROM json_each(?1))",
    )?
    .execute(params![
        list(digest.told.iter().copied()),
        ms(digest.now),
        digest.owed.as_ref().map(|owed| owed.message.id.as_str())
    ])?;
    if *name == FLOOD_DIGEST {
        flood::again(conn, &digest.key, digest.now)?;
    }
    Ok(())
}
