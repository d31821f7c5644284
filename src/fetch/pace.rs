//! The pace per domain: one request at a time, a pause between two, and rest when its server asked for it.
//! In: a host. Out: its turn, when it comes. It keeps nothing of a domain that is idle.

use crate::clock::Clock;
use crate::model::limits;
use foldhash::HashMap;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// Domains kept before idle ones are looked for.
const LANES_MIN: usize = 64;

/// The lanes of all domains that are or were just asked.
#[derive(Debug)]
pub(super) struct Pace {
    spacing: Duration,
    wait_max: Duration,
    clock: Clock,
    lanes: Mutex<Lanes>,
}

#[derive(Debug, Default)]
struct Lanes {
    of: HashMap<Box<str>, Arc<tokio::sync::Mutex<Lane>>>,
    sweep_at: usize,
}

/// One domain; whoever holds its lock may ask it.
#[derive(Debug, Default)]
struct Lane {
    free_at: Option<Instant>,
    rest_until: Option<Timestamp>,
}

/// Why there is no turn.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoTurn {
    /// The domain rests for so long.
    Rests(Duration),
    /// Too many wait for it.
    Busy,
}

/// The right to ask a domain; the pause begins when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    lane: OwnedMutexGuard<Lane>,
    spacing: Duration,
    clock: Clock,
}

impl Pace {
    pub(super) fn new(spacing: Duration, wait_max: Duration, clock: Clock) -> Self {
        Self { spacing, wait_max, clock, lanes: Mutex::default() }
    }

    /// Waits, first come first served, for the turn with the domain of `host`.
    pub(super) async fn turn(&self, host: &str) -> Result<Turn, NoTurn> {
        let lane = self.lane(domain(host));
        let lane = tokio::time::timeout(self.wait_max, lane.lock_owned()).await.map_err(|_| NoTurn::Busy)?;
        if let Some(rest) = resting(&lane, self.clock.now()) {
            return Err(NoTurn::Rests(rest));
        }
        if let Some(free_at) = lane.free_at {
            tokio::time::sleep_until(free_at).await;
        }
        Ok(Turn { lane, spacing: self.spacing, clock: self.clock.clone() })
    }

    fn lane(&self, domain: &str) -> Arc<tokio::sync::Mutex<Lane>> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.of.get(domain) {
            return lane.clone();
        }
        if lanes.of.len() >= lanes.sweep_at.max(LANES_MIN) {
            let (now, instant) = (self.clock.now(), Instant::now());
            // A lane that nobody else holds can be locked at once.
            lanes.of.retain(|_, lane| {
                Arc::strong_count(lane) > 1
                    || lane.try_lock().is_ok_and(|lane| {
                        lane.free_at.is_some_and(|free_at| free_at > instant) || resting(&lane, now).is_some()
                    })
            });
            lanes.sweep_at = lanes.of.len() * 2;
        }
        lanes.of.entry(domain.into()).or_default().clone()
    }
}

impl Turn {
    /// Lets the domain rest.
    pub(super) fn rest(&mut self, wait: Duration) {
        self.lane.rest_until = self.clock.now().checked_add(wait).ok();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lane.free_at = Some(Instant::now() + self.spacing);
    }
}

/// How much longer the lane rests. A rest longer than any that is granted comes of a clock that was set back: it is over.
fn resting(lane: &Lane, now: Timestamp) -> Option<Duration> {
    let rest = Duration::try_from(lane.rest_until?.duration_since(now)).ok()?;
    (!rest.is_zero() && rest <= limits::RETRY_AFTER_MAX).then_some(rest)
}

