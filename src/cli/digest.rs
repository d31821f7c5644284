//! `wirewatch digest preview`: a digest or an alert as a channel would send it now. It sends nothing and marks nothing as told.

use super::channel::named;
use super::configured::configured;
use super::status::{block_on, open};
use super::{Failure, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::model::{Alert, Channel, ChannelKind, Digest, DigestPlan, DigestTimes, Message, MessageId};
use crate::store::{Store as _, WindowKey};
use crate::{deliver, render, worker};
use jiff::Timestamp;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Show what a digest would tell if it closed now: by the channel's templates, on its readers' clock
    Preview {
        /// The channel's id
        #[arg(long, value_name = "ID")]
        channel: String,
        /// Which of its digests; without it, the first
        #[arg(long, value_name = "NAME")]
        digest: Option<String>,
        /// Of the newest alert instead
        #[arg(long, conflicts_with = "digest")]
        alert: bool,
        /// Of invented news: for a channel that has none yet
        #[arg(long)]
        sample: bool,
        /// Which part of it
        #[arg(long, value_enum, default_value_t = Part::Text)]
        show: Part,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Part {
    /// The subject and the text part
    Text,
    /// The HTML part
    Html,
    /// The whole mail, headers and all
    Mail,
    /// The body of a webhook in the channel's format
    Body,
    /// Every name that a template can use, with its value
    Names,
}

pub(super) fn run(arguments: &Arguments, path: &Path) -> Result<(), Failure> {
    let Verb::Preview { channel, digest, alert, sample, show } = &arguments.verb;
    let accepted = configured(path, true)?;
    let settings = &accepted.settings;
    let channel = named(settings, channel)?;
    let now = Clock::system().now();
    let id = MessageId::of(&["preview", channel.id.as_str(), &now.to_string()]);
    let message = if *alert {
        render::alert(&an_alert(settings, *sample, now)?, channel, id, now, None)
    } else {
        let plan = plan(channel, digest.as_deref(), *sample)?;
        render::digest(&a_digest(settings, channel, &plan, *sample, now)?, channel, id, now)
    };
    print(&message, channel, *show, settings)
}

/// The digest that is meant.
fn plan(channel: &Channel, name: Option<&str>, sample: bool) -> Result<DigestPlan, Failure> {
    let known = || channel.digests.iter().map(|digest| digest.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = match name {
        Some(name) => channel.digests.iter().find(|digest| digest.name == name),
        None => channel.digests.first(),
    };
    match (found, name) {
        (Some(plan), _) => Ok(plan.clone()),
        (None, None) if sample => {
            let times = DigestTimes::Every(Duration::from_hours(24));
            Ok(DigestPlan { name: "sample".into(), times, send_empty: true, stories_max: 100 })
        }
        (None, None) => Err(Failure::work(format!(
            "channel {} has no digest: add digest.morning = {{ at = [\"08:00\"] }}, or look at --alert or --sample",
            channel.id
        ))),
        (None, Some(name)) => Err(Failure::work(format!(
            "channel {} has no digest {name}; it has: {}",
            channel.id,
            if channel.digests.is_empty() { "none".into() } else { known() }
        ))),
    }
}

fn a_digest(
    settings: &Settings,
    channel: &Channel,
    plan: &DigestPlan,
    sample: bool,
    now: Timestamp,
) -> Result<Digest, Failure> {
    if sample {
        let of = render::sample::full_digest(channel.id.as_str(), now);
        return of.map(|of| Digest { name: plan.name.clone(), ..of }).ok_or_else(no_sample);
    }
    let store = open(settings)?;
    let key = WindowKey { channel: channel.id.clone(), digest: plan.name.clone() };
    let reach = worker::Reach::of(&settings.watches, &settings.lists, &settings.rules);
    let laid_out = async {
        let Some(mut window) = store.open_window(&key).await? else { return Ok(None) };
        window.to = window.to.min(now);
        Ok::<_, crate::store::StoreError>(Some(
            worker::digest_laid_out(&store, &reach, channel, plan, window, now).await,
        ))
    };
    block_on(laid_out)??.ok_or_else(|| {
        Failure::work(format!("no daemon has run yet with the digest {}/{}: try --sample", channel.id, plan.name))
    })
}

fn an_alert(settings: &Settings, sample: bool, now: Timestamp) -> Result<Alert, Failure> {
    if sample {
        return render::sample::full_alert(now).ok_or_else(no_sample);
    }
    let newest = block_on(open(settings)?.alerts(1))??.into_iter().next();
    newest.map(|stored| stored.alert).ok_or_else(|| Failure::work("there is no alert yet: try --sample"))
}

fn no_sample() -> Failure {
    Failure::work("the invented news cannot be made")
}

fn print(message: &Message, channel: &Channel, show: Part, settings: &Settings) -> Result<(), Failure> {
    let mut out = say::out();
    match show {
        Part::Text => {
            writeln!(out, "{}Subject: {}{}\n", say::BOLD, message.subject, say::PLAIN)?;
            write!(out, "{}", message.text)?;
        }
        Part::Html => write!(out, "{}", message.html)?,
        Part::Mail => out.write_all(&mail(message, channel, settings)?)?,
        Part::Body => match render::webhook::of(message, channel).map_err(Failure::work)? {
            serde_json::Value::String(text) => write!(out, "{text}")?,
            body => return say::json(&body),
        },
        Part::Names => return say::json(&render::template::names(message, &channel.zone)),
    }
    out.flush()?;
    Ok(())
}

/// The mail to the first of the channel's recipients; one of another kind is shown as it would be mailed.
fn mail(message: &Message, channel: &Channel, settings: &Settings) -> Result<Vec<u8>, Failure> {
    let localhost = || "wirewatch@localhost".to_string();
    let (from, to, unsubscribe) = match &channel.kind {
        ChannelKind::Email(email) => (email.from.clone(), email.to.first().cloned(), email.unsubscribe.clone()),
        ChannelKind::Maildir(maildir) => (maildir.from.clone(), Some(maildir.to.clone()), None),
        _ => (settings.mail.from.clone().unwrap_or_else(localhost), None, None),
    };
    let to = to.unwrap_or_else(localhost);
    deliver::mail(message, &from, &to, unsubscribe.as_deref(), &settings.mail.domain).map_err(Failure::work)
}
