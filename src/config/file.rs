//! What was read: the files and environment variables, and places in them. In: text. Out: lines, columns, excerpts.
//! It never shows a secret: what the layers marked as one, and whatever looks like one in a URL, is starred out.

use super::fault::Excerpt;
use std::ops::Range;
use std::path::PathBuf;

/// Code points of a line that an excerpt shows.
const EXCERPT_CHARS_MAX: usize = 160;
/// Words by which a key names a secret.
const SECRET_WORDS: [&str; 6] = ["password", "passwd", "secret", "token", "authorization", "api_key"];

/// One file or environment variable.
#[derive(Debug)]
pub(super) struct File {
    /// The path as it is shown, or `env:NAME`.
    pub name: String,
    /// What relative paths in it are relative to.
    pub dir: PathBuf,
    /// Its text, without a byte order mark.
    pub text: String,
    /// Byte ranges of `text` that are never shown.
    pub secrets: Vec<Range<usize>>,
    /// Whether it could not be parsed to its end.
    pub broken: bool,
    /// Byte offsets at which its lines begin.
    lines: Vec<usize>,
}

impl File {
    pub(super) fn new(name: String, dir: PathBuf, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_string();
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { name, dir, text, secrets: vec![], broken: false, lines }
    }

    /// Line and column of a byte offset, both from 1, the column in code points.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line(at);
        let from = self.lines[line];
        let at = floor(&self.text, at);
        (line + 1, self.text[from.min(at)..at].chars().count() + 1)
    }

    /// The line of the span's begin, with what is meant.
    pub(super) fn excerpt(&self, span: &Range<usize>) -> Excerpt {
        let line = self.line(span.start);
        let from = self.lines[line];
        let to = self.lines.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = self.text[from..to].trim_end_matches('\r');
        let inside = |at: usize| floor(text, at.saturating_sub(from).min(text.len()));
        let hidden = self.hidden(text, from);
        let (start, end) = (starred_at(inside(span.start), &hidden), starred_at(inside(span.end), &hidden));
        window(&starred(text, &hidden), start, end.max(start))
    }

    /// Ranges of the line `text`, which begins at `from`, that are not shown; in order, apart from each other.
    fn hidden(&self, text: &str, from: usize) -> Vec<Range<usize>> {
        let to = from + text.len();
        let known = self.secrets.iter().filter(|secret| secret.start < to && secret.end > from);
        let mut hidden: Vec<_> = known.map(|s| s.start.max(from) - from..s.end.min(to) - from).collect();
        hidden.extend(userinfo(text));
        if self.broken
            && let Some(equals) = text.find(['=', ':'])
            && names_secret(&text[..equals])
        {
            hidden.push(equals + 1..text.len());
        }
        hidden.sort_by_key(|range| (range.start, range.end));
        hidden.dedup_by(|next, kept| {
            let overlap = next.start <= kept.end;
            if overlap {
                kept.end = kept.end.max(next.end);
            }
            overlap
        });
        hidden
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at).saturating_sub(1)
    }
}

/// The text with stars for what is hidden.
fn starred(text: &str, hidden: &[Range<usize>]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for range in hidden {
        shown.push_str(&text[done..range.start]);
        shown.push_str("***");
        done = range.end;
    }
    shown + &text[done..]
}

/// Where a byte offset of a text stands in [`starred`]; inside of a secret, behind its stars.
fn starred_at(at: usize, hidden: &[Range<usize>]) -> usize {
    let before = hidden.iter().take_while(|range| range.start < at);
    before.fold(at, |shown, range| shown + "***".len() - (at.min(range.end) - range.start))
}

/// Cuts a long line around the place.
fn window(line: &str, start: usize, end: usize) -> Excerpt {
    let (from, len) = (line[..start].chars().count(), line[start..end].chars().count().max(1));
    if line.chars().count() <= EXCERPT_CHARS_MAX {
        return Excerpt { text: line.to_string(), from, len };
    }
    let skip = from.saturating_sub(EXCERPT_CHARS_MAX / 3);
    let mut text: String = line.chars().skip(skip).take(EXCERPT_CHARS_MAX).collect();
    if skip + EXCERPT_CHARS_MAX < line.chars().count() {
        text.push('…');
    }
    let lead = if skip > 0 { 1 } else { 0 };
    if skip > 0 {
        text.insert(0, '…');
    }
    Excerpt { text, from: from - skip + lead, len: len.min(EXCERPT_CHARS_MAX - (from - skip)) }
}

/// Whether a key's name says that its value is a secret.
pub(super) fn names_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let key = key.trim().trim_matches('"');
    !key.ends_with("_file") && !key.ends_with("_credential") && SECRET_WORDS.iter().any(|word| key.contains(word))
}

/// Where passwords stand in the URLs of a text: between `scheme://user:` and `@`.
pub(super) fn userinfo(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    for (at, _) in text.match_indices("://") {
        let begin = at + 3;
        let end = text[begin..].find(['/', '?', '#', '"', '\'', ' ']).map_or(text.len(), |n| begin + n);
        if let Some(host) = text[begin..end].rfind('@')
            && let Some(colon) = text[begin..begin + host].find(':')
        {
            found.push(begin + colon + 1..begin + host);
        }
    }
    found
}

/// What was typed, in backticks, fit for a message: one line, not long, without the password of a URL.
pub(super) fn quote(typed: &str) -> String {
    format!("`{}`", bare(typed))
}

/// See [`quote`]; without the backticks.
pub(super) fn bare(typed: &str) -> String {
    let shown = starred(typed, &userinfo(typed));
    crate::text::cut(&crate::text::one_line(&shown), 80)
}

/// The nearest character boundary at or before a byte offset.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
