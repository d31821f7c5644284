//! What is compiled: names, words, rules. In: what `compile` puts in. Out: lookups for reading. Never changed after it is built.

use super::fault::Fault;
use super::find::{Known, Occurrence};
use super::later::Laters;
use super::memo::{Lexicon, Memo, Span};
use super::names::marks;
use super::node::Node;
use super::token::Token;
use super::trie::{Node as Place, Trie};
use super::vocabulary::{Vocabulary, number};
use crate::model::{HitKind, Rows, RuleId, Severity, Watch};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Names, words and rules, ready to read articles. Reading takes `&self` and may be done by many threads at once.
#[derive(Debug)]
pub struct Index {
    pub(super) vocabulary: Vocabulary,
    /// The names that every article is searched for.
    pub(super) trie: Trie,
    /// Query words that no rule hangs on: searched for when a candidate asks.
    pub(super) late: Trie,
    pub(super) names: Names,
    pub(super) watches: Vec<Watched>,
    pub(super) lists: Vec<Listed>,
    pub(super) terms: Vec<TermKind>,
    /// The terms with words between, by their first word.
    pub(super) spread: HashMap<Target, Vec<usize>>,
    pub(super) rules: Vec<Ruled>,
    /// By rule: its terms that are only looked for when it is a candidate.
    pub(super) later: Laters,
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

    /// How many rules are tried on every article, as nothing is said of what must stand in it: `lang:ru` alone.
    #[must_use]
    pub fn rules_always_tried(&self) -> usize {
        self.anchors.always.len()
    }

    /// What the words of texts are looked up in.
    pub(super) fn lexicon(&self) -> Lexicon<'_> {
        Lexicon { vocabulary: &self.vocabulary, trie: &self.trie, late: &self.late }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
/// It was typed with marks at its ends: Yahoo!, C++, .NET.
pub const MARKS: u8 = 8;

/// Set where a name is kept in its list.
const LISTED: u16 = 1 << 15;

/// A name as typed, and where it is kept.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    /// Among the names.
    Here(&'a str),
    /// In its list: which one, and the number of the text there.
    Row(usize, u32, &'a str),
}

impl<'a> Typed<'a> {
    pub fn text(self) -> &'a str {
        match self {
            Self::Here(text) | Self::Row(_, _, text) => text,
        }
    }
}

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
    /// Its first byte in `typed`, or the number of its text in its list.
    at: u32,
    /// Bytes, or `LISTED` and its list.
    len: u16,
    pub role: Role,
    pub flags: u8,
}

impl Names {
    pub fn add(&mut self, target: Target, role: Role, flags: u8, typed: Typed) -> u32 {
        let flags = if marks::any(typed.text()) { flags | MARKS } else { flags };
        let (at, len) = match typed {
            Typed::Here(typed) => {
                let at = number(self.typed.len());
                // Names are checked to be shorter when they are compiled.
                let len = u16::try_from(typed.len()).unwrap_or(0).min(LISTED - 1);
                self.typed.push_str(&typed[..usize::from(len)]);
                (at, len)
            }
            // Lists beyond the 32,767th are the last one's: nobody has as many.
            Typed::Row(list, text, _) => (text, u16::try_from(list).map_or(u16::MAX, |list| list | LISTED)),
        };
        self.names.push(Name { target, at, len, role, flags });
        number(self.names.len() - 1)
    }

    /// To be called when all are in.
    pub fn finish(&mut self) {
        self.typed.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    pub fn get(&self, name: u32) -> Name {
        self.names[name as usize]
    }

    /// The name as typed.
    pub fn typed<'a>(&'a self, name: u32, lists: &'a [Listed]) -> &'a str {
        let name = self.get(name);
        if name.len & LISTED != 0 {
            return lists[usize::from(name.len & !LISTED)].rows.text(name.at);
        }
        &self.typed[name.at as usize..][..usize::from(name.len)]
    }

    /// Every name with its number.
    pub fn each(&self) -> impl Iterator<Item = (u32, Name)> + '_ {
        self.names.iter().enumerate().map(|(at, name)| (number(at), *name))
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
    /// The numbers of its rows among those of all lists.
    pub numbers: Range<usize>,
    pub rows: Arc<Rows>,
    /// What its names must stand near; empty: they count.
    pub with: Vec<Node>,
    /// What the weak names of single rows may stand near, by the row's number.
    pub row_with: HashMap<u32, Vec<Node>>,
}

impl Listed {
    /// The id of a row of the list.
    pub fn row(&self, number: usize) -> &str {
        let at = u32::try_from(number - self.numbers.start).ok();
        at.and_then(|at| self.rows.get(at)).map_or("", |row| row.id())
    }

    /// What the list says of a row.
    pub fn topics(&self, number: usize) -> Vec<String> {
        let at = u32::try_from(number - self.numbers.start).ok();
        let row = at.and_then(|at| self.rows.get(at));
        row.map(|row| row.topics().map(ToString::to_string).collect()).unwrap_or_default()
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
    pub rows: HashMap<u32, Vec<u32>, FixedState>,
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
    /// The tokens at which names may begin that are looked for only when a rule asks.
    pub late: Vec<u32>,
    /// By block: its tokens.
    pub ranges: Vec<Range<usize>>,
    /// Places of names that many rows bear, see [`Finder::crowds`](super::find::Finder::crowds).
    pub crowds: HashMap<(Place, bool), u32>,
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
