use super::*;
use crate::model::{
    Cadence, Family, ListFormat, ListId, RequestOptions, RowHead, RowKey, Rows, RuleId, Selectors, Severity, SourceId,
    SourceKind, WatchId, WatchKind,
};
use jiff::civil::date;
use std::sync::Arc;
use std::time::Duration;

const TODAY: Date = date(2026, 3, 2);

fn watch(kind: WatchKind, id: &str, names: &[&str]) -> Watch {
    let mut watch = Watch::empty(WatchId::new(id).unwrap(), kind);
    watch.names = strings(names);
    watch
}

fn body(id: &str, names: &[&str]) -> Watch {
    watch(WatchKind::Organization, id, names)
}

fn official(names: &[&str]) -> Watch {
    watch(WatchKind::Official, "w", names)
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn rule(query: Option<&str>) -> Rule {
    Rule {
        id: RuleId::new("r").unwrap(),
        title: None,
        query: query.map(str::to_string),
        any: vec![],
        all: vec![],
        none: vec![],
        notify: vec![],
        severity: Severity::Normal,
        settle: Duration::ZERO,
        inflect: false,
    }
}

fn source(id: &str, language: Option<&str>, tier: u8, tags: &[&str]) -> Source {
    Source {
        id: SourceId::new(id).unwrap(),
        url: "https://news.example/feed".parse().unwrap(),
        kind: SourceKind::Auto,
        name: None,
        cadence: Cadence::Adaptive(Duration::from_mins(15)),
        language: language.map(str::to_string),
        tier: Some(tier),
        tags: strings(tags),
        select: Selectors::default(),
        backfill: 0,
        read_pages: true,
        robots: true,
        max_age: None,
        request: RequestOptions::default(),
        outline: crate::model::Outline::default(),
    }
}

fn list(names: &[(WatchKind, &str)]) -> List {
    let mut rows = Rows::default();
    for (at, (kind, name)) in names.iter().enumerate() {
        rows.push(&RowHead::new(&format!("q{at}"), *kind), [(RowKey::Names, *name)]).unwrap();
    }
    List {
        id: ListId::new("pep").unwrap(),
        file: "pep.csv".into(),
        format: ListFormat::Csv,
        with: vec![],
        rows: Arc::new(rows),
        edition: crate::model::Edition::default(),
    }
}

fn found(watches: &[Watch], lists: &[List], rules: &[Rule], sources: &[Source]) -> Vec<Fault> {
    lints(&Desk { watches, lists, rules, sources, today: TODAY })
}

/// The codes that are told of watches.
fn of(watches: &[Watch]) -> Vec<&'static str> {
    found(watches, &[], &[], &[]).iter().map(|fault| fault.code).collect()
}

/// Sources of two languages, tiers and tags.
fn newsroom() -> Vec<Source> {
    vec![source("gazeta", Some("ru"), 1, &["region", "energy"]), source("courier", Some("en"), 2, &["region"])]
}

/// What is told of a rule: `code [what it points at]`.
fn asked(rule: &Rule) -> Vec<String> {
    let told = found(&[], &[], std::slice::from_ref(rule), &newsroom()).into_iter().map(|fault| {
        let typed = match fault.place.index {
            None => rule.query.clone().unwrap(),
            Some(index) => [&rule.any, &rule.all, &rule.none]
                [["any", "all", "none"].iter().position(|key| *key == fault.place.key).unwrap()][index]
                .clone(),
        };
        format!("{} [{}]", fault.code, &typed[fault.span])
    });
    told.collect()
}

fn query(typed: &str) -> Vec<String> {
    query::parsed(typed);
    asked(&rule(Some(typed)))
}

/// Queries in these tests are ones that the compiler takes.
mod query {
    pub(super) fn parsed(typed: &str) {
        crate::matching::query::query(typed).unwrap_or_else(|bad| panic!("{typed}: {bad:?}"));
    }
}

