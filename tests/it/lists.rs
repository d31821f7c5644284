//! Watch lists from the file to the hit, as the command line shows them.

use crate::daemon::{said, wirewatch};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;
use tempfile::TempDir;

const CONFIG: &str = r#"
[service]
data_dir = "data"
[web]
listen = "off"
[list.pep]
file = "pep.csv"
[list.sanctions]
file = "entities.ftm.json"
with = ["fraud*", "sanction*"]
[rule.pep]
any = ["@pep"]
[rule.one]
any = ["@pep/Q2"]
[rule.sanctions]
any = ["@sanctions"]
[channel.desk]
type = "maildir"
path = "mail"
"#;

const PEP: &str = "id;kind;names;weak;with;inflect;notes\n\
    Q1;person;\"Ada Byron; Ада Байрон\";Countess;engine*;;x\n\
    Q2;organization;Engine Works;;;no;\n\
    Q3;person;\"Open\n\
    Q4;person;Charles Babbage;;;;\n";

const FTM: &str = r#"{"id":"NK-7","schema":"Person","properties":{"name":["Mary Somerville"],"topics":["sanction"]}}
{"id":"NK-8","schema":"Vessel","properties":{"name":["Hope"]}}
{"id":
"#;

struct Folder(TempDir);

impl Folder {
    fn new(config: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in [("wirewatch.toml", config), ("pep.csv", PEP), ("entities.ftm.json", FTM)] {
            std::fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        wirewatch(arguments).current_dir(self.0.path()).args(["--config", "wirewatch.toml"]).output().unwrap()
    }

    /// `rule: watch/entry text` of each hit.
    fn hits(&self, text: &str) -> Vec<String> {
        std::fs::write(self.path("article.txt"), format!("A day in Torrance\n\n{text}\n")).unwrap();
        let output = self.run(&["match", "article.txt", "--json"]);
        assert!(output.status.success(), "{}", said(&output));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut hits = vec![];
        for matched in found["matches"].as_array().unwrap() {
            for hit in matched["hits"].as_array().unwrap() {
                let word = |name: &str| hit[name].as_str().unwrap_or("-").to_string();
                let rule = matched["rule"].as_str().unwrap();
                hits.push(format!("{rule}: {}/{} {}", word("watch"), word("entry"), word("text")));
            }
        }
        hits
    }
}

#[test]
fn a_hit_on_a_list_names_the_list_and_the_row() {
    let folder = Folder::new(CONFIG);
    assert_eq!(folder.hits("Reporters met Ada Byron at the harbour."), ["pep: pep/Q1 Ada Byron"]);
    let both = folder.hits("The Engine Works opened on Monday to nobody at all.");
    assert_eq!(both, ["pep: pep/Q2 Engine Works", "one: pep/Q2 Engine Works"]);
    assert_eq!(folder.hits("Reporters met Charles Babbage at the harbour."), ["pep: pep/Q4 Charles Babbage"]);
    assert_eq!(folder.hits("All hope was lost."), [""; 0], "a ship is no name to watch");
}

#[test]
fn a_bare_name_of_a_list_counts_near_its_context_only() {
    let folder = Folder::new(CONFIG);
    assert_eq!(folder.hits("Reporters met Mary Somerville at the harbour."), [""; 0]);
    let near = folder.hits("Reporters asked Mary Somerville about sanctions.");
    assert_eq!(near, ["sanctions: sanctions/NK-7 Mary Somerville"]);
    let shown = said(&folder.run(&["match", "article.txt"]));
    assert!(shown.contains("@sanctions/NK-7 Mary Somerville: sanction"), "{shown}");
    // A weak name of a row stands near its own words.
    assert_eq!(folder.hits("Reporters met the Countess at the harbour."), [""; 0]);
    assert_eq!(folder.hits("The Countess praised the engines."), ["pep: pep/Q1 Countess"]);
}

#[test]
fn check_names_the_lines_that_could_not_be_read() {
    let folder = Folder::new(CONFIG);
    let output = folder.run(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let told = said(&output);
    for line in [
        "pep.csv:1: columns that mean nothing here: notes",
        "pep.csv:4: a quote",
        "entities.ftm.json:3: this is no entity",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert_eq!(told.matches("W290").count(), 3, "{told}");

    std::fs::write(folder.path("pep.csv"), "id,names,with\nQ1,Ada Byron,a and b\nQ2,Eve,(x\n").unwrap();
    let told = said(&folder.run(&["check"]));
    assert!(told.contains("row Q2, with: "), "{told}");
    std::fs::write(folder.path("pep.csv"), "\u{feff}key,title\n").unwrap();
    let output = folder.run(&["check"]);
    assert_eq!(output.status.code(), Some(78), "{}", said(&output));
    assert!(said(&output).contains("it has: key, title"), "{}", said(&output));
}

#[test]
fn a_long_list_draws_no_bar_where_nobody_watches() {
    let folder = Folder::new(CONFIG);
    let rows: String = (0..40_000).map(|n| format!("n{n},Name Number {n} of a long list,\n")).collect();
    std::fs::write(folder.path("pep.csv"), format!("id,names,kind\nQ2,Engine Works,organization\n{rows}")).unwrap();
    let output = folder.run(&["status", "--json"]);
    // There is no store yet: that, and nothing else, is said.
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.stdout.is_empty() && told.lines().count() == 1 && !told.contains('\r'), "{told}");
}
