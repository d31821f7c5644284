//! In: text with character references as HTML has them. Out: the characters.
//! It never expands what a document defines itself.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::borrow::Cow;

/// Longest name of a reference: `CounterClockwiseContourIntegral`.
const NAME_BYTES_MAX: usize = 32;

/// The one or two characters that a reference means, `&` and `;` taken off: `amp`, `#8217`, `#x2019` (WHATWG HTML, section 13.5).
/// Numbers from 128 to 159 mean what they mean in windows-1252; zero, surrogates and what is no character mean U+FFFD.
pub fn character(reference: &str) -> Option<(char, Option<char>)> {
    if let Some(number) = reference.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
            None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
            _ => return None,
        };
        return match code {
            Ok(code) => Some((from_code(code), None)),
            Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => {
                Some((char::REPLACEMENT_CHARACTER, None))
            }
            Err(_) => None,
        };
    }
    if reference.len() > NAME_BYTES_MAX {
        return None;
    }
    let mut name = [0_u8; NAME_BYTES_MAX + 1];
    name[..reference.len()].copy_from_slice(reference.as_bytes());
    name[reference.len()] = b';';
    let name = std::str::from_utf8(&name[..=reference.len()]).ok()?;
    // The table also holds every beginning of a name, as zeros.
    let &(first, second) = NAMED_ENTITIES.get(name)?;
    let first = char::from_u32(first).filter(|c| *c != '\0')?;
    Some((first, char::from_u32(second).filter(|c| *c != '\0')))
}

fn from_code(code: u32) -> char {
    if let Some(c) = code.checked_sub(0x80).and_then(|at| C1_REPLACEMENTS.get(at as usize)).copied().flatten() {
        return c;
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Replaces the references in a text by their characters. What is no reference stays: `AT&T`, `a & b`, `&nosuch;`.
pub fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        let (characters, used) = match reference(rest) {
            Some((name, used)) => (character(name), used),
            None => (None, 1),
        };
        match characters {
            Some((first, second)) => {
                decoded.push(first);
                decoded.extend(second);
            }
            None => decoded.push_str(&rest[..used]),
        }
        rest = &rest[used..];
        let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        decoded.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(decoded)
}

/// The reference at the start of a text that begins with `&`: its name and its length in bytes, `&` and `;` included.
/// The few that old pages write without `;` are taken where no letter, digit or `=` follows.
pub(super) fn reference(text: &str) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let hash = usize::from(bytes.get(1) == Some(&b'#'));
    let end =
        1 + hash + bytes[1 + hash..].iter().take(NAME_BYTES_MAX).take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = &text[1..end];
    match bytes.get(end) {
        _ if end == 1 + hash => None,
        Some(b';') => Some((name, end + 1)),
        Some(b'=') => None,
        _ if hash == 1
            || matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy" | "reg" | "laquo" | "raquo") =>
        {
            Some((name, end))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_their_characters() {
        assert_eq!(
            decode("R&amp;D &#8217;s &#x2019; &laquo;ok&raquo; &NotEqualTilde; &nbsp"),
            "R&D ’s ’ «ok» ≂\u{338} \u{a0}"
        );
        assert_eq!(decode("don&#146;t"), "don’t");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["AT&T", "a & b", "&nosuch;", "?a=1&copy=2", "&", "&;", "&#;", "&#x;", "& amp;", "&notit;", "&Ш;"]
        {
            assert_eq!(decode(text), text);
        }
    }

    #[test]
    fn no_number_makes_a_character_that_there_is_not() {
        assert_eq!(decode("&#0;&#xd800;&#99999999999999;&#x110000;"), "\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }
}
