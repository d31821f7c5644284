//! How long a server asks us to wait, and how long what it gave keeps.

use crate::model::limits::{KEEP_MAX, RETRY_AFTER_MAX};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// What `Retry-After` asks for (RFC 9110, section 10.2.3), seconds or a date, at most [`RETRY_AFTER_MAX`].
/// Zero, negative, past and unreadable ones are `None`: no wish, so the ordinary interval holds.
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let wait = match seconds(value) {
        Some(wait) => wait,
        None => until(date(value)?, now)?,
    };
    (!wait.is_zero()).then_some(wait.min(RETRY_AFTER_MAX))
}

/// How long a response stays fresh (RFC 9111, section 4.2.1): `max-age`, else `Expires` counted from `Date` or else from `now`;
/// at most [`KEEP_MAX`]. `None` where nothing or nothing readable was said, and for `no-store` and `no-cache`.
#[must_use]
pub fn keep(
    cache_control: Option<&str>,
    expires: Option<&str>,
    from: Option<&str>,
    now: Timestamp,
) -> Option<Duration> {
    let mut max_age = None;
    for directive in cache_control.unwrap_or("").split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return None,
            // The shortest of several, as the server can hardly mean that it may be older than it says.
            "max-age" => {
                let seconds = seconds(value.trim().trim_matches('"'));
                max_age = Some(seconds.unwrap_or(Duration::ZERO).min(max_age.unwrap_or(Duration::MAX)));
            }
            _ => {}
        }
    }
    let keep = match max_age {
        Some(keep) => keep,
        None => until(date(expires?)?, from.and_then(date).unwrap_or(now))?,
    };
    (!keep.is_zero()).then_some(keep.min(KEEP_MAX))
}

/// Whole or broken seconds; more than fit are as many as fit.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let up = u64::from(part.bytes().any(|b| b != b'0'));
    Some(Duration::from_secs(whole.parse().unwrap_or(u64::MAX).saturating_add(up)))
}

fn until(then: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(then.duration_since(now).max(SignedDuration::ZERO)).ok()
}

/// Servers write wrong weekdays; the date is what they mean.
const RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// The three forms of RFC 9110, section 5.6.7, and those of RFC 2822, whose zones servers write too.
fn date(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    match httpdate::parse_http_date(value) {
        Ok(time) => Timestamp::try_from(time).ok(),
        Err(_) => RFC_2822.parse_timestamp(value).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-06T08:49:37Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    #[test]
    fn retry_after_is_read_sanely() {
        let day = RETRY_AFTER_MAX.as_secs();
        for (value, expected) in [
            ("120", Some(120)),
            (" 120 ", Some(120)),
            ("1.2", Some(2)),
            ("Fri, 06 Nov 2026 08:50:37 GMT", Some(60)),
            ("Friday, 06-Nov-26 08:50:37 GMT", Some(60)),
            ("Fri Nov  6 08:50:37 2026", Some(60)),
            ("Fri, 06 Nov 2026 13:50:37 +0500", Some(60)),
            ("Fri, 06 Nov 2026 08:50:37 UT", Some(60)),
            // Ten years, in seconds and as a date, and more seconds than there will ever be.
            ("315360000", Some(day)),
            ("Thu, 06 Nov 2036 08:49:37 GMT", Some(day)),
            ("Mon, 06 Nov 2036 08:49:37 GMT", Some(day)),
            ("99999999999999999999999999", Some(day)),
            ("0", None),
            ("-5", None),
            ("Fri, 06 Nov 2020 08:49:37 GMT", None),
            ("soon", None),
            ("", None),
            ("1e9", None),
            (".", None),
            ("12 hours", None),
        ] {
            assert_eq!(retry_after(value, now()).map(|wait| wait.as_secs()), expected, "{value}");
        }
    }

    #[test]
    fn max_age_wins_over_expires_and_expires_counts_from_the_servers_own_clock() {
        let kept = |cache, expires, date| keep(cache, expires, date, now()).map(|keep| keep.as_secs());
        let soon = Some("Fri, 06 Nov 2026 09:49:37 GMT");
        assert_eq!(kept(Some("public, Max-Age=\"900\", s-maxage=5"), soon, None), Some(900));
        assert_eq!(kept(Some("max-age=900, max-age=60"), None, None), Some(60));
        assert_eq!(kept(Some("public"), soon, None), Some(3600));
        assert_eq!(kept(None, soon, Some("Fri, 06 Nov 2026 09:39:37 GMT")), Some(600));
        assert_eq!(kept(Some("max-age=0"), soon, None), None);
        assert_eq!(kept(Some("max-age=-1"), soon, None), None);
        assert_eq!(kept(Some("max-age=900, no-cache"), soon, None), None);
        assert_eq!(kept(None, Some("0"), None), None);
        assert_eq!(kept(None, Some("Thu, 01 Jan 1970 00:00:00 GMT"), None), None);
        assert_eq!(kept(Some("max-age=31536000"), None, None), Some(KEEP_MAX.as_secs()));
        assert_eq!(kept(None, None, None), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_much(a: String, b: String, c: String) {
            let _ = retry_after(&a, now());
            let _ = keep(Some(&a), Some(&b), Some(&c), now());
        }
    }
}
