//! The status page's place in the daemon: opened where the configuration says, and heard when it asks for a reload. A page that
//! cannot be opened is told and does not end the daemon.

use super::{App, Reloaded, inherited};
use crate::config::Settings;
use crate::group::Names as _;
use crate::render::Notice;
use crate::web::{self, Desk, Legend, Parts, StatusPage};
use crate::worker::{self, Plan};
use std::io;
use std::net::SocketAddr;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// A reload that somebody asks for, and waits to hear of.
pub(super) type Wish = oneshot::Sender<web::Reloaded>;

/// A page that is open, or none; and what it asks of the daemon.
pub struct Page {
    page: Option<StatusPage>,
    asked: mpsc::Receiver<Wish>,
}

impl App {
    /// Opens the status page where `[web] listen` says; it answers once the daemon lives.
    pub async fn open_page(&self) -> Page {
        let (reload, asked) = mpsc::channel(1);
        let Some(listen) = self.settings.load().web.listen else { return Page { page: None, asked } };
        let parts = Parts {
            store: self.context.store.clone(),
            clock: self.context.clock.clone(),
            legend: self.legend.clone(),
            meter: self.context.meter.clone(),
            wake: Box::new({
                let bells = self.context.bells.clone();
                move || bells.tick()
            }),
            ticket_key: self.ticket_key,
            left: Box::new({
                let plan = self.context.plan.clone();
                move |channel, reader, now| {
                    let notice = Notice::unsubscribed(channel.as_str(), &reader.0);
                    let about = ["unsubscribed", &*channel.key(), &reader.0, &now.to_string()];
                    worker::owed_notices(&notice, &about, &plan.load(), None, now)
                }
            }),
            trying: tokio::sync::Semaphore::new(1),
            reload,
        };
        let page = match opened(listen, parts).await {
            Ok(page) => {
                let address = page.address();
                tracing::info!(%address, "the status page is at http://{address}/");
                Some(page)
            }
            Err(fault) => {
                tracing::error!(%fault, "there is no status page: {listen} cannot be listened on: {fault}");
                let told = format!("no status page: {listen} cannot be listened on ({fault})");
                // Told once per daemon; a second page of the same daemon is nobody's.
                let _ = self.page_fault.set(told);
                None
            }
        };
        Page { page, asked }
    }
}

/// The page at the socket that systemd holds for it, else at its address.
async fn opened(listen: SocketAddr, parts: Parts) -> io::Result<StatusPage> {
    let Some(listener) = inherited::listener()? else { return StatusPage::open(listen, parts).await };
    let there = listener.local_addr()?;
    if !there.ip().is_loopback() && listen.ip().is_loopback() {
        let what = format!("systemd hands over {there}, and [web] listen is loopback: write the same address there");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    StatusPage::over(tokio::net::TcpListener::from_std(listener)?, parts)
}

impl Page {
    /// Where it is, if it is open.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.page.as_ref().map(StatusPage::address)
    }

    /// The page, to be served, and the wishes that come from it.
    pub(super) fn parted(self, stop: CancellationToken) -> (impl Future<Output = ()>, mpsc::Receiver<Wish>) {
        let served = async move {
            if let Some(page) = self.page {
                page.serve(stop).await;
            }
        };
        (served, self.asked)
    }
}

/// What a configuration calls things.
pub(super) fn legend(settings: &Settings, plan: &Plan) -> Legend {
    Legend {
        zone: settings.service.time_zone.clone(),
        rules: settings.rules.iter().map(|rule| (rule.id.clone(), plan.rule_title(&rule.id))).collect(),
        sources: settings.sources.iter().filter_map(|s| Some((s.id.clone(), s.name.clone()?))).collect(),
        access: settings.web.access.clone(),
        desk: Desk {
            index: plan.index.clone(),
            watches: settings.watches.clone(),
            lists: settings.lists.clone(),
            rules: settings.rules.clone(),
            sources: settings.sources.clone(),
            lints: plan.index.lints().to_vec(),
        },
    }
}

/// What the page tells of a reload: of a refused one the errors, as people read them.
pub(super) fn told(reloaded: &Reloaded) -> web::Reloaded {
    match reloaded {
        Reloaded::Accepted(changes) => web::Reloaded::Accepted(changes.clone()),
        Reloaded::Refused(faults) => {
            let errors = faults.iter().filter(|fault| fault.is_error());
            web::Reloaded::Refused(errors.map(ToString::to_string).collect())
        }
        Reloaded::Failed(why) => web::Reloaded::Failed(why.clone()),
    }
}
