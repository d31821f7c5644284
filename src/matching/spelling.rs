//! A word of a text under the spellings by which the sieve asks for it. In: the word as it stands. Out: its letters folded, and a hash of
//! each of its beginnings. Never a word that does not fold letter by letter.

use super::class;
use super::fold;
use super::names::roman::Keys;

/// A word under its spellings, with room that the next word uses again.
#[derive(Debug, Default)]
pub struct Spelling {
    pub marked: Letters,
    /// Without marks.
    pub plain: Letters,
    /// Whether both are the same; then only the first is filled.
    pub same: bool,
    pub cyrillic: bool,
    pub apostrophes: bool,
    pub keys: Keys,
}

/// The longest word that is read, in bytes.
const BYTES_MAX: usize = 60;

impl Spelling {
    /// Folds a word letter by letter; `false` where that cannot be done so.
    pub fn read(&mut self, surface: &str) -> bool {
        if surface.len() > BYTES_MAX {
            return false;
        }
        self.same = true;
        self.cyrillic = false;
        self.apostrophes = false;
        if self.marked.ascii(surface.as_bytes()) {
            return true;
        }
        if self.marked.russian(surface.as_bytes()) {
            self.cyrillic = true;
            return true;
        }
        self.marked.clear();
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

/// Room for the letters of the longest word, and for their bytes: where folding needs more bytes for a letter, it needs three for two.
const LETTERS: usize = BYTES_MAX;
const BYTES: usize = BYTES_MAX / 2 * 3;

/// A spelling with the hash of each beginning. Most of what is read is read once and thrown away: it stands in arrays, which cost less
/// to fill than vectors.
#[derive(Debug)]
pub struct Letters {
    bytes: [u8; BYTES],
    /// Bytes in use.
    size: usize,
    chars: [char; LETTERS],
    /// By letter: the hash of it and all before it.
    hashes: [u64; LETTERS],
    /// How many letters there are.
    many: usize,
    /// Bytes of each letter; 0 where they differ.
    width: usize,
    /// Where they differ, by letter: the byte at which it ends.
    ends: [u8; LETTERS],
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            bytes: [0; BYTES],
            size: 0,
            chars: ['\0'; LETTERS],
            hashes: [0; LETTERS],
            many: 0,
            width: 1,
            ends: [0; LETTERS],
        }
    }
}

impl Letters {
    fn clear(&mut self) {
        (self.size, self.many, self.width) = (0, 0, 0);
    }

    fn push(&mut self, c: char) {
        let hash = step(self.hash(self.many), c);
        let mut four = [0; 4];
        for (byte, to) in c.encode_utf8(&mut four).bytes().zip(&mut self.bytes[self.size..]) {
            *to = byte;
            self.size += 1;
        }
        self.chars[self.many] = c;
        self.hashes[self.many] = hash;
        self.ends[self.many] = u8::try_from(self.size).unwrap_or(u8::MAX);
        self.many += 1;
    }

    /// A word of ASCII letters, in lower case; `false` for others.
    fn ascii(&mut self, word: &[u8]) -> bool {
        if word.first().is_some_and(|byte| !byte.is_ascii()) {
            return false;
        }
        (self.size, self.many, self.width) = (word.len(), word.len(), 1);
        let mut letters = true;
        let mut hash = 0;
        let places = self.bytes.iter_mut().zip(&mut self.chars).zip(&mut self.hashes);
        for (byte, ((to, c), at)) in word.iter().zip(places) {
            *to = byte | 0x20;
            letters &= to.is_ascii_lowercase();
            *c = char::from(*to);
            hash = step(hash, *c);
            *at = hash;
        }
        letters
    }

    /// A word of the letters of Russian but ё, in lower case; `false` for others.
    fn russian(&mut self, word: &[u8]) -> bool {
        if !matches!(word.first(), Some(0xd0 | 0xd1)) || word.len() % 2 == 1 {
            return false;
        }
        (self.size, self.many, self.width) = (word.len(), word.len() / 2, 2);
        let mut russian = true;
        let mut hash = 0;
        let places = self.bytes.chunks_exact_mut(2).zip(&mut self.chars).zip(&mut self.hashes);
        for (pair, ((small, c), at)) in word.chunks_exact(2).zip(places) {
            let point = u16::from(pair[0] & 0x1f) << 6 | u16::from(pair[1] & 0x3f);
            russian &= pair[0] >> 5 == 0b110 && (0x410..=0x44f).contains(&point);
            // Capitals stand 32 before the others.
            let point = if point < 0x430 { point + 0x20 } else { point };
            let [lead, trail] = [0xc0 | point >> 6, 0x80 | point & 0x3f].map(|byte| byte.to_le_bytes()[0]);
            small.copy_from_slice(&[lead, trail]);
            *c = char::from_u32(point.into()).unwrap_or_default();
            hash = step(hash, *c);
            *at = hash;
        }
        russian
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.many
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.size]
    }

    /// The letters, folded.
    pub fn text(&self) -> &str {
        // Whole letters were put in.
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    /// The letters, one by one.
    pub fn chars(&self) -> &[char] {
        &self.chars[..self.many]
    }

    /// Whether all are of ASCII.
    pub fn is_ascii(&self) -> bool {
        self.size == self.many
    }

    /// The hash of so many letters, as [`hash`] gives it.
    pub fn hash(&self, letters: usize) -> u64 {
        letters.checked_sub(1).map_or(0, |last| self.hashes[last])
    }

    /// How many letters end at or before a byte.
    pub fn letters(&self, end: usize) -> usize {
        match self.width {
            0 => self.ends[..self.many].partition_point(|at| usize::from(*at) <= end),
            width => end / width,
        }
    }
}

/// The hash of a spelling: that of its beginning, and one step for each further letter.
pub fn hash(spelling: impl Iterator<Item = char>) -> u64 {
    spelling.fold(0, step)
}

/// A base for polynomial hashes (Rabin and Karp): odd, with its ones well spread.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
pub fn step(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_russian_word_is_read_at_once_as_it_is_letter_by_letter() {
        let read = |word: &str| {
            let mut letters = Letters::default();
            (letters.russian(word.as_bytes()), letters)
        };
        for c in 'А'..='я' {
            let simple = fold::simple(c).unwrap();
            let mut slowly = Letters::default();
            slowly.clear();
            slowly.push('ж');
            slowly.push(simple.marked);
            let (whole, letters) = read(&format!("Ж{c}"));
            assert!(whole && simple.cyrillic && simple.plain == simple.marked, "{c}");
            let shown = |of: &Letters| (of.text().to_string(), of.hash(1), of.hash(2), of.letters(2), of.letters(4));
            assert_eq!(shown(&letters), shown(&slowly), "{c}");
        }
        for other in ["ё", "Ёж", "ўқ", "дом2", "дома", "жo", "д'", "ҷ"].map(|word| (word, word == "дома"))
        {
            assert_eq!(read(other.0).0, other.1, "{}", other.0);
        }
    }
}
