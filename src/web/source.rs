//! One source: how it is, its polls as a strip and a list, its newest articles, and a button to poll it now. In: its id. Out: a
//! page; the wish for a poll goes to the store, which says whether it is due.

use super::articles;
use super::frame::{Fault, Tab, page as framed, shown};
use super::guard::wants_page;
use super::show::{Tone, address, badge, moment, moment_and_distance, nothing, source_tone, span, table, words};
use super::{Parts, View, answered};
use crate::model::limits::OVERVIEW_ROWS_MAX;
use crate::model::{Cadence, Source, SourceId};
use crate::render::line::{count, name};
use crate::store::{ArticleQuery, PollEnd, PollNow, PollSeen, SourceFile};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// What came of the wish to poll.
    asked: Option<String>,
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

const MISSING: Fault = Fault::Missing("there is no such source");

/// Makes it due.
pub(super) async fn poll(State(parts): State<Arc<Parts>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let view = parts.view();
    let Ok(id) = SourceId::new(&id) else { return shown(&view, Err(MISSING)) };
    let (code, word, line) = match answered(parts.store.poll_now(&id, view.now)).await {
        Err(fault) => return shown(&view, Err(fault.into())),
        Ok(PollNow::Unknown) => return shown(&view, Err(MISSING)),
        Ok(PollNow::Due) => {
            (parts.wake)();
            (StatusCode::OK, "due", "it is due now\n")
        }
        Ok(PollNow::Running) => (StatusCode::OK, "running", "it is being polled\n"),
        Ok(PollNow::JustPolled) => (StatusCode::TOO_MANY_REQUESTS, "just", "it was polled less than 30 s ago\n"),
    };
    if wants_page(&headers) {
        return Redirect::to(&format!("/source/{id}?asked={word}")).into_response();
    }
    (code, line).into_response()
}

async fn draw(parts: &Parts, view: &View, id: &str, asked: &Asked) -> Result<Html<String>, Fault> {
    let Ok(id) = SourceId::new(id) else { return Err(MISSING) };
    let Some(file) = answered(parts.store.source(&id)).await? else { return Err(MISSING) };
    let newest = ArticleQuery { source: Some(id.clone()), before: None, max: OVERVIEW_ROWS_MAX };
    let newest = answered(parts.store.articles(newest)).await?;
    let configured = view.legend.desk.sources.iter().find(|source| source.id == id);
    let title = view.legend.sources.get(&id).or(file.title.as_ref()).map_or(id.as_str(), String::as_str);
    let status = &file.status;
    let told = match asked.asked.as_deref() {
        Some("due") => Some("It is due now: the next look at this page shows what came."),
        Some("running") => Some("It is being polled right now."),
        Some("just") => Some("It was polled less than 30 seconds ago; it keeps its time."),
        _ => None,
    };
    let body = html! {
        p.kicker { a href="/sources" { "Sources" } }
        h1 dir="auto" { (name(title)) " " (badge(source_tone(status.state), status.state.as_str())) }
        p.meta { (address(&status.url, 120)) " · " span.id { (id) } }
        @if let Some(told) = told { p.told role="status" { (told) } }
        @if let Some(error) = &status.error { p.quote { (words(error, 500)) } }
        section {
            h2 { "Polls" }
            (strip(&file.polls, view))
            (facts(&file, configured, view))
            @if configured.is_some() {
                form method="post" action={ "/source/" (id) "/poll" } { button type="submit" { "Poll now" } }
            } @else { p.soft { "It is not configured any more." } }
        }
        section {
            h2 { "Newest articles" }
            @if newest.is_empty() { p.soft { "None is kept." } } @else {
                (articles::rows(&newest, view))
                p.further { a href={ "/articles?source=" (id) } { "All its articles →" } }
            }
        }
        @if !file.polls.is_empty() { section { h2 { "The last polls" } (polls(&file.polls, view)) } }
    };
    Ok(framed(view, title, Tab::Sources, &body))
}

