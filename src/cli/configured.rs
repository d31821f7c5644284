//! A verb's configuration: accepted with its warnings said, or refused with every fault.

use super::loading::loaded;
use super::{Failure, say};
use crate::app::Accepted;
use std::path::Path;

/// The configuration; its warnings are said on standard error where `warn`.
pub(super) fn configured(path: &Path, warn: bool) -> Result<Accepted, Failure> {
    let accepted = loaded(path).map_err(Failure::Config)?;
    if warn && !accepted.faults.is_empty() {
        say::faults(&accepted.faults);
    }
    Ok(accepted)
}
