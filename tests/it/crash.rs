//! The process dies, at every place that has a name and at moments chosen by chance (a fixed chance): whatever had been seen is
//! told, to everybody, under the id and with the words that it had before. The real program, real sockets, real files.

use crate::daemon::{Daemon, run, said, wirewatch};
use crate::harness::{self, Piece, ledger, paragraph, publish};
use crate::newsroom::Newsroom;
use crate::sink::Sink;
use crate::smtp::Smtp;
use rustix::process::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use wirewatch::app::{App, accept};
use wirewatch::clock::Clock;
use wirewatch::model::DeliveryState;

/// Outlets, each with two articles; every other outlet has one that matches.
const OUTLETS: usize = 20;
const TOLD: usize = OUTLETS / 2;
/// Mails to each of two people: every alert, and the digest's.
const PEOPLE: [&str; 2] = ["anna@example.org", "boris@example.org"];

/// Where the process may die, and the times it comes by there in one pass, or fewer.
const PLACES: [(&str, &[u32]); 18] = [
    ("poll.claimed", &[1, 17]),
    ("fetch.sent", &[1, 20, 55]),
    ("fetch.body", &[1, 19, 45]),
    ("poll.asked", &[3, 20]),
    ("store.before_commit", &[1, 2, 3, 4, 6, 9, 13, 18, 24, 30]),
    ("store.after_commit", &[1, 2, 3, 5, 8, 12, 17, 23, 29]),
    ("poll.committed", &[1, 11]),
    ("read.claimed", &[1, 30]),
    ("read.fetched", &[1, 25]),
    ("read.decided", &[1, 12]),
    ("read.committed", &[1, 8, 31]),
    ("digest.claimed", &[1]),
    ("digest.committed", &[1]),
    ("outbox.claimed", &[1, 3, 7]),
    ("deliver.before", &[1, 6, 19]),
    ("deliver.sent", &[1, 2, 11, 20]),
    ("outbox.sent", &[1, 5, 12]),
    ("outbox.recorded", &[1, 4, 10]),
];

fn publish_all(newsroom: &Newsroom) {
    for outlet in 0..OUTLETS {
        let mut pieces = vec![];
        for nth in 0..2 {
            let seed = format!("outlet {outlet} piece {nth}");
            let mut body = [paragraph(&seed), paragraph(&seed.repeat(2)), paragraph(&seed.repeat(3))];
            if outlet % 2 == 0 && nth == 0 {
                body[0] = format!("The Shanghai Cooperation Organization met again. {}", body[0]);
            }
            let body: Vec<&str> = body.iter().map(String::as_str).collect();
            let at = Clock::system().now().to_string();
            pieces.push(Piece::new(&format!("p{nth}"), &format!("News {outlet} of {nth}"), &at, &body));
        }
        publish(newsroom, &format!("outlet{outlet}"), &pieces);
    }
}

/// A newsroom with everything published, and the state of a daemon that was started two minutes ago and did nothing yet: all its
/// sources are due, and its digest is.
struct World {
    newsroom: Newsroom,
    state: TempDir,
}

impl World {
    fn begin() -> Self {
        let world = Self { newsroom: Newsroom::open(), state: tempfile::tempdir().unwrap() };
        publish_all(&world.newsroom);
        let life = block_on(world.empty(true));
        let accepted = accept(&life.config(), &[]).unwrap_or_else(|faults| panic!("{}", harness::words(&faults)));
        let before = Clock::standing_at(Clock::system().now() - harness::minutes(2));
        let app = block_on(App::start(accepted, before, true));
        drop(app.unwrap_or_else(|fault| panic!("{fault}")));
        copy(&life.data(), world.state.path());
        world
    }

    /// A life that begins there. It is copied, since a lock of this process would go over to any child that starts meanwhile.
    async fn life(&self, digest: bool) -> Life {
        let life = self.empty(digest).await;
        std::fs::create_dir(life.data()).unwrap();
        copy(self.state.path(), &life.data());
        life
    }

