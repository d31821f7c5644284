//! Who may ask, and what a browser may do with the answer. In: every request. Out: the answer with its guards, or a refusal
//! in words. It knows no page.

use super::Parts;
use super::access::{self, Seal};
use super::throttle::Throttle;
use crate::model::Access;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
use url::form_urlencoded::byte_serialize;

/// Nothing is loaded but our own style sheet, nothing runs, nobody frames us.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// On every answer.
const GUARDS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    // A page on another origin reads nothing of ours, not even as a script or picture.
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// What stands before every page.
pub(super) struct Gate {
    /// The address that we listen on.
    listen: IpAddr,
    pub(super) parts: Arc<Parts>,
    pub(super) seal: Seal,
    pub(super) throttle: Throttle,
    /// A turn to try a password.
    pub(super) trying: Semaphore,
}

impl Gate {
    /// # Errors
    /// The system's, where it has no chance to give.
    pub(super) fn new(listen: IpAddr, parts: Arc<Parts>) -> std::io::Result<Self> {
        Ok(Self { listen, parts, seal: Seal::new()?, throttle: Throttle::default(), trying: Semaphore::new(1) })
    }

    /// Who may see the pages now.
    pub(super) fn access(&self) -> Access {
        self.parts.legend.load().access.clone()
    }
}

/// Seen by anybody: the login itself, its style, and what a probe asks.
const OPEN: [&str; 4] = ["/login", "/style.css", "/-/healthy", "/-/ready"];

/// Refuses strangers, and what another site has a browser ask; guards every answer.
pub(super) async fn guard(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let access = gate.access();
    let mut response = match refusal(&request, gate.listen, &access.hosts) {
        Some(refusal) => refusal.into_response(),
        None if OPEN.contains(&request.uri().path()) => next.run(request).await,
        // The ticket is all that its reader has.
        None if request.uri().path().starts_with("/unsubscribe/") => next.run(request).await,
        None => match request.extensions().get::<Peer>() {
            Some(Peer(peer)) if access::may(request.headers(), *peer, &access, &gate.seal, gate.parts.clock.now()) => {
                next.run(request).await
            }
            _ => who_is_it(&request, &access),
        },
    };
    response.headers_mut().extend(GUARDS);
    response
}

/// A person is led to the login, a program told what to show.
fn who_is_it(request: &Request, access: &Access) -> Response {
    let page = wants_page(request.headers()) && *request.method() == Method::GET;
    if page && access.password.is_some() {
        let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
        let next: String = byte_serialize(asked.as_bytes()).collect();
        return Redirect::to(&format!("/login?next={next}")).into_response();
    }
    let words = match (access.password.is_some(), access.token.is_some()) {
        (true, false) => "log in at /login first\n",
        (_, true) => "this wants a token: Authorization: Bearer …, or Basic with the token as password\n",
        (false, false) => "ask by way of the proxy that knows you\n",
    };
    let mut refused = (StatusCode::UNAUTHORIZED, words).into_response();
    if access.token.is_some() {
        for way in ["Bearer realm=\"wirewatch\"", "Basic realm=\"wirewatch\", charset=\"UTF-8\""] {
            refused.headers_mut().append(header::WWW_AUTHENTICATE, HeaderValue::from_static(way));
        }
    }
    refused
}

/// Whether a person asks, with a browser.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|accept| accept.as_bytes().starts_with(b"text/html"))
}

fn refusal(request: &Request, listen: IpAddr, hosts: &[String]) -> Option<(StatusCode, &'static str)> {
    let Some(host) = host(request) else {
        return Some((StatusCode::BAD_REQUEST, "a request names one host\n"));
    };
    // A name that somebody else's DNS points here (DNS rebinding) would make us part of their site.
    if !is_ours(host, listen, hosts) {
        let words = "this status page answers to its address, to localhost and to [web] hosts only\n";
        return Some((StatusCode::MISDIRECTED_REQUEST, words));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !is_same_site(request.headers(), host) {
        return Some((StatusCode::FORBIDDEN, "another site asked for this; ask from this page, or with curl\n"));
    }
    None
}

/// The one host that the request is meant for; an absolute address in the request line wins (RFC 9112, section 3.2.2).
fn host(request: &Request) -> Option<&str> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, more) = (named.next(), named.next());
    if more.is_some() {
        return None;
    }
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => first?.to_str().ok(),
    }
}

/// Whether the host, with or without a port, is loopback, `localhost`, the address that we listen on (any, where we listen on
/// all), or a name of the configuration. The port may be another one: that of a tunnel.
fn is_ours(host: &str, listen: IpAddr, hosts: &[String]) -> bool {
    let bare = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']').filter(|(_, rest)| is_port(rest)).map(|(address, _)| address),
        None => host.split_once(':').map_or(Some(host), |(name, port)| is_digits(port).then_some(name)),
    };
    let Some(bare) = bare else { return false };
    match bare.parse::<IpAddr>() {
        // A name cannot be pointed here by a number.
        Ok(address) => address.to_canonical().is_loopback() || address == listen || listen.is_unspecified(),
        Err(_) => bare.eq_ignore_ascii_case("localhost") || hosts.iter().any(|ours| bare.eq_ignore_ascii_case(ours)),
    }
}

fn is_port(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(':').is_some_and(is_digits)
}

fn is_digits(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit())
}

/// Whether our own page asks, or no browser: a browser says where a request comes from, in `Sec-Fetch-Site` (Fetch Metadata)
/// or, an old one, in `Origin` (RFC 6454).
fn is_same_site(headers: &HeaderMap, host: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let origin = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_the_address_itself_are_ours() {
        let listen: IpAddr = "192.0.2.7".parse().unwrap();
        let hosts = ["watch.example".to_string()];
        assert!(
            is_ours("192.0.2.8", "0.0.0.0".parse().unwrap(), &[])
                && !is_ours("evil.example", "0.0.0.0".parse().unwrap(), &[])
        );
        for host in [
            "localhost",
            "LOCALHOST:8650",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]",
            "[::1]:8650",
            "192.0.2.7:8650",
            "localhost:",
            "Watch.example:443",
        ] {
            assert!(is_ours(host, listen, &hosts), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8650",
            "localhost.evil.example",
            "watch.example.evil.example",
            "evil@localhost",
            "localhost:8650@evil.example",
            "127.0.0.1.evil.example",
            "[::1].evil.example",
            "[::1",
            "192.0.2.8",
            "0.0.0.0",
            "localhost:80:80",
        ] {
            assert!(!is_ours(host, listen, &hosts), "{host}");
        }
    }

    #[test]
    fn an_old_browser_is_known_by_its_origin() {
        let check = |name: &'static str, value: &'static str| {
            let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            is_same_site(&headers, "localhost:8650")
        };
        assert!(check("origin", "http://localhost:8650") && check("origin", "https://LOCALHOST:8650"));
        assert!(
            !check("origin", "http://localhost:9999")
                && !check("origin", "null")
                && !check("origin", "http://evil.example")
        );
        assert!(check("sec-fetch-site", "same-origin") && check("sec-fetch-site", "none"));
        assert!(!check("sec-fetch-site", "cross-site") && !check("sec-fetch-site", "same-site"));
        assert!(is_same_site(&HeaderMap::new(), "localhost:8650"), "curl says neither");
    }
}
