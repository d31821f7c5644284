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
    let close = literal.len() - opening(literal).1.min(literal.len());
    let start = start.unwrap_or(close);
    start..end.unwrap_or(close).max(start)
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
    let inner_end = literal.len().saturating_sub(close).max(open.min(literal.len()));
    let mut found = vec![];
    let mut at = open.min(literal.len());
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
