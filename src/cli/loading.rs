//! The loading of a configuration, with a bar where somebody watches and its lists are long enough to wait for.

use super::say;
use crate::app::{self, Accepted, Loading, environment};
use crate::config::Fault;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

/// Files below this are read before a bar could be seen.
const BAR_BYTES_MIN: u64 = 1 << 20;
/// Likewise rows that are compiled.
const BAR_ROWS_MIN: usize = 10_000;

/// Loads the configuration.
///
/// # Errors
/// Every fault of it, warnings too, if one of them is an error.
pub(super) fn loaded(path: &Path) -> Result<Accepted, Vec<Fault>> {
    shown(|progress| app::accept_with(path, &environment(), progress))
}

/// Likewise, with what is doubtful in its names and queries at `now`.
///
/// # Errors
/// As [`loaded`].
pub(super) fn doubted(path: &Path, now: Timestamp) -> Result<Accepted, Vec<Fault>> {
    shown(|progress| app::check(path, &environment(), now, progress))
}

fn shown<T>(load: impl FnOnce(&dyn Fn(Loading<'_>)) -> T) -> T {
    if !say::watched() {
        return load(&|_| {});
    }
    let bar = RefCell::new(None);
    let loaded = load(&|loading| show(&mut bar.borrow_mut(), loading));
    if let Some(bar) = bar.take() {
        bar.finish_and_clear();
    }
    loaded
}

fn show(bar: &mut Option<ProgressBar>, loading: Loading<'_>) {
    match loading {
        Loading::Reading { list, read, total } if total >= BAR_BYTES_MIN => {
            let bar = bar.get_or_insert_with(|| drawn(ProgressBar::new(total), "{msg} {bar:30} {bytes}/{total_bytes}"));
            bar.set_length(total);
            bar.set_message(format!("reading list {list}"));
            bar.set_position(read);
        }
        Loading::Compiling(rows) if rows >= BAR_ROWS_MIN => {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
            let spinner = drawn(ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}");
            spinner.set_message(format!("compiling {rows} rows of lists"));
            spinner.enable_steady_tick(Duration::from_millis(100));
            *bar = Some(spinner);
        }
        _ => {}
    }
}

fn drawn(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
