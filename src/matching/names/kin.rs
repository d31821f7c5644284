//! What a word of a person's name tells: a patronymic, a man's or a woman's family name, a given name, pinyin. In: words of names.
//! Out: yes or no, by endings and short lists. Never sure of a name that nobody has seen.

use super::split::Typed;
use crate::matching::fold;
use std::collections::HashSet;
use std::sync::LazyLock;

pub fn particle(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "ul"
            | "ad"
            | "as"
            | "ar"
            | "an"
            | "at"
            | "az"
            | "de"
            | "da"
            | "di"
            | "du"
            | "la"
            | "le"
            | "bin"
            | "ibn"
            | "аль"
            | "де"
            | "эль"
    )
}

/// Whether a folded word is a patronymic in its first form.
pub fn patronymic(word: &str) -> bool {
    russian_patronymic(word)
        || (word.len() > 5
            && ["ovich", "evich", "ovna", "evna", "ichna", "yevich", "yevna"].iter().any(|end| word.ends_with(end)))
}

pub fn russian_patronymic(word: &str) -> bool {
    word.chars().count() > 5
        && ["ович", "евич", "овна", "евна", "ична", "ьич", "мич", "тич", "кич"].iter().any(|end| word.ends_with(end))
}

/// Whether a folded word of a text is a patronymic in any case.
pub fn patronymic_form(word: &str) -> bool {
    const CASES: &[&str] = &["ович", "евич", "ьич", "овн", "евн", "ичн", "ovich", "evich", "ovna", "evna", "ichna"];
    CASES.iter().any(|stem| word.find(stem).is_some_and(|at| at >= 3 && word[at + stem.len()..].chars().count() <= 2))
}

/// The word after the father's name: o'g'li, qizi, уулу, кызы.
pub fn son_of(word: &str) -> bool {
    matches!(
        word,
        "o'g'li"
            | "ogli"
            | "ugli"
            | "o'gli"
            | "qizi"
            | "kizi"
            | "uulu"
            | "kyzy"
            | "ўғли"
            | "қизи"
            | "уулу"
            | "кызы"
            | "оглы"
            | "улы"
            | "ұлы"
            | "қызы"
    )
}

pub fn womans_family(word: &str) -> bool {
    ["ова", "ева", "ина", "ына", "ская", "цкая", "ая", "яя"].iter().any(|end| word.ends_with(end))
        && word.chars().count() > 4
}

pub fn mans_family(word: &str) -> bool {
    ["ов", "ев", "ин", "ын", "ский", "цкий", "ый", "ой"].iter().any(|end| word.ends_with(end))
}

/// Men's names that end as women's do.
const MEN: &[&str] = &[
    "никита",
    "илья",
    "кузьма",
    "фома",
    "лука",
    "савва",
    "данила",
    "гаврила",
    "добрыня",
    "мустафа",
    "муса",
    "иса",
    "абдулла",
    "юра",
    "дима",
    "леша",
    "миша",
    "коля",
    "ваня",
    "петя",
    "вася",
    "костя",
    "сережа",
    "паша",
    "гоша",
    "хамза",
    "муртаза",
    "зия",
    "яхья",
    "эчика",
    "лула",
    "барака",
    "мирза",
    "реза",
    "али",
    "кая",
];

pub fn male(given: &Typed, patronymic: Option<&Typed>, family: &Typed) -> bool {
    if let Some(patronymic) = patronymic.filter(|p| russian_patronymic(&p.marked)) {
        return patronymic.marked.ends_with('ч');
    }
    if womans_family(&family.marked) && given.marked.ends_with(['а', 'я', 'ь']) && !MEN.contains(&&*given.marked)
        || womans_family(&family.marked) && given.initial
    {
        return false;
    }
    if mans_family(&family.marked) {
        return true;
    }
    if womans_family(&family.marked) {
        return false;
    }
    !given.marked.ends_with(['а', 'я']) && !matches!(&*given.marked, "любовь" | "нинель" | "юдифь" | "эсфирь")
        || MEN.contains(&&*given.marked)
}

/// Chinese family names of two characters.
pub const COMPOUND_HAN: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "长孙", "宇文",
];

static EASTERN: LazyLock<(HashSet<&str>, HashSet<&str>)> = LazyLock::new(|| {
    let mut lines = include_str!("../data/eastern_families.txt").lines().filter(|line| !line.starts_with('#'));
    let mut set = || lines.next().unwrap_or_default().split_whitespace().collect();
    (set(), set())
});

pub fn eastern_cyrillic(word: &str) -> bool {
    EASTERN.1.contains(word)
}

/// Whether a name in Latin is a Chinese one: a known family name and syllables of pinyin after it.
pub fn pinyin(parts: &[Vec<&Typed>]) -> bool {
    parts.len() == 2
        && parts[0].len() == 1
        && EASTERN.0.contains(&*parts[0][0].marked)
        && parts[1].iter().all(|word| syllables(&word.marked, 3))
}

/// Whether a word is one to `most` syllables of pinyin.
pub fn syllables(word: &str, most: usize) -> bool {
    const INITIALS: &[&str] = &[
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s",
        "y", "w", "",
    ];
    const FINALS: &[&str] = &[
        "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "van", "ai", "an", "ao", "ei",
        "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "o", "u",
    ];
    if word.is_empty() || most == 0 {
        return false;
    }
    INITIALS.iter().filter_map(|initial| word.strip_prefix(initial)).any(|rest| {
        FINALS.iter().filter_map(|end| rest.strip_prefix(end)).any(|rest| rest.is_empty() || syllables(rest, most - 1))
    })
}

/// Whether a word of a text is a common given name.
pub fn given(surface: &str) -> bool {
    static GIVEN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let lines = include_str!("../data/given_names.txt").lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    });
    let marked = fold::marked(surface);
    GIVEN.contains(&*fold::plain(&marked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_is_told_from_english() {
        for (word, yes) in [("yimin", true), ("jinping", true), ("brown", false), ("smith", false), ("min", true)] {
            assert_eq!(syllables(word, 3), yes, "{word}");
        }
    }
}
