//! A sketch of a text: the few smallest of the hashes of its runs of five words (bottom-k of `MinHash`, A. Broder 1997).
//! Copies of one text share many of them, whatever their headline; other texts share none.

use crate::model::limits::SKETCH_HASHES_MAX;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

const RUN_WORDS: usize = 5;

/// The sketch of a text, ascending, at most [`SKETCH_HASHES_MAX`] hashes; empty for a text under five words. The hashes are
/// stored, so they are the same on every machine and in every version: FNV-1a (Fowler, Noll, Vo) with the finish of `SplitMix64`.
#[must_use]
pub fn sketch(text: &str) -> Vec<u64> {
    let words: Vec<u64> = text.unicode_words().map(folded).collect();
    let mut smallest = BTreeSet::new();
    for run in words.windows(RUN_WORDS) {
        let mixed = run.iter().fold(0, |sum: u64, word| mix(sum ^ word));
        if smallest.len() == SKETCH_HASHES_MAX && smallest.last().is_some_and(|last| mixed >= *last) {
            continue;
        }
        smallest.insert(mixed);
        if smallest.len() > SKETCH_HASHES_MAX {
            smallest.pop_last();
        }
    }
    smallest.into_iter().collect()
}

/// The hash of a word in lower case.
fn folded(word: &str) -> u64 {
    if word.is_ascii() { hash(word.bytes().map(|b| b.to_ascii_lowercase())) } else { hash(word.to_lowercase().bytes()) }
}

fn hash(word: impl Iterator<Item = u8>) -> u64 {
    word.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
