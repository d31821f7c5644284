//! A body, piece by piece. In: a response. Out: its bytes, decompressed and counted as they come; or why not.
//! It never holds more than its bound, however little was sent for it.

use super::cause;
use super::deadline::Deadline;
use super::error::{FetchError, Unreadable};
use super::room::{House, Room};
use flate2::write::MultiGzDecoder;
use reqwest::Response;
use std::io::{self, Write};
use std::time::Duration;
use tokio::time::timeout;

/// How a body is read.
pub(super) struct Bounds {
    pub(super) bytes_max: usize,
    /// Whether what is beyond is left unread; else it is an error.
    pub(super) cut: bool,
    /// Whether the document itself may be a gzip file, as sitemaps often are.
    pub(super) packed: bool,
    /// Between two pieces.
    pub(super) idle_max: Duration,
    /// How long a body waits for memory.
    pub(super) wait_max: Duration,
}

/// Room for the first piece; most bodies need it more than once.
const FIRST_BYTES: usize = 32 << 10;
/// Unpacked at once; deflate makes at most [`UNPACKED_BYTES_MAX`] of it.
const PACKED_BYTES: usize = 256;
/// 1,032 times as much, and what the decoder may have kept back.
const UNPACKED_BYTES_MAX: usize = (PACKED_BYTES + 64) * 1032;
/// How a gzip file begins (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What hyper reads ahead of us, in three buffers that grow with the body.
pub(super) const AHEAD_BYTES_MAX: usize = 1 << 20;

fn ahead(capacity: usize) -> usize {
    (2 * capacity).min(AHEAD_BYTES_MAX)
}

/// The bytes as they grow.
enum Growing {
    Plain(Vec<u8>),
    Packed(Box<MultiGzDecoder<Vec<u8>>>),
}

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
    let (mut growing, mut room) = (Growing::Plain(vec![]), Room::default());
    'pieces: loop {
        let patience = bounds.idle_max.min(deadline.left());
        let piece = match timeout(patience, response.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(cause::in_body(&error, host())),
            Err(_) if deadline.left().is_zero() => return Err(unreadable(Unreadable::TooSlow(deadline.span()))),
            Err(_) => return Err(unreadable(Unreadable::Stalled(bounds.idle_max))),
        };
        if bounds.packed && growing.bytes().is_empty() && piece.starts_with(&GZIP) {
            growing = Growing::Packed(Box::new(MultiGzDecoder::new(vec![])));
        }
        for part in growing.parts(&piece) {
            let (len, capacity) = (growing.bytes().len(), growing.bytes().capacity());
            let needed = growing.needed(part).min(bounds.bytes_max);
            if needed > capacity {
                let capacity = needed.max(capacity * 2).max(FIRST_BYTES).min(bounds.bytes_max);
                let wait =
                    deadline.outside(timeout(bounds.wait_max, house.grow(&mut room, capacity + ahead(capacity))));
                wait.await.map_err(|_| FetchError::Busy { host: host() })?;
                growing.bytes().reserve_exact(capacity - len);
            }
            let fits = growing.take(part, bounds.bytes_max).map_err(|_| unreadable(Unreadable::Damaged))?;
            match (fits, bounds.cut) {
                (true, _) => {}
                (false, true) => break 'pieces,
                (false, false) => return Err(too_large()),
            }
        }
    }
    let mut bytes = match growing {
        Growing::Plain(bytes) => bytes,
        Growing::Packed(decoder) => decoder.finish().map_err(|_| unreadable(Unreadable::Damaged))?,
    };
    // The decoder keeps some back until the end.
    if bytes.len() > bounds.bytes_max {
        return Err(too_large());
    }
    if bytes.starts_with(&GZIP) {
        return Err(unreadable(Unreadable::Encoding("gzip within its encoding".into())));
    }
    bytes.shrink_to_fit();
    house.shrink(&mut room, bytes.len());
    Ok((bytes, room))
}

impl Growing {
    fn bytes(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Packed(decoder) => decoder.get_mut(),
        }
    }

    /// A piece in parts that cannot grow beyond what there is room for.
    fn parts<'a>(&self, piece: &'a [u8]) -> std::slice::Chunks<'a, u8> {
        match self {
            Self::Plain(_) => piece.chunks(usize::MAX),
            Self::Packed(_) => piece.chunks(PACKED_BYTES),
        }
    }

    /// Bytes there may be after this part.
    fn needed(&mut self, part: &[u8]) -> usize {
        match self {
            Self::Plain(bytes) => bytes.len() + part.len(),
            Self::Packed(decoder) => decoder.get_ref().len() + UNPACKED_BYTES_MAX,
        }
    }

    /// Appends the part; `false`: as much of it as the bound allows.
    fn take(&mut self, part: &[u8], bytes_max: usize) -> io::Result<bool> {
        match self {
            Self::Plain(bytes) => {
                let free = bytes_max - bytes.len();
                bytes.extend_from_slice(&part[..part.len().min(free)]);
                Ok(part.len() <= free)
            }
            Self::Packed(decoder) => {
                decoder.write_all(part)?;
                let bytes = decoder.get_mut();
                let fits = bytes.len() <= bytes_max;
                bytes.truncate(bytes_max);
                Ok(fits)
            }
        }
    }
}
