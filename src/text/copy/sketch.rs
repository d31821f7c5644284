//! A sketch of a text: a few of the smallest hashes of its runs of seven words (bottom-k of `MinHash`, A. Broder 1997).
//! In: a text. Out: up to sixteen numbers. Copies of one text share some of them, whatever their headline; others hardly any.

use super::words::{WORD, Word, words};
use crate::model::limits::SKETCH_HASHES_MAX;

/// What a run weighs at least: seven words, or a dozen signs.
const RUN: u32 = 7 * WORD;

/// From where runs are taken, in weight from the first word, and how many of them. News is told from the top and cut from below:
/// of a copy that keeps a third, or has two sentences of its own on top, the beginnings are still alike when the wholes are not.
const PARTS: [(u32, usize); 3] = [(30 * WORD, 4), (100 * WORD, 6), (u32::MAX, 6)];

const _: () = assert!(PARTS[0].1 + PARTS[1].1 + PARTS[2].1 == SKETCH_HASHES_MAX);

/// The sketch of a text, ascending, each hash once; empty for a text of less than one run. The hashes are stored, so they are the
/// same on every machine and in every version.
#[must_use]
pub fn sketch(text: &str) -> Vec<u32> {
    let words = words(text);
    let mut smallest = PARTS.map(|(_, most)| Vec::with_capacity(most + 1));
    let mut runs = Runs::new(&words);
    let mut before = 0;
    while let Some((start, hash)) = runs.next() {
        for ((end, most), smallest) in PARTS.iter().zip(&mut smallest) {
            if before < *end {
                keep(smallest, hash, *most);
            }
        }
        before += words[start].weight();
    }
    // Small as they are, only their lower halves tell them apart.
    let lower = |hash: &u64| u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    let mut hashes: Vec<u32> = smallest.concat().iter().map(lower).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Keeps the hash if it is one of the smallest.
fn keep(smallest: &mut Vec<u64>, hash: u64, most: usize) {
    if smallest.len() == most && smallest.last().is_some_and(|last| hash >= *last) {
        return;
    }
    if let Err(at) = smallest.binary_search(&hash) {
        smallest.insert(at, hash);
        smallest.truncate(most);
    }
}

/// The runs of a text: where each begins, and its hash.
struct Runs<'a> {
    words: &'a [Word],
    start: usize,
    end: usize,
    weight: u32,
}

impl<'a> Runs<'a> {
    fn new(words: &'a [Word]) -> Self {
        Self { words, start: 0, end: 0, weight: 0 }
    }

    fn next(&mut self) -> Option<(usize, u64)> {
        while self.weight < RUN {
            self.weight += self.words.get(self.end)?.weight();
            self.end += 1;
        }
        let start = self.start;
        let hash = self.words[start..self.end].iter().fold(0, |sum, word| mix(sum ^ u64::from(word.hash)));
        self.weight -= self.words[start].weight();
        self.start += 1;
        Some((start, hash))
    }
}

/// The finish of `SplitMix64`.
pub(super) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_is_bounded_and_stays_the_same() {
        assert!(sketch("six words are not a run").is_empty());
        assert_eq!(sketch("The seven words of this one line."), sketch("the SEVEN words, of this: one line"));
        assert_eq!(sketch("one two three four five six seven"), [3_482_056_372]);
        assert_eq!(sketch("上海合作组织成员国外长会议").len(), 2);
        let long: Vec<String> = (0..5000).map(|n| format!("w{n}")).collect();
        // The smallest of a part may be the smallest of all.
        assert!((10..=SKETCH_HASHES_MAX).contains(&sketch(&long.join(" ")).len()));
    }

    #[test]
    fn beginnings_are_alike_when_most_is_cut() {
        let words: Vec<String> = (0..900).map(|n| format!("w{}", n * 7919 % 10_007)).collect();
        let whole = sketch(&words.join(" "));
        let own: Vec<String> = (0..24).map(|n| format!("own{n}")).collect();
        let copy = sketch(&[&own[..], &words[..200]].concat().join(" "));
        assert!(copy.iter().filter(|hash| whole.contains(hash)).count() >= 3);
    }
}
