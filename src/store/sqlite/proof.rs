//! What became of each entry of a stretch of time. In: which. Out: what was read with all that came of it, what was not, and where
//! something may have been missed. Each entry is counted once. It changes nothing.

use super::value::{json, ms, parsed, rule_id, size, source_id, time};
use crate::model::{Entry, Step, Suppressed};
use crate::store::{Proof, ProofAlert, ProofArticle, ProofEntry, ProofGap, ProofQuery, Result};
use rusqlite::{Connection, params};
use std::collections::HashMap;

pub(super) fn proof(conn: &Connection, query: &ProofQuery) -> Result<Proof> {
    let span = (ms(query.from), ms(query.to));
    let mut read = articles(conn, span)?;
    let place: HashMap<i64, usize> = read.iter().enumerate().map(|(at, article)| (article.id, at)).collect();
    matches(conn, span, &place, &mut read)?;
    near_misses(conn, span, query, &place, &mut read)?;
    alerts(conn, span, &place, &mut read)?;
    let (baseline, forgotten) = without_article(conn, span)?;
    Ok(Proof { read, unread: unread(conn, span)?, baseline, forgotten, gaps: gaps(conn, span)? })
}

fn articles(conn: &Connection, (from, to): (i64, i64)) -> Result<Vec<ProofArticle>> {
    let mut all = conn.prepare_cached(
        "SELECT a.id, s.typed, a.url, substr(a.title, 1, 1000), a.first_seen, a.read_at, a.complete
         FROM articles a JOIN sources s ON s.id = a.source
         WHERE a.first_seen >= ?1 AND a.first_seen < ?2 ORDER BY a.first_seen, a.id",
    )?;
    let mut rows = all.query([from, to])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        found.push(ProofArticle {
            id: row.get(0)?,
            source: source_id(&row.get::<_, String>(1)?)?,
            url: row.get(2)?,
            title: row.get(3)?,
            first_seen: time(row.get(4)?),
            read_at: time(row.get(5)?),
            complete: row.get(6)?,
            matches: vec![],
            near_misses: vec![],
            alerts: vec![],
        });
    }
    Ok(found)
}

fn matches(conn: &Connection, span: (i64, i64), place: &HashMap<i64, usize>, read: &mut [ProofArticle]) -> Result<()> {
    let mut all = conn.prepare_cached(
        "SELECT m.article, m.data FROM articles a JOIN matches m ON m.article = a.id
         WHERE a.first_seen >= ?1 AND a.first_seen < ?2 ORDER BY m.rule",
    )?;
    let mut rows = all.query([span.0, span.1])?;
    while let Some(row) = rows.next()? {
        if let Some(at) = place.get(&row.get(0)?) {
            read[*at].matches.push(parsed(&row.get::<_, String>(1)?)?);
        }
    }
    Ok(())
}

fn near_misses(
    conn: &Connection,
    span: (i64, i64),
    query: &ProofQuery,
    place: &HashMap<i64, usize>,
    read: &mut [ProofArticle],
) -> Result<()> {
    let rules: Vec<_> = query.rules.iter().map(|rule| rule.key()).collect();
    let mut all = conn.prepare_cached(
        "SELECT n.article, n.rule, n.why FROM articles a JOIN near_misses n ON n.article = a.id
         WHERE a.first_seen >= ?1 AND a.first_seen < ?2 AND n.rule IN (SELECT value FROM json_each(?3)) ORDER BY n.rule",
    )?;
    let mut rows = all.query(params![span.0, span.1, json(&rules)?])?;
    while let Some(row) = rows.next()? {
        if let Some(at) = place.get(&row.get(0)?) {
            read[*at].near_misses.push((rule_id(&row.get::<_, String>(1)?)?, row.get(2)?));
        }
    }
    Ok(())
}

