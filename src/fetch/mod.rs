//! Fetches feeds, pages and robots.txt: the only user of reqwest for sources.
//! In: a URL, what was known of it, and how to ask. Out: bytes within bounds, or a [`FetchError`] that says what to do next.
//! It never reaches an address that is not public or allowed, never asks a domain faster than its pace, and stores nothing.

mod address;
mod answer;
mod body;
mod cause;
mod client;
mod deadline;
mod error;
mod pace;
mod request;
mod resolve;
mod robots;
mod room;

pub use error::{Barrier, FetchError, Refusal, Unreachable, Unreadable};
pub use room::Room;

use crate::clock::Clock;
use crate::failpoint;
use crate::model::limits;
use crate::model::{RequestOptions, Validators};
use address::Guard;
use answer::redirect;
use client::{Clients, Lately};
use deadline::Deadline;
use error::{foreign, shown};
use ipnet::IpNet;
use pace::{NoTurn, Pace, Turn};
use reqwest::{Client, Response};
use room::House;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{timeout, timeout_at};
use url::Url;

/// How all requests are made. [`Options::new`] has the limits of [`limits`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Who we are: `wirewatch/VERSION (+contact)`.
    pub user_agent: String,
    /// Networks that may be reached although they are not public; hosts in them are free of the pace.
    pub allow_private: Vec<IpNet>,
    /// Whom TLS trusts.
    pub tls_roots: Roots,
    /// One body, decompressed.
    pub body_bytes_max: usize,
    /// All bodies in flight together; at least one body always has room.
    pub bodies_bytes_max: usize,
    /// Requests under way at once.
    pub fetches_max: usize,
    /// Between two requests to one domain.
    pub spacing: Duration,
    /// How long a request waits for its turn, and a body for memory.
    pub wait_max: Duration,
    /// One request in all, redirects and body included, waiting for its turn not.
    pub time_max: Duration,
    /// Name, connection and TLS.
    pub connect_time_max: Duration,
    /// Between two pieces of a body.
    pub body_idle_max: Duration,
}

impl Options {
    /// The usual options, under this name.
    #[must_use]
    pub fn new(user_agent: String) -> Self {
        Self {
            user_agent,
            allow_private: vec![],
            tls_roots: Roots::System,
            body_bytes_max: limits::BODY_BYTES_MAX,
            bodies_bytes_max: limits::BODIES_BYTES_MAX,
            fetches_max: limits::FETCHES_MAX,
            spacing: limits::DOMAIN_SPACING,
            wait_max: limits::TURN_WAIT_MAX,
            time_max: limits::FETCH_TIME_MAX,
            connect_time_max: limits::CONNECT_TIME_MAX,
            body_idle_max: limits::BODY_IDLE_MAX,
        }
    }
}

/// Whom TLS trusts.
#[derive(Debug, Clone, Default)]
pub enum Roots {
    /// The system's CA certificates; without any, no [`Fetcher`] can be made.
    #[default]
    System,
    /// Nobody: every https server is refused. For machines without CA certificates and work without https.
    Nobody,
    /// These certificates alone, in DER.
    Only(Vec<Vec<u8>>),
}

/// What to ask for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where.
    pub url: &'a Url,
    /// Where its user configured the source: headers, cookies and credentials are for that origin, and go to no other.
    pub own: &'a Url,
    /// What the server gave the last time.
    pub validators: Option<&'a Validators>,
    /// What its user configured.
    pub options: &'a RequestOptions,
    /// What it should be.
    pub want: Want,
    /// Whether robots.txt is asked first.
    pub robots: bool,
}

/// What a request is for; it decides the `Accept` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A feed, sitemap or index page.
    Feed,
    /// An article's page.
    Page,
    /// robots.txt: what is beyond its bound is left unread.
    Robots,
}

/// What came.
#[derive(Debug)]
pub struct Fetched {
    /// The document.
    pub body: Body,
    /// Where it came from, after all redirects; without credentials.
    pub url: Url,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// For the next time: those of this answer; with [`Body::NotModified`] those sent, where the answer has none.
    pub validators: Validators,
    /// How long the server says that it stays the same.
    pub keep: Option<Duration>,
    /// Where it has moved for good: all redirects were permanent (301, 308), and no credentials would go to another origin.
    pub moved_to: Option<Url>,
    /// The body's right to its memory: drop it with the body, and before the next request of the same task.
    pub room: Room,
}

/// The document, or that there is no other.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// 304: what is known is still so.
    NotModified,
    /// The bytes, decompressed.
    Bytes(Vec<u8>),
}

/// Makes all requests; shared by all workers.
pub struct Fetcher {
    options: Arc<Options>,
    clock: Clock,
    guard: Arc<Guard>,
    clients: Clients,
    pace: Pace,
    slots: Semaphore,
    house: House,
    robots: robots::Known,
    lately: Lately,
}

/// The right to ask, held until the body is read.
struct Held<'a> {
    domain: String,
    turn: Option<Turn>,
    _slot: SemaphorePermit<'a>,
}

impl Fetcher {
    /// # Errors
    /// [`FetchError::Setup`], which says what is missing: no CA certificates, a user agent that is no header value.
    pub fn new(options: Options, clock: Clock) -> Result<Self, FetchError> {
        let options = Arc::new(options);
        let guard = Arc::new(Guard::new(options.allow_private.clone()));
        Ok(Self {
            clients: Clients::new(options.clone(), guard.clone())?,
            pace: Pace::new(options.spacing, options.wait_max, clock.clone()),
            slots: Semaphore::new(options.fetches_max),
            house: House::new(options.bodies_bytes_max, options.body_bytes_max + body::AHEAD_BYTES_MAX),
            robots: robots::Known::default(),
            lately: Lately::new(),
            options,
            clock,
            guard,
        })
    }

