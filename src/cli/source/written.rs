//! Sources as text of the configuration. In: what is known of them. Out: an id for each, their tables, a file in conf.d that the
//! whole configuration was accepted with. It never writes over a file.

use crate::app::{self, environment};
use crate::cli::Failure;
use crate::config::Fault;
use crate::matching::latin;
use crate::model::limits::ID_BYTES_MAX;
use crate::model::{Outline, SourceId};
use crate::text::url::{canonical, registrable};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use url::Url;

/// A source to be written; empty strings are left out.
#[derive(Debug, Default)]
pub(super) struct New {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) language: String,
    pub(super) every: String,
    pub(super) cron: String,
    pub(super) tier: Option<u32>,
    pub(super) tags: Vec<String>,
    pub(super) outline: Outline,
}

impl New {
    /// Its table.
    pub(super) fn toml(&self) -> String {
        let mut out = format!("[source.{}]\n", self.id);
        let texts = [
            ("url", &self.url),
            ("name", &self.name),
            ("kind", &self.kind),
            ("language", &self.language),
            ("every", &self.every),
            ("cron", &self.cron),
        ];
        for (key, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let _ = writeln!(out, "{key} = {}", quoted(text));
        }
        if let Some(tier) = self.tier {
            let _ = writeln!(out, "tier = {tier}");
        }
        let outline = &self.outline;
        let folders: &[String] = if outline.folders == self.tags { &[] } else { &outline.folders };
        for (key, texts) in [("tags", &*self.tags), ("folders", folders)] {
            if !texts.is_empty() {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                let _ = writeln!(out, "{key} = [{}]", texts.join(", "));
            }
        }
        if !outline.attributes.is_empty() {
            let pair = |(name, value): &(String, String)| format!("{} = {}", quoted(name), quoted(value));
            let pairs: Vec<String> = outline.attributes.iter().map(pair).collect();
            let _ = writeln!(out, "opml = {{ {} }}", pairs.join(", "));
        }
        out
    }
}

/// A TOML basic string: its escapes are those of JSON, and DEL.
pub(in crate::cli) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Addresses and ids that are taken.
pub(super) struct Taken {
    ids: HashSet<String>,
    /// The number that the next id of this name gets.
    next: HashMap<String, usize>,
    urls: HashMap<String, String>,
}

impl Taken {
    pub(super) fn by<'s>(sources: impl Iterator<Item = (&'s SourceId, &'s Url)>) -> Self {
        let mut taken = Self { ids: HashSet::new(), next: HashMap::new(), urls: HashMap::new() };
        for (id, url) in sources {
            taken.ids.insert(id.key().into_owned());
            taken.urls.insert(canonical(url).to_string(), id.to_string());
        }
        taken
    }

    /// The source that has this address already.
    pub(super) fn has(&self, url: &Url) -> Option<&str> {
        self.urls.get(canonical(url).as_str()).map(String::as_str)
    }

    /// Takes an address and an id for it: the one that was asked for, or one made of the name or the host; another where it is
    /// taken.
    pub(super) fn take(&mut self, url: &Url, asked: &str, name: &str) -> String {
        let wish = if SourceId::new(asked).is_ok() { asked.to_string() } else { id(name, url.as_str()) };
        let key = wish.replace('_', "-");
        let mut id = wish.clone();
        while !self.ids.insert(id.replace('_', "-")) {
            let next = self.next.entry(key.clone()).or_insert(1);
            *next += 1;
            let end = format!("-{next}");
            id = format!("{}{end}", &wish[..wish.len().min(ID_BYTES_MAX - end.len())]);
        }
        self.urls.insert(canonical(url).to_string(), id.clone());
        id
    }
}

/// Bytes of an id that is made of a name.
const MADE_ID_BYTES_MAX: usize = 40;

/// An id: the words of the name in Latin letters, or the host's where most of the name cannot be written so.
pub(in crate::cli) fn id(name: &str, href: &str) -> String {
    // In Russian and Uzbek ё is read so; where names are matched it is one with е.
    let lower: String = name.nfkc().collect::<String>().to_lowercase().replace('ё', "yo");
    let mut made = String::new();
    for c in latin(&lower).nfkd() {
        match c {
            'a'..='z' | '0'..='9' => made.push(c),
            'ø' => made.push('o'),
            'ł' => made.push('l'),
            'đ' | 'ð' => made.push('d'),
            'ı' => made.push('i'),
            'ə' => made.push('a'),
            'ß' => made.push_str("ss"),
            'æ' => made.push_str("ae"),
            'œ' => made.push_str("oe"),
            'þ' => made.push_str("th"),
            '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '.' => {}
            c if unicode_normalization::char::is_combining_mark(c) => {}
            _ if made.ends_with('-') || made.is_empty() => {}
            _ => made.push('-'),
        }
    }
    let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
    let kept = made.bytes().filter(u8::is_ascii_lowercase).count();
    if made.len() > MADE_ID_BYTES_MAX {
        let end = made[..MADE_ID_BYTES_MAX].rfind('-').filter(|at| *at >= MADE_ID_BYTES_MAX / 2);
        made.truncate(end.unwrap_or(MADE_ID_BYTES_MAX));
    }
    let made = made.trim_end_matches('-');
    if made.is_empty() || (letters > 0 && kept * 2 <= letters) { by_host(href) } else { made.to_string() }
}

/// An id for the source: the name of its host.
pub(super) fn by_host(href: &str) -> String {
    let host = Url::parse(href).ok().and_then(|url| url.host_str().map(ToString::to_string)).unwrap_or_default();
    let own = registrable(&host);
    let name = own.split('.').find(|label| !label.is_empty()).unwrap_or("news");
    let id: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "news".into() } else { id.chars().take(MADE_ID_BYTES_MAX).collect() }
}

