//! Web and mail addresses within text: no name is looked for in them.
//! In: text and a place in it where an address shows itself (`@`, `://`, a dot inside a word). Out: the address's span.

use std::ops::Range;

/// Domains that a bare `word.word` is taken for an address by. Those that are English words (in, is, it, me, to …) are left out.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "info", "gov", "edu", "int", "mil", "example", "biz", "tv", "io", "app", "dev", "news",
    "media", "uz", "ru", "kz", "kg", "tj", "tm", "cn", "hk", "tw", "jp", "kr", "uk", "fr", "es", "pl", "tr", "ua",
    "by", "az", "ge", "ir", "pk", "ch", "nl", "eu", "ca", "au", "br", "mn", "рф", "бел", "қаз", "укр",
];

/// An address that contains byte `at` of `text`, not before `from`; `None` when what stands there is no address.
pub fn around(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    if rest.starts_with("://") {
        let start = back(text, from, at, |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        return (start < at).then(|| start..end(text, at + 3, web));
    }
    if rest.starts_with('@') {
        let to = end(text, at + 1, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        let start = back(text, from, at, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%'));
        let mail = start < at && text[at..to].contains('.');
        let handle = start == at && to > at + 1;
        return (mail || handle).then_some(start..to);
    }
    // A dot between two letters without a space.
    let label = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    // Longer than any host name; and С.С.С.С… must not be looked through to its end at each dot.
    if rest.char_indices().take_while(|(_, c)| label(*c)).any(|(at, _)| at > 256) {
        return None;
    }
    let to = end(text, at, label);
    let labels = &text[at..to];
    let last = labels.rsplit('.').next().unwrap_or("");
    let start = back(text, from, at, |c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let path = text[to..].starts_with(['/', '?', '#', ':']);
    let known =
        DOMAINS.contains(&&*last.to_ascii_lowercase()) || path && shortened(&text[start..to], last, &text[to..]);
    if !known {
        return None;
    }
    Some(start..if path { end(text, to, web) } else { to })
}

/// Whether a path goes on right after what is written as a host is, in small letters: t.me/channel, youtu.be/x.
fn shortened(host: &str, last: &str, rest: &str) -> bool {
    host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && (2..=6).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_lowercase())
        && rest
            .strip_prefix('/')
            .is_some_and(|path| path.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '@' | '_')))
}

/// What an address on the web may be written with.
fn web(c: char) -> bool {
    !(c.is_whitespace()
        || matches!(c, '"' | '<' | '>' | '«' | '»' | '“' | '”' | '，' | '。' | '、' | '）' | '（')
        || super::class::han(c))
}

fn back(text: &str, from: usize, at: usize, part: impl Fn(char) -> bool) -> usize {
    // 256 bytes: the longest host name (RFC 1035) and the longest mail address (RFC 5321) are shorter.
    let taken = text[from..at].chars().rev().scan(0, |len, c| {
        *len += c.len_utf8();
        (part(c) && *len <= 256).then_some(*len)
    });
    at - taken.last().unwrap_or(0)
}

fn end(text: &str, at: usize, part: impl Fn(char) -> bool) -> usize {
    let rest = &text[at..];
    let len = rest.find(|c| !part(c)).unwrap_or(rest.len());
    at + rest[..len].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '-']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, mark: &str) -> Option<String> {
        around(text, 0, text.find(mark).unwrap()).map(|span| text[span].to_string())
    }

    #[test]
    fn addresses_are_taken_whole_and_sentences_are_not() {
        assert_eq!(found("see https://a.example/b-c.", "://").as_deref(), Some("https://a.example/b-c"));
        assert_eq!(found("to b.lavsky@mid.example, now", "@").as_deref(), Some("b.lavsky@mid.example"));
        assert_eq!(found("from @lavsky: yes", "@").as_deref(), Some("@lavsky"));
        assert_eq!(found("on boris-lavsky.com/x today", ".").as_deref(), Some("boris-lavsky.com/x"));
        assert_eq!(found("see t.me/lavsky_news now", ".").as_deref(), Some("t.me/lavsky_news"));
        assert_eq!(found("on youtu.be/a1 now", ".").as_deref(), Some("youtu.be/a1"));
        assert_eq!(found("Visit BORIS.COM today", ".").as_deref(), Some("BORIS.COM"));
        assert_eq!(found("a.k.a./alias", "."), None);
        assert_eq!(found("S.p.A./Ltd", "."), None);
        assert_eq!(found("he left.The rest", "."), None);
        assert_eq!(found("г.Москва", "."), None);
        assert_eq!(found("a @ b", "@"), None);
    }
}
