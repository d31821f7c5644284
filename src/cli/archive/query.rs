//! A query typed on the command line. In: its words, and the watches and lists that it may name. Out: it compiled, or every
//! fault in it with a caret.

use crate::cli::Failure;
use crate::config::{Excerpt, Fault, Settings, Severity};
use crate::matching::{self, Index};
use crate::model::{Rule, RuleId};

/// The rule that the query is compiled as.
pub(in crate::cli) const ID: &str = "search";

/// Compiles a query as the one rule of an index.
///
/// # Errors
/// [`Failure::Query`] with every fault of the query.
pub(in crate::cli) fn compile(typed: &str, settings: &Settings) -> Result<Index, Failure> {
    let id = RuleId::new(ID).map_err(Failure::work)?;
    let rule = Rule::typed(id, typed);
    // Names are compiled only where one is asked for: a list may have a million.
    let named = typed.contains('@');
    let (watches, lists) = if named { (&settings.watches[..], &settings.lists[..]) } else { (&[][..], &[][..]) };
    matching::compile(watches, lists, std::slice::from_ref(&rule), &settings.service.time_zone)
        .map_err(|faults| Failure::Query(faults.into_iter().map(|fault| shown(fault, typed)).collect()))
}

/// The fault at its place on the command line.
fn shown(fault: matching::Fault, typed: &str) -> Fault {
    let chars = |bytes: usize| typed.get(..bytes).map_or(0, |before| before.chars().count());
    let (from, to) = (chars(fault.span.start), chars(fault.span.end));
    let len = to.saturating_sub(from).max(1);
    Fault {
        severity: Severity::Error,
        code: fault.code,
        file: "query".into(),
        line: 1,
        col: from + 1,
        len,
        what: fault.what,
        hint: fault.hint,
        excerpt: Some(Excerpt { text: crate::text::one_line(typed), from, len }),
    }
}
