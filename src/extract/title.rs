//! In: the headings of a page and the titles that it states. Out: the article's title, without the outlet's name.
//! A heading that readers see wins over what is stated for machines, if it says the same; it never takes the outlet's name for a title.

use std::collections::HashSet;

/// Chooses the title. `stated` in order of trust: JSON-LD, OpenGraph, `<title>`; `site`: names of the outlet and its host.
pub(super) fn choose(headings: &[&str], stated: &[&str], site: &[&str]) -> (String, Option<usize>) {
    let stated: Vec<String> =
        stated.iter().map(|title| without_site(title, stated, site)).filter(|title| !title.is_empty()).collect();
    #[expect(clippy::cast_precision_loss, reason = "at most three")]
    let likely = stated.len().min(3) as f32;
    let mut best: Option<(usize, f32)> = None;
    for (i, heading) in headings.iter().enumerate().take(HEADINGS_MAX) {
        let words = words(heading);
        // The outlet's own name is a heading on many pages.
        if words.is_empty() || site.iter().any(|site| same(site, heading)) {
            continue;
        }
        let likenesses = stated
            .iter()
            .take(3)
            .map(|title| if opens(title, heading) { 1.0 } else { likeness(&words, &self::words(title)) });
        let likeness = likenesses.sum::<f32>() / likely.max(1.0);
        if likeness >= LIKE && best.is_none_or(|(_, other)| likeness > other) {
            best = Some((i, likeness));
        }
    }
    if let Some((i, _)) = best {
        // "Title: Ministers meet": a label for machines that look is no part of it.
        if let Some(bare) = stated.iter().find(|title| is_labelled(headings[i], title)) {
            return (bare.clone(), Some(i));
        }
        let others: Vec<&str> = stated.iter().map(String::as_str).collect();
        return (without_site(headings[i], &others, site), Some(i));
    }
    if let Some(title) = stated.into_iter().next() {
        return (title, None);
    }
    let own = |heading: &str| !heading.is_empty() && !site.iter().any(|site| same(site, heading));
    let first = headings.iter().position(|heading| own(heading));
    (first.map(|i| without_site(headings[i], &[], site)).unwrap_or_default(), first)
}

/// Headings that are compared.
const HEADINGS_MAX: usize = 40;
/// How alike a heading must be to a stated title to be the same title.
const LIKE: f32 = 0.4;

/// Whether a stated title is the heading with more behind a bar or dash.
fn opens(title: &str, heading: &str) -> bool {
    title.strip_prefix(heading).is_some_and(|rest| SEPARATORS.iter().any(|s| rest.starts_with(s)))
}

/// Whether a heading of lower rank is one of the stated titles, alone or before a bar or dash: templates keep the first rank for the outlet.
pub(super) fn is_stated(heading: &str, stated: &[&str], site: &[&str]) -> bool {
    words(heading).len() >= 2
        && !site.iter().any(|site| same(site, heading))
        && stated.iter().any(|title| same(title, heading) || opens(title, heading))
}

/// Whether a heading is the title with a word and a colon before it.
fn is_labelled(heading: &str, title: &str) -> bool {
    let label = heading.strip_suffix(title).map(str::trim_end);
    label.is_some_and(|label| label.ends_with(':') && label.split_whitespace().count() == 1)
}

/// Shared words over the mean count of words (Dice).
fn likeness(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of words in a title")]
    let count = |n: usize| n as f32;
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * count(a.intersection(b).count()) / count(a.len() + b.len())
}

