//! Words of languages: titles, which say that a weak name beside them is a person of state, and common words, which make poor
//! names. In: nothing but the lists beside this file (data/README.md says where they are from). Out: whether a word is one.

use super::fold::fold;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const TITLES: &str = include_str!("data/titles.tsv");

/// By language; what stands above a file's first empty line is in nearly every text.
const COMMON: [(&str, &str); 12] = [
    ("ar", include_str!("data/common/ar.txt")),
    ("de", include_str!("data/common/de.txt")),
    ("en", include_str!("data/common/en.txt")),
    ("fa", include_str!("data/common/fa.txt")),
    ("fr", include_str!("data/common/fr.txt")),
    ("kk", include_str!("data/common/kk.txt")),
    ("ky", include_str!("data/common/ky.txt")),
    ("ru", include_str!("data/common/ru.txt")),
    ("tg", include_str!("data/common/tg.txt")),
    ("tr", include_str!("data/common/tr.txt")),
    ("uz", include_str!("data/common/uz.txt")),
    ("zh", include_str!("data/common/zh.txt")),
];

/// All titles with their language (ISO 639-1), as written: words and phrases; one that ends in `*` is a stem.
pub(super) fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    TITLES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// Whether a folded word is a title of one word.
pub(super) fn is_title(word: &str) -> bool {
    static KNOWN: LazyLock<(HashSet<String>, Vec<String>)> = LazyLock::new(|| {
        let (mut whole, mut stems) = (HashSet::new(), vec![]);
        for (_, text) in titles().filter(|(_, text)| !text.contains(' ')) {
            match text.strip_suffix('*') {
                Some(stem) => stems.push(fold(stem).0),
                None => drop(whole.insert(fold(text).0)),
            }
        }
        (whole, stems)
    });
    let (whole, stems) = &*KNOWN;
    whole.contains(word) || stems.iter().any(|stem| word.starts_with(stem.as_str()))
}

/// The common words of some languages, folded.
pub(super) struct Vocabulary {
    /// With the language in which it is one.
    common: HashMap<String, &'static str>,
    /// Those that stand in nearly every text; in order, so that beginnings can be looked up.
    everywhere: Vec<String>,
    /// Common words of Chinese, in order.
    dense: Vec<&'static str>,
}

impl Vocabulary {
    /// Of these languages (ISO 639-1); `None`: of all that we know.
    pub(super) fn of(languages: Option<&HashSet<&str>>) -> Self {
        let mut vocabulary = Self { common: HashMap::new(), everywhere: vec![], dense: vec![] };
        for (language, text) in COMMON {
            if languages.is_some_and(|wanted| !wanted.contains(language)) {
                continue;
            }
            let words = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
            let (first, rest) = words.split_once("\n\n").unwrap_or(("", &words));
            vocabulary.everywhere.extend(first.split_whitespace().map(|word| fold(word).0));
            for word in first.split_whitespace().chain(rest.split_whitespace()) {
                vocabulary.common.entry(fold(word).0).or_insert(language);
            }
            if language == "zh" {
                vocabulary.dense =
                    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
            }
        }
        vocabulary.everywhere.sort_unstable();
        vocabulary.dense.sort_unstable();
        vocabulary
    }

    /// The language in which a folded word is a common one.
    pub(super) fn common(&self, word: &str) -> Option<&'static str> {
        self.common.get(word).copied()
    }

    /// Whether a folded word stands in nearly every text; `word*`: whether one that begins like it does.
    pub(super) fn is_everywhere(&self, word: &str) -> bool {
        let stem = word.strip_suffix('*').unwrap_or(word);
        let at = self.everywhere.partition_point(|known| known.as_str() < stem);
        let found = self.everywhere.get(at);
        found.is_some_and(|known| if stem == word { known == word } else { known.starts_with(stem) })
    }

    /// A common Chinese word that begins with these characters, or is them.
    pub(super) fn begins(&self, characters: &str) -> Option<&'static str> {
        let at = self.dense.partition_point(|known| *known < characters);
        self.dense.get(at).copied().filter(|known| known.starts_with(characters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_have_a_language_and_stand_there_once() {
        let all: Vec<_> = titles().collect();
        let known: HashSet<_> = all.iter().collect();
        assert!(all.len() > 200 && all.len() == known.len(), "{}", all.len());
        for (language, text) in all {
            assert!(COMMON.iter().any(|(known, _)| *known == language), "{language}");
            assert!(
                !text.trim().is_empty() && text.trim() == text && !text.trim_end_matches('*').contains('*'),
                "{text:?}"
            );
            assert!(text.trim_end_matches('*').chars().count() >= 2, "{text:?}");
        }
    }

    #[test]
    fn a_title_is_known_in_each_of_its_cases_and_a_word_that_begins_alike_is_none() {
        for title in
            ["minister", "министром", "президента", "главы", "vaziri", "вазири", "bakanı", "وزیر", "وزير", "министрі"]
        {
            assert!(is_title(&fold(title).0), "{title}");
        }
        for word in ["ministry", "министерство", "после", "главный", "table", ""] {
            assert!(!is_title(word), "{word}");
        }
    }

    #[test]
    fn each_language_has_common_words_and_some_that_stand_in_every_text() {
        for (language, text) in COMMON {
            let of = Vocabulary::of(Some(&HashSet::from([language])));
            assert!(of.common.len() >= 200, "{language}: {}", of.common.len());
            assert!((15..150).contains(&of.everywhere.len()), "{language}: {}", of.everywhere.len());
            assert!(text.starts_with("# "), "{language} says where it is from");
        }
    }

    #[test]
    fn only_the_languages_that_are_read_count() {
        let german = Vocabulary::of(Some(&HashSet::from(["de"])));
        assert_eq!((german.common("haus"), german.common("house")), (Some("de"), None));
        assert_eq!(Vocabulary::of(None).common("house"), Some("en"));
        assert!(german.is_everywhere("der") && german.is_everywhere("nich*") && !german.is_everywhere("haus"));
    }
}
