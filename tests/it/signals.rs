//! The daemon as systemd knows it: signals in, notifications out.

use crate::daemon::{Daemon, Notified, run, said};
use crate::newsroom::{Answer, Gate, Manner, Newsroom};
use rustix::process::Signal;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title><link>http://courier.example/</link>
<description>News</description><item><title>Apples</title><guid>apples</guid></item></channel></rss>"#;

/// A newsroom, and a configuration that polls it each second.
struct Place {
    newsroom: Newsroom,
    folder: TempDir,
}

impl Place {
    fn open(answer: Answer) -> Self {
        let newsroom = Newsroom::open();
        newsroom.set("/courier/feed.xml", answer);
        let place = Self { newsroom, folder: tempfile::tempdir().unwrap() };
        place.configure("");
        place
    }

    fn configure(&self, more: &str) {
        std::fs::write(self.config(), self.typed(more)).unwrap();
    }

    fn typed(&self, more: &str) -> String {
        format!(
            "[service]\ndata_dir = \"{}\"\n[web]\nlisten = \"off\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\n\
             [source.courier]\nurl = \"{}\"\nevery = \"1s\"\n[keyword.apples]\nnames = [\"apples\"]\n\
             [rule.apples]\nany = [\"@apples\"]\n{more}\n",
            self.folder().join("data").display(),
            self.newsroom.url("/courier/feed.xml"),
        )
    }

    /// Puts a pipe in the place of the configuration: who reads it waits.
    fn hold(&self) {
        std::fs::remove_file(self.config()).unwrap();
        assert!(Command::new("mkfifo").arg(self.config()).status().unwrap().success());
    }

    /// Lets the one that waits at the pipe read `more`, and puts `after` in its place for those that come later.
    fn release(&self, more: &str, after: &str) {
        // It opens when somebody reads.
        let mut pipe = std::fs::File::options().write(true).open(self.config()).unwrap();
        let next = self.folder().join("next");
        std::fs::write(&next, self.typed(after)).unwrap();
        std::fs::rename(&next, self.config()).unwrap();
        pipe.write_all(self.typed(more).as_bytes()).unwrap();
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn config(&self) -> PathBuf {
        self.folder().join("wirewatch.toml")
    }

    fn status(&self) -> Value {
        let output = run(&self.config(), &["status", "--json"]);
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn a_hangup_reloads_and_systemd_hears_of_it() {
    let place = Place::open(Answer::ok(FEED));
    let notified = Notified::listen(place.folder());
    let mut daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path())]);
    let ready = notified.next_with("READY=1");
    assert!(ready.contains("STATUS=1 source, 1 rule, 2 channels"), "{ready}");

    place.configure("[source.herald]\nurl = \"http://127.0.0.1:9/feed\"\nevery = \"1h\"\n");
    daemon.signal(Signal::HUP);
    let reloading = notified.next_with("RELOADING=1");
    assert!(reloading.contains("MONOTONIC_USEC="), "{reloading}");
    let ready = notified.next_with("READY=1");
    assert!(ready.contains("STATUS=2 sources"), "{ready}");
    daemon.says("the configuration was reloaded: +1 source: herald");

    place.configure("[source.gazette]\nurll = \"http://127.0.0.1:9/feed\"\n");
    daemon.signal(Signal::HUP);
    notified.next_with("RELOADING=1");
    let ready = notified.next_with("READY=1");
    assert!(
        ready.contains("STATUS=still running the old configuration") && ready.contains("wirewatch.toml:"),
        "{ready}"
    );
    let line =
        1 + std::fs::read_to_string(place.config()).unwrap().lines().position(|line| line.contains("urll")).unwrap();
    let told = daemon.says("the new configuration has faults");
    assert!(told.contains("the old one runs on"), "{told}");
    let faults = said(&run(&place.config(), &["check"]));
    assert!(faults.contains(&format!("wirewatch.toml:{line}:")), "{faults}");
    assert_eq!(place.status_of_running().len(), 2, "the old one runs on");

