//! Why a rule matches an article, and why not. In: a rule and an article. Out: a tree: each clause with what was found, or the
//! nearest miss. Never a different judgement than `read`'s.

mod miss;

use super::Text;
use super::blocks::{Block, source};
use super::eval::{Mention, Seen};
use super::find::Occurrence;
use super::index::{Index, Ruled};
use super::node::{Node, NodeKind};
use super::read::merged;
use super::resolve::{Resolved, resolve};
use super::token::{self, Count};
use super::vocabulary::number;
use crate::model::limits::SENTENCE_CHARS_MAX;
use crate::model::{RuleId, Zone};
use crate::text::{cut, one_line, sentence};
use serde::Serialize;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// A rule explained on one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The rule.
    pub rule: RuleId,
    /// Whether it matches.
    pub matches: bool,
    /// What must hold.
    pub clause: Clause,
}

/// One clause of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// What joins or asks it.
    pub kind: ClauseKind,
    /// The clause as typed, on one line; `all of`, `any of` and `none: …` for what the rule's keys join.
    pub typed: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found, at most three; of a clause that joins others, see its parts.
    pub passages: Vec<Passage>,
    /// Why it does not hold: the nearest miss, when something came near.
    pub miss: Option<Miss>,
    /// The clauses in it.
    pub parts: Vec<Clause>,
}

impl Clause {
    /// The parts that are worth a look. What stands under a NOT, or makes up a whole that was shown, would only confuse.
    #[must_use]
    pub fn opened(&self) -> &[Clause] {
        let opened = match self.kind {
            ClauseKind::And | ClauseKind::Or => true,
            ClauseKind::Near => self.miss.is_none() && !self.holds,
            ClauseKind::AtLeast => !self.holds,
            ClauseKind::Not | ClauseKind::Name | ClauseKind::Word | ClauseKind::Field => false,
        };
        if opened { &self.parts } else { &[] }
    }
}

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClauseKind {
    /// All of its parts must hold.
    And,
    /// One of its parts must hold.
    Or,
    /// Its part must not hold.
    Not,
    /// Its two parts must stand near each other.
    Near,
    /// Its part must be found so many times.
    AtLeast,
    /// A watch, list or row.
    Name,
    /// A word, phrase or `{exact}` word.
    Word,
    /// A property of the article: `site:`, `lang:` …
    Field,
}

/// A stretch of the article with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Where it stands.
    pub zone: Zone,
    /// The sentence, on one line; of a long one the part around the first mark.
    pub text: String,
    /// What was found in `text`: start and end in Unicode code points, end exclusive.
    pub marks: Vec<(usize, usize)>,
}

/// Why a clause does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// In words.
    pub why: String,
    /// What came near.
    pub passage: Option<Passage>,
}

/// A clause as typed is named in a line up to this many code points.
const TYPED_CHARS_MAX: usize = 80;
/// Passages shown of one clause.
const PASSAGES_MAX: usize = 3;

impl Explanation {
    /// Why the rule does not match, on one line: the first clause that fails, with its nearest miss; `None` where it matches.
    #[must_use]
    pub fn why_not(&self) -> Option<String> {
        self.clause.why_not()
    }
}

impl Clause {
    fn why_not(&self) -> Option<String> {
        if self.holds {
            return None;
        }
        let typed = cut(&self.typed, TYPED_CHARS_MAX);
        let missed = |clause: &Self| clause.miss.as_ref().map(|miss| miss.why.clone());
        match self.kind {
            ClauseKind::And => self.parts.iter().find_map(Self::why_not),
            ClauseKind::Or if self.parts.len() == 1 => self.parts[0].why_not(),
            ClauseKind::Or => {
                let nearest = self.parts.iter().find_map(|part| part.miss.as_ref().and(part.why_not()));
                nearest.or_else(|| Some(format!("none of {} alternatives", self.parts.len())))
            }
            ClauseKind::Not => Some(match self.parts.iter().flat_map(|part| &part.passages).next() {
                Some(found) => format!("{typed}, but it says: {}", cut(&found.text, TYPED_CHARS_MAX)),
                None => format!("{typed}, but it is found"),
            }),
            _ => Some(format!("{typed}: {}", missed(self).unwrap_or_else(|| "not found".into()))),
        }
    }
}

