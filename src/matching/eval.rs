//! Whether a rule holds of an article, and which mentions make it hold. In: a rule's tree and the mentions. Out: yes or no, and
//! the mentions. Linear in mentions for each part of a rule; never a look at the text beyond fields.

use super::Text;
use super::blocks::{Block, source};
use super::index::{Index, Role, Target};
use super::node::{Leaf, Node, NodeKind};
use super::query::ast::{Near, Part};
use super::query::fields::Meta;
use super::token::Token;
use super::{class, fold};
use crate::model::Zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A name at a place that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mention {
    pub target: Target,
    pub name: u32,
    pub role: Role,
    pub block: u32,
    pub first: u32,
    pub last: u32,
    pub start: u32,
    pub end: u32,
}

impl Mention {
    /// Its order: by target, then by place.
    pub fn order(&self) -> (Target, u32, u32, u32) {
        (self.target, self.block, self.first, self.last)
    }
}

/// An article with its mentions.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub index: &'a Index,
    pub text: &'a Text<'a>,
    pub blocks: &'a [Block],
    pub tokens: &'a [Token],
    /// Sorted by [`Mention::order`].
    pub mentions: &'a [Mention],
    /// Take every NOT for true: to learn whether only it stood in the way.
    pub ignore_not: bool,
}

/// A stretch of tokens with the mentions in it.
#[derive(Debug, Clone)]
pub struct Span {
    pub block: u32,
    pub first: u32,
    pub last: u32,
    pub hits: Vec<u32>,
}

impl<'a> Seen<'a> {
    /// Whether the node holds; its mentions are appended to `hits`.
    pub fn test(&self, node: &Node, hits: &mut Vec<u32>) -> bool {
        match &node.kind {
            NodeKind::And(parts) => parts.iter().all(|part| self.test(part, hits)),
            NodeKind::Or(parts) => {
                let mut any = false;
                for part in parts {
                    let before = hits.len();
                    if self.test(part, hits) {
                        any = true;
                    } else {
                        hits.truncate(before);
                    }
                }
                any
            }
            NodeKind::Not(part) => self.ignore_not || !self.test(part, &mut vec![]),
            NodeKind::Near(left, near, right) => {
                let found = self.near(left, *near, right);
                hits.extend(found.iter().flat_map(|span| &span.hits));
                !found.is_empty()
            }
            NodeKind::AtLeast(n, part) => {
                let spans = self.spans(part);
                let enough = self.count(&spans) >= *n as usize;
                if enough {
                    hits.extend(spans.iter().flat_map(|span| &span.hits));
                }
                enough
            }
            NodeKind::Leaf(leaf, part) => {
                let before = hits.len();
                hits.extend(self.leaf(*leaf, *part));
                hits.len() > before
            }
            NodeKind::Meta(meta) => holds(meta, self.text, &self.index.zone),
        }
    }

