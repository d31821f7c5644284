//! The whole: files and environment in, settings or faults out.

mod merging;
mod schema;
mod secrets;
mod shipped;
mod slips;

use super::*;
use crate::model::*;
use jiff::civil::time;
use std::fs;
use std::time::Duration;

const CHANNEL: &str = "[channel.log]\ntype = \"stdout\"\n";

/// A directory with these files.
fn dir(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn load_text(text: &str) -> Loaded {
    let dir = dir(&[("wirewatch.toml", text)]);
    load(Some(dir.path()), &[])
}

/// The settings of a configuration that has no error.
fn sound(text: &str) -> Settings {
    let loaded = load_text(text);
    let told: Vec<String> = loaded.faults.iter().map(ToString::to_string).collect();
    loaded.settings.unwrap_or_else(|| panic!("{}", told.join("\n")))
}

/// Each fault as `line:col code what; hint`.
fn faults(text: &str) -> Vec<String> {
    load_text(text).faults.iter().map(short).collect()
}

fn short(fault: &Fault) -> String {
    let hint = fault.hint.as_deref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{}:{} {} {}{hint}", fault.line, fault.col, fault.code, fault.what)
}

#[test]
fn every_fault_is_told_at_once_each_at_its_place() {
    let told = faults(
        r#"[service]
timezone = "Asia/Tashkent"
notify = ["dekk"]

[organisation.sco]
names = ["SCO"]

[organization.csto]
exakt = ["CSTO"]

[source.daryo]
url = "htps://daryo.uz/en/feed"
every = 15
tier = "one"

[rule.r]
query = 'flood'
notify = "desk"
severity = "hgih"

[channel.desk]
type = "stdout"
"#,
    );
    assert_eq!(
        told,
        [
            "2:1 E101 unknown key `timezone` in [service]; did you mean `time_zone`?",
            "3:11 E107 there is no channel `dekk`; did you mean \"desk\"?",
            "5:2 E101 unknown table `organisation`; did you mean `organization`?",
            "8:15 W104 no rule mentions @csto: nothing is told of it; add it to a rule, or notify = [\"…\"] to this organization",
            "9:1 E101 unknown key `exakt` in [organization.csto]; did you mean `exact`?",
            "12:7 E113 url: `htps://daryo.uz/en/feed` is not a URL: `htps` is not a scheme that is meant here; did you mean https://?",
            "13:9 E103 `every` wants a duration: a string, not a number; the unit is missing: \"15s\", \"15m\" or \"15h\"",
            "14:8 E103 `tier` wants a whole number, not a string; write tier = 1",
            "18:10 E103 `notify` wants a list of strings, not a string; write notify = [\"desk\"]",
            "19:12 E117 severity: `hgih` is none of low, normal, high; did you mean \"high\"?",
        ]
    );
}

#[test]
fn a_watch_is_not_called_unused_because_the_rule_that_mentions_it_has_a_fault() {
    let unused = |rule: &str| {
        let told = faults(&format!("{CHANNEL}[organization.sco]\nnames = [\"Shanghai\"]\n{rule}"));
        assert!(!told.is_empty(), "{rule} has a fault");
        told.iter().filter(|fault| fault.contains(" W104 ")).count()
    };
    for rule in [
        "[rule.r]\nquery = ['@sco']\n",
        "[rule.r]\nany = \"@sco\"\n",
        "[rule.r]\nany = [\"@scoo\"]\n",
        "[rule.r]\nquerry = '@sco'\n",
        "[rule.r]\nquery = '@sco AND'\nnotify = [\"ghost\"]\n",
        "[rule.\"a b\"]\nquery = '@sco'\n",
        "[rules.r]\nquery = '@sco'\n",
        "[rule.a-b]\nquery = 'x'\n[rule.a_b]\nquery = '@sco'\n",
    ] {
        assert_eq!(unused(rule), 0, "{rule}");
    }
    assert_eq!(unused("[rule.r]\nquery = 'x'\n"), 1);
    assert_eq!(unused("[rule.r]\nany = [\"@ghost\"]\n"), 1);
}

#[test]
fn a_lint_is_told_unless_its_table_allows_it_and_only_so_often() {
    let lint = |table, id: &str, code, index| QueryFault {
        table,
        id: id.into(),
        key: "names",
        index: Some(index),
        span: 0..1,
        code,
        what: "doubtful".into(),
        hint: None,
    };
    let names = "\"x\", ".repeat(30);
    let text = format!(
        "{CHANNEL}[keyword.a]\nnames = [\"x\"]\nallow = [\"W202\"]\nnotify = [\"log\"]\n[keyword.b]\nnames = [{names}]\nnotify = [\"log\"]\n"
    );
    let dir = dir(&[("wirewatch.toml", &text)]);
    let loaded = load_with(Some(dir.path()), &[], |_| {
        let own = QueryFault { key: "any", ..lint("rule", "a", "W202", 0) };
        let mut found = vec![lint("keyword", "a", "W202", 0), own, lint("keyword", "a", "W201", 0)];
        found.extend((0..30).map(|index| lint("keyword", "b", "W202", index)));
        found
    });
    let told: Vec<_> = loaded.faults.iter().map(|fault| (fault.code, fault.what.as_str())).collect();
    assert_eq!(told.len(), 21, "{told:?}");
    assert_eq!((told[0], told[20]), (("W201", "doubtful"), ("W202", "doubtful — and 10 more like it")));
    let bad = faults("[keyword.a]\nnames = [\"x\"]\nallow = [\"E104\"]\n");
    assert!(bad.iter().any(|fault| fault.starts_with("3:10 E117 allow: `E104` is no warning")), "{bad:?}");
}

/// With what the matcher finds wrong.
fn matched(dir: &tempfile::TempDir) -> Loaded {
    load_with(Some(dir.path()), &[], |settings| {
        let Settings { watches, lists, rules, .. } = settings;
        let found = crate::matching::compile(watches, lists, rules, &jiff::tz::TimeZone::UTC);
        let fault = |fault: crate::matching::Fault| {
            let crate::matching::Fault { place, span, code, what, hint } = fault;
            let (table, id, key, index) = (place.table, place.id, place.key, place.index);
            QueryFault { table, id, key, index, span, code, what, hint }
        };
        found.err().unwrap_or_default().into_iter().map(fault).collect()
    })
}

#[test]
fn a_file_that_is_no_toml_hides_no_fault_of_the_others_but_what_it_may_hold() {
    let dir = dir(&[
        ("wirewatch.toml", CHANNEL),
        ("conf.d/10-broken.toml", "[organization.tea\nnames = [\"Tea\"]\n[keyword.milk]\nnames = [\"milk\"]\n"),
        (
            "conf.d/20-rules.toml",
            "[keyword.dam]\nnames = [\"fl*\"]\n[rule.r]\nquery = '@tea AND @milk AND @ghost AND fl*'\nnotify = [\"dog\"]\n[rule.s]\nany = [\"@tea\", \"@spirit\"]\n",
        ),
    ]);
    let loaded = matched(&dir);
    let told: Vec<_> = loaded
        .faults
        .iter()
        .map(|fault| format!("{}:{} {}", fault.file.rsplit('/').next().unwrap(), fault.line, fault.code))
        .collect();
    let expected = [
        "10-broken.toml:1 E102",
        "20-rules.toml:2 E219",
        "20-rules.toml:4 E210",
        "20-rules.toml:4 E219",
        "20-rules.toml:5 E107",
        "20-rules.toml:7 E107",
    ];
    assert_eq!(told, expected, "{:#?}", loaded.faults);
}

#[test]
fn an_id_in_capitals_is_known_by_the_one_in_small_letters() {
    let text = format!("{CHANNEL}[organization.sco]\nnames = [\"Shanghai\"]\n[rule.r]\nquery = '@SCO AND fl*'\n");
    let loaded = matched(&dir(&[("wirewatch.toml", &text)]));
    let hints: Vec<_> = loaded.faults.iter().map(|fault| (fault.code, fault.hint.as_deref().unwrap())).collect();
    assert_eq!((hints[0], hints[1].0), (("E210", "did you mean @sco?"), "E219"), "{hints:?}");
}

#[test]
fn one_cause_is_told_once() {
    let codes = |text: &str| -> Vec<String> {
        let loaded = matched(&dir(&[("wirewatch.toml", text)]));
        loaded.faults.iter().map(|fault| format!("{}:{}", fault.line, fault.code)).collect()
    };
    let log = |text: &str| codes(&format!("{text}\n{CHANNEL}"));
    assert_eq!(log("[official.w]\nweak = [\"Wang\"]\n[rule.r]\nany = [\"@w\"]"), ["2:E104"]);
    assert_eq!(log("[rule.r]\nnone = [\"football\"]"), ["2:E104"]);
    assert_eq!(log("[organization.w]\nname = [\"Wang\"]\n[rule.r]\nany = [\"@w\"]"), ["2:E101"]);
    assert_eq!(log("[rule.r]\nquerry = 'tea'"), ["2:E101"]);
    let rules = "[rule.r]\nquery = 'tea'\n[rule.s]\nquery = 'milk'\n";
    assert_eq!(codes(&format!("{rules}[channel.desk]\ntype = \"emial\"\nto = [\"a@b.example\"]\n")), ["6:E117"]);
}

#[test]
fn all_slips_of_syntax_come_out_in_one_pass_and_nothing_that_only_follows_from_them() {
    let told = faults(
        "[rule.r]\nquery = \"flood\nnotify = [\"ghost\"]\n\n[channel.log\ntype = \"stdout\"\n[service]\nfoo: 1\n",
    );
    let lines: Vec<_> = told.iter().map(|fault| fault.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines, ["2:15 E102", "5:13 E102", "8:4 E102"], "{told:#?}");
}

#[test]
fn a_slip_in_one_value_hides_no_other_fault() {
    let told = faults("[rule.r]\nquery = weather\nnotify = [\"ghost\"]\n\n[channel.log]\ntype = \"stdout\"\n");
    assert_eq!(
        told,
        [
            "2:9 E102 invalid TOML: string values must be quoted, expected literal string; put it in quotes",
            "3:11 E107 there is no channel `ghost`; there is log",
        ]
    );
}

#[test]
fn a_list_that_is_not_closed_is_told_at_its_end_and_what_follows_is_still_read() {
    let told = faults(
        "[rule.r]\nquery = 'x'\nnotify = [\"log\"\nseverity = \"hgih\"\n\n[channel.log]\ntype = \"stdoot\"\n[channel.m]\ntype = \"stdout\"\nflood = 5\n",
    );
    assert_eq!(
        told,
        [
            "3:16 E102 invalid TOML: the list is not closed, expected `]`; write ] at its end",
            "7:8 E117 type: `stdoot` is none of email, webhook, command, maildir, stdout; did you mean \"stdout\"?",
            "10:9 E103 `flood` wants a table, not a number; write flood = { … }",
        ]
    );
}

#[test]
fn the_same_table_twice_in_one_file_is_a_fault() {
    let told = faults("[rule.a]\nquery = 'x'\n\n[rule.a]\nquery = 'y'\n");
    assert!(told[0].starts_with("4:7 E102 duplicate key: `a` is defined already"), "{told:#?}");
}

#[test]
fn what_is_not_said_has_its_documented_default() {
    let s = sound("");
    assert_eq!(s.service.data_dir, Path::new("/var/lib/wirewatch"));
    assert_eq!(s.service.database, Database::Sqlite("/var/lib/wirewatch/wirewatch.db".into()));
    assert_eq!((s.fetch.every, s.fetch.every_max), (Duration::from_mins(15), Duration::from_hours(6)));
    assert_eq!((s.fetch.body_bytes_max, s.fetch.bodies_bytes_max), (8 << 20, 32 << 20));
    assert_eq!(s.fetch.max_age, Duration::from_hours(7 * 24));
    assert_eq!((s.archive_keep, s.ledger_keep), (Duration::from_hours(90 * 24), Duration::from_hours(5 * 365 * 24)));
    assert_eq!(s.web.listen, Some(([127, 0, 0, 1], 8650).into()));
    assert_eq!((s.log.format, s.log.level.as_str()), (LogFormat::Auto, "info"));

    let s = sound(&format!(
        "[rule.r]\nquery = 'x'\n[rule.loud]\nquery = 'x'\nseverity = \"high\"\n[source.a]\nurl = \"https://a.example\"\n{CHANNEL}"
    ));
    assert_eq!((s.rules[0].settle, s.rules[0].severity), (Duration::from_mins(2), crate::model::Severity::Normal));
    assert_eq!(s.rules[1].settle, Duration::ZERO);
    assert_eq!(s.sources[0].cadence, Cadence::Adaptive(Duration::from_mins(15)));
    assert!(s.sources[0].robots && s.sources[0].read_pages);
    assert_eq!(s.channels[0].flood, Some(Flood { max: 60, per: Duration::from_hours(1) }));
}

#[test]
fn a_fresh_install_sends_to_nobody() {
    let s = sound("[service]\ndata_dir = \"/tmp/w\"\n[rule.r]\nquery = 'x'\n");
    let kinds: Vec<_> = s.channels.iter().map(|c| (c.id.as_str(), &c.kind)).collect();
    let [("stdout", ChannelKind::Stdout), ("outbox", ChannelKind::Maildir(maildir))] = kinds[..] else {
        panic!("{kinds:?}")
    };
    assert_eq!(maildir.path, Path::new("/tmp/w/outbox"));
    assert_eq!(s.rules[0].notify.iter().map(ToString::to_string).collect::<Vec<_>>(), ["stdout", "outbox"]);
    assert_eq!(s.service.notify.len(), 2);
}

#[test]
fn a_rule_without_a_channel_goes_where_the_service_says_or_is_refused() {
    let two = "[channel.b]\ntype = \"stdout\"\n[channel.a]\ntype = \"stdout\"\n";
    let told = faults(&format!("[rule.r]\nquery = 'x'\n{two}"));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("1:1 W103 nobody is told"), "{told:#?}");
    assert!(told[1].starts_with("1:7 E104 the rule `r` names no channel"), "{told:#?}");
    let s = sound(&format!("[service]\nchannels = [\"a\"]\n[rule.r]\nquery = 'x'\n{two}"));
    assert_eq!(s.rules[0].notify[0].to_string(), "a");
    assert_eq!(s.service.notify, [ChannelId::new("a").unwrap()]);
    let s = sound(&format!("[rule.r]\nquery = 'x'\n{CHANNEL}"));
    assert_eq!(s.rules[0].notify[0].to_string(), "log");
}

