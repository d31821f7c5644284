//! The care of the one file of state, by the program itself: a backup beside the running daemon, a restore that waits for its end,
//! and a damaged database that is mended by the next start and told.

use crate::daemon::{Daemon, run, said};
use crate::harness::{Desk, Piece, minutes, paragraph, publish};
use std::os::unix::fs::FileExt;
use std::path::Path;
use wirewatch::store::{Sqlite, Store};

const TYPED: &str = r#"
[source.courier]
url   = "NEWSROOM/courier/feed.xml"
every = "10m"

[organization.sco]
names = ["Shanghai Cooperation Organization"]

[rule.desk]
any    = ["@sco"]
notify = ["desk"]
severity = "high"

[channel.desk]
type = "email"
to   = ["anna@example.org"]
"#;

fn news(slug: &str, at: &str) -> Piece {
    let lead = format!("The Shanghai Cooperation Organization was named today. {}", paragraph(slug));
    Piece::new(slug, &format!("A report called {slug}"), at, &[&lead, &paragraph(&slug.repeat(2))])
}

/// A desk that has read a hundred articles.
async fn desk() -> Desk {
    let mut desk = Desk::open("2026-03-02T06:00:00Z").await;
    publish(&desk.newsroom, "courier", &[news("old", "2026-03-02T05:00:00Z")]);
    desk.start(TYPED).await;
    desk.turn().await;
    let mut pieces: Vec<Piece> = (0..100).map(|n| news(&format!("piece{n}"), "2026-03-02T06:05:00Z")).collect();
    pieces.push(news("old", "2026-03-02T05:00:00Z"));
    publish(&desk.newsroom, "courier", &pieces);
    for _ in 0..4 {
        desk.later(minutes(11)).await;
    }
    assert!(desk.app().store().status().await.unwrap().articles.full >= 100);
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_backs_up_beside_a_daemon_and_restores_only_without_one() {
    let mut desk = desk().await;
    let file = desk.folder().join("copy.db");
    let name = file.to_str().unwrap();
    let before = desk.app().store().status().await.unwrap().articles.full;
    let output = run(&desk.config(), &["backup", name]);
    assert!(output.status.success() && said(&output).contains("holds all of one moment"), "{}", said(&output));
    let again = run(&desk.config(), &["backup", name]);
    assert!(again.status.code() == Some(1) && said(&again).contains("nothing is overwritten"), "{}", said(&again));

    publish(&desk.newsroom, "courier", &[news("late", "2026-03-02T06:50:00Z")]);
    desk.later(minutes(11)).await;
    let refused = run(&desk.config(), &["restore", name]);
    assert!(refused.status.code() == Some(1) && said(&refused).contains("stop it first"), "{}", said(&refused));
    let refused = run(&desk.config(), &["migrate", "--dry-run"]);
    assert!(refused.status.code() == Some(1) && said(&refused).contains("stop it first"), "{}", said(&refused));
    assert_eq!(desk.app().store().status().await.unwrap().articles.full, before + 1);
    desk.end();
    let migrated = run(&desk.config(), &["migrate", "--dry-run"]);
    assert!(migrated.status.success() && said(&migrated).contains("nothing to do"), "{}", said(&migrated));
    let restored = run(&desk.config(), &["restore", name]);
    assert!(restored.status.success() && said(&restored).contains("before-restore-"), "{}", said(&restored));
    desk.restart().await;
    assert_eq!(desk.app().store().status().await.unwrap().articles.full, before);
    desk.may_owe();
}

/// Overwrites most of the file's pages, as a failing disk does: whatever the daemon does next, it meets one of them. The schema is
/// spared, wherever it stands: without it there is no database to begin with.
fn spoil(database: &Path) {
    let tables = rusqlite::Connection::open(database).unwrap();
    tables.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    // What a start reads is left; wherever it lies, a migration may move it.
    let pages = "SELECT pageno FROM dbstat WHERE name NOT IN
                     (SELECT name FROM sqlite_schema WHERE tbl_name IN ('counters', 'sources', 'windows', 'deliveries', 'entries',
                                                                        'rates', 'messages', 'digest_items', 'disabled_channels', 'baselines', 'keys'))
                 AND name <> 'sqlite_schema'";
    let pages: Vec<u32> =
        tables.prepare(pages).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    drop(tables);
    let file = std::fs::File::options().write(true).open(database).unwrap();
    for page in pages {
        file.write_all_at(&[0xAA; 4096], u64::from(page - 1) * 4096).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_meets_damage_ends_and_the_next_one_saves_what_it_can_and_tells() {
    let mut desk = desk().await;
    let database = desk.data().join("wirewatch.db");
    desk.end();
    spoil(&database);

    publish(&desk.newsroom, "courier", &[news("another", "2026-03-02T07:20:00Z")]);

    // It meets the damage when it goes about its work, says so, and ends with a failure: systemd starts it again.
    let mut daemon = Daemon::start(&desk.config(), &[]);
    daemon.says("the database is damaged");
    let (status, _) = daemon.ends();
    assert_eq!(status.code(), Some(1));

    desk.clock.advance(minutes(60));
    desk.restart().await;
    desk.turn().await;
    let subjects = desk.subjects_to("ops@example.org");
    let told = subjects.iter().any(|subject| subject.contains("was damaged and has been recovered"));
    assert!(told, "{subjects:?}");
    let aside: Vec<String> = std::fs::read_dir(desk.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".damaged-"))
        .collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    // It polls and reads as before.
    let before = desk.app().store().status().await.unwrap().articles.full;
    publish(&desk.newsroom, "courier", &[news("after", "2026-03-02T07:50:00Z")]);
    for _ in 0..3 {
        desk.later(minutes(60)).await;
    }
    assert!(desk.app().store().status().await.unwrap().articles.full > before);
    desk.end();
    assert!(Sqlite::open_for_reading(&database).unwrap().status().await.is_ok());
    desk.may_owe();
}
