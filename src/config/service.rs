//! The tables that are there once: service, mail, fetch, archive, ledger, log.
//! In: a table. Out: its settings, defaults filled in. It names no channel: `rule` looks those up.

use super::address::{self, Mailer};
use super::bad::Bad;
use super::code::Code;
use super::file::quote;
use super::settings::{Database, Fetch, Log, LogFormat, LogLevel};
use super::table::Table;
use super::time;
use crate::model::{Relay, Secret, Tls, limits};
use jiff::tz::TimeZone;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

const DATA_DIR: &str = "/var/lib/wirewatch";
/// A lower bound would keep everything from being told.
pub(super) const MAX_AGE: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(36_500 * 24);

/// `[service]` without what refers to channels: those strings are kept with their index.
pub(super) struct Service {
    pub data_dir: PathBuf,
    pub database: Database,
    pub time_zone: TimeZone,
    /// `notify` as typed; `None`: not there.
    pub notify: Option<Vec<(usize, String)>>,
    /// `channels` as typed; `None`: not there.
    pub channels: Option<Vec<(usize, String)>>,
}

pub(super) fn service(table: &Table<'_>) -> Service {
    let data_dir = table.path("data_dir").unwrap_or_else(|| DATA_DIR.into());
    let database =
        table.parsed("database", |typed| match typed {
            "sqlite" => Ok(()),
            _ if typed.starts_with("postgres://") || typed.starts_with("postgresql://") => {
                Err(Bad::new(Code::Later, "PostgreSQL comes later").hint("write database = \"sqlite\""))
            }
            _ => Err(Bad::new(Code::BadValue, format!("{} is not a database", quote(typed)))
                .hint("write database = \"sqlite\"")),
        });
    let _ = database;
    Service {
        database: Database::Sqlite(data_dir.join("wirewatch.db")),
        data_dir,
        time_zone: table.parsed("time_zone", time::zone).unwrap_or(TimeZone::UTC),
        notify: routes(table, "notify"),
        channels: routes(table, "channels"),
    }
}

/// References to channels as typed, with their index in the list; `None` where the key is not there.
pub(super) fn routes(table: &Table<'_>, key: &'static str) -> Option<Vec<(usize, String)>> {
    table.has(key).then(|| table.list(key, |index, typed| Ok((index, typed.to_string()))))
}

/// The defaults of e-mail channels.
#[derive(Default)]
pub(super) struct Mail {
    pub from: Option<String>,
    pub way: Option<Way>,
    pub unsubscribe: Option<String>,
}

/// A way to the mail system.
#[derive(Clone)]
pub(super) struct Way {
    pub relay: Relay,
    /// A user name that still wants its password.
    pub user: Option<String>,
    /// Whether its password was named and could not be read: that is told already.
    pub unreadable: bool,
}

pub(super) fn mail(table: &Table<'_>) -> Mail {
    Mail { from: table.parsed("from", address::mailbox), way: way(table, None), unsubscribe: unsubscribe(table) }
}

pub(super) fn unsubscribe(table: &Table<'_>) -> Option<String> {
    table.parsed("unsubscribe", address::mailbox)
}

/// The way to the mail system that a table names by `smtp` and its password; what it leaves out is as in `above`.
pub(super) fn way(table: &Table<'_>, above: Option<&Way>) -> Option<Way> {
    let typed = table.parsed("smtp", address::mailer);
    let password = table.secret("password_file", "password_credential");
    let key = ["password_file", "password_credential"].into_iter().find(|key| table.has(key));
    let mut way = match typed {
        Some(mailer) => {
            warn(table, &mailer);
            let inherited = above.filter(|_| key.is_none()).and_then(|above| same_login(above, &mailer));
            let way = Way { relay: mailer.relay, user: mailer.user, unreadable: false };
            inherited.map_or(way.clone(), |password| way.with(password))
        }
        None if table.has("smtp") => return None,
        None => above?.clone(),
    };
    let Some(key) = key else { return Some(way) };
    match (&way.relay, &way.user) {
        (Relay::Smtp { login: Some(_), .. }, _) if table.has("smtp") => {
            let hint = "take the password out of the URL";
            table.fault("smtp", Code::Conflict, "the password is given twice", Some(hint.into()));
        }
        (Relay::Smtp { login: None, .. }, None) | (Relay::Sendmail { .. }, _) => {
            let hint = "write the user name into the URL: smtps://user@mail.example.org";
            table.fault_at_key(key, Code::Conflict, "a password without a user name", Some(hint.into()));
        }
        _ => {}
    }
    way.unreadable = password.is_none();
    Some(password.map_or(way.clone(), |password| way.with(password)))
}

