use super::*;
use crate::model::{ChannelId, MessageId, MessageKind};
use mail_parser::MessageParser;
use proptest::prelude::*;

/// A message for the tests of this module and its neighbours.
pub(crate) fn message() -> Message {
    Message {
        id: MessageId::of(&["alert", "1"]),
        channel: ChannelId::new("desk").unwrap(),
        kind: MessageKind::Alert,
        made: "2026-11-02T08:00:00Z".parse().unwrap(),
        subject: "[wirewatch] ШОС: Wang Yi urges solidarity in Astana (+3 outlets)".to_string(),
        text: "王毅 (Wang Yi) spoke.\n.\n\nhttps://news.example/a\n".to_string(),
        html: "<!doctype html><html><body><p><b>王毅</b> spoke.</p></body></html>".to_string(),
        data: serde_json::Value::Null,
        thread: Some(MessageId::of(&["alert", "0"])),
        rule: Some("sco-security".to_string()),
        urgent: true,
    }
}

fn written(message: &Message) -> String {
    let bytes = mail(message, "Wire watch <wirewatch@example.org>", "desk@example.org", None, "example.org").unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_mail_carries_what_readers_and_filters_need() {
    let text = written(&message());
    let parsed = MessageParser::default().parse(text.as_bytes()).unwrap();
    let raw = |name: &'static str| parsed.header_raw(name).map(str::trim);
    let id = message().id;
    assert_eq!(parsed.subject(), Some(message().subject.as_str()));
    assert_eq!(parsed.from().unwrap().first().unwrap().name(), Some("Wire watch"));
    assert_eq!(parsed.to().unwrap().first().unwrap().address(), Some("desk@example.org"));
    assert_eq!(parsed.date().unwrap().to_timestamp(), message().made.as_second());
    assert_eq!(parsed.message_id(), Some(format!("{id}@example.org").as_str()));
    let first = format!("<{}@example.org>", message().thread.unwrap());
    assert_eq!((raw("In-Reply-To"), raw("References")), (Some(first.as_str()), Some(first.as_str())));
    assert_eq!(raw("List-Id"), Some("<sco-security.wirewatch.example.org>"));
    assert_eq!(
        raw("List-Unsubscribe").unwrap().replace("\r\n", ""),
        "<mailto:wirewatch@example.org?subject=unsubscribe%20sco-security>"
    );
    assert_eq!(raw("Auto-Submitted"), Some("auto-generated"));
    assert_eq!((raw("X-Wirewatch-Rule"), raw("X-Wirewatch-Kind")), (Some("sco-security"), Some("alert.matched")));
    assert_eq!((raw("Importance"), raw("X-Priority")), (Some("high"), Some("1")));
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), message().text.trim_end());
    assert_eq!(parsed.body_html(0).unwrap().trim_end(), message().html);
    let head = text.split("\r\n\r\n").next().unwrap();
    assert_eq!(head.matches("Content-Type:").count(), 1, "{head}");
    assert!(head.contains("multipart/alternative"));
}

#[test]
fn a_resend_is_the_same_to_the_byte() {
    assert_eq!(written(&message()), written(&message()));
    assert_ne!(written(&message()), written(&Message { text: "other".to_string(), ..message() }));
}

#[test]
fn a_digest_is_listed_under_its_channel_and_a_calm_one_is_not_marked() {
    let text = written(&Message { rule: None, urgent: false, thread: None, kind: MessageKind::Digest, ..message() });
    assert!(text.contains("List-Id: <desk.wirewatch.example.org>\r\n"));
    for absent in ["Importance", "X-Priority", "X-Wirewatch-Rule", "In-Reply-To", "References"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn a_title_cannot_add_a_header() {
    let hostile = "x\r\nBcc: spy@example.net\r\n\r\n<b>body</b> =?utf-8?q?=0D=0ABcc:_spy@example.net?=";
    let text = written(&Message { subject: hostile.to_string(), rule: Some(hostile.to_string()), ..message() });
    let parsed = MessageParser::default().parse(text.as_bytes()).unwrap();
    assert!(parsed.bcc().is_none());
    assert!(!parsed.subject().unwrap().contains(['\r', '\n']));
    assert!(parsed.subject().unwrap().starts_with("x Bcc: spy@example.net <b>body</b> = ?utf-8?q?"));
    assert!(!text.contains("\r\nBcc"));
}

#[test]
fn whoever_wrote_the_text_cannot_end_a_part() {
    let other = written(&message());
    let at = other.find("boundary=\"").unwrap() + 10;
    let boundary = &other[at..at + 42];
    let text = format!("--{boundary}--\r\n\r\n--{boundary}\r\nContent-Type: text/html\r\n\r\n<script>");
    let mail = written(&Message { text, ..message() });
    assert_eq!(MessageParser::default().parse(mail.as_bytes()).unwrap().parts.len(), 3);
}

#[test]
fn a_long_text_takes_a_linear_time() {
    let text = "line\n".repeat(400_000);
    let started = std::time::Instant::now();
    assert!(written(&Message { text, ..message() }).len() > 2_000_000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_bad_address_says_whose_it_is() {
    assert_eq!(
        mail(&message(), "nobody", "desk@example.org", None, "d"),
        Err(BadAddress::Sender("nobody".to_string()))
    );
    assert_eq!(
        mail(&message(), "a@example.org", "nobody", None, "d"),
        Err(BadAddress::Recipient("nobody".to_string()))
    );
}

proptest! {
    #[test]
    fn any_text_makes_a_mail_that_reads_back(subject in "\\PC{0,60}", text in any::<String>(), html in any::<String>(), second in any::<i32>()) {
        let made = jiff::Timestamp::from_second(i64::from(second)).unwrap();
        let bytes = written(&Message { subject: subject.clone(), text: text.clone(), html, made, ..message() });
        prop_assert!(bytes.is_ascii());
        prop_assert!(bytes.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
        let parsed = MessageParser::default().parse(bytes.as_bytes()).unwrap();
        let (got, want) = (parsed.subject().unwrap_or(""), super::subject(&subject));
        prop_assert_eq!(got.split_whitespace().collect::<Vec<_>>(), want.split_whitespace().collect::<Vec<_>>());
        let (got, want) = (parsed.body_text(0).unwrap_or_default(), lines(&text));
        prop_assert_eq!(got.trim_end(), want.trim_end());
    }
}
