//! In: a page and the article's region in it. Out: its blocks in reading order, each with its zone.
//! It decides piece by piece within the article; what stands outside keeps the zone that the markup gives it.

use super::body::Found;
use super::page::{Kind, Page, Piece, Tag};
use crate::model::{Block, Zone};

/// The blocks of a page. `title` is the article's title, which is not repeated in the text.
pub(super) fn blocks(page: &mut Page, found: &Found, title: &str) -> Vec<Block> {
    let zones = zones(page, found, title);
    let mut blocks = Vec::with_capacity(page.pieces.len() + 1);
    if !title.is_empty() {
        blocks.push(Block { zone: Zone::Title, text: title.to_string() });
    }
    for (piece, zone) in page.pieces.iter_mut().zip(zones) {
        if let Some(zone) = zone {
            blocks.push(Block { zone, text: std::mem::take(&mut piece.text) });
        }
    }
    blocks
}

/// The zone of each piece; `None` for the title's own.
fn zones(page: &Page, found: &Found, title: &str) -> Vec<Option<Zone>> {
    let core = &page.regions[found.region];
    let mut lead = Some(Zone::Lead);
    let mut zones = Vec::with_capacity(page.pieces.len());
    for (i, piece) in page.pieces.iter().enumerate() {
        let zone =
            if i < core.first || i >= core.end { outside(page, found, piece) } else { inside(page, found, i, title) };
        let zone = if zone == Some(Zone::Body) && !matches!(piece.kind, Kind::Heading(_)) {
            lead.take().or(zone)
        } else {
            zone
        };
        zones.push(zone);
    }
    zones
}

fn outside(page: &Page, found: &Found, piece: &Piece) -> Option<Zone> {
    found.apart[piece.region].or_else(|| {
        if matches!(piece.kind, Kind::Caption) {
            Some(Zone::Footer)
        } else if piece.linked * 2 > piece.weight {
            Some(Zone::Related)
        } else {
            let _ = page;
            Some(Zone::Footer)
        }
    })
}

fn inside(page: &Page, found: &Found, i: usize, title: &str) -> Option<Zone> {
    let piece = &page.pieces[i];
    if let Some(zone) = found.apart[piece.region] {
        return Some(zone);
    }
    if matches!(piece.kind, Kind::Heading(1 | 2)) && piece.text == title {
        return None;
    }
    let mut at = piece.region;
    while at > found.region {
        let region = &page.regions[at];
        match region.tag {
            // A figure may hold a table or a pull quote.
            Tag::Table => return Some(Zone::Body),
            Tag::Quote => return Some(Zone::Quote),
            Tag::Figure | Tag::Caption => return Some(Zone::Caption),
            _ if region.signs.caption => return Some(Zone::Caption),
            _ => at = region.parent,
        }
    }
    Some(Zone::Body)
}
pub(super) fn zones_for_dump(page: &mut Page, found: &Found) -> Vec<Option<Zone>> {
    zones(page, found, "")
