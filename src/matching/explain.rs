//! Why a rule matches an article, and why not. In: a rule and an article. Out: a tree: each clause with what was found, or the
//! nearest miss. Never a different judgement than `read`'s.

use super::Text;
use super::blocks::Block;
use super::eval::{Leaf, Mention, Node, NodeKind, Seen};
use super::index::{Index, Role, Ruled, What};
use super::query::ast::{Near, Part};
use super::read::{merged, source};
use super::resolve::{Resolved, resolve};
use crate::model::RuleId;
use crate::text::{cut, one_line, sentence};
use serde::Serialize;

/// A rule explained on one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The rule.
    pub rule: RuleId,
    /// Whether it matches.
    pub matches: bool,
    /// Its clauses.
    pub clause: Clause,
}

/// One clause of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The clause as typed; `AND` and its like for what the rule's keys join.
    pub typed: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found: passages with the words in brackets, at most three.
    pub passages: Vec<String>,
    /// Why it does not hold: the nearest miss, when something came near.
    pub miss: Option<String>,
    /// The clauses in it.
    pub parts: Vec<Clause>,
}

/// Passages shown of one clause.
const PASSAGES_MAX: usize = 3;

impl Index {
    /// Explains a rule on an article; `None` when there is no such rule.
    #[must_use]
    pub fn explain(&self, text: &Text, rule: &RuleId) -> Option<Explanation> {
        let rule = self.rules.iter().find(|known| known.id == *rule)?;
        let mut scratch = self.scratch.take();
        let blocks = self.scan(text, &mut scratch);
        let resolved = resolve(self, text, &blocks, &scratch.tokens, &scratch.found);
        let everything = merged(&merged(&resolved.mentions, &resolved.weak), &resolved.aside);
        let seen = Seen {
            index: self,
            text,
            blocks: &blocks,
            tokens: &scratch.tokens,
            mentions: &resolved.mentions,
            ignore_not: false,
        };
        let explainer = Explainer { seen, resolved: &resolved, everything: &everything, rule };
        let clause = explainer.clause(&rule.node);
        let explanation = Explanation { rule: rule.id.clone(), matches: clause.holds, clause };
        self.scratch.give(scratch);
        Some(explanation)
    }
}

struct Explainer<'a> {
    seen: Seen<'a>,
    resolved: &'a Resolved,
    everything: &'a [Mention],
    rule: &'a Ruled,
}

