//! Common words of languages, which make poor names. In: the languages that are read. Out: whether a word is a common one. The
//! lists stand beside this file; data/README.md says where they are from.

use super::fold;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

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
            vocabulary.everywhere.extend(first.split_whitespace().map(folded));
            for word in first.split_whitespace().chain(rest.split_whitespace()) {
                vocabulary.common.entry(folded(word)).or_insert(language);
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

/// Whether a folded word is a common one of Russian.
pub(super) fn russian(word: &str) -> bool {
    static RUSSIAN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let text = COMMON.iter().find(|(language, _)| *language == "ru").map_or("", |(_, text)| *text);
        text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
    });
    RUSSIAN.contains(word)
}

/// As common words are compared: case, width and marks do not count.
pub(super) fn folded(word: &str) -> String {
    fold::plain(&fold::marked(word.trim())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

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
