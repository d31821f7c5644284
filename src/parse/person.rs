//! In: an author as somebody wrote them. Out: name, address and place on the web, as far as they can be told apart.
//! It never invents a name.

use crate::model::Person;
use crate::text::one_line;

/// Longest text that is taken for an author, in bytes.
const PERSON_BYTES_MAX: usize = 1 << 10;

/// Reads `Name`, `a@b.example`, `a@b.example (Name)`, `Name (a@b.example)`, `Name <a@b.example>`, `mailto:` before it or not.
pub fn parse(text: &str) -> Option<Person> {
    let text = one_line(text);
    if text.is_empty() || text.len() > PERSON_BYTES_MAX {
        return None;
    }
    let Some((start, end)) = email(&text) else {
        return Some(Person { name: Some(text), ..Person::default() });
    };
    let around = |c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | '"' | '-' | '—' | '：' | '（' | '）')
    };
    let before = text[..start].trim_end_matches("mailto:").trim_matches(around);
    let after = text[end..].trim_matches(around);
    let name = if before.len() >= after.len() { before } else { after };
    Some(Person {
        name: (!name.is_empty()).then(|| name.to_string()),
        email: Some(text[start..end].to_string()),
        uri: None,
    })
}

/// Where the first mail address in a text lies.
fn email(text: &str) -> Option<(usize, usize)> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-');
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).find_map(|at| {
        let start = at - bytes[..at].iter().rev().take_while(|b| part(b)).count();
        let end = at + 1 + bytes[at + 1..].iter().take_while(|b| part(b)).count();
        let host = text[at + 1..end].trim_end_matches('.');
        (start < at && host.contains('.')).then(|| (start, at + 1 + host.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: Option<&str>, email: Option<&str>) {
        let person = parse(text).unwrap();
        assert_eq!((person.name.as_deref(), person.email.as_deref()), (name, email), "{text}");
    }

    #[test]
    fn name_and_address_are_told_apart() {
        check("Ada Byron", Some("Ada Byron"), None);
        check("ada@example.org", None, Some("ada@example.org"));
        check("ada@example.org (Ada Byron)", Some("Ada Byron"), Some("ada@example.org"));
        check("Ada Byron <mailto:ada@example.org>", Some("Ada Byron"), Some("ada@example.org"));
        check("Ada Byron (ada@example.org)", Some("Ada Byron"), Some("ada@example.org"));
        check("@adabyron", Some("@adabyron"), None);
    }

    #[test]
    fn authors_that_broke_another_parser_are_read() {
        check("foo@example.com—Écrivain", Some("Écrivain"), Some("foo@example.com"));
        check("作者：foo@example.com（张三）", Some("作者"), Some("foo@example.com"));
        assert_eq!(parse(" \n "), None);
        assert_eq!(parse(&"x".repeat(PERSON_BYTES_MAX + 1)), None);
    }
}
