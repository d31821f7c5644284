//! Sources that fail, come back, move, end, or may have lost something.

use super::*;
use crate::harness::{minutes, publish};
use wirewatch::model::SourceState;

#[tokio::test]
async fn a_source_that_fails_three_times_is_told_once_and_once_when_it_recovers() {
    let desk = morning(DESK).await;
    desk.newsroom.set("/courier/feed.xml", down());
    let failing = |desk: &Desk| {
        let subjects = desk.subjects_to("ops@example.org");
        subjects.into_iter().filter(|subject| subject.contains("is failing")).count()
    };
    desk.later(minutes(12)).await;
    assert_eq!(desk.source("courier").await.state, SourceState::Failing);
    desk.later(minutes(2)).await;
    assert_eq!(failing(&desk), 0, "twice is a hiccup");
    desk.later(minutes(6)).await;
    assert_eq!(failing(&desk), 1);
    for _ in 0..10 {
        desk.later(minutes(6 * 60 + 40)).await;
    }
    assert_eq!(failing(&desk), 1, "told once, not at each poll");
    let status = desk.source("courier").await;
    assert!(status.error.as_deref().is_some_and(|error| error.contains("500")), "{:?}", status.error);
    // What it published meanwhile is read and told.
    let at = desk.clock.now().to_string();
    publish(&desk.newsroom, "courier", &[wire(&at), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(6 * 60 + 40)).await;
    desk.later(minutes(2)).await;
    let subjects = desk.subjects_to("ops@example.org");
    assert_eq!(subjects.last().unwrap(), "[wirewatch] The Courier is well again");
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    for _ in 0..3 {
        desk.later(minutes(12)).await;
    }
    assert_eq!(desk.subjects_to("ops@example.org").len(), subjects.len());
}

#[tokio::test]
async fn a_feed_that_shows_nothing_known_may_have_lost_something_and_says_so() {
    let digest = r#"digest.noon = { at = ["12:00"], send_empty = true }"#;
    let desk = morning(&format!("{DESK}{digest}")).await;
    publish(&desk.newsroom, "courier", &[theatre("2026-03-02T06:30:00Z")]);
    desk.later(minutes(40)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Gap);
    assert!(status.error.is_some_and(|error| error.contains("may have been missed")));
    // The next poll knows its entries again; what may have been missed stays said.
    publish(&desk.newsroom, "courier", &[speech("2026-03-02T07:00:00Z"), theatre("2026-03-02T06:30:00Z")]);
    desk.at("2026-03-02T08:00:00Z").await;
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
    desk.at("2026-03-02T12:00:00Z").await;
    let digest = desk.mails_to("anna@example.org").pop().unwrap();
    assert!(digest.subject().contains("Noon digest"), "{}", digest.subject());
    assert!(digest.text().contains("Possible gap"), "{}", digest.text());
}

#[tokio::test]
async fn a_source_that_is_gone_for_good_is_polled_no_more_and_told() {
    let desk = morning(DESK).await;
    desk.newsroom.set("/courier/feed.xml", Answer::status(410));
    desk.later(minutes(12)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Gone);
    let told = desk.subjects_to("ops@example.org").pop().unwrap();
    assert!(told.starts_with("[wirewatch] The Courier is gone for good"), "{told}");
    let polls = desk.newsroom.count("/courier/feed.xml");
    for _ in 0..5 {
        desk.later(minutes(24 * 60)).await;
    }
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls);
}

#[tokio::test]
async fn a_source_that_has_moved_for_good_is_polled_where_it_is_and_told_once() {
    let desk = morning(DESK).await;
    let there = desk.newsroom.url("/there/feed.xml");
    publish(&desk.newsroom, "there", &[harvest("2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/courier/feed.xml", Answer::redirect(301, there.as_str()));
    let told = |desk: &Desk| {
        let subjects = desk.subjects_to("ops@example.org");
        subjects.into_iter().filter(|subject| subject.contains("has moved")).count()
    };
    desk.later(minutes(12)).await;
    desk.later(minutes(12)).await;
    assert_eq!((desk.source("courier").await.state, told(&desk)), (SourceState::Ok, 0), "twice may be a mistake");
    desk.later(minutes(12)).await;
    assert_eq!((desk.source("courier").await.state, told(&desk)), (SourceState::Moved, 1));
    let asked = desk.newsroom.count("/courier/feed.xml");
    for _ in 0..3 {
        desk.later(minutes(12)).await;
    }
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), asked, "the old address has peace");
    assert_eq!(desk.source("courier").await.url, there.as_str());
    assert_eq!((desk.source("courier").await.state, told(&desk)), (SourceState::Moved, 1));
}

#[tokio::test]
async fn a_source_that_asks_for_time_gets_it() {
    let desk = morning(DESK).await;
    desk.newsroom.set("/courier/feed.xml", Answer::status(429).header("retry-after", "7200"));
    desk.later(minutes(12)).await;
    let polls = desk.newsroom.count("/courier/feed.xml");
    desk.later(minutes(119)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls);
    desk.later(minutes(14)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 1);
}

#[tokio::test]
async fn a_source_that_refuses_us_is_blocked_and_says_by_what() {
    let desk = morning(DESK).await;
    desk.newsroom.set("/courier/feed.xml", Answer::status(403));
    desk.later(minutes(12)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Blocked);
    assert!(status.error.as_deref().is_some_and(|error| error.contains("403")), "{:?}", status.error);
}
