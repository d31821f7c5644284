//! In: the text of a JSON Feed, whole or cut off. Out: feed and entries.
//! It never goes deeper than `serde_json` does (128 levels).

use super::ParseError;
use super::gentle::language;
use super::values::{LIST_MAX, Markup, html, link, title, word};
use super::{date, person};
use crate::model::limits::ENTRIES_MAX;
use crate::model::{Enclosure, Entry, Feed, FeedInfo, Link, Person};
use serde_json::Value;
use url::Url;

/// Reads a JSON Feed (jsonfeed.org, versions 1 and 1.1).
///
/// # Errors
/// When it is no JSON, or JSON of another kind.
pub fn read(text: &str, base: Option<&Url>) -> Result<Feed, ParseError> {
    let mut warnings = Vec::new();
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(fault) if fault.is_eof() => {
            let whole = whole_items(text).ok_or_else(|| ParseError::Json(fault.to_string()))?;
            warnings.push("the document is cut off: its last entry was left out".into());
            serde_json::from_str(&whole).map_err(|_| ParseError::Json(fault.to_string()))?
        }
        Err(fault) => return Err(ParseError::Json(fault.to_string())),
    };
    let version = value["version"].as_str().unwrap_or_default();
    let Some(items) = value["items"].as_array() else {
        return Err(ParseError::NotAFeed("JSON that is no JSON Feed".into()));
    };
    let number = version.rsplit('/').next().unwrap_or_default();
    let version = match number {
        "1" | "1.0" => "json1",
        "1.1" => "json11",
        _ => "json",
    };
    let address = |name: &str| value[name].as_str().and_then(|href| link(href, base));
    let mut links: Vec<Link> = Vec::new();
    links.extend(address("home_page_url").map(|href| Link { href, rel: Some("alternate".into()), ..Link::default() }));
    links.extend(address("feed_url").map(|href| Link { href, rel: Some("self".into()), ..Link::default() }));
    let authors = authors(&value, base);
    if items.len() > ENTRIES_MAX {
        warnings.push(format!("only the first {ENTRIES_MAX} entries were taken"));
    }
    let entries: Vec<Entry> = items.iter().take(ENTRIES_MAX).map(|item| entry(item, &authors, base)).collect();
    Ok(Feed {
        format: "json".into(),
        version: version.into(),
        encoding: String::new(),
        ttl_s: None,
        feed: FeedInfo {
            title: text_of(&value["title"]).and_then(|text| title(&text, Markup::Plain)),
            subtitle: text_of(&value["description"]).and_then(|text| html(&text, Markup::Plain, base)),
            link: address("home_page_url"),
            links,
            language: value["language"].as_str().and_then(language),
            // The format states neither for the feed: the newest entry tells both.
            updated: entries.iter().filter_map(|entry| entry.updated).max(),
            published: entries.iter().filter_map(|entry| entry.published).max(),
            image: address("icon").or_else(|| address("favicon")),
            authors,
            ..FeedInfo::default()
        },
        entries,
        warnings,
    })
}

fn entry(item: &Value, feed_authors: &[Person], base: Option<&Url>) -> Entry {
    let text = |name: &str| text_of(&item[name]);
    let moment = |name: &str| text(name).and_then(|text| date::parse(&text));
    let own = item["url"].as_str().and_then(|href| link(href, base));
    let external = item["external_url"].as_str().and_then(|href| link(href, base));
    let mut links: Vec<Link> = Vec::new();
    links.extend(own.clone().map(|href| Link { href, rel: Some("alternate".into()), ..Link::default() }));
    links.extend(external.clone().map(|href| Link { href, rel: Some("related".into()), ..Link::default() }));
    let authors = authors(item, base);
    let attachments = item["attachments"].as_array().into_iter().flatten().take(LIST_MAX);
    let categories = item["tags"].as_array().into_iter().flatten().take(LIST_MAX);
    Entry {
        key: String::new(),
        id: text("id").and_then(|id| word(&id)),
        title: text("title").and_then(|text| title(&text, Markup::Plain)),
        link: own.or(external),
        links,
        authors: if authors.is_empty() { feed_authors.to_vec() } else { authors },
        published: moment("date_published"),
        updated: moment("date_modified"),
        summary: text("summary").and_then(|text| html(&text, Markup::Plain, base)),
        content: text("content_html")
            .and_then(|text| html(&text, Markup::Html, base))
            .or_else(|| text("content_text").and_then(|text| html(&text, Markup::Plain, base))),
        enclosures: attachments
            .filter_map(|attachment| {
                Some(Enclosure {
                    url: attachment["url"].as_str().and_then(|href| link(href, base))?,
                    media_type: attachment["mime_type"].as_str().and_then(word),
                    length: attachment["size_in_bytes"].as_u64(),
                })
            })
            .collect(),
        categories: categories.filter_map(|tag| tag.as_str().and_then(word)).collect(),
        language: item["language"].as_str().and_then(language),
    }
}

