//! What was typed about time, as values: durations, times of day, weekdays, dates, zones, cron patterns.
//! In: a string. Out: the value, or what is wrong with it and what to write. It knows no `now`.

use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::quote;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use std::time::Duration;

/// Longest cron pattern.
const CRON_BYTES_MAX: usize = 256;
/// The longest interval that is meant in earnest.
pub(super) const YEAR: Duration = Duration::from_hours(366 * 24);
const DAY: u64 = 24 * 3600;
const UNITS: [(&str, u64); 6] = [("s", 1), ("m", 60), ("h", 3600), ("d", DAY), ("w", 7 * DAY), ("y", 365 * DAY)];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `15m`, `1h30m`, `2d`: whole numbers with units s, m, h, d, w, y (365 days), at most a hundred years.
pub(super) fn duration(typed: &str) -> Typed<Duration> {
    let bad = |hint: &str| Bad::new(Code::BadDuration, format!("{} is not a duration", quote(typed))).hint(hint);
    let usual = "a duration is a number with a unit: 30s, 15m, 1h30m, 2d";
    let mut rest = typed;
    let mut seconds: u64 = 0;
    if typed.is_empty() {
        return Err(bad(usual));
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at(letters);
        let Ok(number) = number.parse::<u64>() else { return Err(bad(usual)) };
        if unit.is_empty() && tail.is_empty() {
            return Err(bad(&format!("the unit is missing: {number}s, {number}m, {number}h or {number}d")));
        }
        let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(bad(usual));
        };
        let sum = number.checked_mul(*factor).and_then(|n| n.checked_add(seconds));
        seconds = sum.filter(|n| *n <= 36_500 * DAY).ok_or_else(|| bad("at most a hundred years: 36500d"))?;
        rest = tail;
    }
    Ok(Duration::from_secs(seconds))
}

/// A duration as people write it: the inverse of [`duration`].
pub(super) fn in_words(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut words = String::new();
    for (unit, seconds) in [("d", DAY), ("h", 3600), ("m", 60), ("s", 1)] {
        if rest >= seconds {
            words += &(rest / seconds).to_string();
            words += unit;
            rest %= seconds;
        }
    }
    if words.is_empty() { "0s".to_string() } else { words }
}

/// `08:00`, on the 24-hour clock.
pub(super) fn time_of_day(typed: &str) -> Typed<Time> {
    let parts: Vec<&str> = typed.split(':').collect();
    let number = |part: &str| (part.len() <= 2 && !part.is_empty()).then(|| part.parse::<i8>().ok()).flatten();
    let time = match parts[..] {
        // TOML's own local times have seconds.
        [h, m] | [h, m, "00"] if m.len() == 2 && m.bytes().chain(h.bytes()).all(|b| b.is_ascii_digit()) => {
            number(h).zip(number(m)).and_then(|(h, m)| Time::new(h, m, 0, 0).ok())
        }
        _ => None,
    };
    time.ok_or_else(|| {
        Bad::new(Code::BadTime, format!("{} is not a time of day", quote(typed)))
            .hint("write hours and minutes, 00:00 to 23:59: 08:00, 17:30")
    })
}

/// `Mon-Fri`, `Mon,Wed,Sat-Sun`, `daily`: a set of weekdays, bit 0 is Monday.
pub(super) fn weekdays(typed: &str) -> Typed<u8> {
    let bad = |word: &str| {
        // `word` is a slice of `typed`.
        let at = word.as_ptr() as usize - typed.as_ptr() as usize;
        Bad::new(Code::BadTime, format!("{} is not a weekday", quote(word)))
            .hint("write Mon, Tue, Wed, Thu, Fri, Sat, Sun; several as Mon-Fri or Mon,Wed,Sun")
            .within(at..at + word.len())
    };
    let day = |word: &str| {
        let lower = word.trim().to_lowercase();
        let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        DAYS.iter().position(|d| *d == lower).or_else(|| full.iter().position(|d| *d == lower)).ok_or_else(|| bad(word))
    };
    if typed.eq_ignore_ascii_case("daily") {
        return Ok(0b111_1111);
    }
    let mut set = 0;
    for part in typed.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        let mut at = first;
        loop {
            set |= 1 << at;
            if at == last {
                break;
            }
            at = (at + 1) % 7;
        }
    }
    Ok(set)
}

/// `2026-11-01`.
pub(super) fn date(typed: &str) -> Typed<Date> {
    typed.parse().ok().filter(|_| typed.len() == 10).ok_or_else(|| {
        let meant: Vec<String> = elsewhere(typed).iter().map(Date::to_string).collect();
        let numbers =
            typed.split('-').map(str::len).eq([4, 2, 2]) && typed.bytes().all(|b| b == b'-' || b.is_ascii_digit());
        let (what, hint) = match () {
            () if !meant.is_empty() => ("is not a date as it is written here", format!("write {}", meant.join(" or "))),
            () if numbers => ("is no day of the calendar", "write a day that there is, as year-month-day".to_string()),
            () => ("is not a date", "write year, month and day with hyphens, as in 2026-11-01".to_string()),
        };
        Bad::new(Code::BadTime, format!("{} {what}", quote(typed))).hint(hint)
    })
}

