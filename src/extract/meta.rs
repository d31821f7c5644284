//! In: a page's JSON-LD, meta elements, time elements and head. Out: what the page says of itself: title, author, dates, language, outlet, picture.
//! In that order, the first that is there; the text's own words come last. It never reads the body's prose for a date.

use super::dates;
use super::page::Page;
use crate::text::html;
use jiff::Timestamp;
use serde_json::Value;

/// What a page says of itself.
#[derive(Debug, Default)]
pub(super) struct Meta {
    /// The titles it states, the most trusted first.
    pub(super) titles: Vec<String>,
    pub(super) byline: Option<String>,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    pub(super) language: Option<String>,
    pub(super) canonical: Option<String>,
    pub(super) site_name: Option<String>,
    pub(super) image: Option<String>,
    /// JSON-LD's `isAccessibleForFree`, or `article:content_tier`.
    pub(super) free: Option<bool>,
    /// What it says the article is about.
    pub(super) description: Option<String>,
    /// JSON-LD's `articleBody`: often shortened or out of date, so it only stands in where the page has no text.
    pub(super) body: Option<String>,
}

/// Levels of JSON-LD that are searched for an article.
const DEPTH_MAX: usize = 8;
/// Objects of JSON-LD that are looked at.
const OBJECTS_MAX: usize = 2_000;

/// Reads what the page says of itself.
pub(super) fn read(page: &Page, json_ld: &[&str]) -> Meta {
    let mut meta = Meta::default();
    for text in json_ld {
        let Some(value) = json(text) else { continue };
        let mut left = OBJECTS_MAX;
        visit(&value, 0, &mut left, &mut meta);
    }
    let head = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| page.notes.iter().find(|note| note.key == *key && !note.value.trim().is_empty()))
            .map(|note| note.value.trim().to_string())
    };
    let date = |keys: &[&str]| {
        keys.iter().find_map(|key| page.notes.iter().filter(|n| n.key == *key).find_map(|n| dates::parse(&n.value)))
    };
    let or = |found: &mut Option<String>, keys: &[&str]| {
        if found.is_none() {
            *found = head(keys);
        }
    };
    meta.published = meta.published.or_else(|| date(PUBLISHED)).or_else(|| {
        // Sites make up names of their own: "w-published-date", "cms:date".
        // Where several disagree, builders of pages state when they last built the page: the first day is the article's.
        let stated = |fit: fn(&str) -> bool| {
            page.notes.iter().filter(|note| fit(&note.key)).filter_map(|note| dates::parse(&note.value)).min()
        };
        stated(|key| key.contains("publi") && (key.contains("date") || key.contains("time")))
            .or_else(|| stated(|key| key.ends_with(":date") || key.ends_with("_date")))
    });
    meta.modified = meta.modified.or_else(|| date(MODIFIED));
    for key in ["og:title", "twitter:title", "title", "dc.title", "headline"] {
        meta.titles.extend(head(&[key]));
    }
    or(&mut meta.language, &["html:lang", "content-language", "og:locale", "dc.language", "language"]);
    or(&mut meta.canonical, &["link:canonical", "og:url"]);
    or(&mut meta.site_name, &["og:site_name", "application-name", "twitter:site"]);
    or(&mut meta.description, &["og:description", "description", "twitter:description"]);
    or(
        &mut meta.image,
        &[
            "og:image",
            "og:image:url",
            "og:image:secure_url",
            "twitter:image",
            "twitter:image:src",
            "thumbnailurl",
            "image",
        ],
    );
    if meta.byline.is_none() {
        let named = [
            "author",
            "article:author",
            "dc.creator",
            "dcterms.creator",
            "parsely-author",
            "sailthru.author",
            "byl",
            "byline",
            "creator",
        ];
        meta.byline = named
            .iter()
            .flat_map(|key| page.notes.iter().filter(move |n| n.key == *key))
            .find_map(|n| name(&n.value))
            .or_else(|| labelled(page));
    }
    meta.byline = meta.byline.take().and_then(|byline| name(&byline));
    // What outlets state for those who list news.
    meta.free = meta.free.or_else(|| head(&["article:content_tier"]).map(|tier| !tier.eq_ignore_ascii_case("locked")));
    meta.language = meta.language.take().and_then(|language| tag(&language));
    meta
}

