//! One connection to an SMTP server. In: lines to say, mails to hand over. Out: whole replies, bounded in bytes and time.
//! It knows nothing of what the words mean. It is not lettre's, whose connection reads a line of any length, keeps what came before
//! STARTTLS for an answer that came after it (RFC 3207, section 5), and cannot say whether the final dot was written.

use crate::deliver::dialogue::Dialogue;
use crate::deliver::verdict::masked;
use crate::model::limits::{REASON_TIME_MAX, SMTP_PIECE_BYTES, SMTP_REPLY_BYTES_MAX};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The connection is of no more use; why, in words.
#[derive(Debug)]
pub(super) struct Lost(pub String);

/// What the server said: one code, and the text of its lines.
#[derive(Debug)]
pub(super) struct Reply {
    pub code: u16,
    pub lines: Vec<String>,
}

impl Reply {
    /// 2xx or 3xx.
    pub(super) fn is_positive(&self) -> bool {
        matches!(self.code, 200..=399)
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.lines.join(" "))
    }
}

/// How long the peer may take, now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For one thing.
    pub each: Duration,
    /// For everything.
    pub until: Instant,
}

impl Patience {
    fn end(self) -> Instant {
        self.until.min(Instant::now() + self.each)
    }
}

pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// Where we are, as the server sees it.
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub encrypted: bool,
    /// Read and not yet used.
    unread: Vec<u8>,
    /// Never shown, whoever says it.
    pub secrets: Vec<String>,
    dialogue: Dialogue,
}

impl Wire {
    pub(super) async fn connect(host: &str, port: u16, patience: Patience, dialogue: Dialogue) -> Result<Self, Lost> {
        let lost = |error: io::Error| Lost(format!("no connection to {host}:{port}: {error}"));
        let late = || io::Error::from(io::ErrorKind::TimedOut);
        let found = tokio::time::timeout_at(patience.end(), tokio::net::lookup_host((host, port))).await;
        let mut connected = Err(io::Error::from(io::ErrorKind::AddrNotAvailable));
        // Each address has its own time: an IPv6 that leads nowhere must not use up that of the IPv4 behind it.
        for address in found.unwrap_or_else(|_| Err(late())).map_err(lost)? {
            connected = tokio::time::timeout_at(patience.end(), TcpStream::connect(address))
                .await
                .unwrap_or_else(|_| Err(late()));
            if connected.is_ok() {
                break;
            }
        }
        let stream = connected.map_err(lost)?;
        // A mail is a few small writes, each of which waits for an answer: Nagle's delay would be added to each.
        stream.set_nodelay(true).map_err(lost)?;
        let (local, peer) = (stream.local_addr().map_err(lost)?, stream.peer_addr().map_err(lost)?);
        dialogue.note(|| format!("* connected to {host}:{port} ({peer})"));
        let stream = Box::new(stream);
        Ok(Self { stream, local, peer, encrypted: false, unread: vec![], secrets: vec![], dialogue })
    }

    /// Goes on in TLS.
    pub(super) async fn secure(self, host: &str, config: Arc<ClientConfig>, patience: Patience) -> Result<Self, Lost> {
        let lost = |why: &dyn std::fmt::Display| Lost(format!("no TLS with {host}: {why}"));
        self.in_turn()?;
        let name = ServerName::try_from(host.to_string()).map_err(|why| lost(&why))?;
        let handshake = TlsConnector::from(config).connect(name, self.stream);
        let stream = match tokio::time::timeout_at(patience.end(), handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(lost(&error)),
            Err(_) => return Err(lost(&"the handshake took too long")),
        };
        self.dialogue.note(|| format!("* {:?}", stream.get_ref().1.protocol_version()));
        Ok(Self { stream: Box::new(stream), encrypted: true, ..self })
    }

    /// Says a line (without its end) and gives the reply. `shown` stands for it in the dialogue where it holds a secret.
    pub(super) async fn say(&mut self, line: &str, shown: Option<&str>, patience: Patience) -> Result<Reply, Lost> {
        self.in_turn()?;
        self.dialogue.note(|| format!("> {}", shown.unwrap_or(line)));
        self.write(format!("{line}\r\n").as_bytes(), patience).await?;
        self.reply(patience).await
    }

    /// Hands a mail over up to and with its final dot. Whatever goes wrong in here, the server cannot have taken it;
    /// if it said why it would not, that is the reply.
    pub(super) async fn hand_over(&mut self, mail: &[u8], patience: Patience) -> Result<Option<Reply>, Lost> {
        self.in_turn()?;
        self.dialogue.note(|| format!("> (the mail, {} bytes)", mail.len()));
        for piece in stuffed(mail).chunks(SMTP_PIECE_BYTES) {
            if let Err(lost) = self.write(piece, patience).await {
                let each = REASON_TIME_MAX;
                return self.reply(Patience { each, ..patience }).await.map(Some).map_err(|_| lost);
            }
        }
        Ok(None)
    }

