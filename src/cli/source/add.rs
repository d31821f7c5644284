//! `wirewatch source add`: one more source. Its feed is found as the daemon would find it, and within what the daemon may reach.

use super::discover::{LOOKED_AT_MAX, about};
use super::written::{self, New, Taken};
use crate::cli::configured::configured;
use crate::cli::input::{self, Input};
use crate::cli::{Failure, say};
use crate::config::Settings;
use crate::fetch::Want;
use crate::model::{Feed, Selectors, SourceKind};
use crate::parse;
use crate::text::{cut, one_line};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The address of a feed, of a page that offers one, of a news page or a sitemap
    url: String,
    /// Its id; without one it is made of its title
    #[arg(long)]
    id: Option<String>,
    /// Its name for readers; without one its title
    #[arg(long)]
    name: Option<String>,
    /// A tag, for tag:… in queries; may be given again
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// How often, such as 10m; without it that is found out
    #[arg(long, value_name = "DURATION")]
    every: Option<String>,
    /// The language that it writes in, such as en or uz-Cyrl; without it that is found out
    #[arg(long)]
    language: Option<String>,
    /// How much you trust it: 1 is best
    #[arg(long)]
    tier: Option<u32>,
    /// Write nothing: print the lines
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Entries that are shown.
const SHOWN_MAX: usize = 5;

/// What was found at the address.
struct Found {
    url: Url,
    feed: Feed,
    page: bool,
    /// Other feeds that the page offers.
    others: usize,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let settings = configured(path, false)?.settings;
    let url = input::web(&arguments.url)
        .ok_or_else(|| Failure::Usage(format!("{} is no web address: write https://…", one_line(&arguments.url))))?;
    if !url.username().is_empty() || url.password().is_some() {
        let what =
            "credentials stand in the address; write the source by hand, with user = \"…\" and password_file = \"…\"";
        return Err(Failure::Usage(what.into()));
    }
    let mut taken = Taken::by(settings.sources.iter().map(|source| (&source.id, &source.url)));
    let known = |taken: &Taken, url: &Url| match taken.has(url) {
        Some(id) => Err(Failure::work(format!("{url} is watched already: it is the source {id}"))),
        None => Ok(()),
    };
    known(&taken, &url)?;
    let found = find(&url, &settings)?;
    known(&taken, &found.url)?;
    let title = found.feed.feed.title.as_deref().map(|title| cut(&one_line(title), 100)).unwrap_or_default();
    let name = arguments.name.clone().unwrap_or(title);
    if let Some(id) = arguments.id.as_deref() {
        crate::model::SourceId::new(id).map_err(|fault| Failure::Usage(fault.to_string()))?;
        if settings.sources.iter().any(|source| source.id.key() == id.replace('_', "-")) {
            return Err(Failure::work(format!("there is a source {id} already")));
        }
    }
    let new = New {
        id: taken.take(&found.url, arguments.id.as_deref().unwrap_or_default(), &name),
        url: found.url.to_string(),
        name,
        kind: if found.page { "page".into() } else { String::new() },
        language: arguments.language.clone().unwrap_or_default(),
        every: arguments.every.clone().unwrap_or_default(),
        tier: arguments.tier,
        tags: arguments.tags.clone(),
        ..New::default()
    };
    let text = new.toml();
    let id = new.id.clone();
    let mut written = None;
    if !arguments.dry_run {
        let file = written::file(path, &format!("source-{id}"))?;
        let left_out =
            written::put(path, &file, "# Written by `wirewatch source add`. Edit it freely.\n", &mut vec![new])?;
        if let Some((_, what)) = left_out.first() {
            return Err(Failure::work(format!("the source would be refused: {what}; nothing was written")));
        }
        written = Some(file);
    }
    if arguments.json {
        let entries: Vec<_> = found.feed.entries.iter().take(SHOWN_MAX).collect();
        return say::json(&json!({
            "id": id, "url": found.url, "kind": if found.page { "page" } else { "auto" }, "title": found.feed.feed.title,
            "entries": entries, "file": written, "toml": text,
        }));
    }
    show(&found, &text, written.as_deref())
}

/// The feed at an address; else the first one that reads of those the page there offers; else the page as a list of links.
fn find(url: &Url, settings: &Settings) -> Result<Found, Failure> {
    let unread = |failure: Failure| match failure {
        Failure::Work(what) => {
            let hint = if what.contains("allow_private") { "" } else { "; nothing was written" };
            Failure::Work(format!("{what}{hint}"))
        }
        other => other,
    };
    let page = input::polled(url, Want::Feed, settings).map_err(unread)?;
    let read = |input: &Input, kind| parse::document(&input.bytes, &about(input), kind, &Selectors::default());
    if let Ok(feed) = read(&page, SourceKind::Feed) {
        return Ok(Found { url: url.clone(), feed, page: false, others: 0 });
    }
    let offers: Vec<Url> =
        parse::discover(&page.bytes, &about(&page)).iter().filter_map(|link| input::web(&link.href)).collect();
    for offer in offers.iter().take(LOOKED_AT_MAX) {
        let Ok(there) = input::polled(offer, Want::Feed, settings) else { continue };
        if let Ok(feed) = read(&there, SourceKind::Feed) {
            return Ok(Found { url: offer.clone(), feed, page: false, others: offers.len() - 1 });
        }
    }
    match read(&page, SourceKind::Page) {
        Ok(feed) => Ok(Found { url: url.clone(), feed, page: true, others: 0 }),
        Err(fault) => Err(Failure::work(format!("{url} is no feed and offers none that can be read; {fault}"))),
    }
}

fn show(found: &Found, text: &str, written: Option<&Path>) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let title = found.feed.feed.title.as_deref().map_or_else(|| "(no title)".into(), one_line);
    let entries = say::count(found.feed.entries.len(), "entry", "entries");
    writeln!(out, "{bold}{title}{plain}  {dim}{}, {entries}{plain}", found.feed.version)?;
    for entry in found.feed.entries.iter().take(SHOWN_MAX) {
        let at = entry.published.or(entry.updated);
        let at = at.map_or_else(|| " ".repeat(16), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        writeln!(out, "  {at}  {}", cut(&one_line(entry.title.as_deref().unwrap_or("(no title)")), 100))?;
    }
    writeln!(out, "\n{}", text.trim_end())?;
    if let Some(file) = written {
        writeln!(out, "\nwritten to {}; a running daemon takes it up by itself", file.display())?;
    }
    out.flush()?;
    if found.others > 0 {
        say::note(&format!("the page offers {} more: wirewatch source discover shows them", found.others));
    }
    if found.page {
        say::note("no feed was found: the links of the page itself are watched");
    }
    Ok(())
}
