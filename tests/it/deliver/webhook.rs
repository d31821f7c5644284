//! Webhooks.

use super::*;
use crate::sink::{Answer, Sink};
use wirewatch::model::{Format, Webhook};

/// Reckoned apart, with Python's hmac over id.timestamp.body.
const SIGNATURES: &str =
    "v1,eKxD8nw5IIfdbJok2vlktOAfG8eRjfx7ku++1vpLNSU= v1,rtD/5TH5mRnmq3+BlKbJs7C41Gzr48GIc7EwrlMrT68=";

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
async fn a_peer_cannot_make_us_tell_a_secret() {
    let sink = Sink::start().await;
    let echo = "Cannot POST /services/T0/s3cret?token=abcdef (Bearer t0ken-1, t0ken-1)".to_string();
    sink.script([Answer::Full(404, vec![], echo)]);
    let headers = vec![("Authorization".into(), Secret::new("Bearer t0ken-1"))];
    let hook = Webhook { headers, ..hook(&sink.url("/services/T0/s3cret?token=abcdef")) };
    let verdicts = mail(&deliverer(), &channel(ChannelKind::Webhook(hook))).await;
    assert_eq!((kinds(&verdicts), why(&verdicts[0])), (vec!["retry"], "404 Cannot POST *** (***, ***)"));
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
    let deliverer = Deliverer::new(Options { extra_root: Some(b"no certificate".to_vec()), ..options() });
    let verdicts = mail(&deliverer, &channel(ChannelKind::Webhook(hook("https://example.org/")))).await;
    assert!(kinds(&verdicts) == ["retry"] && why(&verdicts[0]).contains("PEM"), "{verdicts:?}");
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

fn hook(url: &str) -> Webhook {
    let url = url.parse().unwrap();
    Webhook {
        url,
        format: Format::Standard,
        template: None,
        secrets: vec![],
        headers: vec![],
        timeout: Duration::from_secs(30),
        allow_private: true,
    }
}
