//! A channel's flood limit. In: an alert's message. Out: whether the channel has had its share, and the summary that tells the
//! alert instead. Decided inside the write, so that no two readers take the last place.

use super::value::{ms, span};
use super::{digests, steps};
use crate::model::limits::FLOOD_DIGEST;
use crate::model::{Flood, Step};
use crate::store::{Owed, Result, WindowKey};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Takes the messages of an alert that come beyond their channel's limit out of what is owed; the next summary tells the alert.
pub(super) fn divert(conn: &Connection, alert: i64, owed: &[Owed], now: Timestamp) -> Result<Vec<Owed>> {
    let mut kept = vec![];
    for owed in owed {
        match ends(conn, owed)? {
            None => {
                let channel = owed.message.channel.to_string();
                steps::write(conn, alert, &[Step::Queued { channel }], now)?;
                kept.push(owed.clone());
            }
            Some(end) => {
                let key = WindowKey { channel: owed.message.channel.clone(), digest: FLOOD_DIGEST.into() };
                digests::route(conn, alert, std::slice::from_ref(&key))?;
                steps::write(conn, alert, &[Step::Flooded { channel: key.channel.to_string() }], now)?;
                // Never in quiet hours.
                open(conn, &key, end.max(ms(owed.not_before)), now)?;
            }
        }
    }
    Ok(kept)
}

/// When the channel has room again; `None`: it has room now.
fn ends(conn: &Connection, owed: &Owed) -> Result<Option<i64>> {
    let Some(Flood { max, per }) = owed.flood else { return Ok(None) };
    let nth: Option<i64> = conn
        .prepare_cached(
            "SELECT owed_at FROM messages WHERE channel = ?1 AND kind = 'alert.matched' ORDER BY owed_at DESC LIMIT 1 OFFSET ?2",
        )?
        .query_row(params![owed.message.channel.as_str(), max.saturating_sub(1)], |row| {
            row.get(0)
        })
        .optional()?;
    let room_at = nth.map(|nth| nth.saturating_add(span(per)));
    Ok(room_at.filter(|room_at| *room_at > ms(owed.message.made)))
}

/// Has the summary leave at `due`, or when it was to leave already.
fn open(conn: &Connection, key: &WindowKey, due: i64, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO windows (channel, digest, typed, opened, due_at, ready_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT DO UPDATE SET enabled = 1,
             opened = iif(due_at > ?4 AND due_at >= ?6, ?4, opened),
             due_at = min(due_at, ?5),
             ready_at = iif(lease IS NULL, min(ready_at, ?5), ready_at)",
    )?
    .execute(params![key.channel.key(), key.digest, key.channel.as_str(), ms(now), due, ms(Timestamp::MAX)])?;
    Ok(())
}

/// Once a summary is told: when the next one leaves, if anything waits for it already.
pub(super) fn again(conn: &Connection, key: &WindowKey, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "UPDATE windows SET due_at = ?3, ready_at = ?3 WHERE channel = ?1 AND digest = ?2
             AND EXISTS (SELECT 1 FROM digest_items WHERE channel = ?1 AND digest = ?2 AND told_at IS NULL)",
    )?
    .execute(params![key.channel.key(), key.digest, ms(now)])?;
    Ok(())
}
