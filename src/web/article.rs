//! One article: its text with hits in colour, and why each rule matched it or not. In: its number. Out: the page that answers
//! "why was I not told of this?".

use super::alerts::suppressed;
use super::explain::tree;
use super::frame::{Fault, Tab, page as framed, shown};
use super::reading::{Legend, body, text, title};
use super::show::{Tone, address, badge, moment, words};
use super::{Parts, View, answered};
use crate::matching::Explanation;
use crate::model::limits::{RULES_EXPLAINED_MAX, RULES_LISTED_MAX};
use crate::model::{Hit, Rule, RuleId};
use crate::render::line::{count, name};
use crate::render::{direction, is_language_tag};
use crate::store::ArticleFile;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    rule: Option<String>,
}

pub(super) async fn page(
    State(parts): State<Arc<Parts>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &id, &asked).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, id: &str, asked: &Asked) -> Result<Html<String>, Fault> {
    let missing = Fault::Missing("there is no article of this number, or it is no longer kept");
    let Ok(id) = id.parse() else { return Err(missing) };
    let Some(file) = answered(parts.store.article(id)).await? else { return Err(missing) };
    let (legend, chosen, now) = (view.legend.clone(), asked.rule.clone(), view.now);
    // A long article against many rules takes its time: not on the threads that answer others.
    let judged = tokio::task::spawn_blocking(move || {
        let judged = judge(&file, &legend.desk, chosen.as_deref(), now);
        (file, judged)
    });
    let Ok((file, judged)) = judged.await else { return Err(Fault::Missing("this article could not be read again")) };
    let article = &file.archived.article;
    let colours = Legend::of(&judged.hits);
    let language = article.language.as_deref();
    let (language, direction) = (language.filter(|tag| is_language_tag(tag)), direction(language));
    let source = &file.archived.source;
    let named = view.legend.sources.get(source).map_or(source.as_str(), String::as_str);
    let page = html! {
        article {
            p.kicker { a href={ "/source/" (source) } { bdi dir="auto" { (name(named)) } } (state(&file)) }
            h1 lang=[language] dir=(direction) { (title(article, &judged.hits, &colours)) }
            p.meta {
                (address(&article.url, 100))
                @if let Some(published) = article.published { " · published " (moment(published, view)) }
                " · read " (moment(file.archived.read_at, view))
                @if let Some(byline) = &article.byline { " · " (words(byline, 80)) }
                @if let Some(wire) = &article.wire { " · wire: " (words(wire, 80)) }
            }
        }
        section {
            h2 { "What became of it" }
            (outcome(&file, &judged, view))
        }
        section #rules {
            h2 { "Rules on this article" }
            p.soft { "As they are configured now." }
            (rules(&judged, view))
        }
        section {
            h2 { "Text" }
            (colours.shown(&view.legend.desk.watches))
            @if !article.complete { p.meta { "Only the feed's summary was read; the page did not come." } }
            div.text lang=[language] { (body(article, &judged.hits, &colours)) }
        }
    };
    Ok(framed(view, &name(&article.title), Tab::Articles, &page))
}

/// What the rules of now say.
struct Judged {
    hits: Vec<Hit>,
    /// Rules that match, then those that nearly do, then others, with why; at most [`RULES_EXPLAINED_MAX`].
    explained: Vec<(Rule, Option<String>, Explanation)>,
    /// The rule that was asked for.
    chosen: Option<RuleId>,
}

fn judge(file: &ArticleFile, desk: &super::Desk, chosen: Option<&str>, now: jiff::Timestamp) -> Judged {
    let text = text(&file.archived.article, &file.archived.source, desk, now);
    let reading = desk.index.read(&text);
    let mut hits = desk.index.mentions(&text);
    for found in &reading.matches {
        hits.extend(found.hits.iter().filter(|hit| !hits.contains(hit)).cloned().collect::<Vec<_>>());
    }
    hits.sort_by_key(|hit| (hit.block, hit.start, std::cmp::Reverse(hit.end)));
    let chosen = chosen.and_then(|id| RuleId::new(id).ok());
    let matched = |rule: &Rule| reading.matches.iter().any(|found| found.rule == rule.id);
    let nearly = |rule: &Rule| reading.near_misses.iter().find(|(id, _)| *id == rule.id).map(|(_, why)| why.clone());
    let mut rules: Vec<&Rule> = desk.rules.iter().collect();
    rules.sort_by_key(|rule| (Some(&rule.id) != chosen.as_ref(), !matched(rule), nearly(rule).is_none()));
    let explained = rules
        .into_iter()
        .take(RULES_EXPLAINED_MAX)
        .filter_map(|rule| Some((rule.clone(), nearly(rule), desk.index.explain(&text, &rule.id)?)));
    let explained = explained.collect();
    Judged { hits, explained, chosen }
}

