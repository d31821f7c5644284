//! In: healed XML. Out: its elements one inside the other, with names, base and language in force, and their texts.
//! It never builds a tree: an element is a slice, read again when somebody asks for its children.

use super::names::{Names, Ns};
use super::values::Markup;
use super::xml::{Token, Tokens, attribute, local};
use crate::text::html::{decode, escape};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;
use std::rc::Rc;
use url::Url;

/// An element of a well-formed document.
#[derive(Debug, Clone)]
pub struct Element<'a> {
    /// Whose name it has.
    pub ns: Ns,
    /// Its name without prefix, as written.
    pub name: &'a str,
    tag: &'a str,
    inner: &'a str,
    place: Rc<Place<'a>>,
}

/// What holds where an element stands.
#[derive(Debug, Clone)]
struct Place<'a> {
    names: Names<'a>,
    base: Option<Url>,
    language: Option<Cow<'a, str>>,
}

impl<'a> Element<'a> {
    /// The root of a document; relative addresses are meant against `base`.
    pub fn root(xml: &'a str, base: Option<&Url>) -> Option<Self> {
        let mut tokens = Tokens::new(xml);
        let (Token::Start { name, attributes, empty }, range) = tokens.next()? else { return None };
        let place = Place { names: Names::of_root(name, attributes), base: base.cloned(), language: None };
        let end = if empty { range.end } else { xml.rfind("</").unwrap_or(xml.len()).max(range.end) };
        let mut root = Self {
            ns: Ns::Own,
            name: local(name),
            tag: attributes,
            inner: &xml[range.end..end],
            place: Rc::new(place),
        };
        root.enter();
        Some(root)
    }

    /// Its elements, in their order.
    pub fn children(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let mut tokens = Tokens::new(self.inner);
        let (inner, place) = (self.inner, Rc::clone(&self.place));
        std::iter::from_fn(move || {
            loop {
                let (token, range) = tokens.next()?;
                let Token::Start { name, attributes, empty } = token else { continue };
                let start = range.end;
                let end = if empty { start } else { skip(&mut tokens).unwrap_or(inner.len()) };
                let mut child = Element {
                    ns: Ns::Own,
                    name: local(name),
                    tag: attributes,
                    inner: &inner[start..end],
                    place: Rc::clone(&place),
                };
                if attributes.contains("xml") {
                    Rc::make_mut(&mut child.place).names.declare(attributes);
                    child.enter();
                }
                child.ns = child.place.names.of(name);
                return Some(child);
            }
        })
    }

    /// Its own `xml:base` and `xml:lang` come into force.
    fn enter(&mut self) {
        if let Some(base) = attribute(self.tag, "xml:base") {
            // One that cannot be read, or leads out of the web, leaves the outer one in force.
            let joined = crate::text::url::join(self.place.base.as_ref(), &base);
            if joined.is_some() {
                Rc::make_mut(&mut self.place).base = joined;
            }
        }
        if let Some(language) = attribute(self.tag, "xml:lang") {
            Rc::make_mut(&mut self.place).language = Some(language).filter(|language| !language.is_empty());
        }
    }

    /// The value of an attribute, references decoded.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        attribute(self.tag, name)
    }

    /// What relative addresses in it are meant against.
    pub fn base(&self) -> Option<&Url> {
        self.place.base.as_ref()
    }

    /// The language in force.
    pub fn language(&self) -> Option<&str> {
        self.place.language.as_deref()
    }

    /// The first child of the format's own namespace with this name.
    pub fn child(&self, name: &str) -> Option<Element<'a>> {
        self.children().find(|child| child.ns != Ns::Other && child.name.eq_ignore_ascii_case(name))
    }

    /// Its text and that of its elements, trimmed.
    pub fn text(&self) -> Cow<'a, str> {
        let mut tokens = Tokens::new(self.inner);
        let mut text: Option<Cow<'a, str>> = None;
        while let Some((token, _)) = tokens.next() {
            let piece = match token {
                Token::Text(piece) => decode(piece),
                Token::Data(piece) => Cow::Borrowed(piece),
                _ => continue,
            };
            text = Some(match text {
                None => piece,
                Some(text) => Cow::Owned(text.into_owned() + &piece),
            });
        }
        match text.unwrap_or_default() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_string()),
        }
    }

    /// Its content as the format means it: elements in it, or a type, or base64, say what it is written in.
    pub fn content(&self, unless_said: Markup) -> (Cow<'a, str>, Markup) {
        let mut tokens = Tokens::new(self.inner);
        if std::iter::from_fn(|| tokens.next()).any(|(token, _)| matches!(token, Token::Start { .. })) {
            return (Cow::Owned(as_html(self.inner)), Markup::Html);
        }
        let kind = self.attribute("type").map(|kind| kind.to_ascii_lowercase());
        let kind = kind.as_deref().map(|kind| kind.split(';').next().unwrap_or_default().trim());
        let text = self.text();
        let mode = self.attribute("mode");
        let text_kind = |kind: &str| {
            !kind.contains('/')
                || kind.starts_with("text/")
                || kind.ends_with("/xml")
                || kind.ends_with("+xml")
                || kind.contains("html")
        };
        if mode.as_deref() == Some("base64") || (mode.is_none() && kind.is_some_and(|kind| !text_kind(kind))) {
            let packed: String = text.split_ascii_whitespace().collect();
            if let Ok(text) =
                STANDARD.decode(packed.as_bytes()).map_err(|_| ()).and_then(|b| String::from_utf8(b).map_err(|_| ()))
            {
                return (Cow::Owned(text), Markup::Html);
            }
        }
        let markup = match kind {
            Some("text" | "plain" | "text/plain") => Markup::Plain,
            Some(kind) if kind.contains("html") => Markup::Html,
            // The text of another kind of document.
            Some(kind) if kind.contains('/') => Markup::Plain,
            _ => unless_said,
        };
        (text, markup)
    }
}

