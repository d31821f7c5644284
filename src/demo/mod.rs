//! The demo: a newsroom on loopback, a configuration for it, and one pass of the real daemon over both, its clock standing on
//! the morning after 21 May 2024. In: nothing. Out: the alerts, the digest, and where its mail file lies.

mod articles;
mod newsroom;

pub use newsroom::Newsroom;

use crate::app::{self, App, Page, StartError, accept};
use crate::clock::Clock;
use crate::config::Fault;
use crate::model::{Alert, Message};
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// 07:58 in Tashkent; the digest closes at 08:00.
const MORNING: Timestamp = Timestamp::constant(1_716_346_680, 0);

/// What the demo came to.
pub struct Shown {
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// The digest.
    pub digest: Option<Message>,
    /// The mail files.
    pub mails: Vec<PathBuf>,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No port, no folder.
    #[error("the demo cannot be set up: {0}")]
    Io(#[from] io::Error),
    /// Its configuration has faults: only while it is being edited.
    #[error("the demo's configuration has faults: {0:?}")]
    Config(Vec<Fault>),
    /// The daemon did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// The demo's daemon, ready to run in a folder of its own.
pub struct Demo {
    newsroom: Newsroom,
    app: App,
    clock: Clock,
    file: PathBuf,
    maildir: PathBuf,
}

/// How often the demo's clock is moved on while it lives.
const HAND: Duration = Duration::from_millis(250);

impl Demo {
    /// Opens the newsroom and starts a daemon in `folder`.
    ///
    /// # Errors
    /// See [`DemoError`].
    pub async fn open(folder: &Path) -> Result<Self, DemoError> {
        let newsroom = Newsroom::open().await?;
        let maildir = folder.join("mail");
        let typed = include_str!("demo.toml")
            .replace("PORT", &newsroom.port().to_string())
            .replace("MAILDIR", &maildir.display().to_string())
            .replace("DATADIR", &folder.join("data").display().to_string());
        let file = folder.join("wirewatch.toml");
        std::fs::write(&file, typed)?;
        let clock = Clock::standing_at(MORNING);
        let accepted = accept(&file, &[]).map_err(DemoError::Config)?;
        let app = App::start(accepted, clock.clone(), true).await?;
        Ok(Self { newsroom, app, clock, file, maildir })
    }

    /// The newsroom.
    #[must_use]
    pub fn newsroom(&self) -> &Newsroom {
        &self.newsroom
    }

    /// One pass: poll, read, match; then it is eight o'clock, and the digest leaves.
    ///
    /// # Errors
    /// See [`DemoError`].
    pub async fn show(&self) -> Result<Shown, DemoError> {
        self.app.once().await;
        self.clock.advance(SignedDuration::from_mins(2));
        self.app.once().await;
        let alerts = self.app.alerts().await?;
        let digest = self.app.last_digest().await?;
        Ok(Shown { alerts, digest, mails: mails(&self.maildir)? })
    }

    /// Opens the status page, on a free port of 127.0.0.1.
    pub async fn open_page(&self) -> Page {
        self.app.open_page().await
    }

    /// Lets the daemon live on, from its own morning at the pace of real time, until it is interrupted.
    ///
    /// # Errors
    /// See [`DemoError`].
    pub async fn live(&self, page: Page) -> Result<(), DemoError> {
        let hands = async {
            let mut beat = tokio::time::interval(HAND);
            let mut last = Instant::now();
            loop {
                beat.tick().await;
                let passed = last.elapsed();
                last += passed;
                self.clock.advance(SignedDuration::try_from(passed).unwrap_or_default());
            }
        };
        tokio::select! {
            ended = app::live(&self.app, &self.file, page) => ended.map(|_| ()).map_err(DemoError::from),
            () = hands => Ok(()),
        }
    }
}

fn mails(maildir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut mails: Vec<PathBuf> = match std::fs::read_dir(maildir.join("new")) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => vec![],
        Err(fault) => return Err(fault),
    };
    mails.sort();
    Ok(mails)
}
