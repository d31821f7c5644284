//! What an answer comes to. In: a response. Out: where it redirects, the document with all that is kept of its headers, or the
//! [`FetchError`] that its status means.

use super::body::{self, Bounds};
use super::deadline::Deadline;
use super::error::{Barrier, FetchError, Unreadable, foreign, host, shown};
use super::request::bare;
use super::room::Room;
use super::{Body, Fetched, Fetcher, Held, Request, Want, whom};
use crate::failpoint;
use crate::manners;
use crate::model::Validators;
use crate::model::limits;
use reqwest::Response;
use reqwest::header::{self, HeaderMap, HeaderName};
use url::Url;

impl Fetcher {
    /// What the last answer of the way comes to.
    pub(super) async fn answer(
        &self,
        response: Response,
        request: &Request<'_>,
        url: Url,
        moved_to: Option<Url>,
        held: &mut Held<'_>,
        deadline: &mut Deadline,
    ) -> Result<Fetched, FetchError> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let now = self.clock.now();
        let sent = request.validators.filter(|sent| sent.etag.is_some() || sent.last_modified.is_some());
        let unreadable = |why| FetchError::Unreadable { host: host(&url), why };
        match status {
            304 if sent.is_none() => return Err(unreadable(Unreadable::NotModifiedUnasked)),
            // 206 was not asked for: a part that says it is one is not the whole.
            304 | 200..=205 | 207..=299 => {}
            410 => return Err(FetchError::Gone { url: shown(&url) }),
            401 | 403 | 407 | 451 => {
                return Err(FetchError::Blocked { host: host(&url), by: Barrier::Status(status) });
            }
            429 | 503 => {
                let wait = text(headers, &header::RETRY_AFTER).and_then(|value| manners::retry_after(&value, now));
                if let (Some(turn), Some(wait)) = (&mut held.turn, wait) {
                    turn.rest(wait);
                }
                return Err(FetchError::RateLimited { host: host(&url), status: Some(status), wait });
            }
            _ => return Err(FetchError::Status { url: shown(&url), status }),
        }
        let mut validators =
            Validators { etag: text(headers, &header::ETAG), last_modified: text(headers, &header::LAST_MODIFIED) };
        let cache = text(headers, &header::CACHE_CONTROL);
        let (expires, date) = (text(headers, &header::EXPIRES), text(headers, &header::DATE));
        let keep = manners::keep(cache.as_deref(), expires.as_deref(), date.as_deref(), now);
        let content_type = text(headers, &header::CONTENT_TYPE);
        let (body, room) = if status == 304 {
            // A 304 repeats what has changed of them (RFC 9111, section 4.3.4).
            let sent = sent.cloned().unwrap_or_default();
            validators.etag = validators.etag.or(sent.etag);
            validators.last_modified = validators.last_modified.or(sent.last_modified);
            (Body::NotModified, Room::default())
        } else {
            if let Some(encoding) = undecoded(headers) {
                return Err(unreadable(Unreadable::Encoding(encoding)));
            }
            let bounds = Bounds {
                bytes_max: match request.want {
                    Want::Robots => limits::ROBOTS_BYTES_MAX,
                    Want::Feed | Want::Page => self.options.body_bytes_max,
                },
                cut: request.want == Want::Robots,
                packed: is_gzip_file(&url, content_type.as_deref()),
                idle_max: self.options.body_idle_max,
                wait_max: self.options.wait_max,
            };
            let (bytes, room) = body::read(response, &bounds, &self.house, deadline, || whom(request, &url)).await?;
            failpoint::pass("fetch.body");
            (Body::Bytes(bytes), room)
        };
        Ok(Fetched { body, url, content_type, validators, keep, moved_to, room })
    }
}

/// Where a redirect leads; `None`: it is none.
pub(super) fn redirect(response: &Response, url: &Url) -> Result<Option<Url>, FetchError> {
    let status = response.status().as_u16();
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(header::LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let next = location.filter(|to| to.len() <= limits::LOCATION_BYTES_MAX).and_then(|to| url.join(to.trim()).ok());
    let nowhere = || FetchError::Unreadable { host: host(url), why: Unreadable::RedirectNowhere(status) };
    Ok(Some(bare(next.ok_or_else(nowhere)?)))
}

/// A header's value, if it is text and not longer than a header has reason to be.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    let value = std::str::from_utf8(value).ok().filter(|value| value.len() <= limits::HEADER_VALUE_BYTES_MAX)?;
    (!value.is_empty()).then(|| value.to_string())
}

/// The encoding that reqwest left on the body: none of ours, or several at once. Some servers write a charset there.
fn undecoded(headers: &HeaderMap) -> Option<String> {
    let encoding = headers.get(header::CONTENT_ENCODING)?;
    let plain = ["", "identity", "none", "utf-8", "utf8", "binary", "8bit"];
    let encoding = foreign(&String::from_utf8_lossy(encoding.as_bytes()));
    (!plain.iter().any(|plain| encoding.eq_ignore_ascii_case(plain))).then_some(encoding)
}

/// Whether the document is a gzip file by its name or its type.
fn is_gzip_file(url: &Url, content_type: Option<&str>) -> bool {
    let extension = url.path().rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
        || content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("gzip"))
}
