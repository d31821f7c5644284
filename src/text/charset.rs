//! In: the bytes of a document and its Content-Type. Out: its text, the encoding, and how that was known.
//! A label that the bytes give the lie to is not believed. It never fails: what cannot be decoded is replaced by U+FFFD.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;
use std::borrow::Cow;

/// A document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding by its WHATWG name in lower case; `utf-32be` and `utf-32le`, which have none, by IANA's.
    pub encoding: &'static str,
    /// How the encoding was known.
    pub how: How,
    /// Whether some bytes made no character and were replaced by U+FFFD.
    pub lossy: bool,
}

/// How an encoding was known: the first of these that there is, unless the bytes give it the lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// A byte order mark.
    Bom,
    /// The charset of the Content-Type header.
    Header,
    /// The XML declaration or a `<meta>` element.
    Declaration,
    /// The bytes themselves.
    Guess,
}

/// How much of a document is searched for a declaration (WHATWG reads 1024 bytes; feeds hide it behind comments).
const DECLARATION_BYTES_MAX: usize = 4 << 10;
/// How much of a document a guess looks at, from its first byte that is not ASCII.
const GUESS_BYTES_MAX: usize = 256 << 10;

/// Decodes a document: byte order mark, then header, then declaration, then guess.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((wide, skip, how)) = wide(bytes) {
        return match wide {
            Wide::Utf32 { big_endian } => utf32(&bytes[skip..], big_endian, how),
            Wide::Utf16(encoding) => with(encoding, &bytes[skip..], how),
        };
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, How::Bom);
    }
    let labelled = content_type
        .and_then(charset_of)
        .map(|encoding| (encoding, How::Header))
        .or_else(|| declared(bytes).map(|encoding| (encoding, How::Declaration)));
    match labelled {
        Some((encoding, how)) if encoding == UTF_8 => utf8(bytes, how),
        Some((encoding, how)) if !is_surely_utf8(bytes, encoding) => with(encoding, bytes, how),
        Some(_) | None => utf8(bytes, How::Guess),
    }
}

/// The charset parameter of a Content-Type (RFC 9110, section 8.3), quoted in whichever way.
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    let value = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    by_label(value.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').as_bytes())
}

/// An encoding by its label. Bytes that were read so far are ASCII at heart, so "UTF-16" in them means UTF-8 (WHATWG HTML, 13.2.3.2).
fn by_label(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label)?;
    Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
}

/// What the XML declaration or a `<meta>` element says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES_MAX)];
    if let Some(at) = memmem::find(head, b"<?xml ") {
        let declaration = &head[at..];
        let declaration = &declaration[..memchr::memchr(b'>', declaration).unwrap_or(declaration.len())];
        return by_label(value_after(declaration, b"encoding")?);
    }
    let mut rest = head;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at + 1..];
        if rest.len() >= 5 && rest[..5].eq_ignore_ascii_case(b"meta ") {
            let tag = &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())];
            if let Some(encoding) = value_after(tag, b"charset").and_then(by_label) {
                return Some(encoding);
            }
        }
    }
    None
}

/// The value after `name=` in a tag, with or without quotes.
fn value_after<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = tag.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))?;
    let rest = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| matches!(b, b'"' | b'\'' | b';' | b'?' | b' ' | b'/')).unwrap_or(rest.len());
    Some(&rest[..end])
}

enum Wide {
    Utf16(&'static Encoding),
    Utf32 { big_endian: bool },
}

/// Whether the bytes begin as those of UTF-16 or UTF-32 do.
#[must_use]
pub fn is_wide(bytes: &[u8]) -> bool {
    wide(bytes).is_some()
}

/// Encodings of two and four bytes: by their mark, or by where the zeros stand around the first `<` (XML 1.0, appendix F).
fn wide(bytes: &[u8]) -> Option<(Wide, usize, How)> {
    let utf32 = |big_endian| Wide::Utf32 { big_endian };
    Some(match bytes {
        [0, 0, 0xfe, 0xff, ..] => (utf32(true), 4, How::Bom),
        [0xff, 0xfe, 0, 0, ..] => (utf32(false), 4, How::Bom),
        [0xfe, 0xff, ..] => (Wide::Utf16(UTF_16BE), 2, How::Bom),
        [0xff, 0xfe, ..] => (Wide::Utf16(UTF_16LE), 2, How::Bom),
        [0, 0, 0, b'<', ..] => (utf32(true), 0, How::Guess),
        [b'<', 0, 0, 0, ..] => (utf32(false), 0, How::Guess),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => (Wide::Utf16(UTF_16BE), 0, How::Guess),
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => (Wide::Utf16(UTF_16LE), 0, How::Guess),
        _ => return None,
    })
}

/// Whether bytes labelled otherwise are UTF-8 all the same: its sequences do not come about by chance.
fn is_surely_utf8(bytes: &[u8], labelled: &'static Encoding) -> bool {
    // A single-byte text needs one accident to look like UTF-8, a Chinese one of a few characters a little more luck.
    let sequences_min = if labelled.is_single_byte() { 1 } else { 3 };
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    text.chars().filter(|c| !c.is_ascii()).take(sequences_min).count() == sequences_min
}

/// Text that is UTF-8, or says so; where most of it is not, the encoding is guessed.
fn utf8(bytes: &[u8], how: How) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: "utf-8", how, lossy: false };
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if how != How::Bom && bad > good / 4 {
        return with(guess(bytes), bytes, How::Guess);
    }
    Decoded { text: String::from_utf8_lossy(bytes), encoding: "utf-8", how, lossy: true }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let start = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    // A little of what stands before: the detector weighs neighbours.
    let start = start.saturating_sub(64);
    let end = bytes.len().min(start + GUESS_BYTES_MAX);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[start..end], end == bytes.len());
    detector.guess(None, Utf8Detection::Deny)
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8], how: How) -> Decoded<'a> {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: name(encoding), how, lossy }
}

