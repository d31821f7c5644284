//! Forgetting. In: how long things are kept. Out: what was deleted, a small step at a time, so that nobody waits for it.
//! It never deletes what is still owed, what an alert stands on, or a key that the feed still shows.

use super::value::before;
use crate::model::limits::STORY_WINDOW;
use crate::store::{Kept, Result, Swept};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Rows deleted by one statement.
const STEP: i64 = 500;
/// Sources whose keys are looked through in one step.
const SOURCES_STEP: i64 = 32;

/// Where a sweep stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    now: Timestamp,
    kept: Kept,
    /// Keys of sources up to this number were looked through.
    source: i64,
    stage: usize,
    pub(super) swept: Swept,
}

impl Sweep {
    pub(super) fn new(now: Timestamp, kept: Kept) -> Self {
        Self { now, kept, source: 0, stage: 0, swept: Swept::default() }
    }

    /// One step; `true` while there is more to do.
    pub(super) fn step(&mut self, conn: &Connection) -> Result<bool> {
        let done = match self.stage {
            0 => self.messages(conn)?,
            1 => self.alerts(conn)?,
            2 => self.articles(conn)?,
            3 => self.sketches(conn)?,
            4 => self.stories(conn)?,
            5 => self.keys(conn)?,
            _ => return Ok(false),
        };
        self.stage += usize::from(done);
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
        let mut next = conn.prepare_cached(
            "SELECT id, last_read, enabled = 0 AND since < ?2 FROM sources WHERE id > ?1 ORDER BY id LIMIT ?3",
        )?;
        let sources: Vec<(i64, Option<i64>, bool)> = next
            .query_map(params![self.source, before(self.now, self.kept.keys), SOURCES_STEP], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (source, last_read, forgotten) in &sources {
            if *forgotten {
                self.forget(conn, *source)?;
            } else if let Some(read) = last_read {
                let kept = i64::try_from(self.kept.keys.as_millis()).unwrap_or(i64::MAX);
                self.swept.keys += conn
                    .prepare_cached(
                        "DELETE FROM keys WHERE source = ?1 AND last_seen < ?2
                             AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.source = ?1 AND e.key = keys.key)",
                    )?
                    .execute(params![source, read.saturating_sub(kept)])?;
            }
            self.source = *source;
        }
        Ok(sources.is_empty())
    }

    fn forget(&mut self, conn: &Connection, source: i64) -> Result<()> {
        self.swept.keys += conn.prepare_cached("DELETE FROM keys WHERE source = ?1")?.execute([source])?;
        for forgotten in [
            "DELETE FROM entries WHERE source = ?1",
            "DELETE FROM baselines WHERE source = ?1",
            "UPDATE sources SET baselined = 0, etag = NULL, last_modified = NULL, last_read = NULL
             WHERE id = ?1 AND baselined",
            // Its row goes with the last article that names it.
            "DELETE FROM sources WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM articles WHERE source = ?1)",
        ] {
            conn.prepare_cached(forgotten)?.execute([source])?;
        }
        Ok(())
    }
}
