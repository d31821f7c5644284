//! Names that keep their order: organizations, keywords, posts, phrases and terms of queries.
//! In: a typed name and whether it inflects. Out: its words. The head noun and the adjectives before it inflect, the rest does not.

use super::russian::{self, Morph};
use super::shown::recase;
use super::split::{Typed, between, split};
use crate::matching::fold;
use crate::matching::token::{Gap, Kind};
use crate::matching::trie::{Between, Shape};
use crate::matching::vocabulary::{Level, Vocabulary, WordId};

/// How a phrase compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How its Cyrillic words inflect.
    pub inflect: Inflect,
    /// Whether parts of one or two letters that are typed with a capital ask for one.
    pub keep_case: bool,
    /// Whether `*` and `?` stand for letters.
    pub globs: bool,
}

/// How a phrase inflects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inflect {
    /// Not at all.
    No,
    /// As the name of a body: in its number.
    Name,
    /// As a common word: both numbers.
    Word,
}

/// A phrase as a sequence of words. Empty when nothing in it is a word.
pub fn phrase(name: &str, manner: Manner, vocabulary: &mut Vocabulary) -> (Vec<WordId>, Shape) {
    if manner.globs && name.contains(['*', '?']) {
        return globs(name, manner, vocabulary);
    }
    let words = split(name, false);
    let morphs = morphs(&words, manner.inflect);
    let ids = words.iter().zip(morphs).map(|(word, morph)| intern(word, morph, manner.keep_case, vocabulary)).collect();
    join(&words, vocabulary);
    (ids, Shape::of(gaps(&words)))
}

/// A name with its numbers the other way: G7 for G-7, F16 for F-16, COVID19 for COVID-19. `None` when it has none.
pub fn other_numbers(name: &str) -> Option<String> {
    if !name.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let chars: Vec<char> = name.chars().collect();
    let mut other = String::with_capacity(name.len() + 2);
    let (mut letters, mut changed) = (0, false);
    for (at, c) in chars.iter().copied().enumerate() {
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        // Letters and nothing else before it: B2B has no number.
        let after_letters = letters > 0 && (at == letters || !chars[at - letters - 1].is_alphanumeric());
        match c {
            '-' if after_letters && digit(at + 1) => changed = true,
            _ if c.is_ascii_digit()
                && after_letters
                && !chars[at..].iter().take_while(|c| !c.is_whitespace()).any(|c| c.is_alphabetic()) =>
            {
                other.extend(['-', c]);
                changed = true;
            }
            _ => other.push(c),
        }
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
    }
    changed.then_some(other)
}

/// A name of several words in the other English spellings: Organisation, Defence, Labour for Organization, Defense, Labor.
pub fn other_spellings(name: &str) -> Vec<String> {
    const PAIRS: &[(&str, &str)] = &[
        ("organisation", "organization"),
        ("organisations", "organizations"),
        ("defence", "defense"),
        ("offence", "offense"),
        ("centre", "center"),
        ("centres", "centers"),
        ("theatre", "theater"),
        ("labour", "labor"),
        ("harbour", "harbor"),
        ("programme", "program"),
        ("programmes", "programs"),
        ("licence", "license"),
        ("aluminium", "aluminum"),
    ];
    if !name.is_ascii() || !name.contains(' ') {
        return vec![];
    }
    let small = name.to_ascii_lowercase();
    let paired = |word: &str| PAIRS.iter().any(|(british, us)| word == *british || word == *us);
    if !small.contains("isation") && !small.contains("ization") && !small.split(' ').any(paired) {
        return vec![];
    }
    let other = |word: &str, american: bool| -> String {
        let lower = word.to_ascii_lowercase();
        let pair = PAIRS.iter().find(|(british, us)| lower == *british || lower == *us);
        if let Some((british, us)) = pair {
            return recase(if american { us } else { british }, word);
        }
        let (from, to) = if american { ("isation", "ization") } else { ("ization", "isation") };
        match lower.rfind(from) {
            Some(at) if matches!(&lower[at + from.len()..], "" | "s") => {
                format!("{}{to}{}", &word[..at], &word[at + from.len()..])
            }
            _ => word.to_string(),
        }
    };
    let in_all = |american| name.split(' ').map(|word| other(word, american)).collect::<Vec<_>>().join(" ");
    [true, false].map(in_all).into_iter().filter(|form| !form.eq_ignore_ascii_case(name)).collect()
}

/// The shape of a name whose numbers stand behind a hyphen and behind no space.
pub fn closed(name: &str, shape: &Shape) -> Shape {
    let words = split(name, false);
    let number = |at: usize| words.get(at).is_some_and(|word| word.number() && word.gap == Gap::Hyphen);
    let gaps = shape.gaps.iter().enumerate().map(|(at, gap)| if number(at + 1) { Between::Hyphen } else { *gap });
    Shape { gaps: gaps.collect(), ..shape.clone() }
}

