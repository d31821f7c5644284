//! For machines: whether the daemon works, and its numbers for Prometheus. In: the store. Out: one word or a few lines. A probe
//! costs one turn of the writer, whatever the size of the store.

use super::{Parts, answered};
use crate::model::SourceState;
use crate::store;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// 200 when the writer has answered: what is fetched can be kept.
pub(super) async fn healthy(State(parts): State<Arc<Parts>>) -> (StatusCode, String) {
    said(answered(parts.store.ping()).await)
}

/// 200 when the pages can be read too, and sources are polled: one has been since this start or any before it.
pub(super) async fn ready(State(parts): State<Arc<Parts>>) -> (StatusCode, String) {
    let both = async {
        parts.store.ping().await?;
        parts.store.alerts(1).await?;
        if parts.meter.has_polled() || parts.legend.load().desk.sources.is_empty() {
            return Ok(true);
        }
        let sources = parts.store.status().await?.sources;
        Ok(sources.iter().any(|source| source.state != SourceState::New || source.last_success.is_some()))
    };
    match answered(both).await {
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "no source has been polled yet\n".into()),
        answer => said(answer.map(|_| ())),
    }
}

fn said(answer: store::Result<()>) -> (StatusCode, String) {
    match answer {
        Ok(()) => (StatusCode::OK, "ok\n".into()),
        Err(fault) => (StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")),
    }
}

/// The numbers of [`Status`] and of the meter.
pub(super) async fn metrics(State(parts): State<Arc<Parts>>) -> Response {
    match answered(parts.store.status()).await {
        Ok(status) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            let text = super::metrics::exposition(&status, &parts.meter, &parts.legend.load(), parts.clock.now());
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(fault) => said(Err(fault)).into_response(),
    }
}
