//! Webhooks. In: a channel and the body. Out: a verdict by the answer's status. It follows no redirect, reaches no private address
//! unless it may, and waits for no body.

mod judge;
mod shape;

use super::Times;
use super::dialogue::Dialogue;
use super::guard::{Private, PublicOnly, public};
use super::sign::signature;
use super::trust::{NO_PEM, Trust};
use super::verdict::{causes, masked, perhaps, retry};
use crate::model::limits::{REASON_TIME_MAX, REPLY_BYTES_MAX};
use crate::model::{Message, Verdict, Webhook};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Response, redirect};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;
use url::{Host, Url};

/// The HTTP clients: built when first needed, with or without private addresses, with or without TLS.
pub(super) struct Clients {
    trust: Trust,
    user_agent: String,
    times: Times,
    built: Mutex<HashMap<(bool, bool), Client>>,
}

impl Clients {
    pub(super) fn new(trust: Trust, user_agent: String, times: Times) -> Self {
        Self { trust, user_agent, times, built: Mutex::default() }
    }

    /// Posts the body once.
    pub(super) async fn send(
        &self,
        hook: &Webhook,
        message: &Message,
        body: &serde_json::Value,
        now: Timestamp,
        dialogue: &Dialogue,
    ) -> Verdict {
        let shaped = shape::request(hook, message, body);
        let (client, headers) = match self
            .client(hook, &shaped.url)
            .and_then(|client| Ok((client, headers(hook, message, &shaped.body, now)?)))
        {
            Ok(both) => both,
            Err(why) => return retry(&why),
        };
        dialogue.note(|| format!("> {} {}", shaped.method, shown(&shaped.url)));
        for (name, value) in &headers {
            let value = if value.is_sensitive() { "***" } else { value.to_str().unwrap_or("…") };
            dialogue.note(|| format!("> {name}: {value}"));
        }
        dialogue.note(|| format!("> ({} bytes)", shaped.body.len()));
        let until = Instant::now() + hook.timeout.min(self.times.total);
        let request = client.request(shaped.method, shaped.url).headers(headers).body(shaped.body);
        let verdict = match tokio::time::timeout_at(until, request.send()).await {
            Ok(Ok(answer)) => verdict(answer, now, until, &secrets(hook), dialogue).await,
            // An error names its URL, and with many services the URL is the password.
            Ok(Err(error)) if error.is_connect() || error.is_builder() => retry(&causes(&error.without_url())),
            Ok(Err(error)) => perhaps(&causes(&error.without_url())),
            Err(_) => perhaps("no answer in time"),
        };
        dialogue.note(|| format!("* {verdict:?}"));
        verdict
    }

    fn client(&self, hook: &Webhook, url: &Url) -> Result<Client, String> {
        if !hook.allow_private {
            // A literal address never reaches the resolver.
            let literal = match url.host() {
                Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
                Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
                _ => None,
            };
            if let Some(address) = literal.filter(|address| !public(*address)) {
                return Err(Private(address).to_string());
            }
        }
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(format!("a webhook cannot be sent by {other}:")),
        };
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = built.get(&(hook.allow_private, tls)) {
            return Ok(client.clone());
        }
        let client = self.build(hook.allow_private, tls)?;
        built.insert((hook.allow_private, tls), client.clone());
        Ok(client)
    }

    fn build(&self, allow_private: bool, tls: bool) -> Result<Client, String> {
        let mut builder = Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.times.connect)
            .redirect(redirect::Policy::none())
            // A proxy from the environment would connect where the guard cannot see.
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .referer(false);
        if !allow_private {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        if !tls {
            // Where no certificates are installed, a client that wants them cannot be built.
            builder = builder.tls_certs_only([]);
        } else if let Some(pem) = self.trust.extra() {
            let own = Certificate::from_pem_bundle(pem).unwrap_or_default();
            if own.is_empty() {
                return Err(NO_PEM.to_string());
            }
            builder = builder.tls_certs_merge(own);
        }
        builder.build().map_err(|error| format!("{} (are ca-certificates installed?)", causes(&error)))
    }
}

/// Everything but the body. The signature's time is that of the attempt: receivers refuse old ones, and a resend is not old.
fn headers(hook: &Webhook, message: &Message, body: &[u8], now: Timestamp) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, secret) in &hook.headers {
        let bad = || format!("the header {name:?} of the channel cannot be sent");
        let header = HeaderName::try_from(name.as_str()).map_err(|_| bad())?;
        let mut value = HeaderValue::try_from(secret.reveal()).map_err(|_| bad())?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    let at_s = now.as_second();
    let mut ours = vec![("webhook-id", message.id.as_str().to_string()), ("webhook-timestamp", at_s.to_string())];
    if !hook.secrets.is_empty() {
        ours.push(("webhook-signature", signature(message.id.as_str(), at_s, body, &hook.secrets)));
    }
    for (name, value) in ours {
        let value = HeaderValue::try_from(value).map_err(|_| format!("{name} cannot be sent"))?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(headers)
}

/// The answer's verdict. Its body is read for a reason only, as far as it has come or comes soon.
async fn verdict(
    mut answer: Response,
    now: Timestamp,
    until: Instant,
    secrets: &[String],
    dialogue: &Dialogue,
) -> Verdict {
    let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    dialogue.note(|| format!("< {status}"));
    let mut said = vec![];
    if status.is_success() {
        // Taken is taken. What is there is read, so that the connection can be used again.
        let _ = read(&mut answer, &mut said).now_or_never();
    } else {
        let soon = until.min(Instant::now() + REASON_TIME_MAX);
        let _ = tokio::time::timeout_at(soon, read(&mut answer, &mut said)).await;
    }
    let said = masked(&String::from_utf8_lossy(&said), secrets);
    dialogue.note(|| format!("< {said}"));
    judge::verdict(status, &headers, &said, now)
}

async fn read(answer: &mut Response, said: &mut Vec<u8>) {
    while let Ok(Some(piece)) = answer.chunk().await {
        let room = REPLY_BYTES_MAX - said.len();
        said.extend_from_slice(&piece[..piece.len().min(room)]);
        if said.len() == REPLY_BYTES_MAX {
            return;
        }
    }
}

/// What an answer must not make us repeat, the longer before its parts. Many a server puts the path into its 404.
fn secrets(hook: &Webhook) -> Vec<String> {
    let (path, query) = (hook.url.path(), hook.url.query().unwrap_or(""));
    let mut secrets = vec![format!("{path}?{query}"), query.to_string()];
    // A path of one letter is no secret, and stands in every text.
    secrets.extend(Some(path.to_string()).filter(|path| path.len() > 1));
    secrets.extend(hook.url.password().map(str::to_string));
    for secret in hook.headers.iter().map(|(_, secret)| secret).chain(&hook.secrets) {
        secrets.push(secret.reveal().to_string());
        // `Bearer TOKEN`: the token alone is the secret.
        let token = secret.reveal().split_once(' ').map(|(_, token)| token);
        secrets.extend(token.map(str::to_string));
        secrets.extend(token.and_then(password));
    }
    secrets
}

/// The password of `Basic TOKEN`, where it is that.
fn password(token: &str) -> Option<String> {
    let pair = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_string()).filter(|password| !password.is_empty())
}

/// The URL without what may be a secret in it: with many services the path is the password.
fn shown(url: &Url) -> String {
    format!("{}/…", url.origin().ascii_serialization())
}
