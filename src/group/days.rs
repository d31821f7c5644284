//! How many alerts each rule of a digest made on each of the last days, by the calendar of the reader.
//! In: counts by the hour. Out: counts by the day, today last. It asks no clock.

use crate::model::limits::CHART_DAYS;
use crate::model::{Digest, RuleId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use std::time::Duration;

/// How finely alerts are counted before they are put into days: a day of the reader begins at an hour of its own, and twice a year
/// is an hour longer or shorter.
pub const BIN: Duration = Duration::from_hours(1);

/// When the first of the days began.
#[must_use]
pub fn first_day(zone: &TimeZone, now: Timestamp) -> Timestamp {
    let back = i64::try_from(CHART_DAYS - 1).unwrap_or(0);
    let today = now.to_zoned_datetime(zone.clone()).date();
    let first = today.checked_sub(back.days()).unwrap_or(today);
    first.to_zoned_datetime(zone.clone()).map_or(now, |midnight| midnight.timestamp())
}

/// Writes into each group of the digest what its rule told on each day: `told` says how many in which [`BIN`] since `since`.
pub fn count_days(digest: &mut Digest, since: Timestamp, told: &[(RuleId, usize, usize)], zone: &TimeZone) {
    let first = since.to_zoned_datetime(zone.clone()).date();
    for group in &mut digest.groups {
        group.days = vec![0; CHART_DAYS];
        for (_, bin, told) in told.iter().filter(|(rule, ..)| *rule == group.rule) {
            let began =
                i64::try_from(*bin).ok().and_then(|bin| since.checked_add(SignedDuration::from_hours(bin)).ok());
            let Some(began) = began else { continue };
            let day = (began.to_zoned_datetime(zone.clone()).date() - first).get_days();
            if let Some(count) = usize::try_from(day).ok().and_then(|day| group.days.get_mut(day)) {
                *count = count.saturating_add(u32::try_from(*told).unwrap_or(u32::MAX));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Coverage, DigestGroup};

    #[test]
    fn an_alert_counts_on_its_day_by_the_readers_clock() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        // Summer time ended there on 25 October 2026: that day has 25 hours.
        let now: Timestamp = "2026-10-31T08:00:00Z".parse().unwrap();
        let since = first_day(&zone, now);
        assert_eq!(since.to_string(), "2026-10-17T22:00:00Z");
        let bin = |at: &str| {
            let at: Timestamp = at.parse().unwrap();
            usize::try_from(at.duration_since(since).as_hours()).unwrap()
        };
        let (rule, other) = (RuleId::new("sco").unwrap(), RuleId::new("other").unwrap());
        let told = [
            (rule.clone(), bin("2026-10-17T22:30:00Z"), 2),
            (rule.clone(), bin("2026-10-25T22:30:00Z"), 3),
            (rule.clone(), bin("2026-10-25T23:30:00Z"), 4),
            (other, bin("2026-10-25T23:30:00Z"), 50),
            (rule.clone(), bin("2026-10-31T07:30:00Z"), 1),
        ];
        let group = DigestGroup { rule, rule_title: "SCO".into(), alerts: vec![], together: vec![], days: vec![] };
        let mut digest = Digest {
            channel: "desk".into(),
            name: "morning".into(),
            from: since,
            to: now,
            late: false,
            groups: vec![group],
            more: 0,
            coverage: Coverage::default(),
            near_misses: vec![],
        };
        count_days(&mut digest, since, &told, &zone);
        assert_eq!(digest.groups[0].days, [2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 1]);
    }
}
