//! A message as chat shows it: a few lines, in the markup of the service.
//! In: a message. Out: lines that fit its limits; what does not fit is counted, never an error. Nothing in a title pings anyone.

use super::super::card::{Card, rule_title};
use super::super::coverage;
use super::super::data;
use super::super::html::linked;
use super::super::line::{count, line};
use super::super::passage::Passage;
use super::super::plain::one_event;
use super::super::subject;
use crate::model::{Alert, Digest, Message, MessageKind, limits};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

/// How a service writes bold, links and what must be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// Slack's mrkdwn.
    Slack,
    /// Discord's Markdown, with times on the reader's own clock.
    Discord,
    /// Markdown with quotations (Mattermost).
    Markdown,
    /// Markdown of adaptive cards, which has none (Teams).
    Card,
    /// A few HTML elements (Telegram, Matrix).
    Html,
    /// None (ntfy).
    Plain,
}

/// A message in lines of markup.
pub(super) struct Chat {
    markup: Markup,
    /// What happened; always shown.
    head: Vec<String>,
    /// How many lines of it the subject says too.
    in_subject: usize,
    /// Stories, sentences or lines: as many as fit.
    body: Vec<String>,
    /// Those that are not even here.
    more: usize,
    /// One and several of them: `story`, `stories`.
    noun: (&'static str, &'static str),
    /// Why, or the coverage: shown unless there is no room at all.
    tail: Vec<String>,
    /// What a click leads to.
    pub(super) link: Option<Url>,
    /// What the link is called.
    pub(super) link_title: String,
}

/// Longest link in chat, in bytes as escaped; a longer one is left out, so that there is room for what it leads to.
const LINK_MAX: usize = 600;

/// Failing sources and kinds of near misses that are named in chat.
const NAMED_MAX: usize = 4;

impl Chat {
    /// The message in a markup, made of its `data`; where that is of another shape, of its text.
    pub(super) fn new(message: &Message, markup: Markup) -> Self {
        let chat = match message.kind {
            MessageKind::Alert => data::read_alert(&message.data).map(|alert| Self::alert(&alert, markup)),
            MessageKind::Digest => {
                data::read_digest(&message.data).map(|digest| Self::digest(&digest, message, markup))
            }
            _ => Self::notice(message, markup),
        };
        chat.unwrap_or_else(|| Self::text(message, markup))
    }

    /// Drops what the subject says, for a service that shows it above.
    pub(super) fn leave_out_subject(&mut self) {
        self.head.drain(..self.in_subject);
    }

    /// The lines that fit: their measures, each with a line feed, come to no more than `room`. As much of the body as fits, then what is left, counted.
    pub(super) fn fit(&self, room: usize, measure: impl Fn(&str) -> usize) -> Vec<String> {
        let size = |lines: &[String]| lines.iter().map(|line| measure(line) + 1).sum::<usize>();
        for tail in [self.tail.as_slice(), &[]] {
            let fixed = size(&self.head) + size(tail);
            if self.more == 0 && fixed + size(&self.body) <= room {
                return [&self.head, self.body.as_slice(), tail].concat();
            }
            let Some(mut free) = room.checked_sub(fixed + measure(&self.left(usize::MAX)) + 1) else { continue };
            let mut shown = 0;
            for cost in self.body.iter().map(|line| measure(line) + 1) {
                if cost > free {
                    break;
                }
                free -= cost;
                shown += 1;
            }
            let left = [self.left((self.body.len() - shown).saturating_add(self.more))];
            return [&self.head, &self.body[..shown], &left, tail].concat();
        }
        // A head without room: its first line, bare. No character takes more than ten units in any markup or encoding.
        let bare = self.markup.text(&line(&self.link_title, room / 10));
        if measure(&bare) < room { vec![bare] } else { vec![] }
    }

    /// `… and 12 more stories`.
    fn left(&self, left: usize) -> String {
        self.markup
            .text(&format!("… and {}", count(left, &format!("more {}", self.noun.0), &format!("more {}", self.noun.1))))
    }

