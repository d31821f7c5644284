//! In: a parsed document. Out: its text as pieces in reading order, and the elements around them as regions, each a range of pieces.
//! One walk over the tree; every sum over a region is then a difference of two prefix sums. It judges nothing.

use super::line::Buffer;
use super::signs::{self, Signs};
use crate::text::html::Wanted;
use crate::text::one_line;
use scraper::{ElementRef, Html, Node, Selector};
use std::ops::Range;

/// A document as pieces and regions.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) pieces: Vec<Piece>,
    /// In document order, parents first; the first is the whole document.
    pub(super) regions: Vec<Region>,
    /// What `meta`, `link`, `time`, `title` and `html` elements say, in document order.
    pub(super) notes: Vec<Note>,
    /// Weight and linked weight before each piece.
    before: Vec<(u32, u32)>,
}

impl Page {
    /// Weight and linked weight of a range of pieces.
    pub(super) fn weigh(&self, range: Range<usize>) -> (u32, u32) {
        let (first, end) = (self.before[range.start], self.before[range.end]);
        (end.0 - first.0, end.1 - first.1)
    }
}

/// One thing that an element says of the page.
#[derive(Debug)]
pub(super) struct Note {
    /// `og:title`, `datepublished`, `link:canonical`, `html:lang`, `title`, `time` …; lower case.
    pub(super) key: String,
    pub(super) value: String,
    /// How many pieces stand before it.
    pub(super) at: usize,
}

/// Notes kept of one page.
const NOTES_MAX: usize = 1_000;
/// Bytes kept of one note.
const NOTE_BYTES_MAX: usize = 4_000;

/// A run of text between two block boundaries.
#[derive(Debug)]
pub(super) struct Piece {
    /// White space folded; never empty.
    pub(super) text: String,
    pub(super) kind: Kind,
    /// The innermost region around it.
    pub(super) region: usize,
    /// Its letters, counted by [`weight`](super::line::weight).
    pub(super) weight: u32,
    /// How much of it stands in links.
    pub(super) linked: u32,
    /// How many links it has.
    pub(super) links: u16,
}

/// What a piece stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// With its level, 1 to 6.
    Heading(u8),
    Point,
    Cell,
    Caption,
    Pre,
    /// Text directly in a `div` or the like.
    Loose,
}

/// An element that holds pieces.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) parent: usize,
    pub(super) tag: Tag,
    pub(super) signs: Signs,
    /// Its pieces: `first..end`.
    pub(super) first: usize,
    pub(super) end: usize,
    /// Whether the user's selector for the text chose it.
    pub(super) selected: bool,
    /// Pictures in it.
    pub(super) images: usize,
    /// Regions in it, itself excluded: `index + 1..last`.
    pub(super) last: usize,
}

/// The elements that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Document,
    Body,
    Main,
    Article,
    Section,
    Div,
    Paragraph,
    Heading(u8),
    List,
    Point,
    Table,
    Row,
    Cell,
    Quote,
    Figure,
    Caption,
    Pre,
    Header,
    Footer,
    Aside,
    Nav,
    Form,
    Other,
}

/// The user's selectors, compiled.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The article's text.
    pub(super) body: Option<Selector>,
    /// What is taken out first.
    pub(super) remove: Vec<Selector>,
}

/// What [`read`] reads of a document where no selector asks for more.
pub(super) const WANTED: Wanted = Wanted { attribute: is_read, bare: is_read_bare };

/// Whether anything here looks at an attribute.
fn is_read(element: &str, attribute: &str, value: &str) -> bool {
    let mut folded = [0; 16];
    let Some(name) = lower(attribute, &mut folded) else { return false };
    match name {
        "rel" | "itemprop" | "content" | "datetime" => true,
        "href" => is_one_of(element, &["a", "link"]),
        // Nobody reads the signs of these.
        _ if signs::is_sign(name) && is_one_of(element, &["a", "img", "html", "body", "link", "meta"]) => false,
        "class" if is_one_of(element, &["time"]) => true,
        name if signs::is_sign(name) => signs::tells(name, value),
        "property" | "name" | "http-equiv" => is_one_of(element, &["meta"]),
        "lang" | "xml:lang" => is_one_of(element, &["html"]),
        "pubdate" => is_one_of(element, &["time"]),
        _ => false,
    }
}

