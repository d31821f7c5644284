//! Notices: what the operator must know that is no alert.
//! In: a fault, a change, the sum of a first poll. Out: a title and lines, and the message that they make. They decide nothing.

use super::card::{outlet, rule_title};
use super::coverage::baseline;
use super::line::{capital, count, line, link, name, when};
use super::plain::{COLUMNS, foot, heading};
use super::wrap::{width, wrap};
use super::{html, setting, subject};
use crate::model::{Alert, Channel, Delivery, Failing, Message, MessageId, MessageKind, Severity, limits};
use crate::text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// A notice before it is rendered for a channel. [`notice`] says how its lines are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What it is.
    pub kind: MessageKind,
    /// What happened, in one line.
    pub title: String,
    /// What is known of it and what to do.
    pub lines: Vec<String>,
    /// `data` of the webhook body.
    pub data: Value,
}

/// The message of a notice. A line is a paragraph; one that holds line feeds is shown as it stands, in a fixed width; one that ends with
/// ` <https://…>` is a link; one that begins with `# ` is a heading. `title` and `lines` are added to `data`, if that is an object.
#[must_use]
pub fn notice(
    title: &str,
    lines: &[String],
    kind: MessageKind,
    data: Value,
    channel: &Channel,
    id: MessageId,
    made: Timestamp,
) -> Message {
    let setting = setting(channel, made);
    let title = Some(line(title, limits::TITLE_CHARS_SHOWN_MAX)).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| kind.as_str().into());
    let lines = clean(lines);
    let subject = subject::plain(&title);
    let mut text = vec![heading(&title)];
    text.extend(lines.iter().map(|line| format!("\n{}", plain(line))));
    text.push(foot("notice", &setting));
    let data = match data {
        Value::Object(mut fields) => {
            fields.insert("title".into(), title.as_str().into());
            fields.insert("lines".into(), lines.clone().into());
            Value::Object(fields)
        }
        Value::Null => json!({ "title": title, "lines": lines }),
        other => other,
    };
    Message {
        id,
        channel: channel.id.clone(),
        kind,
        made,
        html: html::notice(&title, &lines, &subject, &setting),
        subject,
        text: text.join("\n") + "\n",
        data,
        thread: None,
        rule: None,
        urgent: false,
    }
}

impl Notice {
    /// A source broke. `named` is its name for people.
    #[must_use]
    pub fn source_failing(named: &str, failing: &Failing, zone: &TimeZone, made: Timestamp) -> Self {
        let (named, error) = (name(named), line(&failing.error, 300));
        let state = match failing.state.as_str() {
            "stale" => "has nothing new for far longer than is usual",
            "gap" => "may have entries that were missed",
            "blocked" => "refuses to be read",
            "moved" => "has moved",
            "gone" => "is gone for good and is polled no more",
            _ => "is failing",
        };
        let what = if error.is_empty() { "no reason is known".to_string() } else { error.clone() };
        let since = match failing.since {
            Some(since) => format!("Since {}: {what}", when(since, zone, made)),
            None => capital(&what),
        };
        Self {
            kind: MessageKind::SourceFailing,
            title: if error.is_empty() { format!("{named} {state}") } else { format!("{named} {state}: {error}") },
            lines: vec![
                since,
                "You are told now, and once more when it is well again. Until then every digest names it under Coverage."
                    .into(),
                format!("wirewatch status shows all sources; this one is {}.", failing.source),
            ],
            data: json!({ "source": failing.source, "name": named, "state": failing.state, "since": failing.since, "error": error }),
        }
    }

    /// A source is well again.
    #[must_use]
    pub fn source_recovered(
        named: &str,
        source: &str,
        since: Option<Timestamp>,
        zone: &TimeZone,
        made: Timestamp,
    ) -> Self {
        let (named, source) = (name(named), name(source));
        let until = when(made, zone, made);
        let mut lines = vec![match since {
            Some(since) => format!("It failed from {} to {until}.", when(since, zone, made)),
            None => format!("It was read again on {until}."),
        }];
        lines.push("What it published meanwhile and still shows is read now. Should no entry that was known be left in it, the next digest's coverage says that something may have been missed.".into());
        Self {
            kind: MessageKind::SourceRecovered,
            title: format!("{named} is well again"),
            lines,
            data: json!({ "source": source, "name": named, "since": since }),
        }
    }

