//! Subject lines.
//! In: an alert, digest or notice. Out: one line under 120 characters that says what it is and how much. It holds no control character.

use super::card::{other_outlets, rule_title};
use super::coverage;
use super::line::{capital, count, day, line, name};
use crate::model::{Alert, Digest, limits};
use crate::text;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

const BRAND: &str = "[wirewatch]";

/// `[wirewatch] SCO security: Wang Yi urges solidarity in Astana (+3 outlets)`.
pub(super) fn alert(alert: &Alert) -> String {
    let others = match other_outlets(alert).len() {
        0 => String::new(),
        n => format!(" (+{})", count(n, "outlet", "outlets")),
    };
    let rule = text::cut(&rule_title(&alert.rule_title, alert.rule.as_str()), 40);
    let head = format!("{BRAND} {rule}: ");
    let room = limits::SUBJECT_CHARS_MAX.saturating_sub(head.chars().count() + others.chars().count());
    let title = Some(line(&alert.title, room)).filter(|title| !title.is_empty());
    format!("{head}{}{others}", title.unwrap_or_else(|| "(no title)".into()))
}

/// `[wirewatch] Morning digest, 24 May: 5 stories, 2 rules`.
pub(super) fn digest(digest: &Digest, zone: &TimeZone) -> String {
    let late = if digest.late { ", late" } else { "" };
    let summary = match stories(digest) {
        0 => "nothing matched".to_string(),
        _ => digest_summary(digest),
    };
    plain(&format!("{}, {}{late}: {summary}", text::cut(&digest_title(digest), 50), day(digest.to, zone)))
}

/// `[wirewatch] daryo is failing: the server did not answer`.
pub(super) fn plain(title: &str) -> String {
    line(&format!("{BRAND} {title}"), limits::SUBJECT_CHARS_MAX)
}

/// `Morning digest`, of the digest's name.
pub(super) fn digest_title(digest: &Digest) -> String {
    let typed = capital(&name(&digest.name).replace(['-', '_'], " "));
    if typed.to_lowercase().ends_with("digest") { typed } else { format!("{typed} digest").trim().to_string() }
}

/// `5 stories, 2 rules`; for an empty digest the verdict on its watch.
pub(super) fn digest_summary(digest: &Digest) -> String {
    match stories(digest) {
        0 => coverage::verdict(&digest.coverage),
        n => format!("{}, {}", count(n, "story", "stories"), count(digest.groups.len(), "rule", "rules")),
    }
}

/// Stories that matched, shown or not; one that two rules found counts once.
fn stories(digest: &Digest) -> usize {
    let shown: BTreeSet<_> = digest.groups.iter().flat_map(|group| &group.alerts).map(|alert| &alert.story).collect();
    shown.len() + digest.more
}

#[cfg(test)]
mod tests {
    use super::super::tests;
    use super::*;

    #[test]
    fn a_subject_names_rule_title_and_outlets() {
        assert_eq!(alert(&tests::alert()), "[wirewatch] SCO security: Wang Yi urges solidarity in Astana (+3 outlets)");
    }

    #[test]
    fn a_digest_is_named_for_its_day_on_the_readers_clock() {
        let zone = TimeZone::get("Asia/Tashkent").unwrap();
        let mut late = tests::digest();
        assert_eq!(digest(&late, &zone), "[wirewatch] Morning digest, 24 May: 4 stories, 2 rules");
        late.late = true;
        late.name = "asia_desk-digest".into();
        late.more = 312;
        assert_eq!(digest(&late, &zone), "[wirewatch] Asia desk digest, 24 May, late: 316 stories, 2 rules");
        let empty = Digest { groups: vec![], more: 0, ..tests::digest() };
        assert_eq!(digest(&empty, &zone), "[wirewatch] Morning digest, 24 May: nothing matched");
    }

    #[test]
    fn a_subject_is_one_bounded_line_whatever_the_title() {
        for title in
            ["Hello\r\nBcc: all@example.org", "\u{202e}evil\u{2066}", &"long title ".repeat(1 << 20), "", "\u{0}"]
        {
            let hostile = Alert { title: title.into(), rule_title: title.into(), ..tests::alert() };
            let subject = alert(&hostile);
            assert!(subject.chars().count() < 120 && !subject.contains(char::is_control), "{subject:?}");
            assert!(subject.ends_with("(+3 outlets)"));
        }
    }
}
