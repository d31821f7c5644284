//! The pages over a real socket: why an article did not alert is found in three clicks, alerts are a feed that our own parser
//! takes, a poll can be asked for, and what strangers write is harmless on every page and in every feed.

use crate::store_contract::desk::{at, due_entries, due_source, poll, published, reading, rule, source, waiting};
use crate::web::{Answer, HOSTILE, Open, ask, open, post, told};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use wirewatch::model::limits::{PAGE_ROWS_MAX, POLLS_KEPT, TRY_BYTES_MAX};
use wirewatch::model::{Article, Block, SourceState, Zone};
use wirewatch::parse::{self, Context};
use wirewatch::store::{PollEnd, PollRecord, Polled, Store};

/// An article that the rule of [`Open`] nearly matches.
fn football() -> Article {
    let mut article = Article {
        url: "https://wire.example/n2".into(),
        title: "Wang Yi at a match".into(),
        complete: true,
        ..Article::default()
    };
    let block = |zone, text: &str| Block { zone, text: text.into() };
    article.set_zones(vec![
        block(Zone::Lead, "Minister Wang Yi watched football."),
        block(Zone::Related, "王毅 elsewhere"),
    ]);
    article
}

/// A store with an article that was read and told nobody.
async fn read(folder: &TempDir, article: Article) -> Arc<dyn Store> {
    let store = open(folder);
    waiting(&*store, vec![published("n2", 0)]).await;
    let due = due_entries(&*store, 2).await;
    let near_misses = vec![(rule("sco"), "excluded by 'football'".to_string())];
    let record = wirewatch::store::ReadingRecord { article, near_misses, ..reading(&due[0], 2) };
    store.commit_reading(record).await.unwrap();
    store
}

fn links(page: &str) -> BTreeSet<String> {
    let quoted = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    quoted.filter(|href| href.starts_with('/')).map(|href| href.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn why_an_article_did_not_alert_is_two_clicks_from_the_overview() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(read(&folder, football()).await).await;
    assert!(links(&open.get("/").await.body).contains("/articles"), "the first click");
    let list = open.get("/articles").await.body;
    assert!(list.contains("Wang Yi at a match") && list.contains("nearly"), "{list}");
    let article = links(&list).into_iter().find(|href| href.starts_with("/article/")).expect("the second click");
    let page = open.get(&article).await.body;
    for word in [
        "No alert was made of it.",
        "excluded by &#39;football&#39;",
        "<details class=\"rule\" open>",
        "✓ true",
        "✗ false",
        "<code><bdi dir=\"auto\">@wang-yi</bdi></code>",
        "<mark class=\"w0\"><bdi>Wang Yi</bdi></mark> watched football.",
        "<p class=\"faded\" dir=\"auto\"><span class=\"zone\">related</span> 王毅 elsewhere</p>",
    ] {
        let plain = page.replace("&apos;", "&#39;").replace('\'', "&#39;");
        assert!(plain.contains(word), "the page does not say {word:?}:\n{page}");
    }
}

#[tokio::test]
async fn every_page_of_a_thing_answers_and_of_nothing_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    for (path, word) in [
        ("/articles", "Try a query"),
        ("/articles?source=wire", "of all sources"),
        ("/articles?q=Some", "As a rule"),
        ("/articles?q=%40wang-yi", "query = &quot;@wang-yi&quot;"),
        ("/article/1", "Rules on this article"),
        ("/source/wire", "Poll now"),
        ("/sources", "class=\"strip\""),
        ("/rules", "@wang-yi AND NOT football"),
        ("/rule/sco", "Try it on the archive"),
        ("/watch/wang-yi", "Every form it is found in"),
        ("/alert/1", "The whole article"),
        ("/outbox", "/retry"),
        ("/silences", "Nothing is silenced."),
    ] {
        let answer = open.get(path).await;
        assert_eq!(answer.code, 200, "{path}: {answer:?}");
        assert!(answer.body.contains(word), "{path} does not say {word:?}:\n{}", answer.body);
        for inline in ["<script", " style=", "<style", " onclick", "href=\"javascript:"] {
            assert!(!answer.body.contains(inline), "{path} has {inline}");
        }
    }
    for path in [
        "/article/99",
        "/article/x",
        "/source/none",
        "/source/NO",
        "/rule/none",
        "/watch/none",
        "/feeds/none.atom",
        "/feeds/rule/none.atom",
        "/feeds/channel/none.json",
        "/feeds/x/y.atom",
        "/feeds/all.rss",
    ] {
        assert_eq!(open.get(path).await.code, 404, "{path}");
    }
}

