//! What was read: the files and environment variables, and places in them. In: text. Out: lines, columns, excerpts.
//! It never shows a secret: what the layers marked as one, and whatever looks like one in a URL, is starred out.

use super::fault::Excerpt;
use std::cell::Cell;
use std::ops::Range;
use std::path::PathBuf;

/// Code points of a line that an excerpt shows.
const EXCERPT_CHARS_MAX: usize = 160;
/// Bytes before and after a place that an excerpt is made of.
const NEAR_BYTES: usize = 4 << 10;
/// Words by which a key names a secret.
const SECRET_WORDS: [&str; 8] = ["pass", "pwd", "secret", "token", "authorization", "apikey", "api_key", "_key"];

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
    /// Whether it is not all TOML: what stands in it may then be something else than it seems.
    pub faulty: bool,
    /// Whether that hides what follows: keys and tables may seem to be missing.
    pub broken: bool,
    /// Byte offsets at which its lines begin.
    lines: Vec<usize>,
    /// Byte offset, line and column last asked for: so that many places in one long line are not counted from its begin.
    last: Cell<(usize, usize, usize)>,
}

impl File {
    pub(super) fn new(name: String, dir: PathBuf, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_string();
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { name, dir, text, secrets: vec![], faulty: false, broken: false, lines, last: Cell::new((0, 0, 1)) }
    }

    /// Line and column of a byte offset, both from 1, the column in code points.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let (at, line) = (self.text.floor_char_boundary(at), self.line(at));
        let (from, col) = match self.last.get() {
            (last, last_line, col) if last_line == line && last <= at => (last, col),
            _ => (self.lines[line], 1),
        };
        let col = col + self.text[from..at].chars().count();
        self.last.set((at, line, col));
        (line + 1, col)
    }

    /// The line of a byte offset, from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at).saturating_sub(1)
    }

    /// The line of the span's begin, with what is meant.
    pub(super) fn excerpt(&self, span: &Range<usize>) -> Excerpt {
        let line = self.line(span.start);
        let to = self.lines.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let start = self.text.floor_char_boundary(span.start.min(to));
        let end = self.text.floor_char_boundary(span.end.clamp(start, to));
        // Of a line without end only the neighbourhood is looked at.
        let from = self.text.floor_char_boundary(start.saturating_sub(NEAR_BYTES).max(self.lines[line]));
        let text = &self.text[from..self.text.floor_char_boundary(to.min(start + NEAR_BYTES))];
        let text = text.trim_end_matches('\r');
        let inside = |at: usize| (at - from).min(text.len());
        let hidden = self.hidden(self.lines[line], text, from);
        let (start, end) = (starred_at(inside(start), &hidden), starred_at(inside(end), &hidden));
        window(&starred(text, &hidden), start, end.max(start), from > self.lines[line])
    }

    /// Ranges of `text` that are not shown; it begins at `from`, on the line that begins at `line`. In order, apart from each
    /// other.
    fn hidden(&self, line: usize, text: &str, from: usize) -> Vec<Range<usize>> {
        let to = from + text.len();
        let known = self.secrets.iter().filter(|secret| secret.start < to && secret.end > from);
        let mut hidden: Vec<_> = known.map(|s| s.start.max(from) - from..s.end.min(to) - from).collect();
        hidden.extend(in_urls(text));
        // Where it is not TOML, nothing was marked: a line whose key names a secret shows no more than its key.
        let head = &self.text[line..self.text.floor_char_boundary(to.min(line + NEAR_BYTES))];
        if self.faulty
            && let Some(equals) = head.find(['=', ':'])
            && names_secret(&head[..equals])
        {
            let value = line + equals + 1 + head[equals + 1..].bytes().take_while(|b| *b == b' ').count();
            hidden.push(value.max(from).min(to) - from..text.len());
        }
        apart(hidden)
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

/// Cuts a long line around the place; what would steer a terminal is shown as U+FFFD.
fn window(line: &str, start: usize, end: usize, cut_before: bool) -> Excerpt {
    let (from, len) = (line[..start].chars().count(), line[start..end].chars().count().max(1));
    let total = line.chars().count();
    let skip = if total <= EXCERPT_CHARS_MAX { 0 } else { from.saturating_sub(EXCERPT_CHARS_MAX / 3) };
    let mut text = String::new();
    let lead = usize::from(skip > 0 || cut_before);
    if lead == 1 {
        text.push('…');
    }
    text.extend(line.chars().skip(skip).take(EXCERPT_CHARS_MAX).map(|c| if steers(c) { '\u{fffd}' } else { c }));
    if skip + EXCERPT_CHARS_MAX < total {
        text.push('…');
    }
    let from = from - skip;
    Excerpt { text, from: from + lead, len: len.min(EXCERPT_CHARS_MAX.saturating_sub(from)).max(1) }
}

/// Control characters but the tab, and marks that turn the direction of what follows.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a key's name says that its value is a secret.
pub(super) fn names_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let key = key.trim().trim_matches('"');
    !key.ends_with("_file") && !key.ends_with("_credential") && SECRET_WORDS.iter().any(|word| key.contains(word))
}

