//! The invented news of a day and what outlets make of it: copies of a wire, and other news that looks like it.
//! All of it follows from a number.

use super::tongue::{TONGUES, Tongue};

/// Chance that is the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A report: sentences in paragraphs.
#[derive(Clone)]
pub struct Report {
    pub tongue: &'static Tongue,
    pub title: String,
    pub paragraphs: Vec<Vec<String>>,
    minister: usize,
    city: usize,
}

impl Report {
    /// What happened in the world.
    pub fn new(dice: &mut Dice) -> Self {
        let tongue = dice.of(&TONGUES);
        let (minister, city) = (dice.below(tongue.ministers.len()), dice.below(tongue.cities.len()));
        let mut report = Self { tongue, title: String::new(), paragraphs: vec![], minister, city };
        report.lead(dice);
        for _ in 0..3 + dice.below(5) {
            let paragraph = (0..2 + dice.below(2)).map(|_| sentence(tongue, dice)).collect();
            report.paragraphs.push(paragraph);
        }
        report
    }

    /// A press release after the ministry's form.
    pub fn of_form(dice: &mut Dice) -> Self {
        let mut report = Self::new(dice);
        report.fill(dice);
        report
    }

    fn fill(&mut self, dice: &mut Dice) {
        let state = *dice.of(self.tongue.states);
        let number = (3 + dice.below(90)).to_string();
        let minister = self.tongue.ministers[self.minister].0;
        let filled = |sentence: &&str| slots(sentence, &[("M", minister), ("S", state), ("N", &number)]);
        self.paragraphs = self.tongue.form.iter().map(|sentence| vec![filled(sentence)]).collect();
    }

    /// The same form with another state and another number.
    pub fn form_again(&self, dice: &mut Dice) -> Self {
        loop {
            let mut other = self.clone();
            other.fill(dice);
            let differs = |at: usize| other.paragraphs[at] != self.paragraphs[at];
            if differs(0) && differs(2) {
                return other;
            }
        }
    }

    /// The form with nothing new but its numbers: the next day's.
    pub fn next_day(&self, dice: &mut Dice) -> Self {
        let mut other = self.clone();
        for sentence in other.paragraphs.iter_mut().flatten() {
            let old: String = sentence.chars().filter(char::is_ascii_digit).collect();
            if !old.is_empty() {
                let new = old.parse::<usize>().unwrap() + 1 + dice.below(9);
                *sentence = sentence.replace(&old, &new.to_string());
            }
        }
        other
    }

    /// Another meeting of the same minister in the same city: its own lead and story, half of the text as background.
    pub fn other_meeting(&self, dice: &mut Dice) -> Self {
        let mut other = self.clone();
        other.paragraphs = vec![];
        other.lead(dice);
        let keep = self.paragraphs.len() / 2;
        while other.paragraphs.len() < self.paragraphs.len() - keep {
            other.paragraphs.push((0..2).map(|_| sentence(self.tongue, dice)).collect());
        }
        other.paragraphs.extend(self.paragraphs[self.paragraphs.len() - keep..].iter().cloned());
        other
    }

    fn lead(&mut self, dice: &mut Dice) {
        let (tongue, number) = (self.tongue, (2 + dice.below(60)).to_string());
        let (state, topic) = (*dice.of(tongue.states), *dice.of(tongue.topics));
        let parts = [
            ("M", tongue.ministers[self.minister].0),
            ("S", state),
            ("C", tongue.cities[self.city]),
            ("T", topic),
            ("N", &number),
        ];
        let pattern: &str = dice.of::<&str>(tongue.leads);
        let lead = slots(pattern, &parts);
        self.title = [topic, state, &number].join(" ");
        self.paragraphs.insert(0, vec![lead, sentence(tongue, dice)]);
    }

    /// What an outlet prints of it: another headline, a dateline, a lead of its own, less of the text, other marks and spellings.
    pub fn copied(&self, dice: &mut Dice) -> Self {
        let tongue = self.tongue;
        let mut copy = self.clone();
        copy.title = dice.of(tongue.own).chars().take(30 + dice.below(20)).collect();
        // The tail is cut, down to a third.
        let all: usize = copy.paragraphs.iter().map(Vec::len).sum();
        let mut left = (all * (30 + dice.below(71))).div_ceil(100).max(2);
        copy.paragraphs.retain_mut(|paragraph| {
            paragraph.truncate(left);
            left -= paragraph.len();
            !paragraph.is_empty()
        });
        if copy.paragraphs.len() > 3 && dice.one_in(3) {
            copy.paragraphs.remove(1 + dice.below(2));
        }
        if copy.paragraphs.len() > 3 && dice.one_in(4) {
            let last = copy.paragraphs.len() - 1;
            copy.paragraphs.swap(last, last - 1);
        }
        if dice.one_in(3) {
            for (name, spelled) in tongue.ministers {
                copy.each(|sentence| sentence.replace(name, spelled));
            }
        }
        if dice.one_in(2) {
            for (mark, other) in tongue.quotes {
                copy.each(|sentence| sentence.replace(mark, other));
            }
        }
        let dateline = dice.of(tongue.datelines);
        copy.paragraphs[0][0].insert_str(0, dateline);
        match dice.below(5) {
            0 | 1 => copy.paragraphs.insert(0, vec![own_lead(tongue, dice)]),
            2 if all > 6 => copy.paragraphs[0][0] = own_lead(tongue, dice),
            _ => {}
        }
        if dice.one_in(2) {
            copy.paragraphs.push(vec![(*dice.of(tongue.credits)).to_string()]);
        }
        copy
    }

    fn each(&mut self, change: impl Fn(&str) -> String) {
        for sentence in self.paragraphs.iter_mut().flatten() {
            *sentence = change(sentence);
        }
    }

    /// The paragraphs as an outlet prints them, with its imprint where it has one.
    pub fn printed(&self, imprint: bool, outlet: usize) -> Vec<String> {
        let stop = self.tongue.stop;
        let paragraph = |sentences: &Vec<String>| {
            let ended = sentences.iter().map(|sentence| format!("{sentence}{stop}"));
            ended.collect::<String>().trim_end().to_string()
        };
        let mut printed: Vec<String> = self.paragraphs.iter().map(paragraph).collect();
        if imprint {
            printed.push(self.tongue.imprints[outlet % self.tongue.imprints.len()].to_string());
        }
        printed
    }
}

fn own_lead(tongue: &Tongue, dice: &mut Dice) -> String {
    let (first, second) = (sentence(tongue, dice), *dice.of(tongue.own));
    if dice.one_in(3) { [first.as_str(), second].join(tongue.stop) } else { first }
}

fn sentence(tongue: &Tongue, dice: &mut Dice) -> String {
    let parts = [*dice.of(tongue.who), *dice.of(tongue.does), *dice.of(tongue.what), *dice.of(tongue.when)];
    parts.join(tongue.space)
}

/// Puts words for the single capitals of a pattern.
fn slots(pattern: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let letters: Vec<char> = pattern.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let alone = |at: Option<&char>| at.is_none_or(|c| !c.is_ascii_alphabetic());
        let part = parts.iter().find(|(slot, _)| slot.starts_with(*letter));
        match part.filter(|_| alone(at.checked_sub(1).map(|at| &letters[at])) && alone(letters.get(at + 1))) {
            Some((_, word)) => filled.push_str(word),
            None => filled.push(*letter),
        }
    }
    filled
}
