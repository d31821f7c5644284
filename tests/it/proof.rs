//! What can be proven afterwards: ten thousand entries, some of which nobody could have seen, add up; and nobody alters the ledger
//! unseen.

use crate::daemon::{run, said};
use crate::store_contract::desk::{
    adoption, alert, at, claim, document, entry, matched, poll, probe, published, reading, rule, source, story,
};
use futures_util::future::join_all;
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wirewatch::model::{Article, Entry, Hit, HitKind, Match, Severity, Step, StoryId, Suppressed, Zone};
use wirewatch::store::{AlertRecord, BaselineRecord, DueEntry, PollRecord, ReadingRecord, Sqlite, Store};

const SOURCES: usize = 20;
/// Entries that a feed shows.
const WINDOW: usize = 25;
/// How many are published before each poll: once more than a feed shows.
const BATCHES: [usize; 45] = {
    let mut batches = [10; 45];
    batches[0] = 20;
    batches[17] = 50;
    batches
};

fn desk() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("wirewatch.toml");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let toml = format!(
        "[service]\ndata_dir = {:?}\n[official.wang-yi]\nnames = [\"Wang Yi\"]\nweak = [\"Wang\"]\n\
         [rule.ministers]\nquery = '@wang-yi AND NOT football'\n",
        data.display().to_string()
    );
    std::fs::write(&config, toml).unwrap();
    (folder, config)
}

fn database(config: &Path) -> PathBuf {
    config.parent().unwrap().join("data/wirewatch.db")
}

/// An entry of this number of a source, published in the minute of its number.
fn numbered(id: &str, number: usize) -> Entry {
    published(&format!("{id}-{number}"), i64::try_from(number).unwrap())
}

/// What becomes of an entry, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    Alerted,
    Silenced,
    Excluded,
    Near,
    Waits,
    Nothing,
}

fn fate(entry: &Entry) -> Fate {
    let number: usize = entry.key.rsplit_once('-').unwrap().1.parse().unwrap();
    match number % 10 {
        0 => Fate::Alerted,
        1 => Fate::Silenced,
        2 => Fate::Excluded,
        3 => Fate::Near,
        4 => Fate::Waits,
        _ => Fate::Nothing,
    }
}

fn read(due: &DueEntry, minutes: i64, seq: i64) -> ReadingRecord {
    let fate = fate(&due.entry);
    let url = due.entry.link.clone().unwrap();
    let mut record = reading(due, minutes);
    record.article = Article { text: "Wang Yi spoke of football.".into(), ..record.article };
    match fate {
        Fate::Alerted | Fate::Silenced => {
            let hit = Hit {
                watch: Some("wang-yi".into()),
                entry: None,
                topics: vec![],
                kind: HitKind::Name,
                name: "Wang Yi".into(),
                text: "Wang Yi".into(),
                zone: Zone::Body,
                block: None,
                start: 0,
                end: 7,
                sentence: "Wang Yi spoke.".into(),
            };
            let rule = rule("ministers");
            record.matches = vec![Match {
                rule: rule.clone(),
                severity: Severity::Normal,
                notify: vec![],
                hits: vec![hit],
                left_out: 0,
            }];
            record.story = Some(story(&url, &[], seq));
            let suppressed =
                (fate == Fate::Silenced).then_some(Suppressed::Silenced { silence: 1, until: Timestamp::MAX });
            let steps = vec![matched("x"), Step::Queued { channel: "desk".into() }];
            let alert = wirewatch::model::Alert { rule, story: StoryId::of(&[&url]), ..alert(&url) };
            record.alerts = vec![AlertRecord { alert, suppressed, owed: vec![], digests: vec![], steps }];
        }
        Fate::Excluded => record.near_misses = vec![(rule("ministers"), "excluded by 'football'".into())],
        Fate::Near => record.near_misses = vec![(rule("ministers"), "with 'Wang' but no Wang Yi".into())],
        Fate::Waits | Fate::Nothing => {}
    }
    record
}

/// Publishes and polls; answers all entries that were published, and those that no poll showed.
async fn publish(store: &dyn Store) -> (usize, Vec<(String, usize)>) {
    let ids: Vec<String> = (0..SOURCES).map(|number| format!("wire{number}")).collect();
    let named: Vec<&str> = ids.iter().map(String::as_str).collect();
    store.adopt(adoption(0, &named)).await.unwrap();
    let (mut count, mut shown, mut unseen) = (0, 0, vec![]);
    for batch in BATCHES {
        count += batch;
        let from = count.saturating_sub(WINDOW);
        for id in &ids {
            unseen.extend((shown..from).map(|number| (id.clone(), number)));
        }
        shown = count;
        let minutes = i64::try_from(count).unwrap();
        let due = store.claim_sources(claim(minutes, SOURCES)).await.unwrap();
        assert_eq!(due.len(), SOURCES);
        let polls = due.iter().map(|due| {
            let entries = (from..count).rev().map(|number| numbered(due.id.as_str(), number)).collect();
            let baseline = (!due.baselined).then(BaselineRecord::default);
            store.commit_poll(PollRecord { polled: document(entries, baseline), ..poll(due, minutes) })
        });
        assert!(join_all(polls).await.iter().all(Result::is_ok));
    }
    (count * SOURCES, unseen)
}

