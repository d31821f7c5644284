//! What a word of a person's name tells: a patronymic, a man's or a woman's family name, a given name, pinyin. In: words of names.
//! Out: yes or no, by endings and short lists. Never sure of a name that nobody has seen.

use super::split::Typed;
use crate::matching::fold;
use crate::matching::token::Gap;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a folded word is the part of a family name that stands before its main word, and keeps no case: al, von, de.
pub fn particle(word: &str) -> bool {
    article(word)
        || matches!(
            word,
            "von"
                | "van"
                | "der"
                | "den"
                | "dos"
                | "das"
                | "del"
                | "della"
                | "zu"
                | "zur"
                | "ter"
                | "ten"
                | "ibn"
                | "bin"
                | "bint"
                | "фон"
                | "ван"
                | "дер"
                | "ден"
                | "де"
                | "ла"
                | "да"
                | "ди"
                | "дю"
                | "дос"
                | "ибн"
                | "бин"
                | "бен"
                | "de"
                | "da"
                | "di"
                | "du"
                | "la"
                | "le"
        )
}

/// Whether a folded word is the Arabic article, which is written with a hyphen, with a space, or left out.
pub fn article(word: &str) -> bool {
    matches!(word, "al" | "el" | "ul" | "ad" | "as" | "ar" | "an" | "at" | "az" | "аль" | "эль" | "ад" | "ас" | "ар")
}

/// Whether a folded word after a family name tells one bearer from another: Jr., III.
pub fn generation(word: &str) -> bool {
    matches!(word, "jr" | "sr" | "ii" | "iii" | "iv" | "мл" | "ст" | "младший" | "старший")
}

/// Women's names of other languages that do not end as Russian ones do.
const WOMEN: &[&str] = &[
    "хиллари",
    "кристин",
    "элизабет",
    "джилл",
    "кейт",
    "нэнси",
    "мэри",
    "маргарет",
    "элис",
    "эмили",
    "софи",
    "каролин",
    "жаклин",
    "марин",
    "сьюзен",
    "сюзан",
    "джейн",
    "энн",
    "анн",
    "хелен",
    "рэйчел",
    "санаэ",
    "юрико",
    "изабель",
    "сеголен",
    "катрин",
    "кэтрин",
    "бриджит",
    "брижит",
    "шарлотт",
    "джудит",
    "эстер",
    "рут",
    "ингрид",
    "астрид",
    "аннегрет",
    "эдит",
    "дорис",
    "ирен",
    "элен",
    "дженнифер",
    "меган",
    "мередит",
    "вики",
    "айгуль",
    "гузаль",
    "мехрибан",
    "нигяр",
    "зейнеп",
    "мишель",
    "николь",
    "рашель",
    "ивонн",
    "симон",
    "мирей",
    "беназир",
];

/// Whether a folded word is a patronymic in its first form.
pub fn patronymic(word: &str) -> bool {
    russian_patronymic(word)
        || (word.len() > 5
            && ["ovich", "evich", "ovna", "evna", "ichna", "yevich", "yevna"].iter().any(|end| word.ends_with(end)))
}

pub fn russian_patronymic(word: &str) -> bool {
    // Ильич and Лукич are the shortest.
    word.chars().count() > 4
        && ["ович", "евич", "овна", "евна", "ична", "ьич", "мич", "тич", "кич"].iter().any(|end| word.ends_with(end))
}

/// Whether a folded word of a text is a patronymic in any case.
pub fn patronymic_form(word: &str) -> bool {
    const CASES: &[&str] =
        &["ович", "евич", "ьич", "мич", "тич", "кич", "овн", "евн", "ичн", "ovich", "evich", "ovna", "evna", "ichna"];
    let mut ends = word.char_indices().rev().map(|(at, _)| at);
    let ends = [Some(word.len()), ends.next(), ends.next()];
    ends.into_iter()
        .flatten()
        .any(|end| CASES.iter().any(|stem| word[..end].strip_suffix(stem).is_some_and(|father| father.len() >= 3)))
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
            | "оглу"
            | "угли"
            | "гызы"
            | "улы"
            | "уулы"
            | "oğlu"
            | "oglu"
            | "oglou"
            | "qızı"
            | "gyzy"
            | "kyzi"
            | "uly"
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
];

pub fn male(given: &Typed, patronymic: Option<&Typed>, family: &Typed) -> bool {
    if let Some(patronymic) = patronymic.filter(|p| russian_patronymic(&p.marked)) {
        return patronymic.marked.ends_with('ч');
    }
    if WOMEN.contains(&&*given.marked) {
        return false;
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

/// Korean family names in Latin.
const KOREAN: &[&str] = &[
    "kim", "lee", "park", "pak", "choi", "choe", "jung", "jeong", "chung", "kang", "cho", "jo", "yoon", "yun", "jang",
    "chang", "lim", "im", "rim", "han", "shin", "sin", "seo", "suh", "kwon", "hwang", "ahn", "an", "song", "hong",
    "ban", "moon", "mun", "ri", "yi", "rhee", "ryu", "yoo", "yu", "ko", "koh", "bae", "baek", "paek", "noh", "roh",
    "ro", "nam", "oh", "o", "cha", "hyun", "hyon", "thae", "tae", "so", "no",
];

/// Whether a name in Latin is a Korean one: a known family name, and two syllables that a hyphen ties.
pub fn korean(parts: &[Vec<&Typed>]) -> bool {
    let [family, given] = parts else { return false };
    family.len() == 1
        && KOREAN.contains(&&*family[0].marked)
        && given.len() == 2
        && given.iter().all(|word| korean_syllable(&word.marked))
}

/// Whether typed words are a Korean name whose given name is written with a space: Kim Jong Un.
pub fn korean_in_three(words: &[Typed]) -> bool {
    let [family, given @ ..] = words else { return false };
    given.len() == 2
        && KOREAN.contains(&&*family.marked)
        && given.iter().all(|word| word.gap == Gap::Space && korean_syllable(&word.marked))
}

/// Whether a folded word is one syllable of Korean in Latin: jong, un, suk, yeol.
fn korean_syllable(word: &str) -> bool {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let begin =
        ["ch", "kw", "hw", "gw", "j", "k", "g", "s", "sh", "m", "n", "h", "d", "t", "p", "b", "r", "l", "y", "w", ""];
    word.len() <= 6
        && begin.iter().filter_map(|begin| word.strip_prefix(begin)).any(|rest| {
            let end = rest.trim_start_matches(|c| vowel(c) || matches!(c, 'y' | 'w'));
            let vowels = rest.len() - end.len();
            (1..=3).contains(&vowels)
                && rest.starts_with(|c| vowel(c) || matches!(c, 'y' | 'w'))
                && matches!(end, "" | "n" | "ng" | "k" | "g" | "l" | "m" | "p" | "b" | "h" | "t" | "r")
        })
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
