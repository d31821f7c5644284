//! What is found of what was planted, by the whole process: polled, read, extracted, matched. In: [`super::planted`]. Out: recall and
//! precision by (article, watch), and every fault.

use super::How;
use super::desk::Desk;
use super::planted::{self, Planted};
use super::process;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;

const RECALL_TARGET: f64 = 0.995;
const PRECISION_TARGET: f64 = 0.99;
/// Of one feed.
const ENTRIES: usize = 25;

pub fn measure(how: &How) -> ExitCode {
    let articles = planted::articles();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let mut configuration = format!("{}[channel.sink]\ntype = \"stdout\"\nflood = \"off\"\n", planted::WATCHES);
    let mut documents = HashMap::new();
    for (feed, entries) in articles.chunks(ENTRIES).enumerate() {
        let _ = writeln!(configuration, "[source.wire-{feed:02}]\nurl = \"{base}/feed/{feed}\"\nbackfill = {ENTRIES}");
        documents.insert(format!("/feed/{feed}"), rss(entries, feed * ENTRIES, &base));
    }
    for (number, article) in articles.iter().enumerate() {
        if let Some(page) = &article.page {
            documents.insert(format!("/{number}.html"), page.clone());
        }
    }
    serve(listener, documents);
    let desk = Desk::new(&how.binary, &configuration);
    eprint!("\r{} articles …", articles.len());
    let spent = process::run(&mut desk.wirewatch(&["run", "--once"], "", None));
    eprint!("\r                     \r");
    let database = desk.database();
    let mut rows = database
        .prepare(
            "SELECT DISTINCT a.url, h.value ->> 'watch' FROM articles a JOIN matches m ON m.article = a.id
             JOIN json_each(m.data, '$.hits') h",
        )
        .unwrap();
    let found: HashSet<(usize, String)> = rows
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .unwrap()
        .map(|row| {
            let (url, watch) = row.unwrap();
            (url.rsplit('/').next().unwrap().trim_end_matches(".html").parse().unwrap(), watch)
        })
        .collect();
    let read = desk.count("articles");
    assert_eq!(read, articles.len(), "every article was read");
    report(&articles, &found, &spent)
}

fn report(articles: &[Planted], found: &HashSet<(usize, String)>, spent: &process::Spent) -> ExitCode {
    let wanted: HashSet<(usize, String)> =
        articles.iter().enumerate().filter_map(|(n, article)| Some((n, article.watch?.to_string()))).collect();
    let right = wanted.intersection(found).count() as f64;
    let (recall, precision) = (right / wanted.len() as f64, right / found.len().max(1) as f64);
    println!(
        "{} articles, {} names planted in titles, leads, summaries, bodies and captions; {:.1} CPU-s\n\
         recall {recall:.4} (target: {RECALL_TARGET}), precision {precision:.4} (target: {PRECISION_TARGET}) of (article, watch)",
        articles.len(),
        wanted.len(),
        spent.cpu_s
    );
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (what, some) in [("missed", wanted.difference(found)), ("too much", found.difference(&wanted))] {
        for (number, watch) in some {
            let article = &articles[*number];
            let fault = format!("{what}: {watch} in {:?}", article.sentence);
            faults.entry(fault).or_default().push(format!("{:?}", article.place));
        }
    }
    for (fault, mut places) in faults {
        places.sort();
        println!("- {fault} ({})", places.join(", "));
    }
    if recall >= RECALL_TARGET && precision >= PRECISION_TARGET { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn rss(entries: &[Planted], first: usize, base: &str) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Wire of the Valley</title>\n",
    );
    let now = wirewatch::clock::Clock::system().now();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&now).unwrap();
    for (number, Planted { title, summary, .. }) in entries.iter().enumerate() {
        let _ = writeln!(
            text,
            "<item><title>{title}</title><link>{base}/{}.html</link><pubDate>{date}</pubDate>\
             <description>{summary}</description></item>",
            first + number
        );
    }
    text + "</channel></rss>\n"
}

/// Answers until the program ends.
fn serve(listener: TcpListener, documents: HashMap<String, String>) {
    let documents = Arc::new(documents);
    std::thread::spawn(move || {
        for peer in listener.incoming() {
            let documents = Arc::clone(&documents);
            // Whoever hangs up has read enough.
            std::thread::spawn(move || talk(&peer.unwrap(), &documents).unwrap_or_default());
        }
    });
}

fn talk(peer: &TcpStream, documents: &HashMap<String, String>) -> std::io::Result<()> {
    peer.set_nodelay(true)?;
    let mut lines = BufReader::new(peer);
    loop {
        let mut asked = String::new();
        if lines.read_line(&mut asked)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
        }
        let path = asked.split(' ').nth(1).unwrap_or_default();
        let (status, text) = documents.get(path).map_or(("404 Not Found", ""), |text| ("200 OK", text));
        let kind = if path.starts_with("/feed/") { "application/rss+xml" } else { "text/html" };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        (&*peer).write_all((head + text).as_bytes())?;
    }
}