#[tokio::test]
async fn alerts_are_feeds_that_our_own_parser_takes() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    for (path, kind) in [
        ("/feeds/all.atom", "atom"),
        ("/feeds/rule/sco.atom", "atom"),
        ("/feeds/all.json", "json"),
        ("/feeds/rule/sco.json", "json"),
        ("/feeds/channel/stdout.atom", "atom"),
    ] {
        let answer = open.get(path).await;
        assert_eq!(answer.code, 200, "{path}");
        assert!(
            answer.head.contains(&format!(
                "content-type: application/{}",
                if kind == "atom" { "atom+xml" } else { "feed+json" }
            )),
            "{}",
            answer.head
        );
        let address = url::Url::parse(&format!("http://localhost{path}")).unwrap();
        let feed = parse::feed(answer.body.as_bytes(), &Context { url: Some(&address), content_type: None }).unwrap();
        assert_eq!(feed.warnings, Vec::<String>::new(), "{path}:\n{}", answer.body);
        assert_eq!(feed.format, kind);
        assert_eq!(feed.entries.len(), 1, "{path}");
        let entry = &feed.entries[0];
        // JSON has plain titles only; what our parser takes for markup in one is not ours to decide.
        let title = match kind {
            "json" => serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["items"][0]["title"]
                .as_str()
                .map(String::from),
            _ => entry.title.clone(),
        };
        assert!(
            title.as_deref().is_some_and(|title| title.contains("<script>alert(1)</script>")),
            "the words are whole: {title:?}"
        );
        assert!(entry.link.as_deref().unwrap().ends_with("/alert/1"), "what may not be followed is no link: {entry:?}");
        assert!(!answer.body.contains("<script"), "{path}:\n{}", answer.body);
        let tag = answer.head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_string();
        let again = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n",
            open.address
        );
        let again = ask(open.address, &again).await;
        assert_eq!((again.code, again.body.as_str()), (304, ""), "{path}");
    }
}

