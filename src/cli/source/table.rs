//! Sources as rows of a CSV file: the first line names the columns, in any order; or a list of addresses without a head.

use super::written::New;
use crate::cli::input;
use crate::lists::{Next, Record, Records};
use crate::model::Outline;
use crate::model::limits::SUBSCRIPTIONS_MAX;
use crate::text::one_line;
use std::io;

/// The columns, and what else they may be called.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("url", &["xmlurl", "feed", "feed_url", "address"]),
    ("id", &[]),
    ("name", &["title", "text", "outlet"]),
    ("tags", &["tag", "folder", "folders", "category"]),
    ("language", &["lang"]),
    ("tier", &[]),
    ("kind", &["type"]),
    ("every", &["interval"]),
    ("cron", &[]),
];

/// Reads the rows; and what could not be read, each with its line.
pub(super) fn read(bytes: &[u8]) -> io::Result<(Vec<New>, Vec<String>)> {
    let mut records = Records::new(bytes)?;
    let (mut sources, mut said) = (vec![], vec![]);
    let mut columns: Option<Vec<Option<&str>>> = None;
    while let Some(next) = records.record()? {
        let record = match next {
            Next::Record(record) => record,
            Next::Bad { line, what } => {
                said.push(format!("line {line}: {what}"));
                continue;
            }
        };
        match &columns {
            Some(_) if sources.len() == SUBSCRIPTIONS_MAX => {
                said.push(format!("line {}: rows beyond the first {SUBSCRIPTIONS_MAX} are left out", record.line));
                break;
            }
            Some(columns) => sources.extend(row(record, columns, &mut said)),
            None if input::web(record.field(0)).is_some() => {
                let bare = vec![Some("url"), Some("name"), Some("tags")];
                sources.extend(row(record, &bare, &mut said));
                columns = Some(bare);
            }
            None => columns = Some(head(record, &mut said)?),
        }
    }
    Ok((sources, said))
}

fn head(record: Record<'_>, said: &mut Vec<String>) -> io::Result<Vec<Option<&'static str>>> {
    let named = |typed: &str| {
        let typed = typed.to_lowercase().replace([' ', '-'], "_");
        COLUMNS.iter().find(|(name, others)| *name == typed || others.contains(&&*typed)).map(|(name, _)| *name)
    };
    let columns: Vec<Option<&str>> = record.fields().map(named).collect();
    let known: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    if !columns.contains(&Some("url")) {
        let found: Vec<String> = record.fields().map(one_line).collect();
        let what = format!(
            "the first line must name the column url (there may be {}); it has: {}",
            known.join(", "),
            found.join(", ")
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    let unused: Vec<String> =
        record.fields().zip(&columns).filter(|(_, column)| column.is_none()).map(|(name, _)| one_line(name)).collect();
    if !unused.is_empty() {
        said.push(format!("columns that mean nothing here: {}", unused.join(", ")));
    }
    Ok(columns)
}

fn row(record: Record<'_>, columns: &[Option<&str>], said: &mut Vec<String>) -> Option<New> {
    let field =
        |column: &str| columns.iter().position(|known| *known == Some(column)).map_or("", |at| record.field(at));
    let text = |column: &str| one_line(field(column));
    let tier = field("tier");
    let number = tier.parse().ok();
    if number.is_none() && !tier.is_empty() {
        said.push(format!("line {}: tier {:?} is no number; left out", record.line, one_line(tier)));
    }
    let mut tags: Vec<String> = vec![];
    for tag in field("tags").split([';', '\n']).map(one_line).filter(|tag| !tag.is_empty()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if text("url").is_empty() {
        said.push(format!("line {}: it has no url", record.line));
        return None;
    }
    Some(New {
        id: text("id"),
        url: text("url"),
        name: text("name"),
        kind: text("kind"),
        language: text("language"),
        every: text("every"),
        cron: text("cron"),
        tier: number,
        outline: Outline { folders: tags.clone(), attributes: vec![] },
        tags,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_any_order_and_a_bare_list_of_addresses_is_one_too() {
        let csv = "Title;Feed URL;color;tags;tier\nDesk;https://a.example/;red;\"a; b;a\";2\nNo;;;;\nX;https://b.example/;;;one\n";
        let (rows, said) = read(csv.as_bytes()).unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].tier, rows.len()), ("Desk", Some(2), 2));
        assert_eq!(rows[0].tags, ["a", "b"]);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[1].starts_with("line 3: ") && said[2].contains("tier"), "{said:?}");
        let (rows, _) = read(b"https://a.example/\nhttps://b.example/,B\n").unwrap();
        assert_eq!((rows.len(), rows[1].name.as_str()), (2, "B"));
        assert!(read(b"name,tags\nx,y\n").err().unwrap().to_string().contains("column url"));
    }

    #[test]
    fn rows_have_an_end() {
        let (rows, said) = read("https://a.example/\n".repeat(SUBSCRIPTIONS_MAX + 5).as_bytes()).unwrap();
        assert_eq!((rows.len(), said.len()), (SUBSCRIPTIONS_MAX, 1));
    }
}
