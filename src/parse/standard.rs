//! In: healed XML that keeps to RSS 2.0 or Atom 1.0. Out: feed and entries, as feed-rs reads them.
//! It never lets a panic of feed-rs out, and never takes over the ids that feed-rs invents.

use super::gentle::{language, main_link};
use super::shape::Shape;
use super::values::{LIST_MAX, Markup, html, link, title, word};
use super::{date, person};
use crate::model::limits::ENTRIES_MAX;
use crate::model::{Enclosure, Entry, Feed, FeedInfo, Link, Person};
use feed_rs::model as read;
use jiff::Timestamp;
use std::ops::{Add, Sub};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use url::Url;

/// Entries of a feed that feed-rs reads: it holds them all at once, a kilobyte for each beside what it says.
const STANDARD_ENTRIES_MAX: usize = 5_000;

/// Reads a standard feed; `None` where feed-rs refuses it, panics on it, or lost something of it.
pub fn read(xml: &str, shape: &Shape, base: Option<&Url>) -> Option<Feed> {
    if shape.entries > STANDARD_ENTRIES_MAX {
        return None;
    }
    let parser = feed_rs::parser::Builder::new()
        .base_uri(base)
        .sanitize_content(false)
        // feed-rs invents a random id when an entry has neither id nor link; ours must not change between polls.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| date::parse(text).map(moment))
        .build();
    let found = catch_unwind(AssertUnwindSafe(|| parser.parse(xml.as_bytes()))).ok()?.ok()?;
    let atom = shape.is_atom();
    // What an id leads to, and whether it leads anywhere, feed-rs does not keep.
    if found.entries.len() != shape.entries || (!atom && found.entries.iter().any(|entry| entry.links.is_empty())) {
        return None;
    }
    let markup =
        |text: &read::Text| if atom && text.content_type.subty() == "plain" { Markup::Plain } else { Markup::Html };
    let titled = |text: Option<read::Text>| text.and_then(|text| title(&text.content, markup(&text)));
    let texted = |text: Option<read::Text>| text.and_then(|text| html(&text.content, markup(&text), base));
    let links = links(found.links, shape, base);
    let info = FeedInfo {
        id: word(&found.id),
        title: titled(found.title),
        subtitle: texted(found.description),
        link: main_link(&links),
        links,
        language: found.language.as_deref().and_then(language),
        authors: people(found.authors, &found.contributors, base),
        updated: found.updated.and_then(|time| timestamp(time.timestamp(), time.timestamp_subsec_nanos())),
        published: found.published.and_then(|time| timestamp(time.timestamp(), time.timestamp_subsec_nanos())),
        rights: texted(found.rights),
        generator: found.generator.and_then(|generator| word(&generator.content)),
        image: found.logo.or(found.icon).and_then(|image| link(&image.uri, base)),
        categories: categories(found.categories),
    };
    let entries = found.entries.into_iter().take(ENTRIES_MAX).map(|entry| {
        let (links, mut enclosures) = (self::links(entry.links, shape, base), Vec::new());
        for content in entry.media.into_iter().flat_map(|media| media.content).take(LIST_MAX) {
            if let Some(url) = content.url.and_then(|url| link(url.as_str(), base)) {
                let media_type = content.content_type.map(|kind| kind.to_string());
                if !enclosures.iter().any(|known: &Enclosure| known.url == url) {
                    enclosures.push(Enclosure { url, media_type, length: content.size });
                }
            }
        }
        let published = entry.published.and_then(|time| timestamp(time.timestamp(), time.timestamp_subsec_nanos()));
        let updated = entry.updated.and_then(|time| timestamp(time.timestamp(), time.timestamp_subsec_nanos()));
        Entry {
            key: String::new(),
            id: word(&entry.id),
            title: titled(entry.title),
            link: main_link(&links),
            links,
            authors: people(entry.authors, &[], base),
            published,
            // In RSS feed-rs copies one into the other.
            updated: updated.filter(|updated| atom || Some(*updated) != published),
            summary: texted(entry.summary),
            content: entry.content.and_then(|content| {
                let plain = atom && content.content_type.subty() == "plain";
                html(&content.body?, if plain { Markup::Plain } else { Markup::Html }, base)
            }),
            enclosures,
            categories: categories(entry.categories),
            language: None,
        }
    });
    let entries = entries.collect();
    Some(Feed {
        format: shape.format().into(),
        version: shape.version(),
        encoding: String::new(),
        ttl_s: found.ttl.map(|minutes| u64::from(minutes) * 60).or(shape.period_s()),
        feed: info,
        entries,
        warnings: Vec::new(),
    })
}

/// A moment of feed-rs' own calendar, which counts from 1970 too.
fn moment<T: Default + Add<Duration, Output = T> + Sub<Duration, Output = T>>(time: Timestamp) -> T {
    let since = time.as_duration();
    if since.is_negative() { T::default() - since.unsigned_abs() } else { T::default() + since.unsigned_abs() }
}

fn timestamp(seconds: i64, nanoseconds: u32) -> Option<Timestamp> {
    Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
}

fn links(found: Vec<read::Link>, shape: &Shape, base: Option<&Url>) -> Vec<Link> {
    let own = found.into_iter().filter(|link| link.target.is_none()).take(LIST_MAX);
    own.filter_map(|found| {
        Some(Link {
            href: link(shape.as_written(&found.href), base)?,
            rel: found.rel,
            media_type: found.media_type,
            title: found.title.as_deref().and_then(word),
            hreflang: found.href_lang,
            length: found.length,
        })
    })
    .collect()
}

/// Authors; where a feed names none, its managing editor, else its web master.
fn people(authors: Vec<read::Person>, others: &[read::Person], base: Option<&Url>) -> Vec<Person> {
    let role =
        |wanted: &str| others.iter().filter(|other| other.role.as_deref() == Some(wanted)).cloned().collect::<Vec<_>>();
    let mut found = [role("managingEditor"), authors].concat();
    if found.is_empty() {
        found = role("webMaster");
    }
    let mut people: Vec<Person> = Vec::new();
    for found in found.into_iter().take(LIST_MAX) {
        let person = match (found.name, found.email) {
            (Some(name), None) => person::parse(&name),
            (name, email) => Some(Person { name: name.as_deref().and_then(word), email, uri: None }),
        };
        if let Some(mut person) = person {
            person.uri = found.uri.and_then(|uri| link(&uri, base));
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    people
}

fn categories(found: Vec<read::Category>) -> Vec<String> {
    let mut categories: Vec<String> = Vec::new();
    for found in found.into_iter().take(LIST_MAX) {
        let said = found.label.as_deref().filter(|label| !label.is_empty()).unwrap_or(&found.term);
        categories.extend(word(said).filter(|found| !categories.contains(found)));
    }
    categories
}
