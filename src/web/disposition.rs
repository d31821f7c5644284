//! "Not our Petrov": a name that an alert found and that is somebody else's, remembered with what tells them apart. In: an alert and
//! a form. Out: a silence of that name in articles that meet a query, without an end.

use super::frame::{Fault, shown};
use super::silences::{keep, made, meets_query};
use super::{Parts, answered};
use crate::model::limits::SILENCE_BYTES_MAX;
use crate::model::{Alert, SilenceBy};
use crate::render::line::name;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    name: String,
    context: String,
    #[serde(default)]
    author: String,
    #[serde(default)]
    comment: String,
}

/// The watches and rows that an alert named, each once.
fn names(alert: &Alert) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for hit in &alert.hits {
        let named = match (&hit.watch, &hit.entry) {
            (Some(list), Some(row)) => format!("{list}/{row}"),
            (Some(watch), None) => watch.clone(),
            (None, _) => continue,
        };
        if !names.contains(&named) {
            names.push(named);
        }
    }
    names
}

/// The form on an alert's page; nothing where the alert named nobody.
pub(super) fn form(id: i64, alert: &Alert) -> Markup {
    let names = names(alert);
    html! {
        @if !names.is_empty() {
            details.card {
                summary { "Not the one you watch?" }
                p.soft { "Say what tells them apart: words or fields that the wrong one's articles have, as " code { "hockey OR site:sport.example" } ". Alerts of that name in such articles are kept, counted, and told to nobody; where somebody else whom you watch is named too, it is told all the same." }
                form.line method="post" action={ "/alert/" (id) "/disposition" } {
                    label for="name" { "The name" }
                    select #name name="name" { @for named in &names { option value=(named) { "@" (name(named)) } } }
                    label for="context" { "In articles that meet" }
                    input #context type="text" name="context" required maxlength=(SILENCE_BYTES_MAX) spellcheck="false" autocomplete="off" dir="auto";
                    label for="author" { "Who says so" }
                    input #author type="text" name="author" required maxlength="200" autocomplete="name" dir="auto";
                    label for="comment" { "Why" }
                    input #comment type="text" name="comment" maxlength=(SILENCE_BYTES_MAX) autocomplete="off" dir="auto";
                    button type="submit" { "Remember it" }
                }
            }
        }
    }
}

pub(super) async fn add(
    State(parts): State<Arc<Parts>>,
    Path(id): Path<String>,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let view = parts.view();
    let missing = Fault::Missing("there is no alert of this number, or it is no longer kept");
    let Ok(id) = id.parse() else { return shown(&view, Err(missing)) };
    let file = match answered(parts.store.alert(id)).await {
        Ok(Some(file)) => file,
        Ok(None) => return shown(&view, Err(missing)),
        Err(fault) => return shown(&view, Err(fault.into())),
    };
    let checked = form.map_err(|_| "the form was not whole".to_string()).and_then(|Form(typed)| {
        if !names(&file.stored.alert).contains(&typed.name) {
            return Err(format!("the alert does not name {:?}", typed.name));
        }
        let context = typed.context.trim();
        meets_query(context)?;
        made(SilenceBy::Watch, &typed.name, Timestamp::MAX, Some(context), &typed.author, &typed.comment, &view)
    });
    match checked {
        Ok(silence) => keep(&parts, &view, &silence).await,
        Err(why) => {
            let body = html! {
                h1 { "It was not remembered" }
                p role="alert" { bdi dir="auto" { (crate::render::line::line(&why, 500)) } "." }
                p { a href={ "/alert/" (id) } { "Back to the alert" } }
            };
            let page = super::frame::page(&view, "Not remembered", super::frame::Tab::Alerts, &body);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}
