//! `[channel.ID]`. In: a table. Out: a channel, defaults filled in, its templates read and tried. It sends nothing.

mod pace;
mod template;

use super::address;
use super::bad::Bad;
use super::code::Code;
use super::file::quote;
use super::service::{Mail, Way, unsubscribe, way};
use super::source::headers;
use super::table::Table;
use super::time;
use crate::model::limits::FLOOD_DIGEST;
use crate::model::{
    Channel, ChannelId, ChannelKind, DigestPlan, DigestTimes, Email, Flood, Format, MailTemplates, Maildir, Quiet,
    QuietMode, Relay, RuleId, Secret, Webhook, Weekdays,
};
use base64::Engine as _;
use config::ValueKind;
use jiff::tz::TimeZone;
use std::path::Path;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Email,
    Webhook,
    Command,
    Maildir,
    Stdout,
}

const KINDS: [(&str, Kind); 5] = [
    ("email", Kind::Email),
    ("webhook", Kind::Webhook),
    ("command", Kind::Command),
    ("maildir", Kind::Maildir),
    ("stdout", Kind::Stdout),
];
const FORMATS: [(&str, Format); 9] = [
    ("standard", Format::Standard),
    ("slack", Format::Slack),
    ("discord", Format::Discord),
    ("teams", Format::Teams),
    ("mattermost", Format::Mattermost),
    ("telegram", Format::Telegram),
    ("ntfy", Format::Ntfy),
    ("matrix", Format::Matrix),
    ("template", Format::Template),
];
/// Which kinds of channel a key is for.
const MEANT_FOR: [(&str, &[Kind]); 18] = [
    ("from", &[Kind::Email, Kind::Maildir]),
    ("to", &[Kind::Email, Kind::Maildir]),
    ("smtp", &[Kind::Email]),
    ("password_file", &[Kind::Email]),
    ("password_credential", &[Kind::Email]),
    ("unsubscribe", &[Kind::Email]),
    ("url", &[Kind::Webhook]),
    ("url_file", &[Kind::Webhook]),
    ("url_credential", &[Kind::Webhook]),
    ("format", &[Kind::Webhook]),
    ("secret_file", &[Kind::Webhook]),
    ("secret_credential", &[Kind::Webhook]),
    ("headers", &[Kind::Webhook]),
    ("allow_private", &[Kind::Webhook]),
    ("timeout", &[Kind::Webhook, Kind::Command]),
    ("command", &[Kind::Command]),
    ("path", &[Kind::Maildir]),
    ("template", &[Kind::Email, Kind::Maildir, Kind::Webhook]),
];
/// The name of a digest that was given none.
const UNNAMED: &str = "digest";
const FLOOD: Flood = Flood { max: 60, per: Duration::from_hours(1) };
const STORIES_MAX: u32 = 100;

/// What a channel without its own word takes over.
pub(super) struct Defaults<'a> {
    pub mail: &'a Mail,
    pub zone: &'a TimeZone,
    pub data_dir: &'a Path,
}

/// The channel, or `None` where it cannot be one; its digests are returned even then, so that references to them are known.
pub(super) fn channel(table: &Table<'_>, id: &str, defaults: &Defaults<'_>) -> (Vec<DigestPlan>, Option<Channel>) {
    let kind = table.choice("type", &KINDS);
    let kind = table.require("type", kind, "write type = \"email\", webhook, command, maildir or stdout");
    let zone = table.parsed("time_zone", time::zone).unwrap_or_else(|| defaults.zone.clone());
    let digests = digests(table);
    let quiet = quiet(table, &digests);
    let flood = flood(table);
    let rate = pace::rate(table);
    let retries = pace::retries(table);
    later(table);
    if let Some(kind) = kind {
        for (key, kinds) in MEANT_FOR {
            table.pass(key);
            if table.typed(key) && !kinds.contains(&kind) {
                let name = |kind: &Kind| KINDS.iter().find(|(_, k)| k == kind).map_or("", |(name, _)| name);
                let names = kinds.iter().map(name).collect::<Vec<_>>().join(" or ");
                let what = format!("`{key}` is for a channel of type {names}, this is of type {}", name(&kind));
                table.fault_at_key(key, Code::Conflict, what, None);
            }
        }
    } else {
        for (key, _) in MEANT_FOR {
            table.pass(key);
        }
    }
    let way_out = match kind {
        Some(Kind::Email) => email(table, defaults.mail).map(ChannelKind::Email),
        Some(Kind::Webhook) => webhook(table).map(ChannelKind::Webhook),
        Some(Kind::Command) => command(table),
        Some(Kind::Maildir) => Some(ChannelKind::Maildir(maildir(table, defaults))),
        Some(Kind::Stdout) => Some(ChannelKind::Stdout),
        None => None,
    };
    let templates = match kind {
        Some(Kind::Email | Kind::Maildir) => template::of_mail(table),
        _ => MailTemplates::default(),
    };
    let channel = ChannelId::new(id).ok().zip(way_out).map(|(id, kind)| {
        let rate = rate.unwrap_or_else(|| pace::usual(&kind));
        let digests = digests.clone();
        Channel { digests, quiet, flood, rate, retries, templates, ..Channel::plain(id, kind, zone) }
    });
    if let Some(channel) = &channel {
        template::check(table, channel);
    }
    (digests, channel)
}

