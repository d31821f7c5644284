//! In: the bytes that a source answered with, and where they came from. Out: its entries, and what had to be healed.
//! It is gentle with what is broken and refuses what is only there to hurt. It never fetches, never asks the time.

mod date;
mod discover;
mod element;
mod gentle;
mod heal;
mod json;
mod key;
mod names;
mod opml;
mod page;
mod person;
mod root;
mod shape;
mod sitemap;
mod standard;
mod values;
mod xml;

use crate::model::limits::{ENTRIES_WHOLE_MAX, WARNINGS_MAX};
use crate::model::{Enclosure, Entry, Feed, Link, Selectors, SourceKind, Subscription};
use crate::text::charset::{Decoded, How, decode};
use root::{Kind, Root};
use url::Url;

/// Where a document came from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Its final address, redirects followed: what relative addresses are meant against.
    pub url: Option<&'a Url>,
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
}

/// Why a document gave no entries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing in it.
    #[error("the answer is empty: open the address in a browser and see whether it still is a feed")]
    Empty,
    /// Compressed a second time, or a file of another kind.
    #[error("the answer is a compressed or binary file, not text: give the address of the feed itself")]
    Binary,
    /// Something else.
    #[error(
        "this is no feed but {0}: give the address of a feed, or set kind = \"page\" for a page with links to articles"
    )]
    NotAFeed(String),
    /// Deeper than any feed.
    #[error(
        "the elements of this feed are nested more than {} deep: it was refused",
        crate::model::limits::XML_DEPTH_MAX
    )]
    TooDeep,
    /// More than any feed has.
    #[error(
        "an element of this feed has more than {} attributes or namespaces: it was refused",
        crate::model::limits::XML_ATTRIBUTES_MAX
    )]
    TooManyAttributes,
    /// The selector of the source's configuration.
    #[error("the selector {0:?} cannot be read ({1}): mend select.links of this source")]
    Selector(String, String),
    /// A page without a list.
    #[error("no list of links to articles was found on this page: say where they are with select.links")]
    NoLinks,
    /// A list of subscriptions without any.
    #[error("no subscription was found in it: an OPML file has <outline xmlUrl=\"https://…\"/> for each feed")]
    NoSubscriptions,
    /// Broken beyond healing.
    #[error("the JSON cannot be read ({0}): tell the site's owner, or look for another feed of the site")]
    Json(String),
}

/// Parses what a source answered with; [`SourceKind::Auto`] is told by what it is.
///
/// # Errors
/// When it is none of these, or made to hurt.
pub fn document(bytes: &[u8], context: &Context<'_>, kind: SourceKind, select: &Selectors) -> Result<Feed, ParseError> {
    let decoded = text(bytes, context)?;
    let root = root::find(&decoded.text);
    let mut feed = match (kind, root.map(|root| root.kind)) {
        (SourceKind::Page, _) | (SourceKind::Auto, Some(Kind::Page)) => {
            page::read(&decoded.text, context.url, select.links.as_deref())?
        }
        (_, Some(Kind::Page)) => {
            let name = page::name(&decoded.text).map(|name| format!(" ({name:?})"));
            return Err(ParseError::NotAFeed(format!("a web page{}", name.unwrap_or_default())));
        }
        (_, None) => return Err(ParseError::NotAFeed("text without any known element".into())),
        // A sitemap where a feed was expected, or the reverse: what it holds is what counts.
        (_, Some(Kind::Feed | Kind::Sitemap | Kind::Json)) => read(&decoded.text, root, context)?,
    };
    finish(&mut feed, &decoded);
    Ok(feed)
}

/// Parses RSS, RDF, Atom, CDF, JSON Feed or a sitemap.
///
/// # Errors
/// When it is none of these, or made to hurt.
pub fn feed(bytes: &[u8], context: &Context<'_>) -> Result<Feed, ParseError> {
    document(bytes, context, SourceKind::Feed, &Selectors::default())
}

/// Parses a page with links to articles.
///
/// # Errors
/// When the selector is none, or the page has no such links.
pub fn page(bytes: &[u8], context: &Context<'_>, select: &Selectors) -> Result<Feed, ParseError> {
    document(bytes, context, SourceKind::Page, select)
}

/// Parses a sitemap, or an index of sitemaps: these are its `feed.links`.
///
/// # Errors
/// When it is none, or made to hurt.
pub fn sitemap(bytes: &[u8], context: &Context<'_>) -> Result<Feed, ParseError> {
    document(bytes, context, SourceKind::Sitemap, &Selectors::default())
}