/// Notes which adjacent words a text may write as one.
pub fn join(words: &[Typed], vocabulary: &mut Vocabulary) {
    for pair in words.windows(2) {
        if between(&pair[0], &pair[1], pair[1].gap) == Between::Loose {
            vocabulary.join(pair[0].plain(), pair[1].plain());
        }
    }
}

/// A phrase that is compared as written.
pub fn exact(name: &str, vocabulary: &mut Vocabulary) -> (Vec<WordId>, Shape) {
    let words = split(name, false);
    let ids = words
        .iter()
        .map(|word| match word.kind {
            Kind::Address => vocabulary.intern_address(word.text, true),
            _ => vocabulary.intern(Level::Exact, &fold::exact(word.text), Morph::None, ""),
        })
        .collect();
    let gaps = words.windows(2).map(|pair| match between(&pair[0], &pair[1], pair[1].gap) {
        Between::Loose if pair[1].gap == crate::matching::token::Gap::Hyphen => Between::Hyphen,
        Between::Loose => Between::Space,
        Between::HyphenOrSpace => Between::Hyphen,
        other => other,
    });
    (ids, Shape::of(gaps.collect()))
}

/// What may stand between the words.
pub fn gaps(words: &[Typed]) -> Vec<Between> {
    words.windows(2).map(|pair| between(&pair[0], &pair[1], pair[1].gap)).collect()
}

/// The id of one word.
pub fn intern(word: &Typed, morph: Morph, keep_case: bool, vocabulary: &mut Vocabulary) -> WordId {
    if word.kind == Kind::Address {
        return vocabulary.intern_address(word.text, false);
    }
    let plain = word.plain();
    if word.dotted {
        // Written with dots it never matches small letters without them.
        return vocabulary.intern(Level::Upper, plain, Morph::None, "");
    }
    if keep_case && word.letters <= 2 && word.kind == Kind::Word && word.capital() {
        return vocabulary.intern(Level::Capital, plain, morph, &word.marked);
    }
    let (level, key) = if word.has_marks() { (Level::Marked, &*word.marked) } else { (Level::Plain, plain) };
    vocabulary.intern(level, key, morph, &word.marked)
}

/// Which words inflect: adjectives at the beginning, and the noun after them.
pub fn morphs(words: &[Typed], inflect: Inflect) -> Vec<Morph> {
    let mut morphs = vec![Morph::None; words.len()];
    // Letters that Russian has not: the name inflects by suffixes, not by endings.
    let foreign = words.iter().any(|word| {
        word.marked.chars().any(|c| {
            matches!(c, 'ў' | 'қ' | 'ғ' | 'ҳ' | 'ә' | 'ң' | 'ү' | 'ұ' | 'һ' | 'ө' | 'і' | 'ї' | 'є' | 'ҷ' | 'ӣ' | 'ӯ')
        })
    });
    if inflect == Inflect::No || foreign {
        return morphs;
    }
    let (head, adjective) = match inflect {
        Inflect::Word => (Morph::Noun, Morph::Adjective),
        _ => (Morph::Head, Morph::HeadAdjective),
    };
    for (at, word) in words.iter().enumerate() {
        if !word.cyrillic() || word.acronym() || word.dotted || word.letters < 3 {
            break;
        }
        // онлайн-обмен: the last part of a compound inflects.
        if words.get(at + 1).is_some_and(|next| next.gap == crate::matching::token::Gap::Hyphen) {
            continue;
        }
        if russian::looks_adjective(&word.marked) {
            morphs[at] = adjective;
        } else {
            morphs[at] = head;
            break;
        }
    }
    morphs
}

/// Words with wildcards: parted at spaces only, since the tokenizer does not know `*`.
fn globs(name: &str, manner: Manner, vocabulary: &mut Vocabulary) -> (Vec<WordId>, Shape) {
    let pieces: Vec<&str> = name.split([' ', '\t', '\n', '-']).filter(|piece| !piece.is_empty()).collect();
    let mut ids = vec![];
    let mut gaps = vec![];
    for piece in pieces {
        if !ids.is_empty() {
            gaps.push(Between::Loose);
        }
        if piece.contains(['*', '?']) {
            let marked = fold::marked(piece);
            let plain = fold::plain(&marked);
            let level = if *plain == *marked { Level::Glob } else { Level::GlobMarked };
            ids.push(vocabulary.intern(level, if level == Level::Glob { &plain } else { &marked }, Morph::None, ""));
        } else {
            let words = split(piece, false);
            let morphs = morphs(&words, manner.inflect);
            for (at, (word, morph)) in words.iter().zip(morphs).enumerate() {
                if at > 0 {
                    gaps.push(between(&words[at - 1], word, word.gap));
                }
                ids.push(intern(word, morph, manner.keep_case, vocabulary));
            }
        }
    }
    gaps.truncate(ids.len().saturating_sub(1));
    (ids, Shape::of(gaps))
}
