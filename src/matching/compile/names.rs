//! The names of watches and rows. In: what was typed. Out: names and their forms in the builder. Never a query.

use super::super::fault::{Fault, Flaw, Place};
use super::super::index::{CAPITAL, PERSON, Role, SUFFIX, Target, Typed};
use super::super::names::phrase::{self, Inflect, Manner};
use super::super::names::{person, post, split};
use super::super::query;
use super::super::trie::Shape;
use super::super::vocabulary::{KEY_BYTES_MAX, WordId};
use super::{Builder, NAME_BYTES_MAX, NAME_WORDS_MAX, ROW_FAULTS_MAX, file, place_of};
use crate::model::{Family, List, RowKey, RowText, Watch, WatchKind};

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
                    if let Some(other) = phrase::other_numbers(name) {
                        let (words, shape) = phrase::phrase(&other, manner, &mut self.vocabulary);
                        // G7 is G-7 and no "group G 7".
                        self.trie.add(&words, phrase::closed(&other, &shape), number);
                    }
                    self.spellings(name, manner, variants, number);
                    for other in phrase::endings(name).iter().filter(|_| inflect == Inflect::Every) {
                        self.phrase(other, manner, number);
                    }
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

    fn person(&mut self, name: &str, variants: bool, number: u32) {
        for (words, shape) in person::forms(name, variants, &mut self.vocabulary) {
            self.trie.add(&words, shape, number);
        }
    }

    fn spellings(&mut self, name: &str, manner: Manner, variants: bool, number: u32) {
        for other in phrase::other_spellings(name).iter().filter(|_| variants) {
            self.phrase(other, manner, number);
        }
    }

    fn phrase(&mut self, name: &str, manner: Manner, number: u32) {
        let (words, shape) = phrase::phrase(name, manner, &mut self.vocabulary);
        self.trie.add(&words, shape, number);
        if let Some((words, shape)) = phrase::otherwise(name, manner, &mut self.vocabulary) {
            self.trie.add(&words, shape, number);
        }
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
        } else if name.len() > KEY_BYTES_MAX && name.split_whitespace().any(|word| word.len() > KEY_BYTES_MAX) {
            Flaw::new(span, "E221", format!("this name has a word of more than {KEY_BYTES_MAX} bytes"))
                .hint("give the part that texts write")
        } else {
            return true;
        };
        self.fault(&place(), flaw);
        false
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
            (WatchKind::Keyword, Some(true)) => Inflect::Every,
            (WatchKind::Keyword, None) => Inflect::Word,
            _ => Inflect::Name,
        }
    }
}
