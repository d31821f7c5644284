//! Invented news for the bench: the same at each run but for their dates. In: a source's number. Out: its feed in one of three
//! formats, its new entry's page with all that such pages carry (menus, scripts, cards, comments), and the names that are watched.
//! A page is modelled on the medians of real ones of its size: 550 elements, 15 kB of scripts, 9 kB of text.

use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;
use wirewatch::clock::Clock;

pub const SOURCES: usize = 1000;
/// In each feed at each time.
pub const ENTRIES: usize = 20;
pub const RULES: usize = 100;
/// Stands in each article; half of the rules ask for it.
pub const PHRASE: &str = "joint communique";

/// Stands in feeds where the address they are asked under belongs.
const BASE: &str = "http://BASE";

const ENGLISH: &str = "about above according across after again against agreement aid air all allies also amid among and \
    annual another are around as asked at autumn bank based before began between bilateral border both bridge budget build but by \
    called can canal capital central chair change city close cold committee communique conference continue cooperation corridor \
    council country countries court cross customs dam day deal decade delegation deputy development dialogue direct district dozen \
    draft during early east economy education eight election emergency energy engineers envoy every expected experts export \
    facility farmers few fifth final first flood for foreign forum four freight from fuel further gas glacier goods government \
    grain growing growth guests had harvest has have head held help high historic hold home hospital hour house housing import in \
    include increase industry infrastructure international into investment invited is issue it its joined journalists journey July \
    key lake land large last launch leaders leaving levels line local long lower made main major many market matter measures meet \
    meeting members ministers ministry minute mission money month more morning mountain moved much national natural near needed \
    negotiations neighbours network new next night north not now number October of off office officials oil old on one only open \
    opposition or order other out over own pact parliament part parties passed peace people percent pipeline place plan plant \
    political population port power prepared president press prices private procedure process produce programme project promised \
    proposal public quarter question railway rain raised reached ready reform region regional relations report republic request \
    residents resources result return river road room rose rural said same school sea season second sector security senior session \
    set settlement several she shore side signed since situation six small south speaker spoke spring staff state statement station \
    still storage stressed students summer summit supply support survey system table talks tariff team technical ten term than that \
    the their them there these they third this thousands three through time to told toll topic town trade train transit transport \
    travel treaty two under university until up urged use valley village visit vote was water week well went were west wheat when \
    where which while who will winter with without work workers world would year years young";
const RUSSIAN: &str = "автор агентство более будет были было важный весной вечером власти внешней вода возле вопрос время все встреча \
    вторник выборы газ где год года города граница группа данным два делегация день для до договор договоренности дома дорога другие \
    его если есть еще железной за заместитель заседание заявил здесь зерно зимой и из или иностранных инвестиции их июля июня к как \
    канал комитет конференция коридор которые который культуры между месяц министерство министр мира много может море мост на нефть \
    нового новый о об области обсудили общий один озера октября он они осенью открыли отметил отношения очередной парламент первый \
    перевозки переговоры план по поддержка подписали пока порт после посол поставки правительство председатель президент приняли \
    проект прошли пути развитие района регион река республика решение с саммит севере сегодня села сессия сказал следующий снова \
    совет совместное соглашение сообщили состоялась сотрудничество сроки станции стороны страны строительство суд также тарифы то \
    товары только торговля транзит третий три у участники форум хозяйства через что экономика экспорт эксперты энергия этом юге";
const PARTS: [&str; 20] = [
    "kel", "mar", "tov", "ran", "bes", "lin", "dor", "vash", "zur", "nem", "pol", "gar", "hes", "tik", "sal", "bor",
    "qui", "fen", "jal", "wos",
];

/// All that is published.
pub struct News {
    feeds: Vec<[String; 2]>,
    pages: Vec<String>,
}

/// The organization of a rule.
pub fn organization(rule: usize) -> String {
    format!("{} Transit Union", name(rule, 3))
}

/// Its official.
pub fn official(rule: usize) -> String {
    format!("{} {}", name(rule, 7), name(rule, 11))
}

fn name(rule: usize, salt: usize) -> String {
    let [first, second, third] = [rule + salt, rule + salt * 5, rule / 20 + salt].map(|part| PARTS[part % PARTS.len()]);
    format!("{}{}{second}{third}", first[..1].to_uppercase(), &first[1..])
}

