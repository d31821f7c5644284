//! The outbox: messages owed, one delivery per recipient, and the ledger of attempts.

use super::pace;
use super::value::{after, channel_id, count, json, ms, named, next, parsed, time};
use crate::model::limits::REPLY_BYTES_MAX;
use crate::model::{ChannelId, Delivery, DeliveryState, Message, MessageId, Recipient};
use crate::store::{Attempt, Claim, DeliveryRecord, DueMessage, OutboxCounts, Owed, Result, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::HashMap;

/// A channel takes at most this part of a batch while others wait: a dead mail server holds up no webhook.
const SHARE: usize = 2;

/// Puts messages into the outbox. A message that is there already stays as it is, whoever owes it again.
pub(super) fn owe(conn: &Connection, owed: &[Owed], alert: Option<i64>) -> Result<()> {
    for Owed { message, recipients, not_before, .. } in owed {
        conn.prepare_cached(
            "INSERT OR IGNORE INTO messages (message, channel, kind, owed_at, alert, subject, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            message.id.as_str(),
            message.channel.as_str(),
            message.kind.as_str(),
            ms(message.made),
            alert,
            message.subject,
            json(message)?
        ])?;
        let state = if *not_before > message.made { DeliveryState::Held } else { DeliveryState::Pending };
        for recipient in recipients {
            conn.prepare_cached(
                "INSERT OR IGNORE INTO deliveries (message, recipient, channel, state, next_attempt, ready_at)
                 SELECT id, ?2, ?3, ?4, ?5, ?5 FROM messages WHERE message = ?1
                     AND NOT EXISTS (SELECT 1 FROM unsubscribed WHERE channel = ?3 AND recipient = ?2)",
            )?
            .execute(params![
                message.id.as_str(),
                recipient.0,
                message.channel.key(),
                state.as_str(),
                ms(*not_before)
            ])?;
        }
    }
    Ok(())
}

/// Replaces a message that nobody has begun to send; any other stays as it went out.
pub(super) fn rewrite(conn: &Connection, message: &Message) -> Result<()> {
    conn.prepare_cached(
        "UPDATE messages SET subject = ?2, data = ?3 WHERE id = (SELECT id FROM untouched WHERE message = ?1)",
    )?
    .execute(params![message.id.as_str(), message.subject, json(message)?])?;
    Ok(())
}

