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

/// The address in the form in which two of them can be compared, not in one to be asked for: without fragment and tracking
/// parameters, and that of the article itself where it is its AMP or mobile twin; `http`, `www.` and a slash at the end make no
/// difference. (The `url` crate has already lowered scheme and host, dropped the default port and resolved dots.)
pub fn canonical(url: &Url) -> Url {
    let mut canonical = untracked(&out_of_cache(url).unwrap_or_else(|| url.clone()));
    canonical.set_fragment(None);
    if canonical.port().is_none() && canonical.scheme() == "http" {
        let _ = canonical.set_scheme("https");
    }
    let host = canonical.host_str().unwrap_or_default();
    let own = registrable(host);
    if let Some(labels) = host.strip_suffix(own).filter(|labels| !labels.is_empty()) {
        let kept: String = labels.split_inclusive('.').filter(|label| !TWIN_LABELS.contains(label)).collect();
        let _ = canonical.set_host(Some(&format!("{kept}{own}")));
    }
    let path = twin_path(canonical.path()).to_string();
    canonical.set_path(&path);
    retain(&mut canonical, |pair| !matches!(pair, "amp" | "amp=" | "amp=1" | "amp=true" | "outputType=amp"));
    canonical
}

/// The address without the parameters that say how a reader came, and without an empty query.
pub fn untracked(url: &Url) -> Url {
    let mut url = url.clone();
    retain(&mut url, |pair| !tracks(pair));
    url
}

fn retain(url: &mut Url, keep: impl Fn(&str) -> bool) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && keep(pair)).collect();
    let kept = kept.join("&");
    url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
}

/// Labels before the registered domain that name another form of the same site.
const TWIN_LABELS: [&str; 5] = ["www.", "m.", "mobile.", "amp.", "wap."];

/// The path of the article of which this is the AMP form: `/amp` before or after it, `.amp` in its name; no slash at the end.
fn twin_path(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    for end in ["/amp", ".amp", ".amp.html", "/amp.html"] {
        if let Some(of) = path.strip_suffix(end).filter(|of| of.len() > 1) {
            return of.trim_end_matches('/');
        }
    }
    match path.strip_prefix("/amp/") {
        Some(rest) if !rest.is_empty() => &path["/amp".len()..],
        _ => path,
    }
}

/// The address within that of an AMP cache (developers.google.com/amp/cache/overview): `…/c/s/news.example/a`, `/amp/s/…`.
fn out_of_cache(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let google = host.strip_prefix("www.").is_some_and(|host| host.starts_with("google."));
    let path = url.path();
    let within = match google {
        true => path.strip_prefix("/amp/")?,
        false if host.ends_with(".cdn.ampproject.org") => {
            path.strip_prefix("/c/").or(path.strip_prefix("/v/")).or(path.strip_prefix("/i/"))?
        }
        false => return None,
    };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let (scheme, rest) = within.strip_prefix("s/").map_or(("http", within), |rest| ("https", rest));
    Url::parse(&format!("{scheme}://{rest}{query}"))
        .ok()
        .filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
}

/// Parameters that say how a reader came, not what is read.
const TRACKING: [&str; 34] = [
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
    "at_campaign",
    "at_format",
    "srsltid",
    "wickedid",
    "mkt_tok",
    "vero_id",
    "oly_enc_id",
    "oly_anon_id",
    "s_cid",
    "spm",
    "ref_src",
    "amp_js_v",
    "usqp",
    "xtor",
];

fn tracks(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair);
    let lower = if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    lower.starts_with("utm_")
        || lower.starts_with("pk_")
        || lower.starts_with("mtm_")
        || lower.starts_with("hsa_")
        || lower.starts_with("at_custom")
        || TRACKING.contains(&&*lower)
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
        let untracked = |url: &str| String::from(untracked(&Url::parse(url).unwrap()));
        assert_eq!(untracked("http://www.news.example/a/?pk_cid=1&b=2&#part"), "http://www.news.example/a/?b=2#part");
    }

    #[test]
    fn an_article_and_its_twins_have_one_address() {
        let canonical = |url: &str| String::from(canonical(&Url::parse(url).unwrap()));
        for twin in [
            "https://news.example/world/talks",
            "http://www.news.example/world/talks/",
            "https://m.news.example/world/talks#comments",
            "https://amp.news.example/world/talks",
            "https://news.example/world/talks/amp/",
            "https://news.example/world/talks.amp.html",
            "https://news.example/amp/world/talks",
            "https://news.example/world/talks?amp=1&utm_source=x",
            "https://news-example.cdn.ampproject.org/c/s/news.example/world/talks?amp_js_v=0.1",
            "https://www.google.com/amp/s/news.example/world/talks",
        ] {
            assert_eq!(canonical(twin), "https://news.example/world/talks", "{twin}");
        }
        for (own, same) in [
            ("https://news.example/amp", "https://news.example/amp"),
            ("https://news.example/lamp", "https://news.example/lamp"),
            ("https://news.example/a?id=1", "https://news.example/a?id=1"),
            ("https://uz.news.example/a", "https://uz.news.example/a"),
            ("https://m.uz/a", "https://m.uz/a"),
            ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
            ("https://x.cdn.ampproject.org/", "https://x.cdn.ampproject.org/"),
        ] {
            assert_eq!(canonical(own), same);
        }
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
