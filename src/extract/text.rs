//! In: plain text. Out: its blocks as ranges, or an article of them. Blank lines part blocks; without any, newlines part them if lines are long,
//! and wrapped lines are joined, but for furniture ("Comments (0)"). It never changes the text that the ranges count in.

use super::line::weigh;
use super::phrases::Line;
use super::title;
use crate::model::limits::{ARTICLE_TEXT_BYTES_MAX, TITLE_BYTES_MAX};
use crate::model::{Article, Block, Zone};
use crate::text::{cut, one_line};
use std::ops::Range;

/// From this weight on a line was not wrapped: it is a paragraph.
const LONG_LINE: u32 = 130;

/// The blocks of a plain text: byte ranges into the text as given, in order, without the white space around them.
/// A block of several lines was wrapped: its newlines are spaces.
#[must_use]
pub fn blocks(text: &str) -> Vec<Range<usize>> {
    let lines: Vec<Range<usize>> = lines(text).collect();
    let blank = |line: &Range<usize>| text[line.clone()].trim().is_empty();
    let first = lines.iter().position(|line| !blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !blank(line)).map_or(first, |last| last + 1);
    let lines = &lines[first..last];
    let parted = lines.iter().any(blank);
    let long = !parted && lines.iter().any(|line| weigh(&text[line.clone()]) > LONG_LINE);
    let indented = |line: &Range<usize>| {
        text[line.clone()].starts_with(['\t', '\u{3000}']) || text[line.clone()].starts_with("  ")
    };
    // Indents mark paragraphs only where not every line has one.
    let indents = !lines.iter().filter(|line| !blank(line)).all(indented);
    let width = lines.iter().map(|line| text[line.clone()].trim().chars().take(WIDTH_MAX).count()).max().unwrap_or(0);
    let mut blocks: Vec<Range<usize>> = vec![];
    let mut open = false;
    // The line before, within a block, and whether it was furniture.
    let mut before = ("", false);
    for line in lines {
        if blank(line) {
            (open, before) = (false, ("", false));
            continue;
        }
        let line_text = &text[line.clone()];
        let start = line.start + line_text.len() - line_text.trim_start().len();
        let end = line.start + line_text.trim_end().len();
        let furniture = is_furniture(&text[start..end]);
        let begins = !open
            || long
            || before.1
            || (indents && indented(line))
            || is_point(line_text.trim_start())
            || stops(before.0, &text[start..end], width, furniture);
        before = (&text[start..end], furniture && begins);
        match blocks.last_mut() {
            Some(block) if !begins => block.end = end,
            _ => blocks.push(start..end),
        }
        open = true;
    }
    blocks
}

/// Code points of a line that tell how wide a text was wrapped.
const WIDTH_MAX: usize = 80;

/// Whether a line ended where it did because something else begins: so much room was left that nobody wrapped it there.
fn stops(line: &str, next: &str, width: usize, furniture: bool) -> bool {
    if furniture && ends_sentence(line) {
        return true;
    }
    let word = next.split_whitespace().next().unwrap_or_default();
    let used = line.chars().take(WIDTH_MAX).count() + 1 + word.chars().take(WIDTH_MAX).count();
    let goes_on = next
        .starts_with(|c: char| c.is_lowercase() || (c.is_ascii_punctuation() && !matches!(c, '"' | '\'' | '(')))
        || line.ends_with([',', ';', '-', '–', '—', '(', '«', '“', '/', '，', '、'])
        || ends_in_initial(line);
    !line.is_empty() && !goes_on && used * if furniture { 5 } else { 8 } <= width * 4
}

/// `Министр С.`: the name goes on in the next line.
fn ends_in_initial(line: &str) -> bool {
    let initial = line.strip_suffix('.').and_then(|line| line.rsplit([' ', '.']).next());
    initial.is_some_and(|letter| letter.chars().count() == 1 && letter.chars().all(char::is_uppercase))
}

fn is_furniture(line: &str) -> bool {
    Line::of(line).is_some_and(|line| line.furniture().is_some() || line.is_related_label() || line.labels_related())
}

/// Lines without their ends, `\n`, `\r\n` or U+2028/2029.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']).filter_map(move |line| {
        let start = at;
        at += line.len();
        // The `\r` of `\r\n` has ended the line already.
        let lone = line == "\n" && start > 0 && text.as_bytes()[start - 1] == b'\r';
        (!lone)
            .then(|| start..start + line.trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']).len())
    })
}

