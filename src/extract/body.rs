//! In: a page as pieces and regions. Out: the region that is the article, and which pieces count as prose.
//! It never looks at words of a language beyond counting them.
//!
//! # How
//! 1. A piece is **prose** by its shallow features alone, as Kohlschütter, Fankhauser and Nejdl found (*Boilerplate detection using shallow text
//!    features*, WSDM 2010): how long it is, how much of it is links, and whether its neighbours are prose.
//! 2. What the markup calls a menu, a related box or comments is believed ([`signs`](super::signs)), as Readability's "unlikely candidates" and
//!    trafilatura's discard lists do, unless it holds most of the page's prose: templates lie.
//! 3. From the document downwards we follow the child with the most prose as long as it holds nearly all of it (Readability's top candidate, but
//!    from above and without decaying scores), and stop at, or jump to, a region that calls itself the article's body (trafilatura's body paths).

use super::page::{Kind, Page, Piece, Tag};
use crate::model::Zone;

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The article's region.
    pub(super) region: usize,
    /// By what it was found: `selector`, `body` (it calls itself so), `article`, `main`, or `density`.
    pub(super) method: &'static str,
    /// The zone of each region that stands apart, by itself or through an ancestor.
    pub(super) apart: Vec<Option<Zone>>,
    /// Prose before each piece: a prefix sum of weights.
    pub(super) prose: Vec<u32>,
}

impl Found {
    /// The weight of the prose in a region.
    pub(super) fn prose_in(&self, page: &Page, region: usize) -> u32 {
        let region = &page.regions[region];
        self.prose[region.end] - self.prose[region.first]
    }
}

/// Finds the article. `heading`: the piece that is its title, where one is.
pub(super) fn find(page: &Page, heading: Option<usize>) -> Found {
    if let Some(found) = selected(page) {
        return found;
    }
    let raw = sums(page, |_| true);
    let total = *raw.last().unwrap_or(&0);
    let teasers = teasers(page);
    let mut trusted = vec![true; page.regions.len()];
    let mut doubts = 0;
    let (apart, prose) = loop {
        let apart = apart(page, &raw, &trusted, &teasers);
        let prose = sums(page, |region| apart[region].is_none());
        let left = *prose.last().unwrap_or(&0);
        if left >= LEFT_WEIGHT || left * 2 >= total || doubts == DOUBTS_MAX {
            break (apart, prose);
        }
        // Nothing to read: the sign that hides most is wrong.
        let held = |i: &usize| raw[page.regions[*i].end] - raw[page.regions[*i].first];
        let hiding =
            (1..page.regions.len()).filter(|i| apart[*i].is_some() && apart[page.regions[*i].parent].is_none());
        let Some(wrong) = hiding.max_by_key(held) else { break (apart, prose) };
        trusted[wrong] = false;
        doubts += 1;
    };
    let mut found = Found { region: 0, method: "density", apart, prose };
    (found.region, found.method) = choose(page, &found, heading);
    found
}

/// What the user's selector chose; within it the signs are believed, so that it may name an element that holds boxes too.
fn selected(page: &Page) -> Option<Found> {
    let chosen: Vec<usize> = (0..page.regions.len())
        .filter(|i| page.regions[*i].selected && page.regions[*i].first < page.regions[*i].end)
        .collect();
    let (first, last) = (*chosen.first()?, *chosen.last()?);
    let mut region = first;
    while page.regions[region].last < page.regions[last].last {
        region = page.regions[region].parent;
    }
    let mut zones: Vec<Option<Zone>> = vec![Some(Zone::Footer); page.regions.len()];
    for (i, own) in page.regions.iter().enumerate() {
        let above = if i == 0 { Some(Zone::Footer) } else { zones[own.parent] };
        zones[i] = match (own.selected, above) {
            (true, _) => None,
            (false, None) if own.signs.hidden => Some(Zone::Footer),
            (false, None) => own.signs.apart,
            (false, above) => own.signs.apart.or(above),
        };
    }
    let prose = sums(page, |region| zones[region].is_none());
    Some(Found { region, method: "selector", apart: zones, prose })
}

/// Signs that are doubted before the page is taken for one without prose.
const DOUBTS_MAX: usize = 6;

/// Weight of the prose that must be left for the signs to be believed.
const LEFT_WEIGHT: u32 = 200;