#[test]
fn an_acronym_belongs_into_exact() {
    let told = found(&[body("who", &["World Health Organization", "WHO"])], &[], &[], &[]);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].code, told[0].place.key, told[0].place.index, told[0].span.clone()),
        ("W201", "names", Some(1), 0..3)
    );
    assert_eq!(told[0].what, "\"WHO\" is found in any case: it would match the word \"who\" too");
    assert_eq!(told[0].hint.as_deref(), Some("move it: exact = [\"WHO\"]"));
    for name in ["ШОС", "EU", "U.N.", "ShHT", "YUNESKO", "G20", "Orbit", "上合"] {
        let expected: &[&str] = if ["ШОС", "EU", "U.N."].contains(&name) { &["W201"] } else { &[] };
        assert_eq!(of(&[body("b", &[name])]), expected, "{name}");
    }
    let mut exact = body("b", &["World Health Organization"]);
    exact.exact = strings(&["WHO", "EU"]);
    assert_eq!(of(&[exact]), [""; 0]);
}

#[test]
fn an_acronym_in_a_query_is_told_where_it_is_a_word_too() {
    assert_eq!(query("flood AND (title:WHO OR ATLEAST/2 WHO)"), ["W201 [WHO]", "W201 [WHO]"]);
    assert_eq!(query("{WHO} AND flood"), [""; 0]);
    assert_eq!(query("NATO AND flood"), [""; 0]);
}

#[test]
fn a_name_of_two_letters_is_too_short_and_a_chinese_one_of_two_characters_is_not() {
    for (name, expected) in
        [("Xi", &["W202"][..]), ("Си", &["W202"]), ("Ito", &[]), ("王", &["W202"]), ("王毅", &[]), ("G7", &[])]
    {
        assert_eq!(of(&[body("b", &[name])]), expected, "{name}");
    }
    let mut short = official(&["Jinping Xi"]);
    (short.weak, short.exact) = (strings(&["Xi"]), strings(&["X"]));
    assert_eq!(of(&[short]), ["W202"], "of the exact one");
}

#[test]
fn a_watch_wants_a_form_in_each_script_that_a_source_writes_in() {
    let told = |names: &[&str], languages: &[&str]| -> Vec<String> {
        let sources: Vec<_> = languages
            .iter()
            .enumerate()
            .map(|(at, language)| source(&format!("s{at}"), Some(language), 1, &[]))
            .collect();
        found(&[body("orbit", names)], &[], &[], &sources)
            .into_iter()
            .map(|fault| format!("{}: {}", fault.code, fault.what))
            .collect()
    };
    assert_eq!(
        told(&["Orbit Works"], &["en", "ru", "ru-RU"]),
        ["W203: no form of @orbit is in Cyrillic letters, in which s1 writes"]
    );
    assert_eq!(told(&["Орбита Завод"], &["uz", "ru", "uz-Cyrl"]), [""; 0]);
    assert_eq!(told(&["Orbita Zavodi"], &["uz", "uz-Cyrl"]).len(), 1);
    assert_eq!(told(&["Orbit Works", "轨道工厂"], &["zh-Hans", "de", "x-unknown"]), [""; 0]);
    assert_eq!(told(&["Orbit Works"], &["zh", "fa"]).len(), 2);
    // A post is a hit as good as a name.
    let mut posted = official(&["Ada Byron"]);
    (posted.family, posted.posts) = (Family::Derived, strings(&["министр машин"]));
    assert!(found(&[posted], &[], &[], &newsroom()).is_empty());
}

#[test]
fn a_list_is_asked_as_a_whole_for_its_scripts() {
    let latin = list(&[(WatchKind::Official, "Ada Byron"), (WatchKind::Official, "Charles Babbage")]);
    let told = found(&[], std::slice::from_ref(&latin), &[], &newsroom());
    assert_eq!(told.iter().map(|fault| (fault.code, fault.place.key)).collect::<Vec<_>>(), [("W203", "file")]);
    let mixed = list(&[(WatchKind::Official, "Ada Byron"), (WatchKind::Official, "Чарльз Бэббидж")]);
    assert!(found(&[], &[mixed], &[], &newsroom()).is_empty());
}

