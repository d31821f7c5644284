//! One fact a test.

use super::{asks, finds, hits, index};

#[test]
fn a_name_is_a_whole_word_in_any_script() {
    finds(
        "organization o: ISIS",
        &[
            ("The crisis of ISIS.", "ISIS"),
            ("An oasis", ""),
            ("cri\u{ad}sis", ""),
            ("#ISIS fell", "ISIS"),
            ("@isis said", ""),
        ],
    );
    finds("organization o: Иран", &[("Тирания в Иране и вокруг Ирана", "Иране | Ирана"), ("иранский", "")]);
    finds(
        "organization o: OPEC",
        &[("OPEC+ and OPEC-led cuts; non-OPEC", "OPEC | OPEC | OPEC"), ("write to opec@a.example or www.opec.org", "")],
    );
}

#[test]
fn what_another_rule_finds_hides_no_compound() {
    let watches = "keyword c: counter-terrorism\nkeyword o: counterterror*";
    assert_eq!(hits(&index(watches, "@c"), "", "a counterterrorism unit"), "counterterrorism");
}

#[test]
fn a_name_that_many_rows_share_is_told_of_each_before_any_is_told_again() {
    use crate::model::{List, ListFormat, ListId, RowHead, RowKey, Rows, WatchKind, limits::HITS_MAX};
    let mut rows = Rows::default();
    let many = HITS_MAX - 1;
    for at in 0..many {
        let id = format!("q{at}");
        let mut head = RowHead::new(&id, WatchKind::Organization);
        head.topics = "sanction;debarment";
        rows.push(&head, [(RowKey::Names, "Volga Trade")]).unwrap();
    }
    rows.push(&RowHead::new("last", WatchKind::Organization), [(RowKey::Names, "Kama Trade")]).unwrap();
    let list = List {
        id: ListId::new("pep").unwrap(),
        file: "pep.csv".into(),
        format: ListFormat::Csv,
        with: vec![],
        rows: std::sync::Arc::new(rows),
        edition: crate::model::Edition::default(),
    };
    let index = super::compile(&[], &[list], &[super::rule("@pep")], &jiff::tz::TimeZone::UTC).unwrap();
    let text = "Volga Trade paid Volga Trade, and later Kama Trade.";
    let reading = index.read(&super::Text { text, ..super::Text::empty() });
    let [found] = &reading.matches[..] else { panic!("{reading:?}") };
    let told: std::collections::HashSet<_> = found.hits.iter().map(|hit| hit.entry.clone()).collect();
    assert_eq!((found.hits.len(), told.len(), found.left_out), (HITS_MAX, HITS_MAX, many));
    assert_eq!(found.hits[0].topics, ["sanction", "debarment"]);
    assert!(found.hits.last().is_some_and(|hit| hit.topics.is_empty()));
}

