//! A small newsroom on loopback: a real HTTP/1.1 server over TCP (or TLS) whose pages are set while it runs, and which can be
//! as hostile as the web. In: answers per path. Out: its URLs, and a log of what was asked. It never waits by the clock alone:
//! a slow answer ends when its reader goes away.

mod answer;
mod authority;
mod wire;

pub use answer::{Answer, Gate, Manner, gzip};
pub use authority::Authority;

use rustls::ServerConfig;
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;
use url::Url;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs until it is dropped.
pub struct Newsroom {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// Connections are numbered from 0.
    pub connection: usize,
}

impl Asked {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct State {
    /// Answers to come; the last one stays.
    answers: Mutex<HashMap<String, VecDeque<Answer>>>,
    log: Mutex<Vec<Asked>>,
    came: Condvar,
    connections: AtomicUsize,
    /// Requests being answered now, and the most there ever were.
    under_way: Mutex<(usize, usize)>,
    closed: AtomicBool,
}

impl Newsroom {
    /// Opens on a free port of 127.0.0.1.
    pub fn open() -> Self {
        Self::open_at([127, 0, 0, 1])
    }

    /// Opens on a free port of another loopback address.
    pub fn open_at(address: [u8; 4]) -> Self {
        Self::start("http", address, None)
    }

    /// Opens with TLS.
    pub fn open_tls(config: ServerConfig) -> Self {
        Self::start("https", [127, 0, 0, 1], Some(Arc::new(config)))
    }

    fn start(scheme: &'static str, address: [u8; 4], tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((IpAddr::from(address), 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.closed.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let (state, tls) = (shared.clone(), tls.clone());
                let number = state.connections.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || wire::serve(stream, number, tls, &state));
            }
        });
        Self { address, scheme, state }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path, by the number of the address.
    pub fn url(&self, path: &str) -> Url {
        self.url_at(&self.address.ip().to_string(), path)
    }

    /// The URL of a path, by another host that leads here.
    pub fn url_at(&self, host: &str, path: &str) -> Url {
        format!("{}://{host}:{}{path}", self.scheme, self.address.port()).parse().unwrap()
    }

    /// From now on the path (with its query) gives this answer.
    pub fn set(&self, path: &str, answer: Answer) {
        self.set_each(path, [answer]);
    }

    /// From now on the path gives these answers, one after the other, and then the last one.
    pub fn set_each(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        self.state.answers.lock().unwrap().insert(path.to_string(), answers.into_iter().collect());
    }

    /// What was asked so far, in the order of arrival.
    pub fn log(&self) -> Vec<Asked> {
        self.state.log.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.state.log.lock().unwrap().iter().filter(|asked| asked.path == path).count()
    }

    /// Waits until a path was asked for so often.
    pub fn await_count(&self, path: &str, n: usize) {
        self.await_log(|log| log.iter().filter(|asked| asked.path == path).count() >= n);
    }

    /// Waits until so much was asked in all, or until something else holds; that is looked at when something is asked, and
    /// now and then.
    #[cfg(feature = "failpoints")]
    pub fn await_requests_or(&self, n: usize, other: impl Fn() -> bool) {
        let mut log = self.state.log.lock().unwrap();
        let before = std::time::Instant::now();
        while log.len() < n && !other() {
            assert!(before.elapsed() < PATIENCE, "{} of {n} requests came", log.len());
            log = self.state.came.wait_timeout(log, Duration::from_millis(100)).unwrap().0;
        }
    }

    fn await_log(&self, enough: impl Fn(&[Asked]) -> bool) {
        let mut log = self.state.log.lock().unwrap();
        while !enough(&log) {
            let (more, waited) = self.state.came.wait_timeout(log, PATIENCE).unwrap();
            assert!(
                !waited.timed_out(),
                "that was never asked; but: {:?}",
                more.iter().map(|asked| &asked.path).collect::<Vec<_>>()
            );
            log = more;
        }
    }

    /// The last request for a path.
    pub fn last(&self, path: &str) -> Asked {
        self.log().into_iter().rfind(|asked| asked.path == path).unwrap()
    }

    /// Connections made so far.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The most requests that were ever under way at once.
    pub fn at_once_max(&self) -> usize {
        self.state.under_way.lock().unwrap().1
    }
}

impl Drop for Newsroom {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::SeqCst);
        // The listener wakes, sees that it is closed, and ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn answer(&self, path: &str) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        match answers.get_mut(path) {
            Some(next) if next.len() > 1 => next.pop_front().unwrap(),
            Some(next) => next.front().cloned().unwrap_or_else(|| Answer::status(404)),
            None => Answer::status(404),
        }
    }
}
