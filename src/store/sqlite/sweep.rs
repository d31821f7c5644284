//! Forgetting. In: how long things are kept. Out: what was deleted, a small step at a time, so that nobody waits for it.
//! It never deletes what is still owed, what an alert stands on, or a key that the feed still shows.

use super::chain;
use super::value::before;
use crate::model::limits::STORY_WINDOW;
use crate::store::{Kept, Result, Swept};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::time::{Duration, Instant};

/// Rows that one statement looks through or deletes: with all that hangs on them some milliseconds on a slow disk.
const STEP: i64 = 64;
/// After that a write makes way for others; the statement that is under way is finished first.
const WRITE_TIME_MAX: Duration = Duration::from_millis(10);

/// Where a sweep stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    now: Timestamp,
    kept: Kept,
    stage: usize,
    /// The source whose keys are looked through, and the last key that was.
    source: i64,
    key: i64,
    pub(super) swept: Swept,
}

impl Sweep {
    pub(super) fn new(now: Timestamp, kept: Kept) -> Self {
        Self { now, kept, stage: 0, source: 0, key: i64::MIN, swept: Swept::default() }
    }

    /// As much as one write may take; `true` while there is more to do.
    pub(super) fn step(&mut self, conn: &Connection) -> Result<bool> {
        let began = Instant::now();
        while self.statement(conn)? {
            if began.elapsed() >= WRITE_TIME_MAX {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn statement(&mut self, conn: &Connection) -> Result<bool> {
        let done = match self.stage {
            0 => self.begin(conn)?,
            1 => self.messages(conn)?,
            2 => self.alerts(conn)?,
            3 => self.articles(conn)?,
            4 => self.sketches(conn)?,
            5 => self.stories(conn)?,
            6 => self.keys(conn)?,
            7 => !chain::cut(conn)?,
            _ => return Ok(false),
        };
        self.stage += usize::from(done);
        Ok(true)
    }

    /// From here on what is older may be missing from the ledger.
    fn begin(&self, conn: &Connection) -> Result<bool> {
        let kept = before(self.now, self.kept.ledger);
        chain::forget(conn, kept)?;
        conn.prepare_cached("DELETE FROM gaps WHERE until < ?1")?.execute([kept])?;
        Ok(true)
    }

    fn messages(&mut self, conn: &Connection) -> Result<bool> {
        let gone = conn
            .prepare_cached(
                "DELETE FROM messages WHERE id IN
                     (SELECT id FROM messages m WHERE owed_at < ?1 AND NOT EXISTS
                          (SELECT 1 FROM deliveries d WHERE d.message = m.id AND d.ready_at IS NOT NULL) LIMIT ?2)",
            )?
            .execute(params![before(self.now, self.kept.ledger), STEP])?;
        self.swept.messages += gone;
        Ok(gone == 0)
    }

    fn alerts(&mut self, conn: &Connection) -> Result<bool> {
        let gone = conn
            .prepare_cached(
                "DELETE FROM alerts WHERE id IN
                     (SELECT id FROM alerts a WHERE made < ?1
                          AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.alert = a.id)
                          AND NOT EXISTS (SELECT 1 FROM digest_items i WHERE i.alert = a.id AND i.told_at IS NULL) LIMIT ?2)",
            )?
            .execute(params![before(self.now, self.kept.ledger), STEP])?;
        self.swept.alerts += gone;
        Ok(gone == 0)
    }

    /// The article that an alert was made of is its evidence, and is kept as long.
    fn articles(&mut self, conn: &Connection) -> Result<bool> {
        let gone = conn
            .prepare_cached(
                "DELETE FROM articles WHERE id IN
                     (SELECT id FROM articles WHERE evidence = 0 AND read_at < ?1 LIMIT ?2)",
            )?
            .execute(params![before(self.now, self.kept.articles), STEP])?;
        self.swept.articles += gone;
        Ok(gone == 0)
    }

    /// No story is asked for by its text after the window; twice that, since it lives on for as long with each copy.
    fn sketches(&self, conn: &Connection) -> Result<bool> {
        let gone = conn
            .prepare_cached(
                "DELETE FROM story_articles WHERE article IN
                     (SELECT article FROM story_articles WHERE seen < ?1 LIMIT ?2)",
            )?
            .execute(params![before(self.now, STORY_WINDOW * 2), STEP])?;
        Ok(gone == 0)
    }

    fn stories(&self, conn: &Connection) -> Result<bool> {
        let gone = conn
            .prepare_cached(
                "DELETE FROM stories WHERE id IN
                     (SELECT id FROM stories s WHERE last_seen < ?1
                          AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.story = s.id) LIMIT ?2)",
            )?
            .execute(params![before(self.now, self.kept.ledger.max(STORY_WINDOW * 2)), STEP])?;
        Ok(gone == 0)
    }

    /// A key ages by the documents that do not show it, not by the clock: a feed that only answers 304, or nothing, shows what it
    /// showed. A source that is long out of the configuration is forgotten, and its return is a first poll.
    fn keys(&mut self, conn: &Connection) -> Result<bool> {
        let next = conn
            .prepare_cached(
                "SELECT id, last_read, enabled = 0 AND since < ?2 FROM sources WHERE id >= ?1 ORDER BY id LIMIT 1",
            )?
            .query_row(params![self.source, before(self.now, self.kept.keys)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<bool>>(2)?))
            })
            .optional()?;
        let Some((source, last_read, forgotten)) = next else { return Ok(true) };
        if source != self.source {
            (self.source, self.key) = (source, i64::MIN);
        }
        let forgotten = forgotten == Some(true);
        let kept = i64::try_from(self.kept.keys.as_millis()).unwrap_or(i64::MAX);
        let old = if forgotten { i64::MAX } else { last_read.map_or(i64::MIN, |read| read.saturating_sub(kept)) };
        if let Some(last) = self.old_keys(conn, forgotten, old)? {
            self.key = last;
        } else if !forgotten || Self::forget(conn, source)? {
            (self.source, self.key) = (source + 1, i64::MIN);
        }
        Ok(false)
    }

    /// Deletes the old ones of the next keys of the source; answers the last that it looked at.
    fn old_keys(&mut self, conn: &Connection, forgotten: bool, old: i64) -> Result<Option<i64>> {
        let last: Option<i64> = conn
            .prepare_cached(
                "SELECT max(key) FROM (SELECT key FROM keys WHERE source = ?1 AND key > ?2 ORDER BY key LIMIT ?3)",
            )?
            .query_row(params![self.source, self.key, STEP], |row| row.get(0))?;
        if let Some(last) = last {
            self.swept.keys += conn
                .prepare_cached(
                    "DELETE FROM keys WHERE source = ?1 AND key > ?2 AND key <= ?3 AND last_seen < ?4
                         AND (?5 OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.source = ?1 AND e.key = keys.key))",
                )?
                .execute(params![self.source, self.key, last, old, forgotten])?;
        }
        Ok(last)
    }

    /// Deletes what is left of a source when its keys are; `true` once nothing is.
    fn forget(conn: &Connection, source: i64) -> Result<bool> {
        let entries = conn
            .prepare_cached("DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE source = ?1 LIMIT ?2)")?
            .execute(params![source, STEP])?;
        if entries > 0 {
            return Ok(false);
        }
        for forgotten in [
            "DELETE FROM baselines WHERE source = ?1",
            "UPDATE sources SET baselined = 0, etag = NULL, last_modified = NULL, last_read = NULL
             WHERE id = ?1 AND baselined",
            // Its row goes with the last article that names it.
            "DELETE FROM sources WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM articles WHERE source = ?1)",
        ] {
            conn.prepare_cached(forgotten)?.execute([source])?;
        }
        Ok(true)
    }
}
