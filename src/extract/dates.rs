//! In: a date as pages write it: ISO 8601, RFC 2822, epoch seconds, or a day with its month's name in one of a score of languages.
//! Out: the moment; without an offset it is taken for UTC. It never guesses which of 03/04 is the month, and knows no "yesterday".

use crate::text::calendar;
use jiff::civil::Time;
use jiff::tz::Offset;
use jiff::{Timestamp, fmt::rfc2822};

/// Bytes of a text that are looked at.
const DATE_BYTES_MAX: usize = 160;

/// Reads a date that is all of a value, or stands in a short text.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= DATE_BYTES_MAX).last()?;
    let text = if text.len() > DATE_BYTES_MAX { &text[..end] } else { text };
    let text = &*calendar::prepared(text);
    let found = epoch(text)
        .or_else(|| text.parse().ok())
        .or_else(|| rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok())
        .or_else(|| written(text))?;
    plausible(found).then_some(found)
}

/// Whether a line is a date and nothing else: no more words than a weekday, a month and one between them.
pub(super) fn is_all(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    words <= 3 && line.len() <= DATE_BYTES_MAX && line.contains(char::is_numeric) && parse(line).is_some()
}

/// Reads the day that an address carries: `/2024/05/31/`, `/2024-05-31-`, `/20240531/`.
pub(super) fn in_path(path: &str) -> Option<Timestamp> {
    let words: Vec<&str> = path.split(['/', '-', '_', '.']).filter(|word| !word.is_empty()).take(64).collect();
    let number = |word: &str, digits: usize| {
        word.parse::<i16>().ok().filter(|_| word.len() == digits && word.bytes().all(|b| b.is_ascii_digit()))
    };
    for (i, word) in words.iter().enumerate() {
        if let (Some(year), Some(next), Some(day)) = (number(word, 4), words.get(i + 1), words.get(i + 2)) {
            let month = number(next, 2).or_else(|| number(next, 1)).or_else(|| month(next).map(i16::from));
            let day = number(day, 2).or_else(|| number(day, 1));
            if let (Some(month), Some(day)) = (month, day)
                && let Some(found) = at(year.into(), month.into(), day.into(), None)
            {
                return Some(found);
            }
        }
        if word.len() == 8 && word.bytes().all(|b| b.is_ascii_digit()) {
            let found = at(word[..4].parse().ok()?, word[4..6].parse().ok()?, word[6..].parse().ok()?, None);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn plausible(moment: Timestamp) -> bool {
    (315_532_800..4_102_444_800).contains(&moment.as_second())
}

fn epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        10 => Timestamp::from_second(text.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(text.parse().ok()?).ok(),
        8 => at(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?, None),
        _ => None,
    }
}

/// Hour, minute, second and seconds east of Greenwich.
type Clock = (i8, i8, i8, i32);

fn at(year: i64, month: i64, day: i64, clock: Option<Clock>) -> Option<Timestamp> {
    let date = calendar::day(year, month, day).filter(|date| (1980..2100).contains(&date.year()))?;
    let (hour, minute, second, east) = clock.unwrap_or_default();
    let time = Time::new(hour, minute, second, 0).ok()?;
    Offset::from_seconds(east).ok()?.to_timestamp(date.to_datetime(time)).ok()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    /// A number and how many digits it was written with.
    Number(i64, usize),
    Word(&'a str),
    Mark(char),
}

/// A day written out, alone or in a short text: the first that is a whole date.
fn written(text: &str) -> Option<Timestamp> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|i| {
        let (year, month, day, next) = day_at(&tokens[i..])?;
        let rest = &tokens[i + next..];
        let clock = clock(rest).or_else(|| clock(&tokens[..i]));
        at(year, month, day, clock).or_else(|| at(year, month, day, None))
    })
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = vec![];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let class = |c: char| {
            if c.is_ascii_digit() {
                0
            } else if c.is_alphabetic() && !matches!(c, '年' | '月' | '日' | '년' | '월' | '일' | '号') {
                1
            } else {
                2
            }
        };
        let kind = class(c);
        let end = if kind == 2 { c.len_utf8() } else { rest.find(|c| class(c) != kind).unwrap_or(rest.len()) };
        let (word, after) = rest.split_at(end);
        match kind {
            0 => tokens.push(Token::Number(word.parse().unwrap_or(i64::MAX), word.len())),
            1 => tokens.push(Token::Word(word)),
            _ if c.is_whitespace() => {}
            _ => tokens.push(Token::Mark(c)),
        }
        rest = after;
    }
    tokens
}

