//! What a user's template may fill in: the message as its reader sees it, in pieces.
//! In: a message and the reader's zone. Out: JSON. Everything in it is chosen, bounded and cleaned as in the built-in mails.

use super::card::{Card, rule_title};
use super::coverage;
use super::data;
use super::passage::{Passage, Piece};
use super::plain::{Setting, window};
use super::subject;
use crate::model::{Alert, Digest, Message, MessageKind, limits};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The names that a template knows. `alert` is there for alerts, `digest` for digests, `notice` for the rest.
pub(super) fn view(message: &Message, zone: &TimeZone) -> Value {
    let mut view = json!({
        "type": message.kind.as_str(),
        "id": message.id,
        "timestamp": message.made,
        "channel": message.channel,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "urgent": message.urgent,
        "follows": message.thread.is_some(),
        "data": message.data,
    });
    let (name, special) = match message.kind {
        MessageKind::Alert => ("alert", data::read_alert(&message.data).map(|alert| card(&alert, SENTENCES))),
        MessageKind::Digest => ("digest", data::read_digest(&message.data).map(|read| digest(&read, message, zone))),
        _ => {
            let field = |name: &str| message.data.get(name).cloned().unwrap_or_default();
            ("notice", Some(json!({ "title": field("title"), "lines": field("lines") })))
        }
    };
    view[name] = special.unwrap_or_default();
    view
}

const SENTENCES: usize = limits::SENTENCES_SHOWN_MAX;

/// An alert as a person reads it.
fn card(alert: &Alert, sentences_max: usize) -> Value {
    let card = Card::new(alert, sentences_max);
    let others = card.others.iter().map(|(name, link)| json!({ "name": name, "link": link }));
    let found = card.found.iter().map(|found| json!({ "id": found.key, "name": found.name, "hits": found.hits }));
    json!({
        "rule": card.rule,
        "rule_id": alert.rule,
        "severity": alert.severity,
        "title": passage(&card.title),
        "link": card.link,
        "outlet": card.outlet,
        "outlets": others.collect::<Vec<_>>(),
        "outlets_more": card.others_more,
        "byline": card.byline,
        "wire": card.wire,
        "published": alert.published,
        "matched": alert.matched,
        "first_seen": alert.first_seen,
        "summary_only": alert.summary_only,
        "language": card.language,
        "direction": card.direction,
        "sentences": card.passages.iter().map(passage).collect::<Vec<_>>(),
        "sentences_more": card.passages_more,
        "found": found.collect::<Vec<_>>(),
        "reasons": card.reasons(),
        "update": (alert.telling.updates > 0).then(|| card.follows()),
    })
}

/// A text, whole and in pieces: each with the name beside it where it is a hit in another script.
fn passage(passage: &Passage) -> Value {
    let pieces = passage.pieces().map(|piece| match piece {
        Piece::Plain(text) => json!({ "text": text, "hit": false, "name": null }),
        Piece::Hit(text, mark) => json!({ "text": text, "hit": true, "name": mark.aside }),
    });
    json!({ "text": passage.text, "pieces": pieces.collect::<Vec<_>>() })
}

fn digest(digest: &Digest, message: &Message, zone: &TimeZone) -> Value {
    let setting = Setting { zone, made: message.made, channel: message.channel.as_str() };
    let rules = digest.groups.iter().map(|group| {
        let stories = group.alerts.iter().map(|alert| card(alert, limits::DIGEST_SENTENCES_SHOWN_MAX));
        json!({
            "title": rule_title(&group.rule_title, group.rule.as_str()),
            "id": group.rule,
            "last_days": group.days,
            "stories": stories.collect::<Vec<_>>(),
            "together": group.together,
        })
    });
    let facts = coverage::facts(&digest.coverage, zone, message.made, limits::LINES_SHOWN_MAX);
    let facts = facts.iter().map(|fact| json!({ "label": fact.label, "text": fact.text }));
    let (misses, misses_more) = coverage::misses(&digest.near_misses, limits::LINES_SHOWN_MAX);
    let misses = misses.iter().map(|miss| json!({ "text": miss.text, "example": miss.example, "rule": miss.rule }));
    json!({
        "title": subject::digest_title(digest),
        "summary": subject::digest_summary(digest),
        "window": window(digest, &setting),
        "from": digest.from,
        "to": digest.to,
        "late": coverage::lateness(digest, zone, message.made),
        "rules": rules.collect::<Vec<_>>(),
        "more": digest.more,
        "coverage": facts.collect::<Vec<_>>(),
        "not_sent": misses.collect::<Vec<_>>(),
        "not_sent_more": misses_more,
    })
}
