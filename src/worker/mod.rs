//! The loops: each claims what is due, asks the edges and the pure stages, and commits once.
//! In: a context of shared parts. Out: nothing but what the store and the peers were told. No state that a crash may not take.
//!
//! ```text
//! poll    source  ► fetch ► parse ► commit: entries, health, next check
//! read    entry   ► fetch ► extract ► match ► near ► group ► render ► commit: article, alerts, outbox
//! digest  window  ► group ► render ► commit: message, next window        (and what first polls would have alerted)
//! outbox  message ► deliver ► record: sent, retry, dead
//! keys    article ► keys of its words ► commit: what searches go by
//! sweep   what is old ► delete, in small steps
//! ```

mod ask;
mod bells;
mod digest;
mod evidence;
mod keys;
mod line;
mod net;
mod notices;
mod outbox;
mod plan;
mod poll;
mod reach;
mod read;
mod route;
mod silences;
mod sweep;

pub use bells::{Bell, Bells};
pub use digest::laid_out as digest_laid_out;
pub use evidence::Versions;
pub use net::{Live, Net};
pub use notices::owed as owed_notices;
pub use plan::Plan;
pub use reach::Reach;
pub use route::{Prospect, Way, prospects};

use crate::clock::Clock;
use crate::heap;
use crate::model::limits;
use crate::model::meter::Meter;
use crate::store::{Claim, Store};
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// What the loops share.
#[derive(Clone)]
pub struct Context {
    /// What survives.
    pub store: Arc<dyn Store>,
    /// The network; a reload swaps it with its settings.
    pub net: Arc<ArcSwap<Box<dyn Net>>>,
    /// The time.
    pub clock: Clock,
    /// What to do, as configured now; a reload swaps it, and each turn keeps the one that it began with.
    pub plan: Arc<ArcSwap<Plan>>,
    /// For a single pass: when it began. A source that falls due again while it lasts is left to the next.
    pub began: Option<jiff::Timestamp>,
    /// What wakes the loops.
    pub bells: Bells,
    /// Cancelled when no new work is to be taken.
    pub stop: CancellationToken,
    /// The right to think.
    pub thinkers: Arc<Thinkers>,
    /// What was done since the start.
    pub meter: Arc<Meter>,
}

/// Pure stages at work at once: one for each core, since more only hold more memory; two at least, since one may be long. Of large
/// documents one at a time: what is made of it takes many times its size.
#[derive(Debug)]
pub struct Thinkers {
    all: Semaphore,
    large: Semaphore,
}

impl Thinkers {
    /// As many as this machine bears.
    #[must_use]
    pub fn new() -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Arc::new(Self { all: Semaphore::new(cores.max(2)), large: Semaphore::new(1) })
    }
}

/// How the loops are to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Until told to stop.
    Forever,
    /// Until nothing is due: `run --once`, and tests.
    Once,
}

/// Runs all loops until they are told to stop; what is under way is finished.
pub async fn forever(context: &Context) {
    let pass = Pass::Forever;
    tokio::join!(
        poll::run(context, pass),
        read::run(context, pass),
        digest::run(context, pass),
        outbox::run(context, pass),
        keys::run(context, pass),
        sweep::run(context),
    );
}

/// One pass over everything that is due: sources, then entries, then digests, then messages, then keys.
pub async fn once(context: &Context) {
    let began = Context { began: Some(context.clock.now()), ..context.clone() };
    poll::run(&began, Pass::Once).await;
    read::run(context, Pass::Once).await;
    digest::run(context, Pass::Once).await;
    outbox::run(context, Pass::Once).await;
    keys::run(context, Pass::Once).await;
}

impl Context {
    fn claim(&self, max: usize) -> Claim {
        Claim { now: self.clock.now(), lease: limits::LEASE, max }
    }

    /// Runs a pure stage on a document of so many bytes, away from the threads that wait for the network. A panic in it is a fault
    /// of its input, in words.
    async fn think<T: Send + 'static>(
        &self,
        bytes: usize,
        stage: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        // Never closed: there is always a permit in the end.
        let large = if bytes > limits::SMALL_BYTES_MAX { self.thinkers.large.acquire().await.ok() } else { None };
        let _permit = self.thinkers.all.acquire().await;
        let thought = tokio::task::spawn_blocking(stage).await;
        if large.is_some() {
            heap::trim();
        }
        thought.map_err(|fault| {
            tracing::error!(%fault, "a stage failed on its input");
            "wirewatch could not make sense of this document (a fault of its own, logged)".to_string()
        })
    }

    /// A number in 0..1 that spreads what would else come at once; the same for the same thing at the same time.
    fn spread(&self, of: &str) -> f64 {
        use std::hash::{BuildHasher, Hash, Hasher};
        let mut hasher = foldhash::fast::FixedState::default().build_hasher();
        of.hash(&mut hasher);
        self.clock.now().as_second().hash(&mut hasher);
        #[expect(clippy::cast_precision_loss, reason = "53 bits are spread enough")]
        let spread = (hasher.finish() >> 11) as f64 / (1u64 << 53) as f64;
        spread
    }
}

/// How long a loop rests when the store could not be asked.
const STORE_REST: Duration = Duration::from_secs(2);
