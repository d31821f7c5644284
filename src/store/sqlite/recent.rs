//! The sketches of the articles of stories, in memory, as far as the database has them. In: a sketch. Out: articles that share
//! something with it. It holds nothing that the database does not: each question first reads what was committed meanwhile.

use super::archive;
use super::value::ms;
use crate::model::limits::STORY_WINDOW;
use crate::store::Result;
use crate::text::copy::{Recent, sketch};
use jiff::Timestamp;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by the readers.
#[derive(Clone, Default)]
pub(super) struct Sketches(Arc<Mutex<Known>>);

struct Known {
    recent: Recent,
    /// The state of the story index up to which they are known.
    seq: i64,
}

impl Default for Known {
    fn default() -> Self {
        Self { recent: Recent::default(), seq: -1 }
    }
}

impl Sketches {
    /// The articles that are likest, seen since then.
    pub(super) fn like(&self, conn: &Connection, asked: &[u32], since: Timestamp) -> Result<Vec<(i64, usize)>> {
        if asked.is_empty() {
            return Ok(vec![]);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.catch_up(conn, since)?;
        Ok(known.recent.like(asked, ms(since)))
    }
}

impl Known {
    fn catch_up(&mut self, conn: &Connection, since: Timestamp) -> Result<()> {
        let mut later = conn.prepare_cached(
            "SELECT seq, article, seen, sketch FROM story_articles WHERE seq > ?1 AND seen >= ?2 ORDER BY seq, article",
        )?;
        let mut rows = later.query([self.seq, ms(since)])?;
        let window = i64::try_from(STORY_WINDOW.as_millis()).unwrap_or(i64::MAX);
        while let Some(row) = rows.next()? {
            let (article, seen): (i64, i64) = (row.get(1)?, row.get(2)?);
            let stored = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let sketch = if stored.is_empty() { made_anew(conn, article)? } else { read(stored) };
            self.recent.add(article, seen, &sketch, seen.saturating_sub(window));
            self.seq = self.seq.max(row.get(0)?);
        }
        Ok(())
    }
}

/// The sketch of an article that has none of this kind.
fn made_anew(conn: &Connection, article: i64) -> Result<Vec<u32>> {
    Ok(sketch(&archive::text(conn, article)?))
}

/// A sketch as it is stored: four bytes each, the lowest first.
pub(super) fn stored(sketch: &[u32]) -> Vec<u8> {
    sketch.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

fn read(stored: &[u8]) -> Vec<u32> {
    let (hashes, _) = stored.as_chunks();
    hashes.iter().map(|hash| u32::from_le_bytes(*hash)).collect()
}

/// Whether an article that was laid to a story after this state of the index shares something with the sketch.
pub(super) fn shared_since(conn: &Connection, seq: i64, asked: &[u32]) -> Result<bool> {
    let mut later = conn.prepare_cached("SELECT sketch FROM story_articles WHERE seq > ?1")?;
    let mut rows = later.query([seq])?;
    while let Some(row) = rows.next()? {
        let sketch = read(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        if sketch.iter().any(|hash| asked.contains(hash)) {
            return Ok(true);
        }
    }
    Ok(false)
}