    /// Waits for the domain's turn and asks, following redirects.
    ///
    /// # Errors
    /// See [`FetchError`]; each says in words what was wrong.
    pub async fn get(&self, request: &Request<'_>) -> Result<Fetched, FetchError> {
        // A user's own host may be that of many sources; ten thousand hosts are not each asked again at once.
        let own = || self.is_own(request.url) && self.lately.asked(request.url.host_str().unwrap_or(""));
        let again = request.want != Want::Feed || own();
        let client = self.clients.of(request.options.proxy.as_ref(), again)?;
        let start = request::bare(request.url.clone());
        let (mut visited, mut permanent, mut home) = (vec![], true, request::same_origin(request.own, &start));
        let credentials = home && request::has_credentials(request);
        let mut deadline = Deadline::after(self.options.time_max);
        let mut url = start.clone();
        let mut held: Option<Held> = None;
        loop {
            self.admit(&url)?;
            if request.robots {
                // Its own turn may be needed for robots.txt.
                held = None;
                deadline.outside(Box::pin(self.ask_robots(&url, request.options))).await?;
            }
            let mut here = deadline.outside(self.take_turn(&url, held.take())).await?;
            let asked = request::build(&client, request, &url, home)?;
            let response = self.send(&client, asked, request, &url, &deadline).await?;
            failpoint::pass("fetch.sent");
            let status = response.status().as_u16();
            let Some(next) = redirect(&response, &url)? else {
                let moved = permanent && !visited.is_empty() && (home || !credentials);
                let moved_to = moved.then(|| url.clone());
                return self.answer(response, request, url, moved_to, &mut here, &mut deadline).await;
            };
            permanent &= matches!(status, 301 | 308);
            if credentials && url.scheme() == "https" && next.scheme() == "http" {
                return Err(FetchError::Refused { place: shown(&url), why: Refusal::Downgrade });
            }
            // Once it has left its origin a request has lost its credentials for good, even if it is sent back.
            home &= request::same_origin(&start, &next);
            visited.push(std::mem::replace(&mut url, next));
            if visited.contains(&url) {
                return Err(FetchError::Unreadable { host: error::host(&url), why: Unreadable::RedirectLoop });
            }
            if visited.len() > limits::REDIRECTS_MAX {
                let why = Unreadable::TooManyRedirects(limits::REDIRECTS_MAX);
                return Err(FetchError::Unreadable { host: error::host(&start), why });
            }
            held = Some(here);
        }
    }

    /// Refuses what is neither http nor https, and addresses that are written out and not public. Names are judged when they
    /// are resolved.
    fn admit(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            let scheme = foreign(url.scheme());
            return Err(FetchError::Refused { place: shown(url), why: Refusal::Scheme(scheme) });
        }
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => address.into(),
            Some(url::Host::Ipv6(address)) => address.into(),
            _ => return Ok(()),
        };
        self.guard.check(address).map_err(|kind| FetchError::Refused {
            place: error::host(url),
            why: Refusal::Address { address, kind, by_name: false },
        })
    }

    fn is_own(&self, url: &Url) -> bool {
        url.host().is_some_and(|host| self.guard.is_own(&host))
    }

    /// The turn with the URL's domain, unless it is the user's own host, and one of all slots.
    async fn take_turn<'a>(&'a self, url: &Url, held: Option<Held<'a>>) -> Result<Held<'a>, FetchError> {
        let host = url.host_str().unwrap_or("");
        let domain = pace::domain(host);
        if let Some(held) = held.filter(|held| held.domain == domain) {
            return Ok(held);
        }
        let busy = || FetchError::Busy { host: error::host(url) };
        let turn = if self.is_own(url) { Ok(None) } else { self.pace.turn(domain).await.map(Some) };
        let turn = turn.map_err(|why| match why {
            NoTurn::Busy => busy(),
            NoTurn::Rests(wait) => FetchError::RateLimited { host: error::host(url), status: None, wait: Some(wait) },
        })?;
        let slot = timeout(self.options.wait_max, self.slots.acquire()).await;
        let Ok(Ok(slot)) = slot else { return Err(busy()) };
        Ok(Held { domain: domain.into(), turn, _slot: slot })
    }

    async fn send(
        &self,
        client: &Client,
        asked: reqwest::Request,
        request: &Request<'_>,
        url: &Url,
        deadline: &Deadline,
    ) -> Result<Response, FetchError> {
        let response = match timeout_at(deadline.at, client.execute(asked)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                return Err(cause::before_answer(&error, whom(request, url), self.options.connect_time_max));
            }
            Err(_) => {
                let why = Unreadable::TooSlow(deadline.span());
                return Err(FetchError::Unreadable { host: whom(request, url), why });
            }
        };
        let bytes: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if bytes > limits::HEADER_BYTES_MAX {
            return Err(FetchError::Unreadable { host: error::host(url), why: Unreadable::HeadersTooLarge });
        }
        Ok(response)
    }
}

/// The host to name in a fault of the connection, which may be the proxy's.
fn whom(request: &Request<'_>, url: &Url) -> String {
    match request.options.proxy.as_ref().and_then(Url::host_str) {
        Some(proxy) => format!("{} (through the proxy {})", error::host(url), foreign(proxy)),
        None => error::host(url),
    }
}
