//! `wirewatch check`: every fault of the configuration, and what is doubtful in its names and queries, at its place and with a hint.

use super::loading::doubted;
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::Severity;
use serde_json::json;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Show every form in which this watch (or row: LIST/ROW) will be found
    #[arg(long, value_name = "ID")]
    show: Option<String>,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    if let Some(id) = &arguments.show {
        return super::show::run(id, arguments.json, path);
    }
    let (accepted, faults) = match doubted(path, Clock::system().now()) {
        Ok(mut accepted) => {
            let faults = std::mem::take(&mut accepted.faults);
            (Some(accepted), faults)
        }
        Err(faults) => (None, faults),
    };
    let bad = faults.iter().any(|fault| arguments.strict || fault.severity == Severity::Error);
    if arguments.json {
        say::json(&json!({ "ok": !bad, "faults": faults }))?;
    } else if !faults.is_empty() {
        say::faults(&faults);
    }
    let warnings = faults.iter().filter(|fault| fault.severity == Severity::Warning).count();
    if bad && !arguments.json && warnings == faults.len() {
        let count = if warnings == 1 {
            "1 warning counts as an error".into()
        } else {
            format!("{warnings} warnings count as errors")
        };
        say::note(&format!("{count} with --strict; a warning that is meant is allowed by its code: allow = [\"…\"]"));
    }
    if bad {
        return Err(Failure::Silent(super::failure::CONFIG));
    }
    if let Some(accepted) = accepted.filter(|_| !arguments.json) {
        let settings = &accepted.settings;
        let count = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        let things = [
            count(settings.sources.len(), "source"),
            count(settings.watches.len(), "watch").replace("watchs", "watches"),
            count(settings.lists.len(), "list"),
            count(settings.rules.len(), "rule"),
            count(settings.channels.len(), "channel"),
        ];
        let mut out = say::out();
        let good = if warnings == 0 { "good" } else { "it can be used, with what was said above" };
        writeln!(out, "{}: {good}. {}", path.display(), things.join(", "))?;
    }
    Ok(())
}
