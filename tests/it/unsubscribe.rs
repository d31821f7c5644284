//! One click in a mail program, and nothing more is sent; somebody is told, and can undo it.

use crate::daemon::{run, said};
use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use crate::web::{ask, get};
use wirewatch::app;
use wirewatch::model::DeliveryState;

const TYPED: &str = r#"
[web]
listen = "127.0.0.1:0"
public_url = "https://wires.example.org"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
every = "10m"
[organization.sco]
names = ["Shanghai Cooperation Organization"]
[rule.desk]
any    = ["@sco"]
notify = ["desk"]
severity = "high"
[channel.desk]
type = "email"
to   = ["Anna <anna@example.org>", "boris@example.org"]
"#;

fn news(slug: &str, at: &str) -> Piece {
    let lead = format!("The Shanghai Cooperation Organization was named today. {}", paragraph(slug));
    Piece::new(slug, &format!("A report called {slug}"), at, &[&lead, &paragraph(&slug.repeat(2))])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_leaves_with_one_click_and_is_taken_in_again() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("old", "2026-03-02T05:00:00Z")]);
    desk.start(TYPED).await;
    desk.turn().await;
    publish(&desk.newsroom, "courier", &[news("new", "2026-03-02T06:01:00Z"), news("old", "2026-03-02T05:00:00Z")]);
    desk.later(minutes(12)).await;
    let mails = desk.mails_to("anna@example.org");
    let header = mails[0].header("List-Unsubscribe").unwrap().replace(['\r', '\n', ' '], "");
    assert_eq!(mails[0].header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let link = header.split(['<', '>']).nth(1).unwrap();
    let path = link.strip_prefix("https://wires.example.org").unwrap().to_string();
    let others = desk.mails_to("boris@example.org")[0].header("List-Unsubscribe").unwrap();
    assert!(!others.replace(['\r', '\n', ' '], "").contains(&path), "each has a link of their own");

    // What is owed when they leave is not sent either.
    desk.smtp.stop().await;
    publish(&desk.newsroom, "courier", &[news("late", "2026-03-02T06:20:00Z"), news("new", "2026-03-02T06:01:00Z")]);
    desk.later(minutes(12)).await;
    let page = desk.app().open_page().await;
    let address = page.address().unwrap();
    let (app, config) = (desk.app(), desk.config());
    let asked = async {
        let seen = get(address, &path).await;
        assert!(seen.code == 200 && seen.body.contains("<button>Unsubscribe"), "{seen:?}");
        assert!(app.store().unsubscribed().await.unwrap().is_empty(), "a link that is followed does nothing yet");
        let body = "List-Unsubscribe=One-Click";
        for (path, code) in
            [(path.clone(), 200), (path.clone(), 200), (format!("{path}A"), 404), ("/unsubscribe/x".into(), 404)]
        {
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: wires.example.org\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let answer = ask(address, &request).await;
            assert_eq!(answer.code, code, "{path}: {answer:?}");
        }
        app.stop();
    };
    let (_, ()) = tokio::join!(app::live(app, &config, page), asked);
    desk.restart().await;
    desk.smtp.start_again().await;
    for _ in 0..3 {
        desk.later(minutes(12)).await;
    }
    publish(&desk.newsroom, "courier", &[news("last", "2026-03-02T07:00:00Z"), news("late", "2026-03-02T06:20:00Z")]);
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org").len(), 1, "{:?}", desk.subjects_to("anna@example.org"));
    assert_eq!(desk.subjects_to("boris@example.org").len(), 3, "the others are sent to as before");
    let told = desk.subjects_to("ops@example.org");
    assert_eq!(told.iter().filter(|subject| subject.contains("unsubscribed from desk")).count(), 1, "{told:?}");
    let ended = desk.app().store().outbox(&[DeliveryState::Expired], 10).await.unwrap();
    assert_eq!(ended.iter().map(|delivery| delivery.error.as_deref()).collect::<Vec<_>>(), [Some("unsubscribed")]);

    let listed = run(&desk.config(), &["channel", "list"]);
    assert!(said(&listed).contains("desk: Anna <anna@example.org> unsubscribed on 2026-03-02"), "{}", said(&listed));
    let status = run(&desk.config(), &["status", "--json"]);
    assert!(said(&status).contains("\"recipient\":\"Anna <anna@example.org>\""), "{}", said(&status));
    let wrong = run(&desk.config(), &["channel", "subscribe", "desk", "boris@example.org"]);
    assert!(wrong.status.code() == Some(1) && said(&wrong).contains("who has: Anna"), "{}", said(&wrong));
    let again = run(&desk.config(), &["channel", "subscribe", "desk", "Anna <anna@example.org>"]);
    assert!(again.status.success(), "{}", said(&again));
    publish(&desk.newsroom, "courier", &[news("more", "2026-03-02T07:20:00Z"), news("last", "2026-03-02T07:00:00Z")]);
    desk.later(minutes(12)).await;
    assert_eq!(desk.subjects_to("anna@example.org").len(), 2);
    desk.may_owe();
}
