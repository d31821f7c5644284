//! One line as an article. In: bytes. Out: the article, with the keys that are none, or what is wrong in words. It reads no text.

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The keys of a line.
const KEYS: [&str; 9] = ["url", "title", "text", "language", "author", "tags", "source", "published", "tier"];

/// An article as a line.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub url: String,
    pub title: String,
    pub text: String,
    pub language: Option<String>,
    pub author: Option<String>,
    pub tags: Vec<String>,
    pub source: String,
    pub published: Option<Timestamp>,
    pub tier: Option<u8>,
    /// Keys that an article has not.
    pub unknown: Vec<String>,
}

/// The article of a line, or what is wrong with it and what is expected.
pub(super) fn read(bytes: &[u8]) -> Result<Line, String> {
    serde_json::from_slice(bytes).map_err(|fault| {
        if std::str::from_utf8(bytes).is_err() {
            return "it is not UTF-8".to_string();
        }
        match serde_json::from_slice::<Value>(bytes) {
            Err(fault) if fault.is_eof() => {
                "it is JSON that ends too early; an article is one object on one line".to_string()
            }
            Err(fault) => {
                format!("it is not JSON at column {}; an article is {{\"title\": …, \"text\": …}}", fault.column())
            }
            Ok(Value::Object(article)) => {
                let wrong =
                    article.iter().find_map(|(key, value)| wanted(key, value).map(|wanted| (key, value, wanted)));
                wrong.map_or_else(
                    || fault.to_string(),
                    |(key, value, wanted)| format!("`{key}` is {}; {wanted} is expected", shown(value)),
                )
            }
            Ok(value) => format!("it is {}; an article is {{\"title\": …, \"text\": …}}", shown(&value)),
        }
    })
}

/// What belongs under a key, where it is something else.
fn wanted(key: &str, value: &Value) -> Option<&'static str> {
    let good = match key {
        _ if value.is_null() => true,
        "tags" => value.as_array().is_some_and(|tags| tags.iter().all(Value::is_string)),
        "tier" => value.as_u64().is_some_and(|tier| u8::try_from(tier).is_ok()),
        "published" => value.as_str().is_some_and(|time| time.parse::<Timestamp>().is_ok()),
        key if KEYS.contains(&key) => value.is_string(),
        _ => true,
    };
    let wanted = match key {
        "tags" => "a list of strings",
        "tier" => "a whole number from 1 to 9",
        "published" => "a time with its zone, such as \"2026-03-02T06:00:00Z\",",
        _ => "a string",
    };
    (!good).then_some(wanted)
}

/// A value in a message, not long.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_string(),
        Value::Object(_) => "an object".to_string(),
        value => crate::text::cut(&crate::text::one_line(&value.to_string()), 60),
    }
}

/// The key that was most likely meant.
pub(super) fn meant(typed: &str) -> String {
    let usual = match typed {
        "body" | "content" | "summary" | "description" => Some("text"),
        "link" | "uri" => Some("url"),
        "lang" => Some("language"),
        "date" | "pubDate" => Some("published"),
        "headline" => Some("title"),
        typed => crate::config::nearest(typed, KEYS),
    };
    usual.map_or_else(|| format!("the keys are {}", KEYS.join(", ")), |key| format!("did you mean `{key}`?"))
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Lines)
    }
}

struct Lines;

impl<'de> Visitor<'de> for Lines {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an article")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut line = Line::default();
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "url" => line.url = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "title" => line.title = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "text" => line.text = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "language" => line.language = map.next_value()?,
                "author" => line.author = map.next_value()?,
                "tags" => line.tags = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "source" => line.source = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "published" => line.published = map.next_value()?,
                "tier" => line.tier = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    line.unknown.push(key);
                }
            }
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_line_is_told_in_words() {
        for (line, words) in [
            ("noise", "it is not JSON at column 2; an article is {\"title\": …, \"text\": …}"),
            ("{\"title\":\"x\"", "it is JSON that ends too early; an article is one object on one line"),
            ("[1]", "it is a list; an article is {\"title\": …, \"text\": …}"),
            ("{\"tier\":300}", "`tier` is 300; a whole number from 1 to 9 is expected"),
            ("{\"tags\":\"a\"}", "`tags` is \"a\"; a list of strings is expected"),
            ("{\"title\":5}", "`title` is 5; a string is expected"),
            (
                "{\"published\":\"today\"}",
                "`published` is \"today\"; a time with its zone, such as \"2026-03-02T06:00:00Z\", is expected",
            ),
        ] {
            assert_eq!(read(line.as_bytes()).unwrap_err(), words, "{line}");
        }
        let line = read(br#"{"title":null,"tags":null,"body":"x","text":"y"}"#).unwrap();
        assert_eq!((line.title.as_str(), line.text.as_str(), line.unknown), ("", "y", vec!["body".to_string()]));
        assert_eq!(meant("body"), "did you mean `text`?");
        assert_eq!(meant("titel"), "did you mean `title`?");
    }
}
