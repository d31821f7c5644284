//! The merged configuration, its places, and the faults found so far. In: layers. Out: places of paths, faults with lines.
//! Each fault is told once, at its place; what only follows from broken syntax is not told.

use super::QueryFault;
use super::code::Code;
use super::fault::{Fault, Severity};
use super::file::File;
use super::layer::{Form, Layers, Mark, Marks, Pending};
use crate::model::limits;
use config::{Map, Value, ValueKind};
use std::cell::RefCell;
#[cfg(test)]
use std::collections::BTreeSet;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Everything that was typed, merged.
#[derive(Debug)]
pub(super) struct Tree {
    files: Vec<File>,
    marks: Marks,
    root: Map<String, Value>,
    /// Strings with an `@` in tables that were left out.
    lost: Vec<String>,
    /// The words of files that could not be parsed to their end: any of them may be an id that seems to be missing.
    hidden: HashSet<String>,
    faults: RefCell<Vec<Pending>>,
    /// Faults in files that are no part of the tree.
    elsewhere: RefCell<Vec<Fault>>,
    #[cfg(test)]
    asked: RefCell<BTreeSet<String>>,
    credentials: Option<PathBuf>,
}

/// Which part of a key and its value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

impl Tree {
    /// Merges the layers; `credentials` is systemd's directory of them.
    pub(super) fn new(layers: Layers, credentials: Option<PathBuf>) -> Self {
        let Layers { files, marks, mut faults, sources, lost } = layers;
        let mut merged = config::Config::builder();
        for layer in sources {
            merged = merged.add_source(layer);
        }
        let root = match merged.build().map(|merged| merged.cache.kind) {
            Ok(ValueKind::Table(root)) => root,
            Ok(_) => Map::new(),
            Err(error) => {
                let what = format!("the files cannot be merged: {error}");
                faults.push(Pending { file: 0, span: None, code: Code::Unreadable, what, hint: None });
                Map::new()
            }
        };
        let broken = files.iter().filter(|file| file.broken);
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let words = broken.flat_map(|file| file.text.split(move |c| !letter(c)).filter(|word| !word.is_empty()));
        let hidden = words.map(|word| word.replace('_', "-")).collect();
        Self {
            files,
            marks,
            root,
            lost,
            hidden,
            faults: RefCell::new(faults),
            elsewhere: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
            credentials,
        }
    }

    /// The top table of a name.
    pub(super) fn top(&self, name: &str) -> Option<&ValueKind> {
        self.root.get(name).map(|value| &value.kind)
    }

    /// Where and how the value at a path was typed.
    pub(super) fn mark(&self, path: &str) -> Option<&Mark> {
        self.marks.get(path)
    }

    /// What relative paths are relative to that were typed at a path.
    pub(super) fn dir(&self, path: &str) -> PathBuf {
        let (file, _) = self.place(path, Part::Value);
        self.files.get(file).map(|file| file.dir.clone()).unwrap_or_default()
    }

    /// systemd's directory of credentials.
    pub(super) fn credentials(&self) -> Option<&Path> {
        self.credentials.as_deref()
    }

    /// Notes that a reader asked for a key.
    #[cfg(test)]
    pub(super) fn ask(&self, key: String) {
        self.asked.borrow_mut().insert(key);
    }

    /// A fault at a path; where nothing was typed there, at the table that it is missing from. A warning that the table allows is
    /// none.
    pub(super) fn fault(&self, path: &str, part: Part, code: Code, what: impl Into<String>, hint: Option<String>) {
        let table = path.match_indices('.').nth(1).map_or(path, |(at, _)| &path[..at]);
        if code.as_str().starts_with('W') && self.allowed_in(table, code.as_str()) {
            return;
        }
        let (file, span) = self.place(path, part);
        self.faults.borrow_mut().push(Pending { file, span, code, what: what.into(), hint });
    }

    /// Faults so far.
    pub(super) fn count(&self) -> usize {
        self.faults.borrow().len()
    }

    /// A fault in a file that the configuration names and is no part of it.
    pub(super) fn fault_elsewhere(&self, fault: Fault) {
        self.elsewhere.borrow_mut().push(fault);
    }

    /// A fault inside of the string at a path; `span` counts bytes of the string's value.
    pub(super) fn fault_inside(&self, path: &str, span: &Range<usize>, code: Code, what: String, hint: Option<String>) {
        let (file, span) = self.place_inside(path, span);
        self.faults.borrow_mut().push(Pending { file, span, code, what, hint });
    }

