//! What can be read of a damaged file, in a new one. In: a database with pages that are lost or wrong. Out: a whole one with every
//! row that could still be found, and the count of them. It changes nothing in the damaged one, which is put aside.

use super::{Sqlite, files, keys, open};
use crate::store::{Result, StoreError};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params_from_iter};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Damaged places of one table that are passed over before the rest of it is given up: each costs some hundred searches.
const GAPS_MAX: usize = 10_000;

/// What was saved of a damaged database.
#[derive(Debug, Clone, Serialize)]
pub struct Recovered {
    /// Where the damaged one is now.
    pub aside: Option<PathBuf>,
    /// What was saved, by table.
    pub tables: Vec<TableRecovered>,
    /// Rows that were read and hang on others that are lost, and so were left out.
    pub orphans: usize,
}

/// What was saved of one table.
#[derive(Debug, Clone, Serialize)]
pub struct TableRecovered {
    /// Its name.
    pub table: String,
    /// Rows that were read.
    pub rows: usize,
    /// Places at which it could not be read on.
    pub gaps: usize,
}

impl Recovered {
    /// Rows that were saved, of all tables.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows).sum::<usize>().saturating_sub(self.orphans)
    }

    /// What was saved and what is lost, a sentence a line.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut lines = vec![format!("{} rows were saved.", self.rows())];
        let lost: Vec<&str> = self.tables.iter().filter(|table| table.gaps > 0).map(|t| t.table.as_str()).collect();
        if lost.is_empty() && self.orphans == 0 {
            lines.push("No row of any table is missing.".into());
        } else if lost.is_empty() {
            lines.push(format!("{} rows were left out because what they hang on is lost.", self.orphans));
        } else {
            lines.push(format!("Some rows of {} are lost; {} more hung on them.", lost.join(", "), self.orphans));
            lines.push(
                "Entries whose trace is lost may be told a second time, and some older alerts may be missing.".into(),
            );
        }
        if let Some(aside) = &self.aside {
            lines.push(format!("The damaged file is kept as {}.", aside.display()));
        }
        lines
    }
}

impl Sqlite {
    /// Puts a database aside and makes a new one of all that can be read of it. It blocks, for minutes where it is large.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] while a daemon runs on it, or if a newer wirewatch made it; [`StoreError::Unavailable`] if the
    /// disk has no room for a second one.
    pub fn recover(path: &Path, now: Timestamp) -> Result<Recovered> {
        let _held = open::lock(path)?;
        if !path.try_exists().unwrap_or(true) {
            return Err(open::at(path, StoreError::Unavailable("there is none".into())));
        }
        let fresh = open::beside(path, "recovering");
        let _ = std::fs::remove_file(&fresh);
        files::empty(&fresh)?;
        let saved = saved(path, &fresh).map_err(|fault| open::at(path, fault))?;
        files::synced(&fresh)?;
        let aside = files::exchanged(&fresh, path, "damaged", now)?;
        unmark(path)?;
        Ok(Recovered { aside, ..saved })
    }
}

/// Notes beside a database that it is damaged: the next start recovers it first.
pub(super) fn mark(path: &Path) -> Result<()> {
    let mark = open::beside(path, "damaged");
    std::fs::write(&mark, "").map_err(|why| files::fault(&mark, &why))
}

/// Whether that was noted.
pub(super) fn marked(path: &Path) -> bool {
    open::beside(path, "damaged").exists()
}

pub(super) fn unmark(path: &Path) -> Result<()> {
    let mark = open::beside(path, "damaged");
    match std::fs::remove_file(&mark) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(files::fault(&mark, &why)),
        _ => Ok(()),
    }
}

fn saved(path: &Path, fresh: &Path) -> Result<Recovered> {
    let old = open::existing(path)?;
    old.pragma_update(None, "query_only", true).ok();
    // Cells that cannot be right are found before they are read.
    old.pragma_update(None, "cell_size_check", true).ok();
    let version = match open::version(&old) {
        Ok(version @ 1..) => version,
        // A newer one, or another program's, is not ours to change; where the head is lost, ours is the likeliest.
        Err(StoreError::Unusable(why)) => return Err(StoreError::Unusable(why)),
        _ => open::VERSION,
    };
    let new = Connection::open(fresh)?;
    // All of it is on the disk before it gets its name.
    new.pragma_update(None, "synchronous", "OFF")?;
    // Rows come before those that they point to; what points to none is taken out at the end, and counted.
    new.pragma_update(None, "foreign_keys", false)?;
    new.execute_batch("BEGIN")?;
    open::up_to(&new, version)?;
    let mut tables = vec![];
    for table in names(&new)? {
        tables.push(table_saved(&old, &new, table)?);
    }
    sequences(&old, &new);
    let orphans = without_orphans(&new)?;
    if version >= open::KEYS_VERSION {
        keys::forget(&new)?;
    }
    recount(&new)?;
    new.execute_batch("COMMIT")?;
    files::whole(&new)?;
    Ok(Recovered { aside: None, tables, orphans })
}

