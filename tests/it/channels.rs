//! Channels at the command line: what a digest would tell, templates of one's own, and a channel that was stopped.

use crate::daemon::{said, wirewatch};
use crate::harness::{Piece, paragraph, publish};
use crate::newsroom::Newsroom;
use crate::sink::{Answer, Sink};
use std::path::Path;
use std::process::Output;
use wirewatch::clock::Clock;

const CONFIG: &str = r#"
[service]
data_dir = "data"
channels = ["desk/morning", "hook"]
notify = []
[fetch]
allow_private = ["127.0.0.0/8"]
[source.courier]
url = "NEWSROOM/courier/feed.xml"
backfill = 5
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[rule.sco]
any = ["@sco"]
severity = "high"
[channel.desk]
type = "maildir"
path = "mail"
digest.morning = { cron = "0 8 1 1 *" }
template.digest = { subject = "subject.j2" }
[channel.hook]
type = "webhook"
url = "HOOK"
allow_private = true
format = "template"
template = "hook.json.j2"
"#;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    wirewatch(&[arguments, &["--config", "wirewatch.toml"]].concat()).current_dir(folder).output().unwrap()
}

fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with the configuration and its templates; the Courier has one piece of news.
fn folder(newsroom: &Newsroom, hook: &Sink) -> tempfile::TempDir {
    let lead = format!("The Shanghai Cooperation Organization met. {}", paragraph("channels"));
    let at = Clock::system().now().to_string();
    publish(newsroom, "courier", &[Piece::new("met", "A meeting", &at, &[&lead, &paragraph("more of channels")])]);
    let folder = tempfile::tempdir().unwrap();
    let home = newsroom.url("");
    let typed = CONFIG.replace("NEWSROOM/", home.as_str()).replace("HOOK", &hook.url("/hook"));
    for (name, text) in [
        ("wirewatch.toml", typed.as_str()),
        ("subject.j2", "{{ digest.title }}: {{ digest.rules|length }} of mine"),
        ("hook.json.j2", "{\"said\": {{ subject }},\n \"why\": {{ alert.reasons if alert is defined else type }}}"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[tokio::test]
async fn a_digest_can_be_seen_before_it_leaves_and_nothing_is_told_by_that() {
    let (newsroom, hook) = (Newsroom::open(), Sink::start().await);
    let folder = folder(&newsroom, &hook);
    let folder = folder.path();
    let before = run(folder, &["digest", "preview", "--channel", "desk"]);
    assert!(!before.status.success() && said(&before).contains("wirewatch run"), "{}", said(&before));
    let sample = told(folder, &["digest", "preview", "--channel", "desk", "--sample"]);
    assert!(sample.contains("Subject: Morning digest: 1 of mine") && sample.contains("alerts in 14 days"), "{sample}");
    let names = told(folder, &["digest", "preview", "--channel", "desk", "--sample", "--alert", "--show", "names"]);
    let names: serde_json::Value = serde_json::from_str(&names).unwrap();
    assert_eq!(names["alert"]["outlet"], "The Courier");
    let body = told(folder, &["digest", "preview", "--channel", "hook", "--sample", "--show", "body"]);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["why"], "digest.ready");
    let mail = told(folder, &["digest", "preview", "--channel", "desk", "--sample", "--show", "mail"]);
    assert!(mail.contains("\r\nList-Id: ") && mail.contains("\r\nSubject: "), "{mail}");
    let html = told(folder, &["digest", "preview", "--channel", "desk", "--sample", "--show", "html"]);
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");

    assert!(run(folder, &["run", "--once"]).status.success());
    for _ in 0..2 {
        let waiting = told(folder, &["digest", "preview", "--channel", "desk"]);
        assert!(waiting.contains("A meeting") && waiting.contains("1 alert in 14 days"), "{waiting}");
    }
    let newest = told(folder, &["digest", "preview", "--channel", "hook", "--alert"]);
    assert!(newest.contains("A meeting"), "{newest}");
    let [request] = hook.requests().try_into().unwrap();
    assert_eq!(request.json()["why"], "Shanghai Cooperation Organization");
    assert_eq!(request.header("content-type"), Some("application/json"));
    for (wrong, word) in [
        (&["digest", "preview", "--channel", "nosuch"][..], "desk"),
        (&["digest", "preview", "--channel", "desk", "--digest", "evening"], "morning"),
        (&["digest", "preview", "--channel", "hook"], "has no digest"),
    ] {
        let output = run(folder, wrong);
        assert!(output.status.code() == Some(1) && said(&output).contains(word), "{}", said(&output));
    }
}

#[tokio::test]
async fn a_slip_in_a_template_is_told_by_check_at_its_line() {
    let (newsroom, hook) = (Newsroom::open(), Sink::start().await);
    let folder = folder(&newsroom, &hook);
    let check = || run(folder.path(), &["check"]);
    assert!(check().status.success(), "{}", said(&check()));
    let slip = "{\n  \"said\": {{ alert.titel }}\n}";
    std::fs::write(folder.path().join("hook.json.j2"), slip).unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(78));
    let told = said(&output);
    assert!(told.contains("hook.json.j2:2:14: error[E121]: \"alert.titel\" is not there"), "{told}");
    assert!(told.contains("\"said\": {{ alert.titel }}") && told.contains("^^^^"), "{told}");
}

#[tokio::test]
async fn a_channel_that_answered_gone_goes_on_once_it_is_enabled() {
    let (newsroom, hook) = (Newsroom::open(), Sink::start().await);
    let folder = folder(&newsroom, &hook);
    let folder = folder.path();
    hook.script([Answer::Status(410)]);
    assert!(run(folder, &["run", "--once"]).status.success());
    assert_eq!(hook.requests().len(), 1);
    let owed = told(folder, &["outbox", "list"]);
    assert!(owed.contains("held"), "{owed}");
    let enabled = told(folder, &["channel", "enable", "hook"]);
    assert!(enabled.contains("hook is enabled") && enabled.contains("1 message"), "{enabled}");
    assert!(run(folder, &["run", "--once"]).status.success());
    let requests = hook.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    assert_eq!(run(folder, &["channel", "enable", "nosuch"]).status.code(), Some(1));
}
