//! What goes into a store and comes out of it: claims, due work, and the record that ends each turn; a file for each verb.

mod adopt;
mod alert;
mod archive;
mod digest;
mod kept;
mod outbox;
mod poll;
mod proof;
mod read;
mod status;

pub use adopt::{Adopted, Adoption, SourceSeed, WindowSeed};
pub use alert::{AlertFile, AlertMessage, AlertQuery, AlertTally, Attempt, StoredAlert};
pub use archive::{ArchiveQuery, Archived, ArticleFile, ArticleKeys, ArticleLine, ArticleQuery};
pub use digest::{BaselineSummary, DigestRecord, DueWindow, WindowKey};
pub use kept::{Kept, Swept};
pub use outbox::{DeliveryRecord, DueMessage, Owed};
pub use poll::{BaselineRecord, DueSource, Learned, PollCommitted, PollEnd, PollNow, PollRecord, PollSeen, Polled};
pub use proof::{
    ChainFault, ChainHead, ChainWrong, Proof, ProofAlert, ProofArticle, ProofEntry, ProofGap, ProofQuery, Verified,
};
pub use read::{
    AlertRecord, CopyRecord, DueEntry, EntryNext, Near, NearStory, ReadingCommitted, ReadingRecord, StoryProbe,
    StoryRecord,
};
pub use status::{ArticleCounts, OutboxCounts, SourceFile, SourceStatus, Status};

use jiff::Timestamp;
use std::time::Duration;

/// A wish for work.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Now.
    pub now: Timestamp,
    /// How long the claim holds; after it, others may claim the work.
    pub lease: Duration,
    /// At most this many.
    pub max: usize,
}
