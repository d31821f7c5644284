//! The words of a text as copies of it share them: whatever their case, apostrophes and quotation marks.
//! In: a text. Out: its words, each with a number, a kind and a weight. In scripts without spaces each sign is a word of its own.

/// What a word of a script with spaces weighs.
pub const WORD: u32 = 8;
/// What a sign of a script without spaces weighs: eight of them say as much as five words.
const SIGN: u32 = 5;

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The number of the word in small letters; other words have others, but for one in four billion.
    pub hash: u32,
    /// What it is.
    pub kind: Kind,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It has a digit.
    Number,
    /// It has a capital within a sentence.
    Name,
    /// It has small letters, or begins a sentence.
    Plain,
    /// Its script has no capitals: it may be a name.
    Uncased,
    /// A sign of a script without spaces.
    Sign,
    /// Such a sign that is a number.
    SignNumber,
}

impl Word {
    /// How much it says, of [`WORD`].
    #[must_use]
    pub fn weight(&self) -> u32 {
        if matches!(self.kind, Kind::Sign | Kind::SignNumber) { SIGN } else { WORD }
    }
}

/// The words of a text. The numbers are stored, in sketches: they are the same on every machine and in every version.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut open: Option<Open> = None;
    let mut begins = true;
    for (at, c) in text.char_indices() {
        if is_sign(c) {
            words.extend(open.take().map(|word| word.end(at)));
            let kind = if is_number_sign(c) { Kind::SignNumber } else { Kind::Sign };
            words.push(Word { hash: finish(step(SEED, c)), kind, start: at, end: at + c.len_utf8() });
            begins = false;
        } else if is_cyrillic(c) || c.is_alphanumeric() {
            open.get_or_insert_with(|| Open::new(at, c, begins)).push(c);
            begins = false;
        } else if !is_silent(c) {
            words.extend(open.take().map(|word| word.end(at)));
            // A quotation mark or bracket after the full stop leaves the next word the first.
            begins = matches!(c, '.' | '!' | '?' | '\n' | ':' | '…' | '؟' | '۔')
                || (begins && (c.is_whitespace() || !c.is_ascii() || matches!(c, '"' | '\'' | '(' | '[' | '-' | '*')));
        }
    }
    words.extend(open.map(|word| word.end(text.len())));
    words
}

/// A word that is being read.
struct Open {
    start: usize,
    sum: u64,
    digit: bool,
    kind: Kind,
}

impl Open {
    fn new(start: usize, first: char, begins: bool) -> Self {
        let kind = match first {
            c if c.is_uppercase() && !begins => Kind::Name,
            c if c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase() => Kind::Uncased,
            _ => Kind::Plain,
        };
        Self { start, sum: SEED, digit: false, kind }
    }

    fn push(&mut self, c: char) {
        self.digit |= if is_cyrillic(c) { false } else { c.is_numeric() };
        match c {
            _ if c.is_ascii() => self.sum = step(self.sum, c.to_ascii_lowercase()),
            'ё' | 'Ё' => self.sum = step(self.sum, 'е'),
            'а'..='я' => self.sum = step(self.sum, c),
            _ => self.sum = c.to_lowercase().fold(self.sum, step),
        }
    }

    fn end(self, end: usize) -> Word {
        let kind = if self.digit { Kind::Number } else { self.kind };
        Word { hash: finish(self.sum), kind, start: self.start, end }
    }
}

/// What FNV-1a begins with (Fowler, Noll, Vo).
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(sum: u64, c: char) -> u64 {
    (sum ^ u64::from(u32::from(c))).wrapping_mul(0x100_0000_01b3)
}

/// The upper half, which all characters have moved.
fn finish(sum: u64) -> u32 {
    u32::try_from(super::sketch::mix(sum) >> 32).unwrap_or(u32::MAX)
}

/// Marks within a word that are written in many ways, or not at all.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '´' | '‘' | '’' | 'ʻ' | 'ʼ' | 'ʹ' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

fn is_sign(c: char) -> bool {
    matches!(u32::from(c),
        0x0e01..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
        && c.is_alphanumeric()
}

/// The letters that the tables of Unicode are asked about most, and slowly.
fn is_cyrillic(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

fn is_number_sign(c: char) -> bool {
    c.is_numeric()
        || matches!(
            c,
            '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '万' | '亿'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u32> {
        words(text).iter().map(|word| word.hash).collect()
    }

    #[test]
    fn case_and_marks_make_no_other_word() {
        assert_eq!(hashes("O‘zbekiston “said” it"), hashes("O'zbekiston \"Said\" it"));
        assert_eq!(hashes("Всё идёт"), hashes("все идет"));
        assert_ne!(hashes("ten"), hashes("net"));
    }

    #[test]
    fn a_word_has_a_kind() {
        let kinds = |text: &str| words(text).iter().map(|word| word.kind).collect::<Vec<_>>();
        assert_eq!(
            kinds("The Minister. “We met 12 men.”"),
            [Kind::Plain, Kind::Name, Kind::Plain, Kind::Plain, Kind::Number, Kind::Plain]
        );
        assert_eq!(kinds("王毅三"), [Kind::Sign, Kind::Sign, Kind::SignNumber]);
        assert_eq!(kinds("وزير"), [Kind::Uncased]);
    }
}
