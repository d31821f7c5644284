//! Rules and watches: what is looked for, in all its forms, and how often it was found. In: the configuration in force, and
//! counts. Out: a list of both, a page for each.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, badge, nothing, table, words};
use super::{Parts, View, alerts, answered};
use crate::matching::{self, Fault as Doubt};
use crate::model::limits::{NAME_FORMS_MAX, OVERVIEW_ROWS_MAX, PAGE_ROWS_MAX};
use crate::model::{Rule, RuleId, Severity, Watch, WatchId, WatchKind};
use crate::render::line::{count, line, name};
use crate::store::{AlertQuery, AlertTally};
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use url::form_urlencoded::byte_serialize;

/// The stretches of a rule's drawing.
const DAYS: usize = 30;
const DAY: Duration = Duration::from_hours(24);

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    rules: Option<usize>,
    watches: Option<usize>,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>, Query(asked): Query<Asked>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &asked).await;
    shown(&view, drawn)
}

async fn tallies(parts: &Parts, view: &View) -> Result<Vec<AlertTally>, Fault> {
    let since = view.now - DAY * u32::try_from(DAYS).unwrap_or(u32::MAX);
    Ok(answered(parts.store.tally_alerts(since, DAY)).await?)
}

async fn draw(parts: &Parts, view: &View, asked: &Asked) -> Result<Html<String>, Fault> {
    let tallies = tallies(parts, view).await?;
    let desk = &view.legend.desk;
    let rules_from = asked.rules.unwrap_or(0).min(desk.rules.len());
    let watches_from = asked.watches.unwrap_or(0).min(desk.watches.len());
    let body = html! {
        h1 { "Rules and watches" }
        section {
            h2 { (count(desk.rules.len(), "rule", "rules")) }
            @if desk.rules.is_empty() { p.soft { "No rule is configured." } } @else {
                (rules(&desk.rules[rules_from..(rules_from + PAGE_ROWS_MAX).min(desk.rules.len())], &tallies, view))
                (further("rules", rules_from, desk.rules.len()))
            }
        }
        section {
            h2 { (count(desk.watches.len(), "watch", "watches")) }
            @if desk.watches.is_empty() { p.soft { "No watch is configured." } } @else {
                (watches(&desk.watches[watches_from..(watches_from + PAGE_ROWS_MAX).min(desk.watches.len())]))
                (further("watches", watches_from, desk.watches.len()))
            }
        }
        @if !desk.lists.is_empty() { section {
            h2 { (count(desk.lists.len(), "list", "lists")) }
            (table("Lists", &["List", "Rows", "File"], desk.lists.iter().take(PAGE_ROWS_MAX).map(|list| vec![
                html! { code { "@" (list.id) } },
                html! { (list.rows.len()) },
                words(&list.file.display().to_string(), 120),
            ])))
            p.soft { code { "wirewatch check --show LIST/ROW" } " shows all forms of a row." }
        } }
    };
    Ok(framed(view, "Rules and watches", Tab::Rules, &body))
}

fn further(key: &str, from: usize, all: usize) -> Markup {
    html! {
        nav.further aria-label={ "Further " (key) } {
            @if from > 0 { a href={ "/rules?" (key) "=" (from.saturating_sub(PAGE_ROWS_MAX)) } { "← Before" } }
            @if from + PAGE_ROWS_MAX < all { a href={ "/rules?" (key) "=" (from + PAGE_ROWS_MAX) } { (all - from - PAGE_ROWS_MAX) " more →" } }
        }
    }
}

fn titled(rule: &Rule, view: &View) -> String {
    let known = view.legend.rules.iter().find(|(known, _)| *known == rule.id);
    known.map_or_else(|| rule.id.to_string(), |(_, title)| name(title))
}

