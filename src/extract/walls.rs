//! In: a page and what was found on it. Out: what stands in the way of the article — a paywall, a consent form, a check for robots, "not found".
//! It judges only pages with little text: an article about paywalls is an article.

use super::body::Found;
use super::meta::Meta;
use super::page::{Kind, Page};

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    Paywall,
    Consent,
    Captcha,
    NotFound,
}

impl Wall {
    /// As [`Article::method`](crate::model::Article::method) says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Paywall => "paywall",
            Self::Consent => "consent",
            Self::Captcha => "captcha",
            Self::NotFound => "not-found",
        }
    }
}

/// Weight of the text below which a page may be a check for robots, a consent form or "not found".
const STUB_WEIGHT: u32 = 700;
/// Weight of the text below which it may be the free part of a paid article.
const TEASER_WEIGHT: u32 = 1_800;

/// Recognises a wall. `weight`: of the article's text.
pub(super) fn recognise(page: &Page, found: &Found, meta: &Meta, weight: u32) -> Option<Wall> {
    let core = &page.regions[found.region];
    if weight < STUB_WEIGHT {
        let titles = meta.titles.iter().map(String::as_str);
        let headings = page.pieces.iter().filter(|p| matches!(p.kind, Kind::Heading(1 | 2))).map(|p| p.text.as_str());
        let heads: Vec<String> = titles.chain(headings).take(12).map(fold).collect();
        if heads.iter().any(|head| is_not_found(head)) {
            return Some(Wall::NotFound);
        }
        let all = page.pieces.iter().map(|p| p.weight).sum::<u32>();
        let lines: Vec<String> = page.pieces.iter().take(PIECES_MAX).map(|p| fold(&p.text)).collect();
        let says = |phrases: &[&str]| {
            heads.iter().chain(&lines).any(|line| phrases.iter().any(|phrase| line.contains(phrase)))
        };
        if all < STUB_WEIGHT * 4 {
            if says(CAPTCHA) {
                return Some(Wall::Captcha);
            }
            if weight < STUB_WEIGHT / 2
                && lines.iter().any(|line| NOT_FOUND_TEXT.iter().any(|phrase| line.contains(phrase)))
            {
                return Some(Wall::NotFound);
            }
        }
        // The form must be what the page is about, not a bar at its foot.
        let speaks = |text: &str| {
            let text = fold(text);
            CONSENT.iter().any(|phrase| text.contains(phrase))
        };
        let pieces = page.pieces[core.first..core.end].iter().take(PIECES_MAX);
        let consent: u32 = pieces.filter(|piece| speaks(&piece.text)).map(|piece| piece.weight).sum();
        if consent * 3 > weight && consent > 0 || (weight < 100 && says(CONSENT_TITLE)) {
            return Some(Wall::Consent);
        }
    }
    if weight < TEASER_WEIGHT {
        if meta.free == Some(false) {
            return Some(Wall::Paywall);
        }
        // Within the article or right behind it; "Subscribe" in a site's head says nothing. Many outlets ask under every article, so a longer
        // text must also break off.
        let last = page.pieces[core.first..core.end]
            .iter()
            .rev()
            .take(PIECES_MAX)
            .find(|p| p.weight >= 40 && !asks_to_pay(&p.text));
        let breaks_off = last.is_some_and(|piece| piece.text.ends_with(['…', ',']) || piece.text.ends_with("..."));
        let near = core.first..(core.end + BEHIND).min(page.pieces.len());
        let asks = near.map(|i| &page.pieces[i]).filter(|p| p.weight < 400).any(|p| asks_to_pay(&p.text));
        if asks && (weight < TEASER_WEIGHT / 2 || breaks_off) {
            return Some(Wall::Paywall);
        }
    }
    None
}

/// Pieces that are looked at.
const PIECES_MAX: usize = 200;
/// Pieces behind the article in which a paywall speaks.
const BEHIND: usize = 8;

/// Whether a line asks to pay or to register for the rest of the article.
pub(super) fn asks_to_pay(line: &str) -> bool {
    let line = fold(line);
    PAYWALL.iter().any(|phrase| line.contains(phrase))
}

