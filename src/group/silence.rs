//! Whether somebody asked for quiet about a match. In: silences, the match, its source, and whether the article meets a query.
//! Out: the silence that holds, the one that ends last first.

use crate::model::{Hit, Match, Silence, SilenceBy};

/// The silence that holds for a match in an article of `source`; `meets` says whether the article meets a query.
pub fn silenced<'a>(
    silences: &'a [Silence],
    source: &str,
    matched: &Match,
    meets: impl Fn(&str) -> bool,
) -> Option<&'a Silence> {
    let holds = |silence: &&Silence| match silence.by {
        SilenceBy::Rule => same(&silence.target, matched.rule.as_str()),
        SilenceBy::Source => same(&silence.target, source),
        SilenceBy::Query => meets(&silence.target),
        SilenceBy::Watch => false,
    };
    let latest = silences.iter().filter(holds).max_by_key(|silence| silence.until);
    latest.or_else(|| {
        // Somebody else whom nobody silenced is news all the same; words of the query are nobody.
        let of = |hit: &Hit| {
            let watches = silences.iter().filter(|silence| silence.by == SilenceBy::Watch);
            let about = watches.filter(|silence| names(&silence.target, hit));
            let holds = about.filter(|silence| silence.context.as_deref().is_none_or(&meets));
            holds.max_by_key(|silence| silence.until)
        };
        let found: Option<Vec<&Silence>> = matched.hits.iter().filter(|hit| hit.watch.is_some()).map(of).collect();
        // Alerts come again when the first of them ends.
        found?.into_iter().min_by_key(|silence| silence.until)
    })
}

/// Whether a silence of `@target` is about this hit.
fn names(target: &str, hit: &Hit) -> bool {
    let Some(watch) = &hit.watch else { return false };
    match target.split_once('/') {
        Some((list, row)) => same(list, watch) && hit.entry.as_deref() == Some(row),
        None => same(target, watch),
    }
}

/// Ids as typed: `-` and `_` are the same letter.
fn same(a: &str, b: &str) -> bool {
    a.replace('_', "-") == b.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HitKind, RuleId, Severity, Zone};
    use jiff::Timestamp;

    fn check(silences: &[(SilenceBy, &str)], expected: bool) {
        let hit = |watch: Option<&str>, entry: Option<&str>| Hit {
            watch: watch.map(Into::into),
            entry: entry.map(Into::into),
            topics: vec![],
            kind: HitKind::Name,
            name: "n".into(),
            text: "n".into(),
            zone: Zone::Body,
            block: None,
            start: 0,
            end: 1,
            sentence: String::new(),
        };
        let hits = vec![hit(Some("wang-yi"), None), hit(None, None), hit(Some("pep"), Some("Q7"))];
        let matched = Match {
            rule: RuleId::new("my-rule").unwrap(),
            severity: Severity::Normal,
            notify: vec![],
            hits,
            left_out: 0,
        };
        let silences: Vec<Silence> = silences
            .iter()
            .enumerate()
            .map(|(id, (by, target))| Silence {
                id: i64::try_from(id).unwrap(),
                by: *by,
                target: (*target).into(),
                made: Timestamp::UNIX_EPOCH,
                until: Timestamp::MAX,
                author: "ann".into(),
                comment: String::new(),
                context: None,
            })
            .collect();
        let holds = silenced(&silences, "daryo", &matched, |query| query == "football").is_some();
        assert_eq!(holds, expected, "{silences:?}");
    }

    #[test]
    fn a_silence_holds_for_its_rule_source_or_query_and_for_a_watch_only_where_nobody_else_is_named() {
        check(&[], false);
        check(&[(SilenceBy::Rule, "my_rule")], true);
        check(&[(SilenceBy::Rule, "other")], false);
        check(&[(SilenceBy::Source, "daryo")], true);
        check(&[(SilenceBy::Query, "football")], true);
        check(&[(SilenceBy::Query, "tennis")], false);
        check(&[(SilenceBy::Watch, "wang-yi")], false);
        check(&[(SilenceBy::Watch, "wang-yi"), (SilenceBy::Watch, "pep/Q7")], true);
        check(&[(SilenceBy::Watch, "wang-yi"), (SilenceBy::Watch, "pep/Q8")], false);
        check(&[(SilenceBy::Watch, "wang-yi"), (SilenceBy::Watch, "pep")], true);
    }
}
