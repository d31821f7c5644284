//! Which words of texts may be a name's at all. In: the spellings under which the vocabulary would find a word. Out: no, or perhaps.
//! Never a yes: most words of most texts are in no name, and what this refuses need not be looked up in a dozen ways.

use super::class;
use super::fold;
use super::names::roman::{self, Keys};
use super::names::{russian, suffix};
use super::spelling::{self, Letters, Spelling};

/// Under which of its spellings a word was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Under {
    /// Folded, with marks or without.
    Folded = 1,
    /// As written.
    Exact = 2,
    /// The beginning that all Russian forms share.
    Stem = 3,
    /// The key of its romanisation.
    Roman = 4,
    /// Two words of a name written as one.
    Joined = 5,
    /// The first letters of a pattern.
    Glob = 6,
}

/// Which words may be found: a filter over all spellings, and before it one over how those begin.
#[derive(Debug, Default)]
pub struct Sieve {
    /// All that was put in.
    whole: Bloom,
    /// The first [`BEGINNING`] letters of whatever has as many, of patterns none: one look here spares a word a dozen there, as its
    /// forms, its bases without suffixes and its halves all begin as it does.
    beginnings: Bloom,
    /// Kinds of spellings that any word has, as bits.
    kinds: u64,
    /// The first letters of patterns that have a `?` among them: letters that no word has.
    open: Vec<String>,
}

/// Letters of a beginning. With fewer, more words begin as a name does; with more, more words are too short to be told so.
const BEGINNING: usize = 7;

/// The letters of a pattern that are looked at: wildcards want as many before them.
const GLOB_LETTERS: usize = 3;

impl Sieve {
    /// A word, folded unless it is put in as written.
    pub fn put(&mut self, under: Under, spelling: &str) {
        self.kinds |= 1 << under as u64;
        match under {
            Under::Exact => {
                self.whole.put(mixed(under, as_written(spelling)));
                self.begin(fold::plain(&fold::marked(spelling)).chars());
            }
            _ => {
                self.whole.put(mixed(under, spelling::hash(spelling.chars())));
                self.begin(spelling.chars());
            }
        }
    }

    /// A pattern, of which the first letters are looked at.
    pub fn put_glob(&mut self, pattern: &str) {
        let begin: String = pattern.chars().take(GLOB_LETTERS).collect();
        if !begin.contains('?') {
            self.put(Under::Glob, &begin);
        } else if !self.open.contains(&begin) {
            self.open.push(begin);
        }
    }

    /// Two words of a name as one. Of a Russian second one only what its forms may share.
    pub fn put_joined(&mut self, first: &str, second: &str) {
        let shared = if second.chars().all(class::cyrillic) {
            second.char_indices().rev().nth(1).map_or(0, |(at, _)| at)
        } else {
            second.len()
        };
        let letters = || first.chars().chain(second[..shared].chars());
        self.kinds |= 1 << Under::Joined as u64;
        self.whole.put(mixed(Under::Joined, spelling::hash(letters())));
        self.begin(letters());
    }

    fn begin(&mut self, letters: impl Iterator<Item = char>) {
        let (mut hash, mut many) = (0, 0);
        for c in letters.take(BEGINNING) {
            hash = spelling::step(hash, c);
            many += 1;
        }
        if many == BEGINNING {
            self.beginnings.put(spread(hash));
        }
    }

    /// Takes in what waits.
    pub fn finish(&mut self) {
        self.whole.finish(BITS);
        self.beginnings.finish(BITS_OF_BEGINNING);
    }

    fn has(&self, under: Under) -> bool {
        self.kinds & (1 << under as u64) != 0
    }

    fn holds(&self, under: Under, hash: u64) -> bool {
        self.whole.holds(mixed(under, hash))
    }

    /// Whether a text's word may be two words of a name.
    pub fn may_join(&self, surface: &str, spelling: &mut Spelling) -> bool {
        if !spelling.read(surface) {
            return true;
        }
        let asked = Asked::new(self, surface, spelling);
        let plain = asked.plain;
        let mut found = asked.joined(plain.len());
        suffix::bases(plain.text(), &mut |len, _| found = found || asked.joined(plain.letters(len)));
        found
    }

