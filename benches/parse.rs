//! How long documents take: the clean feed that comes all day, its broken sister, and those made to hurt.
//! `cargo bench --bench parse`; each line is the best of several runs.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::time::{Duration, Instant};
use wirewatch::model::{Selectors, SourceKind};
use wirewatch::parse::{Context, document};
use wirewatch::text::html::{flatten, sanitize};

fn main() {
    let clean = feed(20, &"The ministers of the member states met in Astana and spoke of trade. ".repeat(5));
    let marked = feed(
        20,
        &"&lt;p&gt;The &lt;b&gt;ministers&lt;/b&gt; met in &lt;a href=\"/a\"&gt;Astana&lt;/a&gt;.&lt;/p&gt;".repeat(4),
    );
    let gentle = clean.replace("<dc:creator>", "<dc:subject>SCO</dc:subject><dc:creator>");
    let broken = clean.replace("trade", "R&D &nbsp; <br> trade").replace("</rss>", "");
    println!("clean feed of {} bytes:        {:?}", clean.len(), best(&|| parse(&clean)));
    println!("the same for the gentle reader: {:?}", best(&|| parse(&gentle)));
    println!("the same, broken:               {:?}", best(&|| parse(&broken)));
    println!("with markup, {} bytes:       {:?}", marked.len(), best(&|| parse(&marked)));
    let fill = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    let megabyte = 1 << 20;
    for unit in ["<div>", "<ul><li>", "<dl><dd><p>", "<p><b>", "<table><tr><td>", "<b><div></b>", "<a href=x>", "&amp;"]
    {
        let html = fill(unit, megabyte);
        let flat = best(&|| flatten(&html));
        let parsed = best(&|| scraper::Html::parse_document(&flatten(&html)));
        let clean = best(&|| sanitize(&html, None));
        println!("1 MiB of {unit}: flatten {flat:?}, parse {parsed:?}, sanitize {clean:?}");
    }
    let many = format!(
        "<rss version='2.0'><channel>{}</channel></rss>",
        fill("<item><title>a</title><link>http://a.example/1</link></item>", 8 << 20)
    );
    println!("8 MiB of entries:               {:?}", best(&|| parse(&many)));
    for unit in ["<a", "&", "<!x", "<?x", "<![CDATA[", "</item>", "<item>", "<item/>", "<a b='", "<a b=\"c\" "] {
        let text = format!("<rss version='2.0'><channel>{}", fill(unit, 8 << 20));
        println!("8 MiB of {unit}: {:?}", best(&|| parse(&text)));
    }
}

fn parse(text: &str) -> usize {
    let parsed = document(text.as_bytes(), &Context::default(), SourceKind::Auto, &Selectors::default());
    parsed.map_or(0, |feed| feed.entries.len())
}

/// The best time of as many runs as fit into half a second, at least one.
fn best<T>(work: &dyn Fn() -> T) -> Duration {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    while best == Duration::MAX || begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        std::hint::black_box(work());
        best = best.min(start.elapsed());
    }
    best
}

fn feed(entries: usize, text: &str) -> String {
    let items = (0..entries).map(|i| {
        format!(
            "<item><title>Ministers met in Astana, day {i}</title><link>https://desk.example/2024/03/{i}</link>\
             <guid isPermaLink=\"false\">https://desk.example/?p={i}</guid><pubDate>Sun, 31 Mar 2024 10:11:{i:02} +0500</pubDate>\
             <dc:creator>Ada Byron</dc:creator><category>Asia</category><description>{text}</description></item>"
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>Desk</title><link>https://desk.example/</link><description>News</description>{}</channel></rss>",
        items.collect::<Vec<_>>().concat()
    )
}
