//! In: the bytes of an article's page, or plain text. Out: an [`Article`] with zones.
//! It never fetches, never fails and never trusts: what it could not find is empty, and `complete` says so.

mod body;
mod dates;
mod entry;
mod line;
mod meta;
mod near;
mod packed;
mod page;
mod phrases;
mod prune;
mod signs;
mod text;
mod title;
mod walls;
mod wire;
mod zones;

pub use entry::from_entry;
pub use text::{blocks, from_text};

use crate::model::limits::{ARTICLE_TEXT_BYTES_MAX, TITLE_BYTES_MAX};
use crate::model::{Article, Block, Entry, Selectors, Zone};
use crate::text::{charset, cut, html, one_line, url};
use ::url::Url;
use meta::Meta;
use page::{Chosen, Kind, Page};
use scraper::{Html, Selector};
use walls::Wall;

/// What is known of a page beside its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Its final address.
    pub url: Option<&'a Url>,
    /// The `Content-Type` that it came with.
    pub content_type: Option<&'a str>,
    /// The source's selectors; those that are no selectors are passed over, as the configuration has refused them.
    pub select: Option<&'a Selectors>,
    /// The entry that led to it.
    pub entry: Option<&'a Entry>,
}

/// Extracts the article of a page: HTML, or plain text when it is not HTML.
///
/// `method` says what found the text: `selector`, `body` (an element that calls itself so), `article`, `main`, `density`, `text` (it was no HTML),
/// `json-ld`, `description` or `feed` (the page had none of its own), or what stood in the way: `paywall`, `consent`, `captcha`, `not-found`.
/// `pdf` and `binary` are no text that we read. `complete` is false where something stood in the way, where there is no text at all, and where
/// the page lacks the words of the entry that led to it.
#[must_use]
pub fn article(bytes: &[u8], context: &Context) -> Article {
    let mut article = match packed::kind(bytes, context.content_type) {
        Some(kind) => Article { method: kind.into(), ..Article::default() },
        None => read(bytes, context),
    };
    article.url = context.url.map(Url::to_string).unwrap_or_default();
    if let Some(entry) = context.entry {
        entry::complete(&mut article, entry);
    }
    article.wire = wire::credit(article.byline.as_deref(), &article.zones);
    article
}

fn read(bytes: &[u8], context: &Context) -> Article {
    let decoded = charset::decode(bytes, context.content_type);
    if is_html(&decoded.text, context.content_type) {
        return from_page(&decoded.text, context);
    }
    from_text(context.entry.and_then(|entry| entry.title.as_deref()).unwrap_or_default(), &decoded.text)
}

fn is_html(text: &str, content_type: Option<&str>) -> bool {
    let plain = content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let start = text.trim_start();
    let marked = start.starts_with("<!") || start.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("<html"));
    marked || (!plain && html::has_markup(text))
}

fn from_page(text: &str, context: &Context) -> Article {
    let mut pruned = prune::prune(text);
    let chosen = context.select.map(chosen).unwrap_or_default();
    // A selector may ask for whatever stands in a page.
    let wanted = (chosen.body.is_none() && chosen.remove.is_empty()).then_some(page::WANTED);
    let mut page = page::read(&tree(std::mem::take(&mut pruned.html), wanted), &chosen);
    let mut meta = meta::read(&page, &pruned.json_ld);
    let (title, heading) = title_of(&page, &meta, context.url);
    let found = body::find(&page, heading);
    let told = context.entry.and_then(|entry| entry.published);
    near::fill(&page, &found, heading, context.url.map(Url::path).unwrap_or_default(), told, &mut meta);
    let zones = zones::zones(&page, &found, &title, heading);
    let weight = (0..zones.len()).filter(|i| zones[*i].in_text()).map(|i| page.pieces[i].weight).sum();
    let bytes = (0..zones.len()).filter(|i| zones[*i].in_text()).map(|i| page.pieces[i].text.len() + 2).sum::<usize>();
    let wall = if found.method == "selector" { None } else { walls::recognise(&page, &found, &meta, weight) };
    let mut article = Article {
        canonical_url: meta.canonical.as_deref().and_then(|href| url::join(context.url, href)).map(String::from),
        title: one_line(&cut(&title, TITLE_BYTES_MAX / 4)),
        byline: meta.byline.take(),
        published: meta.published,
        modified: meta.modified,
        language: meta.language.take(),
        site_name: meta.site_name.take(),
        image: meta.image.as_deref().and_then(|href| url::join(context.url, href)).map(String::from),
        method: wall.map_or(found.method, Wall::name).to_string(),
        complete: wall.is_none() && bytes <= ARTICLE_TEXT_BYTES_MAX,
        ..Article::default()
    };
    match wall {
        // These pages are no news whatever they say; nothing of them may match.
        Some(Wall::Captcha | Wall::Consent | Wall::NotFound) => {
            article.title.clear();
            (article.byline, article.published, article.modified, article.image) = (None, None, None, None);
            article.set_zones(blocks_of(&mut page, &vec![Zone::Footer; zones.len()], ""));
        }
        Some(Wall::Paywall) => {
            let asks = |i: usize| walls::asks_to_pay(&page.pieces[i].text);
            let zones: Vec<Zone> = zones
                .iter()
                .enumerate()
                .map(|(i, zone)| if zone.counts() && asks(i) { Zone::Footer } else { *zone })
                .collect();
            article.set_zones(blocks_of(&mut page, &zones, &title));
        }
        None => {
            article.set_zones(blocks_of(&mut page, &zones, &title));
            if weight < STUB_WEIGHT && found.method != "selector" {
                stand_in(&mut article, &meta, weight);
            }
        }
    }
    article
}

