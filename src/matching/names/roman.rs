//! One key for the spellings of a name in Latin and Cyrillic: Kulubaev/Kulubayev, Sergei/Sergey, Jeenbek/Zheenbek,
//! Bakhtiyor/Baxtiyor/Бахтиёр. In: a folded word. Out: its key. Never a key that makes Cyrillic й и, ў у, қ к or х ҳ one.

use crate::matching::class;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The key of a folded (`fold::marked`, for Latin `fold::plain`) word.
pub fn key(word: &str) -> String {
    let key = respell(&latin(word));
    GIVEN.get(&key).cloned().unwrap_or(key)
}

/// The same without the further spellings: what a word sounds like, letter by letter.
pub fn respelled(word: &str) -> String {
    respell(&latin(word))
}

/// Whether the key of a word may be another than the word.
#[inline]
pub fn changes(word: &[u8]) -> bool {
    let doubles = |c: u8, next: u8| c == next && !matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    word.windows(2).any(|pair| {
        let (c, next) = (pair[0], pair[1]);
        match c {
            b'y' | b'j' | b'\'' | 128.. => true,
            b'k' => matches!(next, b'h' | b's' | b'k'),
            b't' => matches!(next, b'z' | b't'),
            b'd' => matches!(next, b'z' | b'j' | b'd'),
            b'z' => matches!(next, b'h' | b'z'),
            b'i' => matches!(next, b'e' | b'y' | b'i' | b'j'),
            _ => doubles(c, next),
        }
    }) || word.last().is_some_and(|c| matches!(c, b'y' | b'j' | b'\'' | 128..))
}

/// Further spellings that reading aloud does not give: the first of each line stands for the others.
static GIVEN: LazyLock<HashMap<String, String, foldhash::fast::FixedState>> = LazyLock::new(|| {
    let lines = include_str!("../data/given_spellings.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .flat_map(|line| {
            let mut words = line.split_whitespace().map(respell);
            let usual = words.next().unwrap_or_default();
            words.map(move |word| (word, usual.clone())).collect::<Vec<_>>()
        })
        .collect()
});

/// The keys for which a key stands, and the key of a Latin text's spelling with q, see [`with_k`].
pub fn others(key: &str) -> impl Iterator<Item = Cow<'static, str>> {
    static BY_USUAL: LazyLock<HashMap<&str, Vec<&str>, foldhash::fast::FixedState>> = LazyLock::new(|| {
        let mut by_usual: HashMap<&str, Vec<&str>, _> = HashMap::default();
        for (other, usual) in &*GIVEN {
            by_usual.entry(usual).or_default().push(other);
        }
        by_usual
    });
    let known = BY_USUAL.get(key).into_iter().flatten().copied().map(Cow::Borrowed);
    known.chain(with_q(key).map(Cow::Owned))
}

/// A key with the q that Kazakh and Uzbek write for a k beside a back vowel; `None` where there is none.
fn with_q(key: &str) -> Option<String> {
    let bytes = key.as_bytes();
    let back =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|c| matches!(c, b'a' | b'o' | b'u' | b'y'));
    let front = |at: usize| bytes.get(at).is_some_and(|c| matches!(c, b'e' | b'i'));
    let hard = |at: usize| back(Some(at + 1)) || !front(at + 1) && back(at.checked_sub(1));
    let swapped: String = key.char_indices().map(|(at, c)| if c == 'k' && hard(at) { 'q' } else { c }).collect();
    (swapped != key).then_some(swapped)
}

/// A Latin word with k for its q (but not for qu and pinyin's qi); `None` where it has none. Only for Latin: a Cyrillic к is no қ.
pub fn with_k(word: &str) -> Option<String> {
    let pinyin = |rest: &str| rest.strip_prefix('i').is_some_and(|rest| rest.starts_with(['a', 'e', 'o', 'u']));
    let q = |at: usize, c| c == 'q' && !word[at + 1..].starts_with('u') && !pinyin(&word[at + 1..]);
    if !word.char_indices().any(|(at, c)| q(at, c)) {
        return None;
    }
    Some(word.char_indices().map(|(at, c)| if q(at, c) { 'k' } else { c }).collect())
}

