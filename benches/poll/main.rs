//! What the whole process costs: CPU time and peak memory of the released `wirewatch` over a wire of invented news on loopback,
//! beside a bare reqwest loop over the same requests. In: `poll` or `idle`, and how many runs. Out: a table, once the work that
//! it is about was counted and found done. Start it by `scripts/bench`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "a report, which fails aloud"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "small numbers"
)]

mod bare;
mod desk;
mod news;
mod process;
mod server;

use desk::Desk;
use news::{ENTRIES, News, SOURCES};
use process::Spent;
use server::{Server, Told};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

const USAGE: &str = "usage: scripts/bench poll [--runs N] [--hosts] | idle [--seconds N] [--hosts]
  --hosts          each source on a loopback address of its own: a connection and a robots.txt each
  --under COMMAND  the passes under a profiler, `{}` being the pass's number: --under 'perf record -o /tmp/{}.perf --'
  --binary PATH    another build of wirewatch, to compare";

fn main() -> ExitCode {
    // cargo bench adds --bench.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |name: &str, default: usize| {
        let at = words.iter().position(|word| *word == name);
        at.and_then(|at| words.get(at + 1)).map_or(default, |typed| typed.parse().expect(USAGE))
    };
    let text = |name: &str, default: &'static str| {
        words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1)).map_or(default, |typed| *typed)
    };
    let how = How {
        hosts: words.contains(&"--hosts"),
        under: text("--under", "").to_string(),
        binary: text("--binary", env!("CARGO_BIN_EXE_wirewatch")).to_string(),
    };
    match words.first() {
        Some(&"poll") => poll(number("--runs", 5), &how),
        Some(&"idle") => idle(Duration::from_secs(number("--seconds", 30) as u64), &how),
        Some(&"bare") => bare::run(&words[1..]),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// How to run.
struct How {
    hosts: bool,
    under: String,
    binary: String,
}

/// One pass: what it is, what it may cost, and what each run of it and of the bare loop did cost.
struct Pass {
    name: &'static str,
    cpu_s_target: f64,
    requests: usize,
    done: String,
    spent: Vec<Spent>,
    bare: Vec<Spent>,
}

fn poll(runs: usize, how: &How) {
    let news = Arc::new(News::made());
    let server = Server::open(Arc::clone(&news), how.hosts);
    let pass =
        |name, cpu_s_target| Pass { name, cpu_s_target, requests: 0, done: String::new(), spent: vec![], bare: vec![] };
    let mut passes =
        [pass("first poll", 1.5), pass("nothing new (304)", 0.3), pass("an entry new in each, read and told", 5.0)];
    for run in 1..=runs {
        eprint!("\rrun {run} of {runs}");
        let desk = Desk::new(&server, &how.binary);
        server.publish(0);
        for (number, pass) in passes.iter_mut().enumerate() {
            if number == 2 {
                server.publish(1);
            }
            if number > 0 {
                desk.make_all_due();
            }
            server.told();
            pass.spent.push(process::run(
                &mut desk.wirewatch(&["run", "--once"], &how.under.replace("{}", &number.to_string())),
            ));
            let told = server.told();
            let kept = desk.kept();
            (pass.requests, pass.done) = match number {
                0 => first(&told, &kept),
                1 => unchanged(&told, &kept),
                _ => new_in_each(&told, &kept, &server),
            };
            pass.bare.push(process::run(&mut bare::command(["first", "unchanged", "new"][number], &server)));
            assert_eq!(server.told().documents(), told.documents(), "the bare loop asked for the same");
        }
    }
    eprint!("\r");
    let (feed, page) = news.mean_bytes();
    println!(
        "{SOURCES} sources of {ENTRIES} entries (RSS, Atom, JSON; {:.1} kB each), pages of {:.0} kB, 100 rules; {}; {runs} runs:\n\
         medians (lowest to highest)\n",
        feed as f64 / 1000.0,
        page as f64 / 1000.0,
        if how.hosts { "a loopback address for each" } else { "one host on loopback" },
    );
    println!("| pass | CPU-s | target | bare loop | ratio | peak MB | wall s | requests | done |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for pass in &passes {
        let of = |spent: &[Spent], what: fn(&Spent) -> f64| spread(spent.iter().map(what).collect());
        let (cpu, bare) = (of(&pass.spent, |spent| spent.cpu_s), of(&pass.bare, |spent| spent.cpu_s));
        let peak = of(&pass.spent, |spent| spent.peak_mb);
        println!(
            "| {} | {:.2} ({:.2} to {:.2}) | {} | {:.2} | {:.1} | {:.0} (bare {:.0}) | {:.2} | {} | {} |",
            pass.name,
            cpu.1,
            cpu.0,
            cpu.2,
            pass.cpu_s_target,
            bare.1,
            cpu.1 / bare.1,
            peak.1,
            of(&pass.bare, |spent| spent.peak_mb).1,
            of(&pass.spent, |spent| spent.wall_s).1,
            pass.requests,
            pass.done,
        );
    }
}

fn first(told: &Told, kept: &desk::Kept) -> (usize, String) {
    assert_eq!((told.feeds, told.unchanged, told.pages, told.alerts), (SOURCES, 0, 0, 0));
    assert_eq!((kept.keys, kept.baselines), (SOURCES * ENTRIES, SOURCES));
    (told.requests(), format!("{} entries stored", kept.keys))
}

fn unchanged(told: &Told, kept: &desk::Kept) -> (usize, String) {
    assert_eq!((told.feeds, told.unchanged, told.pages, told.alerts), (0, SOURCES, 0, 0));
    assert_eq!(kept.keys, SOURCES * ENTRIES);
    (told.requests(), format!("{} answers of 304", told.unchanged))
}

fn new_in_each(told: &Told, kept: &desk::Kept, server: &Server) -> (usize, String) {
    assert_eq!((told.feeds, told.unchanged, told.pages, told.alerts), (SOURCES, 0, SOURCES, SOURCES));
    assert_eq!(told.robots, if server.hosts { SOURCES } else { 1 });
    assert_eq!((kept.keys, kept.read_in_full, kept.alerts_sent), (SOURCES * (ENTRIES + 1), SOURCES, SOURCES));
    let done =
        format!("{} entries new, {} pages read in full, {} alerts delivered", SOURCES, kept.read_in_full, told.alerts);
    (told.requests(), done)
}

fn idle(watched: Duration, how: &How) {
    let server = Server::open(Arc::new(News::made()), how.hosts);
    let desk = Desk::new(&server, &how.binary);
    server.publish(0);
    let mut child = desk.wirewatch(&["run"], "").spawn().unwrap();
    let polled = || desk.kept().baselines;
    let patience = std::time::Instant::now() + Duration::from_mins(2);
    while polled() < SOURCES {
        assert!(std::time::Instant::now() < patience, "the first polls did not end");
        std::thread::sleep(Duration::from_millis(200));
    }
    // What the first polls left to do is not idleness.
    std::thread::sleep(Duration::from_secs(5));
    server.told();
    let before = process::so_far(child.id());
    std::thread::sleep(watched);
    let after = process::so_far(child.id());
    let told = server.told();
    process::stop(&mut child);
    assert_eq!(told.requests(), 0, "nothing was due");
    let share = (after.cpu_s - before.cpu_s) / watched.as_secs_f64() * 100.0;
    println!("the daemon with {SOURCES} sources, first polls done, nothing due, watched for {} s:", watched.as_secs());
    println!(
        "{share:.2} % of a core (target: under 1), {:.0} MB resident, {:.0} MB at its peak (target: under 64)",
        after.now_mb, after.peak_mb
    );
}

/// The lowest, the median and the highest.
fn spread(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    (figures[0], figures[figures.len() / 2], figures[figures.len() - 1])
}
