//! In: sources. Out: a list of subscriptions (OPML 2.0) that other readers take. A source lies in its folders, or without any in
//! a folder for each of its tags; attributes of other readers are written as they came. Secrets are not in it.

use crate::model::limits::XML_DEPTH_MAX;
use crate::model::{Source, SourceKind};
use std::fmt::Write as _;

/// What lies in a folder.
#[derive(Default)]
struct Folder<'s> {
    folders: Vec<(&'s str, Folder<'s>)>,
    sources: Vec<&'s Source>,
}

/// The list.
#[must_use]
pub fn opml(sources: &[Source]) -> String {
    let mut top = Folder::default();
    for source in sources {
        let own = &source.outline.folders;
        let folders = if own.is_empty() { &source.tags } else { own };
        if folders.is_empty() {
            top.sources.push(source);
        }
        for path in folders {
            top.at(path).sources.push(source);
        }
    }
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>wirewatch</title>\n  </head>\n  <body>\n",
    );
    top.write(&mut out, 2);
    out.push_str("  </body>\n</opml>\n");
    out
}

impl<'s> Folder<'s> {
    /// The folder of a path, made where it is not there.
    fn at(&mut self, path: &'s str) -> &mut Self {
        let names = path.splitn(XML_DEPTH_MAX / 2, '/').map(str::trim).filter(|name| !name.is_empty());
        names.fold(self, |folder, name| {
            let known = folder.folders.iter().position(|(known, _)| *known == name);
            let at = known.unwrap_or_else(|| {
                folder.folders.push((name, Folder::default()));
                folder.folders.len() - 1
            });
            &mut folder.folders[at].1
        })
    }

    fn write(&self, out: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        for (name, folder) in &self.folders {
            let name = escaped(&name.replace('\u{2215}', "/"));
            let _ = writeln!(out, "{indent}<outline text=\"{name}\" title=\"{name}\">");
            folder.write(out, depth + 1);
            let _ = writeln!(out, "{indent}</outline>");
        }
        for source in &self.sources {
            let _ = writeln!(out, "{indent}<outline {}/>", attributes(source));
        }
    }
}

fn attributes(source: &Source) -> String {
    let kept = |name: &str| source.outline.attributes.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let name = source.name.as_deref().unwrap_or(source.id.as_str());
    let kind = match source.kind {
        SourceKind::Auto | SourceKind::Feed => "rss",
        SourceKind::Page => "page",
        SourceKind::Sitemap => "sitemap",
    };
    let own = [("type", kind), ("text", name), ("title", name), ("xmlUrl", source.url.as_str())];
    let own = own.into_iter().filter(|(name, _)| matches!(*name, "title" | "xmlUrl") || !kept(name));
    let others = source.outline.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let others = others.filter(|(name, _)| !name.eq_ignore_ascii_case("title") && !name.eq_ignore_ascii_case("xmlUrl"));
    own.chain(others).map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect::<Vec<_>>().join(" ")
}

/// The text as the value of an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
