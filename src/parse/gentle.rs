//! In: healed XML of any feed format, old or odd. Out: feed and entries, as a reader would have understood them.
//! It never fails: what it does not know it passes over.

use super::element::Element;
use super::names::Ns;
use super::shape::Shape;
use super::values::{LIST_MAX, Markup, html, link, title, word};
use super::{date, person};
use crate::model::limits::ENTRIES_MAX;
use crate::model::{Enclosure, Entry, Feed, Link, Person};
use url::Url;

/// Reads a feed that feed-rs would refuse or lose something of.
pub fn read(xml: &str, shape: &Shape, base: Option<&Url>) -> Feed {
    let mut feed = Feed { format: shape.format().into(), version: shape.version(), ..Feed::default() };
    let Some(root) = Element::root(xml, base) else { return feed };
    let markup = if shape.is_atom() { Markup::Plain } else { Markup::Html };
    feed.feed.language = root.language().or(root.attribute("lang").as_deref()).and_then(language);
    let mut times = Updates::default();
    if root.name.eq_ignore_ascii_case("entry") {
        feed.entries.push(entry(&root, markup, None));
        return feed;
    }
    feed.entries.reserve_exact(shape.entries.min(ENTRIES_MAX));
    feed_level(&root, &mut feed, &mut times, markup, 0);
    feed.feed.link = main_link(&feed.feed.links);
    feed.ttl_s = times.ttl_s.or(times.period_s.map(|period| period / times.frequency.unwrap_or(1).max(1)));
    feed
}

/// How often the feed says that it changes.
#[derive(Default)]
struct Updates {
    ttl_s: Option<u64>,
    period_s: Option<u64>,
    frequency: Option<u64>,
}

/// What stands in the root, or in the channel in it.
fn feed_level(parent: &Element<'_>, feed: &mut Feed, times: &mut Updates, markup: Markup, depth: usize) {
    if let Some(href) = parent.attribute("href").filter(|_| parent.name.eq_ignore_ascii_case("channel")) {
        push_link(&mut feed.feed.links, &href, parent, None);
    }
    for child in parent.children() {
        let name = child.name.to_ascii_lowercase();
        match (child.ns, name.as_str()) {
            // A channel stands in the root; one in a channel is read too, deeper ones mean nothing.
            (Ns::Own, "channel") if depth < 2 => {
                if feed.feed.language.is_none() {
                    feed.feed.language = child.language().and_then(language);
                }
                feed_level(&child, feed, times, markup, depth + 1);
            }
            (Ns::Own | Ns::Atom, "item" | "entry") => {
                if feed.entries.len() < ENTRIES_MAX {
                    let outer = feed.feed.language.clone();
                    super::push(feed, entry(&child, markup, outer.as_deref()));
                }
            }
            _ => info(&child, &name, feed, times, markup),
        }
    }
}

