//! The status page: what the daemon sees, told and owes, for a browser, a feed reader, a probe and Prometheus.
//! In: the store, and what the configuration calls things. Out: pages that work without script. It decides nothing: a reload, a
//! poll or a retry is asked of the daemon, which does it.

mod access;
mod alert;
mod alerts;
mod article;
mod articles;
mod chart;
mod disposition;
mod explain;
mod feeds;
mod frame;
mod guard;
mod health;
mod login;
mod metrics;
mod outbox;
mod overview;
mod reading;
mod reload;
mod rules;
mod serve;
mod show;
mod silences;
mod source;
mod sources;
mod throttle;
mod tried;
mod unsubscribe;

use crate::clock::Clock;
use crate::matching::{Fault, Index};
use crate::model::meter::Meter;
use crate::model::{Access, ChannelId, List, Recipient, Rule, RuleId, Source, SourceId, Watch, limits};
use crate::store::{self, Owed, Store, StoreError};
use crate::text::ticket;
use arc_swap::ArcSwap;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::routing::{get, post};
use guard::Gate;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// What the status page is made of.
pub struct Parts {
    /// What there is to see.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Clock,
    /// What the configuration calls things; a reload swaps it.
    pub legend: Arc<ArcSwap<Legend>>,
    /// What the daemon did since its start.
    pub meter: Arc<Meter>,
    /// Wakes the loops: something became due.
    pub wake: Box<dyn Fn() + Send + Sync>,
    /// What the links in mails were made with.
    pub ticket_key: ticket::Key,
    /// What tells that a reader unsubscribed.
    pub left: Left,
    /// A turn to try a query: one at a time.
    pub trying: Semaphore,
    /// Asks the daemon to read its configuration anew.
    pub reload: mpsc::Sender<oneshot::Sender<Reloaded>>,
}

/// The messages that tell of a reader who left a channel.
pub type Left = Box<dyn Fn(&ChannelId, &Recipient, Timestamp) -> Vec<Owed> + Send + Sync>;

/// What the configuration calls things.
#[derive(Debug, Clone)]
pub struct Legend {
    /// The service's zone: that of all times shown.
    pub zone: TimeZone,
    /// Rules and their titles, in the order typed.
    pub rules: Vec<(RuleId, String)>,
    /// Names of sources for people.
    pub sources: HashMap<SourceId, String>,
    /// Who may see the pages.
    pub access: Access,
    /// All that is watched.
    pub desk: Desk,
}

/// All that is watched, as configured and as compiled.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Compiled.
    pub index: Arc<Index>,
    /// In the order typed.
    pub watches: Vec<Watch>,
    /// In the order typed, with their rows.
    pub lists: Vec<List>,
    /// In the order typed.
    pub rules: Vec<Rule>,
    /// In the order typed.
    pub sources: Vec<Source>,
    /// What is doubted of the names and queries.
    pub lints: Vec<Fault>,
}

/// What came of a reload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// It took effect: what changed, a line each.
    Accepted(Vec<String>),
    /// It has faults, each as people read it; the old one runs on.
    Refused(Vec<String>),
    /// It is good and could not take effect: why.
    Failed(String),
}

/// A status page at its address, which answers once it is served.
pub struct StatusPage {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl StatusPage {
    /// Takes the address; port 0 takes a free one.
    ///
    /// # Errors
    /// The system's, where the address cannot be had.
    pub async fn open(listen: SocketAddr, parts: Parts) -> io::Result<Self> {
        Self::over(TcpListener::bind(listen).await?, parts)
    }

    /// Takes a listener that is there already.
    ///
    /// # Errors
    /// The system's, where it has no address.
    pub fn over(listener: TcpListener, parts: Parts) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { listener, address, router: router(address, Arc::new(parts))? })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until told to stop; answers under way are finished, for [`limits::WEB_DRAIN_TIME_MAX`] at most.
    pub async fn serve(self, stop: CancellationToken) {
        serve::serve(self.listener, self.router, stop).await;
    }
}

fn router(address: SocketAddr, parts: Arc<Parts>) -> io::Result<Router> {
    let gate = Arc::new(Gate::new(address.ip(), parts.clone())?);
    let door = Router::new()
        .route("/login", get(login::page).post(login::login))
        .route("/logout", post(login::logout))
        .with_state(gate.clone());
    let pages = Router::new()
        .route("/", get(overview::page))
        .route("/alerts", get(alerts::page))
        .route("/alert/{id}", get(alert::page))
        .route("/alert/{id}/disposition", post(disposition::add))
        .route("/silences", get(silences::page).post(silences::add))
        .route("/silences/{id}/expire", post(silences::expire))
        .route("/articles", get(articles::page))
        .route("/article/{id}", get(article::page))
        .route("/sources", get(sources::page))
        .route("/source/{id}", get(source::page))
        .route("/source/{id}/poll", post(source::poll))
        .route("/rules", get(rules::page))
        .route("/rule/{id}", get(rules::rule))
        .route("/watch/{id}", get(rules::watch))
        .route("/outbox", get(outbox::page))
        .route("/outbox/{id}/retry", post(outbox::again))
        .route("/feeds/{file}", get(feeds::all))
        .route("/feeds/{kind}/{file}", get(feeds::of))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], show::SHEET) }))
        .route("/unsubscribe/{ticket}", get(unsubscribe::page).post(unsubscribe::leave))
        .route("/metrics", get(health::metrics))
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .route("/-/reload", post(reload::reload))
        .fallback(frame::nothing_here)
        .with_state(parts);
    Ok(pages
        .merge(door)
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(gate, guard::guard)))
}

/// What one page is drawn from: the moment, and what things are called then.
struct View {
    now: Timestamp,
    legend: Arc<Legend>,
}

impl Parts {
    fn view(&self) -> View {
        View { now: self.clock.now(), legend: self.legend.load_full() }
    }
}

/// The store's answer, or why there is none in time.
async fn answered<T>(answer: impl Future<Output = store::Result<T>>) -> store::Result<T> {
    let late = || StoreError::Unavailable(format!("no answer in {} s", limits::WEB_ANSWER_TIME_MAX.as_secs()));
    tokio::time::timeout(limits::WEB_ANSWER_TIME_MAX, answer).await.map_err(|_| late())?
}
