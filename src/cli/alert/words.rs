//! The record of one alert, as a person reads it: what it stands on, what was decided and why, who was told and what they said.

use super::super::{Failure, say};
use super::at;
use super::record::{Delivered, Record};
use crate::model::{Evidence, Hold, Step, Suppressed};
use crate::text::{cut, one_line};
use jiff::tz::TimeZone;
use std::io::Write;

/// The colour of a state.
pub(super) fn tint(state: &str) -> anstyle::Style {
    match state {
        "told" => say::GREEN,
        "failed" | "partly" => say::RED,
        "suppressed" | "dropped" => say::DIM,
        _ => say::YELLOW,
    }
}

pub(super) fn show(record: &Record, zone: &TimeZone) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let alert = record.alert;
    writeln!(out, "{bold}{}{plain}", short(&alert.title, 200))?;
    writeln!(out, "{}", short(&alert.url, 300))?;
    writeln!(out, "alert {}, rule {}, {}{}{plain}", record.id, alert.rule, tint(record.state), record.state)?;
    let outlets: Vec<String> = alert.outlets.iter().map(|outlet| short(&outlet.name, 60)).collect();
    writeln!(out, "story {} first seen {}: {}", alert.story, at(Some(alert.first_seen), zone), outlets.join(", "))?;
    match record.evidence {
        Some(evidence) => show_evidence(&mut out, evidence, zone)?,
        None => writeln!(out, "{dim}no evidence was kept by the version that made it{plain}")?,
    }
    writeln!(out, "\n{bold}What was decided{plain}")?;
    for decided in &record.steps {
        writeln!(out, "{}  {}", at(Some(decided.at), zone), step(decided.step, zone))?;
    }
    for digest in &record.waiting_digests {
        writeln!(out, "{:16}  waits for the digest {digest}", "")?;
    }
    writeln!(out, "\n{bold}Whom it was told{plain}")?;
    let deliveries: Vec<_> = record.messages.iter().flat_map(|message| &message.deliveries).collect();
    if deliveries.is_empty() {
        writeln!(out, "nobody")?;
    }
    for delivered in deliveries {
        show_delivery(&mut out, delivered, zone)?;
    }
    out.flush()?;
    Ok(())
}

fn show_evidence(out: &mut impl Write, evidence: &Evidence, zone: &TimeZone) -> Result<(), Failure> {
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let versions =
        |of: &[(String, String)]| of.iter().map(|(id, version)| format!("@{id} {version}")).collect::<Vec<_>>();
    writeln!(out, "\n{bold}What it stands on{plain}")?;
    writeln!(out, "fetched    {} from {}", at(Some(evidence.fetched), zone), short(&evidence.url, 200))?;
    writeln!(out, "published  {}", at(evidence.published, zone))?;
    let given = [("ETag", &evidence.validators.etag), ("Last-Modified", &evidence.validators.last_modified)];
    for (name, value) in given {
        if let Some(value) = value {
            writeln!(out, "{name}: {}", short(value, 200))?;
        }
    }
    writeln!(out, "text       sha256 {}", evidence.text_sha256)?;
    writeln!(out, "rule       version {}, by wirewatch {}", evidence.rule_version, evidence.program)?;
    for (what, of) in [("watches", &evidence.watches), ("lists", &evidence.lists)] {
        if !of.is_empty() {
            writeln!(out, "{what:10} {}", versions(of).join(", "))?;
        }
    }
    for hit in &evidence.passages {
        writeln!(out, "           {} {dim}{}{plain}", short(&hit.text, 80), short(&hit.sentence, 300))?;
    }
    Ok(())
}

fn show_delivery(out: &mut impl Write, delivered: &Delivered, zone: &TimeZone) -> Result<(), Failure> {
    let (dim, plain) = (say::DIM, say::PLAIN);
    let Delivered { delivery, attempts } = delivered;
    let twice = if delivery.maybe_twice { ", maybe twice" } else { "" };
    let to = short(&delivery.recipient.0, 100);
    writeln!(out, "{:8} {to} by {}{twice}  {dim}{}{plain}", delivery.state.as_str(), delivery.channel, delivery.id)?;
    for tried in attempts {
        let maybe = if tried.maybe_sent { " (it may have been taken all the same)" } else { "" };
        writeln!(
            out,
            "         {}  {}: {}{maybe}",
            at(Some(tried.at), zone),
            tried.state.as_str(),
            short(tried.reply, 300)
        )?;
    }
    if let Some(next) = delivery.next_attempt {
        writeln!(out, "         {dim}next attempt {}{plain}", at(Some(next), zone))?;
    }
    Ok(())
}

/// Why an alert is told to nobody.
pub(in crate::cli) fn suppressed(why: &Suppressed, zone: &TimeZone) -> String {
    match why {
        Suppressed::Baseline => "part of the source's first poll".into(),
        Suppressed::TooOld { published } => {
            format!("too old when first seen: published {}", at(Some(*published), zone))
        }
        Suppressed::Silenced { silence, until } => format!("silence {silence}, until {}", at(Some(*until), zone)),
        Suppressed::AlreadyAlerted { story } => format!("the story {story} was told before"),
    }
}

fn step(step: &Step, zone: &TimeZone) -> String {
    match step {
        Step::Matched { evidence } => format!("matched: {} of {}", short(&evidence.title, 100), evidence.source),
        Step::Suppressed { why } => format!("told to nobody: {}", suppressed(why, zone)),
        Step::Held { channel, until, why } => {
            let why = match why {
                Hold::Settling => "for other outlets",
                Hold::QuietHours => "for the end of quiet hours",
            };
            format!("held for {channel} until {}: waits {why}", at(Some(*until), zone))
        }
        Step::Queued { channel } => format!("queued for {channel}"),
        Step::ForDigest { channel, digest, quiet_hours } => {
            let why = if *quiet_hours { ": quiet hours put it there" } else { "" };
            format!("goes into the digest {channel}/{digest}{why}")
        }
        Step::Flooded { channel } => {
            format!("goes into the next summary of {channel}, which has had as many as it takes")
        }
        Step::Dropped { channel } => format!("not told to {channel}, which drops what comes in its quiet hours"),
        Step::Merged { outlet, likeness, leads } => {
            let how = if likeness.same_url {
                "the same address".to_string()
            } else {
                format!("{} of {} words are the same", likeness.shared, likeness.of)
            };
            let leads = if *leads { "; it leads from now on" } else { "" };
            format!("merged into the story: {} ({}): {how}{leads}", short(&outlet.title, 100), short(&outlet.name, 60))
        }
        Step::Completed { evidence } => format!("its page came, {}", short(&evidence.url, 200)),
        Step::Changed { gained, correction, .. } => {
            let mut what: Vec<String> = gained.iter().map(|name| format!("also names {}", short(name, 80))).collect();
            if *correction {
                what.push("it is corrected".into());
            }
            format!("told again in its thread: {}", what.join(", "))
        }
    }
}

fn short(text: &str, chars: usize) -> String {
    cut(&one_line(text), chars)
}
