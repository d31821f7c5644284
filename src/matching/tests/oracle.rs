//! Queries against a slow, obvious reference: texts parted by hand, every operator tried on every pair of places.

use super::super::*;
use super::rule;
use crate::model::{RuleId, Zone};
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt;

/// Words that queries ask for.
const ASKED: &[&str] = &["river", "storm", "stone", "мост", "берёза", "2024"];
/// Words that stand in texts beside them; some begin as those do.
const OTHERS: &[&str] = &["rivet", "delta", "stormy", "тихо", "7"];
/// Patterns, all over words without marks.
const GLOBS: &[&str] = &["riv*", "sto*e", "storm*", "?tone", "мос?", "202?", "rive?"];

/// A query as a tree.
#[derive(Clone)]
enum Query {
    Word(String),
    Glob(&'static str),
    Exact(String),
    Phrase(Vec<&'static str>),
    /// Words in order with at most so many others between.
    Loose(Vec<&'static str>, usize),
    Near(Box<Query>, Relation, Box<Query>),
    AtLeast(usize, Box<Query>),
    And(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    In(&'static str, Box<Query>),
}

#[derive(Debug, Clone, Copy)]
enum Relation {
    Near(usize),
    Ordered(usize),
    Same,
    Sentence,
}

impl Query {
    /// As typed.
    fn typed(&self) -> String {
        let joined = |parts: &[Query], with: &str| {
            format!("({})", parts.iter().map(Query::typed).collect::<Vec<_>>().join(with))
        };
        match self {
            Self::Word(word) => word.clone(),
            Self::Glob(glob) => (*glob).to_string(),
            Self::Exact(word) => format!("{{{word}}}"),
            Self::Phrase(words) => format!("\"{}\"", words.join(" ")),
            Self::Loose(words, most) => format!("\"{}\"~{most}", words.join(" ")),
            Self::Near(left, relation, right) => {
                let operator = match relation {
                    Relation::Near(4) => "NEAR".to_string(),
                    Relation::Near(n) => format!("NEAR/{n}"),
                    Relation::Ordered(n) => format!("ONEAR/{n}"),
                    Relation::Same => "SAME".to_string(),
                    Relation::Sentence => "SENTENCE".to_string(),
                };
                format!("({} {operator} {})", left.typed(), right.typed())
            }
            Self::AtLeast(n, part) => format!("(ATLEAST/{n} {})", part.typed()),
            Self::And(parts) => joined(parts, " AND "),
            Self::Or(parts) => joined(parts, " OR "),
            Self::Not(part) => format!("(NOT {})", part.typed()),
            Self::In(field, part) => format!("{field}:({})", part.typed()),
        }
    }

    fn negative(&self) -> bool {
        match self {
            Self::Not(_) => true,
            Self::And(parts) => parts.iter().all(Self::negative),
            Self::Or(parts) => parts.iter().any(Self::negative),
            Self::In(_, part) => part.negative(),
            _ => false,
        }
    }

    /// The nearest query that is none of those that are refused: a field in a field, one that only excludes.
    fn allowed(self, in_field: bool) -> Self {
        match self {
            Self::And(parts) => Self::And(parts.into_iter().map(|part| part.allowed(in_field)).collect()),
            Self::Or(parts) => Self::Or(parts.into_iter().map(|part| part.allowed(in_field).positive()).collect()),
            Self::Not(part) => Self::Not(Box::new(part.allowed(in_field))),
            Self::In(_, part) if in_field => part.allowed(true),
            Self::In(field, part) => Self::In(field, Box::new(part.allowed(true))),
            other => other,
        }
    }

    fn positive(self) -> Self {
        match self {
            Self::Not(part) => part.positive(),
            Self::In(field, part) => Self::In(field, Box::new(part.positive())),
            Self::And(mut parts) if parts.iter().all(Self::negative) => {
                parts[0] = parts[0].clone().positive();
                Self::And(parts)
            }
            other => other,
        }
    }

    /// Whether a NEAR stands in another: which of its places are told is then a matter of taste.
    fn nested(&self) -> bool {
        let near = |part: &Query| matches!(part, Self::Near(..));
        match self {
            Self::Near(left, _, right) => near(left) || near(right),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::nested),
            Self::Not(part) | Self::In(_, part) | Self::AtLeast(_, part) => part.nested(),
            _ => false,
        }
    }
}

/// A word of an article.
struct Word {
    /// Folded.
    folded: String,
    /// Without what is invisible.
    written: String,
    block: usize,
    sentence: usize,
    /// Whether only white space stands before it.
    spaced: bool,
    zone: Zone,
    /// Code points of the text that its block's offsets count in.
    start: usize,
    end: usize,
}

/// An article with its words.
struct Article {
    title: String,
    text: String,
    zones: Vec<Block>,
    words: Vec<Word>,
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.typed())
    }
}

impl fmt::Debug for Article {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.title, self.text, self.zones)
    }
}

