//! Secrets: where they come from, and that they are shown nowhere.

use super::*;

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
headers = { X-Auth = "Bearer sesame-6" }
[channel.e]
type = "webhook"
url = "htps://hooks.example.org/sesame-12"
[channel.d]
type = "webhook"
url = "https://hooks.example.org/x"
secret_file = ["creds/hook", "old.key"]
[source.s]
url = "https://sesame-7@news.example.org/feed"
user_agentx = "a"
headers = { X-Token = "sesame-8", Bad = 314159 }
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
    assert!(refused.settings.is_none() && !told.contains("sesame") && !told.contains("314159"), "{told}");
    for wanted in ["password = ***", "smtps://me:***@other", "https://***@news", "http://***@proxy", "X-Token = ***"] {
        assert!(told.contains(wanted), "{wanted} not in {told}");
    }

    let sound = text
        .replace("htps://hooks.example.org/sesame-12", "https://hooks.example.org/x")
        .replace("user_agentx = \"a\"\n", "")
        .replace(", Bad = 314159", "")
        .replace("password = \"sesame-10\"\n", "");
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
    assert_eq!(headers, [("X-Auth", "Bearer sesame-6"), ("Authorization", "Basic dTpzZXNhbWUtNQ==")]);
    assert_eq!(hook(4).secrets.iter().map(Secret::reveal).collect::<Vec<_>>(), ["whsec_c2VzYW1lLTI=", "sesame-3"]);
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
