//! The daemon's life: start, say so, run, reload when asked (by a signal, from the status page,
//! or by files that were changed), drain, end.

use super::bell::Doorbell;
use super::page::Wish;
use super::signals::{Asked, Signals};
use super::watch::Watch;
use super::{Accepted, App, Page, StartError, page, systemd};
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
    let signals = signals()?;
    let app = App::start(accepted, Clock::system(), false).await?;
    let page = app.open_page().await;
    until_stopped(&app, path, page, signals).await
}

/// Lets a daemon that is wired live until a signal or [`App::stop`] ends it: loops, bell, status page, reloads from `path`.
///
/// # Errors
/// Why it does not start.
pub async fn live(app: &App, path: &Path, page: Page) -> Result<ExitCode, StartError> {
    until_stopped(app, path, page, signals()?).await
}

fn signals() -> Result<Signals, StartError> {
    Signals::take().map_err(|fault| StartError::Net(format!("signals cannot be taken: {fault}")))
}

async fn until_stopped(app: &App, path: &Path, page: Page, mut signals: Signals) -> Result<ExitCode, StartError> {
    let bell = Doorbell::start(app.bells()).await.map_err(|fault| StartError::Net(fault.to_string()))?;
    let summary = app.summary();
    tracing::info!("wirewatch {} runs: {summary}", env!("CARGO_PKG_VERSION"));
    systemd::ready(&summary);
    app.bells().tick();
    let watchdog = systemd::watchdog(app.store().clone(), app.context.stop.clone());
    let (served, mut wishes) = page.parted(app.context.stop.clone());
    let loops = async {
        tokio::join!(app.forever(), watchdog, served);
    };
    tokio::pin!(loops);
    // A reload goes on beside the loops. Who asks for one while it runs gets another after it: what it read may be older.
    let (mut reload, mut again) = (None, false);
    let mut watch = Watch::new(path);
    let (mut asked, mut waiting): (Vec<Wish>, Vec<Wish>) = (vec![], vec![]);
    let mut damaged = false;
    let stopped = loop {
        tokio::select! {
            () = &mut loops => break false,
            signal = signals.next() => match signal {
                Asked::Reload => again = true,
                Asked::Stop => break true,
            },
            () = app.damaged.cancelled() => {
                tracing::error!("the database is damaged: this daemon ends, and the next start saves what can be read of it");
                damaged = true;
                break true;
            }
            Some(wish) = wishes.recv() => {
                waiting.push(wish);
                again = true;
            }
            () = watch.changed(app), if reload.is_none() => again = true,
            reloaded = under_way(&mut reload) => {
                reload = None;
                for wish in asked.drain(..) {
                    // Whoever asked may have gone away.
                    let _ = wish.send(page::told(&reloaded));
                }
            }
        }
        if again && reload.is_none() {
            (again, asked) = (false, std::mem::take(&mut waiting));
            reload = Some(Box::pin(app.reload(path)));
        }
    };
    // Those who still wait for a reload are told that there will be none.
    drop((reload, asked, waiting, wishes));
    let code = if stopped { drain(app, &mut signals, &mut loops).await } else { ExitCode::SUCCESS };
    bell.stop().await;
    Ok(if damaged { ExitCode::FAILURE } else { code })
}

/// What the reload comes to that is under way; without one this never ends.
async fn under_way<F: Future + Unpin>(reload: &mut Option<F>) -> F::Output {
    match reload {
        Some(reload) => reload.await,
        None => std::future::pending().await,
    }
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
