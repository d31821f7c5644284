//! In: a piece of HTML. Out: its text, blocks parted by blank lines.
//! It never shows what a page does not: scripts, styles, comments.

use super::tag::one_of;
use super::{Token, Tokens, decode};

/// Elements that begin and end a block of text.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
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
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];

/// The text of a piece of HTML: white space folded, blocks parted by one blank line, `<br>` a newline.
pub fn plain(html: &str) -> String {
    let mut text = Folded { out: String::with_capacity(html.len()), gap: Gap::None };
    if !html.bytes().any(|b| b == b'<' || b == b'&') {
        text.push(html);
        return text.out;
    }
    let mut hidden = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(_) if std::mem::take(&mut hidden) => {}
            Token::Text(piece) => text.push(&decode(piece)),
            Token::Start(tag) => {
                hidden = one_of(tag.name, &["script", "style", "iframe", "noembed", "noframes", "noscript"]);
                text.part(tag.name);
            }
            Token::End(name, _) => {
                hidden = false;
                text.part(name);
            }
            Token::Comment(_) => {}
        }
    }
    text.out
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Gap {
    None,
    Space,
    Line,
    Block,
}

/// Text whose white space is written only once something follows it.
struct Folded {
    out: String,
    gap: Gap,
}

impl Folded {
    fn push(&mut self, piece: &str) {
        let mut words = piece.split(|c: char| c.is_ascii_whitespace());
        // The first and last of these are empty where the piece begins or ends with white space.
        if let Some(first) = words.next() {
            self.word(first);
        }
        for word in words {
            self.widen(Gap::Space);
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        if !self.out.is_empty() {
            self.out.push_str(match gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Block => "\n\n",
            });
        }
        self.out.push_str(word);
    }

    fn part(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("br") {
            self.widen(Gap::Line);
        } else if one_of(name, &BLOCKS) {
            self.widen(Gap::Block);
        } else if one_of(name, &["td", "th", "option"]) {
            self.widen(Gap::Space);
        }
    }

    fn widen(&mut self, gap: Gap) {
        if gap > self.gap {
            self.gap = gap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_parted_by_blank_lines() {
        assert_eq!(
            plain("<p>One\n two</p>\n<p>three<br>four &amp; five</p><div>six</div>"),
            "One two\n\nthree\nfour & five\n\nsix"
        );
        assert_eq!(plain("a<b>b</b> <i>c</i>d"), "ab cd");
        assert_eq!(plain("<tr><td>a</td><td>b</td></tr><tr><td>c"), "a b\n\nc");
    }

    #[test]
    fn what_a_page_does_not_show_is_not_read() {
        assert_eq!(plain("a<script>var b = '</b>';</script><!-- c --><style>d</style>e"), "ae");
        assert_eq!(plain("<script></script>a"), "a");
    }

    #[test]
    fn plain_text_stays() {
        assert_eq!(plain(" 2 < 3,\n AT&T "), "2 < 3, AT&T");
        assert_eq!(plain("nothing here"), "nothing here");
        assert_eq!(plain(""), "");
    }
}
