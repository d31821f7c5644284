//! Documents as sources answer with them, from the clean to the hostile.

use super::*;
use crate::model::limits::{
    ENTRIES_MAX, ENTRIES_WHOLE_MAX, ENTRY_TEXT_BYTES_MAX, TITLE_BYTES_MAX, XML_ATTRIBUTES_MAX, XML_DEPTH_MAX,
};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn parse(text: &str) -> Result<Feed, ParseError> {
    let url = Url::parse("https://desk.example/feed/").unwrap();
    document(text.as_bytes(), &Context { url: Some(&url), content_type: None }, SourceKind::Auto, &Selectors::default())
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Desk</title>\
         <link>https://desk.example</link><ttl>15</ttl>{items}</channel></rss>"
    )
}

const ITEM: &str = "<item><title>Talks &amp;amp; a visit</title><link>/2024/a?b=1&amp;c=2</link><guid isPermaLink=\"false\">7</guid>\
    <pubDate>Sun, 31 Mar 2024 10:11:12 CET</pubDate><dc:creator>Ada Byron</dc:creator><category>SCO</category>\
    <description>&lt;p&gt;Ministers &lt;a href=\"/m\"&gt;met&lt;/a&gt;.&lt;/p&gt;</description>\
    <content:encoded><![CDATA[<p>Ministers met.</p><script>x()</script>]]></content:encoded>\
    <enclosure url=\"/a.mp3\" length=\"12\" type=\"audio/mpeg\"/></item>";

#[test]
fn both_readers_read_a_standard_feed_alike() {
    let text = rss(ITEM);
    let clean = parse(&text).unwrap();
    let healed = heal::heal(&text, root::find(&text).unwrap().at).unwrap();
    assert!(healed.shape.is_standard());
    let url = Url::parse("https://desk.example/feed/").unwrap();
    let standard = standard::read(&healed.xml, &healed.shape, Some(&url)).unwrap();
    let gentle = gentle::read(&healed.xml, &healed.shape, Some(&url));
    assert_eq!(standard, gentle);
    let entry = &clean.entries[0];
    assert_eq!((clean.format.as_str(), clean.version.as_str(), clean.ttl_s), ("rss", "rss20", Some(900)));
    assert_eq!(clean.feed.link.as_deref(), Some("https://desk.example"));
    assert_eq!((entry.key.as_str(), entry.title.as_deref()), ("7", Some("Talks & a visit")));
    assert_eq!(entry.link.as_deref(), Some("https://desk.example/2024/a?b=1&c=2"));
    assert_eq!(entry.published.unwrap().to_string(), "2024-03-31T09:11:12Z");
    assert_eq!(entry.content.as_deref(), Some("<p>Ministers met.</p>"));
    assert!(entry.summary.as_deref().unwrap().contains("href=\"https://desk.example/m\""));
    assert_eq!((entry.authors[0].name.as_deref(), entry.categories[0].as_str()), (Some("Ada Byron"), "SCO"));
    assert_eq!(
        (entry.enclosures[0].url.as_str(), entry.enclosures[0].length),
        ("https://desk.example/a.mp3", Some(12))
    );
    assert_eq!(clean.warnings, Vec::<String>::new());
}

#[test]
fn both_readers_read_a_standard_atom_feed_alike() {
    let text = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ru'><id>urn:x</id><title>Стол</title><updated>2024-03-31T10:11:12Z</updated>
        <link rel='self' href='https://desk.example/atom'/><link href='https://desk.example/'/><author><name>Ада</name><email>ada@desk.example</email></author>
        <entry><id>urn:1</id><title type='html'>A &amp;lt;b&gt; &amp;amp; c</title><link rel='alternate' type='text/html' href='https://desk.example/1'/>
        <published>2024-03-30T10:11:12+05:00</published><updated>2024-03-31T10:11:12Z</updated><category term='sco' label='SCO'/>
        <summary>2 &lt; 3 &amp; so on</summary><content type='html'>&lt;p&gt;x&lt;/p&gt;</content>
        <link rel='enclosure' href='https://desk.example/1.pdf' length='5' type='application/pdf'/></entry></feed>";
    let healed = heal::heal(text, 0).unwrap();
    assert!(healed.shape.is_standard());
    let standard = standard::read(&healed.xml, &healed.shape, None).unwrap();
    assert_eq!(standard, gentle::read(&healed.xml, &healed.shape, None));
    let feed = parse(text).unwrap();
    let entry = &feed.entries[0];
    assert_eq!((feed.version.as_str(), feed.feed.language.as_deref()), ("atom10", Some("ru")));
    assert_eq!(entry.summary.as_deref(), Some("2 &lt; 3 &amp; so on"));
    assert_eq!(entry.link.as_deref(), Some("https://desk.example/1"));
    assert_eq!(entry.enclosures[0].url, "https://desk.example/1.pdf");
}

