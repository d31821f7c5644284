//! What was typed about where things are, as values: URLs, mail addresses, networks, the way to the mail system.
//! In: a string. Out: the value, or what is wrong with it and what to write. It asks no resolver and opens nothing.

use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::quote;
use super::nearest::nearest;
use crate::model::{Relay, Secret, Tls};
use base64::Engine as _;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::{Host, Url};

/// Longest URL or address.
const ADDRESS_BYTES_MAX: usize = 2048;
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// An address on the web; credentials in it are taken out of it.
#[derive(Debug, Clone)]
pub(super) struct Web {
    pub url: Url,
    pub login: Option<(String, Secret)>,
}

/// `https://…` or `http://…`, international names and letters allowed.
pub(super) fn web(typed: &str) -> Typed<Web> {
    let mut url = absolute(typed, &["https", "http"], "https://example.org/feed")?;
    let login = web_login(&url);
    // Neither call fails for a URL with a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Ok(Web { url, login })
}

/// A proxy: `http://…`, `https://…`, `socks5://…` or `socks5h://…`.
pub(super) fn proxy(typed: &str) -> Typed<Url> {
    absolute(typed, &["http", "https", "socks5", "socks5h"], "socks5h://127.0.0.1:9050")
}

/// The value of an `Authorization` header for a user name and password (RFC 7617).
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    let pair = format!("{user}:{}", password.reveal());
    Secret::new(&format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)))
}

/// The way to the mail system: `smtps://user@host`, `smtp://host:port?tls=none`, `sendmail`, `sendmail:///path`.
#[derive(Debug, Clone)]
pub(super) struct Mailer {
    /// The way, with the password of the URL if it has one.
    pub relay: Relay,
    /// A user name that still wants its password.
    pub user: Option<String>,
    /// Whether the host is this machine.
    pub loopback: bool,
}

/// See [`Mailer`].
pub(super) fn mailer(typed: &str) -> Typed<Mailer> {
    let local = |program: &str| {
        Ok(Mailer { relay: Relay::Sendmail { program: PathBuf::from(program) }, user: None, loopback: true })
    };
    if typed == "sendmail" {
        return local(SENDMAIL);
    }
    if let Some(path) = typed.strip_prefix("sendmail:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if !path.starts_with('/') || path.contains(char::is_whitespace) {
            return Err(Bad::new(Code::BadUrl, format!("{} names no program", quote(typed)))
                .hint(format!("write \"sendmail\", or \"sendmail://{SENDMAIL}\"")));
        }
        return local(path);
    }
    let url = absolute(typed, &["smtps", "smtp"], "smtps://user@mail.example.org")?;
    let bad = |what: String| Bad::new(Code::BadUrl, what);
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(bad(format!("{} has more than a host and a port", quote(typed)))
            .hint("write smtps://user@mail.example.org:465"));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_string();
    let loopback = is_loopback(&host);
    let mut tls = match (url.scheme(), loopback) {
        ("smtps", _) => Tls::Implicit,
        (_, true) => Tls::None,
        (_, false) => Tls::Required,
    };
    for (key, value) in url.query_pairs() {
        tls = match (&*key, &*value, url.scheme()) {
            ("tls", "required", "smtp") => Tls::Required,
            ("tls", "opportunistic", "smtp") => Tls::Opportunistic,
            ("tls", "none", "smtp") => Tls::None,
            ("tls", _, "smtps") => {
                return Err(Bad::new(Code::Conflict, "smtps is TLS from the start: `tls` is for smtp")
                    .hint("drop ?tls=…, or write smtp://"));
            }
            ("tls", other, _) => {
                return Err(Bad::new(Code::BadValue, format!("{} is not a kind of TLS", quote(other)))
                    .hint("required, opportunistic or none"));
            }
            (other, ..) => {
                return Err(Bad::new(Code::UnknownKey, format!("{} is not a key of this URL", quote(other)))
                    .hint("only ?tls=required, opportunistic or none"));
            }
        };
    }
    let port = url.port().unwrap_or(match (url.scheme(), loopback) {
        ("smtps", _) => 465,
        (_, true) => 25,
        (_, false) => 587,
    });
    let login = login(&url);
    let user = (login.is_none() && !url.username().is_empty()).then(|| decoded(url.username()));
    Ok(Mailer { relay: Relay::Smtp { host, port, tls, login }, user, loopback })
}

