//! What the recall is measured on: watches, sentences that name them in the forms of the contract, and sentences that only look so.
//! All invented. In: nothing. Out: articles, each with the watches that are to be found in it.

use std::fmt::Write as _;

pub const WATCHES: &str = r#"
[organization.sco]
names = ["Shanghai Cooperation Organization", "Шанхайская организация сотрудничества", "上海合作组织", "Shanxay hamkorlik tashkiloti"]
exact = ["SCO", "ШОС"]
not_as = ["SCO Group", "SCO UNIX"]
notify = ["sink"]
[organization.union]
names = ["Eurasian Economic Union", "Евразийский экономический союз", "Yevroosiyo iqtisodiy ittifoqi"]
exact = ["EAEU", "ЕАЭС"]
notify = ["sink"]
[organization.isis]
exact = ["ISIS"]
notify = ["sink"]
[official.wang-yi]
names = ["Wang Yi", "Ван И", "王毅"]
posts = ["Minister of Foreign Affairs of China", "глава МИД Китая"]
family = true
notify = ["sink"]
[official.lavrov]
names = ["Sergey Viktorovich Lavrov", "Сергей Викторович Лавров"]
notify = ["sink"]
[official.kulubaev]
names = ["Jeenbek Kulubaev", "Жээнбек Кулубаев"]
notify = ["sink"]
[official.saidov]
names = ["Baxtiyor Saidov", "Бахтиёр Саидов"]
notify = ["sink"]
[official.abdollahian]
names = ["Hossein Amir-Abdollahian", "Хосейн Амир Абдоллахиян"]
notify = ["sink"]
[keyword.sanctions]
names = ["санкции", "sanksiya", "drug trafficking", "counter-terrorism"]
notify = ["sink"]
"#;

