//! An HTTP server for tests that keeps every request and answers as told. It stands on a thread and a runtime of its own, so that it
//! serves a daemon in another process as well as a deliverer in this one. Also [`Server`], which the SMTP sink stands on too.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What an HTTP sink does with a request that it was sent.
#[derive(Debug, Clone)]
pub enum Answer {
    /// This status, with an empty body.
    Status(u16),
    /// This status, these headers, this body.
    Full(u16, Vec<(&'static str, String)>, String),
    /// This status, once whoever asked has gone.
    TooLate(u16),
    /// Reads the request and never answers.
    Never,
    /// Reads nothing but the head, and never answers.
    NeverReads,
    /// Answers 200, begins a body, never goes on.
    Stalls,
    /// Reads the request and closes the connection.
    HangsUp,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// An HTTP sink on loopback; it goes when it is dropped.
pub struct Sink {
    server: Server,
    kept: Arc<Kept>,
    tls: bool,
}

#[derive(Default)]
struct Kept {
    script: Mutex<VecDeque<Answer>>,
    requests: Mutex<Vec<Request>>,
    came: Notify,
}

impl Sink {
    /// Up, and answers 200.
    pub async fn start() -> Self {
        Self::serve(false).await
    }

    /// The same over TLS, with the certificate of [`root`].
    pub async fn start_tls() -> Self {
        Self::serve(true).await
    }

    async fn serve(tls: bool) -> Self {
        let kept = Arc::new(Kept::default());
        let theirs = kept.clone();
        let server = Server::start(move |stream| {
            let kept = theirs.clone();
            Box::pin(async move {
                if tls {
                    let Ok(stream) = TlsAcceptor::from(tls_config()).accept(stream).await else { return };
                    converse(stream, &kept).await;
                } else {
                    converse(stream, &kept).await;
                }
            })
        })
        .await;
        Self { server, kept, tls }
    }

    /// The URL of a path (`/hook`) here.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}{path}", self.server.address.port())
    }

    /// The next requests are answered so, in this order; those after them 200.
    pub fn script(&self, answers: impl IntoIterator<Item = Answer>) {
        self.kept.script.lock().unwrap().extend(answers);
    }

    /// What came so far.
    pub fn requests(&self) -> Vec<Request> {
        self.kept.requests.lock().unwrap().clone()
    }

    /// Waits until `n` requests have come, and gives them.
    pub async fn await_requests(&self, n: usize) -> Vec<Request> {
        await_many(&self.kept.requests, &self.kept.came, n).await
    }

    pub async fn stop(&self) {
        self.server.stop().await;
    }

    /// Up again, at the same port.
    pub async fn start_again(&self) {
        self.server.start_again().await;
    }
}

/// Serves one connection, request after request.
async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, kept: &Kept) {
    let mut unread = vec![];
    while let Some((mut request, length)) = read_head(&mut stream, &mut unread).await {
        let answer = kept.script.lock().unwrap().pop_front().unwrap_or(Answer::Status(200));
        if !matches!(answer, Answer::NeverReads) {
            while unread.len() < length {
                if stream.read_buf(&mut unread).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            request.body = unread.drain(..length).collect();
        }
        kept.requests.lock().unwrap().push(request);
        kept.came.notify_waiters();
        let (status, headers, body) = match answer {
            Answer::Status(status) => (status, vec![], String::new()),
            Answer::Full(status, headers, body) => (status, headers, body),
            Answer::TooLate(status) => {
                while stream.read_buf(&mut unread).await.unwrap_or(0) > 0 {}
                (status, vec![], String::new())
            }
            Answer::HangsUp => return,
            Answer::Never | Answer::NeverReads => return std::future::pending().await,
            Answer::Stalls => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nand then").await;
                return std::future::pending().await;
            }
        };
        let mut head = format!("HTTP/1.1 {status} So\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A request's head, and the length of its body.
async fn read_head(stream: &mut (impl AsyncRead + Unpin), unread: &mut Vec<u8>) -> Option<(Request, usize)> {
    let end = loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(unread).await.unwrap_or(0) == 0 {
            return None;
        }
    };
    let head = String::from_utf8(unread.drain(..end + 4).collect()).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ').map(str::to_string);
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_string(), v.to_string())).collect();
    let request = Request { method: first.next()?, path: first.next()?, headers, body: vec![] };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    Some((request, length))
}

/// Waits until `n` things have come.
pub async fn await_many<T: Clone>(kept: &Mutex<Vec<T>>, came: &Notify, n: usize) -> Vec<T> {
    let all = async {
        loop {
            let next = came.notified();
            let mut next = std::pin::pin!(next);
            // Enabled first, looked at second: nothing that comes in between is missed.
            next.as_mut().enable();
            let so_far = kept.lock().unwrap().clone();
            if so_far.len() >= n {
                return so_far;
            }
            next.await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, all).await;
    waited.unwrap_or_else(|_| panic!("{} of {n} came in {PATIENCE:?}", kept.lock().unwrap().len()))
}

/// A certificate for `localhost` and 127.0.0.1, as PEM: what a client must trust to talk TLS with the sinks.
pub fn root() -> Vec<u8> {
    CERTIFICATE.cert.pem().into_bytes()
}

/// TLS with that certificate.
pub fn tls_config() -> Arc<ServerConfig> {
    let key = CERTIFICATE.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CERTIFICATE.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

static CERTIFICATE: LazyLock<rcgen::CertifiedKey<rcgen::KeyPair>> = LazyLock::new(|| {
    rcgen::generate_simple_self_signed(vec!["localhost".to_string(), "127.0.0.1".to_string()]).unwrap()
});

type Serve = dyn Fn(TcpStream) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// A TCP server on loopback that can go down and come up again at the same port.
pub struct Server {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    serve: Arc<Serve>,
    running: Mutex<Option<Running>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
}

impl Server {
    pub async fn start(
        serve: impl Fn(TcpStream) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync + 'static,
    ) -> Self {
        let (serve, connections): (Arc<Serve>, _) = (Arc::new(serve), Arc::new(AtomicUsize::new(0)));
        let (address, running) = run("127.0.0.1:0".parse().unwrap(), serve.clone(), connections.clone()).await;
        Self { address, connections, serve, running: Mutex::new(Some(running)) }
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Down: its connections are closed, new ones are refused.
    pub async fn stop(&self) {
        let running = self.running.lock().unwrap().take();
        if let Some(running) = running {
            let _ = running.stop.send(());
            let _ = running.stopped.await;
        }
    }

    /// Up again, at the same port.
    pub async fn start_again(&self) {
        self.stop().await;
        let (_, running) = run(self.address, self.serve.clone(), self.connections.clone()).await;
        *self.running.lock().unwrap() = Some(running);
    }
}

/// Serves on a thread of its own until it is told to stop, or until nobody can tell it any more.
async fn run(address: SocketAddr, serve: Arc<Serve>, count: Arc<AtomicUsize>) -> (SocketAddr, Running) {
    let (stop, mut told) = oneshot::channel::<()>();
    let (gone, stopped) = oneshot::channel::<()>();
    let (up, port) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind(address).await.unwrap();
            up.send(listener.local_addr().unwrap()).unwrap();
            let mut conversations = JoinSet::new();
            loop {
                tokio::select! {
                    _ = &mut told => break,
                    Some(_) = conversations.join_next() => {}
                    Ok((stream, _)) = listener.accept() => {
                        count.fetch_add(1, Ordering::SeqCst);
                        stream.set_nodelay(true).unwrap();
                        conversations.spawn(serve(stream));
                    }
                }
            }
        });
        drop(runtime);
        let _ = gone.send(());
    });
    (port.await.unwrap(), Running { stop, stopped })
}