#[test]
fn people_are_found_in_russian_cases() {
    finds(
        "official o: Виктор Громов",
        &[
            (
                "Виктора Громова ждали, Виктору Громову звонили, с Виктором Громовым спорили, о Викторе Громове писали.",
                "Виктора Громова | Виктору Громову | Виктором Громовым | Викторе Громове",
            ),
            ("Виктория Громова и Виктор Громыко", ""),
            ("Громов Виктор; Громову Виктору", "Громов Виктор | Громову Виктору"),
            ("В. Громову, В.Громов, Громова В.", "В. Громову | В.Громов | Громова В."),
        ],
    );
    finds(
        "official o: Мария Зорина",
        &[
            (
                "Марии Зориной вручили; Марию Зорину ждут; с Марией Зориной",
                "Марии Зориной | Марию Зорину | Марией Зориной",
            ),
            ("Марий Зорин", ""),
        ],
    );
    finds(
        "official o: Илья Черных",
        &[("Илье Черных, Ильи Черных, Ильёй Черных", "Илье Черных | Ильи Черных | Ильёй Черных")],
    );
    finds(
        "official o: Лев Коваль",
        &[("Льва Коваля, Льву Ковалю, Львом Ковалем", "Льва Коваля | Льву Ковалю | Львом Ковалем")],
    );
    finds(
        "official o: Пётр Бойко",
        &[("Петра Бойко, Петру Бойко, Петром Бойко", "Петра Бойко | Петру Бойко | Петром Бойко")],
    );
    finds("official o: Тарас Шевчук", &[("Тараса Шевчука, Тарасом Шевчуком", "Тараса Шевчука | Тарасом Шевчуком")]);
    finds(
        "official o: Наталья Гончар",
        &[("Наталье Гончар, Натальей Гончар", "Наталье Гончар | Натальей Гончар"), ("Натальи Гончара", "")],
    );
    finds("official o: Андрей Скоробогатько", &[("Андрею Скоробогатько", "Андрею Скоробогатько")]);
    finds(
        "official o: Михаил Коломиец",
        &[("Михаила Коломийца, Михаилом Коломийцем", "Михаила Коломийца | Михаилом Коломийцем")],
    );
    finds(
        "official o: Игорь Глоба",
        &[("Игоря Глобы, Игорем Глобой, Игорю Глобе", "Игоря Глобы | Игорем Глобой | Игорю Глобе")],
    );
    finds("official o: Фёдор Толстой", &[("Фёдора Толстого, Федором Толстым", "Фёдора Толстого | Федором Толстым")]);
    finds("official o: Ким Чен Ын", &[("Ким Чен Ына, Ким Чен Ыну", "Ким Чен Ына | Ким Чен Ыну")]);
    finds("official o: Си Цзиньпин", &[("Си Цзиньпина, с Си Цзиньпином", "Си Цзиньпина | Си Цзиньпином")]);
    finds(
        "official o: Роман Карпин",
        &[("Роман Карпина — хорошая книга", ""), ("Романа Карпина наградили", "Романа Карпина")],
    );
}

#[test]
fn bodies_inflect_at_their_head() {
    finds(
        "organization o: Организация Объединённых Наций",
        &[(
            "Устав Организации Объединенных Наций; с Организацией Объединённых Наций",
            "Организации Объединенных Наций | Организацией Объединённых Наций",
        )],
    );
    finds(
        "organization o: Совет безопасности",
        &[
            (
                "Совета безопасности, Советом безопасности, в Совете безопасности",
                "Совета безопасности | Советом безопасности | Совете безопасности",
            ),
            ("Советы безопасности водителям", ""),
        ],
    );
    finds(
        "organization o: Центральный банк Степного края",
        &[
            ("Центрального банка Степного края", "Центрального банка Степного края"),
            ("Центральный банк Степной край", ""),
        ],
    );
    finds(
        "organization o: Объединённые Арабские Эмираты",
        &[(
            "Объединенных Арабских Эмиратов, в Объединённых Арабских Эмиратах",
            "Объединенных Арабских Эмиратов | Объединённых Арабских Эмиратах",
        )],
    );
    finds(
        "organization o: Государственная дума",
        &[(
            "Государственной думы, Государственную думу, Государственной думой",
            "Государственной думы | Государственную думу | Государственной думой",
        )],
    );
    finds(
        "organization o: Агентство новых дорог",
        &[("Агентству новых дорог, Агентством новых дорог", "Агентству новых дорог | Агентством новых дорог")],
    );
    finds(
        "organization o: Комиссия по редким землям",
        &[(
            "Комиссию по редким землям; в Комиссии по редким землям",
            "Комиссию по редким землям | Комиссии по редким землям",
        )],
    );
    finds(
        "organization o: Лига северных портов",
        &[(
            "Лиги северных портов, Лигой северных портов, Лигу северных портов",
            "Лиги северных портов | Лигой северных портов | Лигу северных портов",
        )],
    );
    finds(
        "organization o: Евразийский экономический союз",
        &[(
            "Евразийского экономического союза, Евразийским экономическим союзом",
            "Евразийского экономического союза | Евразийским экономическим союзом",
        )],
    );
    finds("organization o: Общество Красного Креста", &[("Обществом Красного Креста", "Обществом Красного Креста")]);
    finds("organization o: Газфлот", &[("Газфлота, «Газфлоту», Газфлотом", "Газфлота | Газфлоту | Газфлотом")]);
    finds(
        "organization o: Внешняя разведка",
        &[("Внешней разведки, Внешнюю разведку", "Внешней разведки | Внешнюю разведку")],
    );
}

