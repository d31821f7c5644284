//! In: words and numbers of a date as people write them in the languages of the wires. Out: months and days.
//! It knows the Gregorian calendar and the Persian one, and no "yesterday": it never asks what day it is.

use jiff::civil::Date;
use std::borrow::Cow;

/// A date's text with the digits of every script as ASCII has them, the numbers of Chinese dates in digits, and the two months of
/// the Levant that have the same name told apart.
pub fn prepared(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().map(|c| digit(c).unwrap_or(c)).collect();
    if out.contains(['年', '月', '日']) {
        out = in_digits(&out);
    }
    for (pair, one) in PAIRS {
        if out.contains(pair) {
            out = out.replace(pair, one);
        }
    }
    Cow::Owned(out)
}

/// Digits of Arabic, Persian, Devanagari and full width.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 4] = [0x660, 0x6f0, 0x966, 0xff10];
    ZEROS.iter().find_map(|zero| char::from_digit(u32::from(c).checked_sub(*zero)?, 10))
}

/// Months of two words, and a name that one word has.
const PAIRS: [(&str, &str); 8] = [
    ("كانون الثاني", "يناير"),
    ("كانون الأول", "ديسمبر"),
    ("كانون الاول", "ديسمبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الاول", "أكتوبر"),
    ("كانون ثاني", "يناير"),
    ("كانون أول", "ديسمبر"),
];

