//! Which words of texts may be a name's at all. In: the spellings under which the vocabulary would find a word. Out: no, or perhaps.
//! Never a yes: most words of most texts are in no name, and what this refuses need not be looked up in a dozen ways.

use super::class;
use super::fold;
use super::names::{roman, russian, suffix};

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

/// A Bloom filter of four bits in one word of memory each (Putze, Sanders and Singler, Cache-, hash- and space-efficient Bloom
/// filters, 2007).
#[derive(Debug, Default)]
pub struct Sieve {
    bits: Vec<u64>,
    /// What will be put in, until it is known how much there is.
    waiting: Vec<u64>,
    /// Kinds of spellings that any word has, as bits.
    kinds: u64,
    /// The first letters of patterns that have a `?` among them: letters that no word has.
    open: Vec<String>,
}

/// Bits for each spelling: one look in five hundred passes that should not.
const BITS: usize = 20;

/// The letters of a pattern that are looked at: wildcards want as many before them.
const GLOB_LETTERS: usize = 3;

/// A base for polynomial hashes (Rabin and Karp): odd, with its ones well spread.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

impl Sieve {
    pub fn put(&mut self, under: Under, spelling: &str) {
        self.kinds |= 1 << under as u64;
        self.waiting.push(mixed(under, spelling.bytes().fold(0, step)));
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
        let mut hash = first.bytes().fold(0, step);
        let shared = if second.chars().all(class::cyrillic) {
            second.char_indices().rev().nth(1).map_or(0, |(at, _)| at)
        } else {
            second.len()
        };
        hash = second[..shared].bytes().fold(hash, step);
        self.kinds |= 1 << Under::Joined as u64;
        self.waiting.push(mixed(Under::Joined, hash));
    }