    daemon.signal(Signal::TERM);
    notified.next_with("STOPPING=1");
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn a_file_that_was_changed_takes_effect_by_itself_and_a_bad_one_is_told() {
    let place = Place::open(Answer::ok(FEED));
    let mut daemon = Daemon::start(&place.config(), &[]);
    daemon.says("runs: 1 source");
    // As editors do it: another file takes the name.
    let replace = |more: &str| {
        std::fs::write(place.folder().join("next"), place.typed(more)).unwrap();
        std::fs::rename(place.folder().join("next"), place.config()).unwrap();
    };
    replace(&rare("herald"));
    daemon.says("the configuration was reloaded: +1 source: herald");
    replace("[source.gazette]\nurll = \"http://127.0.0.1:9/feed\"\n");
    daemon.says("the new configuration has faults, the old one runs on");
    let list = |rows: &str| std::fs::write(place.folder().join("pep.csv"), format!("id,names\n{rows}")).unwrap();
    list("Q1,Ada Byron\n");
    replace("[list.pep]\nfile = \"pep.csv\"\n[rule.pep]\nany = [\"@pep\"]\n");
    daemon.says("-1 source: herald");
    list("Q1,Ada Byron\nQ2,Grace Hopper\n");
    daemon.says("the configuration was reloaded: list pep +1: + Grace Hopper");
    daemon.signal(Signal::TERM);
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(log.matches("was reloaded").count(), 3, "nothing was told twice: {log}");
}

/// A source that nobody asks in the time of a test.
fn rare(id: &str) -> String {
    format!("[source.{id}]\nurl = \"http://127.0.0.1:9/feed\"\nevery = \"1h\"\n")
}

#[test]
fn polling_goes_on_during_a_reload_and_what_is_asked_meanwhile_is_done_once() {
    let place = Place::open(Answer::ok(FEED));
    let notified = Notified::listen(place.folder());
    let daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path()), ("WATCHDOG_USEC", "3000000")]);
    notified.next_with("READY=1");
    place.hold();
    daemon.signal(Signal::HUP);
    notified.next_with("RELOADING=1");
    let polled = place.newsroom.count("/courier/feed.xml");
    place.newsroom.await_count("/courier/feed.xml", polled + 2);
    notified.next_with("WATCHDOG=1");
    daemon.signal(Signal::HUP);
    let polled = place.newsroom.count("/courier/feed.xml");
    place.newsroom.await_count("/courier/feed.xml", polled + 1);
    daemon.signal(Signal::HUP);
    place.release(&rare("herald"), &format!("{}{}", rare("herald"), rare("gazette")));
    let ready = notified.next_with("READY=1");
    assert!(ready.contains("STATUS=2 sources"), "{ready}");
    notified.next_with("RELOADING=1");
    let ready = notified.next_with("READY=1");
    assert!(ready.contains("STATUS=3 sources"), "{ready}");
    daemon.signal(Signal::TERM);
    loop {
        let message = notified.next();
        assert!(!message.contains("RELOADING=1"), "once for two: {message}");
        if message.contains("STOPPING=1") {
            break;
        }
    }
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(0), "{log}");
    let told = ["+1 source: herald", "+1 source: gazette"].map(|what| format!("was reloaded: {what}"));
    assert!(told.iter().all(|told| log.contains(told)), "{log}");
}

#[test]
fn a_stop_does_not_wait_for_a_reload() {
    let gate = Gate::default();
    let place = Place::open(Answer::ok(FEED).manner(Manner::Behind(gate.clone())));
    let notified = Notified::listen(place.folder());
    let mut daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path())]);
    place.newsroom.await_count("/courier/feed.xml", 1);
    place.hold();
    daemon.signal(Signal::HUP);
    notified.next_with("RELOADING=1");
    daemon.signal(Signal::TERM);
    notified.next_with("STOPPING=1");
    daemon.says("stopping");
    gate.open();
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("took longer"), "{log}");
    std::fs::remove_file(place.config()).unwrap();
    place.configure("");
    assert_eq!(place.status()["sources"][0]["state"], "ok", "what was under way is finished");
}

#[test]
fn a_list_that_changed_says_what_was_added_and_removed() {
    let place = Place::open(Answer::ok(FEED));
    let list = |rows: &str| std::fs::write(place.folder().join("pep.csv"), format!("id,names\n{rows}")).unwrap();
    list("Q1,Ada Byron\nQ2,Charles Babbage\nQ3,Mary Somerville\n");
    place.configure("[list.pep]\nfile = \"pep.csv\"\n[rule.pep]\nany = [\"@pep\"]\n");
    let mut daemon = Daemon::start(&place.config(), &[]);
    daemon.says("runs: 1 source");
    list("Q1,Ada Lovelace\nQ3,Mary Somerville\nQ4,Grace Hopper\nQ5,Konrad Zuse\n");
    daemon.signal(Signal::HUP);
    let told = daemon.says("the configuration was reloaded");
    let wanted = "list pep +2 -1, 1 changed: + Grace Hopper, Konrad Zuse; - Charles Babbage; changed: Ada Lovelace";
    assert!(told.ends_with(wanted), "{told}");
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
}

impl Place {
    /// The sources that the store knows, whatever stands in the file now.
    fn status_of_running(&self) -> Vec<Value> {
        self.configure("");
        let status = self.status();
        status["sources"].as_array().unwrap().clone()
    }
}

