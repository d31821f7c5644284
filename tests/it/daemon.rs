//! The program itself, as a child process: started, signalled, waited for by what it says, and never left behind.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program with these arguments; nothing of this process's own configuration reaches it.
pub fn wirewatch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirewatch"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["WIREWATCH_CONFIG", "WIREWATCH_LOG", "NO_COLOR", "NOTIFY_SOCKET", "WATCHDOG_USEC", "JOURNAL_STREAM"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program on a configuration to its end.
pub fn run(config: &Path, arguments: &[&str]) -> Output {
    wirewatch(arguments).arg("--config").arg(config).output().unwrap()
}

/// What a run printed, both ways.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A running child; it is killed when it is dropped.
pub struct Daemon {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Daemon {
    /// Starts `wirewatch run` on a configuration.
    pub fn start(config: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = wirewatch(&["run", "--config"]);
        command.arg(config).envs(environment.iter().copied());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines, heard: vec![] }
    }

    /// Waits for a line of its log with these words in it.
    pub fn says(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("it never said {words:?}, but this:\n{}", self.heard.join("\n"));
            };
            self.heard.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it has ended; how, and all that it said.
    pub fn ends(mut self) -> (ExitStatus, String) {
        // Its log ends when it does.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        assert!(self.child.try_wait().unwrap().is_some() || self.is_closing(), "it did not end");
        let status = self.child.wait().unwrap();
        (status, self.heard.join("\n"))
    }

    /// Its log was closed, so its end is near.
    fn is_closing(&self) -> bool {
        self.lines.try_recv() == Err(std::sync::mpsc::TryRecvError::Disconnected)
    }

    /// Ends it as a power cut would.
    #[cfg(feature = "failpoints")]
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The socket at which systemd would listen.
pub struct Notified {
    socket: UnixDatagram,
    path: String,
}

impl Notified {
    /// Listens in a folder.
    pub fn listen(folder: &Path) -> Self {
        let path = folder.join("notify.sock");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, path: path.display().to_string() }
    }

    /// Fills its queue, as if nobody read it.
    pub fn fill(&self) {
        let speaker = UnixDatagram::unbound().unwrap();
        speaker.set_nonblocking(true).unwrap();
        while speaker.send_to(b"STATUS=noise", &self.path).is_ok() {}
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The next message.
    pub fn next(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// The next message with such a line, those before it passed over.
    pub fn next_with(&self, line: &str) -> String {
        loop {
            let message = self.next();
            if message.lines().any(|said| said == line) {
                return message;
            }
        }
    }
}
