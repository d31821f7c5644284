//! All names as paths of words. In: sequences of words with what may stand between them. Out: which names end where a text goes.

use super::table::Table;
use super::token::Gap;
use super::vocabulary::{WordId, number};
use std::collections::HashMap;

/// What may stand between two words of a name in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Between {
    /// A space, a hyphen, or nothing: both words have three letters at least.
    Loose,
    /// A space.
    Space,
    /// A hyphen.
    Hyphen,
    /// A hyphen or a space: one of the words is short.
    HyphenOrSpace,
    /// Nothing, or the end of a line: letters of a script without spaces.
    Run,
    /// Nothing or a space: parts of a foreign name in such a script.
    RunOrSpace,
    /// A dot, with a space or without.
    Dotted,
    /// `&`, `/`, `+`.
    Symbol,
    /// A comma or a space.
    Comma,
    /// Anything within a block.
    Any,
}

impl Between {
    /// Whether a text's gap is allowed here. `line_end`: the gap holds a newline.
    pub fn allows(self, gap: Gap, line_end: bool) -> bool {
        match self {
            Self::Loose => matches!(gap, Gap::Space | Gap::Hyphen | Gap::Quote | Gap::DotSpace),
            Self::Space => matches!(gap, Gap::Space | Gap::Quote | Gap::DotSpace),
            Self::Hyphen => gap == Gap::Hyphen,
            Self::HyphenOrSpace => matches!(gap, Gap::Hyphen | Gap::Space),
            Self::Run => gap == Gap::Glued || gap == Gap::Space && line_end,
            Self::RunOrSpace => matches!(gap, Gap::Glued | Gap::Space | Gap::Hyphen),
            Self::Dotted => matches!(gap, Gap::Dot | Gap::DotSpace),
            Self::Symbol => gap == Gap::Symbol,
            Self::Comma => matches!(gap, Gap::Comma | Gap::Space),
            Self::Any => gap != Gap::Block,
        }
    }
}

/// What holds for one sequence beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// What may stand between its words.
    pub gaps: Box<[Between]>,
    /// A person's name in this order.
    pub order: Order,
    /// A patronymic or a middle initial that is not listed may be added.
    pub add: bool,
}

/// The order of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// As typed.
    Typed,
    /// Given name first.
    GivenFirst,
    /// Family name first; a comma may stand after it.
    FamilyFirst,
    /// Two words that stand either way: as family name first under the first gap, as given name first under the second. The
    /// sequence is family name first; half as many sequences make a list of a million names half as large.
    Either,
}

impl Shape {
    /// A sequence as typed.
    pub fn of(gaps: Vec<Between>) -> Self {
        Self { gaps: gaps.into(), order: Order::Typed, add: false }
    }
}

/// A name that ends at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept {
    /// The name.
    pub name: u32,
    /// Its shape.
    pub shape: u32,
}

/// Marks the last name of a node.
const LAST: u32 = 1 << 31;

/// A place in the trie; `ROOT` is its beginning.
pub type Node = u32;
/// The beginning.
pub const ROOT: Node = 0;

/// The trie. A node is the number of the edge that leads to it, plus one.
#[derive(Debug, Default)]
pub struct Trie {
    edges: Vec<(Node, WordId)>,
    table: Table,
    heads: Vec<u32>,
    /// While it is built: the names with the place of the next at the same node, from 1.
    linked: Vec<(Accept, u32)>,
    /// Afterwards: the names, those of a node together; `heads` has the first.
    names: Vec<u32>,
    /// Their shapes, with `LAST` at the last of a node.
    ends: Vec<u32>,
    shapes: Vec<Shape>,
    shape_ids: HashMap<Shape, u32, foldhash::fast::FixedState>,
    /// By word: the node that it leads to from the beginning, or `ROOT`.
    first: Vec<Node>,
    /// By word, a bit: family names of names that stand either way.
    families: Vec<u64>,
    /// Letters of scripts without spaces that begin a name with the letter after them: a bit for each pair, shared by few others.
    pairs: Vec<u64>,
}

