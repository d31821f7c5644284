//! A source: a thing we look at, and how.

use super::{Secret, SourceId};
use jiff::tz::TimeZone;
use std::time::Duration;
use url::Url;

/// One configured source.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Where it is: a feed, a page or a sitemap.
    pub url: Url,
    /// What it should be taken for.
    pub kind: SourceKind,
    /// The outlet's name as shown to readers; without one the feed's title, then the host.
    pub name: Option<String>,
    /// When it is polled.
    pub cadence: Cadence,
    /// The language that its user says it writes in (BCP 47).
    pub language: Option<String>,
    /// How much its user trusts it: 1 is best.
    pub tier: Option<u8>,
    /// Free words for `tag:` in queries.
    pub tags: Vec<String>,
    /// CSS selectors that override what extraction would find.
    pub select: Selectors,
    /// How many of the newest entries of the baseline are read and alerted.
    pub backfill: u32,
    /// Whether the page behind an entry is fetched (`false`: the feed's own text is all there is).
    pub read_pages: bool,
    /// Whether robots.txt is obeyed for its pages and articles.
    pub robots: bool,
    /// An entry older than this when first seen is kept, not alerted; `None`: the service's `max_age`.
    pub max_age: Option<Duration>,
    /// What is sent with its requests.
    pub request: RequestOptions,
    /// What other readers know of it.
    pub outline: Outline,
}

/// What stands of a source in a list of subscriptions (OPML 2.0) beside its address and name, kept for when it is written again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The folders that it lies in, each as a path with `/` between its names; none: its tags are its folders.
    pub folders: Vec<String>,
    /// Attributes that mean nothing here, by name.
    pub attributes: Vec<(String, String)>,
}

/// A source as a list of subscriptions (OPML 2.0) has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// Where it is, as written there.
    pub url: String,
    /// Its title or text on one line; may be empty.
    pub name: String,
    /// What it says that it is.
    pub kind: SourceKind,
    /// What else was said of it.
    pub outline: Outline,
}

impl Outline {
    /// The names of the folders in their order, each once: tags.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = vec![];
        for name in self.folders.iter().flat_map(|path| path.split('/')).map(str::trim).filter(|name| !name.is_empty())
        {
            if !tags.iter().any(|known| known == name) {
                tags.push(name.to_string());
            }
        }
        tags
    }

    /// Whether an attribute of this name can be written into XML again.
    #[must_use]
    pub fn is_attribute(name: &str) -> bool {
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        };
        name.len() <= super::limits::ID_BYTES_MAX && name.split(':').all(part) && name.split(':').count() <= 2
    }
}

/// What a source is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceKind {
    /// Told apart by what comes back.
    #[default]
    Auto,
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// An HTML list of news.
    Page,
    /// A sitemap or a sitemap index.
    Sitemap,
}

/// When a source is polled.
#[derive(Debug, Clone, PartialEq)]
pub enum Cadence {
    /// Starts at this interval and adapts to the source's rhythm and its own wishes.
    Adaptive(Duration),
    /// The user's word: wins over ttl and max-age, never over Retry-After.
    Every(Duration),
    /// A cron pattern of five fields in a time zone.
    Cron {
        /// As typed, validated.
        pattern: String,
        /// The zone in which it is meant.
        zone: TimeZone,
    },
}

/// CSS selectors of a page source; all optional, all validated by the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selectors {
    /// The links to articles on an index page.
    pub links: Option<String>,
    /// The article's text on an article page.
    pub body: Option<String>,
    /// What is taken out of the article's page first.
    pub remove: Vec<String>,
}

/// What is sent with the requests of one source. Headers, cookies and credentials never follow a redirect to another origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestOptions {
    /// Instead of the service's User-Agent.
    pub user_agent: Option<String>,
    /// Further headers, name and value.
    pub headers: Vec<(String, Secret)>,
    /// User name and password for HTTP basic authentication.
    pub basic_auth: Option<(String, Secret)>,
    /// A proxy for this source alone.
    pub proxy: Option<Url>,
}
