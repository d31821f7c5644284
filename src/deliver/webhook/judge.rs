//! What an answer means. In: status, headers, the first words of the body. Out: a verdict.

use crate::deliver::verdict::words;
use crate::model::Verdict;
use crate::model::limits::RETRY_AFTER_MAX;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use std::time::Duration;
use url::Url;

/// 2xx is sent; 410 ends the channel (Standard Webhooks); what may pass, or what the operator can mend (a wrong address or key), is tried
/// again; any other 4xx is about this body, and the same body would not fare better.
pub(super) fn verdict(status: StatusCode, headers: &HeaderMap, said: &str, now: Timestamp) -> Verdict {
    let mut reply = format!("{} {said}", status.as_u16());
    match status.as_u16() {
        200..=299 => Verdict::Sent { reply: words(&reply) },
        300..=399 => {
            let to = headers.get(LOCATION).and_then(|to| Url::parse(to.to_str().ok()?).ok());
            let host = to.as_ref().and_then(Url::host_str).unwrap_or("elsewhere");
            reply = format!(
                "{} it redirects to {host}, which is not followed: put the new address into the channel's url",
                status.as_u16()
            );
            Verdict::Retry { why: words(&reply), after: None, maybe_sent: false }
        }
        410 => Verdict::Dead { why: words(&reply), disable_channel: true },
        401 | 403 | 404 | 407 | 408 | 425 | 429 | 500..=599 => {
            Verdict::Retry { why: words(&reply), after: after(headers, said, now), maybe_sent: false }
        }
        _ => Verdict::Dead { why: words(&reply), disable_channel: false },
    }
}

/// How long the peer asks for: `Retry-After` in seconds or as a date, or in the body as Telegram (`parameters.retry_after`) and
/// Discord (`retry_after`) write it.
fn after(headers: &HeaderMap, said: &str, now: Timestamp) -> Option<Duration> {
    let typed = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = |typed: &str| typed.parse().ok().map(Duration::from_secs);
    let date = |typed: &str| {
        let date = Timestamp::try_from(httpdate::parse_http_date(typed).ok()?).ok()?;
        Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
    };
    let body = || {
        let body: serde_json::Value = serde_json::from_str(said).ok()?;
        let wait = body.get("parameters").unwrap_or(&body).get("retry_after")?.as_f64()?;
        Duration::try_from_secs_f64(wait).ok()
    };
    let asked = typed.and_then(|typed| seconds(typed).or_else(|| date(typed))).or_else(body)?;
    Some(asked.min(RETRY_AFTER_MAX)).filter(|asked| !asked.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, retry_after: Option<&str>, said: &str) -> Verdict {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let now = "2026-11-02T08:00:00Z".parse().unwrap();
        verdict(StatusCode::from_u16(status).unwrap(), &headers, said, now)
    }

    #[test]
    fn each_status_has_its_verdict() {
        let kinds = |statuses: &[u16]| -> Vec<&str> {
            let kind = |status: &u16| match judged(*status, None, "") {
                Verdict::Sent { .. } => "sent",
                Verdict::Retry { maybe_sent: false, .. } => "retry",
                Verdict::Retry { .. } => "perhaps",
                Verdict::Dead { disable_channel: true, .. } => "stop",
                Verdict::Dead { .. } => "dead",
            };
            statuses.iter().map(kind).collect()
        };
        assert_eq!(kinds(&[200, 202, 204]), ["sent"; 3]);
        assert_eq!(kinds(&[301, 307, 401, 403, 404, 408, 425, 429, 500, 503]), ["retry"; 10]);
        assert_eq!(kinds(&[400, 405, 413, 422]), ["dead"; 4]);
        assert_eq!(kinds(&[410]), ["stop"]);
    }

    #[test]
    fn the_wait_that_the_peer_asks_for_is_obeyed_sanely() {
        let wait = |retry_after, said| match judged(429, retry_after, said) {
            Verdict::Retry { after, .. } => after.map(|after| after.as_secs()),
            _ => panic!(),
        };
        assert_eq!(wait(Some("120"), ""), Some(120));
        assert_eq!(wait(Some("Mon, 02 Nov 2026 08:02:00 GMT"), ""), Some(120));
        assert_eq!(wait(Some("Mon, 02 Nov 2020 08:02:00 GMT"), ""), None);
        assert_eq!(wait(Some("-5"), ""), None);
        assert_eq!(wait(Some("0"), ""), None);
        assert_eq!(wait(Some("315360000"), ""), Some(RETRY_AFTER_MAX.as_secs()));
        assert_eq!(wait(Some("99999999999999999999999"), ""), None);
        assert_eq!(wait(None, r#"{"ok":false,"parameters":{"retry_after":7}}"#), Some(7));
        assert_eq!(wait(None, r#"{"retry_after":1.5,"global":false}"#), Some(1));
        assert_eq!(wait(None, r#"{"retry_after":-1e400}"#), None);
    }
}
