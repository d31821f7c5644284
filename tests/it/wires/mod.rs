//! A newsroom of forty outlets: three hundred stories, of which half are wires that others copy in their own dress, and a tenth
//! have a look-alike that is other news. What the daemon takes for one story is held against what happened.

mod tongue;
mod wire;

use crate::harness::{Desk, Piece, minutes, paragraph, publish_feed, time};
use rusqlite::Connection;
use std::collections::HashMap;
use wire::{Dice, Report};

const OUTLETS: usize = 40;
const STORIES: usize = 300;
const LOOK_ALIKES: usize = STORIES / 10;

const RULES: &str = r#"
[rule.ministers]
query  = 'tag:wires'
notify = ["desk"]

[channel.desk]
type  = "maildir"
path  = "DATA/mails"
flood = "off"
"#;

/// An article that an outlet prints: what happened, and in which words.
struct Printed {
    happened: usize,
    outlet: usize,
    report: Report,
}

fn day(seed: u64) -> Vec<Printed> {
    let dice = &mut Dice::new(seed);
    let mut printed = vec![];
    let mut happened = STORIES;
    for story in 0..STORIES {
        let looks_alike = story % (STORIES / LOOK_ALIKES) == 0;
        let of_form = looks_alike && story % 20 == 0;
        let report = if of_form { Report::of_form(dice) } else { Report::new(dice) };
        let outlet = dice.below(OUTLETS);
        if story % 2 == 0 {
            for copy in 1..=2 + dice.below(4) {
                printed.push(Printed {
                    happened: story,
                    outlet: (outlet + copy * 7) % OUTLETS,
                    report: report.copied(dice),
                });
            }
        }
        if looks_alike {
            let other = match dice.below(2) {
                0 if of_form => report.next_day(dice),
                _ if of_form => report.form_again(dice),
                _ => report.other_meeting(dice),
            };
            // Half of them from the same outlet.
            let outlet = if dice.one_in(2) { outlet } else { dice.below(OUTLETS) };
            printed.push(Printed { happened, outlet, report: other });
            happened += 1;
        }
        printed.push(Printed { happened: story, outlet, report });
    }
    for at in (1..printed.len()).rev() {
        printed.swap(at, dice.below(at + 1));
    }
    printed
}

fn feeds(day: &[Printed]) -> Vec<Vec<Piece>> {
    let mut feeds: Vec<Vec<Piece>> = vec![vec![]; OUTLETS];
    for (number, Printed { outlet, report, .. }) in day.iter().enumerate() {
        let body = report.printed(outlet % 2 == 0, *outlet);
        let text: String = body.iter().map(|paragraph| format!("&lt;p&gt;{paragraph}&lt;/p&gt;")).collect();
        let slug = format!("n{number}");
        feeds[*outlet].push(Piece {
            slug,
            title: report.title.clone(),
            summary: text,
            body,
            at: time("2026-03-02T06:10:00Z"),
        });
    }
    feeds
}

fn sources(outlets: usize) -> String {
    let source = |outlet| {
        format!(
            "[source.o{outlet}]\nurl = \"NEWSROOM/o{outlet}/feed.xml\"\nevery = \"10m\"\nread_pages = false\ntags = [\"wires\"]\n"
        )
    };
    (0..outlets).map(source).collect()
}

/// A desk of so many outlets whose first polls are over.
async fn desk_of(outlets: usize) -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    for outlet in 0..outlets {
        let old = Piece::new("old", "Nothing", "2026-03-02T05:00:00Z", &["Nothing has happened here so far."]);
        publish_feed(&desk.newsroom, &format!("o{outlet}"), &[old]);
    }
    desk.start(&format!("{}{RULES}", sources(outlets))).await;
    desk.turn().await;
    desk.may_owe();
    desk
}

/// The daemon reads the day of forty outlets; answers the story of each article.
async fn told(day: &[Printed]) -> HashMap<usize, i64> {
    let desk = desk_of(OUTLETS).await;
    for (outlet, pieces) in feeds(day).iter().enumerate() {
        publish_feed(&desk.newsroom, &format!("o{outlet}"), pieces);
    }
    desk.later(minutes(11)).await;
    let conn = Connection::open(desk.data().join("wirewatch.db")).unwrap();
    let mut of_articles =
        conn.prepare("SELECT a.url, s.story FROM story_articles s JOIN articles a ON a.id = s.article").unwrap();
    let rows = of_articles.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).unwrap();
    let number = |url: &str| url.rsplit_once("/n").and_then(|(_, rest)| rest.trim_end_matches(".html").parse().ok());
    rows.map(Result::unwrap).filter_map(|(url, story)| Some((number(&url)?, story))).collect()
}

/// Of all pairs of articles: those that are one story and were told as one, those told as one, those that are one.
fn pairs(day: &[Printed], told: &HashMap<usize, i64>) -> (usize, usize, usize) {
    let (mut both, mut as_one, mut one) = (0, 0, 0);
    for (a, one_printed) in day.iter().enumerate() {
        for (b, other) in day.iter().enumerate().skip(a + 1) {
            let (is, said) = (one_printed.happened == other.happened, told[&a] == told[&b]);
            both += usize::from(is && said);
            as_one += usize::from(said);
            one += usize::from(is);
        }
    }
    (both, as_one, one)
}

#[tokio::test]
async fn copies_of_forty_outlets_are_told_once_and_what_only_looks_alike_is_told() {
    let day = day(1);
    let told = told(&day).await;
    assert_eq!(told.len(), day.len(), "each article matched and has its story");
    let (both, as_one, one) = pairs(&day, &told);
    println!("{} articles, {one} pairs are one story, {as_one} were told as one, {both} rightly", day.len());
    assert!(one > 500, "{one}");
    assert!(both * 100 >= as_one * 99, "precision: {both} of {as_one}");
    assert!(both * 100 >= one * 95, "recall: {both} of {one}");
}

#[tokio::test]
async fn two_hundred_wires_that_fourteen_outlets_print_in_one_second_make_one_alert_each() {
    const WIRES: usize = 200;
    const COPIES: usize = 14;
    let desk = desk_of(COPIES).await;
    for outlet in 0..COPIES {
        let piece = |wire: usize| {
            let text = format!("The minister spoke. {}", paragraph(&format!("wire {wire}")));
            // Another headline, and some words of their own: no two copies are the same.
            let own: Vec<String> =
                paragraph(&format!("own {outlet} {wire}")).split(' ').take(9).map(Into::into).collect();
            let body = format!("{text} {}.", own.join(" "));
            Piece::new(&format!("n{wire}"), &format!("{outlet}: number {wire}"), "2026-03-02T06:10:00Z", &[&body])
        };
        publish_feed(&desk.newsroom, &format!("o{outlet}"), &(0..WIRES).map(piece).collect::<Vec<_>>());
    }
    desk.later(minutes(11)).await;
    let mut alerts = desk.app().store().alerts(10_000).await.unwrap();
    alerts.retain(|stored| stored.suppressed.is_none());
    assert_eq!(alerts.len(), WIRES);
    for stored in &alerts {
        assert_eq!(stored.alert.outlets.len(), COPIES, "{}: an outlet was lost", stored.alert.title);
    }
    // Each is told once, when others have had their time.
    desk.later(minutes(3)).await;
    let told = desk.app().store().outbox(&[], 10_000).await.unwrap();
    assert_eq!(told.iter().filter(|delivery| delivery.kind.as_str() == "alert.matched").count(), WIRES);
}
