//! The frame of every page: head, navigation, foot, and the page that says why there is none. In: a title and a body. Out: a
//! whole document, everything in it escaped by maud.

use super::show::moment;
use super::{Parts, View};
use crate::render::line::zone_name;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

/// Which part of the page is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Alerts,
    Articles,
    Sources,
    Rules,
    Silences,
    Outbox,
    None,
}

const TABS: [(Tab, &str, &str); 7] = [
    (Tab::Overview, "/", "Overview"),
    (Tab::Alerts, "/alerts", "Alerts"),
    (Tab::Articles, "/articles", "Articles"),
    (Tab::Sources, "/sources", "Sources"),
    (Tab::Rules, "/rules", "Rules"),
    (Tab::Silences, "/silences", "Silences"),
    (Tab::Outbox, "/outbox", "Outbox"),
];

/// An eye over three lines of text: nothing is loaded for it.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230a6b66'/%3E%3Cg fill='none' stroke='%23fff' stroke-width='2.6' stroke-linecap='round'%3E%3Cpath d='M5 14q11-12 22 0-11 12-22 0M9 26h14'/%3E%3C/g%3E%3Ccircle cx='16' cy='14' r='3.4' fill='%23fff'/%3E%3C/svg%3E";

/// A whole page.
pub(super) fn page(view: &View, title: &str, tab: Tab, body: &Markup) -> Html<String> {
    let zone = &view.legend.zone;
    document(
        title,
        &html! {
            a.skip href="#main" { "Skip to the content" }
            header.top {
                div.inner {
                    a.brand href="/" { img src=(ICON) alt="" width="26" height="26"; "wirewatch" }
                    nav aria-label="Pages" {
                        @for (of, href, name) in TABS {
                            a href=(href) aria-current=[(of == tab).then_some("page")] { (name) }
                        }
                    }
                }
            }
            main #main tabindex="-1" { div.inner { (body) } }
            footer { div.inner {
                p { "wirewatch " (env!("CARGO_PKG_VERSION")) " · as of " (moment(view.now, view)) " · times in " (zone_name(zone, view.now)) }
                div.forms {
                    form method="post" action="/-/reload" { button type="submit" { "Reload the configuration" } }
                    @if view.legend.access.password.is_some() {
                        form method="post" action="/logout" { button type="submit" { "Log out" } }
                    }
                }
            } }
        },
    )
}

/// A page for strangers: no way from it to anywhere.
pub(super) fn bare(title: &str, body: &Markup) -> Html<String> {
    document(title, &html! { main #main { div.inner { (body) } } })
}

fn document(title: &str, body: &Markup) -> Html<String> {
    let document = html! {
        (DOCTYPE)
        html lang="en" dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · wirewatch" }
                link rel="icon" href=(ICON);
                link rel="stylesheet" href="/style.css";
                link rel="alternate" type="application/atom+xml" title="All alerts" href="/feeds/all.atom";
            }
            body { (body) }
        }
    };
    Html(document.into_string())
}

/// Why a page cannot be shown.
pub(super) enum Fault {
    /// The store does not answer.
    Store(StoreError),
    /// There is no such thing, in words.
    Missing(&'static str),
}

impl From<StoreError> for Fault {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

/// The page, or the page that says why not.
pub(super) fn shown(view: &View, page: Result<Html<String>, Fault>) -> Response {
    let (code, title, why) = match page {
        Ok(page) => return page.into_response(),
        Err(Fault::Store(fault)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer", fault.to_string())
        }
        Err(Fault::Missing(what)) => (StatusCode::NOT_FOUND, "Not found", what.to_string()),
    };
    let body = html! {
        h1 { (title) }
        p { (why) "." }
        p { a href="/" { "Back to the overview" } }
    };
    (code, self::page(view, title, Tab::None, &body)).into_response()
}

/// Every other address.
pub(super) async fn nothing_here(State(parts): State<Arc<Parts>>) -> Response {
    shown(&parts.view(), Err(Fault::Missing("there is no page at this address")))
}
