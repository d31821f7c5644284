//! In: a page and the article's region in it. Out: the zone of each of its pieces.
//! Within the article it goes piece by piece: captions, quotes, boxes of other stories, furniture; outside, the markup's own word stands.
//! What it is unsure of inside the article stays body: an alert that never came is worse than a stray line.

use super::body::Found;
use super::page::{Kind, Page, Piece, Tag};
use super::{phrases, title};
use crate::model::Zone;

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
            _ if region.signs.caption => return Zone::Caption,
            _ => at = region.parent,
        }
    }
    Zone::Body
}

/// Goes over the pieces of the article and takes out what is not of it.
struct Sweep<'a> {
    page: &'a Page,
    found: &'a Found,
    zones: &'a mut Vec<Zone>,
}

impl Sweep<'_> {
    fn core(&self) -> std::ops::Range<usize> {
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

    fn whole_link(&self, i: usize) -> bool {
        let piece = &self.page.pieces[i];
        piece.linked * 20 >= piece.weight * 19
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
            if !self.in_text(i) {
                continue;
            }
            let piece = &self.page.pieces[i];
            if let Some(zone) = phrases::furniture(&piece.text) {
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
            let text = piece.text.as_str();
            if phrases::labels_related(text) && (piece.links > 0 || piece.weight <= 160) {
                self.zones[i] = Zone::Related;
                i += 1;
                continue;
            }
            let certain = phrases::is_related_label(text);
            if certain
                || (phrases::may_be_related_label(text) && self.next(i).is_some_and(|next| self.whole_link(next)))
            {
                let end = self.box_end(i);
                if certain || end > i + 1 {
                    for k in i..end {
                        if self.in_text(k) {
                            self.zones[k] = Zone::Related;
                        }
                    }
                    i = end;
                    continue;
                }
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

    /// The next piece of the text.
    fn next(&self, i: usize) -> Option<usize> {
        (i + 1..self.core().end).find(|k| self.in_text(*k))
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
            let pieces = &self.page.pieces[region.first..region.end];
            let (weight, linked) = pieces.iter().fold((0, 0), |(w, l), p| (w + p.weight, l + p.linked));
            let held = self.found.prose[region.end] - self.found.prose[region.first];
            if held * 3 <= total && linked * 4 >= weight {
                end = end.max(region.end);
            }
            at = region.parent;
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

    /// Short lines before the first sentence: section, date, author, a button.
    fn head(&mut self) {
        let core = self.core();
        let Some(first) = core.clone().find(|i| self.is_prose(*i)) else { return };
        for i in core.start..first {
            let piece = &self.page.pieces[i];
            let sentence = piece.text.ends_with(['.', '!', '?', '…', '。', '！', '？', ':', '”', '"', '»', '؟', '।']);
            let furniture = matches!(piece.kind, Kind::Loose | Kind::Paragraph) && piece.weight < 40 && !sentence;
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
            references |= phrases::is_references(&piece.text);
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
