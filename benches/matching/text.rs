//! Names and texts to measure with, invented: words of syllables in five scripts.

use wirewatch::model::{List, ListFormat, ListId, RowHead, RowKey, Rows, WatchKind};

/// Numbers that look random and are the same each time (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A script: what its words are made of, and whether they are parted by spaces.
pub struct Script {
    pub name: &'static str,
    consonants: &'static str,
    vowels: &'static str,
    family: &'static str,
    spaces: bool,
}

pub const SCRIPTS: [Script; 5] = [
    Script { name: "Latin", consonants: "bcdfghjklmnprstvwz", vowels: "aeiou", family: "ov", spaces: true },
    Script {
        name: "Cyrillic", consonants: "бвгджзклмнпрстфхцчш", vowels: "аеиоуыюя", family: "ов", spaces: true
    },
    Script {
        name: "Arabic", consonants: "بتثجحخدرزسشصطعفقكلمنه", vowels: "اوي", family: "ي", spaces: true
    },
    Script {
        name: "Greek", consonants: "βγδζθκλμνξπρστφχψ", vowels: "αεηιουω", family: "ου", spaces: true
    },
    Script { name: "Han", consonants: "", vowels: "", family: "", spaces: false },
];

/// Chinese characters in use.
const HAN: usize = 3_000;

impl Script {
    /// A word of two to four syllables, or of one or two characters.
    pub fn word(&self, dice: &mut Dice) -> String {
        if !self.spaces {
            return (0..=dice.below(2)).map(|_| han(dice)).collect();
        }
        let (consonants, vowels): (Vec<char>, Vec<char>) =
            (self.consonants.chars().collect(), self.vowels.chars().collect());
        let mut word = String::new();
        for _ in 0..2 + dice.below(3) {
            word.push(*dice.pick(&consonants));
            word.push(*dice.pick(&vowels));
            if dice.below(3) == 0 {
                word.push(*dice.pick(&consonants));
            }
        }
        word
    }

    fn capital(&self, dice: &mut Dice) -> String {
        let word = self.word(dice);
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }
}

/// A Chinese character; the first are the most frequent.
fn han(dice: &mut Dice) -> char {
    let rank = dice.below(HAN) * dice.below(HAN) / HAN;
    char::from_u32(0x4e00 + 3 * rank as u32).unwrap()
}

/// Names, each with its script: three in four a person's, one a body's.
pub fn names(many: usize) -> Vec<(usize, WatchKind, String)> {
    let mut dice = Dice::new(7);
    let given: Vec<Vec<String>> = SCRIPTS.iter().map(|s| (0..2_000).map(|_| s.capital(&mut dice)).collect()).collect();
    let mut names = std::collections::BTreeSet::new();
    while names.len() < many {
        // Two in five in Latin letters, as in real lists.
        let at = [0, 0, 0, 0, 1, 1, 2, 2, 3, 4][dice.below(10)];
        let script = &SCRIPTS[at];
        let name = match (script.spaces, dice.below(4)) {
            (false, _) => (0..3 + dice.below(3)).map(|_| han(&mut dice)).collect(),
            (_, 0) => format!("{} {} {}", script.capital(&mut dice), script.word(&mut dice), script.word(&mut dice)),
            _ => format!("{} {}{}", dice.pick(&given[at]), script.capital(&mut dice), script.family),
        };
        let kind = usize::from(script.spaces && name.matches(' ').count() == 1);
        names.insert((name, at, kind));
    }
    let kinds = [WatchKind::Organization, WatchKind::Official];
    let mut names: Vec<_> = names.into_iter().map(|(name, at, kind)| (at, kinds[kind], name)).collect();
    // Lists are not sorted.
    for at in (1..names.len()).rev() {
        names.swap(at, dice.below(at + 1));
    }
    names
}

/// The same as a list.
pub fn list(names: &[(usize, WatchKind, String)]) -> List {
    let mut rows = Rows::default();
    for (at, (_, kind, name)) in names.iter().enumerate() {
        rows.push(&RowHead::new(&format!("N{at}"), *kind), [(RowKey::Names, name.as_str())]).unwrap();
    }
    rows.shrink();
    List {
        id: ListId::new("pep").unwrap(),
        file: "pep.csv".into(),
        format: ListFormat::Csv,
        with: vec![],
        rows: rows.into(),
        edition: wirewatch::model::Edition::default(),
    }
}

/// News of one script: words of a vocabulary (`None`: each word is new) by Zipf's law, one word in a hundred begins a name.
pub fn text(
    at: usize,
    bytes: usize,
    vocabulary: Option<usize>,
    names: &[(usize, WatchKind, String)],
    seed: u64,
) -> String {
    let script = &SCRIPTS[at];
    let mut dice = Dice::new(seed);
    let words: Vec<String> = (0..vocabulary.unwrap_or(0)).map(|_| script.word(&mut dice)).collect();
    let own: Vec<&str> = names.iter().filter(|name| name.0 == at).map(|name| name.2.as_str()).collect();
    let mut text = String::with_capacity(bytes + 100);
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        if dice.below(100) == 0 && !own.is_empty() {
            text.push_str(own[dice.below(own.len())]);
        } else if words.is_empty() {
            text.push_str(&script.word(&mut dice));
            text.push_str(&script.word(&mut dice));
        } else {
            // The product of two equal chances: the first words are many times as frequent as the last.
            let rank = dice.below(words.len()) * dice.below(words.len()) / words.len();
            text.push_str(&words[rank]);
        }
        match number % 15 {
            0 => text.push_str(if script.spaces { ". " } else { "。" }),
            8 => text.push_str(if script.spaces { ", " } else { "，" }),
            _ if script.spaces => text.push(' '),
            _ => {}
        }
        if number % 150 == 0 {
            text.push_str("\n\n");
        }
    }
    text
}
