//! Stories decided again over articles that were read long ago, for trying rules. In: articles that matched, oldest first.
//! Out: what each would have told. It holds the texts of a week.

use super::likeness::{Compared, compare};
use crate::model::RuleId;
use crate::model::limits::{STORIES_NEAR_MAX, STORY_WINDOW};
use crate::text::copy::Recent;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

/// An article that rules match, as it is judged.
#[derive(Debug, Clone)]
pub struct Replayed<'a> {
    /// When the article says it was published.
    pub published: Option<Timestamp>,
    /// Its [`super::addresses`].
    pub urls: &'a [String],
    /// The [`sketch`](crate::text::copy::sketch) of its text.
    pub sketch: &'a [u32],
    /// Its text.
    pub text: &'a str,
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
    recent: Recent,
    /// The story of each article, and its text while it is recent.
    articles: Vec<(usize, Timestamp, String)>,
    /// The first article whose text is held.
    held: usize,
    alerts: usize,
}

#[derive(Debug, Default)]
struct Story {
    last_seen: Timestamp,
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
        let since = since(read.read_at);
        self.recent.add(
            self.articles.len().try_into().unwrap_or(i64::MAX),
            read.read_at.as_millisecond(),
            read.sketch,
            since,
        );
        self.articles.push((at, read.read_at, read.text.into()));
        while let Some((.., text)) = self.articles.get_mut(self.held).filter(|(_, at, _)| at.as_millisecond() < since) {
            *text = String::new();
            self.held += 1;
        }
        let story = &mut self.stories[at];
        story.last_seen = story.last_seen.max(read.read_at);
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
        let since = since(read.read_at);
        let recent = |at: &usize| self.stories[*at].last_seen.as_millisecond() >= since;
        let of_url = read.urls.iter().filter_map(|url| self.by_url.get(url)).copied().find(recent);
        of_url.or_else(|| {
            let own = Compared::of(read.text);
            let near = self.recent.like(read.sketch, since).into_iter().take(STORIES_NEAR_MAX);
            let near = near.filter_map(|(article, _)| self.articles.get(usize::try_from(article).ok()?));
            let same = near.filter_map(|(story, _, text)| {
                let common = compare(&own, &Compared::of(text), false);
                common.same.then_some((common.shared, Reverse(*story)))
            });
            same.max().map(|(_, Reverse(story))| story)
        })
    }
}

/// Since when copies of what is read now are looked for, in ms.
fn since(read_at: Timestamp) -> i64 {
    read_at.checked_sub(STORY_WINDOW).unwrap_or(Timestamp::MIN).as_millisecond()
}
