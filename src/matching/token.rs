//! Text into tokens. In: one block of text. Out: its words with their places, what stands before each, and counts of words and
//! sentences. Never a folded copy of the text: a token is a span of the original.

use super::address;
use super::class::{Class, class, letter};
use super::run;
use crate::text::sentence;

/// One word, one letter of a script without spaces, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Byte offsets in the text.
    pub start: u32,
    pub end: u32,
    /// Which word it is, for distances: parts of a hyphenated word share a number.
    pub word: u32,
    /// Which sentence it stands in.
    pub sentence: u32,
    /// What stands before it.
    pub gap: Gap,
    /// Whether it can be part of a name: an address cannot.
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word of a script with spaces, or a run of Katakana.
    Word,
    /// A letter of a script without spaces.
    Single,
    /// An address: counts as a word, is never looked into.
    Address,
}

/// What stands between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gap {
    /// Nothing.
    Glued,
    /// White space, or the middle dot between parts of a name.
    Space,
    /// A hyphen without spaces.
    Hyphen,
    /// Quotation marks, with spaces or without.
    Quote,
    /// A dot that ends no sentence, without a space after it.
    Dot,
    /// The same with a space.
    DotSpace,
    /// `&`, `/`, `+`, with spaces or without.
    Symbol,
    /// A comma.
    Comma,
    /// A comma with other marks: a bracket, a quotation mark.
    Clause,
    /// Anything else within a sentence.
    Break,
    /// The end of a sentence.
    Sentence,
    /// The start of a block.
    Block,
}

/// Running numbers over the blocks of one article.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// Of words.
    pub word: u32,
    /// Of sentences.
    pub sentence: u32,
}

/// Words between two blocks that do not exist, so that no distance spans them.
const BLOCK_STRIDE: u32 = 1 << 10;

const SPACE: u16 = 1;
const HYPHEN: u16 = 2;
const QUOTE: u16 = 4;
const DOT: u16 = 8;
const SYMBOL: u16 = 16;
const COMMA: u16 = 32;
const OTHER: u16 = 64;
const SENTENCE: u16 = 128;
const NEWLINE: u16 = 256;

