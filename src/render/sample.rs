//! Invented news, to try a channel and its templates on. In: a channel and the time. Out: messages of every kind.
//! Nothing in it is of this world; full ones and bare ones, since a template must stand both.

use super::{Notice, alert, digest};
use crate::model::{
    Alert, Channel, Coverage, Digest, DigestGroup, Failing, Hit, HitKind, ListId, ListLoaded, Message, MessageId,
    NearMiss, Outlet, RuleId, Severity, StoryId, Zone,
};
use jiff::{SignedDuration, Timestamp};

/// An alert with everything that an alert can have.
#[must_use]
pub fn full_alert(now: Timestamp) -> Option<Alert> {
    let title = "Ada Byron opens the Harbour Council in Lisbon";
    let lead = "Ada Byron opened the Harbour Council on Monday, and 海港理事会 agreed on “a common light”.";
    let seen = now - SignedDuration::from_mins(20);
    let hit = |watch: &str, text: &str, zone, sentence: &str| {
        let start = sentence.find(text).map_or(0, |at| sentence[..at].chars().count());
        Hit {
            watch: Some(watch.into()),
            entry: None,
            topics: vec![],
            kind: HitKind::Name,
            name: text.into(),
            text: text.into(),
            zone,
            block: None,
            start,
            end: start + text.chars().count(),
            sentence: sentence.into(),
        }
    };
    let outlet = |source: &str, name: &str| Outlet {
        source: source.into(),
        name: name.into(),
        url: format!("https://{source}.example/news/harbour"),
        title: title.into(),
        seen,
        tier: Some(1),
    };
    Some(Alert {
        rule: RuleId::new("harbours").ok()?,
        rule_title: "Harbours".into(),
        severity: Severity::High,
        story: StoryId::of(&["sample"]),
        title: title.into(),
        url: "https://courier.example/news/harbour".into(),
        language: Some("en".into()),
        byline: Some("Mary Fairfax".into()),
        wire: Some("Example Wire".into()),
        published: Some(seen),
        matched: now,
        summary_only: false,
        hits: vec![
            hit("byron", "Ada Byron", Zone::Title, title),
            hit("council", "Harbour Council", Zone::Title, title),
            hit("byron", "Ada Byron", Zone::Lead, lead),
            hit("council", "Harbour Council", Zone::Lead, lead),
            hit("council", "海港理事会", Zone::Lead, lead),
        ],
        watch_names: vec![("byron".into(), "Ada Byron".into()), ("council".into(), "Harbour Council".into())],
        outlets: vec![outlet("courier", "The Courier"), outlet("gazette", "Gazette"), outlet("herald", "Herald")],
        first_seen: seen,
        telling: crate::model::Telling::default(),
    })
}

/// An alert with no more than any alert has.
fn bare_alert(now: Timestamp) -> Option<Alert> {
    let full = full_alert(now)?;
    Some(Alert {
        severity: Severity::Normal,
        story: StoryId::of(&["bare"]),
        title: String::new(),
        url: "no address".into(),
        language: None,
        byline: None,
        wire: None,
        published: None,
        summary_only: true,
        hits: vec![],
        watch_names: vec![],
        outlets: full.outlets.iter().take(1).cloned().collect(),
        ..full
    })
}

/// A digest with everything that a digest can have.
#[must_use]
pub fn full_digest(channel: &str, now: Timestamp) -> Option<Digest> {
    let (full, bare) = (full_alert(now)?, bare_alert(now)?);
    let failing = Failing {
        source: "beacon".into(),
        state: "failing".into(),
        since: Some(now - SignedDuration::from_hours(50)),
        error: "the server did not answer".into(),
    };
    let miss = NearMiss {
        rule: full.rule.clone(),
        why: "excluded by 'regatta'".into(),
        count: 4,
        example: "Regatta begins in the harbour".into(),
    };
    let (rule, rule_title) = (full.rule.clone(), full.rule_title.clone());
    Some(Digest {
        channel: channel.into(),
        name: "sample".into(),
        from: now - SignedDuration::from_hours(24),
        to: now,
        late: true,
        groups: vec![DigestGroup {
            rule,
            rule_title,
            alerts: vec![full, bare],
            together: vec![1, 1],
            days: vec![0, 1, 0, 3, 2, 0, 0, 1, 5, 2, 0, 1, 0, 2],
        }],
        more: 12,
        coverage: Coverage {
            sources: 14,
            polled: 13,
            failing: vec![failing],
            read_in_full: 212,
            summary_only: 4,
            unread: 1,
            copies: 3,
            too_old: 2,
            baseline: (40, 7),
            unreadable: 2,
            unwatched: vec![("ja".into(), 3), ("ko".into(), 1)],
            lists: vec![ListLoaded {
                id: ListId::new("pep").ok()?,
                rows: 41_200,
                version: "9f86d081884c".into(),
                modified: Some(now - SignedDuration::from_hours(24 * 9)),
            }],
        },
        near_misses: vec![miss],
    })
}

/// A message of each kind, rendered for the channel.
#[must_use]
pub fn messages(channel: &Channel, now: Timestamp) -> Vec<Message> {
    let id = |name: &str| MessageId::of(&["sample", channel.id.as_str(), name, &now.to_string()]);
    let mut messages = vec![Notice::test(channel).message(channel, id("test"), now)];
    for (name, of) in [("full", full_alert(now)), ("bare", bare_alert(now))] {
        messages.extend(of.map(|of| alert(&of, channel, id(name), now, None)));
    }
    if let Some(full) = full_digest(channel.id.as_str(), now) {
        let empty = Digest { groups: vec![], more: 0, near_misses: vec![], late: false, ..full.clone() };
        messages.push(digest(&full, channel, id("digest"), now));
        messages.push(digest(&empty, channel, id("empty"), now));
    }
    messages
}
