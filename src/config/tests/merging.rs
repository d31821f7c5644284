//! Files and the environment: which are read, and what wins.

use super::*;

#[test]
fn files_as_editors_leave_them_are_fine() {
    let plain = "[organization.sco]\nnames = [\n  \"SCO\", # “curly” № 5\n  \"\\u0428\\u041E\\u0421\",\n]\n\n[rule.r1]\nquery = '@sco'\nnotify = [\"log\"]\n\n[channel.log]\ntype = \"stdout\"";
    let wanted = sound(plain);
    assert_eq!(wanted.watches[0].names, ["SCO", "ШОС"]);
    for text in
        [format!("\u{feff}{plain}"), plain.replace('\n', "\r\n"), format!("{plain}\n"), format!("{plain}\n# the end")]
    {
        assert_eq!(sound(&text), wanted, "{text:?}");
    }
    let crlf = load_text(&format!("\u{feff}{}", plain.replace("query", "qurey")).replace('\n', "\r\n"));
    let fault = crlf.faults.iter().find(|fault| fault.code == "E101").unwrap();
    assert_eq!((fault.line, fault.col, fault.excerpt.as_ref().unwrap().text.as_str()), (8, 1, "qurey = '@sco'"));
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
