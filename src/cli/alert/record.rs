//! The record of one alert, as `alert show` and `alert export` give it: the JSON is what these structs are.

use crate::model::{Alert, Delivery, DeliveryState, Evidence, Step, Suppressed};
use crate::store::{AlertFile, Attempt};
use jiff::Timestamp;
use serde::Serialize;

/// Everything on record about one alert.
#[derive(Debug, Serialize)]
pub(super) struct Record<'a> {
    pub(super) id: i64,
    /// `told`, `queued`, `held`, `partly`, `failed`, `digest`, `suppressed`, `dropped`.
    pub(super) state: &'static str,
    pub(super) suppressed: Option<&'a Suppressed>,
    #[serde(flatten)]
    pub(super) alert: &'a Alert,
    /// What the newest telling of it stands on; `null` for alerts of versions that kept none.
    pub(super) evidence: Option<&'a Evidence>,
    /// Each decision, oldest first.
    pub(super) steps: Vec<Decided<'a>>,
    /// Each message, oldest first.
    pub(super) messages: Vec<Told<'a>>,
    /// Digests that have still to tell it: `desk/morning`.
    pub(super) waiting_digests: Vec<String>,
}

/// A decision and when it was made.
#[derive(Debug, Serialize)]
pub(super) struct Decided<'a> {
    pub(super) at: Timestamp,
    #[serde(flatten)]
    pub(super) step: &'a Step,
}

/// A message that tells it.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    pub(super) owed_at: Timestamp,
    pub(super) deliveries: Vec<Delivered<'a>>,
}

/// One recipient's copy of it, with every attempt.
#[derive(Debug, Serialize)]
pub(super) struct Delivered<'a> {
    #[serde(flatten)]
    pub(super) delivery: &'a Delivery,
    #[serde(rename = "history")]
    pub(super) attempts: Vec<Tried<'a>>,
}

/// One attempt.
#[derive(Debug, Serialize)]
pub(super) struct Tried<'a> {
    pub(super) at: Timestamp,
    pub(super) state: DeliveryState,
    pub(super) reply: &'a str,
    pub(super) maybe_sent: bool,
}

impl<'a> Record<'a> {
    pub(super) fn of(file: &'a AlertFile) -> Self {
        let AlertFile { stored, messages, waiting_digests, steps } = file;
        let messages = messages.iter().map(|message| Told {
            owed_at: message.owed_at,
            deliveries: message.deliveries.iter().map(|delivery| delivered(delivery, &message.attempts)).collect(),
        });
        Self {
            id: stored.id,
            state: state(file),
            suppressed: stored.suppressed.as_ref(),
            alert: &stored.alert,
            evidence: steps.iter().rev().find_map(|(_, step)| evidence(step)),
            steps: steps.iter().map(|(at, step)| Decided { at: *at, step }).collect(),
            messages: messages.collect(),
            waiting_digests: waiting_digests.iter().map(|key| format!("{}/{}", key.channel, key.digest)).collect(),
        }
    }
}

fn delivered<'a>(delivery: &'a Delivery, attempts: &'a [Attempt]) -> Delivered<'a> {
    let own = attempts.iter().filter(|attempt| attempt.recipient == delivery.recipient);
    let attempts = own.map(|attempt| {
        let Attempt { at, state, reply, maybe_sent, .. } = attempt;
        Tried { at: *at, state: *state, reply, maybe_sent: *maybe_sent }
    });
    Delivered { delivery, attempts: attempts.collect() }
}

fn evidence(step: &Step) -> Option<&Evidence> {
    match step {
        Step::Matched { evidence } | Step::Completed { evidence } | Step::Changed { evidence, .. } => Some(evidence),
        _ => None,
    }
}

/// Where the alert stands, in one word.
fn state(file: &AlertFile) -> &'static str {
    let states: Vec<DeliveryState> =
        file.messages.iter().flat_map(|message| &message.deliveries).map(|delivery| delivery.state).collect();
    let any = |wanted: &[DeliveryState]| states.iter().any(|state| wanted.contains(state));
    let sent = any(&[DeliveryState::Sent]);
    if file.stored.suppressed.is_some() {
        "suppressed"
    } else if any(&[DeliveryState::Dead, DeliveryState::Expired]) {
        if sent { "partly" } else { "failed" }
    } else if any(&[DeliveryState::Pending, DeliveryState::Retrying]) {
        "queued"
    } else if any(&[DeliveryState::Held]) {
        "held"
    } else if sent {
        "told"
    } else if file.waiting_digests.is_empty() {
        "dropped"
    } else {
        "digest"
    }
}
