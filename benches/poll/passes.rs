//! Three passes over a thousand sources: the first poll, nothing new, and an entry new in each; beside the bare loop over the
//! same requests. In: how often, and where the sources stand. Out: a table.

use super::desk::{self, Desk};
use super::names::Names;
use super::news::{ENTRIES, News, SOURCES};
use super::process::{self, Spent};
use super::server::{Place, Server, Told};
use super::{How, bare, spread};
use std::sync::Arc;

/// One pass: what it is, what it may cost, and what each run of it and of the bare loop did cost.
struct Pass {
    name: &'static str,
    cpu_s_target: f64,
    requests: usize,
    done: String,
    spent: Vec<Spent>,
    bare: Vec<Spent>,
}

pub fn measure(runs: usize, place: Place, how: &How) {
    let news = Arc::new(News::made());
    let names = (place == Place::Names).then(|| Names::new(SOURCES));
    let server = Server::open(Arc::clone(&news), place, names.as_ref());
    let configuration = desk::sources(&server, SOURCES) + &desk::webhook(&server) + &desk::rules();
    let pass =
        |name, cpu_s_target| Pass { name, cpu_s_target, requests: 0, done: String::new(), spent: vec![], bare: vec![] };
    let mut passes =
        [pass("first poll", 0.8), pass("nothing new (304)", 0.12), pass("an entry new in each, read and told", 2.5)];
    for run in 1..=runs {
        eprint!("\rrun {run} of {runs}");
        let desk = Desk::new(&how.binary, &configuration);
        server.publish(0);
        for (number, pass) in passes.iter_mut().enumerate() {
            if number == 2 {
                server.publish(1);
            }
            if number > 0 {
                desk.make_all_due();
            }
            server.told();
            pass.spent.push(process::run(&mut desk.wirewatch(
                &["run", "--once"],
                &how.under.replace("{}", &number.to_string()),
                names.as_ref(),
            )));
            let told = server.told();
            let kept = desk.kept();
            (pass.requests, pass.done) = match number {
                0 => first(&told, &kept),
                1 => unchanged(&told, &kept),
                _ => new_in_each(&told, &kept, &server),
            };
            pass.bare.push(process::run(&mut bare::command(
                ["first", "unchanged", "new"][number],
                &server,
                SOURCES,
                names.as_ref(),
            )));
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
        match place {
            Place::One => "one host on loopback",
            Place::Addresses => "a loopback address for each",
            Place::Names => "a name and a certificate for each, TLS 1.3, every connection a full handshake",
        },
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
    assert_eq!(told.robots, server.robots(SOURCES));
    assert_eq!((kept.keys, kept.read_in_full, kept.alerts_sent), (SOURCES * (ENTRIES + 1), SOURCES, SOURCES));
    let done =
        format!("{} entries new, {} pages read in full, {} alerts delivered", SOURCES, kept.read_in_full, told.alerts);
    (told.requests(), done)
}