/// The channels of a fresh install: it sends to nobody.
pub(super) fn implicit(defaults: &Defaults<'_>) -> Vec<Channel> {
    let plain = |id: &str, kind: ChannelKind| {
        let id = ChannelId::new(id).ok()?;
        Some(Channel { flood: Some(FLOOD), ..Channel::plain(id, kind, defaults.zone.clone()) })
    };
    let outbox = Maildir {
        path: defaults.data_dir.join("outbox"),
        from: defaults.mail.from.clone().unwrap_or_else(|| "wirewatch@localhost".into()),
        to: "outbox@localhost".into(),
    };
    [plain("stdout", ChannelKind::Stdout), plain("outbox", ChannelKind::Maildir(outbox))]
        .into_iter()
        .flatten()
        .collect()
}

fn email(table: &Table<'_>, mail: &Mail) -> Option<Email> {
    let typed = table.list("to", |_, typed| address::mailbox(typed));
    if !table.has("to") {
        table.require("to", None::<()>, "write to = [\"desk@example.org\"]");
    } else if table.is_empty_list("to") {
        table.fault("to", Code::Missing, "`to` names nobody", Some("write to = [\"desk@example.org\"]".into()));
    }
    let mut to: Vec<String> = vec![];
    for address in typed {
        if !to.contains(&address) {
            to.push(address);
        }
    }
    let from = table.parsed("from", address::mailbox).or_else(|| mail.from.clone());
    let unsubscribe = unsubscribe(table).or_else(|| mail.unsubscribe.clone());
    let way = way(table, mail.way.as_ref());
    if way.is_none() && !table.has("smtp") && !table.tree.has("mail.smtp") {
        let hint = "write smtp = \"smtps://user@mail.example.org\" here or in [mail], or smtp = \"sendmail\"";
        table.require("smtp", None::<()>, hint);
    }
    let Way { relay, user, unreadable } = way?;
    if let Some(user) = user.filter(|_| !unreadable) {
        let hint = "add password_file = \"…\" or password_credential = \"…\"";
        table.fault(
            "smtp",
            Code::Missing,
            format!("there is no password for the user {}", quote(&user)),
            Some(hint.into()),
        );
    }
    let first = to.first()?;
    let from = from.unwrap_or_else(|| format!("wirewatch@{}", sender_domain(&relay, first)));
    Some(Email { from, to, relay, unsubscribe })
}

/// Where a sender that nobody named belongs: a local program knows its own host, a relay serves the reader's domain.
fn sender_domain<'a>(relay: &Relay, first: &'a str) -> &'a str {
    match relay {
        Relay::Sendmail { .. } => "localhost",
        Relay::Smtp { .. } => address::domain(first),
    }
}

fn webhook(table: &Table<'_>) -> Option<Webhook> {
    let format = table.choice("format", &FORMATS);
    let template = template::of_webhook(table, format);
    let url = webhook_url(table);
    let secrets = secrets(table);
    let mut headers = headers(table);
    let bounds = Duration::from_secs(1)..=Duration::from_mins(5);
    let timeout = table.duration_in("timeout", bounds).unwrap_or(Duration::from_secs(15));
    let allow_private = table.flag("allow_private").unwrap_or(false);
    let web = url?;
    if format == Some(Format::Telegram) && !web.url.query_pairs().any(|(key, _)| key == "chat_id") {
        let hint = "write https://api.telegram.org/bot…/sendMessage?chat_id=…";
        table.fault("format", Code::Missing, "telegram wants a chat_id in the URL", Some(hint.into()));
    }
    if let Some((user, password)) = &web.login {
        let hint = "take the address from url_file = \"…\"";
        if table.has("url") {
            table.fault("url", Code::SecretInUrl, "credentials stand in the URL", Some(hint.into()));
        }
        if headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            let what = "the address has credentials, and the headers have others";
            table.fault_at_key("headers", Code::Conflict, what, Some("keep one of them".into()));
        }
        headers.push(("Authorization".into(), address::basic(user, password)));
    }
    Some(Webhook {
        url: web.url,
        format: format.unwrap_or_default(),
        template,
        secrets,
        headers,
        timeout,
        allow_private,
    })
}

