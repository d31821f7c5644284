//! Queries: those that never match, those that match nearly everything, and NEAR that is not near. In: rules, and what the sources
//! say of themselves. Out: warnings. A query with a fault is left to the compiler; one with too many alternatives is believed.

use super::logic::{self, Fact, Literal, Says};
use super::names::is_acronym;
use super::{Desk, Slip, folded, primary, several};
use crate::matching::compile::table;
use crate::matching::query::ast::{Near, Part as Zone};
use crate::matching::query::fields::Meta;
use crate::matching::query::lex::{self, Kind as Piece};
use crate::matching::query::{self, Expr, Kind, Term};
use crate::matching::words::Vocabulary;
use crate::matching::{Fault, Place};
use crate::model::{Rule, Source};
use std::collections::{BTreeSet, HashSet};

/// Words between two things, beyond which NEAR says little: a sentence of the news has about twenty.
const NEAR_MAX: u32 = 10;

pub(super) fn doubts(desk: &Desk<'_>, vocabulary: &Vocabulary) -> Vec<Fault> {
    let mut faults = vec![];
    let sources: Vec<Outlet> = desk.sources.iter().map(Outlet::of).collect();
    for rule in desk.rules {
        let parts = parts(rule);
        for part in &parts {
            if let Some(tree) = &part.tree {
                faults.extend(far(&part.place, part.typed));
                acronyms(tree, part, vocabulary, &mut faults);
            }
        }
        faults.extend(alternatives(&parts).and_then(|all| judged(&parts, &all, &sources, vocabulary)));
    }
    let watches = desk.watches.iter().map(|watch| (table(watch.kind), watch.id.to_string(), &watch.with));
    let lists = desk.lists.iter().map(|list| ("list", list.id.to_string(), &list.with));
    for (table, id, with) in watches.chain(lists) {
        for (index, typed) in with.iter().enumerate().filter(|(_, typed)| query::primary(typed).is_ok()) {
            faults.extend(far(&Place { table, id: id.clone(), key: "with", index: Some(index) }, typed));
        }
    }
    faults
}

/// One string of a rule; without a tree where it has a fault.
struct Part<'a> {
    place: Place,
    typed: &'a str,
    tree: Option<Expr>,
}

fn parts(rule: &Rule) -> Vec<Part<'_>> {
    let place = |key, index| Place { table: "rule", id: rule.id.to_string(), key, index };
    let whole =
        rule.query.iter().map(|typed| Part { place: place("query", None), typed, tree: query::query(typed).ok() });
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
    let said = |literal: &Literal| said(parts, literal);
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
    let place = parts[literal.at].place.clone();
    if place.key == "none" {
        slip.hint = "take it out of `none`, or say what else must be there".into();
    }
    Some(slip.at(place, literal.span.clone()))
}

/// A literal as it was typed; a property with its field, which stands before the brackets in `lang:(ru OR uz)`.
fn said(parts: &[Part<'_>], literal: &Literal) -> String {
    let typed = parts[literal.at].typed.get(literal.span.clone()).unwrap_or_default();
    match &literal.says {
        Says::Property(meta) if !typed.starts_with(meta.field()) => format!("{}:{typed}", meta.field()),
        _ => typed.to_string(),
    }
}

/// Which literal of an alternative cannot hold beside the others, why, and what to do.
fn excluded<'l>(
    alternative: &'l [Literal],
    sources: &[Outlet],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    contradicted(alternative, said)
        .or_else(|| no_language(alternative, said))
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
            let here = not.fact.part == Zone::All || fact.part == not.fact.part;
            here && fact.what.starts_with(stem) && !fact.what.contains([' ', '*', '?'])
        };
        let words = || held().filter(|held| held.says == Says::Word).flat_map(|held| &held.implied);
        facts.contains(&not.fact) || stem.is_some_and(|stem| words().any(|fact| covers(stem, fact)))
    })?;
    let what = format!("{} is excluded, and wherever the rest is found it is found too", said(not));
    Some((not, what, format!("take NOT {} out, or say what else must be there", said(not))))
}

