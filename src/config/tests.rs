//! The whole: files and environment in, settings or faults out.

use super::*;
use crate::model::*;
use jiff::civil::time;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

const CHANNEL: &str = "[channel.log]\ntype = \"stdout\"\n";
const HOOKS: &str = "https://ops.example.org/hook";

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
fn settings(text: &str) -> Settings {
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

/// A configuration with one slip: it is refused on that line, with that code and those words.
#[track_caller]
fn refused(text: &str, line: usize, code: Code, words: &str) {
    let loaded = load_text(&format!("{text}\n{CHANNEL}"));
    assert!(loaded.settings.is_none(), "accepted:\n{text}");
    let errors: Vec<_> = loaded.faults.iter().filter(|fault| fault.severity == super::Severity::Error).collect();
    let [fault] = errors[..] else {
        panic!("not one fault: {:#?}", errors.iter().map(|f| short(f)).collect::<Vec<_>>())
    };
    assert_eq!((fault.line, fault.code), (line, code.as_str()), "{}", short(fault));
    assert!(short(fault).contains(words), "{}", short(fault));
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
            "8:15 E104 `csto` has no `names`; add names = [\"…\"]",
            "8:15 W104 no rule mentions @csto: nothing is told of it; add it to a rule, or notify = [\"…\"] to this organization",
            "9:1 E101 unknown key `exakt` in [organization.csto]; did you mean `exact`?",
            "12:7 E113 url: `htps://daryo.uz/en/feed` is not a URL: `htps` is not a scheme that is meant here; did you mean https://daryo.uz/en/feed?",
            "13:9 E103 `every` wants a duration: a string, not a number; the unit is missing: \"15s\", \"15m\" or \"15h\"",
            "14:8 E103 `tier` wants a whole number, not a string; write tier = 1",
            "18:10 E103 `notify` wants a list of strings, not a string; write notify = [\"desk\"]",
            "19:12 E117 severity: `hgih` is none of low, normal, high; did you mean \"high\"?",
        ]
    );
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
fn the_same_table_twice_in_one_file_is_a_fault() {
    let told = faults("[rule.a]\nquery = 'x'\n\n[rule.a]\nquery = 'y'\n");
    assert!(told[0].starts_with("4:7 E102 duplicate key: `a` is defined already"), "{told:#?}");
}

