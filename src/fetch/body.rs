//! A body, piece by piece. In: a response. Out: its bytes, decompressed and counted as they come; or why not.
//! It never holds more than its bound, however little was sent for it.

use super::error::{FetchError, Unreadable};
use super::room::{House, Room};
use super::{Deadline, cause};
use reqwest::Response;
use std::time::Duration;
use tokio::time::timeout;

/// How a body is bounded.
pub(super) struct Bounds {
    pub(super) bytes_max: usize,
    /// Whether what is beyond is left unread; else it is an error.
    pub(super) cut: bool,
    /// Between two pieces.
    pub(super) idle_max: Duration,
    /// How long a body waits for memory.
    pub(super) wait_max: Duration,
}

/// Room for the first piece; most bodies need it more than once.
const FIRST_BYTES: usize = 32 << 10;

pub(super) async fn read(
    mut response: Response,
    bounds: &Bounds,
    house: &House,
    deadline: &mut Deadline,
    host: impl Fn() -> String,
) -> Result<(Vec<u8>, Room), FetchError> {
    let unreadable = |why| FetchError::Unreadable { host: host(), why };
    let too_large = || unreadable(Unreadable::TooLarge(bounds.bytes_max));
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if announced > bounds.bytes_max && !bounds.cut {
        return Err(too_large());
    }
    let (mut bytes, mut room) = (Vec::new(), Room::default());
    loop {
        let patience = bounds.idle_max.min(deadline.left());
        let piece = match timeout(patience, response.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(cause::in_body(&error, host())),
            Err(_) if deadline.left().is_zero() => return Err(unreadable(Unreadable::TooSlow(deadline.span()))),
            Err(_) => return Err(unreadable(Unreadable::Stalled(bounds.idle_max))),
        };
        let free = bounds.bytes_max - bytes.len();
        if piece.len() > free && !bounds.cut {
            return Err(too_large());
        }
        let piece = &piece[..piece.len().min(free)];
        let needed = bytes.len() + piece.len();
        if needed > bytes.capacity() {
            let capacity = needed.max(bytes.capacity() * 2).max(FIRST_BYTES).min(bounds.bytes_max);
            let wait = deadline.outside(timeout(bounds.wait_max, house.grow(&mut room, capacity)));
            wait.await.map_err(|_| FetchError::Busy { host: host() })?;
            bytes.reserve_exact(capacity - bytes.len());
        }
        bytes.extend_from_slice(piece);
        if bytes.len() == bounds.bytes_max && bounds.cut {
            break;
        }
    }
    bytes.shrink_to_fit();
    house.shrink(&mut room, bytes.len());
    Ok((bytes, room))
}
