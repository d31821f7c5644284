//! Sources: adopted from the configuration, claimed, and what a poll of one came to.

use super::value::{after, count, list, ms, named, next, source_id, span, time};
use super::{baselines, entries, outbox, polls, timers};
use crate::model::{SourceState, Validators};
use crate::store::{
    Adopted, Adoption, Claim, DueSource, PollCommitted, PollRecord, Polled, Result, SourceSeed, StoreError,
};
use rusqlite::{Connection, OptionalExtension as _, named_params, params};
use std::collections::HashMap;
use std::time::Duration;

/// A source that the store has already.
struct Known {
    id: i64,
    typed: String,
    url: String,
    enabled: bool,
}

/// Makes the sources those of the configuration.
pub(super) fn adopt(conn: &Connection, adoption: &Adoption) -> Result<Adopted> {
    if adoption.release_claims {
        conn.execute("UPDATE sources SET lease = NULL, ready_at = due_at WHERE lease IS NOT NULL", [])?;
    }
    let mut known = known(conn)?;
    let mut adopted = Adopted::default();
    for seed in &adoption.sources {
        if let Some(source) = known.remove(&*seed.id.key()) {
            keep(conn, adoption, seed, &source)?;
        } else {
            conn.prepare_cached(
                "INSERT INTO sources (source, typed, due_at, ready_at, state, since, configured_url, url)
                 VALUES (?1, ?2, ?3, ?3, 'new', ?4, ?5, ?5)",
            )?
            .execute(params![
                seed.id.key(),
                seed.id.as_str(),
                ms(seed.first_check_at),
                ms(adoption.now),
                seed.url
            ])?;
            adopted.added += 1;
        }
    }
    for source in known.values().filter(|source| source.enabled) {
        conn.prepare_cached(
            "UPDATE sources SET enabled = 0, state = 'disabled', since = ?2, error = NULL, lease = NULL, ready_at = due_at
             WHERE id = ?1",
        )?
        .execute(params![source.id, ms(adoption.now)])?;
        entries::hold(conn, source.id)?;
        adopted.removed += 1;
    }
    Ok(adopted)
}

