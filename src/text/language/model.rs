//! In: the words of a text in one script. Out: how well each language written in that script spells them.
//! Its weights are counted, once, from the texts in `texts/`, which were written for this; it never learns.

use super::script::{self, Script};
use foldhash::HashMap;
use std::sync::LazyLock;

/// A language in one of its scripts: a text whose first line is its alphabet, its second its commonest words.
struct Tongue {
    tag: &'static str,
    text: &'static str,
}

macro_rules! tongues {
    ($($tag:literal $file:literal),* $(,)?) => {
        &[$(Tongue { tag: $tag, text: include_str!(concat!("texts/", $file, ".txt")) }),*]
    };
}

const LATIN: &[Tongue] = tongues![
    "en" "en",
    "de" "de",
    "fr" "fr",
    "es" "es",
    "it" "it",
    "pt" "pt",
    "nl" "nl",
    "pl" "pl",
    "cs" "cs",
    "ro" "ro",
    "sv" "sv",
    "tr" "tr",
    "uz" "uz-Latn",
    "az" "az",
    "tk" "tk",
    "id" "id",
];
const CYRILLIC: &[Tongue] = tongues![
    "ru" "ru",
    "uk" "uk",
    "be" "be",
    "bg" "bg",
    "sr" "sr",
    "mk" "mk",
    "kk" "kk",
    "ky" "ky",
    "uz" "uz-Cyrl",
    "tg" "tg",
    "tt" "tt",
    "mn" "mn",
];
const ARABIC: &[Tongue] = tongues![
    "ar" "ar",
    "fa" "fa",
    "ur" "ur",
    "ps" "ps",
    "ckb" "ckb",
    "ug" "ug",
];

/// The model of a script that several languages share.
pub(super) fn of(script: Script) -> Option<&'static Model> {
    static MODELS: [LazyLock<Model>; 3] = [
        LazyLock::new(|| Model::new(Script::Latin, LATIN)),
        LazyLock::new(|| Model::new(Script::Cyrillic, CYRILLIC)),
        LazyLock::new(|| Model::new(Script::Arabic, ARABIC)),
    ];
    match script {
        Script::Latin => Some(&MODELS[0]),
        Script::Cyrillic => Some(&MODELS[1]),
        Script::Arabic => Some(&MODELS[2]),
        _ => None,
    }
}

/// Languages in one script, at most.
const TONGUES_MAX: usize = 16;
/// What something costs in each language: the bits that it takes to say it, in sixteenths.
type Costs = [u16; TONGUES_MAX];
const BIT: f64 = 16.0;
/// A letter costs no more than this many bits: one foreign letter is a name, not a proof.
const LETTER_BITS_MAX: f64 = 15.0;
/// A word costs no more than this (in sixteenths) beyond what it costs in the language that spells it best: it may be a name.
const WORD_COST_MAX: u16 = 12 * 16;
/// A common word weighs as though it had been read so many times more.
const COMMON: u32 = 3;
/// Share of the words of a text that are among its language's known words.
const KNOWN: f64 = 0.5;

pub(super) struct Model {
    script: Script,
    tags: Vec<&'static str>,
    /// Whole words that some language has twice and more.
    words: HashMap<u64, Costs>,
    /// A letter after two, after one, and by itself.
    grams: HashMap<u64, Costs>,
}

/// What a text takes in the language that says it shortest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) tag: &'static str,
    /// How many bits less than in the next best.
    pub(super) ahead: f64,
    /// The bits themselves, and for how many letters and ends of words.
    pub(super) bits: f64,
    pub(super) letters: u32,
}

