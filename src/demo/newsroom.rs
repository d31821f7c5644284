//! A small newsroom on loopback: four invented outlets that publish an RSS feed, an Atom feed, a JSON feed and an index page,
//! and the pages behind them. In: pieces. Out: what a real outlet would answer, validators and all.

use super::articles::{CHENBAO, COURIER, IPAK, PIECES, Piece, VESTNIK};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use quick_xml::escape::escape;
use serde_json::json;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// A running newsroom. It stops when it is dropped.
pub struct Newsroom {
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Newsroom {
    /// Opens it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// The system's, where no port can be had.
    pub async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/{outlet}/{*path}", get(answer))
            .route("/{outlet}/", get(front))
            .with_state(format!("http://{address}"));
        #[expect(clippy::disallowed_methods, reason = "the newsroom is no part of the daemon; it ends with its owner")]
        let server = tokio::spawn(async move {
            if let Err(fault) = axum::serve(listener, router).await {
                tracing::error!(%fault, "the newsroom closed");
            }
        });
        Ok(Self { address, server })
    }

    /// Where it is.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many articles it publishes.
    #[must_use]
    pub fn articles() -> usize {
        PIECES.len()
    }
}

impl Drop for Newsroom {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn front(State(base): State<String>, Path(outlet): Path<String>, headers: HeaderMap) -> Response {
    document(&base, &outlet, "", &headers)
}

async fn answer(
    State(base): State<String>,
    Path((outlet, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    document(&base, &outlet, &path, &headers)
}

fn document(base: &str, outlet: &str, path: &str, headers: &HeaderMap) -> Response {
    let (kind, body) = match (outlet, path) {
        (COURIER, "feed.xml") => ("application/rss+xml; charset=utf-8", rss(base)),
        (VESTNIK, "atom.xml") => ("application/atom+xml; charset=utf-8", atom(base)),
        (IPAK, "feed.json") => ("application/feed+json", json_feed(base)),
        (CHENBAO, "") => ("text/html; charset=utf-8", index(base)),
        _ => match PIECES.iter().find(|piece| piece.outlet == outlet && path == format!("{}.html", piece.slug)) {
            Some(piece) => ("text/html; charset=utf-8", page(piece)),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    // The documents never change while the newsroom is open.
    let etag = format!("\"{outlet}-{}\"", body.len());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    ([(header::CONTENT_TYPE, kind.to_string()), (header::ETAG, etag)], body).into_response()
}

fn of(outlet: &str) -> impl Iterator<Item = &'static Piece> {
    PIECES.iter().filter(move |piece| piece.outlet == outlet)
}

fn link(base: &str, piece: &Piece) -> String {
    format!("{base}/{}/{}.html", piece.outlet, piece.slug)
}

fn rss(base: &str) -> String {
    let mut items = String::new();
    for piece in of(COURIER) {
        let at: jiff::Timestamp = piece.published.parse().unwrap_or_default();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&at).unwrap_or_default();
        let (title, link, summary, byline) =
            (escape(piece.title), link(base, piece), escape(piece.summary), escape(piece.byline));
        let _ = writeln!(
            items,
            "<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>\
             <dc:creator>{byline}</dc:creator><description>{summary}</description></item>"
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
         <title>The Steppe Courier</title><link>{base}/{COURIER}/</link><description>News of the steppe</description>\
         <language>en</language>\n{items}</channel></rss>\n"
    )
}

fn atom(base: &str) -> String {
    let mut entries = String::new();
    for piece in of(VESTNIK) {
        let (title, link, summary, byline) =
            (escape(piece.title), link(base, piece), escape(piece.summary), escape(piece.byline));
        let (language, published) = (piece.language, piece.published);
        let _ = writeln!(
            entries,
            "<entry xml:lang=\"{language}\"><id>{link}</id><title>{title}</title><link href=\"{link}\"/><updated>{published}</updated>\
             <published>{published}</published><author><name>{byline}</name></author><summary>{summary}</summary></entry>"
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"ru\"><id>{base}/{VESTNIK}/</id>\
         <title>Вестник Алатау</title><updated>2024-05-21T16:00:00Z</updated>\n{entries}</feed>\n"
    )
}

fn json_feed(base: &str) -> String {
    let items: Vec<_> = of(IPAK)
        .map(|piece| {
            json!({
                "id": link(base, piece), "url": link(base, piece), "title": piece.title, "summary": piece.summary,
                "date_published": piece.published, "language": piece.language, "authors": [{ "name": piece.byline }],
            })
        })
        .collect();
    json!({ "version": "https://jsonfeed.org/version/1.1", "title": "Ipak Yoʻli", "home_page_url": format!("{base}/{IPAK}/"), "items": items })
        .to_string()
}

fn index(base: &str) -> String {
    let list = html! {
        main {
            @for piece in of(CHENBAO) {
                section { h2 { a href=(link(base, piece)) { (piece.title) } } time datetime=(piece.published) { (&piece.published[..10]) } }
            }
        }
    };
    whole("zh", "丝路晨报", &html! {}, &list)
}

fn page(piece: &Piece) -> String {
    let head = html! {
        meta property="og:type" content="article";
        meta property="article:published_time" content=(piece.published);
        meta name="author" content=(piece.byline);
    };
    let body = html! {
        nav { a href="./" { "Home" } " · " a href="./world" { "World" } " · " a href="./sport" { "Sport" } }
        main {
            article {
                h1 { (piece.title) }
                p.byline { (piece.byline) " · " time datetime=(piece.published) { (&piece.published[..10]) } }
                @if !piece.caption.is_empty() {
                    figure { img src="data:," alt=""; figcaption { (piece.caption) } }
                }
                @for paragraph in piece.body { p { (paragraph) } }
            }
            @if !piece.related.is_empty() {
                aside.related {
                    h2 { "Related stories" }
                    ul { @for title in piece.related { li { a href="#" { (title) } } } }
                }
            }
        }
        footer { p { "An invented outlet of the wirewatch demo. Subscribe to our newsletter." } }
    };
    whole(piece.language, piece.title, &head, &body)
}

fn whole(language: &str, title: &str, head: &Markup, body: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang=(language) {
            head { meta charset="utf-8"; title { (title) } (PreEscaped(&head.0)) }
            body { (PreEscaped(&body.0)) }
        }
    };
    document.into_string()
}