/// Language, the sentence, and the watch that it names.
const NAMED: &[(&str, &str, &str)] = &[
    ("en", "sco", "The Shanghai Cooperation Organization met in Bishkek on Tuesday"),
    ("en", "sco", "The Shanghai Cooperation Organization's ministers spoke of water and roads"),
    ("en", "sco", "The SCO summit begins tomorrow in Astana"),
    ("en", "sco", "The ministers of the Shanghai Cooperation Organization (SCO) left the hall"),
    ("en", "sco", "SCO-led exercises end on Friday near the border"),
    ("en", "sco", "Thousands of posts under #SCO filled the networks overnight"),
    ("en", "sco", "Delegates called the SHANGHAI COOPERATION ORGANIZATION a family of nations"),
    ("en", "union", "The Eurasian Economic Union lowers its tariffs on wheat"),
    ("en", "union", "Eurasian Economic Union’s court sat in Minsk again"),
    ("en", "union", "EAEU members agreed on one market for gas"),
    ("en", "isis", "ISIS claimed that it had blown up the bridge"),
    ("en", "wang-yi", "Wang Yi urges patience in the talks on the river"),
    ("en", "wang-yi", "The envoy thanked Yi Wang for the warm welcome"),
    ("en", "wang-yi", "Wang Yi's plane landed in the evening"),
    ("en", "wang-yi", "WANG YI opens the forum in Dushanbe"),
    ("en", "wang-yi", "China's Minister of Foreign Affairs arrived with a large delegation"),
    ("en", "wang-yi", "China's Deputy Prime Minister and Minister of Foreign Affairs spoke first"),
    ("en", "lavrov", "Sergey Lavrov flew on to Tashkent after the talks"),
    ("en", "lavrov", "Sergei Lavrov spoke for two hours without notes"),
    ("en", "lavrov", "S. Lavrov signed the plan on behalf of Moscow"),
    ("en", "lavrov", "S.V. Lavrov signed the plan on behalf of Moscow"),
    ("en", "lavrov", "Lavrov, Sergey, headed the list of the guests"),
    ("en", "lavrov", "Lavrov Sergey Viktorovich headed the list of the guests"),
    ("en", "lavrov", "Sergey Viktorovich Lavrov’s visit was short"),
    ("en", "kulubaev", "Jeenbek Kulubaev received the ambassador of Japan"),
    ("en", "kulubaev", "Jeenbek Kulubayev received the ambassador of Japan"),
    ("en", "kulubaev", "Zheenbek Kulubaev received the ambassador of Japan"),
    ("en", "kulubaev", "J. Kulubaev received the ambassador of Japan"),
    ("en", "saidov", "Baxtiyor Saidov opened the new embassy"),
    ("en", "saidov", "Bakhtiyor Saidov opened the new embassy"),
    ("en", "saidov", "B. Saidov opened the new embassy"),
    ("en", "abdollahian", "Hossein Amir-Abdollahian met his colleague in the capital"),
    ("en", "abdollahian", "Hossein Amirabdollahian met his colleague in the capital"),
    ("en", "abdollahian", "Hossein Amir Abdollahian met his colleague in the capital"),
    ("en", "sanctions", "The ministers agreed to fight drug trafficking along the road"),
    ("en", "sanctions", "The ministers signed a plan against drug-trafficking along the road"),
    ("en", "sanctions", "A centre for counter-terrorism will be built in the south"),
    ("en", "sanctions", "A centre for counterterrorism will be built in the south"),
    ("ru", "sco", "Саммит ШОС откроется завтра в Астане"),
    ("ru", "sco", "Шанхайская организация сотрудничества приняла новый план"),
    ("ru", "sco", "Министры Шанхайской организации сотрудничества обсудили воду"),
    ("ru", "sco", "Страны вступают в Шанхайскую организацию сотрудничества"),
    ("ru", "sco", "Он гордится Шанхайской организацией сотрудничества (ШОС) и ее уставом"),
    ("ru", "union", "Евразийский экономический союз снижает пошлины на зерно"),
    ("ru", "union", "Суд Евразийского экономического союза заседал в Минске"),
    ("ru", "union", "Торговля с Евразийским экономическим союзом выросла"),
    ("ru", "union", "Страны ЕАЭС договорились об общем рынке газа"),
    ("ru", "wang-yi", "Ван И призвал к терпению на переговорах о реке"),
    ("ru", "wang-yi", "Глава МИД Китая прибыл с большой делегацией"),
    ("ru", "wang-yi", "Посол встретился с главой МИД Китая вечером"),
    ("ru", "lavrov", "Сергей Лавров вылетел в Ташкент после переговоров"),
    ("ru", "lavrov", "Сергей Викторович Лавров вылетел в Ташкент после переговоров"),
    ("ru", "lavrov", "Посол встретился с Сергеем Лавровым вечером"),
    ("ru", "lavrov", "Об этом рассказали Сергею Викторовичу Лаврову утром"),
    ("ru", "lavrov", "Самолет С. Лаврова сел в столице"),
    ("ru", "lavrov", "План подписал С. В. Лавров от имени Москвы"),
    ("ru", "lavrov", "План подписал Лавров С.В. от имени Москвы"),
    ("ru", "kulubaev", "Жээнбек Кулубаев принял посла Японии"),
    ("ru", "kulubaev", "Посла Японии представили Жээнбеку Кулубаеву вчера"),
    ("ru", "kulubaev", "Встреча с Жээнбеком Кулубаевым прошла в столице"),
    ("ru", "saidov", "Бахтиёр Саидов открыл новое посольство"),
    ("ru", "saidov", "Бахтиер Саидов открыл новое посольство"),
    ("ru", "saidov", "Переговоры с Бахтиёром Саидовым прошли в столице"),
    ("ru", "abdollahian", "Хосейн Амир Абдоллахиян прилетел в столицу"),
    ("ru", "sanctions", "Новые санкции вступят в силу весной"),
    ("ru", "sanctions", "Без санкций торговля выросла бы вдвое"),
    ("ru", "sanctions", "Банк попал под угрозу санкциями в прошлом году"),
    ("uz", "sco", "Shanxay hamkorlik tashkilotining yig‘ilishi ertaga boshlanadi"),
    ("uz", "sco", "Vazirlar Shanxay hamkorlik tashkilotiga yangi reja taklif qildi"),
    ("uz", "union", "Yevroosiyo iqtisodiy ittifoqidan yangi bojlar kutilmoqda"),
    ("uz", "saidov", "Baxtiyor Saidov yangi elchixonani ochdi"),
    ("uz", "saidov", "Baxtiyor Saidovning tashrifi qisqa boʻldi"),
    ("uz", "saidov", "Бахтиёр Саидовнинг ташрифи қисқа бўлди"),
    ("uz", "saidov", "Elchi Baxtiyor Saidov’ga rahmat aytdi"),
    ("uz", "sanctions", "Yangi sanksiyalar bahorda kuchga kiradi"),
    ("uz", "sanctions", "Bank sanksiyalardan keyin yopildi"),
    ("zh", "sco", "上海合作组织峰会明天在首都开幕"),
    ("zh", "sco", "各国部长在上海合作組織会议上讨论水资源"),
    ("zh", "wang-yi", "王毅在首都会见了日本大使"),
    ("zh", "wang-yi", "大使昨天晚上与王毅举行会谈"),
];

