//! In: the text nodes, links and line breaks between two block boundaries. Out: the pieces of text that they make, white space folded.
//! Two `<br>` part pieces; one does where lines are long, as they are paragraphs that were typed so. It never looks at elements.

/// Text on its way to become a piece.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    line: Line,
    /// Lines before the current one, each ended by one `<br>`.
    lines: Vec<Line>,
    gap: bool,
    breaks: u32,
    links_open: u32,
    /// Whether a link has been opened that the line does not count yet: one without text (an icon) never is.
    uncounted: bool,
    /// Whether the open link leads to another page.
    outward: bool,
    /// Whether the piece is over: after two `<br>`.
    done: Vec<Vec<Line>>,
}

/// A piece, or a part of one that a `<br>` ended.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) weight: u32,
    pub(super) linked: u32,
    pub(super) links: u16,
}

impl Buffer {
    pub(super) fn is_blank(&self) -> bool {
        self.line.text.is_empty() && self.lines.is_empty() && self.done.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.gap = false;
        self.breaks = 0;
        // A link around several blocks is a link in each.
        self.uncounted = self.links_open > 0 && self.outward;
    }

    pub(super) fn push(&mut self, text: &str) {
        // Runs of plain letters, as most text is, go in one piece.
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = rest.bytes().take_while(u8::is_ascii_graphic).count();
            if run > 0 {
                self.append(&rest[..run], u32::try_from(run).unwrap_or(u32::MAX));
                rest = &rest[run..];
                continue;
            }
            if c.is_whitespace() {
                self.gap = true;
            } else if !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}' | '\u{200e}' | '\u{200f}')
                && !c.is_control()
            {
                self.append(&rest[..c.len_utf8()], weight(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }

    /// Appends what has no white space in it.
    fn append(&mut self, text: &str, weight: u32) {
        self.breaks = 0;
        if std::mem::take(&mut self.gap) && !self.line.text.is_empty() {
            self.line.text.push(' ');
        }
        self.line.text.push_str(text);
        self.line.weight = self.line.weight.saturating_add(weight);
        if self.links_open > 0 {
            self.line.linked = self.line.linked.saturating_add(weight);
            if std::mem::take(&mut self.uncounted) {
                self.line.links = self.line.links.saturating_add(1);
            }
        }
    }

    /// A link begins. One within the page (a footnote, a heading's anchor) leads nowhere else, and is not counted.
    pub(super) fn open_link(&mut self, href: Option<&str>) {
        self.links_open += 1;
        self.outward = href.is_some_and(|href| !href.starts_with('#'));
        self.uncounted = self.outward;
    }

    pub(super) fn close_link(&mut self) {
        self.links_open = self.links_open.saturating_sub(1);
        self.uncounted = false;
    }

    pub(super) fn line_break(&mut self) {
        self.gap = false;
        self.breaks += 1;
        if !self.line.text.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        if self.breaks == 2 && !self.lines.is_empty() {
            self.done.push(std::mem::take(&mut self.lines));
        }
    }

    /// The pieces: lines joined, but long lines each for itself, as they are paragraphs that were typed with `<br>`.
    pub(super) fn take(&mut self) -> Vec<Line> {
        if !self.line.text.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.line = Line::default();
        if !self.lines.is_empty() {
            self.done.push(std::mem::take(&mut self.lines));
        }
        self.clear();
        let mut pieces = vec![];
        for lines in self.done.drain(..) {
            let heavy: u32 = lines.iter().map(|line| line.weight).sum();
            if lines.len() > 1 && heavy as usize / lines.len() >= LINE_WEIGHT {
                pieces.extend(lines);
                continue;
            }
            let mut lines = lines.into_iter();
            let Some(mut joined) = lines.next() else { continue };
            for line in lines {
                joined.text.push(' ');
                joined.text.push_str(&line.text);
                joined.weight += line.weight;
                joined.linked += line.linked;
                joined.links = joined.links.saturating_add(line.links);
            }
            pieces.push(joined);
        }
        pieces
    }
}

/// From this mean weight on, lines parted by single line breaks are paragraphs.
const LINE_WEIGHT: usize = 90;

/// What a character counts: an ideograph says about as much as three letters, a syllable of Hangul as two.
pub(super) fn weight(c: char) -> u32 {
    match u32::from(c) {
        0x2e80..0xa4d0 | 0xf900..0xfb00 | 0x20000..0x32000 => 3,
        0xac00..0xd7b0 | 0x1100..0x1200 => 2,
        _ => 1,
    }
}

/// What a text counts.
pub(super) fn weigh(text: &str) -> u32 {
    if text.is_ascii() {
        return u32::try_from(text.len()).unwrap_or(u32::MAX);
    }
    text.chars().map(weight).sum()
}