/// Whether an element without attributes does more than the text in it.
fn is_read_bare(element: &str) -> bool {
    let mut folded = [0; 16];
    !matches!(
        lower(element, &mut folded),
        Some(
            "span"
                | "b"
                | "i"
                | "em"
                | "strong"
                | "u"
                | "s"
                | "small"
                | "big"
                | "font"
                | "sub"
                | "sup"
                | "mark"
                | "abbr"
                | "acronym"
                | "cite"
                | "code"
                | "dfn"
                | "del"
                | "ins"
                | "kbd"
                | "label"
                | "samp"
                | "strike"
                | "tt"
                | "var"
                | "bdi"
                | "picture"
                | "area"
                | "embed"
                | "input"
                | "link"
                | "meta"
                | "param"
                | "source"
                | "track"
                | "wbr"
        )
    )
}

fn lower<'a>(name: &str, folded: &'a mut [u8; 16]) -> Option<&'a str> {
    let folded = folded.get_mut(..name.len())?;
    folded.copy_from_slice(name.as_bytes());
    folded.make_ascii_lowercase();
    std::str::from_utf8(folded).ok()
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Reads a document into pieces and regions.
pub(super) fn read(html: &Html, chosen: &Chosen) -> Page {
    let mut walk = Walk { page: Page::default(), stack: vec![], buffer: Buffer::default(), images: 0, typed: 0 };
    walk.open(Tag::Document, Signs::default(), false);
    let mut node = html.tree.root();
    // What the close of each open element has to undo.
    let mut open = vec![];
    loop {
        let enter = walk.enter(node.value(), ElementRef::wrap(node), chosen);
        if let Some(undo) = enter
            && let Some(child) = node.first_child()
        {
            open.push(undo);
            node = child;
            continue;
        }
        if let Some(undo) = enter {
            walk.leave(undo);
        }
        while node.next_sibling().is_none() {
            let (Some(undo), Some(parent)) = (open.pop(), node.parent()) else {
                walk.flush();
                walk.close();
                return walk.weighed();
            };
            walk.leave(undo);
            node = parent;
        }
        let Some(next) = node.next_sibling() else { return walk.weighed() };
        node = next;
    }
}

/// What the end of an element undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undo {
    Nothing,
    Region,
    Link,
}

struct Walk {
    page: Page,
    /// The open regions.
    stack: Vec<usize>,
    buffer: Buffer,
    /// Pictures so far.
    images: usize,
    /// How many `pre` are open.
    typed: usize,
}

impl Walk {
    fn weighed(mut self) -> Page {
        let mut sum = (0_u32, 0_u32);
        self.page.before.push(sum);
        for piece in &self.page.pieces {
            sum = (sum.0.saturating_add(piece.weight), sum.1.saturating_add(piece.linked));
            self.page.before.push(sum);
        }
        self.page
    }

    /// Enters a node; `None`: nobody reads what is in it.
    fn enter(&mut self, node: &Node, element: Option<ElementRef>, chosen: &Chosen) -> Option<Undo> {
        let Some(element) = element else {
            match node {
                // Text set as it was typed has its paragraphs parted by blank lines.
                Node::Text(text) if self.typed > 0 => {
                    for (i, paragraph) in text.split("\n\n").enumerate() {
                        if i > 0 {
                            self.flush();
                        }
                        self.buffer.push(paragraph);
                    }
                }
                Node::Text(text) => self.buffer.push(text),
                _ => {}
            }
            return Some(Undo::Nothing);
        };
        let name = element.value().name();
        self.note(element, name);
        if invisible(name) || chosen.remove.iter().any(|selector| selector.matches(&element)) {
            return None;
        }
        match name {
            "br" => self.buffer.line_break(),
            "img" | "amp-img" => {
                self.images += 1;
                return None;
            }
            // What a button says is no news; but headings of foldable sections are often buttons.
            "button" if !matches!(self.kind(), Kind::Heading(_)) => {
                self.flush();
                return None;
            }
            "a" => {
                let attr = |name| element.value().attr(name).unwrap_or_default();
                if attr("rel").split_ascii_whitespace().any(|rel| rel == "author") || attr("itemprop") == "author" {
                    self.say("a:author", &beginning(element));
                }
                self.buffer.open_link(element.value().attr("href"));
                return Some(Undo::Link);
            }
            _ => {
                let signs = signs::read(element.value());
                let selected = chosen.body.as_ref().is_some_and(|selector| selector.matches(&element));
                let tag = block(name);
                if tag.is_some() || selected || self.splits(&signs) {
                    self.flush();
                    self.open(tag.unwrap_or(Tag::Other), signs, selected);
                    return Some(Undo::Region);
                }
                if signs.hidden {
                    return None;
                }
            }
        }
        Some(Undo::Nothing)
    }