/// Language and a sentence in which nobody is named.
const DECOYS: &[(&str, &str)] = &[
    ("en", "The crisis deepens as prices rise and shops close"),
    ("en", "Isis was a goddess of the river in the old tales"),
    ("en", "A disco opens in the old station beside the river"),
    ("en", "SCO Group sold its last office on Monday"),
    ("en", "The museum shows a machine that ran SCO UNIX for years"),
    ("en", "Write to sco@wire.example for the programme of the fair"),
    ("en", "The page wire.example/SCO/agenda was closed for repair"),
    ("en", "The singer @SCO_music gave a concert in the park"),
    ("en", "Wang Yibo plays the lead in the new film"),
    ("en", "Wang Li opened a bakery in the old town"),
    ("en", "The actor Zhang Yi won a prize at the festival"),
    ("en", "Sergey Petrovich Lavrov, a baker, opened a second shop"),
    ("en", "Anna Lavrova sang in the opera house on Sunday"),
    ("en", "The village of Lavrovo lies on the river"),
    ("en", "Prices rose in Shanghai. Cooperation of the farmers and the organization of the harvest helped"),
    ("en", "The organization for cooperation in Shanghai gave flowers to the pupils"),
    ("en", "The Eurasian market, economic by nature, made no union"),
    ("en", "Bakhtiyor Karimov and Timur Saidov played chess"),
    ("en", "Jeenbek Toktogulov won the race in the mountains"),
    ("en", "Trafficking in art grew while drug prices fell"),
    ("en", "China's Minister of Education opened a school"),
    ("en", "Kazakhstan's Minister of Foreign Affairs opened a library"),
    ("ru", "Шоссе в горах закрыли из-за снега"),
    ("ru", "Ван Ибо снялся в новом фильме"),
    ("ru", "Иван и его сын открыли пекарню"),
    ("ru", "Сергей Петрович Лавров, пекарь, открыл второй магазин"),
    ("ru", "Деревня Лаврово стоит на реке"),
    ("ru", "Лавровый лист подорожал на рынке"),
    ("ru", "В Шанхае организация праздника обошлась дорого. Сотрудничества с городом не было"),
    ("ru", "Глава МИД Японии открыл выставку"),
    ("ru", "Бахтиёр Каримов и Тимур Саидов играли в шахматы"),
    ("ru", "Союз писателей обсудил евразийский роман"),
    ("uz", "Baxtiyor Karimov va Temur Saidov shaxmat oʻynadi"),
    ("uz", "Shanxay shahrida yangi tashkilot ochildi"),
    ("zh", "王毅力参加了昨天的马拉松比赛"),
    ("zh", "上海合作社昨天开业"),
];

const FILLERS: &[(&str, [&str; 6])] = &[
    (
        "en",
        [
            "The meeting was held behind closed doors and lasted well into the night, as several of the guests told the press later.",
            "Farmers in the valley expect a better harvest than last year, although the spring was cold and the rains came late.",
            "The bridge over the river will be closed for repairs until autumn, and buses will take the longer road around the lake.",
            "Prices of bread and milk have not changed since the beginning of the month, the office of statistics said on Monday.",
            "A school for two hundred pupils will be built beside the station, and its first classes are to begin in September.",
            "Engineers have looked at the dam and found no reason for worry, but the water will be watched more closely from now on.",
        ],
    ),
    (
        "ru",
        [
            "Встреча прошла за закрытыми дверями и продолжалась до поздней ночи, как рассказали позже журналистам несколько гостей.",
            "Фермеры долины ожидают урожай лучше прошлогоднего, хотя весна была холодной, а дожди пришли поздно.",
            "Мост через реку закроют на ремонт до осени, и автобусы пойдут по более длинной дороге вокруг озера.",
            "Цены на хлеб и молоко не изменились с начала месяца, сообщили в понедельник в ведомстве статистики.",
            "Школу на двести учеников построят рядом с вокзалом, и первые уроки начнутся в сентябре.",
            "Инженеры осмотрели плотину и не нашли причин для беспокойства, но за водой будут следить внимательнее.",
        ],
    ),
    (
        "uz",
        [
            "Uchrashuv yopiq eshiklar ortida boʻlib oʻtdi va kechgacha davom etdi, dedi keyinroq mehmonlardan bir nechtasi jurnalistlarga.",
            "Vodiy dehqonlari oʻtgan yilgidan yaxshiroq hosil kutmoqda, garchi bahor sovuq kelgan va yomgʻirlar kech yoqqan boʻlsa ham.",
            "Daryo ustidagi koʻprik kuzgacha taʼmirlash uchun yopiladi, avtobuslar esa koʻl atrofidagi uzunroq yoʻldan yuradi.",
            "Non va sut narxlari oy boshidan beri oʻzgarmadi, dedi dushanba kuni statistika idorasi.",
            "Ikki yuz oʻquvchiga moʻljallangan maktab bekat yonida quriladi, birinchi darslar sentabrda boshlanadi.",
            "Muhandislar toʻgʻonni koʻrib chiqdi va xavotirga sabab topmadi, ammo suv endi diqqat bilan kuzatiladi.",
        ],
    ),
    (
        "zh",
        [
            "会议闭门举行，一直持续到深夜，几位来宾后来对记者这样说，具体内容没有公布。",
            "山谷里的农民预计今年的收成比去年好，虽然春天很冷，雨水也来得很晚。",
            "河上的大桥将关闭维修到秋天，公共汽车将绕行湖边较长的道路，居民需要提前出门。",
            "统计部门星期一说，面包和牛奶的价格从月初以来没有变化，市场供应充足。",
            "车站旁边将修建一所可容纳二百名学生的学校，第一批课程九月开始，教师已经到位。",
            "工程师检查了大坝，没有发现值得担心的地方，但是今后将更加密切地观察水位。",
        ],
    ),
];

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Title,
    /// In the feed's summary, and as the first paragraph of the page.
    Lead,
    /// In the summary of an entry whose page is gone.
    SummaryOnly,
    Body,
    Caption,
    Related,
    Comments,
    Navigation,
}

