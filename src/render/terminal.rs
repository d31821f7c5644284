//! An alert on a terminal, for `wirewatch demo` and `wirewatch match`.
//! In: an alert and a zone. Out: text with ANSI colours or without. It asks no terminal: whoever prints it knows what that can show.

use super::card::Card;
use super::line::when;
use super::passage::{Passage, Piece};
use super::wrap::lines;
use crate::model::{Alert, limits};
use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use std::ops::Range;

/// Columns where nobody says how wide the terminal is.
pub const COLUMNS: usize = 78;
/// Readable on dark and light ground alike; red is left for faults.
const COLOURS: [AnsiColor; 5] =
    [AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Cyan, AnsiColor::Yellow];

/// What an alert has found, without the article's title and outlet: sentences with their hits, the title's too, and names; as one of
/// several on one article. Ends with a line feed.
#[must_use]
pub fn hits(alert: &Alert, color: bool, columns: usize) -> String {
    let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
    let palette = Palette { color, columns, keys: card.found.iter().map(|found| found.key.as_str()).collect() };
    let mut out = vec![];
    if !card.title.marks.is_empty() {
        out.extend(palette.show(&card.title, "  ", Style::new().bold()));
    }
    out.extend(palette.sentences(&card));
    out.push(format!("  {} {}", palette.paint("found:", Style::new().dimmed()), palette.names(&card)));
    out.join("\n") + "\n"
}

/// The alert with its hits in context, each watch in a colour of its own; without `color` hits stand between asterisks. Ends with a line feed.
#[must_use]
pub fn terminal(alert: &Alert, color: bool, zone: &TimeZone) -> String {
    let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
    let columns = COLUMNS;
    let palette = Palette { color, columns, keys: card.found.iter().map(|found| found.key.as_str()).collect() };
    let dim = Style::new().dimmed();
    let mut out = vec![];
    let published = alert.published.map_or_else(|| "no date".into(), |at| when(at, zone, alert.matched));
    let mut source = vec![card.outlet.clone(), published];
    source.extend(card.other_names().map(|names| format!("also in {names}")));
    source.extend(alert.summary_only.then(|| "summary only".to_string()));
    let source = source.join(" · ");
    out.extend(palette.show(&Passage { text: source, marks: vec![] }, "", dim));
    out.extend(palette.show(&card.title, "", Style::new().bold()));
    out.extend(palette.sentences(&card));
    out.push(format!("{} {}", palette.paint(&format!("→ {}:", card.rule), dim), palette.names(&card)));
    let address = card.link.as_ref().map_or_else(|| card.address.clone(), ToString::to_string);
    out.push(palette.paint(&format!("  {address}"), dim));
    out.join("\n") + "\n"
}

/// Which watch has which colour.
struct Palette<'a> {
    color: bool,
    columns: usize,
    keys: Vec<&'a str>,
}

impl Palette<'_> {
    fn hit(&self, key: &str, around: Style) -> Style {
        let index = self.keys.iter().position(|known| *known == key).unwrap_or(0);
        around.bold().fg_color(Some(COLOURS[index % COLOURS.len()].into()))
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn sentences(&self, card: &Card<'_>) -> Vec<String> {
        let shown = card.passages.iter().flat_map(|passage| self.show(passage, "  ", Style::new()));
        let more = card.more_sentences().map(|more| self.paint(&format!("  … {more}"), Style::new().dimmed()));
        shown.chain(more).collect()
    }

    fn names(&self, card: &Card<'_>) -> String {
        let named = card.found.iter().take(limits::NAMES_SHOWN_MAX).map(|found| {
            let name = self.paint(&found.name, self.hit(&found.key, Style::new()));
            if found.hits == 1 { name } else { format!("{name} ×{}", found.hits) }
        });
        let named: Vec<String> = named.collect();
        super::card::and_more(&named, card.found.len().saturating_sub(named.len()))
    }

    /// The passage in indented lines. Colours are closed at each line's end, so that the indent has none.
    fn show(&self, passage: &Passage, indent: &str, around: Style) -> Vec<String> {
        let stretches = passage.pieces().flat_map(|piece| match piece {
            Piece::Plain(text) => vec![(text.to_string(), around)],
            Piece::Hit(hit, mark) => {
                let hit = if self.color { hit.to_string() } else { format!("*{hit}*") };
                let space = if passage.runs_on(mark) { " " } else { "" };
                let aside = mark.aside.iter().map(|aside| (format!(" ({aside}){space}"), around.dimmed()));
                std::iter::once((hit, self.hit(&mark.key, around))).chain(aside).collect()
            }
        });
        let (mut text, mut spans) = (String::new(), vec![]);
        for (stretch, style) in stretches {
            spans.push((text.len()..text.len() + stretch.len(), style));
            text += &stretch;
        }
        let line = |line: Range<usize>| {
            let inside = spans.iter().map(|(span, style)| (span.start.max(line.start)..span.end.min(line.end), style));
            let painted: String = inside
                .filter(|(span, _)| !span.is_empty())
                .map(|(span, style)| self.paint(&text[span], *style))
                .collect();
            format!("{indent}{painted}")
        };
        lines(&text, self.columns.saturating_sub(indent.len())).into_iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert, hostile_alert};
    use super::*;

    #[test]
    fn hits_are_shown_in_context_and_each_watch_in_its_colour() {
        let zone = TimeZone::get("Asia/Tashkent").unwrap();
        insta::assert_snapshot!("terminal_plain", terminal(&alert(), false, &zone));
        insta::assert_snapshot!("terminal_colour", terminal(&alert(), true, &zone).replace('\u{1b}', "ESC"));
    }

    #[test]
    fn no_title_steers_the_terminal() {
        let shown = terminal(&hostile_alert("\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m"), false, &TimeZone::UTC);
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    }
}
