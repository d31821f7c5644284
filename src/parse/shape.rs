//! In: the elements of a feed as healing walks past them. Out: which format and version it is, and who may read it.
//! It never reads an entry.

use super::names::{Ns, meaning};
use super::xml::{attributes, local, prefix};

/// What a document is, as far as its elements and attributes tell.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    family: Family,
    /// The version that the root states.
    stated: String,
    /// Namespace of the root's plain names.
    namespace: String,
    /// Prefixes declared so far.
    declared: Vec<(String, Ns)>,
    /// Whether something in it is beyond what feed-rs keeps.
    odd: bool,
    /// Entries that were closed.
    pub entries: usize,
    /// How often the feed says that it changes: seconds, and how often in them.
    period_s: Option<u64>,
    frequency: Option<u64>,
    /// Links without a path, as written: feed-rs adds a slash.
    bare: Vec<String>,
    /// A prefix that was used without being declared.
    pub undeclared: Option<String>,
}

/// Most links without a path that are remembered.
const BARE_MAX: usize = 16;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Family {
    #[default]
    Unknown,
    Rss,
    Rdf,
    Atom,
    Cdf,
}

const ATOM_NS: &str = "http://www.w3.org/2005/Atom";

/// Elements that feed-rs passes over or reads otherwise, and the gentle reader does not.
const BEYOND: [&str; 40] = [
    "dc:subject",
    "dc:date",
    "dc:title",
    "dc:description",
    "dc:language",
    "dc:rights",
    "dc:publisher",
    "dc:identifier",
    "dc:author",
    "dc:issued",
    "dc:modified",
    "dcterms:issued",
    "dcterms:created",
    "dcterms:modified",
    "atom:author",
    "atom:title",
    "atom:summary",
    "atom:content",
    "atom:published",
    "atom:id",
    "atom:category",
    "xhtml:body",
    "xhtml:div",
    "body",
    "fullitem",
    "modified",
    "issued",
    "created",
    "tagline",
    "abstract",
    "rights",
    "subtitle",
    "published",
    "summary",
    "content",
    "media:title",
    "media:description",
    "media:group",
    "media:category",
    "icon",
];

impl Shape {
    /// A start tag, standing in these.
    pub fn element(&mut self, name: &str, tag: &str, open: &[&str]) {
        if open.is_empty() {
            self.root(name, tag);
            return;
        }
        if self.odd {
            return;
        }
        if !tag.is_empty() && tag.contains("xml") {
            self.declare(tag);
            // A base, a language or another plain namespace in the middle.
            self.odd |= attributes(tag).any(|(name, ..)| matches!(name, "xmlns" | "xml:base" | "xml:lang"));
        }
        if self.family == Family::Atom && name == "link" {
            attributes(tag).filter(|(name, ..)| *name == "href").for_each(|(_, href, _)| self.link(href));
        }
        let prefix = prefix(name);
        if !prefix.is_empty() && prefix != "xml" && !self.declared.iter().any(|(declared, _)| declared == prefix) {
            self.odd = true;
            self.undeclared = Some(prefix.to_string());
        }
        self.odd |= prefix == "itunes"
            || match self.family {
                Family::Rss => match open {
                    [_] => !name.eq_ignore_ascii_case("channel"),
                    [_, _] => beyond(name) || prefix == "media" || (name == "link" && !tag.is_empty()),
                    [_, _, "item" | "image" | "textInput" | "skipHours" | "skipDays"] => {
                        beyond(name) || (name == "link" && !tag.is_empty())
                    }
                    // Elements within a text.
                    _ => true,
                },
                Family::Atom => match open {
                    [_] => tag_is_odd(name, tag) || matches!(name, "tagline" | "modified" | "copyright"),
                    [_, "entry"] => tag_is_odd(name, tag) || atom_beyond(name),
                    [_, "author" | "contributor"] | [_, _, "author" | "contributor"] => {
                        matches!(name, "url" | "homepage")
                    }
                    _ => true,
                },
                Family::Rdf | Family::Cdf | Family::Unknown => true,
            };
    }