#[test]
fn a_broken_feed_keeps_its_keys() {
    let items = format!(
        "{ITEM}<item><title>Two</title><link>https://desk.example</link></item><item><title>Three</title></item>"
    );
    let keys = |text: &str| parse(text).unwrap().entries.into_iter().map(|entry| entry.key).collect::<Vec<_>>();
    let clean = keys(&rss(&items));
    assert_eq!(clean[..2], ["7", "https://desk.example/"]);
    let broken = rss(&format!("{items}<item><title>R&D &nbsp; <br> <dc:subject>x"));
    assert_eq!(keys(broken.trim_end_matches("</channel></rss>")), clean);
    assert_eq!(keys(&format!("Warning: x <br />\n{}", rss(&items).replace("</rss>", ""))), clean);
}

#[test]
fn the_document_decides_what_it_is() {
    let urlset = "<urlset><url><loc>/a</loc></url></urlset>";
    assert_eq!(parse(urlset).unwrap().format, "sitemap");
    assert_eq!(parse("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}").unwrap().version, "json1");
    assert_eq!(
        parse("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'/>")
            .unwrap()
            .version,
        "rss10"
    );
    let page = "<!doctype html><title>Are you human?</title><p>Please wait";
    assert_eq!(parse(page), Err(ParseError::NoLinks));
    let refused = feed(page.as_bytes(), &Context::default()).unwrap_err().to_string();
    assert!(refused.contains("a web page (\"Are you human?\")"), "{refused}");
    assert_eq!(parse(" \n"), Err(ParseError::Empty));
    assert_eq!(feed(b"\x1f\x8b\x08", &Context::default()), Err(ParseError::Binary));
    assert!(matches!(parse("Service unavailable"), Err(ParseError::NotAFeed(_))));
}

#[test]
fn a_wrong_charset_is_healed_and_said() {
    let text = rss("<item><title>Министр иностранных дел прибыл в Астану на переговоры</title></item>");
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    let feed = feed(&bytes, &Context { url: None, content_type: Some("text/xml; charset=utf-8") }).unwrap();
    assert_eq!(feed.entries[0].title.as_deref(), Some("Министр иностранных дел прибыл в Астану на переговоры"));
    assert_eq!(feed.encoding, "windows-1251");
    assert_eq!(feed.warnings.len(), 1);
}

#[test]
fn a_wide_charset_hides_nothing() {
    let text = "<!DOCTYPE rss [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&a;&a;\">]><rss version='2.0'><channel><title>&a;&b;</title></channel></rss>";
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let feed = feed(&wide, &Context::default()).unwrap();
    assert_eq!((feed.encoding.as_str(), feed.feed.title.as_deref()), ("utf-16le", Some("&a;&b;")));
}

#[test]
fn titles_and_texts_have_an_end() {
    let long = "wide ".repeat(2 << 20);
    let feed = parse(&rss(&format!("<item><title>{long}</title><description>{long}</description></item>"))).unwrap();
    let entry = &feed.entries[0];
    assert!(entry.title.as_ref().unwrap().len() <= TITLE_BYTES_MAX);
    assert!(entry.summary.as_ref().unwrap().len() <= ENTRY_TEXT_BYTES_MAX);
}

#[test]
fn a_title_breaks_no_line_and_a_link_runs_no_script() {
    let feed = parse(&rss(
        "<item><title>Hi&#13;&#10;Bcc: x@y.example &#x202e;{{7*7}}</title><link>javascript:alert(1)</link></item>",
    ))
    .unwrap();
    assert_eq!(feed.entries[0].title.as_deref(), Some("Hi Bcc: x@y.example {{7*7}}"));
    assert_eq!((feed.entries[0].link.as_deref(), feed.entries[0].links.len()), (None, 0));
}

#[test]
fn entries_have_an_end() {
    let items = "<item><link>/a</link></item>".repeat(ENTRIES_MAX - 5) + &"<item rdf:about='/a?b&c'/>".repeat(10);
    let feed = parse(&rss(&items)).unwrap();
    assert_eq!(feed.entries.len(), ENTRIES_MAX);
    let links = |at: usize| feed.entries[at].links.len();
    assert_eq!((links(ENTRIES_WHOLE_MAX - 1), links(ENTRIES_WHOLE_MAX)), (1, 0));
    assert!(feed.entries[ENTRIES_WHOLE_MAX].link.is_some());
    assert!(feed.warnings.iter().any(|warning| warning.starts_with("only the first")), "{:?}", feed.warnings);
    assert_eq!(
        parse(&rss(&"<item><link>/a</link></item>".repeat(ENTRIES_MAX))).unwrap().warnings,
        Vec::<String>::new()
    );
}

