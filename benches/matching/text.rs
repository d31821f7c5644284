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

/// A script: the syllables of its words, and whether words are parted by spaces.
pub struct Script {
    pub name: &'static str,
    syllables: &'static [&'static str],
    family: &'static str,
    spaces: bool,
}

pub const SCRIPTS: [Script; 5] = [
    Script {
        name: "Latin",
        syllables: &[
            "ka", "lo", "mi", "ran", "ser", "ta", "nur", "bek", "vol", "gor", "den", "ja", "zi", "kha", "chu", "sha",
            "li", "po", "re", "du", "an", "el", "is", "tor", "ven", "mar",
        ],
        family: "ov",
        spaces: true,
    },
    Script {
        name: "Cyrillic",
        syllables: &[
            "ка", "ло", "ми", "ран", "сер", "та", "нур", "бек", "вол", "гор", "ден", "жа", "зи", "ха", "чу", "ша",
            "ли", "по", "ре", "ду", "ан", "ел", "ис", "тор", "вен", "мар",
        ],
        family: "ов",
        spaces: true,
    },
    Script {
        name: "Arabic",
        syllables: &[
            "با", "را", "دي", "سا", "نو", "كر", "مح", "عل", "حس", "فا", "طا", "جم", "لي", "مو", "شر", "قا", "زه", "بد",
            "رح", "يم",
        ],
        family: "ي",
        spaces: true,
    },
    Script {
        name: "Greek",
        syllables: &[
            "κα", "λο", "μι", "ραν", "σερ", "τα", "νικ", "βελ", "γορ", "δεν", "ζω", "χα", "πο", "ρε", "θε", "αν", "ελ",
            "φιλ", "τορ", "μαρ",
        ],
        family: "ου",
        spaces: true,
    },
    Script {
        name: "Han",
        syllables: &[
            "山", "河", "明", "文", "东", "海", "林", "国", "建", "华", "志", "伟", "金", "石", "天", "云", "新", "光",
            "安", "平", "春", "永", "龙", "德", "大", "成", "青", "南", "西", "北", "江", "湖", "风", "花", "木", "火",
            "水", "土", "田", "禾", "马", "牛", "羊", "鱼", "鸟", "车", "门", "户", "米", "竹",
        ],
        family: "",
        spaces: false,
    },
];

impl Script {
    pub fn word(&self, dice: &mut Dice) -> String {
        let syllables = if self.spaces { 2 + dice.below(3) } else { 1 + dice.below(2) };
        (0..syllables).map(|_| *dice.pick(self.syllables)).collect()
    }

    fn capital(&self, dice: &mut Dice) -> String {
        let word = self.word(dice);
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }
}

/// Names, each with its script: three in four a person's, one a body's.
pub fn names(many: usize) -> Vec<(usize, WatchKind, String)> {
    let mut dice = Dice::new(7);
    let given: Vec<Vec<String>> = SCRIPTS.iter().map(|s| (0..2_000).map(|_| s.capital(&mut dice)).collect()).collect();
    let mut names = std::collections::BTreeSet::new();
    while names.len() < many {
        // Half of the names in Latin letters, as in real lists.
        let at = [0, 0, 0, 0, 1, 1, 2, 3][dice.below(8)].max(if dice.below(16) == 0 { 4 } else { 0 });
        let script = &SCRIPTS[at];
        let name = match (script.spaces, dice.below(4)) {
            (false, _) => (0..3 + dice.below(3)).map(|_| *dice.pick(script.syllables)).collect(),
            (_, 0) => format!("{} {} {}", script.capital(&mut dice), script.word(&mut dice), script.word(&mut dice)),
            _ => format!("{} {}{}", dice.pick(&given[at]), script.capital(&mut dice), script.family),
        };
        let kind = if script.spaces && name.matches(' ').count() == 1 { 1 } else { 0 };
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
