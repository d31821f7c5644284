//! Marks at the ends of names: Yahoo!, C++, .NET, «Lada». In: a typed name, and where its words stand in a text. Out: where the name
//! stands with its marks. Some tell a name from a word that is written without them, the others may be left out.

use crate::matching::class::{Class, class, letter};
use std::ops::Range;

/// The marks before and after the words of a typed name.
pub fn of(name: &str) -> (&str, &str) {
    let name = name.trim();
    let mark = |c: char| !letter(c) && !matches!(class(c), Class::Mark | Class::Invisible);
    let tail = name.len() - name.trim_end_matches(mark).len();
    let head = name.len() - name.trim_start_matches(mark).len();
    // Of several words of marks the nearest.
    let head = name[..head].rsplit(char::is_whitespace).next().unwrap_or("");
    (head, name[name.len() - tail..].split(char::is_whitespace).next().unwrap_or(""))
}

/// Whether a name has any. Wildcards are none.
pub fn any(name: &str) -> bool {
    let (head, tail) = of(name);
    let some = !head.is_empty() || !tail.is_empty();
    some && !name.contains(['*', '?'])
}

/// Where the name stands in a block of `text` when its words stand at `words`; `None` when marks are missing without which it is
/// another word.
pub fn around(name: &str, text: &str, block: Range<usize>, words: Range<usize>) -> Option<(usize, usize)> {
    let (head, tail) = of(name);
    let (start, end) = (words.start, words.end);
    let text = &text[..block.end];
    let alike = |a: char, b: char| a == b || class(a) == Class::Quote && class(b) == Class::Quote;
    let mut from = start;
    for mark in head.chars().rev() {
        match text[block.start.min(from)..from].chars().next_back().filter(|c| alike(mark, *c)) {
            Some(c) => from -= c.len_utf8(),
            None if mark == '.' => return None,
            None => break,
        }
    }
    // foo.NET is an address or a sentence without a space.
    if head.ends_with('.') && text[..from].ends_with(letter) {
        return None;
    }
    let mut to = end;
    for mark in tail.chars() {
        // The words of an acronym have taken in their last dot.
        if mark == '.' && text[start..to].ends_with('.') {
            continue;
        }
        match text[to..].chars().next().filter(|c| alike(mark, *c)) {
            Some(c) => to += c.len_utf8(),
            None if matches!(mark, '+' | '#') => return None,
            None => break,
        }
    }
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_in_and_some_are_asked_for() {
        let found = |name, text: &'static str, word: &str| {
            let at = text.find(word).unwrap();
            around(name, text, 0..text.len(), at..at + word.len()).map(|(from, to)| &text[from..to])
        };
        assert_eq!(found("Yahoo!", "at Yahoo! today", "Yahoo"), Some("Yahoo!"));
        assert_eq!(found("Yahoo!", "at Yahoo today", "Yahoo"), Some("Yahoo"));
        assert_eq!(found("C++", "in C++ now", "C"), Some("C++"));
        assert_eq!(found("C++", "in C now", "C"), None);
        assert_eq!(found(".NET", "on .NET now", "NET"), Some(".NET"));
        assert_eq!(found(".NET", "the NET now", "NET"), None);
        assert_eq!(found("U.N.", "the U.N... said", "U.N."), Some("U.N."));
        assert_eq!(found("АО \"Лада\"", "АО «Лада» ждёт", "АО «Лада"), Some("АО «Лада»"));
    }
}
