//! The words of all names and queries, and which of them a word of a text may be.
//! In: words with how strictly they compare; then the words of texts. Out: ids. Never where in a name a word stands.

use super::class;
use super::fold;
use super::glob::Globs;
use super::names::glued;
use super::names::roman;
use super::names::russian::{self, ALL, Cases, Morph};
use super::names::suffix::{self, Trust};
use super::sieve::{Sieve, Under};
use super::spelling::Spelling;
use super::table::Table;
use std::borrow::Cow;
use std::hash::BuildHasher as _;

/// A word of a name or a query.
pub type WordId = u32;

/// How a word compares with the words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// As written.
    Exact,
    /// Folded, and the text has it in capitals: an acronym that is written with dots.
    Upper,
    /// Folded, and the text's first letter is a capital: name parts of one or two letters.
    Capital,
    /// Folded, marks kept.
    Marked,
    /// Folded, marks stripped.
    Plain,
    /// By the key of its romanisation.
    Roman,
    /// The first letter of a given name, by that key.
    Initial,
    /// A pattern with `*` and `?`, over plain words.
    Glob,
    /// The same over marked words.
    GlobMarked,
}

/// How a word of a text is a word of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The word.
    pub word: WordId,
    /// The word after it, when the text writes two as one.
    pub then: Option<WordId>,
    /// The cases it may stand in.
    pub cases: Cases,
    /// Bytes of the token before the word: an elided article.
    pub head: u8,
    /// Bytes of the token after the word: a possessive.
    pub tail: u8,
    /// What else the token shows.
    pub how: How,
}

/// What a token shows beside the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Nothing: the word in one of its forms.
    Whole,
    /// A possessive.
    Possessive,
    /// A suffix, to be trusted on any name.
    Suffix,
    /// A suffix, to be trusted on the last part of a longer name.
    SuffixLong,
    /// A suffix on a short word without a seam: trusted on longer names only, like the above, for want of letters.
    SuffixShort,
    /// An initial.
    Initial,
    /// An Arabic and, to or by stands before a short word: trusted on longer names only.
    Clitic,
    /// A Russian acronym in a case: `МИДа`.
    Acronym,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    at: u32,
    len: u8,
    level: Level,
    morph: Morph,
}

/// A form-building word under the beginning that all its forms share.
#[derive(Debug, Clone, Copy)]
struct Stem {
    at: u32,
    len: u8,
    shared: u8,
    morph: Morph,
    word: WordId,
}

/// Stands before an address, which no word can begin with.
const ADDRESS: char = '\u{1}';

/// The longest key of one word, in bytes; longer words are no parts of names.
pub const KEY_BYTES_MAX: usize = 250;

/// All words.
#[derive(Debug, Default)]
pub struct Vocabulary {
    arena: String,
    words: Vec<Word>,
    table: Table,
    stems: Vec<Stem>,
    stem_table: Table,
    /// Patterns of plain words, and of marked ones.
    globs: [Globs; 2],
    /// The levels that any word has, as bits: what no word asks for is not looked up.
    levels: u16,
    /// Whether any word is an address: where none is, none is looked for.
    addresses: bool,
    hasher: foldhash::fast::FixedState,
    sieve: Sieve,
}

/// Where the words of names are asked for.
pub trait Words {
    /// The id of a word; the same parts give the same id. `lemma` is the folded (marked) word when `morph` makes forms of it.
    fn intern(&mut self, level: Level, key: &str, morph: Morph, lemma: &str) -> WordId;
    /// The id of an address, which is found as a whole. `exact`: as written.
    fn intern_address(&mut self, address: &str, exact: bool) -> WordId;
    /// Two adjacent words of a name, folded and without marks, which a text may write as one.
    fn join(&mut self, first: &str, second: &str);
}

impl Words for Vocabulary {
    fn intern(&mut self, level: Level, key: &str, morph: Morph, lemma: &str) -> WordId {
        Self::intern(self, level, key, morph, lemma)
    }

    fn intern_address(&mut self, address: &str, exact: bool) -> WordId {
        Self::intern_address(self, address, exact)
    }

    fn join(&mut self, first: &str, second: &str) {
        self.sieve.put_joined(first, second);
    }
}

