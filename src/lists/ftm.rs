//! FollowTheMoney JSON lines (followthemoney.tech; OpenSanctions' `entities.ftm.json`): people and bodies with their names.

use super::{ListFault, ListRead};
use crate::model::{RowHead, RowKey, Rows, WatchKind};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{self, BufRead};

#[derive(Deserialize)]
struct Entity {
    id: String,
    schema: String,
    #[serde(default)]
    properties: HashMap<String, Vec<serde_json::Value>>,
}

pub(super) fn rows(input: impl BufRead) -> io::Result<ListRead> {
    let mut read = ListRead::default();
    for (at, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Entity>(&line) {
            Ok(entity) => row(&mut read.rows, entity),
            Err(fault) => {
                read.faults.push(ListFault { line: at as u64 + 1, what: format!("this is no entity: {fault}") });
            }
        }
    }
    Ok(read)
}

/// The row of a person or body with a name; other entities (passports, addresses, ownerships) are no names to watch.
fn row(rows: &mut Rows, mut entity: Entity) {
    let kind = match entity.schema.as_str() {
        "Person" => WatchKind::Official,
        "Organization" | "Company" | "LegalEntity" | "PublicBody" => WatchKind::Organization,
        _ => return,
    };
    let mut texts = |property: &str| -> Vec<String> {
        let values = entity.properties.remove(property).unwrap_or_default();
        values.into_iter().filter_map(|value| value.as_str().map(ToString::to_string)).collect()
    };
    let mut names = texts("name");
    names.extend(texts("alias"));
    let weak = texts("weakAlias");
    let weak = weak.iter().map(|text| (RowKey::Weak, text.as_str()));
    if !names.is_empty() {
        let texts = names.iter().map(|text| (RowKey::Names, text.as_str())).chain(weak);
        let _ = rows.push(&RowHead::new(&entity.id, kind), texts);
    }
}
