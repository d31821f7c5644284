//! Entries: which of a document's are new, which wait to be read, and whose turn it is.

use super::value::{after, count, list, ms, next, parsed, size, source_id, time};
use crate::model::limits::{REREAD_WINDOW, REREADS_MAX};
use crate::model::{Entry, SourceId};
use crate::store::{BaselineRecord, Claim, DueEntry, PollCommitted, Result};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};

/// How old `last_seen` grows before it is written again: an unchanged feed costs no write.
const SEEN_AGAIN_MS: i64 = 24 * 3600 * 1000;
/// Entries of a source that is no longer configured wait for its return.
const HELD: i64 = i64::MAX;
/// Keys that one statement takes: as one list those of 100,000 entries would take as much memory as the entries.
const KEYS_AT_ONCE: usize = 1000;
/// Remembered entries among which those of a document with nothing but new ids are looked for.
const RENAMED_MAX: usize = 10_000;
/// A source takes at most this part of a batch while others wait.
const SHARE: usize = 4;

/// An entry of a document, by numbers: what the store remembers of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed {
    /// 64 bits of the SHA-256 of its key. Two keys of one source that share them would have to be made on purpose, by the one
    /// whose news it would hide.
    key: i64,
    /// The same of its title and `updated`.
    fingerprint: i64,
    /// Where it stands in the document.
    index: usize,
}

/// Works out the numbers of a document's entries; of several with one key, the first counts.
pub(super) fn keyed(entries: &[Entry]) -> Vec<Keyed> {
    let mut seen = HashSet::with_capacity(entries.len());
    let all = entries.iter().enumerate().map(|(index, entry)| Keyed {
        key: number(&entry.key),
        fingerprint: fingerprint(entry),
        index,
    });
    all.filter(|keyed| seen.insert(keyed.key)).collect()
}

fn number(key: &str) -> i64 {
    first_bytes(Sha256::new_with_prefix(key))
}

fn fingerprint(entry: &Entry) -> i64 {
    let mut sum = Sha256::new_with_prefix(entry.title.as_deref().unwrap_or_default());
    sum.update([0]);
    sum.update(entry.updated.map_or(i64::MIN, ms).to_be_bytes());
    first_bytes(sum)
}

fn first_bytes(sum: Sha256) -> i64 {
    sum.finalize().iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// What one poll brought.
pub(super) struct Document<'a> {
    pub(super) source: i64,
    pub(super) entries: &'a [Entry],
    pub(super) keyed: &'a [Keyed],
    pub(super) baseline: Option<&'a BaselineRecord>,
}

/// What is remembered of a key.
struct Known {
    /// The key it had, where the document gives it another.
    key: Option<i64>,
    fingerprint: i64,
    first_seen: i64,
    last_seen: i64,
    rereads: u32,
}

/// Stores which entries are new, and queues those that are to be read.
pub(super) fn store(conn: &Connection, document: &Document, at: Timestamp) -> Result<PollCommitted> {
    let now = ms(at);
    let mut known = known(conn, document)?;
    let any_known = known.is_empty() && !document.keyed.is_empty() && any_known(conn, document.source)?;
    if any_known {
        known = renamed(conn, document)?;
    }
    let gap = any_known && known.is_empty();
    let mut new = vec![];
    let mut changed = vec![];
    let mut seen_again = vec![];
    for keyed in document.keyed {
        match known.get(&keyed.key) {
            None => new.push(*keyed),
            Some(known) if known.fingerprint != keyed.fingerprint && rereads(known, now) => {
                changed.push((*keyed, known.first_seen));
            }
            Some(known) if now - known.last_seen >= SEEN_AGAIN_MS => seen_again.push(known.key.unwrap_or(keyed.key)),
            Some(_) => {}
        }
    }
    remember(conn, document.source, &new, now)?;
    if !seen_again.is_empty() {
        conn.prepare_cached(
            "UPDATE keys SET last_seen = ?3 WHERE source = ?1 AND key IN (SELECT value FROM json_each(?2))",
        )?
        .execute(params![document.source, list(seen_again), now])?;
    }
    let mut due = 0;
    let read: Option<HashSet<&str>> =
        document.baseline.map(|baseline| baseline.read.iter().map(String::as_str).collect());
    for keyed in &new {
        let entry = &document.entries[keyed.index];
        if read.as_ref().is_none_or(|read| read.contains(entry.key.as_str())) {
            queue(conn, document.source, keyed.key, entry, now, now)?;
            due += 1;
        }
    }
    for (keyed, first_seen) in changed {
        conn.prepare_cached(
            "UPDATE keys SET fingerprint = ?3, last_seen = ?4, rereads = rereads + 1 WHERE source = ?1 AND key = ?2",
        )?
        .execute(params![document.source, keyed.key, keyed.fingerprint, now])?;
        queue(conn, document.source, keyed.key, &document.entries[keyed.index], first_seen, now)?;
        due += 1;
    }
    Ok(PollCommitted { new: new.len(), due, gap })
}

