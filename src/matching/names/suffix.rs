//! Suffixes that Turkic and Tajik languages write onto names: Uzbek in both alphabets, Kazakh, Kyrgyz, Tajik, and Turkish after
//! its apostrophe. In: a folded word. Out: where its suffixes may begin. Never a claim that a name stands before them.

use crate::matching::fold;
use std::sync::LazyLock;

/// Uzbek, Latin and Cyrillic; `-ka` and `-qa` only after the letters that ask for them.
const UZBEK: &[&str] = &[
    "ning", "ni", "ga", "ka", "qa", "dan", "dagi", "da", "lar", "niki", "gacha", "kacha", "qacha", "dek", "day",
    "нинг", "ни", "га", "ка", "қа", "дан", "даги", "да", "лар", "ники", "гача", "кача", "қача", "дек", "дай",
];

/// Kazakh and Kyrgyz; only safe on the last part of a longer name, since some are Russian endings too.
const KAZAKH_KYRGYZ: &[&str] = &[
    "ның", "нің", "дың", "дің", "тың", "тің", "нын", "нин", "нун", "нүн", "дын", "дин", "дун", "дүн", "тын", "тин",
    "тун", "түн", "ға", "ге", "қа", "ке", "га", "го", "гө", "ка", "ко", "кө", "ды", "ді", "ты", "ті", "ны", "ні", "ди",
    "ду", "дү", "ти", "ту", "тү", "да", "де", "та", "те", "до", "дө", "то", "тө", "дан", "ден", "тан", "тен", "нан",
    "нен", "дон", "дөн", "тон", "төн", "мен", "бен", "пен", "дар", "дер", "тар", "тер", "лер", "лор", "лөр",
];

/// Kazakh, Kyrgyz and Turkish: cases after the possessive that ends the head of a body's name (ұйымына, birliğinde). Only after
/// such an ending, and on the last part of a longer name.
const AFTER_POSSESSIVE: &[&str] = &[
    "на",
    "не",
    "но",
    "нө",
    "нда",
    "нде",
    "ндо",
    "ндө",
    "нан",
    "нен",
    "нон",
    "нөн",
    "ндағы",
    "ндегі",
    "ндагы",
    "ндеги",
    "н",
    "мен",
    "nin",
    "nun",
    "ne",
    "na",
    "nde",
    "nda",
    "nden",
    "ndan",
    "ni",
    "nu",
    "ndeki",
    "ndaki",
    "yle",
    "yla",
];

/// How heads with a possessive end, in plain letters.
const POSSESSIVE_HEADS: &[&str] = &[
    "ы", "і", "у", "ү", "еги", "иги", "ети", "ligi", "lugu", "kligi", "si", "su", "eti", "ati", "ezi", "umu", "imi",
    "ugu", "asi", "esi",
];

/// Tajik: the object, and the tie to the next word.
const TAJIK: &[&str] = &["ро", "и", "ҳо"];

/// Turkish, after an apostrophe only.
const TURKISH: &[&str] = &[
    "in", "un", "nin", "nun", "i", "u", "yi", "yu", "a", "e", "ya", "ye", "da", "de", "ta", "te", "dan", "den", "tan",
    "ten", "la", "le", "yla", "yle", "nda", "nde", "ndan", "nden", "na", "ne", "ni", "nu", "ki", "daki", "deki",
    "taki", "teki", "lar", "ler",
];

/// Uzbek suffixes, the others that are looked for on all words, and those that stand after a possessive.
static BY_END: LazyLock<[ByEnd; 3]> = LazyLock::new(|| {
    [ByEnd::new(UZBEK.iter()), ByEnd::new(KAZAKH_KYRGYZ.iter().chain(TAJIK)), ByEnd::new(AFTER_POSSESSIVE.iter())]
});

/// Suffixes by their last two letters: most words end in none of them.
struct ByEnd {
    /// By letter: its number among those that end suffixes, or 0.
    letters: Box<[u8]>,
    /// By the numbers of the last letter and of the one before it.
    suffixes: Vec<Vec<&'static str>>,
    many: usize,
}

impl ByEnd {
    fn new(suffixes: impl Iterator<Item = &'static &'static str> + Clone) -> Self {
        let mut letters = vec![0; 0x500];
        let mut many = 1;
        for c in suffixes.clone().flat_map(|suffix| suffix.chars().rev().take(2)) {
            if let Some(letter @ 0) = letters.get_mut(c as usize) {
                *letter = many;
                many += 1;
            }
        }
        let mut this = Self { letters: letters.into(), suffixes: vec![], many: usize::from(many) };
        this.suffixes = vec![vec![]; this.many * this.many];
        for suffix in suffixes {
            let mut ends = suffix.chars().rev();
            let last = this.many * this.letter(ends.next());
            match ends.next() {
                Some(before) => {
                    let at = last + this.letter(Some(before));
                    this.suffixes[at].push(suffix);
                }
                // Any letter may stand before it.
                None => {
                    for suffixes in &mut this.suffixes[last..last + this.many] {
                        suffixes.push(suffix);
                    }
                }
            }
        }
        this
    }

    fn letter(&self, c: Option<char>) -> usize {
        c.and_then(|c| self.letters.get(c as usize)).map_or(0, |number| usize::from(*number))
    }

    /// Those that a word may end in.
    fn of(&self, word: &str) -> &[&'static str] {
        let mut ends = word.chars().rev();
        self.with(ends.next(), ends.next())
    }