impl Article {
    /// Plain text, or zones; a caption stands beside the text, and what is related does not count.
    fn new(title: &str, blocks: &[String], zones: Option<&[Zone]>) -> Self {
        let mut article = Self { title: title.to_string(), text: String::new(), zones: vec![], words: vec![] };
        article.read(title, Zone::Title, 0);
        let zone = |at: usize| match zones {
            _ if at == 0 => Zone::Lead,
            Some(zones) => zones[at % zones.len()],
            None => Zone::Body,
        };
        for (at, block) in blocks.iter().enumerate() {
            let zone = zone(at);
            if zones.is_some() {
                article.zones.push(Block { zone, text: block.clone() });
            }
            match zone {
                Zone::Related => {}
                Zone::Caption => article.read(block, zone, 0),
                _ => {
                    if !article.text.is_empty() {
                        article.text.push_str("\n\n");
                    }
                    article.read(block, zone, article.text.chars().count());
                    article.text.push_str(block);
                }
            }
        }
        article
    }

    fn read(&mut self, block: &str, zone: Zone, from: usize) {
        let number = self.words.last().map_or(0, |word| word.block + 1);
        let letter = |c: char| c.is_alphanumeric() || c == '\u{ad}';
        let chars: Vec<char> = block.chars().collect();
        let (mut at, mut sentence, mut spaced) = (0, 0, false);
        while at < chars.len() {
            if !letter(chars[at]) {
                sentence += usize::from(chars[at] == '.');
                spaced = spaced && chars[at].is_whitespace();
                at += 1;
                continue;
            }
            let len = chars[at..].iter().take_while(|c| letter(**c)).count();
            let written: String = chars[at..at + len].iter().filter(|c| **c != '\u{ad}').collect();
            let word = Word {
                folded: folded(&written),
                written,
                block: number,
                sentence,
                spaced,
                zone,
                start: from + at,
                end: from + at + len,
            };
            self.words.push(word);
            spaced = true;
            at += len;
        }
    }

    /// Where a term stands: its first and last word.
    fn places(&self, query: &Query, field: &str) -> Vec<Span> {
        let count = self.words.len();
        let mut places: Vec<Span> = vec![];
        for first in 0..count {
            let last = match query {
                Query::Word(word) => (self.words[first].folded == folded(word)).then_some(first),
                Query::Glob(glob) => wildcard(&chars(glob), &chars(&self.words[first].folded)).then_some(first),
                Query::Exact(word) => (self.words[first].written == *word).then_some(first),
                Query::Phrase(words) => self.chain(words, 0, first),
                Query::Loose(words, most) => self.chain(words, *most, first),
                _ => unreachable!("no term"),
            };
            places.extend(last.map(|last| Span { first, last, hits: BTreeSet::from([(first, last)]) }));
        }
        places.retain(|span| match field {
            "title" => self.words[span.first].zone == Zone::Title,
            "lead" => self.words[span.first].zone == Zone::Lead,
            "body" => self.words[span.first].zone != Zone::Title,
            _ => true,
        });
        places
    }

    /// The last word of the shortest stretch that begins at `first`, has the words in order and at most so many others, and
    /// crosses nothing that a phrase may not cross.
    fn chain(&self, words: &[&str], most: usize, first: usize) -> Option<usize> {
        let whole = |last: usize| {
            (first + 1..=last).all(|at| self.words[at].spaced && self.words[at].block == self.words[first].block)
        };
        (first..self.words.len()).find(|last| {
            let mut left = words.iter().peekable();
            let begins = self.words[first].folded == folded(words[0]);
            for at in first..=*last {
                left.next_if(|word| self.words[at].folded == folded(word));
            }
            begins && left.peek().is_none() && last - first + 1 - words.len() <= most && whole(*last)
        })
    }

    /// The stretches of what can stand in NEAR or ATLEAST.
    fn spans(&self, query: &Query, field: &str) -> Vec<Span> {
        match query {
            Query::Or(parts) => parts.iter().flat_map(|part| self.spans(part, field)).collect(),
            Query::Near(left, relation, right) => {
                let (left, right) = (self.spans(left, field), self.spans(right, field));
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
                pairs.filter(|(a, b)| self.close(a, *relation, b)).map(|(a, b)| a.with(b)).collect()
            }
            term => self.places(term, field),
        }
    }

