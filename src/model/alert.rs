//! An alert: a match worth telling; the digest that gathers them; and what a reader must know of what was not told.

use super::{Article, Hit, ListLoaded, RuleId, Severity, StoryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A match worth telling, with all that any channel needs to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The rule that matched.
    pub rule: RuleId,
    /// Its title for people.
    pub rule_title: String,
    /// How loud.
    pub severity: Severity,
    /// The story; one alert per rule and story.
    pub story: StoryId,
    /// The article's title.
    pub title: String,
    /// Where to read it.
    pub url: String,
    /// The article's language (BCP 47).
    pub language: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The agency that it credits.
    pub wire: Option<String>,
    /// When the article was published, as far as known.
    pub published: Option<Timestamp>,
    /// When the daemon matched it.
    pub matched: Timestamp,
    /// Whether only the feed's summary was read.
    pub summary_only: bool,
    /// The hits, in reading order.
    pub hits: Vec<Hit>,
    /// Names in a script that a reader of Latin can read: a watch's id and its first Latin name, for each watch hit.
    pub watch_names: Vec<(String, String)>,
    /// The outlets that carry the story, the alerted one first.
    pub outlets: Vec<Outlet>,
    /// When the story was first seen.
    pub first_seen: Timestamp,
    /// What was told of it so far.
    #[serde(default)]
    pub telling: Telling,
}

/// What was told of an alert so far: by it is judged whether the story changes in substance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Telling {
    /// The length of the leading article's text, in code points.
    pub chars: usize,
    /// The watches and rows of lists that it named: `sco`, `pep/Q7`.
    pub watches: Vec<String>,
    /// How often it was told again.
    pub updates: u32,
    /// What was new in it when it was told again last: names, in the order in which they stand.
    pub gained: Vec<String>,
    /// Whether a correction was told.
    pub corrected: bool,
}

impl DigestGroup {
    /// The alerts, those that tell of one event together.
    pub fn events(&self) -> impl Iterator<Item = &[Alert]> {
        let mut rest = self.alerts.as_slice();
        let mut together = self.together.iter().copied();
        std::iter::from_fn(move || {
            let many = together.next().unwrap_or(1).clamp(1, rest.len().max(1));
            let (event, others) = rest.split_at_checked(many)?;
            rest = others;
            Some(event)
        })
    }
}

impl Telling {
    /// That of a new alert.
    #[must_use]
    pub fn of(article: &Article, hits: &[Hit]) -> Self {
        let mut telling = Self { chars: article.text.chars().count(), ..Self::default() };
        for hit in hits {
            telling.watches.extend(Self::watch(hit).filter(|watch| !telling.watches.contains(watch)));
        }
        telling
    }

    /// What a hit names, if it is of a watch or a list.
    #[must_use]
    pub fn watch(hit: &Hit) -> Option<String> {
        let watch = hit.watch.as_ref()?;
        Some(hit.entry.as_ref().map_or_else(|| watch.clone(), |row| format!("{watch}/{row}")))
    }
}

/// An outlet that carries a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// The source's id.
    pub source: String,
    /// Its name for people.
    pub name: String,
    /// Its article.
    pub url: String,
    /// The title it gave.
    pub title: String,
    /// When it was seen.
    pub seen: Timestamp,
    /// Its tier.
    pub tier: Option<u8>,
}

/// Why a match was not told at once. Log, page, mail and test share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Suppressed {
    /// Part of the source's first poll.
    Baseline,
    /// Older than `max_age` when first seen.
    TooOld {
        /// When it was published.
        published: Timestamp,
    },
    /// A silence holds for it.
    Silenced {
        /// The number of the silence.
        silence: i64,
        /// When it ends.
        until: Timestamp,
    },
    /// The rule told this story already; the copy goes into the next digest.
    AlreadyAlerted {
        /// The story.
        story: StoryId,
    },
}

/// What a digest tells: alerts of one channel and window, by rule, then story, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The channel's id.
    pub channel: String,
    /// The digest's name.
    pub name: String,
    /// When the window opened.
    pub from: Timestamp,
    /// When it closed: the wall-clock time it was due at.
    pub to: Timestamp,
    /// Whether it is sent long after it was due.
    pub late: bool,
    /// By rule.
    pub groups: Vec<DigestGroup>,
    /// Stories left out at the cap.
    pub more: usize,
    /// What was watched in the window.
    pub coverage: Coverage,
    /// What nearly matched.
    pub near_misses: Vec<NearMiss>,
}

/// The stories of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DigestGroup {
    /// The rule.
    pub rule: RuleId,
    /// Its title for people.
    pub rule_title: String,
    /// An alert per story, newest first; those that tell of one event beside the newest of them.
    pub alerts: Vec<Alert>,
    /// How many alerts in a row tell of one event, in their order; empty where nobody looked.
    #[serde(default)]
    pub together: Vec<usize>,
    /// How many alerts the rule made on each of the last days of the reader's calendar, today last; empty where nobody counted.
    #[serde(default)]
    pub days: Vec<u32>,
}

/// What was watched, so that silence is proven.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Sources configured.
    pub sources: usize,
    /// Sources polled with success in the window.
    pub polled: usize,
    /// Sources that fail now.
    pub failing: Vec<Failing>,
    /// Articles read in full.
    pub read_in_full: usize,
    /// Articles of which only the feed's summary was read.
    pub summary_only: usize,
    /// Articles of which nothing could be read but their title.
    #[serde(default)]
    pub unreadable: usize,
    /// Articles in languages in whose script no name or word is watched for, by language.
    #[serde(default)]
    pub unwatched: Vec<(String, usize)>,
    /// Entries that wait to be read.
    pub unread: usize,
    /// Articles of which a rule had told the story already.
    pub copies: usize,
    /// Articles that were too old when first seen.
    pub too_old: usize,
    /// Articles of first polls, and how many of them would have alerted.
    pub baseline: (usize, usize),
    /// The lists that were watched.
    #[serde(default)]
    pub lists: Vec<ListLoaded>,
}

/// A source that is not well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failing {
    /// The source's id.
    pub source: String,
    /// `failing`, `stale`, `gap`, `blocked`, `moved`, `gone`.
    pub state: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// The fault in words.
    pub error: String,
}

/// What nearly matched: one line of "Not sent".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NearMiss {
    /// The rule that nearly matched.
    pub rule: RuleId,
    /// Why not, in words that stand after a number: `with 'Wang' but no Wang Yi`, `excluded by 'football'`, `only in related boxes`.
    pub why: String,
    /// How many articles.
    pub count: usize,
    /// One title among them.
    pub example: String,
}
