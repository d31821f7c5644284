//! JSON lines in, JSON lines out, in the same order, on all cores. A line that is no article is named and left out.

mod line;

use super::Matched;
use crate::cli::{Failure, article, input, say};
use crate::extract;
use crate::matching::{Index, Text};
use crate::model::{Article, Block, RuleId, Zone};
use crate::text::language;
use jiff::Timestamp;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::thread;

/// Lines that are worked on together.
const BATCH: usize = 1024;
/// Their bytes: what waits in memory is no more than this and one line.
const BATCH_BYTES: usize = 16 << 20;
/// A line in bytes.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// Lines that cannot be read of which each is told; the others are counted.
const BAD_TOLD: usize = 100;
/// Unknown keys that are told, each once.
const KEYS_TOLD: usize = 20;

/// A line as it was read: its number from 1 and its bytes, or why they were left out.
type Numbered = (u64, Result<Vec<u8>, String>);

/// What became of some lines.
#[derive(Default)]
struct Done {
    out: Vec<u8>,
    /// Lines that are no article.
    bad: Vec<(u64, String)>,
    /// Keys that an article has not.
    unknown: Vec<(u64, String)>,
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
    let (mut number, mut bad, mut unknown) = (0, 0usize, HashSet::new());
    loop {
        let batch = batch(&mut input, &mut number)?;
        if batch.is_empty() {
            break;
        }
        let share = batch.len().div_ceil(cores);
        let done: Vec<Result<Done, Failure>> = thread::scope(|scope| {
            let parts: Vec<_> =
                batch.chunks(share).map(|part| scope.spawn(move || matched(part, index, only, now))).collect();
            parts
                .into_iter()
                .map(|part| part.join().unwrap_or_else(|_| Err(Failure::work("matching failed on a line"))))
                .collect()
        });
        for done in done {
            let done = done?;
            out.write_all(&done.out)?;
            for (number, what) in done.bad {
                bad += 1;
                if bad <= BAD_TOLD {
                    say::error(&format!("line {number}: {what}"));
                }
            }
            for (number, key) in done.unknown {
                if unknown.len() < KEYS_TOLD && !unknown.contains(&key) {
                    let shown = crate::text::cut(&crate::text::one_line(&key), 60);
                    say::note(&format!("line {number}: unknown key `{shown}`; {}", line::meant(&key)));
                    unknown.insert(key);
                }
            }
        }
    }
    out.flush()?;
    match bad {
        0 => Ok(()),
        1 => Err(Failure::work("1 line could not be read; all others were matched")),
        _ => Err(Failure::work(format!("{bad} lines could not be read; all others were matched"))),
    }
}

/// The next lines that are not blank; `number` is that of the last line before them.
fn batch(input: &mut impl BufRead, number: &mut u64) -> Result<Vec<Numbered>, Failure> {
    let (mut lines, mut held) = (vec![], 0);
    while lines.len() < BATCH && held < BATCH_BYTES {
        let mut line = vec![];
        let bytes = input.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)?;
        if bytes == 0 {
            break;
        }
        *number += 1;
        if bytes as u64 > LINE_BYTES_MAX && !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
            lines.push((*number, Err(format!("it is longer than {} MiB", LINE_BYTES_MAX >> 20))));
        } else if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
            held += line.len();
            lines.push((*number, Ok(line)));
        }
    }
    Ok(lines)
}

fn matched(lines: &[Numbered], index: &Index, only: Option<&RuleId>, now: Timestamp) -> Result<Done, Failure> {
    let mut done = Done::default();
    for (number, line) in lines {
        let line = match line.as_ref().map_err(Clone::clone).and_then(|bytes| line::read(bytes)) {
            Ok(line) => line,
            Err(what) => {
                done.bad.push((*number, what));
                continue;
            }
        };
        done.unknown.extend(line.unknown.iter().map(|key| (*number, key.clone())));
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
        // A fault of ours in one article must not take the others with it.
        let Ok(reading) = panic::catch_unwind(AssertUnwindSafe(|| index.read(&text))) else {
            done.bad.push((*number, "matching failed on this article: please report it".into()));
            continue;
        };
        let mut matches = reading.matches;
        matches.retain(|found| only.is_none_or(|only| found.rule == *only));
        let (url, title, language) = (&line.url, &line.title, language.as_deref());
        serde_json::to_writer(&mut done.out, &Matched { url, title, language, matches }).map_err(Failure::work)?;
        done.out.push(b'\n');
    }
    Ok(done)
}

/// The first article of an input of JSON lines.
pub(in crate::cli) fn first(from: &str) -> Result<article::Line, Failure> {
    let bytes = input::local(from)?;
    let mut lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let Some((at, line)) = lines.next() else { return Err(Failure::work(format!("{from} is empty"))) };
    let line = line::read(line).map_err(|what| Failure::work(format!("{from}, line {}: {what}", at + 1)))?;
    for key in &line.unknown {
        say::note(&format!(
            "unknown key `{}`; {}",
            crate::text::cut(&crate::text::one_line(key), 60),
            line::meant(key)
        ));
    }
    let more = lines.count();
    if more > 0 {
        say::note(&format!("the first line is looked at, {} left out", say::count(more, "other was", "others were")));
    }
    let language = language::choose(line.language.as_deref(), None, &language::beginning(&line.title, &line.text));
    let zones = zones(&line.text);
    let article = Article {
        url: line.url,
        title: line.title,
        text: line.text,
        zones,
        language,
        byline: line.author,
        published: line.published,
        complete: true,
        ..Article::default()
    };
    Ok(article::Line { article, tags: line.tags, source: line.source, tier: line.tier })
}

/// The blocks of a text as it is given: the first is its lead.
fn zones(text: &str) -> Vec<Block> {
    let blocks = extract::blocks(text).into_iter().enumerate();
    blocks
        .map(|(at, range)| Block { zone: if at == 0 { Zone::Lead } else { Zone::Body }, text: text[range].to_string() })
        .collect()
}
