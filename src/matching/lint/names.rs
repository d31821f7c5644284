//! Single names: acronyms, short ones, common words. In: the names of watches and of the rows of lists. Out: what each may be
//! taken for. It compares no two names.

use super::{Desk, Slip, at_name, folded, several};
use crate::matching::class::{self, Class};
use crate::matching::names::split::split;
use crate::matching::words::Vocabulary;
use crate::matching::{Fault, Place};
use crate::model::{List, RowKey, WatchKind};

/// Names of one list that are told of each kind; the others are counted.
const TOLD: usize = 3;
/// Letters of a name that is an acronym.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=5;
/// Letters that a name wants, unless it is written in characters.
const LETTERS_MIN: usize = 3;

pub(super) fn doubts(desk: &Desk<'_>, vocabulary: &Vocabulary) -> Vec<Fault> {
    let mut faults = vec![];
    for watch in desk.watches {
        for (index, name) in watch.names.iter().enumerate() {
            if let Some(doubt) = doubt(vocabulary, watch.kind, name) {
                faults.push(at_name(watch, "names", index, name, doubt.slip(vocabulary, name)));
            }
        }
        let keys = [("exact", &watch.exact), ("weak", &watch.weak), ("posts", &watch.posts), ("not_as", &watch.not_as)];
        for (key, (index, name)) in
            keys.iter().flat_map(|(key, names)| names.iter().enumerate().map(move |name| (*key, name)))
        {
            faults.extend(several::slip(key, name).map(|slip| at_name(watch, key, index, name, slip)));
        }
        for (index, name) in watch.exact.iter().enumerate().filter(|(_, name)| letters(name) == 1) {
            faults.push(at_name(watch, "exact", index, name, Doubt::Short.slip(vocabulary, name)));
        }
    }
    for list in desk.lists {
        rows(list, vocabulary, &mut faults);
    }
    faults
}

/// The names of a list: a few of each kind, and how many more there are.
fn rows(list: &List, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    let mut counts = [0usize; Doubt::KINDS];
    let place = || Place { table: "list", id: list.id.to_string(), key: "file", index: None };
    for row in list.rows.iter() {
        for name in row.of(RowKey::Names) {
            let Some(doubt) = doubt(vocabulary, row.kind(), name) else { continue };
            let count = &mut counts[doubt.kind()];
            *count += 1;
            if *count <= TOLD {
                let slip = doubt.slip(vocabulary, name);
                let what = format!("row {}: {}", row.id(), slip.what);
                faults.push(Slip::new(slip.code, what, doubt.row_hint()).at(place(), 0..0));
            }
        }
    }
    for (kind, more) in counts.iter().enumerate().map(|(kind, count)| (kind, count.saturating_sub(TOLD))) {
        if more > 0 {
            let names = if more == 1 { "name" } else { "names" };
            let what = format!("and {more} more {names} like it in this list");
            faults.push(
                Slip::new(Doubt::CODES[kind], what, "mend the file, or accept them with `allow`").at(place(), 0..0),
            );
        }
    }
}

/// What is doubtful about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    Acronym,
    Short,
    Common,
    Begins,
    Several,
}

/// What is doubtful about a name of that kind of thing, if anything; the worst only.
fn doubt(vocabulary: &Vocabulary, kind: WatchKind, name: &str) -> Option<Doubt> {
    if several::parts(name).is_some() {
        return Some(Doubt::Several);
    }
    if name.contains(['*', '?']) {
        return vocabulary.is_everywhere(&folded(name)).then_some(Doubt::Common);
    }
    if is_acronym(name) {
        return Some(Doubt::Acronym);
    }
    let count = letters(name);
    let dense = name.chars().filter(|c| c.is_alphanumeric()).all(is_dense);
    // A digit is no part of a word: G7 stands nowhere by chance.
    let digits = name.contains(char::is_numeric);
    if (1..if dense { 2 } else { LETTERS_MIN }).contains(&count) && !digits {
        return Some(Doubt::Short);
    }
    if dense {
        let thing = kind != WatchKind::Keyword;
        return match count {
            2 if thing && vocabulary.begins(&folded(name)).is_some() => Some(Doubt::Begins),
            _ if thing && vocabulary.common(&folded(name)).is_some() => Some(Doubt::Common),
            _ => None,
        };
    }
    // Most names have several words, and nothing is made of them.
    if name.trim().contains(char::is_whitespace) {
        return None;
    }
    let words = split(name, false);
    let [word] = &words[..] else { return None };
    // A keyword is a word, and may be a common one; not one that stands in every text.
    let common = match kind {
        WatchKind::Keyword => vocabulary.is_everywhere(word.plain()),
        _ => vocabulary.common(word.plain()).is_some(),
    };
    common.then_some(Doubt::Common)
}

