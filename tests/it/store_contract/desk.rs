//! The desk at which the facts are tried: times, seeds and records with nothing in them but what a fact is about.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use wirewatch::model::{
    Alert, Article, ChannelId, DeliveryState, Entry, Message, MessageId, MessageKind, Outlet, Recipient, RuleId,
    Severity, SourceId, SourceState, Step, StoryId, Telling, Validators,
};
use wirewatch::store::{
    Adoption, AlertRecord, BaselineRecord, Claim, DeliveryRecord, DueEntry, DueMessage, DueSource, DueWindow,
    EntryNext, Learned, Owed, PollCommitted, PollRecord, Polled, ReadingRecord, SourceSeed, Store, StoryProbe,
    StoryRecord, WindowKey, WindowSeed,
};

/// So many minutes after the desk opened.
pub fn at(minutes: i64) -> Timestamp {
    let opened: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    opened + SignedDuration::from_mins(minutes)
}

pub const DAY: i64 = 24 * 60;

pub fn source(id: &str) -> SourceId {
    SourceId::new(id).unwrap()
}

pub fn channel(id: &str) -> ChannelId {
    ChannelId::new(id).unwrap()
}

pub fn seed(id: &str) -> SourceSeed {
    SourceSeed {
        id: source(id),
        url: format!("https://{id}.example/feed"),
        first_check_at: at(0),
        latest_check_at: None,
    }
}

pub fn adoption(minutes: i64, ids: &[&str]) -> Adoption {
    Adoption {
        now: at(minutes),
        sources: ids.iter().map(|id| seed(id)).collect(),
        windows: vec![],
        rates: vec![],
        renames: vec![],
        release_claims: false,
    }
}

pub fn window(channel_id: &str, digest: &str, due: i64) -> WindowSeed {
    WindowSeed { key: key(channel_id, digest), due_at: at(due) }
}

pub fn key(channel_id: &str, digest: &str) -> WindowKey {
    WindowKey { channel: channel(channel_id), digest: digest.into() }
}

/// A claim that holds five minutes.
pub fn claim(minutes: i64, max: usize) -> Claim {
    Claim { now: at(minutes), lease: Duration::from_mins(5), max }
}

pub fn entry(key: &str) -> Entry {
    Entry {
        key: key.into(),
        title: Some(format!("News of {key}")),
        link: Some(format!("https://outlet.example/{key}")),
        ..Entry::default()
    }
}

pub fn published(key: &str, minutes: i64) -> Entry {
    Entry { published: Some(at(minutes)), ..entry(key) }
}

pub fn titled(key: &str, title: &str) -> Entry {
    Entry { title: Some(title.into()), ..entry(key) }
}

pub fn numbered(count: usize) -> Vec<Entry> {
    (0..count).map(|number| entry(&format!("n{number}"))).collect()
}

/// A poll that brought nothing, of a source that is well; the next one is due a minute later.
pub fn poll(due: &DueSource, minutes: i64) -> PollRecord {
    PollRecord {
        source: due.id.clone(),
        lease: due.lease,
        now: at(minutes),
        polled: Polled::Unchanged,
        state: SourceState::Ok,
        told_failing: false,
        told_stale: due.told_stale,
        remark: None,
        after_gap: None,
        learned: Learned::default(),
        next_check_at: at(minutes + 1),
        interval: Duration::from_mins(1),
        url: None,
        moved_count: 0,
        moved_to: None,
        owed: vec![],
    }
}

pub fn document(entries: Vec<Entry>, baseline: Option<BaselineRecord>) -> Polled {
    Polled::Read { validators: Validators::default(), title: None, language: None, entries, baseline }
}

/// Claims the source and stores a document; its first is its baseline.
pub async fn read_feed(store: &dyn Store, id: &str, minutes: i64, entries: Vec<Entry>) -> PollCommitted {
    let due = due_source(store, id, minutes).await;
    let baseline = (!due.baselined).then(BaselineRecord::default);
    let polled = document(entries, baseline);
    store.commit_poll(PollRecord { polled, ..poll(&due, minutes) }).await.unwrap()
}

pub async fn due_source(store: &dyn Store, id: &str, minutes: i64) -> DueSource {
    let due = store.claim_sources(claim(minutes, 1000)).await.unwrap();
    due.into_iter().find(|due| due.id == source(id)).unwrap_or_else(|| panic!("{id} is not due"))
}

/// A source with entries that wait: the desk's usual beginning.
pub async fn waiting(store: &dyn Store, entries: Vec<Entry>) {
    store.adopt(adoption(0, &["wire"])).await.unwrap();
    read_feed(store, "wire", 0, vec![entry("old")]).await;
    let mut all = vec![entry("old")];
    all.extend(entries);
    read_feed(store, "wire", 1, all).await;
}

pub async fn due_entries(store: &dyn Store, minutes: i64) -> Vec<DueEntry> {
    store.claim_entries(claim(minutes, 64)).await.unwrap()
}

pub async fn due_entry(store: &dyn Store, minutes: i64) -> DueEntry {
    let mut due = store.claim_entries(claim(minutes, 1)).await.unwrap();
    due.pop().expect("an entry is due")
}

/// The keys of claimed entries.
pub fn keys(due: &[DueEntry]) -> Vec<&str> {
    due.iter().map(|due| due.entry.key.as_str()).collect()
}

