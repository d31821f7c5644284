//! In: healed XML of a sitemap, a news sitemap or an index of sitemaps (sitemaps.org, Google's news extension). Out: a feed.
//! It never follows the sitemaps that an index lists: they are its links.

use super::element::Element;
use super::gentle::language;
use super::names::Ns;
use super::values::{Markup, link, title, word};
use super::{date, values};
use crate::model::limits::{ENTRIES_MAX, PAGE_LINKS_MAX};
use crate::model::{Entry, Feed, FeedInfo, Link};
use url::Url;

/// Reads a sitemap; of an index, the sitemaps as links.
pub fn read(xml: &str, base: Option<&Url>) -> Feed {
    let mut feed = Feed { format: "sitemap".into(), version: "sitemap".into(), ..Feed::default() };
    let Some(root) = Element::root(xml, base) else { return feed };
    if root.name.eq_ignore_ascii_case("sitemapindex") {
        feed.version = "sitemapindex".into();
        feed.feed = FeedInfo { links: sitemaps(&root), ..FeedInfo::default() };
        let listed = feed.feed.links.len();
        feed.warnings.push(format!(
            "this is an index of {listed} sitemaps and has no articles itself: as a source, the likeliest of them are read"
        ));
        return feed;
    }
    for url in
        root.children().filter(|child| child.ns == Ns::Own && child.name.eq_ignore_ascii_case("url")).take(ENTRIES_MAX)
    {
        let Some(entry) = entry(&url) else { continue };
        if entry.title.is_some() {
            feed.version = "news".into();
        }
        super::push(&mut feed, entry);
    }
    feed
}

/// The sitemaps of an index, the likeliest to have news first: those called so, then those that changed last.
fn sitemaps(root: &Element<'_>) -> Vec<Link> {
    let listed = root.children().filter(|child| child.name.eq_ignore_ascii_case("sitemap"));
    let mut listed: Vec<_> = listed
        .filter_map(|sitemap| {
            let href = link(&sitemap.child("loc")?.text(), root.base())?;
            let changed = sitemap.child("lastmod").and_then(|said| date::parse(&said.text()));
            Some((!href.to_ascii_lowercase().contains("news"), changed, href))
        })
        .collect();
    // Of two alike, the one that is listed first.
    listed.sort_by(|(a_other, a, _), (b_other, b, _)| a_other.cmp(b_other).then(b.cmp(a)));
    listed.truncate(PAGE_LINKS_MAX);
    let as_link = |(_, _, href)| Link { href, rel: Some("sitemap".into()), ..Link::default() };
    listed.into_iter().map(as_link).collect()
}

/// One address with what the news extension says of it; `None` without an address.
fn entry(url: &Element<'_>) -> Option<Entry> {
    let mut entry = Entry::default();
    for child in url.children() {
        match (child.ns, child.name.to_ascii_lowercase().as_str()) {
            (Ns::Own, "loc") => entry.link = link(&child.text(), child.base()),
            (Ns::Own, "lastmod") => entry.updated = date::parse(&child.text()),
            (Ns::News, "news") => news(&child, &mut entry),
            _ => {}
        }
    }
    let href = entry.link.clone()?;
    entry.links = vec![Link { href, rel: Some("alternate".into()), ..Link::default() }];
    Some(entry)
}

fn news(news: &Element<'_>, entry: &mut Entry) {
    for child in news.children().filter(|child| child.ns == Ns::News) {
        match child.name.to_ascii_lowercase().as_str() {
            "title" => entry.title = title(&child.text(), Markup::Html),
            "publication_date" => entry.published = date::parse(&child.text()),
            "keywords" => entry.categories = child.text().split(',').filter_map(word).take(values::LIST_MAX).collect(),
            "publication" => {
                let said = child.children().find(|said| said.name.eq_ignore_ascii_case("language"));
                entry.language = said.and_then(|said| language(&said.text()));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_news_sitemap_gives_titles_and_dates() {
        let xml = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>
            <url><loc> https://news.example/1 </loc><lastmod>2024-03-31</lastmod><n:news><n:publication><n:name>Desk</n:name>
            <n:language>uz</n:language></n:publication><n:publication_date>2024-03-30T10:00:00+05:00</n:publication_date>
            <n:title>Talks &amp; a visit</n:title><n:keywords>SCO, visit</n:keywords></n:news></url><url><lastmod>x</lastmod></url></urlset>";
        let feed = read(xml, None);
        assert_eq!((feed.version.as_str(), feed.entries.len()), ("news", 1));
        let entry = &feed.entries[0];
        assert_eq!(entry.link.as_deref(), Some("https://news.example/1"));
        assert_eq!(entry.title.as_deref(), Some("Talks & a visit"));
        assert_eq!(entry.published.unwrap().to_string(), "2024-03-30T05:00:00Z");
        assert_eq!(entry.language.as_deref(), Some("uz"));
        assert_eq!(entry.categories, ["SCO", "visit"]);
    }

    #[test]
    fn an_index_lists_its_sitemaps() {
        let xml = "<sitemapindex><sitemap><loc>https://news.example/a.xml</loc></sitemap><sitemap><loc>b.xml</loc></sitemap></sitemapindex>";
        let feed = read(xml, Some(&Url::parse("https://news.example/").unwrap()));
        assert_eq!(feed.entries, []);
        let listed: Vec<_> = feed.feed.links.iter().map(|link| link.href.as_str()).collect();
        assert_eq!(listed, ["https://news.example/a.xml", "https://news.example/b.xml"]);
        assert!(feed.warnings[0].contains("index of 2 sitemaps"));
    }

    #[test]
    fn of_an_index_what_is_called_news_comes_first_then_what_changed_last() {
        let sitemap =
            |loc: &str, lastmod: &str| format!("<sitemap><loc>https://x.example/{loc}</loc>{lastmod}</sitemap>");
        let all = [
            sitemap("pages.xml", ""),
            sitemap("2024.xml", "<lastmod>2024-12-31</lastmod>"),
            sitemap("2026.xml.gz", "<lastmod>2026-03-01T10:00:00Z</lastmod>"),
            sitemap("News-1.xml", ""),
        ];
        let feed = read(&format!("<sitemapindex>{}</sitemapindex>", all.concat()), None);
        let listed: Vec<_> =
            feed.feed.links.iter().map(|link| link.href.rsplit('/').next().unwrap_or_default()).collect();
        assert_eq!(listed, ["News-1.xml", "2026.xml.gz", "2024.xml", "pages.xml"]);
    }
}
