//! The configuration: what was typed — files, environment — becomes validated [`Settings`], or faults with their places.
//! In: a path and the environment. Out: settings without fault, and every fault at once. Secrets are read, never shown.
//!
//! # Layout
//! `file` what was read · `syntax` TOML and what is wrong with it · `layer` it and the environment as layers of the `config`
//! crate · `tree` the merged tree, places and faults · `table` readers of typed values · `time` `size` `address` `secret` single
//! values · `service` `source` `watch` `channel` `rule` the tables · `literal` places inside of TOML strings · `fault` `code`
//! what is wrong · `changes` two settings compared

mod address;
mod bad;
mod changes;
mod channel;
mod code;
mod fault;
mod file;
mod layer;
mod literal;
mod nearest;
mod read;
mod rule;
mod secret;
mod service;
mod settings;
mod size;
mod source;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod tree;
mod was;
mod watch;
mod web;

pub use changes::changes;
pub use code::Code;
pub use fault::{Excerpt, Fault, Severity, summary};
pub use nearest::nearest;
pub use settings::{Database, Fetch, Log, LogFormat, LogLevel, Mail, Service, Settings, Web};

use crate::matching::LINTS;
use crate::model::{ChannelId, Named, WatchKind};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tree::Tree;
use was::Was;

/// Where the configuration is when nobody says so.
pub const DEFAULT_PATH: &str = "/etc/wirewatch";
const KINDS: [(&str, WatchKind); 3] =
    [("organization", WatchKind::Organization), ("official", WatchKind::Official), ("keyword", WatchKind::Keyword)];

/// Faults of one lint that are told; the rest is counted.
const LINTS_TOLD: usize = 20;

/// What became of a configuration.
#[derive(Debug)]
pub struct Loaded {
    /// The settings; `None` if there is an error among the faults.
    pub settings: Option<Settings>,
    /// Every fault, by file and line; warnings too.
    pub faults: Vec<Fault>,
    /// The files that were read, in the order of merging.
    pub files: Vec<PathBuf>,
    /// The directory (or file) to watch for changes.
    pub path: PathBuf,
}

/// A fault inside of a typed string, as the matcher finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFault {
    /// `rule`, `organization`, `official`, `keyword` or `list`.
    pub table: &'static str,
    /// The table's id, as typed or with `-` for `_`.
    pub id: String,
    /// `query`, `any`, `names` …
    pub key: &'static str,
    /// Which string of a list.
    pub index: Option<usize>,
    /// Bytes of the string's value.
    pub span: std::ops::Range<usize>,
    /// `E2xx`: the configuration is refused; `W2xx`: a warning.
    pub code: &'static str,
    /// What is wrong, in words.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Loads the configuration: a directory with `wirewatch.toml` and `conf.d/*.toml`, or one file; without a path, the one that
/// `WIREWATCH_CONFIG` names, else [`DEFAULT_PATH`]. `env` is the whole environment of the process.
#[must_use]
pub fn load(path: Option<&Path>, env: &[(String, String)]) -> Loaded {
    load_with(path, env, |_| vec![])
}

/// As [`load`]; `queries` finds what is wrong with names and queries, and each of its faults is told at its place inside of the
/// typed string. Where syntax is so broken that the settings may lack anything, what may only follow from that is not told.
#[must_use]
pub fn load_with(
    path: Option<&Path>,
    env: &[(String, String)],
    queries: impl FnOnce(&Settings) -> Vec<QueryFault>,
) -> Loaded {
    let variable = |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let path = match (path, variable("WIREWATCH_CONFIG")) {
        (Some(path), _) => path.to_path_buf(),
        (None, Some(named)) if !named.is_empty() => PathBuf::from(named),
        (None, _) => PathBuf::from(DEFAULT_PATH),
    };
    let (mut layers, files) = read::files(&path);
    layers.add_env(env, &read::absolute(if path.is_dir() { &path } else { path.parent().unwrap_or(&path) }));
    let tree = Tree::new(layers, variable("CREDENTIALS_DIRECTORY").map(PathBuf::from));
    let settings = settings(&tree);
    let faults = with_queries(&tree, tree.faults(), queries(&settings));
    let sound = faults.iter().all(|fault| fault.severity == Severity::Warning);
    Loaded { settings: sound.then_some(settings), faults, files, path }
}

/// A CSS selector as typed in the configuration or on the command line.
///
/// # Errors
/// What is wrong with it, in words.
pub fn selector(typed: &str) -> Result<String, String> {
    size::selector(typed).map_err(|bad| bad.what)
}

/// A duration as typed in the configuration or on the command line: `15m`, `1h30m`, `2d`.
///
/// # Errors
/// What is wrong with it, and what to write, in words.
pub fn duration(typed: &str) -> Result<std::time::Duration, String> {
    time::duration(typed).map_err(|bad| match bad.hint {
        Some(hint) => format!("{}: {hint}", bad.what),
        None => bad.what,
    })
}

