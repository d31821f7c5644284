//! Watches, lists and rules become an index: one trie of all names and query words, and a tree per rule.

use super::find::Trie;
use super::names::{self, Bend, Shape};
use super::query::{self, Bad, Distance, Query};
use super::{Fault, Place};
use crate::model::{Family, HitKind, List, Route, RowKey, RowRef, RowText, Rule, RuleId, Severity, Watch, WatchKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use std::collections::HashMap;
use std::time::Duration;

/// Everything that is looked for, compiled; read by many at once.
pub struct Index {
    pub(super) trie: Trie,
    /// Whose a shape is, by the shape's number.
    pub(super) shapes: Vec<Shaped>,
    pub(super) owners: Vec<Owner>,
    pub(super) rules: Vec<Compiled>,
    lints: Vec<Fault>,
}

/// What a shape of the trie belongs to.
#[derive(Debug, Clone)]
pub(super) struct Shaped {
    pub(super) owner: usize,
    pub(super) sense: Sense,
    /// The name as typed.
    pub(super) name: String,
    pub(super) suffixed: bool,
}

/// What it means that a shape was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Hit(HitKind),
    /// Mentions that overlap it do not count.
    NotAs,
}

/// Something that is found: a watch, a row of a list, or a word of a query.
#[derive(Debug, Clone, Default)]
pub(super) struct Owner {
    /// The watch's or list's id.
    pub(super) watch: Option<String>,
    pub(super) entry: Option<String>,
    /// What its weak names may stand near.
    pub(super) with: Vec<Test>,
    /// A list's bare names count only near `with`.
    pub(super) wants_context: bool,
    /// Its wildcards: each token is held against them.
    pub(super) wildcards: Vec<String>,
}

/// A rule, compiled.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub(super) id: RuleId,
    pub(super) severity: Severity,
    pub(super) notify: Vec<Route>,
    pub(super) must: Vec<Test>,
    /// Whether it cannot match, nor nearly, where nothing at all was found.
    pub(super) anchored: bool,
    pub(super) none: Vec<(String, Test)>,
}

/// A question about an article.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Or(Vec<Test>),
    And(Vec<Test>),
    Not(Box<Test>, String),
    /// Any of these owners was found.
    Found(Vec<usize>),
    /// The same, in one zone.
    In(String, Box<Test>),
    /// A property of the article holds this word.
    Property(String, String),
    /// The article was published from the first time on and before the second.
    Published(When),
    /// Two things close to each other.
    Near(Box<Test>, Distance, Box<Test>),
    /// At least so many mentions.
    AtLeast(usize, Box<Test>),
    /// These words in this order, at most so many others between each two; told as one.
    Row(Vec<usize>, usize),
}

impl Test {
    /// Whether it can hold only where something was found.
    fn wants_a_place(&self) -> bool {
        match self {
            Self::Or(parts) => !parts.is_empty() && parts.iter().all(Self::wants_a_place),
            Self::And(parts) => parts.iter().any(Self::wants_a_place),
            Self::In(_, inner) => inner.wants_a_place(),
            Self::Found(_) | Self::Near(..) | Self::AtLeast(..) | Self::Row(..) => true,
            Self::Not(..) | Self::Property(..) | Self::Published(_) => false,
        }
    }
}

/// A span of time in which an article was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Not longer ago than this.
    Within(Duration),
    /// From the first on, before the second.
    Between(Timestamp, Timestamp),
}

/// Compiles.
///
/// # Errors
/// Every fault in names and queries, at its place.
pub fn compile(watches: &[Watch], lists: &[List], rules: &[Rule], zone: &TimeZone) -> Result<Index, Vec<Fault>> {
    let mut builder = Builder { zone: zone.clone(), ..Builder::default() };
    for watch in watches {
        builder.watch(watch);
    }
    for list in lists {
        builder.list(list);
    }
    for (watch, owner) in watches.iter().zip(0..) {
        let place =
            |index| Place { table: table(watch.kind), id: watch.id.to_string(), key: "with", index: Some(index) };
        builder.owners[owner].with = builder.tests(&watch.with, place);
    }
    for list in lists {
        let place = |index| Place { table: "list", id: list.id.to_string(), key: "with", index: Some(index) };
        let with = builder.tests(&list.with, place);
        let owners = builder.ids.get(&folded(list.id.as_str())).cloned().unwrap_or_default();
        for (owner, row) in owners.into_iter().zip(list.rows.iter()) {
            let own = builder.row_with(list, row);
            builder.owners[owner].wants_context = !list.with.is_empty();
            builder.owners[owner].with.clone_from(&with);
            builder.owners[owner].with.extend(own);
        }
    }
    for rule in rules {
        builder.rule(rule);
    }
    if builder.faults.is_empty() { Ok(builder.finish()) } else { Err(builder.faults) }
}