#[test]
fn a_watch_that_carries_notify_is_its_own_rule() {
    let s = sound(&format!(
        "[official.wang_yi]\nnames = [\"Wang Yi\"]\nnotify = [\"log\"]\nseverity = \"high\"\ntitle = \"Wang\"\n{CHANNEL}"
    ));
    let rule = &s.rules[0];
    assert_eq!(
        (rule.id.key().as_ref(), rule.any.as_slice(), rule.title.as_deref()),
        ("wang-yi", &["@wang_yi".to_string()][..], Some("Wang"))
    );
    assert_eq!((rule.severity, rule.settle), (crate::model::Severity::High, Duration::ZERO));
}

#[test]
fn a_whole_configuration_becomes_what_it_says() {
    let s = sound(
        r#"
[service]
time_zone = "Asia/Tashkent"
channels = ["desk"]
[fetch]
allow_private = ["127.0.0.1/8", "::1"]
[source.mfa]
url = "https://новости.example/лента"
kind = "page"
cron = "*/30  8-20 * * Mon-Fri"
time_zone = "Europe/Moscow"
select = { links = "main a", remove = [".share"] }
tier = 2
headers = { X-Key = "k" }
[source.near]
url = "http://localhost:8080/feed"
every = "1s"
[official.w]
names = ["Wang Yi"]
family = "Wang"
checked = 2025-10-01
[rule.r]
any = ["@w"]
notify = ["desk/morning_mail", "desk", "desk"]
[channel.desk]
type = "email"
to = ["Desk <desk@example.org>", "b@example.org", "b@example.org"]
smtp = "smtp://127.0.0.1:2525"
digest.morning-mail = { at = ["17:30", "08:00"], days = "Sat-Mon" }
digest.b = { cron = "0 8 * * Mon" }
quiet = { from = "22:00", to = 07:00:00, mode = "digest" }
flood = "off"
"#,
    );
    let [mfa, near] = &s.sources[..] else { panic!() };
    assert_eq!(mfa.url.as_str(), "https://xn--b1amnebsh.example/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0");
    let Cadence::Cron { pattern, zone } = &mfa.cadence else { panic!() };
    assert_eq!((pattern.as_str(), zone.iana_name()), ("*/30 8-20 * * Mon-Fri", Some("Europe/Moscow")));
    assert_eq!(near.cadence, Cadence::Every(Duration::from_secs(1)));
    assert_eq!(
        (&s.watches[0].family, s.watches[0].checked),
        (&Family::Named("Wang".into()), Some(jiff::civil::date(2025, 10, 1)))
    );
    assert_eq!(s.rules[0].notify.iter().map(ToString::to_string).collect::<Vec<_>>(), ["desk/morning-mail", "desk"]);
    let desk = &s.channels[0];
    let ChannelKind::Email(email) = &desk.kind else { panic!() };
    assert_eq!((email.to.len(), email.from.as_str()), (2, "wirewatch@example.org"));
    assert_eq!(email.relay, Relay::Smtp { host: "127.0.0.1".into(), port: 2525, tls: Tls::None, login: None });
    assert_eq!(
        desk.digests[0].times,
        DigestTimes::At { times: vec![time(8, 0, 0, 0), time(17, 30, 0, 0)], days: Weekdays(0b110_0001) }
    );
    assert_eq!(desk.quiet, Some(Quiet { from: time(22, 0, 0, 0), to: time(7, 0, 0, 0), mode: QuietMode::Digest }));
    assert_eq!(desk.flood, None);
    assert_eq!(desk.zone.iana_name(), Some("Asia/Tashkent"));
}