/// Chinese numerals before 年, 月, 日 and the parts of a day: 二〇二四年三月三十一日.
fn in_digits(text: &str) -> String {
    let value = |c: char| "〇一二三四五六七八九".chars().position(|n| n == c).or((c == '零' || c == '○').then_some(0));
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c == '十' || value(c).is_some() {
            run.push(c);
            continue;
        }
        if matches!(c, '年' | '月' | '日' | '号' | '號' | '时' | '時' | '点' | '點' | '分') && run.chars().count() <= 4
        {
            match run.split_once('十') {
                // 三十一 is 31, 十 is 10, 二十 is 20.
                Some((tens, ones)) => {
                    let number = |text: &str| text.chars().next().and_then(value);
                    out.push_str(&(number(tens).unwrap_or(1) * 10 + number(ones).unwrap_or(0)).to_string());
                }
                None => {
                    out.extend(run.chars().filter_map(value).map(|n| char::from(b'0' + u8::try_from(n).unwrap_or(0))));
                }
            }
        } else {
            out.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// The months of the Persian calendar come after those of the Gregorian: 13 is Farvardin.
pub const PERSIAN: u8 = 12;

/// The month that a word names, in small letters: 1 to 12, and [`PERSIAN`] more where it is one of the Persian calendar.
pub fn month(word: &str) -> Option<u8> {
    // English first: nearly all dates are.
    if let Some(begin) = word.get(..3)
        && let Some(at) = ENGLISH.iter().position(|known| *known == begin)
    {
        return (at < 12 && !WEEKDAYS.contains(&word)).then(|| number(at));
    }
    // The `T` of ISO 8601, `st`, `am`: no month is so short in these letters.
    if (word.is_ascii() && word.len() < 3) || WEEKDAYS.contains(&word) {
        return None;
    }
    if word.starts_with(|c| ('\u{600}'..='\u{6ff}').contains(&c)) {
        let folded = folded(word);
        let bare = folded.strip_suffix("ماه").unwrap_or(&folded);
        let of = |months: [&str; 12]| months.iter().position(|names| names.split(' ').any(|name| name == bare));
        return of(ARABIC).map(number).or_else(|| of(SOLAR).map(|at| PERSIAN + number(at)));
    }
    let solar = || SOLAR_LATIN.iter().position(|name| *name == word).map(|at| PERSIAN + number(at));
    // İ in small letters is an i and a dot.
    let undotted = word.replace('\u{307}', "");
    let begins = |names: &str| names.split(' ').any(|begin| word.starts_with(begin) || undotted.starts_with(begin));
    MONTHS.iter().position(|names| begins(names)).map(number).or_else(solar)
}

fn number(at: usize) -> u8 {
    u8::try_from(at + 1).unwrap_or(0)
}

/// Arabic letters that are one to a reader: the two kinds of yeh and kaf, alef with and without its marks.
fn folded(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{200c}'))
        .map(|c| match c {
            'ي' | 'ى' | 'ئ' => 'ی',
            'ك' => 'ک',
            'أ' | 'إ' | 'آ' => 'ا',
            'ة' => 'ه',
            c => c,
        })
        .collect()
}

/// The day of a year, a month as [`month`] tells it, and a day; years of 1300 to 1500 are the Persian calendar's.
pub fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let persian = (1300..1500).contains(&year);
    let month = match month {
        13.. if persian => month - i64::from(PERSIAN),
        13.. => return None,
        month => month,
    };
    if persian {
        return solar(year, month, day);
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of the Persian calendar: six months of 31 days, six of 30 (the last 29 but in leap years, eight in 33 years).
fn solar(year: i64, month: i64, day: i64) -> Option<Date> {
    let length = if month <= 6 { 31 } else { 30 };
    if !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    let before = if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 };
    // 1,595 years more make whole cycles of 33 since the first day of year 0.
    let years = year + 1595;
    let days = 365 * years + years / 33 * 8 + (years % 33 + 3) / 4 + before + day - 355_668;
    Date::new(0, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The months, then the days.
const ENGLISH: [&str; 19] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
    "fri", "sat", "sun",
];

/// Days of the week that begin like a month of some language.
const WEEKDAYS: [&str; 11] =
    ["mardi", "martes", "martedì", "martedi", "marți", "середа", "середу", "сенбі", "senbi", "pazar", "pazartesi"];

/// How the months begin in English, Russian, Ukrainian, Belarusian, French, German, Spanish, Portuguese, Italian, Dutch, Polish, Czech,
/// Romanian, Turkish, Uzbek, Kazakh, Kyrgyz, Tajik, Azerbaijani, Greek, Hungarian, Indonesian and the Nordic languages.
const MONTHS: [&str; 12] = [
    "jan ene gen ian janv yan jän янв січ студз sty led oca қаң qañ qan үчт ιαν januar yanvar",
    "feb fév fev febr şub sub fevr lut úno únor фев лют ақп aqp бирд φεβ fevral",
    "mar mär mrt mars märz már maa mart мар бер сак нау nau жалган bře μαρ μάρ",
    "apr abr avr ápr nis апр кві крас сәу säu sau чын kwi dub duben απρ apreli",
    "may mai mag maj mei máj mayo may май мая трав мам mam бугу mayıs kvě květ μαϊ μάι μαι",
    "jun juin giu jún haz iyun июн чер чэр мау mau кулжа cze čvn června ιούν ιουν",
    "jul juil lug júl lip tem iyul июл лип ліп шіл şıl şil теке čvc července ιούλ ιουλ",
    "aug août aoû aou ago avg ağu agu avq авг сер жнів там tam баш sie srp srpen αύγ αυγ ágo",
    "sep set sen sent eyl сен сеп вер қыр qyr аяк wrz zář sze σεπ",
    "oct okt ott out oto eki окт жов каст қаз qaz тогузд paź paz říj οκτ",
    "nov noy noi kas ноя лис ліст қар qar жетин lis νοε νοέ",
    "dec dez déc dic dek des dis grud gru ara дек гру снеж жел jel бешт pro prosin δεκ",
];

/// The Gregorian months in Arabic (of Egypt, the Levant, Algeria and Morocco), Persian, Dari and Urdu; letters folded.
const ARABIC: [&str; 12] = [
    "ینایر جانفی کانون ژانویه جنوری",
    "فبرایر فیفری شباط فوریه فبروری فروری",
    "مارس اذار مارچ",
    "ابریل افریل نیسان اوریل اپریل",
    "مایو مای ایار مه می",
    "یونیو جوان حزیران ژوین جون",
    "یولیو یولیوز جویلیه تموز ژوییه جولای جولایی",
    "اغسطس اوت غشت اب اگست اگوست",
    "سبتمبر شتنبر ایلول سپتامبر سپتمبر ستمبر",
    "اکتوبر اکتبر تشرین",
    "نوفمبر نونبر نوامبر نومبر",
    "دیسمبر دجنبر دسامبر دسمبر",
];

/// The months of the Persian calendar, by their names in Iran and in Afghanistan.
const SOLAR: [&str; 12] = [
    "فروردین حمل",
    "اردیبهشت ثور",
    "خرداد جوزا",
    "تیر سرطان",
    "مرداد امرداد اسد",
    "شهریور سنبله",
    "مهر میزان",
    "ابان عقرب",
    "اذر قوس",
    "دی جدی",
    "بهمن دلو",
    "اسفند حوت",
];
const SOLAR_LATIN: [&str; 12] = [
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The months as they stand in dates, in the languages of the wires.
    const YEARS: [(&str, &str); 19] = [
        ("en", "January February March April May June July August September October November December"),
        ("ru", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        ("uk", "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
        ("uz", "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr"),
        ("uz-Cyrl", "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
        ("kk", "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"),
        ("kk-Latn", "qañtar aqpan nauryz säuir mamyr mausym şılde tamyz qyrküiek qazan qaraşa jeltoqsan"),
        ("ky", "үчтүн бирдин жалган чын бугу кулжа теке баш аяк тогуздун жетинин бештин"),
        ("tg", "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри"),
        ("tr", "Ocak Şubat Mart NİSAN Mayıs HAZİRAN Temmuz Ağustos Eylül Ekim Kasım ARALIK"),
        ("az", "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"),
        ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("es", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        ("ar", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        ("ar-SY", "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين نوفمبر ديسمبر"),
        ("ar-MA", "جانفي فيفري مارس أفريل ماي جوان جويلية غشت شتنبر أكتوبر نونبر دجنبر"),
        ("fa", "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر"),
        ("prs", "جنوری فبروری مارچ اپریل می جون جولای اگست سپتمبر اکتوبر نومبر دسمبر"),
    ];

    #[test]
    fn months_are_known_in_the_languages_of_the_wires() {
        for (language, year) in YEARS {
            for (at, name) in year.split(' ').enumerate() {
                assert_eq!(month(&name.to_lowercase()), Some(number(at)), "{language}: {name}");
            }
        }
        for year in [
            "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
            "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
            "فروردين ارديبهشت خردادماه تیرماه امرداد شهريور مهرماه آبان آذر دي بهمن اسفند",
            "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
        ] {
            for (at, name) in year.split(' ').enumerate() {
                assert_eq!(month(name), Some(PERSIAN + number(at)), "{name}");
            }
        }
    }

    #[test]
    fn days_of_the_week_are_no_months() {
        for week in [
            "monday tuesday wednesday thursday friday saturday sunday",
            "понедельник вторник среда четверг пятница суббота воскресенье",
            "понеділок вівторок середа четвер п'ятниця субота неділя",
            "dushanba seshanba chorshanba payshanba juma shanba yakshanba",
            "душанба сешанба чоршанба пайшанба жума шанба якшанба",
            "дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі",
            "дүйшөмбү шейшемби шаршемби бейшемби жума ишемби жекшемби",
            "душанбе сешанбе чоршанбе панҷшанбе ҷумъа шанбе якшанбе",
            "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
            "montag dienstag mittwoch donnerstag freitag samstag sonntag",
            "lundi mardi mercredi jeudi vendredi samedi dimanche",
            "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
            "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
        ] {
            for day in week.split(' ') {
                assert_eq!(month(day), None, "{day}");
            }
        }
    }

    #[test]
    fn days_of_the_persian_calendar_are_those_of_ours() {
        for (solar, ours) in [
            ((1403, 1, 1), "2024-03-20"),
            ((1403, 15, 10), "2024-05-30"),
            ((1402, 24, 29), "2024-03-19"),
            ((1399, 12, 30), "2021-03-20"),
            ((1400, 1, 1), "2021-03-21"),
            ((1404, 7, 1), "2025-09-23"),
            ((1405, 9, 10), "2026-12-01"),
            ((1357, 11, 22), "1979-02-11"),
        ] {
            assert_eq!(day(solar.0, solar.1, solar.2).map(|day| day.to_string()).as_deref(), Some(ours), "{solar:?}");
        }
        assert_eq!((day(1403, 7, 31), day(1403, 13 + 12, 1), day(2024, 13, 1)), (None, None, None));
    }

    #[test]
    fn numbers_of_every_script_are_digits() {
        assert_eq!(prepared("۱۰ خرداد ۱۴۰۳"), "10 خرداد 1403");
        assert_eq!(prepared("٣١ كانون الثاني ٢٠٢٤"), "31 يناير 2024");
        assert_eq!(prepared("二〇二四年三月三十一日"), "2024年3月31日");
        assert_eq!(prepared("二零二四年十二月十日"), "2024年12月10日");
        assert_eq!(prepared("２０２４年５月二十日"), "2024年5月20日");
        assert_eq!(prepared("一带一路 5月"), "一带一路 5月");
    }
}
