//! Sources by health. In: the store's status. Out: a table, those that are not well first.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, address, badge, choices, moment_and_distance, nothing, source_tone, span, table, words};
use super::source::strip;
use super::{Parts, View, answered};
use crate::model::limits::{PAGE_ROWS_MAX, STRIP_POLLS_MAX};
use crate::model::{SourceId, SourceState};
use crate::render::line::{count, name};
use crate::store::{self, PollSeen, SourceStatus};
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// A poll that should have begun so long ago is overdue: the loops lag behind, or stand.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    from: Option<String>,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>, Query(asked): Query<Asked>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &asked).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, asked: &Asked) -> Result<Html<String>, Fault> {
    let mut sources = answered(parts.store.status()).await?.sources;
    let all = sources.len();
    let states = by_state(&sources);
    let state = asked.state.as_deref().filter(|state| states.iter().any(|(known, _)| known.as_str() == *state));
    if let Some(state) = state {
        sources.retain(|source| source.state.as_str() == state);
    }
    sort(&mut sources);
    let from = asked.from.as_deref().and_then(|from| from.parse::<usize>().ok()).unwrap_or(0).min(sources.len());
    let href = |state: Option<&str>, from: usize| match (state, from) {
        (None, 0) => "/sources".to_string(),
        (Some(state), 0) => format!("/sources?state={state}"),
        (None, from) => format!("/sources?from={from}"),
        (Some(state), from) => format!("/sources?state={state}&from={from}"),
    };
    let every = std::iter::once(("all", href(None, 0), Some(all), state.is_none()));
    let some = states
        .iter()
        .map(|(known, n)| (known.as_str(), href(Some(known.as_str()), 0), Some(*n), state == Some(known.as_str())));
    let end = (from + PAGE_ROWS_MAX).min(sources.len());
    let polls = polls(parts, &sources[from..end]).await?;
    let body = html! {
        h1 { "Sources" }
        (choices("Sources by state", every.chain(some)))
        @if sources.is_empty() { p.soft { "No source is configured." } } @else {
            (rows(&sources[from..end], &polls, view))
            nav.further aria-label="Further sources" {
                @if from > 0 { a href=(href(state, from.saturating_sub(PAGE_ROWS_MAX))) { "← Before" } }
                @if end < sources.len() { a href=(href(state, end)) { (count(sources.len() - end, "more source", "more sources")) " →" } }
            }
        }
    };
    Ok(framed(view, "Sources", Tab::Sources, &body))
}

/// How many sources are in each state, the gravest first; states without any are left out.
pub(super) fn by_state(sources: &[SourceStatus]) -> Vec<(SourceState, usize)> {
    let mut counted: Vec<(SourceState, usize)> = vec![];
    for source in sources {
        match counted.iter_mut().find(|(state, _)| *state == source.state) {
            Some((_, n)) => *n += 1,
            None => counted.push((source.state, 1)),
        }
    }
    counted.sort_by_key(|(state, _)| gravity(*state));
    counted
}

/// Those that are not well first, then by id.
pub(super) fn sort(sources: &mut [SourceStatus]) {
    sources.sort_by(|a, b| gravity(a.state).cmp(&gravity(b.state)).then_with(|| a.id.cmp(&b.id)));
}

fn gravity(state: SourceState) -> (u8, &'static str) {
    let rank = match (state, source_tone(state)) {
        (SourceState::Disabled, _) => 4,
        (_, Tone::Bad) => 0,
        (_, Tone::Warn) => 1,
        (_, Tone::Quiet) => 2,
        (_, Tone::Good) => 3,
    };
    (rank, state.as_str())
}

/// How many polls should have begun long since.
pub(super) fn overdue(sources: &[SourceStatus], now: Timestamp) -> usize {
    sources.iter().filter(|source| is_overdue(source, now)).count()
}

fn is_overdue(source: &SourceStatus, now: Timestamp) -> bool {
    source.next_poll.is_some_and(|next| now.duration_since(next) > PATIENCE)
}

/// The last polls of the sources that a table shows.
pub(super) type Polls = HashMap<SourceId, Vec<PollSeen>>;

/// See [`Polls`].
pub(super) async fn polls(parts: &Parts, sources: &[SourceStatus]) -> store::Result<Polls> {
    let ids: Vec<SourceId> = sources.iter().map(|source| source.id.clone()).collect();
    answered(parts.store.polls(&ids, STRIP_POLLS_MAX)).await
}

/// The sources as a table.
pub(super) fn rows(sources: &[SourceStatus], polls: &Polls, view: &View) -> Markup {
    let columns = ["Source", "State", "Polls", "Since", "Last success", "Next poll", "Every", "Error"];
    let rows = sources.iter().map(|source| {
        let named = view.legend.sources.get(&source.id).map_or(source.id.as_str(), String::as_str);
        let every = source.interval_s.map_or_else(|| nothing("not known yet"), |s| html! { span.whole { (span(s)) } });
        let error = source.error.as_deref().map_or_else(|| nothing("none"), |error| words(error, 300));
        vec![
            html! {
                a href={ "/source/" (source.id) } { bdi dir="auto" { (name(named)) } }
                span.under { (address(&source.url, 60)) }
            },
            badge(source_tone(source.state), source.state.as_str()),
            strip(polls.get(&source.id).map_or(&[], Vec::as_slice), view),
            moment_and_distance(source.since, view),
            moment_and_distance(source.last_success, view),
            html! {
                @if source.state == SourceState::Disabled { (nothing("never")) }
                @else { (moment_and_distance(source.next_poll, view)) }
                @if is_overdue(source, view.now) { " " (badge(Tone::Warn, "overdue")) }
            },
            every,
            error,
        ]
    });
    table("Sources", &columns, rows)
}
