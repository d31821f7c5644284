//! Whole pages of invented outlets, as templates make them.

use super::*;
use crate::model::Person;
use std::time::{Duration, Instant};

fn extract(html: &str) -> Article {
    let url = Url::parse("https://www.lantern.example/world/2024/05/31/ministers-meet").unwrap();
    article(html.as_bytes(), &Context { url: Some(&url), content_type: Some("text/html"), ..Context::default() })
}

fn in_zone(article: &Article, zone: Zone) -> Vec<&str> {
    article.zones.iter().filter(|block| block.zone == zone).map(|block| block.text.as_str()).collect()
}

/// Whether a word stands in a zone that counts.
fn counts(article: &Article, word: &str) -> bool {
    article.zones.iter().any(|block| block.zone.counts() && block.text.contains(word))
}

const P1: &str = "The foreign ministers of five states met in Osh on Friday to agree on how the water of two rivers is to be shared in dry years.";
const P2: &str = "After nine hours of talks they signed a paper of four pages, which names the amounts, the months and a council that is to watch over both.";
const P3: &str = "“It took us thirty years,” said the host of the meeting, who had come by train and left by car because the track had been washed away.";

fn page(head: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>")
}

#[test]
fn an_ordinary_page_has_title_text_and_what_it_says_of_itself() {
    let html = page(
        r#"<title>Ministers share the water of two rivers | The Lantern</title>
           <link rel=canonical href="/world/water"><meta property="og:site_name" content="The Lantern">
           <meta property="og:image" content="/i/osh.jpg">
           <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Lantern"},
           {"@type":["NewsArticle"],"headline":"Ministers share water","author":[{"@type":"Person","name":"Ada Byron"},{"name":"By Ion Popa"}],
           "datePublished":"2024-05-31T10:00:00+05:00","dateModified":"2024-05-31T12:00:00+05:00","articleBody":"Something else."}]}</script>"#,
        &format!(
            "<nav><a href=/>Home</a> <a href=/world>World</a></nav><main><article><h1>Ministers share the water of two rivers</h1>
             <p class=byline>By Ada Byron</p><time datetime=2020-01-01>1 January 2020</time>
             <div class=share><a href=#>Share</a></div><p>{P1}</p><h2>The paper</h2><p>{P2}</p><ul><li>Water: 40 parts</li><li>Power: 60 parts</li></ul>
             <blockquote><p>{P3}</p></blockquote><table><tr><th>Month</th><th>Share</th></tr><tr><td>June</td><td>12</td></tr></table></article></main>
             <footer>© The Lantern</footer>"
        ),
    );
    let article = extract(&html);
    assert_eq!(article.title, "Ministers share the water of two rivers");
    assert_eq!(article.byline.as_deref(), Some("Ada Byron, Ion Popa"));
    assert_eq!(article.published.unwrap().to_string(), "2024-05-31T05:00:00Z");
    assert_eq!(article.modified.unwrap().to_string(), "2024-05-31T07:00:00Z");
    assert_eq!(article.language.as_deref(), Some("en"));
    assert_eq!(article.canonical_url.as_deref(), Some("https://www.lantern.example/world/water"));
    assert_eq!(article.image.as_deref(), Some("https://www.lantern.example/i/osh.jpg"));
    assert_eq!(article.site_name.as_deref(), Some("Lantern"));
    assert_eq!((article.method.as_str(), article.complete), ("article", true));
    assert_eq!(
        article.text,
        format!(
            "{P1}\n\nThe paper\n\n{P2}\n\nWater: 40 parts\n\nPower: 60 parts\n\n{P3}\n\nMonth\n\nShare\n\nJune\n\n12"
        )
    );
    assert_eq!(in_zone(&article, Zone::Title), ["Ministers share the water of two rivers"]);
    assert_eq!(in_zone(&article, Zone::Lead), [P1]);
    assert_eq!(in_zone(&article, Zone::Quote), [P3]);
    assert_eq!(in_zone(&article, Zone::Navigation), ["Home World"]);
}