#[test]
fn a_query_that_excludes_what_it_wants_can_never_match() {
    for (typed, at) in [
        ("title:flood AND NOT flood", "flood"),
        ("\"flood\" AND dam AND NOT Flood", "Flood"),
        ("(dam NEAR/5 flood) AND NOT flood", "flood"),
        ("ATLEAST/3 flood AND NOT flood", "flood"),
        ("{WHO} AND NOT who", "who"),
        ("@pep/q1 AND NOT @pep", "@pep"),
        ("@sco_a AND NOT @sco-a", "@sco-a"),
        ("floods AND NOT flood*", "flood*"),
        ("(flood OR dam) AND NOT (flood OR dam)", "flood"),
        ("title:(flood NEAR dam) AND NOT (Flood NEAR/4 dam)", "(Flood NEAR/4 dam)"),
        ("résumé AND NOT resume", "resume"),
        ("title:(flood AND dam) AND NOT title:dam", "title:dam"),
        ("\"copper mine\"~3 AND NOT mine", "mine"),
    ] {
        assert_eq!(query(typed), [format!("W204 [{at}]")], "{typed}");
    }
    for typed in [
        "flood AND NOT title:flood",
        "title:flood AND NOT lead:flood",
        "(flood OR dam) AND NOT flood",
        "flood AND NOT floods",
        "flood* AND NOT flood",
        "\"flood plain\" AND NOT flood",
        "@pep AND NOT @pep/q1",
        "flood AND NOT {FLOOD}",
        "flood AND NOT (flood AND dam)",
        "(flood NEAR/5 dam) AND NOT (flood NEAR/2 dam)",
        "(flood NEAR dam) AND NOT title:(flood NEAR dam)",
        "resume AND NOT résumé",
    ] {
        assert_eq!(query(typed), [""; 0], "{typed}");
    }
}

#[test]
fn the_lists_of_a_rule_are_held_against_each_other_too() {
    let mut both = rule(None);
    (both.any, both.none) = (strings(&["@sco", "@csto"]), strings(&["@sco"]));
    assert_eq!(asked(&both), [""; 0], "the other one is left");
    both.any.pop();
    assert_eq!(asked(&both), ["W204 [@sco]"]);
    both.none = strings(&["title:@sco"]);
    assert_eq!(asked(&both), [""; 0]);
    both.none = strings(&["football", "(@csto OR @sco)"]);
    let told = found(&[], &[], &[both.clone()], &newsroom());
    assert_eq!((told[0].code, told[0].place.key, told[0].place.index), ("W204", "none", Some(1)));
    assert_eq!(told[0].hint.as_deref(), Some("take it out of `none`, or say what else must be there"));
    (both.all, both.none) = (strings(&["lang:ru", "lang:en"]), vec![]);
    assert_eq!(asked(&both), ["W204 [lang:en]"]);
}

#[test]
fn a_property_has_one_value_and_some_source_must_have_it() {
    for (typed, at) in [
        ("flood AND lang:ru AND lang:uz", "lang:uz"),
        ("flood AND tier:1 AND tier:2", "tier:2"),
        ("flood AND source:gazeta AND source:courier", "source:courier"),
        ("flood AND site:a.example AND site:b.example", "site:b.example"),
        ("flood AND tag:enrgy", "tag:enrgy"),
        ("flood AND source:gazetta", "source:gazetta"),
        ("flood AND tier:3", "tier:3"),
        ("flood AND source:courier AND tag:energy", "tag:energy"),
        ("flood AND NOT tag:region", "tag:region"),
        ("flood AND lang:russian", "lang:russian"),
        ("flood AND lang:(de OR fr) AND lang:ru", "lang:ru"),
    ] {
        assert_eq!(query(typed), [format!("W204 [{at}]")], "{typed}");
    }
    for typed in [
        "flood AND (lang:ru OR lang:uz)",
        "flood AND lang:(ru OR uz)",
        "flood AND lang:uz AND lang:uz-cyrl",
        "flood AND tier:1..2 AND tier:2",
        "flood AND site:example AND site:b.example",
        "flood AND tag:energy AND source:gazeta",
        "flood AND NOT tag:energy",
        "flood AND published:2024-05-01..2024-05-31",
    ] {
        assert_eq!(query(typed), [""; 0], "{typed}");
    }
    let told = found(&[], &[], &[rule(Some("flood AND tier:3"))], &newsroom()).remove(0);
    assert_eq!(told.what, "this can never match: no source has tier 3");
    assert_eq!(told.hint.as_deref(), Some("the sources have 1, 2: write one of them, or give a source tier = 3"));
    let unread = rule(Some("flood AND tag:anything AND source:x"));
    assert!(found(&[], &[], &[unread], &[]).is_empty(), "without any source there is nothing to hold it against");
}

