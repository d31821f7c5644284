//! What goes into a store and comes out of it: claims, due work, and the record that ends each turn.

use crate::model::{
    Alert, Article, ChannelId, Coverage, Delivery, DeliveryState, Entry, Flood, Match, Message, MessageId, NearMiss,
    Rate, Recipient, RuleId, SourceId, SourceState, Step, StoryId, Suppressed, Validators,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
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

/// A digest of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WindowKey {
    /// The channel.
    pub channel: ChannelId,
    /// The digest's name.
    pub digest: String,
}

/// What the adoption changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Sources that were not known.
    pub added: usize,
    /// Sources that are no longer configured.
    pub removed: usize,
}

/// A claimed source.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as in the table")]
pub struct DueSource {
    /// Its id.
    pub id: SourceId,
    /// Where it is now: the configured URL, or where it has moved to.
    pub url: String,
    /// What the server gave last.
    pub validators: Validators,
    /// How it is.
    pub state: SourceState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Polls that failed in a row.
    pub failures: u32,
    /// Whether somebody was told that it fails.
    pub told_failing: bool,
    /// Whether somebody was told that nothing new comes.
    pub told_stale: bool,
    /// The longest silence that is ordinary for it, as far as is known.
    pub lull: Option<Duration>,
    /// What its documents were so far: `rss20`, `page` …
    pub format: Option<String>,
    /// Whether its URL is that of a feed found on its configured page.
    pub discovered: bool,
    /// The interval decided last.
    pub interval: Option<Duration>,
    /// Whether it had its first good poll.
    pub baselined: bool,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When it was due.
    pub due_at: Timestamp,
    /// Permanent redirects to one and the same place, in a row.
    pub moved_count: u32,
    /// Where they led.
    pub moved_to: Option<String>,
    /// The claim's token, given back by the record.
    pub lease: i64,
}

/// What one poll came to.
#[derive(Debug, Clone)]
pub struct PollRecord {
    /// The source.
    pub source: SourceId,
    /// The claim's token.
    pub lease: i64,
    /// Now.
    pub now: Timestamp,
    /// What came back.
    pub polled: Polled,
    /// How the source is from now on (a gap, which only the store sees, wins over `Ok`).
    pub state: SourceState,
    /// Whether somebody has been told that it fails.
    pub told_failing: bool,
    /// Whether somebody has been told that nothing new comes.
    pub told_stale: bool,
    /// What its status says where the poll itself did not fail: since when nothing came, where it moved.
    pub remark: Option<String>,
    /// The next poll.
    pub next_check_at: Timestamp,
    /// The interval behind it.
    pub interval: Duration,
    /// Both of these instead, where no known entry was left.
    pub after_gap: Option<(Timestamp, Duration)>,
    /// What the document told of the source.
    pub learned: Learned,
    /// The URL to poll from now on, where it moved.
    pub url: Option<String>,
    /// See [`DueSource::moved_count`].
    pub moved_count: u32,
    /// See [`DueSource::moved_to`].
    pub moved_to: Option<String>,
    /// Messages that this poll owes: broken, recovered, moved, gone.
    pub owed: Vec<Owed>,
}

/// What a document tells of its source; what it does not tell stays as it was known.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// What it is: `rss20`, `page` …
    pub format: Option<String>,
    /// The longest silence that is ordinary, by the dates of its entries.
    pub lull: Option<Duration>,
    /// When the newest entry was published.
    pub newest: Option<Timestamp>,
    /// It is a feed that was found on the configured page.
    pub discovered: bool,
}

/// What came back from a poll.
#[derive(Debug, Clone)]
pub enum Polled {
    /// Nothing new: 304.
    Unchanged,
    /// A document.
    Read {
        /// The server's validators.
        validators: Validators,
        /// The feed's title: the outlet's name where the user gave none.
        title: Option<String>,
        /// Its language, as stated.
        language: Option<String>,
        /// Its entries, in its order. Those whose key is not known become due, unless this is a baseline; a known one whose
        /// fingerprint (title, updated) changed becomes due again, at most [`crate::model::limits::REREADS_MAX`] times.
        entries: Vec<Entry>,
        /// Given on the first good poll.
        baseline: Option<BaselineRecord>,
    },
    /// It failed.
    Failed {
        /// The fault in words.
        error: String,
    },
}

