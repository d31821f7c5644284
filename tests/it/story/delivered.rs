//! Messages reach whom they are owed to, once, whatever their receivers do.

use super::*;
use crate::harness::{ledger, minutes, publish};
use crate::sink::Answer as Hooked;
use crate::smtp::{At, Do};
use jiff::SignedDuration;
use std::collections::HashMap;
use wirewatch::model::DeliveryState;

/// The wire story is out, has settled, and the daemon has had its turn.
async fn wired(desk: &Desk) {
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.at("2026-03-02T06:27:00Z").await;
}

const HOOK: &str = r#"
[channel.desk]
type          = "webhook"
url           = "HOOK"
allow_private = true
"#;

#[tokio::test]
async fn a_webhook_that_asks_for_time_gets_it_and_the_same_message() {
    let desk = morning(HOOK).await;
    desk.hook.script([Hooked::Full(429, vec![("Retry-After", "3600".into())], "slow down".into())]);
    wired(&desk).await;
    assert_eq!(desk.hook.requests().len(), 1);
    let [owed] = desk.owed().await.try_into().unwrap();
    assert_eq!((owed.state, owed.attempts), (DeliveryState::Retrying, 1));
    assert!(owed.error.is_some_and(|error| error.contains("429")));
    desk.later(minutes(59)).await;
    assert_eq!(desk.hook.requests().len(), 1);
    desk.later(minutes(8)).await;
    let requests = desk.hook.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    assert_eq!(requests[0].body, requests[1].body);
    desk.later(minutes(600)).await;
    assert_eq!(desk.hook.requests().len(), 2);
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_disabled_told_and_loses_nothing() {
    let desk = morning(HOOK).await;
    desk.hook.script([Hooked::Status(410)]);
    wired(&desk).await;
    let told = desk.subjects_to("ops@example.org");
    assert!(told.iter().any(|subject| subject.contains("Channel desk is disabled")), "{told:?}");
    publish(
        &desk.newsroom,
        "courier",
        &[speech("2026-03-02T06:40:00Z"), wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")],
    );
    desk.at("2026-03-02T07:00:00Z").await;
    desk.later(minutes(10)).await;
    assert_eq!(desk.hook.requests().len(), 1, "it has peace");
    desk.app().reload(&desk.config()).await;
    for _ in 0..3 {
        desk.later(minutes(10)).await;
    }
    let told: Vec<String> =
        desk.hook.requests()[1..].iter().map(|request| request.json()["data"].to_string()).collect();
    assert!(told.iter().any(|data| data.contains("engine.html")), "what came while it was disabled: {told:?}");
    assert!(told.iter().any(|data| data.contains("timber.html")), "what it answered 410 to: {told:?}");
    assert_eq!(told.len(), 2);
    let dead = desk.subjects_to("ops@example.org").iter().any(|subject| subject.contains("could not be delivered"));
    assert!(!dead, "nothing was given up");
}

const FIVE: &str = r#"
[channel.desk]
type = "email"
to   = ["a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org"]
"#;

#[tokio::test]
async fn one_refused_recipient_of_five_keeps_the_mail_from_nobody_else() {
    let mut desk = morning(FIVE).await;
    desk.smtp.offer(|offers| offers.refused = vec![("c@example.org".into(), "550 5.1.1 no such user".into())]);
    wired(&desk).await;
    for (to, mails) in [("a", 1), ("b", 1), ("c", 0), ("d", 1), ("e", 1)] {
        assert_eq!(desk.mails_to(&format!("{to}@example.org")).len(), mails, "{to}");
    }
    let [dead] = desk.owed().await.try_into().unwrap();
    assert_eq!((dead.state, dead.recipient.0.as_str()), (DeliveryState::Dead, "c@example.org"));
    assert!(dead.error.is_some_and(|error| error.contains("no such user")));
    let told = desk.mails_to("ops@example.org");
    let told: Vec<_> = told.iter().filter(|mail| mail.subject().contains("could not be delivered")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].text().contains("c@example.org"), "{}", told[0].text());
    desk.later(minutes(24 * 60)).await;
    assert_eq!(desk.mails_to("a@example.org").len(), 1);
    desk.may_owe();
}

#[tokio::test]
async fn recipients_put_off_are_told_later_and_the_others_not_again() {
    let desk = morning(FIVE).await;
    desk.smtp.offer(|offers| offers.refused = vec![("b@example.org".into(), "451 4.7.1 come back later".into())]);
    wired(&desk).await;
    desk.smtp.offer(|offers| offers.refused = vec![]);
    desk.later(minutes(1)).await;
    let ids: Vec<_> =
        ["a", "b", "c", "d", "e"].map(|to| desk.mails_to(&format!("{to}@example.org"))).into_iter().collect();
    assert_eq!(ids.iter().map(Vec::len).collect::<Vec<_>>(), [1; 5]);
    let first = ids[0][0].header("Message-ID");
    assert!(ids.iter().all(|mails| mails[0].header("Message-ID") == first));
}

#[tokio::test]
async fn while_the_mail_server_is_away_alerts_wait_and_each_arrives_once() {
    let desk = morning(DESK).await;
    desk.smtp.stop().await;
    wired(&desk).await;
    publish(
        &desk.newsroom,
        "courier",
        &[speech("2026-03-02T06:40:00Z"), wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")],
    );
    for _ in 0..12 {
        desk.later(minutes(20)).await;
    }
    assert_eq!(desk.owed().await.len(), 4);
    assert!(desk.owed().await.iter().all(|delivery| delivery.state == DeliveryState::Retrying));
    desk.smtp.start_again().await;
    for _ in 0..8 {
        desk.later(minutes(60)).await;
    }
    for to in ["anna@example.org", "boris@example.org"] {
        let mut subjects = desk.subjects_to(to);
        subjects.sort();
        assert_eq!(
            subjects,
            [
                "[wirewatch] desk: Minister promises arithmetic by engine",
                "[wirewatch] desk: Ministers agree on a centre against timber smuggling"
            ]
        );
    }
}

#[tokio::test]
async fn a_mail_whose_fate_is_unknown_is_sent_again_under_the_same_id_and_marked() {
    let one = "[channel.desk]\ntype = \"email\"\nto = [\"anna@example.org\"]\n";
    let desk = morning(one).await;
    desk.smtp.script([(At::Dot, Do::Drop)]);
    wired(&desk).await;
    desk.later(minutes(1)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2, "it may have been lost, so it is sent again");
    assert_eq!(mails[0].bytes, mails[1].bytes, "to the letter, so that the reader's mail program can tell");
    let ledger = ledger(&desk.data().join("wirewatch.db"));
    let marked: HashMap<_, _> =
        ledger.iter().map(|delivery| (delivery.recipient.0.as_str(), delivery.maybe_twice)).collect();
    assert_eq!((marked["anna@example.org"], marked["ops@example.org"]), (true, false));
}

#[tokio::test]
async fn a_message_that_nobody_takes_for_days_expires_and_is_told() {
    let mut desk = morning(&format!("{HOOK}retry = [\"1m\", \"1h\", \"1d\"]\n")).await;
    desk.hook.stop().await;
    wired(&desk).await;
    for _ in 0..10 {
        desk.later(SignedDuration::from_hours(4)).await;
    }
    let [owed] = desk.owed().await.try_into().unwrap();
    assert_eq!((owed.state, owed.attempts), (DeliveryState::Expired, 4), "three waits, as configured");
    let told = desk.subjects_to("ops@example.org");
    assert!(told.iter().any(|subject| subject.contains("could not be delivered")), "{told:?}");
    desk.may_owe();
}
