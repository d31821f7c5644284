//! In: an element's name and attributes. Out: what its author called it — menu, related box, comments, the article's body.
//! Words of class and id are compared whole, never as part of a word ("shared" is no "share"), and no word names a site.

use crate::model::Zone;
use scraper::node::Element;

/// What the markup says of an element.
#[expect(clippy::struct_excessive_bools, reason = "they are independent answers, each asked alone")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// It stands apart from the article: certain enough to be believed unless it holds most of the page.
    pub(super) apart: Option<Zone>,
    /// It may stand apart: believed where it is short or full of links.
    pub(super) doubtful: Option<Zone>,
    /// It may stand apart, but builders of pages call everything so: believed where it is full of links.
    pub(super) linked: Option<Zone>,
    /// It holds the article's text.
    pub(super) body: bool,
    /// It is not shown.
    pub(super) hidden: bool,
    /// It holds a caption.
    pub(super) caption: bool,
    /// It holds a summary of the article.
    pub(super) summary: bool,
    /// It holds the author's name.
    pub(super) author: bool,
    /// It holds a date.
    pub(super) date: bool,
}

/// Reads the signs of an element.
pub(super) fn read(element: &Element) -> Signs {
    let mut signs = Signs::default();
    match element.name() {
        "nav" | "menu" => signs.apart = Some(Zone::Navigation),
        "footer" => signs.apart = Some(Zone::Footer),
        "aside" => signs.doubtful = Some(Zone::Related),
        "form" | "dialog" => signs.doubtful = Some(Zone::Footer),
        "figcaption" => signs.caption = true,
        "time" => signs.date = true,
        // Their classes speak of the whole site ("has-sidebar", "single-post").
        "html" | "body" => return signs,
        _ => {}
    }
    for (name, value) in element.attrs() {
        attribute(name, value, &mut signs);
    }
    signs
}

/// Whether an attribute of this name, in small letters, may be a sign and is read for nothing else.
pub(super) fn is_sign(name: &str) -> bool {
    matches!(
        name,
        "class"
            | "id"
            | "data-testid"
            | "data-component"
            | "data-module"
            | "role"
            | "itemtype"
            | "hidden"
            | "aria-hidden"
            | "style"
    )
}

/// Whether it says anything: most classes speak of the layout.
pub(super) fn tells(name: &str, value: &str) -> bool {
    let mut signs = Signs::default();
    attribute(name, value, &mut signs);
    signs != Signs::default()
}

fn attribute(name: &str, value: &str, signs: &mut Signs) {
    match name {
        "class" | "id" | "data-testid" | "data-component" | "data-module" => {
            for word in value.split_ascii_whitespace() {
                called(word, signs);
            }
        }
        "role" => role(value, signs),
        "itemprop" => itemprop(value, signs),
        "itemtype" if value.ends_with("Comment") || value.ends_with("UserComments") => {
            signs.apart = Some(Zone::Comments);
        }
        "itemtype" if value.ends_with("SiteNavigationElement") || value.ends_with("BreadcrumbList") => {
            signs.apart = Some(Zone::Navigation);
        }
        "rel" if value == "author" => signs.author = true,
        "hidden" => signs.hidden = true,
        "aria-hidden" => signs.hidden |= value == "true",
        "style" => signs.hidden |= hides(value),
        _ => {}
    }
}

fn role(value: &str, signs: &mut Signs) {
    match value {
        "navigation" | "menu" | "menubar" | "banner" | "search" | "toolbar" => signs.apart = Some(Zone::Navigation),
        "contentinfo" | "dialog" | "alertdialog" | "alert" => signs.apart = Some(Zone::Footer),
        "complementary" => signs.doubtful = Some(Zone::Related),
        _ => {}
    }
}

fn itemprop(value: &str, signs: &mut Signs) {
    for word in value.split_ascii_whitespace() {
        match word {
            "articleBody" | "reviewBody" => signs.body = true,
            "caption" => signs.caption = true,
            "author" | "creator" => signs.author = true,
            "datePublished" | "dateModified" | "dateCreated" => signs.date = true,
            "comment" => signs.apart = Some(Zone::Comments),
            "publisher" | "breadcrumb" => signs.apart = Some(Zone::Footer),
            _ => {}
        }
    }
}

