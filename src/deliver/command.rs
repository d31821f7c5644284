//! The command channel. In: the webhook's body, as JSON on the program's standard input. Out: a verdict by its exit code.

use super::dialogue::Dialogue;
use super::program::{End, run};
use super::verdict::{perhaps, retry, sent};
use crate::model::{Message, Verdict};
use std::ffi::OsStr;
use std::time::Duration;

/// Runs the program; `WIREWATCH_MESSAGE_ID` is the same on every resend. 0 is taken as sent, anything else is tried again: what a
/// program means by its code, nobody but its author knows.
pub(super) async fn send(
    argv: &[String],
    time: Duration,
    message: &Message,
    body: &serde_json::Value,
    dialogue: &Dialogue,
) -> Verdict {
    let Some((program, words)) = argv.split_first() else { return retry("the channel names no command") };
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    dialogue.note(|| format!("> {program}, with a message of {} on its standard input", message.kind.as_str()));
    let mut input = body.to_string().into_bytes();
    input.push(b'\n');
    let end = run(OsStr::new(program), &words, &[("WIREWATCH_MESSAGE_ID", message.id.as_str())], &input, time).await;
    let verdict = match end {
        End::Exit(0, _) => sent("exit 0"),
        End::Exit(code, said) => retry(format!("{program}: exit {code}: {said}").trim_end_matches([':', ' '])),
        End::NotStarted(why) => retry(&why),
        End::Killed(why) => perhaps(format!("{program}: {why}").trim_end_matches([':', ' '])),
    };
    dialogue.note(|| match &verdict {
        Verdict::Sent { reply } => format!("< {reply}"),
        Verdict::Retry { why, .. } | Verdict::Dead { why, .. } => format!("< {why}"),
    });
    verdict
}
