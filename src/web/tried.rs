//! A query tried on the archive. In: a query and where to begin. Out: its faults, or the articles that it finds, the newest
//! first. One is tried at a time, and none longer than [`limits::TRY_TIME_MAX`].

use super::reading::text;
use super::show::harmless;
use super::{Desk, Parts, View, answered};
use crate::matching::{self, Fault, Index};
use crate::model::{Hit, List, Rule, RuleId, SourceId, limits};
use crate::store::{self, ArchiveQuery, StoreError};
use jiff::Timestamp;
use maud::{Markup, html};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What a try came to.
pub(super) enum Tried {
    /// The query has faults.
    Refused(Vec<Fault>),
    /// It was looked for.
    Found(Found),
}

/// What was found.
pub(super) struct Found {
    /// What is doubted of the query.
    pub(super) doubts: Vec<Fault>,
    /// The articles.
    pub(super) articles: Vec<FoundArticle>,
    /// How many were looked at.
    pub(super) looked_at: usize,
    /// Whether each had to be: the query has no word that can be looked up.
    pub(super) all: bool,
    /// Where it began; `None`: at the newest.
    pub(super) from: Option<i64>,
    /// Where to go on; `None`: the archive has ended.
    pub(super) next: Option<i64>,
}

/// An article that was found.
pub(super) struct FoundArticle {
    pub(super) id: i64,
    pub(super) source: SourceId,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) read_at: Timestamp,
    /// Sentences with their hits.
    pub(super) sentences: Vec<(String, Vec<Hit>)>,
}

/// Sentences that are shown of one article.
const SENTENCES_MAX: usize = 3;
/// Articles that are read from the store at once.
const STEP: usize = 250;

/// Tries a query on what was read before the article of that number.
///
/// # Errors
/// The store's.
pub(super) async fn run(parts: &Parts, view: &View, query: &str, from: Option<i64>) -> store::Result<Tried> {
    if query.len() > limits::TRY_BYTES_MAX {
        let what = format!("it is longer than {} KiB", limits::TRY_BYTES_MAX >> 10);
        return Ok(Tried::Refused(vec![long(what)]));
    }
    let busy = || StoreError::Unavailable("other queries are being tried; try again in a moment".into());
    let turn = tokio::time::timeout(limits::WEB_ANSWER_TIME_MAX, parts.trying.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(busy()) };
    let (typed, legend) = (query.to_string(), view.legend.clone());
    let compiled = tokio::task::spawn_blocking(move || compile(&typed, &legend.desk, &legend.zone)).await;
    let index = match compiled {
        Ok(Ok(index)) => Arc::new(index),
        Ok(Err(faults)) => return Ok(Tried::Refused(faults)),
        Err(_) => return Err(busy()),
    };
    let wanted = index.wanted();
    let began = Instant::now();
    let mut found = Found {
        doubts: index.lints().to_vec(),
        articles: vec![],
        looked_at: 0,
        all: wanted.is_none(),
        from,
        next: from,
    };
    while found.articles.len() < limits::TRY_FOUND_MAX && began.elapsed() < limits::TRY_TIME_MAX {
        let query = ArchiveQuery { before: found.next, since: Timestamp::MIN, wanted: wanted.clone(), max: STEP };
        let page = answered(parts.store.archive(query)).await?;
        let asked = page.len();
        let (index, legend, now) = (index.clone(), view.legend.clone(), view.now);
        let room = limits::TRY_FOUND_MAX - found.articles.len();
        let left = limits::TRY_TIME_MAX.saturating_sub(began.elapsed());
        let looked = tokio::task::spawn_blocking(move || look(&index, &legend.desk, page, room, left, now)).await;
        let Ok((articles, looked_at, last)) = looked else { return Err(busy()) };
        found.articles.extend(articles);
        found.looked_at += looked_at;
        found.next = last.or(found.next);
        if looked_at == asked && asked < STEP {
            // The archive has ended.
            found.next = None;
            break;
        }
    }
    Ok(Tried::Found(found))
}

/// Looks at articles until there is no room or time; answers what was found, how many were looked at, and the last of them.
fn look(
    index: &Index,
    desk: &Desk,
    page: Vec<store::Archived>,
    room: usize,
    time: Duration,
    now: Timestamp,
) -> (Vec<FoundArticle>, usize, Option<i64>) {
    let (began, mut found, mut looked_at, mut last) = (Instant::now(), vec![], 0, None);
    for archived in page {
        if found.len() >= room || (looked_at > 0 && began.elapsed() >= time) {
            break;
        }
        looked_at += 1;
        last = Some(archived.id);
        let article = &archived.article;
        let read = index.read(&text(article, &archived.source, desk, now));
        let Some(matched) = read.matches.into_iter().next() else { continue };
        let mut sentences: Vec<(String, Vec<Hit>)> = vec![];
        for hit in matched.hits {
            let room = sentences.len() < SENTENCES_MAX;
            match sentences.iter_mut().find(|(sentence, _)| *sentence == hit.sentence) {
                Some((_, hits)) => hits.push(hit),
                None if room => sentences.push((hit.sentence.clone(), vec![hit])),
                None => {}
            }
        }
        let (url, title) = (article.url.clone(), article.title.clone());
        found.push(FoundArticle {
            id: archived.id,
            source: archived.source,
            url,
            title,
            read_at: archived.read_at,
            sentences,
        });
    }
    (found, looked_at, last)
}

/// A sentence with what was found in it.
pub(super) fn sentence((sentence, hits): &(String, Vec<Hit>)) -> Markup {
    let mut places: Vec<(usize, usize)> = vec![];
    for hit in hits {
        let from = places.last().map_or(0, |(_, end)| *end);
        if let Some(at) = sentence.get(from..).and_then(|rest| rest.find(&hit.text)).filter(|_| !hit.text.is_empty()) {
            places.push((from + at, from + at + hit.text.len()));
        }
    }
    let ends = places.iter().map(|(_, end)| *end);
    let starts = std::iter::once(0).chain(ends);
    html! {
        p.quote dir="auto" {
            @for (before, (start, end)) in starts.zip(&places) {
                (harmless(&sentence[before..*start])) mark { bdi { (harmless(&sentence[*start..*end])) } }
            }
            (harmless(&sentence[places.last().map_or(0, |(_, end)| *end)..]))
        }
    }
}

/// The query as a rule to paste.
pub(super) fn rule(query: &str) -> String {
    format!("[rule.my-rule]\nquery = {}\n", toml::Value::from(query))
}

/// Compiles the query as the one rule of an index; with the lists that it may reach only: one may have a million rows.
fn compile(typed: &str, desk: &Desk, zone: &jiff::tz::TimeZone) -> Result<Index, Vec<Fault>> {
    let Ok(id) = RuleId::new("try") else { return Err(vec![]) };
    let rule = Rule::typed(id, typed);
    let watches = if typed.contains('@') { &desk.watches[..] } else { &[] };
    let reached = |list: &&List| {
        let named = format!("@{}", list.id.key());
        let names = |text: &str| text.replace('_', "-").contains(&named);
        names(typed) || watches.iter().any(|watch| watch.with.iter().any(|with| names(with)))
    };
    let lists: Vec<List> =
        if typed.contains('@') { desk.lists.iter().filter(reached).cloned().collect() } else { vec![] };
    matching::compile(watches, &lists, std::slice::from_ref(&rule), zone)
}

fn long(what: String) -> Fault {
    let place = matching::Place { table: "rule", id: "try".into(), key: "query", index: None };
    Fault { place, span: 0..0, code: "E201", what, hint: Some("put names into a watch or list and write @id".into()) }
}
