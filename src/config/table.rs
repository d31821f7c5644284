//! Readers of typed values. In: a table of the merged configuration. Out: values; a fault for each thing that is wrong, at its
//! place, never only the first. A key that no reader asked for does not exist: the schema is the code.

use super::bad::{Bad, Typed};
use super::code::Code;
use super::file::{bare, quote};
use super::layer::{Form, join};
use super::nearest::nearest;
use super::tree::{Part, Tree, kind_of};
use super::{size, time};
use crate::model::limits;
use config::{Map, Value, ValueKind};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// Keys that people try, and what they are called here.
const SYNONYMS: [(&str, &[&str]); 14] = [
    ("password", &["password_file"]),
    ("secret", &["secret_file"]),
    ("interval", &["every"]),
    ("schedule", &["cron"]),
    ("timezone", &["time_zone"]),
    ("tz", &["time_zone"]),
    ("lang", &["language"]),
    ("aliases", &["names"]),
    ("title", &["names", "name"]),
    ("exclude", &["none", "not_as"]),
    ("channels", &["notify"]),
    ("alert", &["notify"]),
    ("recipients", &["to"]),
    ("username", &["user"]),
];

/// One table of it. `schema` is its path with `*` for ids.
pub(super) struct Table<'w> {
    pub tree: &'w Tree,
    pub path: String,
    schema: String,
    map: Option<&'w Map<String, Value>>,
    asked: RefCell<Vec<&'static str>>,
    passed: RefCell<Vec<&'static str>>,
}

impl Tree {
    /// Reads a top table; where it is missing, every key in it is.
    pub(super) fn section<T>(&self, name: &'static str, read: impl FnOnce(&Table<'_>) -> T) -> T {
        let map = match self.top(name) {
            Some(ValueKind::Table(map)) => Some(map),
            Some(_) => {
                self.fault(
                    name,
                    Part::Key,
                    Code::WrongType,
                    format!("`{name}` is a table"),
                    Some(format!("write [{name}]")),
                );
                None
            }
            None => None,
        };
        self.read(name.to_string(), name.to_string(), map, read)
    }

    /// Reads each table of a section that is keyed by id, in the order in which they were typed; with the id as typed.
    pub(super) fn each<T>(&self, name: &'static str, mut read: impl FnMut(&Table<'_>, &str) -> T) -> Vec<T> {
        let tables = match self.top(name) {
            Some(ValueKind::Table(tables)) => tables,
            Some(_) => {
                let what = format!("`{name}` is not a list: each {name} is a table with its id in the header");
                self.fault(name, Part::Key, Code::WrongType, what, Some(format!("write [{name}.some-id]")));
                return vec![];
            }
            None => return vec![],
        };
        let mut entries: Vec<_> = tables.iter().map(|(id, value)| (join(name, id), id, value)).collect();
        entries.sort_by_cached_key(|(path, id, _)| {
            let mark = self.mark(path);
            (mark.map(|mark| (mark.file(), mark.value().start)), (*id).clone())
        });
        let mut found = vec![];
        for (path, id, value) in entries {
            let typed = self.mark(&path).and_then(|mark| mark.typed.as_deref()).unwrap_or(id).to_string();
            let ValueKind::Table(map) = &value.kind else {
                let what = format!("{name} {} is a table, not {}", quote(&typed), kind_of(&value.kind));
                self.fault(&path, Part::Key, Code::WrongType, what, Some(format!("write [{name}.some-id]")));
                continue;
            };
            found.push(self.read(path, format!("{name}.*"), Some(map), |table| read(table, &typed)));
        }
        found
    }

    fn read<T>(
        &self,
        path: String,
        schema: String,
        map: Option<&Map<String, Value>>,
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> T {
        let table = Table { tree: self, path, schema, map, asked: RefCell::default(), passed: RefCell::default() };
        let found = read(&table);
        table.refuse_the_rest();
        found
    }
}

