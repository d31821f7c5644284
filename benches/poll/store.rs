//! A database of gigabytes: how fast the daemon starts on it, whether a backup costs it a poll, and how long a sweep holds others
//! up. In: how large. Out: the figures. What is in the database is made up by SQLite itself, in a few statements.

use super::How;
use super::desk::{self, Desk};
use super::news::News;
use super::process;
use super::server::{Place, Server};
use rusqlite::{Connection, params};
use std::os::unix::net::UnixDatagram;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wirewatch::clock::Clock;
use wirewatch::store::{Kept, Sqlite, Store};

const SOURCES: usize = 50;
/// One article, with its text and what is kept of it.
const ARTICLE_BYTES: usize = 8_000;
/// One article in so many made an alert.
const ALERT_EVERY: usize = 40;
const DAY_MS: i64 = 86_400_000;

pub fn measure(gigabytes: usize, how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::One, None);
    let polled = desk::sources(&server, SOURCES).replace("\nurl", "\nevery = \"1s\"\nurl");
    let desk = Desk::new(&how.binary, &(polled + &desk::webhook(&server) + "[web]\nlisten = \"off\"\n"));
    // Its tables, and the first polls.
    let mut child = desk.daemon(SOURCES);
    process::stop(&mut child);
    let began = Instant::now();
    fill(&desk.database(), gigabytes * 1_000_000_000);
    let file = desk.folder().join("data/wirewatch.db");
    let size = std::fs::metadata(&file).unwrap().len() as f64 / 1e9;
    println!(
        "a database of {size:.1} GB, filled in {:.0} s: {} articles",
        began.elapsed().as_secs_f64(),
        desk.count("articles")
    );

    let mut starts = vec![];
    let mut child = started(&desk, &mut starts);
    for _ in 0..2 {
        process::stop(&mut child);
        child = started(&desk, &mut starts);
    }
    starts.sort_by(f64::total_cmp);
    println!("start to ready: {:.2} s, {:.2} to {:.2} of three (target: under 2)", starts[1], starts[0], starts[2]);

    std::thread::sleep(Duration::from_secs(20));
    let usual = longest_gap_s(&desk.database(), 15);
    let copy = desk.folder().join("copy.db");
    let began = Instant::now();
    let backup = desk.wirewatch(&["backup", copy.to_str().unwrap()], "", None).status().unwrap();
    let took = began.elapsed();
    assert!(backup.success());
    let beside = longest_gap_s(&desk.database(), took.as_secs().max(1));
    println!(
        "backup: {:.0} s; longest time between two polls of a source that is due each second: {usual:.1} s before, {beside:.1} s beside it",
        took.as_secs_f64()
    );
    process::stop(&mut child);
    std::fs::remove_file(copy).unwrap();
    sweep(&file);
}

/// Starts the daemon and waits until it says that it is ready.
fn started(desk: &Desk, starts: &mut Vec<f64>) -> Child {
    let path = desk.folder().join("notify.sock");
    let _ = std::fs::remove_file(&path);
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_mins(5))).unwrap();
    let began = Instant::now();
    let child = desk.wirewatch(&["run"], "", None).env("NOTIFY_SOCKET", &path).spawn().unwrap();
    let mut bytes = [0; 4096];
    loop {
        let length = socket.recv(&mut bytes).unwrap();
        if String::from_utf8_lossy(&bytes[..length]).lines().any(|line| line == "READY=1") {
            break;
        }
    }
    starts.push(began.elapsed().as_secs_f64());
    child
}

