//! fetch against a real server on loopback, as kind and as hostile as the web.

mod addresses;
mod answers;
mod hostile;
mod pace;
mod redirects;
mod robots;
mod tls;

use crate::newsroom::{Answer, Newsroom};
use std::time::Duration;
use url::Url;
use wirewatch::clock::Clock;
use wirewatch::fetch::{Body, FetchError, Fetched, Fetcher, Options, Request, Roots, Want};
use wirewatch::model::{RequestOptions, Validators};

const NOW: &str = "2026-11-06T08:00:00Z";

/// A fetcher that may reach loopback, with times short enough for tests, and its clock, which stands still.
fn fetcher_with(change: impl FnOnce(&mut Options)) -> (Fetcher, Clock) {
    let clock = Clock::standing_at(NOW.parse().unwrap());
    let mut options = Options::new("wirewatch/0 (+desk@example.org)".into());
    options.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
    options.tls_roots = Roots::Nobody;
    options.spacing = Duration::ZERO;
    change(&mut options);
    (Fetcher::new(options, clock.clone()).unwrap(), clock)
}

fn fetcher() -> Fetcher {
    fetcher_with(|_| {}).0
}

async fn get(fetcher: &Fetcher, url: &Url) -> Result<Fetched, FetchError> {
    ask(fetcher, url, &RequestOptions::default(), None).await
}

async fn ask(
    fetcher: &Fetcher,
    url: &Url,
    options: &RequestOptions,
    validators: Option<&Validators>,
) -> Result<Fetched, FetchError> {
    fetcher.get(&Request { url, own: url, validators, options, want: Want::Feed, robots: false }).await
}

/// Sends requests through the newsroom as a proxy, so that names of the public web lead to it: its paths are whole URLs.
fn through(newsroom: &Newsroom) -> RequestOptions {
    RequestOptions { proxy: Some(newsroom.url("/")), ..RequestOptions::default() }
}

fn url(url: &str) -> Url {
    url.parse().unwrap()
}

fn bytes(fetched: Fetched) -> Vec<u8> {
    match fetched.body {
        Body::Bytes(bytes) => bytes,
        Body::NotModified => panic!("a body was expected"),
    }
}

fn words(result: Result<Fetched, FetchError>) -> String {
    result.map(|fetched| fetched.url).unwrap_err().to_string()
}

/// A newsroom with one page, `/`.
fn newsroom(answer: Answer) -> Newsroom {
    let newsroom = Newsroom::open();
    newsroom.set("/", answer);
    newsroom
}