/// A mail address, alone or with a name: `desk@example.org`, `News desk <desk@example.org>`.
pub(super) fn mailbox(typed: &str) -> Typed<String> {
    let bad = || Bad::new(Code::BadAddress, format!("{} is not a mail address", quote(typed)));
    if typed.len() > ADDRESS_BYTES_MAX || typed.chars().any(char::is_control) {
        return Err(bad());
    }
    let typed = typed.trim();
    let inner = match typed.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((_, inner)) => inner,
        None => typed,
    };
    if inner.contains([',', ';']) {
        return Err(bad().hint("each address is a string of its own: [\"a@example.org\", \"b@example.org\"]"));
    }
    let address: lettre::Address = inner.parse().map_err(|_| bad().hint("write name@example.org"))?;
    // The mailbox parser takes what it can read and leaves the rest: it must have read this very address.
    let whole: Option<lettre::message::Mailbox> = typed.parse().ok();
    if whole.is_some_and(|mailbox| mailbox.email == address) {
        Ok(typed.to_string())
    } else {
        Err(bad().hint("write name@example.org, or \"Name <name@example.org>\""))
    }
}

/// The domain of a mailbox that [`mailbox`] took.
pub(super) fn domain(mailbox: &str) -> &str {
    mailbox.trim_end_matches('>').rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// A network (CIDR), or a single address.
pub(super) fn network(typed: &str) -> Typed<IpNet> {
    let network = typed.parse::<IpNet>().map(|net| net.trunc());
    network.or_else(|_| typed.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
        Bad::new(Code::BadNetwork, format!("{} is not a network", quote(typed)))
            .hint("write addresses with a prefix: 10.0.0.0/8, 192.168.1.5/32, fd00::/8")
    })
}

/// An address to listen on.
pub(super) fn socket(typed: &str) -> Typed<SocketAddr> {
    let named = typed.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    named.as_deref().unwrap_or(typed).parse().map_err(|_| {
        Bad::new(Code::BadNetwork, format!("{} is not an address to listen on", quote(typed)))
            .hint("write an IP address and a port: 127.0.0.1:8650, [::1]:8650; or off")
    })
}

/// Whether a source's host lies in one of the networks, as far as that can be known without asking a resolver.
pub(super) fn lies_in(url: &Url, networks: &[IpNet]) -> bool {
    let addresses: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![address.into()],
        Some(Host::Domain(name)) if is_loopback(name) => {
            vec![std::net::Ipv4Addr::LOCALHOST.into(), std::net::Ipv6Addr::LOCALHOST.into()]
        }
        _ => vec![],
    };
    addresses.iter().any(|address| networks.iter().any(|network| network.contains(address)))
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// A URL with a host, of one of the schemes.
fn absolute(typed: &str, schemes: &[&str], example: &str) -> Typed<Url> {
    let bad = |why: &str| Bad::new(Code::BadUrl, format!("{} is not a URL: {why}", quote(typed)));
    if typed.len() > ADDRESS_BYTES_MAX {
        return Err(bad("it is too long"));
    }
    if typed.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(bad("it has a space or another character that no URL has").hint("write %20 for a space"));
    }
    // The parser would mend `https:/host`, which is more likely a slip than meant.
    let Some((scheme, rest)) = typed.split_once("://") else {
        return Err(bad("the scheme is missing").hint(format!("write it in full: {example}")));
    };
    let scheme = scheme.to_ascii_lowercase();
    if !schemes.contains(&&*scheme) {
        let bad = bad(&format!("{} is not a scheme that is meant here", quote(&scheme)));
        return Err(match nearest(&scheme, schemes.iter().copied()) {
            Some(near) => bad.hint(format!("did you mean {near}://?")),
            None => bad.hint(format!("{}: {example}", schemes.join(" or "))),
        });
    }
    if rest.starts_with(['/', '?', '#']) || rest.is_empty() {
        return Err(bad("the host is missing").hint(format!("write it in full: {example}")));
    }
    let mut url = Url::parse(typed).map_err(|error| bad(&error.to_string()))?;
    if !url.scheme().starts_with("http") {
        // Only web schemes get the treatment of international names from the parser.
        let host = url.host_str().unwrap_or_default().to_string();
        if !host.starts_with('[') {
            let ascii = url::Host::parse(&decoded(&host)).map_err(|error| bad(&error.to_string()))?;
            url.set_host(Some(&ascii.to_string())).map_err(|error| bad(&error.to_string()))?;
        }
    }
    match url.host_str() {
        None | Some("") => Err(bad("the host is missing")),
        Some(host) if !host.starts_with('[') && !well_formed(host) => {
            Err(bad(&format!("{} is not the name of a host", quote(host))))
        }
        _ => Ok(url),
    }
}