/// A message, whole.
pub(super) fn message(conn: &Connection, id: &MessageId) -> Result<Option<Message>> {
    let stored: Option<String> = conn
        .prepare_cached("SELECT data FROM messages WHERE message = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?;
    stored.map(|stored| parsed(&stored)).transpose()
}

/// Makes all claims void; whoever held one may have sent the message and died before it was recorded.
pub(super) fn release_claims(conn: &Connection) -> Result<()> {
    conn.execute(
        "UPDATE deliveries SET lease = NULL, ready_at = next_attempt, maybe_twice = 1 WHERE lease IS NOT NULL",
        [],
    )?;
    Ok(())
}

/// A claimed message as it is stored; read back outside the writer's thread.
pub(super) struct Claimed {
    data: String,
    /// Its key: that of the deliveries, which follow a channel that gets another id; the message stays as it was made.
    channel: String,
    recipients: Vec<(Recipient, u32)>,
    owed_at: i64,
    lease: i64,
}

impl Claimed {
    pub(super) fn read(self) -> Result<DueMessage> {
        let mut message: Message = parsed(&self.data)?;
        let channel = channel_id(&self.channel)?;
        if message.channel != channel {
            message.channel = channel;
        }
        Ok(DueMessage { message, recipients: self.recipients, owed_at: time(self.owed_at), lease: self.lease })
    }
}

/// Claims messages whose time has come, the longest due first, each channel its share.
pub(super) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<Claimed>> {
    let chosen = choose(conn, ms(claim.now), claim.max)?;
    if chosen.is_empty() {
        return Ok(vec![]);
    }
    let lease = next(conn, "lease")?;
    let mut claimed = vec![];
    for Chosen { message, recipients_max } in chosen {
        let recipients = conn
            .prepare_cached(
                "UPDATE deliveries SET lease = ?2, ready_at = ?3, state = iif(state = 'held', 'pending', state),
                     maybe_twice = max(maybe_twice, lease IS NOT NULL)
                 WHERE message = ?1 AND recipient IN
                     (SELECT recipient FROM deliveries WHERE message = ?1 AND ready_at <= ?4 ORDER BY recipient LIMIT ?5)
                 RETURNING recipient, attempts",
            )?
            .query_map(
                params![message, lease, after(claim.now, claim.lease), ms(claim.now), count(recipients_max)],
                |row| Ok((Recipient(row.get(0)?), row.get(1)?)),
            )?
            .collect::<rusqlite::Result<_>>()?;
        let (owed_at, data, channel) = conn
            .prepare_cached(
                "SELECT owed_at, data, (SELECT channel FROM deliveries WHERE message = ?1 LIMIT 1) FROM messages WHERE id = ?1",
            )?
            .query_row([message], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        claimed.push(Claimed { data, channel, recipients, owed_at, lease });
    }
    Ok(claimed)
}

/// A message to be claimed, and for how many of its recipients.
struct Chosen {
    message: i64,
    recipients_max: usize,
}

fn choose(conn: &Connection, now: i64, max: usize) -> Result<Vec<Chosen>> {
    // One step in the index per channel, however much it has waiting.
    let mut channels = conn.prepare_cached(
        "WITH RECURSIVE waiting (channel) AS (
             SELECT min(channel) FROM deliveries WHERE ready_at IS NOT NULL
             UNION ALL
             SELECT (SELECT min(channel) FROM deliveries WHERE ready_at IS NOT NULL AND channel > waiting.channel)
             FROM waiting WHERE waiting.channel IS NOT NULL)
         SELECT channel FROM waiting WHERE channel IS NOT NULL AND channel NOT IN (SELECT channel FROM disabled_channels)",
    )?;
    let channels: Vec<String> = channels.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    // When it was due, whether it is beyond its channel's share, which.
    let mut waiting: Vec<(bool, i64, i64, usize)> = vec![];
    let mut ready = conn.prepare_cached(
        "SELECT ready_at, message FROM deliveries WHERE channel = ?1 AND ready_at <= ?2 ORDER BY ready_at, message",
    )?;
    for channel in channels {
        let room = pace::room(conn, &channel, now)?;
        let (mut seen, mut taken) = (HashMap::new(), 0);
        let mut rows = ready.query(params![channel, now])?;
        while seen.len() < max
            && taken < room
            && let Some(row) = rows.next()?
        {
            taken += 1;
            let message: i64 = row.get(1)?;
            if let Some(place) = seen.get(&message) {
                let (.., recipients): &mut (bool, i64, i64, usize) = &mut waiting[*place];
                *recipients += 1;
            } else {
                seen.insert(message, waiting.len());
                waiting.push((seen.len() > (max / SHARE).max(1), row.get(0)?, message, 1));
            }
        }
        // Where there is no rate nobody counted to the end: a message that is claimed is claimed for all that are due.
        if room == usize::MAX {
            for place in seen.into_values() {
                waiting[place].3 = room;
            }
        }
    }
    waiting.sort_unstable();
    waiting.truncate(max);
    waiting.sort_unstable_by_key(|(_, ready_at, message, _)| (*ready_at, *message));
    Ok(waiting.into_iter().map(|(.., message, recipients_max)| Chosen { message, recipients_max }).collect())
}

/// Records attempts. One whose lease was lost is left out: whoever has the lease now records it.
///
/// # Errors
/// [`StoreError::LeaseLost`] if none was left.
pub(super) fn record(conn: &Connection, records: &[DeliveryRecord], owed: &[Owed]) -> Result<()> {
    let mut recorded = 0;
    for record in records {
        recorded += usize::from(record_one(conn, record)?);
    }
    if recorded == 0 && !records.is_empty() {
        return Err(StoreError::LeaseLost);
    }
    owe(conn, owed, None)
}

fn record_one(conn: &Connection, record: &DeliveryRecord) -> Result<bool> {
    let known: Option<(i64, bool)> = conn
        .prepare_cached(
            "SELECT d.message, d.state = 'expired' FROM deliveries d JOIN messages m ON m.id = d.message
             WHERE m.message = ?1 AND d.recipient = ?2 AND d.lease = ?3",
        )?
        .query_row(params![record.message.as_str(), record.recipient.0, record.lease], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((message, dropped)) = known else { return Ok(false) };
    let open = matches!(record.state, DeliveryState::Pending | DeliveryState::Retrying | DeliveryState::Held);
    // Given up by a person while it was under way: it is not tried again, but if it arrived, it arrived.
    let state = if open && dropped { DeliveryState::Expired } else { record.state };
    let next_attempt = if open && !dropped { Some(ms(record.next_attempt.unwrap_or(record.at))) } else { None };
    let reply = cut(&record.reply);
    let error = (record.state != DeliveryState::Sent).then_some(reply);
    conn.prepare_cached(
        "UPDATE deliveries SET state = ?3, attempts = attempts + 1, next_attempt = ?4, ready_at = ?4, lease = NULL,
             error = ?5, maybe_twice = max(maybe_twice, ?6) WHERE message = ?1 AND recipient = ?2",
    )?
    .execute(params![message, record.recipient.0, state.as_str(), next_attempt, error, record.maybe_sent])?;
    conn.prepare_cached(
        "INSERT INTO attempts (message, recipient, at, state, reply, maybe_sent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![message, record.recipient.0, ms(record.at), state.as_str(), reply, record.maybe_sent])?;
    Ok(true)
}

fn cut(reply: &str) -> &str {
    &reply[..reply.floor_char_boundary(REPLY_BYTES_MAX)]
}

/// Lists deliveries, newest message first.
pub(super) fn deliveries(conn: &Connection, states: &[DeliveryState], max: usize) -> Result<Vec<Delivery>> {
    let mut all = conn.prepare_cached(
        "SELECT m.message, m.channel, o.recipient, m.kind, m.subject, o.shown, o.attempts, o.next_attempt, o.error,
             o.maybe_twice
         FROM messages m JOIN outbox o ON o.message = m.id
         WHERE ?1 = '[]' OR o.shown IN (SELECT value FROM json_each(?1))
         ORDER BY m.id DESC, o.recipient LIMIT ?2",
    )?;
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let mut rows = all.query(params![json(&states)?, count(max)])?;
    let mut deliveries = vec![];
    while let Some(row) = rows.next()? {
        deliveries.push(delivery(row)?);
    }
    Ok(deliveries)
}

/// The deliveries of one message, and every attempt at them, oldest first.
pub(super) fn history(conn: &Connection, message: i64) -> Result<(Vec<Delivery>, Vec<Attempt>)> {
    let mut of_message = conn.prepare_cached(
        "SELECT m.message, m.channel, o.recipient, m.kind, m.subject, o.shown, o.attempts, o.next_attempt, o.error,
             o.maybe_twice
         FROM messages m JOIN outbox o ON o.message = m.id WHERE m.id = ?1 ORDER BY o.recipient",
    )?;
    let mut rows = of_message.query([message])?;
    let (mut deliveries, mut attempts) = (vec![], vec![]);
    while let Some(row) = rows.next()? {
        deliveries.push(delivery(row)?);
    }
    let mut recorded = conn.prepare_cached(
        "SELECT recipient, at, state, reply, maybe_sent FROM attempts WHERE message = ?1 ORDER BY at, rowid",
    )?;
    let mut rows = recorded.query([message])?;
    while let Some(row) = rows.next()? {
        attempts.push(Attempt {
            recipient: Recipient(row.get(0)?),
            at: time(row.get(1)?),
            state: named(&row.get::<_, String>(2)?)?,
            reply: row.get(3)?,
            maybe_sent: row.get(4)?,
        });
    }
    Ok((deliveries, attempts))
}

fn delivery(row: &rusqlite::Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        id: MessageId::from_stored(row.get(0)?),
        channel: channel_id(&row.get::<_, String>(1)?)?,
        recipient: Recipient(row.get(2)?),
        kind: named(&row.get::<_, String>(3)?)?,
        subject: row.get(4)?,
        state: named(&row.get::<_, String>(5)?)?,
        attempts: row.get(6)?,
        next_attempt: row.get::<_, Option<i64>>(7)?.map(time),
        error: row.get(8)?,
        maybe_twice: row.get(9)?,
    })
}

/// Counts deliveries that have not arrived.
pub(super) fn counts(conn: &Connection) -> Result<OutboxCounts> {
    let mut counts = OutboxCounts::default();
    let mut all = conn.prepare_cached("SELECT shown, count(*) FROM outbox WHERE state <> 'sent' GROUP BY shown")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let number = super::value::size(row.get(1)?);
        match named(&row.get::<_, String>(0)?)? {
            DeliveryState::Pending => counts.pending = number,
            DeliveryState::Retrying => counts.retrying = number,
            DeliveryState::Held => counts.held = number,
            DeliveryState::Dead => counts.dead = number,
            DeliveryState::Sent | DeliveryState::Expired => {}
        }
    }
    Ok(counts)
}

