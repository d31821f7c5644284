//! In: HTML. Out: its tokens, where html5ever would see them (WHATWG HTML, section 13.2.5), as slices of the input.
//! It builds no tree, corrects nothing and never fails.

use memchr::{memchr, memmem};

/// A piece of HTML. All pieces together are the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text between tags, references still in it.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag: its name as written, and all of it.
    End(&'a str, &'a str),
    /// A comment, doctype, declaration or processing instruction.
    Comment(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name as written; compare it without regard to case.
    pub name: &'a str,
    /// All of it, from `<` to `>`.
    pub source: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute, references decoded.
    pub fn attribute(&self, name: &str) -> Option<std::borrow::Cow<'a, str>> {
        let inner = self.source[1 + self.name.len()..].trim_end_matches('>');
        let mut found = None;
        attributes(inner, |key, value| {
            if found.is_none() && key.eq_ignore_ascii_case(name) {
                found = Some(super::decode(value));
            }
        });
        found
    }

    /// Tells each attribute: its name, its value, and the value with its quotes, all as written.
    pub(super) fn attributes(&self, mut each: impl FnMut(&'a str, &'a str, &'a str)) {
        let inner = &self.source[1 + self.name.len()..];
        scan(inner.as_bytes(), |name, value| {
            let quote = usize::from(value.start > name.end && inner[..value.start].ends_with(['"', '\'']));
            let quoted = inner.get(value.start - quote..value.end + quote).unwrap_or_default();
            each(&inner[name], &inner[value], quoted);
        });
    }

    /// The tag up to where its attribute after so many begins, when it has more; its `>` is then cut as well.
    pub(super) fn cut(&self, attributes_max: usize) -> Option<&'a str> {
        // An attribute takes two bytes at least: its name, and what parts it from the one before.
        if self.source.len() < attributes_max * 2 {
            return None;
        }
        let inner = 1 + self.name.len();
        let (mut count, mut end) = (0, None);
        scan(&self.source.as_bytes()[inner..], |name, _| {
            count += 1;
            if count == attributes_max + 1 {
                end = Some(inner + name.start);
            }
        });
        self.source.get(..end?)
    }
}

/// The tokens of a document or a piece of one.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The raw text element whose content comes next.
    raw: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    /// Tokens of this text.
    pub fn new(html: &'a str) -> Self {
        Self { html, at: 0, raw: None }
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes on from there; `at` must lie on a character boundary.
    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
        self.raw = None;
    }

    fn take(&mut self, len: usize) -> &'a str {
        let taken = &self.html[self.at..self.at + len];
        self.at += len;
        taken
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = &self.html[self.at..];
        if rest.is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            let end = end_of_raw(rest, name);
            if end > 0 {
                return Some(Token::Text(self.take(end)));
            }
        }
        let bytes = rest.as_bytes();
        if bytes[0] != b'<' || !opens(bytes) {
            let len = next_opening(bytes);
            return Some(Token::Text(self.take(len)));
        }
        if bytes[1] == b'!' || bytes[1] == b'?' || (bytes[1] == b'/' && !bytes[2].is_ascii_alphabetic()) {
            let len = comment_len(bytes);
            if bytes[len - 1] != b'>' && !bytes.starts_with(b"<!--") {
                // Without a `>` to the right, nothing there is a tag: a text that was cut, or wrote about declarations.
                return Some(Token::Text(self.take(len)));
            }
            return Some(Token::Comment(self.take(len)));
        }
        let start = if bytes[1] == b'/' { 2 } else { 1 };
        let name_len = bytes[start..].iter().take_while(|b| !ends_name(**b)).count();
        let name = &rest[start..start + name_len];
        let len = tag_len(bytes, start + name_len);
        let source = self.take(len);
        if start == 2 {
            return Some(Token::End(name, source));
        }
        if is_raw(name) {
            self.raw = Some(name);
        }
        Some(Token::Start(Tag { name, source }))
    }
}

/// Whether `<` begins a tag or comment here.
fn opens(bytes: &[u8]) -> bool {
    match bytes.get(1) {
        // `<!'` is a comment to a browser and a text to its author.
        Some(b'!') => bytes.get(2).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'[' | b'>')),
        Some(b'?') => true,
        Some(b'/') => bytes.get(2).is_some(),
        Some(b) => b.is_ascii_alphabetic(),
        None => false,
    }
}

/// Bytes before the next `<` that begins something; at least one.
fn next_opening(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        at += found;
        if opens(&bytes[at..]) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

fn comment_len(bytes: &[u8]) -> usize {
    if let Some(body) = bytes.strip_prefix(b"<!--") {
        if body.starts_with(b">") {
            return 5;
        }
        if body.starts_with(b"->") {
            return 6;
        }
        let mut at = 0;
        while let Some(found) = memmem::find(&body[at..], b"--") {
            at += found;
            match body.get(at + 2) {
                Some(b'>') => return at + 7,
                Some(b'!') if body.get(at + 3) == Some(&b'>') => return at + 8,
                _ => at += 1,
            }
        }
        return bytes.len();
    }
    memchr(b'>', bytes).map_or(bytes.len(), |end| end + 1)
}

fn ends_name(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'/' | b'>')
}

/// The length of a tag whose attributes begin at `at`; of all there is, when it never ends.
fn tag_len(bytes: &[u8], at: usize) -> usize {
    at + attributes_len(&bytes[at..])
}

fn attributes_len(bytes: &[u8]) -> usize {
    scan(bytes, |_, _| {})
}