impl Index {
    /// Explains a rule on an article; `None` when there is no such rule.
    #[must_use]
    pub fn explain(&self, text: &Text, rule: &RuleId) -> Option<Explanation> {
        let (number, rule) = (0..).zip(&self.rules).find(|(_, known)| known.id == *rule)?;
        let mut scratch = self.scratch.take();
        let blocks = self.scan(text, &mut scratch);
        let mut found = scratch.found.clone();
        self.scan_late(text, &blocks, &mut self.later.of(number).to_vec(), &mut scratch);
        found.extend_from_slice(&scratch.found);
        let resolved = resolve(self, text, &blocks, &scratch.tokens, &found);
        let everything = merged(&merged(&resolved.mentions, &resolved.weak), &resolved.aside);
        let seen = Seen {
            index: self,
            text,
            blocks: &blocks,
            tokens: &scratch.tokens,
            mentions: &resolved.mentions,
            ignore_not: false,
        };
        let block_of = block_of(text, &blocks);
        let (resolved, everything) = (&resolved, &*everything);
        let found = &found;
        let explainer = Explainer {
            seen,
            resolved,
            everything,
            found,
            block_of: &block_of,
            bares: OnceCell::new(),
            sorted: OnceCell::new(),
            of_terms: OnceCell::new(),
            rule,
        };
        let clause = explainer.clause(&rule.node);
        let explanation = Explanation { rule: rule.id.clone(), matches: clause.holds, clause };
        self.scratch.give(scratch);
        Some(explanation)
    }
}

struct Explainer<'a> {
    seen: Seen<'a>,
    resolved: &'a Resolved,
    /// Mentions that count and those that nearly did.
    everything: &'a [Mention],
    /// Every occurrence, also of what `not_as` and word boundaries take away.
    found: &'a [Occurrence],
    /// The block of each token.
    block_of: &'a [u32],
    /// The folded letters of each token, once somebody asks for them.
    bares: OnceCell<Vec<String>>,
    sorted: OnceCell<Vec<usize>>,
    /// By term: its names.
    of_terms: OnceCell<HashMap<usize, Vec<u32>>>,
    rule: &'a Ruled,
}

