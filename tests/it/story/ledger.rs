//! What is on record: each decision about an alert with its reason, what it stands on, and what each recipient's server said.

use super::*;
use crate::daemon::{said, wirewatch};
use crate::harness::{minutes, publish};
use serde_json::Value;

/// What the program prints about the desk's data.
fn asked(desk: &Desk, arguments: &[&str]) -> String {
    let config = desk.config().display().to_string();
    let output = wirewatch(arguments).args(["--config", &config]).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    serde_json::from_str(&asked(desk, arguments)).unwrap()
}

/// The names of the steps of an alert.
fn steps(record: &Value) -> Vec<&str> {
    record["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect()
}

pub(super) const TWO: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
name  = "The Courier"
every = "10m"

[source.herald]
url   = "NEWSROOM/herald/feed.xml"
name  = "The Herald"
every = "10m"
tier  = 1
"#;

/// Two outlets whose first polls are over.
async fn two(rest: &str) -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    for outlet in ["courier", "herald"] {
        publish(&desk.newsroom, outlet, &[harvest("2026-03-02T05:00:00Z")]);
    }
    desk.start(&format!("{TWO}{RULES}{rest}")).await;
    desk.turn().await;
    desk
}

/// The wire story as another outlet carries it, with more at its end.
fn carried(at: &str, headline: &str, more: &[&str]) -> Piece {
    let mut copy = wire(at);
    copy.title = headline.into();
    copy.body.extend(more.iter().map(ToString::to_string));
    copy
}

