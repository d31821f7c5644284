//! What must hold of any text, any query and any name: offsets count in the original, hits are whole words, every shown form
//! is found, the sieve refuses nothing that is found, what was read before changes nothing, and nothing takes long.

use super::super::spelling::Spelling;
use super::super::*;
use super::{rule, watch};
use crate::model::{Hit, List, ListFormat, ListId, RowHead, RowKey, Rows, Rule, Watch, WatchId, WatchKind, Zone};
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

/// As many cases as take a second or two without optimization.
fn cases(many: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(many) }
}

fn built(watches: &[Watch], query: &str) -> Index {
    compile(watches, &[], &[rule(query)], &TimeZone::UTC).unwrap()
}

fn named(kind: WatchKind, names: &[&str]) -> Watch {
    let mut watch = Watch::empty(WatchId::new("w").unwrap(), kind);
    watch.names = names.iter().map(ToString::to_string).collect();
    watch
}

fn hits(reading: &Reading) -> Vec<&Hit> {
    reading.matches.iter().flat_map(|found| &found.hits).collect()
}

// Names

const GIVEN: &[&str] =
    &["Sergei", "Maria", "Bakhtiyor", "Daniel", "Yulia", "Zhanar", "Сергей", "Мария", "Пётр", "Илья", "Наталья", "Лев"];
const FAMILY: &[&str] = &[
    "Lavrenov",
    "Kulubayev",
    "Saidov",
    "Ortega",
    "Amir-Abdollahian",
    "Zorina",
    "Лавренов",
    "Громов",
    "Толстой",
    "Черных",
    "Коваль",
    "Бойко",
];
const MIDDLE: &[&str] = &["Иванович", "Petrovich", "Luis", "Юрьевна"];
const BODIES: &[&str] = &[
    "Steppe Cooperation Organization",
    "Шанхайская организация сотрудничества",
    "Центральный банк",
    "Orbit",
    "Дельта",
    "Совет безопасности",
    "Harbour Watch",
    "Государственная дума",
    "Toshkent banki",
];
/// Words that are no part of a name, of a title, of a suffix, and no verb of a woman's.
const NEUTRAL: &[&str] = &["quietly", "blue", "harvest", "тихо", "синий", "урожай", "beyond", "17", "под", "хлеб"];

fn person() -> impl Strategy<Value = String> {
    let same = |parts: &[&str]| {
        let cyrillic = |part: &str| part.chars().any(super::super::class::cyrillic);
        parts.iter().all(|part| cyrillic(part) == cyrillic(parts[0]))
    };
    (select(GIVEN), proptest::option::weighted(0.3, select(MIDDLE)), select(FAMILY)).prop_filter_map(
        "one script",
        move |(given, middle, family)| {
            let parts: Vec<&str> = [Some(given), middle, Some(family)].into_iter().flatten().collect();
            same(&parts).then(|| parts.join(" "))
        },
    )
}

fn name() -> impl Strategy<Value = (WatchKind, String)> {
    prop_oneof![
        2 => person().prop_map(|name| (WatchKind::Official, name)),
        1 => select(BODIES).prop_map(|name| (WatchKind::Organization, name.to_string())),
    ]
}

fn neutral() -> impl Strategy<Value = String> {
    vec(select(NEUTRAL), 1..6).prop_map(|words| words.join(" "))
}