/// A source's first good poll.
#[derive(Debug, Clone, Default)]
pub struct BaselineRecord {
    /// Keys of entries that are read and alerted all the same (`backfill`).
    pub read: Vec<String>,
    /// Articles matched on the feed's own text.
    pub articles: usize,
    /// What would have alerted, and what that stands on: kept, suppressed.
    pub alerts: Vec<(Alert, Step)>,
}

/// What a poll stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PollCommitted {
    /// Entries that were not known.
    pub new: usize,
    /// Entries that are due to be read now.
    pub due: usize,
    /// Whether no entry of the document was known although some had been before.
    pub gap: bool,
}

/// A claimed entry.
#[derive(Debug, Clone)]
pub struct DueEntry {
    /// The store's number for it.
    pub id: i64,
    /// Its source.
    pub source: SourceId,
    /// The source's feed title.
    pub source_title: Option<String>,
    /// The feed's stated language.
    pub source_language: Option<String>,
    /// The entry, as parsed.
    pub entry: Entry,
    /// Attempts to read its page before this one.
    pub attempts: u32,
    /// When it was first seen in the feed.
    pub first_seen: Timestamp,
    /// The claim's token.
    pub lease: i64,
}

/// A question for stories like an article.
#[derive(Debug, Clone)]
pub struct StoryProbe {
    /// The article's canonical addresses.
    pub urls: Vec<String>,
    /// Its sketch: sampled hashes of its text.
    pub sketch: Vec<u64>,
    /// Stories older than this are not asked for.
    pub since: Timestamp,
}

/// Stories like an article, and the state of the index they came from.
#[derive(Debug, Clone, Default)]
pub struct Near {
    /// Grows with each story that is made or changed.
    pub seq: i64,
    /// The candidates.
    pub stories: Vec<NearStory>,
}

/// A story that shares something with the article.
#[derive(Debug, Clone)]
pub struct NearStory {
    /// Its id.
    pub id: StoryId,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether one of the URLs is the same.
    pub same_url: bool,
    /// For the one of its articles that shares most: how many hashes are shared.
    pub shared: usize,
    /// And how many that article's sketch has.
    pub sketch_len: usize,
    /// Its alerts, one per rule.
    pub alerts: Vec<StoredAlert>,
}

/// An alert that a story has already.
#[derive(Debug, Clone)]
pub struct StoredAlert {
    /// The store's number for it.
    pub id: i64,
    /// The alert.
    pub alert: Alert,
    /// Why it was not told, if it was not.
    pub suppressed: Option<Suppressed>,
    /// Its messages that nobody has tried to send yet: they may still be rewritten.
    pub waiting: Vec<(MessageId, ChannelId)>,
    /// Whether anybody has begun to tell it, by a message or in a digest.
    pub begun: bool,
}

/// Which alerts are asked for, newest first.
#[derive(Debug, Clone, Default)]
pub struct AlertQuery {
    /// Of this rule only.
    pub rule: Option<RuleId>,
    /// Made before the one of this number.
    pub before: Option<i64>,
    /// Made since then.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub max: usize,
}

/// Which archived articles are asked for, newest first.
#[derive(Debug, Clone)]
pub struct ArchiveQuery {
    /// Read before the one of this number.
    pub before: Option<i64>,
    /// Read then or later.
    pub since: Timestamp,
    /// At most so many.
    pub max: usize,
}

