//! What systemd is told (`sd_notify(3)`): ready, reloading, stopping, alive, and in one line what is going on. Without
//! systemd nothing is said.

use crate::store::Store;
use crate::text;
use sd_notify::NotifyState;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long systemd waits for a start that recovers a database first.
const RECOVERY_TIME_MAX: Duration = Duration::from_hours(1);

/// The daemon works.
pub fn ready(status: &str) {
    say(&[NotifyState::Ready, NotifyState::Status(&line(status))]);
}

/// The configuration is read anew; [`ready`] ends it.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => say(&[NotifyState::Reloading, now]),
        Err(_) => say(&[NotifyState::Reloading]),
    }
}

/// The database is being recovered before the start: that takes what it takes.
pub fn recovering() {
    let patience = u32::try_from(RECOVERY_TIME_MAX.as_micros()).unwrap_or(u32::MAX);
    say(&[NotifyState::ExtendTimeoutUsec(patience), NotifyState::Status("recovering a damaged database")]);
}

/// The daemon ends.
pub fn stopping() {
    say(&[NotifyState::Stopping, NotifyState::Status("stopping: work under way is finished")]);
}

/// Tells the watchdog that the daemon is alive, each third of its time, and only after the database has answered: a daemon
/// whose writer hangs is restarted.
pub async fn watchdog(store: Arc<dyn Store>, stop: CancellationToken) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    let mut beat = tokio::time::interval((limit / 3).max(Duration::from_millis(100)));
    loop {
        tokio::select! {
            _ = beat.tick() => {}
            () = stop.cancelled() => return,
        }
        // A full disk is no reason to be killed: the store answers, though with a fault.
        let _ = store.ping().await;
        say(&[NotifyState::Watchdog]);
    }
}

// A line break would begin another assignment of the protocol.
fn line(status: &str) -> String {
    text::cut(&text::one_line(status), 200)
}

fn say(states: &[NotifyState]) {
    if let Err(fault) = sd_notify::notify(states) {
        tracing::debug!(%fault, "systemd could not be told");
    }
}
