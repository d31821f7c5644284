//! `wirewatch status`: sources, queue, last success, gaps; from the store, whether or not the daemon runs.

use super::configured::configured;
use super::{Failure, say};
use crate::config::{Database, Settings};
use crate::model::{ListLoaded, SourceState};
use crate::render;
use crate::store::{Sqlite, Status, Store};
use crate::text;
use crate::worker::Reach;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let store = open(&accepted.settings)?;
    let status = block_on(store.status())??;
    let settings = &accepted.settings;
    let lists: Vec<_> = settings.lists.iter().map(ListLoaded::from).collect();
    let unwatched = Reach::of(&settings.watches, &settings.lists, &settings.rules).unwatched(status.languages.clone());
    if arguments.json {
        let mut value = serde_json::to_value(&status).map_err(Failure::work)?;
        value["unsubscribed"] = serde_json::to_value(block_on(store.unsubscribed())??).map_err(Failure::work)?;
        value["articles"]["unwatched"] = unwatched.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
        value["lists"] = serde_json::to_value(&lists).map_err(Failure::work)?;
        value["version"] = env!("CARGO_PKG_VERSION").into();
        return say::json(&value);
    }
    show(&status, &lists, &unwatched, &settings.service.time_zone)
}

/// The store of a configuration, to be looked at.
pub(super) fn open(settings: &Settings) -> Result<Sqlite, Failure> {
    let Database::Sqlite(file) = &settings.service.database;
    Sqlite::open_for_reading(file).map_err(Failure::work)
}

/// Waits for one answer of the store.
pub(super) fn block_on<T>(answer: impl Future<Output = T>) -> Result<T, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(answer))
}

fn show(status: &Status, lists: &[ListLoaded], unwatched: &[(String, usize)], zone: &TimeZone) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let widest = status.sources.iter().map(|source| source.id.as_str().len()).max().unwrap_or(0).max(6);
    writeln!(out, "{bold}{:widest$}  state     last success      next poll         {plain}", "source")?;
    for source in &status.sources {
        let tint = match source.state {
            SourceState::Ok | SourceState::New => say::GREEN,
            SourceState::Disabled => say::DIM,
            _ => say::RED,
        };
        let error = source.error.as_deref().map(|error| text::cut(&text::one_line(error), 100)).unwrap_or_default();
        let (success, next) = (at(source.last_success, zone), at(source.next_poll, zone));
        writeln!(out, "{:widest$}  {tint}{:8}{plain}  {success}  {next}  {error}", source.id, source.state.as_str())?;
    }
    let (outbox, articles) = (status.outbox, status.articles);
    writeln!(
        out,
        "\noutbox: {} pending, {} retrying, {} held, {} dead",
        outbox.pending, outbox.retrying, outbox.held, outbox.dead
    )?;
    writeln!(
        out,
        "articles: {} read in full, {} from the summary only, {} unreadable, {} waiting {dim}(wirewatch {}){plain}",
        articles.full,
        articles.summary_only,
        articles.unreadable,
        articles.unread,
        env!("CARGO_PKG_VERSION")
    )?;
    if let Some(unwatched) = render::unwatched(unwatched) {
        writeln!(out, "{unwatched}")?;
    }
    for list in lists {
        let written = at(list.modified, zone);
        writeln!(out, "list {}: {} rows, written {written}", list.id, list.rows)?;
    }
    out.flush()?;
    Ok(())
}

/// A time in a column of its own.
pub(super) fn at(time: Option<Timestamp>, zone: &TimeZone) -> String {
    time.map_or_else(
        || "-               ".to_string(),
        |time| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
