//! Facts of stories: what is near, who is refused, what a copy changes.

use super::Place;
use super::desk::{
    DAY, adoption, alert, alerting, at, claim, document, due_entries, due_entry, due_messages, due_source, entry, key,
    matched, message, numbered, outlet, poll, probe, read_feed, reading, rule, story, subjects, waiting,
};
use futures_util::future::join_all;
use wirewatch::model::limits::{STORIES_NEAR_MAX, STORY_TEXTS_MAX};
use wirewatch::model::{Alert, DeliveryState, Suppressed};
use wirewatch::store::{
    AlertRecord, BaselineRecord, CopyRecord, DueEntry, PollRecord, ReadingCommitted, ReadingRecord, Store, StoreError,
    StoryRecord,
};

pub async fn a_reading_without_matches_is_kept_as_an_article(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    let committed = store.commit_reading(reading(&due[0], 1)).await.unwrap();
    assert_eq!(committed, ReadingCommitted::Done);
    let mut summary = reading(&due[1], 1);
    summary.article.complete = false;
    store.commit_reading(summary).await.unwrap();
    let articles = store.status().await.unwrap().articles;
    assert_eq!((articles.full, articles.summary_only, articles.unread), (1, 1, 0));
    let near = store.near(probe(&["https://outlet.example/n0"], &[])).await.unwrap();
    assert!(near.stories.is_empty(), "an article that matched nothing is no story");
}

pub async fn near_finds_a_story_by_url_and_by_text(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    let url = "https://outlet.example/n0";
    let before = store.near(probe(&[url], &[1])).await.unwrap();
    assert!(before.stories.is_empty());
    let sketch = [1, 2, 3, u32::MAX];
    let record = ReadingRecord { story: Some(story(url, &sketch, before.seq)), ..alerting(&due[0], 1, 0) };
    let text = record.article.text.clone();
    store.commit_reading(record).await.unwrap();

    let near = store.near(probe(&["https://elsewhere.example/", url], &[])).await.unwrap();
    assert!(near.seq > before.seq, "the index has moved");
    let found = &near.stories[0];
    assert_eq!((found.same_url, found.texts.len(), found.first_seen), (true, 0, at(1)));
    assert_eq!((found.alerts.len(), &found.alerts[0].alert), (1, &alert(url)));
    assert_eq!(found.alerts[0].waiting.len(), 1);

    let near = store.near(probe(&["https://elsewhere.example/"], &[3, 77])).await.unwrap();
    let found = &near.stories[0];
    assert_eq!((found.same_url, &found.texts), (false, &vec![text]));
    assert!(store.near(probe(&["https://elsewhere.example/"], &[77])).await.unwrap().stories.is_empty());

    let mut young = probe(&[], &sketch);
    young.since = at(2);
    assert!(store.near(young.clone()).await.unwrap().stories.is_empty(), "it is too old to be a copy of");
    young.urls = vec![url.into()];
    assert_eq!(store.near(young).await.unwrap().stories.len(), 1, "the same address is the same news, however old");
}

pub async fn near_gives_the_likeliest_texts_of_a_story_and_no_more_than_its_limit(place: &Place) {
    let store = place.open();
    let articles = STORY_TEXTS_MAX + 2;
    waiting(&*store, numbered(articles)).await;
    let due = due_entries(&*store, 1).await;
    for (number, due) in due.iter().enumerate() {
        let seq = store.near(probe(&[], &[])).await.unwrap().seq;
        // The first one shares more than the others, which came later.
        let sketch: &[u32] = if number == 0 { &[1, 2, 3] } else { &[1] };
        let mut record = alerting(due, 1, 0);
        record.article.text = format!("text {number}");
        record.story = Some(StoryRecord { seq, ..story("https://outlet.example/n0", sketch, seq) });
        if number > 0 {
            record.alerts = vec![];
        }
        assert_eq!(store.commit_reading(record).await.unwrap(), ReadingCommitted::Done);
    }
    let near = store.near(probe(&[], &[1, 2, 3])).await.unwrap();
    assert_eq!(near.stories.len(), 1);
    assert_eq!(near.stories[0].texts, ["text 0", "text 5", "text 4", "text 3"]);
    // The same database, opened anew, knows as much.
    let near = place.open_for_reading().near(probe(&[], &[1, 2, 3])).await.unwrap();
    assert_eq!(near.stories[0].texts, ["text 0", "text 5", "text 4", "text 3"]);
}

