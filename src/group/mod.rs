//! From matches to alerts, stories and digests. In: a read article with its matches, and the stories near it. Out: the
//! decision, each part with the reason why it is or is not told. It never writes and never sends.

mod address;
mod change;
mod days;
mod digest;
mod likeness;
mod replay;
mod silence;
mod substitution;
mod together;

pub use address::addresses;
pub use change::Change;
pub use days::{BIN, count_days, first_day};
pub use digest::digest;
pub use likeness::{Common, Compared, compare};
pub use replay::{Replay, Replayed, Would};
pub use silence::silenced;

use crate::model::{Alert, Article, Hit, Likeness, Match, Outlet, RuleId, Severity, StoryId, Suppressed, Telling};
use jiff::Timestamp;
use std::cell::LazyCell;
use std::ops::Deref;
use std::time::Duration;

/// A read article and what it is judged by.
#[derive(Debug, Clone)]
pub struct Read<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its canonical addresses, the best first.
    pub urls: &'a [String],
    /// What matched.
    pub matches: &'a [Match],
    /// The outlet that carries it.
    pub outlet: Outlet,
    /// Whether it belongs to the first poll of its source.
    pub baseline: bool,
    /// For each match, the silence that holds for it; empty where there is none at all.
    pub silenced: &'a [Option<Suppressed>],
    /// An article older than this when first seen is not told.
    pub max_age: Duration,
    /// When its entry was first seen.
    pub first_seen: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// A story near the article, as the store knows it.
#[derive(Debug, Clone)]
pub struct Nearby<'a> {
    /// Its id.
    pub id: &'a StoryId,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether it has the article under the same address.
    pub same_url: bool,
    /// Texts of its articles that may be this one's.
    pub texts: Vec<&'a str>,
    /// The alerts it has.
    pub alerts: Vec<Known<'a>>,
}

/// An alert that a story has already.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The store's number of it.
    pub id: i64,
    /// The alert.
    pub alert: &'a Alert,
    /// Whether it was told or will be.
    pub told: bool,
    /// Whether nothing of it has left yet: it may still be told otherwise.
    pub open: bool,
}

/// What becomes of an article that matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its story.
    pub story: StoryId,
    /// Alerts that are new for the story.
    pub alerts: Vec<(Alert, Option<Suppressed>)>,
    /// Alerts that the story has already and that this article changes.
    pub copies: Vec<Copy>,
    /// How the article was known as one of its story.
    pub likeness: Option<Likeness>,
}

/// An alert that a story has already, as it is from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// The store's number of the alert.
    pub id: i64,
    /// The alert.
    pub alert: Alert,
    /// What of it is new.
    pub change: Change,
}

/// Titles and names for people: what alerts need of the configuration.
pub trait Names {
    /// A rule's title.
    fn rule_title(&self, rule: &RuleId) -> String;
    /// The first name of a watch that a reader of Latin script can read.
    fn watch_name(&self, hit: &Hit) -> Option<(String, String)>;
}

/// Decides what an article with matches tells.
#[must_use]
pub fn decide(read: &Read, near: &[Nearby], names: &impl Names) -> Decision {
    let whys: Vec<_> = (0..read.matches.len()).map(|at| suppressed(read, at)).collect();
    // What is told to nobody itself may join what was told to nobody.
    let quiet = whys.iter().all(Option::is_some);
    let own = LazyCell::new(|| Compared::of(&read.article.text));
    let same = near
        .iter()
        .map(|story| (story, likest(&own, read, story)))
        .filter(|(story, common)| is_copy(story, common.same, quiet) && (quiet || !untold_elsewhere(read, story)))
        .max_by_key(|(story, common)| {
            // The same address first, then the most shared text, then the oldest.
            (story.same_url, common.same, common.shared, std::cmp::Reverse(story.first_seen))
        });
    let (same, common) = same.map_or((None, Common::default()), |(story, common)| (Some(story), common));
    let story = match same {
        Some(story) => story.id.clone(),
        None => {
            let url = read.urls.first().map_or(read.article.url.as_str(), String::as_str);
            let id = StoryId::of(&[url]);
            if near.iter().any(|story| *story.id == id) { StoryId::of(&[url, &read.outlet.source]) } else { id }
        }
    };
    let first_seen = same.map_or(read.first_seen, |story| story.first_seen.min(read.first_seen));
    let mut alerts = vec![];
    let mut copies = vec![];
    for (matched, why) in read.matches.iter().zip(whys) {
        let made = alert(read, matched, story.clone(), first_seen, names);
        match same.and_then(|story| story.alerts.iter().find(|known| known.alert.rule == matched.rule)) {
            Some(known) => copies.extend(change::of(read, known, made, why.as_ref())),
            None => alerts.push((made, why)),
        }
    }
    let likeness = same.map(|story| Likeness { same_url: story.same_url, shared: common.shared, of: common.of });
    Decision { story, alerts, copies, likeness }
}

