//! The request of each format. In: the channel, the message, the rendered body. Out: method, URL and bytes. Most services take a POST
//! to the URL as it is; three want something of the URL elsewhere.

use crate::model::{Format, Message, Webhook};
use reqwest::Method;
use serde_json::Value;
use url::Url;

pub(super) struct Request {
    pub method: Method,
    pub url: Url,
    pub body: Vec<u8>,
}

pub(super) fn request(hook: &Webhook, message: &Message, body: &Value) -> Request {
    let (mut url, mut body, mut method) = (hook.url.clone(), body.clone(), Method::POST);
    match hook.format {
        // PUT …/send/m.room.message/TXN: the id of the transaction makes a resend the same event.
        Format::Matrix => {
            method = Method::PUT;
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().push(message.id.as_str());
            }
        }
        // JSON is published to the server's root, with the topic in it.
        Format::Ntfy => {
            let topic =
                url.path_segments().and_then(|mut path| path.rfind(|part| !part.is_empty())).map(str::to_string);
            if let (Some(topic), Some(body)) = (topic, body.as_object_mut()) {
                body.entry("topic").or_insert(Value::String(topic));
                if let Ok(mut path) = url.path_segments_mut() {
                    path.pop_if_empty().pop().push("");
                }
            }
        }
        // One way of passing parameters, not two: those of the query go into the JSON.
        Format::Telegram => {
            if let Some(body) = body.as_object_mut() {
                for (name, value) in hook.url.query_pairs() {
                    body.entry(name.into_owned()).or_insert(Value::String(value.into_owned()));
                }
                url.set_query(None);
            }
        }
        // The user's own words, whatever they are.
        Format::Template => {
            let text = if let Value::String(text) = body { text } else { body.to_string() };
            return Request { method, url, body: text.into_bytes() };
        }
        Format::Standard | Format::Slack | Format::Discord | Format::Teams | Format::Mattermost => {}
    }
    Request { method, url, body: body.to_string().into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::mail::tests::message;
    use serde_json::json;
    use std::time::Duration;

    fn shaped(format: Format, url: &str) -> (String, String, Value) {
        let url = url.parse().unwrap();
        let hook = Webhook {
            url,
            format,
            template: None,
            secrets: vec![],
            headers: vec![],
            timeout: Duration::from_secs(1),
            allow_private: false,
        };
        let request = request(&hook, &message(), &json!({"text": "x"}));
        (request.method.to_string(), request.url.to_string(), serde_json::from_slice(&request.body).unwrap())
    }

    #[test]
    fn each_service_gets_its_parameters_where_it_looks_for_them() {
        let id = message().id;
        let post = |url: &str, body| ("POST".to_string(), url.to_string(), body);
        assert_eq!(
            shaped(Format::Slack, "https://hooks.example/services/a?b=c"),
            post("https://hooks.example/services/a?b=c", json!({"text": "x"}))
        );
        assert_eq!(
            shaped(Format::Telegram, "https://api.example/bot1:2/sendMessage?chat_id=-100&text=no"),
            post("https://api.example/bot1:2/sendMessage", json!({"text": "x", "chat_id": "-100"}))
        );
        assert_eq!(
            shaped(Format::Ntfy, "https://ntfy.example/desk"),
            post("https://ntfy.example/", json!({"text": "x", "topic": "desk"}))
        );
        assert_eq!(
            shaped(Format::Ntfy, "https://example.org/ntfy/desk/"),
            post("https://example.org/ntfy/", json!({"text": "x", "topic": "desk"}))
        );
        let matrix = shaped(Format::Matrix, "https://m.example/_matrix/client/v3/rooms/!a:b/send/m.room.message/");
        assert_eq!(matrix.0, "PUT");
        assert_eq!(matrix.1, format!("https://m.example/_matrix/client/v3/rooms/!a:b/send/m.room.message/{id}"));
    }
}
