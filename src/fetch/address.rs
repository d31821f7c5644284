//! Which addresses may be reached. In: the user's `allow_private` and an address. Out: yes, or what kind of address it is.
//! It resolves nothing; it is asked for literal addresses before a request and for resolved ones at the connection.

use foldhash::HashSet;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Names known to be inner ones, at most; beyond, all are learnt anew.
const INNER_NAMES_MAX: usize = 1024;

/// Refuses addresses that are not on the public internet, unless its user allowed them.
#[derive(Debug)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
    /// Names whose addresses were all allowed ones when last resolved: their hosts are the user's own.
    inner: Mutex<HashSet<Box<str>>>,
}

impl Guard {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed, inner: Mutex::default() }
    }

    /// `Err` says what kind of address it is, as in "a private address".
    pub(super) fn check(&self, address: IpAddr) -> Result<(), &'static str> {
        if self.allows(address) {
            return Ok(());
        }
        match kind(address.to_canonical()) {
            Some(kind) => Err(kind),
            None => Ok(()),
        }
    }

    /// Whether the user allowed it by name of its network.
    pub(super) fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allowed.iter().any(|network| network.contains(&address))
    }

    /// Remembers whether a name is one of the user's own hosts.
    pub(super) fn learn(&self, name: &str, addresses: &[IpAddr]) {
        // Nearly always there is nothing to learn, and then nothing is locked.
        if self.allowed.is_empty() {
            return;
        }
        let own = !addresses.is_empty() && addresses.iter().all(|address| self.allows(*address));
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !own {
            inner.remove(name);
        } else if !inner.contains(name) {
            if inner.len() >= INNER_NAMES_MAX {
                inner.clear();
            }
            inner.insert(name.into());
        }
    }

    /// Whether the host is the user's own: an allowed address, or a name that led to nothing else.
    pub(super) fn is_own(&self, host: &url::Host<&str>) -> bool {
        match host {
            url::Host::Ipv4(address) => self.allows((*address).into()),
            url::Host::Ipv6(address) => self.allows((*address).into()),
            url::Host::Domain(name) => {
                !self.allowed.is_empty() && self.inner.lock().unwrap_or_else(PoisonError::into_inner).contains(*name)
            }
        }
    }
}

/// What an address is if it is not a public one (IANA special-purpose address registries).
fn kind(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

fn kind_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("an unspecified address"),
        [127, ..] => Some("a loopback address"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("a private address"),
        [100, 64..=127, ..] => Some("a carrier's private address"),
        // Clouds answer here with the machine's own credentials.
        [169, 254, ..] => Some("a link-local address"),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Some("a reserved address")
        }
        [224..=239, ..] => Some("a multicast address"),
        [240..=255, ..] => Some("a reserved address"),
        _ => None,
    }
}

fn kind_v6(address: Ipv6Addr) -> Option<&'static str> {
    let segments = address.segments();
    let last = Ipv4Addr::from_bits(u32::from(segments[6]) << 16 | u32::from(segments[7]));
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        // IPv4-compatible (deprecated), -mapped (canonical by now) and -translated: the IPv4 address decides, and no public
        // host is reached in this way.
        [0, 0, 0, 0, 0 | 0xffff, ..] => kind_v4(last).or(Some("a reserved address")),
        // NAT64 (RFC 6052): in a network without IPv4 every IPv4 host looks like this, so it is as good as what it stands for.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => kind_v4(last),
        [0x2002, ..] => Some("a 6to4 address"),
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("a reserved address"),
        [0x64, 0xff9b, ..] | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &[&str], address: &str) -> Result<(), &'static str> {
        Guard::new(allowed.iter().map(|net| net.parse().unwrap()).collect()).check(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_pass() {
        for address in
            ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert_eq!(check(&[], address), Ok(()), "{address}");
        }
    }

    #[test]
    fn all_others_are_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::2",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(check(&[], address).is_err(), "{address}");
        }
        assert_eq!(check(&[], "::ffff:10.0.0.1"), Err("a private address"));
        assert_eq!(check(&[], "64:ff9b::a9fe:a9fe"), Err("a link-local address"));
    }

    #[test]
    fn what_the_user_allowed_passes_in_each_of_its_forms() {
        assert_eq!(check(&["10.0.0.0/8"], "10.1.2.3"), Ok(()));
        assert_eq!(check(&["10.0.0.0/8"], "::ffff:10.1.2.3"), Ok(()));
        assert_eq!(check(&["10.0.0.0/8"], "192.168.0.1"), Err("a private address"));
        assert_eq!(check(&["fd00::/8"], "fd00::1"), Ok(()));
    }

    #[test]
    fn a_name_is_the_users_own_while_it_leads_to_nothing_else() {
        let guard = Guard::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let (own, host) = ("10.0.0.1".parse().unwrap(), url::Host::Domain("intra.example"));
        assert!(!guard.is_own(&host));
        guard.learn("intra.example", &[own]);
        assert!(guard.is_own(&host));
        guard.learn("intra.example", &[own, "1.1.1.1".parse().unwrap()]);
        assert!(!guard.is_own(&host));
        for n in 0..=INNER_NAMES_MAX {
            guard.learn(&n.to_string(), &[own]);
        }
        assert!(guard.inner.lock().unwrap().len() <= INNER_NAMES_MAX);
    }
}
