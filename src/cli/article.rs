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
    let mut article = extract::article(&input.bytes, &about);
    language::settle(&mut article, None);
    Ok(article)
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
