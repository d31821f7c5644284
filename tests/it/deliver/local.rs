//! What needs no network: commands, sendmail, maildirs, standard output.

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use wirewatch::model::Maildir;

#[tokio::test]
async fn sendmail_is_given_the_envelope_and_the_mail() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(
        dir.path(),
        "echo \"$@\" > args; cat > \"mail-$(tail -c 2 args)\"; case \"$5\" in no*) echo 'no such user' >&2; exit 67;; later*) exit 75;; esac",
    );
    let to =
        ["desk@example.org", "nobody@example.org", "later@example.org", "-x@example.org"].map(String::from).to_vec();
    let email =
        Email { from: "wirewatch@example.org".into(), to, relay: Relay::Sendmail { program }, unsubscribe: None };
    let verdicts = mail(&deliverer(), &channel(ChannelKind::Email(email))).await;
    assert_eq!(kinds(&verdicts), ["sent", "dead", "retry", "sent"]);
    assert_eq!(why(&verdicts[1]), "exit 67: no such user");
    assert_eq!(fs::read_to_string(dir.path().join("args")).unwrap(), "-i -f wirewatch@example.org -- -x@example.org\n");
    let mail = fs::read_to_string(dir.path().join("mail-g")).unwrap();
    assert!(mail.contains("\nTo: -x@example.org\n") && !mail.contains('\r'), "{mail}");
}

#[tokio::test]
async fn a_command_reads_the_body_and_its_exit_code_is_the_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(dir.path(), "cat > body; env > env; [ \"$1\" = 0 ] || echo \"cannot: $1\" >&2; exit \"$1\"");
    for (code, kind, reason) in
        [("0", "sent", "exit 0"), ("75", "retry", "exit 75: cannot: 75"), ("1", "retry", "exit 1: cannot: 1")]
    {
        let verdicts = mail(&deliverer(), &command(&program, &[code])).await;
        assert_eq!(kinds(&verdicts), [kind]);
        assert!(why(&verdicts[0]).ends_with(reason), "{verdicts:?}");
    }
    let read: Value = serde_json::from_slice(&fs::read(dir.path().join("body")).unwrap()).unwrap();
    assert_eq!(read, body());
    let env = fs::read_to_string(dir.path().join("env")).unwrap();
    let names: Vec<_> = env
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .filter(|name| !matches!(*name, "PWD" | "SHLVL" | "_" | "OLDPWD"))
        .collect();
    assert!(names.iter().all(|name| ["PATH", "WIREWATCH_MESSAGE_ID"].contains(name)), "{env}");
    assert!(env.contains(&format!("WIREWATCH_MESSAGE_ID={}\n", message().id)));
    let missing = mail(&deliverer(), &command(Path::new("/nonexistent/program"), &[])).await;
    assert_eq!(kinds(&missing), ["retry"]);
}

#[tokio::test]
async fn a_command_that_does_not_end_is_killed_with_all_its_children() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let program = script(dir.path(), "sleep 100000 > pipe & wait");
    // The pipe ends when its last writer is gone: the child of the command.
    let ended = tokio::task::spawn_blocking(move || fs::read(pipe));
    let mut channel = command(&program, &[]);
    if let ChannelKind::Command { timeout, .. } = &mut channel.kind {
        *timeout = Duration::from_secs(1);
    }
    let verdicts = mail(&deliverer(), &channel).await;
    assert_eq!(kinds(&verdicts), ["perhaps"]);
    assert!(why(&verdicts[0]).contains("killed after 1s"), "{verdicts:?}");
    tokio::time::timeout(Duration::from_secs(30), ended).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_command_that_reads_nothing_and_says_too_much_is_not_held_up() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(dir.path(), "head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 3");
    let long = json!({"data": "x".repeat(4 << 20)});
    let channel = command(&program, &[]);
    let verdicts = deliverer().send(&channel, &message(), &recipients(&channel), &long).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).len() <= wirewatch::model::limits::REPLY_BYTES_MAX);
}

#[tokio::test]
async fn a_maildir_holds_one_copy_however_often_it_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let (deliverer, channel) = (deliverer(), maildir(&dir.path().join("mail")));
    let files = |sub: &str| {
        fs::read_dir(dir.path().join("mail").join(sub)).unwrap().map(|e| e.unwrap().path()).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        let verdicts = mail(&deliverer, &channel).await;
        assert_eq!(kinds(&verdicts), ["sent"]);
        assert_eq!(why(&verdicts[0]), files("new")[0].display().to_string());
    }
    assert_eq!((files("new").len(), files("tmp").len()), (1, 0));
    let bytes = fs::read(&files("new")[0]).unwrap();
    let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some(message().subject.as_str()));
    // Read, and moved by the reader: still the same mail.
    let new = files("new")[0].clone();
    let name = new.file_name().unwrap().to_str().unwrap();
    fs::rename(&new, dir.path().join("mail/cur").join(format!("{name}:2,S"))).unwrap();
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    assert_eq!(files("new").len(), 0);
    let other = Message { id: MessageId::of(&["other"]), ..message() };
    deliverer.send(&channel, &other, &recipients(&channel), &body()).await;
    assert_eq!(files("new").len(), 1);
}

#[tokio::test]
async fn a_maildir_that_cannot_be_written_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let verdicts = mail(&deliverer(), &maildir(&file.join("mail"))).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).contains("file"), "{verdicts:?}");
}

#[tokio::test]
async fn standard_output_takes_it_and_nobody_is_told_nothing() {
    let channel = channel(ChannelKind::Stdout);
    assert_eq!(kinds(&mail(&deliverer(), &channel).await), ["sent"]);
    assert!(deliverer().send(&channel, &message(), &[], &body()).await.is_empty());
}

fn maildir(path: &Path) -> Channel {
    let (from, to) = ("wirewatch@example.org".to_string(), "desk@example.org".to_string());
    channel(ChannelKind::Maildir(Maildir { path: path.to_path_buf(), from, to }))
}

fn command(program: &Path, words: &[&str]) -> Channel {
    let mut argv = vec![program.display().to_string()];
    argv.extend(words.iter().map(ToString::to_string));
    channel(ChannelKind::Command { argv, timeout: Duration::from_mins(1) })
}

/// A shell script that runs in this folder.
fn script(dir: &Path, lines: &str) -> PathBuf {
    let path = dir.join("program");
    fs::write(&path, format!("#!/bin/sh\ncd '{}' || exit 99\n{lines}\n", dir.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
