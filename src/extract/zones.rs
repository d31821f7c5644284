//! In: a page and the article's region in it. Out: the zone of each of its pieces.
//! Within the article it goes piece by piece: captions, quotes, boxes of other stories, furniture; outside, the markup's own word stands.
//! What it is unsure of inside the article stays body: an alert that never came is worse than a stray line.

use super::body::Found;
use super::dates;
use super::page::{Kind, Page, Piece, Region, Tag};
use super::phrases::Line;
use super::title;
use crate::model::Zone;
use std::ops::Range;

/// The zone of each piece; [`Zone::Title`] for the title's own.
pub(super) fn zones(page: &Page, found: &Found, title: &str, heading: Option<usize>) -> Vec<Zone> {
    let core = &page.regions[found.region];
    let mut zones: Vec<Zone> = (0..page.pieces.len())
        .map(|i| {
            if (core.first..core.end).contains(&i) {
                by_markup(page, found, i)
            } else {
                outside(found, &page.pieces[i])
            }
        })
        .collect();
    let mut sweep = Sweep { page, found, zones: &mut zones };
    sweep.titles(title, heading);
    sweep.furniture();
    sweep.related();
    sweep.head();
    sweep.tail();
    sweep.standfirst(heading);
    if let Some(lead) =
        (0..zones.len()).find(|i| zones[*i] == Zone::Body && !matches!(page.pieces[*i].kind, Kind::Heading(_)))
    {
        zones[lead] = Zone::Lead;
    }
    zones
}

fn outside(found: &Found, piece: &Piece) -> Zone {
    found.apart[piece.region].unwrap_or(if piece.linked * 2 > piece.weight { Zone::Related } else { Zone::Footer })
}

/// What the markup makes of a piece of the article.
fn by_markup(page: &Page, found: &Found, i: usize) -> Zone {
    let mut at = page.pieces[i].region;
    if let Some(zone) = found.apart[at] {
        return zone;
    }
    while at > found.region {
        let region = &page.regions[at];
        match region.tag {
            // A figure may hold a table or a pull quote.
            Tag::Table => return Zone::Body,
            Tag::Quote => return Zone::Quote,
            Tag::Figure | Tag::Caption => return Zone::Caption,
            _ if region.signs.caption || holds_a_picture(page, region) => return Zone::Caption,
            _ => at = region.parent,
        }
    }
    Zone::Body
}

/// How many marks a text begins with that are no letters and no digits.
fn marks(text: &str) -> u32 {
    let count = text.chars().take(6).take_while(|c| !c.is_alphanumeric() && !c.is_whitespace()).count();
    u32::try_from(count).unwrap_or(0)
}

fn is_references(piece: &Piece) -> bool {
    Line::of(&piece.text).is_some_and(|line| line.is_references())
}

/// Pieces that are skipped in search of the next one of the text: so a page of nothing else is still read once.
const NEXT_MAX: usize = 32;

/// Pieces between a headline and its article in which a summary is looked for.
const STANDFIRST_PIECES: usize = 16;

/// Whether a region is a picture with a line of text. A paragraph of whole sentences is more than that.
fn holds_a_picture(page: &Page, region: &Region) -> bool {
    let pieces = &page.pieces[region.first..region.end];
    let line = |piece: &Piece| match piece.kind {
        Kind::Loose => true,
        Kind::Paragraph => !piece.text.ends_with(['.', '!', '?', ':', '。', '！', '？']),
        _ => false,
    };
    region.images > 0
        && pieces.len() <= 2
        && pieces.iter().all(line)
        && (12..=200).contains(&pieces.iter().map(|p| p.weight).sum::<u32>())
}

/// Goes over the pieces of the article and takes out what is not of it.
struct Sweep<'a> {
    page: &'a Page,
    found: &'a Found,
    zones: &'a mut Vec<Zone>,
}

