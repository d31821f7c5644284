//! Queries: those that never match, those that match nearly everything, and NEAR that is not near. In: rules, and what the sources
//! say of themselves. Out: warnings. A query with a fault is left to the compiler; one with too many alternatives is believed.

use super::logic::{self, Fact, Literal, Says};
use super::names::is_acronym;
use super::{Desk, Slip, primary, table};
use crate::matching::names::folded;
use crate::matching::query::{self, Query};
use crate::matching::words::Vocabulary;
use crate::matching::{Fault, Place};
use crate::model::{Rule, Source};
use std::collections::HashSet;

/// Words between two things, beyond which NEAR says little: a sentence of the news has about twenty.
const NEAR_MAX: usize = 10;

pub(super) fn doubts(desk: &Desk<'_>, vocabulary: &Vocabulary) -> Vec<Fault> {
    let mut faults = vec![];
    let sources: Vec<Outlet> = desk.sources.iter().map(Outlet::of).collect();
    for rule in desk.rules {
        let parts = parts(rule);
        for part in &parts {
            faults.extend(far(&part.place, part.typed));
            if let Some(tree) = &part.tree {
                acronyms(tree, &part.place, vocabulary, &mut faults);
            }
        }
        faults.extend(alternatives(&parts).and_then(|all| judged(&parts, &all, &sources, vocabulary)));
    }
    let watches = desk.watches.iter().map(|watch| (table(watch.kind), watch.id.to_string(), &watch.with));
    let lists = desk.lists.iter().map(|list| ("list", list.id.to_string(), &list.with));
    for (table, id, with) in watches.chain(lists) {
        for (index, typed) in with.iter().enumerate() {
            faults.extend(far(&Place { table, id: id.clone(), key: "with", index: Some(index) }, typed));
        }
    }
    faults
}

/// One string of a rule; without a tree where it has a fault.
struct Part<'a> {
    place: Place,
    typed: &'a str,
    tree: Option<Query>,
}

fn parts(rule: &Rule) -> Vec<Part<'_>> {
    let place = |key, index| Place { table: "rule", id: rule.id.to_string(), key, index };
    let whole =
        rule.query.iter().map(|typed| Part { place: place("query", None), typed, tree: query::parse(typed).ok() });
    let lists = [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)].into_iter().flat_map(|(key, texts)| {
        texts.iter().enumerate().map(move |(index, typed)| Part {
            place: place(key, Some(index)),
            typed,
            tree: query::primary(typed).ok(),
        })
    });
    whole.chain(lists).collect()
}

/// The alternatives of a rule: the query, one of `any`, each of `all`, none of `none`.
fn alternatives(parts: &[Part<'_>]) -> Option<Vec<Vec<Literal>>> {
    let mut all = vec![vec![]];
    let mut any = vec![];
    for (at, part) in parts.iter().enumerate() {
        let tree = part.tree.as_ref()?;
        match part.place.key {
            "any" => any.extend(logic::alternatives(tree, at)?),
            "none" => all = logic::product(all, &logic::negated(tree, at)?)?,
            _ => all = logic::product(all, &logic::alternatives(tree, at)?)?,
        }
    }
    if any.is_empty() { Some(all) } else { logic::product(all, &any) }
}

/// W204 where no alternative can hold, W205 where one of them holds nearly always.
fn judged(
    parts: &[Part<'_>],
    alternatives: &[Vec<Literal>],
    sources: &[Outlet],
    vocabulary: &Vocabulary,
) -> Option<Fault> {
    let said = |literal: &Literal| said(parts, literal).to_string();
    let mut never = None;
    let mut always = None;
    let mut lives = false;
    for alternative in alternatives {
        if let Some((literal, what, hint)) = excluded(alternative, sources, &said) {
            never.get_or_insert((literal, Slip::new("W204", format!("this can never match: {what}"), hint)));
        } else {
            lives = true;
            always = always.or_else(|| broad(alternative, vocabulary, &said));
        }
    }
    let (literal, mut slip) = if lives { always? } else { never? };
    let place = parts[literal.part].place.clone();
    if place.key == "none" {
        slip.hint = "take it out of `none`, or say what else must be there".into();
    }
    Some(slip.at(place, spread(parts[literal.part].typed, literal)))
}

/// A literal as it was typed.
fn said<'p>(parts: &[Part<'p>], literal: &Literal) -> &'p str {
    let typed = parts[literal.part].typed;
    typed.get(spread(typed, literal)).unwrap_or_default()
}