    /// A source of which somebody was told that nothing new came has news again.
    #[must_use]
    pub fn source_fresh(named: &str, source: &str) -> Self {
        let (named, source) = (name(named), name(source));
        Self {
            kind: MessageKind::SourceRecovered,
            title: format!("{named} has news again"),
            lines: vec!["Nothing new had come for far longer than is usual; now something has, and it is read.".into()],
            data: json!({ "source": source, "name": named }),
        }
    }

    /// A source's feed was found on its page, and is what is polled.
    #[must_use]
    pub fn source_found(named: &str, source: &str, page: &str, feed: &str) -> Self {
        let (named, source) = (name(named), name(source));
        let (page, feed) = (line(page, 300), line(feed, 300));
        Self {
            kind: MessageKind::Notice,
            title: format!("{named} has a feed"),
            lines: vec![
                format!("{page} is a page that offers a feed. The feed is polled instead:"),
                feed.clone(),
                format!("If the page is meant, write kind = \"page\" in [source.{source}]."),
            ],
            data: json!({ "notice": "source.found", "source": source, "from": page, "to": feed }),
        }
    }

    /// A source has moved for good.
    #[must_use]
    pub fn source_moved(named: &str, source: &str, from: &str, to: &str) -> Self {
        let (named, source) = (name(named), name(source));
        let (from, to) = (line(from, 300), line(to, 300));
        Self {
            kind: MessageKind::Notice,
            title: format!("{named} has moved"),
            lines: vec![
                format!(
                    "{from} answers again and again that it has moved for good. It is polled at its new address from now on:"
                ),
                to.clone(),
                format!("Please change the url of [source.{source}] in the configuration."),
            ],
            data: json!({ "notice": "source.moved", "source": source, "from": from, "to": to }),
        }
    }

    /// The sum of the first polls of some sources: of so many articles these would have alerted, by rule.
    #[must_use]
    pub fn baseline(sources: &[&str], articles: usize, would_alert: usize, by_rule: &[(String, usize)]) -> Self {
        let of = count(sources.len(), "source", "sources");
        let mut lines = vec!["They were matched on the feeds' own text only, and are not sent one by one. From now on each new article is read in full, and told.".to_string()];
        lines.extend(by_rule.iter().map(|(rule, many)| format!("{}: {many}", line(rule, 200))));
        if would_alert == 0 {
            lines.push("If that surprises you, try a rule on an article that it should find: wirewatch match.".into());
        }
        Self {
            kind: MessageKind::Notice,
            title: format!("Before you started, {} ({of})", baseline(articles, would_alert)),
            lines,
            data: json!({ "notice": "baseline", "sources": sources, "articles": articles, "would_have_alerted": would_alert }),
        }
    }

    /// A channel's receiver is gone for good; its messages are held.
    #[must_use]
    pub fn channel_disabled(channel: &str, why: &str) -> Self {
        let (channel, why) = (name(channel), line(why, 300));
        Self {
            kind: MessageKind::Notice,
            title: format!("Channel {channel} is disabled"),
            lines: vec![
                format!("Its receiver said that it is gone for good: {why}"),
                "Messages to it are held, none is lost. They leave when the configuration is reloaded.".into(),
            ],
            data: json!({ "notice": "channel.disabled", "channel": channel, "error": why }),
        }
    }

    /// A reader said by the link in a mail that they want no more of a channel.
    #[must_use]
    pub fn unsubscribed(channel: &str, reader: &str) -> Self {
        let (channel, reader) = (name(channel), line(reader, 200));
        Self {
            kind: MessageKind::Notice,
            title: format!("{reader} unsubscribed from {channel}"),
            lines: vec![
                format!("The link in a mail of channel {channel} was used. Nothing more is sent to {reader} by it."),
                format!(
                    "To undo it: wirewatch channel subscribe {channel} '{reader}'. For good: take the address out of `to`."
                ),
            ],
            data: json!({ "notice": "channel.unsubscribed", "channel": channel, "recipient": reader }),
        }
    }