fn rules(rules: &[Rule], tallies: &[AlertTally], view: &View) -> Markup {
    let rows = rules.iter().map(|rule| {
        let days = days(tallies, &rule.id);
        vec![
            html! { a href={ "/rule/" (rule.id) } { bdi dir="auto" { (titled(rule, view)) } } span.under.soft { span.id { (rule.id) } } },
            html! { span.typed-line { bdi dir="auto" { (line(&typed(rule), 200)) } } },
            html! { (severity(rule.severity)) " " (rule.notify.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")) },
            html! { (drawing(&days)) span.under { (days.iter().map(|(told, not)| told + not).sum::<usize>()) } },
        ]
    });
    table("Rules", &["Rule", "Asks for", "Tells", "Alerts, 30 days"], rows)
}

fn severity(severity: Severity) -> Markup {
    match severity {
        Severity::High => badge(Tone::Bad, "high"),
        Severity::Normal => badge(Tone::Quiet, "normal"),
        Severity::Low => badge(Tone::Quiet, "low"),
    }
}

/// What it asks for, on one line.
fn typed(rule: &Rule) -> String {
    let listed = [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)];
    let listed = listed.iter().filter(|(_, of)| !of.is_empty()).map(|(key, of)| format!("{key}: {}", of.join(", ")));
    rule.query.iter().cloned().chain(listed).collect::<Vec<_>>().join(" · ")
}

fn days(tallies: &[AlertTally], rule: &RuleId) -> [(usize, usize); DAYS] {
    let mut days = [(0, 0); DAYS];
    for tally in tallies.iter().filter(|tally| tally.rule == *rule) {
        let day = &mut days[tally.bin.min(DAYS - 1)];
        *day = (day.0 + tally.told, day.1 + tally.not_told);
    }
    days
}

/// A month of alerts as bars; it says in words what it shows.
fn drawing(days: &[(usize, usize); DAYS]) -> Markup {
    let highest = days.iter().map(|(told, not)| told + not).max().unwrap_or(0).max(1);
    let told: usize = days.iter().map(|(told, _)| told).sum();
    let height = |n: usize| (n * 24).div_ceil(highest);
    html! {
        svg.month viewBox="0 0 180 25" width="180" height="25" role="img" aria-label={ (count(told, "alert", "alerts")) " told in 30 days" } {
            line class="base" x1="0" x2="180" y1="24.5" y2="24.5" {}
            @for (at, (told, not)) in days.iter().enumerate() {
                @let (low, high) = (height(*told), height(told + not));
                @if high > low { rect class="kept" x=(at * 6) y=(24 - high) width="5" height=(high - low) {} }
                @if low > 0 { rect class="told" x=(at * 6) y=(24 - low) width="5" height=(low) {} }
            }
        }
    }
}

fn watches(watches: &[Watch]) -> Markup {
    let rows = watches.iter().map(|watch| {
        let names = watch.names.iter().chain(&watch.exact).take(4).map(|name| line(name, 60)).collect::<Vec<_>>();
        let more = (watch.names.len() + watch.exact.len()).saturating_sub(names.len());
        vec![
            html! { a href={ "/watch/" (watch.id) } { "@" (watch.id) } },
            html! { span.whole { (kind(watch.kind)) } },
            html! { @for (at, name) in names.iter().enumerate() { @if at > 0 { " · " } bdi dir="auto" { (name) } } @if more > 0 { span.soft { " and " (more) " more" } } },
        ]
    });
    table("Watches", &["Watch", "Kind", "Names"], rows)
}

fn kind(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Organization => "organization",
        WatchKind::Official => "official",
        WatchKind::Keyword => "keyword",
    }
}

pub(super) async fn rule(State(parts): State<Arc<Parts>>, Path(id): Path<String>) -> Response {
    let view = parts.view();
    let drawn = draw_rule(&parts, &view, &id).await;
    shown(&view, drawn)
}

