//! Query words that are looked for only when a rule asks. In: those of each rule, in the order of the rules. Out: those of one rule, and
//! whether it can hold with what was found. Kept side by side: where there are a hundred thousand rules, to look at one costs its way to
//! the memory.

use super::vocabulary::{WordId, number};
use std::ops::Range;

/// A term that is only looked for when a rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Later {
    /// The word that it begins with.
    pub first: WordId,
    pub term: u32,
    /// One of those of which the rule needs one.
    pub needed: bool,
}

/// The terms of all rules.
#[derive(Debug, Default)]
pub struct Laters {
    terms: Vec<Later>,
    /// By rule: where its terms end.
    ends: Vec<u32>,
}

impl Laters {
    /// Those of the next rule.
    pub fn push(&mut self, terms: impl Iterator<Item = Later>) {
        self.terms.extend(terms);
        self.ends.push(number(self.terms.len()));
    }

    /// Those of a rule.
    pub fn of(&self, rule: u32) -> &[Later] {
        &self.terms[self.range(rule)]
    }

    /// Those of some rules, put behind `all`. First where they stand and then what: of many rules each is a way to the memory, and the
    /// ways that do not wait for each other are gone together.
    pub fn of_all(&self, rules: &[u32], all: &mut Vec<Later>) {
        let ranges: Vec<Range<usize>> = rules.iter().map(|rule| self.range(*rule)).collect();
        for range in ranges {
            all.extend_from_slice(&self.terms[range]);
        }
    }

    fn range(&self, rule: u32) -> Range<usize> {
        let rule = rule as usize;
        let from = rule.checked_sub(1).map_or(0, |before| self.ends[before]);
        from as usize..self.ends[rule] as usize
    }

    /// Whether a rule may hold when these of its terms stand in a text and the others do not; sure only when not.
    pub fn may_hold(&self, rule: u32, stands: impl Fn(u32) -> bool) -> bool {
        let mut needed = self.of(rule).iter().filter(|later| later.needed).peekable();
        needed.peek().is_none() || needed.any(|later| stands(later.term))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_may_hold_when_one_of_what_it_needs_stands_there_or_when_it_needs_none() {
        let later = |term, needed| Later { first: 0, term, needed };
        let mut laters = Laters::default();
        laters.push([later(1, true), later(2, true), later(3, false)].into_iter());
        laters.push([].into_iter());
        laters.push([later(3, false)].into_iter());
        let may = |rule| [1, 2, 3, 4].map(|term| laters.may_hold(rule, |stands| stands == term));
        assert_eq!([0, 1, 2].map(may), [[true, true, false, false], [true; 4], [true; 4]]);
    }
}
