//! `wirewatch source`: what is watched; which feeds a page offers; sources in and out, one or a whole list of them.

mod add;
mod discover;
mod import;
mod table;
pub(super) mod written;

use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::render;
use crate::store::{SourceStatus, Store};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// The configured sources, and how each of them is
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// The feeds that a page offers, each looked at; with the lines to put into the configuration
    Discover {
        /// The address of a page, a feed or a sitemap; a file or - for a page that is at hand (its feeds are not looked at)
        page: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Watch one more: find its feed, show its latest entries, and write it into conf.d
    Add(add::Arguments),
    /// Watch many more: the feeds of an OPML file (folders become tags), or the rows of a CSV file, written into conf.d
    Import(import::Arguments),
    /// Print all sources as OPML, for other readers
    Export,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::List { json } => list(path, *json),
        Verb::Discover { page, json } => discover::run(page, *json),
        Verb::Add(arguments) => add::run(arguments, path),
        Verb::Import(arguments) => import::run(arguments, path),
        Verb::Export => export(path),
    }
}

fn list(path: &Path, as_json: bool) -> Result<(), Failure> {
    let settings = configured(path, false)?.settings;
    // Before the first run there is no store, and all sources are new.
    let known = match open(&settings) {
        Ok(store) => block_on(store.status())??.sources,
        Err(_) => vec![],
    };
    let of = |id: &crate::model::SourceId| known.iter().find(|status| status.id == *id);
    let state = |status: Option<&SourceStatus>| status.map_or("new", |status| status.state.as_str());
    if as_json {
        let all = settings.sources.iter().map(|source| {
            let status = of(&source.id);
            json!({
                "id": source.id, "url": source.url, "name": source.name, "language": source.language,
                "tier": source.tier, "tags": source.tags, "state": state(status),
                "polled_url": status.map(|status| &status.url),
                "last_success": status.and_then(|status| status.last_success),
                "error": status.and_then(|status| status.error.as_ref()),
            })
        });
        return say::json(&all.collect::<Vec<Value>>());
    }
    let mut out = say::out();
    let widest = settings.sources.iter().map(|source| source.id.as_str().len()).max().unwrap_or(0).max(6);
    writeln!(out, "{}{:widest$}  state     last success      url{}", say::BOLD, "source", say::PLAIN)?;
    for source in &settings.sources {
        let status = of(&source.id);
        let success = at(status.and_then(|status| status.last_success), &settings.service.time_zone);
        writeln!(out, "{:widest$}  {:8}  {success}  {}", source.id, state(status), source.url)?;
    }
    out.flush()?;
    Ok(())
}

fn export(path: &Path) -> Result<(), Failure> {
    let settings = configured(path, false)?.settings;
    let mut out = say::out();
    out.write_all(render::opml(&settings.sources).as_bytes())?;
    out.flush()?;
    Ok(())
}
