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
    let mut from = 0;
    strip(word, &mut stems);
    for _ in 1..3 {
        let to = stems.len();
        for at in from..to {
            strip(stems[at], &mut stems);
        }
        from = to;
    }
    stems
}

fn strip<'a>(word: &'a str, stems: &mut Vec<&'a str>) {
    for suffix in SUFFIXES {
        if let Some(stem) = word.strip_suffix(suffix)
            && (stem.chars().nth(1).is_some() || stem.chars().any(char::is_uppercase))
            && !stems.contains(&stem)
        {
            stems.push(stem);
        }
    }
}
