//! Connections. In: a listener and a router. Out: answers, each connection bounded in number, time and size of what it says.

use super::guard::Peer;
use crate::model::limits;
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
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
                Ok((stream, peer)) => {
                    let peer = Peer(peer.ip());
                    open.spawn(connection(stream, peer, router.clone(), seat, stop.clone()));
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
async fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    _seat: OwnedSemaphorePermit,
    stop: CancellationToken,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::WEB_HEAD_TIME_MAX)
        .max_buf_size(limits::HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
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
