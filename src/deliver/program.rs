//! A local program. In: what to run, what to write to it, how long. Out: how it ended and its first words of complaint.
//! It never uses a shell, and passes on nothing of our environment but PATH (`NOTIFY_SOCKET` would let it speak for the daemon).

use crate::model::limits::{REASON_TIME_MAX, REPLY_BYTES_MAX};
use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStderr, ChildStdin, Command};

/// How a program ended.
pub(super) enum End {
    /// It left with this code and this first line on its standard error.
    Exit(i32, String),
    /// It could not be started.
    NotStarted(String),
    /// It ran out of time, or a signal ended it; in words.
    Killed(String),
}

/// Runs the program to its end. When the time is up, or the future is dropped, its whole process group is killed.
pub(super) async fn run(program: &OsStr, args: &[&OsStr], env: &[(&str, &str)], input: &[u8], time: Duration) -> End {
    let started = Command::new(program)
        .args(args)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return End::NotStarted(format!("{}: {error}", program.display())),
    };
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let mut said = vec![];
    let ended = tokio::time::timeout(time, async {
        let mut talk = std::pin::pin!(async { tokio::join!(write(stdin, input), listen(stderr, &mut said)) });
        tokio::select! {
            _ = &mut talk => child.wait().await,
            // It need not have read all, and a child of its own may hold the pipe open: what it said is there, or never comes.
            status = child.wait() => {
                let _ = tokio::time::timeout(REASON_TIME_MAX, &mut talk).await;
                status
            }
        }
    })
    .await;
    let first_line = || {
        String::from_utf8_lossy(&said).lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("").to_string()
    };
    let Ok(status) = ended else { return End::Killed(format!("killed after {time:?}: {}", first_line())) };
    // It was waited for: its number may be another's by now.
    group.0 = None;
    match status {
        Ok(status) => match status.code() {
            Some(code) => End::Exit(code, first_line()),
            None => End::Killed(format!("ended by signal {}", status.signal().unwrap_or(0))),
        },
        Err(error) => End::Killed(error.to_string()),
    }
}

async fn write(stdin: Option<ChildStdin>, input: &[u8]) {
    if let Some(mut stdin) = stdin {
        // Whoever does not want to read all of it need not: the exit code says how it went.
        let _ = stdin.write_all(input).await;
    }
}

/// Keeps the first bytes and reads on, so that a program that complains at length is not held up by it.
async fn listen(stderr: Option<ChildStderr>, said: &mut Vec<u8>) {
    let Some(mut stderr) = stderr else { return };
    let mut piece = [0; 1024];
    while let Ok(n @ 1..) = stderr.read(&mut piece).await {
        let room = REPLY_BYTES_MAX - said.len();
        said.extend_from_slice(&piece[..n.min(room)]);
    }
}

/// Kills what it holds.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
