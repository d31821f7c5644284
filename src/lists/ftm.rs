//! FollowTheMoney JSON lines (followthemoney.tech; OpenSanctions' `entities.ftm.json`): people and bodies with their names.
//! A `position` is no post: "Minister" names everybody who is one. Ships, passports and addresses are no names to watch.

use super::{GET_AGAIN, ListError, ListRead, SAVE_AS_UTF8};
use crate::model::{RowHead, RowKey, WatchKind};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read};

/// A line; OpenSanctions' longest, with all that is known of an entity nested in it, are some megabytes.
const LINE_BYTES_MAX: usize = 16 << 20;

#[derive(serde::Deserialize)]
struct Entity<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    schema: Cow<'a, str>,
    /// The one name by which it is shown.
    #[serde(borrow, default)]
    caption: Text<'a>,
    #[serde(borrow, default)]
    properties: Properties<'a>,
}

/// What is known of an entity. A property that is null is none, and one that is there twice has the values of both.
#[derive(Default)]
struct Properties<'a> {
    name: Vec<Text<'a>>,
    alias: Vec<Text<'a>>,
    previous_name: Vec<Text<'a>>,
    weak_alias: Vec<Text<'a>>,
    topics: Vec<Text<'a>>,
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Property {
    Name,
    Alias,
    PreviousName,
    WeakAlias,
    Topics,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyProperties)
    }
}

struct AnyProperties;

impl<'de> Visitor<'de> for AnyProperties {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Properties::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = Properties::default();
        while let Some(key) = map.next_key::<Property>()? {
            let values = match key {
                Property::Name => &mut properties.name,
                Property::Alias => &mut properties.alias,
                Property::PreviousName => &mut properties.previous_name,
                Property::WeakAlias => &mut properties.weak_alias,
                Property::Topics => &mut properties.topics,
                Property::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            values.extend(map.next_value::<Option<Vec<Text<'de>>>>()?.into_iter().flatten());
        }
        Ok(properties)
    }
}

pub(super) fn rows(mut input: impl BufRead) -> Result<ListRead, ListError> {
    let mut read = ListRead::default();
    let (mut line, mut empty) = (Vec::new(), true);
    for number in 1.. {
        line.clear();
        let bytes = input.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line)?;
        if bytes == 0 {
            break;
        }
        let first = empty && !line.trim_ascii().is_empty();
        empty &= !first;
        if bytes > LINE_BYTES_MAX && !line.ends_with(b"\n") {
            read.fault(number, &format!("it is longer than {} MiB", LINE_BYTES_MAX >> 20));
            input.skip_until(b'\n')?;
            line = Vec::new();
            continue;
        }
        let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            continue;
        }
        if first {
            unlike(text)?;
        }
        match serde_json::from_slice::<Entity>(text) {
            Ok(entity) => row(number, &entity, &mut read),
            Err(_) => read.fault(number, &format!("this is no entity: {}", told(text))),
        }
    }
    if empty { Err(ListError::unusable("it is empty", GET_AGAIN)) } else { read.finished(0) }
}

/// A first line that is of another thing: all lines after it would be told, and none would say what to do.
fn unlike(line: &[u8]) -> Result<(), ListError> {
    match line {
        [b'[', ..] => Err(ListError::unusable(
            "it is one list in JSON; FollowTheMoney is one entity a line, without brackets around them all",
            "write one entity a line: jq -c '.[]' FILE",
        )),
        b"{" => Err(ListError::unusable(
            "its entities go over several lines; FollowTheMoney is one entity a line",
            "write one entity a line: jq -c . FILE",
        )),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(ListError::unusable("it is UTF-16", SAVE_AS_UTF8)),
        _ => Ok(()),
    }
}

/// What is wrong with a line that is no entity, in words.
fn told(line: &[u8]) -> String {
    const ENTITY: &str = r#"an entity is {"id": …, "schema": …, "properties": {"name": […]}}"#;
    if std::str::from_utf8(line).is_err() {
        return "it is not UTF-8; save the list as UTF-8".to_string();
    }
    match serde_json::from_slice::<Value>(line) {
        Err(fault) if fault.is_eof() => "the line ends before its JSON does".to_string(),
        Err(fault) => format!("it is not JSON from column {} on; {ENTITY}", fault.column()),
        Ok(Value::Object(entity)) => {
            let text = |key: &str| match entity.get(key) {
                None => Some(format!("it has no `{key}`; {ENTITY}")),
                Some(value) => (!value.is_string()).then(|| format!("its `{key}` is no text; {ENTITY}")),
            };
            let names = || format!("a name in its `properties` stands in no list; {ENTITY}");
            text("id").or_else(|| text("schema")).unwrap_or_else(names)
        }
        Ok(_) => ENTITY.to_string(),
    }
}

/// The kind of a schema whose entities are people or bodies.
pub(super) fn kind(schema: &str) -> Option<WatchKind> {
    match schema {
        "Person" => Some(WatchKind::Official),
        "Organization" | "Company" | "LegalEntity" | "PublicBody" => Some(WatchKind::Organization),
        _ => None,
    }
}

/// The schema that was meant by one that differs in its capitals only.
pub(super) fn meant(schema: &str) -> Option<&'static str> {
    let known = ["Person", "Organization", "Company", "LegalEntity", "PublicBody"];
    known.into_iter().find(|known| known.eq_ignore_ascii_case(schema))
}

fn row(line: u64, entity: &Entity<'_>, read: &mut ListRead) {
    let Some(kind) = read.kind(line, &entity.schema) else { return };
    let Properties { name, alias, previous_name, weak_alias, topics } = &entity.properties;
    let mut topics: Vec<&str> = topics.iter().filter_map(Text::get).collect();
    topics.sort_unstable();
    let topics = topics.join(";");
    // An entity without a name of its own is called by its caption.
    let caption = name.is_empty().then_some(&entity.caption);
    let names = caption.into_iter().chain(name).chain(alias).chain(previous_name).map(|text| (RowKey::Names, text));
    let texts = names.chain(weak_alias.iter().map(|text| (RowKey::Weak, text)));
    let texts = texts.filter_map(|(key, text)| Some((key, text.get()?)));
    read.take(line, &RowHead { topics: &topics, ..RowHead::new(&entity.id, kind) }, texts);
}

/// A value that should be a text. Others, entities within entities say, are none.
#[derive(Default)]
struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyText)
    }
}

struct AnyText;

impl<'de> Visitor<'de> for AnyText {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Owned(text.to_string()))))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Text(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Text(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        while values.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }
}
