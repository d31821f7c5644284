//! In: an article's byline and blocks. Out: the agency or outlet that it credits, as it names it.
//! It looks at datelines, bylines and credits, and takes no one who is merely spoken to for an agency.

use super::line::weight;
use super::phrases::phrases;
use crate::model::{Block, Zone};
use aho_corasick::AhoCorasick;
use foldhash::HashMap;
use std::sync::LazyLock;

/// The agency credited, if any.
pub(super) fn credit(byline: Option<&str>, zones: &[Block]) -> Option<String> {
    let blocks: Vec<&str> = zones.iter().filter(|b| b.zone.in_text()).map(|b| b.text.as_str()).collect();
    let ends = || blocks.iter().take(4).chain(blocks.iter().skip(4.max(blocks.len().saturating_sub(3))));
    blocks
        .iter()
        .take(2)
        .find_map(|block| dateline(block))
        .or_else(|| byline.and_then(agency_in_byline))
        .or_else(|| ends().find_map(|block| reported(block)))
        .or_else(|| blocks.iter().take(BLOCKS_MAX).find_map(|block| told(block)))
        .or_else(|| {
            let notes = zones.iter().filter(|b| (b.zone.in_text() || b.zone == Zone::Footer) && b.text.len() <= 120);
            { notes }.find_map(|b| source_line(&b.text))
        })
}

/// Blocks searched for credits inside of sentences.
const BLOCKS_MAX: usize = 40;
/// Code points at a block's start in which a dateline stands.
const DATELINE_CHARS: usize = 140;

/// Agencies and outlets by their names, each with the one that is told.
struct Agencies {
    /// As written.
    exact: HashMap<&'static str, &'static str>,
    /// In capitals, as datelines have them, where that is no common word.
    shouted: HashMap<String, &'static str>,
    /// Name and what is told, by the name's first letter.
    by_first: HashMap<char, Vec<(&'static str, &'static str)>>,
}

static AGENCIES: LazyLock<Agencies> = LazyLock::new(|| {
    let mut agencies =
        Agencies { exact: HashMap::default(), shouted: HashMap::default(), by_first: HashMap::default() };
    for names in phrases(include_str!("phrases/agencies.txt")) {
        let told = names.split('|').next().unwrap_or_default();
        for name in names.split('|') {
            agencies.exact.entry(name).or_insert(told);
            if name.chars().count() >= 5 {
                agencies.shouted.entry(name.to_uppercase()).or_insert(told);
            }
            agencies.by_first.entry(split_first(name).0).or_default().push((name, told));
        }
    }
    agencies
});

/// What stands before whoever is credited. All of these may begin a sentence.
const BEFORE_ANY: [&str; 10] = [
    "as reported by ",
    "was first reported by ",
    "reported by ",
    "citing ",
    "со ссылкой на агентство ",
    "со ссылкой на газету ",
    "со ссылкой на ",
    "з посиланням на ",
    "сообщило агентство ",
    "сообщает агентство ",
];
/// What stands before an agency, and before many others.
const BEFORE_KNOWN: [&str; 32] = [
    "according to ",
    "reports ",
    "reported ",
    "quoted by ",
    "as quoted by ",
    "an interview with ",
    "сообщает ",
    "сообщила ",
    "сообщило ",
    "сообщил ",
    "сообщили ",
    "передаёт ",
    "передает ",
    "пишет ",
    "информирует ",
    "цитирует ",
    "по данным ",
    "по информации ",
    "корреспонденту ",
    "корреспондент ",
    "повідомляє ",
    "передає ",
    "xabar beradi ",
    "xabar berdi ",
    "xabar bermoqda ",
    "хабар беради ",
    "хабар берди ",
    "хабар бермоқда ",
    "ба гуфтаи ",
    "ба иттилои ",
    "به گزارش ",
    "به نقل از ",
];
/// The same in Chinese.
const CHINESE: &str = "据";
/// What stands behind an agency.
const BEHIND: [&str; 22] = [
    " xabariga ko",
    " xabar ber",
    " muxbiri",
    " хабарига кўра",
    " хабар бер",
    " мухбири",
    " reports",
    " reported",
    " said in a report",
    " сообщает",
    " сообщила",
    " сообщило",
    " передаёт",
    " передает",
    " пишет",
    " хабарлайды",
    " хабарлады",
    " билдирет",
    " билдирди",
    " кабарлайт",
    " хабар дод",
    " хабар медиҳад",
];
/// What stands before whom somebody spoke to.
const TOLD: [&str; 17] = [
    "told ",
    "interview to ",
    "interview with ",
    "сказал ",
    "сказала ",
    "рассказал ",
    "рассказала ",
    "рассказали ",
    "сообщил ",
    "сообщили ",
    "заявил ",
    "заявила ",
    "告诉",
    "告訴",
    "接受",
    "لوكالة ",
    "对",
];
/// What somebody is called who is credited, before the name.
const CALLED: [&str; 22] = [
    "the ",
    "state news agency ",
    "state-run ",
    "state ",
    "official ",
    "news agency ",
    "newspaper ",
    "агентство ",
    "агентству ",
    "агентства ",
    "информагентство ",
    "информационное агентство ",
    "газета ",
    "газете ",
    "издание ",
    "изданию ",
    "телеканал ",
    "телеканалу ",
    "портал ",
    "АМИТ ",
    "НИАТ ",
    "خبرگزاری ",
];
/// Those of them that only an outlet is called.
const OUTLETS: [&str; 10] = [
    "news agency ",
    "newspaper ",
    "агентство ",
    "информагентство ",
    "информационное агентство ",
    "газета ",
    "издание ",
    "телеканал ",
    "портал ",
    "خبرگزاری ",
];

