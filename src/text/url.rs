//! In: addresses as they stand in documents. Out: absolute ones, their canonical form, the domain somebody registered.
//! It never resolves a name and never asks the network.

use std::borrow::Cow;
use url::Url;

/// Longest address that is taken from a document, in bytes.
const URL_BYTES_MAX: usize = 8 << 10;

/// The absolute `http` or `https` address that a reference means (RFC 3986, section 5); `None` for every other scheme,
/// for a relative one without a base, and for what is no address or too long.
pub fn join(base: Option<&Url>, href: &str) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.len() > URL_BYTES_MAX {
        return None;
    }
    let url = match base {
        Some(base) => base.join(href),
        None => Url::parse(href),
    };
    url.ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()))
}

/// The address in the form in which two of them can be compared: without fragment, tracking parameters and an empty query.
/// (The `url` crate has already lowered scheme and host, dropped the default port and resolved dots.)
pub fn canonical(url: &Url) -> Url {
    let mut canonical = url.clone();
    canonical.set_fragment(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !tracks(pair)).collect();
        let kept = kept.join("&");
        canonical.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
    }
    canonical
}

/// Parameters that say how a reader came, not what is read.
const TRACKING: [&str; 20] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "_openstat",
    "ocid",
    "ncid",
    "cmpid",
    "at_medium",
];

fn tracks(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair);
    let lower = if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    lower.starts_with("utm_") || lower.starts_with("at_custom") || TRACKING.contains(&&*lower)
}

/// The domain that somebody registered: the public suffix (publicsuffix.org) and one label more. An address, a bare suffix
/// and an unknown name are returned as they are.
pub fn registrable(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    if host.parse::<std::net::Ipv4Addr>().is_ok() || host.starts_with('[') {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        let base = Url::parse("https://news.example/world/index.html").unwrap();
        let joined = |href| join(Some(&base), href).map(String::from);
        assert_eq!(joined(" ../a?b=1#c ").as_deref(), Some("https://news.example/a?b=1#c"));
        assert_eq!(joined("//other.example").as_deref(), Some("https://other.example/"));
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.example", "", "http://"]
        {
            assert_eq!(joined(bad), None, "{bad}");
        }
        assert_eq!(join(None, "/relative"), None);
        assert_eq!(join(Some(&base), &"a".repeat(URL_BYTES_MAX + 1)), None);
    }

    #[test]
    fn the_way_a_reader_came_is_no_part_of_the_address() {
        let canonical = |url: &str| String::from(canonical(&Url::parse(url).unwrap()));
        assert_eq!(
            canonical("HTTPS://News.Example:443/a/./b?utm_source=x&id=7&fbclid=y#top"),
            "https://news.example/a/b?id=7"
        );
        assert_eq!(canonical("https://news.example/?UTM_Medium=rss"), "https://news.example/");
        assert_eq!(canonical("https://news.example/?utmost=1&q=a%20b"), "https://news.example/?utmost=1&q=a%20b");
    }

    #[test]
    fn a_registered_domain_is_one_label_above_the_public_suffix() {
        assert_eq!(registrable("feeds.bbc.co.uk"), "bbc.co.uk");
        assert_eq!(registrable("daryo.uz"), "daryo.uz");
        assert_eq!(registrable("a.b.org.uz"), "b.org.uz");
        assert_eq!(registrable("127.0.0.1"), "127.0.0.1");
        assert_eq!(registrable("localhost"), "localhost");
        assert_eq!(registrable("co.uk"), "co.uk");
    }
}