/// Letters, digits, hyphens and underscores between single dots (RFC 1123, and names as they are).
fn well_formed(host: &str) -> bool {
    let labels = host.strip_suffix('.').unwrap_or(host).split('.');
    labels.into_iter().all(|label| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

fn login(url: &Url) -> Option<(String, Secret)> {
    url.password().map(|password| (decoded(url.username()), Secret::new(&decoded(password))))
}

/// As [`login`]; a token may stand there as the user's name, without a password.
fn web_login(url: &Url) -> Option<(String, Secret)> {
    let user = decoded(url.username());
    login(url).or((!user.is_empty()).then(|| (user, Secret::new(""))))
}

fn decoded(part: &str) -> String {
    percent_decode(part).unwrap_or_else(|| part.to_string())
}

/// `%41` as `A`; `None` where the bytes are no UTF-8.
fn percent_decode(part: &str) -> Option<String> {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| part.get(at + 1..at + 3)).flatten();
        let hex = hex.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relay(typed: &str) -> (String, u16, Tls, Option<String>) {
        let mailer = mailer(typed).unwrap();
        match mailer.relay {
            Relay::Smtp { host, port, tls, login } => (host, port, tls, mailer.user.or(login.map(|(user, _)| user))),
            Relay::Sendmail { program } => (program.display().to_string(), 0, Tls::None, None),
        }
    }

    #[test]
    fn the_way_to_the_mail_system_is_safe_unless_asked_otherwise() {
        let user = |name: &str| Some(name.to_string());
        assert_eq!(relay("smtps://u@m.example"), ("m.example".into(), 465, Tls::Implicit, user("u")));
        assert_eq!(
            relay("smtp://u%40x.example@m.example"),
            ("m.example".into(), 587, Tls::Required, user("u@x.example"))
        );
        assert_eq!(relay("smtp://m.example:25?tls=none"), ("m.example".into(), 25, Tls::None, None));
        assert_eq!(relay("smtp://m.example?tls=opportunistic").2, Tls::Opportunistic);
        assert_eq!(relay("smtp://localhost"), ("localhost".into(), 25, Tls::None, None));
        assert_eq!(relay("smtp://127.0.0.1:2525").2, Tls::None);
        assert_eq!(relay("smtp://[::1]:2525"), ("::1".into(), 2525, Tls::None, None));
        assert_eq!(relay("smtp://127.0.0.1?tls=required").2, Tls::Required);
        assert_eq!(relay("smtp://127.0.0.1.example.org").2, Tls::Required);
        assert_eq!(relay("smtps://почта.example").0, "xn--80a1acny.example");
        assert_eq!(relay("sendmail").0, "/usr/sbin/sendmail");
        assert_eq!(relay("sendmail:///opt/msmtp").0, "/opt/msmtp");
    }

    #[test]
    fn mail_addresses_are_whole() {
        for typed in [
            "a@b.example",
            "A B <a@b.example>",
            "\"B, A\" <a@b.example>",
            "root@localhost",
            "a+b@b.example",
            "Стол <a@пример.example>",
        ] {
            assert_eq!(mailbox(typed).as_deref(), Ok(typed));
        }
        for typed in [
            "",
            "a",
            "a@",
            "@b.example",
            "a b@c.example",
            "a@@b.example",
            "a@b.example, c@d.example",
            "a@b.example\nBcc: x@y.example",
            "A <a@b.example",
            "a@b example",
            "a@b..example",
            "<>",
        ] {
            assert!(mailbox(typed).is_err(), "{typed:?}");
        }
        assert_eq!(domain("A <a@b.example>"), "b.example");
    }

    #[test]
    fn a_source_is_private_only_where_its_address_says_so() {
        let networks = [network("127.0.0.1/8").unwrap(), network("10.0.0.5").unwrap(), network("fd00::/8").unwrap()];
        let lies = |typed: &str| lies_in(&web(typed).unwrap().url, &networks);
        assert!(
            lies("http://127.0.0.1:99/x")
                && lies("http://localhost/")
                && lies("http://10.0.0.5/")
                && lies("http://[fd00::1]/")
        );
        assert!(!lies("http://10.0.0.6/") && !lies("http://127.0.0.1.example/") && !lies("http://a.example/"));
    }

    #[test]
    fn credentials_are_taken_out_of_an_address() {
        let web = web("https://u:p%40ss@a.example/x").unwrap();
        assert_eq!(web.url.as_str(), "https://a.example/x");
        assert_eq!(
            web.login.map(|(user, password)| (user, password.reveal().to_string())),
            Some(("u".into(), "p@ss".into()))
        );
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(typed in "(https|http|smtp|smtps|socks5|sendmail)?:?/{0,3}\\PC{0,30}") {
            let _ = (web(&typed), proxy(&typed), mailer(&typed), mailbox(&typed), network(&typed), socket(&typed));
        }

        #[test]
        fn no_message_has_the_password(user in "[a-z]{1,5}", host in "\\PC{0,10}", scheme in "https|smtps|htps|smpt") {
            let typed = format!("{scheme}://{user}:sesame@{host}");
            for bad in [web(&typed).err(), mailer(&typed).err(), mailbox(&typed).err(), network(&typed).err()].into_iter().flatten() {
                prop_assert!(!format!("{bad:?}").contains("sesame"), "{:?}", bad);
            }
        }
    }
}
