//! An SMTP server for tests: it speaks the protocol over real sockets, keeps the mails, and goes wrong where it is told to.
//! Like the HTTP sink it stands on a thread of its own and serves any process.

use crate::sink::{Server, await_many, tls_config};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// Where in the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Instead of the greeting.
    Banner,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    /// Instead of 354.
    Data,
    /// When the first bytes of a mail have come.
    Piece,
    /// When a mail has come whole, and is kept, before the reply.
    Dot,
    /// After the reply to a mail.
    Accepted,
}

/// What happens there.
#[derive(Debug, Clone)]
pub enum Do {
    /// Says this instead (CRLF is added).
    Say(String),
    /// Closes the connection.
    Drop,
    /// Says nothing, reads nothing, holds the connection.
    Hang,
    /// Says one line that never ends.
    Endless,
}

/// What the server offers and whom it turns away; all of it can be changed while it runs.
#[derive(Debug, Clone, Default)]
pub struct Offers {
    /// TLS from the start.
    pub implicit_tls: bool,
    pub starttls: bool,
    /// `SMTPUTF8`.
    pub international: bool,
    /// Mechanisms after `AUTH`; empty: none is offered.
    pub auth: &'static str,
    /// User and password; without them nobody may send.
    pub login: Option<(String, String)>,
    /// Recipients refused always, with the reply.
    pub refused: Vec<(String, String)>,
}

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// What stood after the address in MAIL.
    pub parameters: String,
    /// Unstuffed, CRLF.
    pub bytes: Vec<u8>,
    pub encrypted: bool,
    pub user: Option<String>,
}

impl Mail {
    /// A header, unfolded, not decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let parsed = self.parsed();
        parsed.header_raw(name.to_string()).map(|raw| raw.replace("\r\n", "").trim().to_string())
    }

    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_string()
    }

    /// The text part.
    pub fn text(&self) -> String {
        self.parsed().body_text(0).unwrap_or_default().into_owned()
    }

    pub fn parsed(&self) -> mail_parser::Message<'_> {
        mail_parser::MessageParser::default().parse(&self.bytes).unwrap()
    }
}

/// An SMTP sink on loopback; it goes when it is dropped.
pub struct Smtp {
    server: Server,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    offers: Mutex<Offers>,
    script: Mutex<VecDeque<(At, Do)>>,
    mails: Mutex<Vec<Mail>>,
    came: Notify,
    heard: Mutex<Vec<String>>,
}

impl Kept {
    /// What is to happen here, if that is next in the script.
    fn next(&self, at: At) -> Option<Do> {
        self.script.lock().unwrap().pop_front_if(|(next, _)| *next == at).map(|(_, what)| what)
    }
}

impl Smtp {
    /// Up, in the clear, and takes every mail.
    pub async fn start() -> Self {
        Self::start_with(Offers::default()).await
    }

    pub async fn start_with(offers: Offers) -> Self {
        let kept = Arc::new(Kept { offers: Mutex::new(offers), ..Kept::default() });
        let theirs = kept.clone();
        let server = Server::start(move |stream| {
            let kept = theirs.clone();
            Box::pin(async move {
                // A conversation that breaks off is what the tests are about.
                let _ = converse(stream, &kept).await;
            })
        })
        .await;
        Self { server, kept }
    }

    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// What goes wrong, in this order, each once; a step waits for its place in the dialogue, and the next for it.
    pub fn script(&self, steps: impl IntoIterator<Item = (At, Do)>) {
        self.kept.script.lock().unwrap().extend(steps);
    }

    /// Changes what is offered, from the next EHLO or RCPT on.
    pub fn offer(&self, change: impl FnOnce(&mut Offers)) {
        change(&mut self.kept.offers.lock().unwrap());
    }

    /// The mails that came so far, whether or not the client heard so.
    pub fn mails(&self) -> Vec<Mail> {
        self.kept.mails.lock().unwrap().clone()
    }

    /// Waits until `n` mails have come, and gives them.
    pub async fn await_mails(&self, n: usize) -> Vec<Mail> {
        await_many(&self.kept.mails, &self.kept.came, n).await
    }

    /// Every command that came, in order.
    pub fn heard(&self) -> Vec<String> {
        self.kept.heard.lock().unwrap().clone()
    }