fn info(child: &Element<'_>, name: &str, feed: &mut Feed, times: &mut Updates, markup: Markup) {
    let base = child.base();
    let about = &mut feed.feed;
    match (child.ns, name) {
        (Ns::Own, "title") => about.title = titled(child, markup).or(about.title.take()),
        (Ns::Dc | Ns::Media | Ns::Itunes, "title") => set(&mut about.title, || titled(child, markup)),
        (Ns::Own, "subtitle" | "tagline" | "description" | "abstract") => {
            about.subtitle = texted(child, markup).or(about.subtitle.take());
        }
        (Ns::Dc, "description") | (Ns::Itunes, "subtitle" | "summary") => {
            set(&mut about.subtitle, || texted(child, markup));
        }
        (Ns::Own | Ns::Atom, "link") => any_link(child, &mut about.links, markup),
        (Ns::Own, "id") => about.id = identity(child),
        (Ns::Own, "language") => about.language = language(&child.text()).or(about.language.take()),
        (Ns::Dc, "language") => set(&mut about.language, || language(&child.text())),
        (Ns::Own, "copyright" | "rights") => about.rights = texted(child, markup).or(about.rights.take()),
        (Ns::Dc, "rights") => set(&mut about.rights, || texted(child, markup)),
        (Ns::Own | Ns::Atom | Ns::Dc | Ns::Itunes, "author") | (Ns::Own, "managingeditor") | (Ns::Dc, "creator") => {
            author(child, &mut about.authors);
        }
        (Ns::Own, "webmaster") | (Ns::Dc, "publisher") | (Ns::Itunes, "owner") if about.authors.is_empty() => {
            author(child, &mut about.authors);
        }
        (Ns::Own, "pubdate" | "published" | "issued" | "created") => {
            set(&mut about.published, || date::parse(&child.text()));
        }
        (Ns::Own, "lastbuilddate" | "updated" | "modified") => set(&mut about.updated, || date::parse(&child.text())),
        (Ns::Dc, "date" | "modified") => set(&mut about.updated, || date::parse(&child.text())),
        (Ns::Dc, "issued" | "created") => set(&mut about.published, || date::parse(&child.text())),
        (Ns::Own, "category") | (Ns::Itunes, "category" | "keywords") | (Ns::Dc, "subject") => {
            category(child, &mut about.categories);
        }
        (Ns::Own, "generator") => about.generator = word(&child.text()).or(about.generator.take()),
        (Ns::Own, "image") => {
            let url = child.child("url").map(|url| url.text().into_owned());
            let url = url.or_else(|| child.attribute("rdf:resource").map(std::borrow::Cow::into_owned));
            set(&mut about.image, || link(&url?, base));
        }
        (Ns::Own, "logo" | "icon") if name == "logo" || about.image.is_none() => {
            about.image = link(&child.text(), base).or(about.image.take());
        }
        (Ns::Itunes, "image") => set(&mut about.image, || link(&child.attribute("href")?, base)),
        (Ns::Itunes, "link") if child.attribute("rel").as_deref() == Some("image") => {
            set(&mut about.image, || link(&child.attribute("href")?, base));
        }
        (Ns::Media, "thumbnail") => set(&mut about.image, || link(&child.attribute("url")?, base)),
        (Ns::Media, "content") if child.attribute("type").is_some_and(|kind| kind.starts_with("image/")) => {
            set(&mut about.image, || link(&child.attribute("url")?, base));
        }
        (Ns::Own, "ttl") => times.ttl_s = child.text().parse::<u64>().ok().and_then(|minutes| minutes.checked_mul(60)),
        (Ns::Syndication, "updateperiod") => times.period_s = period(&child.text()),
        (Ns::Syndication, "updatefrequency") => times.frequency = child.text().parse().ok(),
        _ => {}
    }
}

fn entry(item: &Element<'_>, markup: Markup, outer_language: Option<&str>) -> Entry {
    let mut entry = Entry::default();
    let mut spare = Spare::default();
    // RDF names an entry on its element, CDF its address.
    entry.id = item.attribute("rdf:about").as_deref().and_then(word);
    if let Some(href) = item.attribute("href") {
        push_link(&mut entry.links, &href, item, None);
    }
    entry.updated = item.attribute("lastmod").as_deref().and_then(date::parse);
    entry.language = item.language().and_then(language).filter(|own| outer_language != Some(own));
    for child in item.children() {
        let name = child.name.to_ascii_lowercase();
        field(&child, &name, &mut entry, &mut spare, markup);
    }
    for media in spare.media {
        push_enclosure(&mut entry.enclosures, media);
    }
    entry.title = entry.title.or(spare.title);
    entry.summary = entry.summary.or(spare.summary);
    entry.published = entry.published.or(spare.date).or(spare.created);
    entry.updated = entry.updated.or(spare.date);
    if entry.authors.is_empty() {
        entry.authors = spare.authors;
    }
    entry.link = main_link(&entry.links).or(spare.permalink);
    // Room for four links where there is one is half of what an entry takes, and a feed may have 100,000.
    entry.links.shrink_to_fit();
    entry.authors.shrink_to_fit();
    entry.enclosures.shrink_to_fit();
    entry.categories.shrink_to_fit();
    entry
}

/// What is taken where the format's own element is missing.
#[derive(Default)]
struct Spare {
    title: Option<String>,
    summary: Option<String>,
    date: Option<jiff::Timestamp>,
    created: Option<jiff::Timestamp>,
    authors: Vec<Person>,
    permalink: Option<String>,
    media: Vec<Enclosure>,
}

