//! The blocks of an article with their zones. In: its title, text and zones. Out: spans of those texts in reading order.
//! Never a copy of a text.

use super::Text;
use crate::model::Zone;

/// Which text offsets count in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Title,
    Text,
    /// The zone with this index: captions, and what is not matched.
    Zone(usize),
}

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub source: Source,
    pub zone: Zone,
    /// Bytes in the source.
    pub start: usize,
    pub end: usize,
}

/// The text that a block's offsets count in.
pub fn source<'a>(text: &Text<'a>, source: Source) -> &'a str {
    match source {
        Source::Title => text.title,
        Source::Text => text.text,
        Source::Zone(index) => &text.zones[index].text,
    }
}

/// Whether what stands in a zone counts.
pub fn counts(zone: Zone) -> bool {
    !matches!(zone, Zone::Related | Zone::Navigation | Zone::Comments | Zone::Footer)
}

/// Lines longer than this (in code points, on average) are paragraphs, not wrapped.
const WRAPPED_CHARS_MAX: usize = 100;

/// The blocks of an article: the title, the text's own, and those that stand in `zones` only.
pub fn blocks(text: &Text) -> Vec<Block> {
    let mut blocks = vec![Block { source: Source::Title, zone: Zone::Title, start: 0, end: text.title.len() }];
    if text.zones.is_empty() {
        blocks.extend(plain(text.text));
        return blocks;
    }
    let own = |zone: Zone| matches!(zone, Zone::Lead | Zone::Body | Zone::Quote);
    let mut cursor = 0;
    for (index, block) in text.zones.iter().enumerate() {
        if block.zone == Zone::Title {
            continue;
        }
        if own(block.zone)
            && let Some((start, end)) = stands(text.text, cursor, &block.text)
        {
            blocks.push(Block { source: Source::Text, zone: block.zone, start, end });
            cursor = end;
        } else if !own(block.zone) {
            blocks.push(Block { source: Source::Zone(index), zone: block.zone, start: 0, end: block.text.len() });
        }
    }
    // What the zones do not account for is matched all the same: an alert that never came hurts most.
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let bytes: usize = blocks.iter().filter(|b| b.source == Source::Text).map(|b| b.end - b.start).sum();
    if bytes * 10 >= text.text.len() * 9 {
        return blocks;
    }
    let covered: usize =
        blocks.iter().filter(|b| b.source == Source::Text).map(|b| letters(&text.text[b.start..b.end])).sum();
    if covered * 10 < letters(text.text) * 9 {
        blocks.retain(|block| block.source != Source::Text);
        let at = 1;
        blocks.splice(at..at, plain(text.text));
    }
    blocks
}

/// Where a block's text stands in the whole, white space aside, at or after `from`.
fn stands(text: &str, from: usize, block: &str) -> Option<(usize, usize)> {
    // Mostly it stands there as it is.
    let here = from + (text.len() - from - text[from..].trim_start().len());
    if !block.is_empty() && text[here..].starts_with(block) {
        return Some((here, here + block.len()));
    }
    let mut wanted = block.chars().filter(|c| !c.is_whitespace());
    let mut have = text[from..].char_indices().filter(|(_, c)| !c.is_whitespace());
    let (first, first_char) = have.next()?;
    if wanted.next()? != first_char {
        // Text between the blocks that no zone has: find the block's beginning as it is written.
        let at = text[from..].find(block)?;
        return (!block.is_empty()).then_some((from + at, from + at + block.len()));
    }
    let mut end = from + first + first_char.len_utf8();
    for c in wanted {
        let (at, found) = have.next()?;
        if found != c {
            return None;
        }
        end = from + at + c.len_utf8();
    }
    Some((from + first, end))
}

/// The blocks of plain text: parted by blank lines; without any, by newlines when the lines are long.
fn plain(text: &str) -> Vec<Block> {
    let mut lines = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let blank = |line: &str| line.trim().is_empty();
    let filled = lines.iter().filter(|(_, line)| !blank(line)).count();
    let inner = lines.iter().skip_while(|(_, line)| blank(line)).map(|(_, line)| blank(line)).collect::<Vec<_>>();
    let parted = inner.iter().rposition(|blank| !blank).is_some_and(|last| inner[..last].contains(&true));
    let width = |line: &str| line.trim().chars().map(|c| if super::class::han(c) { 2 } else { 1 }).sum::<usize>();
    let wrapped = || lines.iter().map(|(_, line)| width(line)).sum::<usize>() / filled <= WRAPPED_CHARS_MAX;
    let long = filled > 1 && !parted && !wrapped();
    let mut blocks: Vec<Block> = vec![];
    let mut open: Option<(usize, usize)> = None;
    for (at, line) in lines {
        if blank(line) {
            close(&mut blocks, &mut open);
            continue;
        }
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        open = Some((open.map_or(start, |(start, _)| start), end));
        if long {
            close(&mut blocks, &mut open);
        }
    }
    close(&mut blocks, &mut open);
    if let Some(first) = blocks.first_mut() {
        first.zone = Zone::Lead;
    }
    blocks
}

fn close(blocks: &mut Vec<Block>, open: &mut Option<(usize, usize)>) {
    if let Some((start, end)) = open.take() {
        blocks.push(Block { source: Source::Text, zone: Zone::Body, start, end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    fn shown(text: &str, zones: &[model::Block]) -> Vec<(Zone, String)> {
        let article = Text { text, zones, ..Text::empty() };
        blocks(&article)
            .iter()
            .filter(|b| b.source == Source::Text)
            .map(|b| (b.zone, text[b.start..b.end].to_string()))
            .collect()
    }

    #[test]
    fn blank_lines_part_blocks_and_wrapped_lines_are_joined() {
        assert_eq!(
            shown("One\ntwo.\n\nThree", &[]),
            [(Zone::Lead, "One\ntwo.".to_string()), (Zone::Body, "Three".to_string())]
        );
        assert_eq!(shown("One\ntwo\nthree\n", &[]).len(), 1);
        let long = "A paragraph ".repeat(20);
        assert_eq!(shown(&format!("{long}\n{long}\n{long}"), &[]).len(), 3);
    }

    #[test]
    fn zones_are_found_in_the_text_whatever_its_white_space() {
        let zone = |zone, text: &str| model::Block { zone, text: text.to_string() };
        let zones = [zone(Zone::Lead, "One two."), zone(Zone::Related, "Else"), zone(Zone::Quote, "Three")];
        assert_eq!(
            shown("One\n two.\n\nThree", &zones),
            [(Zone::Lead, "One\n two.".to_string()), (Zone::Quote, "Three".to_string())]
        );
        assert_eq!(
            shown("Quite another text", &zones).len(),
            1,
            "text that the zones do not have is matched all the same"
        );
    }
}
