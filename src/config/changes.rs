//! Two settings compared, in words. In: the old and the new. Out: a line for each kind of thing that changed.
//! Secrets are compared and never shown.

use super::settings::Settings;
use crate::model::{Changed, List, Rename, Rows, Watch};
use crate::text;

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
    // The file of a list may be another and hold the same; what it holds is told for itself.
    let same = |old: &List, new: &List| (&old.file, old.format, &old.with) == (&new.file, new.format, &new.with);
    compare_by(&mut lines, "list", &old.lists, &new.lists, |list| list.id.as_str(), same);
    lines.extend(old.lists.iter().flat_map(|old| {
        let new = new.lists.iter().filter(|new| new.id == old.id && new.rows != old.rows);
        new.filter_map(|new| rows(new.id.as_str(), &old.rows, &new.rows))
    }));
    compare(&mut lines, "rule", &old.rules, &new.rules, |rule| rule.id.as_str());
    compare(&mut lines, "channel", &old.channels, &new.channels, |channel| channel.id.as_str());
    let renamed = new.renames.iter().filter(|rename| !old.renames.contains(rename));
    lines.extend(
        renamed.map(|Rename { kind, from, to }| format!("{} {from} is {to} now, with its history", kind.as_str())),
    );
    lines
}

/// Ids named in one line; the rest is counted.
const NAMED_MAX: usize = 10;

/// `list pep +31 -4, 1 changed: + Ada Byron …`; nothing where only the order is another.
fn rows(id: &str, old: &Rows, new: &Rows) -> Option<String> {
    let changes = Rows::changes(old, new);
    if changes.is_empty() {
        return None;
    }
    let signed = [("+", &changes.added), ("-", &changes.removed)];
    let counts = signed.iter().filter(|(_, rows)| rows.count > 0).map(|(sign, rows)| format!("{sign}{}", rows.count));
    let mut counts = vec![counts.collect::<Vec<_>>().join(" ")];
    counts.retain(|counts| !counts.is_empty());
    if changes.changed.count > 0 {
        counts.push(format!("{} changed", changes.changed.count));
    }
    let named = [("+ ", &changes.added), ("- ", &changes.removed), ("changed: ", &changes.changed)];
    let named = named.iter().filter(|(_, rows)| rows.count > 0).map(|(sign, rows)| format!("{sign}{}", titles(rows)));
    Some(format!("list {id} {}: {}", counts.join(", "), named.collect::<Vec<_>>().join("; ")))
}

/// Letters of a name that are shown.
const NAME_CHARS_MAX: usize = 60;

fn titles(rows: &Changed) -> String {
    let names: Vec<String> = rows.names.iter().map(|name| text::cut(&text::one_line(name), NAME_CHARS_MAX)).collect();
    let more = rows.count - names.len();
    if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
}

fn compare<T: PartialEq>(lines: &mut Vec<String>, noun: &str, old: &[T], new: &[T], id: impl Fn(&T) -> &str) {
    compare_by(lines, noun, old, new, id, T::eq);
}

fn compare_by<T>(
    lines: &mut Vec<String>,
    noun: &str,
    old: &[T],
    new: &[T],
    id: impl Fn(&T) -> &str,
    same: impl Fn(&T, &T) -> bool,
) {
    let by_id = |things: &[T]| -> std::collections::HashMap<String, usize> {
        things.iter().enumerate().map(|(at, thing)| (id(thing).replace('_', "-"), at)).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let missing_from = |there: &std::collections::HashMap<String, usize>, things: &[T]| -> Vec<String> {
        things.iter().map(&id).filter(|id| !there.contains_key(&id.replace('_', "-"))).map(str::to_string).collect()
    };
    let changed: Vec<String> = new
        .iter()
        .filter(|thing| before.get(&id(thing).replace('_', "-")).is_some_and(|at| !same(&old[*at], thing)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RowHead, RowKey, WatchKind};

    fn list(names: &[&str]) -> Rows {
        let mut rows = Rows::default();
        for name in names {
            let id = name.split(' ').next().unwrap();
            rows.push(&RowHead::new(id, WatchKind::Official), [(RowKey::Names, *name)]).unwrap();
        }
        rows
    }

    #[test]
    fn a_list_is_told_by_what_came_and_went() {
        let told = |old: &[&str], new: &[&str]| rows("pep", &list(old), &list(new)).unwrap_or_default();
        assert_eq!(told(&["a"], &["a", "b"]), "list pep +1: + b");
        assert_eq!(told(&["a", "b"], &["a"]), "list pep -1: - b");
        assert_eq!(told(&["a", "b", "c c"], &["d", "b", "c x"]), "list pep +1 -1, 1 changed: + d; - a; changed: c x");
        assert_eq!(told(&["c c"], &["c x"]), "list pep 1 changed: changed: c x");
        assert_eq!(told(&["a", "b"], &["b", "a"]), "", "another order is no change");
        let many: Vec<String> = (0..31).map(|n| format!("n{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(told(&[], &many), "list pep +31: + n0, n1, n2, n3, n4 and 26 more");
        let hostile = format!("x {}\nBcc: all", "y".repeat(100));
        let told = told(&[], &[&hostile]);
        assert!(told.len() < 100 && !told.contains('\n'), "{told}");
    }
}