fn rereads(known: &Known, now: i64) -> bool {
    let window = i64::try_from(REREAD_WINDOW.as_millis()).unwrap_or(i64::MAX);
    known.rereads < REREADS_MAX && now - known.first_seen <= window
}

fn known(conn: &Connection, document: &Document) -> Result<HashMap<i64, Known>> {
    let mut known = conn.prepare_cached(
        "SELECT k.key, k.fingerprint, k.first_seen, k.last_seen, k.rereads
         FROM json_each(?2) j CROSS JOIN keys k ON k.source = ?1 AND k.key = j.value",
    )?;
    let mut found = HashMap::new();
    for some in document.keyed.chunks(KEYS_AT_ONCE) {
        let keys = list(some.iter().map(|keyed| keyed.key));
        let mut rows = known.query(params![document.source, keys])?;
        while let Some(row) = rows.next()? {
            let known = Known {
                key: None,
                fingerprint: row.get(1)?,
                first_seen: row.get(2)?,
                last_seen: row.get(3)?,
                rereads: row.get(4)?,
            };
            found.insert(row.get(0)?, known);
        }
    }
    Ok(found)
}

/// The entries of a document whose ids are all unknown, known again by title: some feeds give new ids to old entries, at each
/// poll or when their site moves. At least three and at least half of them must be known so, each by a title of its own; else it
/// is another document, and nothing of it is taken for known.
fn renamed(conn: &Connection, document: &Document) -> Result<HashMap<i64, Known>> {
    let mut titled: HashMap<i64, Option<i64>> = HashMap::new();
    for keyed in document.keyed.iter().filter(|keyed| document.entries[keyed.index].title.is_some()) {
        titled.entry(keyed.fingerprint).and_modify(|key| *key = None).or_insert(Some(keyed.key));
    }
    let mut stored = conn.prepare_cached(
        "SELECT key, fingerprint, first_seen, last_seen, rereads FROM keys WHERE source = ?1 ORDER BY first_seen DESC LIMIT ?2",
    )?;
    let mut rows = stored.query(params![document.source, count(RENAMED_MAX)])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let fingerprint: i64 = row.get(1)?;
        // Known twice: it says nothing.
        let Some(key) = titled.remove(&fingerprint).flatten() else { continue };
        let known = Known {
            key: Some(row.get(0)?),
            fingerprint,
            first_seen: row.get(2)?,
            last_seen: row.get(3)?,
            rereads: row.get(4)?,
        };
        found.insert(key, known);
    }
    let enough = found.len() >= 3 && found.len() * 2 >= document.keyed.len();
    Ok(if enough { found } else { HashMap::new() })
}

fn any_known(conn: &Connection, source: i64) -> Result<bool> {
    let mut any = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM keys WHERE source = ?1)")?;
    Ok(any.query_row([source], |row| row.get(0))?)
}

