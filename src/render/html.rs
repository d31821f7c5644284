//! The HTML part: one document for mail clients of all ages, light and dark, from a phone's width up.
//! In: an alert, digest or notice. Out: a whole document, escaped by maud. It loads nothing: no image, font or script.

use super::card::Card;
use super::chart::Chart;
use super::coverage::{self, Fact};
use super::line::{line, link, name, zone_name};
use super::passage::{Passage, Piece};
use super::plain::{SUMMARY_ONLY, Setting, credits, first_seen, group_title, one_event, published, window};
use super::style;
use crate::model::{Alert, Digest, limits};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The HTML part of an alert.
pub(super) fn alert(alert: &Alert, subject: &str, follows: bool, setting: &Setting) -> String {
    let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
    let preview = card.passages.first().map_or_else(|| card.reasons(), |passage| passage.text.clone());
    let facts = [
        Some(("Found", html! { bdi { (card.reasons()) } })),
        (!card.others.is_empty()).then(|| ("Also in", outlets(&card))),
        Some(("Story", html! { (super::line::capital(&first_seen(alert, setting)["story ".len()..])) })),
        follows.then(|| ("Earlier", html! { bdi { (card.follows()) } })),
        alert.summary_only.then(|| ("Note", html! { (SUMMARY_ONLY) "." })),
        card.link.is_none().then(|| ("Address", html! { bdi { (card.address) } })),
    ];
    let body = html! {
        p.accent style=(style::KICKER) { bdi { (card.rule) } (badges(&card)) }
        h1.ink style={ (style::H1) (aligned(&card)) } lang=[card.language] dir=(card.direction) { (title(&card)) }
        p.soft style=(style::META) { (source_line(&card, setting)) }
        (quotes(&card))
        @if let Some(link) = &card.link {
            table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:22px 0 0;" {
                tr { td.button bgcolor="#0a6b66" style=(style::BUTTON) {
                    a href=(link) style=(style::BUTTON_LINK) { "Read at " bdi { (card.outlet) } }
                } }
            }
        }
        div style="height:10px;line-height:10px;font-size:10px;" { (PreEscaped("&#8202;")) }
        (facts_table(facts.into_iter().flatten()))
        (foot(&format!("rule {}", alert.rule), setting))
    };
    document(subject, &preview, &body)
}

/// The HTML part of a digest.
pub(super) fn digest(digest: &Digest, subject: &str, title: &str, summary: &str, setting: &Setting) -> String {
    let facts = coverage::facts(&digest.coverage, setting.zone, setting.made, limits::LINES_SHOWN_MAX);
    let (misses, misses_more) = coverage::misses(&digest.near_misses, limits::LINES_SHOWN_MAX);
    let empty = digest.groups.is_empty();
    let body = html! {
        p.accent style=(style::KICKER) { (window(digest, setting)) }
        h1.ink style=(style::H1) dir="auto" { (title) }
        @if empty { p.panel.ink style=(style::PANEL) { (summary) } } @else { p.soft style=(style::META) { (summary) } }
        @if let Some(late) = coverage::lateness(digest, setting.zone, setting.made) {
            p.loud style={ (style::PANEL) (style::LOUD) } { (late) }
        }
        @for group in &digest.groups {
            h2.accent.rule style=(style::H2) { bdi { (group_title(&group.rule_title, group.rule.as_str(), group.alerts.len())) } }
            @if let Some(chart) = Chart::new(&group.days, digest.to, setting.zone) { (bars(&chart)) }
            @for event in group.events() {
                @if let Some(head) = one_event(event) { p.soft style=(style::EVENT) { (head) } }
                @for alert in event { (story(alert, setting)) }
            }
        }
        @if digest.more > 0 { p.panel.ink style=(style::PANEL) { "… and " (digest.more) " more" } }
        h2.accent style={ (style::H2) (style::BARE) } { "Coverage" }
        (facts_table(facts.iter().map(|Fact { label, text }| (label.as_str(), html! { bdi { (text) } }))))
        @if !misses.is_empty() {
            h2.accent style={ (style::H2) (style::BARE) } { "Not sent" }
            @for miss in &misses {
                p.ink style=(style::MISS) {
                    bdi { (miss.text) }
                    @if let Some(example) = &miss.example { ", e.g. “" bdi { (example) } "”" }
                    " " span.soft style="color:#586572;" { "(" (miss.rule) ")" }
                }
            }
            @if let Some(more) = misses_more { p.soft style=(style::ASIDE) { (more) } }
        }
        (foot(&format!("digest {}", name(&digest.name)), setting))
    };
    document(subject, summary, &body)
}

/// The HTML part of a notice: lines as [`super::Notice`] describes them.
pub(super) fn notice(title: &str, lines: &[String], subject: &str, setting: &Setting) -> String {
    let body = html! {
        h1.ink style=(style::H1) dir="auto" { (title) }
        @for text in lines {
            @if let Some((text, link)) = linked(text) {
                p.ink style=(style::TEXT) { a.accent href=(link) style=(style::LINK) { bdi { (text) } } }
            } @else if let Some(heading) = text.strip_prefix("# ").filter(|text| !text.contains('\n')) {
                h2.accent style={ (style::H2) (style::BARE) } dir="auto" { (heading) }
            } @else if text.contains('\n') {
                pre.panel.ink style=(style::TYPED) { (text) }
            } @else {
                p.ink style=(style::TEXT) dir="auto" { (text) }
            }
        }
        (foot("notice", setting))
    };
    document(subject, lines.first().map_or("", String::as_str), &body)
}

