//! Watches, lists and rules into an index. In: what the configuration gave. Out: the index, or every fault in it.
//! Never a fault alone: all are told at once.

use super::fault::{Fault, Flaw, Place, nearest};
use super::index::{
    Anchors, CAPITAL, Index, Listed, Names, PERSON, Role, Ruled, SUFFIX, Target, TermKind, Typed, Watched,
};
use super::names::phrase::{self, Inflect, Manner};
use super::names::{person, post, split};
use super::node::{Leaf, Node, NodeKind};
use super::query::{self, Expr, Kind, Term};
use super::trie::{Shape, Trie};
use super::vocabulary::{Vocabulary, WordId, number};
use crate::model::{Family, List, Match, RowKey, RowText, Rows, Rule, Watch, WatchKind};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::sync::Arc;

/// The longest name, in bytes and in words.
const NAME_BYTES_MAX: usize = 1000;
const NAME_WORDS_MAX: usize = super::find::STEPS_MAX;
/// Faults of rows that are told.
const ROW_FAULTS_MAX: usize = 20;

/// Compiles watches, lists (with their rows read) and rules. `zone` is the one in which `published:2024-05-01` is meant.
///
/// # Errors
/// Everything that cannot stand, in the order of watches, lists and rules.
pub fn compile(watches: &[Watch], lists: &[List], rules: &[Rule], zone: &TimeZone) -> Result<Index, Vec<Fault>> {
    let mut builder = Builder::default();
    let rows: usize = lists.iter().map(|list| list.rows.len()).sum();
    // Most rows are persons: family names of their own, found with their given name and with its initial.
    builder.vocabulary.reserve(rows);
    builder.trie.reserve(rows * 2);
    for (at, watch) in watches.iter().enumerate() {
        builder.watch(at, watch);
    }
    for list in lists {
        let from = builder.lists.last().map_or(0, |rows| rows.end);
        builder.lists.push(from..from + list.rows.len());
        builder.rows(list, from);
    }
    builder.ids(watches, lists);
    if watches.iter().any(|w| !w.weak.is_empty() || w.family != Family::No)
        || lists.iter().any(|l| l.rows.iter().any(|row| row.head().family || row.of(RowKey::Weak).next().is_some()))
    {
        builder.titles();
    }
    // Queries come last: they refer to all of these.
    let mut watched = vec![];
    for watch in watches {
        let place = place_of(watch, "with");
        let with = builder.primaries(&watch.with, &place, false);
        watched.push(Watched { watch: watch.clone(), with });
    }
    let mut lists_done = vec![];
    for (at, list) in lists.iter().enumerate() {
        let id = list.id.to_string();
        let numbers = builder.lists[at].clone();
        let with =
            builder.primaries(&list.with, &Place { table: "list", id: id.clone(), key: "with", index: None }, false);
        let mut row_with = HashMap::new();
        for row in list.rows.iter() {
            let typed: Vec<String> = row.of(RowKey::With).map(ToString::to_string).collect();
            if !typed.is_empty() {
                let before = builder.faults.len();
                let with = builder.primaries(&typed, &file(list), false);
                builder.spare(before, || format!("row {}, with", row.id()));
                row_with.insert(number(numbers.start) + row.number(), with);
            }
        }
        lists_done.push(Listed { id, numbers, rows: Arc::clone(&list.rows), with, row_with });
    }
    let mut ruled = vec![];
    for rule in rules {
        if let Some(rule) = builder.rule(rule) {
            ruled.push(rule);
        }
    }
    if !builder.faults.is_empty() {
        return Err(builder.faults);
    }
    builder.vocabulary.finish();
    builder.trie.finish(|word| builder.vocabulary.is_single(word));
    builder.names.finish();
    let mut anchors = Anchors {
        watches: vec![vec![]; watches.len()],
        lists: vec![vec![]; lists.len()],
        terms: vec![vec![]; builder.terms.len()],
        ..Anchors::default()
    };
    for (at, rule) in ruled.iter().enumerate() {
        anchor(&mut anchors, number(at), rule, &builder.terms);
    }
    let mut eager: Vec<bool> = anchors.terms.iter().map(|rules| !rules.is_empty()).collect();
    for term in &builder.terms {
        if let TermKind::Spread { words, .. } = term {
            for word in words {
                if let super::index::What::Term(word) = word.what() {
                    eager[word] = true;
                }
            }
        }
    }
    let with = watched.iter().flat_map(|watched| &watched.with);
    let of_rows = lists_done.iter().flat_map(|list| list.with.iter().chain(list.row_with.values().flatten()));
    for node in with.chain(of_rows) {
        terms(node, &mut |term| eager[term] = true);
    }
    for rule in &mut ruled {
        let mut later = vec![];
        terms(&rule.node, &mut |term| later.extend((!eager[term]).then_some(number(term))));
        rule.later = later;
    }
    let mut spread: HashMap<Target, Vec<usize>> = HashMap::new();
    for (at, term) in builder.terms.iter().enumerate() {
        if let TermKind::Spread { words, .. } = term
            && let Some(first) = words.first()
        {
            spread.entry(*first).or_default().push(at);
        }
    }
    Ok(Index {
        eager,
        spread,
        vocabulary: builder.vocabulary,
        trie: builder.trie,
        names: builder.names,
        watches: watched,
        lists: lists_done,
        terms: builder.terms,
        rules: ruled,
        anchors,
        zone: zone.clone(),
        lints: builder.lints,
        scratch: super::index::Pool::default(),
    })
}

