//! `[rule.ID]`, watches that are their own rule, and whom everything tells. In: tables, and the channels and ids there are.
//! Out: rules with their routes. Queries are kept as typed: the matcher reads them.

use super::channel::same_id;
use super::code::Code;
use super::file::quote;
use super::nearest::nearest;
use super::service::{Service, routes};
use super::table::{Table, not_blank};
use super::tree::{Part, Tree};
use super::watch::allow;
use crate::model::{Channel, ChannelId, DigestPlan, Route, Rule, RuleId, Severity};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

const SEVERITIES: [(&str, Severity); 3] =
    [("low", Severity::Low), ("normal", Severity::Normal), ("high", Severity::High)];
const SETTLE: Duration = Duration::from_mins(2);
const SETTLE_MAX: Duration = Duration::from_hours(24);
/// Mistyped ids whose meaning is looked for before a watch is called unused.
const MISTYPED_MAX: usize = 100;
/// Faults after which no near id is looked for any more.
const HINTS_MAX: usize = 100;

/// The channels there are, with their digests; those that are faulty count too, so that one fault is told once.
#[derive(Default)]
pub(super) struct Channels {
    known: Vec<(ChannelId, Vec<DigestPlan>)>,
    /// Where rules go that name no channel.
    pub default: Vec<Route>,
}

impl Channels {
    pub(super) fn new(known: Vec<(ChannelId, Vec<DigestPlan>)>) -> Self {
        Self { known, default: vec![] }
    }

    /// A reference as typed, `desk` or `desk/morning`; a fault at the path where it stands if there is no such thing.
    pub(super) fn route(&self, tree: &Tree, path: &str, typed: &str) -> Option<Route> {
        let (channel, digest) =
            typed.split_once('/').map_or((typed, None), |(channel, digest)| (channel, Some(digest)));
        let found = self.known.iter().find(|(id, _)| same_id(id.as_str(), channel));
        let fault = |missing: &str, what: String, near: Option<String>, all: String| {
            let hint = near.map(|near| format!("did you mean \"{near}\"?")).or((!all.is_empty()).then_some(all));
            if !tree.may_hold(missing) {
                tree.fault(path, Part::Value, Code::UnknownReference, what, hint);
            }
        };
        let Some((id, plans)) = found else {
            let ids = || self.known.iter().map(|(id, _)| id.as_str());
            let near =
                nearest(channel, ids()).map(|near| digest.map_or(near.into(), |digest| format!("{near}/{digest}")));
            let all = ids().take(20).collect::<Vec<_>>().join(", ");
            let all = if all.is_empty() {
                "there is none yet: write [channel.some-id]".into()
            } else {
                format!("there is {all}")
            };
            fault(channel, format!("there is no channel {}", quote(channel)), near, all);
            return None;
        };
        let Some(digest) = digest else { return Some(Route { channel: id.clone(), digest: None }) };
        if let Some(plan) = plans.iter().find(|plan| same_id(&plan.name, digest)) {
            return Some(Route { channel: id.clone(), digest: Some(plan.name.clone()) });
        }
        let names = || plans.iter().map(|plan| plan.name.as_str());
        let near = nearest(digest, names()).map(|near| format!("{channel}/{near}"));
        let all = names().map(|name| format!("\"{channel}/{name}\"")).collect::<Vec<_>>().join(", ");
        let all = if all.is_empty() { format!("it has none: write \"{channel}\"") } else { format!("it has {all}") };
        fault(digest, format!("the channel {} has no digest {}", quote(channel), quote(digest)), near, all);
        None
    }

    /// Each reference of a list; a second mention of the same is left out.
    fn routes(&self, tree: &Tree, path: &str, typed: &[(usize, String)]) -> Vec<Route> {
        let mut found: Vec<Route> = vec![];
        for (index, typed) in typed {
            if let Some(route) = self.route(tree, &format!("{path}[{index}]"), typed)
                && !found.contains(&route)
            {
                found.push(route);
            }
        }
        found
    }
}

/// `[service] channels` and `notify`: whom rules tell that name nobody, and who hears of the service itself.
pub(super) fn service(
    tree: &Tree,
    channels: &mut Channels,
    real: &[Channel],
    implicit: bool,
    typed: &Service,
) -> Vec<ChannelId> {
    channels.default = match &typed.channels {
        Some(typed) => channels.routes(tree, "service.channels", typed),
        // Nothing is in doubt where there is only one way out, or only those of a fresh install.
        None if implicit || channels.known.len() == 1 => {
            channels.known.iter().map(|(id, _)| Route { channel: id.clone(), digest: None }).collect()
        }
        None => vec![],
    };
    let Some(notify) = &typed.notify else {
        let mut ids: Vec<ChannelId> = vec![];
        for route in &channels.default {
            if !ids.contains(&route.channel) {
                ids.push(route.channel.clone());
            }
        }
        if ids.is_empty() && !real.is_empty() {
            let what = "nobody is told when a source fails or a message dies";
            tree.fault("service", Part::Key, Code::NobodyTold, what, Some("write [service] notify = [\"…\"]".into()));
        }
        return ids;
    };
    let mut ids = vec![];
    for (index, typed) in notify {
        let path = format!("service.notify[{index}]");
        let Some(route) = channels.route(tree, &path, typed) else { continue };
        if route.digest.is_some() {
            let what = "news of the service itself goes out at once, not in a digest";
            tree.fault(&path, Part::Value, Code::BadValue, what, Some(format!("write \"{}\"", route.channel)));
        }
        ids.push(route.channel);
    }
    ids
}