impl Vocabulary {
    /// The id of a word; the same parts give the same id. `lemma` is the folded (marked) word when `morph` makes forms of it.
    pub fn intern(&mut self, level: Level, key: &str, morph: Morph, lemma: &str) -> WordId {
        let key = clip(key);
        let hash = self.hash(level, key);
        let found = self.table.find(hash, |id| {
            let word = &self.words[id as usize];
            word.level == level && word.morph == morph && self.key(*word) == key
                // Words of one romanisation, Касымов and Кассымов, are two: each has forms of its own.
                && (morph == Morph::None || self.has_stem(lemma, morph, id))
        });
        if let Some(id) = found {
            return id;
        }
        let id = number(self.words.len());
        match level {
            Level::Exact => self.sieve.put(Under::Exact, key),
            Level::Roman => {
                self.sieve.put(Under::Roman, key);
                for other in roman::others(key) {
                    self.sieve.put(Under::Roman, &other);
                }
            }
            // Initials are asked of all words that are as short.
            Level::Initial | Level::Glob | Level::GlobMarked => {}
            Level::Upper | Level::Capital | Level::Marked | Level::Plain => self.sieve.put(Under::Folded, key),
        }
        let at = self.keep(key);
        self.words.push(Word { at, len: small(key.len()), level, morph });
        self.levels |= 1 << level as u8;
        let (words, arena, hasher) = (&self.words, &self.arena, &self.hasher);
        self.table.insert(hash, id, |id| {
            let word = &words[id as usize];
            hasher.hash_one((word.level, &arena[word.at as usize..][..word.len as usize]))
        });
        match level {
            Level::Glob | Level::GlobMarked => {
                self.sieve.put_glob(key);
                self.globs[usize::from(level == Level::GlobMarked)].add(key, id);
            }
            _ if morph != Morph::None => self.stem(clip(lemma), morph, id),
            _ => {}
        }
        id
    }

    fn stem(&mut self, lemma: &str, morph: Morph, word: WordId) {
        let shared = russian::shared(lemma, morph);
        self.sieve.put(Under::Stem, &lemma[..shared]);
        let same = self.words[word as usize];
        let at = if self.key(same) == lemma { same.at } else { self.keep(lemma) };
        let stem = Stem { at, len: small(lemma.len()), shared: small(shared), morph, word };
        let id = number(self.stems.len());
        self.stems.push(stem);
        let (stems, arena, hasher) = (&self.stems, &self.arena, &self.hasher);
        let hash = |stem: &Stem| hasher.hash_one(&arena[stem.at as usize..][..stem.shared as usize]);
        self.stem_table.insert(hash(&stem), id, |id| hash(&stems[id as usize]));
    }

    /// Whether a word's forms are those of this lemma.
    fn has_stem(&self, lemma: &str, morph: Morph, word: WordId) -> bool {
        let lemma = clip(lemma);
        let shared = &lemma[..russian::shared(lemma, morph)];
        let own = |id: u32| {
            let stem = &self.stems[id as usize];
            stem.word == word && &self.arena[stem.at as usize..][..stem.len as usize] == lemma
        };
        self.stem_table.find(self.hasher.hash_one(shared), own).is_some()
    }

    fn keep(&mut self, key: &str) -> u32 {
        let at = number(self.arena.len());
        self.arena.push_str(key);
        at
    }

    fn hash(&self, level: Level, key: &str) -> u64 {
        self.hasher.hash_one((level, key))
    }

    fn key(&self, word: Word) -> &str {
        &self.arena[word.at as usize..][..word.len as usize]
    }

    /// How a word compares, and the key that it is found by.
    pub fn spelled(&self, word: WordId) -> (Level, &str) {
        let word = self.words[word as usize];
        (word.level, self.key(word))
    }

    /// The address that a key stands for, if it is one.
    pub fn as_address(key: &str) -> Option<&str> {
        key.strip_prefix(ADDRESS)
    }

    /// By word that has Russian forms: the beginning that they share.
    pub fn stems(&self) -> impl Iterator<Item = (WordId, &str)> {
        self.stems.iter().map(|stem| (stem.word, &self.arena[stem.at as usize..][..stem.shared as usize]))
    }

    /// Whether the word is one letter of a script without spaces.
    pub fn is_single(&self, word: WordId) -> bool {
        let mut letters = self.key(self.words[word as usize]).chars();
        letters.next().is_some_and(|c| class::class(c) == class::Class::Single) && letters.next().is_none()
    }