/// A reading in which nothing matched.
pub fn reading(due: &DueEntry, minutes: i64) -> ReadingRecord {
    let url = due.entry.link.clone().unwrap();
    let title = due.entry.title.clone().unwrap();
    ReadingRecord {
        entry: due.id,
        lease: due.lease,
        now: at(minutes),
        source: due.source.clone(),
        article: Article { url, title, text: "Some text.".into(), complete: true, ..Article::default() },
        matches: vec![],
        near_misses: vec![],
        story: None,
        alerts: vec![],
        copies: vec![],
        too_old: false,
        next: EntryNext::Done,
    }
}

/// Asks for stories near an article, however old.
pub fn probe(urls: &[&str], sketch: &[u32]) -> StoryProbe {
    let urls = urls.iter().map(ToString::to_string).collect();
    StoryProbe { urls, sketch: sketch.to_vec(), since: at(-7 * DAY) }
}

/// The story of the article at `url`, decided on the index as it was at `seq`.
pub fn story(url: &str, sketch: &[u32], seq: i64) -> StoryRecord {
    StoryRecord { id: StoryId::of(&[url]), seq, urls: vec![url.into()], sketch: sketch.to_vec() }
}

pub fn rule(id: &str) -> RuleId {
    RuleId::new(id).unwrap()
}

/// An alert of the rule `sco` for the story of this URL.
pub fn alert(url: &str) -> Alert {
    Alert {
        rule: rule("sco"),
        rule_title: "SCO security".into(),
        severity: Severity::Normal,
        story: StoryId::of(&[url]),
        title: "Ministers meet in Astana".into(),
        url: url.into(),
        language: None,
        byline: None,
        wire: None,
        published: None,
        matched: at(0),
        summary_only: false,
        hits: vec![],
        watch_names: vec![],
        outlets: vec![outlet("wire", url)],
        first_seen: at(0),
        telling: Telling::default(),
    }
}

pub fn outlet(source: &str, url: &str) -> Outlet {
    Outlet { source: source.into(), name: source.into(), url: url.into(), title: "x".into(), seen: at(0), tier: None }
}

/// A reading that makes an alert, which owes a message to the desk and waits for the digest `morning`.
pub fn alerting(due: &DueEntry, minutes: i64, seq: i64) -> ReadingRecord {
    let url = due.entry.link.clone().unwrap();
    let message = message(&format!("alert {url}"), "desk", minutes);
    let alert = AlertRecord {
        alert: alert(&url),
        suppressed: None,
        owed: vec![owed(message, &["a@desk.example"])],
        digests: vec![key("desk", "morning")],
        steps: vec![],
    };
    ReadingRecord { story: Some(story(&url, &[], seq)), alerts: vec![alert], ..reading(due, minutes) }
}

pub fn message(name: &str, channel_id: &str, minutes: i64) -> Message {
    Message {
        id: MessageId::of(&[name]),
        channel: channel(channel_id),
        kind: MessageKind::Alert,
        made: at(minutes),
        subject: name.into(),
        text: "text".into(),
        html: "<p>text".into(),
        data: serde_json::Value::Null,
        thread: None,
        rule: None,
        urgent: false,
    }
}

/// Owed from the moment it was made.
pub fn owed(message: Message, recipients: &[&str]) -> Owed {
    let not_before = message.made;
    Owed {
        message,
        recipients: recipients.iter().map(|to| Recipient(to.to_string())).collect(),
        not_before,
        flood: None,
    }
}

pub async fn due_messages(store: &dyn Store, minutes: i64) -> Vec<DueMessage> {
    store.claim_outbox(claim(minutes, 64)).await.unwrap()
}

/// The subjects of claimed messages.
pub fn subjects(due: &[DueMessage]) -> Vec<&str> {
    due.iter().map(|due| due.message.subject.as_str()).collect()
}

/// An attempt for the message's recipient of this name.
pub fn attempt(due: &DueMessage, recipient: &str, minutes: i64, state: DeliveryState) -> DeliveryRecord {
    DeliveryRecord {
        message: due.message.id.clone(),
        recipient: Recipient(recipient.into()),
        lease: due.lease,
        at: at(minutes),
        state,
        next_attempt: (state == DeliveryState::Retrying).then(|| at(minutes + 1)),
        reply: "250 thanks".into(),
        maybe_sent: false,
    }
}

pub async fn due_window(store: &dyn Store, minutes: i64) -> DueWindow {
    let mut due = store.claim_windows(claim(minutes, 10)).await.unwrap();
    assert_eq!(due.len(), 1, "one window is due");
    due.remove(0)
}

/// That an article met a rule, with nothing to stand on.
pub fn matched(title: &str) -> Step {
    let evidence = wirewatch::model::Evidence {
        source: "wire".into(),
        url: "https://outlet.example/".into(),
        title: title.into(),
        published: None,
        fetched: at(0),
        validators: wirewatch::model::Validators::default(),
        text_sha256: wirewatch::model::sha256(b"text"),
        rule_version: "v1".into(),
        watches: vec![],
        lists: vec![],
        passages: vec![],
        program: "test".into(),
    };
    Step::Matched { evidence: Box::new(evidence) }
}