/// `[rule.ID]`.
pub(super) fn rule(table: &Table<'_>, id: &str, channels: &Channels) -> Option<Rule> {
    let query = table.string("query").map(str::to_string);
    let [any, all, none] = ["any", "all", "none"].map(|key| table.list(key, |_, typed| not_blank(typed)));
    let empty = |key| table.is_empty_list(key) || !table.typed(key);
    if !table.has("query") && empty("any") && empty("all") && !table.mistyped(&["query", "any", "all"]) {
        if table.has("none") && !table.is_empty_list("none") {
            let what = "a rule that only excludes would match nearly everything";
            let hint = "say what must be there: add query = '…', any = [\"…\"] or all = [\"…\"]";
            table.fault_at_key("none", Code::Missing, what, Some(hint.into()));
        } else {
            let what = format!("the rule {} says nothing: it has no `query`, `any` or `all`", quote(id));
            table.fault_here(Code::Missing, what, Some("add query = '…' or any = [\"@some-watch\"]".into()));
        }
    }
    if query.as_deref().is_some_and(|query| query.trim().is_empty()) {
        table.fault(
            "query",
            Code::BadValue,
            "query: it is empty",
            Some("write what must be there, or use any = [\"…\"]".into()),
        );
    }
    let telling = telling(table, channels, &format!("the rule {}", quote(id)));
    let inflect = table.flag("inflect").unwrap_or(false);
    allow(table);
    Some(Rule { query, any, all, none, inflect, ..telling.rule(RuleId::new(id).ok()?) })
}

/// A watch or list that carries `notify`: its own rule, with its id.
pub(super) fn own(table: &Table<'_>, id: &str, channels: &Channels) -> Option<Rule> {
    if !table.has("notify") {
        for key in ["title", "severity", "settle"] {
            table.pass(key);
            if table.typed(key) {
                let what = format!("`{key}` is for a watch that is its own rule");
                table.fault_at_key(key, Code::Conflict, what, Some("add notify = [\"…\"], or leave it out".into()));
            }
        }
        return None;
    }
    let telling = telling(table, channels, &quote(id));
    Some(Rule { any: vec![format!("@{id}")], ..telling.rule(RuleId::new(id).ok()?) })
}

/// What a rule and a watch that is its own rule have in common.
struct Telling {
    title: Option<String>,
    notify: Vec<Route>,
    severity: Severity,
    settle: Duration,
}

impl Telling {
    fn rule(self, id: RuleId) -> Rule {
        let Self { title, notify, severity, settle } = self;
        let (query, any, all, none, inflect) = (None, vec![], vec![], vec![], false);
        Rule { id, title, query, any, all, none, notify, severity, settle, inflect }
    }
}

fn telling(table: &Table<'_>, channels: &Channels, whose: &str) -> Telling {
    let severity = table.choice("severity", &SEVERITIES).unwrap_or_default();
    let usual = if severity == Severity::High { Duration::ZERO } else { SETTLE };
    let notify = match routes(table, "notify") {
        Some(typed) => channels.routes(table.tree, &table.at("notify"), &typed),
        None => channels.default.clone(),
    };
    if table.is_empty_list("notify") {
        let what = format!("{whose} tells nobody: its alerts are kept, not sent");
        table.fault("notify", Code::NobodyTold, what, Some("name a channel: notify = [\"…\"]".into()));
    } else if notify.is_empty() && !table.has("notify") && !table.tree.has("service.channels") {
        let what = format!("{whose} names no channel, and [service] channels names none for it");
        table.fault_here(
            Code::Missing,
            what,
            Some("add notify = [\"…\"] here, or channels = [\"…\"] to [service]".into()),
        );
    }
    let settle = table.duration_in("settle", Duration::ZERO..=SETTLE_MAX).unwrap_or(usual);
    Telling { title: table.words("title"), notify, severity, settle }
}

