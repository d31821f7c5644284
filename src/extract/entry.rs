//! In: an entry of a feed, and the article of its page if there is one. Out: the article that the entry itself tells, or the page's made whole.
//! It never takes a page for complete that lacks the words of its own summary.

use super::line::{weigh, weight};
use super::text;
use crate::model::limits::{ARTICLE_TEXT_BYTES_MAX, TITLE_BYTES_MAX};
use crate::model::{Article, Block, Entry, Zone};
use crate::text::{cut, html, one_line};
use foldhash::HashSet;
use std::ops::ControlFlow;

/// The article as the feed tells it: method `feed`, not complete.
#[must_use]
pub fn from_entry(entry: &Entry, language: Option<&str>) -> Article {
    let title = one_line(&cut(entry.title.as_deref().unwrap_or_default(), TITLE_BYTES_MAX / 4));
    let names: Vec<&str> =
        entry.authors.iter().filter_map(|author| author.name.as_deref().or(author.email.as_deref())).collect();
    let mut article = Article {
        url: entry.link.clone().unwrap_or_default(),
        title: title.clone(),
        byline: (!names.is_empty()).then(|| one_line(&names.join(", "))),
        published: entry.published,
        modified: entry.updated,
        language: entry.language.clone().or_else(|| language.map(str::to_string)),
        image: entry
            .enclosures
            .iter()
            .find(|e| e.media_type.as_deref().is_some_and(|t| t.starts_with("image/")))
            .map(|e| e.url.clone()),
        method: "feed".into(),
        complete: false,
        ..Article::default()
    };
    let blocks = blocks(entry);
    article.set_zones(text::zones(&blocks, &title));
    article.wire = super::wire::credit(article.byline.as_deref(), &article.zones);
    article
}

/// The entry's own text in blocks: its content, or its summary where that says more.
fn blocks(entry: &Entry) -> Vec<String> {
    let plain = |text: Option<&String>| text.map(|text| html::plain(text)).unwrap_or_default();
    let (content, summary) = (plain(entry.content.as_ref()), plain(entry.summary.as_ref()));
    let mut text = if content.len() >= summary.len() { content } else { summary };
    text.truncate(text.floor_char_boundary(ARTICLE_TEXT_BYTES_MAX));
    text::folded(&text)
}

/// Share of the summary's words, in hundredths, that a page must have.
const COVERED: usize = 50;
/// A summary of fewer words proves nothing.
const WORDS_MIN: usize = 5;

/// Holds the page's article against its entry: fills in what the page did not say, and takes the entry's text where the page has less.
pub(super) fn complete(article: &mut Article, entry: &Entry) {
    let told = from_entry(entry, None);
    let heavy = |article: &Article| weigh(&article.text);
    let covered = covers(article, &told.text);
    article.complete &= covered;
    if heavy(&told) > heavy(article) && (!article.complete || heavy(article) * 2 < heavy(&told)) {
        // What stood in the way is worth knowing.
        if !matches!(article.method.as_str(), "paywall" | "consent" | "captcha" | "not-found" | "pdf" | "binary") {
            article.method = "feed".into();
        }
        article.complete = false;
        let rest: Vec<_> = article.zones.drain(..).filter(|block| !block.zone.counts()).collect();
        article.set_zones(told.zones.into_iter().chain(rest).collect());
        if !told.title.is_empty() {
            article.title = told.title;
        }
    } else if article.title.is_empty() && !told.title.is_empty() {
        article.title.clone_from(&told.title);
        article.zones.insert(0, Block { zone: Zone::Title, text: told.title });
    }
    article.byline = article.byline.take().or(told.byline);
    // Templates carry old dates (of the series, of the first version, of nothing): what its feed tells as new is not held back for one, so the
    // later of the two counts.
    article.published = article.published.max(told.published);
    article.modified = article.modified.or(told.modified);
    article.language = article.language.take().or(told.language);
    article.image = article.image.take().or(told.image);
}

/// Whether the article has the words of a summary.
fn covers(article: &Article, summary: &str) -> bool {
    let mut missing: HashSet<String> = HashSet::default();
    let _ = words(summary, |word| {
        missing.insert(word.to_string());
        ControlFlow::Continue(())
    });
    let wanted = missing.len();
    if wanted < WORDS_MIN {
        return !article.text.is_empty();
    }
    let enough = |missing: &HashSet<String>| (wanted - missing.len()) * 100 >= wanted * COVERED;
    let blocks = article.zones.iter().filter(|block| block.zone.counts());
    { blocks }.any(|block| {
        let seek = |word: &str| {
            if missing.remove(word) && enough(&missing) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        words(&block.text, seek).is_break()
    })
}

/// The telling words of a text: of four letters and more, and pairs of characters in scripts without spaces.
fn words(text: &str, mut each: impl FnMut(&str) -> ControlFlow<()>) -> ControlFlow<()> {
    let (mut word, mut letters) = (String::new(), 0);
    let mut before: Option<char> = None;
    for c in text.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
            (before, letters) = (None, letters + 1);
            continue;
        }
        let wide = weight(c) == 3;
        if !c.is_ascii() && c.is_alphanumeric() && !wide {
            word.extend(c.to_lowercase());
            (before, letters) = (None, letters + 1);
            continue;
        }
        if letters > 3 {
            each(&word)?;
        }
        word.clear();
        letters = 0;
        if !wide || !c.is_alphanumeric() {
            before = None;
            continue;
        }
        if let Some(before) = before.replace(c) {
            let mut pair = [0; 8];
            let first = before.encode_utf8(&mut pair).len();
            let len = first + c.encode_utf8(&mut pair[first..]).len();
            each(std::str::from_utf8(&pair[..len]).unwrap_or_default())?;
        }
    }
    ControlFlow::Continue(())
}