#[test]
fn uzbek_suffixes_and_their_stacks_are_part_of_the_hit() {
    finds(
        "official o: Anvar Sattorov",
        &[
            (
                "Anvar Sattorovning, Anvar Sattorovga, Anvar Sattorovni, Anvar Sattorovda, Anvar Sattorovdan, Anvar Sattorovlar, Anvar Sattorovniki",
                "Anvar Sattorovning | Anvar Sattorovga | Anvar Sattorovni | Anvar Sattorovda | Anvar Sattorovdan | Anvar Sattorovlar | Anvar Sattorovniki",
            ),
            ("Anvar Sattorovdagilarning", "Anvar Sattorovdagilarning"),
            ("Anvar Sattorovga-da keldi; Anvar Sattorov’ga", "Anvar Sattorovga-da | Anvar Sattorov’ga"),
            ("Anvar Sattorova, Anvar Sattorbek", ""),
            ("Анвар Сатторовнинг сўзи", "Анвар Сатторовнинг"),
            ("A. Sattorovga", "A. Sattorovga"),
            ("Sattorov Anvarga", "Sattorov Anvarga"),
        ],
    );
    finds(
        "organization o: Yashil yo‘l",
        &[("Yashil yo'lning, Yashil yoʻlda", "Yashil yo'lning | Yashil yoʻlda"), ("yashil yol", "")],
    );
    finds(
        "organization o: Birlik banki",
        &[("Birlik bankiga, Birlik bankidan, Birlik bankining", "Birlik bankiga | Birlik bankidan | Birlik bankining")],
    );
    finds(
        "organization o: Chilonzor tog‘",
        &[("Chilonzor togʻqa chiqdi; Chilonzor tog'", "Chilonzor togʻqa | Chilonzor tog'")],
    );
    finds(
        "organization o: Bunyodkor kenti | exact BKT",
        &[("BKTning, BKT-ga, BKT'da; bktning", "BKTning | BKT-ga | BKT'da")],
    );
    finds("organization o: Mali", &[("Malika keldi", ""), ("Malida", "Malida")]);
    finds("organization o: Marka", &[("markazda", ""), ("Markaga", "Markaga")]);
}

#[test]
fn chinese_is_found_without_spaces_and_not_across_words() {
    finds(
        "official o: 陈立新; Chen Lixin",
        &[
            ("外交部长陈立新表示", "陈立新"),
            ("陳立新周三", "陳立新"),
            ("Chen Lixin and Lixin Chen", "Chen Lixin | Lixin Chen"),
        ],
    );
    finds("official o: 约翰·卡特", &[("约翰·卡特说，约翰・卡特和约翰卡特", "约翰·卡特 | 约翰・卡特 | 约翰卡特")]);
    finds("organization o: 丝路基金", &[("丝路\n基金宣布", "丝路\n基金"), ("丝路的基金", "")]);
    asks("制裁 AND 石油", &[("欧盟宣布新一轮制裁，涉及石油运输。", "制裁 | 石油")]);
    asks("国会", &[("美国国会通过法案", "国会"), ("记者问中国会不会参加", "")]);
}

#[test]
fn initials_and_order_and_patronymics() {
    finds(
        "official o: Игорь Петрович Гаврилин",
        &[
            (
                "И. П. Гаврилин, И.П. Гаврилина, И. Гаврилин, Гаврилин И.П., Гаврилину Игорю Петровичу",
                "И. П. Гаврилин | И.П. Гаврилина | И. Гаврилин | Гаврилин И.П. | Гаврилину Игорю Петровичу",
            ),
            ("И. А. Гаврилин; Игорь Иванович Гаврилин; П. Гаврилин; Игорь Петрович Гавриленко", ""),
            ("Игорь Гаврилин", "Игорь Гаврилин"),
        ],
    );
    finds(
        "official o: Сергей Лаврищев",
        &[
            (
                "Сергей Викторович Лаврищев, С. В. Лаврищев, Лаврищева Сергея Викторовича",
                "Сергей Викторович Лаврищев | С. В. Лаврищев | Лаврищева Сергея Викторовича",
            ),
            ("В. С. Лаврищев", ""),
        ],
    );
    finds(
        "official o: Zhanna Sharipova",
        &[
            ("Zh. Sharipova, J. Sharipova, Sharipova Zh.", "Zh. Sharipova | J. Sharipova | Sharipova Zh."),
            ("S. Sharipova", ""),
        ],
    );
    finds(
        "official o: Denis Orlenko",
        &[
            ("Orlenko, Denis", "Orlenko, Denis"),
            ("Ivan Orlenko, Denis Petrov", ""),
            ("He met Denis, Orlenko and Karim", ""),
        ],
    );
    finds("official o: Karim Anvarov", &[("Karim Botir oʻgʻli Anvarov; Karim. Anvarov", "Karim Botir oʻgʻli Anvarov")]);
    finds(
        "official o: John Carver",
        &[("John F. Carver and J. Carver", "John F. Carver | J. Carver"), ("J. R. Carver", "J. R. Carver")],
    );
}

