//! Stories: what is near an article, and what its reading came to. Two readers with copies of one wire make one alert: the
//! commit refuses where the story index moved since the question.

use super::recent::{self, Sketches};
use super::value::{channel_id, json, ms, next, parsed, time};
use super::{archive, digests, flood, outbox, steps};
use crate::model::limits::{COPY_WORDS_MAX, STORIES_NEAR_MAX, STORY_TEXTS_MAX};
use crate::model::{Alert, MessageId, Step, StoryId, Suppressed};
use crate::store::{
    AlertRecord, CopyRecord, EntryNext, Near, NearStory, ReadingCommitted, ReadingRecord, Result, StoreError,
    StoredAlert, StoryProbe, StoryRecord,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Params, params};
use std::collections::HashMap;

/// Of a text that is compared: its words and more.
const TEXT_BYTES_MAX: usize = COPY_WORDS_MAX * 32;

/// What a story shares with the article.
#[derive(Default)]
struct Common {
    same_url: bool,
    /// Its place among those that share most.
    rank: usize,
    texts: Vec<String>,
}

/// Answers the probe. A story with the same URL is found however old it is: its alerts stand for this very article.
pub(super) fn near(conn: &Connection, sketches: &Sketches, probe: &StoryProbe) -> Result<Near> {
    let seq = index(conn)?;
    let mut found: HashMap<i64, Common> = HashMap::new();
    let mut by_url =
        conn.prepare_cached("SELECT DISTINCT u.story FROM json_each(?1) j CROSS JOIN story_urls u ON u.url = j.value")?;
    let mut rows = by_url.query([json(&probe.urls)?])?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().same_url = true;
    }
    let mut of_article = conn.prepare_cached("SELECT story FROM story_articles WHERE article = ?1")?;
    let mut compared = 0;
    for (rank, (article, _)) in sketches.like(conn, &probe.sketch, probe.since)?.into_iter().enumerate() {
        let story = of_article.query_row([article], |row| row.get(0)).optional()?;
        let Some(story) = story.map(|story| found.entry(story).or_insert(Common { rank, ..Common::default() })) else {
            continue;
        };
        if story.texts.len() < STORY_TEXTS_MAX {
            let mut text = archive::text(conn, article)?;
            text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
            story.texts.push(text);
            compared += 1;
        }
        if compared == STORIES_NEAR_MAX {
            break;
        }
    }
    let mut found: Vec<(i64, Common)> = found.into_iter().collect();
    found.sort_by_key(|(id, near)| (!near.same_url, near.rank, std::cmp::Reverse(*id)));
    let mut stories = vec![];
    for (id, common) in found {
        if stories.len() == STORIES_NEAR_MAX {
            break;
        }
        stories.extend(story(conn, id, common, probe.since)?);
    }
    Ok(Near { seq, stories })
}

/// The state of the story index.
fn index(conn: &Connection) -> Result<i64> {
    let mut seq = conn.prepare_cached("SELECT value FROM counters WHERE name = 'story'")?;
    Ok(seq.query_row([], |row| row.get(0))?)
}

fn story(conn: &Connection, id: i64, common: Common, since: Timestamp) -> Result<Option<NearStory>> {
    let mut one =
        conn.prepare_cached("SELECT story, first_seen FROM stories WHERE id = ?1 AND (?2 OR first_seen >= ?3)")?;
    let found =
        one.query_row(params![id, common.same_url, ms(since)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((story, first_seen)) = found else { return Ok(None) };
    let alerts = stored(conn, "SELECT id, data, suppressed FROM alerts WHERE story = ?1 ORDER BY id", [id])?;
    Ok(Some(NearStory {
        id: StoryId::from_stored(story),
        first_seen: time(first_seen),
        same_url: common.same_url,
        texts: common.texts,
        alerts,
    }))
}

/// Alerts as a statement names them: number, data, why it was not told.
pub(super) fn stored(conn: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<StoredAlert>> {
    let mut alerts = vec![];
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        alerts.push(StoredAlert {
            id,
            alert: parsed(&row.get::<_, String>(1)?)?,
            suppressed: row.get::<_, Option<String>>(2)?.map(|why| parsed(&why)).transpose()?,
            waiting: waiting(conn, id)?,
            begun: begun(conn, id)?,
        });
    }
    Ok(alerts)
}

/// Whether anything that tells the alert has been begun.
fn begun(conn: &Connection, alert: i64) -> Result<bool> {
    let mut begun = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM messages m WHERE m.alert = ?1 AND m.id NOT IN (SELECT id FROM untouched WHERE alert = ?1))
             OR EXISTS (SELECT 1 FROM digest_items WHERE alert = ?1 AND told_at IS NOT NULL)",
    )?;
    Ok(begun.query_row([alert], |row| row.get(0))?)
}

fn waiting(conn: &Connection, alert: i64) -> Result<Vec<(MessageId, crate::model::ChannelId)>> {
    let mut untouched = conn.prepare_cached("SELECT message, channel FROM untouched WHERE alert = ?1 ORDER BY id")?;
    let mut rows = untouched.query([alert])?;
    let mut waiting = vec![];
    while let Some(row) = rows.next()? {
        waiting.push((MessageId::from_stored(row.get(0)?), channel_id(&row.get::<_, String>(1)?)?));
    }
    Ok(waiting)
}