    /// Whether the word is compared as written.
    pub fn is_exact(&self, word: WordId) -> bool {
        self.words[word as usize].level == Level::Exact
    }

    /// The id of an address, which is found as a whole. `exact`: as written.
    pub fn intern_address(&mut self, address: &str, exact: bool) -> WordId {
        self.addresses = true;
        let (level, key) = if exact {
            (Level::Exact, fold::exact(address).into_owned())
        } else {
            (Level::Plain, address.to_lowercase())
        };
        self.intern(level, &format!("{ADDRESS}{key}"), Morph::None, "")
    }

    /// How an address of a text is asked for; `None` where no name is one.
    pub fn address(&self, surface: &str) -> Option<String> {
        self.addresses.then(|| format!("{ADDRESS}{surface}"))
    }

    /// Makes room for about so many words.
    pub fn reserve(&mut self, many: usize) {
        self.words.reserve(many);
        self.table.reserve(many);
    }

    /// To be called when all words are in.
    pub fn finish(&mut self) {
        self.sieve.finish();
        self.arena.shrink_to_fit();
        self.words.shrink_to_fit();
        self.stems.shrink_to_fit();
    }

    /// Whether a text's word may have senses; sure only of those that it refuses.
    pub fn may(&self, surface: &str, spelling: &mut Spelling) -> bool {
        surface.starts_with(ADDRESS)
            || self.sieve.may(surface, spelling)
            || glued::pieces(surface).iter().any(|piece| self.sieve.may(&piece.word, spelling))
    }

    /// Appends the senses of one word of a text, as it stands there.
    pub fn senses(&self, surface: &str, spelling: &mut Spelling, senses: &mut Vec<Sense>) {
        if let Some(address) = surface.strip_prefix(ADDRESS) {
            return self.whole_address(address, senses);
        }
        let first = senses.len();
        self.part(surface, 0, 0, How::Whole, senses);
        for piece in glued::pieces(surface) {
            self.part(&piece.word, piece.head, piece.tail, piece.how, senses);
        }
        for piece in pieces_at_apostrophes(surface) {
            self.part(piece.word, piece.head, piece.tail, piece.how, senses);
        }
        // Whatever else it is: another rule's counter* must not hide counter-terrorism.
        if self.sieve.may_join(surface, spelling) {
            self.two_in_one(surface, senses);
        }
        // Suffixes and two-in-one may give one sense twice.
        let mut at = first;
        while at < senses.len() {
            if senses[first..at].contains(&senses[at]) {
                senses.swap_remove(at);
            } else {
                at += 1;
            }
        }
    }

    fn whole_address(&self, address: &str, senses: &mut Vec<Sense>) {
        let spellings = [(Level::Plain, address.to_lowercase()), (Level::Exact, fold::exact(address).into_owned())];
        for (level, key) in spellings {
            self.all(level, &format!("{ADDRESS}{key}"), |word| {
                senses.push(Sense { word, then: None, cases: ALL, head: 0, tail: 0, how: How::Whole });
            });
        }
    }