/// Counts the articles anew.
fn recount(new: &Connection) -> Result<()> {
    for (name, of) in [("articles_full", "complete"), ("articles_summary", "NOT complete")] {
        let counted = format!("UPDATE counters SET value = (SELECT count(*) FROM articles WHERE {of}) WHERE name = ?1");
        new.execute(&counted, [name])?;
    }
    Ok(())
}

/// Tables of rows. The full-text index is made anew, and so are the tables that it is kept in.
fn names(conn: &Connection) -> Result<Vec<String>> {
    let mut names = conn.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    Ok(names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The columns of a table; and the whole number by which its rows stand in order, if there is one: its rowid, or the first column of
/// its key.
fn columns(conn: &Connection, table: &str) -> Result<(Vec<String>, Option<String>)> {
    let mut info = conn.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
    let columns: Vec<(String, String, i64)> =
        info.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    let keyed: bool =
        conn.query_row("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1", [table], |row| {
            row.get(0)
        })?;
    let first = columns.iter().find(|(_, _, pk)| *pk == 1);
    let order = match first {
        _ if !keyed => Some("rowid".to_string()),
        Some((name, kind, _)) if kind == "INTEGER" => Some(name.clone()),
        _ => None,
    };
    Ok((columns.into_iter().map(|(name, ..)| name).collect(), order))
}

fn table_saved(old: &Connection, new: &Connection, table: String) -> Result<TableRecovered> {
    let (columns, order) = columns(new, &table)?;
    let list = columns.join(", ");
    let marks = (1..=columns.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
    // `data` is JSON, and is of no use if it is not.
    let data = columns.iter().position(|column| column == "data");
    let sound = data.map(|at| format!("WHERE json_valid(?{})", at + 1)).unwrap_or_default();
    // What a migration put there is a beginning only.
    let begun: bool = new.query_row(&format!("SELECT EXISTS (SELECT 1 FROM {table})"), [], |row| row.get(0))?;
    let or = if begun { "REPLACE" } else { "IGNORE" };
    let insert = format!("INSERT OR {or} INTO {table} ({list}) SELECT {marks} {sound}");
    let mut insert = new.prepare(&insert)?;
    let mut saved = TableRecovered { table, rows: 0, gaps: 0 };
    let mut keep = |row: &[Value]| -> Result<()> {
        match insert.execute(params_from_iter(row)) {
            Ok(rows) => saved.rows += rows,
            // A value that the table cannot hold was not one of ours.
            Err(fault) if is_bad_row(&fault) => {}
            Err(fault) => return Err(fault.into()),
        }
        Ok(())
    };
    let gaps = match order {
        Some(order) => in_pieces(old, &saved.table, &list, &order, columns.len(), &mut keep)?,
        None => from_both_ends(old, &saved.table, &list, columns.len(), &mut keep)?,
    };
    saved.gaps = gaps;
    Ok(saved)
}

fn is_bad_row(fault: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{ConstraintViolation, TypeMismatch};
    matches!(fault.sqlite_error_code(), Some(ConstraintViolation | TypeMismatch))
}

/// How far a search came: to its end, or to damage after a row of this number.
enum Read {
    End,
    Damage(Option<i64>),
}

/// Reads a table in the order of a whole number; where it is damaged, from the next row that can be found. Answers the damaged places.
fn in_pieces(
    old: &Connection,
    table: &str,
    list: &str,
    order: &str,
    width: usize,
    keep: &mut dyn FnMut(&[Value]) -> Result<()>,
) -> Result<usize> {
    let rest = format!("SELECT {order}, {list} FROM {table} NOT INDEXED WHERE {order} >= ?1 ORDER BY {order}");
    // A table that is gone from the schema is one gap.
    let (Ok(mut rest), Ok(mut one)) = (old.prepare(&rest), old.prepare(&format!("{rest} LIMIT 1"))) else {
        return Ok(1);
    };
    let mut from = i64::MIN;
    for gaps in 0..GAPS_MAX {
        let after = match read(&mut rest, from, width, keep)? {
            Read::End => return Ok(gaps),
            Read::Damage(last) => last.map_or(from, |last| last.saturating_add(1)),
        };
        match next_sound(&mut one, after) {
            Some(next) => from = next,
            None => return Ok(gaps + 1),
        }
    }
    Ok(GAPS_MAX)
}

fn read(rest: &mut Statement, from: i64, width: usize, keep: &mut dyn FnMut(&[Value]) -> Result<()>) -> Result<Read> {
    let mut last = None;
    let Ok(mut rows) = rest.query([from]) else { return Ok(Read::Damage(None)) };
    loop {
        match rows.next() {
            Ok(None) => return Ok(Read::End),
            Err(_) => return Ok(Read::Damage(last)),
            Ok(Some(row)) => {
                let (Ok(number), Ok(row)) = (row.get(0), values(row, 1, width)) else { return Ok(Read::Damage(last)) };
                keep(&row)?;
                last = Some(number);
            }
        }
    }
}

fn values(row: &rusqlite::Row, first: usize, width: usize) -> rusqlite::Result<Vec<Value>> {
    (first..first + width).map(|at| row.get(at)).collect()
}

/// The smallest number, from `after` on, from which a search finds a row or the end: by steps that double, and then by halves.
fn next_sound(one: &mut Statement, after: i64) -> Option<i64> {
    let mut sound = |from: i64| {
        let Ok(mut rows) = one.query([from]) else { return false };
        rows.next().is_ok()
    };
    if sound(after) {
        return Some(after);
    }
    // Numbers begin far below any that is used: the doubling begins anew at zero.
    let (mut bad, mut step) = (after, 1_i64);
    let mut good = loop {
        let tried = if bad < 0 && bad.saturating_add(step) > 0 { 0 } else { bad.checked_add(step)? };
        if sound(tried) {
            break tried;
        }
        (bad, step) = if tried == 0 { (0, 1) } else { (tried, step.checked_mul(2)?) };
    };
    while good.checked_sub(bad).is_none_or(|between| between > 1) {
        let middle = bad.midpoint(good);
        *(if sound(middle) { &mut good } else { &mut bad }) = middle;
    }
    Some(good)
}

/// Reads a small table that is ordered by words, from its start and from its end, up to where it is damaged.
fn from_both_ends(
    old: &Connection,
    table: &str,
    list: &str,
    width: usize,
    keep: &mut dyn FnMut(&[Value]) -> Result<()>,
) -> Result<usize> {
    let key = list.split(", ").next().unwrap_or(list);
    for direction in ["ASC", "DESC"] {
        let Ok(mut all) = old.prepare(&format!("SELECT {list} FROM {table} NOT INDEXED ORDER BY {key} {direction}"))
        else {
            return Ok(1);
        };
        let Ok(mut rows) = all.query([]) else { continue };
        loop {
            match rows.next() {
                Ok(None) => return Ok(usize::from(direction == "DESC")),
                Err(_) => break,
                Ok(Some(row)) => match values(row, 0, width) {
                    Ok(row) => keep(&row)?,
                    Err(_) => break,
                },
            }
        }
    }
    Ok(1)
}

/// Numbers that were given away stay given away, also those of rows that are gone.
fn sequences(old: &Connection, new: &Connection) {
    let raised = || -> rusqlite::Result<()> {
        let mut all = old.prepare("SELECT name, seq FROM sqlite_sequence")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let (name, seq): (String, i64) = (row.get(0)?, row.get(1)?);
            if new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", (&name, seq))? == 0 {
                new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", (&name, seq))?;
            }
        }
        Ok(())
    };
    // Where they are lost, the highest row that was saved counts.
    let _ = raised();
    for (name, highest) in [("lease", "SELECT max(lease) FROM sources"), ("story", "SELECT max(seq) FROM stories")] {
        let _ = new.execute(
            &format!("INSERT INTO counters VALUES (?1, ifnull(({highest}), 0)) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"),
            [name],
        );
    }
}

/// Takes out what points to rows that are lost, or cuts the link where the table allows it; answers how many were taken out.
fn without_orphans(new: &Connection) -> Result<usize> {
    let mut orphans = 0;
    loop {
        let mut changed = 0;
        for table in names(new)? {
            let mut links =
                new.prepare(r#"SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list(?1)"#)?;
            let links: Vec<(String, String, String, String)> = links
                .query_map([&table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
                .collect::<rusqlite::Result<_>>()?;
            for (parent, from, to, on_delete) in links {
                let lost = format!(
                    "{from} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{to} = {table}.{from})"
                );
                if on_delete == "SET NULL" {
                    changed += new.execute(&format!("UPDATE {table} SET {from} = NULL WHERE {lost}"), [])?;
                } else {
                    let gone = new.execute(&format!("DELETE FROM {table} WHERE {lost}"), [])?;
                    (changed, orphans) = (changed + gone, orphans + gone);
                }
            }
        }
        if changed == 0 {
            return Ok(orphans);
        }
    }
}
