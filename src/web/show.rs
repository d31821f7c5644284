//! What the pages are put together from: times, marks, passages, tables, links. In: what the store holds, most of it written
//! by strangers. Out: markup in which nothing of it is more than text.

use super::View;
use crate::model::{DeliveryState, SourceState};
use crate::render::line::{line, link, when};
use crate::render::{Passage, Piece};
use jiff::Timestamp;
use maud::{Markup, html};

/// The one style sheet.
pub(super) const SHEET: &str = include_str!("style.css");

/// A time of day, with its day; a machine reads it in UTC.
pub(super) fn moment(at: Timestamp, view: &View) -> Markup {
    html! { time datetime=(at) { (when(at, &view.legend.zone, view.now)) } }
}

/// A time, and below it how far from now that is.
pub(super) fn moment_and_distance(at: Option<Timestamp>, view: &View) -> Markup {
    html! {
        @match at {
            Some(at) => { (moment(at, view)) span.soft.under { (distance(at, view.now)) } },
            None => { (nothing("none yet")) },
        }
    }
}

/// `5 min ago`, `in 2 h`.
pub(super) fn distance(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_second().saturating_sub(now.as_second());
    let length = match seconds.unsigned_abs() {
        0..30 => return "now".into(),
        s => span(s),
    };
    if seconds < 0 { format!("{length} ago") } else { format!("in {length}") }
}

/// A length of time, in its largest unit: `40 s`, `15 min`, `6 h`, `3 days`.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..5400 => format!("{} min", (seconds + 30) / 60),
        5400..129_600 => format!("{} h", (seconds + 1800) / 3600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// A dash, said as a word by a screen reader.
pub(super) fn nothing(word: &str) -> Markup {
    html! { span.soft { span aria-hidden="true" { "–" } span.unseen { (word) } } }
}

/// How grave something is: a colour beside the word, never instead of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Quiet,
    Warn,
    Bad,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Quiet => "quiet",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (word) } }
}

pub(super) fn source_tone(state: SourceState) -> Tone {
    match state {
        SourceState::Ok => Tone::Good,
        SourceState::New | SourceState::Disabled => Tone::Quiet,
        SourceState::Stale | SourceState::Gap | SourceState::Moved => Tone::Warn,
        SourceState::Failing | SourceState::Blocked | SourceState::Gone => Tone::Bad,
    }
}

pub(super) fn delivery_tone(state: DeliveryState) -> Tone {
    match state {
        DeliveryState::Sent => Tone::Good,
        DeliveryState::Pending | DeliveryState::Held => Tone::Quiet,
        DeliveryState::Retrying => Tone::Warn,
        DeliveryState::Dead | DeliveryState::Expired => Tone::Bad,
    }
}

/// Text with its hits marked, each apart from the direction of what stands around it.
pub(super) fn marked(passage: &Passage) -> Markup {
    html! {
        @for piece in passage.pieces() {
            @match piece {
                Piece::Plain(text) => (text),
                Piece::Hit(text, mark) => {
                    mark { bdi { (text) } }
                    @if let Some(aside) = &mark.aside {
                        " " bdi.soft.aside lang="en" dir="ltr" { "(" (aside) ")" }
                        @if passage.runs_on(mark) { " " }
                    }
                }
            }
        }
    }
}

/// Text as it stands, but for what would turn the text around it: a stranger's marks of direction, and what no screen shows.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
                && (!c.is_control() || c.is_whitespace())
        })
        .collect()
}

/// A link out, if the address is one that may be followed; the words alone otherwise.
pub(super) fn out(address: &str, words: &Markup) -> Markup {
    html! {
        @match link(address) {
            Some(url) => a href=(url) rel="noopener noreferrer nofollow" { (words) },
            None => (words),
        }
    }
}

/// The address itself, short of its scheme, as a link where it may be one.
pub(super) fn address(address: &str, chars_max: usize) -> Markup {
    let short = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    out(address, &html! { bdi dir="ltr" { (line(short.trim_end_matches('/'), chars_max)) } })
}