pub async fn near_names_those_that_share_most_and_no_more_than_its_limit(place: &Place) {
    let store = place.open();
    let stories = STORIES_NEAR_MAX + 6;
    waiting(&*store, numbered(stories)).await;
    let due = due_entries(&*store, 1).await;
    assert_eq!(due.len(), stories);
    for (number, due) in due.iter().enumerate() {
        let seq = store.near(probe(&[], &[])).await.unwrap().seq;
        let url = due.entry.link.clone().unwrap();
        // All share the imprint, the first one the text as well.
        let sketch: &[u32] = if number == 0 { &[1, 2, 3] } else { &[1] };
        let mut record = ReadingRecord { story: Some(story(&url, sketch, seq)), ..alerting(due, 1, 0) };
        record.article.text = format!("text {number}");
        assert_eq!(store.commit_reading(record).await.unwrap(), ReadingCommitted::Done);
    }
    let near = store.near(probe(&[], &[1, 2, 3])).await.unwrap();
    assert_eq!(near.stories.len(), STORIES_NEAR_MAX);
    assert_eq!(near.stories[0].texts, ["text 0"]);
    assert_eq!(near.stories[1].texts, [format!("text {}", stories - 1)], "then the newest");
}

pub async fn a_story_changed_meanwhile_refuses_the_reading(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    let urls = ["https://outlet.example/n0", "https://outlet.example/n1"];
    let seq = store.near(probe(&[], &[])).await.unwrap().seq;
    let first = ReadingRecord { story: Some(story(urls[0], &[5, 6, 7], seq)), ..alerting(&due[0], 1, 0) };
    let second = |seq| ReadingRecord { story: Some(story(urls[1], &[7, 8, 9], seq)), ..alerting(&due[1], 1, 0) };
    assert_eq!(store.commit_reading(first).await.unwrap(), ReadingCommitted::Done);
    assert_eq!(store.commit_reading(second(seq)).await.unwrap(), ReadingCommitted::StoryMoved);
    let near = store.near(probe(&[urls[1]], &[7, 8, 9])).await.unwrap();
    assert_eq!(near.stories.len(), 1, "and the next question finds why");
    assert_eq!(store.commit_reading(second(near.seq)).await.unwrap(), ReadingCommitted::Done);
}

pub async fn a_story_that_shares_nothing_refuses_nothing(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    let seq = store.near(probe(&[], &[])).await.unwrap().seq;
    for (number, sketch) in [[1, 2, 3], [4, 5, 6]].iter().enumerate() {
        let url = format!("https://outlet.example/n{number}");
        let record = ReadingRecord { story: Some(story(&url, sketch, seq)), ..alerting(&due[number], 1, 0) };
        assert_eq!(store.commit_reading(record).await.unwrap(), ReadingCommitted::Done);
    }
}

/// Reads a copy of the wire as a worker does: asks, decides, commits, and asks again where the story moved.
async fn read_copy(store: &dyn Store, due: DueEntry, sketch: [u32; 3]) {
    let url = due.entry.link.clone().unwrap();
    // Each refusal means that another reader was served, so it ends.
    loop {
        let near = store.near(probe(&[&url], &sketch)).await.unwrap();
        let mut record = reading(&due, 1);
        record.story = Some(story(&url, &sketch, near.seq));
        match near.stories.first() {
            None => record.alerts = alerting(&due, 1, 0).alerts,
            Some(found) => {
                record.story.as_mut().unwrap().id = found.id.clone();
                let told = &found.alerts[0];
                let mut alert = told.alert.clone();
                alert.outlets.push(outlet(&due.entry.key, &url));
                record.copies.push(CopyRecord {
                    alert_id: told.id,
                    alert,
                    rewritten: vec![],
                    digests: vec![],
                    steps: vec![],
                    owed: vec![],
                });
            }
        }
        if store.commit_reading(record).await.unwrap() == ReadingCommitted::Done {
            return;
        }
    }
}

