//! What is probably not meant. In: an index and its rules. Out: lints with stable codes (`W2..`). Never an error.

use super::compile::{needs, place_of};
use super::eval::{Node, NodeKind};
use super::fault::{Fault, Flaw, Place};
use super::index::Index;
use super::query::ast::Near;
use crate::model::{Family, Rule, Watch, WatchKind};
use jiff::Timestamp;
use std::collections::HashMap;

/// Days after which it is asked whether a post is still theirs.
const CHECKED_DAYS_MAX: i32 = 180;
/// A NEAR beyond this finds pairs that have nothing to do with each other.
const NEAR_WIDE: u32 = 10;

/// Lints of watches and rules.
pub fn lints(index: &Index, _rules: &[Rule]) -> Vec<Fault> {
    let mut found = vec![];
    for watched in &index.watches {
        watch(&watched.watch, &mut found);
    }
    shadows(index, &mut found);
    for rule in &index.rules {
        let place = rule.typed.first().map_or_else(
            || Place { table: "rule", id: rule.id.to_string(), key: "query", index: None },
            |(place, _)| place.clone(),
        );
        if needs(&rule.node).is_none() {
            let flaw = Flaw::new(
                0..0,
                "W207",
                "this rule has no word or name that must be present: it is tried on every article, and may match all of them",
            );
            found.push(flaw.hint("add a name or a word with AND").at(&place));
        }
        walk(&rule.node, &mut |node| {
            let place = rule.typed.get(node.origin).map_or(&place, |(place, _)| place);
            node_lint(node, place, &mut found);
        });
    }
    found
}

/// Officials whose `checked` is over 180 days old at `now`, or in the future.
#[must_use]
pub fn stale(watches: &[Watch], now: Timestamp) -> Vec<Fault> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let mut found = vec![];
    for watch in watches {
        let Some(checked) = watch.checked else { continue };
        let days = today.since(checked).map_or(0, |span| span.get_days());
        if days > CHECKED_DAYS_MAX {
            let flaw = Flaw::new(
                0..0,
                "W208",
                format!("@{} was checked {days} days ago: is the post still theirs?", watch.id),
            );
            found.push(flaw.hint(format!("look, then write checked = {today}")).at(&place_of(watch, "checked")));
        }
    }
    found
}

fn watch(watch: &Watch, found: &mut Vec<Fault>) {
    for (nth, name) in watch.names.iter().enumerate() {
        let place = Place { index: Some(nth), ..place_of(watch, "names") };
        let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
        let han = name.chars().filter(|c| super::class::han(*c)).count();
        let one_word = !name.trim().contains(char::is_whitespace);
        let capitals =
            one_word && letters > 1 && letters < 7 && name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        if capitals && watch.kind != WatchKind::Keyword {
            let flaw = Flaw::new(
                0..name.len(),
                "W201",
                format!("{name} is an acronym, and a name matches in any case: {} too", name.to_lowercase()),
            );
            found.push(flaw.hint(format!("write exact = [{name:?}]")).at(&place));
        } else if letters < 3 && han == 0 {
            let flaw = Flaw::new(
                0..name.len(),
                "W202",
                format!("{name} has under three letters: it will be found where it is not meant"),
            );
            found.push(flaw.hint("give a longer name, or put it into exact or weak").at(&place));
        }
        if han == 2 && letters == 2 && super::segment::begins_common_word(name) {
            let flaw =
                Flaw::new(0..name.len(), "W205", format!("{name} begins common words: it may be found inside them"));
            found.push(flaw.hint("give a longer name too, or use not_as").at(&place));
        }
    }
    if watch.kind == WatchKind::Official && watch.weak.is_empty() && watch.family == Family::No {
        let flaw = Flaw::new(
            0..0,
            "W206",
            format!(
                "@{} has neither weak nor family: later mentions by the family name alone are not marked",
                watch.id
            ),
        );
        found.push(flaw.hint("write family = true").at(&place_of(watch, "names")));
    }
}

/// Two watches with one name: every hit of the one is a hit of the other.
fn shadows(index: &Index, found: &mut Vec<Fault>) {
    let mut known: HashMap<String, &Watch> = HashMap::new();
    for watched in &index.watches {
        let watch = &watched.watch;
        for (nth, name) in watch.names.iter().enumerate() {
            let key = super::fold::marked(name);
            match known.get(&key) {
                Some(other) if other.id != watch.id => {
                    let flaw = Flaw::new(
                        0..name.len(),
                        "W204",
                        format!("{name} is a name of @{} too: each shadows the other", other.id),
                    );
                    found.push(
                        flaw.hint("keep it in one of them").at(&Place { index: Some(nth), ..place_of(watch, "names") }),
                    );
                }
                Some(_) => {}
                None => {
                    known.insert(key, watch);
                }
            }
        }
    }
}

fn node_lint(node: &Node, place: &Place, found: &mut Vec<Fault>) {
    match &node.kind {
        NodeKind::Near(_, near @ (Near::Words(n) | Near::Ordered(n)), _) if *n > NEAR_WIDE => {
            let flaw = Flaw::new(
                node.span.clone(),
                "W209",
                format!("{} is wide: over {NEAR_WIDE} words two things seldom belong together", near.shown()),
            );
            found.push(flaw.hint("write SENTENCE, or SAME for one paragraph").at(place));
        }
        NodeKind::And(parts) => {
            let kinds: Vec<&NodeKind> =
                parts.iter().filter(|p| !matches!(p.kind, NodeKind::Not(_))).map(|p| &p.kind).collect();
            for part in parts {
                if let NodeKind::Not(inner) = &part.kind
                    && kinds.contains(&&inner.kind)
                {
                    let flaw = Flaw::new(
                        part.span.clone(),
                        "W203",
                        "this can never match: it asks for something and excludes it",
                    );
                    found.push(flaw.hint("take one of the two away").at(place));
                }
            }
        }
        _ => {}
    }
}

fn walk(node: &Node, visit: &mut impl FnMut(&Node)) {
    visit(node);
    match &node.kind {
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(|part| walk(part, visit)),
        NodeKind::Not(inner) | NodeKind::AtLeast(_, inner) => walk(inner, visit),
        NodeKind::Near(left, _, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        NodeKind::Leaf(..) | NodeKind::Meta(_) => {}
    }
}
