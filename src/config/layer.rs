//! One file or environment variable as a layer for the `config` crate, which merges them: tables key by key, the later
//! value wins, lists are replaced. In: text. Out: a layer, the place of each value, and the faults that merging would hide:
//! syntax, tables that do not exist, ids. It validates no value.

use super::code::Code;
use super::file::{File, names_secret, quote};
use super::nearest::nearest;
use super::syntax;
use config::{ConfigError, Map, Source, Value, ValueKind};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use toml::de::{DeTable, DeValue};

/// The tables that there are.
pub(super) const SECTIONS: [&str; 14] = [
    "service",
    "mail",
    "fetch",
    "archive",
    "ledger",
    "web",
    "log",
    "source",
    "organization",
    "official",
    "keyword",
    "list",
    "rule",
    "channel",
];
/// Those of them whose tables are keyed by id.
const KEYED: [&str; 7] = ["source", "organization", "official", "keyword", "list", "rule", "channel"];
/// The prefix of environment variables that are configuration; a single underscore after it is something else.
const ENV_PREFIX: &str = "WIREWATCH__";

/// Where a value was typed. There is one for each value, and there may be a million of them: so the offsets are short.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    file: u32,
    key: Option<Range<u32>>,
    value: Range<u32>,
    /// How it was typed.
    pub form: Form,
    /// Whether it is a table, which stays where it was first.
    pub table: bool,
    /// The id as typed, where it is merged with `-` for its `_`.
    pub typed: Option<Box<str>>,
}

impl Mark {
    /// A value in the file of that index; for a table `value` is its key.
    fn new(file: usize, key: Option<&Range<usize>>, value: &Range<usize>, form: Form) -> Self {
        // Files are smaller than 4 GiB by far: limits::CONFIG_FILE_BYTES_MAX.
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let range = |long: &Range<usize>| short(long.start)..short(long.end);
        Self { file: short(file), key: key.map(range), value: range(value), form, table: false, typed: None }
    }

    /// A table, whose last part of the path is `key` as merged and `typed` as typed.
    fn of_table(self, key: &str, typed: &str) -> Self {
        Self { table: true, typed: (key != typed).then(|| typed.into()), ..self }
    }

    /// Index into the files.
    pub(super) fn file(&self) -> usize {
        self.file as usize
    }

    /// Bytes of the key, where there is one in the text.
    pub(super) fn key(&self) -> Option<Range<usize>> {
        self.key.as_ref().map(|key| key.start as usize..key.end as usize)
    }

    /// Bytes of the value; for a table of its key.
    pub(super) fn value(&self) -> Range<usize> {
        self.value.start as usize..self.value.end as usize
    }
}

/// How a value was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// TOML; a string has quotes and perhaps escapes.
    Toml,
    /// A TOML date or time, which `config` knows as a string.
    Time,
    /// The plain text of an environment variable: a number or boolean if that is wanted.
    Plain,
}

/// A fault before the lines are known.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub file: usize,
    /// `None`: the file as a whole, or the name of an environment variable.
    pub span: Option<Range<usize>>,
    pub code: Code,
    pub what: String,
    pub hint: Option<String>,
}

/// The place of each value, by its path: `source.daryo.tags[0]`.
pub(super) type Marks = foldhash::HashMap<Box<str>, Mark>;

/// The layers read so far.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub files: Vec<File>,
    pub marks: Marks,
    pub faults: Vec<Pending>,
    pub sources: Vec<Layer>,
    /// Strings with an `@` in tables that were left out: what they mention is not unused.
    pub lost: Vec<String>,
}

/// What `config` merges: handed over once, since a copy of ten thousands of sources is not small.
#[derive(Debug)]
pub(super) struct Layer(Mutex<Map<String, Value>>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(Self(Mutex::new(self.map().clone())))
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(std::mem::take(&mut *self.map()))
    }
}

impl Layer {
    fn map(&self) -> MutexGuard<'_, Map<String, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Layers {
    /// Adds a file of TOML.
    pub(super) fn add_file(&mut self, mut file: File) {
        let index = self.files.len();
        let text = std::mem::take(&mut file.text);
        self.files.push(file);
        let slips = syntax::parse(&text, |table| {
            let map = self.table(index, "", table);
            self.sources.push(Layer(Mutex::new(map)));
        });
        let file = &mut self.files[index];
        file.text = text;
        file.faulty = !slips.is_empty();
        file.broken = slips.iter().any(|slip| slip.spreads);
        for slip in slips {
            self.fault(index, Some(slip.span), Code::Syntax, slip.what, slip.hint);
        }
    }

