//! Twelve of two hundred sources broken: what the others feel of it. In: nothing. Out: how much later the sound ones are polled
//! than where all are sound, and what memory grows by.

use super::desk::{self, Desk};
use super::hostile::WAYS;
use super::news::News;
use super::process;
use super::server::{Place, Server};
use super::{How, spread};
use std::sync::Arc;
use std::time::Duration;

const ALL: usize = 200;
const SOUND: usize = ALL - WAYS.len();
const ROUNDS: usize = 3;
const LATE_S_TARGET: f64 = 0.5;
const GROWN_MB_TARGET: f64 = 48.0;

/// What one daemon came to.
struct Watched {
    /// For each round and each sound source, from when all fell due until its poll was stored.
    after_s: Vec<Vec<f64>>,
    peak_mb: f64,
    states: Vec<(String, String)>,
}

pub fn measure(how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::Addresses, None);
    eprint!("\rall sound …    ");
    let sound = watch(&server, 0, how);
    eprint!("\r12 broken …    ");
    let broken = watch(&server, WAYS.len(), how);
    eprint!("\r");
    println!(
        "{SOUND} sound sources beside {} sound or broken ones, {ROUNDS} rounds after the first poll; all fall due at once\n",
        WAYS.len()
    );
    println!(
        "| round | last poll stored, all sound | with 12 broken | latest against its own time, target {LATE_S_TARGET} s |"
    );
    println!("| --- | --- | --- | --- |");
    for (round, (before, after)) in sound.after_s.iter().zip(&broken.after_s).enumerate() {
        let later = before.iter().zip(after).map(|(before, after)| after - before).collect();
        let name = if round == 0 { "first poll".to_string() } else { round.to_string() };
        println!(
            "| {name} | {:.2} s | {:.2} s | {:+.2} s |",
            spread(before.clone()).2,
            spread(after.clone()).2,
            spread(later).2
        );
    }
    let grown = broken.peak_mb - sound.peak_mb;
    println!(
        "\npeak memory {:.0} MB, with 12 broken {:.0} MB: {grown:+.0} MB (target: under {GROWN_MB_TARGET})\n",
        sound.peak_mb, broken.peak_mb
    );
    for (way, (state, error)) in WAYS.iter().zip(&broken.states) {
        println!("- {way}: {state}: {error}");
    }
}

fn watch(server: &Server, broken: usize, how: &How) -> Watched {
    let mut configuration = desk::sources(server, SOUND) + &desk::webhook(server) + &desk::rules();
    for way in 0..WAYS.len() {
        let url = if way < broken { server.broken(way) } else { server.feed(SOUND + way) };
        configuration += &format!("[source.worst-{way:02}]\nurl = \"{url}\"\n");
    }
    let desk = Desk::new(&how.binary, &configuration);
    let begun = now_ms();
    let mut child = desk.wirewatch(&["run"], "", None).spawn().unwrap();
    let mut after_s = vec![];
    for round in 0..=ROUNDS {
        let due = if round == 0 { begun } else { now_ms() };
        if round > 0 {
            desk.make_all_due();
        }
        desk.until(&mut child, Duration::from_mins(3), || stored(&desk, due).len() == SOUND);
        after_s.push(stored(&desk, due).iter().map(|at| (at - due) as f64 / 1000.0).collect());
        std::thread::sleep(Duration::from_secs(3));
    }
    // The slow ones among the broken have a minute.
    desk.until(&mut child, Duration::from_mins(4), || told(&desk).iter().all(|(state, _)| state != "new"));
    let watched = Watched { after_s, peak_mb: process::so_far(child.id()).peak_mb, states: told(&desk) };
    process::stop(&mut child);
    watched
}

fn now_ms() -> i64 {
    wirewatch::clock::Clock::system().now().as_millisecond()
}

/// When the sound sources' last polls were stored that were since then, by source.
fn stored(desk: &Desk, since: i64) -> Vec<i64> {
    let database = desk.database();
    let rows = database
        .prepare("SELECT last_success FROM sources WHERE source LIKE 'wire-%' AND last_success >= ?1 ORDER BY source");
    let Ok(mut rows) = rows else { return vec![] };
    let stored = rows.query_map([since], |row| row.get(0)).unwrap();
    stored.collect::<Result<_, _>>().unwrap()
}

fn told(desk: &Desk) -> Vec<(String, String)> {
    let database = desk.database();
    let mut rows = database
        .prepare(
            "SELECT state, coalesce(error, 'nothing wrong') FROM sources WHERE source LIKE 'worst-%' ORDER BY source",
        )
        .unwrap();
    let told = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    told.collect::<Result<_, _>>().unwrap()
}
