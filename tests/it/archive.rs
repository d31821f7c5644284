//! The archive at the command line: what the demo's newsroom published, searched, shown and explained afterwards.

use crate::daemon::{run, said};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// The demo, done: its configuration and its archive.
fn newsroom() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_wirewatch")).arg("demo").arg("--folder").arg(folder.path()).output();
    assert!(demo.unwrap().status.success());
    let config = folder.path().join("wirewatch.toml");
    (folder, config)
}

fn json(config: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(config, arguments);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_was_read_is_searched_shown_and_explained() {
    let (_folder, config) = newsroom();
    let titles = |query: &str| -> Vec<String> {
        let found = json(&config, &["article", "search", query, "--json"]);
        let found = found.as_array().unwrap().iter();
        found.map(|article| article["title"].as_str().unwrap().to_string()).collect()
    };
    let ministers = titles("@wang-yi");
    assert!(ministers.contains(&"Wang Yi urges solidarity in Astana".into()), "{ministers:?}");
    assert!(ministers.iter().any(|title| title.contains("上海合作组织")), "in any script: {ministers:?}");
    assert!(ministers.iter().all(|title| !title.contains("noodles")), "another Wang is nobody's: {ministers:?}");
    assert_eq!(titles("\"the last hand-pulled noodles\""), ["The last hand-pulled noodles of the bazaar"]);
    let chinese = titles("lang:zh AND source:silu-chenbao");
    assert!(!chinese.is_empty() && chinese.iter().all(|title| !title.is_ascii()), "fields are asked too: {chinese:?}");
    assert_eq!(titles("zebra"), Vec::<String>::new());

    let all = json(&config, &["article", "search", "noodles", "--json"]);
    let found = &all.as_array().unwrap()[0];
    for key in ["id", "source", "first_seen", "read_at", "url", "title", "language", "text", "zones", "matches"] {
        assert!(found.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(found["matches"][0]["hits"][0]["text"].as_str().map(str::to_lowercase).as_deref(), Some("noodles"));

    let id = found["id"].to_string();
    let shown = said(&run(&config, &["article", "show", &id]));
    assert!(shown.starts_with("The last hand-pulled noodles of the bazaar\n"), "{shown}");
    assert!(shown.contains("\nlead\n") && shown.contains("rules now  none matches"), "{shown}");
    let explained = said(&run(&config, &["explain", "ministers", &id]));
    assert!(explained.contains("It does not match") && explained.contains("[Wang]"), "the near miss: {explained}");
}

#[test]
fn a_search_that_cannot_be_done_says_why() {
    let (_folder, config) = newsroom();
    let refused = run(&config, &["article", "search", "tea coffee"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = said(&refused);
    assert!(told.contains("query:1:1") && told.contains("^^^^^^^^^^") && told.contains("tea AND coffee"), "{told}");
    let unknown = run(&config, &["article", "show", "4711"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("there is no article 4711"), "{}", said(&unknown));
    let explained = run(&config, &["explain", "ministers", "4711"]);
    assert_eq!(explained.status.code(), Some(2), "{}", said(&explained));
    let limited = run(&config, &["article", "search", "the", "--max", "2"]);
    assert!(said(&limited).contains("2 found, ") && said(&limited).contains("--max asks for more"));
}

/// The demo's configuration again, changed.
fn changed(config: &std::path::Path, from: &str, to: &str) -> PathBuf {
    let typed = std::fs::read_to_string(config).unwrap();
    assert!(typed.contains(from), "{from} is not in the demo's configuration");
    let other = config.with_file_name("changed.toml");
    std::fs::write(&other, typed.replace(from, to)).unwrap();
    other
}

#[test]
fn a_backtest_counts_each_story_once_and_says_what_another_configuration_changes() {
    let (_folder, config) = newsroom();
    let since = ["backtest", "--since", "5y", "--json"];
    let tried = json(&config, &since);
    for key in ["since", "until", "articles", "seconds", "rules", "days", "alerts", "alerts_total", "against"] {
        assert!(tried.get(key).is_some(), "{key} is missing");
    }
    let alerts = tried["alerts"].as_array().unwrap();
    assert_eq!(tried["alerts_total"].as_u64(), Some(alerts.len() as u64));
    let wire: Vec<&Value> = alerts.iter().filter(|alert| alert["rule"] == "sco" && alert["copies"] != 0).collect();
    assert_eq!(wire.len(), 1, "the wire story of three outlets is one alert: {alerts:#?}");
    let by_day: u64 = tried["days"].as_array().unwrap().iter().map(|day| day["alerts"].as_u64().unwrap()).sum();
    let by_rule: u64 = tried["rules"].as_array().unwrap().iter().map(|of| of["alerts"].as_u64().unwrap()).sum();
    assert_eq!((by_day, by_rule), (alerts.len() as u64, alerts.len() as u64));
    let one = json(&config, &["backtest", "--since", "5y", "--rule", "sco", "--json"]);
    assert!(one["alerts"].as_array().unwrap().iter().all(|alert| alert["rule"] == "sco"));

    let other = changed(&config, "[\"Wang Yi\", \"Ван И\"", "[\"Wang Er\", \"Ван Эр\"");
    let other = other.to_str().unwrap();
    let compared = json(&config, &["backtest", "--since", "5y", "--rule", "ministers", "--against", other, "--json"]);
    let gained = compared["against"]["gained"].as_array().unwrap();
    assert!(!gained.is_empty() && compared["against"]["lost_total"] == 0, "{}", compared["against"]);
    assert!(gained.iter().all(|gained| !gained["reason"].as_str().unwrap().is_empty()));
    let shown = said(&run(&config, &["backtest", "--since", "5y", "--rule", "ministers", "--against", other]));
    assert!(shown.contains(&format!("+{} / −0", gained.len())) && shown.contains("not there: "), "{shown}");
}

#[test]
fn a_backtest_that_cannot_be_done_says_why() {
    let (_folder, config) = newsroom();
    let refused = |arguments: &[&str]| {
        let output = run(&config, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        said(&output)
    };
    assert!(refused(&["backtest", "--rule", "scoo"]).contains("did you mean sco?"));
    assert!(refused(&["backtest", "--since", "30"]).contains("the unit is missing"));
}