/// The bytes of a literal, with the brackets that close behind it what it opens.
fn spread(typed: &str, literal: &Literal) -> std::ops::Range<usize> {
    let span = literal.span.clone();
    let inside = typed.get(span.clone()).unwrap_or_default();
    let open = inside.matches('(').count().saturating_sub(inside.matches(')').count());
    let closing = typed.get(span.end..).unwrap_or_default().bytes().take_while(|byte| *byte == b')').count();
    span.start..span.end + open.min(closing)
}

/// Which literal of an alternative cannot hold beside the others, why, and what to do.
fn excluded<'l>(
    alternative: &'l [Literal],
    sources: &[Outlet],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    contradicted(alternative, said)
        .or_else(|| malformed(alternative, said))
        .or_else(|| apart(alternative, said))
        .or_else(|| sourceless(alternative, sources, said))
}

fn contradicted<'l>(
    alternative: &'l [Literal],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    let held = || alternative.iter().filter(|literal| literal.holds);
    let facts: HashSet<&Fact> = held().flat_map(|literal| &literal.implied).collect();
    let not = alternative.iter().filter(|literal| !literal.holds).find(|not| {
        let stem = not.fact.what.strip_suffix('*').filter(|stem| not.says == Says::Word && !stem.contains(['*', '?']));
        let covers = |stem: &str, fact: &Fact| {
            let here = not.fact.field.is_none() || fact.field == not.fact.field;
            here && fact.what.starts_with(stem) && !fact.what.contains([' ', '*', '?'])
        };
        let words = || held().filter(|held| held.says == Says::Word).flat_map(|held| &held.implied);
        facts.contains(&not.fact) || stem.is_some_and(|stem| words().any(|fact| covers(stem, fact)))
    })?;
    let what = format!("{} is excluded, and wherever the rest is found it is found too", said(not));
    Some((not, what, format!("take NOT {} out, or say what else must be there", said(not))))
}

fn malformed<'l>(
    alternative: &'l [Literal],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    alternative.iter().filter(|literal| literal.holds).find_map(|literal| {
        let (field, value) = (literal.fact.field.as_deref()?, literal.fact.what.as_str());
        let typed = said(literal);
        let (what, hint) = match (field, literal.says) {
            (_, Says::Hollow) => (
                format!("{typed} is compared as one text"),
                format!("write the field before each: ({field}:a OR {field}:b)"),
            ),
            ("lang", Says::Property) if !(2..=3).contains(&primary(value).len()) => {
                let code = CODES.iter().find(|(name, _)| *name == value).map_or("ru", |(_, code)| code);
                (format!("languages are named by their code, not {value}"), format!("write lang:{code}"))
            }
            ("site", Says::Property) if value.contains(['/', ' ']) => {
                let host = value.split(['/', ' ']).next().unwrap_or_default();
                (format!("{value} is no host name"), format!("write site:{host}, and url:word for the rest"))
            }
            ("published", Says::Property) => {
                let (from, to) = value.split_once("..").filter(|(from, to)| from > to)?;
                (format!("{from} is after {to}"), format!("write published:{to}..{from}"))
            }
            _ => return None,
        };
        Some((literal, what, hint))
    })
}

/// Languages that people write out.
const CODES: [(&str, &str); 12] = [
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("english", "en"),
    ("french", "fr"),
    ("german", "de"),
    ("kazakh", "kk"),
    ("kyrgyz", "ky"),
    ("persian", "fa"),
    ("russian", "ru"),
    ("tajik", "tg"),
    ("turkish", "tr"),
    ("uzbek", "uz"),
];