/// Whether a line is a point of a list.
fn is_point(line: &str) -> bool {
    ["- ", "* ", "• ", "– ", "— ", "· "].iter().any(|mark| line.starts_with(mark))
}

/// The blocks of a plain text, white space folded.
pub(super) fn folded(text: &str) -> Vec<String> {
    blocks(text).into_iter().map(|range| text[range].split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// An article of plain text: method `text`, complete unless there is none, or more than is read. Its title, where nobody gave one, is
/// its first line, if that is short, has no full stop and a blank line parts it from the text.
#[must_use]
pub fn from_text(title: &str, text: &str) -> Article {
    let mut article = Article { method: "text".into(), complete: true, ..Article::default() };
    let mut bytes = 0;
    let mut kept = folded(text);
    kept.retain(|block| {
        // Two of them are parted by a blank line.
        bytes += block.len() + if bytes == 0 { 0 } else { 2 };
        bytes <= ARTICLE_TEXT_BYTES_MAX
    });
    article.title = one_line(&cut(title, TITLE_BYTES_MAX / 4));
    // A heading over a text that has no other, under the outlet's own lines.
    if article.title.is_empty()
        && let Some(first) = kept.iter().position(|block| is_prose(block))
        && let Some(heading) = kept[..first].iter().find(|block| !is_masthead(block) && !is_furniture(block))
        && is_heading(heading)
    {
        article.title.clone_from(heading);
    }
    let zones = zones(&kept, &article.title);
    article.set_zones(zones);
    article.complete = !article.text.is_empty() && bytes <= ARTICLE_TEXT_BYTES_MAX;
    article
}

/// The zones of blocks of plain text, the title first.
pub(super) fn zones(blocks: &[String], heading: &str) -> Vec<Block> {
    let mut zones = Vec::with_capacity(blocks.len() + 1);
    if !heading.is_empty() {
        zones.push(Block { zone: Zone::Title, text: heading.to_string() });
    }
    let first_prose = blocks.iter().position(|block| is_prose(block));
    let mut related = false;
    let mut lead = true;
    for (i, text) in blocks.iter().enumerate() {
        if !heading.is_empty() && title::same(text, heading) {
            continue;
        }
        let line = Line::of(text);
        let label = line.as_ref().is_some_and(Line::is_related_label);
        // The titles under such a label have no full stop.
        related = label || (related && !is_prose(text) && !ends_sentence(text));
        let zone = if let Some(zone) = line.as_ref().and_then(Line::furniture) {
            zone
        } else if related || line.is_some_and(|line| line.labels_related()) {
            Zone::Related
        } else if first_prose.is_some_and(|first| i < first) && is_masthead(text) {
            Zone::Navigation
        } else if std::mem::take(&mut lead) {
            Zone::Lead
        } else {
            Zone::Body
        };
        zones.push(Block { zone, text: text.clone() });
    }
    zones
}

fn is_prose(text: &str) -> bool {
    weigh(text) >= 100 || (weigh(text) >= 50 && ends_sentence(text))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '»', '\'', '’', ')', ']'])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।'])
}

fn is_heading(text: &str) -> bool {
    (2..=200).contains(&weigh(text))
        && !ends_sentence(text)
        && Line::of(text).is_none_or(|line| line.furniture().is_none())
        && !is_masthead(text)
}

