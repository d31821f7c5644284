//! One pass over the tokens of an article for all names. In: tokens. Out: where names stand, each in one of its forms.
//! Never whether they count: `resolve` decides that.

use super::class::{self, Class};
use super::fold;
use super::memo::{Begin, Lexicon, Memo, Span};
use super::names::{kin, russian, suffix};
use super::token::{Gap, Kind, Token};
use super::trie::{Accept, Between, Node, Order, ROOT, Trie};
use super::vocabulary::{How, Sense, WordId, number};
use std::collections::HashMap;

/// A name at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The name's number.
    pub name: u32,
    /// The block.
    pub block: u32,
    /// Its tokens, both inclusive.
    pub first: u32,
    pub last: u32,
    /// Its bytes in the block's text.
    pub start: u32,
    pub end: u32,
}

/// What the finder asks about a name.
pub trait Known {
    /// Whether suffixes may follow it.
    fn takes_suffix(&self, name: u32) -> bool;
    /// Whether it is a post: possessives may stand inside it.
    fn is_post(&self, name: u32) -> bool;
}

/// One step of a walk: a token (or several: a dotted acronym, a hyphenated word) taken for words.
#[derive(Debug, Clone, Copy)]
struct Step {
    first: u32,
    last: u32,
    sense: Sense,
    /// The token before it was passed over: a patronymic or a middle initial.
    passed: bool,
}

/// Finds the names in one block.
pub struct Finder<'a, K> {
    pub lexicon: Lexicon<'a>,
    /// The one of its tries that is walked.
    pub trie: &'a Trie,
    pub known: &'a K,
    pub memo: &'a mut Memo,
    /// The block's text and number.
    pub text: &'a str,
    pub block: u32,
    /// The tokens of the article, and those of the block.
    pub tokens: &'a [Token],
    pub found: &'a mut Vec<Occurrence>,
    /// The senses of each token of the article up to this block's last, as spans of the memo's.
    pub spans: &'a mut Vec<Span>,
    /// The tokens at which names may begin that are looked for only when a rule asks, in order.
    pub late: &'a mut Vec<u32>,
    /// The block's first token.
    pub from: usize,
    /// Whether nothing counts that stands in this block.
    pub aside: bool,
    /// Names that many bear: at how many places of the article their bearers were told, where it counts and elsewhere.
    pub crowds: &'a mut HashMap<(Node, bool), u32>,
}

/// Of a name that more rows bear than this, the others are told of its first places only: a text that repeats the commonest name of a
/// list must not cost rows times mentions.
pub const CROWD: usize = 64;
/// So many places, in the blocks that count; as many again elsewhere.
const CROWD_PLACES: u32 = 8;
/// Beyond so many finds in one article, they are told of no place more.
const FOUND_MAX: usize = 1_000_000;

/// Steps of one walk: the longest name in words.
pub const STEPS_MAX: usize = 40;

/// Several tokens that are read as one word, together.
const JOINED_BYTES_MAX: u32 = 80;

