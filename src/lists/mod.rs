//! Watch-list files. In: a list as configured. Out: its rows, and every line that could not be read. It matches nothing.

mod csv;
mod ftm;

use crate::model::{List, ListFormat, Row};
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRead {
    /// Its rows, in its order.
    pub rows: Vec<Row>,
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
    let mut read = match format {
        ListFormat::Csv => csv::rows(input)?,
        ListFormat::FollowTheMoney => ftm::rows(BufReader::new(input))?,
    };
    bound(&mut read);
    Ok(read)
}

/// Keeps what a stranger's file may cost within bounds, and says what was left out.
fn bound(read: &mut ListRead) {
    let mut names = 0;
    for (at, row) in read.rows.iter_mut().enumerate() {
        for texts in [&mut row.names, &mut row.exact, &mut row.weak, &mut row.not_as, &mut row.posts] {
            let before = texts.len();
            texts.retain(|text| text.len() <= NAME_BYTES_MAX);
            if texts.len() < before {
                let what = format!("row {}: a name is longer than {NAME_BYTES_MAX} bytes and was left out", row.id);
                read.faults.push(ListFault { line: at as u64 + 2, what });
            }
            names += texts.len();
        }
    }
    if names > NAMES_MAX {
        let mut kept = 0;
        let rows = read.rows.iter().take_while(|row| {
            kept += row.names.len() + row.exact.len() + row.weak.len();
            kept <= NAMES_MAX
        });
        let rows = rows.count();
        let what = format!("the list has more than {NAMES_MAX} names; {} rows were left out", read.rows.len() - rows);
        read.faults.push(ListFault { line: rows as u64 + 2, what });
        read.rows.truncate(rows);
    }
}

/// The parts of a field that holds several, parted by `;`.
fn several(field: &str) -> Vec<String> {
    field.split(';').map(str::trim).filter(|part| !part.is_empty()).map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WatchKind;

    fn read_str(text: &str, format: ListFormat) -> ListRead {
        from(text.as_bytes(), format).unwrap()
    }

    #[test]
    fn a_csv_has_every_column_a_watch_has_in_any_order() {
        let text = "\u{feff}names,id,kind,weak,posts\n\"Ada Byron; Ада Байрон\",Q1,official,Byron,Minister of Engines\nEngine Works,Q2,organization,,\n";
        let read = read_str(text, ListFormat::Csv);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        assert_eq!(read.rows.len(), 2);
        assert_eq!(read.rows[0].names, ["Ada Byron", "Ада Байрон"]);
        assert_eq!(
            (read.rows[0].weak.as_slice(), read.rows[0].kind),
            (&["Byron".to_string()][..], WatchKind::Official)
        );
        assert_eq!(read.rows[1].kind, WatchKind::Organization);
    }

    #[test]
    fn a_bad_line_costs_itself_only_and_is_named() {
        let read =
            read_str("id,names,kind\nQ1,Ada Byron,ghost\n,No Id,\nQ3,,\nQ1,Again,\nQ4,Charles B,\n", ListFormat::Csv);
        assert_eq!(read.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["Q1", "Q4"]);
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
        assert_eq!(read.rows[0].names, ["Ada Byron", "A. Lovelace"]);
        assert_eq!(
            (read.rows[0].weak.as_slice(), read.rows[1].kind),
            (&["Ada".to_string()][..], WatchKind::Organization)
        );
        assert_eq!(read.faults.len(), 1);
    }
}
