//! Watches, lists and rules into an index. In: what the configuration gave. Out: the index, or every fault in it.
//! Never a fault alone: all are told at once.

mod anchors;
mod draft;
mod names;
mod rules;

use super::fault::{Fault, Flaw, Place};
use super::index::{Anchors, Index, Listed, Names, Target, TermKind, Watched, What};
use super::later::{Later, Laters};
use super::query::Term;
use super::trie::{Shape, Trie};
use super::vocabulary::{Vocabulary, WordId, number};
use crate::model::{Family, List, RowKey, Rows, Rule, Watch, WatchKind};
use anchors::{anchor, needed, terms};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::sync::Arc;

/// The longest name, in bytes and in words.
const NAME_BYTES_MAX: usize = 1000;
const NAME_WORDS_MAX: usize = super::find::STEPS_MAX;
/// Faults of rows that are told.
const ROW_FAULTS_MAX: usize = 20;

/// Compiles watches, lists (with their rows read) and rules. `zone` is the one in which `published:2024-05-01` is meant.
///
/// # Errors
/// Everything that cannot stand, in the order of watches, lists and rules.
pub fn compile(watches: &[Watch], lists: &[List], rules: &[Rule], zone: &TimeZone) -> Result<Index, Vec<Fault>> {
    let mut builder = Builder::default();
    let rows: usize = lists.iter().map(|list| list.rows.len()).sum();
    // Most rows are persons: family names of their own, found with their given name and with its initial.
    builder.vocabulary.reserve(rows);
    builder.trie.reserve(rows * 2);
    for (at, watch) in watches.iter().enumerate() {
        builder.watch(at, watch);
    }
    for list in lists {
        let from = builder.lists.last().map_or(0, |rows| rows.end);
        builder.lists.push(from..from + list.rows.len());
        builder.rows(list, from);
    }
    builder.ids(watches, lists);
    if watches.iter().any(|w| !w.weak.is_empty() || w.family != Family::No)
        || lists.iter().any(|l| l.rows.iter().any(|row| row.head().family || row.of(RowKey::Weak).next().is_some()))
    {
        builder.titles();
    }
    // Queries come last: they refer to all of these.
    let mut watched = vec![];
    for watch in watches {
        let place = place_of(watch, "with");
        let with = builder.primaries(&watch.with, &place, false);
        watched.push(Watched { watch: watch.clone(), with });
    }
    let mut lists_done = vec![];
    for (at, list) in lists.iter().enumerate() {
        let id = list.id.to_string();
        let numbers = builder.lists[at].clone();
        let with =
            builder.primaries(&list.with, &Place { table: "list", id: id.clone(), key: "with", index: None }, false);
        let mut row_with = HashMap::new();
        for row in list.rows.iter() {
            let typed: Vec<String> = row.of(RowKey::With).map(ToString::to_string).collect();
            if !typed.is_empty() {
                let before = builder.faults.len();
                let with = builder.primaries(&typed, &file(list), false);
                builder.spare(before, || format!("row {}, with", row.id()));
                row_with.insert(number(numbers.start) + row.number(), with);
            }
        }
        lists_done.push(Listed { id, numbers, rows: Arc::clone(&list.rows), with, row_with });
    }
    let mut ruled = vec![];
    for rule in rules {
        if let Some(rule) = builder.rule(rule) {
            ruled.push(rule);
        }
    }
    if !builder.faults.is_empty() {
        return Err(builder.faults);
    }
    let mut anchors = Anchors {
        watches: vec![vec![]; watches.len()],
        lists: vec![vec![]; lists.len()],
        terms: vec![vec![]; builder.terms.len()],
        ..Anchors::default()
    };
    for (at, rule) in ruled.iter().enumerate() {
        anchor(&mut anchors, number(at), rule, &builder.terms);
    }
    let mut eager: Vec<bool> = anchors.terms.iter().map(|rules| !rules.is_empty()).collect();
    for term in &builder.terms {
        if let TermKind::Spread { words, .. } = term {
            for word in words {
                if let What::Term(word) = word.what() {
                    eager[word] = true;
                }
            }
        }
    }
    let with = watched.iter().flat_map(|watched| &watched.with);
    let of_rows = lists_done.iter().flat_map(|list| list.with.iter().chain(list.row_with.values().flatten()));
    for node in with.chain(of_rows) {
        terms(node, &mut |term| eager[term] = true);
    }
    let mut late = Trie::default();
    // By term that is not eager: the words it may begin with.
    let mut firsts_of: Vec<Vec<WordId>> = vec![vec![]; eager.len()];
    for Waiting { term, name, words, shape } in std::mem::take(&mut builder.waiting) {
        if eager[term] {
            builder.trie.add(&words, &shape, name);
        } else {
            firsts_of[term].extend(words.first());
            late.add(&words, &shape, name);
        }
    }
    let mut later = Laters::default();
    for rule in &ruled {
        let needed = needed(&rule.node, &|term| !firsts_of[term].is_empty());
        let mut own = vec![];
        terms(&rule.node, &mut |term| own.push(term));
        let laters = |term: usize| {
            let needed = needed.contains(&term);
            firsts_of[term].iter().map(move |first| Later { first: *first, term: number(term), needed })
        };
        later.push(own.into_iter().flat_map(laters));
    }
    builder.vocabulary.finish();
    for trie in [&mut builder.trie, &mut late] {
        trie.finish(|word| builder.vocabulary.is_single(word));
    }
    builder.names.finish();
    let mut spread: HashMap<Target, Vec<usize>> = HashMap::new();
    for (at, term) in builder.terms.iter().enumerate() {
        if let TermKind::Spread { words, .. } = term
            && let Some(first) = words.first()
        {
            spread.entry(*first).or_default().push(at);
        }
    }
    Ok(Index {
        spread,
        vocabulary: builder.vocabulary,
        trie: builder.trie,
        late,
        names: builder.names,
        watches: watched,
        lists: lists_done,
        terms: builder.terms,
        rules: ruled,
        later,
        anchors,
        zone: zone.clone(),
        lints: builder.lints,
        scratch: super::index::Pool::default(),
    })
}