fn no_language<'l>(
    alternative: &'l [Literal],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    alternative.iter().filter(|literal| literal.holds).find_map(|literal| {
        let Says::Property(Meta::Lang(value)) = &literal.says else { return None };
        if (2..=3).contains(&primary(value).len()) {
            return None;
        }
        let code = CODES.iter().find(|(name, _)| name == value).map_or("ru", |(_, code)| code);
        let what = format!("languages are named by their code: {} is none", said(literal));
        Some((literal, what, format!("write lang:{code}")))
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
        let mut asked = alternative.iter().filter(|literal| literal.holds).filter_map(|literal| match &literal.says {
            Says::Property(meta) if meta.field() == field => Some((literal, meta)),
            _ => None,
        });
        let (first, wanted) = asked.next()?;
        let (other, _) = asked.find(|(_, other)| !together(wanted, other))?;
        let what = format!("no article is {} and {} at once", said(first), said(other));
        Some((other, what, format!("write ({} OR {})", said(first), said(other))))
    })
}

fn together(a: &Meta, b: &Meta) -> bool {
    let below = |inner: &str, outer: &str, by: char| inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with(by));
    match (a, b) {
        (Meta::Lang(a), Meta::Lang(b)) => a == b || primary(a) == b || primary(b) == a,
        (Meta::Site(a), Meta::Site(b)) => a == b || below(a, b, '.') || below(b, a, '.'),
        (Meta::Tier(low, high), Meta::Tier(other_low, other_high)) => low <= other_high && other_low <= high,
        _ => a == b,
    }
}

/// What is asked of the source of an article, where no source has it.
fn sourceless<'l>(
    alternative: &'l [Literal],
    sources: &[Outlet],
    said: &impl Fn(&Literal) -> String,
) -> Option<(&'l Literal, String, String)> {
    let asked: Vec<(&Literal, &Meta)> = alternative.iter().filter_map(of_source).collect();
    if asked.is_empty() || sources.is_empty() {
        return None;
    }
    let has = |source: &Outlet, literal: &Literal, meta: &Meta| literal.holds == source.has(meta);
    if sources.iter().any(|source| asked.iter().all(|(literal, meta)| has(source, literal, meta))) {
        return None;
    }
    let alone = asked.iter().find(|(literal, meta)| !sources.iter().any(|source| has(source, literal, meta)));
    let Some((literal, meta)) = alone else {
        let all = asked.iter().map(|(asked, _)| format!("{}{}", if asked.holds { "" } else { "NOT " }, said(asked)));
        let what = format!("no source is {}", all.collect::<Vec<_>>().join(" and "));
        return Some((asked.last()?.0, what, "look at `tags` and `tier` of the sources".into()));
    };
    let (what, hint) = match meta {
        _ if !literal.holds => {
            (format!("every source is {}", said(literal)), format!("take NOT {} out", said(literal)))
        }
        Meta::Tag(tag) => {
            let known = near(&folded(tag), sources.iter().flat_map(|source| source.tags.iter().cloned()));
            (
                format!("no source has the tag {tag}"),
                known.map_or("add it to `tags` of a source".into(), |tag| format!("did you mean tag:{tag}?")),
            )
        }
        Meta::Source(id) => {
            let known = near(id, sources.iter().map(|source| source.id.clone()));
            (
                format!("there is no source {id}"),
                known.map_or("the sources are named in [source.ID]".into(), |id| format!("did you mean source:{id}?")),
            )
        }
        Meta::Tier(low, high) => {
            let tiers: BTreeSet<u8> = sources.iter().filter_map(|source| source.tier).collect();
            let tiers = tiers.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
            let wanted = if low == high { format!("tier {low}") } else { format!("a tier from {low} to {high}") };
            let hint = if tiers.is_empty() {
                format!("no source has a `tier`: give one tier = {low}")
            } else {
                format!("the sources have {tiers}: write one of them, or give a source tier = {low}")
            };
            (format!("no source has {wanted}"), hint)
        }
        _ => (format!("no source is {}", said(literal)), "look at `tags` and `tier` of the sources".to_string()),
    };
    Some((literal, what, hint))
}

