//! In: a date as somebody wrote it. Out: the moment, if one can be read from it.
//! It never asks what time it is: a date in the future stays one.

use crate::text::calendar;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Longest text in which a date is looked for, in bytes.
const DATE_BYTES_MAX: usize = 100;
/// Years before this are a program's zero, not a date.
const YEAR_MIN: i16 = 1900;

/// Reads a date in any form seen in the wild: RFC 3339 and ISO 8601, RFC 822, asctime, numbers with dots or slashes, seconds or
/// milliseconds since 1970, month names in two dozen languages. Without a zone it is UTC, without a time midnight.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > DATE_BYTES_MAX {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) && matches!(text.len(), 9 | 10 | 13) {
        let number: i64 = text.parse().ok()?;
        return if text.len() == 13 { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) }
            .ok();
    }
    if let Some(moment) = rfc3339(text) {
        return Some(moment);
    }
    let lower = calendar::prepared(text).to_lowercase();
    let mut read = Reading::default();
    read.tokens(&tokens(&lower)?)?;
    read.moment()
}

/// The commonest form, at once: `2024-03-31T10:11:12Z`, `2024-03-31T10:11:12+05:00`.
fn rfc3339(text: &str) -> Option<Timestamp> {
    let usual = matches!(text.as_bytes(), [year @ .., b'-', _, _, b'T', _, _, b':', _, _, b':', _, _, b'Z'] | [year @ .., b'-', _, _, b'T', _, _, b':', _, _, b':', _, _, b'+' | b'-', _, _, b':', _, _] if year.len() == 7);
    let moment: Timestamp = usual.then(|| text.parse().ok()).flatten()?;
    (text.get(..4)?.parse::<i16>().ok()? >= YEAR_MIN).then_some(moment)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    /// A number and how many digits it was written with.
    Number(u64, usize),
    Word(&'a str),
    Mark(char),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::with_capacity(16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if c.is_ascii_digit() {
            let len = rest.bytes().take_while(u8::is_ascii_digit).count();
            tokens.push(Token::Number(rest[..len].parse().ok()?, len));
            len
        } else if c.is_alphabetic() {
            // Combining marks belong to the word: İ in lower case is i and a dot.
            let end =
                rest.find(|c: char| !c.is_alphabetic() && !('\u{300}'..='\u{36f}').contains(&c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            end
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            c.len_utf8()
        };
        rest = &rest[len..];
    }
    Some(tokens)
}

#[derive(Debug, Default)]
struct Reading {
    /// The numbers of the date, in their order.
    numbers: Vec<(u64, usize)>,
    month: Option<u64>,
    time: Option<(u64, u64, u64, u64)>,
    afternoon: Option<bool>,
    offset_s: i32,
    slashes: bool,
    dots: bool,
}

impl Reading {
    fn tokens(&mut self, mut tokens: &[Token<'_>]) -> Option<()> {
        use Token::{Mark, Number, Word};
        while let [first, rest @ ..] = tokens {
            tokens = rest;
            match (first, rest) {
                (Number(hour, 1..=2), [Mark(':'), Number(minute, 1..=2), rest @ ..]) if self.time.is_none() => {
                    tokens = self.clock(*hour, *minute, rest);
                }
                // 20240331T101112Z
                (Number(date, 8), [Word("t"), Number(time, len @ (4 | 6)), rest @ ..]) => {
                    self.numbers.push((*date, 8));
                    let time = if *len == 4 { time * 100 } else { *time };
                    self.time = Some((time / 10_000, time / 100 % 100, time % 100, 0));
                    tokens = rest;
                }
                (Mark(sign @ ('+' | '-' | '−')), [Number(number, len), rest @ ..]) if self.time.is_some() => {
                    let (hours, minutes, rest) = match (len, rest) {
                        (1..=2, [Mark(':'), Number(minutes, 2), rest @ ..]) => (*number, *minutes, rest),
                        (1..=2, rest) => (*number, 0, rest),
                        (3..=4, rest) => (number / 100, number % 100, rest),
                        _ => return None,
                    };
                    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
                    self.offset_s = if *sign == '+' { seconds } else { -seconds };
                    tokens = rest;
                }
                // A time in the Chinese and Korean manner is told by its characters, not by colons.
                (Number(hour, 1..=2), [Word("时" | "時" | "시" | "點" | "点"), Number(minute, 1..=2), rest @ ..]) =>
                {
                    self.time = Some((*hour, *minute, 0, 0));
                    tokens = rest.strip_prefix(&[Word("分")]).or(rest.strip_prefix(&[Word("분")])).unwrap_or(rest);
                }
                (Number(number, len), _) => self.numbers.push((*number, *len)),
                (Mark('/'), _) => self.slashes = true,
                (Mark('.'), _) => self.dots = true,
                (Mark(_), _) => {}
                (Word(word), _) => self.word(word),
            }
        }
        Some(())
    }

    /// Minutes are read; seconds and their fraction may follow.
    fn clock<'t, 's>(&mut self, hour: u64, minute: u64, rest: &'t [Token<'s>]) -> &'t [Token<'s>] {
        use Token::{Mark, Number};
        let (second, rest) = match rest {
            [Mark(':' | '.'), Number(second, 1..=2), rest @ ..] => (*second, rest),
            rest => (0, rest),
        };
        let (nanosecond, rest) = match rest {
            [Mark('.' | ',' | ':'), Number(fraction, len @ 1..=9), rest @ ..] => {
                (fraction * 10_u64.pow(u32::try_from(9 - len).unwrap_or(0)), rest)
            }
            [Mark('.' | ','), Number(_, 10..), rest @ ..] | rest => (0, rest),
        };
        self.time = Some((hour, minute, second, nanosecond));
        rest
    }

    fn word(&mut self, word: &str) {
        if self.time.is_some()
            && let Some((_, minutes)) = ZONES.iter().find(|(zone, _)| *zone == word)
        {
            self.offset_s = minutes * 60;
        } else if let Some(month) = calendar::month(word) {
            // The last one counts: `mar.` before it was a Tuesday.
            self.month = Some(month.into());
        } else {
            match word {
                "am" | "a" | "오전" | "上午" => self.afternoon = self.afternoon.or(Some(false)),
                "pm" | "p" | "오후" | "下午" => self.afternoon = Some(true),
                _ => {}
            }
        }
    }

    fn moment(&self) -> Option<Timestamp> {
        let (year, month, day) = self.date()?;
        let number = |number: u64| i64::try_from(number).ok();
        let date = calendar::day(number(year)?, number(month)?, number(day)?).filter(|date| date.year() >= YEAR_MIN)?;
        let (hour, minute, second, nanosecond) = self.time.unwrap_or_default();
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        if hour > 24 || minute > 59 || second > 60 {
            return None;
        }
        let seconds = i64::try_from(hour * 3600 + minute * 60 + second.min(59)).ok()?;
        let midnight = Offset::from_seconds(self.offset_s).ok()?.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
        midnight.checked_add(SignedDuration::new(seconds, i32::try_from(nanosecond).ok()?)).ok()
    }

    /// Year, month, day.
    fn date(&self) -> Option<(u64, u64, u64)> {
        let is_year = |(_, digits): &(u64, usize)| *digits >= 3;
        if let Some(month) = self.month {
            return match self.numbers[..] {
                [year] if is_year(&year) => Some((year.0, month, 1)),
                [year, day, ..] if is_year(&year) => Some((year.0, month, day.0)),
                [day, year, ..] => Some((full_year(year), month, day.0)),
                _ => None,
            };
        }
        match self.numbers[..] {
            [(number, 8)] => Some((number / 10_000, number / 100 % 100, number % 100)),
            [(number, 14)] => Some((number / 10_000_000_000, number / 100_000_000 % 100, number / 1_000_000 % 100)),
            [(number, 4)] => Some((number, 1, 1)),
            [(year, 4), (day, 3)] => Date::new(i16::try_from(year).ok()?, 1, 1)
                .ok()?
                .checked_add(jiff::Span::new().try_days(i64::try_from(day).ok()? - 1).ok()?)
                .ok()
                .map(|date| (year, u64::try_from(date.month()).unwrap_or(1), u64::try_from(date.day()).unwrap_or(1))),
            [(year, 4), (month, _)] => Some((year, month, 1)),
            [(year, 4), (month, _), (day, _), ..] => Some((year, month, day)),
            [(first, _), (second, _), year @ (_, 4), ..] => {
                let american = self.slashes && (self.afternoon.is_some() || second > 12) && first <= 12;
                let (month, day) = if american { (first, second) } else { (second, first) };
                Some((year.0, month, day))
            }
            [(day, _), (month, _), year @ (_, 2), ..] if self.dots => Some((full_year(year), month, day)),
            [year @ (_, 2), (month, _), (day, _), ..] => Some((full_year(year), month, day)),
            _ => None,
        }
    }
}

/// Two digits are of the years 1970 to 2069 (RFC 2822, section 4.3, with a later turn).
fn full_year((year, digits): (u64, usize)) -> u64 {
    match year {
        _ if digits > 2 => year,
        0..70 => year + 2000,
        _ => year + 1900,
    }
}

/// Zone names that feeds use, as minutes east of Greenwich. Where one name means several, the one that news agencies mean.
const ZONES: [(&str, i32); 66] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("wat", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("cat", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("eat", 180),
    ("irst", 210),
    ("msd", 240),
    ("gst", 240),
    ("azt", 240),
    ("samt", 240),
    ("irdt", 270),
    ("aft", 270),
    ("uzt", 300),
    ("tjt", 300),
    ("tmt", 300),
    ("pkt", 300),
    ("yekt", 300),
    ("qyzt", 300),
    ("almt", 300),
    ("ist", 330),
    ("npt", 345),
    ("kgt", 360),
    ("bdt", 360),
    ("omst", 360),
    ("ict", 420),
    ("wib", 420),
    ("novt", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("awst", 480),
    ("wita", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("brt", -180),
    ("art", -180),
    ("adt", -180),
    ("ast", -240),
    ("edt", -240),
    ("est", -300),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        assert_eq!(parse(text).map(|moment| moment.to_string()).as_deref(), Some(want), "{text}");
    }

    #[test]
    fn standard_forms_are_read() {
        check("2024-03-31T10:11:12Z", "2024-03-31T10:11:12Z");
        check("2024-03-31T10:11:12.25+05:00", "2024-03-31T05:11:12.25Z");
        check("2024-03-31T10:11-0530", "2024-03-31T15:41:00Z");
        check("Sun, 31 Mar 2024 10:11:12 +0500", "2024-03-31T05:11:12Z");
        check("31 Mar 24 10:11 GMT", "2024-03-31T10:11:00Z");
        check("Sun Mar 31 10:11:12 2024", "2024-03-31T10:11:12Z");
        check("20240331T101112Z", "2024-03-31T10:11:12Z");
        check("2024-03-31", "2024-03-31T00:00:00Z");
        check("2024-03", "2024-03-01T00:00:00Z");
        check("2024-091", "2024-03-31T00:00:00Z");
        check("2024", "2024-01-01T00:00:00Z");
    }

    #[test]
    fn forms_of_the_wild_are_read() {
        check("Sun, 31 Mar 2024 10:11:12 CET", "2024-03-31T09:11:12Z");
        check("Sun, 31 Mar 2024 10:11:12 EDT", "2024-03-31T14:11:12Z");
        check("2024-03-31 10:11:12", "2024-03-31T10:11:12Z");
        check("2024-03-31 10:11:12 UTC+5", "2024-03-31T05:11:12Z");
        check("31.03.2024 10:11", "2024-03-31T10:11:00Z");
        check("31.03.24", "2024-03-31T00:00:00Z");
        check("3/31/2024 1:05:06 PM", "2024-03-31T13:05:06Z");
        check("31/03/2024 10:11", "2024-03-31T10:11:00Z");
        check("March 31, 2024, 12:30 a.m.", "2024-03-31T00:30:00Z");
        check("1711879872", "2024-03-31T10:11:12Z");
        check("1711879872000", "2024-03-31T10:11:12Z");
        check("Sun, 31 Mar 2024 24:00:00 GMT", "2024-04-01T00:00:00Z");
        check("2999-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    }

    #[test]
    fn months_are_read_in_many_languages() {
        for text in [
            "Вс, 31 марта 2024 10:11:12 +0000",
            "dim., 31 mars 2024 10:11:12 GMT",
            "So, 31 März 2024 10:11:12 UTC",
            "31 mart 2024, 10:11:12",
            "31-март 2024 10:11:12",
            "dom, 31 marzo 2024 10:11:12 Z",
            "Κυρ, 31 Μαρ 2024 10:11:12 UTC",
            "2024-március-31T10:11:12Z",
            "2024年03月31日 10:11:12",
            "2024년 03월 31일  오전 10:11:12",
        ] {
            check(text, "2024-03-31T10:11:12Z");
        }
        check("mar., 06 août 2024 08:00:00 +0200", "2024-08-06T06:00:00Z");
        check("Mardi 6 février 2024", "2024-02-06T00:00:00Z");
        check("6 avgust 2024", "2024-08-06T00:00:00Z");
        check("6 сентября 2024 г., 08:00", "2024-09-06T08:00:00Z");
        check("2024년 3월 31일 오후 1:31", "2024-03-31T13:31:00Z");
        check("二〇二四年三月三十一日", "2024-03-31T00:00:00Z");
        check("31 мамыр 2024, сенбі", "2024-05-31T00:00:00Z");
        check("31 Mart 2024 Pazar, 10:11", "2024-03-31T10:11:00Z");
        check("الأحد 31 آذار 2024 10:11", "2024-03-31T10:11:00Z");
        check("٣١ كانون الأول ٢٠٢٤", "2024-12-31T00:00:00Z");
        check("یکشنبه ۱۲ فروردین ۱۴۰۳، ۱۰:۱۱", "2024-03-31T10:11:00Z");
        check("1403/01/12 10:11:12", "2024-03-31T10:11:12Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "12:30",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00Z",
            "31 Feb 2024",
            "99999999999999999999",
            "2024-13-01",
            "10:99 1 May 2024",
            "1",
            "+",
            "١٢",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"1 ".repeat(DATE_BYTES_MAX)), None);
    }
}