impl Sweep<'_> {
    fn core(&self) -> Range<usize> {
        let core = &self.page.regions[self.found.region];
        core.first..core.end
    }

    fn in_text(&self, i: usize) -> bool {
        self.zones[i].in_text()
    }

    /// Whether a piece is mostly a link elsewhere.
    fn linked(&self, i: usize) -> bool {
        let piece = &self.page.pieces[i];
        piece.linked * 5 >= piece.weight * 3
    }

    /// Whether a piece is a link and nothing else, but for a mark before it (">> ").
    fn whole_link(&self, i: usize) -> bool {
        let piece = &self.page.pieces[i];
        piece.linked * 20 >= piece.weight * 19
            || (piece.linked >= 12 && piece.linked + marks(&piece.text) >= piece.weight)
    }

    fn is_prose(&self, i: usize) -> bool {
        let piece = &self.page.pieces[i];
        self.in_text(i)
            && piece.weight >= 60
            && piece.linked * 2 <= piece.weight
            && !matches!(piece.kind, Kind::Heading(_))
    }

    fn in_list(&self, i: usize) -> bool {
        let mut at = self.page.pieces[i].region;
        while at > self.found.region {
            if matches!(self.page.regions[at].tag, Tag::List | Tag::Table) {
                return true;
            }
            at = self.page.regions[at].parent;
        }
        false
    }

    /// The title is not told twice.
    fn titles(&mut self, title: &str, heading: Option<usize>) {
        if let Some(heading) = heading {
            self.zones[heading] = Zone::Title;
        }
        for i in self.core() {
            let piece = &self.page.pieces[i];
            if self.in_text(i) && piece.weight <= 300 && title::same(&piece.text, title) {
                self.zones[i] = Zone::Title;
            }
        }
    }

    /// Lines that many outlets put into articles, and lines of date and author.
    fn furniture(&mut self) {
        for i in self.core() {
            // "Share" may head a column.
            if !self.in_text(i) || self.page.pieces[i].kind == Kind::Cell {
                continue;
            }
            let piece = &self.page.pieces[i];
            if let Some(zone) = Line::of(&piece.text).and_then(|line| line.furniture()) {
                self.zones[i] = zone;
            } else if piece.weight <= 80 && self.speaks_of_itself(piece) {
                self.zones[i] = Zone::Footer;
            }
        }
    }

    fn speaks_of_itself(&self, piece: &Piece) -> bool {
        let mut at = piece.region;
        for _ in 0..2 {
            if at <= self.found.region {
                return false;
            }
            let region = &self.page.regions[at];
            if region.signs.date || region.signs.author {
                return true;
            }
            at = region.parent;
        }
        false
    }

    /// Lists of other stories, by their label or because they are nothing but links.
    fn related(&mut self) {
        let core = self.core();
        let mut i = core.start;
        while i < core.end {
            if !self.in_text(i) {
                i += 1;
                continue;
            }
            let piece = &self.page.pieces[i];
            if let Some(line) = Line::of(&piece.text) {
                let story = (line.labels_related() && (piece.links > 0 || piece.weight <= 160))
                    || (self.linked(i) && line.begins_with_label() && !line.is_related_label());
                if story {
                    self.zones[i] = Zone::Related;
                    i += 1;
                    continue;
                }
                let certain = line.is_related_label();
                let links = |next| self.whole_link(next) || self.link_list(next).is_some();
                if certain || (line.may_be_related_label() && self.next(i).is_some_and(links)) {
                    let end = self.box_end(i);
                    if certain || end > i + 1 {
                        i = self.take_out(i..end);
                        continue;
                    }
                }
            }
            if self.whole_link(i)
                && let Some(end) = self.link_list(i)
                && self.is_headlines(i..end)
            {
                i = self.take_out(i..end);
                continue;
            }
            if self.whole_link(i) && matches!(piece.kind, Kind::Heading(_)) {
                i = self.take_out(i..self.link_box(i)).max(i + 1);
                continue;
            }
            if self.whole_link(i)
                && piece.weight >= 12
                && matches!(piece.kind, Kind::Paragraph | Kind::Loose)
                && !self.in_list(i)
            {
                self.zones[i] = Zone::Related;
            }
            i += 1;
        }
    }

    /// Marks what is of the text in a range as other stories; the end of the range.
    fn take_out(&mut self, range: Range<usize>) -> usize {
        for k in range.clone() {
            if self.in_text(k) {
                self.zones[k] = Zone::Related;
            }
        }
        range.end
    }

    /// Where the box ends that begins with a linked heading and holds nothing but two links or more; `i` where there is none.
    fn link_box(&self, i: usize) -> usize {
        let mut end = i;
        let mut at = self.page.pieces[i].region;
        while at > self.found.region {
            let region = &self.page.regions[at];
            if region.first != i || !(region.first..region.end).all(|k| self.whole_link(k) && self.in_text(k)) {
                break;
            }
            if region.end - region.first >= 2 {
                end = region.end;
            }
            at = region.parent;
        }
        end
    }

    /// Where the list ends that begins with piece `i`, if every point of it has a link and there are two or more.
    fn link_list(&self, i: usize) -> Option<usize> {
        let mut at = self.page.pieces[i].region;
        let mut found = None;
        while at > self.found.region {
            let region = &self.page.regions[at];
            if region.first != i {
                break;
            }
            if region.tag == Tag::List && region.end - region.first >= 2 {
                let points = &self.page.pieces[region.first..region.end];
                let (weight, linked) = self.page.weigh(region.first..region.end);
                let all = points.iter().all(|piece| piece.links > 0) && linked * 5 >= weight;
                found = all.then_some(region.end);
            }
            at = region.parent;
        }
        found
    }

    /// Whether a list of links is a list of headlines that nobody announced: three or more, nothing but links, of a headline's length.
    fn is_headlines(&self, list: Range<usize>) -> bool {
        let weight: u32 = list.clone().map(|k| self.page.pieces[k].weight).sum();
        let announced = list.start > 0 && self.page.pieces[list.start - 1].text.ends_with([':', '：']);
        let referred = list.start > 0 && is_references(&self.page.pieces[list.start - 1]);
        list.len() >= 3
            && weight as usize >= list.len() * 24
            && !announced
            && !referred
            && list.clone().all(|k| self.whole_link(k))
    }

    /// The next piece of the text, if it is near.
    fn next(&self, i: usize) -> Option<usize> {
        (i + 1..self.core().end).take(NEXT_MAX).find(|k| self.in_text(*k))
    }

    /// Where the list of other stories ends whose label is piece `i`.
    fn box_end(&self, i: usize) -> usize {
        let core = self.core();
        // A box of its own, which begins with the label and is a small part of the article.
        let total = self.found.prose[core.end] - self.found.prose[core.start];
        let mut at = self.page.pieces[i].region;
        let mut end = i + 1;
        while at > self.found.region {
            let region = &self.page.regions[at];
            if region.first + 1 < i {
                break;
            }
            let (weight, linked) = self.page.weigh(region.first..region.end);
            let held = self.found.prose[region.end] - self.found.prose[region.first];
            if held * 3 <= total && linked * 4 >= weight {
                // The part with its last link ends it: a template may go on with the article in the same box.
                if let Some(last) = (region.first..region.end).rev().find(|k| self.page.pieces[*k].links > 0) {
                    let mut part = self.page.pieces[last].region;
                    while part != at && self.page.regions[part].parent != at {
                        part = self.page.regions[part].parent;
                    }
                    end = end.max(if part == at { last + 1 } else { self.page.regions[part].end });
                }
            }
            at = region.parent;
        }
        if let Some(list) = (end < core.end).then(|| self.link_list(end)).flatten() {
            end = list;
        }
        // Links that follow, and the short lines between them (dates, names).
        while end < core.end {
            let piece = &self.page.pieces[end];
            let short = piece.weight < 60
                && !matches!(piece.kind, Kind::Heading(_))
                && self.next(end).is_some_and(|next| self.linked(next));
            if !self.in_text(end) || self.linked(end) || short {
                end += 1;
            } else {
                break;
            }
        }
        end
    }

    /// The summary between the headline and the article's body, where a template keeps it apart from both: it counts, as a caption does, but
    /// is no part of the text, which would tell its news twice.
    fn standfirst(&mut self, heading: Option<usize>) {
        let start = self.core().start;
        let Some(heading) = heading.filter(|heading| *heading < start) else { return };
        for i in heading + 1..start.min(heading + STANDFIRST_PIECES) {
            let piece = &self.page.pieces[i];
            let fit = (40..=600).contains(&piece.weight) && piece.linked * 5 <= piece.weight && self.sums_up(piece);
            if fit && !matches!(self.zones[i], Zone::Related | Zone::Comments) {
                self.zones[i] = Zone::Caption;
                return;
            }
        }
    }

    fn sums_up(&self, piece: &Piece) -> bool {
        let region = &self.page.regions[piece.region];
        region.signs.summary || self.page.regions[region.parent].signs.summary
    }

    /// Short lines before the first sentence: section, date, author, a button.
    fn head(&mut self) {
        let core = self.core();
        let Some(first) = core.clone().find(|i| self.is_prose(*i)) else { return };
        for i in core.start..first {
            let piece = &self.page.pieces[i];
            let sentence = piece.text.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', '”', '"', '»', '؟', '।']);
            let told = !sentence || dates::is_all(&piece.text);
            let furniture = matches!(piece.kind, Kind::Loose | Kind::Paragraph) && piece.weight < 40 && told;
            if self.in_text(i) && (furniture || (self.linked(i) && !self.in_list(i))) {
                self.zones[i] = Zone::Footer;
            }
        }
    }

    /// After the last sentence: links, and headings that nothing follows.
    fn tail(&mut self) {
        let core = self.core();
        let Some(last) = core.clone().rev().find(|i| self.is_prose(*i)) else { return };
        let mut references = false;
        for i in last + 1..core.end {
            let piece = &self.page.pieces[i];
            references |= is_references(piece);
            if self.in_text(i) && !references && self.linked(i) {
                self.zones[i] = Zone::Related;
            }
        }
        for i in (last + 1..core.end).rev() {
            if !self.in_text(i) {
                continue;
            }
            if !matches!(self.page.pieces[i].kind, Kind::Heading(_)) {
                break;
            }
            self.zones[i] = Zone::Related;
        }
    }
}
