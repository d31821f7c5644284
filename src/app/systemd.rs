//! What systemd is told (`sd_notify(3)`): ready, reloading, stopping, alive, and in one line what is going on. Without
//! systemd nothing is said.

use crate::store::Store;
use crate::text;
use sd_notify::NotifyState;
use std::io;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long systemd waits for a start that recovers a database first.
const RECOVERY_TIME_MAX: Duration = Duration::from_hours(1);

/// The daemon works.
pub fn ready(status: &str) {
    let status = line(status);
    say(move || sd_notify::notify(&[NotifyState::Ready, NotifyState::Status(&status)]));
}

/// The configuration is read anew; [`ready`] ends it.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => say(move || sd_notify::notify(&[NotifyState::Reloading, now])),
        Err(_) => say(|| sd_notify::notify(&[NotifyState::Reloading])),
    }
}

/// The database is being recovered before the start: that takes what it takes.
pub fn recovering() {
    let patience = u32::try_from(RECOVERY_TIME_MAX.as_micros()).unwrap_or(u32::MAX);
    let status = NotifyState::Status("recovering a damaged database");
    say(move || sd_notify::notify(&[NotifyState::ExtendTimeoutUsec(patience), status]));
}

/// The daemon ends.
pub fn stopping() {
    let status = NotifyState::Status("stopping: work under way is finished");
    let (done, said) = mpsc::sync_channel(1);
    say(move || {
        let said = sd_notify::notify(&[NotifyState::Stopping, status]);
        let _ = done.send(());
        said
    });
    // The process may end before its other threads speak.
    let _ = said.recv_timeout(LAST_WORD_TIME_MAX);
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
        say(|| sd_notify::notify(&[NotifyState::Watchdog]));
    }
}

// A line break would begin another assignment of the protocol.
fn line(status: &str) -> String {
    text::cut(&text::one_line(status), 200)
}

type Saying = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// How long the end waits until systemd has been told of it.
const LAST_WORD_TIME_MAX: Duration = Duration::from_millis(100);
/// What may wait to be said; more is left unsaid.
const WAITING_MAX: usize = 16;

/// Says it on a thread of its own: where nobody reads the socket its queue fills up, and sending waits for as long.
fn say(saying: impl FnOnce() -> io::Result<()> + Send + 'static) {
    static SPEAKER: LazyLock<Option<SyncSender<Saying>>> = LazyLock::new(|| {
        let (speaker, waiting) = mpsc::sync_channel::<Saying>(WAITING_MAX);
        let speak = move || {
            for saying in waiting {
                if let Err(fault) = saying() {
                    tracing::debug!(%fault, "systemd could not be told");
                }
            }
        };
        thread::Builder::new().name("systemd".into()).spawn(speak).ok().map(|_| speaker)
    });
    if SPEAKER.as_ref().is_some_and(|speaker| speaker.try_send(Box::new(saying)).is_err()) {
        tracing::debug!("systemd does not listen: it is not told");
    }
}