/// Parses what was pruned. Each form of the document is dropped as soon as the next one stands: a page is large, and there are many readers.
fn tree(pruned: String, wanted: Option<html::Wanted>) -> Html {
    let head = html::head(&pruned);
    let flat = wanted.map_or_else(|| html::flatten(head), |wanted| html::flatten_for(head, wanted)).into_owned();
    drop(pruned);
    Html::parse_document(&flat)
}

/// Below this weight a page has no text to speak of: it is built by scripts, or shows a picture.
const STUB_WEIGHT: u32 = 150;

/// Text that the page states for machines, where it shows less.
fn stand_in(article: &mut Article, meta: &Meta, weight: u32) {
    let heavy = line::weigh;
    let body =
        meta.body.as_deref().map(|body| if html::has_markup(body) { html::plain(body) } else { body.to_string() });
    let body = body.filter(|text| heavy(text) > (weight * 2).max(100));
    let description = meta.description.clone().filter(|text| weight == 0 && heavy(text) > 20);
    let stated = body.map(|body| (body, "json-ld")).or(description.map(|description| (description, "description")));
    let Some((text, method)) = stated else {
        article.complete = weight > 40;
        return;
    };
    let blocks = text::folded(&text);
    let mut zones = text::zones(&blocks, &article.title);
    zones.extend(article.zones.drain(..).filter(|block| block.zone != Zone::Title && !block.zone.in_text()));
    article.set_zones(zones);
    article.method = method.to_string();
    article.complete = method == "json-ld";
}

/// The article's title, and the piece that it was taken from.
fn title_of(page: &Page, meta: &Meta, url: Option<&Url>) -> (String, Option<usize>) {
    let of_rank = |rank| (0..page.pieces.len()).filter(move |i| page.pieces[*i].kind == Kind::Heading(rank));
    let headings: Vec<usize> = of_rank(1).collect();
    let texts: Vec<&str> = headings.iter().map(|i| page.pieces[*i].text.as_str()).collect();
    let stated: Vec<&str> = meta.titles.iter().map(String::as_str).collect();
    let host = url.and_then(Url::host_str).unwrap_or_default().trim_start_matches("www.");
    let site = [meta.site_name.as_deref().unwrap_or_default(), host, host.split('.').next().unwrap_or_default()];
    let (title, heading) = title::choose(&texts, &stated, &site);
    if heading.is_none()
        && let Some(second) = of_rank(2).take(40).find(|i| title::is_stated(&page.pieces[*i].text, &stated, &site))
    {
        return (page.pieces[second].text.clone(), Some(second));
    }
    (title, heading.map(|i| headings[i]))
}

fn chosen(select: &Selectors) -> Chosen {
    let parse = |selector: &String| Selector::parse(selector).ok();
    Chosen { body: select.body.as_ref().and_then(parse), remove: select.remove.iter().filter_map(parse).collect() }
}

/// The blocks of a page, the title first, within the limits of an article.
fn blocks_of(page: &mut Page, zones: &[Zone], title: &str) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(zones.len() + 1);
    if !title.is_empty() {
        blocks.push(Block { zone: Zone::Title, text: one_line(&cut(title, TITLE_BYTES_MAX / 4)) });
    }
    let (mut text_bytes, mut other_bytes) = (0, 0);
    for (piece, zone) in page.pieces.iter_mut().zip(zones) {
        let bytes = if zone.in_text() { &mut text_bytes } else { &mut other_bytes };
        *bytes += piece.text.len() + 2;
        if *zone != Zone::Title && *bytes <= ARTICLE_TEXT_BYTES_MAX {
            blocks.push(Block { zone: *zone, text: std::mem::take(&mut piece.text) });
        }
    }
    blocks
}

#[cfg(test)]
mod tests;