/// The settings as far as they can be read; each thing that cannot is a fault of the tree.
fn settings(tree: &Tree) -> Settings {
    let service = tree.section("service", service::service);
    let mail = tree.section("mail", service::mail);
    let fetch = tree.section("fetch", service::fetch);
    let archive_keep = tree.section("archive", |table| service::keep(table, 90));
    let ledger_keep = tree.section("ledger", |table| service::keep(table, 5 * 365));
    let web = tree.section("web", web::web);
    let log = tree.section("log", service::log);

    let defaults = channel::Defaults { mail: &mail, zone: &service.time_zone, data_dir: &service.data_dir };
    let mut known = vec![];
    let mut channels = vec![];
    let mut was = Was::default();
    tree.each("channel", |table, id| {
        was.note(table, id, Named::Channel);
        let (digests, channel) = channel::channel(table, id, &defaults);
        known.extend(ChannelId::new(id).ok().map(|id| (id, digests)));
        channels.extend(channel);
    });
    let implicit = known.is_empty();
    if implicit {
        channels = channel::implicit(&defaults);
        known = channels.iter().map(|channel| (channel.id.clone(), vec![])).collect();
    }
    let mut ways = rule::Channels::new(known);
    let notify = rule::service(tree, &mut ways, &channels, implicit, &service);

    let sources = tree.each("source", |table, id| {
        was.note(table, id, Named::Source);
        source::source(table, id, &fetch, &service.time_zone)
    });
    let mut named = vec![];
    let mut own = vec![];
    let mut watches = vec![];
    for (table_name, kind) in KINDS {
        tree.each(table_name, |table, id| {
            named.push((id.to_string(), table_name));
            was.note(table, id, Named::Watch);
            own.extend(rule::own(table, id, &ways));
            watches.extend(watch::watch(table, id, kind));
        });
    }
    let lists = tree.each("list", |table, id| {
        named.push((id.to_string(), "list"));
        was.note(table, id, Named::Watch);
        own.extend(rule::own(table, id, &ways));
        watch::list(table, id)
    });
    let rules = tree.each("rule", |table, id| {
        was.note(table, id, Named::Rule);
        rule::rule(table, id, &ways)
    });
    let rules: Vec<_> = rules.into_iter().flatten().chain(own).collect();
    rule::references(tree, &named, &rules);

    let domain = mail.from.as_deref().map_or("localhost", address::domain).to_string();
    Settings {
        service: Service {
            data_dir: service.data_dir,
            database: service.database,
            time_zone: service.time_zone,
            notify,
            channels: ways.default,
        },
        mail: Mail { from: mail.from, domain },
        fetch,
        archive_keep,
        ledger_keep,
        web,
        log,
        sources: sources.into_iter().flatten().collect(),
        watches,
        lists: lists.into_iter().flatten().collect(),
        rules,
        renames: was.settle(tree),
        channels,
    }
}

/// Names or queries that are missing: the tables say so themselves, in words of their own.
const SAID_BY_TABLES: [&str; 2] = ["E220", "E222"];

/// Adds the matcher's faults; where the tree has told of a place already, its word stands.
fn with_queries(tree: &Tree, mut faults: Vec<Fault>, found: Vec<QueryFault>) -> Vec<Fault> {
    let told: Vec<Fault> = faults.iter().filter(|fault| fault.severity == Severity::Error).cloned().collect();
    let follows = |fault: &QueryFault| match fault.code {
        code if LINTS.contains(&code) => tree.broken() || tree.allows(fault),
        code if code.starts_with('W') => tree.allows(fault),
        code if SAID_BY_TABLES.contains(&code) => tree.broken() || !told.is_empty(),
        "E210" => tree.mentioned(fault).is_some_and(|id| tree.may_hold(&id)),
        _ => false,
    };
    for fault in found.into_iter().filter(|fault| !follows(fault)) {
        let fault = tree.query_fault(fault);
        let covers = |told: &Fault| {
            let here = told.code == Code::Syntax.as_str() || (told.col..told.col + told.len).contains(&fault.col);
            (&told.file, told.line) == (&fault.file, fault.line) && here
        };
        if !told.iter().any(covers) {
            faults.push(fault);
        }
    }
    tree.sort(&mut faults);
    few(faults)
}

/// Of each lint, the first so many; how many more there are is said of the last of them.
fn few(faults: Vec<Fault>) -> Vec<Fault> {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    let mut kept: Vec<Fault> = vec![];
    for fault in faults {
        let count = counts.entry(fault.code).or_default();
        *count += 1;
        if *count <= LINTS_TOLD || !LINTS.contains(&fault.code) {
            kept.push(fault);
        }
    }
    for (code, count) in counts.into_iter().filter(|(code, count)| LINTS.contains(code) && *count > LINTS_TOLD) {
        if let Some(last) = kept.iter_mut().rev().find(|fault| fault.code == code) {
            last.what = format!("{} — and {} more like it", last.what, count - LINTS_TOLD);
        }
    }
    kept
}
