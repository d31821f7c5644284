//! In: values as a feed gives them. Out: values as the model keeps them: plain titles, sanitized HTML, absolute addresses.
//! It never keeps more than the limits allow.

use crate::model::limits::{ENTRY_TEXT_BYTES_MAX, TITLE_BYTES_MAX};
use crate::text::html::{escape, has_markup, in_step, plain, sanitize};
use crate::text::{one_line, url::join};
use url::Url;

/// Most categories, links, authors or enclosures of one entry or feed.
pub const LIST_MAX: usize = 64;
/// A category, id, language, generator or link's title, in bytes.
const WORD_BYTES_MAX: usize = 1 << 10;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Plain text; where it has tags all the same, HTML.
    Plain,
    /// HTML.
    Html,
}

/// A title: one line without markup, empty where it was nothing but markup (a picture); `None` where there was nothing.
pub fn title(text: &str, markup: Markup) -> Option<String> {
    let text = cut(text, TITLE_BYTES_MAX * 2);
    let title =
        if markup == Markup::Html || has_markup(text) { one_line(&plain(&in_step(text))) } else { one_line(text) };
    let kept = cut(&title, TITLE_BYTES_MAX).len();
    let mut title = title;
    title.truncate(kept);
    (!title.is_empty() || text.contains('<')).then_some(title)
}

/// A summary, content, subtitle or copyright: sanitized HTML, empty where nothing was left of it; `None` where there was nothing.
pub fn html(text: &str, markup: Markup, base: Option<&Url>) -> Option<String> {
    let text = cut(text.trim(), ENTRY_TEXT_BYTES_MAX);
    let html = match markup {
        Markup::Plain if !has_markup(text) => escape(text).into_owned(),
        Markup::Plain | Markup::Html => sanitize(text, base),
    };
    (!text.is_empty()).then_some(html)
}

/// A short text on one line: a category, a language, a generator.
pub fn word(text: &str) -> Option<String> {
    let word = one_line(cut(text, WORD_BYTES_MAX));
    (!word.is_empty()).then_some(word)
}

/// An absolute web address. One that is absolute and clean stays as written: no slash is added to it, no letter changed.
pub fn link(href: &str, base: Option<&Url>) -> Option<String> {
    let href = href.trim();
    let url = join(base, href)?;
    let clean = href.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'<' | b'>' | b'"'));
    let absolute = href.starts_with("http://") || href.starts_with("https://");
    Some(if clean && absolute { href.to_string() } else { url.into() })
}

/// At most `bytes_max` bytes of a text, whole characters.
pub fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_no_markup_and_one_line() {
        assert_eq!(title(" AT&amp;T\n &#8217;s <b>talks</b> ", Markup::Html).as_deref(), Some("AT&T ’s talks"));
        assert_eq!(title("Vec<String> & co", Markup::Plain).as_deref(), Some("Vec<String> & co"));
        assert_eq!(title("<i>talks</i>", Markup::Plain).as_deref(), Some("talks"));
        assert_eq!(title(" <img src=a> ", Markup::Html).as_deref(), Some(""));
        assert_eq!(title(" \n ", Markup::Html), None);
        assert_eq!(title(&"я".repeat(10 << 20), Markup::Html).unwrap().len(), TITLE_BYTES_MAX);
    }

    #[test]
    fn a_text_is_html_whatever_it_was() {
        assert_eq!(html("1 < 2 & 3", Markup::Plain, None).as_deref(), Some("1 &lt; 2 &amp; 3"));
        assert_eq!(html("<p>a</p><script>b</script>", Markup::Plain, None).as_deref(), Some("<p>a</p>"));
        assert_eq!(html("  ", Markup::Html, None), None);
        assert!(html(&"ab ".repeat(ENTRY_TEXT_BYTES_MAX), Markup::Html, None).unwrap().len() <= ENTRY_TEXT_BYTES_MAX);
    }

    #[test]
    fn a_clean_address_stays_as_written() {
        let base = Url::parse("https://news.example/rss/").unwrap();
        assert_eq!(link("http://example.org", None).as_deref(), Some("http://example.org"));
        assert_eq!(link("../a b", Some(&base)).as_deref(), Some("https://news.example/a%20b"));
        assert_eq!(link("http://a\\@127.0.0.1/", None).as_deref(), Some("http://a/@127.0.0.1/"));
        assert_eq!(link("javascript:alert(1)", Some(&base)), None);
    }
}
