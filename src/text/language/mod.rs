//! In: a text, and what its source and its page say of its language. Out: its language (BCP 47), where that can be told.
//! It never reads more than the beginning of a text, and answers nothing rather than guess.

mod forms;
mod model;
mod script;
#[cfg(test)]
mod tests;

pub use forms::Forms;

use crate::model::Article;
use script::{Script, Written};

/// A language, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// Its tag (BCP 47), without a script: `uz` in both alphabets.
    pub tag: &'static str,
    /// From 0.8 to 1: the chance that it is right, were each language as likely.
    pub sure: f32,
}

/// Gives an article its language: see [`choose`]. `configured` is its source's, as its user wrote it.
pub fn settle(article: &mut Article, configured: Option<&str>) {
    article.language = choose(configured, article.language.as_deref(), &beginning(&article.title, &article.text));
}

/// What is looked at of an article: its title and its text, as far as [`detect`] reads.
#[must_use]
pub fn beginning(title: &str, text: &str) -> String {
    beginning_of(&[beginning_of(title), "\n", beginning_of(text)].concat()).to_string()
}

/// The language of a text: the word of its source's user; else what its page or feed says (`stated`), where the text does not gainsay that;
/// else what is detected.
///
/// Templates say `en` of whatever stands in them. So a text loses its stated language where it is in another script, or where it
/// is long and spelled far better in another language, and what it is instead is sure.
#[must_use]
pub fn choose(configured: Option<&str>, stated: Option<&str>, text: &str) -> Option<String> {
    if configured.is_some() {
        return configured.map(ToString::to_string);
    }
    // Tags that state nothing (ISO 639-2).
    let stated = stated.filter(|tag| !matches!(*tag, "" | "und" | "mul" | "mis" | "zxx"));
    if let Some(stated) = stated.filter(|stated| stands(stated, text)) {
        return Some(stated.to_string());
    }
    // Half as much shows whether it gainsays what is stated.
    let found = read(if stated.is_some() { &text[..text.floor_char_boundary(BYTES_MAX / 2)] } else { text });
    match (stated, found) {
        (Some(stated), Some(found)) if !found.gainsays(stated) => Some(stated.to_string()),
        (Some(stated), None) => Some(stated.to_string()),
        (_, found) => found.map(|found| found.detected.tag.to_string()),
    }
}

/// Whether a stated language stands whatever the text says: in its own script nothing shorter gainsays it.
fn stands(stated: &str, text: &str) -> bool {
    let Some(written) = script::of(beginning_of(text)) else { return true };
    let (_, scripts) = named(stated);
    scripts.is_none_or(|scripts| scripts.contains(&written.script) && written.letters < CONTRADICTS_LETTERS)
}

/// The language that a tag names, and the scripts that it is written in, where both are known.
fn named(tag: &str) -> (String, Option<&'static [Script]>) {
    let mut subtags = tag.split(['-', '_']);
    let language = subtags.next().unwrap_or_default().to_ascii_lowercase();
    let scripts = subtags.find_map(script_of_subtag).or_else(|| scripts_of(&language));
    (language, scripts)
}

/// The language of a text, `None` where it is too short, or in none of the languages that are known.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    read(text).map(|found| found.detected)
}

/// Bytes of a text that are looked at.
const BYTES_MAX: usize = 2048;
/// Less sure than this is no answer.
const SURE_MIN: f32 = 0.8;
/// Letters of a word depend on each other, so a bit of theirs is worth less than one.
const WORTH: f64 = 0.5;
/// A text that takes more bits than this for each letter, and for its names so many more, is in none of the languages known:
/// measured, what is known takes 3.0 to 4.0 in paragraphs, Finnish or Vietnamese 4.4 and more in the best of them.
const PER_LETTER_MAX: f64 = 4.05;
const NAMES_MAX: f64 = 20.0;

/// A detected language with what spoke for it.
struct Found {
    detected: Detected,
    written: Written,
    /// Bits that the next best language of the same script takes more.
    ahead: f64,
}

fn beginning_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(BYTES_MAX)]
}

