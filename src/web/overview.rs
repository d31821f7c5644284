//! The overview: whether the watch is kept, what was found in the last day, and what is owed. In: the store's status. Out: a
//! page whose first line is the answer.

use super::frame::{Fault, Tab, page as framed, shown};
use super::show::{Tone, badge, marked, moment, source_tone};
use super::{Parts, View, alerts, answered, chart, outbox, sources};
use crate::model::limits::OVERVIEW_ROWS_MAX;
use crate::model::{DeliveryState, SourceId, SourceState};
use crate::render::Card;
use crate::render::line::{count, name};
use crate::store::{AlertTally, Status, StoredAlert};
use axum::extract::State;
use axum::response::{Html, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// Stories that the overview names, and the alerts that it looks for them in.
const NEWEST: usize = 5;
const NEWEST_ALERTS: usize = 4 * NEWEST;

/// Sources that the verdict names for one reason.
const NAMED: usize = 3;

/// What has not arrived.
const OWED: [DeliveryState; 4] =
    [DeliveryState::Dead, DeliveryState::Retrying, DeliveryState::Pending, DeliveryState::Held];

pub(super) async fn page(State(parts): State<Arc<Parts>>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View) -> Result<Html<String>, Fault> {
    let since = view.now - chart::BIN * u32::try_from(chart::BINS).unwrap_or(u32::MAX);
    let mut status = answered(parts.store.status()).await?;
    let tallies = answered(parts.store.tally_alerts(since, chart::BIN)).await?;
    let newest = answered(parts.store.alerts(NEWEST_ALERTS)).await?;
    let owed = answered(parts.store.outbox(&OWED, OVERVIEW_ROWS_MAX)).await?;
    sources::sort(&mut status.sources);
    let listed = &status.sources[..status.sources.len().min(OVERVIEW_ROWS_MAX)];
    let polls = sources::polls(parts, listed).await?;
    let verdict = verdict(&status, &view.legend.sources, view.now);
    let outbox = status.outbox;
    let waiting = outbox.pending + outbox.retrying + outbox.held;
    let more = (waiting + outbox.dead).saturating_sub(owed.len());
    let body = html! {
        h1.unseen { "Overview" }
        (said(&verdict))
        (figures(&status, &tallies))
        div.columns {
            section {
                h2 { "Alerts of the last 24 hours" }
                (chart::chart(&tallies, view))
            }
            section {
                h2 { "Newest alerts" }
                (list(&newest, view))
                p.further { a href="/alerts" { "All alerts →" } }
            }
        }
        section {
            h2 { "Sources" }
            p.states {
                @for (state, n) in sources::by_state(&status.sources) {
                    a href={ "/sources?state=" (state.as_str()) } { (badge(source_tone(state), &format!("{n} {}", state.as_str()))) } " "
                }
            }
            @if status.sources.is_empty() { p.soft { "No source is configured." } } @else {
                (sources::rows(listed, &polls, view))
                p.further { a href="/sources" { "All " (count(status.sources.len(), "source", "sources")) " →" } }
            }
        }
        section {
            h2 { "Owed" }
            @if owed.is_empty() { p.soft { "Nothing is owed: every message has arrived or was given up." } } @else {
                (outbox::rows(&owed, view))
                @if more > 0 { p.soft { "and " (count(more, "more delivery", "more deliveries")) } }
            }
            p.further { a href="/outbox" { "The outbox →" } }
        }
    };
    Ok(framed(view, "Overview", Tab::Overview, &body))
}

/// Whether the watch is kept: one line, and what speaks against it.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    tone: Tone,
    line: String,
    reasons: Vec<String>,
}

fn verdict(status: &Status, names: &HashMap<SourceId, String>, now: Timestamp) -> Verdict {
    let of = |tone: Tone| -> Vec<String> {
        let watched = status.sources.iter().filter(|source| source.state != SourceState::Disabled);
        let of_tone = watched.filter(|source| source_tone(source.state) == tone);
        of_tone.map(|source| names.get(&source.id).map_or(source.id.as_str(), String::as_str).into()).collect()
    };
    let (well, new, warned, unwell) = (of(Tone::Good), of(Tone::Quiet), of(Tone::Warn), of(Tone::Bad));
    let all = well.len() + new.len() + warned.len() + unwell.len();
    let overdue = sources::overdue(&status.sources, now);
    let outbox = status.outbox;
    let grave = [
        (unwell.len(), count(unwell.len(), "source cannot be read", "sources cannot be read") + &named(&unwell)),
        (outbox.dead, count(outbox.dead, "delivery was refused for good", "deliveries were refused for good")),
    ];
    let wants_a_look = count(warned.len(), "source wants a look", "sources want a look");
    let light = [
        (overdue, count(overdue, "poll is overdue", "polls are overdue")),
        (warned.len(), wants_a_look + &named(&warned)),
        (outbox.retrying, count(outbox.retrying, "delivery is tried again", "deliveries are tried again")),
    ];
    let tone = match (grave.iter().any(|(n, _)| *n > 0), all == 0 || light.iter().any(|(n, _)| *n > 0)) {
        (true, _) => Tone::Bad,
        (false, true) => Tone::Warn,
        (false, false) => Tone::Good,
    };
    let line = match tone {
        _ if all == 0 => "Nothing is watched: no source is configured.".to_string(),
        Tone::Bad if !unwell.is_empty() => "The watch is not whole.".into(),
        Tone::Bad => "The watch is kept, but not everybody was told.".into(),
        Tone::Warn => "The watch is kept; something wants a look.".into(),
        _ if !new.is_empty() => format!("The first polls are under way: {} of {all} to go.", new.len()),
        _ if all == 1 => "The watch is kept: its one source answered when it was last asked.".into(),
        _ => format!("The watch is kept: all {all} sources answered when they were last asked."),
    };
    let reasons = grave.into_iter().chain(light).filter(|(n, _)| *n > 0).map(|(_, reason)| reason);
    Verdict { tone, line, reasons: reasons.collect() }
}

