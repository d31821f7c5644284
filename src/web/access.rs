//! Who asks, and whether they may. In: what a request carries, and who may see the page. Out: yes, or no. A login is a signed
//! cookie: nothing is kept of it, and a new password, or a restart, ends it.

use crate::model::{Access, limits};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// The cookie of a login.
const COOKIE: &str = "wirewatch_session";

/// Signs logins. Its key is drawn at start and known to nobody.
pub(super) struct Seal([u8; 64]);

impl Seal {
    /// # Errors
    /// The system's, where it has no chance to give.
    pub(super) fn new() -> std::io::Result<Self> {
        let mut key = [0; 64];
        getrandom::fill(&mut key).map_err(std::io::Error::other)?;
        Ok(Self(key))
    }

    fn sign(&self, ends: i64, access: &Access) -> String {
        let mut mac = <Hmac<Sha256>>::new(&self.0.into());
        mac.update(&ends.to_be_bytes());
        mac.update(access.password.as_ref().map_or("", |hash| hash.reveal()).as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// The `Set-Cookie` of a login that begins now. Over TLS (a proxy says so) it is for TLS only.
    pub(super) fn cookie(&self, access: &Access, now: Timestamp, tls: bool) -> Option<HeaderValue> {
        let seconds = limits::SESSION_TIME_MAX.as_secs();
        let ends = now.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()?.as_second();
        let secure = if tls { "; Secure" } else { "" };
        let signed = self.sign(ends, access);
        format!("{COOKIE}={ends}.{signed}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}").parse().ok()
    }

    fn knows(&self, headers: &HeaderMap, access: &Access, now: Timestamp) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let ours = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        ours.filter(|(name, _)| *name == COOKIE).any(|(_, value)| {
            let Some((ends, signed)) = value.split_once('.') else { return false };
            let Ok(ends) = ends.parse::<i64>() else { return false };
            ends > now.as_second() && same(signed, &self.sign(ends, access))
        })
    }
}

/// The `Set-Cookie` that ends a login.
pub(super) const NO_COOKIE: HeaderValue =
    HeaderValue::from_static("wirewatch_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");

/// Whether the request may see the page.
pub(super) fn may(headers: &HeaderMap, peer: IpAddr, access: &Access, seal: &Seal, now: Timestamp) -> bool {
    access.is_open()
        || (access.password.is_some() && seal.knows(headers, access, now))
        || shows_token(headers, access)
        || proxied(headers, peer, access)
}

/// `Authorization: Bearer TOKEN`, or `Basic` with the token as password: many feed readers know no other way.
fn shows_token(headers: &HeaderMap, access: &Access) -> bool {
    let Some(token) = &access.token else { return false };
    let Some((scheme, shown)) =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '))
    else {
        return false;
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        return same(shown.trim(), token.reveal());
    }
    let basic = || String::from_utf8(STANDARD.decode(shown.trim()).ok()?).ok();
    scheme.eq_ignore_ascii_case("basic")
        && basic().is_some_and(|login| login.split_once(':').is_some_and(|(_, shown)| same(shown, token.reveal())))
}

/// Whether a proxy that is believed says that somebody asks.
fn proxied(headers: &HeaderMap, peer: IpAddr, access: &Access) -> bool {
    let Some(proxy) = &access.proxy else { return false };
    let named = headers.get(proxy.header.as_str()).is_some_and(|who| !who.as_bytes().trim_ascii().is_empty());
    named && trusted(peer, access)
}

fn trusted(peer: IpAddr, access: &Access) -> bool {
    access.proxy.as_ref().is_some_and(|proxy| proxy.from.iter().any(|net| net.contains(&peer.to_canonical())))
}

/// Who is at the other end: behind a proxy that is believed, the last address that it added.
pub(super) fn client(headers: &HeaderMap, peer: IpAddr, access: &Access) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted(peer, access) {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back();
    let last = last.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    last.map_or(peer, |address| address.to_canonical())
}

/// Whether the browser speaks TLS with a proxy that is believed.
pub(super) fn over_tls(headers: &HeaderMap, peer: IpAddr, access: &Access) -> bool {
    trusted(peer, access) && headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https")
}

/// Compares without telling by its time how much was right.
fn same(shown: &str, kept: &str) -> bool {
    let sums = [shown, kept].map(|text| Sha256::digest(text.as_bytes()));
    sums[0].iter().zip(sums[1].iter()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Proxy, Secret};
    use axum::http::HeaderName;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const NEAR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_login_holds_its_time_and_for_its_password_only() {
        let access = Access { password: Some(Secret::new("$one")), ..Access::default() };
        let other = Access { password: Some(Secret::new("$two")), ..Access::default() };
        let seal = Seal::new().unwrap();
        let set = seal.cookie(&access, at(1000), false).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.contains("HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
        assert!(seal.cookie(&access, at(0), true).unwrap().to_str().unwrap().ends_with("; Secure"));
        let pair = set.split(';').next().unwrap();
        let check = |seal: &Seal, access: &Access, cookie: &str, now: i64| {
            may(&headers(&[("cookie", cookie)]), NEAR, access, seal, at(now))
        };
        let ends = 1000 + i64::try_from(limits::SESSION_TIME_MAX.as_secs()).unwrap();
        assert!(check(&seal, &access, pair, ends - 1) && check(&seal, &access, &format!("a=b; {pair}"), 1000));
        assert!(!check(&seal, &access, pair, ends), "it has ended");
        assert!(!check(&seal, &other, pair, 1000), "the password is another one");
        assert!(!check(&Seal::new().unwrap(), &access, pair, 1000), "the daemon was started anew");
        let longer = pair.replace(&ends.to_string(), &(ends + 1).to_string());
        assert!(!check(&seal, &access, &longer, 1000), "its end was changed");
        for bad in ["", "wirewatch_session=", "wirewatch_session=9999999999.", "wirewatch_session=x.y"] {
            assert!(!check(&seal, &access, bad, 1000), "{bad}");
        }
    }

    #[test]
    fn a_token_is_shown_whole() {
        let access = Access { token: Some(Secret::new("0123456789abcdef")), ..Access::default() };
        let seal = Seal::new().unwrap();
        let check = |value: &str| may(&headers(&[("authorization", value)]), NEAR, &access, &seal, at(0));
        assert!(check("Bearer 0123456789abcdef") && check("bearer 0123456789abcdef"));
        assert!(check(&format!("Basic {}", STANDARD.encode("reader:0123456789abcdef"))));
        for bad in
            ["Bearer 0123456789abcde", "Bearer ", "Bearer", "0123456789abcdef", "Basic !", "Digest 0123456789abcdef"]
        {
            assert!(!check(bad), "{bad}");
        }
        assert!(!may(&HeaderMap::new(), NEAR, &access, &seal, at(0)));
    }

    #[test]
    fn a_proxy_is_believed_from_its_address_only() {
        let proxy = Proxy { from: vec!["10.0.0.2/32".parse().unwrap()], header: "x-remote-user".into() };
        let access = Access { proxy: Some(proxy), ..Access::default() };
        let seal = Seal::new().unwrap();
        let named = headers(&[
            ("x-remote-user", "ada"),
            ("x-forwarded-for", "9.9.9.9, 192.0.2.1"),
            ("x-forwarded-proto", "https"),
        ]);
        let (proxy, stranger) = ("10.0.0.2".parse().unwrap(), "10.0.0.3".parse().unwrap());
        assert!(may(&named, proxy, &access, &seal, at(0)));
        assert!(may(&named, "::ffff:10.0.0.2".parse().unwrap(), &access, &seal, at(0)));
        assert!(!may(&named, stranger, &access, &seal, at(0)));
        assert!(!may(&headers(&[("x-remote-user", " ")]), proxy, &access, &seal, at(0)));
        assert_eq!(client(&named, proxy, &access), "192.0.2.1".parse::<IpAddr>().unwrap());
        assert_eq!(client(&named, stranger, &access), stranger);
        assert!(over_tls(&named, proxy, &access) && !over_tls(&named, stranger, &access));
    }
}
