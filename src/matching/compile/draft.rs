//! The forms of a list's names, worked out on all cores. In: rows. Out: for each name the words that it asks of the vocabulary and the
//! sequences of them; who asks in the order of the list gets the same index whatever the cores did. It knows no other name.

use super::names::{Manners, flaw_of, strong};
use crate::matching::names::russian::Morph;
use crate::matching::trie::Shape;
use crate::matching::vocabulary::{Level, Vocabulary, WordId, Words, number};
use crate::model::{RowKey, Rows};
use std::collections::{HashMap, VecDeque};
use std::num::NonZero;
use std::ops::Range;
use std::thread;

/// Rows that one core works out at a time.
const ROWS: u32 = 4096;

/// A word that a name asks for.
struct Word {
    level: Level,
    morph: Morph,
    /// Where its key and its lemma stand among the texts; an address has itself for a key.
    key: Range<u32>,
    lemma: Range<u32>,
    address: bool,
}

/// The names of some rows, each in turn.
#[derive(Default)]
pub(super) struct Drafts {
    texts: String,
    words: Vec<Word>,
    joins: Vec<[Range<u32>; 2]>,
    /// The words of all sequences, by their places among those of their name.
    ids: Vec<WordId>,
    /// Where the words of each sequence end, and its shape.
    sequences: Vec<(u32, u32)>,
    shapes: Vec<Shape>,
    shape_ids: HashMap<Shape, u32>,
    /// By name: where its words, joins, ids and sequences end; `None` for one that cannot stand.
    names: Vec<Option<Ends>>,
    /// The name that is asked for next.
    next: usize,
    /// Where those of the name begin that is worked out, or that is asked for next.
    from: Ends,
    /// Its words as the vocabulary has them, and those of one of its sequences.
    asked: Vec<WordId>,
    sequence: Vec<WordId>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Ends {
    words: usize,
    joins: usize,
    ids: usize,
    sequences: usize,
}

/// A name that can stand.
pub(super) struct Drafted {
    from: Ends,
    to: Ends,
}

impl Words for Drafts {
    fn intern(&mut self, level: Level, key: &str, morph: Morph, lemma: &str) -> WordId {
        self.word(level, key, morph, lemma, false)
    }

    fn intern_address(&mut self, address: &str, exact: bool) -> WordId {
        self.word(if exact { Level::Exact } else { Level::Plain }, address, Morph::None, "", true)
    }

    fn join(&mut self, first: &str, second: &str) {
        let pair = [self.text(first), self.text(second)];
        self.joins.push(pair);
    }
}

impl Drafts {
    fn of(rows: &Rows, numbers: Range<u32>) -> Self {
        let mut drafts = Self::default();
        for row in numbers.filter_map(|number| rows.get(number)) {
            let head = row.head();
            let manners = Manners { kind: head.kind, inflect: head.inflect, variants: head.variants };
            for name in row.of(RowKey::Names) {
                drafts.from.words = drafts.words.len();
                let ends = flaw_of(name).is_none().then(|| {
                    for (words, shape) in strong(name, manners, &mut drafts) {
                        drafts.put(&words, shape);
                    }
                    drafts.ends()
                });
                drafts.names.push(ends);
            }
        }
        drafts.from = Ends::default();
        drafts
    }

    fn put(&mut self, words: &[WordId], shape: Shape) {
        self.ids.extend_from_slice(words);
        let shapes = &mut self.shapes;
        let id = *self.shape_ids.entry(shape).or_insert_with_key(|shape| {
            shapes.push(shape.clone());
            number(shapes.len() - 1)
        });
        self.sequences.push((number(self.ids.len()), id));
    }

    fn ends(&self) -> Ends {
        Ends { words: self.words.len(), joins: self.joins.len(), ids: self.ids.len(), sequences: self.sequences.len() }
    }

    fn text(&mut self, text: &str) -> Range<u32> {
        let from = number(self.texts.len());
        self.texts.push_str(text);
        from..number(self.texts.len())
    }

    fn at(&self, range: &Range<u32>) -> &str {
        &self.texts[range.start as usize..range.end as usize]
    }

    /// The place of a word among those of its name: the same is one.
    fn word(&mut self, level: Level, key: &str, morph: Morph, lemma: &str, address: bool) -> WordId {
        let own = &self.words[self.from.words..];
        let known = own.iter().position(|word| {
            word.level == level
                && word.morph == morph
                && word.address == address
                && self.at(&word.key) == key
                && self.at(&word.lemma) == lemma
        });
        let at = known.unwrap_or(own.len());
        if known.is_none() {
            let key = self.text(key);
            let lemma = if self.at(&key) == lemma { key.clone() } else { self.text(lemma) };
            self.words.push(Word { level, morph, key, lemma, address });
        }
        number(at)
    }