fn field(child: &Element<'_>, name: &str, entry: &mut Entry, spare: &mut Spare, markup: Markup) {
    let base = child.base();
    match (child.ns, name) {
        (Ns::Own, "title") => entry.title = titled(child, markup).or(entry.title.take()),
        (Ns::Dc | Ns::Media | Ns::Itunes | Ns::Atom, "title") => set(&mut spare.title, || titled(child, markup)),
        (Ns::Own | Ns::Atom, "link") => any_link(child, &mut entry.links, markup),
        (Ns::Own, "guid") => {
            let guid = child.text();
            entry.id = word(&guid);
            let permanent = !child.attribute("isPermaLink").is_some_and(|said| said.eq_ignore_ascii_case("false"));
            if permanent && (guid.starts_with("http://") || guid.starts_with("https://")) {
                spare.permalink = link(&guid, base);
            }
        }
        (Ns::Own | Ns::Atom, "id") => entry.id = identity(child).or(entry.id.take()),
        (Ns::Dc, "identifier") => set(&mut entry.id, || word(&child.text())),
        // Of two such texts the first is the summary, the other the content.
        (Ns::Own, "description" | "summary" | "abstract") => match entry.summary {
            None => entry.summary = texted(child, markup),
            Some(_) => set(&mut entry.content, || texted(child, markup)),
        },
        (Ns::Dc | Ns::Media, "description") | (Ns::Itunes, "summary" | "subtitle") | (Ns::Atom, "summary") => {
            set(&mut spare.summary, || texted(child, markup));
        }
        (Ns::Own | Ns::Atom, "content") if child.attribute("src").is_none() => {
            entry.content = texted(child, markup).or(entry.content.take());
        }
        (Ns::Content, "encoded") | (Ns::Own, "fullitem") | (Ns::Own | Ns::Xhtml, "body") => {
            entry.content = texted(child, Markup::Html).or(entry.content.take());
        }
        (Ns::Xhtml, "div") => set(&mut entry.content, || texted(child, Markup::Html)),
        (Ns::Own, "pubdate" | "published" | "issued") | (Ns::Atom, "published") => {
            entry.published = date::parse(&child.text()).or(entry.published.take());
        }
        (Ns::Own | Ns::Atom, "updated" | "modified") | (Ns::Dc, "modified") | (Ns::Own, "lastmod") => {
            entry.updated = date::parse(&child.text()).or(entry.updated.take());
        }
        (Ns::Dc, "date") => set(&mut spare.date, || date::parse(&child.text())),
        (Ns::Dc, "issued" | "created") | (Ns::Own, "created") => set(&mut spare.created, || date::parse(&child.text())),
        (Ns::Own | Ns::Atom | Ns::Dc, "author") | (Ns::Dc, "creator") => author(child, &mut entry.authors),
        (Ns::Itunes, "author") => author(child, &mut spare.authors),
        (Ns::Own | Ns::Atom | Ns::Media, "category") | (Ns::Itunes, "category" | "keywords") | (Ns::Dc, "subject") => {
            category(child, &mut entry.categories);
        }
        (Ns::Own, "enclosure") => {
            if let Some(found) = enclosure(child, "url", "length") {
                push_enclosure(&mut entry.enclosures, found);
            }
        }
        (Ns::Media, "content") => {
            spare.media.extend(enclosure(child, "url", "fileSize").filter(|_| spare.media.len() < LIST_MAX));
            media(child, spare, markup);
        }
        (Ns::Media, "group") => media(child, spare, markup),
        (Ns::Own | Ns::Dc, "language") => entry.language = language(&child.text()).or(entry.language.take()),
        _ => {}
    }
}

/// What a media element says inside itself; in a group, what its alternatives say.
fn media(parent: &Element<'_>, spare: &mut Spare, markup: Markup) {
    for child in parent.children().filter(|child| child.ns == Ns::Media) {
        match child.name.to_ascii_lowercase().as_str() {
            "title" => set(&mut spare.title, || titled(&child, markup)),
            "description" => set(&mut spare.summary, || texted(&child, markup)),
            "content" if parent.name.eq_ignore_ascii_case("group") => {
                spare.media.extend(enclosure(&child, "url", "fileSize").filter(|_| spare.media.len() < LIST_MAX));
            }
            _ => {}
        }
    }
}

fn set<T>(slot: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if slot.is_none() {
        *slot = value();
    }
}

fn titled(element: &Element<'_>, markup: Markup) -> Option<String> {
    let (text, markup) = element.content(markup);
    title(&text, markup)
}

fn texted(element: &Element<'_>, markup: Markup) -> Option<String> {
    let (text, markup) = element.content(markup);
    html(&text, markup, element.base())
}

