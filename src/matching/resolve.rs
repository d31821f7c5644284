//! Which of the found names count. In: occurrences. Out: mentions that count, and those that nearly did. What `not_as` covers,
//! what stands inside a longer form, weak names that nothing supports and what a word boundary cuts do not count.

mod support;
mod words;

pub(super) use words::title_word;

use super::Text;
use super::blocks::{self, Block, source};
use super::eval::Mention;
use super::find::Occurrence;
use super::fold;
use super::index::{CAPITAL, Index, MARKS, PERSON, Role, Target, TermKind, What};
use super::names::{marks, post};
use super::node::Node;
use super::segment;
use super::token::{Gap, Kind, Token};
use super::vocabulary;
use std::cell::{LazyCell, OnceCell};
use support::Support;

/// Mentions of one article.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Those that count, sorted by [`Mention::order`].
    pub mentions: Vec<Mention>,
    /// Weak names that nothing supported.
    pub weak: Vec<Mention>,
    /// Names in related boxes, menus, comments and footers.
    pub aside: Vec<Mention>,
}

/// Tokens to either side of a weak name within which a title beside it begins: the longest title, and the words that may stand
/// between.
const TITLE_TOKENS: u32 = 24;

/// Tokens from a title to its owner at most; no owner is longer.
const POST_TOKENS: u32 = 12;

/// How near a weak name must stand to what its `with` asks for: in one sentence, or within so many words.
const WITH_WORDS: u32 = 10;

/// Sorts out the occurrences of one article.
pub fn resolve(index: &Index, text: &Text, blocks: &[Block], tokens: &[Token], found: &[Occurrence]) -> Resolved {
    let view = View { index, text, blocks, tokens, title_case: OnceCell::new() };
    let whole = found.iter().filter(|occurrence| !view.cut(occurrence));
    let mut all: Vec<Mention> = whole.filter_map(|occurrence| view.mention(occurrence)).collect();
    all.sort_by_key(|m| (m.target, m.block, m.start, u32::MAX - m.end, m.role));
    let mut resolved = Resolved::default();
    let mut pending = vec![];
    let mut titles = vec![];
    let mut from = 0;
    while from < all.len() {
        let target = all[from].target;
        let to = from + all[from..].partition_point(|m| m.target == target);
        if target == Target::TITLE {
            titles.extend_from_slice(&all[from..to]);
        } else {
            let own = view.posts(&all[from..to]);
            for mention in longest(&own) {
                match () {
                    () if !blocks::counts(blocks[mention.block as usize].zone) => resolved.aside.push(mention),
                    () if view.pends(&mention) => pending.push(mention),
                    () => resolved.mentions.push(mention),
                }
            }
        }
        from = to;
    }
    view.spread(&mut resolved.mentions);
    resolved.mentions.sort_by_key(Mention::order);
    let strong = resolved.mentions.clone();
    let mut titles_by_place = titles;
    titles_by_place.sort_by_key(|m| (m.block, m.first));
    let mut asked = support::Asked::new();
    for of_target in pending.chunk_by(|a, b| a.target == b.target) {
        let mut support = Support::new(&view, of_target[0].target, &strong, &titles_by_place, &mut asked);
        for mention in of_target {
            let counts = support.supports(mention);
            if counts { &mut resolved.mentions } else { &mut resolved.weak }.push(*mention);
        }
    }
    resolved.mentions.sort_by_key(Mention::order);
    resolved.weak.sort_by_key(Mention::order);
    resolved.aside.sort_by_key(Mention::order);
    resolved
}

/// Of one target's mentions in reading order, those that no `not_as` covers and that stand in no longer one.
fn longest(mentions: &[Mention]) -> Vec<Mention> {
    let covers = |outer: &Mention, inner: &Mention| {
        outer.block == inner.block && outer.start <= inner.start && inner.end <= outer.end
    };
    let mut kept: Vec<Mention> = vec![];
    let mut excluded: Option<Mention> = None;
    for mention in mentions {
        // Sorted by where they begin, the longest first: whatever covers this one came before it. Of those that came before,
        // the one that ends last covers most.
        if mention.role == Role::NotAs {
            if excluded.is_none_or(|before| before.block != mention.block || before.end < mention.end) {
                excluded = Some(*mention);
            }
            // One of the same extent may stand before it.
            while kept.last().is_some_and(|last| covers(mention, last)) {
                kept.pop();
            }
        } else if !excluded.is_some_and(|outer| covers(&outer, mention))
            && !kept.iter().rev().take_while(|k| k.block == mention.block).take(8).any(|outer| covers(outer, mention))
        {
            kept.push(*mention);
        }
    }
    kept
}