    /// The senses of a word without what may stand around it.
    fn part(&self, piece: &str, head: usize, tail: usize, how: How, senses: &mut Vec<Sense>) {
        if piece.len() > KEY_BYTES_MAX || head > 250 || tail > 250 {
            return;
        }
        let put = |word: WordId, cases, how, senses: &mut Vec<Sense>| {
            let how = if self.words[word as usize].level == Level::Initial { How::Initial } else { how };
            senses.push(Sense { word, then: None, cases, head: small(head), tail: small(tail), how });
        };
        // As written an acronym takes no Russian case.
        if self.has(Level::Exact) && how != How::Acronym {
            let exact = fold::exact(piece);
            self.all(Level::Exact, &exact, |id| put(id, ALL, how, senses));
            suffix::bases(&exact.to_lowercase(), &mut |len, trust| {
                // Lower case changes the length of few letters, and of none that an acronym with a suffix has.
                let Some((base, end)) = exact.get(..len).zip(exact.get(len..)) else { return };
                if trust == Trust::Any && !end.chars().any(char::is_uppercase) {
                    self.all(Level::Exact, base, |id| put(id, ALL, How::Suffix, senses));
                }
            });
        }
        let marked = fold::marked(piece);
        if marked.is_empty() {
            return;
        }
        let plain = fold::plain(&marked);
        let cyrillic = marked.chars().any(class::cyrillic);
        self.folded(piece, &marked, &plain, cyrillic, None, |id, cases, _| put(id, cases, how, senses));
        if cyrillic {
            let small = class::first_cased(piece).is_some_and(char::is_lowercase);
            self.inflected(&marked, |id, cases| {
                if !small || self.words[id as usize].level != Level::Capital {
                    put(id, cases, how, senses);
                }
            });
        }
        if how == How::Whole || how == How::Possessive {
            for (globs, word) in self.globs.iter().zip([&*plain, &*marked]) {
                globs.of(word, |id| put(id, ALL, how, senses));
            }
        }
        if how == How::Whole {
            suffix::bases(&plain, &mut |len, trust| {
                // The same suffix ends the marked word: no suffix has marks that are stripped.
                let base = &plain[..len];
                let marked_base = marked.strip_suffix(&plain[len..]).unwrap_or(base).trim_end_matches(fold::APOSTROPHE);
                let seam = plain[len..].starts_with(fold::APOSTROPHE) || seam(piece, len);
                let how = match trust {
                    Trust::Long => How::SuffixLong,
                    Trust::Any if seam || base.chars().count() >= 4 => How::Suffix,
                    Trust::Any => How::SuffixShort,
                };
                self.folded(piece, marked_base, base, cyrillic, Some(()), |id, _, fixed| {
                    put(id, if fixed { ALL } else { russian::N }, how, senses);
                });
            });
        }
    }

    /// Words whose key is that of the folded piece. With `suffixed`, words with Russian forms count in their first form;
    /// without, `inflected` finds those.
    fn folded(
        &self,
        piece: &str,
        marked: &str,
        plain: &str,
        cyrillic: bool,
        suffixed: Option<()>,
        mut found: impl FnMut(WordId, Cases, bool),
    ) {
        let mut look = |level: Level, key: &str| {
            self.all(level, key, |id| {
                let fixed = self.words[id as usize].morph == Morph::None;
                if fixed || !cyrillic || suffixed.is_some() {
                    found(id, ALL, fixed);
                }
            });
        };
        if self.has(Level::Plain) {
            look(Level::Plain, plain);
        }
        if self.has(Level::Marked) {
            look(Level::Marked, marked);
        }
        let capital = class::first_cased(piece).is_none_or(|c| !c.is_lowercase());
        if capital && self.has(Level::Capital) {
            look(Level::Capital, plain);
        }
        // S.p.A. is itself, and no spa.
        if capital && self.has(Level::Upper) && (piece.contains('.') || !piece.chars().any(char::is_lowercase)) {
            look(Level::Upper, plain);
        }
        if self.has(Level::Roman) && plain.len() < 60 {
            look(Level::Roman, &roman::key(if cyrillic { marked } else { plain }));
            if let Some(with_k) = roman::with_k(plain).filter(|_| !cyrillic) {
                look(Level::Roman, &roman::key(&with_k));
            }
        }
        if capital && suffixed.is_none() && self.has(Level::Initial) && plain.chars().count() <= 2 {
            self.all(Level::Initial, &roman::initial(plain), |id| found(id, ALL, true));
        }
    }

    /// Words of which the piece is a Russian form.
    fn inflected(&self, marked: &str, mut found: impl FnMut(WordId, Cases)) {
        if self.stems.is_empty() {
            return;
        }
        let mut ends = marked.char_indices().rev().map(|(at, _)| at);
        let mut end = marked.len();
        for _ in 0..=russian::BEYOND_SHARED_MAX {
            let stem = &marked[..end];
            self.stem_table.find(self.hasher.hash_one(stem), |id| {
                let known = &self.stems[id as usize];
                let lemma = &self.arena[known.at as usize..][..known.len as usize];
                if &lemma[..known.shared as usize] == stem {
                    let cases = russian::cases(lemma, known.morph, marked);
                    if cases != 0 {
                        found(known.word, cases);
                    }
                }
                false
            });
            match ends.next() {
                Some(at) if at > 0 => end = at,
                _ => break,
            }
        }
    }

