//! Messages leave the house here. In: a channel, a message, its recipients. Out: a verdict for each recipient, always, in bounded time.
//! It never decides when to try again, never writes to the store, and shows no secret in any verdict.

mod address;
mod command;
mod dialogue;
mod guard;
mod knock;
mod mail;
mod maildir;
mod program;
mod sendmail;
mod sign;
mod smtp;
mod stdout;
mod trust;
mod verdict;
mod webhook;

pub use address::BadAddress;
pub use mail::mail;

use crate::clock::Clock;
use crate::failpoint;
use crate::model::limits::{
    CONNECT_TIME_MAX, DELIVER_TIME_MAX, SMTP_ACCEPT_TIME_MAX, SMTP_COMMAND_TIME_MAX, SMTP_IDLE_MAX,
};
use crate::model::{Channel, ChannelKind, Message, Recipient, Relay, Verdict};
use crate::text::ticket;
use dialogue::Dialogue;
use std::time::Duration;
use url::Url;

/// What all channels share.
#[derive(Debug, Clone)]
pub struct Options {
    /// The User-Agent of webhooks.
    pub user_agent: String,
    /// The right part of every Message-ID and List-Id; the same on every resend, so it is configured and not the host of the moment.
    pub message_id_domain: String,
    /// Certificates (PEM) of a private authority that SMTP servers and webhooks may be signed by, beside the system's own.
    pub extra_root: Option<Vec<u8>>,
    /// How long a peer may take.
    pub times: Times,
    /// The clock that signatures are dated by.
    pub clock: Clock,
    /// Where readers unsubscribe with one click (RFC 8058), if the page can be reached from outside.
    pub one_click: Option<OneClick>,
}

/// The links by which readers unsubscribe.
#[derive(Clone)]
pub struct OneClick {
    /// The status page as it is reached from outside; https.
    pub base: Url,
    /// What their tickets are made with.
    pub key: ticket::Key,
}

impl OneClick {
    fn link(&self, channel: &Channel, to: &Recipient) -> String {
        let ticket = ticket::write(&self.key, &channel.id.key(), &to.0);
        format!("{}/unsubscribe/{ticket}", self.base.as_str().trim_end_matches('/'))
    }
}

impl std::fmt::Debug for OneClick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OneClick({})", self.base)
    }
}

/// How long a peer may take. The default is what `model::limits` says; tests are less patient.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// To connect.
    pub connect: Duration,
    /// For one command and its reply, or for one run of a local program.
    pub command: Duration,
    /// For the reply to the final dot of a mail.
    pub accept: Duration,
    /// For one message to all its recipients.
    pub total: Duration,
    /// How long an SMTP connection is kept without work.
    pub idle: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIME_MAX,
            command: SMTP_COMMAND_TIME_MAX,
            accept: SMTP_ACCEPT_TIME_MAX,
            total: DELIVER_TIME_MAX,
            idle: SMTP_IDLE_MAX,
        }
    }
}

/// Whom a message to this channel is owed to: the addresses of an e-mail channel, and of any other its one target, under a name
/// that holds no secret (a webhook's URL may be one).
#[must_use]
pub fn recipients(channel: &Channel) -> Vec<Recipient> {
    let one = |name: String| vec![Recipient(name)];
    match &channel.kind {
        ChannelKind::Email(email) => email.to.iter().cloned().map(Recipient).collect(),
        ChannelKind::Webhook(hook) => one(hook.url.host_str().unwrap_or("webhook").to_string()),
        ChannelKind::Command { argv, .. } => one(argv.first().cloned().unwrap_or_default()),
        ChannelKind::Maildir(maildir) => one(maildir.path.display().to_string()),
        ChannelKind::Stdout => one("stdout".to_string()),
    }
}

/// Sends messages, over connections that it keeps.
pub struct Deliverer {
    options: Options,
    relays: smtp::Relays,
    clients: webhook::Clients,
    stdout: stdout::Stdout,
}

impl Deliverer {
    /// Nothing is connected, built or looked up before the first message.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let trust = trust::Trust::new(options.extra_root.clone());
        Self {
            relays: smtp::Relays::new(trust.clone(), options.times),
            clients: webhook::Clients::new(trust, options.user_agent.clone(), options.times),
            stdout: stdout::Stdout::default(),
            options,
        }
    }

    /// Sends the message to these recipients of the channel. `body` is the webhook's body, rendered; the command channel reads it too.
    /// The verdicts stand in the order of `to`. A channel other than e-mail has one target: it is told once, and each gets that verdict.
    pub async fn send(
        &self,
        channel: &Channel,
        message: &Message,
        to: &[Recipient],
        body: &serde_json::Value,
    ) -> Vec<(Recipient, Verdict)> {
        self.deliver(channel, message, to, body, &Dialogue::silent()).await
    }

    /// As [`Self::send`], over a connection of its own, with the whole dialogue beside the verdicts: a line each, secrets masked.
    pub async fn test(
        &self,
        channel: &Channel,
        message: &Message,
        to: &[Recipient],
        body: &serde_json::Value,
    ) -> (Vec<(Recipient, Verdict)>, Vec<String>) {
        let dialogue = Dialogue::heard();
        let verdicts = self.deliver(channel, message, to, body, &dialogue).await;
        (verdicts, dialogue.lines())
    }

    /// Takes leave of the SMTP servers that nobody has talked to for a while; `all`: of every one that is idle, before the daemon stops.
    pub async fn close_idle(&self, all: bool) {
        self.relays.close_idle(all).await;
    }

    async fn deliver(
        &self,
        channel: &Channel,
        message: &Message,
        to: &[Recipient],
        body: &serde_json::Value,
        dialogue: &Dialogue,
    ) -> Vec<(Recipient, Verdict)> {
        let (times, domain) = (self.options.times, self.options.message_id_domain.as_str());
        let verdict = match &channel.kind {
            _ if to.is_empty() => return vec![],
            ChannelKind::Email(email) => {
                let write = |to: &Recipient| {
                    let link = self.options.one_click.as_ref().map(|one_click| one_click.link(channel, to));
                    let ways = mail::Ways { address: email.unsubscribe.as_deref(), link: link.as_deref() };
                    mail::write(message, &email.from, &to.0, ways, domain)
                };
                let verdicts = match &email.relay {
                    Relay::Smtp { .. } => self.relays.send(&email.relay, to, &write, dialogue).await,
                    Relay::Sendmail { program } => sendmail::send(program, to, &write, times, dialogue).await,
                };
                return to.iter().cloned().zip(verdicts).collect();
            }
            ChannelKind::Webhook(hook) => {
                failpoint::pass("deliver.before");
                self.clients.send(hook, message, body, self.options.clock.now(), dialogue).await
            }
            ChannelKind::Command { argv, timeout } => {
                failpoint::pass("deliver.before");
                command::send(argv, (*timeout).min(times.total), message, body, dialogue).await
            }
            ChannelKind::Maildir(maildir) => {
                failpoint::pass("deliver.before");
                maildir::send(maildir, message, domain, times.command, dialogue).await
            }
            ChannelKind::Stdout => {
                failpoint::pass("deliver.before");
                self.stdout.send(message, times.command).await
            }
        };
        if matches!(verdict, Verdict::Sent { .. }) {
            failpoint::pass("deliver.sent");
        }
        to.iter().map(|to| (to.clone(), verdict.clone())).collect()
    }
}
