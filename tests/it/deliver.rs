//! Delivery over real sockets and programs: every recipient gets a verdict, whatever the peer does.

use crate::sink::{Answer, Sink, root};
use crate::smtp::{At, Do, Offers, Smtp};
use base64::Engine as _;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use wirewatch::clock::Clock;
use wirewatch::deliver::{Deliverer, Options, Times, recipients};
use wirewatch::model::{
    Channel, ChannelId, ChannelKind, Email, Format, Maildir, Message, MessageId, MessageKind, Recipient, Relay, Secret,
    Tls, Verdict, Webhook,
};

// Mail

#[tokio::test]
async fn one_refused_recipient_of_five_costs_the_others_nothing() {
    let smtp = Smtp::start().await;
    smtp.offer(|offers| offers.refused = vec![("c@example.org".into(), "550 5.1.1 no such user".into())]);
    let five = ["a", "b", "c", "d", "e"].map(|name| format!("{name}@example.org"));
    let verdicts = mail(&deliverer(), &channel(email(&smtp, Tls::None, &five))).await;
    assert_eq!(kinds(&verdicts), ["sent", "sent", "dead", "sent", "sent"]);
    assert_eq!(why(&verdicts[2]), "550 5.1.1 no such user");
    assert_eq!(smtp.mails().len(), 4);
    assert_eq!(smtp.connections(), 1);
}

#[tokio::test]
async fn each_copy_names_its_own_reader_and_no_other() {
    let smtp = Smtp::start().await;
    let two = ["Ann <ann@example.org>".to_string(), "bob@example.org".to_string()];
    mail(&deliverer(), &channel(email(&smtp, Tls::None, &two))).await;
    let mails = smtp.await_mails(2).await;
    assert_eq!(
        (mails[0].to.as_slice(), mails[1].to.as_slice()),
        (&["ann@example.org".into()][..], &["bob@example.org".into()][..])
    );
    assert_eq!(mails[0].header("To").unwrap(), "Ann <ann@example.org>");
    assert!(!String::from_utf8_lossy(&mails[0].bytes).contains("bob"));
    assert_eq!((mails[0].from.as_str(), mails[0].subject()), ("wirewatch@example.org", message().subject));
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!(mails[0].header("Message-ID").unwrap(), format!("<{}@wire.example>", message().id));
    assert!(mails[0].text().contains("\r\n.\r\nafter a dot"), "{:?}", mails[0].text());
}

#[tokio::test]
async fn not_now_is_tried_again_and_then_taken() {
    let smtp = Smtp::start().await;
    smtp.script([(At::Rcpt, Do::Say("450 4.2.0 greylisted".into())), (At::Dot, Do::Say("451 4.3.0 disk full".into()))]);
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    for (kind, reply) in
        [("retry", "450 4.2.0 greylisted"), ("retry", "451 4.3.0 disk full"), ("sent", "250 2.0.0 taken")]
    {
        let verdicts = mail(&deliverer, &channel).await;
        assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec![kind], reply));
    }
    assert_eq!((smtp.mails().len(), smtp.connections()), (1, 1));
}

#[tokio::test]
async fn a_refusal_says_whom_it_is_about() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    for (at, reply, kind) in [
        (At::Banner, "554 5.7.1 you are on a list", "retry"),
        (At::Ehlo, "550 5.7.1 your name is wrong", "retry"),
        (At::Mail, "550 5.1.8 no such sender", "dead"),
        (At::Mail, "530 5.7.0 log in first", "retry"),
        (At::Data, "554 5.5.1 no", "dead"),
        (At::Dot, "554 5.7.1 spam", "dead"),
        (At::Dot, "421 4.3.2 going down", "retry"),
        (At::Rcpt, "421 4.3.2 going down", "retry"),
        (At::Mail, "421 4.3.2 going down", "retry"),
        (At::Rcpt, "no code at all", "retry"),
        (At::Rcpt, "9999 what", "retry"),
    ] {
        smtp.stop().await;
        smtp.start_again().await;
        smtp.script([(at, Do::Say(reply.into()))]);
        let verdicts = mail(&deliverer, &channel).await;
        assert_eq!(kinds(&verdicts), [kind], "{at:?} {reply}: {verdicts:?}");
        assert!(why(&verdicts[0]).contains(reply), "{verdicts:?}");
    }
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
}