    /// Adds the environment variables whose names begin with `WIREWATCH__`; the others are not for us. `dir` is what
    /// relative paths in them are relative to.
    pub(super) fn add_env(&mut self, env: &[(String, String)], dir: &std::path::Path) {
        let mut ours: Vec<_> = env.iter().filter(|(name, _)| name.starts_with(ENV_PREFIX)).collect();
        ours.sort();
        for (name, text) in ours {
            let index = self.files.len();
            self.files.push(File::new(format!("env:{name}"), dir.to_path_buf(), text));
            let parts: Vec<String> = name[ENV_PREFIX.len()..].split("__").map(str::to_lowercase).collect();
            if let Some(map) = self.variable(index, &parts, text) {
                self.sources.push(Layer(Mutex::new(map)));
            }
        }
    }

    fn variable(&mut self, index: usize, parts: &[String], text: &str) -> Option<Map<String, Value>> {
        if parts.len() < 2 || parts.iter().any(String::is_empty) {
            let hint = "WIREWATCH__TABLE__KEY, or WIREWATCH__TABLE__ID__KEY: WIREWATCH__CHANNEL__DESK__SMTP";
            self.fault(index, None, Code::UnknownKey, "this name leads to no key", Some(hint.into()));
            return None;
        }
        // The path as a TOML table of one key, so that ids and sections are looked at in one place.
        let mut path = String::new();
        let mut steps = vec![];
        for (depth, part) in parts.iter().enumerate() {
            let key = self.key(index, &path, part, None)?;
            path = join(&path, &key);
            steps.push(key);
            if depth + 1 < parts.len() {
                let key = steps.last().map_or("", String::as_str);
                self.mark(&path, Mark::new(index, None, &(0..0), Form::Toml).of_table(key, part));
            }
        }
        let is_hook = parts[0] == "channel" && parts.last().is_some_and(|part| part == "url");
        if is_hook || parts.iter().any(|part| names_secret(part)) {
            self.files[index].secrets.push(0..text.len());
        }
        let value = if text.starts_with(['[', '{', '"']) {
            let (value, errors) = DeValue::parse_recoverable(text);
            self.files[index].faulty = !errors.is_empty();
            self.files[index].broken = !errors.is_empty();
            for error in &errors {
                let what = syntax::slip(error, text).what;
                let hint = "a value that begins with [, { or \" is TOML; a plain string needs no quotes here";
                self.fault(index, error.span(), Code::Syntax, what, Some(hint.into()));
            }
            if !errors.is_empty() {
                return None;
            }
            self.value(index, &path, None, value.span(), value.get_ref())?
        } else {
            self.mark(&path, Mark::new(index, None, &(0..text.len()), Form::Plain));
            Value::new(None, text)
        };
        let wrap = |value, step| Value::new(None, Map::from_iter([(step, value)]));
        match steps.into_iter().rev().fold(value, wrap).kind {
            ValueKind::Table(map) => Some(map),
            _ => None,
        }
    }

    fn table(&mut self, file: usize, path: &str, table: &DeTable<'_>) -> Map<String, Value> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut map: Map<String, Value> = Map::new();
        for (typed, value) in entries {
            let Some(key) = self.key(file, path, typed.get_ref(), Some(typed.span())) else {
                mentions(value.get_ref(), &mut self.lost);
                continue;
            };
            let below = join(path, &key);
            if map.contains_key(&key) {
                let earlier = self.marks.get(&*below).and_then(|mark| mark.typed.as_deref()).unwrap_or(&key);
                let what = format!(
                    "{} and {} are the same id: - and _ are one letter",
                    quote(typed.get_ref()),
                    quote(earlier)
                );
                self.fault(
                    file,
                    Some(typed.span()),
                    Code::DuplicateId,
                    what,
                    Some("give one of them another id".into()),
                );
                mentions(value.get_ref(), &mut self.lost);
                continue;
            }
            if let Some(value) =
                self.value(file, &below, Some((typed.get_ref(), typed.span())), value.span(), value.get_ref())
            {
                map.insert(key, value);
            }
        }
        map
    }

