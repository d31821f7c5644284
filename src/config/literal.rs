//! TOML strings as typed and as meant. In: the literal with its quotes, and a span of its value. Out: the span in the literal.

use std::ops::Range;

/// The bytes of `literal` (quotes included) that spell the bytes `span` of its value: TOML 1.1, all four kinds of string.
pub(super) fn typed_span(literal: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = None;
    let mut end = None;
    let mut value = 0;
    for piece in pieces(literal) {
        if start.is_none() && span.start < value + piece.value {
            start = Some(piece.offset(span.start - value, false));
        }
        if end.is_none() && span.end <= value + piece.value && (span.end > value || span.end == 0) {
            end = Some(piece.offset(span.end - value, true));
        }
        value += piece.value;
    }
    let close = literal.floor_char_boundary(literal.len() - opening(literal).1);
    let start = start.unwrap_or(close);
    literal.floor_char_boundary(start)..literal.ceil_char_boundary(end.unwrap_or(close).max(start))
}

/// A run of the literal that spells a run of the value.
struct Piece {
    /// Where it stands in the literal.
    typed: Range<usize>,
    /// How many bytes of the value it spells: as many as it has, or those of an escape.
    value: usize,
}

impl Piece {
    /// Where a byte of its value stands in the literal: an escape is never cut.
    fn offset(&self, at: usize, is_end: bool) -> usize {
        match () {
            () if self.value == self.typed.len() => self.typed.start + at,
            () if is_end && at > 0 => self.typed.end,
            () => self.typed.start,
        }
    }
}

/// Length of the opening, with the newline that a multi-line string leaves out, and of the closing quotes.
fn opening(literal: &str) -> (usize, usize) {
    for quotes in ["\"\"\"", "'''"] {
        if let Some(rest) = literal.strip_prefix(quotes) {
            let newline = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
            return (3 + newline, 3);
        }
    }
    let quoted = usize::from(literal.starts_with(['"', '\'']));
    (quoted, quoted)
}

fn pieces(literal: &str) -> Vec<Piece> {
    let (open, close) = opening(literal);
    let inner_end = literal.floor_char_boundary(literal.len().saturating_sub(close)).max(open);
    let mut found = vec![];
    let mut at = open;
    let escapes = literal.starts_with('"');
    while at < inner_end {
        let rest = &literal[at..inner_end];
        match rest.find('\\').filter(|_| escapes) {
            Some(0) => {
                let (typed, value) = escape(rest);
                found.push(Piece { typed: at..at + typed, value });
                at += typed;
            }
            next => {
                let run = next.unwrap_or(rest.len());
                found.push(Piece { typed: at..at + run, value: run });
                at += run;
            }
        }
    }
    found
}

/// How many bytes an escape takes in the literal, and in the value.
fn escape(rest: &str) -> (usize, usize) {
    // What is no escape after all stands in a file that is refused anyway.
    let hex = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        code.and_then(char::from_u32).map_or((1, 0), |c| (2 + digits, c.len_utf8()))
    };
    match rest[1..].chars().next() {
        Some('x') => hex(2),
        Some('u') => hex(4),
        Some('U') => hex(8),
        // A backslash at the end of a line takes all white space that follows with it.
        Some(' ' | '\t' | '\r' | '\n') => (rest.len() - rest[1..].trim_start_matches([' ', '\t', '\r', '\n']).len(), 0),
        Some(c) => (1 + c.len_utf8(), 1),
        None => (1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::typed_span;
    use proptest::prelude::*;

    fn value(literal: &str) -> String {
        let parsed = toml::de::DeValue::parse(literal).unwrap_or_else(|e| panic!("{literal:?}: {e}"));
        parsed.get_ref().as_str().unwrap().to_string()
    }

    #[test]
    fn a_piece_of_the_value_is_found_where_it_was_typed() {
        for (literal, piece, typed) in [
            (r#""abc""#, "b", "b"),
            (r"'a\nb'", r"\n", r"\n"),
            (r#""a\u0428\"b\"""#, "b", "b"),
            (r#""a\u0428\"b\"""#, "Ш\"", r#"\u0428\""#),
            (r#""\U0001F600x""#, "x", "x"),
            (r#""\x41bc""#, "bc", "bc"),
            ("\"\"\"\r\nab\\\r\n   cd\"\"\"", "bc", "b\\\r\n   c"),
            ("'''\nab'cd'''", "'c", "'c"),
            ("'''ab'''", "ab", "ab"),
        ] {
            let value = value(literal);
            let at = value.find(piece).unwrap_or_else(|| panic!("{piece:?} is not in {value:?}"));
            assert_eq!(&literal[typed_span(literal, &(at..at + piece.len()))], typed, "{literal}");
        }
        assert_eq!(typed_span("\"ab\"", &(2..2)), 3..3);
        assert_eq!(typed_span("\"\"", &(0..0)), 1..1);
        assert_eq!(typed_span("\"ab\"", &(90..99)), 3..3);
    }

    /// A string as TOML, in one of the ways there are.
    fn spelled(text: &str, way: u8) -> String {
        let escaped = |c: char| match (way, c) {
            (_, '"' | '\\') => format!("\\{c}"),
            (_, c) if c.is_control() => format!("\\u{:04X}", c as u32),
            (0, c) if c as u32 > 0xffff => format!("\\U{:08X}", c as u32),
            (0, c) if !c.is_ascii() => format!("\\u{:04X}", c as u32),
            (1, ' ') => "\\\n  \\x20\\  \n".to_string(),
            _ => c.to_string(),
        };
        let body: String = text.chars().map(escaped).collect();
        if way == 1 { format!("\"\"\"\n{body}\"\"\"") } else { format!("\"{body}\"") }
    }

    proptest! {
        #[test]
        fn what_was_typed_for_a_piece_spells_that_piece(text in "[a-zШё 上😀\"\\\\\t]{0,12}", way in 0u8..3, i in 0usize..12, j in 0usize..12) {
            let literal = spelled(&text, way);
            prop_assert_eq!(&value(&literal), &text);
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (i, j) = (i.min(j).min(starts.len() - 1), i.max(j).min(starts.len() - 1));
            let piece = &text[starts[i]..starts[j]];
            let typed = &literal[typed_span(&literal, &(starts[i]..starts[j]))];
            prop_assert_eq!(value(&format!("\"\"\"\n{typed}\"\"\"")), piece);
        }

        #[test]
        fn no_literal_and_no_span_makes_it_panic(literal in "[\"'\\\\uUxШ0 \n]{0,20}", from in 0usize..30, len in 0usize..9) {
            let typed = typed_span(&literal, &(from..from + len));
            prop_assert!(literal.get(typed).is_some());
        }
    }
}
