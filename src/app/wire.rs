//! Settings into parts: the plan that the loops follow, the rows that the store adopts, the edges. Pure but for reading list files.

use super::watch::Look;
use crate::clock::Clock;
use crate::config::{self, Fault, QueryFault, Settings};
use crate::deliver;
use crate::fetch::{self, Roots};
use crate::lists;
use crate::matching;
use crate::model::limits::FLOOD_DIGEST;
use crate::model::{List, ListId};
use crate::schedule::{self, next_window};
use crate::store::{Adoption, Kept, SourceSeed, WindowKey, WindowSeed};
use crate::text::ticket;
use crate::worker::{Plan, Reach, Versions};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Keys of entries are remembered for so long after the feed has stopped showing them.
const KEYS_KEPT: Duration = Duration::from_hours(2160);

/// A configuration without an error, ready to run.
pub struct Accepted {
    /// The settings, their lists read.
    pub settings: Settings,
    /// All names and rules, compiled.
    pub index: matching::Index,
    /// What it stands with: warnings.
    pub faults: Vec<Fault>,
    /// Its files, as they were before they were read.
    pub(super) looked: Look,
}

/// How far the loading of a configuration has come.
#[derive(Debug, Clone, Copy)]
pub enum Loading<'a> {
    /// Its lists are being read.
    Reading {
        /// Which one.
        list: &'a ListId,
        /// Bytes that were read.
        read: u64,
        /// Bytes of its file.
        total: u64,
    },
    /// So many rows of lists were read; they and the rules are being compiled.
    Compiling(usize),
}

/// Loads a configuration, reads its lists and compiles its rules.
///
/// # Errors
/// Every fault, warnings too, if one of them is an error.
pub fn accept(path: &Path, environment: &[(String, String)]) -> Result<Accepted, Vec<Fault>> {
    accept_with(path, environment, &|_| {})
}