impl News {
    pub fn made() -> Self {
        let now = Clock::system().now();
        let feeds = (0..SOURCES).map(|source| [0, 1].map(|new| feed(source, new, now))).collect();
        Self { feeds, pages: (0..SOURCES).map(page).collect() }
    }

    /// A feed's content type and text, under the address that it is asked at, when so many of its entries are new.
    pub fn feed(&self, source: usize, new: usize, base: &str) -> (&'static str, String) {
        let kind = match source % SOURCES % 3 {
            0 => "application/rss+xml; charset=utf-8",
            1 => "application/atom+xml",
            _ => "application/feed+json",
        };
        let text = &self.feeds[source % SOURCES][new];
        if source < SOURCES {
            return (kind, text.replace(BASE, base));
        }
        (kind, text.replace(&format!("{BASE}/{}/", source % SOURCES), &format!("{base}/{source}/")))
    }

    /// The page of the new entry.
    pub fn page(&self, source: usize) -> &str {
        &self.pages[source]
    }

    /// Of a feed and of a page.
    pub fn mean_bytes(&self) -> (usize, usize) {
        let feeds: usize = self.feeds.iter().map(|feeds| feeds[0].len()).sum();
        (feeds / SOURCES, self.pages.iter().map(String::len).sum::<usize>() / SOURCES)
    }
}

/// Words by a generator of its own (xorshift), so that no two texts are copies of one story.
struct Writer {
    state: u64,
    words: Vec<&'static str>,
}

impl Writer {
    fn new(source: usize, text: usize) -> Self {
        let words = if source.is_multiple_of(4) { RUSSIAN } else { ENGLISH };
        let state = (source as u64 * 1000 + text as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { state, words: words.split_ascii_whitespace().collect() }
    }

    fn number(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % below
    }

    fn words(&mut self, count: usize) -> String {
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            let at = self.number(self.words.len());
            words.push(self.words[at]);
        }
        let text = words.join(" ");
        let first = text.chars().next().unwrap();
        first.to_uppercase().chain(text.chars().skip(1)).collect()
    }

    fn sentences(&mut self, count: usize) -> String {
        let sentences: Vec<String> = (0..count)
            .map(|_| {
                let length = 10 + self.number(12);
                self.words(length) + "."
            })
            .collect();
        sentences.join(" ")
    }
}

/// A short article of the archive: its language, title and paragraphs.
pub fn short(number: usize) -> (&'static str, String, Vec<String>) {
    let mut writer = Writer::new(number, 3);
    let chinese = |writer: &mut Writer, count: usize| -> String {
        let all: Vec<char> = HAN.chars().collect();
        (0..count).map(|_| all[writer.number(all.len())]).collect()
    };
    let paragraphs = if number % 5 == 3 {
        (0..3).map(|_| format!("{}，{}。", chinese(&mut writer, 22), chinese(&mut writer, 18))).collect()
    } else {
        let names: Vec<String> = (0..6).map(|_| rare(writer.number(8000))).collect();
        vec![
            format!("{} {} {}", names[0], writer.words(22), names[1]) + ".",
            format!("{} {} {} {}", writer.words(18), names[2], names[3], writer.words(8)) + ".",
            format!("{} {} {}", writer.words(20), names[4], names[5]) + ".",
            rare(number / 20 + 8000) + " said.",
            if number.is_multiple_of(500) {
                format!("{} met the press.", official(number / 500 % RULES))
            } else {
                writer.words(9) + "."
            },
        ]
    };
    let title = if number % 5 == 3 { chinese(&mut writer, 14) } else { writer.words(8) };
    let language = match number {
        _ if number % 5 == 3 => "zh",
        _ if number.is_multiple_of(4) => "ru",
        _ => "en",
    };
    (language, title, paragraphs)
}

const HAN: &str = "中国上海合作组织会议部长外交经济发展安全国家主席总理访问签署协议贸易河港铁路能源石油天气农业粮食水库边境部门官员表示今天举行参加代表团讨论问题支持加强关系双方认为共同推进地区和平稳定北京城市建设投资企业市场增长报告显示预计明年计划完成";

/// A word that few articles have.
pub fn rare(number: usize) -> String {
    let mut left = number;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(PARTS[left % PARTS.len()]);
        left /= PARTS.len();
    }
    word
}

struct Piece {
    link: String,
    title: String,
    summary: String,
    at: Timestamp,
}

