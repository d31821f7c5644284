//! A rule on an article as a tree: each clause true or false, with what was found or the nearest miss. In: an explanation. Out:
//! nested lists.

use super::show::{Tone, badge, harmless};
use crate::matching::{Clause, ClauseKind, Explanation, Passage};
use crate::model::Zone;
use crate::render::line::line;
use maud::{Markup, html};

/// A clause as typed is shown up to this many code points.
const TYPED_CHARS_MAX: usize = 200;
/// Names that were not found and are named.
const ABSENT_MAX: usize = 40;
/// Clauses that are shown of one rule; a rule may join a thousand names.
const CLAUSES_MAX: usize = 200;

/// The whole tree.
pub(super) fn tree(explanation: &Explanation) -> Markup {
    let mut left = CLAUSES_MAX;
    html! {
        ul.tree { (clause(&explanation.clause, &mut left)) }
        @if left == 0 { p.soft { "Only the first " (CLAUSES_MAX) " clauses are shown; " code { "wirewatch explain" } " shows all." } }
    }
}

fn clause(clause: &Clause, left: &mut usize) -> Markup {
    if *left == 0 {
        return html! {};
    }
    *left -= 1;
    let typed = match clause.kind {
        ClauseKind::And => "all of these".to_string(),
        ClauseKind::Or => "any of these".to_string(),
        _ => line(&clause.typed, TYPED_CHARS_MAX),
    };
    // Those that hold first, where one is enough: a rule of a hundred names begins with the one that was found.
    let mut parts: Vec<&Clause> = clause.opened().iter().collect();
    if clause.kind == ClauseKind::Or {
        parts.sort_by_key(|part| (!part.holds, part.miss.is_none()));
    }
    // Of many of which one is enough, those that are simply not there are named in one line.
    let absent = |part: &&Clause| !part.holds && part.miss.is_none() && part.parts.is_empty();
    let fold = clause.kind == ClauseKind::Or && parts.iter().filter(|part| absent(part)).count() > 1;
    let (gone, parts): (Vec<&Clause>, Vec<&Clause>) = parts.into_iter().partition(|part| fold && absent(part));
    html! {
        li {
            (badge(if clause.holds { Tone::Good } else { Tone::Bad }, if clause.holds { "✓ true" } else { "✗ false" }))
            " " code { bdi dir="auto" { (typed) } }
            @for shown in &clause.passages { (passage(shown)) }
            @match &clause.miss {
                Some(miss) => {
                    p.miss { bdi dir="auto" { (line(&miss.why, 300)) } }
                    @if let Some(near) = &miss.passage { (passage(near)) }
                }
                None if clause.holds && clause.kind == ClauseKind::Not => span.soft { " not found, as it should be" },
                None if !clause.holds && matches!(clause.kind, ClauseKind::Name | ClauseKind::Word) => span.soft { " not found" },
                None => {}
            }
            @if !parts.is_empty() || !gone.is_empty() { ul {
                @for part in parts { (self::clause(part, left)) }
                @if !gone.is_empty() { li.soft {
                    "Not found: " @for (at, part) in gone.iter().take(ABSENT_MAX).enumerate() { @if at > 0 { ", " } bdi dir="auto" { (line(&part.typed, 60)) } }
                    @if gone.len() > ABSENT_MAX { " and " (gone.len() - ABSENT_MAX) " more" }
                } }
            } }
        }
    }
}

fn passage(passage: &Passage) -> Markup {
    let mut pieces = vec![];
    let (mut at, mut marks) = (0, passage.marks.iter().peekable());
    let chars: Vec<char> = passage.text.chars().collect();
    while let Some((start, end)) = marks.next_if(|(start, end)| *start >= at && start <= end && *end <= chars.len()) {
        pieces.push((chars[at..*start].iter().collect::<String>(), false));
        pieces.push((chars[*start..*end].iter().collect(), true));
        at = *end;
    }
    pieces.push((chars[at..].iter().collect(), false));
    html! {
        p.quote dir="auto" {
            span.unseen { (zone(passage.zone)) ": " }
            @for (text, hit) in &pieces {
                @if *hit { mark { bdi { (harmless(text)) } } } @else { (harmless(text)) }
            }
            " " span.soft.zone { (zone(passage.zone)) }
        }
    }
}

/// A zone's name.
pub(super) fn zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Title => "title",
        Zone::Lead => "lead",
        Zone::Body => "body",
        Zone::Caption => "caption",
        Zone::Quote => "quote",
        Zone::Related => "related",
        Zone::Navigation => "navigation",
        Zone::Comments => "comments",
        Zone::Footer => "footer",
    }
}
