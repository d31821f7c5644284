//! The archive: what was read, newest first, and a box to try a query on it. In: a query or none. Out: a list by key, or what the
//! query finds, with the rule to paste. A try is bounded in time, and says where it stopped.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, badge, harmless, moment, out, words};
use super::tried::{self, Tried};
use super::{Parts, View, answered};
use crate::model::SourceId;
use crate::model::limits::{PAGE_ROWS_MAX, TRY_BYTES_MAX};
use crate::render::line::{count, name};
use crate::store::{ArticleLine, ArticleQuery};
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use url::form_urlencoded::byte_serialize;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    q: Option<String>,
    source: Option<String>,
    before: Option<String>,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>, Query(asked): Query<Asked>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &asked).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, asked: &Asked) -> Result<Html<String>, Fault> {
    let before = asked.before.as_deref().and_then(|before| before.parse().ok());
    // What would turn the text around it is no part of a query, and is not given back.
    let query = asked.q.as_deref().map(|query| harmless(query.trim())).filter(|query| !query.is_empty());
    let body = match query.as_deref() {
        Some(query) => {
            let tried = tried::run(parts, view, query, before).await?;
            html! { h1 { "Articles" } (form(query)) (found(query, &tried, view)) }
        }
        None => {
            let source = match asked.source.as_deref().map(SourceId::new) {
                Some(Ok(source)) => Some(source),
                Some(Err(_)) => return Err(Fault::Missing("there is no such source")),
                None => None,
            };
            html! { h1 { "Articles" } (form("")) (list(parts, view, source, before).await?) }
        }
    };
    Ok(framed(view, "Articles", Tab::Articles, &body))
}

fn form(query: &str) -> Markup {
    html! {
        form.try method="get" action="/articles" role="search" {
            label for="q" { "Try a query on what was read" }
            div.line {
                input #q type="search" name="q" value=(query) maxlength=(TRY_BYTES_MAX) spellcheck="false" autocomplete="off" dir="auto"
                    placeholder="@wang-yi AND NOT football";
                button type="submit" { "Try" }
            }
            p.soft { "The language of the rules: " code { "word" } ", " code { "\"a phrase\"" } ", " code { "@watch" } ", " code { "title:visit" } ", " code { "AND OR NOT NEAR/5" } "." }
        }
    }
}

async fn list(parts: &Parts, view: &View, source: Option<SourceId>, before: Option<i64>) -> Result<Markup, Fault> {
    let query = ArticleQuery { source: source.clone(), before, max: PAGE_ROWS_MAX + 1 };
    let mut lines = answered(parts.store.articles(query)).await?;
    let more = lines.len() > PAGE_ROWS_MAX;
    lines.truncate(PAGE_ROWS_MAX);
    let of_source = source.as_ref().map_or_else(String::new, |source| format!("source={source}&"));
    let named = source.as_ref().map(|source| view.legend.sources.get(source).map_or(source.as_str(), String::as_str));
    Ok(html! {
        @if let (Some(source), Some(named)) = (&source, named) {
            p { "Of " a href={ "/source/" (source) } { bdi dir="auto" { (name(named)) } } " only; " a href="/articles" { "of all sources" } "." }
        }
        @if lines.is_empty() { p.soft { @if before.is_some() { "No older article." } @else { "No article was read yet." } } }
        @else { (rows(&lines, view)) }
        nav.further aria-label="Further articles" {
            @if before.is_some() { a href={ "/articles?" (of_source) } { "← Newest" } }
            @if more { @if let Some(last) = lines.last() { a href={ "/articles?" (of_source) "before=" (last.id) } { "Older →" } } }
        }
    })
}

/// Articles as a list.
pub(super) fn rows(lines: &[ArticleLine], view: &View) -> Markup {
    html! {
        ul.rows {
            @for line in lines {
                li {
                    a.title dir="auto" href={ "/article/" (line.id) } { @if line.title.trim().is_empty() { "(no title)" } @else { (words(&line.title, 200)) } }
                    span.under.soft {
                        (became(line)) " "
                        bdi dir="auto" { (name(view.legend.sources.get(&line.source).map_or(line.source.as_str(), String::as_str))) }
                        " · read " (moment(line.read_at, view))
                    }
                }
            }
        }
    }
}

/// What became of it, in a word; one that nothing came near has none.
fn became(line: &ArticleLine) -> Markup {
    html! {
        @if line.alerted { (badge(Tone::Good, "alert")) " " }
        @else if line.copy { (badge(Tone::Quiet, "copy")) " " }
        @else if line.matched > 0 { (badge(Tone::Warn, "matched, not told")) " " }
        @else if line.nearly > 0 { (badge(Tone::Warn, "nearly")) " " }
        @if line.too_old { (badge(Tone::Quiet, "too old")) " " }
        @if !line.complete { (badge(Tone::Quiet, "summary only")) " " }
    }
}

fn found(query: &str, tried: &Tried, view: &View) -> Markup {
    let encoded: String = byte_serialize(query.as_bytes()).collect();
    match tried {
        Tried::Refused(faults) => html! {
            section {
                h2 { "This query cannot stand" }
                @for fault in faults {
                    p { (badge(Tone::Bad, fault.code)) " " bdi dir="auto" { (words(&fault.what, 500)) } }
                    (caret(query, &fault.span))
                    @if let Some(hint) = &fault.hint { p.soft { bdi dir="auto" { (words(hint, 500)) } } }
                }
            }
        },
        Tried::Found(found) => html! {
            @for lint in &found.doubts { p { (badge(Tone::Warn, lint.code)) " " bdi dir="auto" { (words(&lint.what, 500)) } } }
            p role="status" {
                b { (count(found.articles.len(), "article", "articles")) } " found"
                @if found.from.is_some() { " further back" } "; " (found.looked_at) " were looked at"
                @if found.all { ", each one, as the query has no word to look up" } "."
            }
            @for article in &found.articles {
                article.card {
                    h2 dir="auto" { a href={ "/article/" (article.id) } { (words(&article.title, 200)) } }
                    p.meta { (out(&article.url, &html! { bdi dir="auto" { (name(view.legend.sources.get(&article.source).map_or(article.source.as_str(), String::as_str))) } })) " · read " (moment(article.read_at, view)) }
                    @for sentence in &article.sentences { (tried::sentence(sentence)) }
                }
            }
            @if let Some(next) = found.next {
                nav.further aria-label="Further articles" { span {} a href={ "/articles?q=" (encoded) "&before=" (next) } { "Look further back →" } }
            }
            section {
                h2 { "As a rule" }
                p.soft { "Paste it into a file of " code { "conf.d" } " and give it an id of its own." }
                pre.typed tabindex="0" { (tried::rule(query)) }
            }
        },
    }
}

/// The query with the faulty part marked.
fn caret(query: &str, span: &std::ops::Range<usize>) -> Markup {
    let (from, to) = (query.floor_char_boundary(span.start), query.ceil_char_boundary(span.end));
    let (from, to) = (from.min(query.len()), to.clamp(from.min(query.len()), query.len()));
    let before = query.floor_char_boundary(from.saturating_sub(80));
    let after = query.ceil_char_boundary((to + 80).min(query.len()));
    html! {
        pre.typed tabindex="0" dir="auto" { (harmless(&query[before..from])) mark.fault { @if from == to { "▲" } @else { (harmless(&query[from..to])) } } (harmless(&query[to..after])) }
    }
}
