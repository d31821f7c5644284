//! Writes what people read: alerts, digests and notices as messages, for mail, chat and terminals.
//! In: an alert, digest or notice and its channel. Out: a message with text, HTML and data, or a webhook body.
//! It escapes all that it did not write itself, bounds all that it shows, and loads nothing.

mod card;
mod chart;
mod coverage;
mod data;
mod html;
pub mod line;
mod notice;
mod opml;
mod passage;
mod plain;
pub mod sample;
mod style;
mod subject;
pub mod template;
mod terminal;
mod view;
pub mod webhook;
mod wrap;

pub use card::{Card, Found, direction, is_language_tag};
pub use coverage::unwatched;
pub use notice::{Notice, notice};
pub use opml::opml;
pub use passage::{Mark, Passage, Piece};
pub use terminal::{COLUMNS as TERMINAL_COLUMNS, hits, terminal};
pub use wrap::{lines, wrap};

use crate::model::{Alert, Channel, Digest, Message, MessageId, MessageKind, Severity};
use jiff::Timestamp;
use plain::Setting;

/// The message of one alert, complete for any channel. `made` is when it is made; `thread` the first message on the same story, if there was one.
#[must_use]
pub fn alert(alert: &Alert, channel: &Channel, id: MessageId, made: Timestamp, thread: Option<MessageId>) -> Message {
    let setting = setting(channel, made);
    let subject = subject::alert(alert);
    let mut message = Message {
        channel: channel.id.clone(),
        kind: MessageKind::Alert,
        made,
        text: plain::alert(alert, thread.is_some(), &setting),
        html: html::alert(alert, &subject, thread.is_some(), &setting),
        data: data::alert(alert),
        rule: Some(alert.rule.to_string()),
        urgent: alert.severity == Severity::High,
        subject,
        id,
        thread,
    };
    template::apply(&channel.templates.alert, &mut message, &channel.zone);
    message
}

/// The message of a digest, an empty one too. Its stories were cut at their cap before; here only each one's length is bounded.
#[must_use]
pub fn digest(digest: &Digest, channel: &Channel, id: MessageId, made: Timestamp) -> Message {
    let setting = setting(channel, made);
    let subject = subject::digest(digest, &channel.zone);
    let (title, summary) = (subject::digest_title(digest), subject::digest_summary(digest));
    let mut message = Message {
        channel: channel.id.clone(),
        kind: MessageKind::Digest,
        made,
        text: plain::digest(digest, &title, &summary, &setting),
        html: html::digest(digest, &subject, &title, &summary, &setting),
        data: data::digest(digest),
        rule: None,
        urgent: false,
        subject,
        id,
        thread: None,
    };
    template::apply(&channel.templates.digest, &mut message, &channel.zone);
    message
}

fn setting(channel: &Channel, made: Timestamp) -> Setting<'_> {
    Setting { zone: &channel.zone, made, channel: channel.id.as_str() }
}

#[cfg(test)]
mod tests;
