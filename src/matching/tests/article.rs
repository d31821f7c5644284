use super::super::*;
use crate::model::{Family, Route, Rule, Severity, Watch, WatchId, WatchKind, Zone};
use jiff::tz::TimeZone;

fn watch(kind: WatchKind, names: &[&str]) -> Watch {
    let mut watch = Watch::empty(WatchId::new("w").unwrap(), kind);
    watch.names = names.iter().map(ToString::to_string).collect();
    watch
}

fn rule(query: &str) -> Rule {
    Rule {
        id: RuleId::new("r").unwrap(),
        title: None,
        query: Some(query.into()),
        any: vec![],
        all: vec![],
        none: vec![],
        notify: vec![Route { channel: crate::model::ChannelId::new("desk").unwrap(), digest: None }],
        severity: Severity::Normal,
        settle: std::time::Duration::ZERO,
        inflect: false,
    }
}

fn read(watches: &[Watch], rule: Rule, text: &str, related: &str) -> Reading {
    let index = compile(watches, &[], &[rule], &TimeZone::UTC).unwrap();
    let mut zones = vec![Block { zone: Zone::Lead, text: text.into() }];
    if !related.is_empty() {
        zones.push(Block { zone: Zone::Related, text: related.into() });
    }
    let text = Text {
        title: "",
        text,
        zones: &zones,
        url: "https://news.sports.example/a",
        language: Some("en"),
        author: None,
        tags: &[],
        source: "s",
        published: None,
        tier: Some(1),
        now: Timestamp::UNIX_EPOCH,
    };
    index.read(&text)
}

/// The text with each hit in brackets.
fn marked(reading: &Reading, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let hits: Vec<_> = reading.matches.iter().flat_map(|found| &found.hits).collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        out.push_str(&"[".repeat(hits.iter().filter(|hit| hit.start == at).count()));
        out.push(*c);
        out.push_str(&"]".repeat(hits.iter().filter(|hit| hit.end == at + 1).count()));
    }
    out
}

fn check(watch: &Watch, text: &str) {
    let plain = text.replace(['[', ']'], "");
    assert_eq!(marked(&read(std::slice::from_ref(watch), rule("@w"), &plain, ""), &plain), text);
}

#[test]
fn names_are_whole_words_in_any_script() {
    check(&watch(WatchKind::Organization, &["ISIS"]), "The crisis of [ISIS] and of the oasis.");
    check(&watch(WatchKind::Organization, &["上合组织"]), "多国申请加入[上合组织]，会议由外长主持。");
    check(
        &watch(WatchKind::Organization, &["Orbit"]),
        "Mail info@orbit.example, see https://orbit.example/Orbit or @Orbit, not #x [Orbit].",
    );
}

#[test]
fn persons_are_found_in_order_by_initials_and_in_every_case() {
    let ru = watch(WatchKind::Official, &["Сергей Лавренов"]);
    check(
        &ru,
        "Доклад [С.Лавренова] занял час, [Лавренову Сергею] вручили, с [Сергеем Викторовичем Лавреновым] говорили.",
    );
    check(&ru, "О. Лавренов; Сергей Лавров и Лавреновский.");
    check(&watch(WatchKind::Official, &["Ван И"]), "[Ван И] и Ван Ибо, [Ван Ининг]; ван и диван; [И Ван].");
    check(
        &watch(WatchKind::Official, &["Bakhtiyor Saidov"]),
        "[Bakhtiyor Saidov]'s word, [Saidov, Bakhtiyor], [B. Saidov]. [Bakhtiyor Saidovning] so'zi.",
    );
}

#[test]
fn bodies_bend_to_their_head_noun() {
    let sco = watch(WatchKind::Organization, &["Шанхайская организация сотрудничества"]);
    check(&sco, "Саммит [Шанхайской организации сотрудничества]; Шанхайская организация велосипедистов.");
    check(
        &watch(WatchKind::Keyword, &["counter-terrorism"]),
        "A [counterterrorism] and [counter terrorism] unit. At the counter, terrorism.",
    );
}

