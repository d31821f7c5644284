//! Where a sentence ends, in any script.
//! In: text, and a place in it. Out: whether the mark there ends a sentence, or the sentence around a span.

use std::ops::Range;

/// How far a sentence is looked for to either side, in bytes: a text without marks must not cost its whole length for each hit.
const REACH_BYTES: usize = 1200;

/// Words that end in a dot without ending a sentence, lower case.
const ABBREVIATIONS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "st",
    "gen",
    "col",
    "capt",
    "maj",
    "lt",
    "sgt",
    "gov",
    "sen",
    "rep",
    "pres",
    "hon",
    "rev",
    "messrs",
    "vs",
    "fig",
    "approx",
    "dept",
    "jan",
    "feb",
    "apr",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
    "mt",
    "ft",
    "av",
    "bd",
    "mme",
    "mlle",
    "sr",
    "sra",
    "hr",
    "fr",
    "nr",
    "bzw",
    "ca",
    "str",
    "vgl",
    "usw",
    "eg",
    "ie",
    "им",
    "ул",
    "пр",
    "просп",
    "пл",
    "пер",
    "обл",
    "акад",
    "проф",
    "ген",
    "полк",
    "гр",
    "гос",
    "зам",
    "пом",
    "св",
    "тов",
    "тел",
    "стр",
    "рис",
    "см",
    "ср",
    "напр",
    "руб",
    "коп",
    "млн",
    "млрд",
    "трлн",
    "тыс",
    "кв",
    "куб",
    "янв",
    "фев",
    "апр",
    "авг",
    "сент",
    "окт",
    "нояб",
    "дек",
    "ред",
    "мин",
    "сек",
    "пос",
    "дер",
    "респ",
    "оз",
];

/// Words whose dot ends a sentence when a capital follows, and else does not.
const OFTEN_LAST: &[&str] =
    &["etc", "inc", "ltd", "co", "corp", "jr", "no", "др", "гг", "вв", "проч", "ва", "est", "ed", "vol", "pp", "art"];

/// Whether a mark ends a sentence wherever it stands.
#[inline]
fn full_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '।' | '؟' | '۔' | '‼' | '⁈' | '⁉' | '．')
}

/// Whether it may end one.
#[inline]
fn stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || !c.is_ascii() && full_stop(c)
}

/// Whether the mark at byte `at` (`.` `!` `?` `…` and their like in other scripts) ends a sentence.
/// `S. Lavrov`, `U.S.`, `Mr. Hale`, `т. е.` and `3.5` end none.
#[must_use]
pub fn ends(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    let Some(mark) = rest.next() else { return false };
    match mark {
        mark if full_stop(mark) => true,
        '.' | '!' | '?' | '…' => {
            let Some(next) = following(rest) else { return true };
            match next {
                Next::Glued => false,
                Next::Lower => false,
                Next::Other => mark != '.' || !abbreviated(&text[..at], false),
                Next::Upper => {
                    mark != '.' || !abbreviated(&text[..at], true) || half_day(&text[..at]) && opens(&text[at + 1..])
                }
            }
        }
        _ => false,
    }
}

enum Next {
    /// A letter or digit without a space between.
    Glued,
    /// A small letter after a space.
    Lower,
    /// A capital after a space, or a letter of a script without capitals.
    Upper,
    /// A digit or another sign after a space.
    Other,
}

/// What follows a mark, behind further marks, closing quotes and brackets; `None` at the end of the text or block.
fn following(rest: impl Iterator<Item = char>) -> Option<Next> {
    let (mut space, mut newlines) = (false, 0);
    for c in rest.take(24) {
        match c {
            '\n' => {
                (space, newlines) = (true, newlines + 1);
                if newlines > 1 {
                    return None;
                }
            }
            _ if c.is_whitespace() => space = true,
            '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | '“' | '«' | '‘' | '„' | ')' | ']' | '(' | '—'
            | '–' | '-' => {}
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            _ if !space && c.is_alphanumeric() => return Some(Next::Glued),
            ',' | ';' | ':' => return Some(Next::Lower),
            _ if c.is_lowercase() => return Some(Next::Lower),
            _ if c.is_alphabetic() => return Some(Next::Upper),
            _ => return Some(Next::Other),
        }
    }
    None
}

/// Whether the word before a dot is an initial, an abbreviation, or a number before one.
fn abbreviated(before: &str, capital_follows: bool) -> bool {
    let start = before
        .char_indices()
        .rev()
        .take(16)
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '\u{301}' | '\u{308}' | '\u{306}' | '\u{ad}'))
        .last()
        .map_or(before.len(), |(at, _)| at);
    let word = &before[start..];
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (None, _) => false,
        (Some(letter), None) if word.chars().all(char::is_alphabetic) => {
            // "в 2024 г. Он": the year's dot ends a sentence before a capital; "г. Москва" and every initial do not.
            let year =
                matches!(letter, 'г' | 'в') && before[..start].trim_end().ends_with(|c: char| c.is_ascii_digit());
            !(year && capital_follows)
        }
        _ => {
            let word = word.to_lowercase();
            ABBREVIATIONS.contains(&&*word)
                || (OFTEN_LAST.contains(&&*word) && !capital_follows)
                || digraph(&word, before, start)
        }
    }
}