#[test]
fn long_strings_and_endless_faults_are_bounded() {
    let long = "x".repeat(limits::QUERY_BYTES_MAX + 1);
    slips::refused(&format!("[rule.r]\nquery = '{long}'"), 2, Code::BadValue, "64 KiB");
    let many = "\"\",".repeat(5 * limits::CONFIG_FAULTS_MAX);
    let loaded = load_text(&format!("[rule.r]\nany = [{many}]\n{CHANNEL}"));
    assert_eq!(loaded.faults.len(), limits::CONFIG_FAULTS_MAX);
    assert!(loaded.faults.last().unwrap().what.ends_with("and 4000 more faults after this one"));
    assert!(loaded.faults.iter().all(|fault| fault.to_string().len() < 2_000));
}

#[test]
fn a_fault_shows_its_line_with_a_caret_under_the_place() {
    let fault = &load_text("[rule.r]\nquery = '上海'\t; x\n").faults[0];
    let text = fault.render(false);
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].ends_with(
            "wirewatch.toml:2:14: error[E102]: invalid TOML: unexpected key or value, expected newline, `#`"
        ),
        "{text}"
    );
    assert_eq!(lines[1], "    query = '上海'\t; x");
    assert_eq!(lines[2], "             \t^".replacen("             ", &" ".repeat(18), 1), "{text}");
    assert!(fault.render(true).contains("\u{1b}[1;31merror[E102]\u{1b}[0m"));
    assert_eq!(fault.to_string(), text);
    let json = serde_json::to_value(fault).unwrap();
    assert_eq!(
        (json["severity"].as_str(), json["line"].as_u64(), json["col"].as_u64()),
        (Some("error"), Some(2), Some(14))
    );
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let told = load_text("[rule.r]\nquery = '\u{1b}[2Jx\u{202e}'\n\u{7}x = 1\n").faults;
    let shown = told.iter().map(ToString::to_string).collect::<String>();
    assert!(!told.is_empty() && !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
}

