//! Flaws of queries: all at once, each with a mended version that is good.

use super::ast::Part;
use super::*;
use crate::matching::fault::Flaw;

fn flaws(typed: &str) -> Vec<Flaw> {
    query(typed).err().unwrap_or_default()
}

/// Each flaw as its code and the bytes that it marks.
fn told(typed: &str) -> Vec<String> {
    flaws(typed).iter().map(|flaw| format!("{} {}", flaw.code, &typed[flaw.span.clone()])).collect()
}

/// The mended versions of the only flaw.
#[track_caller]
fn mended(typed: &str) -> Vec<String> {
    match &flaws(typed)[..] {
        [flaw] => flaw.mended.clone(),
        many => panic!("not one flaw of {typed}: {many:#?}"),
    }
}

#[test]
fn every_flaw_of_a_query_is_told_at_once_and_nothing_that_only_follows() {
    for (typed, expected) in [
        ("@nosuch AND tilte:x AND fl* AND (tea", &["E212 tilte", "E219 fl*", "E205 ("][..]),
        ("river flood AND headline:x OR {SCO", &["E203 river flood", "E212 headline", "E207 OR", "E205 {SCO"]),
        ("\"drug AND tea NEAR/x milk AND ()", &["E205 \"drug", "E208 NEAR/x", "E202 ()"]),
        ("a AND b OR c AND d OR e", &["E207 OR"]),
        ("((river OR flood", &["E205 ("]),
        ("river) AND (flood AND fl*)) OR x", &["E205 )", "E219 fl*", "E205 )"]),
        ("AND OR flood AND", &["E203 AND", "E203 "]),
        ("a NEAR/3 b NEAR/3 c NEAR/3 d AND tier:12", &["E213 NEAR/3", "E216 12"]),
        ("-river AND +flood", &["E214 -", "E214 +"]),
        ("river NEAR/3 flood w/4 dam", &["E223 w/4", "E213 w/4"]),
        ("title:(fl* OR lead:(ab* OR river))", &["E219 fl*", "E217 lead:(", "E219 ab*"]),
        ("lang:(ru uz) AND tier:x AND published:soon", &["E203 uz", "E216 x", "E216 soon"]),
        (
            "NOT NOT river AND ATLEAST/0 flood AND @ AND @pep/",
            &["E203 NOT NOT", "E208 ATLEAST/0", "E203 @", "E203 @pep/"],
        ),
    ] {
        assert_eq!(told(typed), expected, "{typed}");
    }
    let many = vec!["fl*"; 100].join(" AND ");
    let many = flaws(&many);
    assert_eq!((many.len(), many[19].what.ends_with("— and more after this one")), (20, true));
    let strange = flaws(&"「 AND ".repeat(6_000));
    assert_eq!(strange.len(), 20, "a query of nothing but flaws takes no long time");
}

#[test]
fn the_ids_of_a_query_are_known_although_it_has_flaws() {
    let found: Vec<_> =
        ids("@sco AND (@pep/q1 OR fl* tea").into_iter().map(|(id, row, span)| (id, row, span.start)).collect();
    assert_eq!(found, [("sco".into(), None, 0), ("pep".into(), Some("q1".into()), 10)]);
}

