//! robots.txt before pages.

use super::{bytes, fetcher_with};
use crate::newsroom::{Answer, Manner, Newsroom};
use jiff::SignedDuration;
use url::Url;
use wirewatch::clock::Clock;
use wirewatch::fetch::{FetchError, Fetcher, Request, Want};
use wirewatch::model::{RequestOptions, Secret};

/// A newsroom with a page and this robots.txt, and who reads it.
struct Desk {
    newsroom: Newsroom,
    fetcher: Fetcher,
    clock: Clock,
}

fn desk(robots: Answer) -> Desk {
    let newsroom = Newsroom::open();
    newsroom.set("/robots.txt", robots);
    for page in ["/page", "/other", "/private/page"] {
        newsroom.set(page, Answer::ok("page"));
    }
    let (fetcher, clock) = fetcher_with(|_| {});
    Desk { newsroom, fetcher, clock }
}

impl Desk {
    async fn read(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let options = RequestOptions { headers: vec![("x-key".into(), Secret::new("k3y"))], ..Default::default() };
        self.read_with(&self.newsroom.url(path), &options).await
    }

    async fn read_with(&self, url: &Url, options: &RequestOptions) -> Result<Vec<u8>, FetchError> {
        let request = Request { url, own: url, validators: None, options, want: Want::Page, robots: true };
        self.fetcher.get(&request).await.map(bytes)
    }
}

#[tokio::test]
async fn what_robots_txt_forbids_is_not_asked_for() {
    let desk = desk(Answer::ok("User-agent: wirewatch\nDisallow: /private/\n"));
    let error = desk.read("/private/page").await.unwrap_err();
    assert!(error.blocked());
    assert_eq!(error.to_string(), "127.0.0.1's robots.txt does not allow it (line 2, \"Disallow: /private/\")");
    assert_eq!(desk.newsroom.count("/private/page"), 0);
    assert_eq!(desk.read("/page").await.unwrap(), b"page");
}

#[tokio::test]
async fn it_is_fetched_once_a_day_without_what_is_for_the_pages() {
    let desk = desk(Answer::ok("User-agent: *\nAllow: /\n"));
    let all = futures_util::future::join_all(["/page", "/other", "/page"].map(|path| desk.read(path))).await;
    assert!(all.into_iter().all(|one| one.is_ok()));
    assert_eq!(desk.newsroom.count("/robots.txt"), 1);
    assert_eq!(desk.newsroom.last("/robots.txt").header("x-key"), None);
    assert_eq!(desk.newsroom.last("/page").header("x-key"), Some("k3y"));
    desk.clock.advance(SignedDuration::from_hours(25));
    desk.read("/page").await.unwrap();
    assert_eq!(desk.newsroom.count("/robots.txt"), 2);
    desk.clock.advance(-SignedDuration::from_hours(100));
    desk.read("/page").await.unwrap();
    assert_eq!(desk.newsroom.count("/robots.txt"), 3, "a clock set back does not keep it for longer");
}

#[tokio::test]
async fn without_robots_txt_all_is_allowed() {
    for answer in [
        Answer::status(404),
        Answer::status(410),
        Answer::status(401),
        Answer::status(403),
        Answer::redirect(301, "/robots.txt"),
        Answer::ok("<!doctype html><title>Not found</title>Disallow: /"),
    ] {
        let desk = desk(answer);
        assert!(desk.read("/page").await.is_ok());
        assert!(desk.read("/page").await.is_ok());
        assert_eq!(desk.newsroom.count("/robots.txt"), 1);
    }
}

#[tokio::test]
async fn while_it_cannot_be_read_nothing_is() {
    let desk = desk(Answer::status(500));
    for _ in 0..2 {
        let error = desk.read("/page").await.unwrap_err();
        let fault = format!("{} answered 500 Internal Server Error", desk.newsroom.url("/robots.txt"));
        let told = "127.0.0.1's robots.txt could not be read, and until it can no page of it may be (RFC 9309): ";
        assert_eq!(error.to_string(), format!("{told}{fault}"));
        assert!(!error.blocked(), "it is a fault that passes");
    }
    assert_eq!((desk.newsroom.count("/robots.txt"), desk.newsroom.count("/page")), (1, 0));
    desk.newsroom.set("/robots.txt", Answer::ok(""));
    desk.clock.advance(SignedDuration::from_mins(6));
    assert!(desk.read("/page").await.is_ok());
}

#[tokio::test]
async fn rules_read_earlier_hold_while_it_cannot_be_read() {
    let desk = desk(Answer::ok("User-agent: *\nDisallow: /private/\n"));
    desk.read("/page").await.unwrap();
    for fault in [Answer::status(502), Answer::ok("").manner(Manner::HangUp)] {
        desk.newsroom.set("/robots.txt", fault);
        desk.clock.advance(SignedDuration::from_hours(30));
        assert!(desk.read("/page").await.is_ok());
        assert!(desk.read("/private/page").await.unwrap_err().blocked());
    }
}

#[tokio::test]
async fn its_redirects_are_followed_and_its_rules_are_for_the_first_host() {
    let desk = desk(Answer::redirect(301, "/elsewhere/robots.txt"));
    desk.newsroom.set("/elsewhere/robots.txt", Answer::ok("User-agent: *\nDisallow: /page\n"));
    assert!(desk.read("/page").await.unwrap_err().blocked());
    assert!(desk.read("/other").await.is_ok());
}

#[tokio::test]
async fn each_hop_of_a_redirect_is_asked_about() {
    let desk = desk(Answer::ok("User-agent: *\nDisallow: /private/\n"));
    desk.newsroom.set("/moved", Answer::redirect(302, "/private/page"));
    assert!(desk.read("/moved").await.unwrap_err().blocked());
    assert_eq!((desk.newsroom.count("/moved"), desk.newsroom.count("/private/page")), (1, 0));
}

#[tokio::test]
async fn a_redirect_within_a_domain_does_not_wait_for_itself() {
    let newsroom = Newsroom::open();
    let options = super::through(&newsroom);
    newsroom.set("http://a.example/", Answer::redirect(302, "http://www.a.example/"));
    newsroom.set("http://www.a.example/", Answer::ok("page"));
    let (fetcher, clock) = fetcher_with(|_| {});
    let desk = Desk { newsroom, fetcher, clock };
    assert_eq!(desk.read_with(&super::url("http://a.example/"), &options).await.unwrap(), b"page");
    let asked: Vec<_> = desk.newsroom.log().into_iter().map(|asked| asked.path).collect();
    let hosts = [
        "http://a.example/robots.txt",
        "http://a.example/",
        "http://www.a.example/robots.txt",
        "http://www.a.example/",
    ];
    assert_eq!(asked, hosts);
}

#[tokio::test]
async fn an_endless_robots_txt_is_read_up_to_its_bound() {
    let desk = desk(Answer::ok("User-agent: *\nDisallow: /private/\n").manner(Manner::Endless));
    assert!(desk.read("/private/page").await.unwrap_err().blocked());
    assert!(desk.read("/page").await.is_ok());
}

#[tokio::test]
async fn a_host_that_is_down_is_told_as_such() {
    let desk = desk(Answer::ok(""));
    let error = desk.read_with(&super::url("http://127.0.0.1:1/page"), &RequestOptions::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "127.0.0.1 refused the connection: nothing listens there");
}