/// What is to be known of it in a word.
fn state(file: &ArticleFile) -> Markup {
    html! {
        @if !file.archived.article.complete { " " (badge(Tone::Quiet, "summary only")) }
        @if file.copy { " " (badge(Tone::Quiet, "copy of a told story")) }
        @if file.too_old { " " (badge(Tone::Warn, "too old to be told")) }
    }
}

fn outcome(file: &ArticleFile, judged: &Judged, view: &View) -> Markup {
    let matched = judged.explained.iter().filter(|(.., explanation)| explanation.matches).count();
    html! {
        @for stored in &file.alerts {
            p {
                @match &stored.suppressed {
                    None => (badge(Tone::Good, "alert")),
                    Some(why) => (badge(Tone::Warn, suppressed(why))),
                }
                " " a href={ "/alert/" (stored.id) } { bdi dir="auto" { (name(&stored.alert.rule_title)) } }
                " · " (moment(stored.alert.matched, view))
                @if stored.alert.url != file.archived.article.url { span.soft { " · told of " bdi dir="auto" { (words(&stored.alert.title, 120)) } ", the same story" } }
            }
        }
        @if file.alerts.is_empty() {
            p { b { "No alert was made of it." } " "
                @if matched > 0 { "Rules of now match it: it was read before they were as they are, or before it was of interest." }
                @else if file.near_misses.is_empty() { "When it was read, no rule came near." }
                @else { "When it was read, this came near:" }
            }
        }
        @if !file.near_misses.is_empty() {
            ul { @for (rule, why) in &file.near_misses {
                li { a href={ "?rule=" (rule) "#rules" } { (rule) } ": " bdi dir="auto" { (words(why, 200)) } }
            } }
        }
    }
}

fn rules(judged: &Judged, view: &View) -> Markup {
    let all = &view.legend.desk.rules;
    let titled = |id: &RuleId| {
        view.legend.rules.iter().find(|(known, _)| known == id).map_or_else(|| id.to_string(), |(_, title)| name(title))
    };
    html! {
        @if all.is_empty() { p.soft { "No rule is configured." } }
        @for (rule, nearly, explanation) in &judged.explained {
            @let open = explanation.matches || nearly.is_some() || judged.chosen.as_ref() == Some(&rule.id);
            details.rule open[open] {
                summary {
                    (badge(if explanation.matches { Tone::Good } else if nearly.is_some() { Tone::Warn } else { Tone::Quiet },
                        if explanation.matches { "matches" } else if nearly.is_some() { "nearly" } else { "no match" }))
                    " " b { bdi dir="auto" { (titled(&rule.id)) } }
                    @if let Some(why) = nearly { " " span.soft { bdi dir="auto" { (words(why, 160)) } } }
                }
                (tree(explanation))
                @if explanation.matches {
                    p.meta { "Would be told to " (rule.notify.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")) "." }
                }
                p.meta { a href={ "/rule/" (rule.id) } { "The rule" } }
            }
        }
        @if all.len() > judged.explained.len() {
            form.line method="get" action="#rules" {
                label for="rule" { "Why, or why not, by another of the " (count(all.len(), "rule", "rules")) }
                @if all.len() <= RULES_LISTED_MAX {
                    select #rule name="rule" { @for rule in all { option value=(rule.id) { (titled(&rule.id)) } } }
                } @else {
                    input #rule type="text" name="rule" required placeholder="rule id";
                }
                button type="submit" { "Explain" }
            }
        }
    }
}