/// Where a phrase stands, and what is believed to stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeAny,
    BeforeKnown,
    Chinese,
    Behind,
    Told,
}

/// All phrases, in the order in which they are believed; fewer than the bits of [`Standing`].
static ALL: LazyLock<Vec<(Place, &'static str)>> = LazyLock::new(|| {
    let lists: [(Place, &[&'static str]); 5] = [
        (Place::BeforeAny, &BEFORE_ANY),
        (Place::BeforeKnown, &BEFORE_KNOWN),
        (Place::Chinese, &[CHINESE]),
        (Place::Behind, &BEHIND),
        (Place::Told, &TOLD),
    ];
    lists.into_iter().flat_map(|(place, phrases)| phrases.iter().map(move |phrase| (place, *phrase))).collect()
});

/// All of these but for their first letters, which may be capitals: most blocks have none of them, and one look tells.
static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new(ALL.iter().map(|(place, phrase)| match place {
        Place::Chinese | Place::Behind => phrase,
        _ if is_wide(phrase) => phrase,
        _ => split_first(phrase).1,
    }))
    .ok()
});

/// The phrases that may stand in a text, by their place in [`ALL`].
#[derive(Debug, Clone, Copy)]
struct Standing(u128);

impl Standing {
    fn of(text: &str) -> Self {
        let all = || PHRASES.as_ref().into_iter().flat_map(|phrases| phrases.find_overlapping_iter(text));
        Self(all().fold(0, |bits, found| bits | 1 << found.pattern().as_u32()))
    }

    fn phrases(self) -> impl Iterator<Item = (Place, &'static str)> {
        ALL.iter().enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, phrase)| *phrase)
    }
}

/// Whether a phrase is of a script without capitals and spaces.
fn is_wide(phrase: &str) -> bool {
    phrase.starts_with(|c| weight(c) == 3)
}

fn split_first(phrase: &str) -> (char, &str) {
    let mut rest = phrase.chars();
    (rest.next().unwrap_or_default(), rest.as_str())
}

/// Quotation marks and brackets around a name.
const MARKS: [char; 13] = ['"', '«', '»', '“', '”', '„', '《', '》', '「', '」', '【', '】', '\''];

/// The agency that a text names exactly.
fn agency(name: &str) -> Option<&'static str> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || MARKS.contains(&c) || matches!(c, '.' | ','));
    // A dateline may be all capitals: "KAZINFORM".
    AGENCIES.exact.get(name).or_else(|| AGENCIES.shouted.get(name)).copied()
}

/// The agency that a short text ends with: "Корр. БЕЛТА", "НИАТ «Ховар»".
fn agency_ending(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len().min(3)).rev().find_map(|i| agency(&words[words.len() - 1 - i..].join(" ")))
}

/// The agency with which a text begins.
fn agency_at(text: &str) -> Option<&'static str> {
    agency_and_rest(text).map(|(told, _)| told)
}

/// The agency with which a text begins, and what follows its name.
fn agency_and_rest(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches(MARKS);
    let names = AGENCIES.by_first.get(&split_first(text).0)?.iter();
    let fits = names.filter_map(|(name, told)| {
        let rest = text.strip_prefix(name)?;
        let whole = !rest.starts_with(char::is_alphanumeric) || name.chars().all(|c| !c.is_ascii() && weight(c) == 3);
        whole.then_some((*told, rest))
    });
    fits.min_by_key(|(_, rest)| rest.len())
}

