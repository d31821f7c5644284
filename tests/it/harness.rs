//! The desk that tests sit at: outlets over real HTTP, a mail server and a webhook's receiver over real sockets, a clock that only
//! the test moves, and the daemon between them. Where a test ends, nothing may be owed to anybody, unless it says so.

use crate::newsroom::{Answer, Newsroom};
use crate::sink::Sink;
use crate::smtp::{Mail, Smtp};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wirewatch::app::{App, StartError, accept};
use wirewatch::clock::Clock;
use wirewatch::model::{Delivery, DeliveryState};
use wirewatch::store::{SourceStatus, Sqlite, Store};

/// A desk with its daemon.
pub struct Desk {
    pub newsroom: Newsroom,
    pub smtp: Smtp,
    pub hook: Sink,
    pub clock: Clock,
    folder: TempDir,
    app: Option<App>,
    may_owe: bool,
}

/// What every configuration of a test begins with.
const PREFACE: &str = r#"
[service]
data_dir  = "DATA"
time_zone = "UTC"
notify    = ["ops"]
channels  = ["desk"]

[mail]
from = "wirewatch@wire.example"
smtp = "SMTP"

[fetch]
allow_private = ["127.0.0.0/8"]

[channel.ops]
type = "email"
to   = ["ops@example.org"]
"#;

/// Everything that is not over.
const OWED: [DeliveryState; 5] =
    [DeliveryState::Pending, DeliveryState::Retrying, DeliveryState::Held, DeliveryState::Dead, DeliveryState::Expired];

impl Desk {
    /// Opens at this time (RFC 3339); nothing runs yet.
    pub async fn open(at: &str) -> Self {
        Self {
            newsroom: Newsroom::open(),
            smtp: Smtp::start().await,
            hook: Sink::start().await,
            clock: Clock::standing_at(time(at)),
            folder: tempfile::tempdir().unwrap(),
            app: None,
            may_owe: false,
        }
    }

    /// Writes the configuration: the preface and `typed`, in which NEWSROOM, SMTP and HOOK are the addresses here.
    pub fn configure(&self, typed: &str) {
        let whole = self.placed(&format!("{PREFACE}{typed}"));
        std::fs::write(self.config(), whole).unwrap();
    }

    /// The text with the addresses here in it.
    pub fn placed(&self, typed: &str) -> String {
        typed
            .replace("NEWSROOM", self.newsroom.url("").as_str().trim_end_matches('/'))
            .replace("SMTP", &format!("smtp://127.0.0.1:{}", self.smtp.port()))
            .replace("HOOK", &self.hook.url("/hook"))
            .replace("DATA", &self.data().display().to_string())
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("wirewatch.toml")
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the daemon with this configuration; it does nothing until its turn.
    pub async fn start(&mut self, typed: &str) {
        self.configure(typed);
        self.restart().await;
    }

    /// Ends the daemon and starts it anew on the same data.
    pub async fn restart(&mut self) {
        self.app = None;
        self.app = Some(self.another().await.unwrap_or_else(|fault| panic!("{fault}")));
    }

    /// Ends the daemon.
    pub fn end(&mut self) {
        self.app = None;
    }

    /// Tries to start a daemon on the same data.
    pub async fn another(&self) -> Result<App, StartError> {
        let accepted = accept(&self.config(), &[]).unwrap_or_else(|faults| panic!("{}", words(&faults)));
        App::start(accepted, self.clock.clone(), false).await
    }

    pub fn app(&self) -> &App {
        self.app.as_ref().unwrap()
    }

    /// The daemon does all that is due now.
    pub async fn turn(&self) {
        self.app().once().await;
    }

    /// So much later, the daemon does all that is due then.
    pub async fn later(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.turn().await;
    }

    /// At that time, the daemon does all that is due then.
    pub async fn at(&self, at: &str) {
        self.later(time(at).duration_since(self.clock.now())).await;
    }

    /// The mails to an address, in the order in which they came.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.smtp.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// The subjects of the mails to an address.
    pub fn subjects_to(&self, address: &str) -> Vec<String> {
        self.mails_to(address).iter().map(Mail::subject).collect()
    }

    /// What is owed.
    pub async fn owed(&self) -> Vec<Delivery> {
        self.app().store().outbox(&OWED, 1000).await.unwrap()
    }

    /// How a source is.
    pub async fn source(&self, id: &str) -> SourceStatus {
        let status = self.app().store().status().await.unwrap();
        status.sources.into_iter().find(|source| source.id.as_str() == id).unwrap()
    }

    /// This test ends with messages owed.
    pub fn may_owe(&mut self) {
        self.may_owe = true;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.app = None;
        if std::thread::panicking() || self.may_owe {
            return;
        }
        let owed = owed(&self.data().join("wirewatch.db"));
        assert!(owed.is_empty(), "at the end of the test this is owed: {owed:#?}");
    }
}

/// What a store still owes; read on a thread of its own, so that any test may ask.
pub fn owed(database: &Path) -> Vec<Delivery> {
    ledger(database).into_iter().filter(|delivery| OWED.contains(&delivery.state)).collect()
}

/// All deliveries of a store.
pub fn ledger(database: &Path) -> Vec<Delivery> {
    let database = database.to_path_buf();
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store = Sqlite::open_for_reading(&database).unwrap();
        runtime.block_on(store.outbox(&[], 10_000)).unwrap()
    });
    asked.join().unwrap()
}

