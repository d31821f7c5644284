//! The newest alerts, of all rules or one, told or not. In: the store's alerts. Out: cards with their sentences, hits marked.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, badge, choices, marked, moment, out, words};
use super::{Parts, View, answered};
use crate::model::limits::{DIGEST_SENTENCES_SHOWN_MAX, OVERVIEW_ROWS_MAX, PAGE_ALERTS_MAX};
use crate::model::{Alert, RuleId, Suppressed, Zone};
use crate::render::Card;
use crate::render::line::name;
use crate::store::{AlertQuery, StoredAlert};
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    rule: Option<String>,
    before: Option<String>,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>, Query(asked): Query<Asked>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &asked).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, asked: &Asked) -> Result<Html<String>, Fault> {
    let rule = match asked.rule.as_deref().map(RuleId::new) {
        Some(Ok(rule)) => Some(rule),
        Some(Err(_)) => return Err(Fault::Missing("there is no such rule")),
        None => None,
    };
    let before = asked.before.as_deref().and_then(|before| before.parse().ok());
    let query = AlertQuery { rule: rule.clone(), before, since: None, max: PAGE_ALERTS_MAX + 1 };
    let mut alerts = answered(parts.store.find_alerts(query)).await?;
    let more = alerts.len() > PAGE_ALERTS_MAX;
    alerts.truncate(PAGE_ALERTS_MAX);
    let title = rule.as_ref().map(|rule| {
        let title = view.legend.rules.iter().find(|(known, _)| known == rule).map(|(_, title)| title.as_str());
        name(title.unwrap_or(rule.as_str()))
    });
    let of_rule = rule.as_ref().map_or_else(String::new, |rule| format!("rule={rule}&"));
    let body = html! {
        h1 dir="auto" { "Alerts" @if let Some(title) = &title { " of " bdi { (title) } } }
        (of_rules(view, rule.as_ref()))
        @if alerts.is_empty() {
            p.soft { @if before.is_some() { "No older alert." } @else { "No alert yet." } }
        }
        @for story in stories(&alerts) { (card(&story, view)) }
        @let feed = rule.as_ref().map_or_else(|| "all".to_string(), |rule| format!("rule/{rule}"));
        p.meta { "As a feed: " a href={ "/feeds/" (feed) ".atom" } { "Atom" } " · " a href={ "/feeds/" (feed) ".json" } { "JSON" } }
        nav.further aria-label="Further alerts" {
            @if before.is_some() { a href={ "/alerts?" (of_rule) } { "← Newest" } }
            @if more { @if let Some(last) = alerts.last() { a href={ "/alerts?" (of_rule) "before=" (last.id) } { "Older →" } } }
        }
    };
    Ok(framed(view, "Alerts", Tab::Alerts, &body))
}

fn of_rules(view: &View, chosen: Option<&RuleId>) -> Markup {
    let rules = &view.legend.rules;
    let named: Vec<(String, &RuleId)> =
        rules.iter().take(OVERVIEW_ROWS_MAX).map(|(rule, title)| (name(title), rule)).collect();
    let every = std::iter::once(("all rules", "/alerts".to_string(), None, chosen.is_none()));
    let some =
        named.iter().map(|(title, rule)| (title.as_str(), format!("/alerts?rule={rule}"), None, chosen == Some(*rule)));
    choices("Alerts by rule", every.chain(some))
}

/// Alerts of one story that follow each other: rules that found it side by side are shown on one card.
pub(super) struct Story<'a> {
    /// One per rule, newest first.
    pub(super) alerts: Vec<&'a StoredAlert>,
    /// The first of them, with the hits of all.
    pub(super) alert: Alert,
}

