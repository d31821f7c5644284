//! Wrong passwords, by where they came from. In: an address and whether its password was wrong. Out: how long it waits. Kept in
//! memory and bounded: after a restart everybody begins anew.

use crate::model::limits::{LOGIN_ADDRESSES_MAX, LOGIN_WAIT_MAX, LOGINS_FREE};
use jiff::Timestamp;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What is remembered of an address: wrong passwords in a row, and when the last one came.
type Wrongs = HashMap<IpAddr, (u32, Timestamp)>;

/// Remembers who was wrong.
#[derive(Default)]
pub(super) struct Throttle(Mutex<Wrongs>);

impl Throttle {
    /// How long this address has still to wait; `None`: it may try.
    pub(super) fn wait(&self, address: IpAddr, now: Timestamp) -> Option<Duration> {
        let wrongs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = wrongs.get(&whose(address))?;
        let since = Duration::try_from(now.duration_since(*last)).unwrap_or_default();
        rest(*count).checked_sub(since).filter(|left| !left.is_zero())
    }

    /// A wrong password came. To be called before the password is looked at, so that tries side by side count too;
    /// [`Self::right`] takes it back.
    pub(super) fn wrong(&self, address: IpAddr, now: Timestamp) {
        let mut wrongs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whose = whose(address);
        if wrongs.len() >= LOGIN_ADDRESSES_MAX
            && !wrongs.contains_key(&whose)
            && let Some(oldest) = wrongs.iter().min_by_key(|(_, (_, last))| *last).map(|(address, _)| *address)
        {
            wrongs.remove(&oldest);
        }
        let known = wrongs.entry(whose).or_insert((0, now));
        *known = (known.0.saturating_add(1), now);
    }

    /// A right password came.
    pub(super) fn right(&self, address: IpAddr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&whose(address));
    }
}

/// One machine has a whole network of IPv6 addresses.
fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The wait after so many: none for the first ones, then twice as long each time.
fn rest(count: u32) -> Duration {
    match count.checked_sub(LOGINS_FREE) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(20)).min(LOGIN_WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_costs_more_each_time() {
        let (throttle, now) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 1..LOGINS_FREE {
            throttle.wrong(one, now);
            assert_eq!(throttle.wait(one, now), None);
        }
        throttle.wrong(one, now);
        assert_eq!(throttle.wait(one, now), Some(Duration::from_secs(1)));
        throttle.wrong(one, now);
        assert_eq!(throttle.wait(one, now), Some(Duration::from_secs(2)));
        assert_eq!(throttle.wait(one, now + Duration::from_secs(2)), None);
        assert_eq!(throttle.wait(other, now), None);
        for _ in 0..50 {
            throttle.wrong(one, now);
        }
        assert_eq!(throttle.wait(one, now), Some(LOGIN_WAIT_MAX));
        throttle.right(one);
        assert_eq!(throttle.wait(one, now), None);
    }

    #[test]
    fn no_more_addresses_are_remembered_than_fit() {
        let (throttle, now) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let address = |n: usize| IpAddr::from([10, 0, u8::try_from(n >> 8).unwrap(), u8::try_from(n & 255).unwrap()]);
        for n in 0..LOGIN_ADDRESSES_MAX + 10 {
            throttle.wrong(address(n), now + Duration::from_secs(n as u64));
        }
        assert_eq!(throttle.0.lock().unwrap().len(), LOGIN_ADDRESSES_MAX);
        let of_one_machine = ["2001:db8::1", "2001:db8::2"].map(|address| whose(address.parse().unwrap()));
        assert_eq!(of_one_machine[0], of_one_machine[1]);
    }
}