#[tokio::test]
async fn a_mail_lost_before_its_final_dot_was_not_sent() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    for at in [At::Rcpt, At::Data] {
        smtp.script([(at, Do::Drop)]);
        assert_eq!(kinds(&mail(&deliverer, &channel).await), ["retry"], "{at:?}");
    }
    // Longer than all the buffers between us: the server goes while we still write.
    smtp.script([(At::Piece, Do::Drop)]);
    let long = Message { text: "a line of the mail that is lost\n".repeat(1 << 20), ..message() };
    assert_eq!(kinds(&deliverer.send(&channel, &long, &recipients(&channel), &body()).await), ["retry"]);
    assert_eq!(smtp.mails().len(), 0);
}

#[tokio::test]
async fn a_mail_lost_after_its_final_dot_may_have_been_sent() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (impatient(), channel(email(&smtp, Tls::None, &one())));
    for what in [Do::Drop, Do::Hang, Do::Say("354 go on".into()), Do::Say("gibberish".into())] {
        smtp.script([(At::Dot, what.clone())]);
        assert_eq!(kinds(&mail(&deliverer, &channel).await), ["perhaps"], "{what:?}");
    }
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    let ids: Vec<_> = smtp.mails().iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids, vec![ids[0].clone(); ids.len()]);
    assert!(ids.len() > 2);
}

#[tokio::test]
async fn what_was_accepted_is_sent_even_if_the_connection_ends_at_once() {
    let smtp = Smtp::start().await;
    smtp.script([(At::Accepted, Do::Drop)]);
    let two = ["a@example.org".to_string(), "b@example.org".to_string()];
    let verdicts = mail(&deliverer(), &channel(email(&smtp, Tls::None, &two))).await;
    assert_eq!(kinds(&verdicts), ["sent", "sent"]);
    assert_eq!((smtp.mails().len(), smtp.connections()), (2, 2));
}

#[tokio::test]
async fn a_kept_connection_that_ended_in_its_sleep_is_replaced_in_silence() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    smtp.start_again().await;
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    smtp.script([(At::Mail, Do::Say("421 4.4.2 idle too long".into()))]);
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    assert_eq!((smtp.mails().len(), smtp.connections()), (3, 3));
}

#[tokio::test]
async fn connections_are_kept_and_left_politely() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    for _ in 0..10 {
        assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    }
    deliverer.close_idle(false).await;
    assert_eq!(smtp.connections(), 1);
    assert!(!smtp.heard().contains(&"QUIT".to_string()));
    deliverer.close_idle(true).await;
    assert_eq!(smtp.heard().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn many_at_once_share_a_bounded_number_of_connections() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &one())));
    let all = futures_util::future::join_all((0..40).map(|_| mail(&deliverer, &channel))).await;
    assert!(all.iter().all(|verdicts| kinds(verdicts) == ["sent"]));
    assert_eq!(smtp.mails().len(), 40);
    assert!(smtp.connections() <= wirewatch::model::limits::SMTP_CONNECTIONS_MAX, "{}", smtp.connections());
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_when_it_is_up() {
    let smtp = Smtp::start().await;
    let two = ["a@example.org".to_string(), "b@example.org".to_string()];
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &two)));
    smtp.stop().await;
    let verdicts = mail(&deliverer, &channel).await;
    assert_eq!(kinds(&verdicts), ["retry", "retry"]);
    assert!(why(&verdicts[0]).contains("no connection to 127.0.0.1"), "{verdicts:?}");
    smtp.start_again().await;
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent", "sent"]);
}

