//! An article: the text behind an entry, in zones.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An article as extracted: the JSON of `wirewatch extract --json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Where it was read.
    pub url: String,
    /// The address that the page itself calls its own.
    pub canonical_url: Option<String>,
    /// Its title, plain.
    pub title: String,
    /// Who wrote it.
    pub byline: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// The outlet, as the page names it.
    pub site_name: Option<String>,
    /// The agency that it credits.
    pub wire: Option<String>,
    /// Its picture.
    pub image: Option<String>,
    /// Lead, body and quotes, blocks parted by one blank line: what the offsets of hits count in.
    pub text: String,
    /// Every block of the page in reading order, with its zone.
    pub zones: Vec<Block>,
    /// What found the text: `selector`, `main`, `feed`, `text` …
    pub method: String,
    /// `false` where the page gave less than the feed promised, or no page was read.
    pub complete: bool,
}

/// One block: a paragraph, heading, list point, caption, or a box beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Where it stands.
    pub zone: Zone,
    /// Its text, white space folded.
    pub text: String,
}

/// Where in an article a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// The headline.
    Title,
    /// The first block after the title; `body` includes it.
    Lead,
    /// The article's own text.
    Body,
    /// Under a picture; counts as body.
    Caption,
    /// A quotation set apart; counts as body.
    Quote,
    /// Links to other stories. Never matched.
    Related,
    /// Menus and paths. Never matched.
    Navigation,
    /// What readers wrote. Never matched.
    Comments,
    /// Imprint, newsletter boxes, share lines. Never matched.
    Footer,
}

impl Zone {
    /// Whether its text is part of [`Article::text`].
    #[must_use]
    pub fn in_text(self) -> bool {
        matches!(self, Self::Lead | Self::Body | Self::Quote)
    }

    /// Whether a hit in it counts.
    #[must_use]
    pub fn counts(self) -> bool {
        self.in_text() || matches!(self, Self::Title | Self::Caption)
    }
}

impl Article {
    /// Sets `zones`, and `text` as they make it: the blocks that are [`Zone::in_text`], joined by a blank line.
    pub fn set_zones(&mut self, zones: Vec<Block>) {
        self.zones = zones;
        self.text = self.text_of_zones();
    }

    /// The text that its zones make.
    #[must_use]
    pub fn text_of_zones(&self) -> String {
        let texts: Vec<&str> = self.zones.iter().filter(|b| b.zone.in_text()).map(|b| b.text.as_str()).collect();
        texts.join("\n\n")
    }
}
