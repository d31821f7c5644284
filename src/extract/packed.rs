//! In: the bytes behind a link. Out: whether they are a document that has to be unpacked before anyone reads it: a PDF, an office file, a picture.
//! It unpacks nothing: such a link is reported, and the feed's own words stand for it.

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

/// Whether most of it is NUL: more than of UTF-32, which has three in four.
fn is_noise(head: &[u8]) -> bool {
    memchr::memchr_iter(0, head).count() * 5 > head.len() * 4
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