/// The entries of a feed, newest first. One in twenty names somebody who is watched.
fn feed(source: usize, new: usize, now: Timestamp) -> String {
    let pieces: Vec<Piece> = (0..ENTRIES)
        .map(|place| {
            let number = (ENTRIES - 1 + new) - place;
            let mut writer = Writer::new(source, number);
            let link = if number == ENTRIES { "new".into() } else { format!("2026/11/story-of-the-day-{number:05}") };
            let mut summary = writer.words(if source.is_multiple_of(4) { 14 } else { 24 }) + ".";
            if number == 7 {
                summary = format!("{} {} {}.", summary, organization(source % RULES), writer.words(4));
            }
            let title = if number == ENTRIES { headline(source) } else { writer.words(8) };
            let at = now - SignedDuration::from_mins(15 * (ENTRIES - number) as i64);
            Piece { link: format!("{BASE}/{source}/{link}.html"), title, summary, at }
        })
        .collect();
    match source % 3 {
        0 => rss(source, &pieces),
        1 => atom(source, &pieces),
        _ => json(source, &pieces),
    }
}

fn language(source: usize) -> &'static str {
    if source.is_multiple_of(4) { "ru" } else { "en" }
}

fn rss(source: usize, pieces: &[Piece]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n<title>Wire {source}</title>\n\
         <link>{BASE}/{source}/</link>\n<description>News of district {source}</description>\n<language>{}</language>\n",
        language(source)
    );
    for Piece { link, title, summary, at } in pieces {
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(at).unwrap();
        let _ = write!(
            text,
            "<item>\n<title>{title}</title>\n<link>{link}</link>\n<guid isPermaLink=\"true\">{link}</guid>\n\
             <pubDate>{date}</pubDate>\n<dc:creator>Desk {source}</dc:creator>\n<category>world</category>\n\
             <description><![CDATA[<p>{summary}</p>]]></description>\n</item>\n"
        );
    }
    text + "</channel>\n</rss>\n"
}

fn atom(source: usize, pieces: &[Piece]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{BASE}/{source}/</id>\n<title>Wire {source}</title>\n<updated>{}</updated>\n",
        language(source),
        pieces[0].at
    );
    for Piece { link, title, summary, at } in pieces {
        let _ = write!(
            text,
            "<entry>\n<id>{link}</id>\n<title>{title}</title>\n<link rel=\"alternate\" href=\"{link}\"/>\n\
             <published>{at}</published>\n<updated>{at}</updated>\n<author><name>Desk {source}</name></author>\n\
             <summary type=\"html\">&lt;p&gt;{summary}&lt;/p&gt;</summary>\n</entry>\n"
        );
    }
    text + "</feed>\n"
}

fn json(source: usize, pieces: &[Piece]) -> String {
    let items: Vec<serde_json::Value> = pieces
        .iter()
        .map(|Piece { link, title, summary, at }| {
            serde_json::json!({
                "id": link, "url": link, "title": title, "content_html": format!("<p>{summary}</p>"),
                "date_published": at.to_string(), "authors": [{ "name": format!("Desk {source}") }], "tags": ["world"],
            })
        })
        .collect();
    let feed = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1", "title": format!("Wire {source}"),
        "home_page_url": format!("{BASE}/{source}/"), "language": language(source), "items": items,
    });
    serde_json::to_string_pretty(&feed).unwrap()
}

fn headline(source: usize) -> String {
    Writer::new(source, ENTRIES).words(9)
}

