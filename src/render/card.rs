//! A card: what every rendering of an alert shows, chosen and bounded once.
//! In: an alert. Out: title, outlets, passages and reasons, clean and short. It knows no markup and no clock.

use super::line::{count, line, link, name};
use super::passage::{Passage, key};
use crate::model::{Alert, Hit, HitKind, Outlet, Severity, Zone, limits};
use std::collections::{BTreeSet, HashMap};
use url::Url;

/// An alert as it is shown.
pub struct Card<'a> {
    /// The alert.
    pub alert: &'a Alert,
    /// The rule's title.
    pub rule: String,
    /// The article's title.
    pub title: Passage,
    /// Where to read it, if that is a link.
    pub link: Option<Url>,
    /// The same as text, whatever it is.
    pub address: String,
    /// The outlet alerted of.
    pub outlet: String,
    /// The other outlets that carry the story.
    pub others: Vec<(String, Option<Url>)>,
    /// Outlets not named.
    pub others_more: usize,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The agency that it credits.
    pub wire: Option<String>,
    /// Sentences with hits.
    pub passages: Vec<Passage>,
    /// Sentences with hits not shown.
    pub passages_more: usize,
    /// What was found, in the order of its first hit.
    pub found: Vec<Found>,
    /// The article's language, if it may stand in an attribute.
    pub language: Option<&'a str>,
    /// `ltr`, `rtl` or `auto`.
    pub direction: &'static str,
}

/// A watch, row or word that was found.
pub struct Found {
    /// The number of its colour: one per watch, in the order found.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// How often.
    pub hits: usize,
}

impl<'a> Card<'a> {
    /// The card of an alert, with at most `sentences_max` sentences: those that show something new before those that show more of the same.
    pub fn new(alert: &'a Alert, sentences_max: usize) -> Self {
        let hits: Vec<&Hit> = alert.hits.iter().take(limits::HITS_MAX).collect();
        let in_title: Vec<&Hit> = hits.iter().copied().filter(|hit| hit.zone == Zone::Title).collect();
        let title = Passage::new(&alert.title, limits::TITLE_CHARS_SHOWN_MAX, &in_title, alert);
        let mut sentences = sentences(&hits, &title);
        let all = sentences.len();
        choose(&mut sentences, &title, sentences_max);
        let passage = |(text, hits): &(String, Vec<&Hit>)| Passage::new(text, limits::SENTENCE_CHARS_MAX, hits, alert);
        let passages: Vec<Passage> = sentences.iter().map(passage).collect();
        let others = other_outlets(alert);
        Self {
            rule: rule_title(&alert.rule_title, alert.rule.as_str()),
            title: if title.text.is_empty() { Passage { text: "(no title)".into(), marks: vec![] } } else { title },
            link: link(&alert.url),
            address: line(&alert.url, 200),
            outlet: outlet(alert),
            others_more: others.len().saturating_sub(limits::NAMES_SHOWN_MAX),
            others: others.into_iter().take(limits::NAMES_SHOWN_MAX).map(|(name, o)| (name, link(&o.url))).collect(),
            byline: alert.byline.as_deref().map(name).filter(|b| !b.is_empty()),
            wire: alert.wire.as_deref().map(name).filter(|w| !w.is_empty()),
            passages_more: all - passages.len(),
            passages,
            found: found(alert, &hits),
            language: alert.language.as_deref().filter(|tag| is_language_tag(tag)),
            direction: direction(alert.language.as_deref()),
            alert,
        }
    }

    /// `Wang Yi ×3, SCO, “sanctions”`.
    pub fn reasons(&self) -> String {
        let names = self.found.iter().take(limits::NAMES_SHOWN_MAX).map(|found| match found.hits {
            1 => found.name.clone(),
            hits => format!("{} ×{hits}", found.name),
        });
        and_more(&names.collect::<Vec<_>>(), self.found.len().saturating_sub(limits::NAMES_SHOWN_MAX))
    }

    /// `Xinhua, Kun.uz and 3 more`; `None` where no other outlet carries the story.
    pub fn other_names(&self) -> Option<String> {
        let names: Vec<String> = self.others.iter().map(|(name, _)| name.clone()).collect();
        (!names.is_empty()).then(|| and_more(&names, self.others_more))
    }

