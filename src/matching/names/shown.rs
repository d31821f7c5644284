//! Forms of names as people would write them, to look at. In: words and what kind they are. Out: their forms, in the capitals of what
//! was typed. Never more than `limits::NAME_FORMS_MAX`.

use super::russian::{self, Morph};
use super::{roman, split};
use crate::matching::fold;
use crate::model::limits;

/// The name in each case: words that inflect together agree.
pub fn inflected(words: &[(String, String, Morph)], name: &str) -> Vec<String> {
    let mut found = vec![name.to_string()];
    let mut rest = name;
    let joint = |(at, (typed, ..)): (usize, &(String, String, Morph))| {
        let (before, after) = rest.split_once(&**typed).unwrap_or((" ", rest));
        rest = after;
        if at == 0 {
            ""
        } else if before == "-" {
            "-"
        } else {
            " "
        }
    };
    let joints: Vec<&str> = words.iter().enumerate().map(joint).collect();
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
        let form: String = forms.iter().zip(&joints).flat_map(|(of_word, joint)| [joint, &*of_word[0]]).collect();
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
