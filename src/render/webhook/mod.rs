//! Webhook bodies: a message as each service wants it.
//! In: a message and a format. Out: the JSON to be sent, within the service's limits. It signs nothing and sends nothing.

mod chat;

use super::template::{self, TemplateFault};
use crate::model::{Channel, ChannelKind, Format, Message, Webhook};
use crate::text::cut;
use chat::{Chat, Markup};
use serde_json::{Value, json};

/// Slack: text of a section block, in characters (docs.slack.dev, block kit).
const SLACK_SECTION_MAX: usize = 3000;
/// Slack: all blocks together; beyond about 13,000 it answers `msg_blocks_too_long`.
const SLACK_BLOCKS_MAX: usize = 9000;
/// Discord: `content`, in characters.
const DISCORD_MAX: usize = 2000;
/// Teams: the whole message may take 28 KB; the rest is for what surrounds the text.
const TEAMS_BYTES_MAX: usize = 20_000;
/// Mattermost: `text`, in characters.
const MATTERMOST_MAX: usize = 16_383;
/// Telegram: `text`, in UTF-16 units.
const TELEGRAM_MAX: usize = 4096;
/// ntfy: `message`, in bytes; a longer one becomes an attachment.
const NTFY_BYTES_MAX: usize = 4096;
/// Matrix: an event may take 65,536 bytes, both bodies and their JSON escapes included.
const MATRIX_BYTES_MAX: usize = 16_000;

/// The body of a message for a channel: what its format or the user's own template makes of it. A template's is a string, which is
/// sent as it is.
///
/// # Errors
/// The line at which the template fails.
pub fn of(message: &Message, channel: &Channel) -> Result<Value, TemplateFault> {
    match &channel.kind {
        ChannelKind::Webhook(Webhook { template: Some(template), .. }) => {
            template::filled(template, message, &channel.zone).map(Value::String)
        }
        ChannelKind::Webhook(hook) => Ok(body(message, hook.format)),
        _ => Ok(body(message, Format::Standard)),
    }
}

/// The body of a message in a format, without what only the address knows: ntfy's topic, Telegram's chat.
#[must_use]
pub fn body(message: &Message, format: Format) -> Value {
    match format {
        // A template stands in the channel: see [`of`].
        Format::Standard | Format::Template => standard(message),
        Format::Slack => slack(message),
        Format::Discord => discord(message),
        Format::Teams => teams(message),
        Format::Mattermost => json!({ "text": text(message, Markup::Markdown, MATTERMOST_MAX, utf16) }),
        Format::Telegram => json!({
            "text": text(message, Markup::Html, TELEGRAM_MAX, utf16),
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
        }),
        Format::Ntfy => ntfy(message),
        Format::Matrix => matrix(message),
    }
}

/// Standard Webhooks: type, timestamp, data.
fn standard(message: &Message) -> Value {
    json!({ "type": message.kind.as_str(), "timestamp": message.made, "data": message.data })
}

fn slack(message: &Message) -> Value {
    let lines = Chat::new(message, Markup::Slack).fit(SLACK_BLOCKS_MAX, utf16);
    let mut sections: Vec<String> = vec![];
    for line in lines.iter().flat_map(|line| line.split('\n')) {
        // Two hundred hits of one letter make a line this long; what is escaped stays so.
        let line = if utf16(line) > SLACK_SECTION_MAX { cut(line, SLACK_SECTION_MAX / 2) } else { line.to_string() };
        match sections.last_mut().filter(|section| utf16(section) + utf16(&line) < SLACK_SECTION_MAX) {
            Some(section) => section.extend(["\n", &line]),
            // A section must not be empty.
            None if line.is_empty() => {}
            None => sections.push(line),
        }
    }
    let block =
        |text: String| json!({ "type": "section", "text": { "type": "mrkdwn", "text": text, "verbatim": true } });
    json!({
        "text": Markup::Slack.text(&message.subject),
        "blocks": sections.into_iter().map(block).collect::<Vec<_>>(),
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn discord(message: &Message) -> Value {
    // 4 is SUPPRESS_EMBEDS: a digest of thirty links is long enough.
    json!({ "content": text(message, Markup::Discord, DISCORD_MAX, utf16), "allowed_mentions": { "parse": [] }, "flags": 4 })
}

fn teams(message: &Message) -> Value {
    let chat = Chat::new(message, Markup::Card);
    // Each line is a block of its own: about 90 bytes around the text.
    let lines = chat.fit(TEAMS_BYTES_MAX, |line| json_bytes(line) + 90);
    let mut blocks: Vec<Value> = lines
        .into_iter()
        .map(|line| json!({ "type": "TextBlock", "wrap": true, "text": line.trim().replace('\n', "\n\n") }))
        .collect();
    if let Some(first) = blocks.first_mut() {
        first["size"] = "Medium".into();
    }
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": { "width": "Full" },
        "body": blocks,
    });
    if let Some(link) = &chat.link {
        card["actions"] = json!([{ "type": "Action.OpenUrl", "title": chat.link_title, "url": link }]);
    }
    let attachment =
        json!({ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card });
    json!({ "type": "message", "summary": message.subject, "attachments": [attachment] })
}

fn ntfy(message: &Message) -> Value {
    let mut chat = Chat::new(message, Markup::Plain);
    chat.leave_out_subject();
    let mut body = json!({
        "title": message.subject.trim_start_matches("[wirewatch] "),
        "message": chat.fit(NTFY_BYTES_MAX, str::len).join("\n"),
        "priority": if message.urgent { 4 } else { 3 },
    });
    if let Some(link) = &chat.link {
        body["click"] = link.as_str().into();
    }
    body
}

fn matrix(message: &Message) -> Value {
    let formatted = text(message, Markup::Html, MATRIX_BYTES_MAX, json_bytes);
    json!({
        "msgtype": "m.text",
        "body": text(message, Markup::Plain, MATRIX_BYTES_MAX, json_bytes),
        "format": "org.matrix.custom.html",
        "formatted_body": formatted.replace('\n', "<br>").replace("</blockquote><br>", "</blockquote>"),
        "m.mentions": {},
    })
}

fn text(message: &Message, markup: Markup, room: usize, measure: fn(&str) -> usize) -> String {
    Chat::new(message, markup).fit(room, measure).join("\n")
}

/// UTF-16 units: never fewer than what a service counts as characters.
fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Bytes that the text takes within JSON, line feeds as `<br>` included.
fn json_bytes(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if matches!(c, '"' | '\\') {
                2
            } else if c < ' ' {
                6
            } else {
                c.len_utf8()
            }
        })
        .sum()
}

#[cfg(test)]
mod tests;