    /// The shapes of all sequences, by number.
    pub(super) fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter()
    }

    /// The next name; `None` where it cannot stand.
    pub(super) fn next(&mut self) -> Option<Drafted> {
        let to = *self.names.get(self.next)?;
        self.next += 1;
        let to = to?;
        Some(Drafted { from: std::mem::replace(&mut self.from, to), to })
    }

    /// Asks for the words of a name, and gives its sequences, each with the number of its shape.
    pub(super) fn lay(
        &mut self,
        name: &Drafted,
        vocabulary: &mut Vocabulary,
        mut sequence: impl FnMut(&[WordId], usize),
    ) {
        let Drafted { from, to } = *name;
        for [first, second] in &self.joins[from.joins..to.joins] {
            vocabulary.join(self.at(first), self.at(second));
        }
        let (mut asked, mut words) = (std::mem::take(&mut self.asked), std::mem::take(&mut self.sequence));
        asked.clear();
        for word in &self.words[from.words..to.words] {
            let key = self.at(&word.key);
            asked.push(if word.address {
                vocabulary.intern_address(key, word.level == Level::Exact)
            } else {
                vocabulary.intern(word.level, key, word.morph, self.at(&word.lemma))
            });
        }
        let mut begin = from.ids;
        for (end, shape) in &self.sequences[from.sequences..to.sequences] {
            words.clear();
            words.extend(self.ids[begin..*end as usize].iter().map(|id| asked[*id as usize]));
            sequence(&words, *shape as usize);
            begin = *end as usize;
        }
        (self.asked, self.sequence) = (asked, words);
    }
}

/// The drafts of all rows, those of the first rows first: while one is asked for, the next are worked out.
pub(super) fn each(rows: &Rows, mut ready: impl FnMut(Range<u32>, Drafts)) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let all = number(rows.len());
    let mut ranges = (0..all).step_by(ROWS as usize).map(|from| from..(from + ROWS).min(all));
    thread::scope(|scope| {
        let mut begin = || {
            let range = ranges.next()?;
            Some((range.clone(), scope.spawn(move || Drafts::of(rows, range))))
        };
        let mut under_way: VecDeque<_> = (0..cores).filter_map(|_| begin()).collect();
        while let Some((range, drafts)) = under_way.pop_front() {
            let drafts = drafts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            under_way.extend(begin());
            ready(range, drafts);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RowHead, WatchKind};

    #[test]
    fn a_draft_asks_for_what_the_name_itself_would() {
        let names = [
            "Sharof Shukhrat Yunusov",
            "Бахтиёр Саидов",
            "Shanghai Cooperation Organization",
            "Booking.com",
            "王毅",
            "G-7",
            "***",
            "Bahodir Qosimov",
            "George W. Bush",
            "",
            "Министерство иностранных дел",
        ];
        let mut rows = Rows::default();
        for at in 0..3 * ROWS {
            let kind = [WatchKind::Official, WatchKind::Organization, WatchKind::Keyword][at as usize % 3];
            let texts = names.iter().cycle().skip(at as usize).take(2);
            rows.push(&RowHead::new(&at.to_string(), kind), texts.map(|name| (RowKey::Names, *name))).unwrap();
        }
        let (mut drafted, mut direct) = (Vocabulary::default(), Vocabulary::default());
        let mut last = 0;
        each(&rows, |numbers, mut drafts| {
            assert_eq!(numbers.start, last);
            last = numbers.end;
            for row in numbers.filter_map(|number| rows.get(number)) {
                let head = row.head();
                let manners = Manners { kind: head.kind, inflect: head.inflect, variants: head.variants };
                for name in row.of(RowKey::Names) {
                    let forms = flaw_of(name).is_none().then(|| strong(name, manners, &mut direct));
                    let found = drafts.next().map(|name| {
                        let mut found = vec![];
                        let shapes: Vec<Shape> = drafts.shapes().cloned().collect();
                        drafts.lay(&name, &mut drafted, |words, shape| {
                            found.push((words.to_vec(), shapes[shape].clone()));
                        });
                        found
                    });
                    assert_eq!(found, forms, "{name}");
                }
            }
        });
        assert_eq!(last, 3 * ROWS);
    }
}
