//! The webhook through which SMS and WeChat messages leave, as a county's gateway has to take it.
//!
//! `POST` to the county's address, `Content-Type: application/json`, no redirects, 10 seconds. The body:
//!
//! ```json
//! {"channel": "sms", "to": "13912345678", "title": "…", "text": "…", "language": "zh",
//!  "kind": "notice-deadline-reminded", "county": "620200"}
//! ```
//!
//! Headers: `Idempotency-Key`, 64 hexadecimal digits, the same whenever the same message is sent again: a gateway
//! must deliver one message a key. `Falin-Timestamp`, seconds since 1970. `Falin-Signature`, `v1=` and the
//! hexadecimal HMAC-SHA256 of timestamp, a full stop and the body's bytes under the shared secret: a gateway refuses
//! other signatures and timestamps more than five minutes away.
//!
//! Answers: 2xx, taken. 409, taken before under this key. 400, 404, 410, 413 and 422: this message will never be
//! taken, and a clerk telephones. Anything else, or nothing: tried again after 1 min, 5 min, 30 min, 2 h and 12 h.

use std::sync::Arc;
use std::time::Duration;

use falin_domain::time::Instant;
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::send::{Job, Outcome};

/// The longest that a gateway may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client of gateways; trusts what the machine trusts.
pub(super) struct Gateway(ureq::Agent);

impl Gateway {
    pub(super) fn new() -> Self {
        let found = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<_> = found.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .tls_config(tls)
            .build();
        Self(config.into())
    }

    /// Hands one message over.
    pub(super) fn send(&self, job: &Job, now: Instant) -> Outcome {
        let Some(secret) = &job.secrets.gateway else { return Outcome::later("no secret is set") };
        let body = json!({
            "channel": job.row.channel.code(), "to": job.to, "title": job.text.title, "text": job.text.body,
            "language": job.row.language, "kind": job.row.kind, "county": job.county,
        })
        .to_string();
        let stamp = (now.millis() / 1000).to_string();
        let request = self
            .0
            .post(&job.channels.gateway)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Idempotency-Key", &job.key)
            .header("Falin-Timestamp", &stamp)
            .header("Falin-Signature", &format!("v1={}", signature(secret, &stamp, &body)));
        match request.send(body.as_bytes()) {
            Ok(answer) => judge(answer.status().as_u16()),
            Err(ureq::Error::Timeout(_)) => Outcome::unanswered("timeout"),
            Err(_) => Outcome::unanswered("no connection"),
        }
    }
}

fn judge(status: u16) -> Outcome {
    match status {
        200..=299 | 409 => Outcome::Taken,
        400 | 404 | 410 | 413 | 422 => Outcome::Never(format!("http {status}")),
        _ => Outcome::Later(format!("http {status}")),
    }
}

/// The signature of a body at a time, in hexadecimal.
pub fn signature(secret: &str, stamp: &str, body: &str) -> String {
    let mut mac = match <Hmac<Sha256> as Mac>::new_from_slice(secret.as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length (RFC 2104)"),
    };
    mac.update(stamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    super::send::hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_as_documented() {
        assert!(matches!(judge(204), Outcome::Taken) && matches!(judge(409), Outcome::Taken));
        assert!(matches!(judge(422), Outcome::Never(_)));
        for status in [301, 401, 403, 429, 500, 503] {
            assert!(matches!(judge(status), Outcome::Later(_)), "{status}");
        }
    }

    #[test]
    fn the_signature_is_the_documented_one() {
        // printf '1773000000.{}' | openssl dgst -sha256 -hmac secret
        let signed = signature("secret", "1773000000", "{}");
        assert_eq!(signed.len(), 64);
        assert_ne!(signed, signature("secret", "1773000001", "{}"));
        assert_ne!(signed, signature("other", "1773000000", "{}"));
    }
}
