use super::*;

fn tag(text: &str) -> Option<&'static str> {
    detect(text).map(|found| found.tag)
}

#[test]
fn what_is_not_told_is_not_guessed() {
    for text in [
        "",
        " ",
        "2026",
        "1 234 567,89 %",
        "…—!?",
        "IT",
        "ok",
        "Toshkent",
        "Путин",
        "中国",
        "COVID-19",
        "🙂🙂🙂",
        "\u{0}\u{fffd}\u{301}",
    ] {
        assert_eq!(tag(text), None, "{text:?}");
    }
    // Languages that are not known are not taken for the nearest one that is.
    for text in [
        "A kormány szerdán úgy döntött, hogy nem emeli az adókat, bár az ellenzék szerint ez súlyos hiba.",
        "Chính phủ quyết định không tăng thuế trong năm nay mặc dù ngân sách đang thiếu hụt.",
        "Vyriausybė trečiadienį nusprendė nedidinti mokesčių, nors biudžete trūksta pinigų.",
    ] {
        assert_eq!(tag(text), None, "{text}");
    }
    let finnish = "Hallitus päätti keskiviikkona, ettei työttömyysturvan leikkauksista peräännytä vaikka kansalaiset kyselyjen mukaan vastustavat niitä.";
    assert_eq!(tag(finnish), None);
}

#[test]
fn both_alphabets_of_uzbek_are_uzbek() {
    for text in [
        "Oʻzbekistonda yangi qonun kuchga kirdi",
        "O‘zbekistonda yangi qonun kuchga kirdi",
        "O'zbekistonda yangi qonun kuchga kirdi",
    ] {
        assert_eq!(tag(text), Some("uz"), "{text}");
    }
    assert_eq!(tag("Ўзбекистонда янги қонун кучга кирди"), Some("uz"));
    // Typed on a Russian keyboard.
    assert_eq!(tag("Узбекистонда янги конун кучга кирди ва бу хакда маълум килинди"), Some("uz"));
}

#[test]
fn a_foreign_name_does_not_turn_a_text() {
    assert_eq!(tag("Газета «Ҳуррият» опубликовала интервью министра экономики и финансов"), Some("ru"));
    assert_eq!(tag("The newspaper Kun.uz and Türkiye's Cumhuriyet reported on the visit"), Some("en"));
    assert_eq!(tag("Apple iPhone 18 Pro Max ва Samsung Galaxy нархлари маълум бўлди"), Some("uz"));
}

#[test]
fn scripts_with_one_language_are_known_by_themselves() {
    for (text, wanted) in [
        ("総理大臣が記者会見を開いた", "ja"),
        ("대통령이 새 법안에 서명했다", "ko"),
        ("Ο πρωθυπουργός ανακοίνωσε μέτρα", "el"),
        ("პრეზიდენტმა ხელი მოაწერა", "ka"),
        ("Վարչապետը հայտարարեց", "hy"),
        ("ראש הממשלה הודיע", "he"),
    ] {
        assert_eq!(tag(text), Some(wanted), "{text}");
    }
}

#[test]
fn neighbours_of_the_desk_are_not_taken_for_its_languages() {
    for (text, wanted) in [
        ("Уряд ухвалив рішення про допомогу переселенцям і ветеранам", "uk"),
        ("Урад прыняў рашэнне аб дапамозе маладым сем'ям і шматдзетным", "be"),
        ("Правителството прие решение за помощ на младите семейства", "bg"),
        ("Хөкүмәт яшь гаиләләргә ярдәм итү турында карар кабул итте", "tt"),
        ("Засгийн газар залуу гэр бүлд туслах шийдвэр гаргалаа", "mn"),
        ("Hökümet ýaş maşgalalara kömek bermek barada karar kabul etdi", "tk"),
        ("Hökumət gənc ailələrə yardım haqqında qərar qəbul edib", "az"),
        ("حکومت نے نوجوان خاندانوں کی مدد کا فیصلہ کیا ہے", "ur"),
        ("حکومت د ځوانو کورنیو سره د مرستې پرېکړه وکړه", "ps"),
        ("Rząd przyjął uchwałę w sprawie pomocy młodym rodzinom", "pl"),
        ("El Consejo de Ministros aprueba ayudas para las familias jóvenes", "es"),
        ("Il governo approva gli aiuti alle giovani famiglie", "it"),
    ] {
        assert_eq!(tag(text), Some(wanted), "{text}");
    }
}

