//! Who a server proves to be.

use super::{ask, bytes, fetcher_with, get, url, words};
use crate::newsroom::{Answer, Authority};
use std::net::TcpListener;
use std::time::Duration;
use wirewatch::clock::Clock;
use wirewatch::fetch::{Fetcher, Options, Roots};
use wirewatch::model::{RequestOptions, Secret};

/// A fetcher that trusts this authority alone.
fn trusting(authority: &Authority) -> Fetcher {
    fetcher_with(|options| options.tls_roots = authority.roots()).0
}

#[tokio::test]
async fn a_server_that_proves_itself_is_read() {
    let authority = Authority::new();
    let newsroom = authority.newsroom("localhost", 2100);
    let fetched = get(&trusting(&authority), &newsroom.url_at("localhost", "/")).await.unwrap();
    assert_eq!(bytes(fetched), b"proven");
}

#[tokio::test]
async fn one_that_does_not_is_told_why() {
    let authority = Authority::new();
    let fetcher = trusting(&authority);
    for (newsroom, told) in [
        (authority.newsroom("localhost", 2021), "localhost's certificate has expired"),
        (authority.newsroom("other.example", 2100), "localhost's certificate is for another name"),
        (
            Authority::named("another").newsroom("localhost", 2100),
            "localhost's certificate was issued by nobody whom this machine trusts",
        ),
    ] {
        assert_eq!(words(get(&fetcher, &newsroom.url_at("localhost", "/")).await), told);
        assert_eq!(newsroom.log().len(), 0);
    }
}

#[tokio::test]
async fn without_roots_plain_http_works_and_https_does_not() {
    let authority = Authority::new();
    let newsroom = authority.newsroom("localhost", 2100);
    let (rootless, _) = fetcher_with(|options| options.tls_roots = Roots::Nobody);
    let told = words(get(&rootless, &newsroom.url_at("localhost", "/")).await);
    assert_eq!(told, "localhost's certificate was issued by nobody whom this machine trusts");
    let plain = super::newsroom(Answer::ok(""));
    assert!(get(&rootless, &plain.url("/")).await.is_ok());
}

#[tokio::test]
async fn a_stalled_handshake_ends_with_the_time_to_connect() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = Authority::new();
    let (fetcher, _) = fetcher_with(|options| {
        options.tls_roots = authority.roots();
        options.connect_time_max = Duration::from_millis(100);
    });
    let at = url(&format!("https://localhost:{}/", silent.local_addr().unwrap().port()));
    assert_eq!(words(get(&fetcher, &at).await), "localhost did not answer within 100 ms");
}

#[tokio::test]
async fn tls_to_a_server_without_it_is_told() {
    let plain = super::newsroom(Answer::ok(""));
    let at = url(&plain.url_at("localhost", "/").to_string().replace("http:", "https:"));
    let told = words(get(&trusting(&Authority::new()), &at).await);
    assert!(told.starts_with("localhost "), "{told}");
}

#[tokio::test]
async fn credentials_never_go_from_https_to_http() {
    let authority = Authority::new();
    let (secure, plain) = (authority.newsroom("localhost", 2100), super::newsroom(Answer::ok("plain")));
    secure.set("/", Answer::redirect(301, plain.url("/")));
    let fetcher = trusting(&authority);
    let from = secure.url_at("localhost", "/");
    assert_eq!(bytes(get(&fetcher, &from).await.unwrap()), b"plain");
    let options = RequestOptions { headers: vec![("x-key".into(), Secret::new("k3y"))], ..Default::default() };
    let told = words(ask(&fetcher, &from, &options, None).await);
    assert_eq!(told, format!("refused: {from} redirects from https to plain http, and this source sends credentials"));
    assert_eq!(plain.count("/"), 1);
}

#[test]
fn a_name_that_is_no_header_is_refused_at_the_start() {
    let mut options = Options::new("bad\nname".into());
    options.tls_roots = Roots::Nobody;
    let error = Fetcher::new(options, Clock::system()).err().unwrap();
    assert!(error.to_string().starts_with("no HTTP client can be made with these settings: "), "{error}");
}

/// Runs one test of this binary again, in a process with this environment; whether it passed.
fn passes_with(environment: &[(&str, &str)], test: &str) -> bool {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.envs(environment.iter().copied()).args(["--exact", test]);
    let done = child.output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(told.contains("1 passed") || !done.status.success(), "{told}");
    done.status.success()
}

#[test]
fn without_ca_certificates_the_remedy_is_told() {
    if std::env::var_os("SSL_CERT_FILE").is_none_or(|file| file != "/nowhere") {
        let nowhere = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
        assert!(passes_with(&nowhere, "fetch::tls::without_ca_certificates_the_remedy_is_told"));
        return;
    }
    let error = Fetcher::new(Options::new("wirewatch/0".into()), Clock::system()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "no CA certificates were found on this machine, so no https server can prove who it is; \
         install them: apt install ca-certificates"
    );
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_heeded() {
    if std::env::var_os("http_proxy").is_none_or(|proxy| proxy != "http://127.0.0.1:1") {
        let proxy = [("http_proxy", "http://127.0.0.1:1"), ("all_proxy", "http://127.0.0.1:1")];
        assert!(passes_with(&proxy, "fetch::tls::a_proxy_of_the_environment_is_not_heeded"));
        return;
    }
    let newsroom = super::newsroom(Answer::ok("direct"));
    let (fetcher, _) = fetcher_with(|_| {});
    assert_eq!(bytes(get(&fetcher, &newsroom.url("/")).await.unwrap()), b"direct");
}