/// What an article has in common with the text of a story that it is likest to.
fn likest<'a>(own: &impl Deref<Target = Compared<'a>>, read: &Read, story: &Nearby) -> Common {
    let titles = story.alerts.iter().map(|known| &known.alert.title).chain([&read.article.title]);
    let corrects = titles.into_iter().any(|title| change::corrects(title));
    let common = story.texts.iter().map(|text| likeness::compare(own, &Compared::of(text), corrects));
    common.max_by_key(|common| (common.same, common.shared)).unwrap_or_default()
}

/// Whether an article is a copy of the story: the same address, or the same text.
fn is_copy(story: &Nearby, same_text: bool, quiet: bool) -> bool {
    // What was only ever suppressed (a first poll, too old) was told to nobody: a copy from another address is news.
    let told = quiet || story.alerts.is_empty() || story.alerts.iter().any(|known| known.told);
    story.same_url || (told && same_text)
}

/// Whether the story is known only from another source and was told to nobody: the first poll of a source added today must not
/// silence one that is watched since long.
fn untold_elsewhere(read: &Read, story: &Nearby) -> bool {
    let elsewhere = |alert: &Alert| alert.outlets.iter().all(|outlet| outlet.source != read.outlet.source);
    !read.baseline && !story.alerts.is_empty() && story.alerts.iter().all(|known| !known.told && elsewhere(known.alert))
}

/// Why the match at this place is told to nobody.
fn suppressed(read: &Read, at: usize) -> Option<Suppressed> {
    if read.baseline {
        return Some(Suppressed::Baseline);
    }
    too_old(read.article.published, read.first_seen, read.max_age).or_else(|| read.silenced.get(at)?.clone())
}

/// That an article published then was older than so long when it was first seen.
fn too_old(published: Option<Timestamp>, first_seen: Timestamp, max_age: Duration) -> Option<Suppressed> {
    let published = published?;
    let age = Duration::try_from(first_seen.duration_since(published)).unwrap_or_default();
    (age > max_age).then_some(Suppressed::TooOld { published })
}

fn alert(read: &Read, matched: &Match, story: StoryId, first_seen: Timestamp, names: &impl Names) -> Alert {
    let article = read.article;
    let mut watch_names: Vec<(String, String)> = vec![];
    for name in matched.hits.iter().filter_map(|hit| names.watch_name(hit)) {
        if !watch_names.contains(&name) {
            watch_names.push(name);
        }
    }
    Alert {
        rule: matched.rule.clone(),
        rule_title: names.rule_title(&matched.rule),
        severity: matched.severity,
        story,
        title: article.title.clone(),
        url: read.outlet.url.clone(),
        language: article.language.clone(),
        byline: article.byline.clone(),
        wire: article.wire.clone(),
        published: article.published,
        matched: read.now,
        summary_only: !article.complete,
        hits: matched.hits.clone(),
        watch_names,
        outlets: vec![read.outlet.clone()],
        first_seen,
        telling: Telling::of(article, &matched.hits),
    }
}

/// How long an alert waits for other outlets: nothing where it is urgent.
#[must_use]
pub fn settle(severity: Severity, settle: Duration) -> Duration {
    if severity == Severity::High { Duration::ZERO } else { settle }
}

#[cfg(test)]
mod tests;
