//! `was = "old-id"`: a thing that is called otherwise now, and keeps its history. In: the tables that say so. Out: renames; a word
//! where the old one is still there, or two claim its history.

use super::bad::Bad;
use super::code::Code;
use super::file::quote;
use super::table::Table;
use super::tree::{Part, Tree};
use crate::model::{Named, Rename, SourceId};
use std::collections::{HashMap, HashSet};

/// What was found so far: the path of each, and what it says.
#[derive(Default)]
pub(super) struct Was {
    said: Vec<(String, Rename)>,
    /// The ids that there are, with `-` for `_`.
    there: HashSet<(Named, String)>,
}

impl Was {
    /// Reads what a table says of its earlier id; a watch with `notify` is a rule, too.
    pub(super) fn note(&mut self, table: &Table<'_>, id: &str, kind: Named) {
        // All ids are of one form.
        let was = table.parsed("was", |typed| {
            SourceId::new(typed).map_err(|fault| Bad::new(Code::BadId, fault.to_string())).map(|id| id.to_string())
        });
        let kinds = if kind == Named::Watch && table.has("notify") { vec![kind, Named::Rule] } else { vec![kind] };
        for kind in kinds {
            self.there.insert((kind, id.replace('_', "-")));
            if let Some(was) = &was {
                self.said.push((table.at("was"), Rename { kind, from: was.clone(), to: id.into() }));
            }
        }
    }

    /// The renames that can be followed.
    pub(super) fn settle(self, tree: &Tree) -> Vec<Rename> {
        let mut claimed: HashMap<(Named, String), String> = HashMap::new();
        let mut told: HashSet<String> = HashSet::new();
        let mut followed = vec![];
        for (path, rename) in self.said {
            let old = (rename.kind, rename.from.replace('_', "-"));
            let noun = rename.kind.as_str();
            if self.there.contains(&old) {
                if told.insert(path.clone()) {
                    let what = format!("the {noun} {} is still there: its history stays with it", quote(&rename.from));
                    let hint = format!("take the {noun} {} out, or leave `was` out", rename.from);
                    tree.fault(&path, Part::Value, Code::StillThere, what, Some(hint));
                }
            } else if let Some(first) = claimed.insert(old, rename.to.clone()) {
                let what = format!(
                    "the history of the {noun} {} is claimed by {} already",
                    quote(&rename.from),
                    quote(&first)
                );
                tree.fault(&path, Part::Value, Code::Conflict, what, Some("leave one of the two out".into()));
            } else {
                followed.push(rename);
            }
        }
        followed
    }
}