#[test]
fn a_stop_finishes_what_is_under_way_and_ends_well() {
    let gate = Gate::default();
    let place = Place::open(Answer::ok(FEED).manner(Manner::Behind(gate.clone())));
    let notified = Notified::listen(place.folder());
    let mut daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path())]);
    notified.next_with("READY=1");
    place.newsroom.await_count("/courier/feed.xml", 1);
    daemon.signal(Signal::TERM);
    notified.next_with("STOPPING=1");
    daemon.says("stopping");
    gate.open();
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(0), "{log}");
    let status = place.status();
    assert_eq!(status["sources"][0]["state"], "ok", "{status}");
    assert!(status["sources"][0]["last_success"].is_string(), "{status}");
    assert_eq!(place.newsroom.count("/courier/feed.xml"), 1, "nothing new was begun");
}

#[test]
fn a_second_signal_ends_it_now_and_the_next_start_does_the_work_again() {
    let gate = Gate::default();
    let place = Place::open(Answer::ok(FEED).manner(Manner::Behind(gate.clone())));
    let mut daemon = Daemon::start(&place.config(), &[]);
    place.newsroom.await_count("/courier/feed.xml", 1);
    daemon.signal(Signal::TERM);
    daemon.says("stopping");
    daemon.signal(Signal::INT);
    let (status, log) = daemon.ends();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("ended by the second signal"), "{log}");
    gate.open();
    assert!(run(&place.config(), &["run", "--once"]).status.success());
    assert_eq!(place.newsroom.count("/courier/feed.xml"), 2, "its lease does not hold up the next start");
    assert_eq!(place.status()["sources"][0]["state"], "ok");
}

#[test]
fn the_watchdog_is_fed() {
    let place = Place::open(Answer::ok(FEED));
    let notified = Notified::listen(place.folder());
    let daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path()), ("WATCHDOG_USEC", "900000")]);
    notified.next_with("READY=1");
    for _ in 0..3 {
        notified.next_with("WATCHDOG=1");
    }
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
}

#[test]
fn a_socket_that_nobody_reads_holds_up_nothing() {
    let place = Place::open(Answer::ok(FEED));
    let notified = Notified::listen(place.folder());
    notified.fill();
    let mut daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path()), ("WATCHDOG_USEC", "300000")]);
    daemon.says("runs: 1 source");
    place.newsroom.await_count("/courier/feed.xml", 1);
    place.configure("[source.herald]\nurl = \"http://127.0.0.1:9/feed\"\nevery = \"1h\"\n");
    daemon.signal(Signal::HUP);
    daemon.says("the configuration was reloaded: +1 source: herald");
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
}

#[test]
fn a_second_daemon_says_why_it_does_not_start() {
    let place = Place::open(Answer::ok(FEED));
    let mut daemon = Daemon::start(&place.config(), &[]);
    daemon.says("runs: 1 source");
    let second = run(&place.config(), &["run"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second).contains("another wirewatch runs on"), "{}", said(&second));
    let once = run(&place.config(), &["run", "--once"]);
    assert_eq!(once.status.code(), Some(1));
    assert!(said(&once).contains("another wirewatch runs on"), "{}", said(&once));
    // Looking is allowed.
    assert_eq!(place.status()["sources"].as_array().unwrap().len(), 1);
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
}

#[test]
fn what_the_daemon_starts_cannot_speak_to_systemd_in_its_name() {
    let place = Place::open(Answer::ok(FEED));
    let notified = Notified::listen(place.folder());
    let seen = place.folder().join("seen");
    let script = place.folder().join("tell");
    std::fs::write(&script, format!("#!/bin/sh\ncat >/dev/null\nenv > {0}.new\nmv {0}.new {0}\n", seen.display()))
        .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, mode).unwrap();
    place.configure(&format!("[channel.tell]\ntype = \"command\"\ncommand = [\"{}\"]\n", script.display()));
    let mut daemon = Daemon::start(&place.config(), &[("NOTIFY_SOCKET", notified.path())]);
    // The sum of the first poll is its first message.
    daemon.says("sent to");
    let environment = std::fs::read_to_string(&seen).unwrap();
    assert!(environment.contains("PATH=") && !environment.contains("NOTIFY_SOCKET"), "{environment}");
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
}

#[test]
fn a_socket_that_systemd_holds_is_where_the_page_is() {
    let place = Place::open(Answer::ok(FEED));
    // Port 1 is nobody's: the page is where the socket is.
    let typed = place.typed("").replace("listen = \"off\"", "listen = \"127.0.0.1:1\"");
    std::fs::write(place.config(), typed).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // As sd_listen_fds(3) has it: descriptor 3, for the process of this number.
    let hand_over = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" run --config \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", hand_over, env!("CARGO_BIN_EXE_wirewatch")]).arg(place.config());
    let stdin = std::os::fd::OwnedFd::from(listener);
    let mut daemon = shell.stdin(stdin).stderr(std::process::Stdio::null()).spawn().unwrap();
    // The question waits in the socket until the daemon is up.
    let mut asked = std::net::TcpStream::connect(address).unwrap();
    asked.write_all(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let read = std::io::Read::read_to_string(&mut asked, &mut answer);
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    read.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
}