/// The forms that `check --show` tells of a watch's names.
fn forms(index: &Index) -> Vec<String> {
    let forms = index.forms(&WatchId::new("w").unwrap()).unwrap();
    forms.names.into_iter().flat_map(|name| name.forms).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn every_form_that_is_shown_is_found_where_it_stands_and_nowhere_else(
        (kind, name) in name(),
        before in neutral(),
        after in neutral(),
    ) {
        let index = built(&[named(kind, &[&name])], "@w");
        let nothing = format!("{before}. {after}");
        let nothing = index.read(&Text { title: &before, text: &nothing, ..Text::empty() });
        prop_assert!(nothing.matches.is_empty(), "{:?}", nothing);
        for form in forms(&index) {
            let text = format!("{before} {form} {after}");
            let reading = index.read(&Text { text: &text, ..Text::empty() });
            let from = before.chars().count() + 1;
            let found: Vec<_> = hits(&reading).iter().map(|hit| (hit.start, hit.end, hit.text.clone())).collect();
            prop_assert_eq!(found, [(from, from + form.chars().count(), form.clone())], "{} in {:?}", name, text);
        }
    }

    #[test]
    fn no_name_is_found_inside_another_word(
        (kind, name) in name(),
        before in "[a-zа-я]{0,2}",
        after in "[a-zа-я]{0,3}",
    ) {
        let index = built(&[named(kind, &[&name])], "@w");
        for form in forms(&index) {
            let text = format!("{before}{form}{after} тихо {form}");
            let reading = index.read(&Text { text: &text, ..Text::empty() });
            let chars: Vec<char> = text.chars().collect();
            for hit in hits(&reading) {
                let inside = hit.start > 0 && chars[hit.start - 1].is_alphanumeric()
                    || chars.get(hit.end).is_some_and(|c| c.is_alphanumeric());
                prop_assert!(!inside || hit.text.ends_with('.'), "{:?} in {:?}", hit.text, text);
            }
            prop_assert!(!hits(&reading).is_empty(), "{:?} at the end of {:?}", form, text);
        }
    }
}

// The sieve

/// A small vocabulary of everything: persons, bodies, acronyms, weak names, patterns, phrases, in several scripts.
fn everything() -> Index {
    let watches = [
        "official a: Sergei Lavrenov; Сергей Лавренов | weak Lavrenov | not_as Lavrenov Street | family",
        "official b: Ван И; 王毅; Wang Yi | posts Minister of Foreign Affairs of China; глава МИД Китая | weak Wang",
        "official c: Bakhtiyor Saidov; Бахтиёр Саидов; Gʻulomjon Toʻraqulov; Jeenbek Kulubaev",
        "organization d: Steppe Cooperation Organization; Степная организация сотрудничества; 上海合作组织 | exact SCO; ШОС",
        "organization e: U.N.; Hezbollah; Łódź Ōmiya; İstanbul; Straße; Ελλάς; الأمم المتحدة",
        "keyword f: counter-terrorism; санкции; cyber attack; хлеб",
    ];
    let watches: Vec<Watch> = watches.iter().map(|line| watch(line)).collect();
    let mut inflected = rule("ветер OR storm OR \"river flood\"");
    inflected.inflect = true;
    let query = r#"@a OR @b OR @c OR @d OR @e OR @f OR sanction* OR str?ke OR ?tone OR мос?ва OR {Delta} OR "river flood"~3
        OR café OR naïv* OR ёлка OR title:東京"#;
    compile(
        &watches,
        &[],
        &[rule(query), Rule { id: crate::model::RuleId::new("i").unwrap(), ..inflected }],
        &TimeZone::UTC,
    )
    .unwrap()
}