#[tokio::test]
async fn no_server_can_hold_up_a_mail_for_ever() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (impatient(), channel(email(&smtp, Tls::None, &one())));
    for (at, what, word) in [
        (At::Banner, Do::Endless, "has no end"),
        (At::Banner, Do::Hang, "too long to reply"),
        (At::Ehlo, Do::Endless, "has no end"),
        (At::Rcpt, Do::Hang, "too long to reply"),
    ] {
        smtp.script([(at, what)]);
        let verdicts = mail(&deliverer, &channel).await;
        assert_eq!(kinds(&verdicts), ["retry"]);
        assert!(why(&verdicts[0]).contains(word), "{verdicts:?}");
    }
    smtp.script([(At::Piece, Do::Hang)]);
    let long = Message { text: "a line of the mail that nobody reads\n".repeat(1 << 20), ..message() };
    let verdicts = deliverer.send(&channel, &long, &recipients(&channel), &body()).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "the server took too long to read"));
}

#[tokio::test]
async fn no_number_of_slow_recipients_takes_longer_than_the_whole_may() {
    let smtp = Smtp::start().await;
    let many: Vec<String> = (0..50).map(|n| format!("reader{n}@example.org")).collect();
    smtp.script((0..50).map(|_| (At::Rcpt, Do::Hang)));
    let started = std::time::Instant::now();
    let verdicts = mail(&impatient(), &channel(email(&smtp, Tls::None, &many))).await;
    assert_eq!(kinds(&verdicts), vec!["retry"; 50]);
    assert!(started.elapsed() < IMPATIENT.total + Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn answers_given_ahead_of_the_questions_are_no_answers() {
    let smtp = Smtp::start().await;
    let ahead = "220 hello\r\n250 sink.example\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken";
    smtp.script([(At::Banner, Do::Say(ahead.into()))]);
    let verdicts = mail(&deliverer(), &channel(email(&smtp, Tls::None, &one()))).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "the server spoke out of turn"));
}

// Mail: TLS and login

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_nothing() {
    let smtp = Smtp::start().await;
    let verdicts = mail(&trusting(), &channel(email(&smtp, Tls::Implicit, &one()))).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).contains("no TLS with 127.0.0.1"), "{verdicts:?}");
    let smtp = Smtp::start_with(Offers { starttls: true, ..Offers::default() }).await;
    smtp.script([(At::StartTls, Do::Hang)]);
    assert_eq!(kinds(&mail(&impatient(), &channel(email(&smtp, Tls::Opportunistic, &one()))).await), ["retry"]);
    assert_eq!(smtp.mails().len(), 0);
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_where_it_is_required() {
    let smtp = Smtp::start_with(login_offered("PLAIN")).await;
    let verdicts = mail(&deliverer(), &channel(email_as(&smtp, Tls::Required, "hunter22"))).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).contains("STARTTLS"), "{verdicts:?}");
    assert_eq!(smtp.mails().len(), 0);
    assert!(smtp.heard().iter().all(|line| line.starts_with("EHLO")), "{:?}", smtp.heard());
}

#[tokio::test]
async fn mail_goes_over_tls_with_a_login() {
    for (tls, auth) in [
        (Tls::Required, "PLAIN LOGIN"),
        (Tls::Required, "LOGIN"),
        (Tls::Implicit, "PLAIN"),
        (Tls::Implicit, "XOAUTH2 LOGIN"),
    ] {
        let smtp = Smtp::start_with(Offers {
            implicit_tls: tls == Tls::Implicit,
            starttls: tls == Tls::Required,
            ..login_offered(auth)
        })
        .await;
        let channel = channel(email_as(&smtp, tls, "hunter22"));
        assert_eq!(kinds(&mail(&trusting(), &channel).await), ["sent"], "{tls:?} {auth}");
        let mails = smtp.await_mails(1).await;
        assert!(mails[0].encrypted);
        assert_eq!(mails[0].user.as_deref(), Some("wire"));
        // Whom nobody vouches for gets neither mail nor password.
        let verdicts = mail(&deliverer(), &channel).await;
        assert_eq!(kinds(&verdicts), ["retry"]);
        assert!(why(&verdicts[0]).contains("no TLS with 127.0.0.1"), "{verdicts:?}");
        assert_eq!(smtp.mails().len(), 1);
    }
}

