//! How a source is after a poll, and whether somebody is to be told.

use super::sorted_gaps;
use crate::model::limits::{LULL_MAX, LULL_MIN, LULL_UNKNOWN};
use crate::model::{PollOutcome, SourceState};
use jiff::Timestamp;
use std::time::Duration;

/// Failed polls in a row until somebody is told: with the first retries after 1 and 5 minutes, about six minutes after it broke.
const TOLD_AFTER: u32 = 3;

/// How a source was, as its last poll left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before {
    /// Failed polls in a row.
    pub failures: u32,
    /// Whether somebody has been told that it fails.
    pub told_failing: bool,
    /// Whether somebody has been told that nothing new comes.
    pub told_stale: bool,
}

/// How a source is from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Its state.
    pub state: SourceState,
    /// Failed polls in a row.
    pub failures: u32,
    /// Whether somebody has been told that it fails.
    pub told_failing: bool,
    /// Whether somebody has been told that nothing new comes.
    pub told_stale: bool,
    /// What somebody is to be told now.
    pub tell: Option<Told>,
}

/// What somebody is to be told: once when it breaks, once when it recovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It has failed often enough to be no hiccup, or for good.
    Failing,
    /// It had been told as failing, and works.
    Recovered,
    /// It answers, but nothing new has come for far longer than is usual.
    Stale,
    /// It had been told as stale, and has news again.
    Fresh,
}

/// Judges a poll. `blocked`: the source refused us rather than failed; `stale`: see [`is_stale`].
#[must_use]
pub fn judge(before: Before, outcome: &PollOutcome, blocked: bool, stale: bool) -> Health {
    let Before { failures, told_failing, told_stale } = before;
    let PollOutcome::Failed { for_good, .. } = outcome else {
        // A gap is over once a poll finds an entry that it knew; the store, which sees that, says so anew if not.
        let state = if stale { SourceState::Stale } else { SourceState::Ok };
        // One thing at a time: what is left to tell is told at the next poll.
        let tell = match (told_failing, stale, told_stale) {
            (true, ..) => Some(Told::Recovered),
            (_, true, false) => Some(Told::Stale),
            (_, false, true) => Some(Told::Fresh),
            _ => None,
        };
        let told_stale = if told_failing { told_stale } else { stale };
        return Health { state, failures: 0, told_failing: false, told_stale, tell };
    };
    let state = match (for_good, blocked) {
        (true, _) => SourceState::Gone,
        (_, true) => SourceState::Blocked,
        _ => SourceState::Failing,
    };
    let failures = failures.saturating_add(1);
    let tell = !told_failing && (failures >= TOLD_AFTER || *for_good);
    Health { state, failures, told_failing: told_failing || tell, told_stale, tell: tell.then_some(Told::Failing) }
}

/// The longest silence that is ordinary for a source whose newest entries were published then, newest first: four times the usual
/// pause, and twice the longest, which may have been a weekend or a summer. `None` where too few are dated.
#[must_use]
pub fn lull(published: &[Timestamp]) -> Option<Duration> {
    let gaps = sorted_gaps(published)?;
    Some((gaps[gaps.len() / 2] * 4).max(gaps[gaps.len() - 1] * 2))
}

/// Whether nothing new has come for far longer than is usual.
#[must_use]
pub fn is_stale(last_new: Option<Timestamp>, lull: Option<Duration>, now: Timestamp) -> bool {
    let silence = last_new.and_then(|last| Duration::try_from(now.duration_since(last)).ok());
    silence.is_some_and(|silence| silence > lull.unwrap_or(LULL_UNKNOWN).clamp(LULL_MIN, LULL_MAX))
}