#[test]
fn the_summary_counts() {
    assert_eq!(summary(&[]), "no fault");
    let warning = load_text(&format!("[keyword.k]\nnames = [\"x\"]\n{CHANNEL}")).faults;
    assert_eq!(summary(&warning), "1 warning");
    let both = load_text(&format!("[keyword.k]\nnames = [\"x\"]\na = 1\nb = 2\n{CHANNEL}")).faults;
    assert_eq!(summary(&both), "2 errors, 1 warning");
}

#[test]
fn a_fault_of_the_matcher_stands_at_its_place_inside_of_the_string() {
    let text = "[rule.r_1]\nquery = '''\nflood AND\n  soc'''\nany = [\n  \"x\", \"\\u0428 \\\"soc\\\"\"]\n[keyword.k]\nnames = [\"ok\", \"са*\"]\nnotify = [\"log\"]\n[channel.log]\ntype = \"stdout\"\n";
    let dir = dir(&[("w.toml", text)]);
    let fault = |table, id: &str, key, index, span| QueryFault {
        table,
        id: id.into(),
        key,
        index,
        span,
        code: "E201",
        what: "w".into(),
        hint: None,
    };
    let loaded = load_with(Some(&dir.path().join("w.toml")), &[], |settings| {
        assert_eq!(settings.rules[0].query.as_deref(), Some("flood AND\n  soc"));
        vec![
            fault("rule", "k", "any", Some(0), 0..2),
            fault("keyword", "k", "names", Some(1), 0..5),
            fault("rule", "r-1", "any", Some(1), 4..7),
            fault("rule", "r_1", "query", None, 12..15),
        ]
    });
    assert!(loaded.settings.is_none());
    let places: Vec<_> = loaded.faults.iter().map(|f| (f.line, f.col, f.len)).collect();
    assert_eq!(places, [(4, 3, 3), (6, 18, 3), (7, 10, 1), (8, 17, 3)]);
    assert_eq!(loaded.faults[1].excerpt.as_ref().unwrap().text, "  \"x\", \"\\u0428 \\\"soc\\\"\"]");

    let told_already =
        load_with(Some(&dir.path().join("w.toml")), &env(&[("WIREWATCH__RULE__R_1__ANY", "[\"@no\"]")]), |_| {
            vec![fault("rule", "r_1", "any", Some(0), 0..3)]
        });
    assert_eq!(told_already.faults.iter().map(|f| f.code).collect::<Vec<_>>(), ["E107"]);
}

