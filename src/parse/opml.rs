//! In: a list of subscriptions (OPML 1.0 to 2.0) as another reader wrote it. Out: each feed once, with its folders and whatever
//! attributes mean nothing here. It never follows an outline that leads to another list, and never nests deeper than its bound.

use super::ParseError;
use super::xml::{Token, Tokens, attributes, local, prefix};
use crate::model::limits::{SUBSCRIPTIONS_MAX, XML_ATTRIBUTES_MAX, XML_DEPTH_MAX};
use crate::model::{Outline, SourceKind, Subscription};
use crate::text::html::decode;
use crate::text::{cut, one_line};
use std::collections::HashMap;

/// Its value; a longer one is left out, as half of one would be another.
const VALUE_BYTES_MAX: usize = 4 << 10;
/// Letters of a title or folder.
const TITLE_CHARS_MAX: usize = 200;
/// Folders that one feed lies in.
const FOLDERS_MAX: usize = 32;

/// An element that is open.
struct Open<'a> {
    /// Its name, if it is a folder.
    folder: Option<String>,
    /// Prefixes that it declares, with their namespaces.
    declared: Vec<(&'a str, &'a str)>,
}

/// Reads the list; with what was left out of it.
pub fn read(xml: &str) -> Result<(Vec<Subscription>, Vec<String>), ParseError> {
    let mut found: Vec<Subscription> = vec![];
    let mut by_url: HashMap<String, usize> = HashMap::new();
    let (mut lists, mut beyond) = (0, 0);
    let mut open: Vec<Open<'_>> = vec![];
    let mut tokens = Tokens::new(xml);
    while let Some((token, _)) = tokens.next() {
        match token {
            Token::Start { name, attributes: tag, empty } => {
                let typed: Vec<(&str, &str)> = attributes(tag).map(|(name, value, _)| (name, value)).collect();
                if typed.len() > XML_ATTRIBUTES_MAX {
                    return Err(ParseError::TooManyAttributes);
                }
                let declared = typed.iter().filter_map(|(name, value)| Some((name.strip_prefix("xmlns:")?, *value)));
                let mut element = Open { folder: None, declared: declared.collect() };
                if local(name).eq_ignore_ascii_case("outline") {
                    open.push(element);
                    let read = outline(&typed, &open);
                    element = open.pop().unwrap_or(Open { folder: None, declared: vec![] });
                    match read {
                        Read::Feed(feed) => match by_url.get(&feed.url) {
                            Some(at) => found[*at].outline.lies_in(feed.outline.folders),
                            None if found.len() == SUBSCRIPTIONS_MAX => beyond += 1,
                            None => {
                                by_url.insert(feed.url.clone(), found.len());
                                found.push(feed);
                            }
                        },
                        Read::List => lists += 1,
                        Read::Folder(name) => element.folder = Some(name),
                    }
                }
                if !empty {
                    if open.len() >= XML_DEPTH_MAX {
                        return Err(ParseError::TooDeep);
                    }
                    open.push(element);
                }
            }
            Token::End(_) => drop(open.pop()),
            Token::Text(_) | Token::Data(_) | Token::Aside | Token::Doctype(_) => {}
        }
    }
    if found.is_empty() {
        return Err(ParseError::NoSubscriptions);
    }
    let said = [
        (lists, "outlines that lead to other lists: give their files, too"),
        (beyond, "subscriptions beyond the first 100,000: give them in a second file"),
    ];
    let said = said.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("left out {count} {what}"));
    Ok((found, said.collect()))
}

/// What an outline is.
enum Read {
    Feed(Subscription),
    /// It leads to another list.
    List,
    Folder(String),
}

/// Reads one outline, the last of those that are open.
fn outline(typed: &[(&str, &str)], open: &[Open<'_>]) -> Read {
    let value = |name: &str| {
        let (_, value) = typed.iter().find(|(typed, _)| typed.eq_ignore_ascii_case(name))?;
        Some(decode(value))
    };
    let line =
        |name: &str| value(name).map(|text| cut(&one_line(&text), TITLE_CHARS_MAX)).filter(|text| !text.is_empty());
    let (title, text) = (line("title"), line("text"));
    let name = title.clone().or(text.clone()).unwrap_or_default();
    let Some(url) = value("xmlUrl").map(|url| address(&url)).filter(|url| !url.is_empty()) else {
        let elsewhere = line("type").is_some_and(|kind| matches!(&*kind.to_ascii_lowercase(), "include" | "link"));
        return if elsewhere && value("url").is_some() { Read::List } else { Read::Folder(name) };
    };
    let said = line("type").unwrap_or_default();
    let kind = match said.to_ascii_lowercase().as_str() {
        "page" => SourceKind::Page,
        "sitemap" => SourceKind::Sitemap,
        _ => SourceKind::Auto,
    };
    let mut kept: Vec<(String, String)> = vec![];
    for (name, value) in typed {
        let known = match name.to_ascii_lowercase().as_str() {
            "xmlurl" | "title" => true,
            "text" => title.is_none() || title == text,
            "type" => kind != SourceKind::Auto || said.eq_ignore_ascii_case("rss"),
            _ => name.starts_with("xmlns"),
        };
        if known
            || !Outline::is_attribute(name)
            || value.len() > VALUE_BYTES_MAX
            || kept.iter().any(|(other, _)| other == name)
        {
            continue;
        }
        let space = prefix(name);
        if !matches!(space, "" | "xml") {
            let declaration = format!("xmlns:{space}");
            if !kept.iter().any(|(name, _)| *name == declaration) {
                let declared = open.iter().rev().flat_map(|element| &element.declared);
                let found = declared.filter(|(known, value)| *known == space && value.len() <= VALUE_BYTES_MAX);
                let uri = found.map(|(_, uri)| readable(&decode(uri))).next().filter(|uri| !uri.is_empty());
                kept.push((declaration, uri.unwrap_or_else(|| format!("urn:{space}"))));
            }
        }
        kept.push(((*name).to_string(), readable(&decode(value))));
    }
    let path: Vec<&str> =
        open.iter().filter_map(|element| element.folder.as_deref()).filter(|name| !name.is_empty()).collect();
    let mut outline = Outline { folders: vec![], attributes: kept };
    // A stroke inside of a name is none between two: U+2215 stands for it.
    let path = path.iter().map(|name| name.replace('/', "\u{2215}")).collect::<Vec<_>>().join("/");
    outline.lies_in(vec![path]);
    Read::Feed(Subscription { url, name, kind, outline })
}

impl Outline {
    /// Further folders that it lies in.
    fn lies_in(&mut self, folders: Vec<String>) {
        for path in folders {
            if !path.is_empty() && self.folders.len() < FOLDERS_MAX && !self.folders.contains(&path) {
                self.folders.push(path);
            }
        }
    }
}

/// The address on the web; `feed:` is what browsers once gave to readers.
fn address(typed: &str) -> String {
    let typed = one_line(typed);
    let bare = typed.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("feed:")).map(|_| &typed[5..]);
    match bare {
        Some(rest) if rest.starts_with("//") => format!("http:{rest}"),
        Some(rest) => rest.to_string(),
        None => typed,
    }
}