#[tokio::test]
async fn what_strangers_write_is_harmless_on_every_page_and_in_every_feed() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{HOSTILE}\u{202e}evil\u{2066} <svg onload=alert(1)> ]]> {}", "я".repeat(5_000_000));
    let mut article = Article {
        url: "javascript:alert(1)".into(),
        title: long.clone(),
        byline: Some(HOSTILE.into()),
        wire: Some(HOSTILE.into()),
        language: Some("en\" onload=\"x".into()),
        ..Article::default()
    };
    let zones = [Zone::Lead, Zone::Quote, Zone::Caption, Zone::Related];
    article.set_zones(
        zones
            .into_iter()
            .map(|zone| Block { zone, text: format!("Wang Yi {HOSTILE}\u{202e}abc") })
            .chain([Block { zone: Zone::Body, text: long }])
            .collect(),
    );
    let store = read(&folder, article).await;
    let claimed = due_source(&*store, "wire", 2).await;
    let failed = PollRecord {
        polled: Polled::Failed { error: format!("{HOSTILE}\u{202e}") },
        state: SourceState::Failing,
        ..poll(&claimed, 2)
    };
    store.commit_poll(failed).await.unwrap();
    let open = Open::over(store).await;
    let hostile = "%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE%22%27%3E%3Cimg%20src=x%20onerror=alert(1)%3E";
    let mut paths: BTreeSet<String> =
        ["/", "/feeds/all.atom", "/feeds/all.json", "/article/1"].map(String::from).into();
    for parameter in [
        "/articles?q=",
        "/articles?source=",
        "/articles?before=",
        "/alerts?rule=",
        "/sources?state=",
        "/outbox?state=",
        "/article/1?rule=",
        "/source/wire?asked=",
        "/rules?rules=",
        "/article/",
        "/source/",
        "/rule/",
        "/watch/",
        "/feeds/",
        "/feeds/rule/",
        "/login?next=",
    ] {
        paths.insert(format!("{parameter}{hostile}"));
    }
    for page in ["/", "/articles", "/sources", "/rules"] {
        paths.extend(links(&open.get(page).await.body));
    }
    assert!(paths.len() > 25, "{paths:?}");
    for path in paths {
        let answer = open.get(&path).await;
        assert!(answer.code < 500, "{path}: {}", answer.code);
        assert!(answer.body.len() < 3 << 20, "{path} has {} bytes", answer.body.len());
        if path == "/style.css" {
            continue;
        }
        for bad in ["<script", "<img src=x", "<svg onload", "href=\"javascript:", "onload=\"x", "\u{202e}", "\u{2066}"]
        {
            assert!(!answer.body.contains(bad), "{path} holds {bad:?}");
        }
    }
}

#[tokio::test]
async fn a_hostile_query_is_refused_or_found_and_never_a_fault_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(read(&folder, football()).await).await;
    let check = async |typed: &str, word: &str| -> Answer {
        let encoded: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let answer = open.get(&format!("/articles?q={encoded}")).await;
        assert_eq!(answer.code, 200, "{typed}");
        assert!(answer.body.contains(word), "{typed}: no {word:?} in\n{}", answer.body);
        answer
    };
    for typed in [
        "\"",
        "a AND",
        "NEAR(a b)",
        "title:",
        "a*\" OR 1=1 --",
        "(((((",
        "{}",
        "'; DROP TABLE articles; --",
        "a b",
        "@none",
        "*",
    ] {
        check(typed, "This query cannot stand").await;
    }
    check(&"(".repeat(TRY_BYTES_MAX), "This query cannot stand").await;
    check(&"x".repeat(TRY_BYTES_MAX + 1), "E201").await;
    check("watched NEAR/3 football", "<b>1 article</b> found").await;
    check("@wang-yi AND football", "/article/1").await;
    check("cricket", "<b>0 articles</b> found").await;
    let huge =
        format!("GET /articles?q={} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "x".repeat(200 << 10));
    let refused = ask(open.address, &huge).await;
    assert!((400..500).contains(&refused.code), "{}", refused.code);
}

#[tokio::test]
async fn a_poll_can_be_asked_for_by_our_own_page_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    waiting(&*store, vec![]).await;
    let open = Open::over(store.clone()).await;
    assert_eq!(post(open.address, "/source/wire/poll", "Sec-Fetch-Site: cross-site\r\n").await.code, 403);
    assert_eq!(open.get("/source/wire/poll").await.code, 405);
    assert_eq!(post(open.address, "/source/none/poll", "").await.code, 404);
    let due = async |minutes: i64| {
        let status = store.source(&source("wire")).await.unwrap().unwrap().status;
        status.next_poll.is_some_and(|next| next <= at(minutes))
    };
    // The feed of the fixture is read at minute 1 and due at 2; the page's clock stands at 3.
    let claimed = due_source(&*store, "wire", 2).await;
    assert_eq!(post(open.address, "/source/wire/poll", "").await.body, "it is being polled\n");
    store.commit_poll(PollRecord { next_check_at: at(60), ..poll(&claimed, 2) }).await.unwrap();
    assert!(!due(3).await);
    let asked = post(open.address, "/source/wire/poll", "Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n").await;
    assert!(asked.code == 303 && asked.head.contains("location: /source/wire?asked=due"), "{asked:?}");
    assert!(due(3).await, "it is due when it was asked for");
    let claimed = due_source(&*store, "wire", 3).await;
    store.commit_poll(PollRecord { next_check_at: at(60), ..poll(&claimed, 3) }).await.unwrap();
    assert_eq!(post(open.address, "/source/wire/poll", "").await.code, 429, "not twice in half a minute");
    assert!(!due(3).await);
}

