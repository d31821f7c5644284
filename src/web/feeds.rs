//! Alerts as feeds, so that any reader is a channel: of everything, of a rule, of a channel, as Atom (RFC 4287) and as JSON Feed
//! 1.1. In: the address. Out: what was told, newest first, escaped; and 304 where the reader has it already.

use super::access::over_tls;
use super::frame::{Fault, shown};
use super::guard::Peer;
use super::show::harmless;
use super::{Parts, View, answered};
use crate::model::limits::{FEED_ALERTS_MAX, SENTENCES_SHOWN_MAX};
use crate::model::{Alert, ChannelId, RuleId};
use crate::render::Card;
use crate::render::line::name;
use crate::store::{AlertQuery, StoredAlert};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// Alerts that are looked through for those that were told.
const LOOKED_AT: usize = 4 * FEED_ALERTS_MAX;
/// Rules of one channel that its feed looks at.
const RULES_MAX: usize = 64;

#[derive(Clone, Copy)]
enum Format {
    Atom,
    Json,
}

/// Whose alerts.
enum Whose {
    All,
    Rule(RuleId),
    Channel(ChannelId),
}

pub(super) async fn all(
    State(parts): State<Arc<Parts>>,
    Extension(peer): Extension<Peer>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = named(&file).filter(|(of, _)| *of == "all").map(|(_, format)| (Whose::All, format));
    answer(&parts, asked, peer, &headers, &format!("/feeds/{file}")).await
}

pub(super) async fn of(
    State(parts): State<Arc<Parts>>,
    Extension(peer): Extension<Peer>,
    Path((kind, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let view = parts.view();
    let asked = named(&file).and_then(|(of, format)| {
        let whose = match &*kind {
            "rule" => {
                let rule =
                    RuleId::new(of).ok().filter(|rule| view.legend.rules.iter().any(|(known, _)| known == rule))?;
                Whose::Rule(rule)
            }
            "channel" => {
                let channel = ChannelId::new(of).ok()?;
                let routes = view.legend.desk.rules.iter().flat_map(|rule| &rule.notify);
                routes.into_iter().find(|route| route.channel == channel)?;
                Whose::Channel(channel)
            }
            _ => return None,
        };
        Some((whose, format))
    });
    answer(&parts, asked, peer, &headers, &format!("/feeds/{kind}/{file}")).await
}

/// The name and the format of a file.
fn named(file: &str) -> Option<(&str, Format)> {
    let (of, ending) = file.rsplit_once('.')?;
    match ending {
        "atom" => Some((of, Format::Atom)),
        "json" => Some((of, Format::Json)),
        _ => None,
    }
}

async fn answer(
    parts: &Parts,
    asked: Option<(Whose, Format)>,
    Peer(peer): Peer,
    headers: &HeaderMap,
    path: &str,
) -> Response {
    let view = parts.view();
    let Some((whose, format)) = asked else {
        return shown(&view, Err(Fault::Missing("there is no such feed; /feeds/all.atom has everything")));
    };
    let alerts = match told(parts, &view, &whose).await {
        Ok(alerts) => alerts,
        Err(fault) => return shown(&view, Err(fault)),
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if over_tls(headers, peer, &view.legend.access) { "https" } else { "http" };
    let base = format!("{scheme}://{host}");
    let (title, id) = match &whose {
        Whose::All => ("wirewatch: all alerts".to_string(), "urn:wirewatch:alerts".to_string()),
        Whose::Rule(rule) => {
            let title =
                view.legend.rules.iter().find(|(known, _)| known == rule).map_or(rule.as_str(), |(_, title)| title);
            (format!("wirewatch: {}", name(title)), format!("urn:wirewatch:rule:{}", rule.key()))
        }
        Whose::Channel(channel) => {
            (format!("wirewatch: channel {channel}"), format!("urn:wirewatch:channel:{}", channel.key()))
        }
    };
    let feed = Feed { title, id, base: &base, path, alerts: &alerts };
    let (kind, body) = match format {
        Format::Atom => ("application/atom+xml; charset=utf-8", feed.atom()),
        Format::Json => ("application/feed+json; charset=utf-8", feed.json()),
    };
    let sum = Sha256::digest(body.as_bytes());
    let tag = sum.iter().take(12).fold(String::from("\""), |mut tag, byte| {
        let _ = write!(tag, "{byte:02x}");
        tag
    }) + "\"";
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::CONTENT_TYPE, kind.to_string()), (header::ETAG, tag)], body).into_response()
}