/// Further spellings of a folded Latin word that Latin texts write: k for q, and with `h` kh for h and h for kh. `None` when it has
/// none, or is a given name whose spellings are known.
pub fn other_letters(word: &str, h: bool) -> Option<Vec<String>> {
    let k = with_k(word);
    let base = k.as_deref().unwrap_or(word);
    let turned = h.then(|| if base.contains("kh") { base.replace("kh", "h") } else { with_kh(base) });
    let other = turned.as_deref().unwrap_or(base);
    (other != word && !GIVEN.contains_key(&respell(word))).then(|| spellings(other, 3))
}

/// Bahodir as Bakhodir: h as kh where it is no part of another letter.
fn with_kh(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    for (at, c) in word.char_indices() {
        if c == 'h' && !word[..at].ends_with(['s', 'c', 'z', 'g', 't', 'p', 'd', 'k', 'w']) {
            out.push('k');
        }
        out.push(c);
    }
    out
}

/// Whether a folded Latin word ends as names of the former Soviet Union do.
pub fn soviet(word: &str) -> bool {
    ["ov", "ev", "ova", "eva", "iddin", "zoda", "bek", "jon", "zhon", "khon", "xon"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// Cyrillic in Uzbek Latin (with `kh` for х, as elsewhere); Latin as it is.
pub fn latin(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        push_latin(c, &mut out);
    }
    out
}

#[inline]
fn push_latin(c: char, out: &mut String) {
    match (c as usize).checked_sub(0x400).and_then(|at| LETTERS.get(at)) {
        Some(letters) => out.push_str(letters),
        None if class::cyrillic(c) => out.push_str(letters(c)),
        None => out.push(c),
    }
}

/// Those of the Cyrillic letters in use.
static LETTERS: LazyLock<Box<[&str]>> =
    LazyLock::new(|| (0x400..0x500).map(|point| char::from_u32(point).map_or("", letters)).collect());

/// The same to be copied at once.
static LATIN: LazyLock<Box<[Latin]>> = LazyLock::new(|| {
    let latin = |letters: &&str| {
        let mut bytes = [0; 4];
        bytes[..letters.len()].copy_from_slice(letters.as_bytes());
        Latin { bytes, len: letters.len() }
    };
    LETTERS.iter().map(latin).collect()
});

/// A letter in Latin.
struct Latin {
    bytes: [u8; 4],
    len: usize,
}

fn letters(c: char) -> &'static str {
    match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ж' | 'ҷ' => "j",
        'з' => "z",
        'и' | 'і' | 'ӣ' => "i",
        'ї' => "yi",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'ң' => "ng",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' | 'ұ' | 'ӯ' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' => "'",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        'ў' => "o'",
        'қ' => "q",
        'ғ' => "g'",
        'ҳ' | 'һ' => "h",
        _ => "",
    }
}