fn fold(text: &str) -> String {
    text.chars()
        .take(400)
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | 'ʻ' | 'ʼ') { '\'' } else { c })
        .collect()
}

fn is_not_found(head: &str) -> bool {
    let head = head.trim();
    let bare = head.trim_matches(|c: char| !c.is_alphanumeric());
    bare == "404"
        || bare.starts_with("404 ") && bare.len() < 60
        || bare.starts_with("error 404")
        || bare.ends_with(" 404") && bare.len() < 40
        || NOT_FOUND.iter().any(|phrase| head.contains(phrase) && head.chars().count() <= phrase.chars().count() + 40)
}

const NOT_FOUND: &[&str] = &[
    "page not found",
    "page can't be found",
    "page cannot be found",
    "page could not be found",
    "page doesn't exist",
    "page does not exist",
    "article not found",
    "story not found",
    "content not found",
    "not found | ",
    "file not found",
    "no longer available",
    "we can't find that page",
    "we couldn't find that page",
    "nothing found",
    "page unavailable",
    "страница не найдена",
    "страница не существует",
    "материал не найден",
    "новость не найдена",
    "ничего не найдено",
    "страница удалена",
    "сторінку не знайдено",
    "sahifa topilmadi",
    "саҳифа топилмади",
    "бет табылмады",
    "барак табылган жок",
    "页面不存在",
    "页面未找到",
    "找不到页面",
    "找不到网页",
    "您访问的页面",
    "文章不存在",
    "頁面不存在",
    "seite nicht gefunden",
    "page introuvable",
    "page non trouvée",
    "página no encontrada",
    "página não encontrada",
    "pagina non trovata",
    "sayfa bulunamadı",
    "pagina niet gevonden",
    "nie znaleziono strony",
    "ページが見つかりません",
    "페이지를 찾을 수 없",
    "الصفحة غير موجودة",
    "صفحه یافت نشد",
];

const NOT_FOUND_TEXT: &[&str] = &[
    "the page you requested",
    "the page you are looking for",
    "the page you're looking for",
    "page you were looking for",
    "the article you are looking for",
    "this page has been removed",
    "this article has been removed",
    "this content is no longer available",
    "запрашиваемая страница",
    "страница, которую вы ищете",
    "страница не найдена",
    "siz izlagan sahifa",
    "您查找的页面",
    "您要查看的页面",
];

const CAPTCHA: &[&str] = &[
    "verify you are human",
    "verify that you are human",
    "verifying you are human",
    "verify you're human",
    "are you a robot",
    "are you a human",
    "you are not a robot",
    "you're not a robot",
    "i'm not a robot",
    "prove you're not a robot",
    "prove that you are human",
    "human verification",
    "checking your browser",
    "checking if the site connection is secure",
    "just a moment...",
    "attention required!",
    "complete the security check",
    "security check to access",
    "unusual traffic",
    "unusual activity from your",
    "automated access",
    "solve the captcha",
    "enter the captcha",
    "complete the captcha",
    "captcha below",
    "access to this page has been denied",
    "access denied",
    "you have been blocked",
    "please enable cookies",
    "enable javascript and cookies to continue",
    "please enable js and disable any ad blocker",
    "pardon our interruption",
    "request unsuccessful",
    "ddos protection",
    "ddos-guard",
    "bot detection",
    "press & hold",
    "вы не робот",
    "что вы человек",
    "я не робот",
    "проверка браузера",
    "проверяем ваш браузер",
    "введите символы с картинки",
    "введите код с картинки",
    "доступ ограничен",
    "доступ запрещен",
    "доступ запрещён",
    "подозрительная активность",
    "robot emasligingiz",
    "робот эмаслигингиз",
    "ви не робот",
    "验证码",
    "安全验证",
    "人机验证",
    "请完成验证",
    "访问验证",
    "正在检查您的浏览器",
    "驗證碼",
    "ich bin kein roboter",
    "no soy un robot",
    "je ne suis pas un robot",
    "não sou um robô",
    "robot olmadığınızı",
    "ロボットではありません",
    "로봇이 아닙니다",
];

