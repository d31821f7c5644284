//! What is measured, and what is made of it: the alert rules and the board name these metrics and no others.

use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use crate::web::get;
use std::collections::{BTreeMap, BTreeSet};
use wirewatch::app;

const TYPED: &str = r#"
[web]
listen = "127.0.0.1:0"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
every = "10m"
[source.gone]
url   = "NEWSROOM/gone.xml"
every = "10m"
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[rule.desk]
any    = ["@sco"]
notify = ["desk"]
severity = "high"
[channel.desk]
type = "email"
to   = ["anna@example.org"]
"#;

/// The families of an exposition, by name, with their type and samples; each line is as the format wants it.
fn families(text: &str) -> BTreeMap<String, (String, Vec<(String, f64)>)> {
    let mut families: BTreeMap<String, (String, Vec<(String, f64)>)> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').unwrap();
            assert!(help.ends_with('.') && !families.contains_key(name), "{line}");
            current = name.to_string();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert!(name == current && ["gauge", "counter", "histogram"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            families.insert(name.into(), (kind.into(), vec![]));
        } else {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            let name = sample.split('{').next().unwrap();
            let (kind, samples) = families.get_mut(&current).unwrap();
            let of_histogram = ["_bucket", "_sum", "_count"].iter().any(|end| name == format!("{current}{end}"));
            assert_eq!(kind == "histogram", of_histogram, "{line}");
            assert!(of_histogram || name == current, "{line}");
            samples.push((sample.into(), value.parse().unwrap()));
        }
    }
    families
}

fn names(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    parts.filter(|part| part.starts_with("wirewatch_")).map(str::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_and_the_board_name_exactly_what_is_measured() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let news = |slug: &str, at: &str| {
        let lead = format!("The Shanghai Cooperation Organization was named today. {}", paragraph(slug));
        Piece::new(slug, &format!("A report called {slug}"), at, &[&lead, &paragraph(&slug.repeat(2))])
    };
    publish(&desk.newsroom, "courier", &[news("old", "2026-03-02T05:00:00Z")]);
    desk.start(TYPED).await;
    // Before the loops run that would poll the source beside this turn.
    desk.turn().await;
    let page = desk.app().open_page().await;
    let address = page.address().unwrap();
    let ready = {
        let app = desk.app();
        let config = desk.config();
        let asked = async {
            let pieces = [news("new", "2026-03-02T06:00:30Z"), news("old", "2026-03-02T05:00:00Z")];
            publish(&desk.newsroom, "courier", &pieces);
            desk.later(minutes(12)).await;
            // The loops that run beside this turn may have taken the message.
            let counted = async {
                loop {
                    let text = get(address, "/metrics").await.body;
                    if text.contains("wirewatch_alert_latency_seconds_count{since=\"published\"} 1") {
                        break text;
                    }
                }
            };
            let Ok(text) = tokio::time::timeout(std::time::Duration::from_secs(20), counted).await else {
                panic!("{:?}\n{}", desk.smtp.heard(), get(address, "/metrics").await.body);
            };
            let answers = (get(address, "/-/ready").await, text);
            app.stop();
            answers
        };
        let (_, answers) = tokio::join!(app::live(app, &config, page), asked);
        answers
    };
    let (after, metrics) = ready;
    assert_eq!(after.code, 200, "{after:?}");
    let families = families(&metrics);
    let value = |sample: &str| {
        let all = families.values().flat_map(|(_, samples)| samples);
        all.into_iter().find(|(name, _)| name == sample).unwrap_or_else(|| panic!("no {sample} in {metrics}")).1
    };
    // All that is asked for here are counts.
    let count = |sample: &str| value(sample).to_string();
    assert_eq!(count("wirewatch_source_up{source=\"courier\"}"), "1");
    assert!(value("wirewatch_poll_duration_seconds_count{outcome=\"read\"}") >= 2.0);
    assert!(value("wirewatch_poll_duration_seconds_count{outcome=\"failed\"}") >= 1.0);
    assert_eq!(count("wirewatch_entries_total"), "2");
    assert!(value("wirewatch_delivery_duration_seconds_count{verdict=\"sent\"}") >= 1.0);
    // Published at 06:00:30, first seen and accepted at 06:12: 690 seconds, and none.
    assert_eq!(count("wirewatch_alert_latency_seconds_bucket{since=\"published\",le=\"300\"}"), "0");
    assert_eq!(count("wirewatch_alert_latency_seconds_bucket{since=\"published\",le=\"900\"}"), "1");
    assert_eq!(count("wirewatch_alert_latency_seconds_bucket{since=\"first_seen\",le=\"1\"}"), "1");

    let rules = include_str!("../../deploy/prometheus/wirewatch.rules.yml");
    let board: serde_json::Value = serde_json::from_str(include_str!("../../deploy/grafana/wirewatch.json")).unwrap();
    let shown: BTreeSet<String> = names(&board.to_string());
    let measured = |name: &String| {
        let base = |end: &str| {
            name.strip_suffix(end).and_then(|base| families.get(base)).is_some_and(|(kind, _)| kind == "histogram")
        };
        families.contains_key(name) || ["_bucket", "_sum", "_count"].into_iter().any(base)
    };
    let unknown: Vec<_> = names(rules).union(&shown).filter(|name| !measured(name)).cloned().collect();
    assert_eq!(unknown, [""; 0]);
    let missing: Vec<_> = families.keys().filter(|name| !shown.iter().any(|shown| shown.starts_with(*name))).collect();
    assert_eq!(missing, [""; 0], "the board shows all of them");
    // A label's value that no sample has would make a rule that never fires.
    let labels = regex_labels(rules);
    assert!(!labels.is_empty());
    for (label, word) in labels {
        assert!(metrics.contains(&format!("{label}=\"{word}\"")), "{label}={word} is never measured");
    }
}

/// The labels with their values that rules ask for, alternatives one by one.
fn regex_labels(rules: &str) -> Vec<(String, String)> {
    let mut labels = vec![];
    for braced in rules.split("wirewatch_").filter_map(|part| Some(part.split_once('{')?.1.split_once('}')?.0)) {
        for asked in braced.split(',').filter(|asked| asked.contains('"') && !asked.contains('$')) {
            let label = asked.split(['=', '!']).next().unwrap().trim().to_string();
            let words = asked.split('"').nth(1).unwrap();
            labels.extend(words.split('|').map(|word| (label.clone(), word.to_string())));
        }
    }
    labels
}
