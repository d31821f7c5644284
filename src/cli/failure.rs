//! How a verb fails: what, where, what to do; and the exit code.

use super::say;
use crate::config::Fault;
use crate::store::StoreError;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// Why a verb ends without its work done.
#[derive(Debug)]
pub(super) enum Failure {
    /// The work failed, or an input could not be read: in words.
    Work(String),
    /// What was asked for does not exist or cannot be asked: in words.
    Usage(String),
    /// The configuration is bad: every fault.
    Config(Vec<Fault>),
    /// A query on the command line is bad: every fault.
    Query(Vec<Fault>),
    /// All was said already; only the code is left.
    Silent(u8),
    /// Whoever read our output has gone.
    Unheard,
}

/// `EX_CONFIG` of sysexits.h.
pub(super) const CONFIG: u8 = 78;

impl Failure {
    /// A failure of the work.
    pub(super) fn work(what: impl Display) -> Self {
        Self::Work(what.to_string())
    }

    /// Says what went wrong, and gives the exit code.
    pub(super) fn tell(self) -> ExitCode {
        match self {
            Self::Work(what) => {
                say::error(&what);
                ExitCode::from(1)
            }
            Self::Usage(what) => {
                say::error(&what);
                ExitCode::from(2)
            }
            Self::Config(faults) => {
                say::faults(&faults);
                ExitCode::from(CONFIG)
            }
            Self::Query(faults) => {
                say::faults(&faults);
                ExitCode::from(2)
            }
            Self::Silent(code) => ExitCode::from(code),
            Self::Unheard => ExitCode::SUCCESS,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(fault: StoreError) -> Self {
        Self::Work(fault.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(fault: io::Error) -> Self {
        if fault.kind() == io::ErrorKind::BrokenPipe { Self::Unheard } else { Self::Work(fault.to_string()) }
    }
}