#[test]
fn a_query_that_says_nothing_of_the_text_matches_everything() {
    for (typed, at) in [
        ("published:365d", "published:365d"),
        ("lang:ru AND NOT football", "lang:ru"),
        ("tier:1 AND tag:region", "tier:1"),
        ("@sco OR lang:ru", "lang:ru"),
        ("the*", "the*"),
        ("title:что AND lang:ru", "title:что"),
    ] {
        assert_eq!(query(typed), [format!("W205 [{at}]")], "{typed}");
    }
    for typed in
        ["source:gazeta", "site:mfa.example AND NOT football", "lang:ru AND flood", "theo*", "thermal", "the AND flood"]
    {
        assert_eq!(query(typed), [""; 0], "{typed}");
    }
    let mut any = rule(None);
    any.any = strings(&["@sco", "tier:1"]);
    assert_eq!(asked(&any), ["W205 [tier:1]"]);
}

#[test]
fn a_query_with_a_fault_or_with_too_many_alternatives_is_left_alone() {
    assert_eq!(asked(&rule(Some("flood AND"))), [""; 0]);
    let wide: Vec<String> = (0..40).map(|n| format!("(a{n} OR b{n})")).collect();
    assert_eq!(query(&format!("{} AND NOT a0", wide.join(" AND "))), [""; 0]);
    let mut none = rule(Some("flood"));
    none.none = (0..9_000).map(|n| format!("word{n}")).collect();
    assert_eq!(asked(&none), [""; 0]);
    none.none.push("Flood".into());
    assert_eq!(asked(&none), ["W204 [Flood]"], "a long row of exclusions is one alternative");
    let mut long = rule(None);
    long.any = (0..20_000).map(|n| format!("word{n}")).collect();
    assert_eq!(asked(&long), [""; 0]);
}

#[test]
fn a_name_in_two_watches_counts_for_both() {
    let told = found(&[body("a", &["Orbit Works"]), body("b", &["Comet Works", "ORBIT works"])], &[], &[], &[]);
    assert_eq!(
        told.iter().map(|fault| (fault.code, fault.place.id.as_str(), fault.place.index)).collect::<Vec<_>>(),
        [("W206", "b", Some(1))]
    );
    assert!(told[0].hint.as_deref().unwrap().contains("@a OR @b"));
    assert_eq!(of(&[body("a", &["Orbit Works", "Orbit works"])]), [""; 0], "one watch may say it twice");
    let (mut a, mut b) = (body("a", &["First Thing"]), body("b", &["Second Thing"]));
    (a.exact, b.exact) = (strings(&["ORB"]), strings(&["Orb"]));
    assert_eq!(of(&[a, b]), [""; 0]);
}

