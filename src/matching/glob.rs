//! Words with wildcards. In: patterns, then words of texts. Out: the patterns that a word is. Cost follows the patterns that begin
//! as the word does, not how many there are.

use super::vocabulary::WordId;
use std::collections::HashMap;

/// A pattern with its word.
type Pattern = (Box<str>, WordId);

/// Patterns under the letters before their first wildcard.
#[derive(Debug, Default)]
pub struct Globs {
    by_head: HashMap<Box<str>, Vec<Pattern>, foldhash::fast::FixedState>,
    /// The longest head, in bytes.
    longest: usize,
}

impl Globs {
    /// Adds a pattern of letters, `*` (any letters) and `?` (one).
    pub fn add(&mut self, pattern: &str, word: WordId) {
        let head = &pattern[..pattern.find(['*', '?']).unwrap_or(pattern.len())];
        self.longest = self.longest.max(head.len());
        self.by_head.entry(head.into()).or_default().push((pattern.into(), word));
    }

    /// The patterns that a word is.
    pub fn of(&self, word: &str, mut found: impl FnMut(WordId)) {
        if self.by_head.is_empty() {
            return;
        }
        let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
        for end in ends.take_while(|end| *end <= self.longest) {
            for (pattern, id) in self.by_head.get(&word[..end]).into_iter().flatten() {
                if matches(&pattern[end..], &word[end..]) {
                    found(*id);
                }
            }
        }
    }
}

/// Whether a pattern is the word. Goes back to the last `*` only: at most the product of both lengths.
fn matches(pattern: &str, word: &str) -> bool {
    let (mut pattern, mut word) = (pattern.chars(), word.chars());
    let mut back = None;
    loop {
        let (pattern_here, word_here) = (pattern.clone(), word.clone());
        match (pattern.next(), word.next()) {
            (Some('*'), _) => {
                word = word_here;
                back = Some((pattern.clone(), word.clone()));
            }
            (None, None) => return true,
            (Some(c), Some(letter)) if c == letter || c == '?' => {}
            _ => {
                drop(pattern_here);
                let Some((after_star, from)) = back.as_mut() else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pattern, word) = (after_star.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_its_words() {
        for (pattern, word) in [
            ("sanction*", "sanctions"),
            ("sanction*", "sanction"),
            ("col?r", "color"),
            ("org*tion", "organization"),
            ("a*b*c", "aXbXbXc"),
            ("нефт*", "нефтяной"),
            ("?at", "cat"),
            ("*", ""),
        ] {
            assert!(matches(pattern, word), "{pattern} {word}");
        }
        for (pattern, word) in [
            ("sanction*", "sanctio"),
            ("col?r", "colr"),
            ("a*b*c", "aXbX"),
            ("abc", "abcd"),
            ("?", ""),
            ("ab*ab", "aba"),
        ] {
            assert!(!matches(pattern, word), "{pattern} {word}");
        }
    }

    #[test]
    fn only_patterns_that_begin_as_the_word_are_tried() {
        let mut globs = Globs::default();
        for (id, pattern) in ["river*", "riv?r", "?iver", "lake*"].into_iter().enumerate() {
            globs.add(pattern, u32::try_from(id).unwrap());
        }
        let of = |word: &str| {
            let mut found = vec![];
            globs.of(word, |id| found.push(id));
            found.sort_unstable();
            found
        };
        assert_eq!(of("river"), [0, 1, 2]);
        assert_eq!(of("rivers"), [0]);
        assert_eq!(of("lakes"), [3]);
        assert!(of("sea").is_empty());
    }
}
