//! The application: settings become parts, and the parts a running daemon. In: a loaded configuration. Out: a daemon that can be
//! run, rung by hand, reloaded and stopped. It decides nothing about news.

mod bell;
mod daemon;
mod database;
mod inherited;
mod log;
mod page;
mod reload;
mod signals;
mod systemd;
mod watch;
mod wire;

pub use daemon::{live, run};
pub use log::start as start_log;
pub use page::Page;
pub use reload::Reloaded;
pub use wire::{Accepted, Loading, accept, accept_with, check, deliver_options, fetch_options, user_agent};

use crate::clock::Clock;
use crate::config::{self, Fault, Settings};
use crate::deliver::Deliverer;
use crate::fetch::{self, Fetcher};
use crate::heap;
use crate::model::{Alert, Message, MessageKind};
use crate::store::{Store, StoreError};
use crate::text::ticket;
use crate::web::Legend;
use crate::worker::{self, Bells, Context, Live, Net};
use arc_swap::ArcSwap;
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

/// Why the daemon does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network cannot be used: no certificates, most likely.
    #[error("{0}")]
    Net(String),
    /// The folder for its state.
    #[error("{path} cannot be used as data_dir: {fault}")]
    Folder {
        /// Which.
        path: String,
        /// Why not.
        fault: std::io::Error,
    },
}

/// A daemon that is wired and does nothing yet.
pub struct App {
    context: Context,
    settings: ArcSwap<Settings>,
    /// What the status page calls things; a reload swaps it.
    legend: Arc<ArcSwap<Legend>>,
    /// The database turned out to be damaged: only a new start mends it.
    damaged: CancellationToken,
    /// The files of the configuration, as they were before they were read last.
    looked: ArcSwap<watch::Look>,
    /// Why there is no status page, if it could not be opened.
    page_fault: OnceLock<String>,
    /// What the links in mails are made with.
    ticket_key: ticket::Key,
    /// Faults that the configuration stands with.
    pub warnings: Vec<Fault>,
}

impl App {
    /// Wires a daemon: compiles the rules, opens the store, adopts the sources. `once` is for a single pass, which does not wait
    /// for other outlets.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(accepted: Accepted, clock: Clock, once: bool) -> Result<Self, StartError> {
        let Accepted { settings, index, faults, looked } = accepted;
        let folder = &settings.service.data_dir;
        std::fs::create_dir_all(folder)
            .map_err(|fault| StartError::Folder { path: folder.display().to_string(), fault })?;
        let config::Database::Sqlite(file) = &settings.service.database;
        let opened = database::open(file, clock.now())?;
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|fault| StartError::Net(format!("the system gives no chance: {fault}")))?;
        let ticket_key = opened.store.ticket_key(fresh).await?;
        let context = Context {
            store: Arc::new(opened.store),
            net: Arc::new(ArcSwap::from_pointee(net(&settings, &clock, ticket_key)?)),
            plan: Arc::new(ArcSwap::from_pointee(wire::plan(&settings, index, !once))),
            clock,
            began: None,
            bells: Bells::default(),
            stop: CancellationToken::new(),
            thinkers: worker::Thinkers::new(),
            meter: Arc::default(),
        };
        context.store.adopt(wire::adoption(&settings, context.clock.now(), true)).await?;
        if let Some(recovered) = opened.recovered {
            database::tell(&context, &recovered).await;
        }
        let legend = Arc::new(ArcSwap::from_pointee(page::legend(&settings, &context.plan.load())));
        let settings = ArcSwap::from_pointee(settings);
        let (damaged, looked) = (opened.damaged, ArcSwap::from_pointee(looked));
        Ok(Self {
            context,
            settings,
            legend,
            damaged,
            looked,
            page_fault: OnceLock::new(),
            ticket_key,
            warnings: faults,
        })
    }

    /// Fetches with other bounds, or another trust, than the configured ones from now on, until a reload.
    ///
    /// # Errors
    /// [`StartError::Net`].
    pub fn fetch_by(&self, change: impl FnOnce(&mut fetch::Options)) -> Result<(), StartError> {
        let settings = self.settings.load();
        let mut options = wire::fetch_options(&settings);
        change(&mut options);
        self.context.net.store(Arc::new(net_by(options, &settings, &self.context.clock, self.ticket_key)?));
        Ok(())
    }

    /// One pass over everything that is due.
    pub async fn once(&self) {
        worker::once(&self.context).await;
    }

    /// Runs the loops until [`Self::stop`], without bells, signals or systemd.
    pub async fn forever(&self) {
        worker::forever(&self.context).await;
    }

    /// The bells, to be rung by hand.
    #[must_use]
    pub fn bells(&self) -> &Bells {
        &self.context.bells
    }

    /// The store, to be looked into.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.context.store
    }

    /// No new work is taken; what is under way is finished.
    pub fn stop(&self) {
        self.context.stop.cancel();
    }

    /// Alerts that were told or will be, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let mut alerts = self.context.store.alerts(crate::model::limits::CLAIM_MAX).await?;
        alerts.reverse();
        Ok(alerts.into_iter().filter(|stored| stored.suppressed.is_none()).map(|stored| stored.alert).collect())
    }

    /// The newest digest in the outbox.
    ///
    /// # Errors
    /// The store's.
    pub async fn last_digest(&self) -> Result<Option<Message>, StoreError> {
        let newest = self.context.store.outbox(&[], crate::model::limits::CLAIM_MAX).await?;
        match newest.into_iter().find(|delivery| delivery.kind == MessageKind::Digest) {
            Some(delivery) => self.context.store.message(&delivery.id).await,
            None => Ok(None),
        }
    }
}

fn net(settings: &Settings, clock: &Clock, key: ticket::Key) -> Result<Box<dyn Net>, StartError> {
    net_by(wire::fetch_options(settings), settings, clock, key)
}

fn net_by(
    options: fetch::Options,
    settings: &Settings,
    clock: &Clock,
    key: ticket::Key,
) -> Result<Box<dyn Net>, StartError> {
    let fetcher = Fetcher::new(options, clock.clone()).map_err(|fault| StartError::Net(fault.to_string()))?;
    let deliverer = Deliverer::new(wire::deliver_options(settings, clock, Some(key)));
    Ok(Box::new(Live::new(fetcher, deliverer)))
}

/// The runtime: a thread per core; the pure stages run beside them, on stacks deep enough for what html5ever and feed-rs do
/// with documents of the depth that we let through.
///
/// # Errors
/// The system's.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    heap::bound();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(8 << 20)
        .max_blocking_threads(64)
        .thread_keep_alive(std::time::Duration::from_secs(5))
        .build()
}

/// This process's environment, as far as it is text.
#[must_use]
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
