//! Everything `wirewatch status` shows.

use super::value::{named, size, source_id, time};
use super::{entries, outbox};
use crate::model::SourceId;
use crate::store::{ArticleCounts, Result, SourceStatus, Status};
use rusqlite::{Connection, Row};
use std::time::Duration;

pub(super) fn status(conn: &Connection) -> Result<Status> {
    let languages = languages(conn)?;
    Ok(Status { sources: sources(conn)?, outbox: outbox::counts(conn)?, articles: articles(conn)?, languages })
}

const COLUMNS: &str =
    "SELECT typed, url, state, since, last_success, iif(enabled, due_at, NULL), interval_ms, error FROM sources";

fn sources(conn: &Connection) -> Result<Vec<SourceStatus>> {
    let mut all = conn.prepare_cached(&format!("{COLUMNS} ORDER BY source"))?;
    let mut rows = all.query([])?;
    let mut sources = vec![];
    while let Some(row) = rows.next()? {
        sources.push(read(row)?);
    }
    Ok(sources)
}

/// One source.
pub(super) fn source(conn: &Connection, source: &SourceId) -> Result<Option<SourceStatus>> {
    let mut one = conn.prepare_cached(&format!("{COLUMNS} WHERE source = ?1"))?;
    let mut rows = one.query([source.key()])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row) -> Result<SourceStatus> {
    Ok(SourceStatus {
        id: source_id(&row.get::<_, String>(0)?)?,
        url: row.get(1)?,
        state: named(&row.get::<_, String>(2)?)?,
        since: row.get::<_, Option<i64>>(3)?.map(time),
        last_success: row.get::<_, Option<i64>>(4)?.map(time),
        next_poll: row.get::<_, Option<i64>>(5)?.map(time),
        interval_s: row.get::<_, Option<i64>>(6)?.map(|ms| ms.unsigned_abs() / 1000),
        error: row.get(7)?,
    })
}

fn articles(conn: &Connection) -> Result<ArticleCounts> {
    let (full, summary_only): (usize, usize) = conn.query_row(
        "SELECT sum(value) FILTER (WHERE name = 'articles_full'), sum(value) FILTER (WHERE name = 'articles_summary')
         FROM counters",
        [],
        |row| Ok((size(row.get(0)?), size(row.get(1)?))),
    )?;
    let (of_full, unreadable): (usize, usize) = conn.query_row(
        "SELECT count(*) FILTER (WHERE complete), count(*) FROM articles WHERE unreadable = 1",
        [],
        |row| Ok((size(row.get(0)?), size(row.get(1)?))),
    )?;
    Ok(ArticleCounts {
        full: full.saturating_sub(of_full),
        summary_only: summary_only.saturating_sub(unreadable - of_full),
        unreadable,
        unread: entries::unread(conn)?,
    })
}

/// In which languages the articles of the last week are.
fn languages(conn: &Connection) -> Result<Vec<(String, usize)>> {
    let newest: Option<i64> = conn.query_row("SELECT max(read_at) FROM articles", [], |row| row.get(0))?;
    let week = i64::try_from(Duration::from_hours(168).as_millis()).unwrap_or(i64::MAX);
    entries::languages(conn, newest.map_or(i64::MAX, |newest| newest.saturating_sub(week)))
}
