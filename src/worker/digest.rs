//! The digest loop: a window that has closed is laid out, rendered and committed with its message and the next window.
//! Beside it, what first polls would have alerted is summed up, once.

use super::line::{Line, run as run_line};
use super::{Bell, Context, Pass, Reach, notices};
use crate::deliver;
use crate::failpoint;
use crate::group;
use crate::model::limits::FLOOD_DIGEST;
use crate::model::{Channel, Digest, DigestPlan, MessageId, SourceId};
use crate::render::{self, Notice};
use crate::schedule::next_window;
use crate::store::{BaselineSummary, DigestRecord, DueWindow, Owed, Result, Store, StoreError};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::time::Duration;

/// How long the sum of the first polls waits for sources that do not answer.
const BASELINE_PATIENCE: Duration = Duration::from_mins(10);

pub(super) async fn run(context: &Context, pass: Pass) {
    if pass == Pass::Once {
        baselines(context, Duration::ZERO).await;
    }
    run_line::<Windows>(context, pass).await;
}

struct Windows;

impl Line for Windows {
    type Work = DueWindow;
    const NAME: &'static str = "digest";

    fn slots(_: &Context) -> usize {
        1
    }
    fn bell(context: &Context) -> &Bell {
        &context.bells.digest
    }
    fn claim(context: &Context, max: usize) -> BoxFuture<'_, Result<Vec<DueWindow>>> {
        Box::pin(async move {
            baselines(context, BASELINE_PATIENCE).await;
            context.store.claim_windows(context.claim(max)).await
        })
    }
    fn turn(context: Context, due: DueWindow) -> BoxFuture<'static, ()> {
        Box::pin(async move { turn(&context, due).await })
    }
}

async fn turn(context: &Context, due: DueWindow) {
    let plan = context.plan.load_full();
    let Some(channel) = plan.channels.get(&due.key.channel) else { return };
    failpoint::pass("digest.claimed");
    let now = context.clock.now();
    if due.key.digest == FLOOD_DIGEST {
        return flood(context, channel, due, now).await;
    }
    let Some(configured) = channel.digests.iter().find(|digest| digest.name == due.key.digest) else { return };
    let (key, lease, told, to) = (due.key.clone(), due.lease, due.told.clone(), due.to);
    let digest = laid_out(context.store.as_ref(), &plan.reach, channel, configured, due, now).await;
    let empty = digest.groups.is_empty();
    let owed = (!empty || configured.send_empty).then(|| {
        let id = MessageId::of(&["digest", &channel.id.key(), &key.digest, &to.to_string()]);
        let message = render::digest(&digest, channel, id, now);
        Owed { message, recipients: deliver::recipients(channel), not_before: now, flood: None }
    });
    // Windows missed while the daemon was down are this one: the next closes after now.
    let next_due_at = next_window(&configured.times, &channel.zone, now.max(to)).unwrap_or(Timestamp::MAX);
    commit(context, DigestRecord { key, lease, now, owed, told, next_due_at }).await;
}

/// The digest of what a window has to tell, with the last days of its rules.
pub async fn laid_out(
    store: &dyn Store,
    reach: &Reach,
    channel: &Channel,
    configured: &DigestPlan,
    due: DueWindow,
    now: Timestamp,
) -> Digest {
    let DueWindow { key, from, to, alerts, mut coverage, languages, near_misses, told, .. } = due;
    reach.complete(&mut coverage, languages);
    // The store hands out the first of very many; the others are counted, never silently left.
    let left_out = told.len().saturating_sub(alerts.len());
    let most = configured.stories_max;
    let mut digest =
        group::digest(channel.id.as_str(), &key.digest, from, to, alerts, most, coverage, near_misses, now);
    digest.more += left_out;
    let since = group::first_day(&channel.zone, now);
    match store.tally_alerts(since, group::BIN).await {
        Ok(tallies) => {
            let told: Vec<_> = tallies.into_iter().map(|tally| (tally.rule, tally.bin, tally.told)).collect();
            group::count_days(&mut digest, since, &told, &channel.zone);
        }
        // A digest whose days cannot be counted is sent without them.
        Err(fault) => tracing::warn!(%fault, "the alerts of the last days could not be counted: {fault}"),
    }
    digest
}

/// What came beyond a channel's flood limit, in one message.
async fn flood(context: &Context, channel: &Channel, due: DueWindow, now: Timestamp) {
    let DueWindow { key, alerts, lease, told, .. } = due;
    let notice = Notice::flood(&alerts, told.len());
    let owed = (!told.is_empty()).then(|| {
        let last = told.last().map(ToString::to_string).unwrap_or_default();
        let message = notice.message(channel, MessageId::of(&["flood", &channel.id.key(), &last]), now);
        Owed { message, recipients: deliver::recipients(channel), not_before: now, flood: None }
    });
    commit(context, DigestRecord { key, lease, now, owed, told, next_due_at: Timestamp::MAX }).await;
}

async fn commit(context: &Context, record: DigestRecord) {
    let key = record.key.clone();
    match context.store.commit_digest(record).await {
        Ok(()) => {
            failpoint::pass("digest.committed");
            context.bells.outbox.ring();
            tracing::info!(channel = %key.channel, digest = key.digest, "digest {}/{} closed", key.channel, key.digest);
        }
        Err(StoreError::LeaseLost) => {}
        Err(fault) => {
            tracing::error!(%fault, "digest {}/{} could not be stored; it is done again", key.channel, key.digest);
        }
    }
}

/// Sums up the first polls once no source is new any more, or the oldest has waited for so long.
async fn baselines(context: &Context, patience: Duration) {
    let now = context.clock.now();
    let summary = match context.store.unreported_baselines(now, patience).await {
        Ok(Some(summary)) => summary,
        Ok(None) => return,
        Err(fault) => return tracing::error!(%fault, "the first polls cannot be summed up"),
    };
    let plan = context.plan.load_full();
    let BaselineSummary { sources, articles, would_alert, by_rule } = &summary;
    let ids: Vec<&str> = sources.iter().map(SourceId::as_str).collect();
    let notice = Notice::baseline(&ids, *articles, *would_alert, by_rule);
    tracing::info!("{}", notice.title);
    // Where all that was there is read and told one by one (backfill), there is nothing to sum up.
    let owed = if *articles == 0 { vec![] } else { notices::owed(&notice, &ids, &plan, None, now) };
    match context.store.commit_baseline_report(&summary, owed).await {
        Ok(()) => context.bells.outbox.ring(),
        Err(fault) => tracing::error!(%fault, "the sum of the first polls could not be stored; it is done again"),
    }
}