#[test]
fn boxes_of_other_stories_inside_the_article_never_count() {
    let boxes = [
        "<aside class=related><h3>Related</h3><p>Wang Yi flew to Tashkent on Thursday night, people at the airport told us.</p></aside>",
        "<div><h4>Read also</h4><ul><li><a href=/1>Wang Yi flies to Tashkent</a></li><li><a href=/2>Trains are late</a></li></ul></div>",
        "<p>READ MORE: <a href=/1>Wang Yi flies to Tashkent</a></p>",
        "<p><strong>Читайте также:</strong> <a href=/1>Wang Yi летит в Ташкент</a></p>",
        "<p><a href=/1>Wang Yi flies to Tashkent after a long night</a></p>",
        "<ul><li><a href=/1>Wang Yi flies to Tashkent at night</a></li><li><a href=/2>Trains are late because of the rain</a></li><li><a href=/3>A bridge opens in the old town</a></li></ul>",
        "<div class='c-box'><h3>You may also like</h3><div><a href=/1>Wang Yi flies to Tashkent</a><p>A short word about his flight and of who met him there.</p></div><div><a href=/2>Trains are late</a><p>Wang Yi had to wait for his train, which did not come.</p></div></div>",
        "<div class='recirc-module'><a href=/1><h3>Wang Yi flies to Tashkent</h3></a></div>",
        "<section class='article__related-links'><a href=/1>Wang Yi flies to Tashkent</a></section>",
        "<div class=newsletter-signup><p>Wang Yi and more each morning: sign up for our letter.</p></div>",
        "<p>&gt;&gt; <a href=/1>Wang Yi flies to Tashkent</a></p>",
        "<p>Shuningdek, o‘qing: <a href=/1>Wang Yi Toshkentga uchdi</a></p>",
        "<p>相关阅读</p><ul><li><a href=/1>Wang Yi 访问塔什干</a></li><li><a href=/2>火车晚点</a></li></ul>",
    ];
    for html in boxes {
        for body in
            [format!("<p>{P1}</p>{html}<p>{P2}</p><p>{P3}</p>"), format!("<p>{P1}</p><p>{P2}</p><p>{P3}</p>{html}")]
        {
            for wrapper in ["<article>", "<div class=entry-content>", "<div>"] {
                let article = extract(&page(
                    "<title>Water is shared</title>",
                    &format!("<main><h1>Water is shared</h1>{wrapper}{body}"),
                ));
                assert!(!counts(&article, "Wang Yi"), "{html} in {wrapper}: {:?}", article.zones);
                assert_eq!(article.text, format!("{P1}\n\n{P2}\n\n{P3}"), "{html} in {wrapper}");
                assert!(
                    article.zones.iter().any(|block| block.text.contains("Wang Yi")),
                    "the box itself is told: {html}"
                );
            }
        }
    }
}

#[test]
fn a_football_page_does_not_count_the_minister_of_its_related_box() {
    let html = page(
        "<title>Lantern United win 3-1 - The Lantern</title>",
        &format!(
            "<header class=site-header><a href=/>The Lantern</a></header><div class=layout><div class=story-body><h1>Lantern United win 3-1</h1>
             <p>Lantern United beat the Harbour Rovers on Saturday, although they had played with ten men since the first half hour.</p>
             <div class=promo><a href=/w><img src=w.jpg></a><h3><a href=/w>Wang Yi meets S. Lavrov in Astana</a></h3></div>
             <p>Two goals came from corners, and the third from a mistake of the keeper, who had until then kept them in the game.</p></div>
             <div class=sidebar><h2>Most read</h2><ol><li><a href=/w>Wang Yi meets S. Lavrov in Astana</a></li><li><a href=/x>{P1}</a></li></ol></div></div>"
        ),
    );
    let article = extract(&html);
    assert_eq!(article.title, "Lantern United win 3-1");
    assert!(article.text.starts_with("Lantern United beat") && article.text.ends_with("in the game."));
    assert!(!counts(&article, "Wang Yi"), "{:?}", article.zones);
    assert!(in_zone(&article, Zone::Related).iter().any(|text| text.contains("Wang Yi")));
}

#[test]
fn a_page_that_goes_on_with_the_next_article_is_the_first() {
    let next = "<h1>Wang Yi flies to Tashkent</h1>";
    let more = format!("<p>Wang Yi flew on Thursday. {P2}</p><p>{P3} Wang Yi slept.</p><p>{P2} So did others.</p>");
    for (open, close) in [("<article>", "</article>"), ("<div itemprop=articleBody>", "</div>")] {
        let (first, second) = if open == "<article>" { ("<h1>Water is shared</h1>", next) } else { ("", "") };
        let (over, between) = if open == "<article>" { ("", "") } else { ("<h1>Water is shared</h1>", next) };
        let html = format!("{over}{open}{first}<p>{P1}</p><p>{P2}</p>{close}{between}{open}{second}{more}{close}");
        let article = extract(&page("<title>Water is shared</title>", &format!("<main>{html}</main>")));
        assert_eq!(article.text, format!("{P1}\n\n{P2}"), "{open}");
        assert!(!counts(&article, "Wang Yi"), "{open}");
    }
}

#[test]
fn text_set_as_it_was_typed_keeps_its_paragraphs() {
    let html = page(
        "<title>Water is shared</title>",
        &format!("<h1>Water is shared</h1><pre>{P1}\n\n{}\n</pre>", P2.replace(", ", ",\n")),
    );
    assert_eq!(extract(&html).text, format!("{P1}\n\n{P2}"));
}

#[test]
fn a_menu_of_options_is_no_text() {
    let html = page(
        "<title>Water is shared</title>",
        &format!("<h1>Water is shared</h1><select><option>{P3}</option></select><p>{P1}</p><p>{P2}</p>"),
    );
    assert_eq!(extract(&html).text, format!("{P1}\n\n{P2}"));
}

