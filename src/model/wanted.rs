//! What an article must hold for a rule to match it, in the keys under which the archive knows words. An article that lacks it cannot
//! match; one that has it may.

/// A condition on the keys of an article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wanted {
    /// A key.
    Key(String),
    /// Any key that begins so.
    Begin(String),
    /// Each of these; never empty.
    All(Vec<Wanted>),
    /// One of these; never empty.
    Any(Vec<Wanted>),
}
