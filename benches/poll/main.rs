//! What the whole process costs and does: the released `wirewatch` over a wire of invented news on loopback. In: which
//! measurement. Out: its figures, once the work that they are about was counted and found done. Start it by `scripts/bench`.
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
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "texts are made once, before anything is measured"
)]

mod bare;
mod broken;
mod deliver;
mod desk;
mod hostile;
mod idle;
mod latency;
mod mail;
mod many;
mod names;
mod news;
mod passes;
mod planted;
mod process;
mod recall;
mod server;
mod store;
mod web;

use server::Place;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "usage: scripts/bench MEASUREMENT [options]

  poll       1,000 sources, 100 rules: CPU time and memory of a first poll (20,000 entries), of a poll without news (304), and of one
             new entry in each with its page of 50-80 kB read, matched and told by webhook; beside a bare reqwest loop over the same
             requests in the same run
    --runs N   times (5)
    --hosts    each source on a loopback address of its own: a connection and a robots.txt each
    --tls      each source under a name and a certificate of its own, TLS 1.3, a full handshake for each connection; needs
               unshare(1) and root or user namespaces, since the names stand in an /etc/hosts of their own
  many       the same in one run with 10,000 sources, 1,000 of which bring an entry; then the daemon with all of them
    --sources N
  broken     200 sources twice, all sound, and 12 of them broken in the worst ways: how late the sound ones are, what memory grows by
  latency    1,000 sources of which each brings an entry: from the time that its poll was due to the mail server's 250
    --seconds N   the polls fall due over so long (60); 0: all at once
  recall     a newsroom with names in all forms planted in titles, summaries and pages, and decoys: recall and precision by
             (article, watch), with what was missed and what was found too much
  deliver    a full outbox, and a steady stream of alerts: how many a second the mail server takes, and how long each took since its
             commit
    --alerts N    in the full outbox (20,000)
    --rate N      alerts a second of the stream (100)
    --seconds N   that it lasts (20)
  web        each page, and queries tried on the archive, over a large one while the daemon polls; then a backtest of all of it
    --articles N  in the archive (1,000,000)
  idle       what a daemon costs with 1,000 sources and nothing due
    --seconds N   watched for so long (30)
  store      a database of gigabytes: start to ready, a backup beside 50 sources polled each second, and what a sweep holds others up
    --gigabytes N (5); it wants three times as much room in $TMPDIR

  --under COMMAND  poll and many under a profiler, `{}` being the pass's number: --under 'perf record -o /tmp/{}.perf --'
  --binary PATH    another build of wirewatch, to compare";

/// How to run.
struct How {
    under: String,
    binary: String,
}

fn main() -> ExitCode {
    // cargo bench adds --bench.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = |name: &str| {
        words.iter().position(|word| *word == name).map(|at| (*words.get(at + 1).expect(USAGE)).to_string())
    };
    let number = |name: &str, default: usize| text(name).map_or(default, |typed| typed.parse().expect(USAGE));
    let seconds = |default| Duration::from_secs(number("--seconds", default) as u64);
    let how = How {
        under: text("--under").unwrap_or_default(),
        binary: text("--binary").unwrap_or_else(|| env!("CARGO_BIN_EXE_wirewatch").into()),
    };
    let place = match (words.contains(&"--hosts"), words.contains(&"--tls")) {
        (_, true) => Place::Names,
        (true, false) => Place::Addresses,
        (false, false) => Place::One,
    };
    match words.first() {
        Some(&"poll") => passes::measure(number("--runs", 5), place, &how),
        Some(&"many") => many::measure(number("--sources", 10_000), &how),
        Some(&"broken") => broken::measure(&how),
        Some(&"latency") => latency::measure(seconds(60), &how),
        Some(&"recall") => return recall::measure(&how),
        Some(&"deliver") => deliver::measure(number("--alerts", 20_000), number("--rate", 100), seconds(20), &how),
        Some(&"web") => web::measure(number("--articles", 1_000_000), &how),
        Some(&"idle") => idle::measure(seconds(30), &how),
        Some(&"store") => store::measure(number("--gigabytes", 5), &how),
        Some(&"bare") => bare::run(&words[1..]),
        Some(&("--help" | "-h" | "help")) => println!("{USAGE}"),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// The lowest, the median and the highest.
fn spread(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    (figures[0], figures[figures.len() / 2], figures[figures.len() - 1])
}
