//! In: a web page with links to articles. Out: a feed whose entries are those links, in the page's order.
//! It never follows one, and takes no menu for news if it can help it.

use super::ParseError;
use super::date;
use super::gentle::language;
use super::values::{Markup, link, title};
use crate::model::limits::{PAGE_LINKS_MAX, PAGE_TAGS_MAX};
use crate::model::{Entry, Feed, FeedInfo};
use crate::text::html::{flatten, head};
use crate::text::{one_line, url::registrable};
use scraper::{ElementRef, Html, Selector};
use std::collections::HashMap;
use url::Url;

/// Fewer links than this are no list.
const LINKS_MIN: usize = 3;
/// How far above a link its date is looked for, and how far its block is described.
const ANCESTORS_MAX: usize = 4;

/// Reads the links of a page: those that the selector names, else those of the block of links that looks most like a list of news.
///
/// # Errors
/// When the selector is none, or no such links are there.
pub fn read(html: &str, url: Option<&Url>, select: Option<&str>) -> Result<Feed, ParseError> {
    let read = head(html);
    let page = Html::parse_document(&flatten(read));
    let base = first(&page, "base[href]").and_then(|base| crate::text::url::join(url, base.attr("href")?));
    let base = base.as_ref().or(url);
    let links = match select {
        Some(select) => {
            let selector = Selector::parse(select)
                .map_err(|fault| ParseError::Selector(select.into(), one_line(&fault.to_string())))?;
            page.select(&selector)
                .take(PAGE_LINKS_MAX * 20)
                .filter_map(|found| found_link(anchor(found)?, found, base))
                .collect()
        }
        None => news(candidates(&page, base)),
    };
    let (entries, more) = entries(links);
    if entries.len() < if select.is_some() { 1 } else { LINKS_MIN } {
        return Err(ParseError::NoLinks);
    }
    let about = FeedInfo {
        title: first(&page, "title").and_then(|found| title(&found.text().collect::<String>(), Markup::Plain)),
        subtitle: first(&page, "meta[name=description]")
            .and_then(|found| found.attr("content"))
            .and_then(|text| super::values::html(text, Markup::Plain, base)),
        link: url.map(|url| url.as_str().to_string()),
        language: first(&page, "html[lang]").and_then(|found| found.attr("lang")).and_then(language),
        ..FeedInfo::default()
    };
    let mut warnings = vec![];
    if read.len() < html.len() {
        warnings.push(format!("only the first {PAGE_TAGS_MAX} tags of the page were read"));
    }
    if more > 0 {
        warnings.push(format!("only the first {PAGE_LINKS_MAX} links were taken, {more} were left out"));
    }
    Ok(Feed { format: "page".into(), version: "page".into(), feed: about, entries, warnings, ..Feed::default() })
}

/// What people call the page, for messages.
pub fn name(html: &str) -> Option<String> {
    let mut tokens = crate::text::html::Tokens::new(super::values::cut(html, 64 << 10));
    while let Some(token) = tokens.next() {
        if matches!(token, crate::text::html::Token::Start(tag) if tag.name.eq_ignore_ascii_case("title")) {
            let Some(crate::text::html::Token::Text(text)) = tokens.next() else { return None };
            return title(text, Markup::Html).map(|title| crate::text::cut(&title, 80));
        }
    }
    None
}

/// A link on a page.
struct Found {
    href: String,
    title: String,
    published: Option<jiff::Timestamp>,
    /// The elements around it, as names and classes: links of one list have the same.
    block: String,
    /// Its path with what differs between articles taken out.
    shape: String,
}

fn first<'a>(page: &'a Html, select: &str) -> Option<ElementRef<'a>> {
    page.select(&Selector::parse(select).ok()?).next()
}

/// The link that a selected element is, holds or stands in.
fn anchor(found: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let is_link = |element: &ElementRef<'_>| element.value().name() == "a" && element.attr("href").is_some();
    if is_link(&found) {
        return Some(found);
    }
    let within = found.descendent_elements().find(is_link);
    within.or_else(|| found.ancestors().filter_map(ElementRef::wrap).take(ANCESTORS_MAX).find(is_link))
}

fn found_link(anchor: ElementRef<'_>, said: ElementRef<'_>, base: Option<&Url>) -> Option<Found> {
    let href = link(anchor.attr("href")?, base)?;
    let words = |element: ElementRef<'_>| {
        // A headline in a link stands above its teaser and its date.
        let heading = element
            .descendent_elements()
            .find(|inner| matches!(inner.value().name(), "h1" | "h2" | "h3" | "h4" | "h5"));
        let text: String = heading.unwrap_or(element).text().take(500).flat_map(|piece| [piece, " "]).collect();
        title(&text, Markup::Plain)
    };
    let picture =
        || anchor.descendent_elements().find_map(|inner| inner.attr("alt").and_then(|alt| title(alt, Markup::Plain)));
    let aside = || anchor.attr("title").or(anchor.attr("aria-label")).and_then(|text| title(text, Markup::Plain));
    let title = words(anchor).or_else(aside).or_else(picture).or_else(|| words(said));
    Some(Found {
        shape: shape(&href),
        title: title.unwrap_or_default(),
        published: published(anchor),
        block: block(anchor),
        href,
    })
}