fn page(source: usize) -> String {
    let mut writer = Writer::new(source, 100);
    let title = headline(source);
    let rule = source % RULES;
    let mut html = String::with_capacity(90_000);
    let language = language(source);
    let _ = write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"{language}\" class=\"no-js\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} | Wire {source}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"description\" content=\"{}\">\n\
         <meta name=\"author\" content=\"Desk {source}\">\n<meta property=\"og:type\" content=\"article\">\n\
         <meta property=\"og:title\" content=\"{title}\">\n<meta property=\"og:site_name\" content=\"Wire {source}\">\n\
         <meta property=\"og:image\" content=\"/{source}/lead.jpg\">\n<meta name=\"twitter:card\" content=\"summary_large_image\">\n",
        writer.sentences(1)
    );
    for n in 0..12 {
        let _ = writeln!(html, "<link rel=\"stylesheet\" href=\"/static/css/part-{n}.3f8a91.css\" media=\"all\">");
    }
    let _ = writeln!(
        html,
        "<script type=\"application/ld+json\">{}</script>",
        serde_json::json!({ "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
            "author": [{ "@type": "Person", "name": format!("Desk {source}") }], "publisher": { "@type": "Organization", "name": format!("Wire {source}") } })
    );
    script(&mut html, &mut writer, 11_000 + writer_size(source, 8_000));
    html.push_str(
        "</head>\n<body class=\"article-page theme-light\">\n<header class=\"site-header\"><nav class=\"menu\"><ul>\n",
    );
    for n in 0..45 {
        let _ = writeln!(
            html,
            "<li class=\"menu-item menu-item-{n}\"><a class=\"menu-link\" href=\"/{source}/section-{n}/\">{}</a></li>",
            writer.words(1)
        );
    }
    let _ = write!(
        html,
        "</ul></nav></header>\n<main class=\"layout\">\n<article class=\"story\" id=\"story-{source}\">\n<h1 class=\"story-title\">{title}</h1>\n\
         <div class=\"story-meta\"><span class=\"byline\">Desk {source}</span></div>\n\
         <figure class=\"lead\"><img src=\"/{source}/lead.jpg\" alt=\"\" width=\"1200\" height=\"675\" loading=\"lazy\"><figcaption>{}</figcaption></figure>\n\
         <div class=\"story-body\" itemprop=\"articleBody\">\n",
        writer.sentences(1)
    );
    for paragraph in 0..16 {
        let mut text = writer.sentences(3);
        match paragraph {
            1 => text = format!("{} {} {} {}. {text}", writer.words(5), organization(rule), PHRASE, writer.words(3)),
            5 => text = format!("{} {} {}. {text}", writer.words(3), official(rule), writer.words(6)),
            _ => {}
        }
        let _ = writeln!(
            html,
            "<p class=\"story-paragraph\">{text} <a href=\"/{source}/topic-{paragraph}/\">{}</a></p>",
            writer.words(2)
        );
        if paragraph == 7 {
            html.push_str(
                "<div class=\"ad-slot\" data-slot=\"mid-article\" data-sizes=\"[[300,250],[336,280]]\"></div>\n",
            );
        }
    }
    html.push_str("</div>\n</article>\n<aside class=\"related\"><h2>Related stories</h2>\n");
    for n in 0..24 {
        let _ = writeln!(
            html,
            "<div class=\"card card--small\" data-card-id=\"{source}-{n}\" data-track='{{\"position\":{n},\"list\":\"related\"}}'>\
             <a class=\"card-link\" href=\"/{source}/related-{n}.html\"><picture><source srcset=\"/{source}/thumb-{n}.webp 1x, /{source}/thumb-{n}@2x.webp 2x\" type=\"image/webp\">\
             <img class=\"card-image\" src=\"/{source}/thumb-{n}.jpg\" alt=\"\" width=\"320\" height=\"180\" loading=\"lazy\"></picture>\
             <h3 class=\"card-title\">{}</h3></a><time class=\"card-time\">{} min</time></div>",
            writer.words(8),
            n + 3
        );
    }
    html.push_str("</aside>\n<section class=\"comments\" id=\"comments\"><h2>Comments</h2>\n");
    for n in 0..10 {
        let _ = writeln!(
            html,
            "<div class=\"comment\" id=\"comment-{n}\"><b class=\"comment-author\">{}</b><p>{}</p></div>",
            writer.words(1),
            writer.sentences(1)
        );
    }
    html.push_str("</section>\n</main>\n");
    script(&mut html, &mut writer, 6_000 + writer_size(source, 14_000));
    html.push_str("<footer class=\"site-footer\"><div class=\"columns\">\n");
    for n in 0..50 {
        let _ = writeln!(html, "<a class=\"footer-link\" href=\"/{source}/about-{n}/\">{}</a>", writer.words(2));
    }
    html + "</div></footer>\n</body>\n</html>\n"
}

/// Pages differ in size by what is not text.
fn writer_size(source: usize, most: usize) -> usize {
    source * 7919 % most
}

fn script(html: &mut String, writer: &mut Writer, bytes: usize) {
    html.push_str("<script>");
    let end = html.len() + bytes;
    while html.len() < end {
        let (a, b) = (writer.number(1 << 20), writer.number(1 << 20));
        let _ = writeln!(
            html,
            "window.__q=window.__q||[];if(a{a}<b{b}){{__q.push([\"set\",{{id:\"{a:x}-{b:x}\",fn:function(e,t){{return e&&t<{b}}}}}]);}}"
        );
    }
    html.push_str("</script>\n");
}
