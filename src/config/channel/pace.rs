//! How fast a channel is sent to, and how often again. In: `rate` and `retry`. Out: a rate, and waits one after the other.
//! It waits for nothing itself.

use crate::config::bad::Bad;
use crate::config::code::Code;
use crate::config::file::quote;
use crate::config::table::Table;
use crate::config::time;
use crate::model::limits::{DELIVERY_RETRIES, RETRIES_MAX};
use crate::model::{ChannelKind, Format, Rate};
use config::ValueKind;
use std::sync::Arc;
use std::time::Duration;

/// What services take without complaint, as they say themselves: Telegram 20 a minute to one group, Discord 30 to one webhook,
/// Slack one a second.
pub(super) fn usual(kind: &ChannelKind) -> Option<Rate> {
    let ChannelKind::Webhook(hook) = kind else { return None };
    let per = Duration::from_mins(1);
    match hook.format {
        Format::Telegram => Some(Rate { max: 20, per }),
        Format::Discord => Some(Rate { max: 30, per }),
        Format::Slack => Some(Rate { max: 60, per }),
        _ => None,
    }
}

/// `rate = { max = 30, per = "1m" }` or `"off"`; the outer `None`: nothing was said.
#[expect(clippy::option_option, reason = "not said, off, and a rate are three things")]
pub(super) fn rate(table: &Table<'_>) -> Option<Option<Rate>> {
    match table.kind("rate")? {
        ValueKind::String(_) => {
            table.parsed("rate", |typed| match typed {
                "off" => Ok(()),
                _ => Err(Bad::new(Code::BadValue, format!("{} is not a rate", quote(typed)))
                    .hint("write { max = 30, per = \"1m\" } or \"off\"")),
            });
            Some(None)
        }
        _ => table.table("rate", |rate| {
            let max = rate.number("max", 1..=1_000_000);
            let max = rate.require("max", max, "write { max = 30, per = \"1m\" }");
            let per = rate.duration_in("per", Duration::from_secs(1)..=Duration::from_hours(24));
            let per = rate.require("per", per, "write { max = 30, per = \"1m\" }");
            max.zip(per).map(|(max, per)| Rate { max, per })
        }),
    }
}

/// `retry = ["15s", "1m", "1h"]`.
pub(super) fn retries(table: &Table<'_>) -> Arc<[Duration]> {
    if !table.has("retry") {
        return DELIVERY_RETRIES.into();
    }
    let waits = table.list("retry", |_, typed| {
        let wait = time::duration(typed)?;
        let bounds = Duration::from_secs(1)..=Duration::from_hours(7 * 24);
        if bounds.contains(&wait) {
            return Ok(wait);
        }
        Err(Bad::new(Code::BadDuration, format!("{} is out of bounds: 1s to 7d", time::in_words(wait))))
    });
    if waits.len() > RETRIES_MAX {
        table.fault("retry", Code::BadValue, format!("more than {RETRIES_MAX} waits"), None);
    }
    if table.is_empty_list("retry") {
        let hint = "leave it out for the usual schedule, of more than a week";
        table.fault(
            "retry",
            Code::Missing,
            "`retry` has no wait: one lost connection would end a message",
            Some(hint.into()),
        );
    }
    waits.into()
}