/// The file of a list.
fn file(list: &List) -> Place {
    Place { table: "list", id: list.id.to_string(), key: "file", index: None }
}

/// The table of a watch.
pub fn table(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Organization => "organization",
        WatchKind::Official => "official",
        WatchKind::Keyword => "keyword",
    }
}

/// A key of a watch.
pub fn place_of(watch: &Watch, key: &'static str) -> Place {
    Place { table: table(watch.kind), id: watch.id.to_string(), key, index: None }
}

#[derive(Default)]
struct Builder {
    vocabulary: Vocabulary,
    trie: Trie,
    names: Names,
    /// By list: the numbers of its rows among those of all lists.
    lists: Vec<std::ops::Range<usize>>,
    list_rows: Vec<Arc<Rows>>,
    watch_ids: HashMap<String, usize>,
    list_ids: HashMap<String, usize>,
    terms: Vec<TermKind>,
    term_ids: HashMap<(Term, bool), usize>,
    waiting: Vec<Waiting>,
    faults: Vec<Fault>,
    lints: Vec<Fault>,
}

/// A term whose trie is known once all rules are.
struct Waiting {
    term: usize,
    name: u32,
    words: Vec<WordId>,
    shape: Shape,
}

impl Builder {
    fn fault(&mut self, place: &Place, flaw: Flaw) {
        self.faults.push(flaw.at(place));
    }

    /// Notes the ids that queries may refer to.
    fn ids(&mut self, watches: &[Watch], lists: &[List]) {
        for (at, watch) in watches.iter().enumerate() {
            self.watch_ids.insert(watch.id.key().into_owned(), at);
        }
        for (at, list) in lists.iter().enumerate() {
            self.list_ids.insert(list.id.key().into_owned(), at);
            self.list_rows.push(Arc::clone(&list.rows));
        }
    }
}