#[tokio::test]
async fn opportunistic_tls_takes_what_is_offered() {
    let smtp = Smtp::start_with(Offers { starttls: true, ..Offers::default() }).await;
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::Opportunistic, &one())));
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    smtp.offer(|offers| offers.starttls = false);
    smtp.start_again().await;
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    assert_eq!(smtp.mails().iter().map(|mail| mail.encrypted).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn what_was_said_before_starttls_is_not_heard_after_it() {
    let smtp = Smtp::start_with(Offers { starttls: true, ..Offers::default() }).await;
    smtp.script([(At::StartTls, Do::Say("220 go ahead\r\n250-sink.example\r\n250 AUTH PLAIN".into()))]);
    let verdicts = mail(&trusting(), &channel(email(&smtp, Tls::Required, &one()))).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "the server spoke out of turn"));
}

#[tokio::test]
async fn a_refused_login_is_told_without_the_password() {
    let smtp = Smtp::start_with(login_offered("PLAIN")).await;
    let blob = base64::engine::general_purpose::STANDARD.encode("\0wire\0wrong-word");
    smtp.script([(At::Auth, Do::Say(format!("535 5.7.8 I do not know wrong-word nor {blob}")))]);
    let channel = channel(email_as(&smtp, Tls::None, "wrong-word"));
    let (verdicts, dialogue) = deliverer().test(&channel, &message(), &recipients(&channel), &body()).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(
        why(&verdicts[0]).contains("refuses the login of wire: 535 5.7.8 I do not know *** nor ***"),
        "{verdicts:?}"
    );
    let shown = format!("{verdicts:?} {dialogue:?} {channel:?}");
    assert!(!shown.contains("wrong-word") && !shown.contains(&blob), "{shown}");
}

#[tokio::test]
async fn a_test_shows_the_whole_dialogue_over_a_connection_of_its_own() {
    let smtp = Smtp::start_with(login_offered("LOGIN")).await;
    let (deliverer, channel) = (deliverer(), channel(email_as(&smtp, Tls::None, "hunter22")));
    mail(&deliverer, &channel).await;
    let (verdicts, dialogue) = deliverer.test(&channel, &message(), &recipients(&channel), &body()).await;
    assert_eq!((kinds(&verdicts), smtp.connections()), (vec!["sent"], 2));
    let said: Vec<_> =
        dialogue.iter().filter(|line| !line.starts_with('*') && !line.starts_with("> EHLO")).cloned().collect();
    let bytes = smtp.mails()[1].bytes.len();
    assert_eq!(
        said,
        [
            "< 220 sink.example ESMTP",
            "< 250-sink.example",
            "< 250-SIZE 52428800",
            "< 250-8BITMIME",
            "< 250 AUTH LOGIN",
            "> AUTH LOGIN",
            "< 334 VXNlcm5hbWU6",
            "> ***",
            "< 334 UGFzc3dvcmQ6",
            "> ***",
            "< 235 2.7.0 welcome",
            "> MAIL FROM:<wirewatch@example.org>",
            "< 250 2.1.0 ok",
            "> RCPT TO:<desk@example.org>",
            "< 250 2.1.5 ok",
            "> DATA",
            "< 354 go on",
            &format!("> (the mail, {bytes} bytes)"),
            "< 250 2.0.0 taken",
            "> QUIT",
            "< 221 2.0.0 bye",
        ]
    );
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    let smtp = Smtp::start().await;
    let mixed = ["почта@example.org".to_string(), "desk@bücher.example".to_string(), "nobody".to_string()];
    let (deliverer, channel) = (deliverer(), channel(email(&smtp, Tls::None, &mixed)));
    let verdicts = mail(&deliverer, &channel).await;
    assert_eq!(kinds(&verdicts), ["dead", "sent", "dead"]);
    assert!(why(&verdicts[0]).contains("SMTPUTF8"), "{verdicts:?}");
    assert_eq!(why(&verdicts[2]), "\"nobody\" is not a mail address");
    assert_eq!(smtp.mails()[0].to, ["desk@xn--bcher-kva.example"]);
    smtp.offer(|offers| offers.international = true);
    smtp.start_again().await;
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent", "sent", "dead"]);
    let mails = smtp.mails();
    assert_eq!(
        (mails[1].to[0].as_str(), mails[1].parameters.as_str()),
        ("почта@example.org", "SMTPUTF8 BODY=8BITMIME")
    );
    assert_eq!(mails[2].parameters, "");
}

