//! Readers who want no more. In: a channel and its reader. Out: nothing is owed to them from then on, what was owed has ended, and
//! somebody is told, in one transaction.

use super::outbox;
use super::value::{channel_id, ms, time};
use crate::model::{ChannelId, Recipient, Unsubscribed};
use crate::store::{Owed, Result};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// The key of tickets: the one that is there, else this one from now on.
pub(super) fn key(conn: &Connection, fresh: [u8; 32]) -> Result<[u8; 32]> {
    conn.execute("INSERT OR IGNORE INTO ticket_key (id, key) VALUES (1, ?1)", [&fresh[..]])?;
    Ok(conn.query_row("SELECT key FROM ticket_key", [], |row| row.get(0))?)
}

/// Takes a reader out, and owes what tells of it; `false` where they were out already.
pub(super) fn add(
    conn: &Connection,
    channel: &ChannelId,
    recipient: &Recipient,
    now: Timestamp,
    owed: &[Owed],
) -> Result<bool> {
    let new = conn.execute(
        "INSERT OR IGNORE INTO unsubscribed (channel, recipient, at) VALUES (?1, ?2, ?3)",
        params![channel.key(), recipient.0, ms(now)],
    )?;
    if new == 0 {
        return Ok(false);
    }
    let of = params![channel.key(), recipient.0, ms(now)];
    conn.execute(
        "INSERT INTO attempts (message, recipient, at, state, reply, maybe_sent)
         SELECT message, recipient, ?3, 'expired', 'unsubscribed', 0 FROM deliveries
         WHERE channel = ?1 AND recipient = ?2 AND ready_at IS NOT NULL",
        of,
    )?;
    conn.execute(
        "UPDATE deliveries SET state = 'expired', next_attempt = NULL, ready_at = NULL, error = 'unsubscribed'
         WHERE channel = ?1 AND recipient = ?2 AND ready_at IS NOT NULL",
        params![channel.key(), recipient.0],
    )?;
    outbox::owe(conn, owed, None)?;
    Ok(true)
}

/// Takes a reader in again; answers whether they were out.
pub(super) fn remove(conn: &Connection, channel: &ChannelId, recipient: &Recipient) -> Result<bool> {
    let gone = conn.execute(
        "DELETE FROM unsubscribed WHERE channel = ?1 AND recipient = ?2",
        params![channel.key(), recipient.0],
    )?;
    Ok(gone > 0)
}

/// All of them.
pub(super) fn all(conn: &Connection) -> Result<Vec<Unsubscribed>> {
    let mut all = conn.prepare_cached("SELECT channel, recipient, at FROM unsubscribed ORDER BY at")?;
    let mut rows = all.query([])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        let channel = channel_id(&row.get::<_, String>(0)?)?;
        found.push(Unsubscribed { channel, recipient: Recipient(row.get(1)?), at: time(row.get(2)?) });
    }
    Ok(found)
}