/// Two values of a property of which an article has one.
fn apart<'l>(alternative: &'l [Literal], said: &impl Fn(&Literal) -> String) -> Option<(&'l Literal, String, String)> {
    ["lang", "tier", "source", "site"].into_iter().find_map(|field| {
        let mut values = alternative.iter().filter(|literal| {
            literal.holds && literal.says == Says::Property && literal.fact.field.as_deref() == Some(field)
        });
        let first = values.next()?;
        let other = values.find(|other| !together(field, &first.fact.what, &other.fact.what))?;
        let what = format!("no article is {} and {} at once", said(first), said(other));
        Some((other, what, format!("write ({} OR {})", said(first), said(other))))
    })
}

fn together(field: &str, a: &str, b: &str) -> bool {
    match field {
        "lang" => a == b || primary(a) == b || primary(b) == a,
        "site" => a == b || a.ends_with(&format!(".{b}")) || b.ends_with(&format!(".{a}")),
        "tier" => {
            let (a, b) = (tiers(a), tiers(b));
            a.0 <= b.1 && b.0 <= a.1
        }
        _ => a.replace('_', "-") == b.replace('_', "-"),
    }
}

/// From and to, as the matcher reads `1..2`.
fn tiers(typed: &str) -> (u8, u8) {
    let (low, high) = typed.split_once("..").unwrap_or((typed, typed));
    (low.parse().unwrap_or(0), high.parse().unwrap_or(u8::MAX))
}

/// What is asked of the source of an article, where no source has it.
fn sourceless<'l>(
    alternative: &'l [Literal],
    sources: &[Outlet],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    let asked: Vec<&Literal> = alternative.iter().filter(|literal| of_source(literal)).collect();
    if asked.is_empty() || sources.is_empty() {
        return None;
    }
    let has = |source: &Outlet, literal: &Literal| literal.holds == source.has(literal);
    if sources.iter().any(|source| asked.iter().all(|literal| has(source, literal))) {
        return None;
    }
    let alone = asked.iter().find(|literal| !sources.iter().any(|source| has(source, literal)));
    let literal = alone.or(asked.last())?;
    let all = asked.iter().map(|asked| format!("{}{}", if asked.holds { "" } else { "NOT " }, said(asked)));
    let all = all.collect::<Vec<_>>().join(" and ");
    let (what, hint) = match (literal.fact.field.as_deref(), alone) {
        (_, None) => (format!("no source is {all}"), "look at `tags` and `tier` of the sources".to_string()),
        (_, Some(literal)) if !literal.holds => {
            (format!("every source is {}", said(literal)), format!("take NOT {} out", said(literal)))
        }
        (Some("tag"), _) => {
            let known = near(&literal.fact.what, sources.iter().flat_map(|source| source.tags.iter().cloned()));
            (
                format!("no source has the tag {}", literal.fact.what),
                known.map_or("add it to `tags` of a source".into(), |tag| format!("did you mean tag:{tag}?")),
            )
        }
        (Some("source"), _) => {
            let known = near(&literal.fact.what, sources.iter().map(|source| source.id.clone()));
            (
                format!("there is no source {}", literal.fact.what),
                known.map_or("the sources are named in [source.ID]".into(), |id| format!("did you mean source:{id}?")),
            )
        }
        _ => (format!("no source is {}", said(literal)), "add `tier` to a source".to_string()),
    };
    Some((literal, what, hint))
}

fn of_source(literal: &Literal) -> bool {
    literal.says == Says::Property && matches!(literal.fact.field.as_deref(), Some("tag" | "source" | "tier"))
}

/// What a query can ask of a source, as it is compared.
struct Outlet {
    id: String,
    tags: Vec<String>,
    tier: Option<u8>,
}

impl Outlet {
    fn of(source: &Source) -> Self {
        let tags = source.tags.iter().map(|tag| folded(tag)).collect();
        Self { id: source.id.as_str().replace('_', "-"), tags, tier: source.tier }
    }

