//! How fast the pages and the search are over a large archive, while the daemon polls. In: how many articles. Out: the percentiles of
//! each page and query, and what a backtest of all takes.

use super::How;
use super::desk::{self, Desk};
use super::news::{self, News};
use super::process;
use super::server::{Place, Server};
use rusqlite::params;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wirewatch::model::{Article, Block, Zone};

const SOURCES: usize = 200;
const PAGE_MS_TARGET: f64 = 100.0;
const SEARCH_MS_TARGET: f64 = 300.0;
const BACKTEST_S_TARGET: f64 = 60.0;
/// Times that each page and query is asked for.
const TIMES: usize = 20;

pub fn measure(articles: usize, how: &How) {
    let server = Server::open(Arc::new(News::made()), Place::Addresses, None);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let web = format!("[web]\nlisten = \"127.0.0.1:{port}\"\n[archive]\nkeep = \"400d\"\n");
    let desk =
        Desk::new(&how.binary, &(desk::sources(&server, SOURCES) + &desk::webhook(&server) + &web + &desk::rules()));
    eprint!("\rfirst polls …");
    let mut child = desk.daemon(SOURCES);
    process::stop(&mut child);
    eprint!("\rwriting {articles} articles …");
    fill(&desk, articles);
    eprint!("\rmaking their keys …            ");
    let begun = Instant::now();
    let mut child = desk.wirewatch(&["run"], "", None).spawn().unwrap();
    desk.until(&mut child, Duration::from_hours(1), || {
        let keyed = desk
            .database()
            .query_row("SELECT value FROM counters WHERE name = 'keyed'", [], |row| row.get::<_, i64>(0));
        eprint!("\rmaking their keys: {} of {articles}   ", keyed.as_ref().unwrap_or(&0));
        keyed.is_ok_and(|keyed| keyed >= articles as i64)
    });
    let spent = process::so_far(child.id());
    let pages: i64 = desk
        .database()
        .query_row("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'article_keys%'", [], |row| row.get(0))
        .unwrap_or(0);
    eprint!("\r                                              \r");
    println!(
        "keys of {articles} articles: {:.0} s, {:.3} ms of CPU each (all that the daemon did meanwhile), {:.0} MB of index\n",
        begun.elapsed().as_secs_f64(),
        spent.cpu_s * 1000.0 / articles as f64,
        pages as f64 / 1e6
    );
    println!("| asked, while {SOURCES} sources are polled again and again | p50 ms | p95 ms | at most | target |");
    println!("| --- | --- | --- | --- | --- |");
    let middle = articles / 2;
    let rare = news::rare(articles / 3 / 20 + 8000);
    let official = news::official(7);
    for (target, path) in [
        (PAGE_MS_TARGET, "/".to_string()),
        (PAGE_MS_TARGET, "/alerts".into()),
        (PAGE_MS_TARGET, "/articles".into()),
        (PAGE_MS_TARGET, format!("/articles?before={middle}")),
        (PAGE_MS_TARGET, format!("/article/{middle}")),
        (PAGE_MS_TARGET, "/sources".into()),
        (PAGE_MS_TARGET, "/source/wire-0007".into()),
        (PAGE_MS_TARGET, "/rules".into()),
        (PAGE_MS_TARGET, "/rule/rule-07".into()),
        (PAGE_MS_TARGET, "/outbox".into()),
        (SEARCH_MS_TARGET, "/articles?q=harvest".into()),
        (SEARCH_MS_TARGET, format!("/articles?q={rare}")),
        (SEARCH_MS_TARGET, format!("/articles?q={rare}+AND+harvest+AND+NOT+glacier")),
        (SEARCH_MS_TARGET, format!("/articles?q=%22{}%22", official.replace(' ', "+"))),
        (SEARCH_MS_TARGET, "/articles?q=%40person-07".into()),
        (SEARCH_MS_TARGET, "/articles?q=%40org-07+AND+treaty".into()),
        (SEARCH_MS_TARGET, "/articles?q=%E6%B2%B3%E6%B8%AF".into()),
        (SEARCH_MS_TARGET, "/articles?q=negotiat*+NEAR%2F3+glacier".into()),
        (SEARCH_MS_TARGET, "/articles?q=zzyzx".into()),
    ] {
        let mut taken_ms = vec![];
        for nth in 0..TIMES {
            if nth % 5 == 0 {
                desk.make_all_due();
            }
            let begun = Instant::now();
            let answer = ask(port, &path);
            taken_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {}", &answer[..answer.len().min(300)]);
        }
        taken_ms.sort_by(f64::total_cmp);
        let at = |share: f64| taken_ms[((taken_ms.len() - 1) as f64 * share).round() as usize];
        println!("| {path} | {:.0} | {:.0} | {:.0} | {target:.0} |", at(0.5), at(0.95), at(1.0));
    }
    process::stop(&mut child);
    let backtest = process::run(&mut desk.wirewatch(&["backtest", "--since", "400d", "--json"], "", None));
    println!(
        "\nbacktest of all {articles} with 100 rules: {:.1} s (target: {BACKTEST_S_TARGET}), {:.1} CPU-s, {:.0} MB",
        backtest.wall_s, backtest.cpu_s, backtest.peak_mb
    );
}

/// Articles of a year, as readings would have left them.
fn fill(desk: &Desk, articles: usize) {
    let mut database = desk.database();
    database.pragma_update(None, "synchronous", "OFF").unwrap();
    let now = wirewatch::clock::Clock::system().now().as_millisecond();
    let all = database.transaction().unwrap();
    all.execute_batch("DELETE FROM articles").unwrap();
    {
        let mut put = all
            .prepare(
                "INSERT INTO articles (id, source, key, first_seen, read_at, complete, copy, too_old, published, url, title, data)
                 VALUES (?1, ?2, ?1, ?3, ?3, 1, 0, 0, ?3, ?4, ?5, ?6)",
            )
            .unwrap();
        for number in 1..=articles {
            let at = now - ((articles - number) as i64 * 365 * 86_400_000 / articles as i64);
            let (language, title, paragraphs) = news::short(number);
            let mut article = Article {
                url: format!("https://wire.example/{number}"),
                title,
                language: Some(language.into()),
                method: "main".into(),
                complete: true,
                ..Article::default()
            };
            let zone = |nth| if nth == 0 { Zone::Lead } else { Zone::Body };
            let blocks = paragraphs.into_iter().enumerate().map(|(nth, text)| Block { zone: zone(nth), text });
            article.set_zones(blocks.collect());
            let data = serde_json::to_string(&article).unwrap();
            put.execute(params![number as i64, (number % SOURCES + 1) as i64, at, article.url, article.title, data])
                .unwrap();
        }
    }
    all.commit().unwrap();
    database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;").unwrap_or(());
}

fn ask(port: u16, path: &str) -> String {
    let mut peer = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(peer, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = vec![];
    peer.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
