//! How long news take: from when a source's poll fell due to when the mail server has the alert. In: over how long the polls of a
//! thousand sources with news fall due. Out: the percentiles.

use super::How;
use super::desk::{self, Desk};
use super::mail::Mail;
use super::news::{News, SOURCES};
use super::process;
use super::server::{Place, Server};
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

const P95_S_TARGET: f64 = 2.0;

pub fn measure(over: Duration, how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::Addresses, None);
    let mail = Mail::open();
    let desk = Desk::new(&how.binary, &(desk::sources(&server, SOURCES) + &mail.channel() + &desk::rules()));
    eprint!("\rfirst polls …");
    let mut child = desk.daemon(SOURCES);
    let before = mail.taken().len();
    server.publish(1);
    let begun = process::so_far(child.id()).cpu_s;
    let due = fall_due(&desk.database(), over);
    desk.until(&mut child, over + Duration::from_mins(2), || {
        let told = mail.taken().len() - before;
        eprint!("\r{told} of {SOURCES} alerts");
        told >= SOURCES
    });
    let cpu_s = process::so_far(child.id()).cpu_s - begun;
    let sources = told_sources(&desk.database());
    process::stop(&mut child);
    let mut taken_s: Vec<f64> =
        mail.taken().iter().filter_map(|(id, at)| Some((at - due[sources.get(id)?]) as f64 / 1000.0)).collect();
    assert_eq!(taken_s.len(), SOURCES, "each source's alert came once");
    taken_s.sort_by(f64::total_cmp);
    let at = |share: f64| taken_s[((taken_s.len() - 1) as f64 * share) as usize];
    eprint!("\r                          \r");
    println!(
        "{SOURCES} sources with an entry each, due {}; 100 rules; by SMTP; from due to the server's 250:\n\
         p50 {:.2} s, p95 {:.2} s (target: {P95_S_TARGET}), p99 {:.2} s, at most {:.2} s; {cpu_s:.2} CPU-s",
        if over.is_zero() { "all at once".into() } else { format!("over {} s", over.as_secs()) },
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
    );
}

/// Gives each source its time from now on, evenly in the order of its number times a prime; by source.
fn fall_due(database: &Connection, over: Duration) -> HashMap<String, i64> {
    let begin = wirewatch::clock::Clock::system().now().as_millisecond() + 500;
    let all = database.unchecked_transaction().unwrap();
    let due: HashMap<String, i64> = (0..SOURCES)
        .map(|source| {
            let place = (source * 7919 % SOURCES) as i64;
            (format!("wire-{source:04}"), begin + place * over.as_millis() as i64 / SOURCES as i64)
        })
        .collect();
    for (source, at) in &due {
        let moved = all
            .execute("UPDATE sources SET due_at = ?2, ready_at = ?2 WHERE source = ?1", params![source, at])
            .unwrap();
        assert_eq!(moved, 1);
    }
    all.commit().unwrap();
    due
}

/// The source of each alert's message.
fn told_sources(database: &Connection) -> HashMap<String, String> {
    let mut rows = database
        .prepare("SELECT m.message, a.data ->> '$.outlets[0].source' FROM messages m JOIN alerts a ON a.id = m.alert")
        .unwrap();
    let told = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    told.collect::<Result<_, _>>().unwrap()
}
