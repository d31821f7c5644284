//! robots.txt as RFC 9309 has it, read for one agent.

use crate::model::limits::ROBOTS_BYTES_MAX;
use crate::text::{cut, one_line};
use memchr::memmem;
use std::fmt::Write as _;

/// The rules of one robots.txt that bind one agent; a few bytes each, so that thousands of files can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Robots {
    /// All patterns, one after the other: ASCII, the rest percent-encoded.
    patterns: String,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    allow: bool,
    line: u32,
    start: u32,
    end: u32,
}

/// Whether a URL may be fetched, and which rule says so.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Access {
    /// Whether it may.
    pub allowed: bool,
    /// The deciding rule, as `Disallow: /private`; `None` when none applies.
    pub rule: Option<String>,
    /// Its line in the file, from 1.
    pub line: Option<usize>,
}

impl Robots {
    /// Reads the rules for `agent`, a product token such as `wirewatch` (what follows a `/` is ignored). Groups that name the
    /// agent are merged; without any, those for `*` bind it. Whatever is not understood is skipped, as is all after 500 KiB.
    #[must_use]
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        let bytes = &bytes[..bytes.len().min(ROBOTS_BYTES_MAX)];
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let agent = agent.split('/').next().unwrap_or("").as_bytes();
        let (mut own, mut any) = (Self::default(), Self::default());
        let (mut named, mut for_own, mut for_any, mut in_rules) = (false, false, false, false);
        for (line, text) in (1..).zip(lines(bytes)) {
            let Some((field, value)) = field(text) else { continue };
            let allow = match field {
                Field::UserAgent => {
                    if std::mem::take(&mut in_rules) {
                        (for_own, for_any) = (false, false);
                    }
                    if value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace) {
                        for_any = true;
                    } else if !agent.is_empty() && token(value).eq_ignore_ascii_case(agent) {
                        (for_own, named) = (true, true);
                    }
                    continue;
                }
                Field::Allow => true,
                Field::Disallow => false,
            };
            in_rules = true;
            if for_own {
                own.push(allow, line, value);
            } else if for_any && !named {
                any.push(allow, line, value);
            }
        }
        if named { own } else { any }
    }

    /// Whether `url` may be fetched: the longest matching pattern decides, and `Allow` where two are equally long.
    ///
    /// The URL is compared as it is written, as google/robotstxt does, which site owners test against: patterns are brought
    /// to the percent-encoded form that a URL has on the wire, but `%62` and `b` stay two things.
    #[must_use]
    pub fn access(&self, url: &str) -> Access {
        let path = upper_hex(path(url));
        let longest = self
            .rules
            .iter()
            .filter(|rule| matches(self.pattern(rule).as_bytes(), &path))
            .max_by_key(|rule| (rule.end - rule.start, rule.allow, std::cmp::Reverse(rule.line)));
        match longest {
            Some(rule) if path != b"/robots.txt" => {
                Access { allowed: rule.allow, rule: Some(self.show(rule)), line: usize::try_from(rule.line).ok() }
            }
            _ => Access { allowed: true, rule: None, line: None },
        }
    }

    /// Bytes that it holds on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.patterns.capacity() + self.rules.capacity() * size_of::<Rule>()
    }

    fn push(&mut self, allow: bool, line: u32, pattern: &[u8]) {
        let start = self.patterns.len();
        for byte in upper_hex(pattern.to_vec()) {
            match byte {
                0x80.. => {
                    // Writing to a String cannot fail.
                    let _ = write!(self.patterns, "%{byte:02X}");
                }
                _ => self.patterns.push(char::from(byte)),
            }
        }
        // An empty pattern says nothing (RFC 9309, section 2.2.2); it only ends the list of agents.
        // 500 KiB of patterns, three times as long when encoded, fit into 32 bits.
        if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.patterns.len()))
            && start < end
        {
            self.rules.push(Rule { allow, line, start, end });
        }
    }

    fn pattern(&self, rule: &Rule) -> &str {
        &self.patterns[rule.start as usize..rule.end as usize]
    }

    fn show(&self, rule: &Rule) -> String {
        let name = if rule.allow { "Allow" } else { "Disallow" };
        format!("{name}: {}", cut(&one_line(self.pattern(rule)), 200))
    }
}

enum Field {
    UserAgent,
    Allow,
    Disallow,
}

