//! The spellings under which one word is compared. In: a word as it stands. Out: its keys. Never its place: tokens keep that.
//!
//! From the strictest to the mildest: `exact` (composed, as written), `marked` (width, case, apostrophes, ё = е, traditional
//! Chinese = simplified) and `plain` (Latin, Greek, Arabic and Hebrew marks stripped too).

use super::class::{self, Class};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The one apostrophe that all others become.
pub const APOSTROPHE: char = '\'';

/// As written: composed (NFC), what is invisible dropped.
pub fn exact(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|c| class::class(*c) != Class::Invisible).nfc().collect())
}

/// Width, case and apostrophes folded (NFKC, full case folding), dots and invisible characters dropped, ё = е,
/// traditional Chinese = simplified, Arabic yeh and kaf = the Persian ones; marks kept.
pub fn marked(word: &str) -> String {
    if word.is_ascii() {
        return ascii(word);
    }
    if let Some(folded) = word.chars().map(|c| simple(c).map(|simple| simple.marked)).collect() {
        return folded;
    }
    slowly_marked(word)
}

fn slowly_marked(word: &str) -> String {
    let mut folded = String::with_capacity(word.len() + 4);
    let mut before = '\0';
    for c in word.chars().filter(|c| class::class(*c) != Class::Invisible).nfkc() {
        for c in c.to_lowercase() {
            let c = match c {
                'ё' => 'е',
                'ς' => 'σ',
                'ı' => 'i',
                'ß' => {
                    folded.push('s');
                    's'
                }
                // The dot of a Turkish capital I, and the stress marks of Russian dictionaries.
                '\u{307}' if before == 'i' => continue,
                '\u{300}' | '\u{301}' if class::cyrillic(before) => continue,
                '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}' | '\u{591}'..='\u{5c7}' => continue,
                'ي' | 'ى' => 'ی',
                // The hamza of an alef is left out as often as not.
                'أ' | 'إ' | 'ٱ' => 'ا',
                'ك' => 'ک',
                '.' => continue,
                c if class::apostrophe(c) => APOSTROPHE,
                c if class::han(c) => simplified(c),
                c => c,
            };
            folded.push(c);
            before = c;
        }
    }
    if unicode_normalization::is_nfc(&folded) { folded } else { folded.nfc().collect() }
}

fn ascii(word: &str) -> String {
    word.bytes()
        .filter(|b| *b != b'.')
        .map(|b| if b == b'`' { APOSTROPHE } else { char::from(b.to_ascii_lowercase()) })
        .collect()
}

/// Strips the marks of Latin, Greek, Arabic and Hebrew letters from a `marked` key, and gives the plain letter for those that
/// are no base with a mark (ł, ø, đ …). Cyrillic keeps its letters: й is not и.
pub fn plain(marked: &str) -> Cow<'_, str> {
    if marked.is_ascii() || !marked.chars().any(strippable) {
        return Cow::Borrowed(marked);
    }
    if marked.chars().all(|c| simple(c).is_some_and(|simple| simple.plain == c)) {
        return Cow::Borrowed(marked);
    }
    if let Some(folded) = marked.chars().map(|c| simple(c).map(|simple| simple.plain)).collect::<Option<String>>() {
        return Cow::Owned(folded);
    }
    Cow::Owned(slowly_plain(marked))
}

fn slowly_plain(marked: &str) -> String {
    let mut folded = String::with_capacity(marked.len());
    let mut strips = false;
    for c in marked.nfd() {
        if is_combining_mark(c) {
            if !strips {
                folded.push(c);
            }
            continue;
        }
        strips = class::latin(c) || matches!(c, '\u{370}'..='\u{3ff}' | '\u{590}'..='\u{6ff}');
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'þ' => folded.push_str("th"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ŋ' => folded.push('n'),
            'ə' => folded.push('a'),
            c => folded.push(c),
        }
    }
    folded.nfc().collect()
}

/// A letter that folds by itself, whatever stands beside it.
#[derive(Debug, Clone, Copy)]
pub struct Simple {
    /// As [`marked`] folds it.
    pub marked: char,
    /// As [`plain`] does.
    pub plain: char,
    /// Whether that is Cyrillic.
    pub cyrillic: bool,
}

/// How a letter from Latin to Arabic folds; `None` for all that do not fold to one letter, or not alone.
#[inline]
pub fn simple(c: char) -> Option<Simple> {
    static TABLE: LazyLock<Box<[Option<Simple>]>> = LazyLock::new(|| {
        let one = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|c| class::letter(*c) && chars.next().is_none())
        };
        let simple = |c: char| -> Option<Simple> {
            if class::class(c) != Class::Word {
                return None;
            }
            let marked = one(&slowly_marked(c.encode_utf8(&mut [0; 4])))?;
            let plain = one(&slowly_plain(marked.encode_utf8(&mut [0; 4])))?;
            Some(Simple { marked, plain, cyrillic: class::cyrillic(marked) })
        };
        (0..0x700).map(|point| char::from_u32(point).and_then(simple)).collect()
    });
    TABLE.get(c as usize).copied().flatten()
}

/// Whether a character may lose something in [`plain`].
fn strippable(c: char) -> bool {
    !c.is_ascii()
        && (class::latin(c) || matches!(c, '\u{300}'..='\u{3ff}' | '\u{590}'..='\u{6ff}' | '\u{1f00}'..='\u{1fff}'))
}

/// The simplified form of a Chinese character; itself when it has none.
pub fn simplified(c: char) -> char {
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let lines = include_str!("data/simplified.txt").lines().filter(|line| !line.starts_with('#'));
        lines
            .flat_map(str::split_whitespace)
            .filter_map(|pair| {
                let mut chars = pair.chars();
                Some((chars.next()?, chars.next()?))
            })
            .collect()
    });
    TABLE.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_that_look_alike_to_a_reader_are_one() {
        for (a, b) in [
            ("Фёдор", "федор"),
            ("ＳＣＯ", "sco"),
            ("S.C.O.", "sco"),
            ("Oʻrolov", "o'rolov"),
            ("O`rolov", "o'rolov"),
            ("Griﬃn", "griffin"),
            ("Außen", "aussen"),
            ("cri\u{ad}s\u{200b}is", "crisis"),
            ("И\u{306}од", "йод"),
            ("臺灣", "台湾"),
            ("ｶﾒﾗ", "カメラ"),
            ("İstanbul", "istanbul"),
            ("Ива\u{301}н", "иван"),
            ("كريمي", "کریمی"),
        ] {
            assert_eq!(marked(a), b);
        }
    }

    #[test]
    fn marks_of_latin_are_stripped_and_letters_of_cyrillic_are_not() {
        for (a, b) in [
            ("Erdoğdu", "erdogdu"),
            ("Łukasz", "lukasz"),
            ("Dvořák", "dvorak"),
            ("йод", "йод"),
            ("ўқ", "ўқ"),
            ("їжак", "їжак"),
        ] {
            assert_eq!(plain(&marked(a)), b);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(word in "\\PC{0,12}") {
            let once = marked(&word);
            prop_assert_eq!(marked(&once), once.clone());
            let plain_once = plain(&once).into_owned();
            prop_assert_eq!(plain(&plain_once).into_owned(), plain_once);
        }
    }
}
