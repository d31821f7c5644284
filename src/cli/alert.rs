//! `wirewatch alert`: what was told, to whom, when, and what they said; with the evidence that each alert stands on.

mod csv;
mod record;
mod words;

use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::model::RuleId;
use crate::store::{AlertFile, AlertQuery, Sqlite, Store};
use crate::text::{cut, one_line};
use jiff::Timestamp;
use record::Record;
use serde::Serialize;
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
    /// Show alerts, newest first, told or not, each with where it stands
    List {
        #[command(flatten)]
        which: Which,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        max: usize,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show all that is on record about an alert: its evidence, each decision with its reason, each attempt with the peer's reply
    Show {
        /// Its number, as `alert list` shows it
        id: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the record of all alerts, newest first: a JSON line for each, or a CSV row for each alert and recipient
    Export {
        #[command(flatten)]
        which: Which,
        /// JSON lines (the default)
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// CSV with a head line, as RFC 4180 has it
        #[arg(long)]
        csv: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Only those of this rule
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Only those made in so long: 12h, 30d
    #[arg(long, value_name = "DURATION", value_parser = config::duration)]
    since: Option<Duration>,
}

impl Which {
    fn query(&self) -> Result<AlertQuery, Failure> {
        // Of a rule that is no longer configured there may be alerts all the same.
        let rule = self.rule.as_deref().map(RuleId::new).transpose().map_err(|bad| Failure::Usage(bad.to_string()))?;
        let now = Clock::system().now();
        let since = self.since.map(|since| now.checked_sub(since).unwrap_or(Timestamp::MIN));
        Ok(AlertQuery { rule, since, ..AlertQuery::default() })
    }
}

/// Alerts asked of the store at once.
const PAGE: usize = 200;

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    match &arguments.verb {
        Verb::List { which, max, json } => list(settings, which.query()?, *max, *json),
        Verb::Show { id, json } => {
            let none = || {
                Failure::work(format!(
                    "there is no alert {id}, or it is no longer kept; `wirewatch alert list` shows numbers"
                ))
            };
            let file = block_on(open(settings)?.alert(*id))??.ok_or_else(none)?;
            let record = Record::of(&file);
            if *json { say::json(&record) } else { words::show(&record, &settings.service.time_zone) }
        }
        Verb::Export { which, csv, .. } => export(settings, which.query()?, *csv),
    }
}

/// One line of `alert list`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: i64,
    at: Timestamp,
    rule: &'a RuleId,
    title: &'a str,
    url: &'a str,
    outlets: usize,
    state: &'a str,
}

fn list(settings: &Settings, query: AlertQuery, max: usize, json: bool) -> Result<(), Failure> {
    let store = open(settings)?;
    let mut files = vec![];
    each(&store, query, max, |file| {
        files.push(file);
        Ok(())
    })?;
    let records: Vec<Record> = files.iter().map(Record::of).collect();
    let lines = records.iter().map(|record| Line {
        id: record.id,
        at: record.alert.matched,
        rule: &record.alert.rule,
        title: &record.alert.title,
        url: &record.alert.url,
        outlets: record.alert.outlets.len(),
        state: record.state,
    });
    if json {
        return say::json(&lines.collect::<Vec<_>>());
    }
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    if records.is_empty() {
        writeln!(out, "no alert is on record{}", if max == 0 { " within --max 0" } else { "" })?;
    }
    for line in lines {
        let when = at(Some(line.at), &settings.service.time_zone);
        let title = cut(&one_line(line.title), 100);
        writeln!(
            out,
            "{:>6}  {when}  {}{:10}{plain} {bold}{title}{plain}",
            line.id,
            words::tint(line.state),
            line.state
        )?;
        let outlets = if line.outlets > 1 { format!(", {} outlets", line.outlets) } else { String::new() };
        writeln!(out, "        {dim}{}{outlets}  {}{plain}", line.rule, cut(&one_line(line.url), 120))?;
    }
    out.flush()?;
    Ok(())
}

fn export(settings: &Settings, query: AlertQuery, csv: bool) -> Result<(), Failure> {
    let store = open(settings)?;
    let mut out = say::out();
    if csv {
        csv::head(&mut out)?;
    }
    each(&store, query, usize::MAX, |file| {
        let record = Record::of(&file);
        if csv {
            return csv::rows(&mut out, &record);
        }
        serde_json::to_writer(&mut out, &record).map_err(|fault| Failure::from(std::io::Error::from(fault)))?;
        Ok(writeln!(out)?)
    })?;
    out.flush()?;
    Ok(())
}

/// The files of the alerts asked for, newest first, some at a time: however many there are, few are in memory.
fn each(
    store: &Sqlite,
    mut query: AlertQuery,
    mut max: usize,
    mut take: impl FnMut(AlertFile) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while max > 0 {
        query.max = max.min(PAGE);
        let found = block_on(store.find_alerts(query.clone()))??;
        let Some(last) = found.last() else { break };
        query.before = Some(last.id);
        max -= found.len();
        for stored in found {
            if let Some(file) = block_on(store.alert(stored.id))?? {
                take(file)?;
            }
        }
    }
    Ok(())
}
