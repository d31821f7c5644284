//! A value that is used and never shown.

use std::fmt;
use std::sync::Arc;

/// A password, key or token. `Debug` and `Display` print `***`; it cannot be serialized.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps the secret; white space at the end (a file's last newline) is not part of it.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(secret.trim_end().into())
    }

    /// The secret itself, for the one place that hands it to a peer.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
