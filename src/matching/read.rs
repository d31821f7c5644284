//! One article against all rules. In: an article. Out: matches with their hits, and near misses. Cost follows what is found,
//! not how many rules there are.

use super::blocks::{self, Block, Source, source};
use super::eval::{Mention, Seen};
use super::find::{Finder, Occurrence};
use super::index::{Index, Role, Ruled, Scratch, Target, What};
use super::later::Later;
use super::node::{Node, NodeKind};
use super::resolve::{Resolved, resolve};
use super::token::{self, Count};
use super::vocabulary::{WordId, number};
use super::{Reading, Text};
use crate::model::{Hit, Match, limits};
use crate::text::{cut, one_line, one_line_start, sentence};
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

impl Index {
    /// Reads one article: the rules that match, and those that nearly did.
    #[must_use]
    pub fn read(&self, text: &Text) -> Reading {
        let mut scratch = self.scratch.take();
        let blocks = self.scan(text, &mut scratch);
        let mut resolved = resolve(self, text, &blocks, &scratch.tokens, &scratch.found);
        let mut rules = self.candidates(&resolved);
        let mut asked = vec![];
        self.later.of_all(&rules, &mut asked);
        self.scan_late(text, &blocks, &mut asked, &mut scratch);
        let mut standing: Vec<u32> = scratch.found.iter().filter_map(|found| self.term(found)).collect();
        standing.sort_unstable();
        rules.retain(|rule| self.later.may_hold(*rule, |term| standing.binary_search(&term).is_ok()));
        if !scratch.found.is_empty() {
            let brought = resolve(self, text, &blocks, &scratch.tokens, &scratch.found);
            resolved.mentions = merged(&resolved.mentions, &brought.mentions);
            resolved.aside = merged(&resolved.aside, &brought.aside);
        }
        let reading = self.judge(text, &blocks, &scratch, &resolved, &rules);
        self.scratch.give(scratch);
        #[cfg(test)]
        super::wanted::tests::holds_what_is_wanted(self, text, &reading);
        reading
    }

    /// Every mention that counts of a watch, a list or a row, whether or not a rule asks for it; in reading order, at most
    /// [`limits::HITS_MAX`].
    #[must_use]
    pub fn mentions(&self, text: &Text) -> Vec<Hit> {
        let mut scratch = self.scratch.take();
        let blocks = self.scan(text, &mut scratch);
        let resolved = resolve(self, text, &blocks, &scratch.tokens, &scratch.found);
        let mentions = &*resolved.mentions;
        let seen = Seen { index: self, text, blocks: &blocks, tokens: &scratch.tokens, mentions, ignore_not: false };
        let named = (0..).zip(mentions).filter(|(_, mention)| mention.role != Role::Word).map(|(at, _)| at);
        let (hits, _) = self.hits(&seen, named.collect());
        self.scratch.give(scratch);
        hits
    }

