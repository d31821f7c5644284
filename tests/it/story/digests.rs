//! Digests and quiet hours, on the wall clock of their readers.

use super::*;
use crate::harness::{minutes, publish};

/// Everything goes into the digest.
fn to_digest() -> String {
    RULES.replace(r#"["desk"]"#, r#"["desk/morning"]"#)
}

const TASHKENT: &str = r#"
[channel.desk]
type      = "email"
to        = ["anna@example.org"]
time_zone = "Asia/Tashkent"
digest.morning = { at = ["08:00"], send_empty = true }
"#;

#[tokio::test]
async fn a_digest_leaves_at_its_readers_wall_clock_with_its_coverage() {
    // 06:00 in Tashkent.
    let mut desk = Desk::open("2026-03-02T01:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T00:30:00Z")]);
    desk.newsroom.set("/herald/feed.xml", down());
    let herald = "[source.herald]\nurl = \"NEWSROOM/herald/feed.xml\"\nname = \"The Herald\"\nevery = \"10m\"\n";
    desk.start(&format!("{COURIER}{herald}{}{TASHKENT}", to_digest())).await;
    desk.turn().await;
    publish(
        &desk.newsroom,
        "courier",
        &[wire("2026-03-02T01:05:00Z"), theatre("2026-03-02T01:04:00Z"), harvest("2026-03-02T00:30:00Z")],
    );
    desk.at("2026-03-02T01:12:00Z").await;
    desk.at("2026-03-02T02:59:59Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 0, "not before eight");
    desk.at("2026-03-02T03:00:00Z").await;
    let [mail] = desk.mails_to("anna@example.org").try_into().unwrap();
    assert_eq!(mail.subject(), "[wirewatch] Morning digest, 2 Mar: 1 story, 1 rule");
    let text = mail.text();
    assert!(text.contains("Ministers agree on a centre against timber smuggling"), "{text}");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in ["2 sources, 1 polled", "2 articles in full", "0 of 1 article would have alerted", "herald"] {
        assert!(line.contains(told), "{told}: {text}");
    }
    // The next one is empty, and comes: silence is proven.
    desk.at("2026-03-03T03:00:00Z").await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].subject(), "[wirewatch] Morning digest, 3 Mar: nothing matched");
    assert!(!mails[1].text().contains("timber"), "{}", mails[1].text());
    assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[tokio::test]
async fn a_digest_keeps_its_hour_when_the_clocks_change() {
    let mut desk = Desk::open("2026-03-28T12:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-28T10:00:00Z")]);
    let berlin = TASHKENT.replace("Asia/Tashkent", "Europe/Berlin");
    desk.start(&format!("{COURIER}{}{berlin}", to_digest())).await;
    desk.turn().await;
    // On 29 March 2026 summer time begins: 08:00 is 06:00 UTC, not 07:00.
    for (at, sent) in [("29T05:59:59", 0), ("29T06:00:00", 1), ("30T05:59:59", 1), ("30T06:00:00", 2)] {
        desk.at(&format!("2026-03-{at}Z")).await;
        assert_eq!(desk.mails_to("anna@example.org").len(), sent, "{at}");
    }
}

#[tokio::test]
async fn a_digest_in_the_hour_that_is_left_out_or_comes_twice_is_sent_once_each_day() {
    // In Berlin 02:30 is left out on 29 March 2026, and comes twice on 25 October.
    for (begins, days) in [
        ("2026-03-27T12:00:00Z", ["28 Mar", "29 Mar", "30 Mar"]),
        ("2026-10-23T12:00:00Z", ["24 Oct", "25 Oct", "26 Oct"]),
    ] {
        let mut desk = Desk::open(begins).await;
        publish(&desk.newsroom, "courier", &[harvest(begins)]);
        let berlin = TASHKENT.replace("Asia/Tashkent", "Europe/Berlin").replace("08:00", "02:30");
        let seldom = COURIER.replace("10m", "1d");
        desk.start(&format!("{seldom}{}{berlin}", to_digest())).await;
        desk.turn().await;
        for _ in 0..3 * 24 * 2 {
            desk.later(minutes(30)).await;
        }
        let expected = days.map(|day| format!("[wirewatch] Morning digest, {day}: nothing matched"));
        assert_eq!(desk.subjects_to("anna@example.org"), expected, "{begins}");
    }
}

#[tokio::test]
async fn a_digest_missed_while_the_daemon_was_down_comes_once_and_says_that_it_is_late() {
    let mut desk = Desk::open("2026-03-02T01:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T00:30:00Z")]);
    desk.start(&format!("{COURIER}{}{TASHKENT}", to_digest())).await;
    desk.turn().await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T01:05:00Z"), harvest("2026-03-02T00:30:00Z")]);
    desk.later(minutes(12)).await;
    // Three mornings without a daemon.
    desk.clock.advance(minutes(3 * 24 * 60));
    desk.restart().await;
    desk.turn().await;
    let [mail] = desk.mails_to("anna@example.org").try_into().unwrap();
    assert_eq!(mail.subject(), "[wirewatch] Morning digest, 2 Mar, late: 1 story, 1 rule");
    desk.at("2026-03-06T03:00:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 2);
}

