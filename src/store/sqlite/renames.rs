//! Ids that were renamed. In: the renames of the configuration. Out: history under the new id, each rename followed once. It touches
//! what decisions and people look at; what was said and sent then stays as it was.

use super::value::json;
use crate::model::{Named, Rename};
use crate::store::{Result, StoreError};
use rusqlite::{Connection, params};
use serde_json::Value;

/// Follows those that were not followed yet, and forgets those that are configured no more.
pub(super) fn follow(conn: &Connection, renames: &[Rename]) -> Result<()> {
    let all: Vec<[String; 3]> = renames.iter().map(row).collect();
    conn.execute(
        "DELETE FROM renames WHERE json_array(kind, old, new) NOT IN (SELECT json(value) FROM json_each(?1))",
        [json(&all)?],
    )?;
    for (rename, row) in renames.iter().zip(all) {
        let new = conn
            .prepare_cached("INSERT OR IGNORE INTO renames (kind, old, new) VALUES (?1, ?2, ?3)")?
            .execute(params![row[0], row[1], row[2]])?;
        if new > 0 {
            apply(conn, rename)?;
        }
    }
    Ok(())
}

fn row(rename: &Rename) -> [String; 3] {
    [rename.kind.as_str().into(), key(&rename.from), key(&rename.to)]
}

fn key(id: &str) -> String {
    id.replace('_', "-")
}

fn apply(conn: &Connection, rename: &Rename) -> Result<()> {
    let [_, old, new] = row(rename);
    match rename.kind {
        Named::Source => {
            let there: bool =
                conn.query_row("SELECT EXISTS (SELECT 1 FROM sources WHERE source = ?1)", [&new], |row| row.get(0))?;
            if there {
                tracing::warn!("source {new} has a history of its own: that of {old} stays with {old}");
                return Ok(());
            }
            // A poll that is under way is of nobody any more: the next one is made at its time.
            conn.execute(
                "UPDATE sources SET source = ?2, typed = ?3, lease = NULL, ready_at = due_at WHERE source = ?1",
                params![old, new, rename.to],
            )?;
        }
        Named::Rule => {
            // The ledger's chain covers the rule as it was called when the alert was made.
            conn.execute(
                "UPDATE OR IGNORE alerts SET rule = ?2, was = coalesce(was, rule) WHERE rule = ?1",
                params![old, new],
            )?;
            for table in ["matches", "near_misses"] {
                // What has its like under the new id already stays under the old one.
                conn.execute(&format!("UPDATE OR IGNORE {table} SET rule = ?2 WHERE rule = ?1"), params![old, new])?;
            }
        }
        Named::Channel => channel(conn, &old, rename)?,
        Named::Watch => {}
    }
    if rename.kind != Named::Channel {
        texts(conn, "alerts", &old, rename)?;
        texts(conn, "matches", &old, rename)?;
        conn.execute(
            "UPDATE silences SET target = ?3 || substr(target, length(?2) + 1)
             WHERE by = ?1 AND (replace(target, '_', '-') = ?2 OR (by = 'watch' AND replace(target, '_', '-') LIKE ?2 || '/%'))",
            params![rename.kind.as_str(), old, rename.to],
        )?;
    }
    Ok(())
}

/// What is owed leaves by the channel under its new id; what waits for its digests is told by them.
fn channel(conn: &Connection, old: &str, rename: &Rename) -> Result<()> {
    let new = key(&rename.to);
    for table in ["windows", "digest_items", "deliveries", "disabled_channels", "unsubscribed"] {
        conn.execute(&format!("UPDATE OR IGNORE {table} SET channel = ?2 WHERE channel = ?1"), params![old, new])?;
    }
    conn.execute("UPDATE windows SET typed = ?2 WHERE channel = ?1", params![new, rename.to])?;
    Ok(())
}

/// Renames it inside of what is kept as JSON.
fn texts(conn: &Connection, table: &str, old: &str, rename: &Rename) -> Result<()> {
    let mut holding =
        conn.prepare(&format!("SELECT rowid FROM {table} WHERE instr(replace(data, '_', '-'), ?1) > 0"))?;
    // Where a row of a list is named, more follows.
    let holding: Vec<i64> =
        holding.query_map([format!("\"{old}")], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut read = conn.prepare(&format!("SELECT data FROM {table} WHERE rowid = ?1"))?;
    let mut write = conn.prepare(&format!("UPDATE {table} SET data = ?2 WHERE rowid = ?1"))?;
    for id in holding {
        let data: String = read.query_row([id], |row| row.get(0))?;
        let mut data: Value =
            serde_json::from_str(&data).map_err(|fault| StoreError::Unusable(format!("{table} {id}: {fault}")))?;
        if renamed(&mut data, old, rename) {
            write.execute(params![id, data.to_string()])?;
        }
    }
    Ok(())
}

/// Renames it wherever a key says that an id of its kind follows; answers whether it was found. The texts are ours, and not deep.
fn renamed(value: &mut Value, old: &str, rename: &Rename) -> bool {
    match value {
        Value::Array(values) => values.iter_mut().fold(false, |found, value| renamed(value, old, rename) | found),
        Value::Object(fields) => fields.iter_mut().fold(false, |found, (name, value)| {
            let is_id = match rename.kind {
                Named::Source => name == "source",
                Named::Rule => name == "rule",
                Named::Watch => name == "watch" || name == "watches",
                Named::Channel => false,
            };
            found
                | match value {
                    Value::String(id) if is_id => take(id, old, rename),
                    Value::Array(ids) if is_id => ids.iter_mut().fold(false, |found, id| match id {
                        Value::String(id) => take(id, old, rename) | found,
                        _ => found,
                    }),
                    other => renamed(other, old, rename),
                }
        }),
        _ => false,
    }
}

/// `old` and `old/row` become `new` and `new/row`.
fn take(id: &mut String, old: &str, rename: &Rename) -> bool {
    let (head, row) = id.split_once('/').map_or((id.as_str(), None), |(head, row)| (head, Some(row)));
    if key(head) != old {
        return false;
    }
    *id = row.map_or_else(|| rename.to.clone(), |row| format!("{}/{row}", rename.to));
    true
}
