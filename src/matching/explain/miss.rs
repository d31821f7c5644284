//! What came near to a clause that does not hold. In: the clause and what was found. Out: why it does not count, in words for people
//! who wrote a name and not a program. Never a guess: each passage shown stands in the article.

use super::{Explainer, Miss};
use crate::matching::blocks::source;
use crate::matching::eval::{Mention, Seen, Span};
use crate::matching::fold;
use crate::matching::index::{Role, TermKind, What};
use crate::matching::names::{person, split};
use crate::matching::node::{Leaf, Node, NodeKind};
use crate::matching::query::ast::{Near, Part};
use crate::matching::query::fields::Meta;
use crate::matching::token::{Kind, Token};
use crate::model::{WatchKind, Zone};
use crate::text::{cut, one_line};
use std::collections::HashMap;
use std::ops::Range;

/// Spellings of one clause that are looked for in other forms.
const SPELLINGS_MAX: usize = 16;
/// A longer word is the same word with an ending up to this many letters.
const ENDING_LETTERS_MAX: usize = 4;

impl Explainer<'_> {
    pub(super) fn miss(&self, node: &Node) -> Option<Miss> {
        match &node.kind {
            NodeKind::Leaf(leaf, part) => self.leaf_miss(*leaf, *part),
            NodeKind::Near(left, near, right) => self.near_miss(left, *near, right),
            NodeKind::AtLeast(n, inner) => Some(self.count_miss(*n, inner)),
            NodeKind::Not(inner) => Some(self.exclusion(inner)),
            NodeKind::Meta(meta) => Some(words(meta_miss(meta, &self.seen))),
            NodeKind::And(_) | NodeKind::Or(_) => None,
        }
    }

    fn exclusion(&self, inner: &Node) -> Miss {
        let mut hits = vec![];
        self.seen.test(inner, &mut hits);
        match hits.first().map(|hit| &self.seen.mentions[*hit as usize]) {
            Some(mention) => Miss {
                why: format!("excluded by '{}'", self.surface(mention)),
                passage: Some(self.passage(&[mention])),
            },
            None => words(format!("excluded by {}", one_line(&self.typed(inner)))),
        }
    }

    /// ATLEAST/3: found 2.
    fn count_miss(&self, n: u32, inner: &Node) -> Miss {
        let most = u32::try_from(self.seen.spans(inner).len()).unwrap_or(u32::MAX).min(n.saturating_sub(1));
        // What is counted as one is judged where counting is: the largest number that still holds.
        let (mut low, mut high) = (0, most);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            let node = NodeKind::AtLeast(middle, Box::new(inner.clone()));
            if self.seen.test(&Node { kind: node, span: 0..0, origin: usize::MAX }, &mut vec![]) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        words(format!("ATLEAST/{n}: found {low}"))
    }

    /// Why a name or word does not count: its part of the article, a box beside it, a weak name, what `not_as` says, another form.
    fn leaf_miss(&self, leaf: Leaf, part: Part) -> Option<Miss> {
        if let Some(at) = self.seen.leaf(leaf, Part::All).next() {
            let mention = &self.seen.mentions[at as usize];
            return Some(self.elsewhere(mention));
        }
        let all = Seen { mentions: self.everything, ..self.seen };
        let near: Vec<&Mention> = all.leaf(leaf, part).map(|at| &self.everything[at as usize]).collect();
        if let Some(weak) = near.iter().find(|m| self.resolved.weak.contains(m)) {
            let found = self.surface(weak);
            let why = match weak.role {
                Role::Weak => format!(
                    "no full name beside '{found}': by itself it counts only with a full name or post before it, \
                     a title beside it (minister …), or near something in `with`, and never inside another person's name"
                ),
                _ => format!("'{found}' is a bare name of a list, and nothing of the list's `with` stands near it"),
            };
            return Some(Miss { why, passage: Some(self.passage(&[weak])) });
        }
        if let Some(aside) = near.first() {
            return Some(self.elsewhere(aside));
        }
        self.taken_away(leaf).or_else(|| self.otherwise(leaf))
    }

    fn elsewhere(&self, mention: &Mention) -> Miss {
        let zone = self.seen.blocks[mention.block as usize].zone;
        Miss { why: format!("found only in {}", place(zone)), passage: Some(self.passage(&[mention])) }
    }

    /// What stands in the text as one of its names and was taken away.
    fn taken_away(&self, leaf: Leaf) -> Option<Miss> {
        let index = self.seen.index;
        let own = |what: What| match (leaf, what) {
            (Leaf::Watch(a), What::Watch(b)) | (Leaf::Row(a), What::Row(b)) | (Leaf::Term(a), What::Term(b)) => a == b,
            (Leaf::List(list), What::Row(row)) => index.lists[list].numbers.contains(&row),
            _ => false,
        };
        let mut occurrences = self.found.iter().filter(|found| own(index.names.get(found.name).target.what()));
        let target = |name: u32| index.names.get(name).target;
        let found = occurrences.find(|found| !matches!(index.names.get(found.name).role, Role::NotAs | Role::Owner))?;
        let covers = |outer: &&crate::matching::find::Occurrence| {
            index.names.get(outer.name).role == Role::NotAs
                && target(outer.name) == target(found.name)
                && outer.block == found.block
                && outer.start <= found.start
                && found.end <= outer.end
        };
        let text = |start: u32, end: u32| {
            let whole = source(self.seen.text, self.seen.blocks[found.block as usize].source);
            cut(&one_line(&whole[start as usize..end as usize]), 60)
        };
        let surface = text(found.start, found.end);
        let why = match index.names.get(found.name).role {
            _ if self.found.iter().find(covers).is_some() => {
                let outer = self.found.iter().find(covers)?;
                format!("found only as '{}', which `not_as` takes away", text(outer.start, outer.end))
            }
            Role::Post | Role::PostOf => {
                format!("'{surface}' does not count: a deputy or former holder, or not beside whose post it is")
            }
            _ if self.seen.tokens[found.first as usize].kind == Kind::Single => {
                format!("'{surface}' stands only inside a longer word or name")
            }
            _ => format!("found only as '{surface}', in other capitals than the name is written with"),
        };
        let place = found.start as usize..found.end as usize;
        Some(Miss { why, passage: Some(self.marked(found.block, std::slice::from_ref(&place))) })
    }

    /// The same letters in another form: another case, an ending, a part of the name, the words apart.
    fn otherwise(&self, leaf: Leaf) -> Option<Miss> {
        let index = self.seen.index;
        let typed = self.spellings(leaf);
        for (name, exact) in &typed {
            if let Some((block, place, found)) = self.letters(name, *exact) {
                let shown = if *exact { format!("{{{name}}}") } else { name.clone() };
                let why = format!("{shown}: found '{found}', which is written otherwise");
                return Some(Miss { why, passage: Some(self.marked(block, std::slice::from_ref(&place))) });
            }
        }
        if let Leaf::Watch(at) = leaf
            && index.watches[at].watch.kind == WatchKind::Official
        {
            for (name, _) in &typed {
                let Some(family) = person::family(name) else { continue };
                if let Some((block, place, found)) = self.with_ending(&family) {
                    let why = format!(
                        "no full name beside '{found}'; `family = true` lets it count where a title or a full name stands with it"
                    );
                    return Some(Miss { why, passage: Some(self.marked(block, std::slice::from_ref(&place))) });
                }
            }
        }
        for (name, _) in typed.iter().filter(|(_, exact)| !exact) {
            let parts = split::split(name, false);
            if parts.len() == 1 && parts[0].letters >= 3 && !name.contains(['*', '?']) {
                let Some((block, place, found)) = self.with_ending(name) else { continue };
                let why = if matches!(leaf, Leaf::Term(_)) {
                    format!("'{name}' with this ending is another word: found '{found}'; write {name}* for any ending")
                } else {
                    format!(
                        "'{name}' with this ending is another word: found '{found}'; add it to `names` if it is meant"
                    )
                };
                return Some(Miss { why, passage: Some(self.marked(block, std::slice::from_ref(&place))) });
            }
            if parts.len() > 1 && matches!(leaf, Leaf::Term(_)) {
                let all: Option<Vec<_>> = parts.iter().map(|part| self.with_ending(part.text)).collect();
                let Some(all) = all else { continue };
                let (block, place, _) = all[0].clone();
                let why = format!(
                    "its words are there, but not one after the other; write \"{name}\"~5 or NEAR for words that stand apart"
                );
                return Some(Miss { why, passage: Some(self.marked(block, std::slice::from_ref(&place))) });
            }
        }
        None
    }

    /// How a leaf is written, and whether exactly so.
    fn spellings(&self, leaf: Leaf) -> Vec<(String, bool)> {
        let index = self.seen.index;
        match leaf {
            Leaf::Term(at) => {
                let typed = |name: u32| index.names.typed(name, &index.lists).to_string();
                if let TermKind::Spread { name, .. } = &index.terms[at] {
                    return vec![(typed(*name), false)];
                }
                let of_terms = self.of_terms.get_or_init(|| {
                    let mut of_terms: HashMap<usize, Vec<u32>> = HashMap::new();
                    for (number, name) in index.names.each() {
                        if let What::Term(at) = name.target.what() {
                            of_terms.entry(at).or_default().push(number);
                        }
                    }
                    of_terms
                });
                let own: Vec<String> = of_terms.get(&at).into_iter().flatten().map(|number| typed(*number)).collect();
                let braced = self.rule.typed.iter().map(|(_, text)| text.as_str());
                let exact = |name: &str| braced.clone().any(|text| text.contains(&format!("{{{name}}}")));
                own.into_iter().map(|name| (name.clone(), exact(&name))).collect()
            }
            Leaf::Watch(at) => {
                let watch = &index.watches[at].watch;
                let exact = watch.exact.iter().map(|name| (name.clone(), true));
                let names = watch.names.iter().map(|name| (name.clone(), false));
                exact.chain(names).take(SPELLINGS_MAX).collect()
            }
            Leaf::Row(_) | Leaf::List(_) => vec![],
        }
    }

    /// Where the letters of a name stand that must be exactly so and are not.
    fn letters(&self, name: &str, exact: bool) -> Option<(u32, Range<usize>, String)> {
        if !exact {
            return None;
        }
        let (wanted, bares) = (bare(name), self.bares());
        if wanted.is_empty() {
            return None;
        }
        self.places().find_map(|(block, first)| {
            let mut rest = &*wanted;
            for at in (first..bares.len()).take_while(|at| self.block_of[*at] == block) {
                rest = rest.strip_prefix(&*bares[at])?;
                if rest.is_empty() {
                    let tokens = self.seen.tokens;
                    let place = tokens[first].start as usize..tokens[at].end as usize;
                    let whole = source(self.seen.text, self.seen.blocks[block as usize].source);
                    let found = whole.get(place.clone())?;
                    return (found != name).then(|| (block, place, cut(&one_line(found), 60)));
                }
            }
            None
        })
    }

    /// Where a word stands, itself or with an ending.
    fn with_ending(&self, word: &str) -> Option<(u32, Range<usize>, String)> {
        let wanted = bare(word);
        let letters = wanted.chars().count();
        if letters < 2 {
            return None;
        }
        let (bares, sorted) = (self.bares(), self.sorted());
        let from = sorted.partition_point(|at| *bares[*at] < *wanted);
        let begin = sorted[from..].iter().copied().take_while(|at| bares[*at].starts_with(&*wanted));
        let fit = begin.filter(|at| {
            let rest = &bares[*at][wanted.len()..];
            let ends = rest.is_empty() || letters > 2 && rest.chars().count() <= ENDING_LETTERS_MAX;
            ends && self.seen.tokens[*at].kind == Kind::Word
        });
        let at = fit.min()?;
        let (token, block) = (&self.seen.tokens[at], self.block_of[at]);
        let place = token.start as usize..token.end as usize;
        let whole = source(self.seen.text, self.seen.blocks[block as usize].source);
        let found = whole.get(place.clone())?;
        Some((block, place, cut(&one_line(found), 60)))
    }

    /// The places of the article's own text by what stands there: a rule may have ten thousand words that do not.
    fn sorted(&self) -> &[usize] {
        self.sorted.get_or_init(|| {
            let bares = self.bares();
            let mut sorted: Vec<usize> = self.places().map(|(_, at)| at).collect();
            sorted.sort_by_key(|at| &bares[*at]);
            sorted
        })
    }

    /// The tokens folded, worked out once for all clauses.
    fn bares(&self) -> &[String] {
        self.bares.get_or_init(|| {
            let whole = |block: u32| source(self.seen.text, self.seen.blocks[block as usize].source);
            let surface = |token: &Token, block: u32| whole(block).get(token.start as usize..token.end as usize);
            let tokens = self.seen.tokens.iter().zip(self.block_of);
            tokens.map(|(token, block)| surface(token, *block).map(bare).unwrap_or_default()).collect()
        })
    }

    /// Every token of the article's own text, with its block.
    fn places(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        let own = |block: u32| self.seen.blocks[block as usize].zone.counts();
        self.block_of.iter().enumerate().filter(move |(_, block)| own(**block)).map(|(at, block)| (*block, at))
    }

    fn surface(&self, mention: &Mention) -> String {
        let whole = source(self.seen.text, self.seen.blocks[mention.block as usize].source);
        cut(&one_line(&whole[mention.start as usize..mention.end as usize]), 60)
    }

    /// NEAR/5: distance 11.
    fn near_miss(&self, left: &Node, near: Near, right: &Node) -> Option<Miss> {
        let (left, right) = (self.seen.spans(left), self.seen.spans(right));
        let shown = near.shown();
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let ordered = nearest(&self.seen, &left, &right);
        let turned = nearest(&self.seen, &right, &left);
        let (pair, why) = match (near, ordered, turned) {
            (_, None, None) => return Some(words(format!("{shown}: never in one paragraph"))),
            (Near::Ordered(n), Some((distance, pair)), _) if distance > n => {
                (pair, format!("{shown}: distance {distance}"))
            }
            (Near::Ordered(_), _, Some((distance, pair))) => {
                (pair, format!("{shown}: only in the other order, distance {distance}"))
            }
            (_, ordered, turned) => {
                let (distance, pair) = [ordered, turned].into_iter().flatten().min_by_key(|(distance, _)| *distance)?;
                let apart = if near == Near::Sentence { "never in one sentence; " } else { "" };
                (pair, format!("{shown}: {apart}distance {distance}"))
            }
        };
        let token = |at: u32| &self.seen.tokens[at as usize];
        let marks = [pair.0, pair.1].map(|span| token(span.first).start as usize..token(span.last).end as usize);
        Some(Miss { why, passage: Some(self.marked(pair.0.block, &marks)) })
    }
}

