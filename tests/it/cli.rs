//! The command line as scripts rely on it: exit codes, what goes where, and the fields of its JSON.

use crate::daemon::{said, wirewatch};
use crate::harness::{Piece, paragraph, publish};
use crate::newsroom::{Answer, Newsroom};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use tempfile::TempDir;
use wirewatch::clock::Clock;

const FEED: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Courier &amp; Sons</title><link>http://courier.example/</link><description>News</description>
<language>en</language><ttl>15</ttl>
<item><title>Apples &lt;b&gt;early&lt;/b&gt;</title><link>/apples</link><guid isPermaLink="false">a1</guid>
<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate><description>&lt;p onclick="x()"&gt;Red ones.&lt;/p&gt;</description>
<category>fruit</category><enclosure url="/apple.jpg" type="image/jpeg" length="12"/></item></channel></rss>"#;

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Ministers meet</title><link rel=\"canonical\" href=\"/met\">\
    <meta property=\"article:published_time\" content=\"2026-03-02T06:00:00Z\"></head><body><article><h1>Ministers meet</h1>\
    <p>The Shanghai Cooperation Organization met in Bishkek on Monday, and the hosts poured tea for nine delegations.</p>\
    <p>Afterwards the delegates walked to the square, where a band played and children waved small paper flags at them.</p>\
    </article><aside class=\"related\"><h2>Related stories</h2><ul><li><a href=\"/x\">Another body met</a></li></ul></aside></body></html>";

pub const CONFIG: &str = r#"
[service]
data_dir = "data"
[web]
listen = "off"
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[keyword.tea]
names = ["tea"]
[rule.sco]
any = ["@sco"]
severity = "high"
[rule.tea]
any = ["@tea"]
[channel.desk]
type = "maildir"
path = "mail"
"#;

/// A folder with files, and the program in it.
pub struct Shell(TempDir);

impl Shell {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let shell = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(shell.path(name), text).unwrap();
        }
        shell
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        wirewatch(arguments).current_dir(self.0.path()).output().unwrap()
    }

    pub fn fed(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = wirewatch(arguments);
        command.current_dir(self.0.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_string();
        // It answers while it reads: whoever writes all first waits for ever.
        let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let _ = feeder.join();
        output
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        parsed(&self.run(arguments))
    }
}

pub fn parsed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", said(output)))
}

/// The value has these fields; more may be added.
pub fn has(value: &Value, fields: &[&str]) {
    let found: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let missing: Vec<_> = fields.iter().filter(|field| !found.contains(**field)).collect();
    assert!(missing.is_empty(), "{missing:?} missing in {value}");
}

#[test]
fn exit_codes_tell_done_failed_misused_and_misconfigured_apart() {
    let shell = Shell::new(&[
        ("feed.xml", FEED),
        ("noise", "this is no feed"),
        ("good.toml", CONFIG),
        ("bad.toml", "[service]\ndata_dirr = \"x\"\n"),
    ]);
    for (arguments, code) in [
        (&["feed", "feed.xml"][..], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["run", "--help"], 0),
        (&["check", "--help"], 0),
        (&["completions", "bash"], 0),
        (&["man"], 0),
        (&["check", "--config", "good.toml"], 0),
        (&["feed", "no-such-file"], 1),
        (&["feed", "noise"], 1),
        (&["extract", "no-such-file"], 1),
        (&["feed", "http://127.0.0.1:9/feed"], 1),
        (&["status", "--config", "good.toml"], 1),
        (&["match", "noise", "--rule", "nosuch", "--config", "good.toml"], 1),
        (&["channel", "test", "nosuch", "--config", "good.toml"], 1),
        (&["outbox", "drop", "m000", "--config", "good.toml"], 1),
        (&[], 2),
        (&["fede"], 2),
        (&["feed"], 2),
        (&["feed", "feed.xml", "--nonsense"], 2),
        (&["robots", "feed.xml"], 2),
        (&["check", "--config", "bad.toml"], 78),
        (&["run", "--once", "--config", "bad.toml"], 78),
        (&["status", "--config", "bad.toml"], 78),
        (&["match", "noise", "--config", "bad.toml"], 78),
        (&["check", "--config", "no-such-folder"], 78),
    ] {
        let output = shell.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        if code != 0 {
            assert!(
                output.stdout.is_empty(),
                "{arguments:?} says what went wrong on standard error: {}",
                said(&output)
            );
            assert!(!output.stderr.is_empty(), "{arguments:?} says what went wrong");
        }
    }
}

#[test]
fn a_feed_as_json() {
    let shell = Shell::new(&[("feed.xml", FEED)]);
    let feed = shell.json(&["feed", "feed.xml", "--url", "http://courier.example/feed.xml", "--json"]);
    has(&feed, &["format", "version", "encoding", "ttl_s", "feed", "entries", "warnings"]);
    has(
        &feed["feed"],
        &[
            "id",
            "title",
            "subtitle",
            "link",
            "links",
            "language",
            "authors",
            "updated",
            "published",
            "rights",
            "generator",
            "image",
            "categories",
        ],
    );
    let entry = &feed["entries"][0];
    has(
        entry,
        &[
            "key",
            "id",
            "title",
            "link",
            "links",
            "authors",
            "published",
            "updated",
            "summary",
            "content",
            "enclosures",
            "categories",
            "language",
        ],
    );
    has(&entry["enclosures"][0], &["url", "type", "length"]);
    assert_eq!(
        (feed["format"].as_str(), feed["version"].as_str(), feed["ttl_s"].as_u64()),
        (Some("rss"), Some("rss20"), Some(900))
    );
    assert_eq!(feed["feed"]["title"], "The Courier & Sons");
    assert_eq!((entry["title"].as_str(), entry["id"].as_str()), (Some("Apples early"), Some("a1")));
    assert_eq!(entry["link"], "http://courier.example/apples");
    assert_eq!(entry["published"], "2026-03-02T06:00:00Z");
    assert_eq!(entry["summary"], "<p>Red ones.</p>");
    assert_eq!(feed["warnings"].as_array().map(Vec::len), Some(0), "{feed}");
    let same = parsed(&shell.fed(&["feed", "-", "--url", "http://courier.example/feed.xml", "--json"], FEED));
    assert_eq!(same, feed, "from standard input it is the same");
}