    /// Takes in what waits.
    pub fn finish(&mut self) {
        self.waiting.sort_unstable();
        self.waiting.dedup();
        self.bits = vec![0; self.waiting.len() * BITS / 64 + 1];
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

    fn has(&self, under: Under) -> bool {
        self.kinds & (1 << under as u64) != 0
    }

    fn holds(&self, under: Under, hash: u64) -> bool {
        let (at, bits) = self.place(mixed(under, hash));
        self.bits[at] & bits == bits
    }

    /// Whether a text's word may be two words of a name.
    pub fn may_join(&self, surface: &str) -> bool {
        let mut spelling = Spelling::default();
        if !spelling.read(surface) {
            return true;
        }
        let plain = spelling.plain();
        let mut found = self.joined(&spelling, plain.ends.len());
        suffix::bases(&plain.text, &mut |len, _| found = found || self.joined(&spelling, plain.letters(len)));
        found
    }

    /// The same of so many of its letters.
    fn joined(&self, spelling: &Spelling, letters: usize) -> bool {
        if letters < 6 || !self.has(Under::Joined) {
            return false;
        }
        let plain = spelling.plain();
        let less = if spelling.cyrillic { russian::BEYOND_SHARED_MAX.min(letters.saturating_sub(4)) } else { 0 };
        (0..=less).any(|less| self.holds(Under::Joined, plain.hash(plain.end(letters - less))))
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
        let letters = spelling.marked.ends.len();
        // Initials and parts of names that are as short.
        if letters <= 2 {
            return true;
        }
        if self.may_be_whole(surface, spelling, letters) {
            return true;
        }
        // A key is made of ASCII alone, and so is whatever has one.
        let of_roman = if spelling.cyrillic { &spelling.marked } else { spelling.plain() };
        let romans = self.has(Under::Roman) && (spelling.cyrillic || of_roman.text.is_ascii());
        // Of a word that is its own key, so is each beginning, and its hash is known.
        let changes = romans && roman::changes(of_roman.text.as_bytes());
        let mut whole = of_roman.hash(of_roman.text.len());
        if changes {
            let Spelling { marked, plain, keys, same, cyrillic, .. } = &mut *spelling;
            whole = keys.read(if *same || *cyrillic { &marked.text } else { &plain.text }, step);
        }
        let (marked, plain) = (&spelling.marked, spelling.plain());
        if romans && self.holds(Under::Roman, whole) {
            return true;
        }
        let mut found = false;
        suffix::bases(&plain.text, &mut |len, _| {
            if found {
                return;
            }
            found = self.holds(Under::Folded, plain.hash(len))
                || !spelling.same
                    && marked
                        .text
                        .strip_suffix(&plain.text[len..])
                        .is_some_and(|base| self.holds(Under::Folded, marked.hash(base.len())))
                || self.has(Under::Exact)
                    && surface.get(..len).is_some_and(|base| self.holds(Under::Exact, base.bytes().fold(0, step)))
                || self.joined(spelling, plain.letters(len))
                || romans && {
                    // Letter by letter, both spellings are as long.
                    let key = if changes { spelling.keys.beginning(plain.letters(len), step) } else { plain.hash(len) };
                    self.holds(Under::Roman, key)
                };
        });
        found
    }

    /// Whether it may be found without a suffix off and without being respelled.
    fn may_be_whole(&self, surface: &str, spelling: &Spelling, letters: usize) -> bool {
        let (marked, plain) = (&spelling.marked, spelling.plain());
        let whole = |of: &Letters, under| self.holds(under, of.hash(of.text.len()));
        if whole(marked, Under::Folded) || !spelling.same && whole(plain, Under::Folded) {
            return true;
        }
        if self.has(Under::Exact) && self.holds(Under::Exact, surface.bytes().fold(0, step)) {
            return true;
        }
        if self.has(Under::Glob) {
            let begins = |of: &Letters| self.holds(Under::Glob, of.hash(of.end(GLOB_LETTERS)));
            if begins(marked) || begins(plain) {
                return true;
            }
        }
        let opens = |of: &Letters| {
            let fits =
                |begin: &String| begin.chars().zip(of.text.chars()).all(|(want, have)| want == '?' || want == have);
            self.open.iter().any(fits)
        };
        if opens(marked) || opens(plain) {
            return true;
        }
        if spelling.cyrillic && self.has(Under::Stem) {
            let beyond = russian::BEYOND_SHARED_MAX.min(letters - 1);
            let stem = |less: usize| self.holds(Under::Stem, marked.hash(marked.end(letters - less)));
            if (0..=beyond).any(stem) {
                return true;
            }
        }
        self.joined(spelling, letters)
    }
}

#[inline]
fn step(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1)
}

/// The bits of a polynomial hash spread over the word: one multiplication, its upper half folded onto the lower.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn mixed(under: Under, hash: u64) -> u64 {
    let product = u128::from(hash ^ (under as u64) << 56) * 0xff51_afd7_ed55_8ccd;
    (product >> 64) as u64 ^ product as u64
}

/// A word under its spellings, with room that the next word uses again.
#[derive(Debug, Default)]
pub struct Spelling {
    marked: Letters,
    plain: Letters,
    /// Whether both are the same; then only the first is filled.
    same: bool,
    cyrillic: bool,
    apostrophes: bool,
    keys: roman::Keys,
}

/// A spelling with the hash of each beginning.
#[derive(Debug, Default)]
struct Letters {
    text: String,
    /// By letter: the byte at which it ends.
    ends: Vec<u8>,
    /// By byte: the hash of all before it.
    hashes: Vec<u64>,
}

