//! The store in one SQLite file. In: the verbs of [`Store`]. Out: their answers, once what they did is on the disk.
//! One thread writes and commits all that waits together; a few connections read beside it.

mod alerts;
mod archive;
mod backup;
mod baselines;
mod chain;
mod digests;
mod entries;
mod fault;
mod files;
mod flood;
mod keys;
mod open;
mod outbox;
mod pace;
mod polls;
mod proof;
mod readers;
mod recent;
mod recover;
mod renames;
mod silences;
mod sources;
mod status;
mod steps;
mod stories;
mod sweep;
mod timers;
mod unsubscribed;
mod value;
mod writer;

pub use backup::{Migrated, Restored};
pub use recover::{Recovered, TableRecovered};

use super::{
    Adopted, Adoption, AlertFile, AlertQuery, AlertTally, ArchiveQuery, Archived, ArticleFile, ArticleKeys,
    ArticleLine, ArticleQuery, BaselineSummary, ChainHead, Claim, DeliveryRecord, DigestRecord, DueEntry, DueMessage,
    DueSource, DueWindow, Kept, Near, Owed, PollCommitted, PollNow, PollRecord, PollSeen, Polled, Proof, ProofQuery,
    ReadingCommitted, ReadingRecord, Result, SourceFile, Status, Store, StoreError, StoredAlert, StoryProbe, Swept,
    Verified, WindowKey,
};
use crate::model::{
    ChannelId, Delivery, DeliveryState, Message, MessageId, Recipient, Silence, SourceId, Unsubscribed,
};
use async_trait::async_trait;
use jiff::Timestamp;
use readers::Readers;
use recent::Sketches;
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use writer::Writer;

/// A store in a file, with its log (`-wal`, `-shm`) and the daemon's lock (`.lock`) beside it. Dropped, it waits for what was
/// begun.
pub struct Sqlite {
    writer: Option<Writer>,
    readers: Readers,
    sketches: Sketches,
    /// For the daemon: that damage was met.
    damage: Option<Damage>,
}

/// Damage is met on some page at some time; the next start is to know of it.
struct Damage {
    path: PathBuf,
    met: CancellationToken,
}

