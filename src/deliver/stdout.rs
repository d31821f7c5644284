//! The daemon's own standard output. In: a message. Out: its text, in one write, flushed. It never writes a terminal's control characters.

use super::verdict::{perhaps, retry, sent};
use crate::model::{Message, Verdict};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Standard output, one writer at a time: if nobody reads it, one thread waits there, not one more with each message.
#[derive(Default)]
pub(super) struct Stdout(Arc<Mutex<()>>);

impl Stdout {
    pub(super) async fn send(&self, message: &Message, time: Duration) -> Verdict {
        let Ok(turn) = tokio::time::timeout(time, self.0.clone().lock_owned()).await else {
            return retry("standard output: nobody reads it");
        };
        let text = text(message);
        let written = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        });
        match tokio::time::timeout(time, written).await.map(|ended| ended.map_err(io::Error::other).flatten()) {
            Ok(Ok(())) => sent("written"),
            Ok(Err(error)) => retry(&format!("standard output: {error}")),
            Err(_) => perhaps("standard output: nobody reads it"),
        }
    }
}

/// The text with nothing in it that a terminal obeys, and a blank line after it.
fn text(message: &Message) -> String {
    let mut text: String = message.text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    text.truncate(text.trim_end().len());
    text.push_str("\n\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::mail::tests::message;

    #[test]
    fn a_title_cannot_speak_to_the_terminal() {
        let message = Message { text: "Wang\u{1b}[2J Yi\r\nin\tAstana\n\n\n".to_string(), ..message() };
        assert_eq!(text(&message), "Wang[2J Yi\nin\tAstana\n\n");
    }
}