struct View<'a> {
    index: &'a Index,
    text: &'a Text<'a>,
    blocks: &'a [Block],
    tokens: &'a [Token],
    /// Whether most words of the headline have capitals, once somebody asks.
    title_case: OnceCell<bool>,
}

impl<'a> View<'a> {
    /// The mention that an occurrence is; `None` when marks are missing without which it is another word.
    fn mention(&self, occurrence: &Occurrence) -> Option<Mention> {
        let name = self.index.names.get(occurrence.name);
        let Occurrence { name: number, block, first, last, mut start, mut end } = *occurrence;
        if name.flags & MARKS != 0 {
            let typed = self.index.names.typed(number, &self.index.lists);
            let Block { start: from, end: to, .. } = self.blocks[block as usize];
            let (from, to) = marks::around(typed, self.source(block), from..to, start as usize..end as usize)?;
            (start, end) = (vocabulary::number(from), vocabulary::number(to));
        }
        Some(Mention { target: name.target, name: number, role: name.role, block, first, last, start, end })
    }

    fn source(&self, block: u32) -> &'a str {
        source(self.text, self.blocks[block as usize].source)
    }

    fn surface(&self, block: u32, at: u32) -> &'a str {
        let token = &self.tokens[at as usize];
        &self.source(block)[token.start as usize..token.end as usize]
    }

    /// Whether a word boundary falls inside, in a script without spaces; or a capital is wanted and is not there.
    fn cut(&self, occurrence: &Occurrence) -> bool {
        let name = self.index.names.get(occurrence.name);
        let source = self.source(occurrence.block);
        let found = &source[occurrence.start as usize..occurrence.end as usize];
        if name.flags & CAPITAL != 0 && found.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase) {
            return true;
        }
        self.tokens[occurrence.first as usize].kind == Kind::Single
            && segment::cuts(source, occurrence.start as usize, occurrence.end as usize, name.flags & PERSON != 0)
    }

    /// The mentions of one target with its posts put together: a title counts beside its owner, and no deputy's does.
    fn posts(&self, mentions: &[Mention]) -> Vec<Mention> {
        let mut all: Vec<Mention> = vec![];
        let mut owners: Vec<&Mention> = mentions.iter().filter(|m| m.role == Role::Owner).collect();
        owners.sort_by_key(|m| (m.name, m.block, m.first));
        for mention in mentions {
            match mention.role {
                Role::Owner => {}
                Role::Post if self.of_another(mention) => {}
                Role::PostOf => {
                    let (name, block) = (mention.name + 1, mention.block);
                    let near = (name, block, mention.first.saturating_sub(2 * POST_TOKENS));
                    let far = (name, block, mention.last + POST_TOKENS);
                    let from = owners.partition_point(|m| (m.name, m.block, m.first) < near);
                    let owners = owners[from..].iter().take_while(|m| (m.name, m.block, m.first) <= far);
                    let joined = owners.filter_map(|owner| self.join(mention, owner)).min_by_key(|m| m.end - m.start);
                    all.extend(joined.filter(|_| !self.of_another(mention)));
                }
                _ => all.push(*mention),
            }
        }
        all.sort_by_key(|m| (m.target, m.block, m.start, u32::MAX - m.end, m.role));
        all
    }

    /// Whether a deputy's or former holder's word stands before a title, or a deputy's behind it.
    fn of_another(&self, title: &Mention) -> bool {
        let beside = |gap: Gap| matches!(gap, Gap::Space | Gap::Hyphen | Gap::Glued);
        let folded = |at: u32| fold::marked(self.surface(title.block, at));
        let next = title.last + 1;
        beside(self.tokens[title.first as usize].gap) && post::makes_other(&folded(title.first - 1))
            || self.tokens.get(next as usize).is_some_and(|token| beside(token.gap))
                && post::makes_other_before(&folded(next))
    }

    /// A title and its owner as one mention, when only words that may do so stand between them.
    fn join(&self, title: &Mention, owner: &Mention) -> Option<Mention> {
        let (left, right) = if title.first < owner.first { (title, owner) } else { (owner, title) };
        if left.last >= right.first || right.first - left.last > POST_TOKENS {
            return None;
        }
        let words: Vec<String> =
            (left.last + 1..right.first).map(|at| fold::marked(self.surface(title.block, at))).collect();
        let together =
            (left.last + 1..=right.first).all(|at| matches!(self.tokens[at as usize].gap, Gap::Space | Gap::Hyphen));
        let fits = words.iter().all(|word| post::between(word));
        // "of" before the owner; nothing like "and" right after it.
        let tied = if title.first < owner.first {
            words.iter().any(|word| word == "of")
        } else {
            words.first().is_none_or(|word| word != "and" && word != "of")
        };
        (together && fits && tied).then_some(Mention {
            first: left.first,
            last: right.last,
            start: left.start,
            end: right.end,
            ..*title
        })
    }

    /// Whether a mention needs support: a weak name, or a list's name where the list says so.
    fn pends(&self, mention: &Mention) -> bool {
        match mention.target.what() {
            _ if mention.role == Role::Weak => true,
            What::Row(row) => {
                mention.role != Role::Post
                    && !self.list_of(row).is_none_or(|list| self.index.lists[list].with.is_empty())
            }
            _ => false,
        }
    }

    fn list_of(&self, row: usize) -> Option<usize> {
        self.index.lists.iter().position(|list| list.numbers.contains(&row))
    }

    /// What a target's weak names may stand near.
    fn with(&self, target: Target) -> impl Iterator<Item = &'a Node> {
        let (own, more): (&'a [Node], &'a [Node]) = match target.what() {
            What::Watch(at) => (&self.index.watches[at].with, &[]),
            What::Row(row) => self.list_of(row).map_or((&[], &[]), |list| {
                let list = &self.index.lists[list];
                let of_row = u32::try_from(row).ok().and_then(|row| list.row_with.get(&row));
                (&list.with, of_row.map_or(&[], Vec::as_slice))
            }),
            _ => (&[], &[]),
        };
        own.iter().chain(more)
    }

    /// Words in order with others between them: the earliest chain from each first word. A phrase, it crosses no comma and no
    /// sentence end.
    fn spread(&self, mentions: &mut Vec<Mention>) {
        let mut found = vec![];
        // By token: the commas and sentence ends before it. Counted once, as many chains may run over the same tokens.
        let stops = LazyCell::new(|| {
            let stop = |token: &Token| u32::from(matches!(token.gap, Gap::Comma | Gap::Clause | Gap::Sentence));
            let counts = self.tokens.iter().scan(0, |count, token| {
                *count += stop(token);
                Some(*count)
            });
            counts.collect::<Vec<u32>>()
        });
        let of = |target: Target| {
            let from = mentions.partition_point(|m| m.target < target);
            let to = from + mentions[from..].partition_point(|m| m.target == target);
            &mentions[from..to]
        };
        let firsts = mentions.chunk_by(|a, b| a.target == b.target).filter_map(|same| same.first());
        for at in firsts.filter_map(|first| self.index.spread.get(&first.target)).flatten() {
            let TermKind::Spread { words, most, name } = &self.index.terms[*at] else { continue };
            let Some((first, rest)) = words.split_first() else { continue };
            let word = |at: u32| self.tokens[at as usize].word;
            let starts = of(*first);
            let mut at_start = 0;
            'starts: while let Some(start) = starts.get(at_start) {
                at_start += 1;
                let mut last = start;
                let mut between = 0;
                for next_word in rest {
                    let places = of(*next_word);
                    let next = places.partition_point(|m| (m.block, m.first) <= (last.block, last.last));
                    // Where a word does not come again, no later chain has it.
                    let Some(next) = places.get(next) else { break 'starts };
                    if last == start {
                        // The starts from which the second word is out of reach are passed over.
                        let least = word(next.first).saturating_sub(*most + 1);
                        at_start += starts[at_start..]
                            .partition_point(|m| m.block < next.block || m.block == next.block && word(m.last) < least);
                    }
                    if next.block != last.block {
                        continue 'starts;
                    }
                    between += word(next.first).saturating_sub(word(last.last)).saturating_sub(1);
                    last = next;
                }
                if between <= *most && stops[start.first as usize] == stops[last.last as usize] {
                    found.push(Mention {
                        target: Target::term(*at),
                        name: *name,
                        role: Role::Word,
                        last: last.last,
                        end: last.end,
                        ..*start
                    });
                }
            }
        }
        mentions.extend(found);
    }
}
