//! Every secret has a mark; everything that can fail fails; and nothing that the program writes — to a terminal, a log, a mail, a
//! receiver, its own database — has a mark in it. What peers repeat of a secret is masked too.

use crate::daemon::{said, wirewatch};
use crate::harness::{Piece, paragraph, publish};
use crate::newsroom::{Answer, Newsroom};
use crate::sink::{Answer as Hooked, Sink};
use crate::smtp::{At, Do, Offers, Smtp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wirewatch::clock::Clock;

/// What stands in every secret.
const MARK: &str = "s3cr3t";

/// Peers that refuse, and a configuration full of secrets for them.
struct Trap {
    newsroom: Newsroom,
    refusing: [Smtp; 2],
    taking: Smtp,
    hooks: [Sink; 2],
    folder: TempDir,
    whsec: String,
    format: &'static str,
}

impl Trap {
    async fn set(format: &'static str) -> Self {
        let newsroom = Newsroom::open();
        let home = newsroom.url("");
        newsroom.set("/a/feed.xml", Answer::ok("no: s3cr3t-in-url").with_status(500));
        newsroom.set(
            "/b/feed.xml",
            Answer::redirect(302, format!("http://x:s3cr3t-redirect@{}/b/there", newsroom.address())),
        );
        newsroom.set("/b/there", Answer::ok("who is s3cr3t-basic?").with_status(404));
        newsroom.set("/d/feed.xml", Answer::ok("bad key s3cr3t-header").with_status(403));
        newsroom
            .set("/e/feed.xml", Answer::ok("<rss>s3cr3t-not-ours, but no feed").header("content-type", "text/html"));
        let at = Clock::system().now().to_string();
        let lead = format!("The Shanghai Cooperation Organization met. {}", paragraph("secrets"));
        publish(&newsroom, "courier", &[Piece::new("met", "A meeting", &at, &[&lead, &paragraph("more secrets")])]);
        let whsec = format!("whsec_{}", STANDARD.encode("s3cr3t-of-the-hook-24-bytes"));
        let offers =
            Offers { auth: "PLAIN LOGIN", login: Some(("wire".into(), "another".into())), ..Offers::default() };
        let refusing = [Smtp::start_with(offers.clone()).await, Smtp::start_with(offers).await];
        let (taking, hooks) = (Smtp::start().await, [Sink::start().await, Sink::start().await]);
        let trap = Self { newsroom, refusing, taking, hooks, folder: tempfile::tempdir().unwrap(), whsec, format };
        trap.scold();
        for (name, secret) in [
            ("basic", "s3cr3t-basic"),
            ("smtp", "s3cr3t-smtp-file"),
            ("whsec", &trap.whsec),
            ("url", "http://127.0.0.1:9/hooks/s3cr3t-url-file"),
        ] {
            trap.write(name, secret);
        }
        let [port, second, ours] = [&trap.refusing[0], &trap.refusing[1], &trap.taking].map(Smtp::port);
        let address = trap.newsroom.address();
        let hook = trap.hooks[0].url("");
        let other = trap.hooks[1].url("");
        let other = other.trim_start_matches("http://");
        let typed = format!(
            r#"
[service]
data_dir = "data"
notify   = ["ops"]
channels = ["mail", "mailurl", "hook", "hookfile", "hookuser"]
[log]
format = "{format}"
level  = "trace"
[web]
listen = "off"
[fetch]
allow_private = ["127.0.0.0/8"]
[source.a]
url = "http://reader:s3cr3t-in-url@{address}/a/feed.xml"
[source.b]
url = "{home}b/feed.xml"
user = "reader"
password_file = "basic"
[source.c]
url = "{home}c/feed.xml"
proxy = "http://p:s3cr3t-proxy@127.0.0.1:9"
[source.d]
url = "{home}d/feed.xml"
headers = {{ X-Api-Key = "s3cr3t-header", Authorization = "Bearer s3cr3t-bearer" }}
[source.e]
url = "http://s3cr3t-user:s3cr3t-pass@{address}/e/feed.xml"
[source.courier]
url = "{home}courier/feed.xml"
backfill = 5
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[rule.sco]
any = ["@sco"]
[channel.ops]
type = "email"
smtp = "smtp://127.0.0.1:{ours}"
to = ["ops@example.org"]
[channel.mail]
type = "email"
smtp = "smtp://wire@127.0.0.1:{port}"
password_file = "smtp"
to = ["anna@example.org"]
[channel.mailurl]
type = "email"
smtp = "smtp://wire:s3cr3t-smtp-url@127.0.0.1:{second}"
to = ["anna@example.org"]
[channel.hook]
type = "webhook"
url = "{hook}/services/s3cr3t-path?token=s3cr3t-query"
headers = {{ Authorization = "Bearer s3cr3t-token", X-Key = "s3cr3t-key" }}
secret_file = "whsec"
allow_private = true
[channel.hookfile]
type = "webhook"
url_file = "url"
allow_private = true
[channel.hookuser]
type = "webhook"
url = "http://u:s3cr3t-hook-user@{other}/x"
allow_private = true
"#
        );
        std::fs::write(trap.config(), typed).unwrap();
        trap
    }

    /// The peers refuse, and repeat what they were told.
    fn scold(&self) {
        for (smtp, word) in self.refusing.iter().zip(["s3cr3t-smtp-file", "s3cr3t-smtp-url"]) {
            let plain = STANDARD.encode(format!("\0wire\0{word}"));
            smtp.script([(At::Auth, Do::Say(format!("535 5.7.8 neither {word} nor {plain}")))]);
        }
        let told = format!(
            "no such hook: /services/s3cr3t-path?token=s3cr3t-query, Bearer s3cr3t-token, s3cr3t-key, {}",
            self.whsec
        );
        self.hooks[0].script((0..2).map(|_| Hooked::Full(400, vec![], told.clone())));
        let told = format!("not u:s3cr3t-hook-user, Basic {}", STANDARD.encode("u:s3cr3t-hook-user"));
        self.hooks[1].script((0..2).map(|_| Hooked::Full(400, vec![], told.clone())));
    }

    fn write(&self, name: &str, secret: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.folder.path().join(name);
        std::fs::write(&path, secret).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("wirewatch.toml")
    }

    fn runs(&self, arguments: &[&str], log: Option<&str>) -> (String, String) {
        let mut command = wirewatch(arguments);
        command.arg("--config").arg(self.config()).envs(log.map(|log| ("WIREWATCH_LOG", log)));
        (format!("wirewatch {} ({}, {log:?})", arguments.join(" "), self.format), said(&command.output().unwrap()))
    }

    /// Every secret, as it is typed and as it travels.
    fn secrets(&self) -> Vec<String> {
        let basic = [
            "reader:s3cr3t-in-url",
            "reader:s3cr3t-basic",
            "u:s3cr3t-hook-user",
            "p:s3cr3t-proxy",
            "s3cr3t-user:s3cr3t-pass",
        ];
        let mut secrets: Vec<String> = basic.iter().map(|pair| STANDARD.encode(pair)).collect();
        secrets.extend(["s3cr3t-smtp-file", "s3cr3t-smtp-url"].map(|word| STANDARD.encode(word)));
        secrets.extend(["s3cr3t-smtp-file", "s3cr3t-smtp-url"].map(|word| STANDARD.encode(format!("\0wire\0{word}"))));
        secrets.push(self.whsec.clone());
        secrets.push(MARK.to_string());
        secrets
    }

    fn search(&self, what: &str, text: &str) {
        for secret in self.secrets() {
            // What a feed says is news, not a secret.
            let found = text.lines().find(|line| line.contains(&secret) && !line.contains("s3cr3t-not-ours"));
            assert!(found.is_none(), "{what} shows {secret}: {}", found.unwrap());
        }
    }
}

async fn nothing_shows(format: &'static str, log: Option<&str>) {
    let trap = Trap::set(format).await;
    let (what, text) = trap.runs(&["run", "--once"], log);
    trap.search(&what, &text);
    assert!(
        text.contains("will not reach") || text.contains("not yet sent"),
        "deliveries failed, and were logged: {text}"
    );
    assert!(text.contains("500") && text.contains("404"), "fetches failed, and were logged: {text}");
    for arguments in [
        &["status"][..],
        &["status", "--json"],
        &["outbox", "list", "--all"],
        &["outbox", "list", "--all", "--json"],
        &["check"],
        &["check", "--strict"],
        &["check", "--json"],
        &["channel", "list"],
    ] {
        let (what, text) = trap.runs(arguments, log);
        assert!(text.len() > 50, "{what}: {text}");
        trap.search(&what, &text);
    }
    for channel in ["mail", "mailurl", "hook", "hookfile", "hookuser"] {
        trap.scold();
        let (what, text) = trap.runs(&["channel", "test", channel], log);
        assert!(text.lines().count() > 3, "{what}: {text}");
        trap.search(&what, &text);
    }
    // What the operator is told, and what the receivers are told about others.
    let (_, _) = trap.runs(&["run", "--once"], log);
    for mail in trap.taking.mails() {
        trap.search("a notice", &mail.text());
        trap.search("a notice", &String::from_utf8_lossy(&mail.bytes));
    }
    assert!(trap.taking.mails().iter().any(|mail| mail.subject().contains("could not be delivered")));
    for request in trap.hooks.iter().flat_map(Sink::requests) {
        trap.search("a webhook's body", &String::from_utf8_lossy(&request.body));
    }
    // The secrets did leave for whom they are meant.
    assert!(
        trap.hooks[0].requests().iter().any(|request| request.header("authorization") == Some("Bearer s3cr3t-token"))
    );
    assert!(trap.newsroom.last("/d/feed.xml").header("x-api-key") == Some("s3cr3t-header"));
    let basic = STANDARD.encode("reader:s3cr3t-basic");
    assert_eq!(trap.newsroom.last("/b/feed.xml").header("authorization"), Some(&*format!("Basic {basic}")));
    search_files(&trap, &trap.folder.path().join("data"));
}

/// At rest, too.
fn search_files(trap: &Trap, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in trap.secrets() {
            let found = bytes.windows(secret.len()).position(|window| window == secret.as_bytes());
            assert!(found.is_none(), "{} holds {secret}", path.display());
        }
    }
}

