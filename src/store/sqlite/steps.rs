//! Decisions about alerts. In: what was decided. Out: all of it, oldest first. Nothing is ever changed or taken back.

use super::value::{json, ms, parsed, time};
use crate::model::Step;
use crate::store::Result;
use jiff::Timestamp;
use rusqlite::{Connection, params};

pub(super) fn write(conn: &Connection, alert: i64, steps: &[Step], now: Timestamp) -> Result<()> {
    for step in steps {
        conn.prepare_cached("INSERT INTO steps (alert, at, data) VALUES (?1, ?2, ?3)")?.execute(params![
            alert,
            ms(now),
            json(step)?
        ])?;
    }
    Ok(())
}

pub(super) fn of(conn: &Connection, alert: i64) -> Result<Vec<(Timestamp, Step)>> {
    let mut all = conn.prepare_cached("SELECT at, data FROM steps WHERE alert = ?1 ORDER BY rowid")?;
    let mut rows = all.query([alert])?;
    let mut steps = vec![];
    while let Some(row) = rows.next()? {
        steps.push((time(row.get(0)?), parsed(&row.get::<_, String>(1)?)?));
    }
    Ok(steps)
}
