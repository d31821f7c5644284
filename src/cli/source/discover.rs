//! `wirewatch source discover`: the feeds that a page offers, each looked at.

use super::written;
use crate::cli::input::{self, Input};
use crate::cli::{Failure, say};
use crate::fetch::Want;
use crate::model::{Feed, Link, Selectors, SourceKind};
use crate::parse;
use crate::text::one_line;
use serde_json::{Value, json};
use std::io::Write;

/// Feeds that are looked at; a page that lists more offers them all, the others unseen.
pub(super) const LOOKED_AT_MAX: usize = 8;

/// A feed that a page offers, and what was found there.
struct Offer {
    link: Link,
    /// `None`: it was not looked at.
    seen: Option<Result<Feed, String>>,
}

/// Looks at what the page offers, and shows it.
pub(super) fn run(page: &str, as_json: bool) -> Result<(), Failure> {
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

/// What is known of a document that was read.
pub(super) fn about(input: &Input) -> parse::Context<'_> {
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
            Some(Ok(feed)) => format!("{}, {}", feed.version, say::count(feed.entries.len(), "entry", "entries")),
            Some(Err(error)) => format!("cannot be read: {}", one_line(error)),
            None => "not looked at".into(),
        };
        let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
        writeln!(out, "{bold}{}{plain}  {dim}{about}{plain}", title.as_deref().unwrap_or("(no title)"))?;
        if matches!(self.seen, Some(Err(_))) {
            writeln!(out, "  {}", self.link.href)?;
        } else {
            writeln!(out, "  [source.{}]", written::by_host(&self.link.href))?;
            // An address has been parsed: quotation marks and line breaks in it are escaped.
            writeln!(out, "  url = \"{}\"", self.link.href)?;
        }
        out.flush()?;
        Ok(())
    }
}