/// "TASHKENT, May 31 (Reuters) -", "МОСКВА, 31 мая. /ТАСС/.", "MOSCOW, May 31 — RIA Novosti.", "新华社北京5月31日电".
fn dateline(block: &str) -> Option<String> {
    let end = block.char_indices().nth(DATELINE_CHARS).map_or(block.len(), |(at, _)| at);
    let head = &block[..end];
    if (head.contains(['电', '電', '讯', '訊']) || head.contains("报道") || head.contains("報道"))
        && let Some(agency) = agency_at(head)
    {
        return Some(agency.to_string());
    }
    for (open, close) in [('(', ')'), ('/', '/'), ('[', ']'), ('（', '）')] {
        let Some(start) = head.find(open) else { continue };
        let inner_start = start + open.len_utf8();
        let Some(len) = head[inner_start..].find(close) else { continue };
        let (inner, after) =
            (&head[inner_start..inner_start + len], head[inner_start + len + close.len_utf8()..].trim_start());
        let short = inner.split_whitespace().count() <= 4;
        if let Some(agency) = agency(inner).or_else(|| short.then(|| agency_ending(inner)).flatten()) {
            return Some(agency.to_string());
        }
        // One that we do not know, in the place of an agency: before the dash that ends a dateline.
        let place = head[..start].chars().take(40).filter(|c| c.is_alphabetic()).count();
        let dashed = after.starts_with(['-', '—', '–']);
        if dashed && place > 2 && head[..start].chars().count() <= 60 && is_name(inner) && starts_shouting(head) {
            return Some(inner.trim().to_string());
        }
    }
    // "ASTANA. KAZINFORM – Ministers", "Tehran, IRNA - Ministers": between the place and the dash.
    if let Some(at) = [" — ", " – ", " - ", " -- "].iter().filter_map(|dash| head.find(dash)).min()
        && let Some(cut) = head[..at].rfind([',', '.'])
        && head[..cut].chars().count() <= 40
        && head.starts_with(char::is_uppercase)
        && let Some(agency) = agency(&head[cut + 1..at])
    {
        return Some(agency.to_string());
    }
    // "Toshkent. O‘zA. Vazirlar …": a sentence of its own behind the place.
    let mut sentences = head.split(". ");
    if let (Some(place), Some(second), Some(_)) = (sentences.next(), sentences.next(), sentences.next())
        && place.split_whitespace().count() <= 3
        && let Some(agency) = agency(second)
    {
        return Some(agency.to_string());
    }
    // "MOSCOW, May 31 — RIA Novosti."
    if !starts_shouting(head) {
        return None;
    }
    head.match_indices(['—', '–', '-']).filter(|(at, _)| *at <= 80).find_map(|(at, dash)| {
        let (agency, rest) = agency_and_rest(head[at + dash.len()..].trim_start())?;
        rest.trim_start_matches(MARKS).starts_with(['.', ',', ' ']).then(|| agency.to_string())
    })
}

/// Whether a text begins with a word in capitals, as datelines do.
fn starts_shouting(text: &str) -> bool {
    let word: String = text.chars().take_while(|c| c.is_alphabetic() || *c == '-').collect();
    word.chars().count() >= 3 && word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}

fn agency_in_byline(byline: &str) -> Option<String> {
    byline.split([',', '/', '|', ';', '&']).find_map(|part| {
        let part = part
            .trim()
            .trim_end_matches(" Staff")
            .trim_end_matches(" staff")
            .trim_end_matches(" Agency")
            .trim_end_matches(" News Agency");
        agency(part).map(str::to_string)
    })
}

/// "as reported by Global Times", "сообщает ТАСС", "со ссылкой на «Ховар»", "据新华社报道".
fn reported(block: &str) -> Option<String> {
    Standing::of(block).phrases().find_map(|(place, phrase)| match place {
        Place::BeforeAny => after(block, phrase).find_map(|rest| {
            let (rest, _) = called(rest);
            // "citing officials" names nobody: only what is written as a name counts, and for "citing" only the known.
            let any = !matches!(phrase, "citing " | "reported by ");
            agency_at(rest).map(str::to_string).or_else(|| any.then(|| name_at(rest)).flatten())
        }),
        Place::BeforeKnown => after(block, phrase).find_map(|rest| {
            let (rest, outlet) = called(rest);
            let named = || outlet.then(|| name_at(rest)).flatten().or_else(|| host_at(rest));
            agency_at(rest).map(str::to_string).or_else(named)
        }),
        Place::Chinese => after(block, phrase).find_map(|rest| {
            // One that we do not know: in the marks of a paper's name, and said to report.
            let unknown = || {
                let (name, more) = rest.strip_prefix('《').and_then(|rest| rest.split_once('》'))?;
                let mut soon = more.char_indices().take(16).map(|(at, _)| &more[at..]);
                let reports = soon.any(|more| more.starts_with("报道") || more.starts_with("報道"));
                (is_name(name) && reports).then(|| name.to_string())
            };
            agency_at(rest).map(str::to_string).or_else(unknown)
        }),
        Place::Behind => {
            block.match_indices(phrase).find_map(|(at, _)| agency_before(&block[..at])).map(str::to_string)
        }
        Place::Told => None,
    })
}