const CONSENT_TITLE: &[&str] = &[
    "before you continue",
    "your privacy choices",
    "we value your privacy",
    "privacy settings",
    "cookie consent",
    "bevor sie",
    "avant de continuer",
    "antes de continuar",
];

const CONSENT: &[&str] = &[
    "we use cookies",
    "we and our partners",
    "our partners use cookies",
    "uses cookies",
    "use of cookies",
    "accept all cookies",
    "cookie policy",
    "cookie settings",
    "your consent",
    "consent to",
    "manage your privacy",
    "before you continue to",
    "we value your privacy",
    "personal data may be processed",
    "store and/or access information on a device",
    "legitimate interest",
    "you can change your choices",
    "используем файлы cookie",
    "использует файлы cookie",
    "использует cookie",
    "согласие на обработку",
    "cookie fayl",
    "wir verwenden cookies",
    "wir und unsere partner",
    "ihre zustimmung",
    "nous utilisons des cookies",
    "nos partenaires",
    "utilizamos cookies",
    "usiamo i cookie",
    "çerez",
    "使用cookie",
    "cookie を使用",
];

const PAYWALL: &[&str] = &[
    "subscribe to continue",
    "subscribe to keep reading",
    "subscribe to read",
    "subscribe now to read",
    "subscribe for full access",
    "to continue reading",
    "continue reading with a",
    "continue reading this article",
    "to keep reading",
    "to read the full",
    "to read the rest",
    "read the full article with",
    "read the full story with",
    "to unlock this article",
    "unlock this article",
    "unlock full access",
    "already a subscriber",
    "already have a subscription",
    "already subscribed?",
    "become a subscriber to",
    "for subscribers only",
    "subscribers only",
    "subscriber-only",
    "only available to subscribers",
    "exclusively for subscribers",
    "exclusive to subscribers",
    "exclusively available to subscribers",
    "this article is for subscribers",
    "this content is for subscribers",
    "this article is reserved for",
    "this is a premium article",
    "premium content",
    "free articles remaining",
    "free articles left",
    "your last free article",
    "reached your limit of",
    "reached your article limit",
    "register to continue",
    "register for free to continue",
    "sign in to continue",
    "log in to continue",
    "log in to read",
    "create a free account to",
    "start your free trial to",
    "this post is for paid subscribers",
    "this post is for paying subscribers",
    "доступно только подписчикам",
    "доступен только подписчикам",
    "доступна только подписчикам",
    "только для подписчиков",
    "только по подписке",
    "читать полностью по подписке",
    "оформите подписку, чтобы",
    "оформите подписку и",
    "чтобы прочитать полностью",
    "чтобы читать дальше",
    "чтобы продолжить чтение",
    "для продолжения чтения",
    "полный текст доступен",
    "уже есть подписка",
    "уже подписаны",
    "платный материал",
    "лише для передплатників",
    "faqat obunachilar uchun",
    "obuna bo'lib o'qing",
    "to'liq o'qish uchun obuna",
    "фақат обуначилар учун",
    "订阅后",
    "订阅以继续",
    "成为会员",
    "付费阅读",
    "会员专享",
    "登录后阅读",
    "本文为付费",
    "訂閱後",
    "会員限定",
    "有料会員",
    "この記事は有料",
    "구독자 전용",
    "weiterlesen mit",
    "nur für abonnenten",
    "jetzt abonnieren und",
    "mit plus weiterlesen",
    "bereits abonnent",
    "réservé aux abonnés",
    "réservé à nos abonnés",
    "pour lire la suite",
    "déjà abonné",
    "il vous reste",
    "solo para suscriptores",
    "exclusivo para suscriptores",
    "para seguir leyendo",
    "suscríbete para",
    "exclusivo para assinantes",
    "para continuar lendo",
    "contenuto riservato agli abbonati",
    "per continuare a leggere",
    "abonelere özel",
];