#[tokio::test]
async fn a_sender_that_is_no_address_is_the_operators_to_mend() {
    let smtp = Smtp::start().await;
    let mut channel = channel(email(&smtp, Tls::None, &one()));
    if let ChannelKind::Email(email) = &mut channel.kind {
        email.from = "nobody".to_string();
    }
    assert_eq!(kinds(&mail(&deliverer(), &channel).await), ["retry"]);
    assert_eq!(smtp.mails().len(), 0);
}

#[tokio::test]
async fn sendmail_is_given_the_envelope_and_the_mail() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(
        dir.path(),
        "echo \"$@\" > args; cat > \"mail-$(tail -c 2 args)\"; case \"$5\" in no*) echo 'no such user' >&2; exit 67;; later*) exit 75;; esac",
    );
    let to =
        ["desk@example.org", "nobody@example.org", "later@example.org", "-x@example.org"].map(String::from).to_vec();
    let email =
        Email { from: "wirewatch@example.org".into(), to, relay: Relay::Sendmail { program }, unsubscribe: None };
    let verdicts = mail(&deliverer(), &channel(ChannelKind::Email(email))).await;
    assert_eq!(kinds(&verdicts), ["sent", "dead", "retry", "sent"]);
    assert_eq!(why(&verdicts[1]), "exit 67: no such user");
    assert_eq!(fs::read_to_string(dir.path().join("args")).unwrap(), "-i -f wirewatch@example.org -- -x@example.org\n");
    let mail = fs::read_to_string(dir.path().join("mail-g")).unwrap();
    assert!(mail.contains("\nTo: -x@example.org\n") && !mail.contains('\r'), "{mail}");
}

// Webhook

#[tokio::test]
async fn a_webhook_is_signed_and_told_apart_by_its_id() {
    let sink = Sink::start().await;
    let mut hook = hook(&sink.url("/hook?x=1"));
    hook.secrets = vec![Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Secret::new("older")];
    hook.headers = vec![
        ("Authorization".into(), Secret::new("Bearer t0ken")),
        ("Content-Type".into(), Secret::new("application/problem+json")),
    ];
    let channel = channel(ChannelKind::Webhook(hook));
    let (verdicts, dialogue) = deliverer().test(&channel, &message(), &recipients(&channel), &body()).await;
    assert_eq!(kinds(&verdicts), ["sent"]);
    let requests = sink.await_requests(1).await;
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((request.method.as_str(), request.path.as_str(), request.json()), ("POST", "/hook?x=1", body()));
    assert_eq!(request.header("webhook-id"), Some(message().id.as_str()));
    assert_eq!(request.header("webhook-timestamp"), Some("1793606400"));
    assert_eq!(request.header("user-agent"), Some("wirewatch/test (+desk@example.org)"));
    assert_eq!(
        (request.header("authorization"), request.header("content-type")),
        (Some("Bearer t0ken"), Some("application/problem+json"))
    );
    // Reckoned apart, with Python's hmac over id.timestamp.body.
    assert_eq!(request.header("webhook-signature"), Some(SIGNATURES));
    let shown = format!("{verdicts:?} {dialogue:?}");
    assert!(shown.contains("> POST http://127.0.0.1") && shown.contains("< 200"), "{shown}");
    assert!(!shown.contains("t0ken") && !shown.contains("/hook") && !shown.contains("MfKQ"), "{shown}");
}