#[test]
fn what_is_only_there_to_hurt_is_refused() {
    let deep = rss(&format!("{}{}", "<media:group>".repeat(XML_DEPTH_MAX), "</media:group>".repeat(XML_DEPTH_MAX)));
    assert_eq!(parse(&deep), Err(ParseError::TooDeep));
    let wide =
        rss(&format!("<item{}/>", (0..=XML_ATTRIBUTES_MAX).map(|i| format!(" a{i}=''")).collect::<Vec<_>>().concat()));
    assert_eq!(parse(&wide), Err(ParseError::TooManyAttributes));
}

/// What panicked in feed-rs, or would take it minutes: each is read or refused, quickly.
#[test]
fn hostile_feeds_neither_panic_nor_hang() {
    let size = 1 << 18;
    let fill = |unit: &str| unit.repeat(size / unit.len());
    let documents = [
        rss("<item><link>/a</link><author>foo@example.com—Écrivain</author></item>"),
        rss("<item><link>/a</link><itunes:duration>99999999999999999999999</itunes:duration></item>"),
        rss(&format!("<item><title>{}</title></item>", fill("<![CDATA["))),
        rss(&fill("<item><title>&")),
        rss(&fill("<a")),
        rss(&fill("<a b='")),
        rss(&fill("<!x")),
        rss(&fill("<?x")),
        rss(&fill("</item>")),
        rss(&fill("<item/>")),
        rss(&format!("<item><description>{}</description></item>", fill("&lt;div&gt;"))),
        rss(&format!("<item><description>{}</description></item>", fill("&lt;b&gt;&lt;table&gt;"))),
        rss(&format!("<item><guid>{}</guid></item>", fill("&amp;"))),
        format!("<!DOCTYPE rss [{}]><rss version='2.0'><channel/></rss>", fill("<!ENTITY a \"b\">")),
        format!("<!DOCTYPE rss {}<rss/>", fill("[")),
        fill("<channel>"),
        fill("<rss"),
        format!("{{\"items\":[{}", fill("{\"id\":1},")),
        format!("{{\"items\":{}", fill("[")),
        format!("<html><body>{}", fill("<a href='/a'>A headline that is long enough</a><div>")),
        format!("<html><body>{}", fill("<time></time><a href='/a'>A headline that is long enough</a>")),
        format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}", fill("<entry xmlns:a='b'><link/></entry>")),
        format!("<urlset>{}", fill("<url><loc>/a</loc></url>")),
    ];
    for text in documents {
        let start = Instant::now();
        let outcome = parse(&text);
        let begin: String = text.chars().skip(200).take(60).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{begin} took {:?}", start.elapsed());
        assert!(outcome.is_ok_and(|feed| feed.warnings.len() <= WARNINGS_MAX) || outcome_is_told(&text), "{begin}");
    }
}

fn outcome_is_told(text: &str) -> bool {
    parse(text).is_err_and(|error| !error.to_string().is_empty())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = document(&bytes, &Context::default(), SourceKind::Auto, &Selectors::default());
        let _ = discover(&bytes, &Context::default());
    }

    #[test]
    fn no_pieces_of_feeds_make_it_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "http://a.example/я", "</link>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<content type='xhtml'>", "<div>", "</content>",
        "<link href='/x'/>", "&amp;", "&", "&#0;", "&nbsp;", "<![CDATA[", "]]>", "<!--", "-->", "<author>", "ä@b.example", "</author>",
        "<pubDate>", "31 марта 2024", "</pubDate>", "<rdf:RDF>", "<urlset>", "<url>", "<loc>", "<a b=\"", "\">", "<?x", "?>", "\u{1}",
        "<!DOCTYPE a [", "]>", "я", "<media:group>", "<itunes:duration>", "</rss", "<html>", "{", "\"items\":[", "xml:base='/y'",
    ]), 0..60)) {
        let text = pieces.concat();
        if let Ok(feed) = parse(&text) {
            for entry in &feed.entries {
                prop_assert!(!entry.key.is_empty());
                prop_assert!(entry.link.as_ref().is_none_or(|link| link.starts_with("http")));
            }
            prop_assert_eq!(parse(&text).unwrap(), feed);
        }
    }
}
