//! In: XML as strangers write it. Out: its tokens and elements, as slices of the input.
//! It never fails, never expands an entity and never looks at a DTD: what is no markup is text.

use crate::text::html::decode;
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::ops::Range;

/// A piece of XML with its place in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name attributes>` or, when `empty`, `<name attributes/>`.
    Start {
        /// Name with its prefix.
        name: &'a str,
        /// What stands between the name and the end of the tag.
        attributes: &'a str,
        /// Whether it closes itself.
        empty: bool,
    },
    /// `</name>`.
    End(&'a str),
    /// Text with its references, brackets that begin nothing included.
    Text(&'a str),
    /// What stands in a CDATA section.
    Data(&'a str),
    /// A comment, processing instruction or XML declaration.
    Aside,
    /// A document type declaration, all of it.
    Doctype(&'a str),
}

/// The tokens of a text. All pieces together are the input.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    xml: &'a str,
    at: usize,
    /// The markup at `at`, where the text before it was read up to there.
    ahead: Option<(Token<'a>, usize)>,
}

impl<'a> Tokens<'a> {
    pub fn new(xml: &'a str) -> Self {
        Self::starting(xml, 0)
    }

    /// The tokens from `at` bytes on.
    pub fn starting(xml: &'a str, at: usize) -> Self {
        Self { xml, at, ahead: None }
    }

    /// The next token and the bytes that it takes in the input.
    pub fn next(&mut self) -> Option<(Token<'a>, Range<usize>)> {
        let start = self.at;
        let rest = &self.xml[start..];
        if rest.is_empty() {
            return None;
        }
        let (token, len) = self.ahead.take().or_else(|| markup(rest)).unwrap_or_else(|| {
            let (len, ahead) = text_len(rest);
            self.ahead = ahead;
            (Token::Text(&rest[..len]), len)
        });
        self.at += len;
        Some((token, start..self.at))
    }
}

/// Bytes up to the next piece of markup, at least one; and that.
fn text_len(rest: &str) -> (usize, Option<(Token<'_>, usize)>) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(found) = memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        at += found;
        let ahead = markup(&rest[at..]);
        if ahead.is_some() {
            return (at, ahead);
        }
        at += 1;
    }
    (bytes.len(), None)
}

/// The markup at the start of a text, and its length.
fn markup(rest: &str) -> Option<(Token<'_>, usize)> {
    let bytes = rest.as_bytes();
    if bytes.first() != Some(&b'<') {
        return None;
    }
    let after = |needle: &[u8], from: usize| memmem::find(&bytes[from..], needle).map(|at| from + at);
    match bytes.get(1)? {
        b'!' if rest.starts_with("<!--") => Some((Token::Aside, after(b"-->", 4).map_or(bytes.len(), |end| end + 3))),
        b'!' if bytes.get(..9).is_some_and(|head| head.eq_ignore_ascii_case(b"<![CDATA[")) => {
            // A section that never ends ends with the document.
            let end = after(b"]]>", 9);
            Some((Token::Data(&rest[9..end.unwrap_or(bytes.len())]), end.map_or(bytes.len(), |end| end + 3)))
        }
        b'!' if bytes.get(..9).is_some_and(|head| head.eq_ignore_ascii_case(b"<!DOCTYPE")) => {
            let len = doctype_len(bytes);
            Some((Token::Doctype(&rest[..len]), len))
        }
        // The first `>` ends it: to look further for `?>` would be quadratic in what never has one.
        b'!' | b'?' => Some((Token::Aside, after(b">", 2).map_or(bytes.len(), |end| end + 1))),
        b'/' => {
            let name_end = name_len(&bytes[2..]) + 2;
            if name_end == 2 {
                return None;
            }
            let end = bytes[name_end..].iter().position(|b| matches!(b, b'>' | b'<')).map(|end| name_end + end);
            let len = match end {
                Some(end) if bytes[end] == b'>' => end + 1,
                Some(end) => end,
                None => bytes.len(),
            };
            Some((Token::End(&rest[2..name_end]), len))
        }
        _ => {
            let name_end = name_len(&bytes[1..]) + 1;
            if name_end == 1 {
                return None;
            }
            let end = name_end + tag_end(&bytes[name_end..])?;
            let inner = &rest[name_end..end];
            let empty = inner.ends_with('/');
            let attributes = inner.strip_suffix('/').unwrap_or(inner);
            Some((Token::Start { name: &rest[1..name_end], attributes, empty }, end + 1))
        }
    }
}

/// The length of a name; 0 where none begins.
fn name_len(bytes: &[u8]) -> usize {
    if !bytes.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | 0x80..)) {
        return 0;
    }
    bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.' | 0x80..)).count()
}

/// Where the `>` of a start tag stands; `None` where another tag begins first, so that this was none.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    if !matches!(bytes.first(), Some(b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>')) {
        return None;
    }
    let mut at = 0;
    let mut value_next = false;
    while let Some(b) = bytes.get(at) {
        match b {
            b'>' => return Some(at),
            b'<' => return None,
            b'"' | b'\'' if value_next => {
                at += 1 + memchr(*b, &bytes[at + 1..])?;
                value_next = false;
            }
            b'=' => value_next = true,
            b if b.is_ascii_whitespace() => {}
            _ => value_next = false,
        }
        at += 1;
    }
    None
}

