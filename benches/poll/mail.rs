//! A mail server on loopback that takes everything, and notes when. In: mails. Out: their ids, with the time of the 250.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use wirewatch::clock::Clock;

pub struct Mail {
    port: u16,
    /// The left part of each Message-ID, and milliseconds since 1970.
    taken: Arc<Mutex<Vec<(String, i64)>>>,
    connections: Arc<AtomicUsize>,
}

impl Mail {
    pub fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(vec![]));
        let noted = Arc::clone(&taken);
        let connections = Arc::new(AtomicUsize::new(0));
        let came = Arc::clone(&connections);
        std::thread::spawn(move || {
            for peer in listener.incoming() {
                let noted = Arc::clone(&noted);
                came.fetch_add(1, Ordering::Relaxed);
                // Whoever hangs up has said all it had to say.
                std::thread::spawn(move || talk(&peer.unwrap(), &noted).unwrap_or_default());
            }
        });
        Self { port, taken, connections }
    }

    pub fn channel(&self) -> String {
        format!(
            "[mail]\nfrom = \"wirewatch@wire.example\"\nsmtp = \"smtp://127.0.0.1:{}?tls=none\"\n\
             [channel.sink]\ntype = \"email\"\nto = [\"desk@wire.example\"]\nflood = \"off\"\n",
            self.port
        )
    }

    /// How many connections came so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub fn taken(&self) -> Vec<(String, i64)> {
        self.taken.lock().unwrap().clone()
    }
}

fn talk(peer: &TcpStream, noted: &Mutex<Vec<(String, i64)>>) -> std::io::Result<()> {
    peer.set_nodelay(true)?;
    let mut lines = BufReader::new(peer);
    let say = |words: &str| (&*peer).write_all(words.as_bytes());
    say("220 wire.example\r\n")?;
    let mut line = vec![];
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let verb = line[..line.len().min(4)].to_ascii_uppercase();
        match &*verb {
            b"EHLO" => say("250-wire.example\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n")?,
            b"DATA" => {
                say("354 go on\r\n")?;
                let mut id = String::new();
                loop {
                    line.clear();
                    lines.read_until(b'\n', &mut line)?;
                    let text = String::from_utf8_lossy(&line);
                    if text == ".\r\n" {
                        break;
                    }
                    if let Some(value) = text.strip_prefix("Message-ID: <") {
                        id = value.split('@').next().unwrap_or_default().to_string();
                    }
                }
                noted.lock().unwrap().push((id, Clock::system().now().as_millisecond()));
                say("250 taken\r\n")?;
            }
            b"QUIT" => return say("221 bye\r\n"),
            _ => say("250 fine\r\n")?,
        }
    }
}
