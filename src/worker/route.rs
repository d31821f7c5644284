//! Where an alert goes, and from when: messages for those who are told at once, windows for digests.

use super::Plan;
use crate::deliver;
use crate::group;
use crate::model::{Alert, Channel, ChannelId, Message, MessageId, QuietMode, Route, Suppressed};
use crate::render;
use crate::schedule::{later, quiet_until};
use crate::store::{AlertRecord, Owed, WindowKey};
use jiff::Timestamp;
use std::time::Duration;

/// A new alert with all that it owes; a suppressed one owes nothing. `earlier` are those that other rules told of its story.
pub(super) fn alert(
    plan: &Plan,
    alert: Alert,
    suppressed: Option<Suppressed>,
    earlier: &[&Alert],
    now: Timestamp,
) -> AlertRecord {
    let mut record = AlertRecord { alert, suppressed, owed: vec![], digests: vec![] };
    if record.suppressed.is_some() {
        return record;
    }
    for route in routes(plan, &record.alert) {
        let Some(channel) = plan.channels.get(&route.channel) else { continue };
        let settle = plan.rules.get(&record.alert.rule).map_or(Duration::ZERO, |rule| rule.settle);
        let settle = if plan.settles { group::settle(record.alert.severity, settle) } else { Duration::ZERO };
        match way(channel, route, later(now, settle)) {
            Way::At(not_before) => record.owed.push(Owed {
                message: message(plan, &record.alert, channel, earlier),
                recipients: deliver::recipients(channel),
                not_before,
                flood: channel.flood,
            }),
            Way::Digest(key) => push_new(&mut record.digests, key),
            Way::Nowhere => {}
        }
    }
    record
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

enum Way {
    At(Timestamp),
    Digest(WindowKey),
    Nowhere,
}

fn way(channel: &Channel, route: &Route, at: Timestamp) -> Way {
    let key = |digest: &str| WindowKey { channel: channel.id.clone(), digest: digest.to_string() };
    if let Some(digest) = &route.digest {
        return Way::Digest(key(digest));
    }
    let Some((quiet, end)) =
        channel.quiet.as_ref().and_then(|quiet| Some((quiet, quiet_until(quiet, &channel.zone, at)?)))
    else {
        return Way::At(at);
    };
    match quiet.mode {
        QuietMode::Hold => Way::At(end),
        QuietMode::Digest => channel.digests.first().map_or(Way::At(end), |plan| Way::Digest(key(&plan.name))),
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
    let first = earlier.iter().find(at_once).map(|first| id(first, channel));
    render::alert(alert, channel, id(alert, channel), alert.matched, first)
}

fn id(alert: &Alert, channel: &Channel) -> MessageId {
    MessageId::of(&["alert", &alert.rule.key(), alert.story.as_str(), &channel.id.key()])
}

fn push_new(keys: &mut Vec<WindowKey>, key: WindowKey) {
    if !keys.contains(&key) {
        keys.push(key);
    }
}