/// Prefix sums of prose, of the pieces whose region passes.
fn sums(page: &Page, counts: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut sums = Vec::with_capacity(page.pieces.len() + 1);
    let mut sum = 0_u32;
    sums.push(0);
    for (i, piece) in page.pieces.iter().enumerate() {
        if is_prose(page, i) && counts(piece.region) {
            sum = sum.saturating_add(piece.weight);
        }
        sums.push(sum);
    }
    sums
}

/// Weight from which a piece with few links is prose by itself.
const PROSE_WEIGHT: u32 = 60;

fn is_prose(page: &Page, i: usize) -> bool {
    let piece = &page.pieces[i];
    if piece.linked * 3 > piece.weight || matches!(piece.kind, Kind::Heading(_) | Kind::Caption) {
        return false;
    }
    if piece.weight >= PROSE_WEIGHT {
        return true;
    }
    // A short piece is prose between long ones.
    let long = |j: usize| page.pieces.get(j).is_some_and(|p| p.weight >= PROSE_WEIGHT && p.linked * 3 <= p.weight);
    piece.weight >= 20 && i > 0 && long(i - 1) && long(i + 1)
}

/// The zone of each region that stands apart.
fn apart(page: &Page, raw: &[u32], trusted: &[bool], teasers: &[bool]) -> Vec<Option<Zone>> {
    let total = *raw.last().unwrap_or(&0);
    let mut zones: Vec<Option<Zone>> = vec![None; page.regions.len()];
    for (i, region) in page.regions.iter().enumerate() {
        if i > 0 && zones[region.parent].is_some() {
            zones[i] = zones[region.parent];
            continue;
        }
        let held = raw[region.end] - raw[region.first];
        let signs = &region.signs;
        if !trusted[i] {
            continue;
        }
        // Templates lie: what holds most of the prose is the article, whatever it is called. A footer or menu must hold nearly all.
        let most = held > 200
            && held * 10 > total * if matches!(signs.apart, Some(Zone::Footer | Zone::Navigation)) { 8 } else { 5 };
        let (weight, linked) = page.weigh(region.first..region.end);
        let full_of_links = linked * 4 > weight;
        if signs.hidden && !most {
            zones[i] = Some(Zone::Footer);
        } else if let Some(zone) = signs.apart {
            if !most || (zone == Zone::Comments && total - held > 300) {
                zones[i] = Some(zone);
            }
        } else if held * 4 <= total {
            let doubted = signs.doubtful.filter(|_| held < DOUBTFUL_WEIGHT || full_of_links);
            zones[i] = doubted.or(signs.linked.filter(|_| full_of_links && !matches!(region.tag, Tag::Heading(_))));
        }
        if zones[i].is_none() && teasers[i] && total - held > 400 {
            zones[i] = Some(Zone::Related);
        }
    }
    zones
}

/// Weight of the prose below which a doubtful region is believed to stand apart.
const DOUBTFUL_WEIGHT: u32 = 300;

/// Which regions are lists of teasers: three elements or more that each begin with a link and say little else.
fn teasers(page: &Page) -> Vec<bool> {
    let mut teasers = vec![false; page.regions.len()];
    let mut in_body = vec![false; page.regions.len()];
    for (i, region) in page.regions.iter().enumerate() {
        in_body[i] = region.signs.body || (i > 0 && in_body[region.parent]);
        // Within the article's own text a list of links with notes may be its matter.
        if in_body[i]
            || region.end - region.first < 6
            || !matches!(region.tag, Tag::List | Tag::Div | Tag::Section | Tag::Aside)
        {
            continue;
        }
        let (mut all, mut fit) = (0, 0);
        for child in children(page, i) {
            let child = &page.regions[child];
            if child.first < child.end {
                all += 1;
                fit += usize::from(is_teaser(&page.pieces[child.first..child.end]));
            }
        }
        teasers[i] = fit >= 3 && fit * 5 >= all * 4;
    }
    teasers
}

fn is_teaser(pieces: &[Piece]) -> bool {
    let whole = |piece: &Piece| piece.weight >= 15 && piece.linked * 20 >= piece.weight * 19;
    (2..=5).contains(&pieces.len())
        && pieces.iter().take(3).any(whole)
        && pieces.iter().map(|piece| piece.weight - piece.linked.min(piece.weight)).sum::<u32>() <= 450
}

/// Share of the prose, in hundredths, that a child must hold for us to go down into it.
const SHARE: u64 = 65;