/// The date beside a link: in the nearest element around it that has one.
fn published(anchor: ElementRef<'_>) -> Option<jiff::Timestamp> {
    let around = std::iter::once(anchor).chain(anchor.ancestors().filter_map(ElementRef::wrap)).take(ANCESTORS_MAX);
    for element in around {
        if matches!(element.value().name(), "body" | "main" | "html") {
            return None;
        }
        // Where there are several, it is the date of none of them in particular.
        let mut times = element.descendent_elements().take(200).filter(|inner| inner.value().name() == "time");
        if let Some(time) = times.next() {
            let alone = times.next().is_none();
            let said = time.attr("datetime").map_or_else(|| time.text().collect::<String>(), str::to_string);
            return date::parse(&said).filter(|_| alone);
        }
    }
    None
}

fn block(anchor: ElementRef<'_>) -> String {
    let mut block = String::new();
    for element in std::iter::once(anchor).chain(anchor.ancestors().filter_map(ElementRef::wrap)).take(ANCESTORS_MAX) {
        block.push_str(element.value().name());
        if let Some(class) = element.value().classes().next() {
            block.push('.');
            block.push_str(class);
        }
        block.push(' ');
    }
    block
}

/// Where articles of one site differ: numbers and words joined by dashes.
fn shape(href: &str) -> String {
    let Ok(url) = Url::parse(href) else { return String::new() };
    let mut shape = url.host_str().unwrap_or_default().to_string();
    for part in url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()) {
        shape.push('/');
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        match part {
            _ if digits == part.len() => shape.push('#'),
            _ if part.len() > 20 || digits >= 4 || part.matches(['-', '_']).count() >= 2 => shape.push('*'),
            part => shape.push_str(part),
        }
    }
    shape
}

/// All links of the page's own site that stand in no menu and lead to more than a section.
fn candidates(page: &Html, base: Option<&Url>) -> Vec<Found> {
    let Ok(all) = Selector::parse("a[href]") else { return vec![] };
    let site = base.and_then(Url::host_str).map(registrable);
    let in_menu = |link: &ElementRef<'_>| {
        link.ancestors().filter_map(ElementRef::wrap).any(|around| {
            let (name, role) = (around.value().name(), around.attr("role").unwrap_or_default());
            matches!(name, "nav" | "footer" | "aside" | "form") || matches!(role, "navigation" | "contentinfo" | "menu")
        })
    };
    let own = |found: &Found| {
        let host =
            Url::parse(&found.href).ok().and_then(|url| url.host_str().map(|host| registrable(host).to_string()));
        site.is_none_or(|site| host.as_deref() == Some(site)) && found.shape.contains('/')
    };
    page.select(&all)
        .take(PAGE_LINKS_MAX * 20)
        .filter(|link| !in_menu(link))
        .filter_map(|link| found_link(link, link, base))
        .filter(own)
        .collect()
}

/// How much a link reads like a headline: 0 for a word or two, up to 100. Chinese says in one character what takes three letters.
fn weight(title: &str) -> usize {
    let letters: usize = title
        .chars()
        .map(|c| if ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7a3}').contains(&c) { 3 } else { 1 })
        .sum();
    if letters < 18 { 0 } else { letters.min(100) }
}

/// The links of the block that reads most like a list of headlines, and others that lead to addresses of the same shape.
fn news(links: Vec<Found>) -> Vec<Found> {
    let mut blocks: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
    for found in &links {
        let best = blocks.entry(&found.block).or_default().entry(&found.href).or_default();
        *best = (*best).max(weight(&found.title));
    }
    let score = |links: &HashMap<&str, usize>| links.values().sum::<usize>();
    // Of two that score the same, always the same one.
    let best = blocks
        .iter()
        .filter(|(_, links)| links.values().filter(|weight| **weight > 0).count() >= LINKS_MIN)
        .max_by_key(|(block, links)| (score(links), std::cmp::Reverse(**block)));
    let Some((best, _)) = best else { return vec![] };
    let best = (*best).to_string();
    let shapes: Vec<String> = links
        .iter()
        .filter(|found| found.block == best && weight(&found.title) > 0 && found.shape.ends_with(['*', '#']))
        .map(|found| found.shape.clone())
        .collect();
    let varied = |shape: &str| shapes.iter().any(|known| known == shape);
    links.into_iter().filter(|found| found.block == best && weight(&found.title) > 0 || varied(&found.shape)).collect()
}