    /// Reads one reply (RFC 5321, section 4.2), all of its lines.
    pub(super) async fn reply(&mut self, patience: Patience) -> Result<Reply, Lost> {
        let reply = tokio::time::timeout_at(patience.end(), self.read_reply()).await;
        reply.unwrap_or_else(|_| Err(Lost("the server took too long to reply".to_string())))
    }

    async fn read_reply(&mut self) -> Result<Reply, Lost> {
        let (mut lines, mut room) = (vec![], SMTP_REPLY_BYTES_MAX);
        loop {
            let line = self.read_line(&mut room).await?;
            let (code, text) = line.split_at_checked(3).unwrap_or((&line, ""));
            let text = masked(text, &self.secrets);
            self.dialogue.note(|| format!("< {code}{text}"));
            let Some(code) = code.parse().ok().filter(|code| matches!(code, 200..=599)) else {
                return Err(Lost(format!("the server does not speak SMTP: {code}{text}")));
            };
            let more = text.starts_with('-');
            lines.push(text.get(1..).unwrap_or("").to_string());
            if !more {
                return Ok(Reply { code, lines });
            }
        }
    }

    async fn read_line(&mut self, room: &mut usize) -> Result<String, Lost> {
        let mut searched = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.unread[searched..]).map(|at| searched + at) {
                let line: Vec<u8> = self.unread.drain(..=at).collect();
                *room = room.checked_sub(line.len()).ok_or_else(endless)?;
                return Ok(String::from_utf8_lossy(&line).trim_end().to_string());
            }
            searched = self.unread.len();
            if searched >= *room {
                return Err(endless());
            }
            let mut piece = [0; 4096];
            match self.stream.read(&mut piece).await {
                Ok(0) => return Err(Lost("the server closed the connection".to_string())),
                Ok(n) => self.unread.extend_from_slice(&piece[..n]),
                Err(error) => return Err(Lost(format!("the connection broke: {error}"))),
            }
        }
    }

    /// A server that speaks out of turn has answers ready for questions not yet asked: none of them would be about our mail.
    fn in_turn(&self) -> Result<(), Lost> {
        if self.unread.is_empty() { Ok(()) } else { Err(Lost("the server spoke out of turn".to_string())) }
    }

    async fn write(&mut self, bytes: &[u8], patience: Patience) -> Result<(), Lost> {
        let written = tokio::time::timeout_at(patience.end(), async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Lost(format!("the connection broke: {error}"))),
            Err(_) => Err(Lost("the server took too long to read".to_string())),
        }
    }
}

fn endless() -> Lost {
    Lost("the server's reply has no end".to_string())
}

/// The mail as it goes over the wire (RFC 5321, section 4.5.2): each line ends in CRLF, whatever it ended in before (a bare CR or LF
/// is where one server sees a line and the next does not), a dot at its start is doubled, a line with a single dot is the end.
fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(mail.len() + mail.len() / 40 + 8);
    let (mut start, mut after_cr) = (true, false);
    for &byte in mail {
        match byte {
            b'\n' if after_cr => {}
            b'\r' | b'\n' => wire.extend_from_slice(b"\r\n"),
            b'.' if start => wire.extend_from_slice(b".."),
            _ => wire.push(byte),
        }
        start = matches!(byte, b'\r' | b'\n');
        after_cr = byte == b'\r';
    }
    if !start {
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}

#[cfg(test)]
mod tests {
    use super::stuffed;
    use proptest::prelude::*;

    #[test]
    fn no_line_of_a_mail_ends_it_early() {
        assert_eq!(stuffed(b".\r\nBcc: x\n.\r.\nend"), b"..\r\nBcc: x\r\n..\r\n..\r\nend\r\n.\r\n");
        assert_eq!(stuffed(b""), b".\r\n");
    }

    proptest! {
        #[test]
        fn what_was_stuffed_is_unstuffed_to_the_same_lines(mail in "([a.\r\n]{0,3}){0,40}") {
            let wire = String::from_utf8(stuffed(mail.as_bytes())).unwrap();
            let (body, after) = wire.split_at(wire.find("\r\n.\r\n").map_or(0, |at| at + 2));
            prop_assert_eq!(after, ".\r\n");
            prop_assert!(!body.replace("\r\n", "").contains(['\r', '\n']));
            let lines: Vec<&str> = body.split_terminator("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
            let one_kind = mail.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(lines, one_kind.split_terminator('\n').collect::<Vec<_>>());
        }
    }
}
