//! In: a text. Out: the script that it is written in, and its letters, small and without their marks of reading.
//! It never knows a language.

/// A script that a text of the wires may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Han,
    /// Hiragana and katakana, which Japanese mixes with Han.
    Kana,
    Hangul,
    Greek,
    Hebrew,
    Armenian,
    Georgian,
    Thai,
    /// Any other.
    Other,
}

const SCRIPTS: usize = Script::Other as usize + 1;

/// What a text is written in, and how many letters of that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) script: Script,
    pub(super) letters: u32,
    /// Letters of each script, in the order of [`Script`].
    counts: [u32; SCRIPTS],
}

impl Written {
    /// The share of its letters, in hundredths, that are of the given scripts.
    pub(super) fn share(&self, scripts: &[Script]) -> u32 {
        let of: u32 = scripts.iter().map(|script| self.counts[*script as usize]).sum();
        of * 100 / self.counts.iter().sum::<u32>().max(1)
    }
}

/// The script of most of a text, `None` where it has no letters.
///
/// Names of firms and things stand in Latin in every language, so a Latin letter counts half; a Han character is half a word.
/// A tenth of kana among Han is Japanese: a Chinese text has at most an ornament of it.
pub(super) fn of(text: &str) -> Option<Written> {
    let mut counts = [0u32; SCRIPTS];
    for c in text.chars() {
        if let Sign::Letter(script, _) = sign(c) {
            counts[script as usize] += 1;
        }
    }
    let (han, kana) = (counts[Script::Han as usize], counts[Script::Kana as usize]);
    if kana * 10 >= han + kana {
        counts[Script::Kana as usize] += std::mem::take(&mut counts[Script::Han as usize]);
    }
    let weight = |script: Script| match script {
        Script::Latin => 1,
        Script::Han | Script::Kana | Script::Hangul => 5,
        _ => 2,
    };
    let scripts = ALL.iter().copied();
    let script = scripts.max_by_key(|script| counts[*script as usize] * weight(*script))?;
    let letters = counts[script as usize];
    (letters > 0).then_some(Written { script, letters, counts })
}

const ALL: [Script; SCRIPTS] = [
    Script::Latin,
    Script::Cyrillic,
    Script::Arabic,
    Script::Han,
    Script::Kana,
    Script::Hangul,
    Script::Greek,
    Script::Hebrew,
    Script::Armenian,
    Script::Georgian,
    Script::Thai,
    Script::Other,
];

/// What a character is to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A letter, small.
    Letter(Script, char),
    /// An apostrophe, which is a letter where it stands between two: `o‘zbek`, `l’eau`, `п'ять`.
    Apostrophe,
    /// A mark that changes no letter here: vowel signs, stress, tatweel.
    Mark,
    /// Anything else: it parts words. The joiner of Persian is one, as it parts a word from its ending.
    Gap,
}

#[inline]
pub(super) fn sign(c: char) -> Sign {
    let script = match c {
        'a'..='z' => return Sign::Letter(Script::Latin, c),
        'A'..='Z' => return Sign::Letter(Script::Latin, c.to_ascii_lowercase()),
        '\'' | '`' | '´' | '\u{2bb}'..='\u{2bd}' | '‘' | '’' | '‛' | '′' => return Sign::Apostrophe,
        '\0'..='\u{bf}' | '×' | '÷' => return Sign::Gap,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => return Sign::Letter(Script::Latin, small(c)),
        '\u{430}'..='\u{45f}' => return Sign::Letter(Script::Cyrillic, c),
        '\u{410}'..='\u{42f}' => return Sign::Letter(Script::Cyrillic, char::from_u32(c as u32 + 0x20).unwrap_or(c)),
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => return Sign::Mark,
        '\u{370}'..='\u{3ff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => return Sign::Letter(Script::Cyrillic, small(c)),
        '\u{531}'..='\u{587}' => Script::Armenian,
        '\u{5d0}'..='\u{5f2}' => Script::Hebrew,
        '\u{620}'..='\u{64a}'
        | '\u{66e}'..='\u{6d3}'
        | '\u{6d5}'
        | '\u{6ee}'
        | '\u{6ef}'
        | '\u{6fa}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}' => Script::Arabic,
        '\u{e01}'..='\u{e4e}' => Script::Thai,
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Script::Georgian,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
        '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' => Script::Kana,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
            Script::Han
        }
        _ if c.is_alphabetic() => Script::Other,
        _ => return Sign::Gap,
    };
    Sign::Letter(script, c)
}

/// Its small letter; of İ, which becomes two characters, the i.
fn small(c: char) -> char {
    match c {
        'à'..='ÿ' => c,
        // Here each small letter, of an odd number, follows its capital.
        'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' => char::from_u32(c as u32 | 1).unwrap_or(c),
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Tells each word of a text that is written in `script`: its letters, at most [`WORD_LETTERS_MAX`] of them.
pub(super) fn words(text: &str, script: Script, mut each: impl FnMut(&[char])) {
    let mut word = ['\0'; WORD_LETTERS_MAX];
    let (mut length, mut apostrophe) = (0, false);
    for c in text.chars() {
        match sign(c) {
            Sign::Letter(of, letter) if of == script => {
                for letter in apostrophe.then_some('\'').into_iter().chain([letter]) {
                    if length < WORD_LETTERS_MAX {
                        word[length] = letter;
                        length += 1;
                    }
                }
                apostrophe = false;
            }
            Sign::Apostrophe if length > 0 && !apostrophe => apostrophe = true,
            Sign::Mark => {}
            _ => {
                if length > 0 {
                    each(&word[..length]);
                }
                (length, apostrophe) = (0, false);
            }
        }
    }
    if length > 0 {
        each(&word[..length]);
    }
}

/// Letters of a word that are looked at.
const WORD_LETTERS_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str, script: Script) -> Vec<String> {
        let mut found = vec![];
        words(text, script, |word| found.push(word.iter().collect()));
        found
    }

    #[test]
    fn a_text_is_written_in_the_script_of_its_words_not_of_its_brands() {
        let script = |text| of(text).map(|written| written.script);
        assert_eq!(script("iPhone 17 Pro Max: дата выхода"), Some(Script::Cyrillic));
        assert_eq!(script("Xi Jinping (习近平) visits Tashkent"), Some(Script::Latin));
        assert_eq!(script("OpenAI发布新模型"), Some(Script::Han));
        assert_eq!(script("首相が訪問した"), Some(Script::Kana));
        assert_eq!(script("12 345 — 67 %"), None);
    }

    #[test]
    fn an_apostrophe_is_a_letter_between_letters_only() {
        assert_eq!(words_of("‘Oʻzbek’ o’zi: l'eau", Script::Latin), ["o'zbek", "o'zi", "l'eau"]);
        assert_eq!(words_of("ТОШКЕНТ шаҳри, IT", Script::Cyrillic), ["тошкент", "шаҳри"]);
    }

    #[test]
    fn small_letters_are_those_of_unicode() {
        let letters = ('\u{41}'..='\u{52f}').chain('\u{1e00}'..='\u{1eff}');
        for (c, letter) in letters.filter_map(|c| match sign(c) {
            Sign::Letter(Script::Latin | Script::Cyrillic, letter) => Some((c, letter)),
            _ => None,
        }) {
            assert_eq!(Some(letter), c.to_lowercase().next(), "{c}");
        }
    }

    #[test]
    fn all_scripts_are_in_their_place() {
        assert!(ALL.iter().enumerate().all(|(at, script)| *script as usize == at));
    }
}
