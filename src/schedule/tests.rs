use super::*;
use crate::model::limits::DELIVERY_RETRIES;
use crate::model::{DigestTimes, Quiet, QuietMode, SourceState, Weekdays};
use jiff::civil::time;
use jiff::tz::TimeZone;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const POLICY: Policy = Policy { every_max: Duration::from_hours(6) };

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wait(cadence: &Cadence, outcome: &PollOutcome, before: Option<Duration>, failures: u32) -> Duration {
    let now = at("2024-05-21T08:00:00Z");
    let next = next_check(cadence, outcome, before, failures, POLICY, 0.0, now);
    Duration::try_from(next.at.duration_since(now)).unwrap()
}

fn failed(retry_after: Option<Duration>) -> PollOutcome {
    PollOutcome::Failed { retry_after, for_good: false }
}

#[test]
fn the_users_word_wins_over_the_sources_wish_and_not_over_retry_after() {
    let every = Cadence::Every(10 * MINUTE);
    assert_eq!(wait(&every, &PollOutcome::Unchanged { keep: Some(2 * HOUR) }, None, 0), 10 * MINUTE);
    assert_eq!(wait(&every, &failed(Some(3 * HOUR)), None, 1), 3 * HOUR);
}

#[test]
fn a_source_without_a_word_adapts_between_its_bounds() {
    let adaptive = Cadence::Adaptive(15 * MINUTE);
    let now = at("2024-05-21T08:00:00Z");
    let hourly: Vec<_> = (0..10).map(|n| now - SignedDuration::from_hours(n)).collect();
    let read = |published| PollOutcome::Read { keep: None, published };
    assert_eq!(wait(&adaptive, &read(hourly), None, 0), 30 * MINUTE);
    let busy = (0..10).map(|n| now - SignedDuration::from_mins(n)).collect();
    assert_eq!(wait(&adaptive, &read(busy), None, 0), 5 * MINUTE);
    assert_eq!(wait(&adaptive, &PollOutcome::Unchanged { keep: None }, Some(5 * HOUR), 0), 6 * HOUR);
    assert_eq!(wait(&adaptive, &PollOutcome::Unchanged { keep: Some(HOUR) }, Some(5 * MINUTE), 0), HOUR);
    assert_eq!(wait(&adaptive, &PollOutcome::Unchanged { keep: Some(90 * HOUR) }, Some(5 * MINUTE), 0), 6 * HOUR);
}

#[test]
fn a_failing_source_is_asked_soon_twice_and_then_ever_more_rarely() {
    let every = Cadence::Every(15 * MINUTE);
    let waits: Vec<_> = (1..9).map(|n| wait(&every, &failed(None), None, n).as_secs() / 60).collect();
    assert_eq!(waits, [1, 5, 30, 60, 120, 240, 360, 360]);
    let rare = Cadence::Every(24 * HOUR);
    assert_eq!(wait(&rare, &failed(None), None, 20), 24 * HOUR);
}

#[test]
fn a_cron_source_comes_on_the_minute_and_others_are_spread() {
    let zone = TimeZone::get("Asia/Tashkent").unwrap();
    let cron = Cadence::Cron { pattern: "*/30 * * * *".into(), zone };
    let now = at("2024-05-21T08:10:00Z");
    let unchanged = PollOutcome::Unchanged { keep: None };
    assert_eq!(next_check(&cron, &unchanged, None, 0, POLICY, 1.0, now).at, at("2024-05-21T08:30:00Z"));
    let every = Cadence::Every(10 * MINUTE);
    assert_eq!(next_check(&every, &unchanged, None, 0, POLICY, 1.0, now).at, at("2024-05-21T08:21:00Z"));
}

#[test]
fn somebody_is_told_once_when_it_breaks_and_once_when_it_recovers() {
    let mut before = Before::default();
    let mut tells = vec![];
    let good = PollOutcome::Unchanged { keep: None };
    for outcome in [failed(None), failed(None), failed(None), failed(None), good.clone(), good] {
        let health = judge(before, &outcome, false, false);
        before = Before { failures: health.failures, told_failing: health.told_failing, told_stale: false };
        tells.push(health.tell);
    }
    assert_eq!(tells, [None, None, Some(Told::Failing), None, Some(Told::Recovered), None]);
    let gone = PollOutcome::Failed { retry_after: None, for_good: true };
    assert_eq!(judge(Before::default(), &gone, false, false).tell, Some(Told::Failing));
    assert_eq!(judge(Before::default(), &failed(None), true, false).state, SourceState::Blocked);
}

#[test]
fn a_delivery_is_tried_for_more_than_a_week_and_the_peers_wish_counts() {
    let now = at("2024-05-21T08:00:00Z");
    assert_eq!(next_attempt(&DELIVERY_RETRIES, 1, None, 0.0, now), Some(at("2024-05-21T08:00:15Z")));
    assert_eq!(next_attempt(&DELIVERY_RETRIES, 1, Some(HOUR), 0.0, now), Some(at("2024-05-21T09:00:00Z")));
    let mut time = now;
    let mut attempts = 1;
    while let Some(next) = next_attempt(&DELIVERY_RETRIES, attempts, None, 0.0, time) {
        time = next;
        attempts += 1;
    }
    let hours = time.duration_since(now).as_hours();
    assert!((8 * 24..10 * 24).contains(&hours), "{hours} hours");
    let own = [MINUTE];
    assert_eq!(next_attempt(&own, 1, None, 0.0, now), Some(at("2024-05-21T08:01:00Z")));
    assert_eq!(next_attempt(&own, 2, None, 0.0, now), None);
}