    /// Those that end in a letter with this one before it.
    fn with(&self, last: Option<char>, before: Option<char>) -> &[&'static str] {
        match self.letter(last) {
            0 => &[],
            last => &self.suffixes[self.many * last + self.letter(before)],
        }
    }
}

/// Whether a word without an apostrophe may end in a suffix, by its last two letters.
pub fn may_end(word: &[char]) -> bool {
    let mut ends = word.iter().rev().copied();
    let (last, before) = (ends.next(), ends.next());
    BY_END.iter().any(|suffixes| !suffixes.with(last, before).is_empty())
}

/// How far a suffix may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// On any name.
    Any,
    /// On the last part of a name of several parts.
    Long,
}

/// The most suffixes stacked on one word: `-lar` `-dagi` `-lar` `-ning`.
const STACK_MAX: usize = 4;

/// Calls `visit` with the length of each base (in bytes of `word`, before any apostrophe) that suffixes may follow.
/// `word` is folded (`fold::plain`).
pub fn bases(word: &str, visit: &mut impl FnMut(usize, Trust)) {
    if let Some(at) = word.rfind(fold::APOSTROPHE).filter(|at| *at > 0) {
        let tail = &word[at + 1..];
        if TURKISH.contains(&tail) || stacked(tail, STACK_MAX) {
            visit(at, Trust::Any);
        }
    }
    uzbek(word, STACK_MAX, visit);
    for suffix in BY_END[2].of(word) {
        let Some(base) = word.strip_suffix(suffix).filter(|base| base.chars().nth(3).is_some()) else { continue };
        if POSSESSIVE_HEADS.iter().any(|head| base.ends_with(head)) {
            visit(base.len(), Trust::Long);
        }
    }
    for suffix in BY_END[1].of(word) {
        if let Some(base) = word.strip_suffix(suffix).filter(|base| base.chars().count() >= 4) {
            visit(base.len(), Trust::Long);
        }
    }
}

fn uzbek(word: &str, depth: usize, visit: &mut impl FnMut(usize, Trust)) {
    for suffix in BY_END[0].of(word) {
        let Some(base) = word.strip_suffix(suffix) else { continue };
        if !fits(base, suffix) {
            continue;
        }
        let bare = base.strip_suffix(fold::APOSTROPHE).filter(|bare| !bare.ends_with(['o', 'g'])).unwrap_or(base);
        // One letter is a name only as part of a longer one: the И of Ван И.
        let trust = if bare.chars().nth(1).is_some() { Trust::Any } else { Trust::Long };
        visit(bare.len(), trust);
        if depth > 1 {
            uzbek(bare, depth - 1, visit);
        }
    }
}

/// Whether a base may take a suffix: two letters at least, one before a suffix that is long enough to be told (Ван Ининг, but not
/// Ван Ида), and `-ka`, `-qa` by its last letter.
fn fits(base: &str, suffix: &str) -> bool {
    let bare = base.trim_end_matches(fold::APOSTROPHE);
    let last = bare.chars().next_back();
    (bare.chars().nth(1).is_some() || !bare.is_empty() && suffix.chars().count() >= 3)
        && match suffix.chars().next() {
            Some('k' | 'к') => matches!(last, Some('k' | 'g' | 'к' | 'г')),
            Some('q' | 'қ') => matches!(last, Some('q' | 'қ' | 'ғ')) || base.ends_with("g'"),
            _ => true,
        }
}

/// Whether a word is nothing but suffixes: what may follow a name after a hyphen.
pub fn stacked(word: &str, depth: usize) -> bool {
    UZBEK.iter().any(|suffix| {
        word.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || depth > 1 && stacked(rest, depth - 1))
    })
}

/// Whether a folded word after a hyphen is a suffix of the name before it.
pub fn after_hyphen(word: &str) -> bool {
    stacked(word, STACK_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(word: &str) -> Vec<&str> {
        let mut found = vec![];
        bases(word, &mut |len, _| found.push(&word[..len]));
        found
    }

    #[test]
    fn suffixes_and_their_stacks_come_off() {
        for (word, name) in [
            ("qosimovning", "qosimov"),
            ("qosimovlarga", "qosimov"),
            ("toshkentdagilarning", "toshkent"),
            ("uzmotors'ning", "uzmotors"),
            ("ташкилотининг", "ташкилоти"),
            ("markka", "mark"),
            ("qosimovdek", "qosimov"),
            ("yalin'in", "yalin"),
            ("сәрсеновтің", "сәрсенов"),
            ("раҳмонро", "раҳмон"),
            ("ұйымында", "ұйымы"),
            ("уюмуна", "уюму"),
            ("birligine", "birligi"),
        ] {
            assert!(base(word).contains(&name), "{word}: {:?}", base(word));
        }
    }

    #[test]
    fn other_endings_do_not() {
        assert!(!base("malika").contains(&"mali"));
        assert!(!base("qosimova").contains(&"qosimov"));
        assert!(!base("ивановна").contains(&"иванов"));
        assert!(!base("martine").contains(&"marti"));
        assert!(!base("валентина").contains(&"валенти"));
        assert!(base("ga").is_empty());
    }

    #[test]
    fn a_word_of_suffixes_alone_costs_no_more_than_its_length() {
        let mut count = 0;
        bases(&"da".repeat(200), &mut |_, _| count += 1);
        assert!(count < 100, "{count}");
    }
}