impl<K: Known> Finder<'_, K> {
    /// Goes over the tokens `from..to`.
    pub fn run(&mut self, to: usize) {
        for token in &self.tokens[self.from..to] {
            let surface = &self.text[token.start as usize..token.end as usize];
            let span = if token.kind == Kind::Address {
                // Whole, and as a name that is one: Booking.com.
                let asked = self.lexicon.vocabulary.address(surface);
                asked.map_or_else(Span::default, |address| self.memo.look(&address, self.lexicon))
            } else {
                self.memo.look(surface, self.lexicon)
            };
            self.spans.push(span);
        }
        let mut steps = NO_STEPS;
        for at in self.from..to {
            let span = self.spans[at];
            if span.has(Begin::ANY) {
                self.begin(at, span, to, &mut steps);
            }
            let joins = self.joins(at, to);
            if joins {
                self.joined(ROOT, at, to, &mut steps, 0);
            }
            if joins || span.has(Begin::LATE) {
                self.late.push(number(at));
            }
        }
    }

    /// The names that begin with a token, or end with it as their family name.
    fn begin(&mut self, at: usize, span: Span, to: usize, steps: &mut [Step; STEPS_MAX]) {
        for number in span.range() {
            let begin = self.memo.begins[number];
            if !begin.has(Begin::ANY) {
                continue;
            }
            let sense = self.memo.senses[number];
            if begin.has(Begin::ALONE) || self.goes_on(at, to, sense.word) {
                self.step(ROOT, at, at, sense, false, steps, 0, to);
            }
            if begin.has(Begin::FAMILY) {
                self.back(at, at, sense, to);
            }
        }
    }

    /// Goes once more over the tokens before `to` that may begin a name of the other trie, for names that begin with a word that is
    /// `asked` for. `late`: such tokens of the article, those of this block first; gives back the rest.
    pub fn run_late<'l>(&mut self, to: usize, late: &'l [u32], asked: impl Fn(WordId) -> bool) -> &'l [u32] {
        let (own, rest) = late.split_at(late.partition_point(|at| (*at as usize) < to));
        let mut steps = NO_STEPS;
        for at in own.iter().map(|at| *at as usize) {
            for number in self.spans[at].range() {
                let sense = self.memo.senses[number];
                if self.memo.begins[number].has(Begin::LATE) && asked(sense.word) {
                    self.step(ROOT, at, at, sense, false, &mut steps, 0, to);
                }
            }
            self.joined(ROOT, at, to, &mut steps, 0);
        }
        rest
    }

    /// Whether a token may be read together with those after it.
    fn joins(&self, at: usize, to: usize) -> bool {
        self.tokens[..to].get(at + 1).is_some_and(|next| matches!(next.gap, Gap::Dot | Gap::Hyphen))
    }

    /// Whether a name that begins with this word may go on. Only among letters of a script without spaces is it sure that the
    /// next token is the next word of a name.
    fn goes_on(&self, at: usize, to: usize, word: WordId) -> bool {
        let Some(next) = self.tokens[..to].get(at + 1) else { return false };
        if next.kind != Kind::Single || self.tokens[at].kind != Kind::Single {
            return true;
        }
        let span = self.spans[at + 1];
        self.memo.senses[span.range()].iter().any(|next| self.trie.pair(word, next.word))
    }

    /// Takes the tokens `first..=last` for a sense's word, and goes on.
    #[expect(clippy::too_many_arguments, reason = "a step of a walk is its whole state")]
    fn step(
        &mut self,
        node: Node,
        first: usize,
        last: usize,
        sense: Sense,
        passed: bool,
        steps: &mut [Step; STEPS_MAX],
        depth: usize,
        to: usize,
    ) {
        #[cfg(test)]
        tests::STEPS.set(tests::STEPS.get() + 1);
        if depth >= STEPS_MAX || sense.head > 0 && depth > 0 {
            return;
        }
        if depth == 0
            && let Some(then) = sense.then
            && let Some(turned) = self.trie.first(then).and_then(|family| self.trie.child(family, sense.word))
        {
            let step = Step { first: number(first), last: number(last), sense, passed };
            self.turned(turned, &[step], to);
        }
        let Some(mut node) = self.trie.child(node, sense.word) else { return };
        if let Some(then) = sense.then {
            match self.trie.child(node, then) {
                Some(next) => node = next,
                None => return,
            }
        }
        steps[depth] = Step { first: number(first), last: number(last), sense, passed };
        let trie = self.trie;
        for (nth, accept) in trie.accepts(node).enumerate() {
            if nth == CROWD && !self.room(node) {
                break;
            }
            self.accept(accept, &steps[..=depth], to, false);
        }
        let next = last + 1;
        // Nothing follows a suffix; only a space follows a possessive.
        if next >= to || matches!(sense.how, How::Suffix | How::SuffixLong | How::SuffixShort) {
            return;
        }
        let gap = self.tokens[next].gap;
        if matches!(gap, Gap::Sentence | Gap::Block) && sense.how != How::Initial
            || matches!(gap, Gap::Break | Gap::Clause) && !self.bracket(next)
        {
            return;
        }
        self.follow(node, next, false, steps, depth + 1, to);
        // A patronymic or a middle initial between given and family name. Once: with a choice at each word, the ways through
        // "A. A. A. …" would double with each.
        let passed_over = steps[..=depth].iter().any(|step| step.passed);
        if !passed_over && matches!(gap, Gap::Space | Gap::Dot | Gap::DotSpace) {
            let over = self.patronymic(next, to);
            if over > 0
                && next + over < to
                && matches!(self.tokens[next + over].gap, Gap::Space | Gap::Dot | Gap::DotSpace)
            {
                self.follow(node, next + over, true, steps, depth + 1, to);
            }
        }
    }

    /// Names that stand either way and whose family name is this word: what stands before it, a patronymic or middle initial passed
    /// over.
    fn back(&mut self, at: usize, end: usize, family: Sense, to: usize) {
        if family.then.is_some() || family.head > 0 {
            return;
        }
        let Some(node) = self.trie.first(family.word) else { return };
        for over in 0..=2 {
            let Some(given) = at.checked_sub(over + 1).filter(|given| *given >= self.from) else { return };
            let near = |at: usize| matches!(self.tokens[at].gap, Gap::Space | Gap::Dot | Gap::DotSpace);
            if over > 0 && !(near(at) && near(given + 1) && self.patronymic(given + 1, to) == over) {
                continue;
            }
            for number_of in self.spans[given].range() {
                let sense = self.memo.senses[number_of];
                let suffixed = matches!(sense.how, How::Suffix | How::SuffixLong | How::SuffixShort);
                let gap = self.tokens[given + 1].gap;
                let closed = matches!(gap, Gap::Sentence | Gap::Block) && sense.how != How::Initial
                    || matches!(gap, Gap::Break | Gap::Clause) && !self.bracket(given + 1);
                if suffixed || closed || sense.then.is_some() {
                    continue;
                }
                if let Some(turned) = self.trie.child(node, sense.word) {
                    let first = Step { first: number(given), last: number(given), sense, passed: false };
                    let last = Step { first: number(at), last: number(end), sense: family, passed: over > 0 };
                    self.turned(turned, &[first, last], to);
                }
            }
        }
    }

    /// Whether the names of a node beyond its first [`CROWD`] are told of one place more.
    fn room(&mut self, node: Node) -> bool {
        let places = self.crowds.entry((node, self.aside)).or_default();
        *places += 1;
        *places <= CROWD_PLACES && self.found.len() < FOUND_MAX
    }

    /// The names of a node that stand either way, given name first.
    fn turned(&mut self, node: Node, steps: &[Step], to: usize) {
        let trie = self.trie;
        for (nth, accept) in trie.accepts(node).enumerate() {
            if nth == CROWD && !self.room(node) {
                break;
            }
            if trie.shape(accept.shape).order == Order::Either {
                self.accept(accept, steps, to, true);
            }
        }
    }

    fn follow(
        &mut self,
        node: Node,
        next: usize,
        passed: bool,
        steps: &mut [Step; STEPS_MAX],
        depth: usize,
        to: usize,
    ) {
        let span = self.spans[next];
        for sense in span.range() {
            let sense = self.memo.senses[sense];
            self.step(node, next, next, sense, passed, steps, depth, to);
        }
        self.joined(node, next, to, steps, depth);
    }

    /// Several tokens as one word: S.C.O., cyber-attack.
    fn joined(&mut self, node: Node, at: usize, to: usize, steps: &mut [Step; STEPS_MAX], depth: usize) {
        let Some(last) = joined_to(self.text, &self.tokens[..to], at) else { return };
        let hyphen = self.tokens[at + 1].gap == Gap::Hyphen;
        let span = &self.text[self.tokens[at].start as usize..self.tokens[last].end as usize];
        let joined: String = if hyphen { [self.surface(at), self.surface(last)].concat() } else { span.to_string() };
        let known = self.memo.look(&joined, self.lexicon);
        for sense in known.range() {
            let sense = self.memo.senses[sense];
            // As written it is not: `exact` matches neither S.C.O. nor a word with a hyphen. Two words of a name with a hyphen
            // between them are found as such.
            let by_itself = hyphen && self.memo.senses[self.spans[at].range()].iter().any(|own| own.word == sense.word);
            if sense.then.is_none() && !by_itself && !self.lexicon.vocabulary.is_exact(sense.word) {
                self.step(node, at, last, sense, false, steps, depth, to);
                if node == ROOT && self.trie.family(sense.word) {
                    self.back(at, last, sense, to);
                }
            }
        }
    }

    fn surface(&self, at: usize) -> &str {
        let token = &self.tokens[at];
        &self.text[token.start as usize..token.end as usize]
    }

    fn initial(&self, at: usize) -> bool {
        let surface = self.surface(at);
        surface.starts_with(char::is_uppercase) && surface.chars().count() <= 2 && self.dot_after(at)
    }

    fn dot_after(&self, at: usize) -> bool {
        self.text[self.tokens[at].end as usize..].starts_with('.')
    }

    /// Whether the gap before a token is an opening bracket and nothing worse; names may go on after it when they were typed so.
    fn bracket(&self, at: usize) -> bool {
        self.text[..self.tokens[at].start as usize]
            .trim_end_matches(|c| matches!(class::class(c), Class::Quote))
            .ends_with('(')
    }

    /// How many tokens at `at` are a patronymic or a middle initial.
    fn patronymic(&self, at: usize, to: usize) -> usize {
        if self.initial(at) {
            return 1;
        }
        if self.spans[at].patronymic() {
            return 1;
        }
        let next = at + 1;
        if !self.surface(at).starts_with(char::is_uppercase) {
            return 0;
        }
        usize::from(next < to && self.tokens[next].gap == Gap::Space && kin::son_of(&fold::marked(self.surface(next))))
            * 2
    }

    /// Whether the words of a walk are a form of the name that ends here; if so, notes it.
    /// `turned`: of one that stands either way, given name first.
    fn accept(&mut self, accept: Accept, steps: &[Step], to: usize, turned: bool) {
        let shape = self.trie.shape(accept.shape);
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return };
        let suffix = match last.sense.how {
            How::Suffix => true,
            // Two parts make up for few letters; one part does not.
            How::SuffixLong | How::SuffixShort if !shape.gaps.is_empty() && !shape.gaps.contains(&Between::Run) => true,
            How::SuffixLong | How::SuffixShort => return,
            _ => false,
        };
        if suffix && !self.known.takes_suffix(accept.name) {
            return;
        }
        // A query's words inflect only when they are told to.
        if steps.iter().any(|step| step.sense.how == How::Acronym) && !self.known.takes_suffix(accept.name) {
            return;
        }
        if first.sense.how == How::Clitic && (shape.gaps.is_empty() || shape.gaps.contains(&Between::Run)) {
            return;
        }
        let post = self.known.is_post(accept.name);
        let mut cases = russian::ALL;
        let mut gap_at = usize::from(turned);
        for (at, step) in steps.iter().enumerate() {
            cases &= step.sense.cases;
            if step.passed && !shape.add {
                return;
            }
            if at > 0 {
                let token = &self.tokens[step.first as usize];
                let before = &steps[at - 1];
                if before.sense.how == How::Possessive && !post {
                    return;
                }
                let between = shape.gaps.get(gap_at).copied().unwrap_or(Between::Space);
                let allowed = if step.passed {
                    matches!(token.gap, Gap::Space | Gap::Dot | Gap::DotSpace)
                } else {
                    between.allows(token.gap, self.line_end(step.first))
                };
                if !allowed {
                    return;
                }
                gap_at += 1;
            }
            if step.sense.how == How::Initial && !self.initial(step.first as usize) {
                return;
            }
            if step.sense.then.is_some() {
                if shape.gaps.get(gap_at) != Some(&Between::Loose) {
                    return;
                }
                gap_at += 1;
            }
        }
        if cases == 0 {
            return;
        }
        let mut occurrence = Occurrence {
            name: accept.name,
            block: self.block,
            first: first.first,
            last: last.last,
            start: self.tokens[first.first as usize].start + u32::from(first.sense.head),
            end: self.tokens[last.last as usize].end - u32::from(last.sense.tail),
        };
        let order = match shape.order {
            Order::Either if turned => Order::GivenFirst,
            Order::Either => Order::FamilyFirst,
            order => order,
        };
        if !self.complete(order, shape.add, steps, cases, &mut occurrence, to) {
            return;
        }
        let dotted = last.last > last.first && self.tokens[last.last as usize].gap == Gap::Dot
            || last.sense.how == How::Initial && occurrence.last == last.last;
        if dotted && self.dot_after(occurrence.last as usize) {
            occurrence.end += 1;
        }
        if last.sense.how != How::Possessive && self.known.takes_suffix(accept.name) {
            self.hyphenated_suffix(&mut occurrence, to);
        }
        self.found.push(occurrence);
    }

    fn line_end(&self, at: u32) -> bool {
        let token = &self.tokens[at as usize];
        let before = self.tokens.get(at as usize - 1).map_or(0, |t| t.end);
        self.text.get(before as usize..token.start as usize).is_some_and(|gap| gap.contains('\n'))
    }

    /// What the order of a person's name asks for beside its words; takes in a patronymic or initial after it.
    fn complete(
        &self,
        order: Order,
        add: bool,
        steps: &[Step],
        cases: russian::Cases,
        occurrence: &mut Occurrence,
        to: usize,
    ) -> bool {
        let next = occurrence.last as usize + 1;
        match order {
            Order::Typed | Order::Either => true,
            Order::GivenFirst => !self.womans(steps, cases, next, to) && !self.of_another(steps, cases),
            Order::FamilyFirst => {
                let comma = steps.iter().skip(1).any(|step| self.tokens[step.first as usize].gap == Gap::Comma);
                let capital = |at: usize| self.surface(at).starts_with(char::is_uppercase) && !self.initial(at);
                if comma {
                    // "Ivan Orlenko, Denis Petrov" is two other people.
                    let first = occurrence.first as usize;
                    let before = first > self.from
                        && matches!(self.tokens[first].gap, Gap::Space | Gap::Dot | Gap::DotSpace)
                        && (capital(first - 1) || self.initial(first - 1));
                    let after = next < to
                        && self.tokens[next].gap == Gap::Space
                        && capital(next)
                        && self.patronymic(next, to) == 0;
                    if before || after {
                        return false;
                    }
                }
                if next < to && matches!(self.tokens[next].gap, Gap::Space | Gap::Dot | Gap::DotSpace) {
                    let over = self.patronymic(next, to);
                    // An initial after the name belongs to it only when no family name follows.
                    let whose = next + over < to
                        && matches!(self.tokens[next + over].gap, Gap::Space | Gap::Dot | Gap::DotSpace)
                        && capital(next + over);
                    // Another patronymic than the listed one is another person's.
                    if over > 0 && !whose && !add {
                        return false;
                    }
                    if over > 0 && !whose {
                        occurrence.last = number(next + over - 1);
                        let last = &self.tokens[occurrence.last as usize];
                        occurrence.end = last.end + u32::from(self.initial(occurrence.last as usize));
                    }
                }
                true
            }
        }
    }

    /// "V. S. Lavrenov" and "Maria S. Lavrenov" are not S. Lavrenov; "роман С. Лавренова" may begin with a capital.
    fn of_another(&self, steps: &[Step], cases: russian::Cases) -> bool {
        let Some(first) = steps.first().filter(|step| step.sense.how == How::Initial) else { return false };
        let first = first.first as usize;
        let before = self.tokens[first].gap;
        first > self.from
            && match before {
                Gap::Dot | Gap::DotSpace => self.initial(first - 1),
                Gap::Space => {
                    let given = self.surface(first - 1);
                    let agrees = cases & russian::N != 0 || given.ends_with(['а', 'я']);
                    agrees && kin::given(given)
                }
                _ => false,
            }
    }

    /// "Александра Ромашова выиграла": a woman's first form is a man's genitive; the verb tells.
    fn womans(&self, steps: &[Step], cases: russian::Cases, next: usize, to: usize) -> bool {
        if cases & russian::N != 0 || steps.len() < 2 || next >= to || self.tokens[next].gap != Gap::Space {
            return false;
        }
        let given = fold::marked(self.surface(steps[0].first as usize));
        if !russian::womans_twin(&given) || !self.surface(next - 1).ends_with(['а', 'я', 'А', 'Я']) {
            return false;
        }
        let verb = |at: usize| {
            at < to && {
                let word = fold::marked(self.surface(at));
                word.ends_with("ла") || word.ends_with("лась")
            }
        };
        verb(next) || matches!(self.surface(next), "не" | "уже" | "также" | "тоже" | "снова" | "сама") && verb(next + 1)
    }

    /// Uzmotors-dan: a suffix after a hyphen is part of the hit.
    fn hyphenated_suffix(&self, occurrence: &mut Occurrence, to: usize) {
        let next = occurrence.last as usize + 1;
        if next < to && self.tokens[next].gap == Gap::Hyphen && self.surface(next).len() <= 24 {
            let folded = fold::marked(self.surface(next));
            if suffix::after_hyphen(&folded) {
                occurrence.last = number(next);
                occurrence.end = self.tokens[next].end;
            }
        }
    }
}

