//! Alerts of the last day by rule and hour, as bars. In: counts. Out: a list with a drawing in each line, which says in words
//! what it shows.

use super::View;
use crate::model::RuleId;
use crate::model::limits::OVERVIEW_ROWS_MAX;
use crate::render::line::{count, name};
use crate::store::AlertTally;
use maud::{Markup, html};
use std::collections::HashMap;
use std::time::Duration;

/// The stretches of the chart.
pub(super) const BINS: usize = 24;
/// One stretch.
pub(super) const BIN: Duration = Duration::from_hours(1);

/// A bar's place and height in the drawing's own units.
const STEP: usize = 10;
const HEIGHT: usize = 40;

/// One rule's day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    rule: RuleId,
    title: String,
    /// Told and not told, by hour.
    bins: [(usize, usize); BINS],
    told: usize,
    not_told: usize,
}

/// All rules, those with most alerts first; rules beyond the cap are counted.
pub(super) fn chart(tallies: &[AlertTally], view: &View) -> Markup {
    let lines = lines(tallies, &view.legend.rules);
    let highest =
        lines.iter().flat_map(|line| line.bins.iter().map(|(told, not)| told + not)).max().unwrap_or(0).max(1);
    let shown = lines.len().min(OVERVIEW_ROWS_MAX);
    let rest = &lines[shown..];
    let more: usize = rest.iter().map(|line| line.told + line.not_told).sum();
    html! {
        @if lines.is_empty() { p.soft { "No rule is configured." } }
        ul.chart {
            @for line in &lines[..shown] {
                li {
                    a.rule href={ "/alerts?rule=" (line.rule.as_str()) } { bdi dir="auto" { (name(&line.title)) } }
                    (drawing(line, highest))
                    span.total {
                        b { (line.told) }
                        @if line.not_told > 0 { " " span.soft { "+" (line.not_told) } }
                    }
                }
            }
        }
        @if !rest.is_empty() {
            p.soft { "and " (count(rest.len(), "more rule", "more rules")) " with " (count(more, "alert", "alerts")) }
        }
        div.axis.soft aria-hidden="true" { span { "24 h ago" } span { "12 h" } span { "now" } }
        @if lines.iter().any(|line| line.not_told > 0) {
            p.key.soft {
                span { span.swatch.told {} " told" }
                span { span.swatch.kept {} " kept, not told (first polls, old news)" }
            }
        }
    }
}

fn lines(tallies: &[AlertTally], rules: &[(RuleId, String)]) -> Vec<Line> {
    let empty = |rule: &RuleId, title: &str| Line {
        rule: rule.clone(),
        title: title.into(),
        bins: [(0, 0); BINS],
        told: 0,
        not_told: 0,
    };
    let mut lines: Vec<Line> = rules.iter().map(|(rule, title)| empty(rule, title)).collect();
    let mut places: HashMap<RuleId, usize> =
        rules.iter().enumerate().map(|(at, (rule, _))| (rule.clone(), at)).collect();
    for tally in tallies {
        // A rule that is configured no more.
        let at = *places.entry(tally.rule.clone()).or_insert_with(|| {
            lines.push(empty(&tally.rule, tally.rule.as_str()));
            lines.len() - 1
        });
        let line = &mut lines[at];
        // What was made in this very moment belongs to the last hour.
        let bin = &mut line.bins[tally.bin.min(BINS - 1)];
        *bin = (bin.0 + tally.told, bin.1 + tally.not_told);
        line.told += tally.told;
        line.not_told += tally.not_told;
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.told + line.not_told));
    lines
}

fn drawing(line: &Line, highest: usize) -> Markup {
    // A single alert is still seen beside a thousand.
    let tall = |n: usize| if n == 0 { 0 } else { (n * (HEIGHT - 2)).div_ceil(highest).max(2) };
    let words = match line.told + line.not_told {
        0 => "no alert in 24 hours".to_string(),
        all => {
            let busiest =
                line.bins.iter().enumerate().max_by_key(|(_, (told, not))| told + not).map_or(0, |(at, _)| at);
            let kept = if line.not_told > 0 { format!(", {} of them not told", line.not_told) } else { String::new() };
            let ago = match BINS - 1 - busiest {
                0 => "in the last hour".to_string(),
                hours => format!("{} ago", count(hours, "hour", "hours")),
            };
            format!("{} in 24 hours{kept}; most {ago}", count(all, "alert", "alerts"))
        }
    };
    html! {
        svg role="img" aria-label=(words) viewBox={ "0 0 " (BINS * STEP) " " (HEIGHT) } preserveAspectRatio="none" {
            line.base x1="0" x2=(BINS * STEP) y1=(HEIGHT - 1) y2=(HEIGHT - 1) {}
            @for (at, (told, kept)) in line.bins.iter().enumerate() {
                @let (told, kept) = (tall(*told), tall(*kept));
                @if told > 0 { rect.told x=(at * STEP + 1) y=((HEIGHT - 1).saturating_sub(told)) width=(STEP - 2) height=(told) {} }
                @if kept > 0 { rect.kept x=(at * STEP + 1) y=((HEIGHT - 1).saturating_sub(told + kept)) width=(STEP - 2) height=(kept) {} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str) -> RuleId {
        RuleId::new(id).unwrap()
    }

    #[test]
    fn every_rule_has_a_line_and_every_alert_a_bar() {
        let rules = [(rule("quiet"), "Quiet".to_string()), (rule("sco_x"), "SCO".to_string())];
        let tally = |id: &str, bin, told, not_told| AlertTally { rule: rule(id), bin, told, not_told };
        let tallies = [tally("gone", 3, 1, 0), tally("sco-x", 23, 2, 0), tally("sco-x", 24, 1, 4)];
        let lines = lines(&tallies, &rules);
        let seen: Vec<_> = lines.iter().map(|line| (line.title.as_str(), line.told, line.not_told)).collect();
        assert_eq!(seen, [("SCO", 3, 4), ("gone", 1, 0), ("Quiet", 0, 0)]);
        assert_eq!(lines[0].bins[23], (3, 4));
        let words = drawing(&lines[0], 7).0;
        assert!(words.contains("7 alerts in 24 hours, 4 of them not told; most in the last hour"), "{words}");
        assert!(drawing(&lines[1], 1000).0.contains("height=\"2\""), "one is seen beside a thousand");
    }
}