    /// `and 3 more sentences with hits`.
    pub fn more_sentences(&self) -> Option<String> {
        let more = count(self.passages_more, "more sentence with hits", "more sentences with hits");
        (self.passages_more > 0).then(|| format!("and {more}"))
    }

    /// Why it is told although an earlier message told of its story.
    pub fn follows(&self) -> String {
        let telling = &self.alert.telling;
        let gained: Vec<String> = telling.gained.iter().map(|gained| name(gained)).collect();
        let (shown, more) = gained.split_at(gained.len().min(limits::NAMES_SHOWN_MAX));
        let names = and_more(shown, more.len());
        match (telling.updates, gained.is_empty(), telling.corrected) {
            (0, ..) | (_, true, false) => "An earlier message told of this story.".into(),
            (_, true, true) => "An earlier message told of this story; this is a correction.".into(),
            (_, false, false) => format!("An earlier message told of this story; new in it: {names}."),
            (_, false, true) => {
                format!("An earlier message told of this story; it was corrected, and new in it: {names}.")
            }
        }
    }

    /// Whether its rule is loud.
    pub fn is_urgent(&self) -> bool {
        self.alert.severity == Severity::High
    }
}

/// The rule's title, or its id where the title shows nothing.
pub fn rule_title(title: &str, id: &str) -> String {
    Some(name(title)).filter(|title| !title.is_empty()).unwrap_or_else(|| name(id))
}

/// The outlet that an alert is of: its name, or the host of the article's address.
pub fn outlet(alert: &Alert) -> String {
    let named = alert.outlets.first().map(|outlet| name(&outlet.name)).filter(|name| !name.is_empty());
    named
        .or_else(|| link(&alert.url)?.host_str().map(|host| name(host.trim_start_matches("www."))))
        .unwrap_or_else(|| "unknown outlet".into())
}

/// The outlets beside the alerted one, each name once.
pub fn other_outlets(alert: &Alert) -> Vec<(String, &Outlet)> {
    let mut known = BTreeSet::from([outlet(alert)]);
    let others = alert.outlets.iter().skip(1).map(|outlet| (name(&outlet.name), outlet));
    others.filter(|(name, _)| !name.is_empty() && known.insert(name.clone())).collect()
}

/// `a, b and 3 more`.
pub fn and_more(names: &[String], more: usize) -> String {
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// The sentences with their hits, in reading order; the title's own words are not shown again.
fn sentences<'a>(hits: &[&'a Hit], title: &Passage) -> Vec<(String, Vec<&'a Hit>)> {
    let mut sentences: Vec<(String, Vec<&Hit>)> = vec![];
    let mut known: HashMap<String, usize> = HashMap::new();
    for hit in hits.iter().filter(|hit| hit.zone != Zone::Title) {
        let sentence = line(&hit.sentence, limits::SENTENCE_CHARS_MAX);
        if let Some(index) = known.get(&sentence) {
            sentences[*index].1.push(hit);
        } else if !sentence.is_empty() && sentence != title.text {
            known.insert(sentence.clone(), sentences.len());
            sentences.push((sentence, vec![hit]));
        }
    }
    sentences
}

/// Keeps `max` of the sentences: first those in which something is found that no earlier one showed.
fn choose(sentences: &mut Vec<(String, Vec<&Hit>)>, title: &Passage, max: usize) {
    let mut shown: BTreeSet<String> = title.marks.iter().map(|mark| mark.key.clone()).collect();
    let mut chosen = BTreeSet::new();
    for (index, (_, hits)) in sentences.iter().enumerate() {
        let fresh = hits.iter().filter(|hit| shown.insert(key(hit))).count();
        if fresh > 0 && chosen.len() < max {
            chosen.insert(index);
        }
    }
    for index in 0..sentences.len() {
        if chosen.len() < max {
            chosen.insert(index);
        }
    }
    let mut index = 0..;
    sentences.retain(|_| index.next().is_some_and(|index| chosen.contains(&index)));
}

fn found(alert: &Alert, hits: &[&Hit]) -> Vec<Found> {
    let mut all: Vec<Found> = vec![];
    for hit in hits {
        let key = key(hit);
        let name = found_name(alert, hit, &key);
        // A keyword's words do not translate each other: each is told by itself.
        match all.iter_mut().find(|found| found.key == key && found.name == name) {
            Some(found) => found.hits += 1,
            None => all.push(Found { name, key, hits: 1 }),
        }
    }
    all
}