const RUSSIAN: &str = "Правительство выделило деньги на помощь молодым семьям, сообщила пресс-служба министерства.";
const ENGLISH: &str = "The government set money aside to help young families, the ministry's press office said.";
const UZBEK: &str = "Ҳукумат ёш оилаларга ёрдам учун маблағ ажратди, деб хабар берди вазирлик матбуот хизмати. Маблағ вилоятларга тақсимланади \
                     ва уни келгуси йил охиригача ишлатиш кўзда тутилган. Рўйхатга олинган ҳар бир оила имтиёзли қарз олиши мумкин бўлади.";

fn chosen(configured: Option<&str>, stated: Option<&str>, text: &str) -> String {
    choose(configured, stated, text).unwrap_or_default()
}

#[test]
fn the_word_of_the_user_is_above_the_page_and_the_page_above_detection() {
    assert_eq!(chosen(Some("uz-Cyrl"), Some("en"), RUSSIAN), "uz-Cyrl");
    assert_eq!(chosen(None, Some("ru-RU"), RUSSIAN), "ru-RU");
    assert_eq!(chosen(None, None, RUSSIAN), "ru");
    assert_eq!(chosen(None, Some("und"), RUSSIAN), "ru");
    assert_eq!(chosen(None, Some("en"), ""), "en");
    assert_eq!(choose(None, None, "2026"), None);
}

#[test]
fn a_page_is_not_believed_that_states_another_script() {
    assert_eq!(chosen(None, Some("en"), RUSSIAN), "ru");
    assert_eq!(chosen(None, Some("en-US"), UZBEK), "uz");
    assert_eq!(chosen(None, Some("uz-Latn"), UZBEK), "uz");
    assert_eq!(chosen(None, Some("uz"), UZBEK), "uz");
    assert_eq!(chosen(None, Some("ru"), ENGLISH), "en");
    // Unsure, of a language unknown here, or with much of the stated script: the page keeps its word.
    assert_eq!(chosen(None, Some("en"), "Путин"), "en");
    assert_eq!(chosen(None, Some("kv"), RUSSIAN), "kv");
    assert_eq!(chosen(None, Some("en"), &format!("{ENGLISH} {RUSSIAN}")), "en");
}

#[test]
fn a_long_text_is_not_in_a_language_that_it_does_not_spell() {
    assert_eq!(chosen(None, Some("ru"), UZBEK), "uz");
    // A title alone is no proof.
    assert_eq!(chosen(None, Some("ru"), "Ҳукумат ёш оилаларга ёрдам берди"), "ru");
    assert_eq!(chosen(None, Some("uk"), RUSSIAN), "uk");
}

#[test]
fn an_endless_text_is_read_at_its_beginning_only() {
    let text = format!("{}{}", "я".repeat(BYTES_MAX), ENGLISH.repeat(10_000));
    assert_eq!(script::of(&text[..BYTES_MAX]).map(|written| written.script), Some(Script::Cyrillic));
    assert_ne!(tag(&text), Some("en"));
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(text in proptest::string::string_regex("(?s).{0,200}").unwrap(), stated in "[a-zA-Z_-]{0,12}") {
        if let Some(found) = detect(&text) {
            assert!((SURE_MIN..=1.0).contains(&found.sure));
        }
        let _ = choose(None, Some(&stated), &text);
    }
}