fn attributes<'a>(inner: &'a str, mut each: impl FnMut(&'a str, &'a str)) {
    scan(inner.as_bytes(), |key, value| {
        if let (Some(key), Some(value)) = (inner.get(key), inner.get(value)) {
            each(key, value);
        }
    });
}

/// Walks the attributes of a tag to behind its `>`: a quote is one only where a value begins. Tells each name and value by its range.
fn scan(bytes: &[u8], mut each: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>)) -> usize {
    let space = |b: &u8| matches!(*b, b'\t' | b'\n' | 0x0c | b'\r' | b' ');
    let skip = |from: usize| from + bytes[from..].iter().take_while(|b| space(b)).count();
    let mut at = 0;
    loop {
        at += bytes[at..].iter().take_while(|b| space(b) || **b == b'/').count();
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'>') => return at + 1,
            Some(_) => {}
        }
        // A `=` where a name should begin is part of the name.
        let name_start = at;
        at += 1;
        at += bytes[at..].iter().take_while(|b| !space(b) && !matches!(**b, b'/' | b'>' | b'=')).count();
        let name = name_start..at;
        let equals = skip(at);
        if bytes.get(equals) != Some(&b'=') {
            each(name, at..at);
            at = equals;
            continue;
        }
        at = skip(equals + 1);
        match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let start = at + 1;
                let Some(len) = memchr(*quote, &bytes[start..]) else { return bytes.len() };
                each(name, start..start + len);
                at = start + len + 1;
            }
            Some(b'>') => each(name, at..at),
            Some(_) => {
                let start = at;
                at += bytes[at..].iter().take_while(|b| !space(b) && **b != b'>').count();
                each(name, start..at);
            }
            None => return bytes.len(),
        }
    }
}

/// Elements whose content is text whatever it looks like (scripting being on, as html5ever has it).
pub(super) fn is_raw(name: &str) -> bool {
    one_of(
        name,
        &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"],
    )
}

/// Where the content of a raw text element ends: at its end tag, else with the input.
fn end_of_raw(rest: &str, name: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        at += found;
        let tail = &bytes[at + 2..];
        if tail.len() > name.len()
            && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && ends_name(tail[name.len()])
            && !name.eq_ignore_ascii_case("plaintext")
        {
            return at;
        }
        at += 2;
    }
    rest.len()
}

pub(super) fn one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether HTML has, or had, an element of this name.
pub(super) fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 97] = [
        "a",
        "abbr",
        "acronym",
        "address",
        "applet",
        "area",
        "article",
        "aside",
        "audio",
        "b",
        "base",
        "bdo",
        "big",
        "blink",
        "blockquote",
        "body",
        "br",
        "button",
        "canvas",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "fieldset",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "frame",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "link",
        "main",
        "map",
        "mark",
        "marquee",
        "math",
        "meta",
        "nav",
        "object",
        "ol",
        "p",
        "param",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "select",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "svg",
        "table",
        "td",
        "textarea",
        "th",
        "title",
        "tr",
        "u",
        "ul",
    ];
    one_of(name, &KNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(html: &str) -> Vec<String> {
        Tokens::new(html)
            .map(|token| match token {
                Token::Text(text) => format!("text {text}"),
                Token::Start(tag) => format!("start {} {}", tag.name, tag.source),
                Token::End(name, _) => format!("end {name}"),
                Token::Comment(comment) => format!("comment {comment}"),
            })
            .collect()
    }

    #[test]
    fn a_quote_hides_the_end_of_a_tag_only_where_a_value_begins() {
        assert_eq!(pieces("<a title='x>y'>z</a >"), ["start a <a title='x>y'>", "text z", "end a"]);
        assert_eq!(pieces("<a title=x'y>z"), ["start a <a title=x'y>", "text z"]);
        assert_eq!(pieces("<a \"x>y"), ["start a <a \"x>", "text y"]);
        assert_eq!(pieces("<a x=\"y"), ["start a <a x=\"y"]);
    }

    #[test]
    fn not_every_bracket_is_a_tag() {
        assert_eq!(pieces("1 < 2 <3 <"), ["text 1 < 2 <3 <"]);
        assert_eq!(
            pieces("<!doctype html><?xml?></ x><b>"),
            ["comment <!doctype html>", "comment <?xml?>", "comment </ x>", "start b <b>"]
        );
    }

    #[test]
    fn comments_end_as_in_a_browser() {
        assert_eq!(
            pieces("<!-->a<!--->b<!-- c --!>d<!-- e -- > --->f"),
            [
                "comment <!-->",
                "text a",
                "comment <!--->",
                "text b",
                "comment <!-- c --!>",
                "text d",
                "comment <!-- e -- > --->",
                "text f"
            ]
        );
    }

    #[test]
    fn raw_text_has_no_tags() {
        assert_eq!(
            pieces("<script>if (a<b) '</b>'</SCRIPT>x"),
            ["start script <script>", "text if (a<b) '</b>'", "end SCRIPT", "text x"]
        );
        assert_eq!(pieces("<plaintext></plaintext>"), ["start plaintext <plaintext>", "text </plaintext>"]);
    }

    #[test]
    fn attributes_are_found_by_name() {
        let Some(Token::Start(tag)) = Tokens::new("<A b=1 HREF = '/x?a&amp;b' c>").next() else { panic!("no tag") };
        assert_eq!(tag.attribute("href").as_deref(), Some("/x?a&b"));
        assert_eq!(tag.attribute("b").as_deref(), Some("1"));
        assert_eq!(tag.attribute("c").as_deref(), Some(""));
        assert_eq!(tag.attribute("d"), None);
    }
}