/// Words as names have them, bent, spelled and written anew.
fn word() -> impl Strategy<Value = String> {
    let stock: Vec<&'static str> = vec![
        "Lavrenov",
        "Лавренов",
        "Сергей",
        "Sergei",
        "Sergey",
        "Bakhtiyor",
        "Baxtiyor",
        "Saidov",
        "Саидов",
        "Саидова",
        "Gʻulomjon",
        "G'ulomjon",
        "Toraqulov",
        "Jeenbek",
        "Zheenbek",
        "Kulubaev",
        "Kulubayev",
        "Организация",
        "организацией",
        "санкций",
        "SCO",
        "ШОС",
        "sanction",
        "strike",
        "stroke",
        "stone",
        "Москва",
        "Delta",
        "café",
        "cafe",
        "naive",
        "ёлка",
        "елка",
        "Lodz",
        "Łódź",
        "istanbul",
        "İSTANBUL",
        "STRASSE",
        "straße",
        "ΕΛΛΆΣ",
        "ветром",
        "storms",
        "хлебом",
        "王",
        "東",
        "Yi",
        "Ван",
        "terrorism",
        "counterterrorism",
        "cyberattack",
        "cyber",
        "attack",
        "Steppe",
        "Cooperation",
        "الأمم",
    ];
    let suffixed =
        select(vec!["", "ning", "ga", "dan", "lardan", "нинг", "га", "ом", "а", "ым", "'s", "’", "'ga", "s", "у"]);
    let article = select(vec!["", "", "", "l'", "d’", "L’"]);
    let own = (article, select(stock), suffixed, 0u8..6).prop_map(|(article, word, suffix, manner)| {
        let word = format!("{article}{word}{suffix}");
        match manner {
            0 => word.to_uppercase(),
            1 => word.to_lowercase(),
            2 => word.chars().flat_map(|c| [c, '\u{ad}']).collect(),
            3 => unicode_normalization::UnicodeNormalization::nfd(&*word).collect(),
            _ => word,
        }
    });
    prop_oneof![4 => own, 1 => "\\PC{1,12}", 1 => "[a-zа-яёўқғҳәіA-Z'ʻşçłβ]{1,14}"]
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn the_sieve_refuses_no_word_that_has_senses(words in vec(word(), 80)) {
        thread_local!(static EVERYTHING: Index = everything());
        let mut spelling = Spelling::default();
        EVERYTHING.with(|index| {
            for word in &words {
                let mut senses = vec![];
                index.vocabulary.senses(word, &mut spelling, &mut senses);
                // Two words written as one, which were never typed side by side, lead to no name.
                let lasting = senses.iter().any(|sense| sense.then.is_none());
                prop_assert!(!lasting || index.vocabulary.may(word, &mut spelling), "{word:?}: {senses:?}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_sieve_refuses_no_form_of_a_name((kind, name) in name()) {
        let index = built(&[named(kind, &[&name])], "@w");
        let mut spelling = Spelling::default();
        for form in forms(&index) {
            for word in form.split([' ', '-', ',', '.']).filter(|word| !word.is_empty()) {
                for suffix in ["", "ning", "dan", "нинг", "'s"] {
                    let word = format!("{word}{suffix}");
                    let mut senses = vec![];
                    index.vocabulary.senses(&word, &mut spelling, &mut senses);
                    prop_assert!(!senses.is_empty() || !suffix.is_empty(), "{word} of {form}");
                    prop_assert!(senses.is_empty() || index.vocabulary.may(&word, &mut spelling), "{word} of {form}");
                }
            }
        }
    }

    #[test]
    fn two_parts_of_a_name_are_found_as_one_word(first in select(&["cyber", "Harbour", "Степной"][..]), second in select(&["attack", "Watchers", "край"][..])) {
        let name = format!("{first} {second}");
        let index = built(&[named(WatchKind::Organization, &[&name])], "@w");
        let joined = name.replace(' ', "");
        for text in [&joined, &joined.to_uppercase(), &format!("{first}-{second}")] {
            prop_assert_eq!(hits(&index.read(&Text { text, ..Text::empty() })).len(), 1, "{}", text);
        }
    }
}

// Any text

/// Text of any characters, and of those that matter most, with names among them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(vec![
            "Sergei Lavrenov", "Лавренову", "Wang Yi", "王毅", "SCO", "ШОС", "Степной организацией сотрудничества", "Saidov, Bakhtiyor",
            "S.", "Lavrenov", "U.N.", "minister", "外长", "глава МИД Китая Ван И", "sanctions", "river", "flood", "cyberattack",
            "Toʻraqulovning", "stone", "l’", "上海合作组织",
        ]).prop_map(ToString::to_string),
        4 => select(vec![
            " ", " ", " ", " ", "\n", "\n\n", ", ", ". ", ".", "'", "’", "-", "@", "://", "\u{ad}", "\u{200b}", "\u{301}", "(", ")", "«", "»", "·",
            "\r\n", "\u{2028}", "#", "/", "&", "?", "…", "。", "、", "\u{feff}", "\u{202e}", "😀", "ﬁ", "İ", "ǅ", "\u{1d7d8}", "a.b", "\0",
        ]).prop_map(ToString::to_string),
        2 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn zones() -> impl Strategy<Value = Vec<Block>> {
    let zone = select(vec![
        Zone::Title,
        Zone::Lead,
        Zone::Body,
        Zone::Quote,
        Zone::Caption,
        Zone::Related,
        Zone::Navigation,
        Zone::Comments,
        Zone::Footer,
    ]);
    vec((zone, text()).prop_map(|(zone, text)| Block { zone, text }), 0..4)
}

/// What every reading promises: offsets that cut the hit out of the original, in reading order, each in its block.
fn sound(reading: &Reading, read: &Text) -> Result<(), TestCaseError> {
    for found in &reading.matches {
        let mut before = None;
        for hit in &found.hits {
            let base = match (hit.zone, hit.block) {
                (Zone::Title, _) => read.title,
                (_, Some(block)) => &read.zones[block].text,
                (_, None) => read.text,
            };
            let cut: String = base.chars().skip(hit.start).take(hit.end.saturating_sub(hit.start)).collect();
            prop_assert_eq!(&cut, &hit.text, "{}..{}", hit.start, hit.end);
            prop_assert!(!hit.text.is_empty());
            let place = (hit.zone != Zone::Title, hit.block, hit.start, usize::MAX - hit.end);
            // Captions stand where the page has them, among the blocks of the text.
            let ordered = before.is_none_or(|(title, block, start, end): (bool, _, _, _)| {
                matches!((title, place.0), (false, true)) || block != place.1 || (title, block, start, end) <= place
            });
            prop_assert!(ordered, "{:?}", found.hits);
            before = Some(place);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn any_article_is_read_with_offsets_on_the_original(
        title in text(), body in text(), zones in zones(), covered in any::<bool>(),
        url in text(), author in proptest::option::of(text()), tags in vec(text(), 0..2),
    ) {
        thread_local!(static EVERYTHING: Index = everything());
        let own = |zone: Zone| matches!(zone, Zone::Lead | Zone::Body | Zone::Quote);
        let whole = || zones.iter().filter(|b| own(b.zone)).map(|b| &*b.text).collect::<Vec<_>>().join("\n\n");
        let body = if covered { whole() } else { body };
        let text = Text { title: &title, text: &body, zones: &zones, url: &url, author: author.as_deref(), tags: &tags, source: &url, language: Some(&url), ..Text::empty() };
        EVERYTHING.with(|index| {
            sound(&index.read(&text), &text)?;
            for (place, _) in index.find(&body) {
                prop_assert!(body.get(place).is_some_and(|found| !found.is_empty()));
            }
            prop_assert!(index.explain(&text, &crate::model::RuleId::new("r").unwrap()).is_some());
            Ok(())
        })?;
    }

    #[test]
    fn what_was_read_before_changes_nothing(texts in vec(text(), 4), order in Just(vec![0usize, 1, 2, 3]).prop_shuffle()) {
        thread_local!(static EVERYTHING: Index = everything());
        let fresh: Vec<Reading> = EVERYTHING.with(|index| texts.iter().map(|text| {
            // A fresh memo: nothing was read by it.
            drop(index.scratch.take());
            index.read(&Text { text, ..Text::empty() })
        }).collect());
        EVERYTHING.with(|index| {
            for at in order.iter().chain(order.iter().rev()) {
                let reading = index.read(&Text { text: &texts[*at], ..Text::empty() });
                prop_assert_eq!(&reading, &fresh[*at], "{:?}", &texts[*at]);
            }
            Ok(())
        })?;
    }
}

// Any query, any name

/// Queries that are nearly right.
fn typed() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "river",
        "flood",
        "\"river flood\"",
        "\"a b\"~3",
        "~",
        "{SCO}",
        "{",
        "}",
        "@w",
        "@w/x",
        "@",
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "ONEAR",
        "SAME",
        "SENTENCE",
        "ATLEAST/2",
        "ATLEAST/",
        "title:",
        "body:",
        "site:a.example",
        "published:2d",
        "published:2024-05-01..",
        "tier:1..",
        "lang:uz",
        "url:",
        "(",
        ")",
        "(",
        ")",
        "\"",
        "«",
        "»",
        "sanct*",
        "a*",
        "*",
        "?",
        "st?ne",
        "-",
        "+x",
        "# note",
        "\n",
        ":",
        "&&",
        "||",
        "王毅",
        "l'ONU",
        "cyber-attack",
        "\u{301}",
        "\u{ad}",
        "and",
        "İ",
        "ﬁ*",
        "..",
        "/",
    ]);
    prop_oneof![
        4 => (vec(piece, 0..12), select(vec![" ", ""])).prop_map(|(pieces, gap)| pieces.join(gap)),
        1 => any::<String>(),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![2 => text(), 1 => any::<String>(), 1 => "\\PC{0,40}", 1 => "[A-ZА-Яa-zа-я]{1,8}([ .·'-][A-ZА-Яa-zа-я]{1,8}){0,4}"]
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_query_is_taken_or_refused_where_it_is_wrong(typed in typed(), any in typed(), text in text()) {
        let mut of_keys = Rule { id: crate::model::RuleId::new("k").unwrap(), query: None, ..rule("") };
        of_keys.any = vec![any.clone()];
        let watches = [named(WatchKind::Official, &["Wang Yi"])];
        for rule in [rule(&typed), of_keys] {
            match compile(&watches, &[], std::slice::from_ref(&rule), &TimeZone::UTC) {
                Ok(index) => {
                    let text = Text { text: &text, ..Text::empty() };
                    sound(&index.read(&text), &text)?;
                    prop_assert!(index.explain(&text, &rule.id).is_some());
                }
                Err(faults) => {
                    for fault in faults {
                        let typed = if rule.query.is_some() { &typed } else { &any };
                        prop_assert!(typed.get(fault.span.clone()).is_some(), "{typed:?}: {fault:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn any_name_is_taken_or_refused(
        kind in select(vec![WatchKind::Official, WatchKind::Organization, WatchKind::Keyword]),
        names in vec(any_name(), 1..3), other in any_name(), key in 0u8..5, text in text(),
    ) {
        let mut watch = named(kind, &names.iter().map(|name| &**name).collect::<Vec<_>>());
        let keys = [&mut watch.exact, &mut watch.weak, &mut watch.posts, &mut watch.not_as];
        if let Some(list) = keys.into_iter().nth(usize::from(key)) {
            list.push(other.clone());
        }
        watch.family = crate::model::Family::Derived;
        let mut rows = Rows::default();
        let texts = [(RowKey::Names, &*names[0]), (RowKey::Weak, &*other), (RowKey::Posts, &*other)];
        rows.push(&RowHead { family: true, ..RowHead::new(&other, kind) }, texts).unwrap();
        let list = List { id: ListId::new("l").unwrap(), file: "l.csv".into(), format: ListFormat::Csv, with: vec![], rows: Arc::new(rows), edition: crate::model::Edition::default() };
        let text = format!("{text} {} {other}", names.concat());
        let text = Text { title: &names[0], text: &text, ..Text::empty() };
        if let Ok(index) = compile(std::slice::from_ref(&watch), &[], &[rule("@w")], &TimeZone::UTC) {
            sound(&index.read(&text), &text)?;
            prop_assert!(index.forms(&watch.id).is_some());
        }
        if let Ok(index) = compile(&[], &[list], &[rule("@l")], &TimeZone::UTC) {
            sound(&index.read(&text), &text)?;
        }
    }
}

// Long text

/// Text of 50 kB and more that is made to be slow: what repeats is a name, half a name, or a mark that begins something.
fn hostile() -> Vec<String> {
    let repeated = [
        "Wang ",
        "Wang Yi ",
        "Yi Wang, ",
        "Lavrenov ",
        "Sergei Lavrenov ",
        "Lavrenov Street ",
        "Lavrenov, Sergei, ",
        "S. ",
        "С.",
        "a.",
        "A. ",
        "'",
        "’s",
        "a'",
        "-da",
        "-",
        "e\u{301}",
        "\u{301}",
        "\u{ad}",
        "@",
        "a@",
        "@a",
        "://",
        "a://",
        "a.com/",
        ".com",
        "a.b",
        "«",
        "\"",
        "('",
        "(",
        "SCO (",
        "王",
        "王毅",
        "外长王",
        "国会",
        "counter-",
        "counter-terrorism ",
        "cyberattack",
        "Minister of Foreign Affairs of ",
        "of China and ",
        "minister ",
        "minister Wang ",
        "глава МИД ",
        "Степная ",
        "river ",
        "river-",
        "river flood ",
        "river, flood. ",
        "stone ",
        "sanctions ",
        "sanctions\n\n",
        "\n",
        "\r\n ",
        "a\n\n",
        "SCOga",
        "Иванович ",
        "Сергей Иванович ",
        "1,1",
        "1.",
        "...",
        "! ",
        "U.N.",
        "naïve",
        "?",
        "#",
    ];
    let mut texts: Vec<String> = repeated.iter().map(|piece| piece.repeat(20_000 / piece.len())).collect();
    texts.push(["«".repeat(50_000), "Wang Yi".to_string(), "»".repeat(50_000)].concat());
    texts.push(["river-".repeat(33_000), " flood".to_string()].concat());
    texts.push(["Wang, the ".to_string(), "a ".repeat(100_000), "minister".to_string()].concat());
    texts.push(["Lavrenov", &"-da".repeat(60_000), "ning"].concat());
    texts.push(["Lavrenov", &"ning".repeat(50_000)].concat());
    texts.push(["Lavrenov", &"\u{301}".repeat(50_000)].concat());
    texts
}

#[test]
fn no_repetition_keeps_it_busy() {
    let watches = [
        "official a: Sergei Lavrenov; Сергей Лавренов | weak Lavrenov; Yi | not_as Lavrenov Street | with river; @d | family",
        "official b: Ван И; 王毅; Wang Yi | posts Minister of Foreign Affairs of China; глава МИД Китая | weak Wang; 王 | with sanction*",
        "organization d: Steppe Cooperation Organization; Степная организация сотрудничества; 国会 | exact SCO; ШОС",
        "organization e: U.N.; A. A. A. A. A. A. A.; a a a a a a; da da da; naïve",
        "keyword f: counter-terrorism; cyber attack; counter counter counter",
    ];
    let watches: Vec<Watch> = watches.iter().map(|line| watch(line)).collect();
    let queries = [
        "@a OR @b OR @d OR @e OR @f",
        "(@a NEAR/100 @b) OR (@b SAME (sanction* OR river)) OR ((@a NEAR/9 river) SENTENCE flood) OR ATLEAST/1000 (@a OR river)",
        r#""river river flood"~100 OR "river flood"~100 OR (river ONEAR/100 flood) OR ?tone OR sto?e* OR "stone stone stone stone""#,
    ];
    let rules: Vec<Rule> = queries
        .iter()
        .zip(["one", "two", "three"])
        .map(|(query, id)| Rule { id: crate::model::RuleId::new(id).unwrap(), ..rule(query) })
        .collect();
    let index = compile(&watches, &[], &rules, &TimeZone::UTC).unwrap();
    for text in hostile() {
        let text = Text { text: &text, ..Text::empty() };
        let reading = index.read(&text);
        sound(&reading, &text).unwrap();
    }
}