async fn draw_rule(parts: &Parts, view: &View, id: &str) -> Result<Html<String>, Fault> {
    let missing = Fault::Missing("there is no such rule");
    let Ok(id) = RuleId::new(id) else { return Err(missing) };
    let Some(rule) = view.legend.desk.rules.iter().find(|rule| rule.id == id) else { return Err(missing) };
    let days = days(&tallies(parts, view).await?, &id);
    let newest = AlertQuery { rule: Some(id.clone()), max: OVERVIEW_ROWS_MAX, ..AlertQuery::default() };
    let newest = answered(parts.store.find_alerts(newest)).await?;
    let title = titled(rule, view);
    let body = html! {
        p.kicker { a href="/rules" { "Rules and watches" } }
        h1 dir="auto" { (title) " " (severity(rule.severity)) }
        p.meta { span.id { (id) } " · told to " (rule.notify.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")) }
        section {
            h2 { "What it asks for" }
            @if let Some(query) = &rule.query {
                pre.typed tabindex="0" dir="auto" { (super::show::harmless(&query.chars().take(20_000).collect::<String>())) }
                p { a href={ "/articles?q=" (byte_serialize(query.as_bytes()).collect::<String>()) } { "Try it on the archive" } }
            }
            @for (word, of) in [("One of", &rule.any), ("All of", &rule.all), ("None of", &rule.none)] {
                @if !of.is_empty() {
                    p { (word) ": " @for (at, typed) in of.iter().take(PAGE_ROWS_MAX).enumerate() { @if at > 0 { ", " } (mention(typed, view)) }
                        @if of.len() > PAGE_ROWS_MAX { span.soft { " and " (of.len() - PAGE_ROWS_MAX) " more" } } }
                }
            }
            (doubts(view, |doubt| doubt.place.table == "rule" && same(&doubt.place.id, id.as_str())))
        }
        section {
            h2 { "Alerts, 30 days" }
            (drawing(&days))
            @let (told, kept) = days.iter().fold((0, 0), |(told, kept), day| (told + day.0, kept + day.1));
            p.soft { (count(told, "told", "told")) ", " (kept) " kept and not told." }
            (alerts::titles(&newest, view))
            p.further { a href={ "/alerts?rule=" (id) } { "All its alerts →" } }
            p.meta { "As a feed: " a href={ "/feeds/rule/" (id) ".atom" } { "Atom" } " · " a href={ "/feeds/rule/" (id) ".json" } { "JSON" } }
        }
    };
    Ok(framed(view, &title, Tab::Rules, &body))
}

/// Ids are compared with `-` and `_` as one letter.
fn same(a: &str, b: &str) -> bool {
    a.replace('_', "-") == b.replace('_', "-")
}

/// A primary of a rule; a watch leads to its page.
fn mention(typed: &str, view: &View) -> Markup {
    let watch =
        typed.strip_prefix('@').filter(|id| view.legend.desk.watches.iter().any(|watch| same(watch.id.as_str(), id)));
    html! {
        @match watch {
            Some(id) => a href={ "/watch/" (id) } { "@" (id) },
            None => code { bdi dir="auto" { (line(typed, 200)) } },
        }
    }
}

/// What is doubted, as `check` says it. Those that need a look at a list's every row are left to `check`.
fn doubts(view: &View, of: impl Fn(&Doubt) -> bool) -> Markup {
    let desk = &view.legend.desk;
    let mut found = desk.lints.clone();
    if desk.lists.is_empty() {
        let today = view.now.to_zoned_datetime(view.legend.zone.clone()).date();
        let asked =
            matching::Desk { watches: &desk.watches, lists: &[], rules: &desk.rules, sources: &desk.sources, today };
        found.extend(matching::lints(&asked));
    }
    found.retain(of);
    html! {
        @for doubt in found.iter().take(OVERVIEW_ROWS_MAX) {
            p { (badge(Tone::Warn, doubt.code)) " " bdi dir="auto" { (words(&doubt.what, 400)) }
                @if let Some(hint) = &doubt.hint { span.under.soft { bdi dir="auto" { (words(hint, 400)) } } } }
        }
    }
}

pub(super) async fn watch(State(parts): State<Arc<Parts>>, Path(id): Path<String>) -> Response {
    let view = parts.view();
    let drawn = draw_watch(&view, &id);
    shown(&view, drawn)
}

fn draw_watch(view: &View, id: &str) -> Result<Html<String>, Fault> {
    let missing = Fault::Missing("there is no such watch");
    let Ok(id) = WatchId::new(id) else { return Err(missing) };
    let desk = &view.legend.desk;
    let Some(watch) = desk.watches.iter().find(|watch| watch.id == id) else { return Err(missing) };
    let forms = desk.index.forms(&id);
    let mentions = |rule: &&Rule| {
        let all = rule.query.iter().chain(&rule.any).chain(&rule.all).chain(&rule.none);
        all.flat_map(|typed| typed.split('@').skip(1)).any(|after| {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(after.len());
            same(&after[..end], id.as_str())
        })
    };
    let rules: Vec<&Rule> = desk.rules.iter().filter(mentions).take(PAGE_ROWS_MAX).collect();
    let query: String = byte_serialize(format!("@{id}").as_bytes()).collect();
    let body = html! {
        p.kicker { a href="/rules" { "Rules and watches" } }
        h1 { "@" (id) " " (badge(Tone::Quiet, kind(watch.kind))) }
        p { a href={ "/articles?q=" (query) } { "Find it in the archive" } }
        section {
            h2 { "Every form it is found in" }
            @for named in forms.iter().flat_map(|forms| &forms.names).take(PAGE_ROWS_MAX) {
                div.form {
                    h3 { bdi dir="auto" { (words(&named.name, 200)) } " " span.soft.zone { (named.key) } }
                    @if named.forms.len() > 1 {
                        p.forms { @for (at, form) in named.forms.iter().take(NAME_FORMS_MAX).enumerate() { @if at > 0 { " · " } bdi dir="auto" { (line(form, 120)) } } }
                    }
                    @for note in &named.notes { p.soft.note { (words(note, 400)) } }
                }
            }
            @if forms.is_none() { p { (nothing("no forms")) } }
            (doubts(view, |doubt| doubt.place.table == kind(watch.kind) && same(&doubt.place.id, id.as_str())))
        }
        section {
            h2 { "Rules that ask for it" }
            @if rules.is_empty() { p.soft { "None by name." } } @else {
                ul { @for rule in &rules { li { a href={ "/rule/" (rule.id) } { bdi dir="auto" { (titled(rule, view)) } } } } }
            }
        }
    };
    Ok(framed(view, &format!("@{id}"), Tab::Rules, &body))
}
