//! The ledger as a hash chain. In: the rows that a transaction added to it. Out: a link for each, whose hash covers the one before it
//! and the row's content; and what does not hang together. A row that was altered, taken out or put in cannot be hidden without
//! making all links after it anew: whoever noted a later hash sees it.

use super::value::time;
use crate::store::{ChainFault, ChainHead, ChainWrong, Result, Verified};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// Links that one transaction makes at most: a ledger from before the chain is taken into it bit by bit.
const LINKS_AT_ONCE: usize = 500;
/// Faults that are told.
const FAULTS_MAX: usize = 1000;
/// Links that one write cuts.
const CUT: usize = 1000;

/// A table of the ledger: its rows are only ever added to.
struct Kind {
    number: i64,
    table: &'static str,
    /// The counter of the last row that is in the chain.
    counter: &'static str,
    /// Its rows: the number, what it is forgotten by, and all that stands in it.
    rows: &'static str,
    /// The column of the number.
    id: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        number: 0,
        table: "steps",
        counter: "chained_steps",
        rows: "SELECT s.id, a.made, s.alert, s.at, s.data, coalesce(a.was, a.rule) FROM steps s JOIN alerts a ON a.id = s.alert",
        id: "s.id",
    },
    Kind {
        number: 1,
        table: "attempts",
        counter: "chained_attempts",
        rows:
            "SELECT t.id, m.owed_at, t.message, t.recipient, t.at, t.state, t.reply, t.maybe_sent, m.message, m.channel,
                   m.kind, m.subject, m.data
               FROM attempts t JOIN messages m ON m.id = t.message",
        id: "t.id",
    },
];

type Hash = [u8; 32];

/// Makes links for the rows that have none; called before each commit.
pub(super) fn extend(conn: &Connection) -> Result<()> {
    let mut tip: Option<(i64, Hash)> = None;
    for kind in &KINDS {
        let mut new = conn.prepare_cached(&format!(
            "{} WHERE {id} > (SELECT value FROM counters WHERE name = '{}') ORDER BY {id} LIMIT {LINKS_AT_ONCE}",
            kind.rows,
            kind.counter,
            id = kind.id
        ))?;
        let mut rows = new.query([])?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            let (seq, before) = match tip {
                Some(tip) => tip,
                None => head(conn)?.unwrap_or_default(),
            };
            let (id, age, content): (i64, i64, Hash) = (row.get(0)?, row.get(1)?, content(row)?);
            let hash = link(&before, seq + 1, kind.number, id, age, &content);
            conn.prepare_cached(
                "INSERT INTO chain (seq, kind, row, age, content, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![seq + 1, kind.number, id, age, content, hash])?;
            tip = Some((seq + 1, hash));
            last = Some(id);
        }
        if let Some(last) = last {
            set(conn, kind.counter, last)?;
        }
    }
    tip.map_or(Ok(()), |(seq, _)| set(conn, "linked", seq))
}

fn set(conn: &Connection, counter: &str, value: i64) -> Result<()> {
    conn.prepare_cached("UPDATE counters SET value = ?2 WHERE name = ?1")?.execute(params![counter, value])?;
    Ok(())
}

fn head(conn: &Connection) -> Result<Option<(i64, Hash)>> {
    let mut head = conn.prepare_cached("SELECT seq, hash FROM chain ORDER BY seq DESC LIMIT 1")?;
    Ok(head.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The hash of all that stands in a row, each value with its kind and length.
fn content(row: &Row) -> Result<Hash> {
    let mut sum = Sha256::new();
    let mut add = |kind: u8, bytes: &[u8]| {
        sum.update([kind]);
        sum.update((bytes.len() as u64).to_be_bytes());
        sum.update(bytes);
    };
    for at in 2..row.as_ref().column_count() {
        match row.get_ref(at)? {
            ValueRef::Null => add(0, &[]),
            ValueRef::Integer(number) => add(1, &number.to_be_bytes()),
            ValueRef::Real(number) => add(2, &number.to_be_bytes()),
            ValueRef::Text(text) => add(3, text),
            ValueRef::Blob(bytes) => add(4, bytes),
        }
    }
    Ok(sum.finalize().into())
}

fn link(before: &Hash, seq: i64, kind: i64, row: i64, age: i64, content: &Hash) -> Hash {
    let mut sum = Sha256::new_with_prefix(before);
    for number in [seq, kind, row, age] {
        sum.update(number.to_be_bytes());
    }
    sum.update(content);
    sum.finalize().into()
}

/// Notes that what is older than this may be gone from now on.
pub(super) fn forget(conn: &Connection, before: i64) -> Result<()> {
    conn.prepare_cached("UPDATE counters SET value = max(value, ?1) WHERE name = 'forgotten'")?.execute([before])?;
    Ok(())
}

/// Cuts the links of rows that are forgotten off the beginning, but for the last of them: what is left hangs on its hash. Answers
/// whether there may be more.
pub(super) fn cut(conn: &Connection) -> Result<bool> {
    let cut = conn
        .prepare_cached(
            "DELETE FROM chain WHERE seq IN (SELECT seq FROM chain WHERE seq + 1 < coalesce(
                 (SELECT seq FROM chain WHERE age >= (SELECT value FROM counters WHERE name = 'forgotten') ORDER BY seq LIMIT 1),
                 (SELECT max(seq) FROM chain)) ORDER BY seq LIMIT ?1)",
        )?
        .execute([super::value::count(CUT)])?;
    Ok(cut > 0)
}

