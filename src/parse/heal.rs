//! In: the text of an XML document, broken as it may be. Out: well-formed XML, what it is, and what was mended.
//! It never expands what the document defines, beyond short plain texts, and refuses what is only there to hurt.

use super::ParseError;
use super::shape::Shape;
use super::xml::{Token, Tokens, attributes, local};
use crate::model::limits::{ENTRIES_MAX, XML_ATTRIBUTES_MAX, XML_DEPTH_MAX};
use crate::text::html::character;
use std::borrow::Cow;
use std::ops::Range;

/// A well-formed document: from its root's start tag to its root's end tag, without declaration and DTD.
#[derive(Debug)]
pub struct Healed<'a> {
    /// The document.
    pub xml: Cow<'a, str>,
    /// What it is.
    pub shape: Shape,
    /// What was mended, in words.
    pub warnings: Vec<String>,
}

/// Entities that a document may define for itself.
const ENTITIES_MAX: usize = 64;
/// The text of one such entity, in bytes.
const ENTITY_BYTES_MAX: usize = 256;
/// Names of namespaces in force at one place.
const NAMESPACES_MAX: usize = 128;

/// Heals the document whose root's start tag begins at `root` bytes.
///
/// # Errors
/// When it is nested too deeply or one of its elements has too many attributes.
pub fn heal(text: &str, root: usize) -> Result<Healed<'_>, ParseError> {
    let mut mend = Mend { text, out: String::new(), copied: root };
    let mut counts = Counts::default();
    let entities = definitions(&text[..root]);
    let mut shape = Shape::default();
    let mut open: Vec<&str> = Vec::new();
    let mut namespaces: Vec<usize> = Vec::new();
    let mut entry: Option<Mark> = None;
    let mut tokens = Tokens::starting(text, root);
    let mut end = text.len();
    while let Some((token, range)) = tokens.next() {
        match token {
            Token::Start { name, attributes: tag, empty } => {
                let entry_begins = match local(name) {
                    "item" | "entry" => open.len() <= 3,
                    "url" | "sitemap" => open.len() == 1,
                    _ => false,
                };
                if entry_begins && shape.entries >= ENTRIES_MAX {
                    counts.too_many = true;
                    end = range.start;
                    break;
                }
                let from = range.start + 1 + name.len();
                if open.is_empty() && name == "rss" {
                    mend_version(&mut mend, tag, from);
                }
                let declared = mend_attributes(&mut mend, &mut counts, &entities, tag, from)?;
                shape.element(name, tag, &open);
                if open.len() >= XML_DEPTH_MAX {
                    return Err(ParseError::TooDeep);
                }
                if empty {
                    if open.is_empty() {
                        end = range.end;
                        break;
                    }
                    shape.entries += usize::from(entry_begins);
                    continue;
                }
                if entry_begins {
                    entry = Some(Mark { depth: open.len(), at: range.start, out: mend.out.len(), copied: mend.copied });
                }
                open.push(name);
                namespaces.push(declared);
                if namespaces.iter().sum::<usize>() > NAMESPACES_MAX {
                    return Err(ParseError::TooManyAttributes);
                }
            }
            Token::End(name) => {
                let Some(at) = open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) else {
                    counts.stray_tags += 1;
                    mend.replace(range, "");
                    continue;
                };
                for unclosed in open.drain(at + 1..).rev() {
                    counts.unclosed += 1;
                    mend.insert(range.start, &format!("</{unclosed}>"));
                }
                let opened = open.pop().unwrap_or(name);
                namespaces.truncate(open.len());
                let whole = text[range.clone()].ends_with('>');
                if !whole || opened != name {
                    counts.truncated |= !whole;
                    mend.replace(range.clone(), &format!("</{opened}>"));
                }
                if entry.as_ref().is_some_and(|entry| open.len() <= entry.depth) {
                    entry = None;
                    shape.entries += 1;
                }
                if open.is_empty() {
                    end = range.end;
                    break;
                }
            }
            Token::Text(_) => {
                shape.text(&text[range.clone()], &open);
                mend_text(&mut mend, &mut counts, &entities, range, true);
            }
            Token::Data(data) => {
                shape.text(data, &open);
                let start = range.start + 9;
                if !text[range.clone()].starts_with("<![CDATA[") {
                    mend.replace(range.start..start, "<![CDATA[");
                }
                mend_characters(&mut mend, &mut counts, start..start + data.len());
                if !text[range.clone()].ends_with("]]>") {
                    mend.insert(range.end, "]]>");
                    counts.truncated = true;
                }
            }
            Token::Doctype(_) => mend.replace(range, ""),
            Token::Aside => {
                if !text[range.clone()].ends_with("-->") || text[range.clone()].starts_with("<?") {
                    mend.replace(range, "");
                }
            }
        }
    }
    let mut tail = String::new();
    if !open.is_empty() {
        counts.truncated = true;
        if let Some(mark) = entry.filter(|_| shape.entries > 0 && !counts.too_many) {
            // The last entry comes whole with the next poll; half of it would be taken for all of it.
            counts.cut_entry = true;
            mend.rewind(&mark);
            end = mark.at;
            open.truncate(mark.depth);
        }
        for unclosed in open.iter().rev() {
            tail.push_str("</");
            tail.push_str(unclosed);
            tail.push('>');
        }
    }
    let xml = mend.finish(end, &tail);
    let junk = (
        !text[..root].trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('<') && root > 0,
        &text[end..],
    );
    let mut warnings = counts.warnings(junk.0, junk.1);
    if let Some(prefix) = &shape.undeclared {
        warnings.push(format!("the prefix {prefix}: was never declared"));
    }
    Ok(Healed { xml, shape, warnings })
}

