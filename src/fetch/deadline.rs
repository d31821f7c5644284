//! How long one request may take. In: its time. Out: what is left of it, waiting for our own queues not counted.

use std::time::Duration;
use tokio::time::Instant;

/// The end of a request's time; waiting that is not the server's fault puts it off.
pub(super) struct Deadline {
    pub(super) at: Instant,
    span: Duration,
}

impl Deadline {
    pub(super) fn after(span: Duration) -> Self {
        Self { at: Instant::now() + span, span }
    }

    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(super) fn span(&self) -> Duration {
        self.span
    }

    pub(super) async fn outside<T>(&mut self, wait: impl Future<Output = T>) -> T {
        let from = Instant::now();
        let done = wait.await;
        self.at += from.elapsed();
        done
    }
}
