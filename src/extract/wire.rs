//! In: an article's byline and blocks. Out: the agency or outlet that it credits, as it names it.
//! It looks at datelines, bylines and credits, and takes no one who is merely spoken to for an agency.

use crate::model::{Block, Zone};
use aho_corasick::AhoCorasick;
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
        .or_else(|| ends().filter(|block| may_credit(block)).find_map(|block| reported(block)))
        .or_else(|| blocks.iter().take(BLOCKS_MAX).filter(|block| may_credit(block)).find_map(|block| told(block)))
        .or_else(|| {
            let notes = zones.iter().filter(|b| (b.zone.in_text() || b.zone == Zone::Footer) && b.text.len() <= 120);
            { notes }.find_map(|b| source_line(&b.text))
        })
}

/// Blocks searched for credits inside of sentences.
const BLOCKS_MAX: usize = 40;
/// Code points at a block's start in which a dateline stands.
const DATELINE_CHARS: usize = 140;

/// News agencies, by the names under which articles credit them; the first is the one that is told.
const AGENCIES: &[&[&str]] = &[
    &["Reuters", "Рейтер", "Reyter", "路透社", "로이터"],
    &["AFP", "Agence France-Presse", "АФП", "Франс Пресс", "法新社"],
    &["AP", "Associated Press", "The Associated Press", "Ассошиэйтед Пресс", "美联社"],
    &["TASS", "ТАСС", "ITAR-TASS", "ИТАР-ТАСС", "塔斯社"],
    &["RIA Novosti", "РИА Новости", "RIA", "俄新社"],
    &["Interfax", "Интерфакс"],
    &["Xinhua", "Xinhua News Agency", "Синьхуа", "新华社", "新華社"],
    &["CNS", "China News Service", "中新社", "中新网"],
    &["BelTA", "БЕЛТА", "БелТА"],
    &["Kazinform", "Казинформ", "Qazinform", "Qazaqstan aqparat"],
    &["KABAR", "Кабар"],
    &["AKIpress", "АКИpress"],
    &["24.kg"],
    &["UzA", "УзА", "O'zA", "O‘zA", "ЎзА"],
    &["Khovar", "Ховар"],
    &["Turkmenistan Today", "TDH"],
    &["Azertac", "AZERTAC", "Азертадж"],
    &["Trend", "Тренд"],
    &["Armenpress", "Арменпресс"],
    &["IRNA", "ИРНА"],
    &["Tasnim", "Тасним"],
    &["Fars", "Фарс"],
    &["APP"],
    &["PTI", "Press Trust of India"],
    &["ANI"],
    &["IANS"],
    &["Anadolu", "Anadolu Agency", "Анадолу", "AA"],
    &["dpa"],
    &["EFE"],
    &["ANSA"],
    &["Kyodo", "Kyodo News", "共同社", "共同通信"],
    &["Jiji", "时事社", "時事通信"],
    &["Yonhap", "Yonhap News Agency", "Ёнхап", "韩联社", "연합뉴스"],
    &["KCNA", "ЦТАК", "朝中社"],
    &["MONTSAME"],
    &["Ukrinform", "Укринформ", "Укрінформ"],
    &["SPA", "Saudi Press Agency"],
    &["WAM"],
    &["SANA"],
    &["Bernama"],
    &["Antara"],
    &["VNA"],
    &["PA Media", "Press Association"],
    &["UPI"],
    &["Bloomberg"],
    &["Sputnik", "Спутник"],
];

/// What stands before whoever is credited.
const BEFORE_ANY: [&str; 8] = [
    "as reported by ",
    "was first reported by ",
    "reported by ",
    "citing ",
    "со ссылкой на агентство ",
    "со ссылкой на ",
    "з посиланням на ",
    "сообщило агентство ",
];
/// What stands before an agency, and before many others.
const BEFORE_KNOWN: [&str; 22] = [
    "according to ",
    "reports ",
    "reported ",
    "quoted by ",
    "as quoted by ",
    "an interview with ",
    "сообщает ",
    "сообщило ",
    "сообщил ",
    "сообщили ",
    "передаёт ",
    "передает ",
    "пишет ",
    "информирует ",
    "цитирует ",
    "по данным ",
    "корреспонденту ",
    "корреспондент ",
    "повідомляє ",
    "передає ",
    "xabar beradi ",
    "хабар беради ",
];
/// The same in Chinese.
const CHINESE: &str = "据";
/// What stands behind an agency.
const BEHIND: [&str; 10] = [
    " xabariga ko",
    " xabar ber",
    " хабарига кўра",
    " хабар бер",
    " reports",
    " reported",
    " said in a report",
    " сообщает",
    " передаёт",
    " передает",
];
/// What stands before whom somebody spoke to.
const TOLD: [&str; 12] = [
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
];

/// All of these: most blocks have none of them, and one look tells.
static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new(BEFORE_ANY.iter().chain(&BEFORE_KNOWN).chain([&CHINESE]).chain(&BEHIND).chain(&TOLD)).ok()
});

fn may_credit(block: &str) -> bool {
    PHRASES.as_ref().is_none_or(|phrases| phrases.is_match(block))
}

/// The agency that a text names exactly.
fn agency(name: &str) -> Option<&'static str> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '«' | '»' | '“' | '”' | '.' | ','));
    AGENCIES.iter().find(|names| names.contains(&name)).map(|names| names[0])
}

