//! In: a page, its article, its title's place, the feed's date. Out: the date and author that stand beside the title, where nothing better stated them.
//! It looks at short lines around the title and at the article's foot, never at the article's sentences.

use super::body::Found;
use super::dates;
use super::meta::{self, Meta};
use super::page::{Kind, Note, Page, Piece, Tag};
use super::title;
use crate::model::Zone;
use jiff::Timestamp;
use std::ops::Range;

/// Fills in what the page did not state. `told`: when its feed says that it was published, which is better than what lines of text say.
pub(super) fn fill(
    page: &Page,
    found: &Found,
    title: Option<usize>,
    path: &str,
    told: Option<Timestamp>,
    meta: &mut Meta,
) {
    let core = &page.regions[found.region];
    let around = around(page, found, title);
    let foot = core.end.saturating_sub(FOOT)..(core.end + FOOT_AFTER).min(page.pieces.len() + 1);
    if meta.published.is_none() {
        // Other stories have times of their own.
        let own = |note: &&Note| page.pieces.get(note.at).is_none_or(|piece| !of_others(found, piece));
        let times = page
            .notes
            .iter()
            .filter(|note| note.key == "time" && (around.contains(&note.at) || foot.contains(&note.at)))
            .filter(own);
        // The one that follows the title, else the last before it.
        let after = times.clone().find(|note| title.is_none_or(|title| note.at >= title));
        meta.published = after
            .or(times.max_by_key(|note| note.at))
            .and_then(|note| dates::parse(&note.value))
            .or(told)
            .or_else(|| dates::in_path(path));
    }
    if meta.published.is_none() {
        // What follows the title first: over it may stand the day on which the page was asked for.
        let cut = title.map_or(around.start, |title| title.clamp(around.start, around.end));
        let beside = (cut..around.end).chain((around.start..cut).rev());
        let lines = beside.filter(|i| readable(page, found, *i) || dated(page, found, *i));
        let own = |i: &usize| readable(page, found, *i) && speaks_of_itself(&page.pieces[*i].text);
        let foot = foot.take_while(|i| *i < page.pieces.len()).filter(|i| own(i) || dated(page, found, *i));
        let mut updated = None;
        for i in lines.chain(foot) {
            let text = &page.pieces[i].text;
            if in_masthead(page, i, title) {
                continue;
            }
            if let Some(date) = dates::parse(text) {
                // "3 December 2025, updated: 7 December": what stands before the first number tells what it is.
                if is_update(text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default()) {
                    updated = updated.or(Some(date));
                } else {
                    meta.published = Some(date);
                    break;
                }
            }
        }
        meta.modified = meta.modified.or(updated);
        meta.published = meta.published.or(updated);
    }
    // Many a template states the outlet where the author is asked for: whoever signed beside the title wrote it.
    let outlet = |name: &String| meta.site_name.as_ref().is_some_and(|site| title::same(site, name));
    if meta.byline.as_ref().is_none_or(outlet) {
        meta.byline = byline(page, found, around).or(meta.byline.take());
    }
}

/// Lines before the title and after the article's start that may speak of date and author.
const BEFORE: usize = 8;
const AFTER: usize = 8;
/// Lines at the article's end, and behind it, that may.
const FOOT: usize = 3;
const FOOT_AFTER: usize = 8;
/// A line heavier than this is a sentence of the article.
const LINE_WEIGHT: u32 = 140;

fn around(page: &Page, found: &Found, title: Option<usize>) -> Range<usize> {
    let core = &page.regions[found.region];
    let first = title.unwrap_or(core.first).min(core.first);
    // From the title to the first sentences, however much furniture stands between.
    let from = if first + 60 < core.first { core.first } else { first };
    from.saturating_sub(BEFORE)..(core.first.max(from) + AFTER).min(page.pieces.len())
}

/// Whether a line stands in a list of other stories, or among comments.
fn of_others(found: &Found, piece: &Piece) -> bool {
    matches!(found.apart[piece.region], Some(Zone::Related | Zone::Comments))
}

/// Whether a line may speak of date and author: short, no sentence, and in no list of other stories.
fn readable(page: &Page, found: &Found, i: usize) -> bool {
    let piece = &page.pieces[i];
    piece.weight <= LINE_WEIGHT
        && !of_others(found, piece)
        && !matches!(piece.kind, Kind::Heading(1))
        && !is_sentence(&piece.text)
}

