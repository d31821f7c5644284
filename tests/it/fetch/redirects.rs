//! Redirects: how far, where to, and what goes along.

use super::{ask, bytes, fetcher, get, url, words};
use crate::newsroom::{Answer, Newsroom};
use wirewatch::model::{RequestOptions, Secret, Validators};

#[tokio::test]
async fn a_move_for_good_is_told_and_a_passing_one_is_not() {
    let newsroom = Newsroom::open();
    newsroom.set("/new?a=b", Answer::ok("here"));
    newsroom.set("/308", Answer::redirect(308, "/new?a=b#part"));
    newsroom.set("/301", Answer::redirect(301, newsroom.url("/308")));
    for status in [302, 303, 307] {
        newsroom.set(&format!("/{status}"), Answer::redirect(status, "308"));
    }
    newsroom.set("/301-302", Answer::redirect(301, "/302"));
    let fetcher = fetcher();
    for (path, moved) in
        [("/308", true), ("/301", true), ("/302", false), ("/303", false), ("/307", false), ("/301-302", false)]
    {
        let came = get(&fetcher, &newsroom.url(path)).await.unwrap();
        assert_eq!(came.url, newsroom.url("/new?a=b"), "{path}");
        assert_eq!(came.moved_to, moved.then(|| newsroom.url("/new?a=b")), "{path}");
        assert_eq!(bytes(came), b"here");
    }
}

#[tokio::test]
async fn validators_go_along_to_where_they_came_from() {
    let newsroom = Newsroom::open();
    newsroom.set("/", Answer::redirect(302, "/feed"));
    newsroom.set("/feed", Answer::ok("x").etag("\"1\""));
    let sent = Validators { etag: Some("\"1\"".into()), last_modified: None };
    let fetched = ask(&fetcher(), &newsroom.url("/"), &RequestOptions::default(), Some(&sent)).await.unwrap();
    assert_eq!(fetched.body, wirewatch::fetch::Body::NotModified);
}

#[tokio::test]
async fn a_circle_is_seen_and_a_long_way_ends() {
    let newsroom = Newsroom::open();
    newsroom.set("/a", Answer::redirect(302, "/b"));
    newsroom.set("/b", Answer::redirect(302, "/a"));
    for n in 0..10 {
        newsroom.set(&format!("/{n}"), Answer::redirect(301, format!("/{}", n + 1)));
    }
    newsroom.set("/10", Answer::ok(""));
    let fetcher = fetcher();
    assert_eq!(words(get(&fetcher, &newsroom.url("/a")).await), "127.0.0.1 redirects in a circle");
    assert_eq!(newsroom.log().len(), 2);
    assert_eq!(words(get(&fetcher, &newsroom.url("/0")).await), "127.0.0.1 redirects more than 5 times");
    assert_eq!(newsroom.log().len(), 2 + 6);
    assert!(get(&fetcher, &newsroom.url("/5")).await.is_ok());
}

#[tokio::test]
async fn no_redirect_leads_to_a_file_or_an_inner_address() {
    let newsroom = Newsroom::open();
    let fetcher = fetcher();
    for (to, told) in [
        (
            "http://169.254.169.254/latest/meta-data/",
            "refused: 169.254.169.254 is a link-local address; add it to fetch.allow_private if meant",
        ),
        (
            "http://[::ffff:169.254.169.254]/",
            "refused: [::ffff:a9fe:a9fe] is a link-local address; add it to fetch.allow_private if meant",
        ),
        ("//10.0.0.1/", "refused: 10.0.0.1 is a private address; add it to fetch.allow_private if meant"),
        ("file:///etc/passwd", "refused: file:///etc/passwd is file:, and only http and https are fetched"),
        ("gopher://x.example/", "refused: gopher://x.example/ is gopher:, and only http and https are fetched"),
        ("javascript:alert(1)", "refused: javascript:alert(1) is javascript:, and only http and https are fetched"),
        ("http://", "127.0.0.1 redirects without saying where to (302 Found)"),
        (&format!("/{}", "a".repeat(5000)), "127.0.0.1 redirects without saying where to (302 Found)"),
    ] {
        newsroom.set("/", Answer::redirect(302, to));
        assert_eq!(words(get(&fetcher, &newsroom.url("/")).await), told);
    }
    newsroom.set("/", Answer::status(301));
    let told = words(get(&fetcher, &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 redirects without saying where to (301 Moved Permanently)");
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let (home, stranger) = (Newsroom::open(), Newsroom::open());
    home.set("/", Answer::redirect(301, "/second"));
    home.set("/second", Answer::redirect(301, stranger.url("/")));
    stranger.set("/", Answer::redirect(301, home.url("/back")));
    home.set("/back", Answer::ok(""));
    let options = RequestOptions {
        headers: vec![("cookie".into(), Secret::new("session=1")), ("x-key".into(), Secret::new("k3y"))],
        basic_auth: Some(("me".into(), Secret::new("s3cret"))),
        ..RequestOptions::default()
    };
    let fetched = ask(&fetcher(), &home.url("/"), &options, None).await.unwrap();
    for name in ["cookie", "x-key", "authorization"] {
        assert!(home.last("/").header(name).is_some());
        assert!(home.last("/second").header(name).is_some());
        assert!(stranger.last("/").header(name).is_none());
        assert!(home.last("/back").header(name).is_none(), "once it has left, a request is a stranger");
    }
    // Stored, the new address would be sent them at the next poll.
    assert_eq!(fetched.moved_to, None);
}

#[tokio::test]
async fn credentials_in_a_url_stay_with_their_origin_too() {
    let (home, stranger) = (Newsroom::open(), Newsroom::open());
    home.set("/", Answer::redirect(301, stranger.url("/")));
    stranger.set("/", Answer::ok(""));
    let from = url(&home.url("/").to_string().replace("http://", "http://me:s3cret@"));
    let fetched = get(&fetcher(), &from).await.unwrap();
    assert!(home.last("/").header("authorization").is_some());
    assert!(stranger.last("/").header("authorization").is_none());
    assert_eq!(fetched.moved_to, None);
    // And those that a redirect brings are not ours.
    let planted = url(&stranger.url("/").to_string().replace("http://", "http://you:planted@"));
    home.set("/planted", Answer::redirect(301, planted));
    let fetched = get(&fetcher(), &home.url("/planted")).await.unwrap();
    assert!(stranger.last("/").header("authorization").is_none());
    assert_eq!(fetched.moved_to, Some(stranger.url("/")));
}