    fn root(&mut self, name: &str, tag: &str) {
        self.declare(tag);
        for (name, value, _) in attributes(tag) {
            match name {
                "version" => self.stated = value.trim().to_ascii_lowercase(),
                "xml:base" => self.odd = true,
                _ => {}
            }
        }
        let own = prefix(name);
        let key = if own.is_empty() { "xmlns".to_string() } else { format!("xmlns:{own}") };
        self.namespace = attributes(tag)
            .find(|(name, ..)| *name == key)
            .map(|(_, value, _)| value.trim().to_string())
            .unwrap_or_default();
        self.family = match local(name).to_ascii_lowercase().as_str() {
            "rdf" => Family::Rdf,
            "feed" | "entry" => Family::Atom,
            // CDF, or RSS whose root was lost: an RSS channel has no attributes.
            "channel" if attributes(tag).any(|(name, ..)| name.eq_ignore_ascii_case("href")) || name == "CHANNEL" => {
                Family::Cdf
            }
            "rss" | "channel" => Family::Rss,
            _ => Family::Unknown,
        };
        if self.family == Family::Rdf {
            let plain = attributes(tag).find(|(name, ..)| *name == "xmlns").map(|(_, value, _)| value.trim());
            self.namespace = plain.unwrap_or_default().to_string();
        }
        self.odd |= !own.is_empty()
            || match self.family {
                Family::Rss => name != "rss" || !self.namespace.is_empty(),
                Family::Atom => name != "feed" || self.namespace != ATOM_NS,
                Family::Rdf | Family::Cdf | Family::Unknown => true,
            };
    }

    /// Namespaces that feed-rs would not know, or that go by another prefix than the lists here are written with.
    fn declare(&mut self, tag: &str) {
        for (name, value, _) in attributes(tag) {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let ns = meaning(value);
            self.odd |= match ns {
                Ns::Dc => !matches!((prefix, value), ("dc", "http://purl.org/dc/elements/1.1/") | ("dcterms", _)),
                Ns::Content => (prefix, value) != ("content", "http://purl.org/rss/1.0/modules/content/"),
                Ns::Media => (prefix, value) != ("media", "http://search.yahoo.com/mrss/"),
                Ns::Itunes => (prefix, value) != ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
                Ns::Atom => (prefix, value) != ("atom", ATOM_NS),
                Ns::Xhtml => prefix != "xhtml",
                Ns::Own => true,
                _ => false,
            };
            self.declared.push((prefix.to_string(), ns));
        }
    }

    /// Text, standing in these.
    pub fn text(&mut self, text: &str, open: &[&str]) {
        // feed-rs cuts authors with an address apart in the middle of characters, and panics.
        let Some(last) = open.last().filter(|_| !self.odd && open.len() > 1) else { return };
        match *last {
            "link" => self.link(text),
            "sy:updatePeriod" => self.period_s = super::gentle::period(text),
            "sy:updateFrequency" => self.frequency = text.trim().parse().ok(),
            _ => {}
        }
        let person = matches!(local(last), "author" | "creator" | "managingEditor" | "webMaster");
        self.odd |= person && memchr::memchr(b'@', text.as_bytes()).is_some();
    }

    fn link(&mut self, href: &str) {
        let href = href.trim();
        let bare = href.split_once("://").is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']));
        if bare && self.bare.len() < BARE_MAX {
            self.bare.push(href.to_string());
        }
    }

    /// A link as it was written, if feed-rs added the slash at its end.
    pub fn as_written<'s>(&'s self, href: &'s str) -> &'s str {
        let cut = href.strip_suffix('/').filter(|cut| self.bare.iter().any(|bare| bare.eq_ignore_ascii_case(cut)));
        cut.unwrap_or(href)
    }

    /// Whether feed-rs reads the document and loses nothing of it.
    pub fn is_standard(&self) -> bool {
        !self.odd
    }

    /// How long the feed says it may be kept (RSS 1.0 syndication), in seconds.
    pub fn period_s(&self) -> Option<u64> {
        self.period_s.map(|period| period / self.frequency.unwrap_or(1).max(1))
    }

    /// Whether texts without a type are plain text.
    pub fn is_atom(&self) -> bool {
        self.family == Family::Atom
    }

