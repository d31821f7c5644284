//! `wirewatch article`: what was read, searched with the query language of the rules, or one article whole.

pub(super) mod query;
pub(super) mod scan;

use super::configured::configured;
use super::matching::sample;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::matching::Text;
use crate::model::{Article, Block, Match, Source, SourceId};
use crate::render;
use crate::store::{Archived, Sqlite, Store};
use crate::text::one_line;
use indicatif::ProgressBar;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Search the articles that were read, with the query language of the rules: 'word', '"a phrase"', '@watch AND title:visit'
    Search {
        /// The query, in one argument: put it between single quotes
        query: String,
        /// Only articles read in so long: 12h, 30d
        #[arg(long, value_name = "DURATION", value_parser = config::duration)]
        since: Option<Duration>,
        /// At most this many, the newest first
        #[arg(long, default_value_t = 20)]
        max: usize,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show an article by its id: what is known of it, its text by zones, and the rules that it meets now
    Show {
        /// Its id, as `article search` shows it
        id: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// How wide an article is shown.
const COLUMNS: usize = 78;

/// An article that was found, or is shown.
#[derive(Debug, Serialize)]
struct Found<'a> {
    id: i64,
    source: &'a SourceId,
    first_seen: Timestamp,
    read_at: Timestamp,
    #[serde(flatten)]
    article: &'a Article,
    matches: &'a [Match],
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    match &arguments.verb {
        Verb::Search { query, since, max, json } => {
            let now = Clock::system().now();
            let since = since.map_or(Timestamp::MIN, |since| now.checked_sub(since).unwrap_or(Timestamp::MIN));
            search(settings, query, since, now, *max, *json)
        }
        Verb::Show { id, json } => {
            let archived = article(settings, *id)?;
            let sources = Sources::new(settings);
            let matches = accepted.index.read(&sources.text(&archived, archived.read_at)).matches;
            if *json { say::json(&found(&archived, &matches)) } else { show(&archived, &matches, settings) }
        }
    }
}

/// The article of this number.
///
/// # Errors
/// [`Failure::Usage`] where the archive has none.
pub(super) fn article(settings: &Settings, id: i64) -> Result<Archived, Failure> {
    let none =
        || Failure::Usage(format!("there is no article {id} in the archive; `wirewatch article search` shows ids"));
    block_on(open(settings)?.archived(id))??.ok_or_else(none)
}

/// The sources as configured now: what an archived article has of them when it is matched again.
pub(super) struct Sources<'s>(HashMap<SourceId, &'s Source>);

impl<'s> Sources<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self(settings.sources.iter().map(|source| (source.id.clone(), source)).collect())
    }

    /// The article as the matcher sees it. `now` is when `published:2d` is meant.
    pub(super) fn text<'a>(&'a self, archived: &'a Archived, now: Timestamp) -> Text<'a> {
        let article = &archived.article;
        let source = self.0.get(&archived.source);
        Text {
            title: &article.title,
            text: &article.text,
            zones: &article.zones,
            url: &article.url,
            language: article.language.as_deref(),
            author: article.byline.as_deref(),
            tags: source.map_or(&[], |source| &source.tags),
            source: archived.source.as_str(),
            published: article.published,
            tier: source.and_then(|source| source.tier),
            now,
        }
    }

    /// How old an article of the source may be when it is first seen, where the source says so itself.
    pub(super) fn max_age(&self, source: &SourceId) -> Option<Duration> {
        self.0.get(source).and_then(|source| source.max_age)
    }

    /// The outlet's name for people.
    pub(super) fn outlet(&self, archived: &Archived) -> String {
        let named = self.0.get(&archived.source).and_then(|source| source.name.clone());
        let name = named.or_else(|| archived.article.site_name.clone()).unwrap_or_else(|| archived.source.to_string());
        crate::text::cut(&one_line(&name), 80)
    }
}

fn found<'a>(archived: &'a Archived, matches: &'a [Match]) -> Found<'a> {
    let Archived { id, source, first_seen, read_at, article } = archived;
    Found { id: *id, source, first_seen: *first_seen, read_at: *read_at, article, matches }
}