/// One word of two to five letters, all capitals: `WHO`, `ШОС`.
pub(super) fn is_acronym(name: &str) -> bool {
    let letters = || name.trim().chars().filter(|c| *c != '.');
    letters().all(char::is_uppercase) && ACRONYM.contains(&letters().count())
}

/// Whether each of its letters is a word: Chinese has no spaces between them.
fn is_dense(c: char) -> bool {
    class::class(c) == Class::Single
}

fn letters(name: &str) -> usize {
    name.chars().filter(|c| c.is_alphanumeric()).count()
}

impl Doubt {
    const KINDS: usize = 5;
    const CODES: [&str; Self::KINDS] = ["W201", "W202", "W208", "W209", "W213"];

    fn kind(self) -> usize {
        self as usize
    }

    /// What to do about a row of a list.
    fn row_hint(self) -> &'static str {
        match self {
            Self::Acronym => "move it into `exact` of its row",
            Self::Short => "write the name in full, or move it into `weak` of its row",
            Self::Common => "write more of the name, or move it into `exact` of its row",
            Self::Begins => "move it into `weak` of its row",
            Self::Several => "part the names by ; or give each a line of its own in the field",
        }
    }

    fn slip(self, vocabulary: &Vocabulary, name: &str) -> Slip {
        let code = Self::CODES[self.kind()];
        let lower = folded(name);
        match self {
            Self::Several => several::slip("names", name).unwrap_or_else(|| Slip::new(code, name, "")),
            Self::Acronym => {
                let word = if vocabulary.common(&lower).is_some() { "the word " } else { "" };
                let what = format!("{name:?} is found in any case: it would match {word}{lower:?} too");
                Slip::new(code, what, format!("move it: exact = [{name:?}]"))
            }
            Self::Short => {
                let what = format!("{name:?} is so short that it stands in many texts by chance");
                Slip::new(code, what, format!("write the name in full, or move it: weak = [{name:?}]"))
            }
            Self::Common if name.contains('*') => {
                let what = format!("{name:?} finds words that stand in nearly every text");
                Slip::new(code, what, "write more of the word")
            }
            Self::Common => {
                let language = vocabulary.common(&lower).map_or("its language", language);
                let what =
                    format!("{name:?} is a common word in {language}: most of what it finds will be something else");
                let hint = if name.chars().all(is_dense) {
                    format!("write more of the name, or move it: weak = [{name:?}]")
                } else {
                    format!("write more of the name, or move it: exact = [{name:?}] counts only as written")
                };
                Slip::new(code, what, hint)
            }
            Self::Begins => {
                let word = vocabulary.begins(&lower).unwrap_or_default();
                let what = if word == lower {
                    format!("{name:?} is a common word in Chinese, too")
                } else {
                    format!("{name:?} is also how common words begin in Chinese: {word:?}")
                };
                let hint = format!("move it: weak = [{name:?}] counts beside a title, or near one of `with`");
                Slip::new(code, what, hint)
            }
        }
    }
}

/// A language as its readers call it in English.
pub(super) fn language(code: &str) -> &str {
    match code {
        "ar" => "Arabic",
        "de" => "German",
        "en" => "English",
        "fa" => "Persian",
        "fr" => "French",
        "kk" => "Kazakh",
        "ky" => "Kyrgyz",
        "ru" => "Russian",
        "tg" => "Tajik",
        "tr" => "Turkish",
        "uz" => "Uzbek",
        "zh" => "Chinese",
        other => other,
    }
}
