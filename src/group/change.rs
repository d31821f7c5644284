//! What an article changes about an alert that its story has already: nothing, an outlet more, another lead, or so much that the
//! story is told again. In: the alert as known and as this article would make it. Out: the alert from now on, and why.

use super::{Copy, Known, Read};
use crate::model::{Alert, Suppressed, Telling};
use crate::text;
use std::cmp::Reverse;

/// What of an alert is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The page of an alert that was told from the feed's summary came.
    Completed,
    /// Another outlet carries it.
    Outlet {
        /// Whether the alert leads with its article from now on.
        leads: bool,
    },
    /// The story changed in substance: it is told again, in its thread.
    Substance {
        /// Names of watches that were not in it before.
        gained: Vec<String>,
        /// Whether it is a correction.
        correction: bool,
    },
}

/// What the article changes; `made` is the alert that it alone would have made, and `why` the reason to tell it to nobody.
pub(super) fn of(read: &Read, known: &Known, made: Alert, why: Option<&Suppressed>) -> Option<Copy> {
    let Known { id, alert, told, open } = *known;
    let copy = |alert, change| Some(Copy { id, alert, change });
    let gained = gained(&made, alert);
    let correction = !alert.telling.corrected && corrects(&made.title) && !corrects(&alert.title);
    let lost = alert.telling.watches.iter().any(|watch| !made.telling.watches.contains(watch));
    // What has not left yet needs no second telling: it is told with what is new.
    let early = open && !lost;
    if told && why.is_none() && (!gained.is_empty() || correction) && !early {
        let telling = Telling {
            watches: union(&alert.telling.watches, &made.telling.watches),
            updates: alert.telling.updates + 1,
            gained: gained.clone(),
            corrected: alert.telling.corrected || correction,
            ..made.telling
        };
        let alert = Alert { outlets: outlets(read, alert, true), telling, ..made };
        return copy(alert, Change::Substance { gained, correction });
    }
    if completes(read, alert) {
        let telling = Telling { watches: union(&alert.telling.watches, &made.telling.watches), ..made.telling };
        let telling = Telling { updates: alert.telling.updates, corrected: alert.telling.corrected, ..telling };
        return copy(Alert { outlets: alert.outlets.clone(), telling, ..made }, Change::Completed);
    }
    let known = alert.outlets.iter().any(|known| known.url == read.outlet.url || known.source == read.outlet.source);
    let leads = early && (!gained.is_empty() || (!known && weight(&made) > weight(alert)));
    if known && !leads {
        return None;
    }
    let outlets = outlets(read, alert, leads);
    let alert = if leads { Alert { outlets, ..made } } else { Alert { outlets, ..alert.clone() } };
    copy(alert, Change::Outlet { leads })
}

/// The best tier, then a whole page before a summary, then the longest text.
fn weight(alert: &Alert) -> (Reverse<u8>, bool, usize) {
    let tier = alert.outlets.first().and_then(|outlet| outlet.tier).unwrap_or(u8::MAX);
    (Reverse(tier), !alert.summary_only, alert.telling.chars)
}

/// The names in `made` whose watch the alert has not told yet.
fn gained(made: &Alert, alert: &Alert) -> Vec<String> {
    let mut names = vec![];
    for hit in &made.hits {
        let new = Telling::watch(hit).is_some_and(|watch| !alert.telling.watches.contains(&watch));
        if new && !names.contains(&hit.name) {
            names.push(hit.name.clone());
        }
    }
    names
}

fn union(a: &[String], b: &[String]) -> Vec<String> {
    let mut union = a.to_vec();
    union.extend(b.iter().filter(|watch| !a.contains(watch)).cloned());
    union
}

/// The outlets with the one that is read; the first of them is the one that the alert leads with.
fn outlets(read: &Read, alert: &Alert, leads: bool) -> Vec<crate::model::Outlet> {
    let others =
        alert.outlets.iter().filter(|known| known.url != read.outlet.url && known.source != read.outlet.source);
    let mut outlets: Vec<_> = others.cloned().collect();
    outlets.insert(if leads { 0 } else { outlets.len() }, read.outlet.clone());
    outlets
}

/// Whether this is the page, come at last, of an alert that was told from the feed's summary.
fn completes(read: &Read, told: &Alert) -> bool {
    told.summary_only && read.article.complete && told.url == read.outlet.url
}

/// What agencies and outlets put before the headline of a correction, in lower case.
const CORRECTIONS: [&str; 22] = [
    "correction",
    "corrected",
    "corrects",
    "clarification",
    "retraction",
    "исправление",
    "исправлено",
    "уточнение",
    "уточнено",
    "опровержение",
    "tuzatish",
    "aniqlik",
    "тузатиш",
    "түзету",
    "оңдоо",
    "更正",
    "更新更正",
    "berichtigung",
    "korrektur",
    "rectificatif",
    "corrección",
    "düzeltme",
];

/// Whether a headline says that it corrects an earlier report: one of the words stands first, and a mark parts it from the rest.
pub(super) fn corrects(title: &str) -> bool {
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    CORRECTIONS.iter().any(|word| {
        let rest = title.strip_prefix(word);
        rest.is_some_and(|rest| {
            rest.starts_with([':', '：', '-', '–', '—', ']', ')', '】', ',', '.', '|'])
                || text::one_line(rest).starts_with(['-', '–', '—', ':'])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::corrects;

    #[test]
    fn a_correction_says_so_before_its_headline() {
        for title in [
            "CORRECTED-Ministers agree on timber",
            "Correction: the centre opens in May",
            "【更正】王毅会见外长",
            "Исправление: центр откроется в мае",
            "TUZATISH — markaz mayda ochiladi",
            "Correction — the date",
        ] {
            assert!(corrects(title), "{title}");
        }
        for title in [
            "Corrections officers strike",
            "Market correction: shares fall",
            "Corrected figures please the bank",
            "更正式的会谈",
        ] {
            assert!(!corrects(title), "{title}");
        }
    }
}
