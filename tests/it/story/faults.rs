//! The fault matrix: one alert to real peers that go wrong in every way of which we know. After each, to the end: nothing is lost,
//! nothing is sent again that the peer had confirmed, and the ledger says what happened.

use super::*;
use crate::harness::{Piece, ledger, minutes, paragraph, publish};
use crate::sink::Answer as Hooked;
use crate::smtp::{At, Do};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use wirewatch::model::{Delivery, DeliveryState, MessageKind};

const ONE: &str = "\n[channel.desk]\ntype = \"email\"\nto = [\"anna@example.org\"]\n";
const HOOK: &str = "\n[channel.desk]\ntype = \"webhook\"\nurl = \"HOOK\"\nallow_private = true\ntimeout = \"1s\"\n";

/// What goes wrong, step by step; how often the message reaches the peer, in how many attempts, and whether it may be there twice.
type Row<Step> = (&'static str, Vec<Step>, usize, u32, bool);

/// The desk after the news is out and everything that was to happen did.
async fn after(rest: &str, goes_wrong: impl FnOnce(&Desk)) -> Desk {
    let mut desk = morning(rest).await;
    desk.may_owe();
    goes_wrong(&desk);
    let news = wire("2026-03-02T06:20:00Z");
    publish(&desk.newsroom, "courier", &[news, harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.at("2026-03-02T06:27:00Z").await;
    for _ in 0..3 {
        desk.later(minutes(6)).await;
    }
    desk.later(SignedDuration::from_hours(240)).await;
    desk
}

/// What the ledger says of the desk's alert: state, attempts and whether it may have come twice, by recipient.
fn told(desk: &Desk) -> BTreeMap<String, (DeliveryState, u32, bool)> {
    let alert = |delivery: &Delivery| delivery.channel.as_str() == "desk" && delivery.kind == MessageKind::Alert;
    let ledger = ledger(&desk.data().join("wirewatch.db"));
    let of_alert = ledger.into_iter().filter(alert);
    of_alert.map(|delivery| (delivery.recipient.0, (delivery.state, delivery.attempts, delivery.maybe_twice))).collect()
}

#[tokio::test]
async fn a_mail_server_may_fail_in_any_way_and_loses_nothing() {
    let say = |reply: &str| Do::Say(reply.into());
    let rows: Vec<Row<(At, Do)>> = vec![
        ("4xx at RCPT, then ok", vec![(At::Rcpt, say("450 4.2.0 greylisted"))], 1, 2, false),
        ("4xx at the final dot, then ok", vec![(At::Dot, say("451 4.3.0 disk full"))], 1, 2, false),
        ("421 at the banner, then ok", vec![(At::Banner, say("421 4.3.2 too busy"))], 1, 2, false),
        ("a drop before the final dot", vec![(At::Data, Do::Drop)], 1, 2, false),
        ("a drop after the final dot", vec![(At::Dot, Do::Drop)], 2, 2, true),
        ("250, then a reset", vec![(At::Accepted, Do::Drop)], 1, 1, false),
        ("an endless banner", vec![(At::Banner, Do::Endless)], 1, 2, false),
        ("two drops after the final dot", vec![(At::Dot, Do::Drop), (At::Dot, Do::Drop)], 3, 3, true),
    ];
    for (what, script, came, attempts, maybe_twice) in rows {
        let desk = after(ONE, |desk| desk.smtp.script(script)).await;
        let mails = desk.mails_to("anna@example.org");
        assert_eq!(mails.len(), came, "{what}");
        let ids: Vec<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
        assert!(ids.iter().all(|id| id.is_some() && *id == ids[0]), "{what}: {ids:?}");
        assert!(mails.iter().all(|mail| mail.bytes == mails[0].bytes), "{what}: the same to the letter");
        let expected = (DeliveryState::Sent, attempts, maybe_twice);
        assert_eq!(told(&desk), BTreeMap::from([("anna@example.org".to_string(), expected)]), "{what}");
    }
}

#[tokio::test]
async fn a_server_whose_starttls_was_stripped_gets_nothing_until_it_is_back() {
    let typed = "\n[channel.desk]\ntype = \"email\"\nto = [\"anna@example.org\"]\nsmtp = \"STRIPPED\"\n";
    let mut desk = morning("\n[channel.desk]\ntype = \"stdout\"\n").await;
    desk.may_owe();
    // On loopback STARTTLS is not required unless somebody asks for it.
    let way = format!("smtp://127.0.0.1:{}?tls=required", desk.smtp.port());
    desk.configure(&format!("{COURIER}{RULES}{}", typed.replace("STRIPPED", &way)));
    desk.restart().await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:25:00Z").await;
    desk.at("2026-03-02T06:27:00Z").await;
    assert!(desk.mails_to("anna@example.org").is_empty());
    let (state, attempts, _) = told(&desk)["anna@example.org"];
    assert_eq!((state, attempts), (DeliveryState::Retrying, 1));
    let said = desk.owed().await.into_iter().find_map(|owed| owed.error).unwrap();
    assert!(said.contains("offers no STARTTLS"), "{said}");
    assert!(!desk.smtp.heard().iter().any(|line| line.contains("anna@example.org")), "not even the address");
}

#[tokio::test]
async fn a_webhook_may_fail_in_any_way_and_loses_nothing() {
    let header = |name: &'static str, value: &str| vec![(name, value.to_string())];
    let inner = header("Location", "http://169.254.169.254/latest/meta-data");
    let rows: Vec<Row<Hooked>> = vec![
        ("500, then 200", vec![Hooked::Status(500)], 2, 2, false),
        ("429 with Retry-After", vec![Hooked::Full(429, header("Retry-After", "600"), "slow".into())], 2, 2, false),
        ("200 after the timeout", vec![Hooked::TooLate(200)], 2, 2, true),
        ("no answer at all", vec![Hooked::Never], 2, 2, true),
        ("the connection closed", vec![Hooked::HangsUp], 2, 2, true),
        ("200, and a body without end", vec![Hooked::Stalls], 1, 1, false),
        ("302 to an inner address", vec![Hooked::Full(302, inner, String::new())], 2, 2, false),
    ];
    for (what, script, came, attempts, maybe_twice) in rows {
        let desk = after(HOOK, |desk| desk.hook.script(script)).await;
        let requests = desk.hook.requests();
        assert_eq!(requests.len(), came, "{what}");
        let ids: Vec<_> = requests.iter().map(|request| request.header("webhook-id").map(str::to_string)).collect();
        assert!(ids.iter().all(|id| id.is_some() && *id == ids[0]), "{what}: {ids:?}");
        assert!(requests.iter().all(|request| request.body == requests[0].body), "{what}");
        let expected = (DeliveryState::Sent, attempts, maybe_twice);
        assert_eq!(told(&desk), BTreeMap::from([("127.0.0.1".to_string(), expected)]), "{what}");
    }
}

#[tokio::test]
async fn after_a_week_without_its_peer_each_alert_arrives_once() {
    for rest in [ONE, HOOK] {
        let desk = morning(rest).await;
        desk.smtp.stop().await;
        desk.hook.stop().await;
        let mut pieces = vec![harvest("2026-03-02T05:00:00Z")];
        for day in 2..9 {
            let (slug, at) = (format!("day-{day}"), format!("2026-03-0{day}T06:20:00Z"));
            let news = format!("The Shanghai Cooperation Organization met for the {day}th time. {}", paragraph(&slug));
            let body = [news, paragraph(&format!("{slug} b")), paragraph(&format!("{slug} c"))];
            let piece = Piece::new(&slug, &format!("Ministers meet, {day}"), &at, &body.each_ref().map(String::as_str));
            pieces.insert(0, piece);
            publish(&desk.newsroom, "courier", &pieces);
            for hour in ["07", "13", "19"] {
                desk.at(&format!("2026-03-0{day}T{hour}:00:00Z")).await;
            }
        }
        assert!(
            desk.owed().await.iter().all(|owed| owed.state == DeliveryState::Retrying),
            "{rest}: nothing was given up"
        );
        desk.smtp.start_again().await;
        desk.hook.start_again().await;
        for _ in 0..6 {
            desk.later(SignedDuration::from_hours(13)).await;
        }
        let came: Vec<Option<String>> = if rest == ONE {
            desk.mails_to("anna@example.org").iter().map(|mail| mail.header("Message-ID")).collect()
        } else {
            desk.hook.requests().iter().map(|request| request.header("webhook-id").map(str::to_string)).collect()
        };
        let once: std::collections::BTreeSet<_> = came.iter().collect();
        assert_eq!((came.len(), once.len()), (7, 7), "{rest}");
        assert!(told(&desk).values().all(|(state, ..)| *state == DeliveryState::Sent), "{rest}");
    }
}
