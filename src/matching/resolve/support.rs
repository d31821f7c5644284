//! Weak names. In: those that were found, and what counts. Out: whether something beside one makes it count: a full name, a title,
//! what its `with` asks for. Never when it stands in another's full name.

use super::words::{abbreviated_title, locative, neutral, place, title_word};
use super::{TITLE_TOKENS, View, WITH_WORDS};
use crate::matching::eval::{Mention, Seen, Span};
use crate::matching::fold;
use crate::matching::index::{Role, Target};
use crate::matching::names::kin::given;
use crate::matching::node::Node;
use crate::matching::token::{Gap, Kind};
use crate::model::Zone;
use std::collections::HashMap;
use std::rc::Rc;

/// What may support the weak names of one target, asked in reading order.
pub(super) struct Support<'v, 'a> {
    view: &'v View<'a>,
    /// The target's full names that count.
    own: &'v [Mention],
    titles: &'v [Mention],
    /// The places of what its `with` asks for.
    with: Vec<Rc<Places>>,
    /// The last bare name that stood in another's full name.
    other: Option<(u32, u32)>,
}

/// What was asked for by some `with` before: the rows of a list share theirs.
pub(super) type Asked = HashMap<*const Node, Rc<Places>>;

/// Stretches by where they begin, and by where they end.
pub(super) struct Places {
    by_first: Vec<Span>,
    by_last: Vec<Span>,
}

impl<'v, 'a> Support<'v, 'a> {
    pub fn new(
        view: &'v View<'a>,
        target: Target,
        strong: &'v [Mention],
        titles: &'v [Mention],
        asked: &mut Asked,
    ) -> Self {
        let from = strong.partition_point(|m| m.target < target);
        let own = &strong[from..from + strong[from..].partition_point(|m| m.target == target)];
        let (index, text, blocks, tokens) = (view.index, view.text, view.blocks, view.tokens);
        let seen = Seen { index, text, blocks, tokens, mentions: strong, ignore_not: false };
        let places = |node| {
            let by_first = seen.spans(node);
            let mut by_last = by_first.clone();
            by_last.sort_by_key(|span| (span.block, span.last));
            Rc::new(Places { by_first, by_last })
        };
        // A node is where it stands in the index, which stays as it is meanwhile.
        let with = view.with(target).map(|node| asked.entry(node).or_insert_with(|| places(node)).clone()).collect();
        Self { view, own, titles, with, other: None }
    }

    /// Whether something makes a weak name count.
    pub fn supports(&mut self, mention: &Mention) -> bool {
        if mention.role != Role::Weak {
            return self.near_with(mention);
        }
        let place = |m: &Mention| (m.block, m.first);
        if self.view.in_longer_name(mention) {
            self.other = Some(place(mention));
            return false;
        }
        if self.view.beside_title(mention, self.titles) || self.near_with(mention) {
            return true;
        }
        // One Chinese letter is part of too many words.
        let single = mention.first == mention.last && self.view.tokens[mention.first as usize].kind == Kind::Single;
        if single || self.own.is_empty() {
            return false;
        }
        // It belongs to the last full name before it.
        let ours = self.own[..self.own.partition_point(|m| place(m) < place(mention))].last().map(place);
        self.other.is_none_or(|other| ours.is_some_and(|ours| ours > other))
    }

    /// Whether what the target's `with` asks for stands in the same sentence or a few words off. Of what stands before and after,
    /// the nearest decides.
    fn near_with(&self, mention: &Mention) -> bool {
        let tokens = self.view.tokens;
        let near = |left: u32, right: u32| {
            let (left, right) = (&tokens[left as usize], &tokens[right as usize]);
            left.sentence == right.sentence || right.word.saturating_sub(left.word).saturating_sub(1) <= WITH_WORDS
        };
        self.with.iter().any(|places| {
            let after = places.by_first.partition_point(|s| (s.block, s.first) <= (mention.block, mention.last));
            let before = places.by_last.partition_point(|s| (s.block, s.last) < (mention.block, mention.first));
            let after = places.by_first.get(after).filter(|span| span.block == mention.block);
            let before = places.by_last[..before].last().filter(|span| span.block == mention.block);
            after.is_some_and(|span| near(mention.last, span.first))
                || before.is_some_and(|span| near(span.last, mention.first))
        })
    }
}

