//! An article against the index: tokens, names found, which of them count, and which rules hold.

use super::compile::{Index, Sense, Test, When};
use super::find::Found;
use super::fold::{Gap, Token, tokens};
use super::query::Distance;
use super::words::is_title;
use super::{Reading, Text, suffix};
use crate::model::limits::{HITS_MAX, SENTENCE_CHARS_MAX};
use crate::model::{Hit, HitKind, Match, Zone};
use crate::text;

/// A block of the article, as it is read.
struct Block<'a> {
    zone: Zone,
    text: &'a str,
    /// Bytes of the article's text before it; `None` for a title, caption or box.
    base: Option<usize>,
    /// Its index in the article's zones.
    index: Option<usize>,
    tokens: Vec<Token<'a>>,
}

/// A name found in a block: bytes of the block.
#[derive(Debug, Clone)]
struct Place {
    owner: usize,
    block: usize,
    kind: HitKind,
    name: u32,
    start: usize,
    end: usize,
    from: usize,
    to: usize,
}

/// Something that stands at a place, in tokens of a block.
#[derive(Debug, Clone)]
struct Span {
    block: usize,
    from: usize,
    to: usize,
    places: Vec<Place>,
}

/// Pairs that are looked at for one NEAR: enough for any text that people write.
const SPANS_MAX: usize = 10_000;

impl Span {
    fn of(place: Place) -> Self {
        Self { block: place.block, from: place.from, to: place.to, places: vec![place] }
    }

    fn with(&self, other: &Self) -> Self {
        let places = [self.places.as_slice(), &other.places].concat();
        Self { block: self.block, from: self.from.min(other.from), to: self.to.max(other.to), places }
    }
}

/// What was found in an article, and where it counts.
struct Seen<'a> {
    index: &'a Index,
    text: &'a Text<'a>,
    blocks: Vec<Block<'a>>,
    /// By owner.
    places: Vec<Place>,
    /// Owners whose weak names had nothing to lean on, with the name.
    lonely: Vec<(usize, u32)>,
    /// Owners found in boxes only.
    beside: Vec<usize>,
}

impl Index {
    /// Reads an article.
    #[must_use]
    pub fn read(&self, text: &Text) -> Reading {
        let seen = Seen::new(self, text);
        let mut reading = Reading::default();
        for rule in &self.rules {
            let holds = rule.must.iter().all(|test| seen.holds(test, None));
            if !holds {
                let lacks = rule.must.iter().find(|test| !seen.holds(test, None));
                reading.near_misses.extend(lacks.and_then(|test| seen.why_not(test)).map(|why| (rule.id.clone(), why)));
                continue;
            }
            if let Some((typed, _)) = rule.none.iter().find(|(_, test)| seen.holds(test, None)) {
                reading.near_misses.push((rule.id.clone(), format!("excluded by '{typed}'")));
                continue;
            }
            let mut places: Vec<Place> = vec![];
            for test in &rule.must {
                seen.told(test, None, &mut places);
            }
            let hits = seen.hits(places);
            reading.matches.push(Match {
                rule: rule.id.clone(),
                severity: rule.severity,
                notify: Match::routes(&rule.notify),
                hits,
            });
        }
        reading
    }
}

impl<'a> Seen<'a> {
    fn new(index: &'a Index, text: &'a Text<'a>) -> Self {
        let blocks = blocks(text);
        let mut seen = Self { index, text, blocks, places: vec![], lonely: vec![], beside: vec![] };
        let mut places = vec![];
        for (at, block) in seen.blocks.iter().enumerate() {
            let found = index.trie.find(&block.tokens);
            let found = seen.counted(at, &found);
            if block.zone.counts() {
                places.extend(found);
            } else {
                seen.beside.extend(found.iter().map(|place| place.owner));
            }
        }
        for (owner, wildcard) in index.wildcards() {
            for (at, block) in seen.blocks.iter().enumerate().filter(|(_, block)| block.zone.counts()) {
                for (from, token) in block.tokens.iter().enumerate() {
                    if glob(wildcard, &token.folded) || (!token.plain.is_empty() && glob(wildcard, &token.plain)) {
                        let (start, end) = (token.start, token.end);
                        let kind = HitKind::Word;
                        places.push(Place { owner, block: at, kind, name: u32::MAX, start, end, from, to: from + 1 });
                    }
                }
            }
        }
        places.sort_by_key(|place| (place.owner, place.block, place.start, std::cmp::Reverse(place.end)));
        seen.places = places;
        seen.lean();
        seen
    }

