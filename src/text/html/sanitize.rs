//! In: a piece of HTML from a feed or page. Out: the same without anything that runs, loads or submits, links absolute.
//! It never lets through an element, attribute or scheme that it does not know.

use super::flatten::flatten_with_pictures;
use super::{decode, escape, in_step};
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
    let flat = in_step(html);
    let flat = flatten_with_pictures(&flat);
    CLEANER.with_borrow_mut(|cleaner| {
        cleaner.url_relative(match base {
            Some(base) => UrlRelative::RewriteWithBase(base.clone()),
            None => UrlRelative::Deny,
        });
        cleaner.clean(&flat).to_string()
    })
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

    #[test]
    fn text_without_tags_needs_no_parser() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("AT&T &amp; &laquo;x&raquo; &#60;script&#62;"), "AT&amp;T &amp; «x» &lt;script&gt;");
    }
}
