//! `[source.ID]`. In: a table. Out: a source, defaults filled in. It asks nobody whether the source is there.

use super::address;
use super::bad::Bad;
use super::code::Code;
use super::file::quote;
use super::service::MAX_AGE;
use super::settings::Fetch;
use super::size::{self, is_header_name, is_header_value};
use super::table::Table;
use super::time;
use crate::model::{Cadence, Outline, RequestOptions, Secret, Selectors, Source, SourceId, SourceKind, limits};
use jiff::tz::TimeZone;
use std::time::Duration;
use url::Url;

const KINDS: [(&str, SourceKind); 4] = [
    ("auto", SourceKind::Auto),
    ("feed", SourceKind::Feed),
    ("page", SourceKind::Page),
    ("sitemap", SourceKind::Sitemap),
];
/// Most entries of a baseline that are read and alerted.
const BACKFILL_MAX: u32 = 1_000;

/// The source, or `None` where its address is no address.
pub(super) fn source(table: &Table<'_>, id: &str, fetch: &Fetch, service_zone: &TimeZone) -> Option<Source> {
    let web = table.parsed("url", address::web);
    let web = table.require("url", web, "write url = \"https://…\"");
    let kind = table.choice("kind", &KINDS).unwrap_or_default();
    let zone = table.parsed("time_zone", time::zone);
    let url = web.as_ref().map(|web| &web.url);
    let cadence = cadence(table, url, fetch, &zone.unwrap_or_else(|| service_zone.clone()));
    let select = table.table("select", |select| Selectors {
        links: select.parsed("links", size::selector),
        body: select.parsed("body", size::selector),
        remove: select.list("remove", |_, typed| size::selector(typed)),
    });
    let source = Source {
        id: SourceId::new(id).ok()?,
        url: Url::parse("http://unknown.invalid").ok()?,
        kind,
        name: table.words("name"),
        cadence,
        language: table.parsed("language", size::language),
        tier: table.number("tier", 1..=9).and_then(|tier| u8::try_from(tier).ok()),
        tags: table.strings("tags"),
        select: select.unwrap_or_default(),
        backfill: table.number("backfill", 0..=BACKFILL_MAX).unwrap_or(0),
        read_pages: table.flag("read_pages").unwrap_or(true),
        robots: table.flag("robots").unwrap_or(true),
        max_age: table.duration_in("max_age", MAX_AGE),
        request: request(table, web.as_ref().and_then(|web| web.login.clone())),
        outline: Outline { folders: table.strings("folders"), attributes: attributes(table) },
    };
    Some(Source { url: web?.url, ..source })
}

fn cadence(table: &Table<'_>, url: Option<&Url>, fetch: &Fetch, zone: &TimeZone) -> Cadence {
    let every = table.duration_in("every", Duration::from_secs(1)..=time::YEAR);
    let cron = table.parsed("cron", time::cron);
    if table.has("every") && table.has("cron") {
        let what = "`every` and `cron` are two answers to one question";
        table.fault_at_key("cron", Code::Conflict, what, Some("keep one of them".into()));
    }
    if table.has("time_zone") && !table.has("cron") {
        let what = "`time_zone` is for `cron`, which is not there";
        table.fault_at_key("time_zone", Code::Conflict, what, Some("add cron = \"…\", or leave it out".into()));
    }
    if let Some(every) = every.filter(|every| *every < limits::EVERY_MIN)
        && !url.is_some_and(|url| address::lies_in(url, &fetch.allow_private))
    {
        let what = format!("{} is less than {}", time::in_words(every), time::in_words(limits::EVERY_MIN));
        let hint = "only a source whose address is in [fetch] allow_private may be polled faster";
        table.refuse("every", Bad::new(Code::BadDuration, what).hint(hint));
    }
    match (every, cron) {
        (Some(every), _) => Cadence::Every(every),
        (None, Some(pattern)) => Cadence::Cron { pattern, zone: zone.clone() },
        (None, None) => Cadence::Adaptive(fetch.every),
    }
}

/// `opml = { htmlUrl = "…" }`: what other readers know of the source.
fn attributes(table: &Table<'_>) -> Vec<(String, String)> {
    let mut kept = table.pairs("opml");
    kept.retain(|(name, _)| {
        let good = Outline::is_attribute(name);
        if !good {
            let what = format!("{} is not the name of an attribute", quote(name));
            table.fault_at_key(&format!("opml.{name}"), Code::BadValue, what, None);
        }
        good
    });
    kept
}

fn request(table: &Table<'_>, in_url: Option<(String, Secret)>) -> RequestOptions {
    let user = table.words("user");
    let password = table.secret("password_file", "password_credential");
    let has_password = table.has("password_file") || table.has("password_credential");
    if in_url.is_some() {
        let hint = "write user = \"…\" and password_file = \"…\"";
        table.fault("url", Code::SecretInUrl, "credentials stand in the URL", Some(hint.into()));
    }
    match (&user, has_password) {
        (Some(_), false) if in_url.is_none() => {
            table.fault_at_key("user", Code::Missing, "a user without a password", Some("add password_file".into()));
        }
        (None, true) => {
            let key = if table.has("password_file") { "password_file" } else { "password_credential" };
            table.fault_at_key(key, Code::Missing, "a password without a user", Some("add user = \"…\"".into()));
        }
        _ => {}
    }
    let headers = headers(table);
    if (user.is_some() || in_url.is_some())
        && headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
    {
        let what = "a user is given, and the headers have an Authorization of their own";
        table.fault_at_key("headers", Code::Conflict, what, Some("keep one of them".into()));
    }
    let user_agent = table.words("user_agent");
    if user_agent.as_deref().is_some_and(|agent| !is_header_value(agent)) {
        table.fault("user_agent", Code::BadValue, "user_agent has a control character", None);
    }
    RequestOptions {
        user_agent,
        headers,
        basic_auth: user.zip(password).or(in_url),
        proxy: table.parsed("proxy", address::proxy).inspect(|proxy| {
            if proxy.password().is_some() {
                table.fault("proxy", Code::SecretInUrl, "credentials stand in the URL", None);
            }
        }),
    }
}

/// `headers = { Name = "value" }`.
pub(super) fn headers(table: &Table<'_>) -> Vec<(String, Secret)> {
    let mut found = vec![];
    for (name, value) in table.pairs("headers") {
        let at = format!("headers.{name}");
        if !is_header_name(&name) {
            table.fault_at_key(
                &at,
                Code::BadValue,
                "this is not the name of a header",
                Some("letters, digits and -".into()),
            );
        } else if !is_header_value(&value) {
            table.fault_at_key(&at, Code::BadValue, "the value of a header is one line", None);
        } else {
            found.push((name, Secret::new(&value)));
        }
    }
    found
}
