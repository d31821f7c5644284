//! `[organization.ID]`, `[official.ID]`, `[keyword.ID]` and `[list.ID]`. In: a table. Out: a watch or a list.
//! It derives no forms of a name, and reads no list: `matching` and `lists` do.

use super::bad::Bad;
use super::code::Code;
use super::file::quote;
use super::syntax::flag_meant;
use super::table::{Table, not_blank};
use super::time;
use crate::matching::LINTS;
use crate::model::{Family, List, ListFormat, ListId, Watch, WatchId, WatchKind};
use config::ValueKind;
use std::path::Path;
use std::sync::Arc;

/// Keys that mean something for a person only.
const PERSONAL: [&str; 3] = ["posts", "family", "checked"];

/// The watch, or `None` where its id is none.
pub(super) fn watch(table: &Table<'_>, id: &str, kind: WatchKind) -> Option<Watch> {
    let mut watch = Watch::empty(WatchId::new(id).ok()?, kind);
    watch.names = table.strings("names");
    watch.exact = table.strings("exact");
    watch.not_as = table.strings("not_as");
    watch.weak = table.strings("weak");
    watch.with = table.strings("with");
    watch.inflect = table.flag("inflect");
    watch.variants = table.flag("variants").unwrap_or(true);
    if kind == WatchKind::Official {
        watch.posts = table.strings("posts");
        watch.family = family(table);
        watch.checked = table.parsed_time("checked", time::date);
    } else {
        for key in PERSONAL.into_iter().filter(|key| table.typed(key)) {
            table.pass(key);
            let what = format!("`{key}` is for an official");
            table.fault_at_key(key, Code::Conflict, what, Some(format!("write [official.{id}], or leave it out")));
        }
    }
    allow(table);
    strong_names(table, &watch, id);
    Some(watch)
}

/// `allow`: the codes of warnings that its writer has thought about. They are looked up where a warning is told.
pub(super) fn allow(table: &Table<'_>) {
    table.list("allow", |_, typed| {
        let of_tables = Code::ALL.map(Code::as_str).into_iter().filter(|code| code.starts_with('W'));
        let known: Vec<&str> = of_tables.chain(LINTS).chain(["W290"]).collect();
        if known.contains(&typed) {
            return Ok(());
        }
        let bad = Bad::new(Code::BadValue, format!("{} is no warning", quote(typed)));
        Err(bad.hint(format!("the warnings are {}", known.join(", "))))
    });
}

fn strong_names(table: &Table<'_>, watch: &Watch, id: &str) {
    let any_typed = ["names", "exact", "posts"].iter().any(|key| table.typed(key));
    let any = !watch.names.is_empty() || !watch.exact.is_empty() || !watch.posts.is_empty();
    if any
        || table.mistyped(&["names", "exact", "posts"])
        || (any_typed && !["names", "exact"].iter().any(|key| table.is_empty_list(key)))
    {
        return;
    }
    let hint = "add names = [\"…\"]";
    if table.typed("weak") {
        let what = format!("{} has weak names only: without a strong one in `names` they never count", quote(id));
        table.fault_at_key("weak", Code::Missing, what, Some(hint.into()));
    } else {
        table.fault_here(Code::Missing, format!("{} has no `names`", quote(id)), Some(hint.into()));
    }
}

fn family(table: &Table<'_>) -> Family {
    match table.kind("family") {
        Some(ValueKind::String(_)) => table
            .parsed("family", |typed| match flag_meant(typed) {
                Some(flag) => Err(Bad::new(Code::WrongType, format!("{} in quotes is a name", quote(typed)))
                    .hint(format!("write family = {flag}"))),
                None => not_blank(typed).map(Family::Named),
            })
            .unwrap_or_default(),
        Some(_) => match table.flag("family") {
            Some(true) => Family::Derived,
            _ => Family::No,
        },
        None => Family::No,
    }
}

/// The list, or `None` where its id is none.
pub(super) fn list(table: &Table<'_>, id: &str) -> Option<List> {
    let formats =
        [("csv", ListFormat::Csv), ("ftm", ListFormat::FollowTheMoney), ("followthemoney", ListFormat::FollowTheMoney)];
    let with = table.strings("with");
    allow(table);
    let format = table.choice("format", &formats);
    let typed = table.path("file");
    let file = table.require("file", typed, "write file = \"names.csv\"").unwrap_or_default();
    let format = format.or_else(|| by_extension(&file));
    if format.is_none() && table.has("file") && !table.has("format") {
        let hint = "name it .csv, .ftm.json or .jsonl, or add format = \"csv\" or \"ftm\"";
        table.fault("file", Code::BadList, "its name does not say how it is written", Some(hint.into()));
    } else if table.has("file") {
        readable(table, &file);
    }
    // Where the file or the format is missing, the list still answers to its id: one fault is told once.
    Some(List {
        id: ListId::new(id).ok()?,
        file,
        format: format.unwrap_or(ListFormat::Csv),
        with,
        rows: Arc::default(),
        edition: crate::model::Edition::default(),
    })
}

fn readable(table: &Table<'_>, file: &Path) {
    match std::fs::metadata(file) {
        Ok(about) if about.is_file() => {}
        Ok(_) => table.fault("file", Code::BadList, format!("{} is not a file", file.display()), None),
        Err(error) => {
            let what = format!("the list cannot be read: {}: {error}", file.display());
            let hint = "a path is relative to the file that names it";
            table.fault("file", Code::BadList, what, Some(hint.into()));
        }
    }
}

fn by_extension(file: &Path) -> Option<ListFormat> {
    let name = file.file_name()?.to_str()?.to_lowercase();
    match name.rsplit_once('.')?.1 {
        "csv" => Some(ListFormat::Csv),
        "json" | "jsonl" | "ndjson" => Some(ListFormat::FollowTheMoney),
        _ => None,
    }
}