impl<'w> Table<'w> {
    fn value(&self, key: &'static str) -> Option<&'w Value> {
        if !self.asked.borrow().contains(&key) {
            self.asked.borrow_mut().push(key);
            #[cfg(test)]
            self.tree.ask(join(&self.schema, key));
        }
        self.map?.get(key)
    }

    /// The path of a key.
    pub(super) fn at(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Whether the key was typed.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Whether the key was typed; it is not thereby one that the table may have.
    pub(super) fn typed(&self, key: &str) -> bool {
        self.map.is_some_and(|map| map.contains_key(key))
    }

    /// Lets a key pass that the table should not have: another fault tells why.
    pub(super) fn pass(&self, key: &'static str) {
        self.passed.borrow_mut().push(key);
    }

    /// Whether a list was typed and has nothing in it.
    pub(super) fn is_empty_list(&self, key: &str) -> bool {
        let value = self.map.and_then(|map| map.get(key));
        value.is_some_and(|value| matches!(&value.kind, ValueKind::Array(values) if values.is_empty()))
    }

    /// A fault at a key: at its value where it was typed, else at the table.
    pub(super) fn fault(&self, key: &str, code: Code, what: impl Into<String>, hint: impl Into<Option<String>>) {
        self.tree.fault(&self.at(key), Part::Value, code, what, hint.into());
    }

    /// A fault at the name of a key.
    pub(super) fn fault_at_key(&self, key: &str, code: Code, what: impl Into<String>, hint: impl Into<Option<String>>) {
        self.tree.fault(&self.at(key), Part::Key, code, what, hint.into());
    }

    /// A fault of the table as a whole.
    pub(super) fn fault_here(&self, code: Code, what: impl Into<String>, hint: impl Into<Option<String>>) {
        self.tree.fault(&self.path, Part::Key, code, what, hint.into());
    }

    /// A fault for a bad value of a key.
    pub(super) fn refuse(&self, key: &str, bad: Bad) {
        self.refuse_at(&self.at(key), key, bad);
    }

    fn refuse_at(&self, path: &str, key: &str, bad: Bad) {
        let what = format!("{key}: {}", bad.what);
        match bad.span {
            Some(span) => self.tree.fault_inside(path, &span, bad.code, what, bad.hint),
            None => self.tree.fault(path, Part::Value, bad.code, what, bad.hint),
        }
    }

    fn wrong_type(&self, path: &str, key: &str, wanted: &str, value: &Value, hint: Option<String>) {
        let form = self.tree.mark(path).map(|mark| mark.form);
        let got = if form == Some(Form::Time) { "a date or time" } else { kind_of(&value.kind) };
        self.tree.fault(path, Part::Value, Code::WrongType, format!("`{key}` wants {wanted}, not {got}"), hint);
    }

    /// A string.
    pub(super) fn string(&self, key: &'static str) -> Option<&'w str> {
        let value = self.value(key)?;
        self.text(&self.at(key), key, value, "a string")
    }

    fn text(&self, path: &str, key: &str, value: &'w Value, wanted: &str) -> Option<&'w str> {
        let form = self.tree.mark(path).map_or(Form::Toml, |mark| mark.form);
        match &value.kind {
            ValueKind::String(text) if form == Form::Time && wanted == "a string" => {
                self.wrong_type(path, key, wanted, value, Some(format!("put it in quotes: \"{text}\"")));
                None
            }
            ValueKind::String(text) if text.len() > limits::QUERY_BYTES_MAX => {
                let what = format!("`{key}` is longer than {} KiB", limits::QUERY_BYTES_MAX >> 10);
                self.tree.fault(path, Part::Value, Code::BadValue, what, None);
                None
            }
            ValueKind::String(text) => Some(text),
            ValueKind::I64(_) | ValueKind::Float(_) | ValueKind::Boolean(_) => {
                let hint = match wanted {
                    // A header's value is not repeated.
                    _ if path.contains(".headers.") => "put it in quotes".to_string(),
                    "a duration" => {
                        format!("the unit is missing: \"{}s\", \"{}m\" or \"{}h\"", value.kind, value.kind, value.kind)
                    }
                    "a size" => format!(
                        "the unit is missing: \"{}B\", \"{}KiB\" or \"{}MiB\"",
                        value.kind, value.kind, value.kind
                    ),
                    _ => "put it in quotes".to_string(),
                };
                let wanted = if wanted.starts_with("a list") { "strings in its list" } else { wanted };
                let quoted = if wanted.contains("string") { "" } else { ": a string" };
                self.wrong_type(path, key, &format!("{wanted}{quoted}"), value, Some(hint));
                None
            }
            ValueKind::Array(values) => {
                let one = match values.as_slice() {
                    // The string itself is not shown: a header's value is a secret.
                    [Value { kind: ValueKind::String(_), .. }] => Some("write the one string, without brackets".into()),
                    _ => None,
                };
                self.wrong_type(path, key, wanted, value, one);
                None
            }
            _ => {
                self.wrong_type(path, key, wanted, value, None);
                None
            }
        }
    }

    /// A string that is not blank.
    pub(super) fn words(&self, key: &'static str) -> Option<String> {
        self.parsed(key, not_blank)
    }

    /// A string as the value that `parse` makes of it.
    pub(super) fn parsed<T>(&self, key: &'static str, parse: impl FnOnce(&str) -> Typed<T>) -> Option<T> {
        let text = self.string(key)?;
        parse(text).map_err(|bad| self.refuse(key, bad)).ok()
    }

    /// A string, or a TOML date or time, as the value that `parse` makes of it.
    pub(super) fn parsed_time<T>(&self, key: &'static str, parse: impl FnOnce(&str) -> Typed<T>) -> Option<T> {
        let value = self.value(key)?;
        let text = self.text(&self.at(key), key, value, "a date or time")?;
        parse(text).map_err(|bad| self.refuse(key, bad)).ok()
    }

    /// A duration.
    pub(super) fn duration(&self, key: &'static str) -> Option<Duration> {
        let value = self.value(key)?;
        let text = self.text(&self.at(key), key, value, "a duration")?;
        time::duration(text).map_err(|bad| self.refuse(key, bad)).ok()
    }

    /// A duration within bounds.
    pub(super) fn duration_in(&self, key: &'static str, bounds: RangeInclusive<Duration>) -> Option<Duration> {
        let duration = self.duration(key)?;
        if bounds.contains(&duration) {
            return Some(duration);
        }
        let (least, most) = (time::in_words(*bounds.start()), time::in_words(*bounds.end()));
        self.refuse(
            key,
            Bad::new(Code::BadDuration, format!("{} is out of bounds: {least} to {most}", time::in_words(duration))),
        );
        None
    }

    /// A size in bytes, at least one byte.
    pub(super) fn size(&self, key: &'static str) -> Option<usize> {
        let value = self.value(key)?;
        let text = self.text(&self.at(key), key, value, "a size")?;
        size::size(text).map_err(|bad| self.refuse(key, bad)).ok()
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        match (&value.kind, self.plain(key)) {
            (ValueKind::Boolean(flag), _) => return Some(*flag),
            (ValueKind::String(text), true) if text == "true" => return Some(true),
            (ValueKind::String(text), true) if text == "false" => return Some(false),
            _ => {}
        }
        let hint = Some(format!("write {key} = true or {key} = false, without quotes"));
        self.wrong_type(&self.at(key), key, "true or false", value, hint);
        None
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, key: &'static str, bounds: RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(key)?;
        let number = match (&value.kind, self.plain(key)) {
            (ValueKind::I64(number), _) => Some(*number),
            (ValueKind::String(text), true) => text.parse().ok(),
            _ => None,
        };
        let Some(number) = number else {
            self.wrong_type(
                &self.at(key),
                key,
                "a whole number",
                value,
                Some(format!("write {key} = {}", bounds.start())),
            );
            return None;
        };
        let number = u32::try_from(number).ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let what = format!("out of bounds: {} to {}", bounds.start(), bounds.end());
            self.refuse(key, Bad::new(Code::BadValue, what));
        }
        number
    }

    /// Whether the key is the plain text of an environment variable.
    fn plain(&self, key: &str) -> bool {
        self.tree.mark(&self.at(key)).is_some_and(|mark| mark.form == Form::Plain)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.parsed(key, |typed| {
            if let Some((_, meant)) = words.iter().find(|(word, _)| *word == typed) {
                return Ok(*meant);
            }
            let all = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            let bad = Bad::new(Code::BadValue, format!("{} is none of {all}", quote(typed)));
            Err(match nearest(typed, words.iter().map(|(word, _)| *word)) {
                Some(near) => bad.hint(format!("did you mean \"{near}\"?")),
                None => bad,
            })
        })
    }

    /// A list of strings, each as the value that `parse` makes of it; with its index in the list. Blank ones are refused.
    pub(super) fn list<T>(&self, key: &'static str, mut parse: impl FnMut(usize, &str) -> Typed<T>) -> Vec<T> {
        let Some(value) = self.value(key) else { return vec![] };
        let ValueKind::Array(values) = &value.kind else {
            let hint = match &value.kind {
                ValueKind::String(text) => {
                    let parts = text.split(if self.plain(key) { ',' } else { '\u{0}' });
                    let list = parts.map(|part| format!("{:?}", part.trim())).collect::<Vec<_>>().join(", ");
                    Some(format!("write {key} = [{}]", bare(&list)))
                }
                _ => None,
            };
            self.wrong_type(&self.at(key), key, "a list of strings", value, hint);
            return vec![];
        };
        let mut found = vec![];
        for (index, value) in values.iter().enumerate() {
            let path = format!("{}[{index}]", self.at(key));
            let Some(text) = self.text(&path, key, value, "a list of strings") else { continue };
            match not_blank(text).and_then(|_| parse(index, text)) {
                Ok(value) => found.push(value),
                Err(bad) => self.refuse_at(&path, key, bad),
            }
        }
        found
    }

    /// A list of strings that are not blank.
    pub(super) fn strings(&self, key: &'static str) -> Vec<String> {
        self.list(key, |_, text| Ok(text.to_string()))
    }

    /// A table in the table.
    pub(super) fn table<T>(&self, key: &'static str, read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
        let value = self.value(key)?;
        let ValueKind::Table(map) = &value.kind else {
            self.wrong_type(&self.at(key), key, "a table", value, Some(format!("write {key} = {{ … }}")));
            return None;
        };
        Some(self.tree.read(self.at(key), join(&self.schema, key), Some(map), read))
    }

    /// Each table of a table that is keyed by name, in the order typed; with its name. `schema` names what is in it.
    pub(super) fn named<T>(&self, key: &'static str, mut read: impl FnMut(&Table<'_>, &str) -> T) -> Vec<T> {
        let Some(value) = self.value(key) else { return vec![] };
        let ValueKind::Table(tables) = &value.kind else {
            self.wrong_type(&self.at(key), key, "a table", value, Some(format!("write {key}.some-name = {{ … }}")));
            return vec![];
        };
        let mut entries: Vec<_> = tables.iter().map(|(name, value)| (join(&self.at(key), name), name, value)).collect();
        entries.sort_by_key(|(path, name, _)| {
            let mark = self.tree.mark(path);
            (mark.map(|mark| (mark.file(), mark.value().start)), (*name).clone())
        });
        let mut found = vec![];
        for (path, name, value) in entries {
            match &value.kind {
                ValueKind::Table(map) => {
                    let schema = format!("{}.*", join(&self.schema, key));
                    let typed = self.tree.mark(&path).and_then(|mark| mark.typed.as_deref()).unwrap_or(name);
                    found.push(self.tree.read(path.clone(), schema, Some(map), |table| read(table, typed)));
                }
                _ => self.wrong_type(&path, name, "a table", value, Some(format!("write {key}.{name} = {{ … }}"))),
            }
        }
        found
    }

    /// A table of strings, such as headers: names and values, in the order typed.
    pub(super) fn pairs(&self, key: &'static str) -> Vec<(String, String)> {
        let Some(value) = self.value(key) else { return vec![] };
        let ValueKind::Table(map) = &value.kind else {
            self.wrong_type(
                &self.at(key),
                key,
                "a table",
                value,
                Some(format!("write {key} = {{ Name = \"value\" }}")),
            );
            return vec![];
        };
        let mut pairs: Vec<_> = map.iter().collect();
        pairs.sort_by_key(|(name, _)| *name);
        let text = |(name, value): (&String, &'w Value)| {
            let text = self.text(&join(&self.at(key), name), name, value, "a string")?;
            Some((name.clone(), text.to_string()))
        };
        pairs.into_iter().filter_map(text).collect()
    }

    /// What was typed at a key, for those that can have several types; strings, flags, lists and tables alike.
    pub(super) fn kind(&self, key: &'static str) -> Option<&'w ValueKind> {
        self.value(key).map(|value| &value.kind)
    }

    /// The key that must be there, else a fault at the table.
    pub(super) fn require<T>(&self, key: &'static str, value: Option<T>, hint: &str) -> Option<T> {
        if value.is_none() && !self.has(key) {
            self.fault_here(Code::Missing, format!("{} has no `{key}`", self.path), Some(hint.to_string()));
        }
        value
    }

    /// A path: relative ones are meant from the directory of the file that names them.
    pub(super) fn path(&self, key: &'static str) -> Option<PathBuf> {
        let text = self.words(key)?;
        Some(self.absolute(&self.at(key), &text))
    }

    /// See [`Self::path`]; for the value at a path of the configuration.
    pub(super) fn absolute(&self, at: &str, text: &str) -> PathBuf {
        self.tree.dir(at).join(text)
    }

    /// Whether a key was typed that is none, and that most likely means one of these; asked after all others were.
    pub(super) fn mistyped(&self, keys: &[&'static str]) -> bool {
        let asked = [self.asked.borrow().as_slice(), self.passed.borrow().as_slice(), keys].concat();
        let unknown = || self.map.into_iter().flat_map(Map::keys).filter(|key| !asked.iter().any(|known| known == key));
        unknown()
            .take(limits::CONFIG_FAULTS_MAX)
            .any(|key| meant(key, &asked).is_some_and(|meant| keys.contains(&meant)))
    }

    /// A fault for each key that nobody asked for.
    fn refuse_the_rest(&self) {
        let Some(map) = self.map else { return };
        let asked = [self.asked.borrow().as_slice(), self.passed.borrow().as_slice()].concat();
        let mut unknown: Vec<_> = map.keys().filter(|key| !asked.iter().any(|known| known == key)).collect();
        unknown.sort();
        for (count, key) in unknown.into_iter().enumerate() {
            let what = format!("unknown key {} in [{}]", quote(key), self.path);
            if count > limits::CONFIG_FAULTS_MAX {
                self.fault_at_key(key, Code::UnknownKey, what, None);
                continue;
            }
            let hint = match meant(key, &asked) {
                Some(near) => format!("did you mean `{near}`?"),
                None if matches!(map[key].kind, ValueKind::Table(_)) && self.schema.ends_with(".*") => {
                    format!("an id has no dot: write [{}-{key}]", self.path)
                }
                None => format!("its keys are {}", asked.join(", ")),
            };
            self.fault_at_key(key, Code::UnknownKey, what, Some(hint));
        }
    }
}

/// The key that an unknown one most likely means.
fn meant(typed: &str, known: &[&'static str]) -> Option<&'static str> {
    let synonym = SYNONYMS.iter().find(|(synonym, _)| *synonym == typed);
    let synonym = synonym.and_then(|(_, meant)| meant.iter().find(|meant| known.contains(meant)).copied());
    synonym.or_else(|| nearest(typed, known.iter().copied()))
}

/// A string with something in it.
pub(super) fn not_blank(text: &str) -> Typed<String> {
    if text.trim().is_empty() { Err(Bad::new(Code::BadValue, "it is empty")) } else { Ok(text.to_string()) }
}
