//! Fields of a query. In: a field's name and value as typed. Out: what they ask of an article. Never a look at the article's text.

use super::ast::Part;
use crate::matching::fault::Flaw;
use jiff::civil::Date;
use std::ops::Range;
use std::time::Duration;

/// What is asked about an article beside its text.
#[derive(Debug, Clone, PartialEq)]
pub enum Meta {
    /// A domain, and those below it.
    Site(String),
    /// A word of the URL, or several in order.
    Url(String),
    /// Words of the byline.
    Author(String),
    /// A tag of the source or article.
    Tag(String),
    /// A source's id.
    Source(String),
    /// A language, without its regions.
    Lang(String),
    /// Not longer ago than this.
    Within(Duration),
    /// On one of these days.
    Days(Option<Date>, Option<Date>),
    /// A tier in this range.
    Tier(u8, u8),
}

impl Meta {
    /// The name of the field that asks it.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::Url(_) => "url",
            Self::Author(_) => "author",
            Self::Tag(_) => "tag",
            Self::Source(_) => "source",
            Self::Lang(_) => "lang",
            Self::Within(_) | Self::Days(..) => "published",
            Self::Tier(..) => "tier",
        }
    }
}

/// A field by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Part(Part),
    Site,
    Url,
    Author,
    Tag,
    Source,
    Lang,
    Published,
    Tier,
}

/// The tiers that a source can have.
const TIERS: std::ops::RangeInclusive<u8> = 1..=9;

/// All field names.
pub const NAMES: &[&str] =
    &["title", "lead", "body", "text", "url", "site", "author", "tag", "source", "lang", "published", "tier"];

/// The field with a name.
pub fn field(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Part(Part::Title),
        "lead" => Field::Part(Part::Lead),
        "body" => Field::Part(Part::Body),
        "text" => Field::Part(Part::All),
        "site" => Field::Site,
        "url" => Field::Url,
        "author" => Field::Author,
        "tag" => Field::Tag,
        "source" => Field::Source,
        "lang" => Field::Lang,
        "published" => Field::Published,
        "tier" => Field::Tier,
        _ => return None,
    })
}

/// The field that other tools call so.
pub fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "headline" | "hl" | "intitle" | "allintitle" | "heading" => "title",
        "leadpara" | "lp" | "lede" => "lead",
        "intext" | "allintext" | "content" | "fulltext" => "text",
        "inurl" | "allinurl" | "link" => "url",
        "domain" | "host" | "website" => "site",
        "byline" | "by" | "journalist" => "author",
        "tags" | "category" | "topic" => "tag",
        "language" | "la" => "lang",
        "date" | "pubdate" | "when" | "published_at" => "published",
        _ => return None,
    })
}

/// What a field and its value ask. `span` is that of the value.
pub fn meta(field: Field, value: &str, span: Range<usize>) -> Result<Meta, Flaw> {
    let value = value.trim();
    if let Some(range) = lucene(value) {
        let what = format!("{value:?} is a range of another tool: here it has two dots");
        let flaw = Flaw::new(span, "E216", what).hint("a range has two dots: 1..3");
        return Err(Flaw { mended: vec![range], ..flaw });
    }
    let flaw = |what: String, hint: &str| Err(Flaw::new(span.clone(), "E216", what).hint(hint));
    match field {
        Field::Part(_) => flaw("this field takes words".to_string(), "as in title:word or title:(a OR b)"),
        Field::Site => {
            let host = value
                .trim_start_matches("https://")
                .trim_start_matches("http://")
                .trim_start_matches("*.")
                .trim_matches(['/', '.']);
            if host.is_empty() || host.contains(['/', '*', ' ', ':', '[', ']', '?', '#', '@']) {
                let what = format!("{value:?} is not a domain");
                let bare = host.split(['/', '?', '#']).next().unwrap_or_default();
                let bare = bare.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
                let hint = "a domain means its subdomains too: site:example.com; a word of the address: url:economy";
                let mut flaw = Flaw::new(span, "E216", what).hint(hint);
                flaw.mended.extend((bare.contains('.') && !bare.contains(['*', ' '])).then(|| bare.to_string()));
                return Err(flaw);
            }
            Ok(Meta::Site(host.strip_prefix("www.").unwrap_or(host).to_lowercase()))
        }
        Field::Url => Ok(Meta::Url(value.to_string())),
        Field::Author => Ok(Meta::Author(value.to_string())),
        Field::Tag => Ok(Meta::Tag(value.to_string())),
        Field::Source => Ok(Meta::Source(value.replace('_', "-"))),
        Field::Lang => {
            let good = (2..=11).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if good {
                Ok(Meta::Lang(value.to_lowercase()))
            } else {
                flaw(format!("{value:?} is not a language code"), "as in lang:uz, lang:ru, lang:zh …")
            }
        }
        Field::Published => published(value).ok_or_else(|| {
            let what = format!("{value:?} is neither a duration nor a range of days");
            let hint = "as in published:2d, published:2024-05-01 or published:2024-05-01..2024-05-31";
            let mended = relative(value).or_else(|| turned(value)).into_iter().collect();
            Flaw { mended, ..Flaw::new(span.clone(), "E216", what).hint(hint) }
        }),
        Field::Tier => tier(value, span),
    }
}