/// Where an entry began, in the input and in the mended text.
struct Mark {
    depth: usize,
    at: usize,
    out: usize,
    copied: usize,
}

/// The mended text: the input, copied up to `copied`, with replacements. Nothing is copied before the first of them.
struct Mend<'a> {
    text: &'a str,
    out: String,
    copied: usize,
}

impl<'a> Mend<'a> {
    /// Replacements come in the order of the text; one that comes late is left out.
    fn replace(&mut self, range: Range<usize>, with: &str) {
        self.insert(range.start, with);
        self.copied = self.copied.max(range.end);
    }

    fn insert(&mut self, at: usize, what: &str) {
        if at < self.copied {
            return;
        }
        self.out.push_str(&self.text[self.copied..at]);
        self.out.push_str(what);
        self.copied = at;
    }

    fn rewind(&mut self, mark: &Mark) {
        self.out.truncate(mark.out);
        self.copied = mark.copied;
    }

    fn finish(mut self, end: usize, tail: &str) -> Cow<'a, str> {
        let rest = &self.text[self.copied.min(end)..end];
        if self.out.is_empty() && tail.is_empty() {
            return Cow::Borrowed(rest);
        }
        self.out.push_str(rest);
        self.out.push_str(tail);
        Cow::Owned(self.out)
    }
}

/// What was mended, how often.
#[derive(Default)]
struct Counts {
    ampersands: usize,
    entities: usize,
    brackets: usize,
    controls: usize,
    stray_tags: usize,
    unclosed: usize,
    truncated: bool,
    cut_entry: bool,
    too_many: bool,
}

