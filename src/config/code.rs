//! The codes of configuration faults. In: nothing. Out: a stable name per kind of fault; it is never reused for another.

/// A kind of configuration fault. Codes of queries (E2xx, W2xx) belong to the matcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A file or directory cannot be read, is too large, or is not UTF-8.
    Unreadable,
    /// A key, table or environment variable that does not exist.
    UnknownKey,
    /// Not TOML; the same key twice is one of these.
    Syntax,
    /// A number where a string belongs, a string where a list belongs, and so on.
    WrongType,
    /// A key that must be there is not.
    Missing,
    /// An id of other letters than `[a-z0-9][a-z0-9_-]*`.
    BadId,
    /// One id for two things.
    DuplicateId,
    /// A channel, digest, watch or list that is not there.
    UnknownReference,
    /// Not a duration, or one out of bounds.
    BadDuration,
    /// Not a size, or one out of bounds.
    BadSize,
    /// Not a time of day, a date or a weekday.
    BadTime,
    /// No such time zone.
    BadZone,
    /// Not a cron pattern, or one that never fires.
    BadCron,
    /// Not a URL, or one of a scheme that is not meant here.
    BadUrl,
    /// Not a mail address.
    BadAddress,
    /// Not a network, or not a socket address.
    BadNetwork,
    /// Not a CSS selector.
    BadSelector,
    /// Not one of the values that the key can have, or a number out of bounds.
    BadValue,
    /// Keys that contradict each other, or that mean nothing here.
    Conflict,
    /// A secret that cannot be read or used.
    BadSecret,
    /// A list file that is not there or whose format is not known.
    BadList,
    /// A template that cannot be read, is none, or fails on news.
    BadTemplate,
    /// An option that a later release brings.
    Later,
    /// A secret stands in the configuration itself.
    SecretInUrl,
    /// Other users of the machine can read a secret.
    SecretReadable,
    /// Nobody would be told.
    NobodyTold,
    /// A watch or list that no rule mentions.
    Unused,
    /// A password or mail would travel in the clear.
    InTheClear,
    /// A thing whose old id is still configured.
    StillThere,
}

impl Code {
    /// Every code, in the order of their names.
    pub const ALL: [Self; 29] = [
        Self::Unreadable,
        Self::UnknownKey,
        Self::Syntax,
        Self::WrongType,
        Self::Missing,
        Self::BadId,
        Self::DuplicateId,
        Self::UnknownReference,
        Self::BadDuration,
        Self::BadSize,
        Self::BadTime,
        Self::BadZone,
        Self::BadCron,
        Self::BadUrl,
        Self::BadAddress,
        Self::BadNetwork,
        Self::BadSelector,
        Self::BadValue,
        Self::Conflict,
        Self::BadSecret,
        Self::BadList,
        Self::BadTemplate,
        Self::Later,
        Self::SecretInUrl,
        Self::SecretReadable,
        Self::NobodyTold,
        Self::Unused,
        Self::InTheClear,
        Self::StillThere,
    ];

    /// The name in messages: `E101`; a `W` is a warning, with which the configuration still stands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "E100",
            Self::UnknownKey => "E101",
            Self::Syntax => "E102",
            Self::WrongType => "E103",
            Self::Missing => "E104",
            Self::BadId => "E105",
            Self::DuplicateId => "E106",
            Self::UnknownReference => "E107",
            Self::BadDuration => "E108",
            Self::BadSize => "E109",
            Self::BadTime => "E110",
            Self::BadZone => "E111",
            Self::BadCron => "E112",
            Self::BadUrl => "E113",
            Self::BadAddress => "E114",
            Self::BadNetwork => "E115",
            Self::BadSelector => "E116",
            Self::BadValue => "E117",
            Self::Conflict => "E118",
            Self::BadSecret => "E119",
            Self::BadList => "E120",
            Self::BadTemplate => "E121",
            Self::Later => "E199",
            Self::SecretInUrl => "W101",
            Self::SecretReadable => "W102",
            Self::NobodyTold => "W103",
            Self::Unused => "W104",
            Self::InTheClear => "W105",
            // W106 was one of an option that has come since.
            Self::StillThere => "W107",
        }
    }

    /// What stands wrong because of other faults: not told of a file that could not be parsed to its end.
    pub(super) fn may_follow(self) -> bool {
        matches!(self, Self::Missing | Self::NobodyTold | Self::Unused | Self::Conflict)
    }
}
