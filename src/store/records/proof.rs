//! What proves afterwards what was and was not seen. In: a name and a stretch of time, or a hash that was noted. Out: what became of
//! each entry, and whether the ledger hangs together.

use crate::model::{Evidence, Match, RuleId, SourceId, Suppressed};
use jiff::Timestamp;
use serde::Serialize;

/// A link of the ledger's chain, to be noted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainHead {
    /// Its number.
    pub seq: i64,
    /// Its hash, in hex.
    pub hash: String,
}

/// What came of a look at the whole chain.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verified {
    /// Rows that are as they were when they were written.
    pub rows: usize,
    /// Links of the chain.
    pub links: usize,
    /// Links whose rows are older than they are kept for.
    pub forgotten: usize,
    /// Rows that will be in the chain with the next writes.
    pub waiting: usize,
    /// When the oldest of what is in the chain was made.
    pub first: Option<Timestamp>,
    /// The last link.
    pub head: Option<ChainHead>,
    /// Whether the link that was noted is in the chain; `None` where none was asked for.
    pub noted: Option<bool>,
    /// How many faults there are.
    pub wrong: usize,
    /// The first of them.
    pub faults: Vec<ChainFault>,
}

/// A fault of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainFault {
    /// What.
    pub wrong: ChainWrong,
    /// The table.
    pub table: String,
    /// The row's number in it.
    pub row: i64,
    /// The number of its link.
    pub seq: Option<i64>,
}

/// What is wrong with a row of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChainWrong {
    /// It is not as it was written.
    Altered,
    /// It is gone before its time.
    Gone,
    /// It has no link: it was put in between.
    Added,
    /// Two links are of one row.
    Twice,
    /// Its link does not hang on the one before it.
    Link,
    /// The end of the chain was cut off.
    End,
}

/// Which entries are to be accounted for.
#[derive(Debug, Clone)]
pub struct ProofQuery {
    /// First seen then or later.
    pub from: Timestamp,
    /// First seen before then.
    pub to: Timestamp,
    /// The rules whose near misses are asked for.
    pub rules: Vec<RuleId>,
}

/// What became of all entries that were first seen in a stretch of time.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// Those whose text was read, oldest first.
    pub read: Vec<ProofArticle>,
    /// Those that wait to be read.
    pub unread: Vec<ProofEntry>,
    /// Entries of first polls that were matched on the feed's own text.
    pub baseline: usize,
    /// Entries whose articles are not kept any more.
    pub forgotten: usize,
    /// Times in which entries may have come and gone unseen.
    pub gaps: Vec<ProofGap>,
}

/// An article, as it is accounted for.
#[derive(Debug, Clone)]
pub struct ProofArticle {
    /// The store's number for it.
    pub id: i64,
    /// Its source.
    pub source: SourceId,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When its entry was first seen.
    pub first_seen: Timestamp,
    /// When it was read, the last time.
    pub read_at: Timestamp,
    /// Whether its page was read, not only the feed's text.
    pub complete: bool,
    /// What matched when it was read.
    pub matches: Vec<Match>,
    /// What nearly matched of the rules asked for: rule, why.
    pub near_misses: Vec<(RuleId, String)>,
    /// The alerts that were made of it.
    pub alerts: Vec<ProofAlert>,
}

/// An alert, as it is accounted for.
#[derive(Debug, Clone)]
pub struct ProofAlert {
    /// The store's number for it.
    pub id: i64,
    /// Its rule.
    pub rule: RuleId,
    /// Why it was not told, if it was not.
    pub suppressed: Option<Suppressed>,
    /// What it stands on.
    pub evidence: Option<Box<Evidence>>,
}

/// An entry that waits to be read.
#[derive(Debug, Clone, Serialize)]
pub struct ProofEntry {
    /// Its source.
    pub source: SourceId,
    /// Its address.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// When it was first seen.
    pub first_seen: Timestamp,
}

/// A time in which a source may have shown entries that nobody saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofGap {
    /// The source.
    pub source: SourceId,
    /// Its last good poll before.
    pub since: Option<Timestamp>,
    /// The poll that showed it; `None`: it is not polled well to this day.
    pub until: Option<Timestamp>,
    /// Why it may.
    pub why: String,
}
