//! Coverage and near misses in words: the proof that silence was silence.
//! In: counts, faults and reasons. Out: labelled sentences that mail, web page and chat share. No markup.

use super::line::{count, line, name, when};
use crate::model::{Coverage, Digest, Failing, ListLoaded, NearMiss, limits};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A fact with its label: `Read`, `212 articles in full, 4 from the summary only`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// What it is about.
    pub(super) label: String,
    /// The fact.
    pub(super) text: String,
}

/// One line of "Not sent".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Miss {
    /// `6 with 'Wang' but no Wang Yi`.
    pub(super) text: String,
    /// One title among them.
    pub(super) example: Option<String>,
    /// The rule's id; what `wirewatch explain` takes.
    pub(super) rule: String,
}

/// What an empty digest says, and no more than is true.
pub(super) fn verdict(coverage: &Coverage) -> String {
    let articles = coverage.read_in_full + coverage.summary_only;
    let read = count(articles, "article was", "articles were");
    if coverage.sources == 0 {
        "Nothing matched: no source is configured, so nothing was watched.".into()
    } else if coverage.polled == 0 {
        let sources = count(coverage.sources, "source", "sources");
        format!("Nothing matched, but the watch was not kept: none of {sources} could be polled.")
    } else if coverage.polled < coverage.sources || !coverage.failing.is_empty() {
        format!(
            "Nothing matched in what could be watched: {} of {} polled, {read} read. What was not watched is named below.",
            coverage.polled,
            count(coverage.sources, "source", "sources")
        )
    } else {
        let sources = match coverage.sources {
            1 => "the one source was polled".to_string(),
            sources => format!("all {sources} sources were polled"),
        };
        format!("Nothing matched. The watch was kept: {sources}, {read} read.")
    }
}

/// What was watched; of the sources that fail, `named_max` by name.
pub(super) fn facts(coverage: &Coverage, zone: &TimeZone, made: Timestamp, named_max: usize) -> Vec<Fact> {
    let fact = |label: &str, text: String| Fact { label: label.into(), text };
    let mut facts =
        vec![fact("Watched", format!("{}, {} polled", count(coverage.sources, "source", "sources"), coverage.polled))];
    facts.extend(coverage.failing.iter().take(named_max).map(|failing| fault(failing, zone, made)));
    let unnamed = coverage.failing.len().saturating_sub(named_max);
    if unnamed > 0 {
        facts.push(fact("Failing too", count(unnamed, "more source", "more sources")));
    }
    let mut read = vec![format!("{} in full", count(coverage.read_in_full, "article", "articles"))];
    let others = [
        (coverage.summary_only, "from the summary only"),
        (coverage.unreadable, "unreadable"),
        (coverage.unread, "waiting"),
    ];
    for (n, what) in others {
        if n > 0 {
            read.push(format!("{n} {what}"));
        }
    }
    facts.push(fact("Read", read.join(", ")));
    facts.extend(unwatched(&coverage.unwatched).map(|text| fact("Out of reach", text)));
    facts.extend(coverage.lists.iter().take(named_max).map(|list| fact("List", self::list(list, zone, made))));
    let unnamed = coverage.lists.len().saturating_sub(named_max);
    if unnamed > 0 {
        facts.push(fact("Lists too", count(unnamed, "more list", "more lists")));
    }
    let mut kept = vec![];
    if coverage.copies > 0 {
        kept.push(count(coverage.copies, "copy of a story told before", "copies of stories told before"));
    }
    if coverage.too_old > 0 {
        kept.push(format!("{} too old when first seen", coverage.too_old));
    }
    if !kept.is_empty() {
        facts.push(fact("Not sent again", kept.join(", ")));
    }
    let (articles, alerts) = coverage.baseline;
    if articles > 0 {
        facts.push(fact("Before you started", baseline(articles, alerts)));
    }
    facts
}

/// `3 articles in ja, 1 in ko: no name is watched for in that script`; nothing where there are none.
pub fn unwatched(languages: &[(String, usize)]) -> Option<String> {
    let (shown, rest) = languages.split_at(languages.len().min(limits::NAMES_SHOWN_MAX));
    let named = |(at, (language, n)): (usize, &(String, usize))| {
        let n = if at == 0 { count(*n, "article", "articles") } else { n.to_string() };
        format!("{n} in {}", name(language))
    };
    let mut named: Vec<String> = shown.iter().enumerate().map(named).collect();
    let more: usize = rest.iter().map(|(_, articles)| articles).sum();
    named.extend((more > 0).then(|| format!("{more} in other languages")));
    (!named.is_empty()).then(|| format!("{}: no name is watched for in that script", named.join(", ")))
}

