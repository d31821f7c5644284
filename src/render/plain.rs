//! The text part: for a narrow window, a screen reader, a log.
//! In: an alert or digest. Out: text wrapped at 72 columns, hits between asterisks. It shows nothing that the HTML part does not.

use super::card::{Card, rule_title};
use super::chart::Chart;
use super::coverage;
use super::line::{clock, day, full_day, when, zone_name};
use super::passage::Passage;
use super::wrap::{indented, width, wrap};
use crate::model::{Alert, Digest, limits};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Columns of the text part; RFC 3676 recommends no more than 78.
pub(super) const COLUMNS: usize = 72;

/// What a rendering must know beside what it renders.
pub(super) struct Setting<'a> {
    /// The clock of the reader.
    pub(super) zone: &'a TimeZone,
    /// When the message is made.
    pub(super) made: Timestamp,
    /// The channel's id.
    pub(super) channel: &'a str,
}

/// The text part of an alert.
pub(super) fn alert(alert: &Alert, follows: bool, setting: &Setting) -> String {
    let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
    let mut text = vec![heading(&card.rule)];
    text.push(String::new());
    text.push(wrap(&marked(&card.title), COLUMNS));
    text.push(wrap(&source_line(&card, setting), COLUMNS));
    text.extend(card.other_names().map(|names| wrap(&format!("Also in {names}"), COLUMNS)));
    for passage in &card.passages {
        text.push(String::new());
        text.push(indented(&marked(passage), COLUMNS, "  ", "  "));
    }
    text.extend(card.more_sentences().map(|more| format!("\n  … {more}")));
    text.push(String::new());
    text.push(wrap(&format!("Found: {}", card.reasons()), COLUMNS));
    if alert.summary_only {
        text.push(wrap(&format!("{SUMMARY_ONLY}."), COLUMNS));
    }
    if follows {
        text.push(wrap(&card.follows(), COLUMNS));
    }
    text.push(format!("Read:  {}", address(&card)));
    text.push(foot(&format!("rule {} · {}", alert.rule, first_seen(alert, setting)), setting));
    text.join("\n") + "\n"
}

/// The text part of a digest.
pub(super) fn digest(digest: &Digest, title: &str, summary: &str, setting: &Setting) -> String {
    let mut text = vec![heading(title), window(digest, setting)];
    text.extend(coverage::lateness(digest, setting.zone, setting.made).map(|late| wrap(&late, COLUMNS)));
    text.push(String::new());
    text.push(wrap(summary, COLUMNS));
    for group in &digest.groups {
        text.push(format!("\n\n{}", heading(&group_title(&group.rule_title, group.rule.as_str(), group.alerts.len()))));
        text.extend(Chart::new(&group.days, digest.to, setting.zone).map(|chart| chart.line()));
        for event in group.events() {
            text.extend(one_event(event).map(|head| format!("\n{head}")));
            text.extend(event.iter().map(|alert| story(alert, setting)));
        }
    }
    if digest.more > 0 {
        text.push(format!("\n… and {} more", digest.more));
    }
    text.push(format!("\n\n{}", heading("Coverage")));
    let facts = coverage::facts(&digest.coverage, setting.zone, setting.made, limits::LINES_SHOWN_MAX);
    text.extend(facts.iter().map(|fact| indented(&format!("{}: {}", fact.label, fact.text), COLUMNS, "", "  ")));
    let (misses, more) = coverage::misses(&digest.near_misses, limits::LINES_SHOWN_MAX);
    if !misses.is_empty() {
        text.push(format!("\n{}", heading("Not sent")));
    }
    for miss in misses {
        let example = miss.example.map(|example| format!(", e.g. “{example}”")).unwrap_or_default();
        text.push(indented(&format!("{}{example} ({})", miss.text, miss.rule), COLUMNS, "- ", "  "));
    }
    text.extend(more.map(|more| format!("  {more}")));
    text.push(foot(&format!("digest {}", super::line::name(&digest.name)), setting));
    text.join("\n") + "\n"
}

/// Said of an alert of which only the feed's summary was read.
pub(super) const SUMMARY_ONLY: &str = "Summary only: the page itself could not be read yet";

