//! In: an HTML document as text. Out: the same without what no reader sees (scripts, styles, comments, drawings), and the JSON-LD that stood in it.
//! One linear pass with the tokenizer's rules (WHATWG HTML, 13.2.5), so that html5ever has a third of the work. It never reads past a quote wrongly:
//! a `<script>` inside an attribute or a comment is not one.

use memchr::{memchr, memchr3, memmem};

/// What is left of a document.
#[derive(Debug, Default)]
pub(super) struct Pruned<'a> {
    /// The document without scripts, styles, comments and drawings.
    pub(super) html: String,
    /// The content of its `application/ld+json` scripts, in order, as written.
    pub(super) json_ld: Vec<&'a str>,
}

/// JSON-LD scripts that are kept of one document.
const JSON_LD_MAX: usize = 32;

/// Takes out scripts, styles, comments and drawings.
pub(super) fn prune(html: &str) -> Pruned<'_> {
    let bytes = html.as_bytes();
    let mut out = Pruned { html: String::with_capacity(html.len() / 2), json_ld: vec![] };
    let (mut at, mut kept) = (0, 0);
    // How many <svg> are open; everything is dropped until the last is closed or a tag shows that it was forgotten.
    let mut drawing = 0_usize;
    while let Some(offset) = memchr(b'<', &bytes[at..]) {
        let start = at + offset;
        let Some(&next) = bytes.get(start + 1) else { break };
        if next == b'!' && bytes[start..].starts_with(b"<!--") {
            if drawing == 0 {
                out.html.push_str(&html[kept..start]);
            }
            at = comment_end(bytes, start + 4);
            kept = at;
            continue;
        }
        let closing = next == b'/';
        let name_start = start + 1 + usize::from(closing);
        if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
            at = start + 1;
            continue;
        }
        let name = name_at(bytes, name_start);
        let end = tag_end(bytes, name_start + name.len());
        if drawing > 0 {
            if is(name, b"svg") {
                let empty = bytes[..end].ends_with(b"/>");
                drawing = if closing { drawing - 1 } else { drawing + usize::from(!empty) };
                (at, kept) = (end, end);
                continue;
            }
            if !breaks_out(name) {
                at = end;
                continue;
            }
            (drawing, kept) = (0, start);
        }
        at = end;
        if closing {
            continue;
        }
        if is(name, b"svg") {
            out.html.push_str(&html[kept..start]);
            kept = end;
            drawing = usize::from(!bytes[..end].ends_with(b"/>"));
        } else if let Some(raw) = RAW.iter().find(|raw| is(name, raw.0)) {
            let close = raw_end(bytes, end, raw.0);
            let after = if close < bytes.len() { tag_end(bytes, close + 2 + raw.0.len()) } else { close };
            if raw.1 {
                out.html.push_str(&html[kept..start]);
                if is(name, b"script") && is_json_ld(&html[start..end]) && out.json_ld.len() < JSON_LD_MAX {
                    out.json_ld.push(&html[end..close]);
                }
                kept = after;
            }
            at = after;
        }
    }
    if drawing == 0 {
        out.html.push_str(&html[kept.min(html.len())..]);
    }
    out
}

/// Elements whose content is not markup, and whether they are dropped.
const RAW: [(&[u8], bool); 8] = [
    (b"script", true),
    (b"style", true),
    (b"noscript", true),
    (b"iframe", true),
    (b"textarea", true),
    (b"noembed", true),
    (b"noframes", true),
    (b"title", false),
];

fn is(name: &[u8], wanted: &[u8]) -> bool {
    name.eq_ignore_ascii_case(wanted)
}

fn name_at(bytes: &[u8], start: usize) -> &[u8] {
    let rest = &bytes[start..];
    let end = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')).unwrap_or(rest.len());
    &rest[..end]
}

