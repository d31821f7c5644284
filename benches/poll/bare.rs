//! The least that the same requests cost: a reqwest loop that throws away what it reads, as a process of its own.

use super::names::Names;
use super::server::Server;
use std::process::{Command, Stdio};
use tokio::task::JoinSet;

/// Requests under way at once: as many as wirewatch has.
const SIDE_BY_SIDE: usize = 64;
/// About what a webhook's body is.
const POST_BYTES: usize = 1500;

/// This program again, as the loop over the requests of one pass.
pub fn command(pass: &str, server: &Server, sources: usize, names: Option<&Names>) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("bare").arg(pass).arg(server.sink());
    command.args((0..sources).map(|source| server.feed(source)));
    let mut command = names.map(|names| names.known_to(&command)).unwrap_or(command);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// `pass`, the sink, and the feeds.
pub fn run(words: &[&str]) {
    let [pass, sink, feeds @ ..] = words else { panic!("started by hand?") };
    let client = reqwest::Client::builder().no_proxy();
    let tls = feeds.iter().any(|feed| feed.starts_with("https:"));
    let client = if tls { client } else { client.tls_certs_only([]) }.build().unwrap();
    let one = |feed: &str| {
        let (client, feed, sink, pass) = (client.clone(), feed.to_string(), (*sink).to_string(), (*pass).to_string());
        async move {
            let get = client.get(&feed);
            let get = if pass == "unchanged" { get.header("if-none-match", super::server::ETAGS[0]) } else { get };
            get.send().await.unwrap().bytes().await.unwrap();
            if pass == "new" {
                client.get(super::server::page_of(&feed)).send().await.unwrap().bytes().await.unwrap();
                client.post(sink).body(vec![b'x'; POST_BYTES]).send().await.unwrap().bytes().await.unwrap();
            }
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // On all threads, as wirewatch works.
        let mut turns = JoinSet::new();
        for feed in feeds {
            if turns.len() == SIDE_BY_SIDE {
                turns.join_next().await.unwrap().unwrap();
            }
            turns.spawn(one(feed));
        }
        turns.join_all().await;
    });
}