#[test]
fn spellings_of_one_name_are_one() {
    finds(
        "official o: Marat Kulubaev",
        &[("Marat Kulubayev, Марат Кулубаев", "Marat Kulubayev | Марат Кулубаев"), ("Murat Kulubaev", "")],
    );
    finds("official o: Sergei Jeenbekov", &[("Sergey Zheenbekov, Сергея Жээнбекова", "Sergey Zheenbekov")]);
    finds(
        "official o: Baxtiyor G‘aniyev",
        &[("Bakhtiyor Gʻaniev, Бахтиёр Ғаниев", "Bakhtiyor Gʻaniev | Бахтиёр Ғаниев"), ("Бахтиёр Ганиев", "")],
    );
    finds(
        "official o: Hossein Amir-Abdollahian",
        &[(
            "Hossein Amirabdollahian, Hossein Amir Abdollahian, Hussein Amir-Abdollahian",
            "Hossein Amirabdollahian | Hossein Amir Abdollahian | Hussein Amir-Abdollahian",
        )],
    );
    finds("official o: Marat Kulubaev | variants no", &[("Marat Kulubayev", ""), ("Marat Kulubaev", "Marat Kulubaev")]);
    finds(
        "official o: Дилшод Ўктамов",
        &[("Dilshod Oʻktamov, Dilshod O'ktamovga", "Dilshod Oʻktamov | Dilshod O'ktamovga")],
    );
}

#[test]
fn weak_names_count_where_something_supports_them() {
    finds(
        "official o: Игорь Саблин | family",
        &[
            ("Игорь Саблин прибыл. По словам Саблина, визит рабочий.", "Игорь Саблин | Саблина"),
            ("Саблин забил гол.", ""),
            ("Министр Саблин прибыл.", "Саблин"),
            ("Олег Саблин чинит линию. Саблин устал.", ""),
            ("Игорь Саблин ушёл. Пришёл Олег Саблин. Саблин устал.", "Игорь Саблин"),
            ("Глава МИД Саблин ответил. Заявил Саблин, министр обороны.", "Саблин | Саблин"),
            ("Инна Саблина пришла", ""),
        ],
    );
    finds(
        "official o: Wang Yimin | weak Wang",
        &[
            ("Foreign minister Wang met reporters.", "Wang"),
            ("Wang, the Chinese foreign minister, left.", "Wang"),
            ("The minister told Wang to go.", ""),
            ("Wang Yimin spoke. In Dushanbe Wang rested. Wang’s plane left.", "Wang Yimin | Wang | Wang"),
            ("Wang Yimin spoke to Mr. Wang.", "Wang Yimin | Wang"),
        ],
    );
    finds("official o: 王毅民 | weak 王", &[("王外长说", "王"), ("王毅民说，国王来了", "王毅民")]);
    finds(
        "official o: Rosa Vidal | weak Vidal | with \"port strike\"; harbour",
        &[
            ("Vidal spoke at the harbour.", "Vidal"),
            (
                "Vidal spoke. The weather was fine and nobody said anything else about it for hours on end until the harbour froze.",
                "",
            ),
        ],
    );
    finds(
        "official o: Ann Castle | weak Castle | not_as Ann Castle Park",
        &[
            ("At Ann Castle Park. Castle left.", ""),
            ("Ann Castle left. The castle burned; Castle smiled.", "Ann Castle | Castle"),
        ],
    );
}