#[test]
fn captions_stand_apart_from_the_text() {
    let html = page(
        "<title>Water is shared</title>",
        &format!(
            "<article><h1>Water is shared</h1><p>{P1}</p><figure><img src=a.jpg><figcaption>The ministers in Osh. Photo: B. Okoro</figcaption></figure>
             <div><img src=b.jpg><div>The bridge at dusk</div></div><p>{P2}</p><figure><blockquote>{P3}</blockquote></figure></article>"
        ),
    );
    let article = extract(&html);
    assert_eq!(in_zone(&article, Zone::Caption), ["The ministers in Osh. Photo: B. Okoro", "The bridge at dusk"]);
    assert_eq!(article.text, format!("{P1}\n\n{P2}\n\n{P3}"));
}

#[test]
fn a_live_blog_is_read_whole() {
    let update = |i: u32| {
        format!(
            "<div class=live-entry itemprop=liveBlogUpdate><time datetime=2024-05-31T{:02}:00Z>{i}:00</time>
             <div itemprop=articleBody><p>Update {i}: {P1}</p><p>{P2}</p></div></div>",
            i + 5
        )
    };
    let updates = (1..=12).map(update).collect::<Vec<_>>().concat();
    let article = extract(&page(
        "<title>Live: the talks in Osh</title>",
        &format!("<h1>Live: the talks in Osh</h1><div id=live>{updates}</div>"),
    ));
    for i in 1..=12 {
        assert!(article.text.contains(&format!("Update {i}: ")), "update {i}");
    }
    assert!(article.complete);
}

#[test]
fn a_page_in_russian_is_read() {
    let html = "<html lang=ru_RU><head><title>Министры поделили воду двух рек — Фонарь</title><meta property=og:site_name content=Фонарь>
        <meta itemprop=datePublished content='31 мая 2024, 10:43'></head><body><div class=b-article__text>
        <h1>Министры поделили воду двух рек</h1><p>ОШ, 31 мая. /ТАСС/. Министры иностранных дел пяти стран договорились в пятницу о том, как делить воду двух рек в засушливые годы.</p>
        <p>После девяти часов переговоров они подписали документ на четырёх страницах, в котором названы объёмы, месяцы и совет.</p>
        <p>Подписывайтесь на наш канал в Telegram</p><p>Читайте также: <a href=/x>Ван И прилетел в Ташкент</a></p></div>
        <div class=comments><p>Ван И молодец, а министры пусть делят воду дальше, нам её всё равно не хватит.</p></div></body></html>";
    let article = extract(html);
    assert_eq!(article.title, "Министры поделили воду двух рек");
    assert_eq!(article.language.as_deref(), Some("ru-RU"));
    assert_eq!(article.published.unwrap().to_string(), "2024-05-31T10:43:00Z");
    assert_eq!(article.wire.as_deref(), Some("TASS"));
    assert!(article.text.starts_with("ОШ, 31 мая.") && article.text.ends_with("месяцы и совет."), "{}", article.text);
    assert!(!counts(&article, "Ван И"), "{:?}", article.zones);
}

#[test]
fn a_page_in_chinese_is_read() {
    let html = "<html><head><meta charset=gb2312><title>五国外长就分享两河水资源达成协议-灯笼网</title></head><body><div class=nav><a href=/>首页</a><a href=/w>国际</a></div>
        <div id=content><h1>五国外长就分享两河水资源达成协议</h1><div class=info>2024年05月31日 10:43 来源：新华社</div>
        <p>新华社奥什5月31日电　五国外长周五在奥什会晤，就干旱年份如何分享两条河流的水资源达成协议。</p>
        <p>经过九个小时的谈判，他们签署了一份四页的文件，文件规定了水量、月份以及监督委员会。</p>
        <p>（责任编辑：李某）</p></div><div class=hot><h3>热门新闻</h3><ul><li><a href=/1>王毅访问塔什干</a></li><li><a href=/2>火车晚点三小时</a></li></ul></div></body></html>";
    let (bytes, _, _) = encoding_rs::GBK.encode(html);
    let url = Url::parse("https://news.lantern.example/c/12.html").unwrap();
    let article = article(&bytes, &Context { url: Some(&url), ..Context::default() });
    assert_eq!(article.title, "五国外长就分享两河水资源达成协议");
    assert_eq!(article.published.unwrap().to_string(), "2024-05-31T10:43:00Z");
    assert_eq!(article.wire.as_deref(), Some("Xinhua"));
    assert!(article.text.starts_with("新华社奥什") && article.text.contains("监督委员会。"), "{}", article.text);
    assert!(!counts(&article, "王毅"), "{:?}", article.zones);
}