/// Whether a text ends in half a day behind its hour: `5 p.m`, `10:30 a.m`.
fn half_day(before: &str) -> bool {
    let hour = ["a.m", "p.m", "a. m", "p. m", "A.M", "P.M"].iter().find_map(|half| before.strip_suffix(half));
    hour.is_some_and(|hour| hour.trim_end_matches([' ', '\u{a0}']).ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether a sentence begins behind the hour, and no day or time zone follows: `5 p.m. Monday`, `5 p.m. Moscow time`, `5 p.m. GMT`.
fn opens(after: &str) -> bool {
    let mut words = after.split_whitespace().take(3);
    let first = words.next().unwrap_or("");
    let zone = first.chars().filter(|c| c.is_uppercase()).count() > 1;
    !zone && !first.trim_end_matches([',', '.']).ends_with("day") && !words.any(|word| word.starts_with("time"))
}

/// Whether a word of two letters is an initial that is written with two: `Sh.`, `Yu.`, `Zh.`, `Дж.`
fn digraph(lower: &str, before: &str, start: usize) -> bool {
    matches!(lower, "sh" | "ch" | "yu" | "ya" | "ye" | "yo" | "zh" | "kh" | "ts" | "dzh" | "дж")
        && before[start..].starts_with(char::is_uppercase)
}

/// The sentence around a span, in bytes, without white space at its ends. Blank lines end a sentence too.
/// `start` and `end` must lie on character boundaries; what is further away than some hundred words is cut off.
#[must_use]
pub fn around(text: &str, start: usize, end: usize) -> Range<usize> {
    let low = floor(text, start.saturating_sub(REACH_BYTES));
    let high = floor(text, end.saturating_add(REACH_BYTES).min(text.len()));
    let blank = |at: usize| text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    let stops = |at: usize, c: char| c == '\n' && blank(at) || stop(c) && ends(text, at);
    // Backwards, since mostly the last one is near.
    let mut before = text[low..start].char_indices().rev().map(|(at, c)| (low + at, c));
    let from = before.find(|(at, c)| stops(*at, *c)).map_or(low, |(at, c)| {
        // Closing quotes and brackets belong to the sentence that they close.
        let closers = |c: char| matches!(c, '"' | '”' | '’' | '»' | ')' | ']' | '.' | '!' | '?' | '」' | '』' | '）');
        let rest = &text[at + c.len_utf8()..start];
        start - rest.trim_start_matches(closers).len()
    });
    let mut to = high;
    for (at, c) in text[end..high].char_indices() {
        let at = end + at;
        if c == '\n' && blank(at) {
            to = at;
            break;
        }
        if stop(c) && ends(text, at) {
            let closers =
                |c: char| matches!(c, '.' | '!' | '?' | '…' | '"' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）');
            to = at + c.len_utf8();
            to += text[to..high].len() - text[to..high].trim_start_matches(closers).len();
            break;
        }
    }
    let from = from + (text[from..start].len() - text[from..start].trim_start().len());
    from..end + text[end..to].trim_end().len()
}

/// The largest character boundary that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sentence(text: &str, word: &str) -> String {
        let start = text.find(word).unwrap();
        text[around(text, start, start + word.len())].to_string()
    }

    #[test]
    fn dots_of_initials_and_abbreviations_end_no_sentence() {
        assert_eq!(
            sentence("It rained. Mr. Hale of St. Anne met S. Lavrov. They left.", "Hale"),
            "Mr. Hale of St. Anne met S. Lavrov."
        );
        assert_eq!(
            sentence("Он ушёл. Так, т. е. иначе, решил С. Лавров в г. Москве. Конец.", "решил"),
            "Так, т. е. иначе, решил С. Лавров в г. Москве."
        );
        assert_eq!(
            sentence("In 3.5 hours the U.S. envoy left. Rain fell.", "envoy"),
            "In 3.5 hours the U.S. envoy left."
        );
        assert_eq!(sentence("Это было в 2024 г. Он уехал.", "уехал"), "Он уехал.");
        assert_eq!(sentence("He came at 5 p.m. on Monday. Rain fell.", "Monday"), "He came at 5 p.m. on Monday.");
        assert_eq!(sentence("At 5 p.m. Moscow time he left. Rain fell.", "left"), "At 5 p.m. Moscow time he left.");
        assert_eq!(sentence("He came at 10:30 a.m. The bridge was shut.", "bridge"), "The bridge was shut.");
        assert_eq!(sentence("The bank (est. 1990) closed. Rain fell.", "closed"), "The bank (est. 1990) closed.");
    }

    #[test]
    fn other_scripts_and_blank_lines_end_sentences() {
        assert_eq!(sentence("地震发生。救援队出发。学校停课。", "救援"), "救援队出发。");
        assert_eq!(sentence("No mark here\n\nThe second block", "second"), "The second block");
        assert_eq!(sentence("Wrapped\nlines are one. Next.", "lines"), "Wrapped\nlines are one.");
    }

    #[test]
    fn closing_quotes_stay_with_their_sentence() {
        assert_eq!(sentence("“We won.” The crowd left.", "won"), "“We won.”");
        assert_eq!(sentence("“We won.” The crowd left.", "crowd"), "The crowd left.");
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_lies_in_its_sentence(text in "\\PC{0,60}", a in 0usize..60, b in 0usize..60) {
            let (a, b) = (floor(&text, a.min(b)), floor(&text, a.max(b)));
            let found = around(&text, a, b);
            prop_assert!(found.start <= a && found.end >= b);
            prop_assert!(text.get(found).is_some());
        }
    }
}
