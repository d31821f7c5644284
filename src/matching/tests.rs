//! Facts about finding names, told on invented people and bodies.

use super::*;
use crate::model::{Family, Rule, RuleId, Severity, Watch, WatchId, WatchKind, Zone};
use jiff::tz::TimeZone;

mod article;
mod endings;
mod facts;
mod oracle;
mod properties;
mod written;

/// A watch from one line: `official wang: Wang Yimin; 王毅 | weak Wang | not_as Wang Street | with @sco | family`.
pub fn watch(line: &str) -> Watch {
    let (head, rest) = line.split_once(':').unwrap();
    let (kind, id) = head.split_once(' ').unwrap();
    let kind = match kind {
        "organization" => WatchKind::Organization,
        "official" => WatchKind::Official,
        _ => WatchKind::Keyword,
    };
    let mut watch = Watch::empty(WatchId::new(id.trim()).unwrap(), kind);
    for (nth, part) in rest.split('|').enumerate() {
        let part = part.trim();
        let list = |part: &str| {
            part.split(';').map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect::<Vec<_>>()
        };
        let (key, value) = if nth == 0 { ("names", part) } else { part.split_once(' ').unwrap_or((part, "")) };
        match key {
            "names" => watch.names = list(value),
            "exact" => watch.exact = list(value),
            "weak" => watch.weak = list(value),
            "not_as" => watch.not_as = list(value),
            "posts" => watch.posts = list(value),
            "with" => watch.with = list(value),
            "family" => watch.family = Family::Derived,
            "inflect" => watch.inflect = Some(value != "no"),
            "variants" => watch.variants = value != "no",
            other => panic!("{other}"),
        }
    }
    watch
}

/// A rule with a query.
pub fn rule(query: &str) -> Rule {
    Rule {
        id: RuleId::new("r").unwrap(),
        title: None,
        query: Some(query.to_string()),
        any: vec![],
        all: vec![],
        none: vec![],
        notify: vec![],
        severity: Severity::Normal,
        settle: std::time::Duration::ZERO,
        inflect: false,
    }
}

/// An index of watches, a line each, and one query.
pub fn index(watches: &str, query: &str) -> Index {
    let watches: Vec<Watch> = watches.lines().map(str::trim).filter(|line| !line.is_empty()).map(watch).collect();
    compile(&watches, &[], &[rule(query)], &TimeZone::UTC).unwrap()
}

/// The hits in a text, in reading order, parted by ` | `; empty when the rule does not match.
pub fn hits(index: &Index, title: &str, text: &str) -> String {
    let reading = index.read(&Text { title, text, url: "https://a.example/1", ..Text::empty() });
    for hit in reading.matches.iter().flat_map(|m| &m.hits) {
        let base = if hit.zone == Zone::Title { title } else { text };
        let span: String = base.chars().skip(hit.start).take(hit.end - hit.start).collect();
        assert_eq!(span, hit.text, "offsets count code points of the original");
    }
    reading.matches.iter().flat_map(|m| &m.hits).map(|hit| hit.text.clone()).collect::<Vec<_>>().join(" | ")
}

/// What a watch is found as in texts: pairs of a text and its hits.
#[track_caller]
pub fn finds(line: &str, cases: &[(&str, &str)]) {
    let id = line.split_once(':').unwrap().0.split(' ').nth(1).unwrap();
    let index = index(line, &format!("@{id}"));
    for (text, expected) in cases {
        assert_eq!(hits(&index, "", text), *expected, "{line}\n{text}");
    }
}

/// What a query finds in texts.
#[track_caller]
pub fn asks(query: &str, cases: &[(&str, &str)]) {
    let index = index("", query);
    for (text, expected) in cases {
        assert_eq!(hits(&index, "", text), *expected, "{query}\n{text}");
    }
}