    /// The longest mention of each owner at each place, but for those that `not_as` takes away.
    fn counted(&self, at: usize, found: &[Found]) -> Vec<Place> {
        let tokens = &self.blocks[at].tokens;
        let mut places = vec![];
        let mut not: Vec<(usize, usize, usize)> = vec![];
        for found in found {
            let shaped = &self.index.shapes[found.shape as usize];
            let mut to = found.to;
            // Uzmotors-dan, Uzmotors'ning: the suffix belongs to the word.
            if shaped.suffixed
                && let Some(next) = tokens.get(to).filter(|next| next.gap == Gap::Joint)
                && !next.folded.is_empty()
                && suffix::is_stack(&next.folded)
            {
                to += 1;
            }
            match shaped.sense {
                Sense::NotAs => not.push((shaped.owner, found.from, to)),
                Sense::Hit(kind) => places.push(Place {
                    owner: shaped.owner,
                    block: at,
                    kind,
                    name: found.shape,
                    start: tokens[found.from].start,
                    end: tokens[to - 1].end,
                    from: found.from,
                    to,
                }),
            }
        }
        places.retain(|place| {
            !not.iter().any(|(owner, from, to)| *owner == place.owner && *from < place.to && place.from < *to)
        });
        // A strong name before a weak one of the same words, a longer before a shorter.
        places.sort_by_key(|place| (place.owner, place.from, std::cmp::Reverse(place.to), place.kind == HitKind::Weak));
        let mut kept: Vec<Place> = vec![];
        for place in places {
            let covered = kept.last().is_some_and(|last| last.owner == place.owner && place.from < last.to);
            if !covered {
                kept.push(place);
            }
        }
        kept
    }

    /// Weak names count where something strong was found, beside a title word, or near `with`.
    fn lean(&mut self) {
        let strong = |owner: usize| self.places.iter().any(|place| place.owner == owner && place.kind != HitKind::Weak);
        let mut lonely = vec![];
        let mut keep = vec![];
        for place in &self.places {
            let owner = &self.index.owners[place.owner];
            let near = || owner.with.iter().any(|test| self.holds(test, None));
            let counts = if place.kind == HitKind::Weak {
                !self.in_a_longer_name(place) && (strong(place.owner) || self.titled(place) || near())
            } else {
                !owner.wants_context || near()
            };
            if !counts {
                lonely.push((place.owner, place.name));
            }
            keep.push(counts);
        }
        let mut keep = keep.into_iter();
        self.places.retain(|_| keep.next().unwrap_or(true));
        self.lonely = lonely;
    }

