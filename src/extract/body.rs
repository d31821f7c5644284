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

use super::page::{Kind, Page, Tag};
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

/// Finds the article.
pub(super) fn find(page: &Page) -> Found {
    if let Some(found) = selected(page) {
        return found;
    }
    let raw = sums(page, |_| true);
    let total = *raw.last().unwrap_or(&0);
    let mut trust = Trust::All;
    let (apart, prose) = loop {
        let apart = apart(page, &raw, trust);
        let prose = sums(page, |region| apart[region].is_none());
        let left = *prose.last().unwrap_or(&0);
        if trust == Trust::Tags || left >= LEFT_WEIGHT || left * 2 >= total {
            break (apart, prose);
        }
        trust = if trust == Trust::All { Trust::Words } else { Trust::Tags };
    };
    let mut found = Found { region: 0, method: "density", apart, prose };
    (found.region, found.method) = choose(page, &found);
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

/// How far the signs are believed: less, when they leave nothing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    All,
    Words,
    Tags,
}

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
const PROSE_WEIGHT: u32 = 70;

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
fn apart(page: &Page, raw: &[u32], trust: Trust) -> Vec<Option<Zone>> {
    let total = *raw.last().unwrap_or(&0);
    let mut zones: Vec<Option<Zone>> = vec![None; page.regions.len()];
    for (i, region) in page.regions.iter().enumerate() {
        if i > 0 && zones[region.parent].is_some() {
            zones[i] = zones[region.parent];
            continue;
        }
        let held = raw[region.end] - raw[region.first];
        let most = held * 2 > total && held > 200;
        let signs = &region.signs;
        if trust == Trust::Tags && !matches!(region.tag, Tag::Nav | Tag::Footer | Tag::Aside) {
            continue;
        }
        if signs.hidden && !most {
            zones[i] = Some(Zone::Footer);
        } else if let Some(zone) = signs.apart {
            if !most || (zone == Zone::Comments && total - held > 300) {
                zones[i] = Some(zone);
            }
        } else if let Some(zone) = signs.doubtful
            && trust == Trust::All
            && held * 4 <= total
        {
            let (weight, linked) =
                page.pieces[region.first..region.end].iter().fold((0, 0), |(w, l), p| (w + p.weight, l + p.linked));
            // Believed where it is short, or full of links.
            if held < 300 || linked * 4 > weight {
                zones[i] = Some(zone);
            }
        }
    }
    zones
}

/// Share of the prose, in hundredths, that a child must hold for us to go down into it.
const SHARE: u64 = 75;

fn choose(page: &Page, found: &Found) -> (usize, &'static str) {
    let held = |i: usize| u64::from(found.prose_in(page, i));
    let mut at = 0;
    loop {
        let here = held(at);
        if here == 0 {
            return (at, "density");
        }
        // The region in here that calls itself the body, and holds most.
        let best = (at..page.regions[at].last)
            .filter(|i| page.regions[*i].signs.body && found.apart[*i].is_none())
            .max_by_key(|i| (held(*i), std::cmp::Reverse(*i)));
        if let Some(best) = best
            && held(best) * 100 >= here * 60
        {
            return (innermost(page, found, best), "body");
        }
        let articles =
            (at..page.regions[at].last).filter(|i| page.regions[*i].tag == Tag::Article && found.apart[*i].is_none());
        if let Some(best) = articles.max_by_key(|i| (held(*i), std::cmp::Reverse(*i)))
            && held(best) * 100 >= here * 50
        {
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
                at = child
            }
            _ => return (at, if page.regions[at].tag == Tag::Main { "main" } else { "density" }),
        }
    }
}

/// The innermost body in a body that holds nearly all of it: "post-content" is often a wrapper of "entry-content" and a share bar.
fn innermost(page: &Page, found: &Found, at: usize) -> usize {
    let held = |i: usize| u64::from(found.prose_in(page, i));
    let inner =
        (at + 1..page.regions[at].last).filter(|i| page.regions[*i].signs.body && held(*i) * 100 >= held(at) * 92);
    inner.last().unwrap_or(at)
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