/// A tier, or a range of them.
fn tier(value: &str, span: Range<usize>) -> Result<Meta, Flaw> {
    let (low, high) = value.split_once("..").unwrap_or((value, value));
    let read = |typed: &str, open: u8| if typed.is_empty() { Some(open) } else { typed.parse::<u8>().ok() };
    let bounds = read(low, *TIERS.start()).zip(read(high, *TIERS.end()));
    let flaw = |what: String| Flaw::new(span.clone(), "E216", what).hint("as in tier:1 or tier:1..2");
    match bounds.filter(|(low, high)| low <= high && !matches!(value, "" | "..")) {
        Some((low, high)) if TIERS.contains(&low) && TIERS.contains(&high) => Ok(Meta::Tier(low, high)),
        Some((low, high)) => {
            let mut flaw = flaw(format!("{value:?} is not a tier: tiers are {} to {}", TIERS.start(), TIERS.end()));
            let (low, high) = (low.max(*TIERS.start()), high.min(*TIERS.end()));
            flaw.mended.extend((low < high).then(|| format!("{low}..{high}")));
            Err(flaw)
        }
        None => {
            let mended = turned(value).into_iter().collect();
            Err(Flaw { mended, ..flaw(format!("{value:?} is not a tier: a number or a range is expected")) })
        }
    }
}

/// A range whose end stands first, the right way round.
fn turned(value: &str) -> Option<String> {
    let (from, to) = value.split_once("..")?;
    Some(format!("{to}..{from}"))
}

/// `[1 TO 3]` with two dots.
fn lucene(value: &str) -> Option<String> {
    let inside = value.strip_prefix(['[', '{'])?.strip_suffix([']', '}'])?;
    let (from, to) = inside.split_once(" TO ")?;
    let open = |end: &str| if end.trim() == "*" { String::new() } else { end.trim().to_string() };
    Some(format!("{}..{}", open(from), open(to)))
}

/// Whether words may be the time that another tool would take: `last week`, `7 days`.
pub fn is_relative(first: &str, second: &str) -> bool {
    relative(&format!("{first} {second}")).is_some()
}

/// `last week`, `today`, `7 days` as the duration that ends now.
fn relative(value: &str) -> Option<String> {
    let lower = value.to_lowercase();
    let (count, unit) = match lower.split_once([' ', '-']) {
        Some(("last" | "past" | "this" | "previous", unit)) => (1, unit),
        Some((count, unit)) => (count.parse::<u32>().ok()?, unit),
        None => {
            let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
            (if digits == 0 { 1 } else { lower[..digits].parse().ok()? }, &lower[digits..])
        }
    };
    let days = match unit.trim_end_matches('s') {
        "hour" => return Some(format!("{count}h")),
        "day" | "today" => 1,
        "yesterday" => 2,
        "week" => 7,
        "month" => 30,
        "year" => 365,
        _ => return None,
    };
    Some(format!("{}d", count.checked_mul(days)?))
}

fn published(value: &str) -> Option<Meta> {
    if let Some((from, to)) = value.split_once("..") {
        let day = |typed: &str| if typed.is_empty() { Some(None) } else { typed.parse::<Date>().ok().map(Some) };
        let (from, to) = (day(from)?, day(to)?);
        let ordered = from.zip(to).is_none_or(|(from, to)| from <= to);
        return ((from.is_some() || to.is_some()) && ordered).then_some(Meta::Days(from, to));
    }
    if let Ok(day) = value.parse::<Date>() {
        return Some(Meta::Days(Some(day), Some(day)));
    }
    let mut seconds = 0u64;
    let mut rest = value;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: u64 = rest[..digits].parse().ok()?;
        let unit = match rest[digits..].chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (seconds > 0 && seconds < 400 * 366 * 86_400).then(|| Meta::Within(Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_refused_with_a_mended_version() {
        let read = |field, value: &str| meta(field, value, 0..value.len());
        assert_eq!(read(Field::Site, "www.Example.com").unwrap(), Meta::Site("example.com".to_string()));
        assert_eq!(read(Field::Published, "1h30m").unwrap(), Meta::Within(Duration::from_mins(90)));
        assert!(matches!(read(Field::Published, "2024-05-01..2024-05-31").unwrap(), Meta::Days(Some(_), Some(_))));
        assert_eq!(read(Field::Tier, "1..2").unwrap(), Meta::Tier(1, 2));
        for (field, value) in [
            (Field::Published, "2024-05-31..2024-05-01"),
            (Field::Published, "soon"),
            (Field::Tier, "x"),
            (Field::Site, "a b"),
            (Field::Lang, "русский"),
            (Field::Published, "99999999999999999999d"),
        ] {
            assert!(read(field, value).unwrap_err().hint.is_some(), "{value}");
        }
    }
}
