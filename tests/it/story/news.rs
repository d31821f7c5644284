//! News: what is told, when, once, and what is not.

use super::*;
use crate::harness::{minutes, publish, publish_feed, time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::collections::HashSet;
use wirewatch::model::Suppressed;

const HOOK: &str = r#"
[channel.hook]
type          = "webhook"
url           = "HOOK"
allow_private = true
secret_file   = "hook.key"
"#;

#[tokio::test]
async fn a_new_article_is_told_once_to_everybody_who_is_to_know() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let (speech, harvest, wire) =
        (speech("2026-03-01T09:00:00Z"), harvest("2026-03-02T05:00:00Z"), wire("2026-03-02T06:20:00Z"));
    publish(&desk.newsroom, "courier", &[harvest.clone(), speech.clone()]);
    let key = desk.folder().join("hook.key");
    std::fs::write(&key, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    private(&key);
    let rules = RULES.replace(r#"["desk"]"#, r#"["desk", "hook"]"#);
    desk.start(&format!("{COURIER}{rules}{DESK}{HOOK}")).await;

    // The first poll is the baseline: nothing is told of it but its sum.
    desk.turn().await;
    assert_eq!(
        desk.subjects_to("ops@example.org"),
        ["[wirewatch] Before you started, 1 of 2 articles would have alerted (1 source)"]
    );
    assert_eq!((desk.smtp.mails().len(), desk.hook.requests().len()), (1, 0));
    assert_eq!(desk.newsroom.count("/courier/engine.html"), 0, "no page of a baseline is fetched");
    let kept = desk.app().store().alerts(10).await.unwrap();
    assert_eq!(kept.iter().map(|alert| alert.suppressed.clone()).collect::<Vec<_>>(), [Some(Suppressed::Baseline)]);

    // What is new after it is read in full, matched, and told when others had the time to tell it too.
    publish(&desk.newsroom, "courier", &[wire.clone(), harvest.clone(), speech.clone()]);
    desk.later(minutes(25)).await;
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 1);
    assert_eq!((desk.mails_to("anna@example.org").len(), desk.hook.requests().len()), (0, 0), "it settles");
    desk.later(minutes(2)).await;

    let (anna, boris) = (desk.mails_to("anna@example.org"), desk.mails_to("boris@example.org"));
    assert_eq!((anna.len(), boris.len()), (1, 1));
    assert_eq!(anna[0].subject(), "[wirewatch] desk: Ministers agree on a centre against timber smuggling");
    assert_eq!(anna[0].to, ["anna@example.org"], "nobody sees who else is told");
    let id = anna[0].header("Message-ID").unwrap();
    assert_eq!(boris[0].header("Message-ID").unwrap(), id);
    assert!(id.starts_with("<m") && id.ends_with("@wire.example>"), "{id}");
    assert!(anna[0].text().contains("Shanghai Cooperation Organization"), "{}", anna[0].text());
    assert!(anna[0].text().contains("The Courier"), "{}", anna[0].text());

    assert_eq!(anna[0].header("References"), None, "it is the first of its story");
    assert!(!anna[0].text().contains("earlier message"), "{}", anna[0].text());

    let [request] = desk.hook.requests().try_into().unwrap();
    let body = request.json();
    assert_eq!((body["type"].as_str(), request.path.as_str()), (Some("alert.matched"), "/hook"));
    assert_eq!(body["data"]["rule"]["id"].as_str().or(body["data"]["rule"].as_str()), Some("desk"));
    let header = |name: &str| request.header(name).unwrap().to_string();
    let signed =
        format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), String::from_utf8_lossy(&request.body));
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()).unwrap();
    mac.update(signed.as_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    assert_eq!(header("webhook-timestamp"), desk.clock.now().as_second().to_string());

    // The ledger names the same ids.
    let sent: HashSet<String> = crate::harness::ledger(&desk.data().join("wirewatch.db"))
        .into_iter()
        .filter(|delivery| delivery.kind.as_str() == "alert.matched")
        .map(|delivery| delivery.id.to_string())
        .collect();
    assert_eq!(sent, HashSet::from([id[1..].split('@').next().unwrap().to_string(), header("webhook-id")]));

    // Nothing new: the server says so, and nobody is told again.
    let polls = desk.newsroom.count("/courier/feed.xml");
    for _ in 0..3 {
        desk.later(minutes(12)).await;
    }
    assert_eq!(desk.newsroom.count("/courier/feed.xml"), polls + 3);
    assert!(desk.newsroom.last("/courier/feed.xml").header("if-none-match").is_some());
    assert_eq!((desk.smtp.mails().len(), desk.hook.requests().len()), (3, 1));
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 1);
}

