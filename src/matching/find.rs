//! All names in one pass: a trie over words, walked from each token. In: shapes with their owners, then tokens. Out: every place
//! where a shape stands, in tokens.

use super::fold::{Gap, Token};
use super::names::{Form, Shape};
use super::russian;
use super::suffix;
use foldhash::{HashMap, HashMapExt as _};

/// A trie of shapes.
#[derive(Debug)]
pub(super) struct Trie {
    folded: HashMap<String, u32>,
    raw: HashMap<String, u32>,
    patronymic: Option<u32>,
    words: u32,
    edges: HashMap<(u32, u32), Vec<u32>>,
    /// A child by its whole word, so that shapes share what they have in common.
    children: HashMap<(u32, Vec<u32>), u32>,
    ends: Vec<Vec<u32>>,
}

/// A shape found: its number, the first token and the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) shape: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

const COMMA: u32 = 1;
const SUFFIX: u32 = 2;
/// Words of one name are never more than this.
const DEPTH_MAX: usize = 24;

impl Default for Trie {
    /// The root alone.
    fn default() -> Self {
        Self {
            folded: HashMap::new(),
            raw: HashMap::new(),
            patronymic: None,
            words: 0,
            edges: HashMap::new(),
            children: HashMap::new(),
            ends: vec![vec![]],
        }
    }
}

impl Trie {
    /// Adds a shape under a number.
    pub(super) fn add(&mut self, shape: &Shape, number: u32) {
        let mut node = 0;
        let last = shape.words.len() - 1;
        for (at, word) in shape.words.iter().enumerate() {
            let mut keys: Vec<u32> = vec![];
            for form in &word.forms {
                let key = self.id(form) << 2 | if word.comma { COMMA } else { 0 };
                keys.push(key);
                if at == last && shape.suffixed {
                    keys.push(key | SUFFIX);
                }
            }
            keys.sort_unstable();
            keys.dedup();
            node = self.child(node, keys);
        }
        self.ends[node as usize].push(number);
    }

    /// The number of a word, a new one if it is new.
    fn id(&mut self, form: &Form) -> u32 {
        let next = self.words;
        let id = match form {
            Form::Folded(word) => *self.folded.entry(word.clone()).or_insert(next),
            Form::Raw(word) => *self.raw.entry(word.clone()).or_insert(next),
            Form::Patronymic => *self.patronymic.get_or_insert(next),
        };
        self.words += u32::from(id == next);
        id
    }

    fn child(&mut self, node: u32, keys: Vec<u32>) -> u32 {
        if let Some(child) = self.children.get(&(node, keys.clone())) {
            return *child;
        }
        let child = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.ends.push(vec![]);
        for key in &keys {
            self.edges.entry((node, *key)).or_default().push(child);
        }
        self.children.insert((node, keys), child);
        child
    }

    /// What is only needed while it is built goes.
    pub(super) fn finish(&mut self) {
        self.children = HashMap::new();
    }

    /// Everything in these tokens.
    pub(super) fn find(&self, tokens: &[Token<'_>]) -> Vec<Found> {
        let keys: Vec<Vec<u32>> = tokens.iter().map(|token| self.keys(token)).collect();
        let mut found = vec![];
        for from in 0..tokens.len() {
            self.walk(0, from, from, tokens, &keys, &mut found);
        }
        found
    }

    fn walk(&self, node: u32, from: usize, at: usize, tokens: &[Token<'_>], keys: &[Vec<u32>], found: &mut Vec<Found>) {
        let Some(token) = tokens.get(at).filter(|_| at - from < DEPTH_MAX) else { return };
        let comma = match token.gap {
            _ if at == from => 0,
            Gap::Comma => COMMA,
            Gap::Closed => return,
            _ => 0,
        };
        for key in &keys[at] {
            let Some(nodes) = self.edges.get(&(node, key | comma)) else { continue };
            for node in nodes {
                let ends = self.ends[*node as usize].iter();
                found.extend(ends.map(|shape| Found { shape: *shape, from, to: at + 1 }));
                if key & SUFFIX == 0 {
                    self.walk(*node, from, at + 1, tokens, keys, found);
                }
            }
        }
    }

    /// The ids that a token may stand for.
    fn keys(&self, token: &Token<'_>) -> Vec<u32> {
        let mut keys = vec![];
        let mut add = |id: Option<&u32>, flag: u32| {
            if let Some(key) = id.map(|id| id << 2 | flag)
                && !keys.contains(&key)
            {
                keys.push(key);
            }
        };
        add(self.folded.get(&*token.folded), 0);
        if !token.plain.is_empty() {
            add(self.folded.get(&token.plain), 0);
        }
        add(self.raw.get(&*token.raw), 0);
        for stem in suffix::stems(&token.raw) {
            add(self.raw.get(stem), SUFFIX);
        }
        for stem in suffix::stems(&token.folded) {
            add(self.folded.get(stem), SUFFIX);
        }
        if self.patronymic.is_some() && russian::is_patronymic(&token.folded) {
            add(self.patronymic.as_ref(), 0);
        }
        keys
    }
}