    /// Whether the next or the last word makes it another person's name.
    fn in_a_longer_name(&self, place: &Place) -> bool {
        let tokens = &self.blocks[place.block].tokens;
        let name = |token: &Token<'_>| {
            let mut chars = token.raw.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.any(char::is_lowercase) && !is_title(&token.folded)
        };
        let after = tokens.get(place.to).is_some_and(|next| next.gap == Gap::Open && name(next));
        let before = tokens[place.from].gap == Gap::Open
            && place.from > 0
            && name(&tokens[place.from - 1])
            && tokens[place.from - 1].gap != Gap::Closed;
        after || before
    }

    fn titled(&self, place: &Place) -> bool {
        let tokens = &self.blocks[place.block].tokens;
        let before = (1..=3).filter_map(|back| place.from.checked_sub(back)).any(|at| is_title(&tokens[at].folded));
        before || tokens.get(place.to).is_some_and(|next| is_title(&next.folded))
    }

    fn of(&self, owner: usize) -> &[Place] {
        let from = self.places.partition_point(|place| place.owner < owner);
        let to = self.places.partition_point(|place| place.owner <= owner);
        &self.places[from..to]
    }

    fn in_zone(&self, place: &Place, zone: Option<&str>) -> bool {
        match zone {
            None | Some("text") => true,
            Some("title") => self.blocks[place.block].zone == Zone::Title,
            Some("lead") => self.blocks[place.block].zone == Zone::Lead,
            _ => self.blocks[place.block].zone != Zone::Title,
        }
    }

    fn holds(&self, test: &Test, zone: Option<&str>) -> bool {
        match test {
            Test::Or(parts) => parts.iter().any(|part| self.holds(part, zone)),
            Test::And(parts) => parts.iter().all(|part| self.holds(part, zone)),
            Test::Not(inner, _) => !self.holds(inner, zone),
            Test::In(zone, inner) => self.holds(inner, Some(zone)),
            Test::Found(owners) => {
                owners.iter().any(|owner| self.of(*owner).iter().any(|place| self.in_zone(place, zone)))
            }
            Test::Property(field, wanted) => property(self.text, field, wanted),
            Test::Published(when) => self.text.published.is_some_and(|at| match when {
                When::Within(age) => {
                    std::time::Duration::try_from(self.text.now.duration_since(at)).unwrap_or_default() <= *age
                }
                When::Between(from, to) => *from <= at && at < *to,
            }),
            Test::Near(..) | Test::Row(..) => !self.spans(test, zone).is_empty(),
            Test::AtLeast(many, counted) => self.mentions(&self.spans(counted, zone)) >= *many,
        }
    }

    /// Where the things of a test stand, each with the mentions that make it.
    fn spans(&self, test: &Test, zone: Option<&str>) -> Vec<Span> {
        match test {
            Test::Or(parts) => parts.iter().flat_map(|part| self.spans(part, zone)).collect(),
            Test::Found(owners) => {
                let places = owners.iter().flat_map(|owner| self.of(*owner));
                places.filter(|place| self.in_zone(place, zone)).map(|place| Span::of(place.clone())).collect()
            }
            Test::Row(words, between) => self.rows(words, *between, zone),
            Test::Near(a, distance, b) => {
                let (left, right) = (self.spans(a, zone), self.spans(b, zone));
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
                pairs.filter(|(a, b)| self.close(a, b, *distance)).map(|(a, b)| a.with(b)).take(SPANS_MAX).collect()
            }
            _ => vec![],
        }
    }

    /// Words one after the other, told as one.
    fn rows(&self, words: &[usize], between: usize, zone: Option<&str>) -> Vec<Span> {
        let Some((first, rest)) = words.split_first() else { return vec![] };
        let mut rows: Vec<Place> = self.of(*first).iter().filter(|place| self.in_zone(place, zone)).cloned().collect();
        for word in rest {
            let next = rows.iter().flat_map(|row| {
                let behind = self.of(*word).iter().filter(|place| place.block == row.block && place.from >= row.to);
                let close =
                    behind.filter(|place| place.from - row.to <= between && self.open(row.block, row.to, place.from));
                close.map(|place| Place { end: place.end, to: place.to, ..row.clone() })
            });
            rows = next.take(SPANS_MAX).collect();
        }
        rows.into_iter().map(Span::of).collect()
    }

    /// Whether no sentence ends between two words.
    fn open(&self, block: usize, from: usize, to: usize) -> bool {
        let tokens = &self.blocks[block].tokens;
        (from..=to).filter_map(|at| tokens.get(at)).all(|token| token.gap != Gap::Closed)
    }

    fn close(&self, a: &Span, b: &Span, distance: Distance) -> bool {
        if a.block != b.block || (a.from < b.to && b.from < a.to) {
            return false;
        }
        let (first, second) = if a.from < b.from { (a, b) } else { (b, a) };
        match distance {
            Distance::Words(words) => second.from - first.to <= words,
            Distance::Ordered(words) => a.from < b.from && second.from - first.to <= words,
            Distance::Block => true,
            Distance::Sentence => {
                let block = &self.blocks[a.block];
                let sentence = |span: &Span| {
                    let (start, end) = (block.tokens[span.from].start, block.tokens[span.to - 1].end);
                    text::sentence::around(block.text, start, end).start
                };
                sentence(a) == sentence(b)
            }
        }
    }

    /// Mentions, a name and its acronym in brackets behind it being one.
    fn mentions(&self, spans: &[Span]) -> usize {
        let mut places: Vec<&Place> = spans.iter().flat_map(|span| &span.places).collect();
        places.sort_by_key(|place| (place.block, place.start));
        places.dedup_by_key(|place| (place.block, place.start, place.end));
        let again = places.windows(2).filter(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let between =
                (a.block == b.block && a.owner == b.owner).then(|| self.blocks[a.block].text.get(a.end..b.start));
            between.flatten().is_some_and(|between| between.trim_end() == " (" || between == "(" || between == "（")
        });
        places.len() - again.count()
    }

    /// The places that make a test hold.
    fn told(&self, test: &Test, zone: Option<&str>, places: &mut Vec<Place>) {
        match test {
            Test::Or(parts) | Test::And(parts) => {
                for part in parts.iter().filter(|part| self.holds(part, zone)) {
                    self.told(part, zone, places);
                }
            }
            Test::Not(..) | Test::Property(..) | Test::Published(..) => {}
            Test::In(zone, inner) => self.told(inner, Some(zone), places),
            Test::AtLeast(_, counted) => self.told(counted, zone, places),
            Test::Near(..) | Test::Row(..) => {
                places.extend(self.spans(test, zone).into_iter().flat_map(|span| span.places));
            }
            Test::Found(owners) => {
                for owner in owners {
                    places.extend(self.of(*owner).iter().filter(|place| self.in_zone(place, zone)).cloned());
                }
            }
        }
    }

    /// Why a test that nearly holds does not.
    fn why_not(&self, test: &Test) -> Option<String> {
        match test {
            Test::And(parts) => {
                let (lacking, held): (Vec<&Test>, Vec<&Test>) = parts.iter().partition(|part| !self.holds(part, None));
                match lacking.as_slice() {
                    [Test::Not(_, typed)] if !held.is_empty() => Some(format!("excluded by '{typed}'")),
                    [one] => self.why_not(one),
                    _ => None,
                }
            }
            Test::Or(parts) => parts.iter().find_map(|part| self.why_not(part)),
            Test::In(_, inner) => self.why_not(inner),
            Test::Found(owners) => owners.iter().find_map(|owner| {
                if let Some((_, name)) = self.lonely.iter().find(|(lonely, _)| lonely == owner) {
                    let weak = self.index.shapes.get(*name as usize).map_or("", |shaped| shaped.name.as_str());
                    let strong = self
                        .index
                        .shapes
                        .iter()
                        .find(|shaped| shaped.owner == *owner && shaped.sense == Sense::Hit(HitKind::Name));
                    return Some(match strong {
                        Some(strong) if strong.name != weak => format!("with '{weak}' but no {}", strong.name),
                        _ => format!("with '{weak}' out of context"),
                    });
                }
                self.beside.contains(owner).then(|| "only in related boxes".to_string())
            }),
            _ => None,
        }
    }

    /// The hits of these places, in reading order.
    fn hits(&self, mut places: Vec<Place>) -> Vec<Hit> {
        places.sort_by_key(|place| (place.block, place.start, place.end, place.owner));
        places.dedup_by_key(|place| (place.block, place.start, place.end, place.owner));
        places.truncate(HITS_MAX);
        let mut chars = CharCount::default();
        places
            .into_iter()
            .map(|place| {
                let block = &self.blocks[place.block];
                let owner = &self.index.owners[place.owner];
                let found = &block.text[place.start..place.end];
                let (start, end) = match block.base {
                    Some(base) => chars.range(self.text.text, base + place.start, base + place.end),
                    None => {
                        let start = block.text[..place.start].chars().count();
                        (start, start + found.chars().count())
                    }
                };
                let name = self.index.shapes.get(place.name as usize).map(|shaped| shaped.name.clone());
                Hit {
                    watch: owner.watch.clone(),
                    entry: owner.entry.clone(),
                    kind: place.kind,
                    name: name.or_else(|| owner.wildcard.clone()).unwrap_or_else(|| found.to_string()),
                    text: found.to_string(),
                    zone: block.zone,
                    block: (block.zone == Zone::Caption).then_some(block.index).flatten(),
                    start,
                    end,
                    sentence: sentence(block.text, place.start, place.end),
                }
            })
            .collect()
    }
}