/// Appends the tokens of `text[start..end]`.
pub fn tokenize(text: &str, start: usize, end: usize, count: &mut Count, tokens: &mut Vec<Token>) {
    count.word += BLOCK_STRIDE;
    count.sentence += 1;
    let first = tokens.len();
    let text = &text[..end];
    let bytes = text.as_bytes();
    let mut seen = 0u16;
    let mut at = start;
    while at < end {
        let byte = bytes[at];
        if byte == b' ' {
            seen |= SPACE;
            at += 1;
            continue;
        }
        if run::begins(byte) {
            let stop = run_of_word(text, at);
            push(tokens, first, count, &mut seen, at, stop, Kind::Word);
            at = stop;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let next = at + c.len_utf8();
        let kind = match class(c) {
            Class::Word | Class::Mark | Class::Kana => Kind::Word,
            Class::Single => Kind::Single,
            other => {
                let from = tokens[first..]
                    .last()
                    .map_or(start, |t| if t.kind == Kind::Address { t.end as usize } else { start });
                if let Some(span) = shows_address(text, at, c).then(|| address::around(text, from, at)).flatten() {
                    while tokens.len() > first && tokens.last().is_some_and(|t| t.end as usize > span.start) {
                        // What was taken for words was the beginning of the address; the gap before it stays its own.
                        seen = tokens.pop().map_or(seen, |t| flags_of(t.gap));
                    }
                    push(tokens, first, count, &mut seen, span.start, span.end, Kind::Address);
                    at = span.end;
                } else if c == '_' && in_hashtag(text, at) {
                    seen |= SPACE;
                    at = next;
                } else {
                    seen |= flag(text, at, other, seen);
                    at = next;
                }
                continue;
            }
        };
        let stop = match kind {
            Kind::Single => run_of_marks(text, next),
            Kind::Word if class(c) == Class::Kana => run_of_kana(text, next),
            _ => run_of_word(text, next),
        };
        push(tokens, first, count, &mut seen, at, stop, kind);
        at = stop;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an article is at most limits::ARTICLE_TEXT_BYTES_MAX long; longer text is cut before"
)]
fn push(
    tokens: &mut Vec<Token>,
    first: usize,
    count: &mut Count,
    seen: &mut u16,
    start: usize,
    end: usize,
    kind: Kind,
) {
    let gap = if tokens.len() == first { Gap::Block } else { gap(*seen) };
    *seen = 0;
    count.sentence += u32::from(gap == Gap::Sentence);
    count.word += u32::from(!matches!(gap, Gap::Hyphen | Gap::Dot));
    let (word, sentence) = (count.word, count.sentence);
    tokens.push(Token { start: start as u32, end: end as u32, word, sentence, gap, kind });
}

/// The gap that a set of marks makes.
fn gap(seen: u16) -> Gap {
    let spaced = seen & (SPACE | NEWLINE) != 0;
    let marks = seen & !(SPACE | NEWLINE);
    match marks {
        0 if spaced => Gap::Space,
        0 => Gap::Glued,
        _ if marks & SENTENCE != 0 => Gap::Sentence,
        COMMA => Gap::Comma,
        _ if marks & COMMA != 0 => Gap::Clause,
        _ if marks & OTHER != 0 => Gap::Break,
        QUOTE => Gap::Quote,
        SYMBOL => Gap::Symbol,
        // A word broken at the end of a line keeps its hyphen; with a space it is a dash.
        HYPHEN if seen & SPACE == 0 => Gap::Hyphen,
        DOT if spaced => Gap::DotSpace,
        DOT => Gap::Dot,
        // J.-P. Sartre
        _ if marks == DOT | HYPHEN && !spaced => Gap::Dot,
        _ => Gap::Break,
    }
}

fn flags_of(gap: Gap) -> u16 {
    match gap {
        Gap::Glued | Gap::Block => 0,
        Gap::Space => SPACE,
        Gap::Hyphen => HYPHEN,
        Gap::Quote => QUOTE,
        Gap::Dot => DOT,
        Gap::DotSpace => DOT | SPACE,
        Gap::Symbol => SYMBOL,
        Gap::Comma => COMMA,
        Gap::Clause => COMMA | OTHER,
        Gap::Break => OTHER,
        Gap::Sentence => SENTENCE,
    }
}

fn flag(text: &str, at: usize, class: Class, seen: u16) -> u16 {
    match class {
        Class::Space | Class::MiddleDot => SPACE,
        // A blank line parts blocks; where it stands inside one all the same, no name crosses it.
        Class::Newline if seen & NEWLINE != 0 => OTHER,
        Class::Newline => NEWLINE,
        Class::Invisible => 0,
        Class::Hyphen if seen & HYPHEN != 0 => OTHER,
        Class::Hyphen => HYPHEN,
        Class::Quote | Class::Apostrophe => QUOTE,
        Class::Symbol => SYMBOL,
        Class::Comma => COMMA,
        Class::Dot if !sentence::ends(text, at) => DOT,
        Class::Stop if !sentence::ends(text, at) => OTHER,
        Class::Dot | Class::Stop => SENTENCE,
        _ => OTHER,
    }
}

/// Whether an address may show itself here.
fn shows_address(text: &str, at: usize, c: char) -> bool {
    match c {
        '@' => true,
        ':' => text[at..].starts_with("://"),
        '.' => text[at + 1..].starts_with(letter) && text[..at].ends_with(letter),
        _ => false,
    }
}

/// Whether an underscore parts the words of a hashtag: `#Shanghai_Cooperation`.
fn in_hashtag(text: &str, at: usize) -> bool {
    let mut before = text[..at]
        .chars()
        .rev()
        .take(HASHTAG_CHARS_MAX)
        .skip_while(|c| letter(*c) || *c == '_' || class(*c) == Class::Mark);
    matches!(before.next(), Some('#' | '＃')) && text[at + 1..].starts_with(letter)
}

/// Longer ones are none: no network takes them.
const HASHTAG_CHARS_MAX: usize = 140;

/// The end of the marks of a letter; what is invisible behind the last is none of it.
fn run_of_marks(text: &str, from: usize) -> usize {
    let marks = text[from..].char_indices().take_while(|(_, c)| matches!(class(*c), Class::Mark | Class::Invisible));
    marks.filter(|(_, c)| class(*c) == Class::Mark).last().map_or(from, |(at, c)| from + at + c.len_utf8())
}

fn run_of_kana(text: &str, from: usize) -> usize {
    text[from..].find(|c| !matches!(class(c), Class::Kana | Class::Mark)).map_or(text.len(), |len| from + len)
}

/// The end of a word that goes on at `from`: letters, digits, marks, what is invisible between letters, an apostrophe between
/// letters or after o and g (Uzbek), a dot or comma between digits.
fn run_of_word(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = from;
    let mut at = from;
    while at < bytes.len() {
        let byte = bytes[at];
        if run::begins(byte) {
            at = run::letters(bytes, at);
            end = at;
            // Most words end at a space.
            if bytes.get(at) == Some(&b' ') {
                break;
            }
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let next = at + c.len_utf8();
        match class(c) {
            Class::Word | Class::Mark => end = next,
            Class::Invisible => {}
            Class::Apostrophe if end == at => {
                let goes_on = text[next..].chars().next().is_some_and(|c| matches!(class(c), Class::Word));
                let uzbek = matches!(bytes[at - 1], b'o' | b'O' | b'g' | b'G');
                if !goes_on && !uzbek {
                    break;
                }
                end = next;
                if !goes_on {
                    break;
                }
            }
            Class::Dot | Class::Comma if byte < 128 && end == at => {
                let digits = bytes[at - 1].is_ascii_digit() && bytes.get(next).is_some_and(u8::is_ascii_digit);
                if !digits {
                    break;
                }
            }
            _ => break,
        }
        at = next;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let mut tokens = vec![];
        tokenize(text, 0, text.len(), &mut Count::default(), &mut tokens);
        let sign = |gap| match gap {
            Gap::Block | Gap::Space => " ",
            Gap::Glued => "+",
            Gap::Hyphen => "-",
            Gap::Quote => "\"",
            Gap::Dot => ".",
            Gap::DotSpace => ". ",
            Gap::Symbol => "&",
            Gap::Comma => ",",
            Gap::Clause => ";",
            Gap::Break => "|",
            Gap::Sentence => "/",
        };
        tokens.iter().flat_map(|t| [sign(t.gap), &text[t.start as usize..t.end as usize]]).collect()
    }

    #[test]
    fn words_and_what_parts_them() {
        assert_eq!(shown("The U.S. envoy, S. Lavrov, left. It rained"), " The U.S. envoy,S. Lavrov,left/It rained");
        assert_eq!(shown("long-awaited truce — NATO-led"), " long-awaited truce|NATO-led");
        assert_eq!(shown("С.Лавров в «Дельте» за 3.5 млн"), " С.Лавров в\"Дельте\"за 3.5 млн");
        assert_eq!(shown("AT&T and Li\u{200b}n"), " AT&T and Li\u{200b}n");
        assert_eq!(shown("co-\nop"), " co-op");
    }

    #[test]
    fn scripts_without_spaces_part_into_letters_and_leave_others_whole() {
        assert_eq!(shown("北约NATO宣"), " 北+约+NATO+宣");
        assert_eq!(shown("新しいｶﾒﾗが"), " 新+し+い+ｶﾒﾗ+が");
    }

    #[test]
    fn apostrophes_stay_in_words() {
        assert_eq!(shown("Maeve O’Brien's Toshkentning gʻisht l'ONU"), " Maeve O’Brien's Toshkentning gʻisht l'ONU");
        assert_eq!(shown("The Rangers' barracks, togʻ 'quoted'"), " The Rangers\"barracks,togʻ\"quoted");
    }

    #[test]
    fn an_address_is_one_token() {
        assert_eq!(shown("Write to boris.lavsky@mid.example for it"), " Write to boris.lavsky@mid.example for it");
        assert_eq!(
            shown("The page https://mid.example/boris-lavsky. Next"),
            " The page https://mid.example/boris-lavsky/Next"
        );
    }

    proptest! {
        #[test]
        fn tokens_lie_in_the_text_in_order(text in "\\PC{0,80}") {
            let mut tokens = vec![];
            tokenize(&text, 0, text.len(), &mut Count::default(), &mut tokens);
            let mut end = 0;
            for token in tokens {
                prop_assert!(token.start >= end && token.end > token.start);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                end = token.end;
            }
        }
    }
}
