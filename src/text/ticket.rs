//! Tickets: what a link in a mail lets its reader do without a login. In: a key, and the channel and reader whom a ticket is for.
//! Out: the ticket, or whom it was made for. Nobody without the key can make one, and it says nothing that its mail does not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What tickets are made with.
pub type Key = [u8; 32];

/// Bytes of the seal: 128 bits.
const SEAL_BYTES: usize = 16;
/// The longest ticket that is read.
const TICKET_BYTES_MAX: usize = 4 << 10;

fn mac(key: &Key, whom: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"unsubscribe\0");
    mac.update(whom);
    Some(mac)
}

/// The ticket of a channel's reader.
#[must_use]
pub fn write(key: &Key, channel: &str, reader: &str) -> String {
    let whom = [channel.as_bytes(), b"\0", reader.as_bytes()].concat();
    let seal = mac(key, &whom).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    URL_SAFE_NO_PAD.encode([&seal[..SEAL_BYTES], &whom].concat())
}

/// The channel and reader of a ticket; `None` for whatever we did not make.
#[must_use]
pub fn read(key: &Key, ticket: &str) -> Option<(String, String)> {
    let bytes = (ticket.len() <= TICKET_BYTES_MAX).then(|| URL_SAFE_NO_PAD.decode(ticket).ok())??;
    let (seal, whom) = bytes.split_at_checked(SEAL_BYTES)?;
    mac(key, whom)?.verify_truncated_left(seal).ok()?;
    let (channel, reader) = std::str::from_utf8(whom).ok()?.split_once('\0')?;
    Some((channel.into(), reader.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_reader_and_cannot_be_made_or_changed_by_others() {
        let key = [7; 32];
        let ticket = write(&key, "desk", "Desk <desk@example.org>");
        assert_eq!(read(&key, &ticket), Some(("desk".into(), "Desk <desk@example.org>".into())));
        assert_ne!(ticket, write(&key, "desk", "other@example.org"));
        assert_eq!(read(&[8; 32], &ticket), None);
        for at in 0..ticket.len() {
            let mut other = ticket.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(&key, &String::from_utf8(other).unwrap()), None, "{at}");
        }
        for bad in ["", "A", "AAAAAAAAAAAAAAAAAAAAAA", "\u{fffd}", &"A".repeat(100_000)] {
            assert_eq!(read(&key, bad), None);
        }
    }
}
