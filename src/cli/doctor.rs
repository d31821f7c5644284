//! `wirewatch doctor`: what the daemon needs, tried one by one, each with a verdict and a remedy. It sends no message and stores nothing.

mod machine;

use super::configured::configured;
use super::status::block_on;
use super::{Failure, say};
use crate::app::{self, Accepted};
use crate::clock::Clock;
use crate::config::{Database, Settings};
use crate::deliver::Deliverer;
use crate::fetch::{self, Body, Fetcher, Request, Want};
use crate::model::{Channel, Source};
use crate::parse;
use crate::store::{Sqlite, Status, Store, StoreError};
use crate::text;
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Ask no source: only this machine and the ways out
    #[arg(long)]
    no_sources: bool,
}

/// What came of one try.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was tried: `disk`, `dns`, `channel` …
    check: &'static str,
    /// On what: a path, a host, an id.
    subject: String,
    verdict: Verdict,
    /// What was seen.
    what: String,
    /// What to do about it.
    remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

impl Finding {
    fn ok(check: &'static str, subject: impl Into<String>, what: impl Into<String>) -> Self {
        Self { check, subject: subject.into(), verdict: Verdict::Ok, what: what.into(), remedy: None }
    }

    fn warn(self, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, remedy: Some(remedy.into()), ..self }
    }

    fn fail(self, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, remedy: Some(remedy.into()), ..self }
    }
}

/// Sources that are asked at once; each domain keeps its pace.
const SOURCES_AT_ONCE: usize = 32;

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let findings = block_on(findings(&accepted, path, !arguments.no_sources))?;
    if arguments.json {
        say::json(&findings)?;
    } else {
        show(&findings)?;
    }
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    if failed { Err(Failure::Silent(1)) } else { Ok(()) }
}

async fn findings(accepted: &Accepted, path: &Path, ask: bool) -> Vec<Finding> {
    let (settings, clock) = (&accepted.settings, Clock::system());
    let mut found = vec![configuration(accepted, path)];
    found.extend(machine::findings(settings, clock.now()).await);
    found.extend(database(settings).await);
    found.push(certificates(&clock));
    found.extend(machine::names(settings).await);
    let deliverer = Deliverer::new(app::deliver_options(settings, &clock, None));
    for tried in &settings.channels {
        found.push(channel(&deliverer, tried).await);
    }
    if ask {
        found.extend(sources(settings, &clock).await);
    }
    found
}

fn configuration(accepted: &Accepted, path: &Path) -> Finding {
    let (settings, warnings) = (&accepted.settings, accepted.faults.len());
    let counts = [
        (settings.sources.len(), "sources"),
        (settings.rules.len(), "rules"),
        (settings.channels.len(), "channels"),
        (warnings, "warnings"),
    ];
    let what = counts.map(|(count, what)| format!("{count} {what}")).join(", ");
    let finding = Finding::ok("configuration", path.display().to_string(), what);
    match (settings.sources.is_empty(), warnings) {
        (true, _) => finding.warn("no source is watched: add a [source.ID] with a url"),
        (_, 0) => finding,
        _ => finding.warn("`wirewatch check` shows them with what to do"),
    }
}

async fn database(settings: &Settings) -> Vec<Finding> {
    let Database::Sqlite(file) = &settings.service.database;
    let (check, subject) = ("database", file.display().to_string());
    if !file.exists() {
        return vec![Finding::ok(check, subject, "there is none yet: the first run makes it")];
    }
    let status = match Sqlite::open_for_reading(file) {
        Ok(store) => store.status().await,
        Err(fault) => Err(fault),
    };
    match status {
        Ok(status) => {
            let articles = status.articles.full + status.articles.summary_only;
            let answers = Finding::ok(check, subject, format!("it answers: {articles} articles"));
            [answers].into_iter().chain(owed(&status)).collect()
        }
        Err(fault) => {
            let remedy = match &fault {
                StoreError::Damaged(_) => "stop the daemon and run `wirewatch recover`, or restore a backup",
                StoreError::Unavailable(_) => {
                    "see that the user who runs this may write there, and that the disk is well"
                }
                _ => "the message above says what to do",
            };
            vec![Finding::ok(check, subject, fault.to_string()).fail(remedy)]
        }
    }
}