#[test]
fn an_article_as_json_and_several_as_a_line_each() {
    let shell = Shell::new(&[("a.html", PAGE), ("b.html", &PAGE.replace("Ministers meet", "Nobody meets"))]);
    let article = shell.json(&["extract", "a.html", "--url", "http://courier.example/a", "--json"]);
    has(
        &article,
        &[
            "url",
            "canonical_url",
            "title",
            "byline",
            "published",
            "modified",
            "language",
            "site_name",
            "wire",
            "image",
            "text",
            "zones",
            "method",
            "complete",
        ],
    );
    assert_eq!((article["title"].as_str(), article["complete"].as_bool()), (Some("Ministers meet"), Some(true)));
    assert_eq!(article["canonical_url"], "http://courier.example/met");
    let text = article["text"].as_str().unwrap();
    assert!(text.contains("nine delegations.\n\nAfterwards") && !text.contains("Another body"), "{text}");
    let zones: BTreeSet<&str> =
        article["zones"].as_array().unwrap().iter().map(|block| block["zone"].as_str().unwrap()).collect();
    assert!(zones.is_superset(&BTreeSet::from(["title", "lead", "body", "related"])), "{zones:?}");

    let output = shell.run(&["extract", "b.html", "no-such-file", "a.html"]);
    assert_eq!(output.status.code(), Some(1), "one input could not be read");
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let titles: Vec<_> = lines.iter().map(|line| line["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Nobody meets", "Ministers meet"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-file"));
}

#[test]
fn matches_as_json_lines_in_the_order_of_the_articles() {
    let shell = Shell::new(&[("wirewatch.toml", CONFIG), ("a.html", PAGE)]);
    let mut lines = String::new();
    for n in 0..3000 {
        let text =
            if n % 3 == 0 { "Ünder the Shanghai Cooperation Organization\\n\\nthey drank tea." } else { "Nothing." };
        lines += &format!("{{\"url\":\"http://x.example/{n}\",\"title\":\"Article {n}\",\"text\":\"{text}\"}}\n");
    }
    let output = shell.fed(&["match", "-", "--lines", "--json", "--config", "wirewatch.toml"], &lines);
    assert!(output.status.success(), "{}", said(&output));
    let matched: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(matched.len(), 3000);
    for (n, line) in matched.iter().enumerate() {
        has(line, &["url", "title", "language", "matches"]);
        assert_eq!(line["url"], format!("http://x.example/{n}"));
        let rules: BTreeSet<&str> =
            line["matches"].as_array().unwrap().iter().map(|found| found["rule"].as_str().unwrap()).collect();
        let wanted = if n % 3 == 0 { BTreeSet::from(["sco", "tea"]) } else { BTreeSet::new() };
        assert_eq!(rules, wanted, "{line}");
    }
    let found = matched[0]["matches"].as_array().unwrap().iter().find(|found| found["rule"] == "sco").unwrap();
    has(found, &["rule", "severity", "notify", "hits"]);
    assert_eq!((found["severity"].as_str(), &found["notify"]), (Some("high"), &serde_json::json!(["desk"])));
    let hit = &found["hits"][0];
    has(hit, &["watch", "kind", "name", "text", "zone", "start", "end", "sentence"]);
    assert_eq!(hit["watch"], "sco");
    assert_eq!(hit["text"], "Shanghai Cooperation Organization");
    assert_eq!((hit["start"].as_u64(), hit["end"].as_u64()), (Some(10), Some(43)), "code points, end exclusive");

    let only = shell.json(&["match", "a.html", "--rule", "tea", "--json", "--config", "wirewatch.toml"]);
    let rules: Vec<_> = only["matches"].as_array().unwrap().iter().map(|found| &found["rule"]).collect();
    assert_eq!(rules, ["tea"]);
}

#[test]
fn a_bad_line_costs_itself_and_is_named() {
    let shell = Shell::new(&[("wirewatch.toml", CONFIG)]);
    let lines = "{\"text\":\"tea\",\"titel\":\"x\"}\n\nnoise\n{\"tier\":\"one\"}\n{\"text\":\"tea\",\"titel\":\"y\"}\n";
    let bad = shell.fed(&["match", "-", "--lines", "--json", "--config", "wirewatch.toml"], lines);
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&bad.stdout).lines().count(), 2, "{}", said(&bad));
    let words = String::from_utf8_lossy(&bad.stderr);
    for told in [
        "line 1: unknown key `titel`; did you mean `title`?",
        "line 3: it is not JSON at column",
        "line 4: `tier` is \"one\"; a whole number from 1 to 9 is expected",
        "2 lines could not be read; all others were matched",
    ] {
        assert!(words.contains(told), "{told} is not in {words}");
    }
    assert_eq!(words.matches("titel").count(), 1, "{words}");
}

