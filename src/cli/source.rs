//! `wirewatch source`: what is watched, and which feeds a page offers.

use super::configured::configured;
use super::input::{self, Input};
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::fetch::Want;
use crate::model::{Feed, Link, Selectors, SourceKind};
use crate::parse;
use crate::store::{SourceStatus, Store};
use crate::text::one_line;
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
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::List { json } => list(path, *json),
        Verb::Discover { page, json } => discover(page, *json),
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

/// Feeds that are looked at; a page that lists more offers them all, the others unseen.
const LOOKED_AT_MAX: usize = 8;

/// A feed that a page offers, and what was found there.
struct Offer {
    link: Link,
    /// `None`: it was not looked at.
    seen: Option<Result<Feed, String>>,
}

fn discover(page: &str, as_json: bool) -> Result<(), Failure> {
    let input = input::read(page, None, None, Want::Feed)?;
    let links = parse::discover(&input.bytes, &about(&input));
    let local = input.url.is_none();
    let offers: Vec<Offer> = links
        .into_iter()
        .enumerate()
        .map(|(n, link)| Offer { seen: (!local && n < LOOKED_AT_MAX).then(|| look(&link, &input)), link })
        .collect();
    let found = offers.iter().any(|offer| !matches!(offer.seen, Some(Err(_))));
    if as_json {
        say::json(&offers.iter().map(Offer::json).collect::<Vec<_>>())?;
    } else {
        for offer in &offers {
            offer.show()?;
        }
    }
    if found {
        return Ok(());
    }
    let links = parse::page(&input.bytes, &about(&input), &Selectors::default());
    let hint = match links {
        Ok(feed) => format!("its {} links can be watched with kind = \"page\"", feed.entries.len()),
        Err(_) => "look for an address with feed, rss or sitemap in it, or for another page of the site".into(),
    };
    Err(Failure::work(format!("{page} offers no feed that can be read; {hint}")))
}

fn about(input: &Input) -> parse::Context<'_> {
    parse::Context { url: input.url.as_ref(), content_type: input.content_type.as_deref() }
}

/// Reads the feed; the page itself may be one.
fn look(link: &Link, page: &Input) -> Result<Feed, String> {
    let read = |input: &Input| {
        let read = parse::document(&input.bytes, &about(input), SourceKind::Feed, &Selectors::default());
        read.map_err(|fault| fault.to_string())
    };
    let Some(url) = page.url.as_ref().filter(|url| url.as_str() != link.href) else { return read(page) };
    match input::linked(&link.href, url, Want::Feed) {
        Ok(feed) => read(&feed),
        Err(Failure::Work(why)) => Err(why),
        Err(_) => Err("it cannot be read".into()),
    }
}

impl Offer {
    fn json(&self) -> Value {
        let Self { link, seen } = self;
        let feed = seen.as_ref().and_then(|seen| seen.as_ref().ok());
        json!({
            "href": link.href, "title": self.title(), "type": link.media_type,
            "version": feed.map(|feed| &feed.version), "entries": feed.map(|feed| feed.entries.len()),
            "error": seen.as_ref().and_then(|seen| seen.as_ref().err()),
        })
    }

    fn title(&self) -> Option<String> {
        let feed = self.seen.as_ref().and_then(|seen| seen.as_ref().ok());
        let title = feed.and_then(|feed| feed.feed.title.as_ref()).or(self.link.title.as_ref());
        title.map(|title| one_line(title))
    }

    fn show(&self) -> Result<(), Failure> {
        let mut out = say::out();
        let title = self.title();
        let about = match &self.seen {
            Some(Ok(feed)) => format!("{}, {} entries", feed.version, feed.entries.len()),
            Some(Err(error)) => format!("cannot be read: {}", one_line(error)),
            None => "not looked at".into(),
        };
        let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
        writeln!(out, "{bold}{}{plain}  {dim}{about}{plain}", title.as_deref().unwrap_or("(no title)"))?;
        if matches!(self.seen, Some(Err(_))) {
            writeln!(out, "  {}", self.link.href)?;
        } else {
            writeln!(out, "  [source.{}]", id(&self.link.href))?;
            // An address has been parsed: quotation marks and line breaks in it are escaped.
            writeln!(out, "  url = \"{}\"", self.link.href)?;
        }
        out.flush()?;
        Ok(())
    }
}

/// An id for the source: the name of its host.
fn id(href: &str) -> String {
    let host = url::Url::parse(href).ok().and_then(|url| url.host_str().map(ToString::to_string)).unwrap_or_default();
    let own = crate::text::url::registrable(&host);
    let name = own.split('.').find(|label| !label.is_empty()).unwrap_or("news");
    let id: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "news".into() } else { id.to_string() }
}