    /// The mentions of a leaf, as indices, in reading order for one target.
    pub fn leaf(&self, leaf: Leaf, part: Part) -> impl Iterator<Item = u32> + 'a {
        let (from, to) = match leaf {
            Leaf::Watch(at) => (Target::watch(at), Target::watch(at + 1)),
            Leaf::Row(at) => (Target::row(at), Target::row(at + 1)),
            Leaf::Term(at) => (Target::term(at), Target::term(at + 1)),
            Leaf::List(at) => {
                let rows = &self.index.lists[at].numbers;
                (Target::row(rows.start), Target::row(rows.end))
            }
        };
        let (mentions, blocks) = (self.mentions, self.blocks);
        let start = mentions.partition_point(|m| m.target < from);
        let end = start + mentions[start..].partition_point(|m| m.target < to);
        (start..end)
            .filter(move |at| in_part(blocks[mentions[*at].block as usize].zone, part))
            .map(super::vocabulary::number)
    }

    /// The stretches of a node that can stand near others, in reading order.
    pub fn spans(&self, node: &Node) -> Vec<Span> {
        let mut spans: Vec<Span> = match &node.kind {
            NodeKind::Leaf(leaf, part) => self
                .leaf(*leaf, *part)
                .map(|at| {
                    let mention = &self.mentions[at as usize];
                    Span { block: mention.block, first: mention.first, last: mention.last, hits: vec![at] }
                })
                .collect(),
            NodeKind::Or(parts) => parts.iter().flat_map(|part| self.spans(part)).collect(),
            NodeKind::Near(left, near, right) => self.near(left, *near, right),
            _ => vec![],
        };
        spans.sort_by_key(|span| (span.block, span.first, span.last));
        spans
    }

    /// The pairs that stand near enough: each stretch of either side with its nearest partner.
    fn near(&self, left: &Node, near: Near, right: &Node) -> Vec<Span> {
        let (left, right) = (self.spans(left), self.spans(right));
        let mut pairs = vec![];
        let mut pair = |a: &Span, b: &Span| {
            let hits = a.hits.iter().chain(&b.hits).copied().collect();
            pairs.push(Span { block: a.block, first: a.first.min(b.first), last: a.last.max(b.last), hits });
        };
        for a in &left {
            let before = if matches!(near, Near::Ordered(_)) { None } else { last_before(a, &right) };
            for b in first_after(a, &right).into_iter().chain(before).filter(|b| self.close(a, b, near)) {
                pair(a, b);
            }
        }
        for b in &right {
            let after = if matches!(near, Near::Ordered(_)) { None } else { first_after(b, &left) };
            for a in last_before(b, &left).into_iter().chain(after).filter(|a| self.close(a, b, near)) {
                pair(a, b);
            }
        }
        pairs.sort_by(|a, b| (a.block, a.first, a.last, &a.hits).cmp(&(b.block, b.first, b.last, &b.hits)));
        pairs.dedup_by(|a, b| {
            (a.block, a.first, a.last) == (b.block, b.first, b.last) && a.hits.iter().all(|hit| b.hits.contains(hit))
        });
        pairs
    }

    fn close(&self, a: &Span, b: &Span, near: Near) -> bool {
        if a.block != b.block {
            return false;
        }
        match near {
            Near::Words(n) | Near::Ordered(n) => self.distance(a, b) <= n,
            Near::Block => true,
            Near::Sentence => {
                let sentence = |at: u32| self.tokens[at as usize].sentence;
                sentence(a.first.min(b.first)) == sentence(a.last.max(b.last))
            }
        }
    }

    /// Words between two stretches that do not overlap.
    pub fn distance(&self, a: &Span, b: &Span) -> u32 {
        let (a, b) = if a.first <= b.first { (a, b) } else { (b, a) };
        let word = |at: u32| self.tokens[at as usize].word;
        word(b.first).saturating_sub(word(a.last)).saturating_sub(1)
    }

    /// How many mentions there are: a name and its acronym in brackets are one, and so is what stands inside another.
    fn count(&self, spans: &[Span]) -> usize {
        let mut spans: Vec<&Span> = spans.iter().collect();
        spans.sort_by_key(|span| (span.block, span.first, u32::MAX - span.last));
        let mut count = 0;
        let mut before: Option<&Span> = None;
        for span in spans {
            // Of pairs, one may stand inside another and still be a second one.
            let inside = before.is_some_and(|before| {
                let alone = before.hits.len() == 1 && span.hits.len() == 1;
                let same = (before.first, before.last) == (span.first, span.last);
                before.block == span.block && (same || alone && span.last <= before.last)
            });
            if inside {
                continue;
            }
            let same = before.is_some_and(|before| {
                let target = |span: &Span| span.hits.first().map(|hit| self.mentions[*hit as usize].target);
                before.block == span.block && target(before) == target(span) && self.bracketed(before, span)
            });
            count += usize::from(!same);
            before = Some(span);
        }
        count
    }

    fn bracketed(&self, before: &Span, span: &Span) -> bool {
        let source = source(self.text, self.blocks[span.block as usize].source);
        let end = self.tokens[before.last as usize].end as usize;
        let start = self.tokens[span.first as usize].start as usize;
        source.get(end..start).is_some_and(|gap| matches!(gap.trim(), "(" | "（" | "[" | "(«" | "(„" | "(“" | "(\""))
    }
}

fn first_after<'s>(span: &Span, others: &'s [Span]) -> Option<&'s Span> {
    let at = others.partition_point(|other| (other.block, other.first) <= (span.block, span.last));
    others.get(at).filter(|other| other.block == span.block)
}

fn last_before<'s>(span: &Span, others: &'s [Span]) -> Option<&'s Span> {
    let at = others.partition_point(|other| (other.block, other.first) < (span.block, span.first));
    // Stretches may overlap; one that ends before is rarely further back than a few.
    others[..at]
        .iter()
        .rev()
        .take(16)
        .take_while(|other| other.block == span.block)
        .find(|other| other.last < span.first)
}