/// A statement for many: a document may bring 100,000 at once.
fn remember(conn: &Connection, source: i64, new: &[Keyed], now: i64) -> Result<()> {
    for some in new.chunks(KEYS_AT_ONCE) {
        let pairs: Vec<String> = some.iter().map(|keyed| format!("[{},{}]", keyed.key, keyed.fingerprint)).collect();
        conn.prepare_cached(
            "INSERT INTO keys (source, key, fingerprint, first_seen, last_seen)
             SELECT ?1, value ->> 0, value ->> 1, ?3, ?3 FROM json_each(?2)",
        )?
        .execute(params![source, format!("[{}]", pairs.join(",")), now])?;
    }
    Ok(())
}

/// Queues an entry. One that waits already is replaced, and whoever reads it right now has lost its lease: the text changed.
fn queue(conn: &Connection, source: i64, key: i64, entry: &Entry, first_seen: i64, now: i64) -> Result<()> {
    let at = entry.published.or(entry.updated).map_or(now, |published| ms(published).min(now));
    conn.prepare_cached(
        "INSERT INTO entries (source, key, at, first_seen, data) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET at = excluded.at, attempts = 0, away_until = NULL, lease = NULL, data = excluded.data",
    )?
    .execute(params![source, key, at, first_seen, super::value::json(entry)?])?;
    Ok(())
}

/// Holds the entries of a source that is no longer configured.
pub(super) fn hold(conn: &Connection, source: i64) -> Result<()> {
    conn.prepare_cached("UPDATE entries SET lease = NULL, away_until = ?2 WHERE source = ?1")?
        .execute(params![source, HELD])?;
    Ok(())
}

/// Lets them go again.
pub(super) fn release(conn: &Connection, source: i64) -> Result<()> {
    conn.prepare_cached("UPDATE entries SET away_until = NULL WHERE source = ?1 AND away_until = ?2")?
        .execute(params![source, HELD])?;
    Ok(())
}

/// Makes all claims void.
pub(super) fn release_claims(conn: &Connection) -> Result<()> {
    conn.execute("UPDATE entries SET lease = NULL, away_until = NULL WHERE lease IS NOT NULL", [])?;
    Ok(())
}

