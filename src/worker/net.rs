//! The network, as the loops see it: one question, one delivery. The seam for a simulated network; nothing else has one.

use crate::deliver::Deliverer;
use crate::fetch::{FetchError, Fetched, Fetcher, Request};
use crate::model::{Channel, Message, Recipient, Verdict};
use crate::render;
use async_trait::async_trait;

/// What the loops ask of the network.
#[async_trait]
pub trait Net: Send + Sync {
    /// Fetches a document, within all bounds.
    async fn get(&self, request: Request<'_>) -> Result<Fetched, FetchError>;

    /// Sends a message to some recipients of its channel; a verdict for each.
    async fn send(&self, channel: &Channel, message: &Message, to: &[Recipient]) -> Vec<(Recipient, Verdict)>;

    /// Takes leave of peers that nobody has talked to for a while; `all`: of every idle one, before the daemon ends.
    async fn close_idle(&self, all: bool);
}

/// The real one.
pub struct Live {
    fetcher: Fetcher,
    deliverer: Deliverer,
}

impl Live {
    /// Joins the two edges.
    #[must_use]
    pub fn new(fetcher: Fetcher, deliverer: Deliverer) -> Self {
        Self { fetcher, deliverer }
    }
}

#[async_trait]
impl Net for Live {
    async fn get(&self, request: Request<'_>) -> Result<Fetched, FetchError> {
        self.fetcher.get(&request).await
    }

    async fn send(&self, channel: &Channel, message: &Message, to: &[Recipient]) -> Vec<(Recipient, Verdict)> {
        match render::webhook::of(message, channel) {
            Ok(body) => self.deliverer.send(channel, message, to, &body).await,
            // The operator's to mend; until then the message waits.
            Err(fault) => {
                let verdict = Verdict::Retry { why: fault.to_string(), after: None, maybe_sent: false };
                to.iter().map(|to| (to.clone(), verdict.clone())).collect()
            }
        }
    }

    async fn close_idle(&self, all: bool) {
        self.deliverer.close_idle(all).await;
    }
}
