//! `wirewatch prove`: what became, for a name, of every entry that was seen in a stretch of time; and when something may have come and
//! gone unseen. Each entry is counted once.

use super::archive::query;
use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say, show};
use crate::app::Accepted;
use crate::config::{Settings, nearest};
use crate::matching::Index;
use crate::model::{ListLoaded, Rule, RuleId, SourceId, Suppressed, rule_version, watch_version};
use crate::store::{Proof, ProofArticle, ProofEntry, ProofGap, ProofQuery, Sqlite, Store};
use crate::text::{cut, one_line};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The name: a watch, or a row of a list (pep/Q7)
    #[arg(long, value_name = "ID")]
    name: String,
    /// The first day, or a moment: 2026-11-01, 2026-11-01T08:00Z
    #[arg(long, value_name = "D")]
    from: String,
    /// The last day (all of it), or a moment
    #[arg(long, value_name = "D")]
    to: String,
    /// List the articles without a match, too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What became of an entry, for the name. In the order in which it counts where several hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Became {
    /// An alert was made of it, and told or put into a digest.
    Alerted,
    /// It is a copy of a story that was told.
    Copy,
    /// It matched, and its alert was kept and not told.
    NotTold,
    /// It would have matched but for a NOT.
    Excluded,
    /// It nearly matched.
    NearMissed,
    /// Nothing of it matched.
    NoMatch,
}

impl Became {
    const ALL: [Self; 6] = [Self::Alerted, Self::Copy, Self::NotTold, Self::Excluded, Self::NearMissed, Self::NoMatch];

    fn words(self) -> &'static str {
        match self {
            Self::Alerted => "alerted",
            Self::Copy => "copies of told stories",
            Self::NotTold => "matched, not told",
            Self::Excluded => "excluded",
            Self::NearMissed => "nearly matched",
            Self::NoMatch => "no match",
        }
    }
}

/// How many entries became what; all but `seen` and `gaps` add up to `seen`.
#[derive(Debug, Default, Serialize)]
struct Counts {
    seen: usize,
    alerted: usize,
    copy: usize,
    not_told: usize,
    excluded: usize,
    near_missed: usize,
    no_match: usize,
    unread: usize,
    /// Of first polls: matched on the feed's own text.
    baseline: usize,
    /// Their articles are not kept any more.
    forgotten: usize,
    gaps: usize,
}

impl Counts {
    fn of(&mut self, became: Became) -> &mut usize {
        match became {
            Became::Alerted => &mut self.alerted,
            Became::Copy => &mut self.copy,
            Became::NotTold => &mut self.not_told,
            Became::Excluded => &mut self.excluded,
            Became::NearMissed => &mut self.near_missed,
            Became::NoMatch => &mut self.no_match,
        }
    }
}

/// An article, accounted for.
#[derive(Debug, Serialize)]
struct Accounted<'a> {
    became: Became,
    id: i64,
    source: &'a SourceId,
    url: &'a str,
    title: &'a str,
    first_seen: Timestamp,
    read_at: Timestamp,
    complete: bool,
    /// The rules that it matched or nearly matched.
    rules: Vec<&'a RuleId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alerts: Vec<i64>,
    /// The versions that its alerts stand on, of rules, watches and lists.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    versions: BTreeMap<String, &'a str>,
}

/// All of it, as JSON.
#[derive(Debug, Serialize)]
struct Proven<'a> {
    name: &'a str,
    from: Timestamp,
    to: Timestamp,
    program: &'static str,
    /// The rules that ask for the name now, each with its version.
    rules: Vec<(&'a RuleId, String)>,
    /// The version of the watch now; of a row, of its list.
    version: String,
    counts: &'a Counts,
    articles: &'a [Accounted<'a>],
    unread: &'a [ProofEntry],
    gaps: &'a [ProofGap],
}

/// A watch or a row of a list.
struct Name<'a> {
    watch: &'a str,
    row: Option<&'a str>,
}

impl Name<'_> {
    /// Whether a hit is one of the name.
    fn hit(&self, watch: Option<&str>, entry: Option<&str>) -> bool {
        watch.is_some_and(|watch| same(watch, self.watch)) && (self.row.is_none() || entry == self.row)
    }

    /// Whether a rule asks for it.
    fn asked(&self, rule: &Rule) -> bool {
        let typed = rule.query.iter().chain(&rule.any).chain(&rule.all).chain(&rule.none);
        typed.flat_map(|typed| typed.split('@').skip(1)).any(|after| {
            let of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let end = after.find(|c| !of_id(c)).unwrap_or(after.len());
            let row = after[end..].strip_prefix('/');
            same(&after[..end], self.watch)
                && match (row, self.row) {
                    (Some(typed), Some(row)) => typed.starts_with(row),
                    _ => true,
                }
        })
    }
}

