//! The doctor tries what the daemon needs and says of each what is wrong and what to do; it sends and stores nothing.

use crate::daemon::{run, said};
use crate::harness::{Desk, Piece, paragraph, publish};
use serde_json::Value;

const TYPED: &str = r#"
[source.courier]
url = "NEWSROOM/courier/feed.xml"

[source.herald]
url = "NEWSROOM/herald/feed.xml"

[keyword.apples]
names = ["apples"]

[rule.desk]
any = ["@apples"]

[channel.desk]
type = "email"
to   = ["anna@example.org"]

[channel.hook]
type = "webhook"
url  = "HOOK"
allow_private = true

[channel.page]
type = "command"
command = ["PROGRAM"]

[channel.files]
type = "maildir"
"#;

async fn desk(program: &str) -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    // No daemon runs here, so there is no store to look into at the end.
    desk.may_owe();
    for outlet in ["courier", "herald"] {
        publish(&desk.newsroom, outlet, &[Piece::new("a", "Apples", "2026-03-02T05:00:00Z", &[&paragraph("a")])]);
    }
    desk.configure(&TYPED.replace("PROGRAM", program));
    desk
}

/// The finding on a subject.
fn finding<'a>(findings: &'a Value, check: &str, subject: &str) -> &'a Value {
    let all = findings.as_array().unwrap();
    let found =
        all.iter().find(|finding| finding["check"] == check && (subject.is_empty() || finding["subject"] == subject));
    found.unwrap_or_else(|| panic!("nothing on {check} {subject}: {findings:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_is_well_nothing_fails_and_nothing_is_sent() {
    let desk = desk("/bin/true").await;
    let output = run(&desk.config(), &["doctor", "--json"]);
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (check, subject) in
        [("data_dir", ""), ("database", ""), ("disk", ""), ("source", "courier"), ("source", "herald")]
    {
        assert_eq!(finding(&findings, check, subject)["verdict"], "ok", "{findings:#}");
    }
    for channel in ["ops", "desk", "hook", "page", "files"] {
        assert_eq!(finding(&findings, "channel", channel)["verdict"], "ok", "{findings:#}");
    }
    assert!(finding(&findings, "source", "courier")["what"].as_str().unwrap().starts_with("1 entry"));
    assert!(desk.smtp.mails().is_empty() && !desk.data().exists(), "it sent or stored something");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_with_a_remedy_and_the_exit_code() {
    let desk = desk("/nowhere/page").await;
    desk.smtp.stop().await;
    desk.newsroom.set("/herald/feed.xml", crate::newsroom::Answer::ok("<html><body>Gone fishing</body></html>"));
    std::fs::create_dir_all(desk.data()).unwrap();
    std::fs::write(desk.data().join("wirewatch.db"), "no database, ".repeat(1000)).unwrap();
    let output = run(&desk.config(), &["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (check, subject, word) in [
        ("database", "", "wirewatch recover"),
        ("channel", "desk", "channel test desk"),
        ("channel", "page", "channel test page"),
        ("source", "herald", "wirewatch feed"),
    ] {
        let finding = finding(&findings, check, subject);
        assert_eq!(finding["verdict"], "fail", "{finding:#}");
        assert!(finding["remedy"].as_str().unwrap().contains(word), "{finding:#}");
    }
    assert_eq!(finding(&findings, "source", "courier")["verdict"], "ok", "the others are tried all the same");
    let output = run(&desk.config(), &["doctor", "--no-sources"]);
    let shown = said(&output);
    assert!(shown.contains("fail  database") && !shown.contains("herald"), "{shown}");
}
