//! How the program speaks: data on standard output, words on standard error, colour only where it is seen.

use super::Failure;
use crate::config::{Fault, summary};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::{BufWriter, IsTerminal, Write};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const PLAIN: anstyle::Reset = anstyle::Reset;
pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Standard output, buffered; colours are dropped where nobody sees them (`NO_COLOR`, a file, a pipe).
pub(super) fn out() -> BufWriter<impl Write> {
    BufWriter::new(anstream::stdout().lock())
}

/// Columns to which text on standard output is wrapped: those of the terminal, so many as can be read; none where it is a file.
pub(super) fn columns() -> Option<usize> {
    let out = std::io::stdout();
    let size = out.is_terminal().then(|| rustix::termios::tcgetwinsize(&out).ok()).flatten()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col).clamp(30, 100))
}

/// `1 block`, `3 blocks`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// Whether a person watches standard error.
pub(super) fn watched() -> bool {
    std::io::stderr().is_terminal()
}

/// A bar for work of so many steps, on standard error; hidden where nobody watches.
pub(super) fn bar(steps: u64, template: &str) -> ProgressBar {
    if !watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(steps);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A value as JSON on standard output.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = out();
    serde_json::to_writer(&mut out, value).map_err(|fault| Failure::from(std::io::Error::from(fault)))?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// A word for the person, on standard error.
pub(super) fn note(what: &str) {
    let _ = writeln!(anstream::stderr(), "{DIM}{what}{PLAIN}");
}

/// What is doubtful, on standard error.
pub(super) fn warning(what: &str) {
    let _ = writeln!(anstream::stderr(), "{YELLOW}warning{PLAIN}: {what}");
}

/// What went wrong, on standard error.
pub(super) fn error(what: &str) {
    let _ = writeln!(anstream::stderr(), "{RED}error{PLAIN}: {what}");
}

/// All faults of a configuration, on standard error.
pub(super) fn faults(faults: &[Fault]) {
    let mut err = anstream::stderr();
    for fault in faults {
        let _ = writeln!(err, "{}", fault.render(true));
    }
    let _ = writeln!(err, "{BOLD}{}{PLAIN}", summary(faults));
}
