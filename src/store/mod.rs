//! What survives a crash. In: claims and records of the workers. Out: due work, and what people ask to see.
//! One method is one transaction (several may share one, none is ever half done). It decides nothing but what only a
//! transaction can see: what is new, who holds a lease, and whether a story was made meanwhile.

mod records;
mod sqlite;

pub use records::{
    Adopted, Adoption, AlertFile, AlertMessage, AlertQuery, AlertRecord, AlertTally, ArchiveQuery, Archived,
    ArticleCounts, ArticleFile, ArticleKeys, ArticleLine, ArticleQuery, Attempt, BaselineRecord, BaselineSummary,
    ChainFault, ChainHead, ChainWrong, Claim, CopyRecord, DeliveryRecord, DigestRecord, DueEntry, DueMessage,
    DueSource, DueWindow, EntryNext, Kept, Learned, Near, NearStory, OutboxCounts, Owed, PollCommitted, PollEnd,
    PollNow, PollRecord, PollSeen, Polled, Proof, ProofAlert, ProofArticle, ProofEntry, ProofGap, ProofQuery,
    ReadingCommitted, ReadingRecord, SourceFile, SourceSeed, SourceStatus, Status, StoredAlert, StoryProbe,
    StoryRecord, Swept, Verified, WindowKey, WindowSeed,
};

pub use sqlite::{Migrated, Recovered, Restored, Sqlite, TableRecovered};

use crate::model::{ChannelId, Delivery, DeliveryState, Message, MessageId, Recipient, SourceId, Unsubscribed};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::HashMap;

/// What can go wrong with a store, shaped by what the caller does next.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The disk or the server is away or full: try again later; nothing was lost.
    #[error("the database cannot be used now: {0}")]
    Unavailable(String),
    /// What is stored is from a newer wirewatch, or is no database of ours: a person must act.
    #[error("{0}")]
    Unusable(String),
    /// The file is damaged: what can be read of it must be brought into a new one.
    #[error("{0}")]
    Damaged(String),
    /// The lease had run out and somebody else holds the work: drop what was done.
    #[error("the lease had run out")]
    LeaseLost,
}

/// A store's answer.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The pipeline's verbs. Idempotent by unique keys: (source, entry key), (rule, story), (channel, window), message id and recipient.
#[async_trait]
pub trait Store: Send + Sync {
    /// Makes rows of the configuration: new sources are due at their seed's time, sources no longer named are disabled with
    /// their history kept, a source whose configured URL changed forgets its validators; digests get their first window.
    async fn adopt(&self, adoption: Adoption) -> Result<Adopted>;

    /// Claims sources whose time has come, the longest overdue first.
    async fn claim_sources(&self, claim: Claim) -> Result<Vec<DueSource>>;

    /// Ends a claim on a source: stores what is new, its validators, health and next check, and what it owes, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if the source was not claimed, or claimed anew, since.
    async fn commit_poll(&self, poll: PollRecord) -> Result<PollCommitted>;

    /// Claims entries that wait to be read: newest first, but no source takes more than its share of a batch while others wait
    /// (a feed with 100,000 entries waits behind the others, not before them).
    async fn claim_entries(&self, claim: Claim) -> Result<Vec<DueEntry>>;

    /// Stories that share a URL or text with an article, with their alerts, and the state of the story index.
    async fn near(&self, probe: StoryProbe) -> Result<Near>;

    /// Ends a claim on an entry: the article, its matches, story, alerts and the messages they owe, all or nothing.
    /// Answers [`ReadingCommitted::StoryMoved`], with nothing stored, when a story that the probe would find was made or
    /// changed after [`Near::seq`].
    async fn commit_reading(&self, reading: ReadingRecord) -> Result<ReadingCommitted>;

    /// Claims digest windows that have closed, with all that they have to tell.
    async fn claim_windows(&self, claim: Claim) -> Result<Vec<DueWindow>>;

    /// What an open window would tell if it closed now; changes nothing.
    async fn open_window(&self, key: &WindowKey) -> Result<Option<DueWindow>>;

    /// Ends a window: the message it owes (if any), what it told, and the next window.
    async fn commit_digest(&self, digest: DigestRecord) -> Result<()>;

    /// First polls that nobody was told of yet, once no source is new any more or the oldest is older than `patience`.
    async fn unreported_baselines(
        &self,
        now: Timestamp,
        patience: std::time::Duration,
    ) -> Result<Option<BaselineSummary>>;

    /// Marks those first polls as told, with the messages that tell them.
    async fn commit_baseline_report(&self, summary: &BaselineSummary, owed: Vec<Owed>) -> Result<()>;

    /// Claims messages whose time has come, each with the recipients that are due.
    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<DueMessage>>;

    /// Records attempts, one per recipient, and what they owe in turn (somebody is told of a dead message).
    async fn record_deliveries(&self, records: Vec<DeliveryRecord>, owed: Vec<Owed>) -> Result<()>;

