//! Who may see the status page, as configured.

use super::Secret;
use ipnet::IpNet;

/// Who may see the status page; nothing of it given: whoever reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Names that the page answers to, beside its address and localhost; lower case, no port.
    pub hosts: Vec<String>,
    /// The argon2 hash of the password (PHC string).
    pub password: Option<Secret>,
    /// What a program shows instead of a password.
    pub token: Option<Secret>,
    /// A reverse proxy that says who asks.
    pub proxy: Option<Proxy>,
}

/// A reverse proxy that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Where it connects from; the header is believed from nowhere else.
    pub from: Vec<IpNet>,
    /// The header that names who asks, lower case.
    pub header: String,
}

impl Access {
    /// Whether anybody who reaches the page may see it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.password.is_none() && self.token.is_none() && self.proxy.is_none()
    }
}
