//! A channel's rate. In: what was attempted of late, and what is under way. Out: how many attempts may begin. It is counted from the
//! ledger, so that neither a restart nor a second worker begins anew. It never waits: what has no room now is claimed later.

use super::value::{size, span};
use crate::model::{ChannelId, Rate};
use crate::store::Result;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Makes the rates those of the configuration.
pub(super) fn adopt(conn: &Connection, rates: &[(ChannelId, Rate)]) -> Result<()> {
    conn.execute("DELETE FROM rates", [])?;
    for (channel, Rate { max, per }) in rates {
        conn.prepare_cached("INSERT OR REPLACE INTO rates (channel, most, per) VALUES (?1, ?2, ?3)")?
            .execute(params![channel.key(), max, span(*per)])?;
    }
    Ok(())
}

/// How many attempts at a channel may begin now; [`usize::MAX`] where it has no rate.
pub(super) fn room(conn: &Connection, channel: &str, now: i64) -> Result<usize> {
    let rate: Option<(i64, i64)> = conn
        .prepare_cached("SELECT most, per FROM rates WHERE channel = ?1")?
        .query_row([channel], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((most, per)) = rate else { return Ok(usize::MAX) };
    // What is under way counts as begun now; a claim that has run out is none.
    let used: i64 = conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM attempts a JOIN deliveries d ON d.message = a.message AND d.recipient = a.recipient
                     WHERE a.at > ?2 AND d.channel = ?1)
                  + (SELECT count(*) FROM deliveries WHERE channel = ?1 AND ready_at > ?3 AND lease IS NOT NULL)",
        )?
        .query_row(params![channel, now.saturating_sub(per), now], |row| row.get(0))?;
    Ok(size(most.saturating_sub(used).max(0)))
}