/// A line over the article that is the outlet's: a path ("Home > World"), a name in capitals, a date, an author.
fn is_masthead(text: &str) -> bool {
    let parted = [" | ", " > ", " › ", " » ", " / ", " • ", " · "].iter().any(|mark| text.contains(mark));
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() >= 3 && letters().all(char::is_uppercase) && text.split_whitespace().count() <= 4;
    let dated = super::dates::parse(text).is_some() && text.chars().filter(|c| c.is_alphabetic()).count() <= 24;
    let signed =
        ["By ", "BY ", "Автор: ", "Muallif: ", "Муаллиф: ", "作者：", "作者:"].iter().any(|by| text.starts_with(by))
            && text.split_whitespace().count() <= 6;
    !ends_sentence(text) && weigh(text) <= 120 && (parted || shouted || dated || signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &[&str]) {
        let found: Vec<&str> = blocks(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, wanted, "{text:?}");
    }

    #[test]
    fn blank_lines_part_blocks() {
        check("\n One\nline. \n\n  \n Two. \r\n\r\nThree.\n", &["One\nline.", "Two.", "Three."]);
        check("", &[]);
        check(" \n\t\n", &[]);
    }

    #[test]
    fn without_blank_lines_long_lines_are_blocks_and_wrapped_lines_are_joined() {
        let long = "The ministers of the member states met on Friday to talk about water, power and the railway that is to join their capitals by 2030.";
        check(&format!("{long}\nShort one.\n{long}"), &[long, "Short one.", long]);
        check(
            "The ministers of the member states met on\nFriday to talk about water.",
            &["The ministers of the member states met on\nFriday to talk about water."],
        );
        check(
            "　　各国外长周五会晤。\n　　他们讨论了水资源\n问题。",
            &["各国外长周五会晤。", "他们讨论了水资源\n问题。"],
        );
        let broken = "Спикер С.\nВ. Громов прибыл в город вчера вечером с большой делегацией.";
        check(broken, &[broken]);
        check("They agreed on:\n- water\n- power", &["They agreed on:", "- water", "- power"]);
    }

    #[test]
    fn ranges_count_in_the_text_as_given() {
        let text = "é\r\n\r\n  ü \u{2028}\u{2028}x";
        assert_eq!(blocks(text), [0..2, 8..10, 17..18]);
    }

    #[test]
    fn furniture_in_plain_text_is_no_body() {
        let article = from_text(
            "Ministers meet in Osh",
            "THE LANTERN\n\nHome > World > Asia\n\nMinisters meet in Osh\n\nThe ministers of five states met in Osh on Friday to talk about water and power.\n\nRead also: Wang Yi in Tashkent\n\nThey will meet again in June.\n\nFollow us on Telegram\n\nRelated articles\n\nWang Yi arrives in Tashkent\n\nComments (0)",
        );
        assert_eq!(
            article.text,
            "The ministers of five states met in Osh on Friday to talk about water and power.\n\nThey will meet again in June."
        );
        assert_eq!(article.zones[0], Block { zone: Zone::Title, text: "Ministers meet in Osh".into() });
        assert!(article.zones.iter().any(|b| b.zone == Zone::Lead));
        assert!(article.complete);
    }

    #[test]
    fn furniture_among_wrapped_lines_is_no_body_either() {
        let article = from_text(
            "",
            "THE LANTERN\nMinisters meet in Osh\n31 May 2024\nBy Ada Byron\n\nThe ministers of five states met in Osh on Friday to talk\nabout water and power, and of what the\nMinistry of Trade would say.\nFollow us\nComments (0)\nShare\nRead more: Wang Yi in Tashkent",
        );
        assert_eq!(article.title, "Ministers meet in Osh");
        assert_eq!(
            article.text,
            "The ministers of five states met in Osh on Friday to talk about water and power, and of what the Ministry of Trade would say."
        );
        // A word of the text at the end of a line is none.
        check(
            "He said that there is no need for anybody to follow or to\nshare\nthe news.",
            &["He said that there is no need for anybody to follow or to\nshare\nthe news."],
        );
    }

    #[test]
    fn a_short_first_line_over_a_text_is_its_title() {
        let text = "Министры договорились о новых мерах и встретятся снова в июне, чтобы обсудить воду и энергию.";
        for title in ["Санкции", "Саммит ШОС прошёл", "外长会议"] {
            assert_eq!(from_text("", &format!("{title}\n\n{text}\n")).title, title);
        }
        assert_eq!(from_text("", &format!("Саммит ШОС прошёл.\n\n{text}\n")).title, "", "a sentence is none");
    }

    #[test]
    fn a_text_of_which_not_all_is_read_is_not_complete() {
        let article = from_text("", &"The ministers met and talked about water.\n\n".repeat(30_000));
        assert!(article.text.len() <= ARTICLE_TEXT_BYTES_MAX && !article.complete && !article.text.is_empty());
    }

    #[test]
    fn no_text_is_not_complete() {
        assert!(!from_text("", "").complete);
        assert!(!from_text("Water is shared", " \n\n").complete);
    }

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(from_text("", "Wang Yi").text, "Wang Yi");
        assert_eq!(
            from_text("", "Wang Yi in Tashkent\n\nTalks went on.").text,
            "Wang Yi in Tashkent\n\nTalks went on."
        );
    }
}