/// The file of a list.
fn file(list: &List) -> Place {
    Place { table: "list", id: list.id.to_string(), key: "file", index: None }
}

/// The table of a watch.
pub fn table(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Organization => "organization",
        WatchKind::Official => "official",
        WatchKind::Keyword => "keyword",
    }
}

/// A key of a watch.
pub fn place_of(watch: &Watch, key: &'static str) -> Place {
    Place { table: table(watch.kind), id: watch.id.to_string(), key, index: None }
}

#[derive(Default)]
struct Builder {
    vocabulary: Vocabulary,
    trie: Trie,
    names: Names,
    /// By list: the numbers of its rows among those of all lists.
    lists: Vec<std::ops::Range<usize>>,
    list_rows: Vec<Arc<Rows>>,
    watch_ids: HashMap<String, usize>,
    list_ids: HashMap<String, usize>,
    terms: Vec<TermKind>,
    term_ids: HashMap<(Term, bool), usize>,
    faults: Vec<Fault>,
    lints: Vec<Fault>,
}

impl Builder {
    fn fault(&mut self, place: &Place, flaw: Flaw) {
        self.faults.push(flaw.at(place));
    }

    /// Notes the ids that queries may refer to.
    fn ids(&mut self, watches: &[Watch], lists: &[List]) {
        for (at, watch) in watches.iter().enumerate() {
            self.watch_ids.insert(watch.id.key().into_owned(), at);
        }
        for (at, list) in lists.iter().enumerate() {
            self.list_ids.insert(list.id.key().into_owned(), at);
            self.list_rows.push(Arc::clone(&list.rows));
        }
    }

    fn watch(&mut self, at: usize, watch: &Watch) {
        if watch.names.is_empty() && watch.exact.is_empty() && watch.posts.is_empty() {
            let key = if watch.weak.is_empty() { "names" } else { "weak" };
            let flaw =
                Flaw::new(0..0, "E220", format!("@{} has no strong name: nothing in names, exact or posts", watch.id));
            self.fault(
                &place_of(watch, key),
                flaw.hint("give its full name in names; a weak name counts only beside one"),
            );
        }
        let target = Target::watch(at);
        let bearer = Bearer { target, kind: watch.kind, inflect: watch.inflect, variants: watch.variants };
        let place = |key| place_of(watch, key);
        for (key, names) in [
            (RowKey::Names, &watch.names),
            (RowKey::Exact, &watch.exact),
            (RowKey::Posts, &watch.posts),
            (RowKey::NotAs, &watch.not_as),
            (RowKey::Weak, &watch.weak),
        ] {
            for (nth, name) in names.iter().enumerate() {
                self.name(&bearer, key, Typed::Here(name), watch.names.first().map(String::as_str), nth, &place);
            }
        }
        match &watch.family {
            Family::No => {}
            Family::Named(name) => {
                self.weak(&bearer, Typed::Here(name), watch.names.first().map(String::as_str));
            }
            Family::Derived => {
                for name in &watch.names {
                    if let Some(family) = person::family(name) {
                        self.weak(&bearer, Typed::Here(&family), Some(name));
                    }
                }
            }
        }
    }