impl Explainer<'_> {
    fn clause(&self, node: &Node) -> Clause {
        let mut hits = vec![];
        let holds = self.seen.test(node, &mut hits);
        let parts = match &node.kind {
            NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().map(|part| self.clause(part)).collect(),
            NodeKind::Not(inner) | NodeKind::AtLeast(_, inner) => vec![self.clause(inner)],
            NodeKind::Near(left, _, right) => vec![self.clause(left), self.clause(right)],
            _ => vec![],
        };
        let shows = !matches!(node.kind, NodeKind::And(_) | NodeKind::Or(_) | NodeKind::Not(_));
        let passages = if shows {
            hits.iter().take(PASSAGES_MAX).map(|hit| self.passage(&self.seen.mentions[*hit as usize])).collect()
        } else {
            vec![]
        };
        Clause { typed: self.typed(node), holds, passages, miss: if holds { None } else { self.miss(node) }, parts }
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

    /// The sentence around a mention, the mention in brackets.
    fn passage(&self, mention: &Mention) -> String {
        let block: &Block = &self.seen.blocks[mention.block as usize];
        let text = &source(self.seen.text, block.source)[block.start..block.end];
        let (start, end) = (mention.start as usize - block.start, mention.end as usize - block.start);
        let span = sentence::around(text, start, end);
        let shown = format!("{}[{}]{}", &text[span.start..start], &text[start..end], &text[end..span.end]);
        cut(&one_line(&shown), crate::model::limits::SENTENCE_CHARS_MAX)
    }

    fn miss(&self, node: &Node) -> Option<String> {
        match &node.kind {
            NodeKind::Leaf(leaf, part) => self.leaf_miss(*leaf, *part),
            NodeKind::Near(left, near, right) => self.near_miss(left, *near, right),
            NodeKind::AtLeast(n, inner) => {
                let found = self.seen.spans(inner).len();
                Some(format!("ATLEAST/{n}: found {found}"))
            }
            NodeKind::Not(_) => Some("excluded by what stands below".to_string()),
            NodeKind::Meta(meta) => Some(self.meta_miss(meta)),
            NodeKind::And(_) | NodeKind::Or(_) => None,
        }
    }

    fn meta_miss(&self, meta: &super::query::fields::Meta) -> String {
        use super::query::fields::Meta;
        let text = self.seen.text;
        let or = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_string());
        match meta {
            Meta::Site(_) | Meta::Url(_) => format!("the address is {}", cut(&one_line(text.url), 200)),
            Meta::Author(_) => format!("the author is {}", or(text.author.map(one_line))),
            Meta::Tag(_) => {
                format!("the tags are {}", if text.tags.is_empty() { "none".to_string() } else { text.tags.join(", ") })
            }
            Meta::Source(_) => {
                format!("the source is {}", if text.source.is_empty() { "unknown" } else { text.source })
            }
            Meta::Lang(_) => format!("the language is {}", or(text.language.map(one_line))),
            Meta::Within(_) | Meta::Days(..) => format!("published {}", or(text.published.map(|at| at.to_string()))),
            Meta::Tier(..) => format!("the tier is {}", or(text.tier.map(|tier| tier.to_string()))),
        }
    }

    /// Why a name or word does not count: its part of the article, a box beside it, a weak name, another case.
    fn leaf_miss(&self, leaf: Leaf, part: Part) -> Option<String> {
        let elsewhere = self.seen.leaf(leaf, Part::All).next();
        if let Some(at) = elsewhere.filter(|_| part != Part::All) {
            let zone = self.seen.blocks[self.seen.mentions[at as usize].block as usize].zone;
            return Some(format!(
                "found only in the {} zone: {}",
                word(zone),
                self.passage(&self.seen.mentions[at as usize])
            ));
        }
        let all = Seen { mentions: self.everything, ..self.seen };
        let mentions: Vec<&Mention> = all.leaf(leaf, part).map(|at| &self.everything[at as usize]).collect();
        if let Some(weak) = mentions.iter().find(|m| self.resolved.weak.contains(m)) {
            let why = match weak.role {
                Role::Weak => {
                    "a weak name, and nothing makes it count: no full name or post, no title beside it, nothing of `with` near it"
                }
                _ => "a name of a list, and nothing of the list's `with` stands near it",
            };
            return Some(format!("{why}: {}", self.passage(weak)));
        }
        if let Some(aside) = mentions.first() {
            let zone = self.seen.blocks[aside.block as usize].zone;
            return Some(format!("found only in the {} zone: {}", word(zone), self.passage(aside)));
        }
        self.other_case(leaf)
    }

    /// `{SCO}`: found 'Sco'.
    fn other_case(&self, leaf: Leaf) -> Option<String> {
        let wanted: Vec<String> = match leaf {
            Leaf::Term(at) => self
                .seen
                .index
                .names
                .each()
                .filter(|(_, name)| name.target.what() == What::Term(at))
                .map(|(number, _)| self.seen.index.names.typed(number, &self.seen.index.lists).to_string())
                .collect(),
            Leaf::Watch(at) => self.seen.index.watches[at].watch.exact.clone(),
            _ => vec![],
        };
        let folded: Vec<(String, &String)> =
            wanted.iter().map(|name| (super::fold::plain(&super::fold::marked(name)).into_owned(), name)).collect();
        let mut at = 0;
        for (nth, block) in self.seen.blocks.iter().enumerate() {
            let whole = source(self.seen.text, block.source);
            while let Some(token) = self.seen.tokens.get(at) {
                if token.gap == super::token::Gap::Block && (token.start as usize) < block.start
                    || token.start as usize >= block.end
                {
                    break;
                }
                let surface = whole.get(token.start as usize..token.end as usize)?;
                let plain = super::fold::marked(surface);
                if let Some((_, name)) =
                    folded.iter().find(|(key, name)| *key == *super::fold::plain(&plain) && **name != surface)
                {
                    let _ = nth;
                    return Some(format!("{{{name}}}: found '{surface}'"));
                }
                at += 1;
            }
        }
        None
    }

    /// NEAR/5: distance 11.
    fn near_miss(&self, left: &Node, near: Near, right: &Node) -> Option<String> {
        let (left, right) = (self.seen.spans(left), self.seen.spans(right));
        let shown = near.shown();
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b))).take(10_000);
        let same: Vec<_> =
            pairs.filter(|(a, b)| a.block == b.block && (a.last < b.first || b.last < a.first)).collect();
        let Some((a, b)) = same.into_iter().min_by_key(|(a, b)| self.seen.distance(a, b)) else {
            return Some(format!("{shown}: never in one paragraph"));
        };
        let distance = self.seen.distance(a, b);
        Some(match near {
            Near::Words(n) | Near::Ordered(n) if distance > n => format!("{shown}: distance {distance}"),
            Near::Ordered(_) => format!("{shown}: only in the other order"),
            Near::Sentence => format!("{shown}: never in one sentence; distance {distance}"),
            _ => format!("{shown}: distance {distance}"),
        })
    }
}

fn word(zone: crate::model::Zone) -> String {
    format!("{zone:?}").to_lowercase()
}