fn of_source(literal: &Literal) -> Option<(&Literal, &Meta)> {
    match &literal.says {
        Says::Property(meta @ (Meta::Tag(_) | Meta::Source(_) | Meta::Tier(..))) => Some((literal, meta)),
        _ => None,
    }
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

    fn has(&self, wanted: &Meta) -> bool {
        match wanted {
            Meta::Tag(tag) => self.tags.contains(&folded(tag)),
            Meta::Source(id) => self.id == *id,
            Meta::Tier(low, high) => self.tier.is_some_and(|tier| (*low..=*high).contains(&tier)),
            _ => true,
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
    let first = held().find(|literal| literal.says == Says::Word).or(held().next())?;
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
    match &literal.says {
        Says::Word => !vocabulary.is_everywhere(&folded(&literal.fact.what)),
        Says::Text => true,
        Says::Property(meta) => matches!(meta, Meta::Source(_) | Meta::Site(_) | Meta::Author(_) | Meta::Url(_)),
    }
}

/// W207: NEAR over ten.
fn far(place: &Place, typed: &str) -> Vec<Fault> {
    let wide = lex::lex(typed).0.into_iter().filter_map(|token| match token.kind {
        Piece::Near(Near::Words(words) | Near::Ordered(words)) if words > NEAR_MAX => Some((token.span, words)),
        _ => None,
    });
    let fault = |(span, words): (std::ops::Range<usize>, u32)| {
        let operator = typed[span.clone()].split('/').next().unwrap_or("NEAR");
        let what = format!("{words} words apart is nearly anywhere in a paragraph");
        let hint = format!("write {operator}/{NEAR_MAX}, SENTENCE for one sentence, or SAME for one paragraph");
        Slip::new("W207", what, hint).at(place.clone(), span)
    };
    wide.map(fault).collect()
}

/// W213 in a query: an operator between quotes or braces is a word of what stands there.
fn literal(query: &Expr, text: &str, part: &Part<'_>) -> Option<Fault> {
    let typed = &part.typed[query.span.clone()];
    let from = typed.find(text)?;
    let (open, close) = (typed[..from].chars().next_back()?, typed[from + text.len()..].chars().next()?);
    let (operator, parts) = several::parts(text).filter(|(sign, _)| matches!(*sign, "OR" | "AND" | "NOT" | "ИЛИ"))?;
    let operator = if operator == "ИЛИ" { "OR" } else { operator };
    let what = format!("what stands between {open} and {close} is looked for word for word, {operator} too");
    let parts: Vec<String> = parts.iter().map(|part| format!("{open}{part}{close}")).collect();
    let slip = Slip::new("W213", what, format!("write {}", parts.join(&format!(" {operator} "))));
    Some(slip.at(part.place.clone(), query.span.clone()))
}

/// W201 in a query: capitals mean nothing in a bare word.
fn acronyms(query: &Expr, part: &Part<'_>, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    match &query.kind {
        Kind::Term(Term::Word(word), _) if is_acronym(word) && vocabulary.common(&folded(word)).is_some() => {
            // The span may begin with a field and end with brackets.
            let from = query.span.start + part.typed[query.span.clone()].rfind(&**word).unwrap_or_default();
            let what = format!("{word} is found in any case: it would match the word {:?} too", folded(word));
            let slip = Slip::new("W201", what, format!("write {{{word}}}"));
            faults.push(slip.at(part.place.clone(), from..from + word.len()));
        }
        Kind::Term(Term::Exact(text) | Term::Phrase(text, None), _) => faults.extend(literal(query, text, part)),
        Kind::Or(parts) | Kind::And(parts) => parts.iter().for_each(|one| acronyms(one, part, vocabulary, faults)),
        Kind::Not(inner) | Kind::AtLeast(_, inner) => acronyms(inner, part, vocabulary, faults),
        Kind::Near(a, _, b) => [a, b].into_iter().for_each(|side| acronyms(side, part, vocabulary, faults)),
        _ => {}
    }
}
