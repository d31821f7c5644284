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

const COLUMNS: usize = 78;
/// Readable on dark and light ground alike; red is left for faults.
const COLOURS: [AnsiColor; 5] =
    [AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Cyan, AnsiColor::Yellow];

/// The alert with its hits in context, each watch in a colour of its own; without `color` hits stand between asterisks. Ends with a line feed.
#[must_use]
pub fn terminal(alert: &Alert, color: bool, zone: &TimeZone) -> String {
    let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
    let palette = Palette { color, keys: card.found.iter().map(|found| found.key.as_str()).collect() };
    let (dim, plain) = (Style::new().dimmed(), Style::new());
    let mut out = vec![];
    let published = alert.published.unwrap_or(alert.matched);
    let mut source = vec![card.outlet.clone(), when(published, zone, alert.matched)];
    source.extend(card.other_names().map(|names| format!("also in {names}")));
    source.extend(alert.summary_only.then(|| "summary only".to_string()));
    let source = source.join(" · ");
    out.extend(palette.show(&Passage { text: source, marks: vec![] }, "", dim));
    out.extend(palette.show(&card.title, "", Style::new().bold()));
    for passage in &card.passages {
        out.extend(palette.show(passage, "  ", plain));
    }
    out.extend(card.more_sentences().map(|more| palette.paint(&format!("  … {more}"), dim)));
    let found: Vec<String> = card
        .found
        .iter()
        .take(limits::NAMES_SHOWN_MAX)
        .map(|found| match found.hits {
            1 => palette.paint(&found.name, palette.hit(&found.key, plain)),
            hits => format!("{} ×{hits}", palette.paint(&found.name, palette.hit(&found.key, plain))),
        })
        .collect();
    let unnamed = card.found.len().saturating_sub(found.len());
    let found = super::card::and_more(&found, unnamed);
    out.push(format!("{} {found}", palette.paint(&format!("→ {}:", card.rule), dim)));
    let address = card.link.as_ref().map_or_else(|| card.address.clone(), ToString::to_string);
    out.push(palette.paint(&format!("  {address}"), dim));
    out.join("\n") + "\n"
}

/// Which watch has which colour.
struct Palette<'a> {
    color: bool,
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
        lines(&text, COLUMNS - indent.len()).into_iter().map(line).collect()
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
