//! The record as CSV: a row for each alert and recipient, as RFC 4180 has it. A cell that a spreadsheet would take for a formula
//! begins with an apostrophe: headlines are strangers' words.

use super::super::Failure;
use super::record::{Delivered, Record};
use std::io::Write;

const HEAD: [&str; 26] = [
    "alert",
    "state",
    "suppressed",
    "rule",
    "rule_version",
    "watches",
    "lists",
    "story",
    "title",
    "url",
    "source",
    "outlets",
    "published",
    "fetched",
    "matched",
    "text_sha256",
    "etag",
    "last_modified",
    "passages",
    "channel",
    "recipient",
    "message",
    "delivery",
    "attempts",
    "last_attempt",
    "last_reply",
];

pub(super) fn head(out: &mut impl Write) -> Result<(), Failure> {
    line(out, HEAD.iter().map(ToString::to_string))
}

pub(super) fn rows(out: &mut impl Write, record: &Record) -> Result<(), Failure> {
    let mut deliveries = record.messages.iter().flat_map(|message| &message.deliveries).peekable();
    if deliveries.peek().is_none() {
        return line(out, about(record).into_iter().chain((0..7).map(|_| String::new())));
    }
    for delivered in deliveries {
        line(out, about(record).into_iter().chain(told(delivered)))?;
    }
    Ok(())
}

fn about(record: &Record) -> [String; 19] {
    let alert = record.alert;
    let seen = record.evidence;
    let text = |of: Option<&String>| of.cloned().unwrap_or_default();
    let versions = |of: &[(String, String)]| {
        of.iter().map(|(id, version)| format!("{id}={version}")).collect::<Vec<_>>().join(" ")
    };
    let hits = seen.map_or(&alert.hits, |seen| &seen.passages);
    let passages: Vec<&str> = hits.iter().map(|hit| hit.sentence.as_str()).collect();
    let outlets: Vec<&str> = alert.outlets.iter().map(|outlet| outlet.source.as_str()).collect();
    let why = record.suppressed.and_then(|why| serde_json::to_string(why).ok());
    [
        record.id.to_string(),
        record.state.to_string(),
        why.unwrap_or_default(),
        alert.rule.to_string(),
        text(seen.map(|seen| &seen.rule_version)),
        seen.map(|seen| versions(&seen.watches)).unwrap_or_default(),
        seen.map(|seen| versions(&seen.lists)).unwrap_or_default(),
        alert.story.to_string(),
        alert.title.clone(),
        alert.url.clone(),
        text(alert.outlets.first().map(|outlet| &outlet.source)),
        outlets.join(" "),
        alert.published.map(|at| at.to_string()).unwrap_or_default(),
        seen.map(|seen| seen.fetched.to_string()).unwrap_or_default(),
        alert.matched.to_string(),
        text(seen.map(|seen| &seen.text_sha256)),
        text(seen.and_then(|seen| seen.validators.etag.as_ref())),
        text(seen.and_then(|seen| seen.validators.last_modified.as_ref())),
        passages.join(" | "),
    ]
}

fn told(delivered: &Delivered) -> [String; 7] {
    let Delivered { delivery, attempts } = delivered;
    let last = attempts.last();
    [
        delivery.channel.to_string(),
        delivery.recipient.0.clone(),
        delivery.id.to_string(),
        delivery.state.as_str().to_string(),
        delivery.attempts.to_string(),
        last.map(|last| last.at.to_string()).unwrap_or_default(),
        last.map(|last| last.reply.to_string()).unwrap_or_default(),
    ]
}

fn line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> Result<(), Failure> {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            write!(out, ",")?;
        }
        write!(out, "{}", quoted(&cell))?;
    }
    Ok(write!(out, "\r\n")?)
}

fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_string() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_headline_is_no_formula_and_breaks_no_row() {
        assert_eq!(quoted("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assert_eq!(quoted("a, b"), "\"a, b\"");
        assert_eq!(quoted("two\nlines"), "\"two\nlines\"");
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("@x"), "'@x");
    }
}