#[test]
fn a_name_within_anothers_name_wants_not_as() {
    let (mut inner, outer) = (body("boc", &["Bank of Ruritania"]), body("ex", &["Export Bank of Ruritania"]));
    let told = found(&[inner.clone(), outer.clone()], &[], &[], &[]);
    assert_eq!(told.iter().map(|fault| (fault.code, fault.place.id.as_str())).collect::<Vec<_>>(), [("W206", "boc")]);
    assert!(told[0].hint.as_deref().unwrap().ends_with("add not_as = [\"Export Bank of Ruritania\"]"));
    inner.not_as = strings(&["Export Bank of Ruritania"]);
    assert_eq!(of(&[inner.clone(), outer.clone()]), [""; 0]);
    // Neither a keyword in a name nor half a word is meant.
    let keyword = watch(WatchKind::Keyword, "k", &["export bank"]);
    assert_eq!(of(&[inner, outer, keyword, body("x", &["port Bank"])]), [""; 0]);
}

#[test]
fn a_name_with_marks_wants_the_one_without_beside_it() {
    let told = found(&[official(&["Recep Erdoğan"])], &[], &[], &[]);
    let told = told.iter().find(|fault| fault.code == "W212").unwrap();
    assert_eq!((told.place.key, told.place.index), ("names", Some(0)));
    assert!(told.what.starts_with("'Recep Erdogan' without the mark will not be found"), "{}", told.what);
    assert!(told.hint.as_deref().unwrap().starts_with("add it: names = [\"Recep Erdoğan\", \"Recep Erdogan\"]"));
    let count = |names: &[&str]| of(&[body("b", names)]).iter().filter(|code| **code == "W212").count();
    assert_eq!(count(&["Türk Şeker", "Turk Seker"]), 0);
    assert_eq!(count(&["Türk Şeker", "turk SEKER", "Łódź Øre Ærø"]), 1);
    assert_eq!(count(&["Шойгу Йод", "Oʻzbekiston Gʼalaba", "Turk Seker", "王毅", "Ёлка"]), 0);
    let mut weak = body("b", &["Plain Name"]);
    weak.weak = strings(&["Čapek"]);
    assert_eq!(of(&[weak.clone()]), ["W212"]);
    crate::matching::tests::finds(
        "official w: Recep Erdoğan",
        &[("Recep Erdogan spoke.", ""), ("Recep Erdoğan spoke.", "Recep Erdoğan")],
    );
    crate::matching::tests::finds("organization b: Turk Seker", &[("Türk Şeker grew.", "Türk Şeker")]);
    weak.names.push("Capek".into());
    assert!(!of(&[weak]).contains(&"W212"));
}

#[test]
fn near_over_ten_is_not_near() {
    assert_eq!(query("tax NEAR/40 minister"), ["W207 [NEAR/40]"]);
    assert_eq!(query("(tax ONEAR/11 minister) AND (a NEAR/10 b) AND (c NEAR d) AND (e SAME f)"), ["W207 [ONEAR/11]"]);
    let mut near = body("orbit", &["Orbit Works"]);
    near.with = strings(&["engine", "engine NEAR/20 steam"]);
    let told = found(&[near], &[], &[], &[]);
    assert_eq!(
        told.iter()
            .map(|fault| (fault.code, fault.place.key, fault.place.index, fault.span.clone()))
            .collect::<Vec<_>>(),
        [("W207", "with", Some(1), 7..14)]
    );
    assert_eq!(told[0].hint.as_deref(), Some("write NEAR/10, SENTENCE for one sentence, or SAME for one paragraph"));
}

#[test]
fn a_common_word_is_a_poor_name_in_the_languages_that_are_read() {
    let told = |name: &str, language: Option<&str>| -> usize {
        let mut body = body("b", &[name]);
        // So that only the word itself is told.
        body.exact = strings(&["Ab cd", "Аб вг"]);
        found(&[body], &[], &[], &[source("s", language, 1, &[])]).iter().filter(|fault| fault.code != "W212").count()
    };
    for (name, language) in [
        ("Apple", "en"),
        ("Единство", "ru"),
        ("Birlik", "uz"),
        ("Бирлик", "uz"),
        ("Birlik", "tr"),
        ("Spiegel", "de"),
        ("Écho", "fr"),
    ] {
        assert_eq!(told(name, Some(language)), 1, "{name}");
        assert_eq!(told(name, None), 1, "{name} where no language is known");
    }
    assert_eq!((told("Apple", Some("de")), told("Apfel", Some("en")), told("Apple Works", Some("en"))), (0, 0, 0));
    assert_eq!(of(&[watch(WatchKind::Keyword, "k", &["summit", "санкции", "制裁"])]), [""; 0], "a keyword is a word");
    assert_eq!(of(&[watch(WatchKind::Keyword, "k", &["their"])]), ["W208"]);
    assert_eq!(of(&[watch(WatchKind::Keyword, "k", &["the*", "thermal*"])]), ["W208"]);
}