/// A text, or a number where a text should be.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `authors` (1.1), else `author` (1.0).
fn authors(value: &Value, base: Option<&Url>) -> Vec<Person> {
    let listed = value["authors"].as_array().into_iter().flatten();
    let found = listed.chain(std::iter::once(&value["author"])).take(LIST_MAX);
    let mut people: Vec<Person> = Vec::new();
    for found in found {
        let uri = found["url"].as_str().and_then(|uri| link(uri, base));
        let named = found["name"].as_str().or(found.as_str()).and_then(person::parse);
        if named.is_none() && uri.is_none() {
            continue;
        }
        let person = Person { uri, ..named.unwrap_or_default() };
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

/// A cut-off document up to its last whole item, closed: what is open around it is an array in an object.
fn whole_items(text: &str) -> Option<String> {
    let (mut open, mut in_string, mut escaped, mut end) = (Vec::new(), false, false, None);
    for (at, b) in text.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => open.push(b),
            b'}' | b']' => {
                open.pop();
                if b == b'}' && open == b"{[" {
                    end = Some(at + 1);
                }
            }
            _ => {}
        }
    }
    Some(format!("{}]}}", &text[..end?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &str = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Desk","home_page_url":"https://desk.example/",
        "authors":[{"name":"Ada Byron","url":"https://ada.example/"}],"items":[
        {"id":7,"url":"/a","title":"Ministers <met>","content_html":"<p>a<script>b</script></p>","date_published":"2024-03-31T10:11:12+05:00","tags":["x"]},
        {"id":"8","external_url":"https://other.example/b","content_text":"1 < 2","attachments":[{"url":"c.mp3","mime_type":"audio/mpeg","size_in_bytes":3}]}]}"#;

    #[test]
    fn a_json_feed_is_read() {
        let base = Url::parse("https://desk.example/feed.json").unwrap();
        let feed = read(FEED, Some(&base)).unwrap();
        assert_eq!((feed.format.as_str(), feed.version.as_str(), feed.entries.len()), ("json", "json11", 2));
        let [first, second] = &feed.entries[..] else { panic!("two entries") };
        assert_eq!((first.id.as_deref(), first.link.as_deref()), (Some("7"), Some("https://desk.example/a")));
        assert_eq!(first.content.as_deref(), Some("<p>a</p>"));
        assert_eq!(first.published.unwrap().to_string(), "2024-03-31T05:11:12Z");
        assert_eq!(first.authors[0].name.as_deref(), Some("Ada Byron"));
        assert_eq!(second.link.as_deref(), Some("https://other.example/b"));
        assert_eq!(second.content.as_deref(), Some("1 &lt; 2"));
        assert_eq!(second.enclosures[0].url, "https://desk.example/c.mp3");
    }

    #[test]
    fn a_cut_off_feed_keeps_its_whole_entries() {
        let cut = &FEED[..FEED.len() - 40];
        let feed = read(cut, None).unwrap();
        assert_eq!((feed.entries.len(), feed.warnings.len()), (1, 1));
        assert!(matches!(read("{\"items\":[", None), Err(ParseError::Json(_))));
    }

    #[test]
    fn other_json_is_refused() {
        assert!(matches!(read("{\"error\":\"no\"}", None), Err(ParseError::NotAFeed(_))));
        assert!(matches!(read(&"[".repeat(100_000), None), Err(ParseError::Json(_))));
        assert!(matches!(read(&format!("{{\"a\":{}", "{\"a\":".repeat(100_000)), None), Err(ParseError::Json(_))));
    }
}