/// What a card's label calls the author: publishing systems write "Written by" into `twitter:label1` and the name into `twitter:data1`.
fn labelled(page: &Page) -> Option<String> {
    ["1", "2"].iter().find_map(|number| {
        let of = |what: &str| {
            let key = format!("twitter:{what}{number}");
            page.notes.iter().find(|note| note.key == key).map(|note| note.value.trim())
        };
        is_by(of("label")?).then(|| of("data").and_then(name)).flatten()
    })
}

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "article:published",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "published",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "cxenseparse:recs:publishtime",
    "datecreated",
    "time:published",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "article:modified",
    "time:updated",
];

/// A language tag in the form of BCP 47: `en_US` is written `en-US`.
fn tag(language: &str) -> Option<String> {
    let tag = language.split([',', ';']).next()?.trim().replace('_', "-");
    let first = tag.split('-').next()?;
    let fit = (2..=3).contains(&first.len())
        && tag.len() <= 35
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fit.then_some(tag)
}

/// A name that can be an author's: no address, no sentence.
pub(super) fn name(text: &str) -> Option<String> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = after_by(&folded).unwrap_or(&folded);
    let name = name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '|' | '·' | '-' | '–' | '—' | ':' | ';' | '/' | '•' | '@')
    });
    let fit = !name.is_empty()
        && name.chars().count() <= 120
        && !name.contains("://")
        && !name.starts_with("www.")
        && name.chars().any(char::is_alphabetic);
    fit.then(|| name.to_string())
}

/// What follows "By" or the like at the start of a line.
pub(super) fn after_by(text: &str) -> Option<&str> {
    BY.iter()
        .find_map(|prefix| strip_prefix_ignoring_case(text, prefix))
        .map(|rest| rest.trim_start_matches([':', ' ', '\u{a0}']))
}

/// Whether a line is nothing but what stands before an author's name: "Written by", "Автор:".
pub(super) fn is_by(line: &str) -> bool {
    let bare = |text: &str| text.trim_end_matches([':', '：', ' ']).to_lowercase();
    let line = bare(line.trim());
    !line.is_empty() && BY.iter().any(|prefix| bare(prefix) == line)
}

