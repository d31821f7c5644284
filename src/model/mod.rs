//! The nouns: what goes through the pipeline, as plain structs.
//! In: nothing. Out: nothing. They decide nothing and touch nothing; every other module may use them.

mod access;
mod alert;
mod article;
mod channel;
mod entry;
mod health;
mod hit;
mod id;
mod ledger;
pub mod limits;
mod message;
pub mod meter;
mod rows;
mod rule;
mod secret;
mod silence;
mod source;
mod wanted;
mod watch;

pub use access::{Access, Proxy};
pub use alert::{Alert, Coverage, Digest, DigestGroup, Failing, NearMiss, Outlet, Suppressed, Telling};
pub use article::{Article, Block, Zone};
pub use channel::{
    Channel, ChannelKind, DigestPlan, DigestTimes, Email, Flood, Format, MailParts, MailTemplates, Maildir, Quiet,
    QuietMode, Rate, Relay, Template, Tls, Webhook, Weekdays,
};
pub use entry::{Enclosure, Entry, Feed, FeedInfo, Link, Person};
pub use health::{PollOutcome, SourceState, Validators};
pub use hit::{Hit, HitKind, Match};
pub use id::{BadId, ChannelId, ListId, MessageId, Named, Rename, RuleId, SourceId, StoryId, WatchId};
pub use ledger::{Edition, Evidence, Hold, Likeness, ListLoaded, Step, hex, rule_version, sha256, watch_version};
pub use message::{Delivery, DeliveryState, Message, MessageKind, Recipient, Unsubscribed, Verdict};
pub use rows::{Changed, Changes, NotTaken, RowHead, RowKey, RowRef, RowText, Rows};
pub use rule::{Route, Rule, Severity};
pub use secret::Secret;
pub use silence::{Silence, SilenceBy};
pub use source::{Cadence, Outline, RequestOptions, Selectors, Source, SourceKind, Subscription};
pub use wanted::Wanted;
pub use watch::{Family, List, ListFormat, Watch, WatchKind};
