//! The full-text index of the archive. In: the keys of articles, and what a search wants of them. Out: the articles that may match,
//! the newest first; those without keys yet are among them. It knows no words: keys come ready made, and are letters and digits.

use super::archive::{COLUMNS, all};
use super::value::{count, ms};
use crate::model::Wanted;
use crate::store::{Archived, ArticleKeys, Result};
use rusqlite::{Connection, Params, params};

/// Articles without keys: those that were read again, then the oldest.
pub(super) fn missing(conn: &Connection, max: usize) -> Result<Vec<Archived>> {
    let again = format!("{COLUMNS} WHERE a.id IN (SELECT article FROM unkeyed ORDER BY article LIMIT ?1)");
    let mut found = all(conn, &again, [count(max)])?;
    let new =
        format!("{COLUMNS} WHERE a.id > (SELECT value FROM counters WHERE name = 'keyed') ORDER BY a.id LIMIT ?1");
    found.extend(all(conn, &new, [count(max - found.len().min(max))])?);
    Ok(found)
}

/// Keeps the keys of articles that are as they were when these were made.
pub(super) fn keep(conn: &Connection, all: &[ArticleKeys]) -> Result<()> {
    for ArticleKeys { id, read_at, keys } in all {
        let same: bool = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM articles WHERE id = ?1 AND read_at = ?2)")?
            .query_row(params![id, ms(*read_at)], |row| row.get(0))?;
        if same {
            conn.prepare_cached("INSERT OR REPLACE INTO article_keys (rowid, keys) VALUES (?1, ?2)")?
                .execute(params![id, keys])?;
            conn.prepare_cached("DELETE FROM unkeyed WHERE article = ?1")?.execute([id])?;
        }
    }
    let last = all.iter().map(|article| article.id).max().unwrap_or(0);
    conn.prepare_cached("UPDATE counters SET value = max(value, ?1) WHERE name = 'keyed'")?.execute([last])?;
    Ok(())
}

/// Forgets all keys: they are made anew.
pub(super) fn forget(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "DELETE FROM unkeyed; UPDATE counters SET value = 0 WHERE name = 'keyed';
         INSERT INTO article_keys (article_keys) VALUES ('delete-all');",
    )?;
    Ok(())
}

/// The newest articles before a number, read at `since` or later, that hold what is wanted or have no keys yet.
pub(super) fn holding(conn: &Connection, wanted: &Wanted, before: i64, since: i64, max: usize) -> Result<Vec<i64>> {
    let limit = count(max);
    let mut found = ids(
        conn,
        "SELECT id FROM articles WHERE id < ?1 AND id > (SELECT value FROM counters WHERE name = 'keyed')
             AND read_at >= ?2 ORDER BY id DESC LIMIT ?3",
        params![before, since, limit],
    )?;
    // CROSS: never by way of all articles, whatever is known of how many there are.
    found.extend(ids(
        conn,
        "SELECT a.id FROM unkeyed u CROSS JOIN articles a ON a.id = u.article
         WHERE u.article < ?1 AND a.read_at >= ?2 ORDER BY u.article DESC LIMIT ?3",
        params![before, since, limit],
    )?);
    let mut asked = String::new();
    expression(wanted, &mut asked);
    found.extend(ids(
        conn,
        "SELECT k.rowid FROM article_keys k CROSS JOIN articles a ON a.id = k.rowid
         WHERE k.article_keys MATCH ?4 AND k.rowid < ?1 AND a.read_at >= ?2 ORDER BY k.rowid DESC LIMIT ?3",
        params![before, since, limit, asked],
    )?);
    found.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    found.dedup();
    found.truncate(max);
    Ok(found)
}

fn ids(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<i64>> {
    let mut found = conn.prepare_cached(sql)?;
    Ok(found.query_map(params, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The condition in FTS5's language, each key between quotation marks; what no key has would make two of it.
fn expression(wanted: &Wanted, out: &mut String) {
    let quoted = |key: &str, out: &mut String| {
        out.push('"');
        out.extend(key.chars().map(|c| if c.is_ascii() && !c.is_ascii_alphanumeric() { '\u{b7}' } else { c }));
        out.push('"');
    };
    match wanted {
        Wanted::Key(key) => quoted(key, out),
        Wanted::Begin(begin) => {
            quoted(begin, out);
            out.push_str(" *");
        }
        Wanted::All(parts) | Wanted::Any(parts) => {
            let between = if matches!(wanted, Wanted::All(_)) { " AND " } else { " OR " };
            out.push('(');
            for (at, part) in parts.iter().enumerate() {
                out.push_str(if at > 0 { between } else { "" });
                expression(part, out);
            }
            out.push(')');
        }
    }
}