fn known(conn: &Connection) -> Result<HashMap<String, Known>> {
    let mut all = conn.prepare_cached("SELECT source, id, typed, configured_url, enabled FROM sources")?;
    let rows = all.query_map([], |row| {
        Ok((row.get(0)?, Known { id: row.get(1)?, typed: row.get(2)?, url: row.get(3)?, enabled: row.get(4)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adopts a known source again: its history stays, its time too, since a restart resets no timer.
fn keep(conn: &Connection, adoption: &Adoption, seed: &SourceSeed, known: &Known) -> Result<()> {
    if !known.enabled {
        conn.prepare_cached(
            "UPDATE sources SET enabled = 1, state = iif(baselined, 'ok', 'new'), since = ?2, failures = 0,
             told_failing = 0 WHERE id = ?1",
        )?
        .execute(params![known.id, ms(adoption.now)])?;
        entries::release(conn, known.id)?;
    }
    if known.url != seed.url {
        // What the old address asked for (its validators, its Retry-After) binds nobody at the new one.
        conn.prepare_cached(
            "UPDATE sources SET configured_url = ?2, url = ?2, etag = NULL, last_modified = NULL, moved_count = 0,
             moved_to = NULL, failures = 0, format = NULL, discovered = 0, lull_ms = NULL, due_at = min(due_at, ?3),
             ready_at = iif(lease IS NULL, min(due_at, ?3), ready_at) WHERE id = ?1",
        )?
        .execute(params![known.id, seed.url, ms(seed.first_check_at)])?;
    } else if let Some(latest) = seed.latest_check_at {
        // Not where it fails: its time may be the server's own wish.
        conn.prepare_cached(
            "UPDATE sources SET due_at = ?2, ready_at = iif(lease IS NULL, ?2, ready_at)
             WHERE id = ?1 AND due_at > ?2 AND failures = 0",
        )?
        .execute(params![known.id, ms(latest)])?;
    }
    if known.typed != seed.id.as_str() {
        conn.prepare_cached("UPDATE sources SET typed = ?2 WHERE id = ?1")?
            .execute(params![known.id, seed.id.as_str()])?;
    }
    Ok(())
}

/// Claims those whose time has come. Where there are none, nothing is written.
pub(super) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<DueSource>> {
    timers::keep_up(conn, claim.now)?;
    let due: Vec<i64> = conn
        .prepare_cached("SELECT id FROM sources WHERE enabled = 1 AND ready_at <= ?1 ORDER BY ready_at LIMIT ?2")?
        .query_map(params![ms(claim.now), count(claim.max)], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if due.is_empty() {
        return Ok(vec![]);
    }
    let lease = next(conn, "lease")?;
    let mut claimed = conn.prepare_cached(
        "UPDATE sources SET lease = ?1, ready_at = ?2 WHERE id IN (SELECT value FROM json_each(?3))
         RETURNING typed, url, etag, last_modified, state, since, failures, told_failing, interval_ms, baselined,
             last_new, due_at, moved_count, moved_to, told_stale, lull_ms, format, discovered",
    )?;
    let mut rows = claimed.query(params![lease, after(claim.now, claim.lease), list(due)])?;
    let mut claimed = vec![];
    while let Some(row) = rows.next()? {
        claimed.push(DueSource {
            id: source_id(&row.get::<_, String>(0)?)?,
            url: row.get(1)?,
            validators: Validators { etag: row.get(2)?, last_modified: row.get(3)? },
            state: named(&row.get::<_, String>(4)?)?,
            since: row.get::<_, Option<i64>>(5)?.map(time),
            failures: row.get(6)?,
            told_failing: row.get(7)?,
            interval: row.get::<_, Option<i64>>(8)?.map(|ms| Duration::from_millis(ms.unsigned_abs())),
            baselined: row.get(9)?,
            last_new: row.get::<_, Option<i64>>(10)?.map(time),
            due_at: time(row.get(11)?),
            moved_count: row.get(12)?,
            moved_to: row.get(13)?,
            told_stale: row.get(14)?,
            lull: row.get::<_, Option<i64>>(15)?.map(|ms| Duration::from_millis(ms.unsigned_abs())),
            format: row.get(16)?,
            discovered: row.get(17)?,
            lease,
        });
    }
    claimed.sort_by_key(|source| source.due_at);
    Ok(claimed)
}

/// Stores a poll. `keyed` are the document's entries, as [`entries::keyed`] gave them.
pub(super) fn commit(conn: &Connection, poll: &PollRecord, keyed: &[entries::Keyed]) -> Result<PollCommitted> {
    let source = conn
        .prepare_cached("SELECT id FROM sources WHERE source = ?1 AND lease = ?2")?
        .query_row(params![poll.source.key(), poll.lease], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::LeaseLost)?;
    let committed = match &poll.polled {
        Polled::Read { entries, baseline, .. } => {
            if let Some(baseline) = baseline {
                baselines::store(conn, source, baseline, poll.now)?;
            }
            let document = entries::Document { source, entries, keyed, baseline: baseline.as_ref() };
            entries::store(conn, &document, poll.now)?
        }
        Polled::Unchanged | Polled::Failed { .. } => PollCommitted::default(),
    };
    let number = update(conn, source, poll, &committed)?;
    polls::keep(conn, source, number, poll, &committed)?;
    outbox::owe(conn, &poll.owed, None)?;
    Ok(committed)
}

/// Answers how many polls of the source were committed, this one included.
fn update(conn: &Connection, source: i64, poll: &PollRecord, committed: &PollCommitted) -> Result<i64> {
    let state = match poll.state {
        // Both are seen only here: whether all that was known is gone, and whether anything is new.
        SourceState::New | SourceState::Ok | SourceState::Stale | SourceState::Gap if committed.gap => SourceState::Gap,
        SourceState::Stale if committed.new > 0 => SourceState::Ok,
        state => state,
    };
    let none = Validators::default();
    let (validators, title, language, baseline) = match &poll.polled {
        Polled::Read { validators, title, language, baseline, .. } => {
            (validators, title.as_deref(), language.as_deref(), baseline.is_some())
        }
        _ => (&none, None, None, false),
    };
    let error = match &poll.polled {
        Polled::Failed { error } => Some(error.as_str()),
        _ if state == SourceState::Gap => Some("no known entry was left in the feed: something may have been missed"),
        // Something came after all.
        _ if poll.state == SourceState::Stale && state == SourceState::Ok => None,
        _ => poll.remark.as_deref(),
    };
    let (due, interval) = poll.after_gap.filter(|_| committed.gap).unwrap_or((poll.next_check_at, poll.interval));
    let now = ms(poll.now);
    let read = matches!(poll.polled, Polled::Read { .. });
    let failed = matches!(poll.polled, Polled::Failed { .. });
    let mut updated = conn.prepare_cached(
        "UPDATE sources SET lease = NULL, due_at = :due, ready_at = :due, interval_ms = :interval, polls = polls + 1,
             state = :state, since = iif(state = :state, since, :now), error = :error,
             failures = iif(:failed, failures + 1, 0), told_failing = :told,
             last_success = iif(:failed, last_success, :now), last_read = iif(:read, :now, last_read),
             told_stale = :told_stale, format = coalesce(:format, format), discovered = max(discovered, :discovered),
             -- Without dates, by what came.
             lull_ms = coalesce(:lull, iif(:new AND baselined AND last_new < :now,
                 max(coalesce(lull_ms, 0) * 9 / 10, 4 * (:now - last_new)), lull_ms)),
             last_new = iif(:new, iif(:baseline, coalesce(:newest, :now), :now), last_new), gap_at = iif(:gap, :now, gap_at),
             baselined = max(baselined, :baseline), url = coalesce(:url, url), moved_count = :moved_count,
             moved_to = :moved_to, etag = iif(:read, :etag, etag),
             last_modified = iif(:read, :last_modified, last_modified),
             title = coalesce(:title, title), language = coalesce(:language, language)
         WHERE id = :id RETURNING polls",
    )?;
    let values = named_params! {
        ":id": source, ":now": now, ":due": ms(due), ":interval": span(interval),
        ":state": state.as_str(), ":error": error, ":failed": failed, ":told": poll.told_failing,
        ":read": read, ":new": committed.new > 0, ":gap": committed.gap, ":baseline": baseline, ":url": poll.url,
        ":moved_count": poll.moved_count, ":moved_to": poll.moved_to, ":etag": validators.etag,
        ":last_modified": validators.last_modified, ":title": title, ":language": language, ":told_stale": poll.told_stale,
        ":format": poll.learned.format, ":discovered": poll.learned.discovered, ":lull": poll.learned.lull.map(span),
        ":newest": poll.learned.newest.map(|newest| ms(newest.min(poll.now))),
    };
    Ok(updated.query_row(values, |row| row.get(0))?)
}