/// Lines end with LF, CR or both (RFC 9309, section 2.2).
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', text) else {
            rest = None;
            return Some(text);
        };
        let skip = if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&text[end + skip..]);
        Some(&text[..end])
    })
}

/// The field and the value of one line. The colon may be missing between two words, and the usual misspellings count:
/// what its author meant is plain, and to misunderstand it would be at their expense.
fn field(line: &[u8]) -> Option<(Field, &[u8])> {
    let line = line[..memchr::memchr(b'#', line).unwrap_or(line.len())].trim_ascii();
    let (name, value) = if let Some(colon) = memchr::memchr(b':', line) {
        (line[..colon].trim_ascii_end(), line[colon + 1..].trim_ascii_start())
    } else {
        let gap = line.iter().position(u8::is_ascii_whitespace)?;
        let value = line[gap..].trim_ascii_start();
        (!value.iter().any(u8::is_ascii_whitespace)).then_some((&line[..gap], value))?
    };
    let field = match name.to_ascii_lowercase().as_slice() {
        b"user-agent" | b"useragent" | b"user agent" => Field::UserAgent,
        b"allow" => Field::Allow,
        b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => Field::Disallow,
        _ => return None,
    };
    Some((field, value))
}

/// The product token that a value begins with.
fn token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|b| !(b.is_ascii_alphabetic() || matches!(b, b'-' | b'_')));
    &value[..end.unwrap_or(value.len())]
}

/// The path and query of a URL; a bare path is taken for itself.
fn path(url: &str) -> Vec<u8> {
    let url = url.split('#').next().unwrap_or("");
    let after = url.strip_prefix("//").unwrap_or(url);
    let first = after.find(['/', '?', ';']).unwrap_or(after.len());
    let authority = match after.find("://") {
        Some(scheme) if scheme < first => scheme + 3,
        _ => 0,
    };
    match after[authority..].find(['/', '?', ';']).map(|at| &after[authority + at..]) {
        Some(path) if path.starts_with('/') => path.into(),
        Some(query) => [b"/", query.as_bytes()].concat(),
        None => b"/".into(),
    }
}

/// `%3a` and `%3A` are one (RFC 3986, section 2.1).
fn upper_hex(mut text: Vec<u8>) -> Vec<u8> {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'%', &text[at..]) {
        at += found + 1;
        if let Some(digits) = text.get_mut(at..at + 2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            digits.make_ascii_uppercase();
        }
    }
    text
}

