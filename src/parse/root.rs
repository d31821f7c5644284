//! In: the text of a document. Out: what it is, and where it really begins.
//! It looks only at the beginning and decides by the first element that says something.

use super::xml::{Token, Tokens, local};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RSS, RDF, Atom or CDF.
    Feed,
    /// A sitemap or an index of them.
    Sitemap,
    /// HTML.
    Page,
    /// JSON.
    Json,
}

/// A document's kind and the bytes before its root's start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    pub kind: Kind,
    pub at: usize,
}

/// How much junk may stand before the root, in bytes.
const JUNK_BYTES_MAX: usize = 64 << 10;

/// Finds the root; `None` where nothing in the beginning looks like any of these.
pub fn find(text: &str) -> Option<Root> {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.starts_with(['{', '[']) {
        return Some(Root { kind: Kind::Json, at: text.len() - trimmed.len() });
    }
    let mut tokens = Tokens::new(text);
    let mut page = None;
    while let Some((token, range)) = tokens.next() {
        if range.start > JUNK_BYTES_MAX {
            break;
        }
        let kind = match token {
            Token::Start { name, .. } => match local(name).to_ascii_lowercase().as_str() {
                "rss" | "rdf" | "feed" | "channel" | "entry" => Kind::Feed,
                "urlset" | "sitemapindex" => Kind::Sitemap,
                "html" | "head" | "body" => return page.or(Some(Root { kind: Kind::Page, at: range.start })),
                // A warning of the server's own program may stand before the feed, markup and all.
                "p" | "div" | "b" | "br" | "a" | "ul" | "main" | "title" | "meta" | "script" | "article" | "h1" => {
                    page = page.or(Some(Root { kind: Kind::Page, at: range.start }));
                    continue;
                }
                _ => continue,
            },
            Token::Doctype(doctype)
                if doctype[9..].trim_start().get(..4).is_some_and(|n| n.eq_ignore_ascii_case("html")) =>
            {
                return Some(Root { kind: Kind::Page, at: range.start });
            }
            _ => continue,
        };
        return Some(Root { kind, at: range.start });
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_that_says_something_decides() {
        let kind = |text: &str| find(text).map(|root| root.kind);
        assert_eq!(kind("\u{feff}\n<?xml version='1.0'?><!-- <html> --><rss>"), Some(Kind::Feed));
        assert_eq!(kind("<b>Warning</b>: x in /a.php<br /><?xml version='1.0'?><a:feed>"), Some(Kind::Feed));
        assert_eq!(kind("<!DOCTYPE html><p><rss>"), Some(Kind::Page));
        assert_eq!(kind("<html><body><rss>"), Some(Kind::Page));
        assert_eq!(kind("<p>Please wait"), Some(Kind::Page));
        assert_eq!(kind("<urlset>"), Some(Kind::Sitemap));
        assert_eq!(kind(" {\"version\":1}"), Some(Kind::Json));
        assert_eq!(kind("Service unavailable"), None);
        assert_eq!(kind(""), None);
        assert_eq!(find("junk <rss>"), Some(Root { kind: Kind::Feed, at: 5 }));
        assert_eq!(find(&format!("{}<rss>", " <x>".repeat(JUNK_BYTES_MAX))), None);
    }
}