/// The hash of an edge: one multiplication, its upper half folded onto the lower.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn hash((node, word): (Node, WordId)) -> u64 {
    let product = u128::from(u64::from(node) << 32 | u64::from(word)) * 0x9e37_79b9_7f4a_7c15;
    (product >> 64) as u64 ^ product as u64
}

/// Bits for each pair of letters.
const PAIR_BITS: usize = 16;

impl Trie {
    /// Adds a sequence for a name. An empty one is not added.
    pub fn add(&mut self, words: &[WordId], shape: &Shape, name: u32) {
        let shape = self.shape_id(shape);
        self.add_shaped(words, shape, name);
    }

    /// The same with the number of its shape.
    pub fn add_shaped(&mut self, words: &[WordId], shape: u32, name: u32) {
        let Some(first) = words.first() else { return };
        let first = *first as usize;
        if self.first.len() <= first {
            self.first.resize(first + 1, ROOT);
        }
        if self.first[first] == ROOT {
            self.first[first] = self.push(ROOT, words[0]);
        }
        let mut node = self.first[first];
        for word in &words[1..] {
            node = match self.child(node, *word) {
                Some(node) => node,
                None => self.grow(node, *word),
            };
        }
        if self.shape(shape).order == Order::Either {
            if self.families.len() <= first / 64 {
                self.families.resize(first / 64 + 1, 0);
            }
            self.families[first / 64] |= 1 << (first % 64);
        }
        let head = &mut self.heads[node as usize - 1];
        // The same name by two ways is one. The sequences of a name come one after the other: a list may have the same words a
        // million times, and the names before this one are not gone over.
        let mut at = *head;
        while at != 0 {
            let (accept, next) = self.linked[at as usize - 1];
            if accept == (Accept { name, shape }) {
                return;
            }
            at = if accept.name == name { next } else { 0 };
        }
        self.linked.push((Accept { name, shape }, *head));
        *head = number(self.linked.len());
    }

    fn grow(&mut self, node: Node, word: WordId) -> Node {
        let child = self.push(node, word);
        let edges = &self.edges;
        self.table.insert(hash((node, word)), child - 1, |id| hash(edges[id as usize]));
        child
    }

    fn push(&mut self, node: Node, word: WordId) -> Node {
        self.edges.push((node, word));
        self.heads.push(0);
        number(self.edges.len())
    }

    /// Makes room for about so many sequences.
    pub fn reserve(&mut self, many: usize) {
        self.edges.reserve(many);
        self.heads.reserve(many);
        self.linked.reserve(many);
        self.table.reserve(many);
    }

    /// To be called when all names are in: gives back the room that was left for more. `single`: whether a word is a letter of a
    /// script without spaces.
    pub fn finish(&mut self, single: impl Fn(WordId) -> bool) {
        let first_two = self.edges.iter().filter(|(node, _)| *node != ROOT).filter_map(|(node, word)| {
            let (before, first) = self.edges[*node as usize - 1];
            (before == ROOT && single(first)).then_some((first, *word))
        });
        let first_two: Vec<(WordId, WordId)> = first_two.collect();
        self.pairs = vec![0; (first_two.len() * PAIR_BITS / 64).next_power_of_two()];
        for pair in first_two {
            let (at, bit) = self.place(pair);
            self.pairs[at] |= bit;
        }
        self.names.reserve_exact(self.linked.len());
        self.ends.reserve_exact(self.linked.len());
        for head in &mut self.heads {
            let mut at = std::mem::replace(head, if *head == 0 { 0 } else { number(self.names.len() + 1) });
            while at != 0 {
                let (accept, next) = self.linked[at as usize - 1];
                self.names.push(accept.name);
                self.ends.push(accept.shape | if next == 0 { LAST } else { 0 });
                at = next;
            }
        }
        self.linked = vec![];
        self.shape_ids.clear();
        self.edges.shrink_to_fit();
        self.heads.shrink_to_fit();
        self.first.shrink_to_fit();
    }