/// Without characters that XML cannot say.
fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(found: &[Subscription]) -> Vec<&str> {
        found.iter().map(|feed| feed.url.as_str()).collect()
    }

    #[test]
    fn folders_are_paths_and_a_feed_in_two_of_them_is_one() {
        let xml = "<?xml version='1.0'?><opml version='2.0'><head><title>x</title></head><body>
            <outline text='Asia'><outline title='Central / West'><outline type='rss' text='A &amp; B' XMLURL=' https://a.example/feed '/>
            </outline><outline text='B' xmlUrl='feed://b.example/rss'/></outline>
            <outline text='More'><outline text='again' xmlUrl='https://a.example/feed'></outline></outline>
            <outline text='top' xmlUrl='feed:https://c.example/'/><outline type='include' url='https://d.example/list.opml'/></body></opml>";
        let (found, said) = read(xml).unwrap();
        assert_eq!(urls(&found), ["https://a.example/feed", "http://b.example/rss", "https://c.example/"]);
        assert_eq!(found[0].name, "A & B");
        assert_eq!(found[0].outline.folders, ["Asia/Central \u{2215} West", "More"]);
        assert_eq!(found[0].outline.tags(), ["Asia", "Central \u{2215} West", "More"]);
        assert_eq!((&*found[1].outline.folders, found[2].outline.folders.len()), (&["Asia".to_string()][..], 0));
        assert_eq!(said, ["left out 1 outlines that lead to other lists: give their files, too"]);
    }

    #[test]
    fn what_means_nothing_here_is_kept_with_its_namespace() {
        let xml = "<opml xmlns:fr='https://fr.example/ns'><outline text='Short' title='Long' type='atom' xmlUrl='https://a.example/'
            htmlUrl='https://a.example/?a=1&amp;b=2' fr:css='.x &gt; p&#10;' q:y='1' b\"ad='1' 1x='2' htmlUrl='twice'/>";
        let (found, _) = read(xml).unwrap();
        let kept: Vec<_> = found[0].outline.attributes.iter().map(|(name, value)| (&**name, &**value)).collect();
        let wanted = [
            ("text", "Short"),
            ("type", "atom"),
            ("htmlUrl", "https://a.example/?a=1&b=2"),
            ("xmlns:fr", "https://fr.example/ns"),
            ("fr:css", ".x > p\n"),
            ("xmlns:q", "urn:q"),
            ("q:y", "1"),
        ];
        assert_eq!((found[0].name.as_str(), &kept[..]), ("Long", &wanted[..]));
    }

    #[test]
    fn what_is_only_there_to_hurt_is_refused_and_nothing_is_expanded() {
        let deep = format!("<opml>{}<outline xmlUrl='https://a.example/'/>", "<outline text='x'>".repeat(100_000));
        assert_eq!(read(&deep), Err(ParseError::TooDeep));
        let wide = format!("<outline {}>", "a='1' ".repeat(XML_ATTRIBUTES_MAX + 1));
        assert_eq!(read(&wide), Err(ParseError::TooManyAttributes));
        let bomb = "<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b SYSTEM 'file:///etc/passwd'>]><opml><outline text='&a;&b;' xmlUrl='https://a.example/'/></opml>";
        assert_eq!(read(bomb).unwrap().0[0].name, "&a;&b;");
        assert_eq!(read("<html><p>hello"), Err(ParseError::NoSubscriptions));
        let long =
            format!("<outline xmlUrl='https://a.example/' x='{}' text='{}'>", "y".repeat(5000), "z".repeat(5000));
        let (found, _) = read(&long).unwrap();
        assert!(found[0].outline.attributes.is_empty() && found[0].name.chars().count() == TITLE_CHARS_MAX);
    }

    #[test]
    fn a_list_has_an_end() {
        let many: Vec<String> =
            (0..=SUBSCRIPTIONS_MAX).map(|n| format!("<outline xmlUrl='http://a.example/{n}'/>")).collect();
        let (found, said) = read(&many.concat()).unwrap();
        assert_eq!(found.len(), SUBSCRIPTIONS_MAX);
        assert!(said[0].starts_with("left out 1 subscriptions"), "{said:?}");
    }
}
