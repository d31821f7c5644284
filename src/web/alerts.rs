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
use url::form_urlencoded::byte_serialize;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    rule: Option<String>,
    before: Option<String>,
    q: Option<String>,
    told: Option<String>,
}

/// What the alerts of a list have in common, beside their rule.
struct Wanted {
    /// Words that stand in the title, an outlet's name or what was found, in any case.
    words: Vec<String>,
    /// Told, or kept and not told.
    told: Option<bool>,
}

impl Wanted {
    fn of(asked: &Asked) -> Self {
        let typed = asked.q.as_deref().unwrap_or_default();
        let words = typed.split_whitespace().take(SEARCH_WORDS_MAX).map(str::to_lowercase).collect();
        Self {
            words,
            told: asked
                .told
                .as_deref()
                .and_then(|told| [("yes", true), ("no", false)].into_iter().find(|(word, _)| *word == told))
                .map(|(_, told)| told),
        }
    }

    fn all(&self) -> bool {
        self.words.is_empty() && self.told.is_none()
    }

    fn fits(&self, stored: &StoredAlert) -> bool {
        if self.told.is_some_and(|told| told != stored.suppressed.is_none()) {
            return false;
        }
        let alert = &stored.alert;
        let outlets = alert.outlets.iter().map(|outlet| &outlet.name);
        let found = alert.hits.iter().flat_map(|hit| [&hit.name, &hit.text]);
        let texts: Vec<String> = [&alert.title, &alert.rule_title]
            .into_iter()
            .chain(outlets)
            .chain(found)
            .map(|text| text.to_lowercase())
            .collect();
        self.words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    }

    /// As it stands in an address, ended by `&` where it is anything.
    fn address(&self) -> String {
        let words: String = byte_serialize(self.words.join(" ").as_bytes()).collect();
        let words = if words.is_empty() { words } else { format!("q={words}&") };
        match self.told {
            None => words,
            Some(true) => words + "told=yes&",
            Some(false) => words + "told=no&",
        }
    }
}

/// Words of one search.
const SEARCH_WORDS_MAX: usize = 8;
/// Alerts that one page of a search looks through; the next page goes on behind them.
const SEARCHED_MAX: usize = 2_000;
const SEARCHED_AT_ONCE: usize = 200;

/// The newest alerts that fit, and where to look further; `None` at the end.
async fn find(
    parts: &Parts,
    rule: Option<&RuleId>,
    before: Option<i64>,
    wanted: &Wanted,
) -> Result<(Vec<StoredAlert>, Option<i64>), Fault> {
    let (mut found, mut before, mut looked) = (vec![], before, 0);
    let step = if wanted.all() { PAGE_ALERTS_MAX + 1 } else { SEARCHED_AT_ONCE };
    loop {
        let query = AlertQuery { rule: rule.cloned(), before, since: None, max: step };
        let some = answered(parts.store.find_alerts(query)).await?;
        let end = some.len() < step;
        looked += some.len();
        for stored in some {
            if found.len() == PAGE_ALERTS_MAX {
                return Ok((found, before));
            }
            before = Some(stored.id);
            if wanted.fits(&stored) {
                found.push(stored);
            }
        }
        if end {
            return Ok((found, None));
        }
        if looked >= SEARCHED_MAX {
            return Ok((found, before));
        }
    }
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
    let wanted = Wanted::of(asked);
    let (alerts, next) = find(parts, rule.as_ref(), before, &wanted).await?;
    let title = rule.as_ref().map(|rule| {
        let title = view.legend.rules.iter().find(|(known, _)| known == rule).map(|(_, title)| title.as_str());
        name(title.unwrap_or(rule.as_str()))
    });
    let of_rule = rule.as_ref().map_or_else(String::new, |rule| format!("rule={rule}&")) + &wanted.address();
    let body = html! {
        h1 dir="auto" { "Alerts" @if let Some(title) = &title { " of " bdi { (title) } } }
        (search(rule.as_ref(), &wanted))
        (of_rules(view, rule.as_ref()))
        @if alerts.is_empty() {
            p.soft {
                @if next.is_some() { "None among those that were looked through." }
                @else if before.is_some() { "No older alert." }
                @else if wanted.all() { "No alert yet." }
                @else { "No such alert." }
            }
        }
        @for story in stories(&alerts) { (card(&story, view)) }
        @let feed = rule.as_ref().map_or_else(|| "all".to_string(), |rule| format!("rule/{rule}"));
        p.meta { "As a feed: " a href={ "/feeds/" (feed) ".atom" } { "Atom" } " · " a href={ "/feeds/" (feed) ".json" } { "JSON" } }
        nav.further aria-label="Further alerts" {
            @if before.is_some() { a href={ "/alerts?" (of_rule) } { "← Newest" } }
            @if let Some(next) = next { a href={ "/alerts?" (of_rule) "before=" (next) } { "Older →" } }
        }
    };
    Ok(framed(view, "Alerts", Tab::Alerts, &body))
}

fn search(rule: Option<&RuleId>, wanted: &Wanted) -> Markup {
    let choices = [("", "told or not", None), ("yes", "told", Some(true)), ("no", "kept and not told", Some(false))];
    html! {
        form.line method="get" action="/alerts" role="search" {
            @if let Some(rule) = rule { input type="hidden" name="rule" value=(rule); }
            label for="q" { "Find among alerts" }
            input #q type="search" name="q" value=(wanted.words.join(" ")) maxlength="200" autocomplete="off" dir="auto" placeholder="a title, an outlet, a name";
            select name="told" aria-label="Told or not" {
                @for (value, word, told) in choices { option value=(value) selected[wanted.told == told] { (word) } }
            }
            button type="submit" { "Find" }
        }
    }
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
