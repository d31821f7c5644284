//! The names of watches and rows. In: what was typed. Out: names and their forms in the builder. Never a query.

use super::super::fault::{Fault, Flaw, Place};
use super::super::index::{CAPITAL, PERSON, Role, SUFFIX, Target, Typed};
use super::super::names::person::{self, Form};
use super::super::names::phrase::{self, Inflect, Manner};
use super::super::names::{post, split};
use super::super::query;
use super::super::trie::Shape;
use super::super::vocabulary::{KEY_BYTES_MAX, WordId, Words};
use super::draft::{self, Drafts};
use super::{Builder, NAME_BYTES_MAX, NAME_WORDS_MAX, ROW_FAULTS_MAX, file, place_of};
use crate::model::{Family, List, RowKey, RowText, Watch, WatchKind};
use std::ops::Range;
use std::sync::Arc;

impl Builder {
    pub(super) fn watch(&mut self, at: usize, watch: &Watch) {
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
        let manners = Manners { kind: watch.kind, inflect: watch.inflect, variants: watch.variants };
        let bearer = Bearer { target, manners };
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
                if self.check(name, || place("family")) {
                    self.weak(&bearer, Typed::Here(name), watch.names.first().map(String::as_str));
                }
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
    pub(super) fn rows(&mut self, list: &List, from: usize) {
        let which = self.lists.len() - 1;
        draft::each(&Arc::clone(&list.rows), |rows, drafts| self.some_rows(list, rows, drafts, which, from));
    }

    fn some_rows(&mut self, list: &List, rows: Range<u32>, mut drafts: Drafts, which: usize, from: usize) {
        let shapes: Vec<u32> = drafts.shapes().map(|shape| self.trie.shape_id(shape)).collect();
        for row in rows.filter_map(|number| list.rows.get(number)) {
            let head = row.head();
            let target = Target::row(from + row.number() as usize);
            let manners = Manners { kind: head.kind, inflect: head.inflect, variants: head.variants };
            let bearer = Bearer { target, manners };
            let place = |_| file(list);
            let before = self.faults.len();
            let like = row.of(RowKey::Names).next();
            for (nth, RowText { number, key, text }) in row.texts().enumerate() {
                let typed = Typed::Row(which, number, text);
                if let Some(drafted) = (key == RowKey::Names).then(|| drafts.next()).flatten() {
                    let number = self.strong(&bearer, typed);
                    drafts.lay(&drafted, &mut self.vocabulary, |words, shape| {
                        self.trie.add_shaped(words, shapes[shape], number);
                    });
                } else {
                    // Another kind of name, or one that cannot stand: it says why.
                    self.name(&bearer, key, typed, like, nth, &place);
                }
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
    pub(super) fn spare(&mut self, before: usize, what: impl Fn() -> String) {
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
        let Bearer { target, manners } = *bearer;
        let Manners { kind, variants, .. } = manners;
        let person = kind == WatchKind::Official;
        let (inflect, suffix) = (manners.inflect(), manners.suffix());
        let manner = manners.of_phrase();
        match key {
            RowKey::Names => {
                let forms = strong(name, manners, &mut self.vocabulary);
                let number = self.strong(bearer, typed);
                for (words, shape) in forms {
                    self.trie.add(&words, &shape, number);
                }
            }
            RowKey::Exact => {
                let number = self.names.add(target, Role::Exact, suffix, typed);
                let (words, shape) = phrase::exact(name, &mut self.vocabulary);
                self.trie.add(&words, &shape, number);
            }
            RowKey::Posts => {
                let manner = Manner { keep_case: false, ..manner };
                let number = self.names.add(target, Role::Post, suffix, typed);
                self.phrase(name, manner, number);
                self.spellings(name, manner, variants, number);
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

    /// The number of a strong name.
    fn strong(&mut self, bearer: &Bearer, typed: Typed) -> u32 {
        let Bearer { target, manners } = *bearer;
        let person = if manners.kind == WatchKind::Official { PERSON } else { 0 };
        self.names.add(target, Role::Name, manners.suffix() | person, typed)
    }

    fn person(&mut self, name: &str, variants: bool, number: u32) {
        for (words, shape) in person::forms(name, variants, &mut self.vocabulary) {
            self.trie.add(&words, &shape, number);
        }
    }

    fn spellings(&mut self, name: &str, manner: Manner, variants: bool, number: u32) {
        for other in phrase::other_spellings(name).iter().filter(|_| variants) {
            self.phrase(other, manner, number);
        }
    }

    fn phrase(&mut self, name: &str, manner: Manner, number: u32) {
        for (words, shape) in phrases(name, manner, &mut self.vocabulary) {
            self.trie.add(&words, &shape, number);
        }
    }

    fn weak(&mut self, bearer: &Bearer, typed: Typed, like: Option<&str>) {
        let (name, kind) = (typed.text(), bearer.manners.kind);
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
            self.trie.add(&words, &shape, number);
        }
    }

    /// Whether a name can be looked for; if not, says why.
    fn check(&mut self, name: &str, place: impl FnOnce() -> Place) -> bool {
        let flaw = flaw_of(name);
        let good = flaw.is_none();
        if let Some(flaw) = flaw {
            self.fault(&place(), flaw);
        }
        good
    }

    pub(super) fn titles(&mut self) {
        for title in
            include_str!("../data/titles.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            let number = self.names.add(Target::TITLE, Role::Title, SUFFIX, Typed::Here(title));
            self.phrase(title, Manner { inflect: Inflect::Name, keep_case: false, globs: false }, number);
        }
    }
}

/// Why a name cannot be looked for, if it cannot.
pub(super) fn flaw_of(name: &str) -> Option<Flaw> {
    let span = 0..name.len();
    Some(if name.len() > NAME_BYTES_MAX {
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
    } else if name.len() > KEY_BYTES_MAX && name.split_whitespace().any(|word| word.len() > KEY_BYTES_MAX) {
        Flaw::new(span, "E221", format!("this name has a word of more than {KEY_BYTES_MAX} bytes"))
            .hint("give the part that texts write")
    } else {
        return None;
    })
}

/// The forms of a strong name.
pub(super) fn strong(name: &str, manners: Manners, words: &mut dyn Words) -> Vec<Form> {
    if manners.kind == WatchKind::Official && !name.contains(['*', '?']) {
        return person::forms(name, manners.variants, words);
    }
    let manner = manners.of_phrase();
    let mut forms = phrases(name, manner, words);
    if let Some(other) = phrase::other_numbers(name) {
        let (ids, shape) = phrase::phrase(&other, manner, words);
        // G7 is G-7 and no "group G 7".
        let shape = phrase::closed(&other, &shape);
        forms.push((ids, shape));
    }
    let spelled = if manners.variants { phrase::other_spellings(name) } else { vec![] };
    let ended = if manner.inflect == Inflect::Every { phrase::endings(name) } else { vec![] };
    for other in spelled.iter().chain(&ended) {
        forms.extend(phrases(other, manner, words));
    }
    forms
}

/// A phrase, and it with its other endings.
fn phrases(name: &str, manner: Manner, words: &mut dyn Words) -> Vec<Form> {
    let own = phrase::phrase(name, manner, words);
    [own].into_iter().chain(phrase::otherwise(name, manner, words)).collect()
}

/// Who bears a name: a watch or a row.
struct Bearer {
    target: Target,
    manners: Manners,
}

/// How the names of a watch or row are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners {
    pub kind: WatchKind,
    pub inflect: Option<bool>,
    pub variants: bool,
}

impl Manners {
    fn suffix(self) -> u8 {
        if self.inflect() == Inflect::No { 0 } else { SUFFIX }
    }

    fn of_phrase(self) -> Manner {
        Manner { inflect: self.inflect(), keep_case: self.kind != WatchKind::Keyword, globs: true }
    }

    fn inflect(self) -> Inflect {
        match (self.kind, self.inflect) {
            (_, Some(false)) => Inflect::No,
            (WatchKind::Keyword, Some(true)) => Inflect::Every,
            (WatchKind::Keyword, None) => Inflect::Word,
            _ => Inflect::Name,
        }
    }
}
