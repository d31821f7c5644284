//! What is sent, and what its answer comes to.

use super::{ask, bytes, fetcher, fetcher_with, get, newsroom, url, words};
use crate::newsroom::{Answer, Manner, Newsroom, gzip};
use std::time::Duration;
use wirewatch::fetch::{Body, Request, Want};
use wirewatch::model::{RequestOptions, Secret, Validators};

#[tokio::test]
async fn a_feed_is_fetched_under_our_name_without_cookie_or_referrer() {
    let newsroom =
        newsroom(Answer::ok("<rss/>").header("content-type", "application/rss+xml").header("set-cookie", "a=b"));
    let (fetcher, url) = (fetcher(), newsroom.url("/"));
    for _ in 0..3 {
        let came = get(&fetcher, &url).await.unwrap();
        assert_eq!(came.content_type.as_deref(), Some("application/rss+xml"));
        assert_eq!((&came.url, &came.moved_to, came.keep), (&url, &None, None));
        assert_eq!(bytes(came), b"<rss/>");
    }
    let asked = newsroom.last("/");
    let mut names: Vec<_> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
    assert_eq!(asked.header("user-agent"), Some("wirewatch/0 (+desk@example.org)"));
    assert_eq!(asked.method, "GET");
    let connections: Vec<_> = newsroom.log().iter().map(|asked| asked.connection).collect();
    assert_eq!(connections, [0, 1, 1], "who was asked lately is likely to be asked again: that connection is kept");
}

#[tokio::test]
async fn what_is_wanted_decides_what_is_accepted() {
    let newsroom = newsroom(Answer::ok(""));
    let (fetcher, url, options) = (fetcher(), newsroom.url("/"), RequestOptions::default());
    for (want, accept) in
        [(Want::Feed, "application/atom+xml, "), (Want::Page, "text/html, "), (Want::Robots, "text/plain, ")]
    {
        fetcher
            .get(&Request { url: &url, own: &url, validators: None, options: &options, want, robots: false })
            .await
            .unwrap();
        assert!(newsroom.last("/").header("accept").unwrap().starts_with(accept));
    }
}

#[tokio::test]
async fn validators_go_back_verbatim_and_a_304_changes_nothing() {
    let (etag, date) = ("W/\"a,b \u{e4} --gzip\"", "fri, 6 nov 2026 8:00 +0500");
    let newsroom = newsroom(Answer::ok("x").etag(etag).last_modified(date).header("cache-control", "max-age=600"));
    let (fetcher, url, options) = (fetcher(), newsroom.url("/"), RequestOptions::default());
    let first = get(&fetcher, &url).await.unwrap();
    assert_eq!(first.validators, Validators { etag: Some(etag.into()), last_modified: Some(date.into()) });
    let second = ask(&fetcher, &url, &options, Some(&first.validators)).await.unwrap();
    assert_eq!(second.body, Body::NotModified);
    assert_eq!(second.validators, first.validators);
    assert_eq!(second.keep, Some(Duration::from_mins(10)));
    let asked = newsroom.last("/");
    assert_eq!((asked.header("if-none-match"), asked.header("if-modified-since")), (Some(etag), Some(date)));
}

#[tokio::test]
async fn only_what_was_given_is_sent_back() {
    let newsroom = newsroom(Answer::ok("x").etag("\"1\""));
    let (fetcher, url, options) = (fetcher(), newsroom.url("/"), RequestOptions::default());
    let first = get(&fetcher, &url).await.unwrap();
    assert_eq!(ask(&fetcher, &url, &options, Some(&first.validators)).await.unwrap().body, Body::NotModified);
    assert_eq!(newsroom.last("/").header("if-modified-since"), None);
    newsroom.set("/", Answer::ok("x").etag(&format!("\"{}\"", "1".repeat(2000))));
    let long = get(&fetcher, &url).await.unwrap();
    assert_eq!(long.validators, Validators::default(), "half of an ETag would be another one");
}

#[tokio::test]
async fn a_304_keeps_what_it_does_not_repeat() {
    let newsroom = newsroom(Answer::status(304).header("etag", "\"2\""));
    let sent = Validators { etag: Some("\"1\"".into()), last_modified: Some("yesterday".into()) };
    let url = newsroom.url("/");
    let fetched = ask(&fetcher(), &url, &RequestOptions::default(), Some(&sent)).await.unwrap();
    assert_eq!(fetched.validators, Validators { etag: Some("\"2\"".into()), last_modified: Some("yesterday".into()) });
}

