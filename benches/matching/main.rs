//! What matching costs: names found per second and core beside an Aho-Corasick automaton (daachorse) over the same names and texts,
//! the time and memory to compile a million names, rules beside more rules, and an article against the shipped configuration.
//! `cargo bench --bench matching [-- NAMES … SCRIPT …]`; all figures of a line are of one run, medians of several passes.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a report, which fails aloud"
)]

mod automaton;
mod heap;
mod text;

use automaton::Automaton;
use std::hint::black_box;
use std::time::{Duration, Instant};
use text::SCRIPTS;
use wirewatch::matching::{Index, Text, compile};
use wirewatch::model::{List, Rule, RuleId, Severity};

#[global_allocator]
static HEAP: heap::Heap = heap::Heap;

/// Bytes of text a script and pass.
const BYTES: usize = 2 << 20;
const PASSES: usize = 5;
/// Passes of each when rules are compared.
const RULE_PASSES: usize = 15;

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![100_000, 1_000_000] } else { asked };
    if std::env::args().any(|argument| argument == "rules") {
        return rules();
    }
    let only: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument.starts_with(char::is_uppercase)).collect();
    for many in sizes {
        names(many, &only);
    }
    if only.is_empty() {
        rules();
        shipped();
    }
}

fn index(list: List, rules: &[Rule]) -> Index {
    compile(&[], &[list], rules, &jiff::tz::TimeZone::UTC).unwrap()
}

/// Names found: megabytes a second on one core, per script, on words that come again and on words that are new.
fn names(many: usize, only: &[String]) {
    let names = text::names(many);
    let before = heap::used();
    let list = text::list(&names);
    let of_list = heap::used() - before;
    let start = Instant::now();
    let index = index(list, &[]);
    let built = start.elapsed();
    println!(
        "\n{many} names: compiled in {built:.2?}, {} MB beside the list's {} MB",
        (heap::used() - before - of_list) >> 20,
        of_list >> 20
    );
    let before = heap::used();
    let start = Instant::now();
    let automaton = Automaton::new(names.iter().map(|name| name.2.as_str()));
    println!("daachorse: built in {:.2?}, {} MB", start.elapsed(), (heap::used() - before) >> 20);
    println!("MB/s on one core   warm    cold | daachorse folded  and folding | names found: ours, daachorse's");
    let mut totals = [Duration::ZERO; 4];
    for (at, script) in SCRIPTS.iter().enumerate() {
        if !only.is_empty() && !only.iter().any(|name| name == script.name) {
            continue;
        }
        let warm = text::text(at, BYTES, Some(8_000), &names, 11);
        let colds: Vec<String> =
            (0..PASSES).map(|pass| text::text(at, BYTES, None, &names, 100 + pass as u64)).collect();
        // As articles come: a kilobyte or two each, parted before the clock runs.
        let articles = |text: &str| -> Vec<String> { text.split("\n\n").map(ToString::to_string).collect() };
        let run = |articles: &[String]| -> usize { articles.iter().map(|article| index.count(article)).sum() };
        let (warm_articles, cold_articles) =
            (articles(&warm), colds.iter().map(|cold| articles(cold)).collect::<Vec<_>>());
        let ours = run(&warm_articles);
        let folded = automaton::fold(&warm);
        let theirs = automaton.count(&folded.0);
        let times = [
            median(&mut |_| run(&warm_articles)),
            median(&mut |pass| run(&cold_articles[pass])),
            median(&mut |_| automaton.count(&folded.0)),
            median(&mut |_| automaton.count(&automaton::fold(&warm).0)),
        ];
        let speed = |time: Duration| BYTES as f64 / 1e6 / time.as_secs_f64();
        println!(
            "{:<16} {:>6.0}  {:>6.0} | {:>16.0}  {:>11.0} | {ours}, {theirs}",
            script.name,
            speed(times[0]),
            speed(times[1]),
            speed(times[2]),
            speed(times[3])
        );
        for (total, time) in totals.iter_mut().zip(times) {
            *total += time;
        }
    }
    let speed = |time: Duration| (BYTES * SCRIPTS.len()) as f64 / 1e6 / time.as_secs_f64();
    let [warm, cold, folded, folding] = totals.map(speed);
    println!(
        "all              {warm:>6.0}  {cold:>6.0} | {folded:>16.0}  {folding:>11.0} | {:.1} times folded, {:.1} times folding",
        warm / folded,
        warm / folding
    );
}

