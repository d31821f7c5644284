//! The log: to the journal with its fields where systemd reads standard error, else as text or JSON on standard error.

use crate::config::{Log, LogFormat};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// Starts the log. `WIREWATCH_LOG` may name levels by module, as `tracing` does; it wins over the configuration.
/// Only the first call has an effect.
pub fn start(log: &Log) {
    let typed = std::env::var_os("WIREWATCH_LOG").and_then(|typed| typed.into_string().ok());
    let level = log.level.as_str();
    // Other crates speak up when something is wrong; what they think at work is not the operator's.
    let filter = typed.unwrap_or_else(|| format!("warn,wirewatch={level}"));
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // systemd sets JOURNAL_STREAM where standard error is its journal (systemd.exec(5)).
    let in_journal = std::env::var_os("JOURNAL_STREAM").is_some();
    let text = || tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Json => Box::new(text().json()),
        LogFormat::Journal => journal().unwrap_or_else(|| Box::new(text().with_ansi(false))),
        LogFormat::Auto if in_journal => journal().unwrap_or_else(|| Box::new(text().with_ansi(false))),
        LogFormat::Auto | LogFormat::Text => {
            let seen = std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
            Box::new(text().with_ansi(seen).with_target(false))
        }
    };
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
}

fn journal() -> Option<Box<dyn Layer<Registry> + Send + Sync>> {
    let layer = tracing_journald::layer().ok()?;
    Some(Box::new(layer.with_syslog_identifier("wirewatch".into())))
}