impl Explainer<'_> {
    fn clause(&self, node: &Node) -> Clause {
        let mut hits = vec![];
        let holds = self.seen.test(node, &mut hits);
        let (kind, parts) = match &node.kind {
            NodeKind::And(parts) => (ClauseKind::And, parts.iter().collect()),
            NodeKind::Or(parts) => (ClauseKind::Or, parts.iter().collect()),
            NodeKind::Not(inner) => (ClauseKind::Not, vec![&**inner]),
            NodeKind::AtLeast(_, inner) => (ClauseKind::AtLeast, vec![&**inner]),
            NodeKind::Near(left, _, right) => (ClauseKind::Near, vec![&**left, &**right]),
            NodeKind::Leaf(super::node::Leaf::Term(_), _) => (ClauseKind::Word, vec![]),
            NodeKind::Leaf(..) => (ClauseKind::Name, vec![]),
            NodeKind::Meta(_) => (ClauseKind::Field, vec![]),
        };
        let joins = matches!(kind, ClauseKind::And | ClauseKind::Or | ClauseKind::Not);
        let mentions = hits.iter().map(|hit| &self.seen.mentions[*hit as usize]);
        let passages = if joins { vec![] } else { self.passages(mentions.collect()) };
        Clause {
            kind,
            typed: one_line(&self.typed(node)),
            holds,
            passages,
            miss: if holds { None } else { self.miss(node) },
            parts: parts.into_iter().map(|part| self.clause(part)).collect(),
        }
    }

    fn typed(&self, node: &Node) -> String {
        match self.rule.typed.get(node.origin) {
            Some((_, text)) => text.get(node.span.clone()).unwrap_or(text).to_string(),
            None => match &node.kind {
                NodeKind::Or(_) => "any of".to_string(),
                NodeKind::Not(inner) => format!("none: {}", self.typed(inner)),
                _ => "all of".to_string(),
            },
        }
    }

    /// The first sentences with mentions, each once with all of its marks.
    fn passages(&self, mut mentions: Vec<&Mention>) -> Vec<Passage> {
        mentions.sort_by_key(|m| (m.block, m.start, m.end));
        mentions.dedup();
        let sentence = |m: &Mention| (m.block, self.seen.tokens[m.first as usize].sentence);
        let groups = mentions.chunk_by(|a, b| sentence(a) == sentence(b)).take(PASSAGES_MAX);
        groups.map(|group| self.passage(group)).collect()
    }

    /// The sentences around mentions of one block, in reading order.
    fn passage(&self, mentions: &[&Mention]) -> Passage {
        let marks: Vec<Range<usize>> = mentions.iter().map(|m| m.start as usize..m.end as usize).collect();
        self.marked(mentions.first().map_or(0, |m| m.block), &marks)
    }

    /// The sentences around some bytes of a block's source, in reading order.
    fn marked(&self, block: u32, marks: &[Range<usize>]) -> Passage {
        let block: &Block = &self.seen.blocks[block as usize];
        let text = &source(self.seen.text, block.source)[block.start..block.end];
        let marks: Vec<Range<usize>> = marks.iter().map(|m| m.start - block.start..m.end - block.start).collect();
        let first = marks.first().cloned().unwrap_or(0..0);
        let end = marks.iter().map(|mark| mark.end).max().unwrap_or(0);
        let span = sentence::around(text, first.start, end);
        let from = beginning(text, span.start, first.start);
        let mut shown = if from == span.start { String::new() } else { "…".to_string() };
        let mut length = shown.chars().count();
        let mut told = vec![];
        let mut at = from;
        for mark in marks {
            // Of what overlaps, the first is marked.
            if mark.start < at || length >= SENTENCE_CHARS_MAX {
                continue;
            }
            let before = piece(&text[at..mark.start], shown.is_empty());
            let found = cut(&one_line(&text[mark.clone()]), SENTENCE_CHARS_MAX);
            let start = length + before.chars().count();
            length = start + found.chars().count();
            told.push((start, length));
            shown.push_str(&before);
            shown.push_str(&found);
            at = mark.end;
        }
        shown.push_str(&piece(&text[at..span.end], false));
        let shown = cut(shown.trim_end(), SENTENCE_CHARS_MAX.max(told.first().map_or(0, |(_, end)| end + 1)));
        let length = shown.chars().count();
        told.retain(|(_, end)| *end <= length);
        Passage { zone: block.zone, text: shown, marks: told }
    }
}

/// The block of each token, in the order of the tokens.
fn block_of(text: &Text, blocks: &[Block]) -> Vec<u32> {
    let (mut count, mut tokens, mut of) = (Count::default(), vec![], vec![]);
    for (at, block) in blocks.iter().enumerate() {
        token::tokenize(source(text, block.source), block.start, block.end, &mut count, &mut tokens);
        of.resize(tokens.len(), number(at));
    }
    of
}

/// Where to begin, so that a mark far into its sentence is seen.
fn beginning(text: &str, sentence: usize, mark: usize) -> usize {
    let before = &text[sentence..mark];
    let room = SENTENCE_CHARS_MAX / 2;
    let Some((at, _)) = before.char_indices().rev().nth(room) else { return sentence };
    before[at..].find(' ').map_or(sentence + at, |space| sentence + at + space + 1)
}

/// A piece of a sentence on one line, with the white space at its ends as one space.
fn piece(text: &str, first: bool) -> String {
    let line = one_line(text);
    let space = |edge: Option<char>| if edge.is_some_and(char::is_whitespace) { " " } else { "" };
    let lead = if first { "" } else { space(text.chars().next()) };
    if line.is_empty() {
        return lead.to_string();
    }
    format!("{lead}{line}{}", space(text.chars().next_back()))
}

#[cfg(test)]
mod tests;
