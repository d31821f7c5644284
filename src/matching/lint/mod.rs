//! What `check` doubts: names and queries that are accepted and will hardly do what their writer means. In: watches, lists, rules,
//! sources and today. Out: warnings at their places. It refuses nothing, and is linear in what it is given.

mod logic;
mod marks;
mod names;
mod officials;
mod queries;
mod scripts;
mod several;
mod shadows;

use super::compile::place_of;
use super::words::{Vocabulary, folded};
use super::{Fault, Place};
use crate::model::{List, Rule, Source, Watch};
use jiff::civil::Date;
use std::collections::HashSet;

/// The codes of all lints, in their order: what `allow` can name.
pub const LINTS: [&str; 15] = [
    "W201", "W202", "W203", "W204", "W205", "W206", "W207", "W208", "W209", "W210", "W211", "W212", "W213", "W214",
    "W215",
];

/// A configuration as its lints see it.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Organizations, officials and keywords.
    pub watches: &'a [Watch],
    /// Lists, their rows read.
    pub lists: &'a [List],
    /// Rules; those of watches that are their own rule too.
    pub rules: &'a [Rule],
    /// Sources: their languages, tags and tiers.
    pub sources: &'a [Source],
    /// Today, where the service is.
    pub today: Date,
}

/// Everything that is doubtful: warnings, by kind. Of a list at most a few of each kind are told, and the others counted.
#[must_use]
pub fn lints(desk: &Desk<'_>) -> Vec<Fault> {
    let vocabulary = Vocabulary::of(desk.languages().as_ref());
    let mut faults = names::doubts(desk, &vocabulary);
    faults.extend(marks::doubts(desk.watches));
    faults.extend(scripts::doubts(desk));
    faults.extend(queries::doubts(desk, &vocabulary));
    faults.extend(shadows::doubts(desk.watches));
    faults.extend(officials::doubts(desk.watches, desk.today));
    faults
}

impl Desk<'_> {
    /// The languages that the sources write in; `None`: it is not known of all of them.
    fn languages(&self) -> Option<HashSet<&str>> {
        let languages = self.sources.iter().map(|source| source.language.as_deref().map(primary));
        languages.collect::<Option<HashSet<_>>>().filter(|known| !known.is_empty())
    }
}

/// `uz` of `uz-Cyrl`.
fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

/// A warning at one string of a watch's key.
fn at_name(watch: &Watch, key: &'static str, index: usize, name: &str, slip: Slip) -> Fault {
    slip.at(Place { index: Some(index), ..place_of(watch, key) }, 0..name.len())
}

/// A doubt before its place is known.
struct Slip {
    code: &'static str,
    what: String,
    hint: String,
}

impl Slip {
    fn new(code: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, what: what.into(), hint: hint.into() }
    }

    fn at(self, place: Place, span: std::ops::Range<usize>) -> Fault {
        Fault { place, span, code: self.code, what: self.what, hint: Some(self.hint) }
    }
}

#[cfg(test)]
mod tests;