    /// Puts messages into the outbox that no article and no source owes (configuration accepted or refused).
    async fn owe(&self, owed: Vec<Owed>) -> Result<()>;

    /// Deletes what is older than it is kept for, in small steps; answers what was deleted.
    async fn sweep(&self, now: Timestamp, kept: Kept) -> Result<Swept>;

    /// Answers when the writer has answered: the watchdog's question.
    async fn ping(&self) -> Result<()>;

    /// Everything `wirewatch status` shows.
    async fn status(&self) -> Result<Status>;

    /// The articles of a list, newest first, as fast at the end of a million as at their beginning.
    async fn articles(&self, query: ArticleQuery) -> Result<Vec<ArticleLine>>;

    /// An article and what became of it.
    async fn article(&self, id: i64) -> Result<Option<ArticleFile>>;

    /// The article that the alert of this number was made of, while it is kept.
    async fn article_of(&self, alert: i64) -> Result<Option<i64>>;

    /// Everything on record about a source, with its last polls.
    async fn source(&self, id: &SourceId) -> Result<Option<SourceFile>>;

    /// The newest polls of each of these sources, oldest first, at most `max` of each.
    async fn polls(&self, sources: &[SourceId], max: usize) -> Result<HashMap<SourceId, Vec<PollSeen>>>;

    /// Makes a source due now, unless it is being polled or was a moment ago.
    async fn poll_now(&self, id: &SourceId, now: Timestamp) -> Result<PollNow>;

    /// The outbox, newest first, in these states (all if empty), at most `max`.
    async fn outbox(&self, states: &[DeliveryState], max: usize) -> Result<Vec<Delivery>>;

    /// A message, whole.
    async fn message(&self, id: &MessageId) -> Result<Option<Message>>;

    /// The newest alerts, newest first, told or not, at most `max`.
    async fn alerts(&self, max: usize) -> Result<Vec<StoredAlert>>;

    /// The alerts asked for, newest first, told or not.
    async fn find_alerts(&self, query: AlertQuery) -> Result<Vec<StoredAlert>>;

    /// Everything on record about the alert of this number: whom it was told, when, and what they said.
    async fn alert(&self, id: i64) -> Result<Option<AlertFile>>;

    /// How many alerts each rule made since then, by stretches of this length.
    async fn tally_alerts(&self, since: Timestamp, bin: std::time::Duration) -> Result<Vec<AlertTally>>;

    /// The archived articles asked for, newest first.
    async fn archive(&self, query: ArchiveQuery) -> Result<Vec<Archived>>;

    /// Articles whose keys are not kept yet: those that were read again first, then the oldest.
    async fn unkeyed(&self, max: usize) -> Result<Vec<Archived>>;

    /// Keeps the keys of articles, for [`ArchiveQuery::wanted`]; those of [`Self::unkeyed`], in its order.
    async fn commit_keys(&self, keys: Vec<ArticleKeys>) -> Result<()>;

    /// How many articles were read since then.
    async fn archive_size(&self, since: Timestamp) -> Result<usize>;

    /// The archived article of this number.
    async fn archived(&self, id: i64) -> Result<Option<Archived>>;

    /// Tries a message again now, for one recipient or all that have not got it; answers how many.
    async fn outbox_retry(&self, id: &MessageId, recipient: Option<&Recipient>, now: Timestamp) -> Result<usize>;

    /// Gives a message up; answers how many deliveries that ended.
    async fn outbox_drop(&self, id: &MessageId, now: Timestamp) -> Result<usize>;

    /// Adds a silence and answers its number.
    async fn add_silence(&self, silence: &crate::model::Silence) -> Result<i64>;

    /// Silences that end after a moment, oldest first.
    async fn silences(&self, after: Timestamp) -> Result<Vec<crate::model::Silence>>;

    /// Ends a silence now; answers whether it held.
    async fn expire_silence(&self, id: i64, now: Timestamp) -> Result<bool>;

    /// Whether the ledger hangs together, and still holds a link that was noted.
    async fn verify(&self, noted: Option<ChainHead>) -> Result<Verified>;

    /// What became of the entries of a stretch of time.
    async fn proof(&self, query: ProofQuery) -> Result<Proof>;

    /// The key of tickets, made of `fresh` where there is none yet.
    async fn ticket_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]>;

    /// Ends all that is owed to a channel's reader, now and from now on, and owes what tells of it; `false` if it had ended already.
    async fn unsubscribe(&self, channel: &ChannelId, to: &Recipient, now: Timestamp, owed: Vec<Owed>) -> Result<bool>;

    /// Takes a reader in again; answers whether they were out.
    async fn subscribe_again(&self, channel: &ChannelId, to: &Recipient) -> Result<bool>;

    /// Readers who want no more.
    async fn unsubscribed(&self) -> Result<Vec<Unsubscribed>>;

    /// Holds all messages of a channel (`Some(why)`), or lets them go (`None`).
    async fn disable_channel(&self, channel: &crate::model::ChannelId, why: Option<&str>) -> Result<()>;
}