/// "told `BelTA`", "told Reuters": only an agency, or a name written as agencies write theirs.
fn told(block: &str) -> Option<String> {
    let phrases = Standing::of(block).phrases().filter(|(place, _)| *place == Place::Told);
    { phrases }.find_map(|(_, phrase)| {
        after(block, phrase).find_map(|rest| {
            let (rest, _) = called(rest);
            // BelTA, KazTAG: capitals at the end, after small letters.
            let mixed = || {
                let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '.').collect();
                let word = word.trim_end_matches('.');
                let capitals = word.chars().rev().take_while(|c| c.is_uppercase()).count();
                let mixed = capitals >= 2 && capitals < word.chars().count() && word.chars().all(char::is_alphabetic);
                (phrase == "told " && mixed).then(|| word.to_string())
            };
            agency_at(rest).map(str::to_string).or_else(mixed)
        })
    })
}

/// "Source: Global Times", "Источник: ТАСС", "来源：新华社", as a line of its own.
fn source_line(line: &str) -> Option<String> {
    const LABELS: [&str; 10] =
        ["source", "sources", "источник", "источники", "manba", "манба", "来源", "來源", "джерело", "quelle"];
    let (label, name) = line.split_once([':', '：'])?;
    let label = label.trim().to_lowercase();
    let name = name.trim().trim_end_matches('.');
    if !LABELS.contains(&label.as_str()) || name.is_empty() || name.contains("://") {
        return None;
    }
    agency(name).map(str::to_string).or_else(|| is_name(name).then(|| name.to_string()))
}

/// The agency that stands at the end of a text: "…, the Xinhua news agency", "…, Global Times".
fn agency_before(text: &str) -> Option<&'static str> {
    let text = [" news agency", " agency", " newspaper"]
        .iter()
        .fold(text, |text, kind| text.strip_suffix(kind).unwrap_or(text))
        .trim_end_matches(MARKS);
    let fits = AGENCIES.exact.iter().filter(|(name, _)| {
        text.strip_suffix(**name).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
    });
    fits.max_by_key(|(name, _)| name.len()).map(|(_, told)| *told)
}

/// A text without what the credited is called before the name, and whether only an outlet is called so.
fn called(text: &str) -> (&str, bool) {
    let (mut rest, mut outlet) = (text, false);
    for _ in 0..3 {
        let Some(word) = CALLED.iter().find(|word| rest.starts_with(**word)) else { break };
        rest = &rest[word.len()..];
        outlet |= OUTLETS.contains(word);
    }
    (rest, outlet)
}

/// What follows each occurrence of a phrase that begins a word, or a sentence with a capital.
fn after<'a>(block: &'a str, phrase: &'a str) -> impl Iterator<Item = &'a str> {
    let (first, tail) = split_first(phrase);
    let wide = is_wide(phrase);
    let found = if wide { phrase } else { tail };
    block.match_indices(found).filter_map(move |(at, found)| {
        let begins = wide || {
            let mut before = block[..at].chars().rev();
            before.next().is_some_and(|c| c == first || c.to_lowercase().eq([first]))
                && before.next().is_none_or(|c| !c.is_alphabetic())
        };
        begins.then(|| &block[at + found.len()..])
    })
}

/// The host that a text begins with, where an outlet goes by it: two words of Latin letters or digits with a dot between.
fn host_at(text: &str) -> Option<String> {
    let text = text.trim_start_matches(MARKS);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    let host = text[..end].trim_end_matches(['.', '-']);
    let (name, top) = host.rsplit_once('.')?;
    let fit = name.len() >= 2
        && host.len() <= 40
        && (2..=6).contains(&top.len())
        && top.bytes().all(|b| b.is_ascii_lowercase())
        && !text[end..].starts_with(char::is_alphanumeric);
    fit.then(|| host.to_string())
}