/// The address, from the configuration or — where it is as good as a password — from a file.
fn webhook_url(table: &Table<'_>) -> Option<address::Web> {
    let from_file = table.secret("url_file", "url_credential");
    let elsewhere = if table.has("url_file") { "url_file" } else { "url_credential" };
    match (table.has("url"), table.has(elsewhere)) {
        (true, true) => {
            table.fault_at_key(
                elsewhere,
                Code::Conflict,
                "the address is given twice",
                Some("keep one of them".into()),
            );
            None
        }
        (_, false) => {
            let typed = table.parsed("url", |typed| address::web(typed).map_err(|bad| bad.unquoted(typed)));
            table.require("url", typed, "write url = \"https://…\"")
        }
        (false, true) => address::web(from_file?.reveal())
            .map_err(|bad| {
                let what = "what stands there is not an http or https URL";
                table.fault(elsewhere, bad.code, what, None);
            })
            .ok(),
    }
}

/// `secret_file`: one, or a list of which the first is the newest.
fn secrets(table: &Table<'_>) -> Vec<Secret> {
    let found: Vec<(String, Option<Secret>)> = if let Some(ValueKind::Array(_)) = table.kind("secret_file") {
        let files = table.list("secret_file", |index, typed| Ok((format!("secret_file[{index}]"), typed.to_string())));
        let read = |(key, typed): (String, String)| {
            let at = table.at(&key);
            let secret = table.secret_file(&at, &table.absolute(&at, &typed));
            (at, secret)
        };
        files.into_iter().map(read).collect()
    } else {
        let key = if table.has("secret_credential") { "secret_credential" } else { "secret_file" };
        vec![(table.at(key), table.secret("secret_file", "secret_credential"))]
    };
    let mut secrets = vec![];
    for (at, secret) in found {
        let Some(secret) = secret else { continue };
        if let Some(encoded) = secret.reveal().strip_prefix("whsec_")
            && base64::engine::general_purpose::STANDARD.decode(encoded).is_err()
        {
            let hint = "whsec_ is followed by base64: whsec_$(openssl rand -base64 32)";
            let what = "the secret is not one of Standard Webhooks";
            table.tree.fault(&at, super::tree::Part::Value, Code::BadSecret, what, Some(hint.into()));
            continue;
        }
        secrets.push(secret);
    }
    secrets
}

fn command(table: &Table<'_>) -> Option<ChannelKind> {
    let argv = table.strings("command");
    let bounds = Duration::from_secs(1)..=Duration::from_hours(1);
    let timeout = table.duration_in("timeout", bounds).unwrap_or(Duration::from_secs(30));
    let hint = "write command = [\"/usr/local/bin/alert\", \"--loud\"]";
    if !table.has("command") || table.is_empty_list("command") {
        table.fault("command", Code::Missing, "there is no command", Some(hint.into()));
    }
    let program = argv.first()?;
    if !program.starts_with('/') {
        let what = format!("{} is not an absolute path", quote(program));
        table.refuse("command", Bad::new(Code::BadValue, what).hint(hint));
    }
    Some(ChannelKind::Command { argv, timeout })
}

fn maildir(table: &Table<'_>, defaults: &Defaults<'_>) -> Maildir {
    let to = match table.kind("to") {
        Some(ValueKind::Array(_)) => table.list("to", |_, typed| address::mailbox(typed)).join(", "),
        _ => table.parsed("to", address::mailbox).unwrap_or_default(),
    };
    Maildir {
        path: table.path("path").unwrap_or_else(|| defaults.data_dir.join("outbox")),
        from: table
            .parsed("from", address::mailbox)
            .or_else(|| defaults.mail.from.clone())
            .unwrap_or_else(|| "wirewatch@localhost".into()),
        to: if to.is_empty() { "outbox@localhost".into() } else { to },
    }
}

fn digests(table: &Table<'_>) -> Vec<DigestPlan> {
    let unnamed = match table.kind("digest") {
        Some(ValueKind::Table(map)) => map.values().any(|value| !matches!(value.kind, ValueKind::Table(_))),
        _ => false,
    };
    if unnamed {
        // `digest = { at = […] }`: a channel with one digest need not think of a name.
        table.table("digest", |plan| digest(plan, UNNAMED)).into_iter().collect()
    } else {
        table.named("digest", digest)
    }
}

