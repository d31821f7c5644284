//! Silences and dispositions: what is kept and not told because somebody asked for it. In: the store's, and forms. Out: a list with
//! a way to end each, and a form for a new one. What a form says is checked as the command line checks it.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{moment, moment_and_distance, table, words};
use super::{Parts, View, answered};
use crate::matching;
use crate::model::limits::{PAGE_ROWS_MAX, SILENCE_BYTES_MAX};
use crate::model::{Rule, RuleId, Silence, SilenceBy};
use crate::text::one_line;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use std::slice;
use std::sync::Arc;

/// How long a silence from the page may hold, in hours, and in words.
const LENGTHS: [(i64, &str); 6] =
    [(1, "1 hour"), (4, "4 hours"), (24, "1 day"), (72, "3 days"), (168, "1 week"), (720, "30 days")];

const ABOUT: [(SilenceBy, &str, &str); 4] = [
    (SilenceBy::Rule, "rule", "all alerts of the rule"),
    (SilenceBy::Watch, "watch", "alerts that name this watch, list or row and no other"),
    (SilenceBy::Source, "source", "articles of the source"),
    (SilenceBy::Query, "query", "articles that meet the query"),
];

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    by: String,
    target: String,
    hours: i64,
    #[serde(default)]
    author: String,
    #[serde(default)]
    comment: String,
}

pub(super) async fn page(State(parts): State<Arc<Parts>>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &Typed::default(), None).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, typed: &Typed, wrong: Option<&str>) -> Result<Html<String>, Fault> {
    let all = answered(parts.store.silences(view.now)).await?;
    let (dispositions, silences): (Vec<_>, Vec<_>) = all.into_iter().partition(|silence| silence.context.is_some());
    let body = html! {
        h1 { "Silences" }
        p.soft { "What comes meanwhile is kept, counted in digests, and told to nobody." }
        @if silences.is_empty() { p { "Nothing is silenced." } } @else { (rows("Silences", &silences, view)) }
        section {
            h2 { "Be quiet about something" }
            @if let Some(wrong) = wrong { p.badge.bad role="alert" { bdi { (words(wrong, 500)) } } }
            (form(typed))
        }
        section {
            h2 { "Not the ones you watch" }
            p.soft { "Dispositions: a name that was found and is somebody else's, where the article meets a query. They are made on an alert's page." }
            @if dispositions.is_empty() { p { "None was made." } } @else { (rows("Dispositions", &dispositions, view)) }
        }
    };
    Ok(framed(view, "Silences", Tab::Silences, &body))
}

fn form(typed: &Typed) -> Markup {
    html! {
        form.line method="post" action="/silences" {
            label for="by" { "About" }
            select #by name="by" {
                @for (by, word, means) in ABOUT {
                    option value=(by.as_str()) selected[typed.by == by.as_str()] { (word) ": " (means) }
                }
            }
            label for="target" { "Which: an id, as " code { "wang-yi" } " or " code { "pep/Q7" } ", or the query" }
            input #target type="text" name="target" value=(typed.target) required maxlength=(SILENCE_BYTES_MAX) spellcheck="false" autocomplete="off" dir="auto";
            label for="hours" { "For" }
            select #hours name="hours" {
                @for (hours, word) in LENGTHS { option value=(hours) selected[typed.hours == hours] { (word) } }
            }
            label for="author" { "Who asks" }
            input #author type="text" name="author" value=(typed.author) required maxlength="200" autocomplete="name" dir="auto";
            label for="comment" { "Why" }
            input #comment type="text" name="comment" value=(typed.comment) maxlength=(SILENCE_BYTES_MAX) autocomplete="off" dir="auto";
            button type="submit" { "Be quiet" }
        }
    }
}

fn rows(label: &str, silences: &[Silence], view: &View) -> Markup {
    let more = silences.len().saturating_sub(PAGE_ROWS_MAX);
    let rows = silences.iter().rev().take(PAGE_ROWS_MAX).map(|silence| {
        let Silence { id, by, target, made, until, author, comment, context } = silence;
        vec![
            html! {
                @if context.is_none() { (by.as_str()) " " }
                b { (words(target, 200)) }
                @if let Some(context) = context { span.under { "where " code { bdi dir="auto" { (words(context, 300)) } } } }
            },
            html! { @if silence.for_good() { "for good" } @else { (moment_and_distance(Some(*until), view)) } },
            html! { (words(author, 100)) span.under.soft { (moment(*made, view)) } },
            html! { (words(comment, 300)) },
            html! {
                form method="post" action={ "/silences/" (id) "/expire" } {
                    button.small type="submit" aria-label={ "End number " (id) ", about " (one_line(target)) } { "End" }
                }
            },
        ]
    });
    html! {
        (table(label, &["About", "Until", "By", "Why", "End it"], rows))
        @if more > 0 { p.soft { "and " (more) " older ones; " code { "wirewatch silence list" } " shows all." } }
    }
}

