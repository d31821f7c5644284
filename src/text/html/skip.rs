//! In: HTML and a start tag in it. Out: where the element ends that is to be left out whole.
//! It never looks twice for an end that is not there.

use super::Tag;
use super::tag::one_of;
use memchr::{memchr, memmem};

/// Elements that are left out with all they hold: pictures, what is not shown, and those in which html5ever reads tags by other
/// rules than it does in ordinary text.
const SKIPPED: [&str; 9] = ["svg", "math", "select", "template", "iframe", "xmp", "noembed", "noframes", "plaintext"];

/// Elements that end a picture or a choice that was left open (WHATWG HTML, section 13.2.6.5).
const BREAKOUT: [&str; 26] = [
    "div",
    "p",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "dt",
    "table",
    "img",
    "b",
    "strong",
    "i",
    "em",
    "br",
    "center",
    "body",
    "pre",
    "blockquote",
];

/// Finds the ends of skipped elements in one document.
#[derive(Debug, Default)]
pub struct Skip<'a> {
    /// Names that have no end to the right of where one was looked for.
    endless: Vec<&'a str>,
}

impl<'a> Skip<'a> {
    /// Whether elements of this name are left out.
    pub fn wants(name: &str) -> bool {
        one_of(name, &SKIPPED)
    }

    /// Behind the end tag of the element whose start tag ends at `from` bytes; `None`: it has none, and only its tag is left out.
    pub fn end(&mut self, html: &str, from: usize, tag: Tag<'a>) -> Option<usize> {
        let picture = tag.name.eq_ignore_ascii_case("svg");
        if picture && tag.source.ends_with("/>") || self.endless.iter().any(|name| name.eq_ignore_ascii_case(tag.name))
        {
            return None;
        }
        let bytes = html.as_bytes();
        let breaks = picture || tag.name.eq_ignore_ascii_case("select");
        let needle: &[u8] = if breaks { b"<" } else { b"</" };
        let mut at = from;
        while let Some(found) = memmem::find(&bytes[at..], needle) {
            at += found + 1;
            let rest = &html[at..];
            if rest.strip_prefix('/').is_some_and(|rest| names(rest, tag.name)) {
                return memchr(b'>', rest.as_bytes()).map(|close| at + close + 1);
            }
            if breaks && BREAKOUT.iter().any(|name| names(rest, name)) {
                return Some(at - 1);
            }
        }
        self.endless.push(tag.name);
        None
    }
}

/// Whether a text begins with this name and no longer one.
fn names(text: &str, name: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > name.len()
        && bytes[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        && !bytes[name.len()].is_ascii_alphanumeric()
        && bytes[name.len()] != b'-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html::{Token, Tokens};

    fn left(html: &str) -> &str {
        let mut tokens = Tokens::new(html);
        let Some(Token::Start(tag)) = tokens.next() else { panic!("no tag") };
        Skip::default().end(html, tokens.position(), tag).map_or("no end", |end| &html[end..])
    }

    #[test]
    fn an_element_is_skipped_to_its_end() {
        assert_eq!(left("<template><p></TEMPLATE >a"), "a");
        assert_eq!(left("<svg><path/></svg>a"), "a");
        assert_eq!(left("<iframe><iframe-x></iframe-x></iframe>a"), "a");
        assert_eq!(left("<template><p>a"), "no end");
        assert_eq!(left("<svg/>a</svg>"), "no end");
    }

    #[test]
    fn text_ends_a_picture_that_was_left_open() {
        assert_eq!(left("<svg><g><div>a</div></svg>"), "<div>a</div></svg>");
        assert_eq!(left("<select><option>a<p>b"), "<p>b");
    }
}
