//! docs/rules.md teaches what the program does: its configuration is accepted, and each row of its tables holds.

use jiff::Timestamp;
use std::path::Path;
use wirewatch::app::accept;
use wirewatch::matching::{Index, Text};
use wirewatch::text::one_line;

const HEAD: &str = "| query | finds it in | but not in |";

/// An example: its text without the asterisks, and what stands between them.
#[derive(Default)]
struct Example {
    text: String,
    bold: Vec<String>,
    settings: Vec<(String, String)>,
}

impl Example {
    fn of(typed: &str) -> Self {
        let mut example = Self::default();
        let mut rest = typed.trim();
        while let Some(setting) = rest.strip_prefix('`') {
            let (setting, after) = setting.split_once('`').unwrap();
            let (key, value) = setting.split_once(" = ").unwrap_or_else(|| panic!("{typed}: a setting is key = value"));
            example.settings.push((key.into(), value.into()));
            rest = after.trim();
        }
        let pieces: Vec<&str> = rest.split("**").collect();
        assert!(pieces.len() % 2 == 1, "{typed}: asterisks in pairs");
        example.bold = pieces.iter().skip(1).step_by(2).map(ToString::to_string).collect();
        example.text = pieces.concat().replace(" ¶ ", "\n\n");
        example
    }

    /// What the query finds in it; `None` when it does not match.
    fn found(&self, index: &Index) -> Option<Vec<String>> {
        let get = |wanted: &str| self.settings.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
        for (key, _) in &self.settings {
            let known = ["title", "url", "author", "tag", "source", "lang", "tier", "published"];
            assert!(known.contains(&key.as_str()), "{key} is no setting");
        }
        let tags: Vec<String> = get("tag").iter().map(ToString::to_string).collect();
        let text = Text {
            title: get("title").unwrap_or_default(),
            text: &self.text,
            zones: &[],
            url: get("url").unwrap_or_default(),
            language: get("lang"),
            author: get("author"),
            tags: &tags,
            source: get("source").unwrap_or_default(),
            published: get("published").map(|at| at.parse().unwrap()),
            tier: get("tier").map(|tier| tier.parse().unwrap()),
            now: "2026-03-02T12:00:00Z".parse::<Timestamp>().unwrap(),
        };
        let found = index.read(&text).matches.into_iter().find(|found| found.rule.as_str() == "tried")?;
        Some(
            found
                .hits
                .into_iter()
                .filter(|hit| hit.zone != wirewatch::model::Zone::Title)
                .map(|hit| hit.text)
                .collect(),
        )
    }
}

fn compiled(preface: &str, query: &str, folder: &Path) -> Index {
    let file = folder.join("wirewatch.toml");
    std::fs::write(&file, format!("{preface}\n[rule.tried]\nquery = '''{query}'''\n")).unwrap();
    let told = |faults: Vec<wirewatch::config::Fault>| format!("{query}: {}", crate::harness::words(&faults));
    accept(&file, &[]).unwrap_or_else(|faults| panic!("{}", told(faults))).index
}

#[test]
fn each_example_of_the_guide_holds() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md")).unwrap();
    let fences: Vec<&str> = guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(fences.len() >= 2, "the configuration of the guide was not found");
    let folder = tempfile::tempdir().unwrap();
    let preface = format!("[service]\ndata_dir = \"data\"\ntime_zone = \"UTC\"\n{}", fences.concat());
    let (mut rows, mut faults) = (0, vec![]);
    for table in guide.split(HEAD).skip(1) {
        for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let [query, finds, misses] = cells[..] else { panic!("three cells: {row}") };
            let query = query.trim_matches('`');
            let index = compiled(&preface, query, folder.path());
            rows += 1;
            for typed in finds.split(" · ") {
                let example = Example::of(typed);
                let in_title = example.settings.iter().any(|(key, _)| key == "title");
                assert!(in_title || !example.bold.is_empty(), "{typed}: what is found is in bold");
                match example.found(&index) {
                    Some(found) if found == example.bold => {}
                    other => faults.push(format!("{query} in {}: {other:?}", one_line(typed))),
                }
            }
            for typed in misses.split(" · ") {
                if let Some(found) = Example::of(typed).found(&index) {
                    faults.push(format!("{query} is in {}: {found:?}", one_line(typed)));
                }
            }
        }
    }
    assert!(rows > 40, "only {rows} rows were found");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