#[tokio::test]
async fn the_record_of_an_alert_says_what_it_stands_on_what_was_decided_and_what_each_server_said() {
    let mut desk = two(DESK).await;
    desk.smtp.offer(|offers| offers.refused = vec![("boris@example.org".into(), "550 5.1.1 no such user".into())]);
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(2)).await;
    let late = carried("2026-03-02T07:00:00Z", "Nine countries, one timber centre", &[]);
    publish(&desk.newsroom, "herald", &[late, harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(40)).await;

    let listed = json(&desk, &["alert", "list", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((listed[0]["state"].as_str(), listed[0]["outlets"].as_u64()), (Some("partly"), Some(2)));
    let id = listed[0]["id"].to_string();
    let record = json(&desk, &["alert", "show", &id, "--json"]);
    assert_eq!(steps(&record), ["matched", "held", "queued", "merged"]);
    assert_eq!(record["steps"][1]["why"], "settling");
    let evidence = &record["evidence"];
    assert_eq!(
        (evidence["source"].as_str(), evidence["rule_version"].as_str().map(str::len)),
        (Some("courier"), Some(12))
    );
    assert_eq!(evidence["text_sha256"], wirewatch::model::sha256(WIRE.join("\n\n").as_bytes()));
    assert_eq!(evidence["fetched"], "2026-03-02T06:25:00Z");
    assert_eq!(evidence["watches"][0][0], "sco");
    assert!(evidence["passages"][0]["sentence"].as_str().unwrap().contains("joint centre"), "{evidence}");
    let mut said: Vec<(&str, &str, &str)> = record["messages"][0]["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|to| (&to["recipient"], &to["state"], &to["history"][0]["reply"]))
        .map(|(to, state, reply)| (to.as_str().unwrap(), state.as_str().unwrap(), reply.as_str().unwrap()))
        .collect();
    said.sort_unstable();
    assert_eq!((said[0].0, said[0].1, said[1].0, said[1].1), ("anna@example.org", "sent", "boris@example.org", "dead"));
    assert!(said[1].2.contains("no such user") && !said[0].2.is_empty(), "{said:?}");

    let words = asked(&desk, &["alert", "show", &id]);
    for told in ["held for desk until", "merged into the story: Nine countries", "no such user", "sha256"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    let lines = asked(&desk, &["alert", "export"]);
    assert_eq!(lines.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&lines).unwrap(), record);
    let rows = asked(&desk, &["alert", "export", "--csv"]);
    assert_eq!(rows.matches("\r\n").count(), 3, "a head and a row for each recipient: {rows}");
    assert_eq!(asked(&desk, &["alert", "export", "--csv", "--rule", "other"]).matches("\r\n").count(), 1);
    desk.may_owe();
}

#[tokio::test]
async fn while_it_settles_the_fullest_text_of_the_best_tier_takes_the_lead() {
    let desk = two(DESK).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    let mut fuller = carried("2026-03-02T06:21:00Z", "The Herald's own headline", &[]);
    fuller.body.truncate(3);
    publish(&desk.newsroom, "herald", &[fuller, harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:26:00Z").await;
    desk.app().store().ping().await.unwrap();
    desk.at("2026-03-02T06:36:00Z").await;
    assert_eq!(desk.subjects_to("anna@example.org").len(), 1, "the Herald was polled after it was told");
    // The next time both come in one poll.
    let second = |title: &str| {
        let mut piece = speech("2026-03-02T06:50:00Z");
        piece.title = title.into();
        piece
    };
    publish(&desk.newsroom, "courier", &[second("Minister speaks"), harvest("2026-03-02T05:00:00Z")]);
    publish(&desk.newsroom, "herald", &[second("A minister's promise, in full"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:52:00Z").await;
    desk.later(minutes(3)).await;
    let subjects = desk.subjects_to("anna@example.org");
    assert_eq!(subjects.len(), 2);
    assert_eq!(
        subjects[1], "[wirewatch] desk: A minister's promise, in full (+1 outlet)",
        "the tier of the Herald is 1"
    );
}

#[tokio::test]
async fn a_story_is_told_again_in_its_thread_when_a_watch_comes_into_it_and_not_when_an_outlet_does() {
    let desk = two(DESK).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(2)).await;
    let byron = ["The minister Ada Byron, who had not been announced, signed for her country in the evening."];
    let fuller = carried("2026-03-02T07:00:00Z", "Byron signs for timber centre", &byron);
    publish(&desk.newsroom, "herald", &[fuller.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(40)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2, "{:?}", desk.subjects_to("anna@example.org"));
    assert_eq!(mails[1].header("References"), mails[0].header("Message-ID"));
    assert_ne!(mails[1].header("Message-ID"), mails[0].header("Message-ID"));
    assert!(mails[1].subject().contains("Byron signs for timber centre"), "{}", mails[1].subject());
    // The same again by the other outlet is no news.
    publish(
        &desk.newsroom,
        "courier",
        &[carried("2026-03-02T07:40:00Z", "Byron signs", &byron), wire("2026-03-02T06:20:00Z")],
    );
    desk.later(minutes(40)).await;
    desk.later(minutes(40)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 2);
    let id = json(&desk, &["alert", "list", "--json"])[0]["id"].to_string();
    let record = json(&desk, &["alert", "show", &id, "--json"]);
    let changed = record["steps"].as_array().unwrap().iter().find(|step| step["step"] == "changed").unwrap();
    assert_eq!(changed["gained"], serde_json::json!(["Ada Byron"]));
}

#[tokio::test]
async fn a_correction_is_told_once_in_the_thread_of_its_story() {
    let desk = two(DESK).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(2)).await;
    for outlet in ["courier", "herald"] {
        let mut corrected = carried("2026-03-02T07:00:00Z", "CORRECTION: Ministers agree on a timber centre", &[]);
        corrected.slug = "corrected".into();
        publish(&desk.newsroom, outlet, &[corrected, harvest("2026-03-02T05:00:00Z")]);
    }
    desk.later(minutes(40)).await;
    desk.later(minutes(3)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2, "{:?}", desk.subjects_to("anna@example.org"));
    assert_eq!(mails[1].header("References"), mails[0].header("Message-ID"));
}

#[tokio::test]
async fn new_ids_a_new_address_of_the_feed_and_edited_titles_tell_nothing_twice() {
    let mut desk = two(DESK).await;
    let mut told = wire("2026-03-02T06:20:00Z");
    publish(&desk.newsroom, "courier", &[told.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    // The site was rebuilt: every article has another address, and so another id.
    told.slug = "2026/timber-centre".into();
    let mut old = harvest("2026-03-02T05:00:00Z");
    old.slug = "2026/apples".into();
    publish(&desk.newsroom, "courier", &[told.clone(), old.clone()]);
    desk.later(minutes(12)).await;
    // Its headline is edited, twice.
    for headline in ["Ministers agree on a timber centre", "Timber centre agreed"] {
        told.title = headline.into();
        publish(&desk.newsroom, "courier", &[told.clone(), old.clone()]);
        desk.later(minutes(12)).await;
    }
    // The feed shrinks, and shows it again.
    publish(&desk.newsroom, "courier", &[]);
    desk.later(minutes(12)).await;
    publish(&desk.newsroom, "courier", &[told.clone(), old.clone()]);
    desk.later(minutes(12)).await;
    // And the feed moves for good.
    publish(&desk.newsroom, "courier2", &[told, old]);
    desk.newsroom.set(
        "/courier/feed.xml",
        Answer::status(301).header("location", desk.newsroom.url("/courier2/feed.xml").as_str()),
    );
    for _ in 0..5 {
        desk.later(minutes(12)).await;
    }
    desk.restart().await;
    desk.later(minutes(12)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1, "{:?}", desk.subjects_to("anna@example.org"));
}

#[tokio::test]
async fn a_silence_keeps_an_alert_counts_it_in_the_digest_and_is_over_when_it_is_told_to_be() {
    use wirewatch::model::{Silence, SilenceBy, Suppressed};
    let desk = two(&format!("{DESK}digest.evening = {{ at = [\"18:00\"], send_empty = true }}\n")).await;
    let store = desk.app().store();
    let silence = |by, target: &str| Silence {
        id: 0,
        by,
        target: target.into(),
        made: desk.clock.now(),
        until: desk.clock.now() + minutes(24 * 60),
        author: "ann".into(),
        comment: "the timber centre is known".into(),
        context: None,
    };
    let byron = store.add_silence(&silence(SilenceBy::Query, "title:timber")).await.unwrap();
    store.add_silence(&silence(SilenceBy::Source, "nobody")).await.unwrap();
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), speech("2026-03-02T06:20:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: Minister promises arithmetic by engine"]);
    let kept = store.alerts(10).await.unwrap();
    let until = desk.clock.now() - minutes(28) + minutes(24 * 60);
    let why = kept.iter().find(|kept| kept.alert.title.contains("timber")).unwrap().suppressed.clone();
    assert_eq!(why, Some(Suppressed::Silenced { silence: byron, until }));
    // The program has a clock of its own, for which it is long over.
    assert!(asked(&desk, &["silence", "list", "--all"]).contains("query title:timber"));
    assert!(store.expire_silence(byron, desk.clock.now()).await.unwrap());
    // Told to nobody, it silences no other outlet's report once the silence is over.
    publish(&desk.newsroom, "herald", &[wire("2026-03-02T07:00:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(40)).await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 2, "{:?}", desk.subjects_to("anna@example.org"));
    desk.at("2026-03-02T18:00:00Z").await;
    let mails = desk.mails_to("anna@example.org");
    let digest = mails.last().unwrap().text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(digest.contains("1 silenced by ann (silence 1): the timber centre is known"), "{digest}");
}

#[tokio::test]
async fn a_name_that_is_somebody_elses_is_told_to_nobody_where_the_article_says_so_and_counted() {
    use wirewatch::model::{Silence, SilenceBy};
    let desk = two(&format!("{DESK}digest.evening = {{ at = [\"18:00\"], send_empty = true }}\n")).await;
    let store = desk.app().store();
    let other = Silence {
        id: 0,
        by: SilenceBy::Watch,
        target: "sco".into(),
        made: desk.clock.now(),
        until: jiff::Timestamp::MAX,
        author: "ann".into(),
        comment: "the poet's house".into(),
        context: Some("title:timber".into()),
    };
    store.add_silence(&other).await.unwrap();
    assert!(store.silences(desk.clock.now()).await.unwrap()[0].for_good());
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), speech("2026-03-02T06:20:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: Minister promises arithmetic by engine"]);
    desk.at("2026-03-02T18:00:00Z").await;
    let mails = desk.mails_to("anna@example.org");
    let digest = mails.last().unwrap().text().split_whitespace().collect::<Vec<_>>().join(" ");
    let counted = "1 somebody else of that name, by ann (disposition 1): the poet's house";
    assert!(digest.contains(counted), "{digest}");
    assert!(asked(&desk, &["disposition", "list"]).contains("@sco where title:timber"));
}
