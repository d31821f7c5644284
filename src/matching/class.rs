//! What a character is to matching. In: a character. Out: its class. Never a locale, never a guess by context.

use std::sync::LazyLock;

/// The classes of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// A letter or digit of a script that parts words by spaces.
    Word,
    /// Katakana: a run of it is a word, and other scripts beside it are not part of it.
    Kana,
    /// A letter of a script that does not part words: each is a token of its own.
    Single,
    /// A mark that belongs to the letter before it.
    Mark,
    /// Shows nothing: soft hyphen, joiners, zero-width space, bidi marks.
    Invisible,
    /// Any of the marks that are written for an apostrophe.
    Apostrophe,
    Hyphen,
    /// The dot between parts of a foreign name: a space.
    MiddleDot,
    Dot,
    /// `!` `?` `…` and the full stops of other scripts.
    Stop,
    Comma,
    Quote,
    Space,
    Newline,
    /// `&` `/` `+` `@` and their like: kept, since names contain them.
    Symbol,
    /// Colons, brackets, dashes, pictures: no name crosses them.
    Other,
}

/// The class of a character.
#[inline]
pub fn class(c: char) -> Class {
    TABLE.get(c as usize).copied().unwrap_or_else(|| classify(c))
}

/// The classes of the first plane, worked out once: most of matching is asking for them.
static TABLE: LazyLock<Box<[Class]>> =
    LazyLock::new(|| (0..0x1_0000).map(|point| char::from_u32(point).map_or(Class::Other, classify)).collect());

fn classify(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | 'а'..='я' | 'А'..='Я' => Class::Word,
        ' ' | '\t' | '\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Class::Space,
        '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::Newline,
        '.' => Class::Dot,
        ',' | '，' | '、' | '､' | '،' | '﹐' => Class::Comma,
        '!' | '?' | '…' | '。' | '！' | '？' | '｡' | '．' | '؟' | '۔' | '।' | '‼' | '⁇'..='⁉' => {
            Class::Stop
        }
        '\'' | '`' | '´' | '‘' | '’' | '‛' | '′' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ʾ' | 'ʿ' | 'ˈ' | '＇' | '｀' => {
            Class::Apostrophe
        }
        '-' | '‐' | '‑' | '‒' | '–' | '−' | '－' | '﹣' => Class::Hyphen,
        '·' | '・' | '•' | '‧' | '･' | '∙' | '⋅' => Class::MiddleDot,
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '＂' | '「' | '」' | '『' | '』' | '《' | '》' => {
            Class::Quote
        }
        '&' | '+' | '/' | '@' | '#' | '＆' | '＋' => Class::Symbol,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        // The rest of what Unicode calls default ignorable: fillers, shorthand and musical controls, tags, variation selectors.
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{3164}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Class::Invisible,
        'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ' => Class::Kana,
        '々'
        | '〇'
        | 'ぁ'..='ゖ'
        | 'ゝ'..='ゟ'
        | '㐀'..='䶿'
        | '一'..='鿿'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Class::Single,
        'ก'..='ะ' | 'า' | 'ำ' | 'เ'..='ๆ' | '๐'..='๙' => Class::Single,
        'ກ'..='ະ' | 'າ' | 'ຳ' | 'ຽ'..='ໆ' | '໐'..='ໟ' => Class::Single,
        'က'..='ဪ' | 'ဿ'..='၉' | 'ၐ'..='ၕ' | 'ក'..='ឳ' | '០'..='៩' => Class::Single,
        _ if c.is_ascii() => Class::Other,
        _ if unicode_normalization::char::is_combining_mark(c) => Class::Mark,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// Whether the character is a letter or a digit.
#[inline]
pub fn letter(c: char) -> bool {
    matches!(class(c), Class::Word | Class::Kana | Class::Single)
}

/// The first letter of a word that is capital or small, digits passed over: the M of 3M.
pub fn first_cased(word: &str) -> Option<char> {
    word.chars().find(|c| letter(*c) && c.is_alphabetic())
}

/// Whether the character shows nothing: a soft hyphen, a joiner.
pub fn invisible(c: char) -> bool {
    class(c) == Class::Invisible
}

/// Whether the character is one of those that are written for an apostrophe.
pub fn apostrophe(c: char) -> bool {
    class(c) == Class::Apostrophe
}

/// Whether the character is Chinese or Japanese writing without spaces.
pub fn han(c: char) -> bool {
    matches!(c, '々' | '〇' | '㐀'..='䶿' | '一'..='鿿' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the character is Cyrillic.
pub fn cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}')
}

/// Whether the character is a Latin letter, with marks or without.
pub fn latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{c0}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
            && !matches!(c, '×' | '÷')
}
