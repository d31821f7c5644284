//! A rule as a tree. In: what `compile` looked up. Out: the same, as data. Never a judgement: `eval` makes it.

use super::query::ast::{Near, Part};
use super::query::fields::Meta;

/// A part of a rule, with ids looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    /// Its bytes in the typed string.
    pub span: std::ops::Range<usize>,
    /// Which string of the rule: the query, or one of `any`, `all`, `none`.
    pub origin: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Near(Box<Node>, Near, Box<Node>),
    AtLeast(u32, Box<Node>),
    Leaf(Leaf, Part),
    Meta(Meta),
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    Watch(usize),
    List(usize),
    Row(usize),
    Term(usize),
}