/// An article that was read.
#[derive(Debug, Clone)]
pub struct Archived {
    /// The store's number for it: the id that people are shown.
    pub id: i64,
    /// The source it came from.
    pub source: SourceId,
    /// When its entry was first seen in the feed.
    pub first_seen: Timestamp,
    /// When it was read, the last time.
    pub read_at: Timestamp,
    /// The article.
    pub article: Article,
}

/// Which articles a list shows, newest first.
#[derive(Debug, Clone, Default)]
pub struct ArticleQuery {
    /// Of this source only.
    pub source: Option<SourceId>,
    /// Read before the one of this number.
    pub before: Option<i64>,
    /// At most so many.
    pub max: usize,
}

/// An article, as a list shows it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "columns of a row, each shown by itself")]
pub struct ArticleLine {
    /// The store's number for it.
    pub id: i64,
    /// Its source.
    pub source: SourceId,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When it was read, the last time.
    pub read_at: Timestamp,
    /// Whether its page was read, not only the feed's text.
    pub complete: bool,
    /// Whether a rule had told its story already.
    pub copy: bool,
    /// Whether it was too old to be told.
    pub too_old: bool,
    /// Whether an alert was made of it.
    pub alerted: bool,
    /// Rules that matched it, and rules that nearly did.
    pub matched: usize,
    /// See `matched`.
    pub nearly: usize,
}

/// What became of an article.
#[derive(Debug, Clone)]
pub struct ArticleFile {
    /// The article.
    pub archived: Archived,
    /// Whether a rule had told its story already.
    pub copy: bool,
    /// Whether it was too old to be told.
    pub too_old: bool,
    /// What nearly matched when it was read: rule, why.
    pub near_misses: Vec<(RuleId, String)>,
    /// The alerts of its story.
    pub alerts: Vec<StoredAlert>,
}

/// Alerts of one rule in one stretch of time, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTally {
    /// The rule.
    pub rule: RuleId,
    /// The stretch, counted from the beginning of the question.
    pub bin: usize,
    /// Told, or to be told by a digest.
    pub told: usize,
    /// Kept and not told.
    pub not_told: usize,
}

/// Everything on record about one alert.
#[derive(Debug, Clone)]
pub struct AlertFile {
    /// The alert.
    pub stored: StoredAlert,
    /// Its own messages, and those of digests that told it; oldest first.
    pub messages: Vec<AlertMessage>,
    /// Digests that have still to tell it.
    pub waiting_digests: Vec<WindowKey>,
    /// Each decision about it, oldest first.
    pub steps: Vec<(Timestamp, Step)>,
}

/// A message that told an alert, and what became of it.
#[derive(Debug, Clone)]
pub struct AlertMessage {
    /// When it was first owed.
    pub owed_at: Timestamp,
    /// The message, per recipient.
    pub deliveries: Vec<Delivery>,
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempt>,
}

/// One attempt to deliver a message to one recipient, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Who was to get it.
    pub recipient: Recipient,
    /// When it ended.
    pub at: Timestamp,
    /// Where the delivery stood after it.
    pub state: DeliveryState,
    /// The peer's reply, or the fault in words.
    pub reply: String,
    /// Whether the peer may have taken it although it was not confirmed.
    pub maybe_sent: bool,
}

/// What one reading came to.
#[derive(Debug, Clone)]
pub struct ReadingRecord {
    /// The entry.
    pub entry: i64,
    /// The claim's token.
    pub lease: i64,
    /// Now.
    pub now: Timestamp,
    /// The source.
    pub source: SourceId,
    /// The article, from the page or from the feed's own text.
    pub article: Article,
    /// What matched; empty for most articles.
    pub matches: Vec<Match>,
    /// What nearly matched: rule, why.
    pub near_misses: Vec<(RuleId, String)>,
    /// Its story; `None` where nothing matched.
    pub story: Option<StoryRecord>,
    /// New alerts, told or suppressed.
    pub alerts: Vec<AlertRecord>,
    /// Alerts that the article is a copy of.
    pub copies: Vec<CopyRecord>,
    /// Whether the article was too old to be told.
    pub too_old: bool,
    /// What becomes of the entry.
    pub next: EntryNext,
}

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryNext {
    /// It is read.
    Done,
    /// Its page is tried again then.
    RetryAt(Timestamp),
    /// Its page is not tried again; the feed's text is all there is.
    GaveUp,
}

