//! What two texts that are alike have instead of each other: in a copy another spelling of a name, in news made after the same model
//! another name or number. In: two texts and what they share. Out: whether what is put instead makes it other news.

use super::likeness::{Block, Compared};
use crate::text::copy::{Kind, WORD, Word};
use std::collections::HashSet;
use std::ops::Range;

/// More between two common runs than this is a passage of its own, and nothing in it stands instead of something.
const GAP: u32 = 24 * WORD;
/// Words that stand instead of others.
const INSTEAD: u32 = 8 * WORD;
/// What is put instead of something within so many words from the top changes the news.
const LEAD: u32 = 50 * WORD;

/// What stands between two common runs, in both texts.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// Single words in it that both have.
    pub(super) kept: Vec<Block>,
    /// What stands instead of what: words of the one and of the other.
    instead: Vec<(Range<usize>, Range<usize>)>,
}

/// What stands before each block, in both texts: up to the block before it where the two follow each other, else some words. Of two
/// neighbouring blocks one at least is in a long stretch.
pub(super) fn gaps(one: &Compared, other: &Compared, blocks: &[Block], long: &[Block]) -> Vec<Gap> {
    let mut taken = vec![false; other.words.len()];
    for block in blocks {
        taken[block.other..block.other + block.len].fill(true);
    }
    let before = |at: usize| {
        let block = &blocks[at];
        let earlier = at.checked_sub(1).map(|at| &blocks[at]);
        let from = earlier.map_or(0, |block| block.one + block.len);
        let of_other = taken[..block.other].iter().rposition(|taken| *taken).map_or(0, |last| last + 1);
        let follows = earlier.is_some_and(|earlier| earlier.other + earlier.len == of_other);
        let counts = long.contains(block) || (follows && earlier.is_some_and(|earlier| long.contains(earlier)));
        if !counts {
            return None;
        }
        let xs = last(&one.words, from..block.one);
        let ys = last(&other.words, of_other..block.other);
        let whole = follows && xs.start == from && ys.start == of_other;
        (!xs.is_empty() && !ys.is_empty()).then(|| aligned(one, other, (xs, ys), whole))
    };
    (0..blocks.len()).filter_map(before).collect()
}

/// The last words of a piece, no more than [`GAP`].
fn last(words: &[Word], piece: Range<usize>) -> Range<usize> {
    let mut room = GAP;
    let fits = |at: &usize| {
        let weight = words[*at].weight();
        let fits = weight <= room;
        room = room.saturating_sub(weight);
        fits
    };
    piece.end - piece.clone().rev().take_while(fits).count()..piece.end
}

/// Whether a paragraph begins here.
fn begins(text: &Compared, at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| text.text[text.words[before].end..text.words[at].start].contains('\n'))
}

/// Lays the words of a gap side by side: their longest common subsequence, and what differs between its members. What a paragraph
/// begins with is a dateline, in each outlet's way, and says nothing; nor does what follows no common word, if the gap is not `whole`.
fn aligned(one: &Compared, other: &Compared, (xs, ys): (Range<usize>, Range<usize>), whole: bool) -> Gap {
    let (ours, theirs) = (&one.words[xs.clone()], &other.words[ys.clone()]);
    let longest = common_after(ours, theirs);
    let width = theirs.len() + 1;
    let mut gap = Gap::default();
    if !whole && usize::from(longest[0]) * 3 < ours.len().min(theirs.len()) {
        // Two sentences of their own.
        return gap;
    }
    let mut at = (0, 0);
    let mut from = whole.then_some(at);
    let close = |gap: &mut Gap, from: Option<(usize, usize)>, to: (usize, usize)| {
        let Some(from) = from else { return };
        let (a, b) = (xs.start + from.0..xs.start + to.0, ys.start + from.1..ys.start + to.1);
        let short = weight(&one.words[a.clone()]) <= INSTEAD && weight(&other.words[b.clone()]) <= INSTEAD;
        if !a.is_empty() && !b.is_empty() && short && !begins(one, a.start) && !begins(other, b.start) {
            gap.instead.push((a, b));
        }
    };
    while at.0 < ours.len() && at.1 < theirs.len() {
        if ours[at.0].hash == theirs[at.1].hash {
            close(&mut gap, from, at);
            gap.kept.push(Block { one: xs.start + at.0, other: ys.start + at.1, len: 1 });
            at = (at.0 + 1, at.1 + 1);
            from = Some(at);
        } else if longest[(at.0 + 1) * width + at.1] >= longest[at.0 * width + at.1 + 1] {
            at.0 += 1;
        } else {
            at.1 += 1;
        }
    }
    close(&mut gap, from, (ours.len(), theirs.len()));
    gap
}