/// The agency with which a text begins.
fn agency_at(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches(['"', '«', '“']);
    let names = AGENCIES.iter().flat_map(|names| names.iter().map(move |name| (names[0], *name)));
    let fits = names.filter(|(_, name)| {
        text.strip_prefix(name).is_some_and(|rest| {
            !rest.starts_with(char::is_alphanumeric)
                || name.chars().all(|c| !c.is_ascii() && super::line::weight(c) == 3)
        })
    });
    fits.max_by_key(|(_, name)| name.len()).map(|(told, _)| told)
}

/// "TASHKENT, May 31 (Reuters) -", "МОСКВА, 31 мая. /ТАСС/.", "MOSCOW, May 31 — RIA Novosti.", "新华社北京5月31日电".
fn dateline(block: &str) -> Option<String> {
    let end = block.char_indices().nth(DATELINE_CHARS).map_or(block.len(), |(at, _)| at);
    let head = &block[..end];
    if head.contains(['电', '電', '讯', '訊'])
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
        if let Some(agency) = agency(inner) {
            return Some(agency.to_string());
        }
        // One that we do not know, in the place of an agency: before the dash that ends a dateline.
        let place = head[..start].chars().take(40).filter(|c| c.is_alphabetic()).count();
        let dashed = after.starts_with(['-', '—', '–']);
        if dashed && place > 2 && head[..start].chars().count() <= 60 && is_name(inner) && starts_shouting(head) {
            return Some(inner.trim().to_string());
        }
    }
    // "MOSCOW, May 31 — RIA Novosti."
    head.match_indices(['—', '–', '-'])
        .filter(|(at, _)| *at <= 80)
        .find_map(|(at, dash)| {
            let rest = head[at + dash.len()..].trim_start();
            let agency = agency_at(rest)?;
            let named = AGENCIES
                .iter()
                .find(|names| names[0] == agency)?
                .iter()
                .find_map(|name| rest.trim_start_matches(['"', '«']).strip_prefix(name))?;
            named.trim_start_matches(['"', '»']).starts_with(['.', ',', ' ']).then(|| agency.to_string())
        })
        .filter(|_| starts_shouting(head))
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
    for phrase in BEFORE_ANY {
        for rest in after(block, phrase) {
            let rest = rest.strip_prefix("the ").unwrap_or(rest);
            if let Some(agency) = agency_at(rest) {
                return Some(agency.to_string());
            }
            // "citing officials" names nobody: only what is written as a name counts, and for "citing" only the known.
            if phrase != "citing "
                && phrase != "reported by "
                && let Some(name) = name_at(rest)
            {
                return Some(name);
            }
        }
    }
    for phrase in BEFORE_KNOWN {
        for rest in after(block, phrase) {
            let rest = rest
                .strip_prefix("the ")
                .or_else(|| rest.strip_prefix("агентство "))
                .or_else(|| rest.strip_prefix("агентству "))
                .unwrap_or(rest);
            if let Some(agency) = agency_at(rest) {
                return Some(agency.to_string());
            }
        }
    }
    // "据新华社报道", "TASS xabariga ko'ra", "TASS reports".
    for rest in after(block, CHINESE) {
        if let Some(agency) = agency_at(rest) {
            return Some(agency.to_string());
        }
    }
    for phrase in BEHIND {
        for (at, _) in block.match_indices(phrase) {
            let before = block[..at].rsplit(|c: char| c.is_whitespace() && c != '\u{a0}').next().unwrap_or_default();
            if let Some(agency) = agency(before) {
                return Some(agency.to_string());
            }
        }
    }
    None
}

/// "told `BelTA`", "told Reuters": only an agency, or a name written as agencies write theirs.
fn told(block: &str) -> Option<String> {
    for phrase in TOLD {
        for rest in after(block, phrase) {
            let rest = rest.strip_prefix("the ").unwrap_or(rest);
            if let Some(agency) = agency_at(rest) {
                return Some(agency.to_string());
            }
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '.').collect();
            let word = word.trim_end_matches('.');
            // BelTA, KazTAG: capitals at the end, after small letters.
            let capitals = word.chars().rev().take_while(|c| c.is_uppercase()).count();
            let mixed = capitals >= 2 && capitals < word.chars().count() && word.chars().all(char::is_alphabetic);
            if phrase == "told " && mixed {
                return Some(word.to_string());
            }
        }
    }
    None
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

/// What follows each occurrence of a phrase that begins a word.
fn after<'a>(block: &'a str, phrase: &'a str) -> impl Iterator<Item = &'a str> {
    block
        .match_indices(phrase)
        .filter(move |(at, _)| !block[..*at].ends_with(char::is_alphabetic) || phrase == CHINESE)
        .map(move |(at, found)| &block[at + found.len()..])
}

/// The name with which a text begins: words in capitals' case, or what stands in quotes; at most five words.
fn name_at(text: &str) -> Option<String> {
    if let Some(quoted) = text.strip_prefix(['«', '“', '"']) {
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
        && text.chars().next().is_some_and(|c| c.is_uppercase() || super::line::weight(c) == 3)
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
    }

    #[test]
    fn credits_in_sentences_count() {
        check("Ministers met on Friday, as reported by Global Times.", "Global Times");
        check("“We agreed,” the minister told BelTA.", "BelTA");
        check("Министры встретились, сообщает ТАСС.", "TASS");
        check("Министры встретились, пишет газета со ссылкой на «Фонарь».", "Фонарь");
        check("据新华社报道，外长会晤。", "Xinhua");
        check("Source: Global Times", "Global Times");
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
