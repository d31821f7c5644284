//! In: HTML as strangers nest it. Out: the same HTML, well nested and at most `HTML_DEPTH_MAX` deep.
//! It never drops text that a page shows, except what stands in a picture (`<svg>`).

use super::skip::Skip;
use super::tag::{Tag, one_of};
use super::{Token, Tokens};
use crate::model::limits::{HTML_ATTRIBUTES_MAX, HTML_DEPTH_MAX, HTML_ROOTS_MAX, PAGE_TAGS_MAX};
use std::borrow::Cow;

/// Makes HTML safe to parse: html5ever is quadratic in nesting depth, and in formatting elements that were left open.
///
/// Every element that is opened is closed in its turn, as a browser would close it, start and end tags beyond the depth are left
/// out, and so are comments, templates, pictures and the few elements in which html5ever reads tags by other rules: so the tree
/// that it builds cannot be deeper than the one that was counted here.
pub fn flatten(html: &str) -> Cow<'_, str> {
    flat(html, false, None)
}

/// As much of a page as is parsed.
pub fn head(html: &str) -> &str {
    memchr::memchr_iter(b'<', html.as_bytes()).nth(PAGE_TAGS_MAX).map_or(html, |end| &html[..end])
}

/// What a reader wants of a document: the rest is left out before anybody parses it, and most of a page are attributes.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whether an attribute of an element is read: by the element's name, its own (both as written), and its value.
    pub attribute: fn(&str, &str, &str) -> bool,
    /// Whether an element is read of which no attribute is left; what stands in it always is.
    pub bare: fn(&str) -> bool,
}

/// The same, with nothing but what a reader wants.
pub fn flatten_for(html: &str, wanted: Wanted) -> Cow<'_, str> {
    flat(html, false, Some(wanted))
}

/// The same, but of pictures the words are kept: nothing that a feed's entry says is lost.
pub(super) fn flatten_with_pictures(html: &str) -> Cow<'_, str> {
    flat(html, true, None)
}

fn flat(html: &str, pictures: bool, wanted: Option<Wanted>) -> Cow<'_, str> {
    if memchr::memchr(b'<', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let mut flat = Flat {
        out: String::with_capacity(if wanted.is_some() { html.len() / 2 } else { html.len() + html.len() / 16 }),
        wanted,
        open: Vec::new(),
        dropped: Vec::new(),
        paragraphs: 0,
        roots: 0,
    };
    let mut tokens = Tokens::new(html);
    let mut skip = Skip::default();
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => flat.text(text),
            Token::Start(tag) if !tag.source.ends_with('>') => break,
            Token::Start(tag) if Skip::wants(tag.name) => {
                let start = tokens.position();
                if let Some(end) = skip.end(html, start, tag) {
                    if one_of(tag.name, &["math"]) || pictures && one_of(tag.name, &["svg", "select"]) {
                        flat.words(&html[start..end]);
                    }
                    tokens.seek(end);
                }
            }
            Token::Start(tag) => flat.start(tag, &mut tokens),
            Token::End(name, source) if source.ends_with('>') => flat.end(name),
            Token::End(..) | Token::Comment(_) => {}
        }
    }
    flat.close_to(0);
    Cow::Owned(flat.out)
}

/// Left out; what they hold stays.
const UNWRAPPED: [&str; 9] = [
    "option",
    "optgroup",
    "frameset",
    "frame",
    "annotation-xml",
    "foreignobject",
    "marquee",
    "applet",
    "selectedcontent",
];
/// Without content or end tag (WHATWG HTML, section 13.1.2), obsolete ones included.
const VOID: [&str; 20] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "img", "image", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr", "command", "isindex",
];
/// An end tag of another element does not reach out of these.
const SCOPES: [&str; 6] = ["table", "td", "th", "caption", "object", "button"];
/// Elements that close an open paragraph.
const CLOSE_P: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dd",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
];
/// Elements that the end tag of an inline element does not reach out of ("special" in section 13.2.4.2).
const SPECIAL: [&str; 52] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "caption",
    "center",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "object",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "textarea",
    "title",
    "style",
    "script",
];