/// Ninety days of articles, of which some made alerts.
fn fill(database: &Connection, bytes: usize) {
    database.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;").unwrap();
    let articles = bytes / ARTICLE_BYTES;
    let now = Clock::system().now().as_millisecond();
    // Older ones than are there, so that nothing of it is due.
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)";
    database.execute_batch("BEGIN").unwrap();
    let run =
        |sql: &str, values: &[&dyn rusqlite::ToSql]| database.execute(&format!("{numbers} {sql}"), values).unwrap();
    run(
        "INSERT INTO articles (source, key, first_seen, read_at, complete, copy, too_old, published, url, title, data)
         SELECT 1 + n % ?2, n, ?3 - n % 90 * ?4, ?3 - n % 90 * ?4, n % 5 > 0, 0, 0, ?3 - n % 90 * ?4,
             'https://wire.example/' || n, 'A report of the number ' || n,
             json_object('url', 'https://wire.example/' || n, 'canonical_url', NULL, 'title', 'A report of the number ' || n, 'byline', NULL,
                 'published', NULL, 'modified', NULL, 'language', 'en', 'site_name', NULL, 'wire', NULL, 'image', NULL,
                 'text', hex(randomblob(?5)), 'zones', json('[]'), 'method', 'main', 'complete', json('true'))
         FROM n",
        params![articles as i64, SOURCES as i64, now, DAY_MS, (ARTICLE_BYTES as i64 - 900) / 2],
    );
    run(
        "INSERT INTO keys (source, key, fingerprint, first_seen, last_seen)
         SELECT 1 + n % ?2, n, n, ?3 - n % 90 * ?4, ?3 - n % 90 * ?4 FROM n WHERE true ON CONFLICT DO NOTHING",
        params![articles as i64, SOURCES as i64, now, DAY_MS],
    );
    let alerts = (articles / ALERT_EVERY) as i64;
    run(
        "INSERT INTO stories (story, first_seen, last_seen, seq) SELECT 'sbench' || n, ?2, ?2, 0 FROM n",
        params![alerts, now - 30 * DAY_MS],
    );
    run(
        "INSERT INTO alerts (rule, story, article, made, data)
         SELECT 'rule-00', s.id, (SELECT id FROM articles WHERE source = 1 + n * ?4 % ?5 AND key = n * ?4), ?2 - n % 90 * ?3,
             json_object('bench', hex(randomblob(1000)))
         FROM n JOIN stories s ON s.story = 'sbench' || n",
        params![alerts, now, DAY_MS, ALERT_EVERY as i64, SOURCES as i64],
    );
    database.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
}

/// The longest time between two polls of one source in the last seconds.
fn longest_gap_s(database: &Connection, seconds: u64) -> f64 {
    let since = Clock::system().now().as_millisecond() - i64::try_from(seconds).unwrap() * 1000;
    let longest: i64 = database
        .query_row(
            "SELECT coalesce(max(gap), 0) FROM (SELECT at - lag(at) OVER (PARTITION BY source ORDER BY at) AS gap FROM polls WHERE at >= ?1)",
            [since],
            |row| row.get(0),
        )
        .unwrap();
    longest as f64 / 1000.0
}

/// Two thirds of the articles go; a question that needs the writer is asked all the while.
fn sweep(file: &std::path::Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = Arc::new(Sqlite::open_exclusive(file).unwrap());
    let days = |days: u64| Duration::from_hours(24 * days);
    let kept = Kept { articles: days(30), ledger: days(5 * 365), keys: days(90) };
    let over = Arc::new(AtomicBool::new(false));
    let (asking, ended) = (store.clone(), over.clone());
    let asker = runtime.spawn(async move {
        let mut waits = vec![];
        while !ended.load(Ordering::Relaxed) {
            let began = Instant::now();
            asking.ping().await.unwrap();
            waits.push(began.elapsed().as_secs_f64() * 1000.0);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        waits
    });
    let began = Instant::now();
    let swept = runtime.block_on(store.sweep(Clock::system().now(), kept)).unwrap();
    let took = began.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    let mut waits = runtime.block_on(asker).unwrap();
    waits.sort_by(f64::total_cmp);
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    println!(
        "sweep of {} articles in {took:.0} s; another write waited {:.1} ms (median), {:.1} (99 of 100), {:.1} at most, of {} (target: under 50)",
        swept.articles,
        at(0.5),
        at(0.99),
        at(1.0),
        waits.len()
    );
}
