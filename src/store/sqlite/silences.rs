//! Silences: who asked for quiet. In: a silence, or the end of one. Out: those that hold. An ended one is kept: alerts name it.

use super::value::{ms, named, time};
use crate::model::Silence;
use crate::store::Result;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Adds one and answers its number; that of `silence` is not looked at.
pub(super) fn add(conn: &Connection, silence: &Silence) -> Result<i64> {
    let Silence { by, target, made, until, author, comment, context, .. } = silence;
    let mut add = conn.prepare_cached(
        "INSERT INTO silences (by, target, made, until, author, comment, context) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
    )?;
    Ok(add.query_row(params![by.as_str(), target, ms(*made), ms(*until), author, comment, context], |row| row.get(0))?)
}

/// Those that end after `after`, oldest first.
pub(super) fn ending(conn: &Connection, after: Timestamp) -> Result<Vec<Silence>> {
    let mut all = conn.prepare_cached(
        "SELECT id, by, target, made, until, author, comment, context FROM silences WHERE until > ?1 ORDER BY id",
    )?;
    let mut rows = all.query([ms(after)])?;
    let mut silences = vec![];
    while let Some(row) = rows.next()? {
        silences.push(Silence {
            id: row.get(0)?,
            by: named(&row.get::<_, String>(1)?)?,
            target: row.get(2)?,
            made: time(row.get(3)?),
            until: time(row.get(4)?),
            author: row.get(5)?,
            comment: row.get(6)?,
            context: row.get(7)?,
        });
    }
    Ok(silences)
}

/// Ends one now; answers whether it held.
pub(super) fn expire(conn: &Connection, id: i64, now: Timestamp) -> Result<bool> {
    let ended = conn.execute("UPDATE silences SET until = ?2 WHERE id = ?1 AND until > ?2", params![id, ms(now)])?;
    Ok(ended > 0)
}
