//! What it costs to see whether an article is a copy, against a million recent ones: the sketch of its text, those that share
//! something with it, the comparison with their texts, and its own place among the recent.
//! `cargo bench --bench stories [-- ARTICLES]`; processor time, and memory as the system counts it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a report, which fails aloud"
)]

use std::fs;
use std::hint::black_box;
use wirewatch::group::{Compared, compare};
use wirewatch::model::limits::{SKETCH_HASHES_MAX, STORIES_NEAR_MAX};
use wirewatch::text::copy::{Recent, sketch};

const ARTICLES: usize = 1_000_000;
/// Articles that are judged against them, and words of each.
const JUDGED: usize = 20_000;
const WORDS: usize = 320;

/// Chance that is the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A word of fifty thousand; small numbers come more often, as in a language.
    fn word(&mut self) -> String {
        let share = (self.next() % 1_000_000) as f64 / 1_000_000.0;
        let number = (50_000_f64.powf(share)).to_bits() >> 38;
        let mut word = String::new();
        let mut rest = number.wrapping_mul(2_654_435_761) % 1_000_003;
        while rest > 0 {
            word.push(char::from(b'a' + u8::try_from(rest % 26).unwrap()));
            rest /= 26;
        }
        word
    }

    fn text(&mut self) -> String {
        (0..WORDS).map(|at| self.word() + if at % 60 == 59 { ".\n\n" } else { " " }).collect()
    }
}

fn main() {
    let articles = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(ARTICLES);
    let mut dice = Dice(7);
    let before = resident();
    let mut recent = Recent::default();
    let began = cpu();
    for article in 0..articles {
        let mut hashes: Vec<u32> = (0..SKETCH_HASHES_MAX).map(|_| dice.next() as u32).collect();
        hashes.sort_unstable();
        recent.add(i64::try_from(article).unwrap(), 0, &hashes, 0);
    }
    println!(
        "{articles} recent articles: laid in {:.2} CPU-s, {:.0} MB",
        cpu() - began,
        (resident() - before) as f64 / 1e6
    );

    let originals: Vec<String> = (0..JUDGED).map(|_| dice.text()).collect();
    // Half of what comes is a copy of something: its first two thirds, under a sentence of its own.
    let copies: Vec<String> = originals
        .iter()
        .map(|text| [&dice.text()[..120], ". ", &text[..text.floor_char_boundary(text.len() * 2 / 3)]].concat())
        .collect();
    let bytes = originals.iter().map(String::len).sum::<usize>() / JUDGED;
    let mut judge = |name: &str, texts: &[String], first: usize| {
        let (mut compared, mut same) = (0, 0);
        let began = cpu();
        for (at, text) in texts.iter().enumerate() {
            let sketch = sketch(text);
            let like = recent.like(&sketch, 0);
            recent.add(i64::try_from(first + at).unwrap(), 0, &sketch, 0);
            let near = like
                .iter()
                .filter_map(|(article, _)| originals.get(usize::try_from(*article).ok()?.checked_sub(articles)?));
            let mut own = None;
            for near in near.take(STORIES_NEAR_MAX) {
                compared += 1;
                same += usize::from(
                    compare(own.get_or_insert_with(|| Compared::of(text)), &Compared::of(near), false).same,
                );
            }
            black_box(&like);
        }
        let each = (cpu() - began) * 1e6 / texts.len() as f64;
        println!("{name} ({bytes} bytes): {each:.1} us of CPU each; {compared} texts compared, {same} the same");
    };
    judge("news", &originals, articles);
    judge("copies", &copies, articles + JUDGED);
}

/// Processor time of this thread, in seconds.
fn cpu() -> f64 {
    let schedule = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = schedule.split_whitespace().next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

/// Bytes that the process holds in memory.
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
