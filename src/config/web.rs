//! `[web]`: where the status page listens and who may see it. In: a table. Out: the settings; never a page beyond this machine
//! that is open to all.

use super::address;
use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::quote;
use super::settings::Web;
use super::table::Table;
use crate::model::{Access, Proxy, Secret, limits};
use std::net::SocketAddr;

const LISTEN: &str = "127.0.0.1:8650";

pub(super) fn web(table: &Table<'_>) -> Web {
    let listen =
        table.parsed("listen", |typed| if typed == "off" { Ok(None) } else { address::socket(typed).map(Some) });
    let public_url = table.parsed("public_url", |typed| {
        let web = address::web(typed)?;
        let rest = web.url.query().is_some() || web.url.fragment().is_some();
        if web.login.is_some() || rest || web.url.scheme() != "https" {
            let bad = Bad::new(Code::BadUrl, "it is to be an https address without user, query or fragment");
            return Err(bad.hint("write https://wires.example.org"));
        }
        Ok(web.url)
    });
    let mut access = Access {
        hosts: table.list("hosts", |_, typed| host(typed)),
        password: password(table),
        token: token(table),
        proxy: proxy(table),
    };
    let beyond = |socket: &SocketAddr| !socket.ip().to_canonical().is_loopback();
    let given = KEYS.iter().any(|key| table.typed(key));
    if listen.flatten().as_ref().is_some_and(beyond) && access.is_open() && !given {
        let what = "a page that other machines reach wants a password, a token or a proxy";
        let hint = "write password_hash = \"…\", which `wirewatch password` makes, or listen on 127.0.0.1";
        table.fault("listen", Code::Missing, what, Some(hint.into()));
    }
    access.hosts.extend(public_url.as_ref().and_then(|url| url.host_str()).map(str::to_lowercase));
    Web { listen: listen.unwrap_or_else(|| LISTEN.parse().ok()), access, public_url }
}

/// What says who may see it. One of them that cannot be read is a fault of its own.
const KEYS: [&str; 7] = [
    "password_hash",
    "password_file",
    "password_credential",
    "token_file",
    "token_credential",
    "proxy_from",
    "proxy_header",
];

/// The hash of the password, from the configuration or from a file.
fn password(table: &Table<'_>) -> Option<Secret> {
    let inline = table.parsed("password_hash", |typed| hash(typed).map(|()| Secret::new(typed)));
    let key = if table.has("password_file") { "password_file" } else { "password_credential" };
    let from_file = table.secret("password_file", "password_credential");
    match (table.has("password_hash"), table.has(key)) {
        (true, true) => {
            table.fault_at_key(key, Code::Conflict, "the password is given twice", Some("keep one of them".into()));
            None
        }
        (true, false) => inline,
        (false, _) => {
            let secret = from_file?;
            match hash(secret.reveal()) {
                Ok(()) => Some(secret),
                Err(bad) => {
                    table.fault(key, Code::BadSecret, format!("what stands there {}", bad.what), bad.hint);
                    None
                }
            }
        }
    }
}

/// Whether it is a hash that a password can be held against; what was typed is never repeated.
fn hash(typed: &str) -> Typed<()> {
    let bad = |what: &str| Err(Bad::new(Code::BadSecret, what).hint("`wirewatch password` makes it: $argon2id$v=19$…"));
    match crate::text::password::cost(typed) {
        None => bad("is not the argon2 hash of a password"),
        Some((kib, passes)) if kib > limits::PASSWORD_KIB_MAX || passes > limits::PASSWORD_PASSES_MAX => {
            bad("takes more memory or passes to try than a login may")
        }
        Some(_) => Ok(()),
    }
}

fn token(table: &Table<'_>) -> Option<Secret> {
    let token = table.secret("token_file", "token_credential")?;
    if token.reveal().len() < limits::TOKEN_BYTES_MIN {
        let key = if table.has("token_file") { "token_file" } else { "token_credential" };
        let what = format!("the token is shorter than {} letters", limits::TOKEN_BYTES_MIN);
        table.fault(key, Code::BadSecret, what, Some("openssl rand -hex 32 makes one".into()));
        return None;
    }
    Some(token)
}

fn proxy(table: &Table<'_>) -> Option<Proxy> {
    let from = table.list("proxy_from", |_, typed| address::network(typed));
    let header = table.parsed("proxy_header", |typed| {
        let header = typed.to_ascii_lowercase();
        let good = !header.is_empty() && header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !good {
            return Err(Bad::new(Code::BadValue, format!("{} is not the name of a header", quote(typed)))
                .hint("write proxy_header = \"X-Remote-User\""));
        }
        if ["host", "origin", "cookie", "authorization"].contains(&header.as_str()) {
            return Err(Bad::new(Code::BadValue, format!("{} is what the browser says, not the proxy", quote(typed)))
                .hint("write proxy_header = \"X-Remote-User\""));
        }
        Ok(header)
    });
    match (table.has("proxy_from"), table.has("proxy_header")) {
        (true, false) => table.fault(
            "proxy_from",
            Code::Missing,
            "the header that names who asks is missing",
            Some("write proxy_header = \"X-Remote-User\"".into()),
        ),
        (false, true) => table.fault(
            "proxy_header",
            Code::Missing,
            "anybody could send this header: from where is it believed?",
            Some("write proxy_from = [\"127.0.0.1\"]".into()),
        ),
        _ => {}
    }
    Some(Proxy { header: header.filter(|_| !from.is_empty())?, from })
}

/// A name that a browser asks for: no scheme, no port.
fn host(typed: &str) -> Typed<String> {
    let host = typed.to_ascii_lowercase();
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if host.len() <= 253 && host.split('.').all(label) {
        return Ok(host);
    }
    Err(Bad::new(Code::BadValue, format!("{} is not the name of a host", quote(typed)))
        .hint("write it without https:// and port: \"watch.example.org\"; an international name as xn--…"))
}
