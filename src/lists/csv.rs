//! CSV lists: a row of a table becomes a row of a list. In: a file whose first line names its columns, in any order. Out: rows.
//! Several names are parted by `;` or stand on lines of their own. OpenSanctions' simple CSV is read as it comes.

use super::record::{Next, Record, Records};
use super::{ListError, ListRead};
use crate::model::{RowHead, RowKey, WatchKind};
use std::io::Read;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Kind,
    /// The schema of FollowTheMoney, in place of the kind.
    Schema,
    Texts(RowKey),
    Family,
    Variants,
    Inflect,
    Topics,
}

/// Columns of OpenSanctions' `targets.simple.csv` that say nothing of names: they come with every edition of it.
const PUBLISHED: [&str; 13] = [
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "dataset",
    "datasets",
    "program_ids",
    "first_seen",
    "last_seen",
    "last_change",
];

impl Column {
    /// The column of this name; `names` and `aliases`, say, may both be there.
    fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase().replace([' ', '-'], "_");
        Some(match name.as_str() {
            "id" => Self::Id,
            "kind" => Self::Kind,
            "schema" => Self::Schema,
            "names" | "name" | "aliases" | "alias" => Self::Texts(RowKey::Names),
            "exact" => Self::Texts(RowKey::Exact),
            "weak" | "weak_aliases" | "weak_alias" => Self::Texts(RowKey::Weak),
            "not_as" => Self::Texts(RowKey::NotAs),
            "posts" | "post" => Self::Texts(RowKey::Posts),
            "with" => Self::Texts(RowKey::With),
            "family" => Self::Family,
            "variants" => Self::Variants,
            "inflect" => Self::Inflect,
            "topics" => Self::Topics,
            _ => return None,
        })
    }
}

/// What a first line is.
const FIRST_LINE: &str = "the first line names the columns, as in id,kind,names";

pub(super) fn rows(input: impl Read) -> Result<ListRead, ListError> {
    let mut records = Records::new(input).map_err(|fault| match fault.kind() {
        std::io::ErrorKind::InvalidData => ListError::unusable(&fault.to_string(), super::SAVE_AS_UTF8),
        _ => fault.into(),
    })?;
    let mut read = ListRead::default();
    let columns = match records.record()? {
        Some(Next::Record(head)) => columns(head, &mut read)?,
        Some(Next::Bad { what, .. }) => {
            return Err(ListError::unusable(&format!("of its first line, {what}"), FIRST_LINE));
        }
        None => return Err(ListError::unusable("it is empty", super::GET_AGAIN)),
    };
    let of_the_head = read.faults.len();
    while let Some(next) = records.record()? {
        match next {
            Next::Record(record) => row(record, &columns, &mut read),
            Next::Bad { line, what } => read.fault(line, what),
        }
    }
    read.finished(of_the_head)
}

/// The columns in the order of the file.
fn columns(head: Record<'_>, read: &mut ListRead) -> Result<Vec<Option<Column>>, ListError> {
    let mut columns: Vec<Option<Column>> = vec![];
    let mut unused = vec![];
    for name in head.fields() {
        let column = Column::named(name);
        let twice = !matches!(column, Some(Column::Texts(_))) && columns.contains(&column);
        let column = column.filter(|_| !twice);
        if column.is_none() && !name.is_empty() {
            unused.push(name);
        }
        columns.push(column);
    }
    if !columns.contains(&Some(Column::Id)) || !columns.iter().any(|column| column.is_some_and(is_strong)) {
        let found: Vec<&str> = head.fields().collect();
        let what = format!("the first line must name the columns id and names; it has: {}", found.join(", "));
        return Err(ListError::unusable(&what, FIRST_LINE));
    }
    if columns.contains(&Some(Column::Schema)) {
        unused.retain(|name| !PUBLISHED.contains(&&*name.to_lowercase()));
    }
    if !unused.is_empty() {
        read.fault(head.line, &format!("columns that mean nothing here: {}", unused.join(", ")));
    }
    Ok(columns)
}

fn is_strong(column: Column) -> bool {
    matches!(column, Column::Texts(RowKey::Names | RowKey::Exact | RowKey::Posts))
}

fn row(record: Record<'_>, columns: &[Option<Column>], read: &mut ListRead) {
    let line = record.line;
    if record.fields().skip(columns.len()).any(|field| !field.is_empty()) {
        let (fields, names) = (record.fields().count(), columns.len());
        let what = format!(
            "it has {fields} fields, and the first line names {names} columns; a field with a comma in it stands in quotes: \
             \"Byron, Ada\""
        );
        return read.fault(line, &what);
    }
    // Whose faults are told wherever its column stands.
    let id = columns.iter().position(|column| *column == Some(Column::Id)).map_or("", |at| record.field(at));
    let mut head = RowHead::new(id, WatchKind::Official);
    let mut family = "";
    for (at, column) in columns.iter().enumerate() {
        let field = record.field(at);
        match column {
            Some(Column::Kind) => match kind(field) {
                Some(kind) => head.kind = kind,
                None => read.faults_at(
                    line,
                    id,
                    &format!("kind {field:?} is none of official, organization, keyword; taken as official"),
                ),
            },
            Some(Column::Schema) if !columns.contains(&Some(Column::Kind)) => match read.kind(line, field) {
                Some(kind) => head.kind = kind,
                None => return,
            },
            Some(Column::Family) => match flag(field) {
                Some(flag) => head.family = flag,
                None => family = field,
            },
            Some(Column::Variants) if !field.is_empty() => match flag(field) {
                Some(flag) => head.variants = flag,
                None => {
                    read.faults_at(line, id, &format!("variants {field:?} is neither true nor false; taken as true"));
                }
            },
            Some(Column::Inflect) if !field.is_empty() => {
                head.inflect = flag(field);
                if head.inflect.is_none() {
                    read.faults_at(line, id, &format!("inflect {field:?} is neither true nor false; left to the kind"));
                }
            }
            Some(Column::Topics) => head.topics = field,
            _ => {}
        }
    }
    if head.kind != WatchKind::Official && (head.family || !family.is_empty()) {
        read.faults_at(line, id, "family is for an official");
        (head.family, family) = (false, "");
    }
    let texts = columns.iter().enumerate().filter_map(|(at, column)| match column {
        Some(Column::Texts(key)) => Some((*key, record.field(at))),
        _ => None,
    });
    let texts = texts.chain([(RowKey::Weak, family)]);
    read.take(line, &head, texts.flat_map(|(key, field)| several(field).map(move |text| (key, text))));
}

fn kind(typed: &str) -> Option<WatchKind> {
    let is = |names: &[&str]| names.iter().any(|name| typed.eq_ignore_ascii_case(name));
    if is(&["", "official", "person"]) {
        Some(WatchKind::Official)
    } else if is(&["organization", "organisation", "company"]) {
        Some(WatchKind::Organization)
    } else if is(&["keyword"]) {
        Some(WatchKind::Keyword)
    } else {
        None
    }
}

fn flag(typed: &str) -> Option<bool> {
    let is = |names: &[&str]| names.iter().any(|name| typed.eq_ignore_ascii_case(name));
    if is(&["true", "yes", "1"]) {
        Some(true)
    } else if is(&["", "false", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// The parts of a field that holds several.
fn several(field: &str) -> impl Iterator<Item = &str> + Clone {
    field.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}