/// In which languages the articles read since then (ms) are, the most frequent first.
pub(super) fn languages(conn: &Connection, since: i64) -> Result<Vec<(String, usize)>> {
    let mut counted = conn.prepare_cached(
        "SELECT language, count(*) AS articles FROM articles WHERE read_at >= ?1 AND language IS NOT NULL
         GROUP BY language ORDER BY articles DESC, language",
    )?;
    let rows = counted.query_map([since], |row| Ok((row.get(0)?, size(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many wait.
pub(super) fn unread(conn: &Connection) -> Result<usize> {
    let mut unread = conn.prepare_cached("SELECT count(*) FROM entries WHERE away_until IS NULL OR away_until < ?1")?;
    Ok(super::value::size(unread.query_row([HELD], |row| row.get(0))?))
}

/// A claimed entry as it is stored; read back outside the writer's thread.
pub(super) struct Claimed {
    id: i64,
    source: SourceId,
    title: Option<String>,
    language: Option<String>,
    attempts: u32,
    first_seen: i64,
    lease: i64,
    data: String,
}

impl Claimed {
    pub(super) fn read(self) -> Result<DueEntry> {
        Ok(DueEntry {
            id: self.id,
            source: self.source,
            source_title: self.title,
            source_language: self.language,
            entry: parsed(&self.data)?,
            attempts: self.attempts,
            first_seen: time(self.first_seen),
            lease: self.lease,
        })
    }
}

/// Claims the newest, and no more than its share of one source while others wait.
pub(super) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<Claimed>> {
    conn.prepare_cached("UPDATE entries SET away_until = NULL, lease = NULL WHERE away_until <= ?1")?
        .execute([ms(claim.now)])?;
    let chosen = choose(conn, claim.max)?;
    if chosen.is_empty() {
        return Ok(vec![]);
    }
    let lease = next(conn, "lease")?;
    let ids = list(chosen);
    conn.prepare_cached(
        "UPDATE entries SET lease = ?1, away_until = ?2 WHERE id IN (SELECT value FROM json_each(?3))",
    )?
    .execute(params![lease, after(claim.now, claim.lease), ids])?;
    let mut claimed = conn.prepare_cached(
        "SELECT e.id, s.typed, s.title, s.language, e.attempts, e.first_seen, e.data
         FROM json_each(?1) j CROSS JOIN entries e ON e.id = j.value JOIN sources s ON s.id = e.source",
    )?;
    let mut rows = claimed.query([ids])?;
    let mut claimed = vec![];
    while let Some(row) = rows.next()? {
        claimed.push(Claimed {
            id: row.get(0)?,
            source: source_id(&row.get::<_, String>(1)?)?,
            title: row.get(2)?,
            language: row.get(3)?,
            attempts: row.get(4)?,
            first_seen: row.get(5)?,
            lease,
            data: row.get(6)?,
        });
    }
    Ok(claimed)
}

/// An entry that may be claimed.
#[derive(Clone, Copy)]
struct Waiting {
    at: i64,
    id: i64,
    source: i64,
}

/// The newest of all are mostly enough; only where a few sources fill that head, each source is asked for its own.
fn choose(conn: &Connection, max: usize) -> Result<Vec<i64>> {
    let share = (max / SHARE).max(1);
    let head = newest(conn, max * SHARE)?;
    let mut chosen = fair(&head, share, max);
    if chosen.len() < max && head.len() == max * SHARE {
        chosen = fair(&newest_of_each(conn, share, max)?, share, max);
    }
    // Nobody else waits: the rest of the batch is for whoever has more.
    let taken: HashSet<i64> = chosen.iter().copied().collect();
    let rest = head.iter().map(|waiting| waiting.id).filter(|id| !taken.contains(id));
    let missing = max - chosen.len();
    chosen.extend(rest.take(missing));
    Ok(chosen)
}

fn fair(newest: &[Waiting], share: usize, max: usize) -> Vec<i64> {
    let mut of_source: HashMap<i64, usize> = HashMap::new();
    let within = newest.iter().filter(|waiting| {
        let taken = of_source.entry(waiting.source).or_default();
        *taken += 1;
        *taken <= share
    });
    within.map(|waiting| waiting.id).take(max).collect()
}

fn newest(conn: &Connection, max: usize) -> Result<Vec<Waiting>> {
    let mut newest = conn.prepare_cached(
        "SELECT at, id, source FROM entries INDEXED BY entries_newest
         WHERE away_until IS NULL ORDER BY at DESC, id LIMIT ?1",
    )?;
    let rows =
        newest.query_map([count(max)], |row| Ok(Waiting { at: row.get(0)?, id: row.get(1)?, source: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The newest of the sources with the newest entries: one step in an index per source, however many entries it has.
fn newest_of_each(conn: &Connection, share: usize, max: usize) -> Result<Vec<Waiting>> {
    let mut sources = conn.prepare_cached(
        "WITH RECURSIVE waiting (source) AS (
             SELECT min(source) FROM entries INDEXED BY entries_by_source WHERE away_until IS NULL
             UNION ALL
             SELECT (SELECT min(source) FROM entries INDEXED BY entries_by_source
                     WHERE away_until IS NULL AND source > waiting.source)
             FROM waiting WHERE waiting.source IS NOT NULL)
         SELECT source, (SELECT max(at) FROM entries INDEXED BY entries_by_source
                         WHERE away_until IS NULL AND source = waiting.source) AS newest
         FROM waiting WHERE source IS NOT NULL ORDER BY newest DESC LIMIT ?1",
    )?;
    let sources: Vec<i64> = sources.query_map([count(max)], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut own = conn.prepare_cached(
        "SELECT at, id FROM entries INDEXED BY entries_by_source
         WHERE away_until IS NULL AND source = ?1 ORDER BY at DESC, id LIMIT ?2",
    )?;
    let mut all = vec![];
    for source in sources {
        let rows = own
            .query_map(params![source, count(share)], |row| Ok(Waiting { at: row.get(0)?, id: row.get(1)?, source }))?;
        for row in rows {
            all.push(row?);
        }
    }
    all.sort_by_key(|waiting| (std::cmp::Reverse(waiting.at), waiting.id));
    Ok(all)
}