    fn say(&mut self, key: &str, value: &str) {
        if self.page.notes.len() < NOTES_MAX && value.len() <= NOTE_BYTES_MAX {
            let at = self.page.pieces.len();
            self.page.notes.push(Note { key: key.to_ascii_lowercase(), value: value.to_string(), at });
        }
    }

    /// Takes down what an element says of the page.
    fn note(&mut self, element: ElementRef, name: &str) {
        let attr = |name| element.value().attr(name);
        match name {
            "meta" => {
                if let (Some(key), Some(value)) =
                    (attr("property").or(attr("name")).or(attr("itemprop")).or(attr("http-equiv")), attr("content"))
                {
                    self.say(key.trim(), value);
                }
            }
            "link" => {
                if let (Some("canonical"), Some(href)) = (attr("rel"), attr("href")) {
                    self.say("link:canonical", href);
                }
            }
            "html" => {
                if let Some(language) = attr("lang").or(attr("xml:lang")) {
                    self.say("html:lang", language);
                }
            }
            "title" => self.say("title", &element.text().collect::<String>()),
            "time" => {
                let moment = attr("datetime").or(attr("content")).map_or_else(|| beginning(element), str::to_string);
                if !moment.trim().is_empty() {
                    let key = match attr("itemprop") {
                        Some(prop) if prop.contains("datePublished") => "datepublished",
                        Some(prop) if prop.contains("dateModified") => "datemodified",
                        _ if attr("pubdate").is_some() => "time:published",
                        _ => match attr("class") {
                            Some(class) if class.contains("published") => "time:published",
                            Some(class) if class.contains("updated") || class.contains("modified") => "time:updated",
                            _ => "time",
                        },
                    };
                    self.say(key, &moment);
                }
            }
            _ => {
                if let Some(prop @ ("datePublished" | "dateModified" | "dateCreated")) = attr("itemprop") {
                    let value = attr("content").or(attr("datetime")).map_or_else(|| beginning(element), str::to_string);
                    self.say(prop, &value);
                }
            }
        }
    }

    fn leave(&mut self, undo: Undo) {
        match undo {
            Undo::Nothing => {}
            Undo::Link => self.buffer.close_link(),
            Undo::Region => {
                self.flush();
                self.close();
            }
        }
    }

    fn open(&mut self, tag: Tag, signs: Signs, selected: bool) {
        let index = self.page.regions.len();
        let first = self.page.pieces.len();
        let parent = self.stack.last().copied().unwrap_or(0);
        self.page.regions.push(Region {
            parent,
            tag,
            signs,
            selected,
            first,
            end: first,
            images: self.images,
            last: index + 1,
        });
        self.typed += usize::from(tag == Tag::Pre);
        self.stack.push(index);
    }

    fn close(&mut self) {
        if let Some(index) = self.stack.pop() {
            let last = self.page.regions.len();
            let region = &mut self.page.regions[index];
            region.end = self.page.pieces.len();
            region.last = last;
            region.images = self.images - region.images;
            self.typed -= usize::from(region.tag == Tag::Pre);
        }
    }

    /// Whether an inline element is a region of its own: not in the middle of a sentence.
    fn splits(&self, signs: &Signs) -> bool {
        let telling = signs.apart.is_some()
            || signs.doubtful.is_some()
            || signs.body
            || signs.caption
            || signs.author
            || signs.date;
        telling && self.buffer.is_blank() && self.kind() == Kind::Loose
    }

    fn kind(&self) -> Kind {
        for index in self.stack.iter().rev() {
            match self.page.regions[*index].tag {
                Tag::Paragraph => return Kind::Paragraph,
                Tag::Heading(level) => return Kind::Heading(level),
                Tag::Point => return Kind::Point,
                Tag::Cell => return Kind::Cell,
                Tag::Caption => return Kind::Caption,
                Tag::Pre => return Kind::Pre,
                Tag::Other => {}
                _ => return Kind::Loose,
            }
        }
        Kind::Loose
    }

    fn flush(&mut self) {
        if self.buffer.is_blank() {
            self.buffer.clear();
            return;
        }
        let kind = self.kind();
        let region = self.stack.last().copied().unwrap_or(0);
        for line in self.buffer.take() {
            self.page.pieces.push(Piece {
                text: line.text,
                kind,
                region,
                weight: line.weight,
                linked: line.linked,
                links: line.links,
            });
        }
    }
}

/// The text of an element as far as it may be a name or a date.
fn beginning(element: ElementRef) -> String {
    let mut beginning = String::new();
    for text in element.text() {
        beginning.push_str(text);
        if beginning.len() >= BEGINNING_BYTES_MAX {
            beginning.truncate(beginning.floor_char_boundary(BEGINNING_BYTES_MAX));
            break;
        }
    }
    one_line(&beginning)
}