#[test]
fn what_a_reload_changed_is_said_in_words() {
    let old = sound(&format!(
        "[source.a]\nurl = \"https://a.example\"\n[source.b]\nurl = \"https://b.example\"\n[rule.sco-security]\nquery = 'x'\n[channel.ops]\ntype = \"stdout\"\n{CHANNEL}[service]\nchannels = [\"log\"]\n"
    ));
    let new = sound(&format!(
        "[source.b]\nurl = \"https://b.example\"\nheaders = {{ X = \"1\" }}\n[source.c]\nurl = \"https://c.example\"\n[source.d]\nurl = \"https://d.example\"\n[rule.sco_security]\nquery = 'y'\n{CHANNEL}[service]\nchannels = [\"log\"]\n[fetch]\nevery = \"20m\"\n"
    ));
    let wanted = [
        "[fetch] changed",
        "+2 sources: c, d",
        "-1 source: a",
        "source b changed",
        "rule sco_security changed",
        "-1 channel: ops",
    ];
    assert_eq!(changes(&old, &new), wanted);
    assert_eq!(changes(&new, &new), [""; 0]);
    let many: Vec<_> = (0..12).map(|n| format!("[source.s{n}]\nurl = \"https://a.example\"\n")).collect();
    let many = many.concat();
    let told = changes(&sound(CHANNEL), &sound(&format!("{CHANNEL}{many}")));
    assert_eq!(told, ["+12 sources: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more"]);
}

