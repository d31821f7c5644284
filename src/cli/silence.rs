//! `wirewatch silence`: asks for quiet about a rule, watch, source or query, until a time; alerts are kept, counted and not told.

use super::archive::query;
use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::{self, Database, Settings};
use crate::model::limits::SILENCE_BYTES_MAX;
use crate::model::{Silence, SilenceBy};
use crate::store::{Sqlite, Store};
use crate::text::{cut, one_line};
use jiff::Timestamp;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Be quiet about something for a while; what comes meanwhile is kept, and counted in digests
    Add(New),
    /// Show the silences that hold
    List {
        /// Those that are over, too
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a silence now
    Expire {
        /// Its number, as `silence list` shows it
        id: i64,
    },
}

#[derive(Debug, clap::Args)]
struct New {
    #[command(flatten)]
    about: About,
    /// For so long: 2h, 30d
    #[arg(long = "for", value_name = "DURATION", value_parser = config::duration)]
    length: Duration,
    #[command(flatten)]
    signed: Signed,
}

/// Who asks, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Signed {
    /// Who asks for it
    #[arg(long, env = "USER", hide_env_values = true)]
    author: String,
    /// Why
    #[arg(long, default_value = "")]
    comment: String,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct About {
    /// All alerts of this rule
    #[arg(long)]
    rule: Option<String>,
    /// Alerts that name this watch, list or row (pep/Q7) and no other
    #[arg(long)]
    watch: Option<String>,
    /// Articles of this source
    #[arg(long)]
    source: Option<String>,
    /// Articles that meet this query, of words and fields; for a @watch use --watch
    #[arg(long)]
    query: Option<String>,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    let Database::Sqlite(file) = &settings.service.database;
    let now = Clock::system().now();
    match &arguments.verb {
        Verb::Add(new) => {
            let silence = silence(new, settings, now)?;
            let store = Sqlite::open(file).map_err(Failure::work)?;
            let id = block_on(store.add_silence(&silence))??;
            let mut out = say::out();
            let until = at(Some(silence.until), &settings.service.time_zone);
            writeln!(out, "silence {id} holds for {} {} until {until}", silence.by.as_str(), silence.target)?;
            out.flush()?;
            Ok(())
        }
        Verb::List { all, json } => {
            let after = if *all { Timestamp::MIN } else { now };
            let mut silences = block_on(open(settings)?.silences(after))??;
            silences.retain(|silence| silence.context.is_none());
            if *json { say::json(&silences) } else { show(&silences, settings, now) }
        }
        Verb::Expire { id } => {
            let store = Sqlite::open(file).map_err(Failure::work)?;
            if !block_on(store.expire_silence(*id, now))?? {
                return Err(Failure::work(format!("no silence {id} holds now; see `wirewatch silence list`")));
            }
            let mut out = say::out();
            writeln!(out, "silence {id} is over")?;
            out.flush()?;
            Ok(())
        }
    }
}

fn silence(new: &New, settings: &Settings, now: Timestamp) -> Result<Silence, Failure> {
    let About { rule, watch, source, query } = &new.about;
    let (by, target) = if let Some(rule) = rule {
        known("rule", rule, settings.rules.iter().map(|rule| rule.id.as_str()).collect())?;
        (SilenceBy::Rule, rule.clone())
    } else if let Some(source) = source {
        known("source", source, settings.sources.iter().map(|source| source.id.as_str()).collect())?;
        (SilenceBy::Source, source.clone())
    } else if let Some(watch) = watch {
        let watch = watch.trim_start_matches('@');
        known_watch(watch, settings)?;
        (SilenceBy::Watch, watch.to_string())
    } else {
        let typed = query.clone().unwrap_or_default();
        if typed.contains('@') {
            return Err(Failure::Usage("a silence by query knows words and fields; for a watch use --watch".into()));
        }
        query::compile(&typed, settings)?;
        (SilenceBy::Query, typed)
    };
    let until = now.checked_add(new.length).unwrap_or(Timestamp::MAX);
    kept(by, &target, now, until, None, &new.signed)
}

/// A silence, signed and bounded.
pub(super) fn kept(
    by: SilenceBy,
    target: &str,
    made: Timestamp,
    until: Timestamp,
    context: Option<&str>,
    signed: &Signed,
) -> Result<Silence, Failure> {
    let Signed { author, comment } = signed;
    if target.len().max(comment.len()).max(author.len()).max(context.map_or(0, str::len)) > SILENCE_BYTES_MAX {
        return Err(Failure::Usage(format!("a query, comment or author has at most {SILENCE_BYTES_MAX} bytes")));
    }
    let (author, comment) = (one_line(author), one_line(comment));
    Ok(Silence { id: 0, by, target: target.into(), made, until, author, comment, context: context.map(Into::into) })
}

/// Whether there is such a watch or list; of a row, its list.
pub(super) fn known_watch(typed: &str, settings: &Settings) -> Result<(), Failure> {
    let id = typed.split_once('/').map_or(typed, |(list, _)| list);
    let watches = settings.watches.iter().map(|watch| watch.id.as_str());
    known("watch", id, watches.chain(settings.lists.iter().map(|list| list.id.as_str())).collect())
}

fn known(what: &str, typed: &str, ids: Vec<&str>) -> Result<(), Failure> {
    let same = |id: &&str| id.replace('_', "-") == typed.replace('_', "-");
    if ids.iter().any(same) {
        return Ok(());
    }
    let nearest = config::nearest(typed, ids.iter().copied());
    Err(Failure::Usage(super::show::unknown(what, typed, nearest, ids.into_iter())))
}

pub(super) fn show(silences: &[Silence], settings: &Settings, now: Timestamp) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let zone = &settings.service.time_zone;
    if silences.is_empty() {
        writeln!(out, "there is none")?;
    }
    for silence in silences {
        let over = if silence.until > now { "until" } else { "was over" };
        let target = cut(&one_line(&silence.target), 100);
        let until = if silence.for_good() { String::new() } else { at(Some(silence.until), zone) };
        match &silence.context {
            Some(context) => {
                let end = if silence.for_good() { String::new() } else { format!(" {over} {until}") };
                writeln!(out, "{:>4}  {bold}@{target}{plain} where {}{end}", silence.id, cut(&one_line(context), 100))?;
            }
            None => writeln!(out, "{:>4}  {bold}{} {target}{plain} {over} {until}", silence.id, silence.by.as_str())?,
        }
        let comment = cut(&silence.comment, 200);
        writeln!(out, "      {dim}by {} since {}  {comment}{plain}", silence.author, at(Some(silence.made), zone))?;
    }
    out.flush()?;
    Ok(())
}
