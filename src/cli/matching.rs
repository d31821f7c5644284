//! `wirewatch match`: an article against the rules, the hits in context.

pub(super) mod lines;

use super::configured::configured;
use super::{Failure, article, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::matching::Index;
use crate::model::{Article, List, Match, RuleId, WatchKind};
use crate::render;
use crate::worker::Plan;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A file (HTML or text), a URL, or - for standard input
    input: String,
    /// The address that the article is to be taken for
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// Only this rule
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// The input is JSON lines: {url,title,text,language?,author?,tags?,source?,published?,tier?}
    #[arg(long)]
    lines: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is printed of one article.
#[derive(Debug, Serialize)]
pub(super) struct Matched<'a> {
    url: &'a str,
    title: &'a str,
    language: Option<&'a str>,
    matches: Vec<Match>,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, !arguments.json)?;
    let only = match &arguments.rule {
        None => None,
        Some(typed) => {
            let rules = &accepted.settings.rules;
            let wanted = RuleId::new(typed).ok();
            let Some(rule) = rules.iter().find(|rule| Some(&rule.id) == wanted.as_ref()) else {
                let known: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
                return Err(Failure::work(format!("there is no rule {typed}; there are: {}", known.join(", "))));
            };
            Some(rule.id.clone())
        }
    };
    if arguments.lines {
        return lines::run(&arguments.input, &accepted.index, only.as_ref(), Clock::system().now());
    }
    let article = article::read(&arguments.input, arguments.url.as_ref())?;
    let matches = matches(&accepted.index, &article, only.as_ref());
    if arguments.json {
        let (url, title, language) = (&article.url, &article.title, article.language.as_deref());
        return say::json(&Matched { url, title, language, matches });
    }
    show(&article, &matches, &accepted.settings)
}

fn matches(index: &Index, article: &Article, only: Option<&RuleId>) -> Vec<Match> {
    let text = article::text(article, Clock::system().now());
    let mut matches = index.read(&text).matches;
    matches.retain(|found| only.is_none_or(|only| found.rule == *only));
    matches
}

/// What the lists say of the rows that were found.
fn topics(found: &Match, lists: &[List]) -> BTreeMap<String, String> {
    let rows = found.hits.iter().filter_map(|hit| {
        let (list, entry) = (hit.watch.as_deref()?, hit.entry.as_deref()?);
        let row = lists.iter().find(|of| of.id.as_str() == list)?.rows.find(entry)?;
        let topics = crate::text::one_line(&row.topics().collect::<Vec<_>>().join(", "));
        let name = format!("@{list}/{entry} {}", row.title());
        (!topics.is_empty()).then(|| (crate::text::one_line(&name), topics))
    });
    rows.collect()
}

fn show(article: &Article, matches: &[Match], settings: &Settings) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    if matches.is_empty() {
        writeln!(out, "{bold}no rule matches{plain} {}", named(article))?;
        writeln!(out, "{dim}{} read; `wirewatch extract` shows them{plain}", blocks(article))?;
    } else {
        head(&mut out, article, &settings.service.time_zone)?;
    }
    for found in matches {
        let alert = sample(article, found, settings);
        writeln!(out, "\n{bold}{}{plain} → {}", found.rule, found.notify.join(", "))?;
        write!(out, "{}", render::hits(&alert, true, say::columns().unwrap_or(render::TERMINAL_COLUMNS)))?;
        if found.left_out > 0 {
            let more = say::count(found.left_out, "more hit", "more hits");
            writeln!(out, "  {dim}and {more} of this rule{plain}")?;
        }
        for (row, topics) in topics(found, &settings.lists) {
            writeln!(out, "  {dim}{row}: {topics}{plain}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The article once, over what all rules found in it: its title, and what is known of where it stood and when.
fn head(out: &mut impl Write, article: &Article, zone: &jiff::tz::TimeZone) -> Result<(), Failure> {
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let title = crate::text::one_line(&article.title);
    if !title.is_empty() {
        let columns = say::columns().unwrap_or(render::TERMINAL_COLUMNS);
        writeln!(out, "{bold}{}{plain}", render::wrap(&title, columns).replace('\n', &format!("{plain}\n{bold}")))?;
    }
    let date = article.published.map(|at| render::line::when(at, zone, Clock::system().now()));
    let known = [article.site_name.clone(), date, Some(article.url.clone())].into_iter().flatten();
    let known: Vec<String> =
        known.map(|known| crate::text::one_line(&known)).filter(|known| !known.is_empty()).collect();
    if !known.is_empty() {
        writeln!(out, "{dim}{}{plain}", known.join(" · "))?;
    }
    Ok(())
}

/// An article in a sentence.
pub(super) fn named(article: &Article) -> String {
    match crate::text::one_line(&article.title) {
        title if title.is_empty() => "in an article without title".into(),
        title => format!("“{title}”"),
    }
}

/// How much of an article was read: `1 block of text was`.
pub(super) fn blocks(article: &Article) -> String {
    let blocks = article.zones.iter().filter(|block| block.zone.counts()).count();
    say::count(blocks, "block of text was", "blocks of text were")
}

/// What each watch and row that was found is called: a weak name or a post says little of whose it is.
fn names(found: &Match, settings: &Settings) -> Vec<(String, String)> {
    let latin = Plan::latin_names(&settings.watches);
    let mut names = vec![];
    for hit in &found.hits {
        let Some(id) = &hit.watch else { continue };
        let name = match &hit.entry {
            Some(entry) => {
                let list = settings.lists.iter().find(|list| list.id.as_str() == id);
                list.and_then(|list| list.rows.find(entry))
                    .map(|row| (format!("{id}/{entry}"), row.title().to_string()))
            }
            None => {
                let watch = settings.watches.iter().find(|watch| watch.id.as_str() == id);
                // A keyword's words do not translate each other.
                let watch = watch.filter(|watch| watch.kind != WatchKind::Keyword);
                let own = watch.and_then(|watch| watch.names.iter().chain(&watch.exact).next());
                latin.get(id).or(own).map(|name| (id.clone(), name.clone()))
            }
        };
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

/// The alert that the match would make, for showing it.
pub(super) fn sample(article: &Article, found: &Match, settings: &Settings) -> crate::model::Alert {
    use crate::model::{Alert, Outlet, StoryId};
    let now = Clock::system().now();
    let host = Url::parse(&article.url).ok().and_then(|url| url.host_str().map(ToString::to_string));
    let name = article.site_name.clone().or(host).unwrap_or_default();
    Alert {
        rule: found.rule.clone(),
        rule_title: found.rule.to_string(),
        severity: found.severity,
        story: StoryId::of(&[&article.url]),
        title: article.title.clone(),
        url: article.url.clone(),
        language: article.language.clone(),
        byline: article.byline.clone(),
        wire: article.wire.clone(),
        published: article.published,
        matched: now,
        summary_only: !article.complete,
        hits: found.hits.clone(),
        watch_names: names(found, settings),
        outlets: vec![Outlet {
            source: name.clone(),
            name,
            url: article.url.clone(),
            title: article.title.clone(),
            seen: now,
            tier: None,
        }],
        first_seen: now,
        telling: crate::model::Telling::default(),
    }
}