impl Letters {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.hashes.clear();
        self.hashes.push(0);
    }

    #[inline]
    fn push(&mut self, c: char) {
        let from = self.text.len();
        self.text.push(c);
        let mut hash = self.hashes.last().copied().unwrap_or(0);
        for byte in &self.text.as_bytes()[from..] {
            hash = step(hash, *byte);
            self.hashes.push(hash);
        }
        self.ends.push(u8::try_from(self.text.len()).unwrap_or(u8::MAX));
    }

    /// A word of ASCII letters, in lower case.
    fn ascii(&mut self, word: &str) {
        self.text.push_str(word);
        self.text.make_ascii_lowercase();
        let mut hash = 0;
        self.hashes.extend(self.text.bytes().map(|byte| {
            hash = step(hash, byte);
            hash
        }));
        self.ends.extend(1..=u8::try_from(word.len()).unwrap_or(u8::MAX));
    }

    /// A word of the letters of Russian but ё, in lower case; `false`, and nothing, for others.
    fn russian(&mut self, word: &str) -> bool {
        let letter = |pair: &[u8]| matches!((pair[0], pair[1]), (0xd0, 0x90..=0xbf) | (0xd1, 0x80..=0x8f));
        let pairs = word.as_bytes().chunks_exact(2);
        if !pairs.remainder().is_empty() || !pairs.clone().all(letter) {
            return false;
        }
        let mut hash = 0;
        for pair in pairs {
            let point = u32::from(pair[0] & 0x1f) << 6 | u32::from(pair[1] & 0x3f);
            // Capitals stand 32 before the others.
            let small = if point < 0x430 { point + 0x20 } else { point };
            let [lead, trail] = [0xc0 | small >> 6, 0x80 | small & 0x3f].map(|byte| u8::try_from(byte).unwrap_or(0));
            let first = step(hash, lead);
            hash = step(first, trail);
            self.hashes.extend([first, hash]);
            self.text.extend(char::from_u32(small));
            self.ends.push(u8::try_from(self.text.len()).unwrap_or(u8::MAX));
        }
        true
    }

    fn hash(&self, end: usize) -> u64 {
        self.hashes[end]
    }

    /// How many letters end at or before a byte.
    fn letters(&self, end: usize) -> usize {
        self.ends.partition_point(|at| usize::from(*at) <= end)
    }

    /// The byte at which so many letters end.
    fn end(&self, letters: usize) -> usize {
        letters.checked_sub(1).map_or(0, |at| usize::from(self.ends[at.min(self.ends.len() - 1)]))
    }
}

/// The longest word that is read, in bytes.
const BYTES_MAX: usize = 60;

impl Spelling {
    fn plain(&self) -> &Letters {
        if self.same { &self.marked } else { &self.plain }
    }

    /// Folds a word letter by letter; `false` where that cannot be done so.
    fn read(&mut self, surface: &str) -> bool {
        if surface.len() > BYTES_MAX {
            return false;
        }
        self.marked.clear();
        self.same = true;
        self.cyrillic = false;
        self.apostrophes = false;
        if surface.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            self.marked.ascii(surface);
            return true;
        }
        if self.marked.russian(surface) {
            self.cyrillic = true;
            return true;
        }
        for c in surface.chars() {
            if class::apostrophe(c) {
                self.marked.push(fold::APOSTROPHE);
                self.apostrophes = true;
                continue;
            }
            let Some(simple) = fold::simple(c) else { return false };
            self.cyrillic |= simple.cyrillic;
            self.same &= simple.marked == simple.plain;
            self.marked.push(simple.marked);
        }
        if !self.same {
            self.plain.clear();
            for c in surface.chars() {
                self.plain.push(fold::simple(c).map_or(fold::APOSTROPHE, |simple| simple.plain));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_russian_word_is_read_at_once_as_it_is_letter_by_letter() {
        let read = |word: &str| {
            let mut letters = Letters::default();
            letters.clear();
            (letters.russian(word), letters)
        };
        for c in 'А'..='я' {
            let simple = fold::simple(c).unwrap();
            let mut slowly = Letters::default();
            slowly.clear();
            slowly.push('ж');
            slowly.push(simple.marked);
            let (whole, letters) = read(&format!("Ж{c}"));
            assert!(whole && simple.cyrillic && simple.plain == simple.marked, "{c}");
            assert_eq!((letters.text, letters.ends, letters.hashes), (slowly.text, slowly.ends, slowly.hashes), "{c}");
        }
        for other in ["ё", "Ёж", "ўқ", "дом2", "дома", "жo", "д'", "ҷ"].map(|word| (word, word == "дома"))
        {
            let (whole, letters) = read(other.0);
            assert_eq!((whole, letters.text.is_empty()), (other.1, !other.1), "{}", other.0);
        }
    }
}
