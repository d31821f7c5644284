//! For machines: whether the daemon works, and its numbers for Prometheus (text format 0.0.4). In: the store. Out: one word or
//! a few lines. A probe costs one turn of the writer, whatever the size of the store.

use super::{Legend, Parts, answered};
use crate::model::{DeliveryState, SourceState};
use crate::store::{self, Status};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::sync::Arc;

/// 200 when the writer has answered: what is fetched can be kept.
pub(super) async fn healthy(State(parts): State<Arc<Parts>>) -> (StatusCode, String) {
    said(answered(parts.store.ping()).await)
}

/// 200 when the pages can be read too.
pub(super) async fn ready(State(parts): State<Arc<Parts>>) -> (StatusCode, String) {
    let both = async {
        parts.store.ping().await?;
        parts.store.alerts(1).await
    };
    said(answered(both).await.map(|_| ()))
}

fn said(answer: store::Result<()>) -> (StatusCode, String) {
    match answer {
        Ok(()) => (StatusCode::OK, "ok\n".into()),
        Err(fault) => (StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")),
    }
}

/// The numbers of [`Status`].
pub(super) async fn metrics(State(parts): State<Arc<Parts>>) -> Response {
    match answered(parts.store.status()).await {
        Ok(status) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], exposition(&status, &parts.legend.load(), parts.clock.now()))
                .into_response()
        }
        Err(fault) => said(Err(fault)).into_response(),
    }
}

fn exposition(status: &Status, legend: &Legend, now: Timestamp) -> String {
    let mut out = String::new();
    let mut family = |name: &str, help: &str, samples: &[(String, f64)]| {
        let _ = writeln!(out, "# HELP wirewatch_{name} {help}\n# TYPE wirewatch_{name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(out, "wirewatch_{name}{labels} {value}");
        }
    };
    let labelled = |label: &str, samples: &[(&str, usize)]| -> Vec<(String, f64)> {
        samples.iter().map(|(value, n)| (format!("{{{label}=\"{value}\"}}"), number(*n))).collect()
    };
    let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    family("build_info", "The version that runs.", &[(version, 1.0)]);
    let by_state = STATES.map(|state| (state.as_str(), status.sources.iter().filter(|s| s.state == state).count()));
    family("sources", "Sources by how they are.", &labelled("state", &by_state));
    let overdue = super::sources::overdue(&status.sources, now);
    family("sources_overdue", "Sources whose poll should have begun minutes ago.", &[(String::new(), number(overdue))]);
    let last = status.sources.iter().filter_map(|source| source.last_success).max();
    if let Some(last) = last {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
        let seconds = last.as_second() as f64;
        let help = "When any source last answered as it should, in seconds since 1970.";
        family("last_success_timestamp_seconds", help, &[(String::new(), seconds)]);
    }
    let outbox = status.outbox;
    let owed = [
        (DeliveryState::Pending.as_str(), outbox.pending),
        (DeliveryState::Retrying.as_str(), outbox.retrying),
        (DeliveryState::Held.as_str(), outbox.held),
        (DeliveryState::Dead.as_str(), outbox.dead),
    ];
    family("deliveries", "Deliveries that have not arrived, by where they stand.", &labelled("state", &owed));
    let read = [("full", status.articles.full), ("summary_only", status.articles.summary_only)];
    family("articles", "Articles kept, by how they were read.", &labelled("read", &read));
    let unread = [(String::new(), number(status.articles.unread))];
    family("entries_unread", "Entries that wait to be read.", &unread);
    let help =
        "Rules that are tried on every article: they say nothing of what must stand in it. check names them (W205).";
    family("rules_always_tried", help, &[(String::new(), number(legend.desk.index.rules_always_tried()))]);
    out
}

const STATES: [SourceState; 9] = [
    SourceState::New,
    SourceState::Ok,
    SourceState::Failing,
    SourceState::Stale,
    SourceState::Gap,
    SourceState::Blocked,
    SourceState::Moved,
    SourceState::Gone,
    SourceState::Disabled,
];

#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
fn number(count: usize) -> f64 {
    count as f64
}