impl Index {
    /// What `check` should say of names and rules that are accepted.
    #[must_use]
    pub fn lints(&self) -> &[Fault] {
        &self.lints
    }
}

fn table(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Organization => "organization",
        WatchKind::Official => "official",
        WatchKind::Keyword => "keyword",
    }
}

/// An id as it is compared.
fn folded(id: &str) -> String {
    id.replace('_', "-")
}

struct Builder {
    zone: TimeZone,
    trie: Trie,
    shapes: Vec<Shaped>,
    owners: Vec<Owner>,
    /// By id: a watch's owner, all rows of a list; and `list/row`.
    ids: HashMap<String, Vec<usize>>,
    words: HashMap<(String, u8), usize>,
    rules: Vec<Compiled>,
    faults: Vec<Fault>,
    lints: Vec<Fault>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            trie: Trie::default(),
            shapes: vec![],
            owners: vec![],
            ids: HashMap::new(),
            words: HashMap::new(),
            rules: vec![],
            faults: vec![],
            lints: vec![],
        }
    }
}

const FOLDED: u8 = 0;
const EXACT: u8 = 1;
const BENT: u8 = 2;

impl Builder {
    fn owner(&mut self, owner: Owner) -> usize {
        self.owners.push(owner);
        self.owners.len() - 1
    }

    fn add(&mut self, owner: usize, sense: Sense, name: &str, shapes: Vec<Shape>) {
        for shape in shapes {
            let number = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
            self.trie.add(&shape, number);
            self.shapes.push(Shaped { owner, sense, name: name.to_string(), suffixed: shape.suffixed });
        }
    }

    fn watch(&mut self, watch: &Watch) {
        let owner = self.owner(Owner { watch: Some(watch.id.to_string()), ..Owner::default() });
        self.ids.entry(folded(watch.id.as_str())).or_default().push(owner);
        let bend = names::bend(watch.kind, watch.inflect);
        let named = |key, index| Place { table: table(watch.kind), id: watch.id.to_string(), key, index: Some(index) };
        for (key, texts) in [
            ("names", &watch.names),
            ("exact", &watch.exact),
            ("weak", &watch.weak),
            ("not_as", &watch.not_as),
            ("posts", &watch.posts),
        ] {
            for (index, text) in texts.iter().enumerate() {
                if let Some(star) = text.find(['*', '?'])
                    && (text[..star].chars().count() < 3 || text.contains(char::is_whitespace))
                {
                    let hint = "write more of the word; several words with a wildcard belong into a query".to_string();
                    let what = "a wildcard in a name wants one word, with at least three letters before it";
                    self.fault(named(key, index), 0..text.len(), "E210", what, Some(hint));
                } else if names::words(text).is_empty() {
                    self.fault(
                        named(key, index),
                        0..text.len(),
                        "E220",
                        "a name without a letter or digit",
                        Some("write the name as it stands in the news".into()),
                    );
                }
            }
        }
        self.names(owner, &watch.names, bend, HitKind::Name);
        self.names(owner, &watch.posts, if bend == Bend::No { Bend::No } else { Bend::Body }, HitKind::Post);
        for exact in &watch.exact {
            let shapes = names::exact(exact, bend != Bend::No).into_iter().collect();
            self.add(owner, Sense::Hit(HitKind::Exact), exact, shapes);
        }
        let bare = if bend == Bend::No { Bend::No } else { Bend::Person };
        self.names(owner, &watch.weak, bare, HitKind::Weak);
        match &watch.family {
            Family::No => {}
            Family::Named(name) => self.names(owner, std::slice::from_ref(name), bare, HitKind::Weak),
            Family::Derived => {
                let families: Vec<String> = watch.names.iter().filter_map(|name| names::family(name)).collect();
                self.names(owner, &families, bare, HitKind::Weak);
            }
        }
        self.not_as(owner, &watch.not_as, bend);
    }