    async fn empty(&self, digest: bool) -> Life {
        let life =
            Life { folder: tempfile::tempdir().unwrap(), smtp: Smtp::start().await, hook: Sink::start().await, digest };
        let mut typed = format!(
            "[service]\ndata_dir = \"{}\"\nnotify = []\n[web]\nlisten = \"off\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\n\
             [mail]\nsmtp = \"smtp://127.0.0.1:{}\"\n\
             [organization.sco]\nnames = [\"Shanghai Cooperation Organization\"]\n\
             [rule.sco]\nany = [\"@sco\"]\nnotify = [\"desk\", \"hook\"{}]\nsettle = \"0s\"\n\
             [channel.desk]\ntype = \"email\"\nto = [\"{}\", \"{}\"]\ndigest.minute = {{ every = \"1m\" }}\n\
             [channel.hook]\ntype = \"webhook\"\nurl = \"{}\"\nallow_private = true\n",
            life.data().display(),
            life.smtp.port(),
            if digest { ", \"desk/minute\"" } else { "" },
            PEOPLE[0],
            PEOPLE[1],
            life.hook.url("/hook"),
        );
        for outlet in 0..OUTLETS {
            let url = self.newsroom.url(&format!("/outlet{outlet}/feed.xml"));
            write!(typed, "[source.outlet{outlet}]\nurl = \"{url}\"\nevery = \"1h\"\nbackfill = 50\n").unwrap();
        }
        std::fs::write(life.config(), typed).unwrap();
        life
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// One daemon's life: its files, and who hears from it.
struct Life {
    folder: TempDir,
    smtp: Smtp,
    hook: Sink,
    /// Whether alerts go into a digest too.
    digest: bool,
}

/// A message's id, and who got it.
type Copy = (String, String);

impl Life {
    fn config(&self) -> PathBuf {
        self.folder.path().join("wirewatch.toml")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn database(&self) -> PathBuf {
        self.data().join("wirewatch.db")
    }

    /// Runs passes until nothing is owed. What had failed meanwhile may be put off by 15 seconds: then it is asked for at once.
    fn until_quiet(&self) {
        for _ in 0..6 {
            let output = run(&self.config(), &["run", "--once"]);
            assert!(output.status.success(), "{}", said(&output));
            let owed = harness::owed(&self.database());
            if owed.is_empty() && self.read_all() {
                return;
            }
            for owed in owed {
                run(&self.config(), &["outbox", "retry", owed.id.as_str()]);
            }
        }
        panic!("still owed: {:#?}", harness::owed(&self.database()));
    }

    fn read_all(&self) -> bool {
        let output = run(&self.config(), &["status", "--json"]);
        let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        status["articles"]["full"] == 2 * OUTLETS && status["articles"]["unread"] == 0
    }

    /// What is recorded as sent.
    fn recorded(&self) -> BTreeSet<Copy> {
        let sent = ledger(&self.database()).into_iter().filter(|delivery| delivery.state == DeliveryState::Sent);
        sent.map(|delivery| (delivery.id.to_string(), delivery.recipient.0)).collect()
    }

    /// Everything that came: each copy's letters, in the order in which they came.
    fn came(&self) -> BTreeMap<Copy, Vec<Vec<u8>>> {
        let mut came: BTreeMap<Copy, Vec<Vec<u8>>> = BTreeMap::new();
        for mail in self.smtp.mails() {
            let id = mail.header("Message-ID").unwrap();
            let id = id.trim_start_matches('<').split('@').next().unwrap().to_string();
            let [to] = mail.to.as_slice() else { panic!("a mail to {:?}", mail.to) };
            came.entry((id, to.clone())).or_default().push(mail.bytes);
        }
        for request in self.hook.requests() {
            let id = request.header("webhook-id").unwrap().to_string();
            came.entry((id, "127.0.0.1".into())).or_default().push(request.body);
        }
        came
    }

    /// Everything arrived; what came more than once came in the same words, was not recorded as sent when the process died
    /// (`recorded`, and how often it died), and came no more often than that. Answers how many came too often.
    fn judge(&self, what: &str, recorded: &BTreeSet<Copy>, deaths: usize) -> usize {
        let ledger = ledger(&self.database());
        assert!(ledger.iter().all(|delivery| delivery.state == DeliveryState::Sent), "{what}: {ledger:#?}");
        let came = self.came();
        assert_eq!(
            came.keys().cloned().collect::<BTreeSet<_>>(),
            self.recorded(),
            "{what}: what came is what was owed"
        );
        let owed = |to: &str, kind: &str| {
            ledger.iter().filter(|delivery| delivery.recipient.0 == to && delivery.kind.as_str() == kind).count()
        };
        for to in PEOPLE.into_iter().chain(["127.0.0.1"]) {
            assert_eq!(owed(to, "alert.matched"), TOLD, "{what}: alerts to {to}");
        }
        let mut twice = 0;
        for (copy, letters) in &came {
            let may = if recorded.contains(copy) { 1 } else { 1 + deaths };
            assert!(letters.len() <= may, "{what}: {copy:?} came {} times", letters.len());
            assert!(letters.iter().all(|letter| *letter == letters[0]), "{what}: {copy:?} came in two wordings");
            twice += letters.len() - 1;
        }
        if self.digest {
            self.judge_digests(what);
        }
        twice
    }

    /// Each alert is told by one digest.
    fn judge_digests(&self, what: &str) {
        let mails = self.smtp.mails();
        let digests = mails.iter().filter(|mail| mail.to == [PEOPLE[0]] && mail.subject().contains("digest"));
        let digests: BTreeMap<_, _> = digests.map(|mail| (mail.header("Message-ID"), mail.text())).collect();
        for outlet in (0..OUTLETS).step_by(2) {
            let link = format!("/outlet{outlet}/p0.html");
            let named = digests.values().filter(|text| text.contains(&link)).count();
            assert_eq!(named, 1, "{what}: {link} in the digests: {digests:#?}");
        }
    }
}

/// One pass that dies at a place, and the passes after it; whether it died.
async fn dies_at(world: &World, place: &str, nth: u32) -> bool {
    let life = world.life(true).await;
    let what = format!("{place}:{nth}");
    let output = wirewatch(&["run", "--once", "--config"])
        .arg(life.config())
        .env("WIREWATCH_FAILPOINT", &what)
        .output()
        .unwrap();
    let died = !output.status.success();
    if died {
        // SIGABRT: it died where it was told to.
        assert_eq!(output.status.signal(), Some(6), "{what}: {}", said(&output));
    }
    let recorded = life.recorded();
    life.until_quiet();
    let twice = life.judge(&what, &recorded, usize::from(died));
    if ["poll", "fetch", "read", "digest"].iter().any(|stage| place.starts_with(stage)) {
        assert_eq!(twice, 0, "{what}: nothing had been sent yet");
    }
    died
}

/// Works through a list on three threads.
fn side_by_side<T: Send>(work: Vec<T>, each: impl Fn(T) + Sync) {
    let work: Vec<std::sync::Mutex<Option<T>>> = work.into_iter().map(|one| std::sync::Mutex::new(Some(one))).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(one) = work.get(next.fetch_add(1, Ordering::SeqCst)) {
                    each(one.lock().unwrap().take().unwrap());
                }
            });
        }
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn a_death_at_any_place_loses_nothing_and_tells_nothing_in_other_words() {
    let world = World::begin();
    let points: Vec<(&str, u32)> =
        PLACES.iter().flat_map(|(place, times)| times.iter().map(|nth| (*place, *nth))).collect();
    assert!(points.len() >= 50, "{} points", points.len());
    let died = AtomicUsize::new(0);
    let all = points.len();
    side_by_side(points, |(place, nth)| {
        let dead = block_on(dies_at(&world, place, nth));
        died.fetch_add(usize::from(dead), Ordering::SeqCst);
    });
    // How many transactions a pass makes depends on how they fall together.
    assert!(died.load(Ordering::SeqCst) >= 50, "only {died:?} of {all} died");
}

/// A pass that is killed from outside after the desk has seen so many requests, and the passes after it.
async fn dies_after(world: &World, seen: &Seen) {
    let life = world.life(true).await;
    let mut child = wirewatch(&["run", "--once", "--config"])
        .arg(life.config())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    match seen {
        Seen::Mails(n) => drop(life.smtp.await_mails(*n).await),
        Seen::Hooks(n) => drop(life.hook.await_requests(*n).await),
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let recorded = life.recorded();
    life.until_quiet();
    life.judge(&format!("{seen:?}"), &recorded, 1);
}

/// What was seen of a daemon.
#[derive(Debug)]
enum Seen {
    Mails(usize),
    Hooks(usize),
}

#[test]
fn a_kill_in_the_middle_of_sending_loses_nothing() {
    let world = World::begin();
    let moments = [1, 2, 3, 5, 8, 13].map(Seen::Mails).into_iter().chain([1, 4, 9].map(Seen::Hooks)).collect();
    side_by_side(moments, |seen| block_on(dies_after(&world, &seen)));
}

#[test]
fn a_daemon_that_is_killed_again_and_again_while_it_polls_gets_through_in_the_end() {
    let world = World::begin();
    let life = block_on(world.life(false));
    // A fixed chance decides after how many more requests each life ends.
    let (mut chance, mut recorded) = (2026_u64, BTreeSet::new());
    for _ in 0..DEATHS {
        let asked = world.newsroom.log().len();
        let daemon = Daemon::start(&life.config(), &[]);
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let more = 1 + usize::try_from(chance >> 33).unwrap() % 6;
        // Towards the end there is less to ask for than that: then it is killed when everything has been told.
        world.newsroom.await_requests_or(asked + more, || life.hook.requests().len() >= TOLD);
        daemon.kill();
        recorded.extend(life.recorded());
    }
    // The last one lives on until it has told everything.
    let daemon = Daemon::start(&life.config(), &[]);
    drop(block_on(life.hook.await_requests(TOLD)));
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ends().0.code(), Some(0));
    life.until_quiet();
    life.judge("killed again and again", &recorded, DEATHS);
}

/// How often the daemon is killed while it polls.
const DEATHS: usize = 12;

#[test]
fn every_place_in_the_source_is_died_at() {
    let mut found = BTreeSet::new();
    search(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    let tried: BTreeSet<String> = PLACES.iter().map(|(place, _)| (*place).to_string()).collect();
    assert_eq!(found, tried);
}

fn search(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, found);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let named = text.split("failpoint::pass(\"").skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(named.map(ToString::to_string));
        }
    }
}
