//! What the machine gives: rights, room, the right time, names. In: the settings. Out: findings.

use super::Finding;
use crate::config::Settings;
use jiff::{SignedDuration, Timestamp};
use rustix::fs::{Access, access, statvfs};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// Below this the disk is nearly full.
const FREE_BYTES_MIN: u64 = 500 << 20;
/// Below this there is no room for a day.
const FREE_BYTES_NONE: u64 = 50 << 20;
/// How long a question to the system may take.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// The clock is wrong if it is behind what was written by so much.
const BEHIND_MAX: SignedDuration = SignedDuration::from_mins(10);

pub(super) async fn findings(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let folder = &settings.service.data_dir;
    let mut found = vec![];
    found.extend(user(folder));
    found.push(rights(folder));
    found.extend(room(folder));
    found.push(clock(folder, now).await);
    found
}

/// Root may do what the daemon may not.
fn user(folder: &Path) -> Option<Finding> {
    let owner = fs::metadata(folder).ok()?.uid();
    let root = rustix::process::geteuid().is_root() && owner != 0;
    root.then(|| {
        let what = format!("you are root, and {} belongs to user {owner}", folder.display());
        Finding::ok("user", "root", what)
            .warn("what follows holds for root: `runuser -u wirewatch -- wirewatch doctor` says what the daemon may")
    })
}

fn rights(folder: &Path) -> Finding {
    let (check, subject) = ("data_dir", folder.display().to_string());
    let made = "the first run makes it";
    match access(folder, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Finding::ok(check, subject, "it can be written"),
        Err(rustix::io::Errno::NOENT) => match folder.ancestors().skip(1).find(|above| above.exists()) {
            Some(above) if access(above, Access::WRITE_OK).is_ok() => Finding::ok(check, subject, made),
            _ => Finding::ok(check, subject, "it is not there and cannot be made")
                .fail("systemd-tmpfiles --create, or set data_dir to a folder of this user"),
        },
        Err(fault) => Finding::ok(check, subject.clone(), format!("it cannot be written: {fault}"))
            .fail(format!("chown -R wirewatch: {subject}, or run as the user that it belongs to")),
    }
}

fn room(folder: &Path) -> Option<Finding> {
    let there = folder.ancestors().find(|above| above.exists())?;
    let about = statvfs(there).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let finding = Finding::ok("disk", there.display().to_string(), format!("{} MiB are free", free >> 20));
    Some(match free {
        0..FREE_BYTES_NONE => finding.fail("make room: what comes in can hardly be kept"),
        FREE_BYTES_NONE..FREE_BYTES_MIN => finding.warn("make room soon, or keep less: [archive] keep"),
        _ => finding,
    })
}

/// The clock: not behind what was written, and kept by somebody.
async fn clock(folder: &Path, now: Timestamp) -> Finding {
    let (check, subject) = ("clock", now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    let written =
        fs::metadata(folder).and_then(|about| about.modified()).ok().and_then(|at| Timestamp::try_from(at).ok());
    if let Some(written) = written.filter(|written| written.duration_since(now) > BEHIND_MAX) {
        let what =
            format!("it is behind: {} was written at {}", folder.display(), written.strftime("%Y-%m-%d %H:%M UTC"));
        return Finding::ok(check, subject, what).fail("set it: timedatectl set-ntp true");
    }
    let asked =
        Command::new("timedatectl").args(["show", "-p", "NTPSynchronized", "--value"]).kill_on_drop(true).output();
    let kept = match timeout(ANSWER_TIME_MAX, asked).await {
        Ok(Ok(answer)) if answer.status.success() => String::from_utf8_lossy(&answer.stdout).trim().to_string(),
        _ => String::new(),
    };
    match kept.as_str() {
        "yes" => Finding::ok(check, subject, "it is kept by a time server"),
        "no" => Finding::ok(check, subject, "no time server keeps it")
            .warn("timedatectl set-ntp true; or install chrony: digests and ages go by it"),
        _ => Finding::ok(check, subject, "whether a time server keeps it could not be asked"),
    }
}

/// One name, looked up: that of the first source that has one.
pub(super) async fn names(settings: &Settings) -> Option<Finding> {
    let url = settings.sources.iter().map(|source| &source.url).find(|url| url.domain().is_some())?;
    let (check, host) = ("dns", url.domain()?.to_string());
    let remedy = "see /etc/resolv.conf, and whether other names are found: getent hosts debian.org";
    let asked = tokio::net::lookup_host((host.clone(), 0));
    let found = timeout(ANSWER_TIME_MAX, asked).await.map(|found| found.map(Iterator::count));
    Some(match found {
        Ok(Ok(count)) => Finding::ok(check, host, format!("{count} addresses")),
        Ok(Err(fault)) => Finding::ok(check, host, format!("it is not found: {fault}")).fail(remedy),
        Err(_) => Finding::ok(check, host, format!("no answer within {} s", ANSWER_TIME_MAX.as_secs())).fail(remedy),
    })
}
