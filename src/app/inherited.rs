//! A listener that systemd holds for us (socket activation, `sd_listen_fds(3)`). In: what the environment says that was handed over.
//! Out: a listener, owned by nobody else. It has `unsafe`: that a number of ours is an open socket can only be
//! known from the protocol, which `sd_notify` checks (process id, count, and that each descriptor is open).

use std::io;
use std::net::TcpListener;
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::sync::Mutex;

/// A descriptor is handed over once: who takes it owns it.
static TAKEN: Mutex<bool> = Mutex::new(false);

/// The first socket that was handed over, if any was; later calls find none.
///
/// # Errors
/// What was handed over is no TCP socket that listens.
pub(super) fn listener() -> io::Result<Option<TcpListener>> {
    let mut taken = TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if std::mem::replace(&mut *taken, true) {
        return Ok(None);
    }
    let Some(fd) = sd_notify::listen_fds()?.next() else { return Ok(None) };
    #[expect(unsafe_code, reason = "open by the protocol, and ours alone: taken once")]
    let fd = unsafe { OwnedFd::from_raw_fd(fd) };
    let listener = TcpListener::from(fd);
    // Anything else than a socket of the internet has no such address.
    listener.local_addr()?;
    listener.set_nonblocking(true)?;
    Ok(Some(listener))
}