#[tokio::test]
async fn the_answers_status_is_the_verdict() {
    let sink = Sink::start().await;
    let wait = vec![("Retry-After", "120".to_string())];
    let inner = vec![("Location", "http://169.254.169.254/latest/meta-data".to_string())];
    sink.script([
        Answer::Full(202, vec![], "queued".into()),
        Answer::Full(429, wait, "slow\r\ndown".into()),
        Answer::Full(302, inner, String::new()),
        Answer::Status(410),
        Answer::Full(400, vec![], "x".repeat(1 << 20)),
        Answer::Status(500),
    ]);
    let (deliverer, channel) = (deliverer(), channel(ChannelKind::Webhook(hook(&sink.url("/")))));
    let mut verdicts = vec![];
    for _ in 0..6 {
        verdicts.extend(mail(&deliverer, &channel).await);
    }
    assert_eq!(kinds(&verdicts), ["sent", "retry", "retry", "stop", "dead", "retry"]);
    assert_eq!(why(&verdicts[0]), "202 queued");
    let Verdict::Retry { why: reason, after, .. } = &verdicts[1].1 else { panic!() };
    assert_eq!((reason.as_str(), *after), ("429 slow down", Some(Duration::from_mins(2))));
    assert!(why(&verdicts[2]).contains("redirects to 169.254.169.254, which is not followed"), "{verdicts:?}");
    assert!(why(&verdicts[4]).len() <= wirewatch::model::limits::REPLY_BYTES_MAX);
    assert_eq!(sink.requests().len(), 6);
}

#[tokio::test]
async fn a_webhook_that_gives_no_answer_may_have_taken_it() {
    let sink = Sink::start().await;
    sink.script([Answer::Never, Answer::NeverReads, Answer::HangsUp]);
    let channel =
        channel(ChannelKind::Webhook(Webhook { timeout: Duration::from_millis(300), ..hook(&sink.url("/")) }));
    let long = json!({"type": "digest.ready", "data": "x".repeat(32 << 20)});
    let deliverer = deliverer();
    for body in [body(), long, body()] {
        let verdicts = deliverer.send(&channel, &message(), &recipients(&channel), &body).await;
        assert_eq!(kinds(&verdicts), ["perhaps"], "{verdicts:?}");
    }
}

#[tokio::test]
async fn a_webhook_that_said_yes_is_not_waited_for() {
    let sink = Sink::start().await;
    sink.script([Answer::Stalls]);
    let channel = channel(ChannelKind::Webhook(Webhook { timeout: Duration::from_mins(10), ..hook(&sink.url("/")) }));
    let sent = tokio::time::timeout(Duration::from_mins(1), mail(&deliverer(), &channel)).await;
    assert_eq!(kinds(&sent.unwrap()), ["sent"]);
}

#[tokio::test]
async fn a_webhook_that_is_down_took_nothing() {
    let sink = Sink::start().await;
    sink.stop().await;
    let channel = channel(ChannelKind::Webhook(hook(&sink.url("/secret-path"))));
    let verdicts = mail(&deliverer(), &channel).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).contains("refused") && !why(&verdicts[0]).contains("secret-path"), "{verdicts:?}");
    sink.start_again().await;
    assert_eq!(kinds(&mail(&deliverer(), &channel).await), ["sent"]);
}

#[tokio::test]
async fn no_webhook_reaches_an_inner_address_unless_it_may() {
    let sink = Sink::start().await;
    let port = sink.url("").rsplit(':').next().unwrap().to_string();
    for host in
        ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254", "0.0.0.0"]
    {
        let hook = Webhook { allow_private: false, ..hook(&format!("http://{host}:{port}/")) };
        let verdicts = mail(&deliverer(), &channel(ChannelKind::Webhook(hook))).await;
        assert_eq!(kinds(&verdicts), ["retry"], "{host}");
        assert!(why(&verdicts[0]).contains("private address"), "{host}: {verdicts:?}");
    }
    assert_eq!(sink.requests().len(), 0);
    let allowed = hook(&format!("http://localhost:{port}/"));
    assert_eq!(kinds(&mail(&deliverer(), &channel(ChannelKind::Webhook(allowed))).await), ["sent"]);
}