/// Code points before a byte of a text, counted once from left to right.
#[derive(Default)]
struct CharCount {
    bytes: usize,
    chars: usize,
}

impl CharCount {
    fn range(&mut self, text: &str, start: usize, end: usize) -> (usize, usize) {
        if start < self.bytes {
            *self = Self::default();
        }
        self.chars += text[self.bytes..start].chars().count();
        self.bytes = start;
        (self.chars, self.chars + text[start..end].chars().count())
    }
}

fn blocks<'a>(text: &'a Text<'a>) -> Vec<Block<'a>> {
    let block = |zone, text: &'a str, base, index| Block { zone, text, base, index, tokens: tokens(text) };
    let mut blocks = vec![block(Zone::Title, text.title, None, None)];
    let mut from = 0;
    for (index, part) in text.zones.iter().enumerate() {
        let base = if part.zone.in_text() { text.text[from..].find(&part.text).map(|at| from + at) } else { None };
        if let Some(base) = base {
            from = base + part.text.len();
        }
        blocks.push(block(part.zone, &part.text, base, Some(index)));
    }
    blocks
}

fn sentence(text: &str, start: usize, end: usize) -> String {
    let range = text::sentence::around(text, start, end);
    text::cut(&text::one_line(&text[range]), SENTENCE_CHARS_MAX)
}

