//! What is wrong with one typed string. In: a code and words. Out: what the reader makes a fault of, with its place.

use super::code::Code;
use std::ops::Range;

/// A typed string as a value, or why it is none.
pub(super) type Typed<T> = Result<T, Bad>;

/// What is wrong with a typed string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    pub code: Code,
    pub what: String,
    pub hint: Option<String>,
    /// The bytes of the string that are meant; without one, all of it.
    pub span: Option<Range<usize>>,
}

impl Bad {
    pub(super) fn new(code: Code, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), hint: None, span: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn within(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// Without what was typed, which is as good as a password.
    pub(super) fn unquoted(mut self, typed: &str) -> Self {
        self.what = self.what.replace(&super::file::quote(typed), "this");
        self
    }
}