/// Looks whether the whole ledger hangs together.
pub(super) fn verify(conn: &Connection, expected: Option<&ChainHead>) -> Result<Verified> {
    let counter = |name: &str| -> Result<i64> {
        let mut value = conn.prepare_cached("SELECT value FROM counters WHERE name = ?1")?;
        Ok(value.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0))
    };
    let forgotten = counter("forgotten")?;
    let mut verified = Verified::default();
    // By kind and row: the content that its link covers.
    let mut linked: HashMap<(i64, i64), Hash> = HashMap::new();
    let mut before: Option<(i64, Hash)> = None;
    let mut noted = false;
    let mut links = conn.prepare("SELECT seq, kind, row, age, content, hash FROM chain ORDER BY seq")?;
    let mut rows = links.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, kind, id, age) = (row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?, row.get(3)?);
        // Another length than ours is not ours.
        let content: Hash = row.get(4).unwrap_or_default();
        let hash: Hash = row.get(5).unwrap_or_default();
        let sound = match before {
            Some((last, of)) => last + 1 == seq && link(&of, seq, kind, id, age, &content) == hash,
            // The first link there is: of a chain that was cut, the one that the rest hangs on.
            None => seq > 1 || link(&Hash::default(), seq, kind, id, age, &content) == hash,
        };
        let anchor = before.is_none() && seq > 1;
        if !sound {
            verified.fault(ChainWrong::Link, table(kind), Some(seq), id);
        }
        if let Some(expected) = expected.filter(|expected| expected.seq == seq) {
            noted = expected.hash == crate::model::hex(&hash);
        }
        if !anchor && linked.insert((kind, id), content).is_some() {
            verified.fault(ChainWrong::Twice, table(kind), Some(seq), id);
        }
        if !anchor {
            verified.first.get_or_insert(time(age));
            verified.links += 1;
        }
        // Until its row is found.
        before = Some((seq, hash));
    }
    drop(rows);
    verified.head = before.map(|(seq, hash)| ChainHead { seq, hash: crate::model::hex(&hash) });
    verified.noted = expected.map(|_| noted);
    for kind in &KINDS {
        let chained = counter(kind.counter)?;
        let mut all = conn.prepare(&format!("{} ORDER BY {}", kind.rows, kind.id))?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let (id, age): (i64, i64) = (row.get(0)?, row.get(1)?);
            match linked.remove(&(kind.number, id)) {
                Some(sealed) if sealed != content(row)? => verified.fault(ChainWrong::Altered, kind.table, None, id),
                Some(_) => verified.rows += 1,
                None if id > chained => verified.waiting += 1,
                // Its link was cut, and it is kept for something that still hangs on it.
                None if age < forgotten => {}
                None => verified.fault(ChainWrong::Added, kind.table, None, id),
            }
        }
    }
    // What is left has a link and no row: forgotten in its time, or taken out.
    let mut gone = conn.prepare("SELECT seq, kind, row, age FROM chain ORDER BY seq")?;
    let mut rows = gone.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, kind, id, age): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        if linked.contains_key(&(kind, id)) {
            if age < forgotten {
                verified.forgotten += 1;
            } else {
                verified.fault(ChainWrong::Gone, table(kind), Some(seq), id);
            }
        }
    }
    let linked = counter("linked")?;
    if verified.head.as_ref().map_or(0, |head| head.seq) < linked {
        verified.fault(ChainWrong::End, "chain", None, linked);
    }
    Ok(verified)
}

fn table(kind: i64) -> &'static str {
    KINDS.iter().find(|known| known.number == kind).map_or("unknown", |kind| kind.table)
}

impl Verified {
    fn fault(&mut self, wrong: ChainWrong, table: &str, seq: Option<i64>, row: i64) {
        self.wrong += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(ChainFault { wrong, table: table.to_string(), row, seq });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open;

    /// A database with three alerts, two steps each.
    fn ledger() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        open::up_to(&conn, open::VERSION).unwrap();
        conn.execute_batch(
            "INSERT INTO stories (story, first_seen, last_seen, seq) VALUES ('s', 0, 0, 1);
             INSERT INTO alerts (id, rule, story, made, data) VALUES (1, 'a', 1, 100, '{}'), (2, 'b', 1, 200, '{}'), (3, 'c', 1, 300, '{}');
             INSERT INTO messages (id, message, channel, kind, owed_at, subject, data) VALUES (1, 'm', 'c', 'alert.matched', 250, 's', '{}');",
        )
        .unwrap();
        for alert in [1, 1, 2, 2, 3, 3] {
            conn.execute("INSERT INTO steps (alert, at, data) VALUES (?1, 5, '{\"step\":\"queued\"}')", [alert])
                .unwrap();
            extend(&conn).unwrap();
        }
        conn.execute(
            "INSERT INTO attempts (message, recipient, at, state, reply, maybe_sent) VALUES (1, 'x', 6, 'sent', '250 ok', 0)",
            [],
        )
        .unwrap();
        extend(&conn).unwrap();
        conn
    }