/// Messages that nobody got.
fn owed(status: &Status) -> Vec<Finding> {
    let outbox = status.outbox;
    let what =
        format!("{} pending, {} retrying, {} held, {} dead", outbox.pending, outbox.retrying, outbox.held, outbox.dead);
    let finding = Finding::ok("outbox", "messages", what);
    let stuck = outbox.retrying + outbox.held + outbox.dead > 0;
    vec![if stuck { finding.warn("`wirewatch outbox list` shows each with the server's last word") } else { finding }]
}

fn certificates(clock: &Clock) -> Finding {
    let (check, subject) = ("tls", "the system's certificates");
    match Fetcher::new(fetch::Options::new(app::user_agent(None)), clock.clone()) {
        Ok(_) => Finding::ok(check, subject, "they can be read"),
        Err(fault) => Finding::ok(check, subject, fault.to_string()).fail("apt-get install ca-certificates"),
    }
}

async fn channel(deliverer: &Deliverer, channel: &Channel) -> Finding {
    let finding = |what| Finding::ok("channel", channel.id.to_string(), what);
    match deliverer.knock(channel).await {
        Ok(what) => finding(what),
        Err(why) => {
            let remedy = format!("`wirewatch channel test {}` sends a sample and shows the whole dialogue", channel.id);
            finding(why).fail(remedy)
        }
    }
}

async fn sources(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let fetcher = match Fetcher::new(app::fetch_options(settings), clock.clone()) {
        Ok(fetcher) => fetcher,
        Err(fault) => return vec![Finding::ok("sources", "all", fault.to_string()).fail("see `tls` above")],
    };
    stream::iter(&settings.sources).map(|tried| source(&fetcher, tried)).buffered(SOURCES_AT_ONCE).collect().await
}

async fn source(fetcher: &Fetcher, source: &Source) -> Finding {
    let finding = |what| Finding::ok("source", source.id.to_string(), what);
    let request = Request {
        url: &source.url,
        own: &source.url,
        validators: None,
        options: &source.request,
        want: Want::Feed,
        robots: false,
    };
    let fetched = match fetcher.get(&request).await {
        Ok(fetched) => fetched,
        Err(fault) => {
            return finding(fault.to_string())
                .fail("open its address in a browser; the site may have moved, or refuse programs");
        }
    };
    let Body::Bytes(bytes) = &fetched.body else { return finding("it answers".into()) };
    let about = parse::Context { url: Some(&fetched.url), content_type: fetched.content_type.as_deref() };
    match parse::document(bytes, &about, source.kind, &source.select) {
        Ok(feed) if feed.entries.is_empty() => finding("it can be read and has no entries".into())
            .warn(format!("`wirewatch feed {}` shows what is in it", source.url)),
        Ok(feed) => finding(format!("{} ({})", say::count(feed.entries.len(), "entry", "entries"), feed.version)),
        Err(fault) => finding(fault.to_string()).fail(format!("`wirewatch feed {}` shows what comes back", source.url)),
    }
}

fn show(findings: &[Finding]) -> Result<(), Failure> {
    let mut out = say::out();
    for finding in findings {
        let (tint, word) = match finding.verdict {
            Verdict::Ok => (say::GREEN, "ok  "),
            Verdict::Warn => (say::YELLOW, "warn"),
            Verdict::Fail => (say::RED, "fail"),
        };
        let what = text::cut(&text::one_line(&finding.what), 300);
        writeln!(out, "{tint}{word}{}  {} {}: {what}", say::PLAIN, finding.check, finding.subject)?;
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "      {}{remedy}{}", say::DIM, say::PLAIN)?;
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    writeln!(out, "\n{} tried: {} fail, {} warn", findings.len(), count(Verdict::Fail), count(Verdict::Warn))?;
    out.flush()?;
    Ok(())
}