#[tokio::test]
async fn a_304_that_was_not_asked_for_is_a_fault() {
    let newsroom = newsroom(Answer::status(304));
    let (fetcher, url) = (fetcher(), newsroom.url("/"));
    let told = "127.0.0.1 says that nothing changed (304), and was not asked: it is misconfigured";
    assert_eq!(words(get(&fetcher, &url).await), told);
    let empty = ask(&fetcher, &url, &RequestOptions::default(), Some(&Validators::default())).await;
    assert_eq!(words(empty), told);
}

#[tokio::test]
async fn bodies_come_decompressed() {
    let text = "новости ".repeat(5000);
    let newsroom = newsroom(Answer::ok(text.clone()).gzip());
    let (fetcher, url) = (fetcher(), newsroom.url("/"));
    assert_eq!(bytes(get(&fetcher, &url).await.unwrap()), text.as_bytes());
    newsroom.set("/", Answer::ok(text.clone()).gzip().manner(Manner::Chunked));
    assert_eq!(bytes(get(&fetcher, &url).await.unwrap()), text.as_bytes());
    newsroom.set("/", Answer::ok(text.clone()).header("content-encoding", "UTF-8"));
    assert_eq!(bytes(get(&fetcher, &url).await.unwrap()), text.as_bytes());
    let asked = newsroom.last("/");
    for encoding in ["gzip", "br", "zstd", "deflate"] {
        assert!(asked.header("accept-encoding").unwrap().contains(encoding));
    }
}

#[tokio::test]
async fn a_sitemap_in_a_gzip_file_is_unpacked() {
    let sitemap = "<urlset>".to_string() + &"<url/>".repeat(200_000) + "</urlset>";
    let packed = Answer::ok(gzip(sitemap.as_bytes()));
    let newsroom = Newsroom::open();
    newsroom.set("/sitemap.xml.gz", packed.clone());
    newsroom.set("/typed", packed.clone().header("content-type", "application/x-gzip"));
    newsroom.set("/labelled.gz", packed.clone().header("content-encoding", "gzip"));
    let fetcher = fetcher();
    for path in ["/sitemap.xml.gz", "/typed", "/labelled.gz"] {
        assert_eq!(bytes(get(&fetcher, &newsroom.url(path)).await.unwrap()), sitemap.as_bytes(), "{path}");
    }
    let (small, _) = fetcher_with(|options| options.body_bytes_max = sitemap.len() - 1);
    for path in ["/sitemap.xml.gz", "/labelled.gz"] {
        let told = words(get(&small, &newsroom.url(path)).await);
        assert_eq!(told, "127.0.0.1 sent more than 1171 KiB, the largest that is read (fetch.body_max)");
    }
    let (just, _) = fetcher_with(|options| options.body_bytes_max = sitemap.len());
    assert!(get(&just, &newsroom.url("/sitemap.xml.gz")).await.is_ok());
    newsroom.set("/half.gz", Answer::ok(&gzip(sitemap.as_bytes())[..500]));
    newsroom.set("/twice.gz", Answer::ok(gzip(&gzip(b"x"))));
    let told = words(get(&fetcher, &newsroom.url("/half.gz")).await);
    assert_eq!(told, "127.0.0.1 sent an answer that is damaged: it does not decompress");
    assert!(words(get(&fetcher, &newsroom.url("/twice.gz")).await).contains("that nobody asked for"));
}

#[tokio::test]
async fn a_status_says_what_to_do_next() {
    let newsroom = Newsroom::open();
    let fetcher = fetcher();
    for (status, for_good, blocked, told) in [
        (410, true, false, "/410 is gone for good (410): remove the source or give its new address"),
        (401, false, true, "127.0.0.1 asks for a user name and password (401 Unauthorized)"),
        (403, false, true, "127.0.0.1 refused us (403 Forbidden)"),
        (451, false, true, "127.0.0.1 refused us (451 Unavailable For Legal Reasons)"),
        (404, false, false, "/404 answered 404 Not Found"),
        (500, false, false, "/500 answered 500 Internal Server Error"),
        (206, false, false, "/206 answered 206 Partial Content"),
        (429, false, false, "127.0.0.1 finds that we ask too often (429 Too Many Requests)"),
        (503, false, false, "127.0.0.1 has no time for us now (503 Service Unavailable)"),
    ] {
        let path = format!("/{status}");
        newsroom.set(&path, Answer::ok("a body").with_status(status));
        let error = get(&fetcher, &newsroom.url(&path)).await.unwrap_err();
        assert_eq!((error.for_good(), error.blocked()), (for_good, blocked), "{status}");
        assert!(error.to_string().ends_with(told), "{error}");
    }
}

