//! The daemon's lives: a restart loses nothing and hurries nothing, and two do not share one desk.

use super::*;
use crate::harness::{minutes, publish};

#[tokio::test]
async fn a_restart_resets_no_timer() {
    let mut desk = morning(DESK).await;
    let next = desk.source("courier").await.next_poll;
    let polls = desk.newsroom.count("/courier/feed.xml");
    for _ in 0..5 {
        desk.clock.advance(minutes(1));
        desk.restart().await;
        desk.turn().await;
    }
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls);
    assert_eq!(desk.source("courier").await.next_poll, next);
    // And it still knows what the server gave it.
    desk.later(minutes(7)).await;
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 1);
    assert!(desk.newsroom.last("/courier/feed.xml").header("if-none-match").is_some());
}

#[tokio::test]
async fn a_restart_at_each_step_loses_nothing_and_tells_nothing_twice() {
    let mut desk = morning(&format!("{DESK}digest.noon = {{ at = [\"12:00\"], send_empty = true }}")).await;
    publish(
        &desk.newsroom,
        "courier",
        &[wire("2026-03-02T06:20:00Z"), speech("2026-03-02T06:19:00Z"), harvest("2026-03-02T05:00:00Z")],
    );
    desk.newsroom.set("/courier/engine.html", down());
    for at in ["06:25", "06:26", "06:27", "06:31", "07:10", "08:00", "11:59", "12:00", "12:01", "13:00"] {
        desk.at(&format!("2026-03-02T{at}:00Z")).await;
        desk.restart().await;
    }
    for to in ["anna@example.org", "boris@example.org"] {
        let mut subjects = desk.subjects_to(to);
        subjects.sort();
        assert_eq!(subjects.len(), 3, "{subjects:?}");
        assert!(subjects[0].contains("Noon digest"), "{subjects:?}");
    }
    assert_eq!(desk.subjects_to("ops@example.org").len(), 1);
}

#[tokio::test]
async fn a_second_daemon_on_one_data_dir_is_refused_and_the_first_runs_on() {
    let desk = morning(DESK).await;
    let refused = desk.another().await.err().map(|fault| fault.to_string()).unwrap_or_default();
    assert!(refused.contains("another wirewatch runs on"), "{refused}");
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(25)).await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
}