    /// Two words of at least three letters that the text writes as one.
    fn two_in_one(&self, surface: &str, senses: &mut Vec<Sense>) {
        // A soft hyphen stands where the two meet.
        let seen: Cow<str> = if surface.chars().any(class::invisible) {
            surface.chars().filter(|c| !class::invisible(*c)).collect::<String>().into()
        } else {
            surface.into()
        };
        let surface = &*seen;
        let letters = surface.chars().count();
        if !(6..=60).contains(&letters) || surface.chars().any(|c| !class::letter(c) || c.is_numeric()) {
            return;
        }
        let mut left = vec![];
        let mut right = vec![];
        let splits: Vec<usize> = surface.char_indices().map(|(at, _)| at).skip(3).take(letters - 5).collect();
        for at in splits {
            left.clear();
            self.part(&surface[..at], 0, 0, How::Possessive, &mut left);
            if left.is_empty() {
                continue;
            }
            right.clear();
            self.part(&surface[at..], 0, 0, How::Whole, &mut right);
            for a in &left {
                for b in &right {
                    let cases = if a.cases == ALL { b.cases } else { a.cases & b.cases };
                    senses.push(Sense { word: a.word, then: Some(b.word), cases, head: 0, tail: 0, how: b.how });
                }
            }
        }
    }

    fn has(&self, level: Level) -> bool {
        self.levels & (1 << level as u8) != 0
    }

    fn all(&self, level: Level, key: &str, mut found: impl FnMut(WordId)) {
        self.table.find(self.hash(level, key), |id| {
            let word = &self.words[id as usize];
            if word.level == level && self.key(*word) == key {
                found(id);
            }
            false
        });
    }
}

/// A part of a word of a text that may be a name's word.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The part.
    pub word: &'a str,
    /// Bytes of the token before it, and after it.
    pub head: usize,
    /// See `head`.
    pub tail: usize,
    /// What the rest shows.
    pub how: How,
}

/// Words that are written onto the next one with an apostrophe.
const ELIDED: &[&str] = &[
    "l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "dell", "all", "nell", "sull", "dall",
    "un", "quest",
];

/// What is left of a word without a possessive's end, or an elided article's beginning.
pub fn pieces_at_apostrophes(surface: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut found = [None; 3];
    let parted = !surface.is_ascii() || surface.contains('\'') || surface.contains('`');
    let last = || surface.char_indices().rev().find(|(_, c)| class::apostrophe(*c));
    if let Some((at, mark)) = parted.then(last).flatten()
        && at > 0
    {
        let (before, after) = (&surface[..at], &surface[at + mark.len_utf8()..]);
        let possessive = after.eq_ignore_ascii_case("s");
        if after.is_empty() || possessive {
            found[0] = Some(Piece { word: before, head: 0, tail: surface.len() - before.len(), how: How::Possessive });
        }
        if after.chars().nth(1).is_some() && ELIDED.contains(&&*before.to_lowercase()) {
            found[1] = Some(Piece { word: after, head: surface.len() - after.len(), tail: 0, how: How::Whole });
        }
        // l'ONU's, and the first of two apostrophes
        if possessive && let Some((first, mark)) = before.char_indices().find(|(_, c)| class::apostrophe(*c)) {
            let (article, word) = (&before[..first], &before[first + mark.len_utf8()..]);
            if matches!(&*article.to_lowercase(), "l" | "d") {
                found[2] = Some(Piece {
                    word,
                    head: first + mark.len_utf8(),
                    tail: surface.len() - before.len(),
                    how: How::Possessive,
                });
            }
        }
    }
    found.into_iter().flatten()
}

/// Whether the case changes where a suffix begins: `SCOga`.
fn seam(piece: &str, base_len: usize) -> bool {
    piece.is_char_boundary(base_len)
        && piece[..base_len].chars().next_back().is_some_and(char::is_uppercase)
        && piece[base_len..].chars().all(|c| !c.is_uppercase())
}

fn clip(key: &str) -> &str {
    let mut end = key.len().min(KEY_BYTES_MAX);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    &key[..end]
}

/// A length that was checked to be below 256.
#[expect(clippy::cast_possible_truncation, reason = "clip and the checks above keep it below KEY_BYTES_MAX")]
fn small(len: usize) -> u8 {
    len as u8
}

/// A count that four bytes hold: four billion words do not fit in memory either.
#[expect(clippy::cast_possible_truncation, reason = "four billion words do not fit in memory")]
pub fn number(len: usize) -> u32 {
    len as u32
}
