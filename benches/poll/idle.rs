//! What a daemon costs that has nothing to do. In: how long to watch it. Out: its share of a core, and its memory.

use super::How;
use super::desk::{self, Desk};
use super::news::{News, SOURCES};
use super::process;
use super::server::{Place, Server};
use std::sync::Arc;
use std::time::Duration;

pub fn measure(watched: Duration, how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::One, None);
    let desk = Desk::new(&how.binary, &(desk::sources(&server, SOURCES) + &desk::webhook(&server) + &desk::rules()));
    let mut child = desk.daemon(SOURCES);
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