    fn alert(alert: &Alert, markup: Markup) -> Self {
        let card = Card::new(alert, limits::SENTENCES_SHOWN_MAX);
        let link = markup.short(card.link.as_ref());
        let urgent = if card.is_urgent() { " · high" } else { "" };
        let title = markup.title(&card.title, link);
        let mut tail = vec![markup.text(&format!("Found: {}", card.reasons()))];
        tail.extend((alert.telling.updates > 0).then(|| markup.text(&card.follows())));
        Self {
            markup,
            head: vec![format!("{}{urgent}", markup.bold(&card.rule)), title, markup.source(&card)],
            // A long title was cut there.
            in_subject: if subject::alert(alert).contains(&card.title.text) { 2 } else { 1 },
            body: card.passages.iter().map(|passage| markup.quote(&markup.passage(passage))).collect(),
            more: card.passages_more,
            noun: ("sentence with hits", "sentences with hits"),
            tail,
            link: link.cloned(),
            link_title: format!("Read at {}", card.outlet),
        }
    }

    fn digest(digest: &Digest, message: &Message, markup: Markup) -> Self {
        let (title, summary) = (subject::digest_title(digest), subject::digest_summary(digest));
        let mut body = vec![];
        for group in &digest.groups {
            let rule = markup.bold(&rule_title(&group.rule_title, group.rule.as_str()));
            let mut head = format!("\n{rule}\n");
            for event in group.events() {
                head.extend(one_event(event).map(|event| markup.text(&event) + "\n"));
                let stories = event.iter().map(|alert| std::mem::take(&mut head) + &markup.story(alert));
                body.extend(stories.collect::<Vec<_>>());
            }
        }
        let mut head = vec![markup.bold(&title), markup.text(&summary)];
        head.extend(coverage::lateness(digest, &TimeZone::UTC, message.made).map(|late| markup.text(&late)));
        let facts = coverage::facts(&digest.coverage, &TimeZone::UTC, message.made, NAMED_MAX).into_iter();
        let mut tail: Vec<String> =
            facts.map(|fact| markup.text(&line(&format!("{}: {}", fact.label, fact.text), 160))).collect();
        let (misses, more) = coverage::misses(&digest.near_misses, NAMED_MAX);
        let misses: Vec<String> = misses.iter().map(|miss| line(&miss.text, 80)).chain(more).collect();
        if !misses.is_empty() {
            tail.push(markup.text(&format!("Not sent: {}", misses.join("; "))));
        }
        if let Some(first) = tail.first_mut() {
            first.insert(0, '\n');
        }
        Self {
            markup,
            head,
            in_subject: 1,
            body,
            more: digest.more,
            noun: ("story", "stories"),
            tail,
            link: None,
            link_title: title,
        }
    }

    /// A notice, from the title and the lines in its data.
    fn notice(message: &Message, markup: Markup) -> Option<Self> {
        let title = message.data.get("title")?.as_str()?;
        let lines = message.data.get("lines")?.as_array()?.iter().filter_map(|line| line.as_str());
        let lines = lines.flat_map(str::lines).map(|text| line(text, 500)).filter(|text| !text.is_empty());
        let body = lines.map(|text| match linked(&text) {
            Some((text, link)) => markup.link(&markup.text(text), markup.short(Some(&link))),
            None => text.strip_prefix("# ").map_or_else(|| markup.text(&text), |heading| markup.bold(heading)),
        });
        let head = vec![markup.bold(&line(title, 200))];
        let noun = ("line", "lines");
        Some(Self {
            markup,
            head,
            in_subject: 1,
            body: body.collect(),
            more: 0,
            noun,
            tail: vec![],
            link: None,
            link_title: title.into(),
        })
    }

    fn text(message: &Message, markup: Markup) -> Self {
        Self {
            markup,
            head: vec![markup.bold(&message.subject)],
            in_subject: 1,
            body: message.text.lines().map(|line| markup.text(line)).collect(),
            more: 0,
            noun: ("line", "lines"),
            tail: vec![],
            link: None,
            link_title: message.subject.clone(),
        }
    }
}