/// What somebody else's machine said, on one line.
pub(super) fn words(said: &str, chars_max: usize) -> Markup {
    html! { bdi dir="auto" { (line(said, chars_max)) } }
}

/// A table, which a narrow screen shows as cards, each value beside its column's name. The roles are said aloud because such
/// a display would take them away. The first cell of a row names it.
pub(super) fn table(label: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    html! {
        table role="table" aria-label=(label) {
            thead role="rowgroup" { tr role="row" {
                @for column in columns { th role="columnheader" scope="col" { (column) } }
            } }
            tbody role="rowgroup" {
                @for row in rows { tr role="row" {
                    @for (index, (cell, column)) in row.into_iter().zip(columns).enumerate() {
                        @if index == 0 { th role="rowheader" scope="row" { (cell) } }
                        @else { td role="cell" data-label=(column) { div { (cell) } } }
                    }
                } }
            }
        }
    }
}

/// Links that choose what a list shows; each says how many there are.
pub(super) fn choices<'a>(
    label: &str,
    choices: impl IntoIterator<Item = (&'a str, String, Option<usize>, bool)>,
) -> Markup {
    html! {
        nav.choices aria-label=(label) {
            @for (word, href, count, chosen) in choices {
                a href=(href) aria-current=[chosen.then_some("true")] {
                    (word) @if let Some(count) = count { " " span.count { (count) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn distances_are_told_in_their_largest_unit() {
        let now: Timestamp = "2024-05-22T03:00:00Z".parse().unwrap();
        let check = |at: &str, told: &str| assert_eq!(distance(at.parse().unwrap(), now), told);
        check("2024-05-22T02:59:50Z", "now");
        check("2024-05-22T02:59:10Z", "50 s ago");
        check("2024-05-22T03:05:00Z", "in 5 min");
        check("2024-05-22T01:00:00Z", "2 h ago");
        check("2024-05-01T03:00:00Z", "21 days ago");
        assert!(
            distance(Timestamp::MIN, now).ends_with("days ago") && distance(Timestamp::MAX, now).starts_with("in ")
        );
    }

    #[test]
    fn only_links_that_may_be_followed_are_links() {
        assert!(!address("javascript:alert(1)", 100).0.contains("href"));
        assert!(!address("data:text/html,x", 100).0.contains("href"));
        let link = address("https://a.example/\"><script>", 100).0;
        assert!(link.contains("rel=\"noopener noreferrer nofollow\"") && !link.contains("<script"), "{link}");
    }

    /// Contrast of two colours (WCAG 2.2, relative luminance).
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |hex: &str| -> f64 {
            let part = |at: usize| {
                let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn colours(block: &str) -> HashMap<&str, &str> {
        let declarations = block.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
        declarations.map(|(name, value)| (name.trim(), value.trim())).filter(|(_, v)| v.len() == 7).collect()
    }

    #[test]
    fn every_text_can_be_read_on_its_ground_in_light_and_dark() {
        let light = SHEET.split(":root {").nth(1).unwrap().split('}').next().unwrap();
        let dark = SHEET.split(":root {").nth(2).unwrap().split('}').next().unwrap();
        for block in [light, dark] {
            let colours = colours(block);
            let check = |text: &str, ground: &str, least: f64| {
                let found = contrast(colours[text], colours[ground]);
                assert!(found >= least, "--{text} on --{ground}: {found:.2} is less than {least}");
            };
            for text in ["ink", "soft", "accent"] {
                check(text, "ground", 4.5);
                check(text, "sheet", 4.5);
                check(text, "panel", 4.5);
            }
            for tone in ["good", "warn", "bad", "quiet", "hit"] {
                check(&format!("{tone}-ink"), &format!("{tone}-ground"), 4.5);
            }
            for colour in 0..8 {
                check("mark-ink", &format!("w{colour}"), 4.5);
            }
            check("on-accent", "button", 4.5);
            check("bar", "sheet", 3.0);
            check("bar-kept", "sheet", 3.0);
        }
    }
}