/// What watches, lists and rules say of each other: ids that are taken twice, ids that are not there, what no rule mentions.
pub(super) fn references(tree: &Tree, named: &[(String, &'static str)], rules: &[Rule]) {
    let mut kinds: HashMap<String, &'static str> = HashMap::new();
    let mut named: Vec<&(String, &'static str)> = named.iter().collect();
    named.sort_by_key(|(id, kind)| tree.order(&format!("{kind}.{}", id.replace('_', "-"))));
    for (id, kind) in &named {
        let (id, path) = (id.replace('_', "-"), format!("{kind}.{}", id.replace('_', "-")));
        if let Some(first) = kinds.get(&id) {
            let what = format!(
                "{} is an id already: of the {first} at {}",
                quote(&id),
                tree.line_of(&format!("{first}.{id}"))
            );
            let hint = format!("@{id} must be one thing: give this {kind} another id");
            tree.fault(&path, Part::Key, Code::DuplicateId, what, Some(hint));
        } else {
            kinds.insert(id, kind);
        }
    }
    let mut seen: HashSet<&RuleId> = HashSet::new();
    for rule in rules.iter().filter(|rule| !seen.insert(&rule.id)) {
        let id = rule.id.key();
        let what = format!("{} is a rule already, and this carries `notify`: it would be a second one", quote(&id));
        let path = kinds.get(&*id).map_or(format!("rule.{id}"), |kind| format!("{kind}.{id}.notify"));
        tree.fault(
            &path,
            Part::Key,
            Code::DuplicateId,
            what,
            Some("give one of them another id, or leave `notify` out".into()),
        );
    }
    let mut mentioned: HashSet<String> = HashSet::new();
    // As typed: what stands in a rule that has a fault of its own was meant, too.
    tree.strings("rule", &mut |text| mentions(text, &mut mentioned));
    for rule in rules {
        for (key, texts) in [("any", &rule.any), ("all", &rule.all), ("none", &rule.none)] {
            check(tree, &format!("rule.{}.{key}", rule.id.key()), texts, &kinds);
            for text in texts {
                mentions(text, &mut mentioned);
            }
        }
    }
    for (id, kind) in &named {
        let path = format!("{kind}.{}", id.replace('_', "-"));
        let with = tree.texts(&format!("{path}.with"));
        check(tree, &format!("{path}.with"), &with, &kinds);
        for text in &with {
            mentions(text, &mut mentioned);
        }
    }
    let mistyped: Vec<&String> = mentioned.iter().filter(|id| !kinds.contains_key(*id)).take(MISTYPED_MAX).collect();
    let meant: Vec<String> =
        mistyped.iter().filter_map(|id| nearest(id, kinds.keys().map(String::as_str))).map(str::to_string).collect();
    mentioned.extend(meant);
    for (id, kind) in named.iter().filter(|(id, _)| !mentioned.contains(&id.replace('_', "-"))) {
        let what = format!("no rule mentions @{id}: nothing is told of it");
        let hint = format!("add it to a rule, or notify = [\"…\"] to this {kind}");
        tree.fault(&format!("{kind}.{}", id.replace('_', "-")), Part::Key, Code::Unused, what, Some(hint));
    }
}

/// Strings of a list that are nothing but `@id` or `@list/row`, and lead nowhere. Other queries are the matcher's.
fn check(tree: &Tree, path: &str, texts: &[String], kinds: &HashMap<String, &'static str>) {
    for (index, text) in texts.iter().enumerate() {
        let Some(typed) = text.trim().strip_prefix('@') else { continue };
        let (id, row) = typed.split_once('/').map_or((typed, None), |(id, row)| (id, Some(row)));
        if RuleId::new(id).is_err() {
            continue;
        }
        let path = format!("{path}[{index}]");
        match (kinds.get(&id.replace('_', "-")), row) {
            (None, _) if tree.may_hold(id) => {}
            (None, _) => {
                let what = format!("there is no watch or list `@{id}`");
                // One lost file makes thousands of ids unknown; each is compared with all that there are.
                let few = tree.count() < HINTS_MAX;
                // A row is of a list.
                let known = kinds.iter().filter(|(_, kind)| row.is_none() || **kind == "list");
                let near = few.then(|| nearest(id, known.map(|(id, _)| id.as_str()))).flatten();
                let hint =
                    near.map_or("add it, or write the name in quotes".into(), |near| format!("did you mean @{near}?"));
                tree.fault(&path, Part::Value, Code::UnknownReference, what, Some(hint));
            }
            (Some(kind), Some(_)) if *kind != "list" => {
                let what = format!("{} is no list: it has no rows", quote(id));
                tree.fault(&path, Part::Value, Code::UnknownReference, what, Some(format!("write @{id}")));
            }
            _ => {}
        }
    }
}

/// The ids that a query may mean, with `-` for `_`. What stands in quotes counts too: this is for a warning only.
fn mentions(query: &str, found: &mut HashSet<String>) {
    for part in query.split('@').skip(1) {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(part.len());
        found.insert(part[..end].replace('_', "-"));
    }
}