#[test]
fn a_chinese_name_of_two_characters_that_begins_common_words_is_told() {
    for (name, expected) in [
        ("高明", &["W209"][..]),
        ("和平", &["W209"]),
        ("马上", &["W209"]),
        ("王毅", &[]),
        ("李强", &[]),
        ("普京", &[]),
        ("英国", &[]),
        ("人民币", &["W208"]),
        ("习近平", &[]),
    ] {
        assert_eq!(of(&[body("b", &[name])]), expected, "{name}");
    }
    let told = found(&[body("b", &["光明"])], &[], &[], &[]);
    assert_eq!(
        told[0].hint.as_deref(),
        Some("move it: weak = [\"光明\"] counts beside a title, or near one of `with`")
    );
}

#[test]
fn an_official_without_a_weak_name_is_missed_by_the_second_sentence() {
    let told = found(&[official(&["Sergey Lavrenov", "Сергей Лавренов"])], &[], &[], &[]);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].code, told[0].what.as_str()),
        ("W210", "only the full name is found: a later 'Lavrenov said' is not")
    );
    let told = found(&[official(&["Wang Xiaobo"])], &[], &[], &[]);
    assert!(told[0].what.contains("'Wang said'") && told[0].hint.as_deref().unwrap().contains("family = true"));
    let mut family = official(&["Sergey Lavrenov"]);
    family.family = Family::Derived;
    let mut weak = official(&["Sergey Lavrenov"]);
    weak.weak = strings(&["Lavrenov"]);
    assert_eq!(
        (of(&[family]), of(&[weak]), of(&[official(&["王毅"])]), of(&[body("b", &["Sergey Lavrenov"])])),
        (vec![], vec![], vec![], vec![])
    );
}

#[test]
fn a_post_that_nobody_checked_for_half_a_year_is_told() {
    let told = |checked: Option<Date>| -> Vec<String> {
        let mut official = official(&["Ada Byron"]);
        (official.family, official.checked) = (Family::Derived, checked);
        found(&[official], &[], &[], &[])
            .into_iter()
            .map(|fault| format!("{} {} {}", fault.code, fault.place.key, fault.what))
            .collect()
    };
    assert_eq!(
        told(Some(date(2025, 9, 2))),
        ["W211 checked nobody has made sure for 181 days that @w still holds the post"]
    );
    assert_eq!(told(Some(date(2026, 3, 3))), ["W211 checked `checked` is in the future: today is 2026-03-02"]);
    assert_eq!(told(Some(date(2025, 9, 3))), [""; 0]);
    assert_eq!(told(None), [""; 0]);
}

#[test]
fn of_a_long_list_a_few_are_told_and_the_rest_is_counted_in_time_that_is_linear() {
    let names: Vec<(WatchKind, String)> = (0..50_000)
        .map(|n| (WatchKind::Organization, if n < 315 { "Apple".into() } else { format!("Orbit {n}") }))
        .collect();
    let names: Vec<(WatchKind, &str)> = names.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let told = found(&[], &[list(&names)], &[], &[]);
    assert_eq!(told[0].hint.as_deref(), Some("write more of the name, or move it into `exact` of its row"));
    let told: Vec<_> = told.iter().map(|fault| (fault.code, fault.place.key, fault.what.as_str())).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(
        told[0].2,
        "row q0: \"Apple\" is a common word in English: most of what it finds will be something else"
    );
    assert_eq!(told[3], ("W208", "file", "and 312 more names like it in this list"));
}

