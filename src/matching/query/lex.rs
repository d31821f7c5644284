//! A query in tokens. In: the typed string. Out: tokens with their bytes. Never a judgement: the parser makes those, but for
//! what is not closed.

use super::ast::Near;
use crate::matching::fault::Flaw;
use std::ops::Range;

/// A token with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(Near),
    AtLeast(u32),
    Word(String),
    Phrase(String, Option<u32>),
    Exact(String),
    Id(String, Option<String>),
    /// A name before a colon.
    Field(String),
}

/// The most words that NEAR may span.
pub const NEAR_MAX: u32 = 100;
/// What NEAR alone means.
pub const NEAR_USUAL: u32 = 4;

/// The tokens of a query.
pub fn lex(text: &str) -> Result<Vec<Token>, Flaw> {
    let mut tokens = vec![];
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        if c.is_whitespace() || c == '\u{feff}' {
            at = next;
        } else if c == '#' && comment(text, at) {
            at = text[at..].find('\n').map_or(text.len(), |len| at + len);
        } else {
            let (kind, end) = token(text, at, c, next)?;
            tokens.push(Token { kind, span: at..end });
            at = end;
        }
    }
    Ok(tokens)
}

/// The token at `at`, whose first character is `c`, and where it ends.
fn token(text: &str, at: usize, c: char, next: usize) -> Result<(Kind, usize), Flaw> {
    Ok(match c {
        '(' => (Kind::Open, next),
        ')' => (Kind::Close, next),
        '{' => {
            let Some(len) = text[next..].find('}') else {
                return Err(Flaw::new(at..text.len(), "E205", "this brace { is not closed")
                    .hint(format!("write {{{}}}", text[next..].trim())));
            };
            (Kind::Exact(text[next..next + len].to_string()), next + len + 1)
        }
        '}' => {
            return Err(Flaw::new(at..next, "E205", "this brace } was never opened")
                .hint("write {SCO} for a word as it is written"));
        }
        _ if opens(c) => {
            let (phrase, end) = quoted(text, at)?;
            let (slop, end) = slop(text, end)?;
            (Kind::Phrase(phrase, slop), end)
        }
        '@' => {
            let (id, row, end) = id(text, at)?;
            (Kind::Id(id, row), end)
        }
        '&' if text[at..].starts_with("&&") => (Kind::And, at + 2),
        '|' if text[at..].starts_with("||") => (Kind::Or, at + 2),
        '|' => return Err(Flaw::new(at..next, "E203", "a single | is no operator").hint("write OR")),
        '-' | '+' | '!' if before_term(text, at, next) => {
            let word = text[next..].split_whitespace().next().unwrap_or("x");
            let flaw = match c {
                '+' => Flaw::new(
                    at..next,
                    "E214",
                    "a leading + is no operator here: every part of an AND must be present anyway",
                )
                .hint(format!("write AND {word}")),
                '-' => {
                    Flaw::new(at..next, "E214", "a leading minus is no operator here").hint(format!("write NOT {word}"))
                }
                _ => Flaw::new(at..next, "E214", "a leading ! is no operator here").hint(format!("write NOT {word}")),
            };
            return Err(flaw);
        }
        ':' => {
            let flaw = Flaw::new(at..next, "E212", "a colon may only follow a field's name");
            return Err(
                flaw.hint(format!("fields are {}; put other colons in quotes", super::fields::NAMES.join(", ")))
            );
        }
        _ => word(text, at)?,
    })
}

/// `#` at the start of a line or after a space, then a space.
fn comment(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(char::is_whitespace)
        && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '「' | '『')
}

/// A phrase in quotation marks of any kind, and where it ends.
fn quoted(text: &str, at: usize) -> Result<(String, usize), Flaw> {
    let mut chars = text[at..].char_indices();
    let (_, open) = chars.next().unwrap_or((0, '"'));
    let closes = |c: char| match open {
        '«' | '»' => matches!(c, '»' | '«'),
        '「' => c == '」',
        '『' => c == '』',
        _ => matches!(c, '"' | '“' | '”' | '‟' | '＂'),
    };
    let start = at + open.len_utf8();
    let close = chars.find(|(_, c)| closes(*c));
    let Some((len, c)) = close else {
        return Err(Flaw::new(at..text.len(), "E205", "this quotation mark is not closed")
            .hint(format!("write \"{}\"", text[start..].trim())));
    };
    Ok((text[start..at + len].to_string(), at + len + c.len_utf8()))
}