#[test]
fn a_mended_version_says_what_was_meant() {
    for (typed, expected) in [
        ("river & flood", &["river AND flood"][..]),
        ("flood AND {}", &["flood"]),
        ("\"\" OR flood", &["flood"]),
        ("flood AND () AND dam", &["flood AND dam"]),
        ("flood AND NOT ()", &["flood"]),
        ("title:(body:flood)", &["title:(flood)"]),
        ("title:lead:flood", &["title:flood"]),
        ("NOT river OR flood", &["flood AND NOT river"]),
        ("flood OR dam OR NOT river", &["(flood OR dam) AND NOT river"]),
        ("published:2024-05-31..2024-05-01", &["published:2024-05-01..2024-05-31"]),
        ("tier:3..1", &["tier:1..3"]),
        ("tea AND fl*", &["tea AND fl"]),
        ("*flood", &["flood"]),
        ("\"big fl*\"", &["\"big fl\""]),
        ("river | flood", &["river OR flood"]),
        ("river, flood", &["river AND flood", "river OR flood"]),
        ("river , flood", &["river AND flood", "river OR flood"]),
        ("'drug trafficking'", &["\"drug trafficking\""]),
        ("‘drug trafficking ring’", &["\"drug trafficking ring\""]),
        ("river flood dam", &["\"river flood dam\"", "river AND flood AND dam"]),
        ("flood (river OR lake)", &["flood AND (river OR lake)", "flood OR (river OR lake)"]),
        ("tier:[1 TO 3]", &["tier:1..3"]),
        ("published:[2024-05-01 TO *]", &["published:2024-05-01.."]),
        ("[1 TO 3]", &["tier:1..3"]),
        ("[river]", &["river"]),
        ("river W/3 flood", &["river NEAR/3 flood"]),
        ("river w/3 flood", &["river NEAR/3 flood"]),
        ("river WITHIN/3 flood", &["river NEAR/3 flood"]),
        ("river NEAR3 flood", &["river NEAR/3 flood"]),
        ("river PRE/3 flood", &["river ONEAR/3 flood"]),
        ("river SAME/3 flood", &["river SAME flood", "river NEAR/3 flood"]),
        ("river ADJ flood", &["river ONEAR/0 flood"]),
        ("river near/3 flood", &["river NEAR/3 flood"]),
        ("river w/3 flood AND dam", &["river NEAR/3 flood AND dam"]),
        ("river and flood", &["river AND flood"]),
        ("flood not river", &["flood NOT river"]),
        ("and flood", &["flood"]),
        ("site:http://gov.uz/x", &["site:gov.uz"]),
        ("site:gov.uz:8080/x", &["site:gov.uz"]),
        ("tea AND https://gov.uz/x", &["tea AND site:gov.uz"]),
        ("tea AND 12:30", &["tea AND \"12:30\""]),
        ("tea AND ATLEAST/2 NOT river", &["tea AND NOT ATLEAST/2 river"]),
        ("\"copper mine\"~", &["\"copper mine\"~3"]),
        ("\"copper mine\"~500", &["\"copper mine\"~10"]),
        ("\"copper mine\"^2", &["\"copper mine\""]),
        ("ATLEAST/0 flood", &["ATLEAST/1 flood"]),
        ("ATLEAST flood", &["ATLEAST/2 flood"]),
        ("river NEAR/x flood", &["river NEAR/5 flood"]),
        ("river NEAR/500 flood", &["river NEAR/10 flood", "river SAME flood"]),
        ("river NEAR/2 flood NEAR/3 dam", &["(river NEAR/2 flood) NEAR/3 dam"]),
        ("(river AND rain) NEAR/5 flood", &["(river OR rain) NEAR/5 flood"]),
        ("river NEAR/5 NOT flood", &["river AND NOT flood"]),
        ("a1 AND b1 OR c1 AND d1", &["(a1 AND b1) OR (c1 AND d1)", "a1 AND (b1 OR c1) AND d1"]),
        ("a1 OR NOT b1", &["a1 AND NOT b1"]),
        ("river flood)", &["river flood"]),
        ("(river AND flood", &["(river AND flood)"]),
        ("((river AND flood", &["((river AND flood))"]),
        ("river AND flood)", &["river AND flood"]),
        ("AND flood", &["flood"]),
        ("flood OR OR river", &["flood OR river"]),
        ("flood AND", &["flood"]),
        ("flood NEAR/3", &["flood"]),
        ("flood AND {SCO", &["flood AND {SCO}"]),
        ("\"flood AND river", &["\"flood\" AND river"]),
        ("flood -river", &["flood NOT river"]),
        ("+flood +river", &[]),
        ("copper~2", &["copper", "copp*"]),
        ("flood^2", &["flood"]),
        ("/regex.*/", &["regex*"]),
        ("/uzb(ek)?/i", &["uzb*"]),
        ("tea AND (/uzb(ek)?/i OR river)", &["tea AND (uzb* OR river)"]),
        ("/flood|river/", &["(flood OR river)"]),
        ("\"uzbekistan\" AROUND(5) sanctions", &["\"uzbekistan\" NEAR/5 sanctions"]),
        ("HEADLINE(Uzbekistan)", &["title:(Uzbekistan)"]),
        ("tea AND hl(a1 OR b1)", &["tea AND title:(a1 OR b1)"]),
        ("title=\"flood\"", &["title:\"flood\""]),
        ("language=en AND tea", &["lang:en AND tea"]),
        ("atleast5(flood)", &["ATLEAST/5 (flood)"]),
        ("ATLEAST3 flood", &["ATLEAST/3 flood"]),
        ("ATLEAST 3 flood", &["ATLEAST/3 flood"]),
        ("river adj3 flood", &["river ONEAR/3 flood"]),
        ("wc>500 AND flood", &["flood"]),
        ("flood AND wc>500 AND river", &["flood AND river"]),
        ("language:en AND flood", &["lang:en AND flood"]),
        ("Title:flood", &["title:flood"]),
        ("country:us", &[]),
        ("river NEAR 3 flood", &["river NEAR/3 flood"]),
        ("river ONEAR 3 flood", &["river ONEAR/3 flood"]),
        ("river ИЛИ flood", &["river OR flood"]),
        ("river И flood", &["river AND flood"]),
        ("river НЕ flood", &["river NOT flood"]),
        ("river AND НЕ flood", &["river AND NOT flood"]),
        ("river AND published:last week", &["river AND published:7d"]),
        ("published:yesterday AND river", &["published:2d AND river"]),
        ("published:3 days", &["published:3d"]),
        ("river NOT NEAR/5 flood", &["river NOT (river NEAR/5 flood)"]),
        ("river AND NOT NEAR/5 flood", &["river NOT (river NEAR/5 flood)"]),
        ("Uzbek! AND flood", &["Uzbek* AND flood", "Uzbek AND flood"]),
        ("tier:0..3", &["tier:1..3"]),
        ("tier:10", &[]),
        ("tier:15", &[]),
    ] {
        match typed {
            "+flood +river" => assert_eq!(flaws(typed)[1].mended, ["AND river"; 0], "{typed}"),
            "river flood)" => assert_eq!(told(typed), ["E203 river flood", "E205 )"]),
            _ => assert_eq!(mended(typed), expected, "{typed}"),
        }
    }
    assert_eq!(flaws("river w/3 flood w/4 dam")[2].mended, ["(river NEAR/3 flood) NEAR/4 dam"]);
    assert_eq!(flaws("language:en flood")[0].mended, ["lang:en"]);
    assert_eq!(flaws("language:en flood")[1].mended, [""; 0], "what could not be read is no word of a phrase");
    assert_eq!(flaws("river & flood")[0].hint.as_deref(), Some("write river AND flood"));
}

