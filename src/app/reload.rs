//! The configuration anew while the daemon runs: a good one takes effect, a bad one changes nothing; both are told.

use super::{App, accept, environment, net, page, systemd, watch, wire};
use crate::config::{self, Fault};
use crate::render::Notice;
use crate::worker;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::oneshot;

/// What came of a reload.
#[derive(Debug)]
pub enum Reloaded {
    /// It took effect: what changed.
    Accepted(Vec<String>),
    /// It has faults, and the old one runs on.
    Refused(Vec<Fault>),
    /// It is good and could not take effect, for this reason; the old one runs on.
    Failed(String),
}

impl App {
    /// Reads the configuration anew, which may take seconds and holds up nothing, and tells what came of it, to systemd, the log, `[service] notify` and the caller.
    pub async fn reload(&self, path: &Path) -> Reloaded {
        systemd::reloading();
        let reloaded = self.exchange(path).await;
        let now = self.context.clock.now();
        let (status, notice) = match &reloaded {
            Reloaded::Accepted(changes) if changes.is_empty() => (self.summary(), None),
            Reloaded::Accepted(changes) => {
                tracing::info!("the configuration was reloaded: {}", changes.join("; "));
                (self.summary(), Some(Notice::configuration_accepted(changes)))
            }
            Reloaded::Refused(faults) => {
                let first = faults.iter().find(|fault| fault.is_error()).or(faults.first());
                let first =
                    first.map_or_else(String::new, |fault| format!("{}:{}: {}", fault.file, fault.line, fault.what));
                tracing::error!("the new configuration has faults, the old one runs on: {first}");
                let lines: Vec<String> =
                    faults.iter().filter(|fault| fault.is_error()).map(ToString::to_string).collect();
                (format!("still running the old configuration: {first}"), Some(Notice::configuration_refused(&lines)))
            }
            Reloaded::Failed(why) => {
                tracing::error!("the new configuration could not take effect, the old one runs on: {why}");
                (format!("still running the old configuration: {why}"), Some(Notice::configuration_failed(why)))
            }
        };
        if let Some(notice) = notice {
            let plan = self.context.plan.load_full();
            let owed = worker::owed_notices(&notice, &["reload", &now.to_string()], &plan, None, now);
            if let Err(fault) = self.context.store.owe(owed).await {
                tracing::error!(%fault, "the reload could not be told");
            }
        }
        systemd::ready(&status);
        self.context.bells.tick();
        reloaded
    }

    /// Exchanges the plan for that of the configuration as it is now, if it has no fault.
    pub async fn exchange(&self, path: &Path) -> Reloaded {
        let before = self.settings.load_full();
        // A refused one, too, is not read again before it is changed again.
        self.looked.store(Arc::new(watch::look(path.to_path_buf(), self.list_files()).await));
        let (file, old) = (path.to_path_buf(), before.clone());
        let compared = aside(move || {
            let accepted = accept(&file, &environment())?;
            let changes = config::changes(&old, &accepted.settings);
            Ok((accepted, changes))
        });
        let (accepted, mut changes) = match compared.await {
            Ok(Ok(compared)) => compared,
            Ok(Err(faults)) => return Reloaded::Refused(faults),
            Err(fault) => return Reloaded::Failed(format!("it could not be read: {fault}")),
        };
        if before.service.database != accepted.settings.service.database {
            changes.push("the database is another one: that takes effect at the next start".into());
        }
        if before.web.listen != accepted.settings.web.listen {
            changes.push("the status page is to be elsewhere: that takes effect at the next start".into());
        }
        let now = self.context.clock.now();
        if let Err(fault) = self.context.store.adopt(wire::adoption(&accepted.settings, now, false)).await {
            return Reloaded::Failed(format!("the sources could not be stored: {fault}"));
        }
        // A receiver that was gone may have been mended.
        for channel in &accepted.settings.channels {
            if let Err(fault) = self.context.store.disable_channel(&channel.id, None).await {
                tracing::error!(%fault, "channel {} could not be enabled", channel.id);
            }
        }
        match net(&accepted.settings, &self.context.clock, self.ticket_key) {
            Ok(net) => self.context.net.store(Arc::new(net)),
            Err(fault) => tracing::error!(%fault, "the network settings are as before: {fault}"),
        }
        self.looked.store(Arc::new(accepted.looked));
        let settles = self.context.plan.load().settles;
        let plan = self.context.plan.swap(Arc::new(wire::plan(&accepted.settings, accepted.index, settles)));
        self.legend.store(Arc::new(page::legend(&accepted.settings, &self.context.plan.load())));
        let settings = self.settings.swap(Arc::new(accepted.settings));
        // To let go of a million names takes its time too.
        tokio::task::spawn_blocking(move || drop((plan, settings, before)));
        Reloaded::Accepted(changes)
    }

    /// The files of the lists that are in force.
    pub(super) fn list_files(&self) -> Vec<PathBuf> {
        self.settings.load().lists.iter().map(|list| list.file.clone()).collect()
    }

    /// What the daemon watches, in one line, and what it lacks.
    #[must_use]
    pub fn summary(&self) -> String {
        let settings = self.settings.load();
        let count = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        let lacking = self.page_fault.get().map(|fault| format!("; {fault}")).unwrap_or_default();
        format!(
            "{}, {}, {}{lacking}",
            count(settings.sources.len(), "source"),
            count(settings.rules.len(), "rule"),
            count(settings.channels.len(), "channel")
        )
    }
}

/// The stack of the thread that compiles, as deep as those of [`super::runtime`].
const STACK_BYTES: usize = 8 << 20;

/// What the work comes to, done on a thread of its own: the runtime waits for its own threads at the end, and a stop is not to wait
/// for a long list, or for a file that does not answer.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (tell, told) = oneshot::channel();
    let thread = std::thread::Builder::new().name("reload".into()).stack_size(STACK_BYTES);
    // Nobody hears of it once the daemon stops.
    thread.spawn(move || drop(tell.send(work())))?;
    told.await.map_err(|_| io::Error::other("the work broke off; this is a fault of wirewatch, please report it"))
}
