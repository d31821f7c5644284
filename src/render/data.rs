//! The `data` of a webhook body, and back.
//! In: an alert or digest. Out: JSON that is stable, bounded, and complete enough to render chat messages from. Times are UTC, links http(s).

use super::line::link;
use crate::model::{
    Alert, Coverage, Digest, DigestGroup, Failing, Hit, ListLoaded, NearMiss, Outlet, RuleId, Severity, StoryId,
    Telling, limits,
};
use crate::text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// `data` of `alert.matched`.
pub(super) fn alert(alert: &Alert) -> Value {
    to_value(&AlertData::from(alert))
}

/// `data` of `digest.ready`.
pub(super) fn digest(digest: &Digest) -> Value {
    to_value(&DigestData::from(digest))
}

/// The alert that [`alert`] made the data of, as far as the data goes.
pub(super) fn read_alert(data: &Value) -> Option<Alert> {
    AlertData::deserialize(data).ok().map(Alert::from)
}

/// The digest that [`digest`] made the data of, as far as the data goes.
pub(super) fn read_digest(data: &Value) -> Option<Digest> {
    DigestData::deserialize(data).ok().map(Digest::from)
}

/// Plain structs with string keys always serialize.
fn to_value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
struct AlertData {
    rule: RuleId,
    rule_title: String,
    severity: Severity,
    matched: Timestamp,
    article: ArticleData,
    hits: Vec<Hit>,
    watch_names: BTreeMap<String, String>,
    story: StoryData,
    /// What is new in it, where the story was told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    update: Option<UpdateData>,
}

#[derive(Serialize, Deserialize)]
struct UpdateData {
    number: u32,
    gained: Vec<String>,
    corrected: bool,
}

#[derive(Serialize, Deserialize)]
struct ArticleData {
    title: String,
    url: Option<String>,
    language: Option<String>,
    byline: Option<String>,
    published: Option<Timestamp>,
    summary_only: bool,
}

#[derive(Serialize, Deserialize)]
struct StoryData {
    id: StoryId,
    first_seen: Timestamp,
    wire: Option<String>,
    outlets: Vec<OutletData>,
    outlets_more: usize,
}

#[derive(Serialize, Deserialize)]
struct OutletData {
    source: String,
    name: String,
    url: Option<String>,
    title: String,
    seen: Timestamp,
    tier: Option<u8>,
}

#[derive(Serialize, Deserialize)]
struct DigestData {
    channel: String,
    name: String,
    from: Timestamp,
    to: Timestamp,
    late: bool,
    groups: Vec<GroupData>,
    more: usize,
    coverage: CoverageData,
    near_misses: Vec<NearMiss>,
}

#[derive(Serialize, Deserialize)]
struct GroupData {
    rule: RuleId,
    rule_title: String,
    /// Alerts of the rule on each of the last days, today last.
    #[serde(default)]
    last_days: Vec<u32>,
    alerts: Vec<AlertData>,
    /// How many alerts in a row tell of one event.
    #[serde(default)]
    together: Vec<usize>,
}

/// [`Coverage`] with names for the two numbers of its baseline.
#[derive(Serialize, Deserialize)]
struct CoverageData {
    sources: usize,
    polled: usize,
    failing: Vec<Failing>,
    read_in_full: usize,
    summary_only: usize,
    #[serde(default)]
    unreadable: usize,
    #[serde(default)]
    unwatched: BTreeMap<String, usize>,
    unread: usize,
    copies: usize,
    too_old: usize,
    baseline: BaselineData,
    #[serde(default)]
    lists: Vec<ListLoaded>,
}

#[derive(Serialize, Deserialize)]
struct BaselineData {
    articles: usize,
    would_have_alerted: usize,
}

/// Outlets of one story in the data.
const OUTLETS_MAX: usize = 100;

fn title(text: &str) -> String {
    text::cut(&text[..text.floor_char_boundary(limits::TITLE_BYTES_MAX)], limits::TITLE_BYTES_MAX)
}

fn short(text: &str) -> String {
    text::cut(&text[..text.floor_char_boundary(limits::TITLE_BYTES_MAX)], limits::SENTENCE_CHARS_MAX)
}

/// As it was written, where it is a link: what is no link is nothing that a receiver should put into an `href`.
fn address(url: &str) -> Option<String> {
    link(url).map(|_| url.trim().to_string())
}

impl From<&Alert> for AlertData {
    fn from(alert: &Alert) -> Self {
        Self {
            rule: alert.rule.clone(),
            rule_title: short(&alert.rule_title),
            severity: alert.severity,
            matched: alert.matched,
            article: ArticleData {
                title: title(&alert.title),
                url: address(&alert.url),
                language: alert.language.as_deref().map(short),
                byline: alert.byline.as_deref().map(short),
                published: alert.published,
                summary_only: alert.summary_only,
            },
            hits: alert.hits.iter().take(limits::HITS_MAX).map(bounded).collect(),
            watch_names: alert.watch_names.iter().take(limits::HITS_MAX).map(|(w, n)| (short(w), short(n))).collect(),
            story: StoryData {
                id: alert.story.clone(),
                first_seen: alert.first_seen,
                wire: alert.wire.as_deref().map(short),
                outlets: alert.outlets.iter().take(OUTLETS_MAX).map(OutletData::from).collect(),
                outlets_more: alert.outlets.len().saturating_sub(OUTLETS_MAX),
            },
            update: UpdateData::of(&alert.telling),
        }
    }
}