/// Bytes of an element's text that may be a name or a date.
const BEGINNING_BYTES_MAX: usize = 400;

fn invisible(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "embed"
            | "select"
            | "option"
            | "datalist"
            | "textarea"
            | "input"
            | "canvas"
            | "audio"
            | "video"
            | "map"
            | "math"
            | "title"
            | "link"
            | "meta"
            | "source"
    )
}

fn block(name: &str) -> Option<Tag> {
    Some(match name {
        "body" => Tag::Body,
        "main" => Tag::Main,
        "article" => Tag::Article,
        "section" | "details" => Tag::Section,
        "div" | "center" | "fieldset" | "hgroup" | "address" | "search" | "summary" | "dialog" | "legend" => Tag::Div,
        "p" => Tag::Paragraph,
        "h1" => Tag::Heading(1),
        "h2" => Tag::Heading(2),
        "h3" => Tag::Heading(3),
        "h4" => Tag::Heading(4),
        "h5" => Tag::Heading(5),
        "h6" => Tag::Heading(6),
        "ul" | "ol" | "dl" | "menu" | "dir" => Tag::List,
        "li" | "dt" | "dd" => Tag::Point,
        "table" => Tag::Table,
        "tr" | "tbody" | "thead" | "tfoot" | "colgroup" => Tag::Row,
        "td" | "th" => Tag::Cell,
        "blockquote" => Tag::Quote,
        "figure" => Tag::Figure,
        "figcaption" | "caption" => Tag::Caption,
        "pre" | "listing" | "xmp" => Tag::Pre,
        "header" => Tag::Header,
        "footer" => Tag::Footer,
        "aside" => Tag::Aside,
        "nav" => Tag::Nav,
        "form" => Tag::Form,
        "hr" | "html" | "head" | "button" => Tag::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html;
    use proptest::prelude::*;

    fn told(flat: &str) -> String {
        let page = read(&Html::parse_document(flat), &Chosen::default());
        format!("{:#?}\n{:#?}\n{:#?}", page.pieces, page.regions, page.notes)
    }

    const UNITS: [&str; 55] = [
        "<div class='related x' data-x=\"a>b\">",
        "</div>",
        "<p style='color:red' onclick=\"f('<')\">",
        "</p>",
        "<span>",
        "<span class=date>",
        "<span STYLE='display: none'>",
        "</span>",
        "<b>",
        "</b>",
        "<i title=x>",
        "</i>",
        "<a href=/x class=nav>",
        "<a rel=author href='#top'>",
        "</a>",
        "<img src=a alt='b'>",
        "<input value='<p>'>",
        "<link rel=canonical href=/c>",
        "<meta property=og:title content='t'>",
        "<meta charset=utf-8>",
        "<time datetime=2024-05-31 class=published>",
        "<time pubdate>",
        "</time>",
        "<table width=1><tr><td id=comments>",
        "</td></tr></table>",
        "<ul><li role=navigation>",
        "</ul>",
        "<label>",
        "</label>",
        "<font color=red>",
        "</font>",
        "<h1 itemprop=headline>",
        "</h1>",
        "<button>",
        "</button>",
        "<section hidden>",
        "</section>",
        "<aside aria-hidden=true>",
        "</aside>",
        "<html lang=en data-a>",
        "<body class=has-sidebar>",
        "<title>t</title>",
        "<br>",
        "<wbr>",
        "<em itemprop=datePublished content=2024-05-31>",
        "</em>",
        "<cite a='' b=\"\" c= d>",
        "</cite>",
        "<pre>",
        "</pre>",
        "Water rises in the old town. ",
        "a",
        " ",
        "\n\n",
        "&lt;p&gt; < 2",
    ];

    proptest! {
        #[test]
        fn what_is_left_out_is_not_read(units in prop::collection::vec(prop::sample::select(&UNITS[..]), 1..60)) {
            let html = units.concat();
            prop_assert_eq!(told(&html::flatten_for(&html, WANTED)), told(&html::flatten(&html)));
        }
    }

    #[test]
    fn nearly_all_attributes_are_left_out() {
        let html = "<div class=\"related b\" id=x data-id='1' onclick='x()'><span data-x><b>a</b></span><a href=x target=_blank title='y'>b</a></div>";
        assert_eq!(html::flatten_for(html, WANTED), "<div class=\"related b\">a<a href=x>b</a></div>");
    }
}
