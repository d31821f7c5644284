//! What the daemon did since it started, in numbers, for those who watch it. In: what happened, and how long it took. Out: counts and
//! histograms. Nothing is decided by them, so that they may be forgotten at each start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds, in seconds, of how long one poll or one attempt at a delivery may take.
pub const WORK_SECONDS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];
/// Upper bounds, in seconds, of how old news may be when they arrive.
pub const AGE_SECONDS: [f64; 12] =
    [1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0, 10_800.0, 43_200.0, 86_400.0];

/// A histogram in which each value is counted below the first bound that it does not exceed.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    bounds: [f64; N],
    counts: [AtomicU64; N],
    beyond: AtomicU64,
    sum_ms: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    fn new(bounds: [f64; N]) -> Self {
        Self {
            bounds,
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
            beyond: AtomicU64::new(0),
            sum_ms: AtomicU64::new(0),
        }
    }

    /// Counts one.
    pub fn add(&self, took: Duration) {
        let at = self.bounds.iter().position(|bound| took.as_secs_f64() <= *bound);
        at.map_or(&self.beyond, |at| &self.counts[at]).fetch_add(1, Ordering::Relaxed);
        self.sum_ms.fetch_add(u64::try_from(took.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Each bound with how many did not exceed it; and how many there were in all, and their sum in seconds.
    #[must_use]
    pub fn read(&self) -> (Vec<(f64, u64)>, u64, f64) {
        let mut so_far = 0;
        let below = self.bounds.iter().zip(&self.counts).map(|(bound, count)| {
            so_far += count.load(Ordering::Relaxed);
            (*bound, so_far)
        });
        let below: Vec<(f64, u64)> = below.collect();
        #[expect(clippy::cast_precision_loss, reason = "a sum of milliseconds that is shown")]
        let sum = self.sum_ms.load(Ordering::Relaxed) as f64 / 1000.0;
        (below, so_far + self.beyond.load(Ordering::Relaxed), sum)
    }
}

/// What is counted.
#[derive(Debug)]
pub struct Meter {
    /// Polls that brought a document, from the claim to its end, the wait for the domain's turn included.
    pub polls_read: Histogram<10>,
    /// Polls after which nothing had changed.
    pub polls_unchanged: Histogram<10>,
    /// Polls that failed.
    pub polls_failed: Histogram<10>,
    /// Entries that polls found for the first time.
    pub entries: AtomicU64,
    /// Attempts that were accepted.
    pub deliveries_sent: Histogram<10>,
    /// Attempts that are to be made again.
    pub deliveries_retried: Histogram<10>,
    /// Attempts that were the last, and in vain.
    pub deliveries_dead: Histogram<10>,
    /// From an article's publication to the acceptance of its alert, for each recipient.
    pub since_published: Histogram<12>,
    /// From when its entry was first seen.
    pub since_seen: Histogram<12>,
}

impl Default for Meter {
    fn default() -> Self {
        let work = || Histogram::new(WORK_SECONDS);
        let age = || Histogram::new(AGE_SECONDS);
        Self {
            polls_read: work(),
            polls_unchanged: work(),
            polls_failed: work(),
            entries: AtomicU64::new(0),
            deliveries_sent: work(),
            deliveries_retried: work(),
            deliveries_dead: work(),
            since_published: age(),
            since_seen: age(),
        }
    }
}

impl Meter {
    /// Whether a poll has ended, one way or another.
    #[must_use]
    pub fn has_polled(&self) -> bool {
        [&self.polls_read, &self.polls_unchanged, &self.polls_failed].iter().any(|polls| polls.read().1 > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_at_its_bound_and_at_every_higher_one() {
        let histogram = Histogram::new([1.0, 5.0]);
        for ms in [1_000, 1_001, 5_000, 5_001, 100_000] {
            histogram.add(Duration::from_millis(ms));
        }
        assert_eq!(histogram.read(), (vec![(1.0, 1), (5.0, 3)], 5, 112.002));
    }
}