/// `~n` after a phrase.
fn slop(text: &str, at: usize) -> Result<(Option<u32>, usize), Flaw> {
    if !text[at..].starts_with('~') {
        return Ok((None, at));
    }
    let end = text[at + 1..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |len| at + 1 + len);
    let typed = &text[at + 1..end];
    match typed.parse::<u32>() {
        Ok(n) if n <= NEAR_MAX => Ok((Some(n), end)),
        Ok(_) => Err(Flaw::new(at..end, "E209", format!("~{typed} is further than {NEAR_MAX} words"))
            .hint("write \"a b\"~10, or a SAME b for one paragraph")),
        Err(_) => Err(Flaw::new(at..end, "E208", format!("a number is expected after ~, not {typed:?}"))
            .hint("write \"river flood\"~3: at most three words between")),
    }
}

fn id(text: &str, at: usize) -> Result<(String, Option<String>, usize), Flaw> {
    let from = at + 1;
    let end = text[from..]
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .map_or(text.len(), |len| from + len);
    let id = text[from..end].to_string();
    if id.is_empty() {
        return Err(
            Flaw::new(at..from, "E210", "an id is expected after @").hint("write @sco, the id of a watch or list")
        );
    }
    if !text[end..].starts_with('/') {
        return Ok((id, None, end));
    }
    let rest = &text[end + 1..];
    let len = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '{' | '}')).unwrap_or(rest.len());
    if len == 0 {
        return Err(Flaw::new(at..end + 1, "E210", "the id of a row is expected after the slash")
            .hint(format!("write @{id} for all rows of the list")));
    }
    Ok((id, Some(rest[..len].to_string()), end + 1 + len))
}

/// Whether a sign stands before a term as an operator of other tools.
fn before_term(text: &str, at: usize, next: usize) -> bool {
    let before = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
    before
        && text[next..].chars().next().is_some_and(|c| c.is_alphanumeric() || opens(c) || matches!(c, '(' | '@' | '{'))
}

/// A word, an operator, or a field's name with its colon.
fn word(text: &str, at: usize) -> Result<(Kind, usize), Flaw> {
    let rest = &text[at..];
    let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '{' | '}' | ':') || opens(c);
    let len = rest.find(stop).unwrap_or(rest.len());
    let typed = &rest[..len];
    let end = at + len;
    if text[end..].starts_with(':') {
        return Ok((Kind::Field(typed.to_string()), end + 1));
    }
    let kind = match typed {
        "AND" => Kind::And,
        "OR" => Kind::Or,
        "NOT" => Kind::Not,
        "SAME" => Kind::Near(Near::Block),
        "SENTENCE" => Kind::Near(Near::Sentence),
        "NEAR" => Kind::Near(Near::Words(NEAR_USUAL)),
        "ONEAR" => Kind::Near(Near::Ordered(NEAR_USUAL)),
        _ => match typed.split_once('/') {
            Some(("NEAR", n)) => Kind::Near(Near::Words(distance(n, at..end, "NEAR")?)),
            Some(("ONEAR", n)) => Kind::Near(Near::Ordered(distance(n, at..end, "ONEAR")?)),
            Some(("ATLEAST", n)) => match n.parse::<u32>() {
                Ok(n) if (1..=1000).contains(&n) => Kind::AtLeast(n),
                _ => {
                    return Err(Flaw::new(
                        at..end,
                        "E208",
                        format!("a number from 1 to 1000 is expected after ATLEAST/, not {n:?}"),
                    )
                    .hint("write ATLEAST/3 cobalt"));
                }
            },
            _ if typed == "ATLEAST" => {
                return Err(Flaw::new(at..end, "E208", "ATLEAST needs a number").hint("write ATLEAST/3 cobalt"));
            }
            _ => Kind::Word(typed.to_string()),
        },
    };
    Ok((kind, end))
}

fn distance(typed: &str, span: Range<usize>, operator: &str) -> Result<u32, Flaw> {
    match typed.parse::<u32>() {
        Ok(n) if n <= NEAR_MAX => Ok(n),
        Ok(_) => Err(Flaw::new(span, "E209", format!("{operator}/{typed} is further than {NEAR_MAX} words"))
            .hint(format!("write {operator}/10, or SAME for one paragraph"))),
        Err(_) => Err(Flaw::new(span, "E208", format!("a number is expected after {operator}/, not {typed:?}"))
            .hint(format!("write {operator}/5: at most five words between"))),
    }
}
