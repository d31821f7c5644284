//! One line of what strangers wrote, times as a reader's clock shows them, and words for numbers.
//! In: text, instants, counts. Out: short texts, bounded and free of control characters. They carry no markup yet.

use crate::model::limits;
use crate::text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

/// The text on one line, at most `chars_max` code points of it. Linear in `chars_max`, not in the text: a title may have 10 MB.
pub fn line(text: &str, chars_max: usize) -> String {
    let head = &text[..text.floor_char_boundary(chars_max.saturating_mul(8))];
    let clean = text::one_line(head);
    text::cut(&if head.len() < text.len() { clean + "…" } else { clean }, chars_max)
}

/// A name on one line, at most [`limits::NAME_CHARS_SHOWN_MAX`] code points of it.
pub fn name(text: &str) -> String {
    line(text, limits::NAME_CHARS_SHOWN_MAX)
}

/// The address as a link, if it is one that may be followed: http or https, with a host, of a sane length.
pub fn link(address: &str) -> Option<Url> {
    if address.len() > limits::LINK_BYTES_MAX {
        return None;
    }
    let url = Url::parse(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.as_str().len() <= limits::LINK_BYTES_MAX)
        .then_some(url)
}

/// `24 May, 14:05` on a clock of the zone (`24 May, 09:05 UTC` in that one); with the year where it is not the one of `made`.
pub fn when(instant: Timestamp, zone: &TimeZone, made: Timestamp) -> String {
    let (shown, today) = (instant.to_zoned_datetime(zone.clone()), made.to_zoned_datetime(zone.clone()));
    let format = if shown.year() == today.year() { "%-d %b, %H:%M" } else { "%-d %b %Y, %H:%M" };
    // Nobody lives by UTC: whoever reads it should not take it for their own clock.
    let utc = if *zone == TimeZone::UTC { " UTC" } else { "" };
    format!("{}{utc}", shown.strftime(format))
}

/// `24 May`.
pub fn day(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%-d %b").to_string()
}

/// `Friday, 24 May 2024`.
pub fn full_day(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%A, %-d %b %Y").to_string()
}

/// `14:05`.
pub fn clock(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string()
}

/// `Asia/Tashkent`, or the offset of a zone without a name: `UTC+05:00`.
pub fn zone_name(zone: &TimeZone, made: Timestamp) -> String {
    match zone.iana_name() {
        Some(name) => name.to_string(),
        None => made.to_zoned_datetime(zone.clone()).strftime("UTC%:z").to_string(),
    }
}

/// `1 story`, `5 stories`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The text with a capital at its begin.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_ten_megabytes_costs_no_more_than_its_first_line() {
        let long = "x ".repeat(5 << 20);
        assert!(line(&long, 20).starts_with("x x x x") && line(&long, 20).chars().count() <= 20);
        assert!(line(&" ".repeat(10 << 20), 20).chars().count() <= 20);
        assert_eq!(line("short\r\nBcc: all", 20), "short Bcc: all");
    }

    #[test]
    fn only_http_and_https_are_links() {
        for address in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.example", "", "https://"]
        {
            assert_eq!(link(address), None, "{address}");
        }
        assert!(link(&format!("https://a.example/{}", "a".repeat(limits::LINK_BYTES_MAX))).is_none());
        assert_eq!(link("https://a.example/\"><script>").unwrap().as_str(), "https://a.example/%22%3E%3Cscript%3E");
    }

    #[test]
    fn times_are_on_the_readers_clock() {
        let zone = TimeZone::get("Asia/Tashkent").unwrap();
        let made: Timestamp = "2024-05-24T09:10:00Z".parse().unwrap();
        assert_eq!(when("2024-05-23T21:05:00Z".parse().unwrap(), &zone, made), "24 May, 02:05");
        assert_eq!(when("2023-12-31T18:59:00Z".parse().unwrap(), &zone, made), "31 Dec 2023, 23:59");
        assert_eq!(when("2023-12-31T19:00:00Z".parse().unwrap(), &zone, made), "1 Jan, 00:00");
        assert_eq!(zone_name(&zone, made), "Asia/Tashkent");
        assert_eq!(zone_name(&TimeZone::fixed(jiff::tz::offset(5)), made), "UTC+05:00");
        assert!(when(Timestamp::MAX, &zone, made).contains("9999"));
    }
}