    /// The rows of a list; the first has the number `from` among those of all lists.
    fn rows(&mut self, list: &List, from: usize) {
        let which = self.lists.len() - 1;
        for row in list.rows.iter() {
            let head = row.head();
            let target = Target::row(from + row.number() as usize);
            let bearer = Bearer { target, kind: head.kind, inflect: head.inflect, variants: head.variants };
            let place = |_| file(list);
            let before = self.faults.len();
            let like = row.of(RowKey::Names).next();
            for (nth, RowText { number, key, text }) in row.texts().enumerate() {
                self.name(&bearer, key, Typed::Row(which, number, text), like, nth, &place);
                if head.family
                    && key == RowKey::Names
                    && let Some(family) = person::family(text)
                {
                    self.weak(&bearer, Typed::Here(&family), Some(text));
                }
            }
            self.spare(before, || format!("row {}", row.id()));
        }
    }

    /// A row's faults are told and cost that row only: a list is a stranger's file, and its other rows are wanted.
    fn spare(&mut self, before: usize, what: impl Fn() -> String) {
        if self.faults.len() == before {
            return;
        }
        let spared = self.faults.split_off(before).into_iter().map(|fault| {
            let what = format!("{}: {}", what(), fault.what);
            Fault { span: 0..0, code: "W290", what, ..fault }
        });
        self.lints.extend(spared.take(ROW_FAULTS_MAX.saturating_sub(self.lints.len())));
    }