    /// How many connections came.
    pub fn connections(&self) -> usize {
        self.server.connections()
    }

    /// Down: connections are closed, new ones refused.
    pub async fn stop(&self) {
        self.server.stop().await;
    }

    /// Up again, at the same port.
    pub async fn start_again(&self) {
        self.server.start_again().await;
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The conversation is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

struct Peer {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
}

impl Peer {
    async fn say(&mut self, line: &str) -> Result<(), Over> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await?;
        Ok(())
    }

    async fn line(&mut self) -> Result<String, Over> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\r\n") {
                let line = self.unread.drain(..end + 2).collect();
                return Ok(String::from_utf8(line).map_err(|_| Over)?.trim_end().to_string());
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<(), Over> {
        if self.stream.read_buf(&mut self.unread).await? == 0 { Err(Over) } else { Ok(()) }
    }

    /// Says what belongs here, or does what the script wants.
    async fn act(&mut self, what: Option<Do>, else_say: &str) -> Result<(), Over> {
        match what {
            None => self.say(else_say).await,
            Some(Do::Say(line)) => self.say(&line).await,
            Some(Do::Drop) => Err(Over),
            Some(Do::Hang) => std::future::pending().await,
            Some(Do::Endless) => loop {
                self.stream.write_all(&[b'2'; 4096]).await?;
            },
        }
    }
}

async fn converse(stream: TcpStream, kept: &Kept) -> Result<(), Over> {
    let mut encrypted = kept.offers.lock().unwrap().implicit_tls;
    let stream: Box<dyn Stream> =
        if encrypted { Box::new(TlsAcceptor::from(tls_config()).accept(stream).await?) } else { Box::new(stream) };
    let mut peer = Peer { stream, unread: vec![] };
    peer.act(kept.next(At::Banner), "220 sink.example ESMTP").await?;
    let (mut user, mut envelope): (Option<String>, Option<Mail>) = (None, None);
    loop {
        let line = peer.line().await?;
        kept.heard.lock().unwrap().push(line.clone());
        let offers = kept.offers.lock().unwrap().clone();
        let (word, rest) = line.split_at(line.find([' ', ':']).unwrap_or(line.len()));
        match word.to_ascii_uppercase().as_str() {
            "EHLO" => {
                let mut lines = vec!["sink.example", "SIZE 52428800", "8BITMIME"];
                if offers.international {
                    lines.push("SMTPUTF8");
                }
                if offers.starttls && !encrypted {
                    lines.push("STARTTLS");
                }
                let auth = format!("AUTH {}", offers.auth);
                if !offers.auth.is_empty() {
                    lines.push(&auth);
                }
                let last = lines.pop().unwrap();
                lines.push("");
                let reply = format!("250-{}250 {last}", lines.join("\r\n250-").trim_end_matches("250-"));
                peer.act(kept.next(At::Ehlo), &reply).await?;
            }
            "HELO" => peer.say("250 sink.example").await?,
            "STARTTLS" if offers.starttls && !encrypted => {
                peer.act(kept.next(At::StartTls), "220 go ahead").await?;
                peer.stream = Box::new(TlsAcceptor::from(tls_config()).accept(peer.stream).await?);
                (encrypted, envelope, user) = (true, None, None);
            }
            "AUTH" => {
                let given = credentials(&mut peer, rest.trim()).await?;
                let known = given.is_some() && given == offers.login;
                user = given.filter(|_| known).map(|(user, _)| user);
                let reply = if known { "235 2.7.0 welcome" } else { "535 5.7.8 wrong user or password" };
                peer.act(kept.next(At::Auth), reply).await?;
            }
            "MAIL" => {
                let (from, parameters) = path(rest);
                let reply = if envelope.is_some() {
                    "503 5.5.1 nested MAIL"
                } else if offers.login.is_some() && user.is_none() {
                    "530 5.7.0 log in first"
                } else if !from.is_ascii() && !parameters.contains("SMTPUTF8") {
                    "553 5.6.7 that is not ASCII"
                } else {
                    "250 2.1.0 ok"
                };
                let scripted = kept.next(At::Mail);
                if scripted.is_none() && reply.starts_with('2') {
                    let user = user.clone();
                    envelope = Some(Mail { from, to: vec![], parameters, bytes: vec![], encrypted, user });
                }
                peer.act(scripted, reply).await?;
            }
            "RCPT" => {
                let (to, _) = path(rest);
                let refused =
                    offers.refused.iter().find(|(refused, _)| *refused == to).map(|(_, reply)| reply.as_str());
                let scripted = kept.next(At::Rcpt);
                let reply = match &mut envelope {
                    None => "503 5.5.1 MAIL first",
                    Some(mail) if !to.is_ascii() && !mail.parameters.contains("SMTPUTF8") => {
                        "553 5.6.7 that is not ASCII"
                    }
                    Some(mail) => refused.unwrap_or_else(|| {
                        if scripted.is_none() {
                            mail.to.push(to);
                        }
                        "250 2.1.5 ok"
                    }),
                };
                peer.act(scripted, reply).await?;
            }
            "DATA" if envelope.as_ref().is_some_and(|mail| !mail.to.is_empty()) => {
                let scripted = kept.next(At::Data);
                let refused = matches!(scripted, Some(Do::Say(_)));
                peer.act(scripted, "354 go on").await?;
                if refused {
                    continue;
                }
                let mut mail = envelope.take().unwrap();
                let Some(bytes) = data(&mut peer, kept).await? else {
                    peer.say("550 5.6.11 bare line end").await?;
                    continue;
                };
                mail.bytes = bytes;
                let scripted = kept.next(At::Dot);
                if !matches!(&scripted, Some(Do::Say(line)) if !line.starts_with('2')) {
                    kept.mails.lock().unwrap().push(mail);
                    kept.came.notify_waiters();
                }
                peer.act(scripted, "250 2.0.0 taken").await?;
                if let Some(then) = kept.next(At::Accepted) {
                    peer.act(Some(then), "").await?;
                }
            }
            "DATA" => peer.say("503 5.5.1 no recipient").await?,
            "RSET" => {
                envelope = None;
                peer.say("250 2.0.0 forgotten").await?;
            }
            "NOOP" => peer.say("250 2.0.0 still here").await?,
            "QUIT" => {
                peer.say("221 2.0.0 bye").await?;
                return Ok(());
            }
            _ => peer.say("500 5.5.2 what?").await?,
        }
    }
}

/// The address between `<` and `>`, and what follows.
fn path(rest: &str) -> (String, String) {
    let inner = rest.split_once('<').map_or("", |(_, inner)| inner);
    let (address, parameters) = inner.split_once('>').unwrap_or((inner, ""));
    (address.to_string(), parameters.trim().to_string())
}

/// User and password by PLAIN or LOGIN.
async fn credentials(peer: &mut Peer, how: &str) -> Result<Option<(String, String)>, Over> {
    let decode = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default();
    if let Some(blob) = how.strip_prefix("PLAIN ") {
        let blob = decode(blob);
        let mut parts = blob.split('\0').skip(1).map(str::to_string);
        return Ok(parts.next().zip(parts.next()));
    }
    peer.say("334 VXNlcm5hbWU6").await?;
    let user = decode(&peer.line().await?);
    peer.say("334 UGFzc3dvcmQ6").await?;
    Ok(Some((user, decode(&peer.line().await?))))
}

/// A mail up to its final dot, unstuffed; none if it has a bare CR or LF in it, which is how mail is smuggled.
async fn data(peer: &mut Peer, kept: &Kept) -> Result<Option<Vec<u8>>, Over> {
    let mut searched = 0_usize;
    let end = loop {
        if peer.unread.starts_with(b".\r\n") {
            break 0;
        }
        let from = searched.saturating_sub(4);
        if let Some(at) = peer.unread[from..].windows(5).position(|five| five == b"\r\n.\r\n") {
            break from + at + 2;
        }
        searched = peer.unread.len();
        peer.more().await?;
        match kept.next(At::Piece) {
            None => {}
            act => peer.act(act, "").await?,
        }
    };
    let stuffed: Vec<u8> = peer.unread.drain(..end + 3).take(end).collect();
    let mut bytes = vec![];
    for line in stuffed.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"\r\n").filter(|text| !text.contains(&b'\r')) else { return Ok(None) };
        bytes.extend_from_slice(text.strip_prefix(b".").unwrap_or(text));
        bytes.extend_from_slice(b"\r\n");
    }
    Ok(Some(bytes))
}