#[test]
fn a_page_without_a_language_and_one_with_the_wrong_one_are_matched_by_what_they_are_in() {
    let config = "[keyword.well]\nnames = [\"qudug‘i\", \"скважину\"]\n\n[rule.uz]\nquery = \"@well AND lang:uz\"\nnotify = [\"out\"]\n\n\
                  [rule.ru]\nquery = \"@well AND lang:ru\"\nnotify = [\"out\"]\n\n[channel.out]\ntype = \"stdout\"\n";
    let page = |lang: &str, title: &str, text: &str| {
        format!(
            "<html{lang}><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
        )
    };
    let uzbek = page(
        "",
        "Cho‘lda yangi suv qudug‘i qazildi",
        "Nurota tumanidagi chekka ovulga suv keldi. Yangi qudug‘i borligidan xursand bo‘lgan cho‘ponlar endi qo‘ylarini uzoqqa haydamaydi.",
    );
    let russian = page(
        " lang=\"en\"",
        "В степи пробурили скважину",
        "В отдаленный аул пришла вода. Теперь пастухам не придется гонять овец за двадцать километров, рассказал глава района.",
    );
    let lines = "{\"title\":\"Cho‘lda yangi suv qudug‘i qazildi\",\"text\":\"Bu haqda tuman hokimi aytdi.\"}\n\
                 {\"title\":\"В степи пробурили скважину\",\"text\":\"Об этом рассказал глава района.\",\"language\":\"uz\"}\n";
    let shell = Shell::new(&[("uz.html", &uzbek), ("ru.html", &russian), ("wirewatch.toml", config)]);
    for (file, wanted) in [("uz.html", "uz"), ("ru.html", "ru")] {
        let extracted = shell.json(&["extract", file, "--json"]);
        assert_eq!(extracted["language"], wanted, "{extracted}");
        let matched = shell.json(&["match", file, "--json", "--config", "wirewatch.toml"]);
        assert_eq!(matched["language"], wanted, "{matched}");
        let rules: Vec<_> = matched["matches"].as_array().unwrap().iter().map(|found| &found["rule"]).collect();
        assert_eq!(rules, [wanted], "{matched}");
    }
    // Who writes a line knows its language.
    let output = shell.fed(&["match", "-", "--lines", "--json", "--config", "wirewatch.toml"], lines);
    let out = String::from_utf8(output.stdout).unwrap();
    let languages: Vec<Value> =
        out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["language"].clone()).collect();
    assert_eq!(languages, ["uz", "uz"], "{out}");
}

#[test]
fn robots_as_json() {
    let shell = Shell::new(&[("robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: wirewatch\nAllow: /\n")]);
    let asked = |agent: &str| {
        shell.json(&["robots", "robots.txt", "--agent", agent, "--json", "http://courier.example/private/a"])
    };
    let (theirs, ours) = (asked("otherbot"), asked("wirewatch"));
    has(&theirs, &["allowed", "rule", "line"]);
    assert_eq!((theirs["allowed"].as_bool(), theirs["line"].as_u64()), (Some(false), Some(2)));
    assert_eq!(ours["allowed"], true);
}

