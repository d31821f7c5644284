//! What the operator is told: a notice to each of `[service] notify`, as a message like any other.

use super::Plan;
use crate::deliver;
use crate::model::{ChannelId, MessageId};
use crate::render::Notice;
use crate::store::Owed;
use jiff::Timestamp;

/// The messages that tell a notice to everybody in `[service] notify` but one channel (the one that is itself the trouble).
/// `about` is what makes it the same notice when it is made again.
#[must_use]
pub fn owed(notice: &Notice, about: &[&str], plan: &Plan, but: Option<&ChannelId>, now: Timestamp) -> Vec<Owed> {
    let channels = plan.notify.iter().filter_map(|id| plan.channels.get(id));
    channels
        .filter(|channel| Some(&channel.id) != but)
        .map(|channel| {
            let key = channel.id.key();
            let parts = [&["notice", notice.kind.as_str(), &key], about].concat();
            let message = notice.message(channel, MessageId::of(&parts), now);
            Owed { message, recipients: deliver::recipients(channel), not_before: now, flood: None }
        })
        .collect()
}