#[test]
fn one_slip_is_one_fault_on_its_line() {
    use Code::*;
    let rule = "[rule.r]\nquery = 'x'\nnotify = [\"log\"]\n";
    let source = |rest: &str| format!("[source.a]\nurl = \"https://a.example/feed\"\n{rest}");
    let channel = |rest: &str| format!("[channel.m]\ntype = \"stdout\"\n{rest}\n[service]\nchannels = [\"log\"]");
    let email = |rest: &str| {
        format!(
            "[channel.m]\ntype = \"email\"\nto = [\"a@b.example\"]\nsmtp = \"sendmail\"\n{rest}\n[service]\nchannels = [\"log\"]"
        )
    };
    let hook = |rest: &str| {
        format!("[channel.m]\ntype = \"webhook\"\nurl = \"{HOOKS}\"\n{rest}\n[service]\nchannels = [\"log\"]")
    };
    let watch = |kind: &str, rest: &str| format!("[{kind}.w]\nnames = [\"W\"]\n{rest}\n[rule.r]\nany = [\"@w\"]");
    let cases: Vec<(String, usize, Code, &str)> = vec![
        // Tables and ids.
        ("[sources.a]\nurl = \"https://a.example\"".into(), 1, UnknownKey, "`source`"),
        ("colour = 1".into(), 1, UnknownKey, "the tables are service"),
        ("[[organization]]\nid = \"sco\"".into(), 1, WrongType, "[organization.some-id]"),
        ("organization = 5".into(), 1, WrongType, "[organization.some-id]"),
        ("[service]\n[rule]\nr = 5".into(), 3, WrongType, "a table, not a number"),
        ("service = 5".into(), 1, WrongType, "write [service]"),
        ("[organization.\"ШОС\"]\nnames = [\"ШОС\"]".into(), 1, BadId, "a-z, 0-9"),
        ("[organization.SCO]\nnames = [\"SCO\"]".into(), 1, BadId, "[organization.sco]"),
        ("[rule.\"a.b\"]\nquery = 'x'".into(), 1, BadId, "[rule.a-b]"),
        ("[rule.a-b]\nquery = 'x'\n[rule.a_b]\nquery = 'x'".into(), 3, DuplicateId, "one letter"),
        ("[keyword.sco]\nnames = [\"a\"]\n[list.x]\nfile = \"/dev/null/x.csv\"\n[rule.r]\nany = [\"@sco\", \"@x\"]".into(), 4, BadList, "cannot be read"),
        ("[organization.sco]\nnames = [\"a\"]\n[keyword.sco]\nnames = [\"a\"]\n[rule.r]\nany = [\"@sco\"]".into(), 3, DuplicateId, "one thing"),
        ("[organization.s_o]\nnames = [\"a\"]\n[keyword.s-o]\nnames = [\"a\"]\n[rule.r]\nany = [\"@s-o\"]".into(), 3, DuplicateId, "one thing"),
        ("[organization.r]\nnames = [\"a\"]\nnotify = [\"log\"]\n[rule.r]\nany = [\"@r\"]".into(), 3, DuplicateId, "a second one"),
        // Service.
        ("[service]\ndatabase = 5".into(), 2, WrongType, "`database` wants a string"),
        ("[service]\ndatabase = \"postgres://u:p@h/d\"".into(), 2, Later, "comes later"),
        ("[service]\ndatabase = \"mysql\"".into(), 2, BadValue, "sqlite"),
        ("[service]\ntime_zone = \"Mars/Olympus\"".into(), 2, BadZone, "time zone"),
        ("[service]\ntime_zone = \"Asia/Tashkend\"".into(), 2, BadZone, "Asia/Tashkent"),
        ("[service]\nnotify = [\"log/morning\"]".into(), 2, UnknownReference, "it has none: write \"log\""),
        // Fetch and what stands once.
        ("[fetch]\nbody_maximum = \"8MiB\"".into(), 2, UnknownKey, "body_max"),
        ("[fetch]\nbody_max = 8".into(), 2, WrongType, "8MiB"),
        ("[fetch]\nbody_max = \"8\"".into(), 2, BadSize, "8MiB"),
        ("[fetch]\nbody_max = \"8 apples\"".into(), 2, BadSize, "KiB"),
        ("[fetch]\nbody_max = \"64MiB\"\nbody_total_max = \"32MiB\"".into(), 3, Conflict, "never be read"),
        ("[fetch]\nevery = \"8h\"\nevery_max = \"6h\"".into(), 3, Conflict, "less than"),
        ("[fetch]\nevery = \"1s\"".into(), 2, BadDuration, "30s"),
        ("[fetch]\nallow_private = [\"10.0.0/8\"]".into(), 2, BadNetwork, "10.0.0.0/8"),
        ("[fetch]\nuser_agent_contact = \"desk\"".into(), 2, BadAddress, "desk"),
        ("[fetch]\nconcurrency = 0".into(), 2, BadValue, "1 to 1024"),
        ("[fetch]\nconcurrency = 99999999999999999999".into(), 2, BadValue, "too large"),
        ("[archive]\nkeep = \"0s\"".into(), 2, BadDuration, "1d"),
        ("[web]\nlisten = \"0.0.0.0:80\"".into(), 2, Later, "comes later"),
        ("[web]\nlisten = \"127.0.0.1\"".into(), 2, BadNetwork, "127.0.0.1:8650"),
        ("[web]\npassword_file = \"x\"".into(), 2, Later, "comes later"),
        ("[log]\nlevel = \"verbose\"".into(), 2, BadValue, "error, warn, info"),
        // Sources.
        ("[source.a]\nevery = \"10m\"".into(), 1, Missing, "`url`"),
        ("[source.a]\nurl = \"daryo.uz/feed\"".into(), 2, BadUrl, "scheme"),
        ("[source.a]\nurl = \"https:/daryo.uz/feed\"".into(), 2, BadUrl, "scheme"),
        ("[source.a]\nurl = \"https://\"".into(), 2, BadUrl, "host"),
        ("[source.a]\nurl = \"https:///feed\"".into(), 2, BadUrl, "host"),
        ("[source.a]\nurl = \"https://daryo..uz\"".into(), 2, BadUrl, "host"),
        ("[source.a]\nurl = \"https://daryo,uz\"".into(), 2, BadUrl, "host"),
        ("[source.a]\nurl = \"https://a.example:99999\"".into(), 2, BadUrl, "port"),
        ("[source.a]\nurl = \"https://a.example/a b\"".into(), 2, BadUrl, "%20"),
        ("[source.a]\nurl = 'https://a\\@127.0.0.1'".into(), 2, BadUrl, "character"),
        ("[source.a]\nurl = \"file:///etc/passwd\"".into(), 2, BadUrl, "`file`"),
        (source("every = \"10 fortnights\""), 3, BadDuration, "10 fortnights"),
        (source("every = \"10s\""), 3, BadDuration, "allow_private"),
        (source("every = \"15 m\""), 3, BadDuration, "15m"),
        (source("every = \"15\""), 3, BadDuration, "15m"),
        (source("every = \"99999999999999999999d\""), 3, BadDuration, "duration"),
        (source("every = \"10m\"\ncron = \"0 8 * * *\""), 4, Conflict, "keep one"),
        (source("time_zone = \"UTC\""), 3, Conflict, "cron"),
        (source("cron = \"every day\""), 3, BadCron, "five fields"),
        (source("cron = \"0 0 8 * * Foo\""), 3, BadCron, "five fields are wanted, this has 6"),
        (source("cron = \"0 8 * * Foo\""), 3, BadCron, "`Foo`"),
        (source("cron = \"0 8 * * Mondayish\""), 3, BadCron, "`Mondayish`"),
        (source("cron = \"61 8 * * *\""), 3, BadCron, "minute 0-59"),
        (source("cron = \"0 0 30 2 *\""), 3, BadCron, "never fires"),
        (source("cron = \"@daily\""), 3, BadCron, "five fields"),
        (source("lang = \"en\""), 3, UnknownKey, "`language`"),
        (source("language = \"english\""), 3, BadValue, "language tag"),
        (source("kind = \"pgae\""), 3, BadValue, "\"page\""),
        (source("tier = 0"), 3, BadValue, "1 to 9"),
        (source("tier = 1.5"), 3, WrongType, "whole number"),
        (source("tags = [\"a\", \" \"]"), 3, BadValue, "empty"),
        (source("select = { link = \"main a\" }"), 3, UnknownKey, "`links`"),
        (source("select = { links = \"a[\" }"), 3, BadSelector, "CSS"),
        (source("select = \"main a\""), 3, WrongType, "a table"),
        (source("robots = \"yes\""), 3, WrongType, "true or false"),
        (source("headers = { \"x y\" = \"1\" }"), 3, BadValue, "header"),
        (source("headers = { X = \"a\\r\\nB: c\" }"), 3, BadValue, "one line"),
        (source("headers = { X = 5 }"), 3, WrongType, "a string"),
        (source("user = \"u\""), 3, Missing, "password_file"),
        (source("proxy = \"ftp://p.example\""), 3, BadUrl, "socks5"),
        (source("max_age = 7"), 3, WrongType, "7m"),
        // Watches and lists.
        ("[organization.sco]\nname = [\"SCO\"]\nexact = [\"SCO\"]\n[rule.r]\nany = [\"@sco\"]".into(), 2, UnknownKey, "`names`"),
        ("[organization.sco]\nnames = []\n[rule.r]\nany = [\"@sco\"]".into(), 1, Missing, "`names`"),
        ("[official.w]\nweak = [\"Wang\"]\n[rule.r]\nany = [\"@w\"]".into(), 2, Missing, "strong"),
        (watch("official", "week = [\"Wang\"]"), 3, UnknownKey, "`weak`"),
        (watch("organization", "notas = [\"SCO Group\"]"), 3, UnknownKey, "`not_as`"),
        (watch("organization", "posts = [\"Chair\"]"), 3, Conflict, "official"),
        (watch("official", "family = \"true\""), 3, WrongType, "family = true"),
        (watch("official", "family = 5"), 3, WrongType, "true or false"),
        (watch("official", "checked = \"yesterday\""), 3, BadTime, "date"),
        (watch("official", "names_ = 1"), 3, UnknownKey, "`names`"),
        (watch("official", "with = [\"@ghost\"]"), 3, UnknownReference, "@ghost"),
        (watch("official", "severity = \"high\""), 3, Conflict, "notify"),
        (watch("keyword", "notify = [\"dog\"]"), 3, UnknownReference, "\"log\""),
        ("[list.x]\nfile = \"x.xlsx\"\n[rule.r]\nany = [\"@x\"]".into(), 2, BadList, "format"),
        ("[list.x]\nformat = \"csv\"\n[rule.r]\nany = [\"@x\"]".into(), 1, Missing, "`file`"),
        ("[list.x]\nfile = \"wirewatch.toml\"\nformat = \"cvs\"\n[rule.r]\nany = [\"@x\"]".into(), 3, BadValue, "csv"),
        // Rules.
        ("[rule.r]\nnotify = [\"log\"]".into(), 1, Missing, "`query`"),
        ("[rule.r]\nnone = [\"football\"]".into(), 2, Missing, "excludes"),
        ("[rule.r]\nany = []".into(), 1, Missing, "`any`"),
        ("[rule.r]\nquery = ''".into(), 2, BadValue, "empty"),
        ("[rule.r]\nany = [\"@ghost\"]".into(), 2, UnknownReference, "@ghost"),
        (watch("keyword", "").replace("@w", "@w/7"), 5, UnknownReference, "no rows"),
        (format!("{rule}severity = \"hgih\""), 4, BadValue, "high"),
        (format!("{rule}settle = \"2d\""), 4, BadDuration, "1d"),
        (format!("{rule}infect = true"), 4, UnknownKey, "`inflect`"),
        ("[rule.r]\nquery = 'x'\nnotify = [\"lgo\"]".into(), 3, UnknownReference, "\"log\""),
        // Channels.
        ("[channel.m]\n[service]\nchannels = [\"log\"]".into(), 1, Missing, "`type`"),
        ("[channel.m]\ntype = \"emial\"\nto = [\"a@b.example\"]\n[service]\nchannels = [\"log\"]".into(), 2, BadValue, "\"email\""),
        (channel("to = [\"a@b.example\"]"), 3, Conflict, "type email or maildir, this is of type stdout"),
        (channel("digest = { at = [\"25:00\"] }"), 3, BadTime, "25:00"),
        (channel("digest.morning = { at = [\"24:00\"] }"), 3, BadTime, "24:00"),
        (channel("digest.morning = { at = [\"8:5\"] }"), 3, BadTime, "8:5"),
        (channel("digest.morning = { at = [] }"), 3, Missing, "no time"),
        (channel("digest.morning = { send_empty = true }"), 3, Missing, "no time"),
        (channel("digest.morning = { at = [\"08:00\"], days = \"Mon-Fry\" }"), 3, BadTime, "`Fry`"),
        (channel("digest.morning = { at = [\"08:00\"], every = \"1h\" }"), 3, Conflict, "one kind"),
        (channel("digest.morning = { every = \"1h\", days = \"Mon\" }"), 3, Conflict, "`at`"),
        (channel("digest.morning = { every = \"1h\", template = \"x\" }"), 3, Later, "later"),
        (channel("digest.\"a b\" = { every = \"1h\" }"), 3, BadId, "a-z"),
        (channel("digest = [\"08:00\"]"), 3, WrongType, "a table"),
        (channel("quiet = { from = \"22:00\", to = \"7 am\" }"), 3, BadTime, "7 am"),
        (channel("quiet = { from = \"22:00\" }"), 3, Missing, "`to`"),
        (channel("quiet = { from = \"22:00\", to = \"22:00\" }"), 3, Conflict, "none"),
        (channel("quiet = { from = \"22:00\", to = \"07:00\", mode = \"digest\" }"), 3, Conflict, "no digest"),
        (channel("flood = \"of\""), 3, BadValue, "\"off\""),
        (channel("flood = { max = 0 }"), 3, BadValue, "1 to"),
        (channel("flood = 60"), 3, WrongType, "a table"),
        (channel("dkim = \"x\""), 3, Later, "later"),
        (email("from = \"wire watch\""), 5, BadAddress, "wire watch"),
        (email("password_file = \"/none\"").replace("sendmail", "smtp://u@h.example"), 5, BadSecret, "/none"),
        ("[channel.m]\ntype = \"email\"\nsmtp = \"sendmail\"\n[service]\nchannels = [\"log\"]".into(), 1, Missing, "`to`"),
        ("[channel.m]\ntype = \"email\"\nto = []\nsmtp = \"sendmail\"\n[service]\nchannels = [\"log\"]".into(), 3, Missing, "nobody"),
        ("[channel.m]\ntype = \"email\"\nto = [\"desk.example.org\"]\nsmtp = \"sendmail\"\n[service]\nchannels = [\"log\"]".into(), 3, BadAddress, "desk.example.org"),
        ("[channel.m]\ntype = \"email\"\nto = [\"a@b.example\"]\n[service]\nchannels = [\"log\"]".into(), 1, Missing, "`smtp`"),
        (email("").replace("sendmail", "smpts://h.example"), 4, BadUrl, "smtps://h.example"),
        (email("").replace("sendmail", "smtp://h.example?tls=maybe"), 4, BadValue, "opportunistic"),
        (email("").replace("sendmail", "smtps://h.example?tls=none"), 4, Conflict, "smtps"),
        (email("").replace("sendmail", "smtp://h.example/path"), 4, BadUrl, "host and a port"),
        (email("").replace("sendmail", "smtp://u@h.example"), 4, Missing, "password_file"),
        (email("").replace("sendmail", "sendmail:usr/bin"), 4, BadUrl, "program"),
        (hook("format = \"template\""), 4, Later, "later"),
        (hook("format = \"telegram\""), 4, Missing, "chat_id"),
        (hook("timeout = \"1h\""), 4, BadDuration, "5m"),
        (hook("allow_private = [\"10.0.0.0/8\"]"), 4, WrongType, "true or false"),
        (hook("url_file = \"/none\"").replace(&format!("url = \"{HOOKS}\""), "# no url"), 4, BadSecret, "/none"),
        ("[channel.m]\ntype = \"webhook\"\n[service]\nchannels = [\"log\"]".into(), 1, Missing, "`url`"),
        ("[channel.m]\ntype = \"command\"\n[service]\nchannels = [\"log\"]".into(), 1, Missing, "command"),
        ("[channel.m]\ntype = \"command\"\ncommand = [\"page\"]\n[service]\nchannels = [\"log\"]".into(), 3, BadValue, "absolute"),
        ("[channel.m]\ntype = \"command\"\ncommand = \"page --loud\"\n[service]\nchannels = [\"log\"]".into(), 3, WrongType, "list"),
    ];
    for (text, line, code, words) in cases {
        refused(&text, line, code, words);
    }
}

