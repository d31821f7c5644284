//! In: a text, and what its source and its page say of its language. Out: its language (BCP 47), where that can be told.
//! It never reads more than the beginning of a text, and answers nothing rather than guess.

mod model;
mod script;

use crate::model::Article;
use script::Script;

/// A language, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// Its tag (BCP 47), without a script: `uz` in both alphabets.
    pub tag: &'static str,
    /// From 0 to 1: the share of such answers that are right.
    pub sure: f32,
}

/// Bytes of a text that are looked at.
const BYTES_MAX: usize = 4096;
/// Less sure than this is no answer.
const SURE_MIN: f32 = 0.8;

/// The language of a text, `None` where it is too short, or in none of the languages that are known.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    let text = &text[..text.floor_char_boundary(BYTES_MAX)];
    let written = script::of(text)?;
    let alone = |tag, enough| Some((tag, f64::from(written.letters) / f64::from(enough)));
    let (tag, bits) = match written.script {
        // Two characters may be a Japanese word as well.
        Script::Han => alone("zh", 2),
        Script::Kana => alone("ja", 1),
        Script::Hangul => alone("ko", 1),
        Script::Greek => alone("el", 1),
        Script::Hebrew => alone("he", 1),
        Script::Armenian => alone("hy", 1),
        Script::Georgian => alone("ka", 1),
        Script::Thai => alone("th", 1),
        Script::Other => None,
        shared => {
            let said = model::of(shared)?.read(text)?;
            (said.per_letter < PER_LETTER_MAX).then_some((said.tag, said.ahead * WORTH))
        }
    }?;
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let sure = (1.0 / (1.0 + (-bits).exp2())) as f32;
    (sure >= SURE_MIN).then_some(Detected { tag, sure })
}

/// Letters of a word depend on each other, so a bit of theirs is worth less than one.
const WORTH: f64 = 0.3;
/// A text that takes more bits for each letter than this is in none of the languages known.
const PER_LETTER_MAX: f64 = 5.0;
pub fn debug(text: &str) -> String { let w = script::of(text); format!("{:?} {:?}", w, w.and_then(|w| model::of(w.script)).and_then(|m| m.read(text))) }
