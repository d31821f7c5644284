//! `wirewatch verify`: whether the ledger hangs together: no row altered, taken out or put in since it was written.

use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::store::{ChainFault, ChainHead, ChainWrong, Store, Verified};
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A head that an earlier run printed (1234:6f9c…), kept elsewhere: whether the chain still holds it
    #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
    head: Option<ChainHead>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn head(typed: &str) -> Result<ChainHead, String> {
    let wanted = || "write NUMBER:HASH, as `wirewatch verify` printed it".to_string();
    let (seq, hash) = typed.split_once(':').ok_or_else(wanted)?;
    let seq = seq.parse().map_err(|_| wanted())?;
    let hash = hash.to_lowercase();
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wanted());
    }
    Ok(ChainHead { seq, hash })
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    let verified = block_on(open(settings)?.verify(arguments.head.clone()))??;
    if arguments.json {
        say::json(&verified)?;
    } else {
        show(&verified, arguments, settings)?;
    }
    match (verified.wrong, verified.noted) {
        (0, None | Some(true)) => Ok(()),
        (0, Some(false)) => Err(Failure::work(
            "the chain does not hold the head that was noted: it was made anew since, or the database is a restored one from before",
        )),
        (wrong, _) => Err(Failure::work(format!("{wrong} rows of the ledger are not as they were written"))),
    }
}

fn show(verified: &Verified, arguments: &Arguments, settings: &crate::config::Settings) -> Result<(), Failure> {
    let mut out = say::out();
    for fault in &verified.faults {
        writeln!(out, "{}{}{}", say::RED, told(fault), say::PLAIN)?;
    }
    let more = verified.wrong - verified.faults.len();
    if more > 0 {
        writeln!(out, "and {more} more")?;
    }
    let Verified { rows, forgotten, waiting, .. } = verified;
    let since = at(verified.first, &settings.service.time_zone);
    writeln!(out, "{rows} rows are as they were written, the oldest of {}", since.trim_end())?;
    if *forgotten > 0 {
        writeln!(out, "{forgotten} older ones were forgotten in their time")?;
    }
    if *waiting > 0 {
        writeln!(out, "{waiting} rows from before the chain are taken into it with the next writes")?;
    }
    if let Some(ChainHead { seq, hash }) = &verified.head {
        writeln!(out, "head {seq}:{hash}")?;
        if arguments.head.is_none() {
            let (dim, plain) = (say::DIM, say::PLAIN);
            writeln!(
                out,
                "{dim}note the head elsewhere: `verify --head` tells later whether the chain still holds it{plain}"
            )?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A fault in words.
fn told(fault: &ChainFault) -> String {
    let ChainFault { wrong, table, row, seq } = fault;
    let link = seq.map(|seq| format!(" (link {seq})")).unwrap_or_default();
    match wrong {
        ChainWrong::Altered => format!("row {row} of {table} is not as it was written"),
        ChainWrong::Gone => format!("row {row} of {table}{link} is gone before its time"),
        ChainWrong::Added => format!("row {row} of {table} was put in afterwards"),
        ChainWrong::Twice => format!("row {row} of {table} has a second link{link}"),
        ChainWrong::Link => format!("the link of row {row} of {table}{link} does not hang on the one before it"),
        ChainWrong::End => format!("the end of the chain is missing: it went up to link {row}"),
    }
}
