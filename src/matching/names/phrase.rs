//! Names that keep their order: organizations, keywords, posts, phrases and terms of queries.
//! In: a typed name and whether it inflects. Out: its words. The head noun and the adjectives before it inflect, the rest does not.

use super::kin;
use super::latin;
use super::russian::{self, Morph};
use super::shown::recase;
use super::split::{Typed, between, letters, split};
use crate::matching::class;
use crate::matching::fold;
use crate::matching::token::{Gap, Kind};
use crate::matching::trie::{Between, Shape};
use crate::matching::vocabulary::{Level, WordId, Words};
use crate::matching::words;

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
    /// The same, and Latin words too: somebody asked for it.
    Every,
}

/// A phrase as a sequence of words. Empty when nothing in it is a word.
pub fn phrase(name: &str, manner: Manner, vocabulary: &mut dyn Words) -> (Vec<WordId>, Shape) {
    if manner.globs && name.contains(['*', '?']) {
        return globs(name, manner, vocabulary);
    }
    let words = split(name, false);
    let morphs = morphs(&words, manner.inflect);
    join(&words, vocabulary);
    (ids(&words, &morphs, manner, vocabulary), Shape::of(gaps(&words)))
}

/// A name of a body with its forms of [`other_morphs`]; `None` when it has none.
pub fn otherwise(name: &str, manner: Manner, vocabulary: &mut dyn Words) -> Option<(Vec<WordId>, Shape)> {
    if manner.inflect != Inflect::Name || name.is_ascii() || manner.globs && name.contains(['*', '?']) {
        return None;
    }
    let words = split(name, false);
    let morphs = other_morphs(&words)?;
    Some((ids(&words, &morphs, manner, vocabulary), Shape::of(gaps(&words))))
}

fn ids(words: &[Typed], morphs: &[Morph], manner: Manner, vocabulary: &mut dyn Words) -> Vec<WordId> {
    let id = |(at, (word, morph)): (usize, (&Typed, &Morph))| {
        // al-Qaeda and Al-Qaeda are one.
        let tied = words.get(at + 1).is_some_and(|next| next.gap == Gap::Hyphen);
        intern(word, *morph, manner.keep_case && !(tied && kin::article(&word.marked)), vocabulary)
    };
    words.iter().zip(morphs).enumerate().map(id).collect()
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

/// A name in Latin letters with the endings of common words on its first or its last word: `sanction` with `sanctions`,
/// `sanctioned`, `sanctioning`, and `Sanktion` with `Sanktionen`.
pub fn endings(name: &str) -> Vec<String> {
    if name.contains(['*', '?']) {
        return vec![];
    }
    let words = split(name, false);
    let mut found: Vec<String> = vec![];
    let ends = [words.first(), words.last().filter(|_| words.len() > 1)].into_iter().flatten();
    for word in ends.filter(|word| word.kind == Kind::Word && word.letters >= 3 && !word.acronym()) {
        if !word.text.chars().all(class::latin) {
            continue;
        }
        let start = word.text.as_ptr() as usize - name.as_ptr() as usize;
        for form in latin::forms(word.text) {
            let form = format!("{}{form}{}", &name[..start], &name[start + word.text.len()..]);
            if form != name && !found.contains(&form) {
                found.push(form);
            }
        }
    }
    found
}

/// The shape of a name whose numbers stand behind a hyphen and behind no space.
pub fn closed(name: &str, shape: &Shape) -> Shape {
    let words = split(name, false);
    let number = |at: usize| words.get(at).is_some_and(|word| word.number() && word.gap == Gap::Hyphen);
    let gaps = shape.gaps.iter().enumerate().map(|(at, gap)| if number(at + 1) { Between::Hyphen } else { *gap });
    Shape { gaps: gaps.collect(), ..shape.clone() }
}

/// Notes which adjacent words a text may write as one.
pub fn join(words: &[Typed], vocabulary: &mut dyn Words) {
    for pair in words.windows(2) {
        if between(&pair[0], &pair[1], pair[1].gap) == Between::Loose {
            vocabulary.join(pair[0].plain(), pair[1].plain());
        }
    }
}

/// A phrase that is compared as written.
pub fn exact(name: &str, vocabulary: &mut dyn Words) -> (Vec<WordId>, Shape) {
    let words = letters(name);
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
pub fn intern(word: &Typed, morph: Morph, keep_case: bool, vocabulary: &mut dyn Words) -> WordId {
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
        Inflect::Word | Inflect::Every => (Morph::Noun, Morph::Adjective),
        _ => (Morph::Head, Morph::HeadAdjective),
    };
    for (at, word) in words.iter().enumerate() {
        if !word.cyrillic() || word.acronym() || word.dotted || word.letters < 3 {
            break;
        }
        // онлайн-обмен: the last part of a compound inflects, the others may; of Ростов-на-Дону the first.
        if words.get(at + 1).is_some_and(|next| next.gap == Gap::Hyphen) {
            if words.get(at + 2).is_some_and(|next| next.gap == Gap::Hyphen) && words[at + 1].letters < 3 {
                morphs[at] = head;
                break;
            }
            morphs[at] = Morph::Tied;
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

/// The words of a Russian name that inflects otherwise than [`morphs`] says: in its second noun. `Олий Мажлис` has a first word
/// that is foreign and stays as it is (`Олий Мажлиса`); of `река Амазонка` both inflect and agree (`реки Амазонки`).
pub fn other_morphs(words: &[Typed]) -> Option<Vec<Morph>> {
    let [first, second, ..] = words else { return None };
    let capital = |word: &Typed| word.cyrillic() && word.capital() && !word.acronym() && word.letters >= 3;
    // A genitive, or a word that does not inflect.
    let other_case = ["ов", "ев", "ей", "ий", "ых", "их", "ого", "его", "е", "и", "о", "у", "ы", "э", "ю"];
    let usual = morphs(words, Inflect::Name);
    if usual[0] != Morph::Head
        || second.gap != Gap::Space
        || !capital(second)
        || other_case.iter().any(|end| second.marked.ends_with(end))
    {
        return None;
    }
    let known = words::russian(&first.marked);
    if !known && (!capital(first) || second.marked.ends_with(['а', 'я'])) {
        return None;
    }
    let mut other = usual;
    other[0] = if known { Morph::Head } else { Morph::None };
    other[1] = Morph::Head;
    Some(other)
}

/// Words with wildcards: parted at spaces only, since the tokenizer does not know `*`.
fn globs(name: &str, manner: Manner, vocabulary: &mut dyn Words) -> (Vec<WordId>, Shape) {
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
