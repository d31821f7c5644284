//! Passages: a title or a sentence with its hits marked.
//! In: a text and the hits in it. Out: the text on one line with the byte spans of its hits. It knows no markup.

use super::line::{line, name};
use crate::model::{Alert, Hit, HitKind};
use std::cmp::Reverse;
use std::ops::Range;

/// A text on one line, and where its hits are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The text.
    pub text: String,
    /// Its hits, in order, none over another.
    pub marks: Vec<Mark>,
}

/// A hit in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the passage's text.
    pub span: Range<usize>,
    /// What was found: the number of its colour, one per watch.
    pub key: String,
    /// A name in Latin letters to show beside a hit that has none.
    pub aside: Option<String>,
}

/// A stretch of a passage.
pub enum Piece<'a> {
    /// Between hits.
    Plain(&'a str),
    /// A hit.
    Hit(&'a str, &'a Mark),
}

/// What a hit found, as one string: a watch's id, `list/row`, or a query word in quotes.
pub fn key(hit: &Hit) -> String {
    match (&hit.watch, &hit.entry) {
        (Some(list), Some(row)) => format!("{list}/{row}"),
        (Some(watch), None) => watch.clone(),
        (None, _) => format!("“{}”", hit.name),
    }
}

/// A name of what the hit found that a reader of Latin letters can read.
pub fn latin_name(hit: &Hit, key: &str, alert: &Alert) -> Option<String> {
    if hit.kind == HitKind::Word {
        return None;
    }
    let configured = alert.watch_names.iter().find(|(watch, _)| watch == key).map(|(_, name)| name);
    Some(name(configured.unwrap_or(&hit.name))).filter(|name| has_latin(name))
}

impl Passage {
    /// The text, at most `chars_max` code points of it, with those of the hits that stand in it.
    pub fn new(text: &str, chars_max: usize, hits: &[&Hit], alert: &Alert) -> Self {
        let text = line(text, chars_max);
        let mut marks = locate(&text, hits);
        marks.sort_by_key(|(span, _)| (span.start, Reverse(span.end)));
        let mut passage = Self { text, marks: vec![] };
        for (span, hit) in marks {
            match passage.marks.last_mut().filter(|last| span.start < last.span.end) {
                Some(last) => last.span.end = last.span.end.max(span.end),
                None => passage.push(span, hit, alert),
            }
        }
        passage
    }

    fn push(&mut self, span: Range<usize>, hit: &Hit, alert: &Alert) {
        let key = key(hit);
        let known = has_latin(&self.text[span.clone()]) || self.marks.iter().any(|mark| mark.key == key);
        let aside = if known { None } else { latin_name(hit, &key, alert) };
        self.marks.push(Mark { span, key, aside });
    }

    /// Its stretches, in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut at = 0;
        let hits = self.marks.iter().flat_map(move |mark| {
            let before = &self.text[at..mark.span.start];
            at = mark.span.end;
            [Piece::Plain(before), Piece::Hit(&self.text[mark.span.clone()], mark)]
        });
        let rest = self.marks.last().map_or(0, |mark| mark.span.end);
        hits.chain(std::iter::once(Piece::Plain(&self.text[rest..]))).filter(|piece| !matches!(piece, Piece::Plain("")))
    }

    /// Whether a word follows the mark without a space: after the name beside it one is needed.
    pub fn runs_on(&self, mark: &Mark) -> bool {
        self.text[mark.span.end..].starts_with(char::is_alphanumeric)
    }

    /// The passage as text: `plain` writes what is between hits, `hit` a hit and the name beside it.
    pub fn write(&self, plain: impl Fn(&str) -> String, hit: impl Fn(&str, Option<&str>) -> String) -> String {
        self.pieces()
            .map(|piece| match piece {
                Piece::Plain(text) => plain(text),
                Piece::Hit(text, mark) if mark.aside.is_some() && self.runs_on(mark) => {
                    hit(text, mark.aside.as_deref()) + " "
                }
                Piece::Hit(text, mark) => hit(text, mark.aside.as_deref()),
            })
            .collect()
    }
}