    /// What came in beyond a channel's flood limit, in one message: `many` alerts, of which these are given.
    #[must_use]
    pub fn flood(alerts: &[Alert], many: usize) -> Self {
        let left_out = many.saturating_sub(alerts.len());
        let many = count(many, "more alert", "more alerts");
        let mut lines =
            vec!["They came faster than this channel allows, so they are told together. None was dropped.".to_string()];
        lines.extend(by_rule(alerts, limits::FLOOD_LISTED_MAX));
        if left_out > 0 {
            lines.push(format!("… and {left_out} older ones. All are listed on the status page."));
        }
        Self {
            kind: MessageKind::Notice,
            title: format!("{many} in one message"),
            lines,
            data: json!({ "notice": "flood", "alerts": alerts.iter().map(super::data::alert).collect::<Vec<_>>() }),
        }
    }

    /// The database was damaged, and what could be read of it was saved.
    #[must_use]
    pub fn database_recovered(lines: &[String]) -> Self {
        let mut lines = lines.to_vec();
        lines.push("A damaged file is most often a damaged disk: look at the system's log before you trust it.".into());
        Self {
            kind: MessageKind::Notice,
            title: "The database was damaged and has been recovered".into(),
            data: json!({ "notice": "database.recovered" }),
            lines,
        }
    }

    /// A changed configuration is in force.
    #[must_use]
    pub fn configuration_accepted(changes: &[String]) -> Self {
        let mut lines = vec!["The new configuration is in force.".to_string()];
        lines.extend(changes.iter().map(|change| format!("- {change}")));
        Self {
            kind: MessageKind::Notice,
            title: format!("Configuration accepted: {}", count(changes.len(), "change", "changes")),
            lines,
            data: json!({ "notice": "configuration.accepted", "changes": changes }),
        }
    }

    /// A changed configuration is refused; `faults` as `config::Fault` displays them, excerpt and all.
    #[must_use]
    pub fn configuration_refused(faults: &[String]) -> Self {
        let first = faults.first().and_then(|fault| fault.lines().next()).unwrap_or_default();
        let mut lines = vec![
            "The configuration that was running before keeps running. To check after mending: wirewatch check."
                .to_string(),
        ];
        // A single line would be set as prose; what it points at is typed text.
        lines
            .extend(faults.iter().map(|fault| if fault.contains('\n') { fault.clone() } else { format!("{fault}\n") }));
        Self {
            kind: MessageKind::Notice,
            title: format!("Configuration refused, {}: {first}", count(faults.len(), "fault", "faults")),
            lines,
            data: json!({ "notice": "configuration.refused", "faults": faults }),
        }
    }

    /// A changed configuration is good and could not take effect, for this reason.
    #[must_use]
    pub fn configuration_failed(why: &str) -> Self {
        Self {
            kind: MessageKind::Notice,
            title: format!("Configuration not in force: {}", line(why, 200)),
            lines: vec![
                format!("The new configuration could not take effect: {}.", line(why, 500)),
                "The configuration that was running before keeps running. Reload again once that is mended."
                    .to_string(),
            ],
            data: json!({ "notice": "configuration.failed", "error": why }),
        }
    }

    /// Messages that were refused for good or given up.
    #[must_use]
    pub fn undelivered(deliveries: &[Delivery]) -> Self {
        let shown = deliveries.iter().take(limits::LINES_SHOWN_MAX).map(|delivery| {
            let why =
                delivery.error.as_deref().map_or_else(|| delivery.state.as_str().into(), |error| line(error, 300));
            let (to, tries) =
                (line(&delivery.recipient.0, 200), count(delivery.attempts as usize, "attempt", "attempts"));
            format!("{} — to {to} on channel {}, after {tries}: {why}", line(&delivery.subject, 119), delivery.channel)
        });
        let more = deliveries.len().saturating_sub(limits::LINES_SHOWN_MAX);
        let mut lines: Vec<String> = shown.collect();
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines.push("They are kept: wirewatch outbox list shows them, wirewatch outbox retry sends one again.".into());
        Self {
            kind: MessageKind::Notice,
            title: format!("{} could not be delivered", count(deliveries.len(), "message", "messages")),
            lines,
            data: json!({ "notice": "undelivered", "deliveries": deliveries }),
        }
    }