    /// Whether a text's word may be found; sure only of those that it refuses.
    pub fn may(&self, surface: &str, spelling: &mut Spelling) -> bool {
        if self.may_be_one(surface, spelling) {
            return true;
        }
        if !spelling.apostrophes {
            return false;
        }
        // What an article or a possessive leaves: l'ONU, China's. The mark of an Uzbek oʻ parts such pieces too, and harms none.
        let mut rest = surface;
        while let Some((at, mark)) =
            rest.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && class::apostrophe(*c))
        {
            let before = &surface[..surface.len() - rest.len() + at];
            rest = &rest[at + mark.len_utf8()..];
            let between =
                rest.char_indices().rev().find(|(_, c)| class::apostrophe(*c)).map_or("", |(at, _)| &rest[..at]);
            // One letter behind an apostrophe is no word of a name; one before it may be an initial.
            let behind = [rest, between].into_iter().filter(|piece| piece.chars().nth(1).is_some());
            let mut pieces = behind.chain([before]).filter(|piece| !piece.is_empty());
            if pieces.any(|piece| self.may_be_one(piece, spelling)) {
                return true;
            }
        }
        false
    }

    fn may_be_one(&self, surface: &str, spelling: &mut Spelling) -> bool {
        if !spelling.read(surface) {
            return true;
        }
        // Initials and parts of names that are as short.
        if spelling.marked.len() <= 2 {
            return true;
        }
        let apostrophes = spelling.apostrophes;
        let mut asked = Asked::new(self, surface, spelling);
        if asked.whole() {
            return true;
        }
        let plain = asked.plain;
        if !apostrophes && !suffix::may_end(plain.chars()) {
            return false;
        }
        let mut found = false;
        suffix::bases(plain.text(), &mut |len, _| found = found || asked.base(len, plain.letters(len)));
        found
    }
}

/// A word of a text that is asked about.
struct Asked<'a> {
    sieve: &'a Sieve,
    surface: &'a str,
    marked: &'a Letters,
    plain: &'a Letters,
    same: bool,
    cyrillic: bool,
    /// Whether anything begins as it does; if not, only its first few letters may be found.
    begun: bool,
    key: Key<'a>,
}

/// What is known of the key of a word's romanisation.
enum Key<'a> {
    /// No word is found by its key, or this word has none: a key is made of ASCII alone, and so is whatever has one.
    None,
    /// The word is its own key, and so is each beginning.
    Same,
    /// It is respelled, at the latest behind the first letters.
    Other {
        keys: &'a mut Keys,
        /// The hash of the whole key, once somebody asks.
        whole: Option<u64>,
        /// With so many letters its key begins as none does.
        absent_from: usize,
    },
}

impl<'a> Asked<'a> {
    fn new(sieve: &'a Sieve, surface: &'a str, spelling: &'a mut Spelling) -> Self {
        let Spelling { same, cyrillic, .. } = *spelling;
        let Spelling { marked, plain, keys, .. } = spelling;
        let (marked, plain) = (&*marked, if same { &*marked } else { &*plain });
        let begins = |of: &Letters| of.len() < BEGINNING || sieve.beginnings.holds(spread(of.hash(BEGINNING)));
        let begun = begins(marked) || !same && begins(plain);
        let key = Key::of(sieve, if cyrillic { marked } else { plain }, cyrillic, begun, keys);
        Self { sieve, surface, marked, plain, same, cyrillic, begun, key }
    }

    fn holds(&self, under: Under, of: &Letters, letters: usize) -> bool {
        (self.begun || letters < BEGINNING) && self.sieve.holds(under, of.hash(letters))
    }

    /// Whether it may be found with all of its letters.
    fn whole(&mut self) -> bool {
        let letters = self.marked.len();
        self.holds(Under::Folded, self.marked, letters)
            || !self.same && self.holds(Under::Folded, self.plain, letters)
            || self.written(self.surface, letters)
            || self.patterns()
            || self.stems()
            || self.joined(letters)
            || self.roman(letters)
    }

    /// Whether it may be found when so many bytes, which are so many letters, stand before a suffix.
    fn base(&mut self, len: usize, letters: usize) -> bool {
        let end = &self.plain.bytes()[len..];
        self.holds(Under::Folded, self.plain, letters)
            || !self.same
                && self.marked.bytes().strip_suffix(end).is_some_and(|base| {
                    let letters = self.marked.letters(base.len());
                    self.holds(Under::Folded, self.marked, letters)
                })
            || self.surface.get(..len).is_some_and(|base| self.written(base, base.chars().count()))
            || self.joined(letters)
            || self.roman(letters)
    }

    /// As written.
    fn written(&self, surface: &str, letters: usize) -> bool {
        (self.begun || letters < BEGINNING)
            && self.sieve.has(Under::Exact)
            && self.sieve.holds(Under::Exact, as_written(surface))
    }

    /// As one that a pattern stands for.
    fn patterns(&self) -> bool {
        let begins = |of: &Letters| self.sieve.holds(Under::Glob, of.hash(of.len().min(GLOB_LETTERS)));
        if self.sieve.has(Under::Glob) && (begins(self.marked) || begins(self.plain)) {
            return true;
        }
        let opens = |of: &Letters| {
            let fits = |begin: &String| begin.chars().zip(of.chars()).all(|(want, have)| want == '?' || want == *have);
            self.sieve.open.iter().any(fits)
        };
        opens(self.marked) || opens(self.plain)
    }