#[test]
fn a_mention_that_is_not_meant_does_not_count() {
    finds(
        "organization o: SCO | not_as SCO Group; SCO UNIX",
        &[("SCO Group and SCO Unix", ""), ("SCO Group met the SCO.", "SCO"), ("The SCO Groups", "SCO")],
    );
    finds(
        "organization o: Дельта | not_as дельта Волги",
        &[("В дельте Волги тихо", ""), ("Дельта и дельта Волги", "Дельта")],
    );
}

#[test]
fn compounds_are_one_with_hyphen_space_or_nothing() {
    asks(
        "\"cyber attack\"",
        &[
            ("cyberattack, cyber-attack, cyber attack", "cyberattack | cyber-attack | cyber attack"),
            ("cyber, attack", ""),
        ],
    );
    asks("cyberattack", &[("a cyber-attack", "cyber-attack")]);
    asks("COVID-19", &[("Covid 19, COVID-19, COVID-190", "Covid 19 | COVID-19")]);
    asks("NATO", &[("NATO-led, pro-NATO", "NATO | NATO")]);
    finds("official o: Wang Lu", &[("Wanglu, Wang-Lu", ""), ("Wang Lu, Lu Wang", "Wang Lu | Lu Wang")]);
    finds(
        "organization o: Усть-Каменск",
        &[("Усть-Каменске, Усть Каменска, Устькаменску", "Усть-Каменске | Усть Каменска | Устькаменску")],
    );
}

#[test]
fn a_possessive_is_not_part_of_the_hit() {
    finds(
        "organization o: Kestrel Bank",
        &[("Kestrel Bank's, Kestrel Bank’s, Kestrel Banks", "Kestrel Bank | Kestrel Bank")],
    );
    finds("organization o: Border Rangers", &[("the Border Rangers' huts", "Border Rangers")]);
    finds(
        "organization o: Organisation des ports | exact ONP",
        &[("l’ONP, d'ONP, L'Organisation des ports", "ONP | ONP | Organisation des ports")],
    );
    finds(
        "official o: Mehmet Yalın",
        &[("Mehmet Yalın'ın konuşması, Mehmet Yalın’dan", "Mehmet Yalın'ın | Mehmet Yalın’dan")],
    );
}

#[test]
fn queries_find_terms_phrases_and_wildcards() {
    asks("sanction*", &[("Sanctions and sanctioned; sanctuary", "Sanctions | sanctioned")]);
    asks(
        "\"nuclear plant*\"~2",
        &[("nuclear power plants", "nuclear power plants"), ("nuclear or other big plants", "")],
    );
    asks("{Turkey}", &[("Turkey's turkey", "Turkey")]);
    asks("ATLEAST/2 (flood OR storm)", &[("A flood and a storm.", "flood | storm"), ("A flood.", "")]);
    asks("resume", &[("résumé", "résumé")]);
    asks("résumé", &[("resume", "")]);
    asks("S.C.O.", &[("SCO, S.C.O., sco", "SCO | S.C.O.")]);
    asks("организация", &[("организация организации", "организация")]);
    asks("title:flood", &[("flood", "")]);
    asks("(rye OR oats) SENTENCE ban", &[("Rye fell. A ban came.", ""), ("A ban on rye.", "ban | rye")]);
}

#[test]
fn a_name_with_its_acronym_in_brackets_is_one_mention() {
    let line = "organization o: Harbour Cities League | exact HCL";
    let twice = index(line, "ATLEAST/2 @o");
    assert_eq!(hits(&twice, "", "The Harbour Cities League (HCL) met."), "");
    assert_eq!(hits(&twice, "", "The Harbour Cities League (HCL) met. HCL left."), "Harbour Cities League | HCL | HCL");
}

#[test]
fn a_name_never_crosses_a_sentence_a_comma_or_a_block() {
    finds(
        "official o: Karim Petrov",
        &[
            ("He thanked Karim. Petrov left.", ""),
            ("Karim,\nPetrov", ""),
            ("Karim\n\nPetrov", ""),
            ("Karim\nPetrov", "Karim\nPetrov"),
        ],
    );
}

