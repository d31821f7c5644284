//! Wraps text by display width.
//! In: text, and the columns that it may take. Out: lines. It never breaks a URL and never reads a terminal.

use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// The text in lines of at most `columns` columns; CJK counts double (Unicode TR 11) and breaks between any two of its characters. Line feeds stay.
/// Only a URL may stick out; any other word that is longer than a line is broken.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> String {
    lines(text, columns).into_iter().map(|line| &text[line]).collect::<Vec<_>>().join("\n")
}

/// Like [`wrap`], each line behind an indent: `first` before the first, `rest` before the others; `columns` includes it.
pub(super) fn indented(text: &str, columns: usize, first: &str, rest: &str) -> String {
    let room = columns.saturating_sub(width(first).max(width(rest)));
    let lines = lines(text, room);
    let indents = std::iter::once(first).chain(std::iter::repeat(rest));
    indents.zip(lines).map(|(indent, line)| format!("{indent}{}", &text[line])).collect::<Vec<_>>().join("\n")
}

/// The lines of the text as byte ranges, without the white space that they were parted at; see [`wrap`].
#[must_use]
pub fn lines(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = vec![];
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(text, start..start + paragraph.len(), columns.max(1), &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

/// Columns that the text takes on one line.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Where a line may end and the next begin, and the columns up to there.
struct Opening {
    end: usize,
    next: usize,
    columns: usize,
}

fn wrap_paragraph(text: &str, paragraph: Range<usize>, columns: usize, lines: &mut Vec<Range<usize>>) {
    let mut start = paragraph.start;
    let mut used = 0;
    let mut opening: Option<Opening> = None;
    let mut before = ' ';
    let mut word = start;
    for (at, c) in text[paragraph.clone()].char_indices().map(|(at, c)| (paragraph.start + at, c)) {
        let wide = char_width(c);
        if c == ' ' {
            // A line ends before the first of several spaces; the next begins after the last.
            let end = opening.as_ref().filter(|o| before == ' ' && o.next == at).map_or(at, |o| o.end);
            opening = Some(Opening { end, next: at + 1, columns: used + 1 });
            word = at + 1;
        } else if at > start && may_part(before, c) {
            opening = Some(Opening { end: at, next: at, columns: used });
        }
        used += wide;
        if c != ' ' && used > columns {
            if let Some(o) = opening.take().filter(|o| o.next > start) {
                // White space that a line would begin with makes no line of its own.
                if o.end > start {
                    lines.push(start..o.end);
                }
                start = o.next;
                used -= o.columns;
            }
            if used > columns && at > start && wide > 0 && !is_address(&text[word..]) {
                lines.push(start..at);
                start = at;
                used = wide;
            }
        }
        before = c;
    }
    let rest = &text[start..paragraph.end];
    lines.push(start..start + rest.trim_end().len());
}

fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// Whether a line may end between two characters that no space parts.
fn may_part(before: char, after: char) -> bool {
    (is_ideograph(before) || is_ideograph(after))
        && before != ' '
        && char_width(after) > 0
        && !"、。，．：；！？）］｝」』】》〉”’…*.,:;!?)]}%ー々".contains(after)
        && !"（［｛「『【《〈“‘*([{".contains(before)
}

/// CJK without Hangul, which parts its words by spaces, and without emoji, which may be joined.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_before_a_word_makes_no_line() {
        assert_eq!(wrap("   *", 2), "*");
    }

    #[test]
    fn lines_break_at_spaces_and_chinese_counts_double() {
        assert_eq!(wrap("the council of foreign ministers met", 16), "the council of\nforeign\nministers met");
        assert_eq!(wrap("上海合作组织外长会议", 8), "上海合作\n组织外长\n会议");
        assert_eq!(wrap("外长会议，在阿斯塔纳", 8), "外长会\n议，在阿\n斯塔纳");
        assert_eq!(wrap("one\n\ntwo", 8), "one\n\ntwo");
        assert_eq!(wrap("one   two", 5), "one\ntwo");
    }

    #[test]
    fn a_url_is_never_broken_and_another_long_word_is() {
        let url = "https://news.example/a/very/long/path?with=query";
        assert_eq!(wrap(&format!("see {url} now"), 20), format!("see\n{url}\nnow"));
        assert_eq!(wrap("abcdefghij", 4), "abcd\nefgh\nij");
    }

    #[test]
    fn an_indent_takes_part_of_the_columns() {
        assert_eq!(indented("alpha beta gamma", 12, "- ", "  "), "- alpha beta\n  gamma");
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost_and_no_line_is_too_wide(text in "[ a-z外长，。«»\u{301}\n*]{0,200}", columns in 2usize..40) {
            let wrapped = wrap(&text, columns);
            let squeeze = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&wrapped), squeeze(&text));
            for line in wrapped.lines() {
                prop_assert!(width(line) <= columns, "{:?} is {} wide", line, width(line));
            }
        }
    }
}