/// A date at the start of the tokens: year, month, day, and how many tokens it took.
fn day_at(tokens: &[Token]) -> Option<(i64, i64, i64, usize)> {
    use Token::{Mark, Number, Word};
    match *tokens {
        // 2024-05-31, 2024/5/31, 2024.05.31, 2024年5月31日
        [Number(year, 4), Mark(x), Number(month, 1..=2), Mark(y), Number(day, 1..=2), ..]
            if matches!((x, y), ('-', '-') | ('/', '/') | ('.', '.') | ('年', '月') | ('년', '월')) =>
        {
            Some((year, month, day, 5))
        }
        // 2024-yil 31-may, 2024 жылғы 31 мамыр, 2024-жылдын 31-майы
        [Number(year, 4), ref rest @ ..] => {
            let (skipped, rest) = skip(rest, YEAR_WORDS);
            let [Number(d, 1..=2), rest @ ..] = rest else { return None };
            let (more, rest) = skip(rest, &["-", "."]);
            let [Word(name), ..] = rest else { return None };
            Some((year, month(name)?.into(), *d, 3 + skipped + more))
        }
        // 31.05.2024, 31/05/2024, 05/31/2024: only where one of the two cannot be a month, or dots say that the day stands first.
        [Number(a, 1..=2), Mark(x), Number(b, 1..=2), Mark(y), Number(year, 4), ..]
            if x == y && matches!(x, '.' | '/' | '-') =>
        {
            match (a > 12, b > 12) {
                (false, true) => Some((year, a, b, 5)),
                (true, false) => Some((year, b, a, 5)),
                (false, false) if x == '.' || a == b => Some((year, b, a, 5)),
                _ => None,
            }
        }
        // 31 May 2024, 31. Mai 2024, 31 de mayo de 2024, 31st of May, 2024, 31-May-2024, 31-may, 2024
        [Number(d, 1..=2), ref rest @ ..] => {
            let (skipped, rest) = skip(rest, &[".", "-", "st", "nd", "rd", "th", "of", "de", "º", ","]);
            let [Word(name), rest @ ..] = rest else { return None };
            let m = month(name)?;
            let (more, rest) = skip(rest, &[".", "-", ",", "of", "de", "del", "соли", "г"]);
            let [Number(y, 4), ..] = rest else { return None };
            Some((*y, m.into(), d, 3 + skipped + more))
        }
        // May 31, 2024; May 31st 2024; 2024 May 31 is not written
        [Word(name), ref rest @ ..] => {
            let m = month(name)?;
            let (skipped, rest) = skip(rest, &[".", "-"]);
            let [Number(d, 1..=2), rest @ ..] = rest else { return None };
            let (more, rest) = skip(rest, &["st", "nd", "rd", "th", ",", "-", "."]);
            let [Number(y, 4), ..] = rest else { return None };
            Some((*y, m.into(), *d, 3 + skipped + more))
        }
        _ => None,
    }
}

/// What stands between a year and the day where the year is told first: Uzbek, Kazakh, Kyrgyz.
const YEAR_WORDS: &[&str] =
    &["-", ".", ",", "yil", "yilning", "йил", "йилнинг", "жыл", "жылы", "жылғы", "жылдың", "жылдын", "ж"];

fn skip<'t, 'a>(tokens: &'t [Token<'a>], fillers: &[&str]) -> (usize, &'t [Token<'a>]) {
    let filler = |token: &Token| match token {
        Token::Word(word) => fillers.iter().any(|f| f.eq_ignore_ascii_case(word)),
        Token::Mark(c) => fillers.iter().any(|f| f.chars().eq([*c])),
        Token::Number(..) => false,
    };
    let count = tokens.iter().take(3).take_while(|token| filler(token)).count();
    (count, &tokens[count..])
}

/// The first time of day among the tokens: `10:43`, `9:05 pm`, `10:43:00 GMT+0300`, `10:43+03:00`.
fn clock(tokens: &[Token]) -> Option<Clock> {
    use Token::{Mark, Number, Word};
    let start =
        tokens.windows(3).take(8).position(|t| matches!(t, [Number(0..=24, 1..=2), Mark(':'), Number(0..=59, 2)]))?;
    let [Number(hour, _), _, Number(minute, _), rest @ ..] = &tokens[start..] else { return None };
    let (second, mut rest) = match rest {
        [Mark(':'), Number(s @ 0..=59, 2), rest @ ..] => (*s, rest),
        _ => (0, rest),
    };
    let mut hour = *hour;
    if let [Mark('.'), Number(..), more @ ..] = rest {
        rest = more;
    }
    if let [Word(half), more @ ..] = rest {
        let half = half.to_ascii_lowercase();
        match half.as_str() {
            "am" | "a" if hour == 12 => hour = 0,
            "pm" | "p" if hour < 12 => hour += 12,
            _ => {}
        }
        if matches!(half.as_str(), "am" | "pm" | "gmt" | "utc") {
            rest = more;
        }
        if let [Word(zone), more @ ..] = rest
            && matches!(zone.to_ascii_lowercase().as_str(), "gmt" | "utc")
        {
            rest = more;
        }
    }
    let east = match rest {
        [Mark(sign @ ('+' | '-' | '−')), Number(n, 4), ..] => signed(*sign, n / 100, n % 100),
        [Mark(sign @ ('+' | '-' | '−')), Number(h, 1..=2), Mark(':'), Number(m, 2), ..] => signed(*sign, *h, *m),
        [Mark(sign @ '+'), Number(h, 1..=2), ..] => signed(*sign, *h, 0),
        _ => 0,
    };
    Some((i8::try_from(hour).ok()?, i8::try_from(*minute).ok()?, i8::try_from(second).ok()?, east))
}

