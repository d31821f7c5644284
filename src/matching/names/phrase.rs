//! Names that keep their order: organizations, keywords, posts, phrases and terms of queries.
//! In: a typed name and whether it inflects. Out: its words. The head noun and the adjectives before it inflect, the rest does not.

use super::russian::{self, Morph};
use super::split::{Typed, between, split};
use crate::matching::fold;
use crate::matching::token::Kind;
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

/// Notes which adjacent words a text may write as one.
pub fn join(words: &[Typed], vocabulary: &mut Vocabulary) {
    for pair in words.windows(2) {
        if between(&pair[0], &pair[1], pair[1].gap) == Between::Loose {
            vocabulary.join(&pair[0].plain(), &pair[1].plain());
        }
    }
}

/// A phrase that is compared as written.
pub fn exact(name: &str, vocabulary: &mut Vocabulary) -> (Vec<WordId>, Shape) {
    let words = split(name, false);
    let ids =
        words.iter().map(|word| vocabulary.intern(Level::Exact, &fold::exact(word.text), Morph::None, "")).collect();
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
    let plain = word.plain();
    if word.dotted {
        // Written with dots it never matches small letters without them.
        return vocabulary.intern(Level::Upper, &plain, Morph::None, "");
    }
    if keep_case && word.letters <= 2 && word.kind == Kind::Word && word.capital() {
        return vocabulary.intern(Level::Capital, &plain, morph, &word.marked);
    }
    let (level, key) = if word.has_marks() { (Level::Marked, &*word.marked) } else { (Level::Plain, &*plain) };
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