#[tokio::test]
async fn a_webhook_over_tls_is_held_to_its_certificate() {
    let sink = Sink::start_tls().await;
    let channel = channel(ChannelKind::Webhook(hook(&sink.url("/"))));
    assert_eq!(kinds(&mail(&deliverer(), &channel).await), ["retry"]);
    assert_eq!(sink.requests().len(), 0);
    assert_eq!(kinds(&mail(&trusting(), &channel).await), ["sent"]);
}

#[tokio::test]
async fn what_cannot_be_sent_at_all_is_said() {
    for (url, header, word) in
        [("ftp://example.org/", "X-A", "ftp"), ("https://example.org/", "bad header", "bad header")]
    {
        let hook = Webhook { headers: vec![(header.into(), Secret::new("v"))], ..hook(url) };
        let verdicts = mail(&trusting(), &channel(ChannelKind::Webhook(hook))).await;
        assert_eq!(kinds(&verdicts), ["retry"]);
        assert!(why(&verdicts[0]).contains(word), "{verdicts:?}");
    }
}

// Command, maildir, standard output

#[tokio::test]
async fn a_command_reads_the_body_and_its_exit_code_is_the_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(dir.path(), "cat > body; env > env; [ \"$1\" = 0 ] || echo \"cannot: $1\" >&2; exit \"$1\"");
    for (code, kind, reason) in
        [("0", "sent", "exit 0"), ("75", "retry", "exit 75: cannot: 75"), ("1", "retry", "exit 1: cannot: 1")]
    {
        let verdicts = mail(&deliverer(), &command(&program, &[code])).await;
        assert_eq!(kinds(&verdicts), [kind]);
        assert!(why(&verdicts[0]).ends_with(reason), "{verdicts:?}");
    }
    let read: Value = serde_json::from_slice(&fs::read(dir.path().join("body")).unwrap()).unwrap();
    assert_eq!(read, body());
    let env = fs::read_to_string(dir.path().join("env")).unwrap();
    let names: Vec<_> = env
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .filter(|name| !matches!(*name, "PWD" | "SHLVL" | "_" | "OLDPWD"))
        .collect();
    assert!(names.iter().all(|name| ["PATH", "WIREWATCH_MESSAGE_ID"].contains(name)), "{env}");
    assert!(env.contains(&format!("WIREWATCH_MESSAGE_ID={}\n", message().id)));
    let missing = mail(&deliverer(), &command(Path::new("/nonexistent/program"), &[])).await;
    assert_eq!(kinds(&missing), ["retry"]);
}

#[tokio::test]
async fn a_command_that_does_not_end_is_killed_with_all_its_children() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let program = script(dir.path(), "sleep 100000 > pipe & wait");
    // The pipe ends when its last writer is gone: the child of the command.
    let ended = tokio::task::spawn_blocking(move || fs::read(pipe));
    let mut channel = command(&program, &[]);
    if let ChannelKind::Command { timeout, .. } = &mut channel.kind {
        *timeout = Duration::from_secs(1);
    }
    let verdicts = mail(&deliverer(), &channel).await;
    assert_eq!(kinds(&verdicts), ["perhaps"]);
    assert!(why(&verdicts[0]).contains("killed after 1s"), "{verdicts:?}");
    tokio::time::timeout(Duration::from_secs(30), ended).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_command_that_reads_nothing_and_says_too_much_is_not_held_up() {
    let dir = tempfile::tempdir().unwrap();
    let program = script(dir.path(), "head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 3");
    let long = json!({"data": "x".repeat(4 << 20)});
    let channel = command(&program, &[]);
    let verdicts = deliverer().send(&channel, &message(), &recipients(&channel), &long).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).len() <= wirewatch::model::limits::REPLY_BYTES_MAX);
}

