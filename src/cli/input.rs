//! What a verb reads: a file, standard input (`-`) or a URL, within the same bounds as the daemon.

use super::Failure;
use crate::app;
use crate::clock::Clock;
use crate::config::Settings;
use crate::fetch::{self, Body, Fetcher, Request, Want};
use crate::model::RequestOptions;
use crate::model::limits::BODY_BYTES_MAX;
use ipnet::IpNet;
use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use url::{Host, Url};

/// A document and what is known of it.
pub(super) struct Input {
    pub(super) bytes: Vec<u8>,
    pub(super) url: Option<Url>,
    pub(super) content_type: Option<String>,
}

/// Reads a document. `base` is the address that it is to be taken for.
pub(super) fn read(from: &str, base: Option<&Url>, content_type: Option<&str>, want: Want) -> Result<Input, Failure> {
    let mut input = match web(from) {
        Some(url) => fetched(&url, &url, want)?,
        None => Input { bytes: local(from)?, url: None, content_type: None },
    };
    input.url = base.cloned().or(input.url);
    input.content_type = content_type.map(ToString::to_string).or(input.content_type);
    Ok(input)
}

/// The argument as a web address, if it is one.
pub(super) fn web(from: &str) -> Option<Url> {
    let url = Url::parse(from).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Whether what names no file begins like the name of a host: `www.gazeta.uz/ru/1`, `gazeta.uz`.
fn is_host(from: &str) -> bool {
    const FILES: [&str; 14] =
        ["html", "htm", "txt", "xml", "json", "jsonl", "csv", "toml", "md", "pdf", "rss", "atom", "opml", "rtf"];
    let (host, rest) = from.split_once(['/', ':', '?']).map_or((from, None), |(host, rest)| (host, Some(rest)));
    let good = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    let Some((name, last)) = host.rsplit_once('.') else { return false };
    let top = last.len() >= 2 && last.chars().all(char::is_alphabetic);
    top && name.split('.').all(good) && (rest.is_some() || !FILES.contains(&&*last.to_lowercase()))
}

pub(super) fn local(from: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let max = BODY_BYTES_MAX as u64;
    let read = if from == "-" {
        io::stdin().lock().take(max + 1).read_to_end(&mut bytes)
    } else {
        File::open(from).and_then(|file| file.take(max + 1).read_to_end(&mut bytes))
    };
    read.map_err(|fault| {
        let hint = if fault.kind() == io::ErrorKind::NotFound && is_host(from) {
            format!("; for a page on the web write https://{from}")
        } else {
            String::new()
        };
        Failure::work(format!("{from} cannot be read: {fault}{hint}"))
    })?;
    if bytes.len() > BODY_BYTES_MAX {
        return Err(Failure::work(format!("{from} is larger than {} MiB", BODY_BYTES_MAX >> 20)));
    }
    Ok(bytes)
}

/// Reads what a page links to. Only the page's address was typed by a person: no other private one is reached.
pub(super) fn linked(href: &str, page: &Url, want: Want) -> Result<Input, Failure> {
    let url = web(href).ok_or_else(|| Failure::work(format!("{href} is no web address")))?;
    fetched(&url, page, want)
}

fn fetched(url: &Url, by_hand: &Url, want: Want) -> Result<Input, Failure> {
    let named = app::user_agent(None);
    fetched_as(url, want, fetch::Options { allow_private: typed(by_hand), ..fetch::Options::new(named) })
}

/// Reads an address as the daemon of a configuration would: within its bounds, and private ones only where it may.
pub(super) fn polled(url: &Url, want: Want, settings: &Settings) -> Result<Input, Failure> {
    // One https address is more than a configuration may have that is all loopback.
    fetched_as(url, want, fetch::Options { tls_roots: fetch::Roots::System, ..app::fetch_options(settings) })
}

fn fetched_as(url: &Url, want: Want, options: fetch::Options) -> Result<Input, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let fetcher = Fetcher::new(options, Clock::system()).map_err(Failure::work)?;
        let none = RequestOptions::default();
        let request = Request { url, own: url, validators: None, options: &none, want, robots: false };
        let fetched = fetcher.get(&request).await.map_err(Failure::work)?;
        match fetched.body {
            Body::Bytes(bytes) => Ok(Input { bytes, url: Some(fetched.url), content_type: fetched.content_type }),
            Body::NotModified => Err(Failure::work(format!("{url} answered 304 although nothing was asked"))),
        }
    })
}

/// A person who types a private address means it: that address, and no other, is reached.
fn typed(url: &Url) -> Vec<IpNet> {
    match url.host() {
        Some(Host::Ipv4(ip)) => vec![IpNet::from(IpAddr::from(ip))],
        Some(Host::Ipv6(ip)) => vec![IpNet::from(IpAddr::from(ip))],
        Some(Host::Domain("localhost")) => {
            ["127.0.0.1", "::1"].iter().filter_map(|ip| ip.parse::<IpAddr>().ok()).map(IpNet::from).collect()
        }
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn the_name_of_a_host_is_told_from_that_of_a_file() {
        for host in ["www.gazeta.uz/ru/1", "gazeta.uz", "news.example:8080/x", "президент.рф/x"] {
            assert!(is_host(host), "{host}");
        }
        for file in ["article.html", "./a.uz/x", "news", "a b.uz/x", "notes/gazeta.uz", ".uz", "data.v2"] {
            assert!(!is_host(file), "{file}");
        }
    }
}
