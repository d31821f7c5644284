//! Verdicts in words. In: what happened, with text from strangers. Out: a verdict, its text on one line and bounded. It decides nothing.

use crate::model::Verdict;
use crate::model::limits::REPLY_BYTES_MAX;
use crate::text::one_line;

pub(super) fn sent(reply: &str) -> Verdict {
    Verdict::Sent { reply: words(reply) }
}

pub(super) fn retry(why: &str) -> Verdict {
    Verdict::Retry { why: words(why), after: None, maybe_sent: false }
}

/// Lost so late that the peer may have taken it.
pub(super) fn perhaps(why: &str) -> Verdict {
    Verdict::Retry { why: words(why), after: None, maybe_sent: true }
}

pub(super) fn dead(why: &str) -> Verdict {
    Verdict::Dead { why: words(why), disable_channel: false }
}

/// A stranger's words on one line, at most [`REPLY_BYTES_MAX`] of them.
pub(super) fn words(text: &str) -> String {
    one_line(&text[..text.floor_char_boundary(REPLY_BYTES_MAX)])
}

/// The text with `***` for every secret that a peer says back to us.
pub(super) fn masked(text: &str, secrets: &[String]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_string(), |text, secret| text.replace(secret.as_str(), "***"))
}

/// An error with its causes, each once: `error sending request: connection refused`.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let word = error.to_string();
        if !text.contains(&word) {
            text = format!("{text}: {word}");
        }
        cause = error.source();
    }
    words(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_stays_on_its_line_and_within_its_bound() {
        let reply = format!("550 no\r\nBcc: x{}", "ж".repeat(REPLY_BYTES_MAX));
        let Verdict::Dead { why, .. } = dead(&reply) else { panic!() };
        assert!(why.starts_with("550 no Bcc: x") && why.len() <= REPLY_BYTES_MAX);
    }
}