/// A line that ends with an address in angle brackets: its text, and the link.
pub(super) fn linked(text: &str) -> Option<(&str, url::Url)> {
    let (text, address) = text.strip_suffix('>')?.rsplit_once(" <")?;
    Some((text, link(address)?))
}

fn document(subject: &str, preview: &str, body: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                meta name="format-detection" content="telephone=no,date=no,address=no,email=no";
                title { (subject) }
                style { (PreEscaped(style::SHEET)) }
            }
            body.out style="margin:0;padding:0;background:#eef1f4;" {
                div style=(style::PREHEADER) dir="auto" { (line(preview, 160)) }
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" { tr {
                    td.out align="center" bgcolor="#eef1f4" style=(style::OUT) {
                        table.sheet role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style=(style::PAPER) { tr {
                            td.pad.ink style=(style::PAD) { (body) }
                        } }
                    }
                } }
            }
        }
    };
    document.into_string()
}

fn title(card: &Card) -> Markup {
    html! {
        @if let Some(link) = &card.link {
            a.ink href=(link) style=(style::TITLE_LINK) { (marked(&card.title)) }
        } @else {
            (marked(&card.title))
        }
    }
}

fn aligned(card: &Card) -> &'static str {
    if card.direction == "rtl" { style::RTL } else { "" }
}

/// Each hit apart from the direction of what stands around it, and the name beside in the reader's own.
fn marked(passage: &Passage) -> Markup {
    html! {
        @for piece in passage.pieces() {
            @match piece {
                Piece::Plain(text) => (text),
                Piece::Hit(text, mark) => {
                    b.hit style=(style::HIT) { bdi { (text) } }
                    @if let Some(aside) = &mark.aside {
                        " " bdi.soft lang="en" dir="ltr" style=(style::LATIN) { "(" (aside) ")" }
                        @if passage.runs_on(mark) { " " }
                    }
                }
            }
        }
    }
}

fn badges(card: &Card) -> Markup {
    html! {
        @if card.is_urgent() { span.loud style={ (style::BADGE) (style::LOUD) } { "High" } }
        @if card.alert.summary_only { span.quiet style={ (style::BADGE) (style::QUIET) } { "Summary only" } }
    }
}

fn source_line(card: &Card, setting: &Setting) -> Markup {
    html! {
        b { bdi { (card.outlet) } } " · " (published(card.alert, setting))
        @for credit in credits(card) { " · " bdi { (credit) } }
    }
}

fn quotes(card: &Card) -> Markup {
    let quote = if card.direction == "rtl" { style::QUOTE_RTL } else { style::QUOTE };
    html! {
        @for passage in &card.passages {
            p.quote.ink style=(quote) lang=[card.language] dir=(card.direction) { (marked(passage)) }
        }
        @if let Some(more) = card.more_sentences() { p.soft style=(style::ASIDE) { "… " (more) } }
    }
}

fn outlets(card: &Card) -> Markup {
    html! {
        @for (index, (name, link)) in card.others.iter().enumerate() {
            @if index > 0 { ", " }
            @if let Some(link) = link { a.accent href=(link) style=(style::LINK) { bdi { (name) } } } @else { bdi { (name) } }
        }
        @if card.others_more > 0 { " and " (card.others_more) " more" }
    }
}

fn story(alert: &Alert, setting: &Setting) -> Markup {
    let card = Card::new(alert, limits::DIGEST_SENTENCES_SHOWN_MAX);
    html! {
        div.rule style=(style::STORY) {
            h3.ink style={ (style::H3) (aligned(&card)) } lang=[card.language] dir=(card.direction) { (title(&card)) }
            p.soft style=(style::META) { (source_line(&card, setting)) (badges(&card)) }
            @if !card.others.is_empty() { p.soft style=(style::META) { "also: " (outlets(&card)) } }
            (quotes(&card))
            p.soft style=(style::ASIDE) { "Found: " bdi { (card.reasons()) } }
            @if card.link.is_none() { p.soft style=(style::META) { bdi { (card.address) } } }
        }
    }
}

/// A bar for each day: cells of a table with a background, which every client draws, with images off as well.
fn bars(chart: &Chart) -> Markup {
    let [all, most] = chart.in_words();
    html! {
        table role="img" aria-label={ (all) ", " (most) } cellpadding="0" cellspacing="0" border="0" style=(style::CHART) {
            tr {
                @for (index, percent) in chart.percents().enumerate() {
                    td valign="bottom" height=(style::CHART_PX) width="12" style=(style::BAR_CELL) {
                        @let px = (style::CHART_PX * percent).div_ceil(100).max(2);
                        @let (class, color) = match percent {
                            0 => ("none", style::BAR_NONE),
                            _ if index + 1 == chart.days.len() => ("bar last", style::BAR_LAST),
                            _ => ("bar", style::BAR),
                        };
                        table role="presentation" width="9" cellpadding="0" cellspacing="0" border="0" {
                            tr { td.(class) height=(px) bgcolor=(color) style={ "height:" (px) "px;background:" (color) ";" (style::BAR_ROUND) } {} }
                        }
                    }
                }
                td.soft valign="bottom" style=(style::CHART_WORDS) { (all) br; (most) }
            }
        }
    }
}

fn facts_table<'a>(facts: impl Iterator<Item = (&'a str, Markup)>) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" border="0" style=(style::FACTS) {
            @for (label, fact) in facts {
                tr { td.label.soft.rule style=(style::LABEL) { (label) } td.fact.ink.rule style=(style::FACT) { (fact) } }
            }
        }
    }
}

fn foot(what: &str, setting: &Setting) -> Markup {
    html! {
        p.soft.rule style=(style::FOOT) {
            "wirewatch · " (what) " · channel " (setting.channel) " · times in " (zone_name(setting.zone, setting.made))
        }
    }
}
