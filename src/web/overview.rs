//! The overview: whether the watch is kept, what was found in the last day, and what is owed. In: the store's status. Out: a
//! page whose first line is the answer.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, badge, marked, moment, source_tone};
use super::{Parts, View, answered, chart, outbox, sources};
use crate::model::limits::OVERVIEW_ROWS_MAX;
use crate::model::{DeliveryState, SourceState};
use crate::render::Card;
use crate::render::line::count;
use crate::store::{AlertTally, Status, StoredAlert};
use axum::extract::State;
use axum::response::{Html, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Alerts that the overview names.
const NEWEST: usize = 5;

/// What has not arrived.
const OWED: [DeliveryState; 4] =
    [DeliveryState::Dead, DeliveryState::Retrying, DeliveryState::Pending, DeliveryState::Held];

pub(super) async fn page(State(parts): State<Arc<Parts>>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View) -> Result<Html<String>, Fault> {
    let since = view.now - chart::BIN * u32::try_from(chart::BINS).unwrap_or(u32::MAX);
    let mut status = answered(parts.store.status()).await?;
    let tallies = answered(parts.store.tally_alerts(since, chart::BIN)).await?;
    let newest = answered(parts.store.alerts(NEWEST)).await?;
    let owed = answered(parts.store.outbox(&OWED, OVERVIEW_ROWS_MAX)).await?;
    sources::sort(&mut status.sources);
    let verdict = verdict(&status, view);
    let outbox = status.outbox;
    let waiting = outbox.pending + outbox.retrying + outbox.held;
    let more = (waiting + outbox.dead).saturating_sub(owed.len());
    let body = html! {
        h1.unseen { "Overview" }
        (said(&verdict))
        (figures(&status, &tallies))
        div.columns {
            section {
                h2 { "Alerts of the last 24 hours" }
                (chart::chart(&tallies, view))
            }
            section {
                h2 { "Newest alerts" }
                (list(&newest, view))
                p.further { a href="/alerts" { "All alerts →" } }
            }
        }
        section {
            h2 { "Sources" }
            p.states {
                @for (state, n) in sources::by_state(&status.sources) {
                    a href={ "/sources?state=" (state.as_str()) } { (badge(source_tone(state), &format!("{n} {}", state.as_str()))) } " "
                }
            }
            @if status.sources.is_empty() { p.soft { "No source is configured." } } @else {
                (sources::rows(&status.sources[..status.sources.len().min(OVERVIEW_ROWS_MAX)], view))
                p.further { a href="/sources" { "All " (count(status.sources.len(), "source", "sources")) " →" } }
            }
        }
        section {
            h2 { "Owed" }
            @if owed.is_empty() { p.soft { "Nothing is owed: every message has arrived or was given up." } } @else {
                (outbox::rows(&owed, view))
                @if more > 0 { p.soft { "and " (count(more, "more delivery", "more deliveries")) } }
            }
            p.further { a href="/outbox" { "The outbox →" } }
        }
    };
    Ok(framed(view, "Overview", Tab::Overview, &body))
}

/// Whether the watch is kept: one line, and what speaks against it.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    tone: Tone,
    line: String,
    reasons: Vec<String>,
}

fn verdict(status: &Status, view: &View) -> Verdict {
    let watched = status.sources.iter().filter(|source| source.state != SourceState::Disabled);
    let (mut all, mut new, mut unwell, mut warned) = (0, 0, 0, 0);
    for source in watched {
        all += 1;
        match source_tone(source.state) {
            Tone::Bad => unwell += 1,
            Tone::Warn => warned += 1,
            Tone::Quiet => new += 1,
            Tone::Good => {}
        }
    }
    let mut reasons = vec![];
    let mut tone = Tone::Good;
    let mut against = |n: usize, grave: Tone, one: &str, many: &str| {
        if n > 0 {
            reasons.push(count(n, one, many));
            if grave == Tone::Bad || tone != Tone::Bad {
                tone = grave;
            }
        }
    };
    let overdue = sources::overdue(&status.sources, view.now);
    against(unwell, Tone::Bad, "source cannot be read", "sources cannot be read");
    against(status.outbox.dead, Tone::Bad, "delivery was refused for good", "deliveries were refused for good");
    against(overdue, Tone::Warn, "poll is overdue", "polls are overdue");
    against(
        warned,
        Tone::Warn,
        "source wants a look: stale, moved, or with a gap",
        "sources want a look: stale, moved, or with a gap",
    );
    against(status.outbox.retrying, Tone::Warn, "delivery is being tried again", "deliveries are being tried again");
    let line = match (tone, all) {
        (_, 0) => "Nothing is watched: no source is configured.".to_string(),
        (Tone::Good, _) if new > 0 => format!("The first polls are under way: {new} of {all} to go."),
        (Tone::Good, 1) => "The watch is kept: the one source answered when it was last asked.".into(),
        (Tone::Good, _) => format!("The watch is kept: all {all} sources answered when they were last asked."),
        (Tone::Bad, _) if unwell > 0 => "The watch is not whole.".into(),
        (Tone::Bad, _) => "The watch is kept, but not everybody was told.".into(),
        _ => "The watch is kept; something wants a look.".into(),
    };
    Verdict { tone: if all == 0 { Tone::Warn } else { tone }, line, reasons }
}

fn said(verdict: &Verdict) -> Markup {
    html! {
        div class={ "verdict " (verdict.tone.class()) } {
            p.line { (verdict.line) }
            @if !verdict.reasons.is_empty() { ul { @for reason in &verdict.reasons { li { (reason) } } } }
        }
    }
}

fn figures(status: &Status, tallies: &[AlertTally]) -> Markup {
    let told: usize = tallies.iter().map(|tally| tally.told).sum();
    let kept: usize = tallies.iter().map(|tally| tally.not_told).sum();
    let (outbox, articles) = (status.outbox, status.articles);
    let well = status.sources.iter().filter(|source| source.state == SourceState::Ok).count();
    let watched = status.sources.iter().filter(|source| source.state != SourceState::Disabled).count();
    let figure = |href: Option<&str>, name: &str, number: String, under: String| {
        html! {
            div.figure {
                dt { @if let Some(href) = href { a href=(href) { (name) } } @else { (name) } }
                dd { span.number { (number) } span.soft.under { (under) } }
            }
        }
    };
    let owed = outbox.pending + outbox.retrying + outbox.held;
    html! {
        dl.figures {
            (figure(Some("/sources"), "Sources well", format!("{well}"), format!("of {watched}")))
            (figure(Some("/alerts"), "Alerts, 24 h", told.to_string(), format!("{kept} more kept, not told")))
            (figure(Some("/outbox"), "Deliveries owed", owed.to_string(), format!("{} refused for good", outbox.dead)))
            (figure(None, "Articles read", (articles.full + articles.summary_only).to_string(),
                format!("{} in full · {} to read", articles.full, articles.unread)))
        }
    }
}

fn list(newest: &[StoredAlert], view: &View) -> Markup {
    html! {
        @if newest.is_empty() { p.soft { "No alert yet." } }
        ul.newest {
            @for stored in newest {
                @let card = Card::new(&stored.alert, 0);
                li {
                    a lang=[card.language] dir=(card.direction) href={ "/alert/" (stored.id) } { (marked(&card.title)) }
                    span.under.soft { bdi dir="auto" { (card.rule) } " · " bdi dir="auto" { (card.outlet) } " · " (moment(stored.alert.matched, view)) }
                }
            }
        }
    }
}