/// Whether a line stands in the site's own head, which tells today's date, and not the article's.
fn in_masthead(page: &Page, i: usize, title: Option<usize>) -> bool {
    let mut at = page.pieces[i].region;
    while at > 0 {
        let region = &page.regions[at];
        let signs = &region.signs;
        let head = region.tag == Tag::Header || [signs.apart, signs.linked].contains(&Some(Zone::Navigation));
        if head && !title.is_some_and(|title| (region.first..region.end).contains(&title)) {
            // An article's own header may stand beside its title.
            return title.is_none_or(|title| i < title);
        }
        at = region.parent;
    }
    false
}

/// Whether the markup calls a short line the article's date, however it ends.
fn dated(page: &Page, found: &Found, i: usize) -> bool {
    let piece = &page.pieces[i];
    piece.weight <= LINE_WEIGHT
        && page.regions[piece.region].signs.date
        && !of_others(found, piece)
        && found.apart[piece.region] != Some(Zone::Navigation)
}

/// Whether a line tells something, where "Updated on 31 May 2024." only speaks of itself.
fn is_sentence(text: &str) -> bool {
    let ends = text.ends_with(['.', '!', '?', '…', '。', '！', '？']);
    ends && text.split_whitespace().count() > 4 && !speaks_of_itself(text)
}

/// Whether a line begins as those do that say when and by whom the page was made.
fn speaks_of_itself(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    ["publi", "updat", "post", "last", "first", "by", "опубл", "обнов", "дата", "изм"]
        .iter()
        .any(|word| first.starts_with(word))
}

fn is_update(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "update",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "обновл",
        "измен",
        "yangilan",
        "yangilandi",
        "aktualisiert",
        "actualiz",
        "mis à jour",
        "aggiornat",
        "更新",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

fn byline(page: &Page, found: &Found, around: Range<usize>) -> Option<String> {
    let core = &page.regions[found.region];
    let noted = page.notes.iter().filter(|note| {
        note.key == "a:author" && (around.contains(&note.at) || (core.first..core.end).contains(&note.at))
    });
    if let Some(name) = { noted }.find_map(|note| person(&note.value)) {
        return Some(name);
    }
    let lines = || around.clone().filter(|i| readable(page, found, *i)).map(|i| &page.pieces[i]);
    let named = lines().filter(|piece| signed(page, piece)).find_map(|piece| person(&piece.text));
    // "Written by" may have a line of its own.
    let parted = || {
        let alone = around.clone().find(|i| meta::is_by(&page.pieces[*i].text))?;
        person(&page.pieces.get(alone + 1).filter(|_| readable(page, found, alone + 1))?.text)
    };
    named.or_else(|| lines().find_map(|piece| by(&piece.text))).or_else(parted).or_else(|| {
        let end = core.end;
        (end.saturating_sub(4)..(end + 6).min(page.pieces.len()))
            .map(|i| &page.pieces[i])
            .filter(|p| p.weight <= 60 && signed(page, p))
            .find_map(|piece| person(&piece.text))
    })
}

/// Whether the piece stands in something that calls itself the author's.
fn signed(page: &Page, piece: &Piece) -> bool {
    let mut at = piece.region;
    for _ in 0..3 {
        let region = &page.regions[at];
        if region.signs.author {
            return true;
        }
        if at == 0 {
            break;
        }
        at = region.parent;
    }
    false
}

/// "By Ada Byron", "Автор: Ада Байрон", "김철수 기자": a line that says whose it is.
fn by(text: &str) -> Option<String> {
    let reporter = || text.strip_suffix(" 기자").filter(|name| !name.contains(char::is_whitespace));
    person(meta::after_by(text).or_else(reporter)?)
}

/// A line that can be a name: without date, few words.
fn person(text: &str) -> Option<String> {
    // The date or the section often follows on the same line.
    let head = text
        .split(['|', '•', '·', '—', '–'])
        .map(str::trim)
        .find(|part| !part.is_empty() && dates::parse(part).is_none())?;
    let head_cut = head.contains(|c: char| c.is_ascii_digit());
    let head = match head.char_indices().find(|(_, c)| c.is_ascii_digit()) {
        // "Ada Byron 3 May"; one word before a number is a month: "Mar 5".
        Some((at, _)) => head[..at].trim_end_matches(|c: char| !c.is_alphabetic()),
        None => head,
    };
    let name = meta::name(head)?;
    let words = name.split_whitespace().count();
    if words == 1 && head_cut {
        return None;
    }
    let generic = [
        "author",
        "authors",
        "share",
        "updated",
        "published",
        "written by",
        "posted by",
        "about the author",
        "posted",
        "editor",
        "follow",
        "автор",
    ];
    let fit = words <= 8
        && name.chars().count() <= 80
        && !generic.contains(&name.to_lowercase().as_str())
        && !name.ends_with(['.', '?', '!']);
    fit.then_some(name)
}