#[test]
fn a_warning_that_its_table_allows_is_not_told() {
    let watch = |allow: &str| faults(&format!("{CHANNEL}[keyword.tea]\nnames = [\"tea\"]\n{allow}"));
    assert_eq!(watch("").len(), 1, "no rule mentions it");
    assert_eq!(watch("allow = [\"W104\"]"), [""; 0]);
    assert_eq!(watch("allow = [\"W103\", \"W290\"]").len(), 1, "of another code");
}

#[test]
fn a_list_without_a_file_beside_a_slip_is_told_once() {
    let told = faults(&format!("{CHANNEL}[list.z]\nwith = [\"x\"\n[rule.r]\nquery = 'x'\n"));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_folder_that_may_not_be_looked_into_is_not_called_empty() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = dir(&[("wirewatch.toml", CHANNEL)]);
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o000)).unwrap();
    // Root may look everywhere.
    let refused = fs::read_dir(dir.path()).is_err();
    let told: Vec<String> = load(Some(dir.path()), &[]).faults.iter().map(short).collect();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(told.iter().any(|fault| fault.contains("cannot be looked into")), refused, "{told:?}");
    assert!(!told.iter().any(|fault| fault.contains("there is no wirewatch.toml")), "{told:?}");
}

#[test]
fn a_rename_is_followed_once_the_old_id_is_gone() {
    let rule = |old: &str| format!("{old}[rule.new]\nwas = \"old_one\"\nquery = 'x'\nnotify = [\"log\"]\n{CHANNEL}");
    let told = faults(&rule("[rule.old-one]\nquery = 'x'\nnotify = [\"log\"]\n"));
    assert!(told.len() == 1 && told[0].contains("W107") && told[0].contains("still there"), "{told:?}");
    let renames = sound(&rule("")).renames;
    let words: Vec<_> = renames.iter().map(|r| (r.kind.as_str(), r.from.as_str(), r.to.as_str())).collect();
    assert_eq!(words, [("rule", "old_one", "new")]);
    let watch = sound(&format!("[keyword.tea]\nwas = \"chai\"\nnames = [\"tea\"]\nnotify = [\"log\"]\n{CHANNEL}"));
    let kinds: Vec<_> = watch.renames.iter().map(|r| r.kind.as_str()).collect();
    assert_eq!(kinds, ["watch", "rule"], "a watch that is its own rule is both");
}