/// `: Daryo, Kun.uz and 3 more`.
fn named(sources: &[String]) -> String {
    let first: Vec<String> = sources.iter().take(NAMED).map(|source| name(source)).collect();
    let more = if sources.len() > NAMED { format!(" and {} more", sources.len() - NAMED) } else { String::new() };
    format!(": {}{more}", first.join(", "))
}

fn said(verdict: &Verdict) -> Markup {
    html! {
        div class={ "verdict " (verdict.tone.class()) } {
            p.line { (verdict.line) }
            @if !verdict.reasons.is_empty() { ul { @for reason in &verdict.reasons { li { bdi { (reason) } } } } }
        }
    }
}

fn figures(status: &Status, tallies: &[AlertTally]) -> Markup {
    let told: usize = tallies.iter().map(|tally| tally.told).sum();
    let kept: usize = tallies.iter().map(|tally| tally.not_told).sum();
    let (outbox, articles) = (status.outbox, status.articles);
    let well = status.sources.iter().filter(|source| source.state == SourceState::Ok).count();
    let watched = status.sources.iter().filter(|source| source.state != SourceState::Disabled).count();
    let figure = |href: Option<&str>, name: &str, number: String, under: String| {
        html! {
            div.figure {
                dt { @if let Some(href) = href { a href=(href) { (name) } } @else { (name) } }
                dd { span.number { (number) } span.soft.under { (under) } }
            }
        }
    };
    let owed = outbox.pending + outbox.retrying + outbox.held;
    html! {
        dl.figures {
            (figure(Some("/sources"), "Sources well", format!("{well}"), format!("of {watched}")))
            (figure(Some("/alerts"), "Alerts, 24 h", told.to_string(), format!("{kept} more kept, not told")))
            (figure(Some("/outbox"), "Deliveries owed", owed.to_string(), format!("{} refused for good", outbox.dead)))
            (figure(Some("/articles"), "Articles read", (articles.full + articles.summary_only).to_string(),
                format!("{} in full · {} unreadable · {} to read", articles.full, articles.unreadable, articles.unread)))
        }
    }
}

fn list(newest: &[StoredAlert], view: &View) -> Markup {
    html! {
        @if newest.is_empty() { p.soft { "No alert yet." } }
        ul.newest {
            @for story in alerts::stories(newest).iter().take(NEWEST) {
                @let card = Card::new(&story.alert, 0);
                li {
                    a lang=[card.language] dir=(card.direction) href={ "/alert/" (story.alerts[0].id) } { (marked(&card.title)) }
                    span.under.soft {
                        bdi dir="auto" { (card.outlet) } " · " (moment(story.alert.matched, view))
                        @for stored in &story.alerts { " · " bdi dir="auto" { (Card::new(&stored.alert, 0).rule) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ArticleCounts, OutboxCounts, SourceStatus};

    fn check(of: &[SourceState], outbox: OutboxCounts, next_poll: &str, tone: Tone, line: &str, reasons: &[&str]) {
        let now: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
        let sources = of.iter().enumerate().map(|(n, state)| SourceStatus {
            id: SourceId::new(&format!("s{n}")).unwrap(),
            url: String::new(),
            state: *state,
            since: None,
            last_success: None,
            next_poll: next_poll.parse().ok(),
            interval_s: None,
            error: None,
        });
        let articles = ArticleCounts::default();
        let status = Status { sources: sources.collect(), outbox, articles, languages: vec![] };
        let verdict = verdict(&status, &HashMap::new(), now);
        let reasons = reasons.iter().map(ToString::to_string).collect();
        assert_eq!(verdict, Verdict { tone, line: line.into(), reasons });
    }

    #[test]
    fn the_first_line_says_whether_the_watch_is_kept() {
        use SourceState::{Blocked, Disabled, Failing, Gap, New, Ok};
        let (soon, past) = ("2026-03-02T08:01:00Z", "2026-03-02T07:50:00Z");
        let none = OutboxCounts::default();
        check(&[Disabled], none, "", Tone::Warn, "Nothing is watched: no source is configured.", &[]);
        check(&[New, Ok], none, soon, Tone::Good, "The first polls are under way: 1 of 2 to go.", &[]);
        let kept = "The watch is kept: all 2 sources answered when they were last asked.";
        check(&[Ok, Ok, Disabled], none, soon, Tone::Good, kept, &[]);
        let look = "The watch is kept; something wants a look.";
        check(&[Ok, Gap], none, soon, Tone::Warn, look, &["1 source wants a look: s1"]);
        check(&[Ok], none, past, Tone::Warn, look, &["1 poll is overdue"]);
        let dead = OutboxCounts { dead: 2, ..none };
        let untold = "The watch is kept, but not everybody was told.";
        check(&[Ok], dead, soon, Tone::Bad, untold, &["2 deliveries were refused for good"]);
        let broken = [Failing, Blocked, Failing, Failing];
        let reasons = ["4 sources cannot be read: s0, s1, s2 and 1 more", "2 deliveries were refused for good"];
        check(&broken, dead, soon, Tone::Bad, "The watch is not whole.", &reasons);
    }
}
