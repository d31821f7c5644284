//! Unsubscribing by the link in a mail (RFC 8058). In: a ticket. Out: for a GET, a page with a button, since programs follow links;
//! for a POST, which a mail program sends at one click, nothing more is owed to the reader, and somebody is told.

use super::frame::bare;
use super::{Parts, answered};
use crate::model::{ChannelId, Recipient};
use crate::text::{cut, one_line, ticket};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use std::sync::Arc;

/// Letters of an address that are shown.
const SHOWN_CHARS_MAX: usize = 100;

pub(super) async fn page(State(parts): State<Arc<Parts>>, Path(ticket): Path<String>) -> Response {
    let Some((channel, reader)) = whose(&parts, &ticket) else { return unknown() };
    let title = "Unsubscribe?";
    let body = html! {
        h1 { (title) }
        p { "Nothing more of " strong { (channel.as_str()) } " will be sent to " strong { (cut(&one_line(&reader.0), SHOWN_CHARS_MAX)) } "." }
        form method="post" { button { "Unsubscribe" } }
    };
    bare(title, &body).into_response()
}

pub(super) async fn leave(State(parts): State<Arc<Parts>>, Path(ticket): Path<String>) -> Response {
    let Some((channel, reader)) = whose(&parts, &ticket) else { return unknown() };
    let now = parts.clock.now();
    let told = (parts.left)(&channel, &reader, now);
    match answered(parts.store.unsubscribe(&channel, &reader, now, told)).await {
        Ok(new) => {
            if new {
                tracing::info!(%channel, reader = reader.0, "{} unsubscribed from channel {channel}", one_line(&reader.0));
                (parts.wake)();
            }
            let title = "Unsubscribed";
            let body = html! {
                h1 { (title) }
                p { "Nothing more of " strong { (channel.as_str()) } " is sent to you. Whoever runs this service can undo it." }
            };
            bare(title, &body).into_response()
        }
        Err(fault) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("not now: {fault}; please try again later\n")).into_response()
        }
    }
}

fn whose(parts: &Parts, ticket: &str) -> Option<(ChannelId, Recipient)> {
    let (channel, reader) = ticket::read(&parts.ticket_key, ticket)?;
    Some((ChannelId::new(&channel).ok()?, Recipient(reader)))
}

fn unknown() -> Response {
    let title = "This link is not known";
    let body = html! { h1 { (title) } p { "It may be cut off: copy all of it from the mail." } };
    (StatusCode::NOT_FOUND, bare(title, &body)).into_response()
}