pub fn time(at: &str) -> Timestamp {
    at.parse().unwrap()
}

pub fn minutes(many: i64) -> SignedDuration {
    SignedDuration::from_mins(many)
}

/// Faults as `check` shows them.
pub fn words(faults: &[wirewatch::config::Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// An article of an outlet.
#[derive(Debug, Clone)]
pub struct Piece {
    pub slug: String,
    pub title: String,
    /// What its feed says of it.
    pub summary: String,
    /// Paragraphs.
    pub body: Vec<String>,
    pub at: Timestamp,
}

impl Piece {
    /// An article published then; its paragraphs, and the first of them as its summary.
    pub fn new(slug: &str, title: &str, at: &str, body: &[&str]) -> Self {
        Self {
            slug: slug.into(),
            title: title.into(),
            summary: body[0].into(),
            body: body.iter().map(ToString::to_string).collect(),
            at: time(at),
        }
    }

    pub fn page(&self) -> String {
        let mut page = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head>\
             <body><nav><a href=\"/\">Home</a></nav><main><article><h1>{0}</h1>",
            self.title
        );
        for paragraph in &self.body {
            writeln!(page, "<p>{paragraph}</p>").unwrap();
        }
        page + "</article></main><footer><p>All rights of an invented outlet.</p></footer></body></html>"
    }
}

/// Publishes an outlet's feed at `/OUTLET/feed.xml`, newest first as given, and the pages of its articles.
pub fn publish(newsroom: &Newsroom, outlet: &str, pieces: &[Piece]) {
    for piece in pieces {
        let page = Answer::ok(piece.page()).header("content-type", "text/html; charset=utf-8");
        newsroom.set(&format!("/{outlet}/{}.html", piece.slug), page);
    }
    publish_feed(newsroom, outlet, pieces);
}

/// Publishes the feed alone.
pub fn publish_feed(newsroom: &Newsroom, outlet: &str, pieces: &[Piece]) {
    newsroom.set(&format!("/{outlet}/feed.xml"), feed(newsroom, outlet, pieces));
}

/// The feed, with an ETag of its content.
pub fn feed(newsroom: &Newsroom, outlet: &str, pieces: &[Piece]) -> Answer {
    let mut items = String::new();
    for piece in pieces {
        let link = newsroom.url(&format!("/{outlet}/{}.html", piece.slug));
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&piece.at).unwrap();
        writeln!(
            items,
            "<item><title>{}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate><description>{}</description></item>",
            piece.title, piece.summary
        )
        .unwrap();
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>{outlet}</title>\
         <link>{}</link><description>News</description>\n{items}</channel></rss>",
        newsroom.url(&format!("/{outlet}/"))
    );
    let sum = body.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    Answer::ok(body).etag(&format!("\"{sum:x}\"")).header("content-type", "application/rss+xml; charset=utf-8")
}

const WORDS: &str = "river market bridge autumn lantern valley copper orchard harbour winter ferry garden stone village weaver \
    mountain railway letter kitchen shepherd barley window saddle meadow granite candle tailor cellar swallow timber ladder \
    furnace willow pottery anchor bellows thimble quarry lattice cradle hammer pigeon marble velvet walnut basket chimney \
    saffron carriage mill almond terrace compass ribbon ledger kettle blanket mirror fiddle wagon";

/// A paragraph of invented words, another one for each seed: no two tell the same story.
pub fn paragraph(seed: &str) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut state = seed
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut said: Vec<&str> = vec![];
    for _ in 0..45 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        said.push(words[usize::try_from(state >> 33).unwrap() % words.len()]);
    }
    format!("The {} and the {}.", said[..20].join(" "), said[20..].join(" "))
}
