//! Names of many kinds in their cases, and common words of Latin in their forms.

use super::{asks, finds, hits, index};

#[test]
fn both_parts_of_a_double_name_inflect_where_the_first_is_russian() {
    finds(
        "official o: Павел Волков-Озёрский",
        &[(
            "С Павлом Волковым-Озёрским, без Павла Волкова-Озерского",
            "Павлом Волковым-Озёрским | Павла Волкова-Озерского",
        )],
    );
    finds(
        "official o: Инна Белова-Чайка",
        &[("Инне Беловой-Чайке звонили, Инны Белова-Чайка нет", "Инне Беловой-Чайке")],
    );
    finds("official o: Жан-Ив Моро", &[("Жан-Иву Моро, Жана-Ива Моро", "Жан-Иву Моро | Жана-Ива Моро")]);
    finds("organization o: Сёстры-бенедиктинки", &[("Сёстрам-бенедиктинкам", "Сёстрам-бенедиктинкам")]);
    finds(
        "organization o: Берёзовск-на-Дону",
        &[("в Берёзовске-на-Дону, из Березовска-на-Дону", "Берёзовске-на-Дону | Березовска-на-Дону")],
    );
}

#[test]
fn names_whose_bearer_nothing_tells_inflect_as_a_mans_and_as_a_womans() {
    finds("official o: Рая Томсен", &[("Раи Томсен, Рае Томсен", "Раи Томсен | Рае Томсен")]);
    finds(
        "official o: Моктада Басран",
        &[("Моктады Басрана, с Моктадой Басраном", "Моктады Басрана | Моктадой Басраном")],
    );
    finds(
        "official o: Огулгуль Атаева",
        &[("Огулгуль Атаевой, Огулгуль Атаеву", "Огулгуль Атаевой | Огулгуль Атаеву")],
    );
    finds("official o: Глеб Заяц", &[("Глеба Зайца, Глебу Зайцу; Глеба Зайцева", "Глеба Зайца | Глебу Зайцу")]);
}

#[test]
fn a_foreign_first_word_stays_and_an_apposition_agrees() {
    finds(
        "organization o: Жогорку Кенеш",
        &[("в Жогорку Кенеше, депутат Жогорку Кенеша", "Жогорку Кенеше | Жогорку Кенеша")],
    );
    finds("organization o: Олий Мажлис", &[("Олий Мажлису и Олий Мажлисом", "Олий Мажлису | Олий Мажлисом")]);
    finds(
        "organization o: Сосновка | not_as река Сосновка",
        &[("У реки Сосновки тихо. Сосновка подала в суд.", "Сосновка")],
    );
    finds("organization o: Фонд сирот", &[("Фонда сирот, Фонд сироту", "Фонда сирот")]);
}

#[test]
fn common_words_of_latin_take_endings_where_somebody_asked_for_it() {
    let inflected = index("keyword o: trade sanction | inflect yes", "@o");
    assert_eq!(
        hits(&inflected, "", "Trade sanctions; a trade sanction; trade sanctuary"),
        "Trade sanctions | trade sanction"
    );
    let plain = index("keyword o: trade sanction", "@o");
    assert_eq!(hits(&plain, "", "Trade sanctions; a trade sanction"), "trade sanction");
}

#[test]
fn the_article_of_arabic_keeps_no_case_in_a_bodys_name() {
    finds(
        "organization o: Al-Noor Relief",
        &[("of al-Noor Relief and Al-Noor Relief", "al-Noor Relief | Al-Noor Relief")],
    );
    finds("organization o: Us Bank", &[("they told us bank rates; Us Bank rose", "Us Bank")]);
}

#[test]
fn the_letters_of_kazakh_and_uzbek_latin_are_those_of_english_texts() {
    finds("official o: Kanat Tokanov", &[("Qanat Toqanov and Kanat Tokanov", "Qanat Toqanov | Kanat Tokanov")]);
    finds(
        "official o: Bahrom Qodirov",
        &[
            (
                "Bahrom Kodirov, Bakhrom Kodirov, Bahrom Qodirovning",
                "Bahrom Kodirov | Bakhrom Kodirov | Bahrom Qodirovning",
            ),
            ("Бахром Кодиров", ""),
        ],
    );
    finds("official o: Қанат Тоқанов", &[("Qanat Toqanov; Канат Токанов", "Qanat Toqanov")]);
    finds("official o: Qiang Li", &[("Kiang Li", "")]);
}

#[test]
fn a_hyphen_ends_what_a_wildcard_finds_and_dots_are_written_in_braces() {
    asks("terror*", &[("Terror-related and anti-terrorist", "Terror | terrorist")]);
    asks("{U.S.}", &[("the U.S. and the US, us", "U.S.")]);
}

#[test]
fn another_patronymic_is_another_person_in_either_order() {
    finds(
        "official o: Олег Ильич Громов",
        &[
            ("Олег Громов, Громов Олег Ильич, Громов О. И.", "Олег Громов | Громов Олег Ильич | Громов О. И."),
            ("Громов Олег Петрович; Олег Петрович Громов; Громов О. П.", ""),
        ],
    );
    finds(
        "official o: Clara J. Hale",
        &[("Clara Hale, C. J. Hale and Clara J. Hale", "Clara Hale | C. J. Hale | Clara J. Hale")],
    );
    finds("official o: Чингиз Громов", &[("Роман Ч. Громова издан. Роман Ч. Громов ушёл.", "Ч. Громова")]);
}
