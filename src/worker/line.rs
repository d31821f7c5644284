//! How a loop keeps its hands full: claim for the free slots, work side by side, and wait for the bell when there is nothing.

use super::{Bell, Context, Pass, STORE_REST};
use crate::store::Result;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;

/// One kind of work.
pub(super) trait Line: 'static {
    /// A piece of it, claimed.
    type Work: Send + 'static;
    /// What logs call it.
    const NAME: &'static str;

    /// Pieces worked on side by side.
    fn slots(context: &Context) -> usize;
    /// What wakes it.
    fn bell(context: &Context) -> &Bell;
    /// Claims at most so many pieces.
    fn claim(context: &Context, max: usize) -> BoxFuture<'_, Result<Vec<Self::Work>>>;
    /// Does one piece, and ends its claim.
    fn turn(context: Context, work: Self::Work) -> BoxFuture<'static, ()>;
}

/// Runs the loop. A piece that is stuck or broken costs its slot and nothing else; one that panics leaves its claim to run out.
pub(super) async fn run<L: Line>(context: &Context, pass: Pass) {
    let mut running: JoinSet<()> = JoinSet::new();
    let mut look = true;
    let mut rung = true;
    loop {
        let slots = L::slots(context).max(1);
        // Claimed by the half, not one by one as each slot frees: a claim costs as much for one as for thirty. At a ring even one
        // free slot is used, so that stuck work holds up no other.
        let free = slots - running.len().min(slots);
        if look && free > 0 && (rung || free * 2 >= slots) && !context.stop.is_cancelled() {
            rung = false;
            let max = free.min(crate::model::limits::CLAIM_MAX);
            match L::claim(context, max).await {
                Ok(work) => {
                    look = work.len() == max;
                    for piece in work {
                        running.spawn(L::turn(context.clone(), piece));
                    }
                    if look && running.len() * 2 < slots {
                        continue;
                    }
                }
                Err(fault) => {
                    tracing::error!(%fault, "{}: the store cannot be asked", L::NAME);
                    if pass == Pass::Once {
                        // What is under way is finished and recorded.
                        while running.join_next().await.is_some() {}
                        return;
                    }
                    rung = true;
                    tokio::select! {
                        () = tokio::time::sleep(STORE_REST) => {}
                        () = context.stop.cancelled() => {}
                    }
                    continue;
                }
            }
        }
        if running.is_empty() && (context.stop.is_cancelled() || (pass == Pass::Once && !look)) {
            return;
        }
        tokio::select! {
            Some(done) = running.join_next(), if !running.is_empty() => {
                if let Err(fault) = done {
                    tracing::error!(%fault, "{}: a turn ended badly; its claim will run out", L::NAME);
                }
                // What was done may have left more to do; a single pass looks until nothing is due.
                look |= pass == Pass::Once;
            }
            () = L::bell(context).rung(), if pass == Pass::Forever => (look, rung) = (true, true),
            () = context.stop.cancelled(), if !context.stop.is_cancelled() => {}
        }
    }
}
