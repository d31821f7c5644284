//! `wirewatch feed`: parse a feed, page index or sitemap and show its entries.

use super::input;
use super::{Failure, say};
use crate::fetch::Want;
use crate::model::{Feed, Selectors, SourceKind};
use crate::parse::{self, ParseError};
use crate::text;
use std::io::Write;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A file, a URL, or - for standard input
    input: String,
    /// The address that the document is to be taken for: relative links are joined to it
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// The Content-Type that it came with
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// What to take it for
    #[arg(long, value_enum, default_value_t = Kind::Auto)]
    kind: Kind,
    /// CSS selector of the links on a page
    #[arg(long, value_name = "SELECTOR", value_parser = crate::config::selector)]
    links: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Auto,
    Feed,
    Page,
    Sitemap,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let input = input::read(&arguments.input, arguments.url.as_ref(), arguments.content_type.as_deref(), Want::Feed)?;
    let kind = match arguments.kind {
        Kind::Auto => SourceKind::Auto,
        Kind::Feed => SourceKind::Feed,
        Kind::Page => SourceKind::Page,
        Kind::Sitemap => SourceKind::Sitemap,
    };
    let select = Selectors { links: arguments.links.clone(), ..Selectors::default() };
    let about = parse::Context { url: input.url.as_ref(), content_type: input.content_type.as_deref() };
    let mut feed = parse::document(&input.bytes, &about, kind, &select)
        .map_err(|fault| Failure::work(said(&arguments.input, &fault)))?;
    parse::summarize(&mut feed);
    if arguments.json { say::json(&feed) } else { show(&feed) }
}

/// Why a document gave no entries, and what to do here.
fn said(from: &str, fault: &ParseError) -> String {
    let local = input::web(from).is_none();
    match fault {
        ParseError::Empty if local => format!("{from} is empty"),
        ParseError::Binary if local => format!("{from} is a compressed or binary file, not text"),
        ParseError::NotAFeed(what) => format!("{from} is no feed but {what}; --kind page reads the links of a page"),
        fault => format!("{from}: {fault}"),
    }
}

fn show(feed: &Feed) -> Result<(), Failure> {
    let mut out = say::out();
    let title = feed.feed.title.as_deref().unwrap_or("(no title)");
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    writeln!(out, "{bold}{}{plain}", text::one_line(title))?;
    let entries = say::count(feed.entries.len(), "entry", "entries");
    writeln!(out, "{dim}{}, {}, {entries}; times in UTC{plain}", feed.version, feed.encoding)?;
    for entry in &feed.entries {
        let at = entry
            .published
            .or(entry.updated)
            .map_or_else(|| "                ".to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        writeln!(out, "\n{at}  {bold}{}{plain}", text::one_line(entry.title.as_deref().unwrap_or("(no title)")))?;
        let about = entry.summary.as_deref().or(entry.content.as_deref()).map(text::html::plain).unwrap_or_default();
        if !about.is_empty() {
            writeln!(out, "                  {}", text::cut(&text::one_line(&about), 160))?;
        }
        if let Some(link) = &entry.link {
            writeln!(out, "                  {dim}{link}{plain}")?;
        }
    }
    out.flush()?;
    for warning in &feed.warnings {
        say::warning(warning);
    }
    Ok(())
}