fn choose(page: &Page, found: &Found, heading: Option<usize>) -> (usize, &'static str) {
    let held = |i: usize| u64::from(found.prose_in(page, i));
    let within = |at: usize| at..page.regions[at].last;
    let open = |i: &usize| found.apart[*i].is_none();
    if let Some(body) = bodies(page, found, heading) {
        return (innermost(page, found, body), "body");
    }
    let mut at = 0;
    loop {
        let here = held(at);
        if here == 0 {
            return (at, "density");
        }
        // The one with the title in it, else the one with the most prose: a page may go on with the next article.
        let articles = || within(at).filter(|i| page.regions[*i].tag == Tag::Article).filter(open);
        let titled = |i: &usize| {
            heading.is_some_and(|heading| (page.regions[*i].first..page.regions[*i].end).contains(&heading))
        };
        let own = articles().filter(titled).find(|i| held(*i) >= 200 && held(*i) * 100 >= here * 20);
        let most = articles().max_by_key(|i| (held(*i), std::cmp::Reverse(*i))).filter(|i| held(*i) * 100 >= here * 50);
        if let Some(best) = own.or(most) {
            if best == at {
                return (at, "article");
            }
            at = best;
            continue;
        }
        let child = children(page, at).max_by_key(|i| (held(*i), std::cmp::Reverse(*i)));
        match child {
            Some(child)
                if held(child) * 100 >= here * SHARE
                    && !matches!(page.regions[child].tag, Tag::Paragraph | Tag::List | Tag::Quote) =>
            {
                at = child;
            }
            _ => return (at, if page.regions[at].tag == Tag::Main { "main" } else { "density" }),
        }
    }
}

/// The region that calls itself the article's body; the one around them where there are several parts.
fn bodies(page: &Page, found: &Found, heading: Option<usize>) -> Option<usize> {
    let held = |i: usize| found.prose_in(page, i);
    let total = held(0);
    let mut outermost: Vec<usize> = vec![];
    for i in 0..page.regions.len() {
        let inside = outermost.last().is_some_and(|last| i < page.regions[*last].last);
        if !inside && page.regions[i].signs.body && found.apart[i].is_none() && held(i) > 0 {
            outermost.push(i);
        }
    }
    // A heading of the first rank between two bodies begins the next article.
    if let Some(heading) = heading {
        let region = |body: usize| &page.regions[body];
        let in_body = |i: usize| {
            let at = outermost.partition_point(|body| region(*body).end <= i);
            outermost.get(at).is_some_and(|body| region(*body).first <= i)
        };
        let begins = |i: usize| page.pieces[i].kind == Kind::Heading(1) && !in_body(i);
        if let Some(next) = (heading + 1..page.pieces.len()).find(|i| begins(*i)) {
            let own = |body: &usize| (heading.saturating_sub(8)..next).contains(&page.regions[*body].first);
            if outermost.iter().any(own) {
                outermost.retain(own);
            }
        }
    }
    let sum: u32 = outermost.iter().map(|i| held(*i)).sum();
    let best = *outermost.iter().max_by_key(|i| (held(**i), std::cmp::Reverse(**i)))?;
    if u64::from(held(best)) * 100 < u64::from(total) * BODY_SHARE || held(best) < 150 {
        return None;
    }
    if held(best) * 10 >= sum * 6 {
        return Some(best);
    }
    // A live blog, or a template that cuts the text in parts.
    let (first, last) = (*outermost.first()?, *outermost.last()?);
    let mut around = first;
    while page.regions[around].last < page.regions[last].last {
        around = page.regions[around].parent;
    }
    Some(if held(around) * 10 <= sum * 14 { around } else { best })
}

/// Share of the page's prose, in hundredths, that a region must hold for us to believe that it is the body.
const BODY_SHARE: u64 = 25;

/// The innermost body in a body that holds nearly all of it: "post-content" is often a wrapper of "entry-content" and a share bar.
fn innermost(page: &Page, found: &Found, at: usize) -> usize {
    let held = |i: usize| u64::from(found.prose_in(page, i));
    let inner =
        (at + 1..page.regions[at].last).filter(|i| page.regions[*i].signs.body && held(*i) * 100 >= held(at) * 92);
    inner.max().unwrap_or(at)
}

/// The regions directly in a region.
pub(super) fn children(page: &Page, at: usize) -> impl Iterator<Item = usize> + '_ {
    let last = page.regions[at].last;
    let mut next = at + 1;
    std::iter::from_fn(move || {
        let child = next;
        (child < last).then(|| next = page.regions[child].last)?;
        Some(child)
    })
}