impl Counts {
    fn warnings(&self, junk_before: bool, rest: &str) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut count = |n: usize, one: &str, many: &str| match n {
            0 => {}
            1 => warnings.push(format!("1 {one}")),
            n => warnings.push(format!("{n} {many}")),
        };
        count(self.ampersands, "bare & was taken as text", "bare & were taken as text");
        count(self.entities, "undefined entity was taken from HTML", "undefined entities were taken from HTML");
        count(self.brackets, "< that begins no tag was taken as text", "< that begin no tag were taken as text");
        count(self.controls, "forbidden character was dropped", "forbidden characters were dropped");
        count(self.stray_tags, "end tag without a start was dropped", "end tags without a start were dropped");
        count(self.unclosed, "element was never closed", "elements were never closed");
        if junk_before {
            warnings.push("text before the document was cut off".into());
        }
        if self.too_many {
            warnings.push(format!("only the first {ENTRIES_MAX} entries were taken"));
            return warnings;
        }
        if self.cut_entry {
            warnings.push("the document is cut off: its last entry was left out".into());
        } else if self.truncated {
            warnings.push("the document is cut off".into());
        }
        let mut tokens = Tokens::new(rest);
        let alone = |(token, _): (Token<'_>, _)| match token {
            Token::Text(text) => text.trim().is_empty(),
            Token::Aside => true,
            _ => false,
        };
        if !std::iter::from_fn(|| tokens.next()).all(alone) {
            warnings.push("text after the document was cut off".into());
        }
        warnings
    }
}

/// Mends the attributes of a tag that begin at `from`; how many of them declare a namespace.
fn mend_attributes(
    mend: &mut Mend<'_>,
    counts: &mut Counts,
    entities: &[(&str, &str)],
    tag: &str,
    from: usize,
) -> Result<usize, ParseError> {
    let (mut number, mut namespaces) = (0, 0);
    for (name, _, value) in attributes(tag) {
        number += 1;
        if number > XML_ATTRIBUTES_MAX {
            return Err(ParseError::TooManyAttributes);
        }
        namespaces += usize::from(name.starts_with("xmlns"));
        mend_text(mend, counts, entities, from + value.start..from + value.end, false);
    }
    Ok(namespaces)
}

/// feed-rs reads RSS 2.0, 0.91 and 0.92, and refuses all other versions that are in truth one of these.
fn mend_version(mend: &mut Mend<'_>, tag: &str, from: usize) {
    match attributes(tag).find(|(name, ..)| *name == "version") {
        Some((_, "2.0" | "0.91" | "0.92", _)) => {}
        Some((.., value)) => mend.replace(from + value.start..from + value.end, "2.0"),
        None => mend.insert(from, " version=\"2.0\""),
    }
}

/// Whether a byte may be the start of something to mend: a control character, `&`, `<`, or of U+0080..U+00BF or U+FFFx in UTF-8.
fn suspect(b: u8) -> bool {
    (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || matches!(b, b'&' | b'<' | 0xc2 | 0xef)
}

/// References, lone brackets and forbidden characters in a piece of text.
fn mend_text(mend: &mut Mend<'_>, counts: &mut Counts, entities: &[(&str, &str)], range: Range<usize>, brackets: bool) {
    let text = mend.text;
    let mut at = range.start;
    while let Some(found) = text.as_bytes()[at..range.end].iter().position(|b| suspect(*b)) {
        at += found;
        match text.as_bytes()[at] {
            b'&' => at += reference(mend, counts, entities, at, range.end),
            b'<' => {
                if brackets {
                    counts.brackets += 1;
                    mend.replace(at..at + 1, "&lt;");
                }
                at += 1;
            }
            _ => at += forbidden(mend, counts, at),
        }
    }
}

/// Forbidden characters in a CDATA section.
fn mend_characters(mend: &mut Mend<'_>, counts: &mut Counts, range: Range<usize>) {
    let text = mend.text;
    let mut at = range.start;
    while let Some(found) = text.as_bytes()[at..range.end].iter().position(|b| suspect(*b)) {
        at += found;
        at += match text.as_bytes()[at] {
            b'&' | b'<' => 1,
            _ => forbidden(mend, counts, at),
        };
    }
}

/// The reference that `&` begins here, made one that XML knows. Returns the bytes read.
fn reference(mend: &mut Mend<'_>, counts: &mut Counts, entities: &[(&str, &str)], at: usize, end: usize) -> usize {
    let rest = &mend.text[at..end];
    let name_len = rest[1..]
        .bytes()
        .take(40)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'#' | b'.' | b'_' | b'-'))
        .count();
    if rest.as_bytes().get(1 + name_len) != Some(&b';') || name_len == 0 {
        counts.ampersands += 1;
        mend.replace(at..at + 1, "&amp;");
        return 1;
    }
    let name = &rest[1..=name_len];
    let len = name_len + 2;
    if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        return len;
    }
    if let Some((_, value)) = entities.iter().find(|(defined, _)| *defined == name) {
        mend.replace(at..at + len, value);
        return len;
    }
    match character(name) {
        Some((c, None)) if name.starts_with('#') => {
            let written =
                name.strip_prefix("#x").map_or_else(|| name[1..].parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            if (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}') {
                counts.controls += 1;
                mend.replace(at..at + len, "");
            } else if written != Some(u32::from(c)) {
                mend.replace(at..at + len, c.encode_utf8(&mut [0; 4]));
            }
        }
        Some((first, second)) => {
            counts.entities += 1;
            let mut value = String::new();
            for c in [Some(first), second].into_iter().flatten() {
                match c {
                    '&' => value.push_str("&amp;"),
                    '<' => value.push_str("&lt;"),
                    '"' => value.push_str("&quot;"),
                    c => value.push(c),
                }
            }
            mend.replace(at..at + len, &value);
        }
        None => {
            counts.ampersands += 1;
            mend.replace(at..at + 1, "&amp;");
            return 1;
        }
    }
    len
}

