//! A desk of the bench: a configuration for the wire, a folder for its state, and a look into what was kept.

use super::news::{self, RULES, SOURCES};
use super::process;
use super::server::Server;
use rusqlite::Connection;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
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
    pub fn new(server: &Server, binary: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("wirewatch.toml"), configuration(&folder, server)).unwrap();
        Self { folder, binary: binary.into() }
    }

    /// The program, started by the words of `under` if there are any.
    pub fn wirewatch(&self, verb: &[&str], under: &str) -> Command {
        let mut words = under.split_ascii_whitespace().chain([self.binary.as_str()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        command.args(verb).arg("--config").arg(self.folder.path().join("wirewatch.toml"));
        // Which counts as a user's own setting, and would be measured.
        command.env_remove("WIREWATCH_LOG").env_remove("JOURNAL_STREAM");
        process::quiet(&mut command, &self.folder.path().join("log"));
        command
    }

    /// An hour passes.
    pub fn make_all_due(&self) {
        let moved = self.database().unwrap().execute("UPDATE sources SET due_at = 0, ready_at = 0", []).unwrap();
        assert_eq!(moved, SOURCES);
    }

    pub fn kept(&self) -> Kept {
        // The daemon may not have made its tables yet.
        let database = self.database().ok();
        let count = |of: &str| {
            let sql = format!("SELECT count(*) FROM {of}");
            let counted =
                database.as_ref().and_then(|database| database.query_row(&sql, [], |row| row.get::<_, i64>(0)).ok());
            counted.map_or(0, |count| usize::try_from(count).unwrap())
        };
        Kept {
            keys: count("keys"),
            baselines: count("baselines"),
            read_in_full: count("articles WHERE complete"),
            alerts_sent: count(
                "deliveries d JOIN messages m ON m.id = d.message WHERE d.state = 'sent' AND m.kind = 'alert.matched'",
            ),
        }
    }

    fn database(&self) -> rusqlite::Result<Connection> {
        Connection::open(self.folder.path().join("data/wirewatch.db"))
    }
}

fn configuration(folder: &TempDir, server: &Server) -> String {
    let mut toml = format!(
        r#"[service]
data_dir = "{}"
time_zone = "Asia/Tashkent"
channels = ["sink"]
notify = ["sink"]

[fetch]
every = "15m"
user_agent_contact = "bench@wire.example"
allow_private = ["127.0.0.0/8"]

[channel.sink]
type = "webhook"
url = "{}"
allow_private = true
flood = "off"
"#,
        folder.path().join("data").display(),
        server.sink(),
    );
    for source in 0..SOURCES {
        let _ = writeln!(toml, "[source.wire-{source:04}]\nurl = \"{}\"", server.feed(source));
    }
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
