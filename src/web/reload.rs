//! `POST /-/reload`. In: the wish. Out: what the daemon made of it: 200 with what changed, 422 with every fault, 503 where it
//! could not take effect; for a person as a page, for a program as text.

use super::frame::{self, Tab};
use super::guard::wants_page;
use super::{Parts, Reloaded};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;
use tokio::sync::oneshot;

pub(super) async fn reload(State(parts): State<Arc<Parts>>, headers: HeaderMap) -> Response {
    let (answer, answered) = oneshot::channel();
    let asked = parts.reload.send(answer).await.is_ok();
    let reloaded = if asked { answered.await.ok() } else { None };
    let (code, title, lines) = match reloaded {
        Some(Reloaded::Accepted(changes)) if changes.is_empty() => {
            (StatusCode::OK, "The configuration was read again", vec!["nothing changed".to_string()])
        }
        Some(Reloaded::Accepted(changes)) => (StatusCode::OK, "The new configuration took effect", changes),
        Some(Reloaded::Refused(faults)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "The new configuration has faults; the old one runs on", faults)
        }
        Some(Reloaded::Failed(why)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The new configuration could not take effect; the old one runs on",
            vec![why],
        ),
        None => {
            let lines = vec!["it reads no configuration now; try again".to_string()];
            (StatusCode::SERVICE_UNAVAILABLE, "The daemon is stopping", lines)
        }
    };
    if wants_page(&headers) {
        (code, frame::page(&parts.view(), title, Tab::None, &told(title, &lines))).into_response()
    } else {
        (code, format!("{}\n", lines.join("\n"))).into_response()
    }
}

fn told(title: &str, lines: &[String]) -> Markup {
    html! {
        h1 { (title) }
        @for line in lines { pre.typed tabindex="0" { (line) } }
        p { a href="/" { "Back to the overview" } }
    }
}