fn hides(style: &str) -> bool {
    let folded = style.bytes().filter(|b| !b.is_ascii_whitespace()).map(|b| b.to_ascii_lowercase());
    let folded: Vec<u8> = folded.take(400).collect();
    memchr::memmem::find(&folded, b"left:-9999").is_some()
        || memchr::memmem::find(&folded, b"display:none").is_some()
        || memchr::memmem::find(&folded, b"visibility:hidden").is_some()
}

/// Reads one class or id.
fn called(name: &str, signs: &mut Signs) {
    let parts = Parts::of(name);
    // "no-sidebar", "has-related", "md:hidden", "is-open": they speak of the layout.
    if parts.layout {
        return;
    }
    let words = &parts.words[..parts.len];
    for (i, word) in words.iter().enumerate() {
        let next = words.get(i + 1).map_or("", Word::as_str);
        word_pair(word.as_str(), next, signs);
    }
}

const RELATED: Option<Zone> = Some(Zone::Related);
const NAVIGATION: Option<Zone> = Some(Zone::Navigation);
const COMMENTS: Option<Zone> = Some(Zone::Comments);
const FOOTER: Option<Zone> = Some(Zone::Footer);

/// What a word of a class says, with the word after it.
fn word_pair(word: &str, next: &str, signs: &mut Signs) {
    match (word, next) {
        (
            "article" | "post" | "entry" | "story" | "blog" | "news" | "single" | "content" | "page",
            "body" | "content" | "text" | "contents" | "copy",
        )
        | (
            "articlebody" | "articlecontent" | "articletext" | "postcontent" | "postbody" | "entrycontent"
            | "storybody" | "bodytext" | "maincontent" | "newstext" | "storytext",
            _,
        )
        | ("body" | "rich" | "main", "text" | "copy" | "content")
        | ("td", "post") => signs.body = true,
        ("caption" | "captions" | "figcaption" | "credit" | "photocredit" | "imagecaption" | "photocaption", _)
        | ("wp", "caption") => signs.caption = true,
        ("byline" | "author" | "authors" | "authorname" | "writer", _) => signs.author = true,
        ("date" | "datetime" | "timestamp" | "published" | "dateline" | "pubdate" | "datestamp", _) => {
            signs.date = true;
        }
        _ => {}
    }
    signs.summary |= matches!(
        word,
        "standfirst"
            | "dek"
            | "deck"
            | "subtitle"
            | "subhead"
            | "subheadline"
            | "subheading"
            | "summary"
            | "lede"
            | "lead"
            | "intro"
            | "abstract"
            | "excerpt"
            | "sapo"
            | "strapline"
    );
    let apart = match (word, next) {
        (
            "related" | "relatedposts" | "relatedarticles" | "relatedlinks" | "relatednews" | "recommended"
            | "recommendation" | "recommendations" | "recirc" | "recirculation" | "readmore" | "readalso" | "alsoread"
            | "seealso" | "mostread" | "mostpopular" | "trending" | "outbrain" | "taboola" | "yarpp" | "upnext"
            | "teaser" | "teasers" | "moreon" | "morestories" | "morenews" | "relatedstories" | "crosspromo"
            | "rightrail" | "zergnet" | "mgid",
            _,
        )
        | ("read" | "see" | "also", "more" | "also" | "next" | "read" | "related" | "too")
        | (
            "more" | "other" | "latest" | "recent" | "top" | "popular" | "similar" | "featured" | "next" | "previous"
            | "prev" | "suggested",
            "stories" | "articles" | "posts" | "news" | "story" | "article" | "post" | "links" | "reading"
            | "headlines",
        )
        | ("most", "read" | "popular" | "viewed" | "shared" | "commented") => RELATED,
        (
            "nav" | "navbar" | "navigation" | "subnav" | "topnav" | "menu" | "submenu" | "breadcrumb" | "breadcrumbs"
            | "pagination" | "pager" | "masthead" | "topbar" | "toc" | "navmenu" | "megamenu" | "mainmenu",
            _,
        )
        | ("table", "of")
        | ("skip", "link" | "links" | "to" | "nav" | "content")
        | ("site" | "page" | "global" | "main", "header") => NAVIGATION,
        (
            "comment" | "comments" | "disqus" | "respond" | "livefyre" | "commentlist" | "wpdiscuz" | "talkback"
            | "replies",
            _,
        ) => COMMENTS,
        (
            "footer" | "newsletter" | "newsletters" | "subscribe" | "subscription" | "signup" | "share" | "sharing"
            | "social" | "sharedaddy" | "addtoany" | "addthis" | "socials" | "ad" | "ads" | "advert" | "adverts"
            | "advertisement" | "advertising" | "sponsor" | "sponsored" | "cookie" | "cookies" | "consent" | "gdpr"
            | "modal" | "popup" | "popover" | "overlay" | "paywall" | "copyright" | "tags" | "taglist" | "donate"
            | "donation" | "login" | "disclaimer" | "sharebar" | "sharethis" | "optin" | "print",
            _,
        )
        | ("author" | "about", "bio" | "box" | "info" | "author" | "card" | "description")
        | ("sign", "up")
        | ("follow", "us" | "me")
        | ("tag", "list" | "links" | "cloud" | "container")
        | ("site" | "page" | "global", "footer") => FOOTER,
        _ => None,
    };
    signs.apart = signs.apart.or(apart);
    let doubtful = match word {
        "sidebar" | "rail" | "aside" | "promo" | "promos" | "promotion" | "suggestions" | "suggested" | "similar" => {
            RELATED
        }
        "toolbar" | "category" | "categories" => NAVIGATION,
        "reply" | "review" | "reviews" | "discussion" => COMMENTS,
        "cta" | "banner" | "button" | "buttons" | "btn" | "meta" | "byline" | "author" | "authors" | "bio"
        | "timestamp" | "date" | "credits" | "tag" | "form" | "rating" | "ratings" | "feedback" | "poll" | "quiz"
        | "legal" | "callout" | "follow" | "tools" | "actions" | "profile" | "avatar" => FOOTER,
        _ => None,
    };
    let linked = match word {
        "widget" | "widgets" | "carousel" | "recent" | "popular" | "latest" | "more" | "next" | "prev" | "previous"
        | "links" => RELATED,
        "header" | "menus" | "bar" => NAVIGATION,
        _ => None,
    };
    signs.linked = signs.linked.or(linked);
    signs.doubtful = signs.doubtful.or(doubtful);
}

