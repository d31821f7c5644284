//! Queries as alternatives: what must hold together and what must not, so that two things that exclude each other stand side by
//! side. In: parsed queries. Out: rows of literals, or nothing where there would be too many. It asks no article.

use crate::matching::fold;
use crate::matching::names::split::split;
use crate::matching::query::ast::Part;
use crate::matching::query::fields::Meta;
use crate::matching::query::{Expr, Kind, Term};
use std::ops::Range;

/// Alternatives of one rule, and literals of all of them together.
const ALTERNATIVES_MAX: usize = 1_000;
const LITERALS_MAX: usize = 10_000;

/// Something that an article can have: words in a part of it, or a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Fact {
    pub(super) part: Part,
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
    pub(super) at: usize,
    pub(super) span: Range<usize>,
}

/// What kind of question a literal is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Says {
    /// One word, perhaps with a wildcard.
    Word,
    /// Anything else that stands in the text.
    Text,
    /// A property of the article.
    Property(Meta),
}

/// The alternatives of a query that stands in the rule's string number `at`; `None`: too many.
pub(super) fn alternatives(query: &Expr, at: usize) -> Option<Vec<Vec<Literal>>> {
    alternate(query, at, true)
}

/// The alternatives in which it does not hold; for what stands in `none`.
pub(super) fn negated(query: &Expr, at: usize) -> Option<Vec<Vec<Literal>>> {
    alternate(query, at, false)
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

fn alternate(query: &Expr, at: usize, holds: bool) -> Option<Vec<Vec<Literal>>> {
    match (&query.kind, holds) {
        (Kind::And(parts), true) | (Kind::Or(parts), false) => {
            parts.iter().try_fold(vec![vec![]], |all, one| product(all, &alternate(one, at, holds)?))
        }
        (Kind::Or(parts), true) | (Kind::And(parts), false) => {
            let mut all = vec![];
            for one in parts {
                all.extend(alternate(one, at, holds)?);
                if all.len() > ALTERNATIVES_MAX {
                    return None;
                }
            }
            Some(all)
        }
        (Kind::Not(inner), _) => alternate(inner, at, !holds),
        _ => Some(vec![vec![literal(query, at, holds)]]),
    }
}

fn literal(query: &Expr, at: usize, holds: bool) -> Literal {
    let part = part(query).unwrap_or_default();
    let fact = Fact { part, what: key(query, part) };
    let mut facts = vec![fact.clone()];
    implied(query, &mut facts);
    let says = match &query.kind {
        Kind::Meta(meta) => Says::Property(meta.clone()),
        Kind::Term(Term::Word(text) | Term::Phrase(text, None), _) if is_word(text) => Says::Word,
        _ => Says::Text,
    };
    Literal { holds, fact, implied: facts, says, at, span: query.span.clone() }
}

fn is_word(text: &str) -> bool {
    let wild = text.contains(['*', '?']) && !text.trim().contains(char::is_whitespace);
    wild || split(text, false).len() == 1
}

/// The part of an article that all of a query is asked of.
fn part(query: &Expr) -> Option<Part> {
    let same = |mut parts: std::slice::Iter<'_, Expr>| {
        let first = part(parts.next()?)?;
        parts.all(|other| part(other) == Some(first)).then_some(first)
    };
    match &query.kind {
        Kind::Term(_, part) | Kind::Id { part, .. } => Some(*part),
        Kind::And(parts) | Kind::Or(parts) => same(parts.iter()),
        Kind::Near(a, _, b) => part(a).filter(|first| part(b) == Some(*first)),
        Kind::Not(inner) | Kind::AtLeast(_, inner) => part(inner),
        Kind::Meta(_) => None,
    }
}

/// What is found wherever the query is: the words of a phrase with gaps, both sides of a NEAR, what is counted.
fn implied(query: &Expr, facts: &mut Vec<Fact>) {
    let part = part(query).unwrap_or_default();
    let mut add = |what: String| {
        // What stands in the title stands in the article.
        facts.extend([part, Part::All].map(|part| Fact { part, what: what.clone() }));
    };
    add(key(query, part));
    match &query.kind {
        Kind::Term(term, _) => {
            let (Term::Word(text) | Term::Phrase(text, _) | Term::Exact(text)) = term;
            match term {
                Term::Phrase(_, Some(_)) => text.split_whitespace().map(marked).for_each(&mut add),
                _ => add(marked(text)),
            }
            // A word without marks finds those that have them, too.
            add(fold::plain(&marked(text)).into_owned());
        }
        Kind::Id { id, row: Some(_), .. } => add(reference(id, None)),
        Kind::Near(a, _, b) => [a, b].into_iter().for_each(|side| implied(side, facts)),
        Kind::AtLeast(_, counted) => implied(counted, facts),
        _ => {}
    }
}

/// One spelling for queries that find the same; `within` is the part of the article that goes without saying.
fn key(query: &Expr, within: Part) -> String {
    let join = |parts: &[Expr], by: &str| parts.iter().map(|part| key(part, within)).collect::<Vec<_>>().join(by);
    let placed = |part: &Part, what: String| if *part == within { what } else { format!("{part:?}:{what}") };
    match &query.kind {
        Kind::Term(Term::Word(text) | Term::Phrase(text, None), part) => placed(part, marked(text)),
        Kind::Term(Term::Phrase(text, Some(between)), part) => placed(part, format!("{}~{between}", marked(text))),
        Kind::Term(Term::Exact(text), part) => {
            let words = split(text, false);
            placed(part, format!("{{{}}}", words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")))
        }
        Kind::Id { id, row, part } => placed(part, reference(id, row.as_deref())),
        Kind::Near(a, near, b) => format!("({} {} {})", key(a, within), near.shown(), key(b, within)),
        Kind::AtLeast(many, counted) => format!("ATLEAST/{many} {}", key(counted, within)),
        Kind::Meta(meta) => property(meta),
        Kind::Not(inner) => format!("NOT {}", key(inner, within)),
        Kind::Or(parts) => format!("({})", join(parts, " OR ")),
        Kind::And(parts) => format!("({})", join(parts, " AND ")),
    }
}

/// A property as it is compared, which no words of a text can be.
fn property(meta: &Meta) -> String {
    match meta {
        Meta::Tag(tag) => format!("tag:{}", fold::marked(tag)),
        other => format!("{other:?}:"),
    }
}

/// The words of a text, folded, with a space between them.
pub(super) fn marked(text: &str) -> String {
    if text.contains(['*', '?']) {
        return fold::marked(text.trim());
    }
    split(text, false).into_iter().map(|word| word.marked).collect::<Vec<_>>().join(" ")
}

fn reference(id: &str, row: Option<&str>) -> String {
    let id = id.replace('_', "-");
    row.map_or_else(|| format!("@{id}"), |row| format!("@{id}/{row}"))
}
