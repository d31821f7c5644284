//! A desk of the bench: a configuration for the wire, a folder for its state, and a look into what was kept.

use super::names::Names;
use super::news::{self, RULES};
use super::process;
use super::server::Server;
use rusqlite::Connection;
use std::fmt::Write as _;
use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct Desk {
    folder: TempDir,
    binary: String,
}

/// What the store holds.
#[derive(Debug)]
pub struct Kept {
    /// Entries that were ever seen.
    pub keys: usize,
    /// Sources that had their first poll.
    pub baselines: usize,
    pub read_in_full: usize,
    pub alerts_sent: usize,
}

impl Desk {
    /// A desk with this configuration beside what all desks have.
    pub fn new(binary: &str, configuration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!(
            r#"[service]
data_dir = "{}"
time_zone = "Asia/Tashkent"
channels = ["sink"]
notify = ["sink"]

[fetch]
every = "15m"
user_agent_contact = "bench@wire.example"
allow_private = ["127.0.0.0/8"]

{configuration}"#,
            folder.path().join("data").display()
        );
        fs::write(folder.path().join("wirewatch.toml"), toml).unwrap();
        Self { folder, binary: binary.into() }
    }

    /// Where it lies.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The program, started by the words of `under` if there are any, where the names of its sources are known.
    pub fn wirewatch(&self, verb: &[&str], under: &str, names: Option<&Names>) -> Command {
        let mut words = under.split_ascii_whitespace().chain([self.binary.as_str()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        command.args(verb).arg("--config").arg(self.folder.path().join("wirewatch.toml"));
        // Which counts as a user's own setting, and would be measured.
        command.env_remove("WIREWATCH_LOG").env_remove("JOURNAL_STREAM");
        let mut command = names.map(|names| names.known_to(&command)).unwrap_or(command);
        process::quiet(&mut command, &self.folder.path().join("log"));
        command
    }

    /// The daemon, once all its sources had their first poll and what that left to do is done.
    pub fn daemon(&self, sources: usize) -> Child {
        let mut child = self.wirewatch(&["run"], "", None).spawn().unwrap();
        self.until(&mut child, Duration::from_mins(5), || self.kept().baselines >= sources);
        std::thread::sleep(Duration::from_secs(5));
        child
    }

    /// Waits until it is so, while the daemon lives.
    pub fn until(&self, child: &mut Child, patience: Duration, mut so: impl FnMut() -> bool) {
        let until = Instant::now() + patience;
        while !so() {
            assert!(child.try_wait().unwrap().is_none(), "the daemon has ended: {}", self.log());
            assert!(Instant::now() < until, "this takes too long: {}", self.log());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// The end of the log.
    fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log[log.floor_char_boundary(log.len().saturating_sub(2000))..].to_string()
    }

    /// An hour passes.
    pub fn make_all_due(&self) {
        self.database().execute("UPDATE sources SET due_at = 0, ready_at = 0 WHERE lease IS NULL", []).unwrap();
    }

    pub fn kept(&self) -> Kept {
        Kept {
            keys: self.count("keys"),
            baselines: self.count("baselines"),
            read_in_full: self.count("articles WHERE complete"),
            alerts_sent: self.count(
                "deliveries d JOIN messages m ON m.id = d.message WHERE d.state = 'sent' AND m.kind = 'alert.matched'",
            ),
        }
    }

    /// How many rows there are.
    pub fn count(&self, of: &str) -> usize {
        let counted = self.database().query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get::<_, i64>(0));
        // The daemon may not have made its tables yet.
        counted.map_or(0, |count| usize::try_from(count).unwrap())
    }

    pub fn database(&self) -> Connection {
        let database = Connection::open(self.folder.path().join("data/wirewatch.db"));
        // Before the daemon has made its folder there is nothing to look at.
        let database = database.unwrap_or_else(|_| Connection::open_in_memory().unwrap());
        database.busy_timeout(Duration::from_secs(30)).unwrap();
        database
    }
}

pub fn sources(server: &Server, sources: usize) -> String {
    (0..sources).map(|source| format!("[source.wire-{source:04}]\nurl = \"{}\"\n", server.feed(source))).collect()
}

/// Alerts go to the server's sink.
pub fn webhook(server: &Server) -> String {
    let url = server.sink();
    format!("[channel.sink]\ntype = \"webhook\"\nurl = \"{url}\"\nallow_private = true\nflood = \"off\"\n")
}

pub fn rules() -> String {
    let mut toml = String::new();
    for rule in 0..RULES {
        let (organization, official) = (news::organization(rule), news::official(rule));
        let _ = writeln!(
            toml,
            "[organization.org-{rule:02}]\nnames = [\"{organization}\"]\n[official.person-{rule:02}]\nnames = [\"{official}\"]"
        );
        // Half of them as lists, half as queries.
        let _ = match rule % 2 {
            0 => writeln!(
                toml,
                "[rule.rule-{rule:02}]\nany = [\"@org-{rule:02}\", \"@person-{rule:02}\"]\nseverity = \"high\""
            ),
            _ => writeln!(
                toml,
                "[rule.rule-{rule:02}]\nquery = '@org-{rule:02} AND (@person-{rule:02} OR \"{}\") AND NOT football'\nseverity = \"high\"",
                news::PHRASE
            ),
        };
    }
    toml
}