pub struct Planted {
    pub place: Place,
    pub sentence: &'static str,
    pub watch: Option<&'static str>,
    pub title: String,
    pub summary: String,
    /// `None`: it is gone.
    pub page: Option<String>,
}

pub fn articles() -> Vec<Planted> {
    use Place::{Body, Caption, Comments, Lead, Navigation, Related, SummaryOnly, Title};
    let mut articles = vec![];
    for (language, watch, sentence) in NAMED {
        for place in [Title, Lead, SummaryOnly, Body, Caption] {
            articles.push(article(articles.len(), language, sentence, place, Some(watch)));
        }
        for place in [Related, Comments, Navigation] {
            articles.push(article(articles.len(), language, sentence, place, None));
        }
    }
    for (language, sentence) in DECOYS {
        for place in [Title, Lead, SummaryOnly, Body, Caption] {
            articles.push(article(articles.len(), language, sentence, place, None));
        }
    }
    articles
}

fn article(
    number: usize,
    language: &str,
    sentence: &'static str,
    place: Place,
    watch: Option<&'static str>,
) -> Planted {
    let fillers = FILLERS.iter().find(|(of, _)| *of == language).unwrap().1;
    let filler = |n: usize| fillers[(number + n) % fillers.len()];
    let end = if language == "zh" { "。" } else { "." };
    let at = |here: Place, otherwise: &str| {
        if place == here { format!("{sentence}{end}") } else { otherwise.to_string() }
    };
    let title = if place == Place::Title {
        sentence.to_string()
    } else {
        let (name, _) =
            filler(4).split_at(filler(4).char_indices().nth(if language == "zh" { 12 } else { 46 }).unwrap().0);
        format!("{} {number}", name.trim_end_matches([',', '，', ' ']))
    };
    let summary = match place {
        Place::Lead | Place::SummaryOnly => format!("{sentence}{end} {}", filler(0)),
        _ => filler(0).to_string(),
    };
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title} | Wire of the Valley</title></head><body>\n\
         <header><a href=\"/\">Wire of the Valley</a><nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/world\">World</a></li>\
         <li><a href=\"/n\">{}</a></li></ul></nav></header>\n<main><article><h1>{title}</h1>\n\
         <p class=\"byline\">Desk of the valley</p>\n<p class=\"lead\">{summary}</p>\n\
         <figure><img src=\"/a.jpg\" alt=\"\"><figcaption>{}</figcaption></figure>\n",
        at(Place::Navigation, "Sport"),
        at(Place::Caption, filler(5)),
    );
    for n in 1..6 {
        let _ = writeln!(page, "<p>{} {}</p>", filler(n), if n == 3 { at(Place::Body, "") } else { String::new() });
    }
    let _ = write!(
        page,
        "</article>\n<aside class=\"related\"><h2>Related stories</h2><ul>\n<li><a href=\"/r/1\">{}</a></li>\n\
         <li><a href=\"/r/2\">{}</a></li>\n<li><a href=\"/r/3\">{}</a></li></ul></aside>\n\
         <section id=\"comments\" class=\"comments\"><h2>Comments</h2><div class=\"comment\"><b>reader</b><p>{}</p></div>\
         <div class=\"comment\"><b>other</b><p>{}</p></div></section></main>\n\
         <footer><p>Wire of the Valley, all rights reserved</p></footer></body></html>\n",
        at(Place::Related, filler(2)),
        filler(3),
        filler(4),
        at(Place::Comments, filler(1)),
        filler(2),
    );
    Planted { place, sentence, watch, title, summary, page: (place != Place::SummaryOnly).then_some(page) }
}
