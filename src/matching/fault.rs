//! What is wrong, or doubtful, in what was typed. In: a place and a span. Out: words for the user with a mended version.
//! Never a file or a line: the configuration knows those.

use std::ops::Range;

/// Something typed that cannot stand (`E2..`), or that is probably not meant (`W2..`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which string it is.
    pub place: Place,
    /// Which bytes of that string; empty at its end when something is missing there.
    pub span: Range<usize>,
    /// `E2xx`: an error. `W2xx`: a lint.
    pub code: &'static str,
    /// What is wrong, in a user's words.
    pub what: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Where a string stands in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `rule`, `organization`, `official`, `keyword` or `list`.
    pub table: &'static str,
    /// The id of the rule, watch or list.
    pub id: String,
    /// The key: `query`, `any`, `names` …; for a missing key, one that it should stand beside.
    pub key: &'static str,
    /// Which of several strings under the key.
    pub index: Option<usize>,
}

/// A fault within one string, before it is known which string that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub span: Range<usize>,
    pub code: &'static str,
    pub what: String,
    pub hint: Option<String>,
    /// Mended versions of what was typed, each of which is good; `hint` offers them.
    pub mended: Vec<String>,
}

impl Flaw {
    pub fn new(span: Range<usize>, code: &'static str, what: impl Into<String>) -> Self {
        Self { span, code, what: what.into(), hint: None, mended: vec![] }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The flaw of the string at a place.
    pub fn at(self, place: &Place) -> Fault {
        Fault { place: place.clone(), span: self.span, code: self.code, what: self.what, hint: self.hint }
    }
}

/// The known word that is nearest to a typed one, if one is near.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (typed.chars().count() / 3).max(1);
    let distances = known.into_iter().map(|word| (strsim::damerau_levenshtein(typed, word), word));
    distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, word)| word)
}