#[test]
fn status_and_outbox_as_json() {
    let newsroom = Newsroom::open();
    let lead = format!("The Shanghai Cooperation Organization met. {}", paragraph("cli"));
    let at = Clock::system().now().to_string();
    publish(&newsroom, "courier", &[Piece::new("met", "A meeting", &at, &[&lead, &paragraph("more of cli")])]);
    newsroom.set("/herald/feed.xml", Answer::status(500));
    let home = newsroom.url("");
    let sources = format!(
        "{}[channel.hook]\ntype = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\nallow_private = true\n\
         [fetch]\nallow_private = [\"127.0.0.0/8\"]\n[source.courier]\nurl = \"{home}courier/feed.xml\"\nbackfill = 5\n\
         [source.herald]\nurl = \"{home}herald/feed.xml\"\n",
        CONFIG.replace("data_dir = \"data\"", "data_dir = \"data\"\nchannels = [\"desk\", \"hook\"]\nnotify = []")
    );
    let shell = Shell::new(&[("wirewatch.toml", &sources)]);
    let before = shell.run(&["status", "--config", "wirewatch.toml"]);
    assert!(said(&before).contains("wirewatch run"), "what to do: {}", said(&before));
    let ran = shell.run(&["run", "--once", "--config", "wirewatch.toml"]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert!(ran.stdout.is_empty(), "nothing is data of a run: {}", said(&ran));

    let status = shell.json(&["status", "--json", "--config", "wirewatch.toml"]);
    has(&status, &["sources", "outbox", "articles", "lists", "version"]);
    has(&status["outbox"], &["pending", "retrying", "held", "dead"]);
    has(&status["articles"], &["full", "summary_only", "unread"]);
    assert_eq!(status["articles"]["full"], 1);
    assert_eq!(status["outbox"]["retrying"], 1);
    let fields = ["id", "url", "state", "since", "last_success", "next_poll", "interval_s", "error"];
    status["sources"].as_array().unwrap().iter().for_each(|source| has(source, &fields));
    let of = |id: &str| status["sources"].as_array().unwrap().iter().find(|source| source["id"] == id).unwrap();
    assert_eq!((of("courier")["state"].as_str(), &of("courier")["error"]), (Some("ok"), &Value::Null));
    assert_eq!(of("herald")["state"], "failing");
    assert!(of("herald")["error"].as_str().unwrap().contains("500"));
    assert!(of("herald")["next_poll"].as_str().unwrap().ends_with('Z'));

    let owed = shell.json(&["outbox", "list", "--json", "--config", "wirewatch.toml"]);
    let [owed] = owed.as_array().unwrap().as_slice() else { panic!("{owed}") };
    has(owed, &["id", "channel", "recipient", "kind", "state", "attempts", "next_attempt", "error"]);
    assert_eq!((owed["channel"].as_str(), owed["state"].as_str()), (Some("hook"), Some("retrying")));
    assert_eq!((owed["kind"].as_str(), owed["attempts"].as_u64()), (Some("alert.matched"), Some(1)));
    let all = shell.json(&["outbox", "list", "--all", "--json", "--config", "wirewatch.toml"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    let id = owed["id"].as_str().unwrap();
    assert!(shell.run(&["outbox", "retry", id, "--config", "wirewatch.toml"]).status.success());
    assert!(shell.run(&["outbox", "drop", id, "--config", "wirewatch.toml"]).status.success());
    let gone = shell.json(&["outbox", "list", "--json", "--config", "wirewatch.toml"]);
    assert_eq!(gone[0]["state"], "expired");
    assert_eq!(std::fs::read_dir(shell.path("mail/new")).unwrap().count(), 1);
}

#[test]
fn check_as_json_and_in_words() {
    let shell = Shell::new(&[
        ("bad.toml", "[service]\ndata_dirr = \"x\"\ntime_zone = \"Asia/Tashkend\"\n"),
        ("good.toml", CONFIG),
    ]);
    let output = shell.run(&["check", "--json", "--config", "bad.toml"]);
    assert_eq!(output.status.code(), Some(78));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let faults = told["faults"].as_array().unwrap();
    let errors: Vec<_> = faults.iter().filter(|fault| fault["severity"] == "error").collect();
    assert_eq!(errors.len(), 2, "all faults at once: {told}");
    for fault in faults {
        has(fault, &["severity", "code", "file", "line", "col", "message", "hint"]);
    }
    assert_eq!((told["ok"].as_bool(), errors[0]["line"].as_u64()), (Some(false), Some(2)));
    let words = said(&shell.run(&["check", "--config", "bad.toml"]));
    assert!(words.contains("bad.toml:2:1: error[E101]: "), "{words}");
    assert!(words.contains("did you mean `data_dir`?") && words.contains("Asia/Tashkent"), "{words}");
    let good: Value = parsed(&shell.run(&["check", "--json", "--config", "good.toml"]));
    assert_eq!(good["ok"], true);
    // The environment may name the configuration, and change it.
    let named = wirewatch(&["check"]).env("WIREWATCH_CONFIG", shell.path("good.toml")).output().unwrap();
    assert!(named.status.success(), "{}", said(&named));
    let changed = wirewatch(&["check"])
        .env("WIREWATCH_CONFIG", shell.path("good.toml"))
        .env("WIREWATCH__RULE__SCO__SEVERITY", "loud")
        .output()
        .unwrap();
    assert_eq!(changed.status.code(), Some(78));
    assert!(said(&changed).contains("env:WIREWATCH__RULE__SCO__SEVERITY"), "{}", said(&changed));
}

#[test]
fn check_doubts_names_and_queries_with_the_mended_line_and_strict_refuses_them() {
    const DOUBTFUL: &str = r#"[service]
data_dir = "data"
[organization.who]
names = ["World Health Organization", "WHO"]
[rule.flood]
query = "@who AND title:flood AND NOT flood"
[channel.desk]
type = "stdout"
"#;
    let allowed = DOUBTFUL
        .replace("\"WHO\"]", "\"WHO\"]\nallow = [\"W201\"]")
        .replace("NOT flood\"", "NOT flood\"\nallow = [\"W204\"]");
    let shell = Shell::new(&[("doubtful.toml", DOUBTFUL), ("allowed.toml", &allowed)]);
    let told = shell.run(&["check", "--config", "doubtful.toml"]);
    assert_eq!(told.status.code(), Some(0), "it stands: {}", said(&told));
    assert_eq!(
        String::from_utf8(told.stderr).unwrap(),
        r#"doubtful.toml:4:40: warning[W201]: "WHO" is found in any case: it would match the word "who" too
    names = ["World Health Organization", "WHO"]
                                           ^^^
    hint: move it: exact = ["WHO"]
doubtful.toml:6:39: warning[W204]: this can never match: flood is excluded, and wherever the rest is found it is found too
    query = "@who AND title:flood AND NOT flood"
                                          ^^^^^
    hint: take NOT flood out, or say what else must be there
2 warnings
"#
    );
    assert_eq!(shell.run(&["check", "--strict", "--config", "doubtful.toml"]).status.code(), Some(78));
    let meant = shell.run(&["check", "--strict", "--config", "allowed.toml"]);
    assert!(meant.status.success() && meant.stderr.is_empty(), "{}", said(&meant));
    // Only `check` doubts: who runs it has decided.
    assert!(shell.run(&["run", "--once", "--config", "doubtful.toml"]).stderr.is_empty());
}

#[test]
fn colours_are_for_terminals_and_not_for_those_who_want_none() {
    let shell = Shell::new(&[("feed.xml", FEED), ("bad.toml", "[service]\ndata_dirr = \"x\"\n")]);
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let output =
            wirewatch(arguments).current_dir(shell.0.path()).envs(environment.iter().copied()).output().unwrap();
        said(&output).contains('\u{1b}')
    };
    for arguments in [&["feed", "feed.xml"][..], &["check", "--config", "bad.toml"]] {
        assert!(!coloured(arguments, &[]), "{arguments:?} into a pipe");
        assert!(!coloured(arguments, &[("NO_COLOR", "1")]), "{arguments:?} with NO_COLOR");
        assert!(
            coloured(arguments, &[("CLICOLOR_FORCE", "1")]),
            "{arguments:?} when forced: else this test proves nothing"
        );
        assert!(!coloured(arguments, &[("CLICOLOR_FORCE", "0"), ("NO_COLOR", "1")]), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut items = String::new();
    for n in 0..20_000 {
        items += &format!("<item><title>Entry {n} of very many</title><guid>{n}</guid></item>");
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Long</title>{items}</channel></rss>");
    let lines = "{\"text\":\"They drank tea.\"}\n".repeat(20_000);
    let shell = Shell::new(&[("feed.xml", &feed), ("lines.jsonl", &lines), ("wirewatch.toml", CONFIG)]);
    for arguments in [
        &["feed", "feed.xml"][..],
        &["feed", "feed.xml", "--json"],
        &["match", "lines.jsonl", "--lines", "--json", "--config", "wirewatch.toml"],
        &["completions", "zsh"],
    ] {
        let mut command = wirewatch(arguments);
        let mut child =
            command.current_dir(shell.0.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 10]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(said(&output), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_starter_configuration_is_good_and_is_never_overwritten() {
    let shell = Shell::new(&[]);
    let written = shell.run(&["init", "desk", "--no-questions"]);
    assert!(written.status.success(), "{}", said(&written));
    let checked = shell.run(&["check", "--strict", "--config", "desk"]);
    assert!(checked.status.success(), "{}", said(&checked));
    assert!(checked.stderr.is_empty(), "nothing in it is doubtful: {}", said(&checked));
    std::fs::write(shell.path("desk/wirewatch.toml"), "mine").unwrap();
    let again = shell.run(&["init", "desk", "--no-questions"]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(shell.path("desk/wirewatch.toml")).unwrap(), "mine");
}

/// Answers typed on a terminal: `script` (Debian's bsdutils) gives the program one.
fn typed(shell: &Shell, command: &str, answers: &str) -> String {
    let program = env!("CARGO_BIN_EXE_wirewatch");
    let mut script = std::process::Command::new("script");
    script.args(["-qefc", &format!("{program} {command}"), "/dev/null"]).current_dir(shell.path("."));
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // The terminal's end is its own sign; the pipe stays open until the program has ended.
    input.write_all(answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(input);
    said(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_it_asks_and_sends_a_sample() {
    let smtp = crate::smtp::Smtp::start().await;
    let shell = Shell::new(&[]);
    let answers = format!(
        "Ada Byron\n王毅\n\nShanghai Cooperation Organization\n\ncounter-terrorism\n\nhttp://127.0.0.1:9/feed\n\n7\n1\nanna@example.org\nsmtp://127.0.0.1:{}\n",
        smtp.port()
    );
    let said = tokio::task::block_in_place(|| typed(&shell, "init desk", &answers));
    assert!(said.contains("accepted: "), "{said}");
    assert_eq!(smtp.mails().len(), 1, "{said}");
    let first = std::fs::read_to_string(shell.path("desk/conf.d/10-first.toml")).unwrap();
    for line in ["[official.ada-byron]", "[official.watch]", "[keyword.counter-terrorism]", "any = [\"@ada-byron\", "] {
        assert!(first.contains(line), "{line} in {first}");
    }
    assert!(shell.run(&["check", "--config", "desk"]).status.success());
    // With a password, which stands in a file of its own, and a server that is not there.
    let answers = "\n\ntea\n\n\nmail\nanna@example.org\nsmtp://anna@127.0.0.1:9\nhunter2 hunter2\n";
    let said = tokio::task::block_in_place(|| typed(&shell, "init other", answers));
    // The terminal showed what was typed before it was asked for.
    let (_, after) = said.split_once("A sample goes to").unwrap();
    assert!(after.contains("wirewatch channel test mail") && !after.contains("hunter2"), "{said}");
    let secret = shell.path("other/secrets/smtp");
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "hunter2 hunter2\n");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&secret.metadata().unwrap().permissions()) & 0o777, 0o600);
}

/// A desk whose rule has a clause of each kind.
const DESK: &str = r#"
[service]
data_dir = "data"
[web]
listen = "off"
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[official.gromov]
names = ["Виктор Громов"]
weak = ["Громов"]
[rule.met]
query = '@sco AND ((delegat* NEAR/3 square) OR band) AND NOT football'
severity = "high"
notify = ["desk", "desk/morning"]
[rule.near]
query = '(delegat* NEAR/2 Bishkek) AND "another body" AND NOT tea'
[channel.desk]
type = "maildir"
path = "mail"
digest.morning = { at = ["08:00", "17:30"] }
"#;

fn words(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_rule_that_matches_is_explained_with_its_passages_and_whom_it_tells() {
    let shell = Shell::new(&[("desk.toml", DESK), ("a.html", PAGE)]);
    let told = words(&shell.run(&["explain", "met", "a.html", "--config", "desk.toml"]));
    insta::assert_snapshot!(told, @r#"
    met on “Ministers meet”
      ✓ all of these:
        ✓ @sco
            lead: The [Shanghai Cooperation Organization] met in Bishkek on Monday, and the hosts poured tea for nine delegations.
        ✓ any of these:
          ✓ (delegat* NEAR/3 square)
              body: Afterwards the [delegates] walked to the [square], where a band played and children waved small paper flags at them.
          ✓ band
              body: Afterwards the delegates walked to the square, where a [band] played and children waved small paper flags at them.
        ✓ NOT football
            not found, as it should be
    It matches: severity high, would be told to desk (at once), desk/morning (in the digest at 08:00 and 17:30).
    Not looked at: silences, and whether the story was told before; the daemon knows them.
    "#);
}

#[test]
fn a_rule_that_does_not_match_is_explained_with_its_nearest_misses() {
    let shell = Shell::new(&[("desk.toml", DESK), ("a.html", PAGE)]);
    let told = words(&shell.run(&["explain", "near", "a.html", "--config", "desk.toml"]));
    insta::assert_snapshot!(told, @r#"
    near on “Ministers meet”
      ✗ all of these:
        ✗ (delegat* NEAR/2 Bishkek)
            NEAR/2: distance 9
            lead: The Shanghai Cooperation Organization met in [Bishkek] on Monday, and the hosts poured tea for nine [delegations].
        ✗ "another body"
            found only in the related zone (links to other stories), which never counts
            related: [Another body] met
        ✗ NOT tea
            excluded by 'tea'
            lead: The Shanghai Cooperation Organization met in Bishkek on Monday, and the hosts poured [tea] for nine delegations.
    It does not match: nobody would be told.
    3 blocks of text were read; `wirewatch extract` shows them.
    "#);
    let same = words(&shell.fed(&["explain", "near", "-", "--config", "desk.toml"], PAGE));
    assert_eq!(same, told, "from standard input it is the same");
}

#[test]
fn an_explanation_as_json() {
    let config = DESK.replace("(delegat* NEAR/2 Bishkek) AND \"another body\" AND NOT tea", "zebra OR title:tea");
    let shell = Shell::new(&[("desk.toml", &config), ("a.html", PAGE)]);
    let explained = shell.json(&["explain", "met", "a.html", "--json", "--config", "desk.toml"]);
    has(&explained, &["url", "title", "language", "rule", "matches", "clause", "severity", "notify"]);
    has(&explained["clause"], &["kind", "typed", "holds", "passages", "miss", "parts"]);
    assert_eq!((explained["matches"].as_bool(), explained["clause"]["kind"].as_str()), (Some(true), Some("and")));
    let passage = &explained["clause"]["parts"][0]["passages"][0];
    has(passage, &["zone", "text", "marks"]);
    let text: Vec<char> = passage["text"].as_str().unwrap().chars().collect();
    let mark = |at: usize| usize::try_from(passage["marks"][0][at].as_u64().unwrap()).unwrap();
    assert_eq!(text[mark(0)..mark(1)].iter().collect::<String>(), "Shanghai Cooperation Organization");
    let missed = shell.json(&["explain", "near", "a.html", "--json", "--config", "desk.toml"]);
    assert_eq!(missed["matches"], false);
    let miss = &missed["clause"]["parts"][1]["miss"];
    assert_eq!(miss["why"], "found only in the first paragraph (the lead)");
    assert_eq!(miss["passage"]["zone"], "lead");
}

#[test]
fn explain_and_show_say_what_is_not_there() {
    let shell = Shell::new(&[("desk.toml", DESK), ("a.html", PAGE), ("bad.toml", "[service]\ndata_dirr = \"x\"\n")]);
    for (arguments, code, what) in [
        (&["explain", "mett", "a.html", "--config", "desk.toml"][..], 2, "there is no rule mett; did you mean met?"),
        (&["explain", "zzzzzz", "a.html", "--config", "desk.toml"], 2, "there are: met, near"),
        (&["explain", "met", "no-such-file", "--config", "desk.toml"], 1, "no-such-file cannot be read"),
        (&["explain", "met", "a.html", "--config", "bad.toml"], 78, "data_dirr"),
        (&["check", "--show", "grmov", "--config", "desk.toml"], 2, "did you mean gromov?"),
        (&["check", "--show", "@sco/x", "--config", "desk.toml"], 2, "there is no watch or list sco/x"),
        (&["check", "--show", "sco", "--config", "bad.toml"], 78, "data_dirr"),
    ] {
        let output = shell.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && said(&output).contains(what), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn colours_of_an_explanation_are_for_terminals() {
    let shell = Shell::new(&[("desk.toml", DESK), ("a.html", PAGE)]);
    let explain = |environment: &[(&str, &str)]| {
        let mut command = wirewatch(&["explain", "met", "a.html", "--config", "desk.toml"]);
        let output = command.current_dir(shell.0.path()).envs(environment.iter().copied()).output().unwrap();
        words(&output).contains('\u{1b}')
    };
    assert!(!explain(&[]) && !explain(&[("NO_COLOR", "1")]) && explain(&[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn all_forms_of_an_official_are_shown() {
    let shell = Shell::new(&[
        ("desk.toml", &format!("{DESK}[list.pep]\nfile = \"pep.csv\"\n")),
        ("pep.csv", "id,kind,names\nq7,official,Anna Weaver\n"),
    ]);
    let told = words(&shell.run(&["check", "--show", "gromov", "--config", "desk.toml"]));
    insta::assert_snapshot!(told, @r#"
    @gromov, official

    names  Виктор Громов
      Виктор Громов      Виктора Громова    Виктору Громову    Виктором Громовым
      Викторе Громове    Громов Виктор      Громов, Виктор     В. Громов
      Громов В.          Viktor Gromov
      may be followed by -ning, -ni, -ga/-ka/-qa, -da, -dan, -dagi, -lar, -niki,
      -gacha, -dek (and several of them), in either alphabet, with or without
      hyphen or apostrophe
      a patronymic or middle initial may stand between given and family name

    weak  Громов
      Громов    Громова   Громову   Громовым  Громове
      counts where a full name or post was found too, beside a title (minister …),
      or near one of `with`
    "#);
    let json = shell.json(&["check", "--show", "@pep/q7", "--json", "--config", "desk.toml"]);
    has(&json, &["id", "kind", "names"]);
    has(&json["names"][0], &["key", "name", "forms", "notes"]);
    assert_eq!((json["id"].as_str(), json["kind"].as_str()), (Some("pep/q7"), Some("official")));
    assert!(json["names"][0]["forms"].as_array().unwrap().contains(&"A. Weaver".into()), "{json}");
    let rows = shell.run(&["check", "--show", "pep", "--config", "desk.toml"]);
    assert_eq!(rows.status.code(), Some(2));
    assert!(said(&rows).contains("pep is a list of 1 rows; name one of them, such as pep/q7"), "{}", said(&rows));
}

#[test]
fn the_manual_and_the_completions_know_every_verb() {
    let shell = Shell::new(&[]);
    for arguments in [&["man"][..], &["completions", "bash"], &["completions", "zsh"]] {
        assert!(words(&shell.run(arguments)).contains("explain"), "{arguments:?}");
    }
}

#[test]
fn sources_are_listed_and_a_pages_feeds_discovered() {
    let newsroom = Newsroom::open();
    let at = Clock::system().now().to_string();
    publish(&newsroom, "courier", &[Piece::new("met", "A meeting", &at, &[&paragraph("a"), &paragraph("b")])]);
    let page = "<!doctype html><title>Home</title><link rel=alternate type=application/rss+xml title=All href=/courier/feed.xml>\
                <link rel=alternate type=application/atom+xml href=/none.xml><a href=http://169.254.169.254/feed>Feed</a>";
    newsroom.set("/", Answer::ok(page).header("content-type", "text/html"));
    let home = newsroom.url("/").to_string();
    let config = format!("{CONFIG}[source.courier]\nurl = \"{home}courier/feed.xml\"\ntags = [\"valley\"]\n");
    let shell = Shell::new(&[("wirewatch.toml", &config), ("page.html", page), ("bare.html", "<p>Nothing here.")]);

    let found = shell.json(&["source", "discover", &home, "--json"]);
    let hrefs: Vec<_> = found.as_array().unwrap().iter().map(|offer| offer["href"].as_str().unwrap()).collect();
    assert_eq!(hrefs, [&format!("{home}courier/feed.xml"), &format!("{home}none.xml"), "http://169.254.169.254/feed"]);
    found
        .as_array()
        .unwrap()
        .iter()
        .for_each(|offer| has(offer, &["href", "title", "type", "version", "entries", "error"]));
    assert_eq!((found[0]["version"].as_str(), found[0]["entries"].as_u64()), (Some("rss20"), Some(1)));
    assert!(found[1]["error"].as_str().unwrap().contains("404"));
    assert!(found[2]["error"].as_str().unwrap().contains("link-local"), "a page opens no inner door: {found}");
    let words = shell.run(&["source", "discover", &home]);
    let typed = format!("url = \"{home}courier/feed.xml\"");
    assert!(String::from_utf8_lossy(&words.stdout).contains(&typed), "{}", said(&words));
    let itself = shell.json(&["source", "discover", &format!("{home}courier/feed.xml"), "--json"]);
    assert_eq!(itself[0]["entries"], 1);
    assert_eq!(newsroom.count("/courier/feed.xml"), 3, "a feed itself is fetched once");
    assert!(shell.run(&["source", "discover", "page.html"]).status.success());
    let none = shell.run(&["source", "discover", "bare.html"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(said(&none).contains("offers no feed"), "{}", said(&none));

    let listed = shell.json(&["source", "list", "--json", "--config", "wirewatch.toml"]);
    has(&listed[0], &["id", "url", "name", "language", "tier", "tags", "state", "polled_url", "last_success", "error"]);
    assert_eq!((listed[0]["id"].as_str(), listed[0]["state"].as_str()), (Some("courier"), Some("new")));
    let words = shell.run(&["source", "list", "--config", "wirewatch.toml"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("courier/feed.xml"), "{}", said(&words));
}

#[test]
fn what_holds_no_text_is_refused_by_name() {
    let shell = Shell::new(&[("wirewatch.toml", CONFIG), ("empty.txt", " \n"), ("a.rtf", "{\\rtf1\\ansi the tea}")]);
    std::fs::write(shell.path("a.pdf"), b"%PDF-1.7\n1 0 obj tea").unwrap();
    // What a broken disk gives: every byte, again and again.
    let noise: Vec<u8> = (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(shell.path("noise"), noise).unwrap();
    for (file, words) in
        [("empty.txt", "is empty"), ("a.rtf", "is no text"), ("a.pdf", "is a PDF"), ("noise", "is no text")]
    {
        for verb in
            [&["match", file, "--config", "."][..], &["explain", "tea", file, "--config", "."], &["extract", file]]
        {
            let output = shell.run(verb);
            assert_eq!(output.status.code(), Some(1), "{verb:?}: {}", said(&output));
            assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{verb:?}: {}", said(&output));
            assert!(output.stdout.is_empty(), "{verb:?}: {}", said(&output));
        }
    }
    let several = shell.run(&["extract", "a.pdf", "empty.txt"]);
    assert_eq!((several.status.code(), several.stdout.split(|b| *b == b'\n').count()), (Some(1), 3), "a line for each");
}

#[test]
fn lines_and_addresses_that_are_taken_for_something_else_are_told_how_they_are_given() {
    let line = r#"{"title":"Tea","text":"They drank tea.","tags":["trade"],"tier":1}"#;
    let config = format!("{CONFIG}[rule.trade]\nquery = 'tea AND tag:trade AND tier:1'\n");
    let shell = Shell::new(&[("wirewatch.toml", &config), ("a.jsonl", &format!("{line}\n{line}\n"))]);
    for verb in [&["match", "a.jsonl", "--config", "."][..], &["explain", "tea", "a.jsonl", "--config", "."]] {
        let output = shell.run(verb);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("add --lines"), "{}", said(&output));
    }
    let explained = shell.run(&["explain", "trade", "a.jsonl", "--lines", "--config", "."]);
    let told = said(&explained);
    assert!(explained.status.success() && told.contains("It matches"), "{told}");
    assert!(told.contains("1 other was left out"), "{told}");
    let other =
        shell.fed(&["explain", "trade", "-", "--lines", "--config", "."], &line.replace("\"tier\":1", "\"tier\":2"));
    assert!(said(&other).contains("does not match"), "{}", said(&other));

    let output = shell.run(&["match", "www.gazeta.example/ru/1", "--config", "."]);
    assert!(said(&output).contains("write https://www.gazeta.example/ru/1"), "{}", said(&output));
}

#[test]
fn a_selector_that_is_none_or_finds_nothing_is_told() {
    let shell = Shell::new(&[("a.html", PAGE), ("feed.xml", FEED), ("empty.xml", "")]);
    for verb in [
        &["extract", "a.html", "--body", ".."][..],
        &["extract", "a.html", "--remove", "[["],
        &["feed", "a.html", "--links", "..x"],
    ] {
        let output = shell.run(verb);
        assert_eq!(output.status.code(), Some(2), "{verb:?}: {}", said(&output));
        assert!(said(&output).contains("is not a CSS selector"), "{verb:?}: {}", said(&output));
    }
    let nothing = shell.run(&["extract", "a.html", "--body", ".nope"]);
    assert!(nothing.status.success() && said(&nothing).contains("nothing in a.html is `.nope`"), "{}", said(&nothing));
    let feed = said(&shell.run(&["feed", "feed.xml"]));
    assert!(feed.contains("1 entry;") && feed.contains("UTC"), "{feed}");
    let empty = said(&shell.run(&["feed", "empty.xml"]));
    assert!(empty.contains("empty.xml is empty") && !empty.contains("browser"), "{empty}");
}

#[test]
fn a_match_shows_the_article_once_and_calls_people_by_their_names() {
    let config = format!(
        "{CONFIG}[official.wang-yi]\nnames = [\"王毅\", \"Wang Yi\"]\nweak = [\"Wang\"]\nposts = [\"Minister of Trade of China\"]\n\
         [rule.wang]\nany = [\"@wang-yi\"]\n"
    );
    let text = "Talks over water\n\nThe Minister of Trade of China drank tea with the ministers of five other states on Monday.\n";
    let shell = Shell::new(&[("wirewatch.toml", &config), ("a.txt", text)]);
    let output = shell.run(&["match", "a.txt", "--config", "."]);
    let shown = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(shown.matches("Talks over water\n").count(), 1, "{shown}");
    assert!(shown.starts_with("Talks over water\n\ntea → "), "{shown}");
    assert!(shown.contains("found: Wang Yi\n") && !shown.contains("found: wang-yi"), "{shown}");
    assert!(!shown.contains("unknown outlet") && !shown.contains("  \n"), "{shown}");
    let none = shell.fed(&["match", "-", "--config", "."], "Nothing of the kind.");
    assert!(said(&none).contains("1 block of text was read"), "{}", said(&none));
}

#[test]
fn check_says_why_it_refuses_and_calls_nothing_good_that_it_warned_of() {
    let doubtful = CONFIG.replace("names = [\"tea\"]", "names = [\"WHO\"]");
    let shell = Shell::new(&[("good.toml", CONFIG), ("doubtful.toml", &doubtful)]);
    let good = shell.run(&["check", "--config", "good.toml"]);
    assert!(said(&good).contains("good.toml: good."), "{}", said(&good));
    let told = said(&shell.run(&["check", "--config", "doubtful.toml"]));
    assert!(told.contains("can be used") && !told.contains(": good."), "{told}");
    let strict = shell.run(&["check", "--strict", "--config", "doubtful.toml"]);
    assert_eq!(strict.status.code(), Some(78));
    assert!(said(&strict).contains("1 warning counts as an error with --strict"), "{}", said(&strict));
}

#[test]
fn a_row_in_other_letters_is_told_as_the_list_has_it() {
    let config = format!(
        "{CONFIG}[list.pep]\nfile = \"pep.csv\"\n[rule.rows]\nany = [\"@pep/nk-001\"]\n[rule.ghost]\nquery = '@pup/Q1'\n"
    );
    let shell = Shell::new(&[("wirewatch.toml", &config), ("pep.csv", "id,names\nNK-001,Ada Byron\n")]);
    let told = said(&shell.run(&["check", "--config", "."]));
    assert!(told.contains("write @pep/NK-001") && told.contains("did you mean @pep?"), "{told}");
    let config = config.replace("[list.pep]\nfile = \"pep.csv\"\n", "");
    std::fs::write(shell.path("wirewatch.toml"), config.replace("any = [\"@pep/nk-001\"]", "query = '@pep/Q1'"))
        .unwrap();
    let told = said(&shell.run(&["check", "--config", "."]));
    assert!(!told.contains("@tea?") && told.contains("no list is configured"), "{told}");
}
