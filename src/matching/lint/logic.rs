//! Queries as alternatives: what must hold together and what must not, so that two things that exclude each other stand side by
//! side. In: parsed queries. Out: rows of literals, or nothing where there would be too many. It asks no article.

use crate::matching::names::{folded, words};
use crate::matching::query::{Distance, Query};
use std::ops::Range;

/// Alternatives of one rule, and literals of all of them together.
const ALTERNATIVES_MAX: usize = 1_000;
const LITERALS_MAX: usize = 10_000;

/// Something that an article can have: words at a place, or a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Fact {
    /// The zone (`None`: anywhere) or the property.
    pub(super) field: Option<String>,
    /// What is found there, in one spelling for all that is found alike.
    pub(super) what: String,
}

/// A fact that an alternative wants, or wants not to hold.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    pub(super) holds: bool,
    pub(super) fact: Fact,
    /// What holds wherever the fact does; itself too.
    pub(super) implied: Vec<Fact>,
    pub(super) says: Says,
    /// Which of the rule's strings it stands in, and its bytes there.
    pub(super) part: usize,
    pub(super) span: Range<usize>,
}

/// What kind of question a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// One word, perhaps with a wildcard.
    Word,
    /// Anything else that stands in the text.
    Text,
    /// A property with a value.
    Property,
    /// A property around more than one value, which no article has.
    Hollow,
}

/// The alternatives of a query that stands in the rule's string number `part`; `None`: too many.
pub(super) fn alternatives(query: &Query, part: usize) -> Option<Vec<Vec<Literal>>> {
    split(query, part, None, true)
}

/// Each alternative of the one with each of the other.
pub(super) fn product(mut a: Vec<Vec<Literal>>, b: &[Vec<Literal>]) -> Option<Vec<Vec<Literal>>> {
    let literals = |of: &[Vec<Literal>]| of.iter().map(Vec::len).sum::<usize>();
    let size = literals(&a) * b.len() + literals(b) * a.len();
    if a.len() * b.len() > ALTERNATIVES_MAX || size > LITERALS_MAX {
        return None;
    }
    // A long row of AND grows at its end; it is not copied for each word.
    if let [only] = b {
        for alternative in &mut a {
            alternative.extend_from_slice(only);
        }
        return Some(a);
    }
    Some(a.iter().flat_map(|a| b.iter().map(move |b| [a.as_slice(), b].concat())).collect())
}

/// The alternatives in which it does not hold; for what stands in `none`.
pub(super) fn negated(query: &Query, part: usize) -> Option<Vec<Vec<Literal>>> {
    split(query, part, None, false)
}

fn split(query: &Query, part: usize, zone: Option<&str>, holds: bool) -> Option<Vec<Vec<Literal>>> {
    match (query, holds) {
        (Query::And(parts), true) | (Query::Or(parts), false) => {
            parts.iter().try_fold(vec![vec![]], |all, one| product(all, &split(one, part, zone, holds)?))
        }
        (Query::Or(parts), true) | (Query::And(parts), false) => {
            let mut all = vec![];
            for one in parts {
                all.extend(split(one, part, zone, holds)?);
                if all.len() > ALTERNATIVES_MAX {
                    return None;
                }
            }
            Some(all)
        }
        (Query::Not(inner), _) => split(inner, part, zone, !holds),
        (Query::Field(field, inner, _), _) if is_zone(field) => split(inner, part, Some(field), holds),
        _ => Some(vec![vec![literal(query, part, zone, holds)]]),
    }
}

fn is_zone(field: &str) -> bool {
    matches!(field, "title" | "lead" | "body" | "text")
}

