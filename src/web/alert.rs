//! One alert and all that is on record about it. In: the store's file. Out: its sentences, hits, outlets, and who was told,
//! when, with the peer's own word.

use super::alerts::{badges, byline, suppressed};
use super::frame::{Fault, Tab, page as framed, shown};
use super::outbox::{kind, retry};
use super::show::{
    Tone, address, badge, delivery_tone, marked, moment, moment_and_distance, nothing, out, table, words,
};
use super::{Parts, View, answered, disposition};
use crate::model::{Alert, DeliveryState, Hit, HitKind, Zone, limits};
use crate::render::Card;
use crate::render::line::{count, name};
use crate::store::{AlertFile, AlertMessage};
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use std::sync::Arc;

pub(super) async fn page(State(parts): State<Arc<Parts>>, Path(id): Path<String>) -> Response {
    let view = parts.view();
    let drawn = draw(&parts, &view, &id).await;
    shown(&view, drawn)
}

async fn draw(parts: &Parts, view: &View, id: &str) -> Result<Html<String>, Fault> {
    let missing = Fault::Missing("there is no alert of this number, or it is no longer kept");
    let Ok(id) = id.parse() else { return Err(missing) };
    let Some(file) = answered(parts.store.alert(id)).await? else { return Err(missing) };
    let article = answered(parts.store.article_of(id)).await?;
    let alert = &file.stored.alert;
    let card = Card::new(alert, limits::HITS_MAX);
    let aligned = (card.direction == "rtl").then_some("rtl");
    let body = html! {
        article {
            p.kicker { a href={ "/alerts?rule=" (alert.rule.as_str()) } { bdi dir="auto" { (card.rule) } } (badges(&file.stored, &card)) }
            h1 class=[aligned] lang=[card.language] dir=(card.direction) { (marked(&card.title)) }
            p.meta { (byline(&card, view)) }
            @if card.link.is_none() { p.meta { "Address: " (address(&alert.url, 200)) } }
            @for passage in &card.passages { p.quote class=[aligned] lang=[card.language] dir=(card.direction) { (marked(passage)) } }
            @if let Some(article) = article { p { a href={ "/article/" (article) "?rule=" (alert.rule) } { "The whole article, and why the rule matched it" } } }
            @if alert.summary_only { p.meta { "Only the feed's summary was read; the page did not come." } }
        }
        section {
            h2 { "Whom it was told" }
            (told(&file, view))
        }
        section {
            h2 { (count(alert.hits.len(), "hit", "hits")) }
            (hits(alert, &card))
        }
        (disposition::form(id, alert))
        section {
            h2 { (count(alert.outlets.len(), "outlet", "outlets")) }
            p.meta { "Story first seen " (moment(alert.first_seen, view)) " · " span.id { (alert.story) } }
            (outlets(alert, view))
        }
    };
    Ok(framed(view, &card.title.text, Tab::Alerts, &body))
}

fn told(file: &AlertFile, view: &View) -> Markup {
    html! {
        @if let Some(why) = &file.stored.suppressed { p { (badge(Tone::Warn, suppressed(why))) " It is kept, and nobody was told." } }
        @for key in &file.waiting_digests {
            p { (badge(Tone::Quiet, "waiting")) " for the digest " b { (key.channel) "/" (name(&key.digest)) } }
        }
        @for message in &file.messages { (sent(message, view)) }
        @if file.messages.is_empty() && file.waiting_digests.is_empty() && file.stored.suppressed.is_none() {
            p.soft { "No message is on record: its channel drops alerts at this hour, or the record is no longer kept." }
        }
    }
}

fn sent(message: &AlertMessage, view: &View) -> Markup {
    html! {
        @if let Some(first) = message.deliveries.first() {
            div.card {
                h3 { (words(&first.subject, 160)) }
                p.meta { (kind(first.kind)) " on channel " b { (first.channel) } " · owed since " (moment(message.owed_at, view)) " · " span.id { (first.id) } }
                ul.deliveries {
                    @for delivery in &message.deliveries {
                        li {
                            (badge(delivery_tone(delivery.state), delivery.state.as_str())) " " b { (words(&delivery.recipient.0, 100)) }
                            @if delivery.maybe_twice { " " (badge(Tone::Warn, "maybe twice")) }
                            @if let Some(next) = delivery.next_attempt { span.soft { " · next attempt " (moment(next, view)) } }
                            @if matches!(delivery.state, DeliveryState::Dead | DeliveryState::Retrying | DeliveryState::Expired) { " " (retry(delivery)) }
                            ol.attempts {
                                @for attempt in message.attempts.iter().filter(|attempt| attempt.recipient == delivery.recipient) {
                                    li {
                                        (moment(attempt.at, view)) " "
                                        @if attempt.state != delivery.state { (badge(delivery_tone(attempt.state), attempt.state.as_str())) " " }
                                        q.reply { (words(&attempt.reply, 400)) }
                                        @if attempt.maybe_sent { span.soft { " · it may have been taken all the same" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn hits(alert: &Alert, card: &Card) -> Markup {
    let columns = ["Found", "As written", "How", "Where"];
    let rows = alert.hits.iter().take(limits::HITS_MAX).map(|hit| {
        vec![
            html! { bdi dir="auto" { (name(&hit.name)) } span.under.soft { (watch(hit)) } },
            html! { mark { bdi lang=[card.language] { (name(&hit.text)) } } },
            html! { (how(hit.kind)) },
            html! { (place(hit.zone)) span.under.soft { "characters " (hit.start) "–" (hit.end) } },
        ]
    });
    table("Hits", &columns, rows)
}

fn watch(hit: &Hit) -> String {
    match (&hit.watch, &hit.entry) {
        (Some(list), Some(row)) => format!("@{}/{}", name(list), name(row)),
        (Some(watch), None) => format!("@{}", name(watch)),
        (None, _) => "word of the query".into(),
    }
}

fn how(kind: HitKind) -> &'static str {
    match kind {
        HitKind::Name => "name",
        HitKind::Exact => "exactly as configured",
        HitKind::Weak => "weak name, made to count",
        HitKind::Post => "post",
        HitKind::Word => "query word",
    }
}

fn place(zone: Zone) -> &'static str {
    match zone {
        Zone::Title => "title",
        Zone::Lead => "lead",
        Zone::Body => "body",
        Zone::Caption => "caption",
        Zone::Quote => "quote",
        Zone::Related | Zone::Navigation | Zone::Comments | Zone::Footer => "beside the text",
    }
}

fn outlets(alert: &Alert, view: &View) -> Markup {
    let columns = ["Outlet", "Title", "Seen", "Tier"];
    let rows = alert.outlets.iter().take(limits::PAGE_ROWS_MAX).map(|outlet| {
        vec![
            html! { bdi dir="auto" { (name(&outlet.name)) } span.under.soft { (name(&outlet.source)) } },
            out(&outlet.url, &words(if outlet.title.trim().is_empty() { &outlet.url } else { &outlet.title }, 200)),
            moment_and_distance(Some(outlet.seen), view),
            outlet.tier.map_or_else(|| nothing("none"), |tier| html! { (tier) }),
        ]
    });
    let more = alert.outlets.len().saturating_sub(limits::PAGE_ROWS_MAX);
    html! {
        (table("Outlets", &columns, rows))
        @if more > 0 { p.soft { "and " (count(more, "more outlet", "more outlets")) } }
    }
}