    fn has(&self, literal: &Literal) -> bool {
        let wanted = literal.fact.what.as_str();
        match literal.fact.field.as_deref() {
            Some("tag") => self.tags.iter().any(|tag| tag == wanted),
            Some("source") => self.id == wanted.replace('_', "-"),
            _ => {
                let (low, high) = tiers(wanted);
                self.tier.is_some_and(|tier| (low..=high).contains(&tier))
            }
        }
    }
}

fn near(typed: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let distance = |known: &String| strsim::damerau_levenshtein(known, typed);
    known.min_by_key(|known| (distance(known), known.clone())).filter(|known| distance(known) <= 2)
}

/// The literal that shows that an alternative holds for nearly every article.
fn broad<'l>(
    alternative: &'l [Literal],
    vocabulary: &Vocabulary,
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, Slip)> {
    let held = || alternative.iter().filter(|literal| literal.holds);
    if held().any(|literal| is_narrow(literal, vocabulary)) {
        return None;
    }
    let common =
        held().find(|literal| literal.fact.field.as_deref().is_none_or(|field| field == "body" || field == "lead"));
    let first = held().find(|literal| literal.says == Says::Word).or(common).or(held().next())?;
    let all = held().map(said).collect::<Vec<_>>().join(" and ");
    let slip = if first.says == Says::Word {
        let what = format!("this matches nearly every article: {} stands in most of them", said(first));
        Slip::new("W205", what, "write more of the word, or a second one: \"two words\"")
    } else {
        let what = format!("this matches every article that is {all}: nothing is said of what must stand in it");
        Slip::new("W205", what, format!("say what must be there: @some-watch AND {}", said(first)))
    };
    Some((first, slip))
}

/// Whether few articles have it. All of one source, site, author or part of a site may well be wanted.
fn is_narrow(literal: &Literal, vocabulary: &Vocabulary) -> bool {
    match (literal.says, literal.fact.field.as_deref()) {
        (Says::Word, _) => !vocabulary.is_everywhere(&literal.fact.what),
        (Says::Text, _) => true,
        (_, field) => matches!(field, Some("source" | "site" | "author" | "url")),
    }
}

/// W207: NEAR over ten.
fn far(place: &Place, typed: &str) -> Vec<Fault> {
    let wide = query::nears(typed).into_iter().filter(|(_, words)| *words > NEAR_MAX);
    let fault = |(span, words): (std::ops::Range<usize>, usize)| {
        let operator = typed[span.clone()].split('/').next().unwrap_or("NEAR").to_string();
        let what = format!("{words} words apart is nearly anywhere in a paragraph");
        let hint = format!("write {operator}/{NEAR_MAX}, SENTENCE for one sentence, or SAME for one paragraph");
        Slip::new("W207", what, hint).at(place.clone(), span)
    };
    wide.map(fault).collect()
}

/// W201 in a query: capitals mean nothing in a bare word.
fn acronyms(query: &Query, place: &Place, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    match query {
        Query::Word(word, span) if is_acronym(word) && vocabulary.common(&folded(word)).is_some() => {
            let what = format!("{word} is found in any case: it would match the word {:?} too", folded(word));
            faults.push(Slip::new("W201", what, format!("write {{{word}}}")).at(place.clone(), span.clone()));
        }
        Query::Or(parts) | Query::And(parts) => {
            for part in parts {
                acronyms(part, place, vocabulary, faults);
            }
        }
        Query::Not(inner) | Query::AtLeast(_, inner) => acronyms(inner, place, vocabulary, faults),
        Query::Field(field, inner, _) if matches!(field.as_str(), "title" | "lead" | "body" | "text") => {
            acronyms(inner, place, vocabulary, faults);
        }
        Query::Near(a, _, b) => [a, b].into_iter().for_each(|side| acronyms(side, place, vocabulary, faults)),
        _ => {}
    }
}
