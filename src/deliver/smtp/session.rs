//! One session with an SMTP server (RFC 5321). In: how to get in, then one letter after the other. Out: what became of each.
//! It decides what a refusal is about: this recipient, this moment, or the operator's configuration.

use super::wire::{Lost, Patience, Reply, Wire};
use crate::deliver::Times;
use crate::deliver::dialogue::Dialogue;
use crate::deliver::mail::Letter;
use crate::deliver::trust::{self, Trust};
use crate::deliver::verdict::{dead, perhaps, retry, sent};
use crate::model::{Secret, Tls, Verdict};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, SocketAddr};
use tokio::time::Instant;

pub(super) struct Session {
    wire: Wire,
    offers: Offers,
    times: Times,
}

/// What the server said it can do: the lines of its EHLO reply, in capitals.
#[derive(Debug, Default)]
struct Offers(Vec<String>);

impl Offers {
    fn of(ehlo: &Reply) -> Self {
        // `AUTH=LOGIN` is an old spelling that some servers still add.
        Self(ehlo.lines.iter().map(|line| line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1)).collect())
    }

    fn has(&self, keyword: &str) -> bool {
        self.0.iter().any(|line| line.split_ascii_whitespace().next() == Some(keyword))
    }

    fn has_login(&self, mechanism: &str) -> bool {
        let named = |line: &String| line.split_ascii_whitespace().skip(1).any(|word| word == mechanism);
        self.0.iter().filter(|line| line.starts_with("AUTH ")).any(named)
    }
}

/// The server, and how to get in.
pub(super) struct Door<'a> {
    pub host: &'a str,
    pub port: u16,
    pub tls: Tls,
    pub login: Option<&'a (String, Secret)>,
}

/// What became of a letter, and of the session.
pub(super) enum Outcome {
    /// This is the verdict; the session can go on.
    Told(Verdict),
    /// This is the verdict, and the session is over.
    Over(Verdict),
    /// The session was over before the letter: the server had taken nothing of it. In words.
    Stale(String),
}

impl Session {
    /// Connects, secures, logs in. The error says in words why not; it is never about a recipient.
    pub(super) async fn open(
        door: &Door<'_>,
        trust: &Trust,
        times: Times,
        until: Instant,
        dialogue: &Dialogue,
    ) -> Result<Self, Lost> {
        let connecting = Patience { each: times.connect, until };
        let talking = Patience { each: times.command, until };
        let mut wire = Wire::connect(door.host, door.port, connecting, dialogue.clone()).await?;
        if let Some((user, password)) = door.login {
            let password = password.reveal();
            wire.secrets = vec![plain(user, password), STANDARD.encode(password), password.to_string()];
        }
        if door.tls == Tls::Implicit {
            wire = wire.secure(door.host, trust.strict().map_err(Lost)?, connecting).await?;
        }
        let banner = wire.reply(talking).await?;
        welcome(&banner, "greets with")?;
        let mut session = Self { wire, offers: Offers::default(), times };
        session.hello(talking).await?;
        let wanted = matches!(door.tls, Tls::Required | Tls::Opportunistic);
        if wanted && session.offers.has("STARTTLS") {
            let reply = session.wire.say("STARTTLS", None, talking).await?;
            welcome(&reply, "answers STARTTLS with")?;
            let config = if door.tls == Tls::Required { trust.strict() } else { trust::anyone() };
            session.wire = session.wire.secure(door.host, config.map_err(Lost)?, connecting).await?;
            // What was offered in the clear may have been said by anybody.
            session.hello(talking).await?;
        } else if door.tls == Tls::Required {
            return Err(Lost("the server offers no STARTTLS, and nothing is sent without it".to_string()));
        }
        if let Some((user, password)) = door.login {
            let exposed =
                door.tls == Tls::Opportunistic && !session.wire.encrypted && !session.wire.peer.ip().is_loopback();
            if exposed {
                let why =
                    "the server offers no STARTTLS, and the password is not sent in the clear unless tls=none says so";
                return Err(Lost(why.to_string()));
            }
            session.log_in(user, password, talking).await?;
        }
        Ok(session)
    }

    async fn hello(&mut self, patience: Patience) -> Result<(), Lost> {
        let name = name(self.wire.local);
        let reply = self.wire.say(&format!("EHLO {name}"), None, patience).await?;
        self.offers = Offers::of(&reply);
        if matches!(reply.code, 500 | 502 | 504) {
            return welcome(&self.wire.say(&format!("HELO {name}"), None, patience).await?, "answers HELO with");
        }
        welcome(&reply, "answers EHLO with")
    }

    /// PLAIN (RFC 4616) where it is offered, else LOGIN.
    async fn log_in(&mut self, user: &str, password: &Secret, patience: Patience) -> Result<(), Lost> {
        let password = password.reveal();
        let reply = if self.offers.has_login("PLAIN") {
            self.wire.say(&format!("AUTH PLAIN {}", plain(user, password)), Some("AUTH PLAIN ***"), patience).await?
        } else if self.offers.has_login("LOGIN") {
            let mut reply = self.wire.say("AUTH LOGIN", None, patience).await?;
            for answer in [user, password] {
                if reply.code == 334 {
                    reply = self.wire.say(&STANDARD.encode(answer), Some("***"), patience).await?;
                }
            }
            reply
        } else {
            return Err(Lost("the server offers no login by PLAIN or LOGIN".to_string()));
        };
        if reply.code == 235 { Ok(()) } else { Err(Lost(format!("the server refuses the login of {user}: {reply}"))) }
    }

