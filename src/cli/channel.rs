//! `wirewatch channel`: try a way out.

use super::configured::configured;
use super::status::{block_on, open};
use super::{Failure, say};
use crate::app::{self, Accepted};
use crate::clock::Clock;
use crate::config::Database;
use crate::model::{Channel, ChannelId, ChannelKind, DeliveryState, MessageId, Recipient, Unsubscribed, Verdict};
use crate::render::{self, Notice};
use crate::store::{Sqlite, Store as _};
use crate::{config, deliver};
use std::io::Write;
use std::path::Path;

/// Deliveries that are looked through for how many wait for a channel.
const HELD_COUNTED_MAX: usize = 10_000;

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
    /// Let a channel go on that was stopped when its receiver answered 410 Gone
    Enable {
        /// The channel's id
        id: String,
    },
    /// Send to a reader again who unsubscribed by the link in a mail
    Subscribe {
        /// The channel's id
        id: String,
        /// The reader, as `channel list` shows them
        reader: String,
    },
    /// Show the channels, and who unsubscribed
    List,
}

pub(super) fn run(arguments: Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    match arguments.verb {
        Verb::Test { id } => test(&accepted, &id),
        Verb::Enable { id } => enable(&accepted.settings, &id),
        Verb::Subscribe { id, reader } => subscribe(&accepted.settings, &id, reader),
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
    // Before the first run there is no store, and nobody has left.
    let left = open(settings).ok().map(|store| block_on(store.unsubscribed())).transpose()?;
    for Unsubscribed { channel, recipient, at } in left.transpose()?.unwrap_or_default() {
        writeln!(out, "{channel}: {} unsubscribed on {}", recipient.0, at.strftime("%Y-%m-%d"))?;
    }
    out.flush()?;
    Ok(())
}

/// Takes a reader in again.
fn subscribe(settings: &config::Settings, id: &str, reader: String) -> Result<(), Failure> {
    let channel = named(settings, id)?;
    let Database::Sqlite(file) = &settings.service.database;
    let store = Sqlite::open(file).map_err(Failure::work)?;
    let reader = Recipient(reader);
    if !block_on(store.subscribe_again(&channel.id, &reader))?? {
        let left = block_on(store.unsubscribed())??;
        let left = left.iter().filter(|left| left.channel == channel.id).map(|left| left.recipient.0.as_str());
        let left = left.collect::<Vec<_>>().join(", ");
        let left = if left.is_empty() { "nobody".into() } else { left };
        return Err(Failure::work(format!("{} has not unsubscribed from {id}; who has: {left}", reader.0)));
    }
    let mut out = say::out();
    writeln!(out, "{} gets what comes by {id} from now on", reader.0)?;
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

/// The channel of this id.
pub(super) fn named<'a>(settings: &'a config::Settings, id: &str) -> Result<&'a Channel, Failure> {
    let wanted = ChannelId::new(id).ok();
    settings.channels.iter().find(|channel| Some(&channel.id) == wanted.as_ref()).ok_or_else(|| {
        let known: Vec<&str> = settings.channels.iter().map(|channel| channel.id.as_str()).collect();
        Failure::work(format!("there is no channel {id}; there are: {}", known.join(", ")))
    })
}

/// Lets a channel go on that its receiver's 410 had stopped.
fn enable(settings: &config::Settings, id: &str) -> Result<(), Failure> {
    let channel = named(settings, id)?;
    let Database::Sqlite(file) = &settings.service.database;
    let store = Sqlite::open(file).map_err(Failure::work)?;
    block_on(store.disable_channel(&channel.id, None))??;
    let held = block_on(store.outbox(&[DeliveryState::Pending, DeliveryState::Retrying], HELD_COUNTED_MAX))??;
    let held = held.iter().filter(|delivery| delivery.channel == channel.id).count();
    let mut out = say::out();
    writeln!(
        out,
        "{id} is enabled; the daemon sends what waits for it{}",
        match held {
            0 => String::new(),
            1 => " (1 message)".into(),
            n => format!(" ({n} messages)"),
        }
    )?;
    Ok(())
}

/// Sends a marked sample and shows the dialogue.
pub(super) fn test(accepted: &Accepted, id: &str) -> Result<(), Failure> {
    let settings = &accepted.settings;
    let channel = named(settings, id)?;
    let clock = Clock::system();
    let now = clock.now();
    let message = Notice::test(channel).message(channel, MessageId::of(&["test", id, &now.to_string()]), now);
    let body = render::webhook::of(&message, channel).map_err(Failure::work)?;
    let deliverer = deliver::Deliverer::new(app::deliver_options(settings, &clock, None));
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
