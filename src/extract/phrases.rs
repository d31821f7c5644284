//! In: one line of text. Out: whether it is furniture that many outlets put into articles — "Advertisement", "Follow us", "Read also" — in the
//! languages of the wires. It knows no outlet, and judges no line that could be a sentence of the news.

use crate::model::Zone;
use foldhash::{HashMap, HashSet};
use std::sync::LazyLock;

/// Code points of a line that can be furniture.
const LINE_CHARS_MAX: usize = 400;

/// A line as the lists below have theirs: lower case, one apostrophe, no marks at its ends.
#[derive(Debug)]
pub(super) struct Line {
    text: String,
    chars: usize,
}

impl Line {
    /// `None` for what is too long to be furniture or a label.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = line.trim_matches(|c: char| c.is_whitespace() || EDGES.contains(&c));
        if line.is_empty() || line.char_indices().nth(LINE_CHARS_MAX).is_some() {
            return None;
        }
        let (mut text, mut chars) = (String::with_capacity(line.len()), 0);
        for c in line.chars() {
            chars += 1;
            match c {
                '’' | '‘' | 'ʻ' | 'ʼ' | '`' => text.push('\''),
                c if c.is_ascii() => text.push(c.to_ascii_lowercase()),
                c => text.extend(c.to_lowercase()),
            }
        }
        Some(Self { text, chars })
    }

    /// The zone of a line that is furniture as a whole.
    pub(super) fn furniture(&self) -> Option<Zone> {
        let text = self.text.as_str();
        let bare = text.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "()[]:+.!,".contains(c));
        if WHOLE_SET.contains(text) || WHOLE_SET.contains(bare) {
            let comments = COMMENTS.iter().any(|word| bare.starts_with(word));
            return Some(if comments { Zone::Comments } else { Zone::Footer });
        }
        let sourced = self.chars <= 60 && SOURCE.iter().any(|start| text.starts_with(start));
        let follows = text.starts_with("follow ") && NETWORKS.iter().any(|network| text.contains(network));
        let owned = text.starts_with('©') || text.starts_with("copyright") || text.starts_with("(c) ");
        let asks = STARTS_BY_FIRST.prefixes(text).next().is_some();
        (sourced || follows || owned || asks || self.is_reading_time() || self.is_address()).then_some(Zone::Footer)
    }

    /// Whether it is the label of a list of other stories: "Related articles".
    pub(super) fn is_related_label(&self) -> bool {
        RELATED_SET.contains(self.text.trim_end_matches([':', '：', '…', '.', '»', '>', '→', '!']).trim())
    }

    /// Whether it may be such a label if links follow: "More from our partners".
    pub(super) fn may_be_related_label(&self) -> bool {
        self.chars <= 70
            && (RELATED_BY_FIRST.prefixes(&self.text).next().is_some()
                || RELATED_STARTS.iter().any(|start| self.text.starts_with(start)))
    }

    /// Whether it is such a label with its story on the same line: "Read also: …".
    pub(super) fn labels_related(&self) -> bool {
        let text = self.text.trim_start_matches(['(', '[', '>', '→', ' ']);
        let marks = [':', '：', '|', '>', '»', '→', '—', '–'];
        let parted = |rest: &str| rest.trim_start().strip_prefix(marks).is_some_and(|story| !story.trim().is_empty());
        RELATED_BY_FIRST.prefixes(text).any(|label| parted(&text[label.len()..]))
            || ["related post:", "related story:", "related article:", "also:", "also on "]
                .iter()
                .any(|s| text.starts_with(s))
    }

    /// Whether it begins with such a label; its story must be a link.
    pub(super) fn begins_with_label(&self) -> bool {
        RELATED_BY_FIRST.prefixes(&self.text).any(|label| self.text[label.len()..].starts_with(' '))
    }

    /// Whether it names the sources at an article's end.
    pub(super) fn is_references(&self) -> bool {
        REFERENCES.iter().any(|start| self.text.starts_with(start))
    }

    /// "5 min read", "reading time: 3 minutes", "время чтения 2 минуты".
    fn is_reading_time(&self) -> bool {
        self.chars <= 40 && READING_TIME.iter().any(|mark| self.text.contains(mark))
    }

    /// An e-mail address or a handle and nothing else.
    fn is_address(&self) -> bool {
        self.text.contains('@') && self.text.is_ascii() && !self.text.contains(char::is_whitespace)
    }
}

/// Marks that outlets put around such lines.
const EDGES: [char; 18] = ['|', '•', '·', '-', '–', '—', '*', '#', '▼', '▲', '►', '▶', '×', '✕', '«', '»', '"', '“'];