#[test]
fn a_paywall_stub_is_its_teaser_and_not_complete() {
    let html = page(
        "<title>Water is shared</title>",
        &format!(
            "<article><h1>Water is shared</h1><p>{P1}</p><p>{P2}</p><div><p>Subscribe to continue reading. Already a subscriber? Wang Yi is.</p></div></article>"
        ),
    );
    let stub = extract(&html);
    assert_eq!((stub.method.as_str(), stub.complete), ("paywall", false));
    assert_eq!(stub.text, format!("{P1}\n\n{P2}"));
    let stated = page(
        r#"<title>Water is shared</title><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>"#,
        &format!("<article><h1>Water is shared</h1><p>{P1}</p></article>"),
    );
    assert_eq!(extract(&stated).method, "paywall");
    let whole = page(
        r#"<title>Water is shared</title><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>"#,
        &format!("<article><h1>Water is shared</h1>{}</article>", format!("<p>{P1} {P2}</p>").repeat(12)),
    );
    assert!(extract(&whole).complete, "the whole text was sent all the same");
}

#[test]
fn walls_are_no_news() {
    let walls = [
        (
            "captcha",
            page(
                "<title>Just a moment...</title>",
                "<h1>lantern.example</h1><p>Verify you are human by completing the action below. Wang Yi needs to review the security of your connection before proceeding.</p>",
            ),
        ),
        ("captcha", page("<title>Проверка</title>", "<p>Подтвердите, что вы не робот. Wang Yi.</p>")),
        (
            "consent",
            page(
                "<title>The Lantern</title>",
                "<div><h1>Before you continue</h1><p>We and our partners store and/or access information on a device, Wang Yi. We use cookies to measure what you read and to show you advertising that fits.</p><button>Accept all</button></div>",
            ),
        ),
        (
            "not-found",
            page(
                "<title>Page not found | The Lantern</title>",
                "<h1>404</h1><p>The page you are looking for has moved, or never was. Wang Yi may know.</p>",
            ),
        ),
        ("not-found", page("<title>Фонарь</title>", "<h1>Страница не найдена</h1><p>Wang Yi</p>")),
        ("not-found", page("<title>灯笼网</title>", "<h1>页面不存在</h1><p>Wang Yi</p>")),
        ("not-found", page("<title>502 Bad Gateway</title>", "<h1>502 Bad Gateway</h1><p>Wang Yi</p>")),
        ("not-found", page("<title>فانوس</title>", "<h1>صفحه مورد نظر یافت نشد</h1><p>Wang Yi</p>")),
        ("captcha", page("<title>403 Forbidden</title>", "<h1>403 Forbidden</h1><p>Wang Yi</p>")),
        (
            "consent",
            page(
                "<title>Фонарь</title>",
                "<div><h1>Мы используем файлы cookie</h1><p>Wang Yi, продолжая пользоваться сайтом, вы соглашаетесь на использование файлов cookie и на обработку персональных данных.</p></div>",
            ),
        ),
    ];
    let entry =
        Entry { title: Some("Water is shared".into()), summary: Some(format!("<p>{P1}</p>")), ..Entry::default() };
    for (name, html) in walls {
        let bare = extract(&html);
        assert_eq!((bare.method.as_str(), bare.complete, bare.text.as_str()), (name, false, ""), "{html}");
        assert!(!counts(&bare, "Wang Yi"), "{html}");
        let told = article(html.as_bytes(), &Context { entry: Some(&entry), ..Context::default() });
        assert_eq!((told.method.as_str(), told.complete, told.text.as_str()), (name, false, P1), "{html}");
        assert_eq!(told.title, "Water is shared");
        assert!(!counts(&told, "Wang Yi"), "{html}");
    }
}

#[test]
fn furniture_in_many_languages_is_no_text() {
    for (language, label, follow, comments, other) in [
        ("uz", "Shuningdek oʻqing", "Bizni Telegramda kuzating", "Izohlar (0)", "Poyezdlar kechikmoqda"),
        ("kk", "Тағы оқыңыз", "Бізге Telegram-да жазылыңыз", "Пікірлер (0)", "Пойыздар кешігіп жатыр"),
        ("ky", "Дагы окуңуз", "Бизге Телеграмда жазылыңыз", "Комментарийлер (0)", "Поезддер кечигип жатат"),
        ("tg", "Инчунин хонед", "Ба мо дар Телеграм обуна шавед", "Шарҳҳо (0)", "Қатораҳо дер мекунанд"),
        ("zh", "延伸阅读", "关注我们", "评论（0）", "大雨导致列车晚点"),
        ("ar", "اقرأ أيضا", "تابعونا على تلغرام", "التعليقات (0)", "القطارات تتأخر بسبب المطر"),
        ("fa", "بیشتر بخوانید", "ما را در تلگرام دنبال کنید", "نظرات (0)", "قطارها تأخیر دارند"),
        ("el", "Διαβάστε επίσης", "Ακολουθήστε μας στο Facebook", "Σχόλια (0)", "Τα τρένα καθυστερούν"),
        ("hi", "यह भी पढ़ें", "हमें फॉलो करें", "टिप्पणियां (0)", "ट्रेनें देर से"),
        ("pl", "Czytaj także", "Obserwuj nas na Facebooku", "Komentarze (0)", "Pociągi spóźnione"),
    ] {
        let html = page(
            "",
            &format!(
                "<div><h1>Water</h1><p>{P1}</p><p>{P2}</p><p>{label}: <a href=/a>{other}</a></p><p>{P3}</p><p>{follow}</p>
                 <h3>{label}</h3><ul><li><a href=/a>{other}</a></li><li><a href=/b>{other} 2</a></li></ul><p>{comments}</p></div>"
            ),
        );
        let plain = format!("{P1}\n\n{P2}\n\n{label}: {other}\n\n{P3}\n\n{follow}\n\n{comments}\n");
        for article in [extract(&html), from_text("Water", &plain)] {
            assert!(article.text.contains(P1) && article.text.contains(P3), "{language}: {}", article.text);
            for part in [label, follow, comments, other] {
                assert!(!counts(&article, part), "{language}: {part} in {}", article.text);
            }
        }
    }
}

