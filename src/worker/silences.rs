//! Silences, as they hold for the matches of one article. In: the article and what matched. Out: for each match the silence that
//! holds, as it is in the store now.

use super::Context;
use crate::group;
use crate::matching::{self, Text};
use crate::model::{Match, Rule, RuleId, Silence, Suppressed};
use crate::store::Result;
use crate::text;
use jiff::tz::TimeZone;
use std::slice;

/// For each match the silence that holds; empty where there is none at all.
pub(super) async fn of(context: &Context, read: &Text<'_>, matches: &[Match]) -> Result<Vec<Option<Silence>>> {
    let mut silences = context.store.silences(read.now).await?;
    // A clock that was set back knows no silence of the future.
    silences.retain(|silence| silence.made <= read.now);
    if silences.is_empty() {
        return Ok(vec![]);
    }
    let of = |matched| group::silenced(&silences, read.source, matched, |query| meets(query, read)).cloned();
    Ok(matches.iter().map(of).collect())
}

/// Whether an article meets the query of a silence, which names no watches: it is compiled in no time.
fn meets(query: &str, read: &Text<'_>) -> bool {
    let Ok(id) = RuleId::new("silence") else { return false };
    let rule = Rule::typed(id, query);
    // What an older version took for a query and this one does not silences nothing.
    matching::compile(&[], &[], slice::from_ref(&rule), &TimeZone::UTC)
        .is_ok_and(|index| !index.read(read).matches.is_empty())
}

/// Why a match is told to nobody.
pub(super) fn suppressed(silence: &Silence) -> Suppressed {
    Suppressed::Silenced { silence: silence.id, until: silence.until }
}

/// The near miss that it is, in words that stand after a number.
pub(super) fn words(silence: &Silence) -> String {
    let Silence { id, author, comment, context, .. } = silence;
    let comment = if comment.is_empty() { String::new() } else { format!(": {}", text::cut(comment, 100)) };
    let author = text::cut(author, 40);
    match context {
        None => format!("silenced by {author} (silence {id}){comment}"),
        Some(_) => format!("somebody else of that name, by {author} (disposition {id}){comment}"),
    }
}
