//! Rules and their queries. In: what was typed. Out: trees whose ids are looked up and whose words are names in the builder.

use super::super::fault::{Flaw, Place, nearest};
use super::super::index::{Role, Ruled, SUFFIX, Target, TermKind, Typed};
use super::super::names::phrase::{self, Inflect, Manner};
use super::super::names::split;
use super::super::node::{Leaf, Node, NodeKind};
use super::super::query::{self, Expr, Kind, Term};
use super::{Builder, NAME_BYTES_MAX, NAME_WORDS_MAX, Waiting};
use crate::model::{Match, Rule};

/// NEARs inside each other: each may double the places that are looked at.
const NEAR_DEPTH_MAX: usize = 4;
/// Faults after which no near id is looked for any more.
const HINTS_MAX: usize = 100;

impl Builder {
    pub(super) fn primaries(&mut self, typed: &[String], place: &Place, inflect: bool) -> Vec<Node> {
        let mut nodes = vec![];
        for (nth, text) in typed.iter().enumerate() {
            let place = Place { index: Some(nth), ..place.clone() };
            match query::primary(text) {
                Ok(tree) => nodes.extend(self.lower(&tree, 0, inflect, &place)),
                Err(flaws) => self.flawed(text, flaws, &place),
            }
        }
        nodes
    }