/// Uzbek Latin in Cyrillic; `None` for letters that Uzbek has not.
pub fn uzbek_cyrillic(word: &str) -> Option<String> {
    const PAIRS: &[(&str, &str)] = &[
        ("o'", "ў"),
        ("g'", "ғ"),
        ("sh", "ш"),
        ("ch", "ч"),
        ("yo", "ё"),
        ("yu", "ю"),
        ("ya", "я"),
        ("ye", "е"),
        ("a", "а"),
        ("b", "б"),
        ("d", "д"),
        ("e", "е"),
        ("f", "ф"),
        ("g", "г"),
        ("h", "ҳ"),
        ("i", "и"),
        ("j", "ж"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("q", "қ"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("v", "в"),
        ("x", "х"),
        ("y", "й"),
        ("z", "з"),
        ("'", "ъ"),
    ];
    let mut out = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let (latin, cyrillic) = PAIRS.iter().find(|(latin, _)| rest.starts_with(latin))?;
        out.push_str(cyrillic);
        rest = &rest[latin.len()..];
    }
    Some(out)
}

/// The initials that a given name (folded) may be shortened to: its first letter, and its first two where they are one sound.
pub fn initials(given: &str) -> Vec<String> {
    let latin = latin(given);
    let mut found = vec![];
    for letters in [1, 2] {
        let Some(end) = latin.char_indices().map(|(at, c)| at + c.len_utf8()).nth(letters - 1) else { break };
        let short = &latin[..end];
        if letters == 1 || DIGRAPHS.contains(&short) {
            let short = initial(short);
            if !found.contains(&short) {
                found.push(short);
            }
        }
    }
    found
}

const DIGRAPHS: &[&str] = &["sh", "ch", "yu", "ya", "ye", "yo", "zh", "kh", "ts", "dj", "o'", "g'"];

/// The key of an initial as a text has it (folded).
pub fn initial(short: &str) -> String {
    let latin = latin(short);
    match &*latin {
        "zh" | "dj" => "j".to_string(),
        "kh" => "x".to_string(),
        "ye" | "yo" => "e".to_string(),
        _ => latin,
    }
}

fn vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The common spellings of one sound become one.
fn respell(word: &str) -> String {
    let mut out = Vec::with_capacity(word.len());
    respell_into(word.as_bytes(), &mut out);
    // Only whole ASCII letters are changed.
    String::from_utf8(out).unwrap_or_default()
}

/// In bytes: those of other letters than ASCII are in no rule and stay.
fn respell_into(word: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < word.len() {
        let (piece, taken) = sound(word, at, out.last().copied());
        out.extend_from_slice(piece);
        at += taken;
    }
}

/// What the letters at a place become after the last one that was written, and how many they are. Looks [`AHEAD`] bytes ahead.
#[inline]
fn sound(word: &[u8], at: usize, before: Option<u8>) -> (&[u8], usize) {
    let get = |at: usize| word.get(at).copied().unwrap_or(0);
    let (c, next) = (word[at], get(at + 1));
    // Most letters are in no rule but that of doubles.
    if c != next && !matches!(c, b'd' | b'z' | b'k' | b't' | b'y' | b'i' | b'j' | b'\'') {
        return (&word[at..=at], 1);
    }
    let after_vowel = before.is_some_and(vowel);
    match (c, next) {
        (b'd', b'z') if get(at + 2) == b'h' => (b"j", 3),
        (b'd', b'j') => (b"j", 2),
        (b'z', b'h') => (b"j", 2),
        (b'k', b'h' | b's') => (b"x", 2),
        (b't', b'z') => (b"ts", 2),
        // ё is е in keys; Uzbek oʻ is a letter of its own.
        (b'y', b'o') if get(at + 2) != b'\'' => (b"e", 2),
        // -yev and -iev are -ev; a vowel, or nothing, before ye swallows its y.
        (b'y' | b'i', b'e') if get(at + 2) == b'v' => (b"e", 2),
        (b'i', b'y') if get(at + 2) == b'e' && get(at + 3) == b'v' => (b"e", 3),
        (b'i', b'y') if get(at + 2) == b'o' && get(at + 3) != b'\'' => (b"ie", 3),
        (b'y', b'e') if before.is_none() || after_vowel => (b"e", 2),
        (b'y', b'e') => (b"ie", 2),
        (b'i', b'y') if vowel(get(at + 2)) => (b"i", 2),
        (b'y', b'a' | b'u') if before.is_some() && !after_vowel => (b"i", 1),
        (b'i' | b'y', b'i' | b'y' | b'j') if at + 2 == word.len() => (b"i", 2),
        (b'y', 0) => (b"i", 1),
        (b'y' | b'j', _) if after_vowel && !vowel(next) => (b"i", 1),
        // The soft sign: Lavrent'ev. After o and g the mark makes another letter, after a vowel it is a stop.
        (b'\'', _) if before.is_some_and(|b| !vowel(b) && b != b'g') => (b"", 1),
        _ if c == next && !vowel(c) && c.is_ascii_alphabetic() => (b"", 1),
        _ => (&word[at..=at], 1),
    }
}

/// How far [`sound`] looks beyond a place.
const AHEAD: usize = 3;

/// Bytes of Latin letters that are looked at for the opening of a key.
const OPENING_BYTES: usize = 20;

/// The keys of a word and of its beginnings, for one hash of their bytes after the other: what shares a beginning is respelled once.
#[derive(Debug, Default)]
pub struct Keys {
    latin: String,
    /// By letter of the word: where it ends in `latin`.
    ends: Vec<u8>,
    /// By step of the respelling: where it begins in `latin`, the hash before it, and the byte before it.
    steps: Vec<(u8, Option<u8>, u64)>,
}

impl Keys {
    /// The hash of the first `bytes` of a word's key, and how many letters of the word make them: with as many or more, whatever they
    /// are, the key begins so. `None` where the word is shorter than that.
    pub fn opening(word: &[char], bytes: usize, step: impl Fn(u64, u8) -> u64) -> Option<(u64, usize)> {
        let mut latin = [0; OPENING_BYTES];
        let mut ends = [0; OPENING_BYTES];
        let (mut len, mut letters) = (0, 0);
        for c in word {
            // The longest letter is shch.
            let Some(room) = latin.get_mut(len..len + 4) else { break };
            if c.is_ascii() {
                room[0] = u8::try_from(*c).unwrap_or_default();
                len += 1;
            } else {
                let letter = LATIN.get((*c as usize).checked_sub(0x400)?)?;
                room.copy_from_slice(&letter.bytes);
                len += letter.len;
            }
            ends[letters] = len;
            letters += 1;
        }
        let word = &latin[..len];
        let (mut at, mut before, mut hash, mut made) = (0, None, 0, 0);
        while at + AHEAD < word.len() {
            let (piece, taken) = sound(word, at, before);
            for byte in piece {
                hash = step(hash, *byte);
                made += 1;
                if made == bytes {
                    let letters = ends[..letters].partition_point(|end| *end <= at + AHEAD);
                    return Some((hash, letters + 1));
                }
            }
            before = piece.last().copied().or(before);
            at += taken;
        }
        None
    }

    /// Reads a word of at most 60 letters; gives the hash of its key, but for what [`others`] gives.
    pub fn read(&mut self, word: &str, step: impl Fn(u64, u8) -> u64) -> u64 {
        self.latin.clear();
        self.ends.clear();
        self.steps.clear();
        if word.is_ascii() {
            self.latin.push_str(word);
        } else {
            for c in word.chars() {
                push_latin(c, &mut self.latin);
                self.ends.push(u8::try_from(self.latin.len()).unwrap_or(u8::MAX));
            }
        }
        let word = self.latin.as_bytes();
        let (mut at, mut before, mut hash) = (0, None, 0);
        while at < word.len() {
            self.steps.push((u8::try_from(at).unwrap_or(u8::MAX), before, hash));
            let (piece, taken) = sound(word, at, before);
            hash = piece.iter().fold(hash, |hash, byte| step(hash, *byte));
            before = piece.last().copied().or(before);
            at += taken;
        }
        hash
    }

    /// The same of the first letters of the word that was read.
    pub fn beginning(&self, letters: usize, step: impl Fn(u64, u8) -> u64) -> u64 {
        let Some(last) = letters.checked_sub(1) else { return 0 };
        let end = if self.ends.is_empty() { letters } else { self.ends.get(last).map_or(0, |end| usize::from(*end)) };
        let word = &self.latin.as_bytes()[..end];
        // The steps that looked beyond the end are taken again.
        let known = self.steps.partition_point(|(at, ..)| usize::from(*at) + AHEAD < end);
        let Some((at, before, hash)) = self.steps.get(known.min(self.steps.len().saturating_sub(1))) else { return 0 };
        let (mut at, mut before, mut hash) = (usize::from(*at), *before, *hash);
        while at < word.len() {
            let (piece, taken) = sound(word, at, before);
            hash = piece.iter().fold(hash, |hash, byte| step(hash, *byte));
            before = piece.last().copied().or(before);
            at += taken;
        }
        hash
    }
}

/// Spellings in the word's own alphabet that have its key, itself first; for people to look at, and bounded.
pub fn spellings(word: &str, most: usize) -> Vec<String> {
    const SWAPS: &[(&str, &str)] = &[
        ("kh", "x"),
        ("x", "kh"),
        ("x", "ks"),
        ("ks", "x"),
        ("zh", "j"),
        ("j", "zh"),
        ("dj", "j"),
        ("aev", "ayev"),
        ("ayev", "aev"),
        ("eev", "eyev"),
        ("iev", "iyev"),
        ("iyev", "iev"),
        ("iev", "yev"),
        ("yev", "iev"),
        ("oev", "oyev"),
        ("oyev", "oev"),
        ("ei", "ey"),
        ("ey", "ei"),
        ("ai", "ay"),
        ("ay", "ai"),
        ("iya", "ia"),
        ("ia", "iya"),
        ("ya", "ia"),
        ("yu", "iu"),
        ("yo", "e"),
        ("iyo", "io"),
        ("ye", "e"),
        ("iy", "y"),
        ("y", "iy"),
        ("i", "y"),
        ("y", "i"),
        ("ss", "s"),
        ("ll", "l"),
        ("mm", "m"),
    ];
    let wanted = key(word);
    let mut found = vec![word.to_string()];
    let mut at = 0;
    while at < found.len() && found.len() < most {
        let from = found[at].clone();
        at += 1;
        for (a, b) in SWAPS {
            for (place, _) in from.match_indices(a) {
                let other = format!("{}{b}{}", &from[..place], &from[place + a.len()..]);
                if found.len() < most && !found.contains(&other) && key(&other) == wanted {
                    found.push(other);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for names in [
            &["kulubaev", "kulubayev", "кулубаев"][..],
            &["sergei", "sergey", "сергей"],
            &["jeenbek", "zheenbek", "жээнбек"],
            &["bakhtiyor", "baxtiyor", "бахтиер"],
            &["mirziyoyev", "мирзиеев"],
            &["lavrentyev", "lavrentiev", "лаврентьев"],
            &["natalya", "natalia", "nataliya", "наталья", "наталия"],
            &["dmitry", "dmitri", "dmitriy", "дмитрий"],
            &["yelena", "elena", "елена"],
            &["alexei", "aleksey", "алексей"],
            &["alexander", "aleksandr", "александр"],
            &["mohammad", "muhammad", "mohammed"],
            &["yo'ldosheva", "йўлдошева"],
            &["kasym", "kassym"],
            &["mumin", "мумин"],
        ] {
            let first = key(names[0]);
            for name in names {
                assert_eq!(key(name), first, "{name}");
            }
        }
    }

    #[test]
    fn letters_that_are_not_one_keep_apart() {
        for (a, b) in [
            ("ғафуров", "гафуров"),
            ("гулчеҳра", "гулчехра"),
            ("йўлдошева", "юлдашева"),
            ("o'rolov", "orolov"),
            ("қодиров", "кодиров"),
            ("qodirov", "кодиров"),
        ] {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn the_keys_of_beginnings_are_those_of_the_words_that_they_are(word in "[adehijkostuvyz']{1,12}|[а-яёўқғҳ']{1,12}") {
            let step = |hash: u64, byte: u8| hash.wrapping_mul(1_000_003).wrapping_add(u64::from(byte) + 1);
            let hash = |word: &str| respell(&latin(word)).bytes().fold(0, step);
            let mut keys = Keys::default();
            prop_assert_eq!(keys.read(&word, step), hash(&word));
            for (letters, (at, _)) in word.char_indices().enumerate() {
                prop_assert_eq!(keys.beginning(letters, step), hash(&word[..at]), "{}", &word[..at]);
            }
        }
    }

    proptest! {
        #[test]
        fn a_key_begins_as_it_opens_whatever_follows(word in "[adehijkostuvyz']{1,12}|[а-яёўқғҳ']{1,12}", more in "[adehijkostuvyz']{0,4}|[а-яё']{0,4}") {
            let step = |hash: u64, byte: u8| hash.wrapping_mul(1_000_003).wrapping_add(u64::from(byte) + 1);
            let letters: Vec<char> = word.chars().collect();
            if let Some((hash, letters)) = Keys::opening(&letters, 5, step) {
                let enough: String = word.chars().take(letters).collect();
                for word in [&*word, &*enough, &format!("{enough}{more}")] {
                    let key = respell(&latin(word));
                    prop_assert!(key.len() >= 5, "{word}: {key}");
                    prop_assert_eq!(key.bytes().take(5).fold(0, step), hash, "{}: {}", word, key);
                }
            }
        }
    }

    #[test]
    fn spellings_are_shown_and_bounded() {
        let all = spellings("kulubaev", 8);
        assert!(all.contains(&"kulubayev".to_string()), "{all:?}");
        assert!(all.len() <= 8);
    }
}
