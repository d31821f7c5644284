//! Suffixes that follow a name without changing it: Uzbek cases and their stacks, in both alphabets.

/// -ning -ni -ga/-ka/-qa -da -dan -dagi -lar -niki, Latin and Cyrillic.
const SUFFIXES: [&str; 20] = [
    "ning", "niki", "dagi", "dan", "lar", "ni", "ga", "ka", "qa", "da", "нинг", "ники", "даги", "дан", "лар", "ни",
    "га", "ка", "қа", "да",
];

/// Whether a whole token is such a suffix or a stack of them: what stands behind a hyphen or an apostrophe.
pub(super) fn is_stack(word: &str) -> bool {
    word.is_empty() || SUFFIXES.iter().any(|suffix| word.strip_prefix(suffix).is_some_and(is_stack))
}

/// The stems that are left when one, two or three suffixes are taken off the end of a word; no stem of one letter, unless
/// it is a capital (the И of Ван И).
pub(super) fn stems(word: &str) -> Vec<&str> {
    let mut stems = vec![];
    let mut open = vec![word];
    for _ in 0..3 {
        let mut next = vec![];
        for word in open {
            for suffix in SUFFIXES {
                if let Some(stem) = word.strip_suffix(suffix)
                    && (stem.chars().count() >= 2 || stem.chars().all(char::is_uppercase))
                    && !stem.is_empty()
                    && !stems.contains(&stem)
                {
                    stems.push(stem);
                    next.push(stem);
                }
            }
        }
        open = next;
    }
    stems
}
