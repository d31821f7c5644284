//! The doorbell: tokio-cron-scheduler rings, and the loops look into the store for what is due. A ring that is lost, late or
//! an hour wrong after a change of the clock costs nothing but the time to the next one: due times stand in rows.

use crate::worker::Bells;
use std::time::Duration;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// How often the loops look for what has come due: the grain of every due time.
const TICK: Duration = Duration::from_secs(1);

/// When old things are swept out: each hour, off the round minutes at which sources and digests crowd.
const SWEEP: &str = "0 17 * * * *";

/// The running scheduler. It rings until it is stopped.
pub struct Doorbell(JobScheduler);

impl Doorbell {
    /// Starts ringing.
    ///
    /// # Errors
    /// What the scheduler says.
    pub async fn start(bells: &Bells) -> Result<Self, JobSchedulerError> {
        let scheduler = JobScheduler::new().await?;
        let tick = bells.clone();
        scheduler.add(Job::new_repeated(TICK, move |_, _| tick.tick())?).await?;
        let sweep = bells.sweep.clone();
        scheduler.add(Job::new(SWEEP, move |_, _| sweep.ring())?).await?;
        scheduler.start().await?;
        Ok(Self(scheduler))
    }

    /// Stops ringing.
    pub async fn stop(mut self) {
        if let Err(fault) = self.0.shutdown().await {
            tracing::debug!(%fault, "the scheduler did not stop cleanly");
        }
    }
}
