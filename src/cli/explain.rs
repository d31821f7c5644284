//! `wirewatch explain`: a rule on an article, clause by clause: what was found, what came near, and who would be told.

use super::archive::Sources;
use super::configured::configured;
use super::matching::{blocks, lines};
use super::{Failure, archive, article, say};
use crate::clock::Clock;
use crate::config::{Settings, nearest};
use crate::matching::{Clause, ClauseKind, Explanation, Miss, Passage};
use crate::model::{Article, Channel, DigestPlan, DigestTimes, Rule, RuleId, Severity, Zone};
use crate::render;
use crate::text::{cut, one_line};
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule's id
    rule: String,
    /// The article: a file (HTML or text), a URL, the id of an archived article, or - for standard input
    input: String,
    /// The address that the article is to be taken for
    #[arg(long, value_name = "BASE")]
    url: Option<Url>,
    /// The input is an article as a JSON line, as for `match --lines`: with its tags, source and tier
    #[arg(long, conflicts_with = "url")]
    lines: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    url: &'a str,
    title: &'a str,
    language: Option<&'a str>,
    #[serde(flatten)]
    explanation: &'a Explanation,
    severity: Severity,
    notify: Vec<String>,
}

/// A clause as typed is shown up to this many code points.
const TYPED_CHARS_MAX: usize = 120;

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, !arguments.json)?;
    let settings = &accepted.settings;
    let rule = rule(&settings.rules, &arguments.rule)?;
    let sources = Sources::new(settings);
    let (archived, read, line);
    let (article, text) = match archive_id(&arguments.input) {
        _ if arguments.lines => {
            line = lines::first(&arguments.input)?;
            (&line.article, line.text(Clock::system().now()))
        }
        Some(id) => {
            archived = archive::article(settings, id)?;
            (&archived.article, sources.text(&archived, archived.read_at))
        }
        None => {
            read = article::read(&arguments.input, arguments.url.as_ref())?;
            (&read, article::text(&read, Clock::system().now()))
        }
    };
    let Some(explanation) = accepted.index.explain(&text, &rule.id) else {
        return Err(Failure::work(format!("the rule {} was not compiled", rule.id)));
    };
    let notify: Vec<String> = rule.notify.iter().map(ToString::to_string).collect();
    if arguments.json {
        let (url, title, language) = (&article.url, &article.title, article.language.as_deref());
        let (explanation, severity) = (&explanation, rule.severity);
        return say::json(&Explained { url, title, language, explanation, severity, notify });
    }
    show(article, &explanation, rule, settings)
}

/// The rule with a typed id.
fn rule<'s>(rules: &'s [Rule], typed: &str) -> Result<&'s Rule, Failure> {
    let wanted = RuleId::new(typed).ok();
    if let Some(rule) = rules.iter().find(|rule| Some(&rule.id) == wanted.as_ref()) {
        return Ok(rule);
    }
    let known = || rules.iter().map(|rule| rule.id.as_str());
    Err(Failure::Usage(super::show::unknown("rule", typed, nearest(typed, known()), known())))
}

/// The argument as the id of an archived article: a number that is no file's name.
fn archive_id(input: &str) -> Option<i64> {
    if Path::new(input).exists() { None } else { input.parse().ok() }
}

fn show(article: &Article, explanation: &Explanation, rule: &Rule, settings: &Settings) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let title = if article.title.is_empty() {
        "an article without title".into()
    } else {
        format!("“{}”", one_line(&article.title))
    };
    writeln!(out, "{bold}{}{plain} on {title}", explanation.rule)?;
    clause(&mut out, &explanation.clause, 1)?;
    if explanation.matches {
        let severity = match rule.severity {
            Severity::Low => "low",
            Severity::Normal => "normal",
            Severity::High => "high",
        };
        let routes: Vec<String> = rule.notify.iter().map(|route| told(route, &settings.channels)).collect();
        writeln!(out, "{bold}It matches{plain}: severity {severity}, would be told to {}.", routes.join(", "))?;
        writeln!(
            out,
            "{dim}Not looked at: silences, and whether the story was told before; the daemon knows them.{plain}"
        )?;
    } else {
        writeln!(out, "{bold}It does not match{plain}: nobody would be told.")?;
        writeln!(out, "{dim}{} read; `wirewatch extract` shows them.{plain}", blocks(article))?;
    }
    out.flush()?;
    Ok(())
}

