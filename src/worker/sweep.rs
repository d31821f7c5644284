//! The sweep loop: what is older than it is kept for is deleted, in small steps.

use super::Context;
use crate::store::Swept;

pub(super) async fn run(context: &Context) {
    loop {
        tokio::select! {
            () = context.bells.sweep.rung() => {}
            () = context.stop.cancelled() => return,
        }
        let kept = context.plan.load().kept;
        match context.store.sweep(context.clock.now(), kept).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => tracing::info!(?swept, "old articles, alerts and keys were deleted"),
            Err(fault) => tracing::error!(%fault, "old things could not be deleted; it is tried again"),
        }
    }
}
