//! reqwest's clients: two for all sources, and one for each proxy that a source has of its own.
//! In: how long to wait, whom to trust, where not to go. Out: a client that follows no redirect, keeps no cookie, sends no
//! referrer and heeds no proxy of the environment.

use super::address::Guard;
use super::cause::causes;
use super::error::{FetchError, foreign};
use super::resolve::Resolver;
use super::{Options, Roots};
use crate::model::limits;
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};
use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// Clients with a proxy that are kept; beyond, all are built anew.
const PROXIES_MAX: usize = 64;
/// A little longer than the pace's pause, so that a run of pages of one site is read through one connection.
const CONNECTION_IDLE_MAX: Duration = Duration::from_secs(2);
/// What a server may send ahead of our reading (HTTP/2); hyper keeps it in memory uncounted.
const WINDOW_BYTES: u32 = 128 << 10;

pub(super) struct Clients {
    direct: Client,
    /// Keeps no connection: who is asked once in a quarter of an hour need not keep a line open for us, and the lines of
    /// ten thousand servers would cost more memory than all the rest.
    brief: Client,
    proxied: Mutex<HashMap<Url, Client>>,
    options: Arc<Options>,
    guard: Arc<Guard>,
}

/// Which hosts were asked lately, of as many as it has places: of two that share one, neither is remembered for long.
pub(super) struct Lately([AtomicU64; 256]);

impl Lately {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }

    /// Whether the host was asked lately; from now on it was.
    pub(super) fn asked(&self, host: &str) -> bool {
        let hash = foldhash::fast::FixedState::default().hash_one(host);
        #[expect(clippy::cast_possible_truncation, reason = "the lower bits choose the place")]
        let place = &self.0[hash as usize % self.0.len()];
        place.swap(hash, Ordering::Relaxed) == hash
    }
}

impl Clients {
    pub(super) fn new(options: Arc<Options>, guard: Arc<Guard>) -> Result<Self, FetchError> {
        let direct = finish(builder(&options, &guard, None)?, &options)?;
        let brief = finish(builder(&options, &guard, None)?.pool_max_idle_per_host(0), &options)?;
        Ok(Self { direct, brief, proxied: Mutex::default(), options, guard })
    }

    /// The client for a source with this proxy; `again`: the same host is likely to be asked again at once.
    pub(super) fn of(&self, proxy: Option<&Url>, again: bool) -> Result<Client, FetchError> {
        let Some(url) = proxy else { return Ok(if again { self.direct.clone() } else { self.brief.clone() }) };
        let mut proxied = self.proxied.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = proxied.get(url) {
            return Ok(client.clone());
        }
        // The URL may hold a password, so that no fault of it is shown but this.
        let unfit = || FetchError::Setup("the proxy is not usable: http, https, socks5 and socks5h are".into());
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return Err(unfit());
        }
        let through = Proxy::all(url.clone()).map_err(|_| unfit())?;
        let client = finish(builder(&self.options, &self.guard, url.host_str())?.proxy(through), &self.options)?;
        if proxied.len() >= PROXIES_MAX {
            proxied.clear();
        }
        proxied.insert(url.clone(), client.clone());
        Ok(client)
    }
}

fn builder(options: &Options, guard: &Arc<Guard>, proxy: Option<&str>) -> Result<ClientBuilder, FetchError> {
    let resolver = Resolver { guard: guard.clone(), proxy: proxy.map(Into::into) };
    let builder = Client::builder()
        .user_agent(&options.user_agent)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .dns_resolver(Arc::new(resolver))
        // A reader is not a relay: what is wrong with a header line harms nobody behind us.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .connect_timeout(options.connect_time_max)
        .pool_idle_timeout(CONNECTION_IDLE_MAX)
        // Only the user's own hosts ever have more than one.
        .pool_max_idle_per_host(options.fetches_max)
        .http2_initial_stream_window_size(WINDOW_BYTES)
        .http2_initial_connection_window_size(WINDOW_BYTES)
        .http2_max_header_list_size(u32::try_from(limits::HEADER_BYTES_MAX).unwrap_or(u32::MAX));
    Ok(match &options.tls_roots {
        Roots::System => builder,
        Roots::Nobody => builder.tls_certs_only([]),
        Roots::Only(certificates) => {
            let certificates: Result<Vec<_>, _> = certificates.iter().map(|der| Certificate::from_der(der)).collect();
            builder.tls_certs_only(certificates.map_err(|error| unusable(&error))?)
        }
    })
}

fn finish(builder: ClientBuilder, options: &Options) -> Result<Client, FetchError> {
    builder.build().map_err(|error| {
        let tls = causes(&error).any(<dyn std::error::Error>::is::<rustls::Error>);
        match options.tls_roots {
            Roots::System if tls => FetchError::Setup(NO_ROOTS.into()),
            _ => unusable(&error),
        }
    })
}

const NO_ROOTS: &str = "no CA certificates were found on this machine, so no https server can prove who it is; \
                        install them: apt install ca-certificates";

fn unusable(error: &reqwest::Error) -> FetchError {
    let what = causes(error).last().map(|root| foreign(&root.to_string())).unwrap_or_default();
    FetchError::Setup(format!("no HTTP client can be made with these settings: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_with_a_proxy_are_kept_up_to_a_bound() {
        let options = Options { tls_roots: Roots::Nobody, ..Options::new("wirewatch/0".into()) };
        let clients = Clients::new(Arc::new(options), Arc::new(Guard::new(vec![]))).unwrap();
        for port in 1..=PROXIES_MAX + 1 {
            let proxy = Url::parse(&format!("http://127.0.0.1:{port}")).unwrap();
            clients.of(Some(&proxy), true).unwrap();
            clients.of(Some(&proxy), true).unwrap();
        }
        assert_eq!(clients.proxied.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_host_among_ten_thousand_is_not_expected_again_at_once() {
        let lately = Lately::new();
        assert!(!lately.asked("10.0.0.1") && lately.asked("10.0.0.1"));
        let hosts: Vec<String> = (0..10_000).map(|n| format!("wire-{n}.example")).collect();
        assert!(hosts.iter().all(|host| !lately.asked(host)));
        assert!(hosts.iter().filter(|host| lately.asked(host)).count() < 256);
    }

    #[test]
    fn a_proxy_that_is_none_is_refused_without_its_password() {
        let options = Options { tls_roots: Roots::Nobody, ..Options::new("wirewatch/0".into()) };
        let clients = Clients::new(Arc::new(options), Arc::new(Guard::new(vec![]))).unwrap();
        let proxy = Url::parse("ftp://me:s3cret@x.example").unwrap();
        let error = clients.of(Some(&proxy), true).unwrap_err();
        assert_eq!(error.to_string(), "the proxy is not usable: http, https, socks5 and socks5h are");
    }
}
