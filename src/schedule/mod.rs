//! When the next thing happens. In: policy, outcome, now. Out: the next check, attempt or window, and how a source is.
//! It never asks for the time and never acts.

mod cron;
mod health;
mod window;

pub use cron::Cron;
pub use health::{Before, Health, Told, is_stale, judge, lull};
pub use window::{next_window, quiet_until};

use crate::model::limits::ADAPTIVE_MIN;
use crate::model::{Cadence, PollOutcome};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The bounds that all sources share.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// No interval is longer: neither by adapting, nor by a source's own wish, nor by failing.
    pub every_max: Duration,
}

/// The next poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextCheck {
    /// When.
    pub at: Timestamp,
    /// The interval behind it, remembered for the next decision.
    pub interval: Duration,
}

/// How soon a poll that failed is tried again: the first faults are mostly hiccups, and the user should soon know about the others.
const RETRY_SOON: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(5)];

/// Decides the next poll of a source.
///
/// `before` is the interval decided last, `failures` counts failed polls in a row, this one included, and `spread` in 0..1 moves
/// the time by up to a tenth, so that sources do not march in step. A configured interval or cron is the user's word: it wins over
/// the source's own wishes (ttl, max-age), never over Retry-After.
#[must_use]
pub fn next_check(
    cadence: &Cadence,
    outcome: &PollOutcome,
    before: Option<Duration>,
    failures: u32,
    policy: Policy,
    spread: f64,
    now: Timestamp,
) -> NextCheck {
    let own = match cadence {
        Cadence::Every(every) => *every,
        Cadence::Adaptive(start) => adapted(*start, before, outcome, policy),
        Cadence::Cron { pattern, zone } => Cron::parse(pattern)
            .ok()
            .and_then(|cron| cron.next_after(now, zone))
            .and_then(|at| Duration::try_from(at.duration_since(now)).ok())
            .unwrap_or(policy.every_max),
    };
    let (wait, spread) = match outcome {
        PollOutcome::Failed { retry_after, .. } => {
            (failing(own, failures, policy).max(retry_after.unwrap_or_default()), spread)
        }
        // Told to come at 08:00, it comes at 08:00.
        _ if matches!(cadence, Cadence::Cron { .. }) => (own, 0.0),
        _ => (own, spread),
    };
    let wait = wait + wait.mul_f64(spread.clamp(0.0, 1.0) / 10.0);
    NextCheck { at: later(now, wait), interval: own }
}

/// A failing source is asked soon, twice, and then ever more rarely.
fn failing(own: Duration, failures: u32, policy: Policy) -> Duration {
    if let Some(soon) = RETRY_SOON.get(failures.saturating_sub(1) as usize) {
        return own.min(*soon);
    }
    let doubled = own.saturating_mul(1 << failures.saturating_sub(2).min(10));
    doubled.min(policy.every_max).max(own)
}

/// Half the time between what was published lately; slower while nothing comes; never faster than the source wishes.
fn adapted(start: Duration, before: Option<Duration>, outcome: &PollOutcome, policy: Policy) -> Duration {
    let last = before.unwrap_or(start);
    let (wanted, keep) = match outcome {
        PollOutcome::Read { published, keep, .. } => (rhythm(published).map_or(last, |gap| gap / 2), *keep),
        PollOutcome::Unchanged { keep } => (last.mul_f64(1.2), *keep),
        PollOutcome::Failed { .. } => return last,
    };
    wanted.max(keep.unwrap_or_default()).max(ADAPTIVE_MIN).min(policy.every_max.max(ADAPTIVE_MIN))
}

/// The median time between the newest entries; `published` newest first.
fn rhythm(published: &[Timestamp]) -> Option<Duration> {
    let gaps = sorted_gaps(&published[..published.len().min(10)])?;
    Some(gaps[gaps.len() / 2])
}

/// The times between entries, shortest first; `None` for fewer than three.
fn sorted_gaps(published: &[Timestamp]) -> Option<Vec<Duration>> {
    let pairs = published.windows(2);
    let mut gaps: Vec<Duration> =
        pairs.filter_map(|pair| Duration::try_from(pair[0].duration_since(pair[1])).ok()).collect();
    gaps.sort();
    (gaps.len() >= 3).then_some(gaps)
}

/// The next poll where no known entry was left in the window: twice as soon where the source adapts; the user's own word stays.
#[must_use]
pub fn after_gap(cadence: &Cadence, next: NextCheck, now: Timestamp) -> NextCheck {
    if !matches!(cadence, Cadence::Adaptive(_)) {
        return next;
    }
    let interval = (next.interval / 2).max(ADAPTIVE_MIN.min(next.interval));
    NextCheck { at: next.at.min(later(now, interval)), interval }
}

/// When a source with a configured interval or cron is due at the latest, counted from now; `None` where it adapts.
#[must_use]
pub fn due_by(cadence: &Cadence, now: Timestamp) -> Option<Timestamp> {
    match cadence {
        Cadence::Adaptive(_) => None,
        Cadence::Every(every) => Some(later(now, *every)),
        Cadence::Cron { pattern, zone } => Cron::parse(pattern).ok()?.next_after(now, zone),
    }
}

/// When a delivery is tried again after `attempts` tries, this one included; `None`: it is given up.
/// `retries` are the channel's; the peer's own wish (`after`) counts where it is longer.
#[must_use]
pub fn next_attempt(
    retries: &[Duration],
    attempts: u32,
    after: Option<Duration>,
    spread: f64,
    now: Timestamp,
) -> Option<Timestamp> {
    let wait = *retries.get((attempts.max(1) - 1) as usize)?;
    let wait = wait.max(after.unwrap_or_default());
    Some(later(now, wait + wait.mul_f64(spread.clamp(0.0, 1.0) / 10.0)))
}

/// `now` and a while; the end of time where that is out of range.
#[must_use]
pub fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