/// Ids are compared with `-` and `_` as one letter.
fn same(a: &str, b: &str) -> bool {
    a.replace('_', "-") == b.replace('_', "-")
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let Accepted { settings, .. } = &accepted;
    let zone = &settings.service.time_zone;
    let (from, to) = (moment(&arguments.from, false, zone)?, moment(&arguments.to, true, zone)?);
    if from >= to {
        return Err(Failure::Usage("--to comes before --from".into()));
    }
    let id = arguments.name.trim_start_matches('@');
    let (watch, row) = id.split_once('/').map_or((id, None), |(list, row)| (list, Some(row)));
    let name = Name { watch, row };
    let version = version(&name, settings)?;
    // Whatever can be found of it, weak names too: near misses of a rule that are another's are none of this name.
    let index = query::compile(&format!("@{id}"), settings)?;
    let rules: Vec<&Rule> = settings.rules.iter().filter(|rule| name.asked(rule)).collect();
    let asked = ProofQuery { from, to, rules: rules.iter().map(|rule| rule.id.clone()).collect() };
    let store = open(settings)?;
    let proof = block_on(store.proof(asked))??;

    let mut counts = Counts { gaps: proof.gaps.len(), ..Counts::default() };
    let mut articles = vec![];
    for read in &proof.read {
        let accounted = accounted(read, &name, &index, &store)?;
        *counts.of(accounted.became) += 1;
        articles.push(accounted);
    }
    (counts.unread, counts.baseline, counts.forgotten) = (proof.unread.len(), proof.baseline, proof.forgotten);
    counts.seen = proof.read.len() + counts.unread + counts.baseline + counts.forgotten;
    let proven = Proven {
        name: id,
        from,
        to,
        program: env!("CARGO_PKG_VERSION"),
        rules: rules.iter().map(|rule| (&rule.id, rule_version(rule))).collect(),
        version,
        counts: &counts,
        articles: &articles,
        unread: &proof.unread,
        gaps: &proof.gaps,
    };
    if arguments.json { say::json(&proven) } else { tell(&proven, &proof, arguments.all, zone) }
}

/// A day's beginning, or its end; or a moment as typed.
fn moment(typed: &str, end: bool, zone: &TimeZone) -> Result<Timestamp, Failure> {
    let wrong = || Failure::Usage(format!("{typed:?} is no day and no moment; write 2026-11-01 or 2026-11-01T08:00Z"));
    if let Ok(moment) = typed.parse::<Timestamp>() {
        return Ok(moment);
    }
    let day: Date = typed.parse().map_err(|_| wrong())?;
    let day = if end { day.checked_add(1.day()).map_err(|_| wrong())? } else { day };
    zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().map_err(|_| wrong())
}

/// The version of the name's watch or list.
fn version(name: &Name, settings: &Settings) -> Result<String, Failure> {
    if let Some(watch) = settings.watches.iter().find(|watch| same(watch.id.as_str(), name.watch) && name.row.is_none())
    {
        return Ok(watch_version(watch));
    }
    if let Some(list) = settings.lists.iter().find(|list| same(list.id.as_str(), name.watch)) {
        return Ok(ListLoaded::from(list).version);
    }
    let known = || {
        let watches = settings.watches.iter().map(|watch| watch.id.as_str());
        watches.chain(settings.lists.iter().map(|list| list.id.as_str()))
    };
    Err(Failure::Usage(show::unknown("watch", name.watch, nearest(name.watch, known()), known())))
}

fn accounted<'a>(read: &'a ProofArticle, name: &Name, index: &Index, store: &Sqlite) -> Result<Accounted<'a>, Failure> {
    let matched = read
        .matches
        .iter()
        .filter(|matched| matched.hits.iter().any(|hit| name.hit(hit.watch.as_deref(), hit.entry.as_deref())));
    let mut rules: Vec<&RuleId> = matched.map(|matched| &matched.rule).collect();
    let alerts: Vec<_> = read.alerts.iter().filter(|alert| rules.contains(&&alert.rule)).collect();
    let mut why: Vec<String> = alerts.iter().filter_map(|alert| alert.suppressed.as_ref().map(reason)).collect();
    let mut became = match alerts.iter().any(|alert| alert.suppressed.is_none()) {
        true => Became::Alerted,
        false if !alerts.is_empty() => Became::NotTold,
        false if !rules.is_empty() => Became::Copy,
        false => Became::NoMatch,
    };
    if became == Became::NoMatch && !read.near_misses.is_empty() && stands_in(index, store, read.id)? {
        let excluded = |why: &String| why.starts_with("excluded");
        let any = read.near_misses.iter().any(|(_, why)| excluded(why));
        became = if any { Became::Excluded } else { Became::NearMissed };
        rules = read.near_misses.iter().map(|(rule, _)| rule).collect();
        rules.dedup();
        why = read.near_misses.iter().map(|(_, why)| why.clone()).collect();
    }
    let mut versions = BTreeMap::new();
    for alert in &alerts {
        let Some(evidence) = &alert.evidence else { continue };
        versions.insert(format!("rule {}", alert.rule), evidence.rule_version.as_str());
        versions.extend(
            evidence.watches.iter().chain(&evidence.lists).map(|(id, version)| (format!("@{id}"), version.as_str())),
        );
    }
    Ok(Accounted {
        became,
        id: read.id,
        source: &read.source,
        url: &read.url,
        title: &read.title,
        first_seen: read.first_seen,
        read_at: read.read_at,
        complete: read.complete,
        rules,
        why,
        alerts: alerts.iter().map(|alert| alert.id).collect(),
        versions,
    })
}

