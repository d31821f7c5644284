//! Each format as it is sent, and within its limits whatever is in it.

use super::super::Notice;
use super::super::tests::{
    HOSTILE, alert, alert_message, digest, digest_message, hostile_alert, hostile_digest, notice_message,
};
use super::*;
use crate::model::MessageKind;

const FORMATS: [(&str, Format); 8] = [
    ("standard", Format::Standard),
    ("slack", Format::Slack),
    ("discord", Format::Discord),
    ("teams", Format::Teams),
    ("mattermost", Format::Mattermost),
    ("telegram", Format::Telegram),
    ("ntfy", Format::Ntfy),
    ("matrix", Format::Matrix),
];

#[test]
fn each_format_of_an_alert() {
    for (name, format) in FORMATS.into_iter().filter(|(_, format)| *format != Format::Standard) {
        insta::assert_snapshot!(format!("alert_{name}"), format!("{:#}", body(&alert_message(&alert()), format)));
    }
}

#[test]
fn each_format_of_a_digest() {
    for (name, format) in FORMATS.into_iter().filter(|(_, format)| *format != Format::Standard) {
        insta::assert_snapshot!(format!("digest_{name}"), format!("{:#}", body(&digest_message(&digest()), format)));
    }
}

#[test]
fn the_standard_body_is_type_timestamp_and_data() {
    let message = alert_message(&alert());
    assert_eq!(
        body(&message, Format::Standard),
        json!({ "type": "alert.matched", "timestamp": "2024-05-24T09:10:00Z", "data": message.data })
    );
}

fn assert_within_limits(message: &Message) {
    for (_, format) in FORMATS {
        let body = body(message, format);
        let shown = |key: &str| body[key].as_str().unwrap().to_string();
        match format {
            Format::Standard | Format::Template => {}
            Format::Slack => {
                let blocks = body["blocks"].as_array().unwrap();
                assert!(!blocks.is_empty() && blocks.len() <= 50);
                let texts = blocks.iter().map(|block| block["text"]["text"].as_str().unwrap());
                assert!(texts.clone().all(|text| !text.is_empty() && utf16(text) <= 3000));
                assert!(
                    !texts
                        .chain([shown("text").as_str()])
                        .any(|text| text.contains("<!channel") || text.contains("<script"))
                );
            }
            Format::Discord => assert!((1..=2000).contains(&utf16(&shown("content")))),
            Format::Teams => assert!(body.to_string().len() < 28_000, "{} bytes", body.to_string().len()),
            Format::Mattermost => {
                assert!((1..=16_383).contains(&utf16(&shown("text"))));
                assert!(!shown("text").contains("@here"));
            }
            Format::Telegram => assert!((1..=4096).contains(&utf16(&shown("text")))),
            Format::Ntfy => assert!((1..=4096).contains(&shown("message").len())),
            Format::Matrix => assert!(body.to_string().len() < 60_000),
        }
        if matches!(format, Format::Telegram | Format::Matrix) {
            assert_whole(&shown(if format == Format::Matrix { "formatted_body" } else { "text" }));
        }
    }
}

/// Every element is closed, and there are no others: Telegram refuses anything else.
fn assert_whole(html: &str) {
    let mut open = vec![];
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if tag == "br" => {}
            None => {
                let name = tag.split(' ').next().unwrap();
                assert!(["b", "a", "blockquote"].contains(&name), "<{tag}>");
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{html}");
}

#[test]
fn every_format_stays_within_its_limits_and_counts_what_is_left_out() {
    let long = format!("&<>\"*_{}", "<&\u{1f642}".repeat(1 << 20));
    for text in HOSTILE.iter().copied().chain([long.as_str(), "plain words that go on and on"]) {
        let notice = Notice {
            kind: MessageKind::Notice,
            title: text.into(),
            lines: vec![text[..text.floor_char_boundary(9000)].into(); 500],
            data: json!({}),
        };
        for message in
            [alert_message(&hostile_alert(text)), digest_message(&hostile_digest(text)), notice_message(&notice)]
        {
            assert_within_limits(&message);
        }
    }
    let mut many = digest();
    many.groups[0].alerts = vec![alert(); 400];
    many.more = 12;
    let body = body(&digest_message(&many), Format::Discord);
    let content = body["content"].as_str().unwrap();
    let left = content.lines().find(|line| line.starts_with("… and ")).unwrap();
    let shown = content.matches("• ").count();
    assert_eq!(left, format!("… and {} more stories", 402 - shown + 12));
    assert!(shown > 0 && content.contains("Watched: 14 sources"), "{content}");
}

#[test]
fn a_message_of_unknown_data_is_sent_as_its_text() {
    let message = Message { data: json!("from an older version"), ..alert_message(&alert()) };
    let shown = body(&message, Format::Mattermost)["text"].as_str().unwrap().to_string();
    assert!(shown.contains("Wang Yi") && shown.contains("daryo.example"), "{shown}");
    assert_within_limits(&message);
}
