//! What a process costs, by what Linux says of it (proc(5)). In: a command or a process. Out: CPU time and memory.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks per second of the times in /proc: `USER_HZ`, which is 100 wherever Rust has a tier 1 Linux.
const TICKS: f64 = 100.0;

/// What a process that has ended came to.
pub struct Spent {
    /// User and system, all threads.
    pub cpu_s: f64,
    pub wall_s: f64,
    /// The most that was resident (`VmHWM`).
    pub peak_mb: f64,
}

/// What a running process has come to.
pub struct SoFar {
    pub cpu_s: f64,
    pub now_mb: f64,
    pub peak_mb: f64,
}

/// Runs a command to its end, which must be a good one.
pub fn run(command: &mut Command) -> Spent {
    let (before, began) = (children_s(), Instant::now());
    let mut child = command.spawn().unwrap();
    let mut peak_mb = 0.0;
    let status = loop {
        // The high-water mark only rises, and is gone with the process: the last look before the end counts.
        if let Some(mb) = memory_mb(child.id(), "VmHWM:") {
            peak_mb = mb;
        }
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(3)),
        }
    };
    assert!(status.success(), "{command:?} ended with {status}");
    Spent { cpu_s: children_s() - before, wall_s: began.elapsed().as_secs_f64(), peak_mb }
}

pub fn so_far(pid: u32) -> SoFar {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let mb = |name| memory_mb(pid, name).unwrap();
    SoFar { cpu_s: seconds(&stat, 11), now_mb: mb("VmRSS:"), peak_mb: mb("VmHWM:") }
}

/// Ends a daemon as systemd would, and waits for it.
pub fn stop(child: &mut Child) {
    let told = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success() && child.wait().unwrap().success(), "it did not end well");
}

/// Where a command's words go: to a file, as they would with a service.
pub fn quiet(command: &mut Command, log: &std::path::Path) {
    let log = File::options().create(true).append(true).open(log).unwrap();
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
}

/// CPU time of all children that have ended.
fn children_s() -> f64 {
    seconds(&fs::read_to_string("/proc/self/stat").unwrap(), 13)
}

/// Two neighbouring times of a stat line, user and system, by the place of the first behind the name.
fn seconds(stat: &str, at: usize) -> f64 {
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().collect();
    let ticks: u32 = fields[at..at + 2].iter().map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    f64::from(ticks) / TICKS
}

fn memory_mb(pid: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