/// The words of a title, lower case; in scripts without spaces each character is one.
pub(super) fn words(text: &str) -> HashSet<String> {
    let mut words = HashSet::new();
    let mut word = String::new();
    for c in text.chars().take(600) {
        let wide = super::line::weight(c) == 3;
        if !c.is_alphanumeric() || wide {
            if !word.is_empty() {
                words.insert(std::mem::take(&mut word));
            }
            if wide && c.is_alphanumeric() {
                words.insert(c.to_string());
            }
        } else {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.insert(word);
    }
    words
}

/// Whether two texts have the same letters, whatever stands between them.
pub(super) fn same(a: &str, b: &str) -> bool {
    letters(a).next().is_some() && letters(a).eq(letters(b))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(600)
}

const SEPARATORS: [&str; 10] = [" | ", " – ", " — ", " - ", " · ", " :: ", " » ", " // ", " • ", " ‹ "];

/// The title without the outlet's name at its end or start.
fn without_site(title: &str, others: &[&str], site: &[&str]) -> String {
    let mut title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    // Twice, for "Title | Section | Outlet".
    for _ in 0..2 {
        let last = SEPARATORS.iter().filter_map(|s| title.rfind(s).map(|at| (at, s.len()))).max();
        let Some((at, len)) = last else { break };
        let (head, tail) = (&title[..at], &title[at + len..]);
        let bar = title[at..].starts_with(" | ") || title[at..].starts_with(" :: ") || title[at..].starts_with(" » ");
        let outlet = is_site(tail, site);
        // What another of the stated titles ends without is no part of it.
        let alone = others.iter().any(|other| same(other, head));
        if outlet || alone || (bar && tail.split_whitespace().count() <= 5) {
            title = head.trim_end().to_string();
            continue;
        }
        break;
    }
    for _ in 0..2 {
        let first = SEPARATORS.iter().chain(&[": "]).filter_map(|s| title.find(s).map(|at| (at, s.len()))).min();
        let Some((at, len)) = first else { break };
        let (head, tail) = (&title[..at], &title[at + len..]);
        if tail.split_whitespace().count() < 2
            || !(is_site(head, site)
                || (head.split_whitespace().count() <= 2 && others.iter().any(|other| same(other, tail))))
        {
            break;
        }
        title = tail.trim_start().to_string();
    }
    title
}

/// Whether a part of a title is the outlet's name: the same letters, or its host.
fn is_site(part: &str, site: &[&str]) -> bool {
    let part_words = words(part);
    !part_words.is_empty()
        && site.iter().any(|site| {
            let site_words = words(site);
            same(part, site)
                || (!site_words.is_empty()
                    && (part_words.is_subset(&site_words)
                        || (site_words.len() > 1
                            && site_words.is_subset(&part_words)
                            && part_words.len() <= site_words.len() + 1
                            && !part.chars().any(char::is_numeric))))
        })
}

#[cfg(test)]
mod tests {
    use super::{choose, is_stated};

    fn check(headings: &[&str], stated: &[&str], site: &[&str], wanted: &str) {
        assert_eq!(choose(headings, stated, site).0, wanted);
    }

    #[test]
    fn the_heading_that_readers_see_wins() {
        check(
            &["The Lantern", "Ministers meet in Osh for water talks"],
            &["Ministers meet in Osh - The Lantern"],
            &["The Lantern"],
            "Ministers meet in Osh for water talks",
        );
    }

    #[test]
    fn the_outlets_name_is_no_title() {
        check(
            &["The Lantern"],
            &["Ministers meet in Osh | World | The Lantern"],
            &["The Lantern"],
            "Ministers meet in Osh",
        );
        check(&["Open menu"], &["Lantern Post: Ministers meet in Osh"], &["Lantern Post"], "Ministers meet in Osh");
        check(&[], &["Министры встретились в Оше — Фонарь"], &["Фонарь"], "Министры встретились в Оше");
    }

    #[test]
    fn a_label_before_the_title_is_no_part_of_it() {
        check(
            &["Title: Ministers meet in Osh"],
            &["Ministers meet in Osh", "[12] Ministers meet in Osh"],
            &["The Lantern"],
            "Ministers meet in Osh",
        );
        check(&["Osh: ministers meet"], &["Ministers in Osh meet"], &["The Lantern"], "Osh: ministers meet");
    }

    #[test]
    fn a_heading_of_lower_rank_may_be_the_stated_title() {
        let stated = ["Water talks | Council for the Rivers of the East and West"];
        assert!(is_stated("Water talks", &stated, &["The Lantern"]));
        assert!(!is_stated("Water", &stated, &["The Lantern"]));
        assert!(!is_stated("Water talks", &stated, &["Water Talks"]));
        assert!(!is_stated("Other talks", &stated, &["The Lantern"]));
    }

    #[test]
    fn a_dash_in_a_title_stays() {
        check(&[], &["Water talks - what comes next"], &["The Lantern"], "Water talks - what comes next");
    }

    #[test]
    fn without_anything_stated_the_first_heading_is_the_title() {
        check(&["上海合作组织外长会晤"], &[], &[], "上海合作组织外长会晤");
        check(&[], &[], &[], "");
    }
}