    fn names(&mut self, owner: usize, typed: impl IntoIterator<Item: AsRef<str>>, bend: Bend, kind: HitKind) {
        for name in typed {
            let name = name.as_ref();
            if name.contains(['*', '?']) {
                self.owners[owner].wildcards.push(names::folded(name));
                continue;
            }
            self.add(owner, Sense::Hit(kind), name, names::shapes(name, bend));
        }
    }

    fn not_as(&mut self, owner: usize, typed: impl IntoIterator<Item: AsRef<str>>, bend: Bend) {
        for name in typed {
            let name = name.as_ref();
            self.add(owner, Sense::NotAs, name, names::shapes(name, bend));
        }
    }

    fn list(&mut self, list: &List) {
        self.ids.entry(folded(list.id.as_str())).or_default();
        for row in list.rows.iter() {
            let owner = Owner { watch: Some(list.id.to_string()), entry: Some(row.id().into()), ..Owner::default() };
            let owner = self.owner(owner);
            self.ids.entry(folded(list.id.as_str())).or_default().push(owner);
            self.ids.entry(format!("{}/{}", folded(list.id.as_str()), row.id())).or_default().push(owner);
            let head = row.head();
            let bend = names::bend(head.kind, head.inflect);
            let (post, bare) = if bend == Bend::No { (Bend::No, Bend::No) } else { (Bend::Body, Bend::Person) };
            for RowText { key, text, .. } in row.texts() {
                match key {
                    RowKey::Names => self.names(owner, [text], bend, HitKind::Name),
                    RowKey::Posts => self.names(owner, [text], post, HitKind::Post),
                    RowKey::Weak => self.names(owner, [text], bare, HitKind::Weak),
                    RowKey::Exact => {
                        let shapes = names::exact(text, bend != Bend::No).into_iter().collect();
                        self.add(owner, Sense::Hit(HitKind::Exact), text, shapes);
                    }
                    RowKey::NotAs => self.not_as(owner, [text], bend),
                    RowKey::With => {}
                }
            }
            if head.family {
                self.names(owner, row.of(RowKey::Names).filter_map(names::family), bare, HitKind::Weak);
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let place = |key, index| Place { table: "rule", id: rule.id.to_string(), key, index };
        let mut must = vec![];
        if let Some(typed) = &rule.query {
            match query::parse(typed) {
                Ok(tree) => must.push(self.test(&tree, &place("query", None), rule.inflect)),
                Err(bad) => self.bad(place("query", None), bad),
            }
        }
        let primaries = |builder: &mut Self, key: &'static str, typed: &[String]| -> Vec<Test> {
            let parsed = typed.iter().enumerate().filter_map(|(index, text)| match query::primary(text) {
                Ok(tree) => Some(builder.test(&tree, &place(key, Some(index)), rule.inflect)),
                Err(bad) => {
                    builder.bad(place(key, Some(index)), bad);
                    None
                }
            });
            parsed.collect()
        };
        let any = primaries(self, "any", &rule.any);
        if !any.is_empty() {
            must.push(Test::Or(any));
        }
        must.extend(primaries(self, "all", &rule.all));
        let none = primaries(self, "none", &rule.none);
        let none = rule.none.iter().map(|typed| typed.trim_matches('"').to_string()).zip(none).collect();
        let (id, notify) = (rule.id.clone(), rule.notify.clone());
        let anchored = must.iter().any(Test::wants_a_place);
        self.rules.push(Compiled { id, severity: rule.severity, notify, must, anchored, none });
    }

    fn tests(&mut self, typed: &[String], place: impl Fn(usize) -> Place) -> Vec<Test> {
        let mut tests = vec![];
        for (index, text) in typed.iter().enumerate() {
            match query::primary(text) {
                Ok(tree) => tests.push(self.test(&tree, &place(index), false)),
                Err(bad) => self.bad(place(index), bad),
            }
        }
        tests
    }

    /// What a row's names may stand near; of a list the bad ones are told and cost themselves.
    fn row_with(&mut self, list: &List, row: RowRef<'_>) -> Vec<Test> {
        let place = Place { table: "list", id: list.id.to_string(), key: "file", index: None };
        let before = self.faults.len();
        let typed: Vec<String> = row.of(RowKey::With).map(ToString::to_string).collect();
        let tests = self.tests(&typed, |_| place.clone());
        let bad = self.faults.split_off(before).into_iter().map(|fault| {
            let what = format!("row {}, with: {}", row.id(), fault.what);
            Fault { span: 0..0, code: "W290", what, ..fault }
        });
        self.lints.extend(bad);
        tests
    }

    fn bad(&mut self, place: Place, bad: Bad) {
        self.faults.push(Fault { place, span: bad.span, code: bad.code, what: bad.what, hint: bad.hint });
    }

    fn fault(
        &mut self,
        place: Place,
        span: std::ops::Range<usize>,
        code: &'static str,
        what: impl Into<String>,
        hint: Option<String>,
    ) {
        self.faults.push(Fault { place, span, code, what: what.into(), hint });
    }

    fn test(&mut self, query: &Query, place: &Place, inflect: bool) -> Test {
        match query {
            Query::Or(parts) => Test::Or(parts.iter().map(|part| self.test(part, place, inflect)).collect()),
            Query::And(parts) => Test::And(parts.iter().map(|part| self.test(part, place, inflect)).collect()),
            Query::Not(inner) => Test::Not(Box::new(self.test(inner, place, inflect)), shown(inner)),
            Query::Word(word, _) => Test::Found(vec![self.word(word, if inflect { BENT } else { FOLDED })]),
            Query::Phrase(phrase, span) if phrase.contains(['*', '?']) => self.row(phrase, 0, span, place, inflect),
            Query::Loose(phrase, words, span) => self.row(phrase, *words, span, place, inflect),
            Query::Phrase(phrase, span) => {
                self.wants_words(phrase, span, place);
                Test::Found(vec![self.word(phrase, if inflect { BENT } else { FOLDED })])
            }
            Query::Near(a, distance, b) => {
                let (a, b) = (self.test(a, place, inflect), self.test(b, place, inflect));
                Test::Near(Box::new(a), *distance, Box::new(b))
            }
            Query::AtLeast(many, counted) => Test::AtLeast(*many, Box::new(self.test(counted, place, inflect))),
            Query::Exact(exact, _) => Test::Found(vec![self.word(exact, EXACT)]),
            Query::Ref(id, span) => Test::Found(self.reference(id, span, place)),
            Query::Field(field, inner, _) => match field.as_str() {
                "title" | "lead" | "body" | "text" => {
                    Test::In(field.clone(), Box::new(self.test(inner, place, inflect)))
                }
                "published" => self.published(&shown(inner), place),
                _ => Test::Property(field.clone(), shown(inner)),
            },
        }
    }

    fn wants_words(&mut self, phrase: &str, span: &std::ops::Range<usize>, place: &Place) {
        if names::words(phrase).is_empty() {
            self.fault(place.clone(), span.clone(), "E202", "empty: no word stands between these marks", None);
        }
    }

    /// A phrase with wildcards or with other words in between.
    fn row(
        &mut self,
        phrase: &str,
        between: usize,
        span: &std::ops::Range<usize>,
        place: &Place,
        inflect: bool,
    ) -> Test {
        self.wants_words(phrase, span, place);
        let how = if inflect { BENT } else { FOLDED };
        let words = phrase.split_whitespace().map(|word| self.word(word, how)).collect();
        Test::Row(words, between)
    }

    fn published(&mut self, typed: &str, place: &Place) -> Test {
        let day = |typed: &str| -> Option<Date> { typed.parse().ok() };
        let at = |day: Date| self.zone.to_timestamp(day.at(0, 0, 0, 0)).ok();
        let days = |from: &str, to: &str| -> Option<When> {
            Some(When::Between(at(day(from)?)?, at(day(to)?.checked_add(1.day()).ok()?)?))
        };
        let when = match typed.split_once("..") {
            Some((from, to)) => days(from, to),
            None => days(typed, typed).or_else(|| age(typed).map(When::Within)),
        };
        when.map_or_else(
            || {
                let hint = "write published:2d for the last two days, or published:2024-05-01..2024-05-31".to_string();
                self.fault(place.clone(), 0..0, "E219", format!("{typed:?} is no time"), Some(hint));
                Test::Or(vec![])
            },
            Test::Published,
        )
    }

    fn word(&mut self, typed: &str, how: u8) -> usize {
        if let Some(owner) = self.words.get(&(typed.to_string(), how)) {
            return *owner;
        }
        let wildcard = (how != EXACT && typed.contains(['*', '?'])).then(|| names::folded(typed));
        let owner = self.owner(Owner { wildcards: wildcard.clone().into_iter().collect(), ..Owner::default() });
        let shapes = match how {
            _ if wildcard.is_some() => vec![],
            EXACT => names::exact(typed, false).into_iter().collect(),
            BENT => names::shapes(typed, Bend::Body),
            _ => names::shapes(typed, Bend::No),
        };
        self.add(owner, Sense::Hit(HitKind::Word), typed, shapes);
        self.words.insert((typed.to_string(), how), owner);
        owner
    }

    fn reference(&mut self, id: &str, span: &std::ops::Range<usize>, place: &Place) -> Vec<usize> {
        let (head, row) = id.split_once('/').map_or((id, None), |(head, row)| (head, Some(row)));
        let key = row.map_or_else(|| folded(head), |row| format!("{}/{row}", folded(head)));
        if let Some(owners) = self.ids.get(&key) {
            return owners.clone();
        }
        if row.is_some() && self.ids.contains_key(&folded(head)) {
            self.fault(
                place.clone(),
                span.clone(),
                "E221",
                format!("the list @{head} has no row {}", row.unwrap_or("")),
                None,
            );
            return vec![];
        }
        let known = self.ids.keys().filter(|known| !known.contains('/'));
        let near = known.min_by_key(|known| (strsim::damerau_levenshtein(known, &key), (*known).clone())).cloned();
        let hint = match near {
            Some(near) if strsim::damerau_levenshtein(&near, &key) <= 3 => format!("did you mean @{near}?"),
            Some(near) => format!(
                "the watches and lists are named in [organization.ID], [official.ID], [keyword.ID], [list.ID]; one is @{near}"
            ),
            None => "no watch and no list is configured".into(),
        };
        self.fault(place.clone(), span.clone(), "E221", format!("there is no watch or list @{id}"), Some(hint));
        vec![]
    }

    fn finish(self) -> Index {
        let mut trie = self.trie;
        trie.finish();
        Index { trie, shapes: self.shapes, owners: self.owners, rules: self.rules, lints: self.lints }
    }
}

/// `30m`, `12h`, `2d`, `3w`.
fn age(typed: &str) -> Option<Duration> {
    let (number, unit) = typed.split_at_checked(typed.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// A query part as a person would write it: what `NOT` excluded.
fn shown(query: &Query) -> String {
    match query {
        Query::Word(text, _) | Query::Phrase(text, _) | Query::Exact(text, _) | Query::Loose(text, ..) => text.clone(),
        Query::Near(a, _, b) => format!("{} near {}", shown(a), shown(b)),
        Query::AtLeast(many, counted) => format!("at least {many} {}", shown(counted)),
        Query::Ref(id, _) => format!("@{id}"),
        Query::Not(inner) => format!("NOT {}", shown(inner)),
        Query::Field(field, inner, _) => format!("{field}:{}", shown(inner)),
        Query::Or(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" OR "),
        Query::And(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" AND "),
    }
}

// Words with a wildcard have no shape; the type is named here so that the reader of `eval` finds it.
pub(super) type Wild<'a> = (usize, &'a str);

impl Index {
    /// The wildcards, with their owners.
    pub(super) fn wildcards(&self) -> impl Iterator<Item = Wild<'_>> {
        let owners = self.owners.iter().enumerate();
        owners.flat_map(|(owner, of)| of.wildcards.iter().map(move |wildcard| (owner, wildcard.as_str())))
    }
}