const THREE: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
name  = "The Courier"
every = "10m"

[source.herald]
url   = "NEWSROOM/herald/feed.xml"
name  = "The Herald"
every = "10m"

[source.gazette]
url   = "NEWSROOM/gazette/feed.xml"
name  = "The Gazette"
every = "10m"
"#;

/// Three outlets whose first polls are over.
async fn three(rest: &str) -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    for outlet in ["courier", "herald", "gazette"] {
        publish(&desk.newsroom, outlet, &[harvest("2026-03-02T05:00:00Z")]);
    }
    desk.start(&format!("{THREE}{RULES}{rest}")).await;
    desk.turn().await;
    assert_eq!(desk.subjects_to("ops@example.org").len(), 1);
    desk
}

/// The wire story as another outlet carries it: its own headline, its own last words.
fn copy(at: &str) -> Piece {
    let mut copy = wire(at);
    copy.title = "Nine countries, forty officers, one timber centre".into();
    copy.body.push("The agency's report was shortened and set by our own desk in the evening.".into());
    copy
}

#[tokio::test]
async fn one_wire_from_three_outlets_is_one_alert_that_names_them() {
    let desk = three(DESK).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    publish(&desk.newsroom, "herald", &[copy("2026-03-02T06:21:00Z"), harvest("2026-03-02T05:00:00Z")]);
    publish(&desk.newsroom, "gazette", &[copy("2026-03-02T06:22:00Z"), speech("2026-03-02T06:10:00Z")]);
    desk.later(minutes(25)).await;
    desk.later(minutes(3)).await;
    let mails = desk.mails_to("anna@example.org");
    let timber: Vec<_> = mails.iter().filter(|mail| mail.text().contains("joint centre")).collect();
    assert_eq!(timber.len(), 1, "{:?}", desk.subjects_to("anna@example.org"));
    assert!(timber[0].subject().ends_with("(+2 outlets)"), "{}", timber[0].subject());
    for outlet in ["The Courier", "The Herald", "The Gazette"] {
        assert!(timber[0].text().contains(outlet), "{outlet}: {}", timber[0].text());
    }
    assert_eq!(mails.len(), 2, "other news of the same minute is told too");
}

#[tokio::test]
async fn a_second_rule_that_tells_the_same_story_answers_the_first_ones_mail() {
    let second = "[rule.timber]\nany = [\"@timber\"]\nnotify = [\"desk\"]\n[keyword.timber]\nnames = [\"timber\"]\n";
    let desk = morning(&format!("{second}{DESK}")).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(25)).await;
    desk.later(minutes(2)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2, "each rule tells its story once");
    let answers: Vec<_> = mails.iter().filter_map(|mail| Some((mail, mail.header("References")?))).collect();
    let [(answer, first)] = answers.as_slice() else { panic!("{:?}", desk.subjects_to("anna@example.org")) };
    assert!(mails.iter().any(|mail| mail.header("Message-ID").as_ref() == Some(first)));
    assert_ne!(answer.header("Message-ID").as_ref(), Some(first));
    assert!(answer.text().contains("earlier message"), "{}", answer.text());
}

