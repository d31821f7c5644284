//! The command line: one verb per file. In: arguments. Out: data on standard output, everything else on standard error, and an
//! exit code: 0 done, 1 the work failed, 2 wrong usage, 78 the configuration is bad.

mod alert;
mod archive;
mod article;
mod backtest;
mod backup;
mod channel;
mod check;
mod configured;
mod demo;
mod digest;
mod disposition;
mod doctor;
mod explain;
mod extract;
mod failure;
mod feed;
mod init;
mod input;
mod loading;
mod matching;
mod outbox;
mod password;
mod prove;
mod robots;
mod run;
mod say;
mod shell;
mod show;
mod silence;
mod source;
mod status;
mod verify;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::path::PathBuf;
use std::process::ExitCode;

/// Watches the news wires for organizations, officials and keywords, and sends alerts and digests.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, after_help = AFTER)]
struct Arguments {
    /// The configuration: a directory with wirewatch.toml and conf.d/*.toml, or one file
    #[arg(long, global = true, env = "WIREWATCH_CONFIG", value_name = "PATH", default_value = "/etc/wirewatch")]
    config: PathBuf,
    #[command(subcommand)]
    verb: Verb,
}

const AFTER: &str = "Begin with `wirewatch demo`: it needs no network and no configuration.
Then `wirewatch init DIR`, edit what it wrote, and `wirewatch check --config DIR`.

Exit codes: 0 done; 1 the work failed; 2 wrong usage; 78 the configuration is bad.";

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the daemon: poll, read, match, deliver
    Run(run::Arguments),
    /// Show the whole of it on a small newsroom of its own: no network, no configuration
    Demo(demo::Arguments),
    /// Write a commented starter configuration
    Init(init::Arguments),
    /// Validate and lint the configuration: every fault, with its line and a hint
    Check(check::Arguments),
    /// Parse a feed, page index or sitemap and show its entries
    Feed(feed::Arguments),
    /// Extract the article of a page
    Extract(extract::Arguments),
    /// Match an article against the rules and show the hits in context
    Match(matching::Arguments),
    /// Explain why a rule matches an article, or why not: clause by clause, with the nearest miss
    Explain(explain::Arguments),
    /// Try rules on what was read: the alerts that they would have made, and what another configuration would change
    Backtest(backtest::Arguments),
    /// The articles that were read: search them, or show one
    Article(archive::Arguments),
    /// May an agent fetch a URL under these rules (RFC 9309)?
    Robots(robots::Arguments),
    /// Sources, queue, last success, gaps
    Status(status::Arguments),
    /// Alerts: what was told, to whom, when, and what they said; the evidence of each
    Alert(alert::Arguments),
    /// The sources: list them, discover the feeds of a page, add one, import or export many
    Source(source::Arguments),
    /// Be quiet about a rule, watch, source or query until a time
    Silence(silence::Arguments),
    /// Remember that a name which was found is somebody else's: "not our Petrov"
    Disposition(disposition::Arguments),
    /// The messages that are owed
    Outbox(outbox::Arguments),
    /// Prove what became, for a name, of every entry of some days, and when something may have gone unseen
    Prove(prove::Arguments),
    /// Whether the ledger hangs together: no row altered, taken out or put in
    Verify(verify::Arguments),
    /// The ways out
    Channel(channel::Arguments),
    /// See a digest, or an alert, as a channel would send it now
    Digest(digest::Arguments),
    /// Try what the daemon needs, one by one: rights, disk, clock, names, certificates, each channel, each source
    Doctor(doctor::Arguments),
    /// Copy the database into a file, while the daemon runs or not
    Backup(backup::Backup),
    /// Put a backup in the place of the database, which is kept beside it
    Restore(backup::Restore),
    /// Put a damaged database aside and save what can be read of it
    Recover(backup::Recover),
    /// Bring the database up to date, as a start does
    Migrate(backup::Migrate),
    /// Make the hash of a password for the status page: `[web] password_hash`
    Password,
    /// Print a completion script for a shell
    Completions(shell::Completions),
    /// Print the manual page, or write the pages of all commands and of the configuration
    Man(shell::Man),
}

/// Runs the program and answers its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.verb.run(&arguments.config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

impl Verb {
    fn run(self, config: &std::path::Path) -> Result<(), Failure> {
        match self {
            Self::Run(arguments) => run::run(&arguments, config),
            Self::Demo(arguments) => demo::run(&arguments),
            Self::Init(arguments) => init::run(&arguments),
            Self::Check(arguments) => check::run(&arguments, config),
            Self::Feed(arguments) => feed::run(&arguments),
            Self::Extract(arguments) => extract::run(&arguments),
            Self::Match(arguments) => matching::run(&arguments, config),
            Self::Explain(arguments) => explain::run(&arguments, config),
            Self::Backtest(arguments) => backtest::run(&arguments, config),
            Self::Article(arguments) => archive::run(&arguments, config),
            Self::Robots(arguments) => robots::run(&arguments),
            Self::Status(arguments) => status::run(&arguments, config),
            Self::Alert(arguments) => alert::run(&arguments, config),
            Self::Source(arguments) => source::run(&arguments, config),
            Self::Silence(arguments) => silence::run(&arguments, config),
            Self::Disposition(arguments) => disposition::run(&arguments, config),
            Self::Outbox(arguments) => outbox::run(arguments, config),
            Self::Prove(arguments) => prove::run(&arguments, config),
            Self::Verify(arguments) => verify::run(&arguments, config),
            Self::Channel(arguments) => channel::run(arguments, config),
            Self::Digest(arguments) => digest::run(&arguments, config),
            Self::Doctor(arguments) => doctor::run(&arguments, config),
            Self::Backup(arguments) => backup::backup(&arguments, config),
            Self::Restore(arguments) => backup::restore(&arguments, config),
            Self::Recover(arguments) => backup::recover(&arguments, config),
            Self::Migrate(arguments) => backup::migrate(&arguments, config),
            Self::Password => password::run(),
            Self::Completions(arguments) => shell::completions(&arguments),
            Self::Man(arguments) => shell::man(&arguments),
        }
    }
}