static WHOLE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| WHOLE.iter().copied().collect());
static RELATED_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| RELATED.iter().copied().collect());
static RELATED_BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| ByFirst::of(RELATED));
static STARTS_BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| ByFirst::of(STARTS));

/// Phrases by their first two letters: a page has thousands of lines, and most begin like no phrase.
struct ByFirst(HashMap<(char, char), Vec<&'static str>>);

impl ByFirst {
    fn of(phrases: &[&'static str]) -> Self {
        let mut by_first: HashMap<_, Vec<_>> = HashMap::default();
        for phrase in phrases {
            by_first.entry(Self::key(phrase)).or_default().push(*phrase);
        }
        Self(by_first)
    }

    fn key(text: &str) -> (char, char) {
        let mut chars = text.chars();
        (chars.next().unwrap_or_default(), chars.next().unwrap_or_default())
    }

    /// The phrases with which a text begins.
    fn prefixes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        self.0.get(&Self::key(text)).into_iter().flatten().copied().filter(move |phrase| text.starts_with(phrase))
    }
}

const SOURCE: [&str; 5] = ["source:", "sources:", "источник:", "manba:", "来源："];

const REFERENCES: [&str; 9] =
    ["reference", "sources", "source:", "footnotes", "notes", "bibliography", "further reading", "источник", "quellen"];

const READING_TIME: [&str; 13] = [
    "min read",
    "mins read",
    "minute read",
    "minutes read",
    "min. read",
    "reading time",
    "read time",
    "tempo de leitura",
    "tiempo de lectura",
    "temps de lecture",
    "lesezeit",
    "tempo di lettura",
    "время чтения",
];

const NETWORKS: [&str; 9] =
    ["facebook", "twitter", "instagram", "telegram", "youtube", "linkedin", "tiktok", "whatsapp", " on x"];

const COMMENTS: [&str; 12] = [
    "comment",
    "leave a",
    "no comment",
    "коммент",
    "оставить",
    "izoh",
    "изоҳ",
    "kommentar",
    "comentario",
    "commentaire",
    "评论",
    "댓글",
];

/// Lines that are furniture as a whole.
const WHOLE: &[&str] = &[
    "advertisement",
    "advertisements",
    "advert",
    "ad",
    "sponsored",
    "sponsored content",
    "promoted",
    "story continues below advertisement",
    "article continues below advertisement",
    "advertisement - scroll to continue",
    "scroll to continue",
    "close",
    "share",
    "share this",
    "share this story",
    "share this article",
    "share this post",
    "share article",
    "share on facebook",
    "share on twitter",
    "share this on whatsapp",
    "share this:",
    "share:",
    "tweet",
    "pin it",
    "print",
    "print this article",
    "email",
    "e-mail",
    "save",
    "copy link",
    "link copied",
    "facebook",
    "twitter",
    "instagram",
    "telegram",
    "whatsapp",
    "linkedin",
    "youtube",
    "x",
    "vk",
    "comments",
    "comment",
    "leave a comment",
    "leave a reply",
    "no comments",
    "no comments yet",
    "post a comment",
    "add a comment",
    "view comments",
    "show comments",
    "join the conversation",
    "topics",
    "topics:",
    "tags",
    "tags:",
    "filed under",
    "filed under:",
    "follow",
    "follow us",
    "follow us:",
    "follow us on",
    "subscribe",
    "subscribe now",
    "sign up",
    "sign in",
    "log in",
    "login",
    "register",
    "menu",
    "search",
    "home",
    "skip to content",
    "skip to main content",
    "back to top",
    "scroll back to top",
    "scroll to top",
    "all rights reserved",
    "loading",
    "loading...",
    "this slideshow requires javascript",
    "this slideshow requires javascript.",
    "listen to this article",
    "listen",
    "reuse this content",
    "view this post on instagram",
    "see more",
    "show more",
    "read full article",
    "continue reading",
    "next",
    "previous",
    "next article",
    "previous article",
    "something to consider",
    "get the newsletter",
    "newsletter",
    "newsletters",
    "click to expand",
    "click to enlarge",
    "see full gallery",
    "view gallery",
    "watch live",
    "watch now",
    "play video",
    "pause",
    "mute",
    "реклама",
    "поделиться",
    "поделитесь",
    "поделиться:",
    "комментарии",
    "комментарии:",
    "комментировать",
    "оставить комментарий",
    "нет комментариев",
    "теги",
    "теги:",
    "метки",
    "темы",
    "распечатать",
    "версия для печати",
    "подписаться",
    "подпишитесь",
    "все права защищены",
    "наверх",
    "закрыть",
    "войти",
    "меню",
    "поиск",
    "главная",
    "читать далее",
    "показать еще",
    "показать ещё",
    "следите за нами",
    "реклама.",
    "поділитися",
    "коментарі",
    "ulashish",
    "izohlar",
    "izoh qoldirish",
    "reklama",
    "obuna bo'ling",
    "obuna bo'lish",
    "bizni kuzatib boring",
    "teglar",
    "chop etish",
    "улашиш",
    "изоҳлар",
    "обуна бўлинг",
    "бизни кузатиб боринг",
    "teglar:",
    "бөлісу",
    "жарнама",
    "бөлүшүү",
    "жарнак",
    "anzeige",
    "werbung",
    "teilen",
    "kommentare",
    "drucken",
    "newsletter abonnieren",
    "publicité",
    "partager",
    "commentaires",
    "imprimer",
    "publicidad",
    "compartir",
    "comentarios",
    "imprimir",
    "publicidade",
    "compartilhar",
    "compartilhe",
    "comentários",
    "pubblicità",
    "condividi",
    "commenti",
    "stampa",
    "reklam",
    "paylaş",
    "yorumlar",
    "bizi takip edin",
    "分享到",
    "分享",
    "打印",
    "评论",
    "关注我们",
    "版权所有",
    "广告",
    "收藏",
    "字号",
    "返回顶部",
    "シェア",
    "広告",
    "コメント",
    "印刷",
    "공유",
    "댓글",
    "인쇄",
    "إعلان",
    "شارك",
    "تعليقات",
    "اشتراک‌گذاری",
    "udostępnij",
    "komentarze",
];

/// How lines begin that ask the reader for something.
const STARTS: &[&str] = &[
    "follow us on ",
    "follow us @",
    "follow us at ",
    "follow @",
    "like us on ",
    "find us on ",
    "join us on ",
    "join our telegram",
    "join our whatsapp",
    "join our channel",
    "subscribe to our ",
    "subscribe to the ",
    "subscribe on ",
    "sign up for our ",
    "sign up to our ",
    "sign up for the ",
    "sign up here",
    "click here to subscribe",
    "click here to sign up",
    "click here to read",
    "click here for more",
    "get the latest news ",
    "get our free ",
    "download our app",
    "download the app",
    "like this story? share",
    "enjoyed this article? ",
    "if you enjoyed this article",
    "have a news tip",
    "have a story tip",
    "got a news tip",
    "got a tip?",
    "share this story ",
    "share this article ",
    "tell us what you think",
    "what do you think? ",
    "to comment on this",
    "this article was originally published on ",
    "read this article in ",
    "support our journalism",
    "reach the reporter",
    "contact the author",
    "comments are closed",
    "all rights reserved",
    "click here to see ",
    "most read",
    "scan the qr",
    "tap here to",
    "first published on ",
    "first published: ",
    "last updated on ",
    "last updated:",
    "last updated ",
    "last modified",
    "published: ",
    "updated: ",
    "published on ",
    "posted on ",
    "posted in ",
    "posted by ",
    "tagged with",
    "this entry was posted",
    "подписывайтесь на ",
    "подпишитесь на ",
    "присоединяйтесь к ",
    "следите за нашими ",
    "следите за нами ",
    "следите за новостями",
    "читайте нас в",
    "мы в telegram",
    "мы в соцсетях",
    "наш канал в ",
    "нашли ошибку",
    "заметили ошибку",
    "если вы нашли ошибку",
    "если вы заметили ошибку",
    "все права защищены",
    "при использовании материалов",
    "при перепечатке",
    "хотите быть в курсе",
    "telegram kanalimiz",
    "telegram-kanalimiz",
    "kanalimizga obuna",
    "bizning telegram",
    "saytimizda xato",
    "материалдан фойдаланганда",
    "каналимизга обуна",
    "telegram каналимиз",
    "підписуйтесь на ",
    "підписуйтеся на ",
    "folgen sie uns",
    "abonnieren sie",
    "suivez-nous",
    "abonnez-vous",
    "síguenos en",
    "suscríbete",
    "siga-nos",
    "siga o ",
    "inscreva-se",
    "seguici su",
    "iscriviti",
    "bizi takip",
    "扫码",
    "扫描二维码",
    "关注公众号",
    "版权声明",
    "未经授权",
    "本文来源",
    "责任编辑",
    "编辑：",
    "무단전재",
    "저작권자",
    "기사입력",
    "フォローする",
];

/// Labels of lists of other stories.
const RELATED: &[&str] = &[
    "related",
    "related articles",
    "related article",
    "related stories",
    "related story",
    "related news",
    "related posts",
    "related content",
    "related links",
    "related topics",
    "related coverage",
    "related reading",
    "related reports",
    "related video",
    "related videos",
    "more on this story",
    "more on this",
    "more on this topic",
    "more on the topic",
    "more stories",
    "more news",
    "more articles",
    "more from",
    "more to read",
    "more like this",
    "more",
    "read more",
    "read also",
    "also read",
    "read next",
    "read this next",
    "read on",
    "read too",
    "see also",
    "see more",
    "see related",
    "also see",
    "you may also like",
    "you might also like",
    "you may like",
    "you might like",
    "you may also be interested in",
    "you might also be interested in",
    "you may be interested in",
    "you may also enjoy",
    "you might also enjoy",
    "you'll also love",
    "recommended",
    "recommended for you",
    "recommended stories",
    "recommended reading",
    "recommended articles",
    "suggested reading",
    "suggested stories",
    "don't miss",
    "do not miss",
    "must read",
    "must reads",
    "editor's picks",
    "editors' picks",
    "editor's choice",
    "most read",
    "most popular",
    "most viewed",
    "popular",
    "popular now",
    "popular stories",
    "popular news",
    "popular posts",
    "trending",
    "trending now",
    "trending stories",
    "top stories",
    "top news",
    "latest",
    "latest news",
    "latest stories",
    "latest articles",
    "latest posts",
    "recent posts",
    "recent articles",
    "recent news",
    "other news",
    "other stories",
    "other articles",
    "other posts you may enjoy",
    "in other news",
    "up next",
    "what to read next",
    "what to watch next",
    "around the web",
    "from around the web",
    "from our partners",
    "sponsored stories",
    "breaking news",
    "similar articles",
    "similar news",
    "similar stories",
    "keep reading",
    "further reading",
    "in this series",
    "in case you missed it",
    "explore more",
    "learn more",
    "watch",
    "watch also",
    "watch more",
    "watch next",
    "читайте также",
    "читайте еще",
    "читайте ещё",
    "читайте",
    "читать также",
    "читать еще",
    "читать ещё",
    "смотрите также",
    "смотрите еще",
    "см. также",
    "по теме",
    "ещё по теме",
    "еще по теме",
    "материалы по теме",
    "новости по теме",
    "статьи по теме",
    "другие новости",
    "другие материалы",
    "похожие новости",
    "похожие статьи",
    "похожие материалы",
    "популярное",
    "популярные новости",
    "самое читаемое",
    "самое популярное",
    "рекомендуем",
    "рекомендуем прочитать",
    "вам может быть интересно",
    "вам будет интересно",
    "возможно, вас заинтересует",
    "последние новости",
    "главные новости",
    "лента новостей",
    "новости партнеров",
    "новости партнёров",
    "связанные новости",
    "подробнее",
    "на эту тему",
    "сюжет",
    "ранее по теме",
    "больше новостей",
    "ещё новости",
    "еще новости",
    "интересное",
    "o'qing",
    "shuningdek o'qing",
    "yana o'qing",
    "mavzuga oid",
    "mavzuga doir",
    "o'xshash yangiliklar",
    "so'nggi yangiliklar",
    "ko'p o'qilgan",
    "tavsiya etamiz",
    "boshqa yangiliklar",
    "aloqador xabarlar",
    "шунингдек ўқинг",
    "яна ўқинг",
    "ўқинг",
    "мавзуга оид",
    "мавзуга доир",
    "ўхшаш янгиликлар",
    "сўнгги янгиликлар",
    "кўп ўқилган",
    "тавсия этамиз",
    "бошқа янгиликлар",
    "оқи отырыңыз",
    "тағы оқыңыз",
    "ұқсас жаңалықтар",
    "соңғы жаңалықтар",
    "ошондой эле окуңуз",
    "окшош жаңылыктар",
    "акыркы жаңылыктар",
    "хабарҳои дигар",
    "инчунин хонед",
    "читайте також",
    "читайте ще",
    "по темі",
    "новини за темою",
    "czytaj także",
    "czytaj też",
    "czytaj również",
    "zobacz też",
    "zobacz także",
    "lesen sie auch",
    "lesen sie mehr",
    "mehr zum thema",
    "mehr dazu",
    "auch interessant",
    "das könnte sie auch interessieren",
    "weitere artikel",
    "weiterlesen",
    "meistgelesen",
    "lire aussi",
    "à lire aussi",
    "a lire aussi",
    "à lire également",
    "lire la suite",
    "sur le même sujet",
    "voir aussi",
    "articles liés",
    "articles similaires",
    "les plus lus",
    "lee también",
    "lea también",
    "leer también",
    "leer más",
    "te puede interesar",
    "le puede interesar",
    "más información",
    "noticias relacionadas",
    "relacionadas",
    "artículos relacionados",
    "más noticias",
    "más leídas",
    "ver también",
    "ver más",
    "leia também",
    "leia mais",
    "veja também",
    "saiba mais",
    "notícias relacionadas",
    "matérias relacionadas",
    "mais lidas",
    "leggi anche",
    "leggi anche su",
    "leggi tutto",
    "potrebbe interessarti",
    "articoli correlati",
    "notizie correlate",
    "lees ook",
    "lees meer",
    "meer over",
    "ilgili haberler",
    "i̇lgili haberler",
    "benzer haberler",
    "diğer haberler",
    "son haberler",
    "çok okunanlar",
    "bunları da okuyun",
    "ayrıca okuyun",
    "okumadan geçme",
    "相关阅读",
    "相关新闻",
    "相关报道",
    "相关文章",
    "相关链接",
    "相关推荐",
    "推荐阅读",
    "延伸阅读",
    "热门推荐",
    "热门新闻",
    "更多新闻",
    "更多阅读",
    "更多报道",
    "更多",
    "为您推荐",
    "猜你喜欢",
    "精彩推荐",
    "最新新闻",
    "相關新聞",
    "相關閱讀",
    "延伸閱讀",
    "推薦閱讀",
    "関連記事",
    "関連ニュース",
    "あわせて読みたい",
    "おすすめ記事",
    "関連リンク",
    "관련기사",
    "관련 기사",
    "관련뉴스",
    "관련 뉴스",
    "많이 본 뉴스",
    "추천기사",
    "اقرأ أيضا",
    "اقرأ أيضاً",
    "اقرأ ايضا",
    "أخبار ذات صلة",
    "مواضيع ذات صلة",
    "المزيد",
    "شاهد أيضا",
    "بیشتر بخوانید",
    "اخبار مرتبط",
    "مطالب مرتبط",
    "همچنین بخوانید",
];

/// How labels of lists of other stories may begin, where links follow.
const RELATED_STARTS: &[&str] = &[
    "more ",
    "other ",
    "explore ",
    "learn more ",
    "check out ",
    "discover ",
    "latest ",
    "recent ",
    "popular ",
    "get more ",
    "looking for more",
    "want more",
    "keep up ",
    "next ",
    "continue ",
    "catch up",
    "the latest ",
    "today's ",
    "еще ",
    "ещё ",
    "другие ",
    "также ",
    "ранее ",
    "boshqa ",
    "бошқа ",
    "yana ",
    "яна ",
    "weitere ",
    "mehr ",
    "autres ",
    "plus ",
    "otras ",
    "más ",
    "outras ",
    "mais ",
    "altri ",
    "altre ",
    "diğer ",
    "更多",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::of(text).unwrap()
    }

    #[test]
    fn furniture_is_known_in_the_languages_of_the_wires() {
        for text in [
            "Advertisement",
            "FOLLOW US",
            "Comments (0)",
            "12 comments",
            "Follow us on Telegram!",
            "5 min read",
            "© 2024 The Lantern",
            "desk@lantern.example",
            "Source: agencies",
            "Комментарии (3)",
            "Поделиться",
            "Подписывайтесь на наш канал",
            "Izohlar",
            "分享到",
            "责任编辑：王某",
        ] {
            assert!(line(text).furniture().is_some(), "{text}");
        }
        assert_eq!(line("Comments (0)").furniture(), Some(Zone::Comments));
    }

    #[test]
    fn a_sentence_is_no_furniture() {
        for text in [
            "Comments by the minister angered Tashkent.",
            "Advertisement spending rose by a third, the ministry said.",
            "Share prices fell.",
            "Print media lost readers.",
            "Комментарии министра вызвали споры.",
            "2024",
        ] {
            assert_eq!(line(text).furniture(), None, "{text}");
        }
        assert!(Line::of(&"long ".repeat(200)).is_none());
    }

    #[test]
    fn labels_of_other_stories_are_known() {
        for text in
            ["Related articles", "READ MORE:", "Читайте также:", "相关阅读", "Шунингдек ўқинг", "You may also like..."]
        {
            assert!(line(text).is_related_label(), "{text}");
        }
        assert!(line("Read also: Ministers meet in Osh").labels_related());
        assert!(line("(Leggi anche: altro)").labels_related());
        assert!(!line("Read also what the minister said: nothing").labels_related());
        assert!(!line("Related parties must be named in the report").is_related_label());
        assert!(!line("More:").labels_related());
        assert!(line("More from our partners").may_be_related_label());
    }
}
