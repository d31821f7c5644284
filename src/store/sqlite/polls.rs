//! The history of polls, as people look at it. In: what a poll came to. Out: the last of each source, and the next one sooner.
//! It keeps a bounded number of each source, and decides nothing by them.

use super::value::{count, ms, named, size, time};
use crate::model::SourceId;
use crate::model::limits::{EVERY_MIN, POLLS_KEPT};
use crate::store::{PollCommitted, PollEnd, PollNow, PollRecord, PollSeen, Polled, Result, SourceFile};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::HashMap;

/// Keeps what the poll of this number of its source came to, in the place of the oldest.
pub(super) fn keep(
    conn: &Connection,
    source: i64,
    number: i64,
    poll: &PollRecord,
    committed: &PollCommitted,
) -> Result<()> {
    let (outcome, error) = match &poll.polled {
        Polled::Failed { error } => (PollEnd::Failed, Some(error.as_str())),
        Polled::Unchanged => (PollEnd::Unchanged, None),
        Polled::Read { .. } if committed.gap => (PollEnd::Gap, None),
        Polled::Read { .. } => (PollEnd::Read, None),
    };
    conn.prepare_cached(
        "INSERT INTO polls (source, slot, at, outcome, new, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (source, slot) DO UPDATE SET at = ?3, outcome = ?4, new = ?5, error = ?6",
    )?
    .execute(params![
        source,
        number.rem_euclid(count(POLLS_KEPT)),
        ms(poll.now),
        outcome.as_str(),
        count(committed.new),
        error
    ])?;
    Ok(())
}

/// The newest polls of some sources, oldest first.
pub(super) fn of(conn: &Connection, sources: &[SourceId], max: usize) -> Result<HashMap<SourceId, Vec<PollSeen>>> {
    let mut newest = conn.prepare_cached(
        "SELECT p.at, p.outcome, p.new, p.error FROM sources s JOIN polls p ON p.source = s.id
         WHERE s.source = ?1 ORDER BY p.at DESC, p.slot DESC LIMIT ?2",
    )?;
    let mut all = HashMap::new();
    for source in sources {
        let mut rows = newest.query(params![source.key(), count(max)])?;
        let mut polls = vec![];
        while let Some(row) = rows.next()? {
            polls.push(seen(row)?);
        }
        polls.reverse();
        all.insert(source.clone(), polls);
    }
    Ok(all)
}

fn seen(row: &Row) -> Result<PollSeen> {
    Ok(PollSeen {
        at: time(row.get(0)?),
        outcome: named(&row.get::<_, String>(1)?)?,
        new: size(row.get(2)?),
        error: row.get(3)?,
    })
}

/// Everything on record about one source.
pub(super) fn file(conn: &Connection, source: &SourceId) -> Result<Option<SourceFile>> {
    let Some(status) = super::status::source(conn, source)? else { return Ok(None) };
    let polls = of(conn, std::slice::from_ref(source), POLLS_KEPT)?.remove(source).unwrap_or_default();
    let mut more = conn.prepare_cached(
        "SELECT s.title, s.language, s.last_new, s.gap_at, s.failures, b.articles, b.would_alert
         FROM sources s LEFT JOIN baselines b ON b.source = s.id WHERE s.source = ?1",
    )?;
    let file = more.query_row([source.key()], |row| {
        Ok(SourceFile {
            status,
            title: row.get(0)?,
            language: row.get(1)?,
            last_new: row.get::<_, Option<i64>>(2)?.map(time),
            gap_at: row.get::<_, Option<i64>>(3)?.map(time),
            failures: row.get(4)?,
            baseline: row.get::<_, Option<i64>>(5)?.map(size).zip(row.get::<_, Option<i64>>(6)?.map(size)),
            polls,
        })
    })?;
    Ok(Some(file))
}

/// Makes a source due now, unless it is being polled or was a moment ago.
pub(super) fn now(conn: &Connection, source: &SourceId, now: Timestamp) -> Result<PollNow> {
    let found: Option<(i64, bool, bool, Option<i64>)> = conn
        .prepare_cached(
            "SELECT id, enabled, lease IS NOT NULL, (SELECT max(at) FROM polls WHERE source = sources.id)
             FROM sources WHERE source = ?1",
        )?
        .query_row([source.key()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    Ok(match found {
        None | Some((_, false, _, _)) => PollNow::Unknown,
        Some((_, _, true, _)) => PollNow::Running,
        Some((_, _, _, Some(last))) if now.duration_since(time(last)).unsigned_abs() < EVERY_MIN => PollNow::JustPolled,
        Some((id, ..)) => {
            conn.prepare_cached(
                "UPDATE sources SET due_at = min(due_at, ?2), ready_at = min(due_at, ?2) WHERE id = ?1",
            )?
            .execute(params![id, ms(now)])?;
            PollNow::Due
        }
    })
}