/// Tries a message again now, for one recipient or all; what is under way right now is left alone.
pub(super) fn retry(conn: &Connection, id: &MessageId, recipient: Option<&Recipient>, now: Timestamp) -> Result<usize> {
    let tried = conn.execute(
        "UPDATE deliveries SET state = iif(attempts > 0, 'retrying', 'pending'), next_attempt = ?3, ready_at = ?3,
             maybe_twice = max(maybe_twice, lease IS NOT NULL), lease = NULL
         WHERE message = (SELECT id FROM messages WHERE message = ?1) AND (?2 IS NULL OR recipient = ?2)
           AND state <> 'sent' AND (lease IS NULL OR ready_at IS NULL OR ready_at <= ?3)",
        params![id.as_str(), recipient.map(|recipient| &recipient.0), ms(now)],
    )?;
    Ok(tried)
}

/// Gives a message up. A lease stays: whoever sends it right now may still record that it arrived.
pub(super) fn give_up(conn: &Connection, id: &MessageId, now: Timestamp) -> Result<usize> {
    conn.execute(
        "INSERT INTO attempts (message, recipient, at, state, reply, maybe_sent)
         SELECT d.message, d.recipient, ?2, 'expired', 'given up by hand', 0
         FROM deliveries d JOIN messages m ON m.id = d.message WHERE m.message = ?1 AND d.ready_at IS NOT NULL",
        params![id.as_str(), ms(now)],
    )?;
    let ended = conn.execute(
        "UPDATE deliveries SET state = 'expired', next_attempt = NULL, ready_at = NULL, error = 'given up by hand'
         WHERE message = (SELECT id FROM messages WHERE message = ?1) AND ready_at IS NOT NULL",
        [id.as_str()],
    )?;
    Ok(ended)
}

/// Holds a channel, or lets it go.
pub(super) fn disable(conn: &Connection, channel: &ChannelId, why: Option<&str>) -> Result<()> {
    match why {
        Some(why) => conn.execute(
            "INSERT OR REPLACE INTO disabled_channels (channel, why) VALUES (?1, ?2)",
            params![channel.key(), why],
        )?,
        None => conn.execute("DELETE FROM disabled_channels WHERE channel = ?1", [channel.key()])?,
    };
    Ok(())
}