/// Whether the pattern matches the beginning of the path; `*` is any text, `$` at the end the path's end.
/// Each piece between stars is taken where it is first found: linear in the path for one pattern, whatever it holds.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix(b"$").map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split(|b| *b == b'*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or(b"")) else { return false };
    let Some(last) = pieces.next_back() else { return !to_the_end || rest.is_empty() };
    for piece in pieces {
        match memmem::find(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if to_the_end { rest.ends_with(last) } else { memmem::find(rest, last).is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(robots: &str, agent: &str, url: &str, rule: Option<&str>) {
        let access = Robots::parse(robots.as_bytes(), agent).access(url);
        assert_eq!(access.rule.as_deref(), rule, "{agent} {url} under\n{robots}");
        assert_eq!(access.allowed, rule.is_none_or(|rule| rule.starts_with("Allow")), "{agent} {url}");
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let robots = "User-agent: *\nDisallow: /news\nAllow: /news/world\nDisallow: /news/world/old\nAllow: /tie\nDisallow: /tie\n";
        check(robots, "wirewatch", "https://x.example/about", None);
        check(robots, "wirewatch", "https://x.example/news/a", Some("Disallow: /news"));
        check(robots, "wirewatch", "https://x.example/news/world/a", Some("Allow: /news/world"));
        check(robots, "wirewatch", "https://x.example/news/world/old/1", Some("Disallow: /news/world/old"));
        check(robots, "wirewatch", "https://x.example/tie", Some("Allow: /tie"));
    }

    #[test]
    fn groups_that_name_the_agent_are_merged_and_those_for_all_then_do_not_count() {
        let robots = "User-agent: *\nDisallow: /all\n\nUser-agent: WireWatch\nUser-agent: other\nDisallow: /one\n\n\
                      Sitemap: https://x.example/s.xml\nUser-agent: else\nDisallow: /\n\nuser-agent: wirewatch/2.0 (x)\nDisallow: /two\n";
        check(robots, "wirewatch", "/all", None);
        check(robots, "wirewatch/0.1", "/one", Some("Disallow: /one"));
        check(robots, "wirewatch", "/two", Some("Disallow: /two"));
        check(robots, "stranger", "/all", Some("Disallow: /all"));
        check(robots, "other", "/two", None);
        check(robots, "", "/one", None);
    }

    #[test]
    fn an_unknown_line_does_not_end_the_list_of_agents() {
        check(
            "User-agent: wirewatch\nCrawl-delay: 5\nUser-agent: *\nDisallow: /\n",
            "wirewatch",
            "/",
            Some("Disallow: /"),
        );
        check("User-agent: wirewatch\nDisallow:\nUser-agent: *\nDisallow: /\n", "wirewatch", "/", None);
    }

    #[test]
    fn star_is_any_text_and_a_last_dollar_the_end() {
        let robots =
            "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*b*c\nDisallow: /x$y\nDisallow: /only$\nDisallow: /q/*$\n";
        check(robots, "w", "https://x.example/f.pdf", Some("Disallow: /*.pdf$"));
        check(robots, "w", "https://x.example/f.pdf.pdf", Some("Disallow: /*.pdf$"));
        check(robots, "w", "https://x.example/f.pdf?x", None);
        check(robots, "w", "https://x.example/a-b-c-d", Some("Disallow: /a*b*c"));
        check(robots, "w", "https://x.example/a-c-b", None);
        check(robots, "w", "https://x.example/x$yz", Some("Disallow: /x$y"));
        check(robots, "w", "https://x.example/only", Some("Disallow: /only$"));
        check(robots, "w", "https://x.example/only/", None);
        check(robots, "w", "https://x.example/q/z", Some("Disallow: /q/*$"));
    }

    #[test]
    fn a_file_is_read_whatever_its_line_ends_mark_and_spelling() {
        for robots in [
            "\u{feff}User-Agent: *\r\nDisallow: /x\r\n",
            "user-agent:*\rdisallow:/x\r",
            "USERAGENT * # all\n\n  dissallow   /x   # why",
        ] {
            check(robots, "w", "/xy", Some("Disallow: /x"));
        }
        let access = Robots::parse(b"#\r\n\r\nuser-agent: *\r\n\rdisallow: /x\r\n", "w").access("/x");
        assert_eq!(access.line, Some(5));
    }

    #[test]
    fn a_pattern_is_compared_as_it_would_stand_in_a_url() {
        check(
            "user-agent: *\ndisallow: /новости",
            "w",
            "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
            Some("Disallow: /%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        );
        check("user-agent: *\ndisallow: /%d0%bd", "w", "/%d0%BD", Some("Disallow: /%D0%BD"));
        check("user-agent: *\ndisallow: /%zz%", "w", "/%zz%", Some("Disallow: /%zz%"));
    }

    #[test]
    fn the_path_is_found_in_any_url() {
        for (url, expected) in [
            ("", "/"),
            ("https://x.example", "/"),
            ("https://x.example#a/b", "/"),
            ("https://x.example?q=a://b/c", "/?q=a://b/c"),
            ("https://x.example/a?u=http://y.example/#f", "/a?u=http://y.example/"),
            ("//x.example/a", "/a"),
            ("x.example/a;b", "/a;b"),
            ("https://x.example/я", "/я"),
        ] {
            assert_eq!(String::from_utf8(path(url)).unwrap(), expected, "{url}");
        }
    }

    #[test]
    fn robots_txt_itself_is_never_forbidden() {
        check("user-agent: *\ndisallow: /", "w", "https://x.example/robots.txt", None);
    }

    #[test]
    fn what_stands_after_500_kib_is_not_read() {
        let robots = format!("user-agent: *\n#{}\ndisallow: /late\n", "x".repeat(ROBOTS_BYTES_MAX));
        check(&robots, "w", "/late", None);
    }

    #[test]
    fn a_hostile_file_of_stars_is_matched_in_linear_time() {
        let stars = format!("user-agent: *\ndisallow: /{}b\n", "*a".repeat(200_000));
        check(&stars, "w", &format!("/{}", "a".repeat(100_000)), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_much(bytes: Vec<u8>, url: String) {
            let _ = Robots::parse(&bytes, "wirewatch").access(&url);
        }
    }
}
