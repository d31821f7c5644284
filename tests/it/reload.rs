//! The configuration anew: what has a fault changes nothing and is told with its line; what is good takes effect and is told.

use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use wirewatch::app::Reloaded;
use wirewatch::model::SourceState;

const GOOD: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
name  = "The Courier"
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
digest.morning = { at = ["08:00"] }
"#;

const HERALD: &str = r#"
[source.herald]
url   = "NEWSROOM/herald/feed.xml"
name  = "The Herald"
every = "10m"
"#;

fn news(slug: &str, at: &str) -> Piece {
    let lead = format!("The Shanghai Cooperation Organization was named today. {}", paragraph(slug));
    Piece::new(slug, &format!("A report called {slug}"), at, &[&lead, &paragraph(&slug.repeat(2))])
}

async fn desk() -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    desk.start(GOOD).await;
    desk.turn().await;
    desk
}

/// Reloads the configuration as it stands on the disk, and lets the daemon tell what came of it.
async fn reload(desk: &Desk) -> crate::smtp::Mail {
    let before = desk.mails_to("ops@example.org").len();
    desk.clock.advance(minutes(1));
    desk.app().reload(&desk.config()).await;
    desk.turn().await;
    let mut mails = desk.mails_to("ops@example.org");
    assert_eq!(mails.len(), before + 1, "{:?}", desk.subjects_to("ops@example.org"));
    mails.pop().unwrap()
}

