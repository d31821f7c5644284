//! Signatures of webhooks (Standard Webhooks, <https://www.standardwebhooks.com>). In: id, time, body, secrets. Out: the header.

use crate::model::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// `webhook-signature`: one `v1,…` per secret, parted by spaces, so that a receiver may change from the old one to the new one.
/// `at_s` is in seconds since 1970.
pub(super) fn signature(id: &str, at_s: i64, body: &[u8], secrets: &[Secret]) -> String {
    let sign = |secret: &Secret| {
        let key = key(secret.reveal());
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(format!("{id}.{at_s}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    secrets.iter().filter_map(sign).collect::<Vec<_>>().join(" ")
}

/// `whsec_` and base64, or any other text as it is.
fn key(secret: &str) -> Vec<u8> {
    let decoded = secret.strip_prefix("whsec_").and_then(|encoded| STANDARD.decode(encoded).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_specification_holds() {
        let secrets = [Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Secret::new("raw")];
        let signed = |secrets| {
            let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", br#"{"test": 2432232314}"#);
            signature(id, 1_614_265_330, body, secrets)
        };
        assert_eq!(signed(&secrets[..1]), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(signed(&secrets), format!("{} {}", signed(&secrets[..1]), signed(&secrets[1..])));
    }
}