fn median(work: &mut dyn FnMut(usize) -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..PASSES)
        .map(|pass| {
            let start = Instant::now();
            black_box(work(pass));
            start.elapsed()
        })
        .collect();
    times.sort();
    times[PASSES / 2]
}

/// A hundred thousand rules beside a hundred, over the same list and texts.
fn rules() {
    let names = text::names(50_000);
    let warm = text::text(0, BYTES, Some(8_000), &names, 11);
    let articles: Vec<&str> = warm.split("\n\n").collect();
    let mut dice = text::Dice::new(3);
    let rule = |at: usize, dice: &mut text::Dice| Rule {
        id: RuleId::new(&format!("r{at}")).unwrap(),
        title: None,
        query: Some(format!(
            "@pep/N{} AND ({} OR \"{} {}\") AND NOT {}",
            dice.below(50_000),
            w(dice),
            w(dice),
            w(dice),
            w(dice)
        )),
        any: vec![],
        all: vec![],
        none: vec![],
        notify: vec![],
        severity: Severity::Normal,
        settle: Duration::ZERO,
        inflect: false,
    };
    let mut indices = [100, 100_000].map(|many| {
        let rules: Vec<Rule> = (0..many).map(|at| rule(at, &mut dice)).collect();
        let start = Instant::now();
        let index = index(text::list(&names), &rules);
        println!("{many} rules over 50000 names: compiled in {:.2?}", start.elapsed());
        index
    });
    // In turns, so that what else the machine does falls on both.
    let mut times = [vec![], vec![]];
    for _ in 0..RULE_PASSES {
        for (index, times) in indices.iter_mut().zip(&mut times) {
            let start = Instant::now();
            let read = |text: &&str| index.read(&Text { text, ..Text::empty() }).matches.len();
            let matches: usize = articles.iter().map(read).sum();
            times.push((start.elapsed(), black_box(matches)));
        }
    }
    let [few, many] = times.map(|mut times| {
        times.sort();
        let (time, matches) = times[RULE_PASSES / 2];
        let speed = BYTES as f64 / 1e6 / time.as_secs_f64();
        println!("  {speed:.1} MB/s, {matches} matches in {} articles", articles.len());
        time.as_secs_f64()
    });
    println!("a hundred thousand rules cost {:.2} times a hundred", many / few);
}

fn w(dice: &mut text::Dice) -> String {
    SCRIPTS[0].word(dice)
}

/// One article of 800 words against the configuration that is shipped.
fn shipped() {
    let accepted =
        wirewatch::app::accept(std::path::Path::new("config"), &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    for (name, at, names) in [
        ("Latin", 0, &["Wang Yi", "Shanghai Cooperation Organization", "Bakhtiyor Saidov"]),
        ("Cyrillic", 1, &["Ван И", "Шанхайской организации сотрудничества", "Бахтиёра Саидова"]),
    ] {
        let articles: Vec<String> = (0..20)
            .map(|seed| {
                let mut words: Vec<String> = {
                    let text = text::text(at, 20_000, Some(3_000), &[], 40 + seed);
                    text.split(' ').take(800).map(ToString::to_string).collect()
                };
                for (nth, name) in names.iter().enumerate() {
                    words[100 + 200 * nth] = (*name).to_string();
                }
                words.join(" ")
            })
            .collect();
        let read = |text: &String| {
            accepted.index.read(&Text { title: "News of the day", text, ..Text::empty() }).matches.len()
        };
        let matches: usize = articles.iter().map(read).sum();
        let time = median(&mut |_| articles.iter().map(read).sum());
        println!(
            "an article of 800 words in {name} letters against config/: {:.1?} ({} matches of rules)",
            time / 20,
            matches / 20
        );
    }
}