/// What was told, newest first.
async fn told(parts: &Parts, view: &View, whose: &Whose) -> Result<Vec<StoredAlert>, Fault> {
    let rules: Vec<Option<RuleId>> = match whose {
        Whose::All => vec![None],
        Whose::Rule(rule) => vec![Some(rule.clone())],
        Whose::Channel(channel) => {
            let of =
                view.legend.desk.rules.iter().filter(|rule| rule.notify.iter().any(|route| route.channel == *channel));
            of.take(RULES_MAX).map(|rule| Some(rule.id.clone())).collect()
        }
    };
    let mut alerts = vec![];
    for rule in rules {
        let found =
            answered(parts.store.find_alerts(AlertQuery { rule, max: LOOKED_AT, ..AlertQuery::default() })).await?;
        alerts.extend(found.into_iter().filter(|stored| stored.suppressed.is_none()).take(FEED_ALERTS_MAX));
    }
    alerts.sort_by_key(|stored| std::cmp::Reverse(stored.id));
    alerts.truncate(FEED_ALERTS_MAX);
    Ok(alerts)
}

struct Feed<'a> {
    title: String,
    id: String,
    base: &'a str,
    path: &'a str,
    alerts: &'a [StoredAlert],
}

/// What a reader shows of an alert, as plain text.
struct Item {
    id: String,
    title: String,
    link: String,
    outlet: String,
    rule: String,
    /// Paragraphs.
    text: Vec<String>,
    updated: Timestamp,
    published: Option<Timestamp>,
}

impl Feed<'_> {
    fn items(&self) -> impl Iterator<Item = Item> + '_ {
        self.alerts.iter().map(|stored| item(stored, self.base))
    }

    fn atom(&self) -> String {
        let mut out =
            String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
        let mut line = |indent: &str, text: &str| {
            let _ = writeln!(out, "{indent}{text}");
        };
        let updated = self.alerts.iter().map(|stored| stored.alert.matched).max().unwrap_or(Timestamp::UNIX_EPOCH);
        line("  ", &format!("<id>{}</id>", xml(&self.id)));
        line("  ", &format!("<title>{}</title>", xml(&self.title)));
        line("  ", &format!("<updated>{}</updated>", second(updated)));
        line("  ", "<author><name>wirewatch</name></author>");
        line(
            "  ",
            &format!(
                "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
                xml(&format!("{}{}", self.base, self.path))
            ),
        );
        line(
            "  ",
            &format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", xml(&format!("{}/alerts", self.base))),
        );
        for item in self.items() {
            line("  ", "<entry>");
            line("    ", &format!("<id>{}</id>", xml(&item.id)));
            // As HTML, said to be HTML: readers take plain text with tags in it for markup all the same.
            line("    ", &format!("<title type=\"html\">{}</title>", xml(&xml(&item.title))));
            line("    ", &format!("<link rel=\"alternate\" href=\"{}\"/>", xml(&item.link)));
            line("    ", &format!("<updated>{}</updated>", second(item.updated)));
            if let Some(published) = item.published {
                line("    ", &format!("<published>{}</published>", second(published)));
            }
            line("    ", &format!("<author><name>{}</name></author>", xml(&item.outlet)));
            line("    ", &format!("<category term=\"{}\"/>", xml(&item.rule)));
            let text: Vec<String> = item.text.iter().map(|paragraph| format!("<p>{}</p>", xml(paragraph))).collect();
            line("    ", &format!("<summary type=\"html\">{}</summary>", xml(&text.concat())));
            line("  ", "</entry>");
        }
        out.push_str("</feed>\n");
        out
    }

    fn json(&self) -> String {
        let items = self.items().map(|item| {
            let mut shown = json!({
                "id": item.id, "url": item.link, "title": item.title, "content_text": item.text.join("\n\n"),
                "date_modified": second(item.updated), "authors": [{ "name": item.outlet }], "tags": [item.rule],
            });
            if let Some(published) = item.published {
                shown["date_published"] = second(published).into();
            }
            shown
        });
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1", "title": self.title,
            "home_page_url": format!("{}/alerts", self.base), "feed_url": format!("{}{}", self.base, self.path),
            "items": items.collect::<Vec<_>>(),
        });
        // Harmless too where somebody puts it into a page.
        format!("{feed}\n").replace('<', "\\u003c")
    }
}

fn item(stored: &StoredAlert, base: &str) -> Item {
    let alert: &Alert = &stored.alert;
    let card = Card::new(alert, SENTENCES_SHOWN_MAX);
    let mut text: Vec<String> = card.passages.iter().map(|passage| passage.text.clone()).collect();
    text.push(format!("Found: {}", card.reasons()));
    if let Some(others) = card.other_names() {
        text.push(format!("Also in: {others}"));
    }
    Item {
        id: format!("urn:wirewatch:alert:{}:{}", alert.rule.key(), alert.story),
        title: card.title.text.clone(),
        // What may not be followed leads to the alert itself.
        link: card.link.as_ref().map_or_else(|| format!("{base}/alert/{}", stored.id), ToString::to_string),
        outlet: card.outlet.clone(),
        rule: card.rule.clone(),
        text,
        updated: alert.matched,
        published: alert.published,
    }
}

/// RFC 3339, to the second.
fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as XML holds it: escaped, and without the letters that XML 1.0 has no place for.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' | '\u{b}' | '\u{c}' | '\u{85}' => {}
            c => out.push(c),
        }
    }
    out
}