#[tokio::test]
async fn only_the_last_polls_of_a_source_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    waiting(&*store, vec![]).await;
    let last = i64::try_from(POLLS_KEPT).unwrap() + 10;
    for minute in 2..last {
        let claimed = due_source(&*store, "wire", minute).await;
        let polled = if minute % 2 == 0 { Polled::Failed { error: "down".into() } } else { Polled::Unchanged };
        store.commit_poll(PollRecord { polled, ..poll(&claimed, minute) }).await.unwrap();
    }
    let polls = store.source(&source("wire")).await.unwrap().unwrap().polls;
    assert_eq!(polls.len(), POLLS_KEPT);
    assert!(polls.windows(2).all(|pair| pair[0].at < pair[1].at), "oldest first");
    let newest = polls.last().unwrap();
    assert_eq!((newest.at, newest.outcome == PollEnd::Failed), (at(last - 1), (last - 1) % 2 == 0));
    let few = store.polls(&[source("wire")], 5).await.unwrap().remove(&source("wire")).unwrap();
    assert_eq!(few.len(), 5);
    assert_eq!(few.last(), Some(newest));
}

#[tokio::test]
async fn articles_come_page_by_page_and_none_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let all = PAGE_ROWS_MAX + 5;
    waiting(&*store, (0..all).map(|n| published(&format!("n{n}"), 0)).collect()).await;
    let mut read = 0;
    while read < all {
        for due in due_entries(&*store, 2).await {
            store.commit_reading(reading(&due, 2)).await.unwrap();
            read += 1;
        }
    }
    let open = Open::over(store).await;
    let of = |page: &str| links(page).into_iter().filter(|href| href.starts_with("/article/")).collect::<BTreeSet<_>>();
    let first = open.get("/articles").await.body;
    let older = links(&first).into_iter().find(|href| href.contains("before=")).unwrap();
    let second = open.get(&older).await.body;
    assert_eq!((of(&first).len(), of(&second).len()), (PAGE_ROWS_MAX, 5));
    assert!(of(&first).is_disjoint(&of(&second)));
    assert!(!links(&second).iter().any(|href| href.contains("before=")), "that was all");
}

/// Sends a form as a browser does.
async fn send(open: &Open, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body: String =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter().copied()).finish();
    let (address, length) = (open.address, body.len());
    ask(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\nAccept: text/html\r\nConnection: close\r\n\r\n{body}"
        ),
    )
    .await
}

