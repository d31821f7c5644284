//! Articles that were read, to be looked at again. In: a question. Out: articles, the newest first. It changes nothing.

use super::value::{count, json, list, ms, parsed, rule_id, source_id, time};
use super::{keys, stories};
use crate::model::Article;
use crate::store::{ArchiveQuery, Archived, ArticleFile, ArticleLine, ArticleQuery, Result};
use rusqlite::{Connection, Params, Row, params};

pub(super) const COLUMNS: &str =
    "SELECT a.id, s.typed, a.first_seen, a.read_at, a.data FROM articles a JOIN sources s ON s.id = a.source";

/// The articles asked for, newest first.
pub(super) fn find(conn: &Connection, query: &ArchiveQuery) -> Result<Vec<Archived>> {
    let (before, since, max) = (query.before.unwrap_or(i64::MAX), ms(query.since), count(query.max));
    let Some(wanted) = &query.wanted else {
        let sql = format!("{COLUMNS} WHERE a.id < ?1 AND a.read_at >= ?2 ORDER BY a.id DESC LIMIT ?3");
        return all(conn, &sql, params![before, since, max]);
    };
    let ids = keys::holding(conn, wanted, before, since, query.max)?;
    let sql = format!("{COLUMNS} WHERE a.id IN (SELECT value FROM json_each(?1)) ORDER BY a.id DESC");
    all(conn, &sql, [list(ids)])
}

/// The articles that a statement over [`COLUMNS`] gives.
pub(super) fn all(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<Archived>> {
    let mut found = conn.prepare_cached(sql)?;
    let mut rows = found.query(params)?;
    let mut all = vec![];
    while let Some(row) = rows.next()? {
        all.push(archived(row)?);
    }
    Ok(all)
}

/// The article of this number.
pub(super) fn article(conn: &Connection, id: i64) -> Result<Option<Archived>> {
    let mut found = conn.prepare_cached(&format!("{COLUMNS} WHERE a.id = ?1"))?;
    let mut rows = found.query([id])?;
    rows.next()?.map(archived).transpose()
}

/// The articles of a list, by key: as fast at the end of a million as at their beginning.
pub(super) fn lines(conn: &Connection, query: &ArticleQuery) -> Result<Vec<ArticleLine>> {
    let of_source =
        if query.source.is_some() { "a.source = (SELECT id FROM sources WHERE source = ?1)" } else { "?1 IS NULL" };
    let mut found = conn.prepare_cached(&format!(
        "SELECT a.id, s.typed, a.url, substr(a.title, 1, 1000), a.read_at, a.complete, a.copy, a.too_old, a.evidence,
                (SELECT count(*) FROM matches m WHERE m.article = a.id),
                (SELECT count(*) FROM near_misses n WHERE n.article = a.id)
         FROM articles a JOIN sources s ON s.id = a.source
         WHERE {of_source} AND a.id < ?2 ORDER BY a.id DESC LIMIT ?3"
    ))?;
    let source = query.source.as_ref().map(|source| source.key().into_owned());
    let mut rows = found.query(params![source, query.before.unwrap_or(i64::MAX), count(query.max)])?;
    let mut all = vec![];
    while let Some(row) = rows.next()? {
        all.push(ArticleLine {
            id: row.get(0)?,
            source: source_id(&row.get::<_, String>(1)?)?,
            url: row.get(2)?,
            title: row.get(3)?,
            read_at: time(row.get(4)?),
            complete: row.get(5)?,
            copy: row.get(6)?,
            too_old: row.get(7)?,
            alerted: row.get(8)?,
            matched: super::value::size(row.get(9)?),
            nearly: super::value::size(row.get(10)?),
        });
    }
    Ok(all)
}

/// Near misses that an article's file names.
const NEAR_MISSES_MAX: usize = 200;

/// What became of an article.
pub(super) fn file(conn: &Connection, id: i64) -> Result<Option<ArticleFile>> {
    let Some(archived) = article(conn, id)? else { return Ok(None) };
    let (copy, too_old) = conn
        .prepare_cached("SELECT copy, too_old FROM articles WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut nearly =
        conn.prepare_cached("SELECT rule, why FROM near_misses WHERE article = ?1 ORDER BY rule LIMIT ?2")?;
    let mut rows = nearly.query(params![id, count(NEAR_MISSES_MAX)])?;
    let mut near_misses = vec![];
    while let Some(row) = rows.next()? {
        near_misses.push((rule_id(&row.get::<_, String>(0)?)?, row.get(1)?));
    }
    let alerts = stories::stored(
        conn,
        "SELECT id, data, suppressed FROM alerts WHERE article = ?1
         UNION
         SELECT id, data, suppressed FROM alerts WHERE story = (SELECT story FROM story_articles WHERE article = ?1)
         ORDER BY 1 DESC LIMIT 100",
        [id],
    )?;
    Ok(Some(ArticleFile { archived, copy, too_old, near_misses, alerts }))
}

/// The article that an alert was made of.
pub(super) fn of_alert(conn: &Connection, alert: i64) -> Result<Option<i64>> {
    use rusqlite::OptionalExtension as _;
    let mut found = conn.prepare_cached("SELECT article FROM alerts WHERE id = ?1")?;
    Ok(found.query_row([alert], |row| row.get(0)).optional()?.flatten())
}

/// How many articles were read since then.
pub(super) fn size(conn: &Connection, since: jiff::Timestamp) -> Result<usize> {
    let mut counted = conn.prepare_cached("SELECT count(*) FROM articles WHERE read_at >= ?1")?;
    Ok(super::value::size(counted.query_row([ms(since)], |row| row.get(0))?))
}

/// An article as it is stored: a text that its zones make is not written beside them, and is taken out of it.
pub(super) fn data(article: &mut Article) -> Result<String> {
    if article.text == article.text_of_zones() {
        article.text.clear();
    }
    json(article)
}

/// The text of an article; empty where the article is gone.
pub(super) fn text(conn: &Connection, id: i64) -> Result<String> {
    let mut found = conn.prepare_cached("SELECT data FROM articles WHERE id = ?1")?;
    let mut rows = found.query([id])?;
    Ok(rows.next()?.map(|row| whole(row, 0)).transpose()?.unwrap_or_default().text)
}

/// The article in a column, as it was before [`data`].
fn whole(row: &Row, column: usize) -> Result<Article> {
    let mut article: Article = parsed(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)?;
    if article.text.is_empty() {
        article.text = article.text_of_zones();
    }
    Ok(article)
}

fn archived(row: &Row) -> Result<Archived> {
    let article = whole(row, 4)?;
    Ok(Archived {
        id: row.get(0)?,
        source: source_id(&row.get::<_, String>(1)?)?,
        first_seen: time(row.get(2)?),
        read_at: time(row.get(3)?),
        article,
    })
}
