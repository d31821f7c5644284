//! In: a piece of HTML from a feed or page. Out: the same without anything that runs, loads or submits, links absolute.
//! It never lets through an element, attribute or scheme that it does not know.

use super::flatten::flatten_with_pictures;
use super::{Tag, Token, Tokens, decode, escape, in_step};
use ammonia::{Builder, UrlRelative};
use std::cell::RefCell;
use std::collections::HashSet;
use url::Url;

thread_local! {
    // Building the tables takes longer than cleaning a summary; only the base changes between calls.
    static CLEANER: RefCell<Builder<'static>> = RefCell::new(cleaner());
}

/// Ordinary article markup stays, links are made absolute by `base`; a relative one without a base loses its address.
pub fn sanitize(html: &str, base: Option<&Url>) -> String {
    if memchr::memchr(b'<', html.as_bytes()).is_none() {
        return escape(&decode(html)).into_owned();
    }
    if is_clean(html) {
        return html.to_string();
    }
    let flat = in_step(html);
    let flat = flatten_with_pictures(&flat);
    parsed(&flat, base)
}

fn parsed(html: &str, base: Option<&Url>) -> String {
    CLEANER.with_borrow_mut(|cleaner| {
        cleaner.url_relative(match base {
            Some(base) => UrlRelative::RewriteWithBase(base.clone()),
            None => UrlRelative::Deny,
        });
        cleaner.clean(html).to_string()
    })
}

/// Whether cleaning would give a piece back as it is: paragraphs and a few inline elements without attributes, each closed where it
/// was opened, and text without references. Many summaries are no more than that, and need no parser.
fn is_clean(html: &str) -> bool {
    const INLINE: [&str; 6] = ["b", "i", "em", "strong", "u", "code"];
    let mut open: Vec<&str> = vec![];
    for token in Tokens::new(html) {
        let fits = match token {
            // A space that does not break is written as a reference.
            Token::Text(text) => !text.contains(['&', '<', '>', '\0', '\r', '\u{a0}']),
            Token::Start(tag) if tag.source.len() != tag.name.len() + 2 || !tag.source.ends_with('>') => false,
            Token::Start(Tag { name: "br", .. }) => true,
            Token::Start(Tag { name, .. }) => {
                open.push(name);
                (name == "p" && open.len() == 1) || (INLINE.contains(&name) && open.len() <= 4)
            }
            Token::End(name, source) => open.pop() == Some(name) && source.len() == name.len() + 3,
            Token::Comment(_) => false,
        };
        if !fits {
            return false;
        }
    }
    open.is_empty()
}

fn cleaner() -> Builder<'static> {
    let mut cleaner = Builder::default();
    cleaner
        .add_tags(["big", "font", "picture", "source", "audio", "video", "u", "dir", "menu", "legend"])
        .add_tag_attributes("source", ["src", "type", "media"])
        .add_tag_attributes("audio", ["src", "controls"])
        .add_tag_attributes("video", ["src", "controls", "poster", "width", "height"])
        .add_clean_content_tags(["iframe", "noembed", "noframes"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]));
    cleaner
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(html: &str) -> String {
        sanitize(html, Some(&Url::parse("https://news.example/world/").unwrap()))
    }

    #[test]
    fn article_markup_stays_and_links_are_absolute() {
        assert_eq!(
            clean("<p>The <b>council</b> <a href=\"../sco\">met</a>.</p>"),
            "<p>The <b>council</b> <a href=\"https://news.example/sco\" rel=\"noopener noreferrer\">met</a>.</p>"
        );
        assert_eq!(
            clean("<img src=a.png alt=b onerror=x()>"),
            "<img src=\"https://news.example/world/a.png\" alt=\"b\">"
        );
        assert_eq!(sanitize("<a href=/x>y</a>", None), "<a rel=\"noopener noreferrer\">y</a>");
    }

    #[test]
    fn nothing_that_runs_or_loads_stays() {
        for html in [
            "<script>a()</script>",
            "<style>*{}</style>",
            "<iframe src=//evil.example></iframe>",
            "<form action=/x><input name=y></form>",
            "<a href='javascript:a()'>b</a>",
            "<a href='java\nscript:a()'>b</a>",
            "<img src='data:image/svg+xml,x'>",
            "<p onclick=a() style='background:url(//evil.example)'>b</p>",
            "<svg><a xlink:href='javascript:a()'><text>b</text></a></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=a()>",
            "<noscript><p title='</noscript><img src=x onerror=a()>'>",
            "<meta http-equiv=refresh content=0><base href=//evil.example><link rel=stylesheet href=x>",
        ] {
            let clean = clean(html);
            for bad in
                ["script", "style", "iframe", "form", "input", "onerror", "onclick", "evil", "meta", "link ", "data:"]
            {
                assert!(!clean.replace("rel=\"noopener noreferrer\"", "").contains(bad), "{html} left {clean}");
            }
        }
    }

    const UNITS: [&str; 26] = [
        "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<code>", "</code>", "<br>", "<br/>", "<P>",
        "<p >", "</p >", "<b", "<u>", "</u>", "<div>", "water ", " ", "\n", "\u{a0}", "ӑ", "&amp;", ">",
    ];

    proptest! {
        #[test]
        fn what_needs_no_parser_comes_out_of_it_as_it_was(units in prop::collection::vec(prop::sample::select(&UNITS[..]), 1..12)) {
            let html = units.concat();
            if is_clean(&html) {
                prop_assert_eq!(parsed(&flatten_with_pictures(&in_step(&html)), None), html);
            }
        }
    }

    #[test]
    fn a_plain_summary_needs_no_parser() {
        assert!(is_clean("<p>The <b>council</b><br>met.</p>\n<p>Вода <i><u>там</u></i></p>"));
        for html in [
            "<p>a<p>b</p>",
            "<p><div>a</div></p>",
            "<b><p>a</p></b>",
            "<p>a & b</p>",
            "<p class=a>b</p>",
            "<p>a",
            "a</p>",
        ] {
            assert!(!is_clean(html), "{html}");
        }
    }

    #[test]
    fn text_without_tags_needs_no_parser() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("AT&T &amp; &laquo;x&raquo; &#60;script&#62;"), "AT&amp;T &amp; «x» &lt;script&gt;");
    }
}