/// Whether any form of the name stands in the article, whether or not it counts there.
fn stands_in(index: &Index, store: &Sqlite, id: i64) -> Result<bool, Failure> {
    let Some(archived) = block_on(store.archived(id))?? else { return Ok(false) };
    let article = &archived.article;
    let zones = article.zones.iter().map(|block| block.text.as_str());
    Ok([article.title.as_str(), article.text.as_str()].into_iter().chain(zones).any(|text| index.count(text) > 0))
}

fn reason(why: &Suppressed) -> String {
    match why {
        Suppressed::Baseline => "part of the source's first poll".into(),
        Suppressed::TooOld { published } => format!("too old when first seen: published {published}"),
        Suppressed::Silenced { silence, .. } => format!("silence {silence}"),
        Suppressed::AlreadyAlerted { story } => format!("its story was told: {story}"),
    }
}

fn tell(proven: &Proven, proof: &Proof, all: bool, zone: &TimeZone) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let moment = |time: Timestamp| at(Some(time), zone);
    writeln!(out, "{bold}@{}{plain} from {} to {}", proven.name, moment(proven.from), moment(proven.to))?;
    let rules: Vec<String> = proven.rules.iter().map(|(id, version)| format!("{id} {version}")).collect();
    let rules = if rules.is_empty() { "no rule asks for it".to_string() } else { rules.join(", ") };
    writeln!(out, "{dim}rules: {rules}; its version {}; wirewatch {}{plain}", proven.version, proven.program)?;
    let counts = proven.counts;
    writeln!(out, "\n{:>8}  entries were seen", counts.seen)?;
    let many = |became: Became| proven.articles.iter().filter(|article| article.became == became).count();
    for became in Became::ALL {
        writeln!(out, "{:>8}  {}", many(became), became.words())?;
    }
    writeln!(out, "{:>8}  wait to be read", counts.unread)?;
    writeln!(out, "{:>8}  of first polls, matched on the feed's own text", counts.baseline)?;
    writeln!(out, "{:>8}  whose articles are not kept any more", counts.forgotten)?;
    for became in Became::ALL.into_iter().filter(|became| all || *became != Became::NoMatch) {
        let some = proven.articles.iter().filter(|article| article.became == became);
        for (nth, article) in some.enumerate() {
            if nth == 0 {
                writeln!(out, "\n{bold}{}{plain}", became.words())?;
            }
            let title = cut(&one_line(article.title), 100);
            writeln!(out, "{:>8}  {}  {}  {title}", article.id, moment(article.first_seen), article.source)?;
            let versions = article.versions.iter().map(|(of, version)| format!("{of} {}", cut(version, 12)));
            let told: Vec<String> = article.why.iter().map(|why| cut(&one_line(why), 120)).chain(versions).collect();
            if !told.is_empty() {
                writeln!(out, "          {dim}{}{plain}", told.join("; "))?;
            }
        }
    }
    if !proof.unread.is_empty() {
        writeln!(out, "\n{bold}waiting to be read{plain}")?;
    }
    for entry in &proof.unread {
        let title = entry.title.as_deref().or(entry.url.as_deref()).unwrap_or("-");
        writeln!(out, "          {}  {}  {}", moment(entry.first_seen), entry.source, cut(&one_line(title), 100))?;
    }
    if !proof.gaps.is_empty() {
        writeln!(out, "\n{bold}possible gaps{plain}: what came and went in between was not seen")?;
    }
    for gap in &proof.gaps {
        let until = gap.until.map_or_else(|| "now".to_string(), moment);
        let since = at(gap.since, zone);
        writeln!(out, "          {}  {since} to {until}  {}", gap.source, cut(&one_line(&gap.why), 100))?;
    }
    out.flush()?;
    Ok(())
}