fn read(text: &str) -> Option<Found> {
    let text = beginning_of(text);
    let written = script::of(text)?;
    let (tag, ahead) = match alone(written.script) {
        Some((tag, bits)) => (tag, bits * f64::from(written.letters)),
        None => {
            let said = model::of(written.script)?.read(text)?;
            let bits_max = PER_LETTER_MAX * f64::from(said.letters) + NAMES_MAX;
            (said.bits < bits_max).then_some((said.tag, said.ahead))?
        }
    };
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let sure = (1.0 / (1.0 + (-ahead * WORTH).exp2())) as f32;
    (sure >= SURE_MIN).then_some(Found { detected: Detected { tag, sure }, written, ahead })
}

/// The language that has a script to itself, and the bits that each letter is worth.
/// Two or three Han characters may be a Japanese word as well.
fn alone(script: Script) -> Option<(&'static str, f64)> {
    match script {
        Script::Han => Some(("zh", 1.1)),
        Script::Kana => Some(("ja", 2.0)),
        Script::Hangul => Some(("ko", 2.0)),
        Script::Greek => Some(("el", 2.0)),
        Script::Hebrew => Some(("he", 2.0)),
        Script::Armenian => Some(("hy", 2.0)),
        Script::Georgian => Some(("ka", 2.0)),
        Script::Thai => Some(("th", 2.0)),
        Script::Latin | Script::Cyrillic | Script::Arabic | Script::Other => None,
    }
}

/// So sure must be what contradicts a page.
const CONTRADICTS_SURE: f32 = 0.95;
/// Of a text in another script, at most this share (in hundredths) may be in the script of the stated language.
const SCRIPT_SHARE_MAX: u32 = 20;
/// In its own script, a text is held against what its page says from this length on, and loses it by so many bits.
const CONTRADICTS_LETTERS: u32 = 200;
const CONTRADICTS_BITS: f64 = 100.0;

impl Found {
    /// Whether the text cannot be in the language that was stated.
    fn gainsays(&self, stated: &str) -> bool {
        let (language, Some(scripts)) = named(stated) else { return false };
        if self.detected.sure < CONTRADICTS_SURE {
            return false;
        }
        if !scripts.contains(&self.written.script) {
            return self.written.share(scripts) <= SCRIPT_SHARE_MAX;
        }
        self.detected.tag != language
            && self.written.letters >= CONTRADICTS_LETTERS
            && self.ahead >= CONTRADICTS_BITS
            && model::of(self.written.script).is_some_and(|model| model.knows(&language))
    }
}

/// The scripts that a subtag names (ISO 15924).
fn script_of_subtag(subtag: &str) -> Option<&'static [Script]> {
    Some(match subtag.to_ascii_lowercase().as_str() {
        "latn" => &[Script::Latin],
        "cyrl" => &[Script::Cyrillic],
        "arab" => &[Script::Arabic],
        "hans" | "hant" | "hani" => &[Script::Han],
        _ => return None,
    })
}

/// The scripts that a language is written in, `None` of one that is not known here.
fn scripts_of(language: &str) -> Option<&'static [Script]> {
    Some(match language {
        "en" | "de" | "fr" | "es" | "it" | "pt" | "nl" | "pl" | "cs" | "sk" | "sl" | "hr" | "ro" | "hu" | "sv"
        | "da" | "no" | "nb" | "nn" | "fi" | "et" | "lv" | "lt" | "tr" | "id" | "ms" | "vi" | "sq" | "ca" => {
            &[Script::Latin]
        }
        "ru" | "uk" | "be" | "bg" | "mk" | "ba" | "cv" | "mn" => &[Script::Cyrillic],
        "az" | "uz" | "tk" | "kk" | "ky" | "tg" | "tt" | "kaa" => &[Script::Latin, Script::Cyrillic, Script::Arabic],
        "sr" | "bs" | "crh" => &[Script::Latin, Script::Cyrillic],
        "ar" | "fa" | "prs" | "ur" | "ps" | "ckb" | "ug" => &[Script::Arabic],
        "ku" => &[Script::Latin, Script::Arabic],
        "zh" => &[Script::Han],
        "ja" => &[Script::Kana, Script::Han],
        "ko" => &[Script::Hangul, Script::Han],
        "el" => &[Script::Greek],
        "he" => &[Script::Hebrew],
        "hy" => &[Script::Armenian],
        "ka" => &[Script::Georgian],
        "th" => &[Script::Thai],
        _ => return None,
    })
}