#[tokio::test]
async fn no_secret_is_shown_anywhere() {
    nothing_shows("text", None).await;
}

#[tokio::test]
async fn no_secret_is_shown_in_json_logs() {
    nothing_shows("json", None).await;
}

#[tokio::test]
async fn no_secret_is_shown_though_everything_is_logged() {
    nothing_shows("text", Some("trace")).await;
}

#[test]
fn faults_of_lines_with_secrets_show_the_fault_and_not_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("wirewatch.toml");
    std::fs::write(folder.path().join("two-lines"), "s3cr3t-one\ns3cr3t-two").unwrap();
    std::fs::write(folder.path().join("bad-whsec"), "whsec_s3cr3t!!").unwrap();
    std::fs::write(folder.path().join("no-url"), "s3cr3t-is-no-url").unwrap();
    let source = |line: &str| format!("[source.a]\n{line}\n");
    let hook = |line: &str| format!("[channel.hook]\ntype = \"webhook\"\n{line}\n");
    let mail = |line: &str| format!("[channel.mail]\ntype = \"email\"\nto = [\"a@example.org\"]\n{line}\n");
    let good = "url = \"https://news.example/feed\"";
    for typed in [
        source("url = \"htp://u:s3cr3t@news.example/feed\""),
        source("url = \"https://u:s3cr3t@/feed\""),
        source("url = \"https://u:s3cr3t@news..example/feed\""),
        source("url = \"https://u:s3 s3cr3t@news.example/feed\""),
        source("url = \"https://u:s3/s3cr3t@news.example/feed\""),
        source("url = \"htps://u:s3?s3cr3t@news.example/feed\""),
        source("url = \"https://u:s3cr3t@news.example/feed"),
        source("url = 'https://u:s3cr3t@news.example/feed"),
        source("url = https://u:s3cr3t@news.example/feed"),
        source("urll = \"https://u:s3cr3t@news.example/feed\""),
        source("url = [\"https://u:s3cr3t@news.example/feed\"]"),
        source(&format!("{good}\nproxy = \"sock5://u:s3cr3t@proxy.example:1\"")),
        source(&format!("{good}\npassword = \"s3cr3t\"")),
        source(&format!("{good}\nuser = \"u\"\npassword_file = \"two-lines\"")),
        source(&format!("{good}\nheaders = {{ \"bad name\" = \"s3cr3t\", X-Key = \"s3cr3t\" }}")),
        source(&format!("{good}\nheaders = {{ X-Key = \"s3cr3t\\nmore\" }}")),
        source(&format!("{good}\nheaders = {{ X-Key = [\"s3cr3t\"] }}")),
        source(&format!("{good}\nheaders = {{ X-Key = \"s3cr3t\" ")),
        hook("url = \"htps://hooks.example/s3cr3t\""),
        hook("url = \"https://hooks.example/s3cr3t path\""),
        hook("url = \"https://hooks.example/s3cr3t\"\nurl_file = \"no-url\""),
        hook("url_file = \"no-url\""),
        hook("url = \"https://hooks.example/s3cr3t\"\nsecret_file = \"bad-whsec\""),
        hook("url = \"https://hooks.example/s3cr3t\"\nsecret = \"s3cr3t\""),
        hook("url = \"https://hooks.example/s3cr3t\"\nformat = \"slak\""),
        hook("url = \"https://hooks.example/s3cr3t\"\ntimeout = 3"),
        hook("url = \"https://hooks.example/s3cr3t\" timeout = \"3s\""),
        mail("smtp = \"smtps://u:s3cr3t@mail.example:99999\""),
        mail("smtp = \"smtp://u:s3cr3t@mail.example?tls=nonsense\""),
        mail("smtp = \"smtp://u:s3cr3t@mail.example/path\""),
        mail("smtp = \"imap://u:s3cr3t@mail.example\""),
        mail("smtp = \"smtp://u:s3cr3t@mail.example?password=s3cr3t\""),
        mail("smtp = \"smtp://u@mail.example\"\npasswort = \"s3cr3t\""),
        mail("smtp = \"u:s3cr3t@mail.example\""),
    ] {
        let whole = format!("[service]\ndata_dir = \"data\"\n{typed}");
        std::fs::write(&config, &whole).unwrap();
        for arguments in [&["check"][..], &["check", "--json"], &["run", "--once"], &["status"]] {
            let output = wirewatch(arguments).arg("--config").arg(&config).output().unwrap();
            let told = said(&output);
            assert_eq!(output.status.code(), Some(78), "{typed}: {told}");
            assert!(told.contains("wirewatch.toml"), "{typed}: {told}");
            assert!(!told.contains(MARK), "{typed}: {told}");
        }
    }
    std::fs::write(&config, "[service]\ndata_dir = \"data\"\n[source.a]\nurl = \"https://news.example/feed\"\n")
        .unwrap();
    for (name, value) in [
        ("WIREWATCH__SOURCE__A__URL", "htp://u:s3cr3t@news.example/"),
        ("WIREWATCH__SOURCE__A__PASSWORD", "s3cr3t"),
        ("WIREWATCH__SOURCE__A__HEADERS", "{ X-Key = [\"s3cr3t\"] }"),
        ("WIREWATCH__SOURCE__A__HEADERS", "{ X-Key = \"s3cr3t\""),
        ("WIREWATCH__CHANNEL__HOOK", "{ type = \"webhook\", url = \"htp://hooks.example/s3cr3t\" }"),
    ] {
        let output = wirewatch(&["check", "--config"]).arg(&config).env(name, value).output().unwrap();
        let told = said(&output);
        assert_eq!(output.status.code(), Some(78), "{name}={value}: {told}");
        assert!(told.contains(&format!("env:{name}")) && !told.contains(MARK), "{name}={value}: {told}");
    }
}
