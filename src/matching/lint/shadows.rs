//! Watches that stand in each other's light. In: watches. Out: a warning where one mention counts for two of them: the same name,
//! or a name within another's. Lists are left out: in them many people share a name.

use super::logic::marked;
use super::{Slip, at_name};
use crate::matching::Fault;
use crate::model::{Watch, WatchKind};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Words of a name within which others are looked for.
const WORDS_MAX: usize = 16;

/// A name, its words folded with a space between them.
struct Name<'a> {
    watch: &'a Watch,
    key: &'static str,
    index: usize,
    typed: &'a str,
    folded: String,
    /// What its watch does not mean, folded likewise, with spaces around.
    not_as: Rc<[String]>,
}

pub(super) fn doubts(watches: &[Watch]) -> Vec<Fault> {
    let names: Vec<Name<'_>> = watches.iter().flat_map(names).collect();
    let mut first: HashMap<&str, &Name<'_>> = HashMap::new();
    let mut faults = vec![];
    for name in &names {
        let other = *first.entry(&name.folded).or_insert(name);
        let apart = name.key == "exact" && other.key == "exact" && name.typed != other.typed;
        if other.watch.id != name.watch.id && !apart {
            let kind = if other.key == "posts" { "post" } else { "name" };
            let what = format!("{:?} is a {kind} of @{} too: each mention counts for both", name.typed, other.watch.id);
            let hint = format!("take it out of one of them; a rule may say @{} OR @{}", other.watch.id, name.watch.id);
            faults.push(at_name(name.watch, name.key, name.index, name.typed, Slip::new("W206", what, hint)));
        }
    }
    let mut things: HashMap<&str, &Name<'_>> = HashMap::new();
    for name in names.iter().filter(|name| is_thing(name)) {
        things.entry(&name.folded).or_insert(name);
    }
    let mut told = HashSet::new();
    for name in names.iter().filter(|name| is_thing(name)) {
        faults
            .extend(within(name, &things).filter(|(other, _)| told.insert((&other.watch.id, &name.watch.id))).map(at));
    }
    faults
}

/// The strong names of a watch.
fn names(watch: &Watch) -> impl Iterator<Item = Name<'_>> {
    let not_as: Rc<[String]> = watch.not_as.iter().map(|typed| spaced(&marked(typed))).collect();
    let keys = [("names", &watch.names), ("exact", &watch.exact), ("posts", &watch.posts)];
    keys.into_iter().flat_map(move |(key, names)| {
        let not_as = not_as.clone();
        names.iter().enumerate().map(move |(index, typed)| {
            let folded = marked(typed);
            Name { watch, key, index, typed, folded, not_as: not_as.clone() }
        })
    })
}

/// A keyword may well stand within a name, and a post within a longer one: those are meant.
fn is_thing(name: &Name<'_>) -> bool {
    name.watch.kind != WatchKind::Keyword && name.key == "names"
}

/// The names of other watches that stand within this one and do not say that this one is not meant; with this one.
fn within<'n, 'a>(
    outer: &'n Name<'a>,
    things: &'n HashMap<&str, &'n Name<'a>>,
) -> impl Iterator<Item = (&'n Name<'a>, &'n Name<'a>)> {
    let words: Vec<&str> = outer.folded.split(' ').take(WORDS_MAX).collect();
    let mut found: Vec<&Name<'_>> = vec![];
    for from in 0..words.len() {
        for to in from + 1..=words.len() {
            let inner = things.get(words[from..to].join(" ").as_str()).copied();
            found.extend(
                inner.filter(|inner| {
                    to - from < words.len() && inner.watch.id != outer.watch.id && !excused(inner, outer)
                }),
            );
        }
    }
    found.into_iter().map(move |inner| (inner, outer))
}

/// Whether the watch says in `not_as` that the longer name, or a part of it, is not it.
fn excused(inner: &Name<'_>, outer: &Name<'_>) -> bool {
    let (outer, own) = (spaced(&outer.folded), spaced(&inner.folded));
    inner.not_as.iter().any(|not| outer.contains(not) && not.contains(&own))
}

fn spaced(text: &str) -> String {
    format!(" {text} ")
}

fn at((inner, outer): (&Name<'_>, &Name<'_>)) -> Fault {
    let what =
        format!("{:?} stands in {:?} of @{}: its mentions count here too", inner.typed, outer.typed, outer.watch.id);
    let hint = format!("if it is something else, add not_as = [{:?}]", outer.typed);
    at_name(inner.watch, inner.key, inner.index, inner.typed, Slip::new("W206", what, hint))
}