#[tokio::test]
async fn retry_after_is_told() {
    let newsroom = newsroom(Answer::status(503).header("retry-after", "Fri, 06 Nov 2026 08:05:00 GMT"));
    let error = get(&fetcher(), &newsroom.url("/")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_mins(5)));
    assert_eq!(error.to_string(), "127.0.0.1 asks to be left alone for 5 min (503 Service Unavailable)");
}

#[tokio::test]
async fn what_its_user_configured_is_sent() {
    let newsroom = newsroom(Answer::ok(""));
    let options = RequestOptions {
        user_agent: Some("other/1".into()),
        headers: vec![("X-Key".into(), Secret::new("k3y")), ("accept".into(), Secret::new("text/xml"))],
        basic_auth: Some(("me".into(), Secret::new("s3cret"))),
        proxy: None,
    };
    ask(&fetcher(), &newsroom.url("/"), &options, None).await.unwrap();
    let asked = newsroom.last("/");
    assert_eq!(asked.header("user-agent"), Some("other/1"));
    assert_eq!(asked.header("x-key"), Some("k3y"));
    assert_eq!(asked.header("accept"), Some("text/xml"));
    assert_eq!(asked.header("authorization"), Some("Basic bWU6czNjcmV0"));
    let both = url(&newsroom.url("/").to_string().replace("http://", "http://other:word@"));
    ask(&fetcher(), &both, &options, None).await.unwrap();
    let asked = newsroom.last("/");
    let authorizations: Vec<_> = asked.headers.iter().filter(|(name, _)| name == "authorization").collect();
    assert_eq!(authorizations, [&("authorization".to_string(), "Basic bWU6czNjcmV0".to_string())]);
}

#[tokio::test]
async fn credentials_in_a_url_are_sent_and_never_shown() {
    let newsroom = newsroom(Answer::status(500));
    let mut url = newsroom.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("s3cret")).unwrap();
    let error = get(&fetcher(), &url).await.unwrap_err();
    assert_eq!(newsroom.last("/").header("authorization"), Some("Basic bWU6czNjcmV0"));
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    newsroom.set("/", Answer::ok(""));
    let fetched = get(&fetcher(), &url).await.unwrap();
    assert_eq!(fetched.url, newsroom.url("/"));
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_named() {
    let newsroom = newsroom(Answer::ok(""));
    let options =
        RequestOptions { headers: vec![("X-Key".into(), Secret::new("a\r\nb"))], ..RequestOptions::default() };
    let told = words(ask(&fetcher(), &newsroom.url("/"), &options, None).await);
    assert_eq!(told, "the header X-Key is not fit to be sent: its name or value holds what no header may");
    assert_eq!(newsroom.connections(), 0);
}

#[tokio::test]
async fn only_so_many_requests_are_under_way_at_once() {
    let newsroom = newsroom(Answer::ok("x".repeat(100_000)));
    let (fetcher, _) = fetcher_with(|options| options.fetches_max = 3);
    let url = newsroom.url("/");
    let all = futures_util::future::join_all((0..20).map(|_| get(&fetcher, &url))).await;
    assert!(all.into_iter().all(|one| one.is_ok()));
    assert!(newsroom.at_once_max() <= 3);
}

#[tokio::test]
async fn bodies_wait_for_memory_and_all_come() {
    const BODY: usize = 300_000;
    let newsroom = newsroom(Answer::ok(vec![b'x'; BODY]));
    let (fetcher, _) = fetcher_with(|options| {
        options.body_bytes_max = BODY;
        options.bodies_bytes_max = 2 * BODY;
    });
    let url = newsroom.url("/");
    let all = futures_util::future::join_all((0..20).map(|_| async { get(&fetcher, &url).await.map(bytes) })).await;
    assert!(all.into_iter().all(|one| one.is_ok_and(|body| body.len() == BODY)));
}

#[tokio::test]
async fn bodies_that_are_held_keep_the_memory() {
    const BODY: usize = 100_000;
    let newsroom = newsroom(Answer::ok(vec![b'x'; BODY]));
    let (fetcher, _) = fetcher_with(|options| {
        options.body_bytes_max = BODY;
        options.bodies_bytes_max = BODY;
        options.wait_max = Duration::from_millis(50);
    });
    let url = newsroom.url("/");
    let held = get(&fetcher, &url).await.unwrap();
    assert_eq!(words(get(&fetcher, &url).await), "too many requests to 127.0.0.1 are waiting for their turn");
    drop(held);
    assert!(get(&fetcher, &url).await.is_ok());
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_told() {
    let told = words(get(&fetcher(), &url("http://no-such-name.invalid/")).await);
    let known = [
        "the name no-such-name.invalid does not exist",
        "the name no-such-name.invalid could not be looked up: no name server answered",
    ];
    assert!(known.contains(&told.as_str()), "{told}");
}