fn signed(sign: char, hours: i64, minutes: i64) -> i32 {
    let seconds = i32::try_from(hours.min(15) * 3600 + minutes.min(59) * 60).unwrap_or(0);
    if sign == '+' { seconds } else { -seconds }
}

/// The month that a word names.
fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    // What is shorter in these letters is no month here, where sentences are read too.
    if word.chars().count() < 3 && !word.starts_with(|c| ('\u{600}'..='\u{6ff}').contains(&c)) {
        return None;
    }
    calendar::month(&word).and_then(|month| i8::try_from(month).ok())
}

#[cfg(test)]
mod tests {
    use super::{in_path, parse};

    fn check(text: &str, wanted: &str) {
        assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), (!wanted.is_empty()).then_some(wanted), "{text}");
    }

    #[test]
    fn dates_are_read_as_pages_write_them() {
        check("2024-05-31T10:11:12+05:00", "2024-05-31T05:11:12Z");
        check("2024-05-31T10:11:12.123+0500", "2024-05-31T05:11:12.123Z");
        check("2024-05-31 10:11", "2024-05-31T10:11:00Z");
        check("2024-05-31", "2024-05-31T00:00:00Z");
        check("20240531", "2024-05-31T00:00:00Z");
        check("1717150272", "2024-05-31T10:11:12Z");
        check("Fri, 31 May 2024 10:11:12 +0200", "2024-05-31T08:11:12Z");
        check("Fri May 31 2024 10:11:12 GMT+0300 (EEST)", "2024-05-31T07:11:12Z");
        check("Published: May 31st, 2024 at 9:05 pm", "2024-05-31T21:05:00Z");
        check("31. Mai 2024, 9:05 Uhr", "2024-05-31T09:05:00Z");
        check("31 de mayo de 2024", "2024-05-31T00:00:00Z");
        check("10:43, 31 мая 2024 г.", "2024-05-31T10:43:00Z");
        check("31-may, 2024", "2024-05-31T00:00:00Z");
        check("2024年5月31日 10:43", "2024-05-31T10:43:00Z");
        check("2024-yil 31-may, 10:43", "2024-05-31T10:43:00Z");
        check("2024 йил 31 май", "2024-05-31T00:00:00Z");
        check("2024 жылғы 31 мамыр", "2024-05-31T00:00:00Z");
        check("2024-ж. 31-май", "2024-05-31T00:00:00Z");
        check("31 мая 2024, 10:43 | Автор: Ада Байрон", "2024-05-31T10:43:00Z");
        check("31 травня 2024, 10:43", "2024-05-31T10:43:00Z");
        check("31 майи соли 2024", "2024-05-31T00:00:00Z");
        check("31 Mayıs 2024 Cuma, 10:43", "2024-05-31T10:43:00Z");
        check("31 mai 2024 à 10:43", "2024-05-31T10:43:00Z");
        check("٣١ أيار ٢٠٢٤", "2024-05-31T00:00:00Z");
        check("31 مايو 2024", "2024-05-31T00:00:00Z");
        check("۱۱ خرداد ۱۴۰۳ - ۱۰:۴۳", "2024-05-31T10:43:00Z");
        check("۱۴۰۳/۰۳/۱۱", "2024-05-31T00:00:00Z");
        check("二〇二四年五月三十一日", "2024-05-31T00:00:00Z");
        check("31.05.2024", "2024-05-31T00:00:00Z");
        check("05/31/2024", "2024-05-31T00:00:00Z");
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_none() {
        for text in [
            "",
            "03/04/2024",
            "May 2024",
            "31 May",
            "99999999999999999999",
            "2024-13-01",
            "0001-01-01",
            "9999-12-31",
            "in the May 31 talks",
            "2 hours ago",
            "yesterday, 10:43",
            "вчера в 10:43",
            "2 soat oldin",
            "3小时前",
            "31 Maybe",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn a_line_that_is_a_date_is_told_from_one_that_has_one() {
        assert!(super::is_all("31-май, 2024-ж.") && super::is_all("Friday, May 31, 2024."));
        assert!(!super::is_all("On May 31, 2024 they met in Osh.") && !super::is_all("Osh."));
    }

    #[test]
    fn an_address_may_carry_the_day() {
        let day = |path| in_path(path).map(|t| t.strftime("%F").to_string());
        assert_eq!(day("/news/2024/05/31/title-12").as_deref(), Some("2024-05-31"));
        assert_eq!(day("/news/2024-05-31-title").as_deref(), Some("2024-05-31"));
        assert_eq!(day("/2024/may/31/title").as_deref(), Some("2024-05-31"));
        assert_eq!(day("/a/20240531/b").as_deref(), Some("2024-05-31"));
        assert_eq!(day("/2024/05/title"), None);
        assert_eq!(day("/story-1234-56-78"), None);
    }
}
