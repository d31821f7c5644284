//! The outbox: what is owed, to whom, and what became of it. In: the store's deliveries. Out: a list, newest message first.

use super::frame::{Fault, Tab, page as framed, shown};
use super::guard::wants_page;
use super::show::{Tone, badge, choices, delivery_tone, moment_and_distance, nothing, table, words};
use super::{Parts, View, answered};
use crate::model::limits::PAGE_ROWS_MAX;
use crate::model::{Delivery, DeliveryState, MessageId, MessageKind};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const STATES: [DeliveryState; 6] = [
    DeliveryState::Dead,
    DeliveryState::Retrying,
    DeliveryState::Pending,
    DeliveryState::Held,
    DeliveryState::Expired,
    DeliveryState::Sent,
];

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>, Query(asked): Query<Asked>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &asked).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, asked: &Asked) -> Result<Html<String>, Fault> {
    let chosen = STATES.into_iter().find(|state| asked.state.as_deref() == Some(state.as_str()));
    let wanted = chosen.as_slice();
    let mut deliveries = answered(parts.store.outbox(wanted, PAGE_ROWS_MAX + 1)).await?;
    let counts = answered(parts.store.status()).await?.outbox;
    let more = deliveries.len() > PAGE_ROWS_MAX;
    deliveries.truncate(PAGE_ROWS_MAX);
    let counted = |state| match state {
        DeliveryState::Pending => Some(counts.pending),
        DeliveryState::Retrying => Some(counts.retrying),
        DeliveryState::Held => Some(counts.held),
        DeliveryState::Dead => Some(counts.dead),
        DeliveryState::Sent | DeliveryState::Expired => None,
    };
    let every = std::iter::once(("all", "/outbox".to_string(), None, chosen.is_none()));
    let some = STATES.into_iter().map(|state| {
        (state.as_str(), format!("/outbox?state={}", state.as_str()), counted(state), chosen == Some(state))
    });
    let body = html! {
        h1 { "Outbox" }
        (choices("Deliveries by state", every.chain(some)))
        @if deliveries.is_empty() {
            p.soft { @match chosen { Some(state) => { "No delivery is " (state.as_str()) "." }, None => "No message was ever owed." } }
        } @else {
            (rows(&deliveries, view))
            @if more { p.soft { "Only the newest " (PAGE_ROWS_MAX) " are shown; " code { "wirewatch outbox list" } " shows more." } }
        }
    };
    Ok(framed(view, "Outbox", Tab::Outbox, &body))
}

/// Deliveries as a table.
pub(super) fn rows(deliveries: &[Delivery], view: &View) -> Markup {
    let columns = ["Message", "To", "State", "Attempts", "Next attempt", "Last fault", "Try again"];
    let rows = deliveries.iter().map(|delivery| {
        let error = delivery.error.as_deref().map_or_else(|| nothing("none"), |error| words(error, 300));
        let next = delivery.next_attempt.map_or_else(|| nothing("none"), |at| moment_and_distance(Some(at), view));
        vec![
            html! {
                (words(&delivery.subject, 160))
                span.under.soft { (kind(delivery.kind)) " · " span.id { (delivery.id) } }
            },
            html! { (words(&delivery.recipient.0, 100)) span.under.soft { "channel " (delivery.channel) } },
            html! {
                (badge(delivery_tone(delivery.state), delivery.state.as_str()))
                @if delivery.maybe_twice { " " (badge(Tone::Warn, "maybe twice")) }
            },
            html! { (delivery.attempts) },
            next,
            error,
            retry(delivery),
        ]
    });
    table("Deliveries", &columns, rows)
}

/// A button for what has not arrived.
pub(super) fn retry(delivery: &Delivery) -> Markup {
    match delivery.state {
        DeliveryState::Sent | DeliveryState::Held => nothing("not needed"),
        _ => html! {
            form method="post" action={ "/outbox/" (delivery.id) "/retry" } {
                button.small type="submit" aria-label={ "Try again to send " (words_of(delivery)) } { "Retry" }
            }
        },
    }
}

fn words_of(delivery: &Delivery) -> String {
    crate::render::line::line(&format!("{} to {}", delivery.subject, delivery.recipient.0), 200)
}

/// Tries a message again now, for all that have not got it.
pub(super) async fn again(State(parts): State<Arc<Parts>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let view = parts.view();
    let missing = Fault::Missing("there is no such message");
    let Ok(id) = serde_json::from_value::<MessageId>(id.into()) else { return shown(&view, Err(missing)) };
    match answered(parts.store.outbox_retry(&id, None, view.now)).await {
        Err(fault) => shown(&view, Err(fault.into())),
        Ok(0) => shown(&view, Err(missing)),
        Ok(_) => {
            (parts.wake)();
            if wants_page(&headers) {
                Redirect::to("/outbox").into_response()
            } else {
                "it is tried again now\n".into_response()
            }
        }
    }
}

/// What a message is, in a word.
pub(super) fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Alert => "alert",
        MessageKind::Digest => "digest",
        MessageKind::SourceFailing => "source failing",
        MessageKind::SourceRecovered => "source recovered",
        MessageKind::Notice => "notice",
        MessageKind::Test => "test",
    }
}
