//! Cron patterns of five fields, in a time zone.

use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A cron pattern: minute, hour, day of month, month, day of week.
#[derive(Debug, Clone)]
pub struct Cron(croner::Cron);

/// A pattern may be silent for up to four years (29 February); how many steps of a fold are skipped at most.
const FOLD_STEPS_MAX: usize = 240;

impl Cron {
    /// Reads a pattern.
    ///
    /// # Errors
    /// In words, for whoever typed it: a pattern of another shape, and one that never comes (30 February).
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let fields = pattern.split_whitespace().count();
        if fields != 5 {
            return Err(format!(
                "a cron pattern has five fields (minute hour day month weekday); this one has {fields}"
            ));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = Self(parser.parse(pattern).map_err(|fault| fault.to_string())?);
        match cron.next_civil(DateTime::constant(2024, 1, 1, 0, 0, 0, 0)) {
            Some(_) => Ok(cron),
            None => Err("this pattern never comes".into()),
        }
    }

    /// The first time after `after` at which a clock on the wall of `zone` shows the pattern. A time that a zone skips in
    /// spring comes as much later as the clock was moved; one that it has twice in autumn comes once.
    #[must_use]
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut wall = zone.to_datetime(after);
        for _ in 0..FOLD_STEPS_MAX {
            wall = self.next_civil(wall)?;
            let at = zone.to_ambiguous_timestamp(wall).compatible().ok()?;
            // In the second of two equal hours the wall clock shows times that have been.
            if at > after {
                return Some(at);
            }
        }
        None
    }

    // croner walks a calendar without zones; it is given wall-clock time as if it were UTC. Its own walk through a zone
    // repeats and reorders times where clocks are set back.
    fn next_civil(&self, after: DateTime) -> Option<DateTime> {
        let seconds = TimeZone::UTC.to_timestamp(after).ok()?.as_second();
        let from = croner_time(seconds)?;
        let next = self.0.find_next_occurrence(&from, false).ok()?;
        Some(TimeZone::UTC.to_datetime(Timestamp::from_second(next.timestamp()).ok()?))
    }
}

fn croner_time(seconds: i64) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(pattern: &str, after: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let at = Cron::parse(pattern).unwrap().next_after(after.parse().unwrap(), &zone).unwrap();
        at.to_string()
    }

    #[test]
    fn a_pattern_is_meant_on_the_wall_clock_of_its_zone() {
        assert_eq!(next("0 8 * * *", "2024-05-21T00:00:00Z", "Asia/Tashkent"), "2024-05-21T03:00:00Z");
        assert_eq!(next("*/30 8-20 * * Mon-Fri", "2024-05-24T15:45:00Z", "Asia/Tashkent"), "2024-05-27T03:00:00Z");
    }

    #[test]
    fn half_past_two_comes_once_on_both_days_when_the_clock_is_moved() {
        // Berlin skips 02:00-03:00 on 31 March 2024 and has it twice on 27 October.
        assert_eq!(next("30 2 * * *", "2024-03-30T12:00:00Z", "Europe/Berlin"), "2024-03-31T01:30:00Z");
        assert_eq!(next("30 2 * * *", "2024-10-26T12:00:00Z", "Europe/Berlin"), "2024-10-27T00:30:00Z");
        assert_eq!(next("30 2 * * *", "2024-10-27T00:30:00Z", "Europe/Berlin"), "2024-10-28T01:30:00Z");
        assert_eq!(next("30 2 * * *", "2024-10-27T01:10:00Z", "Europe/Berlin"), "2024-10-28T01:30:00Z");
    }

    #[test]
    fn faults_are_told_at_load() {
        assert!(Cron::parse("0 0 30 2 *").is_err());
        assert!(Cron::parse("0 0 8 * * *").unwrap_err().contains("five fields"));
        assert!(Cron::parse("61 * * * *").is_err());
    }
}
