//! The daemon's numbers for Prometheus (text format 0.0.4). In: the store's status and what the meter counted. Out: families of
//! samples, with units and types as Prometheus wants them. Series of single sources are bounded in number, those in need first.

use super::Legend;
use crate::model::limits::METRIC_SOURCES_MAX;
use crate::model::meter::{Histogram, Meter};
use crate::model::{DeliveryState, SourceState};
use crate::store::{SourceStatus, Status};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

/// The text.
pub(super) fn exposition(status: &Status, meter: &Meter, legend: &Legend, now: Timestamp) -> String {
    let mut out = Text(String::with_capacity(16 << 10));
    let labelled = |label: &str, samples: &[(&str, usize)]| -> Vec<(String, f64)> {
        samples.iter().map(|(value, n)| (format!("{{{label}=\"{value}\"}}"), number(*n))).collect()
    };
    let one = |value: f64| vec![(String::new(), value)];
    let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    out.gauge("build_info", "The version that runs.", &[(version, 1.0)]);
    let by_state = STATES.map(|state| (state.as_str(), status.sources.iter().filter(|s| s.state == state).count()));
    out.gauge("sources", "Sources by how they are.", &labelled("state", &by_state));
    let overdue = super::sources::overdue(&status.sources, now);
    out.gauge("sources_overdue", "Sources whose poll should have begun minutes ago.", &one(number(overdue)));
    if let Some(last) = status.sources.iter().filter_map(|source| source.last_success).max() {
        let help = "When any source last answered as it should, in seconds since 1970.";
        out.gauge("last_success_timestamp_seconds", help, &one(seconds(last)));
    }
    out.sources(&status.sources);
    let outbox = status.outbox;
    let owed = [
        (DeliveryState::Pending.as_str(), outbox.pending),
        (DeliveryState::Retrying.as_str(), outbox.retrying),
        (DeliveryState::Held.as_str(), outbox.held),
        (DeliveryState::Dead.as_str(), outbox.dead),
    ];
    out.gauge("deliveries", "Deliveries that have not arrived, by where they stand.", &labelled("state", &owed));
    let read = [("full", status.articles.full), ("summary_only", status.articles.summary_only)];
    out.gauge("articles", "Articles kept, by how they were read.", &labelled("read", &read));
    out.gauge("entries_unread", "Entries that wait to be read.", &one(number(status.articles.unread)));
    let help =
        "Rules that are tried on every article: they say nothing of what must stand in it. check names them (W205).";
    out.gauge("rules_always_tried", help, &one(number(legend.desk.index.rules_always_tried())));
    let help = "Entries that polls found for the first time.";
    out.family("entries_total", "counter", help, &one(count(meter.entries.load(Ordering::Relaxed))));
    let help = "How long polls took, the wait for the turn of their domain included, by what came of them.";
    let polls = [("read", &meter.polls_read), ("unchanged", &meter.polls_unchanged), ("failed", &meter.polls_failed)];
    out.histograms("poll_duration_seconds", help, "outcome", &polls);
    let help = "How long attempts at a delivery took, by what came of them.";
    let attempts =
        [("sent", &meter.deliveries_sent), ("retry", &meter.deliveries_retried), ("dead", &meter.deliveries_dead)];
    out.histograms("delivery_duration_seconds", help, "verdict", &attempts);
    let help = "How old the news of an alert were when its receiver accepted it: since publication, or since they were first seen.";
    let ages = [("published", &meter.since_published), ("first_seen", &meter.since_seen)];
    out.histograms("alert_latency_seconds", help, "since", &ages);
    out.0
}

struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP wirewatch_{name} {help}\n# TYPE wirewatch_{name} {kind}");
    }

    fn family(&mut self, name: &str, kind: &str, help: &str, samples: &[(String, f64)]) {
        self.head(name, kind, help);
        for (labels, value) in samples {
            let _ = writeln!(self.0, "wirewatch_{name}{labels} {value}");
        }
    }

    fn gauge(&mut self, name: &str, help: &str, samples: &[(String, f64)]) {
        self.family(name, "gauge", help, samples);
    }

    fn histograms<const N: usize>(&mut self, name: &str, help: &str, label: &str, all: &[(&str, &Histogram<N>)]) {
        self.head(name, "histogram", help);
        for (value, histogram) in all {
            let labels = format!("{label}=\"{value}\"");
            let (below, total, sum) = histogram.read();
            for (bound, count) in below {
                let _ = writeln!(self.0, "wirewatch_{name}_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(self.0, "wirewatch_{name}_bucket{{{labels},le=\"+Inf\"}} {total}");
            let _ = writeln!(self.0, "wirewatch_{name}_sum{{{labels}}} {sum}");
            let _ = writeln!(self.0, "wirewatch_{name}_count{{{labels}}} {total}");
        }
    }

    /// Of each source whether it is well and when it last was; of very many, those that are not well first.
    fn sources(&mut self, sources: &[SourceStatus]) {
        let well = |source: &SourceStatus| matches!(source.state, SourceState::Ok | SourceState::Moved);
        let told = |source: &&SourceStatus| !matches!(source.state, SourceState::New | SourceState::Disabled);
        let mut told: Vec<&SourceStatus> = sources.iter().filter(told).collect();
        told.sort_by_key(|source| well(source));
        let left_out = told.len().saturating_sub(METRIC_SOURCES_MAX);
        told.truncate(METRIC_SOURCES_MAX);
        // An id needs no escaping.
        let label = |source: &SourceStatus| format!("{{source=\"{}\"}}", source.id.key());
        let up: Vec<_> = told.iter().map(|source| (label(source), number(usize::from(well(source))))).collect();
        self.gauge("source_up", "Whether a source is well: 1, or 0.", &up);
        let last = told.iter().filter_map(|source| Some((label(source), seconds(source.last_success?))));
        let last: Vec<_> = last.collect();
        let help = "When a source last answered as it should, in seconds since 1970.";
        self.gauge("source_last_success_timestamp_seconds", help, &last);
        let help =
            "Sources that have no series of their own: there are too many, and these are well, or beyond the bound.";
        self.gauge("sources_without_series", help, &[(String::new(), number(left_out))]);
    }
}

const STATES: [SourceState; 9] = [
    SourceState::New,
    SourceState::Ok,
    SourceState::Failing,
    SourceState::Stale,
    SourceState::Gap,
    SourceState::Blocked,
    SourceState::Moved,
    SourceState::Gone,
    SourceState::Disabled,
];

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
fn seconds(at: Timestamp) -> f64 {
    at.as_second() as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
fn number(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn count(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    #[test]
    fn of_very_many_sources_those_in_need_have_series() {
        let source = |n: usize| SourceStatus {
            id: SourceId::new(&format!("s{n}")).unwrap(),
            url: "https://wire.example/feed".into(),
            state: if n == METRIC_SOURCES_MAX + 4 { SourceState::Failing } else { SourceState::Ok },
            since: None,
            last_success: None,
            next_poll: None,
            interval_s: None,
            error: None,
        };
        let mut text = Text(String::new());
        text.sources(&(0..METRIC_SOURCES_MAX + 5).map(source).collect::<Vec<_>>());
        assert_eq!(text.0.matches("wirewatch_source_up{").count(), METRIC_SOURCES_MAX);
        assert!(text.0.contains("wirewatch_source_up{source=\"s1004\"} 0\n"));
        assert!(text.0.contains("wirewatch_sources_without_series 5\n"));
    }
}