impl Model {
    /// Judges a text, `None` where it has no two words in this script: one may be a name.
    pub(super) fn read(&self, text: &str) -> Option<Said> {
        let mut sums = [0u32; TONGUES_MAX];
        let (mut letters, mut words) = (0u32, 0);
        script::words(text, self.script, |word| {
            letters += u32::try_from(word.len() + 1).unwrap_or(0);
            words += 1;
            let costs = self.cost(word);
            let dearest = costs[..self.tags.len()].iter().min().map_or(0, |least| least + WORD_COST_MAX);
            for (sum, cost) in sums.iter_mut().zip(costs) {
                *sum += u32::from(cost.min(dearest));
            }
        });
        if words < 2 {
            return None;
        }
        let mut ranked: Vec<(u32, &'static str)> = sums.into_iter().zip(self.tags.iter().copied()).collect();
        ranked.sort_unstable();
        let [(best, tag), (next, _), ..] = ranked[..] else { return None };
        Some(Said { tag, ahead: f64::from(next - best) / BIT, bits: f64::from(best) / BIT, letters })
    }

    /// What a word costs: as a whole where it is known, else letter by letter.
    fn cost(&self, word: &[char]) -> Costs {
        if let Some(costs) = self.words.get(&word_key(word)) {
            return *costs;
        }
        let mut costs = [0; TONGUES_MAX];
        for [a, b, c] in grams(word) {
            let found = [[a, b, c], [NONE, b, c], [NONE, NONE, c]];
            if let Some(more) = found.into_iter().find_map(|gram| self.grams.get(&key(gram))) {
                costs.iter_mut().zip(more).for_each(|(sum, cost)| *sum += cost);
            }
        }
        costs
    }

    /// Whether it knows a language.
    pub(super) fn knows(&self, tag: &str) -> bool {
        self.tags.contains(&tag)
    }

    fn new(script: Script, tongues: &[Tongue]) -> Self {
        let counted: Vec<Counted> = tongues.iter().map(|tongue| Counted::new(script, tongue.text)).collect();
        // The shorter grams first: the longer ones lean on them.
        let mut chances: HashMap<[char; 3], Chances> = HashMap::default();
        for letters in 1..=3 {
            let all = counted.iter().flat_map(|counted| counted.grams.keys());
            for gram in all.filter(|gram| gram.iter().filter(|c| **c != NONE).count() == letters) {
                if !chances.contains_key(gram) {
                    let shorter = chances.get(&shorter(*gram));
                    let mut row = [0.0; TONGUES_MAX];
                    for (at, counted) in counted.iter().enumerate() {
                        row[at] = counted.chance(*gram, shorter.map(|row| row[at]));
                    }
                    chances.insert(*gram, row);
                }
            }
        }
        let mut model = Self {
            script,
            tags: tongues.iter().map(|tongue| tongue.tag).collect(),
            words: HashMap::default(),
            grams: chances.iter().map(|(gram, row)| (key(*gram), row.map(|chance| cost(bits(chance))))).collect(),
        };
        for (word, _) in counted.iter().flat_map(|counted| &counted.words).filter(|(_, times)| **times > 1) {
            model.words.entry(word_key(word)).or_insert_with(|| {
                let mut row = [0.0; TONGUES_MAX];
                for gram in grams(word) {
                    let chances = chances.get(&gram).unwrap_or(&[1.0; TONGUES_MAX]);
                    row.iter_mut().zip(chances).for_each(|(spelled, chance)| *spelled += bits(*chance));
                }
                row.iter_mut().zip(&counted).for_each(|(bits, counted)| *bits = counted.word_bits(word, *bits));
                row.map(cost)
            });
        }
        model
    }
}

type Chances = [f64; TONGUES_MAX];

fn bits(chance: f64) -> f64 {
    (-chance.log2()).min(LETTER_BITS_MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float is cut to the range of the integer"
)]
fn cost(bits: f64) -> u16 {
    (bits * BIT).round() as u16
}

/// No letter: before a gram of less than three.
const NONE: char = '\0';
/// What stands before a word and after it.
const EDGE: char = ' ';

/// Each letter of a word, and the end of it, after the two before.
fn grams(word: &[char]) -> impl Iterator<Item = [char; 3]> {
    let mut before = [EDGE; 2];
    word.iter().copied().chain([EDGE]).map(move |c| {
        let gram = [before[0], before[1], c];
        before = [before[1], c];
        gram
    })
}

/// A gram without the first of its letters.
fn shorter([a, b, c]: [char; 3]) -> [char; 3] {
    if a == NONE { [NONE, NONE, c] } else { [NONE, b, c] }
}

fn key([a, b, c]: [char; 3]) -> u64 {
    u64::from(a) << 42 | u64::from(b) << 21 | u64::from(c)
}

/// FNV-1a, by letters.
fn word_key(word: &[char]) -> u64 {
    word.iter().fold(0xcbf2_9ce4_8422_2325, |key, c| (key ^ u64::from(*c)).wrapping_mul(0x0100_0000_01b3))
}

/// What was counted in the text of one language.
struct Counted {
    alphabet: &'static str,
    letters: f64,
    /// How often each gram of three, two and one was read.
    grams: HashMap<[char; 3], u32>,
    /// After what stands before the last of a gram: how many followed, and how many different ones.
    after: HashMap<[char; 2], (u32, u32)>,
    words: HashMap<Vec<char>, u32>,
    read: u32,
}

impl Counted {
    fn new(script: Script, text: &'static str) -> Self {
        let (alphabet, text) = text.split_once('\n').unwrap_or((text, ""));
        let (common, _) = text.split_once('\n').unwrap_or((text, ""));
        let mut counted = Self {
            alphabet,
            letters: f64::from(u32::try_from(alphabet.chars().count()).unwrap_or(u32::MAX)),
            grams: HashMap::default(),
            after: HashMap::default(),
            words: HashMap::default(),
            read: 0,
        };
        script::words(text, script, |word| {
            counted.word(word, 1);
            for [a, b, c] in grams(word) {
                counted.gram([a, b, c]);
                counted.gram([NONE, b, c]);
                counted.gram([NONE, NONE, c]);
            }
        });
        script::words(common, script, |word| counted.word(word, COMMON));
        counted
    }

    fn word(&mut self, word: &[char], times: u32) {
        *self.words.entry(word.to_vec()).or_default() += times;
        self.read += times;
    }

    fn gram(&mut self, gram: [char; 3]) {
        let times = self.grams.entry(gram).or_default();
        *times += 1;
        let after = self.after.entry([gram[0], gram[1]]).or_default();
        after.0 += 1;
        after.1 += u32::from(*times == 1);
    }

    /// The chance of a gram's last letter after the others, by Witten and Bell (1991): the more different letters have followed,
    /// the more is left to those that have not, as the shorter gram has them.
    fn chance(&self, gram @ [a, b, c]: [char; 3], shorter: Option<f64>) -> f64 {
        let own = c == EDGE || self.alphabet.contains(c);
        let shorter = shorter.unwrap_or(if own { 1.0 / self.letters } else { 0.0 });
        let Some((followed, kinds)) = self.after.get(&[a, b]) else { return shorter };
        let times = self.grams.get(&gram).copied().unwrap_or_default();
        (f64::from(times) + f64::from(*kinds) * shorter) / f64::from(followed + kinds)
    }

    /// A word is known, or it is spelled.
    fn word_bits(&self, word: &[char], spelled: f64) -> f64 {
        let times = self.words.get(word).copied().unwrap_or_default();
        -(KNOWN * f64::from(times) / f64::from(self.read.max(1)) + (1.0 - KNOWN) * (-spelled).exp2()).log2()
    }
}
