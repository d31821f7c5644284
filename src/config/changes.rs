//! Two settings compared, in words. In: the old and the new. Out: a line for each kind of thing that changed.
//! Secrets are compared and never shown.

use super::settings::Settings;
use crate::model::{List, Watch};

/// What a reload changed: `+2 sources: a, b`, `rule sco-security changed`; empty if nothing did.
#[must_use]
pub fn changes(old: &Settings, new: &Settings) -> Vec<String> {
    let mut lines = vec![];
    let single = [
        ("service", old.service != new.service),
        ("mail", old.mail != new.mail),
        ("fetch", old.fetch != new.fetch),
        ("archive", old.archive_keep != new.archive_keep),
        ("ledger", old.ledger_keep != new.ledger_keep),
        ("web", old.web != new.web),
        ("log", old.log != new.log),
    ];
    lines.extend(single.iter().filter(|(_, changed)| *changed).map(|(name, _)| format!("[{name}] changed")));
    compare(&mut lines, "source", &old.sources, &new.sources, |source| source.id.as_str());
    compare(&mut lines, "watch", &old.watches, &new.watches, |watch: &Watch| watch.id.as_str());
    compare(&mut lines, "list", &old.lists, &new.lists, |list: &List| list.id.as_str());
    compare(&mut lines, "rule", &old.rules, &new.rules, |rule| rule.id.as_str());
    compare(&mut lines, "channel", &old.channels, &new.channels, |channel| channel.id.as_str());
    lines
}

/// Ids named in one line; the rest is counted.
const NAMED_MAX: usize = 10;

fn compare<T: PartialEq>(lines: &mut Vec<String>, noun: &str, old: &[T], new: &[T], id: impl Fn(&T) -> &str) {
    let by_id = |things: &[T]| -> std::collections::HashMap<String, usize> {
        things.iter().enumerate().map(|(at, thing)| (id(thing).replace('_', "-"), at)).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let missing_from = |there: &std::collections::HashMap<String, usize>, things: &[T]| -> Vec<String> {
        things.iter().map(&id).filter(|id| !there.contains_key(&id.replace('_', "-"))).map(str::to_string).collect()
    };
    let changed: Vec<String> = new
        .iter()
        .filter(|thing| before.get(&id(thing).replace('_', "-")).is_some_and(|at| old[*at] != **thing))
        .map(|thing| id(thing).to_string())
        .collect();
    for (sign, ids) in [("+", missing_from(&before, new)), ("-", missing_from(&after, old))] {
        if !ids.is_empty() {
            lines.push(format!("{sign}{} {}: {}", ids.len(), plural(noun, ids.len()), named(&ids)));
        }
    }
    match changed.as_slice() {
        [] => {}
        [one] => lines.push(format!("{noun} {one} changed")),
        many => lines.push(format!("{} {} changed: {}", many.len(), plural(noun, many.len()), named(many))),
    }
}

fn named(ids: &[String]) -> String {
    let shown = ids.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if ids.len() > NAMED_MAX { format!("{shown} and {} more", ids.len() - NAMED_MAX) } else { shown }
}

fn plural(noun: &str, count: usize) -> String {
    match (noun, count) {
        (_, 1) => noun.to_string(),
        ("watch", _) => "watches".to_string(),
        _ => format!("{noun}s"),
    }
}
