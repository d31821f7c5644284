//! The article that `match` and `explain` look at. In: a file, standard input or a URL. Out: the article, and as the matcher sees it.
//! It knows no source: tags, tier and the source's own language come with the archive.

use super::{Failure, input};
use crate::extract;
use crate::fetch::Want;
use crate::matching::Text;
use crate::model::Article;
use crate::text::language;
use jiff::Timestamp;
use url::Url;

/// Reads an article. `base` is the address that it is to be taken for.
pub(super) fn read(from: &str, base: Option<&Url>) -> Result<Article, Failure> {
    let input = input::read(from, base, None, Want::Page)?;
    let about = extract::Context {
        url: input.url.as_ref(),
        content_type: input.content_type.as_deref(),
        select: None,
        entry: None,
    };
    if is_lines(&input.bytes) {
        return Err(Failure::Usage(format!("{from} has an article as JSON on each line: add --lines")));
    }
    let mut article = extract::article(&input.bytes, &about);
    if let Some(why) = unreadable(&input.bytes, &article) {
        return Err(Failure::work(format!("{from} {why}")));
    }
    language::settle(&mut article, None);
    Ok(article)
}

/// Why there is nothing to read in what was given, if so; in words that follow its name.
pub(super) fn unreadable(bytes: &[u8], article: &Article) -> Option<&'static str> {
    match &*article.method {
        "pdf" => Some("is a PDF, of which no text is read: give it the text, as pdftotext writes it"),
        "binary" => Some("is no text: a picture, an archive, an office document or the like; give it the text itself"),
        _ if bytes.trim_ascii().is_empty() => Some("is empty: there is nothing to read in it"),
        _ => None,
    }
}

/// Whether the first line is an article as JSON.
fn is_lines(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let article = || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).ok();
    line.starts_with(b"{")
        && article().is_some_and(|article| article.contains_key("text") || article.contains_key("title"))
}

/// An article as a line of JSON, with what a source would say of it.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The article.
    pub article: Article,
    /// Tags of the source and the article.
    pub tags: Vec<String>,
    /// The source's id.
    pub source: String,
    /// The source's tier.
    pub tier: Option<u8>,
}

impl Line {
    /// The article as the matcher sees it.
    pub(super) fn text(&self, now: Timestamp) -> Text<'_> {
        Text { tags: &self.tags, source: &self.source, tier: self.tier, ..text(&self.article, now) }
    }
}

/// The article as the matcher sees it.
pub(super) fn text(article: &Article, now: Timestamp) -> Text<'_> {
    Text {
        title: &article.title,
        text: &article.text,
        zones: &article.zones,
        url: &article.url,
        language: article.language.as_deref(),
        author: article.byline.as_deref(),
        published: article.published,
        now,
        ..Text::empty()
    }
}