pub(super) fn stories(alerts: &[StoredAlert]) -> Vec<Story<'_>> {
    let same = |a: &StoredAlert, b: &StoredAlert| a.alert.story == b.alert.story && a.alert.url == b.alert.url;
    let together = alerts.chunk_by(same).map(|alerts| {
        let mut alert = alerts[0].alert.clone();
        for other in &alerts[1..] {
            alert.hits.extend(other.alert.hits.iter().filter(|hit| !alerts[0].alert.hits.contains(hit)).cloned());
            alert.watch_names.extend(other.alert.watch_names.iter().cloned());
        }
        // A caption's hits count in its own text; they come last.
        alert.hits.sort_by_key(|hit| (hit.zone != Zone::Title, hit.block, hit.start));
        alert.hits.dedup();
        Story { alerts: alerts.iter().collect(), alert }
    });
    together.collect()
}

fn card(story: &Story, view: &View) -> Markup {
    let card = Card::new(&story.alert, DIGEST_SENTENCES_SHOWN_MAX);
    let aligned = (card.direction == "rtl").then_some("rtl");
    html! {
        article.card {
            p.kicker { (rules(story)) }
            h2 class=[aligned] lang=[card.language] dir=(card.direction) { a href={ "/alert/" (story.alerts[0].id) } { (marked(&card.title)) } }
            p.meta { (byline(&card, view)) }
            @for passage in &card.passages { p.quote class=[aligned] lang=[card.language] dir=(card.direction) { (marked(passage)) } }
            @if let Some(more) = card.more_sentences() { p.meta { "… " (more) } }
            (others(&card))
        }
    }
}

/// The rules that found the story, each leading to its alert.
fn rules(story: &Story) -> Markup {
    html! {
        @for (index, stored) in story.alerts.iter().enumerate() {
            @let card = Card::new(&stored.alert, 0);
            @if index > 0 { " · " }
            span.of { a href={ "/alert/" (stored.id) } { bdi dir="auto" { (card.rule) } } (badges(stored, &card)) }
        }
    }
}

/// How loud it is, what was read, and why it was not told.
pub(super) fn badges(stored: &StoredAlert, card: &Card) -> Markup {
    html! {
        @if card.is_urgent() { " " (badge(Tone::Bad, "high")) }
        @if stored.alert.summary_only { " " (badge(Tone::Quiet, "summary only")) }
        @if let Some(why) = &stored.suppressed { " " (badge(Tone::Warn, suppressed(why))) }
    }
}

/// Why an alert was not told, in few words.
pub(super) fn suppressed(why: &Suppressed) -> &'static str {
    match why {
        Suppressed::Baseline => "not told: first poll",
        Suppressed::TooOld { .. } => "not told: too old",
        Suppressed::Silenced { .. } => "not told: silenced",
        Suppressed::AlreadyAlerted { .. } => "not told: known story",
    }
}

/// Titles of alerts, each leading to its alert.
pub(super) fn titles(alerts: &[StoredAlert], view: &View) -> Markup {
    html! {
        @if alerts.is_empty() { p.soft { "No alert yet." } }
        ul.newest {
            @for stored in alerts {
                @let card = Card::new(&stored.alert, 0);
                li {
                    a lang=[card.language] dir=(card.direction) href={ "/alert/" (stored.id) } { (marked(&card.title)) }
                    span.under.soft { bdi dir="auto" { (card.outlet) } " · " (moment(stored.alert.matched, view)) (badges(stored, &card)) }
                }
            }
        }
    }
}

/// The outlet, the times, who wrote it.
pub(super) fn byline(card: &Card, view: &View) -> Markup {
    html! {
        b { (out(&card.alert.url, &html! { bdi dir="auto" { (card.outlet) } })) }
        @if let Some(published) = card.alert.published { " · published " (moment(published, view)) }
        " · found " (moment(card.alert.matched, view))
        @if let Some(byline) = &card.byline { " · " (words(byline, 80)) }
        @if let Some(wire) = &card.wire { " · wire: " (words(wire, 80)) }
    }
}

fn others(card: &Card) -> Markup {
    html! {
        p.meta { "Found: " bdi dir="auto" { (card.reasons()) } }
        @if let Some(names) = card.other_names() { p.meta { "Also in: " bdi dir="auto" { (names) } } }
    }
}