/// Where the tag ends whose name ends at `at`: after its `>`, which does not count inside a quoted value.
fn tag_end(bytes: &[u8], mut at: usize) -> usize {
    // A quote opens a value only after `=`; elsewhere it is part of a (malformed) name.
    while let Some(offset) = bytes.get(at..).and_then(|rest| memchr3(b'>', b'"', b'\'', rest)) {
        let found = at + offset;
        at = found + 1;
        if bytes[found] == b'>' {
            return at;
        }
        let before = bytes[..found].iter().rposition(|b| !b.is_ascii_whitespace());
        if before.is_some_and(|before| bytes[before] == b'=') {
            let Some(close) = memchr(bytes[found], &bytes[at..]) else { return bytes.len() };
            at += close + 1;
        }
    }
    bytes.len()
}

/// Where a comment ends whose content starts at `at`.
fn comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at.min(bytes.len())..];
    if rest.starts_with(b">") {
        return at + 1;
    }
    if rest.starts_with(b"->") {
        return at + 2;
    }
    let mut from = 0;
    while let Some(offset) = memmem::find(&rest[from..], b"--") {
        let found = from + offset;
        match rest.get(found + 2) {
            Some(b'>') => return at + found + 3,
            Some(b'!') if rest.get(found + 3) == Some(&b'>') => return at + found + 4,
            _ => from = found + 1,
        }
    }
    bytes.len()
}

/// Where the content of a raw text element ends: at its own end tag, or at the end of the document.
fn raw_end(bytes: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(offset) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"</")) {
        let found = at + offset;
        let after = found + 2 + name.len();
        let same = bytes.get(found + 2..after).is_some_and(|tag| is(tag, name));
        if same && bytes.get(after).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')) {
            return found;
        }
        at = found + 2;
    }
    bytes.len()
}

fn is_json_ld(tag: &str) -> bool {
    memmem::find(tag.as_bytes(), b"ld+json").is_some()
}

/// Tags that end a forgotten `<svg>` (WHATWG HTML, 13.2.6.5: those that break out of foreign content).
fn breaks_out(name: &[u8]) -> bool {
    const TAGS: [&str; 22] = [
        "body",
        "head",
        "div",
        "p",
        "span",
        "ul",
        "ol",
        "li",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "img",
        "br",
        "hr",
        "pre",
        "blockquote",
        "section",
        "article",
    ];
    TAGS.iter().any(|tag| is(name, tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::prune;

    #[test]
    fn scripts_styles_comments_and_drawings_go_and_json_ld_is_kept_apart() {
        let pruned = prune(
            "<p>a</p><script>if (a</b) '</p>'</script><!-- x > <p>y</p> --><svg><path/><title>t</title></svg>\
             <SCRIPT type='application/ld+json'>{\"a\":1}</SCRIPT ><style>p>a{}</style><p>b</p>",
        );
        assert_eq!(pruned.html, "<p>a</p><p>b</p>");
        assert_eq!(pruned.json_ld, ["{\"a\":1}"]);
    }

    #[test]
    fn a_script_in_a_value_or_a_title_is_text() {
        let html = "<title>a <script> b</title><p title='<script>'>c</p><p a=\"<!--\">d</p>1 < 2 <3";
        assert_eq!(prune(html).html, html);
    }

    #[test]
    fn what_is_never_closed_ends_the_document() {
        assert_eq!(prune("<p>a<script>b").html, "<p>a");
        assert_eq!(prune("<p>a<!-- b").html, "<p>a");
        assert_eq!(prune("<p>a<p title='b").html, "<p>a<p title='b");
        assert_eq!(prune("<p>a<svg><path>b").html, "<p>a");
        assert_eq!(prune("a<").html, "a<");
        assert_eq!(prune("a<script").html, "a");
    }

    #[test]
    fn a_forgotten_drawing_does_not_swallow_the_text() {
        assert_eq!(prune("<svg><path><p>a</p><svg/><p>b</p>").html, "<p>a</p><p>b</p>");
    }
}
