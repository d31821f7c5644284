//! In: the bytes behind a link. Out: whether they are a document that has to be unpacked before anyone reads it: a PDF, an office file, a picture.
//! It unpacks nothing: such a link is reported, and the feed's own words stand for it.

use crate::text::charset;
use memchr::memmem;

/// Bytes at the start in which a PDF says what it is: some have junk before it.
const PDF_WITHIN: usize = 1_024;

/// What the bytes begin with that are no text: gzip, zip (and all of office), zstd, xz, 7z, OLE (old office), PNG, JPEG, GIF, RIFF, RTF.
const MAGIC: [&[u8]; 12] = [
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"RIFF",
    b"{\\rtf",
];

/// `pdf` or `binary`, as [`Article::method`](crate::model::Article::method) says it; `None` for what may be text.
pub(super) fn kind(bytes: &[u8], content_type: Option<&str>) -> Option<&'static str> {
    let said = content_type.unwrap_or_default().trim_start().to_ascii_lowercase();
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    // A page may speak of "%PDF-", and a server may call its "not found" page a PDF.
    let marked = head.trim_ascii_start().starts_with(b"<");
    if !marked && memmem::find(head, b"%PDF-").is_some_and(|at| at == 0 || said.starts_with("application/pdf")) {
        return Some("pdf");
    }
    let media = ["image/", "audio/", "video/"].iter().any(|kind| said.starts_with(kind)) && !marked;
    (media || is_noise(head) || MAGIC.iter().any(|magic| bytes.starts_with(magic))).then_some("binary")
}

/// Control characters of so many kinds stand in no text.
const CONTROLS: u32 = 8;

/// Whether most of it is NUL, more than of UTF-32, which has three in four; or so many of it are control characters as of random bytes.
fn is_noise(head: &[u8]) -> bool {
    if memchr::memchr_iter(0, head).count() * 5 > head.len() * 4 {
        return true;
    }
    // Of two bytes to a letter one may be any.
    if charset::is_wide(head) || memchr::memchr(0, head).is_some() && head.len() < 64 {
        return false;
    }
    let controls = || head.iter().filter(|byte| **byte < b' ' && !matches!(byte, 0 | b'\t'..=b'\r' | 0x1b));
    let kinds = controls().fold(0u32, |kinds, byte| kinds | 1 << byte).count_ones();
    kinds >= CONTROLS && controls().count() * 20 > head.len()
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn what_has_to_be_unpacked_is_known_by_its_first_bytes() {
        assert_eq!(kind(b"%PDF-1.7\n1 0 obj", None), Some("pdf"));
        assert_eq!(kind(b"\r\n%PDF-1.7\n1 0 obj", Some("application/pdf")), Some("pdf"));
        assert_eq!(kind(b"PK\x03\x04word/document.xml", Some("text/html")), Some("binary"));
        assert_eq!(kind(b"\x00\x01", Some("image/webp")), Some("binary"));
        assert_eq!(kind(b"{\\rtf1\\ansi Wang Yi}", None), Some("binary"));
    }

    #[test]
    fn random_bytes_are_no_text_and_a_text_in_any_encoding_is() {
        // A linear congruential generator: Numerical Recipes, chapter 7.
        let mut seed = 1u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed.to_be_bytes()[0]
        };
        let random: Vec<u8> = (0..4_000).map(|_| next()).collect();
        assert_eq!(kind(&random, None), Some("binary"));
        let text = "Министр иностранных дел Ван И прибыл в Ташкент; ".repeat(20);
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.clone().into_bytes(),
            encoding_rs::KOI8_R.encode(&text).0.into_owned(),
            encoding_rs::WINDOWS_1251.encode(&text).0.into_owned(),
            encoding_rs::GB18030.encode("外交部长王毅访问塔什干。").0.into_owned(),
            wide,
        ] {
            assert_eq!(kind(&bytes, None), None);
        }
    }

    #[test]
    fn a_page_is_a_page_whatever_the_server_calls_it() {
        assert_eq!(kind(b"<p>How to read %PDF-1.7</p>", Some("application/pdf")), None);
        assert_eq!(kind(b"On %PDF-1.7 and its kin", Some("text/plain")), None);
        assert_eq!(kind(b"", None), None);
        assert_eq!(kind(b"<\0\0\0p\0\0\0>\0\0\0", None), None, "UTF-32");
        assert_eq!(kind(&[0; 5_000], Some("text/html")), Some("binary"));
    }
}
