//! `wirewatch backup`, `restore`, `recover` and `migrate`: the care of the one file of state.

use super::configured::configured;
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::Database;
use crate::store::Sqlite;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write; nothing may be there yet
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `wirewatch backup` wrote
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Recover {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Do all of it and undo it again: shows whether it would succeed
    #[arg(long)]
    dry_run: bool,
    /// Another database than the configured one, such as a backup
    file: Option<PathBuf>,
}

fn database(config: &Path) -> Result<PathBuf, Failure> {
    let Database::Sqlite(file) = configured(config, false)?.settings.service.database;
    Ok(file)
}

pub(super) fn backup(arguments: &Backup, config: &Path) -> Result<(), Failure> {
    let bytes = Sqlite::backup(&database(config)?, &arguments.file)?;
    let (file, kib) = (arguments.file.display(), bytes.div_ceil(1024));
    done(&[format!("{file} holds all of one moment, {kib} KiB, and was read through once.")])
}

pub(super) fn restore(arguments: &Restore, config: &Path) -> Result<(), Failure> {
    let path = database(config)?;
    let restored = Sqlite::restore(&path, &arguments.file, Clock::system().now())?;
    let mut lines = vec![format!("{} is now as {} was.", path.display(), arguments.file.display())];
    lines.extend(restored.aside.map(|aside| format!("What it was before is kept as {}.", aside.display())));
    lines.push(
        "What was seen and sent since the backup is not known any more: entries that feeds still show may be told again."
            .into(),
    );
    done(&lines)
}

pub(super) fn recover(arguments: &Recover, config: &Path) -> Result<(), Failure> {
    let recovered = Sqlite::recover(&database(config)?, Clock::system().now())?;
    if arguments.json { say::json(&recovered) } else { done(&recovered.told()) }
}

pub(super) fn migrate(arguments: &Migrate, config: &Path) -> Result<(), Failure> {
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None => database(config)?,
    };
    let migrated = Sqlite::migrate(&file, arguments.dry_run)?;
    let (from, to) = (migrated.from, migrated.to);
    let file = file.display();
    done(&[match (from == to, arguments.dry_run) {
        (true, _) => format!("{file} is of version {to}, as this wirewatch uses it; there is nothing to do."),
        (false, true) => {
            format!("{file} is of version {from} and can be brought to version {to}. Nothing was changed.")
        }
        (false, false) => format!("{file} was brought from version {from} to version {to}."),
    }])
}

fn done(lines: &[String]) -> Result<(), Failure> {
    let mut out = say::out();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}