/// One entry for each address, with the longest of its titles; and how many addresses were too many.
fn entries(links: Vec<Found>) -> (Vec<Entry>, usize) {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut more = 0;
    for found in links {
        if let Some(known) = at.get(&found.href).and_then(|at| entries.get_mut(*at)) {
            if known.title.as_ref().is_none_or(|title| title.len() < found.title.len()) && !found.title.is_empty() {
                known.title = Some(found.title);
            }
            known.published = known.published.or(found.published);
            continue;
        }
        if entries.len() >= PAGE_LINKS_MAX {
            more += 1;
            continue;
        }
        at.insert(found.href.clone(), entries.len());
        entries.push(Entry {
            title: Some(found.title).filter(|title| !title.is_empty()),
            link: Some(found.href),
            published: found.published,
            ..Entry::default()
        });
    }
    (entries, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html lang='uz'><title>Yangiliklar</title><nav><ul><li><a href='/politics-and-more-news'>Politics and many other sections</a></ul></nav>
        <main><div class=lead><a href='/2024/03/31/the-lead-of-the-day'><h2>The lead of the day is a long story</h2><p>and its teaser</a></div>
        <ul class=news>
        <li><a href='/2024/03/31/ministers-met-in-astana'><img alt=x></a><h3><a href='/2024/03/31/ministers-met-in-astana'>Ministers met in Astana today</a></h3><time datetime='2024-03-31T10:00:00Z'></time></li>
        <li><h3><a href='/2024/03/31/council-names-a-new-head'>The council names a new head</a></h3><time>2024-03-30</time></li>
        <li><h3><a href='/2024/03/30/trade-with-china-grows-again'>Trade with China grows again</a></h3></li></ul></main>
        <aside><a href='/2024/01/01/most-read-of-the-year'>The most read article of the year</a></aside>
        <footer><a href='/about-us-and-others'>All about us and our partners</a><a href='https://other.example/a-b-c-d'>A partner with a long name</a></footer>";

    fn url() -> Url {
        Url::parse("https://desk.example/news").unwrap()
    }

    #[test]
    fn the_list_of_news_is_found_among_menus() {
        let feed = read(PAGE, Some(&url()), None).unwrap();
        let titles: Vec<_> = feed.entries.iter().filter_map(|entry| entry.title.as_deref()).collect();
        assert_eq!(
            titles,
            [
                "The lead of the day is a long story",
                "Ministers met in Astana today",
                "The council names a new head",
                "Trade with China grows again"
            ]
        );
        assert_eq!(feed.entries[1].link.as_deref(), Some("https://desk.example/2024/03/31/ministers-met-in-astana"));
        assert_eq!(feed.entries[1].published.unwrap().to_string(), "2024-03-31T10:00:00Z");
        assert_eq!(feed.entries[2].published.unwrap().to_string(), "2024-03-30T00:00:00Z");
        assert_eq!(feed.entries[3].published, None);
        assert_eq!((feed.feed.title.as_deref(), feed.feed.language.as_deref()), (Some("Yangiliklar"), Some("uz")));
    }

    #[test]
    fn a_selector_is_taken_at_its_word() {
        let feed = read(PAGE, Some(&url()), Some("ul.news h3")).unwrap();
        assert_eq!(feed.entries.len(), 3);
        let feed = read(PAGE, Some(&url()), Some("aside a")).unwrap();
        assert_eq!(feed.entries.len(), 1);
        assert!(matches!(read(PAGE, Some(&url()), Some("a[")), Err(ParseError::Selector(..))));
        assert_eq!(read(PAGE, Some(&url()), Some(".nothing")), Err(ParseError::NoLinks));
    }

    #[test]
    fn a_page_without_a_list_has_no_links() {
        let captcha = "<title>Just a moment...</title><p>Checking your browser <a href='/help'>help</a>";
        assert_eq!(read(captcha, Some(&url()), None), Err(ParseError::NoLinks));
        assert_eq!(name(captcha).as_deref(), Some("Just a moment..."));
    }

    #[test]
    fn links_have_an_end() {
        let page = (0..PAGE_LINKS_MAX + 7)
            .map(|i| format!("<p><a href='/a/{i}'>A headline that is long enough {i}</a>"))
            .collect::<Vec<_>>()
            .concat();
        let feed = read(&page, Some(&url()), None).unwrap();
        assert_eq!(feed.entries.len(), PAGE_LINKS_MAX);
        assert_eq!(feed.warnings, ["only the first 500 links were taken, 7 were left out"]);
    }

    #[test]
    fn of_a_page_of_a_million_tags_the_beginning_is_read() {
        let story = |n| format!("<li><a href=\"/2026/03/story-{n}.html\">The story number {n} of the day</a>");
        let news = [0, 1, 2, 3, 4].map(story).concat();
        let feed = read(&format!("<ul>{news}</ul>{}", "<b>".repeat(1_000_000)), Some(&url()), None).unwrap();
        assert_eq!(feed.entries.len(), 5);
        assert_eq!(feed.warnings, [format!("only the first {PAGE_TAGS_MAX} tags of the page were read")]);
    }
}
