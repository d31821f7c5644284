//! A database that an older version left: the new one takes it up with all that is in it.

use crate::harness::{Desk, minutes, paragraph};
use crate::newsroom::Answer;
use wirewatch::model::{DeliveryState, MessageId};

const TYPED: &str = r#"
[source.the_courier]
url   = "NEWSROOM/courier/feed.xml"
every = "10m"

[organization.sco]
names = ["Shanghai Cooperation Organization"]

[rule.sco_security]
title  = "SCO security"
any    = ["@sco"]
notify = ["desk"]
severity = "high"

[channel.desk]
type = "email"
to   = ["anna@example.org"]
digest.morning = { at = ["08:00"] }
"#;

/// The feed as it is when the new version starts: what was told, what was waiting, what was old, and one thing more.
const ITEMS: [(&str, &str); 4] = [
    ("a1", "Ministers met in Bishkek"),
    ("a2", "Trade talks went on"),
    ("a3", "An old report"),
    ("a4", "A bridge was opened"),
];

fn publish(desk: &Desk) {
    let item = |(key, title): &(&str, &str)| {
        let link = desk.newsroom.url(&format!("/courier/{key}.html"));
        let (first, second) = (paragraph(key), paragraph(title));
        let body = format!(
            "<!doctype html><html lang=en><title>{title}</title><article><h1>{title}</h1>\
             <p>The Shanghai Cooperation Organization was there. {first}</p><p>{second}</p></article></html>"
        );
        desk.newsroom.set(&format!("/courier/{key}.html"), Answer::ok(body).header("content-type", "text/html"));
        format!("<item><title>{title}</title><guid isPermaLink='false'>{key}</guid><link>{link}</link></item>")
    };
    let items: String = ITEMS.iter().map(item).collect();
    let feed = format!("<rss version='2.0'><channel><title>The Courier</title>{items}</channel></rss>");
    desk.newsroom.set("/courier/feed.xml", Answer::ok(feed).header("content-type", "application/rss+xml"));
}

#[tokio::test]
async fn a_database_of_version_0_1_is_taken_up_with_all_that_is_in_it() {
    let mut desk = Desk::open("2026-01-04T09:00:00Z").await;
    publish(&desk);
    std::fs::create_dir_all(desk.data()).unwrap();
    let kept = desk.placed(include_str!("../fixtures/store/v0.1.sql"));
    let database = desk.data().join("wirewatch.db");
    rusqlite::Connection::open(&database).unwrap().execute_batch(&kept).unwrap();
    desk.start(TYPED).await;
    let store = desk.app().store();
    assert_eq!(desk.source("the_courier").await.state.as_str(), "ok", "it has no second baseline");
    let file = store.alert(5).await.unwrap().unwrap();
    assert_eq!(file.stored.alert.title, "Ministers met in Bishkek");
    assert_eq!(file.messages.iter().map(|told| told.attempts.len()).sum::<usize>(), 1);
    assert_eq!(store.article(3).await.unwrap().unwrap().archived.article.byline.as_deref(), Some("Ann Smith"));

    for _ in 0..4 {
        desk.later(minutes(4)).await;
    }
    let mails = desk.mails_to("anna@example.org");
    let subjects: Vec<String> = mails.iter().map(crate::smtp::Mail::subject).collect();
    let told = |what: &str| subjects.iter().filter(|subject| subject.contains(what)).count();
    assert_eq!((told("owed since version 0.1"), told("Trade talks"), told("A bridge")), (1, 1, 1), "{subjects:?}");
    assert_eq!(told("Ministers met") + told("An old report"), 0, "what was told is not told again: {subjects:?}");
    let owed = mails.iter().find(|mail| mail.subject().contains("owed since")).unwrap();
    assert!(owed.header("message-id").unwrap().contains("m0000000000000000000000b2"), "with the id that it had");
    let id = MessageId::from_stored("m0000000000000000000000b2".into());
    let sent = store.outbox(&[DeliveryState::Sent], 100).await.unwrap();
    assert!(sent.iter().any(|delivery| delivery.id == id));
    desk.at("2026-01-05T08:01:00Z").await;
    // A connection that was kept over the night may have to be made anew: the second try has one.
    desk.later(minutes(5)).await;
    let mails = desk.mails_to("anna@example.org");
    let told = |mail: &&crate::smtp::Mail| mail.text().contains("Ministers met in Bishkek");
    assert!(
        mails.iter().find(told).is_some(),
        "what waited for a digest is in it: {:?}",
        desk.subjects_to("anna@example.org")
    );
}
