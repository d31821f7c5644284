//! CSV lists (RFC 4180): the columns id, kind, names, exact, weak, `not_as`, posts in any order; several names parted by `;`.
//! `name` is taken for `names`, and `aliases` are more of them: that is how many lists come.

use super::{ListFault, ListRead, several};
use crate::model::{RowHead, RowKey, Rows, WatchKind};
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
        let what = row(&mut read.rows, &field, aliases);
        read.faults.extend(what.map(|what| ListFault { line, what }));
    }
    Ok(read)
}

fn place(head: &csv::StringRecord, column: &str) -> Option<usize> {
    head.iter().position(|name| name.trim_start_matches('\u{feff}').eq_ignore_ascii_case(column))
}

/// Takes a row where it can be used; and what is wrong with it.
fn row<'a>(rows: &mut Rows, field: &impl Fn(usize) -> &'a str, aliases: &'a str) -> Option<String> {
    let id = field(0);
    if id.is_empty() {
        return Some("a row without an id".into());
    }
    let (kind, unknown) = match field(1).to_lowercase().as_str() {
        "" | "official" | "person" => (WatchKind::Official, false),
        "organization" | "organisation" | "company" => (WatchKind::Organization, false),
        "keyword" => (WatchKind::Keyword, false),
        _ => (WatchKind::Official, true),
    };
    let texts = [
        (RowKey::Names, field(2)),
        (RowKey::Names, aliases),
        (RowKey::Exact, field(3)),
        (RowKey::Weak, field(4)),
        (RowKey::NotAs, field(5)),
        (RowKey::Posts, field(6)),
    ];
    let texts = texts.into_iter().flat_map(|(key, field)| several(field).map(move |text| (key, text)));
    if !texts.clone().any(|(key, _)| matches!(key, RowKey::Names | RowKey::Exact)) {
        return Some(format!("row {id} has no names"));
    }
    if rows.push(&RowHead::new(id, kind), texts).is_err() {
        return Some(format!("row {id} is there twice; the first counts"));
    }
    unknown.then(|| {
        let kind = field(1);
        format!("row {id}: kind {kind:?} is none of official, organization, keyword; taken as official")
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn fault(bad: csv::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, bad.to_string())
}
