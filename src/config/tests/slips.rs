//! Each kind of slip, alone: told once, on its line, with its code and words that help.

use super::*;

const HOOKS: &str = "https://ops.example.org/hook";

/// A configuration with one slip: it is refused on that line, with that code and those words.
#[track_caller]
pub(super) fn refused(text: &str, line: usize, code: Code, words: &str) {
    let loaded = load_text(&format!("{text}\n{CHANNEL}"));
    assert!(loaded.settings.is_none(), "accepted:\n{text}");
    let errors: Vec<_> = loaded.faults.iter().filter(|fault| fault.severity == fault::Severity::Error).collect();
    let [fault] = errors[..] else {
        panic!("not one fault: {:#?}", errors.iter().map(|f| short(f)).collect::<Vec<_>>())
    };
    assert_eq!((fault.line, fault.code), (line, code.as_str()), "{}", short(fault));
    assert!(short(fault).contains(words), "{}", short(fault));
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
("[rule.a]\nquery = 'x'\n[rule.a.north]\nquery = 'x'".into(), 3, UnknownKey, "[rule.a-north]"),
        ("[rule.r]\nwas = \"Old\"\nquery = 'x'\nnotify = [\"log\"]".into(), 2, BadId, "a-z, 0-9"),
        ("[rule.r]\nwas = \"o\"\nquery = 'x'\n[rule.s]\nwas = \"o\"\nquery = 'y'".into(), 5, Conflict, "claimed by"),
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
        ("[web]\nlisten = \"0.0.0.0:80\"".into(), 2, Missing, "wants a password, a token or a proxy"),
        ("[web]\nlisten = \"127.0.0.1\"".into(), 2, BadNetwork, "127.0.0.1:8650"),
        ("[web]\npassword_hash = \"hunter2\"".into(), 2, BadSecret, "`wirewatch password` makes it"),
        ("[web]\npassword_hash = \"$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA\"".into(), 2, BadSecret, "more memory"),
        ("[web]\npassword_file = \"/nowhere/x\"".into(), 2, BadSecret, "cannot be read"),
        ("[web]\nproxy_header = \"X-User\"".into(), 2, Missing, "from where is it believed"),
        ("[web]\nproxy_from = [\"127.0.0.1\"]".into(), 2, Missing, "the header that names who asks"),
        ("[web]\nproxy_from = [\"127.0.0.1\"]\nproxy_header = \"Cookie\"".into(), 3, BadValue, "not the proxy"),
        ("[web]\nhosts = [\"https://watch.example\"]".into(), 2, BadValue, "without https://"),
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
        (watch("official", "family = \"Yes\""), 3, WrongType, "family = true"),
        (watch("official", "family = \"no\""), 3, WrongType, "family = false"),
        (watch("official", "family = True"), 3, Syntax, "write true"),
        (watch("official", "checked = \"01.10.2026\""), 3, BadTime, "write 2026-10-01"),
        (watch("official", "checked = \"10/01/2026\""), 3, BadTime, "write 2026-01-10 or 2026-10-01"),
        (watch("official", "checked = \"2026-02-30\""), 3, BadTime, "no day of the calendar"),
        (watch("official", "allow = [\"W999\"]"), 3, BadValue, "W290"),
        ("[official.wang yi]\nnames = [\"W\"]\n[rule.r]\nany = [\"@wang-yi\"]".into(), 1, Syntax, "write [official.wang-yi]"),
        ("[official.w]\nnames = [\"W\" \"V\"]\nallow = [\"W210\"]\n[rule.r]\nany = [\"@w\"]".into(), 2, Syntax, "a comma is missing here"),
        ("[rule.r]\nany = [\"@tea/Q1\"]\n[keyword.tee]\nnames = [\"tea\"]\n[rule.s]\nany = [\"@tee\"]".into(), 2, UnknownReference, "add it"),
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
        (channel("digest.morning = { every = \"1h\", template = \"x\" }"), 3, Conflict, "template.digest"),
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
        (email("").replace("sendmail", "smpts://h.example"), 4, BadUrl, "smtps://"),
        (email("").replace("sendmail", "smtp://h.example?tls=maybe"), 4, BadValue, "opportunistic"),
        (email("").replace("sendmail", "smtps://h.example?tls=none"), 4, Conflict, "smtps"),
        (email("").replace("sendmail", "smtp://h.example/path"), 4, BadUrl, "host and a port"),
        (email("").replace("sendmail", "smtp://u@h.example"), 4, Missing, "password_file"),
        (email("").replace("sendmail", "sendmail:usr/bin"), 4, BadUrl, "program"),
        (hook("format = \"template\""), 4, Missing, "body.json.j2"),
        (hook("format = \"template\"\ntemplate = \"/none.j2\""), 5, BadTemplate, "/none.j2"),
        (hook("format = \"slack\"\ntemplate = \"/none.j2\""), 5, Conflict, "format"),
        (email("template = \"/none.j2\""), 5, WrongType, "template.alert"),
        (email("template.alert = { text = \"/none.j2\" }"), 5, BadTemplate, "/none.j2"),
        (hook("rate = \"fast\""), 4, BadValue, "off"),
        (hook("rate = { max = 3 }"), 4, Missing, "per"),
        (hook("retry = []"), 4, Missing, "retry"),
        (hook("retry = [\"30d\"]"), 4, BadDuration, "7d"),
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