#[test]
fn a_hint_has_no_word_that_was_not_typed() {
    for typed in ["ATLEAST/2 NOT dam", "\"copper mine\"~", "ATLEAST/0 dam", "ATLEAST dam", "dam NEAR/x lake", "tier:10"]
    {
        let hint = flaws(typed)[0].hint.clone().unwrap();
        assert!(["river", "flood", "cobalt"].iter().all(|word| !hint.contains(word)), "{typed}: {hint}");
    }
}

#[test]
fn an_operator_may_touch_what_it_joins() {
    assert_eq!(query("@sco AND@wang-yi").map(|tree| tree.span), Ok(0..16));
    assert!(query("@sco AND NOT@wang-yi").is_ok() && query("\"a b\"AND\"c d\"").is_ok());
    assert!(query("tea NEAR/3@sco").is_ok());
}

#[test]
fn what_a_word_of_the_text_may_have_is_no_flaw() {
    for typed in [
        "AT&T",
        "\"R & D\" AND tea",
        "o‘zbek",
        "'flood'",
        "and",
        "ADJ",
        "1,000",
        "w/o",
        "{C++}",
        "tea AND near",
        "W AND N",
    ] {
        assert_eq!(query(typed).err(), None, "{typed}");
    }
    for typed in ["river NEAR 3", "COVID NEAR 2019 AND tea", "title (flood)", "9/11", "a/b AND c/d", "et", "И"] {
        let refused = flaws(typed).iter().any(|flaw| matches!(flaw.code, "E212" | "E223" | "E224"));
        assert!(!refused, "{typed}: {:?}", flaws(typed));
    }
    for typed in ["R & D", "Tashkent, Uzbekistan", "drug trafficking", "Yahoo! Inc"] {
        assert!(primary(typed).is_ok(), "{typed}");
    }
}

