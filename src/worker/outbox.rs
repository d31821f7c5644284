//! The outbox loop: a message that is due leaves by its channel; each recipient's verdict is recorded.

use super::line::{Line, run as run_line};
use super::{Bell, Context, Pass, Plan, notices};
use crate::failpoint;
use crate::model::limits::DELIVERY_RETRIES;
use crate::model::{ChannelId, Delivery, DeliveryState, Message, MessageKind, Recipient, Verdict};
use crate::render::Notice;
use crate::schedule::next_attempt;
use crate::store::{DeliveryRecord, DueMessage, Owed, Result, StoreError};
use crate::text;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Messages under way at once.
const SENDERS: usize = 32;

pub(super) async fn run(context: &Context, pass: Pass) {
    run_line::<Outbox>(context, pass).await;
    context.net.load_full().close_idle(true).await;
}

struct Outbox;

impl Line for Outbox {
    type Work = DueMessage;
    const NAME: &'static str = "outbox";

    fn slots(_: &Context) -> usize {
        SENDERS
    }
    fn bell(context: &Context) -> &Bell {
        &context.bells.outbox
    }
    fn claim(context: &Context, max: usize) -> BoxFuture<'_, Result<Vec<DueMessage>>> {
        Box::pin(async move {
            let due = context.store.claim_outbox(context.claim(max)).await?;
            if due.is_empty() {
                context.net.load_full().close_idle(false).await;
            }
            Ok(due)
        })
    }
    fn turn(context: Context, due: DueMessage) -> BoxFuture<'static, ()> {
        Box::pin(async move { turn(&context, due).await })
    }
}

async fn turn(context: &Context, due: DueMessage) {
    let plan = context.plan.load_full();
    failpoint::pass("outbox.claimed");
    let recipients: Vec<Recipient> = due.recipients.iter().map(|(recipient, _)| recipient.clone()).collect();
    let began = context.clock.now();
    let verdicts = match plan.channels.get(&due.message.channel) {
        Some(channel) => context.net.load_full().send(channel, &due.message, &recipients).await,
        None => {
            let why = format!("channel {} is no longer configured", due.message.channel);
            let retry = Verdict::Retry { why, after: None, maybe_sent: false };
            recipients.into_iter().map(|recipient| (recipient, retry.clone())).collect()
        }
    };
    failpoint::pass("outbox.sent");
    let now = context.clock.now();
    let retries = plan.channels.get(&due.message.channel).map_or(&DELIVERY_RETRIES[..], |channel| &channel.retries);
    let attempts: HashMap<&Recipient, u32> = due.recipients.iter().map(|(to, attempts)| (to, *attempts)).collect();
    let mut records = vec![];
    let mut owed = vec![];
    let mut disabled = None;
    for (recipient, verdict) in verdicts {
        let attempts = attempts.get(&recipient).copied().unwrap_or(0) + 1;
        if let Verdict::Dead { why, disable_channel: true } = &verdict {
            disabled = Some(why.clone());
        }
        let spread = context.spread(&recipient.0);
        let record = record(&due, recipient, verdict, retries, attempts, spread, now);
        log(&due.message, &record);
        count(context, &due.message, record.state, began);
        if matches!(record.state, DeliveryState::Dead | DeliveryState::Expired) {
            owed.extend(told(&plan, &due.message, &record, attempts, now));
        }
        records.push(record);
    }
    if let Some(why) = disabled {
        // First, so that nobody claims what is put back.
        disable(context, &plan, &due.message.channel, &why, now).await;
    }
    match context.store.record_deliveries(records, owed).await {
        Ok(()) => failpoint::pass("outbox.recorded"),
        Err(StoreError::LeaseLost) => {}
        Err(fault) => {
            tracing::error!(%fault, id = %due.message.id, "what came of message {} could not be stored; it is sent again with the same id", due.message.id);
        }
    }
}