/// The story of an article.
#[derive(Debug, Clone)]
pub struct StoryRecord {
    /// Its id.
    pub id: StoryId,
    /// The state of the index on which it was decided: [`Near::seq`].
    pub seq: i64,
    /// The article's canonical addresses.
    pub urls: Vec<String>,
    /// The article's sketch.
    pub sketch: Vec<u64>,
}

/// A new alert.
#[derive(Debug, Clone)]
pub struct AlertRecord {
    /// The alert.
    pub alert: Alert,
    /// Why it is not told, if it is not.
    pub suppressed: Option<Suppressed>,
    /// Its messages.
    pub owed: Vec<Owed>,
    /// The digests that will tell it.
    pub digests: Vec<WindowKey>,
    /// What was decided, for the ledger.
    pub steps: Vec<Step>,
}

/// An alert that gained an outlet.
#[derive(Debug, Clone)]
pub struct CopyRecord {
    /// The store's number of the alert.
    pub alert_id: i64,
    /// The alert as it is from now on.
    pub alert: Alert,
    /// Messages that replace those that still wait.
    pub rewritten: Vec<Message>,
    /// Messages that tell it again.
    pub owed: Vec<Owed>,
    /// The digests that will tell of the copy.
    pub digests: Vec<WindowKey>,
    /// What was decided, for the ledger.
    pub steps: Vec<Step>,
}

/// A message, whom it is owed to, and from when.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The message.
    pub message: Message,
    /// One delivery each.
    pub recipients: Vec<Recipient>,
    /// Not before this.
    pub not_before: Timestamp,
    /// An alert's channel's limit: beyond it the alert waits for the summary instead.
    pub flood: Option<Flood>,
}

/// What came of a reading's commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingCommitted {
    /// Stored.
    Done,
    /// Nothing was stored: a story like it was made or changed meanwhile; ask [`super::Store::near`] and group again.
    StoryMoved,
}

/// A claimed digest window, with what it has to tell.
#[derive(Debug, Clone)]
pub struct DueWindow {
    /// Which digest.
    pub key: WindowKey,
    /// When the window opened: the close of the one before.
    pub from: Timestamp,
    /// When it was due to close.
    pub to: Timestamp,
    /// Alerts routed to it, and alerts that gained copies since they were told, oldest first; the newest
    /// [`crate::model::limits::DIGEST_ALERTS_MAX`] if there are more.
    pub alerts: Vec<Alert>,
    /// The state of the watch between `from` and now.
    pub coverage: Coverage,
    /// What nearly matched between `from` and now, counted.
    pub near_misses: Vec<NearMiss>,
    /// The claim's token.
    pub lease: i64,
    /// The store's numbers of what it tells, to be marked as told; as many more than `alerts` as were left out.
    pub told: Vec<i64>,
}

/// The end of a window.
#[derive(Debug, Clone)]
pub struct DigestRecord {
    /// Which digest.
    pub key: WindowKey,
    /// The claim's token.
    pub lease: i64,
    /// Now: the next window opens.
    pub now: Timestamp,
    /// The message; `None` for an empty digest that is not sent.
    pub owed: Option<Owed>,
    /// See [`DueWindow::told`].
    pub told: Vec<i64>,
    /// When the next window closes.
    pub next_due_at: Timestamp,
}

/// First polls that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineSummary {
    /// The sources.
    pub sources: Vec<SourceId>,
    /// Articles matched.
    pub articles: usize,
    /// Articles that would have alerted.
    pub would_alert: usize,
    /// By rule: the rule's title, and how many.
    pub by_rule: Vec<(String, usize)>,
}

