//! Where an alert goes, and from when: messages for those who are told at once, windows for digests.

use super::Plan;
use crate::deliver;
use crate::group;
use crate::model::{Alert, Channel, ChannelId, Hold, Message, MessageId, QuietMode, Route, RuleId, Step, Suppressed};
use crate::render;
use crate::schedule::{later, quiet_until};
use crate::store::{AlertRecord, Owed, WindowKey};
use jiff::Timestamp;
use std::time::Duration;

/// A new alert with all that it owes; a suppressed one owes nothing. `earlier` are those that other rules told of its story.
pub(super) fn alert(
    plan: &Plan,
    alert: Alert,
    matched: Step,
    suppressed: Option<Suppressed>,
    earlier: &[&Alert],
    now: Timestamp,
) -> AlertRecord {
    let mut record = AlertRecord { alert, suppressed, owed: vec![], digests: vec![], steps: vec![matched] };
    if let Some(why) = &record.suppressed {
        record.steps.push(Step::Suppressed { why: why.clone() });
        return record;
    }
    let settle = plan.rules.get(&record.alert.rule).map_or(Duration::ZERO, |rule| rule.settle);
    let settle = if plan.settles { group::settle(record.alert.severity, settle) } else { Duration::ZERO };
    let ways = ways(plan, &record.alert, earlier, now, settle);
    (record.owed, record.digests) = (ways.owed, ways.digests);
    record.steps.extend(ways.steps);
    record
}

/// An alert that is told again, since its story changed in substance: at once, to all whom it was told, in the same thread.
pub(super) fn update(plan: &Plan, alert: &Alert, earlier: &[&Alert], now: Timestamp) -> Ways {
    ways(plan, alert, earlier, now, Duration::ZERO)
}

/// What an alert owes, and each decision behind it.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) owed: Vec<Owed>,
    pub(super) digests: Vec<WindowKey>,
    pub(super) steps: Vec<Step>,
}

fn ways(plan: &Plan, alert: &Alert, earlier: &[&Alert], now: Timestamp, settle: Duration) -> Ways {
    let mut ways = Ways::default();
    for prospect in prospects(plan, &alert.rule, now, settle) {
        let Prospect { channel, way } = prospect;
        let named = channel.id.to_string();
        match way {
            Way::At { at, quiet_hours } => {
                let why = if quiet_hours { Hold::QuietHours } else { Hold::Settling };
                if at > now {
                    ways.steps.push(Step::Held { channel: named, until: at, why });
                }
                ways.owed.push(Owed {
                    message: message(plan, alert, channel, earlier),
                    recipients: deliver::recipients(channel),
                    not_before: at,
                    flood: channel.flood,
                });
            }
            Way::Digest { digest, quiet_hours } => {
                ways.steps.push(Step::ForDigest { channel: named, digest: digest.clone(), quiet_hours });
                push_new(&mut ways.digests, WindowKey { channel: channel.id.clone(), digest });
            }
            Way::Nowhere => ways.steps.push(Step::Dropped { channel: named }),
        }
    }
    ways
}

/// Where one route of a rule leads, from a moment on.
#[derive(Debug)]
pub struct Prospect<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// When and how.
    pub way: Way,
}

/// How a route tells an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a message of its own.
    At {
        /// Not before this.
        at: Timestamp,
        /// Whether quiet hours hold it.
        quiet_hours: bool,
    },
    /// In a digest.
    Digest {
        /// The digest.
        digest: String,
        /// Whether quiet hours put it there.
        quiet_hours: bool,
    },
    /// Not at all: the channel drops what comes in its quiet hours.
    Nowhere,
}

/// Where the routes of a rule lead an alert that is made now and settles for so long.
pub fn prospects<'a>(plan: &'a Plan, rule: &RuleId, now: Timestamp, settle: Duration) -> Vec<Prospect<'a>> {
    let routes = plan.rules.get(rule).map_or(&[][..], |rule| rule.notify.as_slice());
    let of = |route: &Route| {
        let channel = plan.channels.get(&route.channel)?;
        Some(Prospect { channel, way: way(channel, route, later(now, settle)) })
    };
    routes.iter().filter_map(of).collect()
}

/// The alert's message as it is now, for those of its channels where it still waits.
pub(super) fn rewritten(
    plan: &Plan,
    alert: &Alert,
    waiting: &[(MessageId, ChannelId)],
    earlier: &[&Alert],
) -> Vec<Message> {
    waiting
        .iter()
        .filter_map(|(id, channel)| {
            let message = message(plan, alert, plan.channels.get(channel)?, earlier);
            (message.id == *id).then_some(message)
        })
        .collect()
}

/// The digests that tell of a copy: those that the alert went to, and for who was told at once the channel's first digest.
/// Where the message still waits it names the new outlet itself, and no digest repeats it.
pub(super) fn copy_digests(plan: &Plan, alert: &Alert, rewritten: &[Message]) -> Vec<WindowKey> {
    let mut digests = vec![];
    for route in routes(plan, alert) {
        if rewritten.iter().any(|message| message.channel == route.channel) {
            continue;
        }
        let digest = route.digest.clone().or_else(|| {
            plan.channels.get(&route.channel).and_then(|channel| channel.digests.first()).map(|plan| plan.name.clone())
        });
        if let Some(digest) = digest {
            push_new(&mut digests, WindowKey { channel: route.channel.clone(), digest });
        }
    }
    digests
}

fn way(channel: &Channel, route: &Route, at: Timestamp) -> Way {
    if let Some(digest) = &route.digest {
        return Way::Digest { digest: digest.clone(), quiet_hours: false };
    }
    let Some((quiet, end)) =
        channel.quiet.as_ref().and_then(|quiet| Some((quiet, quiet_until(quiet, &channel.zone, at)?)))
    else {
        return Way::At { at, quiet_hours: false };
    };
    let held = Way::At { at: end, quiet_hours: true };
    match quiet.mode {
        QuietMode::Hold => held,
        QuietMode::Digest => {
            channel.digests.first().map_or(held, |plan| Way::Digest { digest: plan.name.clone(), quiet_hours: true })
        }
        QuietMode::Drop => Way::Nowhere,
    }
}

fn routes<'a>(plan: &'a Plan, alert: &Alert) -> &'a [Route] {
    plan.rules.get(&alert.rule).map_or(&[], |rule| rule.notify.as_slice())
}

fn message(plan: &Plan, alert: &Alert, channel: &Channel, earlier: &[&Alert]) -> Message {
    let at_once = |other: &&&Alert| {
        let mut routes = routes(plan, other).iter();
        routes.any(|route| route.channel == channel.id && route.digest.is_none())
    };
    let other = earlier.iter().find(at_once).map(|other| id(other, 0, channel));
    let first = other.or_else(|| (alert.telling.updates > 0).then(|| id(alert, 0, channel)));
    render::alert(alert, channel, id(alert, alert.telling.updates, channel), alert.matched, first)
}

/// The id of the message that tells an alert the first time, or the n-th time again.
fn id(alert: &Alert, update: u32, channel: &Channel) -> MessageId {
    let (rule, story, channel) = (alert.rule.key(), alert.story.as_str(), channel.id.key());
    match update {
        0 => MessageId::of(&["alert", &rule, story, &channel]),
        n => MessageId::of(&["alert", &rule, story, &channel, &n.to_string()]),
    }
}

fn push_new(keys: &mut Vec<WindowKey>, key: WindowKey) {
    if !keys.contains(&key) {
        keys.push(key);
    }
}