fn search(
    settings: &Settings,
    typed: &str,
    since: Timestamp,
    now: Timestamp,
    max: usize,
    json: bool,
) -> Result<(), Failure> {
    let index = query::compile(typed, settings)?;
    let store = open(settings)?;
    let sources = Sources::new(settings);
    let mut all = vec![];
    let mut looked_at = 0;
    let wanted = index.wanted();
    let bar = match wanted {
        None => say::bar(total(&store, since)?, "looking at {pos} of {len} articles {bar:30} {eta}"),
        // How many may match is known only when they were looked at.
        Some(_) => ProgressBar::hidden(),
    };
    let matched = |archived: Archived| {
        let matches = index.read(&sources.text(&archived, now)).matches;
        (!matches.is_empty()).then_some((archived, matches))
    };
    if max > 0 {
        scan::scan(&store, since, wanted.as_ref(), matched, |found, seen| {
            bar.set_position(seen as u64);
            looked_at = seen;
            all.extend(found);
            if all.len() < max { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
    }
    bar.finish_and_clear();
    if json {
        let found: Vec<Found> = all.iter().map(|(archived, matches)| found(archived, matches)).collect();
        return say::json(&found);
    }
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    for (archived, matches) in &all {
        writeln!(
            out,
            "{bold}{}{plain}  {dim}{}, read {}{plain}",
            archived.id,
            sources.outlet(archived),
            at(Some(archived.read_at), &settings.service.time_zone)
        )?;
        for found in matches {
            writeln!(
                out,
                "{}",
                render::terminal(&sample(&archived.article, found, settings), true, &settings.service.time_zone)
            )?;
        }
    }
    let more =
        if all.len() == max { format!("; the search ended at {max}: --max asks for more") } else { String::new() };
    let each = if wanted.is_none() { "; the query has no word to look up, so each was looked at" } else { "" };
    writeln!(out, "{} found, {looked_at} articles looked at{each}{more}", all.len())?;
    if let Some((first, _)) = all.first() {
        writeln!(
            out,
            "{dim}`wirewatch article show {}` shows one whole, `wirewatch explain RULE {}` says why a rule matches it or not{plain}",
            first.id, first.id
        )?;
    }
    out.flush()?;
    Ok(())
}

/// How many articles a scan will look at: for its progress bar.
pub(super) fn total(store: &Sqlite, since: Timestamp) -> Result<u64, Failure> {
    if !say::watched() {
        return Ok(0);
    }
    Ok(block_on(store.archive_size(since))?? as u64)
}

fn show(archived: &Archived, matches: &[Match], settings: &Settings) -> Result<(), Failure> {
    let article = &archived.article;
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let zone = &settings.service.time_zone;
    writeln!(
        out,
        "{bold}{}{plain}",
        if article.title.is_empty() { "(no title)".into() } else { one_line(&article.title) }
    )?;
    let mut line = |name: &str, value: &str| writeln!(out, "{dim}{name:10}{plain} {}", one_line(value));
    line("address", &article.url)?;
    if let Some(own) = article.canonical_url.as_ref().filter(|own| **own != article.url) {
        line("canonical", own)?;
    }
    line("source", &format!("{} ({})", archived.source, Sources::new(settings).outlet(archived)))?;
    for (name, value) in [("by", &article.byline), ("wire", &article.wire), ("language", &article.language)] {
        if let Some(value) = value {
            line(name, value)?;
        }
    }
    line("published", &at(article.published, zone))?;
    line("first seen", &at(Some(archived.first_seen), zone))?;
    line(
        "read",
        &format!("{}, {}", at(Some(archived.read_at), zone), if article.complete { "in full" } else { "summary only" }),
    )?;
    line("found by", &article.method)?;
    let rules: Vec<&str> = matches.iter().map(|found| found.rule.as_str()).collect();
    line("rules now", &if rules.is_empty() { "none matches".to_string() } else { rules.join(", ") })?;
    for Block { zone, text } in &article.zones {
        // What does not count stands back.
        let tint = if zone.counts() { say::PLAIN.to_string() } else { dim.to_string() };
        writeln!(out, "\n{dim}{}{plain}", super::explain::zone(*zone))?;
        for text in text.lines() {
            for text in render::wrap(&one_line(text), COLUMNS).lines() {
                writeln!(out, "{tint}{text}{plain}")?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
