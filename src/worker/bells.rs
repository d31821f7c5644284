//! What wakes the loops: a bell each, rung by the scheduler's tick and by commits that leave work behind.

use std::sync::Arc;
use tokio::sync::Notify;

/// One bell. A ring that nobody waits for is kept for the next who does.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes the loop.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

/// The bells of all loops.
#[derive(Debug, Clone, Default)]
pub struct Bells {
    /// Sources may be due.
    pub poll: Bell,
    /// Entries may be due.
    pub read: Bell,
    /// Windows may have closed.
    pub digest: Bell,
    /// Messages may be due.
    pub outbox: Bell,
    /// Articles may be without keys.
    pub keys: Bell,
    /// Old things may be deleted.
    pub sweep: Bell,
}

impl Bells {
    /// The tick: whatever has a due time may have come due.
    pub fn tick(&self) {
        self.poll.ring();
        self.read.ring();
        self.digest.ring();
        self.outbox.ring();
    }
}