struct Flat<'a> {
    out: String,
    wanted: Option<Wanted>,
    /// Names of the elements that are open, and whether they are in `out`.
    open: Vec<(&'a str, bool)>,
    /// Names of the elements that were left out for their depth.
    dropped: Vec<&'a str>,
    /// How many paragraphs are open: mostly none, and then none is looked for.
    paragraphs: usize,
    /// How many start tags of `<html>`, `<head>` and `<body>` were seen.
    roots: usize,
}

impl<'a> Flat<'a> {
    fn text(&mut self, text: &str) {
        // A lone `<` must not meet a letter when what stood between them is left out.
        let mut pieces = text.split('<');
        self.out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.out.push_str("&lt;");
            self.out.push_str(piece);
        }
    }

    /// The text of a piece, without its tags.
    fn words(&mut self, piece: &str) {
        let mut hidden = false;
        for token in Tokens::new(piece) {
            match token {
                Token::Text(text) if !std::mem::take(&mut hidden) => self.text(text),
                Token::Start(tag) => hidden = one_of(tag.name, &["script", "style"]),
                Token::End(..) => hidden = false,
                Token::Text(_) | Token::Comment(_) => {}
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>, tokens: &mut Tokens<'a>) {
        let name = tag.name;
        if one_of(name, &UNWRAPPED) {
            return;
        }
        if one_of(name, &["html", "head", "body"]) {
            self.roots += 1;
            if self.roots <= HTML_ROOTS_MAX {
                self.tag(tag);
            }
            return;
        }
        self.close_implied(name);
        if one_of(name, &VOID) {
            self.tag(tag);
            return;
        }
        if super::tag::is_raw(name) {
            self.raw(tag, tokens);
            return;
        }
        if self.open.len() >= HTML_DEPTH_MAX {
            self.dropped.push(name);
            return;
        }
        let written = self.tag(tag);
        self.open.push((name, written));
        self.paragraphs += usize::from(name.eq_ignore_ascii_case("p"));
    }

    /// A start tag, with as many of its attributes as html5ever takes in time; `false`: nobody wants it.
    fn tag(&mut self, tag: Tag) -> bool {
        if let Some(wanted) = self.wanted {
            return self.tag_for(tag, wanted);
        }
        match tag.cut(HTML_ATTRIBUTES_MAX) {
            Some(cut) => {
                self.out.push_str(cut);
                self.out.push('>');
            }
            None => self.out.push_str(tag.source),
        }
        true
    }

    /// A start tag with those of its attributes that somebody wants.
    fn tag_for(&mut self, tag: Tag, wanted: Wanted) -> bool {
        let before = self.out.len();
        let mut kept = 0;
        self.out.push('<');
        self.out.push_str(tag.name);
        tag.attributes(|name, value, quoted| {
            if kept < HTML_ATTRIBUTES_MAX && (wanted.attribute)(tag.name, name, value) {
                kept += 1;
                self.out.push(' ');
                self.out.push_str(name);
                if !value.is_empty() {
                    self.out.push('=');
                    self.out.push_str(quoted);
                }
            }
        });
        if kept == 0 && !(wanted.bare)(tag.name) {
            self.out.truncate(before);
            return false;
        }
        self.out.push('>');
        true
    }

    /// A script, style, title, textarea or noscript: its content is copied as it is.
    fn raw(&mut self, tag: Tag<'a>, tokens: &mut Tokens<'a>) {
        let written = self.tag(tag);
        if let Some(Token::Text(content)) = tokens.clone().next() {
            tokens.next();
            // In a script, `<!--` makes html5ever read on past the end tag that was found here.
            let pieces = content.split("<!--").filter(|_| written);
            pieces.for_each(|piece| self.out.push_str(piece));
        }
        if let Some(Token::End(..)) = tokens.clone().next() {
            tokens.next();
        }
        if written {
            self.close(tag.name);
        }
    }

    fn end(&mut self, name: &'a str) {
        if self.dropped.last().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
            self.dropped.pop();
        } else if let Some(at) = self.reach(name) {
            self.close_to(at);
        } else if name.eq_ignore_ascii_case("p") || name.eq_ignore_ascii_case("br") {
            // A browser makes an empty paragraph of a stray `</p>` and a break of `</br>`: both part the text.
            self.out.push_str("<br>");
        }
    }

    /// Where the element lies that an end tag of this name closes.
    fn reach(&self, name: &str) -> Option<usize> {
        let special = one_of(name, &SPECIAL);
        let heading = is_heading(name);
        for (at, (open, _)) in self.open.iter().enumerate().rev() {
            if open.eq_ignore_ascii_case(name) || heading && is_heading(open) {
                return Some(at);
            }
            let barrier = if one_of(name, &["tr", "td", "th", "tbody", "thead", "tfoot", "caption", "table"]) {
                open.eq_ignore_ascii_case("table")
            } else if special {
                one_of(open, &SCOPES) || (name.eq_ignore_ascii_case("li") && one_of(open, &["ul", "ol"]))
            } else {
                one_of(open, &SPECIAL)
            };
            if barrier {
                return None;
            }
        }
        None
    }

    /// Closes what a start tag of this name closes without an end tag (section 13.2.6.4.7).
    fn close_implied(&mut self, name: &str) {
        let siblings: (&[&str], &[&str]) = match name.to_ascii_lowercase().as_str() {
            "li" => (&["li"], &["ul", "ol", "menu", "dir"]),
            "dd" | "dt" => (&["dd", "dt"], &["dl"]),
            "tr" => (&["tr", "td", "th", "caption", "colgroup"], &["table", "tbody", "thead", "tfoot"]),
            "td" | "th" => (&["td", "th"], &["table", "tr", "tbody", "thead", "tfoot"]),
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => {
                (&["tbody", "thead", "tfoot", "caption", "colgroup"], &["table"])
            }
            "a" => (&["a"], &SCOPES),
            "nobr" => (&["nobr"], &SCOPES),
            "button" => (&["button"], &["table", "td", "th", "caption", "object"]),
            _ => (&[], &[]),
        };
        // Every list item may hold blocks that hold nothing of it: the walk ends at the list.
        let barrier =
            |open: &str| one_of(open, siblings.1) || one_of(open, &["td", "th", "object"]) && !one_of(open, siblings.0);
        if !siblings.0.is_empty() {
            let mut found = None;
            for (at, (open, _)) in self.open.iter().enumerate().rev() {
                if one_of(open, siblings.0) {
                    found = Some(at);
                    // The outermost of a row's parts goes: a `<tr>` closes the cell and the row around it.
                    if !one_of(name, &["tr"]) {
                        break;
                    }
                } else if barrier(open) {
                    break;
                }
            }
            if let Some(at) = found {
                self.close_to(at);
            }
        }
        if one_of(name, &["tr", "tbody", "thead", "tfoot", "td", "th"]) {
            // Whatever else stands open in a table stands there by mistake.
            let table = |(open, _): &(&str, bool)| one_of(open, &["table", "tbody", "thead", "tfoot", "tr"]);
            if let Some(at) = self.open.iter().rposition(table) {
                self.close_to(at + 1);
            }
        }
        if self.paragraphs > 0 && one_of(name, &CLOSE_P) {
            for at in (0..self.open.len()).rev() {
                if self.open[at].0.eq_ignore_ascii_case("p") {
                    self.close_to(at);
                    break;
                }
                if one_of(self.open[at].0, &SCOPES) {
                    break;
                }
            }
        }
        // With whatever inline elements were left open in it.
        let block = self.open.iter().rposition(|(open, _)| one_of(open, &SPECIAL));
        if is_heading(name)
            && let Some(at) = block.filter(|at| is_heading(self.open[*at].0))
        {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, depth: usize) {
        if self.open.len() > depth {
            self.dropped.clear();
        }
        while self.open.len() > depth {
            if let Some((name, written)) = self.open.pop() {
                self.paragraphs -= usize::from(name.eq_ignore_ascii_case("p"));
                if written {
                    self.close(name);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scraper::{Html, Selector};
    use std::time::{Duration, Instant};

    fn depth(html: &str) -> usize {
        let tree = Html::parse_document(html);
        tree.tree.nodes().map(|node| node.ancestors().count()).max().unwrap_or(0)
    }

    fn text_of(html: &str, selector: &str) -> Vec<String> {
        let tree = Html::parse_document(html);
        tree.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
    }

    #[test]
    fn well_nested_html_stays_as_it_is() {
        let html = "<!DOCTYPE html><html><head><title>a</title></head><body><ul><li>b</li><li>c</li></ul><p>d <b>e</b></p></body></html>";
        let flat = flatten(html);
        assert_eq!(flat, html.replace("<!DOCTYPE html>", "").replace("</head>", "").replace("</body></html>", ""));
        assert!(matches!(flatten("no markup & nothing to do"), Cow::Borrowed(_)));
    }

    #[test]
    fn elements_close_as_a_browser_closes_them() {
        assert_eq!(flatten("<p>a<p>b<div>c"), "<p>a</p><p>b</p><div>c</div>");
        assert_eq!(
            flatten("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>"),
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"
        );
        assert_eq!(
            flatten("<table><tr><td>a<td>b<tr><td>c</table>d"),
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d"
        );
        assert_eq!(flatten("<div><b>a</div>b</b>"), "<div><b>a</b></div>b");
        assert_eq!(flatten("<b><div>a</b>b</div>c"), "<b><div>ab</div>c</b>");
        assert_eq!(flatten("<table><tr><td></div>a</td></tr></table>"), "<table><tr><td>a</td></tr></table>");
        assert_eq!(flatten("<h1>a</h2>b"), "<h1>a</h1>b");
        assert_eq!(flatten("<h1><b>a<h2>b"), "<h1><b>a</b></h1><h2>b</h2>");
    }

    #[test]
    fn text_survives_whatever_the_depth() {
        let html = format!("{}deep{}<p>after</p>", "<div>".repeat(5000), "</div>".repeat(5000));
        let flat = flatten(&html);
        assert!(depth(&flat) <= HTML_DEPTH_MAX + 8);
        assert_eq!(text_of(&flat, "p"), ["after"]);
        assert!(text_of(&flat, "div")[0].contains("deep"));
    }

    #[test]
    fn attributes_end_at_their_limit() {
        let attributes =
            |from: &str, count: usize| (0..count).map(|i| format!(" {from}{i}='>'")).collect::<Vec<_>>().concat();
        let count = |html: &str, selector: &str| {
            let tree = Html::parse_document(&flatten(html));
            tree.select(&Selector::parse(selector).unwrap()).next().unwrap().value().attrs().count()
        };
        for name in ["p", "img", "body", "title"] {
            assert_eq!(count(&format!("<{name}{}>x", attributes("a", HTML_ATTRIBUTES_MAX)), name), HTML_ATTRIBUTES_MAX);
            assert_eq!(count(&format!("<{name}{}>x", attributes("a", 20_000)), name), HTML_ATTRIBUTES_MAX);
        }
        let bodies = (0..20_000).map(|i| format!("<body a{i}=1>")).collect::<Vec<_>>().concat();
        assert_eq!(count(&bodies, "body"), HTML_ROOTS_MAX);
        assert_eq!(flatten("<p class=a>x</p>"), "<p class=a>x</p>");
    }

    #[test]
    fn what_is_left_out_joins_nothing_into_a_tag() {
        assert_eq!(flatten("<<!-- x -->div>a"), "&lt;div>a");
        assert_eq!(flatten("<svg><a>x</a></svg>b<template><p>c</template>d"), "bd");
        assert_eq!(flatten("<svg/>a<svg>b"), "ab");
        assert_eq!(flatten("a<b"), "a");
    }

    #[test]
    fn scripts_and_titles_keep_their_text() {
        let html = "<script type=\"application/ld+json\">{\"a\":\"<div>\"}</script><title>a<b</title>";
        assert_eq!(flatten(html), html);
        assert_eq!(flatten("<script><!-- <script>a</script>b"), "<script> <script>a</script>b");
    }

    /// Each of these made html5ever take minutes or gigabytes, or slipped past a depth that was only counted.
    fn hostile() -> Vec<String> {
        let formatting = (0..250).map(|i| format!("<b a={i}>")).collect::<Vec<_>>().concat();
        let n = 1 << 17;
        let fill = |unit: &str| unit.repeat(n / unit.len());
        vec![
            fill("<div>"),
            fill("<div></b>"),
            fill("<b>"),
            fill("<a href=x>"),
            fill("<p><b>"),
            fill("<table><tr><td>"),
            fill("<table>"),
            fill("<svg><style><foreignObject></style>"),
            fill("<math><mi><div>"),
            fill("<select><iframe></select><div>"),
            fill("<noscript><img alt='</noscript><div>'>"),
            fill("<script><!--<script></script><div></script>"),
            fill("<ul><li>"),
            fill("<dl><dd><p>"),
            fill("<template><div>"),
            format!("{}</svg>", fill("<svg><div>")),
            format!("{}</math>", fill("<math><div>")),
            fill("<object><p></object>"),
            fill("<button><p>"),
            fill("<form><div></form>"),
            fill("</p>"),
            fill("<!--"),
            fill("<a b="),
            fill("<style>"),
            format!("<div>{formatting}</div>{}", fill("<div>x</div>")),
            format!("<p>{formatting}</p>{}", fill("<div>x</div>")),
            format!("<p>{formatting}{}", fill("<div>x</div>")),
            format!("<table>{formatting}{}", fill("<tr></tr>x")),
            format!("<table><tr><td>{formatting}{}", fill("<td>x")),
            format!("<a>{formatting}{}", fill("<a>x")),
            format!("<ul><li>{formatting}{}", fill("<li>x")),
            format!("<h1>{formatting}{}", fill("<h2>x")),
            format!("<button>{formatting}{}", fill("<button>x")),
        ]
    }

    #[test]
    fn hostile_pages_parse_in_time() {
        for html in hostile() {
            let start = Instant::now();
            let flat = flatten(&html);
            assert!(flat.len() <= html.len() * 3, "{} grew to {} bytes", &html[..40], flat.len());
            let tree = Html::parse_document(&flat);
            // In release each takes under a second; this is for the unoptimized build on a busy machine.
            assert!(start.elapsed() < Duration::from_secs(20), "{} took {:?}", &html[..40], start.elapsed());
            assert!(tree.tree.values().count() < 2_000_000, "{} made too many nodes", &html[..40]);
        }
    }

    proptest! {
        #[test]
        fn nothing_slips_past_the_depth(units in prop::collection::vec(prop::sample::select(vec![
            "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<a>", "</a>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<li>",
            "<ul>", "</ul>", "<svg>", "</svg>", "<math>", "<mi>", "<style>", "</style>", "<select>", "</select>", "<script>",
            "</script>", "<!--", "-->", "<title>", "</title>", "x", "<", "<button>", "</button>", "<form>", "</form>", "<h1>",
            "</h1>", "<template>", "</template>", "<iframe>", "</iframe>", "<foreignObject>", "<object>", "</object>", "<img>",
            "<caption>", "</caption>", "<a b='", "'>", "<noscript>", "</noscript>", "<textarea>", "</textarea>", "</table", "<dd>",
        ]), 1..600)) {
            let html = units.concat();
            // Implied parts of tables (tbody, tr) may stand between those that were counted.
            prop_assert!(depth(&flatten(&html)) <= HTML_DEPTH_MAX * 2 + 8);
        }

        #[test]
        fn any_text_can_be_flattened(html in "\\PC{0,300}") {
            let flat = flatten(&html);
            prop_assert_eq!(flatten(&flat), flat.clone());
        }
    }
}