fn literal(query: &Query, part: usize, zone: Option<&str>, holds: bool) -> Literal {
    let span = span(query);
    if let Query::Field(field, inner, _) = query {
        let (says, what) = match &**inner {
            Query::Word(value, _) | Query::Phrase(value, _) | Query::Exact(value, _) => (Says::Property, folded(value)),
            other => (Says::Hollow, key(other)),
        };
        let fact = Fact { field: Some(field.clone()), what };
        return Literal { holds, implied: vec![fact.clone()], fact, says, part, span };
    }
    let zone = zone.filter(|zone| *zone != "text").map(str::to_string);
    let mut keys = vec![];
    implied(query, &mut keys);
    let at = |field: &Option<String>, what: &String| Fact { field: field.clone(), what: what.clone() };
    let implied = keys.iter().flat_map(|what| [at(&zone, what), at(&None, what)]).collect();
    let says = match query {
        Query::Word(word, _) if word.contains(['*', '?']) || words(word).len() == 1 => Says::Word,
        _ => Says::Text,
    };
    Literal { holds, fact: Fact { field: zone, what: key(query) }, implied, says, part, span }
}

/// What is found wherever the query is: the parts of a phrase with gaps, both sides of a NEAR, what is counted.
fn implied(query: &Query, keys: &mut Vec<String>) {
    keys.push(key(query));
    match query {
        Query::Exact(exact, _) => keys.push(plain(exact)),
        Query::Ref(id, _) => keys.extend(id.split_once('/').map(|(list, _)| reference(list))),
        Query::Loose(phrase, ..) => keys.extend(phrase.split_whitespace().map(plain)),
        Query::Near(a, _, b) => [a, b].into_iter().for_each(|side| implied(side, keys)),
        Query::AtLeast(_, counted) => implied(counted, keys),
        _ => {}
    }
}

/// One spelling for queries that find the same.
fn key(query: &Query) -> String {
    match query {
        Query::Word(text, _) | Query::Phrase(text, _) => plain(text),
        Query::Exact(text, _) => {
            format!("{{{}}}", words(text).iter().map(|word| word.raw.as_ref()).collect::<Vec<_>>().join(" "))
        }
        Query::Ref(id, _) => reference(id),
        Query::Loose(text, between, _) => format!("{}~{between}", plain(text)),
        Query::Near(a, Distance::Words(n), b) => format!("({} NEAR/{n} {})", key(a), key(b)),
        Query::Near(a, Distance::Ordered(n), b) => format!("({} ONEAR/{n} {})", key(a), key(b)),
        Query::Near(a, Distance::Block, b) => format!("({} SAME {})", key(a), key(b)),
        Query::Near(a, Distance::Sentence, b) => format!("({} SENTENCE {})", key(a), key(b)),
        Query::AtLeast(many, counted) => format!("ATLEAST/{many} {}", key(counted)),
        Query::Field(field, inner, _) => format!("{field}:{}", key(inner)),
        Query::Not(inner) => format!("NOT {}", key(inner)),
        Query::Or(parts) => format!("({})", parts.iter().map(key).collect::<Vec<_>>().join(" OR ")),
        Query::And(parts) => format!("({})", parts.iter().map(key).collect::<Vec<_>>().join(" AND ")),
    }
}

fn plain(text: &str) -> String {
    if text.contains(['*', '?']) {
        return folded(text);
    }
    words(text).iter().map(|word| word.folded.as_ref()).collect::<Vec<_>>().join(" ")
}

fn reference(id: &str) -> String {
    format!(
        "@{}",
        id.split_once('/')
            .map_or_else(|| id.replace('_', "-"), |(list, row)| format!("{}/{row}", list.replace('_', "-")))
    )
}

/// The bytes of the string that a query stands in.
pub(super) fn span(query: &Query) -> Range<usize> {
    match query {
        Query::Word(_, span)
        | Query::Phrase(_, span)
        | Query::Exact(_, span)
        | Query::Ref(_, span)
        | Query::Loose(_, _, span) => span.clone(),
        Query::Field(_, inner, head) => head.start..span(inner).end.max(head.end),
        Query::Not(inner) | Query::AtLeast(_, inner) => span(inner),
        Query::Near(a, _, b) => span(a).start..span(b).end,
        Query::Or(parts) | Query::And(parts) => {
            let end = parts.last().map_or(0, |last| span(last).end);
            parts.first().map_or(0, |first| span(first).start)..end
        }
    }
}
