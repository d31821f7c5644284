//! JSON lines in, JSON lines out, in the same order, on all cores.

use super::Matched;
use crate::cli::{Failure, say};
use crate::extract;
use crate::matching::{Index, Text};
use crate::model::{Block, RuleId, Zone};
use crate::text::language;
use jiff::Timestamp;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::thread;

/// Lines that are worked on together.
const BATCH: usize = 1024;
/// A line in bytes.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// An article as a line.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    language: Option<String>,
    author: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    source: String,
    published: Option<Timestamp>,
    tier: Option<u8>,
}

pub(super) fn run(from: &str, index: &Index, only: Option<&RuleId>, now: Timestamp) -> Result<(), Failure> {
    let mut input: Box<dyn BufRead> = if from == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let file = File::open(from).map_err(|fault| Failure::work(format!("{from} cannot be read: {fault}")))?;
        Box::new(BufReader::with_capacity(1 << 20, file))
    };
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut out = say::out();
    let mut number = 0;
    loop {
        let batch = batch(&mut input)?;
        if batch.is_empty() {
            break;
        }
        let share = batch.len().div_ceil(cores);
        let written: Vec<Result<Vec<u8>, Failure>> = thread::scope(|scope| {
            let parts: Vec<_> = batch
                .chunks(share)
                .enumerate()
                .map(|(at, part)| scope.spawn(move || matched(part, number + at * share, index, only, now)))
                .collect();
            parts
                .into_iter()
                .map(|part| part.join().unwrap_or_else(|_| Err(Failure::work("matching failed on a line"))))
                .collect()
        });
        number += batch.len();
        for bytes in written {
            out.write_all(&bytes?)?;
        }
    }
    out.flush()?;
    Ok(())
}

fn batch(input: &mut impl BufRead) -> Result<Vec<Vec<u8>>, Failure> {
    let mut lines = vec![];
    while lines.len() < BATCH {
        let mut line = vec![];
        if input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
            lines.push(line);
        }
    }
    Ok(lines)
}

fn matched(
    lines: &[Vec<u8>],
    before: usize,
    index: &Index,
    only: Option<&RuleId>,
    now: Timestamp,
) -> Result<Vec<u8>, Failure> {
    let mut out = vec![];
    for (at, line) in lines.iter().enumerate() {
        let line: Line = serde_json::from_slice(line)
            .map_err(|fault| Failure::work(format!("line {}: this is no article: {fault}", before + at + 1)))?;
        let zones = zones(&line.text);
        let language = language::choose(line.language.as_deref(), None, &language::beginning(&line.title, &line.text));
        let text = Text {
            title: &line.title,
            text: &line.text,
            zones: &zones,
            url: &line.url,
            language: language.as_deref(),
            author: line.author.as_deref(),
            tags: &line.tags,
            source: &line.source,
            published: line.published,
            tier: line.tier,
            now,
        };
        let mut matches = index.read(&text).matches;
        matches.retain(|found| only.is_none_or(|only| found.rule == *only));
        let (url, title, language) = (&line.url, &line.title, language.as_deref());
        serde_json::to_writer(&mut out, &Matched { url, title, language, matches }).map_err(Failure::work)?;
        out.push(b'\n');
    }
    Ok(out)
}

/// The blocks of a text as it is given: the first is its lead.
fn zones(text: &str) -> Vec<Block> {
    let blocks = extract::blocks(text).into_iter().enumerate();
    blocks
        .map(|(at, range)| Block { zone: if at == 0 { Zone::Lead } else { Zone::Body }, text: text[range].to_string() })
        .collect()
}
