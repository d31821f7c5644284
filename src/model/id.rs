//! Ids: what the user types to name a thing, and the ids that the program derives for what it makes.
//! In: typed text or the parts that make a thing unique. Out: an id. Never a random one: the same parts give the same id on every resend.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Why a typed id is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is a-z, 0-9, - and _, and begins with a letter or digit: {typed:?} is not")]
pub struct BadId {
    /// What was typed.
    pub typed: String,
}

fn valid(typed: &str) -> bool {
    let mut bytes = typed.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        && typed.len() <= super::limits::ID_BYTES_MAX
}

fn letter(byte: u8) -> u8 {
    if byte == b'_' { b'-' } else { byte }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        /// Shown as typed; compared with `-` and `_` as the same letter.
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes a typed id, `[a-z0-9][a-z0-9_-]*`.
            ///
            /// # Errors
            /// Anything else, or longer than [`super::limits::ID_BYTES_MAX`] bytes.
            pub fn new(typed: &str) -> Result<Self, BadId> {
                if valid(typed) { Ok(Self(typed.into())) } else { Err(BadId { typed: typed.into() }) }
            }

            /// As it was typed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The one spelling under which it is stored: `-` for every `_`.
            #[must_use]
            pub fn key(&self) -> Cow<'_, str> {
                if self.0.contains('_') { self.0.replace('_', "-").into() } else { (&*self.0).into() }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.len() == other.0.len() && self.0.bytes().map(letter).eq(other.0.bytes().map(letter))
            }
        }
        impl Eq for $name {}
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.bytes().for_each(|b| state.write_u8(letter(b)));
            }
        }
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.bytes().map(letter).cmp(other.0.bytes().map(letter))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    };
}

slug!(/// The id of a source.
    SourceId);
slug!(/// The id of a watch: an organization, official or keyword.
    WatchId);
slug!(/// The id of a watch list.
    ListId);
slug!(/// The id of a rule.
    RuleId);
slug!(/// The id of a channel.
    ChannelId);

/// What an id may belong to; a list is a watch, as `@id` is one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Named {
    Source,
    Watch,
    Rule,
    Channel,
}

impl Named {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Watch => "watch",
            Self::Rule => "rule",
            Self::Channel => "channel",
        }
    }
}

/// A thing that has another id now, and keeps its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// What it is.
    pub kind: Named,
    /// Its id before, as typed.
    pub from: String,
    /// Its id now, as typed.
    pub to: String,
}

macro_rules! derived {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id that these parts always give: a prefix and 24 hex digits of the SHA-256 over the parts, each ended by a NUL.
            #[must_use]
            pub fn of(parts: &[&str]) -> Self {
                let mut sum = Sha256::new();
                for part in parts {
                    sum.update(part.as_bytes());
                    sum.update([0]);
                }
                let hex: String = sum.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect();
                Self(format!("{}{hex}", $prefix))
            }

            /// An id that was made by [`Self::of`] before and comes back from the store or the user.
            #[must_use]
            pub fn from_stored(stored: String) -> Self {
                Self(stored)
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

derived!(/// The id of a story, made of the canonical URL of its first article.
    StoryId, "s");
derived!(/// The id of a message: the same on every resend, and the left part of its Message-ID or its webhook-id.
    MessageId, "m");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphen_and_underscore_are_the_same_letter() {
        let (a, b) = (RuleId::new("sco-security").unwrap(), RuleId::new("sco_security").unwrap());
        assert_eq!(a, b);
        assert_eq!(b.key(), "sco-security");
        assert_eq!(b.as_str(), "sco_security");
        assert_eq!(std::collections::HashSet::from([a, b]).len(), 1);
    }

    #[test]
    fn ids_of_other_letters_are_refused() {
        for typed in ["", "-a", "A", "a.b", "сша", "a b", &"a".repeat(65)] {
            assert!(WatchId::new(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn the_same_parts_give_the_same_id_and_their_borders_count() {
        assert_eq!(MessageId::of(&["a", "b"]), MessageId::of(&["a", "b"]));
        assert_ne!(MessageId::of(&["ab", ""]), MessageId::of(&["a", "b"]));
    }
}