/// A list's name comes with its row: whoever screens names must be able to look it up.
fn found_name(alert: &Alert, hit: &Hit, key: &str) -> String {
    let configured = alert.watch_names.iter().find(|(watch, _)| watch == key).map(|(_, name)| name.as_str());
    // A post or a weak name says little of whom it is.
    let own = if matches!(hit.kind, HitKind::Post | HitKind::Weak) { key } else { &hit.name };
    let named = Some(name(configured.unwrap_or(own))).filter(|named| !named.is_empty()).unwrap_or_else(|| name(key));
    match (&hit.watch, &hit.entry) {
        (None, _) => format!("“{named}”"),
        (Some(_), Some(_)) => format!("{named} ({})", name(key)),
        (Some(_), None) => named,
    }
}

/// Whether the tag may stand in a page as it is.
pub fn is_language_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Which way the language is written (by script subtag, then by language: BCP 47); `auto` where it is not known.
pub fn direction(language: Option<&str>) -> &'static str {
    const RIGHT_TO_LEFT: &[&str] =
        &["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi", "prs", "azb", "pnb"];
    const SCRIPTS: &[&str] = &["arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg"];
    let Some(tag) = language.filter(|tag| is_language_tag(tag)) else { return "auto" };
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let right_to_left = script.map_or_else(|| RIGHT_TO_LEFT.contains(&primary), |script| SCRIPTS.contains(&script));
    if right_to_left { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert, hit};
    use super::*;

    #[test]
    fn a_sentence_with_several_hits_is_shown_once() {
        let mut alert = alert();
        let sentence = "Wang Yi told the SCO that the SCO matters.";
        alert.hits = vec![
            hit("wang-yi", "Wang Yi", 0, sentence),
            hit("sco", "SCO", 17, sentence),
            hit("sco", "SCO", 30, sentence),
        ];
        let card = Card::new(&alert, 8);
        assert_eq!(card.passages.len(), 1);
        assert_eq!(card.passages[0].marks.len(), 3);
        assert_eq!(card.reasons(), "Wang Yi, Shanghai Cooperation Organization ×2");
    }

    #[test]
    fn each_watch_is_shown_before_any_is_shown_again() {
        let mut alert = alert();
        alert.title = "No hit".into();
        let many = (0..9).map(|n| hit("sco", "SCO", n * 50, &format!("The SCO met, {n}.")));
        alert.hits = many.chain([hit("wang-yi", "Wang Yi", 900, "At last Wang Yi spoke.")]).collect();
        let card = Card::new(&alert, 3);
        let texts: Vec<&str> = card.passages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["The SCO met, 0.", "The SCO met, 1.", "At last Wang Yi spoke."]);
        assert_eq!(card.more_sentences().unwrap(), "and 7 more sentences with hits");
    }

    #[test]
    fn a_name_of_a_list_comes_with_its_row() {
        let mut alert = alert();
        let mut found = hit("pep", "S. Lavrov", 0, "S. Lavrov spoke.");
        (found.entry, found.name) = (Some("Q58217".into()), "Sergei Lavrov".into());
        alert.hits = vec![found];
        assert_eq!(Card::new(&alert, 8).reasons(), "Sergei Lavrov (pep/Q58217)");
    }

    #[test]
    fn outlets_are_named_once_each_and_the_rest_is_counted() {
        let mut alert = alert();
        let first = alert.outlets[0].clone();
        alert.outlets.extend((0..40).map(|n| Outlet { name: format!("Outlet {}", n / 2), ..first.clone() }));
        let card = Card::new(&alert, 8);
        assert!(card.other_names().unwrap().ends_with("Outlet 8 and 11 more"), "{:?}", card.other_names());
    }

    #[test]
    fn scripts_and_languages_know_their_direction() {
        for (tag, expected) in [
            (Some("fa"), "rtl"),
            (Some("ar-EG"), "rtl"),
            (Some("uz-Arab-AF"), "rtl"),
            (Some("ug-Cyrl"), "ltr"),
            (Some("uz"), "ltr"),
            (None, "auto"),
            (Some("\"><x"), "auto"),
        ] {
            assert_eq!(direction(tag), expected, "{tag:?}");
        }
    }
}