fn facts(file: &SourceFile, configured: Option<&Source>, view: &View) -> Markup {
    let status = &file.status;
    let rhythm = configured.map(|source| match &source.cadence {
        Cadence::Adaptive(_) => "adapts to its rhythm".to_string(),
        Cadence::Every(every) => format!("every {}", span(every.as_secs())),
        Cadence::Cron { pattern, .. } => format!("cron {pattern}"),
    });
    let fact = |term: &str, said: Markup| html! { div { dt { (term) } dd { (said) } } };
    html! {
        dl.facts {
            (fact("Next poll", if status.next_poll.is_some() { moment_and_distance(status.next_poll, view) } else { nothing("never") }))
            (fact("Rhythm", html! {
                @if let Some(s) = status.interval_s { "each " (span(s)) } @else { "not known yet" }
                @if let Some(rhythm) = rhythm { span.under.soft { (rhythm) } }
            }))
            (fact("Last success", moment_and_distance(status.last_success, view)))
            (fact("Something new came", moment_and_distance(file.last_new, view)))
            (fact("Possible gap", match file.gap_at { Some(at) => moment_and_distance(Some(at), view), None => nothing("none seen") }))
            (fact("First poll", match file.baseline {
                Some((articles, would)) => html! { (count(articles, "article", "articles")) span.under.soft { (would) " would have alerted" } },
                None => nothing("not yet"),
            }))
            @if file.failures > 0 { (fact("Failed in a row", html! { (file.failures) })) }
        }
    }
}

/// Polls as a strip, the oldest first; it says in words what it shows.
pub(super) fn strip(polls: &[PollSeen], view: &View) -> Markup {
    if polls.is_empty() {
        return nothing("not polled yet");
    }
    let of = |end: PollEnd| polls.iter().filter(|poll| poll.outcome == end).count();
    let (failed, gaps) = (of(PollEnd::Failed), of(PollEnd::Gap));
    let said = format!(
        "Last {}: {failed} failed, {} with something new{}",
        count(polls.len(), "poll", "polls"),
        polls.iter().filter(|poll| poll.new > 0).count(),
        if gaps > 0 { format!(", {gaps} with a possible gap") } else { String::new() }
    );
    let width = polls.len() * 8;
    html! {
        svg.strip viewBox={ "0 0 " (width) " 24" } width=(width) height="24" preserveAspectRatio="xMinYMid" role="img" aria-label=(said) {
            @for (at, poll) in polls.iter().enumerate() {
                @let (class, height) = bar(poll);
                rect class=(class) x=(at * 8 + 1) y=(24 - height) width="6" height=(height) rx="1" {
                    title { (short(poll)) " · " (crate::render::line::when(poll.at, &view.legend.zone, view.now)) }
                }
            }
        }
    }
}

fn bar(poll: &PollSeen) -> (&'static str, usize) {
    match (poll.outcome, poll.new) {
        (PollEnd::Failed, _) => ("failed", 24),
        (PollEnd::Gap, _) => ("gap", 24),
        (_, 0) => ("calm", 10),
        (_, 1..=3) => ("fresh", 17),
        _ => ("fresh", 24),
    }
}

fn short(poll: &PollSeen) -> String {
    match (poll.outcome, poll.new) {
        (PollEnd::Failed, _) => "failed".into(),
        (PollEnd::Gap, n) => format!("possible gap, {n} new"),
        (_, 0) => "nothing new".into(),
        (_, n) => format!("{n} new"),
    }
}

fn polls(polls: &[PollSeen], view: &View) -> Markup {
    let rows = polls.iter().rev().take(OVERVIEW_ROWS_MAX * 2).map(|poll| {
        let tone = match (poll.outcome, poll.new) {
            (PollEnd::Failed, _) => Tone::Bad,
            (PollEnd::Gap, _) => Tone::Warn,
            (_, 0) => Tone::Quiet,
            _ => Tone::Good,
        };
        vec![
            moment(poll.at, view),
            badge(tone, &short(poll)),
            poll.error.as_deref().map_or_else(|| nothing("none"), |error| words(error, 300)),
        ]
    });
    table("Polls", &["When", "Came to", "Error"], rows)
}