    /// In a Russian form.
    fn stems(&self) -> bool {
        if !self.cyrillic || !self.sieve.has(Under::Stem) {
            return false;
        }
        let letters = self.marked.len();
        let least = letters.saturating_sub(russian::BEYOND_SHARED_MAX).max(1);
        (least..=letters).any(|letters| self.holds(Under::Stem, self.marked, letters))
    }

    /// As two words of a name, of its first letters.
    fn joined(&self, letters: usize) -> bool {
        if letters < 6 || !self.sieve.has(Under::Joined) {
            return false;
        }
        let less = if self.cyrillic { russian::BEYOND_SHARED_MAX.min(letters.saturating_sub(4)) } else { 0 };
        (letters - less..=letters).any(|letters| self.holds(Under::Joined, self.plain, letters))
    }

    /// By the key of its first letters.
    fn roman(&mut self, letters: usize) -> bool {
        let of = if self.cyrillic { self.marked } else { self.plain };
        match &mut self.key {
            Key::None => false,
            Key::Same => self.holds(Under::Roman, of, letters),
            Key::Other { absent_from, .. } if letters >= *absent_from => false,
            Key::Other { keys, whole, .. } => {
                let all = *whole.get_or_insert_with(|| keys.read(of.text(), byte_step));
                let key = if letters == of.len() { all } else { keys.beginning(letters, byte_step) };
                self.sieve.holds(Under::Roman, key)
            }
        }
    }
}

impl<'a> Key<'a> {
    fn of(sieve: &Sieve, letters: &Letters, cyrillic: bool, begun: bool, keys: &'a mut Keys) -> Self {
        if !sieve.has(Under::Roman) || !cyrillic && !letters.is_ascii() {
            return Self::None;
        }
        // A key is spelled from its beginning on, with a look at the next letter.
        let first = letters.bytes().len().min(BEGINNING + 1);
        if !cyrillic && !begun && !roman::changes(&letters.bytes()[..first]) {
            return Self::Other { keys, whole: None, absent_from: BEGINNING };
        }
        if !cyrillic && !roman::changes(letters.bytes()) {
            return Self::Same;
        }
        let absent_from = match Keys::opening(letters.chars(), BEGINNING, byte_step) {
            Some((hash, letters)) if !sieve.beginnings.holds(spread(hash)) => letters,
            _ => usize::MAX,
        };
        Self::Other { keys, whole: None, absent_from }
    }
}

/// A Bloom filter of four bits in one word of memory each (Putze, Sanders and Singler, Cache-, hash- and space-efficient Bloom
/// filters, 2007).
#[derive(Debug, Default)]
struct Bloom {
    bits: Vec<u64>,
    /// What will be put in, until it is known how much there is.
    waiting: Vec<u64>,
    /// What was put in of late, by some bits of it: most of what comes again comes soon, and need not wait twice.
    late: Vec<u64>,
}

/// Bits for each: one look in five hundred passes that should not.
const BITS: usize = 20;

/// Bits for each beginning: what one in a hundred passes that should not costs is a dozen looks.
const BITS_OF_BEGINNING: usize = 10;

/// How many are remembered while a filter is filled.
const LATE: usize = 1 << 14;

impl Bloom {
    fn put(&mut self, hash: u64) {
        self.late.resize(LATE, 0);
        let late = &mut self.late[usize::try_from(hash >> 8).unwrap_or(0) % LATE];
        if std::mem::replace(late, hash) != hash {
            self.waiting.push(hash);
        }
    }

    /// Takes in what waits, with so many bits for each.
    fn finish(&mut self, bits_each: usize) {
        self.late = vec![];
        self.bits = vec![0; self.waiting.len() * bits_each / 64 + 1];
        for hash in std::mem::take(&mut self.waiting) {
            let (at, bits) = self.place(hash);
            self.bits[at] |= bits;
        }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let at = ((hash >> 32) * self.bits.len() as u64) >> 32;
        let bits = 1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63);
        (usize::try_from(at).unwrap_or(0), bits)
    }

    fn holds(&self, hash: u64) -> bool {
        let (at, bits) = self.place(hash);
        self.bits[at] & bits == bits
    }
}

/// The hash of a word as it stands.
fn as_written(word: &str) -> u64 {
    word.bytes().fold(0, byte_step)
}

#[inline]
fn byte_step(hash: u64, byte: u8) -> u64 {
    spelling::step(hash, char::from(byte))
}

fn mixed(under: Under, hash: u64) -> u64 {
    spread(hash ^ (under as u64) << 56)
}

/// The bits of a polynomial hash spread over the word: one multiplication, its upper half folded onto the lower.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn spread(hash: u64) -> u64 {
    let product = u128::from(hash) * 0xff51_afd7_ed55_8ccd;
    (product >> 64) as u64 ^ product as u64
}