#[tokio::test]
async fn a_maildir_holds_one_copy_however_often_it_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let (deliverer, channel) = (deliverer(), maildir(&dir.path().join("mail")));
    let files = |sub: &str| {
        fs::read_dir(dir.path().join("mail").join(sub)).unwrap().map(|e| e.unwrap().path()).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        let verdicts = mail(&deliverer, &channel).await;
        assert_eq!(kinds(&verdicts), ["sent"]);
        assert_eq!(why(&verdicts[0]), files("new")[0].display().to_string());
    }
    assert_eq!((files("new").len(), files("tmp").len()), (1, 0));
    let bytes = fs::read(&files("new")[0]).unwrap();
    let parsed = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some(message().subject.as_str()));
    // Read, and moved by the reader: still the same mail.
    let new = files("new")[0].clone();
    let name = new.file_name().unwrap().to_str().unwrap();
    fs::rename(&new, dir.path().join("mail/cur").join(format!("{name}:2,S"))).unwrap();
    assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    assert_eq!(files("new").len(), 0);
    let other = Message { id: MessageId::of(&["other"]), ..message() };
    deliverer.send(&channel, &other, &recipients(&channel), &body()).await;
    assert_eq!(files("new").len(), 1);
}

#[tokio::test]
async fn a_maildir_that_cannot_be_written_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let verdicts = mail(&deliverer(), &maildir(&file.join("mail"))).await;
    assert_eq!(kinds(&verdicts), ["retry"]);
    assert!(why(&verdicts[0]).contains("file"), "{verdicts:?}");
}

#[tokio::test]
async fn standard_output_takes_it_and_nobody_is_told_nothing() {
    let channel = channel(ChannelKind::Stdout);
    assert_eq!(kinds(&mail(&deliverer(), &channel).await), ["sent"]);
    assert!(deliverer().send(&channel, &message(), &[], &body()).await.is_empty());
}

#[test]
fn no_recipient_is_named_by_a_secret() {
    let names = |kind| recipients(&channel(kind)).into_iter().map(|to| to.0).collect::<Vec<_>>();
    assert_eq!(
        names(ChannelKind::Webhook(hook("https://u:p@hooks.example.org/services/T0/secret?token=x"))),
        ["hooks.example.org"]
    );
    assert_eq!(
        names(ChannelKind::Command { argv: vec!["/bin/x".into(), "--key".into()], timeout: Duration::ZERO }),
        ["/bin/x"]
    );
    assert_eq!(names(ChannelKind::Stdout), ["stdout"]);
}

// What the tests share

const SIGNATURES: &str =
    "v1,eKxD8nw5IIfdbJok2vlktOAfG8eRjfx7ku++1vpLNSU= v1,rtD/5TH5mRnmq3+BlKbJs7C41Gzr48GIc7EwrlMrT68=";

const IMPATIENT: Times = Times {
    connect: Duration::from_secs(5),
    command: Duration::from_millis(1500),
    accept: Duration::from_millis(1500),
    total: Duration::from_secs(6),
};

fn options() -> Options {
    Options {
        user_agent: "wirewatch/test (+desk@example.org)".into(),
        message_id_domain: "wire.example".into(),
        extra_root: None,
        times: Times::default(),
        clock: Clock::standing_at("2026-11-02T08:00:00Z".parse().unwrap()),
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
    let id = ChannelId::new("desk").unwrap();
    Channel { id, kind, zone: jiff::tz::TimeZone::UTC, digests: vec![], quiet: None, flood: None }
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

fn hook(url: &str) -> Webhook {
    let url = url.parse().unwrap();
    Webhook {
        url,
        format: Format::Standard,
        secrets: vec![],
        headers: vec![],
        timeout: Duration::from_secs(30),
        allow_private: true,
    }
}

fn maildir(path: &Path) -> Channel {
    let (from, to) = ("wirewatch@example.org".to_string(), "desk@example.org".to_string());
    channel(ChannelKind::Maildir(Maildir { path: path.to_path_buf(), from, to }))
}

fn command(program: &Path, words: &[&str]) -> Channel {
    let mut argv = vec![program.display().to_string()];
    argv.extend(words.iter().map(ToString::to_string));
    channel(ChannelKind::Command { argv, timeout: Duration::from_mins(1) })
}

/// A shell script that runs in this folder.
fn script(dir: &Path, lines: &str) -> std::path::PathBuf {
    let path = dir.join("program");
    fs::write(&path, format!("#!/bin/sh\ncd '{}' || exit 99\n{lines}\n", dir.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
