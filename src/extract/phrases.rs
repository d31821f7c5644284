//! In: one line of text. Out: whether it is furniture that many outlets put into articles — "Advertisement", "Follow us", "Read also" — in the
//! languages of the wires, as `phrases/*.txt` list it. It knows no outlet, and judges no line that could be a sentence of the news.

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
    /// Whether it began with a `#`.
    tagged: bool,
}

impl Line {
    /// `None` for what is too long to be furniture or a label.
    pub(super) fn of(line: &str) -> Option<Self> {
        let tagged = line.trim_start().starts_with('#');
        let line = line.trim_matches(|c: char| c.is_whitespace() || EDGES.contains(&c));
        if line.is_empty() || (line.len() > LINE_CHARS_MAX && line.char_indices().nth(LINE_CHARS_MAX).is_some()) {
            return None;
        }
        if line.is_ascii() {
            return Some(Self { text: line.to_ascii_lowercase().replace('`', "'"), chars: line.len(), tagged });
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
        Some(Self { text, chars, tagged })
    }

    /// The zone of a line that is furniture as a whole.
    pub(super) fn furniture(&self) -> Option<Zone> {
        let text = self.text.as_str();
        let bare = text.trim_matches(|c: char| {
            c.is_ascii_digit() || c.is_whitespace() || "()[]:+.!,（）［］【】：！。".contains(c)
        });
        if WHOLE_SET.contains(text) || WHOLE_SET.contains(bare) {
            let comments = COMMENTS.iter().any(|word| bare.starts_with(word));
            return Some(if comments { Zone::Comments } else { Zone::Footer });
        }
        let sourced = self.chars <= 60 && SOURCE.iter().any(|start| text.starts_with(start));
        let follows = text.starts_with("follow ") && NETWORKS.iter().any(|network| text.contains(network));
        let owned = text.starts_with('©') || text.starts_with("copyright") || text.starts_with("(c) ");
        let asks = STARTS_BY_FIRST.prefixes(text).next().is_some();
        let invites = self.chars <= 200 && text.contains("your inbox");
        let marks = asks || invites || self.is_tags() || self.is_reading_time() || self.is_address();
        (sourced || follows || owned || marks).then_some(Zone::Footer)
    }

    /// Whether it is the label of a list of other stories: "Related articles".
    pub(super) fn is_related_label(&self) -> bool {
        RELATED_SET.contains(self.text.trim_end_matches([':', '：', '…', '.', '»', '>', '→', '!']).trim())
    }

    /// Whether it may be such a label if links follow: "More from our partners".
    pub(super) fn may_be_related_label(&self) -> bool {
        self.chars <= 70
            && (RELATED_BY_FIRST.prefixes(&self.text).next().is_some()
                || RELATED_BEGINS.iter().any(|phrase| begins(&self.text, phrase)))
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

    /// "#water #osh" and nothing else.
    fn is_tags(&self) -> bool {
        self.tagged && self.text.split_whitespace().skip(1).all(|word| word.starts_with('#'))
    }

    /// An e-mail address or a handle and nothing else.
    fn is_address(&self) -> bool {
        self.text.contains('@') && self.text.is_ascii() && !self.text.contains(char::is_whitespace)
    }
}

/// Marks that outlets put around such lines.
const EDGES: [char; 18] = ['|', '•', '·', '-', '–', '—', '*', '#', '▼', '▲', '►', '▶', '×', '✕', '«', '»', '"', '“'];

static WHOLE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(include_str!("phrases/furniture.txt")).collect());
static STARTS_BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| ByFirst::of(include_str!("phrases/asks.txt")));
static RELATED_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| phrases(RELATED).collect());
static RELATED_BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| ByFirst::of(RELATED));
static RELATED_BEGINS: LazyLock<Vec<&str>> =
    LazyLock::new(|| phrases(include_str!("phrases/related_begins.txt")).collect());

/// Labels of lists of other stories.
const RELATED: &str = include_str!("phrases/related.txt");

/// The phrases of a list: one on each line, under headings that begin with `#`.
pub(super) fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a text begins with a phrase; a `_` at the phrase's end is a space, as nobody sees one there.
fn begins(text: &str, phrase: &str) -> bool {
    match phrase.strip_suffix('_') {
        Some(word) => text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')),
        None => text.starts_with(phrase),
    }
}

/// Phrases by their first two letters: a page has thousands of lines, and most begin like no phrase.
struct ByFirst(HashMap<(char, char), Vec<&'static str>>);

impl ByFirst {
    fn of(list: &'static str) -> Self {
        let mut by_first: HashMap<_, Vec<_>> = HashMap::default();
        for phrase in phrases(list) {
            by_first.entry(Self::key(phrase)).or_default().push(phrase);
        }
        Self(by_first)
    }

    fn key(text: &str) -> (char, char) {
        let mut chars = text.chars();
        (chars.next().unwrap_or_default(), chars.next().unwrap_or_default())
    }

    /// The phrases with which a text begins.
    fn prefixes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        self.0.get(&Self::key(text)).into_iter().flatten().copied().filter(move |phrase| begins(text, phrase))
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

const COMMENTS: [&str; 25] = [
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
    "пікір",
    "пикир",
    "шарҳ",
    "назар",
    "التعليقات",
    "تعليق",
    "أضف تعليق",
    "نظر",
    "دیدگاه",
    "σχόλια",
    "टिप्पणि",
    "コメント",
    "şərh",
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
            "#water #osh",
            "Tags: water, Osh",
            "Калит сўзлар: сув",
            "Get the news in your inbox each morning",
            "Kanalimizga aʼzo boʻling",
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
            "#3 is what the minister called it",
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
        assert!(line("Shuningdek, oʻqing: Van I Toshkentda").labels_related());
        assert!(!line("Read also what the minister said: nothing").labels_related());
        assert!(!line("Related parties must be named in the report").is_related_label());
        assert!(!line("More:").labels_related());
        assert!(line("More from our partners").may_be_related_label());
    }
}