/// The days that a date in the order of other countries may be: `01.10.2026`, `10/1/2026`, `2026/10/01`.
fn elsewhere(typed: &str) -> Vec<Date> {
    let parts: Vec<&str> = typed.split(['.', '/', '-']).collect();
    let [a, b, c] = parts[..] else { return vec![] };
    let day = |year: &str, month: &str, day: &str| {
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let american = typed.contains('/').then(|| day(c, a, b)).flatten();
    let mut days: Vec<Date> = [day(a, b, c), day(c, b, a), american].into_iter().flatten().collect();
    days.dedup();
    days
}

/// An IANA time zone: `Asia/Tashkent`, `UTC`.
pub(super) fn zone(typed: &str) -> Typed<TimeZone> {
    let database = jiff::tz::db();
    if typed.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    database.get(typed).map_err(|_| {
        let bad = Bad::new(Code::BadZone, format!("{} is not a time zone", quote(typed)));
        if database.is_definitively_empty() {
            return bad.hint("this machine has no time zones: install tzdata");
        }
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        match super::nearest::nearest(typed, names.iter().map(String::as_str)) {
            Some(name) => bad.hint(format!("did you mean `{name}`?")),
            None => bad.hint("write its IANA name: Asia/Tashkent, Europe/Moscow, UTC"),
        }
    })
}

/// A cron pattern of five fields that fires at some time.
pub(super) fn cron(typed: &str) -> Typed<String> {
    let bad = |why: String| Bad::new(Code::BadCron, format!("{} is not a cron pattern: {why}", quote(typed)));
    let fields = typed.split_whitespace().count();
    if typed.trim_start().starts_with('@') || fields != 5 || typed.len() > CRON_BYTES_MAX {
        return Err(bad(format!("five fields are wanted, this has {fields}"))
            .hint("minute hour day month weekday: \"*/30 8-20 * * Mon-Fri\""));
    }
    if let Some(word) = typed.split(|c: char| !c.is_alphabetic()).find(|word| !cron_word(word)) {
        return Err(bad(format!("it does not know {}", quote(word))).hint("months are Jan … Dec, weekdays Mon … Sun"));
    }
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let cron = parser.parse(typed).map_err(|error| {
        bad(error.to_string()).hint("minute 0-59, hour 0-23, day 1-31, month 1-12, weekday Mon-Sun or 0-7")
    })?;
    // Weekdays and leap years come round after 28 years; what has not fired by then never does.
    let fires = (2024..2052).any(|year| {
        (1..=12)
            .filter(|month| cron.pattern.month_match(*month).unwrap_or(false))
            .any(|month| (1..=31).any(|day| cron.pattern.day_match(year, month, day).unwrap_or(false)))
    });
    if fires {
        Ok(typed.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Err(bad("it never fires".into()).hint("no month has such a day"))
    }
}

/// Whether croner is to see the word: it replaces names of days and months anywhere inside of longer words.
fn cron_word(word: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = word.to_lowercase();
    word.is_empty() || ["l", "w", "lw"].contains(&&*lower) || DAYS.contains(&&*lower) || MONTHS.contains(&&*lower)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_have_units() {
        for (typed, seconds) in
            [("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("0s", 0), ("1w", 604_800), ("5y", 157_680_000)]
        {
            assert_eq!(duration(typed), Ok(Duration::from_secs(seconds)), "{typed}");
        }
        for typed in
            ["", "15", "m", "1h30", "-5m", "1.5h", "15 m", "15M", "1mo", "101y", "18446744073709551615s", "９m"]
        {
            assert!(duration(typed).is_err(), "{typed}");
        }
        assert_eq!(in_words(Duration::from_secs(90_061)), "1d1h1m1s");
        assert_eq!(in_words(Duration::ZERO), "0s");
    }

    #[test]
    fn times_of_day_are_on_the_24_hour_clock() {
        for typed in ["00:00", "8:05", "08:05", "23:59", "08:05:00"] {
            assert!(time_of_day(typed).is_ok(), "{typed}");
        }
        for typed in ["", "24:00", "25:00", "8", "8:5", "08:60", "7 am", "08:00:30", "+8:00", "08:+5", "008:00"] {
            assert!(time_of_day(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn weekdays_come_as_ranges_and_lists() {
        for (typed, set) in [
            ("Mon-Fri", 0b001_1111),
            ("sat-mon", 0b110_0001),
            ("Tue, Thu", 0b000_1010),
            ("Sunday", 0b100_0000),
            ("daily", 0b111_1111),
        ] {
            assert_eq!(weekdays(typed), Ok(set), "{typed}");
        }
        assert_eq!(weekdays("Mon,Fry").unwrap_err().span, Some(4..7));
        for typed in ["", "Mon-", "Mon--Fri", "1-5", "Mon;Tue"] {
            assert!(weekdays(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn cron_patterns_fire_or_are_refused() {
        for typed in
            ["*/30 8-20 * * Mon-Fri", "0 0 29 2 *", "0 8 1,15 Jan-Jun *", "0 0 L * *", "0 0 * * 5L", "0 0 30 2 Mon"]
        {
            assert!(cron(typed).is_ok(), "{typed}: {:?}", cron(typed));
        }
        for typed in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "5-1 * * * *",
            "*/0 * * * *",
            "0 0 31 4 *",
            "0 0 30 2 *",
            "a b c d e",
            "@hourly",
            "0 8 * * Mondays",
        ] {
            assert!(cron(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn zones_are_names_of_the_database() {
        assert!(zone("Asia/Tashkent").is_ok() && zone("utc").is_ok());
        assert_eq!(zone("Asia/Tashkend").unwrap_err().hint.as_deref(), Some("did you mean `Asia/Tashkent`?"));
        assert!(zone("+05:00").is_err() && zone("").is_err() && zone("../etc/passwd").is_err());
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic(typed in "[0-9*/,LW#?+A-Za-z -]{0,30}|\\PC{0,20}") {
            let _ = (cron(&typed), duration(&typed), time_of_day(&typed), weekdays(&typed), date(&typed), zone(&typed));
        }
    }
}
