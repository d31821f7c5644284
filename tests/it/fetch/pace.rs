//! The pace on the public web, which a proxy plays here: names of the web lead to the newsroom.

use super::{ask, fetcher, fetcher_with, get, newsroom, through, url, words};
use crate::newsroom::{Answer, Manner, Newsroom};
use jiff::SignedDuration;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_domain_is_asked_one_request_at_a_time() {
    let newsroom = Newsroom::open();
    let options = through(&newsroom);
    let urls: Vec<_> = (0..5).map(|n| url(&format!("http://host{n}.example.com/"))).collect();
    for url in &urls {
        newsroom.set(url.as_str(), Answer::ok("x".repeat(50_000)));
    }
    let fetcher = fetcher();
    let all = futures_util::future::join_all(urls.iter().map(|url| ask(&fetcher, url, &options, None))).await;
    assert!(all.into_iter().all(|one| one.is_ok()));
    assert_eq!(newsroom.at_once_max(), 1);
}

#[tokio::test]
async fn between_two_requests_to_a_domain_is_a_pause_and_others_do_not_wait() {
    let newsroom = Newsroom::open();
    let options = through(&newsroom);
    let (one, two, other) = (url("http://a.example.com/"), url("http://b.example.com/"), url("http://example.org/"));
    for url in [&one, &two, &other] {
        newsroom.set(url.as_str(), Answer::ok(""));
    }
    let pause = Duration::from_millis(300);
    let (fetcher, _) = fetcher_with(|options| options.spacing = pause);
    let start = Instant::now();
    ask(&fetcher, &one, &options, None).await.unwrap();
    ask(&fetcher, &other, &options, None).await.unwrap();
    ask(&fetcher, &two, &options, None).await.unwrap();
    assert!(start.elapsed() >= pause);
    let order: Vec<_> = newsroom.log().into_iter().map(|asked| asked.path).collect();
    assert_eq!(order, [one.as_str(), other.as_str(), two.as_str()]);
}

#[tokio::test]
async fn a_redirect_takes_the_turn_of_the_domain_it_leads_to() {
    let newsroom = Newsroom::open();
    let options = through(&newsroom);
    let (a, b) = (url("http://a.example/"), url("http://b.example/"));
    newsroom.set_each(a.as_str(), [Answer::redirect(302, &b), Answer::ok("a")]);
    newsroom.set_each(b.as_str(), [Answer::redirect(302, &a), Answer::ok("b")]);
    let fetcher = fetcher();
    // Each leads to the other's domain: neither may keep its turn while it waits for the other.
    let both = tokio::join!(ask(&fetcher, &a, &options, None), ask(&fetcher, &b, &options, None));
    assert!(both.0.is_ok() && both.1.is_ok());
}

#[tokio::test]
async fn a_domain_that_asked_for_rest_is_left_alone() {
    let newsroom = Newsroom::open();
    let options = through(&newsroom);
    let (one, two) = (url("http://a.example.com/"), url("http://b.example.com/"));
    newsroom.set(one.as_str(), Answer::status(429).header("retry-after", "3600"));
    newsroom.set(two.as_str(), Answer::ok(""));
    let (fetcher, clock) = fetcher_with(|_| {});
    let error = ask(&fetcher, &one, &options, None).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    clock.advance(SignedDuration::from_mins(20));
    let error = ask(&fetcher, &two, &options, None).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_mins(40)));
    assert_eq!(error.to_string(), "b.example.com asked to be left alone for 40 min more");
    assert_eq!(newsroom.count(two.as_str()), 0);
    clock.advance(SignedDuration::from_mins(40));
    assert!(ask(&fetcher, &two, &options, None).await.is_ok());
}

#[tokio::test]
async fn hosts_of_its_user_are_free_of_the_pace() {
    let newsroom = newsroom(Answer::ok(""));
    let (fetcher, _) = fetcher_with(|options| {
        options.spacing = Duration::from_hours(1);
        options.allow_private = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    });
    // A name is known to be its user's own once it has been resolved.
    for host in ["127.0.0.1", "127.0.0.1", "localhost", "localhost", "localhost"] {
        get(&fetcher, &newsroom.url_at(host, "/")).await.unwrap();
    }
    assert_eq!(newsroom.count("/"), 5);
}

#[tokio::test]
async fn who_cannot_have_a_turn_in_time_is_told_to_come_later() {
    let newsroom = Newsroom::open();
    let options = through(&newsroom);
    let at = url("http://a.example.com/");
    newsroom.set(at.as_str(), Answer::ok("").manner(Manner::Silence));
    let (fetcher, _) = fetcher_with(|options| options.wait_max = Duration::from_millis(50));
    tokio::select! {
        biased;
        _ = ask(&fetcher, &at, &options, None) => panic!("it never answers"),
        second = ask(&fetcher, &at, &options, None) => {
            assert_eq!(words(second), "too many requests to a.example.com are waiting for their turn");
        }
    }
}

#[tokio::test]
async fn a_fault_of_the_proxy_names_it() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = wirewatch::model::RequestOptions {
        proxy: Some(url(&format!("http://me:s3cret@127.0.0.1:{port}"))),
        ..Default::default()
    };
    let error = ask(&fetcher(), &url("http://a.example/"), &options, None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.example (through the proxy 127.0.0.1) refused the connection: nothing listens there"
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_proxy_is_no_way_around_the_guard() {
    let newsroom = Newsroom::open();
    let told = words(ask(&fetcher(), &url("http://169.254.169.254/"), &through(&newsroom), None).await);
    assert!(told.starts_with("refused: 169.254.169.254 is a link-local address"), "{told}");
    assert_eq!(newsroom.connections(), 0);
}
