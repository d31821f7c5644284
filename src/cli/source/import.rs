//! `wirewatch source import`: the feeds of an OPML file, or the rows of a CSV file, become a file of the configuration.

use super::written::{self, New, Taken};
use super::{discover, table};
use crate::cli::configured::configured;
use crate::cli::input;
use crate::cli::{Failure, say};
use crate::fetch::Want;
use crate::model::{SourceKind, Subscription};
use crate::parse;
use crate::text::{cut, one_line};
use serde_json::json;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// An OPML or CSV file, a URL of one, or - for standard input; CSV: a first line that names the columns url, id, name, tags
    /// (parted by ;), language, tier, kind, every, cron, of which only url must be there
    file: String,
    /// Write nothing: print the lines
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was left out that is told one by one; the rest is counted.
const TOLD_MAX: usize = 20;

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let settings = configured(path, false)?.settings;
    let (found, mut said) = read(&arguments.file)?;
    let mut taken = Taken::by(settings.sources.iter().map(|source| (&source.id, &source.url)));
    let mut skipped: Vec<(String, String)> = vec![];
    let mut sources = vec![];
    for mut source in found {
        match refusal(&source, &taken) {
            Ok(url) => {
                source.id = taken.take(&url, &source.id, &source.name);
                sources.push(source);
            }
            Err(why) => skipped.push((source.url, why)),
        }
    }
    let head = format!("# Written by `wirewatch source import {}`. Edit it freely.\n", one_line(&arguments.file));
    let mut file = None;
    if !sources.is_empty() && !arguments.dry_run {
        let there = written::file(path, &format!("imported-{}", stem(&arguments.file)))?;
        let bad = written::put(path, &there, &head, &mut sources)?;
        skipped.extend(bad.into_iter().map(|(source, why)| (source.url, why)));
        file = (!sources.is_empty()).then_some(there);
    }
    if arguments.json {
        let skipped: Vec<_> = skipped.iter().map(|(url, why)| json!({"url": url, "why": why})).collect();
        let ids: Vec<&str> = sources.iter().map(|source| source.id.as_str()).collect();
        say::json(&json!({"file": file, "imported": ids, "skipped": skipped, "warnings": said}))?;
    } else {
        said.extend(skipped.iter().map(|(url, why)| format!("{}: {why}", cut(&one_line(url), 120))));
        said.iter().take(TOLD_MAX).for_each(|what| say::note(what));
        if said.len() > TOLD_MAX {
            say::note(&format!("… and {} more", said.len() - TOLD_MAX));
        }
        let mut out = say::out();
        if arguments.dry_run {
            write!(out, "{head}")?;
            for source in &sources {
                write!(out, "\n{}", source.toml())?;
            }
        } else if let Some(file) = &file {
            let left = if skipped.is_empty() { String::new() } else { format!("; {} left out", skipped.len()) };
            writeln!(
                out,
                "{} sources written to {}{left}; a running daemon takes them up by itself",
                sources.len(),
                file.display()
            )?;
        }
        out.flush()?;
    }
    let known = skipped.iter().all(|(_, why)| why.starts_with(WATCHED));
    if sources.is_empty() && !known {
        return Err(Failure::work(format!("no source of {} could be taken", one_line(&arguments.file))));
    }
    if sources.is_empty() && !arguments.json {
        say::note("nothing was written: all of them are watched already");
    }
    Ok(())
}

const WATCHED: &str = "watched already";

/// Why a source is not taken; else its address.
fn refusal(source: &New, taken: &Taken) -> Result<url::Url, String> {
    let url = input::web(&source.url).ok_or("it is no web address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("credentials stand in the address: write it by hand, with user and password_file".into());
    }
    match taken.has(&url) {
        Some(id) => Err(format!("{WATCHED}, as {id}")),
        None => Ok(url),
    }
}

/// The sources of a file, and what of it could not be read.
fn read(from: &str) -> Result<(Vec<New>, Vec<String>), Failure> {
    let input = input::read(from, None, None, Want::Feed)?;
    let begin = input.bytes.iter().position(|byte| !byte.is_ascii_whitespace() && *byte < 0x80 && *byte != 0);
    let is_xml = begin.is_some_and(|at| input.bytes[at] == b'<');
    if !is_xml {
        return table::read(&input.bytes).map_err(|fault| Failure::work(format!("{}: {fault}", one_line(from))));
    }
    let (found, said) = parse::subscriptions(&input.bytes, &discover::about(&input))
        .map_err(|fault| Failure::work(format!("{}: {fault}", one_line(from))))?;
    Ok((found.into_iter().map(new).collect(), said))
}

fn new(found: Subscription) -> New {
    let Subscription { url, name, kind, outline } = found;
    let kind = match kind {
        SourceKind::Auto | SourceKind::Feed => "",
        SourceKind::Page => "page",
        SourceKind::Sitemap => "sitemap",
    };
    New { url, name, kind: kind.into(), tags: outline.tags(), outline, ..New::default() }
}

/// A name for the file to be written: that of the file that was read, without its ending.
fn stem(from: &str) -> String {
    let name = from.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if name == "-" || name.is_empty() { "sources".into() } else { written::id(name, "https://sources.example/") }
}