#[test]
fn files_as_editors_leave_them_are_fine() {
    let plain = "[organization.sco]\nnames = [\n  \"SCO\", # “curly” № 5\n  \"\\u0428\\u041E\\u0421\",\n]\n\n[rule.r1]\nquery = '@sco'\nnotify = [\"log\"]\n\n[channel.log]\ntype = \"stdout\"";
    let wanted = settings(plain);
    assert_eq!(wanted.watches[0].names, ["SCO", "ШОС"]);
    for text in
        [format!("\u{feff}{plain}"), plain.replace('\n', "\r\n"), format!("{plain}\n"), format!("{plain}\n# the end")]
    {
        assert_eq!(settings(&text), Settings { service: settings(&text).service, ..wanted.clone() }, "{text:?}");
    }
    let crlf = load_text(&format!("\u{feff}{}", plain.replace("query", "qurey")).replace('\n', "\r\n"));
    let fault = crlf.faults.iter().find(|fault| fault.code == "E101").unwrap();
    assert_eq!((fault.line, fault.col, fault.excerpt.as_ref().unwrap().text.as_str()), (8, 1, "qurey = '@sco'"));
}

#[test]
fn what_is_not_said_has_its_documented_default() {
    let s = settings("");
    assert_eq!(s.service.data_dir, Path::new("/var/lib/wirewatch"));
    assert_eq!(s.service.database, Database::Sqlite("/var/lib/wirewatch/wirewatch.db".into()));
    assert_eq!((s.fetch.every, s.fetch.every_max), (Duration::from_mins(15), Duration::from_hours(6)));
    assert_eq!((s.fetch.body_bytes_max, s.fetch.bodies_bytes_max), (8 << 20, 32 << 20));
    assert_eq!(s.fetch.max_age, Duration::from_hours(7 * 24));
    assert_eq!((s.archive_keep, s.ledger_keep), (Duration::from_hours(90 * 24), Duration::from_hours(5 * 365 * 24)));
    assert_eq!(s.web.listen, Some(([127, 0, 0, 1], 8650).into()));
    assert_eq!((s.log.format, s.log.level.as_str()), (LogFormat::Auto, "info"));

    let s = settings(&format!(
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
    let s = settings("[service]\ndata_dir = \"/tmp/w\"\n[rule.r]\nquery = 'x'\n");
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
    let s = settings(&format!("[service]\nchannels = [\"a\"]\n[rule.r]\nquery = 'x'\n{two}"));
    assert_eq!(s.rules[0].notify[0].to_string(), "a");
    assert_eq!(s.service.notify, [ChannelId::new("a").unwrap()]);
    let s = settings(&format!("[rule.r]\nquery = 'x'\n{CHANNEL}"));
    assert_eq!(s.rules[0].notify[0].to_string(), "log");
}

#[test]
fn a_watch_that_carries_notify_is_its_own_rule() {
    let s = settings(&format!(
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
    let s = settings(
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
fn later_files_win_key_by_key_lists_are_replaced_and_faults_cite_the_file_that_won() {
    let dir = dir(&[
        ("wirewatch.toml", "[source.a-b]\nurl = \"https://a.example\"\nevery = \"oops\"\ntags = [\"x\", \"y\"]\n"),
        ("conf.d/20.toml", "[source.a_b]\nevery = \"20m\"\ntags = [\"z\"]\n"),
        ("conf.d/10.toml", "[source.a-b]\nevery = \"10m\"\nname = \"A\"\n"),
        ("conf.d/.hidden.toml", "broken"),
        ("conf.d/notes.txt", "broken"),
    ]);
    let loaded = load(Some(dir.path()), &[]);
    let names: Vec<_> = loaded.files.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["wirewatch.toml", "10.toml", "20.toml"]);
    let source = &loaded.settings.unwrap().sources[0];
    assert_eq!((source.name.as_deref(), &source.cadence), (Some("A"), &Cadence::Every(Duration::from_mins(20))));
    assert_eq!(source.tags, ["z"]);

    fs::write(dir.path().join("conf.d/30.toml"), "\n[source.a-b]\ntags = [\"ok\", 5]\n").unwrap();
    let loaded = load(Some(dir.path()), &[]);
    let fault = &loaded.faults[0];
    assert!(fault.file.ends_with("conf.d/30.toml"));
    assert_eq!((fault.line, fault.col), (3, 15));
}

#[test]
fn one_file_alone_is_a_configuration_too() {
    let dir = dir(&[("my.toml", "[list.x]\nfile = \"x.csv\"\nnotify = [\"stdout\"]\n"), ("x.csv", "id,names\n")]);
    let loaded = load(Some(&dir.path().join("my.toml")), &[]);
    assert_eq!(loaded.settings.unwrap().lists[0].file, dir.path().join("x.csv"));
    let loaded = load(None, &env(&[("WIREWATCH_CONFIG", dir.path().join("my.toml").to_str().unwrap())]));
    assert!(loaded.settings.is_some());
}

#[test]
fn the_environment_comes_last_and_is_cited_by_name() {
    let dir = dir(&[(
        "wirewatch.toml",
        "[channel.my-desk]\ntype = \"email\"\nto = [\"a@example.org\"]\nsmtp = \"sendmail\"\n[source.a]\nurl = \"https://a.example\"\n",
    )]);
    let sound = env(&[
        ("WIREWATCH__CHANNEL__MY_DESK__SMTP", "smtp://127.0.0.1:2525"),
        ("WIREWATCH__CHANNEL__MY_DESK__TO", "[\"b@example.org\", \"c@example.org\"]"),
        ("WIREWATCH__CHANNEL__MY_DESK__QUIET", "{ from = \"22:00\", to = \"07:00\" }"),
        ("WIREWATCH__CHANNEL__MY_DESK__DIGEST__DAILY__SEND_EMPTY", "true"),
        ("WIREWATCH__CHANNEL__MY_DESK__DIGEST__DAILY__EVERY", "\"1h\""),
        ("WIREWATCH__FETCH__CONCURRENCY", "7"),
        ("WIREWATCH__SOURCE__A__ROBOTS", "false"),
        ("WIREWATCH_CONFIG", "/elsewhere"),
        ("WIREWATCH_FAILPOINT", "x:1"),
        ("PATH", "/bin"),
    ]);
    let s = load(Some(dir.path()), &sound).settings.unwrap();
    let ChannelKind::Email(email) = &s.channels[0].kind else { panic!() };
    assert_eq!(email.to, ["b@example.org", "c@example.org"]);
    assert!(matches!(&email.relay, Relay::Smtp { port: 2525, .. }));
    assert!(s.channels[0].quiet.is_some() && s.channels[0].digests[0].send_empty);
    assert!(s.fetch.concurrency == 7 && !s.sources[0].robots);

    let slips = env(&[
        ("WIREWATCH__BAR__X", "1"),
        ("WIREWATCH__CHANNEL__MY_DESK__SMPT", "x"),
        ("WIREWATCH__CHANNEL__MY_DESK__TO", "b@example.org,c@example.org"),
        ("WIREWATCH__FETCH", "1"),
        ("WIREWATCH__FETCH__EVERY", "soon"),
        ("WIREWATCH__FETCH__ALLOW_PRIVATE", "[\"10.0.0.0/8\", ]]"),
        ("WIREWATCH__MAIL__PASSWORD", "hunter2"),
        ("WIREWATCH__RULE__Ü__QUERY", "x"),
    ]);
    let told: Vec<_> =
        load(Some(dir.path()), &slips).faults.iter().map(|f| format!("{}:{}", f.file, short(f))).collect();
    let wanted = [
        "env:WIREWATCH__BAR__X:1:1 E101 unknown table `bar`",
        "env:WIREWATCH__CHANNEL__MY_DESK__SMPT:1:1 E101 unknown key `smpt` in [channel.my-desk]; did you mean `smtp`?",
        "env:WIREWATCH__CHANNEL__MY_DESK__TO:1:1 E103 `to` wants a list of strings, not a string; write to = [\"b@example.org\", \"c@example.org\"]",
        "env:WIREWATCH__FETCH:1:1 E101 this name leads to no key",
        "env:WIREWATCH__FETCH__ALLOW_PRIVATE:1:17 E102 invalid TOML",
        "env:WIREWATCH__FETCH__EVERY:1:1 E108 every: `soon` is not a duration",
        "env:WIREWATCH__MAIL__PASSWORD:1:1 E101 unknown key `password` in [mail]; did you mean `password_file`?",
        "env:WIREWATCH__RULE__Ü__QUERY:1:1 E105",
    ];
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}\nnot {wanted}");
    }
}

#[test]
fn secrets_come_from_files_and_credentials_and_are_shown_nowhere() {
    let dir = dir(&[
        ("smtp.pw", "sesame-1\n"),
        ("creds/hook", "whsec_c2VzYW1lLTI=\n"),
        ("old.key", "sesame-3"),
        (
            "wirewatch.toml",
            r#"
[mail]
smtp = "smtps://reader@mail.example.org"
password_file = "smtp.pw"
[channel.a]
type = "email"
to = ["a@example.org"]
[channel.b]
type = "email"
to = ["a@example.org"]
smtp = "smtps://me:sesame-4@other.example.org"
[channel.c]
type = "webhook"
url = "https://u:sesame-5@hooks.example.org/x"
secret_credential = "hook"
headers = { Authorization = "Bearer sesame-6" }
[channel.d]
type = "webhook"
url = "https://hooks.example.org/x"
secret_file = ["creds/hook", "old.key"]
[source.s]
url = "https://sesame-7@news.example.org/feed"
user_agentx = "a"
headers = { X-Token = "sesame-8", Bad = 5 }
proxy = "http://u:sesame-9@proxy.example.org"
[service]
channels = ["a"]
password = "sesame-10"
"#,
        ),
    ]);
    let text = fs::read_to_string(dir.path().join("wirewatch.toml")).unwrap();
    let vars = env(&[
        ("CREDENTIALS_DIRECTORY", dir.path().join("creds").to_str().unwrap()),
        ("WIREWATCH__SERVICE__TOKEN", "sesame-11"),
    ]);
    let refused = load(Some(dir.path()), &vars);
    let told = refused.faults.iter().map(|f| f.render(true) + &serde_json::to_string(f).unwrap()).collect::<String>();
    assert!(refused.settings.is_none() && !told.contains("sesame"), "{told}");
    for wanted in [
        "password = ***",
        "smtps://me:***@other",
        "https://***@news",
        "https://***@hooks",
        "http://***@proxy",
        "X-Token = ***",
    ] {
        assert!(told.contains(wanted), "{wanted} not in {told}");
    }

    let sound =
        text.replace("user_agentx = \"a\"\n", "").replace(", Bad = 5", "").replace("password = \"sesame-10\"\n", "");
    fs::write(dir.path().join("wirewatch.toml"), sound).unwrap();
    let s = load(Some(dir.path()), &vars[..1]).settings.unwrap();
    let login = |at: usize| match &s.channels[at].kind {
        ChannelKind::Email(Email { relay: Relay::Smtp { login: Some((user, password)), .. }, .. }) => {
            (user.as_str(), password.reveal())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((login(0), login(1)), (("reader", "sesame-1"), ("me", "sesame-4")));
    let hook = |at: usize| match &s.channels[at].kind {
        ChannelKind::Webhook(hook) => hook,
        other => panic!("{other:?}"),
    };
    assert_eq!(hook(2).secrets[0].reveal(), "whsec_c2VzYW1lLTI=");
    let headers: Vec<_> = hook(2).headers.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
    assert_eq!(headers, [("Authorization", "Bearer sesame-6"), ("Authorization", "Basic dTpzZXNhbWUtNQ==")]);
    assert_eq!(hook(3).secrets.iter().map(Secret::reveal).collect::<Vec<_>>(), ["whsec_c2VzYW1lLTI=", "sesame-3"]);
    assert_eq!(s.sources[0].request.basic_auth.as_ref().map(|(user, _)| user.as_str()), Some("sesame-7"));
    let shown = format!("{:?} {:?} {:?}", s.channels, s.mail, s.sources[0].url);
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn a_password_goes_to_no_other_host_than_it_was_given_for() {
    let told = |smtp: &str| {
        let dir = dir(&[
            (
                "w.toml",
                &*format!(
                    "[mail]\nsmtp = \"smtps://u@a.example\"\npassword_file = \"pw\"\n[channel.c]\ntype = \"email\"\nto = [\"x@a.example\"]\nsmtp = \"{smtp}\"\n"
                ),
            ),
            ("pw", "x"),
        ]);
        let loaded = load(Some(&dir.path().join("w.toml")), &[]);
        loaded.settings.is_some()
    };
    assert!(told("smtp://u@a.example:587"));
    assert!(!told("smtps://u@b.example"));
    assert!(!told("smtps://other@a.example"));
}

#[cfg(unix)]
#[test]
fn a_secret_that_all_can_read_is_a_warning_and_one_that_is_none_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let told = |content: &str, mode: u32| {
        let dir = dir(&[
            ("w.toml", "[channel.c]\ntype = \"webhook\"\nurl = \"https://a.example\"\nsecret_file = \"key\"\n"),
            ("key", content),
        ]);
        fs::set_permissions(dir.path().join("key"), fs::Permissions::from_mode(mode)).unwrap();
        let faults = load(Some(&dir.path().join("w.toml")), &[]).faults;
        assert!(
            faults.iter().all(|f| (f.line, f.col) == (4, 15) && !f.to_string().contains("open sesame")),
            "{faults:?}"
        );
        faults.iter().map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(told("open sesame", 0o600), [""; 0]);
    assert_eq!(told("open sesame", 0o644), ["W102"]);
    assert_eq!(told("", 0o600), ["E119"]);
    assert_eq!(told("open sesame\nopen sesame", 0o600), ["E119"]);
    assert_eq!(told("whsec_open sesame", 0o600), ["E119"]);
    assert_eq!(told(&"x".repeat(limits::SECRET_BYTES_MAX + 1), 0o600), ["E119"]);
}

#[test]
fn a_credential_is_a_name_and_wants_systemd() {
    let text = |name: &str| {
        format!("[channel.c]\ntype = \"webhook\"\nurl = \"https://a.example\"\nsecret_credential = \"{name}\"\n")
    };
    let dir = dir(&[("a.toml", &text("hook")), ("b.toml", &text("../hook")), ("hook", "x")]);
    let told = |file: &str, vars: &[(&str, &str)]| short(&load(Some(&dir.path().join(file)), &env(vars)).faults[0]);
    let here = dir.path().to_str().unwrap();
    assert!(told("a.toml", &[]).starts_with("4:21 E119 no credentials were handed over"), "{}", told("a.toml", &[]));
    let outside = told("b.toml", &[("CREDENTIALS_DIRECTORY", here)]);
    assert!(outside.contains("is not the name of a credential"), "{outside}");
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let told = |path: &Path| load(Some(path), &[]).faults.iter().map(ToString::to_string).collect::<String>();
    assert!(told(empty.path()).contains("wirewatch init"), "{}", told(empty.path()));
    assert!(told(&empty.path().join("none")).contains("error[E100]: cannot be read"));
    fs::write(empty.path().join("wirewatch.toml"), b"[service]\nx = \"\xff\"\n").unwrap();
    assert!(
        told(empty.path()).contains("wirewatch.toml:2:6: error[E100]: this is not UTF-8"),
        "{}",
        told(empty.path())
    );
    fs::write(empty.path().join("wirewatch.toml"), "#".repeat(limits::CONFIG_FILE_BYTES_MAX + 1)).unwrap();
    assert!(told(empty.path()).contains("is larger than 16 MiB"));
    fs::write(empty.path().join("wirewatch.toml"), "").unwrap();
    fs::create_dir(empty.path().join("conf.d")).unwrap();
    for n in 0..=limits::CONFIG_FILES_MAX {
        fs::write(empty.path().join(format!("conf.d/{n}.toml")), "").unwrap();
    }
    assert!(told(empty.path()).contains("has more than 1000 files"));
}

#[test]
fn long_strings_and_endless_faults_are_bounded() {
    let long = "x".repeat(limits::QUERY_BYTES_MAX + 1);
    refused(&format!("[rule.r]\nquery = '{long}'"), 2, Code::BadValue, "64 KiB");
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
    let old = settings(&format!(
        "[source.a]\nurl = \"https://a.example\"\n[source.b]\nurl = \"https://b.example\"\n[rule.sco-security]\nquery = 'x'\n[channel.ops]\ntype = \"stdout\"\n{CHANNEL}[service]\nchannels = [\"log\"]\n"
    ));
    let new = settings(&format!(
        "[source.b]\nurl = \"https://b.example\"\nheaders = {{ X = \"1\" }}\n[source.c]\nurl = \"https://c.example\"\n[source.d]\nurl = \"https://d.example\"\n[rule.sco_security]\nquery = 'y'\n{CHANNEL}[service]\nchannels = [\"log\"]\n[fetch]\nevery = \"20m\"\n"
    ));
    let mut wanted = vec![
        "[fetch] changed",
        "+2 sources: c, d",
        "-1 source: a",
        "source b changed",
        "rule sco_security changed",
        "-1 channel: ops",
    ];
    let mut told = changes(&old, &new);
    if told.first().is_some_and(|line| line == "[service] changed") {
        told.remove(0);
    }
    assert_eq!(told, wanted);
    assert_eq!(changes(&new, &new), [""; 0]);
    wanted.clear();
    let many = (0..12).map(|n| format!("[source.s{n}]\nurl = \"https://a.example\"\n")).collect::<String>();
    let line = &changes(&settings(CHANNEL), &settings(&format!("{CHANNEL}{many}")))[0..];
    assert!(line.last().unwrap().ends_with("s9 and 2 more"), "{line:?}");
}

// What is shipped.

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_configuration_has_no_fault_and_sends_nothing() {
    let loaded = load(Some(&repository().join("config")), &[]);
    assert_eq!(loaded.faults.iter().map(ToString::to_string).collect::<String>(), "");
    let s = loaded.settings.unwrap();
    assert!(s.sources.len() > 15 && s.watches.len() > 20 && !s.rules.is_empty());
    assert!(s.channels.iter().all(|c| matches!(c.kind, ChannelKind::Maildir(_) | ChannelKind::Stdout)));
    assert!(s.watches.iter().all(|w| w.kind != WatchKind::Official || w.checked.is_some()));
}

#[test]
fn the_shipped_options_are_the_defaults() {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let wanted = settings("");
    let mut shipped = settings(&main);
    shipped.service.database = wanted.service.database.clone();
    assert_eq!(shipped, wanted);
}

/// The shipped file with every option switched on: a `#` before a letter or a bracket goes away.
fn switched_on() -> String {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => rest.to_string(),
        _ => line.to_string(),
    };
    main.lines().map(|line| on(line) + "\n").collect()
}

#[test]
fn every_option_of_the_shipped_file_can_be_switched_on() {
    let loaded = load_text(&switched_on());
    // The files with secrets and names are not there; nothing else may be wrong.
    let absent = ["E119", "E120"];
    let told: Vec<_> = loaded.faults.iter().filter(|f| !absent.contains(&f.code)).map(ToString::to_string).collect();
    assert_eq!(told, [""; 0]);
}

#[test]
fn every_key_of_the_schema_is_in_the_shipped_file_and_in_the_documentation() {
    let main = fs::read_to_string(repository().join("config/wirewatch.toml")).unwrap();
    let docs = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let dir = dir(&[("wirewatch.toml", &switched_on())]);
    let (layers, _) = read::files(dir.path());
    let walk = walk::Walk::new(layers, None);
    let _ = super::settings(&walk);
    let asked = walk.asked();
    for known in [
        "source.*.select.links",
        "channel.*.digest.*.stories_max",
        "channel.*.quiet.mode",
        "rule.*.settle",
        "web.listen",
    ] {
        assert!(asked.contains(known), "{known} is not in {asked:#?}");
    }
    let keys: BTreeSet<&str> = asked.iter().filter_map(|path| path.rsplit('.').next()).collect();
    let word = |text: &str, key: &str| {
        text.match_indices(key).any(|(at, _)| {
            let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !text[..at].ends_with(letter) && !text[at + key.len()..].starts_with(letter)
        })
    };
    for key in keys {
        assert!(word(&main, key), "config/wirewatch.toml does not mention {key}");
        assert!(word(&docs, key), "docs/configuration.md does not mention {key}");
    }
    for code in Code::ALL {
        assert!(
            docs.contains(&format!("| {} |", code.as_str())),
            "docs/configuration.md does not mention {}",
            code.as_str()
        );
    }
}

// Hostile input.

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\\n|\\[|\\]|\"|'|=|\\\\){0,200}") {
        let loaded = load_text(&text);
        for fault in &loaded.faults {
            prop_assert!(fault.line >= 1 && fault.col >= 1 && fault.len >= 1);
            prop_assert!(!fault.render(true).is_empty());
        }
        prop_assert_eq!(loaded.settings.is_some(), loaded.faults.iter().all(|f| f.severity == super::Severity::Warning));
    }

    #[test]
    fn no_typo_makes_it_panic(at in 0usize..4000, cut in 0usize..40, put in "\\PC{0,5}") {
        let mut text = switched_on();
        let at = text.floor_char_boundary(at * text.len() / 4000);
        let end = text.floor_char_boundary((at + cut).min(text.len()));
        text.replace_range(at..end, &put);
        load_text(&text).faults.iter().for_each(|fault| drop(fault.render(false)));
    }
}
