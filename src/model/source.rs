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
