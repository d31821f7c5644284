//! In: a page and what was found on it. Out: what stands in the way of the article — a paywall, a consent form, a check for robots, "not found".
//! It judges only pages with little text: an article about paywalls is an article.

use super::body::Found;
use super::meta::Meta;
use super::page::{Kind, Page, Piece};
use super::phrases::phrases;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    Paywall,
    Consent,
    Captcha,
    NotFound,
}

impl Wall {
    /// As [`Article::method`](crate::model::Article::method) says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Paywall => "paywall",
            Self::Consent => "consent",
            Self::Captcha => "captcha",
            Self::NotFound => "not-found",
        }
    }
}

/// Weight of the text below which a page may be a check for robots, a consent form or "not found".
const STUB_WEIGHT: u32 = 700;
/// Weight of the longest line in which a check for robots speaks.
const SAID_WEIGHT: u32 = 250;
/// Weight of the text below which it may be the free part of a paid article.
const TEASER_WEIGHT: u32 = 1_800;

/// Recognises a wall. `weight`: of the article's text.
pub(super) fn recognise(page: &Page, found: &Found, meta: &Meta, weight: u32) -> Option<Wall> {
    let core = &page.regions[found.region];
    if weight < STUB_WEIGHT {
        let titles = meta.titles.iter().map(String::as_str);
        let headings = page.pieces.iter().filter(|p| matches!(p.kind, Kind::Heading(1 | 2))).map(|p| p.text.as_str());
        let heads: Vec<String> = titles.chain(headings).take(12).map(fold).collect();
        if heads.iter().any(|head| is_not_found(head)) {
            return Some(Wall::NotFound);
        }
        let all = page.pieces.iter().map(|p| p.weight).sum::<u32>();
        let lines: Vec<String> = page.pieces.iter().take(PIECES_MAX).map(|p| fold(&p.text)).collect();
        let says = |phrases: &Phrases| heads.iter().chain(&lines).any(|line| phrases.stand_in(line));
        if all < STUB_WEIGHT * 4 {
            // A report on "unusual traffic" at a border is longer than the line in which a wall says so.
            let said = |(piece, line): (&Piece, &String)| {
                (piece.weight <= SAID_WEIGHT && CAPTCHA.stand_in(line)).then_some(piece.weight)
            };
            // "Unusual traffic at the border" goes on; "Attention required! | Guard" does not.
            let ends = |head: &str, phrase: &str| {
                head.split(phrase).skip(1).any(|rest| !rest.trim_start().starts_with(char::is_alphanumeric))
            };
            let headed = heads.iter().any(|head| CAPTCHA.all.iter().any(|phrase| ends(head, phrase)));
            let said: u32 = page.pieces.iter().zip(&lines).filter_map(said).sum();
            if headed || said > 0 && (said * 3 > weight || weight < STUB_WEIGHT / 3) {
                return Some(Wall::Captcha);
            }
            if weight < STUB_WEIGHT / 2 && lines.iter().any(|line| NOT_FOUND_TEXT.stand_in(line)) {
                return Some(Wall::NotFound);
            }
        }
        // The form must be what the page is about, not a bar at its foot.
        let speaks = |text: &str| CONSENT.stand_in(&fold(text));
        let pieces = page.pieces[core.first..core.end].iter().take(PIECES_MAX);
        let consent: u32 = pieces.filter(|piece| speaks(&piece.text)).map(|piece| piece.weight).sum();
        if consent * 3 > weight && consent > 0 || (weight < 100 && says(&CONSENT_TITLE)) {
            return Some(Wall::Consent);
        }
    }
    if weight < TEASER_WEIGHT {
        if meta.free == Some(false) {
            return Some(Wall::Paywall);
        }
        // Within the article or right behind it; "Subscribe" in a site's head says nothing. Many outlets ask under every article, so a longer
        // text must also break off.
        let last = page.pieces[core.first..core.end]
            .iter()
            .rev()
            .take(PIECES_MAX)
            .find(|p| p.weight >= 40 && !asks_to_pay(&p.text));
        let breaks_off = last.is_some_and(|piece| piece.text.ends_with(['…', ',']) || piece.text.ends_with("..."));
        let near = core.first..(core.end + BEHIND).min(page.pieces.len());
        let asks = near.map(|i| &page.pieces[i]).filter(|p| p.weight < 400).any(|p| asks_to_pay(&p.text));
        if asks && (weight < TEASER_WEIGHT / 2 || breaks_off) {
            return Some(Wall::Paywall);
        }
    }
    None
}

/// Pieces that are looked at.
const PIECES_MAX: usize = 200;
/// Pieces behind the article in which a paywall speaks.
const BEHIND: usize = 8;

/// Whether a line asks to pay or to register for the rest of the article.
pub(super) fn asks_to_pay(line: &str) -> bool {
    PAYWALL.stand_in(&fold(line))
}

fn fold(text: &str) -> String {
    text.chars()
        .take(400)
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | 'ʻ' | 'ʼ') { '\'' } else { c })
        .collect()
}

fn is_not_found(head: &str) -> bool {
    let head = head.trim();
    let bare = head.trim_matches(|c: char| !c.is_alphanumeric());
    bare == "404"
        || bare.starts_with("404 ") && bare.len() < 60
        || bare.starts_with("error 404")
        || bare.ends_with(" 404") && bare.len() < 40
        || NOT_FOUND
            .all
            .iter()
            .any(|phrase| head.contains(phrase) && head.chars().count() <= phrase.chars().count() + 40)
}

/// The phrases of a list, looked for in one go.
struct Phrases {
    all: Vec<&'static str>,
    any: Option<AhoCorasick>,
}

impl Phrases {
    fn of(list: &'static str) -> Self {
        let all: Vec<&str> = phrases(list).collect();
        Self { any: AhoCorasick::new(&all).ok(), all }
    }

    fn stand_in(&self, line: &str) -> bool {
        self.any.as_ref().is_some_and(|any| any.is_match(line))
    }
}

static NOT_FOUND: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/not_found.txt")));
static NOT_FOUND_TEXT: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/not_found_text.txt")));
static CAPTCHA: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/captcha.txt")));
static CONSENT_TITLE: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/consent_title.txt")));
static CONSENT: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/consent.txt")));
static PAYWALL: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(include_str!("phrases/paywall.txt")));