impl Markup {
    /// Text from strangers: shown as it is, and no mention, link or style.
    pub(super) fn text(self, text: &str) -> String {
        let mut safe = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            match (self, c) {
                (Self::Slack | Self::Html, '&') => safe.push_str("&amp;"),
                (Self::Slack | Self::Html, '<') => safe.push_str("&lt;"),
                (Self::Slack | Self::Html, '>') => safe.push_str("&gt;"),
                (Self::Html, '"') => safe.push_str("&quot;"),
                (Self::Discord | Self::Markdown, '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '#') => {
                    safe.push('\\');
                    safe.push(c);
                }
                // A word joiner after it: no service takes that for the name of a channel or a person.
                (Self::Discord | Self::Markdown | Self::Card | Self::Slack, '@') => safe.push_str("@\u{2060}"),
                _ => safe.push(c),
            }
        }
        safe
    }

    fn bold(self, text: &str) -> String {
        let safe = self.text(text);
        match self {
            Self::Slack => format!("*{safe}*"),
            Self::Discord | Self::Markdown | Self::Card => format!("**{safe}**"),
            Self::Html => format!("<b>{safe}</b>"),
            Self::Plain => safe,
        }
    }

    /// A hit within a sentence: Slack takes an asterisk for bold only at the edge of a word, which Chinese has none of.
    fn hit(self, text: &str) -> String {
        match self {
            Self::Slack => format!("\u{200b}{}\u{200b}", self.bold(text)),
            Self::Plain => format!("*{text}*"),
            _ => self.bold(text),
        }
    }

    fn passage(self, passage: &Passage) -> String {
        passage.write(
            |plain| self.text(plain),
            |hit, aside| match aside {
                Some(aside) => format!("{} ({})", self.hit(hit), self.text(aside)),
                None => self.hit(hit),
            },
        )
    }

    fn quote(self, marked: &str) -> String {
        match self {
            Self::Html => format!("<blockquote>{marked}</blockquote>"),
            // Without an empty line the next one would belong to the quotation.
            Self::Markdown => format!("> {marked}\n"),
            Self::Card => marked.to_string(),
            _ => format!("> {marked}"),
        }
    }

    /// The link, unless it is too long.
    fn short(self, link: Option<&Url>) -> Option<&Url> {
        link.filter(|link| self.text(link.as_str()).len() <= LINK_MAX)
    }

    /// A link, or where there is none its text; `safe` is already escaped.
    fn link(self, safe: &str, url: Option<&Url>) -> String {
        let Some(url) = url else { return safe.to_string() };
        match self {
            Self::Slack => {
                format!("<{}|{safe}>", self.text(url.as_str()).replace('|', "%7C").replace("@\u{2060}", "@"))
            }
            Self::Discord | Self::Markdown | Self::Card => {
                format!("[{safe}]({})", url.as_str().replace('(', "%28").replace(')', "%29").replace('\\', "%5C"))
            }
            Self::Html => format!("<a href=\"{}\">{safe}</a>", self.text(url.as_str())),
            Self::Plain => safe.to_string(),
        }
    }

    fn title(self, title: &Passage, url: Option<&Url>) -> String {
        let plain = title.write(str::to_string, |hit, aside| match aside {
            Some(aside) => format!("{hit} ({aside})"),
            None => hit.to_string(),
        });
        let safe = self.text(&line(&plain, 200));
        self.link(&safe, url)
    }

    fn time(self, instant: Timestamp) -> String {
        let utc = instant.to_zoned_datetime(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string();
        let seconds = instant.as_second();
        match self {
            Self::Slack => format!("<!date^{seconds}^{{date_short_pretty}}, {{time}}|{utc}>"),
            Self::Discord => format!("<t:{seconds}:f>"),
            _ => utc,
        }
    }

    fn source(self, card: &Card) -> String {
        let mut parts = vec![self.text(&card.outlet)];
        parts.extend(card.alert.published.map(|published| self.time(published)));
        parts.extend(card.other_names().map(|names| self.text(&format!("also in {}", line(&names, 200)))));
        parts.extend(card.alert.summary_only.then(|| "summary only".to_string()));
        parts.join(" · ")
    }

    fn story(self, alert: &Alert) -> String {
        let card = Card::new(alert, 1);
        let link = self.short(card.link.as_ref());
        let title = self.title(&card.title, link);
        let quote = card
            .passages
            .first()
            .map(|passage| format!("\n{}", self.quote(&self.passage(passage))))
            .unwrap_or_default();
        format!("• {title}\n{}{quote}", self.source(&card))
    }
}
