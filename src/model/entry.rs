//! A feed and its entries, as parsed: the JSON of `wirewatch feed --json`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one document (feed, page list or sitemap) held.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// The family: `rss`, `rdf`, `atom`, `cdf`, `json`, `page`, `sitemap`.
    pub format: String,
    /// The version as feedparser names it: `rss20`, `rss091u`, `rss10`, `atom03`, `atom10`, `json11` …
    pub version: String,
    /// The encoding that it was decoded from, by its WHATWG name in lower case.
    pub encoding: String,
    /// How long the feed itself says it may be kept, in seconds.
    pub ttl_s: Option<u64>,
    /// What the document says of itself.
    pub feed: FeedInfo,
    /// Its entries, in the document's order.
    pub entries: Vec<Entry>,
    /// What was healed or left out; empty for a clean document.
    pub warnings: Vec<String>,
}

/// What a feed says of itself. Texts are plain, `subtitle` is sanitized HTML, links are absolute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedInfo {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Title without markup.
    pub title: Option<String>,
    /// Description, sanitized.
    pub subtitle: Option<String>,
    /// The site it belongs to.
    pub link: Option<String>,
    /// All its links.
    pub links: Vec<Link>,
    /// Its language (BCP 47), as stated.
    pub language: Option<String>,
    /// Its authors.
    pub authors: Vec<Person>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Copyright.
    pub rights: Option<String>,
    /// What made it.
    pub generator: Option<String>,
    /// The address of its picture.
    pub image: Option<String>,
    /// Its categories.
    pub categories: Vec<String>,
}

/// One entry: what a feed, page or sitemap says of one article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What names the entry between polls: the feed's id, else the link, else a hash of its text. Never random.
    pub key: String,
    /// The id that the feed gave, if any.
    pub id: Option<String>,
    /// Title without markup, entities decoded.
    pub title: Option<String>,
    /// Where the article is; absolute, `http` or `https`.
    pub link: Option<String>,
    /// All links.
    pub links: Vec<Link>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// The summary, sanitized HTML with absolute links.
    pub summary: Option<String>,
    /// The content, sanitized HTML with absolute links.
    pub content: Option<String>,
    /// Attached media.
    pub enclosures: Vec<Enclosure>,
    /// Its categories.
    pub categories: Vec<String>,
    /// Its language (BCP 47), where stated for the entry.
    pub language: Option<String>,
}

/// A link of a feed or an entry (RFC 4287, section 4.2.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Absolute address.
    pub href: String,
    /// Relation.
    pub rel: Option<String>,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Language of what it leads to.
    pub hreflang: Option<String>,
    /// Bytes of what it leads to.
    pub length: Option<u64>,
}

/// An author (RFC 4287, section 3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address on the web.
    pub uri: Option<String>,
}

/// An attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute address.
    pub url: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
}