/// Letters kept of one word of a class.
const WORD_BYTES: usize = 20;
/// Words read of one class.
const WORDS: usize = 8;

/// The words of a class or id: parted by anything but letters, and where case rises (`relatedLinks`).
struct Parts {
    words: [Word; WORDS],
    len: usize,
    layout: bool,
}

#[derive(Clone, Copy, Default)]
struct Word {
    bytes: [u8; WORD_BYTES],
    len: u8,
}

impl Word {
    fn push(&mut self, b: u8) {
        if let Some(slot) = self.bytes.get_mut(usize::from(self.len)) {
            *slot = b.to_ascii_lowercase();
            self.len += 1;
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or("")
    }
}

impl Parts {
    fn of(name: &str) -> Self {
        let mut parts = Self { words: [Word::default(); WORDS], len: 0, layout: name.contains(':') };
        let mut word = Word::default();
        // A hash ("b5343ad4") has letters between digits: no word. Digits at the end ("related2") are no matter.
        let (mut digits, mut hash, mut cased) = (false, false, false);
        let mut before = 0_u8;
        for b in name.bytes().take(NAME_BYTES).chain([b'-']) {
            let rises = b.is_ascii_uppercase() && before.is_ascii_lowercase();
            cased |= rises;
            if !b.is_ascii_alphanumeric() || rises {
                if word.len > 0 && !hash && !(digits && word.len < 4) && parts.len < WORDS {
                    parts.words[parts.len] = word;
                    parts.len += 1;
                }
                (word, digits, hash) = (Word::default(), false, false);
            }
            if b.is_ascii_digit() {
                digits = true;
            } else if b.is_ascii_alphabetic() {
                hash |= digits;
                word.push(b);
            }
            before = b;
        }
        // Hashes of style builders ("hJpRRP", "kAdXe") look like words where case rises.
        if cased && parts.words[..parts.len].iter().any(|word| word.len <= 2) {
            let mut kept = 0;
            for i in 0..parts.len {
                if parts.words[i].len > 3 {
                    parts.words[kept] = parts.words[i];
                    kept += 1;
                }
            }
            parts.len = kept;
        }
        let first = parts.words[0].as_str();
        parts.layout |=
            parts.len > 1 && matches!(first, "no" | "has" | "with" | "without" | "is" | "not" | "js" | "hide");
        parts
    }
}

/// Bytes read of one class.
const NAME_BYTES: usize = 120;
