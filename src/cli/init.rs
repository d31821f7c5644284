//! `wirewatch init`: a commented starter configuration; on a terminal it asks what to watch, where, and whom to tell.

use super::{Failure, say};
use crate::app::accept;
use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal, Write};
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
    let asked =
        if arguments.no_questions || !std::io::stdin().is_terminal() || !say::watched() { None } else { Some(ask()?) };
    std::fs::create_dir_all(dir.join("conf.d"))
        .map_err(|fault| Failure::work(format!("{} cannot be made: {fault}", dir.display())))?;
    write(&main, &homed(WIREWATCH, dir))?;
    match &asked {
        None => {
            for (name, text) in EXAMPLES {
                write(&dir.join("conf.d").join(name), text)?;
            }
        }
        Some(answers) => write(&dir.join("conf.d/10-first.toml"), &answers.toml())?,
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
    Ok(())
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

/// What the person wants watched.
struct Answers {
    names: Vec<String>,
    urls: Vec<String>,
    to: String,
    smtp: String,
}

fn ask() -> Result<Answers, Failure> {
    say::note("Three questions; an empty answer ends a list. Everything can be changed in the file afterwards.");
    let names = several("A name to watch (a person or an organization)")?;
    let urls = several("The address of a feed or news page to watch")?;
    let to = one("An e-mail address for the alerts (empty: alerts are written to a folder and to standard output)")?;
    let smtp =
        if to.is_empty() { String::new() } else { one("The mail server, such as smtps://user@mail.example.org")? };
    Ok(Answers { names, urls, to, smtp })
}

fn several(question: &str) -> Result<Vec<String>, Failure> {
    let mut answers = vec![];
    loop {
        let answer = one(question)?;
        if answer.is_empty() {
            return Ok(answers);
        }
        answers.push(answer);
    }
}

fn one(question: &str) -> Result<String, Failure> {
    let mut err = anstream::stderr();
    write!(err, "{}{question}:{} ", say::BOLD, say::PLAIN)?;
    err.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_string())
}

impl Answers {
    fn toml(&self) -> String {
        let mut out =
            String::from("# Written by `wirewatch init`. Edit it freely; `wirewatch check` says whether it is good.\n");
        for (at, url) in self.urls.iter().enumerate() {
            let _ = write!(out, "\n[source.s{}]\nurl = {}\n", at + 1, quoted(url));
        }
        // Whether a name is a person's cannot be known from here; the forms of a person's name only add to what is found.
        for (at, name) in self.names.iter().enumerate() {
            let _ = write!(
                out,
                "\n# A person. For an organization write [organization.w{0}] instead.\n[official.w{0}]\nnames = [{1}]\n",
                at + 1,
                quoted(name)
            );
        }
        if !self.names.is_empty() {
            let any: Vec<String> = (1..=self.names.len()).map(|at| format!("\"@w{at}\"")).collect();
            let _ = write!(out, "\n[rule.first]\nany = [{}]\n", any.join(", "));
        }
        if !self.to.is_empty() {
            let _ = write!(
                out,
                "\n[channel.mail]\ntype = \"email\"\nto   = [{0}]\nfrom = {0}\nsmtp = {1}\n# The password stands in a file that only the daemon can read:\n# password_file = \"/etc/wirewatch/secrets/smtp\"\n",
                quoted(&self.to),
                quoted(&self.smtp)
            );
        }
        out
    }
}

/// A TOML basic string (its escapes are a subset of JSON's).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