    pub(super) fn rule(&mut self, rule: &Rule) -> Option<Ruled> {
        let place = |key, index| Place { table: "rule", id: rule.id.to_string(), key, index };
        if rule.query.is_none() && rule.any.is_empty() && rule.all.is_empty() {
            let (key, what) = if rule.none.is_empty() {
                ("query", "this rule has no query, any or all: it says nothing that must be present")
            } else {
                ("none", "this rule only excludes: it needs a query, any or all beside none")
            };
            self.fault(
                &place(key, None),
                Flaw::new(0..0, "E222", what).hint("write query = '@sco', or any = [\"@sco\"]"),
            );
            return None;
        }
        let before = self.faults.len();
        let mut typed = vec![];
        let mut parts = vec![];
        if let Some(text) = &rule.query {
            typed.push((place("query", None), text.clone()));
            match query::query(text) {
                Ok(tree) => parts.extend(self.lower(&tree, 0, rule.inflect, &place("query", None))),
                Err(flaws) => self.flawed(text, flaws, &place("query", None)),
            }
        }
        for (key, strings) in [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)] {
            let mut nodes = vec![];
            for (nth, text) in strings.iter().enumerate() {
                let place = place(key, Some(nth));
                match query::primary(text) {
                    Ok(tree) => nodes.extend(self.lower(&tree, typed.len(), rule.inflect, &place)),
                    Err(flaws) => {
                        // What stands here is excluded without a sign.
                        let bare = text.trim().trim_start_matches(['-', '!']);
                        let bare = bare.strip_prefix("NOT ").unwrap_or(bare).trim();
                        let good = key == "none" && bare != text.trim() && query::primary(bare).is_ok();
                        let hinted = |flaw: Flaw| if good { flaw.hint(format!("write {bare}")) } else { flaw };
                        self.flawed(text, flaws.into_iter().map(hinted).collect(), &place);
                    }
                }
                typed.push((place, text.clone()));
            }
            if nodes.is_empty() {
                continue;
            }
            let node = |kind| Node { kind, span: 0..0, origin: usize::MAX };
            match key {
                "any" => parts.push(if nodes.len() == 1 { nodes.remove(0) } else { node(NodeKind::Or(nodes)) }),
                "all" => parts.extend(nodes),
                _ => parts.extend(nodes.into_iter().map(|inner| node(NodeKind::Not(Box::new(inner))))),
            }
        }
        if self.faults.len() > before {
            return None;
        }
        let node = if parts.len() == 1 {
            parts.remove(0)
        } else {
            Node { kind: NodeKind::And(parts), span: 0..0, origin: usize::MAX }
        };
        Some(Ruled { id: rule.id.clone(), severity: rule.severity, notify: Match::routes(&rule.notify), node, typed })
    }

    /// The flaws of a query, with those of its ids.
    fn flawed(&mut self, text: &str, flaws: Vec<Flaw>, place: &Place) {
        for flaw in flaws {
            self.fault(place, flaw);
        }
        for (id, row, span) in query::ids(text) {
            if let Err(flaw) = self.id(&id, row.as_deref()) {
                self.fault(place, Flaw { span, ..flaw });
            }
        }
    }

    /// A tree with its ids looked up and its terms made names. `None` when an id is unknown: that is noted as a fault.
    fn lower(&mut self, expr: &Expr, origin: usize, inflect: bool, place: &Place) -> Option<Node> {
        let all = |this: &mut Self, parts: &[Expr]| -> Option<Vec<Node>> {
            let nodes: Vec<Option<Node>> = parts.iter().map(|part| this.lower(part, origin, inflect, place)).collect();
            nodes.into_iter().collect()
        };
        let kind = match &expr.kind {
            Kind::And(parts) => NodeKind::And(all(self, parts)?),
            Kind::Or(parts) => NodeKind::Or(all(self, parts)?),
            Kind::Not(inner) => NodeKind::Not(Box::new(self.lower(inner, origin, inflect, place)?)),
            Kind::Near(left, _, right) if nested(left).max(nested(right)) >= NEAR_DEPTH_MAX => {
                let what = format!("more than {NEAR_DEPTH_MAX} NEARs stand inside each other");
                let flaw = Flaw::new(expr.span.clone(), "E225", what);
                self.fault(place, flaw.hint("part it: join two shorter NEARs with AND"));
                return None;
            }
            Kind::Near(left, near, right) => {
                let (left, right) =
                    (self.lower(left, origin, inflect, place), self.lower(right, origin, inflect, place));
                NodeKind::Near(Box::new(left?), *near, Box::new(right?))
            }
            Kind::AtLeast(n, inner) => NodeKind::AtLeast(*n, Box::new(self.lower(inner, origin, inflect, place)?)),
            Kind::Meta(meta) => NodeKind::Meta(meta.clone()),
            Kind::Term(term, part) => NodeKind::Leaf(Leaf::Term(self.term(term, inflect, &expr.span, place)?), *part),
            Kind::Id { id, row, part } => match self.id(id, row.as_deref()) {
                Ok(leaf) => NodeKind::Leaf(leaf, *part),
                Err(flaw) => {
                    self.fault(place, Flaw { span: expr.span.clone(), ..flaw });
                    return None;
                }
            },
        };
        Some(Node { kind, span: expr.span.clone(), origin })
    }

    fn id(&self, id: &str, row: Option<&str>) -> Result<Leaf, Flaw> {
        let key = id.replace('_', "-");
        let known = || self.watch_ids.keys().chain(self.list_ids.keys()).map(String::as_str);
        let flaw = |what: String| Flaw::new(0..0, "E210", what);
        match (self.watch_ids.get(&key), self.list_ids.get(&key), row) {
            (Some(at), _, None) => Ok(Leaf::Watch(*at)),
            (Some(_), _, Some(row)) => {
                Err(flaw(format!("@{id} is a watch, not a list: it has no row {row:?}")).hint(format!("write @{id}")))
            }
            (None, Some(at), None) => Ok(Leaf::List(*at)),
            (None, Some(at), Some(row)) => {
                let (numbers, rows) = (&self.lists[*at], &self.list_rows[*at]);
                let few = self.faults.len() < HINTS_MAX;
                let alike = || rows.iter().find(|known| few && known.id().to_lowercase() == row.to_lowercase());
                let hint = || match alike() {
                    _ if rows.is_empty() => "the list is empty".to_string(),
                    Some(known) => format!("write @{id}/{}", known.id()),
                    None => format!("write @{id} for any row"),
                };
                let found = rows.find(row).map(|found| numbers.start + found.number() as usize);
                found.map(Leaf::Row).ok_or_else(|| flaw(format!("the list @{id} has no row {row:?}")).hint(hint()))
            }
            (None, None, _) => {
                // One lost file makes thousands of ids unknown; each is compared with all that there are.
                let few = self.faults.len() < HINTS_MAX;
                let lists = || self.list_ids.keys().map(String::as_str);
                // A row is of a list.
                let meant = few.then(|| match row {
                    Some(_) => nearest(&key.to_lowercase(), lists()),
                    None => nearest(&key.to_lowercase(), known()),
                });
                let hint = match meant.flatten() {
                    Some(near) => format!("did you mean @{near}?"),
                    None if row.is_some() && self.list_ids.is_empty() => {
                        format!("no list is configured: write [list.{key}] with its file")
                    }
                    None if self.watch_ids.is_empty() && self.list_ids.is_empty() => {
                        "no watch or list is configured: write [organization.ID], [official.ID] or [keyword.ID]"
                            .to_string()
                    }
                    None => {
                        let mut all: Vec<&str> = known().collect();
                        all.sort_unstable();
                        let more = if all.len() > 8 { " …" } else { "" };
                        all.truncate(8);
                        format!("the ids are @{}{more}", all.join(", @"))
                    }
                };
                Err(flaw(format!("unknown id @{id}: no watch or list has it")).hint(hint))
            }
        }
    }

    /// The number of a term; the same term is one wherever it stands.
    fn term(&mut self, term: &Term, inflect: bool, span: &std::ops::Range<usize>, place: &Place) -> Option<usize> {
        if let Some(known) = self.term_ids.get(&(term.clone(), inflect)) {
            return Some(*known);
        }
        let (text, slop) = match term {
            Term::Word(text) | Term::Exact(text) => (text, None),
            Term::Phrase(text, slop) => (text, *slop),
        };
        if text.len() > NAME_BYTES_MAX || split::split(text, false).len() > NAME_WORDS_MAX {
            self.fault(
                place,
                Flaw::new(
                    span.clone(),
                    "E221",
                    format!("this has more than {NAME_WORDS_MAX} words or {NAME_BYTES_MAX} bytes"),
                )
                .hint("give a shorter phrase"),
            );
            return None;
        }
        let at = self.terms.len();
        self.terms.push(TermKind::Words);
        self.term_ids.insert((term.clone(), inflect), at);
        let manner =
            Manner { inflect: if inflect { Inflect::Every } else { Inflect::No }, keep_case: false, globs: true };
        let suffix = if inflect { SUFFIX } else { 0 };
        let target = Target::term(at);
        match (term, slop) {
            (Term::Exact(_), _) => {
                let number = self.names.add(target, Role::Word, 0, Typed::Here(text));
                let (words, shape) = phrase::exact(text, &mut self.vocabulary);
                self.waiting.push(Waiting { term: at, name: number, words, shape });
            }
            (_, None) => {
                let number = self.names.add(target, Role::Word, suffix, Typed::Here(text));
                let endings = if inflect { phrase::endings(text) } else { vec![] };
                for form in [text].into_iter().chain(&endings) {
                    let (words, shape) = phrase::phrase(form, manner, &mut self.vocabulary);
                    self.waiting.push(Waiting { term: at, name: number, words, shape });
                }
            }
            (_, Some(most)) => {
                let name = self.names.add(target, Role::Word, suffix, Typed::Here(text));
                let words: Vec<String> = text
                    .split_whitespace()
                    .filter(|word| word.chars().any(char::is_alphanumeric))
                    .map(ToString::to_string)
                    .collect();
                let mut targets = vec![];
                for word in words {
                    targets.push(Target::term(self.term(&Term::Word(word), inflect, span, place)?));
                }
                self.terms[at] = TermKind::Spread { words: targets, most, name };
            }
        }
        Some(at)
    }
}

/// How many NEARs stand inside each other.
fn nested(expr: &Expr) -> usize {
    let deepest = |parts: &[Expr]| parts.iter().map(nested).max().unwrap_or(0);
    match &expr.kind {
        Kind::And(parts) | Kind::Or(parts) => deepest(parts),
        Kind::Not(inner) | Kind::AtLeast(_, inner) => nested(inner),
        Kind::Near(left, _, right) => 1 + nested(left).max(nested(right)),
        Kind::Term(..) | Kind::Id { .. } | Kind::Meta(_) => 0,
    }
}