#[test]
fn walls_are_known_in_many_languages() {
    for (wall, said) in [
        ("captcha", "Bitte bestätigen Sie, dass Sie kein Roboter sind"),
        ("captcha", "Tarayıcınız kontrol ediliyor"),
        ("captcha", "تحقق من أنك لست روبوتًا"),
        ("captcha", "Робот емес екеніңізді растаңыз"),
        ("captcha", "ロボットではないことを確認してください"),
        ("not-found", "Парақша табылмады"),
        ("not-found", "Баракча табылган жок"),
        ("not-found", "Саҳифа ёфт нашуд"),
        ("not-found", "Η σελίδα δεν βρέθηκε"),
        ("consent", "Noi e i nostri partner utilizziamo i cookie. Accetta tutti"),
        ("consent", "我们使用 Cookie 来改善您的体验。接受全部"),
        ("consent", "Ми використовуємо файли cookie. Прийняти все"),
        ("consent", "نستخدم ملفات تعريف الارتباط. قبول الكل"),
    ] {
        let article =
            extract(&page("", &format!("<nav><a href=/>The Lantern</a></nav><div><h1>{said}</h1><p>{said}</p></div>")));
        assert_eq!((article.method.as_str(), article.complete), (wall, false), "{said}");
        assert!(!counts(&article, said), "{said}");
    }
    for said in [
        "Devamını okumak için abone olun",
        "유료 회원 전용 기사입니다",
        "هذا المحتوى للمشتركين فقط",
        "Повний текст доступний лише передплатникам",
        "Dostęp tylko dla prenumeratorów",
        "Толық нұсқасы тек жазылушыларға қолжетімді",
    ] {
        let article = extract(&page("", &format!("<h1>Water</h1><article><p>{P1}</p><p>{said}</p></article>")));
        assert_eq!((article.method.as_str(), article.complete), ("paywall", false), "{said}");
        assert!(counts(&article, P1) && !counts(&article, said), "{said}");
    }
}

#[test]
fn an_article_about_captchas_is_an_article() {
    let html = page(
        "<title>Why a page wants to verify you are human</title>",
        &format!(
            "<article><h1>Why a page wants to verify you are human</h1>{}</article>",
            format!("<p>Sites ask: are you a robot? {P1} {P2}</p>").repeat(4)
        ),
    );
    assert_eq!((extract(&html).method.as_str(), extract(&html).complete), ("article", true));
}

#[test]
fn a_brief_on_what_walls_speak_of_is_news() {
    for (title, line) in [
        (
            "Unusual traffic at the border",
            "Unusual traffic was seen at the border on Friday, and access denied to lorries.",
        ),
        ("Gas is no longer available in Osh", "Nothing found in the pipes explains it."),
    ] {
        let html = page(
            &format!("<title>{title}</title>"),
            &format!("<article><h1>{title}</h1><p>{line} {P1} {P2}</p></article>"),
        );
        assert_eq!((extract(&html).method.as_str(), extract(&html).complete), ("article", true), "{title}");
    }
}

#[test]
fn a_page_that_is_stated_to_be_locked_is_a_stub() {
    let head = "<title>Water is shared</title><meta property=article:content_tier content=locked>";
    let html = page(head, &format!("<article><h1>Water is shared</h1><p>{P1}</p></article>"));
    assert_eq!((extract(&html).method.as_str(), extract(&html).complete), ("paywall", false));
}

#[test]
fn a_page_without_the_words_of_its_summary_is_not_complete() {
    let html = page(
        "<title>Water is shared</title>",
        &format!("<article><h1>Water is shared</h1><p>{P1}</p><p>{P2}</p></article>"),
    );
    let with = |summary: &str| {
        let entry = Entry {
            title: Some("Water".into()),
            summary: Some(summary.to_string()),
            authors: vec![Person { name: Some("Ada Byron".into()), ..Person::default() }],
            ..Entry::default()
        };
        article(html.as_bytes(), &Context { entry: Some(&entry), ..Context::default() })
    };
    let told = with(&format!("<p>{}</p>", &P1[..70]));
    assert!(told.complete);
    assert_eq!(told.byline.as_deref(), Some("Ada Byron"), "the entry fills in what the page did not say");
    assert!(!with("Parliament rejected the budget for railways after midnight, deputies shouted.").complete);
}

