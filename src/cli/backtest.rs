//! `wirewatch backtest`: rules over what was read: which alerts they would have made, how many a week, and what another
//! configuration would have told instead. Nobody is told anything.

mod difference;
mod shown;
mod tried;

use super::archive::{Sources, scan, total};
use super::configured::configured;
use super::status::open;
use super::{Failure, say};
use crate::app::Accepted;
use crate::clock::Clock;
use crate::config::{self, nearest};
use crate::group;
use crate::model::{Match, RuleId};
use crate::store::Archived;
use difference::Difference;
use jiff::Timestamp;
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tried::{Matched, Tried};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Over the articles read in so long: 12h, 30d
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = config::duration)]
    since: Duration,
    /// Only this rule
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Another configuration: say what --config would have told and this one not, and the other way round
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// List at most this many alerts, and as many differences each way; all are counted
    #[arg(long, default_value_t = 50)]
    max: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a backtest found: the JSON of `wirewatch backtest --json`.
#[derive(Debug, Serialize)]
struct Report {
    since: Timestamp,
    until: Timestamp,
    /// Articles looked at.
    articles: usize,
    /// Wall time, seconds.
    seconds: f64,
    #[serde(flatten)]
    tried: Tried,
    against: Option<Difference>,
}

/// What one configuration makes of an article.
struct Side<'s> {
    accepted: &'s Accepted,
    sources: Sources<'s>,
    only: Option<RuleId>,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, !arguments.json)?;
    let against = arguments.against.as_ref().map(|other| configured(other, !arguments.json)).transpose()?;
    let now = Clock::system().now();
    let since = now.checked_sub(arguments.since).unwrap_or(Timestamp::MIN);
    let (one, other) = sides(arguments, &accepted, against.as_ref())?;
    let store = open(&accepted.settings)?;
    let bar = say::bar(total(&store, since)?, "trying {pos} of {len} articles {bar:30} {eta}");
    let begun = Instant::now();
    let (mut mine, mut theirs, mut articles) = (vec![], vec![], 0);
    scan::scan(
        &store,
        since,
        None,
        |archived| {
            let of = |side: &Side| side.matched(&archived);
            (of(&one), other.as_ref().and_then(of))
        },
        |(ours, others), seen| {
            mine.extend(ours);
            theirs.extend(others);
            articles = seen;
            bar.set_position(seen as u64);
            ControlFlow::Continue(())
        },
    )?;
    bar.finish_and_clear();
    let zone = &accepted.settings.service.time_zone;
    let tried = Tried::new(mine, one.rules(), since, now, zone);
    let difference = match &other {
        None => None,
        Some(other) => {
            let theirs = Tried::new(theirs, other.rules(), since, now, zone);
            Some(Difference::new((&tried, &one), (&theirs, other), &store, arguments.max)?)
        }
    };
    let mut report =
        Report { since, until: now, articles, seconds: begun.elapsed().as_secs_f64(), tried, against: difference };
    report.tried.alerts.truncate(arguments.max);
    if arguments.json { say::json(&report) } else { shown::show(&report, arguments.against.as_deref(), zone) }
}

/// Both configurations; a rule that is asked for has to be in one of them.
fn sides<'s>(
    arguments: &Arguments,
    accepted: &'s Accepted,
    against: Option<&'s Accepted>,
) -> Result<(Side<'s>, Option<Side<'s>>), Failure> {
    let only = arguments.rule.as_deref().and_then(|typed| RuleId::new(typed).ok());
    let rules = || [Some(accepted), against].into_iter().flatten().flat_map(|side| &side.settings.rules);
    if let Some(typed) = &arguments.rule
        && !rules().any(|rule| Some(&rule.id) == only.as_ref())
    {
        let known = || rules().map(|rule| rule.id.as_str());
        return Err(Failure::Usage(super::show::unknown("rule", typed, nearest(typed, known()), known())));
    }
    let side =
        |accepted: &'s Accepted| Side { accepted, sources: Sources::new(&accepted.settings), only: only.clone() };
    Ok((side(accepted), against.map(side)))
}

impl Side<'_> {
    /// The rules that are tried.
    fn rules(&self) -> Vec<RuleId> {
        let rules = self.accepted.settings.rules.iter().map(|rule| rule.id.clone());
        rules.filter(|rule| self.only.as_ref().is_none_or(|only| only == rule)).collect()
    }

    /// What the rules find in the article; `None` where none matches.
    fn matched(&self, archived: &Archived) -> Option<Matched> {
        let mut matches: Vec<Match> = self.accepted.index.read(&self.sources.text(archived, archived.read_at)).matches;
        matches.retain(|found| self.only.as_ref().is_none_or(|only| found.rule == *only));
        (!matches.is_empty()).then(|| Matched {
            urls: group::addresses(&archived.article, &archived.source, &archived.id.to_string()),
            sketch: crate::text::copy::sketch(&archived.article.text),
            text: archived.article.text.clone(),
            max_age: self.sources.max_age(&archived.source).unwrap_or(self.accepted.settings.fetch.max_age),
            outlet: self.sources.outlet(archived),
            found: matches.into_iter().map(tried::Found::new).collect(),
            id: archived.id,
            title: crate::text::one_line(&archived.article.title),
            url: archived.article.url.clone(),
            published: archived.article.published,
            first_seen: archived.first_seen,
            read_at: archived.read_at,
        })
    }

    /// Why a rule of this configuration does not match the article, in words.
    fn why_not(&self, archived: &Archived, rule: &RuleId) -> String {
        let text = self.sources.text(archived, archived.read_at);
        match self.accepted.index.explain(&text, rule) {
            None => format!("there is no rule {rule}"),
            Some(explained) => explained.why_not().unwrap_or_else(|| "told as a copy of another story".into()),
        }
    }
}
