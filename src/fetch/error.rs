//! Why a fetch failed, in the words of whoever reads the status page, and shaped by what the caller does next.
//! Text from servers is one line, cut short; URLs are shown without credentials.

use crate::text::{cut, one_line};
use reqwest::StatusCode;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Longest foreign text in an error, in code points.
const SHOWN_CHARS_MAX: usize = 200;

/// Why there is nothing to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// 410: never ask again.
    Gone {
        /// What is gone.
        url: String,
    },
    /// The server does not want us there.
    Blocked {
        /// Who.
        host: String,
        /// By what.
        by: Barrier,
    },
    /// The server asked for time: 429 or 503, now or when another of its URLs was fetched.
    RateLimited {
        /// Who.
        host: String,
        /// The status it answered with just now; `None`: it was not asked, as it rests.
        status: Option<u16>,
        /// How long it is to be left alone, where it said so.
        wait: Option<Duration>,
    },
    /// Another status that is not a document.
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// No answer could be had.
    Unreachable {
        /// Who.
        host: String,
        /// Why.
        why: Unreachable,
    },
    /// robots.txt could not be read, so nothing else may be (RFC 9309, section 2.3.1.4).
    RobotsUnreachable {
        /// Whose.
        host: String,
        /// The fault, in words.
        why: String,
    },
    /// An answer came and is of no use.
    Unreadable {
        /// Who.
        host: String,
        /// Why.
        why: Unreadable,
    },
    /// We do not go there.
    Refused {
        /// Where, as a host or URL.
        place: String,
        /// Why.
        why: Refusal,
    },
    /// Our own queue is too long; later it is shorter.
    Busy {
        /// Who has too many requests waiting.
        host: String,
    },
    /// Something that its user configured, or this machine, does not allow for a request.
    Setup(String),
}

/// What keeps us out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barrier {
    /// 401, 403, 407 or 451.
    Status(u16),
    /// A rule of robots.txt.
    Robots {
        /// The rule, as `Disallow: /`.
        rule: String,
        /// Its line.
        line: usize,
    },
}

/// Why no answer could be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// The name server knows no such name.
    NoSuchName,
    /// The name server did not tell.
    NoNameServer,
    /// No connection, or no TLS, within this time.
    NoConnection(Duration),
    /// The connection was refused.
    ConnectionRefused,
    /// No way leads there.
    NoRoute,
    /// Hung up before it answered.
    HungUp,
    /// A certificate that does not prove who it is; in words that follow "x's certificate".
    Certificate(String),
    /// Any other fault on the way.
    Other(String),
}

/// Why an answer is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Longer than this many bytes, decompressed.
    TooLarge(usize),
    /// Headers together longer than this many bytes, or too many.
    HeadersTooLarge,
    /// Not complete within this time in all.
    TooSlow(Duration),
    /// Nothing came for this long.
    Stalled(Duration),
    /// The body ended early.
    CutShort,
    /// Compressed in a way that was not asked for, or twice.
    Encoding(String),
    /// The body does not decompress.
    Damaged,
    /// 304 though nothing was known.
    NotModifiedUnasked,
    /// More redirects than are followed.
    TooManyRedirects(usize),
    /// A redirect back to where it came from.
    RedirectLoop,
    /// A redirect without a usable target.
    RedirectNowhere(u16),
    /// Not HTTP.
    NotHttp(String),
}

/// Why we do not go there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The host is, or points to, an address that is not public.
    Address {
        /// Where it points.
        address: IpAddr,
        /// "a private address" …
        kind: &'static str,
        /// Whether a name led there.
        by_name: bool,
    },
    /// Neither http nor https.
    Scheme(String),
    /// From https to http, with credentials.
    Downgrade,
}

impl FetchError {
    /// How long the server asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { wait, .. } => *wait,
            _ => None,
        }
    }

    /// Whether it is never to be asked again.
    #[must_use]
    pub fn for_good(&self) -> bool {
        matches!(self, Self::Gone { .. })
    }

    /// Whether the server, or its robots.txt, keeps us out.
    #[must_use]
    pub fn blocked(&self) -> bool {
        matches!(self, Self::Blocked { .. })
    }
}

/// The host of a URL, as people write it.
pub(super) fn host(url: &Url) -> String {
    cut(&one_line(url.host_str().unwrap_or("(no host)")), SHOWN_CHARS_MAX)
}

