//! What one request carries. In: a [`Request`](super::Request). Out: the headers, and what may follow to another origin.

use super::error::{FetchError, foreign, shown};
use super::{Request, Want};
use crate::model::Validators;
use reqwest::Client;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Makes the request for `url`, one hop of the way. `home`: it began at the origin that its user configured, the only one that
/// sees credentials, and has not left it.
pub(super) fn build(
    client: &Client,
    request: &Request<'_>,
    url: &Url,
    home: bool,
) -> Result<reqwest::Request, FetchError> {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept(request.want)));
    if let Some(name) = &request.options.user_agent {
        let name =
            HeaderValue::from_str(name).map_err(|_| FetchError::Setup("user_agent is not fit for a header".into()))?;
        headers.insert(header::USER_AGENT, name);
    }
    if let Some(Validators { etag, last_modified }) = request.validators {
        // What came as a header value goes back as one, byte for byte.
        let mut send = |name, value: &Option<String>| {
            if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
                headers.insert(name, value);
            }
        };
        send(header::IF_NONE_MATCH, etag);
        send(header::IF_MODIFIED_SINCE, last_modified);
    }
    if !home {
        return client.get(url.clone()).headers(headers).build().map_err(|_| unfit(url));
    }
    for (name, value) in &request.options.headers {
        let (Ok(name), Ok(mut value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value.reveal()))
        else {
            let name = foreign(name);
            let fault = format!("the header {name} is not fit to be sent: its name or value holds what no header may");
            return Err(FetchError::Setup(fault));
        };
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    let builder = if let Some((user, password)) = &request.options.basic_auth {
        client.get(url.clone()).basic_auth(user, Some(password.reveal()))
    } else {
        // reqwest makes basic authentication of the URL's own user and password.
        let mut with = url.clone();
        let _ = with.set_username(request.url.username());
        let _ = with.set_password(request.url.password());
        client.get(with)
    };
    // Headers replace those of the same name, so a configured Authorization wins.
    builder.headers(headers).build().map_err(|_| unfit(url))
}

/// Whether the request carries anything that is for its own origin only.
pub(super) fn has_credentials(request: &Request<'_>) -> bool {
    let Request { url, options, .. } = request;
    !options.headers.is_empty()
        || options.basic_auth.is_some()
        || !url.username().is_empty()
        || url.password().is_some()
}

/// Whether two URLs have one origin (RFC 6454).
pub(super) fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host_str() == b.host_str() && a.port_or_known_default() == b.port_or_known_default()
}

/// The URL as it is asked for: without credentials and fragment.
pub(super) fn bare(mut url: Url) -> Url {
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn accept(want: Want) -> &'static str {
    match want {
        Want::Feed => {
            "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
             application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.1"
        }
        Want::Page => "text/html, application/xhtml+xml, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1",
        Want::Robots => "text/plain, */*;q=0.1",
    }
}

fn unfit(url: &Url) -> FetchError {
    FetchError::Setup(format!("no request can be made of {}", shown(url)))
}
