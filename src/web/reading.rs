//! An article's text with its hits in colour, one per watch, and the legend. In: the article and its hits. Out: paragraphs;
//! what does not count stands back. Bounded: of a book the first pages are shown.

use super::Desk;
use super::explain::zone;
use super::show::harmless;
use crate::matching::Text;
use crate::model::limits::{BLOCKS_SHOWN_MAX, TEXT_CHARS_SHOWN_MAX};
use crate::model::{Article, Hit, SourceId, Watch, Zone};
use crate::render::line::{count, name};
use jiff::Timestamp;
use maud::{Markup, html};

/// Colours; those of further watches begin anew.
const COLOURS: usize = 8;

/// An archived article as the matcher sees it, with what its source is configured to be now.
pub(super) fn text<'a>(article: &'a Article, source: &'a SourceId, desk: &'a Desk, now: Timestamp) -> Text<'a> {
    let configured = desk.sources.iter().find(|known| known.id == *source);
    Text {
        title: &article.title,
        text: &article.text,
        zones: &article.zones,
        url: &article.url,
        language: article.language.as_deref(),
        author: article.byline.as_deref(),
        tags: configured.map_or(&[], |source| &source.tags),
        source: source.as_str(),
        published: article.published,
        tier: configured.and_then(|source| source.tier),
        now,
    }
}

/// What was found, in the order found: one line of the legend each.
pub(super) struct Legend<'h>(Vec<(String, &'h Hit, usize)>);

impl<'h> Legend<'h> {
    pub(super) fn of(hits: &'h [Hit]) -> Self {
        let mut found: Vec<(String, &Hit, usize)> = vec![];
        for hit in hits {
            let key = key(hit);
            match found.iter_mut().find(|(known, ..)| *known == key) {
                Some((.., n)) => *n += 1,
                None => found.push((key, hit, 1)),
            }
        }
        Self(found)
    }

    fn colour(&self, hit: &Hit) -> usize {
        let key = key(hit);
        self.0.iter().position(|(known, ..)| *known == key).unwrap_or(0) % COLOURS
    }

    /// `watches` say how a watch is called.
    pub(super) fn shown(&self, watches: &[Watch]) -> Markup {
        let called = |hit: &Hit| {
            let watch =
                watches.iter().find(|known| hit.entry.is_none() && Some(known.id.as_str()) == hit.watch.as_deref());
            let first = watch.and_then(|watch| watch.names.first().or(watch.exact.first()));
            name(first.unwrap_or(&hit.name))
        };
        html! {
            @if self.0.is_empty() { p.soft { "No watch was found in what counts of this article." } } @else {
                ul.legend aria-label="Found in this article" {
                    @for (at, (key, hit, n)) in self.0.iter().enumerate() {
                        li {
                            mark class={ "w" (at % COLOURS) } { bdi { (called(hit)) } }
                            " " @match &hit.watch {
                                Some(watch) if hit.entry.is_none() => a href={ "/watch/" (watch) } { "@" (name(key)) },
                                _ => span.soft { (name(key)) },
                            }
                            " " span.soft { "×" (n) }
                        }
                    }
                }
            }
        }
    }
}

fn key(hit: &Hit) -> String {
    match (&hit.watch, &hit.entry) {
        (Some(list), Some(row)) => format!("{list}/{row}"),
        (Some(watch), None) => watch.clone(),
        (None, _) => format!("“{}”", hit.name),
    }
}

/// The title with its hits.
pub(super) fn title(article: &Article, hits: &[Hit], legend: &Legend) -> Markup {
    let in_title: Vec<&Hit> = hits.iter().filter(|hit| hit.zone == Zone::Title).collect();
    if article.title.trim().is_empty() {
        return html! { "(no title)" };
    }
    html! { (coloured(&article.title, 0, &in_title, legend, 400)) }
}

/// The text, block by block.
pub(super) fn body(article: &Article, hits: &[Hit], legend: &Legend) -> Markup {
    let in_text: Vec<&Hit> = hits.iter().filter(|hit| hit.zone != Zone::Title && hit.block.is_none()).collect();
    let mut shown = vec![];
    let (mut offset, mut chars, mut left_out) = (0, 0, 0);
    let plain: Vec<(Zone, &str)> = match article.zones.as_slice() {
        [] => article.text.split("\n\n").map(|block| (Zone::Body, block)).collect(),
        blocks => blocks.iter().map(|block| (block.zone, &*block.text)).collect(),
    };
    for (index, (of, text)) in plain.into_iter().enumerate() {
        let from = offset;
        let length = if of.in_text() || chars < TEXT_CHARS_SHOWN_MAX { text.chars().count() } else { 0 };
        if of.in_text() {
            offset += length + 2;
        }
        if of == Zone::Title {
            // The headline stands above.
            continue;
        }
        if shown.len() >= BLOCKS_SHOWN_MAX || chars >= TEXT_CHARS_SHOWN_MAX {
            left_out += 1;
            continue;
        }
        let room = TEXT_CHARS_SHOWN_MAX - chars;
        chars += length;
        let of_block: Vec<&Hit>;
        let mine = if of.in_text() {
            &in_text
        } else {
            of_block = hits.iter().filter(|hit| hit.block == Some(index)).collect();
            &of_block
        };
        shown.push((of, coloured(text, if of.in_text() { from } else { 0 }, mine, legend, room)));
    }
    html! {
        @for (of, text) in &shown {
            @match of {
                Zone::Lead | Zone::Body => p dir="auto" { (text) },
                Zone::Quote => blockquote dir="auto" { (text) },
                _ if of.counts() => p.beside dir="auto" { span.zone { (zone(*of)) } " " (text) },
                _ => p.faded dir="auto" { span.zone { (zone(*of)) } " " (text) },
            }
        }
        @if left_out > 0 { p.soft { "and " (count(left_out, "more block", "more blocks")) "; " code { "wirewatch article show" } " shows all." } }
    }
}