#[tokio::test]
async fn quiet_is_asked_for_and_ended_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let store = told(&folder).await;
    let open = Open::over(Arc::clone(&store)).await;
    let asked = [("by", "rule"), ("target", "sco"), ("hours", "4"), ("author", HOSTILE), ("comment", HOSTILE)];
    let answer = send(&open, "/silences", &asked).await;
    assert!(answer.code == 303 && answer.head.contains("location: /silences"), "{answer:?}");
    let page = open.get("/silences").await.body;
    assert!(
        page.contains("rule ") && page.contains("<b><bdi dir=\"auto\">sco</bdi></b>") && !page.contains("<script"),
        "{page}"
    );
    let kept = store.silences(at(3)).await.unwrap();
    assert_eq!((kept.len(), kept[0].until), (1, at(3 + 4 * 60)));
    for (fields, why) in [
        ([("by", "rule"), ("target", "none"), ("hours", "4"), ("author", "ann")], "no rule has the id"),
        ([("by", "watch"), ("target", "wang-li"), ("hours", "4"), ("author", "ann")], "no watch has the id"),
        ([("by", "query"), ("target", "a b"), ("hours", "4"), ("author", "ann")], "mean"),
        ([("by", "query"), ("target", "@wang-yi"), ("hours", "4"), ("author", "ann")], "no @watch"),
        ([("by", "rule"), ("target", "sco"), ("hours", "9999"), ("author", "ann")], "how long"),
        ([("by", "all"), ("target", "sco"), ("hours", "4"), ("author", "ann")], "what it is about"),
        ([("by", "rule"), ("target", "sco"), ("hours", "4"), ("author", " ")], "who asks"),
    ] {
        let refused = send(&open, "/silences", &fields).await;
        assert_eq!(refused.code, 422, "{fields:?}");
        assert!(refused.body.contains(why) && refused.body.contains("role=\"alert\""), "{fields:?}: {}", refused.body);
    }
    assert_eq!(store.silences(at(3)).await.unwrap().len(), 1, "what is refused is not kept");
    assert_eq!(send(&open, "/silences/1/expire", &[]).await.code, 303);
    assert!(open.get("/silences").await.body.contains("Nothing is silenced."));
    assert_eq!(send(&open, "/silences/1/expire", &[]).await.code, 404);
}

#[tokio::test]
async fn a_false_hit_is_remembered_on_the_page_of_its_alert() {
    let folder = tempfile::tempdir().unwrap();
    let store = told(&folder).await;
    let open = Open::over(Arc::clone(&store)).await;
    assert!(open.get("/alert/1").await.body.contains("Not the one you watch?"));
    let asked = |name, context| [("name", name), ("context", context), ("author", "ann"), ("comment", "a player")];
    for (name, context) in [("wang-li", "hockey"), ("wang-yi", ""), ("wang-yi", "a b"), ("wang-yi", "@wang-yi")] {
        assert_eq!(send(&open, "/alert/1/disposition", &asked(name, context)).await.code, 422, "{name} {context}");
    }
    assert_eq!(send(&open, "/alert/99/disposition", &asked("wang-yi", "hockey")).await.code, 404);
    assert!(store.silences(at(3)).await.unwrap().is_empty());
    let kept = send(&open, "/alert/1/disposition", &asked("wang-yi", "hockey OR site:sport.example")).await;
    assert_eq!(kept.code, 303, "{kept:?}");
    let made = store.silences(at(3)).await.unwrap().remove(0);
    assert!(made.for_good() && made.context.as_deref() == Some("hockey OR site:sport.example"), "{made:?}");
    let page = open.get("/silences").await.body;
    assert!(page.contains("hockey OR site:sport.example") && page.contains("for good"), "{page}");
}

#[tokio::test]
async fn alerts_are_searched_and_those_that_were_told_parted_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::over(told(&folder).await).await;
    for (query, found) in [
        ("q=alert(1)", true),
        ("q=%E7%8E%8B%E6%AF%85", true),
        ("q=SCRIPT+%E7%8E%8B", true),
        ("q=zebra", false),
        ("told=yes", true),
        ("told=no", false),
        ("told=maybe", true),
        ("rule=sco&q=script", true),
    ] {
        let page = open.get(&format!("/alerts?{query}")).await.body;
        assert_eq!(page.contains("href=\"/alert/1\""), found, "{query}:\n{page}");
        assert!(found || page.contains("No such alert."), "{query}");
        assert!(!page.contains("<script"), "{query}");
    }
    let hostile = open.get("/alerts?q=%22%3E%3Cscript%3E&told=%22&before=x").await;
    assert!(hostile.code == 200 && !hostile.body.contains("<script"), "{hostile:?}");
    assert!(open.get("/alert/1").await.body.contains("/retry"), "what did not arrive is tried again from here");
}