/// Whether a zone belongs to a part of the article.
pub fn in_part(zone: Zone, part: Part) -> bool {
    match part {
        Part::All => true,
        Part::Title => zone == Zone::Title,
        Part::Lead => zone == Zone::Lead,
        Part::Body => zone != Zone::Title,
    }
}

/// Whether a field holds of an article.
pub fn holds(meta: &Meta, text: &Text, zone: &TimeZone) -> bool {
    match meta {
        Meta::Site(domain) => {
            let host = url::Url::parse(text.url).ok().and_then(|url| url.host_str().map(str::to_lowercase));
            let wanted = url::Host::parse(domain).map_or_else(|_| domain.clone(), |host| host.to_string());
            host.is_some_and(|host| {
                let host = host.trim_end_matches('.');
                host == wanted || host.strip_suffix(&*wanted).is_some_and(|rest| rest.ends_with('.'))
            })
        }
        Meta::Url(words) => in_order(&decoded(start_of(text.url)), words),
        Meta::Author(words) => text.author.is_some_and(|author| in_order(start_of(author), words)),
        Meta::Tag(tag) => text.tags.iter().any(|have| fold::marked(have.trim()) == fold::marked(tag)),
        Meta::Source(id) => text.source.replace('_', "-") == *id,
        Meta::Lang(wanted) => text.language.is_some_and(|have| {
            let have = have.to_lowercase().replace('_', "-");
            have == *wanted || have.strip_prefix(&**wanted).is_some_and(|rest| rest.starts_with('-'))
        }),
        Meta::Within(limit) => text.published.is_some_and(|published| {
            let age = text.now.duration_since(published);
            // A day ahead is a clock that is wrong, or a zone; later than that is no date to be believed.
            age >= jiff::SignedDuration::from_hours(-24)
                && age <= jiff::SignedDuration::try_from(*limit).unwrap_or(jiff::SignedDuration::MAX)
        }),
        Meta::Days(from, to) => text.published.is_some_and(|published| {
            let day = day(published, zone);
            from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
        }),
        Meta::Tier(low, high) => text.tier.is_some_and(|tier| (*low..=*high).contains(&tier)),
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> jiff::civil::Date {
    zone.to_datetime(at).date()
}

/// The letters behind percent signs.
fn decoded(url: &str) -> String {
    url::form_urlencoded::parse(url.replace('+', "%2B").as_bytes())
        .flat_map(|(key, value)| [key, " ".into(), value, " ".into()])
        .collect()
}

/// As much of an address or a byline as fields ask: each rule that has one goes over it.
fn start_of(field: &str) -> &str {
    &field[..field.floor_char_boundary(FIELD_BYTES_MAX)]
}

/// No address that a browser takes is longer, and no byline of a hundred authors.
const FIELD_BYTES_MAX: usize = 2 << 10;

/// Whether the words stand in the text one after the other, whole.
fn in_order(text: &str, words: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !(c.is_alphanumeric() || class::apostrophe(c)));
        parts.filter(|part| !part.is_empty()).map(|part| fold::plain(&fold::marked(part)).into_owned()).collect()
    };
    let (text, words) = (split(text), split(words));
    !words.is_empty() && text.windows(words.len()).any(|window| window == words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_date_far_ahead_is_not_within_and_a_clock_that_is_a_little_wrong_is() {
        let within = |hours: i64| {
            let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
            let published = Some(now + jiff::SignedDuration::from_hours(hours));
            holds(&Meta::Within(Duration::from_hours(48)), &Text { published, now, ..Text::empty() }, &TimeZone::UTC)
        };
        assert!(within(0) && within(-47) && within(23) && within(24));
        assert!(!within(-49) && !within(25) && !within(24 * 365 * 170));
    }

    #[test]
    fn a_host_with_its_last_dot_is_the_same_site() {
        let site = |url: &str| holds(&Meta::Site("example.com".into()), &Text { url, ..Text::empty() }, &TimeZone::UTC);
        assert!(site("https://example.com./x") && site("https://news.example.com./x") && site("https://EXAMPLE.com/"));
        assert!(!site("https://notexample.com./x") && !site("https://example.com.evil.example/"));
    }
}
