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

#[tokio::test]
async fn a_source_without_news_for_far_longer_than_usual_is_stale_and_told_once() {
    let digest = r#"digest.noon = { at = ["12:00"], send_empty = true }"#;
    let desk = morning(&format!("{DESK}{digest}")).await;
    let told = |desk: &Desk| {
        let subjects = desk.subjects_to("ops@example.org");
        subjects.into_iter().filter(|subject| subject.contains("Courier")).collect::<Vec<_>>()
    };
    desk.later(minutes(60 * 24 * 29)).await;
    assert_eq!((desk.source("courier").await.state, told(&desk).len()), (SourceState::Ok, 0));
    desk.later(minutes(60 * 24 * 2)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Stale);
    let error = status.error.unwrap();
    assert!(error.starts_with("nothing new since 2026-03-02 05:00 UTC"), "{error}");
    desk.later(minutes(60 * 24)).await;
    assert!(told(&desk)[0].contains("The Courier has nothing new for far longer than is usual"), "{:?}", told(&desk));
    assert_eq!(told(&desk).len(), 1, "{:?}", told(&desk));
    let digest = desk.mails_to("anna@example.org").pop().unwrap();
    assert!(digest.text().contains("Stale since"), "{}", digest.text());

    let at = desk.clock.now().to_string();
    publish(&desk.newsroom, "courier", &[theatre(&at), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(12)).await;
    let status = desk.source("courier").await;
    assert_eq!((status.state, status.error), (SourceState::Ok, None));
    desk.later(minutes(12)).await;
    desk.later(minutes(12)).await;
    assert_eq!(told(&desk)[1..], ["[wirewatch] The Courier has news again"]);
}

#[tokio::test]
async fn a_source_that_adapts_is_polled_twice_as_often_after_a_gap() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T05:00:00Z")]);
    desk.start(&format!("{}{RULES}{DESK}", COURIER.replace("every = \"10m\"", ""))).await;
    desk.turn().await;
    let before = desk.source("courier").await.interval_s.unwrap();
    publish(&desk.newsroom, "courier", &[theatre("2026-03-02T06:10:00Z")]);
    desk.later(minutes(20)).await;
    let status = desk.source("courier").await;
    assert_eq!((status.state, status.interval_s), (SourceState::Gap, Some(before / 2)));
}

#[tokio::test]
async fn new_ids_for_old_entries_are_no_news() {
    let desk = morning(DESK).await;
    let feed = |run: u32, titles: &[&str]| {
        let items = titles
            .iter()
            .enumerate()
            .map(|(n, title)| {
                format!("<item><title>{title}</title><guid isPermaLink=\"false\">{run}-{n}</guid></item>")
            })
            .collect::<Vec<_>>()
            .concat();
        Answer::ok(format!("<rss version=\"2.0\"><channel><title>C</title>{items}</channel></rss>"))
    };
    let old = ["Apples", "Ferries", "Kettles", "Ladders"];
    desk.newsroom.set("/courier/feed.xml", feed(0, &old));
    desk.later(minutes(12)).await;
    let read = |desk: &Desk| {
        let store = desk.app().store().clone();
        async move { store.status().await.unwrap().articles.unreadable }
    };
    let before = read(&desk).await;
    for run in 1..4 {
        desk.newsroom.set("/courier/feed.xml", feed(run, &old));
        desk.later(minutes(12)).await;
        assert_eq!((desk.source("courier").await.state, read(&desk).await), (SourceState::Ok, before), "{run}");
    }
    desk.newsroom.set("/courier/feed.xml", feed(9, &["A fire at the mill", "Apples", "Ferries", "Kettles"]));
    desk.later(minutes(12)).await;
    assert_eq!((desk.source("courier").await.state, read(&desk).await), (SourceState::Ok, before + 1));
    // The same title again and again is no sign of the same entry.
    desk.newsroom.set("/courier/feed.xml", feed(10, &["Update", "Update", "Update"]));
    desk.later(minutes(12)).await;
    desk.newsroom.set("/courier/feed.xml", feed(11, &["Update", "Update", "Update"]));
    desk.later(minutes(12)).await;
    assert_eq!((desk.source("courier").await.state, read(&desk).await), (SourceState::Gap, before + 7));
}

