//! Servers that mean harm, or cannot help it: each ends in an error that says what they did, within its bounds.

use super::{Fetcher, bytes, fetcher, fetcher_with, get, newsroom, url, words};
use crate::newsroom::{Answer, Manner, Newsroom, gzip};
use std::time::{Duration, Instant};

/// A fetcher with little patience: as many milliseconds in all, and between two pieces.
fn impatient(in_all: u64, between: u64) -> Fetcher {
    let (fetcher, _) = fetcher_with(|options| {
        options.time_max = Duration::from_millis(in_all);
        options.body_idle_max = Duration::from_millis(between);
    });
    fetcher
}

fn small(bytes_max: usize) -> Fetcher {
    fetcher_with(|options| options.body_bytes_max = bytes_max).0
}

#[tokio::test]
async fn a_byte_now_and_then_ends_with_the_time_in_all() {
    let newsroom = newsroom(Answer::ok("x").manner(Manner::Trickle(Duration::from_millis(20))));
    let told = words(get(&impatient(300, 10_000), &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 was not done within 300 ms");
}

#[tokio::test]
async fn a_body_that_stops_ends_with_the_time_between_pieces() {
    let newsroom = newsroom(Answer::ok("<rss>").manner(Manner::Stall));
    let told = words(get(&impatient(60_000, 50), &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 stopped in the middle and sent nothing for 50 ms");
}

#[tokio::test]
async fn a_server_that_never_answers_ends_with_the_time_in_all() {
    let newsroom = newsroom(Answer::ok("").manner(Manner::Silence));
    let told = words(get(&impatient(100, 10_000), &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 was not done within 100 ms");
}

#[tokio::test]
async fn a_body_without_end_is_cut_off_at_the_bound() {
    let newsroom = newsroom(Answer::ok("<item/>").manner(Manner::Endless));
    let told = words(get(&small(1 << 20), &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 sent more than 1 MiB, the largest that is read (fetch.body_max)");
}

#[tokio::test]
async fn a_body_of_just_the_bound_is_read() {
    let newsroom = newsroom(Answer::ok(vec![b'x'; 1 << 20]));
    assert_eq!(bytes(get(&small(1 << 20), &newsroom.url("/")).await.unwrap()).len(), 1 << 20);
    assert!(get(&small((1 << 20) - 1), &newsroom.url("/")).await.is_err());
    newsroom.set("/", Answer::ok(vec![b'x'; 1 << 20]).manner(Manner::Chunked));
    assert_eq!(bytes(get(&small(1 << 20), &newsroom.url("/")).await.unwrap()).len(), 1 << 20);
    assert!(get(&small((1 << 20) - 1), &newsroom.url("/")).await.is_err());
}

#[tokio::test]
async fn a_gzip_bomb_stops_at_the_bound() {
    // 64 MiB that arrive as 64 KiB.
    let newsroom = newsroom(Answer::ok(vec![0; 64 << 20]).gzip());
    let told = words(get(&small(256 << 10), &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 sent more than 256 KiB, the largest that is read (fetch.body_max)");
}

#[tokio::test]
async fn compression_within_compression_is_refused() {
    let newsroom = newsroom(Answer::ok(gzip(b"x")).gzip());
    let fetcher = fetcher();
    let told = words(get(&fetcher, &newsroom.url("/")).await);
    assert_eq!(told, "127.0.0.1 sent its answer compressed in a way that nobody asked for: gzip within its encoding");
    for encoding in ["gzip, gzip", "gzip, br", "x-snappy", "br,"] {
        newsroom.set("/", Answer::ok(gzip(b"x")).header("content-encoding", encoding));
        let told = words(get(&fetcher, &newsroom.url("/")).await);
        assert!(told.ends_with(&format!("that nobody asked for: {encoding}")), "{told}");
    }
    newsroom.set("/", Answer::ok(gzip(b"x")).gzip().header("content-encoding", "gzip"));
    assert!(words(get(&fetcher, &newsroom.url("/")).await).contains("that nobody asked for"));
}

#[tokio::test]
async fn a_damaged_compression_is_told() {
    let whole = gzip("новости ".repeat(1000).as_bytes());
    let newsroom = newsroom(Answer::ok(&whole[..whole.len() / 2]).header("content-encoding", "gzip"));
    let fetcher = fetcher();
    let told = "127.0.0.1 sent an answer that is damaged: it does not decompress";
    assert_eq!(words(get(&fetcher, &newsroom.url("/")).await), told);
    for encoding in ["gzip", "br", "zstd", "deflate"] {
        newsroom.set("/", Answer::ok("<rss>plain</rss>").header("content-encoding", encoding));
        assert_eq!(words(get(&fetcher, &newsroom.url("/")).await), told, "{encoding}");
    }
}

#[tokio::test]
async fn a_wrong_length_is_told_or_taken_at_its_word() {
    let newsroom = newsroom(Answer::ok("<rss/>").manner(Manner::Length(600)));
    let fetcher = fetcher();
    assert_eq!(words(get(&fetcher, &newsroom.url("/")).await), "127.0.0.1 hung up in the middle of its answer");
    newsroom.set("/", Answer::ok("<rss/> and more").manner(Manner::Length(6)));
    assert_eq!(bytes(get(&fetcher, &newsroom.url("/")).await.unwrap()), b"<rss/>");
    newsroom.set("/", Answer::ok("<rss/>").manner(Manner::Length(usize::MAX / 4)));
    let before = Instant::now();
    assert!(words(get(&fetcher, &newsroom.url("/")).await).contains("more than 8 MiB"));
    assert!(before.elapsed() < Duration::from_secs(10), "what is announced as too long is not waited for");
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let fetcher = fetcher();
    let cookies = (0..1000).fold(Answer::ok(""), |answer, n| answer.header("set-cookie", format!("c{n}={n}")));
    let long = (0..90).fold(Answer::ok(""), |answer, n| answer.header(&format!("x-{n}"), "v".repeat(1000)));
    let one = Answer::ok("").header("x", "v".repeat(64 << 10));
    let huge = Answer::ok("").header("x", "v".repeat(2 << 20));
    for (answer, name) in [(cookies, "cookies"), (long, "long"), (one, "one"), (huge, "huge")] {
        let newsroom = newsroom(answer);
        assert_eq!(words(get(&fetcher, &newsroom.url("/")).await), "127.0.0.1 sent too many headers", "{name}");
    }
    let newsroom = newsroom(Answer::ok("fine").header("x", "v".repeat(60_000)));
    assert!(get(&fetcher, &newsroom.url("/")).await.is_ok());
}

#[tokio::test]
async fn what_is_not_http_is_told_in_one_line() {
    let fetcher = fetcher();
    for (raw, told) in [
        ("220 mail.example ESMTP\r\n", "127.0.0.1 answered something that is not HTTP: "),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            "127.0.0.1 answered something that is not HTTP: ",
        ),
        ("HTTP/1.1 200", "127.0.0.1 hung up before it answered"),
    ] {
        let newsroom = newsroom(Answer::ok("").manner(Manner::Raw(raw.into())));
        let words = words(get(&fetcher, &newsroom.url("/")).await);
        assert!(words.starts_with(told), "{words}");
        assert!(!words.contains(char::is_control));
    }
}

#[tokio::test]
async fn a_broken_header_line_does_not_cost_the_feed() {
    let raw = "HTTP/1.1 200 OK\r\nbad header\u{1b}[31m\r\nX-Y : z\r\nContent-Length: 6\r\n\r\n<rss/>";
    let newsroom = newsroom(Answer::ok("").manner(Manner::Raw(raw.into())));
    assert_eq!(bytes(get(&fetcher(), &newsroom.url("/")).await.unwrap()), b"<rss/>");
}

#[tokio::test]
async fn who_hangs_up_or_is_not_there_is_told_apart() {
    let newsroom = newsroom(Answer::ok("").manner(Manner::HangUp));
    assert_eq!(words(get(&fetcher(), &newsroom.url("/")).await), "127.0.0.1 hung up before it answered");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = words(get(&fetcher(), &url(&format!("http://127.0.0.1:{port}/"))).await);
    assert_eq!(told, "127.0.0.1 refused the connection: nothing listens there");
}

#[tokio::test]
async fn a_hostile_server_does_not_hold_up_the_others() {
    let hostile = newsroom(Answer::ok("").manner(Manner::Silence));
    let kind = Newsroom::open();
    kind.set("/", Answer::ok("fine"));
    let fetcher = impatient(5_000, 5_000);
    let (bad, good) = (hostile.url("/"), kind.url("/"));
    let waits = futures_util::future::join_all((0..10).map(|_| get(&fetcher, &bad)));
    let serves = async {
        for _ in 0..50 {
            get(&fetcher, &good).await.unwrap();
        }
    };
    tokio::select! {
        _ = waits => panic!("the hostile server was not slower than fifty requests"),
        () = serves => {}
    }
}
