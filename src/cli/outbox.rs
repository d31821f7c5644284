//! `wirewatch outbox`: the messages that are owed, and what is done about them by hand.

use super::configured::configured;
use super::status::{at, block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::Database;
use crate::model::{Delivery, DeliveryState, MessageId, Recipient};
use crate::store::{Sqlite, Store};
use crate::text;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Show messages, newest first, each with its recipients and where it stands
    List {
        /// Those that were sent, too
        #[arg(long)]
        all: bool,
        /// At most this many
        #[arg(long, default_value_t = 100)]
        max: usize,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Try a message again now
    Retry {
        /// Its id, as `outbox list` shows it
        id: String,
        /// Only for this recipient
        #[arg(long)]
        recipient: Option<String>,
    },
    /// Give a message up
    Drop {
        /// Its id, as `outbox list` shows it
        id: String,
    },
}

/// What is not sent.
const OWED: [DeliveryState; 5] =
    [DeliveryState::Pending, DeliveryState::Retrying, DeliveryState::Held, DeliveryState::Dead, DeliveryState::Expired];

pub(super) fn run(arguments: Arguments, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, false)?;
    let settings = &accepted.settings;
    let Database::Sqlite(file) = &settings.service.database;
    let now = Clock::system().now();
    match arguments.verb {
        Verb::List { all, max, json } => {
            let store = open(settings)?;
            let states = if all { &[][..] } else { &OWED[..] };
            let deliveries = block_on(store.outbox(states, max))??;
            if json { say::json(&deliveries) } else { show(&deliveries, &settings.service.time_zone) }
        }
        Verb::Retry { id, recipient } => {
            let store = Sqlite::open(file).map_err(Failure::work)?;
            let recipient = recipient.map(Recipient);
            let many = block_on(store.outbox_retry(&MessageId::from_stored(id.clone()), recipient.as_ref(), now))??;
            told(many, &id, "is tried again now")
        }
        Verb::Drop { id } => {
            let store = Sqlite::open(file).map_err(Failure::work)?;
            let many = block_on(store.outbox_drop(&MessageId::from_stored(id.clone()), now))??;
            told(many, &id, "was given up")
        }
    }
}

fn told(many: usize, id: &str, what: &str) -> Result<(), Failure> {
    if many == 0 {
        return Err(Failure::work(format!("no message {id} is owed to anybody; see `wirewatch outbox list`")));
    }
    let mut out = say::out();
    writeln!(out, "{id} {what}, for {many} recipient{}", if many == 1 { "" } else { "s" })?;
    Ok(())
}

fn show(deliveries: &[Delivery], zone: &jiff::tz::TimeZone) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    if deliveries.is_empty() {
        writeln!(out, "nothing is owed")?;
        return Ok(());
    }
    for delivery in deliveries {
        let tint = match delivery.state {
            DeliveryState::Sent => say::GREEN,
            DeliveryState::Dead | DeliveryState::Expired => say::RED,
            _ => say::YELLOW,
        };
        let tries = match delivery.attempts {
            0 => String::new(),
            1 => ", 1 try".into(),
            n => format!(", {n} tries"),
        };
        let next = delivery.next_attempt.map(|next| format!(", next {}", at(Some(next), zone))).unwrap_or_default();
        let twice = if delivery.maybe_twice { ", maybe twice" } else { "" };
        writeln!(out, "{tint}{:8}{plain} {bold}{}{plain}", delivery.state.as_str(), delivery.subject)?;
        writeln!(
            out,
            "         to {} by {}{tries}{next}{twice}  {dim}{}{plain}",
            delivery.recipient.0, delivery.channel, delivery.id
        )?;
        if let Some(error) = &delivery.error {
            writeln!(out, "         {dim}{}{plain}", text::cut(&text::one_line(error), 200))?;
        }
    }
    out.flush()?;
    Ok(())
}