/// An entry that is being read.
struct Reading {
    source: i64,
    key: i64,
    first_seen: i64,
}

/// Stores a reading, or nothing. `data` is its article, as [`archive::data`](super::archive::data) gave it.
pub(super) fn commit(conn: &Connection, reading: &ReadingRecord, data: &str) -> Result<ReadingCommitted> {
    let entry = conn
        .prepare_cached("SELECT source, key, first_seen FROM entries WHERE id = ?1 AND lease = ?2")?
        .query_row([reading.entry, reading.lease], |row| {
            Ok(Reading { source: row.get(0)?, key: row.get(1)?, first_seen: row.get(2)? })
        })
        .optional()?
        .ok_or(StoreError::LeaseLost)?;
    if let Some(story) = &reading.story
        && (moved(conn, story)? || alerted(conn, story, reading)?)
    {
        return Ok(ReadingCommitted::StoryMoved);
    }
    let article = article(conn, &entry, reading, data)?;
    if let Some(story) = &reading.story {
        let joined = join(conn, &story.id, &story.urls, reading.now)?;
        sketch(conn, article, &joined, &story.sketch, reading.now)?;
    }
    for alert in &reading.alerts {
        store_alert(conn, article, alert, reading.now)?;
    }
    for copy in &reading.copies {
        store_copy(conn, copy, reading.now)?;
    }
    finish(conn, reading)?;
    Ok(ReadingCommitted::Done)
}

/// Whether the article's story was changed since the question, or another one that shares something with it was made.
fn moved(conn: &Connection, story: &StoryRecord) -> Result<bool> {
    if index(conn)? <= story.seq {
        return Ok(false);
    }
    let mut moved = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM json_each(?2) j CROSS JOIN story_urls u ON u.url = j.value
                        JOIN stories s ON s.id = u.story WHERE s.seq > ?1)
             OR EXISTS (SELECT 1 FROM stories WHERE story = ?3 AND seq > ?1)",
    )?;
    let moved: bool = moved.query_row(params![story.seq, json(&story.urls)?, story.id.as_str()], |row| row.get(0))?;
    Ok(moved || recent::shared_since(conn, story.seq, &story.sketch)?)
}

