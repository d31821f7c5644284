use super::*;
use crate::matching::tests::{index, rule, watch};
use crate::model::{Block, Family};

/// The miss that is told first in the tree.
fn miss(watches: &str, query: &str, text: &str) -> String {
    told(&index(watches, query), &Text { text, ..Text::empty() })
}

fn first(clause: &Clause) -> Option<&Miss> {
    clause.miss.as_ref().or_else(|| clause.parts.iter().filter(|part| !part.holds).find_map(first))
}

fn told(index: &Index, text: &Text) -> String {
    let explained = index.explain(text, &RuleId::new("r").unwrap()).unwrap();
    assert_eq!(explained.matches, !index.read(text).matches.is_empty(), "explain judges as read does");
    let Some(miss) = first(&explained.clause) else { return String::new() };
    let shown = miss.passage.as_ref().map(bracketed).unwrap_or_default();
    format!("{} | {shown}", miss.why)
}

fn bracketed(passage: &Passage) -> String {
    let mut out = String::new();
    for (at, c) in passage.text.chars().enumerate() {
        if passage.marks.iter().any(|(start, _)| *start == at) {
            out.push('[');
        }
        out.push(c);
        if passage.marks.iter().any(|(_, end)| *end == at + 1) {
            out.push(']');
        }
    }
    out
}

#[test]
fn the_nearest_miss_of_each_kind_is_told() {
    for (watches, query, text, why) in [
        (
            "",
            "flood NEAR/3 bridge",
            "The flood came on Monday and took the old bridge away.",
            "NEAR/3: distance 7 | The [flood] came on Monday and took the old [bridge] away.",
        ),
        ("", "flood NEAR/3 bridge", "A flood.\n\nA bridge.", "NEAR/3: never in one paragraph | "),
        (
            "",
            "bridge ONEAR/9 flood",
            "The flood took a bridge.",
            "ONEAR/9: only in the other order, distance 2 | The [flood] took a [bridge].",
        ),
        (
            "",
            "flood SENTENCE bridge",
            "The flood came. A bridge fell.",
            "SENTENCE: never in one sentence; distance 2 | The [flood] came. A [bridge] fell.",
        ),
        ("", "ATLEAST/3 flood", "A flood and a flood.", "ATLEAST/3: found 2 | "),
        ("", "tea AND NOT football", "Tea after the football.", "excluded by 'football' | Tea after the [football]."),
        ("", "tea AND NOT site:a.example", "Tea.", ""),
        ("", "{SCO}", "The Sco met.", "{SCO}: found 'Sco', which is written otherwise | The [Sco] met."),
        (
            "organization o: Some Body | exact S.C.O.",
            "@o",
            "SCO met.",
            "{S.C.O.}: found 'SCO', which is written otherwise | [SCO] met.",
        ),
        (
            "",
            "flood",
            "Two floods.",
            "'flood' with this ending is another word: found 'floods'; write flood* for any ending | Two [floods].",
        ),
        (
            "",
            "\"river flood\"",
            "A flood of the river.",
            "its words are there, but not one after the other; write \"river flood\"~5 or NEAR for words that stand apart | A flood of the [river].",
        ),
        ("", "title:flood", "The flood.", "found only in the first paragraph (the lead) | The [flood]."),
        (
            "organization o: Harbour | not_as Harbour Street",
            "@o",
            "They live in Harbour Street.",
            "found only as 'Harbour Street', which `not_as` takes away | They live in [Harbour] Street.",
        ),
        ("", "lang:ru AND tea", "Tea.", "the language is not known | "),
        ("", "site:b.example AND tea", "Tea.", "the address is not known | "),
        ("", "zebra", "Tea.", ""),
    ] {
        assert_eq!(miss(watches, query, text), why, "{query} in {text}");
    }
}

#[test]
fn a_family_name_alone_misses_its_full_name() {
    let weak = miss("official o: Wang Yimin | weak Wang", "@o", "A man called Wang spoke.");
    assert!(
        weak.starts_with("no full name beside 'Wang': ") && weak.ends_with("| A man called [Wang] spoke."),
        "{weak}"
    );
    let none = miss("official o: Wang Yimin", "@o", "A man called Wang spoke.");
    assert!(none.starts_with("no full name beside 'Wang'; `family = true`"), "{none}");
    let mut family = watch("official o: Виктор Громов");
    family.family = Family::Derived;
    let index = crate::matching::compile(&[family], &[], &[rule("@o")], &jiff::tz::TimeZone::UTC).unwrap();
    let found = told(&index, &Text { text: "Дом Громова стоит.", ..Text::empty() });
    assert!(found.starts_with("no full name beside 'Громова'"), "{found}");
}

#[test]
fn a_related_box_is_named() {
    let zones = [
        Block { zone: Zone::Lead, text: "They drank tea.".into() },
        Block { zone: Zone::Related, text: "Flood in the valley".into() },
    ];
    let text = Text { text: "They drank tea.", zones: &zones, ..Text::empty() };
    let why = "found only in the related zone (links to other stories), which never counts | [Flood] in the valley";
    assert_eq!(told(&index("", "flood"), &text), why);
}

#[test]
fn what_was_found_is_shown_sentence_by_sentence_and_bounded() {
    let index = index("", "flood");
    let text = "A flood and a flood. A flood! One more flood. And a flood.";
    let clause = index.explain(&Text { text, ..Text::empty() }, &RuleId::new("r").unwrap()).unwrap().clause;
    let shown: Vec<_> = clause.passages.iter().map(bracketed).collect();
    assert_eq!(shown, ["A [flood] and a [flood].", "A [flood]!", "One more [flood]."]);
    let long = format!("{} a\tflood\t {}", "word ".repeat(5000), "word ".repeat(5000));
    let clause = index.explain(&Text { text: &long, ..Text::empty() }, &RuleId::new("r").unwrap()).unwrap().clause;
    let passage = &clause.passages[0];
    assert!(passage.text.chars().count() <= SENTENCE_CHARS_MAX + 1, "{}", passage.text.len());
    assert!(bracketed(passage).contains("word a [flood] word"), "{}", bracketed(passage));
}

#[test]
fn hostile_text_is_explained_too() {
    let index =
        index("official o: Wang Yimin | weak Wang | exact WYM", "@o AND (\"a b\" OR {X.Y} OR flood NEAR/2 tea)");
    let text = "\u{0}\u{200b}wym. Wang.\u{202e} (((((X Y w.y.m @x.y a, b \u{fdfa} 王.";
    let whole: Vec<char> = text.chars().collect();
    for end in 0..=whole.len() {
        let cut: String = whole[..end].iter().collect();
        let _ = told(&index, &Text { title: &cut, text: &cut, ..Text::empty() });
    }
}