impl Way {
    /// With a password for its user, whether or not it has one already.
    fn with(mut self, password: Secret) -> Self {
        if let Relay::Smtp { login, .. } = &mut self.relay {
            let user = self.user.take().or(login.take().map(|(user, _)| user));
            *login = user.map(|user| (user, password));
        }
        self
    }
}

/// The password of the way above, if it is for the same user at the same host: no password goes to another one.
fn same_login(above: &Way, mailer: &Mailer) -> Option<Secret> {
    match (&above.relay, &mailer.relay, &mailer.user) {
        (Relay::Smtp { host: a, login: Some((above, password)), .. }, Relay::Smtp { host: b, .. }, Some(user)) => {
            (a == b && above == user).then(|| password.clone())
        }
        _ => None,
    }
}

fn warn(table: &Table<'_>, mailer: &Mailer) {
    let Relay::Smtp { tls, login, .. } = &mailer.relay else { return };
    if login.is_some() {
        let hint = "use password_file or password_credential";
        table.fault("smtp", Code::SecretInUrl, "the password stands in the URL", Some(hint.into()));
    }
    if !mailer.loopback && matches!(tls, Tls::None | Tls::Opportunistic) {
        let what = if login.is_some() || mailer.user.is_some() {
            "the password may travel in the clear"
        } else {
            "mail may travel in the clear"
        };
        table.fault("smtp", Code::InTheClear, what, Some("leave ?tls= out: STARTTLS is then required".into()));
    }
}

pub(super) fn fetch(table: &Table<'_>) -> Fetch {
    let allow_private = table.list("allow_private", |_, typed| address::network(typed));
    let least = if allow_private.is_empty() { limits::EVERY_MIN } else { Duration::from_secs(1) };
    let every = table.duration_in("every", least..=time::YEAR).unwrap_or(Duration::from_mins(15));
    let every_max = table.duration_in("every_max", least..=time::YEAR).unwrap_or(Duration::from_hours(6).max(every));
    if every > every_max {
        let what = format!("every_max ({}) is less than every ({})", time::in_words(every_max), time::in_words(every));
        table.fault("every_max", Code::Conflict, what, None);
    }
    let body_bytes_max = table.size("body_max").unwrap_or(limits::BODY_BYTES_MAX);
    let bodies_bytes_max = table.size("body_total_max").unwrap_or(limits::BODIES_BYTES_MAX.max(body_bytes_max));
    if body_bytes_max > bodies_bytes_max {
        let what = "body_total_max is less than body_max: a body of that size could never be read";
        table.fault("body_total_max", Code::Conflict, what, None);
    }
    Fetch {
        every,
        every_max,
        user_agent_contact: table.parsed("user_agent_contact", contact),
        allow_private,
        bodies_bytes_max,
        body_bytes_max,
        max_age: table.duration_in("max_age", MAX_AGE).unwrap_or(Duration::from_hours(7 * 24)),
        concurrency: table.number("concurrency", 1..=1024).unwrap_or(16) as usize,
    }
}

/// A mail address or a web page.
fn contact(typed: &str) -> super::bad::Typed<String> {
    if typed.contains("://") {
        return address::web(typed).map(|web| web.url.to_string());
    }
    address::mailbox(typed).map_err(|bad| bad.hint("write a mail address or a web page"))
}

/// `keep` of `[archive]` and `[ledger]`.
pub(super) fn keep(table: &Table<'_>, days: u64) -> Duration {
    let bounds = Duration::from_hours(24)..=Duration::from_hours(36_500 * 24);
    table.duration_in("keep", bounds).unwrap_or(Duration::from_hours(days * 24))
}

pub(super) fn log(table: &Table<'_>) -> Log {
    let formats = [
        ("auto", LogFormat::Auto),
        ("text", LogFormat::Text),
        ("json", LogFormat::Json),
        ("journal", LogFormat::Journal),
    ];
    let levels = [
        ("error", LogLevel::Error),
        ("warn", LogLevel::Warn),
        ("info", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("trace", LogLevel::Trace),
    ];
    Log {
        format: table.choice("format", &formats).unwrap_or_default(),
        level: table.choice("level", &levels).unwrap_or_default(),
    }
}
