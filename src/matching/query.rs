//! The query language: what was typed becomes a tree, or a fault that says how to write it.

use crate::model::limits::{QUERY_BYTES_MAX, QUERY_DEPTH_MAX};
use std::ops::Range;

/// A query as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Query {
    Or(Vec<Query>),
    And(Vec<Query>),
    Not(Box<Query>),
    /// A word, with `*` and `?`; where it stands.
    Word(String, Range<usize>),
    Phrase(String, Range<usize>),
    Exact(String, Range<usize>),
    /// `@id` or `@list/row`.
    Ref(String, Range<usize>),
    /// A zone or a property of the article.
    Field(String, Box<Query>, Range<usize>),
    /// Two things close to each other.
    Near(Box<Query>, Distance, Box<Query>),
    /// At least so many mentions.
    AtLeast(usize, Box<Query>),
    /// A phrase with other words in between: at most so many at each place.
    Loose(String, usize, Range<usize>),
}

/// How close two things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    /// At most so many words between them, in either order.
    Words(usize),
    /// The same, in this order.
    Ordered(usize),
    /// In one block.
    Block,
    /// In one sentence.
    Sentence,
}

/// Words between two things, where NEAR names no number.
const NEAR: usize = 4;
/// NEAR wants no more than this: beyond it the things have nothing to do with each other.
const NEAR_MAX: usize = 100;

/// What is wrong, where, and the mended version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) span: Range<usize>,
    pub(super) code: &'static str,
    pub(super) what: String,
    pub(super) hint: Option<String>,
}

fn bad<T>(span: Range<usize>, code: &'static str, what: impl Into<String>, hint: Option<String>) -> Result<T, Bad> {
    Err(Bad { span, code, what: what.into(), hint })
}

const FIELDS: [&str; 12] =
    ["title", "lead", "body", "text", "url", "site", "author", "tag", "source", "lang", "tier", "published"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(Distance),
    AtLeast(usize),
    Loose(String, usize),
    Word(String),
    Phrase(String),
    Exact(String),
    Ref(String),
    Field(String),
}

/// Reads a query.
pub(super) fn parse(typed: &str) -> Result<Query, Bad> {
    if typed.len() > QUERY_BYTES_MAX {
        return bad(
            0..1,
            "E201",
            format!("a query of more than {QUERY_BYTES_MAX} bytes"),
            Some("use a watch or a list".into()),
        );
    }
    let pieces = pieces(typed)?;
    if pieces.is_empty() {
        return bad(0..typed.len(), "E202", "the query is empty", Some("write a name, a \"phrase\" or @watch".into()));
    }
    let mut parser = Parser { typed, pieces: &pieces, at: 0 };
    let query = parser.level(0)?;
    if let Some((_, span)) = parser.pieces.get(parser.at) {
        return bad(span.clone(), "E203", "unmatched closing bracket", Some("take it out, or open one before".into()));
    }
    if !positive(&query) {
        return bad(
            0..typed.len(),
            "E204",
            "a query that only negates would match nearly everything",
            Some("say what must be there, then AND NOT what must not".into()),
        );
    }
    Ok(query)
}

/// Reads a primary of `any`, `all`, `none` or `with`: several bare words are a phrase.
pub(super) fn primary(typed: &str) -> Result<Query, Bad> {
    let bare = typed.trim();
    let simple = !bare.is_empty()
        && bare.split_whitespace().count() > 1
        && !bare.contains(['"', '(', ')', '{', '}', '@', ':', '*', '?']);
    let operators = bare.split_whitespace().any(|word| matches!(word, "AND" | "OR" | "NOT"));
    if simple && !operators {
        return Ok(Query::Phrase(bare.to_string(), 0..typed.len()));
    }
    parse(typed)
}

/// Every NEAR and ONEAR of a query, with its words between; none where the query cannot be read.
pub(super) fn nears(typed: &str) -> Vec<(Range<usize>, usize)> {
    let near = |(piece, span): (Piece, Range<usize>)| match piece {
        Piece::Near(Distance::Words(words) | Distance::Ordered(words)) => Some((span, words)),
        _ => None,
    };
    pieces(typed).unwrap_or_default().into_iter().filter_map(near).collect()
}

fn positive(query: &Query) -> bool {
    match query {
        Query::Not(_) => false,
        Query::And(parts) => parts.iter().any(positive),
        Query::Or(parts) => parts.iter().all(positive),
        Query::Field(_, inner, _) => positive(inner),
        _ => true,
    }
}

