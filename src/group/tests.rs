use super::*;
use crate::model::{Hit, HitKind, Zone};

struct Plain;
impl Names for Plain {
    fn rule_title(&self, rule: &RuleId) -> String {
        rule.to_string()
    }
    fn watch_name(&self, hit: &Hit) -> Option<(String, String)> {
        hit.watch.clone().map(|watch| (watch, hit.name.clone()))
    }
}

const NOW: Timestamp = Timestamp::constant(1_716_300_000, 0);
const WIRE: &str = "Foreign ministers of the regional body met in the capital on Tuesday and signed twenty-two papers. \
    The session opened with a minute of silence. Delegates then turned to the summit in July, the budget of the secretariat, \
    and the entry of a new member, which is expected to be completed before the leaders arrive. Officials said the talks had \
    been short and businesslike, and that no question had been left open for the heads of state to settle among themselves.";

fn outlet(source: &str) -> Outlet {
    let url = format!("https://{source}.example/a");
    Outlet { source: source.into(), name: source.into(), url, title: "T".into(), seen: NOW, tier: None }
}

fn matched(rule: &str) -> Match {
    let hit = Hit {
        watch: Some("body".into()),
        entry: None,
        topics: vec![],
        kind: HitKind::Name,
        name: "Regional Body".into(),
        text: "regional body".into(),
        zone: Zone::Body,
        block: None,
        start: 29,
        end: 42,
        sentence: String::new(),
    };
    let rule = RuleId::new(rule).unwrap();
    Match { rule, severity: Severity::Normal, notify: vec!["desk".into()], hits: vec![hit], left_out: 0 }
}

fn article(text: &str) -> Article {
    Article { url: "https://a.example/a".into(), text: text.into(), complete: true, ..Article::default() }
}

fn read<'a>(article: &'a Article, matches: &'a [Match], source: &str) -> Read<'a> {
    Read {
        article,
        urls: &[],
        matches,
        outlet: outlet(source),
        baseline: false,
        silenced: &[],
        max_age: Duration::from_hours(168),
        first_seen: NOW,
        now: NOW,
    }
}

/// An alert that was told.
fn known(id: usize, alert: &Alert) -> Known<'_> {
    Known { id: i64::try_from(id).unwrap(), alert, told: true, open: false }
}

/// Decides on the first article alone and then on the second with the first's story near.
fn second(first: &str, second: &str, rules: (&[&str], &[&str])) -> Decision {
    let (a, b) = (article(first), article(second));
    let (ma, mb): (Vec<_>, Vec<_>) =
        (rules.0.iter().map(|r| matched(r)).collect(), rules.1.iter().map(|r| matched(r)).collect());
    let one = decide(&read(&a, &ma, "one"), &[], &Plain);
    let alerts = one.alerts.iter().enumerate().map(|(n, (alert, _))| known(n, alert)).collect();
    let near = Nearby { id: &one.story, first_seen: NOW, same_url: false, texts: vec![first], alerts };
    let mut two = read(&b, &mb, "two");
    let urls = ["https://two.example/a".to_string()];
    two.urls = &urls;
    decide(&two, &[near], &Plain)
}

#[test]
fn a_wire_copy_with_another_dateline_and_a_cut_tail_is_no_second_alert() {
    let cut: String = format!("CAPITAL, 21 May. {}", &WIRE[..WIRE.len() * 6 / 10]);
    let copy = second(WIRE, &cut, (&["r"], &["r"]));
    assert!(copy.alerts.is_empty());
    assert_eq!(copy.copies.len(), 1);
    assert_eq!(copy.copies[0].alert.outlets.iter().map(|o| o.source.as_str()).collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn other_news_of_the_same_day_is_never_swallowed() {
    let other = "The minister received his colleague from the north in the capital on Tuesday. They spoke of trade, of two \
        border crossings that are to open in autumn, and of the summit in July. A joint statement was not published.";
    let decision = second(WIRE, other, (&["r"], &["r"]));
    assert_eq!((decision.alerts.len(), decision.copies.len()), (1, 0));
}

#[test]
fn a_copy_that_meets_another_rule_is_told_for_that_rule_in_the_same_story() {
    let decision = second(WIRE, WIRE, (&["r"], &["r", "q"]));
    assert_eq!(decision.alerts.iter().map(|(alert, _)| alert.rule.as_str()).collect::<Vec<_>>(), ["q"]);
    assert_eq!(decision.copies.len(), 1);
}

#[test]
fn what_is_not_told_says_why() {
    let mut old = article(WIRE);
    old.published = Some("2024-05-01T00:00:00Z".parse().unwrap());
    let matches = [matched("r")];
    let decision = decide(&read(&old, &matches, "one"), &[], &Plain);
    assert_eq!(decision.alerts[0].1, Some(Suppressed::TooOld { published: old.published.unwrap() }));
    let mut first = read(&old, &matches, "one");
    first.baseline = true;
    assert_eq!(decide(&first, &[], &Plain).alerts[0].1, Some(Suppressed::Baseline));
}

#[test]
fn a_digest_is_cut_with_a_count_and_tells_an_alert_once() {
    let story = |n: i64, severity, rule: &str| {
        let article = article(WIRE);
        let matches = [matched(rule)];
        let mut alert = decide(&read(&article, &matches, "one"), &[], &Plain).alerts.remove(0).0;
        alert.story = StoryId::of(&[&n.to_string()]);
        alert.severity = severity;
        alert.matched = NOW + jiff::SignedDuration::from_secs(n);
        alert
    };
    let mut alerts: Vec<Alert> = (0..5).map(|n| story(n, Severity::Normal, "quiet")).collect();
    alerts.push(story(3, Severity::Normal, "quiet"));
    alerts.push(story(9, Severity::High, "loud"));
    let later = NOW + jiff::SignedDuration::from_mins(20);
    let digest = digest("desk", "morning", NOW, NOW, alerts, 4, crate::model::Coverage::default(), vec![], later);
    assert_eq!((digest.more, digest.late), (2, true));
    let told: Vec<_> = digest.groups.iter().map(|g| (g.rule.as_str(), g.alerts.len())).collect();
    assert_eq!(told, [("loud", 1), ("quiet", 3)]);
    let times: Vec<_> = digest.groups[1].alerts.iter().map(|alert| alert.matched).collect();
    assert!(times.is_sorted_by(|a, b| a > b));
}
