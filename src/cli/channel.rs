//! `wirewatch channel`: try a way out.

use super::configured::configured;
use super::status::block_on;
use super::{Failure, say};
use crate::app::{self, Accepted};
use crate::clock::Clock;
use crate::model::{ChannelId, ChannelKind, Format, MessageId, Verdict};
use crate::render::{self, Notice};
use crate::{config, deliver};
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Send a marked sample and show the whole dialogue, secrets masked
    Test {
        /// The channel's id
        id: String,
    },
    /// Show the channels
    List,
}

pub(super) fn run(arguments: Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    match arguments.verb {
        Verb::Test { id } => test(&accepted, &id),
        Verb::List => list(&accepted.settings),
    }
}

fn list(settings: &config::Settings) -> Result<(), Failure> {
    let mut out = say::out();
    for channel in &settings.channels {
        let recipients: Vec<String> = deliver::recipients(channel).into_iter().map(|to| to.0).collect();
        let digests: Vec<&str> = channel.digests.iter().map(|digest| digest.name.as_str()).collect();
        let digests = if digests.is_empty() { String::new() } else { format!("; digests {}", digests.join(", ")) };
        writeln!(out, "{}: {} to {}{digests}", channel.id, kind(&channel.kind), recipients.join(", "))?;
    }
    out.flush()?;
    Ok(())
}

fn kind(kind: &ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Email(_) => "email",
        ChannelKind::Webhook(_) => "webhook",
        ChannelKind::Command { .. } => "command",
        ChannelKind::Maildir(_) => "maildir",
        ChannelKind::Stdout => "stdout",
    }
}

fn test(accepted: &Accepted, id: &str) -> Result<(), Failure> {
    let settings = &accepted.settings;
    let wanted = ChannelId::new(id).ok();
    let Some(channel) = settings.channels.iter().find(|channel| Some(&channel.id) == wanted.as_ref()) else {
        let known: Vec<&str> = settings.channels.iter().map(|channel| channel.id.as_str()).collect();
        return Err(Failure::work(format!("there is no channel {id}; there are: {}", known.join(", "))));
    };
    let clock = Clock::system();
    let now = clock.now();
    let message = Notice::test(channel).message(channel, MessageId::of(&["test", id, &now.to_string()]), now);
    let format = match &channel.kind {
        ChannelKind::Webhook(hook) => hook.format,
        _ => Format::Standard,
    };
    let body = render::webhook::body(&message, format);
    let deliverer = deliver::Deliverer::new(app::deliver_options(settings, &clock));
    let to = deliver::recipients(channel);
    let (verdicts, dialogue) = block_on(deliverer.test(channel, &message, &to, &body))?;
    let mut out = say::out();
    for line in dialogue {
        writeln!(out, "{}{line}{}", say::DIM, say::PLAIN)?;
    }
    let mut failed = false;
    for (recipient, verdict) in verdicts {
        let (tint, word) = match verdict {
            Verdict::Sent { reply } => (say::GREEN, format!("accepted: {reply}")),
            Verdict::Retry { why, .. } => (say::YELLOW, format!("not now: {why}")),
            Verdict::Dead { why, .. } => (say::RED, format!("refused: {why}")),
        };
        failed |= tint != say::GREEN;
        writeln!(out, "{tint}{}{}: {word}", recipient.0, say::PLAIN)?;
    }
    out.flush()?;
    if failed { Err(Failure::Silent(1)) } else { Ok(()) }
}