pub async fn sixteen_readers_of_one_wire_make_one_alert(place: &Place) {
    // 200 wires, ten at a time; the sketches of a round share nothing.
    const ROUNDS: u32 = 20;
    const WIRES: u32 = 10;
    const READERS: u32 = 16;
    let store = place.open();
    store.adopt(adoption(0, &["wire"])).await.unwrap();
    read_feed(&*store, "wire", 0, vec![entry("old")]).await;
    for round in 0..ROUNDS {
        let minute = 1 + i64::from(round);
        let copies = (0..READERS * WIRES).map(|copy| entry(&format!("{round}-{copy}")));
        let entries = std::iter::once(entry("old")).chain(copies).collect();
        read_feed(&*store, "wire", minute, entries).await;
        let due = store.claim_entries(claim(minute, 160)).await.unwrap();
        assert_eq!(due.len(), 160);
        let sketch = |wire: u32| [1, 2, 3].map(|hash| (round * WIRES + wire) * 10 + hash);
        join_all(due.into_iter().zip(0..).map(|(due, copy)| read_copy(&*store, due, sketch(copy % WIRES)))).await;
        for wire in 0..WIRES {
            let near = store.near(probe(&[], &sketch(wire))).await.unwrap();
            assert_eq!(near.stories.len(), 1, "round {round}, wire {wire}");
            assert_eq!(near.stories[0].alerts.len(), 1, "round {round}, wire {wire}");
            let outlets = &near.stories[0].alerts[0].alert.outlets;
            assert_eq!(outlets.len(), 16, "round {round}, wire {wire}: an outlet was lost");
        }
    }
    assert_eq!(store.status().await.unwrap().outbox.pending, 200);
}

pub async fn an_alert_that_near_cannot_see_is_seen_after_the_refusal(place: &Place) {
    let store = place.open();
    store.adopt(adoption(0, &["wire"])).await.unwrap();
    let due = due_source(&*store, "wire", 0).await;
    let kept =
        Alert { story: alert("https://outlet.example/new").story, ..alert("https://outlet.example/new?from=rss") };
    let baseline = BaselineRecord { read: vec![], articles: 1, alerts: vec![(kept, matched("x"))] };
    let polled = document(vec![entry("old")], Some(baseline));
    store.commit_poll(PollRecord { polled, ..poll(&due, 0) }).await.unwrap();
    read_feed(&*store, "wire", 1, vec![entry("old"), entry("new")]).await;

    let due = due_entry(&*store, 1).await;
    let question = probe(&["https://outlet.example/new"], &[]);
    let near = store.near(question.clone()).await.unwrap();
    assert!(near.stories.is_empty());
    let committed = store.commit_reading(alerting(&due, 1, near.seq)).await.unwrap();
    assert_eq!(committed, ReadingCommitted::StoryMoved, "the rule has this story already");
    let near = store.near(question).await.unwrap();
    assert_eq!(near.stories[0].alerts[0].suppressed, Some(Suppressed::Baseline));
    assert!(due_messages(&*store, 1).await.is_empty());
}

pub async fn a_refused_reading_leaves_nothing(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(2)).await;
    let due = due_entries(&*store, 1).await;
    store.commit_reading(alerting(&due[0], 1, 0)).await.unwrap();
    let url = "https://outlet.example/n0";
    let mut refused = alerting(&due[1], 1, 0);
    refused.story = Some(story(url, &[], 0));
    refused.near_misses = vec![(rule("sco"), "excluded by 'football'".into())];
    assert_eq!(store.commit_reading(refused).await.unwrap(), ReadingCommitted::StoryMoved);
    let status = store.status().await.unwrap();
    assert_eq!((status.articles.full, status.articles.unread, status.outbox.pending), (1, 1, 1));
    store.commit_reading(reading(&due[1], 1)).await.expect("its claim still holds");
}