/// Four bytes a character. No part of the web's encodings, but of XML's.
fn utf32(bytes: &[u8], big_endian: bool, how: How) -> Decoded<'static> {
    let mut lossy = !bytes.len().is_multiple_of(4);
    let text = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| {
            let code = if big_endian { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) };
            char::from_u32(code).unwrap_or_else(|| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect::<String>();
    let encoding = if big_endian { "utf-32be" } else { "utf-32le" };
    Decoded { text: Cow::Owned(text), encoding, how, lossy }
}

/// WHATWG's names in lower case.
const NAMES: [&str; 40] = [
    "big5",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "gbk",
    "ibm866",
    "iso-2022-jp",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "replacement",
    "shift_jis",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "x-mac-cyrillic",
    "x-user-defined",
];

fn name(encoding: &'static Encoding) -> &'static str {
    NAMES.into_iter().find(|name| name.eq_ignore_ascii_case(encoding.name())).unwrap_or(encoding.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], content_type: Option<&str>, text: &str, encoding: &str, how: How) {
        let decoded = decode(bytes, content_type);
        assert_eq!((&*decoded.text, decoded.encoding, decoded.how), (text, encoding, how));
    }

    #[test]
    fn the_mark_outranks_the_header_and_the_header_the_declaration() {
        check(b"\xef\xbb\xbf\xc3\xa9", Some("text/xml; charset=koi8-r"), "é", "utf-8", How::Bom);
        check(b"\xe9", Some("text/xml; Charset='ISO-8859-1'"), "é", "windows-1252", How::Header);
        let declared = b"<?xml version='1.0' encoding='windows-1251'?><a>\xd8\xce\xd1</a>";
        check(
            declared,
            None,
            "<?xml version='1.0' encoding='windows-1251'?><a>ШОС</a>",
            "windows-1251",
            How::Declaration,
        );
        check(b"<meta CHARSET=\"koi8-r\">\xfb", None, "<meta CHARSET=\"koi8-r\">Ш", "koi8-r", How::Declaration);
    }

    #[test]
    fn a_label_that_the_bytes_belie_is_not_believed() {
        check("Ташкент".as_bytes(), Some("text/html; charset=iso-8859-1"), "Ташкент", "utf-8", How::Guess);
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Министр иностранных дел прибыл в Ташкент");
        check(
            &cyrillic,
            Some("text/xml; charset=utf-8"),
            "Министр иностранных дел прибыл в Ташкент",
            "windows-1251",
            How::Guess,
        );
    }

    #[test]
    fn one_bad_byte_does_not_change_the_encoding() {
        let decoded = decode("Встреча министров в Астане \u{0}".as_bytes(), None);
        assert!(!decoded.lossy);
        let mut bytes = "Встреча министров в Астане".as_bytes().to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes, None);
        assert_eq!((decoded.encoding, decoded.lossy), ("utf-8", true));
        assert!(decoded.text.starts_with("Встреча министров"));
    }

    #[test]
    fn wide_encodings_are_known_by_their_zeros() {
        let wide: Vec<u8> = "<?xml?>Ш".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, Some("text/xml; charset=us-ascii"), "<?xml?>Ш", "utf-16be", How::Guess);
        let wide: Vec<u8> = "\u{feff}Ш".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, None, "Ш", "utf-16le", How::Bom);
        let wide: Vec<u8> = "<a>".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        check(&wide, None, "<a>", "utf-32be", How::Guess);
        assert!(decode(&[0, 0, 0, b'<', 0xff, 0xff, 0xff, 0xff, 1], None).lossy);
    }

    #[test]
    fn every_encoding_has_its_name() {
        for label in ["utf-8", "gb18030", "shift-jis", "tis-620", "iso-8859-8-i", "x-mac-cyrillic", "big5-hkscs"] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            assert_eq!(name(encoding), encoding.name().to_lowercase());
        }
    }
}