/// A text of which the first letter is number `from`, with the hits in it; the first `room` letters of it.
fn coloured(text: &str, from: usize, hits: &[&Hit], legend: &Legend, room: usize) -> Markup {
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).take(room + 1).collect();
    let end = bytes.len() - 1;
    let mut pieces: Vec<(&str, Option<usize>)> = vec![];
    let mut at = 0;
    for hit in hits {
        let (Some(start), Some(stop)) = (hit.start.checked_sub(from), hit.end.checked_sub(from)) else { continue };
        // Of what overlaps, the first is marked.
        if start < at || start >= stop || stop > end {
            continue;
        }
        pieces.push((&text[bytes[at]..bytes[start]], None));
        pieces.push((&text[bytes[start]..bytes[stop]], Some(legend.colour(hit))));
        at = stop;
    }
    pieces.push((&text[bytes[at]..bytes[end]], None));
    let cut = bytes[end] < text.len();
    html! {
        @for (text, colour) in &pieces {
            @match colour {
                Some(colour) => mark class={ "w" (colour) } { bdi { (harmless(text)) } },
                None => (harmless(text)),
            }
        }
        @if cut { "…" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, HitKind};

    fn hit(watch: &str, zone: Zone, block: Option<usize>, start: usize, end: usize) -> Hit {
        let (name, text, sentence) = (watch.to_string(), String::new(), String::new());
        Hit {
            watch: Some(watch.into()),
            entry: None,
            topics: vec![],
            kind: HitKind::Name,
            name,
            text,
            zone,
            block,
            start,
            end,
            sentence,
        }
    }

    #[test]
    fn each_watch_has_its_colour_and_what_does_not_count_stands_back() {
        let block = |zone, text: &str| Block { zone, text: text.into() };
        let mut article = Article { title: "王毅 in Astana".into(), ..Article::default() };
        article.set_zones(vec![
            block(Zone::Lead, "Ван И <b>met</b>"),
            block(Zone::Related, "Wang Yi elsewhere"),
            block(Zone::Caption, "SCO flag"),
            block(Zone::Body, "the SCO"),
        ]);
        let sco = article.text.chars().count() - 3;
        let hits = [
            hit("wang-yi", Zone::Title, None, 0, 2),
            hit("wang-yi", Zone::Lead, None, 0, 5),
            hit("sco", Zone::Body, None, sco, sco + 3),
            hit("sco", Zone::Caption, Some(2), 0, 3),
        ];
        let legend = Legend::of(&hits);
        assert!(title(&article, &hits, &legend).0.starts_with("<mark class=\"w0\"><bdi>王毅</bdi></mark> in"));
        let body = body(&article, &hits, &legend).0;
        for part in [
            "<p dir=\"auto\"><mark class=\"w0\"><bdi>Ван И</bdi></mark> &lt;b&gt;met&lt;/b&gt;</p>",
            "<p class=\"faded\" dir=\"auto\"><span class=\"zone\">related</span> Wang Yi elsewhere</p>",
            "<span class=\"zone\">caption</span> <mark class=\"w1\"><bdi>SCO</bdi></mark> flag",
            "<p dir=\"auto\">the <mark class=\"w1\"><bdi>SCO</bdi></mark></p>",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
        assert!(legend.shown(&[]).0.contains("×2"));
    }

    #[test]
    fn a_book_is_cut_and_the_rest_counted() {
        let mut article = Article::default();
        let zones = (0..BLOCKS_SHOWN_MAX + 7).map(|n| Block { zone: Zone::Body, text: format!("block {n}") });
        article.set_zones(zones.collect());
        let shown = body(&article, &[], &Legend::of(&[])).0;
        assert!(shown.contains("and 7 more blocks"), "{}", &shown[shown.len() - 200..]);
        article.set_zones(vec![Block { zone: Zone::Body, text: "я".repeat(TEXT_CHARS_SHOWN_MAX + 1) }]);
        let shown = body(&article, &[], &Legend::of(&[])).0;
        assert_eq!(shown.matches('я').count(), TEXT_CHARS_SHOWN_MAX);
        assert!(shown.contains('…'));
    }
}
