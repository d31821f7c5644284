//! Sentences: where the one around a span begins and ends.

use std::ops::Range;

/// Bytes looked at on either side.
const REACH: usize = 2_000;

/// The sentence around a span, in bytes of the text, without white space at its ends. A full stop after an initial ("S. Lavrov"),
/// within an abbreviation ("т. е.", "U.S. officials") or before a small letter does not end one.
#[must_use]
pub fn around(text: &str, start: usize, end: usize) -> Range<usize> {
    let low = floor(text, start.saturating_sub(REACH));
    let high = floor(text, (end + REACH).min(text.len()));
    let begin = ends(text, low, start).last().unwrap_or(low);
    let finish = ends(text, end.saturating_sub(1).max(low), high).find(|at| *at >= end).unwrap_or(high);
    let inner = &text[begin..finish];
    let lead = inner.len() - inner.trim_start().len();
    begin + lead..begin + inner.trim_end().len().max(lead)
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The places behind the ends of sentences between two bytes.
fn ends(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let from = floor(text, from);
    text[from..to].char_indices().filter_map(move |(at, c)| {
        let (at, after) = (from + at, from + at + c.len_utf8());
        match c {
            '。' | '！' | '？' | '\n' => Some(closing(text, after)),
            '.' | '!' | '?' | '…' => {
                let after = closing(text, after);
                let rest = &text[after..];
                let next = rest.trim_start().chars().next();
                let apart = rest.starts_with(char::is_whitespace) || rest.is_empty();
                let small = c == '.' && (next.is_some_and(char::is_lowercase) || initial(&text[..at]));
                (apart && !small).then_some(after)
            }
            _ => None,
        }
    })
}

/// Quotation marks and brackets right behind the end belong to the sentence.
fn closing(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.len() - rest.trim_start_matches(['"', '”', '’', '»', ')', '」', '』']).len()
}

/// Whether what stands before the full stop is one capital letter, or a known short word.
fn initial(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or("");
    let mut chars = word.chars();
    let one = matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase());
    one || matches!(
        word,
        "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Prof" | "Gen" | "Col" | "Sen" | "vs" | "т" | "г" | "им" | "ул"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, inside: &str, expected: &str) {
        let at = text.find(inside).unwrap();
        assert_eq!(&text[around(text, at, at + inside.len())], expected);
    }

    #[test]
    fn a_sentence_ends_where_a_reader_ends_it() {
        check("One came. S. Lavrov spoke in Astana. He left.", "Lavrov", "S. Lavrov spoke in Astana.");
        check("Said Mr. Wang. “It is late.” They left.", "late", "“It is late.”");
        check("会议结束。王毅发言。各方离开。", "王毅", "王毅发言。");
        check("no end at all", "end", "no end at all");
        check("Growth was 3.5 percent, т. е. a lot. Then", "percent", "Growth was 3.5 percent, т. е. a lot.");
    }
}
