//! `wirewatch password`: the hash of a password, for `[web] password_hash`. The password is read from the standard input, unseen
//! on a terminal, and never kept.

use super::{Failure, say};
use crate::model::limits;
use crate::text::password;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// The shortest password that is taken.
const CHARS_MIN: usize = 8;

pub(super) fn run() -> Result<(), Failure> {
    let typed = unseen("The password for the status page, then Enter (it is not shown):", limits::PASSWORD_BYTES_MAX)?;
    if typed.chars().count() < CHARS_MIN || typed.len() > limits::PASSWORD_BYTES_MAX {
        return Err(Failure::work(format!(
            "a password has {CHARS_MIN} letters or more, and at most {} bytes",
            limits::PASSWORD_BYTES_MAX
        )));
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(Failure::work)?;
    let hash = password::hash(&typed, &salt).map_err(Failure::work)?;
    say::note("Write it into the configuration:");
    let mut out = say::out();
    writeln!(out, "[web]\npassword_hash = \"{hash}\"")?;
    out.flush()?;
    Ok(())
}

/// A line of standard input, unseen on a terminal.
pub(super) fn unseen(question: &str, bytes_max: usize) -> Result<String, Failure> {
    let input = std::io::stdin();
    let seen = input.is_terminal().then(|| tcgetattr(&input)).transpose().map_err(Failure::work)?;
    if let Some(seen) = &seen {
        let mut unseen: Termios = seen.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Now, &unseen).map_err(Failure::work)?;
        say::note(question);
    }
    let mut typed = String::new();
    let read = std::io::Read::take(input.lock(), bytes_max as u64 + 2).read_line(&mut typed);
    if let Some(seen) = &seen {
        tcsetattr(&input, OptionalActions::Now, seen).map_err(Failure::work)?;
    }
    read?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_string())
}
