//! SMTP, over connections that are kept. In: a relay and a letter for each recipient. Out: a verdict for each: one refused recipient
//! costs the others nothing. It keeps at most `SMTP_CONNECTIONS_MAX` connections to a relay, and none for long.

mod session;
mod wire;

use super::Times;
use super::address::BadAddress;
use super::dialogue::Dialogue;
use super::mail::Letter;
use super::trust::Trust;
use super::verdict::{dead, retry};
use crate::failpoint;
use crate::model::limits::SMTP_CONNECTIONS_MAX;
use crate::model::{Recipient, Relay, Verdict};
use session::{Door, Outcome, Session};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use wire::Lost;

/// The relays that were written to, each with its connections.
pub(super) struct Relays {
    trust: Trust,
    times: Times,
    known: Mutex<Vec<Arc<Line>>>,
}

/// The connections to one relay.
struct Line {
    relay: Relay,
    slots: Semaphore,
    idle: Mutex<Vec<(Session, Instant)>>,
}

impl Line {
    /// The connection that was used last, if it was used lately.
    fn take(&self, idle_max: Duration) -> Option<Session> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < idle_max);
        idle.pop().map(|(session, _)| session)
    }

    fn keep(&self, session: Session) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((session, Instant::now()));
    }
}

/// Writes the letter of one recipient.
pub(super) type Write<'a> = &'a (dyn Fn(&Recipient) -> Result<Letter, BadAddress> + Send + Sync);

impl Relays {
    pub(super) fn new(trust: Trust, times: Times) -> Self {
        Self { trust, times, known: Mutex::default() }
    }

    /// A transaction for each recipient, since each copy names its own, one after the other over one connection.
    pub(super) async fn send(
        &self,
        relay: &Relay,
        to: &[Recipient],
        write: Write<'_>,
        dialogue: &Dialogue,
    ) -> Vec<Verdict> {
        let until = Instant::now() + self.times.total;
        let line = self.line(relay);
        let Ok(Ok(_slot)) = tokio::time::timeout_at(until, line.slots.acquire()).await else {
            return vec![retry("all connections to the mail server were busy"); to.len()];
        };
        let mut session = if dialogue.is_heard() { None } else { line.take(self.times.idle) };
        let mut verdicts = Vec::with_capacity(to.len());
        for recipient in to {
            let letter = match write(recipient) {
                Ok(letter) => letter,
                Err(why @ BadAddress::Sender(_)) => {
                    verdicts.push(retry(&why.to_string()));
                    continue;
                }
                Err(why @ BadAddress::Recipient(_)) => {
                    verdicts.push(dead(&why.to_string()));
                    continue;
                }
            };
            match self.letter(relay, &letter, &mut session, until, dialogue).await {
                Ok(verdict) => verdicts.push(verdict),
                // No way in: the others need not knock too.
                Err(Lost(why)) => {
                    verdicts.resize(to.len(), retry(&why));
                    break;
                }
            }
        }
        if let Some(session) = session {
            if dialogue.is_heard() { session.quit().await } else { line.keep(session) }
        }
        verdicts
    }

    async fn letter(
        &self,
        relay: &Relay,
        letter: &Letter,
        session: &mut Option<Session>,
        until: Instant,
        dialogue: &Dialogue,
    ) -> Result<Verdict, Lost> {
        failpoint::pass("deliver.before");
        // A kept connection may have ended in its sleep; then the letter is offered once more, over a new one. And what the server
        // could not do when it was opened, it may be able to do now.
        let mut kept = session.take().filter(|kept| kept.takes(letter));
        loop {
            let (mut open, fresh) = match kept.take() {
                Some(session) => (session, false),
                None => (self.open(relay, until, dialogue).await?, true),
            };
            return Ok(match open.offer(letter, until).await {
                Outcome::Told(verdict) => {
                    if matches!(verdict, Verdict::Sent { .. }) {
                        failpoint::pass("deliver.sent");
                    }
                    *session = Some(open);
                    verdict
                }
                Outcome::Over(verdict) => verdict,
                Outcome::Stale(_) if !fresh => continue,
                Outcome::Stale(why) => retry(&why),
            });
        }
    }

    async fn open(&self, relay: &Relay, until: Instant, dialogue: &Dialogue) -> Result<Session, Lost> {
        let Relay::Smtp { host, port, tls, login } = relay else {
            return Err(Lost("not an SMTP relay".to_string()));
        };
        let door = Door { host, port: *port, tls: *tls, login: login.as_ref() };
        Session::open(&door, &self.trust, self.times, until, dialogue).await
    }

    /// Opens a session, logs in, and takes leave.
    pub(super) async fn knock(&self, relay: &Relay, dialogue: &Dialogue) -> Result<(), String> {
        let session = self.open(relay, Instant::now() + self.times.total, dialogue).await.map_err(|Lost(why)| why)?;
        session.quit().await;
        Ok(())
    }

    fn line(&self, relay: &Relay) -> Arc<Line> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = known.iter().find(|line| line.relay == *relay) {
            return line.clone();
        }
        let slots = Semaphore::new(SMTP_CONNECTIONS_MAX);
        let line = Arc::new(Line { relay: relay.clone(), slots, idle: Mutex::default() });
        known.push(line.clone());
        line
    }

    pub(super) async fn close_idle(&self, all: bool) {
        let lines = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for line in lines {
            let leaving: Vec<_> = {
                let mut idle = line.idle.lock().unwrap_or_else(PoisonError::into_inner);
                idle.extract_if(.., |(_, since)| all || since.elapsed() >= self.times.idle).collect()
            };
            futures_util::future::join_all(leaving.into_iter().map(|(session, _)| session.quit())).await;
        }
    }
}
