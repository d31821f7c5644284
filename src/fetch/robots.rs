//! robots.txt of the origins that are read, each fetched once a day. In: a URL. Out: whether it may be fetched.

use super::error::{Barrier, FetchError, Unreadable, host};
use super::{Body, Fetcher, Request, Want};
use crate::manners::Robots;
use crate::model::RequestOptions;
use crate::model::limits;
use foldhash::HashMap;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// Our product token (RFC 9309, section 2.2.1), whatever a source's user agent says.
const AGENT: &str = "wirewatch";
/// What an entry costs beside its rules.
const ENTRY_BYTES: usize = 256;

/// What is known of all origins, bounded by [`limits::ROBOTS_CACHE_BYTES_MAX`].
#[derive(Default)]
pub(super) struct Known(Mutex<Origins>);

#[derive(Default)]
struct Origins {
    of: HashMap<Box<str>, Entry>,
    bytes: usize,
    made: u64,
}

struct Entry {
    origin: Arc<tokio::sync::Mutex<Origin>>,
    bytes: usize,
    /// Entries are numbered as they are made; the oldest go first.
    number: u64,
}

/// What is known of one origin.
#[derive(Default)]
struct Origin {
    until: Option<Timestamp>,
    /// The last rules that could be read.
    rules: Option<Robots>,
    /// Why they could not, the last time.
    fault: Option<String>,
}

impl Fetcher {
    /// Asks robots.txt whether `url` may be fetched.
    pub(super) async fn ask_robots(&self, url: &Url, options: &RequestOptions) -> Result<(), FetchError> {
        let key = origin_of(url);
        let entry = self.robots.entry(&key);
        // Held while it is fetched: whoever else wants it waits for this one answer.
        let mut origin = entry.lock().await;
        let now = self.clock.now();
        if !origin.until.is_some_and(|until| fresh(until, now)) {
            self.learn(&mut origin, url, options).await?;
            let bytes = origin.rules.as_ref().map_or(0, Robots::bytes) + key.len() + ENTRY_BYTES;
            self.robots.weigh(&key, bytes);
        }
        let Some(rules) = &origin.rules else {
            let why = origin.fault.clone().unwrap_or_default();
            return Err(FetchError::RobotsUnreachable { host: host(url), why });
        };
        let access = rules.access(url.as_str());
        if access.allowed {
            return Ok(());
        }
        let by = Barrier::Robots { rule: access.rule.unwrap_or_default(), line: access.line.unwrap_or(0) };
        Err(FetchError::Blocked { host: host(url), by })
    }

    /// Fetches it. An error is one that the page would meet as well, and says more than that there is no robots.txt.
    async fn learn(&self, origin: &mut Origin, url: &Url, options: &RequestOptions) -> Result<(), FetchError> {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        // Its own headers and credentials are for the source, and robots.txt is for all.
        let options = RequestOptions { headers: vec![], basic_auth: None, ..options.clone() };
        let request =
            Request { url: &at, own: &at, validators: None, options: &options, want: Want::Robots, robots: false };
        let (rules, fault) = match self.get(&request).await {
            Ok(fetched) => match fetched.body {
                Body::Bytes(bytes) => (Some(Robots::parse(&bytes, AGENT)), None),
                Body::NotModified => (None, None),
            },
            // None is there: all is allowed (RFC 9309, sections 2.3.1.2 and 2.3.1.3).
            Err(error) if absent(&error) => (Some(Robots::default()), None),
            // It is there and cannot be read: nothing is allowed (section 2.3.1.4), except by rules read earlier.
            Err(error @ (FetchError::Status { .. } | FetchError::Unreadable { .. })) => (None, Some(error.to_string())),
            Err(_) if origin.rules.is_some() => (None, None),
            Err(error) => return Err(error),
        };
        let keep = if rules.is_some() { limits::ROBOTS_KEEP } else { limits::ROBOTS_RETRY };
        origin.until = self.clock.now().checked_add(keep).ok();
        origin.rules = rules.or(origin.rules.take());
        origin.fault = fault;
        Ok(())
    }
}

/// Whether the server says that there is none; a redirect that leads nowhere says so too.
fn absent(error: &FetchError) -> bool {
    use Unreadable::{RedirectLoop, RedirectNowhere, TooManyRedirects};
    match error {
        FetchError::Status { status, .. } => (400..500).contains(status),
        FetchError::Unreadable { why, .. } => matches!(why, RedirectLoop | RedirectNowhere(_) | TooManyRedirects(_)),
        FetchError::Gone { .. } | FetchError::Blocked { .. } => true,
        _ => false,
    }
}

impl Known {
    fn entry(&self, key: &str) -> Arc<tokio::sync::Mutex<Origin>> {
        let mut origins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = origins.of.get(key) {
            return entry.origin.clone();
        }
        let bytes = key.len() + ENTRY_BYTES;
        origins.bytes += bytes;
        origins.made += 1;
        let entry = Entry { origin: Arc::default(), bytes, number: origins.made };
        let origin = entry.origin.clone();
        origins.of.insert(key.into(), entry);
        origins.trim();
        origin
    }

    fn weigh(&self, key: &str, bytes: usize) {
        let mut origins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = origins.of.get_mut(key) {
            let before = std::mem::replace(&mut entry.bytes, bytes);
            origins.bytes = origins.bytes - before + bytes;
            origins.trim();
        }
    }
}

impl Origins {
    /// Over the bound, forgets the older half.
    fn trim(&mut self) {
        if self.bytes <= limits::ROBOTS_CACHE_BYTES_MAX {
            return;
        }
        let mut numbers: Vec<u64> = self.of.values().map(|entry| entry.number).collect();
        numbers.sort_unstable();
        let middle = numbers[numbers.len() / 2];
        self.of.retain(|_, entry| entry.number > middle);
        self.bytes = self.of.values().map(|entry| entry.bytes).sum();
    }
}

/// Whether what is known holds until then. A time too far ahead comes of a clock that was set back.
fn fresh(until: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(until.duration_since(now)).is_ok_and(|left| !left.is_zero() && left <= limits::ROBOTS_KEEP)
}

fn origin_of(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(0);
    format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_the_oldest_goes_first() {
        let known = Known::default();
        let large = limits::ROBOTS_CACHE_BYTES_MAX / 8;
        for n in 0..50 {
            let key = format!("https://{n}.example:443");
            known.entry(&key);
            known.weigh(&key, large);
            let origins = known.0.lock().unwrap();
            assert!(origins.bytes <= limits::ROBOTS_CACHE_BYTES_MAX);
            assert_eq!(origins.bytes, origins.of.values().map(|entry| entry.bytes).sum::<usize>());
            assert!(origins.of.contains_key(key.as_str()));
        }
        for n in 0..100_000 {
            known.entry(&format!("https://small{n}.example:443"));
        }
        assert!(known.0.lock().unwrap().of.len() <= limits::ROBOTS_CACHE_BYTES_MAX / ENTRY_BYTES);
    }
}