impl View<'_> {
    /// Whether a title stands beside the name: Minister Wang; глава МИД Китая Ван; Wang, the Chinese minister; 王外长.
    fn beside_title(&self, mention: &Mention, titles: &[Mention]) -> bool {
        let near = (mention.block, mention.first.saturating_sub(TITLE_TOKENS));
        let from = titles.partition_point(|t| (t.block, t.first) < near);
        let far = (mention.block, mention.last + TITLE_TOKENS);
        titles[from..].iter().take_while(|t| (t.block, t.first) <= far).any(|title| {
            if title.last < mention.first {
                let between = title.last + 1..mention.first;
                let spaced = (title.last + 1..=mention.first).all(|at| {
                    matches!(self.tokens[at as usize].gap, Gap::Space | Gap::Glued | Gap::Dot | Gap::DotSpace)
                });
                spaced
                    && between.len() <= 4
                    && between.clone().all(|at| self.part_of_title(mention.block, at))
                    // "Ministers Li and Wang": of the one only.
                    && between.clone().next_back().is_none_or(|at| !matches!(&*fold::marked(self.surface(mention.block, at)), "and" | "и"))
                    && self.enough_glue(title, mention)
            } else if title.first > mention.last {
                let after = mention.last + 1;
                let gap = self.tokens[after as usize].gap;
                let count = title.first - after;
                match gap {
                    Gap::Comma => {
                        count <= 4
                            && (after + 1..=title.first)
                                .all(|at| matches!(self.tokens[at as usize].gap, Gap::Space | Gap::Hyphen | Gap::Quote))
                    }
                    Gap::Space | Gap::Glued => count == 0,
                    // Lavrenov (the foreign minister)
                    Gap::Break | Gap::Clause => {
                        let the = |at| fold::marked(self.surface(mention.block, at)) == "the";
                        (after..title.first).all(the) && self.in_bracket(mention, after)
                    }
                    _ => false,
                }
            } else {
                false
            }
        })
    }

    /// Whether nothing but an opening bracket stands between a name and the token `after` it.
    fn in_bracket(&self, mention: &Mention, after: u32) -> bool {
        let gap = &self.source(mention.block)[mention.end as usize..self.tokens[after as usize].start as usize];
        matches!(gap.trim(), "(" | "（")
    }

    /// Between Chinese letters nothing may stand at all.
    fn enough_glue(&self, title: &Mention, mention: &Mention) -> bool {
        self.tokens[title.last as usize].kind != Kind::Single || title.last + 1 == mention.first
    }

    /// Words that may stand between a title and a name: a country, an acronym, `of`, `the`, a genitive.
    fn part_of_title(&self, block: u32, at: u32) -> bool {
        let surface = self.surface(block, at);
        surface.starts_with(char::is_uppercase) && !given(surface)
            // глава российского МИД
            || surface.ends_with("ского") || surface.ends_with("ской") || surface.ends_with("ских")
            || matches!(
                &*fold::marked(surface),
                "of" | "for"
                    | "the"
                    | "and"
                    | "foreign"
                    | "affairs"
                    | "defence"
                    | "defense"
                    | "finance"
                    | "по"
                    | "и"
                    | "дел"
                    | "иностранных"
                    | "внутренних"
                    | "обороны"
                    | "финансов"
                    | "экономики"
                    | "юстиции"
                    | "здравоохранения"
                    | "образования"
            )
    }

    /// Whether the name stands in another's full name: Wang Fang, Олег Саблин, A. Lavrenov, Daniel Ortega Ruiz.
    fn in_longer_name(&self, mention: &Mention) -> bool {
        if self.tokens[mention.first as usize].kind == Kind::Single {
            return false;
        }
        let block = mention.block;
        let own = self.surface(block, mention.first);
        let upper = |text: &str| {
            text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !text.chars().any(char::is_lowercase)
        };
        // Where all words have capitals, capitals tell nothing.
        let shouted = upper(own) || self.title_case(block);
        let capital = |text: &str| text.starts_with(char::is_uppercase);
        let spaced = |at: u32| matches!(self.tokens[at as usize].gap, Gap::Space | Gap::Dot | Gap::DotSpace);
        let first = mention.first;
        if self.tokens[first as usize].gap == Gap::Hyphen && capital(self.surface(block, first - 1)) {
            return true;
        }
        if spaced(first) {
            let before = self.surface(block, first - 1);
            let opens = matches!(
                self.tokens[first as usize - 1].gap,
                Gap::Sentence | Gap::Block | Gap::Quote | Gap::Break | Gap::Clause
            );
            let initial = before.chars().count() <= 2
                && capital(before)
                && matches!(self.tokens[first as usize].gap, Gap::Dot | Gap::DotSpace);
            if initial && !abbreviated_title(before) {
                return true;
            }
            let known = given(before);
            let in_place = !opens && first >= 2 && locative(self.surface(block, first - 2));
            // МИД, МИДа
            let acronym = upper(before) || before.chars().nth(1).is_some_and(char::is_uppercase);
            if capital(before) && before.chars().count() > 1 && !title_word(before) && !acronym {
                if known || !(opens || shouted || in_place || neutral(before) || place(before)) {
                    return true;
                }
            } else if capital(before) && upper(before) && upper(own) && known {
                return true;
            }
        }
        let after = mention.last + 1;
        let in_block = (after as usize) < self.tokens.len() && self.tokens[after as usize].gap != Gap::Block;
        if in_block && (self.tokens[after as usize].gap == Gap::Space || self.tokens[after as usize].gap == Gap::Hyphen)
        {
            let next = self.surface(block, after);
            let whole =
                self.source(block)[..mention.end as usize].len() == self.tokens[mention.last as usize].end as usize;
            if whole && capital(next) && !upper(next) && !title_word(next) && !neutral(next) {
                return given(next) || !shouted;
            }
        }
        false
    }

    /// Whether most words of a headline have capitals.
    fn title_case(&self, block: u32) -> bool {
        if self.blocks[block as usize].zone != Zone::Title {
            return false;
        }
        *self.title_case.get_or_init(|| self.capitals(block))
    }

    fn capitals(&self, block: u32) -> bool {
        let words: Vec<&str> = self.source(block).split_whitespace().filter(|w| w.chars().count() > 3).collect();
        words.len() > 2 && words.iter().filter(|w| w.starts_with(char::is_uppercase)).count() * 10 >= words.len() * 8
    }
}