fn record(
    due: &DueMessage,
    recipient: Recipient,
    verdict: Verdict,
    retries: &[Duration],
    attempts: u32,
    spread: f64,
    now: Timestamp,
) -> DeliveryRecord {
    let (state, next_attempt, reply, maybe_sent) = match verdict {
        Verdict::Sent { reply } => (DeliveryState::Sent, None, reply, false),
        // The channel is at an end, not the message: it waits with the others until the receiver was mended.
        Verdict::Dead { why, disable_channel: true } => (DeliveryState::Retrying, Some(now), why, false),
        Verdict::Dead { why, .. } => (DeliveryState::Dead, None, why, false),
        Verdict::Retry { why, after, maybe_sent } => match next_attempt(retries, attempts, after, spread, now) {
            Some(at) => (DeliveryState::Retrying, Some(at), why, maybe_sent),
            None => (DeliveryState::Expired, None, why, maybe_sent),
        },
    };
    let message = due.message.id.clone();
    let reply = text::cut(&text::one_line(&reply), crate::model::limits::REPLY_BYTES_MAX / 4);
    DeliveryRecord { message, recipient, lease: due.lease, at: now, state, next_attempt, reply, maybe_sent }
}

/// Counts an attempt; and, of an alert that arrived, how old its news were.
fn count(context: &Context, message: &Message, state: DeliveryState, began: Timestamp) {
    let (meter, now) = (&context.meter, context.clock.now());
    let attempts = match state {
        DeliveryState::Sent => &meter.deliveries_sent,
        DeliveryState::Retrying => &meter.deliveries_retried,
        _ => &meter.deliveries_dead,
    };
    attempts.add(now.duration_since(began).unsigned_abs());
    if state != DeliveryState::Sent || message.kind != MessageKind::Alert {
        return;
    }
    for (place, ages) in [("/article/published", &meter.since_published), ("/story/outlets/0/seen", &meter.since_seen)]
    {
        let since = message.data.pointer(place).and_then(|at| at.as_str()).and_then(|at| at.parse::<Timestamp>().ok());
        if let Some(since) = since {
            // A page may say that it comes from the future.
            ages.add(now.duration_since(since).max(jiff::SignedDuration::ZERO).unsigned_abs());
        }
    }
}

fn log(message: &Message, record: &DeliveryRecord) {
    let (id, channel, to, reply) = (&message.id, &message.channel, &record.recipient.0, &record.reply);
    match record.state {
        DeliveryState::Sent => tracing::info!(%id, %channel, to, reply, "{id} sent to {to} by {channel}"),
        DeliveryState::Retrying => {
            tracing::warn!(%id, %channel, to, reply, "{id} not yet sent to {to} by {channel}: {reply}");
        }
        _ => tracing::error!(%id, %channel, to, reply, "{id} will not reach {to} by {channel}: {reply}"),
    }
}

/// The notice of a message that died, through another channel. A notice that dies tells nobody: that would never end.
fn told(plan: &Plan, message: &Message, record: &DeliveryRecord, attempts: u32, now: Timestamp) -> Vec<Owed> {
    if matches!(message.kind, MessageKind::Notice | MessageKind::Test) {
        return vec![];
    }
    let delivery = Delivery {
        id: message.id.clone(),
        channel: message.channel.clone(),
        recipient: record.recipient.clone(),
        kind: message.kind,
        subject: message.subject.clone(),
        state: record.state,
        attempts,
        next_attempt: None,
        error: Some(record.reply.clone()),
        maybe_twice: record.maybe_sent,
    };
    let about = [message.id.as_str(), &record.recipient.0];
    notices::owed(&Notice::undelivered(&[delivery]), &about, plan, Some(&message.channel), now)
}

async fn disable(context: &Context, plan: &Plan, channel: &ChannelId, why: &str, now: Timestamp) {
    tracing::error!(%channel, why, "channel {channel} is disabled: {why}");
    let notice = Notice::channel_disabled(channel.as_str(), why);
    let stored = context.store.disable_channel(channel, Some(why)).await;
    let owed = context
        .store
        .owe(notices::owed(&notice, &[channel.as_str(), &now.to_string()], plan, Some(channel), now))
        .await;
    if let Err(fault) = stored.and(owed) {
        tracing::error!(%fault, "channel {channel} could not be marked as disabled");
    }
    context.bells.outbox.ring();
}
