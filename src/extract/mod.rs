//! In: the bytes of an article's page, or plain text. Out: an [`Article`](crate::model::Article) with zones.
//! It never fetches, never fails and never trusts: what it could not find is empty, and `complete` says so.

mod body;
mod dates;
mod meta;
mod near;
mod page;
mod phrases;
mod prune;
mod signs;
mod title;
mod zones;

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
    let mut meta = meta::read(&page, &pruned.json_ld);
    let headings: Vec<usize> =
        (0..page.pieces.len()).filter(|i| page.pieces[*i].kind == page::Kind::Heading(1)).collect();
    let texts: Vec<&str> = headings.iter().map(|i| page.pieces[*i].text.as_str()).collect();
    let stated: Vec<&str> = meta.titles.iter().map(String::as_str).collect();
    let host = context.url.and_then(Url::host_str).unwrap_or_default().trim_start_matches("www.");
    let site = [meta.site_name.as_deref().unwrap_or_default(), host, host.split('.').next().unwrap_or_default()];
    let (title, heading) = title::choose(&texts, &stated, &site);
    near::fill(&page, &found, heading.map(|i| headings[i]), context.url.map(Url::path).unwrap_or_default(), &mut meta);
    article.published = meta.published;
    article.modified = meta.modified;
    article.byline = meta.byline;
    article.language = meta.language;
    article.site_name = meta.site_name;
    article.title = title.clone();
    article.set_zones(zones::blocks(&mut page, &found, &title, heading.map(|i| headings[i])));
    article
}