fn pieces(typed: &str) -> Result<Vec<(Piece, Range<usize>)>, Bad> {
    let mut pieces = vec![];
    let mut at = 0;
    let bytes = typed.as_bytes();
    while let Some(c) = typed[at..].chars().next() {
        let next = at + c.len_utf8();
        if c.is_whitespace() {
            at = next;
            continue;
        }
        let begins = at == 0 || bytes[at - 1].is_ascii_whitespace();
        if c == '#' && begins && typed[next..].chars().next().is_none_or(char::is_whitespace) {
            at = typed[at..].find('\n').map_or(typed.len(), |end| at + end);
            continue;
        }
        let closing = match c {
            '"' => Some('"'),
            '“' | '„' => Some('”'),
            '«' => Some('»'),
            '{' => Some('}'),
            _ => None,
        };
        if let Some(close) = closing {
            let end = typed[next..].find(|d| d == close || (close == '”' && d == '“'));
            let Some(end) = end else {
                let what =
                    if c == '{' { "a brace { that is never closed" } else { "a quotation mark that is never closed" };
                return bad(at..next, "E205", what, Some(format!("write {close} behind the last word")));
            };
            let inner = typed[next..next + end].trim().to_string();
            let after = next + end + typed[next + end..].chars().next().map_or(0, char::len_utf8);
            if inner.is_empty() {
                return bad(
                    at..after,
                    "E202",
                    "empty: nothing stands between these marks",
                    Some("write a word between them, or take them out".into()),
                );
            }
            let (piece, after) = match typed[after..].strip_prefix('~') {
                _ if c == '{' => (Piece::Exact(inner), after),
                None => (Piece::Phrase(inner), after),
                Some(rest) => {
                    let digits = rest.find(|d: char| d.is_whitespace() || d == ')').unwrap_or(rest.len());
                    let end = after + 1 + digits;
                    (Piece::Loose(inner, number(&rest[..digits], after..end, "~")?), end)
                }
            };
            pieces.push((piece, at..after));
            at = after;
            continue;
        }
        match c {
            '(' => pieces.push((Piece::Open, at..next)),
            ')' => pieces.push((Piece::Close, at..next)),
            '-' | '+' => {
                let mended = if c == '-' {
                    "write NOT before the word"
                } else {
                    "leave the + out: AND says that both must be there"
                };
                return bad(at..next, "E206", format!("a leading {c} means nothing here"), Some(mended.into()));
            }
            '}' => {
                return bad(
                    at..next,
                    "E205",
                    "a brace } that was never opened",
                    Some("write { before the word".into()),
                );
            }
            _ => {
                let end = at
                    + typed[at..]
                        .find(|d: char| d.is_whitespace() || matches!(d, '(' | ')' | '"' | '{' | '}' | '«' | '“'))
                        .unwrap_or(typed.len() - at);
                word(&typed[at..end], at, &mut pieces)?;
                at = end;
                continue;
            }
        }
        at = next;
    }
    Ok(pieces)
}

fn word(word: &str, at: usize, pieces: &mut Vec<(Piece, Range<usize>)>) -> Result<(), Bad> {
    let span = at..at + word.len();
    let piece = match word {
        "AND" | "&&" => Piece::And,
        "OR" | "||" => Piece::Or,
        "NOT" => Piece::Not,
        "SAME" => Piece::Near(Distance::Block),
        "SENTENCE" => Piece::Near(Distance::Sentence),
        "NEAR" => Piece::Near(Distance::Words(NEAR)),
        "ONEAR" => Piece::Near(Distance::Ordered(NEAR)),
        "ATLEAST" => {
            return bad(span, "E217", "ATLEAST wants a number", Some("write ATLEAST/3 and what is counted".into()));
        }
        _ if word.starts_with("NEAR/") => Piece::Near(Distance::Words(number(&word[5..], span.clone(), "NEAR/")?)),
        _ if word.starts_with("ONEAR/") => Piece::Near(Distance::Ordered(number(&word[6..], span.clone(), "ONEAR/")?)),
        _ if word.starts_with("ATLEAST/") => Piece::AtLeast(number(&word[8..], span.clone(), "ATLEAST/")?.max(1)),
        "and" | "or" | "not" => {
            let upper = word.to_uppercase();
            return bad(
                span,
                "E207",
                format!("operators are written in capitals: {upper}, not lower-case {word}"),
                Some(format!("write {upper}, or \"{word}\" for the word itself")),
            );
        }
        _ => match (word.strip_prefix('@'), word.split_once(':')) {
            (Some(""), _) => {
                return bad(span, "E208", "an @ without an id", Some("write @ and the id of a watch".into()));
            }
            (Some(id), _) => Piece::Ref(id.to_string()),
            (None, Some((field, rest))) => {
                let head = span.start..span.start + field.len();
                if !FIELDS.contains(&field) {
                    let near = FIELDS
                        .iter()
                        .chain(&["published"])
                        .min_by_key(|known| strsim::damerau_levenshtein(known, field));
                    let hint = near.filter(|known| strsim::damerau_levenshtein(known, field) <= 2).map_or_else(
                        || {
                            format!(
                                "the fields are {}; write \"{word}\" if the colon is part of the text",
                                FIELDS.join(", ")
                            )
                        },
                        |known| format!("did you mean {known}:?"),
                    );
                    return bad(head, "E209", format!("unknown field {field}"), Some(hint));
                }
                pieces.push((Piece::Field(field.to_string()), head));
                if !rest.is_empty() {
                    self::word(rest, at + field.len() + 1, pieces)?;
                }
                return Ok(());
            }
            _ => {
                if let Some(star) = word.find(['*', '?'])
                    && word[..star].chars().count() < 3
                {
                    return bad(
                        span,
                        "E210",
                        "a wildcard wants at least three letters before it",
                        Some("write more of the word".into()),
                    );
                }
                Piece::Word(word.to_string())
            }
        },
    };
    pieces.push((piece, span));
    Ok(())
}