/// The length of a document type declaration, internal subset included.
fn doctype_len(bytes: &[u8]) -> usize {
    let mut at = 9;
    let mut subset = false;
    while let Some(b) = bytes.get(at) {
        match b {
            b'[' => subset = true,
            b']' => subset = false,
            b'>' if !subset => return at + 1,
            b'"' | b'\'' => match memchr(*b, &bytes[at + 1..]) {
                Some(end) => at += 1 + end,
                None => return bytes.len(),
            },
            b'<' if bytes[at..].starts_with(b"<!--") => match memmem::find(&bytes[at..], b"-->") {
                Some(end) => at += end + 2,
                None => return bytes.len(),
            },
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Name and value of an attribute as written, and where the value stands in the text they were read from.
pub type Attribute<'a> = (&'a str, &'a str, Range<usize>);

/// The attributes of a tag, quoted or not, in their order.
pub fn attributes(attributes: &str) -> impl Iterator<Item = Attribute<'_>> {
    let bytes = attributes.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += bytes.get(at..)?.iter().take_while(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'=')).count();
            let name = at..at + bytes.get(at..)?.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'=').count();
            if name.is_empty() {
                return None;
            }
            let equals = name.end + bytes[name.end..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if bytes.get(equals) != Some(&b'=') {
                at = name.end;
                continue;
            }
            let start = equals + 1 + bytes[equals + 1..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            let value = if let Some(quote @ (b'"' | b'\'')) = bytes.get(start) {
                let len = memchr(*quote, &bytes[start + 1..]).unwrap_or(bytes.len() - start - 1);
                at = start + len + 2;
                start + 1..start + 1 + len
            } else {
                let len = bytes[start..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                at = start + len;
                start..start + len
            };
            return Some((&attributes[name], &attributes[value.clone()], value));
        }
    })
}

/// The value of the first attribute of this name, prefix and all, references decoded and white space trimmed.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value, _) = attributes(tag).find(|(key, ..)| key.eq_ignore_ascii_case(name))?;
    Some(match decode(value.trim()) {
        Cow::Borrowed(value) => Cow::Borrowed(value),
        Cow::Owned(value) => Cow::Owned(value),
    })
}

/// The name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The prefix of a name; empty where it has none.
pub fn prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or("", |(prefix, _)| prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(xml: &str) -> Vec<Token<'_>> {
        let mut tokens = Tokens::new(xml);
        std::iter::from_fn(|| tokens.next()).map(|(token, _)| token).collect()
    }

    #[test]
    fn what_is_no_markup_is_text() {
        assert_eq!(
            tokens("1 < 2 <3 <a b=\"<\" <c>"),
            [Token::Text("1 < 2 <3 <a b=\"<\" "), Token::Start { name: "c", attributes: "", empty: false }]
        );
        assert_eq!(tokens("a & b </>"), [Token::Text("a & b </>")]);
    }

    #[test]
    fn what_never_ends_ends_with_the_document() {
        assert_eq!(tokens("<![CDATA[ab"), [Token::Data("ab")]);
        assert_eq!(tokens("<!-- ab"), [Token::Aside]);
        assert_eq!(tokens("<a></rss"), [Token::Start { name: "a", attributes: "", empty: false }, Token::End("rss")]);
        assert_eq!(tokens("<a b"), [Token::Text("<a b")]);
    }

    #[test]
    fn a_doctype_ends_behind_its_subset() {
        let doctype = "<!DOCTYPE a [<!ENTITY b \"]>\"><!-- ]> -->]>";
        assert_eq!(
            tokens(&format!("{doctype}<a/>")),
            [Token::Doctype(doctype), Token::Start { name: "a", attributes: "", empty: true }]
        );
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let tag = " a='1' b = \"x>y\" c=z d e=\"&amp;\"";
        let read: Vec<_> = attributes(tag).map(|(name, value, _)| (name, value)).collect();
        assert_eq!(read, [("a", "1"), ("b", "x>y"), ("c", "z"), ("e", "&amp;")]);
        assert_eq!(attribute(tag, "E").as_deref(), Some("&"));
        assert_eq!(attribute(tag, "d"), None);
    }
}