    /// Every place of a text where a name or a query word stands in one of its forms, in reading order, overlapping ones too, and
    /// whether or not it counts there: as bytes of the text, with the name as typed.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let mut found = vec![];
        self.visit(text, |start, end, name| found.push((start..end, self.names.typed(name, &self.lists))));
        found.sort_by_key(|(place, _)| (place.start, place.end));
        found
    }

    /// Whether there is any: whether any rule or watch knows a word of the text.
    #[must_use]
    pub fn knows(&self, text: &str) -> bool {
        let mut scratch = self.scratch.take();
        let text = Text { text, ..Text::empty() };
        let blocks = self.scan(&text, &mut scratch);
        if scratch.found.is_empty() {
            self.each_block(&text, &blocks, Wanted::AllTerms, &mut scratch);
        }
        let knows = !scratch.found.is_empty();
        self.scratch.give(scratch);
        knows
    }

    /// How many there are.
    pub fn count(&self, text: &str) -> usize {
        let mut count = 0;
        self.visit(text, |_, _, _| count += 1);
        count
    }

    fn visit(&self, text: &str, mut visit: impl FnMut(usize, usize, u32)) {
        let mut scratch = self.scratch.take();
        let text = Text { text, ..Text::empty() };
        let blocks = self.scan(&text, &mut scratch);
        self.each_block(&text, &blocks, Wanted::AllTerms, &mut scratch);
        for found in &scratch.found {
            visit(found.start as usize, found.end as usize, found.name);
        }
        self.scratch.give(scratch);
    }

    /// Finds the names that every article is searched for: fills the tokens and occurrences of the scratch.
    pub(super) fn scan(&self, text: &Text, scratch: &mut Scratch) -> Vec<Block> {
        let blocks = blocks::blocks(text);
        scratch.memo.trim();
        scratch.tokens.clear();
        scratch.found.clear();
        scratch.spans.clear();
        scratch.late.clear();
        scratch.crowds.clear();
        scratch.ranges.clear();
        let mut count = Count::default();
        for block in &blocks {
            let from = scratch.tokens.len();
            let whole = source(text, block.source);
            token::tokenize(whole, block.start, block.end, &mut count, &mut scratch.tokens);
            scratch.ranges.push(from..scratch.tokens.len());
        }
        self.each_block(text, &blocks, Wanted::Names, scratch);
        blocks
    }

    /// After a scan: finds the terms that are asked for; the occurrences of the scratch are theirs afterwards.
    pub(super) fn scan_late(&self, text: &Text, blocks: &[Block], asked: &mut Vec<Later>, scratch: &mut Scratch) {
        scratch.found.clear();
        scratch.crowds.clear();
        if asked.is_empty() {
            return;
        }
        asked.sort_unstable();
        asked.dedup();
        self.each_block(text, blocks, Wanted::Terms(&Asked::new(asked)), scratch);
        if scratch.found.is_empty() {
            return;
        }
        asked.sort_unstable_by_key(|later| later.term);
        let is_asked = |term| asked.binary_search_by_key(&term, |later| later.term).is_ok();
        scratch.found.retain(|found| self.term(found).is_some_and(is_asked));
    }

    /// The term that was found.
    fn term(&self, found: &Occurrence) -> Option<u32> {
        match self.names.get(found.name).target.what() {
            What::Term(term) => Some(number(term)),
            _ => None,
        }
    }

    /// Goes over the blocks for the names of every article, or for the terms that begin with one of the words asked for.
    fn each_block(&self, text: &Text, blocks: &[Block], wanted: Wanted, scratch: &mut Scratch) {
        let late = if matches!(wanted, Wanted::Names) { vec![] } else { std::mem::take(&mut scratch.late) };
        let mut rest = &late[..];
        for (at, (block, range)) in blocks.iter().zip(&scratch.ranges).enumerate() {
            if !matches!(wanted, Wanted::Names) && (rest.is_empty() || self.late.is_empty()) {
                break;
            }
            let mut finder = Finder {
                lexicon: self.lexicon(),
                trie: if matches!(wanted, Wanted::Names) { &self.trie } else { &self.late },
                known: &self.names,
                memo: &mut scratch.memo,
                text: source(text, block.source),
                block: number(at),
                tokens: &scratch.tokens,
                found: &mut scratch.found,
                spans: &mut scratch.spans,
                late: &mut scratch.late,
                from: range.start,
                aside: !blocks::counts(block.zone),
                crowds: &mut scratch.crowds,
            };
            match wanted {
                Wanted::Names => finder.run(range.end),
                Wanted::Terms(asked) => rest = finder.run_late(range.end, rest, |word| asked.holds(word)),
                Wanted::AllTerms => rest = finder.run_late(range.end, rest, |_| true),
            }
        }
        if !matches!(wanted, Wanted::Names) {
            scratch.late = late;
        }
    }

    fn judge(&self, text: &Text, blocks: &[Block], scratch: &Scratch, resolved: &Resolved, rules: &[u32]) -> Reading {
        let seen = Seen {
            index: self,
            text,
            blocks,
            tokens: &scratch.tokens,
            mentions: &resolved.mentions,
            ignore_not: false,
        };
        let nearly = Nearly {
            weak: together(&resolved.mentions, &resolved.weak),
            aside: together(&resolved.mentions, &resolved.aside),
        };
        let mut reading = Reading::default();
        for rule in rules {
            let rule = &self.rules[*rule as usize];
            let mut hits = vec![];
            if seen.test(&rule.node, &mut hits) {
                let (hits, left_out) = self.hits(&seen, hits);
                reading.matches.push(Match {
                    rule: rule.id.clone(),
                    severity: rule.severity,
                    notify: rule.notify.clone(),
                    hits,
                    left_out,
                });
            } else if let Some(why) = self.near_miss(&seen, rule, &nearly) {
                reading.near_misses.push((rule.id.clone(), why));
            }
        }
        reading
    }

    /// The rules that what was found may satisfy, in order.
    fn candidates(&self, resolved: &Resolved) -> Vec<u32> {
        let mut rules = self.anchors.always.clone();
        let (mut before, mut list_before) = (None, None);
        for mention in resolved.mentions.iter().chain(&resolved.weak).chain(&resolved.aside) {
            if before.replace(mention.target) == Some(mention.target) {
                continue;
            }
            match mention.target.what() {
                What::Watch(at) => rules.extend_from_slice(&self.anchors.watches[at]),
                What::Term(at) => rules.extend_from_slice(&self.anchors.terms[at]),
                What::Row(row) => {
                    let list = self.lists.iter().position(|list| list.numbers.contains(&row));
                    if let Some(list) = list.filter(|list| list_before.replace(*list) != Some(*list)) {
                        rules.extend_from_slice(&self.anchors.lists[list]);
                    }
                    if let Some(found) = self.anchors.rows.get(&number(row)) {
                        rules.extend_from_slice(found);
                    }
                }
                What::Title => {}
            }
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The hits of a rule in reading order, each place once for each watch, and how many beyond `limits::HITS_MAX` are left out.
    fn hits(&self, seen: &Seen, found: Vec<u32>) -> (Vec<Hit>, usize) {
        let place = |at: u32| {
            let m = &seen.mentions[at as usize];
            let whose = if m.role == Role::Word { None } else { Some(m.target) };
            ((m.block, m.start, u32::MAX - m.end, whose), at)
        };
        let mut places: Vec<_> = found.into_iter().map(place).collect();
        places.sort_unstable();
        places.dedup_by_key(|(place, _)| *place);
        let left_out = places.len().saturating_sub(limits::HITS_MAX);
        if left_out > 0 {
            // Many rows of a list may share a name: each is told once before any is told again.
            let mut times: HashMap<Option<Target>, u32> = HashMap::new();
            let turn = |place: &((u32, u32, u32, Option<Target>), u32)| {
                let times = times.entry(place.0.3).or_default();
                *times += 1;
                (*times, *place)
            };
            let mut turns: Vec<_> = places.iter().map(turn).collect();
            turns.sort_unstable();
            turns.truncate(limits::HITS_MAX);
            places = turns.into_iter().map(|(_, place)| place).collect();
            places.sort_unstable();
        }
        let mut counter = Points::default();
        let hits = places.iter().map(|(_, at)| self.hit(seen, &seen.mentions[*at as usize], &mut counter)).collect();
        (hits, left_out)
    }

    fn hit(&self, seen: &Seen, mention: &Mention, points: &mut Points) -> Hit {
        let block = &seen.blocks[mention.block as usize];
        let whole = source(seen.text, block.source);
        let (start, end) = (mention.start as usize, mention.end as usize);
        let (watch, entry) = self.whose(mention.target);
        let from = points.at(block.source, whole, start);
        Hit {
            watch,
            entry,
            topics: self.topics(mention.target),
            kind: mention.role.kind(),
            name: self.names.typed(mention.name, &self.lists).to_string(),
            text: whole[start..end].to_string(),
            zone: block.zone,
            block: if let Source::Zone(index) = block.source { Some(index) } else { None },
            start: from,
            end: from + whole[start..end].chars().count(),
            sentence: around(whole, block, start, end),
        }
    }

    /// What its list says of a row.
    fn topics(&self, target: Target) -> Vec<String> {
        let What::Row(row) = target.what() else { return vec![] };
        let list = self.lists.iter().find(|list| list.numbers.contains(&row));
        list.map(|list| list.topics(row)).unwrap_or_default()
    }

    /// The id of a watch or list, and of the row.
    pub(super) fn whose(&self, target: Target) -> (Option<String>, Option<String>) {
        match target.what() {
            What::Watch(at) => (Some(self.watches[at].watch.id.to_string()), None),
            What::Row(row) => {
                let list = self.lists.iter().find(|list| list.numbers.contains(&row));
                (list.map(|list| list.id.clone()), list.map(|list| list.row(row).to_string()))
            }
            _ => (None, None),
        }
    }

    /// Why a rule that does not match nearly does: but for a NOT, but for a full name, but for its place.
    fn near_miss(&self, seen: &Seen, rule: &Ruled, nearly: &Nearly) -> Option<String> {
        let mut hits = vec![];
        let lenient = Seen { ignore_not: true, ..*seen };
        if lenient.test(&rule.node, &mut hits) {
            return Some(match excluder(seen, &rule.node) {
                Some(word) => format!("excluded by '{word}'"),
                None => "excluded".to_string(),
            });
        }
        if let Some((mentions, weak)) = nearly.weak.as_deref() {
            hits.clear();
            if (Seen { mentions, ..*seen }).test(&rule.node, &mut hits) {
                let weak = hits.iter().map(|at| &mentions[*at as usize]).find(|m| weak.contains(m))?;
                let whole = source(seen.text, seen.blocks[weak.block as usize].source);
                let found = one_line(&whole[weak.start as usize..weak.end as usize]);
                return Some(format!("with '{}' but no {}", cut(&found, 60), self.full_name(weak)));
            }
        }
        if let Some((mentions, _)) = nearly.aside.as_deref() {
            hits.clear();
            if (Seen { mentions, ..*seen }).test(&rule.node, &mut hits) {
                return Some("only in related boxes".to_string());
            }
        }
        None
    }

    /// What a weak name wants beside it.
    fn full_name(&self, weak: &Mention) -> String {
        match weak.target.what() {
            What::Watch(at) => {
                self.watches[at].watch.names.first().cloned().unwrap_or_else(|| self.watches[at].watch.id.to_string())
            }
            _ if weak.role != Role::Weak => "word of the list's `with` near it".to_string(),
            _ => "full name".to_string(),
        }
    }
}

/// What a scan looks for.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// The names that every article is searched for.
    Names,
    /// The terms that begin with one of these words.
    Terms(&'a Asked<'a>),
    /// Every term that is looked for only when a rule asks.
    AllTerms,
}

