//! Ten thousand sources: what each pass costs, and what the daemon holds. In: how many. Out: CPU time and peak memory.

use super::How;
use super::desk::{self, Desk};
use super::news::{ENTRIES, News, SOURCES};
use super::process;
use super::server::{Place, Server};
use std::sync::Arc;

const PEAK_MB_TARGET: f64 = 64.0;

pub fn measure(sources: usize, how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::Addresses, None);
    let configuration = desk::sources(&server, sources) + &desk::webhook(&server) + &desk::rules();
    let desk = Desk::new(&how.binary, &configuration);
    println!("{sources} sources of {ENTRIES} entries, each on a loopback address of its own, 100 rules; one run\n");
    println!("| pass | CPU-s | peak MB (target: under {PEAK_MB_TARGET}) | wall s | done |");
    println!("| --- | --- | --- | --- | --- |");
    for (number, name) in ["first poll", "nothing new (304)", "1,000 entries new, read and told"].iter().enumerate() {
        eprint!("\r{name} …");
        server.publish(usize::from(number == 2));
        if number > 0 {
            desk.make_all_due();
        }
        server.told();
        let under = how.under.replace("{}", &number.to_string());
        let spent = process::run(&mut desk.wirewatch(&["run", "--once"], &under, None));
        let (told, kept) = (server.told(), desk.kept());
        let news = SOURCES.min(sources);
        let asked = [(sources, 0), (0, sources), (news, sources - news)][number];
        assert_eq!((told.feeds, told.unchanged), asked, "each was asked once");
        assert_eq!(kept.keys, sources * ENTRIES + if number == 2 { news } else { 0 });
        assert_eq!((told.pages, told.alerts), if number == 2 { (news, news) } else { (0, 0) });
        eprint!("\r");
        println!(
            "| {name} | {:.2} | {:.0} | {:.1} | {} documents, {} answers of 304, {} pages, {} alerts |",
            spent.cpu_s, spent.peak_mb, spent.wall_s, told.feeds, told.unchanged, told.pages, told.alerts
        );
    }
    eprint!("\rthe daemon …");
    let mut child = desk.daemon(sources);
    desk.make_all_due();
    server.told();
    let mut asked = 0;
    desk.until(&mut child, std::time::Duration::from_mins(5), || {
        asked += server.told().unchanged;
        asked >= sources - 1
    });
    std::thread::sleep(std::time::Duration::from_secs(2));
    let seen = process::so_far(child.id());
    process::stop(&mut child);
    eprint!("\r");
    println!("\nthe daemon after a poll of all: {:.0} MB resident, {:.0} MB at its peak", seen.now_mb, seen.peak_mb);
}