/// How many words the rests of two pieces have in common in the same order, from each pair of places on.
fn common_after(ours: &[Word], theirs: &[Word]) -> Vec<u16> {
    let width = theirs.len() + 1;
    let mut longest = vec![0_u16; (ours.len() + 1) * width];
    for (a, one) in ours.iter().enumerate().rev() {
        for (b, other) in theirs.iter().enumerate().rev() {
            longest[a * width + b] = if one.hash == other.hash {
                longest[(a + 1) * width + b + 1] + 1
            } else {
                longest[(a + 1) * width + b].max(longest[a * width + b + 1])
            };
        }
    }
    longest
}

fn weight(words: &[Word]) -> u32 {
    words.iter().map(Word::weight).sum()
}

/// What is put instead of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Another spelling, another way to say it.
    Wording,
    /// In a script without capitals: perhaps another name.
    Perhaps,
    /// Another name.
    Name,
    /// Another number: no outlet mends the numbers of a wire, but for the wire that corrects itself.
    Number,
}

/// Whether the texts tell other news in the same words: another number, another name in the lead, or more than one.
pub(super) fn other_news(one: &Compared, other: &Compared, gaps: &[Gap]) -> bool {
    let known = |words: &[Word]| words.iter().map(|word| word.hash).collect::<HashSet<u32>>();
    let sides = Sides { one, other, in_one: known(&one.words), in_other: known(&other.words) };
    let (mut others, mut perhaps) = (0, 0);
    for (a, b) in gaps.iter().flat_map(|gap| &gap.instead) {
        match sides.change(&one.words[a.clone()], &other.words[b.clone()]) {
            Change::Wording => {}
            Change::Perhaps => perhaps += 1,
            Change::Number if !(is_tail(&one.words, a.start) && is_tail(&other.words, b.start)) => return true,
            Change::Name if in_lead(&one.words, a.start) || in_lead(&other.words, b.start) => return true,
            Change::Number | Change::Name => others += 1,
        }
    }
    others + perhaps >= 2
}

/// Of a short text, not its last words: there an outlet names itself.
fn in_lead(words: &[Word], at: usize) -> bool {
    weight(&words[..at]) <= LEAD.min(weight(words) * 3 / 5)
}

/// Whether it stands in the last quarter, with counters, telephone numbers and years.
fn is_tail(words: &[Word], at: usize) -> bool {
    at * 4 > words.len() * 3
}

struct Sides<'a> {
    one: &'a Compared<'a>,
    other: &'a Compared<'a>,
    in_one: HashSet<u32>,
    in_other: HashSet<u32>,
}

impl Sides<'_> {
    fn change(&self, a: &[Word], b: &[Word]) -> Change {
        if other_number(self.one.text, a, self.other.text, b) {
            return Change::Number;
        }
        let names = |words: &[Word], text: &str, elsewhere: &HashSet<u32>, kind: Kind| -> Vec<String> {
            let own = words.iter().filter(|word| word.kind == kind && !elsewhere.contains(&word.hash));
            own.map(|word| text[word.start..word.end].to_lowercase()).filter(|name| !is_date(name)).collect()
        };
        let both =
            |kind| (names(a, self.one.text, &self.in_other, kind), names(b, self.other.text, &self.in_one, kind));
        let (x, y) = both(Kind::Name);
        if !x.is_empty() && !y.is_empty() {
            let same = x.iter().any(|x| y.iter().any(|y| spelled_alike(x, y))) || initials(&x, &y) || initials(&y, &x);
            return if same { Change::Wording } else { Change::Name };
        }
        let (x, y) = both(Kind::Uncased);
        if !x.is_empty() && !y.is_empty() {
            let same = x.iter().any(|x| y.iter().any(|y| spelled_alike(x, y)));
            return if same { Change::Wording } else { Change::Perhaps };
        }
        let (x, y) = both(Kind::Sign);
        if x.is_empty() || y.is_empty() {
            return Change::Wording;
        }
        let signs = |words: &[Word], text: &str| text[words[0].start..words[words.len() - 1].end].to_string();
        let (x, y) = (signs(a, self.one.text), signs(b, self.other.text));
        let common = x.chars().filter(|c| y.contains(*c)).count();
        if common * 2 >= x.chars().count().max(y.chars().count()) { Change::Wording } else { Change::Perhaps }
    }
}

