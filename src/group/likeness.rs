//! Whether two texts are one: a wire copy with another headline, a lead of its own, a cut tail, paragraphs left out or moved; or
//! other news, with the same background or made after the same model. In: two texts. Out: how much they share, and the verdict.

use super::substitution;
use crate::model::limits::COPY_WORDS_MAX;
use crate::text::copy::{WORD, Word, words};
use std::collections::HashMap;

/// What a run weighs that two texts have in common by more than chance: four words.
const SEED: u32 = 4 * WORD;
/// Runs with no more than so much between them, in both texts, are one stretch: an edited name, a mark that became a word.
const BETWEEN: u32 = 5 * WORD;
/// A stretch that is shorter is a phrase that any two texts may have: the name of an organization, a turn of speech. Unless it is
/// most of a text.
const STRETCH: u32 = 18 * WORD;
/// Places of one run that are tried, where it stands in a text many times.
const PLACES_MAX: usize = 8;
/// All that two texts must have in common to be one.
const SHARED: u32 = 10 * WORD;

/// How much of the news of one of the texts, by its weight, must stand in the other.
const OF_ONE: f64 = 0.4;
/// And of the other: what repeats another text as its background, far below, is news of its own.
const OF_BOTH: f64 = 0.12;
/// News is told from the top: a word counts half as much as one so many words before it.
const HALF: f64 = 60.0;

/// A text to be compared.
#[derive(Debug)]
pub struct Compared<'a> {
    pub(super) text: &'a str,
    pub(super) words: Vec<Word>,
    /// The hash of the run that begins with each word, where one does.
    runs: Vec<Option<u64>>,
    /// By hash, where the runs begin.
    places: HashMap<u64, Vec<usize>>,
}

impl<'a> Compared<'a> {
    /// Reads a text; of a very long one the beginning.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let mut words = words(&text[..text.floor_char_boundary(COPY_WORDS_MAX * 16)]);
        words.truncate(COPY_WORDS_MAX);
        let runs = runs(&words);
        let mut places: HashMap<u64, Vec<usize>> = HashMap::with_capacity(runs.len());
        for (at, run) in runs.iter().enumerate() {
            let Some(run) = run else { continue };
            let places = places.entry(*run).or_default();
            if places.len() < PLACES_MAX {
                places.push(at);
            }
        }
        Self { text, words, runs, places }
    }
}

/// The hash of the run of [`SEED`] that begins with each word.
fn runs(words: &[Word]) -> Vec<Option<u64>> {
    let run = |start: usize| {
        let (mut weight, mut hash) = (0, 0_u64);
        for word in &words[start..] {
            hash = (hash.rotate_left(21) ^ u64::from(word.hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            weight += word.weight();
            if weight >= SEED {
                return Some(hash);
            }
        }
        None
    };
    (0..words.len()).map(run).collect()
}

/// Words that stand in both texts in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) one: usize,
    pub(super) other: usize,
    pub(super) len: usize,
}

/// What two texts have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Common {
    /// Words that stand in both, in common runs.
    pub shared: usize,
    /// Words of the shorter one.
    pub of: usize,
    /// Whether they are one text.
    pub same: bool,
}

/// Compares two texts. `corrects`: one of them says that it corrects; then what it has instead of something is no other news.
#[must_use]
pub fn compare(one: &Compared, other: &Compared, corrects: bool) -> Common {
    let all = blocks(one, other);
    let blocks = stretches(one, other, &all);
    let (mut of_one, mut of_other) = (vec![false; one.words.len()], vec![false; other.words.len()]);
    let mut cover = |block: &Block| {
        of_one[block.one..block.one + block.len].fill(true);
        of_other[block.other..block.other + block.len].fill(true);
    };
    blocks.iter().for_each(&mut cover);
    let gaps = substitution::gaps(one, other, &all, &blocks);
    gaps.iter().flat_map(|gap| &gap.kept).for_each(&mut cover);
    let of = one.words.len().min(other.words.len());
    let shared =
        of_one.iter().filter(|covered| **covered).count().min(of_other.iter().filter(|covered| **covered).count());
    let weight: u32 =
        blocks.iter().flat_map(|block| &one.words[block.one..block.one + block.len]).map(Word::weight).sum();
    let (a, b) = (told(&one.words, &of_one), told(&other.words, &of_other));
    let alike = weight >= SHARED && a.max(b) >= OF_ONE && a.min(b) >= OF_BOTH;
    Common { shared, of, same: alike && (corrects || !substitution::other_news(one, other, &gaps)) }
}

/// How much of a text's news is covered.
fn told(words: &[Word], covered: &[bool]) -> f64 {
    let (mut all, mut told, mut at) = (0.0, 0.0, 0.0);
    for (word, covered) in words.iter().zip(covered) {
        let long = f64::from(word.weight()) / f64::from(WORD);
        let weight = long * f64::exp2(-at / HALF);
        at += long;
        all += weight;
        told += if *covered { weight } else { 0.0 };
    }
    if all > 0.0 { told / all } else { 0.0 }
}

/// The runs that both texts have, in the order of the first one.
fn blocks(one: &Compared, other: &Compared) -> Vec<Block> {
    let mut blocks: Vec<Block> = vec![];
    let mut taken = vec![false; other.words.len()];
    let mut at = 0;
    while at < one.words.len() {
        let places = one.runs[at].and_then(|run| other.places.get(&run)).map_or(&[][..], Vec::as_slice);
        let after = blocks.last().map_or(0, |block| block.other + block.len);
        let longest = places
            .iter()
            .filter(|place| !taken[**place])
            .map(|place| Block { one: at, other: *place, len: common(one, other, at, *place, &taken) })
            // Of two as long, the one that goes on from the last.
            .max_by_key(|block| (block.len, std::cmp::Reverse(block.other.abs_diff(after))));
        match longest.filter(|block| block.len > 0) {
            Some(block) => {
                taken[block.other..block.other + block.len].fill(true);
                at += block.len;
                blocks.push(block);
            }
            None => at += 1,
        }
    }
    blocks
}

/// Those of the blocks that belong to a long stretch.
fn stretches(one: &Compared, other: &Compared, blocks: &[Block]) -> Vec<Block> {
    let weight = |words: &[Word]| words.iter().map(Word::weight).sum::<u32>();
    let most = weight(&one.words).min(weight(&other.words)) / 2;
    let goes_on = |a: &Block, b: &Block| {
        let (from, to) = (a.other + a.len, b.other);
        from <= to && weight(&one.words[a.one + a.len..b.one]) <= BETWEEN && weight(&other.words[from..to]) <= BETWEEN
    };
    let long = |stretch: &&[Block]| {
        let words = stretch.iter().map(|block| weight(&one.words[block.one..block.one + block.len]));
        words.sum::<u32>() >= STRETCH.min(most)
    };
    blocks.chunk_by(goes_on).filter(long).flatten().copied().collect()
}

/// How many words are the same from these places on.
fn common(one: &Compared, other: &Compared, a: usize, b: usize, taken: &[bool]) -> usize {
    let rest = one.words[a..].iter().zip(&other.words[b..]).zip(&taken[b..]);
    rest.take_while(|((a, b), taken)| a.hash == b.hash && !**taken).count()
}