/// As [`accept`], which may take seconds where lists are long: `progress` is told how far it has come.
///
/// # Errors
/// As those of [`accept`].
pub fn accept_with(
    path: &Path,
    environment: &[(String, String)],
    progress: &dyn Fn(Loading<'_>),
) -> Result<Accepted, Vec<Fault>> {
    judge(path, environment, None, progress)
}

/// As [`accept_with`], and also says which names and queries will hardly do what their writer means.
///
/// # Errors
/// As those of [`accept`].
pub fn check(
    path: &Path,
    environment: &[(String, String)],
    now: Timestamp,
    progress: &dyn Fn(Loading<'_>),
) -> Result<Accepted, Vec<Fault>> {
    judge(path, environment, Some(now), progress)
}

fn judge(
    path: &Path,
    environment: &[(String, String)],
    lint_at: Option<Timestamp>,
    progress: &dyn Fn(Loading<'_>),
) -> Result<Accepted, Vec<Fault>> {
    let mut compiled = None;
    let mut lists = vec![];
    let mut looked = Look::at(path);
    let loaded = config::load_with(Some(path), environment, |settings| {
        for list in &settings.lists {
            looked.add(&list.file);
        }
        let (read, mut faults) = read_lists(&settings.lists, progress);
        lists = read;
        progress(Loading::Compiling(lists.iter().map(|list| list.rows.len()).sum()));
        match matching::compile(&settings.watches, &lists, &settings.rules, &settings.service.time_zone) {
            Ok(index) => {
                faults.extend(index.lints().iter().cloned().map(typed));
                compiled = Some(index);
            }
            Err(found) => faults.extend(found.into_iter().map(typed)),
        }
        if let Some(now) = lint_at {
            let desk = matching::Desk {
                watches: &settings.watches,
                lists: &lists,
                rules: &settings.rules,
                sources: &settings.sources,
                today: now.to_zoned_datetime(settings.service.time_zone.clone()).date(),
            };
            faults.extend(matching::lints(&desk).into_iter().map(typed));
        }
        faults
    });
    match (loaded.settings, compiled) {
        (Some(mut settings), Some(index)) => {
            settings.lists = lists;
            Ok(Accepted { settings, index, faults: loaded.faults, looked })
        }
        _ => Err(loaded.faults),
    }
}

fn read_lists(lists: &[List], progress: &dyn Fn(Loading<'_>)) -> (Vec<List>, Vec<QueryFault>) {
    let mut faults = vec![];
    let mut read = lists.to_vec();
    // A list without a file has a fault of its own.
    for list in read.iter_mut().filter(|list| !list.file.as_os_str().is_empty()) {
        let mut fault = |code, what, hint: Option<&str>| {
            let (id, hint) = (list.id.to_string(), hint.map(ToString::to_string));
            faults.push(QueryFault { table: "list", id, key: "file", index: None, span: 0..0, code, what, hint });
        };
        let file = list.file.display();
        match lists::read(list, &|read, total| progress(Loading::Reading { list: &list.id, read, total })) {
            Err(bad) => fault("E290", format!("{file} {bad}"), bad.hint()),
            Ok(found) => {
                for bad in &found.faults {
                    fault("W290", format!("{file}:{}: {}", bad.line, bad.what), None);
                }
                if found.more_faults > 0 {
                    fault("W290", format!("{file}: {} more lines could not be read", found.more_faults), None);
                }
                list.rows = Arc::new(found.rows);
                list.edition = found.edition;
            }
        }
    }
    (read, faults)
}

fn typed(fault: matching::Fault) -> QueryFault {
    let matching::Fault { place, span, code, what, hint } = fault;
    QueryFault { table: place.table, id: place.id, key: place.key, index: place.index, span, code, what, hint }
}

/// The plan of a configuration.
#[must_use]
pub fn plan(settings: &Settings, index: matching::Index, settles: bool) -> Plan {
    Plan {
        sources: settings.sources.iter().map(|source| (source.id.clone(), Arc::new(source.clone()))).collect(),
        index: Arc::new(index),
        rules: settings.rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect(),
        asks_language: Plan::asks_language(&settings.watches, &settings.lists, &settings.rules),
        channels: settings.channels.iter().map(|channel| (channel.id.clone(), channel.clone())).collect(),
        notify: settings.service.notify.clone(),
        latin_names: Plan::latin_names(&settings.watches),
        reach: Reach::of(&settings.watches, &settings.lists, &settings.rules),
        versions: Versions::of(&settings.watches, &settings.lists, &settings.rules),
        policy: schedule::Policy { every_max: settings.fetch.every_max },
        max_age: settings.fetch.max_age,
        kept: Kept { articles: settings.archive_keep, ledger: settings.ledger_keep, keys: KEYS_KEPT },
        concurrency: settings.fetch.concurrency,
        settles,
    }
}

/// What the store is to know of a configuration.
#[must_use]
pub fn adoption(settings: &Settings, now: Timestamp, release_claims: bool) -> Adoption {
    let sources = settings
        .sources
        .iter()
        .map(|source| SourceSeed {
            id: source.id.clone(),
            url: source.url.to_string(),
            first_check_at: now,
            latest_check_at: schedule::due_by(&source.cadence, now),
        })
        .collect();
    let windows = settings
        .channels
        .iter()
        .flat_map(|channel| channel.digests.iter().map(move |digest| (channel, digest)))
        .filter_map(|(channel, digest)| {
            let key = WindowKey { channel: channel.id.clone(), digest: digest.name.clone() };
            Some(WindowSeed { key, due_at: next_window(&digest.times, &channel.zone, now)? })
        })
        .chain(settings.channels.iter().map(|channel| {
            // It waits for the first alert beyond the limit; also where the limit was taken out, for those that wait.
            let key = WindowKey { channel: channel.id.clone(), digest: FLOOD_DIGEST.into() };
            WindowSeed { key, due_at: Timestamp::MAX }
        }))
        .collect();
    let rates = settings.channels.iter().filter_map(|channel| Some((channel.id.clone(), channel.rate?))).collect();
    Adoption { now, sources, windows, rates, renames: settings.renames.clone(), release_claims }
}

/// How documents are fetched.
#[must_use]
pub fn fetch_options(settings: &Settings) -> fetch::Options {
    let fetch = &settings.fetch;
    // Where everything stands on loopback in plain HTTP no certificates are needed: the demo runs on a bare machine.
    let local = |url: &url::Url| url.scheme() == "http" && url.host_str().is_some_and(|host| host == "127.0.0.1");
    let roots = if settings.sources.iter().all(|source| local(&source.url)) { Roots::Nobody } else { Roots::System };
    fetch::Options {
        allow_private: fetch.allow_private.clone(),
        body_bytes_max: fetch.body_bytes_max,
        bodies_bytes_max: fetch.bodies_bytes_max,
        fetches_max: fetch.concurrency,
        tls_roots: roots,
        ..fetch::Options::new(user_agent(fetch.user_agent_contact.as_deref()))
    }
}

/// How messages are delivered.
#[must_use]
pub fn deliver_options(settings: &Settings, clock: &Clock, key: Option<ticket::Key>) -> deliver::Options {
    deliver::Options {
        user_agent: user_agent(settings.fetch.user_agent_contact.as_deref()),
        message_id_domain: settings.mail.domain.clone(),
        extra_root: None,
        times: deliver::Times::default(),
        clock: clock.clone(),
        one_click: settings.web.public_url.clone().zip(key).map(|(base, key)| deliver::OneClick { base, key }),
    }
}

/// How we introduce ourselves.
#[must_use]
pub fn user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    contact.map_or_else(|| format!("wirewatch/{version}"), |contact| format!("wirewatch/{version} (+{contact})"))
}
