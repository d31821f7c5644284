//! Latin letters with marks: what is typed with a mark is not found without it. In: the names of watches. Out: warnings. Lists are
//! not asked: they are what somebody else published.

use super::{Slip, at_name};
use crate::matching::Fault;
use crate::matching::class;
use crate::matching::fold;
use crate::model::Watch;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization as _;

pub(super) fn doubts(watches: &[Watch]) -> Vec<Fault> {
    watches.iter().flat_map(of_watch).collect()
}

fn of_watch(watch: &Watch) -> Vec<Fault> {
    let forms = watch.names.iter().chain(&watch.weak).chain(&watch.exact).map(|name| fold::marked(name));
    let forms: HashSet<String> = forms.collect();
    let keys = [("names", &watch.names), ("weak", &watch.weak)];
    let names = keys.into_iter().flat_map(|(key, names)| names.iter().enumerate().map(move |at| (key, at)));
    let marked = names.filter_map(|(key, (index, name))| {
        let marked = fold::marked(name);
        let plain = fold::plain(&marked);
        if !name.chars().any(class::latin) || plain == marked || forms.contains(&*plain) {
            return None;
        }
        let bare = without_marks(name);
        let what = format!("'{bare}' without the mark will not be found: a mark that is typed must stand in the text");
        let hint = format!("add it: {key} = [{name:?}, {bare:?}]; without marks, both are found");
        Some(at_name(watch, key, index, name, Slip::new("W212", what, hint)))
    });
    marked.collect()
}

/// The name with its capitals, and without the marks of its Latin letters.
fn without_marks(name: &str) -> String {
    let plain = |c: char| -> String {
        let mut text = [0; 4];
        let folded = fold::marked(c.encode_utf8(&mut text));
        let bare = fold::plain(&folded);
        match bare {
            bare if bare == folded => c.to_string(),
            bare if c.is_uppercase() => {
                let mut letters = bare.chars();
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
            }
            bare => bare.into_owned(),
        }
    };
    name.nfc().map(|c| if class::latin(c) { plain(c) } else { c.to_string() }).collect()
}