#[test]
fn exact_is_as_written_and_not_as_takes_a_mention_away() {
    let mut who = watch(WatchKind::Organization, &["World Health Organization"]);
    who.exact = vec!["WHO".into()];
    check(&who, "The [WHO] and who else? The [World Health Organization].");
    let mut orbit = watch(WatchKind::Organization, &["Orbit"]);
    orbit.not_as = vec!["Orbit Gum".into()];
    check(&orbit, "Orbit Gum paid. [Orbit], the agency, launched.");
}

#[test]
fn a_weak_name_leans_on_a_strong_one_a_title_or_nothing() {
    let mut wang = watch(WatchKind::Official, &["Wang Yimin"]);
    wang.weak = vec!["Wang".into()];
    check(&wang, "[Wang Yimin] came. [Wang] stays. Wang Fang left, Wangari too.");
    check(&wang, "Minister [Wang] spoke.");
    let reading = read(&[wang], rule("@w"), "Wang said the shop would reopen.", "");
    assert!(reading.matches.is_empty());
    assert_eq!(reading.near_misses[0].1, "with 'Wang' but no Wang Yimin");
    let mut sergei = watch(WatchKind::Official, &["Sergei Lavrov"]);
    sergei.family = Family::Derived;
    check(&sergei, "[Sergei Lavrov] came. [Lavrov] spoke.");
}

#[test]
fn a_megabyte_that_keeps_us_busy_is_read_in_time() {
    let mut wang = watch(WatchKind::Official, &["Wang Yimin"]);
    wang.weak = vec!["Wang".into()];
    wang.not_as = vec!["Wang Fang".into()];
    let words = ["Wang ".repeat(40_000), "Wang Fang ".repeat(20_000), format!("Wang-{}", "da".repeat(100_000))];
    for text in &words {
        let _ = read(std::slice::from_ref(&wang), rule("@w OR \"dada*da*no\""), text, "");
    }
    let apart = format!("{}{}", "a ".repeat(20_000), "b ".repeat(20_000));
    let reading = read(&[], rule("a NEAR/3 b"), &apart, "");
    assert_eq!(reading.matches.len(), 1, "the two that touch are found among forty thousand");
}

#[test]
fn addresses_end_where_their_letters_end() {
    check(
        &watch(WatchKind::Official, &["王毅"]),
        "秘书长会见[王毅]，详情见https://mfa.example/x。据@人民日报报道，[王毅]。",
    );
    check(&watch(WatchKind::Official, &["Ali Neʼmatov"]), "[Ali Ne'matov] and [Ali Neʼmatov].");
    let mut wang = watch(WatchKind::Official, &["Wang Yi"]);
    wang.weak = vec!["Foreign Minister Wang".into()];
    check(&wang, "Foreign Minister [Wang Yi] said.");
}

