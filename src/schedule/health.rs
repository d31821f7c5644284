//! How a source is after a poll, and whether somebody is to be told.

use crate::model::{PollOutcome, SourceState};

/// Failed polls in a row until somebody is told: with the first retries after 1 and 5 minutes, about six minutes after it broke.
const TOLD_AFTER: u32 = 3;

/// How a source is from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Its state.
    pub state: SourceState,
    /// Failed polls in a row.
    pub failures: u32,
    /// Whether somebody has been told that it fails.
    pub told_failing: bool,
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
}

/// Judges a poll. `before`, `failures` and `told_failing` are as the last poll left them; `blocked` says that the source
/// refused us rather than failed.
#[must_use]
pub fn judge(before: SourceState, failures: u32, told_failing: bool, outcome: &PollOutcome, blocked: bool) -> Health {
    let PollOutcome::Failed { for_good, .. } = outcome else {
        // A gap is over once a poll finds an entry that it knew; the store, which sees that, says so anew if not.
        let state = if before == SourceState::Stale { SourceState::Stale } else { SourceState::Ok };
        return Health { state, failures: 0, told_failing: false, tell: told_failing.then_some(Told::Recovered) };
    };
    let state = match (for_good, blocked) {
        (true, _) => SourceState::Gone,
        (_, true) => SourceState::Blocked,
        _ => SourceState::Failing,
    };
    let failures = failures.saturating_add(1);
    let tell = !told_failing && (failures >= TOLD_AFTER || *for_good);
    Health { state, failures, told_failing: told_failing || tell, tell: tell.then_some(Told::Failing) }
}
