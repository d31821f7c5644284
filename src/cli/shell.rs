//! `wirewatch completions` and `wirewatch man`: what a package installs beside the program.

use super::{Arguments, Failure, say};
use clap::CommandFactory;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn completions(arguments: &Completions) -> Result<(), Failure> {
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "wirewatch", &mut script);
    print(&script)
}

pub(super) fn man() -> Result<(), Failure> {
    let mut page = vec![];
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = say::out();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