#[test]
fn a_page_built_by_scripts_is_told_by_what_it_states() {
    let stated = page(
        &format!(
            r#"<title>Water is shared</title><script type="application/ld+json">{{"@type":"NewsArticle","headline":"Water is shared","articleBody":"{P1}\n\n{P2}"}}</script>"#
        ),
        "<div id=root></div>",
    );
    let article = extract(&stated);
    assert_eq!((article.method.as_str(), article.complete), ("json-ld", true));
    assert_eq!(article.text, format!("{P1}\n\n{P2}"));
    let described = extract(&page(
        &format!("<title>Water is shared</title><meta name=description content='{P1}'>"),
        "<div id=root></div>",
    ));
    assert_eq!((described.method.as_str(), described.complete, described.text.as_str()), ("description", false, P1));
    let empty = extract(&page("<title>Water is shared</title>", "<div id=root></div>"));
    assert_eq!((empty.complete, empty.text.as_str(), empty.title.as_str()), (false, "", "Water is shared"));
}

#[test]
fn lines_beside_the_title_tell_author_and_date_in_many_languages() {
    for (author, name, date) in [
        ("记者 王小明", "王小明", "2024年5月31日 10:00"),
        ("بقلم: أحمد علي", "أحمد علي", "٣١ مايو ٢٠٢٤"),
        ("Yazar: Ayşe Kaya", "Ayşe Kaya", "31 Mayıs 2024 Cuma"),
        ("김철수 기자", "김철수", "2024.05.31 10:00"),
        ("Муаллиф: Азиз Каримов", "Азиз Каримов", "31 май 2024 йил"),
        ("Autor: Jan Nowak", "Jan Nowak", "31 maja 2024"),
    ] {
        let article = extract(&page(
            "",
            &format!("<article><h1>Water</h1><p>{author}</p><p>{date}</p><p>{P1}</p><p>{P2}</p></article>"),
        ));
        assert_eq!(article.byline.as_deref(), Some(name));
        assert_eq!(
            article.published.map(|at| at.to_string()[..10].to_string()).as_deref(),
            Some("2024-05-31"),
            "{date}"
        );
        assert!(!article.text.contains(date), "{}", article.text);
    }
}

#[test]
fn the_texts_own_dates_never_win() {
    let html = page(
        "<title>Water is shared</title>",
        &format!("<article><h1>Water is shared</h1><p>On 3 March 1999 they had failed. {P1}</p><p>{P2}</p></article>"),
    );
    assert_eq!(extract(&html).published.unwrap().to_string(), "2024-05-31T00:00:00Z", "the address has it");
    let bare = article(html.as_bytes(), &Context::default());
    assert_eq!(bare.published, None);
    let beside = html.replace("</h1>", "</h1><span>30 May 2024</span>");
    assert_eq!(article(beside.as_bytes(), &Context::default()).published.unwrap().to_string(), "2024-05-30T00:00:00Z");
}

#[test]
fn the_day_in_the_sites_head_is_not_the_articles() {
    let html = |line: &str| {
        page(
            "<title>Water is shared</title>",
            &format!(
                "<header>Tuesday, 24 November 2026</header><article><h1>Water is shared</h1>{line}<p>{P1}</p><p>{P2}</p></article>"
            ),
        )
    };
    let day = |line: &str, entry: Option<&Entry>| {
        article(html(line).as_bytes(), &Context { entry, ..Context::default() }).published.map(|at| at.to_string())
    };
    assert_eq!(day("", None), None);
    assert_eq!(day("<p>2024-yil 31-may</p>", None).as_deref(), Some("2024-05-31T00:00:00Z"));
    let entry = Entry { published: Some("2024-06-01T10:00:00Z".parse().unwrap()), ..Entry::default() };
    assert_eq!(day("<p>24 November 2026</p>", Some(&entry)).as_deref(), Some("2024-06-01T10:00:00Z"));
}

#[test]
fn the_date_may_stand_at_the_articles_foot_but_not_in_a_box_of_other_stories() {
    let day = |foot: &str| {
        let html = page(
            "<title>Water is shared</title>",
            &format!(
                "<main><h1>Water is shared</h1><div class=entry-content><p>{P1}</p><p>{P2}</p></div>{foot}</main>"
            ),
        );
        article(html.as_bytes(), &Context::default()).published.map(|at| at.strftime("%F").to_string())
    };
    for foot in [
        "<p class=date>May 31, 2024. <i>Updated: June 2, 2024.</i></p>",
        "<p>Share</p><p>Print</p><p>Tags</p><p>Water</p><p>Osh</p><span><time datetime=2024-05-31>31 May</time></span>",
        "<div>Last updated: 31 May 2024</div>",
    ] {
        assert_eq!(day(foot).as_deref(), Some("2024-05-31"), "{foot}");
    }
    let other = "<div class=related><a href=/x>Trains are late</a> <time datetime=2019-01-01>2019</time><p class=date>1 January 2019</p></div>";
    assert_eq!(day(other), None);
}

