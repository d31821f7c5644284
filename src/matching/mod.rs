//! Watches and rules against a text. In: watches, lists and rules, compiled once; an article's zones. Out: the rules that match,
//! with every hit at its place in the original, and what nearly matched. It reads no file and knows no time but `now`.

mod compile;
mod eval;
mod find;
mod fold;
mod lint;
mod names;
mod query;
mod russian;
mod suffix;
mod words;

pub use compile::{Index, compile};
pub use lint::{Desk, LINTS, lints};

use crate::model::{Block, Match, RuleId};
use jiff::Timestamp;
use std::ops::Range;

/// Where a fault stands in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `rule`, `organization`, `official`, `keyword` or `list`.
    pub table: &'static str,
    /// Its id.
    pub id: String,
    /// The key: `query`, `any`, `names` …
    pub key: &'static str,
    /// Which string of a list.
    pub index: Option<usize>,
}

/// What is wrong with a name or a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// Bytes of the string.
    pub span: Range<usize>,
    /// `E2xx`: refused; `W2xx`: a lint.
    pub code: &'static str,
    /// In words.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
}

/// An article as it is matched.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Its title.
    pub title: &'a str,
    /// Lead, body and quotes; hits in them count in it.
    pub text: &'a str,
    /// All blocks; those of `text` stand in it in order.
    pub zones: &'a [Block],
    /// Where it was read.
    pub url: &'a str,
    /// Its language (BCP 47).
    pub language: Option<&'a str>,
    /// Who wrote it.
    pub author: Option<&'a str>,
    /// The source's tags.
    pub tags: &'a [String],
    /// The source's id.
    pub source: &'a str,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The source's tier.
    pub tier: Option<u8>,
    /// Now, for `published:2d`.
    pub now: Timestamp,
}

/// What was found in an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Rules that match, in the order of the configuration.
    pub matches: Vec<Match>,
    /// Rules that nearly matched, and why not: see [`crate::model::NearMiss::why`].
    pub near_misses: Vec<(RuleId, String)>,
}

#[cfg(test)]
mod tests;