/// Whether both have numbers, and none in common.
fn other_number(one: &str, a: &[Word], other: &str, b: &[Word]) -> bool {
    let numbers = |words: &[Word], text: &str| -> Vec<String> {
        let numbers = words.iter().filter(|word| matches!(word.kind, Kind::Number | Kind::SignNumber));
        numbers.map(|word| text[word.start..word.end].trim_start_matches('0').to_lowercase()).collect()
    };
    let (x, y) = (numbers(a, one), numbers(b, other));
    !x.is_empty() && !y.is_empty() && !x.iter().any(|x| y.contains(x))
}

/// Days and months that are written with a capital: a copy says "Tuesday" where another says "21 May".
fn is_date(name: &str) -> bool {
    const DATES: [&str; 33] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "dezember",
    ];
    // Jan. Sept. Mon.
    let short = name.len() >= 3 && name.len() <= 4 && DATES.iter().any(|date| date.starts_with(name));
    short || DATES.contains(&name)
}

/// Whether one side is the initials of the other: MFA, Ministry of Foreign Affairs.
fn initials(short: &[String], long: &[String]) -> bool {
    let [short] = short else { return false };
    long.len() > 1 && long.iter().filter_map(|word| word.chars().next()).eq(short.chars())
}

/// Whether two names may be one, in two spellings or two cases: the same consonants, or most of them.
fn spelled_alike(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (bones(a), bones(b));
    let longer = a.len().max(b.len());
    if longer < 2 {
        return a == b;
    }
    let stem = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    (stem >= 4 && stem * 3 >= longer * 2) || distance(&a, &b) * 4 < longer
}

/// The consonants of a name in small letters, those that spellings mix up as one.
fn bones(name: &str) -> Vec<char> {
    let mut bones: Vec<char> = vec![];
    let mut rest = name.chars().filter(|c| c.is_alphanumeric()).peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let bone = match (c, next) {
            ('k' | 'g' | 'p' | 't' | 's' | 'c', Some('h')) => {
                rest.next();
                match c {
                    'k' | 'g' => 'h',
                    'p' => 'f',
                    other => other,
                }
            }
            ('z' | 'd', Some('h' | 'z' | 'j')) | ('д', Some('ж')) | ('j' | 'ж', _) => {
                rest.next_if(|c| matches!(c, 'h' | 'z' | 'j' | 'ж'));
                'j'
            }
            ('k', Some('s')) => {
                rest.next();
                'h'
            }
            ('t', Some('s' | 'z')) => {
                rest.next();
                's'
            }
            ('x', _) => 'h',
            ('q' | 'c', _) => 'k',
            ('w', _) => 'v',
            ('z', _) => 's',
            ('ў' | 'в', _) => 'в',
            ('қ', _) => 'к',
            ('ҳ', _) => 'х',
            ('ғ', _) => 'г',
            _ => c,
        };
        if !is_soft(bone) && bones.last() != Some(&bone) {
            bones.push(bone);
        }
    }
    bones
}

/// Vowels, and signs that only bend a sound.
fn is_soft(c: char) -> bool {
    "aeiouyàáâãäåāăąèéêëēėęìíîïīıòóôõöøōőùúûüūůűýÿаеёиоуыэюяйьъіїєўұүөәا‎ىيوآأإةءaەی".contains(c)
}

/// In how many places two words differ (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let instead = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = instead.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::spelled_alike;

    #[test]
    fn a_name_in_another_spelling_is_no_other_name() {
        for (a, b) in [
            ("kulubaev", "kulubayev"),
            ("sergei", "sergey"),
            ("jeenbek", "zheenbek"),
            ("bakhtiyor", "baxtiyor"),
            ("kyiv", "kiev"),
            ("alexander", "aleksandr"),
            ("türkiye", "turkey"),
            ("хусейн", "хуссейн"),
            ("tashkentda", "tashkentga"),
            ("джалилов", "жалилов"),
        ] {
            assert!(spelled_alike(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("kazakhstan", "uzbekistan"),
            ("kazakhstan", "kyrgyzstan"),
            ("iran", "iraq"),
            ("austria", "australia"),
            ("ivanov", "petrov"),
            ("li", "xi"),
            ("japan", "kazakhstan"),
            ("slovakia", "slovenia"),
            ("япония", "индия"),
        ] {
            assert!(!spelled_alike(a, b), "{a} {b}");
        }
    }
}