    /// Whether the server takes the letter's addresses.
    pub(super) fn takes(&self, letter: &Letter) -> bool {
        self.offers.has("SMTPUTF8") || !letter.is_international()
    }

    /// Offers one letter.
    pub(super) async fn offer(&mut self, letter: &Letter, until: Instant) -> Outcome {
        let talking = Patience { each: self.times.command, until };
        let international = letter.is_international();
        if !self.takes(letter) {
            return Outcome::Told(dead(
                "the mail server takes no address with letters beyond ASCII (it offers no SMTPUTF8)",
            ));
        }
        let mut mail = format!("MAIL FROM:<{}>", letter.from);
        if international {
            mail.push_str(" SMTPUTF8");
        }
        if self.offers.has("8BITMIME") && !letter.bytes.is_ascii() {
            mail.push_str(" BODY=8BITMIME");
        }
        match self.wire.say(&mail, None, talking).await {
            Ok(reply) if reply.code == 421 => return Outcome::Stale(reply.to_string()),
            Ok(reply) if !reply.is_positive() => return self.refused(&reply, Of::Sender, until).await,
            Ok(_) => {}
            Err(Lost(why)) => return Outcome::Stale(why),
        }
        match self.wire.say(&format!("RCPT TO:<{}>", letter.to), None, talking).await {
            Ok(reply) if !reply.is_positive() => return self.refused(&reply, Of::Mail, until).await,
            Ok(_) => {}
            Err(Lost(why)) => return Outcome::Over(retry(&why)),
        }
        match self.wire.say("DATA", None, talking).await {
            Ok(reply) if reply.code != 354 => return self.refused(&reply, Of::Mail, until).await,
            Ok(_) => {}
            Err(Lost(why)) => return Outcome::Over(retry(&why)),
        }
        match self.wire.hand_over(&letter.bytes, talking).await {
            Ok(None) => {}
            Ok(Some(reply)) if reply.is_positive() => return Outcome::Over(retry("the server accepted half a mail")),
            Ok(Some(reply)) => return Outcome::Over(judged(&reply, Of::Mail)),
            Err(Lost(why)) => return Outcome::Over(retry(&why)),
        }
        match self.wire.reply(Patience { each: self.times.accept, until }).await {
            Ok(reply) if matches!(reply.code, 200..=299) => Outcome::Told(sent(&reply.to_string())),
            Ok(reply) if reply.code == 421 => Outcome::Over(judged(&reply, Of::Mail)),
            Ok(reply) if reply.is_positive() => Outcome::Over(perhaps(&format!("a strange answer to a mail: {reply}"))),
            Ok(reply) => Outcome::Told(judged(&reply, Of::Mail)),
            Err(Lost(why)) => Outcome::Over(perhaps(&format!("after the whole mail was handed over: {why}"))),
        }
    }

    /// A verdict for the refusal; the server is told to forget what it heard of the letter, else the next MAIL is out of sequence.
    async fn refused(&mut self, reply: &Reply, of: Of, until: Instant) -> Outcome {
        let verdict = judged(reply, of);
        if reply.code == 421 {
            return Outcome::Over(verdict);
        }
        match self.wire.say("RSET", None, Patience { each: self.times.command, until }).await {
            Ok(reset) if reset.is_positive() => Outcome::Told(verdict),
            _ => Outcome::Over(verdict),
        }
    }

    /// Takes leave; not longer than a connection may take.
    pub(super) async fn quit(mut self) {
        let each = self.times.connect;
        let _ = self.wire.say("QUIT", None, Patience { each, until: Instant::now() + each }).await;
    }
}

/// What a refusal may be about.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Sender,
    Mail,
}

/// 5xx is for good, 4xx for now; but a server that wants a login first means the operator.
fn judged(reply: &Reply, of: Of) -> Verdict {
    match reply.code {
        530 | 534 | 535 | 538 if of == Of::Sender => retry(&format!("the server wants a login: {reply}")),
        500..=599 => dead(&reply.to_string()),
        _ => retry(&reply.to_string()),
    }
}

fn welcome(reply: &Reply, how: &str) -> Result<(), Lost> {
    if matches!(reply.code, 200..=299) { Ok(()) } else { Err(Lost(format!("the server {how} {reply}"))) }
}

fn plain(user: &str, password: &str) -> String {
    STANDARD.encode(format!("\0{user}\0{password}"))
}

/// Our name for EHLO: the host's, if it is a full one, else the address that we speak from (RFC 5321, section 4.1.4).
fn name(local: SocketAddr) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let full = host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    match local.ip() {
        _ if full => host,
        IpAddr::V4(ip) => format!("[{ip}]"),
        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    }
}
