//! The tree of a query. In: what the parser read. Out: the same, as data. Never more than `limits::QUERY_DEPTH_MAX` deep.

use super::fields::Meta;
use std::ops::Range;

/// A part of a query with its bytes in the typed string.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    /// Two things near each other.
    Near(Box<Expr>, Near, Box<Expr>),
    /// At least so many mentions.
    AtLeast(u32, Box<Expr>),
    /// Words to be found in a zone.
    Term(Term, Part),
    /// A watch, a list or a row of one.
    Id {
        id: String,
        row: Option<String>,
        part: Part,
    },
    /// Something about the article that is not its text.
    Meta(Meta),
}

/// Words to be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// A word, perhaps with wildcards.
    Word(String),
    /// Words in this order; with at most so many others between them.
    Phrase(String, Option<u32>),
    /// As written.
    Exact(String),
}

/// Which part of an article is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum Part {
    /// Title and text.
    #[default]
    All,
    Title,
    Lead,
    Body,
}

impl Part {
    /// What stands in both; `None`: nothing does.
    pub fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::All, part) | (part, Self::All) => Some(part),
            (Self::Body, Self::Lead) | (Self::Lead, Self::Body) => Some(Self::Lead),
            _ => (self == other).then_some(self),
        }
    }
}

/// How near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// At most so many words between, in any order.
    Words(u32),
    /// The same, in this order.
    Ordered(u32),
    /// In one block.
    Block,
    /// In one sentence.
    Sentence,
}

impl Near {
    /// As it is typed.
    pub fn shown(self) -> String {
        match self {
            Self::Words(n) => format!("NEAR/{n}"),
            Self::Ordered(n) => format!("ONEAR/{n}"),
            Self::Block => "SAME".to_string(),
            Self::Sentence => "SENTENCE".to_string(),
        }
    }
}

impl Expr {
    /// Whether it holds of an article in which nothing is found.
    pub fn negative(&self) -> bool {
        match &self.kind {
            Kind::Not(_) => true,
            Kind::And(parts) => parts.iter().all(Self::negative),
            Kind::Or(parts) => parts.iter().any(Self::negative),
            _ => false,
        }
    }
}