/// A number behind an operator.
fn number(typed: &str, span: Range<usize>, operator: &str) -> Result<usize, Bad> {
    match typed.parse() {
        Ok(number) if number <= NEAR_MAX => Ok(number),
        Ok(_) => bad(
            span,
            "E217",
            format!("a number over {NEAR_MAX}"),
            Some("write a smaller number, or SAME for the same block".into()),
        ),
        Err(_) => {
            bad(span, "E217", format!("{operator} wants a number, not {typed:?}"), Some(format!("write {operator}5")))
        }
    }
}

struct Parser<'a> {
    typed: &'a str,
    pieces: &'a [(Piece, Range<usize>)],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.pieces.get(self.at).map(|(piece, _)| piece)
    }

    fn span(&self) -> Range<usize> {
        let end = self.typed.len();
        self.pieces.get(self.at).map_or(end..end, |(_, span)| span.clone())
    }

    /// A level: terms joined by one operator.
    fn level(&mut self, depth: usize) -> Result<Query, Bad> {
        if depth > QUERY_DEPTH_MAX {
            return bad(self.span(), "E211", "brackets nested too deep", None);
        }
        let mut parts = vec![self.unary(depth)?];
        let mut joined: Option<Piece> = None;
        loop {
            let operator = match self.peek() {
                None | Some(Piece::Close) => break,
                Some(Piece::Or) => Piece::Or,
                // `a NOT b` is `a AND NOT b`.
                Some(Piece::And | Piece::Not) => Piece::And,
                Some(Piece::Near(_)) => {
                    let hint = "put one of them in brackets: (a NEAR/3 b) NEAR/3 c".to_string();
                    return bad(self.span(), "E218", "a chain of NEAR is not possible", Some(hint));
                }
                Some(_) => {
                    let (before, here) = (&self.pieces[self.at - 1].1, self.span());
                    let (a, b) = (&self.typed[before.clone()], &self.typed[here.clone()]);
                    let hint = format!("write \"{a} {b}\" or {a} AND {b}");
                    return bad(here, "E212", "an operator is missing between two words", Some(hint));
                }
            };
            if joined.as_ref().is_some_and(|before| *before != operator) {
                let hint = "put one of them in brackets: (a AND b) OR c, or a AND (b OR c)".to_string();
                return bad(self.span(), "E213", "AND and OR mixed at one level want brackets", Some(hint));
            }
            if !matches!(self.peek(), Some(Piece::Not)) {
                self.at += 1;
            }
            if operator == Piece::Or && matches!(self.peek(), Some(Piece::Not)) {
                return bad(
                    self.span(),
                    "E204",
                    "a OR NOT b matches nearly everything; an alternative cannot only negate",
                    Some("write a, or AND NOT b".into()),
                );
            }
            joined = Some(operator);
            parts.push(self.unary(depth)?);
        }
        Ok(match joined {
            None => parts.remove(0),
            Some(Piece::Or) => Query::Or(parts),
            Some(_) => Query::And(parts),
        })
    }

    /// One thing, or two things near each other.
    fn unary(&mut self, depth: usize) -> Result<Query, Bad> {
        let from = self.span();
        let first = self.one(depth)?;
        let Some(Piece::Near(distance)) = self.peek().cloned() else { return Ok(first) };
        let operator = self.span();
        argument(&first, from.start..operator.start)?;
        self.at += 1;
        let behind = self.span();
        let second = match self.peek() {
            None | Some(Piece::And | Piece::Or | Piece::Not | Piece::Near(_) | Piece::Close) => {
                return bad(
                    operator,
                    "E214",
                    "something is expected after this operator",
                    Some("write what stands near it".into()),
                );
            }
            Some(_) => self.one(depth)?,
        };
        argument(&second, behind)?;
        Ok(Query::Near(Box::new(first), distance, Box::new(second)))
    }

    fn one(&mut self, depth: usize) -> Result<Query, Bad> {
        let span = self.span();
        let Some(piece) = self.peek().cloned() else {
            return bad(
                span,
                "E214",
                "something is expected after the last word: the query ends here",
                Some("write what follows the operator, or take the operator out".into()),
            );
        };
        self.at += 1;
        match piece {
            Piece::Not => Ok(Query::Not(Box::new(self.unary(depth + 1)?))),
            Piece::Open => {
                if self.peek() == Some(&Piece::Close) {
                    return bad(
                        span.start..self.span().end,
                        "E202",
                        "empty brackets",
                        Some("take them out, or write what belongs in them".into()),
                    );
                }
                let inner = self.level(depth + 1)?;
                if self.peek() != Some(&Piece::Close) {
                    return bad(
                        span,
                        "E205",
                        "a bracket that is never closed",
                        Some("write ) behind the last word".into()),
                    );
                }
                self.at += 1;
                Ok(inner)
            }
            Piece::Field(field) => {
                if matches!(self.peek(), None | Some(Piece::And | Piece::Or | Piece::Not | Piece::Close)) {
                    return bad(
                        span,
                        "E214",
                        format!("a value is expected after {field}:"),
                        Some(format!("write {field}:word or {field}:\"some words\"")),
                    );
                }
                let inner = self.unary(depth + 1)?;
                if matches!(inner, Query::Field(..)) {
                    return bad(span, "E215", "a field inside of a field", Some("name one field".into()));
                }
                Ok(Query::Field(field, Box::new(inner), span))
            }
            Piece::Word(word) => Ok(Query::Word(word, span)),
            Piece::Phrase(phrase) => Ok(Query::Phrase(phrase, span)),
            Piece::Exact(exact) => Ok(Query::Exact(exact, span)),
            Piece::Ref(id) => Ok(Query::Ref(id, span)),
            Piece::Loose(phrase, words) => Ok(Query::Loose(phrase, words, span)),
            Piece::AtLeast(many) => {
                let behind = self.span();
                if matches!(
                    self.peek(),
                    None | Some(Piece::And | Piece::Or | Piece::Not | Piece::Near(_) | Piece::Close)
                ) {
                    return bad(
                        span,
                        "E214",
                        "something is expected after ATLEAST",
                        Some("write ATLEAST/3 and what is counted".into()),
                    );
                }
                let counted = self.one(depth + 1)?;
                argument(&counted, behind)?;
                Ok(Query::AtLeast(many, Box::new(counted)))
            }
            Piece::And | Piece::Or | Piece::Near(_) => bad(
                span,
                "E214",
                "an operand is missing before this operator",
                Some("write what stands before it, or take it out".into()),
            ),
            Piece::Close => {
                bad(span, "E203", "unmatched closing bracket", Some("take it out, or open one before".into()))
            }
        }
    }
}

/// What may stand beside NEAR and behind ATLEAST: things with a place, several of them joined by OR in brackets.
fn argument(query: &Query, span: Range<usize>) -> Result<(), Bad> {
    match query {
        Query::Word(..)
        | Query::Phrase(..)
        | Query::Exact(..)
        | Query::Ref(..)
        | Query::Loose(..)
        | Query::Near(..) => Ok(()),
        Query::Or(parts) => parts.iter().try_for_each(|part| argument(part, span.clone())),
        Query::And(_) | Query::Not(_) => {
            let hint = "write (a NEAR/5 c) AND (b NEAR/5 c)".to_string();
            bad(span, "E218", "AND and NOT cannot stand inside of what NEAR or ATLEAST counts; only OR can", Some(hint))
        }
        Query::Field(..) | Query::AtLeast(..) => {
            let hint = "write the field around the whole: title:(a NEAR/5 b)".to_string();
            bad(span, "E218", "only words, phrases and names can stand here", Some(hint))
        }
    }
}
