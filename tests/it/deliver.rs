//! Delivery over real sockets and programs: every recipient gets a verdict, whatever the peer does. Here is what the tests share.

mod local;
mod mail;
mod strict;
mod tls;
mod webhook;

use crate::sink::root;
use crate::smtp::{Offers, Smtp};
use serde_json::{Value, json};
use std::time::Duration;
use wirewatch::clock::Clock;
use wirewatch::deliver::{Deliverer, Options, Times, recipients};
use wirewatch::model::{
    Alert, Channel, ChannelId, ChannelKind, Email, Message, MessageId, MessageKind, Recipient, Relay, Secret, Tls,
    Verdict,
};

const IMPATIENT: Times = Times {
    connect: Duration::from_secs(5),
    command: Duration::from_millis(1500),
    accept: Duration::from_millis(1500),
    total: Duration::from_mins(1),
    idle: Duration::from_mins(1),
};

fn options() -> Options {
    Options {
        user_agent: "wirewatch/test (+desk@example.org)".into(),
        message_id_domain: "wire.example".into(),
        extra_root: None,
        times: Times::default(),
        clock: Clock::standing_at("2026-11-02T08:00:00Z".parse().unwrap()),
        one_click: None,
    }
}

fn deliverer() -> Deliverer {
    Deliverer::new(options())
}

/// Trusts the certificate of the sinks.
fn trusting() -> Deliverer {
    Deliverer::new(Options { extra_root: Some(root()), ..options() })
}

fn impatient() -> Deliverer {
    Deliverer::new(Options { times: IMPATIENT, ..options() })
}

async fn mail(deliverer: &Deliverer, channel: &Channel) -> Vec<(Recipient, Verdict)> {
    deliverer.send(channel, &message(), &recipients(channel), &body()).await
}

fn kinds(verdicts: &[(Recipient, Verdict)]) -> Vec<&'static str> {
    let kind = |(_, verdict): &(Recipient, Verdict)| match verdict {
        Verdict::Sent { .. } => "sent",
        Verdict::Retry { maybe_sent: false, .. } => "retry",
        Verdict::Retry { maybe_sent: true, .. } => "perhaps",
        Verdict::Dead { disable_channel: false, .. } => "dead",
        Verdict::Dead { disable_channel: true, .. } => "stop",
    };
    verdicts.iter().map(kind).collect()
}

fn why((_, verdict): &(Recipient, Verdict)) -> &str {
    match verdict {
        Verdict::Sent { reply } => reply,
        Verdict::Retry { why, .. } | Verdict::Dead { why, .. } => why,
    }
}

fn message() -> Message {
    Message {
        id: MessageId::of(&["alert", "sco-security", "s1"]),
        channel: ChannelId::new("desk").unwrap(),
        kind: MessageKind::Alert,
        made: "2026-11-02T07:58:00Z".parse().unwrap(),
        subject: "[wirewatch] ШОС: 王毅 urges solidarity in Astana (+3 outlets)".into(),
        text: "王毅 (Wang Yi) spoke in Astana.\n.\nafter a dot\n".into(),
        html: "<!doctype html><p><b>王毅</b> spoke.".into(),
        data: Value::Null,
        thread: None,
        rule: Some("sco-security".into()),
        urgent: false,
    }
}

fn body() -> Value {
    json!({"type": "alert.matched", "timestamp": "2026-11-02T07:58:00Z", "data": {"rule": "sco-security"}})
}

fn channel(kind: ChannelKind) -> Channel {
    Channel::plain(ChannelId::new("desk").unwrap(), kind, jiff::tz::TimeZone::UTC)
}

fn one() -> Vec<String> {
    vec!["desk@example.org".into()]
}

fn email(smtp: &Smtp, tls: Tls, to: &[String]) -> ChannelKind {
    let relay = Relay::Smtp { host: "127.0.0.1".into(), port: smtp.port(), tls, login: None };
    ChannelKind::Email(Email {
        from: "Wire watch <wirewatch@example.org>".into(),
        to: to.to_vec(),
        relay,
        unsubscribe: None,
    })
}

fn email_as(smtp: &Smtp, tls: Tls, password: &str) -> ChannelKind {
    let login = Some(("wire".to_string(), Secret::new(password)));
    let relay = Relay::Smtp { host: "127.0.0.1".into(), port: smtp.port(), tls, login };
    ChannelKind::Email(Email { from: "wirewatch@example.org".into(), to: one(), relay, unsubscribe: None })
}

fn login_offered(auth: &'static str) -> Offers {
    Offers { auth, login: Some(("wire".into(), "hunter22".into())), ..Offers::default() }
}
