//! What is compiled: names, words, rules. In: what `compile` puts in. Out: lookups for reading. Never changed after it is built.

use super::eval::Node;
use super::fault::Fault;
use super::find::{Known, Memo, Occurrence, Span};
use super::token::Token;
use super::trie::Trie;
use super::vocabulary::{Vocabulary, number};
use crate::model::{HitKind, RuleId, Severity, Watch};
use std::ops::Range;
use std::sync::Mutex;

/// Names, words and rules, ready to read articles. Reading takes `&self` and may be done by many threads at once.
#[derive(Debug)]
pub struct Index {
    pub(super) vocabulary: Vocabulary,
    pub(super) trie: Trie,
    pub(super) names: Names,
    pub(super) watches: Vec<Watched>,
    pub(super) lists: Vec<Listed>,
    pub(super) rows: Rows,
    pub(super) terms: Vec<TermKind>,
    pub(super) rules: Vec<Ruled>,
    pub(super) anchors: Anchors,
    pub(super) zone: jiff::tz::TimeZone,
    pub(super) lints: Vec<Fault>,
    pub(super) scratch: Pool,
}

impl Index {
    /// What is probably not meant, found while compiling (`W2..`).
    #[must_use]
    pub fn lints(&self) -> &[Fault] {
        &self.lints
    }

    /// Bytes that names and words take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.vocabulary.bytes()
            + self.trie.bytes()
            + self.names.bytes()
            + self.rows.ids.len()
            + self.rows.ends.len() * 4
    }
}

/// What a name belongs to, in one number that sorts: watches, then rows by list, then terms, then title words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(u32);

/// A target taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Watch(usize),
    Row(usize),
    Term(usize),
    /// `minister`, `глава МИД`, `外长`: what a weak name counts beside.
    Title,
}

impl Target {
    pub const TITLE: Self = Self(3 << 30);

    pub fn watch(at: usize) -> Self {
        Self(number(at))
    }
    pub fn row(at: usize) -> Self {
        Self(number(at) | 1 << 30)
    }
    pub fn term(at: usize) -> Self {
        Self(number(at) | 2 << 30)
    }
    pub fn what(self) -> What {
        let at = (self.0 & ((1 << 30) - 1)) as usize;
        match self.0 >> 30 {
            0 => What::Watch(at),
            1 => What::Row(at),
            2 => What::Term(at),
            _ => What::Title,
        }
    }
}

/// What a name is to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    Name,
    Exact,
    Post,
    /// The title of a post that is somebody's: it counts beside its owner only.
    PostOf,
    Weak,
    /// A mention that does not count.
    NotAs,
    /// The owner of a post: no mention of its own.
    Owner,
    /// A term of a query.
    Word,
    /// A word of a title.
    Title,
}

impl Role {
    /// The kind of hit.
    pub fn kind(self) -> HitKind {
        match self {
            Self::Name | Self::NotAs | Self::Owner => HitKind::Name,
            Self::Exact => HitKind::Exact,
            Self::Post | Self::PostOf => HitKind::Post,
            Self::Weak => HitKind::Weak,
            Self::Word | Self::Title => HitKind::Word,
        }
    }
}

/// Suffixes may follow.
pub const SUFFIX: u8 = 1;
/// The hit must begin with a capital: a weak name that was typed with one.
pub const CAPITAL: u8 = 2;
/// A person's name.
pub const PERSON: u8 = 4;

/// All configured names, as typed.
#[derive(Debug, Default)]
pub struct Names {
    typed: String,
    names: Vec<Name>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    pub target: Target,
    at: u32,
    len: u16,
    pub role: Role,
    pub flags: u8,
}

impl Names {
    pub fn add(&mut self, target: Target, role: Role, flags: u8, typed: &str) -> u32 {
        let at = number(self.typed.len());
        // Names are checked to be shorter when they are compiled.
        let len = u16::try_from(typed.len()).unwrap_or(0);
        self.typed.push_str(&typed[..usize::from(len)]);
        self.names.push(Name { target, at, len, role, flags });
        number(self.names.len() - 1)
    }

    pub fn get(&self, name: u32) -> Name {
        self.names[name as usize]
    }

    pub fn typed(&self, name: u32) -> &str {
        let name = self.get(name);
        &self.typed[name.at as usize..][..usize::from(name.len)]
    }

    /// Every name with its number.
    pub fn each(&self) -> impl Iterator<Item = (u32, Name)> + '_ {
        self.names.iter().enumerate().map(|(at, name)| (number(at), *name))
    }

    fn bytes(&self) -> usize {
        self.typed.len() + self.names.len() * size_of::<Name>()
    }
}

impl Known for Names {
    fn takes_suffix(&self, name: u32) -> bool {
        self.get(name).flags & SUFFIX != 0
    }
    fn is_post(&self, name: u32) -> bool {
        matches!(self.get(name).role, Role::Post | Role::PostOf)
    }
}

/// A watch as compiled.
#[derive(Debug)]
pub struct Watched {
    /// As configured.
    pub watch: Watch,
    /// What its weak names may stand near.
    pub with: Vec<Node>,
}

/// A list as compiled.
#[derive(Debug)]
pub struct Listed {
    pub id: String,
    /// Its rows.
    pub rows: Range<usize>,
    /// What its names must stand near; empty: they count.
    pub with: Vec<Node>,
}

/// The ids of all rows, end to end.
#[derive(Debug, Default)]
pub struct Rows {
    ids: String,
    ends: Vec<u32>,
}

impl Rows {
    pub fn add(&mut self, id: &str) -> usize {
        self.ids.push_str(id);
        self.ends.push(number(self.ids.len()));
        self.ends.len() - 1
    }
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    pub fn id(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.ids[start..self.ends[row] as usize]
    }
}

/// A term of the queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermKind {
    /// Found by the trie.
    Words,
    /// Words in order with at most so many others between: the terms of the single words, and the name under which the whole is told.
    Spread { words: Vec<Target>, most: u32, name: u32 },
}

/// A rule as compiled.
#[derive(Debug)]
pub struct Ruled {
    pub id: RuleId,
    pub severity: Severity,
    pub notify: Vec<String>,
    /// What must hold.
    pub node: Node,
    /// What was typed, by the origins of its nodes.
    pub typed: Vec<(super::fault::Place, String)>,
}

/// Rules under what they cannot match without.
#[derive(Debug, Default)]
pub struct Anchors {
    pub watches: Vec<Vec<u32>>,
    pub lists: Vec<Vec<u32>>,
    pub rows: std::collections::HashMap<u32, Vec<u32>>,
    pub terms: Vec<Vec<u32>>,
    /// Rules that have none: they are tried on every article.
    pub always: Vec<u32>,
}

/// What reading one article needs and the next can use again.
#[derive(Debug, Default)]
pub struct Scratch {
    pub memo: Memo,
    pub tokens: Vec<Token>,
    pub found: Vec<Occurrence>,
    pub spans: Vec<Span>,
}

/// Scratches that no thread uses now.
#[derive(Debug, Default)]
pub struct Pool(Mutex<Vec<Scratch>>);

/// Scratches kept: more threads than this read at once only for a moment.
const POOL_MAX: usize = 64;

impl Pool {
    pub fn take(&self) -> Scratch {
        self.0.lock().ok().and_then(|mut free| free.pop()).unwrap_or_default()
    }

    pub fn give(&self, scratch: Scratch) {
        if let Ok(mut free) = self.0.lock()
            && free.len() < POOL_MAX
        {
            free.push(scratch);
        }
    }
}