    /// The family's name.
    pub fn format(&self) -> &'static str {
        match self.family {
            Family::Rss | Family::Unknown => "rss",
            Family::Rdf => "rdf",
            Family::Atom => "atom",
            Family::Cdf => "cdf",
        }
    }

    /// The version by feedparser's names.
    pub fn version(&self) -> String {
        let namespace = self.namespace.to_ascii_lowercase();
        match self.family {
            Family::Cdf => "cdf",
            Family::Rdf if namespace.contains("netscape.com") => "rss090",
            Family::Rdf => "rss10",
            Family::Atom if namespace.contains("2005/atom") => "atom10",
            Family::Atom => match self.stated.as_str() {
                "0.1" => "atom01",
                "0.2" => "atom02",
                "0.3" => "atom03",
                "1.0" => "atom10",
                _ if namespace.contains("purl.org/atom") => "atom03",
                _ => "atom",
            },
            Family::Rss | Family::Unknown => match self.stated.as_str() {
                "0.90" => "rss090",
                "0.91" => "rss091u",
                "0.92" => "rss092",
                "0.93" => "rss093",
                "0.94" => "rss094",
                "1.0" => "rss10",
                version if version.starts_with('2') => "rss20",
                _ => "rss",
            },
        }
        .into()
    }
}

fn beyond(name: &str) -> bool {
    BEYOND.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What feed-rs does not read in an Atom entry.
fn atom_beyond(name: &str) -> bool {
    matches!(name, "issued" | "modified" | "created" | "source")
        || (name.contains(':') && (beyond(name) || name.starts_with("dc:")))
}

/// A type of text that feed-rs refuses or takes apart otherwise.
fn tag_is_odd(name: &str, tag: &str) -> bool {
    !tag.is_empty()
        && name != "link"
        && attributes(tag).any(|(name, value, _)| match name {
            "type" => !matches!(value, "text" | "html" | "text/html"),
            "mode" | "src" => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use crate::parse::heal::heal;

    fn shape(xml: &str) -> (&'static str, String, bool) {
        let shape = heal(xml, 0).unwrap().shape;
        (shape.format(), shape.version(), shape.is_standard())
    }

    #[test]
    fn versions_have_the_names_that_people_know() {
        assert_eq!(shape("<rss version='2.0'><channel/></rss>"), ("rss", "rss20".into(), true));
        assert_eq!(shape("<rss version='0.93'/>"), ("rss", "rss093".into(), true));
        assert_eq!(shape("<rss/>").1, "rss");
        assert_eq!(shape("<feed xmlns='http://www.w3.org/2005/Atom'/>"), ("atom", "atom10".into(), true));
        assert_eq!(shape("<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>"), ("atom", "atom03".into(), false));
        assert_eq!(shape("<rdf:RDF xmlns='http://purl.org/rss/1.0/'/>"), ("rdf", "rss10".into(), false));
        assert_eq!(shape("<rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/'/>").1, "rss090");
        assert_eq!(shape("<CHANNEL href='x'/>"), ("cdf", "cdf".into(), false));
    }

    #[test]
    fn what_feed_rs_would_lose_is_read_gently() {
        let rss = |inside: &str| {
            shape(&format!("<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item>{inside}</item></channel></rss>")).2
        };
        assert!(rss("<title>a</title><dc:creator>Ada</dc:creator><guid isPermaLink='false'>1</guid>"));
        assert!(!rss("<dc:subject>a</dc:subject>"));
        assert!(!rss("<description>a <b>b</b></description>"));
        assert!(!rss("<author>foo@example.com—Écrivain</author>"));
        assert!(!rss("<undeclared:title>a</undeclared:title>"));
        assert!(!rss("<title xml:lang='fr'>a</title>"));
        let atom = |inside: &str| {
            shape(&format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{inside}</entry></feed>")).2
        };
        assert!(atom("<title type='html'>a</title><author><name>b</name></author><link href='c'/>"));
        assert!(!atom("<content type='xhtml'><div>a</div></content>"));
        assert!(!atom("<content src='x'/>"));
    }
}
