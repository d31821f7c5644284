//! In: a web page. Out: the feeds that it offers, the ones it declares before those it only links to.
//! It never asks whether they are there.

use super::values::Markup;
use super::values::{LIST_MAX, link, title};
use crate::model::Link;
use crate::text::html::{Tag, Token, Tokens, plain};
use url::Url;

/// Media types of feeds.
const TYPES: [&str; 7] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json+feed",
    "application/x-rss+xml",
    "text/rss",
];

/// Feeds by autodiscovery (`<link rel="alternate" type="application/rss+xml">`), then links that look like a feed's.
pub fn feeds(html: &str, url: Option<&Url>) -> Vec<Link> {
    let mut base = url.cloned();
    let (mut declared, mut linked) = (Vec::new(), Vec::new());
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        let Token::Start(tag) = token else { continue };
        match tag.name.to_ascii_lowercase().as_str() {
            "base" => {
                let said = tag.attribute("href").and_then(|href| crate::text::url::join(url, &href));
                base = said.or(base);
            }
            "link" => push(&mut declared, declaration(&tag, base.as_ref())),
            "a" => {
                let words = match tokens.clone().next() {
                    Some(Token::Text(text)) => plain(text),
                    _ => String::new(),
                };
                push(&mut linked, anchor(&tag, &words, base.as_ref()));
            }
            _ => {}
        }
    }
    for link in linked {
        push(&mut declared, Some(link));
    }
    declared
}

fn push(links: &mut Vec<Link>, found: Option<Link>) {
    links.extend(found.filter(|found| links.len() < LIST_MAX && !links.iter().any(|known| known.href == found.href)));
}

fn declaration(tag: &Tag<'_>, base: Option<&Url>) -> Option<Link> {
    let rel = tag.attribute("rel")?.to_ascii_lowercase();
    let media_type = tag.attribute("type").map(|kind| kind.trim().to_ascii_lowercase());
    let alternate = rel.split_ascii_whitespace().any(|rel| rel == "alternate" || rel == "feed");
    let feed = rel == "feed"
        || media_type.as_deref().is_some_and(|kind| TYPES.contains(&kind.split(';').next().unwrap_or_default()));
    if !alternate || !feed {
        return None;
    }
    Some(Link {
        href: link(&tag.attribute("href")?, base)?,
        rel: Some("alternate".into()),
        title: tag.attribute("title").and_then(|text| title(&text, Markup::Plain)),
        media_type,
        ..Link::default()
    })
}

fn anchor(tag: &Tag<'_>, words: &str, base: Option<&Url>) -> Option<Link> {
    let href = link(&tag.attribute("href")?, base)?;
    let address = Url::parse(&href).ok()?;
    let path = address.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let named = matches!(last, "feed" | "rss" | "atom" | "feeds" | "rss2" | "feed.json" | "index.rdf")
        || [".rss", ".atom", ".rdf", "rss.xml", "atom.xml", "feed.xml"].iter().any(|end| last.ends_with(end));
    let said = words.trim().eq_ignore_ascii_case("rss") && last.ends_with("xml");
    (named || said).then(|| Link { href, title: title(words, Markup::Plain), ..Link::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_feeds_come_before_linked_ones() {
        let page = "<head><base href='/news/'><link rel='stylesheet' href='a.css'>
            <link REL=alternate hreflang=ru href=/ru><link rel='alternate' type='application/rss+xml; charset=utf-8' title='World' href='rss.xml?a=1&amp;b=2'></head>
            <script>'<a href=/fake/rss>'</script><a href='/about'>About</a><a href='https://other.example/feed/'>Feed</a><a href='rss.xml?a=1&amp;b=2'>RSS</a>";
        let found = feeds(page, Some(&Url::parse("https://desk.example/x").unwrap()));
        let found: Vec<_> = found.iter().map(|link| (link.href.as_str(), link.title.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("https://desk.example/news/rss.xml?a=1&b=2", Some("World")),
                ("https://other.example/feed/", Some("Feed"))
            ]
        );
    }
}
