//! The last days of a rule, as bars and in words: what is usual, so that a reader sees what is not.
//! In: alerts per day, today last. Out: heights and a sentence. It draws nothing.

use super::line::{count, day};
use crate::model::limits::CHART_DAYS;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// Eighths of a line, from empty to full: bars of a text.
const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The alerts of a rule, day by day.
pub(super) struct Chart {
    /// Oldest first.
    pub(super) days: Vec<u32>,
    most: u32,
    /// The day of most, for people.
    peak: String,
}

impl Chart {
    /// The chart of days of which the last one is that of `today`; none where nothing was counted.
    pub(super) fn new(days: &[u32], today: Timestamp, zone: &TimeZone) -> Option<Self> {
        let days = days[days.len().saturating_sub(CHART_DAYS)..].to_vec();
        let most = days.iter().copied().max().filter(|most| *most > 0)?;
        let back = days.iter().rev().position(|count| *count == most).and_then(|back| i64::try_from(back).ok())?;
        let peak = today.to_zoned_datetime(zone.clone()).checked_sub(back.days()).ok()?;
        Some(Self { days, most, peak: day(peak.timestamp(), zone) })
    }

    /// How high each bar is, in percent of the highest; a day with any alert is seen.
    pub(super) fn percents(&self) -> impl Iterator<Item = u32> {
        let percent = |count: &u32| u64::from(*count) * 100 / u64::from(self.most);
        self.days.iter().map(move |count| u32::try_from(percent(count)).unwrap_or(100).max(u32::from(*count > 0) * 12))
    }

    /// `15 alerts in 14 days`, and `most on 17 May (5)`.
    pub(super) fn in_words(&self) -> [String; 2] {
        let all: u32 = self.days.iter().fold(0, |all, count| all.saturating_add(*count));
        let all = count(all as usize, "alert", "alerts");
        [format!("{all} in {} days", self.days.len()), format!("most on {} ({})", self.peak, self.most)]
    }

    /// The bars and the words on one line of text.
    pub(super) fn line(&self) -> String {
        let bars: String =
            self.percents().map(|percent| EIGHTHS[(percent as usize * 7).div_ceil(100).min(7)]).collect();
        format!("{bars}  {}", self.in_words().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(days: &[u32]) -> Option<String> {
        let zone = TimeZone::get("Asia/Tashkent").unwrap();
        Chart::new(days, "2024-05-24T03:00:00Z".parse().unwrap(), &zone).map(|chart| chart.line())
    }

    #[test]
    fn bars_stand_for_days_and_the_last_peak_is_named() {
        assert_eq!(chart(&[0, 8, 1, 4, 8]).unwrap(), "▁█▂▅█  21 alerts in 5 days, most on 24 May (8)");
        assert_eq!(chart(&[0, 0, 7, 0]).unwrap(), "▁▁█▁  7 alerts in 4 days, most on 23 May (7)");
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_no_more_than_two_weeks_of_much() {
        assert_eq!((chart(&[]), chart(&[0; 14])), (None, None));
        assert!(chart(&[u32::MAX; 1000]).unwrap().contains("in 14 days"));
    }
}
