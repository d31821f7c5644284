//! The forms of a list's names, worked out on all cores. In: rows. Out: for each name the words that it asks of the vocabulary and the
//! sequences of them; who asks in the order of the list gets the same index whatever the cores did. It knows no other name.

use super::names::{Manners, flaw_of, strong};
use crate::matching::names::person::Form;
use crate::matching::names::russian::Morph;
use crate::matching::vocabulary::{Level, Vocabulary, WordId, Words, number};
use crate::model::{RowKey, Rows};
use std::collections::VecDeque;
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
    sequences: VecDeque<Form>,
    /// By name: where its words, joins and sequences end; `None` for one that cannot stand.
    names: VecDeque<Option<[u32; 3]>>,
    /// Where those of the name begin that is worked out, or that is asked for next.
    from: [usize; 3],
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
                drafts.from[0] = drafts.words.len();
                let ends = flaw_of(name).is_none().then(|| {
                    let sequences = strong(name, manners, &mut drafts);
                    drafts.sequences.extend(sequences);
                    [drafts.words.len(), drafts.joins.len(), drafts.sequences.len()].map(number)
                });
                drafts.names.push_back(ends);
            }
        }
        drafts.from = [0; 3];
        drafts
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
        let own = &self.words[self.from[0]..];
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

    /// Asks for the words of the next name; gives its sequences, or `None` where the name cannot stand.
    pub(super) fn next(&mut self, vocabulary: &mut Vocabulary) -> Option<Vec<Form>> {
        let ends = self.names.pop_front()??.map(|end| end as usize);
        let from = std::mem::replace(&mut self.from, ends);
        for [first, second] in &self.joins[from[1]..ends[1]] {
            vocabulary.join(self.at(first), self.at(second));
        }
        let id = |word: &Word| {
            let key = self.at(&word.key);
            if word.address {
                vocabulary.intern_address(key, word.level == Level::Exact)
            } else {
                vocabulary.intern(word.level, key, word.morph, self.at(&word.lemma))
            }
        };
        let ids: Vec<WordId> = self.words[from[0]..ends[0]].iter().map(id).collect();
        let mut sequences: Vec<Form> = self.sequences.drain(..ends[2] - from[2]).collect();
        for (words, _) in &mut sequences {
            for word in words {
                *word = ids[*word as usize];
            }
        }
        Some(sequences)
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
                    assert_eq!(drafts.next(&mut drafted), forms, "{name}");
                }
            }
        });
        assert_eq!(last, 3 * ROWS);
    }
}