#[test]
fn an_old_date_of_the_page_does_not_age_what_its_feed_tells_as_new() {
    let html = page(
        r#"<title>Water is shared</title><script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2011-05-31T10:00:00Z"}</script>"#,
        &format!("<article><h1>Water is shared</h1><p>{P1}</p><p>{P2}</p></article>"),
    );
    let with = |day: &str| {
        let entry = Entry { published: Some(day.parse().unwrap()), ..Entry::default() };
        article(html.as_bytes(), &Context { entry: Some(&entry), ..Context::default() }).published.unwrap().to_string()
    };
    assert_eq!(with("2024-06-01T10:00:00Z"), "2024-06-01T10:00:00Z");
    assert_eq!(with("2009-06-01T10:00:00Z"), "2011-05-31T10:00:00Z", "and the other way round");
}

#[test]
fn an_empty_page_is_not_complete() {
    for bytes in [&b""[..], b" \n\t", b"\xef\xbb\xbf", b"<html></html>", b"<!-- x -->"] {
        let article = article(bytes, &Context::default());
        assert!(!article.complete && article.text.is_empty(), "{bytes:?} {article:?}");
    }
}

#[test]
fn what_has_to_be_unpacked_is_told_by_its_feed() {
    let entry = Entry { title: Some("Water is shared".into()), summary: Some(P1.into()), ..Entry::default() };
    for (name, bytes) in [("pdf", &b"%PDF-1.7\nWang Yi"[..]), ("binary", b"PK\x03\x04Wang Yi")] {
        let told = article(bytes, &Context { entry: Some(&entry), ..Context::default() });
        assert_eq!((told.method.as_str(), told.complete, told.text.as_str()), (name, false, P1));
        assert_eq!(told.title, "Water is shared");
        assert!(!told.zones.iter().any(|block| block.text.contains("Wang Yi")));
    }
}

#[test]
fn a_heading_of_second_rank_may_be_the_title() {
    let html = page(
        "<title>Ministers share the water | Council for the Two Rivers of the East</title>",
        &format!("<h1>The Lantern</h1><div><h2>Ministers share the water</h2><p>{P1}</p><p>{P2}</p></div>"),
    );
    let article = extract(&html);
    assert_eq!(article.title, "Ministers share the water");
    assert_eq!(article.text, format!("{P1}\n\n{P2}"));
}

#[test]
fn of_dates_under_made_up_names_the_first_day_is_the_articles() {
    let html = page(
        "<title>Water is shared</title><meta name=x-publish-time content=2026-01-01><meta name=x-published-date content=2024-05-31>",
        &format!("<article><h1>Water is shared</h1><p>{P1}</p><p>{P2}</p></article>"),
    );
    assert_eq!(article(html.as_bytes(), &Context::default()).published.unwrap().to_string(), "2024-05-31T00:00:00Z");
}

#[test]
fn the_sources_selectors_override() {
    let html = page(
        "<title>Water is shared</title>",
        &format!(
            "<div class=x><p>{P2}</p></div><div class=y><p>{P1}</p><p class=ad-note>Wang Yi</p><div class=related><p>{P3}</p></div></div>"
        ),
    );
    let select =
        Selectors { body: Some("div.y".into()), remove: vec![".ad-note".into(), "][".into()], ..Selectors::default() };
    let article = article(html.as_bytes(), &Context { select: Some(&select), ..Context::default() });
    assert_eq!((article.method.as_str(), article.text.as_str()), ("selector", P1));
    assert!(!article.zones.iter().any(|block| block.text.contains("Wang Yi")));
}

#[test]
fn script_addresses_are_no_links() {
    let html = page(
        "<title>Water is shared</title><link rel=canonical href='javascript:alert(1)'><meta property=og:image content='data:image/png;base64,AA'>",
        &format!(
            "<article><h1>Water is shared</h1><p>{P1}</p><p><a href='javascript:void(0)'>Show all</a></p></article>"
        ),
    );
    let article = extract(&html);
    assert_eq!((article.canonical_url, article.image, article.text.as_str()), (None, None, P1));
}

#[test]
fn the_feeds_own_text_makes_an_article() {
    let entry = Entry {
        title: Some("Water is shared".into()),
        link: Some("https://lantern.example/1".into()),
        summary: Some("Short.".into()),
        content: Some(format!("<p>{P1}</p><p>Read more: <a href=/x>Wang Yi</a></p><p>{P2}</p>")),
        ..Entry::default()
    };
    let article = from_entry(&entry, Some("en"));
    assert_eq!(
        (article.method.as_str(), article.complete, article.url.as_str()),
        ("feed", false, "https://lantern.example/1")
    );
    assert_eq!(article.text, format!("{P1}\n\n{P2}"));
    assert_eq!(article.language.as_deref(), Some("en"));
    assert_eq!(from_entry(&Entry::default(), None).text, "");
}

