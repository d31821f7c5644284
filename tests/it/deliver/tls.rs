//! Mail over TLS, logins, what `channel test` shows.

use super::*;
use crate::smtp::{At, Do};
use base64::Engine as _;

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
async fn a_password_that_looks_like_a_code_is_hidden_and_harmless() {
    let smtp = Smtp::start_with(Offers { login: Some(("wire".into(), "250".into())), ..login_offered("PLAIN") }).await;
    let channel = channel(email_as(&smtp, Tls::None, "250"));
    smtp.script([(At::Dot, Do::Say("250 2.0.0 taken, 250".into()))]);
    let verdicts = mail(&deliverer(), &channel).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["sent"], "250 2.0.0 taken, ***"));
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