#[test]
fn digest_windows_close_at_wall_clock_times() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let days = Weekdays(0b001_1111);
    let times = DigestTimes::At { times: vec![time(8, 0, 0, 0), time(17, 30, 0, 0)], days };
    let next = |after| next_window(&times, &berlin, at(after)).unwrap().to_string();
    assert_eq!(next("2024-05-24T06:00:00Z"), "2024-05-24T15:30:00Z");
    assert_eq!(next("2024-05-24T15:30:00Z"), "2024-05-27T06:00:00Z");
    let night = DigestTimes::At { times: vec![time(2, 30, 0, 0)], days: Weekdays::ALL };
    let mut after = at("2024-10-26T12:00:00Z");
    let closes: Vec<String> = (0..2)
        .map(|_| {
            after = next_window(&night, &berlin, after).unwrap();
            after.to_string()
        })
        .collect();
    assert_eq!(closes, ["2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"]);
    let hourly = DigestTimes::Every(HOUR);
    assert_eq!(next_window(&hourly, &berlin, at("2024-05-24T06:59:59Z")), Some(at("2024-05-24T07:00:00Z")));
}

#[test]
fn quiet_hours_span_midnight() {
    let zone = TimeZone::get("Asia/Tashkent").unwrap();
    let quiet = Quiet { from: time(22, 0, 0, 0), to: time(7, 0, 0, 0), mode: QuietMode::Hold };
    assert_eq!(quiet_until(&quiet, &zone, at("2024-05-21T18:00:00Z")), Some(at("2024-05-22T02:00:00Z")));
    assert_eq!(quiet_until(&quiet, &zone, at("2024-05-21T20:30:00Z")), Some(at("2024-05-22T02:00:00Z")));
    assert_eq!(quiet_until(&quiet, &zone, at("2024-05-21T10:00:00Z")), None);
}

#[test]
fn a_source_is_stale_when_it_is_silent_for_far_longer_than_it_usually_is() {
    let now = at("2024-05-21T08:00:00Z");
    let every = |hours: i64| (0..10).map(|n| now - SignedDuration::from_hours(hours * n)).collect::<Vec<_>>();
    let stale_after = |published: &[Timestamp], days: i64| {
        is_stale(Some(now), lull(published), now + SignedDuration::from_hours(24 * days))
    };
    for (published, still, stale, what) in [
        (every(1), 3, 4, "hourly: a weekend is no silence"),
        (every(24), 4, 5, "daily"),
        (every(24 * 7), 28, 29, "weekly"),
        (every(24 * 365), 180, 181, "yearly: nothing is silent for ever"),
        (vec![], 30, 31, "no dates"),
    ] {
        assert!(!stale_after(&published, still) && stale_after(&published, stale), "{what}");
    }
    let mut summer = every(24);
    summer.push(now - SignedDuration::from_hours(24 * 70));
    assert!(!stale_after(&summer, 90), "it was silent for two months before");
    assert!(!is_stale(None, None, now), "nothing is known yet");
}

#[test]
fn staleness_is_told_once_and_its_end_once_and_failing_beside_it() {
    use Told::{Failing, Fresh, Recovered, Stale};
    let good = PollOutcome::Unchanged { keep: None };
    let mut before = Before::default();
    let mut tells = vec![];
    let bad = failed(None);
    for (outcome, stale) in [
        (&good, true),
        (&good, true),
        (&bad, true),
        (&bad, true),
        (&bad, true),
        (&good, true),
        (&good, true),
        (&good, false),
        (&good, false),
    ] {
        let health = judge(before, outcome, false, stale);
        before = Before { failures: health.failures, told_failing: health.told_failing, told_stale: health.told_stale };
        tells.push(health.tell);
    }
    let expected = [Some(Stale), None, None, None, Some(Failing), Some(Recovered), None, Some(Fresh), None];
    assert_eq!(tells, expected);
}

#[test]
fn after_a_gap_a_source_that_adapts_is_polled_twice_as_often() {
    let now = at("2024-05-21T08:00:00Z");
    let next = NextCheck { at: later(now, HOUR), interval: HOUR };
    let sooner = after_gap(&Cadence::Adaptive(MINUTE), next, now);
    assert_eq!(sooner, NextCheck { at: later(now, HOUR / 2), interval: HOUR / 2 });
    let short = NextCheck { at: later(now, 6 * MINUTE), interval: 6 * MINUTE };
    assert_eq!(after_gap(&Cadence::Adaptive(MINUTE), short, now).interval, ADAPTIVE_MIN);
    assert_eq!(after_gap(&Cadence::Every(HOUR), next, now), next, "the user's own word stays");
}