#[test]
fn plain_text_is_an_article_too() {
    let article = article(format!("Water is shared\n\n{P1}\n\nComments (0)\n").as_bytes(), &Context::default());
    assert_eq!(
        (article.method.as_str(), article.title.as_str(), article.text.as_str()),
        ("text", "Water is shared", P1)
    );
}

#[test]
fn whatever_the_bytes_there_is_an_article_in_time() {
    // In release a whole megabyte of each takes under a second; this is for the unoptimized build on a busy machine.
    let n = 1 << 17;
    let fill = |unit: &str| unit.repeat(n / unit.len());
    let hostile = [
        fill("<div>"),
        format!("{}{P1}", "<div class=related>".repeat(20_000)),
        fill("<p>a"),
        fill("<p>Read more: a</p>"),
        fill("<h3>Related</h3>"),
        fill("<li><a href=x>Wang Yi flies to Tashkent</a>"),
        fill("<div><a href=x>a long enough link</a><p>b</p></div>"),
        fill("<br>a"),
        fill("<a href=x>"),
        fill("<table><tr><td>a"),
        fill("<article itemprop=articleBody><p>b"),
        fill("<h1>a</h1>"),
        fill("<time datetime=x>"),
        fill("<script type=application/ld+json>[[[["),
        fill("<meta name=author content=a>"),
        fill("<blockquote><figure><img>a"),
        format!("<p class='{}'>a", fill("ad-")),
        format!("<p style='{}'>a", fill("x:y;")),
        fill("a\n"),
        fill("\u{3000}王"),
        fill("<!--"),
        fill("<select><option>a"),
    ];
    for html in hostile {
        let start = Instant::now();
        let article = extract(&html);
        let told = article.zones.iter().map(|block| block.text.len()).sum::<usize>();
        assert!(told <= 3 * n, "{} made {told} bytes", &html[..30]);
        assert!(start.elapsed() < Duration::from_secs(15), "{} took {:?}", &html[..30], start.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_make_an_article(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = article(&bytes, &Context::default());
    }

    #[test]
    fn the_text_is_what_its_zones_make_it(units in proptest::collection::vec(proptest::sample::select(vec![
        "<p>", "</p>", "<div class=related>", "</div>", "<h1>", "</h1>", "<a href=x>", "</a>", "<li>", "<ul>", "</ul>", "<br>", "<img>", "<figure>",
        "</figure>", "<blockquote>", "</blockquote>", "<nav>", "</nav>", "<article>", "</article>", "<td>", "Read also", P1, P2, "Follow us", " ",
        "<time>", "31 May 2024", "</time>", "<title>", "</title>", "<aside>", "</aside>", "<footer>", "</footer>", "<h2>", "</h2>",
    ]), 0..60)) {
        let article = extract(&units.concat());
        let texts: Vec<&str> = article.zones.iter().filter(|block| block.zone.in_text()).map(|block| block.text.as_str()).collect();
        proptest::prop_assert_eq!(&article.text, &texts.join("\n\n"));
        proptest::prop_assert!(article.zones.iter().all(|block| !block.text.trim().is_empty()));
        proptest::prop_assert!(article.zones.iter().filter(|block| block.zone == Zone::Lead).count() <= 1);
    }
}

#[test]
fn whoever_signed_wins_over_an_outlet_that_is_stated_as_author() {
    let byline = |head: &str, beside: &str| {
        let body = format!("<article><h1>Water is shared</h1>{beside}<p>{P1}</p><p>{P2}</p></article>");
        extract(&page(&format!("<title>Water is shared</title>{head}"), &body)).byline
    };
    let outlet = "<meta property=og:site_name content='The Lantern'><meta name=author content='The Lantern'>";
    assert_eq!(byline(outlet, "<div>By <a rel=author href=/ada>Ada Byron</a></div>").as_deref(), Some("Ada Byron"));
    assert_eq!(byline(outlet, "<p>Mar 5</p>").as_deref(), Some("The Lantern"), "a month is nobody");
    let card = "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ada Byron'>";
    assert_eq!(byline(card, "").as_deref(), Some("Ada Byron"));
    let other =
        "<meta name='twitter:label1' content='Est. reading time'><meta name='twitter:data1' content='4 minutes'>";
    assert_eq!(byline(other, "").as_deref(), None);
    assert_eq!(byline("", "<small>WRITTEN BY</small><p><a href=/ada>Ada Byron</a></p>").as_deref(), Some("Ada Byron"));
    assert_eq!(byline("", "<div class=blog__authorname>Ada Byron</div>").as_deref(), Some("Ada Byron"));
}
