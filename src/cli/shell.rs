//! `wirewatch completions` and `wirewatch man`: what a package installs beside the program.

mod roff;

use super::{Arguments, Failure, say};
use clap::CommandFactory;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// Write the pages of all commands and of the configuration into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

/// The guides that are manual pages of their own, in section 5: name, what it is, text.
const GUIDES: [(&str, &str, &str); 2] = [
    ("wirewatch.toml", "configuration of wirewatch", include_str!("../../docs/configuration.md")),
    ("wirewatch-rules", "names and queries of wirewatch", include_str!("../../docs/rules.md")),
];

pub(super) fn completions(arguments: &Completions) -> Result<(), Failure> {
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "wirewatch", &mut script);
    print(&script)
}

pub(super) fn man(arguments: &Man) -> Result<(), Failure> {
    let Some(dir) = &arguments.dir else {
        let mut page = vec![];
        clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
        return print(&page);
    };
    let written = || -> std::io::Result<()> {
        std::fs::create_dir_all(dir)?;
        clap_mangen::generate_to(Arguments::command(), dir)?;
        for (name, about, text) in GUIDES {
            std::fs::write(dir.join(format!("{name}.5")), roff::page(name, about, text))?;
        }
        Ok(())
    };
    written().map_err(|fault| Failure::work(format!("{}: {fault}", dir.display())))
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = say::out();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
