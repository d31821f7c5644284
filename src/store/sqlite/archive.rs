//! Articles that were read, to be looked at again. In: a question. Out: articles, the newest first. It changes nothing.

use super::value::{count, ms, parsed, source_id, time};
use crate::store::{ArchiveQuery, Archived, Result};
use rusqlite::{Connection, Row, params};

const COLUMNS: &str =
    "SELECT a.id, s.typed, a.first_seen, a.read_at, a.data FROM articles a JOIN sources s ON s.id = a.source";

/// The articles asked for, newest first.
pub(super) fn find(conn: &Connection, query: &ArchiveQuery) -> Result<Vec<Archived>> {
    let mut found =
        conn.prepare_cached(&format!("{COLUMNS} WHERE a.id < ?1 AND a.read_at >= ?2 ORDER BY a.id DESC LIMIT ?3"))?;
    let mut rows = found.query(params![query.before.unwrap_or(i64::MAX), ms(query.since), count(query.max)])?;
    let mut all = vec![];
    while let Some(row) = rows.next()? {
        all.push(archived(row)?);
    }
    Ok(all)
}

/// The article of this number.
pub(super) fn article(conn: &Connection, id: i64) -> Result<Option<Archived>> {
    let mut found = conn.prepare_cached(&format!("{COLUMNS} WHERE a.id = ?1"))?;
    let mut rows = found.query([id])?;
    rows.next()?.map(archived).transpose()
}

/// How many articles were read since then.
pub(super) fn size(conn: &Connection, since: jiff::Timestamp) -> Result<usize> {
    let mut counted = conn.prepare_cached("SELECT count(*) FROM articles WHERE read_at >= ?1")?;
    Ok(super::value::size(counted.query_row([ms(since)], |row| row.get(0))?))
}

fn archived(row: &Row) -> Result<Archived> {
    Ok(Archived {
        id: row.get(0)?,
        source: source_id(&row.get::<_, String>(1)?)?,
        first_seen: time(row.get(2)?),
        read_at: time(row.get(3)?),
        article: parsed(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
    })
}