#[tokio::test]
async fn a_feed_that_turns_into_a_page_or_a_captcha_is_no_list_of_news() {
    let desk = morning(DESK).await;
    let links = (0..9)
        .map(|n| format!("<li><a href=\"/2026/03/story-number-{n}.html\">A headline of the page, number {n}</a></li>"))
        .collect::<Vec<_>>()
        .concat();
    let page = format!("<!doctype html><title>The Courier</title><ul>{links}</ul>");
    desk.newsroom.set("/courier/feed.xml", Answer::ok(page).header("content-type", "text/html"));
    desk.later(minutes(12)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Failing);
    assert!(status.error.as_deref().is_some_and(|error| error.contains("a web page (\"The Courier\")")), "{status:?}");
    let captcha =
        "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1><p>Verify you are human.</p>";
    desk.newsroom.set("/courier/feed.xml", Answer::ok(captcha).header("content-type", "text/html"));
    desk.later(minutes(12)).await;
    let status = desk.source("courier").await;
    assert_eq!(status.state, SourceState::Blocked);
    assert!(status.error.as_deref().is_some_and(|error| error.contains("captcha")), "{status:?}");
}

#[tokio::test]
async fn a_page_that_offers_a_feed_is_polled_by_it_and_that_is_told() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T05:00:00Z")]);
    let page = "<!doctype html><title>The Courier</title><link rel=alternate type=application/rss+xml href=/none.xml>\
                <link rel=alternate type=application/rss+xml href=/courier/feed.xml><p>Welcome";
    desk.newsroom.set("/", Answer::ok(page).header("content-type", "text/html"));
    let source = COURIER.replace("/courier/feed.xml", "/");
    desk.start(&format!("{source}{RULES}{DESK}")).await;
    desk.turn().await;
    let feed = desk.newsroom.url("/courier/feed.xml").to_string();
    let status = desk.source("courier").await;
    assert_eq!((status.state, &status.url, status.error), (SourceState::Ok, &feed, None));
    assert!(desk.subjects_to("ops@example.org").iter().any(|subject| subject.ends_with("The Courier has a feed")));
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:05:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.restart().await;
    desk.later(minutes(12)).await;
    desk.later(minutes(3)).await;
    assert_eq!((desk.newsroom.count("/"), desk.mails_to("anna@example.org").len()), (1, 1));
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
}

#[tokio::test]
async fn an_index_of_sitemaps_is_followed_to_the_likeliest_of_them() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let sitemap = |slugs: &[&str]| {
        let urls = slugs
            .iter()
            .map(|slug| format!("<url><loc>{}</loc></url>", desk.newsroom.url(&format!("/courier/{slug}.html"))))
            .collect::<Vec<_>>()
            .concat();
        format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
    };
    let names = ["news.xml.gz", "2026.xml", "2025.xml", "2024.xml"];
    let listed: String = names
        .iter()
        .map(|name| {
            let year = name.split('.').next().filter(|year| year.starts_with('2')).unwrap_or("2020");
            format!("<sitemap><loc>/maps/{name}</loc><lastmod>{year}-01-01</lastmod></sitemap>")
        })
        .collect();
    let index = Answer::ok(format!("<sitemapindex>{listed}</sitemapindex>")).etag("\"same\"");
    desk.newsroom.set("/courier/feed.xml", index);
    let packed = |slugs: &[&str]| {
        Answer::ok(crate::newsroom::gzip(sitemap(slugs).as_bytes())).header("content-type", "application/gzip")
    };
    desk.newsroom.set("/maps/news.xml.gz", packed(&["apples"]));
    desk.newsroom.set("/maps/2026.xml", Answer::ok(sitemap(&["donkey"])));
    desk.newsroom.set("/maps/2025.xml", Answer::status(500));
    publish(&desk.newsroom, "other", &[]);
    let page = wire("2026-03-02T06:05:00Z").page();
    desk.newsroom.set("/courier/timber.html", Answer::ok(page).header("content-type", "text/html"));
    let next = packed(&["timber", "apples"]);
    desk.start(&format!("{COURIER}{RULES}{DESK}")).await;
    desk.turn().await;
    let asked = names.map(|name| desk.newsroom.count(&format!("/maps/{name}")));
    assert_eq!(asked, [1, 1, 1, 0]);
    assert_eq!(desk.source("courier").await.state, SourceState::Ok);
    desk.newsroom.set("/maps/news.xml.gz", next);
    desk.later(minutes(12)).await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1, "the index said that it had not changed");
}