#[test]
fn posts_match_through_possessives_of_and_chains() {
    finds(
        "official o: Arman Sadiq | posts Minister of Foreign Affairs of Kazakhstan",
        &[
            (
                "Kazakhstan's Deputy Prime Minister and Minister of Foreign Affairs spoke.",
                "Kazakhstan's Deputy Prime Minister and Minister of Foreign Affairs",
            ),
            ("the Minister of Foreign Affairs of Kazakhstan", "Minister of Foreign Affairs of Kazakhstan"),
            (
                "the Minister of Foreign Affairs of the Republic of Kazakhstan",
                "Minister of Foreign Affairs of the Republic of Kazakhstan",
            ),
            (
                "Foreign Affairs Minister of Kazakhstan; Kazakhstan’s foreign minister",
                "Foreign Affairs Minister of Kazakhstan | Kazakhstan’s foreign minister",
            ),
            (
                "the Minister of Foreign Affairs and Trade of Kazakhstan",
                "Minister of Foreign Affairs and Trade of Kazakhstan",
            ),
            ("the Minister of Foreign Affairs of Japan and the President of Kazakhstan", ""),
            (
                "Kazakhstan's Deputy Minister of Foreign Affairs; the former Minister of Foreign Affairs of Kazakhstan",
                "",
            ),
            ("Kazakhstan won. The Minister of Foreign Affairs slept.", ""),
        ],
    );
    finds(
        "official o: Арман Садык | posts глава МИД Китая",
        &[
            ("Главы МИД Китая ждали; с главой МИД Китая", "Главы МИД Китая | главой МИД Китая"),
            ("заместитель главы МИД Китая", ""),
        ],
    );
    finds(
        "official o: Wang Yimin | weak Wang | posts Minister of Foreign Affairs of China",
        &[(
            "The Minister of Foreign Affairs of China came. Wang smiled.",
            "Minister of Foreign Affairs of China | Wang",
        )],
    );
}

#[test]
fn a_rule_is_tried_on_every_article_only_when_it_says_nothing_of_what_must_stand_there() {
    let tried = |query: &str| index("keyword a: quorin", query).rules_always_tried();
    for query in ["lang:ru", "@a OR lang:ru", "lang:ru AND NOT zeppelin"] {
        assert_eq!(tried(query), 1, "{query}");
    }
    for query in ["@a AND lang:ru", "(quorin OR zeppelin) AND NOT lang:ru", "\"quorin zeppelin\"~3", "quorin*"] {
        assert_eq!(tried(query), 0, "{query}");
    }
}

#[test]
fn an_article_and_a_possessive_may_stand_around_one_name_with_any_mark() {
    let index = index("organization o: ONU\norganization m: МИД", "@o OR @m");
    for (text, found) in
        [("The l’ONU’s chief", "ONU"), ("L'МИДʼs spokesman", "МИД"), ("l’МИД’s", "МИД"), ("d'ONU's", "ONU")]
    {
        let reading = index.read(&super::Text { text, ..super::Text::empty() });
        let hit = &reading.matches[0].hits[0];
        let at = text[..text.find(found).unwrap()].chars().count();
        assert_eq!((hit.text.as_str(), hit.start, hit.end), (found, at, at + found.chars().count()), "{text}");
    }
}

#[test]
fn what_shows_nothing_hides_nothing_and_is_no_part_of_a_hit() {
    finds(
        "keyword k: cyber-attack; counter-terrorism",
        &[
            ("a cyber\u{ad}attack on banks", "cyber\u{ad}attack"),
            ("counter\u{200b}terrorism unit", "counter\u{200b}terrorism"),
        ],
    );
    finds("official w: 王毅", &[("王\u{200b}毅\u{200b}说", "王\u{200b}毅"), ("外长王\u{e0100}毅说", "王\u{e0100}毅")]);
    finds("organization o: ISIS", &[("IS\u{e0020}IS and I\u{115f}SIS", "IS\u{e0020}IS | I\u{115f}SIS")]);
}