    /// A sample that proves that a channel works.
    #[must_use]
    pub fn test(channel: &Channel) -> Self {
        Self {
            kind: MessageKind::Test,
            title: format!("Test of channel {}", channel.id),
            lines: vec![
                "If you can read this, alerts reach you here.".into(),
                "Nothing matched and nothing is wrong: somebody ran wirewatch channel test.".into(),
                "Names look like this: 王毅 (Wang Yi), Сергей Лавров, Oʻzbekiston, أنطونيو غوتيريش.".into(),
            ],
            data: json!({ "channel": channel.id }),
        }
    }

    /// Renders it for a channel: see [`notice`].
    #[must_use]
    pub fn message(&self, channel: &Channel, id: MessageId, made: Timestamp) -> Message {
        notice(&self.title, &self.lines, self.kind, self.data.clone(), channel, id, made)
    }
}

/// The alerts by rule, loudest rule first: a line for each rule, a link for each alert.
fn by_rule(alerts: &[Alert], listed_max: usize) -> Vec<String> {
    let mut rules: Vec<(Severity, &Alert, Vec<&Alert>)> = vec![];
    for alert in alerts {
        match rules.iter_mut().find(|(_, first, _)| first.rule == alert.rule) {
            Some((_, _, of_rule)) => of_rule.push(alert),
            None => rules.push((alert.severity, alert, vec![alert])),
        }
    }
    rules.sort_by_key(|(severity, _, _)| std::cmp::Reverse(*severity));
    let mut lines = vec![];
    let mut room = listed_max;
    for (_, first, of_rule) in rules {
        lines.push(format!("# {} ({})", rule_title(&first.rule_title, first.rule.as_str()), of_rule.len()));
        lines.extend(of_rule.iter().take(room).map(|alert| {
            let title = format!("{} — {}", line(&alert.title, 200), outlet(alert));
            link(&alert.url).map_or(title.clone(), |link| format!("{title} <{link}>"))
        }));
        if of_rule.len() > room {
            lines.push(format!("and {} more", of_rule.len() - room));
        }
        room = room.saturating_sub(of_rule.len());
    }
    lines
}

/// The lines without control characters, each bounded; what is left out at the end is counted.
fn clean(lines: &[String]) -> Vec<String> {
    let one = |text: &String| {
        let text = &text[..text.floor_char_boundary(limits::NOTICE_LINE_CHARS_MAX * 8)];
        if text.contains('\n') {
            // What is typed keeps its columns; tabs would move the caret under it.
            let typed = text.lines().map(|line| visible(&line.replace('\t', "    "))).collect::<Vec<_>>().join("\n");
            text::cut(&typed, limits::NOTICE_LINE_CHARS_MAX) + "\n"
        } else {
            line(text, limits::NOTICE_LINE_CHARS_MAX)
        }
    };
    let mut clean: Vec<String> =
        lines.iter().take(limits::NOTICE_LINES_MAX).map(one).filter(|line| !line.is_empty()).collect();
    if lines.len() > limits::NOTICE_LINES_MAX {
        clean.push(format!("and {} more lines", lines.len() - limits::NOTICE_LINES_MAX));
    }
    clean
}

/// A typed line with its spaces, without what [`text::one_line`] drops.
fn visible(line: &str) -> String {
    line.split(' ').map(text::one_line).collect::<Vec<_>>().join(" ")
}

fn plain(line: &str) -> String {
    if line.contains('\n') {
        line.trim_end().lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
    } else if let Some(heading) = line.strip_prefix("# ") {
        let heading = wrap(heading, COLUMNS);
        format!("{heading}\n{}", "-".repeat(heading.lines().map(width).max().unwrap_or(0)))
    } else if let Some((text, link)) = html::linked(line) {
        format!("{}\n{link}", wrap(text, COLUMNS))
    } else {
        wrap(line, COLUMNS)
    }
}
