//! Sources that mean harm, through the real fetcher and the poll loop: the daemon stays up, the source beside them is on time and
//! told, and what each of them did stands in its status.

use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use crate::newsroom::{Answer, Authority, Manner, Newsroom, gzip};
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

/// Polls a good source beside one for each row; the good one's news must arrive whatever the others do, and the status of each
/// must say what it did.
async fn check(rows: impl IntoIterator<Item = (&'static str, Answer, Ends)>) {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    let (mut sources, mut ends) = (String::new(), vec![]);
    for (n, (name, answer, end)) in rows.into_iter().enumerate() {
        desk.newsroom.set(&format!("/hostile/{n}"), answer);
        writeln!(sources, "[source.hostile{n}]\nurl = \"NEWSROOM/hostile/{n}\"\nevery = \"10m\"\nread_pages = false")
            .unwrap();
        ends.push((name, end));
    }
    desk.start(&format!("{GOOD}\n{sources}")).await;
    let before = Instant::now();
    desk.turn().await;
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    let most = Duration::from_secs(20 + 20 * ends.len() as u64);
    assert!(before.elapsed() < most, "they took {:?}", before.elapsed());
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
    for (n, (name, end)) in ends.into_iter().enumerate() {
        let status = desk.source(&format!("hostile{n}")).await;
        let error = status.error.clone().unwrap_or_default();
        assert!(!error.contains(char::is_control) && error.chars().count() < 400, "{name}: {error:?}");
        match end {
            Ends::Says(words) => {
                assert!(matches!(status.state, SourceState::Failing | SourceState::Blocked), "{name}: {status:?}");
                assert!(error.contains(words), "{name}: {error}");
            }
            Ends::Read => assert_eq!((status.state, error.as_str()), (SourceState::Ok, ""), "{name}"),
            Ends::Either => {
                let bad = matches!(status.state, SourceState::Failing | SourceState::Blocked);
                assert_eq!(bad, !error.is_empty(), "{name}: {status:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_blow_up_parsers() {
    let mut rows = vec![];
    let mut laughs = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"ha\">");
    for n in 1..40 {
        write!(laughs, "<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};\">", n - 1)
            .unwrap();
    }
    laughs += "]><rss version=\"2.0\"><channel><title>&a39;</title><item><title>&a39;</title></item></channel></rss>";
    rows.push(("billion laughs", Answer::ok(laughs), Ends::Either));

    let big = "x".repeat(50_000);
    let quadratic = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"{big}\">]><rss version=\"2.0\"><channel><title>{}</title></channel></rss>",
        "&a;".repeat(50_000)
    );
    rows.push(("quadratic entities", Answer::ok(quadratic), Ends::Either));

    let xxe = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
               <rss version=\"2.0\"><channel><title>&x;</title><item><title>&x;</title><guid>1</guid></item></channel></rss>";
    rows.push(("external entity", Answer::ok(xxe), Ends::Either));
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(xxe.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    rows.push(("UTF-16 that hides it", Answer::ok(utf16), Ends::Either));
    check(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_too_deep_or_too_wide() {
    let mut rows = vec![];
    let deep = rss(&format!("<item>{}{}</item>", "<media:group>".repeat(1_000_000), "</media:group>"));
    rows.push(("a million deep", Answer::ok(deep), Ends::Either));
    let html = format!(
        "<!doctype html><html><body>{}<a href=\"/x\">A long enough title of an article</a>",
        "<div>".repeat(100_000)
    );
    rows.push(("a page 100,000 deep", Answer::ok(html).header("content-type", "text/html"), Ends::Either));
    let attributes: String = (0..100_000).fold(String::new(), |mut all, n| {
        write!(all, " a{n}=\"v\"").unwrap();
        all
    });
    rows.push((
        "100,000 attributes",
        Answer::ok(rss(&format!("<item{attributes}><title>x</title></item>"))),
        Ends::Either,
    ));
    let spaces: String = (0..300_000).fold(String::new(), |mut all, n| {
        write!(all, " xmlns:n{n}=\"u{n}\"").unwrap();
        all
    });
    rows.push((
        "300,000 name spaces",
        Answer::ok(rss(&format!("<item{spaces}><title>x</title></item>"))),
        Ends::Either,
    ));
    let json = format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{}", "[".repeat(2_000_000));
    rows.push(("brackets in brackets", Answer::ok(json).header("content-type", "application/feed+json"), Ends::Either));
    check(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_too_large() {
    let mut rows = vec![];
    rows.push(("a bomb", Answer::ok(vec![b' '; 200 << 20]).gzip(), Ends::Says("more than 8 MiB")));
    let twice = Answer::ok(gzip(&gzip(&vec![b' '; 50 << 20]))).header("content-encoding", "gzip, gzip");
    rows.push(("a bomb in a bomb", twice, Ends::Says("nobody asked for")));
    rows.push(("endless", Answer::ok("<item/>").manner(Manner::Endless), Ends::Says("more than 8 MiB")));
    let title = rss(&format!("<item><title>{}</title><guid>1</guid></item>", "long ".repeat(1_400_000)));
    rows.push(("a title of seven megabytes", Answer::ok(title), Ends::Either));
    let items = (0..60_000).fold(String::new(), |mut all, n| {
        write!(all, "<item><title>Entry {n}</title><guid>{n}</guid></item>").unwrap();
        all
    });
    rows.push(("60,000 entries", Answer::ok(rss(&items)), Ends::Read));
    check(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_are_broken() {
    let mut rows = vec![];
    rows.push(("nothing", Answer::ok(""), Ends::Says("")));
    rows.push((
        "noise",
        Answer::ok((0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect::<Vec<_>>()),
        Ends::Either,
    ));
    let cut = rss("<item><title>One</title><guid>1</guid></item><item><title>Two</title><guid>2</guid></item>");
    rows.push(("cut off", Answer::ok(&cut.as_bytes()[..cut.len() - 60]), Ends::Read));
    let control = rss("<item><title>a\0b\u{1}c\u{8}</title><guid>1</guid></item>");
    rows.push(("NUL and control", Answer::ok(control), Ends::Read));
    let lie = Answer::ok(rss("<item><title>Привет</title><guid>1</guid></item>"))
        .header("content-type", "text/xml; charset=koi8-r");
    rows.push(("a wrong charset", lie, Ends::Read));
    let author = rss(
        "<item><author>作者：foo@example.com（张三）</author><guid>1</guid></item><item><author>foo@example.com—Écrivain</author><guid>2</guid></item>",
    );
    rows.push(("authors that break feed-rs", Answer::ok(author), Ends::Read));
    let captcha = "<!doctype html><title>Just a moment...</title><body><h1>Checking your browser before accessing</h1>\
                   <form id=\"challenge-form\" action=\"/cdn-cgi/challenge\"></form></body>";
    rows.push(("a captcha", Answer::ok(captcha).header("content-type", "text/html"), Ends::Says("captcha")));
    let same =
        rss(&(0..50).fold(String::new(), |all, n| all + &format!("<item><title>T{n}</title><guid>one</guid></item>")));
    rows.push(("one guid for all", Answer::ok(same), Ends::Read));
    rows.push((
        "no guid",
        Answer::ok(rss("<item><title>a</title></item><item><description>b</description></item>")),
        Ends::Read,
    ));
    let dates = rss("<item><title>a</title><guid>1</guid><pubDate>Sat, 01 Jan 0000 00:00:00 GMT</pubDate></item>\
         <item><title>b</title><guid>2</guid><pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate></item>\
         <item><title>c</title><guid>3</guid><pubDate>Fri, 31 Dec 99999999 23:59:59 GMT</pubDate></item>");
    rows.push(("years 0 and 9999", Answer::ok(dates), Ends::Read));
    check(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_misbehave() {
    let mut rows = vec![];
    rows.push(("304 to nothing", Answer::status(304), Ends::Says("304")));
    rows.push(("silence cut short", Answer::ok("").manner(Manner::HangUp), Ends::Says("hung up")));
    rows.push(("not HTTP", Answer::ok("").manner(Manner::Raw(b"220 mail ESMTP\r\n".to_vec())), Ends::Says("not HTTP")));
    rows.push(("too little", Answer::ok("<rss>").manner(Manner::Length(500)), Ends::Says("hung up")));
    rows.push(("a loop", Answer::redirect(302, "#again"), Ends::Says("redirect")));
    rows.push(("to metadata", Answer::redirect(302, "http://169.254.169.254/latest/"), Ends::Says("169.254.169.254")));
    rows.push(("to a file", Answer::redirect(302, "file:///etc/passwd"), Ends::Says("file")));
    rows.push((
        "1,000 cookies",
        (0..1000).fold(Answer::ok(""), |a, n| a.header("set-cookie", format!("c{n}=n"))),
        Ends::Says("headers"),
    ));
    for (name, to) in [
        ("to metadata in decimal", "http://2852039166/"),
        ("to metadata in octal", "http://0251.0376.0251.0376/"),
        ("to metadata in hexadecimal", "http://0xa9fea9fe/"),
        ("to metadata mapped into IPv6", "http://[::ffff:169.254.169.254]/"),
        ("to a network of its own", "//192.168.1.1/"),
    ] {
        rows.push((name, Answer::redirect(302, to), Ends::Says("refused")));
    }
    // A backslash ends the host, as in browsers: the name is asked for, and there is none.
    rows.push(("to an address behind a name", Answer::redirect(302, "http://a\\@169.254.169.254/"), Ends::Says("")));
    rows.push(("a header of 64 kB", Answer::ok("").header("x", "v".repeat(64 << 10)), Ends::Says("headers")));
    rows.push((
        "bytes that do not decompress",
        Answer::ok("x").header("content-encoding", "br"),
        Ends::Says("damaged"),
    ));
    rows.push(("a part of it", Answer::ok("<rss/>").with_status(206), Ends::Says("206")));
    rows.push(("a server's fault", Answer::status(500), Ends::Says("500")));
    rows.push(("a refusal", Answer::status(403), Ends::Says("403")));
    rows.push(("too many requests", Answer::status(429).header("retry-after", "-9"), Ends::Says("429")));
    check(rows).await;
}

/// Hosts that cannot be reached, or not as they should be: the daemon goes on, and the status says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_that_misbehave() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    let plain = desk.newsroom.address().port();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let hosts = [
        ("nxdomain", "http://nowhere.invalid/feed".to_string(), "nowhere.invalid"),
        ("plain", format!("https://127.0.0.1:{plain}/feed"), "hung up"),
        ("nobody", format!("http://127.0.0.1:{nobody}/feed"), "refused the connection"),
        ("inner", "http://169.254.169.254/feed".to_string(), "link-local"),
        ("decimal", "http://2852039166/feed".to_string(), "link-local"),
    ];
    let sources = hosts
        .iter()
        .map(|(id, url, _)| format!("[source.{id}]\nurl = \"{url}\"\nevery = \"10m\"\n"))
        .collect::<Vec<_>>()
        .concat();
    desk.start(&format!("{GOOD}\n{sources}")).await;
    desk.turn().await;
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
    for (id, _, words) in hosts {
        let status = desk.source(id).await;
        assert!(matches!(status.state, SourceState::Failing | SourceState::Blocked), "{id}: {status:?}");
        assert!(status.error.as_deref().is_some_and(|error| error.contains(words)), "{id}: {status:?}");
    }
}

/// Servers that take their time, or prove to be somebody else: with less patience than the daemon has, so that the test is short.
/// The source beside them is on time: its poll is stored while theirs are under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_are_slow_or_prove_nothing() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    let authority = Authority::new();
    let named = |newsroom: &Newsroom| newsroom.url_at("localhost", "/").to_string();
    let expired = authority.newsroom("localhost", 2021);
    let other = authority.newsroom("other.example", 2100);
    let stranger = Authority::named("another").newsroom("localhost", 2100);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let handshake = format!("https://localhost:{}/", silent.local_addr().unwrap().port());
    let here = |path: &str, manner| {
        desk.newsroom.set(path, Answer::ok("<rss>").manner(manner));
        desk.newsroom.url(path).to_string()
    };
    let hosts = [
        ("trickle", here("/trickle", Manner::Trickle(Duration::from_millis(20))), "was not done within 2 s"),
        ("stalled", here("/stalled", Manner::Stall), "sent nothing for 1 s"),
        ("silent", here("/silent", Manner::Silence), "was not done within 2 s"),
        ("handshake", handshake, "localhost did not answer within 1 s"),
        ("expired", named(&expired), "localhost's certificate has expired"),
        ("other", named(&other), "localhost's certificate is for another name"),
        ("stranger", named(&stranger), "issued by nobody whom this machine trusts"),
    ];
    let sources = hosts
        .iter()
        .map(|(id, url, _)| format!("[source.{id}]\nurl = \"{url}\"\nevery = \"10m\"\n"))
        .collect::<Vec<_>>()
        .concat();
    desk.start(&format!("{GOOD}\n{sources}")).await;
    let impatient = |options: &mut wirewatch::fetch::Options| {
        options.tls_roots = authority.roots();
        options.time_max = Duration::from_secs(2);
        options.connect_time_max = Duration::from_secs(1);
        options.body_idle_max = Duration::from_secs(1);
    };
    desk.app().fetch_by(impatient).unwrap();
    let on_time = async {
        while desk.source("courier").await.state == SourceState::New {
            tokio::task::yield_now().await;
        }
        for id in ["trickle", "stalled", "silent", "handshake"] {
            assert_eq!(desk.source(id).await.state, SourceState::New, "{id} was waited for");
        }
    };
    tokio::join!(desk.turn(), on_time);
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
    for (id, _, words) in hosts {
        let status = desk.source(id).await;
        assert_eq!(status.state, SourceState::Failing, "{id}: {status:?}");
        assert!(status.error.as_deref().is_some_and(|error| error.contains(words)), "{id}: {status:?}");
    }
}

/// A name that leads inside when the connection is made, whatever it led to before: it is asked for once, and where it leads is judged
/// then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_leads_inside_is_refused_and_the_others_are_read() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let courier = Newsroom::open_at([127, 0, 0, 2]);
    publish(&courier, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    let inner = Newsroom::open();
    courier.set("/moved", Answer::redirect(302, inner.url_at("localhost", "/feed")));
    let good = GOOD.replace("NEWSROOM", courier.url("").as_str().trim_end_matches('/'));
    let (rebound, moved) = (inner.url_at("localhost", "/feed"), courier.url("/moved"));
    desk.start(&format!(
        "{good}\n[source.rebound]\nurl = \"{rebound}\"\nevery = \"10m\"\n[source.moved]\nurl = \"{moved}\"\nevery = \"10m\"\n"
    ))
    .await;
    desk.app().fetch_by(|options| options.allow_private = vec!["127.0.0.2/32".parse().unwrap()]).unwrap();
    desk.turn().await;
    publish(&courier, "courier", &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")]);
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
    for id in ["rebound", "moved"] {
        let error = desk.source(id).await.error.unwrap_or_default();
        assert!(error.contains("localhost points to a loopback address"), "{id}: {error}");
    }
    assert_eq!(inner.connections(), 0);
}

/// Articles whose pages mean harm: the feed's own words are matched and told, and the others are read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_misbehave() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    desk.newsroom.set("/courier/feed.xml", Answer::ok(rss("<item><title>Old</title><guid>0</guid></item>")));
    desk.start(GOOD).await;
    desk.turn().await;
    let html = |body: String| Answer::ok(body).header("content-type", "text/html");
    let attributes = (0..100_000).map(|n| format!(" a{n}=v")).collect::<Vec<_>>().concat();
    let pages = [
        ("endless", Answer::ok("<p>more").manner(Manner::Endless)),
        ("bomb", html(" ".repeat(100 << 20)).gzip()),
        ("deep", html(format!("<article>{}", "<div>".repeat(300_000)))),
        ("wide", html(format!("<article{attributes}><p{attributes}>"))),
        ("loop", Answer::redirect(302, "/pages/loop")),
        ("inner", Answer::redirect(302, "http://169.254.169.254/")),
        ("file", Answer::redirect(302, "file:///etc/passwd")),
        ("cut", Answer::ok("<p>").manner(Manner::Length(900))),
        ("silent", Answer::ok("").manner(Manner::HangUp)),
        ("noise", Answer::ok("").manner(Manner::Raw(vec![0xff; 5000]))),
        ("headers", Answer::ok("").header("x", "v".repeat(70 << 10))),
        ("captcha", html("<title>Just a moment...</title><p>Verify you are human.".into())),
        ("nothing", html(String::new())),
        ("binary", Answer::ok(vec![0u8; 50_000]).header("content-type", "text/html")),
    ];
    let mut items = String::from("<item><title>Old</title><guid>0</guid></item>");
    for (name, answer) in &pages {
        desk.newsroom.set(&format!("/pages/{name}"), answer.clone());
        let link = desk.newsroom.url(&format!("/pages/{name}"));
        let words = paragraph(name);
        write!(
            items,
            "<item><title>A report on {name}</title><guid>{name}</guid><link>{link}</link>\
            <description>The Shanghai Cooperation Organization. {words}</description></item>"
        )
        .unwrap();
    }
    desk.newsroom.set("/courier/feed.xml", Answer::ok(rss(&items)));
    desk.later(minutes(12)).await;
    let subjects = desk.subjects_to("anna@example.org");
    for (name, _) in &pages {
        assert!(
            subjects.iter().any(|subject| subject.ends_with(&format!("A report on {name}"))),
            "{name}: {subjects:#?}"
        );
    }
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
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