/// Whether one of the new alerts is there already. Its story is then one that the question did not find; it is given the
/// article's URLs, so that the next question does.
fn alerted(conn: &Connection, story: &StoryRecord, reading: &ReadingRecord) -> Result<bool> {
    for AlertRecord { alert, .. } in &reading.alerts {
        let known: bool = conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM alerts a JOIN stories s ON s.id = a.story WHERE s.story = ?1 AND a.rule = ?2)",
            )?
            .query_row(params![alert.story.as_str(), alert.rule.key()], |row| row.get(0))?;
        if known {
            join(conn, &alert.story, &story.urls, reading.now)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Stores the article; what was read in full is not replaced by less.
fn article(conn: &Connection, entry: &Reading, reading: &ReadingRecord, data: &str) -> Result<i64> {
    let known: Option<(i64, bool)> = conn
        .prepare_cached("SELECT id, complete FROM articles WHERE source = ?1 AND key = ?2")?
        .query_row([entry.source, entry.key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let article = &reading.article;
    if let Some((id, true)) = known
        && !article.complete
    {
        return Ok(id);
    }
    let copy = !reading.copies.is_empty()
        || reading.alerts.iter().any(|alert| matches!(alert.suppressed, Some(Suppressed::AlreadyAlerted { .. })));
    let id = conn
        .prepare_cached(
            "INSERT INTO articles (source, key, first_seen, read_at, complete, copy, too_old, published, url, title, data,
                                   unreadable, language)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT DO UPDATE SET read_at = excluded.read_at, complete = excluded.complete, copy = excluded.copy,
                 too_old = excluded.too_old, published = excluded.published, url = excluded.url, title = excluded.title,
                 data = excluded.data, unreadable = excluded.unreadable, language = excluded.language
             RETURNING id",
        )?
        .query_row(
            params![
                entry.source,
                entry.key,
                entry.first_seen,
                ms(reading.now),
                article.complete,
                copy,
                reading.too_old,
                article.published.map(ms),
                article.url,
                article.title,
                data,
                article.text.is_empty() && !article.zones.iter().any(|block| block.zone.in_text()),
                article.language.as_deref().map(|tag| tag.split(['-', '_']).next().unwrap_or(tag))
            ],
            |row| row.get(0),
        )?;
    if known.is_some() {
        conn.prepare_cached("DELETE FROM matches WHERE article = ?1")?.execute([id])?;
        // Those that still hold keep their time: each is told in one digest.
        conn.prepare_cached(
            "DELETE FROM near_misses WHERE article = ?1 AND (rule, why) NOT IN
                 (SELECT value ->> 0, value ->> 1 FROM json_each(?2))",
        )?
        .execute(params![
            id,
            json(&reading.near_misses.iter().map(|(rule, why)| (rule.key(), why)).collect::<Vec<_>>())?
        ])?;
    }
    for matched in &reading.matches {
        conn.prepare_cached("INSERT OR REPLACE INTO matches (article, rule, data) VALUES (?1, ?2, ?3)")?
            .execute(params![id, matched.rule.key(), json(matched)?])?;
    }
    for (rule, why) in &reading.near_misses {
        conn.prepare_cached(
            "INSERT OR IGNORE INTO near_misses (article, rule, why, title, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, rule.key(), why, article.title, ms(reading.now)])?;
    }
    Ok(id)
}

/// A story that was made or changed, and the state of the index that this made.
struct Joined {
    story: i64,
    seq: i64,
}

/// Makes the story, or changes it; either moves the index on.
fn join(conn: &Connection, story: &StoryId, urls: &[String], now: Timestamp) -> Result<Joined> {
    let seq = next(conn, "story")?;
    let row = conn
        .prepare_cached(
            "INSERT INTO stories (story, first_seen, last_seen, seq) VALUES (?1, ?2, ?2, ?3)
             ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, seq = excluded.seq RETURNING id",
        )?
        .query_row(params![story.as_str(), ms(now), seq], |row| row.get(0))?;
    for url in urls {
        conn.prepare_cached("INSERT OR IGNORE INTO story_urls (url, story) VALUES (?1, ?2)")?
            .execute(params![url, row])?;
    }
    Ok(Joined { story: row, seq })
}

fn sketch(conn: &Connection, article: i64, joined: &Joined, sketch: &[u32], now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO story_articles (article, story, sketch, seen, seq) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET story = excluded.story, sketch = excluded.sketch, seq = excluded.seq",
    )?
    .execute(params![article, joined.story, recent::stored(sketch), ms(now), joined.seq])?;
    Ok(())
}

fn store_alert(conn: &Connection, article: i64, record: &AlertRecord, now: Timestamp) -> Result<()> {
    let story = story_row(conn, &record.alert.story, now)?;
    let suppressed = record.suppressed.as_ref().map(json).transpose()?;
    let id = conn
        .prepare_cached(
            "INSERT INTO alerts (rule, story, article, made, suppressed, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        )?
        .query_row(
            params![record.alert.rule.key(), story, article, ms(now), suppressed, json(&record.alert)?],
            |row| row.get(0),
        )?;
    steps::write(conn, id, &record.steps, now)?;
    digests::route(conn, id, &record.digests)?;
    outbox::owe(conn, &flood::divert(conn, id, &record.owed, now)?, Some(id))
}

/// The story's row; made where a record names a story only through its alert.
fn story_row(conn: &Connection, story: &StoryId, now: Timestamp) -> Result<i64> {
    let known = conn
        .prepare_cached("SELECT id FROM stories WHERE story = ?1")?
        .query_row([story.as_str()], |row| row.get(0))
        .optional()?;
    known.map_or_else(|| join(conn, story, &[], now).map(|joined| joined.story), Ok)
}

fn store_copy(conn: &Connection, copy: &CopyRecord, now: Timestamp) -> Result<()> {
    let known = conn
        .prepare_cached("UPDATE alerts SET data = ?2 WHERE id = ?1")?
        .execute(params![copy.alert_id, json(&copy.alert)?])?;
    if known == 0 {
        // Swept meanwhile: it was told years ago.
        return Ok(());
    }
    steps::write(conn, copy.alert_id, &copy.steps, now)?;
    for message in &copy.rewritten {
        outbox::rewrite(conn, message)?;
    }
    digests::route(conn, copy.alert_id, &copy.digests)?;
    outbox::owe(conn, &flood::divert(conn, copy.alert_id, &copy.owed, now)?, Some(copy.alert_id))
}

/// Keeps an alert that is not told; one that the rule has of this story already stays as it is.
pub(super) fn suppress(
    conn: &Connection,
    alert: &Alert,
    matched: &Step,
    why: &Suppressed,
    now: Timestamp,
) -> Result<()> {
    let urls: Vec<String> =
        std::iter::once(&alert.url).chain(alert.outlets.iter().map(|outlet| &outlet.url)).cloned().collect();
    let Joined { story, .. } = join(conn, &alert.story, &urls, now)?;
    let made = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO alerts (rule, story, made, suppressed, data) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        )?
        .query_row(params![alert.rule.key(), story, ms(now), json(why)?, json(alert)?], |row| row.get(0))
        .optional()?;
    made.map_or(Ok(()), |id| steps::write(conn, id, &[matched.clone(), Step::Suppressed { why: why.clone() }], now))
}

fn finish(conn: &Connection, reading: &ReadingRecord) -> Result<()> {
    match reading.next {
        EntryNext::Done | EntryNext::GaveUp => {
            conn.prepare_cached("DELETE FROM entries WHERE id = ?1")?.execute([reading.entry])?;
        }
        EntryNext::RetryAt(at) => {
            conn.prepare_cached(
                "UPDATE entries SET attempts = attempts + 1, lease = NULL, away_until = ?2 WHERE id = ?1",
            )?
            .execute(params![reading.entry, ms(at)])?;
        }
    }
    Ok(())
}