/// A character that XML forbids, or one of U+0080..U+009F, which mean what they mean in windows-1252. Returns the bytes read.
fn forbidden(mend: &mut Mend<'_>, counts: &mut Counts, at: usize) -> usize {
    let Some(c) = mend.text[at..].chars().next() else { return 1 };
    let len = c.len_utf8();
    match c {
        '\u{80}'..='\u{9f}' => {
            if let Some((meant, _)) = character(&format!("#{}", u32::from(c))) {
                mend.replace(at..at + len, meant.encode_utf8(&mut [0; 4]));
            }
        }
        '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
            counts.controls += 1;
            mend.replace(at..at + len, "");
        }
        _ => {}
    }
    len
}

/// The entities that the document type declaration defines as short plain text: name and value. Others are not expanded:
/// not those that name others (billion laughs), long ones (quadratic), parameters, and none that would be fetched.
fn definitions(head: &str) -> Vec<(&str, &str)> {
    let mut tokens = Tokens::new(head);
    let doctype = std::iter::from_fn(|| tokens.next()).find_map(|(token, _)| match token {
        Token::Doctype(doctype) => Some(doctype),
        _ => None,
    });
    let mut found = Vec::new();
    for definition in doctype.unwrap_or_default().split("<!ENTITY").skip(1).take(ENTITIES_MAX) {
        let mut words = definition.trim_start().splitn(2, |c: char| c.is_ascii_whitespace());
        let (Some(name), Some(rest)) = (words.next(), words.next()) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(value) = rest[1..].split(quote).next() else { continue };
        if value.len() <= ENTITY_BYTES_MAX && !value.contains(['&', '%', '<']) {
            found.push((name, value));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healed(xml: &str) -> (String, Vec<String>) {
        let root = crate::parse::root::find(xml).unwrap();
        let healed = heal(xml, root.at).unwrap();
        (healed.xml.replace("<rss version=\"2.0\">", "<rss>"), healed.warnings)
    }

    #[test]
    fn a_clean_document_is_not_copied() {
        let xml = "<?xml version='1.0'?>\n<!-- a -->\n<rss version='2.0'><channel><title>a &amp; b &#8217;</title></channel></rss>\n";
        let root = crate::parse::root::find(xml).unwrap();
        let healed = heal(xml, root.at).unwrap();
        assert!(matches!(healed.xml, Cow::Borrowed(_)));
        assert!(healed.xml.starts_with("<rss"));
        assert_eq!(healed.warnings, Vec::<String>::new());
    }

    #[test]
    fn references_are_mended() {
        let (xml, warnings) = healed("<rss><a b='x?y=1&z=2'>R&D &nbsp;&laquo; &#146; &#0;&nosuch; &lt;</a></rss>");
        assert_eq!(xml, "<rss><a b='x?y=1&amp;z=2'>R&amp;D \u{a0}« ’ \u{fffd}&amp;nosuch; &lt;</a></rss>");
        assert_eq!(warnings, ["3 bare & were taken as text", "2 undefined entities were taken from HTML"]);
    }

    #[test]
    fn tags_are_balanced() {
        let (xml, warnings) = healed("<rss><a><br>x</a></b>1 < 2</rss>junk");
        assert_eq!(xml, "<rss><a><br>x</br></a>1 &lt; 2</rss>");
        assert_eq!(
            warnings,
            [
                "1 < that begins no tag was taken as text",
                "1 end tag without a start was dropped",
                "1 element was never closed",
                "text after the document was cut off"
            ]
        );
    }

    #[test]
    fn a_document_that_is_cut_off_ends_with_its_last_whole_entry() {
        let (xml, warnings) = healed("<rss><channel><item>R&D</item><item>&<title><![CDATA[hal");
        assert_eq!(xml, "<rss><channel><item>R&amp;D</item></channel></rss>");
        assert!(warnings.contains(&"the document is cut off: its last entry was left out".to_string()), "{warnings:?}");
        let (xml, _) = healed("<rss><channel><item><title><![CDATA[hal");
        assert_eq!(xml, "<rss><channel><item><title><![CDATA[hal]]></title></item></channel></rss>");
        assert_eq!(healed("<rss></rss").0, "<rss></rss>");
    }

    #[test]
    fn junk_and_forbidden_characters_go() {
        let (xml, warnings) = healed("<b>Warning</b>: x\n<?xml version='1.0'?><rss>a\u{0}\u{1b}\u{ffff}\u{92}</rss>");
        assert_eq!(xml, "<rss>a’</rss>");
        assert!(warnings[0].starts_with("3 forbidden"));
    }

    #[test]
    fn only_short_plain_entities_are_expanded() {
        let lol = "<!DOCTYPE rss [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\"><!ENTITY % d \"y\">]>";
        assert_eq!(healed(&format!("{lol}<rss>&a;&b;&c;%d;</rss>")).0, "<rss>x&amp;b;&amp;c;%d;</rss>");
        let long = format!("<!DOCTYPE rss [<!ENTITY a \"{}\">]><rss>&a;</rss>", "x".repeat(ENTITY_BYTES_MAX + 1));
        assert_eq!(healed(&long).0, "<rss>&amp;a;</rss>");
    }

    #[test]
    fn depth_and_attributes_have_an_end() {
        let deep = |n: usize| format!("<rss>{}{}</rss>", "<a>".repeat(n), "</a>".repeat(n));
        assert!(heal(&deep(XML_DEPTH_MAX - 1), 0).is_ok());
        assert!(matches!(heal(&deep(XML_DEPTH_MAX), 0), Err(ParseError::TooDeep)));
        let wide = |n: usize| format!("<rss><a{}/></rss>", " b=''".repeat(n));
        assert!(heal(&wide(XML_ATTRIBUTES_MAX), 0).is_ok());
        assert!(matches!(heal(&wide(XML_ATTRIBUTES_MAX + 1), 0), Err(ParseError::TooManyAttributes)));
        let names = format!("<rss{}><a{}></a></rss>", " xmlns:b='c'".repeat(NAMESPACES_MAX), " xmlns:b='c'");
        assert!(matches!(heal(&names, 0), Err(ParseError::TooManyAttributes)));
    }
}