fn clause(out: &mut impl Write, clause: &Clause, depth: usize) -> Result<(), Failure> {
    let indent = "  ".repeat(depth);
    let (good, bad, dim, plain) = (say::GREEN, say::RED, say::DIM, say::PLAIN);
    let sign = if clause.holds { format!("{good}✓{plain}") } else { format!("{bad}✗{plain}") };
    let typed = match clause.kind {
        ClauseKind::And => "all of these:".to_string(),
        ClauseKind::Or => "any of these:".to_string(),
        _ => cut(&clause.typed, TYPED_CHARS_MAX),
    };
    writeln!(out, "{indent}{sign} {typed}")?;
    for shown in &clause.passages {
        passage(out, shown, &indent)?;
    }
    match &clause.miss {
        Some(Miss { why, passage: near }) => {
            writeln!(out, "{indent}    {}{why}{plain}", say::YELLOW)?;
            if let Some(near) = near {
                passage(out, near, &indent)?;
            }
        }
        None if clause.holds && clause.kind == ClauseKind::Not => {
            writeln!(out, "{indent}    {dim}not found, as it should be{plain}")?;
        }
        None if !clause.holds && matches!(clause.kind, ClauseKind::Name | ClauseKind::Word) => {
            writeln!(out, "{indent}    {dim}not found{plain}")?;
        }
        None => {}
    }
    for part in clause.opened() {
        self::clause(out, part, depth + 1)?;
    }
    Ok(())
}

fn passage(out: &mut impl Write, passage: &Passage, indent: &str) -> Result<(), Failure> {
    let (dim, plain) = (say::DIM, say::PLAIN);
    let hit = say::GREEN.bold().underline();
    write!(out, "{indent}    {dim}{}:{plain} ", zone(passage.zone))?;
    // Room for the brackets of two hits on each line.
    let used = indent.len() + zone(passage.zone).len() + 6;
    let room = say::columns().map_or(usize::MAX, |columns| columns.saturating_sub(used + 4).max(20));
    let breaks: Vec<usize> = render::lines(&passage.text, room).iter().skip(1).map(|line| line.start).collect();
    for (at, (byte, c)) in passage.text.char_indices().enumerate() {
        if breaks.contains(&byte) {
            write!(out, "\n{:used$}", "")?;
        }
        if passage.marks.iter().any(|(start, _)| *start == at) {
            write!(out, "[{hit}")?;
        }
        write!(out, "{c}")?;
        if passage.marks.iter().any(|(_, end)| *end == at + 1) {
            write!(out, "{plain}]")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

pub(super) fn zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Title => "title",
        Zone::Lead => "lead",
        Zone::Body => "body",
        Zone::Caption => "caption",
        Zone::Quote => "quote",
        Zone::Related => "related",
        Zone::Navigation => "navigation",
        Zone::Comments => "comments",
        Zone::Footer => "footer",
    }
}

/// A route with when it tells: `desk (at once)`, `desk/morning (in the digest at 08:00)`.
fn told(route: &crate::model::Route, channels: &[Channel]) -> String {
    let Some(name) = &route.digest else { return format!("{route} (at once)") };
    let channel = channels.iter().find(|channel| channel.id == route.channel);
    let plan = channel.and_then(|channel| channel.digests.iter().find(|plan| plan.name == *name));
    match plan.map(times) {
        Some(times) => format!("{route} (in the digest {times})"),
        None => format!("{route} (in the digest)"),
    }
}

fn times(plan: &DigestPlan) -> String {
    match &plan.times {
        DigestTimes::At { times, .. } => {
            let times: Vec<String> = times.iter().map(|time| time.strftime("%H:%M").to_string()).collect();
            format!("at {}", times.join(" and "))
        }
        DigestTimes::Cron(pattern) => format!("of cron {}", one_line(pattern)),
        DigestTimes::Every(every) => format!("every {} minutes", every.as_secs() / 60),
    }
}