#[tokio::test]
async fn quiet_hours_hold_what_they_keep_back_until_they_end() {
    let quiet = r#"quiet = { from = "22:00", to = "07:00", mode = "hold" }"#;
    let mut desk = Desk::open("2026-03-02T21:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T20:00:00Z")]);
    desk.start(&format!("{COURIER}{RULES}{DESK}{quiet}")).await;
    desk.turn().await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T22:05:00Z"), harvest("2026-03-02T20:00:00Z")]);
    desk.at("2026-03-02T22:10:00Z").await;
    desk.at("2026-03-02T22:30:00Z").await;
    let owed = desk.owed().await;
    assert_eq!(owed.iter().map(|delivery| delivery.state.as_str()).collect::<Vec<_>>(), ["held", "held"]);
    desk.at("2026-03-03T06:59:59Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 0);
    desk.at("2026-03-03T07:00:00Z").await;
    assert_eq!((desk.mails_to("anna@example.org").len(), desk.mails_to("boris@example.org").len()), (1, 1));
}

#[tokio::test]
async fn quiet_hours_may_put_into_the_digest_or_drop_instead() {
    for (mode, evening) in [("digest", 1), ("drop", 0)] {
        let quiet = format!(
            "quiet = {{ from = \"22:00\", to = \"07:00\", mode = \"{mode}\" }}\ndigest.noon = {{ at = [\"12:00\"] }}"
        );
        let mut desk = Desk::open("2026-03-02T21:00:00Z").await;
        publish(&desk.newsroom, "courier", &[harvest("2026-03-02T20:00:00Z")]);
        desk.start(&format!("{COURIER}{RULES}{DESK}{quiet}")).await;
        desk.turn().await;
        publish(&desk.newsroom, "courier", &[wire("2026-03-02T22:05:00Z"), harvest("2026-03-02T20:00:00Z")]);
        desk.at("2026-03-02T22:30:00Z").await;
        desk.at("2026-03-03T11:59:00Z").await;
        assert_eq!(desk.mails_to("anna@example.org").len(), 0, "{mode}");
        desk.at("2026-03-03T12:00:00Z").await;
        assert_eq!(desk.mails_to("anna@example.org").len(), evening, "{mode}");
        assert_eq!(desk.app().alerts().await.unwrap().len(), 1, "{mode}: it is kept");
    }
}

/// So many different stories about Ada Byron.
fn byron(many: usize, at: &str) -> Vec<Piece> {
    let piece = |number: usize| {
        let body = format!("Ada Byron spoke. {}", crate::harness::paragraph(&format!("flood {number}")));
        Piece::new(&format!("byron{number}"), &format!("Speech number {number}"), at, &[&body])
    };
    (0..many).map(piece).collect()
}

#[tokio::test]
async fn more_alerts_than_a_channel_allows_are_told_in_one_summary_and_none_is_lost() {
    let channel = DESK.replace("to   = [\"anna@example.org\", \"boris@example.org\"]", "to = [\"anna@example.org\"]");
    let mut desk = morning(&format!("{channel}flood = {{ max = 3, per = \"1h\" }}\n")).await;
    publish(&desk.newsroom, "courier", &byron(8, "2026-03-02T06:05:00Z"));
    desk.at("2026-03-02T06:12:00Z").await;
    desk.at("2026-03-02T06:20:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 3, "as many as the channel allows");
    // A kill forgets none of those that wait.
    desk.restart().await;
    desk.at("2026-03-02T07:09:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 3, "the hour is not over");
    desk.at("2026-03-02T07:13:00Z").await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 4);
    assert_eq!(mails[3].subject(), "[wirewatch] 5 more alerts in one message");
    let told: Vec<String> = mails.iter().map(crate::smtp::Mail::text).collect();
    for number in 0..8 {
        let title = format!("Speech number {number}");
        assert_eq!(told.iter().filter(|text| text.contains(&title)).count(), 1, "{title}: {told:?}");
    }
    // The next one finds room.
    let more = Piece::new("later", "A later speech", "2026-03-02T07:20:00Z", &SPEECH);
    publish(&desk.newsroom, "courier", &[more]);
    desk.at("2026-03-02T07:26:00Z").await;
    desk.at("2026-03-02T07:36:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 5);
}

#[tokio::test]
async fn what_waits_for_a_summary_is_told_when_its_limit_is_taken_out() {
    let channel = DESK.replace("to   = [\"anna@example.org\", \"boris@example.org\"]", "to = [\"anna@example.org\"]");
    let mut desk = morning(&format!("{channel}flood = {{ max = 1, per = \"1d\" }}\n")).await;
    publish(&desk.newsroom, "courier", &byron(3, "2026-03-02T06:05:00Z"));
    desk.at("2026-03-02T06:12:00Z").await;
    desk.at("2026-03-02T06:20:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    desk.start(&format!("{COURIER}{RULES}{channel}flood = \"off\"\n")).await;
    desk.at("2026-03-03T06:30:00Z").await;
    let subjects = desk.subjects_to("anna@example.org");
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert_eq!(subjects[1], "[wirewatch] 2 more alerts in one message");
}