    fn place(&self, path: &str, part: Part) -> (usize, Option<Range<usize>>) {
        let mut path = path;
        let mut part = part;
        loop {
            if let Some(mark) = self.marks.get(path) {
                let key = if mark.form == Form::Plain { None } else { mark.key() };
                let span = match part {
                    Part::Value if !(mark.table && mark.key().is_none()) => Some(mark.value()),
                    _ => key,
                };
                return (mark.file(), span);
            }
            part = Part::Key;
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return (0, None),
            }
        }
    }

    /// File and byte range of a piece of the string at a path; `span` counts bytes of the string's value.
    pub(super) fn place_inside(&self, path: &str, span: &Range<usize>) -> (usize, Option<Range<usize>>) {
        let Some(mark) = self.marks.get(path) else { return self.place(path, Part::Value) };
        let Some(typed) = self.files[mark.file()].text.get(mark.value()) else {
            return self.place(path, Part::Value);
        };
        let inside = match mark.form {
            Form::Toml => super::literal::typed_span(typed, span),
            _ => span.start.min(typed.len())..span.end.min(typed.len()),
        };
        (mark.file(), Some(mark.value().start + inside.start..mark.value().start + inside.end))
    }

    /// The strings of a list, at their index; what is no string is blank.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        let mut parts = path.split('.');
        let value = parts.next().and_then(|first| self.root.get(first));
        let value = parts.fold(value, |value, part| match &value?.kind {
            ValueKind::Table(map) => map.get(part),
            _ => None,
        });
        match value.map(|value| &value.kind) {
            Some(ValueKind::Array(values)) => values.iter().map(|value| value.kind.to_string()).collect(),
            _ => vec![],
        }
    }

    /// Every string below a top table, and those that were left out because their table or id is no good.
    pub(super) fn strings(&self, top: &str, each: &mut impl FnMut(&str)) {
        fn walk(value: &ValueKind, each: &mut impl FnMut(&str)) {
            match value {
                ValueKind::String(text) => each(text),
                ValueKind::Array(values) => values.iter().for_each(|value| walk(&value.kind, each)),
                ValueKind::Table(map) => map.values().for_each(|value| walk(&value.kind, each)),
                _ => {}
            }
        }
        self.top(top).into_iter().for_each(|value| walk(value, each));
        self.lost.iter().for_each(|text| each(text));
    }

    /// A fault of the matcher, at its place.
    pub(super) fn query_fault(&self, fault: QueryFault) -> Fault {
        let path = self.path_of(&fault);
        // What is wrong with a list's file is wrong with all of it.
        let whole = (fault.table, fault.key) == ("list", "file");
        let QueryFault { span, code, what, hint, .. } = fault;
        let span = if whole { 0..usize::MAX } else { span };
        let (file, span) = self.place_inside(&path, &span);
        self.at(file, span.as_ref(), code, &what, hint)
    }

    /// The path of the string in which a fault of the matcher stands.
    fn path_of(&self, fault: &QueryFault) -> String {
        let (table, key) = (self.table_of(fault), fault.key);
        match fault.index {
            Some(index) => format!("{table}.{key}[{index}]"),
            None => format!("{table}.{key}"),
        }
    }

    /// Whether the table in which a fault of the matcher stands allows it.
    pub(super) fn allows(&self, fault: &QueryFault) -> bool {
        self.allowed_in(&self.table_of(fault), fault.code)
    }

    fn allowed_in(&self, table: &str, code: &str) -> bool {
        self.texts(&format!("{table}.allow")).iter().any(|allowed| allowed == code)
    }

    /// The path of the table in which a fault of the matcher stands.
    fn table_of(&self, fault: &QueryFault) -> String {
        let id = fault.id.replace('_', "-");
        // A watch that is its own rule: its `notify` is what was typed of the rule.
        let own = || ["organization", "official", "keyword", "list"].map(|kind| format!("{kind}.{id}"));
        match format!("{}.{id}", fault.table) {
            rule if fault.table == "rule" && !self.has(&rule) => {
                own().into_iter().find(|path| self.has(path)).unwrap_or(rule)
            }
            path => path,
        }
    }

    /// Sorts faults by file, as they are merged, line and column.
    pub(super) fn sort(&self, faults: &mut [Fault]) {
        let order: HashMap<&str, usize> =
            self.files.iter().enumerate().map(|(at, file)| (file.name.as_str(), at)).collect();
        faults.sort_by(|a, b| {
            let key = |fault: &Fault| (order.get(fault.file.as_str()).copied(), fault.line, fault.col, fault.code);
            key(a).cmp(&key(b))
        });
    }

    /// File and byte offset, to put things into the order in which they were typed.
    pub(super) fn order(&self, path: &str) -> (usize, Option<usize>) {
        let (file, span) = self.place(path, Part::Key);
        (file, span.map(|span| span.start))
    }

    /// Whether something was typed at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.marks.contains_key(path)
    }

    /// Where something was typed, for a message: `file:line`.
    pub(super) fn line_of(&self, path: &str) -> String {
        let (file, span) = self.place(path, Part::Key);
        let Some(file) = self.files.get(file) else { return String::new() };
        match span {
            Some(span) => format!("{}:{}", file.name, file.position(span.start).0),
            None => file.name.clone(),
        }
    }

    /// Whether an id may stand in what could not be parsed.
    pub(super) fn may_hold(&self, id: &str) -> bool {
        !self.hidden.is_empty() && self.hidden.contains(&id.replace('_', "-"))
    }

    /// The id that a fault of the matcher is about.
    pub(super) fn mentioned(&self, fault: &QueryFault) -> Option<String> {
        let (file, span) = self.place_inside(&self.path_of(fault), &fault.span);
        let typed = self.files.get(file)?.text.get(span?)?;
        let (_, id) = typed.split_once('@')?;
        let end = id.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(id.len());
        Some(id[..end].to_string())
    }

    /// Whether a file could not be parsed to its end.
    pub(super) fn broken(&self) -> bool {
        self.files.iter().any(|file| file.broken)
    }

    /// The keys that readers have asked for, with `*` for ids.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// The faults so far, by file and line, one for a place; what may only follow from broken syntax is left out.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let pending = self.faults.borrow();
        let line = |fault: &Pending| {
            let file = self.files.get(fault.file);
            fault.span.as_ref().zip(file).map(|(span, file)| file.line(span.start))
        };
        let syntax_at: HashSet<_> =
            pending.iter().filter(|fault| fault.code == Code::Syntax).map(|fault| (fault.file, line(fault))).collect();
        let broken = self.broken();
        let follows =
            |fault: &Pending| (broken && fault.code.may_follow()) || syntax_at.contains(&(fault.file, line(fault)));
        let mut told: Vec<&Pending> =
            pending.iter().filter(|fault| fault.code == Code::Syntax || !follows(fault)).collect();
        let key = |fault: &Pending| (fault.file, fault.span.as_ref().map(|span| span.start), fault.code);
        told.sort_by_key(|fault| key(fault));
        // A slip in TOML breaks what follows it on its line: the first fault of the line is the one to mend.
        told.dedup_by(|next, kept| {
            let slip = next.code == Code::Syntax && kept.code == Code::Syntax && line(next) == line(kept);
            next.file == kept.file && (slip || (key(next) == key(kept) && next.what == kept.what))
        });
        let more = told.len().saturating_sub(limits::CONFIG_FAULTS_MAX);
        told.truncate(limits::CONFIG_FAULTS_MAX);
        let fault = |fault: &&Pending| {
            self.at(fault.file, fault.span.as_ref(), fault.code.as_str(), &fault.what, fault.hint.clone())
        };
        let mut faults: Vec<Fault> = told.iter().map(fault).collect();
        if let Some(last) = faults.last_mut().filter(|_| more > 0) {
            last.what = format!("{} — and {more} more faults after this one", last.what);
        }
        faults.extend(self.elsewhere.borrow().iter().cloned());
        faults
    }

    /// A fault with its line, column and excerpt.
    pub(super) fn at(
        &self,
        file: usize,
        span: Option<&Range<usize>>,
        code: &'static str,
        what: &str,
        hint: Option<String>,
    ) -> Fault {
        let severity = if code.starts_with('W') { Severity::Warning } else { Severity::Error };
        let what = what.to_string();
        let (name, place) = match self.files.get(file) {
            Some(file) => (file.name.clone(), span.map(|span| (file.position(span.start), file.excerpt(span)))),
            None => ("configuration".to_string(), None),
        };
        match place {
            Some(((line, col), excerpt)) => {
                Fault { severity, code, file: name, line, col, len: excerpt.len, what, hint, excerpt: Some(excerpt) }
            }
            None => Fault { severity, code, file: name, line: 1, col: 1, len: 1, what, hint, excerpt: None },
        }
    }
}

/// What a value is, in words.
pub(super) fn kind_of(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Nil => "nothing",
        ValueKind::Boolean(_) => "true or false",
        ValueKind::I64(_) | ValueKind::I128(_) | ValueKind::U64(_) | ValueKind::U128(_) => "a number",
        ValueKind::Float(_) => "a number with a point",
        ValueKind::String(_) => "a string",
        ValueKind::Table(_) => "a table",
        ValueKind::Array(_) => "a list",
    }
}