/// The words with which the terms begin that are asked for.
struct Asked<'a> {
    /// A bit for each, shared by others.
    some: u64,
    /// Sorted.
    terms: &'a [Later],
}

impl<'a> Asked<'a> {
    fn new(terms: &'a [Later]) -> Self {
        Self { some: terms.iter().fold(0, |some, later| some | 1 << (later.first % 64)), terms }
    }

    fn holds(&self, word: WordId) -> bool {
        self.some & (1 << (word % 64)) != 0 && self.terms.binary_search_by_key(&word, |later| later.first).is_ok()
    }
}

/// Mentions that count together with those that nearly did, and the latter; `None` when there are none of these.
struct Nearly<'a> {
    weak: Option<Together<'a>>,
    aside: Option<Together<'a>>,
}

type Both = (Vec<Mention>, HashSet<Mention>);
type Together<'a> = LazyCell<Both, Box<dyn FnOnce() -> Both + 'a>>;

/// Merged when the first rule asks.
fn together<'a>(mentions: &'a [Mention], nearly: &'a [Mention]) -> Option<Together<'a>> {
    let both = || (merged(mentions, nearly), nearly.iter().copied().collect());
    (!nearly.is_empty()).then(|| LazyCell::new(Box::new(both) as Box<dyn FnOnce() -> Both>))
}