/// A title over a line as wide as it.
pub(super) fn heading(title: &str) -> String {
    let title = wrap(title, COLUMNS);
    let columns = title.lines().map(width).max().unwrap_or(0);
    format!("{title}\n{}", "=".repeat(columns))
}

/// The last lines of every text part.
pub(super) fn foot(what: &str, setting: &Setting) -> String {
    let zone = zone_name(setting.zone, setting.made);
    format!("\n{}", wrap(&format!("wirewatch · {what} · channel {} · times in {zone}", setting.channel), COLUMNS))
}

/// `SCO security (3)`.
pub(super) fn group_title(title: &str, id: &str, stories: usize) -> String {
    format!("{} ({stories})", rule_title(title, id))
}

/// What stands over reports of what may be one event; nothing over a single one.
pub(super) fn one_event(event: &[Alert]) -> Option<String> {
    (event.len() > 1).then(|| format!("Perhaps one event, in {} reports:", event.len()))
}

/// `Thursday, 23 May 2024, 17:30 to Friday, 24 May 2024, 08:00`; one day is named once.
pub(super) fn window(digest: &Digest, setting: &Setting) -> String {
    let zone = setting.zone;
    let (opened, closed) = (clock(digest.from, zone), clock(digest.to, zone));
    if full_day(digest.from, zone) == full_day(digest.to, zone) {
        format!("{}, {opened} to {closed}", full_day(digest.to, zone))
    } else {
        format!("{}, {opened} to {}, {closed}", day(digest.from, zone), full_day(digest.to, zone))
    }
}

/// When the article was published, or when it was seen if it gives no date.
pub(super) fn published(alert: &Alert, setting: &Setting) -> String {
    match alert.published {
        Some(published) => when(published, setting.zone, setting.made),
        None => format!("seen {}, gives no date", when(alert.matched, setting.zone, setting.made)),
    }
}

/// `story first seen 24 May, 14:05`.
pub(super) fn first_seen(alert: &Alert, setting: &Setting) -> String {
    format!("story first seen {}", when(alert.first_seen, setting.zone, setting.made))
}

/// By whom, and after which agency: `by Aziza Karimova`, `credits TASS`.
pub(super) fn credits(card: &Card) -> Vec<String> {
    let byline = card.byline.iter().map(|byline| match byline.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") => byline.clone(),
        _ => format!("by {byline}"),
    });
    byline.chain(card.wire.iter().map(|wire| format!("credits {wire}"))).collect()
}

fn source_line(card: &Card, setting: &Setting) -> String {
    let urgent = card.is_urgent().then(|| "high severity".to_string());
    let parts = [card.outlet.clone(), published(card.alert, setting)].into_iter();
    parts.chain(credits(card)).chain(urgent).collect::<Vec<_>>().join(" · ")
}

fn story(alert: &Alert, setting: &Setting) -> String {
    let card = Card::new(alert, limits::DIGEST_SENTENCES_SHOWN_MAX);
    let also = card.other_names().map(|names| format!("also: {names}"));
    let summary = alert.summary_only.then(|| "summary only".to_string());
    let source = [card.outlet.clone(), published(alert, setting)].into_iter().chain(summary).chain(also);
    let mut text = vec![String::new(), indented(&marked(&card.title), COLUMNS, "* ", "  ")];
    text.push(indented(&source.collect::<Vec<_>>().join(" · "), COLUMNS, "  ", "  "));
    text.extend(card.passages.iter().map(|passage| indented(&marked(passage), COLUMNS, "  | ", "  | ")));
    text.extend(card.more_sentences().map(|more| format!("  | … {more}")));
    text.push(indented(&format!("Found: {}", card.reasons()), COLUMNS, "  ", "  "));
    text.push(format!("  {}", address(&card)));
    text.join("\n")
}

fn address(card: &Card) -> String {
    card.link.as_ref().map_or_else(|| card.address.clone(), ToString::to_string)
}

/// Hits between asterisks, with the name beside: `*王毅* (Wang Yi)`.
pub(super) fn marked(passage: &Passage) -> String {
    passage.write(str::to_string, |hit, aside| match aside {
        Some(aside) => format!("*{hit}* ({aside})"),
        None => format!("*{hit}*"),
    })
}