/// The subscriptions of an OPML file, each address once, and what was left out of it, in words.
///
/// # Errors
/// When there are none in it, or it was made to hurt.
pub fn subscriptions(bytes: &[u8], context: &Context<'_>) -> Result<(Vec<Subscription>, Vec<String>), ParseError> {
    opml::read(&text(bytes, context)?.text)
}

/// The feeds that a page offers, the likeliest first; of a feed, itself.
pub fn discover(bytes: &[u8], context: &Context<'_>) -> Vec<Link> {
    let Ok(decoded) = text(bytes, context) else { return vec![] };
    match root::find(&decoded.text).map(|root| root.kind) {
        Some(Kind::Feed | Kind::Json | Kind::Sitemap) => context
            .url
            .map(|url| Link { href: url.as_str().into(), rel: Some("self".into()), ..Link::default() })
            .into_iter()
            .collect(),
        Some(Kind::Page) | None => discover::feeds(&decoded.text, context.url),
    }
}

fn read(text: &str, root: Option<Root>, context: &Context<'_>) -> Result<Feed, ParseError> {
    let Some(root) = root.filter(|root| root.kind != Kind::Json) else {
        return json::read(&text[root.map_or(0, |root| root.at)..], context.url);
    };
    let healed = heal::heal(text, root.at)?;
    let mut feed = if root.kind == Kind::Sitemap {
        sitemap::read(&healed.xml, context.url)
    } else {
        // feed-rs holds all entries twice.
        let standard = healed.shape.is_standard() && healed.shape.entries <= ENTRIES_WHOLE_MAX;
        let standard = standard.then(|| standard::read(&healed.xml, &healed.shape, context.url));
        standard.flatten().unwrap_or_else(|| gentle::read(&healed.xml, &healed.shape, context.url))
    };
    feed.warnings.splice(0..0, healed.warnings);
    Ok(feed)
}

/// Gives an entry that has only content a summary too: the content. For showing a feed; in the store it would be kept twice.
pub fn summarize(feed: &mut Feed) {
    for entry in &mut feed.entries {
        if entry.summary.is_none() {
            entry.summary.clone_from(&entry.content);
        }
    }
}

/// The text of a document that is one.
fn text<'a>(bytes: &'a [u8], context: &Context<'_>) -> Result<Decoded<'a>, ParseError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ParseError::Empty);
    }
    let packed: [&[u8]; 6] = [b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"%PDF", b"\x89PNG", b"\xff\xd8\xff"];
    if packed.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(ParseError::Binary);
    }
    Ok(decode(bytes, context.content_type))
}

/// Keys, bounds and the word about the charset: what every reader leaves to be done.
fn finish(feed: &mut Feed, decoded: &Decoded<'_>) {
    feed.encoding = decoded.encoding.into();

    if decoded.lossy {
        feed.warnings.push(format!("some bytes are no {}: they were replaced", decoded.encoding));
    } else if decoded.how == How::Guess && decoded.encoding != "utf-8" && !decoded.encoding.starts_with("utf-") {
        feed.warnings.push(format!("the charset is not stated or wrong: {} was guessed", decoded.encoding));
    }
    for entry in &mut feed.entries {
        settle(entry);
    }
    key::assign(&mut feed.entries);
    feed.warnings.truncate(WARNINGS_MAX);
}

/// Takes an entry into a feed.
fn push(feed: &mut Feed, mut entry: Entry) {
    if feed.entries.len() >= ENTRIES_WHOLE_MAX {
        entry.links = vec![];
    }
    feed.entries.push(entry);
}

/// What holds of an entry whoever read it: enclosed links are enclosures, and a text that was nothing but markup gives way.
fn settle(entry: &mut Entry) {
    for link in entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure")) {
        if entry.enclosures.len() < values::LIST_MAX && !entry.enclosures.iter().any(|known| known.url == link.href) {
            let Link { href, media_type, length, .. } = link.clone();
            entry.enclosures.push(Enclosure { url: href, media_type, length });
        }
    }
    if entry.content.as_deref() == Some("") && entry.summary.is_some() {
        entry.content = None;
    }
    if entry.summary.as_deref() == Some("") && entry.content.is_some() {
        entry.summary = None;
    }
}

#[cfg(test)]
mod tests;
