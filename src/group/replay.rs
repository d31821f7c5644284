//! Stories decided again over articles that were read long ago, for trying rules. In: articles that matched, oldest first.
//! Out: what each would have told. It holds no text: a sketch and the addresses of each story.

use super::same_text;
use crate::model::RuleId;
use crate::model::limits::STORY_WINDOW;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// An article that rules match, as it is judged.
#[derive(Debug, Clone)]
pub struct Replayed<'a> {
    /// When the article says it was published.
    pub published: Option<Timestamp>,
    /// Its [`super::addresses`].
    pub urls: &'a [String],
    /// Its [`super::sketch`].
    pub sketch: &'a [u64],
    /// When its entry was first seen.
    pub first_seen: Timestamp,
    /// When it was read.
    pub read_at: Timestamp,
    /// An article older than this when first seen is not told.
    pub max_age: Duration,
}

/// What a matching article would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Would {
    /// An alert: the first of its story for the rule.
    Alert,
    /// One outlet more of the alert of this number, counted from the first.
    Copy(usize),
    /// Older than `max_age` when it was first seen.
    TooOld,
}

/// The stories so far.
#[derive(Debug, Default)]
pub struct Replay {
    stories: Vec<Story>,
    by_url: HashMap<String, usize>,
    by_hash: HashMap<u64, Vec<usize>>,
    alerts: usize,
}

#[derive(Debug, Default)]
struct Story {
    last_seen: Timestamp,
    /// Of its articles.
    sketches: Vec<Vec<u64>>,
    /// The rules that told it, and the number of the alert.
    told: Vec<(RuleId, usize)>,
}

impl Replay {
    /// What the article tells for each of the rules that match it. An article read again tells nothing twice.
    pub fn add(&mut self, read: &Replayed, rules: &[RuleId]) -> Vec<Would> {
        if super::too_old(read.published, read.first_seen, read.max_age).is_some() {
            return vec![Would::TooOld; rules.len()];
        }
        let at = self.same(read).unwrap_or_else(|| {
            self.stories.push(Story::default());
            self.stories.len() - 1
        });
        for url in read.urls {
            self.by_url.insert(url.clone(), at);
        }
        for hash in read.sketch {
            let stories = self.by_hash.entry(*hash).or_default();
            if stories.last() != Some(&at) {
                stories.push(at);
            }
        }
        let story = &mut self.stories[at];
        story.last_seen = story.last_seen.max(read.read_at);
        story.sketches.push(read.sketch.to_vec());
        let mut would = vec![];
        for rule in rules {
            match story.told.iter().find(|(told, _)| told == rule) {
                Some((_, alert)) => would.push(Would::Copy(*alert)),
                None => {
                    story.told.push((rule.clone(), self.alerts));
                    self.alerts += 1;
                    would.push(Would::Alert);
                }
            }
        }
        would
    }

    /// The story of which the article is a copy: the same address first, then the most shared text.
    fn same(&self, read: &Replayed) -> Option<usize> {
        let since = read.read_at.checked_sub(STORY_WINDOW).unwrap_or(Timestamp::MIN);
        let recent = |at: &usize| self.stories[*at].last_seen >= since;
        let of_url = read.urls.iter().filter_map(|url| self.by_url.get(url)).copied().find(recent);
        of_url.or_else(|| {
            let hashes: HashSet<u64> = read.sketch.iter().copied().collect();
            let near: HashSet<usize> = read
                .sketch
                .iter()
                .filter_map(|hash| self.by_hash.get(hash))
                .flatten()
                .copied()
                .filter(recent)
                .collect();
            let shared = near.into_iter().filter_map(|at| {
                let shares = self.stories[at].sketches.iter().map(|sketch| {
                    let shared = sketch.iter().filter(|hash| hashes.contains(hash)).count();
                    (shared, sketch.len().min(hashes.len()))
                });
                let (shared, shorter) = shares.max()?;
                same_text(shared, shorter).then_some((shared, std::cmp::Reverse(at)))
            });
            shared.max().map(|(_, std::cmp::Reverse(at))| at)
        })
    }
}
