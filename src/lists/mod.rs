//! Watch-list files. In: a list as configured. Out: its rows, and every line that could not be read. It matches nothing.

mod csv;
mod ftm;

use crate::model::{List, ListFormat, Rows};
use std::fs::File;
use std::io::{self, BufReader, Read};

/// Names of a list are no longer than this in bytes; a longer one is left out and said.
const NAME_BYTES_MAX: usize = 1 << 10;
/// Names of all rows of a list together.
const NAMES_MAX: usize = 1_000_000;

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFault {
    /// From 1.
    pub line: u64,
    /// In words.
    pub what: String,
}

/// What a file held.
#[derive(Debug, Default, PartialEq)]
pub struct ListRead {
    /// Its rows, in its order.
    pub rows: Rows,
    /// Lines that could not be read; the others are used all the same.
    pub faults: Vec<ListFault>,
}

/// Reads the file of a list.
///
/// # Errors
/// The system's, where the file cannot be read at all, and a CSV whose head lacks `id` or `names`.
pub fn read(list: &List) -> io::Result<ListRead> {
    from(BufReader::new(File::open(&list.file)?), list.format)
}

fn from(input: impl Read, format: ListFormat) -> io::Result<ListRead> {
    Ok(match format {
        ListFormat::Csv => csv::rows(input)?,
        ListFormat::FollowTheMoney => ftm::rows(BufReader::new(input))?,
    })
}

/// The parts of a field that holds several, parted by `;`.
fn several(field: &str) -> impl Iterator<Item = &str> + Clone {
    field.split(';').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RowKey, RowRef, WatchKind};

    fn texts(read: &ListRead, id: &str, key: RowKey) -> Vec<String> {
        read.rows.find(id).unwrap().of(key).map(ToString::to_string).collect()
    }

    fn read_str(text: &str, format: ListFormat) -> ListRead {
        from(text.as_bytes(), format).unwrap()
    }

    #[test]
    fn a_csv_has_every_column_a_watch_has_in_any_order() {
        let text = "\u{feff}names,id,kind,weak,posts\n\"Ada Byron; Ада Байрон\",Q1,official,Byron,Minister of Engines\nEngine Works,Q2,organization,,\n";
        let read = read_str(text, ListFormat::Csv);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        assert_eq!(read.rows.len(), 2);
        assert_eq!(texts(&read, "Q1", RowKey::Names), ["Ada Byron", "Ада Байрон"]);
        assert_eq!(texts(&read, "Q1", RowKey::Weak), ["Byron"]);
        let kinds: Vec<WatchKind> = read.rows.iter().map(RowRef::kind).collect();
        assert_eq!(kinds, [WatchKind::Official, WatchKind::Organization]);
    }

    #[test]
    fn a_bad_line_costs_itself_only_and_is_named() {
        let read =
            read_str("id,names,kind\nQ1,Ada Byron,ghost\n,No Id,\nQ3,,\nQ1,Again,\nQ4,Charles B,\n", ListFormat::Csv);
        assert_eq!(read.rows.iter().map(|row| row.id()).collect::<Vec<_>>(), ["Q1", "Q4"]);
        assert_eq!(read.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(from("name;other\n".as_bytes(), ListFormat::Csv).is_err());
    }

    #[test]
    fn follow_the_money_gives_names_aliases_and_weak_aliases() {
        let text = r#"{"id":"Q7","schema":"Person","properties":{"name":["Ada Byron"],"alias":["A. Lovelace"],"weakAlias":["Ada"],"position":["Minister"]}}
{"id":"o1","schema":"Company","properties":{"name":["Engine Works"]}}
{"id":"x","schema":"Passport","properties":{"number":["1"]}}
not json
"#;
        let read = read_str(text, ListFormat::FollowTheMoney);
        assert_eq!(read.rows.len(), 2);
        assert_eq!(texts(&read, "Q7", RowKey::Names), ["Ada Byron", "A. Lovelace"]);
        assert_eq!(texts(&read, "Q7", RowKey::Weak), ["Ada"]);
        assert_eq!(read.rows.find("o1").unwrap().kind(), WatchKind::Organization);
        assert_eq!(read.faults.len(), 1);
    }
}
