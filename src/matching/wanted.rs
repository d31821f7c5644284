//! What an article must hold for any rule of an index to match it, in the keys of [`super::keys`]. In: an index. Out: a condition on
//! keys that every article that matches fulfils; never a promise that one that fulfils it matches.

use super::class;
use super::index::{Index, Role, SUFFIX, Target, TermKind};
use super::keys::{self, beginning};
use super::names::{phrase, roman, split};
use super::node::{Leaf, Node, NodeKind};
use super::trie::{Between, Order, Trie};
use super::vocabulary::{Level, Vocabulary, WordId};
use crate::model::Wanted;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Keys that one condition may name: more of them cost more than to go over the archive.
const KEYS_MAX: usize = 400;
/// Rows of a list that are looked for by their names.
const ROWS_MAX: usize = 200;

impl Index {
    /// What an article must hold for any of the rules to match it; `None` where nothing can be said that is short enough: a rule
    /// may ask for no word at all (`lang:ru`), or for any of a thousand.
    #[must_use]
    pub fn wanted(&self) -> Option<Wanted> {
        let mut leaves = HashSet::new();
        for rule in &self.rules {
            each_leaf(&rule.node, &mut |leaf| leaves.extend([leaf]));
        }
        let mut wanting = Wanting { index: self, stems: self.vocabulary.stems().collect(), names: HashMap::new() };
        wanting.gather(&leaves);
        any(self.rules.iter().map(|rule| wanting.node(&rule.node))).and_then(short)
    }
}

/// Each of these; `None`: nothing is asked for.
fn all(parts: impl IntoIterator<Item = Option<Wanted>>) -> Option<Wanted> {
    let mut parts: Vec<Wanted> = parts.into_iter().flatten().collect();
    parts.sort_unstable();
    parts.dedup();
    if parts.len() > 1 { Some(Wanted::All(parts)) } else { parts.pop() }
}

/// One of these; `None` where one of them is anything.
fn any(parts: impl IntoIterator<Item = Option<Wanted>>) -> Option<Wanted> {
    let mut parts = parts.into_iter().collect::<Option<Vec<Wanted>>>()?;
    parts.sort_unstable();
    parts.dedup();
    // What asks for this and more is no further way.
    let ways = parts.clone();
    parts.retain(|part| match part {
        Wanted::All(of) => !of.iter().any(|one| ways.contains(one)),
        Wanted::Key(key) => !ways.iter().any(|way| matches!(way, Wanted::Begin(begin) if key.starts_with(begin))),
        _ => true,
    });
    if parts.len() > 1 { Some(Wanted::Any(parts)) } else { parts.pop() }
}

fn size(wanted: &Wanted) -> usize {
    match wanted {
        Wanted::Key(_) | Wanted::Begin(_) => 1,
        Wanted::All(parts) | Wanted::Any(parts) => parts.iter().map(size).sum(),
    }
}

/// The condition, or as much of it as may be asked for.
fn short(wanted: Wanted) -> Option<Wanted> {
    if size(&wanted) <= KEYS_MAX {
        return Some(wanted);
    }
    let Wanted::All(mut parts) = wanted else { return None };
    parts.sort_by_key(size);
    let mut left = KEYS_MAX;
    parts.retain(|part| {
        let fits = size(part) <= left;
        left -= if fits { size(part) } else { 0 };
        fits
    });
    all(parts.into_iter().map(Some))
}

fn each_leaf(node: &Node, visit: &mut impl FnMut(Leaf)) {
    match &node.kind {
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(|part| each_leaf(part, visit)),
        NodeKind::Near(left, _, right) => {
            each_leaf(left, visit);
            each_leaf(right, visit);
        }
        NodeKind::AtLeast(_, inner) => each_leaf(inner, visit),
        NodeKind::Leaf(leaf, _) => visit(*leaf),
        NodeKind::Not(_) | NodeKind::Meta(_) => {}
    }
}

struct Wanting<'i> {
    index: &'i Index,
    stems: HashMap<WordId, &'i str>,
    /// By target: what each of its names asks for.
    names: HashMap<Target, BTreeSet<Option<Wanted>>>,
}

