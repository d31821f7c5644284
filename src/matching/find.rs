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
    ids: HashMap<Form, u32>,
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
        Self { ends: vec![vec![]], ids: HashMap::new(), edges: HashMap::new(), children: HashMap::new() }
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
                let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX >> 2);
                let id = *self.ids.entry(form.clone()).or_insert(next);
                let key = id << 2 | if word.comma { COMMA } else { 0 };
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
    pub(super) fn find(&self, tokens: &[Token]) -> Vec<Found> {
        let keys: Vec<Vec<u32>> = tokens.iter().map(|token| self.keys(token)).collect();
        let mut found = vec![];
        for from in 0..tokens.len() {
            self.walk(0, from, from, tokens, &keys, &mut found);
        }
        found
    }

    fn walk(&self, node: u32, from: usize, at: usize, tokens: &[Token], keys: &[Vec<u32>], found: &mut Vec<Found>) {
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
    fn keys(&self, token: &Token) -> Vec<u32> {
        let mut keys = vec![];
        let mut add = |form: Form, flag: u32| {
            if let Some(id) = self.ids.get(&form) {
                let key = id << 2 | flag;
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        };
        add(Form::Folded(token.folded.clone()), 0);
        if !token.plain.is_empty() {
            add(Form::Folded(token.plain.clone()), 0);
        }
        add(Form::Raw(token.raw.clone()), 0);
        for stem in suffix::stems(&token.folded) {
            add(Form::Folded(stem.to_string()), SUFFIX);
        }
        for stem in suffix::stems(&token.raw) {
            add(Form::Raw(stem.to_string()), SUFFIX);
        }
        if russian::is_patronymic(&token.folded) {
            add(Form::Patronymic, 0);
        }
        keys
    }
}