    /// One name of a watch or row; `like` is the first of its full names, `nth` its place among its kind.
    fn name(
        &mut self,
        bearer: &Bearer,
        key: RowKey,
        typed: Typed,
        like: Option<&str>,
        nth: usize,
        place: &dyn Fn(&'static str) -> Place,
    ) {
        let name = typed.text();
        let key_name = match key {
            RowKey::Names => "names",
            RowKey::Exact => "exact",
            RowKey::Posts => "posts",
            RowKey::NotAs => "not_as",
            RowKey::Weak => "weak",
            // Primaries of queries, no names.
            RowKey::With => return,
        };
        if !self.check(name, || Place { index: Some(nth), ..place(key_name) }) {
            return;
        }
        let Bearer { target, kind, variants, .. } = *bearer;
        let person = kind == WatchKind::Official;
        let inflect = bearer.inflect();
        let suffix = if inflect == Inflect::No { 0 } else { SUFFIX };
        let manner = Manner { inflect, keep_case: kind != WatchKind::Keyword, globs: true };
        match key {
            RowKey::Names => {
                let number = self.names.add(target, Role::Name, suffix | if person { PERSON } else { 0 }, typed);
                if person && !name.contains(['*', '?']) {
                    self.person(name, variants, number);
                } else {
                    self.phrase(name, manner, number);
                }
            }
            RowKey::Exact => {
                let number = self.names.add(target, Role::Exact, suffix, typed);
                let (words, shape) = phrase::exact(name, &mut self.vocabulary);
                self.trie.add(&words, shape, number);
            }
            RowKey::Posts => {
                let manner = Manner { keep_case: false, ..manner };
                let number = self.names.add(target, Role::Post, suffix, typed);
                self.phrase(name, manner, number);
                if let Some(owned) = post::owned(name) {
                    // The owner stands right after its post: resolving counts on it.
                    let title = self.names.add(target, Role::PostOf, suffix, typed);
                    let owner = self.names.add(target, Role::Owner, suffix, typed);
                    for words in &owned.titles {
                        self.phrase(words, manner, title);
                    }
                    self.phrase(&owned.owner, Manner { keep_case: true, ..manner }, owner);
                }
            }
            RowKey::NotAs => {
                let number = self.names.add(target, Role::NotAs, SUFFIX, typed);
                let inflect = if inflect == Inflect::No { Inflect::Name } else { inflect };
                self.phrase(name, Manner { keep_case: false, globs: true, inflect }, number);
                if person {
                    self.person(name, false, number);
                }
            }
            RowKey::Weak => self.weak(bearer, typed, like),
            RowKey::With => {}
        }
    }

    fn person(&mut self, name: &str, variants: bool, number: u32) {
        for (words, shape) in person::forms(name, variants, &mut self.vocabulary) {
            self.trie.add(&words, shape, number);
        }
    }

    fn phrase(&mut self, name: &str, manner: Manner, number: u32) {
        let (words, shape) = phrase::phrase(name, manner, &mut self.vocabulary);
        self.trie.add(&words, shape, number);
    }

    fn weak(&mut self, bearer: &Bearer, typed: Typed, like: Option<&str>) {
        let (name, kind) = (typed.text(), bearer.kind);
        let capital = if name.chars().next().is_some_and(char::is_uppercase) { CAPITAL } else { 0 };
        let person = if kind == WatchKind::Official { PERSON } else { 0 };
        let number = self.names.add(bearer.target, Role::Weak, SUFFIX | capital | person, typed);
        let forms: Vec<(Vec<WordId>, Shape)> = if kind == WatchKind::Official {
            person::weak(name, like, &mut self.vocabulary)
        } else {
            let inflect = if kind == WatchKind::Keyword { Inflect::Word } else { Inflect::Name };
            vec![phrase::phrase(name, Manner { inflect, keep_case: true, globs: true }, &mut self.vocabulary)]
        };
        for (words, shape) in forms {
            self.trie.add(&words, shape, number);
        }
    }

    /// Whether a name can be looked for; if not, says why.
    fn check(&mut self, name: &str, place: impl FnOnce() -> Place) -> bool {
        let span = 0..name.len();
        let flaw = if name.len() > NAME_BYTES_MAX {
            Flaw::new(span, "E221", format!("this name is longer than {NAME_BYTES_MAX} bytes"))
                .hint("give the part that texts write")
        } else if !name.chars().any(char::is_alphanumeric) {
            Flaw::new(
                span,
                "E202",
                if name.trim().is_empty() {
                    "this name is empty".to_string()
                } else {
                    format!("{name:?} has no letter or digit, so it cannot be found")
                },
            )
            .hint("write a name, or take it away")
        } else if let Some(word) = query::parse::short_wildcard(name) {
            Flaw::new(
                span,
                "E219",
                format!("the wildcard in {word} stands on too few letters: at least 3 letters are needed before *"),
            )
            .hint("write more of the word")
        } else if name.len() > NAME_WORDS_MAX && split::split(name, false).len() > NAME_WORDS_MAX {
            Flaw::new(span, "E221", format!("this name has more than {NAME_WORDS_MAX} words"))
                .hint("give the part that texts write")
        } else {
            return true;
        };
        self.fault(&place(), flaw);
        false
    }

    fn titles(&mut self) {
        for title in include_str!("data/titles.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let number = self.names.add(Target::TITLE, Role::Title, SUFFIX, Typed::Here(title));
            self.phrase(title, Manner { inflect: Inflect::Name, keep_case: false, globs: false }, number);
        }
    }

    fn primaries(&mut self, typed: &[String], place: &Place, inflect: bool) -> Vec<Node> {
        let mut nodes = vec![];
        for (nth, text) in typed.iter().enumerate() {
            let place = Place { index: Some(nth), ..place.clone() };
            match query::primary(text) {
                Ok(tree) => nodes.extend(self.lower(&tree, 0, inflect, &place)),
                Err(flaw) => self.fault(&place, flaw),
            }
        }
        nodes
    }

    fn rule(&mut self, rule: &Rule) -> Option<Ruled> {
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
                Err(flaw) => self.fault(&place("query", None), flaw),
            }
        }
        for (key, strings) in [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)] {
            let mut nodes = vec![];
            for (nth, text) in strings.iter().enumerate() {
                let place = place(key, Some(nth));
                match query::primary(text) {
                    Ok(tree) => nodes.extend(self.lower(&tree, typed.len(), rule.inflect, &place)),
                    Err(flaw) => self.fault(&place, flaw),
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
        Some(Ruled {
            id: rule.id.clone(),
            severity: rule.severity,
            notify: Match::routes(&rule.notify),
            node,
            later: vec![],
            typed,
        })
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
                let hint =
                    if rows.is_empty() { "the list is empty".to_string() } else { format!("write @{id} for any row") };
                let found = rows.find(row).map(|found| numbers.start + found.number() as usize);
                found.map(Leaf::Row).ok_or_else(|| flaw(format!("the list @{id} has no row {row:?}")).hint(hint))
            }
            (None, None, _) => {
                let hint = match nearest(&key, known()) {
                    Some(near) => format!("did you mean @{near}?"),
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
            Manner { inflect: if inflect { Inflect::Word } else { Inflect::No }, keep_case: false, globs: true };
        let suffix = if inflect { SUFFIX } else { 0 };
        let target = Target::term(at);
        match (term, slop) {
            (Term::Exact(_), _) => {
                let number = self.names.add(target, Role::Word, 0, Typed::Here(text));
                let (words, shape) = phrase::exact(text, &mut self.vocabulary);
                self.trie.add(&words, shape, number);
            }
            (_, None) => {
                let number = self.names.add(target, Role::Word, suffix, Typed::Here(text));
                self.phrase(text, manner, number);
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

/// Who bears a name: a watch or a row.
struct Bearer {
    target: Target,
    kind: WatchKind,
    inflect: Option<bool>,
    variants: bool,
}

impl Bearer {
    fn inflect(&self) -> Inflect {
        match (self.kind, self.inflect) {
            (_, Some(false)) => Inflect::No,
            (WatchKind::Keyword, _) => Inflect::Word,
            _ => Inflect::Name,
        }
    }
}

/// Puts a rule under what it cannot match without.
fn anchor(anchors: &mut Anchors, at: u32, rule: &Ruled, terms: &[TermKind]) {
    let Some(needed) = needs(&rule.node) else {
        anchors.always.push(at);
        return;
    };
    for leaf in needed {
        match leaf {
            Leaf::Watch(watch) => anchors.watches[watch].push(at),
            Leaf::List(list) => anchors.lists[list].push(at),
            Leaf::Row(row) => anchors.rows.entry(number(row)).or_default().push(at),
            Leaf::Term(term) => match &terms[term] {
                TermKind::Words => anchors.terms[term].push(at),
                TermKind::Spread { words, .. } => match words.first().map(|word| word.what()) {
                    Some(super::index::What::Term(first)) => anchors.terms[first].push(at),
                    _ => anchors.always.push(at),
                },
            },
        }
    }
}

/// The terms in a node.
fn terms(node: &Node, visit: &mut impl FnMut(usize)) {
    match &node.kind {
        NodeKind::And(parts) | NodeKind::Or(parts) => {
            for part in parts {
                terms(part, visit);
            }
        }
        NodeKind::Not(inner) | NodeKind::AtLeast(_, inner) => terms(inner, visit),
        NodeKind::Near(left, _, right) => {
            terms(left, visit);
            terms(right, visit);
        }
        NodeKind::Leaf(Leaf::Term(term), _) => visit(*term),
        NodeKind::Leaf(..) | NodeKind::Meta(_) => {}
    }
}

/// A set of leaves of which one must be found for the node to hold; `None` when there is none. Of several, the cheapest.
pub fn needs(node: &Node) -> Option<Vec<Leaf>> {
    let cheapest = |sets: Vec<Vec<Leaf>>| sets.into_iter().min_by_key(|set| set.iter().map(cost).sum::<usize>());
    match &node.kind {
        NodeKind::And(parts) => cheapest(parts.iter().filter_map(needs).collect()),
        NodeKind::Or(parts) => {
            let sets: Option<Vec<Vec<Leaf>>> = parts.iter().map(needs).collect();
            sets.map(|sets| sets.concat())
        }
        NodeKind::Near(left, _, right) => cheapest([needs(left), needs(right)].into_iter().flatten().collect()),
        NodeKind::AtLeast(_, inner) => needs(inner),
        NodeKind::Leaf(leaf, _) => Some(vec![*leaf]),
        NodeKind::Not(_) | NodeKind::Meta(_) => None,
    }
}

/// How often a leaf is found, by and large: a watch seldom, a word of a query more often, a list most.
fn cost(leaf: &Leaf) -> usize {
    match leaf {
        Leaf::Row(_) => 1,
        Leaf::Watch(_) => 2,
        Leaf::Term(_) => 4,
        Leaf::List(_) => 64,
    }
}