    /// The key as it is merged: an id with `-` for `_`. `None`, and a fault, for a table that there is not and a bad id.
    fn key(&mut self, file: usize, path: &str, typed: &str, span: Option<Range<usize>>) -> Option<String> {
        if path.is_empty() && !SECTIONS.contains(&typed) {
            let hint = match nearest(typed, SECTIONS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the tables are {}", SECTIONS.join(", ")),
            };
            self.fault(file, span, Code::UnknownKey, format!("unknown table {}", quote(typed)), Some(hint));
            return None;
        }
        if KEYED.contains(&path) {
            if let Err(error) = crate::model::RuleId::new(typed) {
                let hint = format!("for example [{path}.{}]", slug(typed));
                self.fault(file, span, Code::BadId, error.to_string(), Some(hint));
                return None;
            }
            return Some(typed.replace('_', "-"));
        }
        // The names of digests too, which stand where a single digest has its keys.
        if path.starts_with("channel.") && path.ends_with(".digest") && !["send_empty", "stories_max"].contains(&typed)
        {
            return Some(typed.replace('_', "-"));
        }
        Some(typed.to_string())
    }

    fn value(
        &mut self,
        file: usize,
        path: &str,
        key: Option<(&str, Range<usize>)>,
        span: Range<usize>,
        value: &DeValue<'_>,
    ) -> Option<Value> {
        let (typed, key) = key.map_or(("", None), |(typed, span)| (typed, Some(span)));
        let is_table = matches!(value, DeValue::Table(_));
        let place = if is_table { key.clone().unwrap_or(span.clone()) } else { span.clone() };
        let form = if matches!(value, DeValue::Datetime(_)) { Form::Time } else { Form::Toml };
        // A header's value may be a token, whatever its name; and the address of a webhook is as good as a password.
        let secret = names_secret(typed)
            || path.contains(".headers.")
            || (path.starts_with("channel.") && path.rsplit('.').next() == Some("url"));
        if secret && !is_table {
            self.files[file].secrets.push(span.clone());
        }
        let mark = Mark::new(file, key.as_ref(), &place, form);
        let last = path.rsplit('.').next().unwrap_or(path);
        self.mark(path, if is_table { mark.of_table(last, typed) } else { mark });
        let kind: ValueKind = match value {
            DeValue::String(text) => ValueKind::String(text.to_string()),
            DeValue::Boolean(truth) => ValueKind::Boolean(*truth),
            DeValue::Datetime(time) => ValueKind::String(time.to_string()),
            DeValue::Float(number) => ValueKind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Integer(number) => {
                let Ok(number) = i64::from_str_radix(number.as_str(), number.radix()) else {
                    self.fault(file, Some(span), Code::BadValue, "this number is too large", None);
                    return None;
                };
                ValueKind::I64(number)
            }
            DeValue::Array(array) => {
                let mut values = vec![];
                for (index, element) in array.iter().enumerate() {
                    values.extend(self.value(
                        file,
                        &format!("{path}[{index}]"),
                        None,
                        element.span(),
                        element.get_ref(),
                    ));
                }
                ValueKind::Array(values)
            }
            DeValue::Table(table) => ValueKind::Table(self.table(file, path, table)),
        };
        Some(Value::new(None, kind))
    }

    /// The later place of a value wins, as the value does; a table stays where it was first.
    fn mark(&mut self, path: &str, mark: Mark) {
        if !mark.table || !self.marks.contains_key(path) {
            self.marks.insert(path.into(), mark);
        }
    }

    fn fault(
        &mut self,
        file: usize,
        span: Option<Range<usize>>,
        code: Code,
        what: impl Into<String>,
        hint: Option<String>,
    ) {
        self.faults.push(Pending { file, span, code, what: what.into(), hint });
    }
}

/// The strings with an `@` in a value.
fn mentions(value: &DeValue<'_>, found: &mut Vec<String>) {
    match value {
        DeValue::String(text) if text.contains('@') => found.push(text.to_string()),
        DeValue::Array(values) => values.iter().for_each(|value| mentions(value.get_ref(), found)),
        DeValue::Table(table) => table.iter().for_each(|(_, value)| mentions(value.get_ref(), found)),
        _ => {}
    }
}

/// `a.b`, or `b` at the top.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

/// An id as it might have been meant.
fn slug(typed: &str) -> String {
    let letters = typed.to_lowercase();
    let slug: String = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = slug.trim_matches('-').chars().take(crate::model::limits::ID_BYTES_MAX).collect::<String>();
    if slug.is_empty() { "my-id".to_string() } else { slug }
}
