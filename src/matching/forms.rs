//! All that a watch will match, for people to look at. In: a watch. Out: its names with their forms. Never more of one name than
//! `limits::NAME_FORMS_MAX`.

use super::fold;
use super::index::Index;
use super::names::russian::{self, Morph};
use super::names::{person, phrase, roman, split};
use crate::model::{Family, Watch, WatchKind, limits};
use serde::Serialize;

/// What a watch will match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forms {
    /// Each configured name with what it matches, in the order of the configuration.
    pub names: Vec<NameForms>,
}

/// What one name will match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameForms {
    /// The key it stands under: `names`, `exact`, `posts`, `weak`, `not_as`; `family` for a derived one.
    pub key: &'static str,
    /// As typed.
    pub name: String,
    /// Its forms, itself first: cases, order, initials, spellings.
    pub forms: Vec<String>,
    /// What else holds, in words: suffixes, case, when it counts.
    pub notes: Vec<String>,
}

impl Index {
    /// What the watch with this id will match; `None` when there is none. For `check --show`.
    #[must_use]
    pub fn forms(&self, watch: &crate::model::WatchId) -> Option<Forms> {
        let watch = &self.watches.iter().find(|known| known.watch.id == *watch)?.watch;
        let mut names = vec![];
        for name in &watch.names {
            names.push(strong(watch, name));
        }
        for name in &watch.exact {
            let notes = vec!["as written, case and all; Uzbek suffixes may follow".to_string()];
            names.push(NameForms { key: "exact", name: name.clone(), forms: vec![name.clone()], notes });
        }
        for name in &watch.posts {
            names.push(NameForms {
                key: "posts",
                name: name.clone(),
                forms: phrase_forms(name, watch),
                notes: vec!["also through 's, of and and".to_string()],
            });
        }
        let weak_note = "counts where a full name or post was found too, beside a title, or near one of `with`";
        for name in &watch.weak {
            names.push(NameForms {
                key: "weak",
                name: name.clone(),
                forms: weak_forms(name, watch.names.first()),
                notes: vec![weak_note.to_string()],
            });
        }
        let derived: Vec<(String, Option<&String>)> = match &watch.family {
            Family::No => vec![],
            Family::Named(name) => vec![(name.clone(), watch.names.first())],
            Family::Derived => {
                watch.names.iter().filter_map(|name| Some((person::family(name)?, Some(name)))).collect()
            }
        };
        for (name, like) in derived {
            let forms = weak_forms(&name, like);
            names.push(NameForms { key: "family", name, forms, notes: vec![weak_note.to_string()] });
        }
        for name in &watch.not_as {
            names.push(NameForms {
                key: "not_as",
                name: name.clone(),
                forms: phrase_forms(name, watch),
                notes: vec!["does not count".to_string()],
            });
        }
        Some(Forms { names })
    }
}

fn strong(watch: &Watch, name: &str) -> NameForms {
    let mut notes = vec![];
    let forms =
        if watch.kind == WatchKind::Official { person::shown(name, watch.variants) } else { phrase_forms(name, watch) };
    if watch.inflect != Some(false) {
        notes.push("suffixes of Uzbek and its neighbours may follow (-ning, -ga, -dan …)".to_string());
    }
    if watch.kind == WatchKind::Official && watch.variants && forms.len() > 1 {
        notes.push("a patronymic or middle initial may stand between given and family name".to_string());
    }
    NameForms { key: "names", name: name.to_string(), forms, notes }
}

fn phrase_forms(name: &str, watch: &Watch) -> Vec<String> {
    let inflect = match (watch.kind, watch.inflect) {
        (_, Some(false)) => phrase::Inflect::No,
        (WatchKind::Keyword, _) => phrase::Inflect::Word,
        _ => phrase::Inflect::Name,
    };
    let words = split::split(name, false);
    inflected(
        &words
            .iter()
            .zip(phrase::morphs(&words, inflect))
            .map(|(word, morph)| (word.text.to_string(), word.marked.clone(), morph))
            .collect::<Vec<_>>(),
        name,
    )
}

fn weak_forms(name: &str, like: Option<&String>) -> Vec<String> {
    let words = split::split(name, true);
    let [word] = &words[..] else { return vec![name.to_string()] };
    let morph = person::weak_morph(word, like.map(String::as_str));
    inflected(&[(word.text.to_string(), word.marked.clone(), morph)], name)
}

/// The name in each case: words that inflect together agree.
pub fn inflected(words: &[(String, String, Morph)], name: &str) -> Vec<String> {
    let mut found = vec![name.to_string()];
    for case in (0..12).map(|bit| 1u16 << bit) {
        let mut forms: Vec<Vec<String>> = vec![];
        for (typed, marked, morph) in words {
            let mut of_word = vec![];
            if *morph == Morph::None {
                of_word.push(typed.clone());
            } else {
                russian::each(marked, *morph, &mut |stem, ending, cases| {
                    let form = format!("{stem}{ending}");
                    if cases & case != 0 && of_word.len() < 3 {
                        of_word.push(recase(&form, typed));
                    }
                });
            }
            of_word.dedup();
            forms.push(of_word);
        }
        if forms.iter().any(Vec::is_empty) || words.iter().all(|(_, _, morph)| *morph == Morph::None) {
            continue;
        }
        let form = forms.iter().map(|of_word| of_word[0].clone()).collect::<Vec<_>>().join(" ");
        if !found.contains(&form) && fold::marked(&form) != fold::marked(name) && found.len() < limits::NAME_FORMS_MAX {
            found.push(form);
        }
    }
    found
}

/// A folded form in the capitals of the typed word.
pub fn recase(form: &str, typed: &str) -> String {
    if typed.chars().next().is_some_and(char::is_uppercase) {
        let mut chars = form.chars();
        return chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    }
    form.to_string()
}

/// Spellings of a word that stand for it, in its own capitals.
pub fn spellings(word: &split::Typed, most: usize) -> Vec<String> {
    if word.has_marks() || word.letters <= 2 || word.cyrillic() {
        return vec![word.text.to_string()];
    }
    roman::spellings(&word.marked, most).iter().map(|form| recase(form, word.text)).collect()
}