#[test]
fn a_title_among_the_zones_counts_once() {
    let index = compile(&[], &[], &[rule("tea")], &TimeZone::UTC).unwrap();
    let zones =
        [Block { zone: Zone::Title, text: "Tea".into() }, Block { zone: Zone::Lead, text: "They drank.".into() }];
    let text = Text {
        title: "Tea",
        text: "They drank.",
        zones: &zones,
        url: "",
        language: None,
        author: None,
        tags: &[],
        source: "",
        published: None,
        tier: None,
        now: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(index.read(&text).matches[0].hits.len(), 1);
}

#[test]
fn a_box_beside_the_article_is_never_matched_and_said() {
    let wang = watch(WatchKind::Official, &["Wang Yi"]);
    let reading = read(&[wang], rule("@w"), "A cup tie was settled late.", "Wang Yi urges solidarity");
    assert!(reading.matches.is_empty());
    assert_eq!(reading.near_misses, [(RuleId::new("r").unwrap(), "only in related boxes".to_string())]);
}

#[test]
fn queries_join_words_phrases_fields_and_negations() {
    let holds = |query: &str| {
        !read(&[], rule(query), "A glider crashed. In truth it was a stall over the ridge.", "").matches.is_empty()
    };
    assert!(holds("glider AND (crash OR stall)  # what happened"));
    assert!(holds("glid* AND \"over the ridge\" AND NOT flood AND site:sports.example"));
    assert!(!holds("glider AND NOT stall"));
    assert!(!holds("{Stall}") && holds("{stall}") && !holds("title:stall") && holds("lead:stall"));
    assert!(holds("tier:1..2 AND lang:en AND stall"));
    assert!(holds("glider NEAR/0 crashed") && !holds("glider NEAR stall") && holds("glider SAME stall"));
    assert!(
        holds("(crash OR stall) ONEAR/3 ridge") && !holds("ridge ONEAR/3 stall") && !holds("glider SENTENCE stall")
    );
    assert!(
        holds("ATLEAST/2 (glider OR stall)")
            && !holds("ATLEAST/2 glider")
            && holds("\"stall ridge\"~2")
            && !holds("\"stall ridge\"~1")
    );
    assert!(!holds("glider AND published:2d") && holds("(glider NEAR/3 crashed) AND NOT flood"));
    let excluded = read(&[], rule("glider AND NOT stall"), "A glider. A stall.", "");
    assert_eq!(excluded.near_misses[0].1, "excluded by 'stall'");
}

#[test]
fn every_refused_query_says_where_and_how_to_mend_it() {
    let cases = [
        ("flood AND rain OR storm", "bracket"),
        ("flood (river OR lake)", "operator"),
        ("flood not river", "capital"),
        ("NOT flood", "exclude"),
        ("flood AND ()", "empty"),
        ("flood AND title:", "expected"),
        ("flood AND {SCO", "brace"),
        ("AND flood", "expected"),
        ("flood OR OR river", "expected"),
        ("sa*", "letter"),
        ("headline:flood", "unknown field"),
        ("a OR NOT b", "every article"),
        ("@soc", "@soc"),
        ("(a", "closed"),
        ("a)", "bracket"),
        ("\"a", "closed"),
        ("-a", "leading"),
        ("flood NEAR/x river", "number"),
        ("flood NEAR/101 river", "100"),
        ("flood NEAR/5", "expected"),
        ("(flood AND rain) NEAR/5 river", "inside"),
        ("a NEAR/3 b NEAR/3 c", "chain"),
        ("\"river flood\"~x", "number"),
        ("flood AND published:soon", "duration"),
    ];
    let mut wrong = vec![];
    for (query, word) in cases {
        let faults = compile(&[watch(WatchKind::Organization, &["SCO"])], &[], &[rule(query)], &TimeZone::UTC);
        let fault = faults.err().unwrap_or_default().remove(0);
        if !fault.what.contains(word) {
            wrong.push(format!("{query}: {}", fault.what));
        }
        assert!(fault.span.end <= query.len() && query.is_char_boundary(fault.span.start), "{query}: {:?}", fault.span);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_text_and_no_query_can_break_it() {
    let odd = [
        "",
        "\u{0}",
        "а\u{301}",
        "İ",
        "ﬁ",
        "𝕎",
        "\u{200d}",
        "A.B.C.",
        "'''",
        "oʻ",
        "王",
        "@",
        "://",
        "www.",
        "a@b",
        "...",
        "é́́",
    ];
    let watches = [watch(WatchKind::Official, &["İlham Əliyev", "王毅", "Ада Байрон"])];
    for a in odd {
        for b in odd {
            let text = format!("{a} Ада {b} Байрон{a}{b}王毅{a}");
            let reading = read(&watches, rule("@w"), &text, "");
            for hit in reading.matches.iter().flat_map(|found| &found.hits) {
                let chars: Vec<char> = text.chars().collect();
                assert_eq!(chars[hit.start..hit.end].iter().collect::<String>(), hit.text);
            }
            let _ = compile(&watches, &[], &[rule(&text)], &TimeZone::UTC);
        }
    }
}