/// A URL without its credentials and fragment.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    // Both fail only for URLs that cannot have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    foreign(url.as_str())
}

/// Foreign text, fit for a line of ours.
pub(super) fn foreign(text: &str) -> String {
    cut(&one_line(text), SHOWN_CHARS_MAX)
}

impl std::error::Error for FetchError {}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { url } => write!(f, "{url} is gone for good (410): remove the source or give its new address"),
            Self::Blocked { host, by: Barrier::Status(401) } => {
                write!(f, "{host} asks for a user name and password (401 Unauthorized)")
            }
            Self::Blocked { host, by: Barrier::Status(status) } => write!(f, "{host} refused us ({})", name(*status)),
            Self::Blocked { host, by: Barrier::Robots { rule, line } } => {
                write!(f, "{host}'s robots.txt does not allow it (line {line}, \"{rule}\")")
            }
            Self::RateLimited { host, status: Some(status), wait: Some(wait) } => {
                write!(f, "{host} asks to be left alone for {} ({})", span(*wait), name(*status))
            }
            Self::RateLimited { host, status: None, wait: Some(wait) } => {
                write!(f, "{host} asked to be left alone for {} more", span(*wait))
            }
            Self::RateLimited { host, status: Some(429), .. } => {
                write!(f, "{host} finds that we ask too often ({})", name(429))
            }
            Self::RateLimited { host, status, .. } => {
                write!(f, "{host} has no time for us now ({})", name(status.unwrap_or(503)))
            }
            Self::Status { url, status } => write!(f, "{url} answered {}", name(*status)),
            Self::Unreachable { host, why } => unreachable(f, host, why),
            Self::RobotsUnreachable { host, why } => {
                write!(
                    f,
                    "{host}'s robots.txt could not be read, and until it can no page of it may be (RFC 9309): {why}"
                )
            }
            Self::Unreadable { host, why } => unreadable(f, host, why),
            Self::Refused { place, why } => refused(f, place, why),
            Self::Busy { host } => write!(f, "too many requests to {host} are waiting for their turn"),
            Self::Setup(what) => f.write_str(what),
        }
    }
}

fn unreachable(f: &mut fmt::Formatter<'_>, host: &str, why: &Unreachable) -> fmt::Result {
    match why {
        Unreachable::NoSuchName => write!(f, "the name {host} does not exist"),
        Unreachable::NoNameServer => write!(f, "the name {host} could not be looked up: no name server answered"),
        Unreachable::NoConnection(limit) => write!(f, "{host} did not answer within {}", span(*limit)),
        Unreachable::ConnectionRefused => write!(f, "{host} refused the connection: nothing listens there"),
        Unreachable::NoRoute => write!(f, "no way leads to {host}: the network is down or it is not connected"),
        Unreachable::HungUp => write!(f, "{host} hung up before it answered"),
        Unreachable::Certificate(words) => write!(f, "{host}'s certificate {words}"),
        Unreachable::Other(what) => write!(f, "{host} could not be reached: {what}"),
    }
}

fn unreadable(f: &mut fmt::Formatter<'_>, host: &str, why: &Unreadable) -> fmt::Result {
    match why {
        Unreadable::TooLarge(max) => {
            write!(f, "{host} sent more than {}, the largest that is read (fetch.body_max)", size(*max))
        }
        Unreadable::HeadersTooLarge => write!(f, "{host} sent too many headers"),
        Unreadable::TooSlow(limit) => write!(f, "{host} was not done within {}", span(*limit)),
        Unreadable::Stalled(limit) => write!(f, "{host} stopped in the middle and sent nothing for {}", span(*limit)),
        Unreadable::CutShort => write!(f, "{host} hung up in the middle of its answer"),
        Unreadable::Encoding(encoding) => {
            write!(f, "{host} sent its answer compressed in a way that nobody asked for: {encoding}")
        }
        Unreadable::Damaged => write!(f, "{host} sent an answer that is damaged: it does not decompress"),
        Unreadable::NotModifiedUnasked => {
            write!(f, "{host} says that nothing changed (304), and was not asked: it is misconfigured")
        }
        Unreadable::TooManyRedirects(max) => write!(f, "{host} redirects more than {max} times"),
        Unreadable::RedirectLoop => write!(f, "{host} redirects in a circle"),
        Unreadable::RedirectNowhere(status) => {
            write!(f, "{host} redirects without saying where to ({})", name(*status))
        }
        Unreadable::NotHttp(what) => write!(f, "{host} answered something that is not HTTP: {what}"),
    }
}