impl Sqlite {
    /// Opens a database, and makes it where there is none; it may be written by a daemon meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] if it is damaged, newer than this program, or another program's; [`StoreError::Unavailable`] if
    /// the path cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        Self::start(path, open::create(path, false)?, None, None)
    }

    /// Opens it as the one daemon that may.
    ///
    /// # Errors
    /// As [`Self::open`]; [`StoreError::Unusable`] also if another daemon runs on it; [`StoreError::Damaged`] also if an earlier
    /// daemon met damage: [`Self::recover`] makes an end of that.
    pub fn open_exclusive(path: &Path) -> Result<Self> {
        let lock = open::lock(path)?;
        if recover::marked(path) {
            return Err(open::at(path, StoreError::Damaged("damage was met in it".into())));
        }
        let damage = Damage { path: path.into(), met: CancellationToken::new() };
        Self::start(path, open::create(path, true)?, Some(lock), Some(damage))
    }

    /// Is cancelled when the daemon's database turns out to be damaged: it must end then, and be started again.
    #[must_use]
    pub fn damaged(&self) -> CancellationToken {
        self.damage.as_ref().map_or_else(CancellationToken::new, |damage| damage.met.clone())
    }

    /// Opens it to look at, beside a daemon or not; makes nothing. What would write is refused.
    ///
    /// # Errors
    /// As [`Self::open`]; [`StoreError::Unavailable`] if there is none yet.
    pub fn open_for_reading(path: &Path) -> Result<Self> {
        let readers = Readers::new(path.into());
        readers.check()?;
        Ok(Self { writer: None, readers, sketches: Sketches::default(), damage: None })
    }

    fn start(path: &Path, conn: Connection, lock: Option<std::fs::File>, damage: Option<Damage>) -> Result<Self> {
        let writer = Writer::start(path.into(), conn, lock)?;
        let readers = Readers::new(path.into());
        Ok(Self { writer: Some(writer), readers, sketches: Sketches::default(), damage })
    }

    fn noting_damage<T>(&self, answer: Result<T>) -> Result<T> {
        if let (Err(StoreError::Damaged(_)), Some(damage)) = (&answer, &self.damage)
            && !damage.met.is_cancelled()
        {
            damage.met.cancel();
            if let Err(fault) = recover::mark(&damage.path) {
                tracing::error!(%fault, "that the database is damaged could not be noted: {fault}");
            }
        }
        answer
    }

    /// `work` may be run twice: after it, or what shares its transaction, failed halfway and all was undone.
    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> Result<T> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => self.noting_damage(writer.call(work).await),
            None => Err(StoreError::Unavailable("it was opened for reading only".into())),
        }
    }

    async fn read<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.noting_damage(self.readers.call(question).await)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn adopt(&self, adoption: Adoption) -> Result<Adopted> {
        self.write(move |conn| {
            if adoption.release_claims {
                entries::release_claims(conn)?;
                outbox::release_claims(conn)?;
            }
            renames::follow(conn, &adoption.renames)?;
            digests::adopt(conn, &adoption)?;
            pace::adopt(conn, &adoption.rates)?;
            sources::adopt(conn, &adoption)
        })
        .await
    }

    async fn claim_sources(&self, claim: Claim) -> Result<Vec<DueSource>> {
        self.write(move |conn| sources::claim(conn, claim)).await
    }

    async fn commit_poll(&self, poll: PollRecord) -> Result<PollCommitted> {
        // Hashing is done here, not on the thread that everybody waits for.
        let keyed = match &poll.polled {
            Polled::Read { entries, .. } => entries::keyed(entries),
            Polled::Unchanged | Polled::Failed { .. } => vec![],
        };
        self.write(move |conn| sources::commit(conn, &poll, &keyed)).await
    }

    async fn claim_entries(&self, claim: Claim) -> Result<Vec<DueEntry>> {
        let claimed = self.write(move |conn| entries::claim(conn, claim)).await?;
        claimed.into_iter().map(entries::Claimed::read).collect()
    }

    async fn near(&self, probe: StoryProbe) -> Result<Near> {
        let sketches = self.sketches.clone();
        self.read(move |conn| stories::near(conn, &sketches, &probe)).await
    }

    async fn commit_reading(&self, mut reading: ReadingRecord) -> Result<ReadingCommitted> {
        // Written out here, not on the thread that everybody waits for.
        let data = archive::data(&mut reading.article)?;
        self.write(move |conn| stories::commit(conn, &reading, &data)).await
    }

    async fn claim_windows(&self, claim: Claim) -> Result<Vec<DueWindow>> {
        self.write(move |conn| digests::claim(conn, claim)).await
    }

    async fn open_window(&self, key: &WindowKey) -> Result<Option<DueWindow>> {
        let key = key.clone();
        self.read(move |conn| digests::open(conn, &key)).await
    }

    async fn commit_digest(&self, digest: DigestRecord) -> Result<()> {
        self.write(move |conn| digests::commit(conn, &digest)).await
    }

    async fn unreported_baselines(&self, now: Timestamp, patience: Duration) -> Result<Option<BaselineSummary>> {
        self.read(move |conn| baselines::unreported(conn, now, patience)).await
    }

    async fn commit_baseline_report(&self, summary: &BaselineSummary, owed: Vec<Owed>) -> Result<()> {
        let summary = summary.clone();
        self.write(move |conn| baselines::report(conn, &summary, &owed)).await
    }

    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<DueMessage>> {
        let claimed = self.write(move |conn| outbox::claim(conn, claim)).await?;
        claimed.into_iter().map(outbox::Claimed::read).collect()
    }

    async fn record_deliveries(&self, records: Vec<DeliveryRecord>, owed: Vec<Owed>) -> Result<()> {
        self.write(move |conn| outbox::record(conn, &records, &owed)).await
    }

    async fn owe(&self, owed: Vec<Owed>) -> Result<()> {
        self.write(move |conn| outbox::owe(conn, &owed, None)).await
    }

    async fn sweep(&self, now: Timestamp, kept: Kept) -> Result<Swept> {
        let mut sweep = sweep::Sweep::new(now, kept);
        let mut more = true;
        while more {
            (sweep, more) = self
                .write(move |conn| {
                    let mut sweep = sweep;
                    let more = sweep.step(conn)?;
                    Ok((sweep, more))
                })
                .await?;
        }
        Ok(sweep.swept)
    }

    async fn ping(&self) -> Result<()> {
        self.write(|_| Ok(())).await
    }

    async fn status(&self) -> Result<Status> {
        self.read(status::status).await
    }

    async fn articles(&self, query: ArticleQuery) -> Result<Vec<ArticleLine>> {
        self.read(move |conn| archive::lines(conn, &query)).await
    }

    async fn article(&self, id: i64) -> Result<Option<ArticleFile>> {
        self.read(move |conn| archive::file(conn, id)).await
    }

    async fn article_of(&self, alert: i64) -> Result<Option<i64>> {
        self.read(move |conn| archive::of_alert(conn, alert)).await
    }

    async fn source(&self, id: &SourceId) -> Result<Option<SourceFile>> {
        let id = id.clone();
        self.read(move |conn| polls::file(conn, &id)).await
    }

    async fn polls(&self, sources: &[SourceId], max: usize) -> Result<HashMap<SourceId, Vec<PollSeen>>> {
        let sources = sources.to_vec();
        self.read(move |conn| polls::of(conn, &sources, max)).await
    }

    async fn poll_now(&self, id: &SourceId, now: Timestamp) -> Result<PollNow> {
        let id = id.clone();
        self.write(move |conn| polls::now(conn, &id, now)).await
    }

    async fn outbox(&self, states: &[DeliveryState], max: usize) -> Result<Vec<Delivery>> {
        let states = states.to_vec();
        self.read(move |conn| outbox::deliveries(conn, &states, max)).await
    }

    async fn message(&self, id: &MessageId) -> Result<Option<Message>> {
        let id = id.clone();
        self.read(move |conn| outbox::message(conn, &id)).await
    }

    async fn alerts(&self, max: usize) -> Result<Vec<StoredAlert>> {
        self.find_alerts(AlertQuery { max, ..AlertQuery::default() }).await
    }

    async fn find_alerts(&self, query: AlertQuery) -> Result<Vec<StoredAlert>> {
        self.read(move |conn| alerts::find(conn, &query)).await
    }

    async fn alert(&self, id: i64) -> Result<Option<AlertFile>> {
        self.read(move |conn| alerts::file(conn, id)).await
    }

    async fn tally_alerts(&self, since: Timestamp, bin: Duration) -> Result<Vec<AlertTally>> {
        self.read(move |conn| alerts::tally(conn, since, bin)).await
    }

    async fn archive(&self, query: ArchiveQuery) -> Result<Vec<Archived>> {
        self.read(move |conn| archive::find(conn, &query)).await
    }

    async fn unkeyed(&self, max: usize) -> Result<Vec<Archived>> {
        self.read(move |conn| keys::missing(conn, max)).await
    }

    async fn commit_keys(&self, keys: Vec<ArticleKeys>) -> Result<()> {
        self.write(move |conn| keys::keep(conn, &keys)).await
    }

    async fn archive_size(&self, since: Timestamp) -> Result<usize> {
        self.read(move |conn| archive::size(conn, since)).await
    }

    async fn archived(&self, id: i64) -> Result<Option<Archived>> {
        self.read(move |conn| archive::article(conn, id)).await
    }

    async fn outbox_retry(&self, id: &MessageId, recipient: Option<&Recipient>, now: Timestamp) -> Result<usize> {
        let (id, recipient) = (id.clone(), recipient.cloned());
        self.write(move |conn| outbox::retry(conn, &id, recipient.as_ref(), now)).await
    }

    async fn outbox_drop(&self, id: &MessageId, now: Timestamp) -> Result<usize> {
        let id = id.clone();
        self.write(move |conn| outbox::give_up(conn, &id, now)).await
    }

    async fn add_silence(&self, silence: &Silence) -> Result<i64> {
        let silence = silence.clone();
        self.write(move |conn| silences::add(conn, &silence)).await
    }

    async fn silences(&self, after: Timestamp) -> Result<Vec<Silence>> {
        self.read(move |conn| silences::ending(conn, after)).await
    }

    async fn expire_silence(&self, id: i64, now: Timestamp) -> Result<bool> {
        self.write(move |conn| silences::expire(conn, id, now)).await
    }

    async fn verify(&self, noted: Option<ChainHead>) -> Result<Verified> {
        self.read(move |conn| chain::verify(conn, noted.as_ref())).await
    }

    async fn proof(&self, query: ProofQuery) -> Result<Proof> {
        self.read(move |conn| proof::proof(conn, &query)).await
    }

    async fn ticket_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]> {
        self.write(move |conn| unsubscribed::key(conn, fresh)).await
    }

    async fn unsubscribe(&self, channel: &ChannelId, to: &Recipient, now: Timestamp, owed: Vec<Owed>) -> Result<bool> {
        let (channel, to) = (channel.clone(), to.clone());
        self.write(move |conn| unsubscribed::add(conn, &channel, &to, now, &owed)).await
    }

    async fn subscribe_again(&self, channel: &ChannelId, to: &Recipient) -> Result<bool> {
        let (channel, to) = (channel.clone(), to.clone());
        self.write(move |conn| unsubscribed::remove(conn, &channel, &to)).await
    }

    async fn unsubscribed(&self) -> Result<Vec<Unsubscribed>> {
        self.read(unsubscribed::all).await
    }

    async fn disable_channel(&self, channel: &ChannelId, why: Option<&str>) -> Result<()> {
        let (channel, why) = (channel.clone(), why.map(str::to_string));
        self.write(move |conn| outbox::disable(conn, &channel, why.as_deref())).await
    }
}

#[cfg(test)]
mod tests;
