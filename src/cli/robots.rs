//! `wirewatch robots`: may an agent fetch a URL under these rules?

use super::input;
use super::{Failure, say};
use crate::fetch::Want;
use crate::manners::Robots;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A robots.txt: a file, its URL, or - for standard input
    rules: String,
    /// The agent's product token
    #[arg(long, value_name = "NAME")]
    agent: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The URL that it would fetch, as it is written
    url: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let input = input::read(&arguments.rules, None, None, Want::Page)?;
    let access = Robots::parse(&input.bytes, &arguments.agent).access(&arguments.url);
    if arguments.json {
        return say::json(&access);
    }
    let word = if access.allowed { "allowed" } else { "not allowed" };
    let mut out = say::out();
    match (&access.rule, access.line) {
        (Some(rule), Some(line)) => writeln!(out, "{word}, by line {line}: {rule}")?,
        _ => writeln!(out, "{word}: no rule speaks of it")?,
    }
    Ok(())
}