fn digest(table: &Table<'_>, name: &str) -> DigestPlan {
    if let Err(error) = RuleId::new(name) {
        table.fault_here(Code::BadId, error.to_string(), None);
    }
    if name == FLOOD_DIGEST {
        let what = "a digest named \"flood\" is the summary of what comes beyond the channel's `flood`";
        table.fault_here(Code::Conflict, what, Some("give it another name".into()));
    }
    if table.has("template") {
        let hint = "write template.digest = { html = \"…\" } in the channel";
        table.fault_at_key("template", Code::Conflict, "templates stand in the channel", Some(hint.into()));
    }
    let mut times = table.list("at", |_, typed| time::time_of_day(typed));
    times.sort_unstable();
    times.dedup();
    let days = table.parsed("days", time::weekdays).map_or(Weekdays::ALL, Weekdays);
    let cron = table.parsed("cron", time::cron);
    let every = table.duration_in("every", Duration::from_mins(1)..=time::YEAR);
    let send_empty = table.flag("send_empty").unwrap_or(false);
    let stories_max = table.number("stories_max", 1..=10_000).unwrap_or(STORIES_MAX) as usize;
    let given = ["at", "cron", "every"].into_iter().filter(|key| table.has(key)).collect::<Vec<_>>();
    let hint = "write at = [\"08:00\"], cron = \"…\" or every = \"1h\"";
    match given[..] {
        [] => table.fault_here(Code::Missing, format!("the digest {} has no time", quote(name)), Some(hint.into())),
        [_] => {}
        [_, second, ..] => {
            let what = "a digest has one kind of time";
            table.fault_at_key(second, Code::Conflict, what, Some(format!("{hint}: one of them")));
        }
    }
    if table.has("days") && !table.has("at") {
        table.fault_at_key("days", Code::Conflict, "`days` goes with `at`", Some(hint.into()));
    }
    if table.is_empty_list("at") {
        table.fault("at", Code::Missing, "`at` has no time", Some(hint.into()));
    }
    let times = match (cron, every) {
        (Some(cron), _) => DigestTimes::Cron(cron),
        (_, Some(every)) => DigestTimes::Every(every),
        _ => DigestTimes::At { times, days },
    };
    DigestPlan { name: name.to_string(), times, send_empty, stories_max }
}

fn quiet(table: &Table<'_>, digests: &[DigestPlan]) -> Option<Quiet> {
    let modes = [("hold", QuietMode::Hold), ("drop", QuietMode::Drop), ("digest", QuietMode::Digest)];
    table
        .table("quiet", |quiet| {
            let from = quiet.parsed_time("from", time::time_of_day);
            let from = quiet.require("from", from, "write from = \"22:00\"");
            let to = quiet.parsed_time("to", time::time_of_day);
            let to = quiet.require("to", to, "write to = \"07:00\"");
            let mode = quiet.choice("mode", &modes).unwrap_or_default();
            if mode == QuietMode::Digest && digests.is_empty() {
                let hint = "add digest.morning = { at = [\"08:00\"] }, or write mode = \"hold\"";
                quiet.fault("mode", Code::Conflict, "this channel has no digest to put alerts into", Some(hint.into()));
            }
            let (from, to) = from.zip(to)?;
            if from == to {
                let what = "quiet hours that end as they begin are none";
                quiet.fault("to", Code::Conflict, what, Some("leave `quiet` out".into()));
            }
            Some(Quiet { from, to, mode })
        })
        .flatten()
}

fn flood(table: &Table<'_>) -> Option<Flood> {
    match table.kind("flood") {
        None => Some(FLOOD),
        Some(ValueKind::String(_)) => {
            table.parsed("flood", |typed| match typed {
                "off" => Ok(()),
                _ => Err(Bad::new(Code::BadValue, format!("{} is not a limit", quote(typed)))
                    .hint("write { max = 60, per = \"1h\" } or \"off\"")),
            });
            None
        }
        Some(_) => {
            let flood = table.table("flood", |flood| Flood {
                max: flood.number("max", 1..=1_000_000).unwrap_or(FLOOD.max),
                per: flood.duration_in("per", Duration::from_secs(1)..=time::YEAR).unwrap_or(FLOOD.per),
            });
            flood.or(Some(FLOOD))
        }
    }
}

fn later(table: &Table<'_>) {
    if table.typed("dkim") {
        table.pass("dkim");
        let hint = "have the relay sign what it passes on";
        table.fault_at_key("dkim", Code::Later, "`dkim` comes later", Some(hint.into()));
    }
}

/// Whether two names are one: `-` and `_` are the same letter.
pub(super) fn same_id(a: &str, b: &str) -> bool {
    a.replace('_', "-") == b.replace('_', "-")
}
