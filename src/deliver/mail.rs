//! A mail. In: a message, who sends it and the one who gets it. Out: RFC 5322 bytes, the same on every resend, line ends CRLF.
//! It never puts a stranger's text into a header unencoded, and names no other recipient.

use super::address::{BadAddress, mailbox};
use crate::model::Message;
use crate::text::one_line;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

/// A mail with its envelope.
pub(super) struct Letter {
    /// The envelope's sender.
    pub from: Address,
    /// The envelope's one recipient.
    pub to: Address,
    /// RFC 5322, CRLF.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// Whether an address needs SMTPUTF8 (RFC 6531).
    pub(super) fn is_international(&self) -> bool {
        let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        !ascii(&self.from) || !ascii(&self.to)
    }

    /// The bytes with the line ends of Unix, as a maildir and sendmail want them.
    pub(super) fn unix_lines(&self) -> Vec<u8> {
        let mut lines = self.bytes.clone();
        lines.retain(|byte| *byte != b'\r');
        lines
    }
}

/// The mail as RFC 5322 bytes. `from` and `to` are mailboxes; `unsubscribe` is an address, and without one `from` is it;
/// `domain` is the right part of the Message-ID.
///
/// # Errors
/// If `from` or `to` is not a mailbox.
pub fn mail(
    message: &Message,
    from: &str,
    to: &str,
    unsubscribe: Option<&str>,
    domain: &str,
) -> Result<Vec<u8>, BadAddress> {
    write(message, from, to, Ways { address: unsubscribe, link: None }, domain).map(|letter| letter.bytes)
}

/// The ways in which a reader unsubscribes.
#[derive(Clone, Copy, Default)]
pub(super) struct Ways<'a> {
    /// A mail address; without one, the sender's.
    pub(super) address: Option<&'a str>,
    /// A link that wants no more than a click (RFC 8058).
    pub(super) link: Option<&'a str>,
}

pub(super) fn write(
    message: &Message,
    from: &str,
    to: &str,
    ways: Ways<'_>,
    domain: &str,
) -> Result<Letter, BadAddress> {
    let sender = mailbox(from).map_err(|_| BadAddress::Sender(from.to_string()))?;
    let recipient = mailbox(to).map_err(|_| BadAddress::Recipient(to.to_string()))?;
    let unsubscribe =
        ways.address.and_then(|typed| mailbox(typed).ok()).map_or_else(|| sender.email.clone(), |m| m.email);
    let (envelope_from, envelope_to) = (sender.email.clone(), recipient.email.clone());
    let domain = token(domain);
    let list = token(message.rule.as_deref().unwrap_or(message.channel.as_str()));
    let bad = |_| BadAddress::Recipient(to.to_string());
    let envelope = Envelope::new(Some(envelope_from.clone()), vec![envelope_to.clone()]).map_err(bad)?;

    let mut mail = lettre::Message::builder()
        // Else lettre reads the headers again to find who gets it.
        .envelope(envelope)
        // Its Date panics on what lies before 1970.
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(message.made.as_second()).unwrap_or(0)))
        .from(sender)
        .to(recipient)
        .subject(subject(&message.subject))
        .message_id(Some(format!("<{}@{domain}>", token(message.id.as_str()))));
    if let Some(thread) = &message.thread {
        let first = format!("<{}@{domain}>", token(thread.as_str()));
        mail = mail.in_reply_to(first.clone()).references(first);
    }
    mail = mail
        .raw_header(header("List-Id", format!("<{list}.wirewatch.{domain}>")))
        .raw_header(header(
            "List-Unsubscribe",
            match ways.link {
                Some(link) => format!("<{link}>, <mailto:{}?subject=unsubscribe%20{list}>", escaped(&unsubscribe)),
                None => format!("<mailto:{}?subject=unsubscribe%20{list}>", escaped(&unsubscribe)),
            },
        ))
        // RFC 3834: no out-of-office reply to a machine.
        .raw_header(header("Auto-Submitted", "auto-generated".to_string()))
        .raw_header(header("X-Wirewatch-Kind", message.kind.as_str().to_string()));
    if ways.link.is_some() {
        mail = mail.raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_string()));
    }
    if let Some(rule) = &message.rule {
        mail = mail.raw_header(header("X-Wirewatch-Rule", token(rule)));
    }
    if message.urgent {
        mail =
            mail.raw_header(header("Importance", "high".to_string())).raw_header(header("X-Priority", "1".to_string()));
    }
    let (text, html) = (lines(&message.text), lines(&message.html));
    let parts = MultiPart::builder().kind(MultiPartKind::Alternative).boundary(boundary(&text, &html));
    // Setting a ContentType on the mail itself would give it two: the multipart brings its own.
    let mail = mail.multipart(parts.singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html)));
    Ok(Letter { from: envelope_from, to: envelope_to, bytes: mail.map_err(bad)?.formatted() })
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The subject on one line. `=?` is broken up: an ASCII title that looks like an encoded word (RFC 2047) would be decoded by the reader
/// into whatever its author wanted there.
fn subject(subject: &str) -> String {
    one_line(subject).replace("=?", "= ?")
}

/// What may stand in a Message-ID or List-Id: letters, digits, dots and hyphens; anything else becomes a hyphen.
fn token(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect()
}

/// The address as part of a mailto URL (RFC 6068).
fn escaped(address: &Address) -> String {
    let mut escaped = String::new();
    for byte in AsRef::<str>::as_ref(address).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'@') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The text with CRLF line ends and without other control characters. lettre would insert each CR by itself, moving the whole rest.
fn lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 40);
    let mut after_cr = false;
    for c in text.chars() {
        match c {
            '\n' if after_cr => {}
            '\r' | '\n' => lines.push_str("\r\n"),
            '\t' => lines.push(c),
            c if c.is_control() => {}
            c => lines.push(c),
        }
        after_cr = c == '\r';
    }
    lines
}

/// Made of what it bounds: the same on a resend, and no text can hold its own hash.
fn boundary(text: &str, html: &str) -> String {
    let sum = Sha256::new().chain_update(text).chain_update([0]).chain_update(html).finalize();
    sum.iter().take(20).fold("=_".to_string(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
pub(crate) mod tests;
