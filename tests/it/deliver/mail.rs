//! Mail in the clear: refusals, losses, reuse.

use super::*;
use crate::smtp::{At, Do};
use std::sync::Arc;
use std::time::Instant;

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
    // The server goes while we still write.
    smtp.script([(At::Piece, Do::Drop)]);
    let long = Message { text: long_text(), ..message() };
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
async fn a_connection_is_not_kept_without_work() {
    let smtp = Smtp::start().await;
    let channel = channel(email(&smtp, Tls::None, &one()));
    let times = Times { idle: Duration::ZERO, ..Times::default() };
    let deliverer = Deliverer::new(Options { times, ..options() });
    for _ in 0..3 {
        assert_eq!(kinds(&mail(&deliverer, &channel).await), ["sent"]);
    }
    assert_eq!(smtp.connections(), 3);
    deliverer.close_idle(false).await;
    assert_eq!(smtp.heard().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_server_of_the_old_kind_is_greeted_the_old_way() {
    let smtp = Smtp::start().await;
    smtp.script([(At::Ehlo, Do::Say("502 5.5.1 what is EHLO?".into()))]);
    assert_eq!(kinds(&mail(&deliverer(), &channel(email(&smtp, Tls::None, &one()))).await), ["sent"]);
    assert!(smtp.heard()[1].starts_with("HELO "));
}

#[tokio::test]
async fn many_at_once_share_a_bounded_number_of_connections() {
    let smtp = Smtp::start().await;
    let (deliverer, channel) = (Arc::new(deliverer()), Arc::new(channel(email(&smtp, Tls::None, &one()))));
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (deliverer, channel) = (deliverer.clone(), channel.clone());
        sending.spawn(async move { mail(&deliverer, &channel).await });
    }
    let all = sending.join_all().await;
    assert!(all.iter().all(|verdicts| kinds(verdicts) == ["sent"]), "{all:?}");
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
    let long = Message { text: long_text(), ..message() };
    let verdicts = deliverer.send(&channel, &long, &recipients(&channel), &body()).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "the server took too long to read"));
}

#[tokio::test]
async fn no_number_of_slow_recipients_takes_longer_than_the_whole_may() {
    let smtp = Smtp::start().await;
    let many: Vec<String> = (0..50).map(|n| format!("reader{n}@example.org")).collect();
    smtp.script((0..50).map(|_| (At::Rcpt, Do::Hang)));
    let started = Instant::now();
    let times = Times { total: Duration::from_secs(4), ..IMPATIENT };
    let deliverer = Deliverer::new(Options { times, ..options() });
    let verdicts = mail(&deliverer, &channel(email(&smtp, Tls::None, &many))).await;
    assert_eq!(kinds(&verdicts), vec!["retry"; 50]);
    assert!(started.elapsed() < times.total + Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn answers_given_ahead_of_the_questions_are_no_answers() {
    let smtp = Smtp::start().await;
    let ahead = "220 hello\r\n250 sink.example\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken";
    smtp.script([(At::Banner, Do::Say(ahead.into()))]);
    let verdicts = mail(&deliverer(), &channel(email(&smtp, Tls::None, &one()))).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "the server spoke out of turn"));
}

/// Longer than all the buffers between us and a server on loopback.
fn long_text() -> String {
    "a line of a mail that nobody reads\n".repeat(400_000)
}