    fn wrongs(conn: &Connection) -> Vec<(ChainWrong, String, i64)> {
        let verified = verify(conn, None).unwrap();
        assert_eq!(verified.wrong, verified.faults.len());
        verified.faults.into_iter().map(|fault| (fault.wrong, fault.table, fault.row)).collect()
    }

    #[test]
    fn a_ledger_that_nobody_touched_hangs_together() {
        let conn = ledger();
        let verified = verify(&conn, None).unwrap();
        assert_eq!((verified.rows, verified.links, verified.waiting, verified.wrong), (7, 7, 0, 0));
        assert_eq!(verified.head.map(|head| head.seq), Some(7));
    }

    #[test]
    fn a_row_that_was_altered_taken_out_or_put_in_is_found() {
        use ChainWrong::{Added, Altered, End, Gone, Link};
        let row = |wrong, table: &str, row| (wrong, table.to_string(), row);
        for (change, found) in [
            ("UPDATE steps SET data = '{}' WHERE id = 3", vec![row(Altered, "steps", 3)]),
            ("UPDATE steps SET at = 6 WHERE id = 6", vec![row(Altered, "steps", 6)]),
            ("UPDATE alerts SET rule = 'z' WHERE id = 1", vec![row(Altered, "steps", 1), row(Altered, "steps", 2)]),
            ("UPDATE attempts SET reply = '550 no'", vec![row(Altered, "attempts", 1)]),
            ("UPDATE messages SET subject = 'other'", vec![row(Altered, "attempts", 1)]),
            ("DELETE FROM steps WHERE id = 4", vec![row(Gone, "steps", 4)]),
            ("DELETE FROM attempts", vec![row(Gone, "attempts", 1)]),
            (
                "DELETE FROM steps WHERE id = 2; DELETE FROM chain WHERE kind = 0 AND row = 2",
                vec![row(Link, "steps", 3)],
            ),
            (
                "DELETE FROM steps WHERE id = 2;
                 INSERT INTO steps (id, alert, at, data) VALUES (2, 3, 9, '{}')",
                vec![row(Altered, "steps", 2)],
            ),
            ("DELETE FROM chain WHERE seq = 7; DELETE FROM attempts", vec![row(End, "chain", 7)]),
            ("DELETE FROM chain WHERE seq = 7", vec![row(Added, "attempts", 1), row(End, "chain", 7)]),
            (
                "UPDATE chain SET content = zeroblob(32) WHERE seq = 2",
                vec![row(Link, "steps", 2), row(Altered, "steps", 2)],
            ),
            ("UPDATE chain SET hash = x'00' WHERE seq = 7", vec![row(Link, "attempts", 1)]),
        ] {
            let conn = ledger();
            conn.execute_batch(change).unwrap();
            assert_eq!(wrongs(&conn), found, "{change}");
        }
    }

    #[test]
    fn what_was_forgotten_in_its_time_leaves_a_chain_that_holds() {
        let conn = ledger();
        forget(&conn, 250).unwrap();
        conn.execute_batch("DELETE FROM alerts WHERE made < 250; DELETE FROM steps WHERE alert < 3").unwrap();
        let verified = verify(&conn, None).unwrap();
        assert_eq!((verified.rows, verified.forgotten, verified.wrong), (3, 4, 0));
        while cut(&conn).unwrap() {}
        let verified = verify(&conn, None).unwrap();
        assert_eq!((verified.rows, verified.links, verified.forgotten, verified.wrong), (3, 3, 0, 0));
        conn.execute_batch("UPDATE chain SET hash = x'00' WHERE seq = (SELECT min(seq) FROM chain)").unwrap();
        assert_eq!(wrongs(&conn).len(), 1, "what the rest hangs on");
        // Not in its time.
        let conn = ledger();
        forget(&conn, 150).unwrap();
        conn.execute_batch("DELETE FROM steps WHERE alert = 2").unwrap();
        assert_eq!(wrongs(&conn).len(), 2);
    }

    #[test]
    fn a_hash_that_was_noted_is_found_again_only_in_the_same_chain() {
        let conn = ledger();
        let noted = verify(&conn, None).unwrap().head.unwrap();
        conn.execute("INSERT INTO steps (alert, at, data) VALUES (3, 7, '{}')", []).unwrap();
        extend(&conn).unwrap();
        assert_eq!(verify(&conn, Some(&noted)).unwrap().noted, Some(true));
        // All made anew, and it hangs together.
        conn.execute_batch(
            "UPDATE steps SET data = '{}' WHERE id = 1; DELETE FROM chain; UPDATE counters SET value = 0 WHERE name LIKE 'chained%'",
        )
        .unwrap();
        extend(&conn).unwrap();
        let verified = verify(&conn, Some(&noted)).unwrap();
        assert_eq!((verified.wrong, verified.noted), (0, Some(false)));
    }
}