/// The domain under which a host was registered (`a.b.example.co.uk`: `example.co.uk`), or the host itself.
///
/// Only suffixes of registries count, not those that services list for their customers: `a.blogspot.com` and `b.blogspot.com`
/// are one service, with one patience.
pub(super) fn domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.starts_with('[') || host.ends_with(|c: char| c.is_ascii_digit()) {
        return host;
    }
    let mut tails = host.rmatch_indices('.').map(|(dot, _)| &host[dot + 1..]).chain([host]);
    tails
        .find(|tail| {
            psl::suffix(tail.as_bytes())
                .is_none_or(|s| s.as_bytes().len() < tail.len() || s.typ() == Some(psl::Type::Private))
        })
        .unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;

    fn pace(spacing: Duration) -> (Pace, Clock) {
        let clock = Clock::standing_at("2026-11-06T08:00:00Z".parse().unwrap());
        (Pace::new(spacing, Duration::from_mins(1), clock.clone()), clock)
    }

    #[test]
    fn the_domain_is_the_registered_one() {
        for (host, expected) in [
            ("news.example.com", "example.com"),
            ("example.com", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("co.uk", "co.uk"),
            ("a.blogspot.com", "blogspot.com"),
            ("x.github.io", "github.io"),
            ("bucket.s3.amazonaws.com", "amazonaws.com"),
            ("www.gov.uz.", "gov.uz"),
            ("intranet", "intranet"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("", ""),
            (".", ""),
            ("..", ""),
        ] {
            assert_eq!(domain(host), expected, "{host}");
        }
    }

    #[tokio::test]
    async fn one_request_at_a_time_and_a_pause_between_two() {
        let (pace, _) = pace(Duration::from_hours(1));
        let turn = pace.turn("a.example.com").await.unwrap();
        let mut waits = pin!(pace.turn("b.example.com"));
        assert!(waits.as_mut().now_or_never().is_none());
        assert!(pace.turn("example.org").await.is_ok());
        drop(turn);
        // The turn is free, and its pause is not over yet.
        assert!(waits.as_mut().now_or_never().is_none());
        let (eager, _) = self::pace(Duration::ZERO);
        drop(eager.turn("a.example.com").await.unwrap());
        assert!(eager.turn("a.example.com").await.is_ok());
    }

    #[tokio::test]
    async fn a_domain_rests_until_its_time_has_come() {
        let (pace, clock) = pace(Duration::ZERO);
        pace.turn("example.com").await.unwrap().rest(Duration::from_secs(100));
        clock.advance(jiff::SignedDuration::from_secs(40));
        assert_eq!(pace.turn("www.example.com").await.unwrap_err(), NoTurn::Rests(Duration::from_mins(1)));
        clock.advance(jiff::SignedDuration::from_mins(1));
        assert!(pace.turn("www.example.com").await.is_ok());
    }

    #[tokio::test]
    async fn a_clock_set_back_does_not_prolong_the_rest() {
        let (pace, clock) = pace(Duration::ZERO);
        pace.turn("example.com").await.unwrap().rest(Duration::from_secs(100));
        clock.advance(-jiff::SignedDuration::from_hours(48));
        assert!(pace.turn("example.com").await.is_ok());
    }

    #[tokio::test]
    async fn idle_domains_are_forgotten_and_resting_ones_are_not() {
        let (pace, _) = pace(Duration::ZERO);
        pace.turn("resting.example").await.unwrap().rest(Duration::from_secs(100));
        let held = pace.turn("held.example").await.unwrap();
        for n in 0..10 * LANES_MIN {
            drop(pace.turn(&format!("d{n}.example")).await.unwrap());
        }
        assert!(pace.lanes.lock().unwrap().of.len() <= 2 * LANES_MIN);
        assert!(matches!(pace.turn("resting.example").await, Err(NoTurn::Rests(_))));
        assert!(pin!(pace.turn("held.example")).now_or_never().is_none());
        drop(held);
    }

    #[tokio::test]
    async fn who_waits_too_long_is_put_off() {
        let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
        let pace = Pace::new(Duration::ZERO, Duration::from_millis(1), clock);
        let _turn = pace.turn("example.com").await.unwrap();
        assert_eq!(pace.turn("example.com").await.unwrap_err(), NoTurn::Busy);
    }
}
