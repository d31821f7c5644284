//! In: HTML from strangers, whole pages or pieces. Out: HTML that is safe to show, HTML that is safe to parse, plain text.
//! Everything here is linear in its input. It never loads what the markup names.

mod entity;
mod flatten;
mod plain;
mod sanitize;
mod skip;
mod step;
mod tag;

pub use entity::{character, decode};
pub use flatten::{Wanted, flatten, flatten_for, head};
pub use plain::plain;
pub use sanitize::sanitize;
pub use step::in_step;
pub use tag::{Tag, Token, Tokens};

/// `&`, `<` and `>` as references, so that the text means itself in HTML.
pub fn escape(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.bytes().any(|b| matches!(b, b'&' | b'<' | b'>')) {
        return std::borrow::Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    std::borrow::Cow::Owned(escaped)
}

/// Whether a text that is said to be plain has markup in it: a tag that HTML knows.
pub fn has_markup(text: &str) -> bool {
    memchr::memchr(b'<', text.as_bytes()).is_some_and(|first| {
        Tokens::new(&text[first..]).any(|token| match token {
            Token::Start(tag) => tag::is_known(tag.name),
            Token::End(name, _) => tag::is_known(name),
            Token::Text(_) | Token::Comment(_) => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_and_a_type_are_no_markup() {
        assert!(has_markup("the <b>council</b>"));
        assert!(has_markup("a line<br/>"));
        assert!(!has_markup("2 < 3 and Vec<String>"));
        assert!(!has_markup("no markup"));
    }

    #[test]
    fn escaped_text_means_itself() {
        assert_eq!(escape("a < b & c"), "a &lt; b &amp; c");
        assert_eq!(plain(&escape("a <b> & c")), "a <b> & c");
    }
}