/// What stands before an author's name.
const BY: [&str; 35] = [
    "written by ",
    "posted by ",
    "published by ",
    "story by ",
    "by: ",
    "by ",
    "authors: ",
    "author: ",
    "author ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "yazan: ",
    "автор: ",
    "автор ",
    "muallif: ",
    "作者：",
    "作者:",
    "文：",
    "记者：",
    "记者:",
    "记者 ",
    "記者：",
    "авторы: ",
    "автори: ",
    "муаллиф: ",
    "autor: ",
    "autore: ",
    "auteur: ",
    "yazar: ",
    "بقلم: ",
    "بقلم ",
    "نویسنده: ",
];

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in prefix.chars() {
        if !rest.next()?.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// JSON as it stands in pages: in comments or CDATA, with raw line breaks in its strings.
fn json(text: &str) -> Option<Value> {
    let start = text.find(['{', '['])?;
    let end = text.rfind(['}', ']'])?;
    let text = text.get(start..=end)?;
    serde_json::from_str(text).ok().or_else(|| {
        let healed: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(healed.trim_end_matches(';')).ok()
    })
}

fn visit(value: &Value, depth: usize, left: &mut usize, meta: &mut Meta) {
    if depth > DEPTH_MAX || *left == 0 {
        return;
    }
    *left -= 1;
    match value {
        Value::Array(all) => all.iter().for_each(|one| visit(one, depth + 1, left, meta)),
        Value::Object(object) => {
            let kind = kinds(value);
            if kind.iter().any(|kind| is_article(kind)) {
                article(value, meta);
            } else if kind.iter().any(|kind| kind.ends_with("WebPage")) {
                weak(value, meta);
            } else if meta.site_name.is_none()
                && kind.iter().any(|kind| *kind == "WebSite" || kind.ends_with("NewsMediaOrganization"))
            {
                meta.site_name = text(&value["name"]);
            }
            for (key, inner) in object {
                if matches!(
                    key.as_str(),
                    "@graph" | "mainEntity" | "mainEntityOfPage" | "hasPart" | "liveBlogUpdate" | "isPartOf"
                ) || (depth == 0 && inner.is_object())
                {
                    visit(inner, depth + 1, left, meta);
                }
            }
        }
        _ => {}
    }
}

fn kinds(value: &Value) -> Vec<&str> {
    match &value["@type"] {
        Value::String(one) => vec![one.rsplit('/').next().unwrap_or(one)],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

fn is_article(kind: &str) -> bool {
    kind.ends_with("Article")
        || kind.ends_with("BlogPosting")
        || matches!(kind, "Report" | "LiveBlogPosting" | "SocialMediaPosting" | "Review" | "Recipe" | "HowTo")
}

fn article(value: &Value, meta: &mut Meta) {
    fn or<T>(found: &mut Option<T>, other: impl FnOnce() -> Option<T>) {
        if found.is_none() {
            *found = other();
        }
    }
    if meta.titles.is_empty() {
        meta.titles.extend(text(&value["headline"]).or_else(|| text(&value["name"])));
    }
    or(&mut meta.byline, || people(&value["author"]).or_else(|| people(&value["creator"])));
    or(&mut meta.published, || date(&value["datePublished"]).or_else(|| date(&value["dateCreated"])));
    or(&mut meta.modified, || date(&value["dateModified"]));
    or(&mut meta.language, || text(&value["inLanguage"]));
    or(&mut meta.image, || image(&value["image"]).or_else(|| image(&value["thumbnailUrl"])));
    or(&mut meta.site_name, || text(&value["publisher"]["name"]));
    or(&mut meta.body, || text(&value["articleBody"]));
    or(&mut meta.free, || match &value["isAccessibleForFree"] {
        Value::Bool(free) => Some(*free),
        Value::String(free) => Some(!free.eq_ignore_ascii_case("false")),
        _ => None,
    });
}

/// What a `WebPage` says: only dates and language are taken, as its name is often the site's.
fn weak(value: &Value, meta: &mut Meta) {
    meta.published = meta.published.or_else(|| date(&value["datePublished"]));
    meta.modified = meta.modified.or_else(|| date(&value["dateModified"]));
    if meta.language.is_none() {
        meta.language = text(&value["inLanguage"]);
    }
}

fn date(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Array(all) => all.iter().find_map(date),
        other => dates::parse(other.as_str()?),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(html::decode(text).trim().to_string()).filter(|text| !text.is_empty()),
        Value::Array(all) => all.iter().find_map(text),
        Value::Object(object) => {
            object.get("@value").or_else(|| object.get("name")).or_else(|| object.get("alternateName")).and_then(text)
        }
        _ => None,
    }
}

fn image(value: &Value) -> Option<String> {
    match value {
        Value::Array(all) => all.iter().find_map(image),
        Value::Object(object) => object.get("url").or_else(|| object.get("contentUrl")).and_then(image),
        other => text(other),
    }
}

fn people(value: &Value) -> Option<String> {
    let mut names: Vec<String> = match value {
        Value::Array(all) => all.iter().take(12).filter_map(people).collect(),
        Value::Object(object) => object.get("name").and_then(people).into_iter().collect(),
        Value::String(one) => name(&html::decode(one)).into_iter().collect(),
        _ => vec![],
    };
    let mut seen = vec![];
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    (!names.is_empty()).then(|| names.join(", "))
}
