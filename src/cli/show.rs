//! `wirewatch check --show ID`: every form in which a watch, or a row of a list, will be found.

use super::configured::configured;
use super::{Failure, say};
use crate::config::{Settings, nearest};
use crate::matching::{Forms, NameForms};
use crate::model::{List, WatchId, WatchKind};
use crate::render;
use crate::text::one_line;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// A line of columns is this wide.
const COLUMNS: usize = 78;
/// Rows of a list that are named as examples.
const ROWS_MAX: usize = 5;
/// Ids that are named where none is near.
const IDS_MAX: usize = 12;

#[derive(Debug, Serialize)]
struct Shown<'a> {
    id: String,
    kind: WatchKind,
    #[serde(flatten)]
    forms: &'a Forms,
}

pub(super) fn run(typed: &str, json: bool, path: &Path) -> Result<(), Failure> {
    let accepted = configured(path, !json)?;
    let settings = &accepted.settings;
    let id = typed.strip_prefix('@').unwrap_or(typed);
    let (list, row) = id.split_once('/').map_or((id, None), |(list, row)| (list, Some(row)));
    let key = |id: &str| id.replace('_', "-");
    let found = match settings.lists.iter().find(|known| *known.id.key() == *key(list)) {
        Some(list) => {
            let row = row.and_then(|row| list.rows.find(row)).ok_or_else(|| rows_of(list, row))?;
            accepted
                .index
                .row_forms(&list.id, row.id())
                .map(|forms| (format!("{}/{}", list.id, row.id()), row.kind(), forms))
        }
        None => {
            let wanted = WatchId::new(id).ok();
            let watch = settings.watches.iter().find(|watch| Some(&watch.id) == wanted.as_ref());
            watch.and_then(|watch| Some((watch.id.to_string(), watch.kind, accepted.index.forms(&watch.id)?)))
        }
    };
    let Some((id, kind, forms)) = found else { return Err(Failure::Usage(nowhere(id, settings))) };
    if json {
        return say::json(&Shown { id, kind, forms: &forms });
    }
    show(&id, kind, &forms)
}

/// That there is no such thing, with what was probably meant.
pub(super) fn unknown<'n>(what: &str, typed: &str, near: Option<&str>, known: impl Iterator<Item = &'n str>) -> String {
    let typed = one_line(typed);
    if let Some(near) = near {
        return format!("there is no {what} {typed}; did you mean {near}?");
    }
    let mut known: Vec<&str> = known.take(IDS_MAX + 1).collect();
    let more = if known.len() > IDS_MAX { " …" } else { "" };
    known.truncate(IDS_MAX);
    if known.is_empty() {
        return format!("there is no {what} {typed}, nor any other");
    }
    format!("there is no {what} {typed}; there are: {}{more}", known.join(", "))
}

fn nowhere(id: &str, settings: &Settings) -> String {
    let watches = settings.watches.iter().map(|watch| watch.id.as_str());
    let known = || watches.clone().chain(settings.lists.iter().map(|list| list.id.as_str()));
    unknown("watch or list", id, nearest(id, known()), known())
}

/// That a list was named where one of its rows is wanted.
fn rows_of(list: &List, row: Option<&str>) -> Failure {
    let rows: Vec<String> =
        list.rows.iter().take(ROWS_MAX).map(|row| one_line(&format!("{}/{}", list.id, row.id()))).collect();
    let what = match row {
        Some(row) => format!("the list {} has no row {}", list.id, one_line(row)),
        None => format!("{} is a list of {} rows; name one of them", list.id, list.rows.len()),
    };
    Failure::Usage(format!("{what}, such as {}", rows.join(", ")))
}

fn show(id: &str, kind: WatchKind, forms: &Forms) -> Result<(), Failure> {
    let mut out = say::out();
    let (bold, dim, plain) = (say::BOLD, say::DIM, say::PLAIN);
    let kind = match kind {
        WatchKind::Organization => "organization",
        WatchKind::Official => "official",
        WatchKind::Keyword => "keyword",
    };
    writeln!(out, "{bold}@{}{plain}, {kind}", one_line(id))?;
    for NameForms { key, name, forms, notes } in &forms.names {
        writeln!(out, "\n{dim}{key}{plain}  {bold}{}{plain}", one_line(name))?;
        for line in columns(forms) {
            writeln!(out, "  {line}")?;
        }
        for line in notes.iter().flat_map(|note| wrapped(note)) {
            writeln!(out, "  {dim}{line}{plain}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The forms side by side, all columns as wide as the widest form.
fn columns(forms: &[String]) -> Vec<String> {
    let forms: Vec<String> = forms.iter().map(|form| one_line(form)).collect();
    let wide = |form: &str| unicode_width::UnicodeWidthStr::width(form);
    let widest = forms.iter().map(|form| wide(form)).max().unwrap_or(0) + 2;
    let across = (COLUMNS / widest).max(1);
    let line = |row: &[String]| {
        let cells = row.iter().map(|form| format!("{form}{}", " ".repeat(widest - wide(form))));
        cells.collect::<String>().trim_end().to_string()
    };
    forms.chunks(across).map(line).collect()
}

fn wrapped(note: &str) -> Vec<String> {
    render::wrap(note, COLUMNS - 2).lines().map(ToString::to_string).collect()
}