/// Where the hits stand in the text. Hits count in the article, not in the sentence: so the sentence is laid where most of its hits agree,
/// and a hit that does not (white space was folded before it) is looked for.
fn locate<'a>(text: &str, hits: &[&'a Hit]) -> Vec<(Range<usize>, &'a Hit)> {
    let hits: Vec<(String, &Hit)> =
        hits.iter().map(|hit| (line(&hit.text, text.len()), *hit)).filter(|(found, _)| !found.is_empty()).collect();
    let Some((first_text, first)) = hits.first() else { return vec![] };
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let lay = |at: usize| -> Vec<(Range<usize>, &'a Hit)> {
        let index = starts.partition_point(|start| *start < at);
        let laid = hits.iter().filter_map(|(found, hit)| {
            let start = *starts.get(index.checked_add(hit.start)?.checked_sub(first.start)?)?;
            text[start..].starts_with(found.as_str()).then(|| (start..start + found.len(), *hit))
        });
        laid.collect()
    };
    let mut best: Vec<(Range<usize>, &Hit)> = vec![];
    for (at, _) in text.match_indices(first_text.as_str()) {
        let laid = lay(at);
        if laid.len() > best.len() {
            best = laid;
        }
        if best.len() == hits.len() {
            return best;
        }
    }
    for (found, hit) in &hits {
        if best.iter().any(|(_, known)| std::ptr::eq(*known, *hit)) {
            continue;
        }
        let free = text.match_indices(found.as_str()).map(|(at, _)| at..at + found.len());
        let mut free = free.filter(|span| best.iter().all(|(b, _)| b.end <= span.start || span.end <= b.start));
        if let Some(span) = free.next() {
            best.push((span, hit));
        }
    }
    best
}

/// Whether any letter of the text is Latin.
fn has_latin(text: &str) -> bool {
    let is_latin = |c: char| {
        c.is_ascii_alphabetic()
            || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a722}'..='\u{a7ff}' | '\u{ff21}'..='\u{ff5a}')
    };
    text.chars().any(is_latin)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert, hit};
    use super::*;

    fn check(text: &str, hits: &[Hit], marked: &str) {
        let hits: Vec<&Hit> = hits.iter().collect();
        let passage = Passage::new(text, 400, &hits, &alert());
        let shown = passage.write(str::to_string, |hit, aside| match aside {
            Some(aside) => format!("[{hit}|{aside}]"),
            None => format!("[{hit}]"),
        });
        assert_eq!(shown, marked);
    }

    #[test]
    fn the_second_of_two_like_words_is_marked_when_it_is_the_hit() {
        let text = "SCO Group sued; the SCO and Wang Yi met.";
        check(
            text,
            &[hit("sco", "SCO", 120, text), hit("wang-yi", "Wang Yi", 128, text)],
            "SCO Group sued; the [SCO] and [Wang Yi] met.",
        );
    }

    #[test]
    fn a_hit_after_folded_white_space_is_still_found() {
        let text = "The  SCO\n  met Wang   Yi.";
        check(text, &[hit("sco", "SCO", 5, text), hit("wang-yi", "Wang   Yi", 15, text)], "The [SCO] met [Wang Yi].");
    }

    #[test]
    fn a_name_stands_beside_the_first_hit_that_its_reader_may_not_read() {
        let text = "王毅说，王毅同志。";
        check(
            text,
            &[hit("wang-yi", "王毅", 0, text), hit("wang-yi", "王毅", 4, text)],
            "[王毅|Wang Yi] 说，[王毅]同志。",
        );
    }

    #[test]
    fn hits_over_each_other_are_one() {
        let text = "Foreign Minister Wang Yi said";
        check(
            text,
            &[hit("wang-yi", "Minister Wang Yi", 8, text), hit("wang-yi", "Wang Yi", 17, text)],
            "Foreign [Minister Wang Yi] said",
        );
    }

    #[test]
    fn a_hit_that_is_not_in_the_sentence_marks_nothing() {
        check("Nothing here.", &[hit("sco", "SCO", 5, ""), hit("sco", "", 7, "")], "Nothing here.");
    }
}
