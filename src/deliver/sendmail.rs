//! A local program with sendmail's arguments. In: mails. Out: a verdict each, by its exit code (sysexits.h).

use super::Times;
use super::address::BadAddress;
use super::dialogue::Dialogue;
use super::mail::Letter;
use super::program::{End, run};
use super::verdict::{dead, perhaps, retry, sent};
use crate::failpoint;
use crate::model::{Recipient, Verdict};
use std::ffi::OsStr;
use std::path::Path;
use tokio::time::Instant;

pub(super) async fn send(
    program: &Path,
    to: &[Recipient],
    write: &(dyn Fn(&Recipient) -> Result<Letter, BadAddress> + Send + Sync),
    times: Times,
    dialogue: &Dialogue,
) -> Vec<Verdict> {
    let deadline = Instant::now() + times.total;
    let mut verdicts = vec![];
    for to in to {
        let time = times.command.min(deadline.saturating_duration_since(Instant::now()));
        verdicts.push(match write(to) {
            _ if time.is_zero() => retry("no time was left for this recipient"),
            Ok(letter) => one(program, &letter, time, dialogue).await,
            Err(why @ BadAddress::Sender(_)) => retry(&why.to_string()),
            Err(why @ BadAddress::Recipient(_)) => dead(&why.to_string()),
        });
    }
    verdicts
}

async fn one(program: &Path, letter: &Letter, time: std::time::Duration, dialogue: &Dialogue) -> Verdict {
    failpoint::pass("deliver.before");
    // -i: a line with a dot alone is not the end.
    let args = ["-i", "-f", letter.from.as_ref(), "--", letter.to.as_ref()];
    dialogue.note(|| format!("> {} {}", program.display(), args.join(" ")));
    let args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    let end = run(program.as_os_str(), &args, &[], &letter.unix_lines(), time).await;
    let verdict = match end {
        End::Exit(0, _) => sent("exit 0"),
        // EX_DATAERR and EX_NOUSER: of this mail and this recipient. All others may pass, or are the operator's to mend.
        End::Exit(code @ (65 | 67), said) => dead(&format!("exit {code}: {said}")),
        End::Exit(code, said) => retry(&format!("exit {code}: {said}")),
        End::NotStarted(why) => retry(&why),
        End::Killed(why) => perhaps(&why),
    };
    if matches!(verdict, Verdict::Sent { .. }) {
        failpoint::pass("deliver.sent");
    }
    dialogue.note(|| format!("< {verdict:?}"));
    verdict
}
