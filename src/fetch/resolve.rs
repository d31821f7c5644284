//! Names to addresses, for reqwest. In: a name. Out: the addresses that may be reached, or why there is none.
//! The connection is made to what is given out here, so that no name can change its mind between the check and the connection.

use super::address::Guard;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Resolves by the system's resolver and drops refused addresses.
pub(super) struct Resolver {
    pub(super) guard: Arc<Guard>,
    /// The host of the user's own proxy, which may be anywhere.
    pub(super) proxy: Option<Box<str>>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let unguarded = self.proxy.as_deref().is_some_and(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        Box::pin(async move {
            let name = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await.map_err(NotFound)?.collect();
            if unguarded {
                return Ok(Box::new(found.into_iter()) as Addrs);
            }
            let addresses: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
            guard.learn(name, &addresses);
            let kept: Vec<SocketAddr> = found.iter().copied().filter(|found| guard.check(found.ip()).is_ok()).collect();
            if kept.is_empty()
                && let Some(address) = addresses.first()
            {
                let kind = guard.check(*address).err().unwrap_or("a refused address");
                return Err(Private { address: *address, kind }.into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// All addresses of a name are refused; the first of them.
#[derive(Debug)]
pub(super) struct Private {
    pub(super) address: IpAddr,
    pub(super) kind: &'static str,
}

impl std::error::Error for Private {}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "points to {} {}", self.kind, self.address)
    }
}

/// The resolver knows no address for the name, or could not find out.
#[derive(Debug)]
pub(super) struct NotFound(std::io::Error);

impl NotFound {
    /// Whether it may be found later: `EAI_AGAIN`, which Rust gives as text only.
    pub(super) fn for_now(&self) -> bool {
        self.0.to_string().contains("Temporary failure")
    }
}

impl std::error::Error for NotFound {}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