pub(super) async fn add(State(parts): State<Arc<Parts>>, form: Result<Form<Typed>, FormRejection>) -> Response {
    let view = parts.view();
    let Ok(Form(typed)) = form else {
        let drawn = draw(&parts, &view, &Typed::default(), Some("The form was not whole; try again.")).await;
        return (StatusCode::BAD_REQUEST, shown(&view, drawn)).into_response();
    };
    match silence(&typed, &view) {
        Ok(silence) => keep(&parts, &view, &silence).await,
        Err(why) => {
            let drawn = draw(&parts, &view, &typed, Some(&why)).await;
            (StatusCode::UNPROCESSABLE_ENTITY, shown(&view, drawn)).into_response()
        }
    }
}

/// Keeps it, and shows it among the others.
pub(super) async fn keep(parts: &Parts, view: &View, silence: &Silence) -> Response {
    match answered(parts.store.add_silence(silence)).await {
        Ok(_) => Redirect::to("/silences").into_response(),
        Err(fault) => shown(view, Err(fault.into())),
    }
}

fn silence(typed: &Typed, view: &View) -> Result<Silence, String> {
    let Some((by, ..)) = ABOUT.into_iter().find(|(by, ..)| by.as_str() == typed.by) else {
        return Err("choose what it is about".into());
    };
    if !LENGTHS.iter().any(|(hours, _)| *hours == typed.hours) {
        return Err("choose how long it is to hold".into());
    }
    let target = typed.target.trim();
    if by == SilenceBy::Query {
        meets_query(target)?;
    } else {
        known(by, target, view)?;
    }
    let target = if by == SilenceBy::Query { target } else { target.trim_start_matches('@') };
    let until = view.now.checked_add(SignedDuration::from_hours(typed.hours)).unwrap_or(Timestamp::MAX);
    made(by, target, until, None, &typed.author, &typed.comment, view)
}

/// One of these words, which are bounded and signed.
pub(super) fn made(
    by: SilenceBy,
    target: &str,
    until: Timestamp,
    context: Option<&str>,
    author: &str,
    comment: &str,
    view: &View,
) -> Result<Silence, String> {
    let (author, comment) = (one_line(author.trim()), one_line(comment.trim()));
    if author.is_empty() {
        return Err("say who asks".into());
    }
    if target.len().max(author.len()).max(comment.len()).max(context.map_or(0, str::len)) > SILENCE_BYTES_MAX {
        return Err(format!("nothing of it may be longer than {SILENCE_BYTES_MAX} bytes"));
    }
    let context = context.map(ToString::to_string);
    Ok(Silence { id: 0, by, target: target.into(), made: view.now, until, author, comment, context })
}

/// Whether a query may stand: words and fields, and no watch.
pub(super) fn meets_query(typed: &str) -> Result<(), String> {
    if typed.contains('@') {
        return Err("the query may have words and fields, and no @watch".into());
    }
    let id = RuleId::new("silence").map_err(|fault| fault.to_string())?;
    match matching::compile(&[], &[], slice::from_ref(&Rule::typed(id, typed)), &TimeZone::UTC) {
        Ok(_) => Ok(()),
        Err(faults) => Err(faults.iter().map(|fault| fault.what.clone()).collect::<Vec<_>>().join("; ")),
    }
}

fn known(by: SilenceBy, target: &str, view: &View) -> Result<(), String> {
    let same = |id: &str, typed: &str| id.replace('_', "-") == typed.replace('_', "-");
    let desk = &view.legend.desk;
    let typed = target.trim_start_matches('@');
    let found = match by {
        SilenceBy::Rule => desk.rules.iter().any(|rule| same(rule.id.as_str(), typed)),
        SilenceBy::Source => desk.sources.iter().any(|source| same(source.id.as_str(), typed)),
        SilenceBy::Watch => {
            let id = typed.split_once('/').map_or(typed, |(list, _)| list);
            desk.watches.iter().any(|watch| same(watch.id.as_str(), id))
                || desk.lists.iter().any(|list| same(list.id.as_str(), id))
        }
        SilenceBy::Query => true,
    };
    if found { Ok(()) } else { Err(format!("no {} has the id {typed:?}", by.as_str())) }
}

pub(super) async fn expire(State(parts): State<Arc<Parts>>, Path(id): Path<String>) -> Response {
    let view = parts.view();
    let missing = Fault::Missing("no silence of this number holds now");
    let Ok(id) = id.parse() else { return shown(&view, Err(missing)) };
    match answered(parts.store.expire_silence(id, view.now)).await {
        Err(fault) => shown(&view, Err(fault.into())),
        Ok(false) => shown(&view, Err(missing)),
        Ok(true) => Redirect::to("/silences").into_response(),
    }
}