/// Where a password stands in what would be a URL had it a scheme: `user:password@host`.
fn without_scheme(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut start = 0;
    for word in text.split(['"', '\'', ' ', ',']) {
        let known = word.contains("://") || word.starts_with("mailto:");
        if let (false, Some(colon), Some(at)) = (known, word.find(':'), word.rfind('@'))
            && 0 < colon
            && colon + 1 < at
        {
            found.push(start + colon + 1..start + at);
        }
        start += word.len() + 1;
    }
    found
}

/// Where secrets stand in the URLs of a text: all that stands before `@` in one of the web, where a token may be the user's
/// name; in others what stands between `scheme://user:` and `@`; and the values of `?token=` and its like.
pub(super) fn in_urls(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = without_scheme(text);
    for (at, _) in text.match_indices("://") {
        let begin = at + 3;
        let end = text[begin..].find(['"', '\'', ' ']).map_or(text.len(), |n| begin + n);
        let host_end = text[begin..end].find(['/', '?', '#']).map_or(end, |n| begin + n);
        // A password that was not percent-encoded may have a space or a slash in it: what looks like a port is none then.
        let port = text[begin..host_end].split_once(':').map_or("", |(_, port)| port);
        let cut = !text[begin..host_end].contains('@') && !port.bytes().all(|b| b.is_ascii_digit());
        let userinfo_end = if cut && !text[begin..].starts_with('[') {
            text[begin..].find(['"', '\'']).map_or(text.len(), |n| begin + n)
        } else {
            host_end
        };
        if let Some(host) = text[begin..userinfo_end].rfind('@') {
            let web = text[..at].ends_with("http") || text[..at].ends_with("https");
            let colon = text[begin..begin + host].find(':').map(|colon| colon + 1);
            found.extend(if web { Some(0) } else { colon }.map(|from| begin + from..begin + host));
        }
        for (mark, _) in text[host_end..end].match_indices(['?', '&']) {
            let pair = host_end + mark + 1;
            let pair_end = text[pair..end].find(['&', '#']).map_or(end, |n| pair + n);
            if let Some((name, value)) = text[pair..pair_end].split_once('=')
                && (names_secret(name) || name.eq_ignore_ascii_case("key"))
            {
                found.push(pair_end - value.len()..pair_end);
            }
        }
    }
    found
}

/// What was typed, in backticks, fit for a message: one line, not long, without the secrets of a URL.
pub(super) fn quote(typed: &str) -> String {
    format!("`{}`", bare(typed))
}

/// See [`quote`]; without the backticks.
pub(super) fn bare(typed: &str) -> String {
    let shown = starred(typed, &apart(in_urls(typed)));
    crate::text::cut(&crate::text::one_line(&shown), 80)
}

/// The ranges in order and apart from each other.
fn apart(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, kept| {
        let overlap = next.start <= kept.end;
        if overlap {
            kept.end = kept.end.max(next.end);
        }
        overlap
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secrets_of_a_url_are_starred_out() {
        for (typed, shown) in [
            ("smtps://u:p@ss@h/x", "`smtps://u:***@h/x`"),
            ("smtps://u@h", "`smtps://u@h`"),
            ("https://token@h/x?a=1", "`https://***@h/x?a=1`"),
            ("https://h/x?a=1&token=abc&b=2#c", "`https://h/x?a=1&token=***&b=2#c`"),
            ("https://h?key=abc http://u:p@h", "`https://h?key=*** http://***@h`"),
            ("http://http://u:p@h@i", "`http://http://***@i`"),
            ("u:p@h", "`u:***@h`"),
            ("mailto:u@h", "`mailto:u@h`"),
            ("title:x AND @sco", "`title:x AND @sco`"),
            ("http://u:p q@h", "`http://***@h`"),
            ("https://u:p/q@h/x", "`https://***@h/x`"),
            ("https://h:8080/@user", "`https://h:8080/@user`"),
            ("https://h/@user:x", "`https://h/@user:x`"),
        ] {
            assert_eq!(quote(typed), shown);
        }
    }

    #[test]
    fn a_place_is_found_again_beside_what_is_starred_out() {
        let mut file = File::new("f".into(), PathBuf::new(), "a = 'sesame', b = 'Ш', c = 'x'\nnext");
        file.secrets.push(4..12);
        let at = file.text.find("'Ш'").unwrap();
        let excerpt = file.excerpt(&(at..at + 4));
        assert_eq!((excerpt.text.as_str(), excerpt.from, excerpt.len), ("a = ***, b = 'Ш', c = 'x'", 13, 3));
        assert_eq!(file.position(at), (1, 19));
        assert_eq!((file.excerpt(&(6..8)).from, file.excerpt(&(4..12)).from), (7, 4));
        assert_eq!(file.position(file.text.len()), (2, 5));
    }

    #[test]
    fn of_a_long_line_the_neighbourhood_is_shown() {
        let text = format!("{}HERE{}", "ы".repeat(10_000), "ю".repeat(10_000));
        let file = File::new("f".into(), PathBuf::new(), &text);
        let excerpt = file.excerpt(&(20_000..20_004));
        let shown: String = excerpt.text.chars().skip(excerpt.from).take(excerpt.len).collect();
        assert_eq!((shown.as_str(), excerpt.text.chars().count()), ("HERE", EXCERPT_CHARS_MAX + 2));
        assert_eq!(file.position(20_000), (1, 10_001));
    }
}
