//! Digest windows and quiet hours, on the wall clock of a zone.

use super::Cron;
use crate::model::{DigestTimes, Quiet};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::time::Duration;

/// When the first window after `after` closes; `None` for a digest whose times never come.
#[must_use]
pub fn next_window(times: &DigestTimes, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    match times {
        DigestTimes::Cron(pattern) => Cron::parse(pattern).ok()?.next_after(after, zone),
        DigestTimes::Every(every) => next_multiple(*every, after),
        DigestTimes::At { times, days } => {
            let today = zone.to_datetime(after).date();
            // Eight days: the same weekday again, should today's time have been.
            (-1..=8_i64)
                .filter_map(|day| today.checked_add(day.days()).ok())
                .filter(|date| days.has(date.weekday()))
                .flat_map(|date| times.iter().map(move |time| date.to_datetime(*time)))
                .filter_map(|wall| zone.to_ambiguous_timestamp(wall).compatible().ok())
                .filter(|at| *at > after)
                .min()
        }
    }
}

fn next_multiple(every: Duration, after: Timestamp) -> Option<Timestamp> {
    let every = i64::try_from(every.as_secs().max(1)).ok()?;
    Timestamp::from_second((after.as_second().div_euclid(every) + 1) * every).ok()
}

/// When the quiet hours that hold at `now` end; `None` outside of them.
#[must_use]
pub fn quiet_until(quiet: &Quiet, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let wall = zone.to_datetime(now);
    if !within(quiet, wall.time()) {
        return None;
    }
    let end = wall.date().to_datetime(quiet.to);
    let end = if end > wall { end } else { end.checked_add(1.day()).ok()? };
    let at = zone.to_ambiguous_timestamp(end).compatible().ok()?;
    // Where the clock is set back within them, their end on the wall may have been: an hour later then.
    Some(if at > now { at } else { now.checked_add(SignedDuration::from_hours(1)).ok()? })
}

fn within(quiet: &Quiet, time: Time) -> bool {
    if quiet.from <= quiet.to { quiet.from <= time && time < quiet.to } else { quiet.from <= time || time < quiet.to }
}
