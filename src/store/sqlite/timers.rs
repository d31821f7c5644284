//! Timers after a clock was set back. In: now. Out: all that waits, waits as long as it did.
//! Without it, one hour with a clock that is a year ahead would be followed by a year of silence.

use super::value::{ms, span};
use crate::store::Result;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::time::Duration;

/// How coarsely it is remembered how late it is: it costs a write.
const NOTED_EVERY: Duration = Duration::from_mins(10);
/// A clock that is corrected by less only makes the next things late by less.
const SET_BACK_MIN: Duration = Duration::from_hours(1);

/// Notes how late it is, and moves all timers if it had been much later before.
pub(super) fn keep_up(conn: &Connection, now: Timestamp) -> Result<()> {
    let now = ms(now);
    let latest: i64 =
        conn.prepare_cached("SELECT value FROM counters WHERE name = 'clock'")?.query_row([], |row| row.get(0))?;
    let by = latest.saturating_sub(now);
    if by >= span(SET_BACK_MIN) {
        tracing::warn!(by_ms = by, "the clock was set back by {} minutes: all timers follow", by / 60_000);
        for timers in [
            "UPDATE sources SET due_at = due_at - ?1, ready_at = ready_at - ?1 WHERE ready_at > ?2",
            "UPDATE windows SET due_at = due_at - ?1, ready_at = ready_at - ?1, opened = min(opened, ?2) WHERE ready_at > ?2",
            "UPDATE entries SET away_until = away_until - ?1 WHERE away_until > ?2 AND away_until < 9223372036854775807",
            "UPDATE deliveries SET next_attempt = next_attempt - ?1, ready_at = ready_at - ?1 WHERE ready_at > ?2",
        ] {
            conn.execute(timers, params![by, now])?;
        }
    }
    if by >= span(SET_BACK_MIN) || by <= -span(NOTED_EVERY) {
        conn.prepare_cached("UPDATE counters SET value = ?1 WHERE name = 'clock'")?.execute([now])?;
    }
    Ok(())
}
