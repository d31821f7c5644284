//! Login and logout. In: a form with a password. Out: a signed cookie and the way back, or the form again with the reason. A
//! wrong password makes its address wait; one is tried at a time.

use super::access::{self, NO_COOKIE};
use super::frame::bare;
use super::guard::{Gate, Peer};
use super::show::span;
use crate::model::limits;
use crate::text::password;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Where to go after the login.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Way {
    next: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Typed {
    password: String,
    next: Option<String>,
}

pub(super) async fn page(State(gate): State<Arc<Gate>>, Query(way): Query<Way>) -> Response {
    if gate.access().password.is_none() {
        return Redirect::to("/").into_response();
    }
    shown(StatusCode::OK, way.next.as_deref(), None)
}

pub(super) async fn login(
    State(gate): State<Arc<Gate>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let legend = gate.parts.legend.load_full();
    let access = &legend.access;
    let Some(hash) = access.password.clone() else { return Redirect::to("/").into_response() };
    let Ok(Form(typed)) = form else {
        return shown(StatusCode::BAD_REQUEST, None, Some("The form was not whole; try again."));
    };
    let next = typed.next.as_deref();
    let (client, now) = (access::client(&headers, peer, access), gate.parts.clock.now());
    if let Some(wait) = gate.throttle.wait(client, now) {
        let seconds = wait.as_secs().max(1);
        let mut refused = shown(
            StatusCode::TOO_MANY_REQUESTS,
            next,
            Some(&format!("Too many wrong passwords: try again in {}.", span(seconds))),
        );
        refused.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        return refused;
    }
    gate.throttle.wrong(client, now);
    // Each try takes memory: those of others wait.
    let Ok(_turn) = gate.trying.acquire().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let fits =
        move || typed.password.len() <= limits::PASSWORD_BYTES_MAX && password::fits(&typed.password, hash.reveal());
    if !tokio::task::spawn_blocking(fits).await.unwrap_or(false) {
        tracing::warn!(%client, "a wrong password for the status page came from {client}");
        return shown(StatusCode::UNAUTHORIZED, next, Some("The password is wrong."));
    }
    gate.throttle.right(client);
    let Some(cookie) = gate.seal.cookie(access, now, access::over_tls(&headers, peer, access)) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    with_cookie(ours(next), cookie)
}

pub(super) async fn logout() -> Response {
    with_cookie("/login", NO_COOKIE)
}

fn with_cookie(to: &str, cookie: HeaderValue) -> Response {
    let mut there = Redirect::to(to).into_response();
    there.headers_mut().insert(header::SET_COOKIE, cookie);
    there
}

/// A place on this page, and nowhere else.
fn ours(next: Option<&str>) -> &str {
    let plain = |next: &&str| {
        next.starts_with('/') && !next.starts_with("//") && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    next.filter(plain).unwrap_or("/")
}

fn shown(code: StatusCode, next: Option<&str>, fault: Option<&str>) -> Response {
    (code, bare("Log in", &form(ours(next), fault))).into_response()
}

fn form(next: &str, fault: Option<&str>) -> Markup {
    html! {
        form.login method="post" action="/login" {
            h1 { "wirewatch" }
            @if let Some(fault) = fault { p.badge.bad role="alert" { (fault) } }
            label for="password" { "Password" }
            input #password type="password" name="password" autocomplete="current-password" required autofocus maxlength=(limits::PASSWORD_BYTES_MAX);
            input type="hidden" name="next" value=(next);
            button type="submit" { "Log in" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn a_login_leads_nowhere_else() {
        for (next, to) in [
            ("/alerts?rule=a", "/alerts?rule=a"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
            ("/a\r\nb", "/"),
        ] {
            assert_eq!(ours(Some(next)), to, "{next}");
        }
        assert_eq!(ours(None), "/");
    }
}