/// An id, made absolute where it is a relative address.
fn identity(element: &Element<'_>) -> Option<String> {
    let id = word(&element.text())?;
    if id.contains(':') || element.base().is_none() {
        return Some(id);
    }
    link(&id, element.base()).or(Some(id))
}

/// `en_US` is `en-US` (BCP 47).
pub fn language(text: &str) -> Option<String> {
    word(text).map(|language| language.replace('_', "-"))
}

/// RSS writes the address as text, Atom as an attribute, and each is found in the other.
fn any_link(element: &Element<'_>, links: &mut Vec<Link>, markup: Markup) {
    let atoms = element.ns == Ns::Atom || markup == Markup::Plain;
    match element.attribute("href") {
        Some(href) => push_link(links, &href, element, atoms.then_some("alternate")),
        None => push_link(links, &element.text(), element, None),
    }
}

fn push_link(links: &mut Vec<Link>, href: &str, element: &Element<'_>, rel: Option<&str>) {
    let Some(href) = link(href, element.base()).filter(|_| links.len() < LIST_MAX) else { return };
    let said = |name: &str| element.attribute(name).as_deref().and_then(word);
    links.push(Link {
        href,
        rel: said("rel").or(rel.map(String::from)),
        media_type: said("type"),
        title: said("title"),
        hreflang: said("hreflang"),
        length: element.attribute("length").and_then(|length| length.parse().ok()),
    });
}

/// The address of what is described: RSS's own link (the last one, where there are several), else the alternate one of Atom, HTML
/// before others.
pub fn main_link(links: &[Link]) -> Option<String> {
    if let Some(own) = links.iter().rfind(|link| link.rel.is_none()) {
        return Some(own.href.clone());
    }
    let alternate =
        |link: &&Link| link.rel.as_deref().is_some_and(|rel| rel == "alternate" || rel.ends_with("#alternate"));
    let html = |link: &&Link| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    links
        .iter()
        .find(|link| alternate(link) && html(link))
        .or_else(|| links.iter().find(alternate))
        .map(|link| link.href.clone())
}

fn author(element: &Element<'_>, authors: &mut Vec<Person>) {
    let part =
        |names: &[&str]| names.iter().find_map(|name| element.child(name)).as_ref().and_then(|part| word(&part.text()));
    let (name, email, uri) = (part(&["name", "title"]), part(&["email"]), part(&["uri", "url", "homepage"]));
    let found = if name.is_some() || email.is_some() || uri.is_some() {
        let uri = uri.and_then(|uri| link(&uri, element.base()));
        Some(Person { name, email, uri })
    } else {
        person::parse(&element.text())
    };
    authors.extend(found.filter(|found| authors.len() < LIST_MAX && !authors.contains(found)));
}

fn category(element: &Element<'_>, categories: &mut Vec<String>) {
    let mut push = |text: &str| {
        if let Some(found) = word(text).filter(|found| categories.len() < LIST_MAX && !categories.contains(found)) {
            categories.push(found);
        }
    };
    if element.ns == Ns::Itunes && element.name.eq_ignore_ascii_case("keywords") {
        element.text().split(',').for_each(push);
        return;
    }
    let said =
        ["label", "term", "text"].iter().find_map(|name| element.attribute(name).filter(|value| !value.is_empty()));
    match said {
        Some(said) => push(&said),
        None => push(&element.text()),
    }
    if element.ns == Ns::Itunes {
        element.children().filter_map(|inner| inner.attribute("text")).for_each(|text| push(&text));
    }
}

fn enclosure(element: &Element<'_>, url: &str, length: &str) -> Option<Enclosure> {
    Some(Enclosure {
        url: link(&element.attribute(url).or_else(|| element.attribute("href"))?, element.base())?,
        media_type: element.attribute("type").as_deref().and_then(word),
        length: element.attribute(length).and_then(|length| length.trim().parse().ok()),
    })
}

fn push_enclosure(enclosures: &mut Vec<Enclosure>, found: Enclosure) {
    if enclosures.len() < LIST_MAX && !enclosures.iter().any(|known| known.url == found.url) {
        enclosures.push(found);
    }
}

/// Seconds of an RSS 1.0 syndication period.
pub fn period(text: &str) -> Option<u64> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "hourly" => 3600,
        "daily" => 86_400,
        "weekly" => 7 * 86_400,
        "monthly" => 30 * 86_400,
        "yearly" => 365 * 86_400,
        _ => return None,
    })
}