/// A file of conf.d that is not there yet.
pub(super) fn file(config: &Path, name: &str) -> Result<PathBuf, Failure> {
    if !config.is_dir() {
        let what = "one file; sources are written into the folder conf.d of a configuration that is a directory";
        return Err(Failure::work(format!(
            "{} is {what}: put the lines into it by hand (--dry-run prints them)",
            config.display()
        )));
    }
    let folder = config.join("conf.d");
    std::fs::create_dir_all(&folder)
        .map_err(|fault| Failure::work(format!("{} cannot be made: {fault}", folder.display())))?;
    (1..1000)
        .map(|n| folder.join(if n == 1 { format!("{name}.toml") } else { format!("{name}-{n}.toml") }))
        .find(|file| !file.exists())
        .ok_or_else(|| Failure::work(format!("{} holds a thousand files called {name}", folder.display())))
}

/// Writes sources into the file. Those that the configuration would be refused with are left out, with what is wrong with them;
/// where it would be refused all the same, the file is taken away again.
pub(super) fn put(
    config: &Path,
    file: &Path,
    head: &str,
    sources: &mut Vec<New>,
) -> Result<Vec<(New, String)>, Failure> {
    let first = written(config, file, head, sources);
    let Err(Failure::Config(faults)) = first else { return first.map(|()| vec![]) };
    let lines: Vec<usize> = sources.iter().map(|source| source.toml().lines().count() + 1).collect();
    let mut begin = head.lines().count() + 1;
    let mut bad = vec![];
    let mut kept = vec![];
    for (source, lines) in sources.drain(..).zip(lines) {
        let own = begin..begin + lines;
        begin += lines;
        let wrong = |fault: &&Fault| Path::new(&fault.file) == file && own.contains(&fault.line) && fault.is_error();
        match faults.iter().find(wrong) {
            Some(fault) => bad.push((source, fault.what.clone())),
            None => kept.push(source),
        }
    }
    *sources = kept;
    if bad.is_empty() {
        return Err(Failure::Config(faults));
    }
    if !sources.is_empty() {
        written(config, file, head, sources)?;
    }
    Ok(bad)
}

fn written(config: &Path, file: &Path, head: &str, sources: &[New]) -> Result<(), Failure> {
    let text: Vec<String> = sources.iter().map(New::toml).collect();
    let text = format!("{head}\n{}", text.join("\n"));
    let cannot = |fault| Failure::work(format!("{} cannot be written: {fault}", file.display()));
    let mut made = OpenOptions::new().write(true).create_new(true).open(file).map_err(cannot)?;
    let put = made.write_all(text.as_bytes()).and_then(|()| made.sync_all()).map_err(cannot);
    let accepted = put.and_then(|()| app::accept(config, &environment()).map_err(Failure::Config));
    accepted.map(drop).inspect_err(|_| {
        // What it was refused for is said; a file that stays would keep the next start from its work.
        let _ = std::fs::remove_file(file);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_becomes_an_id() {
        let id = |name: &str| id(name, "https://feeds.people.com.cn/rss/world.xml");
        assert_eq!(id("The Astana Times"), "the-astana-times");
        assert_eq!(id("Газета.uz — Новости"), "gazetauz-novosti");
        assert_eq!(id("BBC O‘zbek"), "bbc-ozbek");
        assert_eq!(id("Ўзбекистон ёшлари"), "ozbekiston-yoshlari");
        assert_eq!(id("Süddeutsche Straße"), "suddeutsche-strasse");
        assert_eq!(id("人民网 RSS"), "people", "what cannot be written gives way to the host");
        assert_eq!(id("-- 24/7 --"), "24-7");
        assert_eq!(id(""), "people");
        assert_eq!(id(&"word ".repeat(40)), "word-word-word-word-word-word-word-word");
        for name in ["\u{202e}x", "a\nb", "العربية", "_", "ФФФФФ", "x".repeat(300).as_str()] {
            assert!(SourceId::new(&id(name)).is_ok(), "{name:?}: {}", id(name));
        }
        assert!(SourceId::new(&by_host("http://127.0.0.1/")).is_ok());
    }

    #[test]
    fn ids_are_unique_and_addresses_known_again() {
        let (old, at) = (SourceId::new("the_desk").unwrap(), Url::parse("https://a.example/feed").unwrap());
        let mut taken = Taken::by([(&old, &at)].into_iter());
        assert_eq!(taken.has(&"https://A.example/feed#x".parse().unwrap()), Some("the_desk"));
        let take = |taken: &mut Taken, asked: &str, n: u8| {
            taken.take(&format!("https://b.example/{n}").parse().unwrap(), asked, "The Desk")
        };
        assert_eq!(take(&mut taken, "", 1), "the-desk-2");
        assert_eq!(take(&mut taken, "own", 2), "own");
        assert_eq!(take(&mut taken, "OWN!", 3), "the-desk-3");
        assert_eq!(take(&mut taken, &"x".repeat(64), 4).len(), 64);
        assert_eq!(take(&mut taken, &"x".repeat(64), 5), format!("{}-2", "x".repeat(62)));
        assert!(taken.has(&"https://b.example/5".parse().unwrap()).is_some());
    }

    #[test]
    fn any_text_is_a_string_of_toml() {
        let hostile: String = (0..=0x9f).chain([0x202e, 0xfeff, 0x10_ffff]).filter_map(char::from_u32).collect();
        let source = New { id: "a".into(), url: "u".into(), name: hostile.clone(), ..New::default() };
        let read: toml::Table = source.toml().parse().unwrap();
        assert_eq!(read["source"]["a"]["name"].as_str(), Some(hostile.as_str()));
    }
}