/// Goes behind the end tag of the element whose start tag was just read; tells where that end tag begins.
fn skip(tokens: &mut Tokens<'_>) -> Option<usize> {
    let mut depth = 1;
    while let Some((token, range)) = tokens.next() {
        match token {
            Token::Start { empty: false, .. } => depth += 1,
            Token::End(_) if depth == 1 => return Some(range.start),
            Token::End(_) => depth -= 1,
            _ => {}
        }
    }
    None
}

/// XML written as HTML: prefixes off, no element that closes itself, no CDATA.
fn as_html(xml: &str) -> String {
    let mut html = String::with_capacity(xml.len());
    let mut tokens = Tokens::new(xml);
    while let Some((token, range)) = tokens.next() {
        match token {
            Token::Start { name, attributes, empty } => {
                let name = local(name);
                html.push('<');
                html.push_str(name);
                html.push_str(attributes.trim_end());
                html.push('>');
                let void = matches!(
                    name,
                    "br" | "img" | "hr" | "input" | "link" | "meta" | "area" | "col" | "source" | "wbr" | "param"
                );
                if empty && !void {
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
            }
            Token::End(name) => {
                html.push_str("</");
                html.push_str(local(name));
                html.push('>');
            }
            Token::Text(_) => html.push_str(&xml[range]),
            Token::Data(data) => html.push_str(&escape(data)),
            Token::Aside | Token::Doctype(_) => {}
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'a>(xml: &'a str, name: &str) -> Element<'a> {
        Element::root(xml, None).unwrap().child(name).unwrap()
    }

    #[test]
    fn children_are_found_with_their_names_base_and_language() {
        let xml = "<feed xml:base='https://a.example/x/' xml:lang='en'><entry xml:base='y/'><dc:date>1</dc:date><link/></entry><e xml:lang='ru'/></feed>";
        let entry = first(xml, "entry");
        assert_eq!(entry.base().map(Url::as_str), Some("https://a.example/x/y/"));
        assert_eq!(entry.language(), Some("en"));
        let names: Vec<_> = entry.children().map(|child| (child.ns, child.name)).collect();
        assert_eq!(names, [(Ns::Dc, "date"), (Ns::Own, "link")]);
        assert_eq!(first(xml, "e").language(), Some("ru"));
    }

    #[test]
    fn content_says_what_it_is_written_in() {
        let content = |xml| {
            let (text, markup) = first(xml, "a").content(Markup::Plain);
            (text.into_owned(), markup)
        };
        assert_eq!(content("<x><a type='html'>&lt;b&gt;</a></x>"), ("<b>".into(), Markup::Html));
        assert_eq!(content("<x><a>1 <![CDATA[&lt;]]></a></x>"), ("1 &lt;".into(), Markup::Plain));
        assert_eq!(
            content("<x><a><h:p>1<h:br/><h:i/></h:p><![CDATA[<]]></a></x>"),
            ("<p>1<br><i></i></p>&lt;".into(), Markup::Html)
        );
        assert_eq!(content("<x><a mode='base64' type='text/html'> PGI+ </a></x>"), ("<b>".into(), Markup::Html));
    }
}