#[tokio::test]
async fn copies_that_come_after_the_mail_go_into_the_next_digest() {
    let digest = r#"digest.evening = { at = ["18:00"] }"#;
    let desk = three(&format!("{DESK}{digest}")).await;
    publish(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(25)).await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    publish(&desk.newsroom, "herald", &[copy("2026-03-02T07:00:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T08:00:00Z").await;
    desk.later(minutes(3)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1, "no second alert");
    desk.at("2026-03-02T17:59:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    desk.at("2026-03-02T18:00:00Z").await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 2);
    assert!(mails[1].subject().starts_with("[wirewatch] Evening digest, 2 Mar"), "{}", mails[1].subject());
    assert!(mails[1].text().contains("The Herald") && mails[1].text().contains("timber"), "{}", mails[1].text());
    // The next evening has nothing to say, and says nothing.
    desk.at("2026-03-03T18:00:00Z").await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 2);
}

#[tokio::test]
async fn a_page_that_fails_is_told_from_the_summary_and_tried_again_after_1_5_and_30_minutes() {
    let desk = morning(DESK).await;
    let wire = wire("2026-03-02T06:20:00Z");
    publish_feed(&desk.newsroom, "courier", &[wire.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/courier/timber.html", down());
    desk.at("2026-03-02T06:30:00Z").await;
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 1);
    // Its settling is over before the page comes.
    for (at, tried) in [("06:30:59", 1), ("06:31:00", 2), ("06:35:59", 2), ("06:36:00", 3), ("07:05:59", 3)] {
        desk.at(&format!("2026-03-02T{at}Z")).await;
        assert_eq!(desk.newsroom.count("/courier/timber.html"), tried, "{at}");
    }
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text().to_lowercase().contains("summary only"), "{}", mails[0].text());
    let status = desk.app().store().status().await.unwrap();
    assert_eq!((status.articles.summary_only, status.articles.unread), (1, 1));
    // Half an hour after the third try the page is there: read, and told no second time.
    publish(&desk.newsroom, "courier", &[wire, harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T07:06:00Z").await;
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 4);
    let status = desk.app().store().status().await.unwrap();
    assert_eq!((status.articles.full, status.articles.summary_only, status.articles.unread), (1, 0, 0));
    desk.later(minutes(60)).await;
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 4);
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
}

#[tokio::test]
async fn a_page_that_never_comes_is_given_up_after_the_fourth_try() {
    let desk = morning(DESK).await;
    publish_feed(&desk.newsroom, "courier", &[wire("2026-03-02T06:20:00Z"), harvest("2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/courier/timber.html", down());
    desk.at("2026-03-02T06:30:00Z").await;
    for wait in [1, 5, 30, 60, 600] {
        desk.later(minutes(wait)).await;
    }
    assert_eq!(desk.newsroom.count("/courier/timber.html"), 4);
    assert_eq!(desk.mails_to("anna@example.org").len(), 1);
    let status = desk.app().store().status().await.unwrap();
    assert_eq!((status.articles.summary_only, status.articles.unread), (1, 0));
}

#[tokio::test]
async fn a_summary_that_does_not_match_is_told_when_its_page_does() {
    let desk = morning(DESK).await;
    let mut wire = wire("2026-03-02T06:20:00Z");
    wire.summary = "Officials met in Bishkek and agreed on a number of questions of trade and borders.".into();
    publish_feed(&desk.newsroom, "courier", &[wire.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.newsroom.set("/courier/timber.html", down());
    desk.at("2026-03-02T06:30:00Z").await;
    publish(&desk.newsroom, "courier", &[wire, harvest("2026-03-02T05:00:00Z")]);
    desk.at("2026-03-02T06:31:00Z").await;
    desk.later(minutes(2)).await;
    let mails = desk.mails_to("anna@example.org");
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].text().to_lowercase().contains("summary only"), "{}", mails[0].text());
}

#[tokio::test]
async fn entries_older_than_max_age_are_kept_and_not_told() {
    let desk = morning(DESK).await;
    let (old, young) = (wire("2026-02-20T06:00:00Z"), speech("2026-02-24T06:00:00Z"));
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T05:00:00Z"), young, old]);
    desk.later(minutes(12)).await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: Minister promises arithmetic by engine"]);
    let kept = desk.app().store().alerts(10).await.unwrap();
    let too_old = kept.iter().find(|alert| alert.alert.title.contains("timber")).unwrap();
    assert_eq!(too_old.suppressed, Some(Suppressed::TooOld { published: time("2026-02-20T06:00:00Z") }));
}

#[tokio::test]
async fn backfill_reads_and_tells_the_newest_of_a_first_poll() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(
        &desk.newsroom,
        "courier",
        &[harvest("2026-03-01T05:00:00Z"), speech("2026-03-02T05:00:00Z"), wire("2026-03-01T04:00:00Z")],
    );
    desk.start(&format!("{COURIER}backfill = 1\n{RULES}{DESK}")).await;
    desk.turn().await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: Minister promises arithmetic by engine"]);
    assert_eq!(
        desk.subjects_to("ops@example.org"),
        ["[wirewatch] Before you started, 1 of 2 articles would have alerted (1 source)"]
    );
    assert_eq!((desk.newsroom.count("/courier/engine.html"), desk.newsroom.count("/courier/timber.html")), (1, 0));
}

#[tokio::test]
async fn an_entry_that_changes_is_read_again_and_its_story_is_told_once() {
    let desk = morning(DESK).await;
    let mut changing = theatre("2026-03-02T06:20:00Z");
    publish(&desk.newsroom, "courier", &[changing.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(25)).await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.mails_to("anna@example.org").len(), 0);
    changing.title = "A comedy of two millers, and a guest".into();
    changing.body.push("The minister Ada Byron will sit in the first row, the director told this newspaper.".into());
    publish(&desk.newsroom, "courier", &[changing.clone(), harvest("2026-03-02T05:00:00Z")]);
    desk.later(minutes(12)).await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.subjects_to("anna@example.org"), ["[wirewatch] desk: A comedy of two millers, and a guest"]);
    for n in 0..4 {
        changing.title = format!("A comedy of two millers, and a guest, version {n}");
        publish(&desk.newsroom, "courier", &[changing.clone(), harvest("2026-03-02T05:00:00Z")]);
        desk.later(minutes(12)).await;
        desk.later(minutes(2)).await;
    }
    assert_eq!(desk.mails_to("anna@example.org").len(), 1, "one story");
    assert_eq!(desk.newsroom.count("/courier/donkey.html"), 4, "read again three times at most");
}

#[tokio::test]
async fn an_article_is_matched_in_its_own_language_whatever_its_page_says() {
    // The pages of the newsroom say that they are English, its feed says nothing.
    let body = |place: &str| {
        let told = format!(
            "{place} шаҳрида Шанхай ҳамкорлик ташкилотига аъзо давлатлар вазирлари йиғилди ва чегара орқали ёғоч контрабандасига қарши кураш ҳақида келишиб олди."
        );
        vec![told, "Марказ кузда иш бошлайди, унда тўққиз мамлакатдан қирқ нафар ходим хизмат қилади, деди мезбон томон вакили икки кунлик музокаралардан сўнг.".into()]
    };
    let piece = |slug: &str, title: &str, at: &str, place: &str| {
        Piece::new(slug, title, at, &body(place).iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let read = piece("new", "Вазирлар янги марказ очишга келишди", "2026-03-02T05:00:00Z", "Бишкек");
    let counted = piece("old", "Ташкилот йиғилиши якунланди", "2026-03-01T05:00:00Z", "Душанбе");
    publish(&desk.newsroom, "courier", &[read, counted]);
    let rule = "[keyword.sco]\nnames = [\"Шанхай ҳамкорлик ташкилоти\"]\ninflect = true\n\n[rule.desk]\nquery = \"@sco AND lang:uz\"\nnotify = [\"desk\"]\n";
    desk.start(&format!("{COURIER}backfill = 1\n{rule}{DESK}")).await;
    desk.turn().await;
    desk.later(minutes(2)).await;
    assert_eq!(desk.newsroom.count("/courier/new.html"), 1);
    let alerts = desk.app().store().alerts(10).await.unwrap();
    let mut known: Vec<_> =
        alerts.iter().map(|stored| (stored.suppressed.is_some(), stored.alert.language.clone())).collect();
    known.sort();
    assert_eq!(known, [(false, Some("uz".into())), (true, Some("uz".into()))]);
}

/// A file of secrets is readable by its owner alone.
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn what_is_configured_for_a_source_goes_to_its_own_origin_alone() {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    let elsewhere = crate::newsroom::Newsroom::open_at([127, 0, 0, 2]);
    publish(&desk.newsroom, "courier", &[harvest("2026-03-02T05:00:00Z")]);
    let password = desk.folder().join("password");
    std::fs::write(&password, "open sesame\n").unwrap();
    private(&password);
    let credentials =
        "user = \"anna\"\npassword_file = \"password\"\nheaders = { Cookie = \"seat=7\", X-Key = \"k\" }\n";
    desk.start(&format!("{COURIER}{credentials}{RULES}{DESK}")).await;
    desk.turn().await;
    // A partner's article on another host, with a password of the feed's own making, and an own one.
    let theirs = wire("2026-03-02T06:05:00Z");
    elsewhere.set("/timber.html", Answer::ok(theirs.page()).header("content-type", "text/html"));
    let link = elsewhere.url("/timber.html").to_string().replace("http://", "http://mallory:secret@");
    let own = desk.newsroom.url("/courier/engine.html");
    publish(&desk.newsroom, "courier", &[speech("2026-03-02T06:05:00Z")]);
    desk.newsroom.set(
        "/courier/feed.xml",
        Answer::ok(format!(
            "<rss version=\"2.0\"><channel><item><title>Timber</title><link>{link}</link></item>\
             <item><title>Engine</title><link>{own}</link></item></channel></rss>"
        )),
    );
    desk.later(minutes(25)).await;
    desk.later(minutes(25)).await;
    let given = |asked: &crate::newsroom::Asked| {
        ["authorization", "cookie", "x-key"].map(|name| asked.header(name).map(ToString::to_string))
    };
    let configured = given(&desk.newsroom.last("/courier/feed.xml"));
    assert!(configured.iter().all(Option::is_some), "{configured:?}");
    assert_eq!(given(&desk.newsroom.last("/courier/engine.html")), configured);
    assert_eq!(given(&elsewhere.last("/timber.html")), [None, None, None]);
    assert!(
        desk.newsroom
            .log()
            .iter()
            .filter(|asked| asked.path == "/robots.txt")
            .all(|asked| given(asked) == [None, None, None])
    );
}