    fn close(&self, a: &Span, relation: Relation, b: &Span) -> bool {
        let (before, after) = if a.first < b.first { (a, b) } else { (b, a) };
        if before.last >= after.first || self.words[a.first].block != self.words[b.first].block {
            return false;
        }
        let between = after.first - before.last - 1;
        match relation {
            Relation::Near(most) => between <= most,
            Relation::Ordered(most) => between <= most && a.first < b.first,
            Relation::Same => true,
            Relation::Sentence => self.words[before.first].sentence == self.words[a.last.max(b.last)].sentence,
        }
    }

    /// Whether a query holds; what makes it hold is added to the hits.
    fn holds(&self, query: &Query, field: &str, hits: &mut BTreeSet<(usize, usize)>) -> bool {
        match query {
            Query::And(parts) => {
                let mut all = BTreeSet::new();
                let holds = parts.iter().all(|part| self.holds(part, field, &mut all));
                if holds {
                    hits.extend(all);
                }
                holds
            }
            // Every part is looked at: all occurrences are told.
            Query::Or(parts) => parts.iter().filter(|part| self.holds(part, field, hits)).count() > 0,
            Query::Not(part) => !self.holds(part, field, &mut BTreeSet::new()),
            Query::In(field, part) => self.holds(part, field, hits),
            Query::AtLeast(least, part) => {
                let spans = self.spans(part, field);
                let counted = spans.iter().enumerate().filter(|(at, span)| {
                    let lone = |span: &Span| span.hits.len() == 1;
                    !spans.iter().enumerate().any(|(other_at, other)| {
                        let same = (other.first, other.last) == (span.first, span.last);
                        let inside = lone(span) && lone(other) && other.first <= span.first && span.last <= other.last;
                        if same { other_at < *at } else { inside }
                    })
                });
                let holds = counted.count() >= *least;
                if holds {
                    hits.extend(spans.into_iter().flat_map(|span| span.hits));
                }
                holds
            }
            other => {
                let spans = self.spans(other, field);
                let holds = !spans.is_empty();
                hits.extend(spans.into_iter().flat_map(|span| span.hits));
                holds
            }
        }
    }

    /// The hits as zone and code points; `None`: it does not hold.
    fn answer(&self, query: &Query) -> Option<BTreeSet<Told>> {
        let mut hits = BTreeSet::new();
        let told = |(first, last): &(usize, usize)| {
            let (first, last) = (&self.words[*first], &self.words[*last]);
            (format!("{:?}", first.zone), first.start, last.end)
        };
        self.holds(query, "text", &mut hits).then(|| hits.iter().map(told).collect())
    }
}

/// A hit: its zone and its code points there.
type Told = (String, usize, usize);

/// A stretch of words with the hits in it.
#[derive(Debug, Clone)]
struct Span {
    first: usize,
    last: usize,
    hits: BTreeSet<(usize, usize)>,
}

impl Span {
    fn with(&self, other: &Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            hits: self.hits.union(&other.hits).copied().collect(),
        }
    }
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// Small letters of the usual width; ё is е.
fn folded(word: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        point @ 0xff01..=0xff5e => char::from_u32(point - 0xff01 + 0x21).unwrap(),
        _ => c,
    };
    word.chars().map(narrow).flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

fn wildcard(pattern: &[char], word: &[char]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some('*'), _) => wildcard(&pattern[1..], word) || !word.is_empty() && wildcard(pattern, &word[1..]),
        (Some('?'), Some(_)) => wildcard(&pattern[1..], &word[1..]),
        (Some(a), Some(b)) => a == b && wildcard(&pattern[1..], &word[1..]),
        _ => false,
    }
}

/// A word as some text may write it.
fn styled(word: &str, case: u8, manner: u8) -> String {
    let cased: String = match case {
        0 => word.to_string(),
        1 => word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect(),
        _ => word.to_uppercase(),
    };
    match manner {
        0 if cased.chars().count() > 2 => {
            cased.chars().take(2).chain(['\u{ad}']).chain(cased.chars().skip(2)).collect()
        }
        1 => cased
            .chars()
            .map(|c| if c.is_ascii() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c })
            .collect(),
        2 => cased.replace('ё', "е").replace('Ё', "Е"),
        _ => cased,
    }
}