fn refused(f: &mut fmt::Formatter<'_>, place: &str, why: &Refusal) -> fmt::Result {
    match why {
        Refusal::Address { address, kind, by_name } => {
            let verb = if *by_name { "points to" } else { "is" };
            let address = if *by_name { format!(" {address}") } else { String::new() };
            write!(f, "refused: {place} {verb} {kind}{address}; add it to fetch.allow_private if meant")
        }
        Refusal::Scheme(scheme) => write!(f, "refused: {place} is {scheme}:, and only http and https are fetched"),
        Refusal::Downgrade => {
            write!(f, "refused: {place} redirects from https to plain http, and this source sends credentials")
        }
    }
}

/// `404 Not Found`.
fn name(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    format!("{status}{}{}", if reason.is_some() { " " } else { "" }, reason.unwrap_or(""))
}

/// `90 s`, `24 min`, `3 h`: as exact as it matters.
fn span(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        s @ 1..=119 => format!("{s} s"),
        s @ 120..=7199 => format!("{} min", s / 60),
        s => format!("{} h", s / 3600),
    }
}

/// `8 MiB`, `300 KiB`, `10 bytes`.
fn size(bytes: usize) -> String {
    match bytes {
        b if b >= 1 << 20 && b.is_multiple_of(1 << 20) => format!("{} MiB", b >> 20),
        b if b >= 1 << 10 => format!("{} KiB", b >> 10),
        b => format!("{b} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_in_plain_words() {
        let host = || "x.example".to_string();
        let unreachable = |why| FetchError::Unreachable { host: host(), why }.to_string();
        insta::assert_snapshot!([
            unreachable(Unreachable::NoConnection(Duration::from_secs(10))),
            unreachable(Unreachable::NoSuchName),
            unreachable(Unreachable::Certificate("has expired".into())),
            FetchError::Refused {
                place: host(),
                why: Refusal::Address { address: [10, 0, 0, 1].into(), kind: "a private address", by_name: true },
            }.to_string(),
            FetchError::Refused {
                place: "127.0.0.1".into(),
                why: Refusal::Address { address: [127, 0, 0, 1].into(), kind: "a loopback address", by_name: false },
            }.to_string(),
            FetchError::RateLimited { host: host(), status: Some(503), wait: Some(Duration::from_mins(90)) }.to_string(),
            FetchError::RateLimited { host: host(), status: None, wait: Some(Duration::from_secs(90)) }.to_string(),
            FetchError::RateLimited { host: host(), status: Some(429), wait: None }.to_string(),
            FetchError::Blocked { host: host(), by: Barrier::Robots { rule: "Disallow: /".into(), line: 2 } }.to_string(),
            FetchError::Unreadable { host: host(), why: Unreadable::TooLarge(8 << 20) }.to_string(),
            FetchError::Status { url: "https://x.example/feed".into(), status: 404 }.to_string(),
            FetchError::Status { url: "https://x.example/feed".into(), status: 999 }.to_string(),
        ].join("\n"), @r#"
            x.example did not answer within 10 s
            the name x.example does not exist
            x.example's certificate has expired
            refused: x.example points to a private address 10.0.0.1; add it to fetch.allow_private if meant
            refused: 127.0.0.1 is a loopback address; add it to fetch.allow_private if meant
            x.example asks to be left alone for 90 min (503 Service Unavailable)
            x.example asked to be left alone for 90 s more
            x.example finds that we ask too often (429 Too Many Requests)
            x.example's robots.txt does not allow it (line 2, "Disallow: /")
            x.example sent more than 8 MiB, the largest that is read (fetch.body_max)
            https://x.example/feed answered 404 Not Found
            https://x.example/feed answered 999
            "#);
    }

    #[test]
    fn no_url_is_shown_with_its_credentials() {
        let url = Url::parse("https://me:s3cret@x.example/feed?key=1#part").unwrap();
        assert_eq!(shown(&url), "https://x.example/feed?key=1");
        let long = Url::parse(&format!("https://x.example/{}", "a".repeat(5000))).unwrap();
        assert!(shown(&long).chars().count() <= SHOWN_CHARS_MAX);
    }
}