/// An alert with a message that waits, and the record of a copy that rewrites it.
async fn alert_and_copy(store: &dyn Store) -> (DueEntry, ReadingRecord) {
    waiting(store, numbered(2)).await;
    let due = due_entries(store, 1).await;
    store.commit_reading(alerting(&due[0], 1, 0)).await.unwrap();
    let near = store.near(probe(&["https://outlet.example/n0"], &[])).await.unwrap();
    let told = &near.stories[0].alerts[0];
    let mut alert = told.alert.clone();
    alert.outlets.push(outlet("other", "https://outlet.example/n1"));
    let mut rewritten = message("two outlets", "desk", 1);
    rewritten.id = message("alert https://outlet.example/n0", "desk", 1).id;
    assert!(told.waiting.iter().all(|(id, _)| *id == rewritten.id));
    let copy = CopyRecord {
        alert_id: told.id,
        alert,
        rewritten: vec![rewritten],
        digests: vec![key("desk", "morning")],
        steps: vec![],
        owed: vec![],
    };
    let same = story("https://outlet.example/n0", &[], near.seq);
    let record = ReadingRecord { story: Some(same), copies: vec![copy], ..reading(&due[1], 1) };
    (due[1].clone(), record)
}

pub async fn copies_rewrite_a_message_that_waits(place: &Place) {
    let store = place.open();
    let (_, copy) = alert_and_copy(&*store).await;
    assert_eq!(store.commit_reading(copy).await.unwrap(), ReadingCommitted::Done);
    let due = due_messages(&*store, 1).await;
    assert_eq!(subjects(&due), ["two outlets"]);
    let near = store.near(probe(&["https://outlet.example/n0"], &[])).await.unwrap();
    assert_eq!(near.stories[0].alerts[0].alert.outlets.len(), 2);
    assert!(near.stories[0].alerts[0].waiting.is_empty(), "being sent, it waits no more");
}

pub async fn copies_never_rewrite_a_message_that_went_out(place: &Place) {
    let store = place.open();
    let (_, copy) = alert_and_copy(&*store).await;
    let sending = due_messages(&*store, 1).await;
    store.commit_reading(copy).await.unwrap();
    let failed = super::desk::attempt(&sending[0], "a@desk.example", 1, DeliveryState::Retrying);
    store.record_deliveries(vec![failed], vec![]).await.unwrap();
    let again = due_messages(&*store, 2).await;
    assert_eq!(subjects(&again), subjects(&sending), "the same id says the same");
}

pub async fn an_article_read_in_full_is_not_replaced_by_a_summary(place: &Place) {
    let store = place.open();
    waiting(&*store, vec![super::desk::titled("a", "One")]).await;
    let due = due_entry(&*store, 1).await;
    store.commit_reading(reading(&due, 1)).await.unwrap();
    read_feed(&*store, "wire", 2, vec![entry("old"), super::desk::titled("a", "Two")]).await;
    let due = due_entry(&*store, 2).await;
    let mut summary = reading(&due, 2);
    summary.article.complete = false;
    store.commit_reading(summary).await.unwrap();
    let articles = store.status().await.unwrap().articles;
    assert_eq!((articles.full, articles.summary_only), (1, 0));
}

pub async fn a_lost_lease_stores_nothing(place: &Place) {
    let store = place.open();
    waiting(&*store, numbered(1)).await;
    let slow = due_entry(&*store, 1).await;
    let quick = due_entry(&*store, 6).await;
    let seq = store.near(probe(&[], &[])).await.unwrap().seq;
    let refused = store.commit_reading(alerting(&slow, 6, seq)).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)), "{refused:?}");
    assert!(due_messages(&*store, 6).await.is_empty());
    let old = Suppressed::TooOld { published: at(-9 * DAY) };
    let mut told = alerting(&quick, 6, seq);
    told.alerts = told.alerts.into_iter().map(|alert| AlertRecord { suppressed: Some(old.clone()), ..alert }).collect();
    assert_eq!(store.commit_reading(told).await.unwrap(), ReadingCommitted::Done);
    let near = store.near(probe(&["https://outlet.example/n0"], &[])).await.unwrap();
    assert_eq!(near.stories[0].alerts[0].suppressed, Some(old));
}
