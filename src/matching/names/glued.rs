//! What is written onto a word and is none of it: Arabic and, so, by, to, like; Korean particles; the cases of a Russian acronym.
//! In: a word of a text. Out: what may be left without it. Never a claim that a name stands there.

use crate::matching::class;
use crate::matching::vocabulary::How;

/// A word without what is written onto it.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    pub word: String,
    /// Bytes of the token before the word, and after it; where they are 0, the whole token is the hit.
    pub head: usize,
    pub tail: usize,
    pub how: How,
}

/// The words that a text's word may be.
pub fn pieces(surface: &str) -> Vec<Piece> {
    match surface.chars().next() {
        Some('\u{620}'..='\u{6d3}') => arabic(surface),
        Some('\u{ac00}'..='\u{d7a3}') => korean(surface),
        Some(c) if class::cyrillic(c) && c.is_uppercase() => acronym(surface).into_iter().collect(),
        _ => vec![],
    }
}

/// What may stand behind و ف ب ل ك and two of them; للأمم is ل and الأمم.
fn arabic(surface: &str) -> Vec<Piece> {
    let mut found = vec![];
    let and = surface.strip_prefix(['و', 'ف']);
    found.extend(and.and_then(|rest| behind(rest, surface)));
    for rest in [Some(surface), and].into_iter().flatten() {
        found.extend(rest.strip_prefix(['ب', 'ل', 'ك']).and_then(|rest| behind(rest, surface)));
        if let Some(rest) = rest.strip_prefix("لل").filter(|rest| rest.chars().nth(1).is_some()) {
            found.push(Piece { word: format!("ال{rest}"), head: 0, tail: 0, how: How::Whole });
        }
    }
    found
}

fn behind(word: &str, surface: &str) -> Option<Piece> {
    // With the article or with five letters it is no chance; وليد is a name of its own, and no ليد.
    let sure = word.starts_with("ال") && word.chars().nth(3).is_some() || word.chars().nth(4).is_some();
    let how = if sure { How::Whole } else { How::Clitic };
    word.chars().nth(2).is_some().then(|| Piece {
        word: word.to_string(),
        head: surface.len() - word.len(),
        tail: 0,
        how,
    })
}

/// Korean particles, those with more letters first.
const PARTICLES: &[&str] = &[
    "으로부터",
    "에게서",
    "에서는",
    "에서도",
    "이라고",
    "으로는",
    "에게는",
    "로부터",
    "께서는",
    "까지",
    "부터",
    "에서",
    "에게",
    "에는",
    "에도",
    "으로",
    "라고",
    "처럼",
    "보다",
    "한테",
    "께서",
    "이나",
    "마저",
    "조차",
    "과의",
    "와의",
    "만의",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "로",
    "만",
    "께",
];

fn korean(surface: &str) -> Vec<Piece> {
    let bases = PARTICLES.iter().filter_map(|particle| surface.strip_suffix(particle));
    let bases = bases.filter(|base| base.chars().nth(1).is_some());
    let piece = |base: &str| Piece {
        word: base.to_string(),
        head: 0,
        tail: surface.len() - base.len(),
        // Nothing follows a particle, as nothing of a name follows a possessive.
        how: How::Possessive,
    };
    bases.map(piece).collect()
}

/// The cases of an acronym, to look at: `МИДа`, `МИДу`.
pub fn declined(acronym: &str) -> Vec<String> {
    let forms = ["а", "у", "ом", "е"].map(|ending| format!("{acronym}{ending}"));
    forms.into_iter().filter(|form| self::acronym(form).is_some()).collect()
}

/// `МИДа`, `ТАССом`: capitals, the last of them no vowel, and a small ending.
fn acronym(surface: &str) -> Option<Piece> {
    const ENDINGS: &[&str] = &["а", "у", "ом", "ем", "е", "ы", "и", "ов", "ам", "ами", "ах"];
    let small = surface.char_indices().find(|(_, c)| !c.is_uppercase()).map(|(at, _)| at)?;
    let (base, ending) = surface.split_at(small);
    let cyrillic = base.chars().all(class::cyrillic);
    let consonant = cyrillic && !base.ends_with(['А', 'Е', 'И', 'О', 'У', 'Ы', 'Э', 'Ю', 'Я']);
    let many = (2..=6).contains(&base.chars().count());
    (many && consonant && ENDINGS.contains(&ending)).then(|| Piece {
        word: base.to_string(),
        head: 0,
        tail: 0,
        how: How::Acronym,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_onto_a_word_comes_off() {
        let words = |surface| pieces(surface).into_iter().map(|piece| piece.word).collect::<Vec<_>>();
        assert_eq!(words("وسالم"), ["سالم"]);
        assert_eq!(words("للأمم"), ["لأمم", "الأمم"]);
        assert_eq!(words("وبالأمم"), ["بالأمم", "الأمم"]);
        assert_eq!(words("ولي"), Vec::<String>::new());
        assert_eq!(words("유엔에서는"), ["유엔", "유엔에서"]);
        assert_eq!(words("МИДом"), ["МИД"]);
        for word in ["Lima", "НАТОм", "МИДовец", "Мида", "МИДА"] {
            assert!(words(word).is_empty(), "{word}");
        }
        assert!(!pieces("وليد").iter().any(|piece| piece.how == How::Whole), "a given name of its own");
    }
}