impl Wanting<'_> {
    fn node(&self, node: &Node) -> Option<Wanted> {
        match &node.kind {
            NodeKind::And(parts) => all(parts.iter().map(|part| self.node(part))),
            NodeKind::Or(parts) => any(parts.iter().map(|part| self.node(part))),
            NodeKind::Near(left, _, right) => all([self.node(left), self.node(right)]),
            NodeKind::AtLeast(_, inner) => self.node(inner),
            NodeKind::Leaf(leaf, _) => self.leaf(*leaf),
            NodeKind::Not(_) | NodeKind::Meta(_) => None,
        }
    }

    fn leaf(&self, leaf: Leaf) -> Option<Wanted> {
        match leaf {
            Leaf::Watch(at) => self.target(Target::watch(at)),
            Leaf::Row(at) => self.target(Target::row(at)),
            Leaf::List(at) => {
                let rows = self.index.lists[at].numbers.clone();
                if rows.len() > ROWS_MAX { None } else { any(rows.map(|row| self.target(Target::row(row)))) }
            }
            Leaf::Term(at) => match &self.index.terms[at] {
                TermKind::Words => self.target(Target::term(at)),
                TermKind::Spread { words, .. } => all(words.iter().map(|word| self.target(*word))),
            },
        }
    }

    fn target(&self, target: Target) -> Option<Wanted> {
        any(self.names.get(&target)?.iter().cloned()).and_then(short)
    }

    /// Notes what the names of the leaves ask for, in one walk.
    fn gather(&mut self, leaves: &HashSet<Leaf>) {
        let mut targets = HashSet::new();
        for leaf in leaves {
            match leaf {
                Leaf::Watch(at) => targets.extend([Target::watch(*at)]),
                Leaf::Row(at) => targets.extend([Target::row(*at)]),
                Leaf::List(at) => {
                    let rows = self.index.lists[*at].numbers.clone();
                    if rows.len() <= ROWS_MAX {
                        targets.extend(rows.map(Target::row));
                    }
                }
                Leaf::Term(at) => match &self.index.terms[*at] {
                    TermKind::Words => targets.extend([Target::term(*at)]),
                    TermKind::Spread { words, .. } => targets.extend(words),
                },
            }
        }
        let index = self.index;
        let mut joined = HashSet::new();
        for trie in [&index.trie, &index.late] {
            for node in trie.ends() {
                for accept in trie.accepts(node) {
                    let name = index.names.get(accept.name);
                    let counts = !matches!(name.role, Role::NotAs | Role::Owner | Role::Title);
                    if !counts || !targets.contains(&name.target) {
                        continue;
                    }
                    let wanted = self.sequence(trie, node, accept.shape, name.flags & SUFFIX != 0);
                    let all = self.names.entry(name.target).or_default();
                    all.insert(wanted);
                    if joined.insert(accept.name) {
                        all.extend(as_one(index.names.typed(accept.name, &index.lists)).into_iter().map(Some));
                    }
                }
            }
        }
    }

    /// What a sequence of words asks for; `None`: nothing that can be looked for.
    fn sequence(&self, trie: &Trie, node: u32, shape: u32, suffix: bool) -> Option<Wanted> {
        let (words, shape) = (trie.path(node), trie.shape(shape));
        let vocabulary = &self.index.vocabulary;
        let single = |at: usize| words.get(at).is_some_and(|word| vocabulary.is_single(*word));
        let runs = |at: usize| !shape.add && shape.gaps.get(at) == Some(&Between::Run) && single(at) && single(at + 1);
        all(words.iter().enumerate().map(|(at, word)| {
            if runs(at) {
                let letter = |at: usize| vocabulary.spelled(words[at]).1;
                keys::pair(letter(at), letter(at + 1)).map(Wanted::Key)
            } else if at > 0 && runs(at - 1) {
                None
            } else {
                // Either of the two may be the last in the text.
                self.word(*word, suffix && (at + 1 == words.len() || shape.order == Order::Either))
            }
        }))
    }

    /// What a word asks for. `suffix`: suffixes may follow it.
    fn word(&self, word: WordId, suffix: bool) -> Option<Wanted> {
        let (level, spelled) = self.index.vocabulary.spelled(word);
        let begin = |key: &str| beginning(key).map(Wanted::Begin);
        let keyed = |key: Option<String>| match key {
            Some(key) if suffix && !self.index.vocabulary.is_single(word) => begin(&key),
            key => key.map(Wanted::Key),
        };
        let own = match level {
            _ if let Some(address) = Vocabulary::as_address(spelled) => keys::address(address).map(Wanted::Key),
            Level::Initial => None,
            Level::Glob | Level::GlobMarked => {
                let letters = spelled.split(['*', '?']).next().unwrap_or_default();
                keys::key(letters).and_then(|key| begin(&key))
            }
            Level::Roman => {
                let others = roman::others(spelled).map(|key| keyed(keys::cut(&key)));
                any(std::iter::once(keyed(keys::cut(spelled))).chain(others))
            }
            Level::Exact | Level::Upper | Level::Capital | Level::Marked | Level::Plain => keyed(keys::key(spelled)),
        };
        match self.stems.get(&word) {
            Some(stem) => any([own, keys::key(stem).and_then(|key| begin(&key))]),
            None => own,
        }
    }
}

