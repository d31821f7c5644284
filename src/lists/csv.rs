//! CSV lists (RFC 4180): the columns id, kind, names, exact, weak, `not_as`, posts in any order; several names parted by `;`.
//! `name` is taken for `names`, and `aliases` are more of them: that is how many lists come.

use super::{ListFault, ListRead, several};
use crate::model::{Row, WatchKind};
use std::collections::HashSet;
use std::io::{self, Read};

const COLUMNS: [&str; 7] = ["id", "kind", "names", "exact", "weak", "not_as", "posts"];

pub(super) fn rows(input: impl Read) -> io::Result<ListRead> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let head = reader.headers().map_err(fault)?.clone();
    let mut places: Vec<Option<usize>> = COLUMNS.iter().map(|column| place(&head, column)).collect();
    places[2] = places[2].or(place(&head, "name"));
    let aliases = place(&head, "aliases");
    let (Some(_), Some(_)) = (places[0], places[2]) else {
        let found: Vec<&str> = head.iter().collect();
        let what = format!("the first line must name the columns id and names; it has: {}", found.join(", "));
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    };
    let mut read = ListRead::default();
    let mut seen = HashSet::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(bad) => {
                let line = bad.position().map_or(0, csv::Position::line);
                read.faults.push(ListFault { line, what: bad.to_string() });
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let field = |n: usize| places[n].and_then(|at| record.get(at)).unwrap_or("");
        let aliases = aliases.and_then(|at| record.get(at)).unwrap_or("");
        let (row, what) = row(&field, aliases, &mut seen);
        read.rows.extend(row);
        read.faults.extend(what.map(|what| ListFault { line, what }));
    }
    Ok(read)
}

fn place(head: &csv::StringRecord, column: &str) -> Option<usize> {
    head.iter().position(|name| name.trim_start_matches('\u{feff}').eq_ignore_ascii_case(column))
}

/// A row, where it can be used, and what is wrong with it.
fn row<'a>(
    field: &impl Fn(usize) -> &'a str,
    aliases: &str,
    seen: &mut HashSet<String>,
) -> (Option<Row>, Option<String>) {
    let id = field(0).to_string();
    if id.is_empty() {
        return (None, Some("a row without an id".into()));
    }
    let (kind, unknown) = match field(1).to_lowercase().as_str() {
        "" | "official" | "person" => (WatchKind::Official, false),
        "organization" | "organisation" | "company" => (WatchKind::Organization, false),
        "keyword" => (WatchKind::Keyword, false),
        _ => (WatchKind::Official, true),
    };
    let list = |n| several(field(n));
    let names = [list(2), several(aliases)].concat();
    let row = Row { id, kind, names, exact: list(3), weak: list(4), not_as: list(5), posts: list(6) };
    if row.names.is_empty() && row.exact.is_empty() {
        return (None, Some(format!("row {} has no names", row.id)));
    }
    if !seen.insert(row.id.clone()) {
        return (None, Some(format!("row {} is there twice; the first counts", row.id)));
    }
    let unknown = unknown.then(|| {
        let kind = field(1);
        format!("row {}: kind {kind:?} is none of official, organization, keyword; taken as official", row.id)
    });
    (Some(row), unknown)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn fault(bad: csv::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, bad.to_string())
}
