//! Connections. In: a listener and a router. Out: answers, each connection bounded in number, time and size of what it says.

use crate::model::limits;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long to rest when the system gives no connection: it is out of file descriptors, most likely.
const REST: Duration = Duration::from_millis(200);

/// Answers until told to stop.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let seats = Arc::new(Semaphore::new(limits::WEB_CONNECTIONS_MAX));
    let open = TaskTracker::new();
    let accept = async {
        while let Ok(seat) = seats.clone().acquire_owned().await {
            match listener.accept().await {
                Ok((stream, _)) => {
                    open.spawn(connection(stream, router.clone(), seat, stop.clone()));
                }
                Err(fault) => {
                    tracing::debug!(%fault, "the status page could not accept a connection");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop.cancelled() => {}
    }
    open.close();
    let _ = tokio::time::timeout(limits::WEB_DRAIN_TIME_MAX, open.wait()).await;
}

/// One connection, to its end; it keeps its seat so long.
async fn connection(stream: TcpStream, router: Router, _seat: OwnedSemaphorePermit, stop: CancellationToken) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::WEB_HEAD_TIME_MAX)
        .max_buf_size(limits::HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(connection);
    let ended = async {
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.as_mut().await
            }
        }
    };
    // Whoever went away or spoke no HTTP needs no answer.
    let _ = tokio::time::timeout(limits::WEB_CONNECTION_TIME_MAX, ended).await;
}
