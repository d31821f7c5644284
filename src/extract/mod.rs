//! In: the bytes of an article's page, or plain text. Out: an [`Article`](crate::model::Article) with zones.
//! It never fetches, never fails and never trusts: what it could not find is empty, and `complete` says so.

mod body;
mod dates;
pub mod dump;
mod meta;
mod page;
mod prune;
mod signs;

use crate::model::{Article, Entry, Selectors};
use scraper::Html;
use url::Url;

/// What is known of a page beside its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Its final address.
    pub url: Option<&'a Url>,
    /// The `Content-Type` that it came with.
    pub content_type: Option<&'a str>,
    /// The source's selectors.
    pub select: Option<&'a Selectors>,
    /// The entry that led to it.
    pub entry: Option<&'a Entry>,
}

/// Extracts the article of a page.
#[must_use]
pub fn article(bytes: &[u8], context: &Context) -> Article {
    let text = String::from_utf8_lossy(bytes);
    let pruned = prune::prune(&text);
    let html = Html::parse_document(&pruned.html);
    drop(pruned.html);
    let mut page = page::read(&html, &page::Chosen::default());
    let found = body::find(&page);
    let mut article = Article {
        url: context.url.map(Url::to_string).unwrap_or_default(),
        method: found.method.to_string(),
        complete: true,
        ..Article::default()
    };
    let meta = meta::read(&page, &pruned.json_ld);
    article.published = meta.published;
    article.modified = meta.modified;
    article.byline = meta.byline;
    article.language = meta.language;
    article.site_name = meta.site_name;
    article.title = meta.headline.unwrap_or_default();
    let title = article.title.clone();
    article.set_zones(zones::blocks(&mut page, &found, &title));
    article
}