/// The nearest pair of which the first stands before the second, with the words between.
fn nearest<'s>(seen: &Seen, left: &'s [Span], right: &'s [Span]) -> Option<(u32, (&'s Span, &'s Span))> {
    let pairs = left.iter().filter_map(|a| {
        let at = right.partition_point(|b| (b.block, b.first) <= (a.block, a.last));
        let b = right.get(at).filter(|b| b.block == a.block)?;
        Some((seen.distance(a, b), (a, b)))
    });
    pairs.min_by_key(|(distance, _)| *distance)
}

fn meta_miss(meta: &Meta, seen: &Seen) -> String {
    let text = seen.text;
    let tier = text.tier.map(|tier| tier.to_string());
    let published = text.published.map(|at| at.to_string());
    let author = text.author.map(one_line);
    let (what, value) = match meta {
        Meta::Site(_) | Meta::Url(_) => ("address", (!text.url.is_empty()).then(|| one_line(text.url))),
        Meta::Author(_) => ("author", author),
        Meta::Tag(_) if text.tags.is_empty() => return "the article has no tags".to_string(),
        Meta::Tag(_) => return format!("the tags are {}", cut(&one_line(&text.tags.join(", ")), 200)),
        Meta::Source(_) => ("source", (!text.source.is_empty()).then(|| text.source.to_string())),
        Meta::Lang(_) => ("language", text.language.map(one_line)),
        Meta::Within(_) | Meta::Days(..) => ("time of publication", published),
        Meta::Tier(..) => ("tier of the source", tier),
    };
    match value {
        Some(value) => format!("the {what} is {}", cut(&value, 200)),
        None => format!("the {what} is not known"),
    }
}

fn words(why: String) -> Miss {
    Miss { why, passage: None }
}

/// Letters and digits, folded.
fn bare(text: &str) -> String {
    let folded = fold::plain(&fold::marked(text)).into_owned();
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where a zone is, for people.
fn place(zone: Zone) -> &'static str {
    match zone {
        Zone::Title => "the title",
        Zone::Lead => "the first paragraph (the lead)",
        Zone::Body => "the body",
        Zone::Caption => "a caption",
        Zone::Quote => "a quotation",
        Zone::Related => "the related zone (links to other stories), which never counts",
        Zone::Navigation => "the navigation zone (menus), which never counts",
        Zone::Comments => "the comments, which never count",
        Zone::Footer => "the footer zone, which never counts",
    }
}