/// A claimed message.
#[derive(Debug, Clone)]
pub struct DueMessage {
    /// The message.
    pub message: Message,
    /// The recipients that are due, each with the attempts made before.
    pub recipients: Vec<(Recipient, u32)>,
    /// When it was first owed.
    pub owed_at: Timestamp,
    /// The claim's token.
    pub lease: i64,
}

/// One attempt for one recipient, recorded.
#[derive(Debug, Clone)]
pub struct DeliveryRecord {
    /// The message.
    pub message: MessageId,
    /// The recipient.
    pub recipient: Recipient,
    /// The claim's token.
    pub lease: i64,
    /// When it ended.
    pub at: Timestamp,
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// When it is tried again.
    pub next_attempt: Option<Timestamp>,
    /// The peer's reply, or the fault in words.
    pub reply: String,
    /// Whether the peer may have taken it although it was not confirmed.
    pub maybe_sent: bool,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Articles.
    pub articles: Duration,
    /// Alerts and deliveries.
    pub ledger: Duration,
    /// Keys of entries that the feed no longer shows.
    pub keys: Duration,
}

/// What a sweep deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Articles.
    pub articles: usize,
    /// Alerts.
    pub alerts: usize,
    /// Messages.
    pub messages: usize,
    /// Entry keys.
    pub keys: usize,
}

/// Everything `wirewatch status` shows; serialized as it is.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// By id.
    pub sources: Vec<SourceStatus>,
    /// Deliveries.
    pub outbox: OutboxCounts,
    /// Articles.
    pub articles: ArticleCounts,
}

/// A source, as `status` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// Its id.
    pub id: SourceId,
    /// Where it is polled.
    pub url: String,
    /// How it is.
    pub state: SourceState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Its last good poll.
    pub last_success: Option<Timestamp>,
    /// Its next one.
    pub next_poll: Option<Timestamp>,
    /// The interval behind it, in seconds.
    pub interval_s: Option<u64>,
    /// The fault in words.
    pub error: Option<String>,
}

/// What a poll came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PollEnd {
    /// The server said that nothing changed.
    Unchanged,
    /// A document.
    Read,
    /// A document in which nothing known was left.
    Gap,
    /// A fault.
    Failed,
}

impl PollEnd {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Read => "read",
            Self::Gap => "gap",
            Self::Failed => "failed",
        }
    }
}

/// One poll, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PollSeen {
    /// When it ended.
    pub at: Timestamp,
    /// What it came to.
    pub outcome: PollEnd,
    /// Entries that were not known.
    pub new: usize,
    /// The fault in words.
    pub error: Option<String>,
}

/// Everything on record about one source.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// How it is.
    pub status: SourceStatus,
    /// Its feed's title.
    pub title: Option<String>,
    /// Its feed's language, as stated.
    pub language: Option<String>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When nothing known was left in it last.
    pub gap_at: Option<Timestamp>,
    /// Polls that failed in a row.
    pub failures: u32,
    /// Its first good poll: articles, and how many of them would have alerted.
    pub baseline: Option<(usize, usize)>,
    /// Its last polls, oldest first, at most [`crate::model::limits::POLLS_KEPT`].
    pub polls: Vec<PollSeen>,
}

/// What came of the wish to poll a source now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollNow {
    /// It is due.
    Due,
    /// It is being polled.
    Running,
    /// It was polled a moment ago; it keeps its time.
    JustPolled,
    /// There is no such source, or it is not configured any more.
    Unknown,
}

/// Deliveries by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OutboxCounts {
    /// Not tried yet.
    pub pending: usize,
    /// To be tried again.
    pub retrying: usize,
    /// Waiting for their time or channel.
    pub held: usize,
    /// Refused for good.
    pub dead: usize,
}

/// Articles by how they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ArticleCounts {
    /// In full.
    pub full: usize,
    /// From the feed's summary only.
    pub summary_only: usize,
    /// Entries that wait.
    pub unread: usize,
}
