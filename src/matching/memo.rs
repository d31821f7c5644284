//! What is known of the words of texts, so that each is worked out once. In: words as they stand. Out: their senses, and whether names
//! begin with them. Bounded, and never a part of what is decided: an empty memo gives the same.

use super::fold;
use super::names::kin;
use super::spelling::Spelling;
use super::trie::Trie;
use super::vocabulary::{Sense, Vocabulary, number};
use std::hash::{BuildHasher as _, Hasher as _};

/// What was found out about the words of texts, kept from one article to the next. Bounded.
#[derive(Debug, Default)]
pub struct Memo {
    /// By some bits of a word's hash: four words, the last one first, in one line of the processor's cache.
    lines: Vec<[Slot; 4]>,
    pub senses: Vec<Sense>,
    /// By sense: how names that begin with it go on.
    pub begins: Vec<Begin>,
    spelling: Spelling,
    hasher: foldhash::fast::RandomState,
}

/// How names that begin with a word go on, as a set of flags.
#[derive(Debug, Clone, Copy, Default)]
pub struct Begin(u8);

impl Begin {
    /// Any begins so.
    pub const ANY: Self = Self(1);
    /// The word is one by itself.
    pub const ALONE: Self = Self(2);
    /// It is the family name of names that stand either way.
    pub const FAMILY: Self = Self(4);
    /// Any of those begins so that are looked for only when a rule asks.
    pub const LATE: Self = Self(8);
    /// Of a span, not of a sense: the word is a patronymic.
    const PATRONYMIC: Self = Self(16);

    /// Whether a flag is set.
    pub fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    fn of(sense: &Sense, trie: &Trie, late: &Trie) -> Self {
        let two = sense.then.is_some();
        let flags = [
            (Self::ANY, two || trie.first(sense.word).is_some()),
            (Self::ALONE, two || trie.alone(sense.word)),
            (Self::FAMILY, trie.family(sense.word)),
            (Self::LATE, late.first(sense.word).is_some()),
        ];
        Self(flags.iter().filter(|(_, set)| *set).fold(0, |all, (flag, _)| all | flag.0))
    }
}

/// What words are looked up in.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon<'a> {
    /// All words of names.
    pub vocabulary: &'a Vocabulary,
    /// The names that every article is searched for.
    pub trie: &'a Trie,
    /// Those that it is searched for when a rule asks.
    pub late: &'a Trie,
}

/// A word is known by 64 bits of its hash alone, under a key that each memo draws anew: with as many slots, one word in
/// 10^15 would be taken for another.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u64,
    span: Span,
}

/// Words kept in a memo, a power of two; a language's everyday words are some tens of thousands.
const MEMO_WORDS: usize = 1 << 16;
/// Senses kept; most words have none.
const MEMO_SENSES_MAX: usize = 1 << 16;

impl Memo {
    /// Forgets when it has grown too large; called between articles.
    pub fn trim(&mut self) {
        if self.lines.is_empty() || self.senses.len() > MEMO_SENSES_MAX {
            self.lines.clear();
            self.lines.resize(MEMO_WORDS / 4, [Slot::default(); 4]);
            self.senses.clear();
            self.begins.clear();
        }
    }

    /// The senses of a word, as a span of `senses`.
    #[inline]
    pub fn look(&mut self, surface: &str, lexicon: Lexicon) -> Span {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(surface.as_bytes());
        // Zero stands for an empty slot.
        let hash = hasher.finish() | 1 << 63;
        let at = usize::try_from(hash >> 8).unwrap_or(0) & (MEMO_WORDS / 4 - 1);
        match self.lines.get(at).and_then(|line| line.iter().find(|slot| slot.hash == hash)) {
            Some(slot) => slot.span,
            None => self.learn(surface, lexicon, hash, at),
        }
    }

    #[cold]
    fn learn(&mut self, surface: &str, lexicon: Lexicon, hash: u64, at: usize) -> Span {
        let Lexicon { vocabulary, trie, late } = lexicon;
        let from = number(self.senses.len());
        if vocabulary.may(surface, &mut self.spelling) {
            vocabulary.senses(surface, &mut self.spelling, &mut self.senses);
            self.begins.extend(self.senses[from as usize..].iter().map(|sense| Begin::of(sense, trie, late)));
        }
        let many = u16::try_from(self.senses.len() - from as usize).unwrap_or(u16::MAX);
        let capital =
            surface.len() <= 80 && surface.chars().next().is_some_and(|c| !c.is_ascii_lowercase() && c.is_uppercase());
        let mut begin = self.begins[from as usize..].iter().fold(0, |all, begin| all | begin.0);
        if capital && kin::patronymic_form(&fold::marked(surface)) {
            begin |= Begin::PATRONYMIC.0;
        }
        let span = Span { from, many, begin: Begin(begin) };
        if let Some(line) = self.lines.get_mut(at) {
            line.rotate_right(1);
            line[0] = Slot { hash, span };
        }
        span
    }
}

/// What is known of a word: its senses, as a span of the memo's, how names begin with any of them, and whether it is a patronymic.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    from: u32,
    many: u16,
    begin: Begin,
}

impl Span {
    pub fn range(self) -> std::ops::Range<usize> {
        let from = self.from as usize;
        from..from + usize::from(self.many)
    }

    /// Whether a flag is set for any of its senses.
    pub fn has(self, flag: Begin) -> bool {
        self.begin.has(flag)
    }

    pub fn patronymic(self) -> bool {
        self.begin.has(Begin::PATRONYMIC)
    }
}
