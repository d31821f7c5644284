//! What was typed about sizes, languages, selectors and headers, as values.
//! In: a string. Out: the value, or what is wrong with it and what to write.

use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::quote;

const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1000),
    ("KB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// `8MiB`, `512KiB`: a whole number with a unit, in bytes.
pub(super) fn size(typed: &str) -> Typed<usize> {
    let bad = |hint: &str| Bad::new(Code::BadSize, format!("{} is not a size", quote(typed))).hint(hint);
    let digits = typed.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = typed.split_at(digits);
    let Ok(number) = number.parse::<u64>() else { return Err(bad("a size is a number with a unit: 8MiB, 512KiB")) };
    if unit.is_empty() {
        return Err(bad(&format!("the unit is missing: {number}B, {number}KiB or {number}MiB")));
    }
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit.trim_start()) else {
        return Err(bad("the units are B, KiB, MiB, GiB, kB, MB, GB"));
    };
    let bytes = number.checked_mul(*factor).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| bad("at least 1B, and less than memory can hold"))
}

/// A language tag (BCP 47, loosely): `en`, `uz-Cyrl`.
pub(super) fn language(typed: &str) -> Typed<String> {
    let mut parts = typed.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    if letters && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Ok(typed.to_string());
    }
    Err(Bad::new(Code::BadValue, format!("{} is not a language tag", quote(typed)))
        .hint("write en, ru, uz, uz-Cyrl, zh"))
}

/// A CSS selector.
pub(super) fn selector(typed: &str) -> Typed<String> {
    match scraper::Selector::parse(typed) {
        Ok(_) => Ok(typed.to_string()),
        Err(error) => {
            let why = crate::text::cut(&crate::text::one_line(&error.to_string()), 100);
            Err(Bad::new(Code::BadSelector, format!("{} is not a CSS selector: {why}", quote(typed)))
                .hint("for example \"main .news a\" or \"article p\""))
        }
    }
}

/// The name of an HTTP header (RFC 9110: a token).
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// The value of an HTTP header: it must not end its line.
pub(super) fn is_header_value(value: &str) -> bool {
    value.bytes().all(|b| b == b'\t' || (b >= b' ' && b != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (typed, bytes) in
            [("8MiB", 8 << 20), ("512KiB", 512 << 10), ("1B", 1), ("1 GiB", 1 << 30), ("2MB", 2_000_000)]
        {
            assert_eq!(size(typed), Ok(bytes), "{typed}");
        }
        for typed in ["", "8", "MiB", "-1MiB", "0MiB", "1.5MiB", "8mib", "99999999999TiB"] {
            assert!(size(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn languages_are_tags() {
        for typed in ["en", "uz-Cyrl", "zh-Hans-CN", "tg"] {
            assert!(language(typed).is_ok(), "{typed}");
        }
        for typed in ["", "e", "english", "en_US", "русский", "en-"] {
            assert!(language(typed).is_err(), "{typed}");
        }
    }
}
