//! The configuration taken over. In: sources and digests as configured. Out: what that changed.

use super::WindowKey;
use crate::model::{ChannelId, Rate, SourceId};
use jiff::Timestamp;

/// The configuration, as the store needs it.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// Now.
    pub now: Timestamp,
    /// All sources.
    pub sources: Vec<SourceSeed>,
    /// All digests.
    pub windows: Vec<WindowSeed>,
    /// How fast channels may be sent to, where they have a rate.
    pub rates: Vec<(ChannelId, Rate)>,
    /// Ids that were other ones before.
    pub renames: Vec<crate::model::Rename>,
    /// Whether claims that are held now are void: set at start by the one process that may write.
    pub release_claims: bool,
}

/// A configured source.
#[derive(Debug, Clone)]
pub struct SourceSeed {
    /// Its id.
    pub id: SourceId,
    /// Its configured URL.
    pub url: String,
    /// When it is first due, if it is new or its configured URL changed. Any other keeps its time: a restart resets no timer.
    pub first_check_at: Timestamp,
    /// A known source that does not fail is due no later than this: the next time of its configured `every` or `cron`, counted
    /// from now, so that a shorter one takes effect at once. `None` where it adapts.
    pub latest_check_at: Option<Timestamp>,
}

/// A configured digest.
#[derive(Debug, Clone)]
pub struct WindowSeed {
    /// Which.
    pub key: WindowKey,
    /// When its first window closes, if it is new or if its times changed so that the open window would close later.
    pub due_at: Timestamp,
}

/// What the adoption changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Sources that were not known.
    pub added: usize,
    /// Sources that are no longer configured.
    pub removed: usize,
}