    /// Every node at which a name ends.
    pub fn ends(&self) -> impl Iterator<Item = Node> + '_ {
        (0..number(self.edges.len())).filter(|at| self.heads[*at as usize] != 0).map(|at| at + 1)
    }

    /// The words that lead to a node.
    pub fn path(&self, mut node: Node) -> Vec<WordId> {
        let mut words = vec![];
        while node != ROOT {
            let (before, word) = self.edges[node as usize - 1];
            words.push(word);
            node = before;
        }
        words.reverse();
        words
    }

    /// Whether it has no sequence.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The number of a shape.
    pub fn shape_id(&mut self, shape: &Shape) -> u32 {
        if let Some(id) = self.shape_ids.get(shape) {
            return *id;
        }
        // Mostly some dozens; as many as names where those are long and no two have the same pattern of gaps.
        let id = number(self.shapes.len());
        self.shapes.push(shape.clone());
        self.shape_ids.insert(shape.clone(), id);
        id
    }

    /// Where a word leads from the beginning.
    #[inline]
    pub fn first(&self, word: WordId) -> Option<Node> {
        self.first.get(word as usize).copied().filter(|node| *node != ROOT)
    }

    /// Whether a word is the family name of names that stand either way.
    pub fn family(&self, word: WordId) -> bool {
        self.families.get(word as usize / 64).is_some_and(|block| block & (1 << (word % 64)) != 0)
    }

    /// Whether a word is a name by itself.
    pub fn alone(&self, word: WordId) -> bool {
        self.first(word).is_some_and(|node| self.heads[node as usize - 1] != 0)
    }

    /// Whether two letters of a script without spaces may begin a name; sure only when not.
    #[inline]
    pub fn pair(&self, first: WordId, next: WordId) -> bool {
        let (at, bit) = self.place((first, next));
        self.pairs[at] & bit != 0
    }

    fn place(&self, pair: (WordId, WordId)) -> (usize, u64) {
        let hash = hash(pair);
        ((hash >> 6) as usize & (self.pairs.len() - 1), 1 << (hash & 63))
    }

    /// Where a word leads from a node.
    pub fn child(&self, node: Node, word: WordId) -> Option<Node> {
        if node == ROOT {
            return self.first(word);
        }
        self.table.find(hash((node, word)), |id| self.edges[id as usize] == (node, word)).map(|id| id + 1)
    }

    /// The names that end at a node.
    pub fn accepts(&self, node: Node) -> impl Iterator<Item = Accept> + '_ {
        let head = if node == ROOT { 0 } else { self.heads[node as usize - 1] };
        let mut at = (head as usize).checked_sub(1);
        std::iter::from_fn(move || {
            let here = at?;
            let shape = *self.ends.get(here)?;
            at = (shape & LAST == 0).then_some(here + 1);
            Some(Accept { name: self.names[here], shape: shape & !LAST })
        })
    }

    /// The shape with an id.
    pub fn shape(&self, id: u32) -> &Shape {
        &self.shapes[id as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a look at each of the others for each, these would be five billion.
    #[test]
    fn a_hundred_thousand_names_of_the_same_words_are_not_gone_over_for_each() {
        let mut trie = Trie::default();
        for name in 0..100_000 {
            for _ in 0..2 {
                trie.add(&[7, 8], &Shape::of(vec![Between::Loose]), name);
            }
        }
        trie.finish(|_| false);
        let node = trie.first(7).and_then(|node| trie.child(node, 8)).unwrap();
        assert_eq!(trie.accepts(node).count(), 100_000);
    }

    /// Registries have names of thirty words, each with a pattern of gaps of its own.
    #[test]
    fn no_name_gets_the_gaps_of_another_however_many_patterns_there_are() {
        let mut trie = Trie::default();
        let gaps = |name: u32| {
            let gap = |bit: u32| if (name >> bit).is_multiple_of(2) { Between::Loose } else { Between::Space };
            (0..17_u32).map(gap).collect::<Box<[_]>>()
        };
        let words: Vec<WordId> = (0..18).collect();
        for name in 0..1 << 17 {
            trie.add(&words, &Shape::of(gaps(name).into_vec()), name);
        }
        trie.finish(|_| false);
        let node = words.iter().fold(ROOT, |node, word| trie.child(node, *word).unwrap());
        assert!(trie.accepts(node).all(|accept| trie.shape(accept.shape).gaps == gaps(accept.name)));
    }
}