#[tokio::test]
async fn a_slip_anywhere_keeps_the_old_configuration_and_is_told_with_its_line() {
    let desk = desk().await;
    for (good, slip) in [
        (r#"every = "10m""#, r#"evry  = "10m""#),
        (r#"every = "10m""#, r#"every = "10 minutes or so""#),
        (r#"every = "10m""#, r"every = 10"),
        (r#"every = "10m""#, r#"cron  = "61 * * * *""#),
        (r#"every = "10m""#, r#"cron  = "0 0 30 2 *""#),
        ("[source.courier]", "[source.Courier]"),
        ("[source.courier]", "[sourc.courier]"),
        (r#""NEWSROOM/courier/feed.xml""#, r#""htp://courier.example/feed.xml""#),
        (r#"any    = ["@sco"]"#, r#"any    = ["@sko"]"#),
        (r#"any    = ["@sco"]"#, r"query  = '  '"),
        (r#"any    = ["@sco"]"#, r"query  = '@sco AND ('"),
        (r#"any    = ["@sco"]"#, r"query  = '@sco and tea'"),
        (r#"any    = ["@sco"]"#, r"query  = '@sco AND @tea'"),
        (r#"any    = ["@sco"]"#, r"query  = 'NOT @sco'"),
        (r#"notify = ["desk"]"#, r#"notify = ["dsek"]"#),
        (r#"notify = ["desk"]"#, r#"notify = ["desk/evening"]"#),
        (r#"to   = ["anna@example.org"]"#, r#"to   = ["anna.example.org"]"#),
        (r"digest.morning", "time_zone = \"Asia/Tashkend\"\ndigest.morning"),
        (r#"["08:00"]"#, r#"["8 o'clock"]"#),
        (r#"severity = "high""#, r#"severity = "hihg""#),
        ("[organization.sco]", "[organization.sco"),
    ] {
        let slipped = GOOD.replacen(good, slip, 1);
        assert_ne!(slipped, GOOD, "{slip}");
        desk.configure(&slipped);
        // A channel has its slip one line further down where a line was put in.
        let first = slip.lines().next().unwrap();
        let written = std::fs::read_to_string(desk.config()).unwrap();
        let line = 1 + written.lines().position(|line| line.contains(&desk.placed(first))).unwrap();
        let told = reload(&desk).await;
        assert!(told.subject().contains("Configuration refused"), "{slip}: {}", told.subject());
        let place = format!("wirewatch.toml:{line}:");
        let text: String = told.text().split_whitespace().collect();
        assert!(text.contains(&place), "{slip}: {place} in {}", told.text());
    }
    // The old one has run on all the while.
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:10:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    // And the mended one takes effect.
    desk.configure(&GOOD.replace("anna@", "boris@"));
    let told = reload(&desk).await;
    assert!(told.subject().contains("Configuration accepted: 1 change"), "{}", told.subject());
    assert!(told.text().contains("channel desk changed"), "{}", told.text());
    publish(
        &desk.newsroom,
        "courier",
        &[news("third", "2026-03-02T06:30:00Z"), news("second", "2026-03-02T06:10:00Z")],
    );
    desk.later(minutes(12)).await;
    assert_eq!((desk.mails_to("anna@example.org").len(), desk.mails_to("boris@example.org").len()), (1, 1));
}

#[tokio::test]
async fn a_new_source_begins_with_a_baseline_and_a_removed_one_stops() {
    let desk = desk().await;
    publish(&desk.newsroom, "herald", &[news("old", "2026-03-02T05:30:00Z"), news("older", "2026-03-02T05:10:00Z")]);
    desk.configure(&format!("{GOOD}{HERALD}"));
    let polls = desk.newsroom.count("/courier/feed.xml");
    desk.clock.advance(minutes(1));
    desk.app().reload(&desk.config()).await;
    desk.turn().await;
    let told = desk.subjects_to("ops@example.org");
    assert!(told.iter().any(|subject| subject.contains("Configuration accepted: 1 change")), "{told:?}");
    assert!(told.iter().any(|subject| subject.contains("2 of 2 articles would have alerted")), "{told:?}");
    assert_eq!(desk.mails_to("anna@example.org").len(), 0, "its baseline is not told one by one");
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls, "the others keep their time");
    publish(&desk.newsroom, "herald", &[news("new", "2026-03-02T06:05:00Z"), news("old", "2026-03-02T05:30:00Z")]);
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called new"]);

    desk.configure(GOOD);
    let told = reload(&desk).await;
    assert!(told.text().contains("-1 source: herald"), "{}", told.text());
    assert_eq!(desk.source("herald").await.state, SourceState::Disabled);
    let polls = desk.newsroom.count("/herald/feed.xml");
    publish(&desk.newsroom, "herald", &[news("newer", "2026-03-02T06:25:00Z"), news("new", "2026-03-02T06:05:00Z")]);
    for _ in 0..4 {
        desk.later(minutes(12)).await;
    }
    assert_eq!(desk.newsroom.count("/herald/feed.xml"), polls);
    // It comes back with its history: no second baseline, and what it still shows is new.
    desk.configure(&format!("{GOOD}{HERALD}"));
    reload(&desk).await;
    desk.later(minutes(1)).await;
    assert_eq!(desk.subjects_to("anna@example.org").last().unwrap(), "[wirewatch] desk: A report called newer");
}

#[tokio::test]
async fn a_reload_that_changes_nothing_says_nothing() {
    let desk = desk().await;
    let told = desk.smtp.mails().len();
    desk.clock.advance(minutes(1));
    desk.app().reload(&desk.config()).await;
    desk.turn().await;
    assert_eq!(desk.smtp.mails().len(), told);
}

#[tokio::test]
async fn a_source_at_a_new_address_is_asked_at_once_and_without_the_old_validators() {
    let desk = desk().await;
    publish(&desk.newsroom, "moved", &[news("first", "2026-03-02T05:00:00Z")]);
    desk.configure(&GOOD.replace("/courier/feed.xml", "/moved/feed.xml"));
    reload(&desk).await;
    assert_eq!(desk.newsroom.count("/moved/feed.xml"), 1);
    assert_eq!(desk.newsroom.last("/moved/feed.xml").header("if-none-match"), None);
}

#[tokio::test]
async fn a_shorter_interval_takes_effect_at_once_and_a_longer_one_after_the_next_poll() {
    let desk = desk().await;
    desk.configure(&GOOD.replace("10m", "2m"));
    reload(&desk).await;
    let polls = desk.newsroom.count("/courier/feed.xml");
    desk.later(minutes(2)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 1);
    desk.configure(&GOOD.replace("10m", "5h"));
    reload(&desk).await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 2);
    desk.later(minutes(240)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 2);
}

#[tokio::test]
async fn what_is_owed_to_a_channel_that_is_taken_out_waits_for_its_return() {
    let desk = desk().await;
    desk.smtp.stop().await;
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:01:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    let without = GOOD.replace("[channel.desk]", "[channel.other]").replace(r#"["desk"]"#, r#"["other"]"#);
    desk.configure(&without);
    // The preface names the channel as the default.
    let written = std::fs::read_to_string(desk.config()).unwrap().replace(r#"channels  = ["desk"]"#, "");
    std::fs::write(desk.config(), written).unwrap();
    desk.smtp.start_again().await;
    desk.clock.advance(minutes(1));
    desk.app().reload(&desk.config()).await;
    desk.later(minutes(3)).await;
    let owed = desk.owed().await;
    assert!(
        owed.iter().any(|owed| owed.error.as_deref().is_some_and(|why| why.contains("no longer configured"))),
        "{owed:#?}"
    );
    desk.configure(GOOD);
    desk.app().reload(&desk.config()).await;
    for _ in 0..6 {
        desk.later(minutes(20)).await;
    }
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
}

#[tokio::test]
async fn a_list_that_changed_is_told_by_the_names_and_found_from_then_on() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let list = |desk: &Desk, rows: &str| {
        std::fs::write(desk.folder().join("pep.csv"), format!("id;names\n{rows}")).unwrap();
    };
    list(&desk, "Q1;Charles Babbage\n");
    publish(&desk.newsroom, "courier", &[news("first", "2026-03-02T05:00:00Z")]);
    let listed = format!("{}[list.pep]\nfile = \"pep.csv\"\n", GOOD.replace("@sco", "@pep"));
    desk.start(&listed).await;
    desk.turn().await;
    list(&desk, "Q2;\"Shanghai Cooperation Organization\"\n");
    let told = reload(&desk).await;
    assert!(told.subject().contains("Configuration accepted: 1 change"), "{}", told.subject());
    let text = told.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("list pep +1 -1: + Shanghai Cooperation Organization; - Charles Babbage"), "{text}");
    publish(
        &desk.newsroom,
        "courier",
        &[news("second", "2026-03-02T06:05:00Z"), news("first", "2026-03-02T05:00:00Z")],
    );
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
}

#[tokio::test]
async fn a_store_that_cannot_be_asked_is_no_accepted_configuration() {
    let desk = desk().await;
    desk.configure(&format!("{GOOD}{HERALD}"));
    let before = desk.smtp.mails().len();
    let other = rusqlite::Connection::open(desk.data().join("wirewatch.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let reloaded = desk.app().reload(&desk.config()).await;
    let Reloaded::Failed(why) = &reloaded else { panic!("{reloaded:?}") };
    assert!(why.contains("could not be stored"), "{why}");
    assert!(desk.app().summary().starts_with("1 source"), "the old one runs on: {}", desk.app().summary());
    other.execute_batch("COMMIT").unwrap();
    desk.turn().await;
    assert_eq!(desk.smtp.mails().len(), before, "what could not be stored is not owed either");
    let told = reload(&desk).await;
    assert!(told.text().contains("+1 source: herald"), "{}", told.text());
}

/// Everything in `GOOD` under another id.
fn renamed() -> String {
    GOOD.replace("[source.courier]", "[source.the_courier]\nwas = \"courier\"")
        .replace("[organization.sco]", "[organization.shos]\nwas = \"sco\"")
        .replace("@sco", "@shos")
        .replace("[rule.desk]", "[rule.bulletin]\nwas = \"desk\"")
        .replace("[channel.desk]", "[channel.post]\nwas = \"desk\"")
        .replace(r#"["desk"]"#, r#"["post"]"#)
}

#[tokio::test]
async fn what_has_another_id_keeps_its_history() {
    let mut desk = desk().await;
    let first = || news("first", "2026-03-02T05:00:00Z");
    publish(&desk.newsroom, "courier", &[news("second", "2026-03-02T06:01:00Z"), first()]);
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A report called second"]);
    desk.smtp.stop().await;
    publish(&desk.newsroom, "courier", &[news("third", "2026-03-02T06:12:00Z"), first()]);
    desk.later(minutes(12)).await;
    let polls = desk.newsroom.count("/courier/feed.xml");

    desk.configure(&renamed());
    let written = std::fs::read_to_string(desk.config()).unwrap().replace(r#"channels  = ["desk"]"#, "");
    std::fs::write(desk.config(), written).unwrap();
    desk.clock.advance(minutes(1));
    let Reloaded::Accepted(changes) = desk.app().reload(&desk.config()).await else { panic!("refused") };
    for rename in [
        "source courier is the_courier now",
        "watch sco is shos now",
        "rule desk is bulletin now",
        "channel desk is post now",
    ] {
        assert!(changes.iter().any(|line| line.contains(rename)), "{rename}: {changes:?}");
    }
    desk.smtp.start_again().await;
    for _ in 0..3 {
        desk.later(minutes(6)).await;
    }
    assert_eq!(desk.subjects_to("anna@example.org").last().unwrap(), "[wirewatch] desk: A report called third");
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 1, "its time goes on");
    let source = desk.source("the_courier").await;
    assert!(source.state == SourceState::Ok && desk.app().store().status().await.unwrap().sources.len() == 1);

    // The story in another outlet's words of the same watch is a copy; what is new is told at once, without a baseline.
    let copy = Piece { title: "A report called third, updated".into(), ..news("third", "2026-03-02T06:12:00Z") };
    publish(&desk.newsroom, "courier", &[news("fourth", "2026-03-02T06:40:00Z"), copy]);
    desk.later(minutes(12)).await;
    let told = ["desk: A report called second", "desk: A report called third", "bulletin: A report called fourth"];
    assert_eq!(desk.subjects_to("anna@example.org"), told.map(|told| format!("[wirewatch] {told}")));
    let query = wirewatch::store::AlertQuery {
        rule: Some(wirewatch::model::RuleId::new("bulletin").unwrap()),
        before: None,
        since: None,
        max: 10,
    };
    let alerts = desk.app().store().find_alerts(query).await.unwrap();
    let watches =
        |alert: &wirewatch::store::StoredAlert| alert.alert.hits.iter().all(|hit| hit.watch.as_deref() == Some("shos"));
    assert!(alerts.len() == 4 && alerts.iter().all(watches), "the baseline's too: {alerts:#?}");
    desk.restart().await;
    assert_eq!(desk.source("the_courier").await.state, SourceState::Ok);
    let output = crate::daemon::run(&desk.config(), &["verify"]);
    assert!(output.status.success(), "the ledger's chain holds: {}", crate::daemon::said(&output));
}