/// `pep: 1000 rows, written 3 May, 28 days ago`.
fn list(list: &ListLoaded, zone: &TimeZone, made: Timestamp) -> String {
    let rows = count(list.rows, "row", "rows");
    let Some(modified) = list.modified else { return format!("{}: not read yet", name(list.id.as_str())) };
    let days = made.duration_since(modified).as_hours() / 24;
    let age = match days {
        i64::MIN..=0 => String::new(),
        1 => ", a day ago".into(),
        days => format!(", {days} days ago"),
    };
    format!("{}: {rows}, written {}{age}", name(list.id.as_str()), when(modified, zone, made))
}

/// `7 of 40 articles would have alerted`.
pub(super) fn baseline(articles: usize, alerts: usize) -> String {
    format!("{alerts} of {} would have alerted", count(articles, "article", "articles"))
}

/// What nearly matched: `kinds_max` kinds of it, and how many are not shown.
pub(super) fn misses(near_misses: &[NearMiss], kinds_max: usize) -> (Vec<Miss>, Option<String>) {
    let (shown, rest) = near_misses.split_at(near_misses.len().min(kinds_max));
    let shown = shown.iter().map(|miss| Miss {
        text: format!("{} {}", miss.count, line(&miss.why, 200)),
        example: Some(line(&miss.example, 120)).filter(|example| !example.is_empty()),
        rule: name(miss.rule.as_str()),
    });
    let articles = rest.iter().map(|miss| miss.count).sum();
    let more =
        format!("and {} for {}", count(articles, "more", "more"), count(rest.len(), "other reason", "other reasons"));
    (shown.collect(), (!rest.is_empty()).then_some(more))
}

/// Whether the digest was made long after it was due, in words: `due 24 May, 08:00, sent 24 May, 13:12`.
pub(super) fn lateness(digest: &Digest, zone: &TimeZone, made: Timestamp) -> Option<String> {
    let (due, sent) = (when(digest.to, zone, made), when(made, zone, made));
    digest.late.then(|| format!("Late: it was due {due} and is sent {sent}."))
}

fn fault(failing: &Failing, zone: &TimeZone, made: Timestamp) -> Fact {
    let state = match failing.state.as_str() {
        "gap" => "Possible gap",
        "stale" => "Stale",
        "blocked" => "Blocked",
        "moved" => "Moved",
        "gone" => "Gone",
        _ => "Failing",
    };
    let label = match failing.since {
        Some(since) => format!("{state} since {}", when(since, zone, made)),
        None => state.into(),
    };
    let (source, error) = (name(&failing.source), line(&failing.error, 300));
    Fact { label, text: if error.is_empty() { source } else { format!("{source} — {error}") } }
}

#[cfg(test)]
mod tests {
    use super::super::tests::digest;
    use super::*;
    use crate::model::RuleId;

    fn check(coverage: &Coverage, expected: &str) {
        assert_eq!(verdict(coverage), expected);
    }

    #[test]
    fn an_empty_digest_claims_no_watch_that_was_not_kept() {
        let kept = Coverage { sources: 14, polled: 14, read_in_full: 212, summary_only: 4, ..Coverage::default() };
        check(&kept, "Nothing matched. The watch was kept: all 14 sources were polled, 216 articles were read.");
        check(
            &Coverage { polled: 13, ..kept.clone() },
            "Nothing matched in what could be watched: 13 of 14 sources polled, 216 articles were read. What was not watched is named below.",
        );
        check(
            &Coverage { polled: 0, ..kept },
            "Nothing matched, but the watch was not kept: none of 14 sources could be polled.",
        );
        check(&Coverage::default(), "Nothing matched: no source is configured, so nothing was watched.");
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let mut digest = digest();
        let failing = digest.coverage.failing[0].clone();
        digest.coverage.failing = vec![failing; limits::LINES_SHOWN_MAX + 12];
        let facts = facts(&digest.coverage, &TimeZone::UTC, digest.to, limits::LINES_SHOWN_MAX);
        assert!(facts.iter().any(|fact| fact.label == "Failing too" && fact.text == "12 more sources"));
        let miss = NearMiss {
            rule: RuleId::new("r").unwrap(),
            why: "excluded by 'football'".into(),
            count: 2,
            example: String::new(),
        };
        let (shown, more) = misses(&vec![miss; limits::LINES_SHOWN_MAX + 3], limits::LINES_SHOWN_MAX);
        assert_eq!((shown.len(), more.as_deref()), (limits::LINES_SHOWN_MAX, Some("and 6 more for 3 other reasons")));
    }
}
