//! Sources that mean harm, through the real fetcher and the poll loop: the daemon stays up, the source beside them is on time and
//! told, and what each of them did stands in its status.

use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use crate::newsroom::{Answer, Manner, gzip};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use wirewatch::model::SourceState;

const GOOD: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
name  = "The Courier"
every = "10m"

[organization.sco]
names = ["Shanghai Cooperation Organization"]

[rule.desk]
any      = ["@sco"]
notify   = ["desk"]
severity = "high"

[channel.desk]
type = "email"
to   = ["anna@example.org"]
"#;

fn news(slug: &str, at: &str) -> Piece {
    let lead = format!("The Shanghai Cooperation Organization was named today. {}", paragraph(slug));
    Piece::new(slug, &format!("A report called {slug}"), at, &[&lead, &paragraph(&slug.repeat(2))])
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Hostile</title><link>http://h.example/</link>{items}</channel></rss>"
    )
}

/// A document, and whether it may be read all the same.
enum Ends {
    /// Its status says this.
    Says(&'static str),
    /// It is read; what can be read of it is.
    Read,
    /// Either, as long as it ends.
    Either,
}

/// Polls a good source and this one; the good one's news must arrive whatever the other does.
async fn check(name: &str, answer: Answer, ends: Ends) {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/hostile", answer);
    desk.start(&format!("{GOOD}\n[source.hostile]\nurl = \"NEWSROOM/hostile\"\nevery = \"10m\"\nread_pages = false\n"))
        .await;
    let before = Instant::now();
    desk.turn().await;
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    assert!(before.elapsed() < Duration::from_secs(50), "{name} took {:?}", before.elapsed());
    assert_eq!(desk.source("courier").await.state, SourceState::Ok, "{name}");
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"], "{name}");
    let status = desk.source("hostile").await;
    let error = status.error.clone().unwrap_or_default();
    assert!(!error.contains(char::is_control) && error.chars().count() < 400, "{name}: {error:?}");
    match ends {
        Ends::Says(words) => {
            assert!(matches!(status.state, SourceState::Failing | SourceState::Blocked), "{name}: {status:?}");
            assert!(error.contains(words), "{name}: {error}");
        }
        Ends::Read => assert_eq!((status.state, error.as_str()), (SourceState::Ok, ""), "{name}"),
        Ends::Either => assert_eq!(status.state == SourceState::Failing, !error.is_empty(), "{name}: {status:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_blow_up_parsers() {
    let mut laughs = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"ha\">");
    for n in 1..40 {
        write!(laughs, "<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};\">", n - 1)
            .unwrap();
    }
    laughs += "]><rss version=\"2.0\"><channel><title>&a39;</title><item><title>&a39;</title></item></channel></rss>";
    check("billion laughs", Answer::ok(laughs), Ends::Either).await;

    let big = "x".repeat(50_000);
    let quadratic = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"{big}\">]><rss version=\"2.0\"><channel><title>{}</title></channel></rss>",
        "&a;".repeat(50_000)
    );
    check("quadratic entities", Answer::ok(quadratic), Ends::Either).await;

    let xxe = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
               <rss version=\"2.0\"><channel><title>&x;</title><item><title>&x;</title><guid>1</guid></item></channel></rss>";
    check("external entity", Answer::ok(xxe), Ends::Either).await;
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(xxe.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    check("UTF-16 that hides it", Answer::ok(utf16), Ends::Either).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_too_deep_or_too_wide() {
    let deep = rss(&format!("<item>{}{}</item>", "<media:group>".repeat(1_000_000), "</media:group>"));
    check("a million deep", Answer::ok(deep), Ends::Either).await;
    let html = format!(
        "<!doctype html><html><body>{}<a href=\"/x\">A long enough title of an article</a>",
        "<div>".repeat(100_000)
    );
    check("a page 100,000 deep", Answer::ok(html).header("content-type", "text/html"), Ends::Either).await;
    let attributes: String = (0..100_000).fold(String::new(), |mut all, n| {
        write!(all, " a{n}=\"v\"").unwrap();
        all
    });
    check("100,000 attributes", Answer::ok(rss(&format!("<item{attributes}><title>x</title></item>"))), Ends::Either)
        .await;
    let spaces: String = (0..300_000).fold(String::new(), |mut all, n| {
        write!(all, " xmlns:n{n}=\"u{n}\"").unwrap();
        all
    });
    check("300,000 name spaces", Answer::ok(rss(&format!("<item{spaces}><title>x</title></item>"))), Ends::Either)
        .await;
    let json = format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{}", "[".repeat(2_000_000));
    check("brackets in brackets", Answer::ok(json).header("content-type", "application/feed+json"), Ends::Either).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_too_large() {
    check("a bomb", Answer::ok(vec![b' '; 200 << 20]).gzip(), Ends::Says("more than 8 MiB")).await;
    let twice = Answer::ok(gzip(&gzip(&vec![b' '; 50 << 20]))).header("content-encoding", "gzip, gzip");
    check("a bomb in a bomb", twice, Ends::Says("nobody asked for")).await;
    check("endless", Answer::ok("<item/>").manner(Manner::Endless), Ends::Says("more than 8 MiB")).await;
    let title = rss(&format!("<item><title>{}</title><guid>1</guid></item>", "long ".repeat(1_400_000)));
    check("a title of seven megabytes", Answer::ok(title), Ends::Either).await;
    let items = (0..60_000).fold(String::new(), |mut all, n| {
        write!(all, "<item><title>Entry {n}</title><guid>{n}</guid></item>").unwrap();
        all
    });
    check("60,000 entries", Answer::ok(rss(&items)), Ends::Read).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_broken() {
    check("nothing", Answer::ok(""), Ends::Says("")).await;
    check(
        "noise",
        Answer::ok((0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect::<Vec<_>>()),
        Ends::Either,
    )
    .await;
    let cut = rss("<item><title>One</title><guid>1</guid></item><item><title>Two</title><guid>2</guid></item>");
    check("cut off", Answer::ok(&cut.as_bytes()[..cut.len() - 60]), Ends::Read).await;
    let control = rss("<item><title>a\0b\u{1}c\u{8}</title><guid>1</guid></item>");
    check("NUL and control", Answer::ok(control), Ends::Read).await;
    let lie = Answer::ok(rss("<item><title>Привет</title><guid>1</guid></item>"))
        .header("content-type", "text/xml; charset=koi8-r");
    check("a wrong charset", lie, Ends::Read).await;
    let author = rss(
        "<item><author>作者：foo@example.com（张三）</author><guid>1</guid></item><item><author>foo@example.com—Écrivain</author><guid>2</guid></item>",
    );
    check("authors that break feed-rs", Answer::ok(author), Ends::Read).await;
    let captcha = "<!doctype html><title>Just a moment...</title><body><h1>Checking your browser before accessing</h1>\
                   <form id=\"challenge-form\" action=\"/cdn-cgi/challenge\"></form></body>";
    check("a captcha", Answer::ok(captcha).header("content-type", "text/html"), Ends::Either).await;
    let dates = rss("<item><title>a</title><guid>1</guid><pubDate>Sat, 01 Jan 0000 00:00:00 GMT</pubDate></item>\
         <item><title>b</title><guid>2</guid><pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate></item>\
         <item><title>c</title><guid>3</guid><pubDate>Fri, 31 Dec 99999999 23:59:59 GMT</pubDate></item>");
    check("years 0 and 9999", Answer::ok(dates), Ends::Read).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_misbehave() {
    check("304 to nothing", Answer::status(304), Ends::Says("304")).await;
    check("silence cut short", Answer::ok("").manner(Manner::HangUp), Ends::Says("hung up")).await;
    check("not HTTP", Answer::ok("").manner(Manner::Raw(b"220 mail ESMTP\r\n".to_vec())), Ends::Says("not HTTP")).await;
    check("too little", Answer::ok("<rss>").manner(Manner::Length(500)), Ends::Says("hung up")).await;
    check("a loop", Answer::redirect(302, "/hostile"), Ends::Says("redirect")).await;
    check("to metadata", Answer::redirect(302, "http://169.254.169.254/latest/"), Ends::Says("169.254.169.254")).await;
    check("to a file", Answer::redirect(302, "file:///etc/passwd"), Ends::Says("file")).await;
    check(
        "1,000 cookies",
        (0..1000).fold(Answer::ok(""), |a, n| a.header("set-cookie", format!("c{n}=n"))),
        Ends::Says("headers"),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_a_hostile_entry_reaches_nobody_as_it_was_meant() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/hostile", Answer::ok(rss("<item><title>Old</title><guid>0</guid></item>")));
    desk.start(&format!("{GOOD}\n[source.hostile]\nurl = \"NEWSROOM/hostile\"\nevery = \"10m\"\n")).await;
    desk.turn().await;
    let item = |guid: u32, title: &str, link: &str| {
        let text = format!(
            "The Shanghai Cooperation Organization. {} {}",
            paragraph(&format!("a{guid}")),
            paragraph(&format!("b{guid}"))
        );
        format!(
            "<item><title>{title}</title><guid>{guid}</guid><link>{link}</link><description>{text}</description></item>"
        )
    };
    let items = [
        "<item><title>Old</title><guid>0</guid></item>".to_string(),
        item(1, "Hello&#13;&#10;Bcc: everybody@example.org", "javascript:alert(1)"),
        item(2, "{{7*7}} ${7*7} &lt;script&gt;alert(1)&lt;/script&gt;", "http://a\\@127.0.0.1/"),
        item(
            3,
            "&lt;svg&gt;&lt;style&gt;&lt;img src=x onerror=alert(1)&gt; \u{202e}gnp.exe\u{2066}",
            "file:///etc/passwd",
        ),
    ];
    desk.newsroom.set("/hostile", Answer::ok(rss(&items.concat())));
    desk.later(minutes(12)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 3, "{:?}", desk.subjects_to("anna@example.org"));
    for mail in &mails {
        assert_eq!(mail.header("Bcc"), None);
        assert_eq!(mail.to, ["anna@example.org"]);
        let html = mail.parsed().body_html(0).unwrap().into_owned();
        for bad in ["<script", "<svg", "onerror=\"", "javascript:", "href=\"file:", "\u{202e}"] {
            assert!(!html.to_lowercase().contains(bad), "{bad}: {html}");
        }
        let subject = mail.subject();
        assert!(!subject.contains(['\u{202e}', '\u{2066}', '\r', '\n']) && !subject.contains("49"), "{subject:?}");
    }
    // Entries without an id of their own keep one: nothing of them is new at the next poll.
    let nameless = rss("<item><title>No id</title></item><item><description>Nothing</description></item>");
    desk.newsroom.set("/hostile", Answer::ok(nameless.clone()));
    desk.later(minutes(12)).await;
    desk.newsroom.set("/hostile", Answer::ok(format!("{nameless}<!-- -->")));
    let unread = |desk: &Desk| {
        let store = desk.app().store().clone();
        async move { store.status().await.unwrap().articles }
    };
    let before = unread(&desk).await;
    desk.later(minutes(12)).await;
    assert_eq!(unread(&desk).await, before);
}