/// Two adjacent words of a typed name that a text writes as one.
fn as_one(typed: &str) -> Vec<Wanted> {
    let spellings = std::iter::once(typed.to_string()).chain(phrase::other_spellings(typed));
    let mut found = vec![];
    for typed in spellings.chain(phrase::other_numbers(typed)) {
        for pair in split::split(&typed, false).windows(2) {
            if split::between(&pair[0], &pair[1], pair[1].gap) == Between::Loose {
                for [first, second] in [[&pair[0], &pair[1]], [&pair[1], &pair[0]]] {
                    // The last letters of a Russian word change with its case.
                    let second = second.plain();
                    let cut = if second.chars().any(class::cyrillic) { 2 } else { 0 };
                    let end = second.char_indices().rev().nth(cut).map_or(0, |(at, c)| at + c.len_utf8());
                    let key = keys::key(&format!("{}{}", first.plain(), &second[..end]));
                    found.extend(key.and_then(|key| beginning(&key)).map(Wanted::Begin));
                }
            }
        }
    }
    found
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::matching::tests::{index, rule};
    use crate::matching::{Reading, Text, compile};
    use jiff::tz::TimeZone;

    fn met(wanted: &Wanted, keys: &HashSet<&str>) -> bool {
        match wanted {
            Wanted::Key(key) => keys.contains(key.as_str()),
            Wanted::Begin(begin) => keys.iter().any(|key| key.starts_with(begin)),
            Wanted::All(parts) => parts.iter().all(|part| met(part, keys)),
            Wanted::Any(parts) => parts.iter().any(|part| met(part, keys)),
        }
    }

    /// Whether the archive would find the article by its keys.
    fn found(index: &Index, text: &Text) -> bool {
        let keys = crate::matching::keys(text);
        let keys = keys.split_ascii_whitespace().collect();
        index.wanted().is_none_or(|wanted| met(&wanted, &keys))
    }

    /// Asked of every article that is read in a test of the matcher: what matches must be found by its keys.
    pub fn holds_what_is_wanted(index: &Index, text: &Text, reading: &Reading) {
        if !reading.matches.is_empty() && index.rules.len() < 20 && index.lists.iter().all(|l| l.numbers.len() < 1000) {
            assert!(found(index, text), "{:?} does not stand in {text:?}", index.wanted());
        }
    }

    #[test]
    fn a_condition_names_what_cannot_be_missing() {
        let of = |query: &str| {
            let index = compile(&[], &[], &[rule(query)], &TimeZone::UTC).unwrap();
            index.wanted().map(|wanted| format!("{wanted:?}"))
        };
        let key = |key: &str| format!("Key({key:?})");
        assert_eq!(of("harvest"), Some(key("harvest")));
        assert_eq!(of("harvest AND lang:en AND NOT storm"), Some(key("harvest")));
        assert_eq!(of("harvest AND (tea OR rice)"), {
            Some(format!("All([{}, Any([{}, {}])])", key("harvest"), key("rice"), key("tea")))
        });
        assert_eq!(of("harvest NEAR/5 tea"), Some(format!("All([{}, {}])", key("harvest"), key("tea"))));
        assert_eq!(of("sanction*"), Some("Begin(\"sanction\")".into()));
        assert_eq!(of("王毅"), Some(key("王毅")));
        for query in ["lang:ru", "harvest OR lang:ru", "?tone"] {
            assert_eq!(of(query), None, "{query}");
        }
    }

    #[test]
    fn a_condition_on_thousands_of_names_is_none() {
        let names: Vec<String> = (0..300).map(|at| format!("Bergold{at} Nachtigall{at}")).collect();
        let index = index(&format!("organization o: {}", names.join("; ")), "@o AND harvest");
        assert_eq!(index.wanted(), Some(Wanted::Key("harvest".into())));
    }

    #[test]
    fn an_article_is_found_by_its_keys_however_the_name_stands_in_it() {
        let watch = "official o: Сергей Лавренов; Jeenbek Kulubaev; Wang Yimin; 王毅; Hossein Amir-Abdollahian";
        for text in [
            "Встреча с Сергеем Викторовичем Лавреновым.",
            "Лавренову Сергею",
            "The talks of Zheenbek Kulubayev.",
            "Kulubaevning so'zi, J. Kulubaevga",
            "Жээнбек Кулубаев",
            "Hossein Amirabdollahian said",
            "WANG Yimin’s",
            "外长王毅说",
        ] {
            let index = index(watch, "@o");
            let text = Text { title: text, ..Text::empty() };
            assert!(!index.read(&text).matches.is_empty(), "{text:?}");
            assert!(index.wanted().is_some());
            assert!(found(&index, &text), "{text:?}");
        }
        let index = index(watch, "@o");
        assert!(!found(&index, &Text { title: "Nothing of the kind", ..Text::empty() }));
    }
}