#[test]
fn a_field_within_another_asks_for_what_stands_in_both() {
    let part = |typed: &str| match query(typed).map(|tree| tree.kind) {
        Ok(Kind::Term(_, part)) => Some(part),
        _ => None,
    };
    assert_eq!(part("text:(title:flood)"), Some(Part::Title));
    assert_eq!(part("title:(text:flood)"), Some(Part::Title));
    assert_eq!(part("body:(lead:flood)"), Some(Part::Lead));
    assert_eq!(part("lead:(body:flood)"), Some(Part::Lead));
    assert_eq!(told("title:(body:flood)"), ["E217 body:flood"]);
    assert_eq!(told("title:lead:flood"), ["E217 title:lead:"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]
    #[test]
    fn every_mended_version_is_good(parts in proptest::collection::vec(proptest::sample::select(&[
        "river", "flood", "fl*", "AND", "OR", "NOT", "and", "NEAR/3", "NEAR/x", "w/3", "W/2", "SAME/3", "ADJ", "ATLEAST/0", "ATLEAST/2",
        "ATLEAST", "(", ")", "()", "\"drug ring\"", "\"copper mine\"~", "\"copper", "'drug", "ring'", "{SCO}", "{SCO", "}", "@sco", "@pep/",
        "@", "title:", "text:(", "tilte:x", "tier:12", "tier:0..3", "lang:(ru uz)", "site:http://a.uz/x", "https://a.uz/x", "12:30", "[1",
        "TO", "3]", "river,", ",", "&", "&&", "|", "-river", "+flood", "!dam", "copper~2", "flood^2", "/reg.*/", "AROUND(5)", "HEADLINE(", "title=", "ATLEAST3", "wc>5", "NEAR 3", "И", "published:last week",
        "/uzb(ek)?/i", "NOT NEAR/5", "flood!", "country:us", "language:en", "# x", "\n", ":", "…",
    ][..]), 0..12), glue in proptest::sample::select(&[" ", "", " "][..])) {
        let typed = parts.join(glue);
        for (flaws, good) in [
            (query(&typed).err(), (|text: &str| query(text).is_ok()) as fn(&str) -> bool),
            (primary(&typed).err(), |text: &str| primary(text).is_ok()),
        ] {
            let Some(flaws) = flaws else { continue };
            proptest::prop_assert!(!flaws.is_empty());
            for flaw in flaws {
                proptest::prop_assert!(typed.get(flaw.span.clone()).is_some(), "{typed:?} {flaw:?}");
                for version in &flaw.mended {
                    proptest::prop_assert!(good(version), "{typed:?}: {version:?}");
                }
                let offered = flaw.hint.as_deref().is_some_and(|hint| hint.starts_with("write "));
                proptest::prop_assert_eq!(offered, !flaw.mended.is_empty(), "{:?}", flaw);
            }
        }
    }

    #[test]
    fn no_query_is_too_strange(typed in "\\PC{0,60}") {
        for flaw in flaws(&typed) {
            proptest::prop_assert!(typed.get(flaw.span.clone()).is_some(), "{flaw:?}");
        }
    }
}