/// Whether a word meets a pattern with `*` (any letters) and `?` (one).
fn glob(pattern: &str, word: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => word.is_empty(),
        Some('*') => {
            let rest = chars.as_str();
            word.char_indices().map(|(at, _)| at).chain([word.len()]).any(|at| glob(rest, &word[at..]))
        }
        Some(wanted) => {
            let mut letters = word.chars();
            letters.next().is_some_and(|c| wanted == '?' || c == wanted) && glob(chars.as_str(), letters.as_str())
        }
    }
}

/// Whether a property of the article holds a word.
fn property(text: &Text, field: &str, wanted: &str) -> bool {
    let wanted = super::names::folded(wanted);
    let words = |of: &str| super::names::words(of).iter().any(|token| token.folded == wanted || token.plain == wanted);
    match field {
        "site" => host(text.url).is_some_and(|host| host == wanted || host.ends_with(&format!(".{wanted}"))),
        "url" => text.url.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == wanted),
        "author" => text.author.is_some_and(|author| words(author) || super::names::folded(author).contains(&wanted)),
        "tag" => text.tags.iter().any(|tag| super::names::folded(tag) == wanted),
        "source" => text.source.replace('_', "-") == wanted.replace('_', "-"),
        "lang" => text.language.is_some_and(|language| {
            let language = language.to_lowercase();
            language == wanted || language.split('-').next() == Some(&wanted)
        }),
        "tier" => {
            let (low, high) = wanted.split_once("..").unwrap_or((&wanted, &wanted));
            let (low, high) = (low.parse().unwrap_or(0), high.parse().unwrap_or(u8::MAX));
            text.tier.is_some_and(|tier| (low..=high).contains(&tier))
        }
        _ => false,
    }
}

fn host(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_lowercase)
}
