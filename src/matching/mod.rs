//! Rules against articles. In: watches, lists and rules once; then articles. Out: the rules that match with their hits, what
//! nearly matched, and why. Never the world: files, clocks and networks are others'.
//!
//! ```text
//!  compile: names ► split, forms ► words ► trie      queries ► lex, parse ► trees ► rules under what they cannot match without
//!  read:    text ► tokens ► senses ► walk the trie ► occurrences ► resolve (not_as, weak) ► mentions ► rules ► matches
//! ```

mod address;
mod blocks;
mod class;
mod compile;
mod eval;
mod explain;
mod fault;
mod find;
mod fold;
mod forms;
mod glob;
mod index;
mod keys;
mod later;
mod lint;
mod memo;
mod names;
mod node;
mod query;
mod read;
mod resolve;
mod run;
mod segment;
mod sieve;
mod spelling;
mod table;
mod token;
mod trie;
mod vocabulary;
mod wanted;
mod words;

pub use compile::compile;
pub use explain::{Clause, ClauseKind, Explanation, Miss, Passage};
pub use fault::{Fault, Place};
pub use forms::{Forms, NameForms};
pub use index::Index;
pub use keys::keys;
pub use lint::{Desk, LINTS, lints};
pub use names::roman::latin;

use crate::model::{Block, Match, RuleId};
use jiff::Timestamp;

/// An article as the matcher sees it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Its title, plain.
    pub title: &'a str,
    /// Its text; what the offsets of hits in it count in.
    pub text: &'a str,
    /// Its blocks with their zones; empty for plain text, which is parted at blank lines then.
    pub zones: &'a [Block],
    /// Its address, for `site:` and `url:`.
    pub url: &'a str,
    /// Its language (BCP 47).
    pub language: Option<&'a str>,
    /// Who wrote it.
    pub author: Option<&'a str>,
    /// Tags of its source and its own.
    pub tags: &'a [String],
    /// Its source's id.
    pub source: &'a str,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Its source's tier.
    pub tier: Option<u8>,
    /// The time at which `published:2d` is meant.
    pub now: Timestamp,
}

impl Text<'_> {
    /// Nothing, at the beginning of time; to be filled by `..Text::empty()`.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            title: "",
            text: "",
            zones: &[],
            url: "",
            language: None,
            author: None,
            tags: &[],
            source: "",
            published: None,
            tier: None,
            now: Timestamp::UNIX_EPOCH,
        }
    }
}

/// What one article gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The rules that match, in the order of the configuration, with their hits in reading order.
    pub matches: Vec<Match>,
    /// Rules that nearly matched, and why not, as in [`crate::model::NearMiss::why`].
    pub near_misses: Vec<(RuleId, String)>,
}

#[cfg(test)]
mod tests;
