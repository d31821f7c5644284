//! Which alerts of a digest tell of one event, in other words or another language. In: the alerts of one rule, newest first. Out: the
//! same alerts, those of one event beside each other. It leaves none out: what is laid together is still told one by one.

use crate::model::Alert;
use jiff::Timestamp;
use std::collections::HashSet;
use std::time::Duration;

/// Reports of one event come within so much time.
const ONE_EVENT: Duration = Duration::from_hours(12);
/// Watches that must be found in both, where the words cannot be compared: two ministers, a minister and an organization.
const WATCHES: usize = 2;
/// Alerts that one alert is compared with; a digest of thousands is not the square of that.
const COMPARED_MAX: usize = 200;

/// Lays alerts of one event beside each other, in the place of the newest; answers how many of them stand together each time.
pub(super) fn lay_together(alerts: Vec<Alert>) -> (Vec<Alert>, Vec<usize>) {
    let mut events: Vec<Vec<(Signs, Alert)>> = vec![];
    for alert in alerts {
        let signs = Signs::of(&alert);
        let from = events.len().saturating_sub(COMPARED_MAX);
        let event = events[from..].iter_mut().find(|event| event.iter().all(|(known, _)| known.one_event(&signs)));
        match event {
            Some(event) => event.push((signs, alert)),
            None => events.push(vec![(signs, alert)]),
        }
    }
    let together = events.iter().map(Vec::len).collect();
    (events.into_iter().flatten().map(|(_, alert)| alert).collect(), together)
}

/// By what an event is known.
struct Signs {
    at: Timestamp,
    watches: HashSet<String>,
    language: Option<String>,
    /// The title's words of some length.
    words: HashSet<String>,
}

impl Signs {
    fn of(alert: &Alert) -> Self {
        let language = alert.language.as_deref().and_then(|tag| tag.split('-').next()).map(str::to_lowercase);
        let words = alert.title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
        Self {
            at: alert.published.unwrap_or(alert.matched),
            watches: alert.telling.watches.iter().cloned().collect(),
            language,
            words: words.map(str::to_lowercase).collect(),
        }
    }

    /// The same watches at the same time; in one language the titles must have something in common besides.
    fn one_event(&self, other: &Self) -> bool {
        let apart = Duration::try_from(self.at.duration_since(other.at).abs()).unwrap_or(Duration::MAX);
        let shared = self.watches.intersection(&other.watches).count();
        let all = self.watches.union(&other.watches).count();
        if apart > ONE_EVENT || shared < WATCHES || shared * 3 < all * 2 {
            return false;
        }
        let in_words = self.words.intersection(&other.words).count();
        let of = self.words.len().min(other.words.len());
        self.language != other.language || (of > 0 && in_words * 3 >= of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Article, RuleId, Severity, StoryId, Telling};

    fn alert(story: &str, title: &str, language: &str, at: &str, watches: &[&str]) -> Alert {
        let at: Timestamp = at.parse().unwrap();
        Alert {
            rule: RuleId::new("r").unwrap(),
            rule_title: "R".into(),
            severity: Severity::Normal,
            story: StoryId::of(&[story]),
            title: title.into(),
            url: String::new(),
            language: Some(language.into()),
            byline: None,
            wire: None,
            published: Some(at),
            matched: at,
            summary_only: false,
            hits: vec![],
            watch_names: vec![],
            outlets: vec![],
            first_seen: at,
            telling: Telling {
                watches: watches.iter().map(ToString::to_string).collect(),
                ..Telling::of(&Article::default(), &[])
            },
        }
    }

    #[test]
    fn one_event_in_two_languages_stands_together_and_is_told_twice() {
        let both = ["wang-yi", "sco"];
        let alerts = vec![
            alert("c", "Three drown in the river", "en", "2026-05-21T12:00:00Z", &["river"]),
            alert("a", "Wang Yi opens the council in Astana", "en", "2026-05-21T10:00:00Z", &both),
            alert("d", "Wang Yi receives his colleague from Minsk", "en", "2026-05-21T09:30:00Z", &both),
            alert("b", "Ван И открыл заседание совета в Астане", "ru", "2026-05-21T09:00:00Z", &both),
            alert("e", "Council in Astana: Wang Yi opens the talks", "en", "2026-05-21T08:00:00Z", &both),
            alert("f", "Ван И прибыл в Астану", "ru", "2026-05-19T09:00:00Z", &both),
        ];
        let (laid, together) = lay_together(alerts);
        let titles: Vec<_> = laid.iter().map(|alert| alert.title.chars().take(12).collect::<String>()).collect();
        assert_eq!(
            titles,
            ["Three drown ", "Wang Yi open", "Ван И открыл", "Council in A", "Wang Yi rece", "Ван И прибыл"]
        );
        assert_eq!(together, [1, 3, 1, 1]);
    }
}
