//! The daemon's life: start, say so, run, reload when asked, drain, end.

use super::bell::Doorbell;
use super::signals::{Asked, Signals};
use super::{Accepted, App, StartError, systemd};
use crate::clock::Clock;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How long work under way may take after the first signal; then it is left to its leases, as after a crash.
const DRAIN: Duration = Duration::from_secs(30);

/// Runs the daemon until a signal ends it.
///
/// # Errors
/// Why it does not start.
pub async fn run(path: &Path, accepted: Accepted) -> Result<ExitCode, StartError> {
    let mut signals = Signals::take().map_err(|fault| StartError::Net(format!("signals cannot be taken: {fault}")))?;
    let app = App::start(accepted, Clock::system(), false).await?;
    let bell = Doorbell::start(app.bells()).await.map_err(|fault| StartError::Net(fault.to_string()))?;
    let summary = app.summary();
    tracing::info!("wirewatch {} runs: {summary}", env!("CARGO_PKG_VERSION"));
    systemd::ready(&summary);
    app.bells().tick();
    let watchdog = systemd::watchdog(app.store().clone(), app.context.stop.clone());
    let loops = async {
        tokio::join!(app.forever(), watchdog);
    };
    tokio::pin!(loops);
    let code = loop {
        tokio::select! {
            () = &mut loops => break ExitCode::SUCCESS,
            asked = signals.next() => match asked {
                Asked::Reload => app.reload(path).await,
                Asked::Stop => break drain(&app, &mut signals, &mut loops).await,
            },
        }
    };
    bell.stop().await;
    Ok(code)
}

/// The first signal: no new work, what is under way is finished. The second, or too long a wait: out.
async fn drain(app: &App, signals: &mut Signals, loops: &mut (impl Future<Output = ()> + Unpin)) -> ExitCode {
    tracing::info!("stopping: work under way is finished; a second signal ends it now");
    systemd::stopping();
    app.stop();
    let second = async { while signals.next().await != Asked::Stop {} };
    tokio::select! {
        () = loops => ExitCode::SUCCESS,
        () = second => {
            tracing::warn!("ended by the second signal; what was under way is done again at the next start");
            ExitCode::from(1)
        }
        () = tokio::time::sleep(DRAIN) => {
            tracing::warn!("work under way took longer than {} s; it is done again at the next start", DRAIN.as_secs());
            ExitCode::SUCCESS
        }
    }
}
