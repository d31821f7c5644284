//! `wirewatch init`: a commented starter configuration; on a terminal it asks what to watch, where, and whom to tell.

mod asked;

use super::source::written::quoted;
use super::{Failure, channel, say};
use crate::app::{Accepted, accept};
use asked::Answers;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to write; it must not hold a configuration yet
    dir: PathBuf,
    /// Ask nothing: write the example of a Central-Asia desk, sending to nobody
    #[arg(long)]
    no_questions: bool,
}

/// What `config/` of the source tree holds, as shipped.
const WIREWATCH: &str = include_str!("../../config/wirewatch.toml");
/// What editors know of it by.
const SCHEMA: &str = include_str!("../../config/wirewatch.schema.json");
const EXAMPLES: [(&str, &str); 6] = [
    ("10-sources.toml", include_str!("../../config/conf.d/10-sources.toml")),
    ("20-organizations.toml", include_str!("../../config/conf.d/20-organizations.toml")),
    ("30-officials.toml", include_str!("../../config/conf.d/30-officials.toml")),
    ("40-keywords.toml", include_str!("../../config/conf.d/40-keywords.toml")),
    ("50-rules.toml", include_str!("../../config/conf.d/50-rules.toml")),
    ("60-channels.toml", include_str!("../../config/conf.d/60-channels.toml")),
];

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.dir;
    let main = dir.join("wirewatch.toml");
    if main.exists() {
        return Err(Failure::work(format!("{} is there already; nothing was written", main.display())));
    }
    let asked = if arguments.no_questions || !std::io::stdin().is_terminal() || !say::watched() {
        None
    } else {
        Some(Answers::ask()?)
    };
    std::fs::create_dir_all(dir.join("conf.d"))
        .map_err(|fault| Failure::work(format!("{} cannot be made: {fault}", dir.display())))?;
    write(&main, &homed(WIREWATCH, dir))?;
    write(&dir.join("wirewatch.schema.json"), SCHEMA)?;
    match &asked {
        None => {
            for (name, text) in EXAMPLES {
                write(&dir.join("conf.d").join(name), text)?;
            }
        }
        Some(answers) => {
            write(&dir.join("conf.d/10-first.toml"), &answers.toml())?;
            if let Some((name, secret)) = answers.secret() {
                write_secret(&dir.join("secrets"), name, &secret)?;
            }
        }
    }
    let accepted = accept(dir, &[]).map_err(Failure::Config)?;
    let mut out = say::out();
    let (bold, plain) = (say::BOLD, say::PLAIN);
    writeln!(
        out,
        "{} holds a configuration with {} sources and {} rules.",
        dir.display(),
        accepted.settings.sources.len(),
        accepted.settings.rules.len()
    )?;
    writeln!(out, "\nNext:")?;
    let config = format!("--config {}", dir.display());
    writeln!(out, "  {bold}wirewatch check {config}{plain}             says whether it is good")?;
    writeln!(out, "  {bold}wirewatch match {config} PAGE-OR-URL{plain} tries the rules on an article")?;
    if let Some(channel) = accepted.settings.channels.first() {
        writeln!(out, "  {bold}wirewatch channel test {config} {}{plain}  sends a sample", channel.id)?;
    }
    writeln!(out, "  {bold}wirewatch run --once {config}{plain}        polls, reads, matches and delivers, once")?;
    out.flush()?;
    drop(out);
    if asked.is_some() { sample(&accepted) } else { Ok(()) }
}

/// Sends a sample by each channel that was asked for. The configuration stands also where one does not arrive.
fn sample(accepted: &Accepted) -> Result<(), Failure> {
    for id in accepted.settings.channels.iter().map(|channel| channel.id.as_str()) {
        say::note(&format!("\nA sample goes to {id}:"));
        match channel::test(accepted, id) {
            Err(Failure::Silent(_)) => {
                let file = "conf.d/10-first.toml";
                say::note(&format!(
                    "it was not accepted: mend the channel in {file}, then try it with: wirewatch channel test {id}"
                ));
            }
            other => other?,
        }
    }
    Ok(())
}

/// A secret in a file that only its owner can read.
fn write_secret(folder: &Path, name: &str, secret: &str) -> Result<(), Failure> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let path = folder.join(name);
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let made = made.and_then(|()| std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path));
    made.and_then(|mut file| writeln!(file, "{secret}"))
        .map_err(|fault| Failure::work(format!("{} cannot be written: {fault}", path.display())))
}

/// The shipped file with its data next to it: a first try needs no root.
fn homed(shipped: &str, dir: &Path) -> String {
    let data = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf()).join("data");
    let line = format!("data_dir = {}", quoted(&data.display().to_string()));
    let mut done = false;
    let lines = shipped.lines().map(|typed| {
        if !done && typed.trim_start_matches(['#', ' ']).starts_with("data_dir") {
            done = true;
            return line.clone();
        }
        typed.to_string()
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|fault| Failure::work(format!("{} cannot be written: {fault}", path.display())))
}