/// The name with which a text begins: words in capitals' case, or what stands in quotes; at most five words.
fn name_at(text: &str) -> Option<String> {
    if let Some(quoted) = text.strip_prefix(['«', '“', '"', '„']) {
        let end = quoted.find(['»', '”', '"'])?;
        return is_name(&quoted[..end]).then(|| quoted[..end].to_string());
    }
    let mut words = vec![];
    for word in text.split(' ').take(5) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            break;
        }
        words.push(bare);
        if bare.len() != word.len() {
            break;
        }
    }
    let name = words.join(" ");
    is_name(&name).then_some(name)
}

fn is_name(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    (1..=5).contains(&words)
        && (2..=50).contains(&text.chars().count())
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && text.chars().next().is_some_and(|c| c.is_uppercase() || weight(c) == 3)
        && !text.contains(['(', ')', ':', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &str) {
        let zones = [Block { zone: Zone::Lead, text: text.to_string() }];
        assert_eq!(credit(None, &zones).as_deref(), (!wanted.is_empty()).then_some(wanted), "{text}");
    }

    #[test]
    fn datelines_name_their_agency() {
        check("TASHKENT, May 31 (Reuters) - Ministers met on Friday.", "Reuters");
        check("MOSCOW, May 31. /TASS/. Ministers met on Friday.", "TASS");
        check("МОСКВА, 31 мая. /ТАСС/. Министры встретились.", "TASS");
        check("МОСКВА, 31 мая — РИА Новости. Министры встретились.", "RIA Novosti");
        check("新华社北京5月31日电 外长会晤。", "Xinhua");
        check("OSH (Lantern News) — Ministers met on Friday.", "Lantern News");
        check("МИНСК, 31 мая /Корр. БЕЛТА/. Министры встретились.", "BelTA");
        check("АСТАНА. 31 мая. КАЗИНФОРМ - Министры встретились.", "Kazinform");
        check("Tehran, IRNA - Ministers met on Friday.", "IRNA");
        check("Toshkent. O‘zA. Vazirlar juma kuni uchrashdilar.", "UzA");
        check("ДУШАНБЕ, 31.05.2024 /НИАТ «Ховар»/. Министры встретились.", "Khovar");
        check("路透社莫斯科5月31日报道 外长会晤。", "Reuters");
    }

    #[test]
    fn credits_in_sentences_count() {
        check("Ministers met on Friday, as reported by Global Times.", "Global Times");
        check("“We agreed,” the minister told BelTA.", "BelTA");
        check("قال الوزير لوكالة رويترز إن المياه تكفي.", "Reuters");
        check("Министры встретились, сообщает ТАСС.", "TASS");
        check("Министры встретились, пишет газета со ссылкой на «Фонарь».", "Фонарь");
        check("据新华社报道，外长会晤。", "Xinhua");
        check("Source: Global Times", "Global Times");
        check("According to the Global Times, ministers met on Friday.", "Global Times");
        check("Ministers met on Friday, the Xinhua news agency reported.", "Xinhua");
        check("Ministers met on Friday, according to news agency Lantern Press.", "Lantern Press");
        check("Об этом сообщает агентство «Фонарь».", "Фонарь");
        check("Об этом сообщает Lantern.uz.", "Lantern.uz");
        check("Vazirlar uchrashdilar, deb xabar bermoqda OʻzA.", "UzA");
        check("ТАСС хабарига кўра, вазирлар учрашдилар.", "TASS");
        check("Бул тууралуу КАБАР билдирет.", "KABAR");
        check("Бұл туралы ҚазАқпарат хабарлайды.", "Kazinform");
        check("Ба гуфтаи АМИТ «Ховар», вазирон мулоқот карданд.", "Khovar");
        check("به گزارش خبرگزاری تسنیم، وزیران دیدار کردند.", "Tasnim");
        check("据《环球时报》报道，外长会晤。", "Global Times");
        check("据《灯笼报》5月31日报道，外长会晤。", "灯笼报");
        check("外长告诉塔斯社，会晤很好。", "TASS");
    }

    #[test]
    fn who_is_merely_spoken_to_is_no_agency() {
        for text in [
            "The minister told Parliament that talks went on.",
            "She told NATO allies (including Norway) to wait.",
            "It was reported by officials on Friday.",
            "The ministry (in Tashkent) - and others - said no.",
            "He told McDonald about it.",
            "Trend lines - up and down - matter.",
            "According to Wang Yi, talks went on.",
            "Он сообщил об этом журналистам в Ташкенте.",
            "外长接受了邀请，对此表示感谢。",
            "He reported. Others did not.",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn a_byline_may_be_an_agency() {
        assert_eq!(credit(Some("Ada Byron, Reuters"), &[]).as_deref(), Some("Reuters"));
        assert_eq!(credit(Some("Ada Byron"), &[]), None);
    }
}
