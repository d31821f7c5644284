//! A backtest on a terminal: alerts per day as bars, the rules, the alerts, and what another configuration tells differently.

use super::Report;
use super::difference::Changed;
use super::tried::{Alert, OfDay, OfRule};
use crate::cli::status::at;
use crate::cli::{Failure, say};
use crate::render;
use crate::text::cut;
use jiff::tz::TimeZone;
use std::io::Write;
use std::path::Path;

/// Bars in the chart; of a longer time, several days are one bar.
const BARS_MAX: usize = 31;
/// The longest bar, in columns.
const BAR_COLUMNS: usize = 50;
/// How wide a line may be.
const COLUMNS: usize = 78;
/// Eighths of a column (U+258F to U+2588).
const EIGHTHS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

pub(super) fn show(report: &Report, against: Option<&Path>, zone: &TimeZone) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let tried = &report.tried;
    writeln!(
        out,
        "{bold}{}{plain} of {} read since {}",
        render::line::count(tried.alerts_total, "alert", "alerts"),
        render::line::count(report.articles, "article", "articles"),
        at(Some(report.since), zone)
    )?;
    if report.articles == 0 {
        writeln!(
            out,
            "{dim}Nothing was read in that time: `wirewatch status` says what is, --since asks for more.{plain}"
        )?;
    }
    chart(&mut out, &tried.days)?;
    rules(&mut out, &tried.rules)?;
    if !tried.alerts.is_empty() {
        writeln!(out)?;
    }
    for alert in &tried.alerts {
        line(&mut out, alert, zone)?;
    }
    if tried.alerts_total > tried.alerts.len() {
        writeln!(out, "{dim}… and {} more; --max lists them{plain}", tried.alerts_total - tried.alerts.len())?;
    }
    if let (Some(difference), Some(against)) = (&report.against, against) {
        let (green, red) = (say::GREEN, say::RED);
        writeln!(
            out,
            "\n{bold}Against {}{plain}: {green}+{}{plain} / {red}−{}{plain}",
            against.display(),
            difference.gained_total,
            difference.lost_total
        )?;
        for (changed, sign, tint, silent) in difference
            .gained
            .iter()
            .map(|changed| (changed, "+", green, "not there"))
            .chain(difference.lost.iter().map(|changed| (changed, "−", red, "not any more")))
        {
            changed_line(&mut out, changed, &format!("{tint}{sign}{plain}"), silent)?;
        }
        let listed = difference.gained.len() + difference.lost.len();
        let all = difference.gained_total + difference.lost_total;
        if all > listed {
            writeln!(out, "{dim}… and {} more; --max lists them{plain}", all - listed)?;
        }
    }
    let rate = if report.seconds > 0.0 {
        format!("{:.0} articles a second", articles(report) / report.seconds)
    } else {
        String::new()
    };
    writeln!(out, "\n{dim}{:.1} s, {rate}; nobody was told anything{plain}", report.seconds)?;
    out.flush()?;
    Ok(())
}

fn articles(report: &Report) -> f64 {
    f64::from(u32::try_from(report.articles).unwrap_or(u32::MAX))
}

/// Alerts by day, or by so many days that the bars fit.
fn chart(out: &mut impl Write, days: &[OfDay]) -> Result<(), Failure> {
    let together = days.len().div_ceil(BARS_MAX).max(1);
    let bars: Vec<(&OfDay, usize)> =
        days.chunks(together).map(|some| (&some[0], some.iter().map(|day| day.alerts).sum())).collect();
    let highest = bars.iter().map(|(_, alerts)| *alerts).max().unwrap_or(0).max(1);
    if bars.len() > 1 {
        let each = if together == 1 { "day".to_string() } else { format!("{together} days") };
        writeln!(out, "\n{}alerts per {each}{}", say::DIM, say::PLAIN)?;
        for (day, alerts) in bars {
            let eighths = alerts * BAR_COLUMNS * 8 / highest;
            let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
            writeln!(out, "{} {}{bar}{} {alerts}", day.day.strftime("%a %e %b"), say::GREEN, say::PLAIN)?;
        }
    }
    Ok(())
}

fn rules(out: &mut impl Write, rules: &[OfRule]) -> Result<(), Failure> {
    let widest = rules.iter().map(|of| of.rule.as_str().len()).max().unwrap_or(0).max(4);
    writeln!(out, "\n{}{:widest$}  alerts  a week  copies  too old{}", say::DIM, "rule", say::PLAIN)?;
    for OfRule { rule, alerts, copies, too_old, per_week } in rules {
        writeln!(out, "{:widest$}  {alerts:6}  {per_week:6.1}  {copies:6}  {too_old:7}", rule.as_str())?;
    }
    Ok(())
}

fn line(out: &mut impl Write, alert: &Alert, zone: &TimeZone) -> Result<(), Failure> {
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let copies = if alert.copies > 0 { format!(" (+{} copies)", alert.copies) } else { String::new() };
    writeln!(out, "{bold}{}{plain}", cut(&alert.title, COLUMNS))?;
    writeln!(
        out,
        "  {dim}{} · {}{copies} · {} · article {}{plain}  {}",
        at(Some(alert.at), zone),
        alert.outlet,
        alert.rule,
        alert.id,
        cut(&alert.found.join(", "), COLUMNS)
    )?;
    Ok(())
}

fn changed_line(out: &mut impl Write, changed: &Changed, sign: &str, silent: &str) -> Result<(), Failure> {
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    writeln!(out, "{sign} {bold}{}{plain}", cut(&changed.title, COLUMNS))?;
    writeln!(
        out,
        "    {dim}{} · {} · article {}{plain}  {}",
        changed.outlet,
        changed.rule,
        changed.id,
        cut(&changed.found.join(", "), COLUMNS)
    )?;
    for line in render::wrap(&format!("{silent}: {}", changed.reason), COLUMNS - 4).lines() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}
