//! How far the watch reaches: the scripts that its names are written in, and its lists. In: what is configured. Out: what coverage
//! says of a window. It decides nothing.

use crate::model::{Coverage, List, ListLoaded, RowKey, Rule, Watch};
use crate::text::language::Forms;

/// What is watched for.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    forms: Forms,
    lists: Vec<ListLoaded>,
}

impl Reach {
    /// That of a configuration.
    #[must_use]
    pub fn of(watches: &[Watch], lists: &[List], rules: &[Rule]) -> Self {
        let mut forms = Forms::default();
        for watch in watches {
            let names = watch.names.iter().chain(&watch.exact).chain(&watch.weak).chain(&watch.posts);
            names.for_each(|name| forms.add(name));
        }
        for row in lists.iter().flat_map(|list| list.rows.iter()) {
            row.of(RowKey::Names).chain(row.of(RowKey::Exact)).for_each(|name| forms.add(name));
        }
        for rule in rules {
            let typed = rule.query.iter().chain(&rule.any).chain(&rule.all);
            typed
                .flat_map(|typed| typed.split_whitespace())
                .filter(|word| is_word(word))
                .for_each(|word| forms.add(word));
        }
        Self { forms, lists: lists.iter().map(ListLoaded::from).collect() }
    }

    /// Adds to what was watched what it was watched for; `languages`: how many articles were read in which.
    pub fn complete(&self, coverage: &mut Coverage, languages: Vec<(String, usize)>) {
        coverage.unwatched = self.unwatched(languages);
        coverage.lists.clone_from(&self.lists);
    }

    /// Those of the languages in whose script nothing is watched for.
    #[must_use]
    pub fn unwatched(&self, languages: Vec<(String, usize)>) -> Vec<(String, usize)> {
        languages.into_iter().filter(|(language, _)| !self.forms.reach(language)).collect()
    }
}

/// Whether it is something to be found, not an operator, a field or the name of a watch.
fn is_word(typed: &str) -> bool {
    let bare = typed.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let operator = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '/');
    !(operator || bare.starts_with('@') || bare.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RuleId, Severity, WatchId, WatchKind};

    #[test]
    fn what_no_name_is_written_in_is_not_watched() {
        let mut watch = Watch::empty(WatchId::new("sco").unwrap(), WatchKind::Organization);
        watch.names = vec!["Шанхайская организация сотрудничества".into()];
        let rule = Rule {
            id: RuleId::new("r").unwrap(),
            title: None,
            query: Some("@sco AND (王毅 NEAR/5 lang:zh)".into()),
            any: vec![],
            all: vec![],
            none: vec!["football".into()],
            notify: vec![],
            severity: Severity::Normal,
            settle: std::time::Duration::ZERO,
            inflect: false,
        };
        let reach = Reach::of(&[watch], &[], &[rule]);
        let languages = ["ru", "zh", "en", "ar"].map(|language| (language.to_string(), 2)).to_vec();
        assert_eq!(reach.unwatched(languages), [("en".to_string(), 2), ("ar".to_string(), 2)]);
    }
}