#[tokio::test]
async fn ten_thousand_entries_of_which_a_twentieth_was_never_seen_add_up() {
    let (_folder, config) = desk();
    let store = Sqlite::open_exclusive(&database(&config)).unwrap();
    let (published, unseen) = publish(&store).await;
    assert_eq!((published, unseen.len()), (10_000, 500));
    let mut fates: HashMap<Fate, usize> = HashMap::new();
    loop {
        let due = store.claim_entries(claim(600, 64)).await.unwrap();
        if due.is_empty() {
            break;
        }
        for due in &due {
            *fates.entry(fate(&due.entry)).or_default() += 1;
        }
        let seq = store.near(probe(&[], &[])).await.unwrap().seq;
        let read = due
            .iter()
            .filter(|due| fate(&due.entry) != Fate::Waits)
            .map(|due| store.commit_reading(read(due, 600, seq)));
        assert!(join_all(read).await.iter().all(Result::is_ok));
    }
    drop(store);

    let proven = run(&config, &["prove", "--name", "wang-yi", "--from", "2026-03-01", "--to", "2026-03-31", "--json"]);
    assert!(proven.status.success(), "{}", said(&proven));
    let proven: Value = serde_json::from_slice(&proven.stdout).unwrap();
    let count = |name: &str| usize::try_from(proven["counts"][name].as_u64().unwrap()).unwrap();
    let of = |fate| fates[&fate];
    assert_eq!(count("alerted"), of(Fate::Alerted));
    assert_eq!(count("not_told"), of(Fate::Silenced));
    assert_eq!(count("excluded"), of(Fate::Excluded));
    assert_eq!(count("near_missed"), of(Fate::Near));
    assert_eq!(count("no_match"), of(Fate::Nothing));
    assert_eq!(count("unread"), of(Fate::Waits));
    assert_eq!(count("baseline"), 20 * SOURCES);
    assert_eq!((count("copy"), count("forgotten")), (0, 0));
    let parts =
        ["alerted", "copy", "not_told", "excluded", "near_missed", "no_match", "unread", "baseline", "forgotten"];
    assert_eq!(parts.map(count).iter().sum::<usize>(), count("seen"), "each entry is counted once");
    assert_eq!(count("seen") + unseen.len(), published, "what was not seen was in no poll");
    assert_eq!(proven["articles"].as_array().unwrap().len(), count("seen") - count("unread") - count("baseline"));

    // Each that nobody saw lies in a gap that is named.
    let gaps = proven["gaps"].as_array().unwrap();
    let moment = |gap: &Value, name: &str| -> Timestamp { gap[name].as_str().unwrap().parse().unwrap() };
    let named = unseen.iter().filter(|(id, number)| {
        let then = at(i64::try_from(*number).unwrap());
        gaps.iter().any(|gap| gap["source"] == **id && moment(gap, "since") <= then && then <= moment(gap, "until"))
    });
    assert_eq!(named.count(), unseen.len());
    assert_eq!(gaps.len(), SOURCES, "and no other is named");

    let alerted = proven["articles"].as_array().unwrap().iter().find(|article| article["became"] == "alerted").unwrap();
    assert_eq!(alerted["versions"]["rule ministers"], "v1");
    let shown = said(&run(&config, &["prove", "--name", "@wang-yi", "--from", "2026-03-01", "--to", "2026-03-31"]));
    assert!(shown.contains("9500  entries were seen"), "{shown}");
    assert!(shown.contains("possible gaps") && shown.contains("excluded by 'football'"), "{shown}");
    let none = run(&config, &["prove", "--name", "wang-li", "--from", "2026-03-01", "--to", "2026-03-31"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(said(&none).contains("wang-yi"), "{}", said(&none));
}

#[tokio::test]
async fn a_ledger_that_somebody_altered_is_told() {
    let (_folder, config) = desk();
    let store = Sqlite::open_exclusive(&database(&config)).unwrap();
    store.adopt(adoption(0, &["wire1"])).await.unwrap();
    for (minutes, entries) in
        [(0, vec![entry("old-9")]), (1, (0..30).map(|n| numbered("wire1", n)).chain([entry("old-9")]).collect())]
    {
        let due = store.claim_sources(claim(minutes, 1)).await.unwrap();
        let baseline = (!due[0].baselined).then(BaselineRecord::default);
        store.commit_poll(PollRecord { polled: document(entries, baseline), ..poll(&due[0], minutes) }).await.unwrap();
    }
    for due in store.claim_entries(claim(60, 64)).await.unwrap() {
        let seq = store.near(probe(&[], &[])).await.unwrap().seq;
        store.commit_reading(read(&due, 60, seq)).await.unwrap();
    }
    assert_eq!(due_source_of(&store).await, source("wire1"));
    drop(store);

    let well = run(&config, &["verify", "--json"]);
    assert!(well.status.success(), "{}", said(&well));
    let well: Value = serde_json::from_slice(&well.stdout).unwrap();
    assert_eq!((&well["rows"], &well["wrong"]), (&12.into(), &0.into()), "{well}");
    let head = format!("{}:{}", well["head"]["seq"], well["head"]["hash"].as_str().unwrap());
    assert!(run(&config, &["verify", "--head", &head]).status.success());

    let conn = Connection::open(database(&config)).unwrap();
    conn.execute("UPDATE steps SET data = replace(data, 'desk', 'dusk') WHERE id = 4", []).unwrap();
    let altered = run(&config, &["verify"]);
    assert_eq!(altered.status.code(), Some(1));
    assert!(said(&altered).contains("row 4 of steps is not as it was written"), "{}", said(&altered));
    conn.execute("UPDATE steps SET data = replace(data, 'dusk', 'desk') WHERE id = 4", []).unwrap();
    assert!(run(&config, &["verify", "--head", &head]).status.success(), "as it was");
    let other = format!("{}:{}", well["head"]["seq"], "0".repeat(64));
    let refused = run(&config, &["verify", "--head", &other]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("does not hold the head"), "{}", said(&refused));
}

/// The only source, which is due again.
async fn due_source_of(store: &dyn Store) -> wirewatch::model::SourceId {
    store.claim_sources(claim(90, 1)).await.unwrap().remove(0).id
}
