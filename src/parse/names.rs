//! In: the names and namespace declarations of a document. Out: what they mean, however they were written.
//! It never fetches a namespace.

use super::xml::{attributes, prefix};

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ns {
    /// The format's own, or none.
    Own,
    /// Atom's, inside another format.
    Atom,
    /// Dublin Core, elements and terms.
    Dc,
    /// RSS 1.0 content.
    Content,
    /// Media RSS.
    Media,
    /// Podcasts.
    Itunes,
    /// XHTML.
    Xhtml,
    /// RDF.
    Rdf,
    /// RSS 1.0 syndication.
    Syndication,
    /// Google's news sitemaps.
    News,
    /// `xml:`.
    Xml,
    /// Nobody's that matters here.
    Other,
}

/// What a namespace's address means; trailing marks, case and scheme are often got wrong.
pub fn meaning(uri: &str) -> Ns {
    let uri = uri.trim().to_ascii_lowercase();
    let name = uri.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let name = name.trim_end_matches(['/', '#', ' ']);
    match name {
        "" => Ns::Own,
        "w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/net/atom" => Ns::Atom,
        "purl.org/rss/1.0/modules/content" => Ns::Content,
        "purl.org/rss/1.0/modules/syndication" => Ns::Syndication,
        "search.yahoo.com/mrss" | "search.yahoo.com/mrss/rss" => Ns::Media,
        "w3.org/1999/xhtml" => Ns::Xhtml,
        "w3.org/1999/02/22-rdf-syntax-ns" => Ns::Rdf,
        "w3.org/xml/1998/namespace" => Ns::Xml,
        "google.com/schemas/sitemap-news/0.9" => Ns::News,
        _ if name.starts_with("purl.org/dc/") => Ns::Dc,
        _ if name.starts_with("itunes.com/dtds/podcast") || name.starts_with("example.com/dtds/podcast") => Ns::Itunes,
        _ if name.starts_with("purl.org/rss/1.0/modules") => Ns::Other,
        _ if name.starts_with("purl.org/rss")
            || name.starts_with("my.netscape.com/")
            || name.starts_with("channel.netscape.com/")
            || name.starts_with("backend.userland.com/rss")
            || name.starts_with("blogs.law.harvard.edu/tech/rss")
            || name.starts_with("cyber.law.harvard.edu/rss")
            || name.starts_with("rssboard.org/")
            || name.starts_with("sitemaps.org/schemas/sitemap")
            || name.starts_with("google.com/schemas/sitemap/") =>
        {
            Ns::Own
        }
        _ => Ns::Other,
    }
}

/// What a prefix means that nobody declared: as everybody uses it.
pub fn usual(prefix: &str) -> Ns {
    match prefix.to_ascii_lowercase().as_str() {
        "" => Ns::Own,
        "atom" | "a10" => Ns::Atom,
        "dc" | "dcterms" => Ns::Dc,
        "content" => Ns::Content,
        "media" => Ns::Media,
        "itunes" => Ns::Itunes,
        "xhtml" => Ns::Xhtml,
        "rdf" => Ns::Rdf,
        "sy" => Ns::Syndication,
        "news" => Ns::News,
        "xml" => Ns::Xml,
        _ => Ns::Other,
    }
}

/// The namespaces in force at one place, the innermost last: prefix and meaning.
#[derive(Debug, Clone, Default)]
pub struct Names<'a> {
    bound: Vec<(&'a str, Ns)>,
}

impl<'a> Names<'a> {
    /// Those of a root element, whose own namespace is the format's whatever it is.
    pub fn of_root(name: &str, tag: &'a str) -> Self {
        let mut names = Self::default();
        names.declare(tag);
        let own = prefix(name);
        for (bound, ns) in &mut names.bound {
            if *bound == own && *ns != Ns::Rdf {
                *ns = Ns::Own;
            }
        }
        names
    }

    /// Adds what a tag declares.
    pub fn declare(&mut self, tag: &'a str) {
        for (name, value, _) in attributes(tag) {
            let Some(declared) = name.strip_prefix("xmlns") else { continue };
            let Some(declared) = declared.strip_prefix(':').or(declared.is_empty().then_some("")) else { continue };
            let mut ns = meaning(value);
            // Inside an Atom feed its own name may be declared again, or the plain name be given to XHTML and back.
            if ns == Ns::Atom && self.bound.iter().any(|(_, ns)| *ns == Ns::Own) && declared.is_empty() {
                ns = Ns::Own;
            }
            self.bound.push((declared, ns));
        }
    }

    /// Whose name it is.
    pub fn of(&self, name: &str) -> Ns {
        let prefix = prefix(name);
        match self.bound.iter().rev().find(|(bound, _)| *bound == prefix) {
            Some((_, ns)) => *ns,
            None => usual(prefix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_known_however_it_is_written() {
        assert_eq!(meaning("http://www.itunes.com/DTDs/PodCast-1.0.dtd"), Ns::Itunes);
        assert_eq!(meaning("https://purl.org/dc/elements/1.1"), Ns::Dc);
        assert_eq!(meaning("http://search.yahoo.com/mrss"), Ns::Media);
        assert_eq!(meaning("http://purl.org/rss/1.0/"), Ns::Own);
        assert_eq!(meaning("http://purl.org/rss/1.0/modules/link/"), Ns::Other);
    }

    #[test]
    fn the_roots_namespace_is_the_formats_own() {
        let names =
            Names::of_root("x:feed", " xmlns:x='http://example.org/atomish' xmlns='http://www.w3.org/1999/xhtml'");
        assert_eq!((names.of("x:title"), names.of("title"), names.of("dc:date")), (Ns::Own, Ns::Xhtml, Ns::Dc));
        let names = Names::of_root(
            "rdf:RDF",
            " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'",
        );
        assert_eq!((names.of("rdf:li"), names.of("item")), (Ns::Rdf, Ns::Own));
    }
}
