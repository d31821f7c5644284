//! FollowTheMoney JSON lines (followthemoney.tech; OpenSanctions' `entities.ftm.json`): people and bodies with their names.

use super::{ListFault, ListRead};
use crate::model::{Row, WatchKind};
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
            Ok(entity) => read.rows.extend(row(entity)),
            Err(fault) => {
                read.faults.push(ListFault { line: at as u64 + 1, what: format!("this is no entity: {fault}") });
            }
        }
    }
    Ok(read)
}

/// The row of a person or body with a name; other entities (passports, addresses, ownerships) are no names to watch.
fn row(mut entity: Entity) -> Option<Row> {
    let kind = match entity.schema.as_str() {
        "Person" => WatchKind::Official,
        "Organization" | "Company" | "LegalEntity" | "PublicBody" => WatchKind::Organization,
        _ => return None,
    };
    let mut texts = |property: &str| -> Vec<String> {
        let values = entity.properties.remove(property).unwrap_or_default();
        values.into_iter().filter_map(|value| value.as_str().map(ToString::to_string)).collect()
    };
    let mut names = texts("name");
    names.extend(texts("alias"));
    let weak = texts("weakAlias");
    (!names.is_empty()).then(|| Row { id: entity.id, kind, names, exact: vec![], weak, not_as: vec![], posts: vec![] })
}