proptest::proptest! {
    #[test]
    fn no_name_and_no_query_can_break_it(names in proptest::collection::vec("\\PC{0,12}", 0..5), typed in "[a-cтх王{}():@*?/~\"' 0-9NEAROTDlangtitle.]{0,60}") {
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let watches = [body("a", &texts), official(&texts), watch(WatchKind::Keyword, "k", &texts)];
        let rows: Vec<_> = texts.iter().map(|name| (WatchKind::Official, *name)).collect();
        let mut asked = rule(Some(&typed));
        asked.any = names.clone();
        asked.none = vec![typed.clone()];
        for fault in found(&watches, &[list(&rows)], &[asked], &newsroom()) {
            let string = match (fault.place.key, fault.place.index) {
                ("query" | "none", _) => typed.as_str(),
                ("names" | "any", Some(index)) => texts[index],
                _ => "",
            };
            proptest::prop_assert!(string.get(fault.span.clone()).is_some(), "{fault:?} in {string:?}");
        }
    }
}

#[test]
fn every_lint_is_known_by_its_code() {
    let mut sorted = LINTS.to_vec();
    sorted.dedup();
    assert_eq!(sorted, LINTS);
    assert!(LINTS.iter().all(|code| code.starts_with("W2") && code.len() == 4));
}

#[test]
fn several_names_in_one_string_and_a_query_in_braces_are_told() {
    let codes = |watches: &[Watch], rules: &[Rule]| -> Vec<String> {
        let found = found(watches, &[], rules, &[]).into_iter().filter(|fault| fault.code == "W213");
        found.map(|fault| format!("{}: {}", fault.place.key, fault.hint.unwrap_or_default())).collect()
    };
    let mut trade = watch(WatchKind::Keyword, "t", &["Embargo OR Boycott", "sanctions"]);
    trade.exact = strings(&["SCO; ШОС"]);
    assert_eq!(
        codes(&[trade], &[]),
        [
            "names: these are separate names: names = [\"Embargo\", \"Boycott\"]",
            "exact: these are separate names: exact = [\"SCO\", \"ШОС\"]"
        ]
    );
    assert_eq!(
        codes(&[], &[rule(Some("title:{SCO OR ШОС} AND \"drug OR arms ring\""))]),
        ["query: write {SCO} OR {ШОС}", "query: write \"drug\" OR \"arms ring\"",]
    );
    assert_eq!(codes(&[], &[rule(Some("{SCO} AND \"trade and industry\""))]), [""; 0]);
}

#[test]
fn a_post_of_nobody_in_particular_is_told() {
    let posts = |posts: &[&str]| {
        let official = Watch { posts: strings(posts), family: Family::Derived, ..official(&["Wang Yi"]) };
        let found = found(&[official], &[], &[], &[]).into_iter().filter(|fault| fault.code == "W214");
        found.map(|fault| fault.place.index.unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(
        posts(&["Minister", "Prime Minister", "министр иностранных дел", "Minister of Foreign Affairs"]),
        [0, 1, 2, 3]
    );
    assert_eq!(
        posts(&["Minister of Foreign Affairs of China", "глава МИД Китая", "外交部长", "SCO Secretary-General"]),
        [0; 0]
    );
}

#[test]
fn a_family_name_that_is_no_part_of_the_names_is_told() {
    let family = |names: &[&str], family: &str| {
        let official = Watch { family: Family::Named(family.into()), ..official(names) };
        found(&[official], &[], &[], &[]).iter().any(|fault| fault.code == "W215")
    };
    assert!(family(&["Yi Wang"], "Smith"));
    assert!(
        !family(&["Yi Wang"], "Wang") && !family(&["Yi Wang"], "Ван") && !family(&["Kulubaev Jeenbek"], "Kulubayev")
    );
}