/// The last of several tokens that are read as one word with the one at `at`: the letters of S.C.O., both parts of cyber-attack.
pub fn joined_to(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let surface = |at: usize| &text[tokens[at].start as usize..tokens[at].end as usize];
    let one_letter = |at: usize| {
        let mut chars = surface(at).chars();
        tokens[at].kind == Kind::Word && chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    };
    let bytes = |last: usize| tokens[last].end - tokens[at].start;
    let last = match tokens.get(at + 1)?.gap {
        Gap::Dot if one_letter(at) => {
            let mut last = at;
            // No acronym is as long; and a text of nothing but such letters must not cost its square.
            while bytes(last) <= JOINED_BYTES_MAX
                && tokens.get(last + 1).is_some_and(|next| next.gap == Gap::Dot)
                && one_letter(last + 1)
            {
                last += 1;
            }
            last
        }
        Gap::Hyphen if surface(at).chars().nth(2).is_some() && surface(at + 1).chars().nth(2).is_some() => at + 1,
        _ => return None,
    };
    (last > at && bytes(last) <= JOINED_BYTES_MAX).then_some(last)
}

const NO_SENSE: Sense = Sense { word: u32::MAX, then: None, cases: 0, head: 0, tail: 0, how: How::Whole };
const NO_STEPS: [Step; STEPS_MAX] = [Step { first: 0, last: 0, sense: NO_SENSE, passed: false }; STEPS_MAX];

#[cfg(test)]
mod tests {
    use crate::matching::tests::index;
    use std::cell::Cell;

    thread_local! {
        /// Steps of all walks of this thread.
        pub(super) static STEPS: Cell<u64> = const { Cell::new(0) };
    }

    #[test]
    fn the_steps_through_initials_grow_with_the_text_and_not_with_the_ways_through_it() {
        let initials = |many: usize| "A. ".repeat(many);
        let index = index(&format!("organization a: {}", initials(30)), "@a");
        let steps = |text: &str| {
            let before = STEPS.get();
            index.count(text);
            STEPS.get() - before
        };
        let (once, twice) = (steps(&initials(2_000)), steps(&initials(4_000)));
        // Each of the name's words at each place, with one initial passed over before any of them.
        assert!((2_000 * 30..=2_000 * 31 * 31).contains(&once), "{once}");
        assert!(twice <= once * 21 / 10, "{once} {twice}");
    }
}
