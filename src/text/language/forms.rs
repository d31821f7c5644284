//! In which scripts names are written, and in which languages are. In: names, a language. Out: whether a text in that language can
//! have one of the names as it is written. It knows no name and transcribes none.

use super::script::{Script, Sign, sign};

/// The scripts of some names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forms(u16);

impl Forms {
    /// Adds the scripts that a name is written in.
    pub fn add(&mut self, name: &str) {
        if name.is_ascii() && self.has(Script::Latin) {
            return;
        }
        for c in name.chars() {
            if let Sign::Letter(script, _) = sign(c) {
                self.0 |= 1 << script as u16;
            }
        }
    }

    /// Whether a text in the language (BCP 47) may be in one of the scripts; of a language that nobody knows, yes.
    #[must_use]
    pub fn reach(self, language: &str) -> bool {
        scripts(language).iter().any(|script| self.has(*script))
    }

    fn has(self, script: Script) -> bool {
        self.0 & (1 << script as u16) != 0
    }
}

/// The scripts that a language is written in by the wires.
fn scripts(language: &str) -> &'static [Script] {
    let mut parts = language.split(['-', '_']);
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    match parts.find(|part| part.len() == 4).map(str::to_ascii_lowercase).as_deref() {
        Some("latn") => return &[Script::Latin],
        Some("cyrl") => return &[Script::Cyrillic],
        Some("arab") => return &[Script::Arabic],
        _ => {}
    }
    match primary.as_str() {
        "ru" | "uk" | "be" | "bg" | "mk" | "ky" | "tg" | "mn" | "ba" | "cv" | "os" | "ab" | "ce" => &[Script::Cyrillic],
        "uz" | "kk" | "sr" | "tt" | "az" | "tk" | "kaa" | "bs" => &[Script::Cyrillic, Script::Latin],
        "ar" | "fa" | "prs" | "ur" | "ps" | "ckb" | "sd" | "ug" => &[Script::Arabic],
        "zh" | "yue" | "wuu" => &[Script::Han],
        "ja" => &[Script::Han, Script::Kana],
        "ko" => &[Script::Hangul],
        "el" => &[Script::Greek],
        "he" | "iw" | "yi" => &[Script::Hebrew],
        "hy" => &[Script::Armenian],
        "ka" => &[Script::Georgian],
        "th" => &[Script::Thai],
        "hi" | "bn" | "ta" | "te" | "mr" | "ne" | "gu" | "kn" | "ml" | "pa" | "si" | "my" | "km" | "lo" | "am"
        | "bo" => &[Script::Other],
        _ => &[Script::Latin],
    }
}

#[cfg(test)]
mod tests {
    use super::Forms;

    #[test]
    fn a_language_is_reached_by_a_name_in_its_script() {
        let mut forms = Forms::default();
        assert!(!forms.reach("en"));
        for name in ["Wang Yi", "Ван И"] {
            forms.add(name);
        }
        for reached in ["en", "ru", "uz", "uz-Cyrl", "tr", "kk-Latn"] {
            assert!(forms.reach(reached), "{reached}");
        }
        for not in ["zh", "zh-Hant", "ja", "ar", "ur", "hi", "ko"] {
            assert!(!forms.reach(not), "{not}");
        }
        forms.add("王毅");
        assert!(forms.reach("zh") && forms.reach("ja"));
    }
}