impl UpdateData {
    fn of(telling: &Telling) -> Option<Self> {
        let gained = telling.gained.iter().take(limits::HITS_MAX).map(|name| short(name)).collect();
        let update = Self { number: telling.updates, gained, corrected: telling.corrected };
        (telling.updates > 0).then_some(update)
    }
}

fn bounded(hit: &Hit) -> Hit {
    Hit { name: short(&hit.name), text: short(&hit.text), sentence: short(&hit.sentence), ..hit.clone() }
}

impl From<&Outlet> for OutletData {
    fn from(outlet: &Outlet) -> Self {
        Self {
            source: short(&outlet.source),
            name: short(&outlet.name),
            url: address(&outlet.url),
            title: short(&outlet.title),
            seen: outlet.seen,
            tier: outlet.tier,
        }
    }
}

impl From<&Digest> for DigestData {
    fn from(digest: &Digest) -> Self {
        let groups = digest.groups.iter().map(|group| GroupData {
            rule: group.rule.clone(),
            rule_title: short(&group.rule_title),
            last_days: group.days.iter().take(limits::CHART_DAYS).copied().collect(),
            alerts: group.alerts.iter().map(AlertData::from).collect(),
            together: group.together.clone(),
        });
        Self {
            channel: digest.channel.clone(),
            name: short(&digest.name),
            from: digest.from,
            to: digest.to,
            late: digest.late,
            groups: groups.collect(),
            more: digest.more,
            coverage: CoverageData::from(&digest.coverage),
            near_misses: digest.near_misses.iter().map(bounded_miss).collect(),
        }
    }
}

fn bounded_miss(miss: &NearMiss) -> NearMiss {
    NearMiss { rule: miss.rule.clone(), why: short(&miss.why), count: miss.count, example: short(&miss.example) }
}

impl From<&Coverage> for CoverageData {
    fn from(coverage: &Coverage) -> Self {
        let failing = coverage.failing.iter().map(|failing| Failing {
            source: short(&failing.source),
            state: short(&failing.state),
            since: failing.since,
            error: short(&failing.error),
        });
        let (articles, would_have_alerted) = coverage.baseline;
        Self {
            sources: coverage.sources,
            polled: coverage.polled,
            failing: failing.collect(),
            read_in_full: coverage.read_in_full,
            summary_only: coverage.summary_only,
            unreadable: coverage.unreadable,
            unwatched: coverage.unwatched.iter().map(|(language, articles)| (short(language), *articles)).collect(),
            unread: coverage.unread,
            copies: coverage.copies,
            too_old: coverage.too_old,
            baseline: BaselineData { articles, would_have_alerted },
            lists: coverage.lists.clone(),
        }
    }
}

impl From<CoverageData> for Coverage {
    fn from(data: CoverageData) -> Self {
        Self {
            sources: data.sources,
            polled: data.polled,
            failing: data.failing,
            read_in_full: data.read_in_full,
            summary_only: data.summary_only,
            unreadable: data.unreadable,
            unwatched: data.unwatched.into_iter().collect(),
            unread: data.unread,
            copies: data.copies,
            too_old: data.too_old,
            baseline: (data.baseline.articles, data.baseline.would_have_alerted),
            lists: data.lists,
        }
    }
}

impl From<AlertData> for Alert {
    fn from(data: AlertData) -> Self {
        let outlets = data.story.outlets.into_iter().map(|outlet| Outlet {
            source: outlet.source,
            name: outlet.name,
            url: outlet.url.unwrap_or_default(),
            title: outlet.title,
            seen: outlet.seen,
            tier: outlet.tier,
        });
        Self {
            rule: data.rule,
            rule_title: data.rule_title,
            severity: data.severity,
            story: data.story.id,
            title: data.article.title,
            url: data.article.url.unwrap_or_default(),
            language: data.article.language,
            byline: data.article.byline,
            wire: data.story.wire,
            published: data.article.published,
            matched: data.matched,
            summary_only: data.article.summary_only,
            hits: data.hits,
            watch_names: data.watch_names.into_iter().collect(),
            outlets: outlets.collect(),
            first_seen: data.story.first_seen,
            telling: data.update.map_or_else(Telling::default, |update| Telling {
                updates: update.number,
                gained: update.gained,
                corrected: update.corrected,
                ..Telling::default()
            }),
        }
    }
}

impl From<DigestData> for Digest {
    fn from(data: DigestData) -> Self {
        let groups = data.groups.into_iter().map(|group| DigestGroup {
            rule: group.rule,
            rule_title: group.rule_title,
            alerts: group.alerts.into_iter().map(Alert::from).collect(),
            together: group.together,
            days: group.last_days,
        });
        Self {
            channel: data.channel,
            name: data.name,
            from: data.from,
            to: data.to,
            late: data.late,
            groups: groups.collect(),
            more: data.more,
            coverage: data.coverage.into(),
            near_misses: data.near_misses,
        }
    }
}
