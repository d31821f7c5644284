//! Where we go, and where nobody can send us.

use super::{fetcher, fetcher_with, get, newsroom, url, words};
use crate::newsroom::{Answer, Newsroom};

#[tokio::test]
async fn no_spelling_of_an_inner_address_is_reached() {
    let newsroom = newsroom(Answer::ok("secret"));
    let port = newsroom.address().port();
    let (guarded, _) = fetcher_with(|options| options.allow_private.clear());
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.0.1.",
        "１２７.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "user@127.0.0.1",
    ] {
        let told = words(get(&guarded, &url(&format!("http://{host}:{port}/"))).await);
        assert!(
            told.starts_with("refused: ") && told.ends_with("; add it to fetch.allow_private if meant"),
            "{host}: {told}"
        );
    }
    assert_eq!(newsroom.connections(), 0);
}

#[tokio::test]
async fn a_backslash_in_front_of_an_address_leads_nowhere_else() {
    let newsroom = newsroom(Answer::ok("secret"));
    let (guarded, _) = fetcher_with(|options| options.allow_private.clear());
    let tricky = url(&format!("http://no-such-name.invalid\\@127.0.0.1:{}/", newsroom.address().port()));
    let told = words(get(&guarded, &tricky).await);
    assert!(told.starts_with("the name no-such-name.invalid "), "{told}");
    assert_eq!(newsroom.connections(), 0);
}

#[tokio::test]
async fn a_name_that_points_inside_is_refused_at_the_connection() {
    let newsroom = newsroom(Answer::ok("secret"));
    let (guarded, _) = fetcher_with(|options| options.allow_private.clear());
    let told = words(get(&guarded, &newsroom.url_at("localhost", "/")).await);
    let ends = ["127.0.0.1; add it to fetch.allow_private if meant", "::1; add it to fetch.allow_private if meant"];
    assert!(told.starts_with("refused: localhost points to a loopback address "), "{told}");
    assert!(ends.iter().any(|end| told.ends_with(end)), "{told}");
    assert_eq!(newsroom.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_a_name_that_points_inside_is_refused_too() {
    let inner = newsroom(Answer::ok("secret"));
    let outer = Newsroom::open_at([127, 0, 0, 2]);
    outer.set("/", Answer::redirect(302, inner.url_at("localhost", "/")));
    let (guarded, _) = fetcher_with(|options| options.allow_private = vec!["127.0.0.2/32".parse().unwrap()]);
    let told = words(get(&guarded, &outer.url("/")).await);
    assert!(told.starts_with("refused: localhost points to a loopback address "), "{told}");
    assert_eq!((outer.count("/"), inner.connections()), (1, 0));
}

#[tokio::test]
async fn what_its_user_allows_is_reached_by_number_and_by_name() {
    let newsroom = newsroom(Answer::ok("mine"));
    let fetcher = fetcher();
    assert!(get(&fetcher, &newsroom.url("/")).await.is_ok());
    assert!(get(&fetcher, &newsroom.url_at("localhost", "/")).await.is_ok());
}

#[tokio::test]
async fn a_scheme_that_is_not_the_webs_is_refused() {
    let told = words(get(&fetcher(), &url("ftp://me:s3cret@x.example/feed")).await);
    assert_eq!(told, "refused: ftp://x.example/feed is ftp:, and only http and https are fetched");
}