/// A block of at most twelve words, so that no line of it is long.
fn block() -> impl Strategy<Value = String> {
    let word = (0..ASKED.len() + OTHERS.len(), 0u8..3, 0u8..12, 0u8..8);
    vec(word, 1..12).prop_map(|words| {
        let mut block = String::new();
        for (nth, (word, case, manner, before)) in words.into_iter().enumerate() {
            let word = ASKED.iter().chain(OTHERS).nth(word).unwrap();
            let gap = match before {
                _ if nth == 0 => "",
                0 => ", ",
                1 => ". ",
                2 => "\n",
                _ => " ",
            };
            block.push_str(gap);
            // A small letter after a dot would say that the sentence goes on.
            block.push_str(&styled(word, if gap == ". " { case.max(1) } else { case }, manner));
        }
        block
    })
}

fn article() -> impl Strategy<Value = Article> {
    let zone = prop_oneof![Just(Zone::Body), Just(Zone::Quote), Just(Zone::Caption), Just(Zone::Related)];
    let zones = proptest::option::of(vec(zone, 2..4));
    (block(), vec(block(), 0..4), zones)
        .prop_map(|(title, blocks, zones)| Article::new(&title, &blocks, zones.as_deref()))
}

fn asked() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(ASKED)
}

fn term() -> impl Strategy<Value = Query> {
    prop_oneof![
        4 => asked().prop_map(|word| Query::Word(word.to_string())),
        1 => (asked(), 0u8..3, 1u8..4).prop_map(|(word, case, manner)| Query::Word(styled(word, case, manner))),
        1 => proptest::sample::select(GLOBS).prop_map(Query::Glob),
        1 => (asked(), 0u8..3).prop_map(|(word, case)| Query::Exact(styled(word, case, 9))),
        2 => vec(asked(), 2..4).prop_map(Query::Phrase),
        1 => (vec(asked(), 2..4), 0usize..5).prop_map(|(words, most)| Query::Loose(words, most)),
    ]
}

fn group() -> impl Strategy<Value = Query> {
    prop_oneof![2 => term(), 1 => vec(term(), 2..4).prop_map(Query::Or)]
}

fn relation() -> impl Strategy<Value = Relation> {
    prop_oneof![
        3 => (0usize..7).prop_map(Relation::Near),
        2 => (0usize..7).prop_map(Relation::Ordered),
        1 => Just(Relation::Same),
        2 => Just(Relation::Sentence),
    ]
}

fn near() -> impl Strategy<Value = Query> {
    let pair = |(left, relation, right)| Query::Near(Box::new(left), relation, Box::new(right));
    let single = (group(), relation(), group()).prop_map(pair).boxed();
    let nested =
        (single.clone(), relation(), group(), any::<bool>()).prop_map(move |(near, relation, other, first)| {
            pair(if first { (near, relation, other) } else { (other, relation, near) })
        });
    prop_oneof![3 => single, 1 => nested]
}

fn query() -> impl Strategy<Value = Query> {
    let at_least = (1usize..5, group()).prop_map(|(least, part)| Query::AtLeast(least, Box::new(part)));
    let leaf = prop_oneof![3 => term(), 3 => near(), 1 => at_least];
    let tree = leaf.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 2..4).prop_map(Query::And),
            3 => vec(inner.clone(), 2..4).prop_map(Query::Or),
            2 => inner.clone().prop_map(|part| Query::Not(Box::new(part))),
            1 => (proptest::sample::select(&["title", "lead", "body", "text"][..]), inner)
                .prop_map(|(field, part)| Query::In(field, Box::new(part))),
        ]
    });
    tree.prop_map(|query| query.allowed(false).positive())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn a_query_holds_where_trying_every_place_says_so(query in query(), articles in vec(article(), 4)) {
        let typed = query.typed();
        let index = compile(&[], &[], &[rule(&typed)], &TimeZone::UTC);
        prop_assert!(index.is_ok(), "{typed}: {:?}", index.err());
        let index = index.unwrap();
        for article in &articles {
            let (title, text, zones) = (&*article.title, &*article.text, &*article.zones);
            let text = Text { title, text, zones, ..Text::empty() };
            let reading = index.read(&text);
            let found = reading.matches.first().map(|found| {
                found.hits.iter().map(|hit| (format!("{:?}", hit.zone), hit.start, hit.end)).collect::<BTreeSet<_>>()
            });
            let expected = article.answer(&query);
            let explained = index.explain(&text, &RuleId::new("r").unwrap()).unwrap();
            prop_assert_eq!(explained.matches, expected.is_some(), "explained: {}\n{:?}", typed, article);
            if query.nested() {
                prop_assert_eq!(found.is_some(), expected.is_some(), "{}\n{:?}", typed, article);
            } else {
                prop_assert_eq!(found, expected, "{}\n{:?}", typed, article);
            }
        }
    }
}
