//! Scripts: a source writes in one in which a watch has no name. In: watches, lists, and the languages of the sources. Out: one
//! warning for each watch and script.

use super::{Desk, Slip, at_name, primary};
use crate::matching::{Fault, Place};
use crate::model::{List, RowKey, Watch};

/// A script as ISO 15924 parts them, as far as newspapers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Chinese,
    Arabic,
    Japanese,
    Korean,
    Greek,
    Armenian,
    Georgian,
    Hebrew,
    Devanagari,
    Thai,
}

impl Script {
    fn of(c: char) -> Option<Self> {
        Some(match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' => Self::Arabic,
            '\u{900}'..='\u{97f}' => Self::Devanagari,
            '\u{e00}'..='\u{e7f}' => Self::Thai,
            '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Self::Georgian,
            '\u{3040}'..='\u{30ff}' => Self::Japanese,
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Self::Chinese,
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Self::Korean,
            _ => return None,
        })
    }

    fn words(self) -> &'static str {
        match self {
            Self::Latin => "Latin letters",
            Self::Cyrillic => "Cyrillic letters",
            Self::Chinese => "Chinese characters",
            Self::Arabic => "Arabic letters",
            Self::Japanese => "Japanese letters",
            Self::Korean => "Korean letters",
            Self::Greek => "Greek letters",
            Self::Armenian => "Armenian letters",
            Self::Georgian => "Georgian letters",
            Self::Hebrew => "Hebrew letters",
            Self::Devanagari => "Devanagari letters",
            Self::Thai => "Thai letters",
        }
    }
}

/// The scripts that a language (BCP 47) is written in, any of which will do; none where we do not know.
fn scripts(language: &str) -> &'static [Script] {
    let language = language.to_ascii_lowercase();
    match language.split(['-', '_']).find(|part| part.len() == 4) {
        Some("cyrl") => return &[Script::Cyrillic],
        Some("latn") => return &[Script::Latin],
        Some("arab") => return &[Script::Arabic],
        Some("hans" | "hant") => return &[Script::Chinese],
        _ => {}
    }
    match primary(&language) {
        "ru" | "be" | "uk" | "bg" | "mk" | "ky" | "tg" | "mn" | "tt" | "ba" | "ce" => &[Script::Cyrillic],
        "uz" | "kk" | "sr" | "kaa" => &[Script::Latin, Script::Cyrillic],
        "zh" | "yue" => &[Script::Chinese],
        "ja" => &[Script::Japanese, Script::Chinese],
        "ko" => &[Script::Korean],
        "ar" | "fa" | "prs" | "ur" | "ps" | "ckb" | "ug" | "sd" => &[Script::Arabic],
        "he" => &[Script::Hebrew],
        "el" => &[Script::Greek],
        "hy" => &[Script::Armenian],
        "ka" => &[Script::Georgian],
        "hi" | "mr" | "ne" => &[Script::Devanagari],
        "th" => &[Script::Thai],
        "en" | "de" | "fr" | "tr" | "es" | "it" | "pt" | "nl" | "pl" | "cs" | "sk" | "sl" | "hr" | "bs" | "ro"
        | "hu" | "fi" | "sv" | "da" | "nb" | "nn" | "no" | "is" | "et" | "lv" | "lt" | "sq" | "az" | "tk" | "id"
        | "ms" | "vi" | "sw" | "ca" | "eu" | "gl" | "ga" => &[Script::Latin],
        _ => &[],
    }
}

/// What some source writes in: its scripts, and a source that does.
struct Wanted<'a> {
    any: &'static [Script],
    source: &'a str,
}

pub(super) fn doubts(desk: &Desk<'_>) -> Vec<Fault> {
    let mut wanted: Vec<Wanted<'_>> = vec![];
    for source in desk.sources {
        let any = source.language.as_deref().map_or(&[][..], scripts);
        if !any.is_empty() && !wanted.iter().any(|known| known.any == any) {
            wanted.push(Wanted { any, source: source.id.as_str() });
        }
    }
    let lacking = |names: &[&[String]]| -> Vec<&Wanted<'_>> {
        // 737 is the same in every script.
        if names.iter().copied().flatten().any(|name| !name.contains(char::is_alphabetic)) {
            return vec![];
        }
        let has =
            |script| names.iter().copied().flatten().any(|name| name.chars().any(|c| Script::of(c) == Some(script)));
        wanted.iter().filter(|wanted| !wanted.any.iter().any(|script| has(*script))).collect()
    };
    let mut faults = vec![];
    for watch in desk.watches {
        // A post is a hit as good as a name.
        for wanted in lacking(&[&watch.names, &watch.exact, &watch.posts]) {
            faults.extend(of_watch(watch, wanted));
        }
    }
    for list in desk.lists.iter().filter(|list| !list.rows.is_empty()) {
        faults.extend(wanted.iter().filter(|wanted| !has_row(list, wanted.any)).map(|wanted| of_list(list, wanted)));
    }
    faults
}

fn of_watch(watch: &Watch, wanted: &Wanted<'_>) -> Option<Fault> {
    let keys = [("names", &watch.names), ("exact", &watch.exact), ("posts", &watch.posts)];
    let (key, first) = keys.into_iter().find_map(|(key, names)| Some((key, names.first()?)))?;
    let script = words(wanted.any);
    let what = format!("no form of @{} is in {script}, in which {} writes", watch.id, wanted.source);
    let hint = format!("add its name in {script} to `names`");
    Some(at_name(watch, key, 0, first, Slip::new("W203", what, hint)))
}

fn of_list(list: &List, wanted: &Wanted<'_>) -> Fault {
    let script = words(wanted.any);
    let what = format!("no row of @{} has a name in {script}, in which {} writes", list.id, wanted.source);
    let place = Place { table: "list", id: list.id.to_string(), key: "file", index: None };
    Slip::new("W203", what, format!("add names in {script} to its rows")).at(place, 0..0)
}

fn has_row(list: &List, any: &[Script]) -> bool {
    let written = |name: &str| name.chars().any(|c| Script::of(c).is_some_and(|script| any.contains(&script)));
    let strong = |key| matches!(key, RowKey::Names | RowKey::Exact | RowKey::Posts);
    list.rows.iter().any(|row| row.texts().any(|text| strong(text.key) && written(text.text)))
}

fn words(any: &[Script]) -> String {
    any.iter().map(|script| script.words()).collect::<Vec<_>>().join(" or ")
}
