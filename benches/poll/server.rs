//! The wire's server on loopback, and the sink for alerts: no more HTTP than it takes. In: what is published. Out: documents with
//! validators, and a count of all that was asked.

use super::hostile;
use super::names::Names;
use super::news::{News, SOURCES};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the feeds are called before and after they bring something new.
pub const ETAGS: [&str; 2] = ["\"before\"", "\"after\""];

pub struct Server {
    port: u16,
    how: Place,
    shared: Arc<Shared>,
}

/// Where the sources stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All on one host.
    One,
    /// Each on a loopback address of its own.
    Addresses,
    /// Each under a name and a certificate of its own.
    Names,
}

struct Shared {
    news: Arc<News>,
    /// How many entries are new in each feed: 0 or 1.
    published: AtomicUsize,
    asked: [AtomicUsize; 6],
}

/// What was asked since the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub feeds: usize,
    pub unchanged: usize,
    pub pages: usize,
    pub robots: usize,
    pub alerts: usize,
    /// Notices: what first polls would have alerted.
    pub notices: usize,
}

impl Told {
    pub fn requests(&self) -> usize {
        self.documents().0 + self.documents().1 + self.pages + self.robots + self.alerts + self.notices
    }

    /// What the bare loop asks for as well.
    pub fn documents(&self) -> (usize, usize, usize) {
        (self.feeds, self.unchanged, self.pages)
    }
}

impl Server {
    pub fn open(news: Arc<News>, how: Place, names: Option<&Names>) -> Self {
        let at = if how == Place::Addresses { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let tls = names.map(Names::acceptor);
        let listener = std::net::TcpListener::bind((at, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { news, published: 0.into(), asked: Default::default() });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                let mut peers = tokio::task::JoinSet::new();
                loop {
                    let (peer, _) = listener.accept().await.unwrap();
                    let _ = peer.set_nodelay(true);
                    let (tls, serving) = (tls.clone(), Arc::clone(&serving));
                    peers.spawn(async move {
                        // The sink has no name, and a client's first byte tells whether it speaks TLS (RFC 8446, section 5.1).
                        let mut first = [0];
                        match tls {
                            Some(tls) if matches!(peer.peek(&mut first).await, Ok(1)) && first[0] == 22 => {
                                if let Ok(peer) = TlsAcceptor::accept(&tls, peer).await {
                                    serve(peer, "https", serving).await;
                                }
                            }
                            _ => serve(peer, "http", serving).await,
                        }
                    });
                    while peers.try_join_next().is_some() {}
                }
            });
        });
        Self { port, how, shared }
    }

    pub fn publish(&self, new: usize) {
        self.shared.published.store(new, Relaxed);
    }

    pub fn told(&self) -> Told {
        let [feeds, unchanged, pages, robots, alerts, notices] =
            std::array::from_fn(|n| self.shared.asked[n].swap(0, Relaxed));
        Told { feeds, unchanged, pages, robots, alerts, notices }
    }

    pub fn feed(&self, source: usize) -> String {
        let own = if self.how == Place::Addresses { source + 1 } else { 0 };
        match self.how {
            Place::Names => format!("https://{}:{}/{source}/feed", super::names::name(source), self.port),
            _ => format!("http://127.0.{}.{}:{}/{source}/feed", own / 250, own % 250 + 1, self.port),
        }
    }

    /// How many robots.txt the pages of so many sources stand behind.
    pub fn robots(&self, sources: usize) -> usize {
        if self.how == Place::One { 1 } else { sources }
    }

    /// A source that is broken in one of the ways of [`hostile`].
    pub fn broken(&self, way: usize) -> String {
        format!("http://127.0.0.1:{}/broken/{way}", self.port)
    }

    pub fn sink(&self) -> String {
        format!("http://127.0.0.1:{}/sink", self.port)
    }
}

/// Where the new entry of a feed leads.
pub fn page_of(feed: &str) -> String {
    feed.replace("/feed", "/new.html")
}

async fn serve(mut peer: impl AsyncRead + AsyncWrite + Unpin, scheme: &str, shared: Arc<Shared>) {
    let mut came = Vec::with_capacity(4096);
    let mut answer = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = memchr::memmem::find(&came, b"\r\n\r\n") {
                break end + 4;
            }
            if !matches!(peer.read_buf(&mut came).await, Ok(1..)) {
                return;
            }
        };
        let words = String::from_utf8_lossy(&came[..head]).to_ascii_lowercase();
        let header = |name: &str| words.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let body: usize = header("content-length:").map_or(0, |length| length.parse().unwrap());
        while came.len() < head + body {
            if !matches!(peer.read_buf(&mut came).await, Ok(1..)) {
                return;
            }
        }
        answer.clear();
        let path = words.split(' ').nth(1).unwrap_or_default();
        if let Some(way) = path.strip_prefix("/broken/") {
            return hostile::answer(way.parse().unwrap(), &mut peer).await;
        }
        let base = format!("{scheme}://{}", header("host:").unwrap_or_default());
        shared.answer(path, header("if-none-match:"), &base, &came[head..head + body], &mut answer);
        came.drain(..head + body);
        if peer.write_all(&answer).await.is_err() {
            return;
        }
    }
}

impl Shared {
    fn answer(&self, path: &str, known: Option<&str>, base: &str, body: &[u8], answer: &mut Vec<u8>) {
        let count = |n: usize| self.asked[n].fetch_add(1, Relaxed);
        let (source, document) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
        let source: usize = source.parse().unwrap_or(0);
        // Beyond the first thousand the same news again, under addresses of their own, and nothing new.
        let new = if source < SOURCES { self.published.load(Relaxed) } else { 0 };
        match document {
            "feed" if known == Some(ETAGS[new]) => {
                count(1);
                answer.extend(format!("HTTP/1.1 304 Not Modified\r\netag: {}\r\n\r\n", ETAGS[new]).bytes());
            }
            "feed" => {
                count(0);
                let (kind, text) = self.news.feed(source, new, base);
                whole(answer, &format!("content-type: {kind}\r\netag: {}\r\n", ETAGS[new]), text.as_bytes());
            }
            "new.html" => {
                count(2);
                whole(
                    answer,
                    "content-type: text/html; charset=utf-8\r\n",
                    self.news.page(source % SOURCES).as_bytes(),
                );
            }
            _ if path == "/sink" => {
                // The bare loop's posts are neither.
                if memchr::memmem::find(body, b"alert.matched").is_some() {
                    count(4);
                } else if body.starts_with(b"{") {
                    count(5);
                }
                answer.extend(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
            _ => {
                if path == "/robots.txt" {
                    count(3);
                }
                answer.extend(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
            }
        }
    }
}

fn whole(answer: &mut Vec<u8>, headers: &str, body: &[u8]) {
    answer.extend(format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len()).bytes());
    answer.extend(body);
}
