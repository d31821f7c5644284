//! What was said, for `channel test`. In: lines, as they are said. Out: all of them, bounded. Secrets never come in: the speakers mask them.

use super::verdict::words;
use crate::model::limits::DIALOGUE_LINES_MAX;
use std::sync::{Arc, Mutex, PoisonError};

/// A listener to one delivery; clones share their ear. `> ` is what we say, `< ` what the peer says, `* ` what happened.
#[derive(Clone)]
pub(super) struct Dialogue(Option<Arc<Mutex<Vec<String>>>>);

impl Dialogue {
    /// Nobody listens, nothing is kept.
    pub(super) fn silent() -> Self {
        Self(None)
    }

    /// Everything is kept.
    pub(super) fn heard() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether somebody listens.
    pub(super) fn is_heard(&self) -> bool {
        self.0.is_some()
    }

    /// Keeps a line; it is made only if somebody listens.
    pub(super) fn note(&self, line: impl FnOnce() -> String) {
        let Some(ear) = &self.0 else { return };
        let mut lines = ear.lock().unwrap_or_else(PoisonError::into_inner);
        match lines.len() {
            n if n < DIALOGUE_LINES_MAX => lines.push(words(&line())),
            DIALOGUE_LINES_MAX => lines.push("* and more".to_string()),
            _ => {}
        }
    }

    /// What was kept so far.
    pub(super) fn lines(&self) -> Vec<String> {
        self.0.as_ref().map(|ear| ear.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap_or_default()
    }
}
