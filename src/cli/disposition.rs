//! `wirewatch disposition`: "not our Petrov": a name that was found and is somebody else's, remembered with what tells them apart.

use super::archive::query;
use super::configured::configured;
use super::silence::{Signed, kept, known_watch, show};
use super::status::{block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::Database;
use crate::model::SilenceBy;
use crate::store::{Sqlite, Store};
use jiff::Timestamp;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Remember that a name is somebody else's in articles that meet a query: such hits are kept, counted in digests, and told to nobody
    Add {
        /// The name: a watch, or a row of a list (pep/Q7)
        #[arg(long)]
        name: String,
        /// What tells them apart: words and fields that the wrong one's articles have, as 'hockey OR site:sport.example'
        #[arg(long)]
        context: String,
        #[command(flatten)]
        signed: Signed,
    },
    /// Show what is remembered
    List {
        /// What was taken back, too
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take one back
    Expire {
        /// Its number, as `disposition list` shows it
        id: i64,
    },
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    let Database::Sqlite(file) = &settings.service.database;
    let now = Clock::system().now();
    let mut out = say::out();
    match &arguments.verb {
        Verb::Add { name, context, signed } => {
            let name = name.trim_start_matches('@');
            known_watch(name, settings)?;
            if context.contains('@') {
                return Err(Failure::Usage("the context may have words and fields, and no @watch".into()));
            }
            query::compile(context, settings)?;
            let kept = kept(SilenceBy::Watch, name, now, Timestamp::MAX, Some(context), signed)?;
            let id = block_on(Sqlite::open(file).map_err(Failure::work)?.add_silence(&kept))??;
            writeln!(out, "disposition {id}: @{name} is somebody else where {context}")?;
        }
        Verb::List { all, json } => {
            let after = if *all { Timestamp::MIN } else { now };
            let mut found = block_on(open(settings)?.silences(after))??;
            found.retain(|silence| silence.context.is_some());
            if *json {
                return say::json(&found);
            }
            return show(&found, settings, now);
        }
        Verb::Expire { id } => {
            let store = Sqlite::open(file).map_err(Failure::work)?;
            let found = block_on(store.silences(now))??;
            let is_one = found.iter().any(|silence| silence.id == *id && silence.context.is_some());
            if !is_one || !block_on(store.expire_silence(*id, now))?? {
                return Err(Failure::work(format!("no disposition {id} holds now; see `wirewatch disposition list`")));
            }
            writeln!(out, "disposition {id} is taken back")?;
        }
    }
    out.flush()?;
    Ok(())
}
