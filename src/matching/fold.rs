//! Text into tokens: words folded for comparison, each with its place in the original and the gap before it.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing, white space, a hyphen, an apostrophe, a middle dot: a name goes on over it.
    Open,
    /// Only a hyphen or an apostrophe: a suffix may follow.
    Joint,
    /// A full stop after an initial.
    Initial,
    /// A comma: "Family, Given" and nothing else goes on over it.
    Comma,
    /// The end of a sentence, brackets, anything else: no name goes on over it.
    Closed,
}

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    /// Bytes of the original.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Folded: NFKC, lower case, ё = е, apostrophes one, invisible marks gone.
    pub(super) folded: Cow<'a, str>,
    /// Folded, Latin diacritics stripped too; empty where that changes nothing.
    pub(super) plain: String,
    /// As written, invisible marks gone.
    pub(super) raw: Cow<'a, str>,
    pub(super) gap: Gap,
}

/// The tokens of a text. Words inside e-mail addresses, URLs and @handles are none.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = vec![];
    let skipped = addresses(text);
    let mut skips = skipped.iter().peekable();
    let mut chars = text.char_indices().peekable();
    let mut gap_from = 0;
    while let Some(&(at, c)) = chars.peek() {
        while skips.next_if(|skip| skip.end <= at).is_some() {}
        if let Some(skip) = skips.peek().filter(|skip| skip.contains(&at)) {
            while chars.next_if(|(at, _)| *at < skip.end).is_some() {}
            continue;
        }
        if !is_word(c) {
            chars.next();
            continue;
        }
        let end = word_end(text, at, skips.peek().map_or(text.len(), |skip| skip.start.max(at + c.len_utf8())));
        while chars.next_if(|(at, _)| *at < end).is_some() {}
        let gap = if tokens.is_empty() { Gap::Closed } else { gap(&text[gap_from..at], tokens.last()) };
        tokens.push(token(text, at, end, gap));
        gap_from = end;
    }
    tokens
}

fn token(text: &str, start: usize, end: usize, gap: Gap) -> Token<'_> {
    let written = &text[start..end];
    // Most words of most texts are as they are compared, and nothing is made of them.
    if written.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        let (folded, raw) = (Cow::Borrowed(written), Cow::Borrowed(written));
        return Token { start, end, folded, plain: String::new(), raw, gap };
    }
    let raw: Cow<'_, str> = if written.chars().any(|c| invisible(c) || c == '.') {
        written.chars().filter(|c| !invisible(*c) && *c != '.').collect::<String>().into()
    } else {
        written.into()
    };
    if raw.is_ascii() {
        let folded = raw.to_ascii_lowercase().into();
        return Token { start, end, folded, plain: String::new(), raw, gap };
    }
    let (folded, plain) = fold(&raw);
    Token { start, end, folded: folded.into(), plain, raw, gap }
}

/// A word folded, and the same without Latin diacritics (empty if that is the same).
pub(super) fn fold(word: &str) -> (String, String) {
    let mut folded = String::with_capacity(word.len());
    // Cyrillic letters without marks are their own NFKC form.
    let simple = word.chars().all(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    if simple {
        folded.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }));
        return (folded, String::new());
    }
    for c in word.nfkc().flat_map(char::to_lowercase) {
        match c {
            'ё' => folded.push('е'),
            c if apostrophe(c) => folded.push('\''),
            c if invisible(c) => {}
            'ß' => folded.push_str("ss"),
            c => folded.push(c),
        }
    }
    if folded.is_ascii() || !folded.chars().any(|c| c < '\u{250}' && !c.is_ascii() || is_combining_mark(c)) {
        return (folded, String::new());
    }
    let mut plain = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            'ı' => plain.push('i'),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' => plain.push('d'),
            c if c < '\u{250}' || ('\u{1e00}'..='\u{1eff}').contains(&c) => {
                plain.extend(std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)));
            }
            c => plain.push(c),
        }
    }
    if plain == folded { (folded, String::new()) } else { (folded, plain) }
}

/// Characters without spaces between words: each is a token.
pub(super) fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{0e00}'..='\u{0e7f}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

pub(super) fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´' | 'ʹ' | '＇')
}

/// Where the word that begins at `start` ends. An Uzbek oʻ or gʻ keeps its mark; A.B.C. is one word.
fn word_end(text: &str, start: usize, limit: usize) -> usize {
    let mut end = start;
    let mut last = None;
    let rest = &text[start..limit];
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_dense(c) {
            return if at == 0 { start + c.len_utf8() } else { end };
        }
        if is_word(c) {
            end = start + at + c.len_utf8();
            last = Some(c);
        } else if invisible(c) {
        } else if apostrophe(c)
            && last.is_some_and(|c| matches!(c, 'o' | 'O' | 'g' | 'G'))
            && chars.peek().is_some_and(|(_, next)| next.is_alphabetic() && !is_dense(*next))
            && !possessive(&rest[at + c.len_utf8()..])
        {
            last = Some(c);
        } else {
            break;
        }
    }
    acronym_end(text, start, end, limit)
}

/// Whether what follows an apostrophe is an English possessive's s.
fn possessive(rest: &str) -> bool {
    rest.strip_prefix(['s', 'S']).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// `A.B.C.`, from its first letter: single capitals, each with a dot, no space; at least two.
fn acronym_end(text: &str, start: usize, end: usize, limit: usize) -> usize {
    let single = |at: usize| {
        let mut chars = text.get(at..limit)?.chars();
        let c = chars.next().filter(|c| c.is_uppercase())?;
        (chars.next() == Some('.')).then_some(at + c.len_utf8() + 1)
    };
    let Some(mut at) = single(start).filter(|_| text[start..end].chars().count() == 1) else { return end };
    let mut letters = 1;
    while let Some(next) = single(at) {
        at = next;
        letters += 1;
    }
    if letters < 2 {
        return end;
    }
    // The letter of "С.Лавров" belongs to the name behind it; what stays are whole initials.
    at
}

fn gap(between: &str, before: Option<&Token<'_>>) -> Gap {
    if between == " " {
        return Gap::Open;
    }
    let shown = || between.chars().filter(|c| !invisible(*c));
    if shown().all(|c| matches!(c, '-' | '‐' | '‑' | '–') || apostrophe(c)) && shown().next().is_some() {
        return Gap::Joint;
    }
    let lines = between.matches('\n').count();
    if lines > 1 {
        return Gap::Closed;
    }
    let open = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '·' | '・' | '•') || apostrophe(c);
    if shown().all(open) {
        return Gap::Open;
    }
    let trimmed = between.trim();
    let initial =
        before.is_some_and(|token| token.raw.chars().count() <= 2 && token.raw.chars().all(char::is_uppercase));
    match trimmed {
        "." if initial => Gap::Initial,
        "," => Gap::Comma,
        _ => Gap::Closed,
    }
}

/// What no name is looked for in: e-mail addresses, URLs, @handles.
fn addresses(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = vec![];
    if !text.contains('@') && !text.contains("://") && !text.contains("www.") {
        return found;
    }
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let trimmed = word
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | '"' | '«' | '»'));
        let from = at + word.find(trimmed).unwrap_or(0);
        let address = trimmed.contains("://") || trimmed.starts_with("www.");
        let mail = trimmed.find('@').is_some_and(|sign| trimmed[sign + 1..].starts_with(char::is_alphanumeric));
        if (address || mail) && !trimmed.is_empty() {
            found.push(from..from + trimmed.len());
        }
        at += word.len();
    }
    found
}
