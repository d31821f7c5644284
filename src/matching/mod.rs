//! PROVISIONAL
#![allow(missing_docs)]
use crate::model::*;
use jiff::{Timestamp, tz::TimeZone};
use std::ops::Range;

#[derive(Debug, Clone)]
pub struct Place {
    pub table: &'static str,
    pub id: String,
    pub key: &'static str,
    pub index: Option<usize>,
}
#[derive(Debug, Clone)]
pub struct Fault {
    pub place: Place,
    pub span: Range<usize>,
    pub code: &'static str,
    pub what: String,
    pub hint: Option<String>,
}
pub struct Index {
    watches: Vec<Watch>,
    rules: Vec<Rule>,
}
pub struct Text<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub zones: &'a [Block],
    pub url: &'a str,
    pub language: Option<&'a str>,
    pub author: Option<&'a str>,
    pub tags: &'a [String],
    pub source: &'a str,
    pub published: Option<Timestamp>,
    pub tier: Option<u8>,
    pub now: Timestamp,
}
#[derive(Default)]
pub struct Reading {
    pub matches: Vec<Match>,
    pub near_misses: Vec<(RuleId, String)>,
}
pub fn compile(watches: &[Watch], _lists: &[List], rules: &[Rule], _zone: &TimeZone) -> Result<Index, Vec<Fault>> {
    Ok(Index { watches: watches.to_vec(), rules: rules.to_vec() })
}
impl Index {
    pub fn lints(&self) -> &[Fault] {
        &[]
    }
    pub fn read(&self, text: &Text) -> Reading {
        let mut matches = vec![];
        for rule in &self.rules {
            let mut hits = vec![];
            for w in &self.watches {
                let at = format!("@{}", w.id);
                if !(rule.any.contains(&at)
                    || rule.all.contains(&at)
                    || rule.query.as_deref().unwrap_or("").contains(&at))
                {
                    continue;
                }
                for n in w.names.iter().chain(&w.exact) {
                    if let Some(p) = text.text.find(n.as_str()) {
                        let start = text.text[..p].chars().count();
                        hits.push(Hit {
                            watch: Some(w.id.to_string()),
                            entry: None,
                            kind: HitKind::Name,
                            name: n.clone(),
                            text: n.clone(),
                            zone: Zone::Body,
                            block: None,
                            start,
                            end: start + n.chars().count(),
                            sentence: text
                                .text
                                .split('.')
                                .find(|s| s.contains(n.as_str()))
                                .unwrap_or("")
                                .trim()
                                .to_string(),
                        });
                    }
                }
            }
            if !hits.is_empty() {
                matches.push(Match {
                    rule: rule.id.clone(),
                    severity: rule.severity,
                    notify: Match::routes(&rule.notify),
                    hits,
                });
            }
        }
        Reading { matches, near_misses: vec![] }
    }
}