#[test]
fn underscores_part_the_words_of_a_hashtag_and_of_nothing_else() {
    finds(
        "organization o: Shanghai Cooperation Organization",
        &[
            ("#Shanghai_Cooperation_Organization met", "Shanghai_Cooperation_Organization"),
            ("the file Shanghai_Cooperation_Organization", ""),
        ],
    );
    finds("official l: Сергей Лавров", &[("Смотрите #Сергей_Лавров!", "Сергей_Лавров")]);
}

#[test]
fn the_last_dot_of_an_acronym_is_taken_in_once() {
    finds("organization o: U.N.", &[("The U.N... said", "U.N."), ("The U.N. said", "U.N.")]);
}

#[test]
fn names_that_cannot_be_found_are_refused_wherever_they_stand() {
    let codes = |watch: &str, change: fn(&mut crate::model::Watch)| {
        let mut watch = super::watch(watch);
        change(&mut watch);
        let rules = [super::rule("@a")];
        let faults = super::compile(&[watch], &[], &rules, &jiff::tz::TimeZone::UTC).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.place.key, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(codes("official a: Ada Byron", |w| w.family = crate::model::Family::Derived), []);
    assert_eq!(
        codes("official a: Ada Byron", |w| w.family = crate::model::Family::Named("***".into())),
        [("family", "E202")]
    );
    assert_eq!(
        codes("official a: Ada Byron", |w| w.family = crate::model::Family::Named("x*".into())),
        [("family", "E219")]
    );
    assert_eq!(
        codes("official a: Ada Byron", |w| w.family = crate::model::Family::Named("y ".repeat(3_000))),
        [("family", "E221")]
    );
    assert_eq!(codes("keyword a: water", |w| w.names.push("z".repeat(251))), [("names", "E221")]);
}

/// With a find for each row at each place these would be six million.
#[test]
fn a_name_that_thousands_of_rows_bear_costs_no_product_of_rows_and_mentions() {
    use crate::model::{List, ListFormat, ListId, RowHead, RowKey, Rows, WatchKind};
    let mut rows = Rows::default();
    for at in 0..4_000 {
        let id = format!("q{at}");
        rows.push(&RowHead::new(&id, WatchKind::Official), [(RowKey::Names, "Ivan Petrov")]).unwrap();
    }
    let list = List {
        id: ListId::new("pep").unwrap(),
        file: "pep.csv".into(),
        format: ListFormat::Csv,
        with: vec![],
        rows: std::sync::Arc::new(rows),
        edition: crate::model::Edition::default(),
    };
    let index = super::compile(&[], &[list], &[super::rule("@pep")], &jiff::tz::TimeZone::UTC).unwrap();
    let text = "Ivan Petrov spoke. ".repeat(1_600);
    let scanned = index.count(&text);
    assert!((4_000..400_000).contains(&scanned), "{scanned}");
    let reading = index.read(&super::Text { text: &text, ..super::Text::empty() });
    assert_eq!(reading.matches[0].hits.len(), crate::model::limits::HITS_MAX);
}

#[test]
fn a_deputys_title_is_another_ones_wherever_the_language_puts_the_deputy() {
    let watch = "official a: Ada Byron | posts Oʻzbekiston Bosh vaziri; Ўзбекистон Бош вазири; tashqi ishlar vaziri; Премьер-министр Узбекистана; Başbakan";
    finds(
        watch,
        &[
            ("Oʻzbekiston Bosh vaziri keldi.", "Oʻzbekiston Bosh vaziri"),
            ("Oʻzbekiston Bosh vaziri oʻrinbosari keldi.", ""),
            ("Ўзбекистон Бош вазири ўринбосари келди.", ""),
            ("tashqi ishlar vazirining o'rinbosari keldi", ""),
            ("Вице-премьер-министр Узбекистана прибыл.", ""),
            ("Премьер-министр Узбекистана прибыл.", "Премьер-министр Узбекистана"),
            ("Başbakan Yardımcısı geldi.", ""),
        ],
    );
}

#[test]
fn a_name_in_foreign_writing_gives_no_family_name_of_one_letter() {
    finds(
        "official l: Sergey Lavrenov; 谢尔盖·拉夫列诺夫 | family",
        &[("印度外长谢绝评论，部长拉动增长。", ""), ("外长谢尔盖·拉夫列诺夫到访", "谢尔盖·拉夫列诺夫")],
    );
}