fn alerts(conn: &Connection, span: (i64, i64), place: &HashMap<i64, usize>, read: &mut [ProofArticle]) -> Result<()> {
    let mut all = conn.prepare_cached(
        "SELECT l.article, l.id, l.rule, l.suppressed,
                (SELECT s.data FROM steps s WHERE s.alert = l.id AND s.data ->> 'step' = 'matched' ORDER BY s.id LIMIT 1)
         FROM articles a JOIN alerts l ON l.article = a.id WHERE a.first_seen >= ?1 AND a.first_seen < ?2 ORDER BY l.id",
    )?;
    let mut rows = all.query([span.0, span.1])?;
    while let Some(row) = rows.next()? {
        let Some(at) = place.get(&row.get(0)?) else { continue };
        let suppressed: Option<String> = row.get(3)?;
        let matched: Option<String> = row.get(4)?;
        let evidence = match matched.as_deref().map(parsed).transpose()? {
            Some(Step::Matched { evidence }) => Some(evidence),
            _ => None,
        };
        read[*at].alerts.push(ProofAlert {
            id: row.get(1)?,
            rule: rule_id(&row.get::<_, String>(2)?)?,
            suppressed: suppressed.as_deref().map(parsed::<Suppressed>).transpose()?,
            evidence,
        });
    }
    Ok(())
}

/// Entries that wait, but for those whose feed text was read meanwhile.
fn unread(conn: &Connection, (from, to): (i64, i64)) -> Result<Vec<ProofEntry>> {
    let mut all = conn.prepare_cached(
        "SELECT s.typed, e.first_seen, e.data FROM entries e JOIN sources s ON s.id = e.source
         WHERE e.first_seen >= ?1 AND e.first_seen < ?2
           AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.source = e.source AND a.key = e.key)
         ORDER BY e.first_seen, e.id",
    )?;
    let mut rows = all.query([from, to])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        let entry: Entry = parsed(&row.get::<_, String>(2)?)?;
        found.push(ProofEntry {
            source: source_id(&row.get::<_, String>(0)?)?,
            first_seen: time(row.get(1)?),
            url: entry.link,
            title: entry.title,
        });
    }
    Ok(found)
}

/// Entries that were seen and have neither article nor wait for one: those of first polls, and those whose article is forgotten.
fn without_article(conn: &Connection, (from, to): (i64, i64)) -> Result<(usize, usize)> {
    let mut counted = conn.prepare_cached(
        "SELECT count(*) FILTER (WHERE first), count(*) FILTER (WHERE NOT first) FROM
             (SELECT k.first_seen IS b.at AS first FROM keys k LEFT JOIN baselines b ON b.source = k.source
              WHERE k.first_seen >= ?1 AND k.first_seen < ?2
                AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.source = k.source AND a.key = k.key)
                AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.source = k.source AND e.key = k.key))",
    )?;
    Ok(counted.query_row([from, to], |row| Ok((size(row.get(0)?), size(row.get(1)?))))?)
}

/// Gaps that reach into the time, and sources that are not polled well to this day and were not within it.
fn gaps(conn: &Connection, (from, to): (i64, i64)) -> Result<Vec<ProofGap>> {
    let mut all = conn.prepare_cached(
        "SELECT s.typed, g.since, g.until, 'no known entry was left in the feed' FROM gaps g JOIN sources s ON s.id = g.source
         WHERE g.until >= ?1 AND coalesce(g.since, 0) < ?2
         UNION ALL
         SELECT typed, last_success, NULL, coalesce(error, state) FROM sources
         WHERE enabled = 1 AND failures > 0 AND coalesce(last_success, 0) < ?2
         ORDER BY 1, 2",
    )?;
    let mut rows = all.query([from, to])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        found.push(ProofGap {
            source: source_id(&row.get::<_, String>(0)?)?,
            since: row.get::<_, Option<i64>>(1)?.map(time),
            until: row.get::<_, Option<i64>>(2)?.map(time),
            why: row.get(3)?,
        });
    }
    Ok(found)
}
