//! Sources that are broken in the worst ways of the field notes. In: which way, and who asks. Out: harm.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::sleep;

pub const WAYS: [&str; 12] = [
    "a byte a second",
    "a body without an end",
    "silence behind the head",
    "silence from the beginning",
    "10 MB of gzip that unpack to 10 GB",
    "a million nested elements",
    "a billion laughs",
    "100,000 entries",
    "a title of 10 MB",
    "100,000 attributes",
    "a head without an end",
    "50,000 nested divisions",
];

const PIECE_BYTES: usize = 64 << 10;
const FOR_EVER: Duration = Duration::from_hours(1);

pub async fn answer(way: usize, peer: &mut (impl AsyncWrite + Unpin)) {
    // Whoever is harmed hangs up: that ends it.
    let _ = harm(way, peer).await;
}

async fn harm(way: usize, peer: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
    const XML: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n";
    match WAYS[way] {
        "a byte a second" => {
            peer.write_all(format!("{XML}content-length: 100000\r\n\r\n").as_bytes()).await?;
            for byte in b"<rss><channel>".iter().cycle() {
                peer.write_all(&[*byte]).await?;
                sleep(Duration::from_secs(1)).await;
            }
        }
        "a body without an end" => {
            peer.write_all(format!("{XML}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
            let chunk = format!("{PIECE_BYTES:x}\r\n{}\r\n", " ".repeat(PIECE_BYTES));
            loop {
                peer.write_all(chunk.as_bytes()).await?;
            }
        }
        "silence behind the head" => {
            peer.write_all(format!("{XML}content-length: 1000\r\n\r\n").as_bytes()).await?;
            sleep(FOR_EVER).await;
        }
        "silence from the beginning" => sleep(FOR_EVER).await,
        "10 MB of gzip that unpack to 10 GB" => {
            peer.write_all(format!("{XML}content-encoding: gzip\r\n\r\n").as_bytes()).await?;
            let mut packer = GzEncoder::new(vec![], Compression::fast());
            packer.write_all(&vec![b' '; 64 << 20])?;
            let packed = packer.finish()?;
            for _ in 0..160 {
                peer.write_all(&packed).await?;
            }
        }
        "a million nested elements" => document(peer, XML, &"<a>".repeat(1_000_000)).await?,
        "a billion laughs" => {
            let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY l0 \"lol\">");
            for n in 1..10 {
                text += &format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
            }
            text +=
                "]><rss version=\"2.0\"><channel><title>&l9;</title><item><title>&l9;</title></item></channel></rss>";
            document(peer, XML, &text).await?;
        }
        "100,000 entries" => {
            let entries: String = (0..100_000)
                .map(|n| format!("<item><title>{n}</title><link>http://a.test/{n}</link></item>"))
                .collect();
            document(peer, XML, &format!("<rss version=\"2.0\"><channel>{entries}</channel></rss>")).await?;
        }
        "a title of 10 MB" => {
            let title = "t".repeat(10 << 20);
            let text = format!("<rss version=\"2.0\"><channel><item><title>{title}</title></item></channel></rss>");
            document(peer, XML, &text).await?;
        }
        "100,000 attributes" => {
            let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
            document(peer, XML, &format!("<rss version=\"2.0\"{attributes}><channel/></rss>")).await?;
        }
        "a head without an end" => {
            peer.write_all(XML.as_bytes()).await?;
            for n in 0.. {
                peer.write_all(format!("x-{n}: {}\r\n", "y".repeat(1000)).as_bytes()).await?;
            }
        }
        _ => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";
            document(peer, head, &format!("<html><body>{}", "<div>".repeat(50_000))).await?;
        }
    }
    Ok(())
}

async fn document(peer: &mut (impl AsyncWrite + Unpin), head: &str, text: &str) -> std::io::Result<()> {
    peer.write_all(format!("{head}content-length: {}\r\n\r\n", text.len()).as_bytes()).await?;
    peer.write_all(text.as_bytes()).await
}