/// The text that makes the first NOT of a rule false.
fn excluder(seen: &Seen, node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().find_map(|part| excluder(seen, part)),
        NodeKind::Not(inner) => {
            let mut hits = vec![];
            if !seen.test(inner, &mut hits) {
                return None;
            }
            let mention = seen.mentions.get(*hits.first()? as usize)?;
            let whole = source(seen.text, seen.blocks[mention.block as usize].source);
            Some(cut(&one_line(&whole[mention.start as usize..mention.end as usize]), 60))
        }
        _ => None,
    }
}

pub(super) fn merged(a: &[Mention], b: &[Mention]) -> Vec<Mention> {
    let mut all = [a, b].concat();
    all.sort_by_key(Mention::order);
    all
}

/// The sentence around a hit, on one line; of a long one the part around the hit.
fn around(whole: &str, block: &Block, start: usize, end: usize) -> String {
    let text = &whole[block.start..block.end];
    let (start, end) = (start - block.start, end - block.start);
    let span = sentence::around(text, start, end);
    // No sentence is longer to read than what is shown of it; one more tells whether there is more.
    let start_of = |text| one_line_start(text, limits::SENTENCE_CHARS_MAX + 1);
    let shown = start_of(&text[span.clone()]);
    if shown.chars().count() <= limits::SENTENCE_CHARS_MAX {
        return shown;
    }
    let room = limits::SENTENCE_CHARS_MAX.saturating_sub(text[start..end].chars().count()) / 2;
    let from = text[span.start..start].char_indices().rev().nth(room).map_or(span.start, |(at, _)| span.start + at);
    let from = if from == span.start { from } else { text[from..start].find(' ').map_or(from, |len| from + len) };
    let dots = if from == span.start { "" } else { "…" };
    cut(&format!("{dots}{}", start_of(&text[from..span.end])), limits::SENTENCE_CHARS_MAX)
}

/// Code points before a byte, counted once for each text as hits go on.
#[derive(Default)]
struct Points(Option<(Source, usize, usize)>);

impl Points {
    fn at(&mut self, source: Source, text: &str, byte: usize) -> usize {
        let (from, count) = match self.0 {
            Some((known, from, count)) if known == source && from <= byte => (from, count),
            _ => (0, 0),
        };
        let count = count + text[from..byte].chars().count();
        self.0 = Some((source, byte, count));
        count
    }
}
